//! The users, groups and roles that a template makes, or gives policies to, each with all policies that act for it.
//!
//! Source: AWS CloudFormation Template Reference, `AWS::IAM::*`, `AWS::SSO::PermissionSet`.

use std::collections::{HashMap, HashSet};

use super::attachments::{Attachment, Target};
use super::template::{Resource, Template};
use super::ties::{self, HandedOn};
use super::{documents, sam, serverless};
use crate::bedrock::{is_managed_by_aws, may_grant_bedrock};
use crate::formats::evaluate::each;
use crate::formats::{BoundaryFact, Grants, OfferFact, PolicyKind, PrincipalFact, Reader, Tie, Ties};
use crate::source::folder_of;
use crate::syntax::{Node, Value};
use crate::text::Text;

/// The principals of a template, and the policies that it hands to those of others.
#[derive(Default)]
pub(super) struct Principals {
    all: Vec<PrincipalFact>,
    offers: Vec<OfferFact>,
    /// The folder of the template.
    folder: String,
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
    pub(super) fn word(self) -> &'static str {
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
        let path = reader.source.path();
        let handed_on = HandedOn::of(template, path);
        let mut principals = Self { folder: folder_of(path).to_owned(), ..Self::default() };
        reader.facts.handings.extend(handed_on.handings(&principals.folder));
        for one in &made {
            principals.add(one, &handed_on);
        }
        let mut managed = Managed::default();
        for resource in &template.resources {
            let is_attached = |targets: &[Target]| !targets.is_empty() || attached.contains(resource.id.as_str());
            let bounds = bounding.contains(resource.id.as_str());
            let Some(policy) = Attachment::of(template, resource, path) else { continue };
            let kind = match () {
                () if bounds && !is_attached(&policy.targets) => Some(PolicyKind::Boundary),
                () if is_attached(&policy.targets) => Some(PolicyKind::Identity),
                () => policy.kind_alone(),
            };
            let found = documents(&policy.document, resource.id.as_str(), kind, reader);
            for target in &policy.targets {
                principals.attach(target, &found);
            }
            principals.offer(resource, &policy, &found, &handed_on);
            let names = [Some(resource.id.as_str().to_owned()), policy.name];
            managed.by_name.extend(names.into_iter().flatten().map(|name| (name, found.clone())));
        }
        for (index, one) in made.iter().enumerate() {
            principals.complete((index, one), template, &managed, reader);
        }
        principals.join_groups(&made);
        principals
    }

    /// All of them, and what is handed on.
    pub(super) fn facts(self) -> (Vec<PrincipalFact>, Vec<OfferFact>) {
        (self.all, self.offers)
    }

    /// Says that something calls as a role: what names it is the value of a property.
    pub(super) fn calls(&mut self, role: &Node, adapter: usize) {
        let Some(name) = named(role) else { return };
        let found = self.by_name.get(&(Kind::Role, name)).and_then(|index| self.all.get_mut(*index));
        if let Some(principal) = found {
            principal.adapters.push(adapter);
        }
    }

    fn add(&mut self, made: &Made, handed_on: &HandedOn) {
        let name = made.name.iter().map(|name| Tie::Name(format!("{} {name}", made.kind.word())));
        let known_as = name.chain(handed_on.known_as(&made.id).iter().cloned()).collect();
        let grants = if handed_on.is_unfollowed(&made.id) { Grants::Open } else { Grants::Named };
        let index = self.new_principal(format!("{} {}", made.kind.word(), made.id), true, known_as, grants);
        self.by_name.insert((made.kind, made.id.clone()), index);
        if let Some(name) = &made.name {
            self.by_name.entry((made.kind, name.clone())).or_insert(index);
        }
    }

    fn new_principal(&mut self, name: String, made: bool, known_as: Vec<Tie>, grants: Grants) -> usize {
        self.all.push(PrincipalFact {
            name,
            arn: None,
            account: None,
            policies: Vec::new(),
            trust: None,
            boundary: BoundaryFact::None,
            adapters: Vec::new(),
            grants,
            ties: Ties { folder: self.folder.clone(), made, known_as, has: Vec::new() },
        });
        self.all.len() - 1
    }

    /// Gives policies to a principal, which may stand in another template.
    fn attach(&mut self, target: &Target, policies: &[usize]) {
        let known = target.name.as_ref().and_then(|name| self.by_name.get(&(target.kind, name.clone())));
        let index = known.copied().unwrap_or_else(|| self.of_another(target));
        if let Some(principal) = self.all.get_mut(index) {
            principal.policies.extend(policies);
            if policies.is_empty() {
                principal.grants = Grants::Partial;
            }
        }
    }

    /// A principal that the template does not make. Whoever does gives more to it, unless it is found by its name.
    fn of_another(&mut self, target: &Target) -> usize {
        let name = format!("{} {}", target.kind.word(), target.name.as_deref().unwrap_or("elsewhere"));
        let grants = if target.tie.is_some() { Grants::Named } else { Grants::Open };
        let index = self.new_principal(name, false, target.tie.iter().cloned().collect(), grants);
        self.by_name.extend(target.name.clone().map(|name| ((target.kind, name), index)));
        index
    }

    /// Hands a managed policy to other templates.
    fn offer(&mut self, resource: &Resource<'_>, policy: &Attachment, found: &[usize], handed_on: &HandedOn) {
        let id = resource.id.as_str();
        let name = policy.name.as_deref().map(ties::policy).into_iter();
        let known_as: Vec<Tie> = name.chain(handed_on.known_as(id).iter().cloned()).collect();
        let is_unfollowed = handed_on.is_unfollowed(id);
        if is_unfollowed || !known_as.is_empty() {
            let (folder, policies) = (self.folder.clone(), found.to_vec());
            self.offers.push(OfferFact { folder, policies, known_as, handed_on: is_unfollowed });
        }
    }

    /// Reads what a principal has by itself.
    fn complete(
        &mut self,
        (index, made): (usize, &Made),
        template: &Template<'_>,
        managed: &Managed,
        reader: &mut Reader<'_>,
    ) {
        let (mut policies, mut whole, mut has) = (Vec::new(), !made.open, Vec::new());
        for (name, document) in &made.inline {
            let found = documents(document, &format!("{}/{name}", made.id), Some(PolicyKind::Identity), reader);
            whole &= !found.is_empty();
            policies.extend(found);
        }
        for attached in &made.attached {
            match managed.find(attached) {
                Some(found) if !found.is_empty() => policies.extend(found),
                Some(_) => whole = false,
                None => {
                    let taken = ties::taken_over(attached, template);
                    let given = || ties::given(attached, template, reader.source.path());
                    match taken.or_else(given).or_else(|| ties::named_policy(attached)) {
                        Some(tie) => has.push(tie),
                        None => whole &= !may_grant(attached),
                    }
                }
            }
        }
        let trust = made.trust.as_ref().map(|trust| documents(trust, &made.id, Some(PolicyKind::Trust), reader));
        let boundary = made.boundary.as_ref().map(|boundary| managed.find(boundary));
        let Some(principal) = self.all.get_mut(index) else { return };
        policies.append(&mut principal.policies);
        let mut seen = HashSet::new();
        policies.retain(|policy| seen.insert(*policy));
        principal.policies = policies;
        principal.ties.has = has;
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
                let found = group.map(|group| (group.policies.clone(), group.ties.has.clone(), group.grants));
                let Some(principal) = self.all.get_mut(index) else { continue };
                match found {
                    Some((policies, has, grants)) => {
                        principal.policies.extend(policies);
                        principal.ties.has.extend(has);
                        principal.grants = principal.grants.max(grants);
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
pub(super) fn named(node: &Node) -> Option<String> {
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

pub(super) fn literal(node: Node) -> Option<String> {
    node.scalar()?.literal().map(str::to_owned)
}
