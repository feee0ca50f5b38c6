//! Tests of one rule that let no other rule be loud.
#![allow(dead_code, reason = "each test uses a part of it")]

use bedrock_lint::finding::Confidence::Possible;
use bedrock_lint::finding::Severity::Note;
use bedrock_lint::finding::{Confidence, Finding, Severity};

use crate::judged::findings_in;

pub(crate) fn statement(effect: &str, rest: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "{effect}", {rest}}}]}}"#)
}

/// An Allow of both invocation actions.
pub(crate) fn allow(resources: &[&str]) -> String {
    invoke("Allow", "Resource", resources, "")
}

pub(crate) fn invoke(effect: &str, element: &str, resources: &[&str], condition: &str) -> String {
    let resources = resources.join("\", \"");
    statement(effect, &format!(r#""Action": "bedrock:InvokeModel*", "{element}": ["{resources}"]{condition}"#))
}

pub(crate) fn condition(effect: &str, operator: &str, key: &str, value: &str) -> String {
    invoke(effect, "Resource", &["*"], &format!(r#", "Condition": {{"{operator}": {{"{key}": "{value}"}}}}"#))
}

/// Asserts the only finding of a rule, and that no other rule is loud.
#[track_caller]
pub(crate) fn one(text: &str, rule: &str, level: (Severity, Confidence), underlined: &str, says: &[&str]) -> Finding {
    one_at("policy.json", text, rule, level, underlined, says)
}

#[track_caller]
pub(crate) fn one_at(
    path: &str,
    text: &str,
    rule: &str,
    level: (Severity, Confidence),
    underlined: &str,
    says: &[&str],
) -> Finding {
    let found = findings_in(path, text);
    let others =
        found.iter().filter(|finding| finding.rule != rule && finding.severity > Note && finding.confidence > Possible);
    assert_eq!(others.count(), 0, "{found:#?}");
    let mut own: Vec<Finding> = found.into_iter().filter(|finding| finding.rule == rule).collect();
    assert_eq!(own.len(), 1, "{own:#?}");
    let finding = own.remove(0);
    assert_eq!((finding.severity, finding.confidence), level, "{finding:#?}");
    assert_eq!(finding.primary.at.text(), underlined, "{finding:#?}");
    let words = format!("{} | {}", finding.message, finding.help.as_deref().unwrap_or_default());
    for part in says {
        assert!(words.contains(part), "{part} in {words}");
    }
    assert!(!finding.message.ends_with('.') && !finding.anchor.is_empty());
    finding
}

#[track_caller]
pub(crate) fn silent(text: &str, rule: &str) {
    let own: Vec<Finding> =
        findings_in("policy.json", text).into_iter().filter(|finding| finding.rule == rule).collect();
    assert_eq!(own, [], "{text}");
}

pub(crate) const NOVA: &str = "amazon.nova-lite-v1:0";
pub(crate) const SONNET: &str = "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6";
