//! Pages in a terminal: Markdown laid out for its width.

use anstyle::{AnsiColor, Style as Paint};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::layout::{Piece, Table, flow, width};
use super::style::Style;

/// A page for a terminal. In a pipe the page as it is written serves better: everything there reads Markdown.
#[must_use]
pub fn render(page: &str, style: Style) -> String {
    let mut layout = Layout::new(style);
    for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
        layout.take(event);
    }
    layout.text
}

/// Columns to which pages are written.
const WRITTEN: usize = 120;

/// A list that is open.
struct List {
    /// The number of the next item, if they are numbered.
    number: Option<u64>,
    /// How many items it has had.
    items: usize,
}

/// A block of code that is open.
struct Code {
    text: String,
    /// Whether it is what a program says, so that its lines may be broken.
    is_prose: bool,
}

/// A table that is open.
struct Rows {
    titles: usize,
    rows: Vec<Vec<Piece>>,
}

/// A page that is being laid out.
struct Layout {
    style: Style,
    text: String,
    /// The block of text that is open.
    pieces: Vec<Piece>,
    /// What lines of the block begin with: the first one, and the others.
    first: String,
    others: String,
    lists: Vec<List>,
    /// Whether the next block stands right behind the sign of its item.
    is_item: bool,
    strong: bool,
    emphasis: bool,
    /// The address of the link that is open.
    link: Option<String>,
    heading: Option<HeadingLevel>,
    code: Option<Code>,
    table: Option<Rows>,
}

impl Layout {
    fn new(style: Style) -> Self {
        Self {
            style,
            text: String::new(),
            pieces: Vec::new(),
            first: String::new(),
            others: String::new(),
            lists: Vec::new(),
            is_item: false,
            strong: false,
            emphasis: false,
            link: None,
            heading: None,
            code: None,
            table: None,
        }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.text.push_str(&text),
                None => self.push(&text),
            },
            Event::Code(code) => self.push_code(&code),
            Event::SoftBreak => self.push(" "),
            Event::HardBreak => self.flush(),
            Event::Rule => {
                self.gap();
                let line = if self.style.unicode { "─" } else { "-" };
                self.line(&line.repeat(self.style.width.min(40)));
            }
            Event::Html(text) | Event::InlineHtml(text) => self.push(text.trim_end()),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.gap(),
            Tag::Heading { level, .. } => {
                self.gap();
                self.heading = Some(level);
            }
            Tag::CodeBlock(kind) => {
                self.gap();
                let info = match &kind {
                    CodeBlockKind::Fenced(info) => info,
                    CodeBlockKind::Indented => "",
                };
                self.caption(info);
                self.code = Some(Code { text: String::new(), is_prose: info == "text" });
            }
            Tag::List(number) => {
                // what stands before a list inside an item
                self.flush();
                if self.lists.is_empty() {
                    self.gap();
                }
                self.lists.push(List { number, items: 0 });
            }
            Tag::Item => self.item(),
            Tag::BlockQuote(_) => {
                self.gap();
                self.indent("  ");
                self.is_item = true;
            }
            Tag::Emphasis => self.emphasis = true,
            Tag::Strong => self.strong = true,
            Tag::Link { dest_url, .. } => self.link = Some(dest_url.into_string()),
            Tag::Table(columns) => {
                self.gap();
                self.table = Some(Rows { titles: columns.len(), rows: Vec::new() });
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.flush(),
            TagEnd::Heading(level) => self.end_heading(level),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Item => {
                self.flush();
                let depth = self.others.len().saturating_sub(width(&self.sign(None)));
                self.others.truncate(depth);
                self.first.clone_from(&self.others);
                self.is_item = false;
            }
            TagEnd::BlockQuote(_) => {
                let depth = self.others.len().saturating_sub(2);
                self.others.truncate(depth);
                self.first.clone_from(&self.others);
                self.is_item = false;
            }
            TagEnd::Emphasis => self.emphasis = false,
            TagEnd::Strong => self.strong = false,
            TagEnd::Link => self.end_link(),
            TagEnd::TableCell => {
                let cell: String = self.pieces.drain(..).map(Piece::into_text).collect();
                if let Some(row) = self.table.as_mut().and_then(|table| table.rows.last_mut()) {
                    row.push(Piece::plain(cell));
                }
            }
            TagEnd::Table => self.end_table(),
            _ => {}
        }
    }

    /// An empty line before a block, unless it is the first of the page or of a list.
    fn gap(&mut self) {
        self.flush();
        let begins_list = self.lists.last().is_none_or(|list| list.items <= 1);
        let is_near = std::mem::take(&mut self.is_item) && begins_list;
        if !is_near && !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    fn item(&mut self) {
        let number = self.lists.last_mut().and_then(|list| {
            let number = list.number?;
            list.number = Some(number + 1);
            Some(number)
        });
        let sign = self.sign(number);
        if let Some(list) = self.lists.last_mut() {
            list.items += 1;
        }
        self.first = format!("{}{sign}", self.others);
        let blanks = " ".repeat(width(&self.sign(None)));
        self.others.push_str(&blanks);
        self.is_item = true;
    }

    /// What an item of the innermost list begins with; of the same width for all of them.
    fn sign(&self, number: Option<u64>) -> String {
        let is_numbered = self.lists.last().is_some_and(|list| list.number.is_some());
        match number {
            Some(number) => format!("{:<4}", format!("{number}.")),
            None if is_numbered => " ".repeat(4),
            None if self.style.unicode => "• ".to_owned(),
            None => "- ".to_owned(),
        }
    }

    fn indent(&mut self, by: &str) {
        self.others.push_str(by);
        self.first.clone_from(&self.others);
    }

    fn paint(&self) -> Paint {
        let mut paint = Paint::new();
        if self.strong || self.heading.is_some() {
            paint = paint.bold();
        }
        if self.emphasis {
            paint = paint.italic();
        }
        paint
    }

    fn push(&mut self, text: &str) {
        self.pieces.push(Piece::painted(text, self.paint()));
    }

    /// Code between words. Without colours its quotes stay, or it could not be told from them.
    fn push_code(&mut self, code: &str) {
        let text = if self.style.color { code.to_owned() } else { format!("`{code}`") };
        let paint = if self.heading.is_some() { self.paint() } else { AnsiColor::Cyan.on_default() };
        self.pieces.push(Piece::code(text, paint));
    }

    /// The address behind the text of a link, unless it is the text.
    fn end_link(&mut self) {
        let Some(address) = self.link.take() else { return };
        let is_text = self.pieces.last().is_some_and(|piece| piece.text() == address);
        if !is_text && address.contains("://") {
            self.pieces.push(Piece::plain(" ("));
            self.pieces.push(Piece::code(address, Paint::new().dimmed().underline()));
            self.pieces.push(Piece::plain(")"));
        }
    }

    /// What kind of example a block is: `bad file=.env`.
    fn caption(&mut self, info: &str) {
        let words: Vec<&str> = info.split_whitespace().skip(1).map(|word| word.trim_start_matches("file=")).collect();
        if !words.is_empty() {
            let caption = self.style.dim(&format!("{}:", words.join(", ")));
            self.line(&caption);
        }
    }

    /// Code is copied, so its lines stay as they are.
    fn end_code(&mut self) {
        let Some(Code { text, is_prose }) = self.code.take() else { return };
        let text = text.trim_end();
        if is_prose && self.style.width < WRITTEN {
            let indent = format!("{}    ", self.others);
            for line in unbroken(text) {
                let pieces = [Piece::painted(line, AnsiColor::Cyan.on_default())];
                self.text.push_str(&flow(&pieces, &indent, &indent, self.style));
            }
            return;
        }
        for line in text.lines() {
            let painted = if line.is_empty() { String::new() } else { format!("    {}", self.style.code(line)) };
            self.line(&painted);
        }
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        let start = self.text.len();
        self.flush();
        self.heading = None;
        if self.style.color {
            return;
        }
        let written = self.text.get(start..).unwrap_or_default();
        let longest = written.lines().map(width).max().unwrap_or_default();
        let sign = if level == HeadingLevel::H1 { "=" } else { "-" };
        self.line(&sign.repeat(longest));
    }

    fn end_table(&mut self) {
        let Some(Rows { titles, rows }) = self.table.take() else { return };
        let mut table = Table::new(&vec![""; titles], &[]);
        for row in rows {
            table.push(row);
        }
        let text = table.render(self.style);
        text.lines().for_each(|line| self.line(line));
    }

    /// A line as it is, behind what lines begin with here.
    fn line(&mut self, line: &str) {
        let line = format!("{}{line}", std::mem::replace(&mut self.first, self.others.clone()));
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// The block of text that is open, in lines.
    fn flush(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        if pieces.is_empty() {
            return;
        }
        let first = std::mem::replace(&mut self.first, self.others.clone());
        self.text.push_str(&flow(&pieces, &first, &self.others, self.style));
        self.is_item = false;
    }
}

/// Lines of what a program says, without the breaks that pages put into it: a line was broken where the next word would
/// not have fitted.
fn unbroken(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut room = WRITTEN;
    for line in text.lines() {
        let next = width(line.split(' ').next().unwrap_or_default());
        match lines.last_mut() {
            Some(last) if next > 0 && room <= next => {
                last.push(' ');
                last.push_str(line);
            }
            _ => lines.push(line.to_owned()),
        }
        room = WRITTEN.saturating_sub(width(line));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# some-rule\n\nWhat it\nsays in `some code`.\n\n## Why\n\n- a **strong** `code` and more words\n- a ` tick\n  - inner\n\n1. one\n\n   more\n2. two\n\n```json bad file=a.json\n{ \"#\": 1 }\n\n```\n\nSee [the guide](https://example.com/guide), <https://example.com> or *this*.\n\n| a | b |\n|---|---|\n| x | `y` |\n";

    #[test]
    fn a_page_without_colours() {
        let style = Style { width: 30, ..Style::PLAIN };
        let expected = "\
some-rule
=========

What it says in `some code`.

Why
---

- a strong `code` and more
  words
- a ` tick
  - inner

1.  one

    more

2.  two

bad, a.json:
    { \"#\": 1 }

See the guide
(https://example.com/guide),
https://example.com or this.

a  b
x  `y`
";
        assert_eq!(render(PAGE, style), expected);
    }

    #[test]
    fn a_page_in_colours() {
        let text = render(PAGE, Style { color: true, unicode: true, width: 80, ..Style::PLAIN });
        assert!(
            text.starts_with("\u{1b}[1msome-rule\u{1b}[0m\n\nWhat it says in \u{1b}[36msome code\u{1b}[0m.\n"),
            "{text}"
        );
        assert!(text.contains("• a \u{1b}[1mstrong\u{1b}[0m \u{1b}[36mcode\u{1b}[0m and"), "{text}");
        assert!(text.contains("    \u{1b}[36m{ \"#\": 1 }"));
        assert!(!text.contains("```") && !text.contains("## ") && !text.contains("---"));
    }

    #[test]
    fn what_a_program_says_is_broken_anew() {
        let long = "word ".repeat(23) + "end";
        let page = format!("```text\n{long}\nsupported. Retry.\nERROR: other\n\n{{\"a\": 1}}\n```\n");
        let text = render(&page, Style { width: 60, ..Style::PLAIN });
        let expected = format!(
            "    {0}\n    {0}\n    word end supported. Retry.\n    ERROR: other\n\n    {{\"a\": 1}}\n",
            "word ".repeat(11).trim_end()
        );
        assert_eq!(text, expected);
        let wide = render(&page, Style { width: 120, ..Style::PLAIN });
        assert!(wide.contains("end\n    supported. Retry.\n"), "{wide}");
    }

    #[test]
    fn odd_pages_are_laid_out_without_a_panic() {
        for page in [
            "",
            "#",
            "- ",
            "-\n\n  - a\n\n    ```\n    x",
            "> a\n> - b",
            "1. a\n   1. b",
            "|a|\n|-|",
            "[",
            "<b>x",
            "***",
            "\u{1b}",
        ] {
            for width in [0, 1, 40] {
                let _ = render(page, Style { color: false, unicode: true, width, ..Style::PLAIN });
            }
        }
    }
}
