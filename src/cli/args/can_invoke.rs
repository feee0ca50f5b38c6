//! The options of `can-invoke`.

use std::path::PathBuf;

use bedrock_lint::can_invoke::{self, Caller, ContextEntry};
use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::{ColorArg, ListFormat, LiveArgs, parse_account, parse_date};

const CAN_INVOKE_HELP: &str = "\
Examples:
  bedrock-lint can-invoke --model us.amazon.nova-pro-v1:0 --region us-east-1 --policy role.json
  bedrock-lint can-invoke --adapter adapter.json --policy role.json \\
      --scp root.json --scp ou.json,account.json --boundary boundary.json
  bedrock-lint can-invoke --model us.amazon.nova-pro-v1:0 --policy dump.json --role worker
  bedrock-lint can-invoke --model amazon.nova-pro-v1:0 --policy role.json \\
      --context aws:PrincipalTag/team=search --context aws:SourceVpce=
  bedrock-lint can-invoke --model us.amazon.nova-pro-v1:0 --region us-east-1 --live --role worker

Policies are taken as they are written: a misspelt ARN grants nothing. A level of service control
policies that allows nothing is taken to carry FullAWSAccess too. What is assumed is printed.

With --live, AWS's own simulator is asked about each grant too, and its answer stands beside ours.
A grant about which the two disagree is not known; what AWS denies by policies that could not be
read here is denied.

Exit codes: 0 allowed, 1 denied, 4 it depends on what is not known, 2 wrong usage or an input that
could not be read, 3 AWS was to be asked and nothing could be had. Of several calls, one that is
denied goes before one that is not known";

#[derive(Debug, Args)]
#[command(after_help = CAN_INVOKE_HELP)]
pub(crate) struct CanInvokeArgs {
    /// What is called: a model id, the id of an inference profile, or an ARN of anything that can be called
    #[arg(long, value_name = "ID|ARN", required_unless_present_any = ["adapter", "print_policy"])]
    pub(crate) model: Option<String>,
    /// From where; several are answered one by one [default: every Region from which it can be called]
    #[arg(long = "region", value_name = "REGION")]
    pub(crate) regions: Vec<String>,
    /// The account of the caller, 12 digits [default: the one in the ARNs]
    #[arg(long, value_name = "ACCOUNT", value_parser = parse_account)]
    pub(crate) account: Option<String>,
    /// What an application inference profile copies, an id or ARN
    #[arg(long, value_name = "ID|ARN")]
    pub(crate) copies: Option<String>,
    /// Ask for the answer as a stream
    #[arg(long)]
    pub(crate) stream: bool,
    /// Call with a Bedrock API key of this kind
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) api_key: Option<KeyKind>,
    /// Who calls: the ARN of a role, a user or the session of a role
    #[arg(long, value_name = "ARN", value_parser = str::parse::<Caller>)]
    pub(crate) principal: Option<Caller>,
    /// Identity policies of the caller, `-` for standard input; or an account dump, with `--role`. With `--live` and
    /// without files, the policies are read from the account
    #[arg(long = "policy", value_name = "FILE", required_unless_present = "live")]
    pub(crate) policies: Vec<PathBuf>,
    /// Whose policies of an account dump: the name of a role or user. With `--live` and without `--policy`, the role of
    /// the account whose policies are read [default there: the caller]
    #[arg(long, value_name = "ARN|NAME")]
    pub(crate) role: Option<String>,
    /// The user of the account whose policies are read with `--live`
    #[arg(long, value_name = "ARN|NAME", requires = "live", conflicts_with_all = ["role", "policies"])]
    pub(crate) user: Option<String>,
    /// Service control policies of one level of the organization; the root's come first
    #[arg(long = "scp", value_name = "FILE[,FILE]...")]
    pub(crate) scps: Vec<String>,
    /// The permissions boundary of the caller
    #[arg(long, value_name = "FILE")]
    pub(crate) boundary: Option<PathBuf>,
    /// Session policies
    #[arg(long, value_name = "FILE")]
    pub(crate) session: Vec<PathBuf>,
    /// The settings of a client: model, Region, credential, streaming and guardrail are taken from it
    #[arg(long, value_name = "FILE")]
    pub(crate) adapter: Option<PathBuf>,
    /// What the request holds under a condition key; several values of one key by repeating it, `KEY=` if it is absent
    #[arg(long, value_name = "KEY=VALUE", value_parser = str::parse::<ContextEntry>)]
    pub(crate) context: Vec<ContextEntry>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
    /// Judge lifecycles as of this day (YYYY-MM-DD) [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) as_of: Option<Date>,
    /// Use this catalogue in the place of the one compiled in
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) color: ColorArg,
    #[command(flatten)]
    pub(crate) live: LiveArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeyKind {
    /// One that ends with the session that made it
    Short,
    /// A credential of an IAM user
    Long,
}

impl From<KeyKind> for can_invoke::KeyKind {
    fn from(kind: KeyKind) -> Self {
        match kind {
            KeyKind::Short => Self::ShortTerm,
            KeyKind::Long => Self::LongTerm,
        }
    }
}
