//! Amazon Bedrock API keys whose Region only their owner knows: nothing in a long-term key tells it.

use std::path::Path;
use std::sync::Arc;

use super::paths::Files;
use super::raw::RawKey;
use super::shapes::Spanned;
use super::{Settings, SettingsError};
use crate::source::{Location, Source};

/// A long-term Amazon Bedrock API key.
#[derive(Debug)]
pub struct DeclaredKey {
    /// The files that use it.
    pub files: Files,
    /// The code of the Region that it was issued for, and where that is said.
    pub region: (String, Location),
    /// Only the key of this IAM user.
    pub user: Option<String>,
    /// The entry in the settings.
    pub at: Location,
}

impl DeclaredKey {
    pub(super) fn checked(source: &Arc<Source>, raw: Spanned<RawKey>) -> Result<Self, SettingsError> {
        let Spanned { value: raw, span } = raw;
        Ok(Self {
            files: Files::new(source, raw.path)?,
            region: (raw.region.value.0, Location::new(source, raw.region.span)),
            user: raw.user.map(|user| user.0),
            at: Location::new(source, span),
        })
    }

    /// Whether it is said of the key of this user alone. IAM does not tell users apart by case.
    fn is_of(&self, user: &str) -> bool {
        self.user.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(user))
    }
}

impl Settings {
    /// What is declared of the key in a file, given by its path in the folder of the settings: what is said of its user
    /// goes before what is said of any. `user` is the IAM user that the key names, if it can be read.
    #[must_use]
    pub fn declared_key(&self, path: &Path, user: Option<&str>) -> Option<&DeclaredKey> {
        let here = || self.api_keys.iter().filter(|key| key.files.cover(path));
        let of_user = user.and_then(|user| here().find(|key| key.is_of(user)));
        of_user.or_else(|| here().find(|key| key.user.is_none()))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::settings::Base;

    #[test]
    fn what_is_said_of_a_user_goes_first() {
        let text = "api-keys:\n- {path: [a, b.env], region: us-east-1}\n\
            - {path: a, region: eu-west-1, user: BedrockAPIKey-ab12}\n- {path: a, region: us-west-2}\n\
            - {path: c, region: eu-west-3, user: ci}\n";
        let settings = Settings::parse(&Arc::new(Source::new("bedrock-lint.yml", text)), Base::default()).unwrap();
        let region = |path: &str, user: Option<&str>| {
            let key = settings.declared_key(Path::new(path), user)?;
            assert_eq!(key.region.1.text(), key.region.0);
            assert!(key.at.text().contains("region"));
            Some(key.region.0.as_str())
        };
        assert_eq!(region("a", Some("bedrockapikey-AB12")), Some("eu-west-1"));
        assert_eq!(region("a", Some("other")), Some("us-east-1"));
        assert_eq!(region("a/x", None), Some("us-east-1"));
        assert_eq!(region("b.env", Some("BedrockAPIKey-ab12")), Some("us-east-1"));
        assert_eq!(region("c", Some("ci")), Some("eu-west-3"));
        assert_eq!(region("c", Some("other")), None);
        assert_eq!(region("c", None), None);
        assert_eq!(region("d", None), None);
    }
}
