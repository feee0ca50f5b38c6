//! The characters of a string, and the way back to the bytes that they were written as.

use crate::text::{Run, SourceMap, Span};

/// How the characters of a string are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dress {
    /// Between quotes, with escapes.
    Quoted,
    /// In a heredoc or a file of its own: only the signs of a template are escaped. So much indentation is taken out, in
    /// characters of each line.
    Bare {
        /// How much.
        indent: usize,
    },
}

/// What is written as `raw`, from byte `start` on; `begins_line` tells whether that is the beginning of a line.
pub(super) fn decode(raw: &str, start: usize, dress: Dress, begins_line: bool) -> (String, SourceMap) {
    let mut decoder = Decoder { start, value: String::with_capacity(raw.len()), runs: Vec::new() };
    let indent = match dress {
        Dress::Quoted => 0,
        Dress::Bare { indent } => indent,
    };
    let (mut at, mut to_skip) = (0, if begins_line { indent } else { 0 });
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(escape) = escape(rest, dress) {
            decoder.escaped(&escape, at);
            at += escape.width;
            to_skip = 0;
            continue;
        }
        let Some(next) = rest.chars().next() else { break };
        let width = next.len_utf8();
        if to_skip > 0 && next != '\n' && next.is_whitespace() {
            to_skip -= 1;
        } else {
            to_skip = if next == '\n' { indent } else { 0 };
            // up to where something else may begin
            let stretch = rest.get(width..).unwrap_or_default();
            let plain = stretch.find(['\n', '\\', '$', '%']).filter(|_| to_skip == 0);
            let length = if to_skip > 0 { width } else { width + plain.unwrap_or(stretch.len()) };
            decoder.verbatim(rest.get(..length).unwrap_or_default(), at);
            at += length;
            continue;
        }
        at += width;
    }
    let map = match decoder.runs.as_slice() {
        [] => SourceMap::Verbatim(Span::new(start, start).start),
        [one] if one.source.end - one.source.start == one.length => SourceMap::Verbatim(one.source.start),
        _ => SourceMap::Runs(decoder.runs.into()),
    };
    (decoder.value, map)
}

struct Decoder {
    start: usize,
    value: String,
    runs: Vec<Run>,
}

impl Decoder {
    /// Adds characters as they are, to those before them if they follow each other.
    fn verbatim(&mut self, stretch: &str, at: usize) {
        let source = Span::new(self.start + at, self.start + at + stretch.len());
        let length = Span::new(0, stretch.len()).end;
        match self.runs.last_mut() {
            Some(last) if last.source.end == source.start && last.source.end - last.source.start == last.length => {
                last.length += length;
                last.source.end = source.end;
            }
            _ => self.runs.push(Run { decoded: Span::new(0, self.value.len()).end, length, source }),
        }
        self.value.push_str(stretch);
    }

    fn escaped(&mut self, escape: &Escape, at: usize) {
        let source = Span::new(self.start + at, self.start + at + escape.width);
        let length = Span::new(0, escape.value.len()).end;
        self.runs.push(Run { decoded: Span::new(0, self.value.len()).end, length, source });
        self.value.push_str(&escape.value);
    }
}

struct Escape {
    value: String,
    /// How many bytes it is written in.
    width: usize,
}

fn escape(rest: &str, dress: Dress) -> Option<Escape> {
    for (sign, value) in [("$${", "${"), ("%%{", "%{")] {
        if rest.starts_with(sign) {
            return Some(Escape { value: value.to_owned(), width: sign.len() });
        }
    }
    let behind = rest.strip_prefix('\\').filter(|_| dress == Dress::Quoted)?;
    let named = behind.chars().next()?;
    let code = |width: usize| {
        let code = u32::from_str_radix(behind.get(1..width + 1)?, 16).ok()?;
        Some(Escape { value: char::from_u32(code)?.to_string(), width: width + 2 })
    };
    let one = |value: &str| Some(Escape { value: value.to_owned(), width: 2 });
    match named {
        'n' => one("\n"),
        'r' => one("\r"),
        't' => one("\t"),
        '"' => one("\""),
        '\\' => one("\\"),
        'u' => code(4),
        'U' => code(8),
        _ => None,
    }
}
