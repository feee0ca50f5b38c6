//! What stands around a mention: whether it is a value, or only spoken of.

use std::ops::Range;

use super::Place;
use super::files::Content;
use crate::syntax::literals::{Region, RegionKind};

/// As many bytes show what stands around something.
const NEAR: usize = 400;

/// What stands before a string that others are compared with.
const COMPARES: [&str; 30] = [
    "==",
    "!=",
    "=~",
    "<>",
    " in",
    " case",
    "\tcase",
    " when",
    "startswith(",
    "startsWith(",
    "StartsWith(",
    "starts_with(",
    "endswith(",
    "endsWith(",
    "ends_with(",
    "HasPrefix(",
    "includes(",
    "contains(",
    "Contains(",
    "has(",
    "indexOf(",
    "match(",
    "matches(",
    "equals(",
    "Equals(",
    "replace(",
    "replaceAll(",
    "removeprefix(",
    "strip_prefix(",
    "toContain(",
];

/// What words begin a line of a script that prints the rest.
const PRINTS: [&str; 5] = ["echo", "printf", "print", "Write-Host", "Write-Output"];

/// A text in which places are looked at.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) text: &'a str,
    pub(super) content: Content,
}

impl<'a> Around<'a> {
    /// The byte there.
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The byte before it.
    pub(super) fn before(&self, at: usize) -> Option<u8> {
        self.byte(at.checked_sub(1)?)
    }

    /// The characters of a range; empty if it does not lie on character boundaries.
    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// What stands near before a byte, on its line.
    pub(super) fn line_before(&self, at: usize) -> &'a str {
        let near = self.near_before(at, 0);
        near.rsplit('\n').next().unwrap_or(near)
    }

    /// What stands near before a byte, no further than `from`.
    fn near_before(&self, at: usize, from: usize) -> &'a str {
        let mut start = at.saturating_sub(NEAR).max(from);
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        self.slice(start..at.max(start))
    }

    /// What stands near behind a byte, no further than `until`.
    fn near_behind(&self, at: usize, until: usize) -> &'a str {
        let mut end = (at + NEAR).min(until).max(at);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.slice(at..end)
    }

    /// Where something stands that takes these bytes; `None` if it counts for nothing there.
    pub(super) fn place(&self, range: Range<usize>, region: Option<&Region>) -> Option<Place> {
        let kind = region.map(|region| region.kind);
        match (self.content, kind) {
            (Content::Prose(_), _) => Some(Place::Prose),
            (_, Some(RegionKind::Comment | RegionKind::Documentation)) => Some(Place::Comment),
            (Content::Words(_), _) => Some(if self.is_value(&range) { Place::Code } else { Place::Aside }),
            (Content::Program(_), _) => {
                let region = region?;
                Some(if self.is_by_itself(&range, region) { Place::Code } else { Place::Aside })
            }
        }
    }

    /// Whether what stands in a script or template is the value of something, not a word of a sentence.
    fn is_value(&self, range: &Range<usize>) -> bool {
        let line = self.line_before(range.start);
        let prints = PRINTS.iter().any(|word| line.trim_start().trim_start_matches('@').starts_with(word));
        if prints {
            return false;
        }
        let before = line.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '.'));
        let lead = before.trim_end_matches(['"', '\'', '\\', ' ', '\t']);
        // the item of a list, a value, an argument
        let is_flag = |word: &str| word.starts_with('-');
        lead.is_empty()
            || lead.ends_with([':', '=', '[', ',', '(', '{', '-', '|', '>', '}'])
            || before.split_whitespace().next_back().is_some_and(is_flag)
            || before.ends_with(['"', '\'']) && !lead.ends_with('.')
    }

    /// Whether a string of a program says this and nothing else, and is not what others are compared with.
    fn is_by_itself(&self, range: &Range<usize>, region: &Region) -> bool {
        let before = self.near_before(range.start, region.inner.start);
        let behind = self.near_behind(range.end, region.inner.end);
        let is_blank = |c: char| c.is_whitespace() || c == '"' || c == '\'' || c == '`';
        if !before.trim_start().contains(is_blank) && !behind.trim_end().contains(is_blank) {
            return !self.is_compared(region);
        }
        // a string in a document that the string holds
        let route = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | ':');
        let opens = before.trim_end_matches(route);
        let closes = behind.trim_start_matches('\\');
        let is_quoted = opens.ends_with(['"', '\'']) && closes.starts_with(['"', '\'']);
        let outside = opens.trim_end_matches(['"', '\'', '\\']).trim_end();
        let is_key = || closes.get(1..).is_some_and(|rest| rest.trim_start().starts_with(':'));
        let is_value =
            outside.ends_with([':', '=', '[', '(', '{']) || outside.ends_with("\",") || outside.ends_with("',");
        is_quoted && is_value && !is_key()
    }

    /// Whether others are compared with a string, or looked up by it.
    fn is_compared(&self, region: &Region) -> bool {
        let before = self.near_before(region.whole.start, 0).trim_end_matches(['f', 'r', 'b']).trim_end();
        let behind = self.near_behind(region.whole.end, self.text.len()).trim_start();
        let compares = COMPARES.iter().any(|sign| before.ends_with(sign));
        let is_compared =
            ["==", "!=", "in ", "not in ", ".includes(", ".startsWith("].iter().any(|sign| behind.starts_with(sign));
        let is_key = behind.starts_with("=>")
            || ((behind.starts_with(':') || behind.starts_with("]:"))
                && !behind.starts_with("::")
                && !before.ends_with('?'));
        compares || is_compared || is_key
    }
}
