//! Calls under the service control policies that people write, through `--scp` and through the library.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod asked;
mod common;

use asked::{ask, fact, identity, request};
use bedrock_lint::access::Needed;
use bedrock_lint::can_invoke::{InvokeRequest, Member, Stack, Verdict};
use bedrock_lint::iam::Layer;
use bedrock_lint::report::{Style, invocation};
use common::Folder;
use serde_json::{Value, json};

const US: &str = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
const GLOBAL: &str = "global.anthropic.claude-haiku-4-5-20251001-v1:0";
const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";
const NOVA: &str = "amazon.nova-lite-v1:0";

fn document(statements: &Value) -> String {
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

fn everything() -> String {
    document(&json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]))
}

fn deny(action: &str, conditions: Value) -> Value {
    json!({ "Effect": "Deny", "Action": action, "Resource": "*", "Condition": conditions })
}

/// One shape of a service control policy, and what it makes of calls from us-east-1: the Regions in which something is
/// denied, `*` for the resource that has none.
struct Shape {
    name: &'static str,
    statements: Value,
    /// Model, and where it is denied.
    calls: &'static [(&'static str, &'static [&'static str])],
}

/// The shapes that AWS publishes or that are asked about in public: facts of the Amazon Bedrock User Guide ("Geographic
/// cross-Region inference", "Global cross-Region inference"), of the AWS Organizations User Guide ("Example SCPs for Amazon
/// Bedrock"), of `aws-samples/service-control-policy-examples` and of the threads about them.
fn shapes() -> Vec<Shape> {
    let regions = |list: &[&str]| json!({ "aws:RequestedRegion": list });
    let east = || regions(&["us-east-1"]);
    let through = |profiles: &str| json!({ "bedrock:InferenceProfileArn": format!("arn:aws:bedrock:*:*:inference-profile/{profiles}") });
    let haiku = format!("arn:aws:bedrock:*::foundation-model/{HAIKU}");
    let invoke = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream", "bedrock:CreateModelInvocationJob"];
    let spared = [&invoke[..], &["iam:*", "sts:*"]].concat();
    let rest = || json!({ "Effect": "Deny", "NotAction": spared, "Resource": "*", "Condition": { "StringNotEquals": east() } });
    let invocation =
        |conditions: Value| json!({ "Effect": "Deny", "Action": invoke, "Resource": "*", "Condition": conditions });
    vec![
        Shape {
            name: "every destination is open",
            statements: json!([deny(
                "*",
                json!({ "StringNotEquals": regions(&["us-east-1", "us-east-2", "us-west-2"]) })
            )]),
            calls: &[(US, &[]), (NOVA, &[]), (GLOBAL, &["unspecified"])],
        },
        Shape {
            name: "the source alone is open",
            statements: json!([deny("*", json!({ "StringNotEquals": east() }))]),
            calls: &[(US, &["us-east-2", "us-west-2"]), (NOVA, &[]), (GLOBAL, &["unspecified"])],
        },
        Shape {
            name: "the Region-less ARN is listed",
            statements: json!([deny("*", json!({ "StringNotEquals": regions(&["us-east-1", "unspecified"]) }))]),
            calls: &[(US, &["us-east-2", "us-west-2"]), (GLOBAL, &[])],
        },
        Shape {
            name: "the word of an older page",
            statements: json!([deny("*", json!({ "StringNotEquals": regions(&["us-east-1", "global"]) }))]),
            calls: &[(GLOBAL, &["unspecified"])],
        },
        Shape {
            name: "profiles of one geography are spared",
            statements: json!([deny("*", json!({ "StringNotEquals": east(), "ArnNotLike": through("us.*") }))]),
            calls: &[(US, &[]), (NOVA, &[]), (GLOBAL, &["unspecified"])],
        },
        Shape {
            name: "no exemption opens the Region that is called",
            statements: json!([deny(
                "*",
                json!({ "StringNotEquals": regions(&["us-west-2"]), "ArnNotLike": through("*") })
            )]),
            calls: &[(US, &["us-east-1"]), (NOVA, &["us-east-1"]), (GLOBAL, &["us-east-1"])],
        },
        Shape {
            name: "invocation is carved out, and denied unless a profile is at work",
            statements: json!([
                rest(),
                invocation(json!({ "StringNotEquals": east(), "ArnNotLike": through("us.*") }))
            ]),
            calls: &[(US, &[]), (NOVA, &[]), (GLOBAL, &["unspecified"])],
        },
        Shape {
            name: "invocation is carved out, and not looked at again",
            statements: json!([rest()]),
            calls: &[(US, &[]), (NOVA, &[]), (GLOBAL, &[])],
        },
        Shape {
            name: "global routing is forbidden",
            statements: json!([deny(
                "bedrock:*",
                json!({ "StringEquals": regions(&["unspecified"]), "ArnLike": through("global.*") })
            )]),
            calls: &[(US, &[]), (NOVA, &[]), (GLOBAL, &["unspecified"])],
        },
        Shape {
            name: "a list of closed Regions",
            statements: json!([deny("*", json!({ "StringEquals": regions(&["us-east-2", "eu-west-1"]) }))]),
            calls: &[(US, &["us-east-2"]), (NOVA, &[]), (GLOBAL, &[])],
        },
        Shape {
            name: "a pattern of open Regions",
            statements: json!([deny("*", json!({ "StringNotLike": { "aws:RequestedRegion": "us-*" } }))]),
            calls: &[(US, &[]), (GLOBAL, &["unspecified"])],
        },
        Shape {
            name: "permitted models, which forget the profile",
            statements: json!([{ "Effect": "Deny", "Action": "bedrock:*", "NotResource": haiku }]),
            calls: &[(US, &["us-east-1"]), (NOVA, &["us-east-1"])],
        },
        Shape {
            name: "a model is forbidden, however it is called",
            statements: json!([{ "Effect": "Deny", "Action": "bedrock:InvokeModel*", "Resource": haiku }]),
            calls: &[(US, &["us-east-1", "us-east-2", "us-west-2"]), (NOVA, &[])],
        },
        Shape {
            name: "models are forbidden by their bare ids",
            statements: json!([{
                "Effect": "Deny", "Action": "bedrock:InvokeModel*", "Resource": "arn:aws:bedrock:*::foundation-model/*",
                "Condition": { "Null": { "bedrock:InferenceProfileArn": "true" } },
            }]),
            calls: &[(US, &[]), (GLOBAL, &[]), (NOVA, &["us-east-1"])],
        },
        Shape {
            name: "named roles are exempt, and the caller is none of them",
            statements: json!([deny(
                "*",
                json!({
                    "StringNotEquals": east(),
                    "ArnNotLike": { "aws:PrincipalArn": "arn:aws:iam::*:role/AWSControlTowerExecution" },
                })
            )]),
            calls: &[(US, &["us-east-2", "us-west-2"]), (NOVA, &[])],
        },
        Shape {
            name: "a list of what is allowed, by Region",
            statements: json!([{ "Effect": "Allow", "Action": "bedrock:*", "Resource": "*", "Condition": { "StringEquals": regions(&["us-east-1", "us-west-2"]) } }]),
            calls: &[(US, &["us-east-2"]), (NOVA, &[]), (GLOBAL, &["unspecified"])],
        },
    ]
}

#[test]
fn region_denies_as_people_write_them() {
    let folder = Folder::new(&[("role.json", &everything())]);
    for Shape { name, statements, calls } in shapes() {
        folder.write("scp.json", document(&statements));
        for (model, denied) in calls {
            let call = ["can-invoke", "--as-of", "2026-11-22", "--model", model, "--region", "us-east-1"];
            let policies = ["--policy", "role.json", "--scp", "scp.json", "--format", "json"];
            let run = folder.run(&[&call[..], &policies].concat());
            assert_eq!(run.code, i32::from(!denied.is_empty()), "{name}: {model}: {}{}", run.out, run.err);
            let answer: Value = serde_json::from_str(&run.out).unwrap();
            let requirements = answer["requirements"].as_array().unwrap();
            let refused: Vec<&Value> = requirements.iter().filter(|one| one["decision"] == "denied").collect();
            let there: Vec<&str> = refused.iter().map(|one| one["region"].as_str().unwrap()).collect();
            assert_eq!(there, *denied, "{name}: {model}");
            let of_scp = |one: &&Value| one["layer"] == "scp" && one["statement"]["path"] == "scp.json";
            assert!(refused.iter().all(of_scp), "{name}: {model}: {}", run.out);
            assert_eq!(answer["mend"].is_null(), denied.is_empty(), "{name}: {model}");
            assert!(answer["mend"].as_array().is_none_or(|edits| !edits.is_empty()), "{name}: {model}");
        }
    }
}

#[test]
fn a_level_in_the_middle_may_deny() {
    let members = |text: &str| vec![Member::from(fact(text))];
    let everything = everything();
    let deny = document(&json!([deny("*", json!({ "StringNotEquals": { "aws:RequestedRegion": "us-east-1" } }))]));
    let stack = |scps: [&str; 3]| Stack { scps: scps.map(members).to_vec(), ..identity(&[&fact(&everything)]) };
    for level in 0..3 {
        let mut scps = [&*everything; 3];
        scps[level] = &deny;
        let answer = ask(&request(US, "us-east-1"), stack(scps));
        assert_eq!(answer.decision, Verdict::Denied);
        let denied: Vec<_> =
            answer.calls[0].requirements.iter().filter(|one| one.decision == Verdict::Denied).collect();
        assert_eq!(denied.len(), 2);
        for one in denied {
            assert_eq!((one.layer, one.requirement.needed), (Some(Layer::Scp { level }), Needed::DestinationModel));
            assert_eq!(one.statement.as_ref().unwrap().at.source.path(), "policy.json");
        }
    }
}

#[test]
fn policies_are_taken_as_written() {
    // each is read by the linter as what it was meant to be, and by IAM as what it says
    for (action, resource, expected) in [
        ("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0", Verdict::Allowed),
        ("BEDROCK:invokemodel", "arn:aws:bedrock:*:*:*", Verdict::Allowed),
        ("bedrock:Converse", "*", Verdict::Denied),
        ("bedrock-runtime:InvokeModel", "*", Verdict::Denied),
        (
            "bedrock:InvokeModel",
            "arn:aws:bedrock:us-east-1:111122223333:foundation-model/amazon.nova-lite-v1:0",
            Verdict::Denied,
        ),
        (
            "bedrock:InvokeModel",
            "arn:aws:bedrock:us-east-1::foundation-model/us.amazon.nova-lite-v1:0",
            Verdict::Denied,
        ),
        ("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1a::foundation-model/amazon.nova-lite-v1:0", Verdict::Denied),
        ("bedrock:InvokeModel", "arn:aws:bedrock:<REGION>::foundation-model/amazon.nova-lite-v1:0", Verdict::Unknown),
        ("bedrock:InvokeModel", "arn:aws:bedrock:${aws:PrincipalTag/region}::foundation-model/*", Verdict::Unknown),
    ] {
        let policy = document(&json!([{ "Effect": "Allow", "Action": action, "Resource": resource }]));
        let answer = ask(&request(NOVA, "us-east-1"), identity(&[&fact(&policy)]));
        assert_eq!(answer.decision, expected, "{action} on {resource}: {answer:?}");
    }
    for (resource, says) in [
        ("arn:aws:bedrock:<REGION>::foundation-model/*", "of which a part is not known"),
        (
            "arn:aws:bedrock:us-*foundation-model/*",
            "whether its wildcards reach into other fields of an ARN is not known",
        ),
    ] {
        let policy = document(&json!([{ "Effect": "Allow", "Action": "bedrock:*", "Resource": resource }]));
        let answer = ask(&request(NOVA, "us-east-1"), identity(&[&fact(&policy)]));
        let reason = &answer.calls[0].requirements[0].reason;
        assert!(reason.contains(&format!("`{resource}`")) && reason.ends_with(says), "{reason}");
    }
    // what is no condition key is in no request
    for (operator, key, expected) in [
        ("ArnLike", "aws:InferenceProfileArn", Verdict::Denied),
        ("ArnNotLike", "aws:InferenceProfileArn", Verdict::Allowed),
        ("StringEquals", "aws:RequestRegion", Verdict::Denied),
        ("StringEquals", "bedrock:QuantumState", Verdict::Unknown),
    ] {
        let condition = json!({ operator: { key: "us-east-1" } });
        let statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition });
        let answer = ask(&request(NOVA, "us-east-1"), identity(&[&fact(&document(&json!([statement])))]));
        assert_eq!(answer.decision, expected, "{key}: {answer:?}");
        let told = format!("no request holds `{key}`, which is no condition key");
        assert_eq!(answer.assumed.contains(&told), expected != Verdict::Unknown, "{:?}", answer.assumed);
    }
}

#[test]
fn regions_with_equal_answers_stand_together() {
    let everything = fact(&everything());
    let answer = ask(&request(US, ""), identity(&[&everything]));
    let [group] = answer.groups().try_into().unwrap_or_else(|groups| panic!("{groups:?}"));
    assert_eq!(group.len(), answer.calls.len());
    assert!(group.len() > 2);
    // asked for by name, each is an answer of its own
    let asked = InvokeRequest { regions: vec!["us-east-1".to_owned(), "us-west-2".to_owned()], ..request(US, "") };
    assert_eq!(ask(&asked, identity(&[&everything])).groups().len(), 2);
    // one that is pinned works, the others lack the same
    let pinned = document(&json!([{
        "Effect": "Allow", "Action": "bedrock:*",
        "Resource": [
            format!("arn:aws:bedrock:eu-west-1:111122223333:inference-profile/{GLOBAL}"),
            format!("arn:aws:bedrock:*::foundation-model/{HAIKU}"),
        ],
    }]));
    let answer = ask(&request(GLOBAL, ""), identity(&[&fact(&pinned)]));
    let groups = answer.groups();
    let sizes: Vec<(Verdict, usize)> = groups.iter().map(|group| (group[0].decision, group.len())).collect();
    let others = answer.calls.len() - 1;
    let mut expected = [(Verdict::Denied, others), (Verdict::Allowed, 1)];
    if sizes[0].0 == Verdict::Allowed {
        expected.reverse();
    }
    assert_eq!(sizes, expected);
    // closed Regions among the destinations are the same wherever the call comes from
    let closed = document(&json!([deny("*", json!({ "StringEquals": { "aws:RequestedRegion": "us-west-2" } }))]));
    let stack = Stack { scps: vec![vec![Member::from(fact(&closed))]], ..identity(&[&everything]) };
    let answer = ask(&request(US, ""), stack);
    let from_there = |group: &Vec<_>| group.len();
    assert_eq!(answer.decision, Verdict::Denied);
    assert!(answer.groups().iter().map(from_there).max() >= Some(answer.calls.len() - 1), "{:?}", answer.groups());
}

#[test]
fn several_calls_are_denied_if_one_is() {
    let pinned = |tagged: bool| {
        let mut statement = json!({ "Effect": "Allow", "Action": "bedrock:*", "Resource": "arn:aws:bedrock:us-west-2::foundation-model/*" });
        if tagged {
            statement["Condition"] = json!({ "StringEquals": { "aws:PrincipalTag/team": "a" } });
        }
        document(
            &json!([{ "Effect": "Allow", "Action": "bedrock:*", "Resource": "arn:aws:bedrock:us-east-1::foundation-model/*" }, statement]),
        )
    };
    let from = |regions: &[&str]| InvokeRequest {
        regions: regions.iter().map(|region| (*region).to_owned()).collect(),
        ..request(NOVA, "")
    };
    let decide = |regions: &[&str], tagged: bool| ask(&from(regions), identity(&[&fact(&pinned(tagged))])).decision;
    assert_eq!(decide(&["us-east-1", "us-west-2"], false), Verdict::Allowed);
    assert_eq!(decide(&["us-east-1", "us-west-2"], true), Verdict::Unknown);
    assert_eq!(decide(&["us-east-1", "us-west-2", "eu-west-2"], true), Verdict::Denied);
}

#[test]
fn it_is_printed_as_wide_as_the_terminal() {
    let scp = document(&json!([deny("*", json!({ "StringNotEquals": { "aws:RequestedRegion": "us-east-1" } }))]));
    let stack = || Stack { scps: vec![vec![Member::from(fact(&scp))]], ..identity(&[&fact(&everything())]) };
    let answer = ask(&request(US, ""), stack());
    for width in [40, 60, 80, 120, 200] {
        for unicode in [false, true] {
            let text = invocation::human(&answer, Style { color: false, unicode, width, ..Style::PLAIN });
            assert_eq!(text.is_ascii(), !unicode, "{text}");
            // what is to be copied stays whole, and so do headlines and words
            let wraps = |line: &&str| line.starts_with("    ") && !line.trim_start().starts_with(['"', '`', 'a']);
            for line in text.lines().filter(wraps) {
                assert!(line.chars().count() <= width.max(64), "{width}: {line}");
            }
            assert!(
                text.contains(
                    "\"bedrock:InferenceProfileArn\": \"arn:aws:bedrock:*:111122223333:inference-profile/us."
                )
            );
        }
    }
    let wide = invocation::human(&answer, Style { width: 200, ..Style::PLAIN });
    let row = wide.lines().find(|line| line.contains("us-east-2") && line.contains("denied  ")).unwrap();
    assert!(row.ends_with("  scp, policy.json:1"), "{row}");
    assert!(row.contains(&format!("foundation-model/{HAIKU}")), "{row}");
    let narrow = invocation::human(&answer, Style { width: 64, ..Style::PLAIN });
    let row = narrow.lines().find(|line| line.contains("us-east-2") && line.contains("denied  ")).unwrap();
    assert!(row.contains("  foundation-m...") && row.ends_with("1-v1:0") && row.len() <= 64, "{row}");
}
