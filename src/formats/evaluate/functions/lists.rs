//! Functions over lists. A set is a list without repetition, sorted; order means nothing to a policy, so what is not all
//! known stays as it is.

use std::collections::BTreeSet;

use super::super::iteration::{known_items, one_by_one};
use super::super::operators::{boolean, integer, is_known, is_same, number};
use super::{ITEMS, list, literal};
use crate::syntax::{Call, Node, ScalarKind, Value};
use crate::text::{Span, Text};

/// The value of a function over lists.
pub(super) fn apply(name: &str, args: &[Node], span: Span) -> Option<Node> {
    match (name, args) {
        ("concat", lists) => concat(lists, span),
        ("flatten", [whole]) => flatten(whole, span),
        ("compact", [whole]) => compact(whole, span),
        ("distinct", [whole]) => list(distinct(items(whole)?), span),
        ("sort", [whole]) => list(sorted(items(whole)?), span),
        ("toset", [whole]) => list(sorted(distinct(items(whole)?)), span),
        ("tolist", [whole]) => list(items(whole)?.to_vec(), span),
        ("reverse", [whole]) => list(items(whole)?.iter().rev().cloned().collect(), span),
        ("length", [whole]) => Some(number(i64::try_from(length(whole)?).ok()?, span)),
        ("element", [whole, index]) => element(whole, index),
        ("index", [whole, value]) => {
            let place = known_items(whole)?.iter().position(|item| is_same(item, value))?;
            Some(number(i64::try_from(place).ok()?, span))
        }
        ("contains", [whole, value]) => contains(whole, value).map(|found| boolean(found, span)),
        ("slice", [whole, start, end]) => {
            let range = usize::try_from(integer(start)?).ok()?..usize::try_from(integer(end)?).ok()?;
            list(one_by_one(whole)?.get(range)?.to_vec(), span)
        }
        ("range", bounds) => range(bounds, span),
        ("setunion", sets) => {
            let all: Option<Vec<&[Node]>> = sets.iter().map(items).collect();
            list(sorted(distinct(&all?.concat())), span)
        }
        ("setintersection", [first, others @ ..]) => selected(first, others, true, span),
        ("setsubtract", [first, other]) => selected(first, std::slice::from_ref(other), false, span),
        ("setproduct", sets) => product(sets, span),
        ("chunklist", [whole, size]) => {
            let size = usize::try_from(integer(size)?).ok().filter(|size| *size > 0)?;
            let chunks = one_by_one(whole)?.chunks(size);
            list(chunks.map(|chunk| Node { span, value: Value::List(chunk.to_vec()) }).collect(), span)
        }
        ("alltrue", [whole]) => all_or_any(whole, false).map(|holds| boolean(holds, span)),
        ("anytrue", [whole]) => all_or_any(whole, true).map(|holds| boolean(holds, span)),
        ("max", numbers) => extreme(numbers, span, i64::max),
        ("min", numbers) => extreme(numbers, span, i64::min),
        _ => None,
    }
}

fn items(node: &Node) -> Option<&[Node]> {
    match &node.value {
        Value::List(items) => Some(items),
        _ => None,
    }
}

/// What is not known stands in the list as one item, which may be many.
fn concat(lists: &[Node], span: Span) -> Option<Node> {
    let mut all = Vec::new();
    for one in lists {
        match &one.value {
            Value::List(more) => all.extend(more.iter().cloned()),
            Value::Call(_) => all.push(several(one)),
            Value::Scalar(_) | Value::Map(_) => return None,
        }
    }
    let known = all.iter().any(|item| !matches!(item.value, Value::Call(_)));
    known.then(|| list(all, span))?
}

fn several(list: &Node) -> Node {
    let name = Text::unplaced(Call::SPREAD).used_at(list.span);
    Node { span: list.span, value: Value::Call(Call { name, args: vec![list.clone()] }) }
}

/// An item that is not known may be a list.
fn flatten(node: &Node, span: Span) -> Option<Node> {
    let mut flat = Vec::new();
    flatten_into(items(node)?, &mut flat);
    list(flat, span)
}

fn flatten_into(items: &[Node], into: &mut Vec<Node>) {
    for item in items {
        match &item.value {
            Value::List(inner) => flatten_into(inner, into),
            Value::Call(call) if call.name.as_str() != Call::SPREAD => into.push(several(item)),
            _ => into.push(item.clone()),
        }
    }
}

/// Without what is null or empty. What is not known may be either.
fn compact(node: &Node, span: Span) -> Option<Node> {
    let kept = items(node)?.iter().filter(|item| match &item.value {
        Value::Scalar(scalar) => scalar.kind != ScalarKind::Null && !scalar.text.as_str().is_empty(),
        _ => true,
    });
    let kept = kept.map(|item| match &item.value {
        Value::Call(call) if call.name.as_str() != Call::SPREAD => several(item),
        _ => item.clone(),
    });
    list(kept.collect(), span)
}

/// Of equal items the first. Those that are not all known may be equal to any, and stay, as do those of more than
/// [`COMPARED`] lists or maps.
fn distinct(items: &[Node]) -> Vec<Node> {
    let mut seen = BTreeSet::new();
    let mut kept: Vec<Node> = Vec::new();
    let mut compared: Vec<&Node> = Vec::new();
    for item in items {
        let is_new = match literal(item) {
            Some(text) => seen.insert(text.to_owned()),
            None if is_known(item) && compared.len() < COMPARED => {
                let new = !compared.iter().any(|other| is_same(other, item));
                compared.push(item);
                new
            }
            None => true,
        };
        if is_new {
            kept.push(item.clone());
        }
    }
    kept
}

const COMPARED: usize = 100;

fn sorted(items: impl AsRef<[Node]>) -> Vec<Node> {
    let mut all = items.as_ref().to_vec();
    if all.iter().all(|item| literal(item).is_some()) {
        all.sort_by(|one, other| literal(one).cmp(&literal(other)));
    }
    all
}

fn length(node: &Node) -> Option<usize> {
    match &node.value {
        Value::List(_) => one_by_one(node).map(<[Node]>::len),
        Value::Map(entries) => {
            let known = entries.iter().all(|entry| entry.key.literal().is_some());
            known.then(|| super::super::iteration::sorted(entries).len())
        }
        Value::Scalar(_) => literal(node).map(|text| text.chars().count()),
        Value::Call(_) => None,
    }
}

/// The index starts over behind the end.
fn element(node: &Node, index: &Node) -> Option<Node> {
    let items = one_by_one(node)?;
    let count = i64::try_from(items.len()).ok()?;
    let index = integer(index)?.checked_rem_euclid(count)?;
    items.get(usize::try_from(index).ok()?).cloned()
}

/// A value may be found among items of which others are not known, but not be missed.
fn contains(node: &Node, value: &Node) -> Option<bool> {
    if !is_known(value) {
        return None;
    }
    let items = items(node)?;
    if items.iter().any(|item| is_same(item, value)) {
        return Some(true);
    }
    known_items(node).map(|_| false)
}

/// From, to and step.
fn range(bounds: &[Node], span: Span) -> Option<Node> {
    let numbers: Vec<i64> = bounds.iter().map(integer).collect::<Option<_>>()?;
    let (from, to, step) = match *numbers.as_slice() {
        [to] => (0, to, if to < 0 { -1 } else { 1 }),
        [from, to] => (from, to, if to < from { -1 } else { 1 }),
        [from, to, step] if step != 0 && (step > 0) == (to > from) => (from, to, step),
        _ => return None,
    };
    let mut all = Vec::new();
    let mut at = from;
    while (step > 0 && at < to) || (step < 0 && at > to) {
        all.push(number(at, span));
        at = at.checked_add(step)?;
        if all.len() > ITEMS {
            return None;
        }
    }
    list(all, span)
}

/// The known items of a set that all others have, or that the other does not have.
fn selected(first: &Node, others: &[Node], wanted: bool, span: Span) -> Option<Node> {
    let text_set = |node: &Node| -> Option<BTreeSet<String>> {
        known_items(node)?.iter().map(|item| literal(item).map(str::to_owned)).collect()
    };
    let others: Vec<BTreeSet<String>> = others.iter().map(text_set).collect::<Option<_>>()?;
    text_set(first)?;
    let kept = known_items(first)?.iter().filter(|item| {
        let has = |other: &BTreeSet<String>| literal(item).is_some_and(|text| other.contains(text));
        others.iter().all(|other| has(other) == wanted)
    });
    list(sorted(distinct(&kept.cloned().collect::<Vec<_>>())), span)
}

/// Every combination of an item of each.
fn product(sets: &[Node], span: Span) -> Option<Node> {
    let sets: Vec<&[Node]> = sets.iter().map(one_by_one).collect::<Option<_>>()?;
    let count = sets.iter().try_fold(1_usize, |count, set| count.checked_mul(set.len()));
    count.filter(|count| *count <= ITEMS && sets.len() > 1)?;
    let mut all: Vec<Vec<Node>> = vec![Vec::new()];
    for set in sets {
        let longer = all.iter().flat_map(|one| {
            set.iter().map(|item| {
                let mut more = one.clone();
                more.push(item.clone());
                more
            })
        });
        all = longer.collect();
    }
    list(all.into_iter().map(|items| Node { span, value: Value::List(items) }).collect(), span)
}

/// Whether one item decides, or all are the other way.
fn all_or_any(node: &Node, decisive: bool) -> Option<bool> {
    let items = one_by_one(node)?;
    let found: Vec<Option<bool>> = items.iter().map(super::super::truth).collect();
    if found.contains(&Some(decisive)) {
        return Some(decisive);
    }
    (!found.contains(&None)).then_some(!decisive)
}

fn extreme(numbers: &[Node], span: Span, pick: impl Fn(i64, i64) -> i64) -> Option<Node> {
    let numbers: Vec<i64> = numbers.iter().map(integer).collect::<Option<_>>()?;
    Some(number(numbers.into_iter().reduce(pick)?, span))
}
