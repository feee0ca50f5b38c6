//! Every model of the catalogue, by its bare id and by each of its profiles, called from every Region: the rules over
//! adapters say what the catalogue says, and no two of them speak of the same id.
#![expect(clippy::unwrap_used, reason = "tests")]

mod judged;

use bedrock_lint::bedrock::{Catalogue, Model, ModelKind, Region, Truth};
use bedrock_lint::finding::{Confidence, Finding, Severity};
use judged::findings_in;
use serde_json::json;

/// An adapter that calls `id` from `region` for what the model is made for.
fn adapter(model: &Model, id: &str, region: Option<&str>) -> String {
    let (number, kind) = match model.kind {
        ModelKind::Embedding => ("88199741-8d7e-4e8c-9d92-d76b0dc20c91", "EMBEDDING"),
        _ => ("8d18571f-5e96-4505-bd28-ad0379c64064", "LLM"),
    };
    let mut settings = json!({ "model": format!("bedrock/{id}"), "auth_type": "iam_role", "enable_thinking": false });
    if let (Some(region), Some(settings)) = (region, settings.as_object_mut()) {
        settings.insert("region_name".to_owned(), json!(region));
    }
    json!({ "adapter_id": format!("bedrock|{number}"), "adapter_type": kind, "adapter_metadata": settings }).to_string()
}

/// What is said of the id that is called.
fn said(model: &Model, id: &str, region: Option<&str>) -> Vec<Finding> {
    let findings = findings_in("adapter.json", &adapter(model, id, region)).into_iter();
    findings.filter(|one| one.primary.at.text() == id && one.severity > Severity::Note).collect()
}

/// The errors, as rule and confidence.
fn errors(model: &Model, id: &str, region: Option<&str>) -> Vec<(&'static str, Confidence)> {
    let found = said(model, id, region).into_iter().filter(|one| one.severity == Severity::Error);
    found.map(|one| (one.rule, one.confidence)).collect()
}

/// Models that adapters can use, and that have not ended.
fn models() -> impl Iterator<Item = &'static Model> {
    let day = "2026-11-22".parse().unwrap();
    let usable = |model: &&Model| matches!(model.kind, ModelKind::Text | ModelKind::Embedding);
    Catalogue::builtin().models().filter(usable).filter(move |model| !model.ended_everywhere(day))
}

/// The rule that the catalogue asks for, of a bare id.
fn of_model(model: &Model, region: &Region) -> Option<&'static str> {
    match model.on_demand_in(&region.code) {
        Truth::Yes => None,
        Truth::No if model.profiles_from(&region.code).next().is_some() => Some("missing-geo-prefix"),
        Truth::WeakNo if model.profiles_from(&region.code).next().is_some() => None,
        _ => Some("model-not-in-region"),
    }
}

#[test]
fn every_bare_id_from_every_region() {
    let day = "2026-11-22".parse().unwrap();
    let (mut silent, mut bare, mut nowhere) = (0, 0, 0);
    for model in models().filter(|model| model.on_runtime()) {
        for region in Catalogue::builtin().regions().filter(|region| !model.ended_in(&region.code, day)) {
            let found = errors(model, &model.id, Some(&region.code));
            let expected = of_model(model, region);
            let rules: Vec<&str> = found.iter().map(|(rule, _)| *rule).collect();
            assert_eq!(rules, expected.into_iter().collect::<Vec<_>>(), "{} from {}", model.id, region.code);
            let weak = model.on_demand_in(&region.code) == Truth::WeakNo;
            for (rule, confidence) in found {
                let sure = match rule {
                    "missing-geo-prefix" => Confidence::Certain,
                    _ if weak => Confidence::Possible,
                    _ => Confidence::Likely,
                };
                assert_eq!(confidence, sure, "{} from {}", model.id, region.code);
            }
            silent += usize::from(expected.is_none());
            bare += usize::from(expected == Some("missing-geo-prefix"));
            nowhere += usize::from(expected == Some("model-not-in-region"));
        }
    }
    assert!(silent > 500 && bare > 500 && nowhere > 500, "{silent} {bare} {nowhere}");
}

#[test]
fn every_profile_from_every_region() {
    let catalogue = Catalogue::builtin();
    let day = "2026-11-22".parse().unwrap();
    let (mut silent, mut foreign) = (0, 0);
    for model in models() {
        for profile in model.active_profiles() {
            let prefix = catalogue.prefix(profile.prefix()).unwrap();
            for region in catalogue.regions().filter(|region| !model.ended_in(&region.code, day)) {
                let found = errors(model, &profile.id, Some(&region.code));
                let callable = profile.sources().contains(&region.code);
                let rules: Vec<&str> = found.iter().map(|(rule, _)| *rule).collect();
                let expected: &[&str] = if callable { &[] } else { &["prefix-region-mismatch"] };
                assert_eq!(rules, expected, "{} from {}", profile.id, region.code);
                let elsewhere = profile.prefix() != "global" && !prefix.source_regions.contains(&region.code);
                let certain = found.iter().filter(|(_, confidence)| *confidence == Confidence::Certain).count();
                assert_eq!(certain, usize::from(!callable && elsewhere), "{} from {}", profile.id, region.code);
                silent += usize::from(callable);
                foreign += usize::from(!callable);
            }
        }
    }
    assert!(silent > 500 && foreign > 500, "{silent} {foreign}");
}

/// What is offered can be called.
#[test]
fn every_suggestion_can_be_called_from_there() {
    for model in models().filter(|model| model.on_runtime()) {
        for region in Catalogue::builtin().regions() {
            let partition = region.partition;
            for id in Catalogue::builtin().ids_for(model, partition, Some(&region.code)) {
                assert_eq!(errors(model, id, Some(&region.code)), [], "{id} from {}", region.code);
            }
        }
    }
}

#[test]
fn what_has_ended_is_told_of_as_that_alone() {
    let catalogue = Catalogue::builtin();
    let day = "2026-11-22".parse().unwrap();
    let mut ended = 0;
    let usable = |model: &&Model| matches!(model.kind, ModelKind::Text | ModelKind::Embedding);
    for model in catalogue.models().filter(usable) {
        let profiles: Vec<&str> = model.profiles.iter().map(|profile| &*profile.id).collect();
        for id in profiles.iter().copied().chain([&*model.id]) {
            for region in catalogue.regions() {
                let retired = catalogue.profile(id).is_some_and(|profile| !profile.is_active());
                if !model.ended_in(&region.code, day) && !retired {
                    continue;
                }
                let rules: Vec<&str> = errors(model, id, Some(&region.code)).iter().map(|(rule, _)| *rule).collect();
                assert_eq!(rules, ["retired-model"], "{id} from {}", region.code);
                ended += 1;
            }
        }
    }
    assert!(ended > 500, "{ended}");
}

#[test]
fn without_a_region_only_what_fails_everywhere_is_told() {
    let mut told = 0;
    for model in models().filter(|model| model.on_runtime()) {
        for profile in model.active_profiles() {
            assert_eq!(errors(model, &profile.id, None), [], "{}", profile.id);
        }
        let found = errors(model, &model.id, None);
        let on_demand = model.callable_regions().iter().any(|region| model.on_demand_in(region) != Truth::No);
        if found.iter().any(|(_, confidence)| *confidence == Confidence::Certain) {
            assert!(!on_demand, "{}", model.id);
        }
        told += found.len();
        assert!(found.iter().all(|(rule, _)| *rule == "missing-geo-prefix"), "{} {found:?}", model.id);
    }
    assert!(told > 20, "{told}");
}
