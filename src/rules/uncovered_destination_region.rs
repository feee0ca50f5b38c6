//! Profile and foundation model are granted, the model not in every Region that the profile routes to.

use super::report::{Draft, Report};
use super::{Check, Rule, wording};
use crate::access::{Place, Refusal, SetView, Wanted};
use crate::finding::{Confidence, Severity};
use crate::iam::Layer;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    slug: "uncovered-destination-region",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/uncovered-destination-region.md"),
    checks: &[Check::Refusal],
};

/// Regions without a grant.
pub(super) struct Gap<'a> {
    pub(super) layer: Layer,
    pub(super) model: &'a str,
    pub(super) missing: &'a [String],
    pub(super) source: Option<&'a str>,
    pub(super) granted: &'a [Place],
}

pub(super) fn report(
    view: &SetView<'_>,
    refusal: &Refusal,
    gap: &Gap<'_>,
    one_region: Option<Span>,
    report: &mut Report,
) {
    let Some((profiles, several)) = wording::profiles(refusal) else { return };
    let nothing_grants = wording::nothing_grants(gap.layer);
    let (route, its) = if several { ("route", "their") } else { ("routes", "its") };
    let from = gap.source.map(|source| format!(" from `{source}`")).unwrap_or_default();
    let regions = regions(gap.missing);
    let message = match one_region {
        Some(_) => format!(
            "{profiles} {route}{from} to {regions}, but the Region of this grant is one value: whichever it is, the model is \
             denied in the others"
        ),
        // the Region called is checked even if the profile routes elsewhere
        None if gap.missing.first().map(String::as_str) == gap.source && gap.missing.len() == 1 => format!(
            "the foundation model of {profiles} is also checked in {regions}, the Region that is called, and \
             {nothing_grants} `{}` on it there: every call is denied",
            refusal.action
        ),
        None => format!(
            "{profiles} {route}{from} to {regions}, where {nothing_grants} `{}` on {its} foundation model: calls that land \
             there are denied",
            refusal.action
        ),
    };
    let placeholder = one_region.and_then(|span| gap.granted.iter().find(|grant| grant.span == span));
    let places: Vec<Place> = placeholder.into_iter().chain(gap.granted).chain(&refusal.places).copied().collect();
    let Some((primary, statement)) = view.nearest(gap.layer, &places) else { return };
    let written = primary.text().to_owned();
    let (partition, model) = (refusal.partition, wording::model_part(&written, gap.model, refusal));
    let mut draft = Draft::new(&RULE, primary, message, "the model is granted here")
        .help(format!(
            "grant the model in all of them: `arn:{partition}:bedrock:*::foundation-model/{model}`, or one ARN for each \
             Region"
        ))
        .confidence(view.confidence_of_route(refusal))
        .anchor(view.anchor(statement, "Resource"));
    for grant in gap.granted {
        draft = draft.related(view.at(*grant), "and here");
    }
    report.push(draft.granted_profiles(view, refusal));
}

/// From some source Regions the profile works: a hint only.
pub(super) fn hint(
    view: &SetView<'_>,
    refusal: &Refusal,
    model: &str,
    sources: &[(String, Vec<String>)],
    granted: &[Place],
    report: &mut Report,
) {
    let (Wanted::Profile(id), Some(place)) = (&refusal.wanted, refusal.places.first()) else {
        return;
    };
    let names: Vec<&str> = sources.iter().map(|(source, _)| source.as_str()).collect();
    let first = sources.first().map(|(_, missing)| regions(missing)).unwrap_or_default();
    let message = format!(
        "`{id}` works from some of the Regions granted, but not from {}: from there it also routes to {first}, where \
         its foundation model is not granted",
        wording::list(&names, 3)
    );
    let mut draft =
        Draft::new(&RULE, view.at(*place), message, "this grants more source Regions than the model's grant serves")
            .help(format!("name the source Region you call from, or grant `{model}` in every Region of the route"))
            .severity(Severity::Note)
            .confidence(Confidence::Possible)
            .anchor(view.anchor(place.statement, "Resource"));
    for grant in granted {
        draft = draft.related(view.at(*grant), "the model is granted here");
    }
    report.push(draft);
}

fn regions(missing: &[String]) -> String {
    let named: Vec<&str> = missing.iter().map(String::as_str).filter(|region| !region.is_empty()).collect();
    let list = wording::list(&named, 4);
    match (missing.iter().any(String::is_empty), named.is_empty()) {
        (false, _) => list,
        (true, true) => "the Region-less ARN".to_owned(),
        (true, false) => format!("{list} and the Region-less ARN"),
    }
}
