//! Functions that make strings.

use super::super::iteration::one_by_one;
use super::super::operators::{boolean, integer};
use super::super::{Scope, string, text_of};
use super::{ITEMS, LONGEST, list, literal};
use crate::syntax::{Node, Value};
use crate::text::{Part, Span, Text};

/// The value of a function that makes strings.
pub(super) fn apply(name: &str, args: &[Node], span: Span, scope: &dyn Scope) -> Option<Node> {
    match (name, args) {
        ("join", [separator, lists @ ..]) => join(separator, lists, span, scope),
        ("split", [separator, text]) => split(separator, text, span),
        ("format", [format, values @ ..]) => Some(string(formatted(format, values, scope)?, span)),
        ("formatlist", [format, values @ ..]) => format_list(format, values, span, scope),
        ("lower", [text]) => mapped(text, str::to_lowercase),
        ("upper", [text]) => mapped(text, str::to_uppercase),
        ("title", [text]) => mapped(text, title),
        ("trimspace", [text]) => mapped(text, |text| text.trim().to_owned()),
        ("chomp", [text]) => mapped(text, |text| text.trim_end_matches(['\r', '\n']).to_owned()),
        ("trim", [text, set]) => {
            let set: Vec<char> = literal(set)?.chars().collect();
            mapped(text, |text| text.trim_matches(set.as_slice()).to_owned())
        }
        ("trimprefix", [text, prefix]) => {
            let prefix = literal(prefix)?;
            mapped(text, |text| text.strip_prefix(prefix).unwrap_or(text).to_owned())
        }
        ("trimsuffix", [text, suffix]) => {
            let suffix = literal(suffix)?;
            mapped(text, |text| text.strip_suffix(suffix).unwrap_or(text).to_owned())
        }
        ("replace", [text, old, new]) => replaced(text, old, new),
        ("substr", [text, offset, length]) => substring(text, offset, length),
        ("indent", [spaces, text]) => {
            let spaces = usize::try_from(integer(spaces)?).ok().filter(|spaces| *spaces <= 64)?;
            mapped(text, |text| text.replace('\n', &format!("\n{}", " ".repeat(spaces))))
        }
        ("startswith", [text, prefix]) => Some(boolean(literal(text)?.starts_with(literal(prefix)?), span)),
        ("endswith", [text, suffix]) => Some(boolean(literal(text)?.ends_with(literal(suffix)?), span)),
        ("strcontains", [text, part]) => Some(boolean(literal(text)?.contains(literal(part)?), span)),
        ("basename", [path]) => mapped(path, |path| path.rsplit('/').next().unwrap_or(path).to_owned()),
        ("dirname", [path]) => mapped(path, |path| match path.rsplit_once('/') {
            Some(("", _)) => "/".to_owned(),
            Some((folder, _)) => folder.to_owned(),
            None => ".".to_owned(),
        }),
        _ => None,
    }
}

/// The first letter of each word, as a capital.
fn title(text: &str) -> String {
    let mut before = ' ';
    let letters = text.chars().flat_map(|c| {
        let begins = !before.is_alphanumeric();
        before = c;
        if begins { c.to_uppercase().collect::<Vec<_>>() } else { vec![c] }
    });
    letters.collect()
}

fn join(separator: &Node, lists: &[Node], span: Span, scope: &dyn Scope) -> Option<Node> {
    let separator = separator.scalar()?;
    let items: Vec<&[Node]> = lists.iter().map(one_by_one).collect::<Option<_>>()?;
    let mut texts = Vec::new();
    let mut length = 0;
    for (index, item) in items.into_iter().flatten().enumerate() {
        if index > 0 {
            texts.push(separator.clone());
            length += separator.as_str().len();
        }
        let text = text_of(item, scope);
        length += text.as_str().len();
        if length > LONGEST {
            return None;
        }
        texts.push(text);
    }
    Some(string(Text::joined(&texts), span))
}

fn split(separator: &Node, text: &Node, span: Span) -> Option<Node> {
    let (separator, text) = (literal(separator)?, text.scalar()?);
    // a hole may hold the separator
    let whole = text.literal()?;
    if separator.is_empty() || whole.matches(separator).count() >= ITEMS {
        return None;
    }
    let mut at = 0;
    let parts = whole.split(separator).map(|part| {
        let range = at..at + part.len();
        at = range.end + separator.len();
        string(text.part(range), span)
    });
    list(parts.collect(), span)
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
    let length: usize = texts.iter().map(|text| text.as_str().len()).sum();
    (length <= LONGEST && values.next().is_none()).then(|| Text::joined(&texts))
}

/// As many strings as the lists have items; single values stand in each.
fn format_list(format: &Node, values: &[Node], span: Span, scope: &dyn Scope) -> Option<Node> {
    // what may be a list is not known to be a single value
    let is_single = |value: &Node| !matches!(value.value, Value::List(_) | Value::Call(_));
    let lists: Option<Vec<&[Node]>> = values.iter().filter(|value| !is_single(value)).map(one_by_one).collect();
    let lists = lists?;
    let count = lists.first().map_or(1, |list| list.len());
    if lists.iter().any(|list| list.len() != count) || count > ITEMS {
        return None;
    }
    let mut length = 0;
    let items = (0..count).map(|index| {
        let picked = values.iter().map(|value| match &value.value {
            Value::List(items) => items.get(index).cloned(),
            _ => Some(value.clone()),
        });
        let text = formatted(format, &picked.collect::<Option<Vec<_>>>()?, scope)?;
        length += text.as_str().len();
        (length <= LONGEST).then(|| string(text, span))
    });
    list(items.collect::<Option<_>>()?, span)
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
    let (old, new) = (literal(old)?, literal(new)?);
    let is_pattern = old.len() > 1 && old.starts_with('/') && old.ends_with('/');
    let times = node.scalar()?.literal()?.matches(old).count();
    let is_short = times.saturating_mul(new.len()) <= LONGEST;
    (!is_pattern && !old.is_empty() && is_short).then(|| mapped(node, |text| text.replace(old, new)))?
}

/// Offset and length in characters; a length of -1 is the rest.
fn substring(text: &Node, offset: &Node, length: &Node) -> Option<Node> {
    let (offset, length) = (usize::try_from(integer(offset)?).ok()?, integer(length)?);
    let length = if length == -1 { usize::MAX } else { usize::try_from(length).ok()? };
    let text = text.scalar()?;
    let whole = text.literal()?;
    let at = |count: usize| whole.char_indices().nth(count).map_or(whole.len(), |(at, _)| at);
    Some(string(text.part(at(offset)..at(offset.saturating_add(length))), text.span()))
}
