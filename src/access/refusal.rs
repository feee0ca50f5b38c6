//! Why a set of policies refuses what it promises: one refusal for each promise and cause.

use std::collections::{HashMap, HashSet};

use super::calls::RefusedCall;
use super::promise::{granted, model_promises, profile_promises};
use super::requirement::Needed;
use super::view::{Place, SetView};
use crate::bedrock::{Catalogue, Partition};
use crate::iam::{Case, Context, Decision, Effect, Fit, Layer, Pattern, StatementId};
use crate::text::{Span, Text};

/// A promise that the set does not keep.
#[derive(Debug)]
pub struct Refusal {
    /// What was promised.
    pub wanted: Wanted,
    /// What else is refused for the same cause.
    pub also: Vec<Wanted>,
    /// The partition of the ARNs.
    pub partition: Partition,
    /// Where it was promised, the first being where a reader looks first; empty only for what a ceiling by itself seems
    /// to let through.
    pub places: Vec<Place>,
    /// The action that is refused.
    pub action: &'static str,
    /// What it rests on.
    pub grounds: Grounds,
    /// Why.
    pub cause: Cause,
}

/// What a refusal rests on, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grounds {
    /// Destinations that the catalogue only assumes, or a wish that hardly anybody has.
    Guess,
    /// What policies let through by patterns, without a word that it has to work.
    LetThrough,
    /// What policies promise by name.
    Promise,
}

/// What a refusal is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A call through a system-defined profile: its id, or the pattern that names it.
    Profile(String),
    /// A call through an application inference profile, by ARN.
    ApplicationProfile(String),
    /// A call of a model, by id.
    Model(String),
    /// Calls through the profiles of a geography: from these Regions a ceiling lets them begin.
    Geography {
        /// The geography prefix.
        prefix: String,
        /// The source Regions.
        sources: Vec<String>,
        /// The ids of the profiles that cannot be called.
        profiles: Vec<String>,
    },
}

impl Wanted {
    /// Whether it is about this model, called by its bare id or through a system-defined profile.
    #[must_use]
    pub fn is_about(&self, model: &str, catalogue: &Catalogue) -> bool {
        let id = match self {
            Self::Model(id) => id,
            Self::Profile(id) => catalogue.split_profile_id(id).map_or(id.as_str(), |(_, model)| model),
            Self::ApplicationProfile(_) => return false,
            Self::Geography { prefix, .. } => {
                return catalogue.model(model).is_some_and(|model| model.profile(prefix).is_some());
            }
        };
        let pattern = Pattern::new(Text::unplaced(id), false);
        pattern.matches(model, Case::Sensitive, &Context::default()) == Fit::Yes
    }
}

/// Why it is refused. Every access rule is one of these.
#[derive(Clone, Debug)]
pub enum Cause {
    /// The model is granted, a profile that serves it is not.
    MissingProfileGrant {
        /// The layer that grants the model.
        layer: Layer,
        /// Up to three profiles that could serve it from the Regions named, best first.
        profiles: Vec<String>,
        /// Named Regions where it is on-demand nevertheless: few of them.
        on_demand: Vec<String>,
        /// All named Regions from which it can be called.
        callable: Vec<String>,
    },
    /// An application inference profile is named, and only system-defined ones are granted.
    ApplicationProfileNotGranted {
        /// Where it is named.
        named: Place,
    },
    /// The profile is granted, and a ceiling allows it nowhere.
    ProfileNotAllowed {
        /// The ceiling.
        layer: Layer,
        /// Where the ceiling allows the model behind the profile.
        granted: Vec<Place>,
    },
    /// The profile is granted, its model nowhere.
    MissingModelGrant {
        /// The layer without a grant.
        layer: Layer,
        /// Conditions that keep a grant of the model from applying.
        blocked: Vec<ConditionPlace>,
        /// Where the model is granted for the other invocation action alone.
        other_action: Option<Place>,
    },
    /// The profile cannot be called from any Region that it is granted in.
    ProfileNotCallable {
        /// Regions that it can be called from, sorted.
        sources: Vec<String>,
        /// Profiles of the same model that can be called from the Regions named; three at most.
        instead: Vec<String>,
        /// Whether every Region named lies outside its geography: none that it may have been added to since.
        foreign: bool,
    },
    /// The profile is granted, and the model in some Regions, but not in all it routes to.
    UncoveredDestinationRegion {
        /// The layer without a grant.
        layer: Layer,
        /// The model.
        model: String,
        /// Regions without a grant, sorted.
        missing: Vec<String>,
        /// The Region called, where only one is possible.
        source: Option<String>,
        /// Where the model is granted.
        granted: Vec<Place>,
        /// The placeholder in a grant that stands for one Region only.
        one_region: Option<Span>,
    },
    /// The same, but from some source Regions only; others work.
    UncoveredFromSomeSources {
        /// The model.
        model: String,
        /// The source Regions that fail, each with the Regions it lacks.
        sources: Vec<(String, Vec<String>)>,
        /// Where the model is granted.
        granted: Vec<Place>,
    },
    /// A global profile is granted and nothing covers the Region-less ARN.
    MissingGlobalModelGrant {
        /// The layer without a grant.
        layer: Layer,
        /// The model.
        model: String,
        /// Where the model is granted.
        granted: Vec<Place>,
    },
    /// A condition on `aws:RequestedRegion` keeps a Region out.
    RegionConditionBlocksProfile {
        /// The condition.
        condition: ConditionPlace,
        /// The Regions kept out, sorted; `unspecified` for the Region-less ARN.
        blocked: Vec<String>,
        /// Whether it refuses the profile itself, in the Region that is called.
        profile_too: bool,
    },
    /// A Deny that is not about Regions stops the profile or its model.
    DenyBlocksProfile {
        /// The Deny.
        deny: StatementId,
        /// The ARN it stops.
        resource: String,
    },
    /// The only grant of the profile wants a key that no request for the profile carries.
    ProfileConditionOnProfile {
        /// The condition.
        condition: ConditionPlace,
    },
    /// Anything else; no rule speaks of it where nothing but a promise is broken.
    Unexplained,
}

/// A condition of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConditionPlace {
    /// The statement.
    pub statement: StatementId,
    /// Index of the condition.
    pub condition: usize,
}

/// All promises of a set that it does not keep, those with one cause together.
#[must_use]
pub fn refusals(view: &SetView<'_>) -> Vec<Refusal> {
    let granted = granted(view);
    let mut refusals = Vec::new();
    for mut promise in profile_promises(view, &granted) {
        refusals.extend(super::profile::refusal(view, &mut promise));
    }
    for promise in model_promises(view, &granted) {
        refusals.extend(super::model::refusal(view, &promise, &granted));
    }
    super::application::refusals(view, &granted, &mut refusals);
    if view.set.has_unread_grants() {
        // what is not granted here may be granted there; what is denied here is denied, and what a ceiling lacks, it lacks
        refusals.retain(|refusal| is_settled(view, &refusal.cause));
    }
    super::spared::refusals(view, &mut refusals);
    let mut refusals = together(refusals);
    // what is named goes before what is merely let through
    let known: HashSet<Culprit> = refusals.iter().filter_map(Culprit::of).collect();
    let let_through = super::ceiling::refusals(view, &refusals);
    refusals.extend(let_through.into_iter().filter(|one| Culprit::of(one).is_none_or(|one| !known.contains(&one))));
    refusals.retain(|refusal| !is_behind_endpoint(&refusal.cause));
    refusals
}

/// Whether the policy of a VPC endpoint refuses no more than the Regions that a profile routes to. AWS does not say
/// whether it is asked about them.
fn is_behind_endpoint(cause: &Cause) -> bool {
    match cause {
        Cause::UncoveredDestinationRegion { layer, .. } | Cause::MissingGlobalModelGrant { layer, .. } => {
            *layer == Layer::Endpoint
        }
        Cause::RegionConditionBlocksProfile { condition, profile_too, .. } => {
            condition.statement.layer == Layer::Endpoint && !profile_too
        }
        _ => false,
    }
}

/// Whether no further grant would help.
fn is_settled(view: &SetView<'_>, cause: &Cause) -> bool {
    let in_ceiling = |layer: Layer| layer != view.promising();
    match cause {
        Cause::DenyBlocksProfile { .. } | Cause::ProfileNotAllowed { .. } => true,
        Cause::RegionConditionBlocksProfile { condition, .. } => {
            let denies = view.statement(condition.statement).is_some_and(|one| one.effect == Effect::Deny);
            denies || in_ceiling(condition.statement.layer)
        }
        Cause::ProfileConditionOnProfile { condition } => in_ceiling(condition.statement.layer),
        Cause::MissingModelGrant { layer, .. }
        | Cause::UncoveredDestinationRegion { layer, .. }
        | Cause::MissingGlobalModelGrant { layer, .. }
        | Cause::MissingProfileGrant { layer, .. } => in_ceiling(*layer),
        Cause::ApplicationProfileNotGranted { .. }
        | Cause::ProfileNotCallable { .. }
        | Cause::UncoveredFromSomeSources { .. }
        | Cause::Unexplained => false,
    }
}

/// What a fix would change; refusals that share it are one mistake.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Culprit {
    RegionCondition(ConditionPlace),
    ProfileCondition(ConditionPlace),
    Deny(StatementId),
    Grants { places: Vec<Place>, global: bool },
}

impl Culprit {
    pub(super) fn of(refusal: &Refusal) -> Option<Self> {
        match &refusal.cause {
            Cause::RegionConditionBlocksProfile { condition, .. } => Some(Self::RegionCondition(*condition)),
            Cause::ProfileConditionOnProfile { condition } => Some(Self::ProfileCondition(*condition)),
            Cause::DenyBlocksProfile { deny, .. } => Some(Self::Deny(*deny)),
            Cause::UncoveredDestinationRegion { granted, .. } if !granted.is_empty() => {
                Some(Self::Grants { places: granted.clone(), global: false })
            }
            Cause::MissingGlobalModelGrant { granted, .. } if !granted.is_empty() => {
                Some(Self::Grants { places: granted.clone(), global: true })
            }
            _ => None,
        }
    }
}

/// Those of one cause together.
pub(super) fn together(refusals: Vec<Refusal>) -> Vec<Refusal> {
    let mut first: HashMap<Culprit, usize> = HashMap::new();
    let mut kept: Vec<Refusal> = Vec::new();
    for refusal in refusals {
        let next = kept.len();
        let index = Culprit::of(&refusal).map_or(next, |culprit| *first.entry(culprit).or_insert(next));
        match kept.get_mut(index) {
            Some(known) => known.join(refusal),
            None => kept.push(refusal),
        }
    }
    kept
}

impl Refusal {
    /// All that is refused for this cause.
    pub fn wanted(&self) -> impl Iterator<Item = &Wanted> {
        std::iter::once(&self.wanted).chain(&self.also)
    }

    /// Whether of the model and its profile one is granted and the other nowhere, where it may well stand in what was not
    /// read.
    #[must_use]
    pub fn lacks_what_may_be_elsewhere(&self, view: &SetView<'_>) -> bool {
        let lacks_a_half = match &self.cause {
            Cause::MissingProfileGrant { layer, .. } => *layer == view.promising(),
            Cause::MissingModelGrant { layer, blocked, other_action } => {
                *layer == view.promising() && blocked.is_empty() && other_action.is_none()
            }
            Cause::ApplicationProfileNotGranted { .. } => true,
            _ => false,
        };
        lacks_a_half && view.set.may_be_granted_more()
    }

    /// Whether a call of the same set is refused for this cause, by a ceiling: who mends the one mends the other.
    #[must_use]
    pub fn is_of_ceiling_and_refuses(&self, call: &RefusedCall<'_>, catalogue: &Catalogue) -> bool {
        let needs_profile = call.requirement.needed == Needed::Profile;
        let is_cause = match (&self.cause, &call.decision) {
            (
                Cause::MissingProfileGrant { layer, .. } | Cause::ProfileNotAllowed { layer, .. },
                Decision::DeniedImplicitly { layer: other, near },
            ) => layer == other && near.is_empty() && needs_profile,
            (
                Cause::MissingModelGrant { layer, .. }
                | Cause::UncoveredDestinationRegion { layer, .. }
                | Cause::MissingGlobalModelGrant { layer, .. },
                Decision::DeniedImplicitly { layer: other, near },
            ) => layer == other && near.is_empty() && !needs_profile,
            (Cause::DenyBlocksProfile { deny: id, .. }, Decision::DeniedExplicitly { by }) => id == by,
            (Cause::RegionConditionBlocksProfile { condition, .. }, Decision::DeniedExplicitly { by }) => {
                condition.statement == *by
            }
            _ => false,
        };
        let about = |wanted: &Wanted| call.model_id.as_ref().is_some_and(|id| wanted.is_about(id, catalogue));
        is_cause && call.decision.layer() != Some(Layer::Identity) && self.wanted().any(about)
    }

    /// Takes in another refusal of the same cause.
    fn join(&mut self, other: Self) {
        if !std::iter::once(&mut self.wanted).chain(&mut self.also).any(|known| known.takes_in(&other.wanted)) {
            self.also.push(other.wanted);
            self.places.extend(other.places);
        }
        self.grounds = self.grounds.max(other.grounds);
        match (&mut self.cause, other.cause) {
            (
                Cause::UncoveredDestinationRegion { missing, source, one_region, .. },
                Cause::UncoveredDestinationRegion { missing: more, source: from, one_region: placeholder, .. },
            ) => {
                join_sorted(missing, more);
                *source = source.take().filter(|source| Some(source) == from.as_ref());
                *one_region = one_region.or(placeholder);
            }
            (
                Cause::RegionConditionBlocksProfile { blocked, profile_too, .. },
                Cause::RegionConditionBlocksProfile { blocked: more, profile_too: another, .. },
            ) => {
                join_sorted(blocked, more);
                *profile_too |= another;
            }
            _ => {}
        }
    }
}

impl Wanted {
    /// Takes in another part of the same geography.
    fn takes_in(&mut self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Geography { prefix, sources, profiles },
                Self::Geography { prefix: other, sources: more_sources, profiles: more_profiles },
            ) if prefix == other => {
                join_sorted(sources, more_sources.clone());
                join_sorted(profiles, more_profiles.clone());
                true
            }
            _ => false,
        }
    }
}

fn join_sorted(into: &mut Vec<String>, more: Vec<String>) {
    into.extend(more);
    into.sort();
    into.dedup();
}
