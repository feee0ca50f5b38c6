//! The policies that are written: they grant what they are for and nothing besides, the linter has nothing to say
//! about them, and without any one of their ARNs it has.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod asked;
mod judged;

use std::collections::{BTreeSet, HashSet};

use asked::{ACCOUNT, ask, fact, policy_request};
use bedrock_lint::access::{Call, Requirement, Target, requirements};
use bedrock_lint::bedrock::Catalogue;
use bedrock_lint::can_invoke::{CallAnswer, InvokeRequest, RequirementAnswer, Verdict};
use bedrock_lint::formats::PolicyKind;
use bedrock_lint::iam::{Decision, Layers, Policy, evaluate};
use bedrock_lint::policy::{Format, Kind, PolicyRequest, Written, render, write};
use judged::findings_of;
use judged::ways::{Way, is_profile_only, loud, rule_that_misses, ways};

fn request(model: &str, region: &str) -> PolicyRequest {
    PolicyRequest { account: Some(ACCOUNT.to_owned()), ..policy_request(&[model], &[region]) }
}

fn written(request: &PolicyRequest) -> Written {
    write(request, Catalogue::builtin()).unwrap_or_else(|errors| panic!("{request:?}: {errors:?}"))
}

fn json(written: &Written) -> String {
    render(written, Format::Json).unwrap()
}

/// The policy in a text, as the linter reads it.
fn read(text: &str) -> Policy {
    fact(text).policy.clone()
}

/// What `can-invoke` answers to a call that a policy is written for, by that policy alone.
fn answer(request: &PolicyRequest, stream: bool, text: &str) -> CallAnswer {
    let question = InvokeRequest { stream, ..asked::request(&request.models[0], &request.regions[0]) };
    let mut answer = ask(&question, asked::identity(&[&fact(text)]));
    assert_eq!((answer.calls.len(), answer.decision), (1, answer.calls[0].decision));
    answer.calls.remove(0)
}

fn may_stream(request: &PolicyRequest) -> bool {
    let catalogue = Catalogue::builtin();
    let id = &request.models[0];
    let model = catalogue.profile(id).map_or(id.as_str(), |profile| profile.model_id());
    catalogue.model(model).is_none_or(|model| model.may_stream())
}

fn decide(policies: &[&Policy], requirement: &Requirement) -> Decision {
    evaluate(Layers { identity: policies, ..Layers::default() }, &requirement.request())
}

fn needs(calls: &[Call]) -> Vec<Requirement> {
    calls.iter().flat_map(|call| requirements(call, Catalogue::builtin())).collect()
}

fn wrong_with(kind: PolicyKind, text: &str) -> Vec<&'static str> {
    loud(findings_of(Some(kind), "policy.json", text))
}

/// The policy grants what its calls need, on `resources` and no other, tight or not, streamed or not; and without any
/// one of them, no longer. The latter is asked of one of the four, and there the linter is asked too, the next for each
/// `turn`: it is the most of the work.
fn is_enough_and_no_more(request: &PolicyRequest, resources: &BTreeSet<&str>, guessed: bool, turn: usize) {
    let ways = [(false, false), (false, true), (true, false), (true, true)];
    for (index, (tight, stream)) in ways.into_iter().enumerate() {
        let written = written(&PolicyRequest { tight, stream, ..request.clone() });
        let text = json(&written);
        for stream in [false, true].into_iter().take(1 + usize::from(stream)) {
            let answer = answer(request, stream, &text);
            // no call streams the answer of an embedding model, so nothing grants it
            let expected = if stream && !may_stream(request) { Verdict::Denied } else { Verdict::Allowed };
            assert_eq!(answer.decision, expected, "{answer:?} in {text}");
        }
        let named = fact(&text);
        let named = named.policy.statements.iter().flat_map(|statement| statement.named_resources());
        assert_eq!(named.map(|pattern| pattern.as_str()).collect::<BTreeSet<_>>(), *resources, "{text}");
        if turn % 4 != index {
            continue;
        }
        assert_eq!(wrong_with(PolicyKind::Identity, &text), Vec::<&str>::new(), "{text}");
        let without_any = ask(&asked::request(&request.models[0], &request.regions[0]), asked::identity(&[]));
        assert_eq!(without_any.decision, Verdict::Denied);
        for (rest, left_out) in without_each(&written) {
            let answer = answer(request, stream && may_stream(request), &rest);
            let missed = missed(&answer);
            assert_eq!(missed.requirement.resource, left_out, "{answer:?} in {rest}");
            // where a profile routes may be a guess, which denies nothing
            assert!(answer.decision == Verdict::Denied || guessed, "{answer:?} in {rest}");
            assert_eq!(answer.mends.len(), usize::from(answer.decision == Verdict::Denied));
        }
    }
}

/// The only requirement of a call that is not allowed.
fn missed(answer: &CallAnswer) -> &RequirementAnswer {
    let missed: Vec<_> = answer.requirements.iter().filter(|one| one.decision != Verdict::Allowed).collect();
    let [missed] = missed.as_slice() else { panic!("{answer:?}") };
    missed
}

/// The written policy without one of its resources, and that resource, for each that is not its only one.
fn without_each(written: &Written) -> Vec<(String, String)> {
    let whole = read(&json(written));
    let mut rests = Vec::new();
    for (index, statement) in whole.statements.iter().enumerate() {
        for (place, resource) in statement.named_resources().iter().enumerate() {
            let mut rest = written.clone();
            rest.document.statements[index].resources.remove(place);
            rest.document.statements.retain(|statement| !statement.resources.is_empty());
            if !rest.document.statements.is_empty() {
                rests.push((json(&rest), resource.as_str().to_owned()));
            }
        }
    }
    rests
}

#[test]
fn every_way_through_a_profile_is_granted() {
    let ways = ways();
    assert!(ways.len() > 1000, "{}", ways.len());
    for (index, way) in ways.iter().enumerate() {
        let resources = way.models.iter().chain([&way.own]).map(String::as_str).collect();
        let guessed = !way.profile.confidence.destinations_known();
        is_enough_and_no_more(&request(&way.profile.id, way.source), &resources, guessed, index);
    }
}

#[test]
fn every_model_is_granted_on_demand() {
    let catalogue = Catalogue::builtin();
    let mut count = 0;
    for model in catalogue.models() {
        for region in model.on_demand.iter() {
            let partition = catalogue.region(region).unwrap().partition;
            let arn = format!("arn:{partition}:bedrock:{region}::foundation-model/{}", model.id);
            is_enough_and_no_more(&request(&model.id, region), &BTreeSet::from([&*arn]), false, count);
            count += 1;
        }
    }
    assert!(count > 500, "{count}");
}

#[test]
fn the_linter_misses_the_arn_that_is_left_out() {
    // one way of each profile is as good as all
    let mut seen = HashSet::new();
    for way in ways() {
        let Way { profile, source, models, .. } = &way;
        if !profile.confidence.destinations_known() || !seen.insert(&profile.id) {
            continue;
        }
        let tight = seen.len() % 2 == 0;
        for (text, left_out) in without_each(&written(&PolicyRequest { tight, ..request(&profile.id, source) })) {
            let expected = match left_out.contains(":inference-profile/") {
                true if is_profile_only(&way) => "missing-profile-grant",
                // by its bare id the model can be called, if not on the way that was asked for
                true => continue,
                false => rule_that_misses(&left_out, models.len()),
            };
            assert_eq!(wrong_with(PolicyKind::Identity, &text), [expected], "{left_out} in {text}");
        }
    }
    assert!(seen.len() > 100, "{}", seen.len());
}

/// Allows everything, as `FullAWSAccess` does.
const EVERYTHING: &str =
    r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } }"#;

#[test]
fn a_region_deny_lets_profiles_route_and_nothing_else() {
    let everything = read(EVERYTHING);
    let catalogue = Catalogue::builtin();
    // what is written depends on the profile and the list of Regions: some ways of each profile show it
    for (index, way) in ways().iter().enumerate().filter(|(index, _)| index % 5 == 0) {
        let plain = request(&way.profile.id, way.source);
        let whole = PolicyRequest { stream: true, api_key: true, marketplace: true, ..plain.clone() };
        let account = (index % 2 == 0).then(|| ACCOUNT.to_owned());
        let text = json(&written(&PolicyRequest { kind: Kind::Scp, account, ..whole.clone() }));
        let scp = read(&text);
        let decide = |need: &Requirement| decide(&[&everything, &scp], need);
        for need in needs(&written(&whole).calls) {
            assert!(decide(&need).is_allowed(), "{need:?} in {text}");
        }
        assert_eq!(wrong_with(PolicyKind::Scp, &text), Vec::<&str>::new(), "{text}");

        let call = written(&plain).calls.remove(0);
        let direct = Call { target: Target::Model(way.model.id.to_string()), ..call.clone() };
        let other = Call { target: Target::Profile("us.vendor.other-v1:0".to_owned()), ..call.clone() };
        for region in catalogue.regions().map(|region| &*region.code).filter(|region| *region != way.source) {
            // by the bare id, through another profile, and through the same if it is called from there
            for call in [&direct, &other, &call] {
                let foreign = Call { source: region.to_owned(), ..call.clone() };
                let denied = matches!(decide(&requirements(&foreign, catalogue)[0]), Decision::DeniedExplicitly { .. });
                assert!(denied, "{foreign:?} in {text}");
            }
            let mut routed = requirements(&other, catalogue).remove(1);
            assert!(decide(&routed).is_allowed(), "in the Region that may be used: {text}");
            routed.region = region.to_owned();
            assert!(decide(&routed).is_denied(), "{routed:?} in {text}");
        }
    }
}

#[test]
fn a_region_deny_without_profiles_spares_none() {
    let everything = read(EVERYTHING);
    let text = json(&written(&PolicyRequest { kind: Kind::Scp, ..request("amazon.nova-lite-v1:0", "us-east-1") }));
    let scp = read(&text);
    assert_eq!(scp.statements.len(), 1, "{text}");
    assert!(!text.contains("bedrock:"), "{text}");
    let mut call = written(&request("us.amazon.nova-lite-v1:0", "us-east-1")).calls.remove(0);
    let denied = |call: &Call| {
        let needs = requirements(call, Catalogue::builtin());
        needs.iter().filter(|need| decide(&[&everything, &scp], need).is_denied()).count()
    };
    assert_eq!(denied(&call), 2, "its destinations");
    call.target = Target::Model("amazon.nova-lite-v1:0".to_owned());
    assert_eq!(denied(&call), 0);
}

#[test]
fn everything_that_a_call_can_carry_is_granted() {
    let arn = |rest: &str| format!("arn:aws:bedrock:us-east-1:{ACCOUNT}:{rest}");
    let application = arn("application-inference-profile/a1b2c3d4e5f6");
    let project = format!("arn:aws:bedrock-mantle:us-east-1:{ACCOUNT}:project/default");
    let haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
    for tight in [false, true] {
        let request = PolicyRequest {
            models: vec![
                format!("us.{haiku}"),
                application.clone(),
                arn("application-inference-profile/abcabcabcabc"),
                arn("provisioned-model/abcdefghijkl"),
                arn("imported-model/abcdefghijkl"),
                arn("custom-model-deployment/abcdefghijkl"),
                project.clone(),
                "amazon.nova-lite-v1:0".to_owned(),
            ],
            copies: vec![format!("global.{haiku}"), "amazon.nova-lite-v1:0".to_owned()],
            account: None,
            stream: true,
            api_key: true,
            marketplace: true,
            tight,
            ..request("", "us-east-1")
        };
        let written = written(&request);
        let text = json(&written);
        let policy = read(&text);
        let needs = needs(&written.calls);
        for need in &needs {
            assert!(decide(&[&policy], need).is_allowed(), "{need:?} in {text}");
        }
        assert!(needs.iter().any(|need| need.resource == application));
        assert!(!text.contains(&format!("inference-profile/global.{haiku}")), "what is copied is not called: {text}");
        assert_eq!(wrong_with(PolicyKind::Identity, &text), Vec::<&str>::new(), "{text}");
        // the rights to subscribe are no good to the caller itself
        let mut own = needs.into_iter().find(|need| need.action == "aws-marketplace:Subscribe").unwrap();
        own.called_via = None;
        assert!(decide(&[&policy], &own).is_denied(), "{text}");
    }
}

#[test]
fn a_tight_policy_grants_no_model_by_its_bare_id() {
    for way in ways().iter().step_by(7) {
        let tight = written(&PolicyRequest { tight: true, ..request(&way.profile.id, way.source) });
        let policy = read(&json(&tight));
        for mut need in needs(&tight.calls) {
            if need.profile.take().is_some() {
                assert!(decide(&[&policy], &need).is_denied(), "{need:?}");
            }
        }
    }
}
