//! Names that look like a written one, and "did you mean" as the end of a message. Knows no names itself.

use strsim::osa_distance;

/// At most this many names are offered.
const OFFERED: usize = 3;

/// How many edits a name of this length may be away and still count as a
/// misspelling: one per six characters, between one and three. Names here are
/// long and built from shared words, so anything looser would call a new name a
/// slip of an old one.
fn tolerance(wanted: &str) -> usize {
    (wanted.chars().count() / 6).clamp(1, 3)
}

/// The names of `names` that `wanted` is most likely a misspelling of: at most
/// `max` (itself at most three), closest first, ties in the order given, case
/// ignored. Empty if none is close. An exact match is the closest of all.
pub fn nearest<'a>(names: impl IntoIterator<Item = &'a str>, wanted: &str, max: usize) -> Vec<&'a str> {
    within(names, wanted, tolerance(wanted), max)
}

/// [`nearest`] with the number of edits given.
pub(crate) fn within<'a>(
    names: impl IntoIterator<Item = &'a str>,
    wanted: &str,
    limit: usize,
    max: usize,
) -> Vec<&'a str> {
    let lower = wanted.to_ascii_lowercase();
    let mut found: Vec<(usize, &str)> = names
        .into_iter()
        // the distance is at least the difference in length
        .filter(|name| name.len().abs_diff(lower.len()) <= limit)
        .map(|name| (osa_distance(&name.to_ascii_lowercase(), &lower), name))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().map(|(_, name)| name).take(max.min(3)).collect()
}

/// The nearest names as the end of a message (`; did you mean …?`), empty if none is near.
#[must_use]
pub fn did_you_mean<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    suggested(&nearest(names, word, OFFERED))
}

/// The nearest names as the end of a message; where none is near, those that hold every part of the word.
#[must_use]
pub fn did_you_mean_part_of<'a>(word: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let near = nearest(names.clone(), word, OFFERED);
    if !near.is_empty() {
        return suggested(&near);
    }
    let lower = word.to_ascii_lowercase();
    let parts: Vec<&str> =
        lower.split(|one: char| !one.is_ascii_alphanumeric()).filter(|part| part.len() > 2).collect();
    let holds = |name: &&str| !parts.is_empty() && parts.iter().all(|part| name.contains(part));
    suggested(&names.into_iter().filter(holds).collect::<Vec<_>>())
}

/// Names as the end of a message (`; did you mean …?`): three at most, empty if there are none.
#[must_use]
pub fn suggested<S: AsRef<str>>(names: &[S]) -> String {
    let near: Vec<String> = names.iter().take(OFFERED).map(|name| format!("`{}`", name.as_ref())).collect();
    match near.split_last() {
        None => String::new(),
        Some((only, [])) => format!("; did you mean {only}?"),
        Some((last, rest)) => format!("; did you mean {} or {last}?", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_end_the_message() {
        assert_eq!(did_you_mean("polcy.json", ["policy.json"]), "; did you mean `policy.json`?");
        assert_eq!(did_you_mean("abcd", ["abce", "abcf"]), "; did you mean `abce` or `abcf`?");
        assert_eq!(did_you_mean("zzz", ["policy.json"]), "");
        let rules = ["missing-geo-prefix", "prefix-region-mismatch", "unknown-region"];
        assert_eq!(did_you_mean_part_of("unknown-regon", rules), "; did you mean `unknown-region`?");
        assert_eq!(
            did_you_mean_part_of("Prefix", rules),
            "; did you mean `missing-geo-prefix` or `prefix-region-mismatch`?"
        );
        assert_eq!(did_you_mean_part_of("region prefix", rules), "; did you mean `prefix-region-mismatch`?");
        assert_eq!(did_you_mean_part_of("a-b", rules), "");
    }

    #[test]
    fn closest_first_and_nothing_far() {
        let names = ["us-east-1", "us-east-2", "us-west-2", "eu-west-1"];
        assert_eq!(nearest(names, "us-esat-1", 3), ["us-east-1"]);
        assert_eq!(nearest(names, "us-east-", 3), ["us-east-1", "us-east-2"]);
        assert_eq!(nearest(names, "us-east-", 1), ["us-east-1"]);
        assert!(nearest(names, "sa-north-7", 3).is_empty());
    }
}
