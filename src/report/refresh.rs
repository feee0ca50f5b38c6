//! What became of a refresh of the catalogue, for people.

use super::{Style, counted, printable};
use crate::finding::Severity;
use crate::live::refresh::{Changes, RefreshOutcome};
use crate::phrase;

/// Names of a kind that are told.
const NAMED: usize = 3;

/// How many Regions answered and what is other than before, a line each.
#[must_use]
pub fn summary(outcome: &RefreshOutcome, style: Style) -> String {
    let (asked, answered) = (counted(outcome.asked.len(), "Region"), outcome.answered.len());
    let mut lines = vec![format!("{asked} asked, {answered} answered")];
    if let Some(refreshed) = &outcome.refreshed {
        lines.extend(changed(&refreshed.changes));
        let hidden = &refreshed.changes.hidden;
        if !hidden.is_empty() {
            let (models, names) = (counted(hidden.len(), "model"), phrase::list(hidden, NAMED));
            lines
                .push(format!("{models} listed nowhere, which AWS may hide from the account, stay as before: {names}"));
        }
    }
    lines.iter().map(|line| format!("{}\n", style.dim(&format!("live: {}", printable(line))))).collect()
}

fn changed(changes: &Changes) -> Vec<String> {
    let kinds = [
        (&changes.models_added, "model", "added"),
        (&changes.models_changed, "model", "changed"),
        (&changes.profiles_added, "profile", "added"),
        (&changes.profiles_changed, "profile", "changed"),
        (&changes.profiles_retired, "profile", "retired"),
        (&changes.regions_added, "Region", "added"),
    ];
    let told = kinds.into_iter().filter(|(ids, ..)| !ids.is_empty());
    let lines: Vec<String> = told
        .map(|(ids, noun, done)| format!("{} {done}: {}", counted(ids.len(), noun), phrase::list(ids, NAMED)))
        .collect();
    if lines.is_empty() { vec!["nothing is other than before".to_owned()] } else { lines }
}

/// Which Regions did not answer and why, what the file cannot say, and whether nobody answered.
#[must_use]
pub fn problems(outcome: &RefreshOutcome, style: Style) -> String {
    let warning = |text: &str| format!("{} {}\n", style.severity(Severity::Warning, "warning:"), printable(text));
    let mut text: String = outcome.gaps.iter().map(|gap| warning(&gap.to_string())).collect();
    let remarks = outcome.refreshed.iter().flat_map(|refreshed| &refreshed.changes.remarks);
    text.extend(remarks.map(|remark| warning(remark)));
    if let Some(why) = &outcome.not_made {
        let label = style.severity(Severity::Error, "error:");
        text.push_str(&format!("{label} the catalogue could not be refreshed: {}\n", printable(why)));
    }
    text
}
