//! The shape of `catalog/bedrock.json`, and its names resolved.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de};

use super::catalogue::{CatalogueError, Source};
use super::lifecycle::{Lifecycle, LifecycleConfidence, LifecycleStatus};
use super::marketplace::sold_through_marketplace;
use super::model::{Access, Endpoint, Model, ModelKind};
use super::profile::{Profile, ProfileConfidence, ProfileStatus, Scope};
use super::region::{Partition, RegionSet};
use super::sampling::Sampling;
use super::thinking::Thinking;

type Text = Box<str>;

/// A date as the file writes it. Read by hand, so that a bad one is reported
/// with its line and column.
#[derive(Clone, Copy)]
pub(super) struct Day(pub(super) Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map(Self).map_err(de::Error::custom)
    }
}

#[derive(Deserialize)]
pub(super) struct RawCatalogue {
    pub(super) schema_version: u32,
    pub(super) as_of: Day,
    #[serde(default)]
    pub(super) sources: BTreeMap<Text, Source>,
    pub(super) regions: BTreeMap<Text, RawRegion>,
    pub(super) prefixes: BTreeMap<Text, RawPrefix>,
    pub(super) region_sets: BTreeMap<Text, Vec<Text>>,
    pub(super) route_maps: BTreeMap<Text, BTreeMap<Text, Text>>,
    pub(super) models: Vec<RawModel>,
    #[serde(default)]
    pub(super) unconfirmed_profiles: Vec<RawUnconfirmed>,
    /// By Region, the day on which an account listed what it has.
    #[serde(default)]
    pub(super) refreshed: BTreeMap<Text, Day>,
}

#[derive(Deserialize)]
pub(super) struct RawRegion {
    pub(super) name: Text,
    pub(super) partition: Partition,
    pub(super) bedrock: bool,
    pub(super) opt_in: Option<bool>,
    #[serde(default)]
    pub(super) prefixes: Vec<Text>,
}

#[derive(Deserialize)]
pub(super) struct RawPrefix {
    pub(super) scope: Scope,
    pub(super) partition: Partition,
    pub(super) source_regions: Vec<Text>,
}

#[derive(Deserialize)]
pub(super) struct RawUnconfirmed {
    pub(super) id: Text,
}

#[derive(Deserialize)]
pub(super) struct RawModel {
    pub(super) id: Text,
    provider: Text,
    name: Text,
    kind: ModelKind,
    input: Vec<Text>,
    output: Vec<Text>,
    endpoints: Vec<Endpoint>,
    access: Access,
    on_demand: Text,
    mantle: Text,
    profiles: Vec<RawProfile>,
    lifecycle: RawLifecycle,
    thinking: Option<Thinking>,
    sampling: Option<Sampling>,
    #[serde(default)]
    successor: Vec<Text>,
    max_output_tokens: Option<u32>,
    launch_date: Option<Day>,
    #[serde(default)]
    sources: Vec<Text>,
}

#[derive(Deserialize)]
struct RawProfile {
    id: Text,
    prefix: Text,
    routes: Option<Text>,
    from: Option<Text>,
    from_docs_only: Option<Text>,
    #[serde(default)]
    docs_only_sources: Vec<Text>,
    status: ProfileStatus,
    confidence: ProfileConfidence,
}

#[derive(Deserialize)]
struct RawLifecycle {
    status: LifecycleStatus,
    legacy_date: Option<Day>,
    extended_access_date: Option<Day>,
    eol_date: Option<Day>,
    eol_no_sooner_than: Option<Day>,
    eol_regions: Option<Text>,
    #[serde(default)]
    confidence: LifecycleConfidence,
    note: Option<Text>,
    #[serde(default)]
    sources: Vec<Text>,
}

/// The named region sets and route maps of the file, shared by all models.
pub(super) struct Names {
    sets: BTreeMap<Text, RegionSet>,
    routes: BTreeMap<Text, (RegionSet, Vec<RegionSet>)>,
}

impl Names {
    pub(super) fn new(
        sets: BTreeMap<Text, Vec<Text>>,
        route_maps: BTreeMap<Text, BTreeMap<Text, Text>>,
    ) -> Result<Self, CatalogueError> {
        let sets = sets.into_iter().map(|(name, codes)| (name, RegionSet::new(codes))).collect();
        let mut names = Self { sets, routes: BTreeMap::new() };
        for (map, rows) in route_maps {
            // a BTreeMap yields its keys sorted, as RegionSet keeps them
            let destinations = rows.values().map(|set| names.set(set, &map)).collect::<Result<_, _>>()?;
            let sources = RegionSet::new(rows.into_keys().collect());
            names.routes.insert(map, (sources, destinations));
        }
        Ok(names)
    }

    fn set(&self, name: &str, owner: &str) -> Result<RegionSet, CatalogueError> {
        self.sets
            .get(name)
            .cloned()
            .ok_or_else(|| CatalogueError::UnknownRegionSet { name: name.into(), owner: owner.into() })
    }
}

impl RawProfile {
    fn resolve(self, model: &str, names: &Names) -> Result<Profile, CatalogueError> {
        if self.id.strip_prefix(self.prefix.as_ref()) != Some(&format!(".{model}")) {
            return Err(CatalogueError::ProfileId { id: self.id, model: model.into() });
        }
        let mut profile = Profile {
            scope: Scope::Geographic,
            status: self.status,
            confidence: self.confidence,
            prefix_len: self.prefix.len(),
            sources: RegionSet::default(),
            destinations: Vec::new(),
            docs_only: RegionSet::default(),
            id: self.id,
        };
        match (self.routes, self.from) {
            (Some(map), None) => {
                let Some((sources, destinations)) = names.routes.get(&map) else {
                    return Err(CatalogueError::UnknownRouteMap { name: map, owner: profile.id });
                };
                profile.sources = sources.clone();
                profile.destinations.clone_from(destinations);
                profile.docs_only = RegionSet::new(self.docs_only_sources);
            }
            (None, Some(from)) => {
                profile.scope = Scope::Global;
                profile.sources = names.set(&from, &profile.id)?;
                if let Some(docs) = self.from_docs_only {
                    profile.docs_only = names.set(&docs, &profile.id)?;
                    let all = profile.sources.iter().chain(profile.docs_only.iter());
                    profile.sources = all.collect();
                }
            }
            _ => return Err(CatalogueError::NoRoute { id: profile.id }),
        }
        Ok(profile)
    }
}

impl RawLifecycle {
    fn resolve(self, owner: &str, names: &Names) -> Result<Lifecycle, CatalogueError> {
        let date = |day: Option<Day>| day.map(|Day(date)| date);
        Ok(Lifecycle {
            status: self.status,
            legacy_date: date(self.legacy_date),
            extended_access_date: date(self.extended_access_date),
            eol_date: date(self.eol_date),
            eol_no_sooner_than: date(self.eol_no_sooner_than),
            eol_regions: match self.eol_regions {
                Some(set) => Some(names.set(&set, owner)?),
                None => None,
            },
            confidence: self.confidence,
            note: self.note,
            sources: self.sources,
        })
    }
}

impl RawModel {
    pub(super) fn resolve(self, names: &Names) -> Result<Model, CatalogueError> {
        let profiles =
            self.profiles.into_iter().map(|profile| profile.resolve(&self.id, names)).collect::<Result<_, _>>()?;
        Ok(Model {
            on_demand: names.set(&self.on_demand, &self.id)?,
            mantle: names.set(&self.mantle, &self.id)?,
            lifecycle: self.lifecycle.resolve(&self.id, names)?,
            marketplace: sold_through_marketplace(&self.provider),
            launch_date: self.launch_date.map(|Day(date)| date),
            id: self.id,
            provider: self.provider,
            name: self.name,
            kind: self.kind,
            input: self.input,
            output: self.output,
            endpoints: self.endpoints,
            access: self.access,
            profiles,
            thinking: self.thinking,
            sampling: self.sampling,
            successors: self.successor,
            max_output_tokens: self.max_output_tokens,
            sources: self.sources,
        })
    }
}
