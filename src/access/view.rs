//! A set of policies, ready to be asked.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use jiff::civil::Date;

use super::call::{Call, Operation, STREAM, Target};
use super::caller::Caller;
use super::promise::ANY_ACCOUNT;
use super::refusal::{Cause, ConditionPlace};
use super::requirement::{Needed, Requirement, requirements};
use super::stack::Stack;
use crate::bedrock::{Catalogue, Partition, is_account_id};
use crate::formats::PolicyFact;
use crate::iam::{Condition, Context, Decision, Effect, Fit, Layer, Pattern, Policy, Request, Statement, StatementId};
use crate::link::{Basis, Set};
use crate::reading::{AdapterReading, Reading, RegionReading, fields::field};
use crate::text::Span;

/// A set with its policies read, and what they are judged by.
#[derive(Debug)]
pub struct SetView<'a> {
    /// The set.
    pub set: &'a Set,
    /// Its identity policies, in order.
    pub readings: Vec<&'a Reading>,
    /// What calls as these policies.
    pub adapters: Vec<&'a AdapterReading>,
    /// The same and what limits them, layer by layer.
    pub(super) stack: Stack<'a>,
    /// The trust policy of the role whose policies they are.
    pub trust: Option<&'a Arc<PolicyFact>>,
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// The day on which lifecycles are judged.
    pub as_of: Date,
    mentioned: Mentioned,
    /// Who calls, where that is known by name.
    caller: Option<Caller>,
    /// Ways of calling that were tried before: many promises ask for the same.
    tried: RefCell<HashMap<Way, Rc<Attempt>>>,
    /// Answers to patterns of profiles, by the ways of calling that they let through.
    judged: RefCell<HashMap<Ways, Option<Cause>>>,
}

/// An adapter of another provider calls that one.
fn calls_bedrock(reading: &AdapterReading) -> bool {
    reading.fact.adapter.other_provider.is_none()
}

/// Profiles and source Regions, whose, action.
pub(super) type Ways = (Vec<String>, Owner, &'static str);

/// A way of calling: profile, source Region, whose, action.
type Way = (String, String, Owner, &'static str);

/// What the strings of a set mention.
#[derive(Debug, Default)]
struct Mentioned {
    /// Accounts in ARNs of Amazon Bedrock, those in conditions first.
    accounts: Vec<String>,
    /// Regions of models that the catalogue does not have: they may be newer.
    new_regions: Vec<String>,
    /// Whether a condition asks for the profile that is called.
    asks_for_profiles: bool,
}

impl Mentioned {
    fn of(policies: &[&Policy], catalogue: &Catalogue) -> Self {
        const MOST: usize = 8;
        let mut mentioned = Self::default();
        let statements = || policies.iter().flat_map(|policy| &policy.statements);
        let mut accounts = Vec::new();
        for condition in statements().flat_map(|statement| &statement.conditions) {
            if condition.is_about("bedrock:InferenceProfileArn") {
                mentioned.asks_for_profiles = true;
                accounts.extend(condition.values.iter().filter_map(literal_account));
            }
        }
        for pattern in statements().flat_map(Statement::named_resources) {
            if field(pattern, 2) != Some("bedrock") {
                continue;
            }
            accounts.extend(literal_account(pattern));
            let region = field(pattern, 3).filter(|region| {
                mentioned.new_regions.len() < MOST
                    && !region.is_empty()
                    && region.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                    && catalogue.region(region).is_none()
            });
            if let Some(region) = region
                && !mentioned.new_regions.iter().any(|known| known == region)
            {
                mentioned.new_regions.push(region.to_owned());
            }
        }
        for account in accounts {
            if mentioned.accounts.len() < MOST && !mentioned.accounts.iter().any(|known| known == account) {
                mentioned.accounts.push(account.to_owned());
            }
        }
        mentioned
    }
}

/// A place in a policy of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Layer, index of the policy in its layer, and of the statement in its policy.
    pub statement: StatementId,
    /// The characters.
    pub span: Span,
}

/// A way of calling with the answer to each of its requirements.
#[derive(Debug)]
pub struct Attempt {
    /// The Region that was called.
    pub source: String,
    /// Requirements and answers, in the order of [`requirements`].
    pub answers: Vec<(Requirement, Decision)>,
}

impl Attempt {
    /// Requirements that are surely denied.
    pub fn denied(&self) -> impl Iterator<Item = &(Requirement, Decision)> {
        self.answers.iter().filter(|(_, decision)| decision.is_denied())
    }
}

impl<'a> SetView<'a> {
    /// A view of `set`, whose indexes lead into `policies`, their `readings` and `adapters`.
    #[must_use]
    pub fn new(
        set: &'a Set,
        readings: &'a [Reading],
        adapters: &'a [AdapterReading],
        policies: &'a [Arc<PolicyFact>],
        catalogue: &'a Catalogue,
        as_of: Date,
    ) -> Self {
        let stack = Stack::new(set, readings);
        let layers = || [Layer::Identity].into_iter().chain(stack.ceilings());
        let meant: Vec<&Policy> = layers().flat_map(|layer| stack.meant(layer)).copied().collect();
        let mentioned = Mentioned::of(&meant, catalogue);
        Self {
            set,
            readings: stack.readings(Layer::Identity).to_vec(),
            adapters: set
                .adapters
                .iter()
                .filter_map(|index| adapters.get(*index))
                .filter(|reading| calls_bedrock(reading))
                .collect(),
            caller: set.principal.as_deref().and_then(|arn| arn.parse().ok()),
            trust: set.trust.and_then(|index| policies.get(index)),
            catalogue,
            as_of,
            stack,
            mentioned,
            tried: RefCell::default(),
            judged: RefCell::default(),
        }
    }

    /// Accounts in ARNs of Amazon Bedrock, those in conditions first; a few at most.
    #[must_use]
    pub fn mentioned_accounts(&self) -> &[String] {
        &self.mentioned.accounts
    }

    /// The account that the set is used in, else the first one that it mentions, else any.
    #[must_use]
    pub fn likely_account(&self) -> &str {
        let mentioned = || self.mentioned.accounts.first().map(String::as_str);
        self.set.account.as_deref().or_else(mentioned).unwrap_or(ANY_ACCOUNT)
    }

    /// Regions that the set names for models and the catalogue does not have; a few at most.
    pub fn new_regions(&self) -> impl Iterator<Item = &str> {
        self.mentioned.new_regions.iter().map(String::as_str)
    }

    /// Whether a condition of the set asks for the profile that is called.
    #[must_use]
    pub fn asks_for_profiles(&self) -> bool {
        self.mentioned.asks_for_profiles
    }

    /// The layer whose Allow statements promise something: the identity policies, or the ceiling that stands by itself.
    #[must_use]
    pub fn promising(&self) -> Layer {
        match self.set.basis {
            Basis::Ceiling => self.ceilings().next().unwrap_or(Layer::Identity),
            _ => Layer::Identity,
        }
    }

    /// The layers above the identity policies.
    pub fn ceilings(&self) -> impl Iterator<Item = Layer> + '_ {
        self.stack.ceilings()
    }

    /// The answer to one requirement.
    #[must_use]
    pub fn decide(&self, requirement: &Requirement) -> Decision {
        self.answer(&self.request(requirement))
    }

    /// What is asked for a requirement, by whoever calls as the set.
    #[must_use]
    pub fn request(&self, requirement: &Requirement) -> Request {
        let mut request = requirement.request();
        if let Some(caller) = &self.caller {
            caller.describe(&mut request.context);
        }
        request
    }

    /// The answer to any request.
    #[must_use]
    pub fn answer(&self, request: &Request) -> Decision {
        self.stack.decide(request)
    }

    /// The answer to every requirement of a call of `profile` from `source`.
    #[must_use]
    pub fn attempt(&self, profile: &str, source: &str, owner: &Owner, action: &'static str) -> Rc<Attempt> {
        let way = (profile.to_owned(), source.to_owned(), owner.clone(), action);
        if let Some(known) = self.tried.borrow().get(&way) {
            return Rc::clone(known);
        }
        let attempt = Rc::new(self.try_way(&way));
        self.tried.borrow_mut().insert(way, Rc::clone(&attempt));
        attempt
    }

    /// The answer of `judge`, or the one that was given for the same ways before.
    pub(super) fn judged_once(&self, ways: Ways, judge: impl FnOnce() -> Option<Cause>) -> Option<Cause> {
        if let Some(known) = self.judged.borrow().get(&ways) {
            return known.clone();
        }
        let cause = judge();
        self.judged.borrow_mut().insert(ways, cause.clone());
        cause
    }

    fn try_way(&self, (profile, source, owner, action): &Way) -> Attempt {
        let operation = if *action == STREAM { Operation::Stream } else { Operation::Invoke };
        let target = Target::Profile(profile.clone());
        let call = Call::plain(target, operation, owner.partition, source, &owner.account);
        let mut needs = requirements(&call, self.catalogue);
        if self.catalogue.profile(profile).is_some_and(|known| !known.confidence.destinations_known()) {
            // where it routes is a guess, and a guess denies nothing
            needs.retain(|need| need.needed != Needed::DestinationModel);
        }
        let answers = needs.into_iter().map(|need| {
            let decision = self.decide(&need);
            (need, decision)
        });
        Attempt { source: call.source, answers: answers.collect() }
    }

    /// Whether the grants below the ceilings surely meet a requirement.
    #[must_use]
    pub fn is_granted(&self, requirement: &Requirement) -> bool {
        self.set.basis == Basis::Ceiling || self.stack.decide_below(&self.request(requirement)).is_allowed()
    }

    /// Whether a Region stands by its name in some resource or condition.
    #[must_use]
    pub fn names_region(&self, region: &str) -> bool {
        let named = |pattern: &Pattern| pattern.as_str().split(':').any(|field| field == region);
        self.statements_of_all().any(|(_, statement)| {
            let resources = statement.resources.iter().flat_map(|resources| &resources.patterns);
            let values = statement.conditions.iter().flat_map(|condition| &condition.values);
            resources.chain(values).any(named)
        })
    }

    /// Whether something of the set says that it is used in a Region: a string of its policies, where they are deployed to,
    /// or what calls as them.
    #[must_use]
    pub fn uses_region(&self, region: &str) -> bool {
        let deployed = |reading: &&Reading| reading.fact.region.as_deref() == Some(region);
        let calls = |adapter: &&AdapterReading| matches!(&adapter.region, RegionReading::Known { code, .. } if code.as_str() == region);
        self.names_region(region) || self.readings.iter().any(deployed) || self.adapters.iter().any(calls)
    }

    /// Allow statements of the promising layer, as meant, that surely or possibly cover `action`.
    pub fn allows(&self, action: &'a str) -> impl Iterator<Item = (StatementId, &'a Statement)> + '_ {
        self.allows_of(self.promising(), action)
    }

    /// The same of any layer.
    pub fn allows_of(&self, layer: Layer, action: &'a str) -> impl Iterator<Item = (StatementId, &'a Statement)> + '_ {
        self.stack.statements(layer).filter(move |(_, statement)| {
            statement.effect == Effect::Allow && statement.covers_action(action) != Fit::No
        })
    }

    /// All statements of the promising layer, as meant.
    pub fn statements(&self) -> impl Iterator<Item = (StatementId, &'a Statement)> + '_ {
        self.stack.statements(self.promising())
    }

    /// The statements of all ceilings, as meant.
    pub fn statements_of_ceilings(&self) -> impl Iterator<Item = (StatementId, &'a Statement)> + '_ {
        self.ceilings().flat_map(|layer| self.stack.statements(layer))
    }

    /// The statements of the identity policies and of all ceilings, as meant.
    pub fn statements_of_all(&self) -> impl Iterator<Item = (StatementId, &'a Statement)> + '_ {
        self.stack.statements(Layer::Identity).chain(self.statements_of_ceilings())
    }

    /// The statement of an id, as meant.
    #[must_use]
    pub fn statement(&self, id: StatementId) -> Option<&'a Statement> {
        self.reading(id)?.meant.statements.get(id.statement)
    }

    /// The condition at a place, as meant.
    #[must_use]
    pub fn condition(&self, place: ConditionPlace) -> Option<&'a Condition> {
        self.statement(place.statement)?.conditions.get(place.condition)
    }

    /// The policy that a place is in.
    #[must_use]
    pub fn reading(&self, id: StatementId) -> Option<&'a Reading> {
        self.stack.readings(id.layer).get(id.policy).copied()
    }

    /// Regions of a partition where Amazon Bedrock has an endpoint.
    pub fn regions(&self, partition: Partition) -> impl Iterator<Item = &'a str> + use<'a> {
        let regions = self.catalogue.regions();
        regions.filter(move |region| region.partition == partition && region.bedrock).map(|region| &*region.code)
    }
}

/// Whose profile ARNs are looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Owner {
    /// The partition.
    pub partition: Partition,
    /// The account.
    pub account: String,
}

/// Whether a pattern may match an ARN.
#[must_use]
pub(super) fn fits(pattern: &Pattern, arn: &str) -> bool {
    pattern.matches_resource(arn, &Context::default()) != Fit::No
}

/// The account in an ARN, if it is one.
#[must_use]
pub(super) fn literal_account(pattern: &Pattern) -> Option<&str> {
    field(pattern, 4).filter(|account| is_account_id(account))
}
