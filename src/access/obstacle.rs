//! What keeps a call of an adapter from reaching its model, before IAM is asked.
//!
//! There is one answer for each model that is called, so that no two rules speak of the same mistake. A fault of how the
//! model is written comes first: where the call would go is not to be asked of a mistake.

use jiff::civil::Date;

use crate::adapter::{Adapter, Consumer, ModelField, Purpose, other_provider};
use crate::bedrock::{Catalogue, Endpoint, Model, ModelKind, Prefix, Profile, Scope, Truth};
use crate::reading::{AdapterReading, Called, ModelReading};

/// Why a call cannot reach its model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Obstacle<'c> {
    /// Nothing is named: null, empty, or blanks.
    Blank,
    /// The id is written for another provider (`anthropic/…`).
    OtherProvider,
    /// What is named does not exist: [`ModelReading::faults`] says why.
    Misnamed,
    /// The client cannot tell that it is Amazon Bedrock's, or whose format to speak, and gives up.
    Unroutable,
    /// The ARN is of another Region than the one that is called.
    Elsewhere,
    /// The endpoint that is called does not serve it: a bare id is called by another name there, or not at all, and
    /// `bedrock-mantle` takes no profiles.
    OtherEndpoint {
        /// The model, or the one behind the profile.
        model: &'c Model,
    },
    /// The model is for something else than the adapter is.
    OtherKind {
        /// The model.
        model: &'c Model,
        /// What the adapter is for.
        purpose: Purpose,
    },
    /// The model is past its end of life, or the profile no longer offered.
    Over {
        /// The model, or the one behind the profile.
        model: &'c Model,
    },
    /// Only inference profiles serve the model, and it is called by its bare id.
    BareId {
        /// The model.
        model: &'c Model,
        /// Where that is so.
        extent: Extent,
    },
    /// The profile cannot be called from the Region.
    ForeignProfile {
        /// The profile.
        profile: &'c Profile,
    },
    /// The same for a profile that the catalogue does not have, which is known by its prefix.
    ForeignPrefix {
        /// The prefix, none of whose profiles can be called from the Region.
        prefix: &'c Prefix,
    },
    /// Nothing serves the model in the Region.
    NotThere {
        /// The model.
        model: &'c Model,
        /// How sure that is: never yes.
        served: Truth,
    },
}

impl Obstacle<'_> {
    /// Whether it is there only as far as the catalogue knows: an account may know better.
    #[must_use]
    pub fn is_of_the_catalogue(&self) -> bool {
        match self {
            Self::Misnamed
            | Self::Over { .. }
            | Self::BareId { .. }
            | Self::ForeignProfile { .. }
            | Self::ForeignPrefix { .. }
            | Self::NotThere { .. } => true,
            Self::Blank
            | Self::OtherProvider
            | Self::Unroutable
            | Self::Elsewhere
            | Self::OtherEndpoint { .. }
            | Self::OtherKind { .. } => false,
        }
    }
}

/// Where a model is profile-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// In the Region that is called.
    There,
    /// Wherever it can be called; the Region is not known.
    Everywhere,
    /// In nearly all Regions from which it can be called; the Region is not known.
    NearlyEverywhere,
}

/// What keeps a model that is called from being reached. `None`: nothing, as far as it is known.
#[must_use]
pub fn obstacle<'c>(
    adapter: &AdapterReading,
    field: &ModelField,
    reading: &ModelReading,
    catalogue: &'c Catalogue,
    as_of: Date,
) -> Option<Obstacle<'c>> {
    if field.field.is_blank() || field.id.literal().is_some_and(|id| id.trim().is_empty()) {
        return Some(Obstacle::Blank);
    }
    let settings = &adapter.fact.adapter;
    if field.id.literal().and_then(other_provider).is_some() {
        return Some(Obstacle::OtherProvider);
    }
    let source = adapter.source_of(reading);
    let unroutable = is_unroutable(settings, field, reading, catalogue);
    // an id that may be new is known by its prefix all the same
    if reading.faults.iter().all(|fault| fault.kind.may_be_new())
        && let Some(prefix) = foreign_prefix(field, reading, source, catalogue)
    {
        return Some(Obstacle::ForeignPrefix { prefix });
    }
    if !reading.faults.is_empty() {
        let is_id = reading.arn.is_none();
        return Some(if unroutable && is_id { Obstacle::Unroutable } else { Obstacle::Misnamed });
    }
    let named = reading.arn.as_ref().and_then(|arn| arn.region.as_ref());
    if named.is_some_and(|named| source.is_some_and(|source| source != named.code)) {
        return Some(Obstacle::Elsewhere);
    }
    let (model, profile) = match &reading.called {
        Called::Model(id) => (catalogue.model(id)?, None),
        Called::Profile(id) => {
            let profile = catalogue.profile(id)?;
            (catalogue.model(profile.model_id())?, Some(profile))
        }
        _ => return unroutable.then_some(Obstacle::Unroutable),
    };
    if !model.endpoints.contains(&field.endpoint) || (field.endpoint == Endpoint::BedrockMantle && profile.is_some()) {
        return Some(Obstacle::OtherEndpoint { model });
    }
    // of an adapter whose type and id disagree it is not known what it is for
    let purpose = settings.purpose_of(field).filter(|_| settings.contradicted_purpose.is_none());
    if let Some(purpose) = purpose.filter(|purpose| !serves(*purpose, model.kind)) {
        return Some(Obstacle::OtherKind { model, purpose });
    }
    let retired_profile = profile.is_some_and(|profile| !profile.is_active());
    if model.standing(as_of, source, retired_profile).is_over() {
        return Some(Obstacle::Over { model });
    }
    if unroutable {
        return Some(Obstacle::Unroutable);
    }
    match (profile, source) {
        (Some(profile), Some(source)) => {
            (!profile.sources().contains(source)).then_some(Obstacle::ForeignProfile { profile })
        }
        (Some(_), None) => None,
        (None, _) if field.endpoint == Endpoint::BedrockMantle => {
            let there = source.is_none_or(|source| model.mantle.contains(source));
            // the sources know the Regions of this endpoint less well
            (!there).then_some(Obstacle::NotThere { model, served: Truth::WeakNo })
        }
        (None, _) if settings.consumer.names_for_others() => None,
        (None, Some(source)) => in_region(model, source),
        (None, None) => profile_only(model).map(|extent| Obstacle::BareId { model, extent }),
    }
}

/// Profiles that LiteLLM knows for its own without `bedrock/` in front.
///
/// Source: `model_prices_and_context_window_backup.json` of litellm 1.90.3 (which Unstract pins) and 1.109.1. What is in
/// the later one alone may be fetched by the earlier, or not.
const LISTED_PROFILES: [&str; 2] = ["eu.twelvelabs.marengo-embed-2-7-v1:0", "us.twelvelabs.marengo-embed-2-7-v1:0"];

/// Whether `bedrock/` must stand before the id of a profile in this setting, and does not: Unstract writes it before the
/// models of LLM adapters and of no others, and LiteLLM finds the provider of the rest in a list of ids.
///
/// Source: Zipstack/unstract at v0.184.1, `adapters/base1.py`; litellm 1.90.3, run with each form.
#[must_use]
pub fn wants_provider(adapter: &Adapter, field: &ModelField, id: &str, catalogue: &Catalogue) -> bool {
    hands_on_as_written(adapter, field)
        && !field.routed
        && catalogue.split_profile_id(id).is_some()
        && !LISTED_PROFILES.contains(&id)
}

fn hands_on_as_written(adapter: &Adapter, field: &ModelField) -> bool {
    adapter.consumer == Consumer::Unstract && adapter.purpose_of(field) == Some(Purpose::Embedding)
}

/// Whether the client cannot tell where the call goes.
fn is_unroutable(adapter: &Adapter, field: &ModelField, reading: &ModelReading, catalogue: &Catalogue) -> bool {
    let Some(id) = field.id.literal().filter(|_| hands_on_as_written(adapter, field)) else { return false };
    if reading.arn.is_some() {
        // the provider, and with it the format, shows in the ids of models alone
        return !field.routed || matches!(reading.called, Called::ApplicationProfile(_) | Called::Own(_));
    }
    let is_wrong = reading.faults.iter().any(|fault| !fault.kind.may_be_new());
    (is_wrong && !field.routed) || wants_provider(adapter, field, id, catalogue)
}

fn serves(purpose: Purpose, kind: ModelKind) -> bool {
    match purpose {
        Purpose::Llm => kind == ModelKind::Text,
        Purpose::Embedding => kind == ModelKind::Embedding,
    }
}

fn in_region<'c>(model: &'c Model, source: &str) -> Option<Obstacle<'c>> {
    if model.profile_only_in(source) {
        return Some(Obstacle::BareId { model, extent: Extent::There });
    }
    match model.on_demand_in(source) {
        Truth::Yes => None,
        // a profile is there, and perhaps the bare id too
        Truth::WeakNo if model.profiles_from(source).next().is_some() => None,
        served => Some(Obstacle::NotThere { model, served }),
    }
}

/// The model, if nothing is known to keep a call of its bare id from reaching it but a weak no: `bedrock-mantle` serves the
/// id in the Region, a profile can be called from there, and the sources of the catalogue do not have it on-demand.
#[must_use]
pub fn perhaps_profile_only<'c>(
    adapter: &AdapterReading,
    field: &ModelField,
    reading: &ModelReading,
    catalogue: &'c Catalogue,
) -> Option<&'c Model> {
    let Called::Model(id) = &reading.called else { return None };
    if field.endpoint == Endpoint::BedrockMantle || adapter.fact.adapter.consumer.names_for_others() {
        return None;
    }
    let (model, source) = (catalogue.model(id)?, adapter.source_of(reading)?);
    let is_weak = model.on_demand_in(source) == Truth::WeakNo && model.profiles_from(source).next().is_some();
    is_weak.then_some(model)
}

/// Where a model is profile-only, if that is so wherever it can be called at all, or nearly so: on-demand in under a tenth
/// of these Regions.
#[must_use]
pub fn profile_only(model: &Model) -> Option<Extent> {
    let callable = model.callable_regions();
    let on_demand = callable.iter().filter(|region| model.on_demand_in(region) != Truth::No).count();
    if callable.is_empty() || model.active_profiles().next().is_none() || on_demand * 10 >= callable.len() {
        return None;
    }
    Some(if on_demand == 0 { Extent::Everywhere } else { Extent::NearlyEverywhere })
}

/// The prefix of an id that the catalogue does not have, if no profile of that prefix can be called from the Region: it
/// lies in another partition, or in a geography with a prefix of its own.
fn foreign_prefix<'c>(
    field: &ModelField,
    reading: &ModelReading,
    source: Option<&str>,
    catalogue: &'c Catalogue,
) -> Option<&'c Prefix> {
    let (region, id) = (catalogue.region(source?)?, field.id.literal()?);
    if reading.called != Called::Unknown || reading.arn.is_some() || field.endpoint == Endpoint::BedrockMantle {
        return None;
    }
    let (prefix, rest) = catalogue.split_profile_id(id)?;
    let (provider, _) = rest.split_once('.')?;
    let is_id = catalogue.provider_stems().any(|stem| stem == provider);
    let own = |name: &str| catalogue.prefix(name).is_some_and(|prefix| prefix.scope == Scope::Geographic);
    let has_own = region.prefixes.iter().any(|name| own(name));
    let foreign = prefix.partition != region.partition
        || (prefix.scope == Scope::Geographic && has_own && !prefix.source_regions.contains(&region.code));
    (is_id && foreign).then_some(prefix)
}
