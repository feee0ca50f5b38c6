//! Rules about what a policy grants and under which condition: retired models, pinned Regions, streaming, keys.
#![expect(clippy::unwrap_used, reason = "tests")]

mod judged;
mod strict;

use bedrock_lint::finding::Confidence::{Certain, Likely, Possible};
use bedrock_lint::finding::Severity::{Error, Note, Warning};
use judged::findings_in;
use strict::*;

#[test]
fn retired_models() {
    let rule = "retired-model";
    let model = |region: &str, id: &str| format!("arn:aws:bedrock:{region}::foundation-model/{id}");
    let gone = "anthropic.claude-v2:1";
    let both = one(
        &allow(&[&model("us-east-1", gone), &model("us-west-2", gone)]),
        rule,
        (Warning, Certain),
        gone,
        &["2025-07-21", "every call is refused", "sonnet-4-6", "of the line that AWS recommends"],
    );
    assert_eq!(both.related.len(), 1);
    silent(&invoke("Deny", "Resource", &[&model("*", gone)], ""), rule);
    silent(&invoke("Allow", "NotResource", &[&model("*", gone)], ""), rule);
    silent(&allow(&[&model("*", "anthropic.claude-v2*")]), rule);
    silent(&allow(&[&model("*", NOVA)]), rule);
    // ended without a date, on a conclusion
    one(&allow(&[&model("*", "ai21.j2-mid")]), rule, (Warning, Likely), "ai21.j2-mid", &["past its end of life"]);

    let haiku = "anthropic.claude-3-haiku-20240307-v1:0";
    one(
        &allow(&[&model("us-east-1", haiku)]),
        rule,
        (Warning, Certain),
        haiku,
        &["2026-09-10 in `us-east-1`", "still be called in"],
    );
    one(&allow(&[&model("ap-south-1", haiku)]), rule, (Note, Certain), haiku, &["is legacy"]);
    one(
        &allow(&[&model("*", haiku)]),
        rule,
        (Note, Certain),
        haiku,
        &["in some Regions; the model can still be called in"],
    );
    let r1 = model("us-east-1", "deepseek.r1-v1:0");
    let secondary = findings_in("policy.json", &allow(&[&r1]));
    let secondary = secondary.iter().find(|finding| finding.rule == rule).unwrap();
    assert_eq!((secondary.severity, secondary.confidence), (Note, Possible));
}

fn retired_help(resource: &str) -> (String, String) {
    let found = findings_in("policy.json", &allow(&[resource]));
    let finding = found.into_iter().find(|finding| finding.rule == "retired-model").unwrap();
    (finding.message, finding.help.unwrap_or_default())
}

#[test]
fn successors_that_only_profiles_reach() {
    let model = |region: &str| format!("arn:aws:bedrock:{region}::foundation-model/anthropic.claude-v2:1");
    let sonnet = "anthropic.claude-sonnet-5-5";
    for (region, prefix) in [("us-east-1", "us"), ("eu-central-1", "eu"), ("*", "us"), ("eu-*", "eu")] {
        let (_, help) = retired_help(&model(region));
        let says = format!("its inference profile as well, such as `{prefix}.{sonnet}`");
        assert!(help.contains(&says), "{region}: {help}");
    }
}

#[test]
fn retired_in_govcloud() {
    let id = "anthropic.claude-3-haiku-20240307-v1:0";
    let (message, help) = retired_help(&format!("arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/{id}"));
    assert!(!message.contains("`ap-") && !message.contains("`eu-"), "{message}");
    assert!(!help.contains("`us.") && !help.contains("`global."), "{help}");
}

#[test]
fn retired_profiles() {
    let id = "us.anthropic.claude-3-5-sonnet-20241022-v2:0";
    let found = findings_in(
        "policy.json",
        &allow(&[
            &format!("arn:aws:bedrock:*:111122223333:inference-profile/{id}"),
            "arn:aws:bedrock:*::foundation-model/anthropic.*",
        ]),
    );
    let own: Vec<_> = found.iter().filter(|finding| finding.rule == "retired-model").collect();
    assert_eq!(own.len(), 1);
    let finding = own.first().unwrap();
    assert_eq!((finding.severity, finding.primary.at.text()), (Warning, id));
    assert!(finding.message.contains("no longer offered"), "{}", finding.message);
    assert!(finding.help.as_deref().unwrap().contains("`us.anthropic.claude-sonnet-5-5`"));
}

#[test]
fn condition_keys() {
    let rule = "unknown-condition-key";
    let key = "aws:InferenceProfileArn";
    let right = "write `bedrock:InferenceProfileArn`";
    let any = "arn:aws:bedrock:*:*:inference-profile/us.*";
    let on_models = |effect: &str, operator: &str, key: &str, value: &str| {
        let condition = format!(r#", "Condition": {{"{operator}": {{"{key}": "{value}"}}}}"#);
        invoke(effect, "Resource", &["arn:aws:bedrock:*::foundation-model/*"], &condition)
    };
    for (effect, operator, severity, says) in [
        ("Allow", "ArnLike", Error, "grants nothing"),
        ("Deny", "ArnLike", Error, "denies nothing"),
        ("Deny", "ArnNotLike", Error, "denies every request"),
        ("Allow", "ArnNotLike", Warning, "restricts nothing"),
        ("Allow", "ArnLikeIfExists", Warning, "restricts nothing"),
        ("Allow", "ForAllValues:ArnLike", Warning, "restricts nothing"),
        ("Allow", "ForAnyValue:ArnLike", Error, "grants nothing"),
    ] {
        one(&on_models(effect, operator, key, any), rule, (severity, Certain), key, &[says, right]);
    }
    one(&on_models("Deny", "Null", key, "true"), rule, (Error, Certain), key, &["denies every request"]);
    one(
        &condition("Allow", "StringEquals", "aws:RequestTag", "x"),
        rule,
        (Error, Certain),
        "aws:RequestTag",
        &["`aws:RequestTag/<tag key>`"],
    );
    one(
        &condition("Allow", "StringEquals", "bedrock:QuantumState", "x"),
        rule,
        (Error, Possible),
        "bedrock:QuantumState",
        &["unless it is newer"],
    );
    for key in [
        "bedrock:inferenceprofilearn",
        "aws:PrincipalTag/team",
        "aws:ResourceTag/team",
        "token.actions.githubusercontent.com:sub",
        "bedrock:ServiceTier",
    ] {
        silent(&condition("Allow", "StringEquals", key, "x"), rule);
    }
}

#[test]
fn condition_keys_that_the_actions_do_not_carry() {
    let rule = "unknown-condition-key";
    let with = |effect: &str, action: &str, operator: &str| {
        let rest = format!(
            r#"{action}, "Resource": "*", "Condition": {{"{operator}": {{"bedrock:BearerTokenType": "SHORT_TERM"}}}}"#
        );
        statement(effect, &rest)
    };
    let invoke = r#""Action": "bedrock:InvokeModel*""#;
    one(
        &with("Allow", invoke, "StringEquals"),
        rule,
        (Error, Likely),
        "bedrock:BearerTokenType",
        &["never holds", "`bedrock:CallWithBearerToken`"],
    );
    for (effect, action, operator) in [
        // holds as it would without the condition
        ("Allow", invoke, "StringEqualsIfExists"),
        ("Allow", invoke, "StringNotEquals"),
        ("Deny", invoke, "StringNotEquals"),
        // one action that carries it, or may
        ("Allow", r#""Action": "bedrock:*""#, "StringEquals"),
        ("Allow", r#""Action": ["bedrock:InvokeModel", "bedrock:CallWithBearerToken"]"#, "StringEquals"),
        ("Allow", r#""Action": ["bedrock:InvokeModel", "bedrock:FutureAction"]"#, "StringEquals"),
        ("Allow", r#""Action": "bedrock:${ACTION}""#, "StringEquals"),
        ("Allow", r#""NotAction": "bedrock:InvokeModel""#, "StringEquals"),
    ] {
        silent(&with(effect, action, operator), rule);
    }
}

#[test]
fn streaming() {
    let rule = "missing-streaming-action";
    let with =
        |action: &str, resource: &str| statement("Allow", &format!(r#""Action": {action}, "Resource": "{resource}""#));
    let nova = format!("arn:aws:bedrock:us-east-1::foundation-model/{NOVA}");
    one(&with(r#""bedrock:InvokeModel""#, &nova), rule, (Note, Likely), "bedrock:InvokeModel", &["ConverseStream"]);
    silent(&with(r#""bedrock:InvokeModel*""#, &nova), rule);
    silent(&with(r#"["bedrock:InvokeModel", "bedrock:ConverseStream"]"#, &nova), rule);
    silent(&with(r#""bedrock:GetFoundationModel""#, &nova), rule);
    for still in ["amazon.titan-embed-text-v2:0", "cohere.embed-*", "amazon.rerank-v1:0"] {
        let arn = format!("arn:aws:bedrock:us-east-1::foundation-model/{still}");
        silent(&with(r#""bedrock:InvokeModel""#, &arn), rule);
    }
}

#[test]
fn pinned_regions() {
    let rule = "pinned-profile-region";
    let profile = |region: &str| {
        format!("arn:aws:bedrock:{region}:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6")
    };
    let pinned = profile("us-east-1");
    one(&allow(&[&pinned, SONNET]), rule, (Note, Likely), "us-east-1", &["in `us-east-1` only"]);
    for others in [
        profile("us-west-2"),
        profile("*"),
        profile("${AWS_REGION}"),
        "arn:aws:bedrock:*:*:inference-profile/us.*".to_owned(),
        "*".to_owned(),
    ] {
        silent(&allow(&[&pinned, &others, SONNET]), rule);
    }
    silent(&allow(&[&profile("${AWS_REGION}"), SONNET]), rule);
    silent(&invoke("Deny", "Resource", &[&pinned], ""), rule);
}

#[test]
fn the_region_that_a_policy_is_deployed_to_is_no_pin() {
    let told = |path: &str, text: &str| {
        let found = findings_in(path, text).into_iter().filter(|one| one.rule == "pinned-profile-region");
        found.map(|one| one.primary.at.text().to_owned()).collect::<Vec<String>>()
    };
    let profile = |region: &str| {
        format!("arn:aws:bedrock:{region}:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6")
    };
    let serverless = |region: &str, written: &str| {
        let text = format!(
            "service: chat\nprovider:\n  name: aws\n  region: {region}\n  iam:\n    role:\n      statements:\n      - Effect: Allow\n        \
             Action: bedrock:InvokeModel\n        Resource: ['{}', '{SONNET}']\n",
            profile(written)
        );
        told("serverless.yml", &text)
    };
    assert!(serverless("us-west-2", "us-west-2").is_empty());
    assert!(serverless("${opt:region, 'us-west-2'}", "${self:provider.region}").is_empty());
    assert_eq!(serverless("us-west-2", "us-east-1"), ["us-east-1"]);
    let terraform = |region: &str, written: &str| {
        let text = format!(
            "variable \"region\" {{\n  default = \"us-west-2\"\n}}\nprovider \"aws\" {{\n  region = {region}\n}}\n\
             resource \"aws_iam_policy\" \"chat\" {{\n  policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", \
             Action = \"bedrock:InvokeModel\", Resource = [\"{}\", \"{SONNET}\"] }}] }})\n}}\n",
            profile(written)
        );
        told("main.tf", &text)
    };
    assert!(terraform("\"us-west-2\"", "us-west-2").is_empty());
    assert!(terraform("var.region", "${var.region}").is_empty());
    assert!(terraform("\"us-east-1\"", "${var.region}").is_empty(), "whatever the variable is");
    assert_eq!(terraform("\"us-west-2\"", "us-east-1"), ["us-east-1"]);
}

#[test]
fn a_profile_of_two_regions_has_one_other() {
    let pinned = "arn:aws:bedrock:ap-northeast-1:111122223333:inference-profile/jp.anthropic.claude-sonnet-4-6";
    let text = allow(&[pinned, SONNET]);
    let rule = "pinned-profile-region";
    one(
        &text,
        rule,
        (Note, Likely),
        "ap-northeast-1",
        &["a caller in the one other Region that it can be called from"],
    );
}

#[test]
fn foundation_models_belong_to_no_account_of_yours() {
    let rule = "missing-model-grant";
    let profile = "arn:aws:bedrock:*:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6";
    let under = |condition: &str| {
        invoke("Allow", "Resource", &[profile, SONNET], &format!(r#", "Condition": {{ {condition} }}"#))
    };
    for (condition, underlined) in [
        (r#""StringEquals": {"aws:ResourceAccount": "111122223333"}"#, r#""111122223333""#),
        (r#""StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}"#, r#""${aws:PrincipalAccount}""#),
        (r#""StringEquals": {"AWS:resourceOrgId": ["o-a1b2c3d4e5"]}"#, r#"["o-a1b2c3d4e5"]"#),
        (
            r#""ForAnyValue:StringLike": {"aws:ResourceOrgPaths": "o-a1b2c3d4e5/r-ab12/*"}"#,
            r#""o-a1b2c3d4e5/r-ab12/*""#,
        ),
    ] {
        one(&under(condition), rule, (Error, Likely), underlined, &["granted only under a condition on"]);
    }
    for condition in [
        r#""StringEquals": {"aws:ResourceAccount": ["111122223333", "444455556666"]}"#,
        r#""StringEqualsIfExists": {"aws:ResourceAccount": "111122223333"}"#,
        r#""StringNotEquals": {"aws:ResourceAccount": "111122223333"}"#,
        r#""StringEquals": {"aws:PrincipalAccount": "111122223333"}"#,
        r#""StringLike": {"aws:ResourceAccount": "*"}"#,
    ] {
        silent(&under(condition), rule);
    }
    // the profile is one's own
    let apart = format!(
        r#"{{"Statement": [{{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "{profile}",
        "Condition": {{"StringEquals": {{"aws:ResourceAccount": "111122223333"}}}}}},
        {{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "{SONNET}"}}]}}"#
    );
    silent(&apart, rule);
}
