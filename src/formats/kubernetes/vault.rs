//! What the vault plugin of Argo CD puts into objects before they are applied.
//!
//! Source: argocd-vault-plugin documentation, "How it Works" (`<name>` in objects with the annotation
//! `avp.kubernetes.io/path`, `<path:…#name>` in all).

use crate::adapter::Field;
use crate::syntax::Node;
use crate::text::{Count, FilledBy, Hole};

/// How its annotations begin.
const ANNOTATION: &str = "avp.kubernetes.io/";

/// Makes holes of what the plugin fills in: no person has forgotten it.
pub(super) fn fill(object: &Node, fields: &mut [Field]) {
    let annotations = object.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let is_filled =
        annotations.is_some_and(|all| all.entries().iter().any(|one| one.key.as_str().starts_with(ANNOTATION)));
    for field in fields {
        let holes: Vec<Hole> = holes(field.value.as_str(), is_filled).collect();
        if !holes.is_empty() {
            let others = field.value.holes().to_vec();
            field.value = field.value.clone().with_holes(holes.into_iter().chain(others).collect());
        }
    }
}

/// What stands between angle brackets; without an annotation only what names its path.
fn holes(value: &str, is_filled: bool) -> impl Iterator<Item = Hole> {
    value.match_indices('<').filter_map(move |(start, _)| {
        let inside = value.get(start + 1..)?;
        // not past another one, so that no end is looked for twice
        let end = inside.find(['<', '>']).filter(|end| inside.get(*end..).is_some_and(|rest| rest.starts_with('>')))?;
        let is_ours = end > 0 && (is_filled || inside.starts_with("path:"));
        let hole = Hole { range: start..start + end + 2, count: Count::Single, filled_by: FilledBy::Template };
        is_ours.then_some(hole)
    })
}
