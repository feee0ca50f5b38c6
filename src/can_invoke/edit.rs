//! Edits of policies: made on copies, and told.

use super::mend::Mend;
use super::stack::{Stack, StatementPlace};
use crate::iam::request::INFERENCE_PROFILE_ARN;
use crate::iam::{Condition, Effect, Elements, Layer, Operator, Pattern, Statement, StatementId};
use crate::text::{Span, Text};

/// What is done to the policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) at: At,
    pub(super) change: Change,
    pub(super) items: Vec<String>,
}

/// Where: in a statement, or in a new one of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    Statement(StatementId),
    Layer(Layer),
}

/// How. The items are ARNs, actions or values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// A new statement that allows the action on the items.
    Allow { action: String },
    /// Resources in `Resource` or `NotResource`.
    AddResources,
    /// Actions in `Action` or `NotAction`.
    AddActions,
    /// Values of the condition of that index.
    AddValues { condition: usize },
    /// Values taken out of it.
    RemoveValues { condition: usize },
    /// A condition that spares what goes through the items, inference profiles.
    SpareProfiles,
    /// The items, requests, are to be no part of a Deny.
    TakeOut,
    /// The condition of that index is for the caller to meet.
    Meet { condition: usize },
}

impl Edit {
    /// Whether it begins a statement.
    pub(super) fn is_new(&self) -> bool {
        matches!(self.at, At::Layer(_))
    }

    /// Makes the edit.
    pub(super) fn make(&self, draft: &mut Stack) {
        let id = match self.at {
            At::Statement(id) => id,
            At::Layer(layer) => {
                if let Some(member) = draft.member_mut(layer, 0) {
                    member.policy.statements.extend(self.new_statement());
                }
                return;
            }
        };
        let Some(member) = draft.member_mut(id.layer, id.policy) else { return };
        let statements = &mut member.policy.statements;
        let Some(statement) = statements.get_mut(id.statement) else { return };
        match &self.change {
            // an Allow in a new statement has no id yet
            Change::Allow { .. } => {}
            Change::AddResources => add(statement.resources.as_mut(), &self.items),
            Change::AddActions => add(statement.actions.as_mut(), &self.items),
            Change::AddValues { condition } => {
                if let Some(condition) = statement.conditions.get_mut(*condition) {
                    let known = condition.operator.is_some_and(|operator| operator.comparison.knows_wildcards());
                    condition.values.extend(self.items.iter().map(|item| {
                        let pattern = literal(item);
                        if known { pattern } else { pattern.without_wildcards() }
                    }));
                }
            }
            Change::RemoveValues { condition } => {
                if let Some(condition) = statement.conditions.get_mut(*condition) {
                    condition.values.retain(|value| !self.items.iter().any(|item| item == value.as_str()));
                }
            }
            Change::SpareProfiles => statement.conditions.push(through_others(&self.items)),
            Change::Meet { condition } => {
                if let Some(condition) = statement.conditions.get_mut(*condition) {
                    condition.operator = Operator::parse("ForAllValues:StringLikeIfExists");
                    condition.values = vec![literal("*")];
                }
            }
            // nothing is denied by a statement about nothing
            Change::TakeOut => {
                statement.actions = Some(Elements::new(Span::default(), Span::default(), false, Vec::new()))
            }
        }
    }

    /// The statement that an edit of a layer adds.
    fn new_statement(&self) -> Option<Statement> {
        let Change::Allow { action } = &self.change else { return None };
        let nowhere = Span::default();
        let elements = |items: Vec<Pattern>| Some(Elements::new(nowhere, nowhere, false, items));
        Some(Statement {
            span: nowhere,
            sid: None,
            effect: Effect::Allow,
            effect_span: nowhere,
            actions: elements(vec![literal(action)]),
            resources: elements(self.items.iter().map(|resource| literal(resource)).collect()),
            principal: None,
            conditions: Vec::new(),
            unknown: Vec::new(),
        })
    }

    /// The edit in words.
    pub(super) fn told(self, stack: &Stack) -> Mend {
        let (layer, id) = match self.at {
            At::Statement(id) => (id.layer, Some(id)),
            At::Layer(layer) => (layer, None),
        };
        let place = id.and_then(|id| stack.place(id));
        let written = id.and_then(|id| stack.statement(id));
        let at = place.as_ref().map(StatementPlace::to_string).unwrap_or_default();
        let name = |elements: Option<&Elements>, plain: &str| {
            format!("`{}{plain}`", if elements.is_some_and(|elements| elements.negated) { "Not" } else { "" })
        };
        let condition = |index: usize| {
            let found = written.and_then(|statement| statement.conditions.get(index));
            found.map_or((String::new(), String::new()), |condition| {
                (condition.operator_text.as_str().to_owned(), condition.key.as_str().to_owned())
            })
        };
        let text = match &self.change {
            Change::Allow { action } => {
                format!("add to {} a statement that allows `{action}` on", stack.layer_name(layer))
            }
            Change::AddResources => {
                format!("add to {} of {at}", name(written.and_then(|one| one.resources.as_ref()), "Resource"))
            }
            Change::AddActions => {
                format!("add to {} of {at}", name(written.and_then(|one| one.actions.as_ref()), "Action"))
            }
            Change::AddValues { condition: index } => {
                let (operator, key) = condition(*index);
                format!("add to `{key}`, under `{operator}` in the `Condition` of {at}")
            }
            Change::RemoveValues { condition: index } => {
                let (operator, key) = condition(*index);
                format!("take out of `{key}`, under `{operator}` in the `Condition` of {at}")
            }
            Change::SpareProfiles if written.is_some_and(|one| one.conditions.is_empty()) => {
                format!("add a `Condition` to {at} with, under `{UNLESS_THROUGH}`,")
            }
            Change::SpareProfiles => format!("add under `{UNLESS_THROUGH}` to the `Condition` of {at}"),
            // what is named by a wildcard is not taken out by deleting it
            Change::TakeOut if written.is_some_and(is_of_everything) => {
                format!("name in {at} what it is to deny, without")
            }
            Change::TakeOut => format!("take out of the Deny of {at}"),
            Change::Meet { condition: index } => {
                let (operator, _) = condition(*index);
                format!("make the call so that the condition `{operator}` of {at} holds")
            }
        };
        let items = match self.change {
            Change::SpareProfiles => self.spared(),
            _ => self.items,
        };
        Mend { layer, statement: place, text, items }
    }

    /// The condition key with its values, as a policy writes it.
    fn spared(&self) -> Vec<String> {
        let values: Vec<String> = self.items.iter().map(|item| format!("\"{item}\"")).collect();
        let values = match values.as_slice() {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        vec![format!("\"{INFERENCE_PROFILE_ARN}\": {values}")]
    }
}

/// Whether every resource is meant.
fn is_of_everything(statement: &Statement) -> bool {
    statement.named_resources().iter().any(Pattern::is_any)
}

/// Whether a statement is in no file, and not one of a policy that could not be read.
pub(super) fn is_new(statement: &Statement) -> bool {
    statement.span == Span::default() && statement.named_actions().iter().all(|action| !action.is_open())
}

fn add(elements: Option<&mut Elements>, items: &[String]) {
    if let Some(elements) = elements {
        let patterns = elements.patterns.iter().cloned().chain(items.iter().map(|item| literal(item)));
        *elements = elements.with_patterns(patterns.collect());
    }
}

fn literal(text: &str) -> Pattern {
    Pattern::new(Text::unplaced(text), false)
}

/// How a Deny spares inference profiles; a request that goes through none does not hold the key, and is denied as before.
const UNLESS_THROUGH: &str = "ArnNotLike";

fn through_others(profiles: &[String]) -> Condition {
    Condition {
        operator_text: Text::unplaced(UNLESS_THROUGH),
        operator: Operator::parse(UNLESS_THROUGH),
        key: Text::unplaced(INFERENCE_PROFILE_ARN),
        values: profiles.iter().map(|profile| literal(profile)).collect(),
        values_span: Span::default(),
    }
}
