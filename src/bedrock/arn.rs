//! ARNs taken apart, and the resource types of Bedrock's services.

use std::ops::Range;

use super::actions::ActionCatalogue;
use crate::similar::nearest;

/// One field of an ARN: its text, and its place in the string taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArnField<'a> {
    /// The text between the colons.
    pub text: &'a str,
    /// Its bytes in the whole string.
    pub range: Range<usize>,
}

/// An ARN-like string split at its first five colons. Ids end in `:0`, so later
/// colons belong to the resource. Policy variables and holes that hold colons of
/// their own must be dealt with before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArnFields<'a> {
    /// `aws`.
    pub partition: ArnField<'a>,
    /// `bedrock`.
    pub service: ArnField<'a>,
    /// `us-east-1`, or empty.
    pub region: ArnField<'a>,
    /// Twelve digits, or empty.
    pub account: ArnField<'a>,
    /// Everything after: `inference-profile/us.amazon.nova-lite-v1:0`.
    pub resource: ArnField<'a>,
    /// What stands before the resource's id: `inference-profile`.
    pub resource_type: ArnField<'a>,
    /// What stands after the first slash; `None` without a slash. The Marketplace
    /// endpoint's `marketplace/model-endpoint` counts as one type.
    pub resource_id: Option<ArnField<'a>>,
}

/// Whether a text is the id of an AWS account: twelve digits.
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html>.
#[must_use]
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Types of more than one path segment.
const LONG_TYPES: [&str; 1] = ["marketplace/model-endpoint"];

impl<'a> ArnFields<'a> {
    /// Splits `text`; `None` if it does not begin with `arn:` or has fewer than
    /// five colons.
    pub fn split(text: &'a str) -> Option<Self> {
        let mut at = 0;
        let mut fields = text.splitn(6, ':').map(|part| {
            let range = at..at + part.len();
            at = range.end + 1;
            ArnField { text: part, range }
        });
        if fields.next()?.text != "arn" {
            return None;
        }
        let (partition, service) = (fields.next()?, fields.next()?);
        let (region, account) = (fields.next()?, fields.next()?);
        let resource = fields.next()?;
        let (resource_type, resource_id) = split_resource(&resource);
        Some(Self { partition, service, region, account, resource, resource_type, resource_id })
    }
}

fn split_resource<'a>(resource: &ArnField<'a>) -> (ArnField<'a>, Option<ArnField<'a>>) {
    let text = resource.text;
    let long = LONG_TYPES
        .into_iter()
        .find(|long| text.strip_prefix(long).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    let end = long.map_or_else(|| text.find('/').unwrap_or(text.len()), str::len);
    let (before, after) = text.split_at_checked(end).unwrap_or((text, ""));
    let start = resource.range.start;
    let id = after.strip_prefix('/').map(|id| ArnField { text: id, range: start + end + 1..resource.range.end });
    let before = ArnField { text: before, range: start..start + before.len() };
    (before, id)
}

/// What a field of an ARN must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldRule {
    /// Empty: foundation models belong to no account.
    Empty,
    /// Filled.
    Filled,
    /// Either: the Region of a foundation model, empty for global profiles.
    Either,
}

impl FieldRule {
    pub(super) fn or(self, other: Self) -> Self {
        if self == other { self } else { Self::Either }
    }

    /// Whether a field may have this text. A wildcard fits every rule: `*`
    /// matches the empty field too.
    pub fn allows(self, text: &str) -> bool {
        match self {
            Self::Either => true,
            Self::Empty => text.chars().all(|one| one == '*'),
            Self::Filled => !text.is_empty(),
        }
    }
}

/// A resource type of the service authorization reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceType {
    /// Its service prefix, `bedrock`.
    pub service: Box<str>,
    /// Its name in the reference, which actions refer to. Mostly, not always,
    /// what its ARN says.
    pub name: Box<str>,
    /// What stands before the id in its ARN: `inference-profile`.
    pub arn_type: Box<str>,
    /// The ARN format, with `${Partition}` and so on.
    pub format: Box<str>,
    /// The Region field.
    pub region: FieldRule,
    /// The account field.
    pub account: FieldRule,
    /// Condition keys that requests on it carry.
    pub condition_keys: Vec<Box<str>>,
}

impl ResourceType {
    /// Reads the rules off the ARN format. The service named in the format wins,
    /// `service` is what the entry stands under.
    pub(super) fn new(service: &str, name: Box<str>, format: Box<str>, condition_keys: Vec<Box<str>>) -> Option<Self> {
        let fields = ArnFields::split(&format)?;
        let rule = |field: &ArnField<'_>| {
            if field.text.is_empty() { FieldRule::Empty } else { FieldRule::Filled }
        };
        let named = fields.service.text;
        Some(Self {
            service: if named.is_empty() { service } else { named }.into(),
            name,
            arn_type: fields.resource_type.text.into(),
            region: rule(&fields.region),
            account: rule(&fields.account),
            condition_keys,
            format,
        })
    }
}

impl ActionCatalogue {
    /// The resource type of `service` (`bedrock`) whose ARNs have `arn_type`
    /// before the id (`inference-profile`). Where several share it
    /// (`flow/ID`, `flow/ID/alias/ID`), the plainest.
    pub fn resource_type(&self, service: &str, arn_type: &str) -> Option<&ResourceType> {
        self.types
            .iter()
            .filter(|one| *one.service == *service && *one.arn_type == *arn_type)
            .min_by_key(|one| one.format.len())
    }

    /// The resource type of this name in the reference, as actions name it.
    pub fn resource_type_named(&self, service: &str, name: &str) -> Option<&ResourceType> {
        self.types.iter().find(|one| *one.service == *service && *one.name == *name)
    }

    /// Up to three ARN types of `service` that `written` is a misspelling of,
    /// best first. Empty if it is one itself, or like none: a new type then.
    pub fn nearest_resource_types(&self, service: &str, written: &str) -> Vec<&str> {
        if self.resource_type(service, written).is_some() {
            return Vec::new();
        }
        let mut names: Vec<&str> =
            self.types.iter().filter(|one| *one.service == *service).map(|one| one.arn_type.as_ref()).collect();
        names.sort_unstable();
        names.dedup();
        // seen in public policies; no such type exists
        if written == "custom-inference-profile" {
            names.retain(|name| name.ends_with("inference-profile"));
            return names;
        }
        let letters = |name: &str| -> String {
            let letters = name.chars().filter(char::is_ascii_alphanumeric);
            letters.map(|one| one.to_ascii_lowercase()).collect()
        };
        let wanted = letters(written);
        let same = names.iter().copied().find(|name| letters(name) == wanted);
        match same {
            Some(name) => vec![name],
            None => nearest(names, written, 3),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a wrong table fails the test")]

    use super::*;

    #[test]
    fn splits_at_the_first_five_colons() {
        let text = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0";
        let arn = ArnFields::split(text).unwrap();
        assert_eq!(arn.partition.text, "aws");
        assert_eq!(arn.service.text, "bedrock");
        assert_eq!(arn.region.text, "us-east-1");
        assert_eq!(arn.account.text, "111122223333");
        assert_eq!(arn.resource_type.text, "inference-profile");
        let id = arn.resource_id.unwrap();
        assert_eq!(id.text, "us.amazon.nova-lite-v1:0");
        for field in [&arn.region, &arn.account, &arn.resource, &arn.resource_type, &id] {
            assert_eq!(text.get(field.range.clone()), Some(field.text));
        }
    }

    #[test]
    fn odd_strings() {
        for (text, expected) in [
            ("arn:aws:bedrock:::foundation-model/x", Some(("foundation-model", Some("x")))),
            ("arn:aws:bedrock:*::foundation-model", Some(("foundation-model", None))),
            ("arn:*:*:*:*:*", Some(("*", None))),
            ("arn:::::", Some(("", None))),
            (
                "arn:aws:bedrock:r:a:marketplace/model-endpoint/all-access",
                Some(("marketplace/model-endpoint", Some("all-access"))),
            ),
            ("arn:aws:bedrock:r:a:marketplace/model-endpoints/x", Some(("marketplace", Some("model-endpoints/x")))),
            ("arn:aws:bedrock:r:a:flow/F/alias/A", Some(("flow", Some("F/alias/A")))),
            ("arn:aws:bedrock:r:a:ü/é", Some(("ü", Some("é")))),
            ("arn:aws:bedrock", None),
            ("amazon.nova-lite-v1:0", None),
            ("", None),
        ] {
            let found = ArnFields::split(text);
            let found = found.as_ref().map(|arn| (arn.resource_type.text, arn.resource_id.as_ref().map(|id| id.text)));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn types_know_their_fields() {
        let iam = ActionCatalogue::builtin();
        for (service, name, region, account) in [
            ("bedrock", "foundation-model", FieldRule::Either, FieldRule::Empty),
            ("bedrock", "inference-profile", FieldRule::Filled, FieldRule::Filled),
            ("bedrock", "application-inference-profile", FieldRule::Filled, FieldRule::Filled),
            ("bedrock", "system-tool", FieldRule::Empty, FieldRule::Filled),
            ("bedrock", "marketplace/model-endpoint", FieldRule::Filled, FieldRule::Filled),
            ("bedrock", "flow", FieldRule::Filled, FieldRule::Filled),
            ("bedrock-mantle", "project", FieldRule::Filled, FieldRule::Filled),
        ] {
            let found = iam.resource_type(service, name).unwrap();
            assert_eq!((found.region, found.account), (region, account), "{name}");
        }
        assert_eq!(&*iam.resource_type("bedrock", "flow").unwrap().name, "flow");
        assert!(iam.resource_type("bedrock", "custom-inference-profile").is_none());
        assert!(iam.resource_type_named("bedrock", "bedrock-marketplace-model-endpoint").is_some());
    }

    #[test]
    fn rules_let_wildcards_pass() {
        assert!(FieldRule::Empty.allows("") && FieldRule::Empty.allows("*"));
        assert!(!FieldRule::Empty.allows("111122223333"));
        assert!(!FieldRule::Filled.allows("") && FieldRule::Filled.allows("*"));
    }

    #[test]
    fn misspelt_types() {
        let iam = ActionCatalogue::builtin();
        for (written, expected) in [
            ("inference_profile", "inference-profile"),
            ("inferenceprofile", "inference-profile"),
            ("inference-profiles", "inference-profile"),
            ("foundationmodel", "foundation-model"),
            ("foundation-models", "foundation-model"),
            ("Foundation-Model", "foundation-model"),
            ("custom-inference-profile", "application-inference-profile inference-profile"),
            ("inference-profile", ""),
            ("quantum-model", ""),
            ("*", ""),
            ("", ""),
        ] {
            let found = iam.nearest_resource_types("bedrock", written).join(" ");
            assert_eq!(found, expected, "{written}");
        }
    }
}
