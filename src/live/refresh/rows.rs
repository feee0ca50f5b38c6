//! What lists change of a profile and of where a model is called on-demand: rows of Regions.

use jiff::civil::Date;

use super::seen::{Regions, Seen, SeenModel, SeenProfile, Sight};
use crate::bedrock::{Catalogue, LifecycleState, Model, Partition, Profile, ProfileConfidence, Route, Scope};

/// What was listed, by Regions of which partition and on which day, and what was known before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judge<'a> {
    pub(super) seen: &'a Seen,
    pub(super) catalogue: &'a Catalogue,
    pub(super) partition: Partition,
    pub(super) date: Date,
}

/// The rows that a profile is to have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ProfileRows {
    /// Whether it can be called from anywhere. One that cannot keeps its rows, so that it is recognised.
    pub(super) is_active: bool,
    /// Source Regions and where they route to.
    pub(super) rows: SeenProfile,
    /// Source Regions that only a page lists.
    pub(super) docs_only: Regions,
    /// How well this is founded.
    pub(super) confidence: ProfileConfidence,
}

impl Judge<'_> {
    /// Whether every Region of the partition that has Amazon Bedrock answered.
    pub(super) fn is_whole(self) -> bool {
        let mut own = self.catalogue.regions().filter(|region| region.partition == self.partition && region.bedrock);
        own.all(|region| self.seen.answered.contains(&*region.code))
    }

    /// Whether a model is legacy wherever it is: where it is listed, and nowhere that it can be called from is left to say
    /// otherwise. One that no catalogue has may be in any Region.
    pub(super) fn is_legacy(self, known: Option<&Model>, seen: &SeenModel) -> bool {
        let is_own = |code: &str| self.catalogue.region(code).is_some_and(|region| region.partition == self.partition);
        let all_answered = match known {
            Some(model) => {
                let callable = model.callable_regions();
                let mut own = callable.iter().filter(|region| is_own(region));
                own.all(|region| self.seen.answered.contains(region))
            }
            None => self.is_whole(),
        };
        all_answered && seen.legacy == seen.regions
    }

    /// Whether it says something that a Region does not list a model. AWS hides legacy models from accounts that do not
    /// use them, Region by Region, and models that need an invitation from all that have none.
    fn tells(self, model: &Model, region: &str) -> bool {
        let id = &*model.id;
        let listed = self.seen.models.get(id).is_some_and(|seen| seen.regions.contains(region));
        let called = self.seen.profiles.get(id).is_some_and(|all| all.values().any(|one| one.contains_key(region)));
        let hidden = model.lifecycle_on(self.date, Some(region)) != LifecycleState::Active;
        listed || called || (!hidden && self.seen.sees(id))
    }

    /// Whether a row for a Region stays though the Region does not list it.
    fn stays(self, model: &Model, region: &str) -> bool {
        !self.seen.answered.contains(region) || !self.tells(model, region)
    }

    /// Whether a model that has not ended can be called from a Region that answered, as far as the catalogue knows, and no
    /// Region lists it: its rows stay.
    pub(super) fn is_hidden(self, model: &Model) -> bool {
        let here = |region: &str| self.seen.answered.contains(region);
        !self.seen.sees(&model.id)
            && !model.ended_everywhere(self.date)
            && model.callable_regions().iter().any(|region| here(region) && !model.ended_in(region, self.date))
    }

    /// The Regions where a model is called on-demand.
    pub(super) fn on_demand(self, model: &Model) -> Regions {
        let kept = model.on_demand.iter().filter(|region| self.stays(model, region)).map(str::to_owned);
        let seen = self.seen.models.get(&*model.id).map(|seen| seen.on_demand.clone());
        kept.chain(seen.unwrap_or_default()).collect()
    }

    /// The rows that a profile of a model is to have.
    pub(super) fn profile(self, model: &Model, known: &Profile) -> ProfileRows {
        let sights = self.seen.profiles.get(&*model.id).and_then(|profiles| profiles.get(known.prefix()));
        let clear = sights.map(|sights| clear(sights, known.scope)).unwrap_or_default();
        let old = rows_of(known);
        if !known.is_active() {
            let is_active = !clear.is_empty();
            return ProfileRows {
                is_active,
                docs_only: if is_active { Regions::new() } else { docs_only(known) },
                confidence: if is_active { ProfileConfidence::Api } else { known.confidence },
                rows: if is_active { clear } else { old },
            };
        }
        let is_there = |region: &str| sights.is_some_and(|sights| sights.contains_key(region));
        let mut rows = old.clone();
        rows.retain(|region, _| is_there(region) || self.stays(model, region));
        rows.extend(clear.clone());
        if rows.is_empty() {
            let confidence = known.confidence;
            return ProfileRows { is_active: false, rows: old, docs_only: docs_only(known), confidence };
        }
        let mut docs_only = docs_only(known);
        docs_only.retain(|region| rows.contains_key(region) && !clear.contains_key(region));
        let all = rows.keys().all(|region| clear.contains_key(region));
        let confidence = match clear.is_empty() {
            true => known.confidence,
            false => confidence(known.confidence, rows != old, all),
        };
        ProfileRows { is_active: true, rows, docs_only, confidence }
    }
}

/// The rows of a profile that no catalogue has.
pub(super) fn of_new(sights: &SeenProfile) -> Option<ProfileRows> {
    let scope = if sights.values().any(|sight| *sight == Sight::Global) { Scope::Global } else { Scope::Geographic };
    let rows = clear(sights, scope);
    let (docs_only, confidence) = (Regions::new(), ProfileConfidence::Api);
    (!rows.is_empty()).then_some(ProfileRows { is_active: true, rows, docs_only, confidence })
}

/// What the catalogue has of a profile.
pub(super) fn of_known(known: &Profile) -> ProfileRows {
    let (is_active, confidence) = (known.is_active(), known.confidence);
    ProfileRows { is_active, rows: rows_of(known), docs_only: docs_only(known), confidence }
}

/// The routes that fit the form that the profile has in the file.
fn clear(sights: &SeenProfile, scope: Scope) -> SeenProfile {
    let fits = |sight: &Sight| match sight {
        Sight::Global => scope == Scope::Global,
        Sight::To(_) => scope == Scope::Geographic,
        Sight::Unclear => false,
    };
    let fitting = sights.iter().filter(|(_, sight)| fits(sight));
    fitting.map(|(region, sight)| (region.clone(), sight.clone())).collect()
}

fn rows_of(known: &Profile) -> SeenProfile {
    let row = |source: &str| match known.route(source)? {
        Route::Global => Some((source.to_owned(), Sight::Global)),
        Route::Geographic(regions) => Some((source.to_owned(), Sight::To(regions.iter().map(str::to_owned).collect()))),
    };
    known.sources().iter().filter_map(row).collect()
}

fn docs_only(known: &Profile) -> Regions {
    let sources = known.sources().iter().filter(|source| known.is_docs_only_source(source));
    sources.map(str::to_owned).collect()
}

/// How well rows are founded after some of them were listed: all of them or not, and with or without a change.
fn confidence(known: ProfileConfidence, changed: bool, all: bool) -> ProfileConfidence {
    use ProfileConfidence::{Api, ApiAndDocs, ApiAndDocsPartial, AssumedAll, AssumedDestinations, Docs, DocsPartial};
    match known {
        ApiAndDocs if changed => ApiAndDocsPartial,
        Docs if all && !changed => ApiAndDocs,
        Docs | DocsPartial if all => ApiAndDocsPartial,
        Docs => DocsPartial,
        AssumedDestinations | AssumedAll if all => Api,
        AssumedAll => AssumedDestinations,
        other => other,
    }
}
