//! `can-invoke --live`: policies of an account, AWS's own answers beside ours, and what is told where they are not had. The
//! account answers from memory.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod calls;
mod common;
mod recorded;

use std::path::PathBuf;

use bedrock_lint::bedrock::Catalogue;
use bedrock_lint::can_invoke::{
    self, Answer, Files, Given, InvokeError, InvokeRequest, LiveAnswer, LiveInvoke, RequirementAnswer, Verdict,
};
use bedrock_lint::live::{
    Failure, FailureKind, MatchedStatement, Simulated, SimulatedDecision, SimulatedPolicies, Who,
};
use bedrock_lint::report::{Style, invocation};
use calls::*;
use common::closed;
use recorded::{ACCOUNT, ROLE, Recorded};
use serde_json::{Value, json};

fn request(model: &str) -> InvokeRequest {
    InvokeRequest {
        model: Some(model.to_owned()),
        copies: None,
        regions: vec!["us-east-1".to_owned()],
        account: None,
        stream: false,
        api_key: None,
        principal: None,
        context: Vec::new(),
        as_of: "2026-11-22".parse().unwrap(),
    }
}

fn ask_for(request: &InvokeRequest, account: &Recorded, given: Given, who: Option<&Who>) -> LiveAnswer {
    let asked = LiveInvoke { account, who };
    can_invoke::can_invoke_live(request, given, Catalogue::builtin(), asked).unwrap()
}

fn of_role(account: &Recorded) -> LiveAnswer {
    ask_for(&request(US), account, Given::default(), Some(&Who::Role("app".to_owned())))
}

/// The policies of files in a folder, by layer.
fn given(texts: &[(&str, &str)], scp: Option<&str>) -> Given {
    let folder = common::Folder::new(texts);
    let path = |name: &str| folder.path(name);
    let of = |prefix: &str| -> Vec<PathBuf> {
        texts.iter().filter(|(name, _)| name.starts_with(prefix)).map(|(name, _)| path(name)).collect()
    };
    if let Some(scp) = scp {
        folder.write("scp.json", scp);
    }
    can_invoke::read(&Files {
        policies: of("role"),
        boundary: of("boundary").pop(),
        session: of("session"),
        scps: scp.iter().map(|_| vec![path("scp.json")]).collect(),
        ..Files::default()
    })
    .unwrap()
}

fn requirements(answer: &Answer) -> Vec<&RequirementAnswer> {
    answer.calls.iter().flat_map(|call| &call.requirements).collect()
}

/// Decision, underlined statements or AWS's words, and whether it agrees, of each requirement.
fn opinions(answer: &Answer) -> Vec<(SimulatedDecision, Vec<String>, bool)> {
    let opinions = requirements(answer).into_iter().filter_map(|one| one.aws.as_ref());
    opinions
        .map(|one| {
            let named = one.statements.iter().map(|named| match &named.place {
                Some(place) => place.at.text().to_owned(),
                None => format!("? {}", named.policy),
            });
            (one.decision, named.collect(), one.agrees)
        })
        .collect()
}

fn human(answer: &Answer) -> String {
    invocation::human(answer, Style { width: 160, ..Style::PLAIN })
}

fn at(text: &str, wanted: &str) -> Option<(u32, u32)> {
    let before = text.get(..text.find(wanted).unwrap()).unwrap();
    let line = u32::try_from(before.matches('\n').count()).unwrap() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    Some((line, u32::try_from(column).unwrap()))
}

fn matched(policy: &str, start: Option<(u32, u32)>) -> MatchedStatement {
    MatchedStatement { policy: policy.to_owned(), start }
}

#[test]
fn the_policies_of_a_role_are_asked_about_and_aws_agrees() {
    let inline = role();
    let account = Recorded::new().inline("Invoke", &inline).simulating({
        let start = at(&inline, "{\n      \"Sid\"");
        move |_| Ok(recorded::allowed(vec![matched("role_app_Invoke", start)]))
    });
    let asked = of_role(&account);
    let answer = asked.answer.unwrap();
    assert_eq!((answer.decision, answer.settled()), (Verdict::Allowed, Verdict::Allowed));
    assert_eq!((asked.outcome.not_made, asked.outcome.gaps.len()), (None, 0));
    let opinions = opinions(&answer);
    assert_eq!(opinions.len(), 4);
    for (decision, statements, agrees) in &opinions {
        assert_eq!((*decision, *agrees), (SimulatedDecision::Allowed, true));
        assert!(statements[0].starts_with('{') && statements[0].contains("\"Sid\": \"Invoke\""), "{statements:?}");
    }
    let path = format!("{ROLE}#Invoke");
    assert_eq!(requirements(&answer)[0].statement.as_ref().unwrap().at.source.path(), path);
    assert!(human(&answer).contains(&format!("AWS: allowed by {path}:4 (Invoke)\n")), "{}", human(&answer));
    assert!(invocation::disputes(&answer).is_empty());
    let policies = account.asked().iter().all(|asked| asked.policies == SimulatedPolicies::Of(ROLE.to_owned()));
    assert!(policies && answer.assumed.is_empty(), "{:?}", answer.assumed);
}

#[test]
fn just_what_the_request_holds_is_sent() {
    let account = Recorded::new().inline("Invoke", &role()).simulating(|_| Ok(recorded::allowed(vec![])));
    let mut request = request(US);
    request.context = vec![
        "aws:PrincipalTag/Team=search".parse().unwrap(),
        "aws:SourceVpce=".parse().unwrap(),
        "aws:PrincipalOrgPaths=a".parse().unwrap(),
        "aws:PrincipalOrgPaths=b".parse().unwrap(),
    ];
    ask_for(&request, &account, Given::default(), Some(&Who::Caller));
    let asked = account.asked();
    let destination = asked.iter().find(|one| one.resource == model("us-west-2")).unwrap();
    assert_eq!(destination.action, "bedrock:InvokeModel");
    let sent: Vec<(&str, Vec<&str>)> = destination
        .context
        .iter()
        .map(|(key, values)| (key.as_str(), values.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(
        sent,
        [
            ("aws:PrincipalAccount", vec![ACCOUNT]),
            ("aws:PrincipalArn", vec![ROLE]),
            ("aws:PrincipalIsAWSService", vec!["false"]),
            ("aws:PrincipalOrgPaths", vec!["a", "b"]),
            ("aws:PrincipalTag/team", vec!["search"]),
            ("aws:PrincipalType", vec!["AssumedRole"]),
            ("aws:RequestedRegion", vec!["us-west-2"]),
            ("aws:SecureTransport", vec!["true"]),
            ("aws:ViaAWSService", vec!["false"]),
            ("bedrock:InferenceProfileArn", vec![profile("us-east-1").as_str()]),
        ]
    );
    let on_profile = asked.iter().find(|one| one.resource == profile("us-east-1")).unwrap();
    assert!(!on_profile.context.contains_key("bedrock:InferenceProfileArn"));
}

#[test]
fn equal_questions_are_asked_once() {
    let folder = common::Folder::new(&[("role.json", EVERYTHING)]);
    let adapter = |model: &str| {
        json!({
            "adapter_id": "bedrock|8d18571f-5e96-4505-bd28-ad0379c64064", "adapter_name": "a", "adapter_type": "LLM",
            "adapter_metadata": {
                "model": model, "region_name": "us-east-1", "auth_type": "bearer_token", "max_tokens": 1,
                "aws_bearer_token": format!("ABSK{}", "QmVkcm9ja0FQSUtleS0x".repeat(6)),
            },
        })
    };
    folder.write("adapters.json", json!([adapter(US), adapter(NOVA)]).to_string());
    let files = Files {
        policies: vec![folder.path("role.json")],
        adapter: Some(folder.path("adapters.json")),
        ..Files::default()
    };
    let account = Recorded::new().simulating(|_| Ok(recorded::allowed(vec![])));
    let all = InvokeRequest { model: None, regions: Vec::new(), ..request(US) };
    let answer = ask_for(&all, &account, can_invoke::read(&files).unwrap(), None).answer.unwrap();
    let needed = requirements(&answer);
    assert!(needed.iter().all(|one| one.aws.is_some()));
    let token = "bedrock:CallWithBearerToken";
    assert_eq!(needed.iter().filter(|one| one.requirement.action == token).count(), 2);
    assert_eq!(account.asked().iter().filter(|asked| asked.action == token).count(), 1);
    assert_eq!(account.asked().len(), needed.len() - 1);
}

#[test]
fn a_disagreement_is_shown() {
    let account = Recorded::new().inline("Invoke", &role()).simulating(|asked| {
        Ok(if asked.resource == model("us-west-2") {
            Simulated {
                decision: SimulatedDecision::ImplicitDeny,
                missing: vec!["aws:SourceVpce".to_owned()],
                allowed_by_organization: Some(false),
                ..recorded::allowed(vec![])
            }
        } else {
            recorded::allowed(vec![matched("role_app_Invoke", None)])
        })
    });
    let asked = of_role(&account);
    let answer = asked.answer.unwrap();
    assert_eq!((answer.decision, answer.settled()), (Verdict::Allowed, Verdict::Unknown));
    let disputed: Vec<&str> = requirements(&answer)
        .into_iter()
        .filter(|one| one.is_disputed())
        .map(|one| one.requirement.resource.as_str())
        .collect();
    assert_eq!(disputed, [model("us-west-2")]);
    let told = invocation::disputes(&answer);
    assert_eq!(told.len(), 1);
    for part in [
        "AWS disagrees about `bedrock:InvokeModel` on `arn:aws:bedrock:us-west-2::foundation-model/",
        "in us-west-2: allowed here (an identity policy allows it), and there denied implicitly",
        "service control policies do not allow it",
        "the request lacks `aws:SourceVpce`",
    ] {
        assert!(told[0].contains(part), "{part}: {told:?}");
    }
    assert!(
        human(&answer).lines().next().unwrap().ends_with("` from `us-east-1`, and AWS disagrees"),
        "{}",
        human(&answer)
    );
    assert!(human(&answer).contains("AWS DISAGREES: denied implicitly;"), "{}", human(&answer));

    // the other way round: what AWS denies explicitly and we implicitly is the same
    let nothing = policy(&[json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" })]);
    let explicit =
        |decision| Recorded::new().inline("S3", &nothing).simulating(move |_| Ok(recorded::decided(decision)));
    let denied = of_role(&explicit(SimulatedDecision::ExplicitDeny)).answer.unwrap();
    assert_eq!((denied.settled(), invocation::disputes(&denied).len()), (Verdict::Denied, 0));
    let allowed = of_role(&explicit(SimulatedDecision::Allowed)).answer.unwrap();
    assert_eq!((allowed.decision, allowed.settled()), (Verdict::Denied, Verdict::Unknown));
}

#[test]
fn a_disagreement_in_one_region_of_many_is_shown() {
    let account = Recorded::new().inline("All", EVERYTHING).simulating(|asked| {
        let there = asked.context["aws:RequestedRegion"] == ["us-west-2"] && asked.resource == profile("us-west-2");
        Ok(recorded::decided(if there { SimulatedDecision::ExplicitDeny } else { SimulatedDecision::Allowed }))
    });
    let every = InvokeRequest { regions: Vec::new(), ..request(US) };
    let answer = ask_for(&every, &account, Given::default(), Some(&Who::Caller)).answer.unwrap();
    assert!(answer.calls.len() > 2);
    assert_eq!(human(&answer).matches("AWS DISAGREES: denied explicitly").count(), 1, "{}", human(&answer));
}

#[test]
fn what_is_not_known_contradicts_nothing() {
    let tag = json!({ "StringEquals": { "aws:PrincipalTag/team": "search" } });
    let tagged = policy(&[under(allow("Team", &["*"]), tag)]);
    let account =
        Recorded::new().inline("Team", &tagged).simulating(|_| Ok(recorded::decided(SimulatedDecision::ImplicitDeny)));
    let answer = of_role(&account).answer.unwrap();
    assert_eq!((answer.decision, answer.settled()), (Verdict::Unknown, Verdict::Unknown));
    assert!(opinions(&answer).iter().all(|(_, _, agrees)| *agrees));
}

#[test]
fn positions_are_those_of_the_document_as_aws_keeps_it() {
    let compact = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"bedrock:*","Resource":"*"},{"Sid":"Not","Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#;
    let spaced = "{\n  \"Statement\": [\n    {\n      \"Sid\": \"é\",\n      \"Effect\": \"Allow\", \"Action\": \"bedrock:*\", \"Resource\": \"*\"\n    }\n  ]\n}\n";
    let account = |answers: Vec<MatchedStatement>| {
        Recorded::new()
            .inline("one", compact)
            .attached("arn:aws:iam::aws:policy/service-role/one_more", spaced)
            .boundary("arn:aws:iam::111122223333:policy/Bounds", EVERYTHING)
            .simulating(move |_| Ok(recorded::allowed(answers.clone())))
    };
    let second = at(compact, "{\"Sid\"").unwrap();
    for (named, expected) in [
        // the place itself, just behind it, and counted from 0
        (matched("role_app_one", Some(second)), "{\"Sid\":\"Not\""),
        (matched("role_app_one", Some((second.0, second.1 + 1))), "{\"Sid\":\"Not\""),
        (matched("role_app_one", Some((second.0, second.1 - 1))), "{\"Sid\":\"Not\""),
        (matched("role_app_one", at(compact, "{\"Effect\"")), "{\"Effect\":\"Allow\""),
        (matched("one_more", at(spaced, "{\n      \"Sid\"")), "{\n      \"Sid\": \"é\""),
        (matched("one_more", None), "{\n      \"Sid\": \"é\""),
        // the longest name that it ends in
        (matched("something_one_more", Some((3, 5))), "{\n      \"Sid\": \"é\""),
        (matched("Bounds", Some((2, 16))), "{ \"Effect\": \"Allow\", \"Action\": \"*\""),
        // not known, or not to be told apart
        (matched("role_app_one", None), "? role_app_one"),
        (matched("role_app_one", Some((9, 1))), "? role_app_one"),
        (matched("role_app_one", Some((0, 0))), "? role_app_one"),
        (matched("gone", Some((1, 1))), "? gone"),
        (matched("someone", Some((1, 40))), "? someone"),
    ] {
        let answer = of_role(&account(vec![named.clone()])).answer.unwrap();
        let (_, statements, _) = &opinions(&answer)[0];
        assert!(statements[0].starts_with(expected), "{named:?}: {statements:?}");
    }
    let answer = of_role(&account(vec![matched("gone", None)])).answer.unwrap();
    assert!(human(&answer).contains("AWS: allowed by a statement of `gone`"), "{}", human(&answer));
}

#[test]
fn documents_of_files_are_sent_as_they_stand() {
    let text = role();
    let enveloped = format!("{{ \"PolicyVersion\": {{ \"Document\": {} }} }}", EVERYTHING.trim());
    let account = Recorded::new().simulating(|_| {
        Ok(recorded::allowed(vec![
            matched("PolicyInputList.1", Some((4, 5))),
            matched("PolicyInputList.2", Some((2, 16))),
            matched("PermissionsBoundaryPolicyInputList.1", None),
            matched("PolicyInputList.3", None),
        ]))
    });
    let files = [("role.json", text.as_str()), ("role2.json", &enveloped), ("boundary.json", EVERYTHING)];
    let asked = ask_for(&request(US), &account, given(&files, None), None);
    let SimulatedPolicies::Given { identity, boundary } = account.asked()[0].policies.clone() else { panic!() };
    assert_eq!(identity, [text.trim_end().to_owned(), EVERYTHING.trim().to_owned()]);
    assert_eq!(boundary.as_deref(), Some(EVERYTHING.trim_end()));
    let answer = asked.answer.unwrap();
    let (_, statements, agrees) = &opinions(&answer)[0];
    assert!(agrees);
    assert!(statements[0].contains("\"Sid\": \"Invoke\""), "{statements:?}");
    assert!(statements[1].starts_with("{ \"Effect\"") && statements[2].starts_with("{ \"Effect\""), "{statements:?}");
    assert_eq!(statements[3], "? PolicyInputList.3");
    assert!(asked.outcome.principal.is_none() && asked.outcome.identity.is_some());
}

#[test]
fn other_documents_are_written_as_json() {
    let yaml = "Version: 2012-10-17\nStatement:\n  - Sid: First\n    Effect: Allow\n    NotAction: s3:*\n    Resource: '*'\n  \
                - Sid: Second\n    Effect: Allow\n    Action: [bedrock:Invoke*]\n    Resource: '*'\n    Condition:\n      \
                StringEquals:\n        aws:RequestedRegion: [us-east-1, us-east-2]\n        aws:username: '${aws:username}'\n";
    let account = Recorded::new().simulating(|_| {
        Ok(recorded::decided_by(SimulatedDecision::Allowed, matched("PolicyInputList.1", Some((3, 1)))))
    });
    let asked = ask_for(&request(NOVA), &account, given(&[("role.yaml", yaml)], None), None);
    let SimulatedPolicies::Given { identity, .. } = account.asked()[0].policies.clone() else { panic!() };
    let sent: Value = serde_json::from_str(&identity[0]).unwrap();
    assert_eq!(
        sent,
        json!({
            "Version": "2012-10-17",
            "Statement": [
                { "Sid": "First", "Effect": "Allow", "NotAction": ["s3:*"], "Resource": ["*"] },
                {
                    "Sid": "Second", "Effect": "Allow", "Action": ["bedrock:Invoke*"], "Resource": ["*"],
                    "Condition": { "StringEquals": {
                        "aws:RequestedRegion": ["us-east-1", "us-east-2"], "aws:username": ["${aws:username}"],
                    } },
                },
            ],
        })
    );
    let answer = asked.answer.unwrap();
    let (_, statements, _) = &opinions(&answer)[0];
    assert!(statements[0].contains("Sid: Second") && !statements[0].contains("First"), "{statements:?}");
}

#[test]
fn what_cannot_be_sent_is_said() {
    let account = || Recorded::new().simulating(|_| panic!("nothing is asked"));
    let open = policy(&[allow("Open", &["arn:aws:bedrock:${AWS_REGION}::foundation-model/*"])]);
    let odd = "Statement:\n  Effect: Allow\n  Action: '*'\n  Resource: '*'\n  Efect: Deny\n";
    for (name, text, why) in [
        ("role.json", open.as_str(), "AWS was not asked: a part of the policy in `"),
        ("role.yaml", odd, "has elements that no JSON of a policy has"),
    ] {
        let asked = ask_for(&request(NOVA), &account(), given(&[(name, text)], None), None);
        let answer = asked.answer.unwrap();
        assert!(answer.notes.iter().any(|note| note.contains(why)), "{:?}", answer.notes);
        assert_eq!((asked.outcome.not_made, requirements(&answer)[0].aws.is_none()), (None, true));
    }
}

#[test]
fn aws_is_compared_by_what_it_is_told() {
    let deny = policy(&[region_deny(&["eu-west-1"])]);
    let account = Recorded::new().simulating(|_| Ok(recorded::allowed(vec![])));
    let asked = ask_for(&request(NOVA), &account, given(&[("role.json", EVERYTHING)], Some(&deny)), None);
    let answer = asked.answer.unwrap();
    assert_eq!((answer.decision, answer.settled()), (Verdict::Denied, Verdict::Denied));
    let left_out = |answer: &Answer, what: &str| answer.notes.iter().any(|note| note.contains(what));
    assert!(left_out(&answer, "does not take the service control policies of files"), "{:?}", answer.notes);
    let session = policy(&[allow("Other", &["arn:aws:bedrock:*::foundation-model/other"])]);
    let files = [("role.json", EVERYTHING), ("session.json", &session)];
    let answer = ask_for(&request(NOVA), &account, given(&files, None), None).answer.unwrap();
    assert_eq!(answer.settled(), Verdict::Denied);
    assert!(left_out(&answer, "does not take the session policies"), "{:?}", answer.notes);
}

#[test]
fn ceilings_of_the_account_act() {
    let deny = policy(&[region_deny(&["us-east-1"])]);
    let account = Recorded::new()
        .inline("All", EVERYTHING)
        .organization(&[("r-root", &[EVERYTHING]), (ACCOUNT, &[EVERYTHING, &deny])])
        .simulating(|asked| {
            let here = asked.context["aws:RequestedRegion"] == ["us-east-1"];
            Ok(recorded::decided(if here { SimulatedDecision::Allowed } else { SimulatedDecision::ExplicitDeny }))
        });
    let asked = of_role(&account);
    let answer = asked.answer.unwrap();
    assert_eq!((answer.decision, answer.settled(), answer.levels), (Verdict::Denied, Verdict::Denied, 2));
    assert!(invocation::disputes(&answer).is_empty() && answer.assumed.is_empty(), "{:?}", answer.assumed);
    assert!(answer.notes.is_empty(), "{:?}", answer.notes);

    let unread = Recorded::new().inline("All", EVERYTHING).without("organizations:DescribeOrganization");
    let asked = of_role(&unread.simulating(|_| Ok(recorded::allowed(vec![]))));
    let notes = asked.answer.unwrap().notes;
    assert!(
        notes.iter().any(|note| note.contains("could not be read: they may deny what is allowed here")),
        "{notes:?}"
    );
    assert_eq!(asked.outcome.gaps.len(), 1);

    let bounded = Recorded::new()
        .inline("All", EVERYTHING)
        .boundary("arn:aws:iam::111122223333:policy/Bounds", &policy(&[allow("Here", &[&profile("*")])]))
        .simulating(|_| {
            Ok(Simulated { allowed_by_boundary: Some(false), ..recorded::decided(SimulatedDecision::ImplicitDeny) })
        });
    let answer = of_role(&bounded).answer.unwrap();
    assert_eq!(requirements(&answer)[1].layer, Some(bedrock_lint::iam::Layer::Boundary));
    assert!(human(&answer).contains("the permissions boundary does not allow it"), "{}", human(&answer));
}

#[test]
fn a_missing_permission_is_one_warning_and_changes_nothing() {
    // the policy cannot be read: what it grants is not known
    let account = Recorded::new()
        .inline("Invoke", &role())
        .without("iam:GetRolePolicy")
        .simulating(|_| Ok(recorded::allowed(vec![matched("role_app_Invoke", Some((4, 5)))])));
    let asked = of_role(&account);
    let answer = asked.answer.unwrap();
    assert_eq!((answer.decision, asked.outcome.not_made), (Verdict::Unknown, None));
    assert_eq!(asked.outcome.gaps.len(), 1, "{:?}", asked.outcome.gaps);
    assert_eq!(opinions(&answer)[0].1, ["? role_app_Invoke"]);
    assert!(answer.assumed.iter().any(|it| it.contains("`role app` that were not read deny nothing")), "{answer:?}");

    // nothing may be simulated: our answer stands, and the first refusal is enough
    let account = Recorded::new().inline("Invoke", &role()).without("iam:SimulatePrincipalPolicy");
    let asked = of_role(&account);
    let answer = asked.answer.unwrap();
    assert_eq!((answer.decision, answer.settled()), (Verdict::Allowed, Verdict::Allowed));
    assert_eq!((asked.outcome.gaps.len(), account.asked().len()), (1, 1));
    assert_eq!(asked.outcome.gaps[0].unchecked.len(), 4);
    assert_eq!(asked.outcome.not_made.as_deref(), Some("AWS simulated none of the requests"));

    // one that times out is not all
    let account = Recorded::new().inline("Invoke", &role()).simulating(|asked| {
        if asked.resource == profile("us-east-1") {
            return Err(Failure::new("iam:SimulatePrincipalPolicy", FailureKind::TimedOut));
        }
        Ok(recorded::allowed(vec![]))
    });
    let asked = of_role(&account);
    assert_eq!((opinions(&asked.answer.unwrap()).len(), asked.outcome.not_made), (3, None));
}

/// A member account may not read the service control policies above it. AWS knows them.
#[test]
fn a_denial_by_a_ceiling_that_was_not_read_is_the_answer() {
    let denying = |refused: &'static str, decision, denied: Simulated| {
        let simulated = Simulated { decision, ..denied };
        Recorded::new().inline("All", EVERYTHING).without(refused).simulating(move |asked| {
            let here = asked.resource == model("us-west-2");
            Ok(if here { simulated.clone() } else { recorded::allowed(vec![matched("role_app_All", None)]) })
        })
    };
    let by_scp = Simulated { allowed_by_organization: Some(false), ..recorded::allowed(vec![]) };
    let organization = "organizations:DescribeOrganization";
    for decision in [SimulatedDecision::ImplicitDeny, SimulatedDecision::ExplicitDeny] {
        let asked = of_role(&denying(organization, decision, by_scp.clone()));
        let answer = asked.answer.unwrap();
        assert_eq!((answer.decision, answer.settled()), (Verdict::Denied, Verdict::Denied));
        assert_eq!(answer.calls[0].decision, Verdict::Denied);
        assert!(invocation::disputes(&answer).is_empty());
        let denied: Vec<&RequirementAnswer> =
            requirements(&answer).into_iter().filter(|one| one.decision == Verdict::Denied).collect();
        assert_eq!(denied.len(), 1);
        assert_eq!(denied[0].layer, Some(bedrock_lint::iam::Layer::Scp { level: 0 }));
        assert_eq!(
            denied[0].reason,
            "AWS decides that a service control policy that could not be read does not allow it"
        );
        assert!(denied[0].statement.is_none() && denied[0].aws.as_ref().unwrap().agrees);
        let shown = human(&answer);
        assert!(shown.starts_with("denied: ") && !shown.to_lowercase().contains("disagrees"), "{shown}");
        let printed: Value =
            serde_json::from_str(&invocation::json(&answer, Catalogue::builtin(), Some(&asked.outcome))).unwrap();
        let rows = printed["requirements"].as_array().unwrap();
        let row = rows.iter().find(|row| row["decision"] == "denied").unwrap();
        assert_eq!((&row["layer"], &row["level"], &row["statement"]), (&json!("scp"), &Value::Null, &Value::Null));
    }

    // a key that is not known may open it; one that the request is known to lack does not
    let lacking = Simulated { missing: vec!["aws:SourceVpce".to_owned()], ..by_scp.clone() };
    let account = denying(organization, SimulatedDecision::ExplicitDeny, lacking);
    let answer = of_role(&account).answer.unwrap();
    assert_eq!((answer.settled(), invocation::disputes(&answer).len()), (Verdict::Unknown, 0));
    assert!(
        human(&answer).contains("could not be read does not allow it without `aws:SourceVpce`"),
        "{}",
        human(&answer)
    );
    let said = InvokeRequest { context: vec!["aws:SourceVpce=".parse().unwrap()], ..request(US) };
    let answer = ask_for(&said, &account, Given::default(), Some(&Who::Caller)).answer.unwrap();
    assert_eq!(answer.settled(), Verdict::Denied);

    // all of them were read: it is a dispute
    let read = denying("", SimulatedDecision::ImplicitDeny, by_scp.clone());
    let answer = of_role(&read).answer.unwrap();
    assert_eq!((answer.settled(), invocation::disputes(&answer).len()), (Verdict::Unknown, 1));

    // policies of files, without those above them
    let account = denying("", SimulatedDecision::ImplicitDeny, by_scp.clone());
    let role = ("role.json", EVERYTHING);
    let answer = ask_for(&request(US), &account, given(&[role], None), None).answer.unwrap();
    assert_eq!((answer.settled(), invocation::disputes(&answer).len()), (Verdict::Denied, 0));

    // those of files stand in the place of the account's own: AWS speaks of others
    let account = denying(organization, SimulatedDecision::ImplicitDeny, by_scp);
    let mut other = given(&[role], Some(EVERYTHING));
    other.stack.identity.clear();
    let answer = ask_for(&request(US), &account, other, Some(&Who::Caller)).answer.unwrap();
    assert_eq!((answer.settled(), invocation::disputes(&answer).len()), (Verdict::Allowed, 0));
}

#[test]
fn a_denial_by_a_boundary_that_was_not_read_is_the_answer() {
    let by_boundary =
        Simulated { allowed_by_boundary: Some(false), ..recorded::decided(SimulatedDecision::ImplicitDeny) };
    let bounded = |refused: &'static str, simulated: Simulated| {
        Recorded::new()
            .inline("All", EVERYTHING)
            .boundary("arn:aws:iam::111122223333:policy/Bounds", EVERYTHING)
            .without(refused)
            .simulating(move |_| Ok(simulated.clone()))
    };
    let answer = of_role(&bounded("iam:GetPolicyVersion", by_boundary.clone())).answer.unwrap();
    assert_eq!((answer.settled(), invocation::disputes(&answer).len()), (Verdict::Denied, 0));
    let first = requirements(&answer)[0];
    assert_eq!(first.layer, Some(bedrock_lint::iam::Layer::Boundary));
    assert_eq!(first.reason, "AWS decides that a permissions boundary that could not be read does not allow it");
    // it was read
    let answer = of_role(&bounded("", by_boundary)).answer.unwrap();
    assert_eq!(answer.settled(), Verdict::Unknown);
    assert!(!invocation::disputes(&answer).is_empty());
    // AWS denies it by something else
    let other = recorded::decided(SimulatedDecision::ImplicitDeny);
    let answer = of_role(&bounded("iam:GetPolicyVersion", other)).answer.unwrap();
    assert_eq!((answer.decision, invocation::disputes(&answer).len()), (Verdict::Unknown, 0));
}

/// The simulator wants the ARN of a role with its path, which a session does not have.
#[test]
fn a_role_whose_path_is_not_known_is_not_simulated() {
    let account = || Recorded::new().inline("All", EVERYTHING).without("iam:GetRole");
    for who in [Who::Caller, Who::Role("app".to_owned())] {
        let account = account();
        let asked = ask_for(&request(US), &account, Given::default(), Some(&who));
        assert!(account.asked().is_empty());
        let notes = asked.answer.unwrap().notes;
        assert_eq!(
            notes,
            [
                "AWS was not asked: its simulator wants the ARN of role app, whose path could not be read: name it by its ARN"
            ]
        );
        assert_eq!((asked.outcome.not_made, asked.outcome.gaps.len()), (None, 1));
    }
    let account = account();
    ask_for(&request(US), &account, Given::default(), Some(&Who::Role(ROLE.to_owned())));
    assert_eq!(account.asked()[0].policies, SimulatedPolicies::Of(ROLE.to_owned()));
}

#[test]
fn nothing_to_be_had() {
    let nobody = Recorded::new().without("sts:GetCallerIdentity");
    let asked = of_role(&nobody);
    assert!(asked.answer.is_none() && asked.outcome.not_made.unwrap().contains("sts:GetCallerIdentity"));
    // files speak for themselves
    let asked = ask_for(&request(NOVA), &nobody, given(&[("role.json", EVERYTHING)], None), None);
    assert_eq!(asked.answer.unwrap().decision, Verdict::Allowed);
    assert!(asked.outcome.not_made.is_some() && nobody.asked().is_empty());

    let account = Recorded::new();
    let gone = ask_for(&request(NOVA), &account, Given::default(), Some(&Who::Role("gone".to_owned())));
    assert_eq!(gone.outcome.not_made.as_deref(), Some("account 111122223333 has no role `gone`"));
    assert!(gone.answer.is_none());

    // what cannot be called is not asked about
    let asked = LiveInvoke { account: &Recorded::new().without("sts:GetCallerIdentity"), who: None };
    let wrong =
        can_invoke::can_invoke_live(&request("amazon.nova-lte-v1:0"), Given::default(), Catalogue::builtin(), asked);
    assert!(matches!(wrong.unwrap_err()[..], [InvokeError::Target { .. }]));
}

#[test]
fn json_is_what_the_published_schema_says_and_no_more() {
    let schema: Value = serde_json::from_str(include_str!("../schemas/can-invoke.schema.json")).unwrap();
    let schemas = [schema.clone(), closed(schema)];
    let account = |failing: &'static str| {
        Recorded::new().inline("Invoke", &role()).without(failing).simulating(|_| {
            Ok(Simulated {
                missing: vec!["aws:SourceVpce".to_owned()],
                allowed_by_boundary: Some(true),
                ..recorded::allowed(vec![matched("role_app_Invoke", Some((4, 5))), matched("gone", None)])
            })
        })
    };
    let printed = |asked: &LiveAnswer| -> Value {
        let answer = asked.answer.as_ref().unwrap();
        serde_json::from_str(&invocation::json(answer, Catalogue::builtin(), Some(&asked.outcome))).unwrap()
    };
    for failing in ["", "iam:GetRole", "iam:SimulatePrincipalPolicy", "organizations:DescribeOrganization"] {
        let answer = printed(&of_role(&account(failing)));
        for schema in &schemas {
            let validator = jsonschema::validator_for(schema).unwrap();
            let errors: Vec<String> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{failing}: {errors:#?}");
        }
    }
    let answer = printed(&of_role(&account("")));
    let aws = &answer["calls"][0]["requirements"][0]["aws"];
    assert_eq!(aws["decision"], "allowed");
    assert_eq!(aws["agrees"], true);
    assert_eq!(aws["missing_context"], json!(["aws:SourceVpce"]));
    assert_eq!((&aws["allowed_by_boundary"], &aws["allowed_by_organization"]), (&json!(true), &Value::Null));
    assert_eq!(aws["statements"][0]["path"], format!("{ROLE}#Invoke"));
    assert_eq!(aws["statements"][0]["start"]["line"], 4);
    assert_eq!(aws["statements"][1], json!({ "policy": "gone" }));
    assert_eq!(answer["live"]["principal"]["arn"], ROLE);
    assert_eq!(answer["live"]["account"], ACCOUNT);
}

#[test]
fn options_that_contradict_each_other() {
    let folder = files();
    let call = ["--model", US, "--region", "us-east-1"];
    for (arguments, message) in [
        (&["--live", "--boundary", "boundary.json"][..], "`--boundary` goes with `--policy`"),
        (&["--live", "--principal", ROLE], "`--principal` goes with `--policy`"),
        (&["--live", "--role", "a", "--user", "b"], "cannot be used with"),
        (&["--live", "--policy", "role.json", "--user", "b"], "cannot be used with"),
        (&["--user", "b"], "--live"),
        (&["--role", "b"], "--policy <FILE>"),
        (&["--policy", "role.json", "--profile", "x"], "--live"),
    ] {
        let run = run_in(&folder, &[&call[..], arguments].concat());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}: {}", run.err);
        assert!(run.err.contains(message), "{arguments:?}: {}", run.err);
    }
    let printed = folder.run(&["can-invoke", "--live", "--print-policy"]);
    assert_eq!((printed.code, printed.err.as_str()), (0, ""));
    assert!(printed.out.contains("iam:SimulateCustomPolicy"), "{}", printed.out);
}
