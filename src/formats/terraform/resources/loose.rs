//! Policies that no principal of the module has: ceilings, policies on other resources, those that are handed to a module
//! or to nobody.

use std::collections::HashSet;

use super::attachments::names;
use super::blocks::nested;
use super::documents::{DOCUMENT, Documents};
use super::policy_document;
use super::principals::Principals;
use super::reference::Reference;
use crate::formats::evaluate::string;
use crate::formats::terraform::module::Block;
use crate::formats::{BoundaryFact, Grants, PolicyKind, PrincipalFact, policy};
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
    let used: HashSet<String> = index.blocks().flat_map(names).map(|reference| reference.key).collect();
    let mut seen = HashSet::new();
    for block in made.into_iter().filter(|block| seen.insert(block.key())) {
        let found = documents.policy(&block.key());
        let policies = identity(found.policies.into_iter().filter(|index| !owned.contains(index)).collect(), documents);
        // what is used and not attached to anybody who is seen is attached elsewhere
        let grants = if used.contains(&block.key()) { Grants::Partial } else { Grants::Named };
        if policies.len() > 1 || (grants == Grants::Partial && !policies.is_empty()) {
            together.push(acting_together(block, policies, grants));
        }
    }
    let outputs = index.blocks().filter(|block| block.kind == "output");
    let given: HashSet<String> = outputs.flat_map(names).map(|reference| reference.key).collect();
    for source in documents.unused() {
        let found = documents.made(&source, None);
        // whoever takes it may put it together with others
        if given.contains(&source)
            && let Some(block) = index.at(&source).first()
        {
            let policies = identity(found.policies, documents);
            together.extend((!policies.is_empty()).then(|| acting_together(block, policies, Grants::Partial)));
        }
    }
    for block in index.blocks() {
        let mut policies = Vec::new();
        left_in(&block.body, block, documents, &mut policies);
        together.extend((!policies.is_empty()).then(|| acting_together(block, policies, Grants::Partial)));
    }
    together
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
fn acting_together(block: &Block, policies: Vec<usize>, grants: Grants) -> PrincipalFact {
    PrincipalFact {
        name: block.address(),
        arn: None,
        account: None,
        policies,
        trust: None,
        boundary: BoundaryFact::None,
        adapters: Vec::new(),
        grants,
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
    for attribute in POLICIES {
        let Some(node) = block.body.get(attribute) else { continue };
        let known = documents.reader.facts.policies.len();
        let found = documents.at(block, node, Some(PolicyKind::Resource));
        let speaks = |index: &usize| {
            let fact = documents.reader.facts.policies.get(*index);
            fact.is_some_and(|fact| fact.source.slice(fact.policy.span).contains("bedrock"))
        };
        if !found.policies.iter().any(speaks) {
            documents.forget(known);
        }
    }
}

/// The policies that are handed to a module, as documents or by their ARNs: whatever it makes of them, they act together.
struct HandedOn<'m> {
    call: &'m Block,
    source: &'m str,
    policies: Vec<usize>,
    /// Whether it has no others that could grant Amazon Bedrock.
    whole: bool,
}

impl<'m> HandedOn<'m> {
    fn to(call: &'m Block, documents: &mut Documents<'m, '_, '_>) -> Self {
        let source = call.body.get("source").and_then(Node::string).map(Text::as_str).unwrap_or_default();
        let (mut by_arn, mut whole) = (Vec::new(), true);
        let given = documents.handed_to(call);
        for entry in call.body.entries() {
            let key = entry.key.as_str();
            let is_named = Reference::all(&entry.value, &call.module).iter().any(|one| is_policy(one, documents));
            if is_named || (key.contains("polic") && key.contains("arn")) {
                let found = documents.by_arn(&entry.value, &call.module);
                by_arn.extend(found.policies);
                whole &= found.whole;
            }
        }
        // these attach what they are given
        whole &= by_arn.is_empty() || source.starts_with("terraform-aws-modules/");
        Self { call, source, policies: [given, by_arn].concat(), whole }
    }

    /// Whether the same local module is called, for the same thing for all that is known.
    fn is_to_same(&self, other: &Self) -> bool {
        self.source.starts_with('.') && self.source == other.source && self.call.module == other.call.module
    }

    fn add(&mut self, other: Self) {
        self.policies.extend(other.policies);
        self.whole &= other.whole;
    }

    /// One that is whole and by itself needs no other to be judged.
    fn acting_together(self, documents: &Documents<'m, '_, '_>) -> Option<PrincipalFact> {
        let grants = if self.whole { Grants::Named } else { Grants::Partial };
        let policies = identity(self.policies, documents);
        let several = policies.len() > usize::from(self.whole);
        several.then(|| acting_together(self.call, policies, grants))
    }
}

/// Whether a reference is to a policy, or to a module that was given one to make.
fn is_policy(reference: &Reference, documents: &Documents<'_, '_, '_>) -> bool {
    let gives_arn = || matches!(reference.attribute.as_str(), "arn" | "id" | "policy_arn" | "");
    reference.is_to("aws_iam_policy") || (reference.is_to("module") && gives_arn() && documents.index.has(reference))
}

/// Those that are identity policies, each once.
fn identity(mut policies: Vec<usize>, documents: &Documents<'_, '_, '_>) -> Vec<usize> {
    policies.sort_unstable();
    policies.dedup();
    let facts = &documents.reader.facts.policies;
    policies.retain(|index| facts.get(*index).is_some_and(|fact| fact.kind == PolicyKind::Identity));
    policies
}

/// The documents that a call of a module is given.
pub(super) fn handed_to<'m>(call: &'m Block, documents: &mut Documents<'m, '_, '_>) -> Vec<usize> {
    let mut policies = Vec::new();
    let made = Reference::all(&call.body, &call.module).into_iter();
    let made = made.filter(|one| one.is_to(DOCUMENT) && matches!(one.attribute.as_str(), "json" | "minified_json"));
    let made: Vec<Reference> = made.filter(|one| documents.index.has(one)).collect();
    for reference in made {
        if !documents.is_used(&reference.key) {
            policies.extend(documents.made(&reference.key, None).policies);
        }
    }
    let arguments = call.body.entries().iter();
    for entry in arguments.filter(|entry| !matches!(entry.key.as_str(), "source" | "version" | "providers")) {
        written_in(&entry.value, call, documents, &mut policies);
        if STATEMENTS.contains(&entry.key.as_str()) {
            policies.extend(of_statements(entry, call, documents));
        }
    }
    policies
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
