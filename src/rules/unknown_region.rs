//! A Region that AWS does not have.
//!
//! Owns the Region wherever it stands: in an ARN or a condition of a policy, in the settings of an adapter, in a model's
//! name or ARN there. A Region that is missing or blank is `missing-region`; one that is known is read as meant by the
//! rules about routes.

use super::report::{AdapterCase, Draft, PolicyCase, Report};
use super::{Check, Facts, MentionCase, Rule, wording};
use crate::finding::{Applicability, Confidence, Severity};
use crate::iam::{Condition, Effect, Statement};
use crate::reading::{Fault, FaultKind, RegionFault};
use crate::source::Location;

pub(super) const RULE: Rule = Rule {
    slug: "unknown-region",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/unknown-region.md"),
    checks: &[Check::Policy(check), Check::Adapter(check_adapter), Check::Mention(check_mention)],
};

/// Where it stands.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// In an ARN of a policy.
    PolicyArn,
    /// Under a condition operator.
    Condition(&'a str),
    /// In what an adapter calls.
    Call,
}

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    for (_, statement, reading) in case.reading.bedrock_statements() {
        if let Some(elements) = &statement.resources {
            let outcome = wording::outcome(statement.effect, elements.negated);
            let outcome = format!("this ARN matches nothing, so {outcome}");
            let element = if elements.negated { "NotResource" } else { "Resource" };
            for (pattern, resource) in elements.patterns.iter().zip(&reading.resources) {
                let text = pattern.text();
                for (fault, region) in region_faults(&resource.faults) {
                    let written = text.as_str().get(fault.range.clone()).unwrap_or_default();
                    let at = case.at(text.span_of(fault.range.clone()));
                    let draft = finding(case.facts, at, written, region, Place::PolicyArn, &outcome);
                    report.push(draft.anchor(case.anchor(statement, element)));
                }
            }
        }
        for (condition, read) in statement.conditions.iter().zip(&reading.conditions) {
            for (value, fault) in condition.values.iter().zip(&read.values) {
                let Some(region) = fault else { continue };
                let place = Place::Condition(condition.operator_text.as_str());
                let outcome = outcome(statement, condition);
                let draft = finding(case.facts, case.at(value.text().span()), value.as_str(), region, place, outcome);
                report.push(draft.anchor(case.anchor(statement, "Condition.aws:RequestedRegion")));
            }
        }
    }
}

fn check_adapter(case: &AdapterCase<'_>, report: &mut Report) {
    if let (Some(field), Some(fault)) = (&case.adapter().region, case.reading.region.fault()) {
        let outcome = "no endpoint is called that, so every call fails";
        let draft = finding(case.facts, case.at_value(field), field.value.as_str(), fault, Place::Call, outcome);
        // `add-your-region` in an example is for whoever copies it
        let to_fill_in = case.reading.fact.example && matches!(fault, RegionFault::Impossible { .. });
        let draft = if to_fill_in { draft.severity(Severity::Note) } else { draft };
        report.push(draft.anchor(case.anchor(field)));
    }
    for (field, reading) in case.reading.called() {
        let own = reading.region.as_ref().and_then(|region| region.fault());
        if let (Some(text), Some(fault)) = (&field.region, own) {
            // the client takes nothing else for a Region
            let outcome = "it is taken for a part of the model's id, so the call is refused";
            let draft = finding(case.facts, case.at(text.span()), text.as_str(), fault, Place::Call, outcome);
            report.push(draft.anchor(case.anchor(&field.field)));
        }
        for (fault, region) in region_faults(&reading.faults) {
            let written = field.id.as_str().get(fault.range.clone()).unwrap_or_default();
            let at = case.at(field.id.span_of(fault.range.clone()));
            let draft = finding(case.facts, at, written, region, Place::Call, "the call is refused");
            report.push(draft.anchor(case.anchor(&field.field)));
        }
    }
}

/// A lone ARN: what no Region could be called is often to be filled in.
fn check_mention(case: &MentionCase<'_>, report: &mut Report) {
    let Some(reading) = case.model() else { return };
    let text = case.text();
    for (fault, region) in region_faults(&reading.faults) {
        if matches!(region, RegionFault::Impossible { .. } | RegionFault::Unknown) {
            continue;
        }
        let written = text.as_str().get(fault.range.clone()).unwrap_or_default();
        let (what, label) = said(case.facts, written, region, Place::PolicyArn);
        let at = case.at(text.span_of(fault.range.clone()));
        let draft = case.draft(&RULE, at.clone(), format!("{what}: this ARN names nothing"), label);
        report.push_once(mended(draft, at, region, Place::PolicyArn), "and here");
    }
}

fn region_faults(faults: &[Fault]) -> impl Iterator<Item = (&Fault, &RegionFault)> {
    faults.iter().filter_map(|fault| match &fault.kind {
        FaultKind::Region(region) => Some((fault, region)),
        _ => None,
    })
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
    facts: &Facts<'_>,
    at: Location,
    written: &str,
    fault: &RegionFault,
    place: Place<'_>,
    outcome: &str,
) -> Draft {
    let (what, label) = said(facts, written, fault, place);
    if *fault == RegionFault::Unknown {
        return Draft::new(&RULE, at, format!("{what}: unless it is newer, {outcome}"), label)
            .confidence(Confidence::Possible);
    }
    let draft = Draft::new(&RULE, at.clone(), format!("{what}: {outcome}"), label);
    mended(draft, at, fault, place)
}

/// Adds what to write.
fn mended(draft: Draft, at: Location, fault: &RegionFault, place: Place<'_>) -> Draft {
    let write = |draft: Draft, code: &str| {
        // what matched or reached nothing reaches a Region then
        let draft = draft.help(format!("write `{code}`"));
        draft.replace(at.clone(), code, "write the code of the Region", Applicability::Unsafe)
    };
    match fault {
        RegionFault::Zone { region } | RegionFault::Name { region } | RegionFault::Case { region } => {
            write(draft, region)
        }
        RegionFault::Wildcard { .. } => draft.help("use `StringLike` or `StringNotLike`, or list the Regions"),
        RegionFault::ForEmpty if matches!(place, Place::Call) => {
            draft.help("write the code of the Region that is called, or the id of the model in the place of the ARN")
        }
        RegionFault::ForEmpty => draft
            .help("leave the Region empty (`bedrock:::foundation-model/`), or write `*`")
            .replace(at, "", "leave the Region empty", Applicability::Unsafe),
        RegionFault::Misspelt { nearest: codes } | RegionFault::Impossible { begun: codes, .. } if codes.len() == 1 => {
            codes.iter().fold(draft, |draft, code| write(draft, code))
        }
        RegionFault::Misspelt { nearest } => draft.help(format!("write {}", wording::either(nearest))),
        RegionFault::Impossible { begun, meant } => match (begun.as_slice(), place) {
            ([], Place::PolicyArn) => draft.help("write the code of a Region, or `*`"),
            ([], _) => draft.help("write the code of a Region"),
            (_, Place::PolicyArn) => {
                draft.help(format!("write {}, or `{meant}` for all of them", wording::list(begun, 4)))
            }
            (_, Place::Condition(_)) => draft.help(format!("write {}", wording::list(begun, 4))),
            (_, Place::Call) => draft.help(format!("write {}", wording::either(begun))),
        },
        RegionFault::Unknown => draft,
    }
}

/// What is wrong, and the label.
fn said(facts: &Facts<'_>, written: &str, fault: &RegionFault, place: Place<'_>) -> (String, &'static str) {
    match fault {
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
            let operator = if let Place::Condition(operator) = place { operator } else { "this place" };
            (format!("`{operator}` takes the wildcard in `{written}` as a plain character"), "not a wildcard here")
        }
        RegionFault::Impossible { .. } => {
            (format!("`{written}` is no Region, whose codes have a form such as `us-east-1`"), "not a Region")
        }
        RegionFault::ForEmpty if matches!(place, Place::Call) => {
            (format!("`{written}` is no Region, and a call goes to one"), "not a Region")
        }
        RegionFault::ForEmpty => (
            format!("`{written}` is no Region, and a model behind a global profile has none in its ARN"),
            "not a Region",
        ),
        RegionFault::Unknown => {
            (format!("`{written}` is not among the Regions known on {}", facts.catalogue.as_of()), "unknown Region")
        }
    }
}
