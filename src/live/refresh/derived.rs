//! What a catalogue file says twice: what follows from its models and profiles is written anew where those have changed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::seen::Regions;
use crate::bedrock::{Catalogue, CatalogueError, Partition, Profile, Scope};

/// What the active profiles of a prefix come to.
#[derive(Debug, Default)]
struct Prefix {
    profiles: usize,
    sources: Regions,
    destinations: Regions,
    is_global: bool,
}

/// Writes what follows: the access and the endpoints of models, what is said of prefixes, and the prefixes of Regions.
/// Prefixes that are new are of the partition. `Ok(None)` if the file is not of the shape that it is read by.
pub(super) fn follow(file: &mut Map<String, Value>, partition: Partition) -> Result<Option<()>, CatalogueError> {
    let catalogue = Catalogue::from_json(&Value::Object(file.clone()).to_string())?;
    Ok(models(file, &catalogue).and_then(|()| prefixes(file, &catalogue, partition)))
}

fn models(file: &mut Map<String, Value>, catalogue: &Catalogue) -> Option<()> {
    for entry in file.get_mut("models")?.as_array_mut()? {
        let entry = entry.as_object_mut()?;
        let model = catalogue.model(entry.get("id")?.as_str()?)?;
        let by_profile = model.active_profiles().next().is_some();
        let access = match (model.on_demand.is_empty(), by_profile) {
            (false, true) => "both",
            (false, false) => "on-demand",
            (true, true) => "profile-only",
            (true, false) if !model.mantle.is_empty() => "mantle-only",
            (true, false) => "none",
        };
        entry.insert("access".to_owned(), access.into());
        if !model.on_runtime() && (by_profile || !model.on_demand.is_empty()) {
            entry.get_mut("endpoints")?.as_array_mut()?.insert(0, "bedrock-runtime".into());
        }
    }
    Some(())
}

fn prefixes(file: &mut Map<String, Value>, catalogue: &Catalogue, partition: Partition) -> Option<()> {
    let mut all: BTreeMap<&str, Prefix> = catalogue.prefixes().map(|known| (&*known.name, Prefix::default())).collect();
    let mut by_region: BTreeMap<&str, Regions> = BTreeMap::new();
    let active: Vec<&Profile> = catalogue.profiles().filter(|profile| profile.is_active()).collect();
    for profile in active {
        let prefix = all.entry(profile.prefix()).or_default();
        prefix.profiles += 1;
        prefix.is_global |= profile.scope == Scope::Global;
        for source in profile.sources().iter() {
            prefix.sources.insert(source.to_owned());
            let destinations = profile.destinations(source).into_iter().flat_map(|set| set.iter());
            prefix.destinations.extend(destinations.map(str::to_owned));
            by_region.entry(source).or_default().insert(profile.prefix().to_owned());
        }
    }
    let entries = file.get_mut("prefixes")?.as_object_mut()?;
    for (name, prefix) in all {
        if !entries.contains_key(name) {
            let scope = if prefix.is_global { "global" } else { "geo" };
            insert_sorted(entries, name, json!({ "scope": scope, "partition": partition.as_str() }));
        }
        let entry = entries.get_mut(name)?.as_object_mut()?;
        entry.insert("active_profiles".to_owned(), prefix.profiles.into());
        entry.insert("source_regions".to_owned(), json!(prefix.sources));
        if !prefix.is_global {
            entry.insert("destination_regions".to_owned(), json!(prefix.destinations));
        }
    }
    for (code, entry) in file.get_mut("regions")?.as_object_mut()? {
        let entry = entry.as_object_mut()?;
        match by_region.get(code.as_str()) {
            Some(prefixes) => drop(entry.insert("prefixes".to_owned(), json!(prefixes))),
            None if entry.contains_key("prefixes") => drop(entry.insert("prefixes".to_owned(), json!([]))),
            None => {}
        }
    }
    Some(())
}

/// Puts an entry where its key belongs among sorted ones.
pub(super) fn insert_sorted(map: &mut Map<String, Value>, key: &str, value: Value) {
    let at = map.keys().position(|one| one.as_str() > key).unwrap_or(map.len());
    map.shift_insert(at, key.to_owned(), value);
}
