//! A condition on AWS Marketplace actions that never holds for some of them, or always.

use super::report::{Draft, PolicyCase, Report};
use super::statements::{SUBSCRIPTION, UNSUBSCRIBE, VIEW, granted_plainly, is_about_a_principal};
use super::{Check, Rule, wording};
use crate::bedrock::MARKETPLACE_REGION;
use crate::finding::{Confidence, Severity};
use crate::iam::condition::{Comparison, Quantifier};
use crate::iam::request::Held;
use crate::iam::{Case, Condition, Context, Effect, Fit, Statement};

pub(super) const RULE: Rule = Rule {
    slug: "vacuous-marketplace-condition",
    severity: Severity::Warning,
    pedantic: false,
    page: include_str!("../../rules/vacuous-marketplace-condition.md"),
    checks: &[Check::Policy(check)],
};

const PRODUCT: &str = "aws-marketplace:ProductId";
const REGION: &str = "aws:RequestedRegion";

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    if !is_about_a_principal(case.reading.fact.kind) {
        return;
    }
    for (index, _, _) in case.reading.bedrock_statements() {
        let Some(statement) = case.reading.meant.statements.get(index) else {
            continue;
        };
        if statement.effect != Effect::Allow {
            continue;
        }
        let named = |action: &&'static str| names(statement, action);
        let actions: Vec<&'static str> = SUBSCRIPTION.into_iter().filter(named).collect();
        if !actions.is_empty() {
            product(case, statement, &actions, report);
            region(case, statement, &actions, report);
        }
    }
}

/// Whether a statement names an action of AWS Marketplace, by a pattern of that service. A statement about everything
/// has its conditions for other reasons.
fn names(statement: &Statement, action: &str) -> bool {
    statement.named_actions().iter().any(|pattern| {
        let ours = pattern.as_str().to_ascii_lowercase().starts_with("aws-marketplace:");
        ours && pattern.matches(action, Case::Insensitive, &Context::default()) == Fit::Yes
    })
}

/// The product id is in requests to subscribe only.
fn product(case: &PolicyCase<'_>, statement: &Statement, actions: &[&'static str], report: &mut Report) {
    let mut without = Context::default();
    without.set(PRODUCT, Held::Absent);
    let about: Vec<&Condition> = statement.conditions.iter().filter(|condition| condition.is_about(PRODUCT)).collect();
    if let Some(condition) = about.iter().find(|condition| condition.holds(&without) == Fit::No) {
        let refused: Vec<&str> = [VIEW, UNSUBSCRIBE]
            .into_iter()
            .filter(|action| actions.contains(action) && !granted_plainly(&case.reading.meant, action))
            .collect();
        if !refused.is_empty() {
            never(case, statement, condition, &refused, report);
        }
        return;
    }
    let always = about.iter().find(|condition| {
        condition.operator.is_some_and(|operator| {
            operator.quantifier == Some(Quantifier::ForAllValues) && operator.comparison != Comparison::Null
        })
    });
    let Some(condition) = always else { return };
    let message = format!(
        "`{}` also holds for a request without any `{PRODUCT}`: whatever carries no product id passes as if the \
         condition were not there",
        condition.operator_text.as_str()
    );
    report.push(
        Draft::new(
            &RULE,
            case.at(condition.operator_text.span()),
            message,
            "true when the key is absent",
        )
        .help(
            "write `ForAnyValue:StringEquals`, and keep only `aws-marketplace:Subscribe` under it: the other actions \
             carry no product id",
        )
        .confidence(Confidence::Likely)
        .anchor(case.anchor(statement, "Condition.aws-marketplace:ProductId"))
        .related(case.at(condition.key.span()), "the key"),
    );
}

fn never(case: &PolicyCase<'_>, statement: &Statement, condition: &Condition, refused: &[&str], report: &mut Report) {
    // policies that AWS manages put a product id on Unsubscribe, against what its reference says
    let confidence = if refused.contains(&VIEW) { Confidence::Certain } else { Confidence::Possible };
    let (_, them) = wording::number(refused.len());
    let mut message = format!(
        "requests for {} carry no `{PRODUCT}`, so this condition never holds for {them} and the statement does not \
         grant {them}",
        wording::list(refused, 2)
    );
    if refused.contains(&VIEW) {
        message.push_str(": the first call of the model is refused");
    }
    report.push(
        Draft::new(&RULE, case.at(condition.key.span()), message, "present only when subscribing")
            .help(format!(
                "keep `aws-marketplace:Subscribe` under the condition, and grant {} in a statement without it",
                wording::list(refused, 2)
            ))
            .confidence(confidence)
            .anchor(case.anchor(statement, "Condition.aws-marketplace:ProductId")),
    );
}

/// The Region of a Marketplace request is not that of the model call.
fn region(case: &PolicyCase<'_>, statement: &Statement, actions: &[&'static str], report: &mut Report) {
    let mut there = Context::default();
    there.set(REGION, Held::Values(vec![MARKETPLACE_REGION.to_owned()]));
    let refuses = |condition: &&Condition| condition.is_about(REGION) && condition.holds(&there) == Fit::No;
    let Some(condition) = statement.conditions.iter().find(refuses) else {
        return;
    };
    let refused: Vec<&str> =
        actions.iter().copied().filter(|action| !granted_plainly(&case.reading.meant, action)).collect();
    if refused.is_empty() {
        return;
    }
    let (_, them) = wording::number(refused.len());
    let message = format!(
        "requests to AWS Marketplace do not carry the Region that the model is called in: with this condition on \
         `{REGION}` the statement does not grant {}, and the first call of the model is refused",
        wording::list(&refused, 3)
    );
    report.push(
        Draft::new(
            &RULE,
            case.at(condition.key.span()),
            message,
            "not the Region of the model call",
        )
        .help(format!(
            "grant {them} in a statement without `{REGION}`; `aws:CalledViaLast` = `bedrock.amazonaws.com` limits {them} \
             to what Amazon Bedrock does for the caller"
        ))
        .confidence(Confidence::Likely)
        .anchor(case.anchor(statement, "Condition.aws:RequestedRegion")),
    );
}
