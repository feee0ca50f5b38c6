//! A model past its end of life, or on its way there.
//!
//! Owns everything that has ended, also where it is called by a bare id that only profiles served, or from a Region that
//! never had it: what is gone is not to be called in another way.

mod adapter;
mod mention;
mod policy;
mod words;

use super::{Check, Rule};
use crate::finding::Severity;

pub(super) const RULE: Rule = Rule {
    slug: "retired-model",
    severity: Severity::Warning,
    pedantic: false,
    page: include_str!("../../rules/retired-model.md"),
    checks: &[Check::Policy(policy::check), Check::Adapter(adapter::check), Check::Mention(mention::check)],
};
