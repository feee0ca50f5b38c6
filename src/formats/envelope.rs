//! The shapes in which a policy document stands in a JSON or YAML file: bare, or as the AWS CLI prints it.
//!
//! - the document itself, or a list of documents
//! - `aws iam get-policy-version`: `{"PolicyVersion": {"Document": …}}`
//! - `aws iam get-role-policy`, `get-user-policy`, `get-group-policy`: `{"RoleName": …, "PolicyDocument": …}`
//! - the same as other SDKs wrap it: `{"RolePolicy": {…}}`
//! - `aws sso-admin get-inline-policy-for-permission-set`: `{"InlinePolicy": "…"}`
//! - `aws iam get-role`: `{"Role": {"AssumeRolePolicyDocument": …}}`
//! - `aws organizations describe-policy`: `{"Policy": {"PolicySummary": …, "Content": "…"}}`
//! - `aws iam get-account-authorization-details`: see [`super::account`]
//!
//! A document may be an object, a JSON string, or the percent-encoded string that the API itself returns.

use percent_encoding::percent_decode_str;

use super::{PolicyKind, Reader, account, inner, policy};
use crate::syntax::Node;
use crate::text::{Run, SourceMap, Span, Text};

/// Finds the policy documents of a file.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    if account::is_dump(root) {
        account::read(root, reader);
    } else if !root.items().is_empty() {
        for item in root.items() {
            one(item, reader);
        }
    } else {
        one(root, reader);
    }
}

/// Keys that lead from an answer of the API to the part that holds the document.
const WRAPPERS: &[&str] = &["PolicyVersion", "RolePolicy", "UserPolicy", "GroupPolicy", "Policy", "Role"];

fn one(node: &Node, reader: &mut Reader<'_>) {
    if policy::is_policy(node) {
        policy::read(node, None, None, reader);
        return;
    }
    let inner = WRAPPERS.iter().find_map(|key| node.get(key)).unwrap_or(node);
    let summary = inner.get("PolicySummary").unwrap_or(inner);
    let name = ["PolicyName", "Name", "RoleName"].iter().find_map(|key| summary.get(key)).and_then(Node::scalar);
    let name = name.map(|text| text.as_str().to_owned());
    let kind = match summary.get("Type").and_then(Node::scalar).map(Text::as_str) {
        Some("SERVICE_CONTROL_POLICY") => Some(PolicyKind::Scp),
        Some("RESOURCE_CONTROL_POLICY") => Some(PolicyKind::Resource),
        _ => None,
    };
    for key in ["Document", "PolicyDocument", "policyDocument", "Content", "InlinePolicy"] {
        if let Some(document) = inner.get(key) {
            document_at(document, name.clone(), kind, reader);
        }
    }
    if let Some(document) = inner.get("AssumeRolePolicyDocument") {
        document_at(document, name, Some(PolicyKind::Trust), reader);
    }
}

/// Reads a document that is an object, a JSON string or a percent-encoded one. Returns its index in the facts.
pub(super) fn document_at(
    node: &Node,
    name: Option<String>,
    kind: Option<PolicyKind>,
    reader: &mut Reader<'_>,
) -> Option<usize> {
    if policy::is_policy(node) {
        return Some(policy::read(node, name, kind, reader));
    }
    let text = node.string()?;
    let decoded = embedded(text);
    let start = decoded.as_str().trim_start();
    if !start.starts_with('{') || start.starts_with("{{") || start.starts_with("{%") {
        // a template's sign, or no document at all
        return None;
    }
    match inner::parse(&decoded) {
        Ok(document) => {
            let document = document?;
            policy::is_policy(&document).then(|| policy::read(&document, name, kind, reader))
        }
        // what is filled in later may make JSON of it
        Err(_) if !decoded.holes().is_empty() => None,
        Err(fault) => {
            reader.problem(fault.span, format!("the policy document in this string is not JSON: {}", fault.message));
            None
        }
    }
}

/// The text of a document that stands in a string.
pub(crate) fn embedded(text: &Text) -> Text {
    if text.as_str().starts_with('%') { percent_decoded(text) } else { text.clone() }
}

/// The string with `%7B` and the like decoded, and the way back through them. An undecodable string stays as it is.
fn percent_decoded(text: &Text) -> Text {
    let written = text.as_str();
    let Ok(value) = percent_decode_str(written).decode_utf8() else {
        return text.clone();
    };
    let mut runs = Vec::new();
    let mut at = 0;
    let mut decoded = 0;
    while let Some(rest) = written.get(at..).filter(|rest| !rest.is_empty()) {
        // one decoded character at a time where it is encoded, else up to the next `%`
        let character = value.get(decoded..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        let (length, width) = match rest.find('%') {
            Some(0) if is_escape(rest) => (character, (character * 3).min(rest.len())),
            Some(0) => (1, 1),
            Some(next) => (next, next),
            None => (rest.len(), rest.len()),
        };
        let length_of = |n: usize| Span::new(0, n).end;
        runs.push(Run { decoded: length_of(decoded), length: length_of(length), source: Span::new(at, at + width) });
        decoded += length;
        at += width;
    }
    let map = SourceMap::Runs(runs.into()).within(text.map(), value.len());
    Text::new(value.into_owned(), map)
}

fn is_escape(rest: &str) -> bool {
    rest.get(1..3).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::formats::{FormatOptions, read};
    use crate::source::Source;

    #[test]
    fn every_envelope_is_opened() {
        let document = r#"{ "Statement": [{ "Effect": "Allow", "Action": "bedrock:*", "Resource": "*" }] }"#;
        let string = format!("{document:?}");
        for (file, policies) in [
            (document.to_owned(), 1),
            (format!("[{document}, {document}]"), 2),
            (format!(r#"{{"PolicyVersion": {{"Document": {document}}}}}"#), 1),
            (format!(r#"{{"RoleName": "r", "PolicyName": "p", "PolicyDocument": {string}}}"#), 1),
            (format!(r#"{{"Policy": {{"PolicySummary": {{"Name": "p"}}, "Content": {string}}}}}"#), 1),
            (format!(r#"{{"InlinePolicy": {string}}}"#), 1),
            // a permission set without an inline policy
            (r#"{"InlinePolicy": ""}"#.to_owned(), 0),
        ] {
            let facts = read(&Arc::new(Source::new("a.json", file.clone())), &FormatOptions::default(), true);
            assert_eq!((facts.policies.len(), facts.problems), (policies, Vec::new()), "{file}");
        }
    }
}
