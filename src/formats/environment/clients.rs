//! Clients with variables of their own.

use super::{AWS, AuthNames, Reads, Switch, Variables, listed_models, model, shaped_model};
use crate::adapter::{Adapter, Auth, Consumer, Field, ModelField, Purpose, SamplingParameter};
use crate::bedrock::{Endpoint, is_model_shaped};

/// Those of LiteLLM: its parameters in capitals. Source: BerriAI/litellm `llms/bedrock/base_aws_llm.py`.
pub(super) const LITELLM: AuthNames = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_PROFILE_NAME",
    "AWS_ROLE_NAME",
];

/// Those of LibreChat, which programs without a name have taken over.
pub(super) const LIBRECHAT: AuthNames = [
    "BEDROCK_AWS_ACCESS_KEY_ID",
    "BEDROCK_AWS_SECRET_ACCESS_KEY",
    "BEDROCK_AWS_SESSION_TOKEN",
    "BEDROCK_AWS_BEARER_TOKEN",
    "BEDROCK_AWS_PROFILE",
    "",
];

/// Where LiteLLM looks for the Region, in this order.
const LITELLM_REGIONS: &[&str] = &["AWS_REGION_NAME", "AWS_REGION", "AWS_DEFAULT_REGION"];

/// The models of Claude Code. Source: its documentation, "Environment variables" and "Model configuration".
const CLAUDE_MODELS: [&str; 9] = [
    "ANTHROPIC_MODEL",
    "ANTHROPIC_DEFAULT_MODEL",
    "ANTHROPIC_DEFAULT_FABLE_MODEL",
    "ANTHROPIC_DEFAULT_OPUS_MODEL",
    "ANTHROPIC_DEFAULT_SONNET_MODEL",
    "ANTHROPIC_DEFAULT_HAIKU_MODEL",
    "ANTHROPIC_SMALL_FAST_MODEL",
    "ANTHROPIC_CUSTOM_MODEL_OPTION",
    "CLAUDE_CODE_SUBAGENT_MODEL",
];

/// The adapters of all clients that the variables evidently configure.
pub(super) fn adapters(variables: &Variables) -> Vec<Adapter> {
    let clients =
        [claude_code, librechat, unstract_llm, unstract_embedding, aider, goose, spring_ai, access_gateway, zed];
    clients.iter().filter_map(|client| client(variables)).collect()
}

/// Whether a variable is read by one of these clients and by nobody else, configured or not.
pub(super) fn own(name: &str, variables: &Variables) -> bool {
    let switches = || variables.iter().any(|(name, _)| name.starts_with("CLAUDE_CODE_USE_"));
    ["AIDER_", "GOOSE_", "SPRING_AI_", "ZED_"].iter().any(|prefix| name.starts_with(prefix))
        || (CLAUDE_MODELS.contains(&name) && switches())
}

/// Claude Code, where it is switched to Amazon Bedrock. Otherwise its models are those of Anthropic's own API, or of
/// another provider.
///
/// `MAX_THINKING_TOKENS` is no budget as it is sent: Claude Code fits it to the model and to the most tokens of an
/// answer, and leaves it out where the model decides itself.
///
/// Source: Claude Code documentation, "Claude Code on Amazon Bedrock" and "Environment variables".
fn claude_code(variables: &Variables) -> Option<Adapter> {
    let [bedrock, mantle] = ["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_MANTLE"].map(|name| variables.switch(name));
    let may_be_on = |switch| matches!(switch, Switch::On | Switch::Open);
    if !may_be_on(bedrock) && !may_be_on(mantle) {
        return None;
    }
    let runtime = Reads {
        region: &["AWS_REGION", "AWS_DEFAULT_REGION"],
        endpoint: &["ANTHROPIC_BEDROCK_BASE_URL"],
        auth: &[AWS],
    };
    let reads = match may_be_on(bedrock) {
        true => runtime,
        false => Reads { endpoint: &["ANTHROPIC_BEDROCK_MANTLE_BASE_URL"], ..runtime },
    };
    let mut adapter = variables.adapter(Consumer::ClaudeCode, reads);
    adapter.purpose = Some(Purpose::Llm);
    adapter.max_tokens = variables.get("CLAUDE_CODE_MAX_OUTPUT_TOKENS").cloned();
    let skips_auth = ["CLAUDE_CODE_SKIP_BEDROCK_AUTH", "CLAUDE_CODE_SKIP_MANTLE_AUTH"];
    if skips_auth.iter().any(|name| variables.switch(name) == Switch::On) {
        adapter.auth = Auth::default();
    }
    let is_on = bedrock == Switch::On || mantle == Switch::On;
    let small = ["ANTHROPIC_SMALL_FAST_MODEL", "ANTHROPIC_DEFAULT_HAIKU_MODEL"];
    let small = small.into_iter().find(|name| variables.filled(name).is_some());
    let named = CLAUDE_MODELS.iter().filter_map(|name| variables.filled(name));
    for field in named.chain(variables.models.iter().filter(|field| field.is_filled())) {
        let Some(mut model) = model(field, None) else { continue };
        let id = model.id.as_str();
        if is_alias(id) || !(is_on || is_model_shaped(id)) {
            continue;
        }
        if !may_be_on(bedrock) || (may_be_on(mantle) && is_for_mantle(id)) {
            model.endpoint = Endpoint::BedrockMantle;
        }
        if small == Some(field.key.as_str()) {
            let region = variables.filled("ANTHROPIC_SMALL_FAST_MODEL_AWS_REGION");
            model.region = region.map(|field| field.value.clone()).or(model.region);
        }
        adapter.models.push(model);
    }
    Some(adapter)
}

/// Whether Claude Code knows what this word means, such as `sonnet`, `opusplan` or `inherit`: no id is letters alone.
fn is_alias(id: &str) -> bool {
    id.trim().bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether Claude Code sends a model to `bedrock-mantle` where both endpoints are on: its ids have no version at the end.
fn is_for_mantle(id: &str) -> bool {
    let version =
        |tail: &str| tail.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    id.starts_with("anthropic.") && !id.contains(':') && !id.rsplit('-').next().is_some_and(version)
}

/// LibreChat; its Region alone is anybody's. Source: LibreChat documentation, ".env File Configuration", and danny-avila/LibreChat
/// `packages/api/src/endpoints/bedrock` (the models that it sends to `bedrock-mantle`).
fn librechat(variables: &Variables) -> Option<Adapter> {
    let list = variables.filled("BEDROCK_AWS_MODELS");
    let is_its_own =
        ["CREDS_IV", "DOMAIN_CLIENT", "ENDPOINTS", "MEILI_HOST"].iter().any(|name| variables.get(name).is_some());
    list.or_else(|| variables.filled("BEDROCK_AWS_DEFAULT_REGION").filter(|_| is_its_own))?;
    let reads = Reads {
        region: &["BEDROCK_AWS_DEFAULT_REGION"],
        endpoint: &["BEDROCK_REVERSE_PROXY"],
        auth: &[LIBRECHAT, AWS],
    };
    let mut adapter = variables.adapter(Consumer::LibreChat, reads);
    adapter.purpose = Some(Purpose::Llm);
    adapter.models = list.map(|list| listed_models(list, None)).unwrap_or_default();
    for model in &mut adapter.models {
        let id = model.id.as_str();
        if id.starts_with("openai.") && !id.starts_with("openai.gpt-oss") {
            model.endpoint = Endpoint::BedrockMantle;
        }
    }
    Some(adapter)
}

/// The tests of Unstract's SDK, the LLM. Source: Zipstack/unstract `unstract/sdk1/tests/integration`
/// (`llm_test_config.py`). `BEDROCK_MODEL` by itself is anybody's.
fn unstract_llm(variables: &Variables) -> Option<Adapter> {
    let field = variables.filled("BEDROCK_MODEL")?;
    variables.get("AWS_REGION_NAME").filter(|_| is_for_unstract(variables))?;
    let reads = Reads { region: &["AWS_REGION_NAME"], endpoint: &[], auth: &[LITELLM] };
    Some(of_unstract(variables, reads, field, Purpose::Llm))
}

/// The tests of Unstract's SDK, the embedding: a call with a Region and keys of its own. Source:
/// `embedding_test_config.py` beside the other.
fn unstract_embedding(variables: &Variables) -> Option<Adapter> {
    const AUTH: AuthNames = ["AWS_EMBEDDING_ACCESS_KEY_ID", "AWS_EMBEDDING_SECRET_ACCESS_KEY", "", "", "", ""];
    let field = variables.filled("BEDROCK_EMBEDDING_MODEL").filter(|_| is_for_unstract(variables))?;
    let reads = Reads { region: &["AWS_EMBEDDING_REGION_NAME"], endpoint: &[], auth: &[AUTH] };
    Some(of_unstract(variables, reads, field, Purpose::Embedding))
}

fn of_unstract(variables: &Variables, reads: Reads, field: &Field, purpose: Purpose) -> Adapter {
    let mut adapter = variables.adapter(Consumer::UnstractSdk, reads);
    adapter.purpose = Some(purpose);
    adapter.models.extend(model(field, None));
    adapter
}

/// Only this has keys for embeddings alone.
fn is_for_unstract(variables: &Variables) -> bool {
    variables.iter().any(|(name, _)| name.starts_with("AWS_EMBEDDING_"))
}

/// Aider, which hands its models to LiteLLM. Source: Aider-AI/aider `aider/args.py` and `docs/llms/bedrock.md`.
fn aider(variables: &Variables) -> Option<Adapter> {
    let names = ["AIDER_MODEL", "AIDER_WEAK_MODEL", "AIDER_EDITOR_MODEL"];
    let models = names.iter().filter_map(|name| shaped_model(variables.filled(name)?, None));
    let reads = Reads { region: LITELLM_REGIONS, endpoint: &["AWS_BEDROCK_RUNTIME_ENDPOINT"], auth: &[LITELLM, AWS] };
    let mut adapter = with_models(variables, Consumer::Aider, reads, models.collect())?;
    adapter.purpose = Some(Purpose::Llm);
    // `0` turns it off, and `8k` is a number only to Aider
    let budget = variables.get("AIDER_THINKING_TOKENS");
    adapter.thinking.budget = budget.filter(|field| field.whole_number().is_some_and(|tokens| tokens != 0)).cloned();
    Some(adapter)
}

/// Goose, where its provider is Amazon Bedrock, or is not said. Source: block/goose, "Environment Variables" and
/// "Configure LLM Provider".
fn goose(variables: &Variables) -> Option<Adapter> {
    let pairs = [
        ("GOOSE_MODEL", "GOOSE_PROVIDER"),
        ("GOOSE_LEAD_MODEL", "GOOSE_LEAD_PROVIDER"),
        ("GOOSE_PLANNER_MODEL", "GOOSE_PLANNER_PROVIDER"),
    ];
    let models = pairs.iter().filter_map(|(name, provider)| {
        let field = variables.filled(name)?;
        let provider = variables.filled(provider).or_else(|| variables.filled("GOOSE_PROVIDER"));
        match provider.map(Field::given) {
            Some(Some("aws_bedrock")) => model(field, None),
            Some(Some(_)) => None,
            Some(None) | None => shaped_model(field, None),
        }
    });
    let reads = Reads {
        region: &["AWS_REGION", "AWS_DEFAULT_REGION"],
        endpoint: &["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"],
        auth: &[AWS],
    };
    let mut adapter = with_models(variables, Consumer::Goose, reads, models.collect())?;
    adapter.purpose = Some(Purpose::Llm);
    Some(adapter)
}

/// `aws-samples/bedrock-access-gateway`. `DEFAULT_MODEL` alone is anybody's. Source: its `src/api/setting.py`.
fn access_gateway(variables: &Variables) -> Option<Adapter> {
    let here = |names: &[&str]| names.iter().filter(|name| variables.get(name).is_some()).count();
    let own = ["DEFAULT_EMBEDDING_MODEL", "ENABLE_APPLICATION_INFERENCE_PROFILES"];
    if here(&own) == 0 || here(&own) + here(&["DEFAULT_MODEL", "ENABLE_CROSS_REGION_INFERENCE"]) < 2 {
        return None;
    }
    let models = [("DEFAULT_MODEL", Purpose::Llm), ("DEFAULT_EMBEDDING_MODEL", Purpose::Embedding)];
    let models = models.iter().filter_map(|(name, purpose)| shaped_model(variables.filled(name)?, Some(*purpose)));
    let reads = Reads { region: &["AWS_REGION"], endpoint: &["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"], auth: &[AWS] };
    let mut adapter = with_models(variables, Consumer::BedrockAccessGateway, reads, models.collect())?;
    adapter.max_tokens = variables.get("DEFAULT_MAX_TOKENS").cloned();
    Some(adapter)
}

fn with_models(variables: &Variables, consumer: Consumer, reads: Reads, models: Vec<ModelField>) -> Option<Adapter> {
    let mut adapter = variables.adapter(consumer, reads);
    adapter.models = models;
    (!adapter.models.is_empty()).then_some(adapter)
}

/// Zed's names of its own, so that it does not take the keys of other programs; its models stand in its settings.
/// Source: Zed documentation, "Amazon Bedrock".
fn zed(variables: &Variables) -> Option<Adapter> {
    const AUTH: AuthNames = [
        "ZED_ACCESS_KEY_ID",
        "ZED_SECRET_ACCESS_KEY",
        "ZED_SESSION_TOKEN",
        "ZED_BEDROCK_BEARER_TOKEN",
        "ZED_AWS_PROFILE",
        "",
    ];
    let reads = Reads { region: &["ZED_AWS_REGION"], endpoint: &["ZED_AWS_ENDPOINT"], auth: &[AUTH] };
    let mut adapter = variables.adapter(Consumer::Zed, reads);
    adapter.purpose = Some(Purpose::Llm);
    let is_filled = |field: &Option<Field>| field.as_ref().is_some_and(Field::is_filled);
    let evident = is_filled(&adapter.region) || AUTH.iter().any(|name| variables.filled(name).is_some());
    evident.then_some(adapter)
}

/// Spring AI. Source: spring-projects/spring-ai `bedrock-converse.adoc` (with and without `options`) and its pages on
/// Titan and Cohere embeddings; Spring Boot, "Binding From Environment Variables".
fn spring_ai(variables: &Variables) -> Option<Adapter> {
    let mut adapter = variables.adapter(Consumer::SpringAi, Reads { region: &[], endpoint: &[], auth: &[AWS] });
    let mut own = Auth::default();
    for (name, field) in variables.iter().filter(|(_, field)| field.is_filled()) {
        // hyphens of a property are left out or written as `_`
        let Some(property) = name.strip_prefix("SPRING_AI_BEDROCK_").map(|name| name.replace('_', "")) else {
            continue;
        };
        let value = || Some(field.clone());
        match property.as_str() {
            "AWSREGION" => adapter.region = value(),
            "AWSACCESSKEY" => own.access_key_id = value(),
            "AWSSECRETKEY" => own.secret_access_key = value(),
            "AWSSESSIONTOKEN" => own.session_token = value(),
            "AWSPROFILENAME" => own.profile = value(),
            "CONVERSECHATMAXTOKENS" | "CONVERSECHATOPTIONSMAXTOKENS" => adapter.max_tokens = value(),
            "CONVERSECHATTEMPERATURE" | "CONVERSECHATOPTIONSTEMPERATURE" => {
                adapter.sampling.push((SamplingParameter::Temperature, field.clone()));
            }
            "CONVERSECHATTOPP" | "CONVERSECHATOPTIONSTOPP" => {
                adapter.sampling.push((SamplingParameter::TopP, field.clone()));
            }
            "CONVERSECHATTOPK" | "CONVERSECHATOPTIONSTOPK" => {
                adapter.sampling.push((SamplingParameter::TopK, field.clone()));
            }
            "CONVERSECHATMODEL" | "CONVERSECHATOPTIONSMODEL" => adapter.models.extend(model(field, Some(Purpose::Llm))),
            "TITANEMBEDDINGMODEL" | "COHEREEMBEDDINGMODEL" => {
                adapter.models.extend(model(field, Some(Purpose::Embedding)));
            }
            _ => {}
        }
    }
    let has_own = own.fields().next().is_some() || own.profile.is_some();
    let evident = adapter.region.is_some() || !adapter.models.is_empty() || has_own;
    if has_own {
        adapter.auth = own;
    }
    evident.then_some(adapter)
}
