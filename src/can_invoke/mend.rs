//! The smallest edits that would mend a denied call: what to add to which statement, or which exemption a Deny wants.
//!
//! Each edit is made on a copy of the policies, and the request asked again, until it is no longer denied: what is told
//! is what helps.

use super::edit::{At, Change, Edit, is_new};
use super::stack::{Member, Stack, StatementPlace, is_no_key};
use crate::access::call::profile_anywhere;
use crate::bedrock::ArnFields;
use crate::iam::condition::Comparison;
use crate::iam::request::{INFERENCE_PROFILE_ARN, REQUESTED_REGION};
use crate::iam::{
    Condition, Decision, Effect, Elements, Fit, Held, Layer, NearMiss, Operator, Pattern, Policy, Request, Statement,
    StatementId,
};

/// An edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mend {
    /// The layer whose policies are to be edited.
    pub layer: Layer,
    /// The statement to edit; `None` for a new one.
    pub statement: Option<StatementPlace>,
    /// What to do, as a clause that [`Mend::items`] complete.
    pub text: String,
    /// What is added or taken away, as it is written in a policy.
    pub items: Vec<String>,
}

/// More edits than this for one request, and it is not understood.
const ROUNDS: usize = 24;

/// The edits after which none of these requests is denied.
pub(super) fn mends<'r>(stack: &Stack, denied: impl Iterator<Item = &'r Request>) -> Vec<Mend> {
    edits(stack, denied).0.into_iter().map(|edit| edit.told(stack)).collect()
}

/// The edits, and the policies after them.
fn edits<'r>(stack: &Stack, denied: impl Iterator<Item = &'r Request>) -> (Vec<Edit>, Stack) {
    let mut draft = stack.clone();
    if draft.identity.is_empty() {
        // somewhere to write a statement
        let policy = Policy { statements: Vec::new(), ..Policy::unread() };
        draft.identity.push(Member { policy, fact: None });
    }
    let mut edits: Vec<Edit> = Vec::new();
    for request in denied {
        // a Deny that this request is to be no part of still denies the others
        let mut spared: Option<Stack> = None;
        for _ in 0..ROUNDS {
            let now = spared.as_ref().unwrap_or(&draft);
            let proposed = match now.decide(request) {
                Decision::DeniedExplicitly { by } => spare(now, by, request),
                Decision::DeniedImplicitly { layer, near } => Some(grant(now, layer, &near, request)),
                Decision::Allowed { .. } | Decision::Unknown { .. } => break,
            };
            let Some(edit) = proposed else { break };
            if edit.change == Change::TakeOut {
                edit.make(spared.get_or_insert_with(|| draft.clone()));
            } else {
                edit.make(&mut draft);
                if let Some(spared) = &mut spared {
                    edit.make(spared);
                }
            }
            note(&mut edits, edit, stack);
        }
    }
    (edits, draft)
}

/// Adds an edit, together with one that does the same in the same place. What is added to something that is new itself
/// belongs to the edit that began it.
fn note(edits: &mut Vec<Edit>, mut edit: Edit, stack: &Stack) {
    if let At::Statement(id) = edit.at {
        match (stack.statement(id), &edit.change) {
            (None, _) => {
                // new statements stand behind the old ones, in the order of the edits
                let old = stack.members(id.layer).first().map_or(0, |member| member.policy.statements.len());
                let mut new = edits.iter_mut().filter(|known| known.at == At::Layer(id.layer));
                if let Some(known) = id.statement.checked_sub(old).and_then(|index| new.nth(index)) {
                    known.items.extend(edit.items);
                }
                return;
            }
            (Some(statement), Change::AddValues { condition }) if statement.conditions.get(*condition).is_none() => {
                edit.change = Change::SpareProfiles;
            }
            _ => {}
        }
    }
    match edits.iter_mut().find(|known| known.at == edit.at && known.change == edit.change && !known.is_new()) {
        Some(known) => known.items.extend(edit.items),
        None => edits.push(edit),
    }
}

/// The edit of a Deny after which it no longer denies the request.
fn spare(draft: &Stack, id: StatementId, request: &Request) -> Option<Edit> {
    let statement = draft.statement(id)?;
    let at = At::Statement(id);
    let edit = |change, item: &str| Some(Edit { at, change, items: vec![item.to_owned()] });
    let negated = |elements: Option<&Elements>| elements.is_some_and(|elements| elements.negated);
    if negated(statement.resources.as_ref()) && request.resource != "*" {
        return edit(Change::AddResources, &request.resource);
    }
    let profile = one_value(request, INFERENCE_PROFILE_ARN);
    let by_key = |key: &str| {
        let mut numbered = statement.conditions.iter().enumerate();
        numbered.find(|(_, condition)| condition.is_about(key))
    };
    if let Some(profile) = profile {
        match by_key(INFERENCE_PROFILE_ARN).map(|(index, condition)| (index, condition.operator)) {
            None => return edit(Change::SpareProfiles, &profile_anywhere(profile)),
            Some((condition, Some(operator))) if operator.negated => {
                let value =
                    if operator.comparison.knows_wildcards() { profile_anywhere(profile) } else { profile.to_owned() };
                return edit(Change::AddValues { condition }, &value);
            }
            Some(_) => {}
        }
    }
    if let Some((condition, found)) = by_key(REQUESTED_REGION)
        && let Some(region) = one_value(request, REQUESTED_REGION)
        && let Some(edit) = region_edit(at, condition, found, region)
    {
        return Some(edit);
    }
    if negated(statement.actions.as_ref()) {
        return edit(Change::AddActions, &request.action);
    }
    edit(Change::TakeOut, &format!("{} on {}", request.action, request.resource))
}

/// The edit of a condition on the Region of a Deny after which it no longer holds.
fn region_edit(at: At, condition: usize, found: &Condition, region: &str) -> Option<Edit> {
    let operator = found.operator.filter(|operator| {
        matches!(
            operator.comparison,
            Comparison::StringEquals | Comparison::StringLike | Comparison::StringEqualsIgnoreCase
        )
    })?;
    if operator.negated {
        return Some(Edit { at, change: Change::AddValues { condition }, items: vec![region.to_owned()] });
    }
    // a pattern that matches it matches others as well
    let named = found.values.iter().map(Pattern::as_str).filter(|value| value.eq_ignore_ascii_case(region));
    let items: Vec<String> = named.map(str::to_owned).collect();
    let alone = items.len() == found.values.len();
    (!items.is_empty() && !alone).then_some(Edit { at, change: Change::RemoveValues { condition }, items })
}

/// The edit of a layer after which it allows the request, or is nearer to it.
fn grant(draft: &Stack, layer: Layer, near: &[NearMiss], request: &Request) -> Edit {
    let by_condition = near.first().and_then(|miss| widen(draft, miss, request));
    if let Some(edit) = by_condition.or_else(|| extend(draft, layer, request)) {
        return edit;
    }
    let items = vec![request.resource.clone()];
    let mut new = draft.statements(layer).filter(|(_, statement)| is_new(statement));
    match new.find(|(_, statement)| statement.covers_action(&request.action) == Fit::Yes) {
        Some((id, _)) => Edit { at: At::Statement(id), change: Change::AddResources, items },
        None => Edit { at: At::Layer(layer), change: Change::Allow { action: request.action.clone() }, items },
    }
}

/// A value more in a condition that fails.
fn widen(draft: &Stack, miss: &NearMiss, request: &Request) -> Option<Edit> {
    let statement = draft.statement(miss.statement)?;
    let condition = *miss.failed.first()?;
    let found = statement.conditions.get(condition)?;
    let operator = found.operator?;
    let at = At::Statement(miss.statement);
    let is_about_call = found.is_about(REQUESTED_REGION) || found.is_about(INFERENCE_PROFILE_ARN);
    match one_value(request, found.key.as_str()) {
        Some(value) if takes_values(operator) && is_about_call => {
            Some(Edit { at, change: Change::AddValues { condition }, items: vec![value.to_owned()] })
        }
        // another statement grants it, without that condition
        _ if is_about_call || is_no_key(found.key.as_str()) => None,
        _ => {
            let key = found.key.as_str();
            let items = found.values.iter().map(|value| format!("{key} = {}", value.as_str())).collect();
            Some(Edit { at, change: Change::Meet { condition }, items })
        }
    }
}

/// Whether a request value that a condition does not accept can be added to its values.
fn takes_values(operator: Operator) -> bool {
    let listed = matches!(
        operator.comparison,
        Comparison::StringEquals | Comparison::StringEqualsIgnoreCase | Comparison::StringLike | Comparison::Arn
    );
    listed && !operator.negated
}

/// A resource more, or an action more, in a statement that allows something like it under conditions that hold.
fn extend(draft: &Stack, layer: Layer, request: &Request) -> Option<Edit> {
    let fits = |statement: &Statement| {
        statement.effect == Effect::Allow
            && statement.conditions.iter().all(|condition| condition.holds(&request.context) == Fit::Yes)
            && [&statement.actions, &statement.resources].into_iter().flatten().all(|elements| !elements.negated)
    };
    let statements = || draft.statements(layer).filter(|(_, statement)| fits(statement));
    let wanted = ArnFields::split(&request.resource);
    let alike = |pattern: &Pattern| {
        let written = ArnFields::split(pattern.as_str());
        let kind = |fields: &Option<ArnFields<'_>>| {
            fields.as_ref().map(|fields| (fields.service.text.to_owned(), fields.resource_type.text.to_owned()))
        };
        wanted.is_some() && kind(&written) == kind(&wanted)
    };
    let same_id = |pattern: &Pattern| {
        let id = wanted.as_ref().and_then(|fields| fields.resource_id.as_ref());
        id.is_some_and(|id| pattern.as_str().ends_with(id.text))
    };
    let covering = || statements().filter(|(_, statement)| statement.covers_action(&request.action) == Fit::Yes);
    let of_kind = |fits: &dyn Fn(&Pattern) -> bool| {
        covering().find(|(_, statement)| statement.named_resources().iter().any(fits)).map(|(id, _)| id)
    };
    if let Some(id) = of_kind(&|pattern| alike(pattern) && same_id(pattern)).or_else(|| of_kind(&alike)) {
        return Some(Edit {
            at: At::Statement(id),
            change: Change::AddResources,
            items: vec![request.resource.clone()],
        });
    }
    let service = request.action.split(':').next().unwrap_or_default();
    let of_service =
        |pattern: &Pattern| pattern.as_str().split(':').next().is_some_and(|one| one.eq_ignore_ascii_case(service));
    let others = |fits: &dyn Fn(&Statement) -> bool| {
        let mut others = statements().filter(|(_, statement)| {
            !is_new(statement) && statement.named_actions().iter().any(of_service) && fits(statement)
        });
        others.next().map(|(id, _)| id)
    };
    let covers = |statement: &Statement| statement.covers_resource(&request.resource, &request.context) == Fit::Yes;
    // the resource follows in the next round
    let names = |statement: &Statement| statement.named_resources().iter().any(|one| alike(one) && same_id(one));
    let id = others(&covers).or_else(|| others(&names))?;
    Some(Edit { at: At::Statement(id), change: Change::AddActions, items: vec![request.action.clone()] })
}

/// The one value that the request holds under a key.
fn one_value<'r>(request: &'r Request, key: &str) -> Option<&'r str> {
    match request.context.get(key) {
        Held::Values(values) => match values.as_slice() {
            [one] => Some(one),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
#[path = "mend_tests.rs"]
mod tests;
