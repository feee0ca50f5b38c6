//! A model of an embedding adapter that the client cannot tell for Amazon Bedrock's.
//!
//! Owns profile ids, ARNs and wrong ids that stand in an embedding adapter of Unstract without `bedrock/`: the adapter
//! fails before anything is called, so what is wrong with an id is said here. A model of the wrong kind is
//! `wrong-adapter-kind`, one that has ended `retired-model`.

use super::report::{AdapterCase, CalledModel, Draft, Report};
use super::{Check, Rule, wording};
use crate::access::Obstacle;
use crate::finding::{Applicability, Confidence, Severity};
use crate::reading::{Called, FaultKind};

pub(super) const RULE: Rule = Rule {
    slug: "unroutable-embedding-model",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/unroutable-embedding-model.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    for called in case.called().filter(|called| called.obstacle == Some(Obstacle::Unroutable)) {
        report.push(finding(case, &called));
    }
}

fn finding(case: &AdapterCase<'_>, called: &CalledModel<'_>) -> Draft {
    let id = called.field.id.as_str();
    let (is_arn, is_wrong) = (called.reading.arn.is_some(), !called.reading.faults.is_empty());
    let reason = if called.field.routed {
        "does not show whose model stands behind it, and LiteLLM knows no format for it"
    } else if is_arn {
        "reaches LiteLLM without `bedrock/` in front, and nothing else says whose model it is"
    } else if is_wrong {
        "reaches LiteLLM without `bedrock/` in front, and is no id that it knows"
    } else {
        "reaches LiteLLM without `bedrock/` in front, and few inference profiles are in its list of models"
    };
    // the list is fetched when LiteLLM starts, and may have the profile
    let confidence = if is_arn || is_wrong { Confidence::Certain } else { Confidence::Likely };
    let message = format!("`{id}` {reason}: the embedding adapter fails before any call");
    let at = case.at(called.field.id.span());
    let draft = Draft::new(&RULE, at.clone(), message, "whose model is this?")
        .confidence(confidence)
        .anchor(case.anchor(&called.field.field));
    match ids(case, called).as_slice() {
        [] => draft.help("write `bedrock/` and the id of a model or of an inference profile"),
        [one] if !is_wrong || !is_arn => {
            let same = one.strip_prefix("bedrock/") == Some(id);
            // the same is called, and was not before
            let applicability = if same { Applicability::Safe } else { Applicability::Unsafe };
            draft.help(format!("write `{one}`")).replace(at, one.as_str(), "say whose model it is", applicability)
        }
        several => draft.help(format!("write {}", wording::either(several))),
    }
}

/// What to write: what is named if it can be called from the Region, else what serves its model there.
fn ids(case: &AdapterCase<'_>, called: &CalledModel<'_>) -> Vec<String> {
    let nearest = called.reading.faults.iter().find_map(|fault| match &fault.kind {
        FaultKind::Id { nearest, .. } => Some(nearest.clone()),
        _ => None,
    });
    let meant = match (&called.reading.called, nearest) {
        (_, Some(nearest)) => nearest,
        (Called::Model(id) | Called::Profile(id), None) => vec![id.clone()],
        _ => Vec::new(),
    };
    case.spelt(called, &case.callable(&meant, called.source))
}
