//! Expressions as they would be written, to tell apart those that are not known: equal ones have equal values, and others
//! need not.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::syntax::{Call, Node, ScalarKind, Value};
use crate::text::Text;

/// Longer expressions are cut.
const LONGEST: usize = 60;

/// An evaluated expression, without what would end a string or begin an escape there. What is cut of it stands as a number.
pub(in crate::formats) fn written(node: &Node) -> String {
    let mut whole = String::new();
    write(node, &mut whole);
    let whole: String = whole.chars().map(|c| if c == '"' || c == '\\' || c < ' ' { '\'' } else { c }).collect();
    match whole.char_indices().nth(LONGEST) {
        None => whole,
        Some((end, _)) => {
            let mut hasher = DefaultHasher::new();
            whole.hash(&mut hasher);
            format!("{}…{:04x}", whole.get(..end).unwrap_or_default(), hasher.finish() & 0xffff)
        }
    }
}

fn write(node: &Node, into: &mut String) {
    match &node.value {
        Value::Scalar(scalar) if scalar.kind == ScalarKind::String => {
            into.push('"');
            into.push_str(scalar.text.as_str());
            into.push('"');
        }
        Value::Scalar(scalar) => into.push_str(scalar.text.as_str()),
        Value::List(items) => list(items, ["[", "]"], into),
        Value::Map(entries) => {
            into.push('{');
            for (index, entry) in entries.iter().enumerate() {
                into.push_str(if index > 0 { ", " } else { "" });
                into.push_str(entry.key.as_str());
                into.push_str(" = ");
                write(&entry.value, into);
            }
            into.push('}');
        }
        Value::Call(call) => write_call(call, into),
    }
}

fn write_call(call: &Call, into: &mut String) {
    let name = call.name.as_str();
    match (name, call.args.as_slice()) {
        (_, []) => into.push_str(name),
        (Call::PART, [whole, key]) => {
            write(whole, into);
            match key.string() {
                Some(step) if step.literal().is_some_and(is_name) => {
                    into.push('.');
                    into.push_str(step.as_str());
                }
                _ => {
                    into.push('[');
                    write(key, into);
                    into.push(']');
                }
            }
        }
        (Call::SPLAT, [whole]) => {
            write(whole, into);
            into.push_str("[*]");
        }
        (Call::CHOICE, [condition, yes, no]) => {
            write(condition, into);
            into.push_str(" ? ");
            write(yes, into);
            into.push_str(" : ");
            write(no, into);
        }
        (Call::FOR | Call::FOR_GROUPS, [key_name, value_name, collection, key, value, condition]) => {
            into.push_str("for ");
            let names = [key_name, value_name].map(|name| name.string().map(Text::as_str).unwrap_or_default());
            into.push_str(names.join(" ").trim());
            into.push_str(" in ");
            write(collection, into);
            for (sign, part) in [(" : ", key), (" : ", value), (" if ", condition)] {
                if !super::is_null(part) {
                    into.push_str(sign);
                    write(part, into);
                }
            }
        }
        (_, [one]) if !name.starts_with(is_letter) => {
            into.push_str(name);
            write(one, into);
        }
        (_, [one, other]) if !name.starts_with(is_letter) => {
            write(one, into);
            into.push(' ');
            into.push_str(name);
            into.push(' ');
            write(other, into);
        }
        (_, args) => {
            into.push_str(name);
            list(args, ["(", ")"], into);
        }
    }
}

fn list(nodes: &[Node], [open, close]: [&str; 2], into: &mut String) {
    into.push_str(open);
    for (index, node) in nodes.iter().enumerate() {
        into.push_str(if index > 0 { ", " } else { "" });
        write(node, into);
    }
    into.push_str(close);
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name(step: &str) -> bool {
    step.starts_with(is_letter) && step.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}
