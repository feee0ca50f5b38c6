//! Schema 1 of what the catalogue says; fields are only ever added.

use jiff::civil::Date;
use serde::Serialize;

use super::super::json::{SCHEMA, Tool};
use super::super::{pretty, printable};
use crate::bedrock::{
    Access, Catalogue, Endpoint, LifecycleConfidence, LifecycleState, Model, ModelKind, Profile, ProfileConfidence,
    ProfileStatus, RegionSet, Route, Sampling, Scope, Source, Thinking,
};
use crate::models::{Checked, Hit, How, ModelsAnswer, Way};

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    tool: Tool,
    as_of: String,
    query: Option<String>,
    region: Option<&'a str>,
    note: Option<String>,
    models: Vec<ModelRow<'a>>,
    nearest: &'a [&'a str],
    checked: Vec<CheckedRow>,
}

#[derive(Serialize)]
struct CheckedRow {
    id: String,
    callable: bool,
    fault: Option<String>,
    instead: Vec<String>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct ModelRow<'a> {
    id: &'a str,
    name: &'a str,
    provider: &'a str,
    kind: ModelKind,
    input: &'a [Box<str>],
    output: &'a [Box<str>],
    access: Access,
    endpoints: &'a [Endpoint],
    lifecycle: LifecycleRow<'a>,
    callable_by: Vec<WayRow<'a>>,
    on_demand: Vec<&'a str>,
    mantle: Vec<&'a str>,
    profiles: Vec<ProfileRow<'a>>,
    thinking: Option<&'a Thinking>,
    sampling: Option<&'a Sampling>,
    max_output_tokens: Option<u32>,
    marketplace: Option<bool>,
    successors: &'a [Box<str>],
    launch_date: Option<String>,
    sources: Vec<&'a Source>,
}

#[derive(Serialize)]
struct LifecycleRow<'a> {
    state: &'static str,
    legacy_date: Option<String>,
    extended_access_date: Option<String>,
    eol_date: Option<String>,
    eol_no_sooner_than: Option<String>,
    days_left: Option<i32>,
    eol_regions: Option<Vec<&'a str>>,
    confidence: LifecycleConfidence,
    note: Option<&'a str>,
}

/// An id by which the model can be called; from the Region, if one is named.
#[derive(Serialize)]
struct WayRow<'a> {
    id: &'a str,
    how: &'static str,
    /// Where a call from the Region may run, if AWS lists it.
    destinations: Option<Vec<&'a str>>,
}

#[derive(Serialize)]
struct ProfileRow<'a> {
    id: &'a str,
    prefix: &'a str,
    scope: Scope,
    status: ProfileStatus,
    confidence: ProfileConfidence,
    routes: Vec<RouteRow<'a>>,
}

#[derive(Serialize)]
struct RouteRow<'a> {
    source: &'a str,
    /// None for a global profile: any commercial Region.
    destinations: Option<Vec<&'a str>>,
}

/// The answer for programs.
#[must_use]
pub fn json(answer: &ModelsAnswer<'_>, catalogue: &Catalogue) -> String {
    pretty(&Report {
        schema: SCHEMA,
        tool: Tool::with(catalogue.as_of()),
        as_of: answer.as_of.to_string(),
        query: (!answer.query.is_empty()).then(|| printable(&answer.query)),
        region: answer.region,
        note: answer.note.as_deref().map(printable),
        models: answer.hits.iter().map(|hit| model(hit, answer, catalogue)).collect(),
        nearest: &answer.nearest,
        checked: Vec::new(),
    })
}

/// Whether ids can be called, for programs.
#[must_use]
pub fn checked_json(all: &[Checked], region: Option<&str>, as_of: Date, catalogue: &Catalogue) -> String {
    let row = |one: &Checked| CheckedRow {
        id: printable(&one.id),
        callable: one.is_callable(),
        fault: one.why().map(printable),
        instead: one.instead.clone(),
        notes: one.notes.iter().map(|note| printable(note)).collect(),
    };
    pretty(&Report {
        schema: SCHEMA,
        tool: Tool::with(catalogue.as_of()),
        as_of: as_of.to_string(),
        query: None,
        region,
        note: None,
        models: Vec::new(),
        nearest: &[],
        checked: all.iter().map(row).collect(),
    })
}

fn model<'a>(hit: &'a Hit<'_>, answer: &ModelsAnswer<'_>, catalogue: &'a Catalogue) -> ModelRow<'a> {
    let model = hit.model;
    let ids = model.sources.iter().chain(model.lifecycle.sources.iter().filter(|id| !model.sources.contains(id)));
    ModelRow {
        id: &model.id,
        name: &model.name,
        provider: &model.provider,
        kind: model.kind,
        input: &model.input,
        output: &model.output,
        access: model.access,
        endpoints: &model.endpoints,
        lifecycle: lifecycle(model, answer),
        callable_by: hit.ways.iter().map(way).collect(),
        on_demand: codes(&model.on_demand),
        mantle: codes(&model.mantle),
        profiles: model.profiles.iter().map(profile).collect(),
        thinking: model.thinking.as_ref(),
        sampling: model.sampling.as_ref(),
        max_output_tokens: model.max_output_tokens,
        marketplace: model.marketplace,
        successors: &model.successors,
        launch_date: model.launch_date.map(|date| date.to_string()),
        sources: ids.filter_map(|id| catalogue.source(id)).collect(),
    }
}

fn lifecycle<'a>(model: &'a Model, answer: &ModelsAnswer<'_>) -> LifecycleRow<'a> {
    let block = &model.lifecycle;
    let text = |date: Option<Date>| date.map(|date| date.to_string());
    let ahead = block.eol_date.filter(|date| *date > answer.as_of);
    LifecycleRow {
        state: match model.lifecycle_on(answer.as_of, answer.region) {
            LifecycleState::Active => "active",
            LifecycleState::Legacy { .. } => "legacy",
            LifecycleState::EndOfLife { .. } => "ended",
        },
        legacy_date: text(block.legacy_date),
        extended_access_date: text(block.extended_access_date),
        eol_date: text(block.eol_date),
        eol_no_sooner_than: text(block.eol_no_sooner_than),
        days_left: ahead.and_then(|date| answer.as_of.until(date).ok()).map(|span| span.get_days()),
        eol_regions: block.eol_regions.as_ref().map(codes),
        confidence: block.confidence,
        note: block.note.as_deref(),
    }
}

fn way<'a>(way: &'a Way<'_>) -> WayRow<'a> {
    let (how, destinations) = match way.how {
        How::OnDemand(_) => ("on-demand", None),
        How::Mantle(_) => ("bedrock-mantle", None),
        How::Profile(profile, route) => {
            let how = if profile.scope == Scope::Global { "global-profile" } else { "geographic-profile" };
            let destinations = match route {
                Some(Route::Geographic(regions)) => Some(codes(regions)),
                _ => None,
            };
            (how, destinations)
        }
    };
    WayRow { id: way.id, how, destinations }
}

fn profile(profile: &Profile) -> ProfileRow<'_> {
    let route = |source| RouteRow { source, destinations: profile.destinations(source).map(codes) };
    ProfileRow {
        id: &profile.id,
        prefix: profile.prefix(),
        scope: profile.scope,
        status: profile.status,
        confidence: profile.confidence,
        routes: profile.sources().iter().map(route).collect(),
    }
}

fn codes(regions: &RegionSet) -> Vec<&str> {
    regions.iter().collect()
}
