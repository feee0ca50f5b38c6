//! Gateways and operators that run in Kubernetes or beside it, by the resources that configure them.

mod envoy;
mod kong;
mod operators;

use super::Reader;
use super::field::text;
use crate::syntax::Node;

/// Finds what the documents of one file configure together.
pub(super) fn read(documents: &[Node], reader: &mut Reader<'_>) {
    let objects: Vec<&Node> = documents.iter().flat_map(objects).collect();
    envoy::read(&objects, reader);
    for object in objects {
        operators::read(object, reader);
        kong::read(object, reader);
    }
}

/// The objects of a list of Kubernetes, or the document by itself.
fn objects(document: &Node) -> &[Node] {
    match document.get("items") {
        Some(items) if is_kind(document, "List") => items.items(),
        _ => std::slice::from_ref(document),
    }
}

fn is_kind(object: &Node, kind: &str) -> bool {
    text(object, &["kind"]).is_some_and(|text| text.as_str() == kind)
}
