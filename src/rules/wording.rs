//! Sentences that several rules share.

use crate::access::{Refusal, Wanted};
use crate::bedrock::Partition;
use crate::iam::Effect;
pub(super) use crate::phrase::{either, list};

/// Verb and pronoun for so many actions: `takes … it`, `take … them`.
pub(super) fn number(n: usize) -> (&'static str, &'static str) {
    if n == 1 { ("takes", "it") } else { ("take", "them") }
}

/// The profiles that a refusal is about, three at most by name, and whether they are several.
pub(super) fn profiles(refusal: &Refusal) -> Option<(String, bool)> {
    let ids = std::iter::once(&refusal.wanted).chain(&refusal.also);
    let ids: Vec<&str> = ids
        .filter_map(|wanted| match wanted {
            Wanted::Profile(id) => Some(id.as_str()),
            _ => None,
        })
        .collect();
    (!ids.is_empty()).then(|| (list(&ids, 3), ids.len() > 1))
}

/// What to write for the model in a new ARN: the model, or, where several profiles want it, the id or pattern that the
/// ARN `granted` has.
pub(super) fn model_part<'t>(granted: &'t str, model: &'t str, refusal: &Refusal) -> &'t str {
    let granted = granted.split_once("foundation-model/").map(|(_, id)| id);
    granted.filter(|_| !refusal.also.is_empty()).unwrap_or(model)
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
