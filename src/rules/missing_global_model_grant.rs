//! A global profile is granted, and nothing covers the Region-less foundation-model ARN.

use super::report::{Draft, Report};
use super::{Check, Rule, wording};
use crate::access::{Place, Refusal, SetView};
use crate::finding::Severity;

pub(super) const RULE: Rule = Rule {
    slug: "missing-global-model-grant",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/missing-global-model-grant.md"),
    checks: &[Check::Refusal],
};

pub(super) fn report(view: &SetView<'_>, refusal: &Refusal, model: &str, granted: &[Place], report: &mut Report) {
    let (Some((profiles, several)), Some(place)) = (wording::profiles(refusal), refusal.places.first()) else {
        return;
    };
    let primary = granted.first().unwrap_or(place);
    let written = view.text(*primary);
    let model = wording::model_part(&written, model, refusal);
    let arn = format!("arn:{}:bedrock:::foundation-model/{model}", refusal.partition);
    let are = if several { "are" } else { "is" };
    let message = format!(
        "{profiles} {are} checked against `{arn}` as well, an ARN without a Region, and no statement grants `{}` on it: every \
         call is denied",
        refusal.action
    );
    let mut draft = Draft::new(&RULE, view.at(*primary), message, "the model is granted here, in Regions only")
        .help(format!("add `{arn}`, or write the Region as `*`, which matches the empty Region too"))
        .confidence(view.confidence())
        .anchor(view.anchor(primary.statement, "Resource"));
    for grant in granted.iter().filter(|grant| *grant != primary) {
        draft = draft.related(view.at(*grant), "and here");
    }
    report.push(draft.granted_profiles(view, refusal));
}
