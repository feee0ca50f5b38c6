//! Models without profiles under a ceiling, and profiles without models: it lets the one through and refuses the other
//! everywhere.

use std::collections::BTreeMap;

use super::ways::{Fate, Way, Ways, current_models};
use crate::access::profile::{asks_for_profile, is_about_models, near_conditions};
use crate::access::promise::told;
use crate::access::refusal::{Cause, ConditionPlace, Grounds, Refusal, Wanted};
use crate::access::requirement::{Needed, Requirement};
use crate::access::view::{Place, SetView};
use crate::iam::{Decision, Effect, Elements, Fit, Layer, StatementId};

pub(super) fn refusals(ways: &Ways<'_, '_>, known: &[Refusal]) -> Vec<Refusal> {
    let mut refusals = models_without_profile(ways, known);
    refusals.extend(profiles_without_model(ways, known));
    refusals
}

/// What keeps the profiles of a model out.
#[derive(PartialEq)]
enum Stop {
    /// A Deny.
    Deny(StatementId),
    /// A condition on the profile that is called.
    Condition(ConditionPlace),
    /// That no Allow of the ceiling covers them, only the models at these places.
    Missing(Layer, Vec<Place>),
}

/// Models that are let through wherever a profile needs them, while no profile of them is, from anywhere.
fn models_without_profile(ways: &Ways<'_, '_>, known: &[Refusal]) -> Vec<Refusal> {
    if speaks_of_application_profiles(ways.view) {
        // through these the models can be called
        return Vec::new();
    }
    let mut by_model: BTreeMap<&str, Vec<&Way<'_>>> = BTreeMap::new();
    for way in ways.all() {
        by_model.entry(&way.model.id).or_default().push(way);
    }
    let mut stopped: Vec<(Stop, Vec<&Way<'_>>)> = Vec::new();
    for (model, from_anywhere) in &by_model {
        let is_told = known.iter().flat_map(Refusal::wanted).any(|wanted| wanted.is_about(model, ways.view.catalogue));
        let is_open = from_anywhere.iter().any(|way| way.fate == Fate::Open);
        let through = from_anywhere.iter().filter(|way| way.fate == Fate::Profile).count();
        let example = from_anywhere.iter().filter(|way| way.fate == Fate::Profile).min_by_key(|way| familiarity(way));
        let Some(way) = example.filter(|_| !is_open && !is_told) else { continue };
        // as for models that are named: on-demand in under a tenth of the Regions
        let on_demand = ways.open_on_demand(way.model);
        let Some(stop) = stop_of(ways, way, known).filter(|_| on_demand * 10 < through + on_demand) else { continue };
        match stopped.iter_mut().find(|(known, _)| *known == stop) {
            Some((_, ways)) => ways.push(way),
            None => stopped.push((stop, vec![way])),
        }
    }
    let is_through = |way: &Way<'_>| matches!(way.fate, Fate::Open | Fate::Profile);
    if stopped.is_empty() {
        return Vec::new();
    }
    let through = current_models(ways.view).filter(|model| {
        let by_profile = by_model.get(&*model.id).is_some_and(|ways| ways.iter().any(|way| is_through(way)));
        by_profile || ways.open_on_demand(model) > 0
    });
    let through = through.count();
    stopped.into_iter().filter_map(|(stop, of_models)| refusal(ways, stop, &of_models, through)).collect()
}

/// What keeps the profile of a way out, if it looks like what somebody has not thought of.
fn stop_of(ways: &Ways<'_, '_>, way: &Way<'_>, known: &[Refusal]) -> Option<Stop> {
    let view = ways.view;
    let (_, decision) = way.first_denied()?;
    match decision {
        Decision::DeniedExplicitly { by } => is_oversight(view, way, *by).then_some(Stop::Deny(*by)),
        // who lists some profiles has thought of them, and means the others to be refused
        Decision::DeniedImplicitly { .. } if ways.all().any(|way| way.fate == Fate::Open) => None,
        Decision::DeniedImplicitly { layer, near } if near.is_empty() => {
            let places = view.model_grants(*layer, ways.action, way.owner.partition, &way.model.id, &[way.source()]);
            let is_told = known.iter().any(|refusal| match &refusal.cause {
                Cause::ProfileNotAllowed { granted, .. } => granted.iter().any(|place| places.contains(place)),
                _ => false,
            });
            (!places.is_empty() && !is_told).then_some(Stop::Missing(*layer, places))
        }
        Decision::DeniedImplicitly { .. } => {
            let mut conditions = near_conditions(decision).into_iter();
            let asks = |place: &ConditionPlace| {
                view.condition(*place).is_some_and(|condition| condition.is_about("bedrock:InferenceProfileArn"))
            };
            conditions.find(asks).map(Stop::Condition)
        }
        Decision::Allowed { .. } | Decision::Unknown { .. } => None,
    }
}

/// Whether a Deny stops profiles because it speaks of models alone: as what it spares, or as what may be called through a
/// profile only.
fn is_oversight(view: &SetView<'_>, way: &Way<'_>, deny: StatementId) -> bool {
    let Some(statement) = view.statement(deny) else { return false };
    let about_regions = statement.conditions.iter().any(|condition| condition.is_about("aws:RequestedRegion"));
    let spares = statement.resources.as_ref().is_some_and(|resources| resources.negated);
    let models = way.attempt.answers.iter().filter(|(need, _)| need.needed == Needed::SourceModel);
    let covers =
        |need: &Requirement| statement.covers_resource(&need.resource, &view.request(need).context) == Fit::Yes;
    let through_profiles = asks_for_profile(statement) && models.map(|(need, _)| need).any(covers);
    !about_regions && (through_profiles || spares && is_about_models(view, deny))
}

fn refusal(ways: &Ways<'_, '_>, stop: Stop, of_models: &[&Way<'_>], let_through: usize) -> Option<Refusal> {
    let (first, rest) = of_models.split_first()?;
    let model = |way: &&Way<'_>| Wanted::Model(way.model.id.to_string());
    let serves = |region: &&str| first.model.profiles_from(region).next().is_some();
    let used = ways.view.regions(first.owner.partition).filter(|region| ways.view.uses_region(region)).find(serves);
    let profiles = ways.view.catalogue.profiles_for(first.model, first.owner.partition, used);
    let profiles = profiles.into_iter().take(3).map(|profile| profile.id.to_string()).collect();
    let own = ways.view.attempt(&first.profile.id, first.source(), &first.owner, ways.action);
    let resource = told(&own.denied().next()?.0.resource);
    let (cause, places) = match stop {
        Stop::Deny(deny) => (Cause::DenyBlocksProfile { deny, resource }, None),
        Stop::Condition(condition) => (Cause::ProfileConditionOnProfile { condition }, None),
        Stop::Missing(layer, places) => {
            let (on_demand, callable) = (Vec::new(), Vec::new());
            (Cause::MissingProfileGrant { layer, profiles, on_demand, callable }, Some(places))
        }
    };
    let refusal = ways.refusal(first, model(first), cause);
    Some(Refusal {
        also: rest.iter().map(model).collect(),
        places: places.unwrap_or(refusal.places),
        // a pattern that names mostly models which can be called by their ids is meant for these
        grounds: if of_models.len() * 3 < let_through { Grounds::Guess } else { refusal.grounds },
        ..refusal
    })
}

/// Where a way stands among those that a reader may know, the best first.
fn familiarity(way: &Way<'_>) -> usize {
    const FAMILIAR: [(&str, &str); 2] = [("us", "us-east-1"), ("eu", "eu-central-1")];
    let way = (way.profile.prefix(), way.source());
    let exactly = FAMILIAR.iter().position(|familiar| *familiar == way);
    exactly.unwrap_or(if way.0 == "global" { FAMILIAR.len() + 1 } else { FAMILIAR.len() })
}

/// Profiles that are let through while no model is, neither behind a profile nor by its id.
fn profiles_without_model(ways: &Ways<'_, '_>, known: &[Refusal]) -> Option<Refusal> {
    let view = ways.view;
    if !ways.all().all(|way| matches!(way.fate, Fate::Model | Fate::Closed)) {
        return None;
    }
    let mut let_through = ways.all().filter(|way| way.fate == Fate::Model);
    let (layer, way) = let_through.find_map(|way| match way.first_denied() {
        Some((_, Decision::DeniedImplicitly { layer, near })) if near.is_empty() => Some((*layer, way)),
        _ => None,
    })?;
    let places = view.profile_grants(layer, ways.action, way.owner.partition, &way.profile.id);
    let is_told = known.iter().any(|refusal| match &refusal.cause {
        Cause::MissingModelGrant { layer: told, .. } => *told == layer,
        _ => false,
    });
    let by_id = || current_models(view).any(|model| ways.open_on_demand(model) > 0);
    if places.is_empty() || is_told || by_id() {
        return None;
    }
    let cause = Cause::MissingModelGrant { layer, blocked: Vec::new(), other_action: None };
    Some(Refusal { places, ..ways.refusal(way, way.geography(), cause) })
}

/// Whether the ceilings let application inference profiles through, or name some: what these copy is not known.
fn speaks_of_application_profiles(view: &SetView<'_>) -> bool {
    let mut statements = view.statements_of_ceilings().map(|(_, statement)| statement);
    statements.any(|statement| {
        let lets_through = |resources: &&Elements| resources.negated != (statement.effect == Effect::Allow);
        let resources = statement.resources.iter().filter(lets_through).flat_map(|resources| &resources.patterns);
        let conditions = statement.conditions.iter().flat_map(|condition| &condition.values);
        resources.chain(conditions).any(|pattern| pattern.as_str().contains("application-inference-profile"))
    })
}
