//! Files of environment variables (`.env`) into the spanned tree: a map of strings.
//!
//! There is no standard; this reads what the readers of Node, Python, Ruby and Docker Compose agree on:
//!
//! - `KEY=value`, also `export KEY=value`, `KEY = value` and `KEY: value`; `KEY` alone is null
//! - `'…'`, `"…"` and `` `…` `` over several lines; backslash escapes between double quotes, `\'` and `\\` between single
//!   ones, none elsewhere
//! - `# comment` on its own line or behind white space; none inside quotes
//! - `${VAR}`, `${VAR:-default}` and `$VAR` are holes, as written, but not between single quotes or behind a backslash
//!
//! A line that is none of this is told as a fault, and reading goes on behind it.

use std::ops::Range;

use super::{Entry, Fault, Node, Scalar, ScalarKind, Value};
use crate::text::{Count, FilledBy, Hole, Run, SourceMap, Span, Text};

/// What a file of variables holds.
#[derive(Debug)]
pub struct Document {
    /// The variables, a [`Value::Map`] of strings in the order of the file, those given twice kept.
    pub root: Node,
    /// Its comments in order, each with its `#` and without the end of the line.
    pub comments: Vec<Span>,
    /// Lines that could not be read.
    pub faults: Vec<Fault>,
}

/// Reads a file of variables. `map` leads from `text` to the file, as for [`super::json::parse`].
#[must_use]
pub fn parse(text: &str, map: &SourceMap) -> Document {
    let mut reader = Reader { text, map, at: 0, comments: Vec::new(), faults: Vec::new() };
    if text.starts_with('\u{feff}') {
        reader.at = '\u{feff}'.len_utf8();
    }
    let mut entries = Vec::new();
    while reader.at < text.len() {
        entries.extend(reader.line());
    }
    let root = Node { span: map.span(0..text.len()), value: Value::Map(entries) };
    Document { root, comments: reader.comments, faults: reader.faults }
}

struct Reader<'a> {
    text: &'a str,
    map: &'a SourceMap,
    /// Everything before is read.
    at: usize,
    comments: Vec<Span>,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Skips characters, and tells which.
    fn skip(&mut self, those: impl Fn(char) -> bool) -> Range<usize> {
        let start = self.at;
        let rest = self.rest();
        self.at += rest.find(|c| !those(c)).unwrap_or(rest.len());
        start..self.at
    }

    fn take(&mut self, sign: char) -> bool {
        let found = self.rest().starts_with(sign);
        self.at += if found { sign.len_utf8() } else { 0 };
        found
    }

    fn fault(&mut self, range: Range<usize>, message: &str) {
        self.faults.push(Fault { span: self.map.span(range), message: message.to_owned(), limit: false });
    }

    /// One line, or several where a quoted value goes on.
    fn line(&mut self) -> Option<Entry> {
        self.skip(char::is_whitespace);
        let start = self.at;
        let mut name = self.skip(is_name);
        if self.text.get(name.clone()) == Some("export") && self.rest().starts_with(is_blank) {
            self.skip(is_blank);
            if self.rest().starts_with(is_name) {
                name = self.skip(is_name);
            }
        }
        let end = self.at;
        self.skip(is_blank);
        let bare = self.rest().is_empty() || self.rest().starts_with(is_break) || self.rest().starts_with('#');
        if name.is_empty() {
            if !bare {
                let line = self.skip(|c| !is_break(c));
                self.fault(start..line.end, "not a variable: `NAME=value` is expected");
            }
            self.comment();
            return None;
        }
        let key = self.verbatim(name.clone());
        if bare {
            let value = Scalar { text: self.verbatim(end..end), kind: ScalarKind::Null };
            self.comment();
            let span = self.map.span(end..end);
            return Some(Entry { key, value: Node { span, value: Value::Scalar(value) } });
        }
        if !self.take('=') && !self.takes_colon() {
            let line = self.skip(|c| !is_break(c));
            self.fault(start..line.end, "not a variable: `NAME=value` is expected");
            return None;
        }
        Some(Entry { key, value: self.value() })
    }

    /// `NAME: value`; without white space behind the colon it is something else.
    fn takes_colon(&mut self) -> bool {
        self.rest().strip_prefix(':').is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
            && self.take(':')
    }

    /// A comment, if one starts here, to the end of the line.
    fn comment(&mut self) {
        if self.rest().starts_with('#') {
            let comment = self.skip(|c| !is_break(c));
            self.comments.push(self.map.span(comment));
        }
    }

    fn value(&mut self) -> Node {
        let blanks = self.skip(is_blank);
        let start = self.at;
        if let Some(quote) = self.rest().chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) {
            if let Some(length) = closing(self.rest(), quote) {
                let inner = start + 1..start + length - 1;
                self.at = start + length;
                let text = self.quoted(inner, quote);
                let span = self.map.span(start..self.at);
                self.behind_quotes();
                return Node { span, value: Value::Scalar(Scalar { text, kind: ScalarKind::String }) };
            }
            self.fault(start..start + 1, "the quote is never closed");
        }
        let line = self.skip(|c| !is_break(c));
        let written = self.text.get(line.clone()).unwrap_or_default();
        let comment = written.char_indices().find(|(at, c)| {
            let before = written.get(..*at).and_then(|before| before.chars().next_back());
            *c == '#' && before.map_or(!blanks.is_empty(), is_blank)
        });
        let width = comment.map_or(written.len(), |(at, _)| at);
        if comment.is_some() {
            self.comments.push(self.map.span(start + width..line.end));
        }
        let kept = written.get(..width).unwrap_or_default().trim_end_matches(is_blank);
        let range = start..start + kept.len();
        let text = self.verbatim(range.clone()).with_holes(holes(kept, &[]));
        Node { span: self.map.span(range), value: Value::Scalar(Scalar { text, kind: ScalarKind::String }) }
    }

    /// What may stand behind a quoted value: nothing but a comment.
    fn behind_quotes(&mut self) {
        self.skip(is_blank);
        self.comment();
        let left = self.skip(|c| !is_break(c));
        if !left.is_empty() {
            self.fault(left, "nothing but a comment may follow the closing quote");
        }
    }

    fn verbatim(&self, range: Range<usize>) -> Text {
        let written = self.text.get(range.clone()).unwrap_or_default();
        Text::new(written, SourceMap::Verbatim(Span::new(range.start, range.end).start).within(self.map, written.len()))
    }

    /// The characters between quotes, with escapes decoded.
    fn quoted(&self, inner: Range<usize>, quote: char) -> Text {
        let written = self.text.get(inner.clone()).unwrap_or_default();
        if quote == '`' || !written.contains('\\') {
            let holes = if quote == '\'' { Vec::new() } else { holes(written, &[]) };
            return self.verbatim(inner).with_holes(holes);
        }
        let mut value = String::with_capacity(written.len());
        let mut runs = Vec::new();
        let mut escaped = Vec::new();
        let mut at = 0;
        let clip = |n: usize| Span::new(0, n).end;
        while let Some(rest) = written.get(at..).filter(|rest| !rest.is_empty()) {
            let decoded = value.len();
            let width = match rest.find('\\') {
                Some(0) => {
                    let width: usize = rest.chars().take(2).map(char::len_utf8).sum();
                    match unescaped(rest.chars().nth(1), quote) {
                        Some(c) => {
                            escaped.push(decoded);
                            value.push(c);
                        }
                        None => value.push_str(rest.get(..width).unwrap_or_default()),
                    }
                    width
                }
                next => {
                    let width = next.unwrap_or(rest.len());
                    value.push_str(rest.get(..width).unwrap_or_default());
                    width
                }
            };
            let source = Span::new(inner.start + at, inner.start + at + width);
            runs.push(Run { decoded: clip(decoded), length: clip(value.len() - decoded), source });
            at += width;
        }
        let holes = if quote == '\'' { Vec::new() } else { holes(&value, &escaped) };
        let map = SourceMap::Runs(runs.into()).within(self.map, value.len());
        Text::new(value, map).with_holes(holes)
    }
}

/// The character that an escape stands for; other backslashes stand for themselves.
fn unescaped(escaped: Option<char>, quote: char) -> Option<char> {
    match (escaped?, quote) {
        ('n', '"') => Some('\n'),
        ('r', '"') => Some('\r'),
        ('t', '"') => Some('\t'),
        (c @ ('"' | '$' | '`'), '"') | (c @ '\'', '\'') => Some(c),
        ('\\', _) => Some('\\'),
        _ => None,
    }
}

/// The length of a quoted value with its quotes.
fn closing(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == quote {
            return Some(at + 1);
        } else {
            escaped = c == '\\' && quote != '`';
        }
    }
    None
}

/// The references to other variables. `escaped` are the places of characters that were escaped, sorted.
fn holes(value: &str, escaped: &[usize]) -> Vec<Hole> {
    let mut holes = Vec::new();
    let mut at = 0;
    while let Some(found) = value.get(at..).and_then(|rest| rest.find('$')) {
        let start = at + found;
        let rest = value.get(start + 1..).unwrap_or_default();
        at = start + 1;
        if escaped.binary_search(&start).is_ok() {
            continue;
        }
        let width = match rest.strip_prefix('{') {
            Some(inner) => match braced(inner) {
                Some(width) => width + 1,
                // never closed, and so is none behind it
                None => break,
            },
            None if rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') => {
                rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
            }
            None => 0,
        };
        if width > 0 {
            at += width;
            holes.push(Hole { range: start..at, count: Count::Single, filled_by: FilledBy::Template });
        }
    }
    holes
}

/// The width of what stands between `{` and its `}`, that one included.
fn braced(inner: &str) -> Option<usize> {
    let mut depth = 1_usize;
    let end = inner.char_indices().find(|(_, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    end.map(|(at, _)| at + 1)
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{b}' | '\u{c}' | '\u{a0}')
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    /// `KEY "value" [holes]`, one line each; faults as `! text`.
    fn show(text: &str) -> Vec<String> {
        let document = parse(text, &SourceMap::Verbatim(0));
        let entries = document.root.entries().iter().map(|entry| {
            let key = &text[entry.key.span().range()];
            assert_eq!(key, entry.key.as_str());
            let Value::Scalar(scalar) = &entry.value.value else {
                return format!("{key} ?");
            };
            if scalar.kind == ScalarKind::Null {
                return format!("{key} null");
            }
            let holes: Vec<&str> =
                scalar.text.holes().iter().map(|hole| &scalar.text.as_str()[hole.range.clone()]).collect();
            match holes.as_slice() {
                [] => format!("{key} {:?}", scalar.text.as_str()),
                _ => format!("{key} {:?} {}", scalar.text.as_str(), holes.join(" ")),
            }
        });
        let mut shown: Vec<String> = entries.collect();
        shown.extend(document.faults.iter().map(|fault| format!("! {}", &text[fault.span.range()])));
        shown.extend(document.comments.iter().map(|span| text[span.range()].to_owned()));
        shown
    }

    #[test]
    fn what_people_write() {
        for (text, expected) in [
            ("A=b", vec![r#"A "b""#]),
            ("A=b\r\nC=d\r\n", vec![r#"A "b""#, r#"C "d""#]),
            ("\u{feff}A=b\n", vec![r#"A "b""#]),
            ("  export  A=b c  \n", vec![r#"A "b c""#]),
            ("export=x\nexport A\nB", vec![r#"export "x""#, "A null", "B null"]),
            ("A = b\nC: d\nE.F-G=h\n", vec![r#"A "b""#, r#"C "d""#, r#"E.F-G "h""#]),
            ("A=\nB=''\nC= # none\nD=\"\" # c\n", vec![r#"A """#, r#"B """#, r#"C """#, r#"D """#, "# none", "# c"]),
            (
                "# one\n\n  # two\nA=b # three\nC=d#e\nF=#g\n",
                vec![r#"A "b""#, r##"C "d#e""##, r##"F "#g""##, "# one", "# two", "# three"],
            ),
            ("A='it''s'", vec![r#"A "it""#, "! 's'"]),
            ("A='$X \\n # y\\''\nB=`$Y \"'\\n`\n", vec![r#"A "$X \\n # y'""#, r#"B "$Y \"'\\n" $Y"#]),
            ("A=\"x\\n\\\"\\\\n\\$Z \\q ${Z}\"", vec![r#"A "x\n\"\\n$Z \\q ${Z}" ${Z}"#]),
            ("A=\"one\n# two\nthree\" # four\nB=c", vec!["A \"one\\n# two\\nthree\"", r#"B "c""#, "# four"]),
            (
                "A=${B:-us-east-1}/$C_1$ ${D:-${E}}x ${F\n",
                vec![r#"A "${B:-us-east-1}/$C_1$ ${D:-${E}}x ${F" ${B:-us-east-1} $C_1 ${D:-${E}}"#],
            ),
            ("A=\"open\nB=c\n", vec![r#"A "\"open""#, r#"B "c""#, "! \""]),
            ("=x\nA B=c\n{\"a\": 1}\nC=d", vec![r#"C "d""#, "! =x", "! A B=c", "! {\"a\": 1}"]),
            ("A:b\nC=a:b\n", vec![r#"C "a:b""#, "! A:b"]),
            ("A=b\nA=c\n", vec![r#"A "b""#, r#"A "c""#]),
            ("", vec![]),
        ] {
            assert_eq!(show(text), expected, "{text}");
        }
    }

    #[test]
    fn parts_of_values_are_underlined() {
        let text = "\u{feff}É=1\nA=\"é\\t${R}\\\"x\nend\"\n";
        let body = &text[3..];
        let document = parse(body, &SourceMap::Verbatim(3));
        let node = document.root.get("A");
        assert_eq!(node.map(|node| &text[node.span.range()]), Some("\"é\\t${R}\\\"x\nend\""));
        let value = node.and_then(Node::string).cloned().unwrap_or(Text::unplaced(""));
        assert_eq!(value.as_str(), "é\t${R}\"x\nend");
        for (part, underlined) in [("é", "é"), ("\t", "\\t"), ("${R}", "${R}"), ("\"x", "\\\"x"), ("end", "end")] {
            let at = value.as_str().find(part).unwrap_or_default();
            assert_eq!(&text[value.span_of(at..at + part.len()).range()], underlined);
        }
        assert_eq!(document.faults.len(), 1);
    }
}
