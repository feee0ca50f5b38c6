//! What a check is asked, and what it answers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use crate::bedrock::Catalogue;
use crate::finding::{Confidence, Finding, Severity};
use crate::formats::FormatOptions;
use crate::live::LiveOutcome;
use crate::rules::Rule;
use crate::settings::{Level, Settings};
use crate::source::{Input, PassedOver, Position, Problem, ScanRequest};
use crate::suppress::{Baseline, Silenced};

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
    /// What a settings file says of paths, and what is known and meant.
    pub settings: Option<Arc<Settings>>,
    /// The findings that were there before.
    pub baseline: Option<Baseline>,
}

/// Which findings are wanted.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these rules; all if empty.
    pub select: Vec<String>,
    /// Not these rules.
    pub ignore: Vec<String>,
    /// Also findings that are merely possible, and rules that are off by default.
    pub pedantic: bool,
    /// Severities by rule, from the settings.
    pub levels: BTreeMap<&'static str, Level>,
}

/// What a check found.
#[derive(Debug)]
pub struct Outcome {
    /// Sorted by path, first byte and rule.
    pub findings: Vec<Finding>,
    /// Those that would be reported and are silenced, in the same order.
    pub silenced: Vec<Silenced>,
    /// Entries of the baseline that were not met.
    pub gone: usize,
    /// Patterns of pairs in the settings that name no file that was read, though all of their folder was looked at.
    pub unmet: Vec<Problem>,
    /// Inputs that could not be read or understood, sorted.
    pub problems: Vec<Problem>,
    /// Walked files that were left out without being a problem.
    pub passed_over: PassedOver,
    /// The catalogue that was used in the place of the one compiled in.
    pub catalogue: Option<Catalogue>,
    /// What became of the live half, if an account was asked.
    pub live: Option<LiveOutcome>,
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

impl CheckRequest {
    /// How a file is understood. An option speaks of named files only, and wins there over the settings.
    pub(crate) fn formats_of(&self, input: &Input) -> FormatOptions {
        let path = input.source.path();
        let by_option = self.formats.kind.filter(|_| input.named);
        match &self.settings {
            None => FormatOptions { kind: by_option, ..self.formats },
            Some(settings) => {
                FormatOptions { kind: by_option.or_else(|| settings.kind_of(path)), example: settings.is_example(path) }
            }
        }
    }
}

impl Selection {
    /// Keeps the wanted findings, gives them the severity that the settings ask for, and tells how many more there are
    /// with `pedantic`.
    pub(crate) fn apply(&self, findings: &mut Vec<Finding>, rules: &[Rule]) -> usize {
        let mut hidden = 0;
        findings.retain_mut(|finding| {
            let rule = rules.iter().find(|rule| rule.slug == finding.rule);
            let wanted = self.wants(finding.rule);
            let shown = self.pedantic || !self.is_pedantic(finding, rule);
            hidden += usize::from(wanted && !shown);
            self.set_severity(finding, rule);
            wanted && shown
        });
        hidden
    }

    /// The same for findings that are silenced: those that would not be shown do not count.
    pub(crate) fn apply_to_silenced(&self, silenced: &mut Vec<Silenced>, rules: &[Rule]) {
        silenced.retain_mut(|silenced| {
            let rule = rules.iter().find(|rule| rule.slug == silenced.finding.rule);
            let shown = self.pedantic || !self.is_pedantic(&silenced.finding, rule);
            self.set_severity(&mut silenced.finding, rule);
            shown && self.wants(silenced.finding.rule)
        });
    }

    /// A rule that is off in the settings is wanted when it is selected by name.
    fn wants(&self, rule: &str) -> bool {
        let selected = self.select.iter().any(|name| name == rule);
        let by_default = self.select.is_empty() && self.levels.get(rule) != Some(&Level::Off);
        (selected || by_default) && !self.ignore.iter().any(|name| name == rule)
    }

    /// A rule that is off by default is on when it is selected by name or has a severity in the settings. Where such a
    /// rule raises its severity for a case, that case is always shown.
    fn is_pedantic(&self, finding: &Finding, rule: Option<&Rule>) -> bool {
        let by_rule = || {
            rule.is_some_and(|rule| rule.pedantic && finding.severity <= rule.severity)
                && !self.select.iter().any(|name| name == finding.rule)
                && !self.levels.contains_key(finding.rule)
        };
        finding.confidence == Confidence::Possible || by_rule()
    }

    /// The severity of the settings takes the place of the rule's. A case for which the rule is milder stays at most as
    /// bad as it was.
    fn set_severity(&self, finding: &mut Finding, rule: Option<&Rule>) {
        let Some(wanted) = self.levels.get(finding.rule).and_then(|level| level.severity()) else { return };
        let is_milder = rule.is_some_and(|rule| finding.severity < rule.severity);
        finding.severity = if is_milder { wanted.min(finding.severity) } else { wanted };
    }
}

/// A catalogue from a file.
///
/// # Errors
/// Why it cannot be used: nothing may be judged by another one than the user asked for.
pub fn read_catalogue(path: &Path) -> Result<Catalogue, Problem> {
    read_catalogue_text(path).map(|(_, catalogue)| catalogue)
}

/// The same with the text of the file.
///
/// # Errors
/// See [`read_catalogue`].
pub fn read_catalogue_text(path: &Path) -> Result<(String, Catalogue), Problem> {
    let problem = |position, why: &str| Problem {
        path: path.to_string_lossy().into_owned(),
        position,
        message: format!("not usable as a catalogue, so nothing was done: {why}"),
    };
    let text = std::fs::read_to_string(path).map_err(|error| problem(None, &error.to_string()))?;
    let catalogue = Catalogue::from_json(&text).map_err(|error| {
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
    })?;
    Ok((text, catalogue))
}

impl Outcome {
    /// The outcome of a check that could not begin.
    pub(crate) fn not_begun(problem: Problem) -> Self {
        Self {
            silenced: Vec::new(),
            gone: 0,
            unmet: Vec::new(),
            findings: Vec::new(),
            problems: vec![problem],
            passed_over: PassedOver::default(),
            catalogue: None,
            live: None,
            summary: Summary::default(),
        }
    }

    /// The date of the catalogue that was used.
    #[must_use]
    pub fn catalogue_date(&self) -> Date {
        self.used_catalogue().as_of()
    }

    fn used_catalogue(&self) -> &Catalogue {
        self.catalogue.as_ref().unwrap_or_else(|| Catalogue::builtin())
    }

    /// The day of the newest in the catalogue, and its age in days on the day that things were judged by, if it is old
    /// and anything was judged by it.
    #[must_use]
    pub fn stale_by(&self, as_of: Date) -> Option<(Date, i32)> {
        if self.summary.files_relevant == 0 { None } else { self.used_catalogue().stale_by(as_of) }
    }

    /// The exit code: 2 if an input could not be read, 3 if an account was asked in vain, 1 if a finding is at least as
    /// bad as `fail_on`, else 0.
    #[must_use]
    pub fn exit_code(&self, fail_on: Option<Severity>) -> u8 {
        if !self.problems.is_empty() {
            2
        } else if self.live.as_ref().is_some_and(|live| live.not_made.is_some()) {
            3
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

    fn left(selection: &Selection, finding: &Finding) -> (usize, usize) {
        let mut findings = vec![finding.clone()];
        let hidden = selection.apply(&mut findings, crate::rules::all());
        (findings.len(), hidden)
    }

    #[test]
    fn what_is_shown_hidden_and_dropped() {
        let plain = Selection::default();
        let pedantic = Selection { pedantic: true, ..Selection::default() };
        let named = |rule: &str| vec![rule.to_owned()];
        let selected = Selection { select: named("missing-streaming-action"), ..Selection::default() };
        let ignored = Selection { ignore: named("unknown-action"), ..Selection::default() };
        let other = Selection { select: named("retired-model"), ..Selection::default() };
        let warning = with(Severity::Warning, Confidence::Likely);
        let off = |severity| Finding { rule: "missing-streaming-action", ..with(severity, Confidence::Likely) };
        assert_eq!(left(&plain, &warning), (1, 0));
        assert_eq!(left(&plain, &off(Severity::Note)), (0, 1));
        assert_eq!(left(&pedantic, &off(Severity::Note)), (1, 0));
        assert_eq!(left(&selected, &off(Severity::Note)), (1, 0));
        assert_eq!(left(&ignored, &warning), (0, 0));
        assert_eq!(left(&plain, &off(Severity::Error)), (1, 0));
        assert_eq!(left(&plain, &with(Severity::Error, Confidence::Possible)), (0, 1));
        assert_eq!(left(&other, &warning), (0, 0));
    }

    #[test]
    fn severities_of_the_settings() {
        let levels = |rule, level| Selection { levels: [(rule, level)].into(), ..Selection::default() };
        let severity = |selection: &Selection, finding: Finding| {
            let mut findings = vec![finding];
            selection.apply(&mut findings, crate::rules::all());
            findings.pop().map(|finding| finding.severity)
        };
        let error = || with(Severity::Error, Confidence::Likely);
        let milder = || with(Severity::Note, Confidence::Likely);
        assert_eq!(severity(&levels("unknown-action", Level::Warning), error()), Some(Severity::Warning));
        assert_eq!(severity(&levels("unknown-action", Level::Warning), milder()), Some(Severity::Note));
        assert_eq!(severity(&levels("unknown-action", Level::Off), error()), None);
        let on = levels("missing-streaming-action", Level::Warning);
        let note = Finding { rule: "missing-streaming-action", ..milder() };
        assert_eq!(severity(&on, note), Some(Severity::Warning));
        let selected = Selection { select: vec!["unknown-action".to_owned()], ..levels("unknown-action", Level::Off) };
        assert_eq!(severity(&selected, error()), Some(Severity::Error));
    }

    #[test]
    fn the_exit_code_puts_problems_first() {
        let outcome = |findings: Vec<Finding>, problems: Vec<Problem>| Outcome {
            findings,
            silenced: Vec::new(),
            gone: 0,
            unmet: Vec::new(),
            problems,
            passed_over: PassedOver::default(),
            catalogue: None,
            live: None,
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
