//! Advice about policies, written by [`crate::policy`].

use serde_json::Value as Json;

use super::Advised;
use crate::access::call::{INVOKE, STREAM};
use crate::bedrock::{Model, Profile, Route, Truth};
use crate::diagnose::facts::Field;
use crate::diagnose::known::DenyingLayer;
use crate::diagnose::situation::{Condition, Situation};
use crate::iam::Effect;
use crate::phrase::list;
use crate::policy::{self, Document, Format, Kind, PolicyRequest, Statement, Value, Written};

/// What stands in a policy where the account is not known.
const ACCOUNT: &str = "ACCOUNT_ID";

/// The policy that the call needs, or the very right that was missing.
pub(super) fn grant(on: Situation<'_>) -> Vec<Advised> {
    let action = on.facts.get(Field::Action);
    let invokes = action.is_none_or(|action| [INVOKE, STREAM].contains(&action));
    let whole = invokes.then(|| call(on)).flatten().and_then(|call| whole(on, &call));
    match (whole, action) {
        (Some(whole), _) => vec![whole],
        (None, Some(action)) => exact(on, action).into_iter().collect(),
        (None, None) => Vec::new(),
    }
}

/// A call that the facts tell of: an id, the Region, and whether either is a guess.
struct Called {
    id: String,
    region: String,
    guessed: bool,
}

fn call(on: Situation<'_>) -> Option<Called> {
    let model = on.model()?;
    // of a call that failed for its id, the first that works
    if on.facts.get(Field::Action).is_none() {
        let region = on.region()?;
        let id = on.catalogue.ids_for(model, on.partition(), Some(region)).into_iter().next()?.to_owned();
        return Some(Called { id, region: region.to_owned(), guessed: false });
    }
    let denied = on.denied().filter(|arn| arn.resource_type.text == "foundation-model");
    let covered = denied.as_ref().map(|arn| arn.region.text);
    let region = match (on.region(), covered) {
        (Some(region), _) => region,
        (None, Some(covered)) if !covered.is_empty() => covered,
        _ => return None,
    };
    let guessed = on.region().is_none();
    let found = |id: &str, guessed| Some(Called { id: id.to_owned(), region: region.to_owned(), guessed });
    if let Some(profile) = on.profile().filter(|profile| profile.sources().contains(region)) {
        return found(&profile.id, guessed);
    }
    let here = covered == Some(region);
    if here && model.on_demand_in(region) == Truth::Yes {
        return found(&model.id, guessed);
    }
    let profile = routing_to(on, model, region, covered).into_iter().next()?;
    found(&profile.id, guessed || on.called().is_none())
}

/// The profiles of a model that can be called from a Region and route to another one, or to any.
fn routing_to<'c>(on: Situation<'c>, model: &'c Model, region: &str, covered: Option<&str>) -> Vec<&'c Profile> {
    let reaches = |profile: &&Profile| match (profile.route(region), covered) {
        (Some(Route::Geographic(regions)), Some(covered)) => regions.contains(covered) || covered == region,
        (Some(Route::Global), Some(covered)) => covered.is_empty() || covered == region,
        (Some(_), None) => true,
        (None, _) => false,
    };
    on.catalogue.profiles_for(model, on.partition(), Some(region)).into_iter().filter(reaches).collect()
}

fn whole(on: Situation<'_>, call: &Called) -> Option<Advised> {
    let stream = match on.facts.get(Field::Action) {
        Some(action) => action == STREAM,
        None => on.facts.get(Field::Operation).is_some_and(|operation| operation.contains("Stream")),
    };
    let request = request(on, call, Kind::Identity, stream);
    let written = policy::write(&request, on.catalogue).ok()?;
    let text = policy::render(&written, Format::Json).ok()?;
    let mut told = format!(
        "{} what a call of `{}` from `{}` needs, in every Region that it routes to",
        whose(on),
        call.id,
        call.region
    );
    if call.guessed {
        told.push_str(" (a guess: `--region` and `--model` tell which call it was)");
    }
    if text.contains(ACCOUNT) {
        told.push_str(&format!("; put your account in the place of `{ACCOUNT}`"));
    }
    Some(Advised::document(told, "json", text))
}

fn request(on: Situation<'_>, call: &Called, kind: Kind, stream: bool) -> PolicyRequest {
    let account = on.facts.get(Field::Account).unwrap_or(ACCOUNT).to_owned();
    PolicyRequest {
        models: vec![call.id.clone()],
        copies: Vec::new(),
        regions: vec![call.region.clone()],
        account: (kind == Kind::Identity).then_some(account),
        stream,
        api_key: false,
        marketplace: false,
        tight: false,
        kind,
        as_of: on.as_of,
    }
}

/// Whose policy is to be edited.
fn whose(on: Situation<'_>) -> String {
    let layer = on.facts.get(Field::Layer);
    let layer = DenyingLayer::ALL.into_iter().find(|one| Some(one.as_str()) == layer);
    match layer {
        Some(DenyingLayer::Identity) | None => match on.caller() {
            Some((_, name)) => format!("grant `{name}`"),
            None => "grant the caller".to_owned(),
        },
        Some(DenyingLayer::Scp) => "allow, in service control policies of every level,".to_owned(),
        Some(layer) => format!("allow, in {},", layer.name()),
    }
}

/// The very right that was missing.
fn exact(on: Situation<'_>, action: &str) -> Option<Advised> {
    let unscopable = on.holds(Condition::Unscopable) == Some(true);
    let resource = if unscopable { "*" } else { on.facts.get(Field::Resource).unwrap_or("*") };
    let statement = statement("AllowWhatWasDenied", action, resource, Vec::new());
    let mut told = format!("{} the right that was missing", whose(on));
    match on.denied_type() {
        Some("application-inference-profile") => told.push_str(
            "; the foundation models behind the application inference profile have to be granted as well, in every \
             Region that it routes to: `bedrock-lint policy --model ARN --copies ID` writes all of it",
        ),
        Some("foundation-model") => told.push_str(
            "; a call through an inference profile needs it in every Region of the route: `bedrock-lint policy --model \
             ID --region REGION` writes all of it",
        ),
        _ if unscopable => told.push_str(", which has no resource types"),
        _ => {}
    }
    document(told, vec![statement])
}

fn statement(sid: &str, action: &str, resource: &str, conditions: Vec<policy::Condition>) -> Statement {
    Statement {
        sid: sid.to_owned(),
        effect: Effect::Allow,
        actions: vec![action.to_owned()],
        negated: false,
        resources: vec![Value::from(resource)],
        conditions,
    }
}

fn document(told: String, statements: Vec<Statement>) -> Option<Advised> {
    let written =
        Written { document: Document { statements }, kind: Kind::Identity, calls: Vec::new(), warnings: Vec::new() };
    Some(Advised::document(told, "json", policy::render(&written, Format::Json).ok()?))
}

/// The right to use API keys.
pub(super) fn bearer(on: Situation<'_>) -> Option<Advised> {
    if on.explicit == Some(true) {
        let who = if on.holds(Condition::LayerScp) == Some(true) {
            "the owners of the organization"
        } else {
            "whoever owns the policy that denies it"
        };
        return Some(Advised::plain(format!(
            "ask {who} whether API keys may be used; no right that is granted helps against the Deny"
        )));
    }
    let action = on.facts.get(Field::Action).unwrap_or("bedrock:CallWithBearerToken");
    let told = format!("{} the use of API keys, which has no resource types", whose(on));
    document(told, vec![statement("UseApiKeys", action, "*", Vec::new())])
}

/// The right to hand a role to Amazon Bedrock.
pub(super) fn pass_role(on: Situation<'_>) -> Option<Advised> {
    let role = on.facts.get(Field::Resource)?;
    let service = policy::Condition {
        operator: "StringEquals",
        key: "iam:PassedToService",
        values: vec![Value::from("bedrock.amazonaws.com")],
    };
    let told = format!("{} the right to hand this role to Amazon Bedrock", whose(on));
    document(told, vec![statement("PassRoleToBedrock", "iam:PassRole", role, vec![service])])
}

/// The exemption that a Deny by Region needs.
pub(super) fn exemption(on: Situation<'_>) -> Vec<Advised> {
    if on.denied().is_none_or(|arn| arn.resource_type.text != "foundation-model") {
        return Vec::new();
    }
    let layer = on.facts.get(Field::Layer);
    let where_to = match DenyingLayer::ALL.into_iter().find(|one| Some(one.as_str()) == layer) {
        Some(DenyingLayer::Identity) | None => "the policy of the caller".to_owned(),
        Some(layer) => layer.name().to_owned(),
    };
    let mut advised = Vec::new();
    if let Some((profiles, condition)) = spared(on) {
        advised.push(Advised::document(
            format!(
                "add to the `Condition` of the Deny in {where_to}, so that it spares what goes through {} (a call from a \
                 Region that is closed itself stays denied)",
                list(&profiles, 3)
            ),
            "json",
            condition,
        ));
    }
    advised.push(by_value(on, &where_to));
    advised
}

/// The profiles that the call may have gone through, and the condition that spares them, as `policy --kind scp` writes it.
fn spared(on: Situation<'_>) -> Option<(Vec<String>, String)> {
    let model = on.model()?;
    let denied = on.denied()?;
    let covered = Some(denied.region.text);
    let of_any_source = || -> Vec<(&Profile, String)> {
        let all = on.catalogue.profiles_for(model, on.partition(), None).into_iter();
        all.filter_map(|profile| {
            let source = profile.sources().iter().find(|source| match profile.route(source) {
                Some(Route::Geographic(regions)) => covered.is_some_and(|covered| regions.contains(covered)),
                Some(Route::Global) => covered == Some(""),
                None => false,
            })?;
            Some((profile, source.to_owned()))
        })
        .collect()
    };
    let profiles: Vec<(&Profile, String)> = match (on.profile(), on.region()) {
        (Some(profile), region) => {
            let source = region.filter(|region| profile.sources().contains(region));
            vec![(profile, source.or_else(|| profile.sources().iter().next())?.to_owned())]
        }
        (None, Some(region)) => {
            routing_to(on, model, region, covered).into_iter().map(|one| (one, region.to_owned())).collect()
        }
        (None, None) => of_any_source(),
    };
    let (first, source) = profiles.first()?;
    let request = PolicyRequest {
        models: profiles.iter().map(|(profile, _)| profile.id.to_string()).collect(),
        ..request(on, &Called { id: first.id.to_string(), region: source.clone(), guessed: false }, Kind::Scp, false)
    };
    // every profile has to be callable from one of the Regions
    let regions = profiles.iter().map(|(_, source)| source.clone()).collect();
    let written = policy::write(&PolicyRequest { regions, ..request }, on.catalogue).ok()?;
    let text = policy::render(&written, Format::Json).ok()?;
    let scp: Json = serde_json::from_str(&text).ok()?;
    let through = scp.get("Statement")?.as_array()?.iter().find_map(|one| one.get("Condition")?.get("ArnNotLike"))?;
    let condition = serde_json::json!({ "ArnNotLike": through });
    let names = profiles.iter().map(|(profile, _)| profile.id.to_string()).collect();
    Some((names, serde_json::to_string_pretty(&condition).ok()? + "\n"))
}

/// The other way: the Regions in the list of the Deny.
fn by_value(on: Situation<'_>, where_to: &str) -> Advised {
    let denied = on.denied().map_or("", |arn| arn.region.text);
    let route = on.profile().zip(on.region()).and_then(|(profile, region)| profile.destinations(region));
    let regions: Vec<&str> = match route {
        _ if denied.is_empty() => vec!["unspecified"],
        Some(regions) => regions.iter().collect(),
        None => vec![denied],
    };
    let told = format!(
        "or add to the values of `aws:RequestedRegion` in {where_to}, which opens these Regions for every call"
    );
    Advised::listed(told, regions)
}
