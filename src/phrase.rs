//! Names in sentences, and what is wrong with one.

use crate::bedrock::IdMistake;

/// `a`, `a and b`, `a, b and c`; past `most`, `a, b and 7 more`. Each in backticks.
pub(crate) fn list<S: AsRef<str>>(names: &[S], most: usize) -> String {
    joined(names, most, "and")
}

/// The same with `or`.
pub(crate) fn any_of<S: AsRef<str>>(names: &[S], most: usize) -> String {
    joined(names, most, "or")
}

fn joined<S: AsRef<str>>(names: &[S], most: usize, conjunction: &str) -> String {
    let quoted = |name: &S| format!("`{}`", name.as_ref());
    let shown: Vec<String> =
        names.iter().take(if names.len() > most { most.saturating_sub(1).max(1) } else { most }).map(quoted).collect();
    let hidden = names.len() - shown.len();
    let last = if hidden > 0 { Some(format!("{hidden} more")) } else { None };
    let all: Vec<String> = shown.into_iter().chain(last).collect();
    match all.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {conjunction} {last}", first.join(", ")),
    }
}

/// Names for suggestions, three at most: the others are not told of.
pub(crate) fn either<S: AsRef<str>>(names: &[S]) -> String {
    any_of(names.get(..3).unwrap_or(names), 3)
}

/// What is wrong with an id: without a mistake, that there is no such `noun`.
pub(crate) fn wrong_id(mistake: Option<IdMistake>, written: &str, noun: &str) -> String {
    let Some(mistake) = mistake else {
        return format!("there is no {noun} `{written}`");
    };
    let prefix = written.split_once('.').map_or(written, |(prefix, _)| prefix);
    match mistake {
        IdMistake::Blank => "no id stands after the type".to_owned(),
        IdMistake::Whitespace => format!("`{written}` has blanks in it"),
        IdMistake::WrongCase => format!("ids are in lower case, and `{written}` is not"),
        IdMistake::DisplayName => format!("`{written}` is the name of a model, not its id"),
        IdMistake::DoubledPrefix => format!("`{written}` has two prefixes, and an id has one"),
        IdMistake::UnknownPrefix => format!("`{prefix}` is not a prefix of inference profiles"),
        IdMistake::WrongPrefix => format!("`{prefix}` is not a prefix of this model"),
        IdMistake::InventedVersionSuffix => format!("`{written}` ends in a version that this {noun} does not have"),
        IdMistake::MissingVersionSuffix => format!("`{written}` lacks the date or version that the id ends in"),
        IdMistake::WrongDate => format!("`{written}` has a date that this {noun} does not have"),
        IdMistake::ForeignSpelling => format!("`{written}` is how another vendor spells it, not Amazon Bedrock"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_short() {
        assert_eq!(list::<&str>(&[], 3), "");
        assert_eq!(list(&["a"], 3), "`a`");
        assert_eq!(list(&["a", "b", "c"], 3), "`a`, `b` and `c`");
        assert_eq!(list(&["a", "b", "c", "d"], 3), "`a`, `b` and 2 more");
        assert_eq!(any_of(&["a", "b", "c", "d"], 3), "`a`, `b` or 2 more");
        assert_eq!(either(&["a", "b", "c", "d"]), "`a`, `b` or `c`");
        assert_eq!(either(&["a"]), "`a`");
    }
}
