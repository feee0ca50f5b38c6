//! A Bedrock ARN whose form no resource has.
//!
//! Owns the form: the fields before the id, and what kind of id stands behind the type. The Region in it is
//! `unknown-region` or `arn-region-mismatch`, an id that does not exist `unknown-model-id`.

mod adapter;
mod mention;
mod policy;
mod words;

use super::{Check, Rule};
use crate::finding::Severity;

pub(super) const RULE: Rule = Rule {
    slug: "malformed-bedrock-arn",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/malformed-bedrock-arn.md"),
    checks: &[Check::Policy(policy::check), Check::Adapter(adapter::check), Check::Mention(mention::check)],
};
