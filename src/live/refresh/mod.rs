//! A newer catalogue file from what an account lists: the models and inference profiles of its Regions.
//!
//! What the account says nothing of stays as it was: thinking, sampling, the dates of lifecycles, Regions that were not
//! asked or did not answer. The same answers give the same bytes.

mod ask;
mod derived;
mod entries;
mod names;
mod rows;
mod seen;
mod written;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Value, json};
use thiserror::Error;

use self::derived::insert_sorted;
use self::names::Names;
use self::rows::Judge;
use self::seen::{Regions, Seen, Sight};
use super::{ListedModel, ListedProfile};
use crate::bedrock::{Catalogue, CatalogueError, Partition};

pub use self::ask::{RefreshError, RefreshOutcome, RefreshRequest, refresh};

/// The id of the account among the sources of a catalogue. Its number is not told.
const SOURCE: &str = "live";

/// What a Region lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The code of the Region.
    pub region: String,
    /// Its foundation models.
    pub models: Vec<ListedModel>,
    /// The system-defined inference profiles that can be called from there.
    pub profiles: Vec<ListedProfile>,
}

/// A catalogue that was refreshed.
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// The file.
    pub text: String,
    /// What is other than before.
    pub changes: Changes,
}

/// What is other than in the catalogue before, by id, and what is to be known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Models that are new.
    pub models_added: Vec<String>,
    /// Models that are on-demand in other Regions, or have become legacy.
    pub models_changed: Vec<String>,
    /// Profiles that are new, or callable again.
    pub profiles_added: Vec<String>,
    /// Profiles with other sources or routes, or better founded ones.
    pub profiles_changed: Vec<String>,
    /// Profiles that can be called from nowhere any more.
    pub profiles_retired: Vec<String>,
    /// Codes of Regions that the catalogue had not, or had without Amazon Bedrock.
    pub regions_added: Vec<String>,
    /// Models that no Region lists, and that stay as they were: they may be hidden from the account.
    pub hidden: Vec<String>,
    /// What the file cannot say, in sentences.
    pub remarks: Vec<String>,
}

impl Changes {
    /// How many profiles are other than before.
    fn profiles(&self) -> usize {
        self.profiles_added.len() + self.profiles_changed.len() + self.profiles_retired.len()
    }
}

/// Why a catalogue could not be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MergeError {
    /// The catalogue before cannot be used.
    #[error("the catalogue to begin with is not usable: {0}")]
    Base(CatalogueError),
    /// The catalogue before is not written as its kind is.
    #[error("the catalogue to begin with lacks a part that is to be changed")]
    Shape,
    /// What was made is not a catalogue: a mistake of this program.
    #[error("what was made of the answers is not a catalogue: {0}")]
    Made(CatalogueError),
}

/// The catalogue that is to follow a catalogue, given as its text, after these lists of Regions of a partition on a day.
///
/// # Errors
/// The text is not a catalogue, or no catalogue could be made of it.
pub fn merge(base: &str, listings: &[Listing], partition: Partition, date: Date) -> Result<Refreshed, MergeError> {
    let catalogue = Catalogue::from_json(base).map_err(MergeError::Base)?;
    let mut file: Map<String, Value> = serde_json::from_str(base).map_err(|error| MergeError::Base(error.into()))?;
    let seen = Seen::new(listings, &catalogue);
    let judge = Judge { seen: &seen, catalogue: &catalogue, partition, date };
    let mut changes = Changes::default();
    let mut merged = || {
        let mut names = Names::take(&mut file)?;
        let models = file.get_mut("models")?.as_array_mut()?;
        entries::change(models, &mut names, judge, &mut changes)?;
        names.put_back(&mut file);
        confirm(&mut file, &changes);
        regions(&mut file, &seen, partition, &mut changes)?;
        stamp(&mut file, judge)
    };
    merged().ok_or(MergeError::Shape)?;
    derived::follow(&mut file, partition).map_err(MergeError::Made)?.ok_or(MergeError::Shape)?;
    let odd =
        seen.odd.iter().map(|id| format!("`{id}` is listed with models that cannot be understood: it stays as it was"));
    changes.remarks.extend(odd);
    if !seen.strange.is_empty() {
        let (count, them) = match seen.strange.len() {
            1 => ("1 id or Region that is listed looks".to_owned(), "it"),
            count => (format!("{count} ids and Regions that are listed look"), "them"),
        };
        changes.remarks.push(format!("{count} like none: nothing is made of {them}, and what was known stays"));
    }
    let text = written::text(&file);
    Catalogue::from_json(&text).map_err(MergeError::Made)?;
    Ok(Refreshed { text, changes })
}

/// What was listed is neither unconfirmed nor left out any more.
fn confirm(file: &mut Map<String, Value>, changes: &Changes) {
    let found = changes.profiles_added.iter().chain(&changes.models_added);
    let found: Vec<&str> = found.map(String::as_str).collect();
    for key in ["unconfirmed_profiles", "excluded"] {
        if let Some(Value::Array(entries)) = file.get_mut(key) {
            entries.retain(|entry| !entry.get("id").and_then(Value::as_str).is_some_and(|id| found.contains(&id)));
        }
    }
}

/// Regions that answered, and those that calls are routed to, have Amazon Bedrock. The name of a new one is not known.
fn regions(file: &mut Map<String, Value>, seen: &Seen, partition: Partition, changes: &mut Changes) -> Option<()> {
    let sights = seen.profiles.values().flat_map(BTreeMap::values).flat_map(BTreeMap::values);
    let routed = sights.filter_map(|sight| if let Sight::To(regions) = sight { Some(regions) } else { None });
    let all: Regions = routed.flatten().chain(&seen.answered).cloned().collect();
    let entries = file.get_mut("regions")?.as_object_mut()?;
    for code in all {
        match entries.get_mut(&code) {
            Some(known) if known.get("bedrock") == Some(&Value::Bool(true)) => continue,
            Some(known) => drop(known.as_object_mut()?.insert("bedrock".to_owned(), true.into())),
            None => {
                let made = json!({ "name": code, "partition": partition.as_str(), "bedrock": true });
                insert_sorted(entries, &code, made);
            }
        }
        changes.regions_added.push(code);
    }
    Some(())
}

/// Writes who said this, of which Regions and when. The whole file is of the day only if every Region of the partition
/// answered.
fn stamp(file: &mut Map<String, Value>, judge: Judge<'_>) -> Option<()> {
    let Judge { seen: Seen { answered, .. }, date, .. } = judge;
    if judge.is_whole() && date > judge.catalogue.as_of() {
        file.insert("as_of".to_owned(), date.to_string().into());
    }
    let days = file.entry("refreshed").or_insert_with(|| json!({})).as_object_mut()?;
    for region in answered {
        days.insert(region.clone(), date.to_string().into());
    }
    days.sort_keys();
    let codes: Vec<&str> = days.keys().map(String::as_str).collect();
    let title = format!("ListFoundationModels and ListInferenceProfiles of an AWS account, in {}", codes.join(", "));
    let mut dates: Vec<&str> = days.values().filter_map(Value::as_str).collect();
    dates.sort_unstable();
    let date = match dates.as_slice() {
        [first, .., last] if first != last => format!("{first}..{last}"),
        [first, ..] => (*first).to_owned(),
        [] => String::new(),
    };
    let source = json!({ "title": title, "url": "", "date": date });
    let sources = file.entry("sources").or_insert_with(|| json!({})).as_object_mut()?;
    sources.insert(SOURCE.to_owned(), source);
    Some(())
}

#[cfg(test)]
mod tests;
