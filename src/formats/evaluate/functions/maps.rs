//! Functions over maps.

use std::collections::HashMap;

use super::super::iteration::{known_items, one_by_one, sorted};
use super::super::{is_null, string};
use super::{list, literal};
use crate::syntax::{Entry, Node, Scalar, ScalarKind, Value};
use crate::text::Span;

/// The value of a function over maps.
pub(super) fn apply(name: &str, args: &[Node], span: Span) -> Option<Node> {
    match (name, args) {
        ("merge", maps) => merge(maps, span),
        ("lookup", [map, key]) => lookup(map, key, None),
        ("lookup", [map, key, default]) => lookup(map, key, Some(default)),
        ("keys", [map]) => {
            let keys = sorted(entries(map)?).into_iter().map(|entry| string(entry.key.clone(), entry.key.span()));
            list(keys.collect(), span)
        }
        ("values", [map]) => list(sorted(entries(map)?).into_iter().map(|entry| entry.value.clone()).collect(), span),
        ("zipmap", [keys, values]) => zip(keys, values, span),
        _ => None,
    }
}

/// The entries of a map whose keys are all known.
fn entries(map: &Node) -> Option<&[Entry]> {
    let Value::Map(entries) = &map.value else { return None };
    entries.iter().all(|entry| entry.key.literal().is_some()).then_some(entries)
}

/// Later maps win. A map that is null has no entries.
fn merge(maps: &[Node], span: Span) -> Option<Node> {
    let given = maps.iter().filter(|map| !is_null(map));
    let all: Vec<&Entry> = given.map(|map| entries(map)).collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
    let last: HashMap<&str, usize> = all.iter().enumerate().map(|(at, entry)| (entry.key.as_str(), at)).collect();
    let kept = all.iter().enumerate().filter(|(at, entry)| last.get(entry.key.as_str()) == Some(at));
    Some(Node { span, value: Value::Map(kept.map(|(_, entry)| (*entry).clone()).collect()) })
}

fn lookup(map: &Node, key: &Node, default: Option<&Node>) -> Option<Node> {
    entries(map)?;
    map.get(literal(key)?).or(default).cloned()
}

fn zip(keys: &Node, values: &Node, span: Span) -> Option<Node> {
    let (keys, values) = (known_items(keys)?, one_by_one(values)?);
    if keys.len() != values.len() {
        return None;
    }
    let pairs = keys.iter().zip(values).map(|(key, value)| match &key.value {
        Value::Scalar(Scalar { text, kind: ScalarKind::String }) => {
            Some(Entry { key: text.clone(), value: value.clone() })
        }
        _ => None,
    });
    Some(Node { span, value: Value::Map(pairs.collect::<Option<_>>()?) })
}
