//! The command that asks the catalogue.

use std::io;

use bedrock_lint::bedrock::Catalogue;
use bedrock_lint::models::{Checked, ModelsAnswer, ModelsRequest, check, models};
use bedrock_lint::report::{models as report, printable};
use jiff::civil::Date;

use super::args::{ModelsArgs, ModelsFormat};
use super::terminal::{complain, print, stdout_style, table_style};
use super::{UNUSABLE, given_catalogue, refresh, stale_hint, today};

/// Nothing was found, or an id cannot be called.
const NOTHING: u8 = 1;

pub(super) fn run(arguments: &ModelsArgs) -> io::Result<u8> {
    if arguments.live.live {
        return refresh::run(arguments);
    }
    let region = match arguments.regions.as_slice() {
        [] => None,
        [one] => Some(one.as_str()),
        _ => {
            complain("error: one Region is asked about at a time: several are for `--refresh` (`--region`)\n");
            return Ok(UNUSABLE);
        }
    };
    let Some(read) = given_catalogue(arguments.catalog.as_deref(), arguments.color.color) else { return Ok(UNUSABLE) };
    let catalogue = read.as_ref().unwrap_or_else(|| Catalogue::builtin());
    let as_of = arguments.as_of.unwrap_or_else(today);
    let code = match arguments.check {
        true => checked(arguments, region, as_of, catalogue),
        false => found(arguments, region, as_of, catalogue),
    }?;
    if let Some((date, days)) = catalogue.stale_by(as_of).filter(|_| code != UNUSABLE) {
        complain(&stale_hint(date, days));
    }
    Ok(code)
}

fn found(arguments: &ModelsArgs, region: Option<&str>, as_of: Date, catalogue: &Catalogue) -> io::Result<u8> {
    let request = ModelsRequest { words: arguments.words.clone(), region: region.map(str::to_owned), as_of };
    let answer = match models(&request, catalogue) {
        Ok(answer) => answer,
        Err(error) => {
            complain(&format!("error: {} (`--region`)\n", printable(&error.to_string())));
            return Ok(UNUSABLE);
        }
    };
    complain(&remarks(&answer, catalogue));
    let color = arguments.color.color;
    print(&match arguments.format {
        ModelsFormat::Human if answer.hits.is_empty() => String::new(),
        ModelsFormat::Human if answer.is_detail => report::human(&answer, catalogue, stdout_style(color)),
        ModelsFormat::Human => report::human(&answer, catalogue, table_style(color)),
        ModelsFormat::Json => report::json(&answer, catalogue),
        ModelsFormat::Markdown => report::markdown(&answer, catalogue),
    })?;
    Ok(if answer.hits.is_empty() { NOTHING } else { 0 })
}

/// What is to be known of an answer beside the models.
fn remarks(answer: &ModelsAnswer<'_>, catalogue: &Catalogue) -> String {
    let mut said = String::new();
    let note = answer.note.as_deref().map(printable);
    if !answer.hits.is_empty() {
        said.extend(note.map(|note| format!("note: {note}\n")));
    } else {
        let query = printable(&answer.query);
        let what = match answer.region {
            Some(region) if query.is_empty() || query == region => format!("nothing can be called from `{region}`"),
            Some(region) => format!("no model matches `{query}` from `{region}`"),
            None => format!("no model matches `{query}`"),
        };
        let meant = note.map(|note| format!("; {note}")).unwrap_or_default();
        said.push_str(&format!("{what} in the catalogue of {}{meant}\n", catalogue.as_of()));
        if !answer.nearest.is_empty() {
            said.push_str("nearest:\n");
            said.extend(answer.nearest.iter().map(|id| format!("  {}\n", printable(id))));
        }
    }
    if answer.left_out > 0 {
        said.push_str(&format!(
            "hint: {} more are past their end of life: `bedrock-lint models ended`\n",
            answer.left_out
        ));
    }
    said
}

fn checked(arguments: &ModelsArgs, region: Option<&str>, as_of: Date, catalogue: &Catalogue) -> io::Result<u8> {
    let all: Result<Vec<Checked>, _> = arguments.words.iter().map(|id| check(id, region, as_of, catalogue)).collect();
    let all = match all {
        Ok(all) => all,
        Err(error) => {
            complain(&format!("error: {} (`--region`)\n", printable(&error.to_string())));
            return Ok(UNUSABLE);
        }
    };
    print(&match arguments.format {
        ModelsFormat::Human => report::checked(&all, stdout_style(arguments.color.color)),
        ModelsFormat::Json => report::checked_json(&all, region, as_of, catalogue),
        ModelsFormat::Markdown => report::checked_markdown(&all),
    })?;
    Ok(if all.iter().all(Checked::is_callable) { 0 } else { NOTHING })
}
