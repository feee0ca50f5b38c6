//! A secret in a file.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule};
use crate::adapter::Field;
use crate::bedrock::ApiKey;
use crate::finding::Severity;

pub(super) const RULE: Rule = Rule {
    slug: "hardcoded-key",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/hardcoded-key.md"),
    checks: &[Check::AnyAdapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let (auth, credentials) = (&case.adapter().auth, &case.reading.credentials);
    if let (Some(field), Some(ApiKey::LongTerm(key))) = (&auth.api_key, &credentials.api_key)
        && !key.filler
    {
        let whose = match (&key.user, &key.account) {
            (Some(user), Some(account)) => format!(" of the IAM user `{user}` in account `{account}`"),
            (None, Some(account)) => format!(" of an IAM user in account `{account}`"),
            _ => String::new(),
        };
        report.push(finding(case, field, &format!("a long-term Bedrock API key{whose}")));
    }
    if let Some(field) = auth.secret_access_key.as_ref().filter(|_| credentials.has_secret_access_key) {
        let account = credentials.access_key_id.as_ref().and_then(|id| id.account.as_deref());
        let whose = account.map(|account| format!(" of account `{account}`")).unwrap_or_default();
        report.push(finding(case, field, &format!("a secret access key{whose}")));
    }
}

fn finding(case: &AdapterCase<'_>, field: &Field, what: &str) -> Draft {
    let message =
        format!("{what} stands in this file: whoever can read the file can use it, until it is deleted in IAM");
    Draft::new(&RULE, case.at_key(field), message, "a secret")
        .help("keep it in a secret store or in the environment and refer to it, and replace it if others saw the file")
        .anchor(case.anchor(field))
}
