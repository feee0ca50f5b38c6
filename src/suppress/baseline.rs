//! The baseline: the findings of a day, so that only new ones are reported.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{By, Silenced};
use crate::finding::Finding;
use crate::report::{fingerprint, mask};
use crate::source::{Position, Problem, why_not};

/// Version of the shape.
const SCHEMA: u32 = 1;

/// Findings that were there before.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    schema: u32,
    /// The day that things were judged by when it was written.
    as_of: String,
    findings: Vec<Known>,
    /// Paths by fingerprint.
    #[serde(skip)]
    paths: BTreeMap<String, String>,
}

/// One of them. What identifies it is the fingerprint; rule and path are for readers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The file, as it was shown.
    pub path: String,
    /// Slug of the rule.
    pub rule: String,
    /// What identifies it.
    pub fingerprint: String,
}

impl Baseline {
    /// The baseline of a run: what it reports, and what an earlier baseline silences.
    #[must_use]
    pub fn of(findings: &[Finding], silenced: &[Silenced], as_of: Date) -> Self {
        let before = silenced.iter().filter(|silenced| matches!(silenced.by, By::Baseline));
        let all = findings.iter().chain(before.map(|silenced| &silenced.finding));
        let mut known: Vec<Known> = all
            .map(|finding| Known {
                path: mask(finding.primary.at.source.path()).into_owned(),
                rule: finding.rule.to_owned(),
                fingerprint: fingerprint(finding),
            })
            .collect();
        known.sort();
        known.dedup();
        Self { schema: SCHEMA, as_of: as_of.to_string(), findings: known, paths: BTreeMap::new() }
    }

    /// How many findings it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Reads a baseline from a file.
    ///
    /// # Errors
    /// The file cannot be read, or is no baseline; with the place where that is known.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let shown = path.to_string_lossy().into_owned();
        let problem = |position, message| Problem { path: shown.clone(), position, message };
        let text = fs::read_to_string(path).map_err(|error| problem(None, why_not(path, &error)))?;
        let mut read: Self = serde_json::from_str(&text).map_err(|error| {
            let place = (u32::try_from(error.line()), u32::try_from(error.column()));
            let position = match place {
                (Ok(line @ 1..), Ok(column)) => Some(Position { line, column: column.max(1) }),
                _ => None,
            };
            // the library ends its message with the place
            let message = error.to_string();
            let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
            problem(position, format!("not usable as a baseline: {message}"))
        })?;
        if read.schema != SCHEMA {
            let message = format!("not usable as a baseline: schema {} is not {SCHEMA}", read.schema);
            return Err(problem(None, message));
        }
        read.paths = read.findings.iter().map(|known| (known.fingerprint.clone(), known.path.clone())).collect();
        Ok(read)
    }

    /// Writes the baseline to a file: wholly, or not at all.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        let beside = beside(path);
        let written = fs::File::create(&beside).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&beside, path)
        });
        if written.is_err() {
            // nothing to be done about it if that fails as well
            let _ = fs::remove_file(&beside);
        }
        written
    }

    /// Whether a finding was there before.
    pub(super) fn knows(&self, fingerprint: &str) -> bool {
        self.paths.contains_key(fingerprint)
    }

    /// How many of its findings were not met in files that were looked at.
    pub(super) fn gone(&self, met: &BTreeSet<String>, looked_at: impl Fn(&str) -> bool) -> usize {
        self.paths.iter().filter(|(print, path)| !met.contains(*print) && looked_at(path)).count()
    }
}

/// A name in the same folder, so that renaming stays within one file system.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}
