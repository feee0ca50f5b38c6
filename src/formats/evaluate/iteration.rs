//! What is done for each item of a collection: `[for x in list : …]`, `list[*].name`, and parts of collections.
//!
//! An item of a list that is a call of [`Call::SPREAD`] stands for several that are not known.
//!
//! Source: Terraform documentation, "for Expressions", "Splat Expressions".

use super::operators::{integer, is_known, number};
use super::{Evaluator, Scope, string, text_of, truth};
use crate::syntax::{Call, Entry, Node, Scalar, ScalarKind, Value};
use crate::text::{Count, Span, Text};

/// The most items that something is done for.
const ITEMS: usize = 10_000;

/// What a name stands for in a part of a tree.
#[derive(Clone, Debug)]
pub(in crate::formats) struct Binding {
    /// The name, which may have several steps: `each.value`.
    pub(in crate::formats) name: String,
    /// The evaluated value; `None` for one of many.
    pub(in crate::formats) value: Option<Node>,
    /// Whether it may be set otherwise.
    pub(in crate::formats) doubtful: bool,
}

/// A scope with further names.
pub(in crate::formats) struct Bound<'s> {
    /// The scope around it.
    pub(in crate::formats) outer: &'s dyn Scope,
    /// The names; later ones hide earlier ones.
    pub(in crate::formats) bindings: Vec<Binding>,
}

impl Bound<'_> {
    /// What a reference is bound to, and the steps behind that.
    fn find<'n>(&self, name: &'n str) -> Option<(&Binding, &'n str)> {
        self.bindings.iter().rev().find_map(|binding| {
            let steps = name.strip_prefix(binding.name.as_str())?;
            (steps.is_empty() || steps.starts_with('.')).then_some((binding, steps))
        })
    }
}

impl Scope for Bound<'_> {
    fn value(&self, call: &Call, span: Span) -> Option<Node> {
        match self.find(call.name.as_str()).filter(|_| call.args.is_empty()) {
            Some((binding, steps)) => {
                let found = step_into(binding.value.as_ref()?, steps)?;
                self.outer.note(span, binding.doubtful, found.span);
                Some(found)
            }
            None => self.outer.value(call, span),
        }
    }

    fn count(&self, call: &Call) -> Count {
        match self.find(call.name.as_str()).filter(|_| call.args.is_empty()) {
            Some((binding, _)) if binding.value.is_none() => Count::Many,
            Some(_) => Count::Single,
            None if call.args.iter().any(|arg| self.is_many(arg)) => Count::Many,
            None => self.outer.count(call),
        }
    }

    fn enter(&self) -> bool {
        self.outer.enter()
    }

    fn leave(&self) {
        self.outer.leave();
    }

    fn may_grow(&self, weight: usize) -> bool {
        self.outer.may_grow(weight)
    }

    fn doubts(&self) -> usize {
        self.outer.doubts()
    }

    fn note(&self, at: Span, doubtful: bool, written: Span) {
        self.outer.note(at, doubtful, written);
    }
}

impl Bound<'_> {
    /// Whether an unknown value depends on a name that stands for one of many.
    fn is_many(&self, node: &Node) -> bool {
        match &node.value {
            Value::Scalar(scalar) => scalar.text.holes().iter().any(|hole| hole.count == Count::Many),
            Value::List(items) => items.iter().any(|item| self.is_many(item)),
            Value::Map(entries) => entries.iter().any(|entry| self.is_many(&entry.value)),
            Value::Call(call) => self.count(call) == Count::Many,
        }
    }
}

/// What attributes name in a value: `.a.b`. Those of what is not known are not known either.
pub(in crate::formats) fn step_into(node: &Node, steps: &str) -> Option<Node> {
    let steps = steps.split('.').filter(|step| !step.is_empty());
    let mut found = node.clone();
    for step in steps {
        found = match &found.value {
            Value::Map(_) => entry_of(&found, step)?.clone(),
            Value::Call(call) if call.args.is_empty() => {
                let name = Text::unplaced(format!("{}.{step}", call.name.as_str())).used_at(found.span);
                Node { span: found.span, value: Value::Call(Call { name, args: Vec::new() }) }
            }
            Value::Call(_) => {
                let key = string(Text::unplaced(step).used_at(found.span), found.span);
                call(Call::PART, vec![found.clone(), key], found.span)
            }
            Value::Scalar(_) | Value::List(_) => return None,
        };
    }
    Some(found)
}

fn call(name: &str, args: Vec<Node>, span: Span) -> Node {
    Node { span, value: Value::Call(Call { name: Text::unplaced(name).used_at(span), args }) }
}

/// The value of a key of a map. A key that is not known may be any.
fn entry_of<'n>(map: &'n Node, key: &str) -> Option<&'n Node> {
    map.entries().iter().all(|entry| entry.key.literal().is_some()).then(|| map.get(key))?
}

/// The part of a list or map.
pub(super) fn part(args: &[Node]) -> Option<Node> {
    let [whole, key] = args else { return None };
    match &whole.value {
        Value::List(items) => {
            let before = items.get(..=usize::try_from(integer(key)?).ok()?)?;
            before.iter().all(is_one).then(|| before.last().cloned())?
        }
        Value::Map(_) => entry_of(whole, key.scalar()?.literal()?).cloned(),
        _ => None,
    }
}

/// Whether an item of a list is one, whatever it is.
pub(super) fn is_one(item: &Node) -> bool {
    match &item.value {
        Value::Scalar(scalar) => scalar.text.holes().iter().all(|hole| hole.count == Count::Single),
        Value::Call(call) => call.name.as_str() != Call::SPREAD,
        Value::List(_) | Value::Map(_) => true,
    }
}

/// Keys and values of a collection, if it is known how many they are: by key, as they are gone through.
pub(in crate::formats) fn items_of(collection: &Node) -> Option<Vec<(Node, Node)>> {
    match &collection.value {
        Value::List(items) => {
            let number = |index: usize, item: &Node| number(i64::try_from(index).unwrap_or(i64::MAX), item.span);
            let pair = |(index, item): (usize, &Node)| (number(index, item), item.clone());
            items.iter().all(is_one).then(|| items.iter().enumerate().map(pair).collect())
        }
        Value::Map(entries) => {
            let known = entries.iter().all(|entry| entry.key.literal().is_some());
            let sorted = known.then(|| sorted(entries))?;
            Some(
                sorted
                    .into_iter()
                    .map(|entry| (string(entry.key.clone(), entry.key.span()), entry.value.clone()))
                    .collect(),
            )
        }
        Value::Scalar(_) | Value::Call(_) => None,
    }
}

/// The entries of a map by their keys; of equal ones the last.
pub(super) fn sorted(entries: &[Entry]) -> Vec<&Entry> {
    let mut all: Vec<&Entry> = entries.iter().rev().collect();
    all.sort_by(|one, other| one.key.as_str().cmp(other.key.as_str()));
    all.dedup_by(|later, first| later.key.as_str() == first.key.as_str());
    all
}

/// The parts of a call of [`Call::FOR`].
struct For<'c> {
    names: [String; 2],
    key: Option<&'c Node>,
    value: &'c Node,
    condition: Option<&'c Node>,
    groups: bool,
}

impl<'c> For<'c> {
    fn of(call: &'c Call) -> Option<(Self, &'c Node)> {
        let [key_name, value_name, collection, key, value, condition] = call.args.as_slice() else { return None };
        let name = |node: &Node| node.string().map(|text| text.as_str().to_owned());
        let given = |node: &'c Node| (!super::is_null(node)).then_some(node);
        let groups = call.name.as_str() == Call::FOR_GROUPS;
        let names = [name(key_name)?, name(value_name)?];
        Some((Self { names, key: given(key), value, condition: given(condition), groups }, collection))
    }

    fn bound<'s>(&self, pair: Option<(Node, Node)>, doubtful: bool, outer: &'s dyn Scope) -> Bound<'s> {
        let (key, value) = pair.unzip();
        let named = self.names.iter().zip([key, value]).filter(|(name, _)| !name.is_empty());
        let bindings = named.map(|(name, value)| Binding { name: name.clone(), value, doubtful });
        Bound { outer, bindings: bindings.collect() }
    }
}

impl Evaluator<'_> {
    /// The value of a call of [`Call::FOR`].
    pub(super) fn each(self, call: &Call, span: Span) -> Node {
        let unknown = || Node { span, value: Value::Call(call.clone()) };
        let Some((parts, collection)) = For::of(call) else { return unknown() };
        let before = self.scope.doubts();
        let collection = self.evaluate(collection);
        let doubtful = self.scope.doubts() > before;
        let made = match items_of(&collection).filter(|items| items.len() <= ITEMS) {
            Some(items) => match parts.key {
                Some(key) => self.map_of(&parts, key, items, doubtful, span),
                None => self.list_of(&parts, items, doubtful, span),
            },
            None => self.any_item(&parts, span),
        };
        made.unwrap_or_else(|| {
            let mut args = call.args.clone();
            if let Some(slot) = args.get_mut(2) {
                *slot = collection;
            }
            Node { span, value: Value::Call(Call { name: call.name.clone(), args }) }
        })
    }

    /// The same in a scope with the names of an item.
    fn within<'b>(self, bound: &'b Bound<'_>) -> Evaluator<'b> {
        Evaluator { scope: bound, in_string: self.in_string }
    }

    fn list_of(self, parts: &For<'_>, items: Vec<(Node, Node)>, doubtful: bool, span: Span) -> Option<Node> {
        let mut made = Vec::new();
        for item in items {
            let bound = parts.bound(Some(item), doubtful, self.scope);
            let inner = self.within(&bound);
            let holds = inner.holds(parts)?;
            if holds == Some(false) {
                continue;
            }
            let value = self.affordable(Some(inner.evaluate(parts.value)))?;
            made.push(if holds.is_some() { value } else { call(Call::SPREAD, vec![value], span) });
        }
        Some(Node { span, value: Value::List(made) })
    }

    fn map_of(self, parts: &For<'_>, key: &Node, items: Vec<(Node, Node)>, doubtful: bool, span: Span) -> Option<Node> {
        let mut entries: Vec<Entry> = Vec::new();
        for item in items {
            let bound = parts.bound(Some(item), doubtful, self.scope);
            let inner = self.within(&bound);
            if !inner.holds(parts)?? {
                continue;
            }
            let key = text_of(&inner.evaluate(key), &bound);
            let value = self.affordable(Some(inner.evaluate(parts.value)))?;
            let same = entries.iter_mut().find(|entry| parts.groups && entry.key.as_str() == key.as_str());
            match same {
                Some(Entry { value: Node { value: Value::List(group), .. }, .. }) => group.push(value),
                _ if parts.groups => {
                    let group = Node { span: value.span, value: Value::List(vec![value]) };
                    entries.push(Entry { key, value: group });
                }
                _ => entries.push(Entry { key, value }),
            }
        }
        let known = entries.iter().all(|entry| entry.key.literal().is_some());
        known.then_some(Node { span, value: Value::Map(entries) })
    }

    /// Whether an item is taken, if that is known. `None` if nothing more may be worked out: what is left out takes its
    /// time too.
    #[expect(clippy::option_option, reason = "not to be known and not to be asked are two things")]
    fn holds(self, parts: &For<'_>) -> Option<Option<bool>> {
        self.scope.may_grow(super::weight(parts.value)).then_some(())?;
        Some(parts.condition.map_or(Some(true), |condition| truth(&self.evaluate(condition))))
    }

    /// The list of a collection that is not known, as long as its items are strings that tell of it themselves.
    fn any_item(self, parts: &For<'_>, span: Span) -> Option<Node> {
        if parts.key.is_some() {
            return None;
        }
        let bindings = parts.names.iter().filter(|name| !name.is_empty());
        let bindings = bindings.map(|name| Binding { name: name.clone(), value: None, doubtful: false });
        let bound = Bound { outer: self.scope, bindings: bindings.collect() };
        let item = self.within(&bound).evaluate(parts.value);
        is_one_of_many(&item).then_some(Node { span, value: Value::List(vec![item]) })
    }

    /// A part of every item: `list[*].a.b`, any steps behind the splat. `None` if the call is no splat at all.
    pub(super) fn splat(self, call: &Call, span: Span) -> Option<Node> {
        let (collection, steps) = splatted(call)?;
        let collection = self.evaluate(collection);
        let steps: Vec<Node> = steps.into_iter().rev().map(|step| self.evaluate(step)).collect();
        let items = match &collection.value {
            Value::List(items) => items.iter().all(is_one).then(|| items.clone()),
            Value::Scalar(_) if super::is_null(&collection) => Some(Vec::new()),
            Value::Scalar(_) | Value::Map(_) => Some(vec![collection.clone()]),
            Value::Call(_) => None,
        };
        let all = items.filter(|items| items.len() <= ITEMS).and_then(|items| {
            let parts = items.into_iter().map(|item| {
                steps.iter().try_fold(item, |item, step| match (&item.value, step.string().and_then(Text::literal)) {
                    (Value::Call(_), Some(name)) => step_into(&item, name),
                    _ => part(&[item, step.clone()]),
                })
            });
            parts.collect::<Option<Vec<_>>>()
        });
        let known = all.map(|items| Node { span, value: Value::List(items) });
        Some(self.affordable(known).unwrap_or_else(|| {
            let whole = self::call(Call::SPLAT, vec![collection], span);
            steps.into_iter().fold(whole, |whole, step| self::call(Call::PART, vec![whole, step], span))
        }))
    }
}

fn is_one_of_many(item: &Node) -> bool {
    match &item.value {
        Value::Scalar(Scalar { text, kind: ScalarKind::String }) => {
            text.holes().iter().any(|hole| hole.count == Count::Many)
        }
        Value::List(items) => !items.is_empty() && items.iter().all(is_one_of_many),
        _ => false,
    }
}

/// The collection of the innermost splat that a call takes parts of, and its steps, the last one first.
fn splatted(call: &Call) -> Option<(&Node, Vec<&Node>)> {
    let mut steps = Vec::new();
    let mut call = call;
    loop {
        match (call.name.as_str(), call.args.as_slice()) {
            (Call::SPLAT, [collection]) => return Some((collection, steps)),
            (Call::PART, [Node { value: Value::Call(inner), .. }, step]) => {
                steps.push(step);
                call = inner;
            }
            _ => return None,
        }
    }
}

/// The items of a list of which none stands for several.
pub(super) fn one_by_one(list: &Node) -> Option<&[Node]> {
    let Value::List(items) = &list.value else { return None };
    items.iter().all(is_one).then_some(items)
}

/// The items of a list, all of them known.
pub(super) fn known_items(list: &Node) -> Option<&[Node]> {
    one_by_one(list).filter(|_| is_known(list))
}
