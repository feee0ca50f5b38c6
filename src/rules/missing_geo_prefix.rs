//! A model that only inference profiles serve, called by its bare id.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule, wording};
use crate::adapter::ModelField;
use crate::bedrock::{Endpoint, Model, Partition, Profile, Truth};
use crate::finding::{Applicability, Confidence, Severity};
use crate::reading::{Called, ModelReading};

pub(super) const RULE: Rule = Rule {
    slug: "missing-geo-prefix",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/missing-geo-prefix.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    for (field, reading) in case.reading.called() {
        let Called::Model(id) = &reading.called else { continue };
        let Some(model) = case.facts.catalogue.model(id) else { continue };
        // what has ended is told of as that, and an id that is wrong as that
        if field.endpoint == Endpoint::BedrockMantle
            || !reading.faults.is_empty()
            || model.ended_everywhere(case.facts.as_of)
        {
            continue;
        }
        report_model(case, field, reading, model, report);
    }
}

fn report_model(
    case: &AdapterCase<'_>,
    field: &ModelField,
    reading: &ModelReading,
    model: &Model,
    report: &mut Report,
) {
    let source = case.reading.source_of(reading);
    let Some((place, confidence)) = profile_only(model, source) else { return };
    let partition = source.and_then(|source| case.facts.catalogue.region(source));
    let partition = partition.map_or(Partition::Aws, |region| region.partition);
    let profiles: Vec<&Profile> = case.facts.catalogue.profiles_for(model, partition, source);
    let ids: Vec<&str> = profiles.iter().map(|profile| &*profile.id).collect();
    let message = format!(
        "`{}` cannot be called by its bare id{place}: only inference profiles serve it there, so the call is refused",
        model.id
    );
    let at = case.at(field.id.span());
    let mut draft = Draft::new(&RULE, at.clone(), message, "no prefix of an inference profile")
        .help(format!("write the id of an inference profile: {}", wording::either(&ids)))
        .confidence(confidence.min(case.confidence()))
        .anchor(case.anchor(&field.field));
    if let Some(region) = case.at_region(field).filter(|_| source.is_some()) {
        draft = draft.related(region, "the Region that is called");
    }
    // where data goes changes with the prefix
    if let ([only], None) = (ids.as_slice(), &reading.arn) {
        draft = draft.replace(at, *only, "call the model through its inference profile", Applicability::Unsafe);
    }
    report.push(draft);
}

/// Where a model is profile-only, in words, and how sure that is: in the Region that is called, or, where that is not
/// known, wherever the model can be called at all or nearly so.
fn profile_only(model: &Model, source: Option<&str>) -> Option<(String, Confidence)> {
    if let Some(source) = source {
        return model.profile_only_in(source).then(|| (format!(" in `{source}`"), Confidence::Certain));
    }
    let callable = model.callable_regions();
    let on_demand = callable.iter().filter(|region| model.on_demand_in(region) != Truth::No).count();
    if callable.is_empty() || model.active_profiles().next().is_none() || on_demand * 10 >= callable.len() {
        return None;
    }
    Some(match on_demand {
        0 => (" in any Region".to_owned(), Confidence::Certain),
        _ => (" in most Regions".to_owned(), Confidence::Likely),
    })
}
