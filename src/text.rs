//! Decoded strings that remember where every character came from, and which parts of them are not known.
//!
//! A value in a file passes through escapes, percent-encoding or another document before it reaches a rule. [`Text`]
//! is the decoded string together with its [`SourceMap`], so a label underlines the right bytes, and its [`Hole`]s:
//! the parts that a template or a person fills in later (`${AWS_REGION}`, `<ACCOUNT_ID>`).

use std::fmt;
use std::ops::Range;

/// A half-open range of bytes in a file as stored, 0-based.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of `start..end`; offsets past 4 GiB saturate (sources are far smaller, see [`crate::source`]).
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: clip(start), end: clip(end).max(clip(start)) }
    }

    /// The span as a range of `usize`, to slice text with.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether `other` lies wholly inside this span.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// From decoded text back to bytes of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceMap {
    /// The decoded text stands in the file byte for byte, from this offset on.
    Verbatim(u32),
    /// Pieces, sorted by decoded offset, that together cover the decoded text.
    Runs(Box<[Run]>),
}

/// A stretch of decoded text and the bytes it was decoded from. Equal lengths mean a verbatim copy; otherwise the
/// stretch is atomic (an escape) and every part of it maps to the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Offset of the stretch in the decoded text, in bytes.
    pub decoded: u32,
    /// Length of the stretch in the decoded text, in bytes.
    pub length: u32,
    /// The bytes of the file it was decoded from.
    pub source: Span,
}

impl Run {
    fn is_verbatim(&self) -> bool {
        self.source.end - self.source.start == self.length
    }

    fn start_of(&self, offset: u32) -> u32 {
        if self.is_verbatim() { self.source.start + (offset - self.decoded) } else { self.source.start }
    }

    fn end_of(&self, offset: u32) -> u32 {
        if self.is_verbatim() { self.source.start + (offset - self.decoded) } else { self.source.end }
    }
}

impl SourceMap {
    /// The bytes of the file that `decoded` (bytes of the decoded text) came from.
    #[must_use]
    pub fn span(&self, decoded: Range<usize>) -> Span {
        let wanted = Span::new(decoded.start, decoded.end);
        match self {
            Self::Verbatim(start) => Span { start: start + wanted.start, end: start + wanted.end },
            Self::Runs(runs) => {
                let before = |count: usize| count.checked_sub(1).and_then(|index| runs.get(index));
                let first = before(runs.partition_point(|run| run.decoded <= wanted.start)).or(runs.first());
                let last = before(runs.partition_point(|run| run.decoded < wanted.end)).or(first);
                match (first, last) {
                    (Some(first), Some(last)) => {
                        let start = first.start_of(wanted.start.clamp(first.decoded, first.decoded + first.length));
                        let end = last.end_of(wanted.end.clamp(last.decoded, last.decoded + last.length));
                        // an empty range inside an escape, or text put together from several places
                        Span { start, end: if wanted.start == wanted.end { start } else { end.max(start) } }
                    }
                    _ => Span::default(),
                }
            }
        }
    }

    /// The map of a part of the decoded text, in bytes of it.
    #[must_use]
    fn part(&self, range: Range<usize>) -> Self {
        let wanted = Span::new(range.start, range.end);
        match self {
            Self::Verbatim(start) => Self::Verbatim(start + wanted.start),
            Self::Runs(runs) => {
                let skipped = runs.partition_point(|run| run.decoded + run.length <= wanted.start);
                let near = runs.iter().skip(skipped).take_while(|run| run.decoded < wanted.end);
                let inside = near.filter_map(|run| {
                    let start = run.decoded.max(wanted.start);
                    let end = (run.decoded + run.length).min(wanted.end);
                    let source = || Span { start: run.start_of(start), end: run.end_of(end) };
                    (start < end).then(|| Run { decoded: start - wanted.start, length: end - start, source: source() })
                });
                Self::Runs(inside.collect())
            }
        }
    }

    /// The map of a document embedded in a decoded string: this map leads to that string's decoded text, `outer` from
    /// there to the file.
    #[must_use]
    pub fn within(&self, outer: &Self, length: usize) -> Self {
        let inner: Vec<Run> = match self {
            Self::Verbatim(start) => match outer {
                Self::Verbatim(base) => return Self::Verbatim(base + start),
                Self::Runs(_) => {
                    let length = Span::new(0, length).end;
                    vec![Run { decoded: 0, length, source: Span { start: *start, end: start + length } }]
                }
            },
            Self::Runs(runs) => runs.to_vec(),
        };
        let mut composed = Vec::with_capacity(inner.len());
        for run in inner {
            if run.is_verbatim() {
                outer.split(run, &mut composed);
            } else {
                composed.push(Run { source: outer.span(run.source.range()), ..run });
            }
        }
        Self::Runs(composed.into())
    }

    /// Maps a verbatim run of an inner map through this one, cutting it where this map's runs end.
    fn split(&self, run: Run, into: &mut Vec<Run>) {
        let Self::Runs(outer) = self else {
            into.push(Run { source: self.span(run.source.range()), ..run });
            return;
        };
        let skipped = outer.partition_point(|piece| piece.decoded + piece.length <= run.source.start);
        for piece in outer.iter().skip(skipped).take_while(|piece| piece.decoded < run.source.end) {
            let start = piece.decoded.max(run.source.start);
            let end = (piece.decoded + piece.length).min(run.source.end);
            if start < end {
                into.push(Run {
                    decoded: run.decoded + (start - run.source.start),
                    length: end - start,
                    source: Span { start: piece.start_of(start), end: piece.end_of(end) },
                });
            }
        }
    }
}

/// A part of a [`Text`] whose value is not known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// Where it stands in the decoded text, in bytes. What stands there is the placeholder as written.
    pub range: Range<usize>,
    /// One unknown value, or an unknown set of values.
    pub count: Count,
    /// Whether a tool fills it (a template variable) or a person forgot to.
    pub filled_by: FilledBy,
}

/// How many values a [`Hole`] stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// One unknown value. Equal references in one scope are equal.
    Single,
    /// A set of values of unknown size (iteration, a list parameter).
    Many,
}

/// Who fills a [`Hole`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilledBy {
    /// A tool that renders the file: `${AWS_REGION}`, `{{ region }}`, `$AWS_REGION`.
    Template,
    /// A person who copies the text: `<ACCOUNT_ID>`, `YOUR_ACCOUNT_ID`.
    Person,
}

/// A piece of a [`Text`]: known characters, or a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Known characters and their offset in the decoded text.
    Literal(&'a str, usize),
    /// An unknown part.
    Hole(&'a Hole),
}

/// A part of a string that is put together anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Bytes of the old string.
    Kept(Range<usize>),
    /// Characters that were not there.
    New(&'a str),
}

/// A decoded string with its holes and its way back to the file.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    value: Box<str>,
    holes: Vec<Hole>,
    map: SourceMap,
}

impl Text {
    /// A string without holes.
    #[must_use]
    pub fn new(value: impl Into<Box<str>>, map: SourceMap) -> Self {
        Self { value: value.into(), holes: Vec::new(), map }
    }

    /// A string that stands in no file: for values that the program makes up itself.
    #[must_use]
    pub fn unplaced(value: impl Into<Box<str>>) -> Self {
        Self::new(value, SourceMap::Verbatim(0))
    }

    /// The same string with `holes`, which are sorted and kept only where they lie on character boundaries and do not
    /// overlap.
    #[must_use]
    pub fn with_holes(mut self, mut holes: Vec<Hole>) -> Self {
        holes.sort_by_key(|hole| hole.range.start);
        let mut free = 0;
        holes.retain(|hole| {
            let fits = hole.range.start >= free && self.value.get(hole.range.clone()).is_some_and(|s| !s.is_empty());
            if fits {
                free = hole.range.end;
            }
            fits
        });
        self.holes = holes;
        self
    }

    /// The decoded characters; holes appear as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// The characters if all of them are known.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        self.holes.is_empty().then_some(&*self.value)
    }

    /// The unknown parts, in order.
    #[must_use]
    pub fn holes(&self) -> &[Hole] {
        &self.holes
    }

    /// Known and unknown parts, in order, covering the whole string.
    #[must_use]
    pub fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::with_capacity(self.holes.len() * 2 + 1);
        let mut at = 0;
        for hole in &self.holes {
            if let Some(known) = self.value.get(at..hole.range.start).filter(|s| !s.is_empty()) {
                pieces.push(Piece::Literal(known, at));
            }
            pieces.push(Piece::Hole(hole));
            at = hole.range.end;
        }
        if let Some(known) = self.value.get(at..).filter(|s| !s.is_empty()) {
            pieces.push(Piece::Literal(known, at));
        }
        pieces
    }

    /// The bytes of the file that the whole string came from, without quotes.
    #[must_use]
    pub fn span(&self) -> Span {
        self.map.span(0..self.value.len())
    }

    /// The bytes of the file that `range` (bytes of the decoded text) came from.
    #[must_use]
    pub fn span_of(&self, range: Range<usize>) -> Span {
        self.map.span(range)
    }

    /// The part of the string at `range` (bytes of the decoded text), which must lie on character boundaries: else it is
    /// empty. Holes stay as far as they lie in it, and every character leads back to where it came from.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let Some(value) = self.value.get(range.clone()) else {
            return Self::new("", self.map.part(0..0));
        };
        let holes = self.holes.iter().filter_map(|hole| {
            let (start, end) = (hole.range.start.max(range.start), hole.range.end.min(range.end));
            (start < end).then(|| Hole { range: start - range.start..end - range.start, ..hole.clone() })
        });
        Self { value: value.into(), holes: holes.collect(), map: self.map.part(range) }
    }

    /// A string put together from parts of this one and new ones. Holes in kept parts stay; every part of the new
    /// string leads back to the whole of this one.
    #[must_use]
    pub fn rebuilt(&self, parts: &[Part<'_>]) -> Self {
        let mut value = String::with_capacity(self.value.len());
        let mut holes = Vec::new();
        for part in parts {
            match part {
                Part::New(new) => value.push_str(new),
                Part::Kept(range) => {
                    let base = value.len();
                    let kept =
                        self.holes.iter().filter(|hole| range.start <= hole.range.start && hole.range.end <= range.end);
                    holes.extend(kept.map(|hole| {
                        let at = |offset: usize| offset - range.start + base;
                        Hole { range: at(hole.range.start)..at(hole.range.end), ..hole.clone() }
                    }));
                    value.push_str(self.value.get(range.clone()).unwrap_or_default());
                }
            }
        }
        let run = Run { decoded: 0, length: Span::new(0, value.len()).end, source: self.span() };
        Self { value: value.into(), holes, map: SourceMap::Runs(Box::new([run])) }
    }

    /// Strings written one after the other, each with its holes and its own way back to the file.
    #[must_use]
    pub fn joined<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let (mut value, mut holes, mut runs) = (String::new(), Vec::new(), Vec::new());
        for part in parts {
            let base = value.len();
            holes.extend(part.holes.iter().map(|hole| {
                let range = hole.range.start + base..hole.range.end + base;
                Hole { range, ..hole.clone() }
            }));
            let length = |n: usize| Span::new(0, n).end;
            match &part.map {
                _ if part.value.is_empty() => {}
                SourceMap::Verbatim(start) => {
                    let length = length(part.value.len());
                    let source = Span { start: *start, end: start.saturating_add(length) };
                    runs.push(Run { decoded: Span::new(0, base).end, length, source });
                }
                SourceMap::Runs(inner) => {
                    let moved = |run: &Run| Run { decoded: run.decoded.saturating_add(length(base)), ..*run };
                    runs.extend(inner.iter().map(moved));
                }
            }
            value.push_str(&part.value);
        }
        Self { value: value.into(), holes, map: SourceMap::Runs(runs.into()) }
    }

    /// The same string, every part of which leads to `span`: for a value that is used at one place of a file and stands
    /// at another.
    #[must_use]
    pub fn used_at(&self, span: Span) -> Self {
        let run = Run { decoded: 0, length: Span::new(0, self.value.len()).end, source: span };
        Self { value: self.value.clone(), holes: self.holes.clone(), map: SourceMap::Runs(Box::new([run])) }
    }

    /// A string of which nothing is known: `written` stands for it.
    #[must_use]
    pub fn unknown(written: impl Into<Box<str>>, span: Span, count: Count) -> Self {
        let text = Self::unplaced(written).used_at(span);
        let hole = Hole { range: 0..text.value.len(), count, filled_by: FilledBy::Template };
        text.with_holes(vec![hole])
    }

    /// The way back to the file, for a document embedded in this string.
    #[must_use]
    pub fn map(&self) -> &SourceMap {
        &self.map
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}@{}", self.value, self.span().start)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_map_of_runs_leads_back_through_escapes() {
        // source `a\u0041b`, decoded `aAb`
        let map = SourceMap::Runs(
            vec![
                Run { decoded: 0, length: 1, source: Span::new(10, 11) },
                Run { decoded: 1, length: 1, source: Span::new(11, 17) },
                Run { decoded: 2, length: 1, source: Span::new(17, 18) },
            ]
            .into(),
        );
        assert_eq!(map.span(0..3), Span::new(10, 18));
        assert_eq!(map.span(1..2), Span::new(11, 17));
        assert_eq!(map.span(2..3), Span::new(17, 18));
        assert_eq!(map.span(3..3), Span::new(18, 18));
    }

    #[test]
    fn a_part_leads_back_like_the_whole() {
        let runs = vec![
            Run { decoded: 0, length: 3, source: Span::new(10, 13) },
            Run { decoded: 3, length: 1, source: Span::new(13, 19) },
            Run { decoded: 4, length: 3, source: Span::new(19, 22) },
        ];
        let hole = Hole { range: 1..5, count: Count::Single, filled_by: FilledBy::Template };
        for map in [SourceMap::Verbatim(10), SourceMap::Runs(runs.into())] {
            let whole = Text::new("abcdefg", map).with_holes(vec![hole.clone()]);
            let part = whole.part(2..6);
            assert_eq!((part.as_str(), part.span()), ("cdef", whole.span_of(2..6)));
            assert_eq!(part.span_of(1..2), whole.span_of(3..4));
            assert_eq!(part.holes().first().unwrap().range, 0..3);
        }
        assert_eq!(Text::unplaced("é").part(1..2).as_str(), "");
    }

    #[test]
    fn joined_strings_lead_back_each_to_its_own_place() {
        let region = Text::unknown("${var.region}", Span::new(20, 30), Count::Single);
        let model = Text::unplaced("anthropic.x").used_at(Span::new(40, 51));
        let arn = Text::joined([&Text::new("arn:", SourceMap::Verbatim(10)), &region, &Text::unplaced(""), &model]);
        assert_eq!(arn.as_str(), "arn:${var.region}anthropic.x");
        assert_eq!((arn.span_of(0..4), arn.span_of(4..17)), (Span::new(10, 14), Span::new(20, 30)));
        assert_eq!((arn.span_of(17..28), arn.span()), (Span::new(40, 51), Span::new(10, 51)));
        assert_eq!(arn.holes().first().unwrap().range, 4..17);
        assert_eq!(arn.holes().len(), 1);
    }

    #[test]
    fn embedded_documents_compose_their_maps() {
        let outer = SourceMap::Runs(
            vec![
                Run { decoded: 0, length: 4, source: Span::new(100, 104) },
                Run { decoded: 4, length: 1, source: Span::new(104, 106) },
                Run { decoded: 5, length: 5, source: Span::new(106, 111) },
            ]
            .into(),
        );
        let inner = SourceMap::Verbatim(2).within(&outer, 6);
        assert_eq!(inner.span(0..2), Span::new(102, 104));
        assert_eq!(inner.span(2..3), Span::new(104, 106));
        assert_eq!(inner.span(1..6), Span::new(103, 109));
    }

    #[test]
    fn holes_split_a_text_into_pieces() {
        let hole = |range| Hole { range, count: Count::Single, filled_by: FilledBy::Template };
        let text = Text::unplaced("a${b}c").with_holes(vec![hole(1..5), hole(2..3)]);
        let pieces = text.pieces();
        assert_eq!(pieces.len(), 3);
        assert_eq!(*pieces.first().unwrap(), Piece::Literal("a", 0));
        assert_eq!(*pieces.last().unwrap(), Piece::Literal("c", 5));
        assert_eq!(text.literal(), None);
    }
}
