//! A Region that AWS does not have.

use super::report::{Draft, PolicyCase, Report};
use super::{Check, Rule, wording};
use crate::finding::{Applicability, Confidence, Severity};
use crate::iam::{Condition, Effect, Statement};
use crate::reading::{FaultKind, RegionFault};
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    slug: "unknown-region",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/unknown-region.md"),
    checks: &[Check::Policy(check)],
};

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    for (_, statement, reading) in case.reading.bedrock_statements() {
        if let Some(elements) = &statement.resources {
            let outcome = wording::outcome(statement.effect, elements.negated);
            let element = if elements.negated { "NotResource" } else { "Resource" };
            for (pattern, resource) in elements.patterns.iter().zip(&reading.resources) {
                let text = pattern.text();
                for fault in &resource.faults {
                    let FaultKind::Region(region) = &fault.kind else {
                        continue;
                    };
                    let written = text.as_str().get(fault.range.clone()).unwrap_or_default();
                    let span = text.span_of(fault.range.clone());
                    let outcome = format!("this ARN matches nothing, so {outcome}");
                    let draft = finding(case, span, written, region, "", &outcome);
                    report.push(draft.anchor(case.anchor(statement, element)));
                }
            }
        }
        for (condition, read) in statement.conditions.iter().zip(&reading.conditions) {
            for (value, fault) in condition.values.iter().zip(&read.values) {
                let Some(region) = fault else { continue };
                let operator = condition.operator_text.as_str();
                let outcome = outcome(statement, condition);
                let draft = finding(case, value.text().span(), value.as_str(), region, operator, outcome);
                report.push(draft.anchor(case.anchor(statement, "Condition.aws:RequestedRegion")));
            }
        }
    }
}

/// What comes of a value that no request has.
fn outcome(statement: &Statement, condition: &Condition) -> &'static str {
    let negated = condition.operator.is_some_and(|operator| operator.negated);
    match (statement.effect, negated) {
        (Effect::Allow, false) => "no request has this value, so nothing is granted there",
        (Effect::Allow, true) => "no request has this value, so nothing is taken out of the grant",
        (Effect::Deny, false) => "no request has this value, so nothing is denied there",
        (Effect::Deny, true) => "no request has this value, so the Region that is meant is denied too",
    }
}

fn finding(
    case: &PolicyCase<'_>,
    span: Span,
    written: &str,
    fault: &RegionFault,
    operator: &str,
    outcome: &str,
) -> Draft {
    let (what, label) = match fault {
        RegionFault::Zone { region } => {
            (format!("`{written}` is a zone of `{region}`, not a Region"), "an Availability Zone")
        }
        RegionFault::Name { region } => {
            (format!("`{written}` is the name of the Region `{region}`, not its code"), "a name")
        }
        RegionFault::Case { .. } => {
            (format!("there is no Region `{written}`: codes are in lower case, and case counts here"), "wrong case")
        }
        RegionFault::Misspelt { .. } => (format!("there is no Region `{written}`"), "no such Region"),
        RegionFault::Wildcard { .. } => {
            (format!("`{operator}` takes the wildcard in `{written}` as a plain character"), "not a wildcard here")
        }
        RegionFault::Impossible { .. } => {
            (format!("`{written}` is no Region, whose codes have a form such as `us-east-1`"), "not a Region")
        }
        RegionFault::ForEmpty => (
            format!("`{written}` is no Region, and a model behind a global profile has none in its ARN"),
            "not a Region",
        ),
        RegionFault::Unknown => (
            format!("`{written}` is not among the Regions known on {}", case.facts.catalogue.as_of()),
            "unknown Region",
        ),
    };
    let at = case.at(span);
    match fault {
        RegionFault::Unknown => Draft::new(&RULE, at, format!("{what}: unless it is newer, {outcome}"), label)
            .confidence(Confidence::Possible),
        RegionFault::Wildcard { .. } => Draft::new(&RULE, at, format!("{what}: {outcome}"), label)
            .help("use `StringLike` or `StringNotLike`, or list the Regions"),
        RegionFault::ForEmpty => Draft::new(&RULE, at.clone(), format!("{what}: {outcome}"), label)
            .help("leave the Region empty (`bedrock:::foundation-model/`), or write `*`")
            .replace(at, "", "leave the Region empty", Applicability::Unsafe),
        RegionFault::Impossible { begun, meant } => {
            let draft = Draft::new(&RULE, at.clone(), format!("{what}: {outcome}"), label);
            let in_arn = operator.is_empty();
            match begun.as_slice() {
                [one] => draft.help(format!("write `{one}`")).replace(at, one.as_str(), TITLE, Applicability::Unsafe),
                [] if in_arn => draft.help("write the code of a Region, or `*`"),
                [] => draft.help("write the code of a Region"),
                _ if in_arn => draft.help(format!("write {}, or `{meant}` for all of them", wording::list(begun, 4))),
                _ => draft.help(format!("write {}", wording::list(begun, 4))),
            }
        }
        RegionFault::Misspelt { nearest } => {
            let draft = Draft::new(&RULE, at.clone(), format!("{what}: {outcome}"), label);
            let draft = draft.help(format!("write {}", wording::either(nearest)));
            match nearest.as_slice() {
                [one] => draft.replace(at, one.as_str(), TITLE, Applicability::Unsafe),
                _ => draft,
            }
        }
        RegionFault::Zone { region } | RegionFault::Name { region } | RegionFault::Case { region } => {
            Draft::new(&RULE, at.clone(), format!("{what}: {outcome}"), label)
                .help(format!("write `{region}`"))
                // what matched nothing reaches a Region then
                .replace(at, region.as_str(), TITLE, Applicability::Unsafe)
        }
    }
}

const TITLE: &str = "write the code of the Region";
