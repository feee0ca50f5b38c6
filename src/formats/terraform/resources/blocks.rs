//! The blocks of all modules, by their addresses, and what is nested in them.

use std::collections::HashMap;

use super::reference::Reference;
use crate::formats::terraform::module::{Block, Module};
use crate::syntax::{Node, Value};

/// The blocks of all modules, by their addresses with their modules. Several may have one address: the instances of a
/// resource.
pub(super) struct Index<'m> {
    modules: &'m [Module],
    by_key: HashMap<String, Vec<&'m Block>>,
}

impl<'m> Index<'m> {
    pub(super) fn new(modules: &'m [Module]) -> Self {
        let mut by_key: HashMap<String, Vec<&Block>> = HashMap::new();
        for block in modules.iter().flat_map(|module| &module.blocks) {
            by_key.entry(block.key()).or_default().push(block);
        }
        Self { modules, by_key }
    }

    /// All of them, in order.
    pub(super) fn blocks(&self) -> impl Iterator<Item = &'m Block> + use<'m> {
        self.modules.iter().flat_map(|module| &module.blocks)
    }

    /// The blocks of an address with its module.
    pub(super) fn at(&self, key: &str) -> &[&'m Block] {
        self.by_key.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// The resources of a type, in order.
    pub(super) fn resources(&self, kind: &str) -> impl Iterator<Item = &'m Block> {
        let is_one =
            move |block: &&Block| block.kind == "resource" && block.labels.first().is_some_and(|label| label == kind);
        self.blocks().filter(is_one)
    }

    /// Whether some module has the block that a reference is to.
    pub(super) fn has(&self, reference: &Reference) -> bool {
        self.by_key.contains_key(&reference.key)
    }

    /// Calls of modules that are followed into these: what they are given is seen there.
    pub(super) fn is_followed(&self, call: &Block) -> bool {
        let of = |module: &&Module| module.blocks.first().is_some_and(|first| first.module == call.module);
        let followed = self.modules.iter().find(of).map(|module| &module.followed);
        followed.zip(call.labels.first()).is_some_and(|(followed, name)| followed.contains(name))
    }

    /// The outputs of modules whose users are not all seen: what they give is used elsewhere.
    pub(super) fn open_outputs(&self) -> impl Iterator<Item = &'m Block> {
        let open = self.modules.iter().filter(|module| !module.is_closed);
        open.flat_map(|module| &module.blocks).filter(|block| block.kind == "output")
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
