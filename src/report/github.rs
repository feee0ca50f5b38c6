//! Workflow commands, which GitHub Actions turns into annotations of a pull request.
//!
//! Commands and their escaping: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands> and
//! `packages/core/src/command.ts` of <https://github.com/actions/toolkit>.

use super::{message_and_help, printable};
use crate::check::Outcome;
use crate::finding::{Finding, Severity};
use crate::source::{Position, Problem};

/// The findings, then the inputs that could not be read.
#[must_use]
pub fn render(outcome: &Outcome) -> String {
    outcome.findings.iter().map(finding).chain(outcome.problems.iter().map(problem)).collect()
}

fn finding(finding: &Finding) -> String {
    let (start, end) = (finding.primary.at.start(), finding.primary.at.end());
    let mut properties = vec![
        ("file", printable(finding.primary.at.source.path())),
        ("line", start.line.to_string()),
        ("endLine", end.line.to_string()),
    ];
    // columns of an annotation over several lines are refused
    if start.line == end.line {
        properties.push(("col", start.column.to_string()));
        properties.push(("endColumn", end.column.to_string()));
    }
    properties.push(("title", format!("{} ({})", finding.rule, env!("CARGO_PKG_NAME"))));
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    command(level, &properties, &message_and_help(finding))
}

fn problem(problem: &Problem) -> String {
    let mut properties = vec![("file", printable(&problem.path))];
    if let Some(Position { line, column }) = problem.position {
        properties.push(("line", line.to_string()));
        properties.push(("col", column.to_string()));
    }
    properties.push(("title", format!("not checked ({})", env!("CARGO_PKG_NAME"))));
    command("error", &properties, &printable(&problem.message))
}

fn command(level: &str, properties: &[(&str, String)], message: &str) -> String {
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", escape_property(value))).collect();
    format!("::{level} {}::{}\n", properties.join(","), escape(message))
}

/// The percent sign goes first: the others bring some.
fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::human::tests;
    use super::*;

    #[test]
    fn nothing_in_a_name_or_message_ends_a_command() {
        let odd =
            Finding { message: "50%: a, b".to_owned(), help: None, ..tests::finding("a,b::c%.json", "x", "x", &[]) };
        let line = finding(&odd);
        assert!(
            line.starts_with("::error file=a%2Cb%3A%3Ac%25.json,line=1,endLine=1,col=1,endColumn=2,title="),
            "{line}"
        );
        assert!(line.ends_with("::50%25: a, b\n"), "{line}");
    }

    #[test]
    fn a_place_over_several_lines_has_no_columns() {
        let line = finding(&tests::finding("a", "{\n1\n}", "{\n1\n}", &[]));
        assert!(line.contains("line=1,endLine=3,title="), "{line}");
    }

    #[test]
    fn a_problem_is_an_error() {
        let gone = Problem { path: "a".to_owned(), position: None, message: "gone".to_owned() };
        assert_eq!(problem(&gone), "::error file=a,title=not checked (bedrock-lint)::gone\n");
    }
}
