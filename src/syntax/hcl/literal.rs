//! The way back from the characters of a string to the bytes that they were written as.

use crate::text::{Run, SourceMap, Span};

/// How the characters of a string are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dress {
    /// Between quotes, with escapes.
    Quoted,
    /// In a heredoc or a file of its own: only the signs of a template are escaped. Indentation may be taken out.
    Bare,
}

/// The map of `decoded`, which is written as `raw`, from `start` on.
pub(super) fn map(raw: &str, start: usize, decoded: &str, dress: Dress) -> SourceMap {
    if raw == decoded {
        return SourceMap::Verbatim(Span::new(start, start).start);
    }
    let mut runs: Vec<Run> = Vec::new();
    let (mut at, mut to) = (0, 0);
    while let (Some(rest), Some(wanted)) = (raw.get(at..), decoded.get(to..).and_then(|rest| rest.chars().next())) {
        let Some(next) = rest.chars().next() else { break };
        let (length, width) = match escape(rest, dress) {
            Some(Escape::Sign) => (2, 3),
            Some(Escape::Character(width)) => (wanted.len_utf8(), width),
            None if next == wanted => (next.len_utf8(), next.len_utf8()),
            None => {
                // indentation
                at += next.len_utf8();
                continue;
            }
        };
        push(&mut runs, to, length, Span::new(start + at, start + at + width));
        at += width;
        to += length;
    }
    SourceMap::Runs(runs.into())
}

/// Adds a run, to the one before it if both are verbatim and follow each other.
fn push(runs: &mut Vec<Run>, decoded: usize, length: usize, source: Span) {
    let length = Span::new(0, length).end;
    let verbatim = |length: u32, source: Span| source.end - source.start == length;
    match runs.last_mut() {
        Some(last)
            if last.source.end == source.start && verbatim(last.length, last.source) && verbatim(length, source) =>
        {
            last.length += length;
            last.source.end = source.end;
        }
        _ => runs.push(Run { decoded: Span::new(0, decoded).end, length, source }),
    }
}

enum Escape {
    /// `$${` or `%%{`, two characters.
    Sign,
    /// One character, in so many bytes.
    Character(usize),
}

fn escape(rest: &str, dress: Dress) -> Option<Escape> {
    if rest.starts_with("$${") || rest.starts_with("%%{") {
        return Some(Escape::Sign);
    }
    let behind = rest.strip_prefix('\\').filter(|_| dress == Dress::Quoted)?;
    Some(Escape::Character(match behind.chars().next()? {
        'u' => 6,
        'U' => 10,
        _ => 2,
    }))
}
