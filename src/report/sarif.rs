//! SARIF 2.1.0, for code scanning and for viewers.
//!
//! The standard: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>; what GitHub makes of it, and its
//! limits: <https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>.

use std::collections::HashSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{fingerprints, mask, message_and_help, pretty, printable, quotable_fix};
use crate::check::Outcome;
use crate::finding::{Applicability, Confidence, Edit, Finding, Fix, Label, Severity};
use crate::rules::{self, Rule};
use crate::source::{Location, Position, Problem};

/// Our fingerprint among those of others; the number grows when fingerprints are made of something else.
const FINGERPRINT: &str = "bedrockLint/v1";

/// What paths are relative to, by the name that GitHub gives it.
const ROOT: &str = "%SRCROOT%";

/// More related places than this are left out: GitHub keeps 100 of a result and refuses a thousand.
const MAX_RELATED: usize = 100;

/// What a path in a URI need not escape (RFC 3986, unreserved characters and the slash).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The report of a check, with all rules, so that a viewer can tell a rule that is kept from one that was not there.
#[must_use]
pub fn render(outcome: &Outcome) -> String {
    let results: Vec<Value> = outcome
        .findings
        .iter()
        .zip(fingerprints(&outcome.findings))
        .map(|(finding, print)| result(finding, &print))
        .collect();
    let mut invocation = json!({ "executionSuccessful": outcome.problems.is_empty() });
    if !outcome.problems.is_empty() {
        let told: Vec<Value> = outcome.problems.iter().map(notification).collect();
        put(&mut invocation, "toolExecutionNotifications", told.into());
    }
    pretty(&json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules::all().iter().map(rule).collect::<Vec<_>>(),
                "properties": { "catalog": outcome.catalogue_date().to_string() },
            } },
            "invocations": [invocation],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

fn rule(rule: &Rule) -> Value {
    let precision = if rule.pedantic { "medium" } else { "high" };
    json!({
        "id": rule.slug,
        "name": pascal_case(rule.slug),
        "shortDescription": { "text": sentence(rule.summary()) },
        "fullDescription": { "text": sentence(rule.summary()) },
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": {
            "precision": precision,
            "problem.severity": problem_severity(rule.severity),
            "tags": ["amazon-bedrock", "iam"],
        },
    })
}

fn result(finding: &Finding, fingerprint: &str) -> Value {
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": message(&message_and_help(finding)),
        "locations": [{ "physicalLocation": physical(&finding.primary.at) }],
        "partialFingerprints": { FINGERPRINT: fingerprint },
        "properties": { "confidence": finding.confidence, "precision": precision(finding.confidence) },
    });
    if let Some(index) = rules::all().iter().position(|rule| rule.slug == finding.rule) {
        put(&mut result, "ruleIndex", index.into());
    }
    let related = related(finding);
    if !related.is_empty() {
        put(&mut result, "relatedLocations", related.into());
    }
    // a viewer offers to apply what stands here
    if let Some(fix) = quotable_fix(finding).filter(|fix| fix.applicability != Applicability::DisplayOnly) {
        put(&mut result, "fixes", json!([changes(fix)]));
    }
    result
}

/// The related places, each once: equal ones make a report invalid.
fn related(finding: &Finding) -> Vec<Value> {
    let mut met = HashSet::new();
    finding
        .related
        .iter()
        .filter(|label| met.insert((label.at.source.path(), label.at.span, &label.message)))
        .take(MAX_RELATED)
        .map(related_row)
        .collect()
}

fn related_row(label: &Label) -> Value {
    let mut row = json!({ "physicalLocation": physical(&label.at) });
    if !label.message.is_empty() {
        put(&mut row, "message", message(&printable(&label.message)));
    }
    row
}

/// A fix, its edits by file in their order.
fn changes(fix: &Fix) -> Value {
    let mut files: Vec<(&str, Vec<Value>)> = Vec::new();
    for edit in &fix.edits {
        let path = edit.at.source.path();
        match files.iter_mut().find(|(other, _)| *other == path) {
            Some((_, replacements)) => replacements.push(replacement(edit)),
            None => files.push((path, vec![replacement(edit)])),
        }
    }
    let changes: Vec<Value> = files
        .into_iter()
        .map(|(path, replacements)| json!({ "artifactLocation": artifact(path), "replacements": replacements }))
        .collect();
    json!({
        "description": message(&printable(&fix.title)),
        "artifactChanges": changes,
        "properties": { "applicability": fix.applicability },
    })
}

fn replacement(edit: &Edit) -> Value {
    json!({ "deletedRegion": region(&edit.at), "insertedContent": { "text": edit.text } })
}

fn notification(problem: &Problem) -> Value {
    let mut place = json!({ "artifactLocation": artifact(&problem.path) });
    if let Some(Position { line, column }) = problem.position {
        put(&mut place, "region", json!({ "startLine": line, "startColumn": column }));
    }
    json!({
        "level": "error",
        "message": message(&printable(&problem.message)),
        "locations": [{ "physicalLocation": place }],
    })
}

fn physical(at: &Location) -> Value {
    json!({ "artifactLocation": artifact(at.source.path()), "region": region(at) })
}

/// The place by line and column, and by bytes.
fn region(at: &Location) -> Value {
    let (start, end) = (at.start(), at.end());
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": at.span.start,
        "byteLength": at.span.end.saturating_sub(at.span.start),
    })
}

/// A path as a URI: relative to the root of the sources unless it is absolute.
fn artifact(path: &str) -> Value {
    let path = mask(path);
    let escaped = utf8_percent_encode(&path, ESCAPED).to_string();
    let drive = path.as_bytes().get(1..3) == Some(b":/".as_slice());
    match (path.starts_with('/'), drive) {
        (true, _) => json!({ "uri": format!("file://{escaped}") }),
        (_, true) => json!({ "uri": format!("file:///{escaped}") }),
        _ => json!({ "uri": escaped, "uriBaseId": ROOT }),
    }
}

fn level(severity: Severity) -> &'static str {
    // the words are those of the standard
    severity.as_str()
}

/// What GitHub calls a severity.
fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "recommendation",
    }
}

/// What GitHub calls a confidence.
fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Certain => "very-high",
        Confidence::Likely => "high",
        Confidence::Possible => "medium",
    }
}

/// The standard wants a name that is legible, and unlike the id.
fn pascal_case(slug: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    slug.split('-').map(capital).collect()
}

/// A message of the standard ends with a full stop.
fn sentence(text: &str) -> String {
    format!("{text}.")
}

/// A message, whose braces would hold the number of an argument (§ 3.11.5 of the standard).
fn message(text: &str) -> Value {
    json!({ "text": text.replace('{', "{{").replace('}', "}}") })
}

/// Adds a property to an object.
fn put(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        for (path, uri, relative) in [
            ("infra/a b%.json", "infra/a%20b%25.json", true),
            ("a:b#c?.json", "a%3Ab%23c%3F.json", true),
            ("ключ.json", "%D0%BA%D0%BB%D1%8E%D1%87.json", true),
            ("<stdin>", "%3Cstdin%3E", true),
            ("/tmp/x.json", "file:///tmp/x.json", false),
            ("C:/x.json", "file:///C%3A/x.json", false),
        ] {
            let artifact = artifact(path);
            assert_eq!(artifact.get("uri").and_then(Value::as_str), Some(uri));
            assert_eq!(artifact.get("uriBaseId").is_some(), relative, "{path}");
        }
    }

    #[test]
    fn braces_are_no_placeholders() {
        assert_eq!(message("`${0}` [a]"), json!({ "text": "`${{0}}` [a]" }));
    }

    #[test]
    fn names_of_rules() {
        assert_eq!(pascal_case("missing-model-grant"), "MissingModelGrant");
    }
}
