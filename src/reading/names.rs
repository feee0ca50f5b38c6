//! What a string of `Resource` says, as far as Amazon Bedrock is concerned.

use std::ops::Range;

use super::fault::Fault;

/// What a string of `Resource` is.
#[derive(Clone, Debug)]
pub struct ResourceReading {
    /// What it names, as it was meant.
    pub names: Names,
    /// The Region it names; `None` if that is empty, a wildcard or unknown.
    pub region: Option<NamedRegion>,
    /// What is wrong with it, in the order of the string.
    pub faults: Vec<Fault>,
}

/// What a resource pattern names, as it was meant. Ids may hold wildcards, variables and holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// Resources of several types: `*`, `arn:aws:bedrock:*`.
    Anything,
    /// Foundation models.
    Model(Id),
    /// System-defined inference profiles.
    Profile(Id),
    /// Application inference profiles.
    ApplicationProfile(Id),
    /// Another resource of Amazon Bedrock.
    Other,
    /// Resources of another service.
    Elsewhere,
}

/// The Region in an ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRegion {
    /// Its code, as it was meant.
    pub code: String,
    /// Where it stands in the string, in bytes.
    pub range: Range<usize>,
}

/// The id in an ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id {
    /// As it was meant.
    pub text: String,
    /// Whether it is one id: no wildcard, variable or hole.
    pub literal: bool,
    /// Where the written id stands in the string, in bytes.
    pub range: Range<usize>,
}
