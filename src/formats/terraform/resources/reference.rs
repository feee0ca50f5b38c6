//! What expressions refer to: the resources and data sources of a module.

use crate::syntax::{Call, Node, Value};

/// A resource or data source that an expression names, whichever of its instances, and the attribute of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// `aws_iam_role.caller`, `data.aws_iam_policy_document.grants`.
    pub(super) address: String,
    /// `json`, `arn`; empty for the resource as a whole.
    pub(super) attribute: String,
}

/// What begins the name of a reference that is no resource.
const OTHERS: [&str; 9] = ["var", "local", "module", "each", "count", "path", "terraform", "self", "ephemeral"];

/// Functions that give one of their arguments, or one item of it, as it is.
const PASSING: [&str; 17] = [
    Call::PART,
    Call::CHOICE,
    Call::SPLAT,
    Call::SPREAD,
    "coalesce",
    "coalescelist",
    "compact",
    "concat",
    "distinct",
    "element",
    "flatten",
    "join",
    "nonsensitive",
    "one",
    "sensitive",
    "tostring",
    "try",
];

impl Reference {
    /// The reference of a name as it is written, if it is one to a resource.
    fn named(name: &str) -> Option<Self> {
        let mut steps = name.split('.');
        let first = steps.next()?;
        if OTHERS.contains(&first) {
            return None;
        }
        let is_name =
            |step: &&str| !step.is_empty() && step.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        let mut parts = vec![first];
        parts.extend(steps.by_ref().take(if first == "data" { 2 } else { 1 }));
        let complete = parts.len() == if first == "data" { 3 } else { 2 };
        if !complete || !parts.iter().all(is_name) {
            return None;
        }
        // splats are steps as well
        let attribute: Vec<&str> = steps.filter(|step| is_name(step)).collect();
        Some(Self { address: parts.join("."), attribute: attribute.join(".") })
    }

    /// The resource that an expression stands for, if it can be only one: `aws_iam_role.r.name`, `one(aws_iam_role.r[*].name)`,
    /// `var.create ? aws_iam_role.r[0].name : var.name`.
    pub(super) fn of(node: &Node) -> Option<Self> {
        let mut found = Vec::new();
        passed(node, &mut found);
        let first = found.first()?.clone();
        found.iter().all(|other| other.address == first.address).then_some(first)
    }

    /// All resources that an expression mentions, in strings too.
    pub(super) fn all(node: &Node) -> Vec<Self> {
        let mut found = Vec::new();
        mentioned(node, &mut found);
        found
    }
}

/// The references that a value may be.
fn passed(node: &Node, into: &mut Vec<Reference>) {
    match &node.value {
        Value::Call(call) if call.args.is_empty() => into.extend(Reference::named(call.name.as_str())),
        Value::Call(call) if call.name.as_str() == Call::PART => into.extend(part(call)),
        Value::Call(call) if call.name.as_str() == Call::CHOICE => {
            call.args.iter().skip(1).for_each(|arg| passed(arg, into));
        }
        Value::Call(call) if PASSING.contains(&call.name.as_str()) => {
            call.args.iter().for_each(|arg| passed(arg, into));
        }
        Value::List(items) => items.iter().for_each(|item| passed(item, into)),
        Value::Scalar(scalar) => {
            // a string of one hole, as in a document that stands in a string
            let text = &scalar.text;
            let whole = |range: &std::ops::Range<usize>| range.start == 0 && range.end == text.as_str().len();
            if text.holes().first().is_some_and(|hole| whole(&hole.range)) {
                into.extend(in_hole(text.as_str()));
            }
        }
        Value::Call(_) | Value::Map(_) => {}
    }
}

/// A part of a resource: `aws_iam_role.r[0]`, and then `name`.
fn part(call: &Call) -> Option<Reference> {
    let [whole, key] = call.args.as_slice() else { return None };
    let base = match &whole.value {
        Value::Call(inner) if inner.name.as_str() == Call::PART => part(inner)?,
        _ => Reference::of(whole)?,
    };
    let step = key.string().and_then(|key| key.literal());
    let is_attribute =
        !base.attribute.is_empty() || matches!(&whole.value, Value::Call(inner) if !inner.args.is_empty());
    Some(match step {
        Some(step) if is_attribute && base.attribute.is_empty() => Reference { attribute: step.to_owned(), ..base },
        Some(step) if is_attribute => Reference { attribute: format!("{}.{step}", base.attribute), ..base },
        // an instance
        _ => base,
    })
}

fn mentioned(node: &Node, into: &mut Vec<Reference>) {
    match &node.value {
        Value::Scalar(scalar) => {
            let text = &scalar.text;
            let written = text.holes().iter().filter_map(|hole| text.as_str().get(hole.range.clone()));
            into.extend(written.filter_map(in_hole));
        }
        Value::List(items) => items.iter().for_each(|item| mentioned(item, into)),
        Value::Map(entries) => entries.iter().for_each(|entry| mentioned(&entry.value, into)),
        Value::Call(call) if call.args.is_empty() => into.extend(Reference::named(call.name.as_str())),
        Value::Call(call) => call.args.iter().for_each(|arg| mentioned(arg, into)),
    }
}

/// The reference that a hole is: `${aws_iam_role.r.name}`.
fn in_hole(written: &str) -> Option<Reference> {
    Reference::named(written.strip_prefix("${")?.strip_suffix('}')?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{Scalar, ScalarKind};
    use crate::text::{Count, Span, Text};

    fn call(name: &str, args: Vec<Node>) -> Node {
        Node { span: Span::default(), value: Value::Call(Call { name: Text::unplaced(name), args }) }
    }

    fn string(text: Text) -> Node {
        Node { span: Span::default(), value: Value::Scalar(Scalar { text, kind: ScalarKind::String }) }
    }

    fn shown(node: &Node) -> Option<String> {
        Reference::of(node).map(|found| format!("{} {}", found.address, found.attribute))
    }

    #[test]
    fn the_resource_that_an_expression_stands_for() {
        let role = || call("aws_iam_role.r", Vec::new());
        let key = |key: &str| string(Text::unplaced(key));
        let instance = || call(Call::PART, vec![role(), key("blue")]);
        for (node, expected) in [
            (call("aws_iam_role.r.name", vec![]), Some("aws_iam_role.r name")),
            (call("data.aws_iam_policy_document.d.json", vec![]), Some("data.aws_iam_policy_document.d json")),
            (call(Call::PART, vec![instance(), key("arn")]), Some("aws_iam_role.r arn")),
            (instance(), Some("aws_iam_role.r ")),
            (call("one", vec![call("aws_iam_role.r.*.name", vec![])]), Some("aws_iam_role.r name")),
            (
                call(
                    Call::CHOICE,
                    vec![call("aws_x.c.d", vec![]), call("aws_iam_role.r.arn", vec![]), call("var.x", vec![])],
                ),
                Some("aws_iam_role.r arn"),
            ),
            (call("try", vec![call("aws_iam_role.r.arn", vec![]), call("aws_iam_role.q.arn", vec![])]), None),
            (call("replace", vec![call("aws_iam_role.r.arn", vec![])]), None),
            (call("var.role", vec![]), None),
            (call("module.m.role", vec![]), None),
            (
                string(Text::unknown("${aws_iam_role.r.name}", Span::default(), Count::Single)),
                Some("aws_iam_role.r name"),
            ),
            (key("literal"), None),
        ] {
            assert_eq!(shown(&node).as_deref(), expected, "{node:?}");
        }
        let text = Text::joined([
            &Text::unplaced("arn:"),
            &Text::unknown("${aws_iam_role.r.name}", Span::default(), Count::Single),
        ]);
        assert_eq!(Reference::of(&string(text.clone())), None);
        assert_eq!(Reference::all(&string(text)).len(), 1);
    }
}
