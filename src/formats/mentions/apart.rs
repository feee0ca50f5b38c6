//! Parts of a program that do not run with it, or are only kept for those who have not moved on: tests that stand among
//! what they test, the way back of a migration, what a comment or an attribute calls deprecated.

use std::ops::Range;

use super::Place;
use super::around::Around;
use super::beside::{callee, is_of_word};
use super::nested::Bracket;
use super::signs::{BACK, DEPRECATED, FORTH, TEST_CALLS, TESTING};
use crate::syntax::literals::{Region, RegionKind};

/// So many lines may lie between what is called deprecated and the word: further attributes, the rest of a comment.
const LINES_BETWEEN: usize = 4;

/// A part with the place of what stands in it.
type Part = (Range<usize>, Place);

/// The parts of a program, sorted, each behind the one before it.
#[derive(Default)]
pub(super) struct Apart(Vec<Part>);

impl Apart {
    /// Finds them. `text` is the program with its comments, `code` is without. Takes time in proportion to the text.
    pub(super) fn of(text: &str, code: Around<'_>, regions: &[Region], brackets: &[Bracket]) -> Self {
        let forth = has_way_forth(code.text);
        let mut found = in_brackets(code, brackets, forth);
        found.extend(in_lines(code.text, forth));
        found.extend(deprecated(text, code, regions, brackets));
        found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut parts = Vec::<Part>::new();
        for part in found {
            // those inside of another say nothing more
            if parts.last().is_none_or(|(last, _)| last.end <= part.0.start) {
                parts.push(part);
            }
        }
        Self(parts)
    }

    /// The place of what stands there, if it is in one of the parts.
    pub(super) fn place(&self, at: usize) -> Option<Place> {
        let behind = self.0.partition_point(|(range, _)| range.start <= at);
        let (range, place) = self.0.get(behind.checked_sub(1)?)?;
        range.contains(&at).then_some(*place)
    }
}

/// Blocks and calls in brackets. Those within one that was found are passed over.
fn in_brackets(code: Around<'_>, brackets: &[Bracket], forth: bool) -> Vec<Part> {
    let mut found = Vec::<Part>::new();
    for bracket in brackets {
        if found.last().is_some_and(|(last, _)| bracket.open < last.end) {
            continue;
        }
        let is_apart = match code.byte(bracket.open) {
            Some(b'{') => is_test_block(code, bracket.open) || (forth && is_named(code, bracket.open, &BACK)),
            Some(b'(') => is_test_call(code, bracket),
            _ => false,
        };
        if is_apart {
            found.push((bracket.open..bracket.close, Place::Example));
        }
    }
    found
}

/// The beginning of the item whose block opens there, attributes included.
fn item(code: Around<'_>, open: usize) -> &str {
    let before = code.near_before(open, 0);
    let start = before.rfind([';', '{', '}']).map_or(0, |at| at + 1);
    before.get(start..).unwrap_or_default()
}

fn is_test_block(code: Around<'_>, open: usize) -> bool {
    let item = item(code, open);
    TESTING.iter().any(|sign| item.contains(sign))
}

/// Whether a block is that of a function of one of these names.
fn is_named(code: Around<'_>, open: usize, names: &[&str]) -> bool {
    let item = item(code, open);
    let Some((before, _)) = item.split_once('(') else { return false };
    before.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| names.contains(&word))
}

/// Whether a call is that of a test with a title and a function: `it("…", () => …)`.
fn is_test_call(code: Around<'_>, bracket: &Bracket) -> bool {
    let length =
        code.near_before(bracket.open, 0).bytes().rev().take_while(|byte| is_of_word(*byte) || *byte == b'.').count();
    let path = code.slice(bracket.open - length..bracket.open);
    let first = path.split('.').next().unwrap_or_default();
    if !TEST_CALLS.contains(&first) || callee(code, bracket.open).is_none() {
        return false;
    }
    let inside = code.near_behind(bracket.open + 1, bracket.close).trim_start();
    inside.starts_with(['"', '\'', '`']) && (inside.contains("=>") || inside.contains("function"))
}

/// Blocks that are made by how far lines are set in.
fn in_lines(code: &str, forth: bool) -> Vec<Part> {
    let (mut found, mut at) = (Vec::<Part>::new(), 0);
    // where the block begins that is open, and how far its head is set in
    let mut open: Option<(usize, usize)> = None;
    for line in code.split_inclusive('\n') {
        let words = line.trim();
        let indent = line.len() - line.trim_start().len();
        let ends = |(_, own): &(usize, usize)| !words.is_empty() && indent <= *own && !words.starts_with(')');
        if let Some((start, _)) = open.take_if(|block| ends(block)) {
            found.push((start..at, Place::Example));
        }
        if open.is_none() && is_head(words, forth) {
            open = Some((at, indent));
        }
        at += line.len();
    }
    found.extend(open.map(|(start, _)| (start..at, Place::Example)));
    found
}

/// Whether a line is the head of such a block: of Python, and of a way back in Ruby.
fn is_head(line: &str, forth: bool) -> bool {
    let line = line.strip_prefix("async ").unwrap_or(line);
    if let Some(class) = line.strip_prefix("class ") {
        return line.ends_with(':') && (class.starts_with("Test") || class.contains("TestCase"));
    }
    let Some(name) = line.strip_prefix("def ") else { return false };
    let length = name.bytes().take_while(|byte| is_of_word(*byte)).count();
    let name = name.get(..length).unwrap_or_default();
    name.starts_with("test_") || (forth && BACK.contains(&name))
}

/// Whether the program is one that goes forth and back.
fn has_way_forth(code: &str) -> bool {
    let word = |at: usize, length: usize| {
        let is_part =
            |at: Option<usize>| at.and_then(|at| code.as_bytes().get(at)).is_some_and(|byte| is_of_word(*byte));
        !is_part(at.checked_sub(1)) && !is_part(Some(at + length))
    };
    FORTH.iter().any(|name| code.match_indices(name).any(|(at, name)| word(at, name.len())))
}

/// What a comment or an attribute calls deprecated: the declaration on its line, or on the one behind it.
fn deprecated(text: &str, code: Around<'_>, regions: &[Region], brackets: &[Bracket]) -> Vec<Part> {
    let mut found = Vec::new();
    for (at, mark) in DEPRECATED.iter().flat_map(|mark| text.match_indices(mark)) {
        let around = regions.partition_point(|region| region.whole.start <= at).checked_sub(1);
        let region = around.and_then(|index| regions.get(index)).filter(|region| at < region.whole.end);
        let is_attribute = mark.starts_with(['@', '#', '[']);
        let (begin, end) = match region {
            Some(region) if region.kind != RegionKind::String => (region.whole.start, region.whole.end),
            None if is_attribute => (at, end_of_attribute(at, mark, brackets)),
            _ => continue,
        };
        let before = code.line_before(begin);
        let range = match before.trim().is_empty() {
            true => end..end_of_declaration(code, end, brackets),
            // behind what it speaks of
            false if region.is_some() => begin - before.len()..begin,
            false => continue,
        };
        found.push((range, Place::Aside));
    }
    found
}

/// Where an attribute ends that begins with a mark: `#[deprecated(note = "…")]`, `@Deprecated("…")`.
fn end_of_attribute(at: usize, mark: &str, brackets: &[Bracket]) -> usize {
    let closes = |open: usize| {
        let index = brackets.binary_search_by_key(&open, |bracket| bracket.open).ok()?;
        brackets.get(index).map(|bracket| bracket.close + 1)
    };
    let end = at + mark.len();
    [at, at + 1, end].into_iter().find_map(closes).unwrap_or(end)
}

/// Where the declaration ends that begins behind `from`: with its line, unless that leaves a value or a list open.
fn end_of_declaration(code: Around<'_>, from: usize, brackets: &[Bracket]) -> usize {
    let behind = code.near_behind(from, code.text.len());
    let mut end = from;
    for line in behind.split_inclusive('\n').take(LINES_BETWEEN) {
        end += line.len();
        let line = line.trim();
        // the rest of an attribute, a further one, or the value stands on the next
        if line.is_empty() || line.starts_with(['@', '#', '[', ')', ']']) || line.ends_with('=') {
            continue;
        }
        if line.ends_with(['[', '(']) {
            let last = brackets.partition_point(|bracket| bracket.open < end).checked_sub(1);
            return last.and_then(|index| brackets.get(index)).map_or(end, |bracket| bracket.close.max(end));
        }
        break;
    }
    end
}
