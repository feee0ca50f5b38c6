//! The live half of a check: who asks, whose policies act, and what the account says of what the scan calls.

use std::sync::Arc;

use jiff::civil::Date;

use super::models::ask_about;
use super::{Account, Answers, Failure, Gap, Gaps, Identity, Principal, Who, principal, runs};
use crate::bedrock::{ActionCatalogue, Catalogue, is_managed_by_aws};
use crate::finding::Finding;
use crate::formats::AdapterFact;
use crate::link::Linked;
use crate::reading::AdapterReading;

/// What an account is asked beside the files.
#[derive(Clone, Copy)]
pub struct LiveCheck<'a> {
    /// The account.
    pub account: &'a dyn Account,
    /// Whose policies are read. A role or user that is named is taken to run the adapters of the scan whose settings name
    /// no other credentials, and which nothing else runs.
    pub who: &'a Who,
}

/// What became of the live half of a check.
#[derive(Clone, Debug, Default)]
pub struct LiveOutcome {
    /// Who asked.
    pub identity: Option<Identity>,
    /// Whose policies were read.
    pub principal: Option<Principal>,
    /// What the account said of what the scan calls.
    pub answers: Answers,
    /// What could not be checked, and why.
    pub gaps: Vec<Gap>,
    /// Why there is no principal, where that is nobody's failure: the root user has no policies.
    pub remark: Option<String>,
    /// Why the check could not be made.
    pub not_made: Option<String>,
}

/// A live check that has begun.
pub(crate) struct Observation<'a> {
    asked: LiveCheck<'a>,
    gaps: Gaps,
    outcome: LiveOutcome,
}

impl std::fmt::Debug for LiveCheck<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveCheck").field("who", self.who).finish_non_exhaustive()
    }
}

impl<'a> Observation<'a> {
    /// Asks who asks, and reads whose policies act.
    pub(crate) fn begin(asked: LiveCheck<'a>) -> Self {
        let mut begun = Self { asked, gaps: Gaps::default(), outcome: LiveOutcome::default() };
        // needs no permission: a failure here is one of every other question
        let identity = match asked.account.caller() {
            Ok(identity) => identity,
            Err(failure) => {
                begun.outcome.not_made = Some(failure.to_string());
                return begun;
            }
        };
        match principal::read(asked.account, &identity, asked.who, &begun.gaps) {
            Ok(principal) => begun.outcome.principal = Some(principal),
            Err(why) if *asked.who == Who::Caller => begun.outcome.remark = Some(why),
            Err(why) => begun.outcome.not_made = Some(why),
        }
        begun.outcome.identity = Some(identity);
        begun
    }

    /// Puts the policies beside those of the files.
    pub(crate) fn join(&self, linked: &mut Linked, catalogue: &Catalogue, actions: &ActionCatalogue) {
        let (Some(principal), Some(identity)) = (&self.outcome.principal, &self.outcome.identity) else {
            return;
        };
        let facts = principal.facts();
        // whoever asks need not be what runs the files
        let runs = match self.asked.who {
            Who::Caller => Vec::new(),
            Who::Role(_) | Who::User(_) => {
                let read = |fact: &Arc<AdapterFact>| AdapterReading::new(fact, catalogue, actions);
                let readings: Vec<AdapterReading> = linked.adapters.iter().map(read).collect();
                runs::of(principal, identity, &readings, linked)
            }
        };
        linked.add(facts.policies, facts.principal, facts.scps, &runs);
    }

    /// Asks about what the files call.
    pub(crate) fn ask(&mut self, linked: &Linked, catalogue: &Catalogue, actions: &ActionCatalogue, as_of: Date) {
        if let Some(identity) = self.outcome.identity.as_ref().filter(|_| self.outcome.not_made.is_none()) {
            self.outcome.answers =
                ask_about(linked, self.asked.account, identity, catalogue, actions, as_of, &self.gaps);
        }
    }

    /// What the account said so far.
    pub(crate) fn answers(&self) -> &Answers {
        &self.outcome.answers
    }

    /// The paths under which its documents are shown.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        let documents = self.outcome.principal.iter().flat_map(|principal| &principal.documents);
        documents.map(|document| document.arn.as_str())
    }

    /// Whether a finding is about a document that AWS manages: nobody here can mend it.
    pub(crate) fn is_of_aws(&self, finding: &Finding) -> bool {
        let path = finding.primary.at.source.path();
        is_managed_by_aws(path) && self.paths().any(|one| one == path)
    }

    /// What became of it.
    pub(crate) fn end(mut self) -> LiveOutcome {
        self.outcome.gaps = self.gaps.all();
        if self.outcome.not_made.is_none() && self.gaps.answered() == 0 {
            let first = self.outcome.gaps.first().map(|gap| &gap.failure);
            self.outcome.not_made = first.map(Failure::to_string);
        }
        self.outcome
    }
}
