//! A Bedrock API key that ends within hours, in a file.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Facts, MentionCase, Rule};
use crate::adapter::Consumer;
use crate::bedrock::{ApiKey, Moment, ShortTermKey};
use crate::finding::Severity;

pub(super) const RULE: Rule = Rule {
    slug: "short-term-key",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/short-term-key.md"),
    checks: &[Check::AnyAdapter(check), Check::Mention(check_mention)],
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
    let message = format!("{}{refresh}", said(case.facts, key));
    report.push(Draft::new(&RULE, case.at_key(field), message, LABEL).help(HELP).anchor(case.anchor(field)));
}

fn check_mention(case: &MentionCase<'_>, report: &mut Report) {
    if let Some(ApiKey::ShortTerm(key)) = case.key() {
        report.push(case.draft_of_key(&RULE, said(case.facts, key), LABEL).help(HELP));
    }
}

const LABEL: &str = "begins with `bedrock-api-key-`";
const HELP: &str = "use a long-term Bedrock API key by reference, access keys or a role; a program makes short-term keys anew \
                    when it needs them";

fn said(facts: &Facts<'_>, key: &ShortTermKey) -> String {
    format!("a short-term Bedrock API key stands in this file: {}", life(facts, key))
}

/// When it was made, and when it ends at the latest.
fn life(facts: &Facts<'_>, key: &ShortTermKey) -> String {
    let made = key.issued.map(|issued| format!("it was made at {issued}"));
    let has_ended = key.has_ended(Moment::Day(facts.as_of)) == Some(true);
    let ends = match key.expires() {
        Some(end) if has_ended => format!("ended at {end} at the latest, so it has ended as of {}", facts.as_of),
        Some(end) => format!("ends at {end} at the latest, or with the session that made it"),
        None => "ends after twelve hours at the latest, or with the session that made it".to_owned(),
    };
    match made {
        Some(made) => format!("{made} and {ends}"),
        None => format!("it {ends}"),
    }
}
