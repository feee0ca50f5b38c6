//! What there is to say of a model, in words that people and tickets share.

use jiff::civil::Date;

use super::super::printable;
use crate::bedrock::{
    Catalogue, Endpoint, Evidence, LifecycleConfidence, LifecycleState, Model, Profile, ProfileConfidence, RegionSet,
    Route, Standing, ThinkingDefault,
};
use crate::models::{Hit, How, Way};

/// State, and the day that belongs to it, both short.
pub(super) fn lifecycle(hit: &Hit<'_>) -> (&'static str, String) {
    let block = &hit.model.lifecycle;
    match hit.standing {
        Standing::Offered => ("active", String::new()),
        Standing::Legacy { eol: Some(eol), .. } => ("legacy", format!("to {eol}")),
        Standing::Legacy { eol: None, .. } => ("legacy", String::new()),
        Standing::EndedInPart => ("legacy", "ended in part".to_owned()),
        Standing::RetiredProfile => ("retired", String::new()),
        Standing::EndedThere { .. } | Standing::Ended { .. } => {
            ("ended", block.eol_date.map(|date| date.to_string()).unwrap_or_default())
        }
    }
}

/// How a model is called from wherever it can be.
pub(super) fn called_by(hit: &Hit<'_>) -> String {
    let prefixes: Vec<&str> = hit
        .ways
        .iter()
        .filter_map(|way| match way.how {
            How::Profile(profile, _) => Some(profile.prefix()),
            _ => None,
        })
        .collect();
    let bare = hit.ways.iter().find_map(|way| match way.how {
        How::OnDemand(regions) => Some(format!("bare id in {}", some_regions(regions))),
        How::Mantle(regions) => Some(format!("on bedrock-mantle alone, in {}", some_regions(regions))),
        How::Profile(..) => None,
    });
    let profiles = (!prefixes.is_empty()).then(|| prefixes.join(", "));
    let all: Vec<String> = profiles.into_iter().chain(bare).collect();
    if all.is_empty() { "-".to_owned() } else { printable(&all.join("; ")) }
}

fn some_regions(regions: &RegionSet) -> String {
    match regions.iter().collect::<Vec<_>>().as_slice() {
        [one] => (*one).to_owned(),
        all => format!("{} Regions", all.len()),
    }
}

/// Where a call from a Region runs.
pub(super) fn runs_in(way: &Way<'_>, model: &Model) -> String {
    match way.how {
        How::OnDemand(_) => "on-demand: in the Region itself".to_owned(),
        How::Mantle(_) if model.on_runtime() => {
            "on bedrock-mantle; bedrock-runtime is not known to serve it".to_owned()
        }
        How::Mantle(_) => "on the endpoint bedrock-mantle alone".to_owned(),
        How::Profile(_, Some(Route::Global)) => "any commercial Region".to_owned(),
        How::Profile(profile, Some(Route::Geographic(regions))) => {
            let guess = if profile.confidence.destinations_known() { "" } else { " (assumed)" };
            format!("{}{guess}", joined(regions))
        }
        How::Profile(_, None) => String::new(),
    }
}

pub(super) fn joined(regions: &RegionSet) -> String {
    printable(&regions.iter().collect::<Vec<_>>().join(", "))
}

/// What is said of one model: a label and a sentence each.
pub(super) fn facts(hit: &Hit<'_>, region: Option<&str>, as_of: Date) -> Vec<(&'static str, String)> {
    let model = hit.model;
    let mut facts = vec![
        (
            "kind",
            format!("{}: takes {}, gives {}", model.kind.as_str(), model.input.join(", "), model.output.join(", ")),
        ),
        ("lifecycle", standing(model, region, as_of)),
        ("on-demand", on_demand(model, region)),
    ];
    if model.endpoints.contains(&Endpoint::BedrockMantle) {
        let regions =
            if model.mantle.is_empty() { "no Region that is known".to_owned() } else { joined(&model.mantle) };
        facts.push(("mantle", format!("bedrock-mantle serves it in {regions}")));
    }
    facts.push(("thinking", thinking(model)));
    let most = model.max_output_tokens.map_or("not recorded".to_owned(), |most| format!("{most} tokens"));
    facts.push(("max output", most));
    facts.push(("marketplace", marketplace(model).to_owned()));
    if let Some(date) = model.launch_date {
        facts.push(("launched", date.to_string()));
    }
    if !model.successors.is_empty() {
        facts.push(("successor", model.successors.join(", ")));
    }
    facts.into_iter().map(|(label, text)| (label, printable(&text))).collect()
}

/// What ends when, with the days that are left.
fn standing(model: &Model, region: Option<&str>, as_of: Date) -> String {
    let block = &model.lifecycle;
    let dated = |date: Date| {
        let days = as_of.until(date).map(|span| span.get_days()).unwrap_or_default();
        match days {
            0 => format!("{date}, today"),
            1 => format!("{date}, tomorrow"),
            days if days > 0 => format!("{date}, in {days} days"),
            _ => date.to_string(),
        }
    };
    let began = block.legacy_date.map(dated);
    let mut parts = match (model.lifecycle_on(as_of, region), began) {
        (LifecycleState::Active, Some(began)) => vec!["active".to_owned(), format!("legacy from {began}")],
        (LifecycleState::Active, None) => vec!["active".to_owned()],
        (LifecycleState::Legacy { .. }, Some(began)) => vec![format!("legacy since {began}")],
        (LifecycleState::Legacy { .. }, None) => vec!["legacy".to_owned()],
        (LifecycleState::EndOfLife { .. }, _) => vec!["ended".to_owned()],
    };
    parts.extend(
        block.extended_access_date.map(|date| format!("extended access, at a higher price, from {}", dated(date))),
    );
    let verb = |date: Date| if date <= as_of { "end of life was on" } else { "ends on" };
    let limited = block.eol_regions.as_ref().map(|regions| format!(" in {}", joined(regions))).unwrap_or_default();
    parts.extend(block.eol_date.map(|date| format!("{} {}{limited}", verb(date), dated(date))));
    let sooner = block.eol_no_sooner_than.filter(|date| block.eol_date.is_none() && *date > as_of);
    parts.extend(sooner.map(|date| format!("no end before {}", dated(date))));
    let sure = match block.confidence {
        LifecycleConfidence::Documented => "",
        LifecycleConfidence::Secondary => " (a price table alone says so)",
        LifecycleConfidence::Inferred => " (concluded: no page lists the id)",
    };
    format!("{}{sure}", parts.join("; "))
}

fn on_demand(model: &Model, region: Option<&str>) -> String {
    let regions = &model.on_demand;
    match region {
        Some(region) if regions.contains(region) => format!("the bare id works in {region}"),
        Some(region) => format!("the bare id does not work in {region}"),
        None if regions.is_empty() && model.active_profiles().next().is_some() => {
            "in no Region: it is called through inference profiles alone".to_owned()
        }
        None if regions.is_empty() => "in no Region".to_owned(),
        None => format!("the bare id works in {}", joined(regions)),
    }
}

fn thinking(model: &Model) -> String {
    let Some(thinking) = &model.thinking else { return "not recorded".to_owned() };
    if thinking.modes.is_empty() {
        return "no extended thinking".to_owned();
    }
    let mut text = thinking.modes.iter().map(|mode| mode.as_str()).collect::<Vec<_>>().join(", ");
    text.push_str(match thinking.default {
        ThinkingDefault::None => "",
        ThinkingDefault::Off => "; off when left out",
        ThinkingDefault::Adaptive => "; adaptive when left out",
    });
    if !thinking.can_disable {
        text.push_str("; cannot be turned off");
    }
    if let Some(least) = thinking.min_budget_tokens {
        text.push_str(&format!("; a budget is at least {least} tokens"));
    }
    if thinking.enabled_deprecated {
        text.push_str("; enabled is deprecated");
    }
    text.push_str(match thinking.confidence {
        Evidence::Documented => "",
        Evidence::Secondary => " (not from an AWS page)",
        Evidence::Inferred => " (concluded from sibling models)",
    });
    text
}

fn marketplace(model: &Model) -> &'static str {
    match model.marketplace {
        Some(true) => {
            "the first call in an account subscribes it: somebody needs aws-marketplace:Subscribe and ViewSubscriptions once"
        }
        Some(false) => "no subscription is needed",
        None => "not known: the sources disagree",
    }
}

/// The profiles of a model that are shown: those that can be called from the Region if one is named, else all.
pub(super) fn profiles<'c>(model: &'c Model, region: Option<&str>) -> Vec<&'c Profile> {
    let here =
        |profile: &&Profile| region.is_none_or(|region| profile.is_active() && profile.sources().contains(region));
    let mut profiles: Vec<&Profile> = model.profiles.iter().filter(here).collect();
    profiles.sort_by_key(|profile| !profile.is_active());
    profiles
}

/// What is to be known of a profile as a whole, beside its id.
pub(super) fn remark(profile: &Profile) -> &'static str {
    match profile.confidence {
        _ if !profile.is_active() => "no longer offered",
        ProfileConfidence::AssumedDestinations => "its destinations are assumed",
        ProfileConfidence::AssumedAll => "assumed: a price table alone names it",
        _ => "",
    }
}

/// Source Regions with one route, and where it leads.
pub(super) fn routes(profile: &Profile, region: Option<&str>) -> Vec<(String, String)> {
    let mut routes: Vec<(Vec<&str>, String)> = Vec::new();
    for source in profile.sources().iter().filter(|source| region.is_none_or(|region| *source == region)) {
        let to = match profile.route(source) {
            Some(Route::Global) => "any commercial Region".to_owned(),
            Some(Route::Geographic(regions)) => joined(regions),
            None => continue,
        };
        match routes.iter_mut().find(|(_, known)| *known == to) {
            Some((sources, _)) => sources.push(source),
            None => routes.push((vec![source], to)),
        }
    }
    routes.into_iter().map(|(sources, to)| (printable(&sources.join(", ")), to)).collect()
}

/// Where the facts about a model were read, each once.
pub(super) fn sources(model: &Model, catalogue: &Catalogue) -> Vec<(String, String, String)> {
    let mut ids: Vec<&str> = Vec::new();
    for id in model.sources.iter().chain(&model.lifecycle.sources) {
        if !ids.contains(&&**id) {
            ids.push(id);
        }
    }
    let known = ids.into_iter().filter_map(|id| catalogue.source(id));
    known.map(|one| (printable(&one.title), printable(&one.url), printable(&one.date))).collect()
}
