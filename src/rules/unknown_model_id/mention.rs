//! Ids that a string of a program or a text holds.

use super::RULE;
use crate::bedrock::IdMistake;
use crate::finding::Applicability;
use crate::phrase::wrong_id;
use crate::reading::{Fault, FaultKind};
use crate::rules::mention::MentionCase;
use crate::rules::report::Report;
use crate::rules::wording;

pub(super) fn check(case: &MentionCase<'_>, report: &mut Report) {
    let Some(reading) = case.model() else { return };
    let (catalogue, text) = (case.facts.catalogue, case.text());
    for fault in &reading.faults {
        let FaultKind::Id { mistake, nearest } = &fault.kind else { continue };
        let written = text.as_str().get(fault.range.clone()).unwrap_or_default();
        let profile = catalogue.split_profile_id(written).is_some();
        if !is_evident(fault, *mistake, profile || reading.arn.is_some()) {
            continue;
        }
        let noun = if profile { "inference profile" } else { "model" };
        let outcome = if reading.arn.is_some() { "this ARN names nothing" } else { "a call of it is refused" };
        let message = format!("{}: {outcome}", wrong_id(*mistake, written, noun));
        let at = case.at(text.span_of(fault.range.clone()));
        let draft = case.draft(&RULE, at.clone(), message, "no such id");
        let draft = match nearest.as_slice() {
            [] => draft,
            [one] => draft.help(format!("write `{one}`")).replace(
                at,
                one.as_str(),
                "write the id that is meant",
                Applicability::Unsafe,
            ),
            _ => draft.help(format!("write {}", wording::either(nearest))),
        };
        report.push_once(draft, "and here");
    }
}

/// Whether it is a mistake wherever it stands. Programs tell models by the beginning of their ids, and add dates, versions
/// and prefixes: what is only too short may be that, unless it stands in an ARN or begins with a prefix.
fn is_evident(fault: &Fault, mistake: Option<IdMistake>, whole: bool) -> bool {
    match mistake {
        Some(IdMistake::Blank) => false,
        Some(IdMistake::MissingVersionSuffix) => whole,
        _ => !fault.kind.may_be_new(),
    }
}
