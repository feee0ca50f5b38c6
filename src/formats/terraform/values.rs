//! What the names of a module stand for: variables, locals, outputs of the modules that it calls, `path.module`.
//!
//! A value is worked out when something asks for it, once. What depends on itself is not known.
//!
//! Sources: Terraform documentation, "References to Named Values", "Input Variables", "Module Outputs".

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::blocks::Written;
use super::elsewhere::seen_elsewhere;
use super::module::{OF, Role, Unit};
use crate::formats::ReferenceFact;
use crate::formats::evaluate::{Scope, evaluate, is_known, is_same, step_into, string, used_at};
use crate::iam::{Case, Context, Fit, Pattern};
use crate::source::{Library, Location, Source};
use crate::syntax::{Call, Node, Scalar, ScalarKind, Value, json, yaml};
use crate::text::{Count, SourceMap, Span, Text};

/// Values inside of each other, over all names that they refer to.
const DEEPEST: usize = 200;

/// What the values may weigh that the expressions of one module make.
const MOST_VALUES: usize = 1_000_000;

/// Documents that are opened because expressions read them: no more than this many.
const MOST_DOCUMENTS: usize = 256;

/// All modules of a run, and what is known of their names so far.
pub(super) struct World<'l> {
    pub(super) units: Vec<Unit>,
    library: &'l dyn Library,
    known: RefCell<HashMap<Name, Option<Arc<Placed>>>>,
    documents: RefCell<HashMap<String, Option<Arc<Source>>>>,
    depth: Cell<usize>,
    doubts: Cell<usize>,
    /// By module: what its values may still weigh, and the places that stand for values.
    left: Vec<Cell<usize>>,
    references: Vec<RefCell<BTreeMap<(String, Span), ReferenceFact>>>,
}

/// A name by its module.
type Name = (usize, Kind, String);

/// The kinds of names that a module gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Variable,
    Local,
    Output,
}

/// A value that stands somewhere.
#[derive(Clone, Debug)]
struct Placed {
    /// The file.
    source: Arc<Source>,
    /// The value, evaluated.
    node: Node,
    /// Whether it may be set otherwise.
    overridable: bool,
}

impl Placed {
    fn place(&self) -> Location {
        place(&self.source, &self.node)
    }
}

/// The place of a value, without quotes.
fn place(source: &Arc<Source>, node: &Node) -> Location {
    Location::new(source, node.scalar().map_or(node.span, Text::span))
}

impl<'l> World<'l> {
    /// The modules, none of whose names is known yet.
    pub(super) fn new(units: Vec<Unit>, library: &'l dyn Library) -> Self {
        let left = units.iter().map(|_| Cell::new(MOST_VALUES)).collect();
        let references = units.iter().map(|_| RefCell::default()).collect();
        Self {
            units,
            library,
            known: RefCell::default(),
            documents: RefCell::default(),
            depth: Cell::new(0),
            doubts: Cell::new(0),
            left,
            references,
        }
    }

    /// The places of a module that stand for values, and values of it that may be set otherwise, as far as they were met.
    pub(super) fn references(&self, unit: usize) -> Vec<ReferenceFact> {
        if let Some(module) = self.units.get(unit) {
            for name in module.variables.keys() {
                self.resolve(unit, Kind::Variable, name);
                if let Some((source, node)) = module.default(name) {
                    let at = place(source, node);
                    self.note(unit, ReferenceFact { written: Some(at.clone()), at, overridable: true });
                }
            }
        }
        self.references.get(unit).map(|found| found.take().into_values().collect()).unwrap_or_default()
    }

    fn note(&self, unit: usize, fact: ReferenceFact) {
        let Some(found) = self.references.get(unit) else { return };
        let key = (fact.at.source.path().to_owned(), fact.at.span);
        let mut found = found.borrow_mut();
        match found.get_mut(&key) {
            Some(known) => {
                known.overridable |= fact.overridable;
                // it stands for several values
                if known.written != fact.written {
                    known.written = None;
                }
            }
            None => {
                found.insert(key, fact);
            }
        }
    }

    /// The value of a name, if it is known. Asked for while it is being worked out, it is not.
    fn resolve(&self, unit: usize, kind: Kind, name: &str) -> Option<Arc<Placed>> {
        let key = (unit, kind, name.to_owned());
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        self.known.borrow_mut().insert(key.clone(), None);
        let module = self.units.get(unit)?;
        let found = match kind {
            Kind::Variable => self.variable(module, name),
            Kind::Local => module.locals.get(name).and_then(|block| self.attribute(unit, *block, name)),
            Kind::Output => module.outputs.get(name).and_then(|block| self.attribute(unit, *block, "value")),
        };
        let found = found.map(Arc::new);
        if let Some(placed) = found.as_ref().filter(|placed| placed.overridable && kind == Kind::Variable) {
            let at = placed.place();
            self.note(unit, ReferenceFact { written: Some(at.clone()), at, overridable: true });
        }
        self.known.borrow_mut().insert(key, found.clone());
        found
    }

    /// The value of an attribute of a block.
    fn attribute(&self, unit: usize, block: usize, name: &str) -> Option<Placed> {
        let written = self.units.get(unit)?.blocks.get(block)?;
        let before = self.doubts.get();
        let node = evaluate(written.body.get(name)?, &self.seen_from(unit, &written.source));
        Some(Placed { source: Arc::clone(&written.source), node, overridable: self.doubts.get() > before })
    }

    /// The value of a variable: what all callers of the module give, if they agree; else what the files of variables say,
    /// or the default.
    fn variable(&self, module: &Unit, name: &str) -> Option<Placed> {
        let kind = module.variables.get(name).and_then(|block| module.blocks.get(*block)?.body.get("type"));
        let placed = |source: &Arc<Source>, node: &Node| Placed {
            source: Arc::clone(source),
            node: converted(node, kind),
            overridable: true,
        };
        // a collection without items is there to be filled
        let default =
            module.default(name).filter(|(_, node)| !is_empty(node)).map(|(source, node)| placed(source, node));
        if module.callers.is_empty() {
            let set = |role: Role| module.set(role, name).map(|(source, node)| placed(source, node));
            let value = set(Role::Variables).last().or(default);
            // one that whoever runs Terraform may name
            let mut others = set(Role::OtherVariables);
            return match value {
                Some(value) => others.all(|other| is_same(&other.node, &value.node)).then_some(value),
                None => {
                    let first = others.next()?;
                    others.all(|other| is_same(&other.node, &first.node)).then_some(first)
                }
            };
        }
        let mut given = module.callers.iter().map(|(caller, block)| {
            let call = self.units.get(*caller)?.blocks.get(*block)?;
            let Some(argument) = call.body.get(name) else { return default.clone() };
            let value = evaluate(argument, &self.seen_from(*caller, &call.source));
            Some(placed(&call.source, &seen_elsewhere(&value, self.units.get(*caller)?.name())))
        });
        let first = given.next()??;
        // values of which parts are not known cannot be compared
        given.all(|other| other.is_some_and(|other| is_same(&other.node, &first.node))).then_some(first)
    }

    /// The module in which Terraform is run that makes a module, if it can be only one.
    fn root_of(&self, unit: usize) -> Option<&Unit> {
        let mut at = unit;
        for _ in 0..DEEPEST {
            let module = self.units.get(at)?;
            match module.callers.as_slice() {
                [] => return Some(module),
                [(caller, _), others @ ..] if others.iter().all(|(other, _)| other == caller) => at = *caller,
                _ => return None,
            }
        }
        None
    }

    /// The names as a file of a module sees them.
    pub(super) fn seen_from<'w>(&'w self, unit: usize, source: &'w Arc<Source>) -> SeenFrom<'w> {
        SeenFrom { world: self, unit, source }
    }

    /// A document that an expression reads.
    fn open(&self, path: &str) -> Option<Arc<Source>> {
        let mut documents = self.documents.borrow_mut();
        if !documents.contains_key(path) && documents.len() >= MOST_DOCUMENTS {
            return None;
        }
        documents.entry(path.to_owned()).or_insert_with(|| self.library.open(path)).clone()
    }
}

/// What a value has behind these steps; that of a block is named by it.
fn part_of(node: &Node, steps: &str) -> Option<Node> {
    match &node.value {
        Value::Call(Call { name, args }) if args.is_empty() && !steps.is_empty() => {
            let name = Text::unplaced(format!("{}.{steps}", name.as_str())).used_at(name.span());
            Some(Node { span: node.span, value: Value::Call(Call { name, args: Vec::new() }) })
        }
        _ => step_into(node, steps),
    }
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Scalar(_) | Value::Call(_) => false,
    }
}

/// A value as its type wants it: what is written as a string may be a number.
fn converted(node: &Node, kind: Option<&Node>) -> Node {
    let wanted = match kind.map(|kind| &kind.value) {
        Some(Value::Call(call)) => match call.name.as_str() {
            "string" => ScalarKind::String,
            "number" => ScalarKind::Number,
            "bool" => ScalarKind::Bool,
            _ => return node.clone(),
        },
        _ => return node.clone(),
    };
    match &node.value {
        Value::Scalar(scalar) if scalar.kind != ScalarKind::Null && scalar.kind != wanted => {
            Node { span: node.span, value: Value::Scalar(Scalar { text: scalar.text.clone(), kind: wanted }) }
        }
        _ => node.clone(),
    }
}

/// The names of a module as one of its files sees them.
pub(super) struct SeenFrom<'w> {
    world: &'w World<'w>,
    unit: usize,
    source: &'w Arc<Source>,
}

impl<'w> SeenFrom<'w> {
    fn module(&self) -> Option<&'w Unit> {
        self.world.units.get(self.unit)
    }

    fn reference(&self, name: &str, span: Span) -> Option<Node> {
        let (kind, rest) = name.split_once('.')?;
        let (name, steps) = rest.split_once('.').unwrap_or((rest, ""));
        match kind {
            "var" => self.named(self.unit, Kind::Variable, name, steps, span),
            "local" => self.named(self.unit, Kind::Local, name, steps, span),
            "module" => {
                let called = self.module()?.calls.get(name)?.target?;
                let (output, steps) = steps.split_once('.').unwrap_or((steps, ""));
                let value = self.named(called, Kind::Output, output, steps, span)?;
                if is_known(&value) {
                    return Some(value);
                }
                // of a module that is called more than once, its blocks are not known to be those of this call
                let module = self.world.units.get(called).filter(|module| module.is_followed(&self.world.units))?;
                Some(seen_elsewhere(&value, module.name()))
            }
            "data" => self.region(name, steps, span),
            "path" => {
                let folder = match name {
                    "module" => self.module()?.name(),
                    "root" => self.world.root_of(self.unit)?.name(),
                    _ => return None,
                };
                steps.is_empty().then(|| string(Text::unplaced(folder).used_at(span), span))
            }
            _ => None,
        }
    }

    /// The value of a name as it is used at a place: what stands in the same file is read there.
    fn named(&self, unit: usize, kind: Kind, name: &str, steps: &str, span: Span) -> Option<Node> {
        let placed = self.world.resolve(unit, kind, name)?;
        self.placed(&Placed { node: part_of(&placed.node, steps)?, ..(*placed).clone() }, span)
    }

    fn placed(&self, placed: &Placed, span: Span) -> Option<Node> {
        let at = Location::new(self.source, span);
        let fact = ReferenceFact { at, overridable: placed.overridable, written: Some(placed.place()) };
        self.world.note(self.unit, fact);
        if placed.overridable {
            self.world.doubts.set(self.world.doubts.get() + 1);
        }
        let is_here = Arc::ptr_eq(&placed.source, self.source);
        Some(if is_here { placed.node.clone() } else { used_at(&placed.node, span) })
    }

    /// `data.aws_region.x.name`: the Region of the provider, where the module itself says it.
    fn region(&self, kind: &str, steps: &str, span: Span) -> Option<Node> {
        let (name, attribute) = steps.split_once('.')?;
        let module = self.module()?;
        if kind != "aws_region" || !matches!(attribute, "name" | "id" | "region") || !module.callers.is_empty() {
            return None;
        }
        let is_asked = |labels: &[String]| matches!(labels, [kind, label] if kind == "aws_region" && label == name);
        let data = module.blocks.iter().find(|block| block.kind == "data" && is_asked(&block.labels))?;
        if !data.body.entries().is_empty() {
            return None;
        }
        let is_default = |block: &&(usize, &Written)| {
            block.1.kind == "provider"
                && block.1.labels.first().is_some_and(|label| label == "aws")
                && block.1.body.get("alias").is_none()
        };
        let blocks = module.blocks.iter().enumerate();
        let providers: Vec<usize> = blocks.filter(|block| is_default(&block)).map(|(index, _)| index).collect();
        let [provider] = providers.as_slice() else { return None };
        let placed = self.world.attribute(self.unit, *provider, "region").filter(|placed| is_known(&placed.node))?;
        // the environment may say another one
        self.placed(&Placed { overridable: true, ..placed }, span)
    }

    /// The files of a folder whose names are like a pattern, which says nothing of folders.
    fn fileset(&self, call: &Call, span: Span) -> Option<Node> {
        let [folder, pattern] = call.args.as_slice() else { return None };
        let (folder, pattern) = (folder.scalar()?.literal()?, pattern.scalar()?.literal()?);
        if pattern.contains(['/', '[', '{', '\\']) || pattern.contains("**") {
            return None;
        }
        let pattern = Pattern::new(Text::unplaced(pattern), false);
        let is_like = |name: &&str| pattern.matches(name, Case::Sensitive, &Context::default()) == Fit::Yes;
        let paths = self.world.library.list(&crate::source::beside("", folder));
        let names = paths.iter().filter_map(|path| path.rsplit('/').next()).filter(is_like);
        let items = names.map(|name| string(Text::unplaced(name).used_at(span), span)).collect();
        Some(Node { span, value: Value::List(items) })
    }

    /// A function over files. That of a file as a whole stays a call: the document in it is read where it stands.
    fn function(&self, call: &Call, span: Span) -> Option<Node> {
        if call.name.as_str() == "fileset" {
            return self.fileset(call, span);
        }
        let [Node { value: Value::Call(read), .. }] = call.args.as_slice() else { return None };
        let path = match (read.name.as_str(), read.args.as_slice()) {
            ("file", [path]) => path.scalar()?.literal()?,
            _ => return None,
        };
        let source = self.world.open(&crate::source::beside("", path))?;
        let (body, offset) = source.body();
        let map = SourceMap::Verbatim(Span::new(offset, offset).start);
        let root = match call.name.as_str() {
            "jsondecode" => json::parse(body, &map).ok()??.root,
            "yamldecode" => match yaml::parse(body, &map).documents.into_iter().next()? {
                Ok(root) => root,
                Err(_) => return None,
            },
            _ => return None,
        };
        self.placed(&Placed { source, node: root, overridable: false }, span)
    }
}

impl Scope for SeenFrom<'_> {
    fn value(&self, call: &Call, span: Span) -> Option<Node> {
        if call.args.is_empty() { self.reference(call.name.as_str(), span) } else { self.function(call, span) }
    }

    fn count(&self, call: &Call) -> Count {
        // what another module hands on is named behind it
        let name = call.name.as_str().rsplit(OF).next().unwrap_or_default();
        let iterates = ["each.", "count.", "self."].iter().any(|start| name.starts_with(start));
        if iterates && call.args.is_empty() { Count::Many } else { Count::Single }
    }

    fn may_grow(&self, weight: usize) -> bool {
        let Some(left) = self.world.left.get(self.unit) else { return false };
        left.set(left.get().saturating_sub(weight));
        left.get() > 0
    }

    fn enter(&self) -> bool {
        let depth = self.world.depth.get();
        self.world.depth.set(depth + 1);
        depth < DEEPEST
    }

    fn leave(&self) {
        self.world.depth.set(self.world.depth.get().saturating_sub(1));
    }

    fn doubts(&self) -> usize {
        self.world.doubts.get()
    }

    fn note(&self, at: Span, doubtful: bool, written: Span) {
        let place = |span| Location::new(self.source, span);
        let fact = ReferenceFact { at: place(at), overridable: doubtful, written: Some(place(written)) };
        self.world.note(self.unit, fact);
        if doubtful {
            self.world.doubts.set(self.world.doubts.get() + 1);
        }
    }
}
