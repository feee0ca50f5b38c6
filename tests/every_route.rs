//! Every profile of the catalogue from every Region it can be called from: the policy that its route needs is met with
//! silence, and the same without any one of its ARNs is not.
#![expect(clippy::unwrap_used, reason = "tests")]

mod judged;

use bedrock_lint::bedrock::{Catalogue, Model, Partition, Profile, Route};
use bedrock_lint::finding::{Confidence, Severity};
use judged::{allow, findings_in, policy};

/// A profile called from one Region, with the ARNs that this needs.
struct Way<'c> {
    model: &'c Model,
    profile: &'c Profile,
    own: String,
    models: Vec<String>,
}

fn ways() -> Vec<Way<'static>> {
    let catalogue = Catalogue::builtin();
    let day = "2026-11-22".parse().unwrap();
    let mut ways = Vec::new();
    for model in catalogue.models().filter(|model| !model.ended_everywhere(day)) {
        for profile in model.active_profiles() {
            for source in profile.sources().iter() {
                let partition = catalogue.region(source).map_or(Partition::Aws, |region| region.partition);
                let arn = |region: &str| format!("arn:{partition}:bedrock:{region}::foundation-model/{}", model.id);
                let own = format!("arn:{partition}:bedrock:{source}:111122223333:inference-profile/{}", profile.id);
                let mut models = vec![arn(source)];
                match profile.route(source).unwrap() {
                    Route::Geographic(regions) => models.extend(regions.iter().filter(|it| *it != source).map(arn)),
                    Route::Global => models.push(arn("")),
                }
                ways.push(Way { model, profile, own, models });
            }
        }
    }
    ways
}

/// Rules of errors and warnings that are shown by default, those about the model's life aside.
fn loud(resources: &[&String]) -> Vec<&'static str> {
    let list = serde_json::to_string(resources).unwrap();
    let text = policy(&[&allow(r#"["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]"#, &list, "")]);
    let findings = findings_in("policy.json", &text).into_iter();
    let loud = findings.filter(|one| one.severity > Severity::Note && one.confidence > Confidence::Possible);
    loud.map(|one| one.rule).filter(|rule| *rule != "retired-model").collect()
}

#[test]
fn what_a_route_needs_is_enough() {
    let ways = ways();
    assert!(ways.len() > 1000, "{}", ways.len());
    for Way { profile, own, models, .. } in &ways {
        let all: Vec<&String> = models.iter().chain([own]).collect();
        assert_eq!(loud(&all), Vec::<&str>::new(), "{} {own}", profile.id);
    }
}

#[test]
fn each_arn_of_a_route_is_missed() {
    // one way of each profile is as good as all, and this is ten times the work
    let mut seen = std::collections::HashSet::new();
    for Way { model, profile, own, models } in ways() {
        if !profile.confidence.destinations_known() || !seen.insert(&profile.id) {
            continue;
        }
        assert_eq!(loud(&[&own]), ["missing-model-grant"], "{own} alone");
        for (index, left_out) in models.iter().enumerate() {
            let rest = models.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, arn)| arn);
            let rest: Vec<&String> = rest.chain([&own]).collect();
            let expected = match (left_out.contains(":::"), rest.len()) {
                (_, 1) => "missing-model-grant",
                (true, _) => "missing-global-model-grant",
                (false, _) => "uncovered-destination-region",
            };
            assert_eq!(loud(&rest), [expected], "{own} without {left_out}");
        }
        let regions = models.iter().filter_map(|arn| arn.split(':').nth(3)).filter(|region| !region.is_empty());
        if regions.clone().all(|region| model.profile_only_in(region)) {
            let models: Vec<&String> = models.iter().collect();
            assert_eq!(loud(&models), ["missing-profile-grant"], "{} without {own}", model.id);
        }
    }
}

#[test]
fn a_model_alone_wants_a_profile_where_it_is_not_on_demand() {
    let catalogue = Catalogue::builtin();
    let day = "2026-11-22".parse().unwrap();
    let mut wanting = 0;
    for model in catalogue.models().filter(|model| model.on_runtime()) {
        for region in catalogue.regions().filter(|region| region.bedrock) {
            let arn = format!("arn:{}:bedrock:{}::foundation-model/{}", region.partition, region.code, model.id);
            // past its end of life a model promises nothing
            let wants = model.profile_only_in(&region.code) && !model.ended_in(&region.code, day);
            let expected: &[&str] = if wants { &["missing-profile-grant"] } else { &[] };
            assert_eq!(loud(&[&arn]), expected, "{arn}");
            wanting += usize::from(wants);
        }
    }
    assert!(wanting > 100, "{wanting}");
}
