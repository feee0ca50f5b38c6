//! In the place of what is not there yet: the catalogue, and judging sets of policies.

use std::path::Path;

use jiff::civil::Date;

use crate::finding::Finding;
use crate::formats::Facts;
use crate::source::Problem;

/// Facts about models, as far as the frame needs them.
#[derive(Debug)]
pub(crate) struct Catalog {
    /// The day of the facts.
    pub(crate) date: String,
}

/// The date of the catalogue that is compiled in.
pub(crate) const CATALOG_DATE: &str = "2026-10-27";

/// The catalogue that was asked for; the one compiled in beside a problem if that cannot be read.
pub(crate) fn catalog(path: Option<&Path>) -> (Catalog, Option<Problem>) {
    let own = Catalog {
        date: CATALOG_DATE.to_owned(),
    };
    let Some(path) = path else { return (own, None) };
    let read = std::fs::read_to_string(path)
        .map_err(|error| error.to_string())
        .and_then(|text| {
            let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| format!("not JSON: {error}"))?;
            value
                .get("as_of")
                .and_then(|date| date.as_str())
                .map(str::to_owned)
                .ok_or("no date in `as_of`".to_owned())
        });
    match read {
        Ok(date) => (Catalog { date }, None),
        Err(why) => {
            let message = format!("not a catalogue: {why}");
            (
                own,
                Some(Problem {
                    path: path.to_string_lossy().into_owned(),
                    position: None,
                    message,
                }),
            )
        }
    }
}

/// Finds nothing.
pub(crate) fn judge(_facts: Vec<Facts>, _catalog: &Catalog, _as_of: Date) -> Vec<Finding> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_date_is_that_of_the_catalogue() {
        let catalog = include_str!("../catalog/bedrock.json");
        assert!(catalog.contains(&format!("\"as_of\": \"{}\"", super::CATALOG_DATE)));
    }
}
