//! The options of `key`.

use std::ffi::OsString;
use std::fmt;

use bedrock_lint::bedrock::Moment;
use clap::Args;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::{ColorArg, ListFormat};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pbpaste | bedrock-lint key
  bedrock-lint key --env AWS_BEARER_TOKEN_BEDROCK
  bedrock-lint key .env

A key is never given as an argument: it would stay in the history of the shell, and others see it in the list of processes.

Exit codes: 0 read and usable, 1 past its expiry, 2 no key, one that is cut short or made up, or wrong usage")]
pub(crate) struct KeyArgs {
    /// The file that holds the key, `-` for the standard input [default: -]
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<Hidden>,
    /// Read this environment variable
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    pub(crate) env: Option<Hidden>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
    /// Judge the end of a key as of this day (YYYY-MM-DD) or time (YYYY-MM-DDTHH:MM:SSZ) [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_moment)]
    pub(crate) as_of: Option<Moment>,
    #[command(flatten)]
    pub(crate) color: ColorArg,
}

/// What was typed where a key may have been typed: shown to nobody.
#[derive(Clone)]
pub(crate) struct Hidden(pub(crate) OsString);

impl From<OsString> for Hidden {
    fn from(typed: OsString) -> Self {
        Self(typed)
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

fn parse_moment(text: &str) -> Result<Moment, String> {
    let moment = if text.contains(['T', 't', ' ', ':']) {
        let local = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
        text.parse::<Timestamp>().ok().or_else(local).map(Moment::Instant)
    } else {
        text.parse::<Date>().ok().map(Moment::Day)
    };
    moment.ok_or_else(|| "a day is written `2026-11-23`, a time `2026-11-23T10:00:00Z`".to_owned())
}
