//! The answer to a request.

use std::collections::BTreeSet;

use super::caller::KeyKind;
use super::mend::Mend;
use super::opinion::Opinion;
use super::stack::StatementPlace;
use crate::access::{Call, Needed, Requirement};
use crate::iam::{Decision, Layer, Request};

/// A decision without its reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Allowed.
    Allowed,
    /// It depends on what is not known.
    Unknown,
    /// Denied.
    Denied,
}

impl Verdict {
    /// The verdict as a word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Unknown => "unknown",
            Self::Denied => "denied",
        }
    }

    /// That of a denial: a guess denies nothing.
    pub(super) fn of_denial(guessed: bool, reason: String) -> (Self, String) {
        if guessed {
            (Self::Unknown, format!("whether calls are routed there is a guess of the catalogue, and {reason}"))
        } else {
            (Self::Denied, reason)
        }
    }

    /// Of several that all have to be allowed: denied if one is, else unknown if one is.
    pub(super) fn of(verdicts: impl IntoIterator<Item = Self>) -> Self {
        verdicts.into_iter().max().unwrap_or(Self::Allowed)
    }
}

impl From<&Decision> for Verdict {
    fn from(decision: &Decision) -> Self {
        match decision {
            Decision::Allowed { .. } => Self::Allowed,
            Decision::DeniedExplicitly { .. } | Decision::DeniedImplicitly { .. } => Self::Denied,
            Decision::Unknown { .. } => Self::Unknown,
        }
    }
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Over all calls: denied if one is, else unknown if one is.
    pub decision: Verdict,
    /// What was assumed of the caller and the request, in clauses.
    pub assumed: Vec<String>,
    /// What else is to be known, in clauses: a call that fails for other reasons than policies, for example.
    pub notes: Vec<String>,
    /// The calls, in the order in which they are asked about; never empty.
    pub calls: Vec<CallAnswer>,
    /// How many levels of service control policies there are.
    pub levels: usize,
}

/// The answer to one call.
#[derive(Clone, Debug)]
pub struct CallAnswer {
    /// The model as it was named.
    pub model: String,
    /// The call.
    pub call: Call,
    /// The kind of API key that it carries, if it does.
    pub api_key: Option<KeyKind>,
    /// Whether its Region was asked for, and is not one of all that are possible.
    pub region_given: bool,
    /// The decision.
    pub decision: Verdict,
    /// Each grant that it needs; never empty.
    pub requirements: Vec<RequirementAnswer>,
    /// The edits that together would mend a denied call.
    pub mends: Vec<Mend>,
}

/// The answer to one requirement.
#[derive(Clone, Debug)]
pub struct RequirementAnswer {
    /// What is needed.
    pub requirement: Requirement,
    /// The decision.
    pub decision: Verdict,
    /// The layer that decides; `None` if nothing does.
    pub layer: Option<Layer>,
    /// The statement that allows or denies, that would allow but for its conditions, or that the answer depends on.
    pub statement: Option<StatementPlace>,
    /// Why, as a clause.
    pub reason: String,
    /// The request that was decided.
    pub request: Request,
    /// Whether it is but a guess that calls are routed there.
    pub(super) guessed: bool,
    /// What AWS answers to it, if it was asked and answered.
    pub aws: Option<Opinion>,
}

impl RequirementAnswer {
    /// Whether AWS answers otherwise.
    #[must_use]
    pub fn is_disputed(&self) -> bool {
        self.aws.as_ref().is_some_and(|opinion| !opinion.agrees)
    }
}

impl Answer {
    /// The decision over all calls, where one that AWS disputes is not known.
    #[must_use]
    pub fn settled(&self) -> Verdict {
        Verdict::of(
            self.calls
                .iter()
                .flat_map(|call| &call.requirements)
                .map(|one| if one.is_disputed() { Verdict::Unknown } else { one.decision }),
        )
    }

    /// The calls, those together that differ in nothing but the Region they are made from, as far as Regions were not
    /// asked for one by one: of a group the first stands for all.
    #[must_use]
    pub fn groups(&self) -> Vec<Vec<&CallAnswer>> {
        let mut groups: Vec<(Option<Outline<'_>>, Vec<&CallAnswer>)> = Vec::new();
        for call in &self.calls {
            let outline = (!call.region_given).then(|| call.outline());
            let known = groups.iter_mut().find(|(known, _)| outline.is_some() && *known == outline);
            match known {
                Some((_, group)) => group.push(call),
                None => groups.push((outline, vec![call])),
            }
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }
}

/// What calls from several Regions have to share to be told of once: what is called and how, and each requirement that
/// is not allowed or that AWS disputes, wherever the Region that is called does not matter but for being that.
type Outline<'a> =
    (&'a str, &'static str, Verdict, BTreeSet<(&'a str, String, Verdict, bool, Option<Layer>, Option<u32>)>);

impl CallAnswer {
    fn outline(&self) -> Outline<'_> {
        let source = self.call.source.as_str();
        let routed = self.requirements.iter().any(|one| one.requirement.needed == Needed::DestinationModel);
        let failing = self.requirements.iter().filter(|one| one.decision != Verdict::Allowed || one.is_disputed());
        let failing = failing.map(|one| {
            let need = &one.requirement;
            // among destinations, the source is one of many
            let is_destination = routed && need.needed == Needed::SourceModel;
            let resource = if is_destination {
                need.resource.clone()
            } else {
                need.resource.replace(&format!(":{source}:"), ":*:")
            };
            let statement = one.statement.as_ref().map(|statement| statement.at.span.start);
            (need.action.as_str(), resource, one.decision, one.is_disputed(), one.layer, statement)
        });
        (&self.model, self.call.operation.action(), self.decision, failing.collect())
    }
}
