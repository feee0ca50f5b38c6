//! Keys in a text.

use std::collections::HashSet;

use super::{FoundKey, Key};
use crate::bedrock::{
    AccessKeyId, ApiKey, ForeignKey, Word, looks_like_secret_access_key, looks_like_session_token, looks_random, words,
};

/// How far before a key the name may stand that it is assigned to, in bytes.
const NEARBY: usize = 16;

/// Characters that a name has at most.
const NAME: usize = 64;

/// What stands in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The keys, each once, in order.
    pub keys: Vec<FoundKey>,
    /// The first key of another service.
    pub foreign: Option<ForeignKey>,
    /// The prefix that a key without it has lost.
    pub lost_prefix: Option<&'static str>,
    /// Whether a secret access key stands there.
    pub has_secret_access_key: bool,
}

/// Finds the keys in a text, also behind the escapes of JSON and of URLs. What is obviously no key, as `ABSK...` in a
/// sentence, counts only where it is all there is.
#[must_use]
pub fn find(text: &str) -> Found {
    if let Some(key) = unfolded(text) {
        return Found { keys: vec![key], ..Found::default() };
    }
    let words = words(text);
    let has_session_token = words.iter().any(|word| looks_like_session_token(&word.plain));
    let mut found = Found::default();
    let (mut fillers, mut seen) = (Vec::new(), HashSet::new());
    let (mut line, mut counted) = (1, 0);
    for (at, word) in words.iter().enumerate() {
        let more = text.get(counted..word.range.start).unwrap_or_default();
        (line, counted) = (line + more.matches('\n').count(), word.range.start);
        found.foreign = found.foreign.or_else(|| foreign(word));
        found.lost_prefix = found.lost_prefix.or_else(|| ApiKey::lost_prefix(&word.plain));
        found.has_secret_access_key |= looks_like_secret_access_key(&word.plain);
        let Some((written, key)) = key(&word.plain).filter(|(written, _)| seen.insert(written.to_string())) else {
            continue;
        };
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let is_real = says_something(&key);
        let name = before.filter(|_| word.plain.starts_with(written)).and_then(|name| name_of(name, word));
        let one = FoundKey { key, line, name, has_session_token };
        if is_real {
            found.keys.push(one)
        } else {
            fillers.push((written.len() == text.trim().len() || one.name.is_some(), one))
        }
    }
    if found.keys.is_empty() {
        found.keys.extend(fillers.into_iter().filter(|(is_meant, _)| *is_meant).map(|(_, one)| one));
    }
    found
}

/// The key in a word, and how it is written.
fn key(word: &str) -> Option<(&str, Key)> {
    let start = if word.starts_with(ApiKey::LONG_TERM) { Some(0) } else { word.find(ApiKey::SHORT_TERM) };
    if let Some(written) = start.and_then(|start| word.get(start..)) {
        return ApiKey::read(written).map(|key| (written, Key::Api(key)));
    }
    // `AKIA…/20261122/us-east-1/bedrock/aws4_request`
    word.split('/').find_map(|part| AccessKeyId::read(part).map(|id| (part, Key::AccessKeyId(id))))
}

/// Whether it is a key, or what is left of one.
fn says_something(key: &Key) -> bool {
    match key {
        Key::Api(key) if !key.is_filler() => true,
        Key::Api(ApiKey::LongTerm(key)) => key.account.is_some(),
        Key::Api(ApiKey::ShortTerm(key)) => key.presigned,
        Key::AccessKeyId(id) => !id.is_example(),
    }
}

/// A text that is nothing but one API key, broken into lines by the window that it was copied from.
fn unfolded(text: &str) -> Option<FoundKey> {
    let mut lines = text.trim().lines().map(str::trim);
    let first = ApiKey::read(lines.next()?)?;
    let rest: Vec<&str> = lines.collect();
    let is_part = |line: &&str| {
        let body = line.trim_end_matches('=');
        ApiKey::read(line).is_none()
            && !body.is_empty()
            && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_'))
    };
    if rest.is_empty() || !first.is_filler() || !rest.iter().all(is_part) {
        return None;
    }
    let whole: String = text.split_whitespace().collect();
    let key = ApiKey::read(&whole).filter(|key| !key.is_filler())?;
    Some(FoundKey { key: Key::Api(key), line: 1, name: None, has_session_token: false })
}

/// The name that a value is assigned to, if it stands right before it.
fn name_of(name: &Word<'_>, value: &Word<'_>) -> Option<String> {
    let between = value.before(value.range.start.checked_sub(name.range.end)?);
    // the sign of `NAME="value"` looks like padding of the name
    let plain = name.plain.trim_end_matches('=');
    let assigns = plain.len() < name.plain.len() || between.iter().any(|byte| matches!(byte, b'=' | b':'));
    let is_name = assigns
        && between.len() <= NEARBY
        && !between.contains(&b'\n')
        && plain.len() <= NAME
        && !looks_random(plain)
        && key(plain).is_none();
    is_name.then(|| plain.to_owned())
}

fn foreign(word: &Word<'_>) -> Option<ForeignKey> {
    // a name such as `sk-learn` is none
    ForeignKey::read(&word.plain).filter(|_| looks_random(&word.plain) && word.plain.len() > NEARBY)
}
