//! Strings taken apart at wildcards, variables and holes, and the search for them in a text.

use std::collections::BTreeSet;

/// The fields of an ARN.
pub(super) const FIELDS: usize = 6;

/// Whether letters of different case are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// ARNs and most values.
    Sensitive,
    /// Actions and the `…IgnoreCase` operators.
    Insensitive,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Literal(Box<str>),
    Star,
    One,
    Hole,
    Variable(Box<Variable>),
    /// In the place of something unknown: a value that the text surely does not hold.
    Never,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) key: String,
    pub(super) default: Option<String>,
}

impl Token {
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Variable(_) | Self::Hole)
    }
}

pub(super) fn tokenize(literal: &str, variables: bool, tokens: &mut Vec<Token>) {
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
            tokens.push(token);
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
pub(super) fn split_arn(tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut parts = vec![Vec::new()];
    let mut colons = 0;
    for token in tokens {
        let Token::Literal(literal) = token else {
            if let Some(part) = parts.last_mut() {
                part.push(token.clone());
            }
            continue;
        };
        for (index, piece) in literal.splitn(FIELDS - colons, ':').enumerate() {
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
pub(super) fn glob(tokens: &[Token], text: &str, case: Case) -> bool {
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

/// The same for an ARN whose wildcards stay inside a field, but for a `*` at its end.
pub(super) fn glob_in_fields(tokens: &[Token], arn: &str) -> bool {
    if !may_leave_field(tokens) {
        return glob(tokens, arn, Case::Sensitive);
    }
    let ends: Vec<usize> = arn.match_indices(':').map(|(at, _)| at).take(FIELDS - 1).collect();
    let end_of_field = |from: usize| ends.iter().copied().find(|end| *end >= from).unwrap_or(arn.len());
    // where in the ARN the tokens so far may end
    let mut reached = BTreeSet::from([0]);
    for (index, token) in tokens.iter().enumerate() {
        let mut next = BTreeSet::new();
        for at in reached {
            match token {
                Token::Literal(literal) if arn.get(at..).is_some_and(|rest| rest.starts_with(&**literal)) => {
                    next.insert(at + literal.len());
                }
                Token::One => {
                    let one = arn.get(at..end_of_field(at)).and_then(|rest| rest.chars().next());
                    next.extend(one.map(|one| at + one.len_utf8()));
                }
                Token::Star => {
                    let end = if ends_field(tokens.get(index + 1)) { arn.len() } else { end_of_field(at) };
                    next.extend(at..=end);
                }
                _ => {}
            }
        }
        reached = next;
    }
    reached.contains(&arn.len())
}

/// Whether a wildcard that does not end its field stands before the resource, whose colons part nothing.
fn may_leave_field(tokens: &[Token]) -> bool {
    let mut colons = 0;
    tokens.iter().enumerate().any(|(index, token)| {
        match token {
            Token::Literal(literal) => colons += literal.matches(':').count(),
            Token::One => return colons < FIELDS - 1,
            Token::Star => return colons < FIELDS - 1 && !ends_field(tokens.get(index + 1)),
            _ => {}
        }
        false
    })
}

fn ends_field(next: Option<&Token>) -> bool {
    next.is_none_or(|next| matches!(next, Token::Literal(literal) if literal.starts_with(':')))
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
    if literal.is_ascii() {
        let (start, rest) = text.split_at_checked(literal.len())?;
        return start.eq_ignore_ascii_case(literal).then_some(rest);
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
