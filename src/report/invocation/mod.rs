//! The answer of `can-invoke`, for people and for programs.

mod human;
mod json;
mod opinion;

pub use human::human;
pub use json::json;
pub use opinion::disputes;

use crate::can_invoke::{CallAnswer, Mend, RequirementAnswer};
use crate::iam::Layer;

/// A layer as a word; which level of service control policies, from 1, stands beside it.
fn layer(layer: Layer) -> (&'static str, Option<usize>) {
    match layer {
        Layer::Scp { level } => ("scp", Some(level + 1)),
        Layer::Resource => ("resource", None),
        Layer::Identity => ("identity", None),
        Layer::Boundary => ("boundary", None),
        Layer::Session => ("session", None),
        Layer::Endpoint => ("endpoint", None),
    }
}

/// The edits of calls, those of one place together.
fn mends<'a>(calls: impl IntoIterator<Item = &'a CallAnswer>) -> Vec<Mend> {
    let mut all: Vec<Mend> = Vec::new();
    for mend in calls.into_iter().flat_map(|call| &call.mends) {
        let same = |known: &&mut Mend| {
            (known.layer, &known.statement, &known.text) == (mend.layer, &mend.statement, &mend.text)
        };
        match all.iter_mut().find(same) {
            Some(known) => {
                for item in &mend.items {
                    if !known.items.contains(item) {
                        known.items.push(item.clone());
                    }
                }
            }
            None => all.push(mend.clone()),
        }
    }
    all
}

/// Each requirement of the calls once.
fn requirements<'a>(calls: impl IntoIterator<Item = &'a CallAnswer>) -> Vec<&'a RequirementAnswer> {
    let mut all: Vec<&RequirementAnswer> = Vec::new();
    for one in calls.into_iter().flat_map(|call| &call.requirements) {
        let same = |known: &&RequirementAnswer| {
            (&known.requirement, known.decision, &known.reason, &known.aws)
                == (&one.requirement, one.decision, &one.reason, &one.aws)
        };
        if !all.iter().any(same) {
            all.push(one);
        }
    }
    all
}
