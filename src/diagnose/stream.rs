//! Reading a log of any length in bounded memory.

use std::io::{self, Read};
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::known::KnownErrors;

/// How much of a log is looked at at a time.
const CHUNK: usize = 256 * 1024;

/// What of the log before and behind it is looked at together with it: messages, and what stands around them, are shorter.
const MARGIN: usize = 16 * 1024;

/// Around a word that a message has.
const AROUND: usize = 8 * 1024;

/// Files with a NUL this early are taken for binary.
const BINARY_HEAD: usize = 8 * 1024;

/// Why a text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoText {
    Binary,
    Utf16,
}

/// A stretch of a log in which a message may stand.
#[derive(Debug)]
pub(super) struct Stretch<'b> {
    pub(super) bytes: &'b [u8],
    /// Messages that begin elsewhere are another stretch's.
    pub(super) own: Range<usize>,
    /// The number of its first line, from 1.
    pub(super) line: u64,
    /// Whether it is all there is.
    pub(super) whole: bool,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) bytes: u64,
    pub(super) lines: u64,
    /// The beginning, for a text of which no message is known.
    pub(super) head: Vec<u8>,
}

/// Words without which no message occurs.
#[derive(Debug)]
pub(super) struct Marks(AhoCorasick);

impl Marks {
    #[allow(clippy::expect_used, reason = "a hundred short words always can be looked for")]
    pub(super) fn new(known: &KnownErrors) -> Self {
        let mut marks: Vec<&str> = known.marks().map(|(mark, _)| mark).collect();
        marks.sort_unstable();
        marks.dedup();
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(marks)
            .expect("an automaton");
        Self(automaton)
    }

    /// Where messages may stand, widened and apart from each other.
    fn places(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        for found in self.0.find_iter(bytes) {
            let start = found.start().saturating_sub(AROUND);
            let end = (found.end() + AROUND).min(bytes.len());
            match places.last_mut() {
                Some(last) if start <= last.end => last.end = end,
                _ => places.push(start..end),
            }
        }
        places
    }
}

/// Hands each stretch of the log in which a message may stand to `visit`.
pub(super) fn read(
    stream: &mut impl Read,
    marks: &Marks,
    visit: &mut dyn FnMut(&Stretch<'_>),
) -> io::Result<Result<Size, NoText>> {
    let mut window: Vec<u8> = Vec::with_capacity(CHUNK + 2 * MARGIN);
    let mut size = Size::default();
    let mut ended = fill(stream, &mut window, CHUNK + MARGIN)?;
    if let Some(refused) = refused(&window) {
        return Ok(Err(refused));
    }
    size.head = window.get(..window.len().min(CHUNK)).unwrap_or_default().to_vec();
    size.bytes = window.len() as u64;
    size.lines = 1;
    if ended {
        visit(&Stretch { bytes: &window, own: 0..window.len(), line: 1, whole: true });
        size.lines += newlines(&window);
        return Ok(Ok(size));
    }
    // where the part begins that no window before owned
    let mut begin = 0;
    loop {
        let end = if ended { window.len() } else { window.len().saturating_sub(MARGIN) };
        for place in marks.places(&window) {
            let bytes = window.get(place.clone()).unwrap_or_default();
            let own =
                begin.clamp(place.start, place.end) - place.start..end.clamp(place.start, place.end) - place.start;
            if !own.is_empty() {
                let line = size.lines + newlines(window.get(..place.start).unwrap_or_default());
                visit(&Stretch { bytes, own, line, whole: false });
            }
        }
        if ended {
            size.lines += newlines(&window);
            return Ok(Ok(size));
        }
        let gone = end.saturating_sub(MARGIN);
        size.lines += newlines(window.get(..gone).unwrap_or_default());
        window.drain(..gone);
        begin = end - gone;
        let before = window.len();
        ended = fill(stream, &mut window, CHUNK)?;
        size.bytes += (window.len() - before) as u64;
    }
}

/// Reads so many bytes more. Whether the stream has ended.
fn fill(stream: &mut impl Read, window: &mut Vec<u8>, more: usize) -> io::Result<bool> {
    let read = stream.by_ref().take(more as u64).read_to_end(window)?;
    Ok(read < more)
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

fn refused(head: &[u8]) -> Option<NoText> {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Some(NoText::Utf16);
    }
    head.iter().take(BINARY_HEAD).any(|byte| *byte == 0).then_some(NoText::Binary)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    const MESSAGE: &str = "The provided model identifier is invalid";

    /// The lines of the log on which the message begins, as the stretches tell it.
    fn lines(log: &[u8]) -> Vec<u64> {
        let mut lines = Vec::new();
        let marks = Marks::new(KnownErrors::builtin());
        let size = read(&mut &*log, &marks, &mut |stretch| {
            let text = String::from_utf8_lossy(stretch.bytes);
            for (at, _) in text.match_indices(MESSAGE).filter(|(at, _)| stretch.own.contains(at)) {
                lines.push(stretch.line + newlines(&stretch.bytes[..at]));
            }
        });
        let size = size.unwrap().unwrap();
        assert_eq!(size.bytes, log.len() as u64);
        assert_eq!(size.lines, newlines(log) + 1);
        lines
    }

    #[test]
    fn each_message_is_seen_once_wherever_windows_end() {
        for shift in (0..40_000).step_by(977) {
            let mut log = vec![b'.'; CHUNK - 20_000 + shift];
            log.push(b'\n');
            log.extend_from_slice(MESSAGE.as_bytes());
            log.extend(std::iter::repeat_n(b'\n', CHUNK * 2));
            log.extend_from_slice(MESSAGE.as_bytes());
            assert_eq!(lines(&log), [2, CHUNK as u64 * 2 + 2], "shift {shift}");
        }
    }

    #[test]
    fn what_is_no_text_is_said_to_be_none() {
        let marks = Marks::new(KnownErrors::builtin());
        let read = |bytes: &[u8]| super::read(&mut &*bytes, &marks, &mut |_| ()).unwrap();
        assert_eq!(read(b"\x7fELF\0\0"), Err(NoText::Binary));
        assert_eq!(read(b"\xff\xfee\0"), Err(NoText::Utf16));
        assert!(read(b"").is_ok());
    }
}
