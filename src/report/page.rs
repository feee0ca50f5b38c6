//! Rule pages in a terminal: headings, lists, code. Markdown is readable as it is, so this only paints it.

use std::fmt::Write;

use super::style::Style;

/// A page for the terminal; without colours it is the page as written.
#[must_use]
pub fn render(page: &str, style: Style) -> String {
    let mut text = String::with_capacity(page.len() + 1);
    let mut fence: Option<&str> = None;
    for line in page.lines() {
        let trimmed = line.trim_start();
        let marker = ["```", "~~~"].into_iter().find(|marker| trimmed.starts_with(marker));
        let painted = match (fence, marker) {
            _ if !style.color => line.to_owned(),
            (Some(open), Some(close)) if open == close => {
                fence = None;
                continue;
            }
            (Some(_), _) => format!("    {}", style.code(line)),
            (None, Some(open)) => {
                fence = Some(open);
                continue;
            }
            (None, None) if line.starts_with('#') => style.bold(line.trim_start_matches('#').trim_start()),
            (None, None) => prose(line, style),
        };
        // writing to a string cannot fail
        let _ = writeln!(text, "{painted}");
    }
    text
}

/// A line of prose: list markers as bullets, code between backticks painted.
fn prose(line: &str, style: Style) -> String {
    let body = line.trim_start();
    let indent = " ".repeat(line.len() - body.len());
    let (bullet, body) = match body.strip_prefix("- ").or_else(|| body.strip_prefix("* ")) {
        Some(rest) => (if style.unicode { "• " } else { "- " }, rest),
        None => ("", body),
    };
    let pieces: Vec<&str> = body.split('`').collect();
    // an unpaired backtick is just a character
    if pieces.len().is_multiple_of(2) {
        return format!("{indent}{bullet}{}", strong(body, style));
    }
    let painted = pieces.iter().enumerate().map(|(index, piece)| match index % 2 {
        0 => strong(piece, style),
        _ => style.code(piece),
    });
    format!("{indent}{bullet}{}", painted.collect::<String>())
}

/// `**bold**` as bold.
fn strong(text: &str, style: Style) -> String {
    let pieces: Vec<&str> = text.split("**").collect();
    if pieces.len().is_multiple_of(2) {
        return text.to_owned();
    }
    pieces
        .iter()
        .enumerate()
        .map(|(i, piece)| if i % 2 == 0 { (*piece).to_owned() } else { style.bold(piece) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        "# some-rule\n\nWhat it\nsays.\n\n## Why\n\n- a **strong** `code`\n- a ` tick\n\n```json\n{ \"#\": 1 }\n```\n";

    #[test]
    fn a_page_in_a_pipe_is_the_page() {
        assert_eq!(render(PAGE, Style::PLAIN), PAGE);
    }

    #[test]
    fn a_page_in_a_terminal_is_painted() {
        let text = render(PAGE, Style { color: true, unicode: true, width: 80 });
        assert!(text.contains("• a \u{1b}[1mstrong\u{1b}[0m \u{1b}[36mcode\u{1b}[0m"), "{text}");
        assert!(text.contains("• a ` tick"));
        assert!(text.contains("    \u{1b}[36m{ \"#\": 1 }"));
        assert!(!text.contains("```") && !text.contains("## "));
    }
}
