//! A condition on `aws:RequestedRegion` refuses a Region that a granted profile routes to.

use super::report::{Draft, Report};
use super::{Check, Rule, wording};
use crate::access::{ConditionPlace, Grounds, Refusal, SetView, Wanted};
use crate::finding::{Confidence, Severity};
use crate::iam::Effect;
use crate::iam::request::UNSPECIFIED_REGION;

pub(super) const RULE: Rule = Rule {
    slug: "region-condition-blocks-profile",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/region-condition-blocks-profile.md"),
    checks: &[Check::Refusal],
};

pub(super) fn report(
    view: &SetView<'_>,
    refusal: &Refusal,
    place: ConditionPlace,
    blocked: &[String],
    profile_too: bool,
    report: &mut Report,
) {
    let Some((profiles, several)) = wording::profiles(refusal) else { return };
    let (Some(statement), Some(condition)) = (view.statement(place.statement), view.condition(place)) else {
        return;
    };
    let regions = wording::list(blocked, 4);
    let key = format!("`aws:RequestedRegion`{}", wording::of_ceiling(place.statement.layer));
    let run = if several { "run" } else { "runs" };
    let message = if blocked == [UNSPECIFIED_REGION] {
        format!(
            "{profiles} also {run} outside any named Region: Bedrock checks the Region-less ARN of the model with \
             `aws:RequestedRegion` = {regions}, which this condition on {key} refuses"
        )
    } else if profile_too {
        let are = if several { "are" } else { "is" };
        format!(
            "{profiles} {are} checked in {regions}, which this condition on {key} refuses: Bedrock checks \
             the profile in the Region that is called, and the model in every Region it routes to"
        )
    } else {
        format!(
            "{profiles} also {run} in {regions}, which this condition on {key} refuses: Bedrock checks \
             the model with the Region it routes to, not the one that was called"
        )
    };
    // `StringEquals` in an Allow and `StringNotEquals` in a Deny list what passes, the other two what does not
    let negated = condition.operator.is_some_and(|operator| operator.negated);
    let lists_passing = (statement.effect == Effect::Allow) != negated;
    let regions = wording::list(blocked, usize::MAX);
    let (edit, label) = if lists_passing {
        (format!("add {regions} to the condition"), "these Regions alone pass")
    } else {
        (format!("take {regions} out of the condition"), "these Regions do not pass")
    };
    // a list that global profiles do not pass may be there to keep data in its Regions
    let hardly_meant = refusal.grounds == Grounds::Guess && matches!(refusal.wanted, Wanted::Geography { .. });
    let confidence = match statement.effect {
        Effect::Allow => view.confidence_of_route(refusal),
        Effect::Deny if hardly_meant => Confidence::Possible,
        Effect::Deny => Confidence::Likely,
    };
    let help = match (statement.effect, profile_too) {
        (Effect::Allow, true) => format!("{edit}, or grant the profile and the model in a statement without it"),
        (Effect::Allow, false) => format!("{edit}, or grant the model in a statement without it"),
        // an exemption by profile does not reach the check of the profile itself, which carries no such key
        (Effect::Deny, true) => edit,
        (Effect::Deny, false) => {
            format!("{edit}, or exempt calls through the profile with `ArnNotLike` on `bedrock:InferenceProfileArn`")
        }
    };
    let draft = Draft::new(&RULE, view.span_of(place.statement, condition.values_span), message, label)
        .help(help)
        .confidence(confidence)
        .anchor(view.anchor(place.statement, "Condition.aws:RequestedRegion"))
        .granted_profiles(view, refusal);
    report.push(if hardly_meant { draft.severity(Severity::Note) } else { draft });
}
