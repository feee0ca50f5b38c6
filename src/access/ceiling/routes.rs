//! Calls that begin under a ceiling and cannot land: it lets a source Region through, and not all that profiles route to
//! from there.

use std::collections::{BTreeMap, BTreeSet};

use super::ways::{Fate, Way, Ways};
use crate::access::profile::{asks_for_profile, blocked, model_region};
use crate::access::refusal::{Cause, Grounds, Refusal, together};
use crate::access::view::SetView;
use crate::bedrock::Scope;
use crate::iam::request::UNSPECIFIED_REGION;
use crate::iam::{Effect, Pattern, Statement, StatementId};
use crate::reading::Names;

pub(super) fn refusals(ways: &Ways<'_, '_>) -> Vec<Refusal> {
    let refusals = destinations(ways);
    if refusals.is_empty() { world(ways).into_iter().collect() } else { refusals }
}

/// Source Regions from which calls cannot land, geography by geography.
fn destinations(ways: &Ways<'_, '_>) -> Vec<Refusal> {
    let meant = ways.by_source.iter().filter(|(source, _)| ways.is_meant(source));
    // a list that names the Region-less ARN was made for global profiles
    let worldwide = ways.view.names_region(UNSPECIFIED_REGION);
    let serves = |way: &Way<'_>| way.fate == Fate::Open && (worldwide || way.profile.scope == Scope::Geographic);
    let stranded = meant.flat_map(|(_, from_there)| stranded(from_there, serves));
    together(stranded.filter_map(|way| out_of_reach(ways, way)).collect())
}

/// The ways from one source that begin and cannot land, of models that cannot be called from there otherwise.
///
/// A source from which a geography works as a whole is served: data may be meant to stay within that one. Of several
/// geographies that do not work, the one counts through which most models are called.
fn stranded<'w, 'a>(from_there: &'w [Way<'a>], serves: impl Fn(&Way<'_>) -> bool) -> Vec<&'w Way<'a>> {
    let mut by_prefix: BTreeMap<&str, Vec<&Way<'_>>> = BTreeMap::new();
    for way in from_there {
        by_prefix.entry(way.profile.prefix()).or_default().push(way);
    }
    if by_prefix.values().any(|ways| ways.iter().all(|way| serves(way))) {
        return Vec::new();
    }
    let reached: BTreeSet<&str> = from_there.iter().filter(|way| serves(way)).map(|way| &*way.model.id).collect();
    let is_stranded = |way: &&Way<'_>| {
        way.fate == Fate::Destinations && way.model.profile_only_in(way.source()) && !reached.contains(&*way.model.id)
    };
    let by_prefix = by_prefix.into_values().map(|ways| ways.into_iter().filter(is_stranded).collect());
    // the first of equals
    let longer = |most: Vec<&'w Way<'a>>, ways: Vec<&'w Way<'a>>| if ways.len() > most.len() { ways } else { most };
    by_prefix.fold(Vec::new(), longer)
}

/// Why a call that begins cannot land.
fn out_of_reach(ways: &Ways<'_, '_>, way: &Way<'_>) -> Option<Refusal> {
    let (requirement, decision) = way.first_denied()?;
    let cause = match blocked(ways.view, &way.attempt, requirement, decision) {
        Some(cause) => cause,
        None => {
            let layer = decision.layer()?;
            let missing: BTreeSet<&str> = way.attempt.denied().map(|(need, _)| model_region(need)).collect();
            let route: Vec<&str> = way.attempt.answers.iter().map(|(need, _)| model_region(need)).collect();
            Cause::UncoveredDestinationRegion {
                layer,
                model: "*".to_owned(),
                missing: missing.into_iter().map(str::to_owned).collect(),
                source: None,
                granted: ways.view.model_grants(layer, ways.action, way.owner.partition, &way.model.id, &route),
                one_region: None,
            }
        }
    };
    is_oversight(ways, &cause).then(|| ways.refusal(way, way.geography(), cause))
}

/// Whether a cause looks like what somebody has not thought of. Who exempts some profiles has thought of profiles, and
/// means the others to be refused, unless what is exempted cannot be called anyway; who denies some models means them.
fn is_oversight(ways: &Ways<'_, '_>, cause: &Cause) -> bool {
    let exempts = |id: StatementId| {
        ways.view.statement(id).is_none_or(|one| asks_for_profile(one) && !exempts_in_vain(ways, one))
    };
    match cause {
        Cause::RegionConditionBlocksProfile { condition, .. } => !exempts(condition.statement),
        Cause::DenyBlocksProfile { deny, .. } => !exempts(*deny) && !denies_some_models(ways.view, *deny),
        Cause::UncoveredDestinationRegion { granted, .. } => !granted.is_empty(),
        _ => false,
    }
}

/// Whether a Deny exempts system-defined profiles alone, of geographies in which no call can begin: the Regions that are
/// let through are those of another.
fn exempts_in_vain(ways: &Ways<'_, '_>, deny: &Statement) -> bool {
    let mut conditions = deny.conditions.iter().filter(|condition| condition.is_about("bedrock:InferenceProfileArn"));
    let begins = |prefix: &str| ways.all().any(|way| way.begins() && way.profile.prefix() == prefix);
    conditions.all(|condition| {
        let exempts = condition.operator.is_some_and(|operator| operator.negated);
        exempts
            && condition.values.iter().all(|value| geography(ways.view, value).is_some_and(|prefix| !begins(prefix)))
    })
}

/// The geography prefix of the system-defined profiles that a pattern names, if it spells one out.
fn geography<'p>(view: &SetView<'_>, pattern: &'p Pattern) -> Option<&'p str> {
    let (_, id) = pattern.as_str().split_once(":inference-profile/").filter(|_| !pattern.is_open())?;
    let (prefix, _) = id.split_once('.')?;
    view.catalogue.prefix(prefix).map(|_| prefix)
}

fn denies_some_models(view: &SetView<'_>, deny: StatementId) -> bool {
    let reading = view.reading(deny).and_then(|reading| reading.statements.get(deny.statement));
    let mut names = reading.into_iter().flat_map(|reading| &reading.resources).map(|resource| &resource.names);
    let lists = view.statement(deny).and_then(|statement| statement.resources.as_ref()).is_some_and(|one| !one.negated);
    lists && names.any(|names| matches!(names, Names::Model(id) if !id.text.bytes().all(|byte| byte == b'*')))
}

/// A list of Regions that serves a geography as a whole, and global profiles from nowhere. That is what keeps data
/// there, so it is no more than possible that nobody meant it.
fn world(ways: &Ways<'_, '_>) -> Option<Refusal> {
    let meant = || ways.by_source.iter().filter(|(source, _)| ways.is_meant(source)).flat_map(|(_, ways)| ways);
    let open = |scope: Scope| meant().any(|way| way.profile.scope == scope && way.fate == Fate::Open);
    if !open(Scope::Geographic) || open(Scope::Global) {
        return None;
    }
    let refused = meant().filter(|way| way.fate == Fate::Global).filter_map(|way| {
        let (requirement, decision) = way.first_denied()?;
        let cause = blocked(ways.view, &way.attempt, requirement, decision)?;
        let by_list = lists_what_passes(ways.view, &cause) && is_oversight(ways, &cause);
        by_list.then(|| Refusal { grounds: Grounds::Guess, ..ways.refusal(way, way.geography(), cause) })
    });
    together(refused.collect()).into_iter().next()
}

/// Whether a condition refuses the Region-less ARN because it lists Regions that pass, and that is none of them.
fn lists_what_passes(view: &SetView<'_>, cause: &Cause) -> bool {
    let Cause::RegionConditionBlocksProfile { condition: place, .. } = cause else { return false };
    let (Some(statement), Some(condition)) = (view.statement(place.statement), view.condition(*place)) else {
        return false;
    };
    let negated = condition.operator.is_some_and(|operator| operator.negated);
    (statement.effect == Effect::Allow) != negated
        && !condition.values.iter().any(|value| value.as_str() == UNSPECIFIED_REGION)
}
