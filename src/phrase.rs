//! Names in sentences.

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
