//! Findings as text: for people, and for programs.

mod excerpt;
mod fingerprint;
pub mod human;
pub mod json;
mod mask;
pub mod page;
mod style;
mod summary;

use std::collections::BTreeMap;

use crate::check::Outcome;
use crate::finding::{Finding, Severity};
use crate::suppress::By;

pub(crate) use fingerprint::number;
pub use fingerprint::{fingerprint, fingerprints};
pub use mask::mask;
pub use style::Style;

/// Text that came out of a file, made safe to print: secrets masked, and no character that moves the cursor, changes
/// colours or reorders what is seen.
#[must_use]
pub fn printable(text: &str) -> String {
    mask(text).chars().map(|c| if disturbs(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Control characters, and those that reorder the text around them.
fn disturbs(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
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
