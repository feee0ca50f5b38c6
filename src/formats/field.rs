//! Settings from trees: keys with scalar values, and which of these are filled in later.

use super::placeholder;
use crate::adapter::Field;
use crate::syntax::{Entry, Node, ScalarKind, Value};
use crate::text::{Count, FilledBy, Hole, Text};

/// The setting of a key, if it stands there with a scalar value, or with one that something else computes.
pub(super) fn field(map: &Node, key: &str) -> Option<Field> {
    map.entry(key).and_then(field_of)
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
    text.clone().with_holes(holes)
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
