//! Strings and comments in source code, found without parsing it: enough to tell what a program says from what is said
//! about it.
//!
//! No grammar is followed beyond that, so what is found is a guess where a quote stands in a place of its own (a regular
//! expression, the text of a page). Such a quote closes on its line or counts for nothing.

use std::ops::Range;

/// How a language writes strings and comments.
#[derive(Debug)]
pub struct Lexis {
    /// What begins a comment that ends with its line.
    line_comments: &'static [&'static str],
    /// Whether such a sign counts only at the beginning of a word: `#` in a shell.
    after_blank: bool,
    /// What begins and ends other comments.
    block_comments: &'static [(&'static str, &'static str)],
    /// The quotes, longer ones before those that they begin with.
    quotes: &'static [Quote],
    /// Whether strings side by side are one.
    pub joins_neighbours: bool,
}

/// A kind of string.
#[derive(Debug)]
struct Quote {
    open: &'static str,
    close: &'static str,
    shape: Shape,
    /// Whether a backslash takes the meaning from what is behind it.
    escapes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Ends on its line.
    Line,
    /// Ends anywhere.
    Lines,
    /// Ends anywhere, and what stands between `${` and `}` is code.
    Template,
    /// One character, which is no string.
    Character,
}

/// A string or a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// What it is.
    pub kind: RegionKind,
    /// Its bytes, delimiters included.
    pub whole: Range<usize>,
    /// Its bytes between the delimiters.
    pub inner: Range<usize>,
}

/// What a [`Region`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionKind {
    /// A string.
    String,
    /// A string that stands for itself, as the documentation of a function in Python.
    Documentation,
    /// A comment.
    Comment,
}

const fn line(quote: &'static str) -> Quote {
    Quote { open: quote, close: quote, shape: Shape::Line, escapes: true }
}

const fn lines(open: &'static str, close: &'static str, escapes: bool) -> Quote {
    Quote { open, close, shape: Shape::Lines, escapes }
}

const CHARACTER: Quote = Quote { open: "'", close: "'", shape: Shape::Character, escapes: true };
const TEMPLATE: Quote = Quote { open: "`", close: "`", shape: Shape::Template, escapes: true };
const SLASHES: [&str; 1] = ["//"];
const STARS: [(&str, &str); 1] = [("/*", "*/")];
const MARKUP: (&str, &str) = ("<!--", "-->");

const fn c_like(quotes: &'static [Quote]) -> Lexis {
    Lexis { line_comments: &SLASHES, after_blank: false, block_comments: &STARS, quotes, joins_neighbours: false }
}

const fn with_hash(quotes: &'static [Quote], joins_neighbours: bool) -> Lexis {
    Lexis { line_comments: &["#"], after_blank: false, block_comments: &[], quotes, joins_neighbours }
}

static SCRIPT: Lexis = c_like(&[TEMPLATE, line("\""), line("'")]);
static JVM: Lexis = c_like(&[lines("\"\"\"", "\"\"\"", true), line("\""), CHARACTER]);
static GROOVY: Lexis = c_like(&[lines("\"\"\"", "\"\"\"", true), lines("'''", "'''", true), line("\""), line("'")]);
static GO: Lexis = c_like(&[lines("`", "`", false), line("\""), CHARACTER]);
static RUST: Lexis = c_like(&[lines("r##\"", "\"##", false), lines("r#\"", "\"#", false), line("\""), CHARACTER]);
static C: Lexis = Lexis { joins_neighbours: true, ..c_like(&[line("\""), CHARACTER]) };
static PHP: Lexis = Lexis { line_comments: &["//", "#"], ..c_like(&[line("\""), line("'")]) };
static PYTHON: Lexis =
    with_hash(&[lines("\"\"\"", "\"\"\"", true), lines("'''", "'''", true), line("\""), line("'")], true);
static RUBY: Lexis = with_hash(&[line("\""), line("'")], true);
static ELIXIR: Lexis = with_hash(&[lines("\"\"\"", "\"\"\"", true), line("\""), CHARACTER], false);
static DASHES: Lexis = Lexis { line_comments: &["--"], ..c_like(&[line("\""), line("'")]) };
static SHELL: Lexis = Lexis {
    after_blank: true,
    block_comments: &[("<#", "#>"), ("{{/*", "*/}}"), ("{{- /*", "*/ -}}"), ("{#", "#}"), MARKUP],
    ..with_hash(&[line("\""), line("'")], false)
};
static PAGE: Lexis = Lexis {
    line_comments: &[],
    after_blank: false,
    block_comments: &[MARKUP, ("{/*", "*/}")],
    quotes: &[lines("```", "```", false), lines("~~~", "~~~", false), Quote { escapes: false, ..line("`") }],
    joins_neighbours: false,
};

impl Lexis {
    /// That of the programming language whose files have this extension, in lower case without the dot.
    #[must_use]
    pub fn of_program(extension: &str) -> Option<&'static Self> {
        Some(match extension {
            "ts" | "tsx" | "mts" | "cts" | "js" | "jsx" | "mjs" | "cjs" | "vue" | "svelte" | "astro" => &SCRIPT,
            "java" | "kt" | "kts" | "scala" | "cs" | "swift" => &JVM,
            "groovy" | "gradle" | "dart" => &GROOVY,
            "go" => &GO,
            "rs" => &RUST,
            "c" | "cc" | "cpp" | "cxx" | "h" | "hpp" | "m" | "mm" => &C,
            "php" => &PHP,
            "py" | "pyi" | "pyw" => &PYTHON,
            "rb" | "rake" | "pl" | "pm" | "r" | "jl" => &RUBY,
            "ex" | "exs" => &ELIXIR,
            "sql" | "lua" | "hs" => &DASHES,
            _ => return None,
        })
    }

    /// That of shells, templates and settings, where `#` begins a comment and strings need no quotes.
    #[must_use]
    pub fn of_words() -> &'static Self {
        &SHELL
    }

    /// That of text for people, in Markdown and HTML: the strings are code.
    #[must_use]
    pub fn of_pages() -> &'static Self {
        &PAGE
    }

    /// The strings and comments of a text, sorted by their beginning. A string lies in another one only between the
    /// `${` and `}` of a template. Takes time in proportion to the text.
    #[must_use]
    pub fn regions(&self, text: &str) -> Vec<Region> {
        let mut scanner = Scanner {
            lexis: self,
            text,
            at: 0,
            regions: Vec::new(),
            frames: Vec::new(),
            // where quotes that nothing closes were looked for in vain
            stray: vec![0; self.quotes.len()],
            before: None,
            begins_line: true,
        };
        scanner.run();
        scanner.regions
    }
}

/// Where a template is in.
enum Frame {
    /// In its text; the index of its region and of its quote.
    Text(usize, usize),
    /// In code between `${` and `}`; how many braces are open.
    Code(usize),
}

struct Scanner<'a> {
    lexis: &'a Lexis,
    text: &'a str,
    at: usize,
    regions: Vec<Region>,
    frames: Vec<Frame>,
    stray: Vec<usize>,
    /// The last byte of code that is not blank.
    before: Option<u8>,
    /// Whether the line is blank so far.
    begins_line: bool,
}

impl<'a> Scanner<'a> {
    fn run(&mut self) {
        while let Some(byte) = self.text.as_bytes().get(self.at).copied() {
            match self.frames.last() {
                Some(Frame::Text(region, quote)) => self.template(byte, *region, *quote),
                _ => self.code(byte),
            }
        }
        // nothing closes them: they reach to the end
        let end = self.text.len();
        for frame in std::mem::take(&mut self.frames) {
            if let Frame::Text(region, _) = frame {
                self.close(region, end, end);
            }
        }
    }

    fn rest(&self) -> &'a str {
        // inside a character of several bytes nothing begins
        self.text.get(self.at..).unwrap_or_default()
    }

    fn code(&mut self, byte: u8) {
        if byte == b'\n' {
            self.begins_line = true;
            self.at += 1;
            return;
        }
        if byte.is_ascii_whitespace() {
            self.at += 1;
            return;
        }
        if byte.is_ascii_alphanumeric() && byte != b'r' {
            self.pass(byte);
            return;
        }
        if self.comment() || self.quote() {
            return;
        }
        match (byte, self.frames.last_mut()) {
            (b'{', Some(Frame::Code(open))) => *open += 1,
            (b'}', Some(Frame::Code(0))) => {
                self.frames.pop();
            }
            (b'}', Some(Frame::Code(open))) => *open -= 1,
            _ => {}
        }
        self.pass(byte);
    }

    fn pass(&mut self, byte: u8) {
        self.before = Some(byte);
        self.begins_line = false;
        self.at += 1;
    }

    fn comment(&mut self) -> bool {
        let rest = self.rest();
        let end_of = |from: usize, close: &str| {
            rest.get(from..)
                .and_then(|text| text.find(close))
                .map_or((rest.len(), rest.len()), |at| (from + at, from + at + close.len()))
        };
        let block = self.lexis.block_comments.iter().find(|(open, _)| rest.starts_with(open));
        let (open, (inner, whole)) = if let Some((open, close)) = block {
            (open.len(), end_of(open.len(), close))
        } else if let Some(open) = self.lexis.line_comments.iter().find(|open| rest.starts_with(**open)) {
            let before = self.at.checked_sub(1).and_then(|at| self.text.as_bytes().get(at));
            if self.lexis.after_blank && before.is_some_and(|byte| !byte.is_ascii_whitespace()) {
                return false;
            }
            let end = rest.find('\n').unwrap_or(rest.len());
            (open.len(), (end, end))
        } else {
            return false;
        };
        let at = self.at;
        let (inner, whole) = (at + open..at + inner.max(open), at..at + whole);
        self.at = whole.end.max(at + 1);
        self.regions.push(Region { kind: RegionKind::Comment, whole, inner });
        true
    }

    fn quote(&mut self) -> bool {
        let rest = self.rest();
        let found = self.lexis.quotes.iter().enumerate().find(|(_, quote)| rest.starts_with(quote.open));
        let Some((index, quote)) = found else { return false };
        let begin = self.at + quote.open.len();
        match quote.shape {
            Shape::Template => {
                self.regions.push(Region { kind: RegionKind::String, whole: self.at..begin, inner: begin..begin });
                self.frames.push(Frame::Text(self.regions.len() - 1, index));
                self.at = begin;
                return true;
            }
            Shape::Character => {
                let end = character(rest).unwrap_or(0);
                self.at += end;
                return end > 0;
            }
            Shape::Line | Shape::Lines => {}
        }
        if self.stray.get(index).is_some_and(|until| self.at < *until) {
            return false;
        }
        match self.end_of(begin, quote) {
            Ok(end) => {
                let stands_alone = quote.shape == Shape::Lines && self.stands_for_itself();
                let kind = if stands_alone { RegionKind::Documentation } else { RegionKind::String };
                let whole = self.at..end + quote.close.len();
                self.at = whole.end;
                self.regions.push(Region { kind, whole, inner: begin..end });
                self.before = Some(b'"');
                self.begins_line = false;
                true
            }
            Err(searched) => {
                if let Some(until) = self.stray.get_mut(index) {
                    *until = searched;
                }
                false
            }
        }
    }

    /// Where a string ends that begins at `from`, or how far nothing closes it.
    fn end_of(&self, from: usize, quote: &Quote) -> Result<usize, usize> {
        let bytes = self.text.as_bytes();
        let close = quote.close.as_bytes();
        let first = close.first().copied();
        let mut at = from;
        while let Some(byte) = bytes.get(at).copied() {
            if byte == b'\\' && quote.escapes {
                at += 2;
            } else if byte == b'\n' && quote.shape == Shape::Line {
                return Err(at);
            } else if Some(byte) == first && bytes.get(at..).is_some_and(|rest| rest.starts_with(close)) {
                return Ok(at);
            } else {
                at += 1;
            }
        }
        Err(bytes.len())
    }

    /// Whether the string that begins here is a statement of its own: nothing before it on its line takes it.
    fn stands_for_itself(&self) -> bool {
        let takes = |byte: u8| matches!(byte, b'(' | b',' | b'=' | b'+' | b'[' | b'{' | b'|' | b'%' | b'"');
        self.begins_line && !self.before.is_some_and(takes)
    }

    fn template(&mut self, byte: u8, region: usize, quote: usize) {
        let close = self.lexis.quotes.get(quote).map_or("", |quote| quote.close);
        if byte == b'\\' {
            self.at += 2;
        } else if byte == b'$' && self.rest().starts_with("${") {
            self.frames.push(Frame::Code(0));
            self.at += 2;
        } else if close.as_bytes().first() == Some(&byte) {
            let end = self.at;
            self.at += close.len();
            self.close(region, end, self.at);
            self.frames.pop();
            self.before = Some(b'"');
            self.begins_line = false;
        } else {
            self.at += 1;
        }
    }

    fn close(&mut self, region: usize, inner: usize, whole: usize) {
        if let Some(region) = self.regions.get_mut(region) {
            region.inner.end = inner.max(region.inner.start);
            region.whole.end = whole.max(region.inner.end);
        }
    }
}

/// How long the character is that a text begins with, quotes included; `None` if it begins with none: a lifetime.
fn character(text: &str) -> Option<usize> {
    let mut rest = text.char_indices().skip(1);
    let (_, first) = rest.next()?;
    if first == '\\' {
        // `'\u{1f600}'` is the longest
        let end = rest.skip(1).take(10).find(|(_, c)| *c == '\'')?.0;
        return Some(end + 1);
    }
    rest.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    fn found(extension: &str, text: &str) -> Vec<String> {
        let regions = Lexis::of_program(extension).unwrap().regions(text);
        let sign = |kind| match kind {
            RegionKind::String => "",
            RegionKind::Documentation => "doc ",
            RegionKind::Comment => "# ",
        };
        regions.into_iter().map(|one| format!("{}{}", sign(one.kind), &text[one.inner])).collect()
    }

    #[test]
    fn strings_and_comments_of_languages() {
        for (extension, text, expected) in [
            ("py", "a = 'x' # it's \"y\"\nb = f\"z\\\"w\"", vec!["x", "#  it's \"y\"", "z\\\"w"]),
            ("py", "def f():\n  \"\"\"Says\n  'a'.\"\"\"\n  return \"\"\"b\"\"\"", vec!["doc Says\n  'a'.", "b"]),
            ("py", "f(\n  \"\"\"a\"\"\"\n)", vec!["a"]),
            (
                "ts",
                "// don't\nconst a = `x${f(\"y\", `z`)}w`; /* \"b\" */ 'c'",
                vec!["#  don't", "x${f(\"y\", `z`)}w", "y", "z", "#  \"b\" ", "c"],
            ),
            ("ts", "const r = /'/;\nconst a = 'x';", vec!["x"]),
            ("rs", "fn f<'a>(x: &'a str) { g('\"', \"x\", r#\"a \"b\" c\"#) }", vec!["x", "a \"b\" c"]),
            ("go", "a := `x\n\"y\"` + \"z\" + string('\"')", vec!["x\n\"y\"", "z"]),
            ("java", "String a = \"\"\"\n x \"y\" \"\"\"; // \"z\"", vec!["\n x \"y\" ", "#  \"z\""]),
            ("lua", "a = 'x' -- \"y\"", vec!["x", "#  \"y\""]),
            ("php", "$a = 'x'; # y\n// z", vec!["x", "#  y", "#  z"]),
        ] {
            assert_eq!(found(extension, text), expected, "{text}");
        }
        let comments = |lexis: &Lexis, text: &str| {
            let regions = lexis.regions(text).into_iter().filter(|one| one.kind == RegionKind::Comment);
            regions.map(|one| text[one.whole].to_owned()).collect::<Vec<_>>()
        };
        let shell = "a=b#c 'd # e' # f\n{{/* g */}} <!-- h -->";
        assert_eq!(comments(Lexis::of_words(), shell), ["# f", "{{/* g */}}", "<!-- h -->"]);
        let page = "it's `<!-- a -->` <!-- b -->\n```html\n<!-- c -->\n```\n";
        assert_eq!(comments(Lexis::of_pages(), page), ["<!-- b -->"]);
    }

    #[test]
    fn what_nothing_closes() {
        assert_eq!(found("ts", "a = `x ${ \"y\" "), ["x ${ \"y\" ", "y"]);
        assert_eq!(found("ts", "/* a 'b'"), ["#  a 'b'"]);
        assert_eq!(found("py", "a = \"\"\"x\ny = 'z'"), ["", "z"]);
        assert_eq!(found("rs", "'\\"), [""; 0]);
        for extension in ["ts", "py", "rs", "go", "java", "php", "lua", "exs", "c", "rb"] {
            for piece in ["\"", "'", "\\\"", "`${", "\"\"\"", "/*", "r#\"", "é'", "'\\", "#", "}`"] {
                let _ = found(extension, &piece.repeat(3_000));
            }
        }
    }
}
