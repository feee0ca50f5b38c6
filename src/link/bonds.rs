//! Policies that several manifests give to one principal: each object stands in a file of its own, and names others by
//! their names or by their labels. Policies of one file act together; so do those of files whose objects name each other.

use std::collections::HashMap;

use super::Together;
use super::ties::{by_tie, nearest};
use crate::formats::{Bonds, Grants, Tie};

/// What the files of a run bind to each other, each with the place of its policies among those that act together, if it
/// has any.
#[derive(Default)]
pub(super) struct Bound {
    files: Vec<(Bonds, Option<usize>)>,
}

impl Bound {
    pub(super) fn add(&mut self, bonds: Bonds, together: Option<usize>) {
        if bonds.says_something() {
            self.files.push((bonds, together));
        }
    }

    /// Puts the policies of files together that name each other. What names a policy that was not read has more.
    pub(super) fn unite(&self, together: &mut [Together]) {
        let mut first: Vec<usize> = (0..self.files.len()).collect();
        let mut open: Vec<bool> = self.files.iter().map(|(bonds, _)| bonds.open).collect();
        let ties: Vec<Vec<Tie>> =
            self.files.iter().map(|(bonds, _)| bonds.known_as.iter().chain(&bonds.wants).cloned().collect()).collect();
        let all = by_tie(ties.iter().map(Vec::as_slice));
        for (index, (bonds, _)) in self.files.iter().enumerate() {
            for tie in &bonds.wants {
                let others = all.get(tie).into_iter().flatten().copied().filter(|other| *other != index);
                let others = others.filter_map(|other| Some((other, &self.files.get(other)?.0)));
                let found = nearest(others, tie, &bonds.folder, |(_, other)| &other.folder);
                let is_known =
                    bonds.known_as.contains(tie) || found.iter().any(|(_, other)| other.known_as.contains(tie));
                if let Some(open) = open.get_mut(index).filter(|_| !is_known && bonds.is_policy(tie)) {
                    *open = true;
                }
                for (other, _) in found {
                    join(&mut first, index, other);
                }
            }
        }
        let mut groups: HashMap<usize, (Vec<usize>, bool)> = HashMap::new();
        for (index, ((_, own), open)) in self.files.iter().zip(open).enumerate() {
            let (members, is_open) = groups.entry(root(&mut first, index)).or_default();
            members.extend(own);
            *is_open |= open;
        }
        for (members, is_open) in groups.into_values() {
            let Some(into) = members.first().copied() else { continue };
            let mut identity: Vec<usize> = Vec::new();
            for member in members {
                identity.extend(
                    together.get_mut(member).map(|own| std::mem::take(&mut own.identity)).into_iter().flatten(),
                );
            }
            identity.sort_unstable();
            if let Some(into) = together.get_mut(into) {
                into.identity = identity;
                into.grants = if is_open { into.grants.max(Grants::Open) } else { into.grants };
            }
        }
    }
}

/// The one that stands for all that a file was joined with.
fn root(first: &mut [usize], mut index: usize) -> usize {
    while let Some(next) = first.get(index).copied().filter(|next| *next != index) {
        let after = first.get(next).copied().unwrap_or(next);
        if let Some(place) = first.get_mut(index) {
            *place = after;
        }
        index = next;
    }
    index
}

fn join(first: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(first, one), root(first, other));
    if let Some(place) = first.get_mut(one.max(other)) {
        *place = one.min(other);
    }
}
