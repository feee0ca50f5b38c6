//! AWS's answers in words.

use super::requirements;
use crate::can_invoke::{Answer, NamedStatement, Opinion};
use crate::live::SimulatedDecision;
use crate::phrase::list;
use crate::report::printable;

/// More statements or keys than this are counted.
const NAMED: usize = 4;

/// What AWS answers, as a clause: ``allowed by policy.json:4 (Invoke)``.
pub(super) fn answered(opinion: &Opinion) -> String {
    let decision = match opinion.decision {
        SimulatedDecision::Allowed => "allowed",
        SimulatedDecision::ImplicitDeny => "denied implicitly",
        SimulatedDecision::ExplicitDeny => "denied explicitly",
    };
    // what allows it is named too where a ceiling does not
    let by = if opinion.decision == SimulatedDecision::ImplicitDeny { "in spite of" } else { "by" };
    let mut clauses = vec![match statements(&opinion.statements) {
        Some(statements) => format!("{decision} {by} {statements}"),
        None => decision.to_owned(),
    }];
    if opinion.allowed_by_organization == Some(false) {
        clauses.push("service control policies do not allow it".to_owned());
    }
    if opinion.allowed_by_boundary == Some(false) {
        clauses.push("the permissions boundary does not allow it".to_owned());
    }
    if !opinion.missing_context.is_empty() {
        clauses.push(format!("the request lacks {}", list(&opinion.missing_context, NAMED)));
    }
    clauses.join("; ")
}

/// Statements by their places, and by AWS's own words where they are not found.
fn statements(named: &[NamedStatement]) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    for one in named {
        let word = match &one.place {
            Some(place) => place.to_string(),
            None => format!("a statement of `{}`", one.policy),
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let more = words.len().saturating_sub(NAMED);
    words.truncate(NAMED);
    words.extend((more > 0).then(|| format!("{more} more")));
    let last = words.pop()?;
    Some(if words.is_empty() { last } else { format!("{} and {last}", words.join(", ")) })
}

/// Where AWS decides otherwise, a sentence each.
#[must_use]
pub fn disputes(answer: &Answer) -> Vec<String> {
    let disputed = requirements(&answer.calls).into_iter().filter(|one| one.is_disputed());
    let told = disputed.filter_map(|one| {
        let (need, opinion) = (&one.requirement, one.aws.as_ref()?);
        Some(printable(&format!(
            "AWS disagrees about `{}` on `{}` in {}: {} here ({}), and there {}",
            need.action,
            need.resource,
            need.region,
            one.decision.as_str(),
            one.reason,
            answered(opinion)
        )))
    });
    told.collect()
}
