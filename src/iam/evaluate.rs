//! Would these policies allow this request? With three answers, and the statement that decides.
//!
//! Source: IAM User Guide, "How AWS enforcement code logic evaluates requests to allow or deny access": an explicit
//! Deny in any layer wins, then every ceiling must allow, and an identity policy or a policy on the resource.

use super::fit::Fit;
use super::layers::{Layer, Layers, StatementId};
use super::policy::{Effect, Statement};
use super::request::Request;

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Allowed.
    Allowed {
        /// The first identity statement that allows; if there is none, the first on the resource.
        by: StatementId,
        /// Levels of service control policies that are taken to carry `FullAWSAccess`: see
        /// [`Layers::is_assumed_open`].
        assumed: Vec<Layer>,
    },
    /// Denied by a statement that says so.
    DeniedExplicitly {
        /// The first statement that denies.
        by: StatementId,
    },
    /// Denied because nothing allows.
    DeniedImplicitly {
        /// The first layer in which nothing allows.
        layer: Layer,
        /// Statements of that layer that would allow, were it not for their conditions.
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
    /// Whether it is about the caller, in a policy on a resource.
    Principal,
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

    /// The layer that decides: of the statement that allows or denies, or the one in which nothing allows. `None` if
    /// the answer is not known.
    #[must_use]
    pub fn layer(&self) -> Option<Layer> {
        match self {
            Self::Allowed { by, .. } | Self::DeniedExplicitly { by } => Some(by.layer),
            Self::DeniedImplicitly { layer, .. } => Some(*layer),
            Self::Unknown { .. } => None,
        }
    }
}

/// What the statements of one layer have to say.
struct Verdict {
    layer: Layer,
    assumed_open: bool,
    allow: Option<StatementId>,
    deny: Option<StatementId>,
    doubts: Vec<Doubt>,
    near: Vec<NearMiss>,
}

/// Decides a request.
#[must_use]
pub fn evaluate(layers: Layers<'_>, request: &Request) -> Decision {
    let mut verdicts: Vec<Verdict> = layers.present().map(|layer| Verdict::of(&layers, layer, request)).collect();
    if let Some(by) = verdicts.iter().find_map(|verdict| verdict.deny) {
        return Decision::DeniedExplicitly { by };
    }
    let granting = |layer: Layer| verdicts.iter().find(|verdict| verdict.layer == layer);
    let by = [Layer::Identity, Layer::Resource].into_iter().find_map(|layer| granting(layer)?.allow);
    let on_resource = granting(Layer::Resource).map_or(Fit::No, Verdict::allows);
    let suffices = |verdict: &Verdict| match verdict.layer {
        Layer::Scp { .. } | Layer::Endpoint => verdict.allows(),
        Layer::Resource => Fit::Yes,
        // what a resource grants to everybody, no other policy of the principal limits
        Layer::Identity | Layer::Boundary | Layer::Session => verdict.allows() | on_resource,
    };
    if let Some(missing) = verdicts.iter_mut().find(|verdict| suffices(verdict) == Fit::No) {
        return Decision::DeniedImplicitly { layer: missing.layer, near: std::mem::take(&mut missing.near) };
    }
    let settled = verdicts.iter().all(|verdict| suffices(verdict) == Fit::Yes);
    let mut because = Vec::new();
    let mut assumed = Vec::new();
    for verdict in verdicts {
        let needed = match verdict.layer {
            Layer::Resource => !settled,
            _ => suffices(&verdict) == Fit::Maybe,
        };
        assumed.extend(verdict.assumed_open.then_some(verdict.layer));
        because.extend(verdict.doubts.into_iter().filter(|doubt| needed || doubt.effect == Effect::Deny));
    }
    match by {
        Some(by) if because.is_empty() => Decision::Allowed { by, assumed },
        _ => Decision::Unknown { because },
    }
}

impl Verdict {
    fn of(layers: &Layers<'_>, layer: Layer, request: &Request) -> Self {
        let assumed_open = layers.is_assumed_open(layer);
        let mut verdict = Self { layer, assumed_open, allow: None, deny: None, doubts: Vec::new(), near: Vec::new() };
        for (id, statement) in layers.statements(layer) {
            verdict.consider(statement, id, request);
        }
        verdict
    }

    /// Whether the layer allows, its Denies aside.
    fn allows(&self) -> Fit {
        if self.assumed_open || self.allow.is_some() {
            Fit::Yes
        } else if self.doubts.iter().any(|doubt| doubt.effect == Effect::Allow) {
            Fit::Maybe
        } else {
            Fit::No
        }
    }

    fn consider(&mut self, statement: &Statement, id: StatementId, request: &Request) {
        let action = statement.covers_action(&request.action);
        if action == Fit::No {
            return;
        }
        let resource = statement.covers_resource(&request.resource, &request.context);
        if resource == Fit::No {
            return;
        }
        // a policy that stands on a principal is about that principal
        let principal = match id.layer {
            Layer::Resource => statement.covers_caller(&request.resource),
            Layer::Endpoint => statement.covers_everybody(),
            _ => Fit::Yes,
        };
        if principal == Fit::No {
            return;
        }
        let conditions: Vec<Fit> = statement
            .conditions
            .iter()
            .map(|condition| match condition.holds(&request.context) {
                // no Deny exempts an ordinary principal, but a grant to a named one is a grant to whoever it names
                Fit::No if statement.effect == Effect::Allow && condition.is_of_ordinary(&request.context) => {
                    Fit::Maybe
                }
                holds => holds,
            })
            .collect();
        let failed: Vec<usize> = places(&conditions, Fit::No);
        if !failed.is_empty() {
            if statement.effect == Effect::Allow && [action, resource, principal] == [Fit::Yes; 3] {
                self.near.push(NearMiss { statement: id, failed });
            }
            return;
        }
        let about = if action == Fit::Maybe {
            Some(DoubtAbout::Action)
        } else if resource == Fit::Maybe {
            Some(DoubtAbout::Resource)
        } else if principal == Fit::Maybe {
            Some(DoubtAbout::Principal)
        } else {
            places(&conditions, Fit::Maybe).first().copied().map(DoubtAbout::Condition)
        };
        match (about, statement.effect) {
            (Some(about), effect) => self.doubts.push(Doubt { statement: id, effect, about }),
            (None, Effect::Allow) => self.allow = self.allow.or(Some(id)),
            (None, Effect::Deny) => self.deny = self.deny.or(Some(id)),
        }
    }
}

fn places(fits: &[Fit], wanted: Fit) -> Vec<usize> {
    fits.iter().enumerate().filter(|(_, fit)| **fit == wanted).map(|(index, _)| index).collect()
}
