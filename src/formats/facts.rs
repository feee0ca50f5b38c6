//! What files say: policies, adapters and what belongs to them, each with its place.

use std::sync::Arc;

use super::{MentionFact, Unfinished};
use crate::adapter::{Adapter, Field};
use crate::iam::Policy;
use crate::source::{Location, Problem, Source};
use crate::text::{Span, Text};

/// What one file says.
#[derive(Debug, Default)]
pub struct Facts {
    /// The policies in it, in the order of the file.
    pub policies: Vec<Arc<PolicyFact>>,
    /// What calls Amazon Bedrock, in the order of the file.
    pub adapters: Vec<Arc<AdapterFact>>,
    /// The service accounts of Kubernetes, in the order of the file.
    pub service_accounts: Vec<Arc<ServiceAccountFact>>,
    /// What its strings name, where no format fits: what may well be used first.
    pub mentions: Vec<Arc<MentionFact>>,
    /// The principals that an account dump or a template of infrastructure tells of.
    pub principals: Vec<PrincipalFact>,
    /// Policies that other files may give to principals.
    pub offers: Vec<OfferFact>,
    /// What the file hands from one stack to another, and makes none of it.
    pub handings: Vec<HandingFact>,
    /// How the policies that no principal has hang together with those of other files.
    pub bonds: Bonds,
    /// Whether policies that no principal has act each by itself, as in an account dump and in a module of Terraform.
    /// Those of other files act together.
    pub apart: bool,
    /// Places that stand for a value which is written elsewhere, and values that may be set otherwise.
    pub references: Vec<ReferenceFact>,
    /// The comments that speak to this program.
    pub comments: Vec<Location>,
    /// What kept parts of the file from being understood.
    pub problems: Vec<Problem>,
    /// What other files complete; [`super::finish`] makes facts of it.
    pub unfinished: Vec<Unfinished>,
    /// Whether a format knew the file, whatever came of it.
    pub understood: bool,
    /// Whether it is no JSON although it is called that. Nothing in it looks like a policy, else that is a problem.
    pub unparsed: bool,
    /// Whether it is text that was searched for strings, or passed over as nobody's own writing.
    pub searched: bool,
}

/// A policy document in a file.
#[derive(Debug)]
pub struct PolicyFact {
    /// The file.
    pub source: Arc<Source>,
    /// The document.
    pub policy: Policy,
    /// What it is for.
    pub kind: PolicyKind,
    /// Whether that is a guess from its statements alone.
    pub guessed: bool,
    /// Its name, where the file gives one: part of what fingerprints are made from.
    pub name: Option<String>,
    /// Whether the settings call its file an example.
    pub example: bool,
    /// The Region that it is deployed to with what it is for, where the file says so.
    pub region: Option<String>,
    /// Application inference profiles that are made together with it.
    pub profiles: Arc<[MadeProfile]>,
    /// Keys that stand twice in one object of it.
    pub duplicates: Vec<DuplicateKey>,
}

/// An application inference profile that a file makes, so that it is known what it copies.
#[derive(Clone, Debug)]
pub struct MadeProfile {
    /// What the file calls its ARN: `Team.InferenceProfileArn`.
    pub reference: String,
    /// The ARN or id of what it copies.
    pub copies: Text,
}

/// A client's settings in a file.
#[derive(Debug)]
pub struct AdapterFact {
    /// The file.
    pub source: Arc<Source>,
    /// The settings.
    pub adapter: Adapter,
    /// Whether the settings of this program, or its name, call its file an example.
    pub example: bool,
    /// Keys that stand twice in one object of it.
    pub duplicates: Vec<DuplicateKey>,
    /// The workload of Kubernetes that it runs in, where the file says so.
    pub workload: Option<Workload>,
    /// Whether these are all variables that its process is given. Where it is given more, what is not here may be there.
    pub whole: bool,
}

/// What a manifest of Kubernetes says of the pod that an adapter runs in.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The name of the service account that it runs as; `default` where there is none.
    pub service_account: Option<Field>,
    /// Its namespace; whoever applies the manifest says it where there is none.
    pub namespace: Option<Field>,
}

/// A place that stands for a value which is written elsewhere (`${var.region}`), or a value that may be set otherwise.
#[derive(Clone, Debug)]
pub struct ReferenceFact {
    /// The place.
    pub at: Location,
    /// Whether the value may be set otherwise where the file is used: it is a default.
    pub overridable: bool,
    /// Where the value is written, in this file or another one, if it can be mended there: what a rule finds there is
    /// not told at the reference once more.
    pub written: Option<Location>,
}

/// A service account of Kubernetes.
#[derive(Debug)]
pub struct ServiceAccountFact {
    /// The file.
    pub source: Arc<Source>,
    /// Its name.
    pub name: Field,
    /// Its namespace; whoever applies the manifest says it where there is none.
    pub namespace: Option<Field>,
    /// The role of IAM that its annotation names.
    pub role: Option<Field>,
}

/// What a policy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyKind {
    /// Attached to a user, group or role.
    Identity,
    /// A service control policy of an organization.
    Scp,
    /// A permissions boundary.
    Boundary,
    /// Passed when a session is made.
    Session,
    /// Says who may assume a role.
    Trust,
    /// On a VPC endpoint: it limits what is called through that.
    Endpoint,
    /// Attached to another resource.
    Resource,
}

/// A key that stands twice in one object: JSON readers silently take the last.
#[derive(Clone, Debug)]
pub struct DuplicateKey {
    /// The earlier one, which is lost.
    pub lost: Text,
    /// The later one, which counts.
    pub kept: Span,
}

/// A user, group or role, with the policies that act together for it, and what calls as it.
#[derive(Debug)]
pub struct PrincipalFact {
    /// `role Build`, `user ana`.
    pub name: String,
    /// Its ARN.
    pub arn: Option<String>,
    /// Its account, from its ARN.
    pub account: Option<String>,
    /// Indexes of its identity policies in [`Facts::policies`].
    pub policies: Vec<usize>,
    /// Index of its trust policy in [`Facts::policies`].
    pub trust: Option<usize>,
    /// Its permissions boundary.
    pub boundary: BoundaryFact,
    /// Indexes in [`Facts::adapters`] of what calls as it.
    pub adapters: Vec<usize>,
    /// Whether these are all policies that grant it something.
    pub grants: Grants,
    /// How it hangs together with what other files say.
    pub ties: Ties,
}

/// What files call one thing by, so that one can mean what another makes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Tie {
    /// Its name in the account: `role chat`, `policy chat`.
    Name(String),
    /// A value that one stack exports and others import.
    Export(String),
    /// A value that a stack gives out, and the stack that it is nested in may take: `iam.yaml PolicyArn`.
    Output(String),
    /// A value that a stack is given by the one that it is nested in: `grants.yaml RoleName`.
    Parameter(String),
}

/// How a principal hangs together with what other files say.
#[derive(Clone, Debug, Default)]
pub struct Ties {
    /// The folder of the file.
    pub folder: String,
    /// Whether the file makes the principal, and does not only give policies to it.
    pub made: bool,
    /// What it is known by.
    pub known_as: Vec<Tie>,
    /// Policies that it has and another file makes.
    pub has: Vec<Tie>,
}

/// A policy that other files may give to principals.
#[derive(Clone, Debug)]
pub struct OfferFact {
    /// The folder of the file.
    pub folder: String,
    /// Indexes in [`Facts::policies`] of the documents that it may be.
    pub policies: Vec<usize>,
    /// What it is known by.
    pub known_as: Vec<Tie>,
    /// Whether it is handed on where nothing follows it.
    pub handed_on: bool,
}

/// How the policies of a file, which act together, hang together with those of other files: its objects name others by
/// their names and labels.
#[derive(Clone, Debug, Default)]
pub struct Bonds {
    /// The folder of the file.
    pub folder: String,
    /// What its own objects are known by.
    pub known_as: Vec<Tie>,
    /// What they name.
    pub wants: Vec<Tie>,
    /// Whether they name something that nothing tells from others.
    pub open: bool,
}

impl Bonds {
    /// Whether they bind anything.
    #[must_use]
    pub fn says_something(&self) -> bool {
        self.open || !self.known_as.is_empty() || !self.wants.is_empty()
    }

    /// Whether what is named grants something: who names it has that.
    #[must_use]
    pub fn is_policy(&self, tie: &Tie) -> bool {
        matches!(tie, Tie::Name(name) if name.starts_with("policy "))
    }
}

/// A value that a stack takes from one of its nested stacks, or is given, and hands to another.
#[derive(Clone, Debug)]
pub struct HandingFact {
    /// The folder of the file.
    pub folder: String,
    /// What it is known by where it comes from.
    pub from: Tie,
    /// What it is known by where it goes.
    pub to: Tie,
}

impl PrincipalFact {
    /// The same, where so many policies and adapters stand before its own.
    pub(super) fn behind(mut self, policies: usize, adapters: usize) -> Self {
        self.policies.iter_mut().chain(&mut self.trust).for_each(|index| *index += policies);
        self.adapters.iter_mut().for_each(|index| *index += adapters);
        if let BoundaryFact::Policy(index) = &mut self.boundary {
            *index += policies;
        }
        self
    }
}

/// How much of what a principal is granted was read, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grants {
    /// All of it.
    Whole,
    /// All that is named; other files may attach more.
    Named,
    /// All that is named, and the principal, or what it is granted, is handed on or taken over where nothing follows it:
    /// the other half of a grant may well stand there.
    Open,
    /// Some policies are named whose documents are not known.
    Partial,
}

/// What a file says of the permissions boundary of a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoundaryFact {
    /// It has none.
    None,
    /// Index of the policy in [`Facts::policies`].
    Policy(usize),
    /// It has one whose document is not in the file.
    Unread,
}

impl Facts {
    /// Whether the file holds nothing to judge, and nothing that should have been.
    pub(crate) fn is_silent(&self) -> bool {
        self.policies.is_empty()
            && self.adapters.is_empty()
            && self.mentions.is_empty()
            && self.principals.is_empty()
            && self.problems.is_empty()
            && !self.understood
    }
}
