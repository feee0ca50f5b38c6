//! Which adapters run as which policies, under which ceilings.

use std::path::Path;
use std::sync::Arc;

use super::SettingsError;
use super::paths::Files;
use super::raw::RawPair;
use super::shapes::{AtLeastOne, Spanned};
use crate::formats::PolicyKind;
use crate::source::{Location, Source};

/// Adapters and the policies they run as. Paths are relative to the folder of the settings.
#[derive(Debug)]
pub struct Pair {
    /// The adapters.
    pub adapters: Files,
    /// The identity policies of the principal.
    pub policies: Files,
    /// The account of the principal, and where that is said.
    pub account: Option<(String, Location)>,
    /// Service control policies by level of the organization, root first; none if nothing is said of them.
    pub scps: Vec<Files>,
    /// The permissions boundary of the principal.
    pub boundary: Option<Files>,
    /// The policies of its session.
    pub session: Option<Files>,
    /// The entry in the settings.
    pub at: Location,
}

impl Pair {
    pub(super) fn checked(source: &Arc<Source>, raw: Spanned<RawPair>) -> Result<Self, SettingsError> {
        let Spanned { value: raw, span } = raw;
        let files = |patterns| Files::new(source, patterns);
        let at = |span| Location::new(source, span);
        let levels = raw.scps.map(|levels| levels.0).unwrap_or_default();
        Ok(Self {
            adapters: files(raw.adapters)?,
            policies: files(raw.policies)?,
            account: raw.account.map(|account| (account.value.0, at(account.span))),
            scps: levels.into_iter().map(files).collect::<Result<_, _>>()?,
            boundary: raw.boundary.map(|boundary| files(AtLeastOne(vec![boundary]))).transpose()?,
            session: raw.session.map(files).transpose()?,
            at: at(span),
        })
    }

    /// Whether a file holds adapters of the pair.
    #[must_use]
    pub fn has_adapter(&self, path: &Path) -> bool {
        self.adapters.cover(path)
    }

    /// Whether a file holds identity policies of the pair: what it names as a ceiling does not.
    #[must_use]
    pub fn has_policy(&self, path: &Path) -> bool {
        self.policies.cover(path) && self.ceiling(path).is_none()
    }

    /// The levels, from 0 at the root, that a file holds service control policies of. One policy may be attached at
    /// several.
    pub fn scp_levels(&self, path: &Path) -> impl Iterator<Item = usize> {
        self.scps.iter().enumerate().filter(|(_, level)| level.cover(path)).map(|(level, _)| level)
    }

    /// Whether a file holds the permissions boundary of the pair.
    #[must_use]
    pub fn has_boundary(&self, path: &Path) -> bool {
        self.boundary.as_ref().is_some_and(|boundary| boundary.cover(path))
    }

    /// Whether a file holds session policies of the pair.
    #[must_use]
    pub fn has_session(&self, path: &Path) -> bool {
        self.session.as_ref().is_some_and(|session| session.cover(path))
    }

    /// The kind of the policies in a file that the pair names as a ceiling.
    #[must_use]
    pub fn ceiling(&self, path: &Path) -> Option<PolicyKind> {
        if self.scps.iter().any(|level| level.cover(path)) {
            Some(PolicyKind::Scp)
        } else if self.has_boundary(path) {
            Some(PolicyKind::Boundary)
        } else {
            self.has_session(path).then_some(PolicyKind::Session)
        }
    }

    /// Everything that the pair names, in the order of its fields.
    pub fn files(&self) -> impl Iterator<Item = &Files> {
        let ceilings = self.scps.iter().chain(&self.boundary).chain(&self.session);
        [&self.adapters, &self.policies].into_iter().chain(ceilings)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use crate::settings::{Base, Settings};

    fn settings(text: &str) -> Settings {
        let base = Base { root: "/r".into(), working: "/r".into() };
        Settings::parse(&Arc::new(Source::new("bedrock-lint.yml", text)), base).unwrap()
    }

    const PAIR: &str = "pairs:\n- adapters: [adapters/prod.json, .env]\n  policies: policies\n  account: 111122223333\n  \
         scps: [org/root.json, [org/a.json, org/root.json]]\n  boundary: policies/boundary.json\n  \
         session: [s/*.json]\n";

    #[test]
    fn files_have_their_part_in_a_pair() {
        let settings = settings(PAIR);
        let pair = &settings.pairs[0];
        let path = Path::new;
        assert!(pair.has_adapter(path(".env")) && !pair.has_adapter(path("x/.env")));
        assert!(pair.has_policy(path("policies/a.json")) && !pair.has_policy(path(".env")));
        assert!(!pair.has_policy(path("policies/boundary.json")) && pair.has_boundary(path("policies/boundary.json")));
        assert!(pair.has_session(path("s/x.json")));
        assert_eq!(pair.scp_levels(path("org/root.json")).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(pair.scp_levels(path("org/b.json")).count(), 0);
        let (account, at) = pair.account.as_ref().unwrap();
        assert_eq!((account.as_str(), at.text()), ("111122223333", "111122223333"));
        assert!(pair.at.text().starts_with("adapters: ") && pair.at.text().ends_with("session: [s/*.json]"));
    }

    #[test]
    fn patterns_that_meet_no_file_are_told_with_their_place() {
        let settings = settings(PAIR);
        let read = ["policies/a.json", ".env", "org/root.json", "s/x.json"].map(Path::new);
        let unmet: Vec<_> = settings.pairs[0].files().flat_map(|files| files.unmet(&read)).collect();
        let written: Vec<&str> = unmet.iter().map(|(pattern, _)| *pattern).collect();
        assert_eq!(written, ["adapters/prod.json", "org/a.json", "policies/boundary.json"]);
        assert!(unmet.iter().all(|(pattern, at)| at.text() == *pattern));
    }

    #[test]
    fn ceilings_of_pairs_are_of_their_kind_unless_kinds_say_otherwise() {
        let settings = settings(&format!("{PAIR}kinds: {{identity: org/a.json}}"));
        for (path, kind) in [
            ("org/root.json", Some(PolicyKind::Scp)),
            ("policies/boundary.json", Some(PolicyKind::Boundary)),
            ("s/x.json", Some(PolicyKind::Session)),
            ("org/a.json", Some(PolicyKind::Identity)),
            ("policies/a.json", None),
        ] {
            assert_eq!(settings.kind_of(path), kind, "{path}");
        }
    }
}
