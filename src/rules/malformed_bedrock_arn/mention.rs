//! ARNs that a string of a program or a text holds: granted or called, which is not known, and parts of them are often
//! filled in.

use super::words::{Flaw, Place, Written, flaw, mended, reasons};
use crate::finding::Applicability;
use crate::reading::{Fault, FaultKind};
use crate::rules::mention::MentionCase;
use crate::rules::report::Report;
use crate::text::{FilledBy, Text};

pub(super) fn check(case: &MentionCase<'_>, report: &mut Report) {
    let Some(reading) = case.model().filter(|reading| reading.arn.is_some()) else { return };
    let text = case.text();
    let arn = Written {
        facts: case.facts,
        text,
        region: reading.arn.as_ref().and_then(|arn| arn.region.as_ref()).map(|region| region.code.as_str()),
        any_region: Some(("*", Applicability::DisplayOnly)),
        account: Some(("*", Applicability::DisplayOnly)),
        place: Place::Policy,
    };
    let faults = reading.faults.iter().filter(|fault| is_evident(text, fault));
    let flaws: Vec<Flaw> = faults.filter_map(|fault| flaw(&arn, fault)).collect();
    if flaws.is_empty() {
        return;
    }
    let message = format!("this ARN names nothing: {}", reasons(&flaws).0);
    let label = flaws.first().map_or("malformed", |flaw| flaw.label);
    let draft = case.draft(&super::RULE, case.at(text.span()), message, label);
    // what a program puts together is not mended by cutting characters out of it
    let draft = mended(draft, text, &flaws, Applicability::DisplayOnly, |range| case.at(text.span_of(range)));
    report.push_once(draft, "and here");
}

/// Whether a fault shows in what is written, whatever is filled in.
fn is_evident(text: &Text, fault: &Fault) -> bool {
    let written = text.as_str().get(fault.range.clone()).unwrap_or_default();
    let within = |start: usize, end: usize| fault.range.start <= start && end <= fault.range.end;
    let mut holes = text.holes().iter().filter(|hole| within(hole.range.start, hole.range.end));
    match &fault.kind {
        // what is called an account is one, unless it is for people to leave out
        FaultKind::AccountInModel => holes.next().is_none_or(|hole| {
            hole.filled_by == FilledBy::Template && written.to_ascii_lowercase().contains("account")
        }),
        // `1234`, `account`: what people write who mean any
        FaultKind::NotAnAccount => false,
        // a URL is put together of it
        FaultKind::PercentEncoded => false,
        // what stands for the id of a profile in a program seldom is one
        FaultKind::ApplicationUnderSystem => false,
        // `arn:aws:bedrock:us-east-1:111122223333` begins many
        FaultKind::MissingField => text.as_str().contains('/'),
        kind => !kind.may_be_new(),
    }
}
