//! The users, groups, roles and permission sets of a module, and whom an expression names.

use std::collections::HashMap;

use super::blocks::{Index, is_blank};
use super::documents::Found;
use super::reference::Reference;
use crate::formats::terraform::module::Block;
use crate::formats::{BoundaryFact, Grants, PrincipalFact, Ties};
use crate::syntax::{Call, Node, Value};
use crate::text::Text;

/// A kind of principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Role,
    User,
    Group,
    PermissionSet,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Role, Self::User, Self::Group, Self::PermissionSet];

    /// The type of the resource that makes one.
    pub(super) fn resource(self) -> &'static str {
        match self {
            Self::Role => "aws_iam_role",
            Self::User => "aws_iam_user",
            Self::Group => "aws_iam_group",
            Self::PermissionSet => "aws_ssoadmin_permission_set",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
            Self::Group => "group",
            Self::PermissionSet => "permission set",
        }
    }
}

/// A principal, as far as the module tells of it.
#[derive(Debug)]
pub(super) struct Principal {
    kind: Kind,
    name: String,
    /// Whether the module makes it.
    pub(super) declared: bool,
    policies: Vec<usize>,
    trust: Option<usize>,
    boundary: BoundaryFact,
    adapters: Vec<usize>,
    /// Whether something is attached to it whose document is not known.
    partial: bool,
    /// Whether its inline policies, and its attached ones, are said to be all.
    exclusive: [bool; 2],
    /// Whether it is a group whose members are known: they have what it has.
    joined: bool,
}

/// All of them.
pub(super) struct Principals {
    all: Vec<Principal>,
    by_address: HashMap<String, usize>,
    by_name: HashMap<(Kind, String), usize>,
}

/// Whom an expression names.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) known: Vec<usize>,
    /// Whether it may be others of the module, too.
    pub(super) open: bool,
}

impl Principals {
    /// The principals that a module makes.
    pub(super) fn of(index: &Index<'_>) -> Self {
        let mut principals = Self { all: Vec::new(), by_address: HashMap::new(), by_name: HashMap::new() };
        for kind in Kind::ALL {
            for block in index.resources(kind.resource()) {
                principals.declare(kind, block);
            }
        }
        principals
    }

    fn declare(&mut self, kind: Kind, block: &Block) {
        let address = block.address();
        let name = block.body.get("name").and_then(Node::scalar).map(|name| name.as_str().to_owned());
        let shown = match block.body.get("name").and_then(Node::scalar).and_then(Text::literal) {
            Some(name) => name.to_owned(),
            None => address.clone(),
        };
        let next = self.all.len();
        let at = *self.by_address.entry(address).or_insert(next);
        if at == next {
            self.all.push(Principal::new(kind, &shown, true));
        }
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            self.by_name.entry((kind, name)).or_insert(at);
        }
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut Principal> {
        self.all.get_mut(index)
    }

    /// The principal that a resource of the module makes.
    pub(super) fn made_by(&self, address: &str) -> Option<usize> {
        self.by_address.get(address).copied()
    }

    /// The principals that an attribute of a block names.
    pub(super) fn named(&mut self, kind: Kind, block: &Block, attribute: &str) -> Named {
        match block.body.get(attribute) {
            Some(node) => self.named_by(kind, node, block),
            None => Named { open: true, ..Named::default() },
        }
    }

    /// The principals that a value in a block names.
    pub(super) fn named_by(&mut self, kind: Kind, node: &Node, block: &Block) -> Named {
        let mut named = Named::default();
        self.add(kind, node, block, &mut named);
        named
    }

    fn add(&mut self, kind: Kind, node: &Node, block: &Block, named: &mut Named) {
        if let Some(reference) = Reference::of(node) {
            return self.referred(kind, &reference, named);
        }
        match &node.value {
            Value::List(items) => items.iter().for_each(|item| self.add(kind, item, block, named)),
            _ if is_blank(Some(node)) => {}
            Value::Scalar(scalar) => self.by_name(kind, &scalar.text, block, named),
            Value::Call(call) => self.computed(kind, call, node, block, named),
            Value::Map(_) => named.open = true,
        }
    }

    fn referred(&mut self, kind: Kind, reference: &Reference, named: &mut Named) {
        let address = &reference.address;
        let bare = address.strip_prefix("data.").unwrap_or(address);
        let is_one = bare.strip_prefix(kind.resource()).is_some_and(|rest| rest.starts_with('.'));
        if !is_one {
            named.open = true;
            return;
        }
        let next = self.all.len();
        let at = *self.by_address.entry(address.clone()).or_insert(next);
        if at == next {
            self.all.push(Principal::new(kind, address, false));
        }
        named.known.push(at);
    }

    /// Names may be written as ARNs, and may have a path there.
    fn by_name(&mut self, kind: Kind, text: &Text, block: &Block, named: &mut Named) {
        let written = text.as_str();
        if matches!(written, "${each.value}" | "${each.key}") {
            return self.iterated(kind, block, named);
        }
        let name = if written.starts_with("arn:") { written.rsplit('/').next().unwrap_or(written) } else { written };
        if let Some(at) = self.by_name.get(&(kind, name.to_owned())) {
            named.known.push(*at);
            return;
        }
        // what is put together may be the name of one that the module makes
        named.open |= text.literal().is_none();
        self.outsider(kind, name, named);
    }

    /// What comes from outside is none of the module's own.
    fn computed(&mut self, kind: Kind, call: &Call, node: &Node, block: &Block, named: &mut Named) {
        match call.name.as_str() {
            "each.value" | "each.key" => self.iterated(kind, block, named),
            name if name.starts_with("var.") => self.outsider(kind, name, named),
            name if name.starts_with("module.") => {
                self.outsider(kind, name, named);
                // its own module attaches what is not known here
                if let Some(one) = named.known.last().and_then(|at| self.all.get_mut(*at)) {
                    one.partial = true;
                }
            }
            _ => {
                let mentioned = Reference::all(node);
                mentioned.iter().for_each(|reference| self.referred(kind, reference, named));
                named.open = true;
            }
        }
    }

    /// Each of those over which a block is repeated.
    fn iterated(&mut self, kind: Kind, block: &Block, named: &mut Named) {
        let Some(over) = block.body.get("for_each") else {
            named.open = true;
            return;
        };
        let mentioned = Reference::all(over);
        let before = named.known.len();
        mentioned.iter().for_each(|reference| self.referred(kind, reference, named));
        let names = match &over.value {
            Value::List(items) => items.iter().filter_map(|item| item.scalar().cloned()).collect(),
            _ => Vec::new(),
        };
        for name in names.iter().filter(|name| name.literal().is_some()) {
            self.by_name(kind, name, block, named);
        }
        named.open |= named.known.len() == before;
    }

    fn outsider(&mut self, kind: Kind, name: &str, named: &mut Named) {
        let next = self.all.len();
        let at = *self.by_name.entry((kind, name.to_owned())).or_insert(next);
        if at == next {
            self.all.push(Principal::new(kind, name, false));
        }
        named.known.push(at);
    }

    /// Attaches policies to whom they are attached.
    pub(super) fn attach(&mut self, kind: Kind, named: &Named, found: &Found) {
        for at in &named.known {
            if let Some(principal) = self.all.get_mut(*at) {
                principal.attach(found);
            }
        }
        if named.open {
            self.all.iter_mut().filter(|one| one.kind == kind && one.declared).for_each(|one| one.partial = true);
        }
    }

    /// Gives a member what its group has.
    pub(super) fn join(&mut self, members: &Named, groups: &Named) {
        let of_groups: Vec<(Vec<usize>, bool)> = groups
            .known
            .iter()
            .filter_map(|at| {
                let group = self.all.get_mut(*at)?;
                group.joined |= !members.known.is_empty();
                Some((group.policies.clone(), group.partial))
            })
            .collect();
        for at in &members.known {
            let Some(member) = self.all.get_mut(*at) else { continue };
            for (policies, partial) in &of_groups {
                member.attach(&Found { policies: policies.clone(), whole: !partial });
            }
            member.partial |= groups.open;
        }
        if members.open {
            self.all.iter_mut().filter(|one| one.kind == Kind::User && one.declared).for_each(|one| one.partial = true);
        }
    }

    /// The facts of those that have something.
    pub(super) fn into_facts(self) -> Vec<PrincipalFact> {
        self.all.into_iter().filter(|one| !one.joined).filter_map(Principal::fact).collect()
    }
}

impl Principal {
    fn new(kind: Kind, name: &str, declared: bool) -> Self {
        Self {
            kind,
            name: format!("{} {name}", kind.word()),
            declared,
            policies: Vec::new(),
            trust: None,
            boundary: BoundaryFact::None,
            adapters: Vec::new(),
            partial: false,
            exclusive: [false; 2],
            joined: false,
        }
    }

    pub(super) fn attach(&mut self, found: &Found) {
        for index in &found.policies {
            if !self.policies.contains(index) {
                self.policies.push(*index);
            }
        }
        self.partial |= !found.whole;
    }

    pub(super) fn trust(&mut self, found: &Found) {
        self.trust = self.trust.or(found.policies.first().copied());
    }

    pub(super) fn bound(&mut self, found: &Found) {
        self.boundary = match found.policies.as_slice() {
            [one] => BoundaryFact::Policy(*one),
            [] if found.whole => BoundaryFact::None,
            _ => BoundaryFact::Unread,
        };
    }

    /// That something is attached to it whose document is not known.
    pub(super) fn has_more(&mut self) {
        self.partial = true;
    }

    /// That its inline policies, or its attached ones, are all.
    pub(super) fn is_all(&mut self, attached: bool) {
        if let Some(flag) = self.exclusive.get_mut(usize::from(attached)) {
            *flag = true;
        }
    }

    /// Adds what calls as it, if the module tells enough of it: it makes the principal, and gives it something.
    pub(super) fn call(&mut self, adapter: usize) {
        if self.declared && !self.policies.is_empty() {
            self.adapters.push(adapter);
        }
    }

    fn fact(self) -> Option<PrincipalFact> {
        if self.policies.is_empty() && self.trust.is_none() && self.adapters.is_empty() {
            return None;
        }
        Some(PrincipalFact {
            name: self.name,
            arn: None,
            account: None,
            policies: self.policies,
            trust: self.trust,
            boundary: self.boundary,
            adapters: self.adapters,
            grants: match (self.partial, self.exclusive) {
                (true, _) => Grants::Partial,
                (false, [true, true]) => Grants::Whole,
                (false, _) => Grants::Named,
            },
            ties: Ties::default(),
        })
    }
}
