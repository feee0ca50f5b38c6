//! Portkey: configs of its gateway, by themselves or among the targets of another.
//!
//! Source: Portkey-AI/docs-core `integrations/llms/bedrock/aws-bedrock.mdx` and `product/ai-gateway/configs.mdx`.

use super::super::Reader;
use super::super::environment::model;
use super::super::field::{at, field, text};
use crate::adapter::{Adapter, Auth, Consumer, Field};
use crate::syntax::Node;

/// Targets may have targets.
const DEPTH: usize = 8;

pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    find(root, DEPTH, reader);
}

fn find(node: &Node, depth: usize, reader: &mut Reader<'_>) {
    let is_bedrock = text(node, &["provider"]).is_some_and(|provider| provider.as_str() == "bedrock");
    if is_bedrock && (node.get("aws_region").is_some() || at(node, &["override_params", "model"]).is_some()) {
        let get = |key: &str| field(node, key).filter(Field::is_filled);
        let mut adapter = Adapter::new(Consumer::Program, node.span);
        adapter.region = get("aws_region");
        adapter.endpoint = get("custom_host");
        adapter.auth = Auth {
            access_key_id: get("aws_access_key_id"),
            secret_access_key: get("aws_secret_access_key"),
            session_token: get("aws_session_token"),
            role: get("aws_role_arn"),
            ..Auth::default()
        };
        let parameters = at(node, &["override_params"]);
        let named = parameters.and_then(|map| field(map, "model"));
        adapter.models = named.and_then(|field| model(&field, None)).into_iter().collect();
        adapter.max_tokens = parameters.and_then(|map| field(map, "max_tokens"));
        reader.adapter(adapter, node);
    }
    if depth > 0 {
        for inner in node.get("targets").map(Node::items).unwrap_or_default() {
            find(inner, depth - 1, reader);
        }
    }
}
