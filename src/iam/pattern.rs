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
    Literal(Box<str>),
    Star,
    One,
    Hole,
    Variable(Box<Variable>),
    /// In the place of something unknown: a value that the text surely does not hold.
    Never,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Variable {
    key: String,
    default: Option<String>,
}

impl Token {
    fn is_open(&self) -> bool {
        matches!(self, Self::Variable(_) | Self::Hole)
    }
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
        tokens.shrink_to_fit();
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
        self.tokens.iter().any(|token| matches!(token, Token::Star | Token::One))
    }

    /// Whether it holds a policy variable or a hole, so that its value is not known from the policy alone.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.tokens.iter().any(Token::is_open)
    }

    /// Whether it is nothing but `*`.
    #[must_use]
    pub fn is_any(&self) -> bool {
        !self.tokens.is_empty() && self.tokens.iter().all(|token| *token == Token::Star)
    }

    /// The string that it matches, if there is but one.
    #[must_use]
    pub fn only_match(&self) -> Option<String> {
        let literals = self.tokens.iter().map(|token| match token {
            Token::Literal(literal) => Some(&**literal),
            _ => None,
        });
        literals.collect()
    }

    /// Whether the whole of `text` matches, wildcards counting.
    #[must_use]
    pub fn matches(&self, text: &str, case: Case, context: &Context) -> Fit {
        self.judge(context, |tokens| glob(tokens, text, case))
    }

    /// Whether `arn` matches as `ArnLike` and `ArnEquals` compare: each of the six colon-separated parts by itself.
    #[must_use]
    pub fn matches_arn(&self, arn: &str, context: &Context) -> Fit {
        if self.is_any() {
            return Fit::Yes;
        }
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let by_part = self.judge(context, |tokens| {
            let patterns = split_arn(tokens);
            patterns.len() == parts.len()
                && patterns.iter().zip(&parts).all(|(pattern, part)| glob(pattern, part, Case::Sensitive))
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
        let mut open = false;
        for token in self.tokens.iter().rev() {
            let Token::Literal(literal) = token else {
                open = true;
                continue;
            };
            // whoever names no more than a path names everybody below it
            return if open && literal.ends_with(['/', ':']) { Fit::Maybe } else { Fit::No };
        }
        if open { Fit::Maybe } else { Fit::No }
    }

    fn judge(&self, context: &Context, holds: impl Fn(&[Token]) -> bool) -> Fit {
        if !self.is_open() {
            return Fit::from(holds(&self.tokens));
        }
        let Some(possible) = self.filled(context, &Token::Star) else {
            return Fit::No;
        };
        if !holds(&possible) {
            return Fit::No;
        }
        match self.filled(context, &Token::Never) {
            Some(certain) if holds(&certain) => Fit::Yes,
            _ => Fit::Maybe,
        }
    }

    /// The tokens with known variables replaced by their values, and everything unknown by `unknown`; `None` if a
    /// variable has no value, so that nothing matches.
    fn filled(&self, context: &Context, unknown: &Token) -> Option<Vec<Token>> {
        let fill = |token: &Token| match token {
            Token::Hole => Some(unknown.clone()),
            Token::Variable(variable) => match (context.get(&variable.key), &variable.default) {
                (Held::Values(values), _) => match values.as_slice() {
                    [value] => Some(Token::Literal(value.as_str().into())),
                    _ => Some(unknown.clone()),
                },
                (Held::Absent, Some(default)) => Some(Token::Literal(default.as_str().into())),
                (Held::Absent, None) => None,
                _ => Some(unknown.clone()),
            },
            known => Some(known.clone()),
        };
        self.tokens.iter().map(fill).collect()
    }

    /// The same pattern with wildcards taken as characters, for operators that do not know wildcards.
    #[must_use]
    pub fn without_wildcards(mut self) -> Self {
        for token in &mut self.tokens {
            match token {
                Token::Star => *token = Token::Literal("*".into()),
                Token::One => *token = Token::Literal("?".into()),
                _ => {}
            }
        }
        self
    }
}

fn tokenize(literal: &str, variables: bool, tokens: &mut Vec<Token>) {
    let mut known = String::new();
    let mut rest = literal;
    while let Some(c) = rest.chars().next() {
        let (token, after) = if variables
            && let Some(inner) = rest.strip_prefix("${")
            && let Some((name, after)) = inner.split_once('}')
        {
            (Some(variable(name)), after)
        } else {
            let token = match c {
                '*' => Some(Token::Star),
                '?' => Some(Token::One),
                c => {
                    known.push(c);
                    None
                }
            };
            (token, rest.get(c.len_utf8()..).unwrap_or_default())
        };
        if let Some(token) = token {
            flush(&mut known, tokens);
            // `**` is `*`
            if token != Token::Star || tokens.last() != Some(&Token::Star) {
                tokens.push(token);
            }
        }
        rest = after;
    }
    flush(&mut known, tokens);
}

fn flush(known: &mut String, tokens: &mut Vec<Token>) {
    if !known.is_empty() {
        tokens.push(Token::Literal(std::mem::take(known).into()));
    }
}

/// What stands between `${` and `}`: a key, a key with a default in single quotes, or one of three escapes.
fn variable(name: &str) -> Token {
    let (key, default) = match name.trim() {
        escaped @ ("*" | "?" | "$") => return Token::Literal(escaped.into()),
        name => match name.split_once(',') {
            Some((key, default)) => (key.trim(), Some(default.trim().trim_matches('\'').to_owned())),
            None => (name, None),
        },
    };
    Token::Variable(Box::new(Variable { key: key.to_owned(), default }))
}

/// The tokens between the first five colons, and those after them.
fn split_arn(tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut parts = vec![Vec::new()];
    let mut colons = 0;
    for token in tokens {
        let Token::Literal(literal) = token else {
            if let Some(part) = parts.last_mut() {
                part.push(token.clone());
            }
            continue;
        };
        for (index, piece) in literal.splitn(6 - colons, ':').enumerate() {
            if index > 0 {
                colons += 1;
                parts.push(Vec::new());
            }
            if let Some(part) = parts.last_mut()
                && !piece.is_empty()
            {
                part.push(Token::Literal(piece.into()));
            }
        }
    }
    parts
}

/// Matches with one point of return, the last `*`: never worse than pattern length times text length.
fn glob(tokens: &[Token], text: &str, case: Case) -> bool {
    let mut tokens = tokens;
    let mut rest = text;
    let mut retry: Option<(&[Token], &str)> = None;
    loop {
        let step = match tokens.split_first() {
            Some((Token::Star, after)) => {
                retry = Some((after, rest));
                Some((after, rest))
            }
            Some((Token::One, after)) => skip(rest).map(|rest| (after, rest)),
            Some((Token::Literal(literal), after)) => starts(rest, literal, case).map(|rest| (after, rest)),
            Some(_) => None,
            None if rest.is_empty() => return true,
            None => None,
        };
        if let Some(next) = step {
            (tokens, rest) = next;
            continue;
        }
        let Some((after, from)) = retry else { return false };
        let Some(from) = skip(from) else { return false };
        retry = Some((after, from));
        (tokens, rest) = (after, from);
    }
}

/// The text without its first character.
fn skip(text: &str) -> Option<&str> {
    let mut rest = text.chars();
    rest.next().map(|_| rest.as_str())
}

/// What follows `literal` at the start of `text`.
fn starts<'t>(text: &'t str, literal: &str, case: Case) -> Option<&'t str> {
    if case == Case::Sensitive {
        return text.strip_prefix(literal);
    }
    let mut rest = text.chars();
    for wanted in literal.chars() {
        let got = rest.next()?;
        if wanted != got && !wanted.to_lowercase().eq(got.to_lowercase()) {
            return None;
        }
    }
    Some(rest.as_str())
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
            ("arn:aws:bedrock:*::foundation-model/x", "arn:aws:bedrock:::foundation-model/x", Fit::Yes),
            ("arn:aws:bedrock:*::foundation-model/x", "arn:aws:bedrock:us-east-1::foundation-model/x", Fit::Yes),
            ("arn:aws:bedrock:us-*:foundation-model/x", "arn:aws:bedrock:us-east-1::foundation-model/x", Fit::Yes),
            (
                "arn:aws:bedrock:us-east-?::foundation-model/x",
                "arn:aws:bedrock:us-east-1::foundation-model/x",
                Fit::Yes,
            ),
            ("arn:aws:bedrock:us-east-?::foundation-model/x", "arn:aws:bedrock:us-east-::foundation-model/x", Fit::No),
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
        assert_eq!(pattern("a/${aws:username}").matches("a/bo", Case::Sensitive, &context), Fit::Maybe);
        context.set("aws:UserName", Held::Values(vec!["b*".to_owned()]));
        assert_eq!(pattern("a/${aws:username}").matches("a/bo", Case::Sensitive, &context), Fit::No);
        assert_eq!(pattern("a/${aws:username}").matches("a/b*", Case::Sensitive, &context), Fit::Yes);
        context.set("aws:username", Held::Absent);
        assert_eq!(pattern("a/${aws:username}").matches("a/", Case::Sensitive, &context), Fit::No);
        assert_eq!(pattern("a/${aws:username, 'bo'}").matches("a/bo", Case::Sensitive, &context), Fit::Yes);
        let literal = Pattern::new(Text::unplaced("a/${aws:username}"), false);
        assert_eq!(literal.matches("a/${aws:username}", Case::Sensitive, &context), Fit::Yes);
    }

    #[test]
    fn a_hole_fits_only_maybe() {
        let hole = Hole { range: 2..4, count: Count::Single, filled_by: FilledBy::Template };
        let holed = Pattern::new(Text::unplaced("a:$R:*").with_holes(vec![hole]), true);
        let context = Context::default();
        assert_eq!(holed.matches("a:b:c", Case::Sensitive, &context), Fit::Maybe);
        assert_eq!(holed.matches("b:b:c", Case::Sensitive, &context), Fit::No);
    }

    #[test]
    fn arn_operators_compare_part_by_part() {
        let context = Context::default();
        let arn = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.x-v1:0";
        assert_eq!(pattern("arn:aws:bedrock:*:*:inference-profile/us.*").matches_arn(arn, &context), Fit::Yes);
        assert_eq!(pattern("arn:aws:bedrock:*:inference-profile/us.*").matches_arn(arn, &context), Fit::No);
        assert_eq!(pattern("*").matches_arn(arn, &context), Fit::Yes);
        for (text, expected) in [
            ("${aws:PrincipalTag/profile}", Fit::Maybe),
            ("arn:aws:bedrock:${aws:PrincipalTag/region-and-account}:inference-profile/us.x*", Fit::Maybe),
            ("arn:aws:bedrock:${aws:PrincipalTag/region}:*:inference-profile/eu.*", Fit::No),
        ] {
            assert_eq!(pattern(text).matches_arn(arn, &context), expected, "{text}");
        }
    }
}
