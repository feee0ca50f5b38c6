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
}

/// The value of a node, as far as it is known.
pub(super) fn evaluate(node: &Node, scope: &dyn Scope) -> Node {
    let value = match &node.value {
        Value::Scalar(_) => return node.clone(),
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
    if name == Call::CHOICE {
        return choice(call, span, scope);
    }
    let args = call.args.iter().map(|arg| match name {
        Call::TEMPLATE if call.args.len() > 1 => placed(evaluate(arg, scope), arg.span),
        _ => evaluate(arg, scope),
    });
    let call = Call { name: call.name.clone(), args: args.collect() };
    let known = match name {
        Call::TEMPLATE => Some(template(&call.args, span, scope)),
        Call::PART => functions::part(&call.args),
        _ => scope.value(&call, span).or_else(|| functions::apply(&call, span, scope)),
    };
    known.unwrap_or(Node { span, value: Value::Call(call) })
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
    match truth(&evaluate(condition, scope)) {
        Some(true) => evaluate(yes, scope),
        Some(false) => evaluate(no, scope),
        None => {
            let [condition, yes, no] = [condition, yes, no].map(|arg| evaluate(arg, scope));
            if is_same_string(&yes, &no) {
                return yes;
            }
            Node { span, value: Value::Call(Call { name: call.name.clone(), args: vec![condition, yes, no] }) }
        }
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
