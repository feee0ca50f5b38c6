//! The fields of an ARN in a string with wildcards, policy variables and holes, found even where the ARN is not whole.

use super::fault::{Fault, FaultKind};
use crate::bedrock::{ActionCatalogue, ArnField, ArnFields, is_account_id};
use crate::iam::Pattern;
use crate::text::Text;

/// Stands for characters of holes and policy variables, whose colons and slashes separate nothing.
pub(super) const MASK: char = '\u{1}';

/// The string with every byte of a hole or policy variable replaced, so that offsets stay.
pub(super) fn masked(text: &Text) -> String {
    let value = text.as_str();
    let mut masked = String::with_capacity(value.len());
    let mut at = 0;
    for (start, end) in unknown_ranges(text) {
        // ranges may overlap: a hole inside a variable
        if end > at {
            masked.push_str(value.get(at..start).unwrap_or_default());
            masked.extend(std::iter::repeat_n(MASK, end - start.max(at)));
            at = end;
        }
    }
    masked.push_str(value.get(at..).unwrap_or_default());
    masked
}

/// Where holes and policy variables stand, sorted by their start.
fn unknown_ranges(text: &Text) -> Vec<(usize, usize)> {
    let value = text.as_str();
    let holes = text.holes().iter().map(|hole| (hole.range.start, hole.range.end));
    let mut unknown: Vec<(usize, usize)> = holes.collect();
    let mut at = 0;
    while let Some(start) = value.get(at..).and_then(|rest| rest.find("${")).map(|found| at + found) {
        let end = value.get(start..).and_then(|rest| rest.find('}')).map_or(value.len(), |found| start + found + 1);
        unknown.push((start, end));
        at = end;
    }
    unknown.sort_unstable();
    unknown
}

/// The field of that index in an ARN, as written: colons inside holes and policy variables separate nothing.
pub(crate) fn field(pattern: &Pattern, index: usize) -> Option<&str> {
    let text = pattern.text().as_str();
    if pattern.text().literal().is_some() && !text.contains("${") {
        return text.splitn(6, ':').nth(index);
    }
    let masked = masked(pattern.text());
    let mut start = 0;
    for (at, field) in masked.splitn(6, ':').enumerate() {
        if at == index {
            return text.get(start..start + field.len());
        }
        start += field.len() + 1;
    }
    None
}

/// Whether a field is known to the last character.
pub(super) fn is_literal(field: &str) -> bool {
    !field.contains(['*', '?', MASK])
}

/// Where an ARN with one field too few wants a colon: `arn:aws:bedrock:us-east-1:foundation-model/x`. Ids end in `:0`,
/// so the number of colons says nothing. Whether it is a fault depends on [`stands_for_more`].
pub(super) fn missing_field(masked: &str) -> Option<usize> {
    let mut parts = masked.splitn(5, ':');
    let before: usize = parts.by_ref().take(3).map(|part| part.len() + 1).sum();
    let (place, resource) = (parts.next()?, parts.next()?);
    let kind = resource.split(['/', ':']).next().unwrap_or_default();
    if kind.is_empty() || !is_literal(kind) || resource.get(kind.len()..)?.starts_with(':') {
        return None;
    }
    // the account may be what stands there; then it is the Region that is missing
    Some(if is_account(place) { before } else { before + place.len() })
}

/// Whether a field may hold colons: a wildcard (`us-*:foundation-model/x` is right), or something unknown.
pub(super) fn stands_for_more(field: &str) -> bool {
    field.contains(['*', MASK])
}

pub(super) fn with_colon(masked: &str, at: usize) -> Option<String> {
    let (before, after) = masked.split_at_checked(at)?;
    Some(format!("{before}:{after}"))
}

/// Moves the fields behind a supplied colon to where they stand in the string as written.
pub(super) fn behind_the_gap(fields: &mut ArnFields<'_>, gap: usize) {
    let id = fields.resource_id.as_mut();
    let all = [&mut fields.region, &mut fields.account, &mut fields.resource, &mut fields.resource_type];
    for field in all.into_iter().chain(id) {
        let back = |offset: usize| if offset > gap { offset - 1 } else { offset };
        field.range = back(field.range.start)..back(field.range.end);
    }
}

/// Parts type and id where something else than `/` stands between them.
pub(super) fn respelt(fields: &mut ArnFields<'_>, actions: &ActionCatalogue) -> Option<Fault> {
    let kind = fields.resource_type.clone();
    if actions.resource_type("bedrock", kind.text).is_some() {
        return None;
    }
    let (end, length, fault) = match kind.text.to_ascii_lowercase().find("%2f") {
        Some(at) => (at, "%2F".len(), FaultKind::PercentEncoded),
        None => (kind.text.find(':')?, ":".len(), FaultKind::ColonForSlash),
    };
    let before = kind.text.get(..end)?;
    actions.resource_type("bedrock", before)?;
    let from = kind.range.start - fields.resource.range.start + end + length;
    let start = kind.range.start + end;
    fields.resource_id =
        Some(ArnField { text: fields.resource.text.get(from..)?, range: start + length..fields.resource.range.end });
    fields.resource_type = ArnField { text: before, range: kind.range.start..start };
    Some(Fault { kind: fault, range: start..start + length })
}

/// Whether a field is the id of an account, or AWS itself.
pub(super) fn is_account(text: &str) -> bool {
    text == "aws" || is_account_id(text)
}
