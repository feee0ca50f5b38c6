//! Why nothing can be called by a name, and why it may fail although it can.

use std::fmt;

use jiff::civil::Date;
use thiserror::Error;

use super::target::Asked;
use crate::bedrock::Partition;
use crate::phrase::list;
use crate::similar::suggested;

/// A model argument by which nothing can be called.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct TargetError {
    /// The argument.
    pub model: String,
    /// What is wrong.
    pub fault: Fault,
    /// The nearest ids (for a Region: Regions, for a resource type: types) that would do, best first.
    pub instead: Vec<String>,
}

/// What is wrong with a model argument, or with what else is said of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// An id, and no Region to call it from.
    NoRegion,
    /// AWS has no such Region.
    UnknownRegion {
        /// As written.
        region: String,
        /// The date of the catalogue.
        as_of: Date,
    },
    /// An ARN of another Region than the one that is called.
    OtherRegion {
        /// The ARN's.
        own: String,
        /// The other.
        asked: String,
    },
    /// No id of a model or profile that the catalogue has.
    NoSuchId {
        /// The date of the catalogue.
        as_of: Date,
    },
    /// The id of a variant that is sold as Provisioned Throughput alone.
    ProvisionedOnly,
    /// A system-defined profile that is no longer offered.
    RetiredProfile,
    /// A model that is past its end of life everywhere.
    Ended {
        /// Since when, where known.
        since: Option<Date>,
    },
    /// A profile that only a price table names.
    UnconfirmedProfile,
    /// A model that `bedrock-runtime` does not serve.
    MantleOnly,
    /// A model that is called from there through profiles only.
    ProfileOnly {
        /// The Region.
        region: String,
    },
    /// A model that is called through profiles only, wherever it is called.
    ProfileOnlyEverywhere,
    /// A model or profile that cannot be called from there.
    NotCallable {
        /// The Region.
        region: String,
        /// Regions of the same partition from which the model can be called, if it cannot be from that Region at all.
        from: Vec<String>,
    },
    /// A pattern or template of ARNs.
    Pattern,
    /// Not an ARN, or one with characters that no id has.
    NotAnArn,
    /// An ARN of something that is not called.
    NotCalled {
        /// Its resource type, as written.
        kind: String,
    },
    /// An ARN whose Region is of another partition.
    WrongPartition {
        /// The partition of the Region.
        expected: Partition,
    },
    /// The Region-less ARN of a foundation model, or one of something that has a Region always.
    ArnWithoutRegion,
    /// A foundation-model ARN with an account.
    AccountInModel,
    /// An ARN whose account is not 12 digits.
    NoAccount,
    /// A profile under `foundation-model/`, or a model under `inference-profile/`.
    OtherType,
    /// An application inference profile, and nobody said what it copies.
    CopiesUnknown,
    /// What it copies cannot be called.
    Copies(Box<TargetError>),
    /// What it is said to copy is neither a model nor a system-defined profile of its account.
    NothingToCopy {
        /// As written.
        copies: String,
    },
}

/// A fault with names that would do.
pub(super) struct Refused {
    pub(super) fault: Fault,
    pub(super) instead: Vec<String>,
}

impl Refused {
    pub(super) fn new(fault: Fault, instead: Vec<&str>) -> Self {
        Self { fault, instead: instead.into_iter().map(str::to_owned).collect() }
    }

    pub(super) fn plain(fault: Fault) -> Self {
        Self::new(fault, Vec::new())
    }
}

impl TargetError {
    pub(super) fn new(asked: &Asked<'_>, refused: Refused) -> Self {
        Self { model: asked.model.to_owned(), fault: refused.fault, instead: refused.instead }
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let model = &self.model;
        match &self.fault {
            Fault::NoRegion => write!(f, "`{model}` is called from a Region: say from which"),
            Fault::UnknownRegion { region, as_of } if self.instead.is_empty() => {
                write!(f, "there is no Region `{region}` in the catalogue of {as_of}")
            }
            Fault::UnknownRegion { region, .. } => write!(f, "there is no Region `{region}`"),
            Fault::OtherRegion { own, asked } => {
                write!(f, "`{model}` is called in `{own}`, its Region, not in `{asked}`")
            }
            Fault::NoSuchId { as_of } => {
                write!(f, "there is no model or inference profile `{model}` in the catalogue of {as_of}")
            }
            Fault::ProvisionedOnly => write!(
                f,
                "`{model}` is served by Provisioned Throughput alone, which is called by the ARN of the provisioned model"
            ),
            Fault::RetiredProfile => write!(f, "the inference profile `{model}` is no longer offered"),
            Fault::Ended { since: Some(since) } => write!(f, "`{model}` reached its end of life on {since}"),
            Fault::Ended { since: None } => write!(f, "`{model}` is past its end of life"),
            Fault::UnconfirmedProfile => {
                write!(f, "`{model}` is known from a price table alone, so where it routes is not known")
            }
            Fault::MantleOnly => write!(
                f,
                "`{model}` is served by the endpoint `bedrock-mantle` alone, where rights are granted on a project: give \
                 the ARN of the project"
            ),
            Fault::ProfileOnly { region } => write!(
                f,
                "`{model}` cannot be called by its bare id from `{region}`, only through an inference profile"
            ),
            Fault::ProfileOnlyEverywhere => write!(
                f,
                "`{model}` cannot be called by its bare id from any Region, only through an inference profile"
            ),
            Fault::NotCallable { region, from } if from.is_empty() => {
                write!(f, "`{model}` cannot be called from `{region}`")
            }
            Fault::NotCallable { region, from } => {
                write!(f, "`{model}` cannot be called from `{region}`; the model can be called from {}", list(from, 4))
            }
            Fault::Pattern => write!(f, "`{model}` is a pattern, and a call names one thing"),
            Fault::NotAnArn => write!(f, "`{model}` is no ARN of Amazon Bedrock"),
            Fault::NotCalled { kind } => not_called(f, kind),
            Fault::WrongPartition { expected } => write!(f, "the Region in `{model}` is of the partition `{expected}`"),
            Fault::ArnWithoutRegion => {
                write!(f, "`{model}` has no Region: such an ARN stands in policies, and a call names one Region")
            }
            Fault::AccountInModel => write!(f, "`{model}` has an account, and a foundation model belongs to none"),
            Fault::NoAccount => write!(f, "`{model}` wants the account that it belongs to, 12 digits"),
            Fault::OtherType => write!(f, "`{model}` names a model as a profile, or a profile as a model"),
            Fault::CopiesUnknown => {
                write!(f, "what `{model}` copies is not in its ARN: say which model or system-defined profile")
            }
            Fault::Copies(error) => write!(f, "what `{model}` is said to copy: {error}"),
            Fault::NothingToCopy { copies } => write!(
                f,
                "`{model}` copies a model or a system-defined profile of its account and Region, not `{copies}`"
            ),
        }?;
        f.write_str(&suggested(&self.instead))
    }
}

fn not_called(f: &mut fmt::Formatter<'_>, kind: &str) -> fmt::Result {
    match kind {
        "custom-model" => f.write_str(
            "a `custom-model` is not called by its own ARN, but by that of its Provisioned Throughput or deployment",
        ),
        "prompt-router" | "default-prompt-router" => write!(
            f,
            "what a `{kind}` routes to is not in its ARN: name the models and profiles themselves, and grant \
             `bedrock:GetPromptRouter` and the call on the router besides"
        ),
        _ => write!(f, "a resource of the type `{kind}` is not called"),
    }
}

/// Why a call may fail although its target was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetDoubt {
    /// The sources do not tell whether the bare id works there.
    MaybeNotOnDemand {
        /// Profiles of the model that do, geographic ones first.
        profiles: Vec<String>,
    },
    /// Where the profile routes is a guess.
    GuessedRoute,
    /// The model is past its end of life in the Region that is called.
    Ended {
        /// Since when, where known.
        since: Option<Date>,
    },
}

impl TargetDoubt {
    /// The doubt as a sentence about the call of `model` from `region`.
    #[must_use]
    pub fn about(&self, model: &str, region: &str) -> String {
        match self {
            Self::MaybeNotOnDemand { profiles } if profiles.is_empty() => {
                format!("the catalogue does not tell whether `{model}` can be called from `{region}`")
            }
            Self::MaybeNotOnDemand { profiles } => format!(
                "the catalogue does not tell whether `{model}` can be called by its bare id from `{region}`; it can be called \
                 through {}",
                list(profiles, 3)
            ),
            Self::GuessedRoute => format!(
                "where `{model}` routes from `{region}` is a guess of the catalogue: compare with \
                 `aws bedrock get-inference-profile`"
            ),
            Self::Ended { since: Some(since) } => {
                format!("`{model}` reached its end of life on {since} in `{region}`: every call is refused")
            }
            Self::Ended { since: None } => {
                format!("`{model}` is past its end of life in `{region}`: every call is refused")
            }
        }
    }
}
