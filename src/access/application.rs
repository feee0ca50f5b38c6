//! Refusals about application inference profiles. What such a profile copies is not in its ARN: unless the file makes it,
//! only what holds for every model is said.

use std::rc::Rc;

use super::profile::{Tried, blocked, is_refused, model_regions, uncovered};
use super::promise::{Granted, ProfilePromise};
use super::refusal::{Cause, Grounds, Refusal, Wanted};
use super::requirement::{Needed, Requirement};
use super::view::{Attempt, Owner, Place, SetView};
use crate::bedrock::{Partition, Profile};
use crate::iam::{Effect, Fit, Pattern, StatementId};
use crate::reading::Names;
use crate::text::{Count, Hole};

/// Actions that name an application inference profile because something calls it: clients look its model up.
const NAMING: [&str; 2] = ["bedrock:GetInferenceProfile", "bedrock:CreateInferenceProfile"];
/// Actions that name one because something looks after it, which need not be what calls it.
const TENDING: [&str; 3] = ["bedrock:DeleteInferenceProfile", "bedrock:TagResource", "bedrock:UntagResource"];

pub(super) fn refusals(view: &SetView<'_>, granted: &[Granted<'_>], refusals: &mut Vec<Refusal>) {
    not_granted(view, granted, refusals);
    let incomplete: Vec<Refusal> = granted.iter().filter_map(|grant| incomplete_model(view, grant, refusals)).collect();
    refusals.extend(incomplete);
    without_model(view, granted, refusals);
}

/// An application inference profile that is made beside the policy, whose model is not granted wherever it routes to.
fn incomplete_model(view: &SetView<'_>, grant: &Granted<'_>, known: &[Refusal]) -> Option<Refusal> {
    // its ARN is not known yet, and a condition may ask for it
    let (profile, sources) = copied(view, grant).filter(|_| !view.asks_for_profiles())?;
    let is_told =
        |refusal: &Refusal| refusal.wanted().any(|wanted| wanted.is_about(profile.model_id(), view.catalogue));
    let action = *grant.actions.first().filter(|_| !known.iter().any(is_told))?;
    let partition = view.catalogue.prefix(profile.prefix())?.partition;
    let owner = Owner { partition, account: view.likely_account().to_owned() };
    let attempts = sources.into_iter().map(|source| {
        let whole = view.attempt(&profile.id, source, &owner, action);
        // the profile that is copied needs no grant
        let models = whole.answers.iter().filter(|(need, _)| need.needed != Needed::Profile);
        (profile, Rc::new(Attempt { source: source.to_owned(), answers: models.cloned().collect() }))
    });
    let attempts: Vec<Tried<'_>> = attempts.collect();
    let refused: Vec<&Tried<'_>> = attempts.iter().filter(|(_, attempt)| is_refused(view, attempt)).collect();
    let (_, best) = refused.iter().min_by_key(|(_, attempt)| attempt.denied().count())?;
    if refused.len() < attempts.len() {
        return None;
    }
    let first = best.denied().next();
    let blocked = first.and_then(|(requirement, decision)| blocked(view, best, requirement, decision));
    let layer = first.and_then(|(_, decision)| decision.layer()).unwrap_or(view.promising());
    let route = model_regions(refused.iter().map(|(_, attempt)| &**attempt));
    let promise = ProfilePromise {
        id: profile.id.to_string(),
        places: vec![grant.place],
        patterns: vec![grant.pattern],
        candidates: vec![profile],
        actions: vec![action],
        owner,
        accounts: Vec::new(),
        literal: true,
    };
    let cause = match blocked {
        Some(cause) => cause,
        None if view.model_grants(layer, action, partition, profile.model_id(), &route).is_empty() => {
            Cause::MissingModelGrant { layer, blocked: Vec::new(), other_action: None }
        }
        None => uncovered(view, &promise, action, layer, profile, &refused),
    };
    Some(Refusal {
        wanted: Wanted::Profile(promise.id),
        also: Vec::new(),
        partition,
        places: promise.places,
        action,
        grounds: Grounds::Promise,
        cause,
    })
}

/// The system-defined profile behind an application inference profile that is made beside the policy or that its account
/// was asked about, and the Regions in which that can be: the one that is copied from, or all that the profile can be
/// called from.
fn copied<'a>(view: &SetView<'a>, grant: &Granted<'_>) -> Option<(&'a Profile, Vec<&'a str>)> {
    let Names::ApplicationProfile(id) = grant.names else { return None };
    let arn = grant.pattern.as_str();
    if let Some(copied) = view.catalogue.application(arn) {
        let profile = view.catalogue.profile(copied).filter(|profile| profile.confidence.destinations_known())?;
        let own = arn.split(':').nth(3)?;
        return Some((profile, profile.sources().iter().filter(|source| *source == own).collect()));
    }
    let made = &view.reading(grant.place.statement)?.fact.profiles;
    let made = made.iter().find(|made| id.text == format!("${{{}}}", made.reference))?;
    let copies = &made.copies;
    let (arn, start) = match copies.as_str().split_once(":inference-profile/") {
        Some((arn, id)) => (arn, copies.as_str().len() - id.len()),
        None => ("", 0),
    };
    let id = copies.part(start..copies.as_str().len());
    let profile = view.catalogue.profile(id.literal()?)?;
    if !profile.is_active() || !profile.confidence.destinations_known() {
        return None;
    }
    let named = arn.split(':').nth(3).filter(|region| profile.sources().contains(region));
    let sources = profile.sources().iter().filter(|source| named.is_none_or(|named| named == *source));
    Some((profile, sources.collect()))
}

/// An application inference profile is granted, and no statement grants any foundation model.
fn without_model(view: &SetView<'_>, granted: &[Granted<'_>], refusals: &mut Vec<Refusal>) {
    for grant in granted {
        let Names::ApplicationProfile(id) = grant.names else {
            continue;
        };
        if refusals.iter().any(|refusal| refusal.places.contains(&grant.place)) {
            continue;
        }
        let Some(action) = grant.actions.iter().find(|action| !grants_some_model(view, granted, action)) else {
            continue;
        };
        // a reference to a profile that a template makes
        let is_reference = |hole: &Hole| hole.range == id.range && hole.count == Count::Single;
        if id.literal || grant.pattern.text().holes().iter().any(is_reference) {
            refusals.push(Refusal {
                wanted: Wanted::ApplicationProfile(grant.pattern.as_str().to_owned()),
                also: Vec::new(),
                partition: partition_of(grant.pattern.as_str()),
                places: vec![grant.place],
                action,
                grounds: Grounds::Promise,
                cause: Cause::MissingModelGrant { layer: view.promising(), blocked: Vec::new(), other_action: None },
            });
        }
    }
}

fn grants_some_model<'a>(view: &SetView<'a>, granted: &[Granted<'_>], action: &'a str) -> bool {
    let named = granted
        .iter()
        .any(|grant| grant.actions.contains(&action) && matches!(grant.names, Names::Model(_) | Names::Anything));
    // statements about everything but some, or about what is not known
    let open = view.allows(action).any(|(_, statement)| {
        let resources = statement.named_resources();
        resources.is_empty() || statement.covers_action(action) == Fit::Maybe || resources.iter().any(Pattern::is_any)
    });
    named || open
}

/// An application inference profile is named by a condition on the model, or looked up, and only `inference-profile/…`
/// may be invoked.
fn not_granted(view: &SetView<'_>, granted: &[Granted<'_>], refusals: &mut Vec<Refusal>) {
    let Some(system) = granted.iter().find(|grant| matches!(grant.names, Names::Profile(_))) else {
        return;
    };
    let Some(action) = system.actions.first().copied() else {
        return;
    };
    let mut seen: Vec<String> = Vec::new();
    for (named, arn) in named(view) {
        let requirement = Requirement {
            action: action.to_owned(),
            region: arn.split(':').nth(3).unwrap_or_default().to_owned(),
            resource: arn.clone(),
            profile: None,
            called_via: None,
            needed: Needed::Profile,
        };
        let refused = matches!(
            view.decide(&requirement),
            crate::iam::Decision::DeniedImplicitly { near, .. } if near.is_empty()
        );
        if refused && !seen.contains(&arn) {
            let cause = Cause::ApplicationProfileNotGranted { named };
            let places = vec![system.place];
            refusals.push(Refusal {
                wanted: Wanted::ApplicationProfile(arn.clone()),
                also: Vec::new(),
                partition: partition_of(&arn),
                places,
                action,
                grounds: Grounds::Promise,
                cause,
            });
            seen.push(arn);
        }
    }
}

/// Application inference profiles that Allow statements name other than by granting their invocation.
fn named(view: &SetView<'_>) -> Vec<(Place, String)> {
    let mut named = Vec::new();
    for (id, statement) in view.statements().filter(|(_, statement)| statement.effect == Effect::Allow) {
        let conditions = statement.conditions.iter().filter(|condition| {
            condition.is_about("bedrock:InferenceProfileArn")
                && condition.operator.is_some_and(|operator| !operator.negated)
        });
        for pattern in conditions.flat_map(|condition| &condition.values) {
            push(&mut named, id, pattern);
        }
        let names = |actions: &[&str]| {
            let mut named = statement.named_actions().iter();
            named.any(|action| actions.iter().any(|name| action.as_str().eq_ignore_ascii_case(name)))
        };
        if names(&NAMING) && !names(&TENDING) {
            for pattern in statement.named_resources() {
                push(&mut named, id, pattern);
            }
        }
    }
    named
}

fn push(named: &mut Vec<(Place, String)>, statement: StatementId, pattern: &Pattern) {
    let arn = pattern.as_str();
    let is_one = !pattern.has_wildcard() && !pattern.is_open() && !arn.contains('*');
    if is_one && arn.split(':').nth(5).is_some_and(|resource| resource.starts_with("application-inference-profile/")) {
        named.push((Place { statement, span: pattern.text().span() }, arn.to_owned()));
    }
}

fn partition_of(arn: &str) -> Partition {
    arn.split(':').nth(1).and_then(Partition::parse).unwrap_or(Partition::Aws)
}
