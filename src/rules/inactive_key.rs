//! A long-term Bedrock API key of a user who has none that works, as the account itself says. Nothing without `--live`.
//! Keys are matched by user and account: IAM does not give their secrets, and this program keeps none.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule};
use crate::adapter::Credential;
use crate::bedrock::{ApiKey, Moment};
use crate::finding::Severity;

pub(super) const RULE: Rule = Rule {
    slug: "inactive-key",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/inactive-key.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let Some(answers) = case.facts.answers else { return };
    let credentials = &case.reading.credentials;
    let Some(field) = case.adapter().auth.filled(Credential::ApiKey).next() else { return };
    let Some(ApiKey::LongTerm(key)) = &credentials.api_key else { return };
    let (Some(user), Some(account)) = (key.user.as_deref(), key.account.as_deref()) else { return };
    if account != answers.account || !credentials.may_use(Credential::ApiKey) {
        return;
    }
    let Some(keys) = answers.keys.get(user) else { return };
    let as_of = Moment::Day(case.facts.as_of);
    if keys.iter().any(|key| key.works(as_of)) {
        return;
    }
    let why = match keys.as_slice() {
        [] => "has no Bedrock API key any more".to_owned(),
        [one] if !one.active => "has a Bedrock API key that is switched off".to_owned(),
        [one] => format!("has a Bedrock API key that works until {} only", one.expires.map(day).unwrap_or_default()),
        _ => "has Bedrock API keys that are switched off or have ended".to_owned(),
    };
    let message = format!("user `{user}` of account {account} {why}: calls with this key are refused");
    report.push(
        Draft::new(&RULE, case.at_key(field), message, "a key that does not work")
            .help("make a new key for the user, or call with the credentials of a role")
            .confidence(case.confidence())
            .anchor(case.anchor(field)),
    );
}

/// The day (UTC) of a moment.
fn day(moment: jiff::Timestamp) -> String {
    moment.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}
