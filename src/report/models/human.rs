//! What the catalogue says, in a terminal.

use anstyle::{AnsiColor, Style as Paint};

use super::super::layout::{Piece, Table, flow, padded, wrap};
use super::super::printable;
use super::super::style::Style;
use super::words;
use crate::bedrock::{Catalogue, Standing};
use crate::models::{Checked, Hit, ModelsAnswer};
use crate::similar::suggested;

/// Columns of the labels of a model.
const LABEL: usize = 13;

/// The answer for people.
#[must_use]
pub fn human(answer: &ModelsAnswer<'_>, catalogue: &Catalogue, style: Style) -> String {
    match answer.hits.as_slice() {
        [hit] if answer.is_detail => detail(hit, answer, catalogue, style),
        hits if answer.region.is_some() => callable(hits, style),
        hits => list(hits, style),
    }
}

/// One line for each id: whether it can be called, and why not.
#[must_use]
pub fn checked(all: &[Checked], style: Style) -> String {
    let line = |one: &Checked| {
        let id = printable(&one.id);
        let (color, word) = match one.why() {
            None => (AnsiColor::Green, "ok".to_owned()),
            Some(why) => (AnsiColor::Red, printable(&format!("{why}{}", suggested(&one.instead)))),
        };
        let notes = one.notes.iter().map(|note| format!("; {}", printable(note))).collect::<String>();
        format!("{id}: {}{notes}\n", style.paint(color.on_default(), &word))
    };
    all.iter().map(line).collect()
}

fn list(hits: &[Hit<'_>], style: Style) -> String {
    let mut table = Table::new(&["id", "name", "state", "until", "called by"], &[1, 3]);
    for hit in hits {
        let (state, until) = words::lifecycle(hit);
        table.push(vec![
            id(&hit.model.id),
            Piece::plain(printable(&hit.model.name)),
            Piece::painted(state, paint(hit.standing)),
            Piece::plain(until),
            Piece::plain(words::called_by(hit)),
        ]);
    }
    if hits.is_empty() { String::new() } else { table.render(style) }
}

/// What can be called from a Region, an id a row.
fn callable(hits: &[Hit<'_>], style: Style) -> String {
    let mut table = Table::new(&["id", "name", "state", "until", "runs in"], &[1, 3]);
    for hit in hits {
        let (state, until) = words::lifecycle(hit);
        for way in &hit.ways {
            table.push(vec![
                id(way.id),
                Piece::plain(printable(&hit.model.name)),
                Piece::painted(state, paint(hit.standing)),
                Piece::plain(until.clone()),
                Piece::plain(words::runs_in(way, hit.model)),
            ]);
        }
    }
    if hits.is_empty() { String::new() } else { table.render(style) }
}

fn detail(hit: &Hit<'_>, answer: &ModelsAnswer<'_>, catalogue: &Catalogue, style: Style) -> String {
    let model = hit.model;
    let name = printable(&format!("{} ({})", model.name, model.provider));
    let mut text = format!("{}\n{}\n\n", style.bold(&name), style.code(&printable(&model.id)));
    for (label, said) in words::facts(hit, answer.region, answer.as_of) {
        text.push_str(&labelled(label, &said, style));
    }
    if let Some(region) = answer.region {
        text.push_str(&format!("\n{}\n", style.bold(&format!("from {region}"))));
        for way in &hit.ways {
            text.push_str(&format!("  {}\n", style.code(&printable(way.id))));
            text.push_str(&wrap(
                &format!("{}{}", arrow(style), words::runs_in(way, hit.model)),
                "    ",
                "       ",
                style,
            ));
        }
        if hit.ways.is_empty() {
            text.push_str("  it cannot be called from there by any id\n");
        }
    } else {
        text.push_str(&profiles(hit, style));
    }
    text.push_str(&format!("\n{}\n", style.bold("sources")));
    for (title, url, date) in words::sources(model, catalogue) {
        // what an account listed has no address
        let pieces = match url.is_empty() {
            true => vec![Piece::plain(format!("{title}, {date}"))],
            false => vec![Piece::plain(format!("{title}, {date}: ")), Piece::code(url, Paint::new().underline())],
        };
        text.push_str(&flow(&pieces, "  ", "    ", style));
    }
    let dates = format!("\ncatalogue of {}, judged as of {}", catalogue.as_of(), answer.as_of);
    text + &style.dim(&dates) + "\n"
}

/// A label before a text that goes on under itself.
fn labelled(label: &str, said: &str, style: Style) -> String {
    let indent = " ".repeat(2 + LABEL);
    let body = wrap(said, &indent, &indent, style);
    format!("  {}{}", style.dim(&padded(label, LABEL)), body.get(indent.len()..).unwrap_or_default())
}

/// Every profile, with where it leads from each of its source Regions.
fn profiles(hit: &Hit<'_>, style: Style) -> String {
    let profiles = words::profiles(hit.model, None);
    if profiles.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", style.bold("inference profiles: called from, and where that runs"));
    for profile in profiles {
        let asked = hit.profile.is_some_and(|asked| asked.id == profile.id);
        let id = printable(&profile.id);
        let id = if asked { style.bold(&id) } else { style.code(&id) };
        let remark = words::remark(profile);
        let remark = if remark.is_empty() { String::new() } else { format!("  {}", style.dim(&format!("({remark})"))) };
        text.push_str(&format!("  {id}{remark}\n"));
        for (from, to) in words::routes(profile, None) {
            text.push_str(&wrap(&from, "    ", "    ", style));
            text.push_str(&wrap(&format!("{}{to}", arrow(style)), "      ", "         ", style));
        }
    }
    text
}

fn arrow(style: Style) -> &'static str {
    if style.unicode { "→ " } else { "-> " }
}

fn id(id: &str) -> Piece {
    Piece::painted(printable(id), AnsiColor::Cyan.on_default())
}

fn paint(standing: Standing) -> Paint {
    match standing {
        Standing::Offered => AnsiColor::Green.on_default(),
        standing if standing.is_over() => AnsiColor::Red.on_default(),
        _ => AnsiColor::Yellow.on_default(),
    }
}
