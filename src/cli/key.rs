//! The command that reads what a key says of itself. What it reads is never printed.

use std::io::{self, IsTerminal};
use std::path::Path;

use bedrock_lint::bedrock::{
    AccessKeyId, ApiKey, ForeignKey, Moment, find_secret, looks_like_secret_access_key, looks_like_session_token,
};
use bedrock_lint::key::{Found, FoundKey, Origin, State, find};
use bedrock_lint::report::key as report;
use bedrock_lint::source;

use super::args::{Hidden, KeyArgs, ListFormat};
use super::terminal::{complain, print, stdout_style};
use super::{UNUSABLE, complain_of, now};

/// A key is past its expiry.
const EXPIRED: u8 = 1;

pub(super) fn run(arguments: &KeyArgs) -> io::Result<u8> {
    let Some((text, origin)) = text(arguments) else { return Ok(UNUSABLE) };
    let found = find(&text);
    drop(text);
    let as_of = arguments.as_of.unwrap_or_else(|| Moment::Instant(now()));
    if found.keys.is_empty() {
        complain(&format!("error: {}\n", why_none(&found)));
        return Ok(UNUSABLE);
    }
    print(&match arguments.format {
        ListFormat::Human => report::human(&found.keys, origin, as_of, stdout_style(arguments.color.color)),
        ListFormat::Json => report::json(&found.keys, origin, as_of),
    })?;
    Ok(code(&found.keys, as_of))
}

/// What is not a key goes before what is past.
fn code(keys: &[FoundKey], as_of: Moment) -> u8 {
    let is = |state| keys.iter().any(|key| key.state(as_of) == state);
    match () {
        () if is(State::Unreal) => UNUSABLE,
        () if is(State::Expired) => EXPIRED,
        () => 0,
    }
}

/// The text that holds the key, and where it came from; none where it cannot be read, which is told.
fn text(arguments: &KeyArgs) -> Option<(String, Origin)> {
    match (&arguments.env, &arguments.file) {
        (Some(name), _) => of_variable(name),
        (None, Some(file)) => of_file(file, arguments),
        (None, None) => of_input(Path::new("-"), Origin::Typed, arguments),
    }
}

fn of_variable(Hidden(name): &Hidden) -> Option<(String, Origin)> {
    if let Some(value) = std::env::var_os(name) {
        return Some((value.to_string_lossy().into_owned(), Origin::Environment));
    }
    typed(&name.to_string_lossy(), "environment variable")
}

fn of_file(Hidden(file): &Hidden, arguments: &KeyArgs) -> Option<(String, Origin)> {
    let path = Path::new(file);
    if file == "-" {
        return of_input(path, Origin::Typed, arguments);
    }
    if std::fs::symlink_metadata(path).is_ok() {
        return of_input(path, Origin::File, arguments);
    }
    typed(&file.to_string_lossy(), "file")
}

fn of_input(path: &Path, origin: Origin, arguments: &KeyArgs) -> Option<(String, Origin)> {
    if origin == Origin::Typed && io::stdin().is_terminal() {
        complain("hint: paste the key, then press Enter and Ctrl-D\n");
    }
    match source::open(path) {
        Ok(source) => Some((source.body().0.to_owned(), origin)),
        Err(problem) => {
            complain_of(&[problem], arguments.color.color);
            None
        }
    }
}

/// What was given as the name of something that there is not. If it is a key, it is read, and the harm that is done is
/// told. It is not repeated in any case: it may be a part of a key.
fn typed(argument: &str, noun: &str) -> Option<(String, Origin)> {
    let is_secret = ApiKey::read(argument).is_some()
        || ForeignKey::read(argument).is_some()
        || looks_like_secret_access_key(argument)
        || looks_like_session_token(argument)
        || find_secret(argument).is_some();
    if is_secret {
        complain(
            "warning: the key was given as an argument: it is now in the history of the shell, and whoever lists the processes \
             of this machine saw it; replace it if others use the machine, and give a key on the standard input or by \
             `--env`\n",
        );
    } else if AccessKeyId::read(argument).is_some() {
        complain(
            "hint: the id of an access key is no secret; never give the secret access key as an argument, it would stay in \
             the history of the shell\n",
        );
    } else {
        complain(&format!(
            "error: there is no {noun} of that name, which is not repeated as it may be a part of a key\n"
        ));
        return None;
    }
    Some((argument.to_owned(), Origin::Typed))
}

/// Why there is no key, without a word of what is there instead.
fn why_none(found: &Found) -> String {
    if let Some(prefix) = found.lost_prefix {
        return format!("this looks like a Bedrock API key that has lost its beginning, `{prefix}`: copy it whole");
    }
    if let Some(foreign) = found.foreign {
        return format!("this is a key of {}, which Amazon Bedrock refuses", foreign.service());
    }
    if found.has_secret_access_key {
        return "a secret access key says nothing of itself: give the id of the access key (`AKIA…`, `ASIA…`)"
            .to_owned();
    }
    "no key is there: a Bedrock API key begins with `ABSK` or `bedrock-api-key-`, the id of an access key with `AKIA` or \
     `ASIA`"
        .to_owned()
}
