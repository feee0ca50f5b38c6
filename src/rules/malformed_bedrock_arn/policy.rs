//! ARNs of `Resource` and `NotResource`: IAM compares them, and these match nothing.

use super::words::{Filler, Flaw, Place, Written, flaw, mended, only_account, reasons};
use crate::finding::{Applicability, Confidence};
use crate::iam::{Effect, Elements, Statement};
use crate::rules::report::{Draft, PolicyCase, Report};
use crate::rules::wording;
use crate::text::Text;

pub(super) fn check(case: &PolicyCase<'_>, report: &mut Report) {
    for (_, statement, reading) in case.reading.bedrock_statements() {
        let Some(elements) = &statement.resources else { continue };
        for (pattern, resource) in elements.patterns.iter().zip(&reading.resources) {
            if resource.faults.is_empty() {
                continue;
            }
            let arn = Written {
                facts: case.facts,
                text: pattern.text(),
                region: resource.region.as_ref().map(|region| region.code.as_str()),
                // a wildcard that nobody asked for
                any_region: Some(("*", Applicability::DisplayOnly)),
                account: Some(sibling_account(case)),
                place: Place::Policy,
            };
            let flaws: Vec<Flaw> = resource.faults.iter().filter_map(|fault| flaw(&arn, fault)).collect();
            if !flaws.is_empty() {
                report.push(finding(case, statement, elements, arn.text, &flaws));
            }
        }
    }
}

fn finding(case: &PolicyCase<'_>, statement: &Statement, elements: &Elements, text: &Text, flaws: &[Flaw]) -> Draft {
    let (reasons, confidence) = reasons(flaws);
    let outcome = wording::outcome(statement.effect, elements.negated);
    let message = if confidence == Confidence::Possible {
        format!("{reasons}: unless the type is newer, {outcome}")
    } else {
        format!("this ARN matches nothing, so {outcome}: {reasons}")
    };
    let label = flaws.first().map_or("malformed", |flaw| flaw.label);
    let element = if elements.negated { "NotResource" } else { "Resource" };
    let draft = Draft::new(&super::RULE, case.at(text.span()), message, label)
        .confidence(confidence)
        .anchor(case.anchor(statement, element));
    // a resource that is spared from a Deny is a resource that becomes reachable
    let spares = statement.effect == Effect::Deny && elements.negated;
    let safest = if spares { Applicability::Unsafe } else { Applicability::Safe };
    mended(draft, text, flaws, safest, |range| case.at(text.span_of(range)))
}

/// The account that the other ARNs of the policy name, if they agree; else a wildcard that nobody asked for.
fn sibling_account<'a>(case: &PolicyCase<'a>) -> Filler<'a> {
    let statements = &case.reading.fact.policy.statements;
    let arns = statements.iter().flat_map(|statement| statement.named_resources()).map(|arn| arn.as_str());
    only_account(arns).map_or(("*", Applicability::DisplayOnly), |account| (account, Applicability::Unsafe))
}
