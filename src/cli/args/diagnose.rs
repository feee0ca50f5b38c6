//! The options of `diagnose`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::{ColorArg, parse_date};

const DIAGNOSE_HELP: &str = "\
Examples:
  bedrock-lint diagnose 'ValidationException: Invocation of model ID … isn't supported'
  bedrock-lint diagnose app.log --path infra/ --region us-east-1
  kubectl logs deploy/worker | bedrock-lint diagnose - --format markdown --redact

The text may be bare, a traceback, a JSON log or an event of CloudTrail; it may hold several errors,
each of which is told once. An argument that is the name of a file is read as a log. Secrets are
never printed.

Exit codes: 0 an error was recognised, 1 none was, 2 wrong usage or an input that could not be read";

#[derive(Debug, Args)]
#[command(after_help = DIAGNOSE_HELP)]
pub(crate) struct DiagnoseArgs {
    /// The error message, a file that holds it, or `-` for standard input [default: standard input, if it is no terminal]
    #[arg(value_name = "TEXT|FILE")]
    pub(crate) text: Vec<String>,
    /// A log file, whatever it is called; may be repeated
    #[arg(long = "file", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Files and folders in which to look for the place that led to it; may be repeated
    #[arg(long = "path", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The Region that was called, where the text does not say it
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// The model that was called, where the text does not say it
    #[arg(long, value_name = "ID|ARN")]
    pub(crate) model: Option<String>,
    /// How to print the diagnosis
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: DiagnosisFormat,
    /// Replace account ids and the names of users, roles and sessions
    #[arg(long)]
    pub(crate) redact: bool,
    /// Judge lifecycles and keys as of this day (YYYY-MM-DD) [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) as_of: Option<Date>,
    /// Use this settings file for `--path` in the place of `bedrock-lint.yml`
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Use no settings file
    #[arg(long)]
    pub(crate) no_config: bool,
    /// Use this catalogue in the place of the one compiled in
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) color: ColorArg,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiagnosisFormat {
    /// For people
    #[default]
    Human,
    /// For programs
    Json,
    /// For a ticket
    Markdown,
}
