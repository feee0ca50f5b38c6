//! The functions of Terraform that build names and lists; CloudFormation's are called by the same names. Every one takes
//! evaluated arguments, and gives `None` where the answer depends on what is not known.
//!
//! Source: Terraform documentation, "Functions".

use super::{Scope, string, text_of, truth};
use crate::syntax::{Call, Node, Scalar, ScalarKind, Value};
use crate::text::{Part, Span, Text};

/// Those that put a string together from their arguments.
pub(super) const MAKE_STRINGS: [&str; 7] = ["join", "format", "formatlist", "replace", "lower", "upper", "trimspace"];

/// The value of a function call.
pub(super) fn apply(call: &Call, span: Span, scope: &dyn Scope) -> Option<Node> {
    let args = call.args.as_slice();
    match (call.name.as_str(), args) {
        ("join", [separator, list]) => join(separator, list, span, scope),
        ("split", [separator, text]) => split(separator, text, span),
        ("format", [format, values @ ..]) => Some(string(formatted(format, values, scope)?, span)),
        ("formatlist", [format, values @ ..]) => format_list(format, values, span, scope),
        ("concat", lists) => concat(lists, span),
        ("flatten", [list]) => Some(flatten(list, span)),
        ("merge", maps) => merge(maps, span),
        ("element", [list, index]) => element(list, index),
        ("lookup", [map, key]) => part(&[map.clone(), key.clone()]),
        ("lookup", [map, key, default]) => lookup(map, key, default),
        ("coalesce", values) => values.first().filter(|value| is_known_text(value)).cloned(),
        ("keys", [map]) => keys(map, span),
        ("values", [map]) => values(map, span),
        // a document is written as what it holds
        ("jsonencode" | "yamlencode", [value]) => Some(value.clone()),
        ("==", [one, other]) => Some(boolean(known(one)? == known(other)?, span)),
        ("!=", [one, other]) => Some(boolean(known(one)? != known(other)?, span)),
        ("!", [one]) => Some(boolean(!truth(one)?, span)),
        ("&&", [one, other]) => both(one, other, false, span),
        ("||", [one, other]) => both(one, other, true, span),
        ("length", [list]) => Some(number(known_items(list)?.len(), span)),
        ("contains", [list, value]) => contains(list, value, span),
        // order and repetition mean nothing to a policy
        ("toset" | "tolist" | "sort" | "distinct" | "reverse" | "tostring" | "nonsensitive" | "sensitive", [value]) => {
            Some(value.clone())
        }
        ("compact", [list]) => compact(list, span),
        ("lower", [text]) => mapped(text, str::to_lowercase),
        ("upper", [text]) => mapped(text, str::to_uppercase),
        ("trimspace", [text]) => mapped(text, |text| text.trim().to_owned()),
        ("replace", [text, old, new]) => replaced(text, old, new),
        _ => None,
    }
}

/// A known scalar.
fn known(node: &Node) -> Option<&str> {
    node.scalar()?.literal()
}

fn boolean(value: bool, span: Span) -> Node {
    let text = Text::unplaced(if value { "true" } else { "false" }).used_at(span);
    Node { span, value: Value::Scalar(Scalar { text, kind: ScalarKind::Bool }) }
}

fn number(value: usize, span: Span) -> Node {
    let text = Text::unplaced(value.to_string()).used_at(span);
    Node { span, value: Value::Scalar(Scalar { text, kind: ScalarKind::Number }) }
}

/// `&&` and `||`: one that is `decisive` decides, whatever the other is.
fn both(one: &Node, other: &Node, decisive: bool, span: Span) -> Option<Node> {
    match (truth(one), truth(other)) {
        (Some(one), _) | (_, Some(one)) if one == decisive => Some(boolean(decisive, span)),
        (Some(_), Some(_)) => Some(boolean(!decisive, span)),
        _ => None,
    }
}

fn contains(list: &Node, value: &Node, span: Span) -> Option<Node> {
    let wanted = known(value)?;
    let items: Option<Vec<&str>> = known_items(list)?.iter().map(known).collect();
    Some(boolean(items?.contains(&wanted), span))
}

/// The same list, if it is one: what stands around a splat is asked of every item by [`part`].
pub(super) fn splat(args: &[Node]) -> Option<Node> {
    let [list] = args else { return None };
    known_items(list)?;
    let name = Text::unplaced(Call::SPLAT).used_at(list.span);
    Some(Node { span: list.span, value: Value::Call(Call { name, args: vec![list.clone()] }) })
}

/// The part of a list or map.
pub(super) fn part(args: &[Node]) -> Option<Node> {
    let [whole, key] = args else { return None };
    if let Value::Call(Call { name, args }) = &whole.value
        && name.as_str() == Call::SPLAT
    {
        let items = args.first().and_then(known_items)?.iter();
        let parts: Option<Vec<Node>> = items.map(|item| part(&[item.clone(), key.clone()])).collect();
        return Some(list(parts?, whole.span));
    }
    let key = key.scalar()?.literal()?;
    match &whole.value {
        Value::List(items) => {
            // an unknown item may be many
            let before = items.get(..=key.parse::<usize>().ok()?)?;
            before.iter().all(|item| !matches!(item.value, Value::Call(_))).then(|| before.last().cloned())?
        }
        Value::Map(_) => whole.get(key).cloned(),
        _ => None,
    }
}

fn element(list: &Node, index: &Node) -> Option<Node> {
    let items = known_items(list)?;
    let index: usize = index.scalar()?.literal()?.parse().ok()?;
    items.get(index.checked_rem(items.len())?).cloned()
}

fn lookup(map: &Node, key: &Node, default: &Node) -> Option<Node> {
    let is_whole = map.entries().iter().all(|entry| entry.key.literal().is_some());
    let (Value::Map(_), true) = (&map.value, is_whole) else { return None };
    let key = key.scalar()?.literal()?;
    Some(map.get(key).unwrap_or(default).clone())
}

/// The items of a list of which none may stand for several.
fn known_items(list: &Node) -> Option<&[Node]> {
    let Value::List(items) = &list.value else { return None };
    items.iter().all(|item| !matches!(item.value, Value::Call(_))).then_some(items)
}

fn is_known_text(node: &Node) -> bool {
    node.scalar().and_then(Text::literal).is_some_and(|text| !text.is_empty())
}

fn list(items: Vec<Node>, span: Span) -> Node {
    Node { span, value: Value::List(items) }
}

fn join(separator: &Node, list: &Node, span: Span, scope: &dyn Scope) -> Option<Node> {
    let (separator, Value::List(items)) = (separator.scalar()?, &list.value) else { return None };
    let mut texts = Vec::with_capacity(items.len() * 2);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            texts.push(separator.clone());
        }
        texts.push(text_of(item, scope));
    }
    Some(string(Text::joined(&texts), span))
}

fn split(separator: &Node, text: &Node, span: Span) -> Option<Node> {
    let (separator, text) = (separator.scalar()?.literal()?, text.scalar()?);
    // a hole may hold the separator
    let whole = text.literal()?;
    if separator.is_empty() {
        return None;
    }
    let mut at = 0;
    let parts = whole.split(separator).map(|part| {
        let range = at..at + part.len();
        at = range.end + separator.len();
        string(text.part(range), span)
    });
    Some(list(parts.collect(), span))
}

/// `%s`, `%d` and `%v` take the values in order; other verbs are not known.
fn formatted(format: &Node, values: &[Node], scope: &dyn Scope) -> Option<Text> {
    let format = format.scalar()?;
    let written = format.literal()?;
    let mut values = values.iter();
    let (mut texts, mut at) = (Vec::new(), 0);
    while let Some(found) = written.get(at..)?.find('%') {
        let verb = at + found;
        texts.push(format.part(at..verb));
        match written.get(verb + 1..)?.chars().next()? {
            '%' => texts.push(format.part(verb..verb + 1)),
            's' | 'd' | 'v' => texts.push(text_of(values.next()?, scope)),
            _ => return None,
        }
        at = verb + 2;
    }
    texts.push(format.part(at..written.len()));
    Some(Text::joined(&texts))
}

/// As many strings as the longest list has items; single values stand in each.
fn format_list(format: &Node, values: &[Node], span: Span, scope: &dyn Scope) -> Option<Node> {
    let lists = values.iter().map(|value| match &value.value {
        Value::List(_) => known_items(value),
        Value::Scalar(_) => Some(std::slice::from_ref(value)),
        Value::Map(_) | Value::Call(_) => None,
    });
    let lists: Vec<&[Node]> = lists.collect::<Option<_>>()?;
    let count = lists.iter().map(|list| list.len()).max()?;
    let items = (0..count).map(|index| {
        let picked: Option<Vec<Node>> = lists.iter().map(|list| list.get(index).or(list.first()).cloned()).collect();
        Some(string(formatted(format, &picked?, scope)?, span))
    });
    Some(list(items.collect::<Option<_>>()?, span))
}

/// What is not known stands in the list as one item, which may be many.
fn concat(lists: &[Node], span: Span) -> Option<Node> {
    let mut items = Vec::new();
    for one in lists {
        match &one.value {
            Value::List(more) => items.extend(more.iter().cloned()),
            Value::Call(_) => items.push(one.clone()),
            Value::Scalar(_) | Value::Map(_) => return None,
        }
    }
    Some(list(items, span))
}

fn flatten(node: &Node, span: Span) -> Node {
    let Value::List(items) = &node.value else { return node.clone() };
    let flat = items.iter().flat_map(|item| match &item.value {
        Value::List(_) => flatten(item, span).items().to_vec(),
        _ => vec![item.clone()],
    });
    list(flat.collect(), span)
}

/// Later maps win.
fn merge(maps: &[Node], span: Span) -> Option<Node> {
    let all = maps.iter().map(|map| match &map.value {
        Value::Map(entries) => Some(entries.as_slice()),
        _ => None,
    });
    let all: Option<Vec<_>> = all.collect();
    Some(Node { span, value: Value::Map(all?.concat()) })
}

fn keys(map: &Node, span: Span) -> Option<Node> {
    let Value::Map(entries) = &map.value else { return None };
    Some(list(entries.iter().map(|entry| string(entry.key.clone(), entry.key.span())).collect(), span))
}

fn values(map: &Node, span: Span) -> Option<Node> {
    let Value::Map(entries) = &map.value else { return None };
    Some(list(entries.iter().map(|entry| entry.value.clone()).collect(), span))
}

/// Without what is null or empty.
fn compact(node: &Node, span: Span) -> Option<Node> {
    let Value::List(items) = &node.value else { return None };
    let kept = items.iter().filter(|item| match &item.value {
        Value::Scalar(scalar) => scalar.kind != ScalarKind::Null && !scalar.text.as_str().is_empty(),
        _ => true,
    });
    Some(list(kept.cloned().collect(), span))
}

/// A known string, changed as a whole.
fn mapped(node: &Node, change: impl Fn(&str) -> String) -> Option<Node> {
    let text = node.scalar()?;
    let new = change(text.literal()?);
    let text = if new == text.as_str() { text.clone() } else { text.rebuilt(&[Part::New(&new)]) };
    Some(string(text, node.span))
}

/// A pattern between slashes is a regular expression, which is not known here.
fn replaced(node: &Node, old: &Node, new: &Node) -> Option<Node> {
    let (old, new) = (old.scalar()?.literal()?, new.scalar()?.literal()?);
    let is_pattern = old.len() > 1 && old.starts_with('/') && old.ends_with('/');
    (!is_pattern && !old.is_empty()).then(|| mapped(node, |text| text.replace(old, new)))?
}
