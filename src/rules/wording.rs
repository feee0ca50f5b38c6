//! Sentences that several rules share.

use crate::access::{Refusal, Wanted};
use crate::bedrock::Partition;
use crate::iam::{Effect, Layer};
pub(super) use crate::phrase::{either, list};

/// Verb and pronoun for so many actions: `takes … it`, `take … them`.
pub(super) fn number(n: usize) -> (&'static str, &'static str) {
    if n == 1 { ("takes", "it") } else { ("take", "them") }
}

/// The profiles that a refusal is about, three at most by name or by their geographies, and whether they are several.
pub(super) fn profiles(refusal: &Refusal) -> Option<(String, bool)> {
    let mut ids = Vec::new();
    let mut geographies = Vec::new();
    for wanted in refusal.wanted() {
        match wanted {
            Wanted::Profile(id) => ids.push(id.as_str()),
            Wanted::Geography { prefix, sources, profiles } => {
                let (n, several) = (profiles.len(), if profiles.len() == 1 { "profile" } else { "profiles" });
                geographies.push(format!("{n} {several} of `{prefix}.` called from {}", list(sources, 4)));
            }
            Wanted::ApplicationProfile(_) | Wanted::Model(_) => {}
        }
    }
    match geographies.as_slice() {
        [] if ids.is_empty() => None,
        [] => Some((list(&ids, 3), ids.len() > 1)),
        geographies => Some((geographies.join(" and "), !refusal.wanted().all(is_single))),
    }
}

fn is_single(wanted: &Wanted) -> bool {
    matches!(wanted, Wanted::Geography { profiles, .. } if profiles.len() == 1)
}

/// The models that a refusal is about, three at most by name, and whether they are several.
pub(super) fn models(refusal: &Refusal) -> Option<(String, bool)> {
    let ids = refusal.wanted().filter_map(|wanted| match wanted {
        Wanted::Model(id) => Some(id.as_str()),
        _ => None,
    });
    let ids: Vec<&str> = ids.collect();
    (!ids.is_empty()).then(|| (list(&ids, 3), ids.len() > 1))
}

/// What a layer is called.
pub(super) fn layer(layer: Layer) -> &'static str {
    match layer {
        Layer::Scp { .. } => "the service control policy",
        Layer::Resource => "the policy on the resource",
        Layer::Identity => "the identity policies",
        Layer::Boundary => "the permissions boundary",
        Layer::Session => "the session policy",
        Layer::Endpoint => "the VPC endpoint policy",
    }
}

/// Says of a statement which ceiling it belongs to: ` of the permissions boundary`; nothing of identity policies.
pub(super) fn of_ceiling(layer: Layer) -> String {
    if layer == Layer::Identity { String::new() } else { format!(" of {}", self::layer(layer)) }
}

/// That a layer lacks a grant: `no statement grants`, `no statement of the permissions boundary allows`.
pub(super) fn nothing_grants(layer: Layer) -> String {
    if layer == Layer::Identity {
        "no statement grants".to_owned()
    } else {
        format!("no statement{} allows", of_ceiling(layer))
    }
}

/// What to write for the model in a new ARN: the model, or, where several profiles want it, the id or pattern that the
/// ARN `granted` has.
pub(super) fn model_part<'t>(granted: &'t str, model: &'t str, refusal: &Refusal) -> &'t str {
    let granted = granted.split_once("foundation-model/").map(|(_, id)| id);
    let many = !refusal.also.is_empty() || matches!(refusal.wanted, Wanted::Geography { .. });
    granted.filter(|_| many).unwrap_or(model)
}

/// The partition of an ARN as written; `aws` where it is left open.
pub(super) fn partition_of(arn: &str) -> Partition {
    arn.split(':').nth(1).and_then(Partition::parse).unwrap_or(Partition::Aws)
}

/// What comes of a string in `Resource` (negated: `NotResource`) that matches nothing.
pub(super) fn outcome(effect: Effect, negated: bool) -> &'static str {
    match (effect, negated) {
        (Effect::Allow, false) => "it grants nothing",
        (Effect::Deny, false) => "it denies nothing",
        (Effect::Allow, true) => "it takes nothing out of the grant",
        (Effect::Deny, true) => "it spares nothing from the Deny",
    }
}
