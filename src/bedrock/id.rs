//! What a model id or profile id is.

use super::catalogue::Catalogue;
use super::model::{Model, Truth};
use super::prefix_name::{PrefixName, classify_prefix};
use super::profile::{Prefix, Profile};
use super::spelling::{Slip, named, suspects};

/// What a string in the place of a model id or profile id is.
#[derive(Debug, Clone, PartialEq)]
pub enum ModelIdKind<'c> {
    /// A model id.
    Model(&'c Model),
    /// An active system-defined profile.
    Profile(&'c Profile),
    /// A system-defined profile that is no longer offered.
    RetiredProfile(&'c Profile),
    /// A profile id that only a price table names. It may be real.
    UnconfirmedProfile {
        /// Its prefix.
        prefix: &'c Prefix,
        /// The model behind it, where that is known.
        model: Option<&'c Model>,
    },
    /// A provisioned-only variant of a model id: `:200k`, `:0:18k`, `:mm`.
    Variant(&'c Model),
    /// A documented mistake.
    Mistake {
        /// Which one.
        reason: IdMistake,
        /// Up to three ids that may be meant, best first; empty only for
        /// [`IdMistake::Blank`] and for a doubled prefix before an unknown model.
        nearest: Vec<&'c str>,
    },
    /// A misspelling of a known id.
    NearMiss {
        /// One to three ids, best first.
        nearest: Vec<&'c str>,
    },
    /// Anything else. A well-formed id may be newer than the catalogue.
    Unknown,
}

/// The mistakes people make with ids. Sources: public issue threads and the AWS
/// pages that list the real ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdMistake {
    /// Nothing but blanks, or nothing at all.
    Blank,
    /// Blanks within or around a known id.
    Whitespace,
    /// A known id in the wrong case.
    WrongCase,
    /// The model's name (`Claude Sonnet 4.6`) instead of its id.
    DisplayName,
    /// Two prefixes: `us.us.…`, `us.global.…`.
    DoubledPrefix,
    /// A prefix that is none: `na.`, `ap.`, a Region.
    UnknownPrefix,
    /// Prefix and model exist, the catalogue lists no such profile. May be newer
    /// than the catalogue.
    WrongPrefix,
    /// A version suffix that the model does not have.
    InventedVersionSuffix,
    /// The version suffix, the date, or both are missing.
    MissingVersionSuffix,
    /// Another date than the model's, or a date where it has none.
    WrongDate,
    /// Another vendor's spelling: Vertex (`claude-sonnet-4-6@20250514`), the
    /// Anthropic API (`claude-haiku-4-5-20251001`), a router (`anthropic/claude-…`).
    ForeignSpelling,
}

/// Says what `text`, standing where a model id or profile id belongs, is.
///
/// `text` is the bare id: no ARN, no `bedrock/` of LiteLLM. Patterns, holes and
/// ARNs are `Unknown`.
pub fn classify_id<'c>(catalogue: &'c Catalogue, text: &str) -> ModelIdKind<'c> {
    if let Some(known) = known(catalogue, text) {
        return known;
    }
    if text.trim().is_empty() {
        return mistake(IdMistake::Blank, Vec::new());
    }
    if text.starts_with("arn:") || text.contains(['*', '?', '$', '{', '<', '%']) {
        return ModelIdKind::Unknown;
    }
    if text.contains(char::is_whitespace) {
        return blanks(catalogue, text);
    }
    let lower = text.to_ascii_lowercase();
    if lower != text {
        return match classify_id(catalogue, &lower) {
            ModelIdKind::Unknown => ModelIdKind::Unknown,
            other => match id_of(&other) {
                Some(id) => mistake(IdMistake::WrongCase, vec![id]),
                None => other,
            },
        };
    }
    foreign(catalogue, text).unwrap_or_else(|| prefixed(catalogue, text))
}

/// [`classify_id`] for an id that names a resource of `bedrock-runtime`, as it does in an ARN of the service `bedrock`:
/// the id that a model has on `bedrock-mantle` alone lacks the date or version that ends its id here.
///
/// A model that only `bedrock-mantle` serves is known all the same, and is offered where nothing else is near.
pub fn classify_runtime_id<'c>(catalogue: &'c Catalogue, text: &str) -> ModelIdKind<'c> {
    let served = |id: &str| catalogue.model(id).is_none_or(Model::on_runtime);
    let here = |mut nearest: Vec<&'c str>| {
        if nearest.iter().any(|id| served(id)) {
            nearest.retain(|id| served(id));
        }
        nearest
    };
    match classify_id(catalogue, text) {
        ModelIdKind::Model(model) if !model.on_runtime() => match suspects(catalogue, &model.id) {
            Some((Slip::MissingSuffix, siblings)) if siblings.iter().any(|one| one.on_runtime()) => {
                mistake(IdMistake::MissingVersionSuffix, here(offer(siblings, None)))
            }
            _ => ModelIdKind::Model(model),
        },
        ModelIdKind::Mistake { reason, nearest } => mistake(reason, here(nearest)),
        ModelIdKind::NearMiss { nearest } => ModelIdKind::NearMiss { nearest: here(nearest) },
        other => other,
    }
}

fn mistake(reason: IdMistake, nearest: Vec<&str>) -> ModelIdKind<'_> {
    ModelIdKind::Mistake { reason, nearest }
}

/// Exactly what the catalogue lists, and provisioned-only variants of it.
fn known<'c>(catalogue: &'c Catalogue, text: &str) -> Option<ModelIdKind<'c>> {
    if let Some(model) = catalogue.model(text) {
        return Some(ModelIdKind::Model(model));
    }
    if let Some(profile) = catalogue.profile(text) {
        return Some(if profile.is_active() {
            ModelIdKind::Profile(profile)
        } else {
            ModelIdKind::RetiredProfile(profile)
        });
    }
    if catalogue.is_unconfirmed_profile(text) {
        let (prefix, rest) = catalogue.split_profile_id(text)?;
        let model = catalogue.model(rest);
        return Some(ModelIdKind::UnconfirmedProfile { prefix, model });
    }
    variant(catalogue, text).map(ModelIdKind::Variant)
}

/// The id that the catalogue has for this, if it names one.
fn id_of<'c>(kind: &ModelIdKind<'c>) -> Option<&'c str> {
    match kind {
        ModelIdKind::Model(model) | ModelIdKind::Variant(model) => Some(&model.id),
        ModelIdKind::Profile(profile) | ModelIdKind::RetiredProfile(profile) => Some(&profile.id),
        _ => None,
    }
}

/// Ids of Provisioned Throughput: a known id with a context size or the like
/// behind it. Source: the table of
/// <https://docs.aws.amazon.com/bedrock/latest/userguide/prov-thru-supported.html>;
/// `:512` and the bare revisions also from model lists in public code.
fn variant<'c>(catalogue: &'c Catalogue, text: &str) -> Option<&'c Model> {
    const BARE_REVISIONS: [&str; 4] = [
        "amazon.titan-embed-image-v1:0",
        "amazon.titan-embed-text-v1:2",
        "amazon.titan-image-generator-v1:0",
        "stability.stable-diffusion-xl-v1:0",
    ];
    let (front, last) = text.rsplit_once(':')?;
    if BARE_REVISIONS.contains(&text) {
        return catalogue.model(front);
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let size = last.strip_suffix('k').is_some_and(digits);
    if !size && !matches!(last, "512" | "mm") {
        return None;
    }
    catalogue.model(front).or_else(|| {
        let (front, revision) = front.rsplit_once(':')?;
        catalogue.model(front).filter(|_| digits(revision))
    })
}

fn blanks<'c>(catalogue: &'c Catalogue, text: &str) -> ModelIdKind<'c> {
    let squeezed: String = text.split_whitespace().collect();
    if let Some(id) = known(catalogue, &squeezed).as_ref().and_then(id_of) {
        return mistake(IdMistake::Whitespace, vec![id]);
    }
    let trimmed = text.trim();
    let named = catalogue.models().filter(|model| {
        trimmed.eq_ignore_ascii_case(&model.name)
            || trimmed.eq_ignore_ascii_case(&format!("{} {}", model.provider, model.name))
    });
    let named = offer(named.collect(), None);
    if !named.is_empty() {
        return mistake(IdMistake::DisplayName, named);
    }
    if trimmed.len() < text.len() {
        return classify_id(catalogue, trimmed);
    }
    ModelIdKind::Unknown
}

/// Spellings of other vendors. `None`: not one, or like nothing known.
fn foreign<'c>(catalogue: &'c Catalogue, text: &str) -> Option<ModelIdKind<'c>> {
    let tail = text.rsplit_once('/').map_or(text, |(_, tail)| tail);
    let start = text.split_once('.').map_or("", |(start, _)| start);
    let ours = is_stem(catalogue, start) || catalogue.prefix(start).is_some();
    if ours && tail == text && !text.contains('@') {
        return None;
    }
    if let Some(id) = known(catalogue, tail).as_ref().and_then(id_of) {
        return Some(mistake(IdMistake::ForeignSpelling, vec![id]));
    }
    let mut plain = tail.replace('@', "-");
    for end in ["-default", "-latest"] {
        if let Some(shorter) = plain.strip_suffix(end) {
            plain = shorter.to_owned();
        }
    }
    let models = named(catalogue, &plain);
    (!models.is_empty()).then(|| mistake(IdMistake::ForeignSpelling, offer(models, None)))
}

fn is_stem(catalogue: &Catalogue, text: &str) -> bool {
    catalogue.provider_stems().any(|stem| stem == text)
}

fn prefixed<'c>(catalogue: &'c Catalogue, text: &str) -> ModelIdKind<'c> {
    let Some((prefix, rest)) = catalogue.split_profile_id(text) else {
        return unprefixed(catalogue, text);
    };
    if let Some((inner, model)) = catalogue.split_profile_id(rest) {
        let models = models_of(catalogue, model);
        let mut nearest = offer(models.clone(), Some(prefix));
        nearest.extend(offer(models, Some(inner)));
        return mistake(IdMistake::DoubledPrefix, unique(nearest));
    }
    let found = suspects(catalogue, rest);
    if let Some(model) = catalogue.model(rest) {
        // "us." before the bedrock-mantle alias of a dated model: the date is missing
        if let Some((Slip::MissingSuffix, siblings)) = found
            && !model.on_runtime()
        {
            let nearest = offer(siblings, Some(prefix));
            return mistake(IdMistake::MissingVersionSuffix, nearest);
        }
        return mistake(IdMistake::WrongPrefix, instead(model, prefix));
    }
    verdict(found, Some(prefix))
}

fn verdict<'c>(found: Option<(Slip, Vec<&'c Model>)>, prefix: Option<&Prefix>) -> ModelIdKind<'c> {
    let Some((slip, models)) = found else {
        return ModelIdKind::Unknown;
    };
    let nearest = offer(models, prefix);
    match slip {
        Slip::InventedSuffix => mistake(IdMistake::InventedVersionSuffix, nearest),
        Slip::MissingSuffix => mistake(IdMistake::MissingVersionSuffix, nearest),
        Slip::Date => mistake(IdMistake::WrongDate, nearest),
        Slip::Typo => ModelIdKind::NearMiss { nearest },
    }
}

/// No known prefix: a wrong one before a known provider, or a bare model id.
fn unprefixed<'c>(catalogue: &'c Catalogue, text: &str) -> ModelIdKind<'c> {
    let Some((start, rest)) = text.split_once('.') else {
        return verdict(suspects(catalogue, text), None);
    };
    let inner = rest.split_once('.').map_or("", |(stem, _)| stem);
    if is_stem(catalogue, start) || !is_stem(catalogue, inner) {
        return verdict(suspects(catalogue, text), None);
    }
    let models = models_of(catalogue, rest);
    if models.is_empty() {
        return ModelIdKind::Unknown;
    }
    match classify_prefix(catalogue, start) {
        PrefixName::OtherWord { meant } => mistake(IdMistake::UnknownPrefix, offer(models, Some(meant))),
        PrefixName::Region(region) => mistake(IdMistake::UnknownPrefix, from_region(models, &region.code)),
        PrefixName::NearMiss { meant } => ModelIdKind::NearMiss { nearest: offer(models, Some(meant)) },
        PrefixName::Known(_) | PrefixName::Impossible | PrefixName::Unknown => ModelIdKind::Unknown,
    }
}

/// The model of this id, or those it is a slip of.
fn models_of<'c>(catalogue: &'c Catalogue, id: &str) -> Vec<&'c Model> {
    match catalogue.model(id) {
        Some(model) => vec![model],
        None => suspects(catalogue, id).map_or(Vec::new(), |(_, models)| models),
    }
}

/// Up to three ids for these models: bare without a prefix; with one, the profiles
/// of that prefix, or else what can be called from where the prefix serves.
fn offer<'c>(models: Vec<&'c Model>, prefix: Option<&Prefix>) -> Vec<&'c str> {
    let Some(prefix) = prefix else {
        return unique(models.into_iter().map(|model| model.id.as_ref()).collect());
    };
    let same = models.iter().filter_map(|model| {
        let profile = model.profile(&prefix.name)?;
        profile.is_active().then_some(profile.id.as_ref())
    });
    let same = unique(same.collect());
    if !same.is_empty() {
        return same;
    }
    let other = models.iter().flat_map(|model| instead(model, prefix));
    unique(other.collect())
}

/// Ids for a model that has no profile with `prefix`: profiles that can be called
/// from where the prefix serves, the bare id where on-demand there, else whatever
/// the model has.
fn instead<'c>(model: &'c Model, prefix: &Prefix) -> Vec<&'c str> {
    let wanted = &prefix.source_regions;
    let mut ids: Vec<&str> = model
        .active_profiles()
        .filter(|profile| profile.sources().intersects(wanted))
        .map(|profile| profile.id.as_ref())
        .collect();
    // those that stay within a geography first
    ids.sort_by_key(|id| id.starts_with("global."));
    if model.on_demand.intersects(wanted) {
        ids.push(&model.id);
    }
    if ids.is_empty() {
        ids.extend(model.active_profiles().map(|profile| profile.id.as_ref()));
        ids.push(&model.id);
    }
    unique(ids)
}

/// Ids for these models that can be called from one Region.
fn from_region<'c>(models: Vec<&'c Model>, region: &str) -> Vec<&'c str> {
    let mut ids: Vec<&str> = Vec::new();
    for model in &models {
        ids.extend(model.profiles_from(region).map(|profile| profile.id.as_ref()));
        if model.on_demand_in(region) == Truth::Yes {
            ids.push(&model.id);
        }
    }
    ids.sort_by_key(|id| id.starts_with("global."));
    if ids.is_empty() {
        return offer(models, None);
    }
    unique(ids)
}

/// The first three, each once.
fn unique(ids: Vec<&str>) -> Vec<&str> {
    let mut kept: Vec<&str> = Vec::new();
    for id in ids {
        if kept.len() < 3 && !kept.contains(&id) {
            kept.push(id);
        }
    }
    kept
}

#[cfg(test)]
#[path = "id_tests.rs"]
mod tests;
