//! What stands beside an entry in the same table, list or call: `deprecated: true`, `"Effect": "Deny"`.

use super::beside::plain;
use super::files::words;
use super::signs::{ENDING, INSTEAD, NOTHING, STATING, is_gone};
use crate::bedrock::model_stems;

/// Whether one of the entries around another says that it is no longer called, or that it is denied. `before` and `behind`
/// are what stands on both sides of that one, in its bracket.
pub(super) fn says_gone(before: &str, behind: &str) -> bool {
    // what the entry itself begins with and ends with is none of them
    let others = |text, back| entries(text, back).skip(1);
    others(before, true).chain(others(behind, false)).any(is_of_the_gone)
}

/// What stands between the commas of a text, up to a bracket that closes what is around it; from its end if `back`.
fn entries(text: &str, back: bool) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let (opens, closes) = if back { (b")]}", b"([{") } else { (b"([{", b")]}") };
    let mut rest = Some(0..bytes.len());
    std::iter::from_fn(move || {
        let range = rest.take()?;
        let mut depth = 0_usize;
        let mut places: Box<dyn Iterator<Item = usize>> =
            if back { Box::new(range.clone().rev()) } else { Box::new(range.clone()) };
        let mut stops = |at: &usize| {
            let Some(byte) = bytes.get(*at) else { return true };
            if opens.contains(byte) {
                depth += 1;
            } else if closes.contains(byte) {
                depth = depth.saturating_sub(1);
            }
            *byte == b',' && depth == 0
        };
        let Some(comma) = places.find(|at| stops(at)) else { return text.get(range) };
        let (own, other) = match back {
            true => (comma + 1..range.end, range.start..comma),
            false => (range.start..comma, comma + 1..range.end),
        };
        rest = Some(other);
        text.get(own)
    })
}

fn is_of_the_gone(entry: &str) -> bool {
    // a symbol of Ruby, a field of C
    let entry = entry.trim().trim_start_matches([':', '.']);
    let sign = |sign: &str| entry.find(sign).map(|at| (at, sign.len()));
    let Some((at, length)) = ["=>", ":", "="].into_iter().filter_map(sign).min_by_key(|(at, _)| *at) else {
        return false;
    };
    let (key, value) = (entry.get(..at).unwrap_or_default(), entry.get(at + length..).unwrap_or_default());
    let key = key.trim().trim_matches(['"', '\'', '`', '?']);
    if !key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) {
        return false;
    }
    let key = words(key);
    let has = |list: &[&str]| key.iter().any(|word| list.contains(&word.as_str()));
    if has(&STATING) {
        return is_gone(&words(value));
    }
    let says_something = !NOTHING.contains(&plain(value).as_str());
    let is_model = || model_stems().any(|stem| value.contains(&*stem));
    says_something && (has(&INSTEAD) || (has(&ENDING) && !is_model()))
}
