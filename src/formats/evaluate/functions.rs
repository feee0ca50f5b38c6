//! The functions of Terraform that build names and lists; CloudFormation's are called by the same names. Every one takes
//! evaluated arguments, and gives `None` where the answer depends on what is not known.
//!
//! Source: Terraform documentation, "Functions".

mod json;
mod lists;
mod maps;
mod strings;

pub(super) use json::json_of;

use super::iteration::one_by_one;
use super::operators::is_known;
use super::{Scope, is_null};
use crate::syntax::{Call, Node, Value};
use crate::text::{Span, Text};

/// Those that put a string together from their arguments.
pub(super) const MAKE_STRINGS: [&str; 10] =
    ["join", "format", "formatlist", "replace", "lower", "upper", "title", "trimspace", "trimprefix", "trimsuffix"];

/// The longest string that a function makes, in bytes, and the longest list. No name or policy is as long.
const LONGEST: usize = 1 << 20;
const ITEMS: usize = 10_000;

/// The value of a function call.
pub(super) fn apply(call: &Call, span: Span, scope: &dyn Scope) -> Option<Node> {
    let name = call.name.as_str();
    let spread = spread(&call.args)?;
    let args = spread.as_deref().unwrap_or(&call.args);
    passed(name, args)
        .or_else(|| strings::apply(name, args, span, scope))
        .or_else(|| lists::apply(name, args, span))
        .or_else(|| maps::apply(name, args, span))
        .or_else(|| json::apply(name, args, span, scope))
}

/// The arguments, if the last of them is a list of arguments; nothing to do if it is not, `None` if it is not known.
#[expect(clippy::option_option, reason = "both are answers")]
fn spread(args: &[Node]) -> Option<Option<Vec<Node>>> {
    match args {
        [first @ .., Node { value: Value::Call(Call { name, args }), .. }] if name.as_str() == Call::SPREAD => {
            let [list] = args.as_slice() else { return None };
            Some(Some(first.iter().chain(one_by_one(list)?).cloned().collect()))
        }
        _ => Some(None),
    }
}

/// Functions that give one of their arguments.
fn passed(name: &str, args: &[Node]) -> Option<Node> {
    match (name, args) {
        ("nonsensitive" | "sensitive" | "ephemeralasnull", [value]) => Some(value.clone()),
        ("tostring" | "tonumber" | "tobool" | "tomap", [value]) if !matches!(value.value, Value::Call(_)) => {
            Some(value.clone())
        }
        // what comes before the first that is given must be known to be nothing
        ("coalesce", values) => {
            let is_nothing = |node: &Node| is_null(node) || literal(node) == Some("");
            values.iter().find(|value| !is_nothing(value)).filter(|value| is_known(value)).cloned()
        }
        ("coalescelist", lists) => lists
            .iter()
            .find(|list| !matches!(&list.value, Value::List(items) if items.is_empty()))
            .and_then(|list| matches!(list.value, Value::List(_)).then(|| list.clone())),
        ("try", [first, ..]) if is_known(first) => Some(first.clone()),
        ("one", [list]) => match one_by_one(list)? {
            [only] => Some(only.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The characters of a scalar that is known.
fn literal(node: &Node) -> Option<&str> {
    node.scalar().and_then(Text::literal)
}

fn list(items: Vec<Node>, span: Span) -> Option<Node> {
    (items.len() <= ITEMS).then_some(Node { span, value: Value::List(items) })
}
