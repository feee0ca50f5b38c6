//! The users, groups and roles that a template makes, or gives policies to, each with all policies that act for it.
//!
//! Source: AWS CloudFormation Template Reference, `AWS::IAM::*`, `AWS::SSO::PermissionSet`.

use std::collections::{HashMap, HashSet};

use super::template::{Resource, Template};
use super::{documents, sam, serverless};
use crate::bedrock::{is_managed_by_aws, may_grant_bedrock};
use crate::formats::evaluate::{each, text_of};
use crate::formats::{BoundaryFact, Grants, PolicyKind, PrincipalFact, Reader, policy};
use crate::syntax::{Node, Value};
use crate::text::{Count, Text};

/// The principals of a template.
#[derive(Default)]
pub(super) struct Principals {
    all: Vec<PrincipalFact>,
    /// By what policies and callers name them by: see [`names`].
    by_name: HashMap<Name, usize>,
}

/// The kind of a principal, and its logical id or its name.
type Name = (Kind, String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Role,
    User,
    Group,
    PermissionSet,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
            Self::Group => "group",
            Self::PermissionSet => "permission set",
        }
    }
}

/// A principal as its resource has it.
pub(super) struct Made {
    pub(super) kind: Kind,
    /// Its logical id; SAM makes one up for the roles that it makes.
    pub(super) id: String,
    /// Its name, where the template gives it one.
    pub(super) name: Option<String>,
    /// Documents of its own, each with its name.
    pub(super) inline: Vec<(String, Node)>,
    /// What names managed policies.
    pub(super) attached: Vec<Node>,
    /// What names the groups that a user is in.
    pub(super) groups: Vec<Node>,
    pub(super) boundary: Option<Node>,
    pub(super) trust: Option<Node>,
    /// Whether something grants more that cannot be read.
    pub(super) open: bool,
}

/// Whether resources of a type have policies of principals.
pub(super) fn is_about_principals(kind: &str) -> bool {
    kind.starts_with("AWS::IAM::") || kind.starts_with("AWS::SSO::") || kind.starts_with("AWS::Serverless::")
}

/// The policies that the template makes as resources, by what names them.
#[derive(Default)]
struct Managed {
    by_name: HashMap<String, Vec<usize>>,
}

impl Principals {
    /// Reads the principals of a template, and its policies for principals.
    pub(super) fn of(template: &Template<'_>, reader: &mut Reader<'_>) -> Self {
        let of_service = template.service.map(|service| serverless::made(template, service)).unwrap_or_default();
        let of_resources = template.resources.iter().filter_map(|resource| made(template, resource));
        let made: Vec<Made> = of_resources.chain(of_service).collect();
        let bounding: HashSet<String> =
            made.iter().filter_map(|one| Some(reference_to(one.boundary.as_ref()?)?.to_owned())).collect();
        let attached: HashSet<String> =
            made.iter().flat_map(|one| &one.attached).filter_map(|node| Some(reference_to(node)?.to_owned())).collect();
        let mut principals = Self::default();
        for one in &made {
            principals.add(one);
        }
        let mut managed = Managed::default();
        for resource in &template.resources {
            let is_attached = |targets: &[Target]| !targets.is_empty() || attached.contains(resource.id.as_str());
            let bounds = bounding.contains(resource.id.as_str());
            let Some(policy) = Attachment::of(template, resource) else { continue };
            let kind = match () {
                () if bounds && !is_attached(&policy.targets) => Some(PolicyKind::Boundary),
                () if is_attached(&policy.targets) => Some(PolicyKind::Identity),
                () => policy.kind_alone(),
            };
            let found = documents(&policy.document, resource.id.as_str(), kind, reader);
            for target in &policy.targets {
                principals.attach(target, &found);
            }
            let names = [Some(resource.id.as_str().to_owned()), policy.name];
            managed.by_name.extend(names.into_iter().flatten().map(|name| (name, found.clone())));
        }
        for (index, one) in made.iter().enumerate() {
            principals.complete(index, one, &managed, reader);
        }
        principals.join_groups(&made);
        principals
    }

    /// All of them.
    pub(super) fn facts(self) -> Vec<PrincipalFact> {
        self.all
    }

    /// Says that something calls as a role: what names it is the value of a property.
    pub(super) fn calls(&mut self, role: &Node, adapter: usize) {
        let Some(name) = named(role) else { return };
        let found = self.by_name.get(&(Kind::Role, name)).and_then(|index| self.all.get_mut(*index));
        if let Some(principal) = found {
            principal.adapters.push(adapter);
        }
    }

    fn add(&mut self, made: &Made) {
        let index = self.new_principal(format!("{} {}", made.kind.word(), made.id));
        self.by_name.insert((made.kind, made.id.clone()), index);
        if let Some(name) = &made.name {
            self.by_name.entry((made.kind, name.clone())).or_insert(index);
        }
    }

    fn new_principal(&mut self, name: String) -> usize {
        self.all.push(PrincipalFact {
            name,
            arn: None,
            account: None,
            policies: Vec::new(),
            trust: None,
            boundary: BoundaryFact::None,
            adapters: Vec::new(),
            grants: Grants::Named,
        });
        self.all.len() - 1
    }

    /// Gives policies to a principal, which may stand in another template.
    fn attach(&mut self, target: &Target, policies: &[usize]) {
        let Target { kind, name } = target;
        let index = match self.by_name.get(&(*kind, name.clone())) {
            Some(index) => *index,
            None => {
                let index = self.new_principal(format!("{} {name}", kind.word()));
                self.by_name.insert((*kind, name.clone()), index);
                index
            }
        };
        if let Some(principal) = self.all.get_mut(index) {
            principal.policies.extend(policies);
            if policies.is_empty() {
                principal.grants = Grants::Partial;
            }
        }
    }

    /// Reads what a principal has by itself.
    fn complete(&mut self, index: usize, made: &Made, managed: &Managed, reader: &mut Reader<'_>) {
        let (mut policies, mut whole) = (Vec::new(), !made.open);
        for (name, document) in &made.inline {
            let found = documents(document, &format!("{}/{name}", made.id), Some(PolicyKind::Identity), reader);
            whole &= !found.is_empty();
            policies.extend(found);
        }
        for attached in &made.attached {
            match managed.find(attached) {
                Some(found) if !found.is_empty() => policies.extend(found),
                Some(_) => whole = false,
                None => whole &= !may_grant(attached),
            }
        }
        let trust = made.trust.as_ref().map(|trust| documents(trust, &made.id, Some(PolicyKind::Trust), reader));
        let boundary = made.boundary.as_ref().map(|boundary| managed.find(boundary));
        let Some(principal) = self.all.get_mut(index) else { return };
        policies.append(&mut principal.policies);
        let mut seen = HashSet::new();
        policies.retain(|policy| seen.insert(*policy));
        principal.policies = policies;
        principal.trust = trust.and_then(|found| found.first().copied());
        principal.boundary = match boundary {
            None => BoundaryFact::None,
            Some(Some(&[one])) => BoundaryFact::Policy(one),
            Some(_) => BoundaryFact::Unread,
        };
        if !whole {
            principal.grants = Grants::Partial;
        }
    }

    /// Gives users what their groups are granted.
    fn join_groups(&mut self, made: &[Made]) {
        for (index, user) in made.iter().enumerate() {
            for group in &user.groups {
                let group = named(group).and_then(|name| self.by_name.get(&(Kind::Group, name)));
                let group = group.and_then(|group| self.all.get(*group));
                let found = group.map(|group| (group.policies.clone(), group.grants));
                let Some(principal) = self.all.get_mut(index) else { continue };
                match found {
                    Some((policies, grants)) => {
                        principal.policies.extend(policies);
                        principal.grants = if grants == Grants::Partial { grants } else { principal.grants };
                    }
                    None => principal.grants = Grants::Partial,
                }
            }
        }
    }
}

impl Managed {
    /// The documents of a policy that the template makes; `None` if it makes none of that name.
    fn find(&self, node: &Node) -> Option<&[usize]> {
        self.by_name.get(&named(node)?).map(Vec::as_slice)
    }
}

/// A principal that a policy is attached to, by its logical id, its name, or what stands for its name.
struct Target {
    kind: Kind,
    name: String,
}

/// A policy that is a resource, and whom it is attached to.
struct Attachment {
    document: Node,
    name: Option<String>,
    targets: Vec<Target>,
}

impl Attachment {
    fn of(template: &Template<'_>, resource: &Resource<'_>) -> Option<Self> {
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
            let each = named_by.iter().flat_map(each).filter_map(|node| name_of(node, template));
            each.map(|name| Target { kind: *kind, name }).collect::<Vec<_>>()
        });
        Some(Self {
            document: template.property(resource, "PolicyDocument")?,
            name: name.and_then(|key| literal(template.property(resource, key)?)),
            targets: targets.collect(),
        })
    }

    /// The kind of a policy that nothing in the template attaches: what it is called may say so, and one of Denies alone
    /// limits something.
    fn kind_alone(&self) -> Option<PolicyKind> {
        let is_boundary = |name: &String| policy::words(name).iter().any(|word| word.starts_with("boundar"));
        match () {
            () if self.name.as_ref().is_some_and(is_boundary) => Some(PolicyKind::Boundary),
            () if policy::denies_alone(&self.document) => None,
            () => Some(PolicyKind::Identity),
        }
    }
}

fn made(template: &Template<'_>, resource: &Resource<'_>) -> Option<Made> {
    let property = |key: &str| template.property(resource, key);
    let list = |key: &str| property(key).iter().flat_map(each).cloned().collect::<Vec<Node>>();
    let (kind, name) = match resource.kind {
        "AWS::IAM::Role" => (Kind::Role, "RoleName"),
        "AWS::IAM::User" => (Kind::User, "UserName"),
        "AWS::IAM::Group" => (Kind::Group, "GroupName"),
        "AWS::SSO::PermissionSet" => return Some(permission_set(template, resource)),
        _ => return sam::made(template, resource),
    };
    let policies = list("Policies");
    let documents = policies.iter().filter_map(|policy| {
        let name = policy.get("PolicyName").and_then(Node::scalar).map_or("Policies", Text::as_str);
        Some((name.to_owned(), policy.get("PolicyDocument")?.clone()))
    });
    let inline: Vec<(String, Node)> = documents.collect();
    Some(Made {
        kind,
        id: resource.id.as_str().to_owned(),
        name: property(name).and_then(literal),
        open: inline.len() < policies.len(),
        inline,
        attached: list("ManagedPolicyArns"),
        groups: list("Groups"),
        boundary: property("PermissionsBoundary"),
        trust: property("AssumeRolePolicyDocument"),
    })
}

fn permission_set(template: &Template<'_>, resource: &Resource<'_>) -> Made {
    let property = |key: &str| template.property(resource, key);
    Made {
        kind: Kind::PermissionSet,
        id: resource.id.as_str().to_owned(),
        name: None,
        inline: property("InlinePolicy").map(|document| ("InlinePolicy".to_owned(), document)).into_iter().collect(),
        attached: property("ManagedPolicies").iter().flat_map(each).cloned().collect(),
        groups: Vec::new(),
        boundary: property("PermissionsBoundary"),
        trust: None,
        open: property("CustomerManagedPolicyReferences").is_some_and(|list| !each(&list).is_empty()),
    }
}

/// Whether a managed policy that the template does not make may grant something of Amazon Bedrock. What follows the last
/// slash of its ARN is its name.
fn may_grant(attached: &Node) -> bool {
    let Some(text) = attached.scalar() else { return true };
    let name = text.as_str().rfind('/').map_or(0, |slash| slash + 1);
    let is_known = text.part(name..text.as_str().len()).literal().is_some();
    // SAM takes names without the ARN
    let is_of_aws = is_managed_by_aws(text.as_str()) || !text.as_str().contains(':');
    !is_known || !is_of_aws || may_grant_bedrock(text.as_str())
}

/// The logical id that a value refers to: `Ref`, or its `Arn`.
pub(super) fn reference_to(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Call(call) if call.args.is_empty() => {
            let name = call.name.as_str();
            Some(name.strip_suffix(".Arn").or_else(|| name.strip_suffix(".PolicyArn")).unwrap_or(name))
        }
        _ => None,
    }
}

/// What something is named by: a logical id, a name, or the name at the end of an ARN.
fn named(node: &Node) -> Option<String> {
    if let Some(id) = reference_to(node) {
        return Some(id.to_owned());
    }
    let text = node.scalar()?;
    let start = text.as_str().rfind('/').map_or(0, |slash| slash + 1);
    let name = text.part(start..text.as_str().len());
    match name.holes() {
        [] => Some(name.as_str().to_owned()),
        // `role/${Role}`
        [hole] if hole.range == (0..name.as_str().len()) => {
            Some(name.as_str().trim_start_matches("${").trim_end_matches('}').to_owned())
        }
        _ => None,
    }
}

/// The same for a principal that need not be in the template: what stands for one name, stands for one principal.
fn name_of(node: &Node, template: &Template<'_>) -> Option<String> {
    named(node).or_else(|| {
        let text = text_of(node, template);
        let is_one = text.holes().iter().all(|hole| hole.count == Count::Single);
        is_one.then(|| text.as_str().to_owned())
    })
}

fn literal(node: Node) -> Option<String> {
    node.scalar()?.literal().map(str::to_owned)
}
