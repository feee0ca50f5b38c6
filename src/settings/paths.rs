//! Paths as the settings speak of them: relative to the folder of the settings file.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::SettingsError;
use super::shapes::{AtLeastOne, Spanned};
use crate::source::{Location, Source};

/// One path pattern. It covers what it matches and, where that is a folder, everything below.
#[derive(Clone, Debug)]
pub struct Pattern {
    written: String,
    itself: globset::Glob,
    below: globset::Glob,
}

impl Pattern {
    /// Compiles a pattern: `*` and `?` stay within a folder name, `**` goes through folders, `{a,b}` is either.
    ///
    /// # Errors
    /// What is wrong with the pattern.
    pub fn new(written: &str) -> Result<Self, String> {
        let clean = written.strip_prefix("./").unwrap_or(written).trim_end_matches('/');
        // `a/**` is what `a` covers anyway
        let clean = clean.strip_suffix("/**").unwrap_or(clean);
        if clean.is_empty() {
            return Err("the pattern is empty: write `**` for every file".to_owned());
        }
        if clean.starts_with('/') || clean.split('/').any(|part| part == "..") {
            return Err("a pattern is relative to the folder of the settings file, and stays in it".to_owned());
        }
        let glob = |pattern: &str| {
            let built = GlobBuilder::new(pattern).literal_separator(true).backslash_escape(true).build();
            built.map_err(|error| format!("not a path pattern: {}", error.kind()))
        };
        let below = if clean == "**" { "**".to_owned() } else { format!("{clean}/**") };
        Ok(Self { written: written.to_owned(), itself: glob(clean)?, below: glob(&below)? })
    }

    /// As it is written in the settings.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// The path it names, if it names exactly one.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        literal(&self.written)
    }
}

/// The path that a pattern names, if it names exactly one.
fn literal(written: &str) -> Option<&str> {
    let plain = !written.contains(['*', '?', '[', '{', '\\']);
    plain.then(|| written.strip_prefix("./").unwrap_or(written))
}

/// Patterns, compiled together.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    written: Vec<String>,
    set: GlobSet,
}

impl Patterns {
    /// Compiles patterns. They cannot fail together if none failed alone, unless they are too many to hold.
    ///
    /// # Errors
    /// The set is too large.
    pub fn new(patterns: &[Pattern]) -> Result<Self, String> {
        let mut builder = GlobSetBuilder::new();
        for pattern in patterns {
            builder.add(pattern.itself.clone()).add(pattern.below.clone());
        }
        let set = builder.build().map_err(|error| format!("too many path patterns: {}", error.kind()))?;
        Ok(Self { written: patterns.iter().map(|pattern| pattern.written.clone()).collect(), set })
    }

    /// As they are written in the settings.
    #[must_use]
    pub fn written(&self) -> &[String] {
        &self.written
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// Whether one of them covers the path.
    #[must_use]
    pub fn cover(&self, path: &Path) -> bool {
        self.set.is_match(path)
    }

    /// Which of them cover the path, by number.
    fn covering(&self, path: &Path) -> Vec<usize> {
        // two globs for each pattern
        self.set.matches(path).into_iter().map(|glob| glob / 2).collect()
    }
}

/// The files that a key of the settings names: one pattern at least.
#[derive(Clone, Debug)]
pub struct Files {
    patterns: Patterns,
    /// Of each pattern.
    places: Vec<Location>,
}

impl Files {
    pub(super) fn new(source: &Arc<Source>, named: AtLeastOne<Spanned<Pattern>>) -> Result<Self, SettingsError> {
        let span = named.0.first().map(|first| first.span).unwrap_or_default();
        let places = named.0.iter().map(|pattern| Location::new(source, pattern.span)).collect();
        let patterns: Vec<Pattern> = named.0.into_iter().map(|pattern| pattern.value).collect();
        let patterns = Patterns::new(&patterns).map_err(|message| SettingsError::at(source, span, message))?;
        Ok(Self { patterns, places })
    }

    /// Whether they are meant by a path in the folder of the settings.
    #[must_use]
    pub fn cover(&self, path: &Path) -> bool {
        self.patterns.cover(path)
    }

    /// The patterns as they are written in the settings.
    #[must_use]
    pub fn written(&self) -> &[String] {
        self.patterns.written()
    }

    /// The patterns, compiled together.
    pub(super) fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// The paths of those patterns that name exactly one.
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        self.written().iter().filter_map(|written| literal(written))
    }

    /// Whether each of them names exactly one path, and that is among these paths in the folder of the settings.
    #[must_use]
    pub fn are_among(&self, paths: &[PathBuf]) -> bool {
        let is_there = |path: &str| paths.iter().any(|one| one == Path::new(path));
        self.written().iter().all(|written| literal(written).is_some_and(is_there))
    }

    /// The patterns that cover none of these paths in the folder of the settings, each with its place.
    #[must_use]
    pub fn unmet<P: AsRef<Path>>(&self, paths: &[P]) -> Vec<(&str, &Location)> {
        let met: BTreeSet<usize> = paths.iter().flat_map(|path| self.patterns.covering(path.as_ref())).collect();
        let all = self.written().iter().map(String::as_str).zip(&self.places).enumerate();
        all.filter(|(index, _)| !met.contains(index)).map(|(_, pattern)| pattern).collect()
    }
}

/// From the names that files are shown by to paths in the folder of the settings.
#[derive(Clone, Debug, Default)]
pub struct Base {
    /// The folder of the settings file, canonical.
    pub root: PathBuf,
    /// The working folder, canonical.
    pub working: PathBuf,
}

impl Base {
    /// The path of a file inside the folder of the settings, from the name it is shown by; none for a file elsewhere.
    #[must_use]
    pub fn relative(&self, shown: &str) -> Option<PathBuf> {
        let full = self.working.join(shown);
        let mut plain = PathBuf::new();
        for part in full.components() {
            match part {
                Component::ParentDir => {
                    plain.pop();
                }
                Component::CurDir => {}
                part => plain.push(part),
            }
        }
        let inside = |path: &Path| path.strip_prefix(&self.root).ok().map(Path::to_path_buf);
        inside(&plain).or_else(|| inside(&std::fs::canonicalize(&full).ok()?))
    }
}

/// Which files of a walk are read.
#[derive(Clone, Debug, Default)]
pub struct WalkFilter {
    pub(super) root: PathBuf,
    pub(super) exclude: Patterns,
    pub(super) include: Patterns,
    /// What pairs name: read whether or not it mentions Amazon Bedrock, for a grant of everything counts too.
    pub(super) paired: Vec<Patterns>,
    /// The settings file itself.
    pub(super) own: PathBuf,
}

impl WalkFilter {
    /// Whether a pair names the file.
    #[must_use]
    pub fn is_paired(&self, path: &Path) -> bool {
        let inside = path.strip_prefix(&self.root);
        !self.paired.is_empty() && inside.is_ok_and(|inside| self.paired.iter().any(|named| named.cover(inside)))
    }

    /// Whether a walk that began at `start` reads the file, or enters the folder. What excludes the folder that was
    /// named does not exclude what is in it: it was named.
    #[must_use]
    pub fn admits(&self, start: &Path, path: &Path, is_folder: bool) -> bool {
        let Ok(inside) = path.strip_prefix(&self.root) else { return true };
        if path == self.own {
            return false;
        }
        if !is_folder && !self.include.is_empty() && !self.include.cover(inside) {
            return false;
        }
        if self.exclude.is_empty() || !self.exclude.cover(inside) {
            return true;
        }
        let Ok(start) = start.strip_prefix(&self.root) else { return false };
        let lifted = self.exclude.covering(start);
        self.exclude.covering(inside).iter().all(|pattern| lifted.contains(pattern))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn patterns(written: &[&str]) -> Patterns {
        Patterns::new(&written.iter().map(|one| Pattern::new(one).unwrap()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn a_pattern_covers_a_folder_and_all_in_it() {
        for (pattern, path, covered) in [
            ("vendor", "vendor/a/b.json", true),
            ("vendor/", "vendor", true),
            ("vendor/**", "vendor/x.json", true),
            ("vendor", "src/vendor/x.json", false),
            ("**/vendor", "src/vendor/x.json", true),
            ("*.json", "a.json", true),
            ("*.json", "x/a.json", false),
            ("**/*.json", "x/y/a.json", true),
            ("**/*.json", "a.json", true),
            ("**", "x/a.json", true),
            ("./a.json", "a.json", true),
            ("{a,b}/*.json", "b/x.json", true),
        ] {
            assert_eq!(patterns(&[pattern]).cover(Path::new(path)), covered, "{pattern} {path}");
        }
        for pattern in ["", "/a", "../a", "a[", "a/../b", "./"] {
            assert!(Pattern::new(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn what_is_named_is_not_excluded() {
        let filter =
            WalkFilter { root: PathBuf::from("/r"), exclude: patterns(&["vendor", "**/old"]), ..WalkFilter::default() };
        let admits = |start: &str, path: &str| filter.admits(Path::new(start), Path::new(path), false);
        assert!(!admits("/r", "/r/vendor/a.json"));
        assert!(admits("/r/vendor", "/r/vendor/a.json"));
        assert!(!admits("/r/vendor", "/r/vendor/old/a.json"));
        assert!(admits("/elsewhere", "/elsewhere/vendor/a.json"));
    }

    #[test]
    fn shown_names_lead_into_the_folder_of_the_settings() {
        let base = Base { root: PathBuf::from("/r"), working: PathBuf::from("/r/sub") };
        for (shown, path) in [("a.json", "sub/a.json"), ("../b.json", "b.json"), ("/r/x/c.json", "x/c.json")] {
            assert_eq!(base.relative(shown), Some(PathBuf::from(path)));
        }
        assert_eq!(base.relative("/elsewhere/a.json"), None);
    }
}
