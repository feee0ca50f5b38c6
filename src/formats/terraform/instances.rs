//! Blocks that stand for several: `count`, `for_each`, `dynamic`. Those of a collection that is known are written out.
//!
//! Source: Terraform documentation, "The for_each Meta-Argument", "The count Meta-Argument", "dynamic Blocks".

use super::names::{Binding, Names};
use crate::formats::evaluate::{Scope, evaluate, string};
use crate::syntax::{Entry, Node, Scalar, ScalarKind, Value};
use crate::text::{Span, Text};

/// The most instances that are written out one by one.
const INSTANCES: usize = 64;

/// What the names `each` and `count` stand for, in each instance of a block.
pub(super) fn of_block(body: &Node, names: &Names<'_>) -> Vec<Vec<Binding>> {
    let before = names.doubts();
    let found = match (body.get("for_each"), body.get("count")) {
        (Some(collection), _) => {
            let items = items(&evaluate(collection, names));
            items.map(|items| items.into_iter().map(|item| bound("each", item)).collect::<Vec<_>>())
        }
        (None, Some(count)) => {
            let span = count.span;
            counted(&evaluate(count, names)).map(|count| {
                let index = |index: usize| vec![("count.index".to_owned(), Some(number(index, span)))];
                (0..count).map(index).collect()
            })
        }
        (None, None) => return vec![Vec::new()],
    };
    // none by default is many by choice
    let doubtful = names.doubts() > before;
    match found {
        Some(found) if !found.is_empty() || !doubtful => found,
        _ => {
            vec![vec![("each.key".to_owned(), None), ("each.value".to_owned(), None), ("count.index".to_owned(), None)]]
        }
    }
}

fn bound(name: &str, (key, value): (Node, Node)) -> Vec<Binding> {
    vec![(format!("{name}.key"), Some(key)), (format!("{name}.value"), Some(value))]
}

fn number(number: usize, span: Span) -> Node {
    let text = Text::unplaced(number.to_string()).used_at(span);
    Node { span, value: Value::Scalar(Scalar { text, kind: ScalarKind::Number }) }
}

fn counted(node: &Node) -> Option<usize> {
    node.scalar()?.literal()?.parse().ok().filter(|count| *count <= INSTANCES)
}

/// Keys and values of a collection that is known, if there are not too many.
fn items(node: &Node) -> Option<Vec<(Node, Node)>> {
    let found: Vec<(Node, Node)> = match &node.value {
        Value::List(items) => {
            let known = items.iter().all(|item| item.scalar().is_some_and(|text| text.literal().is_some()));
            known.then(|| items.iter().map(|item| (item.clone(), item.clone())).collect())?
        }
        Value::Map(entries) => {
            let known = entries.iter().all(|entry| entry.key.literal().is_some());
            let pair = |entry: &Entry| (string(entry.key.clone(), entry.key.span()), entry.value.clone());
            known.then(|| entries.iter().map(pair).collect())?
        }
        Value::Scalar(_) | Value::Call(_) => return None,
    };
    (found.len() <= INSTANCES).then_some(found)
}

/// The evaluated body of a block, its `dynamic` blocks written out as far as their collections are known.
pub(super) fn body(node: &Node, names: &Names<'_>) -> Node {
    let value = match &node.value {
        Value::Map(entries) => Value::Map(entries.iter().flat_map(|entry| entries_of(entry, names)).collect()),
        Value::List(items) => Value::List(items.iter().map(|item| body(item, names)).collect()),
        Value::Scalar(_) | Value::Call(_) => return evaluate(node, names),
    };
    Node { span: node.span, value }
}

fn entries_of(entry: &Entry, names: &Names<'_>) -> Vec<Entry> {
    let plain = |value: &Node| Entry { key: entry.key.clone(), value: body(value, names) };
    if entry.key.as_str() != "dynamic" {
        return vec![plain(&entry.value)];
    }
    let made = entry.value.one_or_many().iter().flat_map(Node::entries);
    made.flat_map(|made| dynamic(&entry.key, made, names)).collect()
}

/// What a `dynamic` block makes: a block for each item, or itself where that is not known.
fn dynamic(keyword: &Text, made: &Entry, names: &Names<'_>) -> Vec<Entry> {
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
    let before = names.doubts();
    let found = collection.and_then(|collection| items(&evaluate(collection, names)));
    let doubtful = names.doubts() > before;
    let inner = |more: Vec<Binding>| body(content, &names.with(more));
    match found.filter(|found| !found.is_empty() || !doubtful) {
        Some(found) => {
            let one = |item| Entry { key: label.clone(), value: inner(bound(&iterator, item)) };
            found.into_iter().map(one).collect()
        }
        None => {
            let many = vec![(format!("{iterator}.key"), None), (format!("{iterator}.value"), None)];
            let wrapped =
                |key: Text, value: Node| Node { span: value.span, value: Value::Map(vec![Entry { key, value }]) };
            let content = wrapped(Text::unplaced("content").used_at(content.span), inner(many));
            vec![Entry { key: keyword.clone(), value: wrapped(label.clone(), content) }]
        }
    }
}
