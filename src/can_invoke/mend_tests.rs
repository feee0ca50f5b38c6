#![expect(clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::access::{Call, Operation, Target, requirements};
use crate::bedrock::{Catalogue, Partition};
use crate::formats::{self, FormatOptions};
use crate::source::Source;

const NOVA: &str = "amazon.nova-lite-v1:0";
const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";

fn member(statements: &Value) -> Member {
    let document = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    let facts = formats::read(&Arc::new(Source::new("p.json", document)), &FormatOptions::default(), true);
    Member::from(Arc::clone(&facts.policies[0]))
}

fn everything() -> Member {
    member(&json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]))
}

fn call(target: Target) -> Call {
    Call::plain(target, Operation::Invoke, Partition::Aws, "us-east-1", "111122223333")
}

fn us() -> Call {
    call(Target::Profile(format!("us.{NOVA}")))
}

fn model(region: &str) -> String {
    format!("arn:aws:bedrock:{region}::foundation-model/{NOVA}")
}

fn profile(region: &str) -> String {
    format!("arn:aws:bedrock:{region}:111122223333:inference-profile/us.{NOVA}")
}

/// The edits that mend the call, each as its text and its items, after a look that they do.
#[track_caller]
fn mended(stack: &Stack, call: &Call) -> Vec<(String, Vec<String>)> {
    let requests: Vec<Request> =
        requirements(call, Catalogue::builtin()).iter().map(crate::access::Requirement::request).collect();
    let is_denied = |stack: &Stack, request: &&Request| stack.decide(request).is_denied();
    let denied: Vec<&Request> = requests.iter().filter(|request| is_denied(stack, request)).collect();
    assert!(!denied.is_empty());
    let (edits, draft) = edits(stack, denied.iter().copied());
    if edits.iter().all(|edit| edit.change != Change::TakeOut) {
        let left: Vec<&Request> = requests.iter().filter(|request| is_denied(&draft, request)).collect();
        assert!(left.is_empty(), "{left:?} after {edits:?}");
    }
    let told = mends(stack, denied.iter().copied());
    told.into_iter().map(|mend| (mend.text, mend.items)).collect()
}

fn identity(statements: &Value) -> Stack {
    Stack { identity: vec![member(statements)], ..Stack::default() }
}

fn scp(statement: &Value) -> Stack {
    Stack { scps: vec![vec![member(&json!([statement]))]], identity: vec![everything()], ..Stack::default() }
}

#[test]
fn arns_are_added_where_their_like_stand() {
    let stack = identity(&json!([
        { "Effect": "Allow", "Action": "s3:*", "Resource": "*" },
        { "Sid": "Profiles", "Effect": "Allow", "Action": "bedrock:Invoke*", "Resource": profile("us-west-2") },
        { "Sid": "Models", "Effect": "Allow", "Action": "bedrock:Invoke*", "Resource": [model("us-east-1")] },
    ]));
    let expected = vec![
        ("add to `Resource` of p.json:1 (Profiles)".to_owned(), vec![profile("us-east-1")]),
        ("add to `Resource` of p.json:1 (Models)".to_owned(), vec![model("us-east-2"), model("us-west-2")]),
    ];
    assert_eq!(mended(&stack, &us()), expected);
}

#[test]
fn what_has_nothing_like_it_gets_a_statement() {
    let arns = || vec![profile("us-east-1"), model("us-east-1"), model("us-east-2"), model("us-west-2")];
    let statement = "add to the identity policies a statement that allows `bedrock:InvokeModel` on".to_owned();
    for stack in [Stack::default(), identity(&json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }]))] {
        assert_eq!(mended(&stack, &us()), [(statement.clone(), arns())]);
    }
    // nothing is added to what lacks a key, not even a wildcard
    let mut call = us();
    call.api_key = true;
    let stack = identity(&json!([{ "Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": arns() }]));
    let token = "add to the identity policies a statement that allows `bedrock:CallWithBearerToken` on".to_owned();
    assert_eq!(mended(&stack, &call), [(token.clone(), vec!["*".to_owned()])]);
    let both = mended(&Stack::default(), &call);
    assert_eq!(both, [(statement, arns()), (token, vec!["*".to_owned()])]);
}

#[test]
fn an_action_is_added_where_the_resource_stands() {
    let mut call = us();
    call.operation = Operation::Stream;
    let stack = identity(&json!([
        { "Sid": "Invoke", "Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": [profile("*"), model("*")] },
    ]));
    let action = vec!["bedrock:InvokeModelWithResponseStream".to_owned()];
    let actions = ("add to `Action` of p.json:1 (Invoke)".to_owned(), action);
    assert_eq!(mended(&stack, &call), std::slice::from_ref(&actions));
    // and the resource too, where only its like stands
    let stack = identity(&json!([{
        "Sid": "Invoke", "Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": [profile("us-west-2"), model("*")],
    }]));
    let resources = ("add to `Resource` of p.json:1 (Invoke)".to_owned(), vec![profile("us-east-1")]);
    assert_eq!(mended(&stack, &call), [actions, resources]);
}

#[test]
fn every_layer_that_denies_is_mended() {
    let granting = |resources: &[String]| {
        member(&json!([{ "Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": resources }]))
    };
    let stack = Stack {
        scps: vec![vec![everything()], vec![granting(&[profile("*"), model("us-east-1"), model("us-west-2")])]],
        identity: vec![everything()],
        boundary: Some(granting(&[profile("*"), model("us-east-?")])),
        session: vec![granting(&[profile("*"), model("us-east-1")])],
        ..Stack::default()
    };
    let add = |regions: &[&str]| {
        ("add to `Resource` of p.json:1".to_owned(), regions.iter().map(|region| model(region)).collect())
    };
    let expected: [(String, Vec<String>); 3] =
        [add(&["us-east-2"]), add(&["us-east-2", "us-west-2"]), add(&["us-west-2"])];
    assert_eq!(mended(&stack, &us()), expected);
    let layers = |stack: &Stack| -> Vec<Layer> {
        let requests = requirements(&us(), Catalogue::builtin());
        let requests: Vec<Request> = requests.iter().map(crate::access::Requirement::request).collect();
        mends(stack, requests.iter()).iter().map(|mend| mend.layer).collect()
    };
    assert_eq!(layers(&stack), [Layer::Scp { level: 1 }, Layer::Session, Layer::Boundary]);
}

#[test]
fn conditions_are_widened_or_left_alone() {
    let allow = |condition: Value| {
        identity(&json!([{ "Effect": "Allow", "Action": "bedrock:*", "Resource": "*", "Condition": condition }]))
    };
    let stack = allow(json!({ "StringEquals": { "aws:RequestedRegion": ["us-east-1", "us-east-2"] } }));
    let text = "add to `aws:RequestedRegion`, under `StringEquals` in the `Condition` of p.json:1".to_owned();
    assert_eq!(mended(&stack, &us()), [(text, vec!["us-west-2".to_owned()])]);
    // the profile itself is never checked with that key
    let stack = allow(json!({ "ArnLike": { "bedrock:InferenceProfileArn": profile("*") } }));
    let text = "add to the identity policies a statement that allows `bedrock:InvokeModel` on".to_owned();
    assert_eq!(mended(&stack, &us()), [(text, vec![profile("us-east-1")])]);
    // what the caller has to bring along is no edit
    let stack = allow(json!({ "Bool": { "aws:ViaAWSService": "true" } }));
    let text = "make the call so that the condition `Bool` of p.json:1 holds".to_owned();
    assert_eq!(mended(&stack, &us()), [(text, vec!["aws:ViaAWSService = true".to_owned()])]);
}

#[test]
fn denies_of_regions_spare_the_profile() {
    let deny = |condition: Value| {
        scp(&json!({ "Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Condition": condition }))
    };
    let spare = format!("\"bedrock:InferenceProfileArn\": \"{}\"", profile("*"));
    let one = deny(json!({ "StringNotEquals": { "aws:RequestedRegion": ["us-east-1"] } }));
    let under = "add under `ArnNotLike` to the `Condition` of p.json:1".to_owned();
    assert_eq!(mended(&one, &us()), [(under.clone(), vec![spare.clone()])]);
    // no exemption lifts a block of the Region that is called
    let other = deny(json!({ "StringNotLike": { "aws:RequestedRegion": "eu-*" } }));
    let regions = "add to `aws:RequestedRegion`, under `StringNotLike` in the `Condition` of p.json:1".to_owned();
    assert_eq!(mended(&other, &us()), [(regions, vec!["us-east-1".to_owned()]), (under, vec![spare])]);
    // one that spares other profiles already
    let stack = deny(json!({
        "StringNotEquals": { "aws:RequestedRegion": ["us-east-1"] },
        "ArnNotLike": { "bedrock:InferenceProfileArn": "arn:aws:bedrock:*:*:inference-profile/eu.*" },
    }));
    let values = "add to `bedrock:InferenceProfileArn`, under `ArnNotLike` in the `Condition` of p.json:1".to_owned();
    assert_eq!(mended(&stack, &us()), [(values, vec![profile("*")])]);
    // a list of Regions that are closed
    let stack = deny(json!({ "StringEquals": { "aws:RequestedRegion": ["us-east-1", "eu-west-1"] } }));
    let bare = call(Target::Model(NOVA.to_owned()));
    let taken = "take out of `aws:RequestedRegion`, under `StringEquals` in the `Condition` of p.json:1".to_owned();
    assert_eq!(mended(&stack, &bare), [(taken, vec!["us-east-1".to_owned()])]);
}

#[test]
fn other_denies_are_told_what_to_leave_out() {
    let resources = scp(&json!({ "Effect": "Deny", "Action": "bedrock:*", "NotResource": model("*") }));
    let text = "add to `NotResource` of p.json:1".to_owned();
    assert_eq!(mended(&resources, &us()), [(text, vec![profile("us-east-1")])]);
    let actions = scp(&json!({ "Effect": "Deny", "NotAction": ["s3:*"], "Resource": "*" }));
    let text = "add to `NotAction` of p.json:1".to_owned();
    let bare = call(Target::Model(NOVA.to_owned()));
    assert_eq!(mended(&actions, &bare), [(text, vec!["bedrock:InvokeModel".to_owned()])]);
    // each request that such a Deny stops
    let mut call = bare;
    call.api_key = true;
    let all = scp(&json!({ "Effect": "Deny", "Action": "bedrock:*", "Resource": "*" }));
    let text = "name in p.json:1 what it is to deny, without".to_owned();
    let items =
        vec![format!("bedrock:InvokeModel on {}", model("us-east-1")), "bedrock:CallWithBearerToken on *".to_owned()];
    assert_eq!(mended(&all, &call), [(text, items)]);
}

#[test]
fn a_global_profile_is_spared_in_no_region() {
    let global = call(Target::Profile(format!("global.{HAIKU}")));
    let stack = scp(&json!({
        "Effect": "Deny", "Action": "bedrock:*", "Resource": "*",
        "Condition": { "StringNotEquals": { "aws:RequestedRegion": ["us-east-1"] } },
    }));
    let spare =
        format!("\"bedrock:InferenceProfileArn\": \"arn:aws:bedrock:*:111122223333:inference-profile/global.{HAIKU}\"");
    assert_eq!(
        mended(&stack, &global),
        [("add under `ArnNotLike` to the `Condition` of p.json:1".to_owned(), vec![spare])]
    );
}
