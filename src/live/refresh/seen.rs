//! What the lists of several Regions say together.

use std::collections::{BTreeMap, BTreeSet};

use super::Listing;
use crate::bedrock::{ArnFields, Catalogue, Scope, is_region_shaped};
use crate::live::models::is_id;
use crate::live::{ListedModel, ListedProfile};

/// Codes of Regions.
pub(super) type Regions = BTreeSet<String>;

/// What was listed, by model and by profile.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The Regions that answered.
    pub(super) answered: Regions,
    /// By bare id.
    pub(super) models: BTreeMap<String, SeenModel>,
    /// By bare id of the model and prefix of the profile.
    pub(super) profiles: BTreeMap<String, BTreeMap<String, SeenProfile>>,
    /// Ids of profiles that cannot be understood; what is known of them stays.
    pub(super) odd: BTreeSet<String>,
    /// What stands in the place of ids and of Regions and looks like neither. Nothing of it goes into the file.
    pub(super) strange: BTreeSet<String>,
}

/// A model that was listed somewhere.
#[derive(Debug)]
pub(super) struct SeenModel {
    /// As the first of the Regions lists it.
    pub(super) listed: ListedModel,
    /// Where it is listed.
    pub(super) regions: Regions,
    /// Where it is called on-demand.
    pub(super) on_demand: Regions,
    /// Where it is legacy.
    pub(super) legacy: Regions,
}

/// Where calls to a profile are routed, by source Region.
pub(super) type SeenProfile = BTreeMap<String, Sight>;

/// What a Region lists as the route of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// To any commercial Region.
    Global,
    /// To these Regions.
    To(Regions),
    /// It is there, and its route cannot be understood.
    Unclear,
}

impl Seen {
    /// Puts lists together. A catalogue tells which prefixes are global.
    pub(super) fn new(listings: &[Listing], catalogue: &Catalogue) -> Self {
        let mut seen = Self::default();
        let by_region: BTreeMap<&str, &Listing> =
            listings.iter().map(|listing| (listing.region.as_str(), listing)).collect();
        for (region, listing) in by_region {
            seen.answered.insert(region.to_owned());
            for model in &listing.models {
                seen.model(region, model);
            }
            for profile in listing.profiles.iter().filter(|profile| profile.active) {
                seen.profile(region, profile, catalogue);
            }
        }
        seen
    }

    fn model(&mut self, region: &str, listed: &ListedModel) {
        if !is_id(&listed.id) {
            self.strange.insert(listed.id.clone());
            return;
        }
        let model = self.models.entry(listed.id.clone()).or_insert_with(|| SeenModel {
            listed: listed.clone(),
            regions: Regions::new(),
            on_demand: Regions::new(),
            legacy: Regions::new(),
        });
        model.regions.insert(region.to_owned());
        if listed.on_demand {
            model.on_demand.insert(region.to_owned());
        }
        if listed.legacy {
            model.legacy.insert(region.to_owned());
        }
    }

    fn profile(&mut self, region: &str, listed: &ListedProfile, catalogue: &Catalogue) {
        if !is_id(&listed.id) {
            self.strange.insert(listed.id.clone());
            return;
        }
        // of a profile that is known, it is still clear that it is there
        let unclear = |seen: &mut Self| {
            if let Some(known) = catalogue.profile(&listed.id) {
                seen.sight(known.model_id(), known.prefix(), region, Sight::Unclear);
            }
        };
        let Some((prefix, model, regions)) = taken_apart(listed) else {
            self.odd.insert(listed.id.clone());
            return unclear(self);
        };
        let strange: Vec<String> =
            regions.iter().filter(|code| !code.is_empty() && !is_region_shaped(code)).cloned().collect();
        if !strange.is_empty() {
            self.strange.extend(strange);
            return unclear(self);
        }
        let anywhere = regions.contains("");
        let is_global = match catalogue.prefix(prefix) {
            Some(known) => known.scope == Scope::Global,
            None => prefix == "global" || anywhere,
        };
        let sight = match is_global {
            true => Sight::Global,
            false if anywhere || regions.is_empty() => {
                self.odd.insert(listed.id.clone());
                Sight::Unclear
            }
            false => Sight::To(regions),
        };
        self.sight(model, prefix, region, sight);
    }

    fn sight(&mut self, model: &str, prefix: &str, region: &str, sight: Sight) {
        let profiles = self.profiles.entry(model.to_owned()).or_default();
        profiles.entry(prefix.to_owned()).or_default().insert(region.to_owned(), sight);
    }

    /// Whether the account sees a model at all, in any Region.
    pub(super) fn sees(&self, model: &str) -> bool {
        self.models.contains_key(model) || self.profiles.contains_key(model)
    }
}

/// The prefix, the bare id of the model and the Regions of a profile: all of its models are one, and its id ends in that.
fn taken_apart(listed: &ListedProfile) -> Option<(&str, &str, Regions)> {
    let mut models = BTreeSet::new();
    let mut regions = Regions::new();
    for arn in &listed.models {
        let fields = ArnFields::split(arn)?;
        models.insert(fields.resource_id?.text);
        regions.insert(fields.region.text.to_owned());
    }
    let model = models.pop_first().filter(|_| models.is_empty())?;
    let prefix = listed.id.strip_suffix(model)?.strip_suffix('.')?;
    (!prefix.is_empty() && !prefix.contains('.')).then_some((prefix, model, regions))
}
