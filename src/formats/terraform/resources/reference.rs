//! What expressions refer to: the resources, data sources and calls of modules.

use crate::formats::terraform::module::OF;
use crate::syntax::{Call, Node, Value};

/// A resource, data source or call of a module that an expression names, whichever of its instances, and the attribute
/// of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// Its address with its module: `modules/app: aws_iam_role.caller`.
    pub(super) key: String,
    /// `json`, `arn`; empty for the resource as a whole.
    pub(super) attribute: String,
}

/// What begins the name of a reference that is no resource.
const OTHERS: [&str; 8] = ["var", "local", "each", "count", "path", "terraform", "self", "ephemeral"];

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
    /// The reference of a name as it is written in a module, if it is one to a block.
    fn named(name: &str, module: &str) -> Option<Self> {
        let (module, name) = name.split_once(OF).unwrap_or((module, name));
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
        Some(Self { key: format!("{module}{OF}{}", parts.join(".")), attribute: attribute.join(".") })
    }

    /// The block that an expression in a module stands for, if it can be only one: `aws_iam_role.r.name`,
    /// `one(aws_iam_role.r[*].name)`, `var.create ? aws_iam_role.r[0].name : var.name`.
    pub(super) fn of(node: &Node, module: &str) -> Option<Self> {
        let mut found = Found { module, all: Vec::new() };
        found.passed(node);
        let first = found.all.first()?.clone();
        found.all.iter().all(|other| other.key == first.key).then_some(first)
    }

    /// All blocks that an expression in a module mentions, in strings too.
    pub(super) fn all(node: &Node, module: &str) -> Vec<Self> {
        let mut found = Found { module, all: Vec::new() };
        found.mentioned(node);
        found.all
    }

    /// Its address in its module: `aws_iam_role.caller`, `data.aws_iam_policy_document.grants`, `module.app`.
    pub(super) fn address(&self) -> &str {
        self.key.split_once(OF).map_or(self.key.as_str(), |(_, address)| address)
    }

    /// Whether it is to a block of that type.
    pub(super) fn is_to(&self, kind: &str) -> bool {
        self.address().strip_prefix(kind).is_some_and(|rest| rest.starts_with('.'))
    }
}

/// What an expression in a module refers to.
struct Found<'m> {
    module: &'m str,
    all: Vec<Reference>,
}

impl Found<'_> {
    /// The references that a value may be.
    fn passed(&mut self, node: &Node) {
        match &node.value {
            Value::Call(call) if call.args.is_empty() => self.add(call.name.as_str()),
            Value::Call(call) if call.name.as_str() == Call::PART => self.all.extend(part(call, self.module)),
            Value::Call(call) if call.name.as_str() == Call::CHOICE => {
                call.args.iter().skip(1).for_each(|arg| self.passed(arg));
            }
            Value::Call(call) if PASSING.contains(&call.name.as_str()) => {
                call.args.iter().for_each(|arg| self.passed(arg));
            }
            Value::List(items) => items.iter().for_each(|item| self.passed(item)),
            Value::Scalar(scalar) => {
                // a string of one hole, as in a document that stands in a string
                let text = &scalar.text;
                let whole = |range: &std::ops::Range<usize>| range.start == 0 && range.end == text.as_str().len();
                if text.holes().first().is_some_and(|hole| whole(&hole.range)) {
                    self.add_hole(text.as_str());
                }
            }
            Value::Call(_) | Value::Map(_) => {}
        }
    }

    fn mentioned(&mut self, node: &Node) {
        match &node.value {
            Value::Scalar(scalar) => {
                let text = &scalar.text;
                let written = text.holes().iter().filter_map(|hole| text.as_str().get(hole.range.clone()));
                written.for_each(|hole| self.add_hole(hole));
            }
            Value::List(items) => items.iter().for_each(|item| self.mentioned(item)),
            Value::Map(entries) => entries.iter().for_each(|entry| self.mentioned(&entry.value)),
            Value::Call(call) if call.args.is_empty() => self.add(call.name.as_str()),
            Value::Call(call) => call.args.iter().for_each(|arg| self.mentioned(arg)),
        }
    }

    fn add(&mut self, name: &str) {
        self.all.extend(Reference::named(name, self.module));
    }

    /// The reference that a hole is: `${aws_iam_role.r.name}`.
    fn add_hole(&mut self, written: &str) {
        let name = written.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        self.all.extend(name.and_then(|name| Reference::named(name, self.module)));
    }
}

/// A part of a resource: `aws_iam_role.r[0]`, and then `name`.
fn part(call: &Call, module: &str) -> Option<Reference> {
    let [whole, key] = call.args.as_slice() else { return None };
    let base = match &whole.value {
        Value::Call(inner) if inner.name.as_str() == Call::PART => part(inner, module)?,
        _ => Reference::of(whole, module)?,
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
        Reference::of(node, "m").map(|found| format!("{} {}", found.key, found.attribute))
    }

    #[test]
    fn the_resource_that_an_expression_stands_for() {
        let role = || call("aws_iam_role.r", Vec::new());
        let key = |key: &str| string(Text::unplaced(key));
        let instance = || call(Call::PART, vec![role(), key("blue")]);
        for (node, expected) in [
            (call("aws_iam_role.r.name", vec![]), Some("m: aws_iam_role.r name")),
            (call("data.aws_iam_policy_document.d.json", vec![]), Some("m: data.aws_iam_policy_document.d json")),
            (call(Call::PART, vec![instance(), key("arn")]), Some("m: aws_iam_role.r arn")),
            (instance(), Some("m: aws_iam_role.r ")),
            (call("one", vec![call("aws_iam_role.r.*.name", vec![])]), Some("m: aws_iam_role.r name")),
            (
                call(
                    Call::CHOICE,
                    vec![call("aws_x.c.d", vec![]), call("aws_iam_role.r.arn", vec![]), call("var.x", vec![])],
                ),
                Some("m: aws_iam_role.r arn"),
            ),
            (call("try", vec![call("aws_iam_role.r.arn", vec![]), call("aws_iam_role.q.arn", vec![])]), None),
            (call("replace", vec![call("aws_iam_role.r.arn", vec![])]), None),
            (call("var.role", vec![]), None),
            (call("module.m.role", vec![]), Some("m: module.m role")),
            (call("modules/x: aws_iam_role.r.arn", vec![]), Some("modules/x: aws_iam_role.r arn")),
            (call("modules/x: var.role", vec![]), None),
            (
                string(Text::unknown("${aws_iam_role.r.name}", Span::default(), Count::Single)),
                Some("m: aws_iam_role.r name"),
            ),
            (key("literal"), None),
        ] {
            assert_eq!(shown(&node).as_deref(), expected, "{node:?}");
        }
        let text = Text::joined([
            &Text::unplaced("arn:"),
            &Text::unknown("${aws_iam_role.r.name}", Span::default(), Count::Single),
        ]);
        assert_eq!(Reference::of(&string(text.clone()), "m"), None);
        assert_eq!(Reference::all(&string(text), "m").len(), 1);
    }
}
