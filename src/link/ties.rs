//! Principals and policies that several files speak of: one makes a role, others give policies to it, by its name or by
//! what its stack exports.
//!
//! A name is that of one thing in the folder of a file, those above and below it, and those beside it; an export in all
//! that is read. Where several files make what is meant, that of the nearest folder is.

use std::collections::{HashMap, HashSet};

use super::Set;
use crate::formats::{Grants, HandingFact, OfferFact, Tie, Ties};

/// What may be joined: indexes of policies and adapters are those in [`super::Linked`].
#[derive(Default)]
pub(super) struct Ends {
    principals: Vec<(Set, Ties)>,
    offers: Vec<OfferFact>,
    handings: Handings,
}

/// What came of it.
pub(super) struct Joined {
    /// The sets of the principals.
    pub(super) sets: Vec<Set>,
    /// Policies that principals of other files have.
    pub(super) taken: HashSet<usize>,
    /// Policies that are handed on, and nothing that was read takes them.
    pub(super) open: HashSet<usize>,
}

impl Ends {
    pub(super) fn principal(&mut self, set: Set, ties: Ties) {
        self.principals.push((set, ties));
    }

    /// Takes offers whose policies begin at this index.
    pub(super) fn offers(&mut self, offers: Vec<OfferFact>, policies: usize) {
        let moved = |mut offer: OfferFact| {
            offer.policies.iter_mut().for_each(|index| *index += policies);
            offer
        };
        self.offers.extend(offers.into_iter().map(moved));
    }

    pub(super) fn handings(&mut self, handings: Vec<HandingFact>) {
        for handing in handings {
            self.handings.by_end.entry(handing.to.clone()).or_default().push(handing);
        }
    }

    /// Puts together what belongs together.
    pub(super) fn join(mut self) -> Joined {
        let taken = self.give_policies();
        let open = self.offers.iter().filter(|offer| offer.handed_on || offer.known_as.iter().any(is_given_out));
        let open = open.flat_map(|offer| &offer.policies).copied().filter(|index| !taken.contains(index));
        let open: HashSet<usize> = open.collect();
        Joined { open, taken, sets: self.join_principals() }
    }

    /// Gives principals the policies of other files that they have; where one is not found, they have more than was read.
    fn give_policies(&mut self) -> HashSet<usize> {
        let offers = by_tie(self.offers.iter().map(|offer| offer.known_as.as_slice()));
        let mut taken = HashSet::new();
        for (set, ties) in &mut self.principals {
            for tie in &ties.has {
                let known = |tie: &Tie| {
                    let known = offers.get(tie).into_iter().flatten().filter_map(|index| self.offers.get(*index));
                    nearest(known, tie, &ties.folder, |offer| &offer.folder)
                };
                let found: Vec<&OfferFact> = self.handings.sources(tie, &ties.folder).iter().flat_map(known).collect();
                if found.is_empty() {
                    set.grants = set.grants.max(Grants::Partial);
                }
                for index in found.iter().flat_map(|offer| &offer.policies) {
                    if !set.identity.contains(index) {
                        set.identity.push(*index);
                    }
                    taken.insert(*index);
                }
            }
        }
        taken
    }

    /// Joins those who give policies to a principal with the one who makes it, or, if nobody does, with each other.
    fn join_principals(self) -> Vec<Set> {
        let all = by_tie(self.principals.iter().map(|(_, ties)| ties.known_as.as_slice()));
        let ties: Vec<Ties> = self.principals.iter().map(|(_, ties)| ties.clone()).collect();
        let mut sets: Vec<Option<Set>> = self.principals.into_iter().map(|(set, _)| Some(set)).collect();
        let mut used: HashSet<Tie> = HashSet::new();
        for (index, own) in ties.iter().enumerate().filter(|(_, own)| !own.made) {
            let Some(tie) = own.known_as.first() else { continue };
            let same = |tie: &Tie, made: bool| {
                let others = all.get(tie).into_iter().flatten().copied().filter(|other| *other != index);
                let others = others.filter_map(|other| Some((other, ties.get(other)?)));
                others.filter(|(_, other)| other.made == made).collect::<Vec<(usize, &Ties)>>()
            };
            let mut with: Vec<(usize, &Ties)> = Vec::new();
            for source in self.handings.sources(tie, &own.folder) {
                let made = nearest(same(&source, true).into_iter(), &source, &own.folder, |(_, other)| &other.folder);
                if !made.is_empty() {
                    used.insert(source);
                }
                with.extend(made);
            }
            with.sort_unstable_by_key(|(other, _)| *other);
            with.dedup_by_key(|(other, _)| *other);
            if with.is_empty() {
                // one that was joined with another is no set any more
                let before = same(tie, false).into_iter();
                let before =
                    before.filter(|(other, _)| *other < index && sets.get(*other).is_some_and(Option::is_some));
                with = nearest(before, tie, &own.folder, |(_, other)| &other.folder);
                with.truncate(1);
            }
            let Some(mut set) = sets.get_mut(index).and_then(Option::take) else { continue };
            if with.is_empty() {
                // whoever takes a name over from another stack is given more there
                if !matches!(tie, Tie::Name(_)) {
                    set.grants = set.grants.max(Grants::Open);
                }
                if let Some(place) = sets.get_mut(index) {
                    *place = Some(set);
                }
                continue;
            }
            for (other, _) in with {
                if let Some(Some(other)) = sets.get_mut(other) {
                    other.take_in(&set);
                }
            }
        }
        for (set, own) in sets.iter_mut().zip(&ties) {
            // an output may be there for people to read, beside what another stack takes
            let is_taken = own.known_as.iter().any(|tie| used.contains(tie) && is_given_out(tie));
            let is_left = |tie: &Tie| match tie {
                Tie::Name(_) => false,
                Tie::Output(_) => !is_taken,
                Tie::Export(_) | Tie::Parameter(_) => !used.contains(tie),
            };
            if let Some(set) = set.as_mut().filter(|_| own.made && own.known_as.iter().any(is_left)) {
                set.grants = set.grants.max(Grants::Open);
            }
        }
        sets.into_iter().flatten().collect()
    }
}

/// Whether somebody else may take what is known as this, and not only who writes its name: another stack, or a person
/// who reads what a stack gives out.
fn is_given_out(tie: &Tie) -> bool {
    !matches!(tie, Tie::Name(_))
}

/// What stacks hand from one to another, by what it is known as where it goes.
#[derive(Default)]
struct Handings {
    by_end: HashMap<Tie, Vec<HandingFact>>,
}

/// What one value may come from through other stacks, at most.
const MOST_SOURCES: usize = 64;

impl Handings {
    /// All that something may be known as on its way to this folder, where it is known as this.
    fn sources(&self, tie: &Tie, folder: &str) -> Vec<Tie> {
        let mut sources = vec![tie.clone()];
        let mut next = 0;
        while let Some(tie) = sources.get(next).cloned() {
            next += 1;
            let handings = self.by_end.get(&tie).into_iter().flatten();
            for handing in nearest(handings, &tie, folder, |handing| &handing.folder) {
                if sources.len() < MOST_SOURCES && !sources.contains(&handing.from) {
                    sources.push(handing.from.clone());
                }
            }
        }
        sources
    }
}

impl Set {
    /// Takes in what another file gives to the same principal.
    fn take_in(&mut self, other: &Self) {
        for index in &other.identity {
            if !self.identity.contains(index) {
                self.identity.push(*index);
            }
        }
        self.adapters.extend(&other.adapters);
        self.grants = self.grants.max(other.grants);
    }
}

/// Who is known by each tie, by their places.
pub(super) fn by_tie<'t>(all: impl Iterator<Item = &'t [Tie]>) -> HashMap<Tie, Vec<usize>> {
    let mut by_tie: HashMap<Tie, Vec<usize>> = HashMap::new();
    for (index, ties) in all.enumerate() {
        for tie in ties {
            by_tie.entry(tie.clone()).or_default().push(index);
        }
    }
    by_tie
}

/// Those in the folders nearest to this one that may be meant.
pub(super) fn nearest<T>(all: impl Iterator<Item = T>, tie: &Tie, folder: &str, of: impl Fn(&T) -> &str) -> Vec<T> {
    let steps = |path: &str| path.split('/').filter(|step| !step.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let here = steps(folder);
    let mut found: Vec<(usize, T)> = Vec::new();
    for one in all {
        let there = steps(of(&one));
        let common = here.iter().zip(&there).take_while(|(one, other)| one == other).count();
        // one of the two is no more than beside, above or below the other
        let is_near = common + 1 >= here.len().min(there.len());
        if matches!(tie, Tie::Name(_)) && !is_near {
            continue;
        }
        found.push((common, one));
    }
    let most = found.iter().map(|(common, _)| *common).max().unwrap_or_default();
    found.into_iter().filter(|(common, _)| *common == most).map(|(_, one)| one).collect()
}
