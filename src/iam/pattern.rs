//! Strings with wildcards, policy variables and holes, matched as IAM matches them.
//!
//! `*` is any number of characters, none included, and crosses the colons of an ARN; `?` is exactly one. Sources:
//! IAM User Guide, "IAM JSON policy elements: Resource", "IAM identifiers" and "Variables and tags".

use std::borrow::Cow;

use super::fit::Fit;
use super::glob::{Case, FIELDS, Token, glob, glob_in_fields, split_arn, tokenize};
use super::request::{Context, Held};
use crate::text::{Piece, Text};

/// A string of a policy, ready to be matched.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: Text,
    tokens: Vec<Token>,
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

    /// The resource that it matches, if there is but one.
    #[must_use]
    pub fn only_match(&self) -> Option<String> {
        if self.is_incomplete() {
            return None;
        }
        let literals = self.tokens.iter().map(|token| match token {
            Token::Literal(literal) => Some(&**literal),
            _ => None,
        });
        literals.collect()
    }

    /// Whether the whole of `text` matches, wildcards counting.
    #[must_use]
    pub fn matches(&self, text: &str, case: Case, context: &Context) -> Fit {
        judge(&self.tokens, context, |tokens| glob(tokens, text, case))
    }

    /// Whether `resource` matches as the `Resource` element compares: the whole text, or, if the pattern is an ARN with
    /// fewer than six fields, field by field, the missing ones being anything (`arn:aws:bedrock` is
    /// `arn:aws:bedrock:*:*:*`).
    ///
    /// AWS says of a `*` at the end of a field that it may reach beyond the colon; whether other wildcards do is not
    /// known. Nor is what a policy variable does before the resource, where AWS wants none.
    #[must_use]
    pub fn matches_resource(&self, resource: &str, context: &Context) -> Fit {
        let tokens = self.resource_tokens();
        let whole = judge(&tokens, context, |tokens| glob(tokens, resource, Case::Sensitive));
        if whole != Fit::No {
            return whole & judge(&tokens, context, |tokens| glob_in_fields(tokens, resource)).max(Fit::Maybe);
        }
        let fields: Vec<&str> = if self.is_incomplete() { resource.splitn(FIELDS, ':').collect() } else { Vec::new() };
        judge(&tokens, context, |tokens| {
            fields.len() == FIELDS
                && split_arn(tokens).iter().zip(&fields).all(|(known, field)| glob(known, field, Case::Sensitive))
        })
    }

    /// The tokens, variables before the fifth colon being unknown.
    fn resource_tokens(&self) -> Cow<'_, [Token]> {
        if !self.tokens.iter().any(|token| matches!(token, Token::Variable(_))) {
            return Cow::Borrowed(&self.tokens);
        }
        let mut colons = 0;
        let tokens = self.tokens.iter().map(|token| {
            if let Token::Literal(literal) = token {
                colons += literal.matches(':').count();
            }
            let misplaced = colons < FIELDS - 1 && matches!(token, Token::Variable(_));
            if misplaced { Token::Hole } else { token.clone() }
        });
        Cow::Owned(tokens.collect())
    }

    /// Whether it is an ARN that lacks fields at its end.
    fn is_incomplete(&self) -> bool {
        self.as_str().starts_with("arn:") && self.as_str().bytes().filter(|byte| *byte == b':').count() < FIELDS - 1
    }

    /// Whether `arn` matches as `ArnLike` and `ArnEquals` compare: each of the six colon-separated parts by itself.
    #[must_use]
    pub fn matches_arn(&self, arn: &str, context: &Context) -> Fit {
        if self.is_any() {
            return Fit::Yes;
        }
        let parts: Vec<&str> = arn.splitn(FIELDS, ':').collect();
        let by_part = judge(&self.tokens, context, |tokens| {
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

/// Whether tokens hold, whatever is unknown of them.
fn judge(tokens: &[Token], context: &Context, holds: impl Fn(&[Token]) -> bool) -> Fit {
    if !tokens.iter().any(Token::is_open) {
        return Fit::from(holds(tokens));
    }
    let Some(possible) = filled(tokens, context, &Token::Star) else {
        return Fit::No;
    };
    if !holds(&possible) {
        return Fit::No;
    }
    match filled(tokens, context, &Token::Never) {
        Some(certain) if holds(&certain) => Fit::Yes,
        _ => Fit::Maybe,
    }
}

/// The tokens with known variables replaced by their values, and everything unknown by `unknown`; `None` if a
/// variable has no value, so that nothing matches.
fn filled(tokens: &[Token], context: &Context, unknown: &Token) -> Option<Vec<Token>> {
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
    tokens.iter().map(fill).collect()
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
            ("a**b", "ab", Fit::Yes),
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
    fn wildcards_that_are_characters_are_all_kept() {
        let literal = pattern("a**?").without_wildcards();
        for (candidate, expected) in [("a**?", Fit::Yes), ("a*?", Fit::No), ("a**b", Fit::No)] {
            assert_eq!(literal.matches(candidate, Case::Sensitive, &Context::default()), expected, "{candidate}");
        }
    }

    #[test]
    fn resources_compare_field_by_field_and_beyond() {
        let model = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";
        for (text, expected) in [
            ("arn:aws:bedrock", Fit::Yes),
            ("arn:aws:bedrock:us-east-?", Fit::Yes),
            ("arn:aws:bedrock:*:", Fit::Yes),
            ("arn:aws:bedrock:us-east-1:111122223333", Fit::No),
            ("arn:aws:bedrock:us-west-2", Fit::No),
            ("arn:aws:bed", Fit::No),
            ("arn:aws:bedrock:us-east-1:foundation-model/amazon.nova-lite-v1", Fit::No),
            ("arn:aws:bedrock:*:foundation-model/amazon.nova-lite-v1", Fit::No),
            ("arn:aws:bedrock:*:foundation-model/amazon.nova-lite-v1:0", Fit::Yes),
            ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1", Fit::No),
            ("arn:aws:bedrock:us-*foundation-model/amazon.nova-lite-v1:0", Fit::Maybe),
            ("arn:aws:bedrock:us-east-1?:foundation-model/amazon.nova-lite-v1:0", Fit::Maybe),
            ("arn:aws:bedrock:us-east-??:*:*", Fit::Maybe),
            ("arn:aws:bedrock:us-e*t-?::foundation-model/*nova*", Fit::Yes),
            ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1?0", Fit::Yes),
            ("arn:aws:bedrock:*", Fit::Yes),
            ("*", Fit::Yes),
        ] {
            assert_eq!(pattern(text).matches_resource(model, &Context::default()), expected, "{text}");
        }
        assert_eq!(pattern("arn:aws:bedrock").matches_resource("*", &Context::default()), Fit::No);
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
    fn variables_before_the_resource_are_unknown() {
        let mut context = Context::default();
        context.set("aws:RequestedRegion", Held::Values(vec!["us-east-1".to_owned()]));
        for (text, expected) in [
            ("arn:aws:bedrock:us-east-1::foundation-model/${aws:RequestedRegion}", Fit::Yes),
            ("arn:aws:bedrock:${aws:RequestedRegion}::foundation-model/us-east-1", Fit::Maybe),
            ("arn:aws:bedrock:${aws:RequestedRegion}::foundation-model/us-east-2", Fit::No),
            ("${aws:RequestedRegion}", Fit::Maybe),
        ] {
            let model = "arn:aws:bedrock:us-east-1::foundation-model/us-east-1";
            assert_eq!(pattern(text).matches_resource(model, &context), expected, "{text}");
        }
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
