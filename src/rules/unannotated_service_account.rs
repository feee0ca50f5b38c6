//! A pod that calls without credentials as a service account that no role is named for.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule};
use crate::adapter::Field;
use crate::finding::{Confidence, Severity};
use crate::source::Location;

pub(super) const RULE: Rule = Rule {
    slug: "unannotated-service-account",
    severity: Severity::Note,
    pedantic: true,
    page: include_str!("../../rules/unannotated-service-account.md"),
    checks: &[Check::Adapter(check)],
};

/// EKS Pod Identity gives roles without a mark in any manifest, and a node may have one: so this is a hint. Nothing is said
/// where the container is given more variables than can be seen.
fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let Some(account) = case.service_account.filter(|account| account.role.is_none()) else { return };
    let fact = &case.reading.fact;
    let Some(workload) = fact.workload.as_ref().filter(|_| fact.whole) else { return };
    let auth = &case.adapter().auth;
    let has_credential = auth.fields().chain([&auth.profile, &auth.role].into_iter().flatten()).any(Field::is_filled);
    let (false, Some(model)) = (has_credential, case.adapter().models.first()) else { return };
    let name = account.name.value.as_str();
    let message = format!(
        "pods that call Amazon Bedrock run as the service account `{name}`, which names no role, and are given no \
         credentials: unless EKS Pod Identity or the node gives them a role, every call is refused"
    );
    let at = Location::new(&account.source, account.name.value.span());
    let mut draft = Draft::new(&RULE, at, message, "no `eks.amazonaws.com/role-arn`")
        .help("annotate the service account with the ARN of a role that may call the model")
        .confidence(Confidence::Possible)
        .anchor(format!("ServiceAccount/{name}"))
        .related(case.at(model.id.span()), "called here");
    if let Some(field) = &workload.service_account {
        draft = draft.related(case.at_value(field), "runs as it");
    }
    report.push_once(draft, "and here");
}
