//! A model whose cost Unstract cannot count.
//!
//! Owns what has no price: models called in the Asia Pacific Regions, and what stands behind an ARN that does not show it.

use super::report::{AdapterCase, CalledModel, Draft, Report};
use super::{Check, Rule};
use crate::adapter::Consumer;
use crate::finding::{Confidence, Severity};
use crate::reading::Called;

pub(super) const RULE: Rule = Rule {
    slug: "untracked-cost",
    severity: Severity::Note,
    pedantic: false,
    page: include_str!("../../rules/untracked-cost.md"),
    checks: &[Check::Adapter(check)],
};

/// How the codes of the Asia Pacific Regions begin.
const ASIA_PACIFIC: &str = "ap-";

/// Once for each adapter: one cause is enough for its cost to be missing.
fn check(case: &AdapterCase<'_>, report: &mut Report) {
    if case.adapter().consumer != Consumer::Unstract {
        return;
    }
    if let Some(draft) = hidden_model(case).or_else(|| without_price(case)) {
        report.push(draft);
    }
}

/// An ARN that does not show the model behind it, and no other setting that does.
fn hidden_model(case: &AdapterCase<'_>) -> Option<Draft> {
    let shown = case.reading.models().any(|(field, _)| field.stands_behind);
    let hides = |called: &Called| matches!(called, Called::ApplicationProfile(_) | Called::Own(_));
    let mut called = case.called().filter(|called| called.obstacle.is_none() && !shown);
    let CalledModel { field, .. } = called.find(|called| hides(&called.reading.called))?;
    let message = "this ARN does not show which model stands behind it: Unstract cannot count its cost, and newer versions \
                   of LiteLLM refuse it unless `converse/` stands before it";
    let draft = Draft::new(&RULE, case.at(field.id.span()), message, "which model?")
        .help("put the ARN into `model_id`, and the id of the model behind it into `model`")
        .anchor(case.anchor(&field.field));
    Some(draft)
}

fn without_price(case: &AdapterCase<'_>) -> Option<Draft> {
    let called = case.called().find(|called| called.source.is_some_and(|source| source.starts_with(ASIA_PACIFIC)))?;
    let source = called.source?;
    let message = format!(
        "models in the Asia Pacific Regions have no price in Unstract: what is called in `{source}` is missing from its \
         costs"
    );
    let at = case.source_at(&called).unwrap_or_else(|| case.at(called.field.id.span()));
    let draft = Draft::new(&RULE, at, message, "no prices")
        // prices may have come since
        .confidence(Confidence::Likely)
        .help("count the cost in AWS, for example with an application inference profile that carries a tag")
        .anchor(case.anchor(&called.field.field));
    Some(draft)
}
