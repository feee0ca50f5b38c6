//! Envoy AI Gateway: a route names models, a backend says that Amazon Bedrock serves them, a policy says with which
//! credential and in which Region, and a host says where. Each backend is an adapter.
//!
//! Source: envoyproxy/ai-gateway `examples/basic/aws.yaml` and its API reference (`AIGatewayRoute`, `AIServiceBackend`,
//! `BackendSecurityPolicy`, of `v1alpha1` and `v1beta1`).

use super::super::Reader;
use super::super::environment::model;
use super::super::field::{at, field, text};
use super::is_kind;
use crate::adapter::{Adapter, Consumer, Field, ModelField};
use crate::bedrock::EndpointUrl;
use crate::syntax::Node;

/// The header that names the model of a request.
const MODEL: &str = "x-ai-eg-model";

pub(super) fn read(objects: &[&Node], reader: &mut Reader<'_>) {
    for backend in objects.iter().filter(|object| is_kind(object, "AIServiceBackend")) {
        let schema = text(backend, &["spec", "schema", "name"]);
        if schema.is_some_and(|schema| matches!(schema.as_str(), "AWSBedrock" | "AWSAnthropic"))
            && let Some(adapter) = adapter(backend, objects)
        {
            reader.adapter(adapter, backend);
        }
    }
}

/// `None` where the backend is a service of the cluster: what stands behind it is not known.
fn adapter(backend: &Node, objects: &[&Node]) -> Option<Adapter> {
    let mut adapter = Adapter::new(Consumer::EnvoyAiGateway, backend.span);
    adapter.name = text(backend, &["metadata", "name"]).map(|name| name.as_str().to_owned());
    adapter.endpoint = host(backend, objects)?;
    let credentials = credentials(backend, objects);
    adapter.region = credentials.and_then(|credentials| field(credentials, "region")).filter(Field::is_filled);
    adapter.region = adapter.region.or_else(|| region_of(adapter.endpoint.as_ref()?));
    let exchange = credentials.and_then(|credentials| at(credentials, &["oidcExchangeToken"]));
    adapter.auth.role = exchange.and_then(|exchange| field(exchange, "awsRoleArn"));
    adapter.models = models(backend, objects);
    Some(adapter)
}

/// Whether two objects stand in one namespace, as far as that is known.
fn are_together(one: &Node, other: &Node) -> bool {
    let namespace = |object| text(object, &["metadata", "namespace"]).map(|text| text.as_str().to_owned());
    match (namespace(one), namespace(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// Whether a reference names an object of this kind; one that says no kind means `usual`.
fn names(reference: &Node, object: &Node, kind: &str, usual: &str) -> bool {
    let name = text(object, &["metadata", "name"]);
    let said = text(reference, &["kind"]).map_or(usual, |said| said.as_str());
    said == kind
        && name.is_some()
        && text(reference, &["name"]).map(|text| text.as_str()) == name.map(|text| text.as_str())
}

/// The host that is called, if the file says it.
fn host(backend: &Node, objects: &[&Node]) -> Option<Option<Field>> {
    let reference = at(backend, &["spec", "backendRef"])?;
    if text(reference, &["kind"])?.as_str() != "Backend" {
        return None;
    }
    let is_meant = |object: &&&Node| {
        is_kind(object, "Backend") && are_together(object, backend) && names(reference, object, "Backend", "Service")
    };
    let Some(found) = objects.iter().find(is_meant) else { return Some(None) };
    match at(found, &["spec", "endpoints"])?.items() {
        [one] => Some(Some(at(one, &["fqdn"]).and_then(|name| field(name, "hostname"))?)),
        _ => None,
    }
}

fn region_of(host: &Field) -> Option<Field> {
    let region = EndpointUrl::parse(host.literal()?)?.region;
    let value = host.value.part(region);
    Some(Field { span: value.span(), value, ..host.clone() })
}

fn credentials<'n>(backend: &Node, objects: &[&'n Node]) -> Option<&'n Node> {
    let named = at(backend, &["spec", "backendSecurityPolicyRef"]);
    let is_meant = |object: &&&Node| {
        let targets = at(object, &["spec", "targetRefs"]).map(Node::items).unwrap_or_default();
        is_kind(object, "BackendSecurityPolicy")
            && are_together(object, backend)
            && (targets.iter().any(|target| names(target, backend, "AIServiceBackend", "AIServiceBackend"))
                || named.is_some_and(|named| names(named, object, "BackendSecurityPolicy", "BackendSecurityPolicy")))
    };
    objects.iter().find(is_meant).and_then(|policy| at(policy, &["spec", "awsCredentials"]))
}

/// What the backend is asked for: the name that a route writes in the place of the client's, else the client's.
fn models(backend: &Node, objects: &[&Node]) -> Vec<ModelField> {
    let routes = objects.iter().filter(|object| is_kind(object, "AIGatewayRoute") && are_together(object, backend));
    let rules = routes.flat_map(|route| at(route, &["spec", "rules"]).map(Node::items).unwrap_or_default());
    let mut found = Vec::new();
    for rule in rules {
        let references = rule.get("backendRefs").map(Node::items).unwrap_or_default();
        let is_used = |reference: &&Node| {
            let is_idle = field(reference, "weight").and_then(|weight| weight.whole_number()) == Some(0);
            names(reference, backend, "AIServiceBackend", "AIServiceBackend") && !is_idle
        };
        for reference in references.iter().filter(is_used) {
            match field(reference, "modelNameOverride").filter(Field::is_filled) {
                Some(name) => found.extend(model(&name, None)),
                None => found.extend(asked_for(rule).iter().filter_map(|name| model(name, None))),
            }
        }
    }
    found
}

/// The models that clients name to reach a rule.
fn asked_for(rule: &Node) -> Vec<Field> {
    let matches = rule.get("matches").map(Node::items).unwrap_or_default();
    let headers = matches.iter().flat_map(|one| one.get("headers").map(Node::items).unwrap_or_default());
    let is_exact = |header: &&Node| {
        text(header, &["name"]).is_some_and(|name| name.as_str().eq_ignore_ascii_case(MODEL))
            && text(header, &["type"]).is_none_or(|how| how.as_str() == "Exact")
    };
    headers.filter(is_exact).filter_map(|header| field(header, "value")).collect()
}
