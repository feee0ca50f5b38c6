//! Policies that no principal of the module has: ceilings, policies on other resources, those that are handed to a module
//! or to nobody.

use super::blocks::nested;
use super::documents::Documents;
use super::policy_document;
use super::reference::Reference;
use crate::formats::evaluate::string;
use crate::formats::terraform::module::Block;
use crate::formats::{BoundaryFact, Grants, PolicyKind, PrincipalFact, Ties, policy};
use crate::syntax::{Call, Entry, Node, Value};
use crate::text::{Span, Text};

/// Resources whose policies [`super::attachments`] reads.
const OF_PRINCIPALS: [&str; 5] =
    ["aws_iam_", "aws_ssoadmin_", "aws_organizations_", "awscc_iam_", "aws_identitystore_"];

/// Attributes that hold the policy of a resource.
const POLICIES: [&str; 6] =
    ["policy", "resource_policy", "access_policy", "access_policies", "policy_document", "repository_policy"];

/// Arguments of well-known modules that hold statements: `terraform-aws-modules/lambda/aws`.
const STATEMENTS: [&str; 4] =
    ["policy_statements", "iam_policy_statements", "inline_policy_statements", "iam_role_statements"];

/// Reads them. Gives those that are handed to one module as one principal.
pub(super) fn read(documents: &mut Documents<'_, '_, '_>) -> Vec<PrincipalFact> {
    let index = documents.index;
    let mut handed_on = Vec::new();
    for block in &index.module.blocks {
        match (block.kind.as_str(), block.labels.first().map(String::as_str)) {
            ("resource", Some("aws_organizations_policy")) => organizations(block, documents),
            ("resource", Some("aws_iam_policy")) => {
                documents.policy(&block.address());
            }
            ("resource", Some(kind)) if !OF_PRINCIPALS.iter().any(|start| kind.starts_with(start)) => {
                of_resource(block, documents);
            }
            ("module", _) => handed_on.extend(of_module(block, documents)),
            _ => {}
        }
    }
    for address in documents.unused() {
        documents.made(&address, None);
    }
    handed_on
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

/// The policies that are handed to a module: whatever it makes of them, they act together.
fn of_module<'m>(call: &'m Block, documents: &mut Documents<'m, '_, '_>) -> Option<PrincipalFact> {
    let mut policies = Vec::new();
    let made = Reference::all(&call.body).into_iter();
    let made = made.filter(|one| one.address.starts_with("data.aws_iam_policy_document."));
    let made: Vec<Reference> = made.filter(|one| matches!(one.attribute.as_str(), "json" | "minified_json")).collect();
    for reference in made.iter().filter(|one| documents.index.has(one)) {
        if !documents.is_used(&reference.address) {
            policies.extend(documents.made(&reference.address, None).policies);
        }
    }
    let arguments = call.body.entries().iter();
    for entry in arguments.filter(|entry| !matches!(entry.key.as_str(), "source" | "version" | "providers")) {
        written_in(&entry.value, call, documents, &mut policies);
        if STATEMENTS.contains(&entry.key.as_str()) {
            policies.extend(of_statements(entry, call, documents));
        }
    }
    policies.sort_unstable();
    policies.dedup();
    let facts = &documents.reader.facts.policies;
    policies.retain(|index| facts.get(*index).is_some_and(|fact| fact.kind == PolicyKind::Identity));
    (policies.len() > 1).then(|| PrincipalFact {
        name: call.address(),
        arn: None,
        account: None,
        policies,
        trust: None,
        boundary: BoundaryFact::None,
        adapters: Vec::new(),
        grants: Grants::Named,
        ties: Ties::default(),
    })
}

/// Documents that are written out among the arguments.
fn written_in<'m>(node: &Node, call: &'m Block, documents: &mut Documents<'m, '_, '_>, into: &mut Vec<usize>) {
    match &node.value {
        Value::Map(_) if policy::is_policy(node) => into.extend(documents.at(call, node, None).policies),
        Value::Scalar(scalar) if scalar.text.as_str().contains("\"Statement\"") => {
            into.extend(documents.at(call, node, None).policies);
        }
        Value::Scalar(_) => {}
        Value::List(items) => items.iter().for_each(|item| written_in(item, call, documents, into)),
        Value::Map(entries) => entries.iter().for_each(|entry| written_in(&entry.value, call, documents, into)),
        Value::Call(Call { args, .. }) => args.iter().for_each(|arg| written_in(arg, call, documents, into)),
    }
}

/// The statements that an argument lists, in the words of `aws_iam_policy_document`.
fn of_statements<'m>(entry: &Entry, call: &'m Block, documents: &mut Documents<'m, '_, '_>) -> Option<usize> {
    let listed: Vec<&Node> = match &entry.value.value {
        Value::List(items) => items.iter().collect(),
        Value::Map(entries) => entries.iter().map(|entry| &entry.value).collect(),
        _ => return None,
    };
    let statements = listed.into_iter().map(|one| {
        // conditions may be a map of them, by names that say nothing
        let is_open = nested(one, "condition").chain(nested(one, "conditions")).any(|made| made.get("test").is_none());
        policy_document::statement(one, entry.key.span(), is_open)
    });
    let span = entry.value.span;
    let key = |key: &str| Text::unplaced(key).used_at(Span { end: span.start, ..span });
    let document = Node {
        span,
        value: Value::Map(vec![
            Entry { key: key("Version"), value: string(Text::unplaced("2012-10-17").used_at(span), span) },
            Entry { key: key("Statement"), value: Node { span, value: Value::List(statements.collect()) } },
        ]),
    };
    documents.stands_in(call);
    policy::is_policy(&document).then(|| policy::read(&document, Some(call.address()), None, &mut documents.reader))
}
