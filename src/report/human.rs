//! Findings for people: the line, what is wrong in it, and what to do.

use std::collections::BTreeMap;
use std::fmt;

use anstyle::{AnsiColor, Style as Paint};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles,
};

pub use super::summary::{rules, statistics, summary};

use super::excerpt::{Excerpt, Mark, excerpts};
use super::layout::{Piece, flow, width, wrap};
use super::style::Style;
use super::{counted, place_of, printable};
use crate::check::Outcome;
use crate::finding::{Confidence, Finding, Label, Severity};
use crate::settings::SettingsError;
use crate::source::{Problem, Source};
use crate::suppress::By;

/// More related places than this are only counted.
const MAX_RELATED: usize = 8;

/// One finding with its source lines.
#[must_use]
pub fn render(finding: &Finding, style: Style) -> String {
    let mut text = heading(finding, style);
    for snippet in snippets(finding.severity, &finding.primary, &finding.related, style) {
        text.push_str(&snippet);
    }
    if let Some(rest) = finding.related.len().checked_sub(MAX_RELATED).filter(|rest| *rest > 0) {
        text.push_str(&format!("  and {}\n", counted(rest, "more place")));
    }
    if let Some(help) = &finding.help {
        text.push_str(&advice(&printable(help), finding.severity, style));
    }
    let sure = match finding.confidence {
        Confidence::Certain => "",
        Confidence::Likely => "likely; ",
        Confidence::Possible => "possible; ",
    };
    let pointer = format!("  {sure}more: bedrock-lint explain {}", finding.rule);
    text.push_str(&style.dim(&pointer));
    text.push('\n');
    text
}

/// The whole report for the standard output: findings with an empty line between them.
#[must_use]
pub fn render_all(findings: &[Finding], style: Style) -> String {
    findings.iter().map(|finding| render(finding, style) + "\n").collect()
}

/// The whole report with the silenced findings among the others, each marked with what silences it.
#[must_use]
pub fn render_with_suppressed(outcome: &Outcome, style: Style) -> String {
    let one = |(finding, by): (&Finding, Option<&By>)| {
        let (word, at, reason) = match by {
            None => return render(finding, style) + "\n",
            Some(By::Baseline) => return render(finding, style) + &style.dim("  suppressed by the baseline") + "\n\n",
            Some(By::Comment { at, reason }) => ("the comment", at, reason),
            Some(By::Settings { at, reason }) => ("the settings", at, reason),
        };
        let place = format!("{}:{}", printable(at.source.path()), at.start().line);
        let mark = format!("  suppressed by {word} at {place}: {}", printable(reason));
        render(finding, style) + &style.dim(&mark) + "\n\n"
    };
    super::with_silenced(outcome).into_iter().map(one).collect()
}

/// Wrong settings: what is wrong, and the characters that are.
#[must_use]
pub fn settings_error(error: &SettingsError, style: Style) -> String {
    let text = problem(&error.problem, style);
    let Some(at) = &error.at else { return text };
    let primary = Label { message: String::new(), at: at.clone() };
    text + &snippets(Severity::Error, &primary, &[], style).concat()
}

/// A problem, as one line for the standard error.
#[must_use]
pub fn problem(problem: &Problem, style: Style) -> String {
    line(Severity::Error, problem, style)
}

/// The same for what does not change the exit code.
#[must_use]
pub fn warning(problem: &Problem, style: Style) -> String {
    line(Severity::Warning, problem, style)
}

fn line(severity: Severity, problem: &Problem, style: Style) -> String {
    let place = place_of(problem);
    format!("{} {place}: {}\n", style.severity(severity, &format!("{severity}:")), printable(&problem.message))
}

fn heading(finding: &Finding, style: Style) -> String {
    let kind = format!("{}[{}]", finding.severity, finding.rule);
    let said = format!(": {}", printable(&finding.message));
    if width(&kind) + width(&said) <= style.heading_width {
        return format!("{}{}\n", style.severity(finding.severity, &kind), style.bold(&said));
    }
    let pieces = [Piece::painted(kind, Style::paint_of(finding.severity)), Piece::painted(said, Paint::new().bold())];
    flow(&pieces, "", "  ", Style { width: style.heading_width, ..style })
}

/// The help, which is broken like a heading.
fn advice(help: &str, severity: Severity, style: Style) -> String {
    const FIRST: &str = "  help: ";
    let others = " ".repeat(width(FIRST));
    if help.lines().all(|line| width(FIRST) + width(line) <= style.heading_width) {
        return body(&draw(&Drawing { help: Some(help.to_owned()), ..Drawing::new(severity) }, style));
    }
    let style = Style { width: style.heading_width, ..style };
    let lines: String = help.lines().map(|line| wrap(line, &others, &others, style)).collect();
    let word = style.paint(AnsiColor::Cyan.on_default(), FIRST.trim());
    format!("  {word} {}", lines.trim_start())
}

/// The places of a finding: those in the file of the primary one first, then the other files by name.
fn snippets(severity: Severity, primary: &Label, related: &[Label], style: Style) -> Vec<String> {
    let labels: Vec<&Label> = std::iter::once(primary).chain(related.iter().take(MAX_RELATED)).collect();
    let mut files: BTreeMap<(bool, &str), (&Source, Vec<Mark>)> = BTreeMap::new();
    for (id, label) in labels.iter().enumerate() {
        let source = &label.at.source;
        let other = source.path() != primary.at.source.path();
        let (start, end) = (label.at.span.start as usize, label.at.span.end as usize);
        files.entry((other, source.path())).or_insert((source, Vec::new())).1.push(Mark { start, end, id });
    }
    let ellipsis = if style.unicode { "…" } else { "..." };
    files
        .into_values()
        .flat_map(|(source, marks)| excerpts(source, &marks, ellipsis))
        .map(|excerpt| {
            let spans = excerpt.marks.iter().map(|mark| span(mark, &labels)).collect();
            let kinds = excerpt.marks.iter().map(|mark| mark.id == 0).collect();
            let drawing = Drawing { excerpt: Some(excerpt), spans, leads: kinds, ..Drawing::new(severity) };
            body(&draw(&drawing, style))
        })
        .collect()
}

fn span(mark: &Mark, labels: &[&Label]) -> LabeledSpan {
    let message = labels.get(mark.id).map(|label| printable(&label.message)).filter(|message| !message.is_empty());
    let length = mark.end - mark.start;
    if mark.id == 0 {
        LabeledSpan::new_primary_with_span(message, (mark.start, length))
    } else {
        LabeledSpan::new_with_span(message, (mark.start, length))
    }
}

/// One call of the drawing library: an excerpt, or the help text.
#[derive(Debug)]
struct Drawing {
    severity: Severity,
    excerpt: Option<Excerpt>,
    spans: Vec<LabeledSpan>,
    /// Which spans are primary, in their order.
    leads: Vec<bool>,
    help: Option<String>,
}

impl Drawing {
    fn new(severity: Severity) -> Self {
        Self { severity, excerpt: None, spans: Vec::new(), leads: Vec::new(), help: None }
    }
}

impl fmt::Display for Drawing {
    /// Nothing: the heading is written by us.
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Drawing {}

impl Diagnostic for Drawing {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.spans.iter().cloned()))
    }
}

fn draw(drawing: &Drawing, style: Style) -> String {
    let characters = if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let mut styles = if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let lead = match drawing.severity {
        Severity::Error => styles.error,
        Severity::Warning => styles.warning,
        Severity::Note => styles.advice,
    };
    // the library hands these out to the labels in their order
    styles.highlights = drawing.leads.iter().map(|leads| if *leads { lead } else { styles.linum }).collect();
    if styles.highlights.is_empty() {
        styles.highlights.push(lead);
    }
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_width(style.width)
        // wrapped lines would break ARNs at their hyphens, so that they could not be copied
        .with_wrap_lines(false)
        .without_syntax_highlighting();
    // writing to a string cannot fail, and a label that does not fit its excerpt is left out rather than fatal
    let _ = handler.render_report(&mut text, drawing);
    text
}

/// What was drawn, without the first line: there the library puts the message, which our heading has.
fn body(drawn: &str) -> String {
    drawn.split_once('\n').map(|(_, rest)| rest.to_owned()).unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(crate) mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::source::Location;
    use crate::text::Span;

    /// A finding at the first occurrence of `word`, and related ones at others.
    pub(crate) fn finding(path: &str, text: &str, word: &str, related: &[(&str, &str, &str)]) -> Finding {
        let label = |path: &str, text: &str, word: &str| {
            let start = text.find(word).unwrap();
            let at = Location::new(&Arc::new(Source::new(path, text)), Span::new(start, start + word.len()));
            Label { message: format!("see `{word}`"), at }
        };
        Finding {
            rule: "unknown-action",
            severity: Severity::Error,
            confidence: Confidence::Certain,
            message: "there is no action `bedrock:Converse`".to_owned(),
            help: None,
            primary: label(path, text, word),
            related: related.iter().map(|(path, text, word)| label(path, text, word)).collect(),
            fix: None,
            anchor: "Allow.Action".to_owned(),
            ordinal: 0,
        }
    }

    #[test]
    fn a_finding_in_a_pipe() {
        let text = "{\n  \"ключ\": \"日本\", \"Action\": \"bedrock:Converse\"\n}\n";
        let mut finding = finding("infra/a.json", text, "bedrock:Converse", &[("b.tf", "x = here", "here")]);
        finding.confidence = Confidence::Likely;
        finding.help = Some("write `bedrock:InvokeModel`".to_owned());
        let expected = r#"error[unknown-action]: there is no action `bedrock:Converse`
   ,-[infra/a.json:2:28]
 1 | {
 2 |   "ключ": "日本", "Action": "bedrock:Converse"
   :                              ^^^^^^^^|^^^^^^^
   :                                      `-- see `bedrock:Converse`
 3 | }
   `----
   ,-[b.tf:1:5]
 1 | x = here
   :     ^^|^
   :       `-- see `here`
   `----
  help: write `bedrock:InvokeModel`
  likely; more: bedrock-lint explain unknown-action
"#;
        assert_eq!(render(&finding, Style::PLAIN), expected);
    }

    #[test]
    fn colours_and_drawing_are_separate_choices() {
        let finding = finding("a", "x y", "y", &[]);
        let both = render(&finding, Style { color: true, unicode: true, width: 80, ..Style::PLAIN });
        assert!(both.contains("\u{1b}[") && both.contains('╭'));
        let ascii = render(&finding, Style { color: true, ..Style::PLAIN });
        assert!(ascii.contains("\u{1b}[") && ascii.is_ascii());
        assert!(!render(&finding, Style::PLAIN).contains('\u{1b}'));
    }

    #[test]
    fn odd_labels_are_drawn_without_a_panic() {
        let texts = ["", "\n", "\u{feff}", "a\r\rb\r\n", "\t\tтекст\t\n\n\n", "日本\n語"];
        for text in texts {
            for start in 0..=text.len() + 2 {
                for end in start..=text.len() + 3 {
                    let source = Arc::new(Source::new("a", text));
                    let at = Location::new(&source, Span::new(start, end));
                    let mut finding = finding("a", "x", "x", &[]);
                    finding.related = vec![Label { message: String::new(), at: at.clone() }];
                    finding.primary = Label { message: "two\nlines".to_owned(), at };
                    assert!(render(&finding, Style::PLAIN).contains("[a:"), "{text:?} {start}..{end}");
                }
            }
        }
    }
}
