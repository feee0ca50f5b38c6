//! Which policies, ceilings and calls act together, why, and how sure that is.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::formats::{AdapterFact, Facts, PolicyFact, PolicyKind};
use crate::source::Location;

/// All facts of a run, and the sets they form.
#[derive(Debug, Default)]
pub struct Linked {
    /// Every policy document once, in the order of the files.
    pub policies: Vec<Arc<PolicyFact>>,
    /// Every adapter once, in the order of the files.
    pub adapters: Vec<Arc<AdapterFact>>,
    /// The sets; a policy may be in several.
    pub sets: Vec<Set>,
}

/// Policies that act together, and what calls as them.
#[derive(Debug)]
pub struct Set {
    /// Why they belong together.
    pub basis: Basis,
    /// Indexes in [`Linked::policies`] of the identity policies.
    pub identity: Vec<usize>,
    /// Index in [`Linked::policies`] of the trust policy of the role.
    pub trust: Option<usize>,
    /// What limits the identity policies.
    pub ceilings: Ceilings,
    /// Indexes in [`Linked::adapters`] of what calls as these policies.
    pub adapters: Vec<usize>,
    /// The account that the set is used in, where something says so.
    pub account: Option<String>,
    /// Whether these are surely all policies that grant; otherwise another file may hold more.
    pub whole: bool,
}

/// Why facts belong to one set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// An account dump says that this principal has them: `role Build`.
    Principal(String),
    /// The settings pair them, in the entry at this place.
    Pair(Location),
    /// They stand in one file.
    File,
    /// They stand in one folder, policies beside adapters: likely, and only calls are asked for.
    Folder,
}

/// The policies that limit what identity policies grant, as indexes in [`Linked::policies`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ceilings {
    /// Service control policies by level, the one nearest to the root first.
    pub scps: Vec<Vec<usize>>,
    /// The permissions boundary.
    pub boundary: Option<usize>,
    /// The session policies.
    pub session: Vec<usize>,
}

impl Set {
    fn new(basis: Basis) -> Self {
        Self {
            basis,
            identity: Vec::new(),
            trust: None,
            ceilings: Ceilings::default(),
            adapters: Vec::new(),
            account: None,
            whole: false,
        }
    }

    /// Whether these are the policies of one principal of an account dump.
    #[must_use]
    pub fn is_of_principal(&self) -> bool {
        matches!(self.basis, Basis::Principal(_))
    }

    /// Whether further policies are known to belong to the set, whose documents could not be read: what they grant is
    /// not known. Of a lone file nothing of the kind is known.
    #[must_use]
    pub fn has_unread_grants(&self) -> bool {
        self.is_of_principal() && !self.whole
    }
}

/// Puts the facts of all files into sets: the policies of a principal of an account dump, else those of one file; and
/// the adapters of a folder with the policies beside them.
#[must_use]
pub fn link(facts: Vec<Facts>) -> Linked {
    let mut linked = Linked::default();
    // identity policies that nothing says more of
    let mut loose = Vec::new();
    for file in facts {
        let base = linked.policies.len();
        let mut owned = vec![false; file.policies.len()];
        for principal in file.principals {
            for index in principal.policies.iter().chain(&principal.trust) {
                if let Some(owned) = owned.get_mut(*index) {
                    *owned = true;
                }
            }
            linked.sets.push(Set {
                identity: principal.policies.iter().map(|index| base + index).collect(),
                trust: principal.trust.map(|index| base + index),
                account: principal.account,
                whole: principal.whole,
                ..Set::new(Basis::Principal(principal.name))
            });
        }
        let alone = |kind: PolicyKind| {
            let numbered = file.policies.iter().enumerate().zip(&owned);
            let alone = numbered.filter(move |((_, fact), owned)| !**owned && fact.kind == kind);
            alone.map(move |((index, _), _)| base + index)
        };
        let identity: Vec<usize> = alone(PolicyKind::Identity).chain(alone(PolicyKind::Session)).collect();
        let together = if file.apart { 1 } else { identity.len().max(1) };
        for identity in identity.chunks(together) {
            linked.sets.push(Set { identity: identity.to_vec(), ..Set::new(Basis::File) });
        }
        for trust in alone(PolicyKind::Trust) {
            linked.sets.push(Set { trust: Some(trust), ..Set::new(Basis::File) });
        }
        loose.extend(identity);
        linked.policies.extend(file.policies);
        linked.adapters.extend(file.adapters);
    }
    linked.sets.extend(by_folder(&linked, &loose));
    linked
}

/// The adapters of each folder with the policies that stand beside them.
fn by_folder(linked: &Linked, loose: &[usize]) -> Vec<Set> {
    let mut folders: BTreeMap<&str, Set> = BTreeMap::new();
    for (index, fact) in linked.adapters.iter().enumerate() {
        let set = folders.entry(folder(fact.source.path())).or_insert_with(|| Set::new(Basis::Folder));
        set.adapters.push(index);
    }
    for (index, fact) in loose.iter().filter_map(|index| Some((*index, linked.policies.get(*index)?))) {
        if let Some(set) = folders.get_mut(folder(fact.source.path())) {
            set.identity.push(index);
        }
    }
    folders.into_values().filter(|set| !set.identity.is_empty()).collect()
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
