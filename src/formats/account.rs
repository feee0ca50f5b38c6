//! `aws iam get-account-authorization-details`: all users, groups and roles of an account with their policies. The
//! policies of one principal act together, and usually nothing else does: a set that is known to be whole.

use std::collections::{BTreeMap, BTreeSet};

use super::envelope::document_at;
use super::{BoundaryFact, Grants, PolicyKind, PrincipalFact, Reader, Ties};
use crate::syntax::Node;
use crate::text::Text;

const LISTS: [&str; 4] = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"];

/// Whether a document is an account dump, or a page of one.
pub(super) fn is_dump(root: &Node) -> bool {
    LISTS.iter().filter(|list| root.get(list).is_some()).count() >= 2
}

/// Reads an account dump.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    reader.facts.apart = true;
    let managed = managed_policies(root, &boundaries(root), reader);
    let mut groups = BTreeMap::new();
    let mut members = BTreeSet::new();
    for group in list(root, "GroupDetailList") {
        let gathered = gather(group, "GroupPolicyList", &managed, reader);
        if let Some(name) = field(group, "GroupName") {
            groups.insert(name.as_str().to_owned(), gathered);
        }
    }
    for user in list(root, "UserDetailList") {
        let mut gathered = gather(user, "UserPolicyList", &managed, reader);
        for group in list(user, "GroupList").iter().filter_map(Node::scalar) {
            members.insert(group.as_str());
            match groups.get(group.as_str()) {
                Some(of_group) => gathered.extend(of_group),
                None => gathered.whole = false,
            }
        }
        principal(user, "user", "UserName", gathered, None, reader);
    }
    for group in list(root, "GroupDetailList") {
        let name = field(group, "GroupName").map(Text::as_str);
        let gathered = name.filter(|name| !members.contains(name)).and_then(|name| groups.get(name));
        if let Some(gathered) = gathered {
            // whoever joins it may have other policies
            let gathered = Gathered { whole: false, ..gathered.clone() };
            principal(group, "group", "GroupName", gathered, None, reader);
        }
    }
    for role in list(root, "RoleDetailList") {
        let gathered = gather(role, "RolePolicyList", &managed, reader);
        let name = field(role, "RoleName").map(|text| text.as_str().to_owned());
        let trust = role.get("AssumeRolePolicyDocument");
        let trust = trust.and_then(|document| document_at(document, name, Some(PolicyKind::Trust), reader));
        principal(role, "role", "RoleName", gathered, trust, reader);
    }
}

/// Policies of a principal, and whether they are all of them.
#[derive(Clone)]
struct Gathered {
    policies: Vec<usize>,
    boundary: BoundaryFact,
    whole: bool,
}

impl Gathered {
    fn extend(&mut self, other: &Self) {
        self.policies.extend(&other.policies);
        self.whole &= other.whole;
    }
}

/// Managed policies by ARN; `None` where the dump has no readable document of one.
type Managed = BTreeMap<String, Option<usize>>;

fn managed_policies(root: &Node, boundaries: &BTreeSet<&str>, reader: &mut Reader<'_>) -> Managed {
    let mut managed = BTreeMap::new();
    for policy in list(root, "Policies") {
        let Some(arn) = field(policy, "Arn") else { continue };
        let versions = list(policy, "PolicyVersionList");
        let is_default =
            |version: &&Node| field(version, "IsDefaultVersion").is_some_and(|text| text.as_str() == "true");
        let version = versions.iter().find(is_default).or(versions.first());
        let name = field(policy, "PolicyName").map(|text| text.as_str().to_owned());
        let document = version.and_then(|version| version.get("Document"));
        let kind = if boundaries.contains(arn.as_str()) { PolicyKind::Boundary } else { PolicyKind::Identity };
        let index = document.and_then(|document| document_at(document, name, Some(kind), reader));
        managed.insert(arn.as_str().to_owned(), index);
    }
    managed
}

/// ARNs of managed policies that bound principals and are attached to none.
fn boundaries(root: &Node) -> BTreeSet<&str> {
    let principals = || {
        let lists = ["UserDetailList", "GroupDetailList", "RoleDetailList"].into_iter();
        lists.flat_map(|key| list(root, key))
    };
    let mut boundaries: BTreeSet<&str> = principals().filter_map(boundary_arn).map(Text::as_str).collect();
    let attached = principals().flat_map(|one| list(one, "AttachedManagedPolicies"));
    for arn in attached.filter_map(|attached| field(attached, "PolicyArn")) {
        boundaries.remove(arn.as_str());
    }
    boundaries
}

/// The ARN of the managed policy that bounds a principal.
fn boundary_arn(principal: &Node) -> Option<&Text> {
    field(principal.get("PermissionsBoundary")?, "PermissionsBoundaryArn")
}

fn gather(node: &Node, inline: &str, managed: &Managed, reader: &mut Reader<'_>) -> Gathered {
    let boundary = match boundary_arn(node).map(|arn| managed.get(arn.as_str())) {
        None => BoundaryFact::None,
        Some(Some(Some(index))) => BoundaryFact::Policy(*index),
        Some(_) => BoundaryFact::Unread,
    };
    let mut gathered = Gathered { policies: Vec::new(), boundary, whole: true };
    for policy in list(node, inline) {
        let name = field(policy, "PolicyName").map(|text| text.as_str().to_owned());
        let document = policy.get("PolicyDocument");
        match document.and_then(|document| document_at(document, name, Some(PolicyKind::Identity), reader)) {
            Some(index) => gathered.policies.push(index),
            None => gathered.whole = false,
        }
    }
    for attached in list(node, "AttachedManagedPolicies") {
        match field(attached, "PolicyArn").and_then(|arn| managed.get(arn.as_str())) {
            Some(Some(index)) => gathered.policies.push(*index),
            _ => gathered.whole = false,
        }
    }
    gathered
}

fn principal(node: &Node, what: &str, name: &str, gathered: Gathered, trust: Option<usize>, reader: &mut Reader<'_>) {
    let name = field(node, name).map_or("?", Text::as_str);
    let arn = field(node, "Arn").map(|arn| arn.as_str().to_owned());
    let account = arn.as_deref().and_then(|arn| arn.split(':').nth(4)).map(str::to_owned);
    let Gathered { policies, boundary, whole } = gathered;
    let grants = if whole { Grants::Whole } else { Grants::Partial };
    let name = format!("{what} {name}");
    let (adapters, ties) = (Vec::new(), Ties::default());
    let fact = PrincipalFact { name, arn, account, policies, trust, boundary, adapters, grants, ties };
    reader.facts.principals.push(fact);
}

fn list<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key).map(Node::items).unwrap_or_default()
}

fn field<'a>(node: &'a Node, key: &str) -> Option<&'a Text> {
    node.get(key).and_then(Node::scalar)
}
