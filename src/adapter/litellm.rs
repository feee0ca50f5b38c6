//! How LiteLLM writes the model of a call: `[provider/][route/][region/]id`. Unstract hands its models to it.
//!
//! Source: BerriAI/litellm, `llms/bedrock/common_utils.py` and `docs/my-website/docs/providers/bedrock.md`.

use std::ops::Range;

/// What stands in the place of the provider.
const PROVIDERS: [(&str, bool); 3] = [("bedrock/", false), ("bedrock_converse/", false), ("bedrock_mantle/", true)];

/// Ways to send the same call, which may stand before the id.
const ROUTES: [&str; 10] = [
    "converse/",
    "invoke/",
    "converse_like/",
    "claude_platform/",
    "agent/",
    "agentcore/",
    "async_invoke/",
    "openai/",
    "mantle/",
    "chat_completions/",
];

/// Whose format an ARN is spoken to in, which may stand before it.
const FORMATS: [&str; 9] =
    ["deepseek_r1/", "llama/", "moonshot/", "nova-2/", "nova/", "openai/", "qwen2/", "qwen3/", "stability/"];

/// Providers that a name begins with which is not meant for Amazon Bedrock.
///
/// Source: BerriAI/litellm, `types/utils.py` (`LlmProviders`); those whose models people write most.
const OTHER_PROVIDERS: [&str; 19] = [
    "anthropic",
    "azure",
    "azure_ai",
    "cohere",
    "databricks",
    "deepseek",
    "fireworks_ai",
    "gemini",
    "google",
    "groq",
    "mistral",
    "ollama",
    "openai",
    "openrouter",
    "perplexity",
    "together_ai",
    "vertex_ai",
    "watsonx",
    "xai",
];

/// The provider that an id names in front (`anthropic/claude-…`), if it is another than Amazon Bedrock.
#[must_use]
pub fn other_provider(id: &str) -> Option<&str> {
    let (provider, model) = id.trim().split_once('/')?;
    (OTHER_PROVIDERS.contains(&provider) && !model.starts_with("arn:")).then_some(provider)
}

/// A model name taken apart; ranges are bytes of the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelName {
    /// Whether the provider is named: `bedrock/`, `bedrock_converse/` or `bedrock_mantle/`.
    pub routed: bool,
    /// Whether it is called on `bedrock-mantle`.
    pub mantle: bool,
    /// Whether it names no model of Amazon Bedrock: an agent (`agent/…`, `agentcore/…`), a model of the Claude Platform
    /// on AWS, which has ids of its own (`claude_platform/…`), or every model (`bedrock/*`).
    pub is_no_model: bool,
    /// The Region in it.
    pub region: Option<Range<usize>>,
    /// The id or ARN.
    pub id: Range<usize>,
}

/// Takes a model name apart. `is_region` tells whether a part is meant as a Region.
#[must_use]
pub fn split_model_name(name: &str, is_region: impl Fn(&str) -> bool) -> ModelName {
    let mut at = 0;
    let rest = |at: usize| name.get(at..).unwrap_or_default();
    let provider = PROVIDERS.into_iter().find(|(provider, _)| name.starts_with(provider));
    let (routed, mut mantle) = (provider.is_some(), provider.is_some_and(|(_, mantle)| mantle));
    at += provider.map_or(0, |(provider, _)| provider.len());
    let mut is_no_model = false;
    // a route without the provider in front is part of the id, as far as LiteLLM is concerned
    if let Some(route) = ROUTES.into_iter().find(|route| routed && rest(at).starts_with(route)) {
        is_no_model = route.starts_with("agent") || route == "claude_platform/";
        mantle |= route == "mantle/";
        at += route.len();
    }
    let region = rest(at).split_once('/').map(|(region, _)| region).filter(|region| routed && is_region(region));
    let region = region.map(|region| at..at + region.len());
    at = region.as_ref().map_or(at, |region| region.end + 1);
    let of_arn = |format: &&str| rest(at).strip_prefix(*format).is_some_and(|rest| rest.starts_with("arn:"));
    at += FORMATS.into_iter().find(of_arn).map_or(0, str::len);
    is_no_model |= rest(at).contains('*');
    ModelName { routed, mantle, is_no_model, region, id: at..name.len() }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (name, id, region) in [
            ("us.anthropic.claude-sonnet-4-6", "us.anthropic.claude-sonnet-4-6", None),
            ("bedrock/us.anthropic.claude-sonnet-4-6", "us.anthropic.claude-sonnet-4-6", None),
            ("bedrock/converse/eu.x", "eu.x", None),
            ("bedrock/eu-west-1/anthropic.claude-v2", "anthropic.claude-v2", Some("eu-west-1")),
            ("bedrock/invoke/us-east-1/amazon.x", "amazon.x", Some("us-east-1")),
            (
                "bedrock/arn:aws:bedrock:us-east-1:1:inference-profile/us.x",
                "arn:aws:bedrock:us-east-1:1:inference-profile/us.x",
                None,
            ),
            (
                "bedrock/llama/arn:aws:bedrock:us-east-1:1:imported-model/x",
                "arn:aws:bedrock:us-east-1:1:imported-model/x",
                None,
            ),
            ("Bedrock/us.x", "Bedrock/us.x", None),
            ("converse/us.x", "converse/us.x", None),
            ("bedrock/bedrock/us.x", "bedrock/us.x", None),
        ] {
            let split = split_model_name(name, |part| part.ends_with("-1"));
            assert_eq!(&name[split.id], id);
            assert_eq!(split.region.map(|range| &name[range]), region);
            assert_eq!(split.routed, name.starts_with("bedrock"));
        }
        for (id, provider) in [
            ("anthropic/claude-sonnet-4-6", Some("anthropic")),
            (" openai/gpt-4o", Some("openai")),
            ("openai/arn:aws:bedrock:us-east-1:1:imported-model/x", None),
            ("anthropic.claude-sonnet-4-6", None),
            ("Bedrock/us.x", None),
        ] {
            assert_eq!(other_provider(id), provider, "{id}");
        }
        assert!(split_model_name("bedrock/*", |_| false).is_no_model);
        assert!(split_model_name("bedrock/agent/A/B", |_| false).is_no_model);
        assert!(split_model_name("bedrock/claude_platform/claude-opus-4-8", |_| false).is_no_model);
        assert!(split_model_name("bedrock_mantle/openai.gpt-oss-120b", |_| false).mantle);
    }
}
