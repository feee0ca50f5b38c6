//! What a message, and the record around it, say of the call.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use regex::{Captures, Regex};

use super::known::{DenyingLayer, KnownError};
use super::plain::Plain;
use crate::adapter::split_model_name;
use crate::bedrock::{
    AccessKeyId, AccessKeyKind, ApiKey, ArnFields, EndpointUrl, ForeignKey, is_account_id, is_model_shaped,
    is_region_shaped, model_stems,
};

/// What can be read out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The exception of the service, or the error of the SDK.
    Exception,
    /// The HTTP status.
    Status,
    /// The operation of the API.
    Operation,
    /// The model that was called, as it was written.
    Model,
    /// The Region that was called.
    Region,
    /// The IAM action that was denied.
    Action,
    /// The ARN that it was denied on.
    Resource,
    /// Who called.
    Principal,
    /// The account of the caller.
    Account,
    /// The kind of policy that decided.
    Layer,
    /// The ARN of the policy that decided.
    Policy,
    /// The id of the request.
    Request,
    /// The host that did not answer.
    Host,
    /// A value that was refused.
    Value,
    /// A number of days.
    Days,
    /// A mode of data retention.
    Mode,
    /// The limit of an answer, in tokens.
    Limit,
    /// Tokens of the prompt.
    Got,
    /// Tokens that a prompt may have.
    Max,
    /// Where in the request.
    At,
    /// Where in the request, with dots.
    Path,
    /// A key of the request.
    Key,
    /// A parameter of sampling.
    Parameter,
}

impl Field {
    /// Every field, in the order in which they are shown.
    pub const ALL: [Self; 23] = [
        Self::Exception,
        Self::Status,
        Self::Operation,
        Self::Model,
        Self::Region,
        Self::Action,
        Self::Resource,
        Self::Principal,
        Self::Account,
        Self::Layer,
        Self::Policy,
        Self::Request,
        Self::Host,
        Self::Value,
        Self::Days,
        Self::Mode,
        Self::Limit,
        Self::Got,
        Self::Max,
        Self::At,
        Self::Path,
        Self::Key,
        Self::Parameter,
    ];

    /// Its name, in reports and in the catalogue.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exception => "exception",
            Self::Status => "status",
            Self::Operation => "operation",
            Self::Model => "model",
            Self::Region => "region",
            Self::Action => "action",
            Self::Resource => "resource",
            Self::Principal => "principal",
            Self::Account => "account",
            Self::Layer => "layer",
            Self::Policy => "policy",
            Self::Request => "request",
            Self::Host => "host",
            Self::Value => "value",
            Self::Days => "days",
            Self::Mode => "mode",
            Self::Limit => "limit",
            Self::Got => "got",
            Self::Max => "max",
            Self::At => "at",
            Self::Path => "path",
            Self::Key => "key",
            Self::Parameter => "parameter",
        }
    }

    /// The field of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }

    /// Whether two messages that differ in it are two.
    fn tells_apart(self) -> bool {
        !matches!(self, Self::Principal | Self::Request | Self::Status | Self::Exception | Self::Got | Self::At)
    }
}

/// Where a fact is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The message itself.
    Message,
    /// What stands around it.
    Text,
    /// An option.
    Option,
    /// A file in which the place was looked for.
    Files,
    /// Another fact, an ARN for example.
    Derived,
}

impl Origin {
    /// The word for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Text => "text",
            Self::Option => "option",
            Self::Files => "files",
            Self::Derived => "derived",
        }
    }
}

/// A value with where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The value.
    pub value: String,
    /// Where it is from.
    pub from: Origin,
}

/// A credential in the text, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFact {
    /// An Amazon Bedrock API key.
    Api(ApiKey),
    /// The id of an access key.
    Access(AccessKeyKind),
    /// A key of another service.
    Foreign(ForeignKey),
}

/// What was read out of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    values: BTreeMap<Field, Fact>,
    /// Credentials in it.
    pub keys: Vec<KeyFact>,
}

impl Facts {
    /// What is known of a field.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        self.values.get(&field).map(|fact| fact.value.as_str())
    }

    /// Every fact, in the order of [`Field::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Field, &Fact)> {
        self.values.iter().map(|(field, fact)| (*field, fact))
    }

    /// Whether nothing was read out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.keys.is_empty()
    }

    /// Adds a fact, unless the field has one.
    pub(super) fn add(&mut self, field: Field, value: impl Into<String>, from: Origin) {
        let value = value.into();
        if !value.is_empty() {
            self.values.entry(field).or_insert(Fact { value, from });
        }
    }

    /// Sets a fact, whatever was known.
    pub(super) fn set(&mut self, field: Field, value: &str, from: Origin) {
        self.values.insert(field, Fact { value: value.to_owned(), from });
    }

    /// Whether the same message with these facts may be the same error: nothing that tells errors apart differs.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        self.values
            .iter()
            .filter(|(field, _)| field.tells_apart())
            .all(|(field, fact)| other.values.get(field).is_none_or(|known| known.value == fact.value))
    }

    /// Takes over what is not known.
    pub(super) fn complete(&mut self, other: &Self) {
        for (field, fact) in &other.values {
            self.values.entry(*field).or_insert_with(|| fact.clone());
        }
        for key in &other.keys {
            if !self.keys.contains(key) {
                self.keys.push(key.clone());
            }
        }
    }

    /// What follows from the facts alone.
    pub(super) fn derive(&mut self) {
        self.of_model_name();
        let account = |arn: &str| {
            ArnFields::split(arn).map(|arn| arn.account.text.to_owned()).filter(|account| is_account_id(account))
        };
        let region = |arn: &str| ArnFields::split(arn).map(|arn| arn.region.text.to_owned());
        if let Some(found) = self.get(Field::Principal).and_then(account) {
            self.add(Field::Account, found, Origin::Derived);
        }
        if let Some(found) = self.get(Field::Model).filter(|model| model.starts_with("arn:")).and_then(region) {
            self.add(Field::Region, found, Origin::Derived);
        }
        if let Some(host) = self.get(Field::Host).and_then(region_of_host) {
            self.add(Field::Region, host, Origin::Derived);
        }
        let Some(resource) = self.get(Field::Resource).map(str::to_owned) else { return };
        let Some(arn) = ArnFields::split(&resource) else { return };
        if matches!(arn.resource_type.text, "inference-profile" | "application-inference-profile") {
            // a profile is checked in the Region that is called, and nowhere else
            self.add(Field::Region, arn.region.text, Origin::Derived);
            let id = arn.resource_id.as_ref().map_or("", |id| id.text);
            let model = if arn.resource_type.text == "inference-profile" { id } else { &resource };
            self.add(Field::Model, model, Origin::Derived);
        }
        if is_account_id(arn.account.text) {
            self.add(Field::Account, arn.account.text, Origin::Derived);
        }
    }

    /// The id in a model name of LiteLLM, and the Region in it.
    fn of_model_name(&mut self) {
        let Some(fact) = self.values.get_mut(&Field::Model) else { return };
        let name = split_model_name(&fact.value, is_region_shaped);
        let region = name.region.and_then(|range| fact.value.get(range)).map(str::to_owned);
        let id = fact.value.get(name.id).unwrap_or_default().to_owned();
        if !id.is_empty() {
            fact.value = id;
        }
        if let Some(region) = region {
            self.add(Field::Region, region, Origin::Derived);
        }
    }
}

fn region_of_host(host: &str) -> Option<String> {
    let url = EndpointUrl::parse(host)?;
    host.get(url.region).map(str::to_owned)
}

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
            ("nothing at all", ""),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
