//! Lists of Regions, made from a catalogue and then changed, put into it again.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::bedrock::{Access, LifecycleStatus, Model, ModelKind, Profile, ProfileConfidence, Route, Scope};

const DAY: &str = "2026-11-25";
const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";
const LITE: &str = "amazon.nova-lite-v1:0";

/// What a Region lists if nothing is other than the catalogue says.
fn listing(catalogue: &Catalogue, region: &str) -> Listing {
    let callable = |model: &&Model| model.callable_regions().contains(region);
    let models = catalogue.models().filter(callable).map(|model| ListedModel {
        id: model.id.to_string(),
        name: model.name.to_string(),
        provider: model.provider.to_string(),
        input: model.input.iter().map(ToString::to_string).collect(),
        output: model.output.iter().map(ToString::to_string).collect(),
        on_demand: model.on_demand.contains(region),
        legacy: false,
    });
    let active = catalogue.profiles().filter(|profile| profile.is_active());
    let profiles = active.filter_map(|profile| Some(listed(profile, region, profile.route(region)?)));
    Listing { region: region.to_owned(), models: models.collect(), profiles: profiles.collect() }
}

fn listed(profile: &Profile, region: &str, route: Route<'_>) -> ListedProfile {
    let to: Vec<&str> = match route {
        Route::Geographic(regions) => regions.iter().collect(),
        Route::Global => vec![region, ""],
    };
    listed_to(&profile.id, profile.model_id(), region, &to)
}

fn listed_to(id: &str, model: &str, region: &str, to: &[&str]) -> ListedProfile {
    ListedProfile {
        id: id.to_owned(),
        arn: format!("arn:aws:bedrock:{region}:111122223333:inference-profile/{id}"),
        models: to.iter().map(|to| format!("arn:aws:bedrock:{to}::foundation-model/{model}")).collect(),
        active: true,
    }
}

fn new_model(id: &str, on_demand: bool) -> ListedModel {
    ListedModel {
        id: id.to_owned(),
        name: "Tide 1".to_owned(),
        provider: "Newvendor".to_owned(),
        input: vec!["text".to_owned(), "image".to_owned()],
        output: vec!["text".to_owned()],
        on_demand,
        legacy: false,
    }
}

fn lists(regions: &[&str]) -> Vec<Listing> {
    regions.iter().map(|region| listing(Catalogue::builtin(), region)).collect()
}

fn all() -> Vec<Listing> {
    let regions = Catalogue::builtin().regions().filter(|one| one.partition == Partition::Aws && one.bedrock);
    lists(&regions.map(|region| &*region.code).collect::<Vec<_>>())
}

fn merged_into(base: &str, listings: &[Listing]) -> (Catalogue, Refreshed) {
    let made = merge(base, listings, Partition::Aws, DAY.parse().unwrap()).unwrap();
    (Catalogue::from_json(&made.text).unwrap(), made)
}

fn merged(listings: &[Listing]) -> (Catalogue, Refreshed) {
    merged_into(Catalogue::BUILTIN_TEXT, listings)
}

fn profiles_of(listing: &mut Listing, keep: impl Fn(&ListedProfile) -> bool) {
    listing.profiles.retain(|profile| keep(profile));
}

fn codes(set: &crate::bedrock::RegionSet) -> String {
    set.iter().collect::<Vec<_>>().join(" ")
}

fn assert_same(made: &Catalogue, before: &Catalogue) {
    assert_eq!(made.models().len(), before.models().len());
    for (new, old) in made.models().zip(before.models()) {
        assert_eq!(new, old);
    }
    assert!(made.regions().eq(before.regions()));
    assert!(made.prefixes().eq(before.prefixes()));
}

#[test]
fn the_same_again_moves_the_date_alone() {
    // rows that only a page lists are confirmed by the first
    let first = merged(&all()).1;
    let (before, again) = merged_into(&first.text, &all());
    assert_eq!(again.text, first.text);
    assert_eq!(again.changes, Changes { hidden: again.changes.hidden.clone(), ..Changes::default() });
    assert_eq!(before.as_of().to_string(), DAY);
    assert!(first.changes.models_changed.is_empty() && first.changes.models_added.is_empty(), "{:?}", first.changes);
    assert!(first.changes.profiles_added.is_empty() && first.changes.profiles_retired.is_empty());

    // no page stands behind any row of these
    let (made, some) = merged(&lists(&["us-east-1", "eu-west-1"]));
    assert_same(&made, Catalogue::builtin());
    assert_eq!(some.changes, Changes { hidden: some.changes.hidden.clone(), ..Changes::default() });
    assert_eq!(made.as_of(), Catalogue::builtin().as_of());
    let changed: Vec<&str> = some
        .text
        .lines()
        .filter(|line| !line.starts_with("  \"sampling-threads\""))
        .filter(|line| !Catalogue::BUILTIN_TEXT.contains(line))
        .collect();
    assert!(
        changed.iter().all(|line| line.contains("live") || line.contains("refreshed") || line.contains(DAY)),
        "{changed:?}"
    );
    let source = made.source("live").unwrap();
    assert_eq!(&*source.date, DAY);
    assert!(source.title.ends_with("of an AWS account, in eu-west-1, us-east-1"), "{}", source.title);
}

#[test]
fn the_date_moves_only_when_every_region_answered() {
    let mut most = all();
    let left_out = most.pop().unwrap().region;
    let (made, first) = merged(&most);
    assert_eq!(made.as_of(), Catalogue::builtin().as_of());
    let file: Value = serde_json::from_str(&first.text).unwrap();
    assert_eq!(file["refreshed"]["us-east-1"], DAY);
    assert!(file["refreshed"].get(&left_out).is_none());
    let later = merge(&first.text, &lists(&[&left_out]), Partition::Aws, "2026-12-01".parse().unwrap()).unwrap();
    let made = Catalogue::from_json(&later.text).unwrap();
    assert_eq!(made.as_of(), Catalogue::builtin().as_of());
    assert_eq!(&*made.source("live").unwrap().date, "2026-11-25..2026-12-01");
    // a clock that is behind does not make the catalogue older
    let early = merge(Catalogue::BUILTIN_TEXT, &all(), Partition::Aws, "2020-01-01".parse().unwrap()).unwrap();
    assert_eq!(Catalogue::from_json(&early.text).unwrap().as_of(), Catalogue::builtin().as_of());
}

#[test]
fn a_new_profile_has_its_own_routes() {
    let mut listings = lists(&["ap-northeast-2", "us-east-1"]);
    listings[0].profiles.push(listed_to(
        &format!("kr.{HAIKU}"),
        HAIKU,
        "ap-northeast-2",
        &["ap-northeast-2", "ap-east-1"],
    ));
    let (made, Refreshed { text, changes }) = merged(&listings);
    assert_eq!(changes.profiles_added, [format!("kr.{HAIKU}")]);
    assert_eq!(changes.regions_added, ["ap-east-1"]);
    let profile = made.profile(&format!("kr.{HAIKU}")).unwrap();
    assert_eq!(codes(profile.destinations("ap-northeast-2").unwrap()), "ap-east-1 ap-northeast-2");
    assert_eq!((profile.confidence, profile.scope), (ProfileConfidence::Api, Scope::Geographic));
    let prefix = made.prefix("kr").unwrap();
    assert_eq!((prefix.scope, codes(&prefix.source_regions)), (Scope::Geographic, "ap-northeast-2".to_owned()));
    let region = made.region("ap-northeast-2").unwrap();
    assert_eq!(region.prefixes.join(" "), "apac global kr");
    assert!(made.region("ap-east-1").unwrap().bedrock);
    assert!(made.model(HAIKU).unwrap().sources.iter().any(|source| &**source == "live"));
    // one set and one map are made, and nothing else is touched
    assert_eq!(text.matches("\"live-1\"").count(), 4, "{text}");
    assert!(!text.contains("live-2"));
}

#[test]
fn names_that_nothing_uses_any_more_go() {
    let mut listings = lists(&["ap-northeast-2"]);
    listings[0].profiles.push(listed_to(
        &format!("kr.{HAIKU}"),
        HAIKU,
        "ap-northeast-2",
        &["ap-northeast-2", "ap-east-1"],
    ));
    let first = merged(&listings).1.text;
    assert_eq!(merged_into(&first, &listings).1.text, first);
    let last = listings[0].profiles.len() - 1;
    listings[0].profiles[last] =
        listed_to(&format!("kr.{HAIKU}"), HAIKU, "ap-northeast-2", &["ap-northeast-2", "ap-south-2"]);
    let (made, second) = merged_into(&first, &listings);
    assert_eq!(second.changes.profiles_changed, [format!("kr.{HAIKU}")]);
    let profile = made.profile(&format!("kr.{HAIKU}")).unwrap();
    assert_eq!(codes(profile.destinations("ap-northeast-2").unwrap()), "ap-northeast-2 ap-south-2");
    let file: Value = serde_json::from_str(&second.text).unwrap();
    assert_eq!(file["region_sets"].as_object().unwrap().keys().filter(|name| name.starts_with("live-")).count(), 1);
}

#[test]
fn routes_are_replaced_for_the_region_that_lists_them() {
    let id = format!("us.{LITE}");
    let mut listings = lists(&["us-east-1"]);
    profiles_of(&mut listings[0], |profile| profile.id != id);
    listings[0].profiles.push(listed_to(&id, LITE, "us-east-1", &["us-east-1", "us-west-2"]));
    let (made, refreshed) = merged(&listings);
    assert_eq!(refreshed.changes.profiles_changed, [&*id]);
    let (new, old) = (made.profile(&id).unwrap(), Catalogue::builtin().profile(&id).unwrap());
    assert_eq!(codes(new.destinations("us-east-1").unwrap()), "us-east-1 us-west-2");
    assert_eq!(new.destinations("us-west-2"), old.destinations("us-west-2"));
    assert_eq!(new.sources(), old.sources());
    assert_eq!((old.confidence, new.confidence), (ProfileConfidence::ApiAndDocs, ProfileConfidence::ApiAndDocsPartial));
}

#[test]
fn a_source_is_lost_and_the_last_one_retires() {
    let id = format!("global.{HAIKU}");
    let mut listings = lists(&["us-east-1"]);
    profiles_of(&mut listings[0], |profile| profile.id != id);
    let (made, refreshed) = merged(&listings);
    assert_eq!(refreshed.changes.profiles_changed, [&*id]);
    let profile = made.profile(&id).unwrap();
    assert!(profile.is_active() && !profile.sources().contains("us-east-1") && profile.sources().contains("us-east-2"));
    assert!(profile.is_docs_only_source("me-south-1"));

    let id = format!("au.{HAIKU}");
    let sources: Vec<&str> = Catalogue::builtin().profile(&id).unwrap().sources().iter().collect();
    let mut listings = lists(&sources);
    listings.iter_mut().for_each(|listing| profiles_of(listing, |profile| profile.id != id));
    let (made, refreshed) = merged(&listings);
    assert_eq!(refreshed.changes.profiles_retired, [&*id]);
    let (new, old) = (made.profile(&id).unwrap(), Catalogue::builtin().profile(&id).unwrap());
    assert!(!new.is_active());
    assert_eq!((new.sources(), new.route("ap-southeast-4")), (old.sources(), old.route("ap-southeast-4")));

    // and it comes back with what is listed alone
    let (made, refreshed) = merged_into(&refreshed.text, &lists(&["ap-southeast-2"]));
    assert_eq!(refreshed.changes.profiles_added, [&*id]);
    assert!(made.profile(&id).unwrap().is_active());
    assert_eq!(codes(made.profile(&id).unwrap().sources()), "ap-southeast-2");
}

#[test]
fn on_demand_is_gained_and_lost() {
    let mut listings = lists(&["us-east-1", "eu-west-2"]);
    for model in listings.iter_mut().flat_map(|listing| &mut listing.models) {
        match model.id.as_str() {
            HAIKU => model.on_demand = true,
            "anthropic.claude-sonnet-4-6" => model.on_demand = false,
            _ => {}
        }
    }
    let (made, refreshed) = merged(&listings);
    assert_eq!(refreshed.changes.models_changed, [HAIKU, "anthropic.claude-sonnet-4-6"]);
    let (haiku, sonnet) = (made.model(HAIKU).unwrap(), made.model("anthropic.claude-sonnet-4-6").unwrap());
    assert_eq!((codes(&haiku.on_demand), haiku.access), ("eu-west-2 us-east-1".to_owned(), Access::Both));
    assert_eq!((codes(&sonnet.on_demand), sonnet.access), (String::new(), Access::ProfileOnly));
    assert_eq!(haiku.thinking, Catalogue::builtin().model(HAIKU).unwrap().thinking);
}

/// AWS hides legacy models from accounts that do not use them, and models that need an invitation.
#[test]
fn what_is_hidden_from_the_account_stays() {
    let hides = |id: &'static str, regions: &[&str]| {
        let mut listings = lists(regions);
        for listing in &mut listings {
            listing.models.retain(|model| model.id != id);
            listing.profiles.retain(|profile| !profile.id.ends_with(id));
        }
        let (made, refreshed) = merged(&listings);
        assert_eq!(made.model(id), Catalogue::builtin().model(id));
        refreshed.changes.hidden.iter().any(|one| one == id)
    };
    assert!(hides(HAIKU, &["us-east-1", "eu-west-1"]));
    // legacy since 2026-10-08
    assert!(hides("anthropic.claude-sonnet-4-5-20250929-v1:0", &["us-east-1"]));
    // not known to be there at all, or ended
    assert!(!hides(HAIKU, &["us-gov-west-1"]));
    assert!(!hides("anthropic.claude-v2", &["us-east-1"]));

    // an active model that another Region lists is not hidden
    let mut listings = lists(&["us-east-1", "eu-west-1"]);
    listings[0].models.retain(|model| model.id != LITE);
    listings[0].profiles.retain(|profile| !profile.id.ends_with(LITE));
    let made = merged(&listings).0;
    let lite = made.model(LITE).unwrap();
    assert!(!lite.on_demand.contains("us-east-1"));
    assert!(!made.profile(&format!("us.{LITE}")).unwrap().sources().contains("us-east-1"));
}

#[test]
fn a_new_model_with_what_is_known() {
    let mut listings = lists(&["us-east-1", "us-west-2"]);
    for (listing, region) in listings.iter_mut().zip(["us-east-1", "us-west-2"]) {
        listing.models.push(new_model("newvendor.tide-1-v1:0", region == "us-east-1"));
        listing.models.push(new_model("newvendor.tide-1-v1:0:24k", false));
        listing.profiles.push(listed_to(
            "us.newvendor.tide-1-v1:0",
            "newvendor.tide-1-v1:0",
            region,
            &["us-west-2", region],
        ));
    }
    listings[0]
        .models
        .push(ListedModel { output: vec!["embedding".to_owned()], ..new_model("amazon.wave-embed-v1:0", true) });
    listings[0].profiles.push(listed_to("us.newvendor.unlisted", "newvendor.unlisted", "us-east-1", &["us-east-1"]));
    let (made, Refreshed { changes, .. }) = merged(&listings);
    // what is only bought provisioned has no id of its own to call
    assert_eq!(changes.models_added, ["amazon.wave-embed-v1:0", "newvendor.tide-1-v1:0"]);
    assert!(changes.remarks.iter().any(|remark| remark.contains("`newvendor.unlisted`")), "{changes:?}");
    let tide = made.model("newvendor.tide-1-v1:0").unwrap();
    assert_eq!((&*tide.name, &*tide.provider, tide.kind), ("Tide 1", "Newvendor", ModelKind::Text));
    assert_eq!((tide.access, codes(&tide.on_demand)), (Access::Both, "us-east-1".to_owned()));
    assert_eq!((tide.lifecycle.status, tide.thinking.is_none()), (LifecycleStatus::Active, true));
    assert_eq!(tide.input.join(" "), "image text");
    let profile = made.profile("us.newvendor.tide-1-v1:0").unwrap();
    assert_eq!(codes(profile.destinations("us-east-1").unwrap()), "us-east-1 us-west-2");
    let wave = made.model("amazon.wave-embed-v1:0").unwrap();
    assert_eq!((wave.kind, &*wave.provider), (ModelKind::Embedding, "Amazon"));
    let file: Vec<String> = made.models().map(|model| model.id.to_string()).collect();
    assert!(file.is_sorted());
}

#[test]
fn a_new_region() {
    let mut one = listing(Catalogue::builtin(), "us-east-1");
    one.region = "us-central-1".to_owned();
    profiles_of(&mut one, |profile| profile.id == format!("global.{HAIKU}"));
    one.models.retain(|model| model.id == LITE || model.id == HAIKU);
    let (made, Refreshed { changes, .. }) = merged(&[one]);
    assert_eq!(changes.regions_added, ["us-central-1"]);
    let region = made.region("us-central-1").unwrap();
    assert_eq!(
        (region.bedrock, region.partition, region.prefixes.join(" ")),
        (true, Partition::Aws, "global".to_owned())
    );
    assert!(made.model(LITE).unwrap().on_demand.contains("us-central-1"));
    assert!(made.profile(&format!("global.{HAIKU}")).unwrap().route("us-central-1").is_some());
}

#[test]
fn legacy_is_news_and_active_is_not() {
    let mut listings = all();
    for listing in &mut listings {
        let here = listing.region == "us-east-1";
        for model in &mut listing.models {
            model.legacy = model.id == LITE || (here && model.id == HAIKU);
        }
    }
    listings[0].models.push(ListedModel { on_demand: false, ..new_model("anthropic.claude-v2", false) });
    let (made, Refreshed { changes, .. }) = merged(&listings);
    assert_eq!(changes.models_changed, [LITE]);
    let lifecycle = &made.model(LITE).unwrap().lifecycle;
    assert_eq!(lifecycle.status, LifecycleStatus::Legacy);
    assert!(lifecycle.sources.iter().any(|source| &**source == "live"));
    assert_eq!(made.model(HAIKU).unwrap().lifecycle.status, LifecycleStatus::Active);
    assert!(
        changes
            .remarks
            .iter()
            .any(|remark| remark == &format!("`{HAIKU}` is legacy in `us-east-1` alone: it stays active"))
    );
    // all that the catalogue knows better stays
    assert!(
        changes
            .remarks
            .iter()
            .any(|remark| remark.contains("`anthropic.claude-v2` is still listed, though it ended on "))
    );
    for id in ["anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-v2"] {
        let lifecycle = |catalogue: &Catalogue| catalogue.model(id).unwrap().lifecycle.clone();
        assert_eq!(lifecycle(&made), lifecycle(Catalogue::builtin()));
    }
}

/// A Region that did not answer may have it active.
#[test]
fn legacy_wants_every_region_that_may_say_otherwise() {
    let callable = Catalogue::builtin().model(LITE).unwrap().callable_regions();
    let own = |code: &&str| Catalogue::builtin().region(code).unwrap().partition == Partition::Aws;
    let regions: Vec<&str> = callable.iter().filter(own).collect();
    assert!(regions.len() < callable.iter().count(), "some are of another partition");
    let status = |regions: &[&str], id: &str| {
        let mut listings = lists(regions);
        for listing in &mut listings {
            listing.models.push(new_model("newvendor.tide-1-v1:0", true));
            listing.models.iter_mut().for_each(|model| model.legacy = true);
        }
        let (made, Refreshed { changes, .. }) = merged(&listings);
        let remarked = changes.remarks.iter().any(|it| it.starts_with(&format!("`{id}` is legacy in `")));
        (made.model(id).unwrap().lifecycle.status, remarked)
    };
    let (rest, one) = (&regions[1..], &regions[..1]);
    assert_eq!(status(&regions, LITE), (LifecycleStatus::Legacy, false));
    assert_eq!(status(rest, LITE), (LifecycleStatus::Active, true));
    assert_eq!(status(one, LITE), (LifecycleStatus::Active, true));

    let every = all();
    let every: Vec<&str> = every.iter().map(|listing| listing.region.as_str()).collect();
    assert_eq!(status(&every, "newvendor.tide-1-v1:0"), (LifecycleStatus::Legacy, false));
    assert_eq!(status(&every[1..], "newvendor.tide-1-v1:0"), (LifecycleStatus::Active, true));
}

#[test]
fn nothing_is_made_of_what_looks_like_no_region_and_no_id() {
    let mut listings = lists(&["us-east-1"]);
    for profile in &mut listings[0].profiles {
        if profile.id == format!("us.{LITE}") {
            *profile = listed_to(&profile.id, LITE, "us-east-1", &["us-east-1", "evil region/.."]);
        }
    }
    let evil = "evil\u{1b}[2J\n.x";
    listings[0].profiles.push(listed_to(&format!("us.{evil}"), evil, "us-east-1", &["us-east-1"]));
    listings[0].profiles.push(listed_to(
        "us.newvendor.tide-1-v1:0",
        "newvendor.tide-1-v1:0",
        "us-east-1",
        &["us-east-1", "../../etc-1"],
    ));
    for id in ["newvendor.tide-1-v1:0\n", evil, "../x", ""] {
        listings[0].models.push(new_model(id, true));
    }
    listings[0].models.push(new_model("newvendor.tide-1-v1:0", true));
    let (made, Refreshed { changes, text }) = merged(&listings);
    assert_eq!(changes.models_added, ["newvendor.tide-1-v1:0"]);
    assert_eq!((changes.profiles_added.len(), changes.profiles_changed.len()), (0, 0), "{changes:?}");
    assert!(changes.regions_added.is_empty() && !text.contains("evil") && !text.contains("etc-1"), "{changes:?}");
    let known = |catalogue: &Catalogue| catalogue.profile(&format!("us.{LITE}")).cloned();
    assert_eq!(known(&made), known(Catalogue::builtin()));
    assert_eq!(
        changes.remarks,
        ["7 ids and Regions that are listed look like none: nothing is made of them, and what was known stays"]
    );
}

#[test]
fn rows_of_pages_are_confirmed() {
    let id = format!("global.{HAIKU}");
    let (made, Refreshed { changes, .. }) = merged(&lists(&["me-south-1"]));
    assert!(changes.profiles_changed.contains(&id), "{changes:?}");
    let profile = made.profile(&id).unwrap();
    assert_eq!(profile.sources(), Catalogue::builtin().profile(&id).unwrap().sources());
    assert!(!profile.is_docs_only_source("me-south-1") && profile.is_docs_only_source("me-central-1"));
    // routes that were guessed are known once both Regions have listed them
    let guess = |one: &&Profile| one.confidence == ProfileConfidence::AssumedDestinations && one.sources().len() == 2;
    let guessed = Catalogue::builtin().profiles().find(guess).unwrap();
    let confidence = |regions: &[&str]| {
        let made = merge(Catalogue::BUILTIN_TEXT, &lists(regions), Partition::AwsUsGov, DAY.parse().unwrap()).unwrap();
        Catalogue::from_json(&made.text).unwrap().profile(&guessed.id).unwrap().confidence
    };
    assert_eq!(confidence(&["us-gov-west-1"]), ProfileConfidence::AssumedDestinations);
    assert_eq!(confidence(&["us-gov-west-1", "us-gov-east-1"]), ProfileConfidence::Api);
}

#[test]
fn what_cannot_be_understood_changes_nothing() {
    let ids = [format!("us.{LITE}"), format!("us.{HAIKU}")];
    let mut listings = lists(&["us-east-1"]);
    for profile in &mut listings[0].profiles {
        if profile.id == ids[0] {
            profile.models = vec!["arn:aws:bedrock:us-east-1::foundation-model/other.model".to_owned()];
        }
        if profile.id == ids[1] {
            profile.models.clear();
        }
    }
    listings[0].profiles.push(listed_to("nonsense", LITE, "us-east-1", &["us-east-1"]));
    listings[0]
        .profiles
        .push(ListedProfile { active: false, ..listed_to(&format!("zz.{LITE}"), LITE, "us-east-1", &["us-east-1"]) });
    let (made, Refreshed { changes, .. }) = merged(&listings);
    assert_same(&made, Catalogue::builtin());
    assert_eq!(changes.remarks.len(), 3, "{changes:?}");
}

#[test]
fn the_order_of_answers_says_nothing() {
    let mut listings = lists(&["us-east-1", "us-west-2", "eu-west-1"]);
    listings[2].models.push(new_model("newvendor.b", true));
    listings[0].models.push(new_model("newvendor.a", true));
    let first = merged(&listings).1;
    listings.reverse();
    for listing in &mut listings {
        listing.models.reverse();
        listing.profiles.reverse();
        listing.profiles.iter_mut().for_each(|profile| profile.models.reverse());
    }
    let second = merged(&listings).1;
    assert_eq!((first.text, first.changes), (second.text, second.changes));
}

#[test]
fn what_is_no_catalogue_is_not_refreshed() {
    for base in ["", "{}", "[]", r#"{"Version":"2012-10-17"}"#] {
        let failed = merge(base, &lists(&["us-east-1"]), Partition::Aws, DAY.parse().unwrap());
        assert!(matches!(failed, Err(MergeError::Base(_))), "{base}");
    }
}
