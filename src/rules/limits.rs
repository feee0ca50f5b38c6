//! What calls and grants name, held against the limits of the settings: shared by the three rules about them.

use super::report::{Draft, PolicyCase};
use super::statements::is_about_a_principal;
use super::{Rule, wording};
use crate::access::call::{INVOKE, STREAM};
use crate::iam::{Context, Effect, Fit, Pattern, Statement};
use crate::reading::ResourceReading;
use crate::settings::{Limit, Limits};
use crate::source::Location;

/// Actions that call a model; a batch job does it in the name of its role.
const CALLS: [&str; 3] = [INVOKE, STREAM, "bedrock:CreateModelInvocationJob"];

/// A resource of an Allow that lets it be called.
pub(super) struct Grant<'a> {
    pub(super) statement: &'a Statement,
    pub(super) pattern: &'a Pattern,
    pub(super) resource: &'a ResourceReading,
}

/// The limits of the settings, if there are settings.
pub(super) fn of<'a>(facts: &super::Facts<'a>) -> Option<&'a Limits> {
    facts.settings.map(|settings| &settings.limits)
}

/// What the Allow statements of a policy let be called, unless a Deny of the same policy takes it back in any case.
pub(super) fn grants<'a>(case: &PolicyCase<'a>) -> Vec<Grant<'a>> {
    let reading = case.reading;
    if !is_about_a_principal(reading.fact.kind) {
        return Vec::new();
    }
    let mut grants = Vec::new();
    for (index, statement, read) in reading.bedrock_statements() {
        let Some(meant) = reading.meant.statements.get(index) else { continue };
        if statement.effect != Effect::Allow || CALLS.iter().all(|call| meant.covers_action(call) == Fit::No) {
            continue;
        }
        for (pattern, resource) in statement.named_resources().iter().zip(&read.resources) {
            if !is_denied(case, pattern) {
                grants.push(Grant { statement, pattern, resource });
            }
        }
    }
    grants
}

/// Whether an unconditional Deny covers all that a pattern matches: its wildcards then lie within those of the Deny.
fn is_denied(case: &PolicyCase<'_>, pattern: &Pattern) -> bool {
    let context = Context::default();
    case.reading.meant.statements.iter().any(|statement| {
        statement.effect == Effect::Deny
            && statement.conditions.is_empty()
            && [INVOKE, STREAM].iter().all(|call| statement.covers_action(call) == Fit::Yes)
            && statement.resources.as_ref().is_some_and(|resources| !resources.negated)
            && statement.covers_resource(pattern.as_str(), &context) == Fit::Yes
    })
}

/// A finding about what a limit does not allow, with the limit beside it.
pub(super) fn draft(rule: &Rule, at: Location, message: String, limit: &Limit) -> Draft {
    Draft::new(rule, at, message, "not allowed").related(limit.at.clone(), "the limit")
}

/// What a limit allows, in words: `allow … only`.
pub(super) fn allowed(limit: &Limit) -> String {
    let written: Vec<&str> = limit.written().collect();
    if written.is_empty() { "allow none".to_owned() } else { format!("allow {} only", wording::list(&written, 4)) }
}
