//! A Deny about foundation models also stops the profiles that reach them.

use super::report::{Draft, Report};
use super::{Check, Rule, wording};
use crate::access::{Refusal, SetView, Wanted};
use crate::finding::{Confidence, Severity};
use crate::iam::StatementId;

pub(super) const RULE: Rule = Rule {
    slug: "deny-blocks-profile",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/deny-blocks-profile.md"),
    checks: &[Check::Refusal],
};

pub(super) fn report(view: &SetView<'_>, refusal: &Refusal, deny: StatementId, resource: &str, report: &mut Report) {
    let Some(resources) = view.statement(deny).and_then(|statement| statement.resources.as_ref()) else {
        return;
    };
    let of_model = resource.contains(":foundation-model/");
    let (profiles, _) = wording::profiles(refusal).unwrap_or_default();
    let none_of = format!("`{resource}` is none of the ARNs in `NotResource`");
    let message = match &refusal.wanted {
        Wanted::Model(model) => format!(
            "this Deny spares `{model}`, which can be called only through an inference profile, and stops every profile \
             of it: {none_of}"
        ),
        _ if resources.negated && of_model => format!(
            "this Deny stops {profiles}, because it does not spare the model in every Region that is routed to: {none_of}"
        ),
        _ if resources.negated => {
            format!("this Deny spares foundation models only, so it stops {profiles} too: {none_of}")
        }
        _ => format!(
            "this Deny of foundation models stops {profiles} too: a call through a profile is checked against `{resource}` \
             as well"
        ),
    };
    let (element, help) = if resources.negated && of_model {
        ("NotResource", "write the Region of the spared models as `*`, or add one ARN for each Region of the route")
    } else if resources.negated {
        let help = "add the ARNs of the profiles in use to `NotResource`, or deny the unwanted models by name";
        ("NotResource", help)
    } else {
        let help = "to refuse only calls by the bare id, add the condition `\"Null\": {\"bedrock:InferenceProfileArn\": \
                    \"true\"}` to the Deny";
        ("Resource", help)
    };
    let draft = Draft::new(&RULE, view.span_of(deny, resources.span), message, "denied whatever else allows it")
        .help(help)
        .confidence(Confidence::Certain)
        .anchor(view.anchor(deny, element));
    report.push(match (&refusal.wanted, refusal.places.first()) {
        (Wanted::Model(_), Some(place)) => draft.related(view.at(*place), "the model is spared here"),
        _ => draft.granted_profiles(view, refusal),
    });
}
