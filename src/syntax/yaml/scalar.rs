//! Where the characters of a decoded YAML scalar stand, and what type it has.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::events::{Style, TagKind};
use crate::syntax::ScalarKind;
use crate::text::{Run, SourceMap, Span};

const BLANKS: [char; 2] = [' ', '\t'];
const BREAKS: [char; 2] = ['\n', '\r'];

/// The way from `decoded` back to `text`, where the scalar takes up `range`.
pub(super) fn map(text: &str, range: &Range<usize>, style: Style, decoded: &str) -> SourceMap {
    let raw = text.get(range.clone()).unwrap_or_default();
    if raw == decoded || decoded.is_empty() {
        let quote = usize::from(matches!(style, Style::Single | Style::Double));
        return SourceMap::Verbatim(Span::new(range.start + quote, range.end).start);
    }
    let mut runs = Runs { text, decoded, length: 0, runs: Vec::new(), astray: false };
    match style {
        Style::Absent | Style::Plain => runs.flow(range.clone(), style),
        Style::Single | Style::Double => runs.flow(range.start + 1..range.end.saturating_sub(1), style),
        Style::Literal | Style::Folded => runs.block(range.clone(), style),
    }
    match runs.runs.as_slice() {
        _ if runs.astray || runs.length != decoded.len() => {
            let length = Span::new(0, decoded.len()).end;
            SourceMap::Runs([Run { decoded: 0, length, source: Span::new(range.start, range.end) }].into())
        }
        [run] if run.source.range().len() == decoded.len() => SourceMap::Verbatim(run.source.start),
        _ => SourceMap::Runs(runs.runs.into()),
    }
}

/// Follows a scalar as written and its decoded characters side by side.
struct Runs<'a> {
    text: &'a str,
    decoded: &'a str,
    /// How much of `decoded` is accounted for.
    length: usize,
    runs: Vec<Run>,
    /// The two do not agree.
    astray: bool,
}

impl<'a> Runs<'a> {
    fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// The decoded characters that are still to be accounted for.
    fn left(&self) -> &'a str {
        self.decoded.get(self.length..).unwrap_or_default()
    }

    fn push(&mut self, length: usize, source: Range<usize>) {
        if length > 0 {
            let clip = |n: usize| Span::new(0, n).end;
            let source = Span::new(source.start, source.end);
            self.runs.push(Run { decoded: clip(self.length), length: clip(length), source });
            self.length += length;
        }
    }

    fn verbatim(&mut self, source: Range<usize>) {
        self.astray |= !self.left().starts_with(self.slice(source.clone()));
        self.push(source.len(), source);
    }

    /// Plain and quoted scalars: escapes, and lines that are folded.
    fn flow(&mut self, range: Range<usize>, style: Style) {
        let special = |c: char| {
            BREAKS.contains(&c) || (c == '\\' && style == Style::Double) || (c == '\'' && style == Style::Single)
        };
        let mut at = range.start;
        while at < range.end && !self.astray {
            let rest = self.slice(at..range.end);
            let Some(next) = rest.find(special) else {
                self.verbatim(at..range.end);
                return;
            };
            let before = rest.get(..next).unwrap_or_default();
            match rest.get(next..).and_then(|rest| rest.chars().next()) {
                Some('\'') => {
                    self.verbatim(at..at + next);
                    self.push(1, at + next..at + next + 2);
                    at += next + 2;
                }
                Some('\\') => {
                    self.verbatim(at..at + next);
                    at += next;
                    at += self.escape(at..range.end);
                }
                _ => {
                    let kept = before.trim_end_matches(BLANKS).len();
                    self.verbatim(at..at + kept);
                    let (width, breaks) = folded(rest.get(kept..).unwrap_or_default());
                    self.push(breaks.saturating_sub(1).max(1), at + kept..at + kept + width);
                    at += kept + width;
                }
            }
        }
    }

    /// One escape of a double-quoted scalar. Returns its width.
    fn escape(&mut self, range: Range<usize>) -> usize {
        let rest = self.slice(range.clone());
        let digits = match rest.chars().nth(1) {
            Some('\n' | '\r') => {
                let (width, breaks) = folded(rest.get(1..).unwrap_or_default());
                self.push(breaks.saturating_sub(1), range.start..range.start + 1 + width);
                return width + 1;
            }
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            _ => 0,
        };
        let Some(character) = self.left().chars().next() else {
            self.astray = true;
            return rest.len();
        };
        // JSON's way of writing a character beyond the first plane
        let pair = digits == 4 && u32::from(character) > 0xffff;
        let width = if pair { 12 } else { rest.chars().take(2 + digits).map(char::len_utf8).sum() };
        self.push(character.len_utf8(), range.start..(range.start + width).min(range.end));
        width
    }

    /// Literal and folded scalars: lines without their indentation.
    fn block(&mut self, range: Range<usize>, style: Style) {
        let before = self.slice(0..range.start);
        let line = before.rfind(BREAKS).map_or(0, |at| at + 1);
        let indent = range.start - line;
        if range.is_empty() || self.slice(line..range.start).contains(|c| c != ' ') {
            // empty lines, or nothing
            self.push(self.decoded.len(), range);
            return;
        }
        let leading = self.decoded.len() - self.decoded.trim_start_matches('\n').len();
        let mut breaks = preceding_breaks(before.get(..line).unwrap_or_default(), leading);
        let mut at = range.start;
        let mut first = true;
        loop {
            let rest = self.slice(at..range.end);
            let (skipped, line) = match first {
                true => (0, rest),
                false => without_indent(rest, indent),
            };
            let content = line.find(BREAKS).unwrap_or(line.len());
            if content > 0 && !self.left().is_empty() {
                self.between(&breaks, style, first);
                breaks.clear();
                self.verbatim(at + skipped..at + skipped + content);
                first = false;
            }
            at += skipped + content;
            let width = break_width(self.slice(at..range.end));
            if width == 0 || self.astray {
                break;
            }
            breaks.push(at..at + width);
            at += width;
        }
        for found in breaks {
            if self.left().is_empty() {
                return;
            }
            self.push(1, found);
        }
        // the last line ends with the file, and is read as if it had ended before
        self.push(self.left().len().min(1), range.end..range.end);
    }

    /// What the breaks between two lines with content were decoded to.
    fn between(&mut self, breaks: &[Range<usize>], style: Style, leading: bool) {
        if style == Style::Folded && !leading && breaks.len() == 1 && self.left().starts_with(' ') {
            self.push(1, breaks.first().cloned().unwrap_or_default());
            return;
        }
        let left = self.left();
        let count = (left.len() - left.trim_start_matches('\n').len()).min(breaks.len());
        for found in breaks.iter().skip(breaks.len() - count) {
            self.push(1, found.clone());
        }
    }
}

/// The width of the blanks and breaks at the start, and the number of breaks.
fn folded(rest: &str) -> (usize, usize) {
    let width = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    let region = rest.get(..width).unwrap_or_default();
    (width, region.matches('\n').count() + region.replace("\r\n", "\n").matches('\r').count())
}

fn break_width(rest: &str) -> usize {
    if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with(BREAKS)) }
}

fn without_indent(rest: &str, indent: usize) -> (usize, &str) {
    let skipped = rest.bytes().take(indent).take_while(|byte| *byte == b' ').count();
    (skipped, rest.get(skipped..).unwrap_or_default())
}

/// The last `count` line breaks of a text that ends with one, in order.
fn preceding_breaks(before: &str, count: usize) -> Vec<Range<usize>> {
    let mut breaks = Vec::new();
    let mut end = before.len();
    while breaks.len() < count {
        let line = before.get(..end).unwrap_or_default();
        let Some(at) = line.rfind(BREAKS) else {
            break;
        };
        let start = if line.ends_with("\r\n") { at - 1 } else { at };
        breaks.push(start..at + 1);
        end = before.get(..start).map_or(0, |line| line.trim_end_matches(BLANKS).len());
    }
    breaks.reverse();
    breaks
}

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?:
            [-+]? [0-9]+ | 0o [0-7]+ | 0x [0-9a-fA-F]+
          | [-+]? (?: \. [0-9]+ | [0-9]+ (?: \. [0-9]* )? ) (?: [eE] [-+]? [0-9]+ )?
          | [-+]? (?: \.inf | \.Inf | \.INF ) | \.nan | \.NaN | \.NAN
        )$",
    )
    .ok()
});

/// The type of a scalar in the core schema of YAML 1.2.
pub(super) fn kind(decoded: &str, style: Style, tag: Option<TagKind>) -> ScalarKind {
    match tag {
        Some(TagKind::Null) => return ScalarKind::Null,
        Some(TagKind::Bool) => return ScalarKind::Bool,
        Some(TagKind::Number) => return ScalarKind::Number,
        Some(TagKind::Str) => return ScalarKind::String,
        Some(TagKind::Collection | TagKind::Other) | None => {}
    }
    if !matches!(style, Style::Plain | Style::Absent) {
        return ScalarKind::String;
    }
    match decoded {
        "" | "~" | "null" | "Null" | "NULL" => ScalarKind::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => ScalarKind::Bool,
        _ if !decoded.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) => ScalarKind::String,
        _ if NUMBER.as_ref().is_some_and(|number| number.is_match(decoded)) => ScalarKind::Number,
        _ => ScalarKind::String,
    }
}
