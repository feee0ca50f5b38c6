//! Which policies modules give to whom.
//!
//! Source: Terraform AWS provider, resources `aws_iam_*` and `aws_ssoadmin_*`.

use super::blocks::{dynamic, is_blank, nested};
use super::documents::{Documents, Found};
use super::principals::{Kind, Named, Principals};
use crate::formats::PolicyKind;
use crate::formats::terraform::module::Block;
use crate::syntax::{Call, Node, Value};

/// Resources that hold a policy of one principal: type, kind of principal, attribute that names it.
const INLINE: [(&str, Kind, &str, &str); 4] = [
    ("aws_iam_role_policy", Kind::Role, "role", "policy"),
    ("aws_iam_user_policy", Kind::User, "user", "policy"),
    ("aws_iam_group_policy", Kind::Group, "group", "policy"),
    ("aws_ssoadmin_permission_set_inline_policy", Kind::PermissionSet, "permission_set_arn", "inline_policy"),
];

/// Resources that attach policies: type, kind of principal, attribute that names it, attribute with the ARNs.
const ATTACHED: [(&str, Kind, &str, &str); 10] = [
    ("aws_iam_role_policy_attachment", Kind::Role, "role", "policy_arn"),
    ("aws_iam_user_policy_attachment", Kind::User, "user", "policy_arn"),
    ("aws_iam_group_policy_attachment", Kind::Group, "group", "policy_arn"),
    ("aws_iam_policy_attachment", Kind::Role, "roles", "policy_arn"),
    ("aws_iam_policy_attachment", Kind::User, "users", "policy_arn"),
    ("aws_iam_policy_attachment", Kind::Group, "groups", "policy_arn"),
    ("aws_iam_role_policy_attachments_exclusive", Kind::Role, "role_name", "policy_arns"),
    ("aws_iam_user_policy_attachments_exclusive", Kind::User, "user_name", "policy_arns"),
    ("aws_iam_group_policy_attachments_exclusive", Kind::Group, "group_name", "policy_arns"),
    ("aws_ssoadmin_managed_policy_attachment", Kind::PermissionSet, "permission_set_arn", "managed_policy_arn"),
];

/// Resources that say that the inline policies of a principal are all.
const EXCLUSIVE: [(&str, Kind, &str); 3] = [
    ("aws_iam_role_policies_exclusive", Kind::Role, "role_name"),
    ("aws_iam_user_policies_exclusive", Kind::User, "user_name"),
    ("aws_iam_group_policies_exclusive", Kind::Group, "group_name"),
];

/// Reads what the principals of all modules have.
pub(super) fn read<'m>(documents: &mut Documents<'m, '_, '_>, principals: &mut Principals) {
    let index = documents.index;
    for kind in Kind::ALL {
        for block in index.resources(kind.resource()) {
            own(block, documents, principals);
        }
    }
    for (resource, kind, whom, document) in INLINE {
        for block in index.resources(resource) {
            let mut named = principals.named(kind, block, whom);
            let found = documents.of(block, document, Some(PolicyKind::Identity));
            principals.attach(kind, block, &mut named, &found);
        }
    }
    for (resource, kind, whom, arn) in ATTACHED {
        for block in index.resources(resource) {
            if resource == "aws_iam_policy_attachment" && is_blank(block.body.get(whom)) {
                continue;
            }
            let mut named = principals.named(kind, block, whom);
            principals.attach(kind, block, &mut named, &attached(block, arn, documents));
            if resource.ends_with("_exclusive") {
                exclusive(&named, true, principals);
            }
        }
    }
    for (resource, kind, whom) in EXCLUSIVE {
        for block in index.resources(resource) {
            let named = principals.named(kind, block, whom);
            exclusive(&named, false, principals);
        }
    }
    customer_managed(documents, principals);
    members(documents, principals);
}

fn is_call(node: &Node) -> bool {
    matches!(node.value, Value::Call(_))
}

fn exclusive(named: &Named, attached: bool, principals: &mut Principals) {
    if let ([one], false) = (named.known.as_slice(), named.open)
        && let Some(principal) = principals.get_mut(*one)
    {
        principal.is_all(attached);
    }
}

/// What the resource of a principal says itself.
fn own<'m>(block: &'m Block, documents: &mut Documents<'m, '_, '_>, principals: &mut Principals) {
    let Some(at) = principals.made_by(&block.key()) else { return };
    let body = &block.body;
    let trust = match body.get("assume_role_policy") {
        Some(node) => documents.at(block, node, Some(PolicyKind::Trust)),
        None => Found { policies: Vec::new(), whole: true },
    };
    let mut own: Vec<Found> = Vec::new();
    for inline in nested(body, "inline_policy") {
        own.push(match inline.get("policy") {
            Some(policy) => documents.at(block, policy, Some(PolicyKind::Identity)),
            None => Found { policies: Vec::new(), whole: inline.entries().iter().next().is_none() && !is_call(inline) },
        });
    }
    own.extend(body.get("managed_policy_arns").map(|arns| documents.by_arn(arns, &block.module)));
    let has_more = dynamic(body, "inline_policy").next().is_some();
    let boundary = body.get("permissions_boundary").map(|arn| documents.by_arn(arn, &block.module));
    // of one that AWS manages it is known that it is there, and not what it lets through
    let is_managed = body.get("permissions_boundary").is_some_and(|arn| !is_blank(Some(arn)));
    if let Some(principal) = principals.get_mut(at) {
        principal.trust(&trust);
        own.iter().for_each(|found| principal.attach(found));
        if has_more {
            principal.has_more();
        }
        if let Some(found) = boundary {
            principal.bound(&Found { whole: found.whole && !is_managed, ..found });
        }
    }
}

/// The policies that a block attaches. Of a block that is repeated over their ARNs, all of these.
fn attached<'m>(block: &'m Block, attribute: &str, documents: &mut Documents<'m, '_, '_>) -> Found {
    let Some(arn) = block.body.get(attribute) else { return Found { policies: Vec::new(), whole: false } };
    let is_item = |name: &str| matches!(name, "each.value" | "each.key" | "each.value.arn" | "each.value.id");
    let is_each = match &arn.value {
        Value::Call(Call { name, args }) => args.is_empty() && is_item(name.as_str()),
        Value::Scalar(scalar) => {
            let inner = scalar.text.as_str().strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
            inner.is_some_and(is_item)
        }
        _ => false,
    };
    match block.body.get("for_each").filter(|_| is_each) {
        Some(over) => documents.by_arn(over, &block.module),
        None => documents.by_arn(arn, &block.module),
    }
}

/// Policies that permission sets have by the name of one in each account.
fn customer_managed(documents: &mut Documents<'_, '_, '_>, principals: &mut Principals) {
    let index = documents.index;
    for (resource, bounds) in [
        ("aws_ssoadmin_customer_managed_policy_attachment", false),
        ("aws_ssoadmin_permissions_boundary_attachment", true),
    ] {
        for block in index.resources(resource) {
            let mut named = principals.named(Kind::PermissionSet, block, "permission_set_arn");
            let boundary = nested(&block.body, "permissions_boundary").next();
            let holder = boundary.filter(|_| bounds).unwrap_or(&block.body);
            let name = nested(holder, "customer_managed_policy_reference").find_map(|one| one.get("name"));
            let found = match name {
                Some(name) => documents.by_arn(name, &block.module),
                None => Found { policies: Vec::new(), whole: false },
            };
            match (bounds, named.known.as_slice()) {
                (false, _) => principals.attach(Kind::PermissionSet, block, &mut named, &found),
                (true, [one]) => {
                    if let Some(principal) = principals.get_mut(*one) {
                        principal.bound(&Found { whole: false, ..found });
                    }
                }
                (true, _) => {}
            }
        }
    }
}

/// Users have what their groups have.
fn members(documents: &Documents<'_, '_, '_>, principals: &mut Principals) {
    let index = documents.index;
    for (resource, user, group) in
        [("aws_iam_user_group_membership", "user", "groups"), ("aws_iam_group_membership", "users", "group")]
    {
        for block in index.resources(resource) {
            let users = principals.named(Kind::User, block, user);
            let groups = principals.named(Kind::Group, block, group);
            principals.join(&users, &groups);
        }
    }
}
