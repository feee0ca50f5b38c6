//! Would these policies allow this request? With three answers, and the statement that decides.
//!
//! Source: IAM User Guide, "Policy evaluation logic": an explicit Deny wins, then an Allow, else the request is
//! implicitly denied.

use super::fit::Fit;
use super::policy::{Effect, Policy, Statement};
use super::request::Request;

/// The policies that act on a request, layer by layer. Every layer must allow; so far there is one, and ceilings
/// (service control policies, permissions boundary, session policies) find their place beside it.
#[derive(Clone, Copy, Debug)]
pub struct Layers<'a> {
    /// The identity policies of the principal.
    pub identity: &'a [&'a Policy],
}

/// A layer that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layer {
    /// The identity policies.
    Identity,
}

/// A statement, by its place in the layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId {
    /// Index of the policy in its layer.
    pub policy: usize,
    /// Index of the statement in its policy.
    pub statement: usize,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Allowed, by this statement (the first of them).
    Allowed {
        /// The first statement that allows.
        by: StatementId,
    },
    /// Denied by a statement that says so.
    DeniedExplicitly {
        /// Where it stands.
        layer: Layer,
        /// The first statement that denies.
        by: StatementId,
    },
    /// Denied because nothing allows.
    DeniedImplicitly {
        /// The layer in which nothing allows.
        layer: Layer,
        /// Statements that would allow, were it not for their conditions.
        near: Vec<NearMiss>,
    },
    /// It depends on what is not known.
    Unknown {
        /// What it depends on, statement by statement.
        because: Vec<Doubt>,
    },
}

/// An Allow for the action and the resource whose conditions do not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The statement.
    pub statement: StatementId,
    /// Indexes of the conditions that fail; never empty.
    pub failed: Vec<usize>,
}

/// A statement that may or may not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The statement.
    pub statement: StatementId,
    /// Its effect.
    pub effect: Effect,
    /// What is not known.
    pub about: DoubtAbout,
}

/// What keeps a statement from being judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoubtAbout {
    /// Its action.
    Action,
    /// Its resource.
    Resource,
    /// The condition of that index.
    Condition(usize),
}

impl Decision {
    /// Whether the request is surely allowed.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }

    /// Whether the request is surely denied.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        matches!(self, Self::DeniedExplicitly { .. } | Self::DeniedImplicitly { .. })
    }

    /// The answer alone: allowed, denied, or unknown.
    #[must_use]
    pub fn answer(&self) -> Fit {
        match self {
            Self::Allowed { .. } => Fit::Yes,
            Self::DeniedExplicitly { .. } | Self::DeniedImplicitly { .. } => Fit::No,
            Self::Unknown { .. } => Fit::Maybe,
        }
    }
}

/// What all statements of a layer have to say.
#[derive(Default)]
struct Verdicts {
    allow: Option<StatementId>,
    deny: Option<StatementId>,
    doubts: Vec<Doubt>,
    near: Vec<NearMiss>,
}

/// Decides a request.
#[must_use]
pub fn evaluate(layers: Layers<'_>, request: &Request) -> Decision {
    let layer = Layer::Identity;
    let mut verdicts = Verdicts::default();
    for (policy_index, policy) in layers.identity.iter().enumerate() {
        for (statement_index, statement) in policy.statements.iter().enumerate() {
            let id = StatementId { policy: policy_index, statement: statement_index };
            consider(statement, id, request, &mut verdicts);
        }
    }
    let Verdicts { allow, deny, doubts, near } = verdicts;
    let deny_in_doubt = doubts.iter().any(|doubt| doubt.effect == Effect::Deny);
    let allow_in_doubt = doubts.iter().any(|doubt| doubt.effect == Effect::Allow);
    match (deny, allow) {
        (Some(by), _) => Decision::DeniedExplicitly { layer, by },
        (None, Some(by)) if !deny_in_doubt => Decision::Allowed { by },
        (None, None) if !allow_in_doubt => Decision::DeniedImplicitly { layer, near },
        _ => Decision::Unknown { because: doubts },
    }
}

fn consider(statement: &Statement, id: StatementId, request: &Request, verdicts: &mut Verdicts) {
    let action = statement.covers_action(&request.action);
    if action == Fit::No {
        return;
    }
    let resource = statement.covers_resource(&request.resource, &request.context);
    if resource == Fit::No {
        return;
    }
    let conditions: Vec<Fit> = statement
        .conditions
        .iter()
        .map(|condition| match condition.holds(&request.context) {
            // no Deny exempts an ordinary principal, but a grant to a named one is a grant to whoever it names
            Fit::No if statement.effect == Effect::Allow && condition.is_of_ordinary(&request.context) => Fit::Maybe,
            holds => holds,
        })
        .collect();
    let failed: Vec<usize> = places(&conditions, Fit::No);
    if !failed.is_empty() {
        if statement.effect == Effect::Allow && (action, resource) == (Fit::Yes, Fit::Yes) {
            verdicts.near.push(NearMiss { statement: id, failed });
        }
        return;
    }
    let about = if action == Fit::Maybe {
        Some(DoubtAbout::Action)
    } else if resource == Fit::Maybe {
        Some(DoubtAbout::Resource)
    } else {
        places(&conditions, Fit::Maybe).first().copied().map(DoubtAbout::Condition)
    };
    match (about, statement.effect) {
        (Some(about), effect) => verdicts.doubts.push(Doubt { statement: id, effect, about }),
        (None, Effect::Allow) => verdicts.allow = verdicts.allow.or(Some(id)),
        (None, Effect::Deny) => verdicts.deny = verdicts.deny.or(Some(id)),
    }
}

fn places(fits: &[Fit], wanted: Fit) -> Vec<usize> {
    fits.iter().enumerate().filter(|(_, fit)| **fit == wanted).map(|(index, _)| index).collect()
}
