//! Where the formats put what they find in a file.

use std::sync::Arc;

use super::is_called_example;
use super::policy;
use super::{
    ADDRESS, AdapterFact, DuplicateKey, Facts, FormatOptions, MadeProfile, PolicyKind, ServiceAccountFact, Workload,
};
use crate::adapter::Adapter;
use crate::source::{Location, Source};
use crate::syntax::{Node, yaml};
use crate::text::Span;

/// What is known of a process beside its variables.
#[derive(Clone, Debug, Default)]
pub(super) struct Process {
    /// The workload of Kubernetes that it belongs to.
    pub(super) workload: Option<Workload>,
    /// Whether it is given more variables than can be seen.
    pub(super) more: bool,
}

/// Shared by the shapes of one file.
pub(super) struct Reader<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) kind: Option<PolicyKind>,
    pub(super) example: bool,
    /// The Region that what is read is deployed to, where the file says so.
    pub(super) region: Option<String>,
    /// Application inference profiles that are made beside what is read.
    pub(super) profiles: Arc<[MadeProfile]>,
    /// How many documents stand around the one that is read.
    pub(super) nesting: u8,
    /// What the aliases in documents that stand in others may expand to, all together.
    pub(super) expansion: usize,
    pub(super) facts: Facts,
}

impl<'a> Reader<'a> {
    /// A reader that adds to `facts`.
    pub(super) fn new(source: &'a Arc<Source>, options: &FormatOptions, facts: Facts) -> Self {
        let FormatOptions { kind, example } = *options;
        let (region, profiles, expansion) = (None, Arc::default(), yaml::EXPANSION);
        Self { source, kind, example, region, profiles, nesting: 0, expansion, facts }
    }

    /// Keeps the comments that speak to this program.
    pub(super) fn comments(&mut self, spans: Vec<Span>) {
        let comments = spans.into_iter().map(|span| Location::new(self.source, span));
        self.facts.comments.extend(comments.filter(|comment| comment.text().contains(ADDRESS)));
    }

    /// Adds an adapter that was read from `node`.
    pub(super) fn adapter(&mut self, adapter: Adapter, node: &Node) {
        let mut duplicates = Vec::new();
        policy::collect_duplicates(node, &mut duplicates);
        self.add(adapter, duplicates, None, true);
    }

    /// Adds the adapters that were read from what one process is given. A variable that is set anew is no mistake there.
    pub(super) fn process(&mut self, adapters: Vec<Adapter>, process: &Process) {
        for adapter in adapters {
            self.add(adapter, Vec::new(), process.workload.clone(), !process.more);
        }
    }

    /// Adds an adapter of a resource of infrastructure: its file is called a template and is no example.
    pub(super) fn resource(&mut self, adapter: Adapter) {
        let (source, example) = (Arc::clone(self.source), self.example);
        let fact = AdapterFact { source, adapter, example, duplicates: Vec::new(), workload: None, whole: true };
        self.facts.adapters.push(Arc::new(fact));
    }

    /// Adds a service account.
    pub(super) fn service_account(&mut self, account: ServiceAccountFact) {
        self.facts.service_accounts.push(Arc::new(account));
    }

    fn add(&mut self, adapter: Adapter, duplicates: Vec<DuplicateKey>, workload: Option<Workload>, whole: bool) {
        let example = self.example || is_called_example(self.source.path());
        let fact = AdapterFact { source: Arc::clone(self.source), adapter, example, duplicates, workload, whole };
        self.facts.adapters.push(Arc::new(fact));
    }

    pub(super) fn empty(&mut self) {
        self.problem(Span::default(), "the file is empty: an IAM policy or an adapter is expected");
    }

    pub(super) fn problem(&mut self, span: Span, message: impl Into<String>) {
        self.facts.problems.push(self.source.problem(span.start as usize, message));
    }
}
