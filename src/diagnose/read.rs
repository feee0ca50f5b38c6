//! Reading out what a message, and the record around it, say of the call.

use std::ops::Range;
use std::sync::OnceLock;

use regex::{Captures, Regex};

use super::facts::{Facts, Field, KeyFact, Origin};
use super::known::{DenyingLayer, KnownError};
use super::plain::Plain;
use crate::adapter::split_model_name;
use crate::bedrock::{AccessKeyId, ApiKey, ArnFields, ForeignKey, is_model_shaped, is_region_shaped, model_stems};

/// What a recognised message says, and the record around it.
pub(super) fn of_message(
    error: &KnownError,
    captures: &Captures<'_>,
    plain: &Plain,
    at: &Range<usize>,
    around: &Range<usize>,
) -> Facts {
    let mut facts = Facts::default();
    for name in error.pattern.strict().capture_names().flatten() {
        if let (Some(found), Some(field)) = (captures.name(name), Field::named(name)) {
            facts.add(field, trimmed(found.as_str()), Origin::Message);
        }
    }
    layer(error, plain, at, &mut facts);
    let resource = facts.get(Field::Resource).map(str::to_owned);
    read(plain, Some(at), around, resource.as_deref(), &mut facts);
    facts.add(Field::Exception, &*error.exception, Origin::Derived);
    if let Some(status) = error.status {
        facts.add(Field::Status, status.to_string(), Origin::Derived);
    }
    facts.derive();
    facts
}

/// What a text says of which no message is known.
pub(super) fn of_text(plain: &Plain) -> Facts {
    let mut facts = Facts::default();
    let whole = 0..plain.text.len();
    for (regex, field) in denial() {
        if let Some(found) = regex.captures(&plain.text).and_then(|captures| captures.get(1)) {
            facts.add(*field, trimmed(found.as_str()), Origin::Text);
        }
    }
    read(plain, None, &whole, None, &mut facts);
    if let Some(region) = only_region(&plain.text) {
        facts.add(Field::Region, region, Origin::Text);
    }
    facts.derive();
    facts
}

/// The layer that decided. The catalogue knows it of most messages; of the others their end tells it.
fn layer(error: &KnownError, plain: &Plain, at: &Range<usize>, facts: &mut Facts) {
    const ROOM: usize = 240;
    if let Some(layer) = error.layer {
        facts.add(Field::Layer, layer.as_str(), Origin::Message);
        return;
    }
    let end = floor(&plain.text, at.end.saturating_add(ROOM));
    let text = plain.text.get(at.start..end).unwrap_or_default();
    if !text.contains("is not authorized to perform") {
        return;
    }
    let said = [
        ("service control policy", DenyingLayer::Scp),
        ("resource control policy", DenyingLayer::Rcp),
        ("permissions boundary", DenyingLayer::Boundary),
        ("session policy", DenyingLayer::Session),
        ("VPC endpoint policy", DenyingLayer::Endpoint),
        ("identity-based policy", DenyingLayer::Identity),
        ("resource-based policy", DenyingLayer::Resource),
    ];
    let found =
        said.into_iter().filter_map(|(words, layer)| Some((text.find(words)?, layer))).min_by_key(|(at, _)| *at);
    if let Some((_, layer)) = found {
        facts.add(Field::Layer, layer.as_str(), Origin::Message);
    }
}

/// Whether the end of a denial says that a statement denies, rather than that none allows.
pub(super) fn is_explicit(error: &KnownError, message: &str) -> Option<bool> {
    error.explicit.or_else(|| {
        if message.contains("with an explicit deny") {
            Some(true)
        } else if message.contains("because no ") {
            Some(false)
        } else {
            None
        }
    })
}

/// A value without the punctuation that a sentence or a quotation put behind it.
fn trimmed(value: &str) -> &str {
    value
        .trim_matches(|c: char| {
            matches!(c, '"' | '\'' | '`' | ',' | ';' | ')' | '}' | ']' | '>' | '\\') || c.is_whitespace()
        })
        .trim_end_matches(['.', ':'])
}

/// A byte at or before this one that begins a character.
pub(super) fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// What the record around a message says. What stands nearer to it wins.
fn read(plain: &Plain, at: Option<&Range<usize>>, around: &Range<usize>, resource: Option<&str>, facts: &mut Facts) {
    let text = plain.text.get(around.clone()).unwrap_or_default();
    let message = at.map(|at| at.start.saturating_sub(around.start)..at.end.saturating_sub(around.start));
    let place = message.clone().unwrap_or(0..0);
    for (regex, field) in named() {
        let found = regex.captures_iter(text).filter_map(|captures| captures.iter().skip(1).flatten().next());
        let nearest = found.min_by_key(|found| distance(&found.range(), &place));
        if let Some(found) = nearest {
            let mut value = trimmed(found.as_str()).to_owned();
            if *field == Field::Exception {
                // event streams write `throttlingException`
                let first = value.get(..1).map(str::to_ascii_uppercase).unwrap_or_default();
                value.replace_range(..first.len(), &first);
            }
            facts.add(*field, value, Origin::Text);
        }
    }
    if let Some(region) = region(text, &place) {
        facts.add(Field::Region, region, Origin::Text);
    }
    if let Some(model) = model(text, message.as_ref(), resource) {
        facts.add(Field::Model, model, Origin::Text);
    }
    facts.keys = keys(text);
}

fn distance(found: &Range<usize>, place: &Range<usize>) -> usize {
    if found.end <= place.start { place.start - found.end } else { found.start.saturating_sub(place.end) }
}

/// A Region by the endpoint that was called, else by the setting nearest to the message.
fn region<'t>(text: &'t str, place: &Range<usize>) -> Option<&'t str> {
    let nearest = |regex: &Regex| {
        let found = regex.captures_iter(text).filter_map(|captures| captures.get(1));
        let regions = found.filter(|found| is_region_shaped(found.as_str()));
        regions.min_by_key(|found| distance(&found.range(), place)).map(|found| found.as_str())
    };
    let [endpoint, event, setting] = regions();
    nearest(endpoint).or_else(|| nearest(event)).or_else(|| nearest(setting))
}

/// The Region that a text speaks of, outside of ARNs, if it is one alone.
fn only_region(text: &str) -> Option<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | ':'));
    let mut regions = words.filter(|word| is_region_shaped(word));
    let first = regions.next()?;
    regions.all(|region| region == first).then_some(first)
}

/// How much nearer a model counts that is named as one.
const NAMED: usize = 2000;

/// A model that the record names outside the message. One that has nothing to do with the denied resource is another's.
fn model<'t>(text: &'t str, message: Option<&Range<usize>>, resource: Option<&str>) -> Option<&'t str> {
    let denied = resource.and_then(ArnFields::split).and_then(|arn| arn.resource_id).map(|id| id.text);
    let candidates = models().find_iter(text).filter_map(|found| {
        // a name of LiteLLM may have a Region in it
        let name = trimmed(found.as_str());
        let id = name.get(split_model_name(name, is_region_shaped).id).unwrap_or_default();
        let inside = message.is_some_and(|place| found.start() < place.end && place.start < found.end());
        let behind = text.get(found.end()..).unwrap_or_default();
        let fits = is_model_shaped(id)
            && !behind.starts_with(['(', '='])
            && !inside
            && denied.is_none_or(|denied| id.ends_with(denied) || id.contains("application-inference-profile/"));
        if !fits {
            return None;
        }
        let before = text.get(floor(text, found.start().saturating_sub(24))..found.start()).unwrap_or_default();
        let named = before.to_ascii_lowercase().contains("model");
        let far = if named { 0 } else { NAMED };
        Some((far + distance(&found.range(), message.unwrap_or(&(0..0))), name))
    });
    candidates.min_by_key(|(far, _)| *far).map(|(_, id)| id)
}

/// The ids of models that a text names, as written.
pub(super) fn base_ids(text: &str) -> impl Iterator<Item = &str> {
    models().find_iter(text).filter_map(|found| {
        let id = trimmed(found.as_str());
        let id = id.rsplit('/').next().unwrap_or(id);
        is_model_shaped(id).then_some(id)
    })
}

/// Credentials of the text, each kind once.
fn keys(text: &str) -> Vec<KeyFact> {
    let mut keys = Vec::new();
    for word in credentials().find_iter(text).map(|found| found.as_str()) {
        let key = ApiKey::read(word)
            .filter(|key| !key.is_filler())
            .map(KeyFact::Api)
            .or_else(|| AccessKeyId::read(word).filter(|key| !key.is_example()).map(|key| KeyFact::Access(key.kind)))
            .or_else(|| ForeignKey::read(word).map(KeyFact::Foreign));
        keys.extend(key.filter(|key| !keys.contains(key)));
    }
    keys
}

/// A regular expression of this program.
#[allow(clippy::expect_used, reason = "fixed patterns, which a unit test compiles")]
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this program")
}

const REGION: &str = "[a-z]{2}(?:-[a-z]+){1,3}-[0-9]+";

fn regions() -> &'static [Regex; 3] {
    static REGIONS: OnceLock<[Regex; 3]> = OnceLock::new();
    REGIONS.get_or_init(|| {
        [
            compiled(&format!(r"bedrock(?:-runtime|-mantle)?(?:-fips)?\.({REGION})\.")),
            compiled(&format!(r#""awsRegion"\s?:\s?"({REGION})""#)),
            compiled(&format!(r#"(?i:region(?:[_ -]?name)?)["'`]?\s?(?::|=|=>|is)?\s?["'`(\[]{{0,2}}({REGION})\b"#)),
        ]
    })
}

fn named() -> &'static [(Regex, Field)] {
    static NAMED: OnceLock<Vec<(Regex, Field)>> = OnceLock::new();
    NAMED.get_or_init(|| {
        const OPERATIONS: &str = "InvokeModelWithResponseStream|InvokeModelWithBidirectionalStream|InvokeModel|\
            ConverseStream|Converse|CreateModelInvocationJob|CountTokens|ApplyGuardrail";
        vec![
            (compiled(r"when calling the (\w+) operation|operation error Bedrock[A-Za-z ]*: (\w+)"), Field::Operation),
            (compiled(r#""eventName"\s?:\s?"(\w+)""#), Field::Operation),
            (compiled(&format!(r"\b({OPERATIONS})(?:Command|Request|Operation|Async)?\b")), Field::Operation),
            (
                compiled(
                    r"(?i:\b((?:AccessDenied|Validation|Throttling|ResourceNotFound|ServiceUnavailable|ModelNotReady|ModelError|ModelTimeout|ModelStreamError|InternalServer|ServiceQuotaExceeded|UnrecognizedClient|ExpiredToken|InvalidSignature|IncompleteSignature)Exception)\b)",
                ),
                Field::Exception,
            ),
            (
                compiled(
                    r#"(?i:\b(?:http[_ ]?)?status(?:[_ ]?code)?["']?\s?[:=]?\s?(?:http_status_)?|API Error: |Error code: |httpStatusCode["']?\s?:\s?)([45][0-9]{2})\b"#,
                ),
                Field::Status,
            ),
            (
                compiled(r#"(?i:request[_ -]?id)["']?\s?[:=]\s?["']?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"#),
                Field::Request,
            ),
            (compiled(r#""arn"\s?:\s?"(arn:aws[a-z-]*:(?:iam|sts)::[^"]+)""#), Field::Principal),
            (compiled(r#""(?:recipientAccountId|accountId)"\s?:\s?"([0-9]{12})""#), Field::Account),
        ]
    })
}

/// The parts of a denial by IAM whose end is not known.
fn denial() -> &'static [(Regex, Field)] {
    static DENIAL: OnceLock<Vec<(Regex, Field)>> = OnceLock::new();
    DENIAL.get_or_init(|| {
        vec![
            (compiled(r"User: (\S+) is not authorized"), Field::Principal),
            (compiled(r"not authorized to perform:? ([a-z-]+:[A-Za-z]+)"), Field::Action),
            (compiled(r"on resource:? (\S+)"), Field::Resource),
        ]
    })
}

fn models() -> &'static Regex {
    static MODELS: OnceLock<Regex> = OnceLock::new();
    MODELS.get_or_init(|| {
        let stems: Vec<String> = model_stems().map(|stem| regex::escape(&stem)).collect();
        compiled(&format!(
            r"(?:bedrock/(?:[a-z0-9_-]+/)*)?(?:arn:aws[a-z-]*:bedrock:[a-z0-9-]+:[^:\s]*:[a-z-]+/[A-Za-z0-9._:/-]+|\b(?:[a-z0-9-]{{2,14}}\.){{0,2}}(?:{})[A-Za-z0-9.:_-]*)",
            stems.join("|")
        ))
    })
}

fn credentials() -> &'static Regex {
    static CREDENTIALS: OnceLock<Regex> = OnceLock::new();
    CREDENTIALS.get_or_init(|| {
        compiled(
            r"\b(?:ABSK[A-Za-z0-9+/=]{20,}|bedrock-api-key-[A-Za-z0-9+/=_-]{20,}|(?:AKIA|ASIA)[A-Z2-7]{16}|sk-[A-Za-z0-9_-]{20,}|aws-external-anthropic-api-key-\S{20,})",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::plain::Breaks;
    use super::*;

    fn of(text: &str) -> String {
        let facts = of_text(&Plain::read(text.as_bytes(), Breaks::Blank));
        facts.iter().map(|(field, fact)| format!("{}={} ", field.as_str(), fact.value)).collect()
    }

    #[test]
    fn what_texts_say() {
        for (text, expected) in [
            (
                "model_id='us.amazon.nova-lite-v1:0', region_name=\"eu-west-1\"",
                "model=us.amazon.nova-lite-v1:0 region=eu-west-1 ",
            ),
            ("from anthropic.claude import x; region: us-east", ""),
            (
                "POST https://bedrock-runtime.us-west-2.amazonaws.com/model/eu.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse 403",
                "model=eu.anthropic.claude-haiku-4-5-20251001-v1:0 region=us-west-2 ",
            ),
            (
                "operation error Bedrock Runtime: ConverseStream, https response error StatusCode: 400, RequestID: f14041ac-e761-43ea-bff1-d66e2c3cef14, ValidationException: x",
                "exception=ValidationException status=400 operation=ConverseStream request=f14041ac-e761-43ea-bff1-d66e2c3cef14 ",
            ),
            (
                "Received Model Group=bedrock/us-gov-west-1/anthropic.claude-3-7-sonnet-20250219-v1:0 x",
                "model=anthropic.claude-3-7-sonnet-20250219-v1:0 region=us-gov-west-1 ",
            ),
            (
                "User: arn:aws:iam::111122223333:user/x is not authorized to perform: bedrock:Foo on resource: arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0.",
                "model=arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0 region=eu-west-1 action=bedrock:Foo resource=arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0 principal=arn:aws:iam::111122223333:user/x account=111122223333 ",
            ),
            ("a call in eu-west-1, of all Regions", "region=eu-west-1 "),
            ("eu-west-1 or eu-west-2", ""),
            ("nothing at all", ""),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
