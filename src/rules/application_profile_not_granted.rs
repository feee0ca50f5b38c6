//! An application inference profile is used, and only system-defined profiles are granted.

use super::report::{Draft, Report};
use super::{Check, Rule};
use crate::access::{Place, Refusal, SetView, Wanted};
use crate::finding::Severity;

pub(super) const RULE: Rule = Rule {
    slug: "application-profile-not-granted",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/application-profile-not-granted.md"),
    checks: &[Check::Refusal],
};

pub(super) fn report(view: &SetView<'_>, refusal: &Refusal, named: Place, report: &mut Report) {
    let (Wanted::ApplicationProfile(arn), Some(system)) = (&refusal.wanted, refusal.places.first()) else {
        return;
    };
    let message = format!(
        "`inference-profile/…` does not cover the application inference profile `{}`: its ARN is of another type, and \
         no statement grants `{}` on it",
        arn.rsplit_once('/').map_or(arn.as_str(), |(_, id)| id),
        refusal.action
    );
    report.push(
        Draft::new(&RULE, view.at(*system), message, "this grants system-defined profiles only")
            .help(format!("add `{arn}` to `Resource`"))
            .confidence(view.confidence_of(refusal))
            .anchor(view.anchor(system.statement, "Resource"))
            .related(view.at(named), "the application inference profile is named here"),
    );
}
