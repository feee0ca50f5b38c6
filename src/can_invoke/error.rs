//! Why nothing can be answered.

use thiserror::Error;

use crate::access::TargetError;
use crate::bedrock::Partition;
use crate::phrase::list;
use crate::source::Location;

/// Why nothing can be answered.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvokeError {
    /// Neither a model nor an adapter.
    #[error("nothing is called: say which model, or give an adapter")]
    NoModel,
    /// A model that cannot be called from a Region, or no such model or Region.
    #[error("{error}")]
    Target {
        /// Where the model is named, if that is in a file.
        at: Option<Location>,
        /// Why.
        error: TargetError,
    },
    /// An adapter without a model.
    #[error("the adapter calls no model that is known by its name: say which is called")]
    NothingCalled {
        /// The adapter.
        at: Location,
    },
    /// A model that is filled in later.
    #[error("the model is filled in later, or blank: say which is called")]
    OpenModel {
        /// The model.
        at: Location,
    },
    /// A model of another endpoint.
    #[error(
        "the model is called on `bedrock-mantle`, where rights are granted on a project: give the ARN of the project"
    )]
    OtherEndpoint {
        /// The model.
        at: Location,
    },
    /// Copies without an application inference profile.
    #[error("nothing here copies `{copies}`: only application inference profiles are copies")]
    NoCopy {
        /// What is copied.
        copies: String,
    },
    /// Two accounts.
    #[error("`{one}` and `{other}` are two accounts, and a caller is of one")]
    Accounts {
        /// One.
        one: String,
        /// The other.
        other: String,
    },
    /// Policies that speak of several accounts.
    #[error("the policies speak of the accounts {}: say which is the caller's", list(accounts, 4))]
    WhichAccount {
        /// The accounts.
        accounts: Vec<String>,
    },
    /// A caller of another partition than the Region.
    #[error("the caller is of the partition `{caller}`, and `{region}` of `{partition}`")]
    Partitions {
        /// That of the caller.
        caller: Partition,
        /// The Region that is called.
        region: String,
        /// Its partition.
        partition: Partition,
    },
    /// A caller that ceilings do not reach.
    #[error("no service control policy reaches a service-linked role such as `{arn}`: leave the policies out")]
    ServiceLinkedRole {
        /// The role.
        arn: String,
    },
    /// A long-term key of a role.
    #[error("a long-term Bedrock API key is a credential of an IAM user, and `{arn}` is a role")]
    KeyOfRole {
        /// The role.
        arn: String,
    },
    /// A key that is said to be absent and to have a value.
    #[error("`{key}` is said to be absent, and to have a value")]
    Contradiction {
        /// The key.
        key: String,
    },
}

impl InvokeError {
    /// Where it is, if it is in a file.
    #[must_use]
    pub fn at(&self) -> Option<&Location> {
        match self {
            Self::Target { at, .. } => at.as_ref(),
            Self::NothingCalled { at } | Self::OpenModel { at } | Self::OtherEndpoint { at } => Some(at),
            _ => None,
        }
    }
}
