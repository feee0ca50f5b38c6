//! Findings as text: for people, and for programs.

mod canonical;
pub mod concise;
pub mod diagnosis;
mod excerpt;
mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod invocation;
pub mod json;
pub mod junit;
pub mod key;
mod layout;
pub mod live;
pub mod markdown;
mod mask;
pub mod models;
pub mod page;
pub mod refresh;
pub mod sarif;
mod style;
mod summary;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::check::Outcome;
use crate::finding::{Finding, Fix, Severity};
use crate::source::{Position, Problem};
use crate::suppress::By;

pub(crate) use fingerprint::number;
pub use fingerprint::{fingerprint, fingerprints};
pub use mask::mask;
pub use style::Style;

/// Text that came out of a file, made safe to print: secrets masked, no character that moves the cursor, changes colours
/// or reorders what is seen, and none that is not seen at all: `\u{200b}`.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in mask(text).chars() {
        match c {
            c if disturbs(c) => shown.push(char::REPLACEMENT_CHARACTER),
            c if is_unseen(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

/// Characters that take no room and show nothing: spaces of no width, joiners, soft hyphens, byte order marks.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Control characters, and those that reorder the text around them.
fn disturbs(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// The edit of a finding, unless it would have to quote a secret: with the secret masked it would destroy it.
fn quotable_fix(finding: &Finding) -> Option<&Fix> {
    finding.fix.as_ref().filter(|fix| fix.edits.iter().all(|edit| mask(&edit.text) == edit.text))
}

/// What is wrong, and what to do about it in a second line.
fn message_and_help(finding: &Finding) -> String {
    let mut text = printable(&finding.message);
    if let Some(help) = &finding.help {
        text.push_str("\nhelp: ");
        text.push_str(&printable(help));
    }
    text
}

/// Where a problem is: path, and line and column where they are known.
fn place_of(problem: &Problem) -> String {
    match problem.position {
        Some(Position { line, column }) => format!("{}:{line}:{column}", printable(&problem.path)),
        None => printable(&problem.path),
    }
}

/// Where a finding is: path, line and column.
fn place(finding: &Finding) -> String {
    let Position { line, column } = finding.primary.at.start();
    format!("{}:{line}:{column}", printable(finding.primary.at.source.path()))
}

/// A document as JSON. Rows of strings and numbers always serialize; were it otherwise, an empty document says so more
/// usefully than a panic.
fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

/// All findings in the order of the report, and what silences each.
fn with_silenced(outcome: &Outcome) -> Vec<(&Finding, Option<&By>)> {
    let shown = outcome.findings.iter().map(|finding| (finding, None));
    let silenced = outcome.silenced.iter().map(|silenced| (&silenced.finding, Some(&silenced.by)));
    let mut all: Vec<_> = shown.chain(silenced).collect();
    all.sort_by(|(a, _), (b, _)| a.sort_key().cmp(&b.sort_key()));
    all
}

/// A count with its noun.
fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// How many findings each rule has at each severity, most first.
fn statistics(findings: &[Finding]) -> Vec<((&'static str, Severity), usize)> {
    let mut counts: BTreeMap<(&'static str, Severity), usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry((finding.rule, finding.severity)).or_default() += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_shown() {
        assert_eq!(printable("a\u{200b}b\u{ad}\u{feff}"), "a\\u{200b}b\\u{ad}\\u{feff}");
        assert_eq!(printable("é…\u{1b}\u{202e}"), "é…\u{fffd}\u{fffd}");
    }
}
