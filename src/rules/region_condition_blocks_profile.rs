//! A condition on `aws:RequestedRegion` refuses a Region that a granted profile routes to.

use super::report::{Draft, Report};
use super::{Check, Rule, wording};
use crate::access::{ConditionPlace, Refusal, SetView, Wanted};
use crate::finding::{Confidence, Severity};
use crate::iam::Effect;

pub(super) const RULE: Rule = Rule {
    slug: "region-condition-blocks-profile",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/region-condition-blocks-profile.md"),
    check: Check::Refusal,
};

pub(super) fn report(
    view: &SetView<'_>,
    refusal: &Refusal,
    place: ConditionPlace,
    blocked: &[String],
    report: &mut Report,
) {
    let (Wanted::Profile(id), Some(profile)) = (&refusal.wanted, refusal.places.first()) else {
        return;
    };
    let (Some(statement), Some(condition)) = (view.statement(place.statement), view.condition(place)) else {
        return;
    };
    let regions = wording::list(blocked, 4);
    let message = format!(
        "`{id}` also runs in {regions}, which this condition on `aws:RequestedRegion` refuses: Bedrock checks the model \
         with the Region it routes to, not the one that was called"
    );
    let (help, confidence) = match statement.effect {
        Effect::Allow => (
            format!("add {regions} to the condition, or grant the model in a statement without it"),
            view.confidence_of_route(refusal),
        ),
        Effect::Deny => {
            let exempt = "exempt calls through the profile with `ArnNotLike` on `bedrock:InferenceProfileArn`";
            (
                format!("add {regions} to the condition, or {exempt}"),
                Confidence::Likely,
            )
        }
    };
    report.push(
        Draft::new(
            &RULE,
            view.span_of(place.statement, condition.values_span),
            message,
            "these Regions alone pass",
        )
        .help(help)
        .confidence(confidence)
        .anchor(view.anchor(place.statement, "Condition.aws:RequestedRegion"))
        .related(view.at(*profile), "the profile is granted here"),
    );
}
