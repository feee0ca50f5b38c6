//! The diagnosis for a ticket.

use std::fmt::Write;

use super::super::markdown::{code, details, longest_run, prose};
use super::super::printable;
use super::{more, nothing_known, place, quoted, shown};
use crate::diagnose::{Advised, Diagnosed, Diagnosis, Facts, Unknown};

/// The diagnosis in Markdown.
#[must_use]
pub fn markdown(diagnosis: &Diagnosis) -> String {
    let mut text = diagnosis.errors.iter().map(one).collect::<Vec<String>>().join("\n");
    if let Some(unknown) = &diagnosis.unknown {
        text.push_str(&not_known(unknown, diagnosis.lines));
    }
    if let Some(more) = more(diagnosis.more) {
        text.push_str(&format!("\n{}\n", prose(&more)));
    }
    text
}

// writing to a string cannot fail
fn one(error: &Diagnosed) -> String {
    let mut text = format!("## {}: {}\n\n", error.known.id, prose(&printable(&error.what)));
    let _ = writeln!(text, "{}:\n\n{}", code(&place(error)), fenced("text", &format!("{}\n", quoted(&error.message))));
    text.push_str(&facts(&error.facts));
    text.push_str("\n**What may be behind it**\n\n");
    for (index, cause) in error.causes.iter().enumerate() {
        let likely = if cause.likely { " (the text speaks for it)" } else { "" };
        let _ = writeln!(text, "{}. {}{likely}", index + 1, prose(&printable(&cause.cause)));
        let _ = writeln!(text, "   To tell: {}", prose(&printable(&cause.tell)));
    }
    text.push_str("\n**What to do**\n\n");
    text.push_str(&error.advice.iter().map(advice).collect::<String>());
    for fix in &error.known.fixes {
        let _ = writeln!(text, "- {}", prose(fix));
    }
    if !error.checks.is_empty() {
        let commands: String = error.checks.iter().map(|check| format!("{}\n", printable(check))).collect();
        let _ = write!(text, "\n**Look it up**\n\n{}", fenced("sh", &commands));
    }
    if !error.findings.is_empty() {
        text.push_str("\n**In the files**\n\n");
        text.push_str(&error.findings.iter().map(details).collect::<String>());
    }
    text
}

fn facts(facts: &Facts) -> String {
    let rows = shown(facts);
    if rows.is_empty() {
        return String::new();
    }
    let row = |(name, value): &(&str, String)| format!("| {name} | {} |\n", code(value));
    format!("\n| read out | |\n|---|---|\n{}", rows.iter().map(row).collect::<String>())
}

fn advice(advised: &Advised) -> String {
    let colon = if advised.items.is_empty() && advised.code.is_none() { "" } else { ":" };
    let mut text = format!("- {}{colon}\n", prose(&printable(&advised.text)));
    for item in &advised.items {
        let item = printable(item);
        let shown = if item.contains(' ') { prose(&item) } else { code(&item) };
        let _ = writeln!(text, "  - {shown}");
    }
    if let Some(document) = &advised.code {
        let lines: String = document.text.lines().map(|line| format!("{}\n", printable(line))).collect();
        let block = fenced(document.language, &lines);
        text.push('\n');
        text.push_str(&block.lines().map(|line| format!("  {line}\n")).collect::<String>());
        text.push('\n');
    }
    text
}

fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}{language}\n{text}{fence}\n")
}

fn not_known(unknown: &Unknown, lines: u64) -> String {
    let mut text = format!("## {}\n", prose(&nothing_known(lines)));
    text.push_str(&facts(&unknown.facts));
    if !unknown.nearest.is_empty() {
        text.push_str("\n**Known messages like it**\n\n");
        for nearest in &unknown.nearest {
            let _ = writeln!(text, "- {}: {}", nearest.error.id, code(&nearest.error.example));
        }
    }
    text
}
