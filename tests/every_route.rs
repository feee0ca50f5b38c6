//! Every profile of the catalogue from every Region it can be called from: the policy that its route needs is met with
//! silence, and the same without any one of its ARNs is not.
#![expect(clippy::unwrap_used, reason = "tests")]

mod judged;

use bedrock_lint::bedrock::Catalogue;
use judged::ways::{Way, is_profile_only, loud, rule_that_misses, ways};
use judged::{allow, findings_in, policy};

/// What is loudly wrong with an Allow of invocation on these resources.
fn wrong_with(resources: &[&String]) -> Vec<&'static str> {
    let list = serde_json::to_string(resources).unwrap();
    let text = policy(&[&allow(r#"["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]"#, &list, "")]);
    loud(findings_in("policy.json", &text))
}

#[test]
fn what_a_route_needs_is_enough() {
    let ways = ways();
    assert!(ways.len() > 1000, "{}", ways.len());
    for Way { profile, own, models, .. } in &ways {
        let all: Vec<&String> = models.iter().chain([own]).collect();
        assert_eq!(wrong_with(&all), Vec::<&str>::new(), "{} {own}", profile.id);
    }
}

#[test]
fn each_arn_of_a_route_is_missed() {
    // one way of each profile is as good as all, and this is ten times the work
    let mut seen = std::collections::HashSet::new();
    for way in ways() {
        let Way { model, profile, own, models, .. } = &way;
        if !profile.confidence.destinations_known() || !seen.insert(&profile.id) {
            continue;
        }
        assert_eq!(wrong_with(&[own]), ["missing-model-grant"], "{own} alone");
        for (index, left_out) in models.iter().enumerate() {
            let rest = models.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, arn)| arn);
            let rest: Vec<&String> = rest.chain([own]).collect();
            let expected = rule_that_misses(left_out, rest.len());
            assert_eq!(wrong_with(&rest), [expected], "{own} without {left_out}");
        }
        if is_profile_only(&way) {
            let models: Vec<&String> = models.iter().collect();
            assert_eq!(wrong_with(&models), ["missing-profile-grant"], "{} without {own}", model.id);
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
            assert_eq!(wrong_with(&[&arn]), expected, "{arn}");
            wanting += usize::from(wants);
        }
    }
    assert!(wanting > 100, "{wanting}");
}
