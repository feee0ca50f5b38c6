//! Conditions: every operator of IAM, with three answers.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators for multivalued context
//! keys".

use std::net::IpAddr;

use ipnet::IpNet;
use jiff::Timestamp;
use jiff::civil::Date;

use super::fit::Fit;
use super::glob::Case;
use super::pattern::Pattern;
use super::request::{Context, Held};
use crate::text::{Span, Text};

/// One key under one operator.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The operator as written.
    pub operator_text: Text,
    /// The operator; `None` if IAM has none of that name.
    pub operator: Option<Operator>,
    /// The condition key as written.
    pub key: Text,
    /// The values; a request value need match only one of them.
    pub values: Vec<Pattern>,
    /// All bytes of the values.
    pub values_span: Span,
}

/// A condition operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// `ForAllValues:` or `ForAnyValue:`.
    pub quantifier: Option<Quantifier>,
    /// What is compared.
    pub comparison: Comparison,
    /// Whether it is the `Not…` form.
    pub negated: bool,
    /// Whether it ends in `IfExists`.
    pub if_exists: bool,
}

/// The prefix of a set operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// Every value of the request must match; true when there are none.
    ForAllValues,
    /// One value of the request must match; false when there are none.
    ForAnyValue,
}

/// How a value of the policy and one of the request are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `StringEquals`.
    StringEquals,
    /// `StringEqualsIgnoreCase`.
    StringEqualsIgnoreCase,
    /// `StringLike`.
    StringLike,
    /// `ArnEquals` and `ArnLike`, which behave the same.
    Arn,
    /// `Numeric…`.
    Numeric(Order),
    /// `Date…`.
    Date(Order),
    /// `Bool`.
    Bool,
    /// `BinaryEquals`.
    Binary,
    /// `IpAddress`.
    IpAddress,
    /// `Null`: whether the key is missing.
    Null,
}

/// How two numbers or dates are compared: the request's value against the policy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Equal.
    Equals,
    /// Less.
    LessThan,
    /// Less or equal.
    LessThanEquals,
    /// Greater.
    GreaterThan,
    /// Greater or equal.
    GreaterThanEquals,
}

/// Operators without quantifier and suffix, lower-case, with what they compare and whether they are negated.
const OPERATORS: &[(&str, Comparison, bool)] = &[
    ("stringequals", Comparison::StringEquals, false),
    ("stringnotequals", Comparison::StringEquals, true),
    ("stringequalsignorecase", Comparison::StringEqualsIgnoreCase, false),
    ("stringnotequalsignorecase", Comparison::StringEqualsIgnoreCase, true),
    ("stringlike", Comparison::StringLike, false),
    ("stringnotlike", Comparison::StringLike, true),
    ("arnequals", Comparison::Arn, false),
    ("arnlike", Comparison::Arn, false),
    ("arnnotequals", Comparison::Arn, true),
    ("arnnotlike", Comparison::Arn, true),
    ("numericequals", Comparison::Numeric(Order::Equals), false),
    ("numericnotequals", Comparison::Numeric(Order::Equals), true),
    ("numericlessthan", Comparison::Numeric(Order::LessThan), false),
    ("numericlessthanequals", Comparison::Numeric(Order::LessThanEquals), false),
    ("numericgreaterthan", Comparison::Numeric(Order::GreaterThan), false),
    ("numericgreaterthanequals", Comparison::Numeric(Order::GreaterThanEquals), false),
    ("dateequals", Comparison::Date(Order::Equals), false),
    ("datenotequals", Comparison::Date(Order::Equals), true),
    ("datelessthan", Comparison::Date(Order::LessThan), false),
    ("datelessthanequals", Comparison::Date(Order::LessThanEquals), false),
    ("dategreaterthan", Comparison::Date(Order::GreaterThan), false),
    ("dategreaterthanequals", Comparison::Date(Order::GreaterThanEquals), false),
    ("bool", Comparison::Bool, false),
    ("binaryequals", Comparison::Binary, false),
    ("ipaddress", Comparison::IpAddress, false),
    ("notipaddress", Comparison::IpAddress, true),
    ("null", Comparison::Null, false),
];

impl Operator {
    /// The operator of that name, in any case; `None` if IAM has none.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let (quantifier, rest) = match lower.split_once(':') {
            Some(("forallvalues", rest)) => (Some(Quantifier::ForAllValues), rest),
            Some(("foranyvalue", rest)) => (Some(Quantifier::ForAnyValue), rest),
            Some(_) => return None,
            None => (None, lower.as_str()),
        };
        let (base, if_exists) = match rest.strip_suffix("ifexists") {
            Some(base) if base != "null" => (base, true),
            Some(_) => return None,
            None => (rest, false),
        };
        let (_, comparison, negated) = OPERATORS.iter().find(|(name, ..)| *name == base)?;
        Some(Self { quantifier, comparison: *comparison, negated: *negated, if_exists })
    }
}

impl Condition {
    /// Whether the condition holds for a request with this context.
    #[must_use]
    pub fn holds(&self, context: &Context) -> Fit {
        let Some(operator) = self.operator else {
            return Fit::Maybe;
        };
        let held = context.get(self.key.as_str());
        if operator.comparison == Comparison::Null {
            return self.is_null(held);
        }
        match held {
            Held::Unknown => self.holds_when_unknown(operator),
            Held::Ordinary => self.holds_for_ordinary(operator),
            Held::Foreign => self.holds_for_foreign(operator),
            Held::Values(values) if !values.is_empty() => self.holds_for(operator, values, context),
            Held::Values(_) | Held::Absent => Self::holds_when_absent(operator),
        }
    }

    /// Whether all that is known of the condition's key is that no policy names its value.
    #[must_use]
    pub fn is_of_ordinary(&self, context: &Context) -> bool {
        *context.get(self.key.as_str()) == Held::Ordinary
    }

    /// Whether the condition is about `key`, whose case does not matter.
    #[must_use]
    pub fn is_about(&self, key: &str) -> bool {
        self.key.as_str().eq_ignore_ascii_case(key)
    }

    fn holds_when_absent(operator: Operator) -> Fit {
        let truth = match operator.quantifier {
            Some(Quantifier::ForAllValues) => true,
            Some(Quantifier::ForAnyValue) => operator.if_exists,
            None => operator.negated || operator.if_exists,
        };
        Fit::from(truth)
    }

    /// Decidable only where every value of the request and its absence give the same answer.
    fn holds_when_unknown(&self, operator: Operator) -> Fit {
        let wild = matches!(operator.comparison, Comparison::StringLike | Comparison::Arn)
            && self.values.iter().any(Pattern::is_any);
        let present = if wild { Fit::from(!operator.negated) } else { Fit::Maybe };
        let absent = Self::holds_when_absent(operator);
        if present == absent { present } else { Fit::Maybe }
    }

    fn holds_for_ordinary(&self, operator: Operator) -> Fit {
        let named = Fit::any(self.values.iter().map(Pattern::matches_ordinary));
        if operator.negated { !named } else { named }
    }

    /// What asks for one account or organization asks for the caller's; among several may be that of AWS.
    fn holds_for_foreign(&self, operator: Operator) -> Fit {
        let holds_without = operator.if_exists || operator.quantifier == Some(Quantifier::ForAllValues);
        let is_own = |value: &Pattern| {
            let text = value.as_str();
            let of_caller = ["${aws:PrincipalAccount}", "${aws:PrincipalOrgID}"];
            of_caller.iter().any(|own| own.eq_ignore_ascii_case(text))
                || !(value.is_open() || text.starts_with(['*', '?']))
        };
        match self.values.as_slice() {
            [value] if is_own(value) && !operator.negated && !holds_without => Fit::No,
            _ => Fit::Maybe,
        }
    }

    fn holds_for(&self, operator: Operator, values: &[String], context: &Context) -> Fit {
        let one = |value: &String| {
            let matched =
                Fit::any(self.values.iter().map(|pattern| compare(operator.comparison, pattern, value, context)));
            if operator.negated { !matched } else { matched }
        };
        match (operator.quantifier, values) {
            // "a null dataset, such as an empty string" counts as no values
            (Some(quantifier), values) if values.iter().all(String::is_empty) => {
                Fit::from(quantifier == Quantifier::ForAllValues)
            }
            (Some(Quantifier::ForAllValues), values) => Fit::all(values.iter().map(one)),
            (Some(Quantifier::ForAnyValue), values) => Fit::any(values.iter().map(one)),
            (None, [value]) => one(value),
            // AWS leaves open what a single-valued operator does with a multivalued key
            (None, _) => Fit::Maybe,
        }
    }

    fn is_null(&self, held: &Held) -> Fit {
        let missing = match held {
            Held::Absent => true,
            Held::Values(values) => values.is_empty(),
            Held::Ordinary => false,
            Held::Foreign | Held::Unknown => return Fit::Maybe,
        };
        let wanted = if missing { "true" } else { "false" };
        Fit::any(self.values.iter().map(|value| value.matches(wanted, Case::Insensitive, &Context::default())))
    }
}

fn compare(comparison: Comparison, pattern: &Pattern, value: &str, context: &Context) -> Fit {
    match comparison {
        Comparison::StringLike => pattern.matches(value, Case::Sensitive, context),
        Comparison::Arn => pattern.matches_arn(value, context),
        // the wildcards of these were taken as characters when the condition was read
        Comparison::StringEquals | Comparison::Binary => pattern.matches(value, Case::Sensitive, context),
        Comparison::StringEqualsIgnoreCase | Comparison::Bool => pattern.matches(value, Case::Insensitive, context),
        Comparison::Numeric(order) => {
            ordered(pattern, value, order, |text| text.trim().parse::<f64>().ok().filter(|number| number.is_finite()))
        }
        Comparison::Date(order) => ordered(pattern, value, order, instant),
        Comparison::IpAddress => in_network(pattern, value),
        Comparison::Null => Fit::Maybe,
    }
}

fn ordered<T: PartialOrd>(pattern: &Pattern, value: &str, order: Order, read: impl Fn(&str) -> Option<T>) -> Fit {
    if pattern.is_open() {
        return Fit::Maybe;
    }
    // a value of the wrong type never matches
    let (Some(limit), Some(value)) = (read(pattern.as_str()), read(value)) else {
        return Fit::No;
    };
    Fit::from(match order {
        Order::Equals => value == limit,
        Order::LessThan => value < limit,
        Order::LessThanEquals => value <= limit,
        Order::GreaterThan => value > limit,
        Order::GreaterThanEquals => value >= limit,
    })
}

/// A date as IAM writes it: in one of the forms of ISO 8601 that the W3C names, or seconds since 1970. Four digits are a
/// year.
fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let day = match text.len() {
        _ if text.contains('T') => return text.parse().ok(),
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ if text.contains('-') => text.to_owned(),
        _ => return Timestamp::from_second(text.parse().ok()?).ok(),
    };
    let day: Date = day.parse().ok()?;
    day.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn in_network(pattern: &Pattern, value: &str) -> Fit {
    if pattern.is_open() {
        return Fit::Maybe;
    }
    let network =
        pattern.as_str().parse::<IpNet>().ok().or_else(|| pattern.as_str().parse::<IpAddr>().ok().map(IpNet::from));
    match (network, value.parse::<IpAddr>()) {
        (Some(network), Ok(address)) => Fit::from(network.contains(&address)),
        _ => Fit::No,
    }
}

impl Comparison {
    /// Whether `*` and `?` in a value are wildcards.
    #[must_use]
    pub fn knows_wildcards(self) -> bool {
        matches!(self, Self::StringLike | Self::Arn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(operator: &str, values: &[&str]) -> Condition {
        let operator_text = Text::unplaced(operator);
        let parsed = Operator::parse(operator);
        let wild = parsed.is_none_or(|operator| operator.comparison.knows_wildcards());
        let pattern = |value: &&str| {
            let pattern = Pattern::new(Text::unplaced(*value), true);
            if wild { pattern } else { pattern.without_wildcards() }
        };
        let values = values.iter().map(pattern).collect();
        Condition {
            operator_text,
            operator: parsed,
            key: Text::unplaced("a:Key"),
            values,
            values_span: Span::default(),
        }
    }

    fn held(values: &[&str]) -> Held {
        Held::Values(values.iter().map(|value| (*value).to_owned()).collect())
    }

    /// Operator, values of the policy, what the request holds, answer.
    type Row = (&'static str, &'static [&'static str], Held, Fit);

    fn judge(rows: &[Row]) {
        for (operator, values, held, expected) in rows {
            let mut context = Context::default();
            context.set("A:key", held.clone());
            let condition = condition(operator, values);
            assert!(condition.operator.is_some(), "{operator}");
            assert_eq!(condition.holds(&context), *expected, "{operator} {values:?} on {held:?}");
        }
    }

    #[test]
    fn operators_on_single_values() {
        use Fit::{Maybe, No, Yes};
        judge(&[
            ("StringEquals", &["a", "b"], held(&["b"]), Yes),
            ("StringEquals", &["*"], held(&["b"]), No),
            ("StringEquals", &["A"], held(&["a"]), No),
            ("StringEqualsIgnoreCase", &["A"], held(&["a"]), Yes),
            ("StringNotEquals", &["a", "b"], held(&["b"]), No),
            ("StringNotEquals", &["a", "b"], held(&["c"]), Yes),
            ("StringNotEqualsIgnoreCase", &["A"], held(&["a"]), No),
            ("StringLike", &["a*"], held(&["abc"]), Yes),
            ("StringNotLike", &["a*"], held(&["abc"]), No),
            ("ArnLike", &["arn:aws:s3:::b*"], held(&["arn:aws:s3:::bucket"]), Yes),
            ("ArnEquals", &["arn:aws:s3:::b*"], held(&["arn:aws:s3:::bucket"]), Yes),
            ("ArnNotLike", &["arn:aws:s3:::b*"], held(&["arn:aws:s3:::bucket"]), No),
            ("NumericEquals", &["3"], held(&["3.0"]), Yes),
            ("NumericNotEquals", &["3"], held(&["4"]), Yes),
            ("NumericLessThan", &["3"], held(&["2"]), Yes),
            ("NumericLessThanEquals", &["3"], held(&["3"]), Yes),
            ("NumericGreaterThan", &["3"], held(&["3"]), No),
            ("NumericGreaterThanEquals", &["3"], held(&["3"]), Yes),
            ("NumericEquals", &["three"], held(&["3"]), No),
            ("NumericLessThan", &["inf"], held(&["3"]), No),
            ("DateLessThan", &["2026-01-01T00:00:00Z"], held(&["2025-12-31T23:59:59Z"]), Yes),
            ("DateGreaterThan", &["2026-01-01"], held(&["1767225601"]), Yes),
            ("DateEquals", &["2026-01-01"], held(&["2026-01-01T00:00:00Z"]), Yes),
            ("DateEquals", &["2026"], held(&["2026-01-01T00:00:00Z"]), Yes),
            ("DateEquals", &["2026-01"], held(&["2026-01-01T00:00Z"]), Yes),
            ("DateEquals", &["2026-01-01T01:00:00+01:00"], held(&["1767225600"]), Yes),
            ("DateGreaterThan", &["2026-01-01T00:00:00Z"], held(&["2026-01-01T00:00:00.5Z"]), Yes),
            ("DateGreaterThan", &["soon"], held(&["2026-01-01T00:00:00Z"]), No),
            ("Bool", &["true"], held(&["True"]), Yes),
            ("Bool", &["false"], held(&["true"]), No),
            ("BinaryEquals", &["QmluYXJ5"], held(&["QmluYXJ5"]), Yes),
            ("IpAddress", &["203.0.113.0/24"], held(&["203.0.113.9"]), Yes),
            ("IpAddress", &["2001:db8::/32"], held(&["2001:db8::1"]), Yes),
            ("NotIpAddress", &["203.0.113.9"], held(&["203.0.113.9"]), No),
            ("StringEquals", &["a"], held(&["a", "b"]), Maybe),
            ("StringEquals", &[], held(&["a"]), No),
        ]);
    }

    #[test]
    fn missing_and_unknown_keys() {
        use Fit::{Maybe, No, Yes};
        judge(&[
            ("StringEquals", &["a"], Held::Absent, No),
            ("StringEqualsIfExists", &["a"], Held::Absent, Yes),
            ("StringNotEquals", &["a"], Held::Absent, Yes),
            ("NotIpAddress", &["10.0.0.0/8"], Held::Absent, Yes),
            ("NumericLessThan", &["3"], Held::Absent, No),
            ("Bool", &["false"], Held::Absent, No),
            ("ForAllValues:StringEquals", &["a"], Held::Absent, Yes),
            ("ForAnyValue:StringEquals", &["a"], Held::Absent, No),
            ("ForAnyValue:StringNotEquals", &["a"], Held::Absent, No),
            ("ForAnyValue:StringEqualsIfExists", &["a"], Held::Absent, Yes),
            ("Null", &["true"], Held::Absent, Yes),
            ("Null", &["false"], Held::Absent, No),
            ("Null", &["false"], held(&["x"]), Yes),
            ("Null", &["true"], Held::Unknown, Maybe),
            ("StringEquals", &["a"], Held::Unknown, Maybe),
            ("StringLike", &["*"], Held::Unknown, Maybe),
            ("StringLikeIfExists", &["*"], Held::Unknown, Yes),
            ("StringNotLike", &["*"], Held::Unknown, Maybe),
            ("ArnNotLike", &["arn:aws:iam::*:role/Admin"], Held::Ordinary, Yes),
            ("ArnLike", &["arn:aws:iam::*:role/Admin"], Held::Ordinary, No),
            ("ArnLike", &["arn:aws:iam::*:role/*"], Held::Ordinary, Maybe),
            ("ArnNotLike", &["*"], Held::Ordinary, No),
            ("StringEquals", &["111122223333"], Held::Foreign, No),
            ("StringEquals", &["${aws:PrincipalOrgID}"], Held::Foreign, No),
            ("ForAnyValue:StringLike", &["o-a1b2c3d4e5/r-ab12/*"], Held::Foreign, No),
            ("StringEquals", &["111122223333", "444455556666"], Held::Foreign, Maybe),
            ("StringEqualsIfExists", &["111122223333"], Held::Foreign, Maybe),
            ("StringNotEquals", &["111122223333"], Held::Foreign, Maybe),
            ("StringLike", &["*"], Held::Foreign, Maybe),
            ("Null", &["false"], Held::Foreign, Maybe),
        ]);
    }

    #[test]
    fn set_operators() {
        use Fit::{No, Yes};
        judge(&[
            ("ForAllValues:StringEquals", &["a", "b"], held(&["a", "b"]), Yes),
            ("ForAllValues:StringEquals", &["a"], held(&["a", "b"]), No),
            ("ForAnyValue:StringEquals", &["a"], held(&["a", "b"]), Yes),
            ("ForAnyValue:StringNotEquals", &["a"], held(&["a", "b"]), Yes),
            ("ForAnyValue:StringNotEquals", &["a"], held(&["a"]), No),
            ("ForAllValues:StringNotEquals", &["a"], held(&["c", "b"]), Yes),
            ("ForAllValues:StringEquals", &["a"], held(&[""]), Yes),
            ("ForAnyValue:StringNotEquals", &["a"], held(&[""]), No),
            ("ForAllValues:StringEquals", &["a"], held(&["", "b"]), No),
        ]);
    }

    #[test]
    fn names_that_are_no_operators() {
        for name in ["StringEqual", "ForSomeValues:StringEquals", "NullIfExists", ""] {
            assert_eq!(Operator::parse(name), None, "{name}");
        }
        assert_eq!(condition("StringEqual", &["a"]).holds(&Context::default()), Fit::Maybe);
    }
}
