//! Expressions of GitHub in values: `${{ vars.MODEL || 'us.anthropic.…' }}`.

use std::ops::Range;
use std::sync::Arc;

use crate::formats::ReferenceFact;
use crate::source::{Location, Source};
use crate::text::{Count, FilledBy, Hole, Text};

/// Longer values, in bytes, are left as they are.
const LONGEST: usize = 64 << 10;

/// The value with the literal that an expression falls back to in its place, and other expressions as holes.
pub(super) fn settled(text: &Text, source: &Arc<Source>, references: &mut Vec<ReferenceFact>) -> Text {
    let written = text.as_str();
    if !written.contains("${{") || written.len() > LONGEST {
        return text.clone();
    }
    let mut parts = Vec::new();
    let mut done = 0;
    while let Some((start, end)) = next(written, done) {
        parts.push(text.part(done..start));
        let expression = written.get(start..end).unwrap_or_default();
        match fallback(expression) {
            Some(range) => {
                let literal = text.part(start + range.start..start + range.end).with_holes(Vec::new());
                references.push(ReferenceFact {
                    at: Location::new(source, text.span_of(start..end)),
                    overridable: true,
                    written: Some(Location::new(source, literal.span())),
                });
                parts.push(literal);
            }
            None => {
                let hole = Hole { range: 0..end - start, count: Count::Single, filled_by: FilledBy::Template };
                parts.push(text.part(start..end).with_holes(vec![hole]));
            }
        }
        done = end;
    }
    parts.push(text.part(done..written.len()));
    Text::joined(&parts)
}

/// Where the next expression stands.
fn next(written: &str, done: usize) -> Option<(usize, usize)> {
    let start = done + written.get(done..)?.find("${{")?;
    let end = start + written.get(start..)?.find("}}")? + 2;
    Some((start, end))
}

/// The literal between quotes behind the last `||`. Where `&&` stands too, it may be a choice between two.
fn fallback(expression: &str) -> Option<Range<usize>> {
    let inner = expression.strip_prefix("${{")?.strip_suffix("}}")?;
    if inner.contains("&&") {
        return None;
    }
    let from = 3 + inner.rfind("||")? + 2;
    let behind = expression.get(from..expression.len() - 2)?;
    let literal = behind.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    let start = from + behind.find('\'')? + 1;
    (!literal.is_empty() && !literal.contains('\'')).then(|| start..start + literal.len())
}
