//! The request that a policy is asked about.

use std::collections::BTreeMap;

/// One request: may this action be done on this resource?
#[derive(Clone, Debug)]
pub struct Request {
    /// `service:Action`, without wildcards.
    pub action: String,
    /// An ARN, or `*` for an action that takes no resource.
    pub resource: String,
    /// What else is known of the request.
    pub context: Context,
}

/// What a request holds under a condition key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// These values; several only under a multivalued key.
    Values(Vec<String>),
    /// The key is not in the request.
    Absent,
    /// Some value that no policy names: an ordinary principal (design: the assumed request).
    Ordinary,
    /// Nothing of the caller's: the key is missing, or its value is that of AWS, which owns the resource.
    Foreign,
    /// It is not known whether the key is there, nor what it holds.
    Unknown,
}

/// Condition keys of a request. A key that is not mentioned is [`Held::Unknown`].
#[derive(Clone, Debug, Default)]
pub struct Context {
    keys: BTreeMap<String, Held>,
}

/// The key of the Region that a request is checked in.
pub const REQUESTED_REGION: &str = "aws:RequestedRegion";
/// The key of the inference profile through which a foundation model is reached.
pub const INFERENCE_PROFILE_ARN: &str = "bedrock:InferenceProfileArn";
/// The key of the kind of a Bedrock API key: `SHORT_TERM` or `LONG_TERM`.
pub const BEARER_TOKEN_TYPE: &str = "bedrock:BearerTokenType";
/// The key of the caller: the ARN of a user or role.
pub const PRINCIPAL_ARN: &str = "aws:PrincipalArn";
/// The key of the AWS service that makes the request for the caller.
pub const CALLED_VIA_LAST: &str = "aws:CalledViaLast";

/// The keys of whom a resource belongs to. Foundation models belong to an account of AWS (Amazon Bedrock User Guide,
/// "Required permissions for batch inference").
const OWNERS: [&str; 3] = ["aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths"];

/// The value of `aws:RequestedRegion` when the Region-less foundation-model ARN of a global profile is evaluated
/// (Amazon Bedrock User Guide, "Global cross-Region inference").
pub const UNSPECIFIED_REGION: &str = "unspecified";

impl Context {
    /// A direct call by an ordinary principal of the account, the request that every rule assumes: `region` is the
    /// Region of the ARN that is evaluated ([`UNSPECIFIED_REGION`] for the Region-less one), `profile` the ARN of the
    /// inference profile on whose behalf a foundation model is evaluated.
    #[must_use]
    pub fn assumed(region: &str, profile: Option<&str>) -> Self {
        let one = |value: &str| Held::Values(vec![value.to_owned()]);
        let mut context = Self::default();
        context.set(REQUESTED_REGION, one(region));
        context.set(INFERENCE_PROFILE_ARN, profile.map_or(Held::Absent, one));
        context.set("aws:ViaAWSService", one("false"));
        context.set("aws:PrincipalIsAWSService", one("false"));
        context.set("aws:SecureTransport", one("true"));
        for key in ["aws:CalledVia", "aws:CalledViaFirst", CALLED_VIA_LAST] {
            context.set(key, Held::Absent);
        }
        context.set(PRINCIPAL_ARN, Held::Ordinary);
        context
    }

    /// The same request made by an AWS service for the caller, `bedrock.amazonaws.com` for example (IAM User Guide,
    /// "AWS global condition context keys": `aws:CalledVia`, `aws:ViaAWSService`).
    #[must_use]
    pub fn via(mut self, service: &str) -> Self {
        for key in ["aws:CalledVia", "aws:CalledViaFirst", CALLED_VIA_LAST] {
            self.set(key, Held::Values(vec![service.to_owned()]));
        }
        self.set("aws:ViaAWSService", Held::Values(vec!["true".to_owned()]));
        self
    }

    /// The same request on a resource that belongs to AWS.
    #[must_use]
    pub fn on_aws(mut self) -> Self {
        OWNERS.iter().for_each(|key| self.set(key, Held::Foreign));
        self
    }

    /// Sets what the request holds under `key`, whose case does not matter.
    pub fn set(&mut self, key: &str, held: Held) {
        self.keys.insert(key.to_ascii_lowercase(), held);
    }

    /// The keys that the request holds values under, in small letters, and the values.
    pub fn values(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.keys.iter().filter_map(|(key, held)| match held {
            Held::Values(values) => Some((key.as_str(), values.as_slice())),
            Held::Absent | Held::Ordinary | Held::Foreign | Held::Unknown => None,
        })
    }

    /// What the request holds under `key`, whose case does not matter.
    #[must_use]
    pub fn get(&self, key: &str) -> &Held {
        let known = if key.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.keys.get(&key.to_ascii_lowercase())
        } else {
            self.keys.get(key)
        };
        known.unwrap_or(&Held::Unknown)
    }
}
