//! Secrets in quoted text. Output goes to terminals, logs and tickets; a key that stands in a file must not.

use std::borrow::Cow;
use std::ops::Range;

/// How much of a secret stays readable, enough to tell which one it is.
const SHOWN: usize = 16;

/// Prefix of a long-term Amazon Bedrock API key.
const LONG_TERM: &str = "ABSK";

/// Prefix of a short-term Amazon Bedrock API key.
const SHORT_TERM: &str = "bedrock-api-key-";

/// The length of a secret access key; what is longer and named like a secret is a session token.
const SECRET_LENGTH: usize = 40;

/// How far before a value its name may stand.
const NAME_WITHIN: usize = 160;

/// The text with every secret masked after its first characters. Byte lengths stay, so spans do too.
#[must_use]
pub fn mask(text: &str) -> Cow<'_, str> {
    let secrets: Vec<Range<usize>> = tokens(text).filter_map(|token| secret(text, token)).collect();
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for secret in secrets {
        let hidden = secret.start + SHOWN;
        masked.push_str(text.get(done..hidden).unwrap_or_default());
        masked.extend(std::iter::repeat_n('*', secret.end.saturating_sub(hidden)));
        done = secret.end;
    }
    masked.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(masked)
}

/// Stretches of characters that keys are made of, long enough to be one.
fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + bytes.get(at..)?.iter().position(|byte| in_key(*byte))?;
            let length = bytes.get(start..)?.iter().take_while(|byte| in_key(**byte)).count();
            at = start + length;
            // `KEY=value`: the name in front is no part of the value
            let mut start = start;
            while let Some(equals) = bytes.get(start..at)?.iter().position(|byte| *byte == b'=') {
                if bytes.get(start + equals..at)?.iter().all(|byte| *byte == b'=') {
                    break;
                }
                start += equals + 1;
            }
            if at - start > SHOWN {
                return Some(start..at);
            }
        }
    })
}

fn in_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_')
}

/// The part of a token that is a secret.
fn secret(text: &str, token: Range<usize>) -> Option<Range<usize>> {
    let value = text.get(token.clone())?;
    let long_enough = |prefix: &str, least: usize| {
        let starts_word = |at: &usize| {
            !value.as_bytes().get(..*at).is_some_and(|head| head.last().is_some_and(u8::is_ascii_alphanumeric))
        };
        let at = value.match_indices(prefix).map(|(at, _)| at).find(starts_word)?;
        (value.len() - at >= prefix.len() + least).then_some(token.start + at..token.end)
    };
    let by_name = || {
        let named = value.len() >= SECRET_LENGTH && looks_random(value) && named_secret(text, token.start);
        named.then_some(token.clone())
    };
    long_enough(SHORT_TERM, SHOWN).or_else(|| long_enough(LONG_TERM, SECRET_LENGTH)).or_else(by_name)
}

/// Capitals, small letters and digits without a hyphen: words and hashes in hexadecimal are not like that.
fn looks_random(value: &str) -> bool {
    value.bytes().any(|byte| byte.is_ascii_uppercase())
        && value.bytes().any(|byte| byte.is_ascii_lowercase())
        && value.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'/'))
        && !value.contains('-')
}

/// Whether a name shortly before the value says that it is a secret: `secret_access_key = …`, and also
/// `{"name": "AWS_SECRET_ACCESS_KEY", "value": …}`.
fn named_secret(text: &str, value: usize) -> bool {
    let before = text.as_bytes().get(value.saturating_sub(NAME_WITHIN)..value).unwrap_or_default();
    ["secret", "token", "password"]
        .iter()
        .any(|name| before.windows(name.len()).any(|window| window.eq_ignore_ascii_case(name.as_bytes())))
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
        let hidden = "wJalrXUtnFEMI/K7************************";
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
