//! Counts and tables for people.

use anstyle::Style as Paint;

use super::layout::{Piece, Table};
use super::style::Style;
use super::{counted, printable};
use crate::check::Outcome;
use crate::finding::{Finding, Severity};
use crate::rules::Rule;
use crate::source::show_size;

/// How many files are named that could not be parsed.
const NAMED: usize = 3;

/// How many findings each rule has, most first.
#[must_use]
pub fn statistics(findings: &[Finding], style: Style) -> String {
    let rows = super::statistics(findings);
    let width = rows.iter().map(|(_, count)| count.to_string().len()).max().unwrap_or_default();
    rows.iter()
        .map(|((rule, severity), count)| {
            let word = style.severity(*severity, &format!("{:7}", severity.as_str()));
            format!("{count:width$}  {word}  {rule}\n")
        })
        .collect()
}

/// The rules as a table.
#[must_use]
pub fn rules(rules: &[Rule], style: Style) -> String {
    let mut table = Table::new(&["", "", ""], &[]);
    for rule in rules {
        let pedantic = if rule.pedantic { " (--pedantic)" } else { "" };
        table.push(vec![
            Piece::painted(rule.slug, Paint::new().bold()),
            Piece::painted(rule.severity.as_str(), Style::paint_of(rule.severity)),
            Piece::plain(format!("{}{pedantic}", rule.summary())),
        ]);
    }
    table.render(style)
}

/// What came out, as the last lines for the standard error. `max_file_size` is the limit that applied.
#[must_use]
pub fn summary(outcome: &Outcome, max_file_size: u64, style: Style) -> String {
    let summary = &outcome.summary;
    let counts: Vec<String> = [
        (summary.errors, "error", Severity::Error),
        (summary.warnings, "warning", Severity::Warning),
        (summary.notes, "note", Severity::Note),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, noun, severity)| style.severity(severity, &counted(count, noun)))
    .collect();
    let files = counted(summary.files_scanned, "file");
    let mut line = match (counts.is_empty(), summary.files_scanned) {
        (true, 0) => "no files were checked".to_owned(),
        (true, _) => {
            let verb = if summary.files_relevant == 1 { "mentions" } else { "mention" };
            let nothing = match outcome.passed_over.without_facts {
                0 => String::new(),
                count => format!(", {count} without a policy or adapter that is read yet"),
            };
            format!("no problems found in {files} ({} {verb} Bedrock{nothing})", summary.files_relevant)
        }
        (false, _) => format!("{} in {} of {files}", counts.join(", "), files_with_findings(&outcome.findings)),
    };
    let more: Vec<String> = [(summary.suppressed, "suppressed"), (summary.hidden, "more with --pedantic")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if !more.is_empty() {
        line.push_str(&format!(" ({})", more.join(", ")));
    }
    if !outcome.problems.is_empty() {
        line.push_str(&format!("; {} could not be read", counted(outcome.problems.len(), "input")));
    }
    line.push('\n');
    passed_over(outcome, max_file_size) + &line
}

fn passed_over(outcome: &Outcome, max_file_size: u64) -> String {
    let passed = &outcome.passed_over;
    let mut lines = String::new();
    if let Some(first) = &passed.first_unreadable {
        let what = if passed.unreadable == 1 {
            "1 file or folder".to_owned()
        } else {
            format!("{} files or folders", passed.unreadable)
        };
        lines.push_str(&format!(
            "{what} could not be read: {}{}\n",
            printable(first),
            if passed.unreadable > 1 { ", …" } else { "" }
        ));
    }
    if let Some(first) = &passed.first_hidden {
        let (verb, was) = if passed.hidden == 1 { ("mentions", "was") } else { ("mention", "were") };
        lines.push_str(&format!(
            "{} of environment variables that ignore files hide {verb} Bedrock and {was} not read: {}{}; --no-ignore \
             reads them\n",
            counted(passed.hidden, "file"),
            printable(first),
            if passed.hidden > 1 { ", …" } else { "" }
        ));
    }
    if passed.oversized > 0 {
        let size = show_size(max_file_size);
        lines.push_str(&format!("{} over {size} without a policy skipped\n", counted(passed.oversized, "file")));
    }
    if passed.not_utf8 > 0 {
        let files = counted(passed.not_utf8, "file");
        lines.push_str(&format!("{files} without a policy or adapter skipped: not UTF-8\n"));
    }
    if !passed.unparsed.is_empty() {
        let shown: Vec<_> = passed.unparsed.iter().take(NAMED).map(|path| printable(path)).collect();
        let more = if passed.unparsed.len() > NAMED { ", …" } else { "" };
        let files = counted(passed.unparsed.len(), "file");
        lines.push_str(&format!("{files} could not be parsed: {}{more}\n", shown.join(", ")));
    }
    if let Some(first) = passed.named_without_facts.first() {
        let holds = if passed.named_without_facts.len() == 1 { "holds" } else { "hold" };
        lines.push_str(&format!(
            "{} {holds} no policy or adapter that is read yet: {}{}\n",
            counted(passed.named_without_facts.len(), "named file"),
            printable(first),
            if passed.named_without_facts.len() > 1 { ", …" } else { "" }
        ));
    }
    lines
}

fn files_with_findings(findings: &[Finding]) -> usize {
    let mut paths: Vec<&str> = findings.iter().map(|finding| finding.primary.at.source.path()).collect();
    paths.sort_unstable();
    paths.dedup();
    paths.len()
}
