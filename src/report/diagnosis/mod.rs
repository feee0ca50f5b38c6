//! What `diagnose` has to say, for people, for programs and for a ticket.

mod human;
mod json;
mod markdown;
mod redact;

pub use human::human;
pub use json::json;
pub use markdown::markdown;
pub use redact::redact;

use super::{counted, printable};
use crate::diagnose::known::KnownErrors;
use crate::diagnose::{Diagnosed, Fact, Facts, Field, KeyFact, Origin};

/// More of a message than this is not quoted, in characters.
const QUOTED: usize = 600;

/// The message in plain characters, without its end if it is very long.
fn quoted(message: &str) -> String {
    let plain = printable(message);
    if plain.chars().count() <= QUOTED {
        return plain;
    }
    plain.chars().take(QUOTED).chain("...".chars()).collect()
}

/// The facts that are shown, by name, with where they are from if that is not the text.
fn shown(facts: &Facts) -> Vec<(&'static str, String)> {
    let row = |(field, fact): (Field, &Fact)| {
        let from = match (fact.from, field) {
            (Origin::Option, Field::Region) => " (`--region`)",
            (Origin::Option, _) => " (`--model`)",
            (Origin::Files, _) => " (in the files)",
            _ => "",
        };
        (field.as_str(), format!("{}{from}", printable(&fact.value)))
    };
    facts.iter().map(row).chain(facts.keys.iter().map(|key| ("key", key_kind(key).to_owned()))).collect()
}

/// What a credential in the text is.
fn key_kind(key: &KeyFact) -> &'static str {
    use crate::bedrock::{AccessKeyKind, ApiKey};
    match key {
        KeyFact::Api(ApiKey::ShortTerm(_)) => "short-term Bedrock API key",
        KeyFact::Api(ApiKey::LongTerm(_)) => "long-term Bedrock API key",
        KeyFact::Access(AccessKeyKind::Temporary) => "temporary access key",
        KeyFact::Access(_) => "access key",
        KeyFact::Foreign(_) => "key of another service",
    }
}

/// Where an error stands, and how often.
fn place(error: &Diagnosed) -> String {
    let line = match &error.input {
        Some(input) => format!("{}:{}", printable(input), error.line),
        None => format!("line {}", error.line),
    };
    if error.count > 1 { format!("{line}, {}", counted_times(error.count)) } else { line }
}

fn counted_times(count: u64) -> String {
    format!("{count} times")
}

/// What is said where no message is known.
fn nothing_known(lines: u64) -> String {
    format!(
        "none of the {} known messages of Amazon Bedrock is in this text ({})",
        KnownErrors::builtin().iter().len(),
        counted(usize::try_from(lines).unwrap_or(usize::MAX), "line")
    )
}

/// How many errors are not told of.
fn more(count: u64) -> Option<String> {
    (count > 0).then(|| format!("and {count} more, which are not told of: give a shorter part of the text"))
}
