//! What secrets look like: enough to know one where nothing says so, and to know that something is none.

use std::ops::Range;

use super::api_key::ApiKey;
use super::foreign::ForeignKey;

/// Characters of a secret access key.
const SECRET_ACCESS_KEY: usize = 40;

/// Bits per character that a secret access key has at least. Of random ones, one in a hundred thousand has less.
const RANDOM: f64 = 4.15;

/// Bits per character below which nothing is random, however short.
const MONOTONOUS: f64 = 2.5;

/// As many characters in a row that are equal, or that follow each other in the alphabet, are no accident.
const RUN: usize = 8;

/// Words that are written in the place of a secret. Long enough not to turn up in a random one.
const FILLER_WORDS: [&str; 12] = [
    "example",
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "replace",
    "redacted",
    "your-",
    "your_",
    "secret",
    "dummy",
    "sample",
];

/// How session tokens of STS begin, newest first.
const SESSION_TOKEN: [&str; 5] = ["IQoJ", "FwoG", "FQoG", "FQoD", "AQoD"];

/// Characters that a session token has at least; real ones have hundreds.
const SESSION_TOKEN_LENGTH: usize = 100;

/// What long-term keys go on with if the console made their user: base64 of `BedrockAPIKey-`.
pub(super) const LONG_TERM_BODY: &str = "QmVkcm9ja0FQSUtleS";

/// What short-term keys go on with: base64 of `bedrock.amazonaws.com`.
pub(super) const SHORT_TERM_BODY: &str = "YmVkcm9jay5hbWF6b25hd3MuY29t";

/// How API keys begin, and how much more makes one of what begins so: a name such as `bedrock-api-key-rotation` is none.
const API_KEYS: [(&str, usize); 4] =
    [(ApiKey::SHORT_TERM, 16), (ApiKey::LONG_TERM, 24), (SHORT_TERM_BODY, 0), (LONG_TERM_BODY, 24)];

/// Characters at the beginning of an API key that are no secret: its prefix, and a part of the user's name or the host's.
const OPEN_OF_API_KEY: usize = 16;

/// The same of any other secret: its kind can be told from them.
const OPEN: usize = 4;

/// Characters of words that may stand between a secret and what is in front of it.
const SEPARATORS: [char; 4] = ['/', '+', '-', '_'];

/// Characters that keys of other services have at least: `sk-learn` is none.
const FOREIGN_KEY: usize = 24;

/// Characters that show whether a text is mixed. More would only take time.
const HEAD: usize = 64;

/// Characters of the longest pattern that is repeated by hand.
const PATTERN: usize = 64;

/// Whether it is a secret access key by its shape: 40 characters of base64 at random. Neither a commit hash nor a path
/// is, nor what AWS publishes as an example (`wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY`), nor a filler.
pub fn looks_like_secret_access_key(text: &str) -> bool {
    let text = text.trim();
    text.len() == SECRET_ACCESS_KEY
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        && looks_random(text)
        && entropy(text) >= RANDOM
        && !is_made_up(text)
}

/// Whether letters, digits and signs are mixed as nobody writes them: no name in `CamelCase`, no path, no hash in
/// hexadecimal. Of random texts of forty characters, one in three thousand is taken for one.
pub fn looks_random(text: &str) -> bool {
    is_mixed(text) && text.bytes().any(|byte| !byte.is_ascii_alphabetic()) && !is_wordy(text)
}

/// Whether it is a session token of STS by its shape: one of the known beginnings, and long.
pub fn looks_like_session_token(text: &str) -> bool {
    let text = text.trim();
    text.len() >= SESSION_TOKEN_LENGTH
        && SESSION_TOKEN.iter().any(|start| text.starts_with(start))
        && is_base64(text)
        && is_mixed(text)
}

/// The characters to hide of a word that is made of letters, digits, `+`, `/`, `-`, `_` and padding, if there is a secret
/// in it: a Bedrock API key of either kind, also without its prefix, a secret access key, a session token, or a key of
/// another service. It ends with the word, and what is left open tells which one it is. Keys that are made up count too
/// if they look real enough; to show less than one could does no harm.
pub fn find_secret(word: &str) -> Option<Range<usize>> {
    let api_key = API_KEYS.iter().filter_map(|(start, more)| {
        let is_key = |at: &usize| {
            let rest = word.get(at + start.len()..).unwrap_or_default();
            rest.len() >= *more && (*more == 0 || is_mixed(rest))
        };
        word.match_indices(start).map(|(at, _)| at).find(is_key)
    });
    let from = api_key.min().map(|at| at + OPEN_OF_API_KEY).or_else(|| Some(bounded_secret(word)? + OPEN))?;
    Some(from..word.len())
}

/// Where a secret begins that is known only by its whole shape, so there must be nothing or a separator in front of it.
fn bounded_secret(word: &str) -> Option<usize> {
    let is_token = |at: &usize| {
        let rest = word.get(*at..).unwrap_or_default();
        looks_like_secret_access_key(rest)
            || (rest.len() >= FOREIGN_KEY
                && is_mixed(rest)
                && (ForeignKey::read(rest).is_some() || looks_like_session_token(rest)))
    };
    let mut starts = std::iter::once(0).chain(word.match_indices(SEPARATORS).map(|(at, _)| at + 1));
    starts.find(is_token)
}

/// Whether a text in the place of a secret was written by hand: an example, a placeholder, a pattern.
pub(super) fn is_made_up(text: &str) -> bool {
    let text = text.trim_end_matches('=');
    if text.is_empty() {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    FILLER_WORDS.iter().any(|word| lower.contains(word))
        || entropy(text) < MONOTONOUS
        || has_run(lower.as_bytes())
        || is_repeated(text.as_bytes())
}

/// `xxxxxxxx`, `12345678`, `abcdefgh`
fn has_run(bytes: &[u8]) -> bool {
    let (mut equal, mut rising) = (1, 1);
    for pair in bytes.windows(2) {
        let [one, next] = pair else { continue };
        equal = if one == next { equal + 1 } else { 1 };
        rising = if *next == one.wrapping_add(1) || (*one, *next) == (b'9', b'0') { rising + 1 } else { 1 };
        if equal >= RUN || rising >= RUN {
            return true;
        }
    }
    false
}

/// A pattern over and over: `abcd1234abcd1234abcd`.
fn is_repeated(bytes: &[u8]) -> bool {
    (1..=PATTERN.min(bytes.len() / 2))
        .any(|period| bytes.iter().zip(bytes.iter().skip(period)).all(|(one, next)| one == next))
}

/// Bits per character (Shannon).
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let length = text.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / length)
        .map(|part| -part * part.log2())
        .sum()
}

/// Whether a text begins with capital and small letters: names in kebab-case and hashes in hexadecimal do not.
pub(crate) fn is_mixed(text: &str) -> bool {
    let head = || text.bytes().take(HEAD);
    head().any(|byte| byte.is_ascii_uppercase()) && head().any(|byte| byte.is_ascii_lowercase())
}

/// Made of words: more than half of it are small letters, four or more in a row.
fn is_wordy(text: &str) -> bool {
    let runs = text.split(|one: char| !one.is_ascii_lowercase());
    runs.map(str::len).filter(|run| *run >= 4).sum::<usize>() * 2 > text.len()
}

/// Of either alphabet of base64, padding at the end.
pub(super) fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    text.len() - digits.len() <= 2
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_'))
}
