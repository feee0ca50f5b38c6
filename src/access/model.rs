//! Why a named model cannot be called: only a profile serves it, and none is granted.

use super::call::profile_arn;
use super::promise::{Granted, ModelPromise};
use super::refusal::{Cause, Refusal, Wanted};
use super::requirement::{Needed, Requirement};
use super::view::SetView;
use crate::bedrock::{Profile, Scope};
use crate::iam::Decision;
use crate::reading::Names;

/// A model that is named where only a profile serves it, and no profile is granted.
pub(super) fn refusal(view: &SetView<'_>, promise: &ModelPromise<'_>, granted: &[Granted<'_>]) -> Option<Refusal> {
    if !promise.wants_profile() || has_profile(view, promise, granted) {
        return None;
    }
    let owned = |regions: &[&str]| regions.iter().map(|region| (*region).to_owned()).collect();
    let cause = Cause::MissingProfileGrant {
        profiles: profiles_for(promise),
        on_demand: owned(&promise.on_demand),
        callable: owned(&promise.callable),
    };
    let wanted = Wanted::Model(promise.model.id.to_string());
    Some(Refusal { wanted, places: promise.places.clone(), action: promise.action, weak: false, cause })
}

/// Whether some profile of the model, or any application inference profile, may be granted. A profile that a Deny or
/// a condition stops counts: that is another mistake.
fn has_profile(view: &SetView<'_>, promise: &ModelPromise<'_>, granted: &[Granted<'_>]) -> bool {
    let suffix = format!(".{}", promise.model.id);
    let named = granted.iter().any(|grant| match grant.names {
        Names::ApplicationProfile(_) => true,
        // also a profile that the catalogue does not know
        Names::Profile(id) => id.text.ends_with(&suffix) || (!id.literal && grant.fits_profile_of(view, promise.model)),
        // a router reaches its models in its own way
        Names::Other => grant.pattern.as_str().contains("prompt-router/"),
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
                    needed: Needed::Profile,
                };
                let decision = view.decide(&requirement);
                !matches!(decision, Decision::DeniedImplicitly { near, .. } if near.is_empty())
            })
        })
}

/// Up to three profiles, those first that can be called from the most of the Regions named; geographic before global.
pub(super) fn profiles_for(promise: &ModelPromise<'_>) -> Vec<String> {
    let reach = |profile: &Profile| promise.callable.iter().filter(|region| profile.sources().contains(region)).count();
    let mut profiles: Vec<&Profile> = promise.model.active_profiles().filter(|profile| reach(profile) > 0).collect();
    let everywhere = promise.callable.len() > 3;
    let familiar = |profile: &Profile| ["us", "eu", "global"].iter().position(|prefix| *prefix == profile.prefix());
    profiles.sort_by_key(|profile| {
        let rank = if everywhere { familiar(profile).unwrap_or(9) } else { 0 };
        (rank, profile.scope == Scope::Global, std::cmp::Reverse(reach(profile)), profile.sources().len())
    });
    profiles.into_iter().take(3).map(|profile| profile.id.to_string()).collect()
}
