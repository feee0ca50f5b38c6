//! A model that only inference profiles serve, called by its bare id.
//!
//! Owns the bare id alone. An id that does not exist is `unknown-model-id`, a model that has ended `retired-model`, a
//! profile that cannot be called from the Region `prefix-region-mismatch`, and a model that nothing serves there
//! `model-not-in-region`: one [`Obstacle`] each.

use super::report::{AdapterCase, CalledModel, Draft, Report};
use super::{Check, Rule, wording};
use crate::access::{Extent, Obstacle};
use crate::bedrock::{Model, Profile};
use crate::finding::{Applicability, Confidence, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "missing-geo-prefix",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/missing-geo-prefix.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    for called in case.called() {
        if let Some(Obstacle::BareId { model, extent }) = called.obstacle {
            report.push(finding(case, &called, model, extent));
        } else if let (Some(model), Some(source)) = (called.perhaps_profile_only, called.source) {
            let message = format!(
                "`{}` can perhaps not be called by its bare id in `{source}`: `bedrock-mantle` serves it there, \
                 `bedrock-runtime` as far as is known through inference profiles only",
                model.id
            );
            let draft = draft(case, &called, model, message);
            report.push(draft.severity(Severity::Warning).confidence(Confidence::Possible));
        }
    }
}

fn finding(case: &AdapterCase<'_>, called: &CalledModel<'_>, model: &Model, extent: Extent) -> Draft {
    let (place, confidence) = match (extent, called.source) {
        (Extent::There, Some(source)) => (format!(" in `{source}`"), Confidence::Certain),
        (Extent::There | Extent::Everywhere, _) => (" in any Region".to_owned(), Confidence::Certain),
        (Extent::NearlyEverywhere, _) => (" in most Regions".to_owned(), Confidence::Likely),
    };
    let confidence = if called.field.is_foundation { Confidence::Possible } else { confidence };
    let message = format!(
        "`{}` cannot be called by its bare id{place}: only inference profiles serve it there, so the call is refused",
        model.id
    );
    draft(case, called, model, message).confidence(confidence)
}

fn draft(case: &AdapterCase<'_>, called: &CalledModel<'_>, model: &Model, message: String) -> Draft {
    let partition = case.partition(called.source);
    let profiles: Vec<&Profile> = case.facts.catalogue.profiles_for(model, partition, called.source);
    let ids: Vec<&str> = profiles.iter().map(|profile| &*profile.id).collect();
    let ids = case.spelt(called, &ids);
    let at = case.at(called.field.id.span());
    let draft = Draft::new(&RULE, at.clone(), message, "no prefix of an inference profile")
        .help(format!("write the id of an inference profile: {}", wording::either(&ids)))
        .anchor(case.anchor(&called.field.field))
        .called_region(case, called);
    match (ids.as_slice(), &called.reading.arn) {
        // where data goes changes with the prefix
        ([only], None) => {
            draft.replace(at, only.as_str(), "call the model through its inference profile", Applicability::Unsafe)
        }
        _ => draft,
    }
}
