//! The messages that are known: `catalog/errors.json`. A new one is data alone.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::Date;
use regex::Regex;
use serde::Deserialize;
use thiserror::Error;

use super::situation::Condition;
use crate::iam::Layer;

/// The schema that this version reads.
const SCHEMA: u32 = 1;

/// Why a catalogue of messages cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KnownErrorsError {
    /// Not JSON, or not of the catalogue's shape.
    #[error("{0}")]
    Shape(#[from] serde_json::Error),
    /// A schema that this version does not read.
    #[error("schema_version {found} is not supported, {SCHEMA} is")]
    Schema {
        /// The version found.
        found: u32,
    },
    /// A check that `checks` does not define.
    #[error("{id}: no check is named {name:?}")]
    UnknownCheck {
        /// The message.
        id: Box<str>,
        /// The name used.
        name: Box<str>,
    },
}

/// Every message that is known, in the order in which they are looked for.
#[derive(Debug)]
pub struct KnownErrors {
    as_of: Date,
    errors: Vec<KnownError>,
}

/// A message of Amazon Bedrock, IAM or an SDK, and what is to be known of it.
#[derive(Debug)]
pub struct KnownError {
    /// Its name.
    pub id: Box<str>,
    /// What happened, in one sentence: `{field|words without it}` stand for what was read out.
    pub what: Box<str>,
    /// How it is told, in plain text.
    pub pattern: Pattern,
    /// What it says, as it was seen.
    pub example: Box<str>,
    /// Words without which it does not occur, in lower case.
    pub marks: Vec<Box<str>>,
    /// The exception of the service, or the error of the SDK.
    pub exception: Box<str>,
    /// The HTTP status; none if no answer came.
    pub status: Option<u16>,
    /// Whether it is only the name of an exception, and another message beside it says more.
    pub weak: bool,
    /// Whether other services say the same, so that something near it must speak of Amazon Bedrock.
    pub generic: bool,
    /// The policy that decided, of a denial by IAM that tells it.
    pub layer: Option<DenyingLayer>,
    /// Whether a statement denied it, rather than that none allowed it.
    pub explicit: Option<bool>,
    /// What may be behind it, the likeliest first as long as nothing is known.
    pub causes: Vec<KnownCause>,
    /// What to do about it.
    pub fixes: Vec<Box<str>>,
    /// What is made ready.
    pub advice: Vec<Advice>,
    /// Commands that show more, with `{fields}`.
    pub checks: Vec<Box<str>>,
    /// The rules that find what leads to it in files.
    pub rules: Vec<Box<str>>,
    /// Where it was read: AWS pages and public threads.
    pub sources: Vec<Box<str>>,
    /// What else is to be known.
    pub note: Option<Box<str>>,
    /// Where the words, or what is said of them, are not certain.
    pub confidence: Option<Box<str>>,
}

/// A regular expression of the catalogue. Most are never needed in a run, so each is compiled when it first is.
#[derive(Debug)]
pub struct Pattern {
    written: Box<str>,
    strict: OnceLock<Regex>,
    joined: OnceLock<Regex>,
}

impl Pattern {
    fn new(written: Box<str>) -> Self {
        Self { written, strict: OnceLock::new(), joined: OnceLock::new() }
    }

    /// As it is written.
    pub(super) fn strict(&self) -> &Regex {
        self.strict.get_or_init(|| compiled(&self.written))
    }

    /// The same for a text in which line breaks were left out, and blanks with them.
    pub(super) fn joined(&self) -> &Regex {
        self.joined.get_or_init(|| compiled(&self.written.replace(' ', " ?")))
    }
}

#[allow(clippy::expect_used, reason = "the catalogue is compiled in, and a unit test compiles every pattern of it")]
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of the catalogue")
}

/// What may be behind a message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownCause {
    /// The cause.
    pub cause: Box<str>,
    /// How to tell whether it is this one.
    pub tell: Box<str>,
    /// What must be so for it to be the cause.
    #[serde(default, rename = "if")]
    pub conditions: Vec<Condition>,
}

/// The policies that may decide a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DenyingLayer {
    /// Attached to the caller.
    Identity,
    /// A service control policy.
    Scp,
    /// A resource control policy.
    Rcp,
    /// A permissions boundary.
    Boundary,
    /// A session policy.
    Session,
    /// The policy of a VPC endpoint.
    Endpoint,
    /// Attached to the resource.
    Resource,
}

impl DenyingLayer {
    /// Every layer.
    pub const ALL: [Self; 7] =
        [Self::Identity, Self::Scp, Self::Rcp, Self::Boundary, Self::Session, Self::Endpoint, Self::Resource];

    /// The word for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Scp => "scp",
            Self::Rcp => "rcp",
            Self::Boundary => "boundary",
            Self::Session => "session",
            Self::Endpoint => "endpoint",
            Self::Resource => "resource",
        }
    }

    /// What it is called, with its article.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "a policy of the caller",
            Self::Scp => "a service control policy",
            Self::Rcp => "a resource control policy",
            Self::Boundary => "the permissions boundary",
            Self::Session => "the session policy",
            Self::Endpoint => "the policy of the VPC endpoint",
            Self::Resource => "the policy of the resource",
        }
    }

    /// Whether policies of this layer are those of that one, where both know it.
    #[must_use]
    pub fn is(self, layer: Layer) -> bool {
        matches!(
            (self, layer),
            (Self::Identity, Layer::Identity)
                | (Self::Scp, Layer::Scp { .. })
                | (Self::Boundary, Layer::Boundary)
                | (Self::Session, Layer::Session)
                | (Self::Endpoint, Layer::Endpoint)
                | (Self::Resource, Layer::Resource)
        )
    }
}

/// What is made ready for a message, as far as what was read out allows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advice {
    /// The ids by which the model can be called from the Region.
    IdsForRegion,
    /// The ids that may be meant.
    NearestIds,
    /// What comes after a model that is over.
    Successors,
    /// The policy, or the statement, that grants the call.
    Grant,
    /// The right to use API keys.
    BearerGrant,
    /// How to call without an API key.
    NoKey,
    /// The exemption that a Region deny of an organization needs.
    ScpExemption,
    /// The same for a Deny elsewhere.
    DenyExemption,
    /// A profile that stays within fewer Regions, or reaches more.
    OtherProfile,
    /// A model of another provider.
    OtherProvider,
    /// The right to hand over a role.
    PassRole,
    /// Who opens a model for an account.
    ModelAccess,
    /// Who subscribes an account, once.
    MarketplaceOnce,
    /// Who sends the use-case form, once.
    UseCaseForm,
    /// What the API key says, and how to make another.
    Key,
    /// Where credentials are looked for.
    NoCredentials,
    /// What to look at in access keys.
    Credentials,
    /// One Region for endpoint, key and signature.
    OneRegion,
    /// Regions that have an endpoint.
    Regions,
    /// How to ask for more.
    Quotas,
    /// The thinking modes of the model.
    Thinking,
    /// What the model takes of the parameters of sampling.
    Sampling,
    /// The longest answer of the model.
    MaxOutput,
}

#[derive(Deserialize)]
struct Raw {
    schema_version: u32,
    as_of: Box<str>,
    checks: BTreeMap<Box<str>, Box<str>>,
    errors: Vec<RawError>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawError {
    id: Box<str>,
    what: Box<str>,
    pattern: Box<str>,
    example: Box<str>,
    marks: Vec<Box<str>>,
    exception: Box<str>,
    status: Option<u16>,
    #[serde(default)]
    weak: bool,
    #[serde(default)]
    generic: bool,
    layer: Option<DenyingLayer>,
    explicit: Option<bool>,
    causes: Vec<KnownCause>,
    fixes: Vec<Box<str>>,
    advice: Vec<Advice>,
    checks: Vec<Box<str>>,
    rules: Vec<Box<str>>,
    sources: Vec<Box<str>>,
    note: Option<Box<str>>,
    confidence: Option<Box<str>>,
}

impl KnownErrors {
    /// The compiled-in messages, parsed on the first call.
    #[allow(clippy::expect_used, reason = "the text is compiled in and a unit test parses it")]
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<KnownErrors> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            Self::from_json(include_str!("../../catalog/errors.json")).expect("the compiled-in messages are valid")
        })
    }

    /// Reads messages from the text of a file shaped like `catalog/errors.json`.
    ///
    /// # Errors
    /// If it is not of that shape, or names a check that it does not define.
    fn from_json(text: &str) -> Result<Self, KnownErrorsError> {
        let raw: Raw = serde_json::from_str(text)?;
        if raw.schema_version != SCHEMA {
            return Err(KnownErrorsError::Schema { found: raw.schema_version });
        }
        let as_of = raw.as_of.parse().map_err(<serde_json::Error as serde::de::Error>::custom::<jiff::Error>)?;
        let errors = raw.errors.into_iter().map(|error| error.resolve(&raw.checks)).collect::<Result<_, _>>()?;
        Ok(Self { as_of, errors })
    }

    /// The day on which the messages were collected.
    #[must_use]
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// Every message, in the order in which they are looked for.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &KnownError> + Clone {
        self.errors.iter()
    }

    /// The message of this name.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&KnownError> {
        self.errors.iter().find(|error| *error.id == *id)
    }

    pub(super) fn at(&self, index: usize) -> Option<&KnownError> {
        self.errors.get(index)
    }

    /// Every mark with the index of the message that it is of.
    pub(super) fn marks(&self) -> impl Iterator<Item = (&str, usize)> {
        let numbered = self.errors.iter().enumerate();
        numbered.flat_map(|(index, error)| error.marks.iter().map(move |mark| (&**mark, index)))
    }
}

impl RawError {
    fn resolve(self, checks: &BTreeMap<Box<str>, Box<str>>) -> Result<KnownError, KnownErrorsError> {
        let command = |name: Box<str>| match checks.get(&name) {
            Some(command) => Ok(command.clone()),
            None => Err(KnownErrorsError::UnknownCheck { id: self.id.clone(), name }),
        };
        let checks = self.checks.into_iter().map(command).collect::<Result<_, _>>()?;
        Ok(KnownError {
            what: self.what,
            pattern: Pattern::new(self.pattern),
            example: self.example,
            marks: self.marks,
            exception: self.exception,
            status: self.status,
            weak: self.weak,
            generic: self.generic,
            layer: self.layer,
            explicit: self.explicit,
            causes: self.causes,
            fixes: self.fixes,
            advice: self.advice,
            checks,
            rules: self.rules,
            sources: self.sources,
            note: self.note,
            confidence: self.confidence,
            id: self.id,
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use super::super::facts::Field;
    use super::*;
    use crate::rules;

    #[test]
    fn every_message_is_complete() {
        let known = KnownErrors::builtin();
        let mut ids = BTreeSet::new();
        for error in known.iter() {
            let id = &error.id;
            assert!(ids.insert(id), "{id} is listed twice");
            assert!(!error.causes.is_empty() && !error.fixes.is_empty() && !error.sources.is_empty(), "{id}");
            assert!(
                error.example.to_lowercase().contains(
                    &**error.marks.iter().find(|mark| { error.example.to_lowercase().contains(&***mark) }).unwrap()
                ),
                "{id}: no mark is in the example"
            );
            assert!(error.marks.iter().all(|mark| mark.to_lowercase() == **mark), "{id}");
            assert!(!rules::all().iter().any(|rule| rule.slug == &**id), "{id} is a rule too");
            for rule in &error.rules {
                assert!(rules::all().iter().any(|one| one.slug == &**rule), "{id}: there is no rule {rule}");
            }
            assert!(error.pattern.strict().captures_len() == error.pattern.joined().captures_len(), "{id}");
            for name in error.pattern.strict().capture_names().flatten() {
                assert!(Field::named(name).is_some(), "{id}: nothing is called {name}");
            }
            for source in &error.sources {
                assert!(source.starts_with("https://"), "{id}: {source}");
            }
        }
        assert!(ids.len() >= 72);
    }

    #[test]
    fn a_catalogue_with_a_fault_says_where() {
        let text = include_str!("../../catalog/errors.json");
        let fault = |text: &str| KnownErrors::from_json(text).unwrap_err().to_string();
        assert_eq!(
            fault(&text.replacen("\"schema_version\": 1", "\"schema_version\": 2", 1)),
            "schema_version 2 is not supported, 1 is"
        );
        let wrong = text.replacen("\"checks\": [\n    \"profiles\"\n", "\"checks\": [\n    \"nothing\"\n", 1);
        assert_eq!(fault(&wrong), "on-demand-not-supported: no check is named \"nothing\"");
        assert!(fault(&text.replacen("\"weak\"", "\"week\"", 1)).contains("week"));
    }
}
