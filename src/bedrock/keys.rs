//! Condition keys: lookup, who carries them, and what a written key is.

use serde::Deserialize;

use super::actions::{Action, ActionCatalogue};
use super::raw_iam::compare;
use crate::similar::within;

/// The type of a condition key: which operators fit it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum KeyType {
    /// `String`.
    String,
    /// `ARN`.
    #[serde(rename = "ARN")]
    Arn,
    /// `Bool`.
    Bool,
    /// `Numeric`.
    Numeric,
    /// `Date`.
    Date,
    /// `IPAddress`.
    #[serde(rename = "IPAddress")]
    IpAddress,
    /// `ArrayOfString`.
    ArrayOfString,
    /// `ArrayOfARN`.
    #[serde(rename = "ArrayOfARN")]
    ArrayOfArn,
}

impl KeyType {
    /// Whether a request may carry several values of the key.
    pub fn is_array(self) -> bool {
        matches!(self, Self::ArrayOfString | Self::ArrayOfArn)
    }
}

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyScope {
    /// A global key: any request may carry it.
    Global,
    /// A key of one service: only certain actions carry it.
    Service,
}

/// A condition key. Sources: the service authorization reference; for global
/// keys the IAM user guide's list, types from a data package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionKey {
    /// The name in AWS's casing; tag keys end in `/${TagKey}`.
    pub name: Box<str>,
    /// Its type; `None` where only the name is recorded.
    pub key_type: Option<KeyType>,
    /// A second type that also fits (`aws:EpochTime`: a number too).
    pub also_type: Option<KeyType>,
    /// Whether it needs ForAllValues or ForAnyValue.
    pub multivalued: bool,
    /// Global, or of one service.
    pub scope: KeyScope,
    /// AWS calls it sensitive: a wildcard in its value has no valid use.
    pub no_wildcard: bool,
    /// False where AWS limits the key to services that Bedrock is not among.
    pub in_bedrock_requests: bool,
}

impl ConditionKey {
    /// The fixed part of a key with a variable one: `aws:RequestTag/`.
    fn stem(&self) -> Option<&str> {
        self.name.split_once("${").map(|(stem, _)| stem)
    }
}

/// What a string in the place of a condition key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionKeyKind<'c> {
    /// A key, in any case; a tag key with any tag.
    Known(&'c ConditionKey),
    /// No such key: a wrong prefix or a misspelling.
    NotAKey {
        /// One to three keys, best first.
        nearest: Vec<&'c str>,
        /// The key of that name under its right prefix.
        meant: Option<&'c str>,
    },
    /// A key of a recorded service, or a global one, that is like nothing known.
    Unknown,
    /// A key of a service this catalogue does not record.
    OtherService,
}

impl ActionCatalogue {
    /// Every condition key.
    pub fn condition_keys(&self) -> impl ExactSizeIterator<Item = &ConditionKey> {
        self.keys.iter()
    }

    /// The condition key of this name, in any case. `aws:RequestTag/team` finds
    /// `aws:RequestTag/${TagKey}`.
    pub fn condition_key(&self, name: &str) -> Option<&ConditionKey> {
        if let Ok(at) = self.keys.binary_search_by(|key| compare(&key.name, name)) {
            return self.keys.get(at);
        }
        self.keys.iter().find(|key| {
            key.stem().is_some_and(|stem| {
                name.len() > stem.len() && name.get(..stem.len()).is_some_and(|start| start.eq_ignore_ascii_case(stem))
            })
        })
    }

    /// Whether a request for `action` can carry `key`. Global keys: yes, except
    /// tag keys, which depend on the action and its resource types. `None` where
    /// only the action's name is recorded. Says nothing of whether it *does*.
    pub fn carries(&self, action: &Action, key: &ConditionKey) -> Option<bool> {
        const TAGS: [&str; 3] = ["aws:RequestTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys"];
        if key.scope == KeyScope::Global && !TAGS.contains(&key.name.as_ref()) {
            return Some(true);
        }
        let resources = action.resources.as_ref()?;
        let of_types = resources
            .iter()
            .filter_map(|name| self.resource_type_named(action.service(), name))
            .flat_map(|one| &one.condition_keys);
        Some(action.condition_keys.iter().chain(of_types).any(|name| *name == key.name))
    }

    /// Says what `written`, standing as a condition key, is.
    pub fn classify_condition_key(&self, written: &str) -> ConditionKeyKind<'_> {
        if let Some(key) = self.condition_key(written) {
            return ConditionKeyKind::Known(key);
        }
        let Some((prefix, name)) = written.split_once(':') else {
            return ConditionKeyKind::OtherService;
        };
        if !prefix.eq_ignore_ascii_case("aws") && !self.is_known_service(prefix) && !self.is_not_a_service(prefix) {
            return ConditionKeyKind::OtherService;
        }
        let meant = self.under_another_prefix(name);
        let mut nearest: Vec<&str> = meant.into_iter().collect();
        // templates are compared by their fixed part: "aws:RequestTag", "aws:ResourceTags/x"
        let fixed = written.split_once('/').map_or(written, |(fixed, _)| fixed);
        let limit = (name.len() / 6).clamp(1, 2);
        let stems = self.keys.iter().map(|key| {
            let stem = key.stem().unwrap_or(&key.name);
            stem.trim_end_matches('/')
        });
        for close in within(stems, fixed, limit, 3) {
            let full = self.keys.iter().find(|key| {
                let stem = key.stem().map(|stem| stem.trim_end_matches('/'));
                stem.unwrap_or(&key.name) == close
            });
            let Some(key) = full else { continue };
            if nearest.len() < 3 && !nearest.contains(&key.name.as_ref()) {
                nearest.push(&key.name);
            }
        }
        if nearest.is_empty() { ConditionKeyKind::Unknown } else { ConditionKeyKind::NotAKey { nearest, meant } }
    }

    /// The key of this name under the prefix it really has: AWS's own pages write
    /// `aws:InferenceProfileArn` for `bedrock:InferenceProfileArn`.
    fn under_another_prefix(&self, name: &str) -> Option<&str> {
        ["bedrock", "aws", "bedrock-mantle"]
            .into_iter()
            .find_map(|prefix| self.condition_key(&format!("{prefix}:{name}")))
            .map(|key| key.name.as_ref())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a missing key fails the test")]

    use super::*;

    fn said(written: &str) -> String {
        match ActionCatalogue::builtin().classify_condition_key(written) {
            ConditionKeyKind::Known(key) => format!("known {}", key.name),
            ConditionKeyKind::NotAKey { nearest, meant } => {
                format!("not {:?} of {}", meant.unwrap_or("-"), nearest.join(" "))
            }
            ConditionKeyKind::Unknown => "unknown".to_owned(),
            ConditionKeyKind::OtherService => "other".to_owned(),
        }
    }

    #[test]
    fn written_keys() {
        const PROFILE: &str = "bedrock:InferenceProfileArn";
        for (written, expected) in [
            (PROFILE, format!("known {PROFILE}")),
            ("bedrock:inferenceprofilearn", format!("known {PROFILE}")),
            ("bedrock:bearerTokenType", "known bedrock:BearerTokenType".into()),
            ("aws:RequestedRegion", "known aws:RequestedRegion".into()),
            ("aws:RequestTag/team", "known aws:RequestTag/${TagKey}".into()),
            ("aws:PrincipalTag/a/b", "known aws:PrincipalTag/${TagKey}".into()),
            ("iam:ServiceSpecificCredentialAgeDays", "known iam:ServiceSpecificCredentialAgeDays".into()),
            ("aws:InferenceProfileArn", format!("not {PROFILE:?} of {PROFILE}")),
            ("bedrock-runtime:InferenceProfileArn", format!("not {PROFILE:?} of {PROFILE}")),
            ("bedrock:InferenceProfileArns", format!("not \"-\" of {PROFILE}")),
            ("bedrock:RequestedRegion", "not \"aws:RequestedRegion\" of aws:RequestedRegion".into()),
            ("aws:RequestRegion", "not \"-\" of aws:RequestedRegion".into()),
            ("aws:RequestTag", "not \"-\" of aws:RequestTag/${TagKey}".into()),
            ("bedrock:QuantumState", "unknown".into()),
            ("aws:QuantumState", "unknown".into()),
            ("s3:prefix", "other".into()),
            ("token.actions.githubusercontent.com:sub", "other".into()),
            ("", "other".into()),
        ] {
            assert_eq!(said(written), expected, "{written}");
        }
    }

    #[test]
    fn every_key_is_itself() {
        for key in ActionCatalogue::builtin().condition_keys() {
            assert_eq!(said(&key.name), format!("known {}", key.name));
            assert_eq!(said(&key.name.to_uppercase()), format!("known {}", key.name));
        }
    }

    #[test]
    fn types_and_values() {
        let iam = ActionCatalogue::builtin();
        let key = |name| iam.condition_key(name).unwrap();
        assert_eq!(key("bedrock:InferenceProfileArn").key_type, Some(KeyType::Arn));
        assert_eq!(key("aws:EpochTime").also_type, Some(KeyType::Numeric));
        assert!(key("aws:CalledVia").multivalued);
        assert!(key("aws-marketplace:ProductId").multivalued);
        assert!(!key("aws:CalledViaLast").multivalued);
        assert_eq!(key("aws:TagKeys").scope, KeyScope::Global);
        assert!(!key("aws:SourceVpcArn").in_bedrock_requests);
    }

    #[test]
    fn who_carries_what() {
        let iam = ActionCatalogue::builtin();
        for (action, key, expected) in [
            ("bedrock:InvokeModel", "bedrock:InferenceProfileArn", Some(true)),
            ("bedrock:InvokeModel", "bedrock:ModelArn", Some(true)),
            ("bedrock:InvokeModelWithResponseStream", "bedrock:ModelArn", Some(false)),
            ("bedrock:ListFoundationModels", "bedrock:InferenceProfileArn", Some(false)),
            ("bedrock:InvokeModel", "aws:RequestedRegion", Some(true)),
            ("bedrock:ListFoundationModels", "aws:RequestTag/x", Some(false)),
            ("aws-marketplace:Subscribe", "aws-marketplace:ProductId", Some(true)),
            ("aws-marketplace:Unsubscribe", "aws-marketplace:ProductId", Some(false)),
            ("bedrock-agentcore:AuthorizeAction", "bedrock-agentcore:actorId", None),
        ] {
            let found = iam.carries(iam.action(action).unwrap(), iam.condition_key(key).unwrap());
            assert_eq!(found, expected, "{action} {key}");
        }
    }
}
