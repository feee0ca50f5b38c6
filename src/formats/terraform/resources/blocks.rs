//! The blocks of a module, by their addresses, and what is nested in them.

use std::collections::HashMap;

use super::reference::Reference;
use crate::formats::terraform::module::{Block, Module};
use crate::syntax::{Node, Value};

/// The blocks of a module, by their addresses. Several may have one address: the instances of a resource.
pub(super) struct Index<'m> {
    pub(super) module: &'m Module,
    by_address: HashMap<String, Vec<&'m Block>>,
}

impl<'m> Index<'m> {
    pub(super) fn new(module: &'m Module) -> Self {
        let mut by_address: HashMap<String, Vec<&Block>> = HashMap::new();
        for block in &module.blocks {
            by_address.entry(block.address()).or_default().push(block);
        }
        Self { module, by_address }
    }

    /// The blocks of an address.
    pub(super) fn at(&self, address: &str) -> &[&'m Block] {
        self.by_address.get(address).map(Vec::as_slice).unwrap_or_default()
    }

    /// The resources of a type, in the order of the module.
    pub(super) fn resources(&self, kind: &str) -> impl Iterator<Item = &'m Block> {
        let blocks = self.module.blocks.iter();
        blocks.filter(move |block| block.kind == "resource" && block.labels.first().is_some_and(|label| label == kind))
    }

    /// Whether the module has the resource that a reference is to.
    pub(super) fn has(&self, reference: &Reference) -> bool {
        self.by_address.contains_key(&reference.address)
    }
}

/// The blocks of a type that are nested in a body, or the objects of a list that stands for them, as in JSON.
pub(super) fn nested<'n>(body: &'n Node, name: &'n str) -> impl Iterator<Item = &'n Node> {
    let entries = body.entries().iter().filter(move |entry| entry.key.as_str() == name);
    entries.flat_map(|entry| entry.value.one_or_many())
}

/// What a `dynamic` block makes of a type, as often as something says: none, one or many.
pub(super) fn dynamic<'n>(body: &'n Node, name: &'n str) -> impl Iterator<Item = &'n Node> {
    nested(body, "dynamic").flat_map(move |made| nested(made, name)).filter_map(|made| made.get("content"))
}

/// The first block of a type, `dynamic` ones included.
pub(super) fn first<'n>(body: &'n Node, name: &'n str) -> Option<&'n Node> {
    nested(body, name).chain(dynamic(body, name)).next()
}

/// Whether an attribute is not given, or says nothing.
pub(super) fn is_blank(node: Option<&Node>) -> bool {
    match node.map(|node| &node.value) {
        None => true,
        Some(Value::Scalar(scalar)) => {
            node.and_then(Node::scalar).is_none() || scalar.text.literal().is_some_and(|text| text.trim().is_empty())
        }
        Some(Value::List(items)) => items.is_empty(),
        Some(Value::Map(_) | Value::Call(_)) => false,
    }
}
