//! Operators of Kubernetes with a resource that names one model: kagent and K8sGPT.
//!
//! Sources: kagent-dev/kagent `go/api/v1alpha2/modelconfig_types.go`; k8sgpt-ai/k8sgpt-operator `README.md`, and
//! k8sgpt-ai/k8sgpt `pkg/ai/amazonbedrock.go`.

use super::super::Reader;
use super::super::environment::model;
use super::super::field::{at, field, text, unknown};
use super::is_kind;
use crate::adapter::{Adapter, Consumer, Purpose, SamplingParameter, Thinking};
use crate::syntax::Node;

pub(super) fn read(object: &Node, reader: &mut Reader<'_>) {
    let group = text(object, &["apiVersion"]).map_or("", |version| version.as_str());
    let adapter = if is_kind(object, "ModelConfig") && group.starts_with("kagent.dev/") {
        kagent(object)
    } else if is_kind(object, "K8sGPT") && group.starts_with("core.k8sgpt.ai/") {
        k8sgpt(object)
    } else {
        None
    };
    if let Some(mut adapter) = adapter {
        adapter.name = text(object, &["metadata", "name"]).map(|name| name.as_str().to_owned());
        adapter.purpose = Some(Purpose::Llm);
        reader.adapter(adapter, object);
    }
}

fn kagent(object: &Node) -> Option<Adapter> {
    let spec = at(object, &["spec"])?;
    if text(spec, &["provider"])?.as_str() != "Bedrock" {
        return None;
    }
    let mut adapter = Adapter::new(Consumer::Kagent, object.span);
    adapter.models = field(spec, "model").and_then(|field| model(&field, None)).into_iter().collect();
    let Some(bedrock) = at(spec, &["bedrock"]) else { return Some(adapter) };
    adapter.region = field(bedrock, "region");
    if let Some(fields) = at(bedrock, &["additionalModelRequestFields"]) {
        let thinking = |key| at(fields, &["thinking"]).and_then(|thinking| field(thinking, key));
        adapter.thinking = Thinking {
            enabled: None,
            mode: thinking("type"),
            budget: thinking("budget_tokens"),
            ..Thinking::default()
        };
        adapter.sampling.extend(field(fields, "top_k").map(|field| (SamplingParameter::TopK, field)));
    }
    Some(adapter)
}

/// K8sGPT has a list of Regions and may call another one than is written.
fn k8sgpt(object: &Node) -> Option<Adapter> {
    let ai = at(object, &["spec", "ai"])?;
    if !text(ai, &["backend"])?.as_str().starts_with("amazonbedrock") {
        return None;
    }
    let mut adapter = Adapter::new(Consumer::Program, object.span);
    adapter.models = field(ai, "model").and_then(|field| model(&field, None)).into_iter().collect();
    adapter.region = field(ai, "region").map(|region| unknown(&region));
    Some(adapter)
}
