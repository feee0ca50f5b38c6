//! What the catalogue says, for a ticket.

use std::fmt::Write;

use super::super::markdown::{code, escape};
use super::super::printable;
use super::words;
use crate::bedrock::Catalogue;
use crate::models::{Checked, Hit, ModelsAnswer};
use crate::similar::suggested;

/// The answer as Markdown.
#[must_use]
pub fn markdown(answer: &ModelsAnswer<'_>, catalogue: &Catalogue) -> String {
    let mut text = match answer.hits.as_slice() {
        [hit] if answer.is_detail => detail(hit, answer, catalogue),
        hits => table(hits, answer.region),
    };
    // writing to a string cannot fail
    let _ = writeln!(text, "\nCatalogue of {}, judged as of {}.", catalogue.as_of(), answer.as_of);
    text
}

/// Whether ids can be called, as a table.
#[must_use]
pub fn checked_markdown(all: &[Checked]) -> String {
    let mut text = "| id | callable | remarks |\n|---|---|---|\n".to_owned();
    for one in all {
        let why = one.why().map(|why| format!("{why}{}", suggested(&one.instead)));
        let remarks: Vec<String> = why.into_iter().chain(one.notes.iter().cloned()).collect();
        let callable = if one.is_callable() { "yes" } else { "**no**" };
        let _ = writeln!(
            text,
            "| {} | {callable} | {} |",
            code(&printable(&one.id)),
            escape(&printable(&remarks.join("; ")))
        );
    }
    text
}

fn table(hits: &[Hit<'_>], region: Option<&str>) -> String {
    let last = if region.is_some() { "runs in" } else { "called by" };
    let mut text = format!("| id | name | lifecycle | {last} |\n|---|---|---|---|\n");
    for hit in hits {
        let (state, until) = words::lifecycle(hit);
        let state = escape(format!("{state} {until}").trim());
        let mut row = |id: &str, last: &str| {
            let name = escape(&printable(&hit.model.name));
            let _ = writeln!(text, "| {} | {name} | {state} | {} |", code(&printable(id)), escape(last));
        };
        match region {
            Some(_) => hit.ways.iter().for_each(|way| row(way.id, &words::runs_in(way, hit.model))),
            None => row(&hit.model.id, &words::called_by(hit)),
        }
    }
    text
}

fn detail(hit: &Hit<'_>, answer: &ModelsAnswer<'_>, catalogue: &Catalogue) -> String {
    let model = hit.model;
    let name = escape(&printable(&format!("{} ({})", model.name, model.provider)));
    let mut text = format!("## {name}\n\n{}\n\n", code(&printable(&model.id)));
    for (label, said) in words::facts(hit, answer.region, answer.as_of) {
        let _ = writeln!(text, "- {label}: {}", escape(&said));
    }
    let profiles = words::profiles(model, answer.region);
    if !profiles.is_empty() {
        text.push_str("\n| inference profile | called from | runs in |\n|---|---|---|\n");
        for profile in profiles {
            let remark = words::remark(profile);
            let remark = if remark.is_empty() { String::new() } else { format!(" ({remark})") };
            for (from, to) in words::routes(profile, answer.region) {
                let id = code(&printable(&profile.id));
                let _ = writeln!(text, "| {id}{} | {} | {} |", escape(&remark), escape(&from), escape(&to));
            }
        }
    }
    text.push_str("\nSources:\n\n");
    for (title, url, date) in words::sources(model, catalogue) {
        let address = if url.is_empty() { String::new() } else { format!(": <{url}>") };
        let _ = writeln!(text, "- {}, {}{address}", escape(&title), escape(&date));
    }
    text
}
