//! How far an ARN reaches in a text, and which parts of it are filled in when the program runs.

use std::ops::Range;

use super::Stretch;
use crate::formats::placeholder;
use crate::syntax::literals::{Region, RegionKind};
use crate::text::{Count, FilledBy, Hole, Run, SourceMap, Span, Text};

/// Characters of what a program fills in, in one place: more are not its name any more.
const LONGEST_HOLE: usize = 200;

/// Strings and expressions that one ARN is put together from.
const MOST_PIECES: usize = 24;

/// An ARN as it is put together, in bytes of the stretch.
pub(super) struct Written {
    pub(super) text: Text,
    /// Where the string ends in which it begins, or the ARN in it.
    pub(super) first: Range<usize>,
    /// Where its last part ends.
    pub(super) end: usize,
}

/// The strings of a program, by which the parts of an ARN are found.
pub(super) struct Strings<'a> {
    pub(super) regions: &'a [Region],
    /// Whether strings side by side are one.
    pub(super) joins_neighbours: bool,
}

/// Reads the ARN that begins at `start`. `within` is the string around it, in a program. `None` if it is a regular
/// expression, or the beginning of several ARNs.
pub(super) fn read(stretch: Stretch<'_>, start: usize, within: Option<(&Region, &Strings<'_>)>) -> Option<Written> {
    let limit = within.map_or(stretch.text.len(), |(region, _)| region.inner.end);
    let first = extent(stretch.text, start, limit)?;
    let mut end = first.end;
    let mut pieces = vec![Piece::Literal { range: start..end, holes: first.holes }];
    if let Some((region, strings)) = within
        && end == region.inner.end
        && region.kind == RegionKind::String
    {
        let mut at = region.whole.end;
        while pieces.len() < MOST_PIECES
            && let Some(next) = strings.next(stretch.text, at)
        {
            let (piece, behind, whole) = match next {
                Next::String(region) => {
                    let extent = extent(stretch.text, region.inner.start, region.inner.end)?;
                    let whole = extent.end == region.inner.end;
                    let range = region.inner.start..extent.end;
                    (Piece::Literal { range, holes: extent.holes }, region.whole.end, whole)
                }
                Next::Expression(range) => (Piece::Expression(range.clone()), range.end, true),
            };
            end = piece.range().end;
            pieces.push(piece);
            at = behind;
            if !whole {
                break;
            }
        }
    }
    let text = join(stretch, &pieces);
    // the beginning of several
    (!text.as_str().ends_with('-')).then_some(Written { text, first: start..first.end, end })
}

enum Piece {
    Literal { range: Range<usize>, holes: Vec<(Range<usize>, FilledBy)> },
    Expression(Range<usize>),
}

impl Piece {
    fn range(&self) -> Range<usize> {
        match self {
            Self::Literal { range, .. } | Self::Expression(range) => range.clone(),
        }
    }
}

/// The pieces as one string.
fn join(stretch: Stretch<'_>, pieces: &[Piece]) -> Text {
    let (mut value, mut runs, mut holes) = (String::new(), Vec::new(), Vec::new());
    for piece in pieces {
        let (base, range) = (value.len(), piece.range());
        value.push_str(stretch.text.get(range.clone()).unwrap_or_default());
        let length = Span::new(0, range.len()).end;
        runs.push(Run { decoded: Span::new(base, base).start, length, source: Span::new(range.start, range.end) });
        let mut add = |part: &Range<usize>, filled_by| {
            let range = part.start - range.start + base..part.end - range.start + base;
            holes.push(Hole { range, count: Count::Single, filled_by });
        };
        match piece {
            Piece::Literal { holes, .. } => holes.iter().for_each(|(hole, filled_by)| add(hole, *filled_by)),
            Piece::Expression(range) => add(range, FilledBy::Template),
        }
    }
    let kept = match pieces.last() {
        // the end of a sentence, or of emphasis
        Some(Piece::Literal { .. }) => value.strip_suffix("**").unwrap_or(&value).trim_end_matches(['.', ':']).len(),
        _ => value.len(),
    };
    value.truncate(kept);
    holes.extend(placeholder::holes(&value));
    let map = SourceMap::Runs(runs.into()).within(stretch.map, value.len());
    Text::new(value, map).with_holes(holes)
}

enum Next<'a> {
    String(&'a Region),
    Expression(Range<usize>),
}

impl Strings<'_> {
    /// What the program puts behind a string that ends at `at`.
    fn next(&self, text: &str, at: usize) -> Option<Next<'_>> {
        let bytes = text.as_bytes();
        let next = behind_blanks(bytes, at);
        if bytes.get(next) != Some(&b'+') {
            return self.starts_at(bytes, next).filter(|_| self.joins_neighbours).map(Next::String);
        }
        let operand = behind_blanks(bytes, next + 1);
        if let Some(region) = self.starts_at(bytes, operand) {
            return Some(Next::String(region));
        }
        self.expression(text, operand).map(Next::Expression)
    }

    /// The string that begins there; letters of Python may stand before the quote.
    fn starts_at(&self, bytes: &[u8], at: usize) -> Option<&Region> {
        let letters = bytes.get(at..)?.iter().take(2).take_while(|byte| b"fFrRbBuU$@".contains(byte)).count();
        (at..=at + letters).find_map(|at| {
            let index = self.regions.binary_search_by_key(&at, |region| region.whole.start).ok()?;
            self.regions.get(index).filter(|region| region.kind == RegionKind::String)
        })
    }

    /// The operand of a sum that begins there.
    fn expression(&self, text: &str, start: usize) -> Option<Range<usize>> {
        let bytes = text.as_bytes();
        let (mut at, mut open) = (start, 0_usize);
        while at < start + LONGEST_HOLE
            && let Some(byte) = bytes.get(at)
        {
            match byte {
                b'(' | b'[' | b'{' => open += 1,
                b')' | b']' | b'}' if open == 0 => break,
                b')' | b']' | b'}' => open -= 1,
                b'+' | b',' | b';' | b':' | b'?' if open == 0 => break,
                b'\n' if open == 0 && bytes.get(behind_blanks(bytes, at)) != Some(&b'+') => break,
                b'"' | b'\'' | b'`' => {
                    let index = self.regions.binary_search_by_key(&at, |region| region.whole.start).ok();
                    let region = index.and_then(|index| self.regions.get(index));
                    at = region.map_or(at, |region| region.whole.end - 1);
                }
                _ => {}
            }
            at += 1;
        }
        let written = text.get(start..at)?.trim_end();
        (!written.is_empty()).then(|| start..start + written.len())
    }
}

fn behind_blanks(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b'\\').count()
}

struct Extent {
    end: usize,
    holes: Vec<(Range<usize>, FilledBy)>,
}

/// How far an ARN reaches that begins at `start`, at most to `limit`; `None` for a regular expression.
fn extent(text: &str, start: usize, limit: usize) -> Option<Extent> {
    let bytes = text.as_bytes();
    let mut extent = Extent { end: start, holes: Vec::new() };
    while extent.end < limit {
        let at = extent.end;
        if let Some((length, filled_by)) = hole_at(text, at, limit) {
            extent.holes.push((at..at + length, filled_by));
            extent.end += length;
            continue;
        }
        match bytes.get(at)? {
            b'(' | b'[' | b'^' => return None,
            b'\\' => {
                let behind = bytes.get(at + 1);
                let is_escape = behind.is_none_or(|byte| b"\"'`nrt\\\n\r".contains(byte));
                return is_escape.then_some(extent);
            }
            byte if byte.is_ascii_whitespace() || byte.is_ascii_control() => break,
            b'"' | b'\'' | b'`' | b',' | b';' | b')' | b']' | b'}' | b'<' | b'>' | b'|' | b'&' => break,
            byte if byte.is_ascii() => extent.end += 1,
            _ => break,
        }
    }
    Some(extent)
}

/// How long the part is that is filled in at `at`, and who fills it.
fn hole_at(text: &str, at: usize, limit: usize) -> Option<(usize, FilledBy)> {
    const ELLIPSES: [&str; 2] = ["...", "…"];
    let rest = text.get(at..limit)?;
    let tool = |length| Some((length, FilledBy::Template));
    let word = |from: usize| {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        rest.as_bytes().iter().skip(from).take_while(|byte| is_part(byte)).count()
    };
    match rest.as_bytes().first()? {
        b'$' => match rest.as_bytes().get(1)? {
            b'{' => tool(1 + balanced(rest.get(1..)?, b'{', b'}')?),
            b'(' => tool(1 + balanced(rest.get(1..)?, b'(', b')')?),
            byte if byte.is_ascii_alphabetic() || *byte == b'_' => tool(1 + word(1)),
            _ => None,
        },
        b'#' if rest.starts_with("#{") => tool(1 + balanced(rest.get(1..)?, b'{', b'}')?),
        b'\\' if rest.starts_with("\\(") => tool(1 + balanced(rest.get(1..)?, b'(', b')')?),
        b'{' => tool(balanced(rest, b'{', b'}')?),
        b'%' => {
            let end = rest.char_indices().skip(1).take(24).find(|(_, c)| c.is_ascii_alphabetic())?.0;
            let verb = rest.as_bytes().get(end)?;
            let between = rest.get(1..end)?;
            let is_number = between.bytes().all(|byte| byte.is_ascii_digit() || b"[]$".contains(&byte));
            (is_number && b"sdvq".contains(verb)).then_some((end + 1, FilledBy::Template))
        }
        b'<' => {
            let close = rest.bytes().take(60).position(|byte| byte == b'>')?;
            let inside = rest.get(1..close)?.trim_matches('%');
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.' | '=');
            let person = inside.chars().all(is_name) && inside.starts_with(|c: char| c.is_ascii_alphabetic());
            person.then_some((close + 1, FilledBy::Person))
        }
        b'[' => {
            let close = rest.bytes().take(60).position(|byte| byte == b']')?;
            let is_name = |c: char| c.is_ascii_uppercase() || matches!(c, '_' | '-' | ' ');
            rest.get(1..close)?.chars().all(is_name).then_some((close + 1, FilledBy::Person))
        }
        _ => ELLIPSES.iter().find(|sign| rest.starts_with(**sign)).map(|sign| (sign.len(), FilledBy::Person)),
    }
}

/// How long the text is from the bracket that it begins with to the one that closes it.
fn balanced(text: &str, open: u8, close: u8) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate().take(LONGEST_HOLE) {
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                return Some(at + 1);
            }
        }
    }
    None
}
