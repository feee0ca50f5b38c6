//! A placeholder that a person was to fill in.
//!
//! Owns placeholders wherever they stand: what is still to be filled in is unknown to every other rule. Where nothing may
//! stand at all, as in the account field of a model's ARN, `malformed-bedrock-arn` speaks.

use super::report::{AdapterCase, Draft, PolicyCase, Report};
use super::{Check, Rule};
use crate::adapter::Field;
use crate::finding::Severity;
use crate::iam::Statement;
use crate::reading::{Fault, FaultKind, StatementReading};
use crate::text::{FilledBy, Hole, Text};

pub(super) const RULE: Rule = Rule {
    slug: "leftover-placeholder",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/leftover-placeholder.md"),
    checks: &[Check::Policy(check), Check::Adapter(check_adapter)],
};

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    let fact = &case.reading.fact;
    let severity = severity(fact.example, fact.source.path());
    for (statement, reading) in fact.policy.statements.iter().zip(&case.reading.statements) {
        for (text, hole, element) in left(statement, reading) {
            let written = text.as_str().get(hole.range.clone()).unwrap_or_default();
            let message = format!(
                "`{written}` is still to be filled in: IAM takes it as these very characters, so nothing ever matches"
            );
            let draft = Draft::new(&RULE, case.at(text.span_of(hole.range.clone())), message, "not filled in")
                .severity(severity)
                .help(help(written))
                .anchor(case.anchor(statement, element));
            report.push_once(draft, "and here");
        }
    }
}

fn check_adapter(case: &AdapterCase<'_>, report: &mut Report) {
    let (fact, adapter) = (&case.reading.fact, case.adapter());
    let severity = severity(fact.example, fact.source.path());
    let models = case.reading.models().map(|(model, reading)| (&model.field, &model.id, reading.faults.as_slice()));
    let plain = adapter.plain_fields().map(|field| (field, &field.value, [].as_slice()));
    for (field, text, faults) in models.chain(plain) {
        for hole in text.holes().iter().filter(|hole| hole.filled_by == FilledBy::Person && !goes_away(faults, hole)) {
            let written = text.as_str().get(hole.range.clone()).unwrap_or_default();
            let message =
                format!("`{written}` is still to be filled in: it is sent as it stands, so the call is refused");
            let draft = Draft::new(&RULE, case.at(text.span_of(hole.range.clone())), message, "not filled in")
                .severity(severity)
                .help(help(written))
                .anchor(case.anchor(field));
            report.push_once(draft, "and here");
        }
    }
    for field in adapter.credential_fields().into_iter().filter(|field| is_left(field)) {
        // of a credential no character is repeated
        let key = field.key.as_str();
        let message = format!("`{key}` is still to be filled in: it is sent as it stands, so the call is refused");
        let draft = Draft::new(&RULE, case.at(field.key.span()), message, "not filled in")
            .severity(severity)
            .help("let a secret store or the environment fill it in")
            .anchor(case.anchor(field));
        report.push_once(draft, "and here");
    }
}

fn is_left(field: &Field) -> bool {
    field.value.holes().iter().any(|hole| hole.filled_by == FilledBy::Person)
}

fn severity(example: bool, path: &str) -> Severity {
    if example || is_example(path) { Severity::Note } else { RULE.severity }
}

/// What people have left in a statement, with the strings and the elements it stands in.
fn left<'a>(statement: &'a Statement, reading: &'a StatementReading) -> Vec<(&'a Text, &'a Hole, &'static str)> {
    let mut left = Vec::new();
    let by_person = |hole: &&Hole| hole.filled_by == FilledBy::Person;
    if let Some(elements) = &statement.resources {
        let element = if elements.negated { "NotResource" } else { "Resource" };
        for (index, pattern) in elements.patterns.iter().enumerate() {
            let faults = reading.resources.get(index).map_or(&[][..], |read| &read.faults);
            let text = pattern.text();
            let holes = text.holes().iter().filter(by_person);
            left.extend(holes.filter(|hole| !goes_away(faults, hole)).map(|hole| (text, hole, element)));
        }
    }
    for (_, text) in statement.principal.iter().flat_map(|principal| &principal.entries) {
        left.extend(text.holes().iter().filter(by_person).map(|hole| (text, hole, "Principal")));
    }
    for value in statement.conditions.iter().flat_map(|condition| &condition.values) {
        let text = value.text();
        left.extend(text.holes().iter().filter(by_person).map(|hole| (text, hole, "Condition")));
    }
    left
}

/// Whether the placeholder stands where nothing may stand: an account in a foundation-model ARN is reported as that.
fn goes_away(faults: &[Fault], hole: &Hole) -> bool {
    faults.iter().any(|fault| {
        fault.kind == FaultKind::AccountInModel
            && fault.range.start <= hole.range.start
            && hole.range.end <= fault.range.end
    })
}

/// Whether a path is that of an example or of documentation, where placeholders belong.
fn is_example(path: &str) -> bool {
    const WORDS: [&str; 9] =
        ["docs", "example", "examples", "readme", "sample", "samples", "template", "templates", "tpl"];
    let path = path.to_ascii_lowercase();
    path.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| WORDS.contains(&word))
}

fn help(written: &str) -> &'static str {
    let lower = written.to_ascii_lowercase();
    if lower.contains("account") || lower == "xxxxxxxxxxxx" {
        "write the twelve digits of your account id"
    } else if lower.contains("region") {
        "write the code of a Region, such as `us-east-1`"
    } else {
        "write the value that it stands for"
    }
}

#[cfg(test)]
mod tests {
    use super::is_example;

    #[test]
    fn examples_go_by_their_path() {
        for path in [
            "docs/policy.json",
            "examples/a/policy.json",
            "iam/policy.example.json",
            "policy.json.tpl",
            "sample-policy.json",
            "README.md",
        ] {
            assert!(is_example(path), "{path}");
        }
        for path in ["policy.json", "infra/templated/p.json", "src/docserver/policy.json"] {
            assert!(!is_example(path), "{path}");
        }
    }
}
