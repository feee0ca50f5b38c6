//! Policies that controllers in Kubernetes make in AWS: those of Crossplane's provider and of AWS Controllers for
//! Kubernetes (ACK), as JSON in strings.
//!
//! Sources: Upbound Marketplace, provider-aws-iam (`Policy`, `RolePolicy`, `UserPolicy`, `GroupPolicy`, `Role`); ACK
//! documentation, IAM API reference (`Policy`, `Role`, `User`, `Group`).

use super::envelope::document_at;
use super::{PolicyKind, Reader, Tie};
use crate::bedrock::{is_managed_by_aws, may_grant_bedrock};
use crate::source::folder_of;
use crate::syntax::{Entry, Node};

/// Reads an object of one of these controllers.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    let Some(group) =
        root.get("apiVersion").and_then(Node::string).and_then(|version| version.as_str().split('/').next())
    else {
        return;
    };
    let Some(spec) = root.get("spec") else { return };
    let settings = match group {
        "iam.services.k8s.aws" => spec,
        _ if group.starts_with("iam.aws.") => match spec.get("forProvider") {
            Some(settings) => settings,
            None => return,
        },
        _ => return,
    };
    let name = root.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::scalar);
    let name = name.map(|name| name.as_str().to_owned());
    bind(root, settings, reader);
    for entry in settings.entries() {
        let kind = match entry.key.as_str() {
            "policy" | "policyDocument" | "document" => PolicyKind::Identity,
            "assumeRolePolicy" | "assumeRolePolicyDocument" => PolicyKind::Trust,
            "inlinePolicies" => {
                inline(entry, reader);
                continue;
            }
            "inlinePolicy" => {
                for item in entry.value.items() {
                    let own = item.get("name").and_then(Node::scalar).map(|name| name.as_str().to_owned());
                    if let Some(document) = item.get("policy") {
                        document_at(document, own, Some(PolicyKind::Identity), reader);
                    }
                }
                continue;
            }
            _ => continue,
        };
        document_at(&entry.value, name.clone(), Some(kind), reader);
    }
}

/// Keeps what an object is known by, and what it names.
///
/// Sources: Crossplane documentation, "Managed resources" (references, selectors, `crossplane.io/external-name`); ACK
/// documentation, "Cross-resource references".
fn bind(root: &Node, settings: &Node, reader: &mut Reader<'_>) {
    let kind = root.get("kind").and_then(Node::string).map(|kind| kind.as_str().to_ascii_lowercase());
    let Some((kind, metadata)) = kind.zip(root.get("metadata")) else { return };
    let mut bonds = std::mem::take(&mut reader.facts.bonds);
    folder_of(reader.source.path()).clone_into(&mut bonds.folder);
    if WORDS.contains(&kind.as_str()) {
        let external = metadata.get("annotations").and_then(|all| all.get("crossplane.io/external-name"));
        let names = [metadata.get("name"), external, settings.get("name")].into_iter().flatten();
        bonds.known_as.extend(names.filter_map(|name| Some(named(&kind, name.scalar()?.as_str()))));
        let labels = metadata.get("labels").map(Node::entries).unwrap_or_default();
        bonds.known_as.extend(labels.iter().filter_map(|label| labelled(&kind, label)));
    }
    for entry in settings.entries() {
        let Some((word, way)) = meaning(entry.key.as_str()) else { continue };
        let each =
            if entry.value.items().is_empty() { std::slice::from_ref(&entry.value) } else { entry.value.items() };
        for value in each {
            match way {
                Way::Name => match value.scalar() {
                    Some(arn) if is_managed_by_aws(arn.as_str()) => bonds.open |= may_grant_bedrock(arn.as_str()),
                    Some(name) => {
                        let name = name.as_str();
                        bonds.wants.push(named(word, name.rsplit('/').next().unwrap_or(name)));
                    }
                    None => {}
                },
                Way::Reference => {
                    let name = value.get("from").unwrap_or(value).get("name").and_then(Node::scalar);
                    bonds.wants.extend(name.map(|name| named(word, name.as_str())));
                }
                Way::Selector => {
                    let label = value.get("matchLabels").and_then(|labels| labels.entries().first());
                    let tie = label.and_then(|label| labelled(word, label));
                    bonds.open |= tie.is_none();
                    bonds.wants.extend(tie);
                }
            }
        }
    }
    reader.facts.understood |= bonds.says_something();
    reader.facts.bonds = bonds;
}

/// The objects that name each other.
const WORDS: [&str; 4] = ["role", "user", "group", "policy"];

/// How an object names another.
#[derive(Clone, Copy)]
enum Way {
    /// By its name in the account, or its ARN.
    Name,
    /// By the name of its object.
    Reference,
    /// By the labels of its object.
    Selector,
}

/// What a key names, and how: `roleRef`, `policyArnSelector`, `policies`.
fn meaning(key: &str) -> Option<(&'static str, Way)> {
    match key {
        // the document itself
        "policy" => return None,
        "policies" | "managedPolicyArns" => return Some(("policy", Way::Name)),
        _ => {}
    }
    let (word, rest) = WORDS.iter().find_map(|word| Some((*word, key.strip_prefix(word)?)))?;
    let way = match rest {
        "" | "s" | "Name" | "Arn" => Way::Name,
        "Ref" | "Refs" | "NameRef" | "ArnRef" => Way::Reference,
        "Selector" | "NameSelector" | "ArnSelector" => Way::Selector,
        _ => return None,
    };
    Some((word, way))
}

fn named(word: &str, name: &str) -> Tie {
    Tie::Name(format!("{word} {name}"))
}

/// No name has a sign of equality after a space.
fn labelled(word: &str, label: &Entry) -> Option<Tie> {
    Some(Tie::Name(format!("{word} {} = {}", label.key.as_str(), label.value.scalar()?.as_str())))
}

/// Policies by their names.
fn inline(policies: &Entry, reader: &mut Reader<'_>) {
    for policy in policies.value.entries() {
        let name = Some(policy.key.as_str().to_owned());
        document_at(&policy.value, name, Some(PolicyKind::Identity), reader);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::string_slice, clippy::panic, reason = "tests")]
mod tests {
    use std::sync::Arc;

    use crate::formats::{FormatOptions, PolicyKind, read};
    use crate::source::Source;

    #[test]
    fn documents_are_read_where_they_stand() {
        let document = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"bedrock:InvokeModel\", \"Resource\": \"arn:aws:bedrock:*::foundation-model/x\"}]}";
        for (head, key, kind) in [
            (
                "apiVersion: iam.aws.upbound.io/v1beta1\nkind: Policy\n",
                "forProvider:\n    policy",
                PolicyKind::Identity,
            ),
            (
                "apiVersion: iam.aws.m.upbound.io/v1beta1\nkind: RolePolicy\n",
                "forProvider:\n    policy",
                PolicyKind::Identity,
            ),
            ("apiVersion: iam.services.k8s.aws/v1alpha1\nkind: Policy\n", "policyDocument", PolicyKind::Identity),
            (
                "apiVersion: iam.services.k8s.aws/v1alpha1\nkind: Role\n",
                "inlinePolicies:\n    invoke",
                PolicyKind::Identity,
            ),
            ("apiVersion: iam.services.k8s.aws/v1alpha1\nkind: Role\n", "assumeRolePolicyDocument", PolicyKind::Trust),
        ] {
            let text = format!("{head}metadata:\n  name: invoke\nspec:\n  {key}: |\n      {document}\n");
            let facts = read(&Arc::new(Source::new("role.yaml", text.clone())), &FormatOptions::default(), true);
            let [policy] = facts.policies.as_slice() else { panic!("{text}\n{facts:?}") };
            assert_eq!((policy.kind, policy.name.as_deref()), (kind, Some("invoke")), "{text}");
            let resources = policy.policy.statements.first().unwrap().resources.as_ref().unwrap();
            let arn = resources.patterns.first().unwrap().text();
            assert_eq!(&text[arn.span().range()], "arn:aws:bedrock:*::foundation-model/x");
        }
    }

    #[test]
    fn other_objects_hold_none() {
        let text = "apiVersion: apps/v1\nkind: Deployment\nspec:\n  policy: '{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"bedrock:InvokeModel\", \"Resource\": \"*\"}]}'\n";
        let facts = read(&Arc::new(Source::new("app.yaml", text)), &FormatOptions::default(), true);
        assert!(facts.policies.is_empty());
    }
}
