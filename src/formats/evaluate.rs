//! One small evaluator of the values that templates of infrastructure compute, in the terms of no format: a tree with calls
//! becomes one with fewer of them. What is not known stays a call where it is a whole value, and becomes a hole where it
//! is part of a string, so nothing is guessed.
//!
//! Each format says in its [`Scope`] what its references stand for, and calls its own functions by the names known here.

mod functions;
mod iteration;
mod operators;
mod written;

pub(super) use iteration::{Binding, Bound, pairs, step_into};
pub(super) use operators::{is_known, is_same};

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

    /// Begins a value inside of another. `false` if there are too many around it: then it is not known.
    fn enter(&self) -> bool {
        true
    }

    /// Ends what [`Scope::enter`] began, whatever it answered.
    fn leave(&self) {}

    /// Takes note of a value that was made. `false` if all of them are too much: then it is not known.
    fn afford(&self, value: &Node) -> bool {
        let _ = value;
        true
    }

    /// How many values were taken so far that may be set otherwise.
    fn doubts(&self) -> usize {
        0
    }

    /// Takes note of a place that stands for a value which is written elsewhere, and whether that may be set otherwise.
    fn note(&self, at: Span, doubtful: bool) {
        let _ = (at, doubtful);
    }
}

/// The value of a node, as far as it is known.
pub(super) fn evaluate(node: &Node, scope: &dyn Scope) -> Node {
    if matches!(node.value, Value::Scalar(_)) {
        return node.clone();
    }
    let value = if scope.enter() { entered(node, scope) } else { node.clone() };
    scope.leave();
    value
}

fn entered(node: &Node, scope: &dyn Scope) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => Value::Scalar(scalar.clone()),
        Value::List(items) => Value::List(items.iter().map(|item| evaluate(item, scope)).collect()),
        Value::Map(entries) => {
            let evaluated = |entry: &Entry| Entry { key: entry.key.clone(), value: evaluate(&entry.value, scope) };
            Value::Map(entries.iter().map(evaluated).collect())
        }
        Value::Call(call) => return called(call, node.span, scope),
    };
    Node { span: node.span, value }
}

fn called(call: &Call, span: Span, scope: &dyn Scope) -> Node {
    let name = call.name.as_str();
    match name {
        Call::CHOICE => return choice(call, span, scope),
        Call::FOR | Call::FOR_GROUPS => return iteration::each(call, span, scope),
        Call::PART | Call::SPLAT => {
            if let Some(made) = iteration::splat(call, span, scope) {
                return made;
            }
        }
        _ => {}
    }
    let args = call.args.iter().map(|arg| match name {
        Call::TEMPLATE if call.args.len() > 1 => placed(evaluate(arg, scope), arg.span),
        _ => evaluate(arg, scope),
    });
    let call = Call { name: call.name.clone(), args: args.collect() };
    let known = match name {
        Call::TEMPLATE => Some(template(&call.args, span, scope)),
        Call::OBJECT => Some(object(&call.args, span, scope)),
        Call::PART => iteration::part(&call.args),
        _ => scope
            .value(&call, span)
            .or_else(|| operators::apply(&call, span))
            .or_else(|| functions::apply(&call, span, scope)),
    };
    affordable(known, scope).unwrap_or(Node { span, value: Value::Call(call) })
}

fn affordable(known: Option<Node>, scope: &dyn Scope) -> Option<Node> {
    known.filter(|known| scope.afford(known))
}

/// A map whose keys are computed too.
fn object(args: &[Node], span: Span, scope: &dyn Scope) -> Node {
    let pairs = args.chunks(2).filter_map(|pair| match pair {
        [key, value] => Some(Entry { key: text_of(key, scope), value: value.clone() }),
        _ => None,
    });
    Node { span, value: Value::Map(pairs.collect()) }
}

/// A part of a string: one that is written elsewhere leads to the place where it is used.
fn placed(value: Node, at: Span) -> Node {
    let stands_there = at.start <= value.span.start && value.span.end <= at.end;
    if stands_there { value } else { used_at(&value, at) }
}

/// The value that is chosen; not known where the condition is not, unless both are the same string.
fn choice(call: &Call, span: Span, scope: &dyn Scope) -> Node {
    let [condition, yes, no] = call.args.as_slice() else {
        return Node { span, value: Value::Call(call.clone()) };
    };
    let before = scope.doubts();
    let condition = evaluate(condition, scope);
    let chosen = truth(&condition).map(|holds| if holds { yes } else { no });
    if let Some(chosen) = chosen {
        if scope.doubts() > before {
            scope.note(chosen.span, true);
        }
        return evaluate(chosen, scope);
    }
    let [yes, no] = [yes, no].map(|arg| evaluate(arg, scope));
    if is_same_string(&yes, &no) {
        return yes;
    }
    Node { span, value: Value::Call(Call { name: call.name.clone(), args: vec![condition, yes, no] }) }
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
        Value::Call(call) => match functions::json_of(call) {
            Some(json) => json,
            None => Text::unknown(format!("${{{}}}", written::written(node)), node.span, scope.count(call)),
        },
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
