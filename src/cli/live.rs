//! Asking an account: what the options say of it, and what is told of it.

use std::io;

use bedrock_lint::live::{self, Account, LiveOutcome, Who};
use bedrock_lint::report::live as report;

use super::args::{Color, LiveArgs, PrincipalArgs};
use super::terminal::{complain, print, stderr_style};

/// Whether there is an account to ask, or why the program ends here.
pub(super) enum Asked {
    /// Nobody is asked.
    Nobody,
    /// This account.
    Account(Box<dyn Account>),
    /// The program ends with this exit code; everything is told.
    Done(u8),
}

/// The account that the options speak of; no question is asked yet.
pub(super) fn account(arguments: &LiveArgs) -> io::Result<Asked> {
    if !arguments.live {
        return Ok(Asked::Nobody);
    }
    if arguments.print_policy {
        print(&live::read_only_policy())?;
        return Ok(Asked::Done(0));
    }
    match connect(arguments) {
        Ok(account) => Ok(Asked::Account(account)),
        Err(Unconnected { why, code }) => {
            complain(&format!("error: {why}\n"));
            Ok(Asked::Done(code))
        }
    }
}

/// Why no account can be asked, and the exit code that says so.
struct Unconnected {
    why: String,
    code: u8,
}

#[cfg(feature = "live")]
fn connect(arguments: &LiveArgs) -> Result<Box<dyn Account>, Unconnected> {
    let options = live::aws::AwsOptions {
        profile: arguments.profile.clone(),
        endpoint_url: arguments.endpoint_url.clone(),
        timeout: arguments.live_timeout,
    };
    match live::aws::Aws::new(&options) {
        Ok(account) => Ok(Box::new(account)),
        Err(error) => {
            Err(Unconnected { why: format!("the live check could not be made: {error}"), code: super::NOT_MADE })
        }
    }
}

#[cfg(not(feature = "live"))]
fn connect(_: &LiveArgs) -> Result<Box<dyn Account>, Unconnected> {
    let why = "this program was built without the cargo feature `live`, and cannot ask AWS: build it with `cargo install --locked --path \
         . --features live`";
    Err(Unconnected { why: why.to_owned(), code: super::UNUSABLE })
}

/// Whose policies are asked for.
pub(super) fn who(arguments: &PrincipalArgs) -> Who {
    match (&arguments.role, &arguments.user) {
        (Some(role), _) => Who::Role(role.clone()),
        (None, Some(user)) => Who::User(user.clone()),
        (None, None) => Who::Caller,
    }
}

/// Tells what became of the live half of a check: what could not be checked always, who was asked if somebody listens.
pub(super) fn tell(outcome: &LiveOutcome, quiet: bool, color: Color) {
    let style = stderr_style(color);
    if !quiet {
        complain(&report::summary(outcome, style));
    }
    complain(&report::problems(outcome, style));
}
