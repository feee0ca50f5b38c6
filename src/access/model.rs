//! Why a named model cannot be called: only a profile serves it, and none is granted.

use super::call::profile_arn;
use super::profile::{Tried, is_refused, judge};
use super::promise::{Granted, ModelPromise, ProfilePromise};
use super::refusal::{Cause, Grounds, Refusal, Wanted};
use super::requirement::{Needed, Requirement};
use super::view::SetView;
use crate::bedrock::{Profile, Scope};
use crate::iam::Decision;
use crate::reading::Names;

/// A model that is named where only a profile serves it, and no profile is granted.
pub(super) fn refusal(view: &SetView<'_>, promise: &ModelPromise<'_>, granted: &[Granted<'_>]) -> Option<Refusal> {
    if !promise.wants_profile() {
        return None;
    }
    if has_profile(view, promise, granted) {
        return through_pattern(view, promise, granted);
    }
    let owned = |regions: &[&str]| regions.iter().map(|region| (*region).to_owned()).collect();
    let cause = Cause::MissingProfileGrant {
        layer: view.promising(),
        profiles: profiles_for(view, promise, granted),
        on_demand: owned(&promise.on_demand),
        callable: owned(&promise.callable),
    };
    Some(refused(promise, Wanted::Model(promise.model.id.to_string()), cause))
}

fn refused(promise: &ModelPromise<'_>, wanted: Wanted, cause: Cause) -> Refusal {
    let (partition, places) = (promise.owner.partition, promise.places.clone());
    Refusal { wanted, also: Vec::new(), partition, places, action: promise.action, grounds: Grounds::Promise, cause }
}

/// A model whose profiles are granted by a pattern alone (`inference-profile/*`), from Regions in which none of them
/// can reach it. A profile that is named by itself makes a promise of its own.
fn through_pattern(view: &SetView<'_>, promise: &ModelPromise<'_>, granted: &[Granted<'_>]) -> Option<Refusal> {
    let by_pattern = |grant: &&Granted<'_>| match grant.names {
        Names::Profile(id) => !id.literal,
        Names::Anything => grant.fits_profile_of(view, promise.model),
        _ => false,
    };
    let otherwise = |grant: &Granted<'_>| match grant.names {
        Names::ApplicationProfile(_) => true,
        Names::Profile(id) => id.literal,
        Names::Other => reaches_models_itself(grant),
        _ => false,
    };
    let patterns: Vec<&Granted<'_>> = granted.iter().filter(by_pattern).collect();
    if patterns.is_empty() || promise.open || granted.iter().any(otherwise) {
        return None;
    }
    let mut tried: Vec<Tried<'_>> = Vec::new();
    for profile in promise.model.active_profiles().filter(|profile| profile.confidence.destinations_known()) {
        for source in profile.sources().iter() {
            let attempt = view.attempt(&profile.id, source, &promise.owner, promise.action);
            let is_granted =
                attempt.answers.iter().any(|(need, decision)| need.needed == Needed::Profile && !decision.is_denied());
            if is_granted {
                tried.push((profile, attempt));
            }
        }
    }
    if tried.is_empty() || tried.iter().any(|(_, attempt)| !is_refused(view, attempt)) {
        return None;
    }
    // of a geography more is known than of the whole world
    if tried.iter().any(|(profile, _)| profile.scope == Scope::Geographic) {
        tried.retain(|(profile, _)| profile.scope == Scope::Geographic);
    }
    let (profile, _) = tried.iter().min_by_key(|(_, attempt)| attempt.denied().count())?;
    let id = profile.id.to_string();
    tried.retain(|(other, _)| *other.id == *id);
    let place = patterns.first()?;
    let through = ProfilePromise {
        id: id.clone(),
        places: patterns.iter().map(|grant| grant.place).collect(),
        patterns: vec![place.pattern],
        candidates: Vec::new(),
        actions: vec![promise.action],
        owner: promise.owner.clone(),
        accounts: Vec::new(),
        literal: true,
    };
    let cause = judge(view, &through, promise.action, &tried)?;
    let places = through.places;
    Some(Refusal { places, ..refused(promise, Wanted::Profile(id), cause) })
}

/// Resources through which a model is reached without a profile of it: a router, provisioned throughput, a deployed or
/// imported model.
fn reaches_models_itself(grant: &Granted<'_>) -> bool {
    const TYPES: [&str; 6] = [
        "prompt-router/",
        "provisioned-model/",
        "custom-model-deployment/",
        "custom-model/",
        "imported-model/",
        "marketplace/model-endpoint/",
    ];
    TYPES.iter().any(|kind| grant.pattern.as_str().contains(kind))
}

/// Whether some profile of the model, or any application inference profile, may be granted. A profile that a Deny or
/// a condition stops counts: that is another mistake.
fn has_profile(view: &SetView<'_>, promise: &ModelPromise<'_>, granted: &[Granted<'_>]) -> bool {
    let suffix = format!(".{}", promise.model.id);
    let named = granted.iter().any(|grant| match grant.names {
        Names::ApplicationProfile(_) => true,
        // also a profile that the catalogue does not know
        Names::Profile(id) => id.text.ends_with(&suffix) || (!id.literal && grant.fits_profile_of(view, promise.model)),
        Names::Other => reaches_models_itself(grant),
        // everything of an account, profiles among it
        Names::Anything => grant.fits_profile_of(view, promise.model),
        _ => false,
    });
    named
        || promise.model.active_profiles().any(|profile| {
            profile.sources().iter().any(|source| {
                let requirement = Requirement {
                    action: promise.action.to_owned(),
                    resource: profile_arn(promise.owner.partition, source, &promise.owner.account, &profile.id),
                    region: source.to_owned(),
                    profile: None,
                    called_via: None,
                    needed: Needed::Profile,
                };
                let decision = view.decide(&requirement);
                !matches!(decision, Decision::DeniedImplicitly { near, .. } if near.is_empty())
            })
        })
}

/// Up to three profiles that can be called from the Regions named, those first that can be from the most of them;
/// geographic before global. Where the set says which of these Regions it is used in, or else which geographies it uses,
/// those alone count.
pub(super) fn profiles_for(view: &SetView<'_>, promise: &ModelPromise<'_>, granted: &[Granted<'_>]) -> Vec<String> {
    let used: Vec<&str> = promise.callable.iter().copied().filter(|region| view.uses_region(region)).collect();
    let regions = if used.is_empty() { &promise.callable } else { &used };
    let reach = |profile: &Profile| regions.iter().filter(|region| profile.sources().contains(region)).count();
    let mut profiles: Vec<&Profile> = promise.model.active_profiles().filter(|profile| reach(profile) > 0).collect();
    let is_used = |profile: &&Profile| {
        granted.iter().any(|grant| match grant.names {
            Names::Profile(id) => id.text.split_once('.').is_some_and(|(prefix, _)| prefix == profile.prefix()),
            _ => false,
        })
    };
    if used.is_empty() && profiles.iter().any(is_used) {
        profiles.retain(is_used);
    }
    let everywhere = regions.len() > 3;
    let familiar = |profile: &Profile| ["us", "eu", "global"].iter().position(|prefix| *prefix == profile.prefix());
    profiles.sort_by_key(|profile| {
        let rank = if everywhere { familiar(profile).unwrap_or(9) } else { 0 };
        (rank, profile.scope == Scope::Global, std::cmp::Reverse(reach(profile)), profile.sources().len())
    });
    profiles.into_iter().take(3).map(|profile| profile.id.to_string()).collect()
}
