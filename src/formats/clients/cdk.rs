//! The context of AWS CDK in `cdk.json`, as samples of AWS use it: ids of models by their keys, and one Region for all.
//! What the stacks make of them is likely.
//!
//! Sources: aws-samples/generative-ai-use-cases `packages/cdk/cdk.json` and its deployment options; aws-samples/bedrock-chat
//! `cdk/cdk.json`.

use super::super::Reader;
use super::super::environment::model;
use super::super::field::{at, field, field_of};
use super::completed;
use crate::adapter::{Adapter, Consumer, Field, ModelField, Purpose};
use crate::bedrock::is_model_shaped;
use crate::syntax::{Entry, Node, ScalarKind};
use crate::text::Text;

pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    let Some(context) = root.get("app").and_then(|_| at(root, &["context"])) else { return };
    let environments = context.entries().iter().map(|entry| &entry.value).filter(|inner| !inner.entries().is_empty());
    for settings in std::iter::once(context).chain(environments) {
        let models: Vec<ModelField> = settings.entries().iter().flat_map(models).collect();
        if models.is_empty() {
            continue;
        }
        let mut adapter = Adapter::new(Consumer::Program, settings.span);
        let region = |map: &Node| ["modelRegion", "bedrockRegion"].iter().find_map(|key| field(map, key));
        adapter.region = region(settings).or_else(|| region(context)).filter(Field::is_filled);
        let crosses = |entry: &&Entry| entry.key.as_str().contains("CrossRegion");
        let is_off = |entry: &Entry| entry.value.scalar().is_some_and(|text| text.as_str() == "false");
        let prefixed = settings.entries().iter().filter(crosses).any(|entry| !is_off(entry));
        adapter.models = models.into_iter().map(|model| if prefixed { completed(model) } else { model }).collect();
        reader.adapter(adapter, settings);
    }
}

/// `modelIds` lists ids, or maps of an id and its own Region; `embeddingModelId` is one.
fn models(entry: &Entry) -> Vec<ModelField> {
    let key = entry.key.as_str().to_ascii_lowercase();
    if !key.ends_with("modelid") && !key.ends_with("modelids") {
        return Vec::new();
    }
    let purpose = key.contains("embedding").then_some(Purpose::Embedding);
    let of_item = |item: &Node| {
        let own = field(item, "modelId");
        let listed = || item.string().and_then(|_| field_of(&Entry { key: entry.key.clone(), value: item.clone() }));
        let found = own.or_else(listed).filter(|field| field.kind == ScalarKind::String)?;
        let mut found = model(&found, purpose).filter(|model| is_model_shaped(model.id.as_str()))?;
        let region: Option<Text> = field(item, "region").filter(Field::is_filled).map(|region| region.value);
        found.region = found.region.or(region);
        Some(found)
    };
    entry.value.one_or_many().iter().filter_map(of_item).collect()
}
