//! A call to Amazon Bedrock, as far as IAM cares.

use crate::bedrock::{ArnFields, Partition};

/// One way of calling, from one Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What is called.
    pub target: Target,
    /// What is done with it.
    pub operation: Operation,
    /// The partition of the caller's account.
    pub partition: Partition,
    /// The Region whose endpoint is called.
    pub source: String,
    /// The caller's account, 12 digits.
    pub account: String,
    /// The ARN of a guardrail that the call applies.
    pub guardrail: Option<String>,
    /// Whether the call carries a Bedrock API key.
    pub api_key: bool,
    /// Whether this is the first call of the account to a model sold through AWS Marketplace.
    pub first_use: bool,
}

impl Call {
    /// A call of `target` from `source` that carries nothing else: no guardrail, no API key, not the first of its account.
    #[must_use]
    pub fn plain(target: Target, operation: Operation, partition: Partition, source: &str, account: &str) -> Self {
        Self {
            target,
            operation,
            partition,
            source: source.to_owned(),
            account: account.to_owned(),
            guardrail: None,
            api_key: false,
            first_use: false,
        }
    }
}

/// What a call names as its model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A model by its bare id, on-demand.
    Model(String),
    /// A system-defined inference profile by its id.
    Profile(String),
    /// An application inference profile, by ARN, and what it was copied from ([`Target::Model`] or
    /// [`Target::Profile`]).
    ApplicationProfile {
        /// Its ARN.
        arn: String,
        /// What it was copied from.
        copies: Box<Self>,
    },
    /// Provisioned throughput, a custom model deployment or an imported model, by ARN.
    Own(String),
    /// A prompt router, by ARN, and the targets it routes to.
    Router {
        /// Its ARN.
        arn: String,
        /// What it routes to.
        routed: Vec<Self>,
    },
    /// A project of the `bedrock-mantle` endpoint, by ARN.
    MantleProject(String),
}

/// What is done with a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// InvokeModel, Converse.
    Invoke,
    /// InvokeModelWithResponseStream, ConverseStream.
    Stream,
    /// CreateModelInvocationJob, with the service role by ARN.
    Batch {
        /// The role that the job runs as.
        role: String,
    },
}

impl Operation {
    /// The IAM action that is checked on models and profiles. A batch job invokes as its service role.
    #[must_use]
    pub fn action(&self) -> &'static str {
        match self {
            Self::Invoke | Self::Batch { .. } => INVOKE,
            Self::Stream => STREAM,
        }
    }
}

/// The action behind InvokeModel and Converse.
pub const INVOKE: &str = "bedrock:InvokeModel";
/// The action behind InvokeModelWithResponseStream and ConverseStream.
pub const STREAM: &str = "bedrock:InvokeModelWithResponseStream";

/// ARN of a foundation model in a Region; an empty Region gives the Region-less ARN of global profiles.
#[must_use]
pub fn model_arn(partition: Partition, region: &str, model: &str) -> String {
    format!("arn:{partition}:bedrock:{region}::foundation-model/{model}")
}

/// ARN of a system-defined inference profile.
#[must_use]
pub fn profile_arn(partition: Partition, region: &str, account: &str, profile: &str) -> String {
    format!("arn:{partition}:bedrock:{region}:{account}:inference-profile/{profile}")
}

/// A system-defined profile in every Region, for the conditions of a Deny: which Regions may be called is for its list of
/// Regions to say. An application inference profile exists in one.
#[must_use]
pub fn profile_anywhere(arn: &str) -> String {
    match ArnFields::split(arn) {
        Some(fields) if fields.resource_type.text == "inference-profile" => format!(
            "arn:{}:{}:*:{}:{}",
            fields.partition.text, fields.service.text, fields.account.text, fields.resource.text
        ),
        _ => arn.to_owned(),
    }
}
