//! What keys say of themselves, in a terminal.

use anstyle::{AnsiColor, Style as Paint};

use super::super::layout::{padded, wrap};
use super::super::printable;
use super::super::style::Style;
use crate::bedrock::{ApiKey, Moment};
use crate::finding::Severity;
use crate::key::{FoundKey, Key, Origin, State};

/// Columns of the labels.
const LABEL: usize = 9;

/// The keys for people.
#[must_use]
pub fn human(keys: &[FoundKey], origin: Origin, as_of: Moment, style: Style) -> String {
    keys.iter().map(|key| one(key, origin, as_of, style)).collect::<Vec<_>>().join("\n")
}

fn one(key: &FoundKey, origin: Origin, as_of: Moment, style: Style) -> String {
    let state = key.state(as_of);
    let (color, word) = match state {
        State::Usable => (AnsiColor::Green, ""),
        State::Expired => (AnsiColor::Red, "past its expiry: "),
        State::Unreal => (AnsiColor::Red, "no usable key: "),
    };
    let paint = Paint::new().bold().fg_color(Some(color.into()));
    let title = format!("{}{}", style.paint(paint, word), style.paint(paint, key.kind()));
    let mut text = format!("{title}{}\n", style.dim(&place(key)));
    for (label, said) in rows(key, as_of) {
        let indent = " ".repeat(2 + LABEL);
        let body = wrap(&printable(&said), &indent, &indent, style);
        text.push_str(&format!(
            "  {}{}",
            style.dim(&padded(label, LABEL)),
            body.get(indent.len()..).unwrap_or_default()
        ));
    }
    for warning in key.warnings(origin, as_of) {
        let said = wrap(&printable(&warning), "  warning: ", "    ", style);
        let painted = style.severity(Severity::Warning, "warning:");
        text.push_str(&said.replacen("warning:", &painted, 1));
    }
    text
}

/// Where it stands, if that says something.
fn place(key: &FoundKey) -> String {
    match &key.name {
        Some(name) => format!(" in {}, line {}", printable(name), key.line),
        None if key.line > 1 => format!(" in line {}", key.line),
        None => String::new(),
    }
}

fn rows(key: &FoundKey, as_of: Moment) -> Vec<(&'static str, String)> {
    let or = |said: Option<String>, without: &str| said.unwrap_or_else(|| without.to_owned());
    let mut rows = vec![("begins", key.prefix().to_owned())];
    match &key.key {
        Key::Api(ApiKey::LongTerm(long)) => {
            let second = if long.second { " (its second key)" } else { "" };
            rows.push(("user", or(key.user().map(|user| format!("{user}{second}")), "cannot be read")));
            rows.push(("account", or(key.account().map(str::to_owned), "cannot be read")));
            rows.extend(["Region", "made", "ends"].map(|label| (label, "not in the key".to_owned())));
        }
        Key::Api(ApiKey::ShortTerm(short)) => {
            let region = key.region().map(|region| format!("{region}, and no other"));
            rows.push(("Region", or(region, "cannot be read")));
            rows.push(("account", or(key.account().map(str::to_owned), "cannot be read")));
            rows.push(("made", or(key.issued().map(|at| at.to_string()), "cannot be read")));
            // also of a key that is damaged
            let past = match short.has_ended(as_of) {
                Some(true) => format!(", past as of {as_of}"),
                _ => format!(", not past as of {as_of}"),
            };
            rows.push(("ends", or(key.expires().map(|at| format!("{at} at the latest{past}")), "cannot be read")));
        }
        Key::AccessKeyId(_) => rows.push(("account", or(key.account().map(str::to_owned), "not in the id"))),
    }
    rows.push(("used as", key.used_as().to_owned()));
    rows
}
