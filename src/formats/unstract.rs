//! Adapters of Unstract, in every shape that they have on disk: the body and the answer of its API, the bare metadata,
//! lists of either, metadata as a string.
//!
//! Source: Zipstack/unstract at v0.184.1, `unstract/sdk1/src/unstract/sdk1/adapters` (`llm1/static/bedrock.json`,
//! `embedding1/static/bedrock.json`, `base1.py`); Zipstack/unstract-sdk for the generation before.

use super::Reader;
use super::field::field;
use super::litellm::model_field;
use crate::adapter::{Adapter, Auth, AuthMode, Consumer, Field, Guardrail, Purpose, SamplingParameter, Thinking};
use crate::syntax::{Node, json};

/// Provider and number of the LLM adapter, the same in every generation.
const LLM: &str = "bedrock|8d18571f-5e96-4505-bd28-ad0379c64064";
/// Provider and number of the embedding adapter.
const EMBEDDING: &str = "bedrock|88199741-8d7e-4e8c-9d92-d76b0dc20c91";

/// How deep adapters are looked for: a list in an answer with pages is the deepest shape known.
const DEPTH: usize = 4;

/// Finds the adapters of a file.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    find(root, DEPTH, reader);
}

fn find(node: &Node, depth: usize, reader: &mut Reader<'_>) {
    if let Some(id) = envelope_id(node) {
        envelope(node, &id, reader);
    } else if is_metadata(node) {
        let adapter = metadata(node, None);
        reader.adapter(adapter, node);
    } else if depth > 0 {
        for inner in node.items().iter().chain(node.entries().iter().map(|entry| &entry.value)) {
            find(inner, depth - 1, reader);
        }
    }
}

/// The adapter's id, if the node is an adapter with its metadata.
fn envelope_id(node: &Node) -> Option<Field> {
    let id = field(node, "adapter_id").filter(|id| id.value.as_str().contains('|'))?;
    node.get("adapter_metadata").map(|_| id)
}

/// Whether a map is metadata by itself. Names of LiteLLM's parameters alone do not make it one.
fn is_metadata(node: &Node) -> bool {
    let has = |key: &str| node.get(key).is_some();
    let own = ["auth_type", "aws_bearer_token", "enable_thinking"].into_iter().any(has);
    has("model") && ((has("region_name") && own) || (has("adapter_name") && (own || has("aws_access_key_id"))))
}

fn envelope(node: &Node, id: &Field, reader: &mut Reader<'_>) {
    let purpose = match id.value.as_str() {
        LLM => Some(Purpose::Llm),
        EMBEDDING => Some(Purpose::Embedding),
        _ => None,
    };
    let said = field(node, "adapter_type");
    let said_purpose = said.as_ref().and_then(Field::given).and_then(|word| {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        if is("LLM") { Some(Purpose::Llm) } else { is("EMBEDDING").then_some(Purpose::Embedding) }
    });
    let Some(held) = node.get("adapter_metadata") else { return };
    let embedded = held.string().filter(|text| text.as_str().trim_start().starts_with('{')).and_then(|text| {
        let parsed = json::parse(text.as_str(), text.map());
        parsed
            .map_err(|fault| reader.problem(fault.span, format!("the metadata is not JSON: {}", fault.message)))
            .ok()?
    });
    let inner = embedded.as_ref().map_or(held, |document| &document.root);
    let mut adapter = metadata(inner, purpose.or(said_purpose));
    let agree = purpose.is_none() || said_purpose.is_none() || purpose == said_purpose;
    adapter.contradicted_purpose = said.filter(|_| !agree);
    adapter.span = node.span;
    adapter.name = adapter.name.or_else(|| field(node, "adapter_name").and_then(|name| Some(name.given()?.to_owned())));
    if !id.value.as_str().starts_with("bedrock|") {
        adapter.other_provider = Some(id.clone());
        adapter.endpoint = field(inner, "api_base").or_else(|| field(inner, "base_url"));
    }
    reader.adapter(adapter, node);
}

fn metadata(node: &Node, purpose: Option<Purpose>) -> Adapter {
    let get = |key: &str| field(node, key);
    let purpose = purpose.or_else(|| purpose_by_settings(node));
    // what the embedding adapter does not declare is dropped without a word
    let llm = |key: &str| get(key).filter(|_| purpose != Some(Purpose::Embedding));
    let mut adapter = Adapter::new(Consumer::Unstract, node.span);
    adapter.name = get("adapter_name").and_then(|name| Some(name.given()?.to_owned()));
    adapter.purpose = purpose;
    let behind = llm("model_id").filter(Field::is_filled);
    adapter.models.extend(get("model").map(|model| model_field(model, behind.is_some())));
    adapter.models.extend(behind.map(|arn| model_field(arn, false)));
    adapter.region = get("aws_region_name").filter(Field::is_filled).or_else(|| get("region_name"));
    adapter.ignored_regions = ["region", "aws_region"].into_iter().filter_map(get).collect();
    adapter.auth = Auth {
        mode: mode(get("auth_type").as_ref()),
        declared: get("auth_type"),
        access_key_id: get("aws_access_key_id"),
        secret_access_key: get("aws_secret_access_key"),
        session_token: get("aws_session_token"),
        api_key: get("aws_bearer_token"),
        profile: llm("aws_profile_name"),
        role: None,
    };
    adapter.thinking =
        Thinking { enabled: llm("enable_thinking"), mode: None, budget: llm("budget_tokens"), ..Thinking::default() };
    adapter.max_tokens = llm("max_tokens");
    // `top_p` and `top_k` are not declared, so they are dropped
    adapter.sampling.extend(llm("temperature").map(|field| (SamplingParameter::Temperature, field)));
    adapter.guardrail = Guardrail {
        identifier: llm("guardrail_identifier"),
        version: llm("guardrail_version"),
        trace: llm("guardrail_trace"),
    };
    adapter
}

/// Settings that only one of the two adapters has.
fn purpose_by_settings(node: &Node) -> Option<Purpose> {
    const OF_LLM: [&str; 6] =
        ["enable_thinking", "budget_tokens", "max_tokens", "model_id", "guardrail_identifier", "aws_profile_name"];
    let has = |key: &&str| node.get(key).is_some();
    if has(&"embed_batch_size") { Some(Purpose::Embedding) } else { OF_LLM.iter().any(has).then_some(Purpose::Llm) }
}

fn mode(declared: Option<&Field>) -> AuthMode {
    let Some(word) = declared.and_then(Field::literal) else { return AuthMode::Open };
    let known = Consumer::Unstract.auth_types().iter().find(|known| known.word == word);
    known.map_or(AuthMode::Unknown, |known| AuthMode::Chosen(known.credential))
}
