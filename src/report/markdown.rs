//! Markdown for a comment on a pull request, or a ticket: a table, and what a person needs to mend each finding.

use std::fmt::Write;

use super::style::Style;
use super::{counted, human, place, place_of, printable};
use crate::check::Outcome;
use crate::finding::{Finding, Severity};
use crate::source::Problem;

/// Comments on GitHub end at 65,536 characters; details that would go past this are left out. In bytes.
const ROOM: usize = 60_000;

/// More rows than this are only counted. They share the room with the details.
const MAX_ROWS: usize = 100;

/// The report of a check.
#[must_use]
pub fn render(outcome: &Outcome) -> String {
    let mut text = format!("## {}: {}\n", env!("CARGO_PKG_NAME"), headline(outcome));
    if !outcome.problems.is_empty() {
        text.push_str("\n**Not checked:**\n\n");
        append(&mut text, outcome.problems.iter().map(problem), outcome.problems.len(), "input");
    }
    if !outcome.findings.is_empty() {
        text.push_str("\n| severity | rule | place | what is wrong |\n|---|---|---|---|\n");
        append(&mut text, outcome.findings.iter().map(row), outcome.findings.len(), "finding");
        text.push('\n');
        append(&mut text, outcome.findings.iter().map(details), outcome.findings.len(), "finding in detail");
    }
    text
}

/// Appends what there is room for, and says how much more there is.
fn append(text: &mut String, parts: impl Iterator<Item = String>, all: usize, noun: &str) {
    let mut shown = 0;
    for part in parts.take(MAX_ROWS) {
        if text.len() + part.len() > ROOM {
            break;
        }
        text.push_str(&part);
        shown += 1;
    }
    if shown < all {
        // writing to a string cannot fail
        let _ = writeln!(text, "\n…and {} more of {}.\n", all - shown, counted(all, noun));
    }
}

fn headline(outcome: &Outcome) -> String {
    let summary = &outcome.summary;
    let counts: Vec<String> = [(summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(count, noun))
        .collect();
    let found = if counts.is_empty() { "no problems found".to_owned() } else { counts.join(", ") };
    format!("{found} in {}", counted(summary.files_scanned, "file"))
}

fn row(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Error => "**error**",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let message = prose(&printable(&finding.message));
    format!("| {severity} | {} | {} | {message} |\n", finding.rule, code(&place(finding)))
}

/// The finding as a terminal shows it. An empty line after the summary makes the fence a fence.
pub(super) fn details(finding: &Finding) -> String {
    let drawing = human::render(finding, Style::PLAIN);
    let fence = "`".repeat(longest_run(&drawing).max(2) + 1);
    let summary = format!("{} {}", finding.rule, code(&place(finding)));
    format!("<details><summary>{summary}</summary>\n\n{fence}text\n{drawing}{fence}\n\n</details>\n\n")
}

fn problem(problem: &Problem) -> String {
    format!("- {}: {}\n", code(&place_of(problem)), prose(&printable(&problem.message)))
}

/// A message, what is between backticks as code. An unpaired backtick is just a character.
pub(super) fn prose(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return escape(text);
    }
    let shown = |(index, piece): (usize, &&str)| if index % 2 == 0 { escape(piece) } else { code(piece) };
    pieces.iter().enumerate().map(shown).collect()
}

/// Code that may hold anything: unlike between backticks, everything can be escaped in here.
pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// Characters that mean something in Markdown or HTML, as references: those never start markup, not even in a table.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '~' | '#' | '@' | '!' | '"' => {
                // writing to a string cannot fail
                let _ = write!(escaped, "&#{};", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// How many backticks follow each other at most.
pub(super) fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::human::tests::finding;
    use super::*;

    #[test]
    fn text_of_a_file_is_text() {
        let odd = Finding {
            message: "a | <b> `x|*y*</code>` and ` alone ` [z](u)".to_owned(),
            help: None,
            ..finding("a|`b`.json", "```` x", "x", &[])
        };
        assert_eq!(
            row(&odd),
            "| **error** | unknown-action | <code>a&#124;&#96;b&#96;.json:1:6</code> | a &#124; &lt;b&gt; \
             <code>x&#124;&#42;y&#42;&lt;/code&gt;</code> and <code> alone </code> &#91;z&#93;(u) |\n"
        );
        assert!(details(&odd).contains("\n\n`````text\n"), "{}", details(&odd));
        assert!(details(&odd).ends_with("\n`````\n\n</details>\n\n"));
    }

    #[test]
    fn a_comment_has_an_end() {
        let text: String = "x".repeat(400);
        let rows = || (0..1000).map(|_| format!("{text}\n"));
        let mut comment = String::new();
        append(&mut comment, rows(), 1000, "finding");
        append(&mut comment, rows(), 1000, "finding");
        assert!(comment.len() < ROOM + 200, "{}", comment.len());
        assert!(comment.contains("\n…and 900 more of 1000 findings.\n"));
    }
}
