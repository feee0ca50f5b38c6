//! A global profile is granted, and nothing covers the Region-less foundation-model ARN.

use super::report::{Draft, Report};
use super::{Check, Rule, wording};
use crate::access::{Place, Refusal, SetView};
use crate::finding::Severity;
use crate::iam::Layer;

pub(super) const RULE: Rule = Rule {
    slug: "missing-global-model-grant",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/missing-global-model-grant.md"),
    checks: &[Check::Refusal],
};

pub(super) fn report(
    view: &SetView<'_>,
    refusal: &Refusal,
    layer: Layer,
    model: &str,
    granted: &[Place],
    report: &mut Report,
) {
    let Some((profiles, several)) = wording::profiles(refusal) else { return };
    let places: Vec<Place> = granted.iter().chain(&refusal.places).copied().collect();
    let Some((primary, statement)) = view.nearest(layer, &places) else { return };
    let written = primary.text().to_owned();
    let model = wording::model_part(&written, model, refusal);
    let arn = format!("arn:{}:bedrock:::foundation-model/{model}", refusal.partition);
    let are = if several { "are" } else { "is" };
    let message = format!(
        "{profiles} {are} checked against `{arn}` as well, an ARN without a Region, and {} `{}` on it: every call is denied",
        wording::nothing_grants(layer),
        refusal.action
    );
    let mut draft = Draft::new(&RULE, primary, message, "the model is granted here, in Regions only")
        .help(format!("add `{arn}`, or write the Region as `*`, which matches the empty Region too"))
        .confidence(view.confidence_of(refusal))
        .anchor(view.anchor(statement, "Resource"));
    for grant in granted {
        draft = draft.related(view.at(*grant), "and here");
    }
    report.push(draft.granted_profiles(view, refusal));
}
