//! What is known and meant: findings that a comment, the settings or a baseline silence, and those that silence nothing.

mod baseline;
mod comment;
mod pointer;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::finding::{Finding, Label};
use crate::link::Linked;
use crate::report::fingerprint;
use crate::rules::{self, Idle};
use crate::settings::{Ignore, Pair, Settings};
use crate::source::{Location, Problem};
use crate::text::Span;

pub use baseline::{Baseline, Known};

use self::comment::Directive;

/// A finding that is not reported.
#[derive(Clone, Debug)]
pub struct Silenced {
    /// The finding.
    pub finding: Finding,
    /// By what.
    pub by: By,
}

/// What silences a finding.
#[derive(Clone, Debug)]
pub enum By {
    /// A comment beside it.
    Comment {
        /// The comment.
        at: Location,
        /// Its reason.
        reason: String,
    },
    /// An entry of the settings.
    Settings {
        /// The rule in the entry.
        at: Location,
        /// Its reason.
        reason: String,
    },
    /// The baseline.
    Baseline,
}

/// What a run can silence by, and what it looked at.
#[derive(Debug, Default)]
pub struct Suppressions<'a> {
    /// The comments that speak to this program.
    pub comments: Vec<Location>,
    /// The settings.
    pub settings: Option<&'a Settings>,
    /// The findings that were there before.
    pub baseline: Option<&'a Baseline>,
    /// The policies that were read.
    pub linked: Option<&'a Linked>,
    /// What was looked at.
    pub coverage: Coverage,
    /// The day that ends of ignores are judged by.
    pub as_of: Date,
}

/// The files that a run looked at.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Files that were parsed, as they are shown.
    pub files: BTreeSet<String>,
    /// Folders that were walked, as they are shown (empty for the working folder) and where they are.
    pub folders: Vec<(PathBuf, String)>,
}

impl Coverage {
    /// Whether a file was looked at, if it is there at all.
    #[must_use]
    pub fn file(&self, shown: &str) -> bool {
        let below = |folder: &str| shown.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.files.contains(shown) || self.folders.iter().any(|(_, name)| name.is_empty() || below(name))
    }

    /// Whether all policies of a pair were read: a run over a part of the repository cannot tell what the rest grants.
    pub(crate) fn read_policies_of(&self, pair: &Pair, settings: &Settings) -> bool {
        let read = self.read_in(settings);
        pair.policies.are_among(&read) || (self.all_of(&settings.base.root) && pair.policies.unmet(&read).is_empty())
    }

    /// The files that were parsed, by their paths in the folder of the settings.
    fn read_in(&self, settings: &Settings) -> Vec<PathBuf> {
        self.files.iter().filter_map(|shown| settings.base.relative(shown)).collect()
    }

    /// The patterns of pairs that name no file that was read, if all of the settings' folder was looked at.
    pub(crate) fn unmet(&self, settings: &Settings) -> Vec<Problem> {
        if settings.pairs.is_empty() || !self.all_of(&settings.base.root) {
            return Vec::new();
        }
        let read = self.read_in(settings);
        let named = settings.pairs.iter().flat_map(|pair| pair.files());
        let unmet = named.flat_map(|files| files.unmet(&read));
        unmet
            .map(|(pattern, at)| {
                let message =
                    format!("no file that was read is named by `{pattern}`, so what it holds is not part of the pair");
                at.source.problem(at.span.start as usize, message)
            })
            .collect()
    }

    /// Whether everything below a folder was looked at.
    fn all_of(&self, folder: &Path) -> bool {
        self.folders.iter().any(|(walked, _)| folder.starts_with(walked))
    }
}

/// What became of the findings.
#[derive(Debug, Default)]
pub struct Suppressed {
    /// Silenced findings, in the order of the report.
    pub silenced: Vec<Silenced>,
    /// Entries of the baseline that were not met, in files that were looked at.
    pub gone: usize,
}

/// Takes the silenced findings out, and adds one for each suppression that silences nothing. `findings` are all
/// findings of the run, numbered and in the order of the report; so are they afterwards.
pub fn apply(findings: &mut Vec<Finding>, by: Suppressions<'_>) -> Suppressed {
    let mut idle = Vec::new();
    let mut comments = comment::read(by.comments, &mut idle);
    let mut entries = by.settings.map(|settings| Entries::new(settings, by.as_of)).unwrap_or_default();
    let mut done = Suppressed::default();
    let mut met = BTreeSet::new();
    let mut kept = Vec::with_capacity(findings.len());
    for mut finding in findings.drain(..) {
        let print = by.baseline.map(|_| fingerprint(&finding));
        let is_known = by.baseline.zip(print.as_deref()).is_some_and(|(baseline, print)| baseline.knows(print));
        met.extend(print);
        let comment = comments.iter_mut().filter_map(|comment| comment.silences(&finding).then_some(&*comment)).last();
        let silencer = match comment {
            Some(Directive { at, reason, .. }) => Some(By::Comment { at: at.clone(), reason: reason.clone() }),
            None => entries.silence(&mut finding, by.linked).or(is_known.then_some(By::Baseline)),
        };
        match silencer {
            Some(by) => done.silenced.push(Silenced { finding, by }),
            None => kept.push(finding),
        }
    }
    for comment in comments {
        let unused = comment.rules.into_iter().filter(|(.., used)| !used);
        idle.extend(unused.map(|(rule, at, _)| rules::unused_suppression(at, &Idle::Nothing { rule })));
    }
    idle.extend(entries.unused(&by.coverage));
    idle.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    crate::report::number(&mut idle);
    for finding in idle {
        match by.baseline.is_some_and(|baseline| baseline.knows(&fingerprint(&finding))) {
            true => {
                met.insert(fingerprint(&finding));
                done.silenced.push(Silenced { finding, by: By::Baseline });
            }
            false => kept.push(finding),
        }
    }
    kept.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    done.silenced.sort_by(|a, b| a.finding.sort_key().cmp(&b.finding.sort_key()));
    done.gone = by.baseline.map_or(0, |baseline| baseline.gone(&met, |path| by.coverage.file(path)));
    *findings = kept;
    done
}

/// The entries of the settings at work.
#[derive(Default)]
struct Entries<'a> {
    settings: Option<&'a Settings>,
    as_of: Date,
    /// For each entry, which of its rules silenced something.
    used: Vec<Vec<bool>>,
    /// Where pointers lead, by entry and file.
    resolved: HashMap<(usize, String), Option<Span>>,
}

impl<'a> Entries<'a> {
    fn new(settings: &'a Settings, as_of: Date) -> Self {
        let used = settings.ignores.iter().map(|ignore| vec![false; ignore.rules.len()]).collect();
        Self { settings: Some(settings), as_of, used, resolved: HashMap::new() }
    }

    /// What silences the finding. Every entry that does is in use, not only the first. One that has ended adds itself
    /// to the finding.
    fn silence(&mut self, finding: &mut Finding, linked: Option<&Linked>) -> Option<By> {
        let settings = self.settings?;
        if settings.ignores.is_empty() {
            return None;
        }
        let path = settings.base.relative(finding.primary.at.source.path())?;
        let mut silencer = None;
        for (index, ignore) in settings.ignores.iter().enumerate() {
            let rule = ignore.rules.iter().position(|(rule, _)| *rule == finding.rule);
            let Some((rule, at)) = rule.and_then(|rule| Some((rule, &ignore.rules.get(rule)?.1))) else { continue };
            if !ignore.covers(&path) || !self.is_there(index, ignore, finding, linked) {
                continue;
            }
            if let Some(used) = self.used.get_mut(index).and_then(|used| used.get_mut(rule)) {
                *used = true;
            }
            match &ignore.until {
                Some((day, at)) if !ignore.applies_on(self.as_of) => {
                    let message = format!("the ignore of it ended on {day}");
                    finding.related.push(Label { message, at: at.clone() });
                }
                _ => silencer = silencer.or(Some(By::Settings { at: at.clone(), reason: ignore.reason.clone() })),
            }
        }
        silencer
    }

    /// Whether the finding is at the place that the entry names.
    fn is_there(&mut self, index: usize, ignore: &Ignore, finding: &Finding, linked: Option<&Linked>) -> bool {
        let at = &finding.primary.at;
        if ignore.sid.as_deref().is_some_and(|sid| linked.and_then(|linked| sid_at(linked, at)) != Some(sid)) {
            return false;
        }
        let Some(pointer) = &ignore.pointer else { return true };
        let key = (index, at.source.path().to_owned());
        let place = self.resolved.entry(key).or_insert_with(|| pointer::resolve(&at.source, pointer));
        place.is_some_and(|place| place.contains(at.span))
    }

    /// A finding for each rule of an entry that silenced nothing, if all files that the entry speaks of were looked at.
    fn unused(self, coverage: &Coverage) -> Vec<Finding> {
        let Some(settings) = self.settings else { return Vec::new() };
        if settings.ignores.is_empty() {
            return Vec::new();
        }
        let whole = coverage.all_of(&settings.base.root);
        let relative = |shown: &String| settings.base.relative(shown);
        let read: BTreeSet<PathBuf> =
            if whole { BTreeSet::new() } else { coverage.files.iter().filter_map(relative).collect() };
        let mut idle = Vec::new();
        for (ignore, used) in settings.ignores.iter().zip(self.used) {
            let looked_at = whole || ignore.path.literal().is_some_and(|path| read.contains(Path::new(path)));
            let unused = ignore.rules.iter().zip(used).filter(|(_, used)| looked_at && !used);
            let ended = !ignore.applies_on(self.as_of);
            idle.extend(unused.map(|((rule, at), _)| {
                let why = if ended { Idle::Ended { rule } } else { Idle::Nothing { rule } };
                rules::unused_suppression(at.clone(), &why)
            }));
        }
        idle
    }
}

/// The `Sid` of the statement that a place is in.
fn sid_at<'a>(linked: &'a Linked, at: &Location) -> Option<&'a str> {
    let here = linked.policies.iter().filter(|fact| fact.source.path() == at.source.path());
    let statement = here.flat_map(|fact| &fact.policy.statements).find(|statement| statement.span.contains(at.span))?;
    statement.sid.as_ref().map(|sid| sid.as_str())
}
