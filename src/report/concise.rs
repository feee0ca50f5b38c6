//! One line per finding, as compilers print them: editors and `grep` know what to do with it.

use super::{place, printable};
use crate::finding::Finding;

/// The findings, each as `path:line:column: severity[rule] message`.
#[must_use]
pub fn render(findings: &[Finding]) -> String {
    findings.iter().map(line).collect()
}

fn line(finding: &Finding) -> String {
    format!("{}: {}[{}] {}\n", place(finding), finding.severity, finding.rule, printable(&finding.message))
}
