//! A secret in a file.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, MentionCase, Rule};
use crate::adapter::Field;
use crate::bedrock::{ApiKey, LongTermKey, looks_like_secret_access_key};
use crate::finding::Severity;

pub(super) const RULE: Rule = Rule {
    slug: "hardcoded-key",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/hardcoded-key.md"),
    checks: &[Check::AnyAdapter(check), Check::Mention(check_mention)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let (auth, credentials) = (&case.adapter().auth, &case.reading.credentials);
    if let (Some(field), Some(ApiKey::LongTerm(key))) = (&auth.api_key, &credentials.api_key)
        && !key.filler
    {
        report.push(finding(case, field, &long_term(key)));
    }
    if let Some(field) = auth.secret_access_key.as_ref().filter(|_| credentials.has_secret_access_key) {
        let account = credentials.access_key_id.as_ref().and_then(|id| id.account.as_deref());
        let whose = account.map(|account| format!(" of account `{account}`")).unwrap_or_default();
        report.push(finding(case, field, &format!("a secret access key{whose}")));
    }
    let told = |field: &Field| {
        let is = |one: &Option<Field>| one.as_ref().is_some_and(|one| one.key.span() == field.key.span());
        (is(&auth.secret_access_key) && credentials.has_secret_access_key)
            || (is(&auth.api_key) && credentials.api_key.is_some())
    };
    // in a setting that is for something else, or as the value that a variable has by default
    for field in auth.fields().filter(|field| !told(field)) {
        if let Some(what) = [field.value.as_str(), default_of(field)].into_iter().find_map(secret) {
            report.push(finding(case, field, what));
        }
    }
}

fn check_mention(case: &MentionCase<'_>, report: &mut Report) {
    if let Some(ApiKey::LongTerm(key)) = case.key() {
        report.push(case.draft_of_key(&RULE, said(&long_term(key)), "a secret").help(HELP));
    }
}

/// A long-term key, and whose it is.
fn long_term(key: &LongTermKey) -> String {
    let whose = match (&key.user, &key.account) {
        (Some(user), Some(account)) => format!(" of the IAM user `{user}` in account `{account}`"),
        (None, Some(account)) => format!(" of an IAM user in account `{account}`"),
        _ => String::new(),
    };
    format!("a long-term Bedrock API key{whose}")
}

/// What stands behind `:-` in `${NAME:-default}`; empty where nothing does.
fn default_of(field: &Field) -> &str {
    let behind = field.value.as_str().split_once(":-").map(|(_, rest)| rest);
    behind.and_then(|rest| rest.strip_suffix('}')).unwrap_or_default()
}

/// What a secret of real shape is; none for other text.
fn secret(text: &str) -> Option<&'static str> {
    match ApiKey::read(text) {
        Some(ApiKey::LongTerm(key)) if !key.filler => Some("a long-term Bedrock API key"),
        _ if looks_like_secret_access_key(text) => Some("a secret access key"),
        _ => None,
    }
}

const HELP: &str =
    "keep it in a secret store or in the environment and refer to it, and replace it if others saw the file";

fn said(what: &str) -> String {
    format!("{what} stands in this file: whoever can read the file can use it, until it is deleted in IAM")
}

fn finding(case: &AdapterCase<'_>, field: &Field, what: &str) -> Draft {
    Draft::new(&RULE, case.at_key(field), said(what), "a secret").help(HELP).anchor(case.anchor(field))
}
