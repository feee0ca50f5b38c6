//! The Region that a resource is made in.

use super::blocks::{Index, is_blank};
use crate::adapter::Field;
use crate::formats::field::field_of;
use crate::formats::terraform::module::{Block, OF};
use crate::source::Location;
use crate::syntax::{Entry, Node, Value};

/// The Region of a resource, and where it stands: its own `region`, else that of its provider. `None` where the module
/// does not say it.
pub(super) fn of(block: &Block, index: &Index<'_>) -> Option<(Field, Location)> {
    let said = |block: &Block| {
        let entry = block.body.entry("region").filter(|entry| !is_blank(Some(&entry.value)))?;
        Some((field_of(entry)?, Location::new(&block.source, entry.value.span)))
    };
    said(block).or_else(|| said(provider(block, index)?))
}

/// The provider of AWS that makes a resource.
fn provider<'m>(block: &Block, index: &Index<'m>) -> Option<&'m Block> {
    let wanted = match block.body.entry("provider") {
        None => None,
        Some(entry) => Some(alias_of(entry)?),
    };
    let alias = |provider: &Block| {
        let alias = provider.body.get("alias").and_then(Node::scalar);
        alias.map(|alias| alias.as_str().to_owned())
    };
    index.at(&format!("{}{OF}provider.aws", block.module)).iter().copied().find(|provider| alias(provider) == wanted)
}

/// `aws.west` is the alias `west`; in JSON it is written as a string.
fn alias_of(entry: &Entry) -> Option<String> {
    let written = match &entry.value.value {
        Value::Call(call) => call.name.as_str(),
        Value::Scalar(scalar) => scalar.text.as_str(),
        Value::List(_) | Value::Map(_) => return None,
    };
    written.strip_prefix("aws.").map(str::to_owned)
}
