//! A model that the settings do not allow.

use super::report::{AdapterCase, PolicyCase, Report};
use super::{Check, Rule, limits};
use crate::adapter::ModelField;
use crate::bedrock::Catalogue;
use crate::finding::{Confidence, Severity};
use crate::reading::{Called, Names};

pub(super) const RULE: Rule = Rule {
    slug: "forbidden-model",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/forbidden-model.md"),
    checks: &[Check::Policy(check_policy), Check::Adapter(check_adapter)],
};

fn check_policy(case: &PolicyCase<'_>, report: &mut Report) {
    let Some(limit) = limits::of(case.facts).and_then(|limits| limits.models.as_ref()) else { return };
    for grant in limits::grants(case) {
        let (id, model) = match &grant.resource.names {
            Names::Model(id) => (id, id.text.as_str()),
            Names::Profile(id) => match id.text.split_once('.') {
                Some((_, model)) => (id, model),
                None => continue,
            },
            _ => continue,
        };
        // what is filled in later is not known; a pattern that reaches what is allowed is no crossing
        if grant.pattern.is_open() || limit.allows_some(model) {
            continue;
        }
        let message = format!("`{model}` may be called, and the settings {}", limits::allowed(limit));
        let at = case.at(grant.pattern.text().span_of(id.range.clone()));
        report.push_once(
            limits::draft(&RULE, at, message, limit)
                .help("take it out of the grant, or add it to the limit")
                .anchor(case.anchor(grant.statement, "Resource")),
            "and here",
        );
    }
}

fn check_adapter(case: &AdapterCase<'_>, report: &mut Report) {
    let Some(limit) = limits::of(case.facts).and_then(|limits| limits.models.as_ref()) else { return };
    let mut forbid = |field: &ModelField, model: &str, confidence| {
        if limit.allows(model) {
            return;
        }
        let message = format!("`{model}` is called, and the settings {}", limits::allowed(limit));
        report.push(
            limits::draft(&RULE, case.at(field.id.span()), message, limit)
                .help("call a model that the limit allows, or add this one to it")
                .confidence(confidence)
                .anchor(case.anchor(&field.field)),
        );
    };
    for (field, model) in case.reading.answering(case.facts.catalogue) {
        forbid(field, &model.id, Confidence::Certain);
    }
    for (field, reading) in case.reading.called().filter(|(_, reading)| reading.called == Called::Unknown) {
        // one that the catalogue does not have may be newer, and is not allowed all the same
        if let (Some(text), None) = (field.id.literal(), &reading.arn)
            && let Some(model) = bare(text.trim(), case.facts.catalogue)
        {
            forbid(field, model, Confidence::Likely);
        }
    }
}

/// The model part of an id of a known provider.
fn bare<'t>(id: &'t str, catalogue: &Catalogue) -> Option<&'t str> {
    let model = catalogue.split_profile_id(id).map_or(id, |(_, model)| model);
    let (provider, _) = model.split_once('.')?;
    catalogue.provider_stems().any(|stem| stem == provider).then_some(model)
}
