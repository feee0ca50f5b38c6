//! opencode: `opencode.json` and `opencode.jsonc`.
//!
//! It puts a prefix before bare ids by the Region, so that they are right as they stand.
//!
//! Source: opencode documentation, "Amazon Bedrock" (options of the provider, ARNs as `id` of a model), and its
//! `packages/opencode/src/provider/provider.ts`.

use super::super::Reader;
use super::super::environment::model;
use super::super::field::{at, field};
use super::completed;
use crate::adapter::{Adapter, Consumer, Field, Purpose};
use crate::syntax::Node;

const PROVIDER: &str = "amazon-bedrock";

pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    let provider = at(root, &["provider", PROVIDER]);
    let is_ours = |name: &Field| name.literal().is_some_and(|name| name.starts_with("amazon-bedrock/"));
    let agents = root.get("agent").map(Node::entries).unwrap_or_default();
    let maps = std::iter::once(root).chain(agents.iter().map(|agent| &agent.value));
    let named = maps.flat_map(|map| ["model", "small_model"].into_iter().filter_map(|key| field(map, key)));
    let named: Vec<Field> = named.filter(is_ours).collect();
    if provider.is_none() && named.is_empty() {
        return;
    }
    let option = |key: &str| provider.and_then(|map| at(map, &["options"])).and_then(|options| field(options, key));
    let mut adapter = Adapter::new(Consumer::OpenCode, provider.map_or(root.span, |provider| provider.span));
    adapter.purpose = Some(Purpose::Llm);
    adapter.region = option("region").filter(Field::is_filled);
    adapter.endpoint = option("endpoint").or_else(|| option("baseURL"));
    adapter.auth.profile = option("profile");
    adapter.auth.api_key = option("apiKey");
    let own = provider.and_then(|map| at(map, &["models"])).map(Node::entries).unwrap_or_default();
    // the key of a model with an id of its own is a name
    let is_name = |name: &Field| {
        let name = name.given().and_then(|name| name.strip_prefix("amazon-bedrock/")).unwrap_or_default();
        own.iter().any(|entry| entry.key.as_str() == name && entry.value.get("id").is_some())
    };
    let ids = own.iter().filter_map(|entry| field(&entry.value, "id"));
    let called = named.into_iter().filter(|name| !is_name(name)).chain(ids);
    adapter.models = called.filter_map(|field| model(&field, None)).map(completed).collect();
    reader.adapter(adapter, provider.unwrap_or(root));
}
