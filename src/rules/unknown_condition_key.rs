//! A condition key that does not exist, or that no request of these actions carries.

use super::report::{Draft, PolicyCase, Report};
use super::{Check, Rule, wording};
use crate::bedrock::{ActionCatalogue, KeyScope};
use crate::finding::{Applicability, Confidence, Severity};
use crate::iam::condition::{Comparison, Quantifier};
use crate::iam::{Case, Condition, Context, Effect, Fit, Statement};
use crate::reading::KeyFault;

pub(super) const RULE: Rule = Rule {
    slug: "unknown-condition-key",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/unknown-condition-key.md"),
    checks: &[Check::Policy(check)],
};

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    let meant = &case.reading.meant.statements;
    for (index, statement, reading) in case.reading.bedrock_statements() {
        for (condition, read) in statement.conditions.iter().zip(&reading.conditions) {
            let draft = match &read.key {
                Some(fault) => Some(no_such_key(case, statement, condition, fault)),
                None => meant.get(index).and_then(|meant| never_carried(case, statement, meant, condition)),
            };
            if let Some(draft) = draft {
                let element = format!("Condition.{}", condition.key.as_str());
                report.push(draft.anchor(case.anchor(statement, &element)));
            }
        }
    }
}

fn no_such_key(case: &PolicyCase<'_>, statement: &Statement, condition: &Condition, fault: &KeyFault) -> Draft {
    let written = condition.key.as_str();
    let at = case.at(condition.key.span());
    let effect = effect(statement.effect, condition);
    let said = effect.map_or("no request carries it", Outcome::words);
    let severity = effect.map_or(Severity::Error, Outcome::severity);
    let draft = match fault {
        KeyFault::Unknown => {
            let date = case.facts.actions.generated();
            let message =
                format!("`{written}` is not among the condition keys known on {date}: unless it is newer, {said}");
            Draft::new(&RULE, at, message, "unknown condition key").confidence(Confidence::Possible)
        }
        KeyFault::NoSuchKey { nearest } => {
            let message = format!("there is no condition key `{written}`: {said}");
            let shown: Vec<String> = nearest.iter().map(|name| name.replace("${TagKey}", "<tag key>")).collect();
            let draft = Draft::new(&RULE, at.clone(), message, "no such condition key")
                .help(format!("write {}", wording::either(&shown)));
            match nearest.as_slice() {
                [one] if !one.contains("${") => {
                    // a condition that holds at last may grant, or no longer refuse
                    draft.replace(at, one.as_str(), "write the key that is meant", Applicability::Unsafe)
                }
                _ => draft,
            }
        }
    };
    draft.severity(severity)
}

/// A key of Amazon Bedrock that none of the statement's actions carries, where that makes a difference.
fn never_carried(
    case: &PolicyCase<'_>,
    statement: &Statement,
    meant: &Statement,
    condition: &Condition,
) -> Option<Draft> {
    let actions = case.facts.actions;
    let written = condition.key.as_str();
    let key = actions.condition_key(written)?;
    let service = key.name.split_once(':').map(|(service, _)| service);
    // global keys may be in any request; those of AWS Marketplace are told of with the other conditions on it
    if key.scope == KeyScope::Global || !matches!(service, Some("bedrock" | "bedrock-mantle")) {
        return None;
    }
    // a condition that an absent key does not keep from holding is a way to write "if there is one"
    let outcome = effect(statement.effect, condition)?;
    if matches!(outcome, Outcome::Unrestricted | Outcome::AlwaysDenies) {
        return None;
    }
    let covered = covered(meant, actions)?;
    if !covered.iter().all(|action| actions.carries(action, key) == Some(false)) {
        return None;
    }
    let names: Vec<&str> = covered.iter().map(|action| &*action.name).collect();
    let carriers: Vec<&str> = actions
        .actions()
        .filter(|action| actions.carries(action, key) == Some(true))
        .map(|action| &*action.name)
        .collect();
    let subject = match names.as_slice() {
        [one] => format!("`{one}`"),
        _ => format!("any of {}", wording::list(&names, 3)),
    };
    let message = format!("no request for {subject} carries `{}`: {}", key.name, outcome.words());
    Some(
        Draft::new(&RULE, case.at(condition.key.span()), message, "never in these requests")
            .help(format!(
                "drop the condition, or put it where its actions are: it is carried by {}",
                wording::list(&carriers, 3)
            ))
            // AWS gives actions more keys from time to time
            .confidence(Confidence::Likely),
    )
}

/// The actions that a statement surely covers, if all of them are known.
fn covered<'c>(meant: &Statement, actions: &'c ActionCatalogue) -> Option<Vec<&'c crate::bedrock::Action>> {
    let patterns = meant.named_actions();
    if patterns.is_empty() || patterns.iter().any(|pattern| pattern.is_open()) {
        return None;
    }
    let mut covered: Vec<&crate::bedrock::Action> = Vec::new();
    for pattern in patterns {
        let matching = |name: &str| pattern.matches(name, Case::Insensitive, &Context::default()) == Fit::Yes;
        let found: Vec<_> = actions.actions().filter(|action| matching(&action.name)).collect();
        let service = pattern.as_str().split(':').next().unwrap_or_default();
        // an action of Bedrock that is not known may carry anything; one of another service carries no key of Bedrock's
        if found.is_empty() && (actions.is_known_service(service) || pattern.has_wildcard()) {
            return None;
        }
        covered.extend(found);
    }
    (!covered.is_empty()).then_some(covered)
}

/// What comes of a condition whose key is in no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    NeverGrants,
    NeverDenies,
    Unrestricted,
    AlwaysDenies,
}

impl Outcome {
    fn words(self) -> &'static str {
        match self {
            Self::NeverGrants => "the condition never holds, so the statement grants nothing",
            Self::NeverDenies => "the condition never holds, so the statement denies nothing",
            Self::Unrestricted => "the condition always holds, so it restricts nothing",
            Self::AlwaysDenies => "the condition always holds, so the statement denies every request",
        }
    }

    fn severity(self) -> Severity {
        match self {
            Self::Unrestricted => Severity::Warning,
            Self::NeverGrants | Self::NeverDenies | Self::AlwaysDenies => Severity::Error,
        }
    }
}

/// `None` where IAM has no operator of that name, or the values are not known.
fn effect(effect: Effect, condition: &Condition) -> Option<Outcome> {
    let operator = condition.operator?;
    let holds = if operator.comparison == Comparison::Null {
        let values: Vec<bool> =
            condition.values.iter().filter_map(|value| value.as_str().to_ascii_lowercase().parse().ok()).collect();
        if values.is_empty() {
            return None;
        }
        values.contains(&true)
    } else {
        match operator.quantifier {
            Some(Quantifier::ForAllValues) => true,
            Some(Quantifier::ForAnyValue) => operator.if_exists,
            None => operator.negated || operator.if_exists,
        }
    };
    Some(match (effect, holds) {
        (Effect::Allow, false) => Outcome::NeverGrants,
        (Effect::Deny, false) => Outcome::NeverDenies,
        (Effect::Allow, true) => Outcome::Unrestricted,
        (Effect::Deny, true) => Outcome::AlwaysDenies,
    })
}
