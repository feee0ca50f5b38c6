//! Settings from trees: keys with scalar values, and which of these are filled in later.

use super::placeholder;
use crate::adapter::Field;
use crate::syntax::{Entry, Node, ScalarKind, Value};
use crate::text::{Count, FilledBy, Hole, Text};

/// The setting of a key, if it stands there with a scalar value, or with one that something else computes.
pub(super) fn field(map: &Node, key: &str) -> Option<Field> {
    map.entry(key).and_then(field_of)
}

/// The string at the end of a path of keys.
pub(super) fn text<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Text> {
    at(node, path).and_then(Node::string)
}

/// What stands at the end of a path of keys, unless it is null.
pub(super) fn at<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Node> {
    let found = path.iter().try_fold(node, |node, key| node.get(key))?;
    (!matches!(&found.value, Value::Scalar(scalar) if scalar.kind == ScalarKind::Null)).then_some(found)
}

/// The setting that an entry is.
pub(super) fn field_of(entry: &Entry) -> Option<Field> {
    let span = entry.value.span;
    let (value, kind) = match &entry.value.value {
        Value::Scalar(scalar) if scalar.kind == ScalarKind::String => (with_holes(&scalar.text), scalar.kind),
        Value::Scalar(scalar) => (scalar.text.clone(), scalar.kind),
        Value::Call(_) => (computed(&entry.value), ScalarKind::String),
        Value::List(_) | Value::Map(_) => return None,
    };
    Some(Field { key: entry.key.clone(), value, kind, span })
}

/// The string with its placeholders as holes. One that only names where the value is kept is a hole as a whole.
pub(super) fn with_holes(text: &Text) -> Text {
    if is_reference(text.as_str()) {
        let hole = Hole { range: 0..text.as_str().len(), count: Count::Single, filled_by: FilledBy::Template };
        return text.clone().with_holes(vec![hole]);
    }
    let mut holes = text.holes().to_vec();
    holes.extend(placeholder::holes(text.as_str()));
    holes.extend(with_default(text.as_str()));
    text.clone().with_holes(holes)
}

/// `${NAME:-default}` of shells and Compose, `${name:default}` of Spring: in settings that is no variable of IAM, and what
/// is set wins over the default.
fn with_default(value: &str) -> impl Iterator<Item = Hole> {
    value.match_indices("${").filter_map(|(start, _)| {
        // not past another one, so that no end is looked for twice
        let inside = value.get(start + 2..)?;
        let end = inside.find(['}', '$']).filter(|end| inside.get(*end..).is_some_and(|rest| rest.starts_with('}')))?;
        let length = end + 3;
        Some(Hole { range: start..start + length, count: Count::Single, filled_by: FilledBy::Template })
    })
}

/// The setting with nothing of its value known: where the file does not say which of several values is taken.
pub(super) fn unknown(field: &Field) -> Field {
    let hole = Hole { range: 0..field.value.as_str().len(), count: Count::Single, filled_by: FilledBy::Template };
    Field { value: field.value.clone().with_holes(vec![hole]), ..field.clone() }
}

/// A value that is not known at all.
pub(super) fn computed(node: &Node) -> Text {
    Text::unknown("${…}", node.span, Count::Many)
}

/// How values begin that name where the value is kept: LiteLLM's environment references, 1Password, HashiCorp Vault,
/// Kong's vaults, AWS, Azure and Google secret stores, SOPS, Ansible Vault, files. Sources: the documentation of each.
const REFERENCES: [&str; 20] = [
    "os.environ/",
    "{vault://",
    "op://",
    "vault:",
    "vault://",
    "ref+",
    "secret:",
    "secret://",
    "secrets.",
    "ssm:",
    "ssm://",
    "aws-sm:",
    "arn:aws:secretsmanager:",
    "arn:aws:ssm:",
    "sm://",
    "gcp-sm:",
    "@Microsoft.KeyVault(",
    "ENC[",
    "$ANSIBLE_VAULT;",
    "file://",
];

/// Whether a value names where it is kept, or who gives it: `user_provided` is LibreChat's word.
fn is_reference(value: &str) -> bool {
    value == "user_provided" || REFERENCES.iter().any(|start| value.starts_with(start))
}
