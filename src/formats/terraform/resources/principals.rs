//! The users, groups, roles and permission sets of all modules, and whom an expression names.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::blocks::{Index, is_blank};
use super::documents::Found;
use super::reference::Reference;
use crate::formats::terraform::module::{Block, OF};
use crate::formats::{BoundaryFact, Grants, PrincipalFact, Tie, Ties};
use crate::syntax::{Call, Node, Value};
use crate::text::{Count, Piece, Text};

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

/// A principal, as far as the modules tell of it.
#[derive(Debug)]
pub(super) struct Principal {
    kind: Kind,
    name: String,
    /// The name that it is made with.
    called: Option<Text>,
    /// Whether that is its name in the account: other formats may mean it.
    is_name: bool,
    /// The module that makes it, or the first one that names it.
    module: Arc<str>,
    /// Whether that makes it.
    pub(super) declared: bool,
    policies: Vec<usize>,
    trust: Option<usize>,
    boundary: BoundaryFact,
    adapters: Vec<usize>,
    /// How much of what is attached to it is known.
    grants: Grants,
    /// Whether its inline policies, and its attached ones, are said to be all.
    exclusive: [bool; 2],
    /// Whether it is a group whose members are known: they have what it has.
    joined: bool,
}

/// All of them.
pub(super) struct Principals {
    all: Vec<Principal>,
    by_key: HashMap<String, usize>,
    /// Those that are made, by their names.
    by_name: HashMap<(Kind, String), Vec<usize>>,
    /// Those that are not, by their names, or by what stands for them in a module.
    outsiders: HashMap<(Kind, String), usize>,
    /// Names of data sources.
    looked_up: HashMap<String, Text>,
}

/// Whom an expression names.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) known: Vec<usize>,
    /// Whether it may be others of the module, too.
    pub(super) open: bool,
    /// The module in which they are named.
    module: Arc<str>,
}

impl Principals {
    /// The principals that modules make.
    pub(super) fn of(index: &Index<'_>) -> Self {
        let names = index.blocks().filter(|block| block.kind == "data").filter_map(|block| {
            let name = block.body.get("name").and_then(Node::scalar)?;
            name.literal().map(|_| (block.key(), name.clone()))
        });
        let mut principals = Self {
            all: Vec::new(),
            by_key: HashMap::new(),
            by_name: HashMap::new(),
            outsiders: HashMap::new(),
            looked_up: names.collect(),
        };
        for kind in Kind::ALL {
            for block in index.resources(kind.resource()) {
                principals.declare(kind, block);
            }
        }
        principals
    }

    fn declare(&mut self, kind: Kind, block: &Block) {
        let name = block.body.get("name").and_then(Node::scalar).filter(|name| !name.as_str().is_empty());
        let shown = name.and_then(Text::literal).map_or_else(|| block.address(), str::to_owned);
        let next = self.all.len();
        let at = *self.by_key.entry(block.key()).or_insert(next);
        if at == next {
            let is_known_later = block.body.get("name").is_some_and(|name| matches!(name.value, Value::Call(_)));
            let later = is_known_later.then(|| Text::unknown("${name}", block.name.span(), Count::Single));
            let is_name = name.is_some_and(|name| name.literal().is_some());
            let called = name.cloned().or(later);
            self.all.push(Principal { called, is_name, ..Principal::new(kind, &shown, &block.module, true) });
        }
        if let Some(name) = name {
            let called = self.by_name.entry((kind, name.as_str().to_owned())).or_default();
            if !called.contains(&at) {
                called.push(at);
            }
        }
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut Principal> {
        self.all.get_mut(index)
    }

    /// The principal that a resource makes.
    pub(super) fn made_by(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    /// The policies that some of them have.
    pub(super) fn policies(&self) -> HashSet<usize> {
        let all = self.all.iter();
        all.flat_map(|one| one.policies.iter().chain(&one.trust).copied().chain(one.boundary())).collect()
    }

    /// The principals that an attribute of a block names.
    pub(super) fn named(&mut self, kind: Kind, block: &Block, attribute: &str) -> Named {
        match block.body.get(attribute) {
            Some(node) => self.named_by(kind, node, block),
            None => Named { open: true, ..Named::nobody(block) },
        }
    }

    /// The principals that a value in a block names.
    pub(super) fn named_by(&mut self, kind: Kind, node: &Node, block: &Block) -> Named {
        let mut named = Named::nobody(block);
        self.add(kind, node, block, &mut named);
        named
    }

    fn add(&mut self, kind: Kind, node: &Node, block: &Block, named: &mut Named) {
        if let Some(reference) = Reference::of(node, &block.module) {
            return match reference.is_to("module") {
                true => self.of_call(kind, &reference, named),
                false => self.referred(kind, &reference, named),
            };
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
        let is_looked_up = reference.is_to(&format!("data.{}", kind.resource()));
        if !is_looked_up && !reference.is_to(kind.resource()) {
            named.open = true;
            return;
        }
        if is_looked_up && let Some(name) = self.looked_up.get(&reference.key).cloned() {
            return self.called(kind, &name, named);
        }
        let next = self.all.len();
        let at = *self.by_key.entry(reference.key.clone()).or_insert(next);
        if at == next {
            let mut one = Principal::new(kind, reference.address(), &named.module, false);
            // made elsewhere, and granted what it is there
            one.is_open();
            self.all.push(one);
        }
        named.known.push(at);
    }

    /// What a module gives that is not read, and attaches there what is not known here.
    fn of_call(&mut self, kind: Kind, reference: &Reference, named: &mut Named) {
        let shown = format!("{}.{}", reference.address(), reference.attribute);
        self.stranger(kind, format!("{}.{}", reference.key, reference.attribute), &shown, named);
    }

    fn by_name(&mut self, kind: Kind, text: &Text, block: &Block, named: &mut Named) {
        let written = text.as_str();
        if matches!(written, "${each.value}" | "${each.key}") {
            return self.iterated(kind, block, named);
        }
        self.called(kind, text, named);
    }

    /// The one of a name, which may be written as an ARN, and may have a path there: that of the module, or the only one
    /// that is made anywhere.
    fn called(&mut self, kind: Kind, text: &Text, named: &mut Named) {
        let written = text.as_str();
        let name = if written.starts_with("arn:") { written.rsplit('/').next().unwrap_or(written) } else { written };
        let made = self.by_name.get(&(kind, name.to_owned())).cloned().unwrap_or_default();
        let is_here = |at: &&usize| self.all.get(**at).is_some_and(|one| one.module == named.module);
        if let Some(at) = made.iter().find(is_here) {
            named.known.push(*at);
            return;
        }
        if text.literal().is_none() {
            // what is put together may be the name of one that the module makes
            named.open = true;
            return self.stranger(kind, format!("{}{OF}{name}", named.module), name, named);
        }
        match made.as_slice() {
            [only] => named.known.push(*only),
            several => {
                let several = several.to_vec();
                self.outsider(kind, name.to_owned(), name, named);
                // made elsewhere, and granted what it is there
                if let Some(outsider) = named.known.last().and_then(|at| self.all.get_mut(*at)) {
                    outsider.is_open();
                    outsider.is_name = several.is_empty();
                }
                self.open_namesakes(kind, name);
                // it is one of these
                for at in several.iter().chain(named.known.last().filter(|_| !several.is_empty())) {
                    self.all.get_mut(*at).into_iter().for_each(Principal::has_more);
                }
            }
        }
    }

    /// Those whose names are known in part alone, and may be this one.
    fn open_namesakes(&mut self, kind: Kind, name: &str) {
        let may_be = |text: &Text| {
            let known = text.pieces();
            let is_known = |piece: Option<&Piece<'_>>, fits: &dyn Fn(&str) -> bool| match piece {
                Some(Piece::Literal(known, _)) => fits(known),
                _ => true,
            };
            text.literal().is_none()
                && is_known(known.first(), &|start| name.starts_with(start))
                && is_known(known.last(), &|end| name.ends_with(end))
        };
        let others = self.all.iter_mut().filter(|one| one.kind == kind && one.called.as_ref().is_some_and(may_be));
        others.for_each(Principal::is_open);
    }

    /// What comes from outside is none of the module's own.
    fn computed(&mut self, kind: Kind, call: &Call, node: &Node, block: &Block, named: &mut Named) {
        match call.name.as_str() {
            "each.value" | "each.key" => self.iterated(kind, block, named),
            name if name.starts_with("each.value.") => self.iterated(kind, block, named),
            name if name.rsplit(OF).next().is_some_and(|name| name.starts_with("var.")) => {
                let key = if name.contains(OF) { name.to_owned() } else { format!("{}{OF}{name}", block.module) };
                self.stranger(kind, key, name, named);
            }
            _ => {
                let mentioned = Reference::all(node, &block.module);
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
        let mentioned = Reference::all(over, &block.module);
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

    /// One that no module makes, by its name, or what stands for it.
    fn outsider(&mut self, kind: Kind, key: String, name: &str, named: &mut Named) {
        let next = self.all.len();
        let at = *self.outsiders.entry((kind, key)).or_insert(next);
        if at == next {
            self.all.push(Principal::new(kind, name, &named.module, false));
        }
        named.known.push(at);
    }

    /// One of whom not even the name is known: what else it has, is not known either.
    fn stranger(&mut self, kind: Kind, key: String, name: &str, named: &mut Named) {
        self.outsider(kind, key, name, named);
        named.known.last().and_then(|at| self.all.get_mut(*at)).into_iter().for_each(Principal::has_more);
    }

    /// Attaches what a block attaches to whom it does.
    pub(super) fn attach(&mut self, kind: Kind, block: &Block, named: &mut Named, found: &Found) {
        if named.known.is_empty() && !found.policies.is_empty() {
            self.stranger(kind, block.key(), &block.address(), named);
        }
        for at in &named.known {
            if let Some(principal) = self.all.get_mut(*at) {
                principal.attach(found);
            }
        }
        if named.open {
            self.open(kind, &named.module);
        }
    }

    /// Gives a member what its group has.
    pub(super) fn join(&mut self, members: &Named, groups: &Named) {
        let of_groups: Vec<(Vec<usize>, Grants)> = groups
            .known
            .iter()
            .filter_map(|at| {
                let group = self.all.get_mut(*at)?;
                group.joined |= !members.known.is_empty();
                Some((group.policies.clone(), group.grants))
            })
            .collect();
        for at in &members.known {
            let Some(member) = self.all.get_mut(*at) else { continue };
            for (policies, grants) in &of_groups {
                member.attach(&Found { policies: policies.clone(), whole: true });
                member.grants = member.grants.max(*grants);
            }
            if groups.open {
                member.has_more();
            }
        }
        if members.open {
            self.open(Kind::User, &members.module);
        }
    }

    /// Those that a module makes may have more.
    fn open(&mut self, kind: Kind, module: &str) {
        let made = self.all.iter_mut().filter(|one| one.kind == kind && one.declared && &*one.module == module);
        made.for_each(Principal::has_more);
    }

    /// The facts of those that have something.
    pub(super) fn into_facts(self) -> Vec<PrincipalFact> {
        self.all.into_iter().filter(|one| !one.joined).filter_map(Principal::fact).collect()
    }
}

impl Named {
    fn nobody(block: &Block) -> Self {
        Self { known: Vec::new(), open: false, module: Arc::clone(&block.module) }
    }
}

impl Principal {
    /// The policy that bounds it, if it was read.
    fn boundary(&self) -> Option<usize> {
        match self.boundary {
            BoundaryFact::Policy(index) => Some(index),
            BoundaryFact::None | BoundaryFact::Unread => None,
        }
    }

    fn new(kind: Kind, name: &str, module: &Arc<str>, declared: bool) -> Self {
        Self {
            kind,
            module: Arc::clone(module),
            name: format!("{} {name}", kind.word()),
            called: None,
            is_name: false,
            declared,
            policies: Vec::new(),
            trust: None,
            boundary: BoundaryFact::None,
            adapters: Vec::new(),
            grants: Grants::Named,
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
        if !found.whole {
            self.has_more();
        }
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
        self.grants = Grants::Partial;
    }

    /// That others may attach more to it, where nothing follows it.
    pub(super) fn is_open(&mut self) {
        self.grants = self.grants.max(Grants::Open);
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
        let known_as = self.is_name.then(|| Tie::Name(self.name.clone())).into_iter().collect();
        let folder = if &*self.module == "." { String::new() } else { self.module.to_string() };
        Some(PrincipalFact {
            name: self.name,
            arn: None,
            account: None,
            policies: self.policies,
            trust: self.trust,
            boundary: self.boundary,
            adapters: self.adapters,
            grants: match (self.grants, self.exclusive) {
                (Grants::Named, [true, true]) => Grants::Whole,
                (grants, _) => grants,
            },
            ties: Ties { folder, made: self.declared, known_as, has: Vec::new() },
        })
    }
}
