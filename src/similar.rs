//! "Did you mean": the names nearest to one that does not exist.

/// At most this many names are offered.
const OFFERED: usize = 3;

/// The names most like `word`, nearest first; none if nothing is like it.
#[must_use]
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let lower = word.to_lowercase();
    // one slip in three characters still counts as the same word
    let limit = (word.chars().count() / 3).max(1);
    let mut scored: Vec<(usize, &str)> = names
        .into_iter()
        .filter(|name| *name != word)
        .map(|name| (strsim::osa_distance(&lower, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    scored.sort_unstable();
    scored.into_iter().take(OFFERED).map(|(_, name)| name).collect()
}

/// The nearest names as the end of a message (`; did you mean …`), empty if there is none.
#[must_use]
pub fn did_you_mean<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let near: Vec<String> = nearest(word, names)
        .into_iter()
        .map(|name| format!("`{name}`"))
        .collect();
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
    fn the_nearest_names_come_first() {
        let names = ["unknown-action", "unknown-region", "retired-model"];
        assert_eq!(nearest("unkown-acton", names), ["unknown-action"]);
        assert_eq!(nearest("Retired-Model", names), ["retired-model"]);
        assert!(nearest("zzz", names).is_empty());
        assert_eq!(
            did_you_mean("polcy.json", ["policy.json"]),
            "; did you mean `policy.json`?"
        );
        assert_eq!(
            did_you_mean("abcd", ["abce", "abcf"]),
            "; did you mean `abce` or `abcf`?"
        );
    }
}
