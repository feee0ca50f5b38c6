//! Why a named profile does not work: each way of calling it is tried, and the nearest one explained.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::call::{INVOKE, STREAM, model_arn, profile_arn};
use super::promise::{ProfilePromise, told};
use super::refusal::{Cause, ConditionPlace, Grounds, Refusal, Wanted};
use super::requirement::{Needed, Requirement};
use super::view::{Attempt, Owner, SetView, fits};
use crate::bedrock::{Profile, Scope};
use crate::iam::request::UNSPECIFIED_REGION;
use crate::iam::{Decision, Doubt, DoubtAbout, Effect, Layer, Statement, StatementId};
use crate::reading::Names;
use crate::text::{Count, Piece, Span};

/// Why a named profile does not work. A policy may serve several accounts: the profile has to work in one of them.
pub(super) fn refusal(view: &SetView<'_>, promise: &mut ProfilePromise<'_>) -> Option<Refusal> {
    let mut refusal = None;
    for account in std::mem::take(&mut promise.accounts) {
        promise.owner.account = account;
        let found = refusal_in_account(view, promise)?;
        let is_hint = matches!(found.cause, Cause::UncoveredFromSomeSources { .. });
        if is_hint || refusal.is_none() {
            refusal = Some(found);
        }
    }
    refusal
}

/// The first action for which a named profile does not work.
fn refusal_in_account(view: &SetView<'_>, promise: &ProfilePromise<'_>) -> Option<Refusal> {
    promise.actions.iter().find_map(|action| {
        let cause = if promise.candidates.is_empty() {
            unknown_profile(view, promise, action)
        } else {
            known_profiles(view, promise, action)
        }?;
        Some(Refusal {
            wanted: Wanted::Profile(promise.id.clone()),
            also: Vec::new(),
            partition: promise.owner.partition,
            places: promise.places.clone(),
            action,
            grounds: grounds(promise),
            cause,
        })
    })
}

fn grounds(promise: &ProfilePromise<'_>) -> Grounds {
    let guessed = promise.candidates.iter().any(|profile| !profile.confidence.destinations_known());
    if guessed { Grounds::Guess } else { Grounds::Promise }
}

/// Profiles that the catalogue knows. Patterns that let the same profiles be called from the same Regions have one answer.
fn known_profiles(view: &SetView<'_>, promise: &ProfilePromise<'_>, action: &'static str) -> Option<Cause> {
    let attempts = attempts(view, promise, action);
    if attempts.is_empty() {
        return not_callable(view, promise);
    }
    if promise.literal {
        return judge(view, promise, action, &attempts);
    }
    let ways = attempts.iter().map(|(profile, attempt)| format!("{} {}", profile.id, attempt.source)).collect();
    view.judged_once((ways, promise.owner.clone(), action), || judge(view, promise, action, &attempts))
}

/// A known profile, named in known Regions, none of which it can be called from.
fn not_callable(view: &SetView<'_>, promise: &ProfilePromise<'_>) -> Option<Cause> {
    let profile = promise.candidates.first().filter(|_| promise.literal)?;
    let prefix = view.catalogue.prefix(profile.prefix())?;
    let named: Vec<&str> = view
        .regions(promise.owner.partition)
        .filter(|region| {
            let arn = profile_arn(promise.owner.partition, region, &promise.owner.account, &profile.id);
            promise.patterns.iter().any(|pattern| fits(pattern, &arn))
        })
        .collect();
    let open = promise.patterns.iter().any(|pattern| pattern.is_open());
    if named.is_empty() || open {
        return None;
    }
    let model = view.catalogue.model(profile.model_id());
    let others = model.into_iter().flat_map(|model| model.active_profiles());
    let instead = others.filter(|other| named.iter().any(|region| other.sources().contains(region)));
    Some(Cause::ProfileNotCallable {
        sources: profile.sources().iter().map(str::to_owned).collect(),
        instead: instead.take(3).map(|other| other.id.to_string()).collect(),
        foreign: profile.scope == Scope::Geographic
            && !named.iter().any(|region| prefix.source_regions.contains(region)),
    })
}

/// A profile that was called, and how that went.
pub(super) type Tried<'p> = (&'p Profile, Rc<Attempt>);

/// Every way in which a promise can be kept: each candidate from each Region it is named in.
fn attempts<'p>(view: &SetView<'_>, promise: &'p ProfilePromise<'_>, action: &'static str) -> Vec<Tried<'p>> {
    let mut attempts = Vec::new();
    for profile in &promise.candidates {
        for source in promise.sources(profile) {
            attempts.push((*profile, view.attempt(&profile.id, source, &promise.owner, action)));
        }
    }
    attempts
}

/// A profile newer than the catalogue: where it routes is not known, but its model must be granted somewhere.
fn unknown_profile(view: &SetView<'_>, promise: &ProfilePromise<'_>, action: &'static str) -> Option<Cause> {
    if !promise.literal || view.catalogue.profile(&promise.id).is_some() {
        return None;
    }
    let (_, model) = view.catalogue.split_profile_id(&promise.id)?;
    let nowhere = view.model_is_nowhere(action, promise, model);
    nowhere.then(|| Cause::MissingModelGrant { layer: view.promising(), blocked: Vec::new(), other_action: None })
}

/// Why all of these ways fail, if they do.
pub(super) fn judge(
    view: &SetView<'_>,
    promise: &ProfilePromise<'_>,
    action: &'static str,
    attempts: &[Tried<'_>],
) -> Option<Cause> {
    let refused: Vec<&Tried<'_>> = attempts.iter().filter(|(_, attempt)| is_refused(view, attempt)).collect();
    if refused.is_empty() {
        return None;
    }
    if refused.len() < attempts.len() {
        return some_sources(view, promise, action, &refused);
    }
    let (profile, best) = refused.iter().min_by_key(|(_, attempt)| attempt.denied().count())?;
    let first = best.denied().next();
    if let Some((requirement, decision)) = first
        && let Some(cause) = blocked(view, best, requirement, decision)
    {
        return Some(match cause {
            Cause::ProfileNotAllowed { layer, .. } => {
                let route = model_regions(std::iter::once(&**best));
                let granted = view.model_grants(layer, action, promise.owner.partition, profile.model_id(), &route);
                Cause::ProfileNotAllowed { layer, granted }
            }
            cause => cause,
        });
    }
    let model = profile.model_id();
    let layer = first.and_then(|(_, decision)| decision.layer()).unwrap_or(view.promising());
    if first.is_some() && view.model_is_nowhere(action, promise, model) {
        let near = best.denied().flat_map(|(_, decision)| near_conditions(decision));
        let route = model_regions(refused.iter().map(|(_, attempt)| &**attempt));
        let other = if action == INVOKE { STREAM } else { INVOKE };
        let other_action = view.model_grants(layer, other, promise.owner.partition, model, &route).first().copied();
        return Some(Cause::MissingModelGrant { layer, blocked: near.collect(), other_action });
    }
    Some(uncovered(view, promise, action, layer, profile, &refused))
}

/// Whether a way of calling surely fails: a requirement is denied, or a placeholder that stands for one Region would
/// have to stand for several.
pub(super) fn is_refused(view: &SetView<'_>, attempt: &Attempt) -> bool {
    attempt.denied().next().is_some() || one_region(view, attempt).is_some()
}

/// The placeholder for a Region on which more Regions depend than it can stand for.
fn one_region(view: &SetView<'_>, attempt: &Attempt) -> Option<Span> {
    let mut placeholders: BTreeSet<String> = BTreeSet::new();
    let mut span = None;
    let mut open = 0;
    for (requirement, decision) in attempt.answers.iter().filter(|(need, _)| need.needed != Needed::Profile) {
        let Decision::Unknown { because } = decision else {
            continue;
        };
        for doubt in because {
            let (text, at) = region_placeholder(view, doubt, &requirement.resource)?;
            placeholders.insert(text);
            span = span.or(Some(at));
        }
        open += 1;
    }
    span.filter(|_| open > placeholders.len())
}

/// The placeholder in the Region field, if that is all that keeps a grant from being judged.
fn region_placeholder(view: &SetView<'_>, doubt: &Doubt, resource: &str) -> Option<(String, Span)> {
    if doubt.effect != Effect::Allow || doubt.about != DoubtAbout::Resource {
        return None;
    }
    let statement = view.statement(doubt.statement)?;
    let elements = statement.resources.as_ref().filter(|elements| !elements.negated)?;
    let mut open = elements.patterns.iter().filter(|pattern| fits(pattern, resource));
    let pattern = open.next().filter(|_| open.next().is_none())?;
    let text = pattern.text();
    let (mut colons, mut holes) = (0, Vec::new());
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal, _) => colons += literal.matches(':').count(),
            // whatever the partition is, the Region is one
            Piece::Hole(_) if colons == 1 => {}
            Piece::Hole(hole) => holes.push((hole, colons)),
        }
    }
    let [(hole, 3)] = holes.as_slice() else { return None };
    let before = text.as_str().get(..hole.range.start)?;
    let after = text.as_str().get(hole.range.end..)?;
    let fills_region = before.ends_with(':') && after.starts_with(':');
    let name = text.as_str().get(hole.range.clone())?.to_owned();
    (fills_region && hole.count == Count::Single).then(|| (name, text.span()))
}

/// What keeps a denied requirement out, if it is a statement or a condition rather than a grant that is not there.
pub(super) fn blocked(
    view: &SetView<'_>,
    attempt: &Attempt,
    requirement: &Requirement,
    decision: &Decision,
) -> Option<Cause> {
    let profile_too = requirement.needed == Needed::Profile;
    match decision {
        Decision::DeniedExplicitly { by } => Some(explicit(view, attempt, requirement, *by)),
        Decision::DeniedImplicitly { layer, near } => {
            let conditions = near_conditions(decision);
            let about = |key: &str| conditions.iter().copied().find(|place| is_about(view, *place, key));
            if let Some(condition) = about("aws:RequestedRegion") {
                let blocked = blocked_regions(attempt, |decision| {
                    near_conditions(decision).iter().any(|place| is_about(view, *place, "aws:RequestedRegion"))
                });
                return Some(Cause::RegionConditionBlocksProfile { condition, blocked, profile_too });
            }
            if requirement.needed != Needed::Profile {
                return None;
            }
            Some(match about("bedrock:InferenceProfileArn") {
                Some(condition) => Cause::ProfileConditionOnProfile { condition },
                None if *layer != view.promising() && near.is_empty() => {
                    Cause::ProfileNotAllowed { layer: *layer, granted: Vec::new() }
                }
                None => Cause::Unexplained,
            })
        }
        Decision::Allowed { .. } | Decision::Unknown { .. } => None,
    }
}

fn explicit(view: &SetView<'_>, attempt: &Attempt, requirement: &Requirement, by: StatementId) -> Cause {
    let Some(deny) = view.statement(by) else {
        return Cause::Unexplained;
    };
    let profile_too = requirement.needed == Needed::Profile;
    let spares_models = deny.resources.as_ref().is_some_and(|elements| elements.negated);
    if profile_too && spares_models && is_about_models(view, by) {
        return Cause::DenyBlocksProfile { deny: by, resource: told(&requirement.resource) };
    }
    if let Some(index) = deny.conditions.iter().position(|condition| condition.is_about("aws:RequestedRegion")) {
        let condition = ConditionPlace { statement: by, condition: index };
        let blocked = blocked_regions(
            attempt,
            |decision| matches!(decision, Decision::DeniedExplicitly { by: other } if *other == by),
        );
        return Cause::RegionConditionBlocksProfile { condition, blocked, profile_too };
    }
    let spared_elsewhere = spares_models && !profile_too && spares_profiles_and_models(view, by);
    let blocks = if asks_for_profile(deny) {
        // whoever asks for the profile of a model means to stop that one; no request for a profile carries the key
        profile_too
    } else {
        is_about_models(view, by) || spared_elsewhere
    };
    if blocks {
        Cause::DenyBlocksProfile { deny: by, resource: told(&requirement.resource) }
    } else {
        Cause::Unexplained
    }
}

/// Whether a statement has a condition on the profile that is called.
pub(super) fn asks_for_profile(statement: &Statement) -> bool {
    statement.conditions.iter().any(|condition| condition.is_about("bedrock:InferenceProfileArn"))
}

/// Whether a Deny lists profiles and foundation models: whoever spares both means them to work together.
fn spares_profiles_and_models(view: &SetView<'_>, deny: StatementId) -> bool {
    let reading = view.reading(deny).and_then(|reading| reading.statements.get(deny.statement));
    let names = || reading.into_iter().flat_map(|reading| &reading.resources).map(|resource| &resource.names);
    names().any(|names| matches!(names, Names::Model(_)))
        && names().any(|names| matches!(names, Names::Profile(_)))
        && names().all(|names| matches!(names, Names::Model(_) | Names::Profile(_)))
}

/// Whether a Deny lists foundation models and nothing else, as what it is about or as what it spares.
pub(super) fn is_about_models(view: &SetView<'_>, deny: StatementId) -> bool {
    let reading = view.reading(deny).and_then(|reading| reading.statements.get(deny.statement));
    let resources = reading.map(|reading| reading.resources.as_slice()).unwrap_or_default();
    !resources.is_empty() && resources.iter().all(|resource| matches!(resource.names, Names::Model(_)))
}

fn blocked_regions(attempt: &Attempt, is_blocked: impl Fn(&Decision) -> bool) -> Vec<String> {
    let blocked = attempt.denied().filter(|(_, decision)| is_blocked(decision));
    let regions: BTreeSet<String> = blocked.map(|(requirement, _)| requirement.region.clone()).collect();
    regions.into_iter().collect()
}

pub(super) fn near_conditions(decision: &Decision) -> Vec<ConditionPlace> {
    let Decision::DeniedImplicitly { near, .. } = decision else {
        return Vec::new();
    };
    let places = near.iter().flat_map(|miss| {
        miss.failed.iter().map(|condition| ConditionPlace { statement: miss.statement, condition: *condition })
    });
    places.collect()
}

fn is_about(view: &SetView<'_>, place: ConditionPlace, key: &str) -> bool {
    view.condition(place).is_some_and(|condition| condition.is_about(key))
}

/// Regions in which attempts need the model; an empty name is the Region-less ARN.
pub(super) fn model_regions<'a>(attempts: impl Iterator<Item = &'a Attempt>) -> Vec<&'a str> {
    let needs = attempts.flat_map(|attempt| attempt.answers.iter().map(|(need, _)| need));
    let regions = needs.filter(|need| need.needed != Needed::Profile).map(model_region);
    regions.collect::<BTreeSet<_>>().into_iter().collect()
}

pub(super) fn model_region(need: &Requirement) -> &str {
    if need.needed == Needed::GlobalModel { "" } else { need.region.as_str() }
}

/// Regions of the models that an attempt lacks, in a layer or in any; an empty name is the Region-less ARN.
fn lacks<'a>(view: &SetView<'_>, attempt: &'a Attempt, layer: Option<Layer>) -> BTreeSet<&'a str> {
    let models = attempt.answers.iter().filter(|(need, _)| need.needed != Needed::Profile);
    let holed = one_region(view, attempt).is_some();
    let is_denied = |decision: &Decision| decision.is_denied() && (layer.is_none() || decision.layer() == layer);
    let lacking = models.filter(|(_, decision)| is_denied(decision) || (holed && !decision.is_allowed()));
    lacking.map(|(need, _)| model_region(need)).collect()
}

/// All ways fail: name the Regions that are missing from all of them, or, if there are none, from the nearest way.
pub(super) fn uncovered(
    view: &SetView<'_>,
    promise: &ProfilePromise<'_>,
    action: &'static str,
    layer: Layer,
    profile: &Profile,
    refused: &[&Tried<'_>],
) -> Cause {
    let model = promise.model_pattern(profile);
    let route = model_regions(refused.iter().map(|(_, attempt)| &**attempt));
    let granted = view.model_grants(layer, action, promise.owner.partition, profile.model_id(), &route);
    let sets = refused.iter().map(|(_, attempt)| lacks(view, attempt, Some(layer)));
    let sets: Vec<BTreeSet<&str>> = sets.filter(|set| !set.is_empty()).collect();
    let common = sets.iter().skip(1).fold(sets.first().cloned().unwrap_or_default(), |common, set| &common & set);
    let nearest = sets.iter().min_by_key(|set| set.len()).cloned().unwrap_or_default();
    let missing = if common.is_empty() { nearest } else { common };
    if profile.scope == Scope::Global && missing.len() == 1 && missing.contains("") {
        return Cause::MissingGlobalModelGrant { layer, model, granted };
    }
    let sources: BTreeSet<&str> = refused.iter().map(|(_, attempt)| attempt.source.as_str()).collect();
    let source = sources.first().filter(|_| sources.len() == 1).map(|source| (*source).to_owned());
    let one_region = refused.iter().find_map(|(_, attempt)| one_region(view, attempt));
    let missing = missing.into_iter().map(str::to_owned).collect();
    Cause::UncoveredDestinationRegion { layer, model, missing, source, granted, one_region }
}

/// Some ways work. Worth a hint where one profile is named and the Regions were left open. A source from which the
/// profile itself is refused was not meant.
fn some_sources(
    view: &SetView<'_>,
    promise: &ProfilePromise<'_>,
    action: &'static str,
    refused: &[&Tried<'_>],
) -> Option<Cause> {
    let meant = |attempt: &Attempt| attempt.denied().all(|(need, _)| need.needed != Needed::Profile);
    let refused: Vec<_> = refused.iter().filter(|(_, attempt)| meant(attempt)).collect();
    let (profile, _) = refused.first().filter(|_| promise.literal)?;
    let model = profile.model_id().to_owned();
    let route = model_regions(refused.iter().map(|(_, attempt)| &**attempt));
    let granted = view.model_grants(view.promising(), action, promise.owner.partition, &model, &route);
    let sources = refused.iter().map(|(_, attempt)| {
        let lacks = lacks(view, attempt, None).into_iter().map(str::to_owned).collect();
        (attempt.source.clone(), lacks)
    });
    Some(Cause::UncoveredFromSomeSources { model, sources: sources.collect(), granted })
}

impl SetView<'_> {
    /// Whether the model is surely denied in every Region, and Region-less, through the profile from wherever it is
    /// named.
    fn model_is_nowhere(&self, action: &str, promise: &ProfilePromise<'_>, model: &str) -> bool {
        let Owner { partition, account } = &promise.owner;
        let regions = || self.regions(*partition).chain(self.new_regions());
        let through = regions().map(|region| profile_arn(*partition, region, account, &promise.id));
        let mut through: Vec<String> = through
            .filter(|arn| !promise.literal || promise.patterns.iter().any(|pattern| fits(pattern, arn)))
            .collect();
        if !self.asks_for_profiles() {
            through.truncate(1);
        }
        regions().chain([""]).all(|region| {
            through.iter().all(|profile| {
                let requirement = Requirement {
                    action: action.to_owned(),
                    resource: model_arn(*partition, region, model),
                    region: if region.is_empty() { UNSPECIFIED_REGION.to_owned() } else { region.to_owned() },
                    profile: Some(profile.clone()),
                    called_via: None,
                    needed: Needed::DestinationModel,
                };
                self.decide(&requirement).is_denied()
            })
        })
    }
}
