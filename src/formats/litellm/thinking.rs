//! What entries of LiteLLM say of thinking.

use super::{Settings, VARIABLE, is_dropped};
use crate::adapter::{Field, Thinking};
use crate::formats::field::field;
use crate::syntax::{Entry, Node, ScalarKind};

/// `thinking` as it is sent, or `reasoning_effort`, which LiteLLM makes something of by the model.
pub(super) fn of(settings: &Settings<'_>) -> Thinking {
    if is_dropped(settings.params, "thinking") {
        return Thinking::default();
    }
    let map = settings.params.get("thinking").filter(|map| !map.entries().is_empty());
    let part = |key: &str| map.and_then(|map| field(map, key));
    let effort = || settings.get("reasoning_effort").filter(|effort| effort.kind != ScalarKind::Null);
    Thinking {
        // what is not written out is filled in later
        enabled: settings.get("thinking").filter(Field::is_filled).or_else(effort),
        mode: part("type"),
        budget: part("budget_tokens"),
        interleaved: is_interleaved(settings),
    }
}

/// Whether thinking between calls of tools is asked for, by the entry or by what all entries share: in a header, or in the
/// body that LiteLLM hands on. What is filled in later may ask for it.
///
/// Sources: BerriAI/litellm `docs/my-website/docs/providers/bedrock.md` (`extra_headers`, `anthropic_beta`,
/// `additionalModelRequestFields`); Amazon Bedrock User Guide, "Extended thinking" (`interleaved-thinking-2025-05-14`).
fn is_interleaved(settings: &Settings<'_>) -> bool {
    const HOLDERS: [&str; 7] = [
        "additionalModelRequestFields",
        "additional_model_request_fields",
        "default_headers",
        "extra_body",
        "extra_headers",
        "headers",
        "optional_params",
    ];
    let shared = settings.config.into_iter().flat_map(|config| config.shared.iter().copied());
    let holders = [Some(settings.params), settings.credential].into_iter().flatten().chain(shared);
    let mut holders = holders.flat_map(|node| HOLDERS.iter().filter_map(|key| node.get(key)).chain([node]));
    holders.any(|node| {
        // all headers may come from elsewhere
        let is_open = node.string().is_some_and(|text| text.literal().is_none() || text.as_str().starts_with(VARIABLE));
        // names of headers are the same in any case of letters
        let is_beta = |entry: &&Entry| entry.key.as_str().replace('_', "-").eq_ignore_ascii_case("anthropic-beta");
        let mut betas = node.entries().iter().filter(is_beta).flat_map(|entry| entry.value.one_or_many());
        is_open || betas.any(asks_for_interleaved)
    })
}

fn asks_for_interleaved(beta: &Node) -> bool {
    beta.string().is_none_or(|text| {
        let written = text.as_str();
        text.literal().is_none() || written.starts_with(VARIABLE) || written.contains("interleaved-thinking")
    })
}
