//! The options of whatever may ask an account.

use std::time::Duration;

use clap::Args;

/// How an account is asked, and whether.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Live options")]
pub(crate) struct LiveArgs {
    /// Also ask AWS, with the credentials that its tools find; nothing is changed there, and no model invoked
    #[arg(long)]
    pub(crate) live: bool,
    /// Print the policy that `--live` needs, and do nothing else
    #[arg(long, requires = "live")]
    pub(crate) print_policy: bool,
    /// Ask with the credentials and the Region of this profile
    #[arg(long, value_name = "NAME", requires = "live")]
    pub(crate) profile: Option<String>,
    /// Ask this endpoint, whatever the service
    #[arg(long, value_name = "URL", requires = "live")]
    pub(crate) endpoint_url: Option<String>,
    /// How many seconds all questions may take together
    #[arg(long, value_name = "SECONDS", requires = "live", value_parser = parse_seconds, default_value = "60")]
    pub(crate) live_timeout: Duration,
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 1..=3600) => Ok(Duration::from_secs(seconds)),
        _ => Err("between 1 and 3600".to_owned()),
    }
}

/// Whose policies are asked for.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Live options")]
pub(crate) struct PrincipalArgs {
    /// Read the policies of this role, which runs what is checked [default: those of the caller, which run nothing]
    #[arg(long, value_name = "ARN|NAME", requires = "live", conflicts_with = "user")]
    pub(crate) role: Option<String>,
    /// Read the policies of this user, who runs what is checked
    #[arg(long, value_name = "ARN|NAME", requires = "live")]
    pub(crate) user: Option<String>,
}
