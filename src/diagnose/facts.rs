//! What can be read out of a text.

use std::collections::BTreeMap;

use crate::adapter::split_model_name;
use crate::bedrock::{AccessKeyKind, ApiKey, ArnFields, EndpointUrl, ForeignKey, is_account_id, is_region_shaped};

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
