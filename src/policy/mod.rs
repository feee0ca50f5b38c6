//! Writes policies: the least that calls to Amazon Bedrock need, and the Region deny that lets them pass.
//!
//! What is written comes from [`requirements`](crate::access::requirements), which checks are made of as well, so that
//! the two cannot disagree.

mod cloudformation;
mod document;
mod identity;
mod json;
mod limits;
mod region_deny;
mod terraform;

use std::collections::BTreeSet;

use jiff::civil::Date;
use thiserror::Error;

pub use self::document::{Condition, Document, OPEN_ACCOUNT, Part, Statement, Value};
pub use self::identity::identity;
pub use self::limits::{size, too_long};
pub use self::region_deny::region_deny;
use crate::access::target::{is_application_profile, partition_of};
use crate::access::{Asked, Call, Fault, NamedTarget, Operation, Target, TargetError, target_of};
use crate::bedrock::{Catalogue, Model, Partition, RegionSet};

/// What a policy is to allow, as it is asked for.
#[derive(Clone, Debug)]
pub struct PolicyRequest {
    /// The models: see [`Asked::model`]. Never empty.
    pub models: Vec<String>,
    /// What the application inference profiles among them copy: one for all, or one for each in their order.
    pub copies: Vec<String>,
    /// The Regions that are called; of a service control policy, those that may be used.
    pub regions: Vec<String>,
    /// The account of the caller, 12 digits; if it is not given and no ARN has it, it stays open. A service control
    /// policy is for every account then.
    pub account: Option<String>,
    /// Whether answers are streamed as well.
    pub stream: bool,
    /// Whether calls are made with Bedrock API keys.
    pub api_key: bool,
    /// Whether the caller makes the first calls of the account.
    pub marketplace: bool,
    /// Whether models are granted only on the way through their profile: see [`identity()`].
    pub tight: bool,
    /// What is written.
    pub kind: Kind,
    /// The day by which lifecycles are judged.
    pub as_of: Date,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A policy for a user, group or role: [`identity()`].
    Identity,
    /// A service control policy: [`region_deny`].
    Scp,
}

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The bare document.
    Json,
    /// Terraform configuration for the AWS provider.
    Terraform,
    /// A CloudFormation template in YAML.
    CloudFormation,
}

/// A written policy.
#[derive(Clone, Debug)]
pub struct Written {
    /// The document.
    pub document: Document,
    /// What it is.
    pub kind: Kind,
    /// The calls that it is for.
    pub calls: Vec<Call>,
    /// What to know before relying on it, in sentences.
    pub warnings: Vec<String>,
}

/// Why a policy cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// A model cannot be called from a Region, or there is no such model or Region.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// Neither one for all nor one for each.
    #[error(
        "application inference profiles: {wanted}, copies: {given}; give one copy for all, or one for each in their order"
    )]
    CopiesCount {
        /// How many are given.
        given: usize,
        /// How many application inference profiles there are.
        wanted: usize,
    },
    /// Copies without an application inference profile.
    #[error("nothing here copies `{copies}`: only application inference profiles are copies")]
    NoCopy {
        /// What is copied.
        copies: String,
    },
    /// ARNs, or an ARN and the caller, of two accounts.
    #[error("`{one}` and `{other}` are two accounts, and a caller is of one")]
    Accounts {
        /// One.
        one: String,
        /// The other.
        other: String,
    },
    /// Regions of two partitions.
    #[error("the Regions are of two partitions, `{one}` and `{other}`, and a policy is of one")]
    Partitions {
        /// One.
        one: Partition,
        /// The other.
        other: Partition,
    },
    /// A service control policy without Regions.
    #[error("a service control policy denies what lies outside some Regions: say which may be used")]
    NoRegions,
    /// A tight service control policy.
    #[error("a service control policy grants nothing that could be tightened")]
    TightScp,
    /// An open account in JSON.
    #[error(
        "`{arn}` wants the account of the caller, which JSON cannot leave open: give it, or take a format that fills \
         it in by itself, `terraform` or `cloudformation`"
    )]
    NoAccount {
        /// The ARN, with a word in the place of the account.
        arn: String,
    },
}

/// Writes the policy that is asked for: every model is called from every Region, an ARN from its own.
///
/// # Errors
/// Every reason why it cannot be written, each once. An identity policy wants each combination to be one that can be
/// called; a service control policy wants each model to be callable from one of the Regions.
pub fn write(request: &PolicyRequest, catalogue: &Catalogue) -> Result<Written, Vec<PolicyError>> {
    let mut errors = Vec::new();
    let regions = regions(request, catalogue, &mut errors);
    if request.kind == Kind::Scp && request.tight {
        errors.push(PolicyError::TightScp);
    }
    let named = targets(request, &regions, catalogue, &mut errors);
    let account = account(request, &named, &mut errors);
    let partitions = named.iter().map(|(_, named)| named.partition);
    if let Some((one, other)) = two(partitions) {
        errors.push(PolicyError::Partitions { one, other });
    }
    if !errors.is_empty() {
        return Err(once(errors));
    }
    let calls: Vec<Call> = named.iter().flat_map(|(_, named)| calls(request, named, &account, catalogue)).collect();
    let document = match request.kind {
        Kind::Identity => identity(&calls, request.tight, catalogue),
        Kind::Scp => region_deny(&regions.iter().copied().collect::<RegionSet>(), &calls, catalogue),
    };
    let mut warnings: Vec<String> = named
        .iter()
        .flat_map(|(model, named)| named.doubts.iter().map(|doubt| doubt.about(model, &named.source)))
        .collect();
    let sold =
        |(_, named): &(&str, NamedTarget)| named.model(catalogue).is_none_or(|model| model.marketplace != Some(false));
    if request.marketplace && request.kind == Kind::Identity && !named.iter().any(sold) {
        warnings.push(
            "none of these models is sold through AWS Marketplace: no call needs the rights to subscribe".to_owned(),
        );
    }
    if request.stream && !calls.iter().any(|call| call.operation == Operation::Stream) {
        warnings.push("none of these models streams its answers: no call needs the right to stream".to_owned());
    }
    let through_profile = |call: &Call| !matches!(call.target, Target::Model(_));
    if request.kind == Kind::Scp && !calls.iter().any(through_profile) {
        warnings.push(
            "no inference profile is named, so calls through profiles are denied wherever they route outside these \
             Regions: name the profiles that are called as well"
                .to_owned(),
        );
    }
    warnings.extend(too_long(&document, request.kind));
    Ok(Written { document, kind: request.kind, calls, warnings })
}

/// A written policy as text that ends in a line break.
///
/// # Errors
/// If the account is open and the format cannot leave it so.
pub fn render(written: &Written, format: Format) -> Result<String, PolicyError> {
    match format {
        Format::Json => json::render(&written.document),
        Format::Terraform => Ok(terraform::render(&written.document, written.kind)),
        Format::CloudFormation => Ok(cloudformation::render(&written.document, written.kind)),
    }
}

/// The Regions, each once; those that do not exist are errors.
fn regions<'r>(request: &'r PolicyRequest, catalogue: &Catalogue, errors: &mut Vec<PolicyError>) -> Vec<&'r str> {
    if request.kind == Kind::Scp && request.regions.is_empty() {
        errors.push(PolicyError::NoRegions);
    }
    let mut regions: Vec<&str> = Vec::new();
    for region in request.regions.iter().map(String::as_str) {
        match partition_of(region, catalogue) {
            Ok(_) if !regions.contains(&region) => regions.push(region),
            Ok(_) => {}
            Err(error) => errors.push(error.into()),
        }
    }
    regions
}

/// Every target of the request, with the argument that names it.
fn targets<'r>(
    request: &'r PolicyRequest,
    regions: &[&'r str],
    catalogue: &Catalogue,
    errors: &mut Vec<PolicyError>,
) -> Vec<(&'r str, NamedTarget)> {
    let copies = copies(request, errors);
    if !errors.is_empty() {
        // a Region that does not exist fails for every model
        return Vec::new();
    }
    let mut named = Vec::new();
    for (model, copies) in request.models.iter().zip(copies) {
        let asked = |region| Asked { model, copies, region, as_of: request.as_of };
        let mut refused = Vec::new();
        let places: Vec<Option<&str>> = if model.starts_with("arn:") || regions.is_empty() {
            vec![None]
        } else {
            regions.iter().copied().map(Some).collect()
        };
        let before = named.len();
        for region in places {
            match target_of(&asked(region), catalogue).and_then(|found| in_one_of(regions, found, model)) {
                Ok(found) => named.push((model.as_str(), found)),
                Err(error) => refused.push(error.into()),
            }
        }
        // a service control policy speaks of Regions, not of calls
        if request.kind == Kind::Identity || named.len() == before {
            errors.append(&mut refused);
        }
    }
    named
}

/// An ARN is called in its own Region, which is to be one of those that are given, if any are.
fn in_one_of(regions: &[&str], found: NamedTarget, model: &str) -> Result<NamedTarget, TargetError> {
    match regions.first() {
        Some(first) if !regions.contains(&&*found.source) => Err(TargetError {
            model: model.to_owned(),
            fault: Fault::OtherRegion { own: found.source, asked: (*first).to_owned() },
            instead: Vec::new(),
        }),
        _ => Ok(found),
    }
}

/// What each model copies.
fn copies<'r>(request: &'r PolicyRequest, errors: &mut Vec<PolicyError>) -> Vec<Option<&'r str>> {
    let wanted = request.models.iter().filter(|model| is_application_profile(model)).count();
    match (request.copies.as_slice(), wanted) {
        ([], _) => {}
        ([copies, ..], 0) => errors.push(PolicyError::NoCopy { copies: copies.clone() }),
        (copies, _) if copies.len() == 1 || copies.len() == wanted => {}
        (copies, _) => errors.push(PolicyError::CopiesCount { given: copies.len(), wanted }),
    }
    let mut each = request.copies.iter().map(String::as_str).cycle();
    request.models.iter().map(|model| is_application_profile(model).then(|| each.next()).flatten()).collect()
}

/// The account of the caller: the one given, or that of the ARNs; left open otherwise.
fn account(request: &PolicyRequest, named: &[(&str, NamedTarget)], errors: &mut Vec<PolicyError>) -> String {
    let of_arns = named.iter().filter_map(|(_, named)| named.account.as_deref());
    let accounts: Vec<&str> = request.account.as_deref().into_iter().chain(of_arns).collect();
    // a service control policy may name the profiles of many accounts
    if let Some((one, other)) = two(accounts.iter().copied()).filter(|_| request.kind == Kind::Identity) {
        errors.push(PolicyError::Accounts { one: one.to_owned(), other: other.to_owned() });
    }
    let open = match request.kind {
        Kind::Identity => accounts.first().copied().unwrap_or(OPEN_ACCOUNT),
        Kind::Scp => request.account.as_deref().unwrap_or("*"),
    };
    open.to_owned()
}

fn calls(request: &PolicyRequest, named: &NamedTarget, account: &str, catalogue: &Catalogue) -> Vec<Call> {
    // of a service control policy, the ARN of a profile says whose it is
    let account = named.account.as_deref().unwrap_or(account);
    let streams = request.stream && named.model(catalogue).is_none_or(Model::may_stream);
    let operations = [Some(Operation::Invoke), streams.then_some(Operation::Stream)];
    let calls = operations.into_iter().flatten().map(|operation| Call {
        api_key: request.api_key,
        first_use: request.marketplace && named.model(catalogue).is_none_or(|model| model.marketplace != Some(false)),
        ..named.call(operation, account)
    });
    calls.collect()
}

/// The first value and the first that differs from it.
fn two<T: PartialEq + Copy>(values: impl Iterator<Item = T> + Clone) -> Option<(T, T)> {
    let first = values.clone().next()?;
    let mut others = values;
    others.find(|value| *value != first).map(|other| (first, other))
}

fn once(errors: Vec<PolicyError>) -> Vec<PolicyError> {
    let mut seen = BTreeSet::new();
    errors.into_iter().filter(|error| seen.insert(error.to_string())).collect()
}
