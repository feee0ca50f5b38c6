//! "Did you mean" as the end of a message.

use crate::bedrock::nearest;

/// At most this many names are offered.
const OFFERED: usize = 3;

/// The nearest names as the end of a message (`; did you mean …?`), empty if none is near.
#[must_use]
pub fn did_you_mean<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let near: Vec<String> = nearest(names, word, OFFERED).into_iter().map(|name| format!("`{name}`")).collect();
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
    }
}
