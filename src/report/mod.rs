//! Findings as text: for people, and for programs.

mod canonical;
mod excerpt;
mod fingerprint;
pub mod human;
pub mod json;
mod mask;
pub mod page;
mod style;
mod summary;

use std::collections::BTreeMap;

use crate::finding::{Finding, Severity};

pub use fingerprint::fingerprints;
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
