//! An inference profile is granted, and its foundation model by no statement.

use super::report::{Draft, Report};
use super::{Check, Rule};
use crate::access::{ConditionPlace, Refusal, SetView, Wanted};
use crate::finding::Severity;

pub(super) const RULE: Rule = Rule {
    slug: "missing-model-grant",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/missing-model-grant.md"),
    check: Check::Refusal,
};

pub(super) fn report(view: &SetView<'_>, refusal: &Refusal, blocked: &[ConditionPlace], report: &mut Report) {
    let Some((first, rest)) = refusal.places.split_first() else {
        return;
    };
    let partition = super::wording::partition_of(&view.text(*first));
    let action = refusal.action;
    let (message, help) = match &refusal.wanted {
        Wanted::Profile(id) | Wanted::Model(id) => {
            let model = id.split_once('.').map_or(id.as_str(), |(_, model)| model);
            (
                format!(
                    "no statement grants `{action}` on the foundation model behind `{id}`: Bedrock checks the model in \
                     every Region that the profile routes to, besides the profile"
                ),
                format!("add `arn:{partition}:bedrock:*::foundation-model/{model}` to `Resource`"),
            )
        }
        Wanted::ApplicationProfile(_) => (
            format!(
                "no statement grants `{action}` on any foundation model: Bedrock checks the model behind this \
                 application inference profile besides the profile"
            ),
            format!("add `arn:{partition}:bedrock:*::foundation-model/<model id>` to `Resource`"),
        ),
    };
    let mut draft = Draft::new(&RULE, view.at(*first), message, "the profile is granted here, its model nowhere")
        .help(help)
        .confidence(view.confidence())
        .anchor(view.anchor(first.statement, "Resource"));
    for place in rest {
        draft = draft.related(view.at(*place), "and here");
    }
    if let Some(place) = blocked.first()
        && let Some(condition) = view.condition(*place)
    {
        let label = format!("the model is granted here, but not through this profile: `{}`", condition.key.as_str());
        draft = draft.related(view.span_of(place.statement, condition.values_span), label);
    }
    report.push(draft);
}
