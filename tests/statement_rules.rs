//! Rules about statements, case by case: what they say, and where they are silent.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod judged;

use bedrock_lint::finding::{Confidence, Severity};
use judged::{allow, findings_in, of, one, policy, silent};

const SUBSCRIBE: &str = r#""aws-marketplace:Subscribe""#;
const NOVA: &str = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";

/// A policy of one Allow.
fn on(action: &str, resource: &str) -> String {
    policy(&[&allow(action, resource, "")])
}

#[test]
fn marketplace_actions_take_no_resource() {
    let rule = "scoped-marketplace-action";
    let model = format!("\"{NOVA}\"");
    let certain = Confidence::Certain;
    let finding = one(rule, &on(SUBSCRIBE, &model), NOVA, certain, &["`aws-marketplace:Subscribe` takes no resource"]);
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(finding.fix.unwrap().edits[0].text, "*");

    let mixed = on(
        r#"["bedrock:InvokeModel", "aws-marketplace:ViewSubscriptions", "aws-marketplace:Subscribe"]"#,
        &format!(r#"["{NOVA}", "arn:aws:s3:::x"]"#),
    );
    let finding =
        one(rule, &mixed, NOVA, certain, &["`aws-marketplace:Subscribe` and `aws-marketplace:ViewSubscriptions` take"]);
    assert_eq!(finding.fix, None);
    assert_eq!(finding.related.len(), 1);
    // a region that is filled in later does not make a wildcard of an ARN
    let holed = "arn:aws:bedrock:${AWS_REGION}::foundation-model/*";
    one(rule, &on(SUBSCRIBE, &format!("\"{holed}\"")), holed, certain, &[]);
    one(rule, &on(r#""aws-marketplace:*ubscribe""#, &model), NOVA, certain, &["`aws-marketplace:Unsubscribe`"]);
    one(rule, &on(r#""AWS-Marketplace:subscribe""#, &model), NOVA, certain, &[]);
}

#[test]
fn marketplace_actions_on_everything() {
    let rule = "scoped-marketplace-action";
    let model = format!("\"{NOVA}\"");
    silent(rule, &on(SUBSCRIBE, "\"*\""));
    silent(rule, &on(SUBSCRIBE, &format!(r#"["{NOVA}", "*"]"#)));
    silent(rule, &on(SUBSCRIBE, r#""${RESOURCE}""#));
    silent(rule, &on(r#""aws-marketplace:*""#, &model));
    silent(rule, &on(r#""aws-marketplace:DescribeEntity""#, &model));
    silent(rule, &on(r#""*""#, &model));
    silent(rule, &policy(&[&format!(r#""Effect": "Deny", "Action": {SUBSCRIBE}, "Resource": {model}"#)]));
    silent(rule, &policy(&[&format!(r#""Effect": "Allow", "Action": {SUBSCRIBE}, "NotResource": {model}"#)]));
    // what another statement grants does no harm here
    silent(rule, &policy(&[&allow(SUBSCRIBE, &model, ""), &allow(SUBSCRIBE, "\"*\"", "")]));
}

const BOTH: &str = r#"["aws-marketplace:Subscribe", "aws-marketplace:ViewSubscriptions"]"#;

/// A policy of one Allow under a condition.
fn when(action: &str, condition: &str) -> String {
    policy(&[&allow(action, "\"*\"", &format!(r#", "Condition": {{ {condition} }}"#))])
}

#[test]
fn conditions_on_the_product() {
    let rule = "vacuous-marketplace-condition";
    let both = BOTH;
    let product = r#"{ "aws-marketplace:ProductId": "prod-xdkflymybwmvi" }"#;
    for operator in ["StringEquals", "ForAnyValue:StringEquals", "StringLike"] {
        let text = when(both, &format!(r#""{operator}": {product}"#));
        let key = "aws-marketplace:ProductId";
        let finding =
            one(rule, &text, key, Confidence::Certain, &["`aws-marketplace:ViewSubscriptions`", "never holds"]);
        assert_eq!(finding.severity, Severity::Warning);
        silent(rule, &when(SUBSCRIBE, &format!(r#""{operator}": {product}"#)));
        let plainly = allow(r#""aws-marketplace:ViewSubscriptions""#, "\"*\"", "");
        let conditional = allow(both, "\"*\"", &format!(r#", "Condition": {{ "{operator}": {product} }}"#));
        silent(rule, &policy(&[&conditional, &plainly]));
    }
    let all = format!(r#""ForAllValues:StringEquals": {product}"#);
    one(rule, &when(both, &all), "ForAllValues:StringEquals", Confidence::Likely, &["also holds"]);
    one(rule, &when(SUBSCRIBE, &all), "ForAllValues:StringEquals", Confidence::Likely, &[]);
    let sure = format!(r#"{all}, "Null": {{ "aws-marketplace:ProductId": "false" }}"#);
    silent(rule, &when(SUBSCRIBE, &sure));
    one(rule, &when(both, &sure), "aws-marketplace:ProductId", Confidence::Certain, &["never holds"]);
    silent(rule, &when(both, &format!(r#""StringEqualsIfExists": {product}"#)));
    silent(rule, &when(both, &format!(r#""StringNotEquals": {product}"#)));
}

#[test]
fn conditions_on_the_region() {
    let rule = "vacuous-marketplace-condition";
    let both = BOTH;
    let region = |values: &str| format!(r#""StringEquals": {{ "aws:RequestedRegion": {values} }}"#);
    one(rule, &when(both, &region(r#""eu-west-1""#)), "aws:RequestedRegion", Confidence::Likely, &["does not grant"]);
    silent(rule, &when(both, &region(r#"["us-east-1", "us-west-2"]"#)));
    silent(rule, &when(both, &region(r#""${AWS_REGION}""#)));
    silent(rule, &when(r#"["bedrock:*", "*"]"#, &region(r#""eu-west-1""#)));
    silent(rule, &when(both, r#""StringEquals": { "aws:CalledViaLast": "bedrock.amazonaws.com" }"#));
    silent(rule, &when(both, r#""Bool": { "aws:ViaAWSService": "true" }"#));
    let deny = r#""Effect": "Deny", "Action": "aws-marketplace:*", "Resource": "*",
        "Condition": { "StringEquals": { "aws:RequestedRegion": "eu-west-1" } }"#;
    silent(rule, &policy(&[deny]));
}

#[test]
fn marketplace_access_is_a_hint() {
    let rule = "marketplace-access";
    let haiku = "arn:aws:bedrock:*::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0";
    let invoke = allow(r#""bedrock:InvokeModel""#, &format!("\"{haiku}\""), "");
    let possible = Confidence::Possible;
    let finding = one(rule, &policy(&[&invoke]), haiku, possible, &["`aws-marketplace:Subscribe` and `aws-"]);
    assert_eq!(finding.severity, Severity::Note);
    let subscribe = allow(SUBSCRIBE, "\"*\"", "");
    one(
        rule,
        &policy(&[&invoke, &subscribe]),
        haiku,
        possible,
        &["no statement grants `aws-marketplace:ViewSubscriptions`"],
    );
    let both = allow(r#""aws-marketplace:*""#, "\"*\"", "");
    one(rule, &policy(&[&invoke, &both]), "aws-marketplace:*", possible, &["for good"]);

    // about everything, not about subscriptions
    let without_mfa = r#""Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": { "BoolIfExists": { "aws:MultiFactorAuthPresent": "false" } }"#;
    one(rule, &policy(&[&invoke, without_mfa]), haiku, possible, &[]);

    // in GovCloud the linked account subscribes
    let gov = haiku.replace("arn:aws:", "arn:aws-us-gov:");
    silent(rule, &on(r#""bedrock:InvokeModel""#, &format!("\"{gov}\"")));

    // one mistake, one finding: the scoped statement was meant to grant them
    let scoped = allow(r#""aws-marketplace:*""#, &format!("\"{haiku}\""), "");
    silent(rule, &policy(&[&invoke, &scoped]));
    let via = r#", "Condition": { "StringEquals": { "aws:CalledViaLast": "bedrock.amazonaws.com" } }"#;
    silent(rule, &policy(&[&invoke, &allow(r#""aws-marketplace:*""#, "\"*\"", via)]));
    silent(rule, &policy(&[&both]));
    silent(rule, &policy(&[&allow("\"bedrock:*\"", "\"*\"", "")]));
    silent(rule, &policy(&[&allow("\"*\"", "\"*\"", ""), &invoke]));
    silent(rule, &policy(&[&allow(r#""bedrock:InvokeModel""#, &format!("\"{NOVA}\""), "")]));
    silent(rule, &policy(&[&invoke, r#""Effect": "Deny", "Action": "aws-marketplace:*", "Resource": "*""#]));
}

#[test]
fn unscopable_actions() {
    let rule = "unscopable-action";
    let profiles = r#""arn:aws:bedrock:us-east-1:111122223333:inference-profile/*""#;
    let certain = Confidence::Certain;
    let list = r#"["bedrock:GetInferenceProfile", "bedrock:ListInferenceProfiles", "bedrock:ListFoundationModels"]"#;
    let finding = one(rule, &on(list, profiles), "bedrock:ListInferenceProfiles", certain, &["take no resource"]);
    assert_eq!(finding.severity, Severity::Note);
    assert_eq!(finding.related.len(), 2);
    assert_eq!(finding.fix, None);
    let bearer = one(
        rule,
        &on(r#""bedrock-mantle:CallWithBearerToken""#, profiles),
        "bedrock-mantle:CallWithBearerToken",
        certain,
        &[],
    );
    assert!(bearer.fix.is_some());
    one(rule, &on(r#""bedrock:ListFoundationModel*""#, profiles), "bedrock:ListFoundationModel*", certain, &[]);
    // the misspelling is one mistake, the resource another
    one(
        rule,
        &on(r#""bedrock:ListModels""#, profiles),
        "bedrock:ListModels",
        certain,
        &["`bedrock:ListFoundationModels`"],
    );

    silent(rule, &on(list, "\"*\""));
    silent(rule, &on(list, &format!(r#"[{profiles}, "*"]"#)));
    silent(rule, &on(r#""bedrock:*""#, profiles));
    silent(rule, &on(r#""bedrock:List*""#, profiles));
    silent(rule, &on(r#""bedrock:InvokeModel""#, profiles));
    silent(rule, &on(r#"["bedrock:InvokeModel", "s3:ListAllMyBuckets"]"#, profiles));
    silent(rule, &on(SUBSCRIBE, profiles));
    silent(rule, &policy(&[&format!(r#""Effect": "Deny", "Action": {list}, "Resource": {profiles}"#)]));
    silent(rule, &policy(&[&allow(list, profiles, ""), &allow(r#""bedrock:List*""#, "\"*\"", "")]));
}

fn all_but(action: &str, resource: &str) -> String {
    format!(r#""Effect": "Allow", "NotAction": {action}, "Resource": {resource}"#)
}

fn but(action: &str, resource: &str) -> String {
    format!(r#""Effect": "Allow", "Action": {action}, "NotResource": {resource}"#)
}

#[test]
fn open_ended_allows() {
    let rule = "open-ended-allow";
    let nova = allow(r#""bedrock:InvokeModel""#, &format!("\"{NOVA}\""), "");
    let certain = Confidence::Certain;
    let iam = all_but("\"iam:*\"", "\"*\"");
    let finding = one(rule, &policy(&[&nova, &iam]), "NotAction", certain, &["`bedrock:InvokeModel`"]);
    assert_eq!(finding.severity, Severity::Warning);
    one(rule, &policy(&[&all_but("\"bedrock:InvokeModel\"", "\"*\"")]), "NotAction", certain, &["ResponseStream"]);
    one(rule, &policy(&[&all_but("\"bedrock:Delete*\"", "\"arn:aws:bedrock:*\"")]), "NotAction", certain, &[]);
    one(rule, &policy(&[&but("\"bedrock:*\"", &format!("\"{NOVA}\""))]), "NotResource", certain, &[]);
    one(rule, &policy(&[&nova, &but("\"*\"", "\"arn:aws:s3:::secret/*\"")]), "NotResource", certain, &[]);
}

#[test]
fn allows_that_leave_bedrock_out() {
    let rule = "open-ended-allow";
    let nova = allow(r#""bedrock:InvokeModel""#, &format!("\"{NOVA}\""), "");
    let iam = all_but("\"iam:*\"", "\"*\"");
    silent(rule, &policy(&[&iam]));
    silent(rule, &policy(&[&nova, &all_but("\"bedrock:*\"", "\"*\"")]));
    silent(rule, &policy(&[&nova, &all_but("\"iam:*\"", "\"arn:aws:s3:::*\"")]));
    silent(rule, &policy(&[&nova, &all_but("\"${ACTIONS}\"", "\"*\"")]));
    silent(rule, &policy(&[&nova, &but("\"s3:*\"", "\"arn:aws:s3:::secret/*\"")]));
    silent(rule, &policy(&[&nova, &but("\"*\"", "\"arn:aws:bedrock:*\"")]));
    silent(rule, &policy(&[&iam, r#""Effect": "Deny", "Action": "bedrock:*", "Resource": "*""#]));
    silent(rule, &policy(&[r#""Effect": "Deny", "NotAction": "bedrock:*", "Resource": "*""#]));
    // a ceiling grants nothing
    assert!(findings_in("scp.json", &policy(&[&nova, &iam])).iter().all(|one| one.rule != rule));
}

#[test]
fn an_unknown_action_among_exceptions() {
    let says = ["this leaves nothing out"];
    let text = policy(&[&all_but("\"bedrock:Converse\"", "\"*\"")]);
    one("unknown-action", &text, "bedrock:Converse", Confidence::Certain, &says);
}

#[test]
fn operations_beside_the_actions_that_they_need() {
    let rule = "unknown-action";
    let nova = format!("\"{NOVA}\"");
    let invoke = allow(r#""bedrock:Invoke*""#, &nova, "");
    let converse = allow(r#""bedrock:Converse""#, &nova, "");
    let severity = |statements: &[&str], underlined: &str, says: &str| {
        one(rule, &policy(statements), underlined, Confidence::Certain, &[says]).severity
    };
    let granted = "grants nothing beside `bedrock:InvokeModel`";
    for harmless in [
        on(r#"["bedrock:Converse", "bedrock:InvokeModel"]"#, &nova),
        on(r#"["bedrock:StartAsyncInvoke", "bedrock:*"]"#, "\"*\""),
        policy(&[&converse, &invoke]),
        policy(&[&converse, &allow(r#""bedrock:InvokeModel""#, r#""arn:aws:bedrock:*::foundation-model/*""#, "")]),
        on(r#"["bedrock:InvokeModelWithBidirectionalStream", "bedrock:InvokeModel"]"#, &nova),
        on(r#"["bedrock-runtime:Converse", "bedrock:InvokeModel"]"#, &nova),
    ] {
        let found = of(rule, &harmless);
        assert_eq!((found.len(), found[0].severity), (1, Severity::Note), "{harmless}");
        assert!(found[0].message.contains(granted), "{}", found[0].message);
        assert_eq!(found[0].fix, None);
    }
    // nothing, another action, other resources, a condition, half of what a pattern stands for
    let nothing = "grants nothing";
    assert_eq!(severity(&[&converse], "bedrock:Converse", nothing), Severity::Error);
    let stream = allow(r#"["bedrock:ConverseStream", "bedrock:InvokeModel"]"#, &nova, "");
    assert_eq!(severity(&[&stream], "bedrock:ConverseStream", nothing), Severity::Error);
    let elsewhere =
        allow(r#""bedrock:InvokeModel""#, r#""arn:aws:bedrock:*::foundation-model/amazon.nova-pro-v1:0""#, "");
    assert_eq!(severity(&[&converse, &elsewhere], "bedrock:Converse", nothing), Severity::Error);
    let condition = r#", "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } }"#;
    let when = allow(r#""bedrock:InvokeModel""#, &nova, condition);
    assert_eq!(severity(&[&converse, &when], "bedrock:Converse", nothing), Severity::Error);
    let pattern = allow(r#"["bedrock:Converse*", "bedrock:InvokeModel"]"#, &nova, "");
    assert_eq!(severity(&[&pattern], "bedrock:Converse*", nothing), Severity::Error);
}
