//! The options of `models`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::{ColorArg, LiveArgs, parse_date};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  bedrock-lint models haiku 4.5                     search, in any order of words
  bedrock-lint models us.amazon.nova-lite-v1:0      all about one model
  bedrock-lint models --region eu-west-1 embedding  what can be called from there, and by which id
  bedrock-lint models --check us.amazon.nova-lite-v1:0 --region us-east-1
  bedrock-lint models --refresh --live --output catalogue.json
                                                    a newer catalogue, from what your account lists

Exit codes: 0 found (with `--check`: all can be called; with `--refresh`: written), 1 nothing found (one cannot be called),
2 wrong usage, 3 no Region answered")]
pub(crate) struct ModelsArgs {
    /// Words that a model must all hold: parts of its id or name, a vendor, a Region, a prefix of inference profiles, a
    /// kind such as `embedding`, a state such as `legacy` [default: all that have not ended]
    #[arg(value_name = "QUERY")]
    pub(crate) words: Vec<String>,
    /// What can be called from this Region, and by which id; with `--refresh`, a Region that is asked, of which there may be
    /// several; one that does not answer is a warning, as long as another does [default there: all of the caller's
    /// partition]
    #[arg(long = "region", value_name = "REGION")]
    pub(crate) regions: Vec<String>,
    /// Tell of each ID whether it can be called, from anywhere or from `--region`, in a line each
    #[arg(long, requires = "words")]
    pub(crate) check: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ModelsFormat,
    /// Judge lifecycles as of this day, which a catalogue that is written is of (YYYY-MM-DD) [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) as_of: Option<Date>,
    /// Use this catalogue in the place of the one compiled in
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,
    /// Write a newer catalogue, from what the Regions of the account list; what they say nothing of stays
    #[arg(long, requires = "live", conflicts_with_all = ["words", "check", "format"])]
    pub(crate) refresh: bool,
    /// Where to write it, `-` for the standard output; only a catalogue is replaced
    #[arg(long, value_name = "FILE", requires = "refresh")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) color: ColorArg,
    #[command(flatten)]
    pub(crate) live: LiveArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModelsFormat {
    /// For people
    #[default]
    Human,
    /// For programs
    Json,
    /// For a ticket
    Markdown,
}
