//! Secrets in quoted text. Output goes to terminals, logs and tickets; a key that stands in a file must not.

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::bedrock::{ApiKey, Word, find_secret, is_mixed, looks_random, words};

/// How far before a value its name may stand, and how long the value is at least:
/// `{"name": "AWS_SECRET_ACCESS_KEY", "value": …}`.
const NAMED_NEARBY: (usize, usize) = (160, 40);

/// The same for a name that the value is assigned to: `secret_access_key = …`.
const NAMED: (usize, usize) = (16, 20);

/// How much of a secret stays readable that only its name gives away.
const OPEN: usize = 4;

/// Parts of names of secrets.
const NAMES: [&str; 8] = ["secret", "token", "password", "passwd", "api_key", "api-key", "apikey", "credential"];

/// The parameter of a presigned request that proves who made it, and the length of its value.
const SIGNATURE: (&str, usize) = ("signature", 64);

/// Characters that a part of a secret has at least which stands by itself, behind a quote or on the next line.
const PART: usize = 12;

/// So many parts show that a key begins which its first part alone does not.
const ENOUGH_PARTS: usize = 4;

/// How far apart parts of one secret are at most.
const BETWEEN_PARTS: usize = 200;

/// The text with every secret masked after its first characters. Byte lengths stay, so spans do too.
#[must_use]
pub fn mask(text: &str) -> Cow<'_, str> {
    let secrets = secrets(text);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for secret in secrets {
        masked.push_str(text.get(done..secret.start).unwrap_or_default());
        masked.extend(std::iter::repeat_n('*', secret.len()));
        done = secret.end;
    }
    masked.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(masked)
}

/// The bytes to be hidden, in order.
fn secrets(text: &str) -> Vec<Range<usize>> {
    let words = words(text);
    let (mut hidden, mut before) = (Vec::new(), None);
    let mut left = words.as_slice();
    while let Some((word, rest)) = left.split_first() {
        left = rest;
        if let Some((start, parts)) = secret(word, before, rest) {
            let more = rest.iter().take(parts).map(|part| part.range.clone());
            hidden.extend(std::iter::once(start..word.range.end).chain(more).filter(|range| !range.is_empty()));
            left = rest.get(parts..).unwrap_or_default();
        }
        before = Some(word);
    }
    hidden
}

/// Where in the text the part of this word starts that is to be hidden, and how many of the following words go with it.
fn secret(word: &Word<'_>, before: Option<&Word<'_>>, rest: &[Word<'_>]) -> Option<(usize, usize)> {
    let open = find_secret(&word.plain).map(|hidden| hidden.start);
    if let Some(open) = open.or_else(|| (is_named(word, before) || encodes_key(word)).then_some(OPEN)) {
        return Some((word.place(open), parts(word, rest)));
    }
    // the first part may be the prefix alone
    [ApiKey::LONG_TERM, ApiKey::SHORT_TERM].iter().find(|prefix| word.plain.contains(**prefix))?;
    let next = rest.get(..rest.len().min(ENOUGH_PARTS)).unwrap_or_default();
    let begun = std::iter::once(word).chain(next.iter().take(parts(word, next)));
    let open = find_secret(&begun.map(|part| &*part.plain).collect::<String>())?.start;
    Some((word.place(open), parts(word, rest)))
}

/// How many of the following words go on with a secret, written in several parts: `"…" + "…"`, or over several lines.
fn parts(word: &Word<'_>, rest: &[Word<'_>]) -> usize {
    let mut end = word.range.end;
    let mut parts = 0;
    for (index, next) in rest.iter().enumerate() {
        if !next.plain.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
            continue;
        }
        let gap = next.before(next.range.start.saturating_sub(end));
        if gap.len() > BETWEEN_PARTS || !joins(gap) || !is_part(next) {
            break;
        }
        (end, parts) = (next.range.end, index + 1);
    }
    parts
}

/// Whether this may stand between the parts of one string: quotes, operators, line breaks, comment signs, `\n`, and the
/// commas of a function that joins them. What separates a name from its value may not, nor a part that is masked already.
fn joins(gap: &[u8]) -> bool {
    let joins = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`+-\\nrt.,()&|#/*>~".contains(byte);
    gap.iter().all(joins) && !contains_any(gap, &["**"])
}

/// Whether a word could be a part of a key, and is neither the next key nor the name of the next value.
fn is_part(word: &Word<'_>) -> bool {
    let after = word.after().trim_start_matches(['"', '\'', ' ']);
    word.plain.len() >= PART
        && is_mixed(&word.plain)
        && find_secret(&word.plain).is_none()
        && !after.starts_with([':', '='])
}

/// Whether its name says that it is a secret. Which names are given to which values is not known, so it must also look
/// like one.
fn is_named(word: &Word<'_>, before: Option<&Word<'_>>) -> bool {
    // in an ARN: `secret:prod/gateway` is the name of one
    if word.before(1) == b":" {
        return false;
    }
    let length = word.plain.len();
    let nearby = || contains_any(word.before(NAMED_NEARBY.0), &NAMES);
    let assigned_to = |names: &[&str]| before.is_some_and(|name| names_value(name, word, names));
    if length >= NAMED.1 && looks_random(&word.plain) && !word.plain.contains('-') {
        return (length >= NAMED_NEARBY.1 && nearby()) || assigned_to(&NAMES);
    }
    let is_hex = || word.plain.bytes().all(|byte| byte.is_ascii_hexdigit());
    length == SIGNATURE.1 && is_hex() && assigned_to(&[SIGNATURE.0])
}

/// Whether a word is an API key in base64, or its first line, as in a Secret of Kubernetes.
fn encodes_key(word: &Word<'_>) -> bool {
    let plain = word.plain.trim_end_matches('=');
    let whole = plain.get(..plain.len() / 4 * 4).filter(|whole| whole.len() >= NAMED_NEARBY.1).unwrap_or_default();
    let decoded = STANDARD_NO_PAD.decode(whole).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let is_key = |text: String| {
        let begins = [ApiKey::LONG_TERM, ApiKey::SHORT_TERM].iter().any(|prefix| text.trim_start().starts_with(prefix));
        begins || find_secret(&text).is_some()
    };
    decoded.is_some_and(is_key)
}

/// Whether a word that a value is assigned to says that it is one of these.
fn names_value(name: &Word<'_>, value: &Word<'_>, names: &[&str]) -> bool {
    let between = value.before(value.range.start.saturating_sub(name.range.end));
    let assigns = || contains_any(between, &["=", ":", ">", "%3d", "%3a"]);
    between.len() <= NAMED.0 && assigns() && contains_any(name.plain.as_bytes(), names)
}

fn contains_any(text: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| text.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    // put together here so that no scanner takes this file for a leak
    fn secret() -> String {
        format!("wJalr{}K7MDENG/bPxRfiCYzK9{}", "XUtnFEMI/", "Qw3eRt5")
    }

    fn shown(text: &str) -> String {
        let masked = mask(text);
        assert_eq!(masked.len(), text.len(), "spans must stay right");
        masked.into_owned()
    }

    #[test]
    fn bedrock_keys_are_masked_after_sixteen_characters() {
        let long = format!("ABSK{}", "QmVkcm9ja0FQSUtleS0x".repeat(4));
        assert_eq!(shown(&format!("key: {long}==, é")), format!("key: {}{}, é", "ABSKQmVkcm9ja0FQ", "*".repeat(70)));
        let short = format!("bedrock-api-key-{}", "YmVkcm9jay5hbWF6".repeat(3));
        assert_eq!(shown(&format!("T={short}\n")), format!("T=bedrock-api-key-{}\n", "*".repeat(48)));
        assert_eq!(shown(&format!("/bearer/{short}")), format!("/bearer/bedrock-api-key-{}", "*".repeat(48)));
        assert_eq!(shown("bedrock-api-key-rotation ABSKshort"), "bedrock-api-key-rotation ABSKshort");
    }

    #[test]
    fn secret_access_keys_are_masked_by_their_name() {
        let secret = secret();
        let hidden = "wJal************************************";
        assert_eq!(secret.len(), hidden.len());
        for (text, expected) in [
            (format!("aws_secret_access_key={secret}"), format!("aws_secret_access_key={hidden}")),
            (format!("\"SecretAccessKey\": \"{secret}\""), format!("\"SecretAccessKey\": \"{hidden}\"")),
            (
                format!("- name: AWS_SECRET_KEY\n  value: {secret}"),
                format!("- name: AWS_SECRET_KEY\n  value: {hidden}"),
            ),
        ] {
            assert_eq!(shown(&text), expected);
        }
    }

    #[test]
    fn other_long_words_stay() {
        for text in [
            "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/bedrock-gateway/credentials-for-team-a",
            "secret sha: da39a3ee5e6b4b0d3255bfef95601890afd80709",
        ] {
            assert_eq!(shown(text), text);
        }
    }
}
