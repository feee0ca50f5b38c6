//! Policies that controllers in Kubernetes make in AWS: those of Crossplane's provider and of AWS Controllers for
//! Kubernetes (ACK), as JSON in strings.
//!
//! Sources: Upbound Marketplace, provider-aws-iam (`Policy`, `RolePolicy`, `UserPolicy`, `GroupPolicy`, `Role`); ACK
//! documentation, IAM API reference (`Policy`, `Role`, `User`, `Group`).

use super::envelope::document_at;
use super::{PolicyKind, Reader};
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
    for entry in settings.entries() {
        let kind = match entry.key.as_str() {
            "policy" | "policyDocument" | "document" => PolicyKind::Identity,
            "assumeRolePolicy" | "assumeRolePolicyDocument" => PolicyKind::Trust,
            "inlinePolicies" => {
                inline(entry, reader);
                continue;
            }
            _ => continue,
        };
        document_at(&entry.value, name.clone(), Some(kind), reader);
    }
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
