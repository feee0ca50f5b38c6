//! Values of one module in another: arguments of calls, and outputs.

use super::module::OF;
use crate::syntax::{Call, Entry, Node, Scalar, Value};
use crate::text::{Piece, Text};

/// A value of a module as another one sees it: what is not known of it is named after its module, in which its names mean
/// what they mean.
pub(super) fn seen_elsewhere(node: &Node, module: &str) -> Node {
    let value = match &node.value {
        Value::Call(Call { name, args }) if args.is_empty() => {
            let name = Text::unplaced(of_module(name.as_str(), module)).used_at(node.span);
            Value::Call(Call { name, args: Vec::new() })
        }
        Value::Call(Call { name, args }) => {
            let args = args.iter().map(|arg| seen_elsewhere(arg, module)).collect();
            Value::Call(Call { name: name.clone(), args })
        }
        Value::Scalar(scalar) => Value::Scalar(Scalar { text: named_after(&scalar.text, module), kind: scalar.kind }),
        Value::List(items) => Value::List(items.iter().map(|item| seen_elsewhere(item, module)).collect()),
        Value::Map(entries) => {
            let seen = |entry: &Entry| Entry {
                key: named_after(&entry.key, module),
                value: seen_elsewhere(&entry.value, module),
            };
            Value::Map(entries.iter().map(seen).collect())
        }
    };
    Node { span: node.span, value }
}

/// A name with its module, if it has none yet.
fn of_module(name: &str, module: &str) -> String {
    if name.contains(OF) { name.to_owned() } else { format!("{module}{OF}{name}") }
}

/// The string with its holes named after their module.
fn named_after(text: &Text, module: &str) -> Text {
    if text.holes().is_empty() {
        return text.clone();
    }
    let parts = text.pieces().into_iter().map(|piece| match piece {
        Piece::Literal(known, at) => text.part(at..at + known.len()),
        Piece::Hole(hole) => {
            let name = text.as_str().get(hole.range.clone()).unwrap_or_default();
            let name = of_module(name.trim_start_matches("${").trim_end_matches('}'), module);
            Text::unknown(format!("${{{name}}}"), text.span_of(hole.range.clone()), hole.count)
        }
    });
    Text::joined(&parts.collect::<Vec<_>>())
}
