//! The catalogue of models, inference profiles, routes and Regions.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::model::Model;
use super::profile::{Prefix, Profile};
use super::raw::{Day, Names, RawCatalogue};
use super::region::{Partition, Region, RegionSet};

/// The schema that this version reads.
const SCHEMA: u32 = 1;

/// Days after which a catalogue is old: models come and go every few weeks.
const STALE_AFTER: i32 = 90;

/// Why a catalogue file cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// Not JSON, or not of the catalogue's shape. The text ends in line and column.
    #[error("{0}")]
    Shape(#[from] serde_json::Error),
    /// A schema that this version does not read.
    #[error("schema_version {found} is not supported, {SCHEMA} is")]
    Schema {
        /// The version found.
        found: u32,
    },
    /// A region set is used that `region_sets` does not define.
    #[error("{owner}: no region set is named {name:?}")]
    UnknownRegionSet {
        /// The name used.
        name: Box<str>,
        /// The model, profile or route map that uses it.
        owner: Box<str>,
    },
    /// A route map is used that `route_maps` does not define.
    #[error("{owner}: no route map is named {name:?}")]
    UnknownRouteMap {
        /// The name used.
        name: Box<str>,
        /// The profile that uses it.
        owner: Box<str>,
    },
    /// A profile id that is not prefix, dot, model id.
    #[error("profile {id}: the id is not its prefix, a dot and {model}")]
    ProfileId {
        /// The profile id.
        id: Box<str>,
        /// The model it stands under.
        model: Box<str>,
    },
    /// A profile with neither `routes` nor `from`, or with both.
    #[error("profile {id}: give either \"routes\" or \"from\"")]
    NoRoute {
        /// The profile id.
        id: Box<str>,
    },
    /// A model id that stands in the file twice.
    #[error("model {id} is listed twice")]
    Twice {
        /// The model id.
        id: Box<str>,
    },
}

impl CatalogueError {
    /// Line and column (from 1) in the file, where the fault has a place.
    pub fn position(&self) -> Option<(usize, usize)> {
        match self {
            Self::Shape(error) => Some((error.line(), error.column())),
            _ => None,
        }
    }
}

/// Where a fact was read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Source {
    /// What it is.
    pub title: Box<str>,
    /// Where it is.
    #[serde(default)]
    pub url: Box<str>,
    /// Its date, or a range of dates.
    #[serde(default)]
    pub date: Box<str>,
}

/// The facts about Amazon Bedrock: models, profiles, routes, Regions, as of a day.
#[derive(Debug, Clone)]
pub struct Catalogue {
    as_of: Date,
    /// The newest day on which anything in it was listed.
    newest: Date,
    sources: BTreeMap<Box<str>, Source>,
    regions: Vec<Region>,
    prefixes: Vec<Prefix>,
    models: Vec<Model>,
    unconfirmed: Vec<Box<str>>,
    /// What application inference profiles of an account copy, by ARN.
    applications: BTreeMap<String, String>,
}

impl Catalogue {
    /// The text of the compiled-in catalogue: `catalog/bedrock.json`.
    pub const BUILTIN_TEXT: &'static str = include_str!("../../catalog/bedrock.json");

    /// The compiled-in catalogue, parsed on the first call.
    #[allow(clippy::expect_used, reason = "the text is compiled in and a unit test parses it")]
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Catalogue> = OnceLock::new();
        BUILTIN.get_or_init(|| Self::from_json(Self::BUILTIN_TEXT).expect("the compiled-in catalogue is valid"))
    }

    /// Reads a catalogue from the text of a file shaped like
    /// `catalog/bedrock.json`; every region set and route map it names must exist.
    pub fn from_json(text: &str) -> Result<Self, CatalogueError> {
        let raw: RawCatalogue = serde_json::from_str(text)?;
        if raw.schema_version != SCHEMA {
            return Err(CatalogueError::Schema { found: raw.schema_version });
        }
        let names = Names::new(raw.region_sets, raw.route_maps)?;
        let mut models = raw.models.into_iter().map(|model| model.resolve(&names)).collect::<Result<Vec<_>, _>>()?;
        models.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        if let Some(model) = twice(&models) {
            return Err(CatalogueError::Twice { id: model.id.clone() });
        }
        let mut unconfirmed: Vec<_> = raw.unconfirmed_profiles.into_iter().map(|p| p.id).collect();
        unconfirmed.sort_unstable();
        // the maps of the file come out sorted by key, which `find` relies on
        let regions = raw.regions.into_iter().map(|(code, region)| Region {
            code,
            name: region.name,
            partition: region.partition,
            bedrock: region.bedrock,
            opt_in: region.opt_in,
            prefixes: region.prefixes.into(),
        });
        let prefixes = raw.prefixes.into_iter().map(|(name, prefix)| Prefix {
            name,
            scope: prefix.scope,
            partition: prefix.partition,
            source_regions: RegionSet::new(prefix.source_regions),
        });
        Ok(Self {
            as_of: raw.as_of.0,
            newest: raw.refreshed.into_values().map(|Day(date)| date).fold(raw.as_of.0, Date::max),
            sources: raw.sources,
            regions: regions.collect(),
            prefixes: prefixes.collect(),
            models,
            unconfirmed,
            applications: BTreeMap::new(),
        })
    }

    /// The same, with what application inference profiles of an account copy: ARN to the id of a model or a
    /// system-defined profile. No file says that.
    #[must_use]
    pub fn with_applications(&self, applications: &BTreeMap<String, String>) -> Self {
        Self { applications: applications.clone(), ..self.clone() }
    }

    /// What an application inference profile copies, if that is known: the id of a model or a system-defined profile.
    pub fn application(&self, arn: &str) -> Option<&str> {
        self.applications.get(arn).map(String::as_str)
    }

    /// The date of the newest full API scan behind the catalogue.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// The newest day on which anything in it was listed, and its age in days on a day, if it is old then. Models that
    /// came later are in no Region of it.
    pub fn stale_by(&self, as_of: Date) -> Option<(Date, i32)> {
        let age = self.newest.until(as_of).ok()?.get_days();
        (age > STALE_AFTER).then_some((self.newest, age))
    }

    /// The source with this id, as the `sources` of models name them.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.get(id)
    }

    /// Every model, by id.
    pub fn models(&self) -> impl ExactSizeIterator<Item = &Model> {
        self.models.iter()
    }

    /// The model with exactly this id.
    pub fn model(&self, id: &str) -> Option<&Model> {
        find(&self.models, id, |model| &model.id)
    }

    /// Every system-defined profile, active or retired, by model id.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.models.iter().flat_map(|model| &model.profiles)
    }

    /// The system-defined profile with exactly this id, active or retired.
    pub fn profile(&self, id: &str) -> Option<&Profile> {
        let (prefix, model) = id.split_once('.')?;
        self.model(model)?.profile(prefix)
    }

    /// The active profiles of a model in a partition that can be called from a Region, geographic ones first; from
    /// anywhere, with those that most people use first, where no Region is given.
    pub fn profiles_for<'c>(&self, model: &'c Model, partition: Partition, region: Option<&str>) -> Vec<&'c Profile> {
        let callable = |profile: &&Profile| {
            self.prefix(profile.prefix()).is_some_and(|prefix| prefix.partition == partition)
                && region.is_none_or(|region| profile.sources().contains(region))
        };
        let mut profiles: Vec<&Profile> = model.active_profiles().filter(callable).collect();
        profiles.sort_by_key(|profile| match profile.prefix() {
            "us" if region.is_none() => 0,
            "eu" if region.is_none() => 1,
            "global" if region.is_none() => 2,
            "global" => 4,
            _ => 3,
        });
        profiles
    }

    /// The ids by which `bedrock-runtime` serves a model to callers in a Region of a partition, or to those anywhere in it:
    /// geographic profiles, the bare id where it is on-demand, then the global profile.
    pub fn ids_for<'c>(&self, model: &'c Model, partition: Partition, region: Option<&str>) -> Vec<&'c str> {
        let lies_there = |code: &str| self.region(code).is_some_and(|one| one.partition == partition);
        let on_demand = match region {
            Some(region) => model.on_demand.contains(region),
            None => model.on_demand.iter().any(lies_there),
        };
        let mut ids: Vec<&str> =
            self.profiles_for(model, partition, region).into_iter().map(|profile| &*profile.id).collect();
        let global = ids.iter().position(|id| id.starts_with("global.")).unwrap_or(ids.len());
        if on_demand {
            ids.insert(global, &model.id);
        }
        ids
    }

    /// The geography prefixes and `global`.
    pub fn prefixes(&self) -> impl ExactSizeIterator<Item = &Prefix> {
        self.prefixes.iter()
    }

    /// The prefix of this name (without its dot).
    pub fn prefix(&self, name: &str) -> Option<&Prefix> {
        find(&self.prefixes, name, |prefix| &prefix.name)
    }

    /// Splits an id at a known prefix: `us.anthropic.x` into `us` and
    /// `anthropic.x`. `None` if it starts with none. A doubled prefix shows in
    /// that the rest splits again.
    pub fn split_profile_id<'t>(&self, id: &'t str) -> Option<(&Prefix, &'t str)> {
        let (name, rest) = id.split_once('.')?;
        Some((self.prefix(name)?, rest))
    }

    /// Every Region that AWS has, by code, with or without Amazon Bedrock.
    pub fn regions(&self) -> impl ExactSizeIterator<Item = &Region> {
        self.regions.iter()
    }

    /// The Region with exactly this code.
    pub fn region(&self, code: &str) -> Option<&Region> {
        find(&self.regions, code, |region| &region.code)
    }

    /// Whether only a price table names this profile id.
    pub fn is_unconfirmed_profile(&self, id: &str) -> bool {
        find(&self.unconfirmed, id, |one| one).is_some()
    }

    /// What a model id of a known provider starts with, `anthropic` for example;
    /// each once.
    pub fn provider_stems(&self) -> impl Iterator<Item = &str> {
        let mut last = "";
        self.models.iter().filter_map(move |model| {
            let stem = model.id.split_once('.')?.0;
            let new = stem != last;
            last = stem;
            new.then_some(stem)
        })
    }
}

fn find<'a, T>(sorted: &'a [T], wanted: &str, key: impl Fn(&T) -> &str) -> Option<&'a T> {
    let at = sorted.binary_search_by(|one| key(one).cmp(wanted)).ok()?;
    sorted.get(at)
}

fn twice(models: &[Model]) -> Option<&Model> {
    models.windows(2).find_map(|pair| match pair {
        [a, b] if a.id == b.id => Some(a),
        _ => None,
    })
}
