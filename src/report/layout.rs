//! Text in the columns of a terminal.

use super::style::Style;

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

/// The text in lines that fit, broken at blanks alone: whatever is copied from it stays whole.
pub(super) fn wrap(text: &str, first: &str, others: &str, style: Style) -> String {
    let mut lines = String::new();
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in text.split(' ') {
        if !is_empty && width(&line) + 1 + width(word) > style.width {
            lines.push_str(&line);
            lines.push('\n');
            line = others.to_owned();
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines + &line + "\n"
}
