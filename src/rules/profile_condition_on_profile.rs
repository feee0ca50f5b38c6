//! The only grant of a profile wants `bedrock:InferenceProfileArn`, which no request for the profile itself carries.

use super::report::{Draft, Report};
use super::{Check, Rule, wording};
use crate::access::{ConditionPlace, Refusal, SetView};
use crate::finding::Severity;
use crate::iam::Layer;

pub(super) const RULE: Rule = Rule {
    slug: "profile-condition-on-profile",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/profile-condition-on-profile.md"),
    checks: &[Check::Refusal],
};

pub(super) fn report(view: &SetView<'_>, refusal: &Refusal, place: ConditionPlace, report: &mut Report) {
    let Some(condition) = view.condition(place) else { return };
    let profiles = wording::profiles(refusal).map_or_else(|| "inference profiles".to_owned(), |(profiles, _)| profiles);
    let grants = if place.statement.layer == Layer::Identity { "grants" } else { "allows" };
    let message = format!(
        "the statement{} that {grants} {profiles} wants `bedrock:InferenceProfileArn`, a key that is present only while the \
         foundation model is checked, never for the profile itself: the grant never applies",
        wording::of_ceiling(place.statement.layer)
    );
    report.push(
        Draft::new(
            &RULE,
            view.span_of(place.statement, condition.key.span()),
            message,
            "absent when the profile is checked",
        )
        .help(
            "grant the profile in a statement without this condition, and keep the condition on the foundation models",
        )
        .confidence(view.confidence_of_route(refusal))
        .anchor(view.anchor(place.statement, "Condition.bedrock:InferenceProfileArn"))
        .granted_profiles(view, refusal),
    );
}
