//! Zed: where and as whom its `settings.json` calls Amazon Bedrock. Its models have names of Zed's own.
//!
//! Source: Zed documentation, "Amazon Bedrock".

use super::super::Reader;
use super::super::field::{at, field};
use crate::adapter::{Adapter, Consumer, Field, Purpose};
use crate::syntax::Node;

pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    let Some(bedrock) = at(root, &["language_models", "bedrock"]) else { return };
    let get = |key: &str| field(bedrock, key).filter(Field::is_filled);
    let mut adapter = Adapter::new(Consumer::Zed, bedrock.span);
    adapter.purpose = Some(Purpose::Llm);
    adapter.region = get("region");
    adapter.endpoint = get("endpoint_url");
    adapter.auth.profile = get("profile");
    reader.adapter(adapter, bedrock);
}
