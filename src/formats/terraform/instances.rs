//! Blocks that stand for several: `count`, `for_each`, `dynamic`. Those of a collection that is known are written out.
//!
//! Source: Terraform documentation, "The for_each Meta-Argument", "The count Meta-Argument", "dynamic Blocks".

use crate::formats::evaluate::{Binding, Bound, Scope, evaluate, items_of};
use crate::syntax::{Entry, Node, Scalar, ScalarKind, Value};
use crate::text::{Span, Text};

/// The most instances that are written out one by one.
const INSTANCES: usize = 64;

/// What the names `each` and `count` stand for, in each instance of a block.
pub(super) fn of_block(body: &Node, scope: &dyn Scope) -> Vec<Vec<Binding>> {
    let before = scope.doubts();
    let found: Option<Vec<Vec<(&str, Node)>>> = match (body.get("for_each"), body.get("count")) {
        (Some(collection), _) => items(&evaluate(collection, scope))
            .map(|items| items.into_iter().map(|(key, value)| vec![(KEY, key), (VALUE, value)]).collect()),
        (None, Some(count)) => counted(&evaluate(count, scope))
            .map(|total| (0..total).map(|index| vec![(INDEX, number(index, count.span))]).collect()),
        (None, None) => return vec![Vec::new()],
    };
    let doubtful = scope.doubts() > before;
    // none by default is some by choice
    match found.filter(|found| !found.is_empty() || !doubtful) {
        Some(found) => {
            found.into_iter().map(|names| names.into_iter().map(|it| known(it, doubtful)).collect()).collect()
        }
        None => vec![[KEY, VALUE, INDEX].map(unknown).into()],
    }
}

const KEY: &str = "each.key";
const VALUE: &str = "each.value";
const INDEX: &str = "count.index";

fn known((name, value): (impl Into<String>, Node), doubtful: bool) -> Binding {
    Binding { name: name.into(), value: Some(value), doubtful }
}

fn unknown(name: impl Into<String>) -> Binding {
    Binding { name: name.into(), value: None, doubtful: false }
}

fn number(number: usize, span: Span) -> Node {
    let text = Text::unplaced(number.to_string()).used_at(span);
    Node { span, value: Value::Scalar(Scalar { text, kind: ScalarKind::Number }) }
}

fn counted(node: &Node) -> Option<usize> {
    node.scalar()?.literal()?.parse().ok().filter(|count| *count <= INSTANCES)
}

/// Keys and values of a collection that is known, if there are not too many. The keys of a list are its items: only sets
/// are taken.
fn items(collection: &Node) -> Option<Vec<(Node, Node)>> {
    let found = items_of(collection).filter(|found| found.len() <= INSTANCES)?;
    if matches!(collection.value, Value::Map(_)) {
        return Some(found);
    }
    let is_known = |item: &Node| item.scalar().is_some_and(|text| text.literal().is_some());
    found
        .iter()
        .all(|(_, item)| is_known(item))
        .then(|| found.into_iter().map(|(_, item)| (item.clone(), item)).collect())
}

/// The evaluated body of a block, its `dynamic` blocks written out as far as their collections are known.
pub(super) fn body(node: &Node, scope: &dyn Scope) -> Node {
    if matches!(node.value, Value::Scalar(_) | Value::Call(_)) {
        return evaluate(node, scope);
    }
    let made = if scope.enter() { entered(node, scope) } else { node.clone() };
    scope.leave();
    made
}

fn entered(node: &Node, scope: &dyn Scope) -> Node {
    let value = match &node.value {
        Value::Map(entries) => Value::Map(entries.iter().flat_map(|entry| entries_of(entry, scope)).collect()),
        Value::List(items) => Value::List(items.iter().map(|item| body(item, scope)).collect()),
        Value::Scalar(_) | Value::Call(_) => return evaluate(node, scope),
    };
    Node { span: node.span, value }
}

fn entries_of(entry: &Entry, scope: &dyn Scope) -> Vec<Entry> {
    if entry.key.as_str() != "dynamic" {
        let before = scope.doubts();
        let value = body(&entry.value, scope);
        // nothing by default is something by choice
        let is_open = is_nothing(&value) && scope.doubts() > before;
        let value = if is_open { entry.value.clone() } else { value };
        return vec![Entry { key: entry.key.clone(), value }];
    }
    let made = entry.value.one_or_many().iter().flat_map(Node::entries);
    made.flat_map(|made| dynamic(&entry.key, made, scope)).collect()
}

/// Whether a value says that there is none.
fn is_nothing(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => scalar.kind == ScalarKind::Null || scalar.text.literal() == Some(""),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Call(_) => false,
    }
}

/// What a `dynamic` block makes: a block for each item, or itself where that is not known.
fn dynamic(keyword: &Text, made: &Entry, scope: &dyn Scope) -> Vec<Entry> {
    let label = &made.key;
    let settings = made.value.one_or_many();
    let Some(content) = settings.iter().find_map(|settings| settings.get("content")) else { return Vec::new() };
    let collection = settings.iter().find_map(|settings| settings.get("for_each"));
    let iterator = settings.iter().find_map(|settings| settings.get("iterator")).and_then(|iterator| {
        Some(match &iterator.value {
            Value::Call(call) => call.name.as_str().to_owned(),
            _ => iterator.scalar()?.literal()?.to_owned(),
        })
    });
    let iterator = iterator.unwrap_or_else(|| label.as_str().to_owned());
    let before = scope.doubts();
    let found = collection.and_then(|collection| dynamic_items(&evaluate(collection, scope)));
    let doubtful = scope.doubts() > before;
    let names = [format!("{iterator}.key"), format!("{iterator}.value")];
    let inner = |bindings: Vec<Binding>| body(content, &Bound { outer: scope, bindings });
    match found.filter(|found| !found.is_empty() || !doubtful) {
        Some(found) => {
            let one = |(key, value)| {
                let bindings = names.iter().cloned().zip([key, value]).map(|it| known(it, doubtful)).collect();
                Entry { key: label.clone(), value: inner(bindings) }
            };
            found.into_iter().map(one).collect()
        }
        None => {
            let inner = inner(names.map(unknown).into());
            let entries = settings.iter().flat_map(Node::entries).map(|entry| match entry.key.as_str() {
                "content" => Entry { key: entry.key.clone(), value: inner.clone() },
                _ => Entry { key: entry.key.clone(), value: evaluate(&entry.value, scope) },
            });
            let settings = Node { span: made.value.span, value: Value::Map(entries.collect()) };
            let wrapped = Value::Map(vec![Entry { key: label.clone(), value: settings }]);
            vec![Entry { key: keyword.clone(), value: Node { span: made.value.span, value: wrapped } }]
        }
    }
}

/// Keys and values of what a `dynamic` block goes through: any collection.
fn dynamic_items(collection: &Node) -> Option<Vec<(Node, Node)>> {
    items_of(collection).filter(|found| found.len() <= INSTANCES)
}
