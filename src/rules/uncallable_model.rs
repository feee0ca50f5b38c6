//! A call that the policies it is made as refuse.

use super::report::{self, Draft, Report};
use super::{Check, Rule, wording};
use crate::access::{Needed, Place, RefusedCall, SetView, Target};
use crate::finding::{Confidence, Severity};
use crate::formats::Grants;
use crate::iam::{Decision, Layer, NearMiss};
use crate::link::Basis;
use crate::source::Location;

pub(super) const RULE: Rule = Rule {
    slug: "uncallable-model",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/uncallable-model.md"),
    checks: &[Check::Refusal],
};

/// Tells of a refused call. The model in the adapter is the primary place; what refuses it is related.
pub(super) fn report(view: &SetView<'_>, refused: &RefusedCall<'_>, report: &mut Report) {
    let fact = &refused.adapter.fact;
    let at = |span| Location::new(&fact.source, span);
    let (call, need) = (&refused.call, &refused.requirement);
    let from = match refused.from_known_source {
        true => format!("from `{}`, and", call.source),
        false => format!("and the policies refuse it whatever the Region is: from `{}`,", call.source),
    };
    let message = format!(
        "`{}` is called {from} `{}` on `{}` {}: {}",
        refused.model.id.as_str(),
        need.action,
        need.resource,
        because(view, &refused.decision),
        consequence(need.needed),
    );
    let name = fact.adapter.name.as_deref().map(|name| format!("{name}/")).unwrap_or_default();
    let by_set = if view.set.grants == Grants::Whole { Confidence::Certain } else { Confidence::Likely };
    let mut draft = Draft::new(&RULE, at(refused.model.id.span()), message, "called here")
        .help(help(refused))
        .confidence(by_set.min(report::confidence(&fact.adapter)))
        .anchor(format!("{name}{}", refused.model.field.key.as_str()));
    if let Some((place, label)) = culprit(view, refused) {
        draft = draft.related(place, label);
    }
    let region = refused.adapter.source_span(refused.model, refused.reading);
    if let Some(region) = region.filter(|_| refused.from_known_source) {
        draft = draft.related(at(region), "the Region that is called");
    }
    if let Basis::Pair(at) = &view.set.basis {
        draft = draft.related(at.clone(), "paired here");
    }
    report.push(draft);
}

fn because(view: &SetView<'_>, decision: &Decision) -> String {
    match decision {
        Decision::DeniedExplicitly { by } => format!("is denied explicitly by {}", layer(by.layer)),
        Decision::DeniedImplicitly { near, .. } if !near.is_empty() => {
            let keys: Vec<&str> = near.iter().flat_map(|miss| failed_keys(view, miss)).collect();
            match keys.first() {
                Some(key) => format!("is granted under a condition on `{key}` alone, which does not hold"),
                None => "is granted under a condition alone, which does not hold".to_owned(),
            }
        }
        Decision::DeniedImplicitly { layer: missing, .. } => match missing {
            Layer::Identity => "is granted by no statement".to_owned(),
            missing => format!("is allowed by no statement of {}", layer(*missing)),
        },
        // a refused call is denied
        Decision::Allowed { .. } | Decision::Unknown { .. } => "is not denied".to_owned(),
    }
}

fn failed_keys<'a>(view: &SetView<'a>, miss: &NearMiss) -> Vec<&'a str> {
    let statement = view.statement(miss.statement);
    let conditions = statement.map(|statement| statement.conditions.as_slice()).unwrap_or_default();
    miss.failed.iter().filter_map(|index| conditions.get(*index)).map(|condition| condition.key.as_str()).collect()
}

fn layer(layer: Layer) -> String {
    match layer {
        Layer::Scp { level: 0 } => "the service control policies of the root".to_owned(),
        Layer::Scp { level } => format!("the service control policies of level {}", level + 1),
        Layer::Resource => "the policy on the resource".to_owned(),
        Layer::Identity => "the identity policies".to_owned(),
        Layer::Boundary => "the permissions boundary".to_owned(),
        Layer::Session => "the session policies".to_owned(),
        Layer::Endpoint => "the VPC endpoint policy".to_owned(),
    }
}

fn consequence(needed: Needed) -> &'static str {
    match needed {
        Needed::DestinationModel | Needed::GlobalModel => "calls that land there are denied",
        Needed::Guardrail => "the guardrail cannot be applied, so every call is denied",
        Needed::BearerToken => "a Bedrock API key cannot be used, so every call is denied",
        _ => "every call is denied",
    }
}

/// The statement that refuses, or the nearest to a grant that there is.
fn culprit(view: &SetView<'_>, refused: &RefusedCall<'_>) -> Option<(Location, &'static str)> {
    match &refused.decision {
        Decision::DeniedExplicitly { by } => return Some((view.at_statement(*by), "denied here")),
        Decision::DeniedImplicitly { near, .. } => {
            if let Some(miss) = near.first() {
                return Some((view.at_statement(miss.statement), "granted here, under a condition"));
            }
        }
        Decision::Allowed { .. } | Decision::Unknown { .. } => {}
    }
    let layer = refused.decision.layer()?;
    match nearest_grant(view, refused, layer) {
        Some(place) => Some((view.at(place), "the nearest grant")),
        None => view.first_statement(layer).map(|id| (view.at_statement(id), "nothing here grants it")),
    }
}

fn nearest_grant(view: &SetView<'_>, refused: &RefusedCall<'_>, layer: Layer) -> Option<Place> {
    let (call, need) = (&refused.call, &refused.requirement);
    let (action, partition) = (call.operation.action(), call.partition);
    let grants = match (&call.target, need.needed) {
        (Target::Profile(id), Needed::Profile) => view.profile_grants(layer, action, partition, id),
        _ => view.model_grants(layer, action, partition, refused.model_id.as_deref()?, &[&need.region]),
    };
    grants.first().copied()
}

fn help(refused: &RefusedCall<'_>) -> String {
    let need = &refused.requirement;
    let more = match refused.more {
        0 => String::new(),
        1 => ", and on 1 more resource that the call needs".to_owned(),
        n => format!(", and on {n} more resources that the call needs"),
    };
    let change = match &refused.decision {
        Decision::DeniedExplicitly { .. } => "take the call out of the Deny".to_owned(),
        Decision::DeniedImplicitly { layer: missing, .. } if *missing != Layer::Identity => {
            format!("allow `{}` on `{}`{more} in {}", need.action, need.resource, layer(*missing))
        }
        _ => format!("grant `{}` on `{}`{more}", need.action, need.resource),
    };
    match refused.elsewhere.as_slice() {
        [] => change,
        some => format!("{change}; or call it from {}, where the policies allow it", wording::either(some)),
    }
}
