//! Policies that are handed to modules which are not read.

use super::blocks::nested;
use super::documents::{DOCUMENT, Documents};
use super::loose::{acting_together, identity};
use super::policy_document;
use super::reference::Reference;
use crate::formats::evaluate::string;
use crate::formats::terraform::module::Block;
use crate::formats::{Grants, PrincipalFact, policy};
use crate::syntax::{Call, Entry, Node, Value};
use crate::text::{Span, Text};

/// Arguments of well-known modules that hold statements: `terraform-aws-modules/lambda/aws`.
const STATEMENTS: [&str; 4] =
    ["policy_statements", "iam_policy_statements", "inline_policy_statements", "iam_role_statements"];

/// The policies that are handed to a module, as documents or by their ARNs: whatever it makes of them, they act together.
pub(super) struct HandedOn<'m> {
    call: &'m Block,
    source: &'m str,
    policies: Vec<usize>,
    /// Whether it has no others that could grant Amazon Bedrock.
    whole: bool,
}

impl<'m> HandedOn<'m> {
    pub(super) fn to(call: &'m Block, documents: &mut Documents<'m, '_, '_>) -> Self {
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
    pub(super) fn is_to_same(&self, other: &Self) -> bool {
        self.source.starts_with('.') && self.source == other.source && self.call.module == other.call.module
    }

    pub(super) fn add(&mut self, other: Self) {
        self.policies.extend(other.policies);
        self.whole &= other.whole;
    }

    /// One that is whole and by itself needs no other to be judged.
    pub(super) fn acting_together(self, documents: &Documents<'m, '_, '_>) -> Option<PrincipalFact> {
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

/// The documents that a call of a module is given.
pub(super) fn given_to<'m>(call: &'m Block, documents: &mut Documents<'m, '_, '_>) -> Vec<usize> {
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
