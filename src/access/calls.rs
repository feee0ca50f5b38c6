//! The calls that the adapters of a set make, and those that the set surely refuses.

use super::call::{Call, Operation, Target};
use super::obstacle::obstacle;
use super::promise::{ANY_ACCOUNT, granted, told};
use super::requirement::{Needed, Requirement, requirements};
use super::view::SetView;
use crate::adapter::{Adapter, Credential, ModelField, Streams};
use crate::bedrock::{Catalogue, Endpoint, Partition, Profile, Region, RegionSet};
use crate::iam::{Case, Context, Decision, Fit, Layer, Pattern};
use crate::link::Basis;
use crate::reading::{AdapterReading, Called, ModelReading, Names, RegionReading};
use crate::text::Text;

/// A call that the set surely refuses, by the first requirement that it refuses.
#[derive(Debug)]
pub struct RefusedCall<'a> {
    /// The adapter that makes it.
    pub adapter: &'a AdapterReading,
    /// The setting that names the model.
    pub model: &'a ModelField,
    /// What it means.
    pub reading: &'a ModelReading,
    /// The id of the foundation model behind it, where that is known.
    pub model_id: Option<String>,
    /// The call; where it is not known from which Region it is made, the one from the first of those it can be made from.
    pub call: Call,
    /// Whether the Region is known that it is made from.
    pub from_known_source: bool,
    /// The first requirement that is denied.
    pub requirement: Requirement,
    /// Why.
    pub decision: Decision,
    /// How many more requirements are denied.
    pub more: usize,
    /// Regions from which the same call would be allowed, sorted.
    pub elsewhere: Vec<String>,
}

/// The calls of a set's adapters that it surely refuses, in the order of the adapters. Calls whose model is not known are
/// left out, and so are those that cannot reach their model whatever is granted ([`obstacle`]). Where it is not known
/// whether the client streams, both ways have to be refused; where the Region is not known, the call has to be refused
/// from each that it can be made from; where the account is not known, in each that the policies speak of. A principal
/// whose policies say nothing of Amazon Bedrock may be handed the model for somebody else to call.
#[must_use]
pub fn refused_calls<'a>(view: &SetView<'a>) -> Vec<RefusedCall<'a>> {
    if view.set.is_of_principal() && !view.readings.iter().any(|reading| reading.about_bedrock()) {
        return Vec::new();
    }
    let sure = view.adapters.iter().copied().filter(|adapter| surely_calls(view, adapter));
    let calls = sure.flat_map(|adapter| adapter.called().map(move |(field, read)| (adapter, field, read)));
    calls.filter_map(|(adapter, field, read)| refused(view, adapter, field, read)).collect()
}

/// The ids of the foundation models that the set's adapters call from known Regions: what [`refused_calls`] judges, and
/// what works although it is not sure as whom it is called.
#[must_use]
pub fn called_models<'a>(view: &SetView<'a>) -> Vec<&'a str> {
    let called = view.adapters.iter().flat_map(|adapter| {
        let is_sure = surely_calls(view, adapter);
        // what would be refused is then called as somebody else, and settles nothing
        let settles = move |field, read| is_sure || refused(view, adapter, field, read).is_none();
        let known = adapter.called().filter(|(_, read)| adapter.source_of(read).is_some());
        let known = known.filter(move |(field, read)| settles(*field, *read));
        known.flat_map(|(_, read)| [Some(read), behind(adapter, read)]).flatten()
    });
    let models = called.filter_map(|read| match &read.called {
        Called::Model(id) => Some(id.as_str()),
        Called::Profile(id) => view.catalogue.profile(id).map(Profile::model_id),
        _ => None,
    });
    models.collect()
}

/// Whether an adapter surely calls with what the set is granted. Access keys and API keys are those of a user, so a role
/// that a file makes is not asked for what is called with them; and whoever may assume another role may call as that one.
/// What the settings pair, they pair for the call.
fn surely_calls(view: &SetView<'_>, adapter: &AdapterReading) -> bool {
    let is_made = view.set.is_of_principal() && view.set.principal.is_none();
    let is_paired = matches!(view.set.basis, Basis::Pair(_));
    let may_be_another = || view.allows_of(Layer::Identity, "sts:AssumeRole").next().is_some();
    !(is_made && has_own_credential(adapter)) && (is_paired || !may_be_another())
}

/// Whether something else is configured to call with than the role of the place where it runs.
fn has_own_credential(adapter: &AdapterReading) -> bool {
    const OF_OTHERS: [Credential; 3] = [Credential::ApiKey, Credential::AccessKeys, Credential::Profile];
    match adapter.credentials.used {
        Some(used) => OF_OTHERS.contains(&used),
        None => OF_OTHERS.iter().any(|one| adapter.fact.adapter.auth.filled(*one).next().is_some()),
    }
}

/// What stands behind an application inference profile, where the settings say so, and say one thing.
fn behind<'a>(adapter: &'a AdapterReading, read: &ModelReading) -> Option<&'a ModelReading> {
    let mut behind = adapter.models().filter(|(field, _)| field.stands_behind).map(|(_, behind)| behind);
    let first = behind.next().filter(|_| matches!(read.called, Called::ApplicationProfile(_)))?;
    behind.all(|other| other.called == first.called).then_some(first)
}

fn refused<'a>(
    view: &SetView<'a>,
    adapter: &'a AdapterReading,
    field: &'a ModelField,
    read: &'a ModelReading,
) -> Option<RefusedCall<'a>> {
    let is_called = adapter.fact.adapter.consumer.calls();
    if !is_called || obstacle(adapter, field, read, view.catalogue, view.as_of).is_some() {
        return None;
    }
    let target = target(adapter, read, view.catalogue).filter(|_| field.endpoint == Endpoint::BedrockRuntime)?;
    let from_known_source = adapter.source_of(read).is_some();
    let sources = sources(view, adapter, read, &target)?;
    let call = |operation: Operation, (source, partition): &(String, Partition), account: &String| Call {
        guardrail: guardrail(&adapter.fact.adapter, *partition, source, account),
        api_key: adapter.credentials.used == Some(Credential::ApiKey),
        ..Call::plain(target.clone(), operation, *partition, source, account)
    };
    let accounts = accounts(view, read);
    // one that works from some Region, or in some account, is not surely refused
    let refused_as = |operation: &Operation| -> Option<Denied> {
        let mut first = None;
        for (source, account) in sources.iter().flat_map(|source| accounts.iter().map(move |account| (source, account)))
        {
            let denied = first_denied(view, call(operation.clone(), source, account))?;
            first = first.or(Some(denied));
        }
        first
    };
    let consumer = adapter.fact.adapter.consumer;
    let denied = match consumer.streams(adapter.fact.adapter.purpose_of(field)) {
        Streams::Never => refused_as(&Operation::Invoke),
        Streams::Always => refused_as(&Operation::Stream),
        Streams::Both => refused_as(&Operation::Invoke).or_else(|| refused_as(&Operation::Stream)),
        Streams::Unknown => refused_as(&Operation::Invoke).filter(|_| refused_as(&Operation::Stream).is_some()),
    }?;
    let Denied { call, mut requirement, decision, more } = denied;
    requirement.resource = told(&requirement.resource);
    let elsewhere = if from_known_source { elsewhere(view, &call) } else { Vec::new() };
    let model_id = model_id(&call.target, view.catalogue).map(str::to_owned);
    Some(RefusedCall {
        adapter,
        model: field,
        reading: read,
        model_id,
        call,
        from_known_source,
        requirement,
        decision,
        more,
        elsewhere,
    })
}

/// The Regions that the call may be made from, with their partitions; never empty. That of the settings, or where they
/// leave it open, all from which the model can be called at all.
fn sources(
    view: &SetView<'_>,
    adapter: &AdapterReading,
    read: &ModelReading,
    target: &Target,
) -> Option<Vec<(String, Partition)>> {
    let known = |region: &str| Some((region.to_owned(), view.catalogue.region(region)?.partition));
    if let Some(source) = adapter.source_of(read) {
        return Some(vec![known(source)?]);
    }
    let is_open = matches!(adapter.region, RegionReading::Missing | RegionReading::Open);
    // of a model that is gone from some Regions, the policies may grant it where it was
    let model = model_id(target, view.catalogue).and_then(|id| view.catalogue.model(id));
    let has_ended = |region: &Region| model.is_some_and(|model| model.ended_in(&region.code, view.as_of));
    if view.catalogue.regions().any(has_ended) {
        return None;
    }
    let regions =
        callable_from(view.catalogue, target).filter(|_| is_open && read.region.is_none() && read.arn.is_none())?;
    let mut sources: Vec<_> = regions.iter().filter_map(known).collect();
    // what is told is told of a Region that the policies speak of, if they do
    sources.sort_by_key(|(region, _)| !view.names_region(region));
    (!sources.is_empty()).then_some(sources)
}

/// The Regions that a model or profile can be called from.
fn callable_from(catalogue: &Catalogue, target: &Target) -> Option<RegionSet> {
    match target {
        Target::Profile(id) => catalogue.profile(id).map(|profile| profile.sources().clone()),
        Target::Model(id) => catalogue.model(id).map(|model| model.on_demand.clone()),
        _ => None,
    }
}

/// A call with the first of its requirements that is denied.
struct Denied {
    call: Call,
    requirement: Requirement,
    decision: Decision,
    more: usize,
}

fn first_denied(view: &SetView<'_>, call: Call) -> Option<Denied> {
    // what no policy that was read grants, one that was not may
    let may_be_granted = |decision: &Decision| {
        view.set.may_be_granted_more() && matches!(decision, Decision::DeniedImplicitly { layer: Layer::Identity, .. })
    };
    let answers = answers(view, &call).into_iter();
    let mut denied = answers.filter(|(_, decision)| decision.is_denied() && !may_be_granted(decision));
    let (requirement, decision) = denied.next()?;
    Some(Denied { call, requirement, decision, more: denied.count() })
}

/// The answer to each requirement of a call. Destinations that the catalogue only assumes are left out: a guess denies
/// nothing.
fn answers(view: &SetView<'_>, call: &Call) -> Vec<(Requirement, Decision)> {
    let mut needs = requirements(call, view.catalogue);
    let guessed = profile_of(&call.target)
        .and_then(|id| view.catalogue.profile(id))
        .is_some_and(|profile| !profile.confidence.destinations_known());
    if guessed {
        needs.retain(|need| need.needed != Needed::DestinationModel);
    }
    let answer = |need: Requirement| {
        let decision = view.decide(&need);
        (need, decision)
    };
    needs.into_iter().map(answer).collect()
}

/// The Regions from which the same call would surely be allowed.
fn elsewhere(view: &SetView<'_>, call: &Call) -> Vec<String> {
    let regions = callable_from(view.catalogue, &call.target).unwrap_or_default();
    let works = |region: &&str| {
        let there = Call { source: (*region).to_owned(), ..call.clone() };
        answers(view, &there).iter().all(|(_, decision)| decision.is_allowed())
    };
    regions.iter().filter(|region| *region != call.source).filter(works).map(str::to_owned).collect()
}

fn profile_of(target: &Target) -> Option<&str> {
    match target {
        Target::Profile(id) => Some(id),
        Target::ApplicationProfile { copies, .. } => profile_of(copies),
        _ => None,
    }
}

fn model_id<'t>(target: &'t Target, catalogue: &'t Catalogue) -> Option<&'t str> {
    match target {
        Target::Model(id) => Some(id),
        Target::ApplicationProfile { copies, .. } => model_id(copies, catalogue),
        _ => profile_of(target).and_then(|id| catalogue.profile(id)).map(Profile::model_id),
    }
}

/// The ARN of the guardrail that the adapter applies, where it is known.
pub(crate) fn guardrail(adapter: &Adapter, partition: Partition, source: &str, account: &str) -> Option<String> {
    let id = adapter.guardrail.identifier.as_ref()?.given()?;
    Some(if id.starts_with("arn:") {
        id.to_owned()
    } else {
        format!("arn:{partition}:bedrock:{source}:{account}:guardrail/{id}")
    })
}

/// What is called, as far as it is known.
fn target(adapter: &AdapterReading, read: &ModelReading, catalogue: &Catalogue) -> Option<Target> {
    Some(match &read.called {
        Called::Model(id) => Target::Model(id.clone()),
        Called::Profile(id) => Target::Profile(id.clone()),
        Called::Own(arn) => Target::Own(arn.clone()),
        Called::ApplicationProfile(arn) => {
            let copies = match catalogue.application(arn) {
                Some(id) if catalogue.profile(id).is_some() => Some(Target::Profile(id.to_owned())),
                Some(id) => Some(Target::Model(id.to_owned())),
                None => behind(adapter, read).and_then(|behind| match &behind.called {
                    Called::Model(id) => Some(Target::Model(id.clone())),
                    Called::Profile(id) => Some(Target::Profile(id.clone())),
                    _ => None,
                }),
            };
            match copies {
                Some(copies) => Target::ApplicationProfile { arn: arn.clone(), copies: Box::new(copies) },
                // what it routes to is not known; its own grant is needed all the same
                None => Target::Own(arn.clone()),
            }
        }
        Called::Unknown => return None,
    })
}

/// The accounts that the call may be made in; never empty.
fn accounts(view: &SetView<'_>, read: &ModelReading) -> Vec<String> {
    let own = read.arn.as_ref().and_then(|arn| arn.account.as_ref());
    match view.set.account.as_ref().or(own) {
        Some(account) => vec![account.clone()],
        None if view.mentioned_accounts().is_empty() => vec![ANY_ACCOUNT.to_owned()],
        None => view.mentioned_accounts().to_vec(),
    }
}

impl RefusedCall<'_> {
    /// Whether the identity policies of the set are evidently those of the caller: policies that stand beside an adapter
    /// may be anybody's. They must speak of what is called, by its id or by a pattern of ids. One that names other
    /// profiles alone is for other callers, and so is one that grants all but the streaming twin; a Deny among several
    /// policies may stand in that of somebody else.
    #[must_use]
    pub fn is_evidently_theirs(&self, view: &SetView<'_>) -> bool {
        let is_denied = matches!(self.decision, Decision::DeniedExplicitly { .. });
        if is_denied && view.set.identity.len() > 1 {
            return false;
        }
        let waits = Call { operation: Operation::Invoke, ..self.call.clone() };
        if self.call.operation == Operation::Stream && first_denied(view, waits).is_none() {
            return false;
        }
        let spells = |pattern: &str, id: &str| {
            let pattern = Pattern::new(Text::unplaced(pattern), false);
            pattern.matches(id, Case::Sensitive, &Context::default()) == Fit::Yes
        };
        let called = profile_of(&self.call.target);
        let granted = granted(view);
        let named = |of: &dyn Fn(&Names) -> bool| granted.iter().any(|grant| of(grant.names));
        let names_profile = named(&|names| match names {
            Names::Profile(id) => id.text.contains('.') && called.is_some_and(|called| spells(&id.text, called)),
            _ => false,
        });
        let names_other = named(&|names| matches!(names, Names::Profile(_))) && !names_profile;
        let names_model = named(&|names| match names {
            Names::Model(id) => {
                id.text.contains('.') && self.model_id.as_deref().is_some_and(|model| spells(&id.text, model))
            }
            _ => false,
        });
        let names_application = named(&|names| match (names, &self.call.target) {
            (Names::ApplicationProfile(id), Target::ApplicationProfile { arn, .. } | Target::Own(arn)) => {
                id.literal && arn.ends_with(&format!("/{}", id.text))
            }
            _ => false,
        });
        names_profile || names_application || (names_model && !(called.is_some() && names_other))
    }
}
