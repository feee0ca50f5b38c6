//! What the names of a module stand for: variables, locals, `path.module`.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::super::evaluate::{Scope, attribute, evaluate, used_at};
use super::blocks::path_string;
use crate::formats::ReferenceFact;
use crate::source::{Location, Source};
use crate::syntax::{Call, Node};
use crate::text::{Count, Span, Text};

/// What the values may weigh that the expressions of one module make.
const MOST_VALUES: usize = 1_000_000;

/// A value that stands somewhere.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    /// The file.
    pub(super) source: Arc<Source>,
    /// The value, evaluated or not.
    pub(super) node: Node,
    /// Whether it may be set otherwise.
    pub(super) overridable: bool,
}

/// The values of a module's names.
pub(super) struct Values {
    folder: String,
    variables: BTreeMap<String, Placed>,
    locals: BTreeMap<String, Placed>,
    known: RefCell<HashMap<String, Option<Placed>>>,
    /// Locals that are being evaluated: one that names itself has no value.
    pending: RefCell<Vec<String>>,
    left: Cell<usize>,
    references: RefCell<Vec<ReferenceFact>>,
}

impl Values {
    /// `variables` are evaluated, `locals` are not.
    pub(super) fn new(folder: String, variables: BTreeMap<String, Placed>, locals: BTreeMap<String, Placed>) -> Self {
        let at = |placed: &Placed| Location::new(&placed.source, placed.node.span);
        let overridable = variables.values().filter(|placed| placed.overridable);
        let references = overridable
            .map(|placed| ReferenceFact { at: at(placed), overridable: true, written: Some(at(placed)) })
            .collect();
        Self {
            folder,
            variables,
            locals,
            known: RefCell::default(),
            pending: RefCell::default(),
            left: Cell::new(MOST_VALUES),
            references: RefCell::new(references),
        }
    }

    /// The names as a file of the module sees them.
    pub(super) fn seen_from<'v>(&'v self, source: &'v Arc<Source>) -> SeenFrom<'v> {
        SeenFrom { values: self, source, overridable: Cell::new(false) }
    }

    /// The places that stand for values, as far as they were met.
    pub(super) fn references(self) -> Vec<ReferenceFact> {
        self.references.into_inner()
    }

    fn local(&self, name: &str) -> Option<Placed> {
        if let Some(known) = self.known.borrow().get(name) {
            return known.clone();
        }
        let written = self.locals.get(name)?;
        let is_pending = self.pending.borrow().iter().any(|pending| pending == name);
        if is_pending || self.pending.borrow().len() > DEEPEST {
            return None;
        }
        self.pending.borrow_mut().push(name.to_owned());
        let seen = self.seen_from(&written.source);
        let node = evaluate(&written.node, &seen);
        let overridable = seen.overridable.get();
        self.pending.borrow_mut().pop();
        let value = Some(Placed { source: Arc::clone(&written.source), node, overridable });
        self.known.borrow_mut().insert(name.to_owned(), value.clone());
        value
    }
}

/// Locals that stand for one another.
const DEEPEST: usize = 64;

/// The names of a module as one of its files sees them.
pub(super) struct SeenFrom<'v> {
    values: &'v Values,
    source: &'v Arc<Source>,
    /// Whether a value was met that may be set otherwise.
    overridable: Cell<bool>,
}

impl Scope for SeenFrom<'_> {
    fn value(&self, call: &Call, span: Span) -> Option<Node> {
        let name = call.name.as_str();
        if !call.args.is_empty() {
            return None;
        }
        if name == "path.module" {
            let node = Node { span, ..crate::formats::evaluate::string(call.name.clone(), span) };
            return Some(path_string(&self.values.folder, &node));
        }
        let (kind, rest) = name.split_once('.')?;
        let (name, path) = rest.split_once('.').unwrap_or((rest, ""));
        let placed = match kind {
            "var" => self.values.variables.get(name).cloned()?,
            "local" => self.values.local(name)?,
            _ => return None,
        };
        let value = attribute(&placed.node, path)?;
        self.overridable.set(self.overridable.get() || placed.overridable);
        let at = Location::new(self.source, span);
        let text = value.scalar().map_or(value.span, Text::span);
        let written = Some(Location::new(&placed.source, text));
        let reference = ReferenceFact { at, overridable: placed.overridable, written };
        self.values.references.borrow_mut().push(reference);
        let is_here = Arc::ptr_eq(&placed.source, self.source);
        Some(if is_here { value.clone() } else { used_at(value, span) })
    }

    fn count(&self, call: &Call) -> Count {
        let name = call.name.as_str();
        let iterates = ["each.", "count.", "self."].iter().any(|start| name.starts_with(start))
            // an iterator of a dynamic block, or of an expression
            || name.ends_with(".value") || name.ends_with(".key") || !name.contains('.')
            || !call.args.is_empty();
        if iterates { Count::Many } else { Count::Single }
    }

    fn may_grow(&self, weight: usize) -> bool {
        let left = self.values.left.get().checked_sub(weight);
        left.inspect(|left| self.values.left.set(*left)).is_some()
    }
}
