//! Reports without what tells whose they are.

use std::sync::OnceLock;

use regex::{Captures, Regex};

use crate::bedrock::{ApiKey, ArnFields};
use crate::diagnose::{Diagnosis, Facts, Field, KeyFact};

/// The report with account ids, names of principals and what is made from them replaced, each by as many characters: what is
/// underlined stays so. The same account is the same placeholder throughout.
#[must_use]
pub fn redact(report: &str, diagnosis: &Diagnosis) -> String {
    let named = principals().replace_all(report, |captures: &Captures<'_>| {
        let part = |index| captures.get(index).map_or("", |found| found.as_str());
        format!("{}{}", part(1), starred(part(2)))
    });
    let mut text = users()
        .replace_all(&named, |captures: &Captures<'_>| starred(captures.get(0).map_or("", |found| found.as_str())))
        .into_owned();
    for name in names(diagnosis) {
        text = without(&text, &name);
    }
    let mut known: Vec<String> = Vec::new();
    let replaced = accounts().replace_all(&text, |captures: &Captures<'_>| {
        let part = |index| captures.get(index).map_or("", |found| found.as_str());
        let account = part(2);
        let index = known.iter().position(|one| one == account).unwrap_or_else(|| {
            known.push(account.to_owned());
            known.len() - 1
        });
        format!("{}{}", part(1), placeholder(index + 1))
    });
    replaced.into_owned()
}

/// Twelve characters, as an account id has.
fn placeholder(number: usize) -> String {
    let number = number.to_string();
    let word: String = "ACCOUNT_ID_".chars().take(12_usize.saturating_sub(number.len())).collect();
    word + &number
}

fn starred(text: &str) -> String {
    text.chars().map(|c| if c == '/' { '/' } else { '*' }).collect()
}

/// A name wherever it stands by itself.
fn without(text: &str, name: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '+' | '=');
    let mut redacted = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, found) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let behind = found.get(name.len()..).unwrap_or_default();
        redacted.push_str(before);
        let alone = !redacted.ends_with(is_part) && !behind.starts_with(is_part);
        redacted.push_str(&if alone { starred(name) } else { name.to_owned() });
        rest = behind;
    }
    redacted + rest
}

/// Names of users, roles and sessions that the facts tell. Very short ones are words as well, and stand in ARNs anyway.
fn names(diagnosis: &Diagnosis) -> Vec<String> {
    const SHORT: usize = 4;
    let unknown = diagnosis.unknown.iter().map(|unknown| &unknown.facts);
    let facts = diagnosis.errors.iter().map(|error| &error.facts).chain(unknown);
    let mut names: Vec<String> = facts.flat_map(of_facts).filter(|name| name.len() >= SHORT).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.dedup();
    names
}

fn of_facts(facts: &Facts) -> Vec<String> {
    let arns = [Field::Principal, Field::Resource].into_iter().filter_map(|field| ArnFields::split(facts.get(field)?));
    let people = arns.filter(|arn| matches!(arn.service.text, "iam" | "sts")).filter_map(|arn| arn.resource_id);
    let mut names: Vec<String> = people.flat_map(|id| id.text.split('/')).map(str::to_owned).collect();
    names.extend(facts.keys.iter().filter_map(|key| match key {
        KeyFact::Api(ApiKey::LongTerm(key)) => key.user.as_deref().map(str::to_owned),
        _ => None,
    }));
    names
}

/// A regular expression of this program.
#[allow(clippy::expect_used, reason = "fixed patterns, which a unit test compiles")]
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this program")
}

fn principals() -> &'static Regex {
    static REGEX: OnceLock<Regex> = OnceLock::new();
    REGEX.get_or_init(|| {
        compiled(
            r#"(arn:[a-z-]+:(?:iam|sts)::[^:\s"]*:(?:assumed-role|role|user|federated-user|group)/)([^\s"'`,;)}\]<]+)"#,
        )
    })
}

/// Users that the console makes for API keys.
fn users() -> &'static Regex {
    static REGEX: OnceLock<Regex> = OnceLock::new();
    REGEX.get_or_init(|| compiled(r"BedrockAPIKey-[A-Za-z0-9]+"))
}

fn accounts() -> &'static Regex {
    static REGEX: OnceLock<Regex> = OnceLock::new();
    REGEX.get_or_init(|| compiled(r"(^|[^0-9A-Za-z.])([0-9]{12})\b"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_named_and_nothing_moves() {
        let text = "arn:aws:sts::111122223333:assumed-role/app/ana@example.com, `444455556666` of arn:aws:iam::111122223333:user/x \
                    BedrockAPIKey-ab12 1234567890123 v1.111122223333";
        let redacted = redact(text, &Diagnosis::default());
        assert_eq!(
            redacted,
            "arn:aws:sts::ACCOUNT_ID_1:assumed-role/***/***************, `ACCOUNT_ID_2` of arn:aws:iam::ACCOUNT_ID_1:user/* \
             ****************** 1234567890123 v1.111122223333"
        );
        assert_eq!(redacted.len(), text.len());
        assert_eq!(without("grant `worker`, not workers", "worker"), "grant `******`, not workers");
        assert_eq!(placeholder(12), "ACCOUNT_ID12");
    }
}
