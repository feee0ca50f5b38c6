//! Kong AI Gateway: the models of the plugins `ai-proxy` and `ai-proxy-advanced`, and those that others of its plugins
//! embed with, in files of decK or in resources of Kubernetes.
//!
//! Source: Kong documentation, "AI Proxy" and "AI Proxy Advanced" (examples for Amazon Bedrock, configuration reference).

use super::super::Reader;
use super::super::environment::model;
use super::super::field::{at, field, text};
use super::is_kind;
use crate::adapter::{Adapter, Auth, Consumer, Field, SamplingParameter};
use crate::syntax::Node;

/// How deep plugins are looked for: services, routes, plugins, configuration, targets, each a key and a list.
const DEPTH: usize = 12;

pub(super) fn read(document: &Node, reader: &mut Reader<'_>) {
    let is_its_own = document.get("_format_version").is_some()
        || ["KongPlugin", "KongClusterPlugin"].iter().any(|kind| is_kind(document, kind));
    if is_its_own {
        find(document, DEPTH, reader);
    }
}

fn find(node: &Node, depth: usize, reader: &mut Reader<'_>) {
    let of_bedrock = |model: &&Node| text(model, &["provider"]).is_some_and(|provider| provider.as_str() == "bedrock");
    if let Some(found) = at(node, &["model"]).filter(of_bedrock) {
        reader.adapter(adapter(node, found), node);
    } else if depth > 0 {
        for inner in node.items().iter().chain(node.entries().iter().map(|entry| &entry.value)) {
            find(inner, depth - 1, reader);
        }
    }
}

fn adapter(target: &Node, called: &Node) -> Adapter {
    let options = at(called, &["options"]);
    let option = |key: &str| options.and_then(|options| field(options, key));
    let bedrock = |key: &str| options.and_then(|options| at(options, &["bedrock"])).and_then(|map| field(map, key));
    let auth = |key: &str| at(target, &["auth"]).and_then(|auth| field(auth, key)).filter(Field::is_filled);
    let mut adapter = Adapter::new(Consumer::Kong, target.span);
    adapter.models = field(called, "name").and_then(|name| model(&name, None)).into_iter().collect();
    adapter.region = bedrock("aws_region");
    adapter.endpoint = option("upstream_url");
    adapter.max_tokens = option("max_tokens");
    let parameters = [
        ("temperature", SamplingParameter::Temperature),
        ("top_p", SamplingParameter::TopP),
        ("top_k", SamplingParameter::TopK),
    ];
    adapter.sampling = parameters.into_iter().filter_map(|(key, parameter)| Some((parameter, option(key)?))).collect();
    adapter.auth = Auth {
        access_key_id: auth("aws_access_key_id"),
        secret_access_key: auth("aws_secret_access_key"),
        role: bedrock("aws_assume_role_arn"),
        ..Auth::default()
    };
    adapter
}
