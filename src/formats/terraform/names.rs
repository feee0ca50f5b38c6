//! What the names of a module stand for: variables, locals, outputs of modules that it calls, and what is counted.
//!
//! A value is worked out when something asks for it, once. What depends on itself is not known.
//!
//! Sources: Terraform documentation, "References to Named Values", "Input Variables", "Override Files".

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::file::Role;
use super::module::Unit;
use crate::formats::evaluate::{Scope, evaluate, is_known, is_same, step_into, string, used_at};
use crate::source::{Library, beside};
use crate::syntax::{Call, Node, Scalar, Value};
use crate::text::{Count, Span, Text};

/// Values inside each other, over all names that they refer to.
const DEPTH: usize = 200;

/// What all values of a module may take together, in bytes of text; a node counts for [`NODE`] more. Modules that people write stay far
/// below.
const EXPANSION: usize = 32 << 20;
const NODE: usize = 64;

/// All modules of a run, and what is known of their names so far.
pub(super) struct World<'l> {
    pub(super) units: Vec<Unit>,
    pub(super) library: &'l dyn Library,
    known: RefCell<HashMap<(usize, Kind, String), Option<Arc<Known>>>>,
    doubts: Cell<usize>,
    depth: Cell<usize>,
    /// By module.
    spent: Vec<Cell<usize>>,
}

/// The kinds of names that a module gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Variable,
    Local,
    Output,
}

/// The value of a name.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) node: Node,
    /// The file of the module that its spans lie in; `None` for another module's.
    file: Option<usize>,
    /// Whether whoever uses the module may set another.
    doubtful: bool,
}

impl<'l> World<'l> {
    pub(super) fn new(units: Vec<Unit>, library: &'l dyn Library) -> Self {
        let counter = || Cell::new(0);
        let spent = units.iter().map(|_| counter()).collect();
        Self { units, library, known: RefCell::default(), doubts: counter(), depth: counter(), spent }
    }

    /// The value of a name, if it is known. Asked for while it is being worked out, it is not.
    fn resolve(&self, unit: usize, kind: Kind, name: &str) -> Option<Arc<Known>> {
        let key = (unit, kind, name.to_owned());
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        self.known.borrow_mut().insert(key.clone(), None);
        let found = match kind {
            Kind::Variable => self.variable(unit, name),
            Kind::Local => self.written(unit, self.units.get(unit)?.locals.get(name)?),
            Kind::Output => {
                let block = *self.units.get(unit)?.outputs.get(name)?;
                self.written(unit, &(block, "value".to_owned()))
            }
        };
        let found = found.map(Arc::new);
        self.known.borrow_mut().insert(key, found.clone());
        found
    }

    /// The value of an attribute of a block.
    fn written(&self, unit: usize, (block, attribute): &(usize, String)) -> Option<Known> {
        let raw = self.units.get(unit)?.blocks.get(*block)?;
        let before = self.doubts.get();
        let scope = Names::new(self, unit, raw.file);
        let node = evaluate(raw.body.get(attribute)?, &scope);
        Some(Known { node, file: Some(raw.file), doubtful: self.doubts.get() > before })
    }

    /// The value of a variable: what the callers of the module give, if they agree; else what the files of values say, or
    /// the default.
    fn variable(&self, unit: usize, name: &str) -> Option<Known> {
        let module = self.units.get(unit)?;
        let default = module.variables.get(name).and_then(|block| {
            let raw = module.blocks.get(*block)?;
            Some(Known { node: raw.body.get("default")?.clone(), file: Some(raw.file), doubtful: true })
        });
        if module.callers.is_empty() {
            return self.given(module, name, default);
        }
        let mut values = module.callers.iter().map(|(caller, block)| {
            let raw = self.units.get(*caller)?.blocks.get(*block)?;
            let Some(argument) = raw.body.get(name) else {
                return default.as_ref().map(|known| (known.node.clone(), known.file));
            };
            let value = evaluate(argument, &Names::new(self, *caller, raw.file));
            is_known(&value).then_some((value, None))
        });
        let (node, file) = values.next()??;
        let agree = values.all(|value| value.is_some_and(|(value, _)| is_same(&value, &node)));
        agree.then_some(Known { node, file, doubtful: true })
    }

    /// What the files of values make of a variable. Of those that must be named, one that disagrees makes it unknown.
    fn given(&self, module: &Unit, name: &str, default: Option<Known>) -> Option<Known> {
        let said = |role: Role| {
            let files = module.values.iter().filter(move |values| values.role == role);
            files.filter_map(move |values| values.root.get(name))
        };
        let known = match said(Role::Values).last() {
            Some(node) => Some(Known { node: node.clone(), file: None, doubtful: true }),
            None => default,
        };
        let mut others = said(Role::OtherValues);
        match known {
            Some(known) => others.all(|other| is_same(other, &known.node)).then_some(known),
            None => {
                let first = others.next()?.clone();
                let agree = others.all(|other| is_same(other, &first));
                agree.then_some(Known { node: first, file: None, doubtful: true })
            }
        }
    }
}

/// The names as the blocks of a file see them.
pub(super) struct Names<'a> {
    world: &'a World<'a>,
    unit: usize,
    file: usize,
    /// Places that stand for what is written elsewhere, and whether that may be set otherwise.
    references: RefCell<BTreeSet<(Span, bool)>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(world: &'a World<'a>, unit: usize, file: usize) -> Self {
        Self { world, unit, file, references: RefCell::default() }
    }

    /// The places so far that stand for what is written elsewhere, in order, and whether that may be set otherwise.
    pub(super) fn take_references(&self) -> BTreeSet<(Span, bool)> {
        self.references.take()
    }

    fn module(&self) -> Option<&'a Unit> {
        self.world.units.get(self.unit)
    }

    fn reference(&self, name: &str, span: Span) -> Option<Node> {
        let (first, rest) = name.split_once('.')?;
        let (second, steps) = rest.split_once('.').unwrap_or((rest, ""));
        match first {
            "var" => self.place(&*self.world.resolve(self.unit, Kind::Variable, second)?, steps, span, true),
            "local" => self.place(&*self.world.resolve(self.unit, Kind::Local, second)?, steps, span, true),
            "module" => {
                let called = self.module()?.calls.get(second)?.target?;
                let (output, steps) = steps.split_once('.').unwrap_or((steps, ""));
                let known = self.world.resolve(called, Kind::Output, output)?;
                is_known(&known.node).then(|| self.place(&known, steps, span, false))?
            }
            "path" => match second {
                "module" => Some(string(Text::unplaced(".").used_at(span), span)),
                "root" if self.module()?.callers.is_empty() => Some(string(Text::unplaced(".").used_at(span), span)),
                _ => None,
            },
            _ => None,
        }
    }

    /// A value as it is used at a place. A document that stands in the same file is read there.
    fn place(&self, known: &Known, steps: &str, span: Span, here: bool) -> Option<Node> {
        let node = step_into(&known.node, steps)?;
        self.note(span, known.doubtful);
        let stays = here && known.file == Some(self.file) && is_document(&node);
        Some(if stays { node } else { used_at(&node, span) })
    }

    fn function(&self, call: &Call, span: Span) -> Option<Node> {
        match (call.name.as_str(), call.args.as_slice()) {
            ("file" | "templatefile" | "filebase64", [path, rest @ ..]) => {
                let folder = &self.module()?.folder;
                let written = path.scalar()?;
                let path = Node {
                    value: Value::Scalar(Scalar {
                        text: Text::unplaced(beside(folder, written.literal()?)).used_at(path.span),
                        kind: crate::syntax::ScalarKind::String,
                    }),
                    span: path.span,
                };
                let args = std::iter::once(path).chain(rest.iter().cloned()).collect();
                Some(Node { span, value: Value::Call(Call { name: call.name.clone(), args }) })
            }
            _ => None,
        }
    }
}

impl Scope for Names<'_> {
    fn value(&self, call: &Call, span: Span) -> Option<Node> {
        if call.args.is_empty() { self.reference(call.name.as_str(), span) } else { self.function(call, span) }
    }

    fn count(&self, call: &Call) -> Count {
        let name = call.name.as_str();
        let counted = |name: &str| matches!(name.split('.').next(), Some("each" | "count"));
        if call.args.is_empty() && counted(name) { Count::Many } else { Count::Single }
    }

    fn enter(&self) -> bool {
        let depth = self.world.depth.get();
        self.world.depth.set(depth + 1);
        depth < DEPTH
    }

    fn leave(&self) {
        self.world.depth.set(self.world.depth.get().saturating_sub(1));
    }

    fn afford(&self, node: &Node) -> bool {
        let Some(spent) = self.world.spent.get(self.unit) else { return false };
        spent.set(spent.get().saturating_add(size(node)));
        spent.get() < EXPANSION
    }

    fn doubts(&self) -> usize {
        self.world.doubts.get()
    }

    fn note(&self, at: Span, doubtful: bool) {
        self.references.borrow_mut().insert((at, doubtful));
        if doubtful {
            self.world.doubts.set(self.world.doubts.get() + 1);
        }
    }
}

/// Whether a value is more than a setting: it has keys, or is JSON in a string.
fn is_document(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => scalar.text.as_str().contains('{') && scalar.text.as_str().contains('"'),
        Value::List(items) => items.iter().any(is_document),
        Value::Map(_) => true,
        Value::Call(call) => call.args.iter().any(is_document),
    }
}

/// What a value takes.
fn size(node: &Node) -> usize {
    let inner: usize = match &node.value {
        Value::Scalar(scalar) => scalar.text.as_str().len(),
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries.iter().map(|entry| entry.key.as_str().len() + size(&entry.value)).sum(),
        Value::Call(call) => call.args.iter().map(size).sum(),
    };
    inner + NODE
}
