//! Continue: `config.yaml`, with the settings of AWS in the `env` of a model, and `config.json`, with them beside the model.
//!
//! Source: continuedev/continue `docs/customize/model-providers/top-level/bedrock.mdx`.

use super::super::Reader;
use super::super::environment::model;
use super::super::field::{at, field, text};
use crate::adapter::{Adapter, Auth, Consumer, Field, Purpose, Thinking};
use crate::syntax::Node;

/// What only Continue's files have, beside `models`.
const OWN: [&str; 7] = [
    "tabAutocompleteModel",
    "embeddingsProvider",
    "reranker",
    "contextProviders",
    "slashCommands",
    "customCommands",
    "allowAnonymousTelemetry",
];

pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    let is_its_own = OWN.iter().any(|key| root.get(key).is_some())
        || text(root, &["schema"]).is_some_and(|schema| schema.as_str() == "v1")
        || reader.source.path().contains(".continue/");
    let models = root.get("models").map(Node::items).unwrap_or_default();
    let single = ["tabAutocompleteModel", "embeddingsProvider"].iter().filter_map(|key| root.get(key));
    for entry in models.iter().chain(single) {
        let evident = is_its_own || (entry.get("roles").is_some() && entry.get("name").is_some());
        let provider = text(entry, &["provider"]).map(|provider| provider.as_str());
        if evident && matches!(provider, Some("bedrock" | "bedrockimport")) {
            reader.adapter(adapter(entry, provider == Some("bedrockimport")), entry);
        }
    }
}

fn adapter(entry: &Node, imported: bool) -> Adapter {
    let setting = |key: &str| at(entry, &["env"]).and_then(|env| field(env, key)).or_else(|| field(entry, key));
    let setting = |key: &str| setting(key).filter(Field::is_filled);
    let mut adapter = Adapter::new(Consumer::Continue, entry.span);
    let name = ["name", "title"].iter().find_map(|key| text(entry, &[key]));
    adapter.name = name.map(|name| name.as_str().to_owned());
    let roles = entry.get("roles").map(Node::items).unwrap_or_default();
    let embeds = roles.iter().filter_map(Node::string).any(|role| role.as_str() == "embed");
    adapter.purpose = (embeds && roles.len() == 1).then_some(Purpose::Embedding);
    // the name of an imported model is for people
    let called = if imported { setting("modelArn") } else { field(entry, "model") };
    adapter.models = called.and_then(|field| model(&field, None)).into_iter().collect();
    adapter.region = setting("region");
    adapter.endpoint = setting("apiBase");
    adapter.auth = Auth {
        access_key_id: setting("accessKeyId"),
        secret_access_key: setting("secretAccessKey"),
        session_token: setting("sessionToken"),
        api_key: setting("apiKey"),
        // a profile is looked for in any case, and keys win over it
        ..Auth::default()
    };
    let options = |key: &str| at(entry, &["defaultCompletionOptions"]).and_then(|options| field(options, key));
    adapter.thinking = Thinking {
        enabled: options("reasoning"),
        mode: None,
        budget: options("reasoningBudgetTokens"),
        ..Thinking::default()
    };
    adapter.max_tokens = options("maxTokens");
    adapter
}
