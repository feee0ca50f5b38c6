//! Policies that no principal of the module has: ceilings, policies on other resources, those that are handed to a module
//! or to nobody.

use std::collections::HashSet;

use super::documents::Documents;
use super::handed_on::HandedOn;
use super::leaving::names;
use super::principals::Principals;
use crate::formats::terraform::module::Block;
use crate::formats::{BoundaryFact, Grants, PolicyKind, PrincipalFact, Ties};
use crate::syntax::{Node, Value};
use crate::text::Text;

/// Resources whose policies [`super::attachments`] reads.
pub(super) const OF_PRINCIPALS: [&str; 5] =
    ["aws_iam_", "aws_ssoadmin_", "aws_organizations_", "awscc_iam_", "aws_identitystore_"];

/// Attributes that hold the policy of a resource.
const POLICIES: [&str; 6] =
    ["policy", "resource_policy", "access_policy", "access_policies", "policy_document", "repository_policy"];

/// Reads them. Gives those that are handed to one module as one principal, and so those of one resource that nothing is
/// seen to attach.
pub(super) fn read(documents: &mut Documents<'_, '_, '_>, principals: &Principals) -> Vec<PrincipalFact> {
    let index = documents.index;
    let (mut handed_on, mut made): (Vec<HandedOn<'_>>, Vec<&Block>) = (Vec::new(), Vec::new());
    for block in index.blocks() {
        match (block.kind.as_str(), block.labels.first().map(String::as_str)) {
            ("resource", Some("aws_organizations_policy")) => organizations(block, documents),
            ("resource", Some("aws_iam_policy")) => made.push(block),
            ("resource", Some(kind)) if !OF_PRINCIPALS.iter().any(|start| kind.starts_with(start)) => {
                of_resource(block, documents);
            }
            // what is handed to one that is read is seen there
            ("module", _) if !index.is_followed(block) => {
                let more = HandedOn::to(block, documents);
                match handed_on.iter_mut().find(|one| one.is_to_same(&more)) {
                    Some(known) => known.add(more),
                    None => handed_on.push(more),
                }
            }
            _ => {}
        }
    }
    let mut owned = principals.policies();
    let mut together: Vec<PrincipalFact> =
        handed_on.into_iter().filter_map(|one| one.acting_together(documents)).collect();
    owned.extend(together.iter().flat_map(|principal| &principal.policies));
    unattached(&made, &owned, documents, &mut together);
    unused(documents, &mut together);
    for block in index.blocks() {
        let mut policies = Vec::new();
        left_in(&block.body, block, documents, &mut policies);
        together.extend((!policies.is_empty()).then(|| acting_together(block, policies, Grants::Partial)));
    }
    together
}

/// Policies that are made and that nobody who is seen has. One that is used is attached elsewhere; the instances of one
/// resource belong together.
fn unattached<'m>(
    made: &[&'m Block],
    owned: &HashSet<usize>,
    documents: &mut Documents<'m, '_, '_>,
    into: &mut Vec<PrincipalFact>,
) {
    let used: HashSet<String> = documents.index.blocks().flat_map(names).map(|reference| reference.key).collect();
    let mut seen = HashSet::new();
    for block in made.iter().filter(|block| seen.insert(block.key())) {
        let found = documents.policy(&block.key());
        let policies = identity(found.policies.into_iter().filter(|index| !owned.contains(index)).collect(), documents);
        let whole = !used.contains(&block.key());
        if policies.len() > usize::from(whole) {
            into.push(acting_together(block, policies, if whole { Grants::Named } else { Grants::Partial }));
        }
    }
}

/// Documents that nothing has that was read. Whoever takes one from an output may put it together with others.
fn unused(documents: &mut Documents<'_, '_, '_>, into: &mut Vec<PrincipalFact>) {
    let index = documents.index;
    let outputs = index.blocks().filter(|block| block.kind == "output");
    let given: HashSet<String> = outputs.flat_map(names).map(|reference| reference.key).collect();
    for source in documents.unused() {
        let found = documents.made(&source, None);
        if given.contains(&source)
            && let Some(block) = index.at(&source).first()
        {
            let policies = identity(found.policies, documents);
            into.extend((!policies.is_empty()).then(|| acting_together(block, policies, Grants::Partial)));
        }
    }
}

/// The policies of files that a value reads by itself, or may read: what becomes of them is not known.
fn left_in<'m>(node: &Node, block: &'m Block, documents: &mut Documents<'m, '_, '_>, into: &mut Vec<usize>) {
    match &node.value {
        Value::Scalar(_) => {}
        Value::List(items) => items.iter().for_each(|item| left_in(item, block, documents, into)),
        Value::Map(entries) => entries.iter().for_each(|entry| left_in(&entry.value, block, documents, into)),
        Value::Call(call) => {
            into.extend(documents.left_in(call, block));
            call.args.iter().for_each(|arg| left_in(arg, block, documents, into));
        }
    }
}

/// Policies of nobody who is seen.
pub(super) fn acting_together(block: &Block, policies: Vec<usize>, grants: Grants) -> PrincipalFact {
    PrincipalFact {
        name: block.address(),
        arn: None,
        account: None,
        policies,
        trust: None,
        boundary: BoundaryFact::None,
        adapters: Vec::new(),
        grants,
        ties: Ties::default(),
    }
}

/// What an organization makes of its accounts. The type is that of service control policies where nothing else is said.
fn organizations<'m>(block: &'m Block, documents: &mut Documents<'m, '_, '_>) {
    let kind = match block.body.get("type").and_then(Node::scalar).map(Text::as_str) {
        None | Some("SERVICE_CONTROL_POLICY") => PolicyKind::Scp,
        Some("RESOURCE_CONTROL_POLICY") => PolicyKind::Resource,
        Some(_) => return,
    };
    documents.of(block, "content", Some(kind));
}

/// The policy on a resource, if it speaks of Amazon Bedrock.
fn of_resource<'m>(block: &'m Block, documents: &mut Documents<'m, '_, '_>) {
    let is_endpoint = block.labels.first().is_some_and(|kind| kind.starts_with("aws_vpc_endpoint"));
    let kind = if is_endpoint { PolicyKind::Endpoint } else { PolicyKind::Resource };
    for attribute in POLICIES {
        let Some(node) = block.body.get(attribute) else { continue };
        let known = documents.reader.facts.policies.len();
        let found = documents.at(block, node, Some(kind));
        let speaks = |index: &usize| {
            let fact = documents.reader.facts.policies.get(*index);
            fact.is_some_and(|fact| fact.source.slice(fact.policy.span).contains("bedrock"))
        };
        if !found.policies.iter().any(speaks) {
            documents.forget(known);
        }
    }
}

/// Those that are identity policies, each once.
pub(super) fn identity(mut policies: Vec<usize>, documents: &Documents<'_, '_, '_>) -> Vec<usize> {
    policies.sort_unstable();
    policies.dedup();
    let facts = &documents.reader.facts.policies;
    policies.retain(|index| facts.get(*index).is_some_and(|fact| fact.kind == PolicyKind::Identity));
    policies
}
