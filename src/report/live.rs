//! What became of asking an account: for people, and for programs.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Style, counted, printable};
use crate::finding::Severity;
use crate::live::{FailureKind, Gap, KeyRecord, LiveOutcome};

/// Who was asked, whose policies were read and which keys there are, a line each.
#[must_use]
pub fn summary(outcome: &LiveOutcome, style: Style) -> String {
    let mut lines = Vec::new();
    if let Some(identity) = &outcome.identity {
        lines.push(format!("asked account {} as {}", identity.account, printable(&identity.arn)));
    }
    if let Some(principal) = &outcome.principal {
        let scps = principal.scps.iter().map(Vec::len).sum::<usize>();
        let above = match (principal.scps_known, scps) {
            (false, _) => "not known".to_owned(),
            (true, 0) => "none".to_owned(),
            (true, count) => count.to_string(),
        };
        let holder = printable(&principal.holder.to_string());
        let documents = counted(principal.identity.len(), "identity document");
        lines.push(format!("{holder}: {documents} read, service control policies: {above}"));
    }
    lines.extend(keys(outcome).map(|key| format!("Bedrock API key {}", words(key))));
    lines.iter().map(|line| format!("{}\n", style.dim(&format!("live: {line}")))).collect()
}

/// What could not be checked, and whether the check could be made at all.
#[must_use]
pub fn problems(outcome: &LiveOutcome, style: Style) -> String {
    let warning = |text: &str| format!("{} {}\n", style.severity(Severity::Warning, "warning:"), printable(text));
    let mut text: String = outcome.gaps.iter().map(|gap| warning(&gap.to_string())).collect();
    text.extend(outcome.remark.as_deref().map(warning));
    if let Some(why) = &outcome.not_made {
        let label = style.severity(Severity::Error, "error:");
        text.push_str(&format!("{label} the live check could not be made: {}\n", printable(why)));
    }
    text
}

/// Every key of the users that were asked about, each once.
fn keys(outcome: &LiveOutcome) -> impl Iterator<Item = &KeyRecord> {
    let of_principal = outcome.principal.iter().flat_map(|principal| &principal.keys);
    let of_files = outcome.answers.keys.iter().filter(|(user, _)| {
        let asked = outcome.principal.as_ref().map(|principal| principal.holder.name.as_str());
        asked != Some(user.as_str()) || outcome.principal.as_ref().is_some_and(|principal| principal.keys.is_empty())
    });
    of_principal.chain(of_files.flat_map(|(_, keys)| keys))
}

fn words(key: &KeyRecord) -> String {
    let state = if key.active { "active" } else { "inactive" };
    let end = match key.expires {
        Some(end) => format!("ends {end}"),
        None => "never ends".to_owned(),
    };
    format!("{} of user {}: {state}, made {}, {end}", printable(&key.id), printable(&key.user), key.created)
}

/// What could not be checked, as rows of JSON.
#[derive(Serialize)]
struct GapRow<'a> {
    action: &'a str,
    reason: &'static str,
    said: Option<String>,
    unchecked: Vec<String>,
}

/// The same as a value of JSON.
pub(super) fn value(outcome: &LiveOutcome) -> Value {
    let principal = outcome.principal.as_ref().map(|principal| {
        json!({
            "name": printable(&principal.holder.to_string()),
            "arn": printable(&principal.arn),
            "policies": principal.documents.iter().map(|document| printable(&document.arn)).collect::<Vec<_>>(),
            "whole": principal.whole,
            "service_control_policies_known": principal.scps_known,
        })
    });
    let keys: Vec<Value> = keys(outcome)
        .map(|key| {
            json!({
                "user": printable(&key.user), "id": printable(&key.id), "active": key.active,
                "created": key.created.to_string(), "expires": key.expires.map(|end| end.to_string()),
            })
        })
        .collect();
    json!({
        "account": outcome.identity.as_ref().map(|identity| &identity.account),
        "caller": outcome.identity.as_ref().map(|identity| printable(&identity.arn)),
        "principal": principal,
        "keys": keys,
        "unchecked": rows(&outcome.gaps),
        "not_made": outcome.not_made.as_deref().map(printable),
    })
}

/// What could not be checked, as a value of JSON.
pub(super) fn rows(gaps: &[Gap]) -> Value {
    let row = |gap: &Gap| GapRow {
        action: gap.failure.action,
        reason: reason(&gap.failure.kind),
        said: gap.failure.said.as_deref().map(printable),
        unchecked: gap.unchecked.iter().map(|what| printable(what)).collect(),
    };
    json!(gaps.iter().map(row).collect::<Vec<_>>())
}

fn reason(kind: &FailureKind) -> &'static str {
    match kind {
        FailureKind::Denied => "denied",
        FailureKind::NoCredentials => "no-credentials",
        FailureKind::BadCredentials => "bad-credentials",
        FailureKind::NotEnabled => "not-enabled",
        FailureKind::Throttled => "throttled",
        FailureKind::TimedOut => "timed-out",
        FailureKind::Unreachable => "unreachable",
        FailureKind::NotFound => "not-found",
        FailureKind::Unreadable(_) => "unreadable",
        FailureKind::Refused(_) => "refused",
    }
}
