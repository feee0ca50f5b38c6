//! Whether a string looks like what names a model of Amazon Bedrock, wherever it stands. Knows families, not models, so
//! that a misspelt or newer id is still seen for what it is meant to be.

/// What model ids begin with behind the provider, by provider. A family is needed as well: `amazon.com` is no model, and
/// Oracle's `meta.llama-3.1-…` is none of Amazon Bedrock's `meta.llama3-1-…`. The catalogue's ids are tested against it.
const FAMILIES: [(&str, &[&str]); 20] = [
    ("ai21", &["j2-", "jamba-"]),
    ("amazon", &["nova-", "rerank-", "titan-"]),
    ("anthropic", &["claude-"]),
    ("cohere", &["command-", "embed-", "rerank-"]),
    ("deepseek", &["r1", "v3"]),
    ("google", &["gemma-"]),
    ("luma", &["ray-"]),
    ("meta", &["llama2-", "llama3-", "llama4-"]),
    ("minimax", &["minimax-"]),
    ("mistral", &["devstral-", "magistral-", "ministral-", "mistral-", "mixtral-", "pixtral-", "voxtral-"]),
    ("moonshot", &["kimi-"]),
    ("moonshotai", &["kimi-"]),
    ("nvidia", &["nemotron-"]),
    ("openai", &["gpt-"]),
    ("qwen", &["qwen3"]),
    ("stability", &["sd3-", "stable-"]),
    ("twelvelabs", &["marengo-", "pegasus-"]),
    ("writer", &["palmyra-"]),
    ("xai", &["grok-"]),
    ("zai", &["glm-"]),
];

/// Resources that `modelId` of InvokeModel and Converse may name by ARN. Source: Amazon Bedrock API Reference, Converse.
const CALLABLE: [&str; 9] = [
    "foundation-model",
    "inference-profile",
    "application-inference-profile",
    "provisioned-model",
    "custom-model",
    "custom-model-deployment",
    "imported-model",
    "prompt-router",
    "default-prompt-router",
];

/// More prefixes than this are no mistake any more but another name.
const PREFIXES: usize = 2;

/// Whether a string is shaped like a model id or profile id of Amazon Bedrock, in any case of letters and with any
/// prefix, or like the ARN of something that can be called as a model.
#[must_use]
pub fn is_model_shaped(text: &str) -> bool {
    let text = text.trim();
    is_callable_arn(text)
        || behind_provider(text).is_some_and(|(families, rest)| {
            let begins =
                |family: &&str| rest.get(..family.len()).is_some_and(|start| start.eq_ignore_ascii_case(family));
            families.iter().any(begins)
        })
}

/// Whether a string at least names a provider of Amazon Bedrock as an id does: `anthropic.…`, `us.anthropic.…`. Enough
/// where nothing but a model of Amazon Bedrock is expected.
#[must_use]
pub fn names_provider(text: &str) -> bool {
    let text = text.trim();
    is_callable_arn(text)
        || behind_provider(text).is_some_and(|(_, rest)| rest.contains(|c: char| c == '-' || c.is_ascii_digit()))
}

/// Whether an id names a provider without any prefix of an inference profile: `anthropic.…`, not `us.anthropic.…`.
#[must_use]
pub fn is_bare_id(text: &str) -> bool {
    let provider = text.trim().split_once('.').map(|(provider, _)| provider);
    provider.is_some_and(|first| FAMILIES.iter().any(|(provider, _)| provider.eq_ignore_ascii_case(first)))
}

/// What a file says that names a model by its id: each provider with each of its families, as far as ids begin with it.
pub fn model_stems() -> impl Iterator<Item = String> {
    FAMILIES.iter().flat_map(|(provider, families)| families.iter().map(move |family| format!("{provider}.{family}")))
}

/// The families of the provider that an id names, and what stands behind the provider.
fn behind_provider(text: &str) -> Option<(&'static [&'static str], &str)> {
    let foreign = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '/' | ',' | ';' | '"' | '\'' | '<' | '>' | '(' | ')')
    };
    if text.contains(foreign) {
        return None;
    }
    let mut rest = text;
    for _ in 0..=PREFIXES {
        let (segment, behind) = rest.split_once('.')?;
        let provider = FAMILIES.iter().find(|(provider, _)| provider.eq_ignore_ascii_case(segment));
        if let Some((_, families)) = provider {
            return Some((families, behind));
        }
        let is_prefix = matches!(segment.len(), 2..=14)
            && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !["com", "io", "net", "org"].contains(&segment);
        if !is_prefix {
            return None;
        }
        rest = behind;
    }
    None
}

fn is_callable_arn(text: &str) -> bool {
    text.starts_with("arn:")
        && text.contains(":bedrock:")
        && CALLABLE.iter().any(|kind| {
            text.match_indices(kind).any(|(at, kind)| {
                let behind = text.get(at + kind.len()..).unwrap_or_default();
                text.get(..at).is_some_and(|before| before.ends_with(':')) && behind.starts_with('/')
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bedrock::Catalogue;

    #[test]
    fn every_id_of_the_catalogue_is_shaped_like_one() {
        let catalogue = Catalogue::builtin();
        let models = catalogue.models().map(|model| &*model.id);
        for id in models.chain(catalogue.profiles().map(|profile| &*profile.id)) {
            let has_stem = model_stems().any(|stem| id.contains(&stem));
            assert!(is_model_shaped(id) && names_provider(id) && has_stem, "{id}: add its family");
        }
    }

    #[test]
    fn shapes_and_what_only_looks_like_them() {
        for id in [
            "anthropic.claude-9-quatrain-v1:0",
            " US.Anthropic.Claude-sonnet-4-6 ",
            "us.us.anthropic.claude-sonnet-4-6",
            "na.amazon.nova-lite-v1:0",
            "us-east-1.anthropic.claude-sonnet-4-6",
            "anthropic.claude-${VERSION}",
            "arn:aws:bedrock:us-east-1::foundation-model/x",
            "arn:aws:bedrock:${AWS_REGION:-us-east-1}:${ACCOUNT}:application-inference-profile/abc123",
            "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:inference-profile/us-gov.x",
            "arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/abc",
        ] {
            assert!(is_model_shaped(id), "{id}");
        }
        for other in [
            "",
            "claude-sonnet-4-5",
            "anthropic/claude-sonnet-4.5",
            "amazon.com",
            "anthropic.claude",
            "com.anthropic.claude-desktop",
            "meta.llama-3.1-405b-instruct",
            "google.gemini-2.5-pro",
            "gpt-4o",
            "Claude 3.5 Sonnet",
            "a.b.c.anthropic.claude-sonnet-4-6",
            "see anthropic.claude-sonnet-4-6",
            "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc",
            "arn:aws:bedrock:us-east-1:111122223333:knowledge-base/inference-profile/x",
            "arn:aws:bedrock-agentcore:us-east-1:111122223333:runtime/x",
            "arn:aws:iam::111122223333:role/foundation-model/x",
        ] {
            assert!(!is_model_shaped(other), "{other}");
        }
        assert!(names_provider("us.anthropic.cluade-sonnet-4-6"));
        assert!(is_bare_id("anthropic.claude-sonnet-4-6") && !is_bare_id("us.anthropic.claude-sonnet-4-6"));
        assert!(!names_provider("amazon.com") && !names_provider("claude-sonnet-4-6"));
    }
}
