//! A model that nothing serves in the Region that is called.
//!
//! Owns bare ids and foundation-model ARNs of models that are neither on-demand there nor behind an inference profile. A
//! profile that is not offered there is `prefix-region-mismatch`, a model that has ended there `retired-model`.

use super::report::{AdapterCase, CalledModel, Draft, Report};
use super::{Check, Rule, wording};
use crate::access::Obstacle;
use crate::bedrock::{Endpoint, Model, Truth};
use crate::finding::{Confidence, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "model-not-in-region",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/model-not-in-region.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    for called in case.called() {
        if let (Some(Obstacle::NotThere { model, served }), Some(source)) = (called.obstacle, called.source) {
            report.push(finding(case, &called, model, source, served));
        }
    }
}

fn finding(case: &AdapterCase<'_>, called: &CalledModel<'_>, model: &Model, source: &str, served: Truth) -> Draft {
    let catalogue = case.facts.catalogue;
    let mantle = called.field.endpoint == Endpoint::BedrockMantle;
    let has_endpoint = catalogue.region(source).is_some_and(|region| region.bedrock);
    let (id, date) = (&model.id, catalogue.as_of());
    let message = if !has_endpoint {
        format!("`{source}` has no endpoint of Amazon Bedrock, as of {date}: the call reaches nothing")
    } else if mantle {
        format!("`bedrock-mantle` does not serve `{id}` in `{source}`, as of {date}: the call is refused")
    } else {
        format!(
            "`{id}` is served in `{source}` neither on-demand nor through an inference profile, as of {date}: the call \
             is refused"
        )
    };
    let callable = if mantle { model.mantle.clone() } else { model.callable_regions() };
    let partition = case.partition(Some(source));
    // no credential reaches from one partition into another
    let is_near = |code: &&str| catalogue.region(code).is_some_and(|region| region.partition == partition);
    let area = source.split('-').next().unwrap_or_default();
    let mut regions: Vec<&str> = callable.iter().filter(is_near).collect();
    regions.sort_by_key(|code| code.split('-').next() != Some(area));
    let confidence = if served == Truth::No { Confidence::Likely } else { Confidence::Possible };
    let draft = Draft::new(&RULE, case.at(called.field.id.span()), message, "not served there")
        .confidence(confidence)
        .anchor(case.anchor(&called.field.field))
        .called_region(case, called);
    match regions.as_slice() {
        [] if !has_endpoint => draft.help("call a Region that has one"),
        [] => draft.help("call another model"),
        _ => draft.help(format!("call it from {}, or call another model", wording::either(&regions))),
    }
}
