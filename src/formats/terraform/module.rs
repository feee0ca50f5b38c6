//! Modules: their blocks, evaluated with what is known of their variables.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::evaluate::{Bound, Scope, evaluate, items_of};
use super::blocks::{self, Written};
use super::values::{Placed, Values};
use super::{File, by_folder, is_file_of_module, is_variable_file, open};
use crate::formats::ReferenceFact;
use crate::source::{Library, Source, beside};
use crate::syntax::{Node, Value};
use crate::text::Text;

/// A module with the values that its blocks have, as far as they are known.
#[derive(Debug)]
pub(super) struct Module {
    /// Its folder, as it is shown.
    pub(super) folder: String,
    /// Its blocks in the order of its files.
    pub(super) blocks: Vec<Block>,
    /// Places in it that stand for values, and values that may be set otherwise.
    pub(super) references: Vec<ReferenceFact>,
}

/// A block whose values are evaluated. A reference to another block is a call named as it is written
/// (`aws_iam_role.r.name`).
#[derive(Debug)]
pub(super) struct Block {
    /// The file.
    pub(super) source: Arc<Source>,
    /// Whether the settings call the file an example.
    pub(super) example: bool,
    /// `resource`, `data`, `module`, `provider`, `output`, …
    pub(super) kind: String,
    /// Its labels.
    pub(super) labels: Vec<String>,
    /// Its last label, or its kind.
    pub(super) name: Text,
    /// Its body: arguments, and blocks in it, each an entry of its own.
    pub(super) body: Node,
}

impl Block {
    /// How other blocks refer to it: `aws_iam_policy.x`, `data.aws_iam_policy_document.x`.
    pub(super) fn address(&self) -> String {
        let kind = (self.kind != "resource").then_some(self.kind.as_str());
        kind.into_iter().chain(self.labels.iter().map(String::as_str)).collect::<Vec<_>>().join(".")
    }
}

/// Modules that are read because others call them: no more than this many.
const MOST_MODULES: usize = 1000;

/// Files that are opened to complete a module: no more than this many.
const MOST_FILES: usize = 200;

/// Items of a collection that a dynamic block is written out for.
const MOST_ITEMS: usize = 100;

/// The modules that these files are of, and those in local folders that they call, each with all files of its folder.
pub(super) fn modules(files: Vec<File>, library: &dyn Library) -> Vec<Module> {
    let mut raw: BTreeMap<String, Raw> = BTreeMap::new();
    let mut wanted: Vec<(String, Vec<File>)> = by_folder(files).into_iter().collect();
    while let Some((folder, files)) = wanted.pop() {
        if raw.contains_key(&folder) || raw.len() >= MOST_MODULES {
            continue;
        }
        let module = Raw::new(&folder, files, library);
        let called = module.calls.values().filter(|called| !raw.contains_key(*called));
        let called: Vec<String> =
            called.filter(|called| wanted.iter().all(|(folder, _)| folder != *called)).cloned().collect();
        wanted.extend(called.into_iter().map(|called| (called, Vec::new())));
        raw.insert(folder, module);
    }
    raw.retain(|_, module| !module.blocks.is_empty());
    let tree = Tree { raw: &raw, values: RefCell::default(), pending: RefCell::default() };
    raw.iter().map(|(folder, module)| module.evaluated(folder, tree.variables(folder))).collect()
}

/// A module as it is written.
struct Raw {
    blocks: Vec<Written>,
    /// What files of variables beside it set: those that Terraform reads by itself, and the others.
    set: Vec<(bool, String, Placed)>,
    calls: BTreeMap<String, String>,
}

impl Raw {
    fn new(folder: &str, mut files: Vec<File>, library: &dyn Library) -> Self {
        let there: BTreeSet<String> = files.iter().map(|file| file.source.path().to_owned()).collect();
        let missing = library.list(folder).into_iter().filter(|path| is_file_of_module(path) && !there.contains(path));
        files.extend(missing.take(MOST_FILES).filter_map(|path| open(&path, library)));
        files.sort_by(|one, other| one.source.path().cmp(other.source.path()));
        let (variable_files, files): (Vec<File>, Vec<File>) =
            files.into_iter().partition(|file| is_variable_file(file.source.path()));
        let blocks: Vec<Written> = files.iter().flat_map(blocks::blocks).collect();
        let set = variable_files.iter().flat_map(|file| {
            let path = file.source.path();
            let name = path.rsplit('/').next().unwrap_or(path);
            let by_itself = name.starts_with("terraform.tfvars") || name.contains(".auto.tfvars");
            file.root.entries().iter().map(move |entry| {
                let placed = Placed { source: Arc::clone(&file.source), node: entry.value.clone(), overridable: true };
                (by_itself, entry.key.as_str().to_owned(), placed)
            })
        });
        let called = blocks.iter().filter(|block| block.kind == "module").filter_map(|block| {
            let source = block.body.get("source")?.string()?.literal()?;
            let is_local = source.starts_with("./") || source.starts_with("../");
            is_local.then(|| Some((block.labels.first()?.clone(), beside(folder, source))))?
        });
        let calls = called.collect();
        Self { set: set.collect(), calls, blocks }
    }

    fn values(&self, folder: &str, variables: BTreeMap<String, Placed>) -> Values {
        let locals = self.blocks.iter().filter(|block| block.kind == "locals").flat_map(|block| {
            block.body.entries().iter().map(|entry| {
                let source = Arc::clone(&block.source);
                (entry.key.as_str().to_owned(), Placed { source, node: entry.value.clone(), overridable: false })
            })
        });
        Values::new(folder.to_owned(), variables, locals.collect())
    }

    fn evaluated(&self, folder: &str, variables: BTreeMap<String, Placed>) -> Module {
        let values = self.values(folder, variables);
        let blocks = self.blocks.iter().flat_map(|block| {
            bodies(block, &values).into_iter().map(|body| Block {
                source: Arc::clone(&block.source),
                example: block.example,
                kind: block.kind.clone(),
                labels: block.labels.clone(),
                name: block.name.clone(),
                body,
            })
        });
        let blocks = blocks.collect();
        Module { folder: folder.to_owned(), blocks, references: values.references() }
    }

    /// What the module's own files say of a variable: its default, unless a file of variables says otherwise.
    fn own_value(&self, name: &str) -> Option<Placed> {
        let declared = self
            .blocks
            .iter()
            .find(|block| block.kind == "variable" && block.labels.first().is_some_and(|label| label == name));
        let default = declared.and_then(|block| {
            let node = block.body.get("default")?.clone();
            Some(Placed { source: Arc::clone(&block.source), node, overridable: true })
        });
        let of_name = || self.set.iter().filter(|(_, set, _)| set == name);
        let by_itself = of_name().filter(|(by_itself, ..)| *by_itself).map(|(.., placed)| placed.clone()).next_back();
        let value = by_itself.or(default)?;
        let differs = |other: &Placed| !same(&value.node, &other.node);
        let disagree = of_name().any(|(by_itself, _, placed)| !by_itself && differs(placed));
        (!disagree).then_some(value)
    }

    fn variable_names(&self) -> impl Iterator<Item = &String> {
        self.blocks.iter().filter(|block| block.kind == "variable").filter_map(|block| block.labels.first())
    }
}

/// The body of a block, evaluated: one for each item of what it is made for each of, where that is known.
fn bodies(block: &Written, values: &Values) -> Vec<Node> {
    let scope = values.seen_from(&block.source);
    let items = block.body.get("for_each").and_then(|each| known_items(each, &scope)).filter(|items| !items.is_empty());
    match items {
        None => vec![body(&block.body, &scope)],
        Some(items) => {
            let made = items.into_iter().map(|(key, value)| {
                // the items of a set are their own keys
                let key = if key.string().is_some() { key } else { value.clone() };
                let names = vec![("each.key", key), ("each.value", value)];
                body(&block.body, &Bound { outer: &scope, names })
            });
            made.collect()
        }
    }
}

/// The items of a collection, if they are known and few enough to write something out for each.
fn known_items(collection: &Node, scope: &dyn Scope) -> Option<Vec<(Node, Node)>> {
    let items = items_of(&evaluate(collection, scope))?;
    (items.len() <= MOST_ITEMS && scope.may_grow(items.len())).then_some(items)
}

/// The body of a block, evaluated, with its dynamic blocks written out.
fn body(written: &Node, scope: &dyn Scope) -> Node {
    let expand = |name: &str, dynamic: &Node| {
        let (each, content) = (dynamic.get("for_each")?, dynamic.get("content")?);
        let items = known_items(each, scope)?;
        let iterator = match dynamic.get("iterator").map(|node| &node.value) {
            Some(Value::Call(call)) => call.name.as_str(),
            _ => name,
        };
        let names = [format!("{iterator}.key"), format!("{iterator}.value")];
        let contents = items.into_iter().map(|(key, value)| {
            let names = names.iter().map(String::as_str).zip([key, value]).collect();
            evaluate(content, &Bound { outer: scope, names })
        });
        Some(contents.collect())
    };
    evaluate(&blocks::expanded(written, &expand), scope)
}

/// The modules that call one another.
struct Tree<'r> {
    raw: &'r BTreeMap<String, Raw>,
    values: RefCell<BTreeMap<String, BTreeMap<String, Placed>>>,
    /// Modules whose variables are being evaluated: a call in a circle says nothing.
    pending: RefCell<Vec<String>>,
}

impl Tree<'_> {
    /// The values of a module's variables, those alone that are known. A module that others call has the values that all
    /// of them give it.
    fn variables(&self, folder: &str) -> BTreeMap<String, Placed> {
        if let Some(known) = self.values.borrow().get(folder) {
            return known.clone();
        }
        let Some(module) = self.raw.get(folder) else { return BTreeMap::new() };
        if self.pending.borrow().iter().any(|pending| pending == folder) {
            return BTreeMap::new();
        }
        self.pending.borrow_mut().push(folder.to_owned());
        let arguments = self.arguments(folder);
        let values = module.variable_names().filter_map(|name| {
            let own = || module.own_value(name);
            let value = match arguments.split_first() {
                None => own(),
                Some((first, others)) => {
                    let given = |call: &BTreeMap<String, Placed>| call.get(name).cloned().or_else(own);
                    let first = given(first)?;
                    let agree =
                        others.iter().all(|call| given(call).is_some_and(|other| same(&first.node, &other.node)));
                    agree.then_some(first)
                }
            };
            value.map(|value| (name.clone(), value))
        });
        let values: BTreeMap<String, Placed> = values.collect();
        self.pending.borrow_mut().pop();
        self.values.borrow_mut().insert(folder.to_owned(), values.clone());
        values
    }

    /// What each call of a module gives to it.
    fn arguments(&self, folder: &str) -> Vec<BTreeMap<String, Placed>> {
        let mut found = Vec::new();
        for (caller, module) in self.raw {
            let names: Vec<&String> =
                module.calls.iter().filter(|(_, called)| *called == folder).map(|(name, _)| name).collect();
            if names.is_empty() {
                continue;
            }
            let values = module.values(caller, self.variables(caller));
            let calls = module.blocks.iter().filter(|block| {
                block.kind == "module" && block.labels.first().is_some_and(|label| names.contains(&label))
            });
            for call in calls {
                let scope = values.seen_from(&call.source);
                let arguments = call.body.entries().iter().map(|entry| {
                    let node = evaluate(&entry.value, &scope);
                    let placed = Placed { source: Arc::clone(&call.source), node, overridable: true };
                    (entry.key.as_str().to_owned(), placed)
                });
                found.push(arguments.collect());
            }
        }
        found
    }
}

/// Whether two values are known to be the same.
fn same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Scalar(one), Value::Scalar(other)) => {
            one.text.literal().is_some() && one.text.literal() == other.text.literal() && one.kind == other.kind
        }
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| one.key.as_str() == other.key.as_str() && same(&one.value, &other.value))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
