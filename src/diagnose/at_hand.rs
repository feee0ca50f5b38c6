//! The files at hand: which line led to the error.

use std::sync::Arc;

use super::facts::Field;
use super::known::{DenyingLayer, KnownError};
use super::read::base_ids;
use super::situation::Situation;
use crate::access::call::profile_arn;
use crate::bedrock::ArnFields;
use crate::check::{CheckRequest, Outcome};
use crate::finding::{Confidence, Finding, Label, Severity};
use crate::formats::{self, AdapterFact, Facts, PolicyFact, PolicyKind};
use crate::iam::request::{INFERENCE_PROFILE_ARN, PRINCIPAL_ARN, REQUESTED_REGION, UNSPECIFIED_REGION};
use crate::iam::{Context, Effect, Fit, Held, Statement};
use crate::source::{self, Location, Problem};

/// More places of one kind than this do not help.
const MOST: usize = 8;

/// What files hold, and what an ordinary check finds in them.
#[derive(Debug)]
pub(super) struct AtHand {
    outcome: Outcome,
    policies: Vec<Arc<PolicyFact>>,
    adapters: Vec<Arc<AdapterFact>>,
}

impl AtHand {
    pub(super) fn read(request: &CheckRequest) -> Self {
        let outcome = crate::check(request);
        let scan = source::scan(&request.scan, &|input| {
            formats::read(&input.source, &request.formats_of(&input), input.named)
        });
        let files: Vec<Facts> = scan.visited.into_iter().map(|(_, facts)| facts).collect();
        let library = source::Disk { max_file_size: request.scan.max_file_size };
        let (mut policies, mut adapters) = (Vec::new(), Vec::new());
        for facts in formats::finish(files, &library) {
            policies.extend(facts.policies);
            adapters.extend(facts.adapters);
        }
        Self { outcome, policies, adapters }
    }

    pub(super) fn problems(&self) -> &[Problem] {
        &self.outcome.problems
    }

    /// The one Region from which the files call this id.
    pub(super) fn region_of(&self, called: &str) -> Option<&str> {
        let calls = |fact: &&Arc<AdapterFact>| {
            fact.adapter.other_provider.is_none()
                && fact.adapter.models.iter().any(|model| model.id.literal() == Some(called))
        };
        let regions = self.adapters.iter().filter(calls);
        let mut regions = regions.filter_map(|fact| fact.adapter.region.as_ref()?.literal());
        let first = regions.next()?;
        regions.all(|region| region == first).then_some(first)
    }

    /// What concerns the error: findings of rules about it, then the statement that decided and the call itself, where no
    /// finding speaks of them.
    pub(super) fn concerning(&self, error: &'static KnownError, on: Situation<'_>) -> Vec<Finding> {
        let of_rules = |finding: &&Finding| error.rules.iter().any(|rule| **rule == *finding.rule);
        let found = self.outcome.findings.iter().filter(of_rules).filter(|finding| speaks_of(finding, on));
        let mut findings: Vec<Finding> = found.take(MOST).cloned().collect();
        let own: Vec<Finding> = self.statements(error, on).into_iter().chain(self.calls(error, on)).collect();
        for finding in own {
            if findings.len() < MOST && !findings.iter().any(|known| is_told(known, &finding.primary.at)) {
                findings.push(finding);
            }
        }
        findings
    }

    /// The statements that decided a denial, as far as the files hold them.
    fn statements(&self, error: &'static KnownError, on: Situation<'_>) -> Vec<Finding> {
        let Some(action) = on.facts.get(Field::Action) else { return Vec::new() };
        let resource = on.facts.get(Field::Resource).unwrap_or("*");
        let context = context(on, resource);
        let layer = on.facts.get(Field::Layer);
        let policies = self.policies.iter().filter(|fact| is_of_layer(fact, layer));
        policies
            .filter_map(|fact| match on.explicit {
                Some(true) => denies(fact, action, resource, &context),
                _ => lacks(fact, action, resource, &context),
            })
            .map(|place| place.finding(error))
            .collect()
    }

    /// The settings that made the call.
    fn calls(&self, error: &'static KnownError, on: Situation<'_>) -> Vec<Finding> {
        let Some(called) = on.called() else { return Vec::new() };
        let base = |id: &str| on.catalogue.split_profile_id(id).map_or(id, |(_, base)| base).to_owned();
        let mut found = Vec::new();
        for fact in self.adapters.iter().filter(|fact| fact.adapter.other_provider.is_none()) {
            let region = fact.adapter.region.as_ref().and_then(|field| field.literal());
            if region.zip(on.region()).is_some_and(|(one, other)| one != other) {
                continue;
            }
            for model in &fact.adapter.models {
                let Some(id) = model.id.literal() else { continue };
                let id = ArnFields::split(id).and_then(|arn| arn.resource_id).map_or(id, |id| id.text);
                // another profile of the same model is another call
                let fits = id == called
                    || (on.denied().is_some() && on.facts.get(Field::Model).is_none() && base(id) == base(called));
                if fits {
                    let from = region.map_or(String::new(), |region| format!(" from `{region}`"));
                    let place = Place {
                        at: Location::new(&fact.source, model.id.span()),
                        message: format!("this calls `{id}`{from}, as the message tells"),
                        label: "the model that is called".to_owned(),
                        severity: Severity::Note,
                    };
                    found.push(place.finding(error));
                }
            }
        }
        found
    }
}

/// A line that led to the error.
struct Place {
    at: Location,
    message: String,
    label: String,
    severity: Severity,
}

impl Place {
    fn finding(self, error: &'static KnownError) -> Finding {
        Finding {
            rule: &error.id,
            severity: self.severity,
            confidence: Confidence::Likely,
            message: self.message,
            help: None,
            primary: Label { message: self.label, at: self.at },
            related: Vec::new(),
            fix: None,
            anchor: String::new(),
            ordinal: 0,
        }
    }
}

/// Whether a finding underlines a part of what is underlined here, or the whole of it.
fn is_told(finding: &Finding, at: &Location) -> bool {
    let places = std::iter::once(&finding.primary).chain(&finding.related);
    places.into_iter().any(|label| {
        label.at.source.path() == at.source.path()
            && label.at.span.start < at.span.end
            && at.span.start < label.at.span.end
    })
}

/// Whether a finding is about the models of the error: it names one of them, or none at all.
fn speaks_of(finding: &Finding, on: Situation<'_>) -> bool {
    let mut ours: Vec<&str> = on.model().map(|model| &*model.id).into_iter().collect();
    ours.extend(on.called());
    if ours.is_empty() {
        return true;
    }
    let places = std::iter::once(&finding.primary).chain(&finding.related);
    let mut texts: Vec<&str> = vec![&finding.message];
    texts.extend(finding.help.as_deref());
    texts.extend(places.map(|label| label.at.text()));
    let named: Vec<&str> = texts.into_iter().flat_map(base_ids).collect();
    named.is_empty() || named.iter().any(|id| ours.iter().any(|ours| id.ends_with(ours) || ours.ends_with(id)))
}

fn is_of_layer(fact: &PolicyFact, layer: Option<&str>) -> bool {
    let own = match fact.kind {
        PolicyKind::Identity => DenyingLayer::Identity,
        PolicyKind::Scp => DenyingLayer::Scp,
        PolicyKind::Boundary => DenyingLayer::Boundary,
        PolicyKind::Session => DenyingLayer::Session,
        PolicyKind::Endpoint => DenyingLayer::Endpoint,
        PolicyKind::Resource => DenyingLayer::Resource,
        PolicyKind::Trust => return false,
    };
    // what a policy is, is often a guess: a document that only denies may be of any kind
    layer.is_none_or(|layer| fact.guessed || layer == own.as_str())
}

/// The request that was denied, as far as the message tells it.
fn context(on: Situation<'_>, resource: &str) -> Context {
    let arn = ArnFields::split(resource);
    let region = match arn.as_ref().map(|arn| arn.region.text) {
        Some("") => UNSPECIFIED_REGION,
        Some(region) => region,
        None => on.region().unwrap_or_default(),
    };
    let profile = on.profile().zip(on.region()).zip(on.facts.get(Field::Account));
    let profile = profile.map(|((profile, region), account)| profile_arn(on.partition(), region, account, &profile.id));
    let of_model = arn.as_ref().is_some_and(|arn| arn.resource_type.text == "foundation-model");
    let mut context = Context::assumed(region, profile.as_deref().filter(|_| of_model));
    if region.is_empty() {
        context.set(REQUESTED_REGION, Held::Unknown);
    }
    if of_model && profile.is_none() {
        context.set(INFERENCE_PROFILE_ARN, Held::Unknown);
    }
    if let Some((caller, _)) = on.caller() {
        context.set(PRINCIPAL_ARN, Held::Values(vec![caller]));
    }
    context
}

fn conditions(statement: &Statement, context: &Context) -> Fit {
    statement.conditions.iter().map(|condition| condition.holds(context)).min().unwrap_or(Fit::Yes)
}

/// The statement of a policy that denies the request.
fn denies(fact: &PolicyFact, action: &str, resource: &str, context: &Context) -> Option<Place> {
    let denying = fact.policy.statements.iter().filter(|statement| statement.effect == Effect::Deny);
    let (statement, sure) = denying
        .map(|statement| {
            let about = statement.covers_action(action) & statement.covers_resource(resource, context);
            (statement, about & conditions(statement, context))
        })
        .filter(|(_, sure)| *sure != Fit::No)
        .max_by_key(|(_, sure)| *sure)?;
    let by_region = statement.conditions.iter().find(|condition| condition.is_about(REQUESTED_REGION));
    let span = by_region.map_or(statement.effect_span, |condition| condition.values_span);
    let may = if sure == Fit::Yes { "denies" } else { "may deny" };
    Some(Place {
        at: Location::new(&fact.source, span),
        message: format!("{} {may} `{action}` on `{resource}`", named(statement)),
        label: if by_region.is_some() { "the Regions that are let through" } else { "the Deny" }.to_owned(),
        severity: Severity::Error,
    })
}

/// Where a policy lacks the grant: the statement that is nearest to it. A policy that says nothing of the kind is another's;
/// one that grants it is not that of the caller, or not the one that is deployed.
fn lacks(fact: &PolicyFact, action: &str, resource: &str, context: &Context) -> Option<Place> {
    let allowing = || fact.policy.statements.iter().filter(|statement| statement.effect == Effect::Allow);
    let grants = |statement: &&Statement| {
        statement.covers_action(action) == Fit::Yes && statement.covers_resource(resource, context) == Fit::Yes
    };
    if let Some(statement) = allowing().find(grants) {
        let met = conditions(statement, context);
        let (message, severity, span) = match statement.conditions.iter().find(|one| one.holds(context) != Fit::Yes) {
            Some(condition) if met == Fit::No => (
                format!(
                    "{} grants `{action}` on `{resource}` under a condition on `{}` that this request does not meet",
                    named(statement),
                    condition.key.as_str()
                ),
                Severity::Error,
                condition.values_span,
            ),
            _ => (
                format!(
                    "{} grants `{action}` on `{resource}`: the caller does not have this policy, or not in this version",
                    named(statement)
                ),
                Severity::Note,
                statement.resources.as_ref().map_or(statement.span, |elements| elements.span),
            ),
        };
        let label = if severity == Severity::Error { "what is wanted" } else { "what is granted" };
        return Some(Place { at: Location::new(&fact.source, span), message, label: label.to_owned(), severity });
    }
    let covers =
        |statement: &&Statement| !statement.named_actions().is_empty() && statement.covers_action(action) == Fit::Yes;
    let of_kind = |statement: &&Statement| {
        let kind = ArnFields::split(resource).map(|arn| arn.resource_type.text.to_owned());
        statement
            .named_resources()
            .iter()
            .any(|pattern| ArnFields::split(pattern.as_str()).map(|arn| arn.resource_type.text.to_owned()) == kind)
    };
    if let Some(statement) = allowing().filter(covers).find(of_kind).or_else(|| allowing().find(covers)) {
        let span = statement.resources.as_ref().map_or(statement.span, |elements| elements.span);
        return Some(Place {
            at: Location::new(&fact.source, span),
            message: format!("{} allows `{action}` on other resources than `{resource}`", named(statement)),
            label: "what it is allowed on".to_owned(),
            severity: Severity::Error,
        });
    }
    let service = action.split(':').next().unwrap_or_default();
    let of_service = |statement: &&Statement| {
        statement.named_actions().iter().any(|one| one.as_str().split(':').next() == Some(service))
    };
    let statement = allowing().find(of_service)?;
    let span = statement.actions.as_ref().map_or(statement.span, |elements| elements.span);
    Some(Place {
        at: Location::new(&fact.source, span),
        message: format!("{} allows other actions of `{service}` than `{action}`", named(statement)),
        label: "what is allowed".to_owned(),
        severity: Severity::Error,
    })
}

fn named(statement: &Statement) -> String {
    match statement.sid.as_ref().and_then(|sid| sid.literal()) {
        Some(sid) => format!("the statement `{sid}`"),
        None => "this statement".to_owned(),
    }
}
