//! What keys say of themselves, wherever they stand: by themselves, in a line `NAME=value`, in JSON, in a log. Nothing of
//! a secret is kept.

mod find;
mod remarks;
#[cfg(test)]
mod tests;

pub use find::{Found, find};

use jiff::Timestamp;

use crate::bedrock::{AccessKeyId, AccessKeyKind, ApiKey, Moment};

/// A key that was found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundKey {
    /// What it says of itself.
    pub key: Key,
    /// The line that it begins in, from 1.
    pub line: usize,
    /// What it is assigned to, where that is written before it.
    pub name: Option<String>,
    /// Whether a session token stands in the same text.
    pub has_session_token: bool,
}

/// What a key is, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A Bedrock API key of either kind.
    Api(ApiKey),
    /// The id of an access key, which is no secret.
    AccessKeyId(AccessKeyId),
}

/// Where a text came from, which decides what there is to warn of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file.
    File,
    /// An environment variable.
    Environment,
    /// The standard input, or an argument.
    Typed,
}

/// Whether a key can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As far as can be told.
    Usable,
    /// Past the last moment at which it can work.
    Expired,
    /// No key: cut short, damaged, or made up as in an example.
    Unreal,
}

impl State {
    /// The state as one word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::Expired => "expired",
            Self::Unreal => "unreal",
        }
    }
}

impl FoundKey {
    /// What kind of key it is, in words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.key {
            Key::Api(ApiKey::LongTerm(_)) => "long-term Bedrock API key",
            Key::Api(ApiKey::ShortTerm(_)) => "short-term Bedrock API key",
            Key::AccessKeyId(id) => match id.kind {
                AccessKeyKind::LongLived => "access key id",
                AccessKeyKind::Temporary => "id of a temporary access key",
                AccessKeyKind::Bearer => "id of a bearer token of STS",
                AccessKeyKind::ServiceSpecific => "id of a service-specific credential",
            },
        }
    }

    /// How keys of its kind begin.
    #[must_use]
    pub fn prefix(&self) -> &'static str {
        match &self.key {
            Key::Api(ApiKey::LongTerm(_)) => ApiKey::LONG_TERM,
            Key::Api(ApiKey::ShortTerm(_)) => ApiKey::SHORT_TERM,
            Key::AccessKeyId(id) => id.kind.prefix(),
        }
    }

    /// The account that it belongs to, twelve digits.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match &self.key {
            Key::Api(key) => key.account(),
            Key::AccessKeyId(id) => id.account.as_deref(),
        }
    }

    /// The IAM user of a long-term API key.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        match &self.key {
            Key::Api(ApiKey::LongTerm(key)) => key.user.as_deref(),
            _ => None,
        }
    }

    /// The only Region in which a short-term API key can be used.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        match &self.key {
            Key::Api(ApiKey::ShortTerm(key)) => key.region.as_deref(),
            _ => None,
        }
    }

    /// When a short-term API key was made.
    #[must_use]
    pub fn issued(&self) -> Option<Timestamp> {
        match &self.key {
            Key::Api(ApiKey::ShortTerm(key)) => key.issued,
            _ => None,
        }
    }

    /// The last moment at which a short-term API key can work.
    #[must_use]
    pub fn expires(&self) -> Option<Timestamp> {
        match &self.key {
            Key::Api(ApiKey::ShortTerm(key)) => key.expires(),
            _ => None,
        }
    }

    /// Whether it can be used.
    #[must_use]
    pub fn state(&self, as_of: Moment) -> State {
        match &self.key {
            Key::Api(key) if key.is_filler() => State::Unreal,
            Key::AccessKeyId(id) if id.is_example() => State::Unreal,
            Key::Api(ApiKey::ShortTerm(key)) if key.has_ended(as_of) == Some(true) => State::Expired,
            _ => State::Usable,
        }
    }
}
