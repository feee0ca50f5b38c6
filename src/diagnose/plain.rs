//! The text of a log as it was before it was put into one: without escapes, colours, frames and line breaks, and with a way
//! back to the lines.

/// How line breaks are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breaks {
    /// Between words, as loggers and people wrap.
    Blank,
    /// Anywhere, as terminals of a fixed width wrap: they are left out, and so is what stands around them.
    Nothing,
}

/// A stretch of a log in plain characters: one blank where white space was, straight quotation marks, nothing escaped.
#[derive(Debug, Default)]
pub(super) struct Plain {
    pub(super) text: String,
    /// Where the text leaves the bytes that it came from: places in both.
    places: Vec<(usize, usize)>,
    /// Where lines begin in the text, and whether the line begins a record of its own.
    pub(super) lines: Vec<(usize, bool)>,
}

impl Plain {
    /// Reads bytes; what is not UTF-8 becomes a replacement character.
    pub(super) fn read(bytes: &[u8], breaks: Breaks) -> Self {
        let mut writer = Writer { plain: Self::default(), breaks, raw: 0, expected: 0, skip: Skip::No };
        writer.begin_line(bytes);
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            writer.chunk(chunk.valid(), at, bytes);
            at += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                writer.raw = at;
                writer.put(char::REPLACEMENT_CHARACTER);
                at += chunk.invalid().len();
            }
        }
        writer.plain
    }

    /// The byte of the log that a byte of the text came from.
    pub(super) fn raw(&self, at: usize) -> usize {
        let index = self.places.partition_point(|(plain, _)| *plain <= at);
        match index.checked_sub(1).and_then(|index| self.places.get(index)) {
            Some((plain, raw)) => raw + (at - plain),
            None => at,
        }
    }

    /// Whether a record of a log begins at this byte of the text.
    pub(super) fn begins_record(&self, at: usize) -> bool {
        let from = self.lines.partition_point(|(line, _)| *line < at);
        self.lines.iter().skip(from).take_while(|(line, _)| *line == at).any(|(_, record)| *record)
    }

    /// The record around a part of the text: from the line that begins it to the next that begins another. A line break that
    /// begins no record stays within.
    pub(super) fn record(&self, start: usize, end: usize) -> std::ops::Range<usize> {
        let begins = |(_, record): &&(usize, bool)| *record;
        let before = self.lines.get(..self.lines.partition_point(|(at, _)| *at <= start)).unwrap_or_default();
        let after = self.lines.get(self.lines.partition_point(|(at, _)| *at < end)..).unwrap_or_default();
        let from = before.iter().rev().find(begins).map_or(0, |(at, _)| *at);
        let to = after.iter().find(begins).map_or(self.text.len(), |(at, _)| *at);
        from..to.max(end)
    }
}

struct Writer {
    plain: Plain,
    breaks: Breaks,
    /// Where in the bytes the next character comes from.
    raw: usize,
    /// Where it would come from if nothing was left out.
    expected: usize,
    skip: Skip,
}

/// What of a terminal sequence is still to be left out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Skip {
    No,
    /// The character behind the escape tells which kind it is.
    Kind,
    /// Up to a letter.
    Sequence,
    /// Up to a bell, or another escape: titles and links.
    Command,
}

/// More is no terminal sequence.
const MAX_SEQUENCE: usize = 64;

impl Writer {
    fn chunk(&mut self, text: &str, offset: usize, bytes: &[u8]) {
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            self.raw = offset + at;
            let first = rest.chars().next().unwrap_or_default();
            at += match first {
                '\n' => 1 + self.line_break(bytes.get(offset + at + 1..).unwrap_or_default()),
                '\\' => self.escaped(rest),
                '&' => self.entity(rest),
                '%' => self.percent(rest),
                other => {
                    self.put(other);
                    other.len_utf8()
                }
            };
        }
    }

    /// A character that is no longer written in any other way.
    fn put(&mut self, c: char) {
        if self.skipped(c) {
            return;
        }
        match c {
            '\u{1b}' => self.skip = Skip::Kind,
            '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{ad}' => {}
            '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{2bc}' | '\u{ff07}' | '\u{b4}' => self.push('\''),
            '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{ff02}' => self.push('"'),
            '\u{2010}' | '\u{2011}' => self.push('-'),
            c if c.is_whitespace() || c.is_control() => self.blank(),
            c => self.push(c),
        }
    }

    /// Whether a character belongs to a terminal sequence.
    fn skipped(&mut self, c: char) -> bool {
        let since = self.raw.saturating_sub(self.expected);
        match self.skip {
            Skip::No => return false,
            _ if since > MAX_SEQUENCE => {
                self.skip = Skip::No;
                return false;
            }
            Skip::Kind if c == '[' => self.skip = Skip::Sequence,
            Skip::Kind if c == ']' => self.skip = Skip::Command,
            Skip::Sequence if !('\u{40}'..='\u{7e}').contains(&c) => {}
            Skip::Command if c != '\u{7}' && c != '\u{1b}' => {}
            Skip::Command if c == '\u{1b}' => self.skip = Skip::Kind,
            _ => self.skip = Skip::No,
        }
        true
    }

    fn push(&mut self, c: char) {
        if self.raw != self.expected || self.plain.places.is_empty() {
            self.plain.places.push((self.plain.text.len(), self.raw));
        }
        self.plain.text.push(c);
        self.expected = self.raw + c.len_utf8();
    }

    fn blank(&mut self) {
        if !self.plain.text.is_empty() && !self.plain.text.ends_with(' ') {
            self.push(' ');
        }
    }

    /// A line break with the frame around it. How much behind it goes with it.
    fn line_break(&mut self, behind: &[u8]) -> usize {
        let text = &mut self.plain.text;
        let kept = text.trim_end_matches([' ', '│', '┃', '|']).len();
        // a lone bar may be a part of the text
        if text.get(kept..).is_some_and(|cut| cut.contains(['│', '┃']) || cut.starts_with(' ')) {
            text.truncate(kept);
        }
        let frame = decoration(behind);
        match self.breaks {
            Breaks::Blank => self.blank(),
            Breaks::Nothing => {}
        }
        self.begin_line(behind);
        frame
    }

    fn begin_line(&mut self, line: &[u8]) {
        let at = self.plain.text.len();
        self.plain.lines.push((at, begins_record(line)));
    }

    /// `\n`, `\"`, `\u0027`, `\x1b`, escaped once or more often.
    fn escaped(&mut self, rest: &str) -> usize {
        let slashes = rest.len() - rest.trim_start_matches('\\').len();
        let behind = rest.get(slashes..).unwrap_or_default();
        let hex = |digits: usize| u32::from_str_radix(behind.get(1..=digits)?, 16).ok();
        match behind.chars().next() {
            Some('n' | 'r' | 't') => {
                self.blank();
                slashes + 1
            }
            Some(c @ ('"' | '\'' | '/' | '`' | '$')) => {
                self.put(c);
                slashes + 1
            }
            Some('u') if hex(4).is_some() => {
                let c = hex(4).and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
                self.put(c);
                slashes + 5
            }
            Some('x') if hex(2).is_some() => {
                let c = hex(2).and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
                self.put(c);
                slashes + 3
            }
            // of Octal escapes, only the one that begins terminal sequences
            Some('0') if behind.starts_with("033") => {
                self.put('\u{1b}');
                slashes + 3
            }
            _ => {
                self.put('\\');
                slashes
            }
        }
    }

    /// `&quot;`, `&#39;` and the like.
    fn entity(&mut self, rest: &str) -> usize {
        const ENTITIES: [(&str, char); 12] = [
            ("&quot;", '"'),
            ("&#34;", '"'),
            ("&#x22;", '"'),
            ("&apos;", '\''),
            ("&#39;", '\''),
            ("&#x27;", '\''),
            ("&rsquo;", '\''),
            ("&#8217;", '\''),
            ("&amp;", '&'),
            ("&lt;", '<'),
            ("&gt;", '>'),
            ("&nbsp;", ' '),
        ];
        match ENTITIES.into_iter().find(|(written, _)| rest.starts_with(written)) {
            Some((written, c)) => {
                self.put(c);
                written.len()
            }
            None => {
                self.put('&');
                1
            }
        }
    }

    /// What ids and ARNs have to escape in URLs.
    fn percent(&mut self, rest: &str) -> usize {
        const SIGNS: [(&str, char); 5] = [("%3a", ':'), ("%253a", ':'), ("%2f", '/'), ("%252f", '/'), ("%20", ' ')];
        let written = |(written, _): &(&str, char)| {
            rest.get(..written.len()).is_some_and(|start| start.eq_ignore_ascii_case(written))
        };
        match SIGNS.iter().find(|sign| written(sign)) {
            Some((written, c)) => {
                self.put(*c);
                written.len()
            }
            None => {
                self.put('%');
                1
            }
        }
    }
}

/// Bytes of frames, quotes and indentation at the beginning of a line, and of what compositions of containers put before it.
fn decoration(line: &[u8]) -> usize {
    const NAME: usize = 40;
    let name = line.iter().take(NAME).take_while(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte)).count();
    let blanks = line.get(name..).unwrap_or_default().iter().take_while(|byte| **byte == b' ').count();
    let mut at = 0;
    if name > 0 && line.get(name + blanks..).is_some_and(|rest| rest.starts_with(b"| ")) {
        at = name + blanks + 2;
    }
    loop {
        let rest = line.get(at..).unwrap_or_default();
        at += match rest {
            [b' ' | b'\t' | b'>' | b'|' | b'#', ..] => 1,
            // box drawing: U+2500 to U+257F
            [0xe2, 0x94 | 0x95, _, ..] => 3,
            _ => return at,
        };
    }
}

/// Whether a line begins a record of a log: with a time, or an object of its own.
fn begins_record(line: &[u8]) -> bool {
    let behind = line.get(decoration(line)..).unwrap_or_default();
    let start = behind.strip_prefix(b"[").unwrap_or(behind);
    let shape: Vec<u8> = start.iter().take(10).map(|byte| if byte.is_ascii_digit() { b'0' } else { *byte }).collect();
    let clock = |shape: &[u8]| shape.starts_with(b"00:00:00");
    shape == b"0000-00-00" || shape == b"0000/00/00" || clock(&shape) || {
        // an object on one line; what is spread over several goes on behind its first
        let end = behind.iter().position(|byte| *byte == b'\n').unwrap_or(behind.len());
        let line = behind.get(..end).unwrap_or_default().trim_ascii_end();
        line.starts_with(b"{\"") && line.ends_with(b"}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        Plain::read(text.as_bytes(), Breaks::Blank).text
    }

    #[test]
    fn what_a_log_does_to_a_message_is_undone() {
        for (written, expected) in [
            ("isn’t  \t“so”", "isn't \"so\""),
            (r#"{\"message\":\"isn\u2019t\\n so\"}"#, "{\"message\":\"isn't so\"}"),
            (r#"\\\"a\\\" \\\\u0027b"#, "\"a\" 'b"),
            ("\u{1b}[1;31merror\u{1b}[0m: x\u{1b}]8;;https://e.x\u{7}y", "error: xy"),
            (r"\u001b[31mred\u001b[0m \x1b[1mx \033[0my", "red x y"),
            ("a\n   b\r\n> c\n│ d │\n│ e", "a b c d e"),
            ("litellm-1     | An error\nlitellm-1     | occurred", "litellm-1 | An error occurred"),
            ("&quot;isn&#39;t&quot; &c", "\"isn't\" &c"),
            ("/model/us.x-v1%3A0/converse?a=%41", "/model/us.x-v1:0/converse?a=%41"),
            ("a\u{200b}b\u{ad}c\u{a0}d", "abc d"),
            (r"C:\Users\x", r"C:\Users\x"),
            ("", ""),
        ] {
            assert_eq!(plain(written), expected, "{written:?}");
        }
    }

    #[test]
    fn a_terminal_breaks_lines_anywhere() {
        let text =
            Plain::read("│ arn:aws:bedrock:us-ea │\n│ st-2::x with an │\n│ explicit".as_bytes(), Breaks::Nothing).text;
        assert_eq!(text, "│ arn:aws:bedrock:us-east-2::x with anexplicit");
    }

    #[test]
    fn places_lead_back_to_the_log() {
        let text = "ab\n  \\\"c\u{1b}[31md\u{fe}\n e";
        let plain = Plain::read(text.as_bytes(), Breaks::Blank);
        for (at, c) in plain.text.char_indices().filter(|(_, c)| c.is_alphabetic()) {
            let raw = plain.raw(at);
            assert!(text.get(raw..).is_some_and(|rest| rest.starts_with(c)), "{c} {raw}");
        }
    }

    #[test]
    fn records_begin_with_a_time_or_are_objects() {
        let text = "2026-11-22T10:00:00Z a\n  b\n[2026-11-22 10:00:01] c\n{\"d\": 1}\n{\"e\": 2}\n{\n \"f\": 3\n}";
        let plain = Plain::read(text.as_bytes(), Breaks::Blank);
        let record = |word: char| {
            let at = plain.text.find(word).unwrap_or_default();
            plain.text.get(plain.record(at, at + 1)).unwrap_or_default().trim().to_owned()
        };
        assert_eq!(record('b'), "2026-11-22T10:00:00Z a b");
        assert_eq!(record('c'), "[2026-11-22 10:00:01] c");
        assert_eq!(record('d'), "{\"d\": 1}");
        assert!(record('f').ends_with("{ \"f\": 3 }"));
    }
}
