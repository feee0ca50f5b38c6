//! Comparison, logic and arithmetic over known values. Numbers are whole numbers; what is made of others is not known.
//!
//! Source: Terraform documentation, "Arithmetic and Logical Operators".

use super::iteration::sorted;
use crate::syntax::{Call, Entry, Node, Scalar, ScalarKind, Value};
use crate::text::{Part, Span, Text};

/// The value of an operation.
pub(super) fn apply(call: &Call, span: Span) -> Option<Node> {
    let name = call.name.as_str();
    match call.args.as_slice() {
        [one] => match name {
            "!" => Some(boolean(!super::truth(one)?, span)),
            "-" => Some(number(integer(one)?.checked_neg()?, span)),
            _ => None,
        },
        [one, other] => match name {
            "&&" => logic(one, other, false).map(|holds| boolean(holds, span)),
            "||" => logic(one, other, true).map(|holds| boolean(holds, span)),
            "==" => compare(one, other).map(|same| boolean(same, span)),
            "!=" => compare(one, other).map(|same| boolean(!same, span)),
            "<" | ">" | "<=" | ">=" => {
                let order = decimal(one)?.partial_cmp(&decimal(other)?)?;
                let holds = match name {
                    "<" => order.is_lt(),
                    ">" => order.is_gt(),
                    "<=" => order.is_le(),
                    _ => order.is_ge(),
                };
                Some(boolean(holds, span))
            }
            "+" | "-" | "*" | "/" | "%" => {
                let (one, other) = (integer(one)?, integer(other)?);
                let result = match name {
                    "+" => one.checked_add(other),
                    "-" => one.checked_sub(other),
                    "*" => one.checked_mul(other),
                    "/" => one.checked_div(other).filter(|result| result.checked_mul(other) == Some(one)),
                    _ => one.checked_rem(other),
                };
                Some(number(result?, span))
            }
            _ => None,
        },
        _ => None,
    }
}

/// One side may decide alone: `false && x`, `true || x`.
fn logic(one: &Node, other: &Node, decisive: bool) -> Option<bool> {
    let (one, other) = (super::truth(one), super::truth(other));
    if one == Some(decisive) || other == Some(decisive) {
        return Some(decisive);
    }
    (one.is_some() && other.is_some()).then_some(!decisive)
}

/// Whether two values are equal, if that is known. A value of which only parts are known is still something.
fn compare(one: &Node, other: &Node) -> Option<bool> {
    let is_something = |node: &Node| !matches!(node.value, Value::Call(_)) && !super::is_null(node);
    match (super::is_null(one), super::is_null(other)) {
        (true, true) => Some(true),
        (true, false) => is_something(other).then_some(false),
        (false, true) => is_something(one).then_some(false),
        (false, false) => is_known(one).then(|| is_known(other).then(|| is_same(one, other)))?,
    }
}

/// Whether all of a value is known.
pub(in crate::formats) fn is_known(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => scalar.text.literal().is_some(),
        Value::List(items) => items.iter().all(is_known),
        Value::Map(entries) => entries.iter().all(|entry| entry.key.literal().is_some() && is_known(&entry.value)),
        Value::Call(_) => false,
    }
}

/// Whether two known values are equal. The order of keys means nothing.
pub(in crate::formats) fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Scalar(one), Value::Scalar(other)) => {
            let known = |scalar: &Scalar| match scalar.kind {
                ScalarKind::Number => number_text(&scalar.text).literal().map(str::to_owned),
                _ => scalar.text.literal().map(str::to_owned),
            };
            one.kind == other.kind && known(one).is_some_and(|text| known(other) == Some(text))
        }
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            let (one, other) = (sorted(one), sorted(other));
            let same = |one: &Entry, other: &Entry| {
                one.key.as_str() == other.key.as_str() && is_same(&one.value, &other.value)
            };
            one.len() == other.len() && one.into_iter().zip(other).all(|(one, other)| same(one, other))
        }
        _ => false,
    }
}

pub(super) fn boolean(holds: bool, span: Span) -> Node {
    scalar(ScalarKind::Bool, if holds { "true" } else { "false" }, span)
}

pub(super) fn number(number: i64, span: Span) -> Node {
    scalar(ScalarKind::Number, &number.to_string(), span)
}

fn scalar(kind: ScalarKind, text: &str, span: Span) -> Node {
    Node { span, value: Value::Scalar(Scalar { text: Text::unplaced(text).used_at(span), kind }) }
}

/// A whole number; strings that hold one count, as where Terraform expects a number.
pub(super) fn integer(node: &Node) -> Option<i64> {
    node.scalar()?.literal()?.parse().ok()
}

fn decimal(node: &Node) -> Option<f64> {
    node.scalar()?.literal()?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A number as Terraform writes it in a string: `1.0` is `1`.
pub(super) fn number_text(text: &Text) -> Text {
    let whole = text.literal().filter(|written| written.bytes().any(|byte| !byte.is_ascii_digit() && byte != b'-'));
    let parsed: Option<f64> = whole.and_then(|written| written.parse().ok());
    match parsed.filter(|number| number.is_finite() && number.abs() < 1e15) {
        Some(number) => {
            let shown = number.to_string();
            if whole == Some(shown.as_str()) { text.clone() } else { text.rebuilt(&[Part::New(&shown)]) }
        }
        None => text.clone(),
    }
}
