//! Which policies, ceilings and calls act together, why, and how sure that is.

mod bonds;
mod ties;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::formats::{
    AdapterFact, BoundaryFact, Facts, Grants, MentionFact, PolicyFact, PolicyKind, PrincipalFact, ReferenceFact,
    ServiceAccountFact,
};
use crate::settings::{Base, Pair, Settings};
use crate::source::{Location, folder_of};
use bonds::Bound;
use ties::{Ends, Joined};

/// All facts of a run, and the sets they form.
#[derive(Debug, Default)]
pub struct Linked {
    /// Every policy document once, in the order of the files.
    pub policies: Vec<Arc<PolicyFact>>,
    /// Every adapter once, in the order of the files.
    pub adapters: Vec<Arc<AdapterFact>>,
    /// Every mention once, in the order of the files.
    pub mentions: Vec<Arc<MentionFact>>,
    /// Every service account of Kubernetes once, in the order of the files.
    pub service_accounts: Vec<Arc<ServiceAccountFact>>,
    /// Places that stand for a value which is written elsewhere.
    pub references: Vec<ReferenceFact>,
    /// The sets; a policy may be in several.
    pub sets: Vec<Set>,
}

impl Linked {
    /// Whether there is nothing to judge.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.policies.is_empty() && self.adapters.is_empty() && self.mentions.is_empty()
    }

    /// Adds a principal of an account with its policies and what limits it: indexes of both are those of `policies`.
    /// `scps` are by level, the one nearest to the root first; each level has all of them. Of `runs`, adapters by their
    /// indexes, those run as it that neither a pair of the settings nor a template gives to another principal.
    pub(crate) fn add(
        &mut self,
        policies: Vec<Arc<PolicyFact>>,
        principal: PrincipalFact,
        scps: Vec<Vec<usize>>,
        runs: &[usize],
    ) {
        let base = self.policies.len();
        let mut set = Set::of_principal(principal, base, self.adapters.len());
        let behind = |level: Vec<usize>| level.into_iter().map(|index| base + index).collect();
        set.ceilings.scps = scps.into_iter().map(behind).collect();
        set.ceilings.scps_are_whole = true;
        let decided = |set: &&Set| set.basis != Basis::Folder && set.basis != Basis::File;
        let taken: HashSet<usize> = self.sets.iter().filter(decided).flat_map(|set| &set.adapters).copied().collect();
        set.adapters = runs.iter().copied().filter(|index| !taken.contains(index)).collect();
        self.policies.extend(policies);
        self.sets.push(set);
    }

    /// The service account that an adapter's pod runs as, if it stands in the same folder and is the only one of that
    /// name and namespace there.
    #[must_use]
    pub fn service_account_of(&self, adapter: &AdapterFact) -> Option<&ServiceAccountFact> {
        let workload = adapter.workload.as_ref()?;
        let wanted = workload.service_account.as_ref()?.given()?;
        let here = place(adapter.source.path());
        let may_share = |account: &ServiceAccountFact| match (&account.namespace, &workload.namespace) {
            (Some(one), Some(other)) => one.value.as_str() == other.value.as_str(),
            _ => true,
        };
        let mut found = self.service_accounts.iter().filter(|account| {
            account.name.given() == Some(wanted) && place(account.source.path()) == here && may_share(account)
        });
        found.next().filter(|_| found.next().is_none()).map(|account| &**account)
    }
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
    /// The ARN of the principal whose policies they are, where something says so.
    pub principal: Option<String>,
    /// The account that the set is used in, where something says so.
    pub account: Option<String>,
    /// Whether these are surely all policies that grant.
    pub grants: Grants,
}

/// Why facts belong to one set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A file says that this principal has them: `role Build`.
    Principal(String),
    /// The settings pair them, in the entry at this place.
    Pair(Location),
    /// They stand in one file.
    File,
    /// They stand in one folder, Terraform module or Helm chart, policies beside adapters: likely, and only calls are
    /// asked for.
    Folder,
    /// One ceiling by itself, over principals that may be granted anything.
    Ceiling,
}

/// The policies that limit what identity policies grant, as indexes in [`Linked::policies`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ceilings {
    /// Service control policies by level, the one nearest to the root first.
    pub scps: Vec<Vec<usize>>,
    /// Whether each level has all of them; see [`crate::iam::Layers::scps_are_whole`].
    pub scps_are_whole: bool,
    /// The permissions boundary.
    pub boundary: Option<usize>,
    /// Whether there is a permissions boundary that could not be read.
    pub unread_boundary: bool,
    /// The session policies.
    pub session: Vec<usize>,
    /// The policy of the VPC endpoint that is called through.
    pub endpoint: Option<usize>,
}

impl Ceilings {
    /// Every policy among them.
    fn all(&self) -> impl Iterator<Item = &usize> {
        self.scps.iter().flatten().chain(&self.boundary).chain(&self.session).chain(&self.endpoint)
    }
}

impl Set {
    fn new(basis: Basis) -> Self {
        Self {
            basis,
            identity: Vec::new(),
            trust: None,
            ceilings: Ceilings::default(),
            adapters: Vec::new(),
            principal: None,
            account: None,
            grants: Grants::Named,
        }
    }

    /// What a file says of a principal, whose policies and adapters begin at these indexes.
    fn of_principal(principal: PrincipalFact, policies: usize, adapters: usize) -> Self {
        let boundary = match principal.boundary {
            BoundaryFact::Policy(index) => Some(policies + index),
            BoundaryFact::None | BoundaryFact::Unread => None,
        };
        Self {
            identity: principal.policies.iter().map(|index| policies + index).collect(),
            trust: principal.trust.map(|index| policies + index),
            ceilings: Ceilings {
                boundary,
                unread_boundary: principal.boundary == BoundaryFact::Unread,
                ..Ceilings::default()
            },
            adapters: principal.adapters.iter().map(|index| adapters + index).collect(),
            principal: principal.arn,
            account: principal.account,
            grants: principal.grants,
            ..Self::new(Basis::Principal(principal.name))
        }
    }

    /// A ceiling by itself; `None` for what is none.
    fn of_ceiling(index: usize, kind: PolicyKind) -> Option<Self> {
        let mut set = Self::new(Basis::Ceiling);
        match kind {
            PolicyKind::Scp => set.ceilings.scps = vec![vec![index]],
            PolicyKind::Boundary => set.ceilings.boundary = Some(index),
            PolicyKind::Endpoint => set.ceilings.endpoint = Some(index),
            PolicyKind::Identity | PolicyKind::Session | PolicyKind::Trust | PolicyKind::Resource => return None,
        }
        Some(set)
    }

    /// Whether these are the policies of one principal.
    #[must_use]
    pub fn is_of_principal(&self) -> bool {
        matches!(self.basis, Basis::Principal(_))
    }

    /// Whether further policies are known to belong to the set, whose documents could not be read: what they grant is
    /// not known. Of a lone file nothing of the kind is known.
    #[must_use]
    pub fn has_unread_grants(&self) -> bool {
        self.grants == Grants::Partial
    }

    /// Whether what the set lacks altogether may well be granted by what was not read: the other half of a grant, or all
    /// that a call needs.
    #[must_use]
    pub fn may_be_granted_more(&self) -> bool {
        self.grants >= Grants::Open
    }
}

/// The pairs of the settings that can be judged: all of their policies were read.
#[derive(Clone, Debug, Default)]
pub struct Pairs<'a> {
    base: Option<&'a Base>,
    pairs: Vec<&'a Pair>,
}

impl<'a> Pairs<'a> {
    /// Those of which `whole` holds.
    #[must_use]
    pub fn of(settings: Option<&'a Settings>, whole: impl Fn(&Pair) -> bool) -> Self {
        let pairs = settings.iter().flat_map(|settings| &settings.pairs).filter(|pair| whole(pair)).collect();
        Self { base: settings.map(|settings| &settings.base), pairs }
    }
}

/// Puts the facts of all files into sets: the policies of a principal of an account dump; what the settings pair; else
/// the policies of one file, and the adapters of a folder with the policies beside them. A ceiling that is in no set is
/// one by itself.
#[must_use]
pub fn link(facts: Vec<Facts>, pairs: &Pairs<'_>) -> Linked {
    let mut linked = Linked::default();
    let mut loose = Loose::default();
    let mut ends = Ends::default();
    let mut bound = Bound::default();
    for file in facts {
        let (base, first_adapter) = (linked.policies.len(), linked.adapters.len());
        let mut owned = vec![false; file.policies.len()];
        for mut principal in file.principals {
            let ties = std::mem::take(&mut principal.ties);
            // those of an account dump have ARNs, and nothing that stands beside it calls as them
            let is_made = !file.apart || principal.arn.is_none();
            let set = Set::of_principal(principal, base, first_adapter);
            for index in set.identity.iter().chain(&set.trust).chain(&set.ceilings.boundary) {
                if let Some(owned) = owned.get_mut(index - base) {
                    *owned = true;
                }
            }
            if is_made {
                ends.principal(set, ties);
            } else {
                linked.sets.push(set);
            }
        }
        ends.offers(file.offers, base);
        ends.handings(file.handings);
        let alone = |kind: PolicyKind| {
            let numbered = file.policies.iter().enumerate().zip(&owned);
            let alone = numbered.filter(move |((_, fact), owned)| !**owned && fact.kind == kind);
            alone.map(move |((index, _), _)| base + index)
        };
        let mut identity: Vec<usize> = alone(PolicyKind::Identity).chain(alone(PolicyKind::Session)).collect();
        let mut ceilings: Vec<usize> = alone(PolicyKind::Scp).chain(alone(PolicyKind::Boundary)).collect();
        loose.ceilings.extend(alone(PolicyKind::Endpoint));
        if !file.apart && !identity.is_empty() {
            // what denies beside what grants belongs to it, unless something says that it is a ceiling
            let guessed = |index: &usize| file.policies.get(index - base).is_some_and(|fact| fact.guessed);
            let (beside, declared): (Vec<usize>, Vec<usize>) = ceilings.into_iter().partition(guessed);
            identity.extend(beside);
            identity.sort_unstable();
            ceilings = declared;
        }
        let together = if file.apart { 1 } else { identity.len().max(1) };
        bound.add(file.bonds, (!identity.is_empty()).then_some(loose.identity.len()));
        loose.identity.extend(
            identity.chunks(together).map(|identity| Together { identity: identity.to_vec(), grants: Grants::Named }),
        );
        loose.ceilings.extend(ceilings);
        for trust in alone(PolicyKind::Trust) {
            linked.sets.push(Set { trust: Some(trust), ..Set::new(Basis::File) });
        }
        linked.policies.extend(file.policies);
        linked.adapters.extend(file.adapters);
        linked.mentions.extend(file.mentions);
        linked.service_accounts.extend(file.service_accounts);
        linked.references.extend(file.references);
    }
    bound.unite(&mut loose.identity);
    linked.sets.extend(loose.join(ends));
    let pairs = loose.pairs(&linked, pairs);
    loose.leave_out(&pairs);
    let by_folder = loose.by_folder(&linked, &pairs);
    let files = loose.identity.into_iter();
    let files = files.map(|Together { identity, grants }| Set { identity, grants, ..Set::new(Basis::File) });
    let kind_of = |index: usize| linked.policies.get(index).map(|fact| fact.kind);
    let alone = loose.ceilings.iter().filter_map(|index| Set::of_ceiling(*index, kind_of(*index)?));
    let sets: Vec<Set> = pairs.into_iter().chain(files).chain(alone).chain(by_folder).collect();
    linked.sets.extend(sets);
    linked
}

/// What a set of its own may still be made of, as indexes in [`Linked::policies`].
#[derive(Default)]
struct Loose {
    /// Identity and session policies that no file gives to a principal, those together that stand in one file.
    identity: Vec<Together>,
    ceilings: Vec<usize>,
    /// The identity policies of principals that are made with what calls: those of templates, not of account dumps.
    made: Vec<Together>,
}

/// Identity policies that act together, and whether these are all.
struct Together {
    identity: Vec<usize>,
    grants: Grants,
}

impl Loose {
    /// The sets of principals that files make, and give policies to.
    fn join(&mut self, ends: Ends) -> Vec<Set> {
        let Joined { sets, taken, open } = ends.join();
        for loose in &mut self.identity {
            loose.identity.retain(|index| !taken.contains(index));
            if loose.identity.iter().any(|index| open.contains(index)) {
                loose.grants = Grants::Open;
            }
        }
        self.identity.retain(|loose| !loose.identity.is_empty());
        let made = sets.iter().map(|set| Together { identity: set.identity.clone(), grants: set.grants });
        self.made.extend(made);
        sets
    }

    /// A set for each pair of the settings of which some policy was read.
    fn pairs(&self, linked: &Linked, pairs: &Pairs<'_>) -> Vec<Set> {
        let Some(base) = pairs.base.filter(|_| !pairs.pairs.is_empty()) else { return Vec::new() };
        let path = |shown: &str| base.relative(shown);
        let made = self.made.iter().flat_map(|made| &made.identity);
        let loose = self.identity.iter().flat_map(|loose| &loose.identity);
        let all: BTreeSet<&usize> = loose.chain(made).chain(&self.ceilings).collect();
        let all = all.into_iter();
        let all = all.filter_map(|index| Some((*index, path(linked.policies.get(*index)?.source.path())?)));
        let policies: Vec<(usize, PathBuf)> = all.collect();
        let sets = pairs.pairs.iter().map(|pair| {
            let of = |part: &dyn Fn(&Path) -> bool| -> Vec<usize> {
                policies.iter().filter(|(_, path)| part(path)).map(|(index, _)| *index).collect()
            };
            let level = |level: usize| of(&|path| pair.scp_levels(path).any(|one| one == level));
            let adapters = linked.adapters.iter().enumerate();
            let adapters =
                adapters.filter(|(_, fact)| path(fact.source.path()).is_some_and(|path| pair.has_adapter(&path)));
            Set {
                identity: of(&|path| pair.has_policy(path)),
                ceilings: Ceilings {
                    scps: (0..pair.scps.len()).map(level).filter(|level| !level.is_empty()).collect(),
                    scps_are_whole: false,
                    boundary: of(&|path| pair.has_boundary(path)).first().copied(),
                    unread_boundary: false,
                    session: of(&|path| pair.has_session(path)),
                    endpoint: None,
                },
                adapters: adapters.map(|(index, _)| index).collect(),
                account: pair.account.as_ref().map(|(account, _)| account.clone()),
                grants: Grants::Whole,
                ..Set::new(Basis::Pair(pair.at.clone()))
            }
        });
        sets.filter(|set| !set.identity.is_empty()).collect()
    }

    /// Takes the policies of pairs out.
    fn leave_out(&mut self, pairs: &[Set]) {
        let paired: HashSet<usize> =
            pairs.iter().flat_map(|set| set.identity.iter().chain(set.ceilings.all())).copied().collect();
        for identity in self.identity.iter_mut().map(|loose| &mut loose.identity).chain([&mut self.ceilings]) {
            identity.retain(|index| !paired.contains(index));
        }
        self.identity.retain(|loose| !loose.identity.is_empty());
    }

    /// The adapters of each folder, those of pairs and principals left out, with the policies that stand beside them.
    fn by_folder(&self, linked: &Linked, pairs: &[Set]) -> Vec<Set> {
        let mut folders: BTreeMap<&str, Set> = BTreeMap::new();
        let taken: HashSet<usize> = pairs.iter().chain(&linked.sets).flat_map(|set| &set.adapters).copied().collect();
        for (index, fact) in linked.adapters.iter().enumerate() {
            if !taken.contains(&index) {
                let set = folders.entry(place(fact.source.path())).or_insert_with(|| Set::new(Basis::Folder));
                set.adapters.push(index);
            }
        }
        let mut seen = HashSet::new();
        for Together { identity, grants } in self.identity.iter().chain(&self.made) {
            for (index, fact) in identity.iter().filter_map(|index| Some((*index, linked.policies.get(*index)?))) {
                let Some(set) = folders.get_mut(place(fact.source.path())) else { continue };
                if seen.insert(index) {
                    set.identity.push(index);
                }
                if *grants > Grants::Named {
                    set.grants = set.grants.max(*grants);
                }
            }
        }
        // what is gathered in a folder by the hundred belongs to many things
        let is_of_one = |set: &Set| set.identity.len() <= MOST_TOGETHER && set.adapters.len() <= MOST_TOGETHER;
        folders.into_values().filter(|set| !set.identity.is_empty() && is_of_one(set)).collect()
    }
}

/// Policies, or adapters, of one folder that are still taken for those of one thing.
const MOST_TOGETHER: usize = 100;

/// Where files stand together that belong to one thing: their folder, or the chart of Helm whose templates it holds.
fn place(path: &str) -> &str {
    let folder = folder_of(path);
    folder.strip_suffix("/templates").or((folder == "templates").then_some("")).unwrap_or(folder)
}
