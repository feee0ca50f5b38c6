//! What a check is asked, and what it answers.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::Serialize;

use crate::bedrock::Catalogue;
use crate::finding::{Confidence, Finding, Severity};
use crate::formats::FormatOptions;
use crate::source::{PassedOver, Position, Problem, ScanRequest};

/// Everything a check depends on: the same request over the same files gives the same outcome.
#[derive(Clone, Debug)]
pub struct CheckRequest {
    /// What is read.
    pub scan: ScanRequest,
    /// How it is understood.
    pub formats: FormatOptions,
    /// Which findings are wanted.
    pub selection: Selection,
    /// The day that lifecycle and expiry are judged by.
    pub as_of: Date,
    /// A catalogue in the place of the one compiled in.
    pub catalog: Option<PathBuf>,
}

/// Days after which a catalogue is old: models come and go every few weeks.
const STALE_AFTER: i32 = 90;

/// Which findings are wanted.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these rules; all if empty.
    pub select: Vec<String>,
    /// Not these rules.
    pub ignore: Vec<String>,
    /// Also findings that are merely possible, and rules that are off by default.
    pub pedantic: bool,
}

/// What a check found.
#[derive(Debug)]
pub struct Outcome {
    /// Sorted by path, first byte and rule.
    pub findings: Vec<Finding>,
    /// Inputs that could not be read or understood, sorted.
    pub problems: Vec<Problem>,
    /// Walked files that were left out without being a problem.
    pub passed_over: PassedOver,
    /// The catalogue that was used in the place of the one compiled in.
    pub catalogue: Option<Catalogue>,
    /// Numbers.
    pub summary: Summary,
}

/// The numbers of an outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Files that were looked at.
    pub files_scanned: usize,
    /// Files that mention Bedrock or what its access depends on.
    pub files_relevant: usize,
    /// Shown findings that are errors.
    pub errors: usize,
    /// Shown findings that are warnings.
    pub warnings: usize,
    /// Shown findings that are notes.
    pub notes: usize,
    /// Findings that a comment or a setting silences.
    pub suppressed: usize,
    /// Findings that `pedantic` would show.
    pub hidden: usize,
}

impl Selection {
    /// Keeps the wanted findings and tells how many more there are with `pedantic`. `off` gives the default severity of a
    /// rule that is off by default.
    pub(crate) fn apply(&self, findings: &mut Vec<Finding>, off: impl Fn(&str) -> Option<Severity>) -> usize {
        let mut hidden = 0;
        findings.retain(|finding| {
            let wanted = self.wants(finding.rule);
            let shown = self.pedantic || !self.is_pedantic(finding, &off);
            hidden += usize::from(wanted && !shown);
            wanted && shown
        });
        hidden
    }

    fn wants(&self, rule: &str) -> bool {
        (self.select.is_empty() || self.select.iter().any(|name| name == rule))
            && !self.ignore.iter().any(|name| name == rule)
    }

    /// A rule that is off by default is on when it is selected by name. Where such a rule raises its severity for a case,
    /// that case is always shown.
    fn is_pedantic(&self, finding: &Finding, off: impl Fn(&str) -> Option<Severity>) -> bool {
        let by_rule = || {
            off(finding.rule).is_some_and(|default| finding.severity <= default)
                && !self.select.iter().any(|name| name == finding.rule)
        };
        finding.confidence == Confidence::Possible || by_rule()
    }
}

/// A catalogue from a file.
///
/// # Errors
/// Why it cannot be used: nothing may be judged by another one than the user asked for.
pub(crate) fn read_catalogue(path: &Path) -> Result<Catalogue, Problem> {
    let problem = |position, why: &str| Problem {
        path: path.to_string_lossy().into_owned(),
        position,
        message: format!("not usable as a catalogue, so nothing was checked: {why}"),
    };
    let text = std::fs::read_to_string(path).map_err(|error| problem(None, &error.to_string()))?;
    Catalogue::from_json(&text).map_err(|error| {
        let why = error.to_string();
        match error.position() {
            Some((line, column)) => {
                let clip = |n| u32::try_from(n).unwrap_or(u32::MAX);
                let position = Position { line: clip(line), column: clip(column) };
                // the place stands in front already
                problem(Some(position), why.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&why))
            }
            None => problem(None, &why),
        }
    })
}

impl Outcome {
    /// The outcome of a check that could not begin.
    pub(crate) fn not_begun(problem: Problem) -> Self {
        Self {
            findings: Vec::new(),
            problems: vec![problem],
            passed_over: PassedOver::default(),
            catalogue: None,
            summary: Summary::default(),
        }
    }

    /// The date of the catalogue that was used.
    #[must_use]
    pub fn catalogue_date(&self) -> Date {
        self.catalogue.as_ref().unwrap_or_else(|| Catalogue::builtin()).as_of()
    }

    /// The age of the catalogue in days on the day that things were judged by, if it is old and anything was judged by
    /// it.
    #[must_use]
    pub fn stale_by(&self, as_of: Date) -> Option<i32> {
        if self.summary.files_relevant == 0 {
            return None;
        }
        let age = self.catalogue_date().until(as_of).ok()?.get_days();
        (age > STALE_AFTER).then_some(age)
    }

    /// The exit code: 2 if an input could not be read, 1 if a finding is at least as bad as `fail_on`, else 0.
    #[must_use]
    pub fn exit_code(&self, fail_on: Option<Severity>) -> u8 {
        if !self.problems.is_empty() {
            2
        } else {
            u8::from(fail_on.is_some_and(|least| self.findings.iter().any(|finding| finding.severity >= least)))
        }
    }
}

impl Summary {
    /// Counts the findings that are shown.
    pub(crate) fn count(&mut self, findings: &[Finding]) {
        for finding in findings {
            match finding.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Note => self.notes += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::human::tests::finding;

    fn with(severity: Severity, confidence: Confidence) -> Finding {
        Finding { severity, confidence, ..finding("a", "x", "x", &[]) }
    }

    fn left(selection: &Selection, off: Option<Severity>, finding: &Finding) -> (usize, usize) {
        let mut findings = vec![finding.clone()];
        let hidden = selection.apply(&mut findings, |_| off);
        (findings.len(), hidden)
    }

    #[test]
    fn what_is_shown_hidden_and_dropped() {
        let plain = Selection::default();
        let pedantic = Selection { pedantic: true, ..Selection::default() };
        let selected = Selection { select: vec!["unknown-action".to_owned()], ..Selection::default() };
        let ignored = Selection { ignore: vec!["unknown-action".to_owned()], ..Selection::default() };
        let warning = with(Severity::Warning, Confidence::Likely);
        assert_eq!(left(&plain, None, &warning), (1, 0));
        assert_eq!(left(&plain, Some(Severity::Warning), &warning), (0, 1));
        assert_eq!(left(&pedantic, Some(Severity::Warning), &warning), (1, 0));
        assert_eq!(left(&selected, Some(Severity::Warning), &warning), (1, 0));
        assert_eq!(left(&ignored, Some(Severity::Warning), &warning), (0, 0));
        assert_eq!(left(&plain, Some(Severity::Warning), &with(Severity::Error, Confidence::Certain)), (1, 0));
        assert_eq!(left(&plain, None, &with(Severity::Error, Confidence::Possible)), (0, 1));
        let other = Selection { select: vec!["retired-model".to_owned()], ..Selection::default() };
        assert_eq!(left(&other, None, &warning), (0, 0));
    }

    #[test]
    fn the_exit_code_puts_problems_first() {
        let outcome = |findings: Vec<Finding>, problems: Vec<Problem>| Outcome {
            findings,
            problems,
            passed_over: PassedOver::default(),
            catalogue: None,
            summary: Summary::default(),
        };
        let warning = || vec![with(Severity::Warning, Confidence::Certain)];
        let problem = || vec![Problem { path: "a".to_owned(), position: None, message: "gone".to_owned() }];
        assert_eq!(outcome(vec![], vec![]).exit_code(Some(Severity::Note)), 0);
        assert_eq!(outcome(warning(), vec![]).exit_code(Some(Severity::Warning)), 1);
        assert_eq!(outcome(warning(), vec![]).exit_code(Some(Severity::Error)), 0);
        assert_eq!(outcome(warning(), vec![]).exit_code(None), 0);
        assert_eq!(outcome(warning(), problem()).exit_code(None), 2);
    }
}
