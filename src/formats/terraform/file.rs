//! One file of a module, before what it says is put together with the others.

use std::sync::Arc;

use crate::formats::{ADDRESS, FormatOptions, Reader, Unfinished, carries_a_policy};
use crate::source::Source;
use crate::syntax::{Call, Entry, Fault, Node, Scalar, ScalarKind, Value, hcl, json};
use crate::text::{SourceMap, Span};

/// A file of Terraform or OpenTofu that could be read.
#[derive(Debug)]
pub struct File {
    pub(super) source: Arc<Source>,
    /// How it is to be read.
    pub(super) options: FormatOptions,
    /// Whether it is one of the files that are checked, and not only opened because others need it.
    pub(super) checked: bool,
    pub(super) role: Role,
    pub(super) root: Node,
}

/// What a file is for, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Blocks.
    Blocks,
    /// Blocks that replace parts of others: `override.tf`, `x_override.tf`.
    Override,
    /// Values of variables that Terraform takes by itself: `terraform.tfvars`, `x.auto.tfvars`.
    Values,
    /// Values of variables that whoever runs Terraform may name.
    OtherValues,
}

/// The role of a file by its path; `None` for what is no file of Terraform.
pub(super) fn role(path: &str) -> Option<Role> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.strip_suffix(".json").unwrap_or(name);
    if let Some(stem) = name.strip_suffix(".tf").or_else(|| name.strip_suffix(".tofu")) {
        let overrides = stem == "override" || stem.ends_with("_override");
        return Some(if overrides { Role::Override } else { Role::Blocks });
    }
    let stem = name.strip_suffix(".tfvars")?;
    let automatic = stem == "terraform" || stem.ends_with(".auto");
    Some(if automatic { Role::Values } else { Role::OtherValues })
}

/// Whether a path is that of a file of Terraform or OpenTofu.
pub(in crate::formats) fn is_called(path: &str) -> bool {
    role(path).is_some()
}

/// Reads a file that is called one of Terraform. One that cannot be read is told where the user named it, or where a
/// policy would go unread.
pub(in crate::formats) fn read(body: &str, map: &SourceMap, named: bool, reader: &mut Reader<'_>) {
    let source = Arc::clone(reader.source);
    let Some(role) = role(source.path()) else { return };
    match parse(source.path(), body, map) {
        Ok((root, comments)) => {
            let options = FormatOptions { kind: reader.kind, example: reader.example };
            reader.comments(comments);
            reader.facts.understood = true;
            reader.facts.unfinished.push(Unfinished::Terraform(File { source, options, checked: true, role, root }));
        }
        Err(fault) if named || carries_a_policy(body, "ffect") => {
            let language = if source.path().ends_with(".json") { "JSON" } else { "HCL" };
            reader.problem(fault.span, format!("not {language}: {}", fault.message));
        }
        Err(_) => reader.facts.unparsed = true,
    }
}

impl File {
    /// A file that others need; `None` if it cannot be read.
    pub(super) fn beside(source: &Arc<Source>) -> Option<Self> {
        let role = role(source.path())?;
        let (body, offset) = source.body();
        let map = SourceMap::Verbatim(Span::new(offset, offset).start);
        let (root, _) = parse(source.path(), body, &map).ok()?;
        let options = FormatOptions::default();
        Some(Self { source: Arc::clone(source), options, checked: false, role, root })
    }
}

fn parse(path: &str, body: &str, map: &SourceMap) -> Result<(Node, Vec<Span>), Fault> {
    if !path.ends_with(".json") {
        let document = hcl::parse(body, map)?;
        let comments = hcl::comments(body, &document, ADDRESS, map);
        return Ok((document.root, comments));
    }
    let nothing = || Node { span: map.span(0..0), value: Value::Map(Vec::new()) };
    let root = json::parse(body, map)?.map_or_else(nothing, |document| with_templates(&document.root));
    Ok((root, Vec::new()))
}

/// The tree of a JSON file, in which every string is a template.
fn with_templates(node: &Node) -> Node {
    let value = match &node.value {
        Value::Scalar(Scalar { text, kind: ScalarKind::String }) => {
            // what cannot be read as a template is a mistake of its own, and not ours to tell
            let read = hcl::parse_template(text.as_str(), text.map()).ok();
            read.map_or_else(|| node.value.clone(), |read| read.value)
        }
        Value::Scalar(scalar) => Value::Scalar(scalar.clone()),
        Value::List(items) => Value::List(items.iter().map(with_templates).collect()),
        Value::Map(entries) => {
            let inner = |entry: &Entry| Entry { key: entry.key.clone(), value: with_templates(&entry.value) };
            Value::Map(entries.iter().map(inner).collect())
        }
        Value::Call(Call { name, args }) => {
            Value::Call(Call { name: name.clone(), args: args.iter().map(with_templates).collect() })
        }
    };
    Node { span: node.span, value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roles_of_files() {
        for (path, expected) in [
            ("a/main.tf", Some(Role::Blocks)),
            ("main.tofu", Some(Role::Blocks)),
            ("main.tf.json", Some(Role::Blocks)),
            ("override.tf", Some(Role::Override)),
            ("a/dev_override.tf.json", Some(Role::Override)),
            ("terraform.tfvars", Some(Role::Values)),
            ("x.auto.tfvars.json", Some(Role::Values)),
            ("env/prod.tfvars", Some(Role::OtherValues)),
            ("main.json", None),
            ("main.tf.bak", None),
            ("tf", None),
        ] {
            assert_eq!(role(path), expected, "{path}");
        }
    }
}
