//! One small evaluator of the values that templates of infrastructure compute, in the terms of no format: a tree with calls
//! becomes one with fewer of them. What is not known stays a call where it is a whole value, and becomes a hole where it
//! is part of a string, so nothing is guessed.
//!
//! Each format says in its [`Scope`] what its references stand for, and calls its own functions by the names known here.

mod functions;
mod iteration;
mod operators;
mod written;

pub(super) use iteration::{Binding, Bound, items_of, step_into};
pub(super) use operators::{is_known, is_same};
pub(super) use written::written;

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

    /// Begins a value inside of another. `false` if there are too many around it: then it is not known.
    fn enter(&self) -> bool {
        true
    }

    /// Ends what [`Scope::enter`] began, whatever it answered.
    fn leave(&self) {}

    /// How many values were taken so far that may be set otherwise.
    fn doubts(&self) -> usize {
        0
    }

    /// Takes note of a place that stands for a value, whether that may be set otherwise, and where the value stands in the
    /// same file.
    fn note(&self, at: Span, doubtful: bool, written: Span) {
        let _ = (at, doubtful, written);
    }
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
        if matches!(node.value, Value::Scalar(_)) {
            return node.clone();
        }
        let value = if self.scope.enter() { self.entered(node) } else { node.clone() };
        self.scope.leave();
        value
    }

    fn entered(self, node: &Node) -> Node {
        let value = match &node.value {
            Value::Scalar(scalar) => Value::Scalar(scalar.clone()),
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
            Call::PART | Call::SPLAT => {
                if let Some(parts) = self.splat(call, span) {
                    return parts;
                }
            }
            _ => {}
        }
        let makes_string = functions::MAKE_STRINGS.contains(&name) || (name == Call::TEMPLATE && call.args.len() > 1);
        let inner = Self { in_string: self.in_string || makes_string, ..self };
        let args: Vec<Node> = call.args.iter().map(|arg| inner.evaluate(arg)).collect();
        let call = Call { name: call.name.clone(), args };
        let known = match name {
            Call::TEMPLATE => Some(template(&call.args, span, self.scope)),
            Call::OBJECT => Some(object(&call.args, span, self.scope)),
            Call::PART => iteration::part(&call.args),
            _ => self
                .scope
                .value(&call, span)
                .or_else(|| operators::apply(&call, span))
                .or_else(|| functions::apply(&call, span, self.scope)),
        };
        match self.affordable(known) {
            // a part of a string that is written elsewhere leads to the place where it is used
            Some(value) if self.in_string && !span.contains(value.span) => used_at(&value, span),
            Some(value) => value,
            None => Node { span, value: Value::Call(call) },
        }
    }

    fn affordable(self, known: Option<Node>) -> Option<Node> {
        known.filter(|value| self.scope.may_grow(weight(value)))
    }

    /// The value that is chosen; not known where the condition is not, unless both are the same string.
    fn choice(self, call: &Call, span: Span) -> Node {
        let [condition, yes, no] = call.args.as_slice() else {
            return Node { span, value: Value::Call(call.clone()) };
        };
        let before = self.scope.doubts();
        let condition = self.evaluate(condition);
        if let Some(holds) = truth(&condition) {
            let chosen = if holds { yes } else { no };
            if self.scope.doubts() > before {
                self.scope.note(chosen.span, true, chosen.span);
            }
            return self.evaluate(chosen);
        }
        let (yes, no) = (self.evaluate(yes), self.evaluate(no));
        if is_same_string(&yes, &no) {
            return yes;
        }
        Node { span, value: Value::Call(Call { name: call.name.clone(), args: vec![condition, yes, no] }) }
    }
}

/// A map whose keys are computed too.
fn object(args: &[Node], span: Span, scope: &dyn Scope) -> Node {
    let pairs = args.chunks(2).filter_map(|pair| match pair {
        [key, value] => Some(Entry { key: text_of(key, scope), value: value.clone() }),
        _ => None,
    });
    Node { span, value: Value::Map(pairs.collect()) }
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
        Value::Scalar(scalar) if scalar.kind == ScalarKind::Number => operators::number_text(&scalar.text),
        Value::Scalar(scalar) => scalar.text.clone(),
        Value::Call(call) => Text::unknown(format!("${{{}}}", written(node)), node.span, scope.count(call)),
        Value::List(_) | Value::Map(_) => {
            functions::json_of(node, scope).unwrap_or_else(|| Text::unknown("${…}", node.span, Count::Many))
        }
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

#[cfg(test)]
mod against_hcl;
