//! Principals whose names leave what is read: whoever takes one up there may attach more to it.
//!
//! Sources: Terraform AWS provider, resources `aws_ssm_parameter`, `aws_cloudformation_stack`, `aws_eks_access_entry` and the
//! like; Kubernetes and Helm providers; Amazon EKS User Guide, "IAM roles for service accounts".

use super::blocks::Index;
use super::documents::Documents;
use super::loose::OF_PRINCIPALS;
use super::principals::Principals;
use super::reference::Reference;
use crate::formats::terraform::module::Block;
use crate::syntax::{Entry, Node, Value};

/// What Terraform itself takes from a block.
const OF_TERRAFORM: [&str; 4] = ["depends_on", "lifecycle", "provider", "providers"];

/// Words in the names of settings of AWS that take a principal to run as, or that say whom a resource lets in.
const RUN_AS: [&str; 8] =
    ["role", "instance_profile", "principal", "policy", "policies", "grantee", "definition", "properties"];

/// Settings of AWS that hand on what they are given, whatever is in it; and such as say nothing.
const HANDING_ON: [&str; 3] = ["parameters", "provisioning_parameters", "template_body"];
const SAYING_NOTHING: [&str; 9] = [
    "alarm_description",
    "alarm_name",
    "dashboard_name",
    "description",
    "dimensions",
    "name",
    "name_prefix",
    "tags",
    "tags_all",
];

/// Providers whose pods run as a role that is named by its ARN.
const OF_PODS: [&str; 4] = ["kubernetes_", "helm_", "kubectl_", "aws_eks_"];

/// Marks those that others may attach more to. Where what takes them is read, it is known what it attaches.
pub(super) fn read(documents: &Documents<'_, '_, '_>, principals: &mut Principals) {
    let index = documents.index;
    let calls = index.blocks().filter(|block| block.kind == "module" && !index.is_followed(block));
    let called = calls.flat_map(names).filter(is_name);
    let given = index.open_outputs().filter_map(|block| Some((block.body.get("value")?, &*block.module)));
    let given = given.flat_map(|(value, module)| Reference::all(value, module));
    for reference in called.chain(given) {
        if let Some(principal) = principals.made_by(&reference.key).and_then(|at| principals.get_mut(at)) {
            principal.has_more();
        }
    }
    for reference in handed_on(index) {
        if let Some(principal) = principals.made_by(&reference.key).and_then(|at| principals.get_mut(at)) {
            principal.is_open();
        }
    }
}

/// What a block names, but for what Terraform itself takes from it.
pub(super) fn names(block: &Block) -> Vec<Reference> {
    settings(block).flat_map(|entry| Reference::all(&entry.value, &block.module)).collect()
}

fn settings(block: &Block) -> impl Iterator<Item = &Entry> {
    block.body.entries().iter().filter(|entry| !OF_TERRAFORM.contains(&entry.key.as_str()))
}

fn is_name(reference: &Reference) -> bool {
    matches!(reference.attribute.as_str(), "name" | "id" | "")
}

/// What resources and data sources are given that neither attach anything themselves nor run as it.
fn handed_on(index: &Index<'_>) -> Vec<Reference> {
    let mut found = Vec::new();
    for block in index.blocks().filter(|block| matches!(block.kind.as_str(), "resource" | "data")) {
        let Some(kind) = block.labels.first().map(String::as_str) else { continue };
        if OF_PRINCIPALS.iter().any(|start| kind.starts_with(start)) {
            continue;
        }
        let is_aws = kind.starts_with("aws_") || kind.starts_with("awscc_");
        let by_arn = OF_PODS.iter().any(|start| kind.starts_with(start));
        let mut named = Named { module: &block.module, all: Vec::new(), takes_each: false };
        for entry in settings(block) {
            match entry.key.as_str() {
                "count" | "for_each" => {}
                key if is_aws && SAYING_NOTHING.contains(&key) => {}
                key if is_aws && !HANDING_ON.contains(&key) => named.add_setting(entry),
                _ => named.add_all(&entry.value),
            }
        }
        if named.takes_each {
            block.body.get("for_each").into_iter().for_each(|over| named.add_all(over));
        }
        let leaves = |reference: &Reference| is_name(reference) || (reference.attribute == "arn" && !by_arn);
        found.extend(named.all.into_iter().filter(leaves));
    }
    found
}

/// What a block hands on.
struct Named<'m> {
    module: &'m str,
    all: Vec<Reference>,
    /// Whether it is one after the other of those that the block is repeated over.
    takes_each: bool,
}

impl Named<'_> {
    /// What a setting of AWS is given, if it is not run as it.
    fn add_setting(&mut self, entry: &Entry) {
        let key = entry.key.as_str().to_ascii_lowercase();
        if !RUN_AS.iter().any(|word| key.contains(word)) {
            self.add(&entry.value);
        }
    }

    fn add(&mut self, node: &Node) {
        match &node.value {
            Value::Map(entries) => entries.iter().for_each(|entry| self.add_setting(entry)),
            Value::List(items) => items.iter().for_each(|item| self.add(item)),
            Value::Call(call) if !call.args.is_empty() && Reference::of(node, self.module).is_none() => {
                call.args.iter().for_each(|arg| self.add(arg));
            }
            Value::Call(_) | Value::Scalar(_) => self.add_all(node),
        }
    }

    /// All that a value mentions.
    fn add_all(&mut self, node: &Node) {
        self.takes_each |= mentions_each(node);
        match Reference::of(node, self.module) {
            Some(only) => self.all.push(only),
            None => self.all.extend(Reference::all(node, self.module)),
        }
    }
}

fn mentions_each(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => {
            let text = &scalar.text;
            let mut holes = text.holes().iter().filter_map(|hole| text.as_str().get(hole.range.clone()));
            holes.any(|hole| hole.starts_with("${each."))
        }
        Value::List(items) => items.iter().any(mentions_each),
        Value::Map(entries) => entries.iter().any(|entry| mentions_each(&entry.value)),
        Value::Call(call) => call.name.as_str().starts_with("each.") || call.args.iter().any(mentions_each),
    }
}
