//! A JUnit report, for CI systems that show test results and nothing else: a suite per file, a failed case per finding.
//!
//! The format has no standard; this is what the common readers agree on:
//! <https://github.com/testmoapp/junitxml>.

use std::collections::BTreeMap;

use quick_xml::escape::escape;

use super::{message_and_help, printable};
use crate::check::Outcome;
use crate::finding::Finding;
use crate::source::{Position, Problem};

/// What came out for one file.
#[derive(Default)]
struct Suite<'a> {
    findings: Vec<&'a Finding>,
    problems: Vec<&'a Problem>,
}

/// The report of a check. Files without findings do not appear.
#[must_use]
pub fn render(outcome: &Outcome) -> String {
    let mut suites: BTreeMap<&str, Suite<'_>> = BTreeMap::new();
    for finding in &outcome.findings {
        suites.entry(finding.primary.at.source.path()).or_default().findings.push(finding);
    }
    for problem in &outcome.problems {
        suites.entry(&problem.path).or_default().problems.push(problem);
    }
    let counts = counts(outcome.findings.len(), outcome.problems.len());
    let name = env!("CARGO_PKG_NAME");
    let mut text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{name}\" {counts}>\n");
    text.extend(suites.iter().map(|(path, suite)| render_suite(path, suite)));
    text.push_str("</testsuites>\n");
    text
}

/// Nothing is timed: the same input gives the same bytes.
fn counts(failures: usize, errors: usize) -> String {
    format!("tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" time=\"0\"", failures + errors)
}

fn render_suite(path: &str, suite: &Suite<'_>) -> String {
    let path = xml(&printable(path));
    let counts = counts(suite.findings.len(), suite.problems.len());
    let mut text = format!("  <testsuite name=\"{path}\" {counts}>\n");
    text.extend(suite.findings.iter().map(|finding| failure(&path, finding)));
    text.extend(suite.problems.iter().map(|problem| error(&path, problem)));
    text.push_str("  </testsuite>\n");
    text
}

fn failure(path: &str, finding: &Finding) -> String {
    let Position { line, column } = finding.primary.at.start();
    let (rule, severity) = (finding.rule, finding.severity);
    let message = xml(&printable(&finding.message));
    let body = xml(&message_and_help(finding));
    format!(
        "    <testcase name=\"{rule} at {line}:{column}\" classname=\"{path}\" file=\"{path}\" line=\"{line}\" time=\"0\">\n      \
         <failure type=\"{severity}\" message=\"{message}\">{path}:{line}:{column}: {severity}[{rule}] {body}</failure>\n    \
         </testcase>\n"
    )
}

fn error(path: &str, problem: &Problem) -> String {
    let place = problem.position.map(|Position { line, column }| format!(" at {line}:{column}")).unwrap_or_default();
    let message = xml(&printable(&problem.message));
    format!(
        "    <testcase name=\"not checked{place}\" classname=\"{path}\" file=\"{path}\" time=\"0\">\n      \
         <error type=\"unreadable\" message=\"{message}\"/>\n    </testcase>\n"
    )
}

/// Text for an element or an attribute. The two characters that no escape makes legal in XML 1.0 are replaced; control
/// characters are gone already.
fn xml(text: &str) -> String {
    escape(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
