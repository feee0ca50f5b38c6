//! Arguments in, one call of the library per command, text and an exit code out.

mod args;
mod output;
mod terminal;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use bedrock_lint::bedrock::Catalogue;
use bedrock_lint::check::{CheckRequest, Outcome, Selection};
use bedrock_lint::formats::FormatOptions;
use bedrock_lint::report::{Style, concise, github, gitlab, human, json, junit, markdown, page, sarif};
use bedrock_lint::rules;
use bedrock_lint::source::{Problem, ScanRequest};
use clap::{CommandFactory, Parser};

use self::args::{COMMANDS, CheckArgs, Cli, Color, Command, Format, ListFormat};
use self::terminal::{complain, print, stderr_style, stdout_style};

/// Wrong usage, and inputs that cannot be read.
const UNUSABLE: u8 = 2;

/// Runs the program.
pub(crate) fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // help goes to the standard output, whose reader may have left
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(UNUSABLE));
        }
    };
    let done = match cli.command {
        _ if cli.version => version(),
        None => check_bare(&cli.check),
        Some(Command::Check(arguments)) => check(&arguments),
        Some(Command::Rules { format, color }) => list_rules(format, color.color),
        Some(Command::Explain { rule, color }) => explain(&rule, color.color),
        Some(Command::Completions { shell }) => completions(shell),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            complain(&format!("error: the output cannot be written: {error}\n"));
            ExitCode::from(UNUSABLE)
        }
    }
}

/// A check without the word `check`.
fn check_bare(arguments: &CheckArgs) -> io::Result<u8> {
    if let Some(name) = misplaced_command(&arguments.paths) {
        complain(&format!(
            "error: there is no file or folder `{name}`; the command `{name}` is written before options\n"
        ));
        return Ok(UNUSABLE);
    }
    check(arguments)
}

fn check(arguments: &CheckArgs) -> io::Result<u8> {
    if arguments.list_files {
        return list_files(arguments);
    }
    if arguments.statistics && !matches!(arguments.format, Format::Human | Format::Json) {
        complain("error: `--statistics` is printed as `human` or `json`\n");
        return Ok(UNUSABLE);
    }
    let request = request(arguments);
    let outcome = bedrock_lint::check(&request);
    let report = report(arguments, &outcome);
    match &arguments.output_file {
        None => print(&report)?,
        Some(path) => output::write(path, &report)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?,
    }
    // these carry the problems themselves
    if !matches!(arguments.format, Format::Json | Format::Github) || arguments.statistics {
        complain_of(&outcome.problems, arguments.color.color);
    }
    if !arguments.quiet && arguments.format != Format::Json {
        let style = stderr_style(arguments.color.color);
        complain(&human::summary(&outcome, arguments.max_file_size, style));
    }
    if !arguments.quiet
        && let Some(days) = outcome.stale_by(request.as_of)
    {
        let date = outcome.catalogue_date();
        complain(&format!(
            "hint: the catalogue is of {date}, {days} days old, and knows no newer models: update the program, or give a \
             newer one with `--catalog`\n"
        ));
    }
    Ok(outcome.exit_code(arguments.fail_on.severity()))
}

fn report(arguments: &CheckArgs, outcome: &Outcome) -> String {
    let style = || match arguments.output_file {
        None => stdout_style(arguments.color.color),
        Some(_) => Style::PLAIN,
    };
    match arguments.format {
        Format::Human if arguments.statistics => human::statistics(&outcome.findings, style()),
        Format::Json if arguments.statistics => json::statistics(&outcome.findings),
        Format::Human => human::render_all(&outcome.findings, style()),
        Format::Concise => concise::render(&outcome.findings),
        Format::Json => json::render(outcome),
        Format::Sarif => sarif::render(outcome),
        Format::Github => github::render(outcome),
        Format::Gitlab => gitlab::render(&outcome.findings),
        Format::Junit => junit::render(outcome),
        Format::Markdown => markdown::render(outcome),
    }
}

fn list_files(arguments: &CheckArgs) -> io::Result<u8> {
    let (files, problems) = bedrock_lint::list_files(&scan(arguments));
    print(&files.into_iter().map(|file| file + "\n").collect::<String>())?;
    complain_of(&problems, arguments.color.color);
    Ok(if problems.is_empty() { 0 } else { UNUSABLE })
}

fn complain_of(problems: &[Problem], color: Color) {
    let style = stderr_style(color);
    complain(&problems.iter().map(|problem| human::problem(problem, style)).collect::<String>());
}

fn request(arguments: &CheckArgs) -> CheckRequest {
    CheckRequest {
        scan: scan(arguments),
        formats: FormatOptions { kind: arguments.kind.map(Into::into) },
        selection: Selection {
            select: arguments.select.clone(),
            ignore: arguments.ignore.clone(),
            pedantic: arguments.pedantic,
        },
        // the only look at the clock: the library is told the day
        as_of: arguments.as_of.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()),
        catalog: arguments.catalog.clone(),
    }
}

fn scan(arguments: &CheckArgs) -> ScanRequest {
    let here = || vec![PathBuf::from(".")];
    ScanRequest {
        paths: if arguments.paths.is_empty() { here() } else { arguments.paths.clone() },
        stdin_filename: arguments.stdin_filename.clone(),
        max_file_size: arguments.max_file_size,
        threads: arguments.threads.unwrap_or_default(),
        respect_ignore_files: !arguments.no_ignore,
    }
}

/// A command after options is taken for a path; say so rather than "no such file".
fn misplaced_command(paths: &[PathBuf]) -> Option<&str> {
    let name = paths.first()?.to_str()?;
    (COMMANDS.contains(&name) && !PathBuf::from(name).exists()).then_some(name)
}

fn list_rules(format: ListFormat, color: Color) -> io::Result<u8> {
    print(&match format {
        ListFormat::Human => human::rules(rules::all(), stdout_style(color)),
        ListFormat::Json => json::rules(rules::all()),
    })?;
    Ok(0)
}

fn explain(name: &str, color: Color) -> io::Result<u8> {
    match rules::all().iter().find(|rule| rule.slug == name) {
        Some(rule) => {
            print(&page::render(rule.page, stdout_style(color)))?;
            Ok(0)
        }
        None => {
            complain(&format!("error: {}\n", args::no_such_rule(name)));
            Ok(UNUSABLE)
        }
    }
}

fn completions(shell: clap_complete::Shell) -> io::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "bedrock-lint", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}

fn version() -> io::Result<u8> {
    print(&format!("bedrock-lint {} (catalogue {})\n", env!("CARGO_PKG_VERSION"), Catalogue::builtin().as_of()))?;
    Ok(0)
}
