//! LibreChat: what `librechat.yaml` says of Amazon Bedrock. The Region and the credential stand in its environment.
//!
//! Source: LibreChat-AI/librechat.ai, "AWS Bedrock Object Structure".

use super::super::Reader;
use super::super::environment::model;
use super::super::field::{at, field, field_of};
use super::super::litellm::guardrail;
use crate::adapter::{Adapter, Consumer, Field, Purpose};
use crate::syntax::{Entry, Node};

pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    let Some(bedrock) = at(root, &["endpoints", "bedrock"]) else { return };
    if bedrock.entries().is_empty() {
        return;
    }
    let mut adapter = Adapter::new(Consumer::LibreChat, bedrock.span);
    adapter.purpose = Some(Purpose::Llm);
    let listed = bedrock.entry("models").into_iter().flat_map(items);
    let title = field(bedrock, "titleModel").filter(|title| title.given() != Some("current_model"));
    let profiles = at(bedrock, &["inferenceProfiles"]).map(Node::entries).unwrap_or_default();
    let is_mapped = |field: &Field| profiles.iter().any(|profile| Some(profile.key.as_str()) == field.given());
    // an id with a profile of one's own is called by that
    let named = listed.chain(title).filter(|field| !is_mapped(field));
    let called = named.chain(profiles.iter().filter_map(field_of));
    adapter.models = called.filter(Field::is_filled).filter_map(|field| model(&field, None)).collect();
    adapter.guardrail = at(bedrock, &["guardrailConfig"]).map(guardrail).unwrap_or_default();
    reader.adapter(adapter, bedrock);
}

fn items(list: &Entry) -> Vec<Field> {
    let field = |item: &Node| field_of(&Entry { key: list.key.clone(), value: item.clone() });
    list.value.items().iter().filter_map(field).collect()
}
