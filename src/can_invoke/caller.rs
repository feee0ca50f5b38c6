//! Who makes the call, and what else is said of the request.

use std::collections::BTreeMap;
use std::str::FromStr;

use thiserror::Error;

use crate::bedrock::{ApiKey, ArnFields, Partition, is_account_id};
use crate::iam::request::{BEARER_TOKEN_TYPE, INFERENCE_PROFILE_ARN, PRINCIPAL_ARN, REQUESTED_REGION};
use crate::iam::{Context, Held};

/// A role or a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The ARN under which policies know it, also of the session of a role: `arn:aws:iam::111122223333:role/app`.
    pub arn: String,
    /// Its partition.
    pub partition: Partition,
    /// Its account.
    pub account: String,
    /// The name, if it is a user.
    pub user: Option<String>,
    /// Whether the ARN was that of a session, which lacks the path of the role.
    pub session: bool,
}

/// A text that is no ARN of a caller.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{0}` is no ARN of a caller: it is written `arn:aws:iam::111122223333:role/NAME` or `…:user/NAME`, or is that of the \
     session of a role, `arn:aws:sts::111122223333:assumed-role/NAME/SESSION`"
)]
pub struct NoCaller(String);

impl FromStr for Caller {
    type Err = NoCaller;

    fn from_str(text: &str) -> Result<Self, NoCaller> {
        Self::of_arn(text).ok_or_else(|| NoCaller(text.to_owned()))
    }
}

impl Caller {
    fn of_arn(text: &str) -> Option<Self> {
        let fields = ArnFields::split(text).filter(|_| !text.contains(['*', '?', '$', '<']))?;
        let partition = Partition::parse(fields.partition.text)?;
        let account = Some(fields.account.text).filter(|account| is_account_id(account))?;
        let id = fields.resource_id.as_ref()?.text;
        let name = id.rsplit('/').next().filter(|name| !name.is_empty())?;
        let caller = |arn: String, user: Option<&str>, session: bool| Self {
            arn,
            partition,
            account: account.to_owned(),
            user: user.map(str::to_owned),
            session,
        };
        match (fields.service.text, fields.resource_type.text) {
            ("iam", "role") => Some(caller(text.to_owned(), None, false)),
            ("iam", "user") => Some(caller(text.to_owned(), Some(name), false)),
            ("sts", "assumed-role") => {
                let (role, _) = id.split_once('/')?;
                Some(caller(format!("arn:{partition}:iam::{account}:role/{role}"), None, true))
            }
            _ => None,
        }
    }

    /// Sets what requests of this caller hold. What a role's requests hold under `aws:userid` is not known.
    ///
    /// Sources: IAM User Guide, "AWS global condition context keys" (`aws:PrincipalArn`: of a session, the role's) and
    /// "IAM policy elements: Variables and tags" (which principals have which keys).
    fn describe(&self, context: &mut Context) {
        context.set(PRINCIPAL_ARN, one(&self.arn));
        let kind = if self.user.is_some() { "User" } else { "AssumedRole" };
        context.set("aws:PrincipalType", one(kind));
        context.set("aws:username", self.user.as_deref().map_or(Held::Absent, one));
    }
}

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

    fn held(arn: &str, key: &str) -> Held {
        let mut context = Context::assumed("us-east-1", None);
        arn.parse::<Caller>().unwrap().describe(&mut context);
        context.get(key).clone()
    }

    #[test]
    fn callers_are_known_by_their_arns() {
        let role = "arn:aws:iam::111122223333:role/service/app";
        assert_eq!(held(role, "aws:PrincipalArn"), one(role));
        assert_eq!(held(role, "aws:PrincipalType"), one("AssumedRole"));
        assert_eq!(held(role, "aws:username"), Held::Absent);
        assert_eq!(held(role, "aws:userid"), Held::Unknown);
        let user = "arn:aws-us-gov:iam::111122223333:user/team/ana";
        assert_eq!(held(user, "aws:PrincipalType"), one("User"));
        assert_eq!(held(user, "aws:username"), one("ana"));
        let session = "arn:aws:sts::111122223333:assumed-role/app/session";
        assert_eq!(held(session, "aws:PrincipalArn"), one("arn:aws:iam::111122223333:role/app"));
        for text in [
            "app",
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::1111:role/app",
            "arn:aws:iam::111122223333:role/*",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:group/staff",
            "arn:aws:s3:::bucket/key",
        ] {
            assert_eq!(text.parse::<Caller>(), Err(NoCaller(text.to_owned())));
        }
    }

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
