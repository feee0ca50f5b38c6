//! System-defined inference profiles, their geography prefixes and routes.
//!
//! Sources: a scan with ListInferenceProfiles and GetInferenceProfile in every
//! commercial Region, and the AWS pages; GovCloud from the pages alone.

use serde::{Deserialize, Serialize};

use super::region::{Partition, RegionSet};

/// How far a profile may route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Scope {
    /// Within one geography; the destinations of each source Region are listed.
    #[serde(rename = "geo")]
    Geographic,
    /// Any commercial Region; AWS publishes no list.
    #[serde(rename = "global")]
    Global,
}

/// A geography prefix, or `global`: what stands before the model id in a profile id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix {
    /// The prefix without its dot: `us`, `apac`, `us-gov`, `global`.
    pub name: Box<str>,
    /// How far its profiles may route.
    pub scope: Scope,
    /// The partition it serves.
    pub partition: Partition,
    /// Every Region that some active profile of the prefix can be called from.
    /// Never a route: routes depend on profile and source Region.
    pub source_regions: RegionSet,
}

/// Whether a profile can still be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileStatus {
    /// Callable.
    Active,
    /// No longer offered.
    Retired,
}

/// How well a profile's rows are founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum ProfileConfidence {
    /// Every row seen in the API scan and on an AWS page.
    #[serde(rename = "api+docs")]
    ApiAndDocs,
    /// Some rows seen in both.
    #[serde(rename = "api+docs-partial")]
    ApiAndDocsPartial,
    /// The scan only.
    #[serde(rename = "api")]
    Api,
    /// An AWS page only.
    #[serde(rename = "docs")]
    Docs,
    /// Some rows from an AWS page only.
    #[serde(rename = "docs-partial")]
    DocsPartial,
    /// The profile exists, its destinations are a guess.
    #[serde(rename = "assumed-destinations")]
    AssumedDestinations,
    /// Only a price table names the profile.
    #[serde(rename = "assumed-all")]
    AssumedAll,
}

impl ProfileConfidence {
    /// Whether the destinations were read somewhere rather than guessed.
    pub fn destinations_known(self) -> bool {
        !matches!(self, Self::AssumedDestinations | Self::AssumedAll)
    }
}

/// Where a call from one source Region may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Route<'a> {
    /// One of these Regions. The source is usually, but not always, among them.
    Geographic(&'a RegionSet),
    /// Any commercial Region; IAM sees an ARN with an empty Region.
    Global,
}

/// A system-defined inference profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The profile id: prefix, dot, model id.
    pub id: Box<str>,
    /// How far it may route.
    pub scope: Scope,
    /// Whether it can still be called.
    pub status: ProfileStatus,
    /// How well its rows are founded.
    pub confidence: ProfileConfidence,
    pub(super) prefix_len: usize,
    pub(super) sources: RegionSet,
    /// One destination set for each source, in the order of `sources`; empty for
    /// a global profile.
    pub(super) destinations: Vec<RegionSet>,
    /// Source Regions that no scan has seen, only an AWS page.
    pub(super) docs_only: RegionSet,
}

impl Profile {
    /// The geography prefix, `us` or `global` for example.
    pub fn prefix(&self) -> &str {
        self.id.get(..self.prefix_len).unwrap_or_default()
    }

    /// The id of the model behind the profile.
    pub fn model_id(&self) -> &str {
        self.id.get(self.prefix_len + 1..).unwrap_or_default()
    }

    /// Whether the profile can still be called.
    pub fn is_active(&self) -> bool {
        self.status == ProfileStatus::Active
    }

    /// The Regions it can be called from (for a retired profile: could be).
    pub fn sources(&self) -> &RegionSet {
        &self.sources
    }

    /// Whether only an AWS page, and no scan, lists this source Region.
    pub fn is_docs_only_source(&self, region: &str) -> bool {
        self.docs_only.contains(region)
    }

    /// Where a call from `source` may run; `None` if it cannot be called there.
    pub fn route(&self, source: &str) -> Option<Route<'_>> {
        match self.scope {
            Scope::Geographic => self.destinations(source).map(Route::Geographic),
            Scope::Global => self.sources.contains(source).then_some(Route::Global),
        }
    }

    /// The destination Regions of a geographic profile for a call from `source`.
    /// `None` if it cannot be called there, and for every global profile.
    pub fn destinations(&self, source: &str) -> Option<&RegionSet> {
        let at = self.sources.iter().position(|one| one == source)?;
        self.destinations.get(at)
    }
}
