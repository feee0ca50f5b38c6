//! The few lines around labels that a person gets to see, as a small text of its own.
//!
//! The drawing library would read the file from its start for every label, count columns in bytes, and panic on the long
//! lines of minified files. So it never sees the file: it gets an excerpt with long lines clipped, secrets masked and
//! control characters replaced, and labels that are moved along.

use miette::{MietteError, SourceCode, SourceSpan, SpanContents};

use super::disturbs;
use super::mask::mask;
use crate::source::{Position, Source};

/// Lines longer than this are clipped.
const LONG_LINE: usize = 1000;

/// What stays of a clipped line to either side of its labels.
const BESIDE: usize = 160;

/// Labels over more lines than this are drawn at their first line.
const MAX_LINES: usize = 8;

/// Lines of context above and below a label.
const CONTEXT: usize = 1;

/// How far outside a clipped line a secret that reaches into it may begin or end.
const LONGEST_SECRET: usize = 16 * 1024;

/// How far around a line the name of a secret in it, and its parts on other lines, may stand.
const NEARBY: usize = 4 * 1024;

/// A label to be drawn: bytes of the file, and which of the caller's labels it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) id: usize,
}

/// Some lines of a file with labels in them.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    first_line: usize,
    head: Position,
    /// The labels, as bytes of the excerpt.
    pub(super) marks: Vec<Mark>,
}

/// Puts labels of one file into as few excerpts as show them near each other. The one with label 0 comes first.
pub(super) fn excerpts(source: &Source, marks: &[Mark], ellipsis: &str) -> Vec<Excerpt> {
    let mut marks: Vec<Mark> = marks.iter().map(|mark| shorten(source, *mark)).collect();
    marks.sort_by_key(|mark| (mark.start, mark.end, mark.id));
    let mut groups: Vec<Vec<Mark>> = Vec::new();
    for mark in marks {
        match groups.last_mut() {
            Some(group) if group.iter().any(|other| are_near(source, *other, mark)) => group.push(mark),
            _ => groups.push(vec![mark]),
        }
    }
    groups.sort_by_key(|group| !group.iter().any(|mark| mark.id == 0));
    groups.into_iter().map(|group| Excerpt::new(source, group, ellipsis)).collect()
}

/// The part of a label that is drawn: not past the text, not over a page of lines, not along a minified file.
fn shorten(source: &Source, mark: Mark) -> Mark {
    let text = source.text();
    let start = floor(text, mark.start);
    let mut end = floor(text, mark.end).max(start);
    let (first, line_start) = source.line_of(start);
    let line_end = end_of_line(source, first);
    if source.line_of(end).0 - first > MAX_LINES {
        end = line_end.max(start);
    }
    if end > line_end.max(start) && has_long_line(source, first, source.line_of(end).0) {
        end = line_end.max(start);
    }
    if line_end - line_start > LONG_LINE {
        end = end.min(floor(text, start + BESIDE * 2));
    }
    Mark { start, end, ..mark }
}

fn has_long_line(source: &Source, first: usize, last: usize) -> bool {
    (first..=last).any(|line| end_of_line(source, line) - start_of_line(source, line) > LONG_LINE)
}

fn are_near(source: &Source, left: Mark, right: Mark) -> bool {
    let (left_line, right_line) = (source.line_of(left.end).0, source.line_of(right.start).0);
    let far_along = left_line == right_line
        && right.start.saturating_sub(left.end) > BESIDE * 2
        && end_of_line(source, left_line) - start_of_line(source, left_line) > LONG_LINE;
    right_line <= left_line + CONTEXT * 2 && !far_along
}

impl Excerpt {
    fn new(source: &Source, marks: Vec<Mark>, ellipsis: &str) -> Self {
        let first = marks.iter().map(|mark| source.line_of(mark.start).0).min().unwrap_or(1);
        let last = marks.iter().map(|mark| source.line_of(mark.end).0).max().unwrap_or(1);
        let first_line = first.saturating_sub(CONTEXT).max(1);
        let last_line = (last + CONTEXT).min(source.line_starts().len());
        let kept: Vec<Clip> = (first_line..=last_line).map(|line| clip(source, line, &marks)).collect();

        let (mut text, mut map) = (String::new(), Vec::new());
        for (index, part) in kept.iter().enumerate() {
            if index > 0 {
                text.push('\n');
            }
            if part.cut_before {
                text.push_str(ellipsis);
            }
            copy(source, part, &mut text, &mut map);
            map.push((part.end, text.len()));
            if part.cut_after {
                text.push_str(ellipsis);
            }
        }
        let leading = marks.iter().min_by_key(|mark| mark.id).map_or(0, |mark| mark.start);
        let marks = marks
            .iter()
            .map(|mark| Mark { start: moved(&map, mark.start), end: moved(&map, mark.end), id: mark.id })
            .collect();
        Self { name: super::printable(source.path()), text, first_line, head: source.position(leading), marks }
    }
}

/// Appends the bytes of a clip as they may be shown; `map` gets the place of every character.
fn copy(source: &Source, part: &Clip, text: &mut String, map: &mut Vec<(usize, usize)>) {
    // a secret that reaches into the window must still be seen to be one
    let reach = |is_cut: bool| if is_cut { LONGEST_SECRET } else { NEARBY };
    let look_back = floor(source.text(), part.start.saturating_sub(reach(part.cut_before)));
    let look_ahead = floor(source.text(), part.end.saturating_add(reach(part.cut_after)));
    let around = source.text().get(look_back..look_ahead).unwrap_or_default();
    let masked = mask(around);
    let shown = masked.get(part.start - look_back..part.end - look_back).unwrap_or_default();
    for (offset, c) in shown.char_indices() {
        map.push((part.start + offset, text.len()));
        match c {
            '\u{feff}' => {}
            '\t' => text.push(c),
            c if disturbs(c) => text.push(char::REPLACEMENT_CHARACTER),
            c => text.push(c),
        }
    }
}

/// Where a byte of the file stands in the excerpt.
fn moved(map: &[(usize, usize)], offset: usize) -> usize {
    let at = map.partition_point(|(source, _)| *source < offset);
    map.get(at).or(map.last()).map_or(0, |(_, shown)| *shown)
}

/// The bytes of one line that are shown.
struct Clip {
    start: usize,
    end: usize,
    cut_before: bool,
    cut_after: bool,
}

fn clip(source: &Source, line: usize, marks: &[Mark]) -> Clip {
    let (start, end) = (start_of_line(source, line), end_of_line(source, line));
    if end - start <= LONG_LINE {
        return Clip { start, end, cut_before: false, cut_after: false };
    }
    let here = || marks.iter().filter(|mark| mark.start <= end && mark.end >= start);
    let low = here().map(|mark| mark.start.max(start)).min().unwrap_or(start);
    let high = here().map(|mark| mark.end.min(end)).max().unwrap_or(start);
    let low = floor(source.text(), low.saturating_sub(BESIDE).max(start));
    let high = floor(source.text(), (high + BESIDE).min(end)).max(low);
    Clip { start: low, end: high, cut_before: low > start, cut_after: high < end }
}

fn start_of_line(source: &Source, line: usize) -> usize {
    source.line_starts().get(line.saturating_sub(1)).map_or(source.text().len(), |start| *start as usize)
}

/// The end of a line without its line break.
fn end_of_line(source: &Source, line: usize) -> usize {
    let (start, next) = (start_of_line(source, line), start_of_line(source, line + 1));
    let text = source.text().get(start..next).unwrap_or_default();
    let text = text.strip_suffix('\n').unwrap_or(text);
    start + text.strip_suffix('\r').unwrap_or(text).len()
}

/// The nearest character boundary at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

impl SourceCode for Excerpt {
    /// The whole excerpt, whatever is asked for: it was cut to size already. Without context lines the question is
    /// where the heading should point.
    fn read_span<'a>(
        &'a self,
        _span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (line, column) = match before {
            0 => (self.head.line as usize - 1, self.head.column as usize - 1),
            _ => (self.first_line - 1, 0),
        };
        Ok(Box::new(View { excerpt: self, span: (0, self.text.len()).into(), line, column }))
    }
}

struct View<'a> {
    excerpt: &'a Excerpt,
    span: SourceSpan,
    line: usize,
    column: usize,
}

impl<'a> SpanContents<'a> for View<'a> {
    fn data(&self) -> &'a [u8] {
        self.excerpt.text.as_bytes()
    }

    fn span(&self) -> &SourceSpan {
        &self.span
    }

    fn name(&self) -> Option<&str> {
        Some(&self.excerpt.name)
    }

    fn line(&self) -> usize {
        self.line
    }

    fn column(&self) -> usize {
        self.column
    }

    fn line_count(&self) -> usize {
        self.excerpt.text.lines().count()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    fn cut(text: &str, words: &[&str]) -> Vec<(Excerpt, Vec<String>)> {
        let source = Source::new("dir/a.json", text);
        let mark = |(id, word): (usize, &&str)| {
            let start = text.find(*word).unwrap();
            Mark { start, end: start + word.len(), id }
        };
        let marks: Vec<Mark> = words.iter().enumerate().map(mark).collect();
        let seen = |excerpt: &Excerpt| {
            excerpt.marks.iter().map(|mark| excerpt.text[mark.start..mark.end].to_owned()).collect()
        };
        excerpts(&source, &marks, "…")
            .into_iter()
            .map(|excerpt| {
                let words = seen(&excerpt);
                (excerpt, words)
            })
            .collect()
    }

    #[test]
    fn one_line_of_context_without_carriage_returns_or_byte_order_mark() {
        let all = cut("\u{feff}{\r\n\t\"ключ\": value,\r\n}\r\nfar", &["value"]);
        assert_eq!(all.len(), 1);
        let (excerpt, words) = &all[0];
        assert_eq!(excerpt.text, "{\n\t\"ключ\": value,\n}");
        assert_eq!(words, &["value"]);
        assert_eq!((excerpt.first_line, excerpt.head), (1, Position { line: 2, column: 10 }));
    }

    #[test]
    fn long_lines_are_clipped_around_the_label_on_character_boundaries() {
        for shift in 0..4 {
            let text = format!(
                "{}{}value{}\n{}",
                "x".repeat(shift),
                "é".repeat(70_000),
                "日".repeat(70_000),
                "y".repeat(5000)
            );
            let (excerpt, words) = cut(&text, &["value"]).pop().unwrap();
            assert_eq!(words, ["value"]);
            assert!(excerpt.text.len() < 1000, "{}", excerpt.text.len());
            assert!(excerpt.text.starts_with("…é") && excerpt.text.ends_with("y…"));
            assert_eq!(excerpt.head.column as usize, shift + 70_001);
        }
    }

    #[test]
    fn labels_far_apart_get_their_own_excerpt_and_the_first_label_leads() {
        let line = format!("near {} far", "x".repeat(9000));
        let all = cut(&line, &["far", "near"]);
        assert_eq!(all.iter().map(|(_, words)| words[0].as_str()).collect::<Vec<_>>(), ["far", "near"]);
        assert_eq!(cut("a\nb\nc\nd\ne\nf", &["a", "c"]).len(), 1);
        assert_eq!(cut("a\nb\nc\nd\ne\nf", &["a", "d"]).len(), 2);
    }

    #[test]
    fn control_characters_and_secrets_are_not_copied() {
        let key = format!("ABSK{}", "QmVkcm9ja0FQSUtleS0x".repeat(30));
        let text = format!("\u{1b}[31m {}{key} value \u{202e}", "x ".repeat(600));
        let (excerpt, words) = cut(&text, &["value"]).pop().unwrap();
        assert_eq!(words, ["value"]);
        assert!(!excerpt.text.contains("QmVk") && excerpt.text.contains("*****"), "{}", excerpt.text);
        assert!(!excerpt.text.contains('\u{202e}'));
        let (excerpt, words) = cut("\u{1b}[31m value", &["value"]).pop().unwrap();
        assert_eq!((excerpt.text.as_str(), words[0].as_str()), ("\u{fffd}[31m value", "value"));
    }

    #[test]
    fn labels_past_the_end_and_over_many_lines_are_drawn_somewhere() {
        let source = Source::new("a", "ab\n".repeat(50));
        let marks = [Mark { start: 0, end: 150, id: 0 }, Mark { start: 4000, end: 5000, id: 1 }];
        let all = excerpts(&source, &marks, "…");
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].marks[0].start, all[0].marks[0].end), (0, 2));
        assert_eq!(excerpts(&Source::new("a", ""), &marks, "…").len(), 1);
    }
}
