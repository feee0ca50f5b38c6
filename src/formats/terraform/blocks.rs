//! The blocks of a file, as they are written.

use std::sync::Arc;

use crate::source::Source;
use crate::syntax::{Entry, Node, Value, hcl};
use crate::text::Text;

/// A block with its labels.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// The file.
    pub(super) source: Arc<Source>,
    /// Whether the settings call the file an example.
    pub(super) example: bool,
    /// `resource`, `data`, `module`, `variable`, `locals`, …
    pub(super) kind: String,
    /// Its labels.
    pub(super) labels: Vec<String>,
    /// The place of its last label, or of its kind.
    pub(super) name: Text,
    /// Its body.
    pub(super) body: Node,
}

/// The blocks of a file, in order. In JSON the blocks of one kind may share a key, and be lists.
pub(super) fn blocks(file: &super::File) -> Vec<Written> {
    let mut found = Vec::new();
    for entry in file.root.entries() {
        let kind = entry.key.as_str();
        let labels = match kind {
            "resource" | "data" | "ephemeral" => 2,
            "variable" | "module" | "provider" | "output" => 1,
            "locals" | "terraform" => 0,
            _ => continue,
        };
        let outer = Written {
            source: Arc::clone(&file.source),
            example: file.example,
            kind: kind.to_owned(),
            labels: Vec::new(),
            name: entry.key.clone(),
            body: entry.value.clone(),
        };
        unwrap(outer, labels, &mut found);
    }
    found
}

fn unwrap(block: Written, labels: usize, into: &mut Vec<Written>) {
    if let Value::List(items) = &block.body.value {
        for item in items {
            unwrap(Written { body: item.clone(), ..block.clone() }, labels, into);
        }
    } else if labels == 0 {
        into.push(block);
    } else {
        for entry in block.body.entries() {
            let mut inner = Written { name: entry.key.clone(), body: entry.value.clone(), ..block.clone() };
            inner.labels.push(entry.key.as_str().to_owned());
            unwrap(inner, labels - 1, into);
        }
    }
}

/// A tree of JSON with its strings read as the templates that they are.
///
/// Source: Terraform documentation, "JSON Configuration Syntax" ("Expression Mapping").
pub(super) fn with_templates(node: &Node) -> Node {
    let value = match &node.value {
        Value::List(items) => Value::List(items.iter().map(with_templates).collect()),
        Value::Map(entries) => {
            let read = |entry: &Entry| Entry { key: entry.key.clone(), value: with_templates(&entry.value) };
            Value::Map(entries.iter().map(read).collect())
        }
        Value::Scalar(_) | Value::Call(_) => {
            let text = node.string().filter(|text| text.as_str().contains("${") || text.as_str().contains("%{"));
            let read = text.and_then(|text| hcl::parse_template(text.as_str(), text.map()).ok());
            return match read {
                Some(read) => Node { span: node.span, ..read },
                None => node.clone(),
            };
        }
    };
    Node { span: node.span, value }
}
