//! Files as text: bytes to characters, offsets to lines and columns, and what went wrong on the way.

mod environment;
mod library;
mod markers;
mod named;
mod scan;
mod size;
mod walk;

pub(crate) use environment::is_called_environment;
pub use library::{Disk, Library, Shelf, beside, folder_of};
pub(crate) use markers::mentions_bedrock;
pub use named::open;
pub(crate) use named::{shown, why_not};
pub use scan::{DEFAULT_MAX_FILE_SIZE, Input, PassedOver, Scan, ScanRequest, scan};
pub use size::{parse_size, show_size};

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::text::Span;

/// A file's text with its name. Offsets are bytes of the file as stored, a byte order mark included.
pub struct Source {
    path: String,
    text: String,
    line_starts: OnceLock<Vec<u32>>,
    /// How many characters begin before each block of [`BLOCK`] bytes.
    characters: OnceLock<Vec<u32>>,
}

/// A place for people: both 1-based, the column counted in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in Unicode scalar values; a byte order mark does not count.
    pub column: u32,
}

/// A span in a file.
#[derive(Clone)]
pub struct Location {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes of it.
    pub span: Span,
}

/// Something that kept an input from being read or understood. Reported beside the findings; the exit code says so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as it is shown.
    pub path: String,
    /// Where in the file, where that is known.
    pub position: Option<Position>,
    /// What is wrong, in the tone of a finding's message.
    pub message: String,
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Lines longer than this, as of minified files, get their columns by way of a table.
const BLOCK: usize = 4096;

impl Source {
    /// A source of text that is already decoded.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), line_starts: OnceLock::new(), characters: OnceLock::new() }
    }

    /// Decodes the bytes of a file.
    ///
    /// # Errors
    /// Bytes that are not UTF-8 give the place of the first bad one; UTF-16 and UTF-32 are named as such.
    pub fn decode(path: &str, bytes: Vec<u8>) -> Result<Self, Problem> {
        if let Some(encoding) = markers::wide_encoding(&bytes) {
            let is_policy = path.to_ascii_lowercase().ends_with(".json");
            let refused = if is_policy { "neither IAM nor this program reads" } else { "this program does not read" };
            let message = format!("the file is {encoding}, which {refused}: save it as UTF-8");
            return Err(Problem { path: path.to_owned(), position: Some(Position { line: 1, column: 1 }), message });
        }
        String::from_utf8(bytes).map(|text| Self::new(path, text)).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let good = String::from_utf8_lossy(error.as_bytes().get(..valid).unwrap_or_default()).into_owned();
            let position = Self::new(path, good).position(valid);
            Problem {
                path: path.to_owned(),
                position: Some(position),
                message: format!("the file is not UTF-8: byte {valid} does not belong to a character"),
            }
        })
    }

    /// The path as it is shown: relative to the working folder where possible, with `/`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text as stored, a byte order mark included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text without a byte order mark, and the offset at which it starts.
    #[must_use]
    pub fn body(&self) -> (&str, usize) {
        match self.text.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) => (rest, BYTE_ORDER_MARK.len_utf8()),
            None => (&self.text, 0),
        }
    }

    /// The characters of a span; empty if the span does not lie on character boundaries of this text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Line and column of a byte offset; an offset past the end is taken as the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let (line, start) = self.line_of(offset);
        let offset = offset.min(self.text.len());
        let marks = usize::from(start == 0 && offset > 0 && self.text.starts_with(BYTE_ORDER_MARK));
        let column = self.characters_between(start, offset).saturating_sub(marks) + 1;
        Position { line: clip(line), column: clip(column) }
    }

    /// How many characters begin in these bytes. Counting the bytes that begin one is much faster than decoding them.
    fn characters_between(&self, start: usize, end: usize) -> usize {
        let bytes = self.text.as_bytes();
        if end.saturating_sub(start) <= BLOCK {
            return beginnings(bytes.get(start..end).unwrap_or_default());
        }
        let blocks = self.characters.get_or_init(|| {
            let mut total = 0;
            let mut counts = Vec::with_capacity(bytes.len() / BLOCK + 1);
            for block in bytes.chunks(BLOCK) {
                counts.push(clip(total));
                total += beginnings(block);
            }
            // an offset at the very end may lie in a block of its own
            counts.push(clip(total));
            counts
        });
        let before = |offset: usize| {
            let block = offset / BLOCK;
            let known = blocks.get(block).map_or(0, |count| *count as usize);
            known + beginnings(bytes.get(block * BLOCK..offset).unwrap_or_default())
        };
        before(end) - before(start)
    }

    /// The 1-based line of a byte offset and the offset at which that line starts.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> (usize, usize) {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start as usize <= offset).max(1);
        (line, starts.get(line - 1).map_or(0, |start| *start as usize))
    }

    /// Offsets at which lines start, sorted; the first is 0.
    #[must_use]
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(offset, _)| clip(offset + 1))).collect()
        })
    }

    /// A problem at a byte offset of this file.
    #[must_use]
    pub fn problem(&self, offset: usize, message: impl Into<String>) -> Problem {
        Problem { path: self.path.clone(), position: Some(self.position(offset)), message: message.into() }
    }
}

fn beginnings(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

fn clip(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Location {
    /// The span of a file.
    #[must_use]
    pub fn new(source: &Arc<Source>, span: Span) -> Self {
        Self { source: Arc::clone(source), span }
    }

    /// The characters there.
    #[must_use]
    pub fn text(&self) -> &str {
        self.source.slice(self.span)
    }

    /// Line and column of the first character.
    #[must_use]
    pub fn start(&self) -> Position {
        self.source.position(self.span.start as usize)
    }

    /// Line and column just after the last character.
    #[must_use]
    pub fn end(&self) -> Position {
        self.source.position(self.span.end as usize)
    }
}

impl fmt::Debug for Source {
    /// Without the text, in which secrets may stand.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.path, self.text.len())
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.source.path(), self.start().line, self.start().column)
    }
}

impl PartialEq for Location {
    fn eq(&self, other: &Self) -> bool {
        self.span == other.span && self.source.path == other.source.path
    }
}

impl Eq for Location {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_not_the_byte_order_mark() {
        let source = Source::new("x", "\u{feff}{\"ключ\": 1}\r\n  x");
        assert_eq!(source.position(3), Position { line: 1, column: 1 });
        assert_eq!(source.position(source.text().find('1').unwrap()), Position { line: 1, column: 10 });
        assert_eq!(source.position(source.text().find('x').unwrap()), Position { line: 2, column: 3 });
        assert_eq!(source.position(9999).line, 2);
    }

    #[test]
    fn columns_of_long_lines_are_those_of_short_ones() {
        let line = "\u{feff}".to_owned() + &"aé日🔑".repeat(3000);
        let text = format!("{line}\n{line}");
        let source = Source::new("x", text.clone());
        let second = line.len() + 1;
        for offset in (0..line.len()).filter(|offset| line.is_char_boundary(*offset)).step_by(7).chain([line.len()]) {
            let count = |from: usize| clip(text.get(from..from + offset).unwrap().chars().count());
            assert_eq!(source.position(offset).column, count(0).max(1), "{offset}");
            assert_eq!(source.position(second + offset), Position { line: 2, column: count(second) + 1 }, "{offset}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_placed() {
        let problem = Source::decode("a.json", b"{\n \"a\": \"\xff\"}".to_vec()).unwrap_err();
        assert_eq!(problem.position, Some(Position { line: 2, column: 8 }));
        for (bytes, encoding) in [
            (&[0xff, 0xfe, b'{', 0][..], "UTF-16"),
            (&[0xfe, 0xff, 0, b'{'], "UTF-16"),
            (&[0xff, 0xfe, 0, 0, b'{', 0, 0, 0], "UTF-32"),
            (&[0, 0, 0xfe, 0xff, 0, 0, 0, b'{'], "UTF-32"),
        ] {
            assert!(Source::decode("a.json", bytes.to_vec()).unwrap_err().message.contains(encoding), "{bytes:?}");
        }
    }
}
