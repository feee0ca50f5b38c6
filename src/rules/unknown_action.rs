//! An action that does not exist.

use super::report::{Draft, PolicyCase, Report};
use super::{Check, Facts, MentionCase, Rule, wording};
use crate::bedrock::ActionKind;
use crate::finding::{Applicability, Confidence, Severity};
use crate::iam::{Case, Context, Effect, Elements, Fit, Pattern, Statement};
use crate::reading::ActionFault;
use crate::source::Location;
use crate::text::Text;

pub(super) const RULE: Rule = Rule {
    slug: "unknown-action",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/unknown-action.md"),
    checks: &[Check::Policy(check), Check::Mention(check_mention)],
};

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    for (_, statement, reading) in case.reading.bedrock_statements() {
        let Some(elements) = &statement.actions else { continue };
        for (pattern, action) in elements.patterns.iter().zip(&reading.actions) {
            let Some(fault) = &action.fault else { continue };
            let stands_for = stands_for(case, pattern.text().as_str(), fault);
            let is_harmless = statement.effect == Effect::Allow && !elements.negated && !stands_for.is_empty();
            if is_harmless && stands_for.iter().all(|action| is_granted_too(case, statement, action)) {
                report.push(harmless(case, statement, pattern.text(), fault, &stands_for));
            } else {
                report.push(finding(case, statement, elements, pattern.text(), fault));
            }
        }
    }
}

/// The actions that a name is known to stand for: those behind an API operation for example. Empty where it is a guess.
fn stands_for(case: &PolicyCase<'_>, written: &str, fault: &ActionFault) -> Vec<String> {
    let actions = case.facts.actions;
    let documented = |name: &str| match actions.classify_action(name) {
        ActionKind::NotAnAction { meant, .. } => meant.map(str::to_owned),
        ActionKind::Known(action) => Some(action.name.to_string()),
        _ => None,
    };
    match fault {
        ActionFault::NoSuchAction { .. } => documented(written).into_iter().collect(),
        ActionFault::NoSuchPrefix { real } => real.as_deref().and_then(documented).into_iter().collect(),
        ActionFault::MatchesNothing { meant } => meant.clone(),
        ActionFault::Blanks { .. } | ActionFault::Unknown => Vec::new(),
    }
}

/// Whether the statement, or another one without conditions, grants an action on all resources of the statement.
fn is_granted_too(case: &PolicyCase<'_>, statement: &Statement, action: &str) -> bool {
    let grants = |other: &&Statement| other.effect == Effect::Allow && other.covers_action(action) == Fit::Yes;
    if grants(&statement) {
        return true;
    }
    let others = || case.reading.fact.policy.statements.iter().filter(grants).filter(|one| one.conditions.is_empty());
    let is_granted = |resource: &Pattern| {
        let covers = |other: &Pattern| {
            let text = resource.as_str();
            other.as_str() == text || other.matches_resource(text, &Context::default()) == Fit::Yes
        };
        others().any(|other| other.named_resources().iter().any(covers))
    };
    let resources = statement.named_resources();
    !resources.is_empty() && resources.iter().all(is_granted)
}

/// A name that grants nothing beside the actions that it stands for.
fn harmless(
    case: &PolicyCase<'_>,
    statement: &Statement,
    text: &Text,
    fault: &ActionFault,
    stands_for: &[String],
) -> Draft {
    let what = format!("this grants nothing beside {}, which the policy grants already", wording::list(stands_for, 2));
    let (message, _) = said(case.facts, text.as_str(), fault, &what);
    Draft::new(&RULE, case.at(text.span()), message, "no such action")
        .severity(Severity::Note)
        .help("leave it out: what it stands for is granted without it")
        .anchor(case.anchor(statement, "Action"))
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
    let (message, meant) = said(case.facts, written, fault, what);
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
    mended(draft, case.at(text.span()), &meant)
}

/// A string by itself that is written like an action. One that nothing is near to may be something else.
fn check_mention(case: &MentionCase<'_>, report: &mut Report) {
    let Some(fault) = case.action().and_then(|action| action.fault.as_ref()) else { return };
    if *fault == ActionFault::Unknown {
        return;
    }
    let text = case.text();
    let (message, meant) = said(case.facts, text.as_str(), fault, "a policy that names it says nothing by it");
    let at = case.at(text.span());
    report.push_once(mended(case.draft(&RULE, at.clone(), message, "no such action"), at, &meant), "and here");
}

/// What is wrong, and the actions that may be meant.
fn said(facts: &Facts<'_>, written: &str, fault: &ActionFault, what: &str) -> (String, Vec<String>) {
    match fault {
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
            let date = facts.actions.generated();
            (format!("`{written}` is not among the actions known on {date}: {what}, unless it is newer"), Vec::new())
        }
    }
}

fn mended(draft: Draft, at: Location, meant: &[String]) -> Draft {
    match meant {
        [] => draft,
        [first, ..] => draft.help(format!("write {}", wording::either(meant))).replace(
            at,
            first.as_str(),
            "write the action that is meant",
            // another action may grant more than this one, which grants nothing
            Applicability::Unsafe,
        ),
    }
}

/// Whether the same element lists the action that was meant.
fn lists(elements: &Elements, meant: &str) -> bool {
    elements.patterns.iter().any(|pattern| pattern.matches(meant, Case::Insensitive, &Context::default()) == Fit::Yes)
}
