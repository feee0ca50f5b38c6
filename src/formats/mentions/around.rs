//! What stands around a mention: whether it is a value, or only spoken of.

use std::ops::Range;

use super::Place;
use super::files::Content;
use super::script;
use super::signs::{CLAUSES, COMPARING_SIGNS};
use crate::syntax::literals::{Region, RegionKind};

/// As many bytes show what stands around something.
const NEAR: usize = 400;

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

    /// What stands near behind a byte, on its line.
    pub(super) fn line_behind(&self, at: usize) -> &'a str {
        self.near_behind(at, self.text.len()).split('\n').next().unwrap_or_default()
    }

    /// What stands near before a byte, no further than `from`.
    pub(super) fn near_before(&self, at: usize, from: usize) -> &'a str {
        let mut start = at.saturating_sub(NEAR).max(from);
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        self.slice(start..at.max(start))
    }

    /// What stands near behind a byte, no further than `until`.
    pub(super) fn near_behind(&self, at: usize, until: usize) -> &'a str {
        let mut end = (at + NEAR).min(until).max(at);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.slice(at..end)
    }

    /// Where something stands that takes these bytes; `None` if it counts for nothing there. `as_string` tells where a string
    /// of a program stands that says nothing else.
    pub(super) fn place(
        &self,
        range: Range<usize>,
        region: Option<&Region>,
        as_string: impl FnOnce(&Region) -> Place,
    ) -> Option<Place> {
        let kind = region.map(|region| region.kind);
        match (self.content, kind) {
            (Content::Prose(_), _) => Some(Place::Prose),
            (_, Some(RegionKind::Comment | RegionKind::Documentation)) => Some(Place::Comment),
            (Content::Words(_), _) => Some(script::place(*self, &range)),
            (Content::Settings(_), _) => Some(script::place_in_settings(*self, &range)),
            (Content::Program(_), _) => {
                let region = region?;
                let before = self.near_before(range.start, region.inner.start);
                let behind = self.near_behind(range.end, region.inner.end);
                let is_blank = |c: char| c.is_whitespace() || c == '"' || c == '\'' || c == '`';
                if is_condition(before) {
                    return Some(Place::Aside);
                }
                let is_alone = !before.trim_start().contains(is_blank) && !behind.trim_end().contains(is_blank);
                Some(match is_alone {
                    true => as_string(region),
                    false if is_value(before, behind) => Place::Code,
                    false => Place::Aside,
                })
            }
        }
    }
}

/// Whether what stands there in a string is what a query chooses its records by.
fn is_condition(before: &str) -> bool {
    let words = before.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let clause = words.map(str::to_ascii_lowercase).find(|word| CLAUSES.contains(&word.as_str()));
    clause.is_some_and(|clause| matches!(clause.as_str(), "where" | "having"))
}

/// Whether what stands between these is the value of something in a document that a string holds.
fn is_value(before: &str, behind: &str) -> bool {
    let route = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | ':');
    let opens = before.trim_end_matches(route);
    let closes = behind.trim_start_matches('\\');
    let is_quoted = opens.ends_with(['"', '\'']) && closes.starts_with(['"', '\'']);
    let outside = opens.trim_end_matches(['"', '\'', '\\']).trim_end();
    let is_key = || closes.get(1..).is_some_and(|rest| rest.trim_start().starts_with(':'));
    let is_value = outside.ends_with([':', '=', '[', '(', '{']) || outside.ends_with("\",") || outside.ends_with("',");
    // `[value='…']` of a selector
    let is_selected = outside.ends_with('=') && closes.get(1..).is_some_and(|rest| rest.starts_with(']'));
    let is_compared = is_selected || COMPARING_SIGNS.iter().any(|sign| outside.ends_with(sign));
    is_quoted && is_value && !is_compared && !is_key()
}
