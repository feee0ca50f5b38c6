//! The settings file `bedrock-lint.yml`: what paths are, which rules apply how, what is known and meant.
//!
//! Wrong settings are errors with the place of the wrong key or value, and nothing is checked under them.

mod de;
mod find;
mod keys;
mod limits;
mod names;
mod pairs;
mod paths;
mod platforms;
mod raw;
mod shapes;
mod show;
mod words;
mod yaml;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use crate::formats::PolicyKind;
use crate::source::{Location, Problem, Source, shown};
use crate::text::Span;

pub use find::{find, open};
pub use keys::DeclaredKey;
pub use limits::{Limit, Limits};
pub use pairs::Pair;
pub use paths::{Base, Files, Pattern, Patterns, WalkFilter};
pub use platforms::PlatformVersion;
pub use raw::{FailOn, Level};
pub use show::{Origin, show};

use self::raw::{RawIgnore, RawKinds, RawSettings};

/// Settings that could be read.
#[derive(Debug, Default)]
pub struct Settings {
    /// The file; none where there is none.
    pub file: Option<Arc<Source>>,
    /// What its paths are relative to.
    pub base: Base,
    /// Severities by rule.
    pub rules: BTreeMap<&'static str, Level>,
    /// Which files a walk reads.
    pub walk: Option<Arc<WalkFilter>>,
    /// What the policies of files are; the first that covers a file counts.
    pub kinds: Vec<(PolicyKind, Patterns)>,
    /// Files of examples.
    pub examples: Patterns,
    /// What is known and meant.
    pub ignores: Vec<Ignore>,
    /// Adapters and the policies they run as.
    pub pairs: Vec<Pair>,
    /// Long-term Amazon Bedrock API keys.
    pub api_keys: Vec<DeclaredKey>,
    /// The version of Unstract that is deployed, and where that is said.
    pub unstract: Option<(PlatformVersion, Location)>,
    /// What may be called at all.
    pub limits: Limits,
    /// The file of a catalogue in the place of the one compiled in, as it is written, and where that is said.
    pub catalog: Option<(String, Location)>,
    /// The least severity that makes the exit code 1, and where that is said.
    pub fail_on: Option<(FailOn, Location)>,
    /// Whether more is shown, and where that is said.
    pub pedantic: Option<(bool, Location)>,
}

/// Findings that are known and meant.
#[derive(Debug)]
pub struct Ignore {
    /// The rules, each with its place.
    pub rules: Vec<(&'static str, Location)>,
    /// The files.
    pub path: Pattern,
    /// The same, compiled.
    pub paths: Patterns,
    /// Only in the statement with this `Sid`.
    pub sid: Option<String>,
    /// Only at this place or below it.
    pub pointer: Option<String>,
    /// Why it is meant.
    pub reason: String,
    /// The last day on which it applies, and where that is said.
    pub until: Option<(Date, Location)>,
}

/// Why settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// The file, and the place in it where that is known.
    pub problem: Problem,
    /// What to underline.
    pub at: Option<Location>,
}

impl SettingsError {
    fn at(source: &Arc<Source>, span: Span, message: String) -> Self {
        // a block of several lines is pointed at by its first
        let text = source.text();
        let end = (span.end as usize).min(text.len());
        let first = text.get(span.start as usize..end).unwrap_or_default();
        let first = first.split('\n').next().unwrap_or_default().trim_end();
        let span = Span::new(span.start as usize, span.start as usize + first.len());
        Self { problem: source.problem(span.start as usize, message), at: Some(Location::new(source, span)) }
    }

    fn whole(path: &str, message: String) -> Self {
        Self { problem: Problem { path: path.to_owned(), position: None, message }, at: None }
    }
}

impl Settings {
    /// Reads the text of a settings file that stands in the folder `base.root`.
    ///
    /// # Errors
    /// The first key or value that is wrong.
    pub fn parse(source: &Arc<Source>, base: Base) -> Result<Self, SettingsError> {
        let raw = match yaml::parse(source)? {
            None => RawSettings::default(),
            Some(node) => de::read(&node).map_err(|error: de::Error| {
                SettingsError::at(source, error.span.unwrap_or(node.span), error.message)
            })?,
        };
        Self::checked(source, base, raw)
    }

    fn checked(source: &Arc<Source>, base: Base, raw: RawSettings) -> Result<Self, SettingsError> {
        let compiled = |patterns: &[Pattern]| {
            Patterns::new(patterns).map_err(|message| SettingsError::whole(source.path(), message))
        };
        let (exclude, include) = (compiled(&raw.exclude.0)?, compiled(&raw.include.0)?);
        let own = find::own_path(source, &base);
        let pairs = raw.pairs.into_iter().map(|pair| Pair::checked(source, pair)).collect::<Result<Vec<_>, _>>()?;
        let paired = pairs.iter().flat_map(Pair::files).map(|files| files.patterns().clone()).collect();
        let walk = WalkFilter { root: base.root.clone(), exclude, include, paired, own };
        let mut kinds = Vec::new();
        for (kind, patterns) in by_kind(&raw.kinds) {
            if !patterns.is_empty() {
                kinds.push((kind, compiled(patterns)?));
            }
        }
        let ignores = raw.ignore.into_iter().map(|ignore| checked_ignore(source, ignore));
        let at = |span| Location::new(source, span);
        Ok(Self {
            file: Some(Arc::clone(source)),
            base,
            rules: raw.rules.into_iter().map(|(rule, level)| (rule.0, level)).collect(),
            walk: Some(Arc::new(walk)),
            kinds,
            examples: compiled(&raw.examples.0)?,
            ignores: ignores.collect::<Result<_, _>>()?,
            pairs,
            api_keys: raw
                .api_keys
                .into_iter()
                .map(|key| DeclaredKey::checked(source, key))
                .collect::<Result<_, _>>()?,
            unstract: raw.platforms.unstract.map(|said| (said.value, at(said.span))),
            limits: Limits::checked(source, raw.limits),
            catalog: raw.catalog.map(|said| (said.value.0, at(said.span))),
            fail_on: raw.fail_on.map(|said| (said.value, at(said.span))),
            pedantic: raw.pedantic.map(|said| (said.value, at(said.span))),
        })
    }

    /// What the policies in a file are, if the settings say so: `kinds`, or else a pair that has it as a ceiling.
    #[must_use]
    pub fn kind_of(&self, shown: &str) -> Option<PolicyKind> {
        if self.kinds.is_empty() && self.pairs.is_empty() {
            return None;
        }
        let path = self.base.relative(shown)?;
        let told = self.kinds.iter().find(|(_, patterns)| patterns.cover(&path)).map(|(kind, _)| *kind);
        told.or_else(|| self.pairs.iter().find_map(|pair| pair.ceiling(&path)))
    }

    /// The file of the catalogue, from the working folder.
    #[must_use]
    pub fn catalogue_file(&self) -> Option<PathBuf> {
        let (written, _) = self.catalog.as_ref()?;
        Some(PathBuf::from(shown(&self.base.root.join(written), Some(&self.base.working))))
    }

    /// The files that pairs name one by one: they are read even where ignore files hide them.
    #[must_use]
    pub fn paired_files(&self) -> Vec<PathBuf> {
        let files = self.pairs.iter().flat_map(Pair::files);
        files.flat_map(Files::literals).map(|path| self.base.root.join(path)).collect()
    }

    /// Whether the settings call a file an example.
    #[must_use]
    pub fn is_example(&self, shown: &str) -> bool {
        !self.examples.is_empty() && self.base.relative(shown).is_some_and(|path| self.examples.cover(&path))
    }
}

fn by_kind(kinds: &RawKinds) -> [(PolicyKind, &[Pattern]); 5] {
    [
        (PolicyKind::Identity, &kinds.identity.0),
        (PolicyKind::Scp, &kinds.scp.0),
        (PolicyKind::Boundary, &kinds.boundary.0),
        (PolicyKind::Session, &kinds.session.0),
        (PolicyKind::Trust, &kinds.trust.0),
    ]
}

fn checked_ignore(source: &Arc<Source>, raw: RawIgnore) -> Result<Ignore, SettingsError> {
    let fail = |span, message: &str| Err(SettingsError::at(source, span, message.to_owned()));
    if let Some(own) = raw.rule.0.iter().find(|rule| rule.value.0 == "unused-suppression") {
        return fail(own.span, "`unused-suppression` speaks of these entries: turn it off under `rules`");
    }
    let Ok(paths) = Patterns::new(std::slice::from_ref(&raw.path.value)) else {
        return fail(raw.path.span, "the pattern is too large");
    };
    let at = |span| Location::new(source, span);
    Ok(Ignore {
        rules: raw.rule.0.iter().map(|rule| (rule.value.0, at(rule.span))).collect(),
        path: raw.path.value,
        paths,
        sid: raw.sid,
        pointer: raw.pointer.map(|pointer| pointer.0),
        reason: raw.reason.0,
        until: raw.until.map(|until| (until.value.0, at(until.span))),
    })
}

impl Ignore {
    /// Whether it still applies on a day.
    #[must_use]
    pub fn applies_on(&self, day: Date) -> bool {
        self.until.as_ref().is_none_or(|(last, _)| day <= *last)
    }

    /// Whether it speaks of a file, given by its path in the folder of the settings.
    #[must_use]
    pub fn covers(&self, path: &Path) -> bool {
        self.paths.cover(path)
    }
}
