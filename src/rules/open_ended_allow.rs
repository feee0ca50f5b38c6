//! An Allow that says what it does not grant.

use super::report::{Draft, PolicyCase, Report};
use super::{Check, Rule, wording};
use crate::access::call::{INVOKE, STREAM, model_arn, profile_arn};
use crate::bedrock::Partition;
use crate::finding::Severity;
use crate::formats::PolicyKind;
use crate::iam::{Case, Context, Effect, Elements, Fit, Pattern, Statement};
use crate::text::Text;

pub(super) const RULE: Rule = Rule {
    slug: "open-ended-allow",
    severity: Severity::Warning,
    pedantic: false,
    page: include_str!("../../rules/open-ended-allow.md"),
    checks: &[Check::Policy(check)],
};

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    // a ceiling grants nothing: "all but these" is how ceilings are written
    if case.reading.fact.kind != PolicyKind::Identity {
        return;
    }
    // also statements that do not speak of Amazon Bedrock: not naming it is how they grant it
    for (index, statement) in case.reading.fact.policy.statements.iter().enumerate() {
        let Some(meant) = case.reading.meant.statements.get(index) else {
            continue;
        };
        if let Some((elements, action)) = open_end(meant).filter(|(_, action)| !denied_again(case, action)) {
            report.push(finding(case, statement, elements, action));
        }
    }
}

/// The negated element of an Allow that grants invocation of some model or profile, and the action it grants.
fn open_end(statement: &Statement) -> Option<(&Elements, &'static str)> {
    let negated = |elements: &Option<Elements>| elements.as_ref().is_some_and(|elements| elements.negated);
    if statement.effect != Effect::Allow || !(negated(&statement.actions) || negated(&statement.resources)) {
        return None;
    }
    let action = [INVOKE, STREAM].into_iter().find(|action| statement.covers_action(action) == Fit::Yes)?;
    let resources = statement.resources.as_ref()?;
    let reaches =
        if resources.negated { spares_bedrock(resources) } else { resources.patterns.iter().any(reaches_bedrock) };
    let elements = statement.actions.as_ref().filter(|actions| actions.negated);
    reaches.then_some((elements.unwrap_or(resources), action))
}

/// Whether a `NotResource` leaves models or profiles out, so that they are granted.
fn spares_bedrock(resources: &Elements) -> bool {
    let partition = resources.patterns.first().map_or(Partition::Aws, |first| wording::partition_of(first.as_str()));
    let arns = [
        model_arn(partition, "us-east-1", "any.model"),
        profile_arn(partition, "us-east-1", "111122223333", "us.any.model"),
    ];
    arns.iter().any(|arn| resources.matches(arn, Case::Sensitive, &Context::default()) == Fit::Yes)
}

/// Whether a pattern of `Resource` surely matches resources of Amazon Bedrock.
fn reaches_bedrock(pattern: &Pattern) -> bool {
    let mut fields = pattern.as_str().splitn(4, ':');
    let (scheme, partition, service) = (fields.next(), fields.next(), fields.next());
    match (scheme, partition, service) {
        (Some("arn"), _, Some(service)) => {
            let service = Pattern::new(Text::unplaced(service), false);
            service.matches("bedrock", Case::Sensitive, &Context::default()) == Fit::Yes
        }
        (Some("arn"), Some(partition), None) => partition.ends_with('*'),
        _ => pattern.is_any(),
    }
}

/// Whether a Deny without conditions takes the action away again everywhere.
fn denied_again(case: &PolicyCase<'_>, action: &str) -> bool {
    case.reading.meant.statements.iter().any(|statement| {
        statement.effect == Effect::Deny
            && statement.conditions.is_empty()
            && statement.covers_action(action) == Fit::Yes
            && statement.named_resources().iter().any(Pattern::is_any)
    })
}

fn finding(case: &PolicyCase<'_>, statement: &Statement, elements: &Elements, action: &str) -> Draft {
    let is_action = statement.actions.as_ref().is_some_and(|actions| actions.key == elements.key);
    let (key, what, fix) = if is_action {
        ("NotAction", "every action that it does not name", "`Action`")
    } else {
        ("NotResource", "every resource that it does not name", "`Resource`")
    };
    let message = format!(
        "an Allow with `{key}` grants {what}, `{action}` on Amazon Bedrock's models included, and all that AWS adds later"
    );
    let other = statement.resources.as_ref().filter(|resources| resources.negated && is_action);
    let draft = Draft::new(&RULE, case.at(elements.key), message, "all but these")
        .help(format!("list what is meant under {fix}; to take things away from a grant, use a Deny"))
        .anchor(case.anchor(statement, key));
    match other {
        Some(resources) => draft.related(case.at(resources.key), "and all resources but these"),
        None => draft,
    }
}
