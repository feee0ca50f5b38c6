//! The diagnosis for people: what happened, what is behind it, what to do, and where.

use anstyle::{AnsiColor, Style as Paint};

use super::super::human::render_all;
use super::super::layout::{width, wrap};
use super::super::printable;
use super::super::style::Style;
use super::{more, nothing_known, place, quoted, shown};
use crate::diagnose::{Advised, Diagnosed, Diagnosis, Facts, Unknown};

/// The diagnosis for people.
#[must_use]
pub fn human(diagnosis: &Diagnosis, style: Style) -> String {
    let several = diagnosis.errors.len() > 1;
    let mut text = String::new();
    for (index, error) in diagnosis.errors.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        text.push_str(&one(error, several, diagnosis.looked_at_files, style));
    }
    if let Some(unknown) = &diagnosis.unknown {
        text.push_str(&not_known(unknown, diagnosis.lines, style));
    }
    if let Some(more) = more(diagnosis.more) {
        text.push_str(&format!("\n{}", wrap(&more, "", "", style)));
    }
    text
}

fn one(error: &Diagnosed, several: bool, with_files: bool, style: Style) -> String {
    let red = Paint::new().bold().fg_color(Some(AnsiColor::Red.into()));
    let sentence = wrap(&format!("{}: {}", error.known.id, printable(&error.what)), "", "", style);
    let mut text = match sentence.split_once(':') {
        Some((id, rest)) => format!("{}{}", style.paint(red, id), style.bold(&format!(":{rest}"))),
        None => sentence,
    };
    if several || error.line > 1 || error.input.is_some() {
        text.push_str(&format!("  {}\n", style.dim(&place(error))));
    }
    text.push_str(&wrap(&quoted(&error.message), "  | ", "  | ", style));
    text.push_str(&facts(&error.facts, style));
    text.push_str(&heading("what may be behind it", style));
    for (index, cause) in error.causes.iter().enumerate() {
        let number = format!("  {}. ", index + 1);
        let likely = if cause.likely { " (the text speaks for it)" } else { "" };
        text.push_str(&wrap(&printable(&format!("{}{likely}", cause.cause)), &number, "     ", style));
        text.push_str(&wrap(&printable(&format!("to tell: {}", cause.tell)), "     ", "     ", style));
    }
    text.push_str(&heading("what to do", style));
    text.push_str(&error.advice.iter().map(|advised| advice(advised, style)).collect::<String>());
    for fix in &error.known.fixes {
        text.push_str(&wrap(fix, bullet(style), "    ", style));
    }
    if !error.checks.is_empty() {
        text.push_str(&heading("look it up", style));
        text.push_str(&error.checks.iter().map(|check| command(check, style)).collect::<String>());
    }
    if !error.findings.is_empty() {
        text.push_str(&heading("in the files", style));
        text.push_str(render_all(&error.findings, style).trim_end_matches('\n'));
        text.push('\n');
    } else if with_files {
        text.push_str(&heading("in the files", style));
        text.push_str(&wrap("nothing that leads to it was found there", "  ", "  ", style));
    }
    text.push_str(&format!("\n{}\n", style.dim(&format!("more: bedrock-lint explain {}", error.known.id))));
    text
}

fn heading(text: &str, style: Style) -> String {
    format!("\n{}\n", style.bold(text))
}

fn bullet(style: Style) -> &'static str {
    if style.unicode { "  • " } else { "  - " }
}

fn facts(facts: &Facts, style: Style) -> String {
    let rows = shown(facts);
    if rows.is_empty() {
        return String::new();
    }
    let widest = rows.iter().map(|(name, _)| width(name)).max().unwrap_or_default();
    let row = |(name, value): &(&str, String)| {
        let name = format!("{name}{}", " ".repeat(widest - width(name)));
        format!("  {}  {}\n", style.dim(&name), style.code(value))
    };
    heading("read out", style) + &rows.iter().map(row).collect::<String>()
}

fn advice(advised: &Advised, style: Style) -> String {
    let colon = if advised.items.is_empty() && advised.code.is_none() { "" } else { ":" };
    let mut text = wrap(&printable(&format!("{}{colon}", advised.text)), bullet(style), "    ", style);
    for item in &advised.items {
        // an id alone is to be copied, a sentence may be broken
        text.push_str(&wrap(&printable(item), "      ", "        ", style));
    }
    if let Some(code) = &advised.code {
        let line = |line: &str| format!("      {}\n", style.code(&printable(line)));
        text.push_str(&code.text.lines().map(line).collect::<String>());
    }
    text
}

/// A command that can be copied, broken between its options where it is too long.
fn command(command: &str, style: Style) -> String {
    let command = printable(command);
    if width(&command) + 4 <= style.width {
        return format!("  $ {}\n", style.code(&command));
    }
    let parts: Vec<&str> = command.split(" --").collect();
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        let start = if index == 0 { "  $ " } else { "      --" };
        let end = if index + 1 < parts.len() { " \\" } else { "" };
        text.push_str(&format!("{}\n", style.code(&format!("{start}{part}{end}"))));
    }
    text
}

fn not_known(unknown: &Unknown, lines: u64, style: Style) -> String {
    let mut text = wrap(&nothing_known(lines), "", "", style);
    text.push_str(&facts(&unknown.facts, style));
    if !unknown.nearest.is_empty() {
        text.push_str(&heading("known messages like it", style));
        for nearest in &unknown.nearest {
            text.push_str(&wrap(
                &format!("{}: {}", nearest.error.id, nearest.error.example),
                bullet(style),
                "    ",
                style,
            ));
            text.push_str(&format!("    {}\n", style.dim(&format!("more: bedrock-lint explain {}", nearest.error.id))));
        }
    }
    text
}
