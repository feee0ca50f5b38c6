//! Known messages that are like one that is not.

use std::collections::{BTreeMap, BTreeSet};

use super::known::{KnownError, KnownErrors};

/// A known message, and how much of its words the text has.
#[derive(Clone, Copy, Debug)]
pub struct Nearest {
    /// The message.
    pub error: &'static KnownError,
    /// Between 0 and 1.
    pub similarity: f64,
}

/// At most so many are shown.
const MOST: usize = 3;

/// Less is chance.
const LEAST: f64 = 0.3;

/// Fewer words that both have are chance, too.
const SHARED: usize = 3;

/// The known messages whose words the text has the most of. Rare words count more.
pub(super) fn nearest(known: &'static KnownErrors, text: &str) -> Vec<Nearest> {
    let written = words(text);
    let examples: Vec<BTreeSet<String>> = known.iter().map(|error| words(&error.example)).collect();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for word in examples.iter().flatten() {
        *seen.entry(word).or_default() += 1;
    }
    #[allow(clippy::cast_precision_loss, reason = "some dozens of messages")]
    let weight = |word: &String| 1.0 / seen.get(word.as_str()).copied().unwrap_or(1) as f64;
    let mut found: Vec<Nearest> = known
        .iter()
        .zip(&examples)
        .map(|(error, words)| {
            let all: f64 = words.iter().map(weight).sum();
            let both: Vec<&String> = words.intersection(&written).collect();
            let shared: f64 = if both.len() >= SHARED { both.into_iter().map(weight).sum() } else { 0.0 };
            Nearest { error, similarity: if all > 0.0 { shared / all } else { 0.0 } }
        })
        .filter(|nearest| nearest.similarity >= LEAST)
        .collect();
    found.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
    found.truncate(MOST);
    found
}

/// The words of a message, without ids, ARNs and numbers.
fn words(text: &str) -> BTreeSet<String> {
    let tokens = text.split_whitespace().map(|token| token.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    let plain =
        tokens.filter(|token| !token.contains(|c: char| c.is_ascii_digit() || matches!(c, '/' | ':' | '.' | '=')));
    let words = plain.flat_map(|token| token.split(|c: char| !c.is_ascii_alphabetic() && c != '_'));
    words.filter(|word| word.len() > 3).map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<&'static str> {
        nearest(KnownErrors::builtin(), text).into_iter().map(|nearest| &*nearest.error.id).collect()
    }

    #[test]
    fn words_that_changed_still_lead_to_the_message() {
        assert_eq!(
            ids("Model ID x cannot be invoked with on-demand throughput; retry with an inference profile that contains it")
                .first(),
            Some(&"on-demand-not-supported")
        );
        assert_eq!(ids("the disk is full"), Vec::<&str>::new());
        assert_eq!(ids(""), Vec::<&str>::new());
    }
}
