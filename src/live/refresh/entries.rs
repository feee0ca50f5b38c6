//! Models and profiles in the file: those that are known are changed, new ones are added.

use serde_json::{Map, Value, json};

use super::names::Names;
use super::rows::{Judge, ProfileRows, of_known, of_new};
use super::seen::{Regions, SeenModel, Sight};
use super::{Changes, SOURCE};
use crate::bedrock::{Catalogue, LifecycleState, Model, ModelKind};
use crate::phrase;

/// Changes what is known, and adds what is new. `None` if the file is not of the shape that the catalogue was read from.
pub(super) fn change(
    models: &mut Vec<Value>,
    names: &mut Names,
    judge: Judge<'_>,
    changes: &mut Changes,
) -> Option<()> {
    let catalogue = judge.catalogue;
    let mut entries = Entries { names, judge, catalogue, changes };
    for entry in models.iter_mut() {
        let entry = entry.as_object_mut()?;
        let model = catalogue.model(entry.get("id")?.as_str()?)?;
        entries.known(entry, model)?;
    }
    for (id, seen) in judge.seen.models.iter().filter(|(id, _)| catalogue.model(id).is_none()) {
        if let Some(made) = entries.new_model(id, seen) {
            let at = models
                .iter()
                .position(|one| one.get("id").and_then(Value::as_str).is_some_and(|one| one > id.as_str()));
            models.insert(at.unwrap_or(models.len()), made);
        }
    }
    let unlisted = |model: &&String| catalogue.model(model).is_none() && !judge.seen.models.contains_key(*model);
    for model in judge.seen.profiles.keys().filter(unlisted) {
        let remark = format!("`{model}` has inference profiles, but no Region lists it as a model: not added");
        entries.changes.remarks.push(remark);
    }
    Some(())
}

struct Entries<'a> {
    names: &'a mut Names,
    judge: Judge<'a>,
    catalogue: &'a Catalogue,
    changes: &'a mut Changes,
}

impl Entries<'_> {
    fn known(&mut self, entry: &mut Map<String, Value>, model: &Model) -> Option<()> {
        if self.judge.is_hidden(model) {
            self.changes.hidden.push(model.id.to_string());
        }
        let on_demand = self.judge.on_demand(model);
        let mut changed = false;
        if !model.on_demand.iter().eq(on_demand.iter().map(String::as_str)) {
            entry.insert("on_demand".to_owned(), self.names.set(&on_demand).into());
            changed = true;
        }
        if let Some(seen) = self.judge.seen.models.get(&*model.id) {
            changed |= self.lifecycle(entry.get_mut("lifecycle")?.as_object_mut()?, model, seen)?;
        }
        let before = self.changes.profiles();
        self.profiles(entry.get_mut("profiles")?.as_array_mut()?, model)?;
        if changed {
            self.changes.models_changed.push(model.id.to_string());
        }
        if changed || self.changes.profiles() != before {
            found_live(entry)?;
        }
        Some(())
    }

    fn profiles(&mut self, entries: &mut Vec<Value>, model: &Model) -> Option<()> {
        for entry in entries.iter_mut() {
            let entry = entry.as_object_mut()?;
            let known = self.catalogue.profile(entry.get("id")?.as_str()?)?;
            let rows = self.judge.profile(model, known);
            if rows == of_known(known) {
                continue;
            }
            let list = match (known.is_active(), rows.is_active) {
                (true, false) => &mut self.changes.profiles_retired,
                (false, true) => &mut self.changes.profiles_added,
                _ => &mut self.changes.profiles_changed,
            };
            list.push(known.id.to_string());
            self.write(entry, &rows)?;
            found_live(entry)?;
        }
        self.new_profiles(entries, &model.id)
    }

    fn new_profiles(&mut self, entries: &mut Vec<Value>, model: &str) -> Option<()> {
        for (prefix, sights) in self.judge.seen.profiles.get(model).into_iter().flatten() {
            let id = format!("{prefix}.{model}");
            if self.catalogue.profile(&id).is_some() {
                continue;
            }
            let Some(rows) = of_new(sights) else { continue };
            let mut made = Map::new();
            made.insert("id".to_owned(), id.as_str().into());
            made.insert("prefix".to_owned(), prefix.as_str().into());
            self.write_routes(&mut made, &rows);
            made.insert("sources".to_owned(), json!([SOURCE]));
            self.write(&mut made, &rows)?;
            let later =
                |one: &Value| one.get("prefix").and_then(Value::as_str).is_some_and(|one| one > prefix.as_str());
            let at = entries.iter().position(later).unwrap_or(entries.len());
            entries.insert(at, Value::Object(made));
            self.changes.profiles_added.push(id);
        }
        Some(())
    }

    fn write(&mut self, entry: &mut Map<String, Value>, rows: &ProfileRows) -> Option<()> {
        entry.insert("status".to_owned(), if rows.is_active { "active" } else { "retired" }.into());
        entry.insert("confidence".to_owned(), serde_json::to_value(rows.confidence).ok()?);
        if rows.is_active {
            self.write_routes(entry, rows);
        }
        Some(())
    }

    fn write_routes(&mut self, entry: &mut Map<String, Value>, ProfileRows { rows, docs_only, .. }: &ProfileRows) {
        let to = |(source, sight): (&String, &Sight)| match sight {
            Sight::To(regions) => Some((source.clone(), regions.clone())),
            Sight::Global | Sight::Unclear => None,
        };
        let docs = if rows.values().any(|sight| *sight == Sight::Global) {
            let seen: Regions = rows.keys().filter(|source| !docs_only.contains(*source)).cloned().collect();
            entry.insert("from".to_owned(), self.names.set(&seen).into());
            ("from_docs_only", (!docs_only.is_empty()).then(|| self.names.set(docs_only).into()))
        } else {
            entry.insert("routes".to_owned(), self.names.routes(&rows.iter().filter_map(to).collect()).into());
            ("docs_only_sources", (!docs_only.is_empty()).then(|| json!(docs_only)))
        };
        match docs {
            (key, Some(value)) => drop(entry.insert(key.to_owned(), value)),
            (key, None) => drop(entry.shift_remove(key)),
        }
    }

    /// What AWS says of the lifecycle. That a model is legacy is news; that it is active is not, where pages have announced
    /// its end. It has one status for all Regions.
    fn lifecycle(&mut self, block: &mut Map<String, Value>, model: &Model, seen: &SeenModel) -> Option<bool> {
        let id = &model.id;
        match model.lifecycle_on(self.judge.date, None) {
            LifecycleState::Active if self.judge.is_legacy(Some(model), seen) => {}
            LifecycleState::Active => {
                self.legacy_in_some(id, seen);
                return Some(false);
            }
            LifecycleState::Legacy { .. } => return Some(false),
            LifecycleState::EndOfLife { since, .. } => {
                let since = since.map(|since| format!(" on {since}")).unwrap_or_default();
                self.changes.remarks.push(format!("`{id}` is still listed, though it ended{since}: its end stays"));
                return Some(false);
            }
        }
        block.insert("status".to_owned(), "legacy".into());
        // a day that lies ahead would keep it active until then
        if model.lifecycle.legacy_date.is_some_and(|date| date > self.judge.date) {
            block.insert("legacy_date".to_owned(), self.judge.date.to_string().into());
        }
        if block.contains_key("api_status") {
            block.insert("api_status".to_owned(), "legacy".into());
        }
        found_live(block)?;
        Some(true)
    }

    /// Remarks that a model is legacy in Regions that do not speak for all.
    fn legacy_in_some(&mut self, id: &str, seen: &SeenModel) {
        if !seen.legacy.is_empty() {
            let regions: Vec<&String> = seen.legacy.iter().collect();
            let remark = format!("`{id}` is legacy in {} alone: it stays active", phrase::list(&regions, 3));
            self.changes.remarks.push(remark);
        }
    }

    /// A model that is not in the catalogue, if it can be called. One that cannot is a variant that is bought provisioned.
    fn new_model(&mut self, id: &str, seen: &SeenModel) -> Option<Value> {
        let mut profiles = Vec::new();
        self.new_profiles(&mut profiles, id)?;
        if profiles.is_empty() && seen.on_demand.is_empty() {
            return None;
        }
        self.changes.models_added.push(id.to_owned());
        let is_legacy = self.judge.is_legacy(None, seen);
        if !is_legacy {
            self.legacy_in_some(id, seen);
        }
        let status = if is_legacy { "legacy" } else { "active" };
        let sorted = |words: &[String]| {
            let mut words = words.to_vec();
            words.sort();
            words
        };
        Some(json!({
            "id": id,
            "provider": self.provider(seen),
            "name": if seen.listed.name.is_empty() { id } else { &seen.listed.name },
            "kind": kind(seen).as_str(),
            "input": sorted(&seen.listed.input),
            "output": sorted(&seen.listed.output),
            "endpoints": ["bedrock-runtime"],
            "on_demand": self.names.set(&seen.on_demand),
            "mantle": self.names.set(&Regions::new()),
            "lifecycle": { "status": status, "sources": [SOURCE] },
            "access": "none",
            "sources": [SOURCE],
            "profiles": profiles,
        }))
    }

    /// The name of the provider as the catalogue writes it, which what is sold through AWS Marketplace depends on.
    fn provider(&self, seen: &SeenModel) -> String {
        let stem = |id: &str| id.split_once('.').map(|(stem, _)| stem.to_owned());
        let own = stem(&seen.listed.id);
        let sibling = self.catalogue.models().find(|model| own.is_some() && stem(&model.id) == own);
        sibling.map_or_else(|| seen.listed.provider.clone(), |sibling| sibling.provider.to_string())
    }
}

/// What a model is for, from what it gives; that it ranks only its id tells.
fn kind(seen: &SeenModel) -> ModelKind {
    let gives = |what: &str| seen.listed.output.iter().any(|one| one == what);
    match () {
        () if gives("embedding") => ModelKind::Embedding,
        () if gives("video") => ModelKind::Video,
        () if gives("speech") || gives("audio") => ModelKind::Speech,
        () if gives("image") && !gives("text") => ModelKind::Image,
        () if seen.listed.id.contains("rerank") => ModelKind::Rerank,
        () => ModelKind::Text,
    }
}

/// Names the account among the sources of an entry.
fn found_live(entry: &mut Map<String, Value>) -> Option<()> {
    let sources = entry.entry("sources").or_insert_with(|| json!([])).as_array_mut()?;
    if !sources.iter().any(|source| source == SOURCE) {
        sources.push(SOURCE.into());
    }
    Some(())
}
