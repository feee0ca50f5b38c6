//! What is said of the request beside who makes it.

use std::collections::BTreeMap;
use std::str::FromStr;

use thiserror::Error;

use crate::access::Caller;
use crate::bedrock::ApiKey;
use crate::iam::request::{BEARER_TOKEN_TYPE, INFERENCE_PROFILE_ARN, REQUESTED_REGION};
use crate::iam::{Context, Held};

fn one(value: &str) -> Held {
    Held::Values(vec![value.to_owned()])
}

/// The kind of a Bedrock API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// One that ends with the session that made it.
    ShortTerm,
    /// A credential of an IAM user.
    LongTerm,
    /// One of the two.
    Unknown,
}

impl KeyKind {
    /// The kind of a key, by what it says of itself.
    #[must_use]
    pub fn of(key: &str) -> Self {
        match ApiKey::read(key) {
            Some(ApiKey::LongTerm(_)) => Self::LongTerm,
            Some(ApiKey::ShortTerm(_)) => Self::ShortTerm,
            None => Self::Unknown,
        }
    }
}

/// What is said of a condition key of the request, in the place of what is assumed. Written `key=value`; without a value,
/// `key=`, the request does not hold the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextEntry {
    /// The key.
    pub key: String,
    /// The value; `None`: the key is not in the request.
    pub value: Option<String>,
}

/// A text that says nothing of a condition key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoContext {
    /// It does not have the form.
    #[error("a condition key is given as `aws:SourceVpce=vpce-1a2b`, and as `aws:SourceVpce=` if the request lacks it")]
    Form,
    /// The key follows from what is called, and differs from one grant that the call needs to the next.
    #[error("`{0}` is not the same in every check that a call goes through: it follows from the model and the Region")]
    Derived(String),
}

impl FromStr for ContextEntry {
    type Err = NoContext;

    fn from_str(text: &str) -> Result<Self, NoContext> {
        let (key, value) = text.split_once('=').ok_or(NoContext::Form)?;
        match key.split_once(':') {
            Some((prefix, name)) if !prefix.trim().is_empty() && !name.trim().is_empty() => {}
            _ => return Err(NoContext::Form),
        }
        // nor is what is asked for one account's alone: foundation models belong to AWS
        let of_resource = ["aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths"];
        if [REQUESTED_REGION, INFERENCE_PROFILE_ARN]
            .iter()
            .chain(&of_resource)
            .any(|derived| derived.eq_ignore_ascii_case(key))
        {
            return Err(NoContext::Derived(key.to_owned()));
        }
        Ok(Self { key: key.to_owned(), value: Some(value.to_owned()).filter(|value| !value.is_empty()) })
    }
}

/// What is known of every request of a call beyond what is assumed of any.
#[derive(Clone, Debug, Default)]
pub(super) struct Situation {
    /// Who calls, if it is known by name.
    pub(super) caller: Option<Caller>,
    /// The caller's account, if it is not a mere example.
    pub(super) account: Option<String>,
    /// What policies ask for that is no condition key.
    pub(super) no_keys: Vec<String>,
    /// By key, in small letters; several values under a multivalued key.
    pub(super) said: BTreeMap<String, Held>,
}

impl Situation {
    /// What the entries say, those of one key together.
    ///
    /// # Errors
    /// The first key that is said to be absent and to have a value.
    pub(super) fn said(entries: &[ContextEntry]) -> Result<BTreeMap<String, Held>, String> {
        let mut said: BTreeMap<String, Held> = BTreeMap::new();
        for ContextEntry { key, value } in entries {
            let held = value.as_deref().map_or(Held::Absent, one);
            match (said.get_mut(&key.to_ascii_lowercase()), held) {
                (None, held) => drop(said.insert(key.to_ascii_lowercase(), held)),
                (Some(Held::Values(values)), Held::Values(more)) => values.extend(more),
                (Some(Held::Absent), Held::Absent) => {}
                (Some(_), _) => return Err(key.clone()),
            }
        }
        Ok(said)
    }

    /// The context of one request of a call with an API key of this kind. Calls without an API key hold no kind of it, and
    /// those with one hold it where the key itself is checked.
    pub(super) fn describe(&self, context: &mut Context, key: Option<KeyKind>, checks_key: bool) {
        if let Some(account) = &self.account {
            context.set("aws:PrincipalAccount", one(account));
        }
        if let Some(caller) = &self.caller {
            caller.describe(context);
        }
        match key {
            None => context.set(BEARER_TOKEN_TYPE, Held::Absent),
            Some(KeyKind::ShortTerm) if checks_key => context.set(BEARER_TOKEN_TYPE, one("SHORT_TERM")),
            Some(KeyKind::LongTerm) if checks_key => context.set(BEARER_TOKEN_TYPE, one("LONG_TERM")),
            Some(_) => {}
        }
        for key in &self.no_keys {
            context.set(key, Held::Absent);
        }
        for (key, held) in &self.said {
            context.set(key, held.clone());
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn entries_have_a_key_and_perhaps_a_value() {
        let entry =
            |key: &str, value: Option<&str>| Ok(ContextEntry { key: key.to_owned(), value: value.map(str::to_owned) });
        assert_eq!("aws:SourceVpce=vpce-1".parse(), entry("aws:SourceVpce", Some("vpce-1")));
        assert_eq!("aws:SourceVpce=".parse(), entry("aws:SourceVpce", None));
        assert_eq!("aws:PrincipalTag/team=a=b".parse(), entry("aws:PrincipalTag/team", Some("a=b")));
        for text in ["aws:SourceVpce", "SourceVpce=x", ":x=y", "aws:=y", ""] {
            assert_eq!(text.parse::<ContextEntry>(), Err(NoContext::Form), "{text}");
        }
        let derived = "aws:requestedregion=us-east-1".parse::<ContextEntry>();
        assert_eq!(derived, Err(NoContext::Derived("aws:requestedregion".to_owned())));
    }

    #[test]
    fn entries_of_one_key_are_its_values() {
        let said = |texts: &[&str]| {
            let entries: Vec<ContextEntry> = texts.iter().map(|text| text.parse().unwrap()).collect();
            Situation::said(&entries)
        };
        let several = said(&["aws:PrincipalOrgPaths=a", "aws:principalorgpaths=b", "aws:SourceIp="]).unwrap();
        assert_eq!(several.get("aws:principalorgpaths"), Some(&Held::Values(vec!["a".to_owned(), "b".to_owned()])));
        assert_eq!(several.get("aws:sourceip"), Some(&Held::Absent));
        assert_eq!(said(&["aws:SourceIp=10.0.0.1", "aws:SourceIp="]), Err("aws:SourceIp".to_owned()));
    }
}
