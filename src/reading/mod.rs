//! Policies and adapters read against the catalogue: what each string names, what is wrong with it, and what it was
//! meant to say.
//!
//! One mistake gives one finding: the rule that owns a fault reports it, and everything after works on the policy as
//! it was meant ([`Reading::meant`]): the account dropped or supplied, the prefix moved, the action and the
//! condition key under their right names.

pub mod action;
mod adapter;
pub mod condition;
mod credential;
pub mod fault;
pub(crate) mod fields;
mod mention;
mod names;
mod resource;

use std::sync::Arc;

use crate::bedrock::{ActionCatalogue, Catalogue};
use crate::formats::PolicyFact;
use crate::iam::{Elements, Pattern, Policy, Statement, Version};

pub use action::{ActionFault, ActionReading};
pub use adapter::{AdapterReading, Called, CalledArn, ModelReading, RegionReading};
pub use condition::{ConditionReading, KeyFault};
pub use credential::CredentialReading;
pub use fault::{Fault, FaultKind, RegionFault};
pub use mention::{MentionReading, Says};
pub use names::{Id, NamedRegion, Names, ResourceReading};

/// A policy with what its strings mean.
#[derive(Debug)]
pub struct Reading {
    /// The policy as written.
    pub fact: Arc<PolicyFact>,
    /// One for each statement, in order.
    pub statements: Vec<StatementReading>,
    /// The policy as it was meant. Statements and conditions have the same indexes as in the one written, and every
    /// pattern leads back to the characters it was read from.
    pub meant: Policy,
}

/// What the strings of a statement mean.
#[derive(Debug, Default)]
pub struct StatementReading {
    /// One for each pattern of `Action` or `NotAction`, in order.
    pub actions: Vec<ActionReading>,
    /// One for each pattern of `Resource` or `NotResource`, in order.
    pub resources: Vec<ResourceReading>,
    /// One for each condition, in order.
    pub conditions: Vec<ConditionReading>,
    /// Whether it speaks of Amazon Bedrock or of AWS Marketplace at all.
    pub about_bedrock: bool,
}

impl Reading {
    /// Reads a policy.
    #[must_use]
    pub fn new(fact: &Arc<PolicyFact>, catalogue: &Catalogue, actions: &ActionCatalogue) -> Self {
        let policy = &fact.policy;
        let mut meant = policy.clone();
        let variables = policy.version == Version::V2012;
        let readings = meant.statements.iter_mut().map(|statement| {
            let about_bedrock = about_bedrock(statement);
            if !about_bedrock {
                return StatementReading::default();
            }
            let actions_read = read_each(statement.actions.as_mut(), |pattern| {
                let (reading, meant) = action::read(pattern, actions);
                (reading, vec![meant])
            });
            let resources = read_each(statement.resources.as_mut(), |pattern| {
                resource::read(pattern, variables, catalogue, actions)
            });
            let conditions = statement.conditions.iter_mut();
            let conditions = conditions.map(|condition| condition::read(condition, catalogue, actions));
            StatementReading { actions: actions_read, resources, conditions: conditions.collect(), about_bedrock }
        });
        let statements = readings.collect();
        Self { fact: Arc::clone(fact), statements, meant }
    }

    /// Whether any statement speaks of Amazon Bedrock or of AWS Marketplace.
    #[must_use]
    pub fn about_bedrock(&self) -> bool {
        self.statements.iter().any(|statement| statement.about_bedrock)
    }

    /// Statements that speak of Amazon Bedrock or AWS Marketplace, as written, with their index and reading.
    pub fn bedrock_statements(&self) -> impl Iterator<Item = (usize, &Statement, &StatementReading)> {
        let both = self.fact.policy.statements.iter().zip(&self.statements).enumerate();
        both.filter(|(_, (_, reading))| reading.about_bedrock)
            .map(|(index, (statement, reading))| (index, statement, reading))
    }
}

/// Reads each pattern and puts what was meant in its place.
fn read_each<T>(elements: Option<&mut Elements>, read: impl Fn(&Pattern) -> (T, Vec<Pattern>)) -> Vec<T> {
    let Some(elements) = elements else { return Vec::new() };
    let mut readings = Vec::with_capacity(elements.patterns.len());
    let mut meant = Vec::with_capacity(elements.patterns.len());
    for pattern in &elements.patterns {
        let (reading, patterns) = read(pattern);
        readings.push(reading);
        meant.extend(patterns);
    }
    *elements = elements.with_patterns(meant);
    readings
}

fn about_bedrock(statement: &Statement) -> bool {
    let patterns = |elements: &Option<Elements>| -> Vec<String> {
        let patterns = elements.iter().flat_map(|elements| &elements.patterns);
        patterns.map(|pattern| pattern.as_str().to_ascii_lowercase()).collect()
    };
    let speaks = |text: &str| text.contains("bedrock") || text.starts_with("aws-marketplace");
    patterns(&statement.actions).iter().any(|action| speaks(action))
        || patterns(&statement.resources).iter().any(|resource| speaks(resource) && !is_of_another_service(resource))
        || statement.conditions.iter().any(|condition| speaks(&condition.key.as_str().to_ascii_lowercase()))
}

/// Whether an ARN only has a role, a bucket or the like of that name: `arn:aws:iam::111122223333:role/bedrock-caller`.
fn is_of_another_service(resource: &str) -> bool {
    let fields: Vec<&str> = resource.splitn(6, ':').collect();
    let [arn, partition, service, region, account, name] = fields.as_slice() else { return false };
    let before = [partition, service, region, account];
    *arn == "arn"
        && !before.iter().any(|field| field.contains("bedrock"))
        && !["foundation-model", "inference-profile"].iter().any(|kind| name.contains(kind))
}
