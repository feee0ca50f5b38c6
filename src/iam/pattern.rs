//! Strings with wildcards, policy variables and holes, matched as IAM matches them.
//!
//! `*` is any number of characters, none included, and crosses the colons of an ARN; `?` is exactly one. Sources:
//! IAM User Guide, "IAM JSON policy elements: Resource" and "Variables and tags".

use std::ops::{BitAnd, BitOr, Not};

use super::request::{Context, Held};
use crate::text::{Piece, Text};

/// A truth that may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// For no value of what is unknown.
    No,
    /// Depends on what is unknown.
    Maybe,
    /// For every value of what is unknown.
    Yes,
}

impl From<bool> for Fit {
    fn from(truth: bool) -> Self {
        if truth { Self::Yes } else { Self::No }
    }
}

impl BitAnd for Fit {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        self.min(other)
    }
}

impl BitOr for Fit {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.max(other)
    }
}

impl Not for Fit {
    type Output = Self;
    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }
}

impl Fit {
    /// True if one is true.
    pub fn any(fits: impl IntoIterator<Item = Self>) -> Self {
        fits.into_iter().fold(Self::No, Self::bitor)
    }

    /// True if all are true.
    pub fn all(fits: impl IntoIterator<Item = Self>) -> Self {
        fits.into_iter().fold(Self::Yes, Self::bitand)
    }
}

/// Whether letters of different case are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// ARNs and most values.
    Sensitive,
    /// Actions and the `…IgnoreCase` operators.
    Insensitive,
}

/// A string of a policy, ready to be matched.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: Text,
    tokens: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    Star,
    One,
    Hole,
    Variable { key: String, default: Option<String> },
}

/// A token once variables and holes are replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Symbol {
    Char(char),
    One,
    Star,
    /// Stands for a value that the text surely does not hold.
    Never,
}

/// How unknown parts are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// As whatever helps the match.
    Possible,
    /// As whatever hinders it.
    Certain,
}

impl Pattern {
    /// A pattern of `text`. Policy variables (`${aws:username}`) are read only where IAM reads them: in resources and
    /// condition values of policies of version 2012-10-17.
    #[must_use]
    pub fn new(text: Text, variables: bool) -> Self {
        let mut tokens = Vec::new();
        for piece in text.pieces() {
            match piece {
                Piece::Hole(_) => tokens.push(Token::Hole),
                Piece::Literal(literal, _) => tokenize(literal, variables, &mut tokens),
            }
        }
        Self { text, tokens }
    }

    /// The string as written.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The string as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// Whether it has a wildcard outside variables and holes.
    #[must_use]
    pub fn has_wildcard(&self) -> bool {
        self.tokens
            .iter()
            .any(|token| matches!(token, Token::Star | Token::One))
    }

    /// Whether it holds a policy variable or a hole, so that its value is not known from the policy alone.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.tokens
            .iter()
            .any(|token| matches!(token, Token::Variable { .. } | Token::Hole))
    }

    /// Whether it is nothing but `*`.
    #[must_use]
    pub fn is_any(&self) -> bool {
        !self.tokens.is_empty() && self.tokens.iter().all(|token| *token == Token::Star)
    }

    /// Whether the whole of `text` matches, wildcards counting.
    #[must_use]
    pub fn matches(&self, text: &str, case: Case, context: &Context) -> Fit {
        self.judge(context, |symbols| glob(symbols, text, case))
    }

    /// Whether `arn` matches as `ArnLike` and `ArnEquals` compare: each of the six colon-separated parts by itself.
    #[must_use]
    pub fn matches_arn(&self, arn: &str, context: &Context) -> Fit {
        if self.is_any() {
            return Fit::Yes;
        }
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let by_part = self.judge(context, |symbols| {
            let patterns: Vec<&[Symbol]> = symbols.splitn(6, |symbol| *symbol == Symbol::Char(':')).collect();
            patterns.len() == parts.len()
                && patterns
                    .iter()
                    .zip(&parts)
                    .all(|(pattern, part)| glob(pattern, part, Case::Sensitive))
        });
        if by_part == Fit::No && self.is_open() && self.matches(arn, Case::Sensitive, context) != Fit::No {
            // what is not known may hold the colons that are missing
            return Fit::Maybe;
        }
        by_part
    }

    /// Whether the name of an ordinary principal, which no policy names, matches (design: the assumed request).
    #[must_use]
    pub fn matches_ordinary(&self) -> Fit {
        if self.is_any() {
            return Fit::Yes;
        }
        let last = self
            .tokens
            .rsplit(|token| matches!(token, Token::Char('/' | ':')))
            .next()
            .unwrap_or_default();
        let open = |token: &Token| !matches!(token, Token::Char(_));
        if !last.is_empty() && last.iter().all(open) {
            Fit::Maybe
        } else {
            Fit::No
        }
    }

    fn judge(&self, context: &Context, holds: impl Fn(&[Symbol]) -> bool) -> Fit {
        let Some(possible) = self.symbols_of(context, Reading::Possible) else {
            return Fit::No;
        };
        if !holds(&possible) {
            return Fit::No;
        }
        if !self.is_open() {
            return Fit::Yes;
        }
        match self.symbols_of(context, Reading::Certain) {
            Some(certain) if holds(&certain) => Fit::Yes,
            _ => Fit::Maybe,
        }
    }

    /// The tokens with variables and holes replaced; `None` if a variable has no value, so that nothing matches.
    fn symbols_of(&self, context: &Context, reading: Reading) -> Option<Vec<Symbol>> {
        let mut symbols = Vec::with_capacity(self.tokens.len());
        let unknown = match reading {
            Reading::Possible => Symbol::Star,
            Reading::Certain => Symbol::Never,
        };
        for token in &self.tokens {
            match token {
                Token::Char(c) => symbols.push(Symbol::Char(*c)),
                Token::Star => symbols.push(Symbol::Star),
                Token::One => symbols.push(Symbol::One),
                Token::Hole => symbols.push(unknown),
                Token::Variable { key, default } => match (context.get(key), default) {
                    (Held::Values(values), _) if values.len() == 1 => {
                        symbols.extend(values.iter().flat_map(|value| value.chars()).map(Symbol::Char));
                    }
                    (Held::Absent, Some(default)) => symbols.extend(default.chars().map(Symbol::Char)),
                    (Held::Absent, None) => return None,
                    _ => symbols.push(unknown),
                },
            }
        }
        Some(symbols)
    }

    /// The same pattern with wildcards taken as characters, for operators that do not know wildcards.
    #[must_use]
    pub fn without_wildcards(mut self) -> Self {
        for token in &mut self.tokens {
            match token {
                Token::Star => *token = Token::Char('*'),
                Token::One => *token = Token::Char('?'),
                _ => {}
            }
        }
        self
    }
}

fn tokenize(literal: &str, variables: bool, tokens: &mut Vec<Token>) {
    let mut rest = literal;
    while let Some(c) = rest.chars().next() {
        if variables
            && let Some(inner) = rest.strip_prefix("${")
            && let Some((name, after)) = inner.split_once('}')
        {
            tokens.push(variable(name));
            rest = after;
            continue;
        }
        tokens.push(match c {
            '*' => Token::Star,
            '?' => Token::One,
            c => Token::Char(c),
        });
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
}

/// What stands between `${` and `}`: a key, a key with a default in single quotes, or one of three escapes.
fn variable(name: &str) -> Token {
    match name.trim() {
        "*" => Token::Char('*'),
        "?" => Token::Char('?'),
        "$" => Token::Char('$'),
        name => match name.split_once(',') {
            Some((key, default)) => {
                let default = default.trim().trim_matches('\'').to_owned();
                Token::Variable {
                    key: key.trim().to_owned(),
                    default: Some(default),
                }
            }
            None => Token::Variable {
                key: name.to_owned(),
                default: None,
            },
        },
    }
}

/// Matches with one point of return, the last `*`: never worse than pattern length times text length.
fn glob(pattern: &[Symbol], text: &str, case: Case) -> bool {
    let mut symbols = pattern;
    let mut rest = text.chars();
    let mut retry: Option<(&[Symbol], std::str::Chars<'_>)> = None;
    loop {
        let mut ahead = rest.clone();
        match (symbols.split_first(), ahead.next()) {
            (Some((Symbol::Star, after)), _) => {
                retry = Some((after, rest.clone()));
                symbols = after;
                continue;
            }
            (None, None) => return true,
            (Some((Symbol::One, after)), Some(_)) => {
                symbols = after;
                rest = ahead;
                continue;
            }
            (Some((Symbol::Char(wanted), after)), Some(got)) if same(*wanted, got, case) => {
                symbols = after;
                rest = ahead;
                continue;
            }
            _ => {}
        }
        let Some((after, from)) = retry.as_mut() else {
            return false;
        };
        if from.next().is_none() {
            return false;
        }
        symbols = after;
        rest = from.clone();
    }
}

fn same(a: char, b: char, case: Case) -> bool {
    a == b || (case == Case::Insensitive && a.to_lowercase().eq(b.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Count, FilledBy, Hole};

    fn pattern(text: &str) -> Pattern {
        Pattern::new(Text::unplaced(text), true)
    }

    fn fits(text: &str, candidate: &str) -> Fit {
        pattern(text).matches(candidate, Case::Sensitive, &Context::default())
    }

    #[test]
    fn wildcards_match_as_iam_matches_them() {
        for (text, candidate, expected) in [
            (
                "arn:aws:bedrock:*::foundation-model/x",
                "arn:aws:bedrock:::foundation-model/x",
                Fit::Yes,
            ),
            (
                "arn:aws:bedrock:*::foundation-model/x",
                "arn:aws:bedrock:us-east-1::foundation-model/x",
                Fit::Yes,
            ),
            (
                "arn:aws:bedrock:us-*:foundation-model/x",
                "arn:aws:bedrock:us-east-1::foundation-model/x",
                Fit::Yes,
            ),
            (
                "arn:aws:bedrock:us-east-?::foundation-model/x",
                "arn:aws:bedrock:us-east-1::foundation-model/x",
                Fit::Yes,
            ),
            (
                "arn:aws:bedrock:us-east-?::foundation-model/x",
                "arn:aws:bedrock:us-east-::foundation-model/x",
                Fit::No,
            ),
            ("*", "", Fit::Yes),
            ("", "", Fit::Yes),
            ("a*b*c", "a-b-b-c", Fit::Yes),
            ("a*b*c", "a-b-b-d", Fit::No),
            ("${*}", "*", Fit::Yes),
            ("${*}", "x", Fit::No),
            ("X", "x", Fit::No),
        ] {
            assert_eq!(fits(text, candidate), expected, "{text} on {candidate}");
        }
        assert_eq!(
            pattern("BEDROCK:invoke*").matches("bedrock:InvokeModel", Case::Insensitive, &Context::default()),
            Fit::Yes
        );
    }

    #[test]
    fn variables_take_the_values_of_the_request() {
        let mut context = Context::default();
        assert_eq!(
            pattern("a/${aws:username}").matches("a/bo", Case::Sensitive, &context),
            Fit::Maybe
        );
        context.set("aws:UserName", Held::Values(vec!["b*".to_owned()]));
        assert_eq!(
            pattern("a/${aws:username}").matches("a/bo", Case::Sensitive, &context),
            Fit::No
        );
        assert_eq!(
            pattern("a/${aws:username}").matches("a/b*", Case::Sensitive, &context),
            Fit::Yes
        );
        context.set("aws:username", Held::Absent);
        assert_eq!(
            pattern("a/${aws:username}").matches("a/", Case::Sensitive, &context),
            Fit::No
        );
        assert_eq!(
            pattern("a/${aws:username, 'bo'}").matches("a/bo", Case::Sensitive, &context),
            Fit::Yes
        );
        let literal = Pattern::new(Text::unplaced("a/${aws:username}"), false);
        assert_eq!(
            literal.matches("a/${aws:username}", Case::Sensitive, &context),
            Fit::Yes
        );
    }

    #[test]
    fn a_hole_fits_only_maybe() {
        let hole = Hole {
            range: 2..4,
            count: Count::Single,
            filled_by: FilledBy::Template,
        };
        let holed = Pattern::new(Text::unplaced("a:$R:*").with_holes(vec![hole]), true);
        let context = Context::default();
        assert_eq!(holed.matches("a:b:c", Case::Sensitive, &context), Fit::Maybe);
        assert_eq!(holed.matches("b:b:c", Case::Sensitive, &context), Fit::No);
    }

    #[test]
    fn arn_operators_compare_part_by_part() {
        let context = Context::default();
        let arn = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.x-v1:0";
        assert_eq!(
            pattern("arn:aws:bedrock:*:*:inference-profile/us.*").matches_arn(arn, &context),
            Fit::Yes
        );
        assert_eq!(
            pattern("arn:aws:bedrock:*:inference-profile/us.*").matches_arn(arn, &context),
            Fit::No
        );
        assert_eq!(pattern("*").matches_arn(arn, &context), Fit::Yes);
        for (text, expected) in [
            ("${aws:PrincipalTag/profile}", Fit::Maybe),
            (
                "arn:aws:bedrock:${aws:PrincipalTag/region-and-account}:inference-profile/us.x*",
                Fit::Maybe,
            ),
            (
                "arn:aws:bedrock:${aws:PrincipalTag/region}:*:inference-profile/eu.*",
                Fit::No,
            ),
        ] {
            assert_eq!(pattern(text).matches_arn(arn, &context), expected, "{text}");
        }
    }
}
