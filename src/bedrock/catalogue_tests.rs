//! The compiled-in catalogue read back through its public functions.

#![allow(clippy::unwrap_used, reason = "a missing fact fails the test")]

use super::*;

fn model(id: &str) -> &'static Model {
    Catalogue::builtin().model(id).unwrap()
}

const HAIKU: &str = "us.anthropic.claude-haiku-4-5-20251001-v1:0";

#[test]
fn it_is_as_of_its_date() {
    let catalogue = Catalogue::builtin();
    assert_eq!(catalogue.as_of().to_string(), "2026-10-27");
    assert_eq!(catalogue.models().len(), 194);
    assert_eq!(catalogue.profiles().count(), 193);
    assert_eq!(catalogue.source("aws-cris-iam").map(|one| one.url.is_empty()), Some(false));
}

#[test]
fn routes_depend_on_the_source() {
    for (id, source, expected) in [
        (HAIKU, "us-east-1", "us-east-1 us-east-2 us-west-2"),
        (HAIKU, "us-west-1", "us-east-1 us-east-2 us-west-1 us-west-2"),
        (HAIKU, "eu-west-1", "-"),
        ("global.anthropic.claude-sonnet-4-6", "us-east-1", "-"),
        ("us.anthropic.claude-3-5-sonnet-20240620-v1:0", "us-east-2", "us-east-1 us-west-2"),
    ] {
        let profile = Catalogue::builtin().profile(id).unwrap();
        let found = profile.destinations(source).map_or("-".to_owned(), |set| set.iter().collect::<Vec<_>>().join(" "));
        assert_eq!(found, expected, "{id} from {source}");
    }
}

#[test]
fn global_profiles_have_sources_and_no_list() {
    let profile = Catalogue::builtin().profile("global.anthropic.claude-haiku-4-5-20251001-v1:0").unwrap();
    assert_eq!(profile.scope, Scope::Global);
    assert_eq!(profile.route("eu-west-1"), Some(Route::Global));
    assert_eq!(profile.route("us-gov-west-1"), None);
    assert_eq!(profile.route("me-south-1"), Some(Route::Global));
    assert!(profile.is_docs_only_source("me-south-1"));
    assert!(!profile.is_docs_only_source("eu-west-1"));
}

#[test]
fn profiles_take_their_ids_apart() {
    for profile in Catalogue::builtin().profiles() {
        assert_eq!(*profile.id, format!("{}.{}", profile.prefix(), profile.model_id()));
        assert_eq!(Catalogue::builtin().profile(&profile.id), Some(profile));
        assert!(!profile.sources().is_empty(), "{}", profile.id);
        for source in profile.sources().iter() {
            assert!(profile.route(source).is_some(), "{} from {source}", profile.id);
        }
    }
}

#[test]
fn on_demand_and_profile_only() {
    let sonnet = model("anthropic.claude-sonnet-4-6");
    assert_eq!(sonnet.on_demand.iter().collect::<Vec<_>>(), ["eu-west-2"]);
    assert!(sonnet.profile_only_in("us-east-1"));
    assert!(!sonnet.profile_only_in("eu-west-2"));
    assert!(model("amazon.nova-lite-v1:0").on_demand.len() > 5);
    assert_eq!(sonnet.on_demand_in("us-east-1"), Truth::No);
    let newer = model("anthropic.claude-sonnet-5-5");
    assert_eq!(newer.on_demand_in("us-gov-west-1"), Truth::WeakNo);
    assert!(!newer.profile_only_in("us-gov-west-1"));
    assert!(newer.callable_regions().contains("us-gov-west-1"));
    let gone = model("anthropic.claude-v2");
    assert!(gone.callable_regions().is_empty());
    assert!(!gone.profile_only_in("us-east-1"));
}

#[test]
fn thinking_is_data() {
    let haiku = model("anthropic.claude-haiku-4-5-20251001-v1:0");
    let thinking = haiku.thinking.as_ref().unwrap();
    assert_eq!(thinking.min_budget_tokens, Some(1024));
    assert!(thinking.accepts(ThinkingMode::Enabled));
    assert!(!thinking.accepts(ThinkingMode::Adaptive));
    let none = model("amazon.nova-lite-v1:0").thinking.as_ref().unwrap();
    assert_eq!((none.style, none.modes.len()), (ThinkingStyle::None, 0));
    // these reason, by settings that are not recorded
    assert!(model("amazon.nova-2-lite-v1:0").thinking.is_none());
    assert!(model("deepseek.r1-v1:0").thinking.is_none());
}

/// What modes come to is stated twice in the file, once for people.
#[test]
fn modes_and_style_of_thinking_agree() {
    for model in Catalogue::builtin().models() {
        let Some(thinking) = &model.thinking else { continue };
        let [enabled, adaptive, disabled] =
            [ThinkingMode::Enabled, ThinkingMode::Adaptive, ThinkingMode::Disabled].map(|mode| thinking.accepts(mode));
        let style = match (enabled, adaptive) {
            (false, false) => ThinkingStyle::None,
            (true, false) => ThinkingStyle::BudgetTokens,
            (false, true) => ThinkingStyle::AdaptiveOnly,
            (true, true) => ThinkingStyle::Both,
        };
        assert_eq!(thinking.style, style, "{}", model.id);
        assert_eq!(thinking.min_budget_tokens.is_some(), enabled, "{}", model.id);
        assert!(thinking.can_disable || !disabled, "{}", model.id);
        assert_eq!(thinking.default == ThinkingDefault::None, style == ThinkingStyle::None, "{}", model.id);
    }
}

#[test]
fn sampling_is_data() {
    let fable = model("anthropic.claude-fable-5").sampling.as_ref().unwrap();
    let top_p = [0.98, 0.99, 0.999, 1.0].map(|value| fable.top_p.takes(value));
    assert_eq!(top_p, [false, true, true, false]);
    assert!(fable.temperature.takes(1.0) && !fable.temperature.takes(0.1) && !fable.top_k.takes(5.0));
    let newer = model("anthropic.claude-fable-5-1").sampling.as_ref().unwrap();
    assert!(newer.top_p.takes(0.99) && !newer.top_p.takes(0.999) && !newer.together);
    let haiku = model(HAIKU.trim_start_matches("us.")).sampling.as_ref().unwrap();
    assert!(!haiku.together && haiku.temperature.takes(0.1) && haiku.confidence == Evidence::Documented);
    assert!(model("anthropic.claude-opus-4-1-20250805-v1:0").sampling.is_none());
    for model in Catalogue::builtin().models() {
        let only_adaptive = model.thinking.as_ref().is_some_and(|one| one.style == ThinkingStyle::AdaptiveOnly);
        let restricted = model.sampling.as_ref().is_some_and(|one| one.temperature != Accepted::Any);
        assert!(!restricted || only_adaptive, "{}", model.id);
    }
}

#[test]
fn prefixes_split_off() {
    let catalogue = Catalogue::builtin();
    for (id, expected) in [
        ("us.anthropic.x", Some(("us", "anthropic.x"))),
        ("us-gov.anthropic.x", Some(("us-gov", "anthropic.x"))),
        ("us.us.anthropic.x", Some(("us", "us.anthropic.x"))),
        ("na.anthropic.x", None),
        ("anthropic.x", None),
        ("us", None),
        ("", None),
    ] {
        let found = catalogue.split_profile_id(id);
        assert_eq!(found.map(|(prefix, rest)| (&*prefix.name, rest)), expected, "{id}");
    }
    let stems: Vec<_> = catalogue.provider_stems().collect();
    assert!(stems.contains(&"anthropic") && stems.is_sorted_by(|a, b| a < b));
}

#[test]
fn faults_of_a_file_are_named() {
    let file = |models: &str| {
        format!(
            r#"{{"schema_version":1,"as_of":"2026-01-01","regions":{{}},"prefixes":{{}},
            "region_sets":{{"none":[]}},"route_maps":{{}},"models":[{models}]}}"#
        )
    };
    let with = |on_demand: &str, profiles: &str| {
        file(&format!(
            r#"{{"id":"a.b","provider":"A","name":"B","kind":"text","input":[],"output":[],
            "endpoints":[],"access":"none","on_demand":"{on_demand}","mantle":"none",
            "profiles":[{profiles}],"lifecycle":{{"status":"active"}}}}"#
        ))
    };
    assert!(Catalogue::from_json(&with("none", "")).is_ok());
    let profile =
        |id: &str, rest: &str| format!(r#"{{"id":"{id}","prefix":"us","status":"active","confidence":"api"{rest}}}"#);
    for (text, expected) in [
        (with("nowhere", ""), "a.b: no region set is named \"nowhere\""),
        (with("none", &profile("us.a.b", r#","routes":"r""#)), "us.a.b: no route map is named \"r\""),
        (with("none", &profile("us.b", r#","from":"none""#)), "profile us.b: the id is not its prefix, a dot and a.b"),
        (with("none", &profile("us.a.b", "")), "profile us.a.b: give either \"routes\" or \"from\""),
    ] {
        assert_eq!(Catalogue::from_json(&text).unwrap_err().to_string(), expected);
    }
    for broken in ["", "[]", "{", r#"{"schema_version":1,"as_of":"yesterday"}"#] {
        let error = Catalogue::from_json(broken).unwrap_err();
        assert!(error.position().is_some());
        assert!(error.to_string().contains("line 1 column"), "{error}");
    }
    let newer = file("").replacen('1', "2", 1);
    assert!(matches!(Catalogue::from_json(&newer), Err(CatalogueError::Schema { found: 2 })));
}
