//! Policies that are resources, and whom a template attaches them to.

use super::intrinsics::NO_VALUE;
use super::principals::{Kind, literal, named, reference_to};
use super::template::{Resource, Template};
use super::ties;
use crate::formats::evaluate::{each, text_of};
use crate::formats::{PolicyKind, Tie, policy};
use crate::syntax::{Node, Value};
use crate::text::Count;

/// A principal that a policy is attached to.
pub(super) struct Target {
    pub(super) kind: Kind,
    /// Its logical id, its name, or what stands for its name: the same for the same one. `None` where it may be any.
    pub(super) name: Option<String>,
    /// What another template may know it by.
    pub(super) tie: Option<Tie>,
}

impl Target {
    fn of(kind: Kind, node: &Node, template: &Template<'_>, path: &str) -> Self {
        let tie = ties::taken_over(node, template);
        let name = match &tie {
            // no name has such a sign
            Some(tie) => Some(format!("{tie:?}")),
            None => name_of(node, template),
        };
        let is_name = reference_to(node).is_none() && node.scalar().is_some_and(|text| text.literal().is_some());
        let written = || Some(Tie::Name(format!("{} {}", kind.word(), name.as_ref().filter(|_| is_name)?)));
        let tie = tie.or_else(|| ties::given(node, template, path)).or_else(written);
        Self { kind, name, tie }
    }
}

/// A policy that is a resource, and whom it is attached to.
pub(super) struct Attachment {
    pub(super) document: Node,
    pub(super) name: Option<String>,
    pub(super) targets: Vec<Target>,
}

impl Attachment {
    /// The policy that a resource of the template at `path` is.
    pub(super) fn of(template: &Template<'_>, resource: &Resource<'_>, path: &str) -> Option<Self> {
        const ALL: &[(&str, Kind)] = &[("Roles", Kind::Role), ("Users", Kind::User), ("Groups", Kind::Group)];
        let (keys, name): (&[(&str, Kind)], _) = match resource.kind {
            "AWS::IAM::Policy" => (ALL, None),
            "AWS::IAM::ManagedPolicy" => (ALL, Some("ManagedPolicyName")),
            "AWS::IAM::RolePolicy" => (&[("RoleName", Kind::Role)], None),
            "AWS::IAM::UserPolicy" => (&[("UserName", Kind::User)], None),
            "AWS::IAM::GroupPolicy" => (&[("GroupName", Kind::Group)], None),
            _ => return None,
        };
        let targets = keys.iter().flat_map(|(key, kind)| {
            let named_by = template.property(resource, key);
            let each = named_by.iter().flat_map(each).filter(|node| reference_to(node) != Some(NO_VALUE));
            let each = each.map(|node| Target::of(*kind, node, template, path));
            each.collect::<Vec<_>>()
        });
        Some(Self {
            document: template.property(resource, "PolicyDocument")?,
            name: name.and_then(|key| literal(template.property(resource, key)?)),
            targets: targets.collect(),
        })
    }

    /// The kind of a policy that nothing in the template attaches: what it is called may say so, and one of Denies alone
    /// limits something.
    pub(super) fn kind_alone(&self) -> Option<PolicyKind> {
        let is_boundary = |name: &String| policy::words(name).iter().any(|word| word.starts_with("boundar"));
        match () {
            () if self.name.as_ref().is_some_and(is_boundary) => Some(PolicyKind::Boundary),
            () if policy::denies_alone(&self.document) => None,
            () => Some(PolicyKind::Identity),
        }
    }
}

/// The name of a principal that need not be in the template: what stands for one name, stands for one principal.
fn name_of(node: &Node, template: &Template<'_>) -> Option<String> {
    named(node).or_else(|| {
        let text = text_of(node, template);
        let is_one = text.holes().iter().all(|hole| hole.count == Count::Single);
        (is_one && !matches!(node.value, Value::Map(_))).then(|| text.as_str().to_owned())
    })
}
