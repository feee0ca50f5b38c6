//! The command that writes a newer catalogue from what an account lists.

use std::fs;
use std::io;
use std::path::Path;

use bedrock_lint::bedrock::Catalogue;
use bedrock_lint::check::read_catalogue_text;
use bedrock_lint::live::refresh::{RefreshError, RefreshOutcome, RefreshRequest, refresh};
use bedrock_lint::report::{printable, refresh as report};

use super::args::ModelsArgs;
use super::terminal::{complain, print, stderr_style};
use super::{NOT_MADE, UNUSABLE, complain_of, live, output, today};

pub(super) fn run(arguments: &ModelsArgs) -> io::Result<u8> {
    if !arguments.live.print_policy
        && let Err(why) = usage(arguments)
    {
        complain(&format!("error: {}\n", printable(&why)));
        return Ok(UNUSABLE);
    }
    let base = match arguments.catalog.as_deref().map(read_catalogue_text).transpose() {
        Ok(base) => base.map(|(text, _)| text),
        Err(problem) => {
            complain_of(&[problem], arguments.color.color);
            return Ok(UNUSABLE);
        }
    };
    let account = match live::account(&arguments.live)? {
        live::Asked::Account(account) => account,
        live::Asked::Nobody => return Ok(UNUSABLE),
        live::Asked::Done(code) => return Ok(code),
    };
    let request = RefreshRequest {
        account: &*account,
        base: base.as_deref().unwrap_or(Catalogue::BUILTIN_TEXT),
        regions: &arguments.regions,
        date: arguments.as_of.unwrap_or_else(today),
    };
    match refresh(&request) {
        Ok(outcome) => tell(arguments, &outcome),
        Err(error) => {
            complain(&format!("error: {}\n", printable(&told(&error))));
            Ok(UNUSABLE)
        }
    }
}

/// What is wrong with the options that only a refresh has, before anything is asked.
fn usage(arguments: &ModelsArgs) -> Result<(), String> {
    if !arguments.refresh {
        return Err("`models` asks an account for a newer catalogue alone: `--refresh --live --output FILE`".to_owned());
    }
    match &arguments.output {
        None => Err("a catalogue is written: name its file with `--output`, or `-` for the standard output".to_owned()),
        Some(path) if is_stdout(path) => Ok(()),
        Some(path) => replaceable(path).map_err(|why| format!("{}: {why}", path.display())),
    }
}

fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// Whether a catalogue may be written there: a file that is no catalogue was meant for something else, and the one that is compiled in has its own sources.
fn replaceable(path: &Path) -> Result<(), String> {
    let Ok(there) = fs::metadata(path) else {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let is_there = folder.is_none_or(Path::is_dir);
        return if is_there { Ok(()) } else { Err("its folder does not exist".to_owned()) };
    };
    if there.is_dir() {
        return Err("is a folder".to_owned());
    }
    if !there.is_file() {
        return Ok(());
    }
    let text = fs::read_to_string(path).unwrap_or_default();
    if text == Catalogue::BUILTIN_TEXT {
        return Err("is the catalogue that is compiled in, and stays: name another file".to_owned());
    }
    match Catalogue::from_json(&text) {
        Ok(_) => Ok(()),
        Err(_) => Err("is there and no catalogue, so it is not replaced: name another file".to_owned()),
    }
}

fn told(error: &RefreshError) -> String {
    let option = match error {
        RefreshError::NoRegion { .. } | RefreshError::OtherPartition { .. } => " (`--region`)",
        _ => "",
    };
    format!("{error}{option}")
}

/// Writes the file and says what is in it.
fn tell(arguments: &ModelsArgs, outcome: &RefreshOutcome) -> io::Result<u8> {
    let style = stderr_style(arguments.color.color);
    complain(&report::problems(outcome, style));
    let (Some(refreshed), Some(path)) = (&outcome.refreshed, &arguments.output) else { return Ok(NOT_MADE) };
    if is_stdout(path) {
        print(&refreshed.text)?;
        complain(&report::summary(outcome, style));
        return Ok(0);
    }
    let shown = path.display();
    output::write(path, &refreshed.text).map_err(|error| io::Error::new(error.kind(), format!("{shown}: {error}")))?;
    complain(&report::summary(outcome, style));
    let use_it = "use it with `--catalog`, or name it as `catalog` in `bedrock-lint.yml`";
    complain(&format!("hint: {} is written: {use_it}\n", printable(&shown.to_string())));
    Ok(0)
}
