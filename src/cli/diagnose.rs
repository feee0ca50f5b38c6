//! The command that explains error messages.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use bedrock_lint::bedrock::Catalogue;
use bedrock_lint::check::{CheckRequest, Selection};
use bedrock_lint::diagnose::{self, DiagnoseError, DiagnoseRequest, Diagnosis, Input};
use bedrock_lint::formats::FormatOptions;
use bedrock_lint::report::{diagnosis, human, printable};
use bedrock_lint::settings::Settings;
use bedrock_lint::source::ScanRequest;

use super::args::{DiagnoseArgs, DiagnosisFormat};
use super::terminal::{complain, print, stderr_style, stdout_style};
use super::{UNUSABLE, complain_of, effective, given_catalogue, today};

/// The exit code of a text in which no message is known.
const UNKNOWN: u8 = 1;

pub(super) fn run(arguments: &DiagnoseArgs) -> io::Result<u8> {
    let color = arguments.color.color;
    let request = match request(arguments) {
        Ok(request) => request,
        Err(said) => {
            complain(&said);
            return Ok(UNUSABLE);
        }
    };
    let by_files = request.files.as_ref().and_then(|files| files.catalog.as_deref());
    let Some(read) = given_catalogue(arguments.catalog.as_deref().or(by_files), color) else { return Ok(UNUSABLE) };
    let catalogue = read.as_ref().unwrap_or_else(|| Catalogue::builtin());
    let mut texts = match texts(arguments) {
        Ok(texts) => texts,
        Err(said) => {
            complain(&format!("error: {}\n", printable(&said)));
            return Ok(UNUSABLE);
        }
    };
    let mut inputs: Vec<Input<'_>> =
        texts.iter_mut().map(|(name, text)| Input { name: name.clone(), text: &mut **text }).collect();
    match diagnose::diagnose(&mut inputs, &request, catalogue) {
        Ok(found) => {
            tell(arguments, &found, catalogue)?;
            complain_of(&found.problems, color);
            Ok(match found.unknown {
                _ if !found.problems.is_empty() => UNUSABLE,
                Some(_) => UNKNOWN,
                None => 0,
            })
        }
        Err((name, error)) => {
            let name = name.map_or(String::new(), |name| format!("{}: ", printable(&name)));
            complain(&format!("error: {name}{}\n", told(&error)));
            Ok(UNUSABLE)
        }
    }
}

fn tell(arguments: &DiagnoseArgs, found: &Diagnosis, catalogue: &Catalogue) -> io::Result<()> {
    let report = match arguments.format {
        DiagnosisFormat::Human => diagnosis::human(found, stdout_style(arguments.color.color)),
        DiagnosisFormat::Json => diagnosis::json(found, catalogue),
        DiagnosisFormat::Markdown => diagnosis::markdown(found),
    };
    print(&if arguments.redact { diagnosis::redact(&report, found) } else { report })
}

fn told(error: &DiagnoseError) -> String {
    printable(&error.to_string())
}

/// A name and what is read under it.
type Text = (Option<String>, Box<dyn Read>);

fn texts(arguments: &DiagnoseArgs) -> Result<Vec<Text>, String> {
    let mut texts: Vec<Text> = Vec::new();
    for file in &arguments.files {
        texts.push(file_of(file)?);
    }
    match arguments.text.as_slice() {
        [] if texts.is_empty() && io::stdin().is_terminal() => {
            return Err("there is no text to diagnose: give the message, the name of a log, or `-`".to_owned());
        }
        [] if texts.is_empty() => texts.push((None, Box::new(io::stdin()))),
        [] => {}
        [one] if one == "-" => texts.push((None, Box::new(io::stdin()))),
        words if words.iter().all(|word| Path::new(word).is_file()) => {
            for word in words {
                texts.push(file_of(Path::new(word))?);
            }
        }
        // a message that was not put between quotes
        words => texts.push((None, Box::new(io::Cursor::new(words.join(" "))))),
    }
    Ok(texts)
}

fn file_of(path: &Path) -> Result<Text, String> {
    let name = path.to_string_lossy().into_owned();
    if path.is_dir() {
        return Err(format!("{name}: is a folder, not a log"));
    }
    match File::open(path) {
        Ok(file) => Ok((Some(name), Box::new(file))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(format!("{name}: no such file or folder")),
        Err(error) => Err(format!("{name}: cannot be read: {error}")),
    }
}

fn request(arguments: &DiagnoseArgs) -> Result<DiagnoseRequest, String> {
    let as_of = arguments.as_of.unwrap_or_else(today);
    let settings = match arguments.paths.as_slice() {
        [] => None,
        _ => effective::settings_at(arguments.config.as_deref(), arguments.no_config)
            .map_err(|error| human::settings_error(&error, stderr_style(arguments.color.color)))?,
    };
    let files = (!arguments.paths.is_empty()).then(|| CheckRequest {
        scan: ScanRequest {
            paths: arguments.paths.iter().map(PathBuf::from).collect(),
            also: settings.as_deref().map(Settings::paired_files).unwrap_or_default(),
            filter: settings.as_ref().and_then(|settings| settings.walk.clone()),
            ..ScanRequest::default()
        },
        formats: FormatOptions::default(),
        // what is merely possible may be what happened
        selection: Selection { pedantic: true, ..Selection::default() },
        as_of,
        catalog: effective::catalog(arguments.catalog.as_deref(), settings.as_deref()),
        settings,
        baseline: None,
    });
    Ok(DiagnoseRequest { region: arguments.region.clone(), model: arguments.model.clone(), as_of, files })
}
