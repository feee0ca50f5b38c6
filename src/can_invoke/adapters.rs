//! What adapters call, with what the request puts in the place of their settings.

use std::sync::Arc;

use super::InvokeRequest;
use super::caller::KeyKind;
use super::calls::Ask;
use super::error::InvokeError;
use crate::access::Operation;
use crate::access::target::is_application_profile;
use crate::adapter::{Adapter, Credential, Field, ModelField, Streams};
use crate::bedrock::{ActionCatalogue, Catalogue, Endpoint};
use crate::formats::AdapterFact;
use crate::reading::AdapterReading;
use crate::source::Location;
use crate::text::Text;

/// What the adapters of a file call. What was assumed to get at it is added to `assumed`, what cannot be asked about to
/// `errors`.
pub(super) fn asks<'a>(
    request: &InvokeRequest,
    facts: &'a [Arc<AdapterFact>],
    catalogue: &Catalogue,
    assumed: &mut Vec<String>,
    errors: &mut Vec<InvokeError>,
) -> Vec<Ask<'a>> {
    let mut asks = Vec::new();
    for fact in facts {
        let reading = AdapterReading::new(fact, catalogue, ActionCatalogue::builtin());
        let mut settings = Settings { request, fact, reading: &reading, assumed };
        if let Some(model) = &request.model {
            asks.push(settings.ask(model, None));
            continue;
        }
        for (field, _) in reading.called() {
            let at = || settings.at(&field.id);
            match field.id.literal().map(str::trim).filter(|id| !id.is_empty()) {
                _ if field.endpoint == Endpoint::BedrockMantle => errors.push(InvokeError::OtherEndpoint { at: at() }),
                Some(id) => asks.push(settings.ask(id, Some(field))),
                None => errors.push(InvokeError::OpenModel { at: at() }),
            }
        }
    }
    // credentials may stand by themselves, beside what is called with them
    if let Some(first) = facts.first().filter(|_| asks.is_empty() && errors.is_empty()) {
        errors.push(InvokeError::NothingCalled { at: Location::new(&first.source, first.adapter.span) });
    }
    asks
}

/// The settings of an adapter, and what the request says in their place.
struct Settings<'a, 'r> {
    request: &'r InvokeRequest,
    fact: &'a AdapterFact,
    reading: &'r AdapterReading,
    assumed: &'r mut Vec<String>,
}

impl<'a> Settings<'a, '_> {
    /// What is asked about a model, which `field` names unless the request does.
    fn ask(&mut self, model: &str, field: Option<&ModelField>) -> Ask<'a> {
        let (fact, request) = (self.fact, self.request);
        let region = region_of(&fact.adapter, field).filter(|_| request.regions.is_empty());
        Ask {
            model: model.to_owned(),
            copies: request.copies.clone().or_else(|| behind(&fact.adapter)).filter(|_| is_application_profile(model)),
            region_at: region.map(|region| self.at(region)),
            regions: self.regions(model, region),
            operations: self.operations(field),
            key: request.api_key.or_else(|| self.key()),
            adapter: Some(&fact.adapter),
            at: field.map(|field| self.at(&field.id)),
        }
    }

    fn at(&self, text: &Text) -> Location {
        Location::new(&self.fact.source, text.span())
    }

    /// The Regions that a model is called in. None, if the settings do not say so: then all that are possible.
    fn regions(&mut self, model: &str, named: Option<&Text>) -> Vec<String> {
        if !self.request.regions.is_empty() {
            return self.request.regions.clone();
        }
        let region = named.and_then(Text::literal).map(str::trim).filter(|region| !region.is_empty());
        // an endpoint of another Region answers, if anything does
        let region = region.filter(|region| self.reading.region_of_endpoint().is_none_or(|of| of == *region));
        if region.is_none() && !model.starts_with("arn:") {
            let path = self.fact.source.path();
            self.assumed.push(format!(
                "`{model}` may be called in any Region from which it can be, as {path} does not say in which it is"
            ));
        }
        region.map(str::to_owned).into_iter().collect()
    }

    fn operations(&mut self, field: Option<&ModelField>) -> Vec<Operation> {
        let adapter = &self.fact.adapter;
        let purpose = field.map_or(adapter.purpose, |field| adapter.purpose_of(field));
        match adapter.consumer.streams(purpose) {
            _ if self.request.stream => vec![Operation::Stream],
            Streams::Never => vec![Operation::Invoke],
            Streams::Always => vec![Operation::Stream],
            Streams::Both => vec![Operation::Invoke, Operation::Stream],
            Streams::Unknown => {
                self.assumed.push(format!("{} waits for the whole answer, and streams none", adapter.consumer.name()));
                vec![Operation::Invoke]
            }
        }
    }

    /// The kind of the API key that is used, if one is.
    fn key(&self) -> Option<KeyKind> {
        let key = self.fact.adapter.auth.api_key.as_ref().and_then(Field::given);
        let used = self.reading.credentials.used == Some(Credential::ApiKey);
        used.then(|| key.map_or(KeyKind::Unknown, KeyKind::of))
    }
}

/// What the settings say that an application inference profile copies.
fn behind(adapter: &Adapter) -> Option<String> {
    let mut behind = adapter.models.iter().filter(|field| field.stands_behind);
    behind.find_map(|field| field.id.literal()).map(str::to_owned)
}

/// The setting that names the Region: the adapter's, or a part of the model's own.
fn region_of<'t>(adapter: &'t Adapter, field: Option<&'t ModelField>) -> Option<&'t Text> {
    let own = field.and_then(|field| field.region.as_ref());
    let settings = adapter.region.as_ref().filter(|region| region.is_filled()).map(|region| &region.value);
    if adapter.consumer.settings_win_over_names() { settings.or(own) } else { own.or(settings) }
}
