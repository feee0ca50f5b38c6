//! A set of policies, ready to be asked.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use jiff::civil::Date;

use super::call::{Call, Operation, STREAM, Target, model_arn, profile_arn};
use super::promise::ANY_ACCOUNT;
use super::refusal::{Cause, ConditionPlace};
use super::requirement::{Needed, Requirement, requirements};
use crate::bedrock::{Catalogue, Partition, is_account_id};
use crate::formats::PolicyFact;
use crate::iam::{
    Condition, Context, Decision, Effect, Fit, Layer, Layers, Pattern, Policy, Statement, StatementId, evaluate,
};
use crate::link::{Ceilings, Set};
use crate::reading::{AdapterReading, Reading, fields::field};
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
    /// The policies that limit them.
    ceilings: CeilingReadings<'a>,
    /// The trust policy of the role whose policies they are.
    pub trust: Option<&'a Arc<PolicyFact>>,
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// The day on which lifecycles are judged.
    pub as_of: Date,
    meant: Vec<&'a Policy>,
    mentioned: Mentioned,
    /// Ways of calling that were tried before: many promises ask for the same.
    tried: RefCell<HashMap<Way, Rc<Attempt>>>,
    /// Answers to patterns of profiles, by the ways of calling that they let through.
    judged: RefCell<HashMap<Ways, Option<Cause>>>,
}

/// The ceilings of a set, read.
#[derive(Debug, Default)]
struct CeilingReadings<'a> {
    scps: Vec<Vec<&'a Reading>>,
    boundary: Option<&'a Reading>,
    session: Vec<&'a Reading>,
    /// The same policies as meant, to be evaluated.
    meant_scps: Vec<Vec<&'a Policy>>,
    meant_session: Vec<&'a Policy>,
}

impl<'a> CeilingReadings<'a> {
    fn new(ceilings: &Ceilings, readings: &'a [Reading]) -> Self {
        let of = |indexes: &[usize]| -> Vec<&'a Reading> {
            indexes.iter().filter_map(|index| readings.get(*index)).collect()
        };
        let scps: Vec<Vec<&Reading>> = ceilings.scps.iter().map(|level| of(level)).collect();
        let session = of(&ceilings.session);
        Self {
            meant_scps: scps.iter().map(|level| meant(level)).collect(),
            meant_session: meant(&session),
            boundary: ceilings.boundary.and_then(|index| readings.get(index)),
            scps,
            session,
        }
    }
}

/// An adapter of another provider calls that one.
fn calls_bedrock(reading: &AdapterReading) -> bool {
    reading.fact.adapter.other_provider.is_none()
}

fn meant<'a>(readings: &[&'a Reading]) -> Vec<&'a Policy> {
    readings.iter().map(|reading| &reading.meant).collect()
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
    /// Index in [`SetView::readings`] and of the statement in its policy.
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
        let ceilings = CeilingReadings::new(&set.ceilings, readings);
        let trust = set.trust.and_then(|index| policies.get(index));
        let readings: Vec<&Reading> = set.identity.iter().filter_map(|index| readings.get(*index)).collect();
        let meant = meant(&readings);
        let mentioned = Mentioned::of(&meant, catalogue);
        Self {
            set,
            readings,
            adapters: set
                .adapters
                .iter()
                .filter_map(|index| adapters.get(*index))
                .filter(|reading| calls_bedrock(reading))
                .collect(),
            ceilings,
            trust,
            catalogue,
            as_of,
            meant,
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

    /// Regions that the set names for models and the catalogue does not have; a few at most.
    pub fn new_regions(&self) -> impl Iterator<Item = &str> {
        self.mentioned.new_regions.iter().map(String::as_str)
    }

    /// Whether a condition of the set asks for the profile that is called.
    #[must_use]
    pub fn asks_for_profiles(&self) -> bool {
        self.mentioned.asks_for_profiles
    }

    /// The answer to one requirement.
    #[must_use]
    pub fn decide(&self, requirement: &Requirement) -> Decision {
        let scps: Vec<&[&Policy]> = self.ceilings.meant_scps.iter().map(Vec::as_slice).collect();
        let layers = Layers {
            scps: &scps,
            identity: &self.meant,
            boundary: self.ceilings.boundary.map(|reading| &reading.meant),
            session: &self.ceilings.meant_session,
            ..Layers::default()
        };
        evaluate(layers, &requirement.request())
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
        let call = Call {
            target: Target::Profile(profile.clone()),
            operation: if *action == STREAM { Operation::Stream } else { Operation::Invoke },
            partition: owner.partition,
            source: source.clone(),
            account: owner.account.clone(),
            guardrail: None,
            api_key: false,
            first_use: false,
        };
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

    /// Allow statements, as meant, that surely or possibly cover `action`.
    pub fn allows(&self, action: &'a str) -> impl Iterator<Item = (StatementId, &'a Statement)> + '_ {
        self.statements().filter(move |(_, statement)| {
            statement.effect == Effect::Allow && statement.covers_action(action) != Fit::No
        })
    }

    /// All statements of the identity policies, as meant.
    pub fn statements(&self) -> impl Iterator<Item = (StatementId, &'a Statement)> + '_ {
        let layer = Layer::Identity;
        self.meant.iter().enumerate().flat_map(move |(policy, meant)| {
            let numbered = meant.statements.iter().enumerate();
            numbered.map(move |(statement, value)| (StatementId { layer, policy, statement }, value))
        })
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
        let layer = match id.layer {
            Layer::Identity => self.readings.as_slice(),
            Layer::Scp { level } => self.ceilings.scps.get(level)?,
            Layer::Boundary => self.ceilings.boundary.as_slice(),
            Layer::Session => &self.ceilings.session,
            // no set holds any
            Layer::Resource => &[],
        };
        layer.get(id.policy).copied()
    }

    /// Regions of a partition where Amazon Bedrock has an endpoint.
    pub fn regions(&self, partition: Partition) -> impl Iterator<Item = &'a str> + use<'a> {
        let regions = self.catalogue.regions();
        regions.filter(move |region| region.partition == partition && region.bedrock).map(|region| &*region.code)
    }

    /// The resource patterns of Allow statements for `action` that grant the model in one of these Regions, an empty
    /// one being the Region-less ARN; if there are none, those that grant it anywhere.
    #[must_use]
    pub fn model_grants(&self, action: &'a str, partition: Partition, model: &str, regions: &[&str]) -> Vec<Place> {
        let near = self.grants_in(action, partition, model, &mut regions.iter().copied());
        if near.is_empty() {
            self.grants_in(action, partition, model, &mut self.regions(partition).chain([""]))
        } else {
            near
        }
    }

    /// The resource patterns of Allow statements for `action` that grant a system-defined profile from some Region or in
    /// some account.
    #[must_use]
    pub fn profile_grants(&self, action: &'a str, partition: Partition, profile: &str) -> Vec<Place> {
        let mut places = Vec::new();
        for (id, statement) in self.allows(action) {
            for pattern in statement.named_resources() {
                let account = literal_account(pattern).unwrap_or(ANY_ACCOUNT);
                let mut regions = self.regions(partition);
                if regions.any(|region| fits(pattern, &profile_arn(partition, region, account, profile))) {
                    places.push(Place { statement: id, span: pattern.text().span() });
                }
            }
        }
        places
    }

    /// The first Allow statement of the identity policies that covers an action of Amazon Bedrock, else the first
    /// statement of all.
    #[must_use]
    pub fn first_statement(&self) -> Option<StatementId> {
        let about = |id: &StatementId| {
            let reading = self.reading(*id).and_then(|reading| reading.statements.get(id.statement));
            reading.is_some_and(|reading| reading.about_bedrock)
        };
        let allow = self.statements().find(|(id, statement)| statement.effect == Effect::Allow && about(id));
        allow.or_else(|| self.statements().next()).map(|(id, _)| id)
    }

    fn grants_in(
        &self,
        action: &'a str,
        partition: Partition,
        model: &str,
        regions: &mut dyn Iterator<Item = &str>,
    ) -> Vec<Place> {
        let arns: Vec<String> = regions.map(|region| model_arn(partition, region, model)).collect();
        let mut places = Vec::new();
        for (id, statement) in self.allows(action) {
            for pattern in statement.named_resources() {
                if arns.iter().any(|arn| fits(pattern, arn)) {
                    places.push(Place { statement: id, span: pattern.text().span() });
                }
            }
        }
        places
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
