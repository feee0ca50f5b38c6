//! What the tests of rules share.
#![allow(dead_code, reason = "each test uses a part of it")]

pub(crate) mod ways;

use std::sync::Arc;

use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::finding::{Confidence, Finding};
use bedrock_lint::formats::{FormatOptions, PolicyKind};
use bedrock_lint::rules::Facts;
use bedrock_lint::source::Source;

pub(crate) fn findings_in(path: &str, text: &str) -> Vec<Finding> {
    findings_of(None, path, text)
}

/// The findings in a file whose policies are of a kind.
pub(crate) fn findings_of(kind: Option<PolicyKind>, path: &str, text: &str) -> Vec<Finding> {
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
        settings: None,
        answers: None,
    };
    let verdict =
        bedrock_lint::lint(&[Arc::new(Source::new(path, text))], &FormatOptions { kind, example: false }, &facts);
    assert_eq!(verdict.problems, [], "{text}");
    verdict.findings
}

pub(crate) fn of(rule: &str, text: &str) -> Vec<Finding> {
    let findings = findings_in("policy.json", text);
    findings.into_iter().filter(|one| one.rule == rule).collect()
}

/// A policy of these statements, each the inside of an object.
pub(crate) fn policy(statements: &[&str]) -> String {
    let statements: Vec<String> = statements.iter().map(|one| format!("{{ {one} }}")).collect();
    format!(r#"{{ "Version": "2012-10-17", "Statement": [{}] }}"#, statements.join(",\n"))
}

#[track_caller]
pub(crate) fn one(rule: &str, text: &str, underlined: &str, confidence: Confidence, says: &[&str]) -> Finding {
    let mut found = of(rule, text);
    assert_eq!(found.len(), 1, "{found:#?}");
    let finding = found.remove(0);
    assert_eq!((finding.primary.at.text(), finding.confidence), (underlined, confidence), "{finding:#?}");
    for part in says {
        assert!(finding.message.contains(part), "{part} in {}", finding.message);
    }
    finding
}

#[track_caller]
pub(crate) fn silent(rule: &str, text: &str) {
    assert_eq!(of(rule, text), [], "{text}");
}

/// An Allow of `action` on `resource`, both JSON values, with further elements.
pub(crate) fn allow(action: &str, resource: &str, more: &str) -> String {
    format!(r#""Effect": "Allow", "Action": {action}, "Resource": {resource}{more}"#)
}
