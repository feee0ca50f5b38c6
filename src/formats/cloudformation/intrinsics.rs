//! Intrinsic functions in both spellings, `!Sub …` and `{"Fn::Sub": …}`, as calls of the evaluator.
//!
//! `Fn::Join` of a list that is written out and `Fn::Sub` are templates, `Fn::If` a choice, `Fn::Select` a part. `Ref` and
//! `Fn::GetAtt` are references, named as `Fn::Sub` would write them: `Role`, `Role.Arn`, `AWS::Region`. Functions whose
//! values only a deployment knows stay calls of their own name.
//!
//! Source: AWS CloudFormation Template Reference, "Intrinsic functions".

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;

use crate::formats::evaluate::{string, used_at};
use crate::syntax::{Call, Entry, Node, Value};
use crate::text::{Span, Text};

/// What a condition of the template says, by its name.
pub(super) const CONDITION: &str = "Condition";
/// A string whose parts stand apart from each other.
pub(super) const JOINED: &str = "Fn::Join";
/// A value of the template's mappings.
pub(super) const FIND_IN_MAP: &str = "Fn::FindInMap";
/// A value as JSON in a string.
pub(super) const TO_JSON: &str = "Fn::ToJsonString";
/// What takes a property away.
pub(super) const NO_VALUE: &str = "AWS::NoValue";
/// Functions that stand among the entries of a map, and make more of them.
const MAKE_ENTRIES: [&str; 2] = ["Fn::Transform", "Fn::ForEach::"];

/// The value with its intrinsic functions as calls of the evaluator.
pub(super) fn normal(node: &Node, budget: &Budget) -> Node {
    let value = match &node.value {
        Value::Scalar(_) => return node.clone(),
        Value::List(items) => Value::List(items.iter().map(|item| normal(item, budget)).collect()),
        Value::Call(call) => match (call.name.as_str().strip_prefix('!'), call.args.as_slice()) {
            (Some(short), [argument]) => return intrinsic(&long_name(short), &call.name, argument, node.span, budget),
            _ => node.value.clone(),
        },
        Value::Map(entries) => match entries.as_slice() {
            [only] if is_intrinsic(only.key.as_str()) => {
                return intrinsic(only.key.as_str(), &only.key, &only.value, node.span, budget);
            }
            entries if entries.iter().any(|entry| makes_entries(entry.key.as_str())) => {
                Value::Call(Call { name: Text::unplaced("Fn::Transform").used_at(node.span), args: vec![node.clone()] })
            }
            entries => {
                let inner = |entry: &Entry| Entry { key: entry.key.clone(), value: normal(&entry.value, budget) };
                Value::Map(entries.iter().map(inner).collect())
            }
        },
    };
    Node { span: node.span, value }
}

fn long_name(short: &str) -> String {
    match short {
        "Ref" | CONDITION => short.to_owned(),
        _ => format!("Fn::{short}"),
    }
}

fn is_intrinsic(key: &str) -> bool {
    key == "Ref" || (key.starts_with("Fn::") && !makes_entries(key))
}

fn makes_entries(key: &str) -> bool {
    MAKE_ENTRIES.iter().any(|name| key.starts_with(name))
}

fn intrinsic(name: &str, written: &Text, argument: &Node, span: Span, budget: &Budget) -> Node {
    let normal = |node: &Node| normal(node, budget);
    let args = argument.items();
    let built = match (name, args) {
        ("Ref", _) => reference(argument, span),
        ("Fn::GetAtt", _) => attribute(argument, span),
        ("Fn::Sub", [template, values]) => template.string().map(|text| substituted(text, Some(values), span, budget)),
        ("Fn::Sub", [template]) => template.string().map(|text| substituted(text, None, span, budget)),
        ("Fn::Sub", _) => argument.string().map(|text| substituted(text, None, span, budget)),
        ("Fn::Join", [separator, list]) => Some(joined(separator, list, span, budget)),
        ("Fn::If", [condition, yes, no]) => Some(choice([condition, yes, no].map(normal), span)),
        ("Fn::Select", [index, list]) => Some(call(Call::PART, vec![normal(list), normal(index)], span)),
        ("Fn::Split", [separator, text]) => Some(call("split", vec![normal(separator), normal(text)], span)),
        (FIND_IN_MAP, _) => Some(call(FIND_IN_MAP, args.iter().map(normal).collect(), span)),
        _ => None,
    };
    built.unwrap_or_else(|| {
        let name =
            if name == written.as_str() { written.clone() } else { Text::unplaced(name).used_at(written.span()) };
        Node { span, value: Value::Call(Call { name, args: vec![normal(argument)] }) }
    })
}

fn call(name: &str, args: Vec<Node>, span: Span) -> Node {
    Node { span, value: Value::Call(Call { name: Text::unplaced(name).used_at(span), args }) }
}

fn named(name: Text, span: Span) -> Node {
    Node { span, value: Value::Call(Call { name, args: Vec::new() }) }
}

fn reference(argument: &Node, span: Span) -> Option<Node> {
    Some(named(argument.string()?.clone(), span))
}

/// `Role.Arn`, or `[Role, Arn]`.
fn attribute(argument: &Node, span: Span) -> Option<Node> {
    let name = match argument.items() {
        [] => argument.string()?.clone(),
        [resource, attribute] => {
            Text::joined([resource.string()?, &Text::unplaced(".").used_at(span), attribute.string()?])
        }
        _ => return None,
    };
    Some(named(name, span))
}

fn choice([condition, yes, no]: [Node; 3], span: Span) -> Node {
    let condition = call(CONDITION, vec![condition.clone()], condition.span);
    call(Call::CHOICE, vec![condition, yes, no], span)
}

/// A list that is written out is a template of its items.
fn joined(separator: &Node, list: &Node, span: Span, budget: &Budget) -> Node {
    let normal = |node: &Node| normal(node, budget);
    let Value::List(items) = &list.value else {
        return call("join", vec![normal(separator), normal(list)], span);
    };
    let mut parts = Vec::with_capacity(items.len() * 2);
    for (index, item) in items.iter().enumerate() {
        let is_empty = separator.scalar().is_some_and(|text| text.as_str().is_empty());
        if index > 0 && !is_empty {
            parts.push(normal(separator));
        }
        parts.push(normal(item));
    }
    if parts.is_empty() {
        return string(Text::unplaced("").used_at(span), span);
    }
    call(JOINED, vec![call(Call::TEMPLATE, parts, span)], span)
}

/// A piece of the string that `Fn::Sub` takes, in bytes of it.
enum Piece {
    Literal(Range<usize>),
    /// All of `${…}`, and the name in it.
    Variable(Range<usize>, Range<usize>),
}

/// The pieces of a string: `${!x}` is `${x}` as such, and what is never closed stands for itself.
fn pieces(text: &str) -> Vec<Piece> {
    let (mut pieces, mut literal, mut at) = (Vec::new(), 0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("${")) {
        let start = at + found;
        let inner = start + "${".len();
        let rest = text.get(inner..).unwrap_or_default();
        let Some(length) = rest.find('}') else { break };
        if rest.starts_with('!') {
            pieces.push(Piece::Literal(literal..inner));
            literal = inner + 1;
            at = literal;
            continue;
        }
        pieces.push(Piece::Literal(literal..start));
        pieces.push(Piece::Variable(start..inner + length + 1, inner..inner + length));
        literal = inner + length + 1;
        at = literal;
    }
    pieces.push(Piece::Literal(literal..text.len()));
    pieces.retain(|piece| !matches!(piece, Piece::Literal(range) if range.is_empty()));
    pieces
}

/// What a string becomes when `values`, or the template, say what its variables are. Values lead to their variable.
fn substituted(text: &Text, values: Option<&Node>, span: Span, budget: &Budget) -> Node {
    let literal = |range: &Range<usize>| string(text.part(range.clone()), text.span_of(range.clone()));
    let given = values.map(Node::entries).unwrap_or_default();
    let given = given.iter().map(|entry| (entry.key.as_str(), normal(&entry.value, budget)));
    let given: HashMap<&str, (Node, usize)> =
        given.map(|(name, value)| (name, (value.clone(), size(&value)))).collect();
    let parts = pieces(text.as_str()).into_iter().map(|piece| match piece {
        Piece::Literal(range) => literal(&range),
        Piece::Variable(whole, name) => {
            let at = text.span_of(whole);
            let name = text.part(name);
            match given.get(name.as_str().trim()) {
                Some((value, size)) if budget.spend(*size) => used_at(value, at),
                _ => named(name, at),
            }
        }
    });
    let parts: Vec<Node> = parts.collect();
    if parts.is_empty() { string(text.clone(), span) } else { call(Call::TEMPLATE, parts, span) }
}

/// How much a value takes up, in bytes of text; a node counts for some more.
fn size(node: &Node) -> usize {
    const NODE: usize = 64;
    let inner: usize = match &node.value {
        Value::Scalar(scalar) => scalar.text.as_str().len(),
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries.iter().map(|entry| entry.key.as_str().len() + size(&entry.value)).sum(),
        Value::Call(call) => call.args.iter().map(size).sum(),
    };
    NODE + inner
}

/// What values that are written once and used in many places may take up together, in bytes. Templates that people write
/// stay far below.
#[derive(Debug)]
pub(super) struct Budget(Cell<usize>);

impl Budget {
    pub(super) fn new() -> Self {
        Self(Cell::new(16 << 20))
    }

    /// Takes so many bytes, if they are left.
    pub(super) fn spend(&self, bytes: usize) -> bool {
        let left = self.0.get().checked_sub(bytes);
        self.0.set(left.unwrap_or_default());
        left.is_some()
    }

    /// The same for a value.
    pub(super) fn spend_on(&self, node: &Node) -> bool {
        self.spend(size(node))
    }
}
