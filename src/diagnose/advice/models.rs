//! Advice about models: by which id, which one, with which parameters.

use std::cmp::Reverse;

use super::Advised;
use crate::access::{Asked, target_of};
use crate::bedrock::{
    Accepted, Catalogue, LifecycleState, Model, ModelKind, Partition, Profile, Route, ThinkingMode, ThinkingStyle,
};
use crate::diagnose::facts::Field;
use crate::diagnose::situation::{Condition, Situation};
use crate::phrase::list;

/// More ids than this do not help to choose.
const MOST: usize = 6;

/// More Regions than this are counted.
const REGIONS: usize = 4;

/// The ids by which the model can be called.
pub(super) fn ids(on: Situation<'_>) -> Vec<Advised> {
    let Some(model) = on.model() else { return Vec::new() };
    if on.holds(Condition::Ended) == Some(true) {
        return successors(on).into_iter().collect();
    }
    let Some(region) = on.region() else { return vec![by_region(model, on)] };
    let ids = on.catalogue.ids_for(model, on.partition(), Some(region));
    // nothing is wrong with an id that can be called from there
    if on.facts.get(Field::Model).is_some_and(|called| ids.contains(&called)) {
        return Vec::new();
    }
    let advice = match ids.as_slice() {
        [] => elsewhere(model, region, on),
        [one] => Advised::listed(format!("call {} from `{region}` by the id", model.name), [*one]),
        several => {
            Advised::listed(format!("call {} from `{region}` by one of these ids", model.name), several.iter().copied())
        }
    };
    vec![advice]
}

/// The ids with the Regions that each is for, where it is not known which is called.
fn by_region(model: &Model, on: Situation<'_>) -> Advised {
    let partition = on.partition();
    let profiles = on.catalogue.profiles_for(model, partition, None);
    let row = |profile: &&Profile| {
        let regions: Vec<&str> = profile.sources().iter().collect();
        format!("{} from {}", profile.id, list(&regions, REGIONS))
    };
    let mut items: Vec<String> = profiles.iter().map(row).collect();
    if !model.on_demand.is_empty() {
        let regions: Vec<&str> = model.on_demand.iter().collect();
        items.push(format!("{} from {}", model.id, list(&regions, REGIONS)));
    }
    Advised::listed(
        format!("call {} by the id that is for the Region which you call (`--region` tells it)", model.name),
        items,
    )
}

/// The Regions from which a model can be called, if not from this one.
fn elsewhere(model: &Model, region: &str, on: Situation<'_>) -> Advised {
    let regions = model.callable_regions();
    let here = |code: &&str| on.catalogue.region(code).is_some_and(|one| one.partition == on.partition());
    let regions: Vec<&str> = regions.iter().filter(here).collect();
    let text = format!("{} cannot be called from `{region}`: choose another model, or call it from", model.name);
    if regions.is_empty() {
        return Advised::plain(format!("{} cannot be called from `{region}`: choose another model", model.name));
    }
    Advised::listed(text, shortened(regions))
}

fn shortened(mut names: Vec<&str>) -> Vec<String> {
    const SHOWN: usize = 12;
    let more = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    let mut names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names
}

/// What may be meant by an id that is none, or none there.
pub(super) fn nearest(on: Situation<'_>) -> Option<Advised> {
    let called = on.called()?;
    let region = on.region();
    // without a Region, from wherever it may be meant
    let guessed = || on.catalogue.split_profile_id(called).and_then(|(prefix, _)| prefix.source_regions.iter().next());
    let asked =
        Asked { model: called, copies: None, region: region.or_else(guessed).or(Some("us-east-1")), as_of: on.as_of };
    let error = target_of(&asked, on.catalogue).err()?;
    if error.instead.is_empty() || on.holds(Condition::MisspeltId) != Some(true) {
        return None;
    }
    let items = error.instead.iter().take(MOST).map(String::as_str);
    Some(Advised::listed(format!("there is no `{called}`; it may be that one of these is meant"), items))
}

/// What comes after a model that is over, or about to be.
pub(super) fn successors(on: Situation<'_>) -> Option<Advised> {
    let model = on.model()?;
    let state = match model.lifecycle_on(on.as_of, on.region()) {
        LifecycleState::EndOfLife { since: Some(since), .. } => format!("reached its end of life on {since}"),
        LifecycleState::EndOfLife { since: None, .. } => "is past its end of life".to_owned(),
        LifecycleState::Legacy { eol: Some(eol), .. } => format!("is legacy, and ends on {eol}"),
        LifecycleState::Legacy { eol: None, .. } => "is legacy".to_owned(),
        LifecycleState::Active => "is refused".to_owned(),
    };
    let ids = |models: Vec<&Model>| -> Vec<String> {
        let ids = models.into_iter().filter_map(|model| {
            on.catalogue.ids_for(model, on.partition(), on.region()).first().map(|id| (*id).to_owned())
        });
        ids.take(MOST).collect()
    };
    let is_offered = |one: &Model| {
        matches!(one.lifecycle_on(on.as_of, on.region()), LifecycleState::Active)
            && !on.catalogue.ids_for(one, on.partition(), on.region()).is_empty()
    };
    let mut items = ids(on.catalogue.successors(model, on.as_of, is_offered).models);
    if items.is_empty() {
        items = ids(newest(on.catalogue, on, |one| one.provider == model.provider && one.kind == model.kind));
        items.truncate(3);
    }
    let wherever = on.region().map_or(String::new(), |region| format!(" from `{region}`"));
    if items.is_empty() {
        return Some(Advised::plain(format!("`{}` {state}: choose another model", model.id)));
    }
    Some(Advised::listed(format!("`{}` {state}: call one that is offered{wherever}, for example", model.id), items))
}

/// Models on offer, the newest first.
fn newest<'c>(catalogue: &'c Catalogue, on: Situation<'_>, wanted: impl Fn(&Model) -> bool) -> Vec<&'c Model> {
    let offered = |model: &&Model| {
        model.on_runtime()
            && matches!(model.lifecycle_on(on.as_of, on.region()), LifecycleState::Active)
            && wanted(model)
    };
    let mut models: Vec<&Model> = catalogue.models().filter(offered).collect();
    models.sort_by_key(|model| (Reverse(model.launch_date), model.id.clone()));
    models
}

/// Other ways to the model, and where each routes.
pub(super) fn other_profile(on: Situation<'_>) -> Option<Advised> {
    let (model, region) = (on.model()?, on.region()?);
    if on.holds(Condition::BearerAction) == Some(true) {
        return None;
    }
    let denied = on.denied().map(|arn| arn.region.text);
    let reaches = |profile: &Profile| match (profile.route(region), denied) {
        (Some(Route::Geographic(regions)), Some(denied)) => regions.contains(denied),
        (Some(Route::Global), denied) => denied == Some(""),
        _ => false,
    };
    let profiles = on.catalogue.profiles_for(model, on.partition(), Some(region));
    let other = profiles.into_iter().filter(|profile| Some(&*profile.id) != on.called() && !reaches(profile));
    let mut items: Vec<String> = other.map(|profile| routed(profile, region)).collect();
    if model.on_demand.contains(region) && Some(&*model.id) != on.called() {
        items.push(format!("{} stays in `{region}`", model.id));
    }
    (!items.is_empty()).then(|| Advised::listed(format!("or call {} from `{region}` another way", model.name), items))
}

fn routed(profile: &Profile, region: &str) -> String {
    match profile.route(region) {
        Some(Route::Geographic(regions)) => {
            let regions: Vec<&str> = regions.iter().collect();
            format!("{} routes to {}", profile.id, list(&regions, 8))
        }
        Some(Route::Global) => format!("{} routes to any commercial Region", profile.id),
        None => profile.id.to_string(),
    }
}

/// Models of other providers, of those that no account has to subscribe to.
pub(super) fn other_provider(on: Situation<'_>) -> Option<Advised> {
    let region = on.region();
    let wanted = |model: &Model| model.marketplace == Some(false) && model.kind == ModelKind::Text;
    let models = newest(on.catalogue, on, wanted);
    let mut providers: Vec<&str> = Vec::new();
    let ids = models.into_iter().filter_map(|model| {
        let id = on.catalogue.ids_for(model, Partition::Aws, region).into_iter().next()?;
        let new = !providers.contains(&&*model.provider);
        providers.push(&model.provider);
        new.then(|| id.to_owned())
    });
    let ids: Vec<String> = ids.take(3).collect();
    let wherever = region.map_or(String::new(), |region| format!(" from `{region}`"));
    (!ids.is_empty())
        .then(|| Advised::listed(format!("or call a model of another provider{wherever}, for example"), ids))
}

/// The thinking modes of the model.
pub(super) fn thinking(on: Situation<'_>) -> Option<Advised> {
    let model = on.model()?;
    let thinking = model.thinking.as_ref()?;
    let modes: Vec<&str> = thinking.modes.iter().map(|mode| mode.as_str()).collect();
    if modes.is_empty() {
        return Some(Advised::plain(format!("{} has no extended thinking: leave `thinking` out", model.name)));
    }
    let mut text = format!("{} takes {} as `thinking.type`", model.name, list(&modes, 4));
    if let Some(least) = thinking.min_budget_tokens.filter(|_| thinking.accepts(ThinkingMode::Enabled)) {
        text.push_str(&format!(", `enabled` with a budget of at least {least} tokens that is below `max_tokens`"));
    }
    let adaptive = matches!(thinking.style, ThinkingStyle::AdaptiveOnly | ThinkingStyle::Both);
    if !adaptive {
        return Some(Advised::plain(text));
    }
    text.push_str("; through Converse");
    let fields = serde_json::json!({
        "additionalModelRequestFields": { "thinking": { "type": "adaptive" }, "output_config": { "effort": "medium" } }
    });
    Some(Advised::document(text, "json", serde_json::to_string_pretty(&fields).unwrap_or_default() + "\n"))
}

/// What the model takes of the parameters of sampling.
pub(super) fn sampling(on: Situation<'_>) -> Option<Advised> {
    let model = on.model()?;
    let sampling = model.sampling.as_ref()?;
    let told = |name: &str, accepted: Accepted| match accepted {
        Accepted::Any => None,
        Accepted::Unset => Some(format!("no `{name}`")),
        Accepted::Only(one) => Some(format!("`{name}` {one} or none")),
        Accepted::Range { from, below: None } => Some(format!("`{name}` from {from} on, or none")),
        Accepted::Range { from, below: Some(below) } => {
            Some(format!("`{name}` from {from} to just below {below}, or none"))
        }
    };
    let parameters = [
        told("temperature", sampling.temperature),
        told("top_p", sampling.top_p),
        told("top_k", sampling.top_k),
        (!sampling.together).then(|| "either `temperature` or `top_p`, not both".to_owned()),
    ];
    let parameters: Vec<String> = parameters.into_iter().flatten().collect();
    (!parameters.is_empty()).then(|| Advised::listed(format!("{} takes", model.name), parameters))
}

/// The longest answer of the model.
pub(super) fn max_output(on: Situation<'_>) -> Option<Advised> {
    let model = on.model()?;
    let most = model.max_output_tokens?;
    Some(Advised::plain(format!("the longest answer of {} is {most} tokens: set `max_tokens` to no more", model.name)))
}
