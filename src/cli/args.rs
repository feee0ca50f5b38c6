//! The commands and their options.

mod can_invoke;
mod diagnose;
mod key;
mod live;
mod models;
mod policy;

use std::path::PathBuf;

use bedrock_lint::bedrock::is_account_id;
use bedrock_lint::diagnose::KnownErrors;
use bedrock_lint::formats::PolicyKind;
use bedrock_lint::similar::did_you_mean_part_of;
use bedrock_lint::{rules, settings, source};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::civil::Date;

pub(crate) use self::can_invoke::CanInvokeArgs;
pub(crate) use self::diagnose::{DiagnoseArgs, DiagnosisFormat};
pub(crate) use self::key::{Hidden, KeyArgs};
pub(crate) use self::live::{LiveArgs, PrincipalArgs};
pub(crate) use self::models::{ModelsArgs, ModelsFormat};
pub(crate) use self::policy::PolicyArgs;

/// Find broken Amazon Bedrock access in IAM policies before it ships.
///
/// The command may be left out: `bedrock-lint infra/` checks the folder. A folder that is named like a command is written
/// `./rules`.
#[derive(Debug, Parser)]
#[command(name = "bedrock-lint", disable_version_flag = true, args_conflicts_with_subcommands = true)]
#[command(
    after_help = "Exit codes: 0 clean, 1 findings, 2 wrong usage or an input that could not be read, 3 the live check could not be made"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) check: CheckArgs,
    /// Print the version and the date of the catalogue
    #[arg(short = 'V', long, exclusive = true)]
    pub(crate) version: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check files and folders
    Check(Box<CheckArgs>),
    /// Tell whether policies allow a call: each grant that it needs, and which statement decides
    CanInvoke(Box<CanInvokeArgs>),
    /// Write the least policy that calls need, or the Region deny that lets them pass
    Policy(PolicyArgs),
    /// Explain an error message: what happened, what is behind it, what to do, and which line to change
    Diagnose(Box<DiagnoseArgs>),
    /// Ask the catalogue: ids, inference profiles, routes, lifecycles; what can be called from a Region. Or write a newer one
    Models(Box<ModelsArgs>),
    /// Tell what a Bedrock API key or the id of an access key says of itself, without showing it
    Key(KeyArgs),
    /// List the rules
    Rules {
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
        #[command(flatten)]
        color: ColorArg,
    },
    /// Explain a rule or an error: why it fails, how to fix it, when to allow it
    Explain {
        /// Name of the rule, or of an error that `diagnose` names
        #[arg(value_name = "RULE|ERROR")]
        name: String,
        #[command(flatten)]
        color: ColorArg,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Names of the commands, to tell them from paths.
pub(crate) const COMMANDS: [&str; 10] =
    ["check", "can-invoke", "policy", "diagnose", "models", "key", "rules", "explain", "completions", "help"];

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Files and folders, `-` for standard input [default: the current folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to print findings
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Write the report to this file, in the place of the standard output
    #[arg(long, value_name = "PATH", conflicts_with = "list_files")]
    pub(crate) output_file: Option<PathBuf>,
    /// Only these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = parse_rule)]
    pub(crate) select: Vec<String>,
    /// Not these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = parse_rule)]
    pub(crate) ignore: Vec<String>,
    /// The least severity that makes the exit code 1 [default: warning]
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub(crate) fail_on: Option<FailOn>,
    /// Also show what is merely possible, and rules that are off by default
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) pedantic: Option<bool>,
    /// What the policies in the named files are
    #[arg(long, value_enum)]
    pub(crate) kind: Option<Kind>,
    /// Judge lifecycle and expiry as of this day (YYYY-MM-DD) [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) as_of: Option<Date>,
    /// Use this catalogue in the place of the one compiled in
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,
    /// Also read files that ignore files (.gitignore, .ignore) hide
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Do not read larger files; takes K, M and G
    #[arg(long, value_name = "SIZE", value_parser = parse_size, default_value = "16M")]
    pub(crate) max_file_size: u64,
    /// What to call standard input
    #[arg(long, value_name = "PATH")]
    pub(crate) stdin_filename: Option<String>,
    /// How many threads read files [default: one per processor]
    #[arg(long, value_name = "N", value_parser = parse_threads)]
    pub(crate) threads: Option<usize>,
    /// Print findings and problems only, no summary
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Print how many findings each rule has, in the place of the findings
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Print the files that would be parsed, and check nothing
    #[arg(long, conflicts_with = "statistics")]
    pub(crate) list_files: bool,
    /// Use this settings file in the place of `bedrock-lint.yml`
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Use no settings file
    #[arg(long)]
    pub(crate) no_config: bool,
    /// Print the settings that apply and where they come from, and check nothing
    #[arg(long, conflicts_with_all = ["list_files", "statistics"])]
    pub(crate) show_settings: bool,
    /// Also print findings that comments, settings or the baseline silence
    #[arg(long)]
    pub(crate) show_suppressed: bool,
    /// Report only findings that are not in this baseline
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write what would be reported to a baseline, and report nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["list_files", "statistics", "show_settings"])]
    pub(crate) write_baseline: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) color: ColorArg,
    #[command(flatten)]
    pub(crate) live: LiveArgs,
    #[command(flatten)]
    pub(crate) principal: PrincipalArgs,
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ColorArg {
    /// When to use colours
    #[arg(long, value_enum, default_value_t)]
    pub(crate) color: Color,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Human,
    /// One line per finding
    Concise,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code Quality report of GitLab
    Gitlab,
    /// `JUnit` XML
    Junit,
    /// For a comment or a ticket
    Markdown,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people
    #[default]
    Human,
    /// For programs
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// If the output is a terminal and `NO_COLOR` is not set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FailOn {
    /// Errors
    Error,
    /// Errors and warnings
    Warning,
    /// Any finding
    Note,
    /// No finding
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Kind {
    /// Attached to a user, group or role
    Identity,
    /// Service control policy
    Scp,
    /// Permissions boundary
    Boundary,
    /// Session policy
    Session,
    /// Trust policy of a role
    Trust,
}

impl From<FailOn> for settings::FailOn {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Note => Self::Note,
            FailOn::Never => Self::Never,
        }
    }
}

impl From<Kind> for PolicyKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Identity => Self::Identity,
            Kind::Scp => Self::Scp,
            Kind::Boundary => Self::Boundary,
            Kind::Session => Self::Session,
            Kind::Trust => Self::Trust,
        }
    }
}

/// Why there is no such rule, with the nearest names.
pub(crate) fn no_such_rule(name: &str) -> String {
    format!("there is no rule `{name}`{}", did_you_mean_part_of(name, rules::all().iter().map(|rule| rule.slug)))
}

/// Why there is neither such a rule nor such an error, with the nearest names.
pub(crate) fn nothing_to_explain(name: &str) -> String {
    let errors = KnownErrors::builtin().iter().map(|error| &*error.id);
    let names = rules::all().iter().map(|rule| rule.slug).chain(errors);
    format!("there is no rule or error `{name}`{}", did_you_mean_part_of(name, names))
}

fn parse_rule(name: &str) -> Result<String, String> {
    match rules::all().iter().find(|rule| rule.slug == name) {
        Some(rule) => Ok(rule.slug.to_owned()),
        None => Err(no_such_rule(name)),
    }
}

fn parse_date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "a date is written `2026-11-23`".to_owned())
}

fn parse_account(text: &str) -> Result<String, String> {
    if is_account_id(text) { Ok(text.to_owned()) } else { Err("an account is written `111122223333`".to_owned()) }
}

fn parse_size(text: &str) -> Result<u64, String> {
    source::parse_size(text).ok_or_else(|| "a size is a number of bytes, or one with `K`, `M` or `G`".to_owned())
}

fn parse_threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(threads @ 1..=256) => Ok(threads),
        _ => Err("between 1 and 256".to_owned()),
    }
}
