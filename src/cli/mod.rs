//! Arguments in, one call of the library per command, text and an exit code out.

mod args;
mod can_invoke;
mod diagnose;
mod effective;
mod key;
mod live;
mod models;
mod output;
mod policy;
mod refresh;
mod terminal;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use bedrock_lint::bedrock::Catalogue;
use bedrock_lint::check::{CheckRequest, Outcome, Selection, read_catalogue};
use bedrock_lint::diagnose::{KnownErrors, page as error_page};
use bedrock_lint::formats::FormatOptions;
use bedrock_lint::live::LiveCheck;
use bedrock_lint::report::{Style, concise, github, gitlab, human, json, junit, markdown, mask, page, sarif};
use bedrock_lint::rules;
use bedrock_lint::settings::{self, FailOn, Settings};
use bedrock_lint::source::{Problem, ScanRequest};
use bedrock_lint::suppress::Baseline;
use clap::{CommandFactory, Parser};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use self::args::{COMMANDS, CheckArgs, Cli, Color, Command, Format, ListFormat};
use self::terminal::{complain, is_seen, print, stderr_style, stdout_style, table_style};

/// Wrong usage, and inputs that cannot be read.
const UNUSABLE: u8 = 2;

/// An account was to be asked, and nothing could be had.
const NOT_MADE: u8 = 3;

/// Runs the program.
pub(crate) fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            // what was typed is quoted, and may be a key
            let said = error.render();
            let colored = stderr_style(Color::Auto).color;
            complain(&if colored { said.ansi().to_string() } else { said.to_string() });
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(UNUSABLE));
        }
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
        Some(Command::CanInvoke(arguments)) => can_invoke::run(&arguments),
        Some(Command::Policy(arguments)) => policy::run(&arguments),
        Some(Command::Diagnose(arguments)) => diagnose::run(&arguments),
        Some(Command::Models(arguments)) => models::run(&arguments),
        Some(Command::Key(arguments)) => key::run(&arguments),
        Some(Command::Rules { format, color }) => list_rules(format, color.color),
        Some(Command::Explain { name, color }) => explain(&name, color.color),
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
    let settings = match effective::settings(arguments) {
        Ok(settings) => settings,
        Err(error) => {
            complain(&human::settings_error(&error, stderr_style(arguments.color.color)));
            return Ok(UNUSABLE);
        }
    };
    let fail_on = effective::fail_on(arguments, settings.as_deref());
    if arguments.show_settings {
        let pedantic = effective::pedantic(arguments, settings.as_deref());
        let catalog = effective::catalog_shown(arguments.catalog.as_deref(), settings.as_deref());
        print(&mask(&settings::show(settings.as_deref().unwrap_or(&Settings::default()), fail_on, pedantic, catalog)))?;
        return Ok(0);
    }
    if !matches!(arguments.format, Format::Human | Format::Json) {
        let options = [(arguments.statistics, "--statistics"), (arguments.show_suppressed, "--show-suppressed")];
        if let Some((_, option)) = options.iter().find(|(given, _)| *given) {
            complain(&format!("error: `{option}` is printed as `human` or `json`\n"));
            return Ok(UNUSABLE);
        }
    }
    if arguments.list_files {
        return list_files(arguments, settings.as_deref());
    }
    let baseline = match arguments.baseline.as_deref().map(Baseline::read).transpose() {
        Ok(baseline) => baseline,
        Err(problem) => {
            complain_of(&[problem], arguments.color.color);
            return Ok(UNUSABLE);
        }
    };
    let account = match live::account(&arguments.live)? {
        live::Asked::Nobody => None,
        live::Asked::Account(account) => Some(account),
        live::Asked::Done(code) => return Ok(code),
    };
    let request = request(arguments, settings, baseline);
    let outcome = match &account {
        None => bedrock_lint::check(&request),
        Some(account) => {
            let who = live::who(&arguments.principal);
            bedrock_lint::check_live(&request, LiveCheck { account: &**account, who: &who })
        }
    };
    match &arguments.write_baseline {
        Some(path) => baseline_of(arguments, path, &request, &outcome),
        None => tell(arguments, &request, &outcome, fail_on.0),
    }
}

/// Prints what a check found, and gives the exit code.
fn tell(arguments: &CheckArgs, request: &CheckRequest, outcome: &Outcome, fail_on: FailOn) -> io::Result<u8> {
    let report = report(arguments, outcome);
    match &arguments.output_file {
        None => print(&report)?,
        Some(path) => output::write(path, &report)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?,
    }
    // these carry the problems themselves
    if !matches!(arguments.format, Format::Json | Format::Github) || arguments.statistics {
        complain_of(&outcome.problems, arguments.color.color);
    }
    if !arguments.quiet {
        let style = stderr_style(arguments.color.color);
        complain(&outcome.unmet.iter().map(|unmet| human::warning(unmet, style)).collect::<String>());
    }
    if !arguments.quiet && arguments.format != Format::Json {
        let style = stderr_style(arguments.color.color);
        complain(&human::summary(outcome, arguments.max_file_size, style));
    }
    if let Some(live) = &outcome.live {
        live::tell(live, arguments.quiet, arguments.color.color);
    }
    if !arguments.quiet && outcome.gone > 0 {
        let gone = if outcome.gone == 1 { "1 entry of the baseline is".to_owned() } else { entries(outcome.gone) };
        complain(&format!("hint: {gone} gone: write it anew with `--write-baseline`\n"));
    }
    if !arguments.quiet
        && let Some((date, days)) = outcome.stale_by(request.as_of)
    {
        complain(&stale_hint(date, days));
    }
    Ok(outcome.exit_code(fail_on.severity()))
}

/// What is told of an old catalogue.
fn stale_hint(date: Date, days: i32) -> String {
    format!(
        "hint: the catalogue is of {date}, {days} days old, and knows no newer models: update the program, or give a newer \
         one with `--catalog`\n"
    )
}

fn entries(count: usize) -> String {
    format!("{count} entries of the baseline are")
}

/// Writes what would be reported to a baseline. What could not be read is still a problem.
fn baseline_of(arguments: &CheckArgs, path: &Path, request: &CheckRequest, outcome: &Outcome) -> io::Result<u8> {
    complain_of(&outcome.problems, arguments.color.color);
    if let Some(live) = &outcome.live {
        live::tell(live, arguments.quiet, arguments.color.color);
        if live.not_made.is_some() {
            // a baseline without what the account would say
            complain("error: the baseline was not written\n");
            return Ok(outcome.exit_code(None));
        }
    }
    let baseline = Baseline::of(&outcome.findings, &outcome.silenced, request.as_of);
    match effective::write_baseline(path, &baseline) {
        Ok(said) if !arguments.quiet => complain(&said),
        Ok(_) => {}
        Err(said) => {
            complain(&said);
            return Ok(UNUSABLE);
        }
    }
    Ok(outcome.exit_code(None))
}

fn report(arguments: &CheckArgs, outcome: &Outcome) -> String {
    let style = || match arguments.output_file {
        None => stdout_style(arguments.color.color),
        Some(_) => Style::PLAIN,
    };
    match arguments.format {
        Format::Human if arguments.statistics => human::statistics(&outcome.findings, style()),
        Format::Json if arguments.statistics => json::statistics(&outcome.findings),
        Format::Human if arguments.show_suppressed => human::render_with_suppressed(outcome, style()),
        Format::Human => human::render_all(&outcome.findings, style()),
        Format::Json if arguments.show_suppressed => json::render_with_suppressed(outcome),
        Format::Concise => concise::render(&outcome.findings),
        Format::Json => json::render(outcome),
        Format::Sarif => sarif::render(outcome),
        Format::Github => github::render(outcome),
        Format::Gitlab => gitlab::render(&outcome.findings),
        Format::Junit => junit::render(outcome),
        Format::Markdown => markdown::render(outcome),
    }
}

fn list_files(arguments: &CheckArgs, settings: Option<&Settings>) -> io::Result<u8> {
    let (files, problems) = bedrock_lint::list_files(&scan(arguments, settings));
    print(&files.iter().map(|file| format!("{}\n", mask(file))).collect::<String>())?;
    complain_of(&problems, arguments.color.color);
    Ok(if problems.is_empty() { 0 } else { UNUSABLE })
}

/// The catalogue that `--catalog` names: none inside if it is not given, none at all if it cannot be used, which is told.
fn given_catalogue(path: Option<&Path>, color: Color) -> Option<Option<Catalogue>> {
    match path.map(read_catalogue).transpose() {
        Ok(catalogue) => Some(catalogue),
        Err(problem) => {
            complain_of(&[problem], color);
            None
        }
    }
}

fn complain_of(problems: &[Problem], color: Color) {
    let style = stderr_style(color);
    complain(&problems.iter().map(|problem| human::problem(problem, style)).collect::<String>());
}

fn request(arguments: &CheckArgs, settings: Option<Arc<Settings>>, baseline: Option<Baseline>) -> CheckRequest {
    CheckRequest {
        scan: scan(arguments, settings.as_deref()),
        formats: FormatOptions { kind: arguments.kind.map(Into::into), example: false },
        selection: Selection {
            select: arguments.select.clone(),
            ignore: arguments.ignore.clone(),
            pedantic: effective::pedantic(arguments, settings.as_deref()).0,
            levels: settings.as_ref().map(|settings| settings.rules.clone()).unwrap_or_default(),
        },
        as_of: arguments.as_of.unwrap_or_else(today),
        catalog: effective::catalog(arguments.catalog.as_deref(), settings.as_deref()),
        settings,
        baseline,
    }
}

/// The only look at the clock: the library is told the time.
fn now() -> Timestamp {
    Timestamp::now()
}

fn today() -> Date {
    now().to_zoned(TimeZone::UTC).date()
}

fn scan(arguments: &CheckArgs, settings: Option<&Settings>) -> ScanRequest {
    let here = || vec![PathBuf::from(".")];
    ScanRequest {
        paths: if arguments.paths.is_empty() { here() } else { arguments.paths.clone() },
        stdin_filename: arguments.stdin_filename.clone(),
        max_file_size: arguments.max_file_size,
        threads: arguments.threads.unwrap_or_default(),
        respect_ignore_files: !arguments.no_ignore,
        also: settings.map(Settings::paired_files).unwrap_or_default(),
        filter: settings.and_then(|settings| settings.walk.clone()),
    }
}

/// A command after options is taken for a path; say so rather than "no such file".
fn misplaced_command(paths: &[PathBuf]) -> Option<&str> {
    let name = paths.first()?.to_str()?;
    (COMMANDS.contains(&name) && !PathBuf::from(name).exists()).then_some(name)
}

fn list_rules(format: ListFormat, color: Color) -> io::Result<u8> {
    print(&match format {
        ListFormat::Human => human::rules(rules::all(), table_style(color)),
        ListFormat::Json => json::rules(rules::all()),
    })?;
    Ok(0)
}

fn explain(name: &str, color: Color) -> io::Result<u8> {
    let rule = rules::all().iter().find(|rule| rule.slug == name).map(|rule| rule.page.to_owned());
    let error = || KnownErrors::builtin().get(name).map(error_page);
    match rule.or_else(error) {
        Some(text) => {
            print(&in_terminal(&text, color))?;
            Ok(0)
        }
        None => {
            complain(&format!("error: {}\n", args::nothing_to_explain(name)));
            Ok(UNUSABLE)
        }
    }
}

/// A page as the standard output shows it: laid out in a terminal, as it is written in a pipe.
fn in_terminal(written: &str, color: Color) -> String {
    if is_seen(color) { page::render(written, stdout_style(color)) } else { written.to_owned() }
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
