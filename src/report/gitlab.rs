//! GitLab's Code Quality report, which merge requests show beside the changed lines.
//!
//! The format: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>. It has no place for inputs
//! that could not be read: the standard error and the exit code tell of them.

use serde::Serialize;

use super::{fingerprints, message_and_help, pretty, printable};
use crate::finding::{Finding, Severity};

#[derive(Serialize)]
struct Row {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Place,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// The findings as an array.
#[must_use]
pub fn render(findings: &[Finding]) -> String {
    let rows: Vec<Row> =
        findings.iter().zip(fingerprints(findings)).map(|(finding, print)| row(finding, print)).collect();
    pretty(&rows)
}

fn row(finding: &Finding, fingerprint: String) -> Row {
    let at = &finding.primary.at;
    Row {
        description: message_and_help(finding).replace('\n', "; "),
        check_name: finding.rule,
        fingerprint,
        severity: match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Note => "info",
        },
        location: Place { path: printable(at.source.path()), lines: Lines { begin: at.start().line } },
    }
}
