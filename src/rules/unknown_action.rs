//! An action that does not exist.

use super::report::{Draft, PolicyCase, Report};
use super::{Check, Rule, wording};
use crate::finding::{Applicability, Confidence, Severity};
use crate::iam::{Effect, Elements, Statement};
use crate::reading::ActionFault;
use crate::text::Text;

pub(super) const RULE: Rule = Rule {
    slug: "unknown-action",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/unknown-action.md"),
    checks: &[Check::Policy(check)],
};

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    for (_, statement, reading) in case.reading.bedrock_statements() {
        let Some(elements) = &statement.actions else { continue };
        for (pattern, action) in elements.patterns.iter().zip(&reading.actions) {
            if let Some(fault) = &action.fault {
                report.push(finding(case, statement, elements, pattern.text(), fault));
            }
        }
    }
}

fn finding(
    case: &PolicyCase<'_>,
    statement: &Statement,
    elements: &Elements,
    text: &Text,
    fault: &ActionFault,
) -> Draft {
    let written = text.as_str();
    let what = match (statement.effect, elements.negated) {
        (Effect::Allow, false) => "this grants nothing",
        (Effect::Deny, false) => "this denies nothing",
        (_, true) => "this leaves nothing out",
    };
    let (message, meant) = match fault {
        ActionFault::NoSuchAction { nearest } => (format!("there is no action `{written}`: {what}"), nearest.clone()),
        ActionFault::NoSuchPrefix { real } => {
            let prefix = written.split_once(':').map_or(written, |(prefix, _)| prefix);
            let message = format!("`{prefix}` is the name of a client or an endpoint, not an IAM prefix: {what}");
            (message, real.iter().cloned().collect())
        }
        ActionFault::Blanks { meant } => {
            (format!("`{written}` has blanks around the action, which IAM does not drop: {what}"), vec![meant.clone()])
        }
        ActionFault::MatchesNothing { meant } => (format!("`{written}` matches no action: {what}"), meant.clone()),
        ActionFault::Unknown => {
            let date = case.facts.actions.generated();
            (format!("`{written}` is not among the actions known on {date}: {what}, unless it is newer"), Vec::new())
        }
    };
    let element = if elements.negated { "NotAction" } else { "Action" };
    let mut draft =
        Draft::new(&RULE, case.at(text.span()), message, "no such action").anchor(case.anchor(statement, element));
    if *fault == ActionFault::Unknown {
        return draft.confidence(Confidence::Possible);
    }
    // AWS's own samples list `bedrock:Converse` beside the real actions of a Deny, where it does no harm
    if statement.effect == Effect::Deny && meant.first().is_some_and(|meant| lists(elements, meant)) {
        draft = draft.severity(Severity::Note);
    }
    match meant.as_slice() {
        [] => draft,
        [first, ..] => draft.help(format!("write {}", wording::either(&meant))).replace(
            case.at(text.span()),
            first.as_str(),
            "write the action that is meant",
            // another action may grant more than this one, which grants nothing
            Applicability::Unsafe,
        ),
    }
}

/// Whether the same element lists the action that was meant.
fn lists(elements: &Elements, meant: &str) -> bool {
    elements.patterns.iter().any(|pattern| {
        pattern.matches(meant, crate::iam::Case::Insensitive, &crate::iam::Context::default()) == crate::iam::Fit::Yes
    })
}
