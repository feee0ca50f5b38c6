//! Adapters read against the catalogue: what each model is, which Region is called, and what was meant where something is
//! written wrongly.

use std::sync::Arc;

use super::credential::CredentialReading;
use super::fault::{Fault, FaultKind, RegionFault};
use super::fields::field;
use super::names::{NamedRegion, Names};
use super::resource;
use crate::adapter::{Field, ModelField};
use crate::bedrock::{
    ActionCatalogue, Catalogue, Endpoint, EndpointUrl, IdMistake, Model, ModelIdKind, classify_id, classify_runtime_id,
    is_url_of_aws,
};
use crate::formats::AdapterFact;
use crate::iam::Pattern;
use crate::text::{Span, Text};

/// An adapter with what its strings mean.
#[derive(Debug)]
pub struct AdapterReading {
    /// The adapter as written.
    pub fact: Arc<AdapterFact>,
    /// One for each model, in order.
    pub models: Vec<ModelReading>,
    /// The Region in its settings.
    pub region: RegionReading,
    /// What its credentials say of themselves.
    pub credentials: CredentialReading,
}

/// What a setting says of the Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionReading {
    /// There is no such setting, or it is blank.
    Missing,
    /// It is filled in later.
    Open,
    /// A Region that AWS has, as meant.
    Known {
        /// Its code.
        code: String,
        /// What is wrong with how it is written.
        fault: Option<RegionFault>,
    },
    /// Something that is no Region, or none that the catalogue has, and does not say which one was meant.
    Wrong(RegionFault),
}

/// What a model setting means.
#[derive(Clone, Debug)]
pub struct ModelReading {
    /// What is called, as meant.
    pub called: Called,
    /// The parts of the ARN, if it is one.
    pub arn: Option<CalledArn>,
    /// The Region in the setting itself, as meant: the part before the id in LiteLLM's names.
    pub region: Option<RegionReading>,
    /// What is wrong with it; ranges are bytes of [`ModelField::id`].
    pub faults: Vec<Fault>,
}

/// What a call names as its model. Ids are those of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Called {
    /// A model by its bare id or its foundation-model ARN.
    Model(String),
    /// A system-defined inference profile, active or retired, by its id or its ARN.
    Profile(String),
    /// An application inference profile, by ARN.
    ApplicationProfile(String),
    /// Provisioned throughput, a custom or imported model, a prompt router, by ARN.
    Own(String),
    /// Something that the catalogue does not have, or that is filled in later.
    Unknown,
}

/// The parts of an ARN that a call names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalledArn {
    /// Its Region, as meant, with the bytes of it in [`ModelField::id`]; none if it is empty or filled in later.
    pub region: Option<NamedRegion>,
    /// Its account, if it is twelve digits.
    pub account: Option<String>,
}

impl AdapterReading {
    /// Reads an adapter.
    #[must_use]
    pub fn new(fact: &Arc<AdapterFact>, catalogue: &Catalogue, actions: &ActionCatalogue) -> Self {
        let adapter = &fact.adapter;
        let region = RegionReading::of(adapter.region.as_ref(), catalogue);
        let is_read = |model: &ModelField| !adapter.consumer.takes_arns_alone() || is_arn(&model.id);
        let models = adapter.models.iter().map(|model| match is_read(model) {
            true => ModelReading::new(model, catalogue, actions),
            false => ModelReading { called: Called::Unknown, arn: None, region: None, faults: Vec::new() },
        });
        let models = models.collect();
        let credentials = CredentialReading::new(adapter, fact.example);
        Self { fact: Arc::clone(fact), models, region, credentials }
    }

    /// Each model with its setting.
    pub fn models(&self) -> impl Iterator<Item = (&ModelField, &ModelReading)> {
        self.fact.adapter.models.iter().zip(&self.models)
    }

    /// The models that are called by the name in their setting. Behind a proxy or a gateway it is not known what comes of
    /// a name, nor where.
    pub fn called(&self) -> impl Iterator<Item = (&ModelField, &ModelReading)> {
        let direct = self.endpoint().is_none_or(|endpoint| is_url_of_aws(endpoint.value.as_str()));
        self.models().filter(move |(field, _)| direct && !field.stands_behind)
    }

    fn endpoint(&self) -> Option<&Field> {
        self.fact.adapter.endpoint.as_ref().filter(|endpoint| endpoint.is_filled())
    }

    /// The Region in the endpoint's name, as written.
    #[must_use]
    pub fn region_of_endpoint(&self) -> Option<&str> {
        let url = self.endpoint()?.literal()?;
        url.get(EndpointUrl::parse(url)?.region)
    }

    /// The foundation models that answer, as far as they are known, each with the setting that says so: of an
    /// application inference profile it is the one that tells what stands behind it.
    pub fn answering<'a>(&'a self, catalogue: &'a Catalogue) -> impl Iterator<Item = (&'a ModelField, &'a Model)> {
        let behind = self.models().find(|(field, _)| field.stands_behind);
        self.called().filter_map(move |(field, reading)| {
            if let Called::ApplicationProfile(arn) = &reading.called
                && let Some(copied) = catalogue.application(arn)
            {
                let model = catalogue.profile(copied).map_or(copied, |profile| profile.model_id());
                return Some((field, catalogue.model(model)?));
            }
            let (field, reading) = match reading.called {
                Called::Model(_) | Called::Profile(_) => (field, reading),
                Called::ApplicationProfile(_) | Called::Own(_) | Called::Unknown => behind?,
            };
            Some((field, reading.called.model(catalogue)?))
        })
    }

    /// The Region whose endpoint is called for a model, if the settings say so and AWS has it: of the Regions in the
    /// adapter's settings and in the model's own the one that the client takes, else, where it reads that, the ARN's. Not
    /// known where the endpoint is in another.
    #[must_use]
    pub fn source_of<'a>(&'a self, model: &'a ModelReading) -> Option<&'a str> {
        let source = match self.setting_of(model)? {
            SourceSetting::Adapter(region) | SourceSetting::Model(region) => region.code()?,
            SourceSetting::Arn(region) => &region.code,
        };
        self.region_of_endpoint().is_none_or(|region| region == source).then_some(source)
    }

    /// Where the file names the Region that is called for a model, known or not.
    #[must_use]
    pub fn source_span(&self, field: &ModelField, model: &ModelReading) -> Option<Span> {
        match self.setting_of(model)? {
            SourceSetting::Adapter(_) => self.fact.adapter.region.as_ref().map(|region| region.value.span()),
            SourceSetting::Model(_) => field.region.as_ref().map(Text::span),
            SourceSetting::Arn(region) => Some(field.id.span_of(region.range.clone())),
        }
    }

    /// Whether no setting names the Region that is called for a model.
    #[must_use]
    pub fn lacks_source(&self, model: &ModelReading) -> bool {
        self.setting_of(model).is_none()
    }

    fn setting_of<'a>(&'a self, model: &'a ModelReading) -> Option<SourceSetting<'a>> {
        let consumer = self.fact.adapter.consumer;
        let adapter = (self.region != RegionReading::Missing).then_some(SourceSetting::Adapter(&self.region));
        let own = model.region.as_ref().map(SourceSetting::Model);
        let arn = model.arn.as_ref().filter(|_| consumer.reads_region_of_arn());
        let arn = || arn.and_then(|arn| arn.region.as_ref()).map(SourceSetting::Arn);
        let first = if consumer.settings_win_over_names() { adapter.or(own) } else { own.or(adapter) };
        first.or_else(arn)
    }
}

fn is_arn(id: &Text) -> bool {
    id.as_str().trim_start().starts_with("arn:")
}

/// The setting that names the Region which is called.
#[derive(Clone, Copy, Debug)]
enum SourceSetting<'a> {
    /// The adapter's Region.
    Adapter(&'a RegionReading),
    /// The one in the model's own setting.
    Model(&'a RegionReading),
    /// The one in the model's ARN.
    Arn(&'a NamedRegion),
}

impl Called {
    /// The foundation model, where the name tells which.
    #[must_use]
    pub fn model<'c>(&self, catalogue: &'c Catalogue) -> Option<&'c Model> {
        match self {
            Self::Model(id) => catalogue.model(id),
            Self::Profile(id) => catalogue.model(catalogue.profile(id)?.model_id()),
            Self::ApplicationProfile(_) | Self::Own(_) | Self::Unknown => None,
        }
    }
}

impl RegionReading {
    /// What a setting in the place of a Region says.
    #[must_use]
    pub fn of(field: Option<&Field>, catalogue: &Catalogue) -> Self {
        match field {
            None => Self::Missing,
            Some(field) if field.is_blank() => Self::Missing,
            Some(field) => Self::of_text(&field.value, catalogue),
        }
    }

    fn of_text(text: &Text, catalogue: &Catalogue) -> Self {
        let Some(text) = text.literal() else { return Self::Open };
        match RegionFault::of(text, catalogue) {
            None => Self::Known { code: text.to_owned(), fault: None },
            // one of several is not what was meant
            Some(RegionFault::Misspelt { nearest }) if nearest.len() > 1 => {
                Self::Wrong(RegionFault::Misspelt { nearest })
            }
            Some(fault) => match fault.meant().filter(|meant| catalogue.region(meant).is_some()) {
                Some(meant) => Self::Known { code: meant.to_owned(), fault: Some(fault) },
                None => Self::Wrong(fault),
            },
        }
    }

    /// What is wrong with it.
    #[must_use]
    pub fn fault(&self) -> Option<&RegionFault> {
        match self {
            Self::Known { fault, .. } => fault.as_ref(),
            Self::Wrong(fault) => Some(fault),
            Self::Missing | Self::Open => None,
        }
    }

    /// The Region, as meant, if AWS has it.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Known { code, .. } => Some(code),
            _ => None,
        }
    }
}

impl ModelReading {
    /// Reads a model setting.
    #[must_use]
    pub fn new(model: &ModelField, catalogue: &Catalogue, actions: &ActionCatalogue) -> Self {
        let region = model.region.as_ref().map(|region| RegionReading::of_text(region, catalogue));
        Self { region, ..Self::of_text(&model.id, model.endpoint, catalogue, actions) }
    }

    /// Reads the id or ARN of a model that is called on an endpoint.
    pub(super) fn of_text(id: &Text, endpoint: Endpoint, catalogue: &Catalogue, actions: &ActionCatalogue) -> Self {
        if is_arn(id) {
            return Self::of_arn(id, catalogue, actions);
        }
        let unknown = Self { called: Called::Unknown, arn: None, region: None, faults: Vec::new() };
        let Some(text) = id.literal() else { return unknown };
        let kind = match endpoint {
            Endpoint::BedrockRuntime => classify_runtime_id(catalogue, text),
            Endpoint::BedrockMantle => classify_id(catalogue, text),
        };
        let whole = 0..text.len();
        match kind {
            // an empty setting is told of as that
            ModelIdKind::Mistake { reason: IdMistake::Blank, .. } => unknown,
            ModelIdKind::Mistake { reason, nearest } => unknown.meaning(catalogue, Some(reason), &nearest, whole),
            ModelIdKind::NearMiss { nearest } => unknown.meaning(catalogue, None, &nearest, whole),
            ModelIdKind::Unknown => unknown.meaning(catalogue, None, &[], whole),
            ModelIdKind::Model(found) => Self { called: Called::Model(found.id.to_string()), ..unknown },
            ModelIdKind::Profile(found) | ModelIdKind::RetiredProfile(found) => {
                Self { called: Called::Profile(found.id.to_string()), ..unknown }
            }
            ModelIdKind::UnconfirmedProfile { .. } | ModelIdKind::Variant(_) => unknown,
        }
    }

    /// The same for an id that is wrong: called is what was meant, where only one can be.
    fn meaning(
        mut self,
        catalogue: &Catalogue,
        mistake: Option<IdMistake>,
        nearest: &[&str],
        range: std::ops::Range<usize>,
    ) -> Self {
        // a prefix that the catalogue lists no profile for may be new: nothing else is meant by it
        if let [one] = nearest
            && mistake != Some(IdMistake::WrongPrefix)
        {
            self.called = match catalogue.profile(one) {
                Some(_) => Called::Profile((*one).to_owned()),
                None => Called::Model((*one).to_owned()),
            };
        }
        let nearest = nearest.iter().map(|id| (*id).to_owned()).collect();
        self.faults.push(Fault { kind: FaultKind::Id { mistake, nearest }, range });
        self
    }

    fn of_arn(id: &Text, catalogue: &Catalogue, actions: &ActionCatalogue) -> Self {
        let (read, meant) = resource::read(&Pattern::new(id.clone(), false), false, catalogue, actions);
        let whole = || meant.first().map(|arn| arn.as_str().to_owned()).filter(|_| id.literal().is_some());
        let called = match &read.names {
            Names::Model(id) if id.literal && catalogue.model(&id.text).is_some() => Called::Model(id.text.clone()),
            Names::Profile(id) if id.literal && catalogue.profile(&id.text).is_some() => {
                Called::Profile(id.text.clone())
            }
            Names::ApplicationProfile(_) => whole().map_or(Called::Unknown, Called::ApplicationProfile),
            Names::Other => whole().map_or(Called::Unknown, Called::Own),
            _ => Called::Unknown,
        };
        let account = meant.first().and_then(|arn| field(arn, 4));
        let is_account = |account: &&str| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let account = account.filter(is_account).map(str::to_owned);
        Self { called, arn: Some(CalledArn { region: read.region, account }), region: None, faults: read.faults }
    }
}
