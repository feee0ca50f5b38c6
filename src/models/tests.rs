#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::bedrock::Truth;

const DAY: &str = "2026-11-22";

fn ask<'c>(query: &str, region: Option<&str>) -> ModelsAnswer<'c> {
    let words = query.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let request = ModelsRequest { words, region: region.map(str::to_owned), as_of: DAY.parse().unwrap() };
    models(&request, Catalogue::builtin()).unwrap()
}

fn ids<'c>(answer: &ModelsAnswer<'c>) -> Vec<&'c str> {
    answer.hits.iter().map(|hit| &*hit.model.id).collect()
}

const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";

#[test]
fn words_in_any_order_and_spelling() {
    for query in [
        "haiku 4.5",
        "4.5 haiku",
        "haiku-4-5",
        "claude-4.5-haiku",
        "Claude Haiku 4.5",
        "HAIKU 4-5 anthropic",
        "4 5 haiku",
    ] {
        assert_eq!(ids(&ask(query, None)), [HAIKU, "anthropic.claude-haiku-4-5"], "{query}");
    }
    let one = ask("haiku 20251001", None);
    assert!(one.is_detail && ids(&one) == [HAIKU]);
    for (query, some, none) in [
        ("cohere embedding", "cohere.embed-v4:0", "cohere.command-r-v1:0"),
        ("embeddings", "amazon.titan-embed-text-v2:0", "amazon.nova-lite-v1:0"),
        ("jp", HAIKU, "amazon.nova-lite-v1:0"),
        ("us-gov", "anthropic.claude-sonnet-4-5-20250929-v1:0", HAIKU),
        ("nova", "amazon.nova-lite-v1:0", HAIKU),
        ("ended", "anthropic.claude-v2", HAIKU),
        ("legacy", "deepseek.r1-v1:0", HAIKU),
        ("profile-only anthropic", HAIKU, "amazon.titan-embed-text-v2:0"),
        ("llama 3.1 8b", "meta.llama3-1-8b-instruct-v1:0", "meta.llama3-1-70b-instruct-v1:0"),
        ("claude 3", "anthropic.claude-3-haiku-20240307-v1:0", HAIKU),
    ] {
        let found = ids(&ask(query, None));
        assert!(found.contains(&some) && !found.contains(&none), "{query}: {found:?}");
    }
}

#[test]
fn those_that_can_be_called_come_first() {
    let all = ask("anthropic", None);
    let over: Vec<bool> = all.hits.iter().map(|hit| hit.standing.is_over()).collect();
    assert!(over.contains(&true) && over.is_sorted(), "{over:?}");
    let without = ask("", None);
    assert!(without.left_out > 0 && without.hits.iter().all(|hit| !hit.standing.is_over()));
    assert_eq!(without.hits.len() + without.left_out, Catalogue::builtin().models().len());
}

#[test]
fn every_id_is_found_by_itself_and_first() {
    let catalogue = Catalogue::builtin();
    for model in catalogue.models() {
        for region in [None, Some("us-east-1")] {
            let answer = ask(&model.id, region);
            assert!(answer.is_detail && ids(&answer) == [&*model.id], "{}", model.id);
        }
        let arn = format!("arn:aws:bedrock:us-east-1::foundation-model/{}", model.id);
        assert_eq!(ids(&ask(&arn, None)), [&*model.id]);
        assert!(ids(&ask(&model.name, None)).contains(&&*model.id), "{}", model.name);
    }
    for profile in catalogue.profiles() {
        let answer = ask(&profile.id, None);
        assert!(answer.is_detail && ids(&answer) == [profile.model_id()], "{}", profile.id);
        assert_eq!(answer.hits.first().unwrap().profile, Some(profile));
    }
}

#[test]
fn what_a_region_can_call_is_what_the_catalogue_routes() {
    let catalogue = Catalogue::builtin();
    let day = DAY.parse().unwrap();
    for region in catalogue.regions() {
        let code = &*region.code;
        let answer = ask("", Some(code));
        assert_eq!(ask(code, None).hits.len(), answer.hits.len(), "{code}");
        for model in catalogue.models() {
            let hit = answer.hits.iter().find(|hit| hit.model.id == model.id);
            let mut wanted: Vec<&str> = model.profiles_from(code).map(|profile| &*profile.id).collect();
            wanted.extend((model.on_demand_in(code) == Truth::Yes).then_some(&*model.id));
            if wanted.is_empty() && model.mantle.contains(code) {
                wanted.push(&model.id);
            }
            if model.ended_in(code, day) {
                wanted.clear();
            }
            let mut shown: Vec<&str> = hit.iter().flat_map(|hit| &hit.ways).map(|way| way.id).collect();
            wanted.sort_unstable();
            shown.sort_unstable();
            assert_eq!(shown, wanted, "{} from {code}", model.id);
            for way in hit.iter().flat_map(|hit| &hit.ways) {
                if let How::Profile(profile, route) = way.how {
                    assert_eq!(route, profile.route(code));
                    assert!(route.is_some());
                }
                let on_runtime = model.on_runtime();
                assert_eq!(check(way.id, Some(code), day, catalogue).unwrap().is_callable(), on_runtime, "{}", way.id);
            }
        }
    }
}

#[test]
fn wrong_ids_lead_to_the_right_ones() {
    for (query, first, note) in [
        ("claude-sonnet-4-6-v1:0", "anthropic.claude-sonnet-4-6", "another vendor"),
        ("anthropic.claude-sonnet-4-6-v1:0", "anthropic.claude-sonnet-4-6", "a version that this model does not have"),
        ("na.anthropic.claude-sonnet-4-6", "anthropic.claude-sonnet-4-6", "`na` is not a prefix"),
        ("us.us.anthropic.claude-sonnet-4-6", "anthropic.claude-sonnet-4-6", "two prefixes"),
        ("anthropic.claude-haiku-4-5-20251002-v1:0", HAIKU, "a date that this model does not have"),
        ("amazon.nova-lte-v1:0", "amazon.nova-lite-v1:0", "there is no model `amazon.nova-lte-v1:0`"),
        ("amazon.nova-lite-v1:0:24k", "amazon.nova-lite-v1:0", "Provisioned Throughput alone"),
    ] {
        let answer = ask(query, None);
        assert_eq!(ids(&answer).first(), Some(&first), "{query}");
        assert!(answer.note.as_deref().unwrap_or_default().contains(note), "{query}: {:?}", answer.note);
    }
}

#[test]
fn where_nothing_matches_the_nearest_are_offered() {
    for (query, near, meant) in [
        ("haikku 4.5", HAIKU, Some("did you mean `haiku 4.5`?")),
        ("eu-wets-1 nova", "eu.amazon.nova-lite-v1:0", Some("did you mean `eu-west-1 nova`?")),
        ("claude quatrain", "us.anthropic.claude-sonnet-5-5", None),
    ] {
        let answer = ask(query, None);
        assert!(answer.hits.is_empty() && answer.nearest.len() <= 5);
        assert!(answer.nearest.iter().any(|id| id.ends_with(near)), "{query}: {:?}", answer.nearest);
        assert_eq!(answer.note.as_deref(), meant, "{query}");
    }
    let nothing = ask("zzz", None);
    assert!(nothing.hits.is_empty() && nothing.nearest.is_empty() && nothing.note.is_none());
}

#[test]
fn what_clients_put_around_an_id_is_left_out() {
    const SONNET: &str = "anthropic.claude-sonnet-4-6";
    for (query, region, notes) in [
        (
            "bedrock/eu-west-2/anthropic.claude-sonnet-4-6[1m]",
            Some("eu-west-2"),
            &["`bedrock/eu-west-2/` is a route of LiteLLM", "`[1m]` asks"][..],
        ),
        ("us.anthropic.claude-sonnet-4-6[1m]", None, &["`[1m]` asks Claude Code for a longer context"]),
        ("bedrock/converse/us.anthropic.claude-sonnet-4-6", None, &["`bedrock/converse/` is a route"]),
        (
            "us-east-1a anthropic.claude-sonnet-4-6",
            Some("us-east-1"),
            &["`us-east-1a` is an Availability Zone of the Region `us-east-1`"],
        ),
    ] {
        let answer = ask(query, None);
        assert!(answer.is_detail && ids(&answer) == [SONNET], "{query}: {:?}", ids(&answer));
        assert_eq!((answer.region, answer.query.as_str()), (region, query));
        let note = answer.note.unwrap();
        assert!(notes.iter().all(|part| note.contains(part)), "{query}: {note}");
    }
    let given = ask("bedrock/eu-west-2/anthropic.claude-sonnet-4-6", Some("us-east-1"));
    assert_eq!(given.region, Some("us-east-1"));
    let zone = ask("us-east-1a", None);
    assert_eq!(ids(&zone), ids(&ask("us-east-1", None)));
    assert!(ask("us-east-1 nova", None).note.is_none());
}

#[test]
fn what_belongs_to_an_account_is_said_to() {
    let arn = |resource: &str| format!("arn:aws:bedrock:us-east-1:111122223333:{resource}");
    for (resource, noun, command) in [
        ("application-inference-profile/abcdefghijkl", "an application inference profile", "get-inference-profile"),
        ("provisioned-model/abcdefghijkl", "Provisioned Throughput", "get-provisioned-model-throughput"),
        ("imported-model/abcdefghijkl", "an imported model", "get-imported-model"),
    ] {
        for query in [arn(resource), format!("bedrock/{}", arn(resource))] {
            let answer = ask(&query, None);
            let note = answer.note.as_deref().unwrap();
            assert!(answer.hits.is_empty() && answer.nearest.is_empty(), "{query}");
            assert!(note.contains(noun) && note.contains(command) && note.contains(&arn(resource)), "{note}");
        }
    }
}

#[test]
fn paths_and_chance_find_nothing() {
    for query in ["../../etc", "/etc/passwd", "~/nova", ".env", "etc", "C:\\nova"] {
        let answer = ask(query, None);
        assert!(answer.hits.is_empty() && answer.nearest.is_empty() && answer.note.is_none(), "{query}: {answer:?}");
    }
    for query in ["v2", "gpt", "r1", "anthropic/claude-sonnet-4.6"] {
        assert!(!ask(query, None).hits.is_empty(), "{query}");
    }
}

#[test]
fn regions_that_there_are_not() {
    let request = |region: &str| ModelsRequest {
        words: Vec::new(),
        region: Some(region.to_owned()),
        as_of: DAY.parse().unwrap(),
    };
    for (region, near) in [("us-esat-1", "us-east-1"), ("us-east-1a", "us-east-1"), ("frankfurt", "eu-central-1")] {
        let error = models(&request(region), Catalogue::builtin()).unwrap_err();
        assert!(error.to_string().contains(&format!("did you mean `{near}`")), "{error}");
        assert!(check(HAIKU, Some(region), DAY.parse().unwrap(), Catalogue::builtin()).is_err());
    }
}

#[test]
fn ids_are_checked() {
    let said = |id: &str, region: Option<&str>| {
        let one = check(id, region, DAY.parse().unwrap(), Catalogue::builtin()).unwrap();
        format!("{} {} {}", one.why().unwrap_or("ok"), one.instead.join(" "), one.notes.join(" ")).trim().to_owned()
    };
    for (id, region, expected) in [
        ("us.anthropic.claude-sonnet-4-6", None, "ok"),
        (" us.anthropic.claude-sonnet-4-6\n", Some("us-east-1"), "ok"),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0", None, "ok"),
        ("us.deepseek.r1-v1:0", None, "ok  legacy, ends on 2027-03-30, in 128 days"),
    ] {
        assert_eq!(said(id, region), expected, "{id}");
    }
    for (id, region, part) in [
        (HAIKU, None, "cannot be called by its bare id from any Region"),
        (HAIKU, Some("us-east-1"), "cannot be called by its bare id from `us-east-1`"),
        (HAIKU, Some("us-east-1"), "us.anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("us.anthropic.claude-sonnet-4-6", Some("eu-west-1"), "eu.anthropic.claude-sonnet-4-6"),
        ("anthropic.claude-v2", None, "reached its end of life on 2025-07-21"),
        ("us.anthropic.claude-3-7-sonnet-20250219-v1:0", None, "no longer offered"),
        ("anthropic.claude-3-haiku-20240307-v1:0", Some("us-east-1"), "end of life on 2026-09-10 in `us-east-1`"),
        ("us.us.amazon.nova-lite-v1:0", None, "us.amazon.nova-lite-v1:0"),
        ("claude", None, "there is no model or inference profile `claude`"),
        ("anthropic.claude-haiku-4-5", None, "anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("", None, "there is no model"),
        ("*", None, "there is no model"),
        ("arn:aws:bedrock:*::foundation-model/x", None, "is a pattern"),
    ] {
        assert!(said(id, region).contains(part), "{id}: {}", said(id, region));
    }
}

/// Each id of the catalogue is callable exactly if it is active, and there is a Region where it has not ended.
#[test]
fn all_ids_are_checked_as_the_catalogue_has_them() {
    let catalogue = Catalogue::builtin();
    let day = DAY.parse().unwrap();
    let callable = |id: &str| check(id, None, day, catalogue).unwrap().is_callable();
    for model in catalogue.models() {
        let on_demand = model.on_runtime() && model.on_demand.iter().any(|region| !model.ended_in(region, day));
        // a weak no is no fault
        let maybe = || model.on_runtime() && model.on_demand.is_empty() && model.active_profiles().next().is_none();
        assert!(callable(&model.id) == on_demand || maybe(), "{}", model.id);
        for profile in &model.profiles {
            let served = profile.sources().iter().any(|region| !model.ended_in(region, day));
            assert_eq!(callable(&profile.id), profile.is_active() && served, "{}", profile.id);
        }
    }
}

proptest! {
    #[test]
    fn any_query_is_answered(query in "\\PC{0,40}", region in prop::option::of("[a-z0-9-]{0,14}")) {
        let request = ModelsRequest { words: vec![query.clone()], region: region.clone(), as_of: DAY.parse().unwrap() };
        if let Ok(answer) = models(&request, Catalogue::builtin()) {
            prop_assert!(answer.hits.is_empty() || answer.nearest.is_empty());
            prop_assert!(!answer.is_detail || answer.hits.len() == 1);
        }
        let _ = check(&query, region.as_deref(), DAY.parse().unwrap(), Catalogue::builtin());
    }

    #[test]
    fn parts_of_ids_find_them(at in 0_usize..1000, cut in 0_usize..40) {
        let catalogue = Catalogue::builtin();
        let model = catalogue.models().nth(at % catalogue.models().len()).unwrap();
        // up to the end of a word, so that no number is cut
        let ends: Vec<usize> = model.id.match_indices(['-', '.', ':']).map(|(at, _)| at).collect();
        let end = ends.get(cut % ends.len()).copied().unwrap();
        let part = model.id.get(..end).unwrap();
        prop_assert!(catalogue.model(part).is_some() || ids(&ask(part, None)).contains(&&*model.id), "{} by {}", model.id, part);
    }
}
