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
    let args: Vec<Node> = call.args.iter().map(|arg| evaluate(arg, scope)).collect();
    let call = Call { name: call.name.clone(), args };
    let known = match name {
        Call::TEMPLATE => Some(template(&call.args, span, scope)),
        Call::PART => functions::part(&call.args),
        _ => scope.value(&call, span).or_else(|| functions::apply(&call, span, scope)),
    };
    known.unwrap_or(Node { span, value: Value::Call(call) })
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
            let args: Vec<Node> = [condition, yes, no].into_iter().map(|arg| evaluate(arg, scope)).collect();
            Node { span, value: Value::Call(Call { name: call.name.clone(), args }) }
        }
    }
}

/// What a condition says, if it is known.
pub(super) fn truth(node: &Node) -> Option<bool> {
    match node.scalar()?.literal()? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
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
            let arguments = if call.args.is_empty() { "" } else { "(…)" };
            Text::unknown(format!("${{{name}{arguments}}}"), node.span, scope.count(call))
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
