//! Why a requirement is allowed, denied or open, in words.

use super::stack::Stack;
use crate::iam::condition::{Comparison, Order, Quantifier};
use crate::iam::{
    Condition, Context, Decision, Doubt, DoubtAbout, Effect, Elements, Fit, Held, Layer, Operator, Pattern, Request,
    Statement,
};
use crate::phrase::{any_of, list};

/// More values of a condition than this are counted.
const VALUES: usize = 8;

/// More statements than this that the answer depends on are counted.
const DOUBTS: usize = 3;

impl Stack {
    /// Why a request is answered so, as a clause.
    pub(super) fn reason(&self, decision: &Decision, request: &Request) -> String {
        let context = &request.context;
        match decision {
            Decision::Allowed { by, .. } => format!("{} allows it", self.one_of(by.layer)),
            Decision::DeniedExplicitly { by } => {
                let who = self.one_of(by.layer);
                match self.statement(*by) {
                    Some(statement) => format!("{who} {}", denial(statement, context)),
                    None => format!("{who} denies it"),
                }
            }
            Decision::DeniedImplicitly { layer, near } => {
                let miss = near.first().and_then(|miss| Some((self.statement(miss.statement)?, &miss.failed)));
                let Some((statement, failed)) = miss else { return self.nothing_allows(*layer) };
                let failed: Vec<&Condition> =
                    failed.iter().filter_map(|index| statement.conditions.get(*index)).collect();
                format!("{} allows it only where {}", self.one_of(*layer), under(&failed, context))
            }
            Decision::Unknown { because } => {
                let mut clauses: Vec<String> =
                    because.iter().take(DOUBTS).map(|doubt| self.doubt(doubt, request)).collect();
                if let Some(more) = because.len().checked_sub(DOUBTS).filter(|more| *more > 0) {
                    clauses.push(format!("and so on for {more} more"));
                }
                clauses.join("; ")
            }
        }
    }

    fn doubt(&self, doubt: &Doubt, request: &Request) -> String {
        let who = self.one_of(doubt.statement.layer);
        let verb = match doubt.effect {
            Effect::Allow => "allows",
            Effect::Deny => "denies",
        };
        let is_read =
            |layer: Layer, policy: usize| self.members(layer).get(policy).is_some_and(|one| one.fact.is_some());
        let statement = self.statement(doubt.statement);
        let Some(statement) = statement.filter(|_| is_read(doubt.statement.layer, doubt.statement.policy)) else {
            return format!("{who} that was not read may allow it");
        };
        match doubt.about {
            DoubtAbout::Action => format!("{who} {verb} an action that is filled in later"),
            DoubtAbout::Resource => match doubtful(statement, request) {
                Some(pattern) if pattern.is_open() => {
                    format!("{who} {verb} `{}`, of which a part is not known", pattern.as_str())
                }
                Some(pattern) => format!(
                    "{who} {verb} `{}`, and whether its wildcards reach into other fields of an ARN is not known",
                    pattern.as_str()
                ),
                None => format!("{who} {verb} it on a resource that is not known"),
            },
            DoubtAbout::Principal => format!("{who} {verb} it to others, perhaps to this caller"),
            DoubtAbout::Condition(index) => match statement.conditions.get(index) {
                Some(condition) => format!("{who} {verb} it where {}, which is not known", wanted(condition)),
                None => format!("{who} {verb} it under a condition that is not known"),
            },
        }
    }

    /// A policy of a layer, as the subject of a sentence.
    fn one_of(&self, layer: Layer) -> String {
        match layer {
            Layer::Scp { level } if self.scps.len() > 1 => format!("a service control policy of level {}", level + 1),
            Layer::Scp { .. } => "a service control policy".to_owned(),
            Layer::Resource => "the policy on the resource".to_owned(),
            Layer::Identity => "an identity policy".to_owned(),
            Layer::Boundary => "the permissions boundary".to_owned(),
            Layer::Session => "a session policy".to_owned(),
            Layer::Endpoint => "the VPC endpoint policy".to_owned(),
        }
    }

    fn nothing_allows(&self, layer: Layer) -> String {
        match layer {
            Layer::Scp { level } if self.scps.len() > 1 => {
                format!("no service control policy of level {} allows it", level + 1)
            }
            Layer::Scp { .. } => "no service control policy allows it".to_owned(),
            Layer::Resource | Layer::Identity => "no identity policy allows it".to_owned(),
            Layer::Boundary => "the permissions boundary does not allow it".to_owned(),
            Layer::Session => "no session policy allows it".to_owned(),
            Layer::Endpoint => "the VPC endpoint policy does not allow it".to_owned(),
        }
    }

    /// The policies of a layer, as the place of an edit.
    pub(super) fn layer_name(&self, layer: Layer) -> String {
        match layer {
            Layer::Scp { level } if self.scps.len() > 1 => {
                format!("the service control policies of level {}", level + 1)
            }
            Layer::Scp { .. } => "the service control policies".to_owned(),
            Layer::Resource => "the policy on the resource".to_owned(),
            Layer::Identity => "the identity policies".to_owned(),
            Layer::Boundary => "the permissions boundary".to_owned(),
            Layer::Session => "the session policies".to_owned(),
            Layer::Endpoint => "the VPC endpoint policy".to_owned(),
        }
    }
}

fn denial(statement: &Statement, context: &Context) -> String {
    let negated = |elements: Option<&Elements>| elements.is_some_and(|elements| elements.negated);
    let what = match (negated(statement.actions.as_ref()), negated(statement.resources.as_ref())) {
        (false, false) => "denies it",
        (true, false) => "denies every action that it does not name",
        (false, true) => "denies it on every resource that it does not name",
        (true, true) => "denies every action and resource that it does not name",
    };
    if statement.conditions.is_empty() {
        return what.to_owned();
    }
    let conditions: Vec<&Condition> = statement.conditions.iter().collect();
    format!("{what} where {}", under(&conditions, context))
}

/// Conditions, and what the request holds: `` `aws:RequestedRegion` is not `us-east-1`; here it is `us-east-2` ``.
fn under(conditions: &[&Condition], context: &Context) -> String {
    let wanted: Vec<String> = conditions.iter().map(|condition| wanted(condition)).collect();
    let holds = |condition: &&Condition| {
        let name = match conditions {
            [_] => "it".to_owned(),
            _ => format!("`{}`", condition.key.as_str()),
        };
        match context.get(condition.key.as_str()) {
            Held::Values(values) => format!("{name} is {}", list(values, VALUES)),
            Held::Absent => format!("{name} is absent"),
            Held::Ordinary => format!("{name} is one that no policy names"),
            Held::Foreign => format!("{name} is not the caller's, for the model belongs to AWS"),
            Held::Unknown => format!("{name} is not known"),
        }
    };
    let held: Vec<String> = conditions.iter().map(holds).collect();
    format!("{}; here {}", wanted.join(" and "), held.join(" and "))
}

/// What a condition asks for, as a clause.
fn wanted(condition: &Condition) -> String {
    let key = condition.key.as_str();
    let Some(operator) = condition.operator else {
        return format!("`{}` holds for `{key}`", condition.operator_text.as_str());
    };
    let values: Vec<&str> = condition.values.iter().map(Pattern::as_str).collect();
    if operator.comparison == Comparison::Null {
        let absent = values.iter().all(|value| value.eq_ignore_ascii_case("true"));
        return format!("`{key}` is {}", if absent { "absent" } else { "present" });
    }
    let subject = match operator.quantifier {
        None => format!("`{key}`"),
        Some(Quantifier::ForAllValues) => format!("every value of `{key}`"),
        Some(Quantifier::ForAnyValue) => format!("some value of `{key}`"),
    };
    let absent = if operator.if_exists { " or absent" } else { "" };
    format!("{subject} {} {}{absent}", verb(operator), any_of(&values, VALUES))
}

fn verb(operator: Operator) -> &'static str {
    match (operator.comparison, operator.negated) {
        (Comparison::StringLike | Comparison::Arn, false) => "is like",
        (Comparison::StringLike | Comparison::Arn, true) => "is not like",
        (Comparison::IpAddress, false) => "is in",
        (Comparison::IpAddress, true) => "is not in",
        (Comparison::Numeric(Order::LessThan) | Comparison::Date(Order::LessThan), _) => "is less than",
        (Comparison::Numeric(Order::LessThanEquals) | Comparison::Date(Order::LessThanEquals), _) => "is at most",
        (Comparison::Numeric(Order::GreaterThan) | Comparison::Date(Order::GreaterThan), _) => "is more than",
        (Comparison::Numeric(Order::GreaterThanEquals) | Comparison::Date(Order::GreaterThanEquals), _) => {
            "is at least"
        }
        (_, false) => "is",
        (_, true) => "is not",
    }
}

/// The string of `Resource` or `NotResource` that may be about the resource or not.
fn doubtful<'s>(statement: &'s Statement, request: &Request) -> Option<&'s Pattern> {
    let mut patterns = statement.resources.iter().flat_map(|elements| &elements.patterns);
    patterns.find(|pattern| pattern.matches_resource(&request.resource, &request.context) == Fit::Maybe)
}
