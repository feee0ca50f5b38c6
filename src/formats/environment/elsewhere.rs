//! Variables that another file sets.

use std::sync::Arc;

use crate::adapter::Field;
use crate::formats::ReferenceFact;
use crate::source::{Location, Source};
use crate::text::{Count, Span, Text};

/// A variable that stands in the file `at`, as one of the place that takes it from there. Secrets stay where they are,
/// and are judged there alone: here it is only known that they are set.
pub(in crate::formats) fn from_file(
    field: &Field,
    at: &Arc<Source>,
    place: &Location,
    references: &mut Vec<ReferenceFact>,
) -> Field {
    let (key, span) = (field.key.span(), place.span);
    let written = Span { start: key.start.min(field.span.start), end: key.end.max(field.span.end) };
    references.push(ReferenceFact { at: place.clone(), overridable: false, written: Some(Location::new(at, written)) });
    let value = if is_secret(field.key.as_str()) && field.is_filled() {
        Text::unknown("${…}", span, Count::Single)
    } else {
        field.value.used_at(span)
    };
    Field { key: field.key.used_at(span), value, kind: field.kind, span }
}

/// Whether a variable is called like one that holds a secret.
pub(in crate::formats) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["KEY", "SECRET", "TOKEN", "PASSWORD", "CREDENTIAL"].iter().any(|word| name.contains(word))
}
