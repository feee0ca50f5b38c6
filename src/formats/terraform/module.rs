//! Modules: their blocks, evaluated with what is known of their variables.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::blocks::{self, Written};
use super::values::World;
use super::{File, by_folder, instances, is_file_of_module, is_variable_file, open};
use crate::formats::ReferenceFact;
use crate::formats::evaluate::{Bound, used_at};
use crate::source::{Library, Source, beside};
use crate::syntax::{Entry, Node, Value};
use crate::text::Text;

/// A module with the values that its blocks have, as far as they are known.
#[derive(Debug)]
pub(super) struct Module {
    /// Its blocks in the order of its files.
    pub(super) blocks: Vec<Block>,
    /// Places in it that stand for values, and values that may be set otherwise.
    pub(super) references: Vec<ReferenceFact>,
    /// Whether all is seen that uses it, so that its outputs are followed to where they end.
    pub(super) is_closed: bool,
    /// Names of its calls of other modules that are followed into these.
    pub(super) followed: BTreeSet<String>,
}

/// What stands between the name of a module and that of something in it: `modules/app: aws_iam_role.r.name`.
pub(super) const OF: &str = ": ";

/// A block whose values are evaluated. A reference to another block is a call named as it is written
/// (`aws_iam_role.r.name`), behind the name of its module if that is another one.
#[derive(Debug)]
pub(super) struct Block {
    /// The name of its module: its folder.
    pub(super) module: Arc<str>,
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

    /// The same, as it is unique in all modules.
    pub(super) fn key(&self) -> String {
        format!("{}{OF}{}", self.module, self.address())
    }
}

/// Modules of which no file was given, and that are read because others call them: no more than this many. What stands
/// behind the calls of further ones is not known.
const MOST_MODULES: usize = 1000;

/// Files that are opened to complete a module: no more than this many.
const MOST_FILES: usize = 200;

/// The modules that these files are of, and those in local folders that they call, each with all files of its folder.
pub(super) fn modules(files: Vec<File>, library: &dyn Library) -> Vec<Module> {
    let mut units: BTreeMap<String, Unit> = BTreeMap::new();
    let says = |files: &Vec<File>| files.iter().any(|file| file.says);
    let (mut wanted, mut others): (BTreeMap<_, _>, BTreeMap<_, _>) =
        by_folder(files).into_iter().partition(|(_, files)| says(files));
    let mut calls: Vec<(String, Vec<String>)> =
        others.iter().map(|(folder, files)| (folder.clone(), called(files, folder))).collect();
    let mut further = 0;
    loop {
        while let Some((folder, mut files)) = wanted.pop_first() {
            files.extend(others.remove(&folder).unwrap_or_default());
            further += usize::from(files.is_empty());
            if files.is_empty() && further > MOST_MODULES {
                continue;
            }
            let unit = Unit::new(&folder, files, library);
            for called in unit.calls.values().filter_map(|call| call.folder.as_ref()) {
                if !units.contains_key(called) && *called != folder {
                    wanted.entry(called.clone()).or_default();
                }
            }
            units.insert(folder, unit);
        }
        if calls.is_empty() {
            break;
        }
        // who calls these goes before who only might be something to them
        let next = calls.iter().position(|(_, called)| called.iter().any(|called| units.contains_key(called)));
        let (folder, _) = calls.remove(next.unwrap_or_default());
        if let Some(files) = others.remove(&folder) {
            wanted.insert(folder, files);
        }
    }
    let units = units.into_values().filter(|unit| !unit.blocks.is_empty());
    let world = World::new(linked(units.collect()), library);
    let made = world.units.iter().enumerate().map(|(index, unit)| {
        let blocks = unit.blocks.iter().flat_map(|block| evaluated(block, index, &world)).collect();
        let is_followed = |call: &&ModuleCall| {
            let target = call.target.and_then(|target| world.units.get(target));
            target.is_some_and(|target| target.is_followed(&world.units))
        };
        let followed = unit.calls.iter().filter(|(_, call)| is_followed(call)).map(|(name, _)| name.clone());
        Module {
            blocks,
            references: world.references(index),
            is_closed: unit.is_followed(&world.units) || unit.is_root(),
            followed: followed.collect(),
        }
    });
    made.collect()
}

/// The folders of the modules that files of a folder call.
fn called(files: &[File], folder: &str) -> Vec<String> {
    let calls = files.iter().flat_map(blocks::blocks).filter(|block| block.kind == "module");
    calls.filter_map(|call| local_source(&call.body, folder)).collect()
}

/// The folder of the module that a block calls, if it is a local one.
fn local_source(call: &Node, folder: &str) -> Option<String> {
    let source = call.get("source").and_then(Node::string).and_then(Text::literal)?;
    (source.starts_with("./") || source.starts_with("../")).then(|| beside(folder, source))
}

/// A block, evaluated: as often as it is made, where that is known.
fn evaluated(block: &Written, unit: usize, world: &World<'_>) -> Vec<Block> {
    let scope = world.seen_from(unit, &block.source);
    let module: Arc<str> = world.units.get(unit).map(Unit::name).unwrap_or_default().into();
    let made = instances::of_block(&block.body, &scope).into_iter().map(|bindings| Block {
        module: Arc::clone(&module),
        source: Arc::clone(&block.source),
        example: block.example,
        kind: block.kind.clone(),
        labels: block.labels.clone(),
        name: block.name.clone(),
        body: instances::body(&block.body, &Bound { outer: &scope, bindings }),
    });
    made.collect()
}

/// The modules, which know of each other.
fn linked(mut units: Vec<Unit>) -> Vec<Unit> {
    let by_folder: HashMap<String, usize> =
        units.iter().enumerate().map(|(index, unit)| (unit.folder.clone(), index)).collect();
    let mut callers: Vec<(usize, (usize, usize))> = Vec::new();
    for (caller, unit) in units.iter_mut().enumerate() {
        for call in unit.calls.values_mut() {
            call.target = call.folder.as_ref().and_then(|folder| by_folder.get(folder)).copied();
            callers.extend(call.target.map(|target| (target, (caller, call.block))));
        }
    }
    callers.sort_unstable();
    for (target, caller) in callers {
        if let Some(called) = units.get_mut(target) {
            called.callers.push(caller);
        }
    }
    units
}

/// What a file of a module is for, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Blocks.
    Blocks,
    /// Blocks that replace parts of others.
    Override,
    /// Variables that Terraform takes by itself.
    Variables,
    /// Variables that whoever runs Terraform may name.
    OtherVariables,
}

impl Role {
    /// Sources: Terraform documentation, "Override Files", "Variable Definitions (.tfvars) Files".
    fn of(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        if is_variable_file(name) {
            let by_itself = name.starts_with("terraform.tfvars") || name.contains(".auto.tfvars");
            return if by_itself { Self::Variables } else { Self::OtherVariables };
        }
        let stem = name.split(".tf").next().and_then(|stem| stem.split(".tofu").next()).unwrap_or(name);
        if stem == "override" || stem.ends_with("_override") { Self::Override } else { Self::Blocks }
    }
}

/// A module as it is written.
pub(super) struct Unit {
    pub(super) folder: String,
    pub(super) blocks: Vec<Written>,
    /// What files of variables set, in the order in which Terraform takes them.
    set: Vec<(Role, Arc<Source>, Node)>,
    /// The blocks of variables, outputs and locals, by name.
    pub(super) variables: BTreeMap<String, usize>,
    pub(super) outputs: HashMap<String, usize>,
    pub(super) locals: HashMap<String, usize>,
    /// Calls of other modules, by name.
    pub(super) calls: BTreeMap<String, ModuleCall>,
    /// Modules that call this one, and the blocks of them that do.
    pub(super) callers: Vec<(usize, usize)>,
}

/// A call of another module.
pub(super) struct ModuleCall {
    block: usize,
    /// The folder of that module, if it is a local one.
    folder: Option<String>,
    /// That module, if it is read.
    pub(super) target: Option<usize>,
}

impl Unit {
    fn new(folder: &str, mut files: Vec<File>, library: &dyn Library) -> Self {
        let there: BTreeSet<String> = files.iter().map(|file| file.source.path().to_owned()).collect();
        let missing = library.list(folder).into_iter().filter(|path| is_file_of_module(path) && !there.contains(path));
        files.extend(missing.take(MOST_FILES).filter_map(|path| open(&path, library)));
        let rank = |file: &File| {
            let path = file.source.path();
            // `terraform.tfvars` comes before the others
            let is_auto = path.contains(".auto.tfvars");
            (Role::of(path), is_auto, path.to_owned())
        };
        files.sort_by_cached_key(rank);
        let mut unit = Self {
            folder: folder.to_owned(),
            blocks: Vec::new(),
            set: Vec::new(),
            variables: BTreeMap::new(),
            outputs: HashMap::new(),
            locals: HashMap::new(),
            calls: BTreeMap::new(),
            callers: Vec::new(),
        };
        for file in files {
            match Role::of(file.source.path()) {
                Role::Blocks => unit.blocks.extend(blocks::blocks(&file)),
                Role::Override => blocks::blocks(&file).into_iter().for_each(|block| unit.override_with(block)),
                role => unit.set.push((role, file.source, file.root)),
            }
        }
        unit.name_blocks();
        unit
    }

    /// How other modules name it.
    pub(super) fn name(&self) -> &str {
        if self.folder.is_empty() { "." } else { &self.folder }
    }

    /// Whether one call makes it, and makes it once: what it is given and what it gives is that of this call.
    pub(super) fn is_followed(&self, units: &[Self]) -> bool {
        let [(caller, block)] = self.callers.as_slice() else { return false };
        let call = units.get(*caller).and_then(|unit| unit.blocks.get(*block));
        call.is_some_and(|call| call.body.get("for_each").is_none() && call.body.get("count").is_none())
    }

    /// Whether Terraform is run in it: it says where its state is kept, or which provider it uses.
    fn is_root(&self) -> bool {
        let says = |block: &Written| match block.kind.as_str() {
            "provider" => true,
            "terraform" => block.body.get("backend").or_else(|| block.body.get("cloud")).is_some(),
            _ => false,
        };
        self.callers.is_empty() && self.blocks.iter().any(says)
    }

    fn name_blocks(&mut self) {
        for (index, block) in self.blocks.iter().enumerate() {
            let name = block.labels.first().cloned().unwrap_or_default();
            match block.kind.as_str() {
                "variable" => {
                    self.variables.insert(name, index);
                }
                "output" => {
                    self.outputs.insert(name, index);
                }
                "locals" => {
                    let names = block.body.entries().iter().map(|entry| entry.key.as_str().to_owned());
                    self.locals.extend(names.map(|name| (name, index)));
                }
                "module" => {
                    let folder = local_source(&block.body, &self.folder);
                    self.calls.insert(name, ModuleCall { block: index, folder, target: None });
                }
                _ => {}
            }
        }
    }

    /// Puts what an overriding block says into the place of what it overrides.
    fn override_with(&mut self, block: Written) {
        let is_same =
            |other: &&mut Written| other.kind == block.kind && other.labels == block.labels && block.kind != "locals";
        let Some(overridden) = self.blocks.iter_mut().find(is_same) else {
            self.blocks.push(block);
            return;
        };
        let span = overridden.name.span();
        let Value::Map(entries) = &mut overridden.body.value else { return };
        entries.retain(|entry| block.body.entry(entry.key.as_str()).is_none());
        let moved = |entry: &Entry| Entry { key: entry.key.used_at(span), value: used_at(&entry.value, span) };
        entries.extend(block.body.entries().iter().map(moved));
    }

    /// The default of a variable.
    pub(super) fn default(&self, name: &str) -> Option<(&Arc<Source>, &Node)> {
        let block = self.blocks.get(*self.variables.get(name)?)?;
        Some((&block.source, block.body.get("default")?))
    }

    /// What files of variables set one to.
    pub(super) fn set<'u>(&'u self, role: Role, name: &'u str) -> impl Iterator<Item = (&'u Arc<Source>, &'u Node)> {
        let files = self.set.iter().filter(move |(set, ..)| *set == role);
        files.filter_map(move |(_, source, root)| Some((source, root.get(name)?)))
    }
}

#[cfg(test)]
mod tests;
