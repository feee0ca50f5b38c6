//! Which policies act together, why, and how sure that is.

use std::sync::Arc;

use crate::formats::{AdapterFact, Facts, PolicyFact, PolicyKind};

/// All policies of a run, and the sets they form.
#[derive(Debug, Default)]
pub struct Linked {
    /// Every policy document once, in the order of the files.
    pub policies: Vec<Arc<PolicyFact>>,
    /// Every adapter once, in the order of the files.
    pub adapters: Vec<Arc<AdapterFact>>,
    /// The sets; a policy may be in several.
    pub sets: Vec<Set>,
}

/// Policies that act together.
#[derive(Debug)]
pub struct Set {
    /// Indexes in [`Linked::policies`] of the identity policies.
    pub identity: Vec<usize>,
    /// Index in [`Linked::policies`] of the trust policy of the role.
    pub trust: Option<usize>,
    /// Whose policies they are; `None` for the policies of one file.
    pub principal: Option<String>,
    /// The account that the set is used in, where something says so.
    pub account: Option<String>,
    /// Whether these are surely all policies that grant; otherwise another file may hold more.
    pub whole: bool,
}

impl Set {
    /// Whether further policies are known to belong to the set, whose documents could not be read: what they grant is
    /// not known. Of a lone file nothing of the kind is known.
    #[must_use]
    pub fn has_unread_grants(&self) -> bool {
        self.principal.is_some() && !self.whole
    }
}

/// Puts the policies of all files into sets: those of a principal of an account dump, else those of one file.
#[must_use]
pub fn link(facts: Vec<Facts>) -> Linked {
    let mut linked = Linked::default();
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
                principal: Some(principal.name),
                account: principal.account,
                whole: principal.whole,
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
            linked.sets.push(Set {
                identity: identity.to_vec(),
                trust: None,
                principal: None,
                account: None,
                whole: false,
            });
        }
        for trust in alone(PolicyKind::Trust) {
            let set = Set { identity: Vec::new(), trust: Some(trust), principal: None, account: None, whole: false };
            linked.sets.push(set);
        }
        linked.policies.extend(file.policies);
        linked.adapters.extend(file.adapters);
    }
    linked
}
