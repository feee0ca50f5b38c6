//! A Deny about foundation models also stops the profiles that reach them.

use super::report::{Draft, Report};
use super::{Check, Rule};
use crate::access::{Refusal, SetView, Wanted};
use crate::finding::{Confidence, Severity};
use crate::iam::StatementId;

pub(super) const RULE: Rule = Rule {
    slug: "deny-blocks-profile",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/deny-blocks-profile.md"),
    check: Check::Refusal,
};

pub(super) fn report(view: &SetView<'_>, refusal: &Refusal, deny: StatementId, resource: &str, report: &mut Report) {
    let (Wanted::Profile(id), Some(profile)) = (&refusal.wanted, refusal.places.first()) else {
        return;
    };
    let Some(resources) = view.statement(deny).and_then(|statement| statement.resources.as_ref()) else {
        return;
    };
    let (message, help) = if resources.negated {
        (
            format!(
                "this Deny spares foundation models only, so it stops `{id}` too: `{resource}` is none of the ARNs in \
                 `NotResource`"
            ),
            "add the ARNs of the profiles in use to `NotResource`, or deny the unwanted models by name".to_owned(),
        )
    } else {
        (
            format!(
                "this Deny of foundation models stops `{id}` too: a call through a profile is checked against \
                 `{resource}` as well"
            ),
            "to refuse only calls by the bare id, add the condition `\"Null\": {\"bedrock:InferenceProfileArn\": \
             \"true\"}` to the Deny"
                .to_owned(),
        )
    };
    report.push(
        Draft::new(
            &RULE,
            view.span_of(deny, resources.span),
            message,
            "denied whatever else allows it",
        )
        .help(help)
        .confidence(Confidence::Certain)
        .anchor(view.anchor(deny, if resources.negated { "NotResource" } else { "Resource" }))
        .related(view.at(*profile), "the profile is granted here"),
    );
}
