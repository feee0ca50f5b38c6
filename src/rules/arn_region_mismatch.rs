//! An ARN of another Region than the one that is called.
//!
//! Owns the Region of every ARN that goes along with a call. The rules about routes are silent then: where such a call
//! would go is not to be asked. A Region that is none is `unknown-region`.

use super::report::{AdapterCase, CalledModel, Draft, Report};
use super::{Check, Rule, wording};
use crate::adapter::{Field, Purpose};
use crate::bedrock::ArnFields;
use crate::finding::Severity;
use crate::reading::{Called, FaultKind};
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    slug: "arn-region-mismatch",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/arn-region-mismatch.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    for called in case.called() {
        let is_none = called.reading.faults.iter().any(|fault| matches!(fault.kind, FaultKind::Region(_)));
        let named = called.reading.arn.as_ref().filter(|_| !is_none).and_then(|arn| arn.region.as_ref());
        if let (Some(named), Some(source)) = (named, called.source)
            && named.code != source
        {
            let place = Place {
                field: &called.field.field,
                span: called.field.id.span_of(named.range.clone()),
                region: &named.code,
                source,
            };
            report.push(finding(case, &called, &place).help(of_model(case, &called, &place)));
        }
    }
    if let Some(draft) = guardrail(case) {
        report.push(draft);
    }
}

/// A Region in an ARN, and the one that is called.
struct Place<'a> {
    field: &'a Field,
    span: Span,
    region: &'a str,
    source: &'a str,
}

fn finding(case: &AdapterCase<'_>, called: &CalledModel<'_>, place: &Place<'_>) -> Draft {
    let Place { region, source, .. } = place;
    let message = format!(
        "this ARN is of `{region}`, and the call goes to `{source}`, whose endpoint knows nothing of it: the call is \
         refused"
    );
    Draft::new(&RULE, case.at(place.span), message, "another Region")
        .anchor(case.anchor(place.field))
        .called_region(case, called)
}

/// What to write for the ARN of a model. What AWS defines has an id that needs no Region, but a setting that is called
/// after an ARN wants one: of the model itself where it embeds, which no profile does there.
fn of_model(case: &AdapterCase<'_>, called: &CalledModel<'_>, place: &Place<'_>) -> String {
    let Place { region, source, .. } = place;
    let catalogue = case.facts.catalogue;
    let (id, model) = match &called.reading.called {
        Called::Model(id) => (id, catalogue.model(id)),
        Called::Profile(id) => (id, catalogue.profile(id).and_then(|profile| catalogue.model(profile.model_id()))),
        _ => return format!("call `{region}`, or write the ARN of one that is in `{source}`"),
    };
    let wants_arn = place.field.key.as_str().to_ascii_lowercase().ends_with("arn");
    if wants_arn && called.field.purpose == Some(Purpose::Embedding) {
        let there = called.field.id.literal().filter(|_| model.is_some_and(|model| model.on_demand.contains(source)));
        return match there {
            Some(arn) => {
                format!("write `{}`, or call `{region}`", arn.replace(&format!(":{region}:"), &format!(":{source}:")))
            }
            None => format!("call `{region}`, or embed with a model that is on-demand in `{source}`"),
        };
    }
    let ids = model.map(|model| case.ids_for(model, Some(source))).unwrap_or_default();
    if ids.contains(&id.as_str()) {
        return format!("write `{id}` in the place of the ARN, or call `{region}`");
    }
    match case.spelt(called, &ids).as_slice() {
        [] => format!("call `{region}`: nothing serves the model in `{source}`"),
        ids => format!("call `{region}`, or write {} in the place of the ARN", wording::either(ids)),
    }
}

/// A guardrail is in the Region in which it is applied.
fn guardrail(case: &AdapterCase<'_>) -> Option<Draft> {
    let field = case.adapter().guardrail.identifier.as_ref()?;
    let called = case.called().find(|called| called.source.is_some())?;
    let fields = ArnFields::split(field.literal()?)?;
    let region = case.facts.catalogue.region(fields.region.text)?;
    let source = called.source.filter(|source| **source != *region.code)?;
    let place = Place { field, span: field.value.span_of(fields.region.range), region: &region.code, source };
    Some(finding(case, &called, &place).help(format!("write the ARN or the id of a guardrail in `{source}`")))
}
