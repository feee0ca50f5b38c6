//! Objects of Kubernetes: the environment of the containers of workloads, what ConfigMaps and Secrets hold of it, and the
//! service accounts that pods run as.
//!
//! Sources: Kubernetes API reference (Pod, Deployment, Job, CronJob, ConfigMap, Secret, ServiceAccount), "Define Environment
//! Variables for a Container" (`env` goes before `envFrom`, a later `envFrom` before an earlier one); Knative Serving,
//! Argo Rollouts (the same template of a pod); kustomize, "configMapGenerator"; Amazon EKS User Guide, "IAM roles for
//! service accounts".

mod stores;
mod vault;

use std::fmt;
use std::sync::Arc;

pub(super) use self::stores::finish;

use super::environment::{given_elsewhere, listed};
use super::field::field;
use super::{Reader, ReferenceFact, ServiceAccountFact, Unfinished, Workload};
use crate::adapter::Field;
use crate::source::{Location, Source};
use crate::syntax::{Entry, Node, ScalarKind};
use crate::text::{Span, Text};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Gives the pods of a service account a role of IAM.
const ROLE: &str = "eks.amazonaws.com/role-arn";

/// An object that others may complete.
pub struct Object {
    source: Arc<Source>,
    example: bool,
    part: Box<Part>,
}

enum Part {
    Container(Container),
    Store(Store),
}

/// A container of a pod.
struct Container {
    name: Option<String>,
    span: Span,
    workload: Workload,
    /// The stores of which it is given everything; `None` for one that has no name yet.
    from: Vec<Option<EnvFrom>>,
    env: Vec<Variable>,
    commands: Vec<Text>,
}

/// An entry of `envFrom`.
struct EnvFrom {
    kind: StoreKind,
    name: Text,
    prefix: String,
}

/// An entry of `env`.
enum Variable {
    Given(Field),
    /// A key of a store. The field is what stands for the value as long as that is not known.
    Kept {
        kind: StoreKind,
        store: Text,
        key: Text,
        field: Field,
    },
}

/// What a ConfigMap or a Secret holds.
struct Store {
    kind: StoreKind,
    name: Field,
    namespace: Option<Field>,
    variables: Vec<Field>,
    span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum StoreKind {
    ConfigMap,
    Secret,
}

impl fmt::Debug for Object {
    /// Without values, among which secrets may stand.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match &*self.part {
            Part::Container(_) => "container",
            Part::Store(_) => "store",
        };
        write!(f, "Object({what} in {:?})", self.source)
    }
}

/// Reads an object of Kubernetes, or a list of them; whether all that it says of environments was read.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) -> bool {
    let generators = [("configMapGenerator", StoreKind::ConfigMap), ("secretGenerator", StoreKind::Secret)];
    let is_kustomization = generators.iter().any(|(key, _)| root.get(key).is_some());
    for (key, kind) in generators {
        for generator in root.get(key).map(Node::items).unwrap_or_default() {
            let variables = generator.get("literals").map(listed).unwrap_or_default();
            store(kind, field(generator, "name"), None, variables, generator.span, reader);
        }
    }
    if is_kustomization || root.get("apiVersion").and_then(Node::string).is_none() {
        return is_kustomization;
    }
    match root.get("kind").and_then(Node::string).map(Text::as_str) {
        Some("List") => {
            let items = root.get("items").map(Node::items).unwrap_or_default();
            for item in items {
                read(item, reader);
            }
        }
        Some("ServiceAccount") => service_account(root, reader),
        Some("ConfigMap") => {
            let variables = root.get("data").map(listed).unwrap_or_default();
            object_store(StoreKind::ConfigMap, root, variables, reader);
        }
        Some("Secret") => {
            let data = root.get("data").map(Node::entries).unwrap_or_default();
            let mut variables: Vec<Field> = data.iter().filter_map(|entry| decoded(entry, reader)).collect();
            variables.extend(root.get("stringData").map(listed).unwrap_or_default());
            object_store(StoreKind::Secret, root, variables, reader);
        }
        Some(_) => match pod(root) {
            Some(pod) => workload(root, pod, reader),
            None => return false,
        },
        None => return false,
    }
    true
}

/// The pod that an object makes: its `spec`. Kinds that others have defined have the same template.
fn pod(object: &Node) -> Option<&Node> {
    let paths: [&[&str]; 4] = [
        &["spec", "template", "spec"],
        &["spec", "jobTemplate", "spec", "template", "spec"],
        &["template", "spec"],
        &["spec"],
    ];
    let mut pods = paths.iter().filter_map(|path| path.iter().try_fold(object, |node, key| node.get(key)));
    pods.find(|pod| pod.get("containers").is_some_and(|containers| !containers.items().is_empty()))
}

fn workload(object: &Node, pod: &Node, reader: &mut Reader<'_>) {
    let account = field(pod, "serviceAccountName").or_else(|| field(pod, "serviceAccount"));
    let workload = Workload { service_account: account, namespace: metadata(object, "namespace") };
    let containers = ["initContainers", "containers"].iter().flat_map(|key| pod.get(key).map(Node::items));
    for container in containers.flatten() {
        let list = |key: &str| container.get(key).map(Node::items).unwrap_or_default();
        let (env, from) = (list("env"), list("envFrom"));
        if env.is_empty() && from.is_empty() {
            continue;
        }
        let part = Container {
            name: field(container, "name").and_then(|name| Some(name.given()?.to_owned())),
            span: container.get("env").or_else(|| container.get("envFrom")).map_or(container.span, |node| node.span),
            workload: workload.clone(),
            from: from.iter().map(env_from).collect(),
            env: env.iter().filter_map(|item| variable(item, object)).collect(),
            commands: ["command", "args"].iter().flat_map(|key| list(key)).filter_map(Node::string).cloned().collect(),
        };
        reader.object(Part::Container(part));
    }
}

fn env_from(item: &Node) -> Option<EnvFrom> {
    let kinds = [("configMapRef", StoreKind::ConfigMap), ("secretRef", StoreKind::Secret)];
    let (kind, from) = kinds.iter().find_map(|(key, kind)| Some((*kind, item.get(key)?)))?;
    let prefix = item.get("prefix").and_then(Node::string).map(|prefix| prefix.as_str().to_owned());
    Some(EnvFrom { kind, name: from.get("name")?.string()?.clone(), prefix: prefix.unwrap_or_default() })
}

/// A variable of a container. A value that a secret, a ConfigMap or the cluster gives is not known until that is found.
fn variable(item: &Node, object: &Node) -> Option<Variable> {
    let key: Text = item.get("name")?.string()?.clone();
    match (item.entry("value"), item.get("valueFrom")) {
        (Some(value), _) => {
            let mut field = Field { key, ..super::field::field_of(value)? };
            vault::fill(object, std::slice::from_mut(&mut field));
            Some(Variable::Given(field))
        }
        (None, Some(from)) => {
            let field = given_elsewhere(key, from);
            let kinds = [("configMapKeyRef", StoreKind::ConfigMap), ("secretKeyRef", StoreKind::Secret)];
            let kept = kinds.iter().find_map(|(name, kind)| Some((*kind, from.get(name)?)));
            let named = |node: &Node, key: &str| node.get(key).and_then(Node::string).cloned();
            Some(match kept.and_then(|(kind, node)| Some((kind, named(node, "name")?, named(node, "key")?))) {
                Some((kind, store, key)) => Variable::Kept { kind, store, key, field },
                None => Variable::Given(field),
            })
        }
        (None, None) => {
            let value = key.part(0..0);
            Some(Variable::Given(Field { span: value.span(), key, value, kind: ScalarKind::Null }))
        }
    }
}

fn object_store(kind: StoreKind, root: &Node, mut variables: Vec<Field>, reader: &mut Reader<'_>) {
    vault::fill(root, &mut variables);
    store(kind, metadata(root, "name"), metadata(root, "namespace"), variables, root.span, reader);
}

/// Adds what a ConfigMap or a Secret holds. Whole documents among its values are no variables.
fn store(
    kind: StoreKind,
    name: Option<Field>,
    namespace: Option<Field>,
    mut variables: Vec<Field>,
    span: Span,
    reader: &mut Reader<'_>,
) {
    variables.retain(|field| !field.value.as_str().trim_end().contains('\n'));
    let Some(name) = name.filter(|_| !variables.is_empty()) else { return };
    reader.object(Part::Store(Store { kind, name, namespace, variables, span }));
}

/// A value of a Secret. All of it leads to the base64 that it was decoded from: an edit there would need encoding.
fn decoded(entry: &Entry, reader: &mut Reader<'_>) -> Option<Field> {
    let field = super::field::field_of(entry)?;
    if field.is_blank() || field.value.literal().is_none() {
        return Some(field);
    }
    let encoded: String = field.value.as_str().split_whitespace().collect();
    let bytes = STANDARD.decode(encoded.as_bytes()).ok();
    let is_text = |value: &String| !value.chars().any(|c| c.is_control() && !c.is_whitespace());
    let Some(value) = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).filter(is_text) else {
        return Some(given_elsewhere(field.key, &entry.value));
    };
    let at = Location::new(reader.source, field.span);
    reader.facts.references.push(ReferenceFact { at, overridable: false, written: None });
    let value = super::field::with_holes(&Text::unplaced(value).used_at(field.value.span()));
    Some(Field { value, kind: ScalarKind::String, ..field })
}

fn service_account(object: &Node, reader: &mut Reader<'_>) {
    let Some(name) = object.get("metadata").and_then(|metadata| field(metadata, "name")) else { return };
    let annotations = object.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let role = annotations.and_then(role_of);
    let namespace = metadata(object, "namespace");
    reader.service_account(ServiceAccountFact { source: reader.source.clone(), name, namespace, role });
}

/// The role that the annotations of a service account name.
pub(super) fn role_of(annotations: &Node) -> Option<Field> {
    field(annotations, ROLE).filter(Field::is_filled)
}

fn metadata(object: &Node, key: &str) -> Option<Field> {
    object.get("metadata").and_then(|metadata| field(metadata, key))
}

impl Reader<'_> {
    fn object(&mut self, part: Part) {
        let object = Object { source: Arc::clone(self.source), example: self.example, part: Box::new(part) };
        self.facts.unfinished.push(Unfinished::Kubernetes(object));
    }
}

#[cfg(test)]
mod tests;
