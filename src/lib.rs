//! bedrock-lint: finds broken Amazon Bedrock access before it ships.

pub mod access;
pub mod bedrock;
pub mod finding;
pub mod formats;
pub mod iam;
pub mod link;
pub mod reading;
pub mod rules;
pub mod source;
pub mod syntax;
pub mod text;

use std::sync::Arc;

use finding::Finding;
use formats::FormatOptions;
use source::{Problem, Source};

/// What a run found in files that are already read.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Findings of every confidence, sorted by path, first byte and rule.
    pub findings: Vec<Finding>,
    /// Inputs, or parts of them, that could not be understood.
    pub problems: Vec<Problem>,
}

/// Judges files that are already read, as if the user had named each of them: facts, sets, refusals, findings.
#[must_use]
pub fn lint(sources: &[Arc<Source>], options: &FormatOptions, facts: &rules::Facts<'_>) -> Verdict {
    let mut read: Vec<formats::Facts> = sources
        .iter()
        .map(|source| formats::read(source, options, true))
        .collect();
    let problems = read
        .iter_mut()
        .flat_map(|facts| std::mem::take(&mut facts.problems))
        .collect();
    Verdict {
        findings: rules::judge(&link::link(read), facts),
        problems,
    }
}
