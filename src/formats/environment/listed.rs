//! The shapes in which trees list the variables of a process.

use crate::adapter::Field;
use crate::formats::field::{computed, field_of, with_holes};
use crate::syntax::{Entry, Node, ScalarKind, Value};
use crate::text::Text;

/// The variables that a node lists, in its order:
///
/// - a map of names and values
/// - a list of maps with `name` and `value`, as of Kubernetes and Amazon ECS
/// - a list of strings `NAME=value`, as of Docker Compose; one without `=` is handed on from whoever starts the process
pub(in crate::formats) fn listed(node: &Node) -> Vec<Field> {
    match &node.value {
        Value::Map(entries) => entries.iter().filter_map(of_map).collect(),
        Value::List(items) => items.iter().filter_map(of_list).collect(),
        Value::Scalar(_) | Value::Call(_) => Vec::new(),
    }
}

/// A variable whose value something else gives.
pub(in crate::formats) fn given_elsewhere(key: Text, node: &Node) -> Field {
    Field { key, value: computed(node), kind: ScalarKind::String, span: node.span }
}

fn of_map(entry: &Entry) -> Option<Field> {
    let key = || entry.key.clone();
    match entry.value.entry("value") {
        Some(inner) => field_of(inner).map(|field| Field { key: key(), ..field }),
        None if entry.value.entries().is_empty() => field_of(entry),
        None => Some(given_elsewhere(key(), &entry.value)),
    }
}

fn of_list(item: &Node) -> Option<Field> {
    if let Some(assignment) = item.string() {
        return Some(assigned(assignment, item));
    }
    let key = item.get("name").or_else(|| item.get("Name"))?.string()?.clone();
    match (item.entry("value").or_else(|| item.entry("Value")), item.get("valueFrom")) {
        (Some(value), _) => field_of(value).map(|field| Field { key, ..field }),
        (None, Some(from)) => Some(given_elsewhere(key, from)),
        // a list of what is wanted, with a description of each
        (None, None) if item.entries().len() > 1 => Some(given_elsewhere(key, item)),
        (None, None) => {
            let value = key.part(0..0);
            Some(Field { span: value.span(), key, value, kind: ScalarKind::Null })
        }
    }
}

/// `NAME=value`.
fn assigned(text: &Text, node: &Node) -> Field {
    let written = text.as_str();
    match written.find('=') {
        Some(at) => {
            let value = text.part(at + 1..written.len());
            let span = value.span();
            Field { key: text.part(0..at), value: with_holes(&value), kind: ScalarKind::String, span }
        }
        None => given_elsewhere(text.clone(), node),
    }
}
