//! The named Region sets and route maps of a catalogue file: found by what they hold, and made where there is none.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::seen::Regions;

/// Where calls are routed, by source Region.
pub(super) type Routes = BTreeMap<String, Regions>;

/// What the names that are made here begin with.
const MADE: &str = "live-";

/// The named sets and maps of a file.
#[derive(Debug)]
pub(super) struct Names {
    sets: Map<String, Value>,
    maps: Map<String, Value>,
}

impl Names {
    /// Takes them out of a file, which is to get them back.
    pub(super) fn take(file: &mut Map<String, Value>) -> Option<Self> {
        let mut taken = |key: &str| file.get_mut(key)?.as_object_mut().map(std::mem::take);
        Some(Self { sets: taken("region_sets")?, maps: taken("route_maps")? })
    }

    /// Puts them into the file that they were taken from, without those that were made for an earlier refresh and that
    /// nothing uses any more.
    pub(super) fn put_back(mut self, file: &mut Map<String, Value>) {
        let mut used = BTreeSet::new();
        words(file.get("models"), &mut used);
        self.maps.retain(|name, _| !name.starts_with(MADE) || used.contains(name));
        self.maps.values().for_each(|map| words(Some(map), &mut used));
        self.sets.retain(|name, _| !name.starts_with(MADE) || used.contains(name));
        file.insert("region_sets".to_owned(), Value::Object(self.sets));
        file.insert("route_maps".to_owned(), Value::Object(self.maps));
    }

    /// The name of the set of these Regions.
    pub(super) fn set(&mut self, regions: &Regions) -> String {
        let same = |set: &Value| {
            let codes = set.as_array().map(|codes| codes.iter().filter_map(Value::as_str).collect::<BTreeSet<_>>());
            codes.is_some_and(|codes| codes.into_iter().eq(regions))
        };
        named(&mut self.sets, same, regions.iter().map(String::as_str).collect())
    }

    /// The name of the map of these routes.
    pub(super) fn routes(&mut self, routes: &Routes) -> String {
        let rows: BTreeMap<&str, String> =
            routes.iter().map(|(source, regions)| (source.as_str(), self.set(regions))).collect();
        // two names of one set make two maps of the same rows, which is no harm
        let same = |map: &Value| {
            let map = map.as_object();
            map.is_some_and(|map| {
                map.len() == rows.len()
                    && rows.iter().all(|(source, set)| map.get(*source).and_then(Value::as_str) == Some(set))
            })
        };
        let made = rows.iter().map(|(source, set)| ((*source).to_owned(), Value::from(set.as_str())));
        named(&mut self.maps, same, made.collect())
    }
}

/// The name of the first value that is the same, or a new name for this one.
fn named(all: &mut Map<String, Value>, same: impl Fn(&Value) -> bool, made: Value) -> String {
    if let Some((name, _)) = all.iter().find(|(_, value)| same(value)) {
        return name.clone();
    }
    let free = (1..).map(|number: u64| format!("{MADE}{number}")).find(|name| !all.contains_key(name));
    let name = free.unwrap_or_default();
    all.insert(name.clone(), made);
    name
}

/// Every string in a value: a name that is used is among them.
fn words(value: Option<&Value>, found: &mut BTreeSet<String>) {
    match value {
        Some(Value::String(word)) => drop(found.insert(word.clone())),
        Some(Value::Array(items)) => items.iter().for_each(|item| words(Some(item), found)),
        Some(Value::Object(fields)) => fields.values().for_each(|field| words(Some(field), found)),
        _ => {}
    }
}
