//! Envoy AI Gateway: a route names models, a backend says that Amazon Bedrock serves them, a policy says with which
//! credential and in which Region, and a host says where. Each backend is an adapter.
//!
//! Source: envoyproxy/ai-gateway `examples/basic/aws.yaml` and its API reference (`AIGatewayRoute`, `AIServiceBackend`,
//! `BackendSecurityPolicy`, of `v1alpha1` and `v1beta1`).

use std::collections::HashMap;

use super::super::Reader;
use super::super::environment::model;
use super::super::field::{at, field, text};
use super::is_kind;
use crate::adapter::{Adapter, Consumer, Field, ModelField};
use crate::bedrock::EndpointUrl;
use crate::syntax::Node;

/// The header that names the model of a request.
const MODEL: &str = "x-ai-eg-model";

/// More models than this no file of routes has.
const MOST: usize = 10_000;

pub(super) fn read(objects: &[&Node], reader: &mut Reader<'_>) {
    let backends = objects.iter().filter(|object| {
        let schema = text(object, &["spec", "schema", "name"]).map_or("", |schema| schema.as_str());
        is_kind(object, "AIServiceBackend") && matches!(schema, "AWSBedrock" | "AWSAnthropic")
    });
    let mut backends = backends.peekable();
    if backends.peek().is_none() {
        return;
    }
    let index = Index::of(objects);
    let mut left = MOST;
    for backend in backends {
        if let Some(adapter) = adapter(backend, &index, &mut left) {
            reader.adapter(adapter, backend);
        }
    }
}

/// The objects of a file by the names under which they are looked for.
#[derive(Default)]
struct Index<'n> {
    hosts: HashMap<&'n str, Vec<&'n Node>>,
    /// Policies by their own names.
    policies: HashMap<&'n str, Vec<&'n Node>>,
    /// Policies by the backends that they are for.
    for_backends: HashMap<&'n str, Vec<&'n Node>>,
    /// References to backends, each with its rule and route.
    uses: HashMap<&'n str, Vec<[&'n Node; 3]>>,
}

impl<'n> Index<'n> {
    fn of(objects: &[&'n Node]) -> Self {
        let mut index = Self::default();
        let items = |node: &'n Node, path: &[&str]| at(node, path).map(Node::items).unwrap_or_default();
        for object in objects {
            let name = text(object, &["metadata", "name"]).map(|name| name.as_str());
            if is_kind(object, "Backend") {
                index.hosts.entry(name.unwrap_or_default()).or_default().push(object);
            } else if is_kind(object, "BackendSecurityPolicy") {
                index.policies.entry(name.unwrap_or_default()).or_default().push(object);
                for target in items(object, &["spec", "targetRefs"]).iter().filter_map(backend_of) {
                    index.for_backends.entry(target).or_default().push(object);
                }
            } else if is_kind(object, "AIGatewayRoute") {
                for rule in items(object, &["spec", "rules"]) {
                    for reference in items(rule, &["backendRefs"]) {
                        let Some(backend) = backend_of(reference) else { continue };
                        index.uses.entry(backend).or_default().push([object, rule, reference]);
                    }
                }
            }
        }
        index
    }
}

/// The backend that a reference names, unless it names another kind of object.
fn backend_of(reference: &Node) -> Option<&str> {
    let kind = text(reference, &["kind"]).is_none_or(|kind| kind.as_str() == "AIServiceBackend");
    text(reference, &["name"]).filter(|_| kind).map(|name| name.as_str())
}

/// `None` where the backend is a service of the cluster: what stands behind it is not known.
fn adapter(backend: &Node, index: &Index<'_>, left: &mut usize) -> Option<Adapter> {
    let name = text(backend, &["metadata", "name"])?.as_str();
    let mut adapter = Adapter::new(Consumer::EnvoyAiGateway, backend.span);
    adapter.name = Some(name.to_owned());
    adapter.endpoint = host(backend, index)?;
    let credentials = credentials(backend, name, index);
    adapter.region = credentials.and_then(|credentials| field(credentials, "region")).filter(Field::is_filled);
    adapter.region = adapter.region.or_else(|| region_of(adapter.endpoint.as_ref()?));
    let exchange = credentials.and_then(|credentials| at(credentials, &["oidcExchangeToken"]));
    adapter.auth.role = exchange.and_then(|exchange| field(exchange, "awsRoleArn"));
    adapter.models = models(backend, name, index, *left);
    *left -= adapter.models.len();
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

/// The host that is called, if the file says it.
fn host(backend: &Node, index: &Index<'_>) -> Option<Option<Field>> {
    let reference = at(backend, &["spec", "backendRef"])?;
    let (kind, name) = (text(reference, &["kind"])?, text(reference, &["name"])?);
    if kind.as_str() != "Backend" {
        return None;
    }
    let hosts = index.hosts.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
    let Some(found) = hosts.iter().find(|host| are_together(host, backend)) else { return Some(None) };
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

fn credentials<'n>(backend: &Node, name: &str, index: &Index<'n>) -> Option<&'n Node> {
    let named = text(backend, &["spec", "backendSecurityPolicyRef", "name"]).map(|name| name.as_str());
    let for_it = index.for_backends.get(name).into_iter().flatten();
    let mut policies = for_it.chain(named.and_then(|named| index.policies.get(named)).into_iter().flatten());
    let policy = policies.find(|policy| are_together(policy, backend))?;
    at(policy, &["spec", "awsCredentials"])
}

/// What the backend is asked for: the name that a route writes in the place of the client's, else the client's.
fn models(backend: &Node, name: &str, index: &Index<'_>, most: usize) -> Vec<ModelField> {
    let uses = index.uses.get(name).map(Vec::as_slice).unwrap_or_default();
    let is_used = |[route, _, reference]: &&[&Node; 3]| {
        let weight = field(reference, "weight").and_then(|weight| weight.whole_number());
        are_together(route, backend) && weight != Some(0)
    };
    let names = uses.iter().filter(is_used).flat_map(|[_, rule, reference]| {
        match field(reference, "modelNameOverride").filter(Field::is_filled) {
            Some(name) => vec![name],
            None => asked_for(rule),
        }
    });
    names.take(most).filter_map(|name| model(&name, None)).collect()
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
