//! `data "aws_iam_policy_document"`: the JSON that Terraform makes of its blocks, as a tree with the places of the blocks.
//!
//! Source: Terraform AWS provider, "Data Source: aws_iam_policy_document".

use std::collections::HashSet;
use std::sync::Arc;

use super::blocks::{Index, dynamic, is_blank, nested};
use super::documents::DOCUMENT;
use super::reference::Reference;
use crate::formats::evaluate::{string, used_at};
use crate::formats::inner;
use crate::formats::terraform::module::Block;
use crate::syntax::{Call, Entry, Node, Value};
use crate::text::{Span, Text};

/// Documents that take in others this deep are nobody's.
const DEEPEST: usize = 32;

/// The document that a data source makes. The keys of the data sources that it takes in are added to `taken_in`.
pub(super) fn document(block: &Block, index: &Index<'_>, taken_in: &mut HashSet<String>) -> Node {
    let mut maker = Maker { index, taken_in: HashSet::new(), depth: 0 };
    let statements = maker.statements(block);
    taken_in.extend(maker.taken_in);
    let span = block.body.span;
    let version = block.body.entry("version").map(|entry| &entry.value).filter(|version| !is_blank(Some(version)));
    let version = version.cloned().unwrap_or_else(|| string(Text::unplaced("2012-10-17").used_at(span), span));
    let entries =
        vec![entry("Version", span, version), entry("Statement", span, Node { span, value: Value::List(statements) })];
    Node { span, value: Value::Map(entries) }
}

struct Maker<'i, 'm> {
    index: &'i Index<'m>,
    /// Each counts once, however often and however circularly it is taken in.
    taken_in: HashSet<String>,
    depth: usize,
}

impl Maker<'_, '_> {
    /// The statements of a document: those of its sources, its own, and then those of others that override; each of
    /// these replaces an earlier one of its `sid`.
    fn statements(&mut self, block: &Block) -> Vec<Node> {
        let mut all = self.of_others(block, ["source_policy_documents", "source_json"]);
        let body = &block.body;
        for own in body.entries() {
            match own.key.as_str() {
                "statement" => {
                    let own = own.value.one_or_many().iter().map(|made| statement(made, own.key.span(), false));
                    own.for_each(|own| merge(own, &mut all));
                }
                "dynamic" => {
                    let made = own.value.one_or_many().iter().flat_map(|made| nested(made, "statement"));
                    let made = made.filter_map(|made| made.get("content"));
                    all.extend(made.map(|content| statement(content, own.key.span(), true)));
                }
                _ => {}
            }
        }
        for over in self.of_others(block, ["override_policy_documents", "override_json"]) {
            merge(over, &mut all);
        }
        all
    }

    /// The statements of the documents that an attribute lists. One that is not known is one statement that is not.
    fn of_others(&mut self, block: &Block, attributes: [&str; 2]) -> Vec<Node> {
        let listed = attributes.iter().filter_map(|attribute| block.body.get(attribute));
        let mut documents: Vec<&Node> = Vec::new();
        listed.for_each(|node| each(node, &mut documents));
        documents.into_iter().flat_map(|document| self.of_other(document, block)).collect()
    }

    fn of_other(&mut self, document: &Node, user: &Block) -> Vec<Node> {
        let found = Reference::of(document, &user.module).filter(|found| found.is_to(DOCUMENT));
        if let Some(found) = found
            && self.index.has(&found)
            && self.depth < DEEPEST
        {
            if !self.taken_in.insert(found.key.clone()) {
                return Vec::new();
            }
            let index = self.index;
            let mut all = Vec::new();
            for block in index.at(&found.key) {
                self.depth += 1;
                let statements = self.statements(block);
                self.depth -= 1;
                // what stands in another file is told of where it is used
                let beside = Arc::ptr_eq(&block.source, &user.source) || block.source.path() == user.source.path();
                let placed = |one: Node| if beside { one } else { used_at(&one, document.span) };
                all.extend(statements.into_iter().map(placed));
            }
            return all;
        }
        match written(document).filter(|tree| tree.get("Statement").is_some()) {
            Some(tree) => tree.get("Statement").map(|statements| statements.one_or_many().to_vec()).unwrap_or_default(),
            None => vec![unknown(document)],
        }
    }
}

/// Adds a statement, in the place of one that has its `sid`.
fn merge(statement: Node, all: &mut Vec<Node>) {
    let sid = sid(&statement);
    match all.iter_mut().find(|one| sid.is_some() && self::sid(one) == sid) {
        Some(replaced) => *replaced = statement,
        None => all.push(statement),
    }
}

/// What stands at a place itself: a value that is written as JSON, or JSON in a string.
pub(super) fn written(node: &Node) -> Option<Node> {
    match &node.value {
        Value::Map(_) | Value::List(_) => Some(node.clone()),
        Value::Scalar(_) => inner::parse(node.string()?).ok()?,
        Value::Call(_) => None,
    }
}

/// The items of a list, of lists in it, and of those that a function hands on.
fn each<'n>(node: &'n Node, into: &mut Vec<&'n Node>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| each(item, into)),
        Value::Call(call) if matches!(call.name.as_str(), "concat" | "compact" | "flatten" | "distinct") => {
            call.args.iter().for_each(|arg| each(arg, into));
        }
        _ if is_blank(Some(node)) => {}
        _ => into.push(node),
    }
}

/// A statement of which nothing is known.
fn unknown(node: &Node) -> Node {
    match &node.value {
        Value::Call(_) => node.clone(),
        _ => {
            let call = Call { name: Text::unplaced("…").used_at(node.span), args: Vec::new() };
            Node { span: node.span, value: Value::Call(call) }
        }
    }
}

fn sid(statement: &Node) -> Option<&str> {
    statement.get("Sid")?.scalar()?.literal().filter(|sid| !sid.is_empty())
}

fn entry(key: &str, at: Span, value: Node) -> Entry {
    Entry { key: Text::unplaced(key).used_at(at), value }
}

/// The attributes of a statement that hold a value or a list of them.
const ELEMENTS: [(&str, &str); 5] = [
    ("sid", "Sid"),
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
];

/// The statement of a block. `key` is where its name stands; one of which it is not known whether it is made has a
/// condition that is not known.
pub(super) fn statement(body: &Node, key: Span, dynamic: bool) -> Node {
    if !matches!(body.value, Value::Map(_)) {
        return unknown(body);
    }
    let mut entries = Vec::new();
    let given = |attribute: &str| body.entry(attribute).filter(|entry| !is_blank(Some(&entry.value)));
    for (attribute, element) in ELEMENTS {
        if let Some(found) = given(attribute) {
            entries.push(entry(element, found.key.span(), with_variables(&found.value)));
        }
    }
    entries.push(match given("effect") {
        Some(found) => entry("Effect", found.key.span(), found.value.clone()),
        None => entry("Effect", key, string(Text::unplaced("Allow").used_at(key), key)),
    });
    for (attribute, element) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        entries.extend(principals(body, attribute, element));
    }
    entries.extend(conditions(body, key, dynamic));
    Node { span: body.span, value: Value::Map(entries) }
}

fn principals(body: &Node, attribute: &str, element: &str) -> Option<Entry> {
    let named = body.entries().iter().find(|entry| entry.key.as_str() == attribute).map(|entry| entry.key.span());
    let written: Vec<&Node> = nested(body, attribute).chain(dynamic(body, attribute)).collect();
    let first = written.first()?;
    let mut entries = Vec::new();
    if let Some(unknown) = written.iter().find(|one| !matches!(one.value, Value::Map(_))) {
        return Some(entry(element, named.unwrap_or(first.span), self::unknown(unknown)));
    }
    for one in &written {
        let identifiers = with_variables(one.get("identifiers")?);
        let kind = one.get("type").and_then(Node::scalar)?;
        let everybody = kind.as_str() == "*" && identifiers.one_or_many().iter().any(is_star);
        if everybody {
            let star = string(kind.clone(), kind.span());
            return Some(entry(element, named.unwrap_or(first.span), star));
        }
        entries.push(Entry { key: kind.clone(), value: identifiers });
    }
    let value = Node { span: first.span, value: Value::Map(entries) };
    Some(entry(element, named.unwrap_or(first.span), value))
}

fn is_star(node: &Node) -> bool {
    node.scalar().is_some_and(|text| text.as_str() == "*")
}

/// The conditions by operator and key. Values of the same two are alternatives, as Terraform writes them.
fn conditions(body: &Node, key: Span, is_dynamic: bool) -> Option<Entry> {
    let named = body.entries().iter().find(|entry| entry.key.as_str() == "condition").map(|entry| entry.key.span());
    let mut operators: Vec<Entry> = Vec::new();
    for one in nested(body, "condition") {
        let (Some(test), Some(variable)) =
            (one.get("test").and_then(Node::scalar), one.get("variable").and_then(Node::scalar))
        else {
            operators.push(unknown_condition(one.span));
            continue;
        };
        let values = one.get("values").map_or_else(|| unknown(one), with_variables);
        add(&mut operators, test, variable, values, one.span);
    }
    operators.extend(dynamic(body, "condition").map(|made| unknown_condition(made.span)));
    operators.extend(is_dynamic.then(|| unknown_condition(key)));
    let first = operators.first()?.value.span;
    let span = Span { start: first.start, end: operators.last()?.value.span.end.max(first.end) };
    Some(entry("Condition", named.unwrap_or(key), Node { span, value: Value::Map(operators) }))
}

fn add(operators: &mut Vec<Entry>, test: &Text, variable: &Text, values: Node, span: Span) {
    let same = |entry: &&mut Entry| entry.key.as_str() == test.as_str();
    let Some(operator) = operators.iter_mut().find(same) else {
        let value = Node { span, value: Value::Map(vec![Entry { key: variable.clone(), value: values }]) };
        operators.push(Entry { key: test.clone(), value });
        return;
    };
    let Value::Map(keys) = &mut operator.value.value else { return };
    match keys.iter_mut().find(|entry| entry.key.as_str() == variable.as_str()) {
        Some(known) => {
            let all = known.value.one_or_many().iter().chain(values.one_or_many()).cloned().collect();
            known.value = Node { span: known.value.span, value: Value::List(all) };
        }
        None => keys.push(Entry { key: variable.clone(), value: values }),
    }
}

/// A condition of which it is not known what it says, nor whether it is made.
fn unknown_condition(span: Span) -> Entry {
    let name = || Text::unplaced("${…}").used_at(span);
    Entry { key: name(), value: Node { span, value: Value::Call(Call { name: name(), args: Vec::new() }) } }
}

/// The value with IAM's policy variables as IAM writes them: here `&{…}` stands for `${…}`.
fn with_variables(node: &Node) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) if scalar.text.as_str().contains("&{") => {
            return string(replaced(&scalar.text), node.span);
        }
        Value::List(items) => Value::List(items.iter().map(with_variables).collect()),
        _ => return node.clone(),
    };
    Node { span: node.span, value }
}

fn replaced(text: &Text) -> Text {
    let (mut parts, mut at) = (Vec::new(), 0);
    for (found, _) in text.as_str().match_indices("&{") {
        parts.push(text.part(at..found));
        parts.push(Text::unplaced("$").used_at(text.span_of(found..found + 1)));
        at = found + 1;
    }
    parts.push(text.part(at..text.as_str().len()));
    Text::joined(&parts)
}
