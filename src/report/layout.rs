//! Text in lines and columns: broken at blanks, laid out for the width of the terminal.

use anstyle::Style as Paint;

use super::style::Style;

/// The last column of a table is not made narrower than this: it goes on lines of its own instead.
const LEAST: usize = 24;

/// Blanks between columns.
const GAP: usize = 2;

/// How far a column is indented that does not fit beside the others.
const INDENT: &str = "    ";

/// A stretch of text in one paint.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    text: String,
    paint: Paint,
    /// Whether a line is rather ended before it than within it.
    whole: bool,
}

impl Piece {
    /// Text as it is.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self::painted(text, Paint::new())
    }

    /// Text in a paint.
    pub(super) fn painted(text: impl Into<String>, paint: Paint) -> Self {
        Self { text: text.into(), paint, whole: false }
    }

    /// Text in a paint that is copied from the output, and therefore stays in one line where it fits.
    pub(super) fn code(text: impl Into<String>, paint: Paint) -> Self {
        Self { whole: true, ..Self::painted(text, paint) }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// Columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

/// The text with blanks behind it.
pub(super) fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// The text with its middle left out, where it is too long: the beginning tells what it is, the end which.
pub(super) fn shortened(text: &str, room: usize, style: Style) -> String {
    let length = width(text);
    if length <= room {
        return text.to_owned();
    }
    let ellipsis = if style.unicode { "…" } else { "..." };
    let kept = room.saturating_sub(width(ellipsis));
    let head = kept.div_ceil(2);
    let tail = length - (kept - head);
    text.chars().take(head).chain(ellipsis.chars()).chain(text.chars().skip(tail)).collect()
}

/// The text in lines that fit, broken at blanks alone: whatever is copied from it stays whole.
pub(super) fn wrap(text: &str, first: &str, others: &str, style: Style) -> String {
    flow(&[Piece::plain(text)], first, others, style)
}

/// Pieces one behind the other in lines that fit, with what the first line and the others begin with.
pub(super) fn flow(pieces: &[Piece], first: &str, others: &str, style: Style) -> String {
    let mut lines = String::new();
    let mut line = Line::beginning(first);
    for word in words(pieces, style.width.saturating_sub(width(others))) {
        let length: usize = word.iter().map(|(text, _)| width(text)).sum();
        if !line.is_empty && line.taken + 1 + length > style.width {
            lines.push_str(&line.end(style));
            line = Line::beginning(others);
        }
        if !line.is_empty
            && let Some((_, paint)) = word.first()
        {
            // between words of one paint the blank has it too
            let paint = if line.paint == *paint { *paint } else { Paint::new() };
            line.push(" ", paint, style);
        }
        for (text, paint) in word {
            line.push(text, paint, style);
        }
    }
    lines + &line.end(style)
}

/// A line that is being filled.
struct Line {
    text: String,
    taken: usize,
    is_empty: bool,
    /// The stretch at its end that has one paint.
    open: String,
    paint: Paint,
}

impl Line {
    fn beginning(with: &str) -> Self {
        Self { text: with.to_owned(), taken: width(with), is_empty: true, open: String::new(), paint: Paint::new() }
    }

    fn push(&mut self, text: &str, paint: Paint, style: Style) {
        if paint != self.paint {
            self.close(style);
            self.paint = paint;
        }
        self.open.push_str(text);
        self.taken += width(text);
        self.is_empty = false;
    }

    fn close(&mut self, style: Style) {
        let open = std::mem::take(&mut self.open);
        let is_plain = open.is_empty() || self.paint == Paint::new();
        self.text.push_str(&if is_plain { open } else { style.paint(self.paint, &open) });
    }

    fn end(mut self, style: Style) -> String {
        self.close(style);
        format!("{}\n", self.text.trim_end())
    }
}

/// What no line is broken within. Pieces without a blank between them belong together; what is longer than a line is
/// broken in any case.
fn words(pieces: &[Piece], room: usize) -> Vec<Vec<(&str, Paint)>> {
    let mut words: Vec<Vec<(&str, Paint)>> = Vec::new();
    let mut is_open = false;
    for piece in pieces {
        let is_whole = piece.whole && width(&piece.text) < room;
        let parts: Vec<&str> = if is_whole { vec![&piece.text] } else { piece.text.split(' ').collect() };
        for (at, part) in parts.into_iter().enumerate() {
            is_open &= at == 0;
            if part.is_empty() {
                continue;
            }
            match words.last_mut() {
                Some(word) if is_open => word.push((part, piece.paint)),
                _ => words.push(vec![(part, piece.paint)]),
            }
            is_open = true;
        }
    }
    words
}

/// A table. Its last column takes what room there is.
#[derive(Debug)]
pub(super) struct Table {
    /// What stands above each column; no line of titles if all are empty.
    titles: Vec<&'static str>,
    /// The columns that can be left out, in that order, where there is no room for all.
    spare: Vec<usize>,
    rows: Vec<Vec<Piece>>,
}

impl Table {
    pub(super) fn new(titles: &[&'static str], spare: &[usize]) -> Self {
        Self { titles: titles.to_vec(), spare: spare.to_vec(), rows: Vec::new() }
    }

    /// Adds a row, with a cell for each column.
    pub(super) fn push(&mut self, cells: Vec<Piece>) {
        self.rows.push(cells);
    }

    pub(super) fn render(&self, style: Style) -> String {
        let (columns, is_beside) = self.fitting(style.width);
        let Some((last, before)) = columns.split_last() else { return String::new() };
        let mut text = String::new();
        if self.titles.iter().any(|title| !title.is_empty()) {
            let shown = if is_beside { columns.as_slice() } else { before };
            let titles = shown.iter().map(|at| padded(self.titles.get(*at).unwrap_or(&""), self.width_of(*at)));
            let titles: Vec<String> = titles.collect();
            text.push_str(&style.dim(titles.join(&" ".repeat(GAP)).trim_end()));
            text.push('\n');
        }
        for row in &self.rows {
            text.push_str(&self.line(row, before, *last, is_beside, style));
        }
        text
    }

    fn line(&self, row: &[Piece], before: &[usize], last: usize, is_beside: bool, style: Style) -> String {
        let mut line = String::new();
        let mut taken = 0;
        for (position, at) in before.iter().enumerate() {
            let Some(cell) = row.get(*at) else { continue };
            let ends = position + 1 == before.len() && !is_beside;
            let room = if ends { width(&cell.text) } else { self.width_of(*at) + GAP };
            line.push_str(&style.paint(cell.paint, &cell.text));
            line.push_str(&" ".repeat(room - width(&cell.text)));
            taken += room;
        }
        let Some(cell) = row.get(last) else { return line + "\n" };
        if !is_beside {
            let rest = if cell.text.is_empty() {
                String::new()
            } else {
                flow(std::slice::from_ref(cell), INDENT, INDENT, style)
            };
            return format!("{}\n{rest}", line.trim_end());
        }
        let indent = " ".repeat(taken);
        let rest = flow(std::slice::from_ref(cell), &indent, &indent, style);
        // the last column may be empty
        let text = line + rest.get(taken.min(rest.len())..).unwrap_or_default();
        if text.ends_with('\n') { text } else { text.trim_end().to_owned() + "\n" }
    }

    /// The columns that hold anything and that there is room for, and whether the last one stands beside the others.
    fn fitting(&self, room: usize) -> (Vec<usize>, bool) {
        let holds = |at: &usize| self.rows.iter().filter_map(|row| row.get(*at)).any(|cell| !cell.text.is_empty());
        let mut columns: Vec<usize> = (0..self.titles.len()).filter(holds).collect();
        let mut spare = self.spare.iter();
        loop {
            let Some((last, before)) = columns.split_last() else { return (columns, true) };
            let taken: usize = before.iter().map(|at| self.width_of(*at) + GAP).sum();
            if taken + self.width_of(*last).min(LEAST) <= room {
                return (columns, true);
            }
            let Some(without) = spare.next() else { return (columns, false) };
            columns.retain(|at| at != without);
        }
    }

    fn width_of(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| width(&cell.text));
        cells.chain(self.titles.get(column).map(|title| width(title))).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anstyle::AnsiColor;

    fn style(width: usize) -> Style {
        Style { width, ..Style::PLAIN }
    }

    fn table(width: usize) -> String {
        let mut table = Table::new(&["id", "name", "from"], &[1]);
        for (id, name, from) in
            [("amazon.nova-lite-v1:0", "Nova Lite", "us-east-1, us-west-2, eu-west-1 and many more"), ("b", "B", "")]
        {
            table.push(vec![Piece::plain(id), Piece::plain(name), Piece::plain(from)]);
        }
        table.render(style(width))
    }

    #[test]
    fn a_table_takes_the_room_that_there_is() {
        assert_eq!(
            table(100),
            "id                     name       from\n\
             amazon.nova-lite-v1:0  Nova Lite  us-east-1, us-west-2, eu-west-1 and many more\n\
             b                      B\n"
        );
        assert_eq!(
            table(60),
            "id                     name       from\n\
             amazon.nova-lite-v1:0  Nova Lite  us-east-1, us-west-2,\n\
             \u{20}                                 eu-west-1 and many more\n\
             b                      B\n"
        );
        assert_eq!(
            table(50),
            "id                     from\n\
             amazon.nova-lite-v1:0  us-east-1, us-west-2,\n\
             \u{20}                      eu-west-1 and many more\n\
             b\n"
        );
        assert_eq!(
            table(40),
            "id\n\
             amazon.nova-lite-v1:0\n\
             \u{20}   us-east-1, us-west-2, eu-west-1 and\n\
             \u{20}   many more\n\
             b\n"
        );
    }

    #[test]
    fn lines_end_at_blanks_and_code_stays_whole() {
        let code = AnsiColor::Cyan.on_default();
        let pieces =
            [Piece::plain("run ("), Piece::code("bedrock-lint explain x", code), Piece::plain("), then go on")];
        assert_eq!(flow(&pieces, "- ", "  ", style(30)), "- run\n  (bedrock-lint explain x),\n  then go on\n");
        let painted = flow(&pieces, "", "", Style { color: true, ..style(80) });
        assert_eq!(painted, "run (\u{1b}[36mbedrock-lint explain x\u{1b}[0m), then go on\n");
        assert_eq!(wrap("a  b ", "", "", style(80)), "a b\n");
    }

    #[test]
    fn the_middle_is_left_out() {
        assert_eq!(shortened("abcdefghij", 10, style(80)), "abcdefghij");
        assert_eq!(shortened("abcdefghij", 8, style(80)), "abc...ij");
    }
}
