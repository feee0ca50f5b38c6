//! Modules: the files of a folder, read as one, with the values of their expressions as far as these are known.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::file::{File, Role, role};
use super::instances;
use super::names::{Names, World};
use crate::formats::evaluate::{Bound, used_at};
use crate::formats::{FormatOptions, ReferenceFact};
use crate::source::{Library, Location, Source, beside, folder_of};
use crate::syntax::{Entry, Node, Value};
use crate::text::Text;

/// The most files that are opened because others of their module are checked, in one module and in all.
const FILES: usize = 256;
const ALL_FILES: usize = 4096;

/// The most modules that are opened because others call them.
const CALLED: usize = 256;

/// The blocks of a folder.
#[derive(Debug)]
pub(super) struct Module {
    /// The folder, as it is shown.
    pub(super) folder: String,
    /// Its blocks, by file; those that a `for_each` or `count` makes several of stand there as often.
    pub(super) blocks: Vec<Block>,
}

/// A block with the values of its expressions.
#[derive(Debug)]
pub(super) struct Block {
    /// The file that it stands in, and all of its spans.
    pub(super) source: Arc<Source>,
    /// How that file is to be read.
    pub(super) options: FormatOptions,
    /// Whether that file is checked, and not only opened because others need it.
    pub(super) checked: bool,
    /// `resource`, `data`, `provider`, `module`, `variable`, `output`, `locals`, `terraform`.
    pub(super) kind: String,
    /// Its labels: the type and the name of a resource.
    pub(super) labels: Vec<String>,
    /// What stands in it. What is not known is a call, or a hole of a string.
    pub(super) body: Node,
    /// Places in it that stand for what is written elsewhere.
    pub(super) references: Vec<ReferenceFact>,
}

impl Block {
    /// What expressions call it: `aws_iam_policy.x`, `data.aws_iam_policy_document.x`.
    pub(super) fn address(&self) -> String {
        let labels = self.labels.join(".");
        match self.kind.as_str() {
            "resource" => labels,
            kind => format!("{kind}.{labels}"),
        }
    }
}

/// The files of a folder as they are written, before any value is known.
pub(super) struct Unit {
    pub(super) folder: String,
    files: Vec<Head>,
    pub(super) blocks: Vec<Raw>,
    /// Files of values, in the order in which Terraform takes them.
    pub(super) values: Vec<Values>,
    /// Blocks of variables and outputs by name.
    pub(super) variables: HashMap<String, usize>,
    pub(super) outputs: HashMap<String, usize>,
    /// Blocks of locals, with the attribute that is the name.
    pub(super) locals: HashMap<String, (usize, String)>,
    pub(super) calls: HashMap<String, ModuleCall>,
    /// Modules that call this one, and the blocks that do.
    pub(super) callers: Vec<(usize, usize)>,
}

struct Head {
    source: Arc<Source>,
    options: FormatOptions,
    checked: bool,
}

/// A block as it is written.
pub(super) struct Raw {
    /// The file of the module that it stands in.
    pub(super) file: usize,
    kind: String,
    labels: Vec<String>,
    pub(super) body: Node,
}

/// What a file says of variables.
pub(super) struct Values {
    pub(super) role: Role,
    pub(super) root: Node,
}

/// A call of another module.
pub(super) struct ModuleCall {
    block: usize,
    /// The folder of the module, if it stands beside this one.
    folder: Option<String>,
    /// That module, if it is known.
    pub(super) target: Option<usize>,
}

/// The modules that files are parts of. `library` opens further files of their folders, and the modules that they call.
pub(super) fn modules(files: Vec<File>, library: &dyn Library) -> Vec<Module> {
    let world = World::new(units(files, library), library);
    let made = world.units.iter().enumerate().map(|(index, unit)| Module {
        folder: unit.folder.clone(),
        blocks: unit.blocks.iter().flat_map(|raw| blocks(raw, unit, index, &world)).collect(),
    });
    made.collect()
}

fn blocks(raw: &Raw, unit: &Unit, index: usize, world: &World<'_>) -> Vec<Block> {
    let Some(head) = unit.files.get(raw.file) else { return Vec::new() };
    let names = Names::new(world, index, raw.file);
    let instances = instances::of_block(&raw.body, &names);
    let around = names.take_references();
    let made = instances.into_iter().map(|bindings| {
        let body = instances::body(&raw.body, &Bound { outer: &names, bindings });
        let mut references = names.take_references();
        references.extend(&around);
        let fact = |(span, overridable)| ReferenceFact { at: Location::new(&head.source, span), overridable };
        Block {
            source: Arc::clone(&head.source),
            options: head.options,
            checked: head.checked,
            kind: raw.kind.clone(),
            labels: raw.labels.clone(),
            body,
            references: references.into_iter().map(fact).collect(),
        }
    });
    made.collect()
}

/// The modules of the files, and those that they call.
fn units(files: Vec<File>, library: &dyn Library) -> Vec<Unit> {
    let mut folders: BTreeMap<String, Vec<File>> = BTreeMap::new();
    for file in files {
        folders.entry(folder_of(file.source.path()).to_owned()).or_default().push(file);
    }
    let (mut opened, mut called) = (0, 0);
    let mut units: Vec<Unit> = Vec::new();
    let mut by_folder: HashMap<String, usize> = HashMap::new();
    while let Some((folder, mut known)) = folders.pop_first() {
        open_others(&folder, &mut known, library, &mut opened);
        let unit = Unit::new(folder.clone(), known);
        for target in unit.calls.values().filter_map(|call| call.folder.clone()) {
            if called < CALLED && !by_folder.contains_key(&target) && target != folder && !folders.contains_key(&target)
            {
                called += 1;
                folders.insert(target, Vec::new());
            }
        }
        by_folder.insert(folder, units.len());
        units.push(unit);
    }
    for caller in 0..units.len() {
        let Some(unit) = units.get_mut(caller) else { continue };
        let mut found = Vec::new();
        for call in unit.calls.values_mut() {
            call.target = call.folder.as_ref().and_then(|folder| by_folder.get(folder)).copied();
            found.extend(call.target.map(|target| (target, call.block)));
        }
        for (target, block) in found {
            if let Some(called) = units.get_mut(target) {
                called.callers.push((caller, block));
            }
        }
    }
    for unit in &mut units {
        unit.callers.sort_unstable();
    }
    units
}

/// Opens what else belongs to a folder.
fn open_others(folder: &str, known: &mut Vec<File>, library: &dyn Library, opened: &mut usize) {
    let mut here = 0;
    for path in library.list(folder) {
        let is_known = known.iter().any(|file| file.source.path() == path);
        if role(&path).is_none() || is_known || here >= FILES || *opened >= ALL_FILES {
            continue;
        }
        here += 1;
        *opened += 1;
        known.extend(library.open(&path).and_then(|source| File::beside(&source)));
    }
    // overrides last, then by name, as Terraform takes them; `terraform.tfvars` before the others
    let rank = |file: &File| {
        let path = file.source.path();
        (file.role, !path.rsplit('/').next().is_some_and(|name| name.starts_with("terraform.tfvars")), path.to_owned())
    };
    known.sort_by_key(rank);
}

impl Unit {
    fn new(folder: String, files: Vec<File>) -> Self {
        let mut unit = Self {
            folder,
            files: Vec::new(),
            blocks: Vec::new(),
            values: Vec::new(),
            variables: HashMap::new(),
            outputs: HashMap::new(),
            locals: HashMap::new(),
            calls: HashMap::new(),
            callers: Vec::new(),
        };
        for file in files {
            let (index, role) = (unit.files.len(), file.role);
            match role {
                Role::Blocks => unit.blocks.extend(raw_blocks(&file.root, index)),
                Role::Override => raw_blocks(&file.root, index).into_iter().for_each(|raw| unit.replace(raw)),
                Role::Values | Role::OtherValues => unit.values.push(Values { role, root: file.root }),
            }
            unit.files.push(Head { source: file.source, options: file.options, checked: file.checked });
        }
        unit.name_blocks();
        unit
    }

    fn name_blocks(&mut self) {
        for (index, raw) in self.blocks.iter().enumerate() {
            let name = raw.labels.last().cloned().unwrap_or_default();
            match raw.kind.as_str() {
                "variable" => {
                    self.variables.insert(name, index);
                }
                "output" => {
                    self.outputs.insert(name, index);
                }
                "locals" => {
                    let names = raw.body.entries().iter().map(|entry| entry.key.as_str().to_owned());
                    self.locals.extend(names.map(|name| (name.clone(), (index, name))));
                }
                "module" => {
                    let source = raw.body.get("source").and_then(Node::string).and_then(Text::literal);
                    let beside_this = source.filter(|source| source.starts_with("./") || source.starts_with("../"));
                    let folder = beside_this.map(|source| beside(&self.folder, source));
                    self.calls.insert(name, ModuleCall { block: index, folder, target: None });
                }
                _ => {}
            }
        }
    }

    /// Puts the entries of an overriding block into the place of those that it overrides.
    fn replace(&mut self, raw: Raw) {
        let same = |one: &&mut Raw| one.kind == raw.kind && one.labels == raw.labels && raw.kind != "locals";
        let Some(overridden) = self.blocks.iter_mut().find(same) else {
            self.blocks.push(raw);
            return;
        };
        let span = overridden.body.span;
        let Value::Map(entries) = &mut overridden.body.value else { return };
        entries.retain(|entry| raw.body.entry(entry.key.as_str()).is_none());
        let moved = |entry: &Entry| Entry { key: entry.key.used_at(span), value: used_at(&entry.value, span) };
        entries.extend(raw.body.entries().iter().map(moved));
    }
}

/// How many labels the blocks of a type have.
fn labels_of(kind: &str) -> usize {
    match kind {
        "resource" | "data" | "ephemeral" => 2,
        "provider" | "module" | "variable" | "output" | "check" | "provisioner" => 1,
        _ => 0,
    }
}

/// The blocks of a file, in order.
fn raw_blocks(root: &Node, file: usize) -> Vec<Raw> {
    let mut found = Vec::new();
    for entry in root.entries() {
        let kind = entry.key.as_str();
        collect(&entry.value, kind, &mut Vec::new(), labels_of(kind), file, &mut found);
    }
    found
}

/// In JSON, a list stands for several of what one of its items could be.
fn collect(node: &Node, kind: &str, labels: &mut Vec<String>, missing: usize, file: usize, into: &mut Vec<Raw>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| collect(item, kind, labels, missing, file, into)),
        Value::Map(_) if missing == 0 => {
            into.push(Raw { file, kind: kind.to_owned(), labels: labels.clone(), body: node.clone() });
        }
        Value::Map(entries) => {
            for entry in entries {
                labels.push(entry.key.as_str().to_owned());
                collect(&entry.value, kind, labels, missing - 1, file, into);
                labels.pop();
            }
        }
        Value::Scalar(_) | Value::Call(_) => {}
    }
}

#[cfg(test)]
mod tests;
