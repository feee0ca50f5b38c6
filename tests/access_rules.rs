//! Rules about refusals, case by case, beyond the policies that the project was founded on.
#![expect(clippy::unwrap_used, reason = "tests")]

mod judged;

use bedrock_lint::finding::{Confidence, Finding, Severity};
use judged::{allow, findings_in, one, policy, silent};

const INVOKE: &str = r#"["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]"#;
const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";

fn model(region: &str) -> String {
    format!("arn:aws:bedrock:{region}::foundation-model/{HAIKU}")
}

fn profile(region: &str, prefix: &str) -> String {
    format!("arn:aws:bedrock:{region}:111122223333:inference-profile/{prefix}.{HAIKU}")
}

/// An Allow of invocation on these resources.
fn invoke(resources: &[&str], more: &str) -> String {
    allow(INVOKE, &format!("{resources:?}"), more)
}

fn loud(text: &str) -> Vec<Finding> {
    let mut findings = findings_in("policy.json", text);
    findings.retain(|one| one.severity > Severity::Note);
    findings
}

/// A Deny of everything under one condition.
fn deny(condition: &str) -> String {
    format!(r#""Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {{ {condition} }}"#)
}

#[test]
fn a_condition_that_lists_what_is_refused() {
    let rule = "region-condition-blocks-profile";
    let granted = invoke(&[&model("*"), &profile("us-east-1", "us")], "");
    let refuse = deny(r#""StringEquals": { "aws:RequestedRegion": ["us-east-2"] }"#);
    let text = policy(&[&granted, &refuse]);
    let finding = one(rule, &text, r#"["us-east-2"]"#, Confidence::Likely, &["`us-east-2`"]);
    assert!(finding.help.unwrap().starts_with("take `us-east-2` out"));
    assert_eq!(finding.primary.message, "these Regions do not pass");
    let pass = deny(r#""StringNotEquals": { "aws:RequestedRegion": ["us-east-1", "us-west-2"] }"#);
    let text = policy(&[&granted, &pass]);
    let finding = one(rule, &text, r#"["us-east-1", "us-west-2"]"#, Confidence::Likely, &["`us-east-2`"]);
    assert!(finding.help.unwrap().starts_with("add `us-east-2` to"));
}

#[test]
fn denies_that_leave_profiles_alone() {
    let granted = invoke(&[&model("*"), &profile("us-east-1", "us")], "");
    for condition in [
        r#""StringNotEquals": { "aws:RequestedRegion": ["us-east-1", "us-east-2", "us-west-2"] }"#,
        r#""StringEquals": { "aws:RequestedRegion": ["eu-west-1"] }"#,
        r#""BoolIfExists": { "aws:MultiFactorAuthPresent": "false" }"#,
        r#""StringNotEquals": { "aws:RequestedRegion": "us-east-1", "aws:PrincipalTag/team": "ml" }"#,
    ] {
        assert_eq!(loud(&policy(&[&granted, &deny(condition)])), [], "{condition}");
    }
    let other =
        r#""Effect": "Deny", "Action": "bedrock:*", "Resource": "arn:aws:bedrock:*::foundation-model/amazon.*""#;
    assert_eq!(loud(&policy(&[&granted, other])), []);
    let exempt = r#""Effect": "Deny", "NotAction": "bedrock:*", "Resource": "*",
        "Condition": { "StringNotEquals": { "aws:RequestedRegion": "us-east-1" } }"#;
    assert_eq!(loud(&policy(&[&granted, exempt])), []);
}

#[test]
fn the_source_region_is_checked_too() {
    let rule = "uncovered-destination-region";
    let text = policy(&[&invoke(&[&model(""), &profile("us-east-1", "global")], "")]);
    let says = ["is also checked in `us-east-1`, the Region that is called"];
    one(rule, &text, &model(""), Confidence::Likely, &says);
    let text = policy(&[&invoke(&[&model("ap-northeast-1"), &profile("ap-northeast-1", "jp")], "")]);
    let says = ["routes from `ap-northeast-1` to `ap-northeast-3`"];
    one(rule, &text, &model("ap-northeast-1"), Confidence::Likely, &says);
    // what both geographies need is granted for one of them
    let us: Vec<String> = ["us-east-1", "us-east-2", "us-west-2"].map(model).to_vec();
    let (american, european) = (profile("us-east-1", "us"), profile("eu-west-1", "eu"));
    let mut resources: Vec<&str> = us.iter().map(String::as_str).collect();
    resources.push(&american);
    silent(rule, &policy(&[&invoke(&resources, "")]));
    resources.push(&european);
    one(rule, &policy(&[&invoke(&resources, "")]), &model("us-east-1"), Confidence::Likely, &["`eu."]);
}

#[test]
fn each_action_needs_both_grants() {
    let (haiku, us) = (model("*"), profile("us-east-1", "us"));
    let both = format!("{:?}", [&haiku, &us]);
    let (plain, stream) = (r#""bedrock:InvokeModel""#, r#""bedrock:InvokeModelWithResponseStream""#);
    assert_eq!(loud(&policy(&[&allow(plain, &both, ""), &allow(stream, &both, "")])), []);
    let text = policy(&[&allow(plain, &both, ""), &allow(stream, &format!("{us:?}"), "")]);
    let says = ["`bedrock:InvokeModelWithResponseStream`"];
    one("missing-model-grant", &text, &us, Confidence::Likely, &says);
    assert_eq!(loud(&text).len(), 1);
}

#[test]
fn conditions_on_the_profile() {
    let rule = "profile-condition-on-profile";
    let (haiku, us) = (model("*"), profile("us-east-1", "us"));
    let when = |condition: &str| invoke(&[&haiku, &us], &format!(r#", "Condition": {{ {condition} }}"#));
    let key = "bedrock:InferenceProfileArn";
    for condition in [
        r#""StringLike": { "bedrock:InferenceProfileArn": "*" }"#.to_owned(),
        r#""Null": { "bedrock:InferenceProfileArn": "false" }"#.to_owned(),
        format!(r#""ArnEquals": {{ "bedrock:InferenceProfileArn": "{us}" }}"#),
    ] {
        let text = policy(&[&when(&condition)]);
        one(rule, &text, key, Confidence::Likely, &["never for the profile itself"]);
        assert_eq!(loud(&text).len(), 1, "{condition}");
        // granted elsewhere as well
        assert_eq!(loud(&policy(&[&when(&condition), &invoke(&[&us], "")])), []);
    }
    let other = r#""StringNotLike": { "bedrock:InferenceProfileArn": "*/eu.*" }"#;
    assert_eq!(loud(&policy(&[&when(other)])), []);
}

#[test]
fn values_that_are_filled_in_later() {
    for resources in [
        [
            "arn:${AWS::Partition}:bedrock:*::foundation-model/",
            "arn:aws:bedrock:*:${AWS::AccountId}:inference-profile/us.",
        ],
        ["arn:aws:bedrock:*::foundation-model/", "arn:aws:bedrock:${AWS::Region}:*:inference-profile/us."],
    ] {
        let [haiku, us] = resources.map(|start| format!("{start}{HAIKU}"));
        assert_eq!(loud(&policy(&[&invoke(&[&haiku, &us], "")])), [], "{resources:?}");
    }
    let tag = "arn:aws:bedrock:*::foundation-model/${aws:PrincipalTag/model}";
    assert_eq!(loud(&policy(&[&invoke(&[tag], "")])), []);
}

#[test]
fn profiles_of_the_regions_and_geographies_in_use_are_offered() {
    let offered = |more: &[&str]| {
        let granted =
            invoke(&[&["arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6"], more].concat(), "");
        let found = loud(&policy(&[&granted]));
        let help = found.iter().find(|one| one.rule == "missing-profile-grant").unwrap().help.clone().unwrap();
        let ids = help.split('`').filter_map(|part| part.split_once("inference-profile/"));
        ids.map(|(_, id)| id.split('.').next().unwrap().to_owned()).collect::<Vec<String>>()
    };
    let embeddings = |region: &str| format!("arn:aws:bedrock:{region}::foundation-model/amazon.titan-embed-text-v2:0");
    assert_eq!(offered(&[]), ["us", "eu", "global"]);
    assert_eq!(offered(&[&embeddings("eu-west-1")]), ["eu", "global"]);
    assert_eq!(offered(&[&embeddings("ap-southeast-2")]), ["au", "global"]);
    assert_eq!(offered(&[&model("*"), &profile("*", "eu")]), ["eu"]);
}
