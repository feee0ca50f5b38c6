//! A key that stands twice in one object: the earlier value is lost without a word.

use super::report::{AdapterCase, Draft, PolicyCase, Report};
use super::{Check, Rule};
use crate::finding::Severity;

pub(super) const RULE: Rule = Rule {
    slug: "duplicate-key",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/duplicate-key.md"),
    checks: &[Check::Policy(check), Check::Adapter(check_adapter)],
};

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    let fact = &case.reading.fact;
    for duplicate in &fact.duplicates {
        let key = duplicate.lost.as_str();
        let statement = fact.policy.statements.iter().find(|statement| statement.span.contains(duplicate.lost.span()));
        let anchor = match statement {
            Some(statement) => case.anchor(statement, key),
            None => key.to_owned(),
        };
        report.push(
            Draft::new(&RULE, case.at(duplicate.lost.span()), message(key), "lost")
                .help(format!("put both values under one `{key}`, or give each a statement of its own"))
                .anchor(anchor)
                .related(case.at(duplicate.kept), "this one counts"),
        );
    }
}

fn check_adapter(case: &AdapterCase<'_>, report: &mut Report) {
    for duplicate in &case.reading.fact.duplicates {
        let key = duplicate.lost.as_str();
        let name = case.adapter().name.as_deref().map(|name| format!("{name}/")).unwrap_or_default();
        report.push(
            Draft::new(&RULE, case.at(duplicate.lost.span()), message(key), "lost")
                .help("take out the one that is not meant")
                .anchor(format!("{name}{key}"))
                .related(case.at(duplicate.kept), "this one counts"),
        );
    }
}

fn message(key: &str) -> String {
    format!("`{key}` stands twice in this object: only the last one counts, and what this one says is lost")
}
