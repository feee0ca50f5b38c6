//! One small evaluator of the values that templates of infrastructure compute, in the terms of no format: a tree with calls
//! becomes one with fewer of them. What is not known stays a call where it is a whole value, and becomes a hole where it
//! is part of a string, so nothing is guessed.
//!
//! Each format says in its [`Scope`] what its references stand for, and calls its own functions by the names known here.

mod functions;

use crate::syntax::{Call, Entry, Node, Scalar, ScalarKind, Value};
use crate::text::{Count, Span, Text};

/// What the names of a format stand for.
pub(super) trait Scope {
    /// The value of a reference, or of a function that only this format has; arguments are evaluated. `None` if it is not
    /// known. The spans of the value lie in the file that is evaluated: one that is written elsewhere is
    /// [`used_at`] the reference.
    fn value(&self, call: &Call, span: Span) -> Option<Node>;

    /// How many values an unknown call stands for.
    fn count(&self, call: &Call) -> Count {
        let _ = call;
        Count::Single
    }

    /// Whether values of so much more weight may be made: what grows without end is not known.
    fn may_grow(&self, weight: usize) -> bool;
}

/// The value of a node, as far as it is known.
pub(super) fn evaluate(node: &Node, scope: &dyn Scope) -> Node {
    Evaluator { scope, in_string: false }.evaluate(node)
}

#[derive(Clone, Copy)]
struct Evaluator<'a> {
    scope: &'a dyn Scope,
    /// Whether the value becomes a part of a string: what a reference stands for is underlined at the reference then, so
    /// that the string has one place.
    in_string: bool,
}

impl Evaluator<'_> {
    fn evaluate(self, node: &Node) -> Node {
        let value = match &node.value {
            Value::Scalar(_) => return node.clone(),
            Value::List(items) => Value::List(items.iter().map(|item| self.evaluate(item)).collect()),
            Value::Map(entries) => {
                let evaluated = |entry: &Entry| Entry { key: entry.key.clone(), value: self.evaluate(&entry.value) };
                Value::Map(entries.iter().map(evaluated).collect())
            }
            Value::Call(call) => return self.called(call, node.span),
        };
        Node { span: node.span, value }
    }

    fn called(self, call: &Call, span: Span) -> Node {
        let name = call.name.as_str();
        match name {
            Call::CHOICE => return self.choice(call, span),
            Call::FOR | Call::FOR_GROUPS => return self.each(call, span),
            _ => {}
        }
        let makes_string = functions::MAKE_STRINGS.contains(&name) || (name == Call::TEMPLATE && call.args.len() > 1);
        let inner = Self { in_string: self.in_string || makes_string, ..self };
        let args: Vec<Node> = call.args.iter().map(|arg| inner.evaluate(arg)).collect();
        let call = Call { name: call.name.clone(), args };
        let known = match name {
            Call::TEMPLATE => Some(template(&call.args, span, self.scope)),
            Call::PART => functions::part(&call.args),
            Call::SPLAT => functions::splat(&call.args),
            _ => self.scope.value(&call, span).or_else(|| functions::apply(&call, span, self.scope)),
        };
        match known.filter(|value| self.scope.may_grow(weight(value))) {
            // a part of a string that is written elsewhere leads to the place where it is used
            Some(value) if self.in_string && !span.contains(value.span) => used_at(&value, span),
            Some(value) => value,
            None => Node { span, value: Value::Call(call) },
        }
    }

    /// The value that is chosen; not known where the condition is not, unless both are the same string.
    fn choice(self, call: &Call, span: Span) -> Node {
        let [condition, yes, no] = call.args.as_slice() else {
            return Node { span, value: Value::Call(call.clone()) };
        };
        let condition = self.evaluate(condition);
        match truth(&condition) {
            Some(true) => self.evaluate(yes),
            Some(false) => self.evaluate(no),
            None => {
                let (yes, no) = (self.evaluate(yes), self.evaluate(no));
                if is_same_string(&yes, &no) {
                    return yes;
                }
                let args = vec![condition, yes, no];
                Node { span, value: Value::Call(Call { name: call.name.clone(), args }) }
            }
        }
    }

    /// A list or map with a value for each item of a collection. Not known as a whole where the collection or a condition
    /// is not.
    fn each(self, call: &Call, span: Span) -> Node {
        let unknown = || Node { span, value: Value::Call(Call { name: call.name.clone(), args: Vec::new() }) };
        let [key_name, value_name, collection, key, value, condition] = call.args.as_slice() else { return unknown() };
        let Some(items) = items_of(&self.evaluate(collection)) else { return unknown() };
        if !self.scope.may_grow(items.len()) {
            return unknown();
        }
        let (key_name, value_name) = (name_of(key_name), name_of(value_name));
        let (mut list, mut map) = (Vec::new(), Vec::new());
        for (item_key, item) in items {
            let names = vec![(key_name, item_key), (value_name, item)];
            let bound = Bound { outer: self.scope, names };
            let inner = Evaluator { scope: &bound, in_string: self.in_string };
            match (is_null(condition), truth(&inner.evaluate(condition))) {
                (true, _) | (_, Some(true)) => {}
                (_, Some(false)) => continue,
                (_, None) => return unknown(),
            }
            if is_null(key) {
                list.push(inner.evaluate(value));
            } else {
                let key = text_of(&inner.evaluate(key), self.scope);
                map.push(Entry { key, value: inner.evaluate(value) });
            }
        }
        let value = match (is_null(key), call.name.as_str()) {
            (true, _) => Value::List(list),
            (false, Call::FOR) => Value::Map(map),
            (false, _) => return unknown(),
        };
        Node { span, value }
    }
}

/// What a value weighs: the nodes in it, and its strings by their length.
fn weight(node: &Node) -> usize {
    1 + match &node.value {
        Value::Scalar(scalar) => scalar.text.as_str().len() / 16,
        Value::List(items) => items.iter().map(weight).sum(),
        Value::Map(entries) => entries.iter().map(|entry| weight(&entry.value)).sum(),
        Value::Call(call) => call.args.iter().map(weight).sum(),
    }
}

/// The items of a known collection with their keys; those of a list are numbered.
pub(super) fn items_of(collection: &Node) -> Option<Vec<(Node, Node)>> {
    match &collection.value {
        Value::List(items) => {
            let is_known = |item: &&Node| !matches!(item.value, Value::Call(_));
            let known: Vec<&Node> = items.iter().filter(is_known).collect();
            let numbered = known.iter().enumerate().map(|(index, item)| {
                let text = Text::unplaced(index.to_string()).used_at(item.span);
                let number = Value::Scalar(Scalar { text, kind: ScalarKind::Number });
                (Node { span: item.span, value: number }, (*item).clone())
            });
            (known.len() == items.len()).then(|| numbered.collect())
        }
        Value::Map(entries) => {
            let keyed = entries.iter().map(|entry| (string(entry.key.clone(), entry.key.span()), entry.value.clone()));
            Some(keyed.collect())
        }
        Value::Scalar(_) | Value::Call(_) => None,
    }
}

/// Names that stand for a value within an expression, in the scope around it.
pub(super) struct Bound<'a> {
    pub(super) outer: &'a dyn Scope,
    pub(super) names: Vec<(&'a str, Node)>,
}

impl Scope for Bound<'_> {
    fn value(&self, call: &Call, span: Span) -> Option<Node> {
        let written = call.name.as_str();
        let behind = |name: &str| written.strip_prefix(name).filter(|rest| rest.is_empty() || rest.starts_with('.'));
        let found = self.names.iter().filter(|_| call.args.is_empty());
        let found = found.filter(|(name, _)| !name.is_empty()).find_map(|(name, value)| Some((behind(name)?, value)));
        match found {
            Some((rest, value)) => attribute(value, rest.trim_start_matches('.')).cloned(),
            None => self.outer.value(call, span),
        }
    }

    fn count(&self, call: &Call) -> Count {
        self.outer.count(call)
    }

    fn may_grow(&self, weight: usize) -> bool {
        self.outer.may_grow(weight)
    }
}

/// The part of a value at `path`, keys with dots between them; empty for the value itself.
pub(super) fn attribute<'n>(value: &'n Node, path: &str) -> Option<&'n Node> {
    path.split('.').filter(|key| !key.is_empty()).try_fold(value, |value, key| value.get(key))
}

fn name_of(node: &Node) -> &str {
    node.string().map(Text::as_str).unwrap_or_default()
}

fn is_same_string(one: &Node, other: &Node) -> bool {
    let literal = |node: &Node| node.scalar().and_then(Text::literal).map(str::to_owned);
    literal(one).is_some_and(|one| literal(other) == Some(one))
}

/// What a condition says, if it is known.
pub(super) fn truth(node: &Node) -> Option<bool> {
    match node.scalar()?.literal()? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// Whether a value is nothing.
pub(super) fn is_null(node: &Node) -> bool {
    matches!(&node.value, Value::Scalar(scalar) if scalar.kind == ScalarKind::Null)
}

/// The evaluated values that something may have: both of a choice that is not decided, but for nothing.
pub(super) fn alternatives(node: &Node) -> Vec<&Node> {
    match &node.value {
        Value::Call(Call { name, args }) if name.as_str() == Call::CHOICE => {
            args.iter().skip(1).flat_map(alternatives).collect()
        }
        _ if is_null(node) => Vec::new(),
        _ => vec![node],
    }
}

/// The items of an evaluated list, or the value itself, with those that are there under a condition.
pub(super) fn each(node: &Node) -> Vec<&Node> {
    alternatives(node).into_iter().flat_map(Node::one_or_many).flat_map(alternatives).collect()
}

/// A template of one part is that part, whatever its type.
fn template(parts: &[Node], span: Span, scope: &dyn Scope) -> Node {
    if let [part] = parts {
        return part.clone();
    }
    let texts: Vec<Text> = parts.iter().map(|part| text_of(part, scope)).collect();
    string(Text::joined(&texts), span)
}

/// A string node.
pub(super) fn string(text: Text, span: Span) -> Node {
    Node { span, value: Value::Scalar(Scalar { text, kind: ScalarKind::String }) }
}

/// An evaluated value in a string.
pub(super) fn text_of(node: &Node, scope: &dyn Scope) -> Text {
    match &node.value {
        Value::Scalar(scalar) => scalar.text.clone(),
        Value::Call(call) => {
            let name = call.name.as_str();
            let shown = match () {
                () if call.args.is_empty() => name.to_owned(),
                () if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => format!("{name}(…)"),
                () => "…".to_owned(),
            };
            Text::unknown(format!("${{{shown}}}"), node.span, scope.count(call))
        }
        Value::List(_) | Value::Map(_) => Text::unknown("${…}", node.span, Count::Many),
    }
}

/// The same value, every part of which leads to `span`: for what is written in another file, or elsewhere in this one.
pub(super) fn used_at(node: &Node, span: Span) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => Value::Scalar(Scalar { text: scalar.text.used_at(span), kind: scalar.kind }),
        Value::List(items) => Value::List(items.iter().map(|item| used_at(item, span)).collect()),
        Value::Map(entries) => {
            let moved = |entry: &Entry| Entry { key: entry.key.used_at(span), value: used_at(&entry.value, span) };
            Value::Map(entries.iter().map(moved).collect())
        }
        Value::Call(call) => {
            let args = call.args.iter().map(|arg| used_at(arg, span)).collect();
            Value::Call(Call { name: call.name.used_at(span), args })
        }
    };
    Node { span, value }
}
