//! Workloads of Kubernetes: the environment of their containers, and the service accounts they run as.
//!
//! Sources: Kubernetes API reference (Pod, Deployment, Job, CronJob, ServiceAccount); Amazon EKS User Guide, "IAM roles for
//! service accounts".

use super::field::{computed, field, field_of};
use super::{Reader, ServiceAccountFact, Workload, environment};
use crate::adapter::Field;
use crate::syntax::{Node, ScalarKind};
use crate::text::Text;

/// Gives the pods of a service account a role of IAM.
const ROLE: &str = "eks.amazonaws.com/role-arn";

/// Reads an object of Kubernetes, or a list of them.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    if root.get("apiVersion").and_then(Node::string).is_none() {
        return;
    }
    let kind = |node: &Node| node.get("kind").and_then(Node::string).map(|kind| kind.as_str().to_owned());
    match kind(root).as_deref() {
        Some("List") => {
            let items = root.get("items").map(Node::items).unwrap_or_default();
            for item in items {
                read(item, reader);
            }
        }
        Some("ServiceAccount") => service_account(root, reader),
        Some(kind) => {
            if let Some(pod) = pod(root, kind) {
                workload(root, pod, reader);
            }
        }
        None => {}
    }
}

/// The pod that an object makes: its `spec`.
fn pod<'n>(object: &'n Node, kind: &str) -> Option<&'n Node> {
    let path: &[&str] = match kind {
        "Pod" => &["spec"],
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "ReplicationController" | "Job" => {
            &["spec", "template", "spec"]
        }
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => return None,
    };
    path.iter().try_fold(object, |node, key| node.get(key))
}

fn workload(object: &Node, pod: &Node, reader: &mut Reader<'_>) {
    let account = field(pod, "serviceAccountName").or_else(|| field(pod, "serviceAccount"));
    for container in
        ["initContainers", "containers"].iter().flat_map(|key| pod.get(key).map(Node::items).unwrap_or_default())
    {
        let Some(env) = container.get("env") else { continue };
        let variables = env.items().iter().filter_map(variable).collect();
        for adapter in environment::adapters(variables, env.span) {
            reader.container(
                adapter,
                Workload {
                    service_account: account.clone(),
                    namespace: metadata(object, "namespace"),
                    whole: container.get("envFrom").is_none(),
                },
            );
        }
    }
}

/// A variable of a container. A value that a secret, a ConfigMap or the cluster gives is not known.
fn variable(item: &Node) -> Option<Field> {
    let key: Text = item.get("name")?.string()?.clone();
    match (item.entry("value"), item.get("valueFrom")) {
        (Some(value), _) => field_of(value).map(|field| Field { key, ..field }),
        (None, Some(from)) => Some(Field { key, value: computed(from), kind: ScalarKind::String, span: from.span }),
        (None, None) => {
            let value = key.part(0..0);
            Some(Field { span: value.span(), key, value, kind: ScalarKind::Null })
        }
    }
}

fn service_account(object: &Node, reader: &mut Reader<'_>) {
    let Some(name) = object.get("metadata").and_then(|metadata| field(metadata, "name")) else { return };
    let annotations = object.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let role = annotations.and_then(|annotations| field(annotations, ROLE)).filter(Field::is_filled);
    let namespace = metadata(object, "namespace");
    reader.service_account(ServiceAccountFact { source: reader.source.clone(), name, namespace, role });
}

fn metadata(object: &Node, key: &str) -> Option<Field> {
    object.get("metadata").and_then(|metadata| field(metadata, key))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]
mod tests {
    use std::sync::Arc;

    use crate::formats::{Facts, FormatOptions, read};
    use crate::source::Source;

    fn facts(text: &str) -> Facts {
        let facts = read(&Arc::new(Source::new("app.yaml", text)), &FormatOptions::default(), false);
        assert_eq!(facts.problems, []);
        facts
    }

    const CONTAINER: &str = "containers:\n      - name: app\n        env:\n        - {name: AWS_REGION, value: us-west-2}\n        \
         - {name: BEDROCK_MODEL_ID, value: us.anthropic.claude-sonnet-4-6}\n        \
         - {name: AWS_SECRET_ACCESS_KEY, valueFrom: {secretKeyRef: {name: s, key: k}}}\n";

    #[test]
    fn the_environment_of_a_container_is_an_adapter() {
        let deployment = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{namespace: ai}}\nspec:\n  template:\n    spec:\n      \
             serviceAccountName: caller\n      {}",
            CONTAINER.replace("\n      ", "\n        ")
        );
        let pod = format!("apiVersion: v1\nkind: Pod\nspec:\n      {CONTAINER}");
        for (text, account) in [(deployment, Some("caller")), (pod, None)] {
            let facts = facts(&text);
            let fact = &facts.adapters[0];
            let model = &fact.adapter.models[0];
            assert_eq!(model.id.as_str(), "us.anthropic.claude-sonnet-4-6");
            assert_eq!(&text[model.id.span().range()], "us.anthropic.claude-sonnet-4-6");
            assert_eq!(fact.adapter.region.as_ref().unwrap().literal(), Some("us-west-2"));
            assert!(fact.adapter.auth.secret_access_key.as_ref().unwrap().is_filled());
            let workload = fact.workload.as_ref().unwrap();
            assert_eq!(workload.service_account.as_ref().and_then(|name| name.literal()), account);
            assert!(workload.whole);
        }
    }

    #[test]
    fn service_accounts_stand_in_lists_too() {
        let facts = facts(
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ServiceAccount\n  metadata:\n    name: caller\n    \
             annotations: {eks.amazonaws.com/role-arn: \"arn:aws:iam::111122223333:role/bedrock\"}\n\
             - apiVersion: v1\n  kind: ServiceAccount\n  metadata: {name: other}\n",
        );
        let roles: Vec<bool> = facts.service_accounts.iter().map(|account| account.role.is_some()).collect();
        assert_eq!(roles, [true, false]);
    }
}
