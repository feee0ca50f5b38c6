//! Policies that are files of their own, and belong to what names them: `policy = file("grants.json")`.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::formats::{Facts, FormatOptions, PolicyFact, PolicyKind, read};
use crate::source::{Library, Source, beside};
use crate::text::Text;

/// The files that hold one policy each.
pub(in crate::formats::terraform) struct Files<'l> {
    library: &'l dyn Library,
    /// By path; `None` for what holds none.
    known: BTreeMap<String, Option<Arc<PolicyFact>>>,
    taken: HashSet<String>,
}

impl<'l> Files<'l> {
    /// Those of a scan, and further ones that `library` opens.
    pub(in crate::formats::terraform) fn new(scanned: &[Facts], library: &'l dyn Library) -> Self {
        let only = |facts: &Facts| match (facts.policies.as_slice(), facts.principals.is_empty()) {
            ([one], true) => Some(Arc::clone(one)),
            _ => None,
        };
        let known = scanned.iter().filter_map(only).map(|fact| (fact.source.path().to_owned(), Some(fact)));
        Self { library, known: known.collect(), taken: HashSet::new() }
    }

    /// The policy of a file, which from now on belongs to what asked for it. Terraform is mostly run in `folder`, from
    /// which a path starts that does not begin with `path.module`.
    pub(super) fn policy(&mut self, path: &str, folder: &str) -> Option<Arc<PolicyFact>> {
        [beside("", path), beside(folder, path)].iter().find_map(|path| self.at(path))
    }

    /// The policies of the files of a scan that a path may lead to of which parts are not known.
    pub(super) fn like(&mut self, path: &Text, folder: &str) -> Vec<Arc<PolicyFact>> {
        let paths = self.matching(path, folder);
        paths.iter().filter_map(|path| self.at(path)).collect()
    }

    /// The same for any path, of those that nothing has asked for yet and that could be attached to somebody.
    pub(super) fn left(&mut self, path: &Text, folder: &str) -> Vec<Arc<PolicyFact>> {
        let is_left = |path: &String| {
            let fact = self.known.get(path).and_then(Option::as_ref);
            !self.taken.contains(path) && fact.is_some_and(|fact| fact.kind == PolicyKind::Identity)
        };
        let found = match path.literal() {
            Some(path) => vec![beside("", path), beside(folder, path)],
            None => self.matching(path, folder),
        };
        let left: Vec<String> = found.into_iter().filter(is_left).collect();
        left.iter().filter_map(|path| self.at(path)).collect()
    }

    /// The paths of files of a scan that begin and end like one of which parts are not known; as far as a folder of them
    /// is known, or their name with one.
    fn matching(&self, path: &Text, folder: &str) -> Vec<String> {
        let holes = path.holes();
        let (Some(first), Some(last)) = (holes.first(), holes.last()) else { return Vec::new() };
        let begin = path.as_str().get(..first.range.start).unwrap_or_default();
        let end = path.as_str().get(last.range.end..).unwrap_or_default();
        let name = end.rsplit('/').next().unwrap_or(end);
        let inside: Vec<String> = match begin.rsplit_once('/') {
            Some((begin, _)) => [beside("", begin), beside(folder, begin)].map(|folder| format!("{folder}/")).into(),
            None => Vec::new(),
        };
        let is_like = |path: &&String| match inside.as_slice() {
            [] => !name.is_empty() && end.starts_with('/') && format!("/{path}").ends_with(end),
            inside => path.ends_with(name) && inside.iter().any(|inside| path.starts_with(inside)),
        };
        self.known.keys().filter(is_like).cloned().collect()
    }

    fn at(&mut self, path: &str) -> Option<Arc<PolicyFact>> {
        let library = self.library;
        let open = || {
            let facts = read(&library.open(path)?, &FormatOptions::default(), false);
            facts.policies.into_iter().next()
        };
        let found = self.known.entry(path.to_owned()).or_insert_with(open).clone();
        if found.is_some() {
            self.taken.insert(path.to_owned());
        }
        found
    }

    /// A file that is not read as a policy by itself, but written out with values.
    pub(super) fn open(&self, path: &str, folder: &str) -> Option<Arc<Source>> {
        [beside("", path), beside(folder, path)].iter().find_map(|path| self.library.open(path))
    }

    /// What a file holds belongs to what asked for it.
    pub(super) fn take(&mut self, path: &str) {
        self.taken.insert(path.to_owned());
    }

    /// Takes what belongs to others out of the facts of its files: policies, and what was searched as text.
    pub(in crate::formats::terraform) fn leave_out(self, scanned: &mut [Facts]) {
        for facts in scanned.iter_mut().filter(|facts| facts.principals.is_empty()) {
            facts.policies.retain(|fact| !self.taken.contains(fact.source.path()));
            facts.mentions.retain(|fact| !self.taken.contains(fact.source.path()));
        }
    }
}
