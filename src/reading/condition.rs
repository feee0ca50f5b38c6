//! Condition keys, and the Regions that conditions name.

use super::fault::RegionFault;
use crate::bedrock::{ActionCatalogue, Catalogue, ConditionKeyKind};
use crate::iam::condition::Comparison;
use crate::iam::request::UNSPECIFIED_REGION;
use crate::iam::{Condition, Pattern};
use crate::text::Part;

/// What a condition is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConditionReading {
    /// What is wrong with its key.
    pub key: Option<KeyFault>,
    /// What is wrong with its values, one for each, in order. Only values of `aws:RequestedRegion` are looked at.
    pub values: Vec<Option<RegionFault>>,
}

/// What is wrong with a condition key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFault {
    /// No such key: a wrong prefix or a misspelling.
    NoSuchKey {
        /// Up to three real ones, best first. Tag keys end in `/${TagKey}`.
        nearest: Vec<String>,
    },
    /// Well-formed and like nothing known: maybe newer than the catalogue.
    Unknown,
}

/// Reads a condition and puts what was meant in its place.
pub(super) fn read(condition: &mut Condition, catalogue: &Catalogue, actions: &ActionCatalogue) -> ConditionReading {
    let key = key_fault(condition.key.as_str(), actions);
    if let Some(KeyFault::NoSuchKey { nearest }) = &key
        && let Some(meant) = nearest.first().filter(|name| !name.contains("${"))
    {
        condition.key = condition.key.rebuilt(&[Part::New(meant)]);
    }
    let mut values = Vec::with_capacity(condition.values.len());
    let comparison = condition.operator.map(|operator| operator.comparison);
    if condition.is_about("aws:RequestedRegion")
        && let Some(comparison) = comparison
    {
        for value in &mut condition.values {
            let fault = region_fault(value, comparison, catalogue);
            if let Some(meant) = fault.as_ref().and_then(RegionFault::meant) {
                let meant = Pattern::new(value.text().rebuilt(&[Part::New(meant)]), false);
                *value = meant;
            }
            values.push(fault);
        }
    }
    ConditionReading { key, values }
}

fn key_fault(written: &str, actions: &ActionCatalogue) -> Option<KeyFault> {
    match actions.classify_condition_key(written) {
        ConditionKeyKind::NotAKey { nearest, .. } => {
            Some(KeyFault::NoSuchKey { nearest: nearest.into_iter().map(str::to_owned).collect() })
        }
        ConditionKeyKind::Unknown => Some(KeyFault::Unknown),
        ConditionKeyKind::Known(_) | ConditionKeyKind::OtherService => None,
    }
}

/// What a value of `aws:RequestedRegion` has wrong with it.
fn region_fault(value: &Pattern, comparison: Comparison, catalogue: &Catalogue) -> Option<RegionFault> {
    let written = value.as_str();
    let ignores_case = match comparison {
        Comparison::StringEquals | Comparison::StringLike => false,
        Comparison::StringEqualsIgnoreCase => true,
        _ => return None,
    };
    // an older copy of the page on global profiles wrote `global` for `unspecified`
    if value.is_open() || value.has_wildcard() || matches!(written, UNSPECIFIED_REGION | "global" | "") {
        return None;
    }
    if written.contains(['*', '?']) {
        return Some(RegionFault::Wildcard { pattern: written.to_owned() });
    }
    RegionFault::of(written, catalogue).filter(|fault| !(ignores_case && matches!(fault, RegionFault::Case { .. })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::Operator;
    use crate::text::{Span, Text};

    fn meant(operator: &str, key: &str, value: &str) -> (String, String, ConditionReading) {
        let parsed = Operator::parse(operator);
        let value = Pattern::new(Text::unplaced(value), true);
        let wildcards = parsed.is_some_and(|operator| operator.comparison.knows_wildcards());
        let mut condition = Condition {
            operator_text: Text::unplaced(operator),
            operator: parsed,
            key: Text::unplaced(key),
            values: vec![if wildcards { value } else { value.without_wildcards() }],
            values_span: Span::default(),
        };
        let reading = read(&mut condition, Catalogue::builtin(), ActionCatalogue::builtin());
        let value = condition.values.first().map(Pattern::as_str).unwrap_or_default();
        (condition.key.as_str().to_owned(), value.to_owned(), reading)
    }

    #[test]
    fn keys_and_regions_are_read_as_they_were_meant() {
        for (operator, key, value, meant_key, meant_value) in [
            ("ArnLike", "aws:InferenceProfileArn", "*", "bedrock:InferenceProfileArn", "*"),
            ("StringEquals", "aws:RequestTag", "x", "aws:RequestTag", "x"),
            ("StringEquals", "aws:RequestedRegion", "us-east-1a", "aws:RequestedRegion", "us-east-1"),
            ("StringEquals", "aws:RequestRegion", "us-esat-1", "aws:RequestedRegion", "us-east-1"),
        ] {
            let (key, value, _) = meant(operator, key, value);
            assert_eq!((key.as_str(), value.as_str()), (meant_key, meant_value));
        }
    }

    #[test]
    fn only_what_never_matches_is_a_fault() {
        let fault = |operator, value| {
            let (_, _, reading) = meant(operator, "aws:RequestedRegion", value);
            reading.values.into_iter().flatten().next()
        };
        for (operator, value) in [
            ("StringEquals", "unspecified"),
            ("StringNotEquals", "global"),
            ("StringLike", "us-*"),
            ("StringEqualsIgnoreCase", "US-EAST-1"),
            ("Null", "true"),
            ("StringEquals", "${aws:PrincipalTag/region}"),
        ] {
            assert_eq!(fault(operator, value), None, "{operator} {value}");
        }
        assert!(matches!(fault("StringEquals", "us-*"), Some(RegionFault::Wildcard { .. })));
        assert!(matches!(fault("StringLike", "US-EAST-1"), Some(RegionFault::Case { .. })));
        assert_eq!(fault("StringEquals", "eu-north-9"), Some(RegionFault::Unknown));
    }
}
