//! Spring AI in `application.yml`: the properties below `spring.ai.bedrock`, nested or with dots in their keys, are the
//! variables of the same names.
//!
//! Source: Spring Boot, "Binding From YAML" and "Relaxed Binding".

use super::super::environment;
use super::super::field::field_of;
use super::super::{Process, Reader};
use crate::adapter::Field;
use crate::syntax::{Entry, Node, Value};
use crate::text::Part;

/// No property of Spring AI has more parts than this.
const DEPTH: usize = 8;

const PREFIX: &str = "spring.ai.bedrock.";

pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    let mut variables = Vec::new();
    properties(root, "", DEPTH, &mut variables);
    reader.process(environment::adapters(variables, root.span), &Process::default());
}

fn properties(node: &Node, before: &str, depth: usize, into: &mut Vec<Field>) {
    for entry in node.entries() {
        let key = format!("{before}{}", entry.key.as_str());
        let leads_there = PREFIX.starts_with(&format!("{key}.")) || key.starts_with(PREFIX);
        match &entry.value.value {
            Value::Map(_) if leads_there && depth > 0 => {
                properties(&entry.value, &format!("{key}."), depth - 1, into);
            }
            Value::Scalar(_) if key.starts_with(PREFIX) => into.extend(property(entry, before)),
            _ => {}
        }
    }
}

fn property(entry: &Entry, before: &str) -> Option<Field> {
    let own = entry.key.as_str().len();
    let key = entry.key.rebuilt(&[Part::New(before), Part::Kept(0..own)]);
    field_of(entry).map(|field| Field { key, ..field })
}
