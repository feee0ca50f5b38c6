//! The options of `policy`.

use std::path::PathBuf;

use bedrock_lint::policy;
use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::{parse_account, parse_date};

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 the policy is written, 2 wrong usage, or a model that cannot be called from a Region"
)]
pub(crate) struct PolicyArgs {
    /// What is called: a model id, the id of an inference profile, or an ARN of either, of an application inference
    /// profile, of Provisioned Throughput, of an imported model or of a custom model deployment
    #[arg(long = "model", value_name = "ID|ARN", required = true)]
    pub(crate) models: Vec<String>,
    /// From where: every model is called from every Region, an ARN from its own. With `--kind scp`, the Regions that may
    /// be used
    #[arg(long = "region", value_name = "REGION")]
    pub(crate) regions: Vec<String>,
    /// What an application inference profile copies, an id or ARN: once for all, or for each in their order
    #[arg(long, value_name = "ID|ARN")]
    pub(crate) copies: Vec<String>,
    /// The account of the caller, 12 digits; Terraform and CloudFormation can fill it in by themselves
    #[arg(long, value_name = "ACCOUNT", value_parser = parse_account)]
    pub(crate) account: Option<String>,
    /// Streamed answers too
    #[arg(long)]
    pub(crate) stream: bool,
    /// Calls with Bedrock API keys too
    #[arg(long)]
    pub(crate) api_key: bool,
    /// The first calls of the account too, which subscribe it in AWS Marketplace
    #[arg(long)]
    pub(crate) marketplace: bool,
    /// Grant models only on the way through their inference profile, not by their bare ids
    #[arg(long)]
    pub(crate) tight: bool,
    /// What to write
    #[arg(long, value_enum, default_value_t)]
    pub(crate) kind: WrittenKind,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: WrittenFormat,
    /// Judge lifecycles as of this day (YYYY-MM-DD) [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) as_of: Option<Date>,
    /// Use this catalogue in the place of the one compiled in
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum WrittenKind {
    /// For a user, group or role: what the calls need
    #[default]
    Identity,
    /// Service control policy: denies other Regions, and lets the inference profiles route there
    Scp,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum WrittenFormat {
    /// The bare document
    #[default]
    Json,
    /// For the AWS provider
    Terraform,
    /// A template in YAML
    Cloudformation,
}

impl From<WrittenKind> for policy::Kind {
    fn from(kind: WrittenKind) -> Self {
        match kind {
            WrittenKind::Identity => Self::Identity,
            WrittenKind::Scp => Self::Scp,
        }
    }
}

impl From<WrittenFormat> for policy::Format {
    fn from(format: WrittenFormat) -> Self {
        match format {
            WrittenFormat::Json => Self::Json,
            WrittenFormat::Terraform => Self::Terraform,
            WrittenFormat::Cloudformation => Self::CloudFormation,
        }
    }
}
