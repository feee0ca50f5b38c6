//! A Bedrock API key that ends within hours, in a file.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule};
use crate::adapter::Consumer;
use crate::bedrock::{ApiKey, Moment, ShortTermKey};
use crate::finding::Severity;

pub(super) const RULE: Rule = Rule {
    slug: "short-term-key",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/short-term-key.md"),
    checks: &[Check::AnyAdapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let adapter = case.adapter();
    let (Some(field), Some(ApiKey::ShortTerm(key))) = (&adapter.auth.api_key, &case.reading.credentials.api_key) else {
        return;
    };
    let refresh = match adapter.consumer {
        Consumer::Unstract | Consumer::UnstractSdk => ", and Unstract does not refresh keys",
        _ => "",
    };
    let message = format!("a short-term Bedrock API key stands in this file: {}{refresh}", life(case, key));
    report.push(
        Draft::new(&RULE, case.at_key(field), message, "begins with `bedrock-api-key-`")
            .help("use a long-term Bedrock API key by reference, access keys or a role; a program makes short-term keys anew when it needs them")
            .anchor(case.anchor(field)),
    );
}

/// When it was made, and when it ends at the latest.
fn life(case: &AdapterCase<'_>, key: &ShortTermKey) -> String {
    let made = key.issued.map(|issued| format!("it was made at {issued}"));
    let has_ended = key.has_ended(Moment::Day(case.facts.as_of)) == Some(true);
    let ends = match key.expires() {
        Some(end) if has_ended => format!("ended at {end} at the latest, so it has ended as of {}", case.facts.as_of),
        Some(end) => format!("ends at {end} at the latest, or with the session that made it"),
        None => "ends after twelve hours at the latest, or with the session that made it".to_owned(),
    };
    match made {
        Some(made) => format!("{made} and {ends}"),
        None => format!("it {ends}"),
    }
}
