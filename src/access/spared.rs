//! Denies that spare foundation models by `NotResource`, and stop the profiles through which alone they can be called.
//! AWS's own "PermittedModels" sample has this shape.

use super::call::{INVOKE, STREAM, profile_arn};
use super::model::profiles_for;
use super::profile::asks_for_profile;
use super::promise::{Granted, ModelPromise, model_promises, told};
use super::refusal::{Cause, Grounds, Refusal, Wanted};
use super::requirement::{Needed, Requirement};
use super::view::{Place, SetView};
use crate::iam::{Decision, Effect, Fit, Layer, Statement, StatementId};
use crate::reading::Names;

/// Adds a refusal for each model that such a Deny spares in vain.
pub(super) fn refusals(view: &SetView<'_>, refusals: &mut Vec<Refusal>) {
    let denies = view.statements_of_all().filter(|(_, statement)| statement.effect == Effect::Deny);
    let denies: Vec<StatementId> = denies.map(|(id, _)| id).collect();
    for deny in denies {
        let known =
            |refusal: &Refusal| matches!(refusal.cause, Cause::DenyBlocksProfile { deny: other, .. } if other == deny);
        if refusals.iter().any(known) {
            continue;
        }
        for promise in model_promises(view, &spared(view, deny)) {
            if promise.wants_profile()
                && let Some(resource) = stopped_profile(view, &promise, deny)
            {
                refusals.push(Refusal {
                    wanted: Wanted::Model(promise.model.id.to_string()),
                    also: Vec::new(),
                    partition: promise.owner.partition,
                    places: promise.places,
                    action: promise.action,
                    grounds: Grounds::Promise,
                    cause: Cause::DenyBlocksProfile { deny, resource },
                });
            }
        }
    }
}

/// The models that a Deny of invocation spares, if it spares nothing else and is about neither Regions nor profiles.
fn spared<'a>(view: &SetView<'a>, deny: StatementId) -> Vec<Granted<'a>> {
    let about_regions =
        |statement: &&Statement| statement.conditions.iter().any(|condition| condition.is_about("aws:RequestedRegion"));
    let Some(statement) = view.statement(deny).filter(|one| !about_regions(one) && !asks_for_profile(one)) else {
        return Vec::new();
    };
    let Some(resources) = statement.resources.as_ref().filter(|resources| resources.negated) else {
        return Vec::new();
    };
    let reading = view.reading(deny).and_then(|reading| reading.statements.get(deny.statement));
    let names = reading.map(|reading| reading.resources.as_slice()).unwrap_or_default();
    let actions: Vec<&'static str> =
        [INVOKE, STREAM].into_iter().filter(|action| statement.covers_action(action) == Fit::Yes).collect();
    let models_alone = names.iter().all(|resource| matches!(resource.names, Names::Model(_)));
    if actions.is_empty() || !models_alone || names.len() != resources.patterns.len() {
        return Vec::new();
    }
    let pairs = resources.patterns.iter().zip(names);
    let spared = pairs.map(|(pattern, reading)| Granted {
        place: Place { statement: deny, span: pattern.text().span() },
        pattern,
        names: &reading.names,
        actions: actions.clone(),
    });
    spared.collect()
}

/// A profile of the model that would be granted, if this Deny did not stop it and every other.
fn stopped_profile(view: &SetView<'_>, promise: &ModelPromise<'_>, deny: StatementId) -> Option<String> {
    let mut stopped = None;
    for profile in promise.model.active_profiles() {
        for source in promise.callable.iter().filter(|region| profile.sources().contains(region)) {
            let arn = profile_arn(promise.owner.partition, source, &promise.owner.account, &profile.id);
            let requirement = Requirement {
                action: promise.action.to_owned(),
                resource: arn.clone(),
                region: (*source).to_owned(),
                profile: None,
                called_via: None,
                needed: Needed::Profile,
            };
            match view.decide(&requirement) {
                Decision::DeniedExplicitly { by } if by == deny => {}
                _ => return None,
            }
            let context = view.request(&requirement).context;
            let granted =
                |(_, statement): (StatementId, &Statement)| statement.covers_resource(&arn, &context) == Fit::Yes;
            let familiar = profiles_for(view, promise, &[]).first().is_some_and(|id| **id == *profile.id);
            if (stopped.is_none() || familiar) && view.allows_of(Layer::Identity, promise.action).any(granted) {
                stopped = Some(told(&arn));
            }
        }
    }
    stopped
}
