//! Rules about statements and about trust policies, case by case: what they say, and where they are silent.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::finding::{Confidence, Finding, Severity};
use bedrock_lint::formats::FormatOptions;
use bedrock_lint::rules::Facts;
use bedrock_lint::source::Source;

fn findings_in(path: &str, text: &str) -> Vec<Finding> {
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
    };
    let verdict = bedrock_lint::lint(&[Arc::new(Source::new(path, text))], &FormatOptions::default(), &facts);
    assert_eq!(verdict.problems, [], "{text}");
    verdict.findings
}

fn of(rule: &str, text: &str) -> Vec<Finding> {
    let findings = findings_in("policy.json", text);
    findings.into_iter().filter(|one| one.rule == rule).collect()
}

/// A policy of these statements, each the inside of an object.
fn policy(statements: &[&str]) -> String {
    let statements: Vec<String> = statements.iter().map(|one| format!("{{ {one} }}")).collect();
    format!(
        r#"{{ "Version": "2012-10-17", "Statement": [{}] }}"#,
        statements.join(",\n")
    )
}

#[track_caller]
fn one(rule: &str, text: &str, underlined: &str, confidence: Confidence, says: &[&str]) -> Finding {
    let mut found = of(rule, text);
    assert_eq!(found.len(), 1, "{found:#?}");
    let finding = found.remove(0);
    assert_eq!(
        (finding.primary.at.text(), finding.confidence),
        (underlined, confidence),
        "{finding:#?}"
    );
    for part in says {
        assert!(finding.message.contains(part), "{part} in {}", finding.message);
    }
    finding
}

#[track_caller]
fn silent(rule: &str, text: &str) {
    assert_eq!(of(rule, text), [], "{text}");
}

const SUBSCRIBE: &str = r#""aws-marketplace:Subscribe""#;
const NOVA: &str = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";

/// An Allow of `action` on `resource`, both JSON values, with further elements.
fn allow(action: &str, resource: &str, more: &str) -> String {
    format!(r#""Effect": "Allow", "Action": {action}, "Resource": {resource}{more}"#)
}

#[test]
fn marketplace_actions_take_no_resource() {
    let rule = "scoped-marketplace-action";
    let on = |action: &str, resource: &str| policy(&[&allow(action, resource, "")]);
    let model = format!("\"{NOVA}\"");
    let certain = Confidence::Certain;
    let finding = one(
        rule,
        &on(SUBSCRIBE, &model),
        NOVA,
        certain,
        &["`aws-marketplace:Subscribe` takes no resource"],
    );
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(finding.fix.unwrap().edits[0].text, "*");

    let mixed = on(
        r#"["bedrock:InvokeModel", "aws-marketplace:ViewSubscriptions", "aws-marketplace:Subscribe"]"#,
        &format!(r#"["{NOVA}", "arn:aws:s3:::x"]"#),
    );
    let finding = one(
        rule,
        &mixed,
        NOVA,
        certain,
        &["`aws-marketplace:Subscribe` and `aws-marketplace:ViewSubscriptions` take"],
    );
    assert_eq!(finding.fix, None);
    assert_eq!(finding.related.len(), 1);
    // a region that is filled in later does not make a wildcard of an ARN
    let holed = "arn:aws:bedrock:${AWS_REGION}::foundation-model/*";
    one(rule, &on(SUBSCRIBE, &format!("\"{holed}\"")), holed, certain, &[]);
    one(
        rule,
        &on(r#""aws-marketplace:*ubscribe""#, &model),
        NOVA,
        certain,
        &["`aws-marketplace:Unsubscribe`"],
    );
    one(rule, &on(r#""AWS-Marketplace:subscribe""#, &model), NOVA, certain, &[]);

    silent(rule, &on(SUBSCRIBE, "\"*\""));
    silent(rule, &on(SUBSCRIBE, &format!(r#"["{NOVA}", "*"]"#)));
    silent(rule, &on(SUBSCRIBE, r#""${RESOURCE}""#));
    silent(rule, &on(r#""aws-marketplace:*""#, &model));
    silent(rule, &on(r#""aws-marketplace:DescribeEntity""#, &model));
    silent(rule, &on(r#""*""#, &model));
    silent(
        rule,
        &policy(&[&format!(
            r#""Effect": "Deny", "Action": {SUBSCRIBE}, "Resource": {model}"#
        )]),
    );
    silent(
        rule,
        &policy(&[&format!(
            r#""Effect": "Allow", "Action": {SUBSCRIBE}, "NotResource": {model}"#
        )]),
    );
    // what another statement grants does no harm here
    silent(
        rule,
        &policy(&[&allow(SUBSCRIBE, &model, ""), &allow(SUBSCRIBE, "\"*\"", "")]),
    );
}

#[test]
fn marketplace_conditions() {
    let rule = "vacuous-marketplace-condition";
    let both = r#"["aws-marketplace:Subscribe", "aws-marketplace:ViewSubscriptions"]"#;
    let when = |action: &str, condition: &str| {
        policy(&[&allow(action, "\"*\"", &format!(r#", "Condition": {{ {condition} }}"#))])
    };
    let product = r#"{ "aws-marketplace:ProductId": "prod-xdkflymybwmvi" }"#;
    for operator in ["StringEquals", "ForAnyValue:StringEquals", "StringLike"] {
        let text = when(both, &format!(r#""{operator}": {product}"#));
        let key = "aws-marketplace:ProductId";
        let finding = one(
            rule,
            &text,
            key,
            Confidence::Certain,
            &["`aws-marketplace:ViewSubscriptions`", "never holds"],
        );
        assert_eq!(finding.severity, Severity::Warning);
        silent(rule, &when(SUBSCRIBE, &format!(r#""{operator}": {product}"#)));
        let plainly = allow(r#""aws-marketplace:ViewSubscriptions""#, "\"*\"", "");
        let conditional = allow(
            both,
            "\"*\"",
            &format!(r#", "Condition": {{ "{operator}": {product} }}"#),
        );
        silent(rule, &policy(&[&conditional, &plainly]));
    }
    let all = format!(r#""ForAllValues:StringEquals": {product}"#);
    one(
        rule,
        &when(both, &all),
        "ForAllValues:StringEquals",
        Confidence::Likely,
        &["also holds"],
    );
    one(
        rule,
        &when(SUBSCRIBE, &all),
        "ForAllValues:StringEquals",
        Confidence::Likely,
        &[],
    );
    let sure = format!(r#"{all}, "Null": {{ "aws-marketplace:ProductId": "false" }}"#);
    silent(rule, &when(SUBSCRIBE, &sure));
    one(
        rule,
        &when(both, &sure),
        "aws-marketplace:ProductId",
        Confidence::Certain,
        &["never holds"],
    );
    silent(rule, &when(both, &format!(r#""StringEqualsIfExists": {product}"#)));
    silent(rule, &when(both, &format!(r#""StringNotEquals": {product}"#)));

    let region = |values: &str| format!(r#""StringEquals": {{ "aws:RequestedRegion": {values} }}"#);
    one(
        rule,
        &when(both, &region(r#""eu-west-1""#)),
        "aws:RequestedRegion",
        Confidence::Likely,
        &["does not grant"],
    );
    silent(rule, &when(both, &region(r#"["us-east-1", "us-west-2"]"#)));
    silent(rule, &when(both, &region(r#""${AWS_REGION}""#)));
    silent(rule, &when(r#"["bedrock:*", "*"]"#, &region(r#""eu-west-1""#)));
    silent(
        rule,
        &when(
            both,
            r#""StringEquals": { "aws:CalledViaLast": "bedrock.amazonaws.com" }"#,
        ),
    );
    silent(rule, &when(both, r#""Bool": { "aws:ViaAWSService": "true" }"#));
    let deny = format!(r#""Effect": "Deny", "Action": {both}, "Resource": "*", "Condition": {{ {all} }}"#);
    silent(rule, &policy(&[&deny]));
}

#[test]
fn marketplace_access_is_a_hint() {
    let rule = "marketplace-access";
    let haiku = "arn:aws:bedrock:*::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0";
    let invoke = allow(r#""bedrock:InvokeModel""#, &format!("\"{haiku}\""), "");
    let possible = Confidence::Possible;
    let finding = one(
        rule,
        &policy(&[&invoke]),
        haiku,
        possible,
        &["`aws-marketplace:Subscribe` and `aws-"],
    );
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
    one(
        rule,
        &policy(&[&invoke, &both]),
        "aws-marketplace:*",
        possible,
        &["for good"],
    );

    // one mistake, one finding: the scoped statement was meant to grant them
    let scoped = allow(r#""aws-marketplace:*""#, &format!("\"{haiku}\""), "");
    silent(rule, &policy(&[&invoke, &scoped]));
    let via = r#", "Condition": { "StringEquals": { "aws:CalledViaLast": "bedrock.amazonaws.com" } }"#;
    silent(
        rule,
        &policy(&[&invoke, &allow(r#""aws-marketplace:*""#, "\"*\"", via)]),
    );
    silent(rule, &policy(&[&both]));
    silent(rule, &policy(&[&allow("\"bedrock:*\"", "\"*\"", "")]));
    silent(rule, &policy(&[&allow("\"*\"", "\"*\"", ""), &invoke]));
    silent(
        rule,
        &policy(&[&allow(r#""bedrock:InvokeModel""#, &format!("\"{NOVA}\""), "")]),
    );
    silent(
        rule,
        &policy(&[
            &invoke,
            r#""Effect": "Deny", "Action": "aws-marketplace:*", "Resource": "*""#,
        ]),
    );
}

#[test]
fn unscopable_actions() {
    let rule = "unscopable-action";
    let on = |action: &str, resource: &str| policy(&[&allow(action, resource, "")]);
    let profiles = r#""arn:aws:bedrock:us-east-1:111122223333:inference-profile/*""#;
    let certain = Confidence::Certain;
    let list = r#"["bedrock:GetInferenceProfile", "bedrock:ListInferenceProfiles", "bedrock:ListFoundationModels"]"#;
    let finding = one(
        rule,
        &on(list, profiles),
        "bedrock:ListInferenceProfiles",
        certain,
        &["take no resource"],
    );
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
    one(
        rule,
        &on(r#""bedrock:ListFoundationModel*""#, profiles),
        "bedrock:ListFoundationModel*",
        certain,
        &[],
    );
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
    silent(
        rule,
        &policy(&[&format!(
            r#""Effect": "Deny", "Action": {list}, "Resource": {profiles}"#
        )]),
    );
    silent(
        rule,
        &policy(&[&allow(list, profiles, ""), &allow(r#""bedrock:List*""#, "\"*\"", "")]),
    );
}

#[test]
fn open_ended_allows() {
    let rule = "open-ended-allow";
    let nova = allow(r#""bedrock:InvokeModel""#, &format!("\"{NOVA}\""), "");
    let certain = Confidence::Certain;
    let all_but =
        |action: &str, resource: &str| format!(r#""Effect": "Allow", "NotAction": {action}, "Resource": {resource}"#);
    let iam = all_but("\"iam:*\"", "\"*\"");
    let finding = one(
        rule,
        &policy(&[&nova, &iam]),
        "NotAction",
        certain,
        &["`bedrock:InvokeModel`"],
    );
    assert_eq!(finding.severity, Severity::Warning);
    one(
        rule,
        &policy(&[&all_but("\"bedrock:InvokeModel\"", "\"*\"")]),
        "NotAction",
        certain,
        &["ResponseStream"],
    );
    one(
        rule,
        &policy(&[&all_but("\"bedrock:Delete*\"", "\"arn:aws:bedrock:*\"")]),
        "NotAction",
        certain,
        &[],
    );
    let but =
        |action: &str, resource: &str| format!(r#""Effect": "Allow", "Action": {action}, "NotResource": {resource}"#);
    one(
        rule,
        &policy(&[&but("\"bedrock:*\"", &format!("\"{NOVA}\""))]),
        "NotResource",
        certain,
        &[],
    );
    one(
        rule,
        &policy(&[&nova, &but("\"*\"", "\"arn:aws:s3:::secret/*\"")]),
        "NotResource",
        certain,
        &[],
    );

    silent(rule, &policy(&[&iam]));
    silent(rule, &policy(&[&nova, &all_but("\"bedrock:*\"", "\"*\"")]));
    silent(rule, &policy(&[&nova, &all_but("\"iam:*\"", "\"arn:aws:s3:::*\"")]));
    silent(rule, &policy(&[&nova, &all_but("\"${ACTIONS}\"", "\"*\"")]));
    silent(rule, &policy(&[&nova, &but("\"s3:*\"", "\"arn:aws:s3:::secret/*\"")]));
    silent(rule, &policy(&[&nova, &but("\"*\"", "\"arn:aws:bedrock:*\"")]));
    silent(
        rule,
        &policy(&[&iam, r#""Effect": "Deny", "Action": "bedrock:*", "Resource": "*""#]),
    );
    silent(
        rule,
        &policy(&[r#""Effect": "Deny", "NotAction": "bedrock:*", "Resource": "*""#]),
    );
    // a ceiling grants nothing
    assert!(
        findings_in("scp.json", &policy(&[&nova, &iam]))
            .iter()
            .all(|one| one.rule != rule)
    );
}

const GITHUB: &str = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

fn trust(provider: &str, condition: &str) -> String {
    policy(&[&format!(
        r#""Effect": "Allow", "Principal": {{ "Federated": "{provider}" }},
           "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"], "Condition": {{ {condition} }}"#
    )])
}

#[test]
fn open_trust() {
    let rule = "open-web-identity-trust";
    let certain = Confidence::Certain;
    let host = "token.actions.githubusercontent.com";
    let aud = format!(r#""StringEquals": {{ "{host}:aud": "sts.amazonaws.com" }}"#);
    let finding = one(
        rule,
        &trust(GITHUB, &aud),
        GITHUB,
        certain,
        &["every workflow on GitHub", ":sub`"],
    );
    assert_eq!(finding.severity, Severity::Warning);
    assert!(!finding.message.contains(":aud`"));
    one(rule, &trust(GITHUB, ""), GITHUB, certain, &[":sub`", ":aud`"]);
    for everybody in ["*", "**", "repo:*", "repo:*/*", "repo:*:ref:refs/heads/main"] {
        let text = trust(
            GITHUB,
            &format!(r#"{aud}, "StringLike": {{ "{host}:sub": "{everybody}" }}"#),
        );
        one(rule, &text, GITHUB, certain, &[":sub`"]);
    }
    one(
        rule,
        &trust(GITHUB, &format!(r#"{aud}, "Null": {{ "{host}:sub": "false" }}"#)),
        GITHUB,
        certain,
        &[],
    );
    one(
        rule,
        &trust(
            GITHUB,
            &format!(r#"{aud}, "StringNotLike": {{ "{host}:sub": "repo:a/*" }}"#),
        ),
        GITHUB,
        certain,
        &[],
    );
    let sub = format!(r#""StringLike": {{ "{host}:sub": "repo:octo-org/*" }}"#);
    one(
        rule,
        &trust(GITHUB, &sub),
        GITHUB,
        Confidence::Likely,
        &["for whom the token was made"],
    );

    silent(rule, &trust(GITHUB, &format!("{aud}, {sub}")));
    silent(
        rule,
        &trust(
            GITHUB,
            &format!(r#"{aud}, "StringEquals": {{ "{host}:SUB": "repo:octo-org/a" }}"#),
        ),
    );
    silent(
        rule,
        &trust(
            GITHUB,
            &format!(r#"{aud}, "StringEquals": {{ "{host}:repository_id": "1" }}"#),
        ),
    );
    silent(
        rule,
        &trust(GITHUB, r#""StringEquals": { "${OIDC}:sub": "repo:octo-org/a" }"#),
    );
    silent(
        rule,
        &trust(
            GITHUB,
            &format!(r#"{aud}, "StringLike": {{ "{host}:sub": "${{SUBJECT}}" }}"#),
        ),
    );
    silent(rule, &trust("arn:aws:iam::111122223333:oidc-provider/${OIDC}", ""));
    silent(rule, &trust("arn:aws:iam::111122223333:saml-provider/corp", ""));
    let deny = format!(
        r#""Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity",
           "Condition": {{ "StringNotLike": {{ "{host}:sub": "repo:octo-org/*" }} }}"#
    );
    let allow = format!(
        r#""Effect": "Allow", "Principal": {{ "Federated": "{GITHUB}" }}, "Action": "sts:AssumeRoleWithWebIdentity",
           "Condition": {{ {aud} }}"#
    );
    silent(rule, &policy(&[&allow, &deny]));
}

#[test]
fn trust_of_other_providers() {
    let rule = "open-web-identity-trust";
    let certain = Confidence::Certain;
    // a hole in the account only
    let eks = "arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC";
    let aud = r#""StringEquals": { "oidc.eks.eu-west-1.amazonaws.com/id/ABC:aud": "sts.amazonaws.com" }"#;
    let finding = one(
        rule,
        &trust(eks, aud),
        eks,
        certain,
        &["oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub"],
    );
    assert!(finding.help.unwrap().contains("system:serviceaccount:"));
    let own = "arn:aws:iam::111122223333:oidc-provider/login.example.com";
    one(
        rule,
        &trust(own, r#""StringEquals": { "login.example.com:aud": "app" }"#),
        own,
        Confidence::Possible,
        &[],
    );

    let cognito = "cognito-identity.amazonaws.com";
    one(
        rule,
        &trust(cognito, ""),
        cognito,
        certain,
        &["`cognito-identity.amazonaws.com:aud`"],
    );
    silent(
        rule,
        &trust(
            cognito,
            r#""StringEquals": { "cognito-identity.amazonaws.com:aud": "eu-west-1:pool" }"#,
        ),
    );
    one(
        rule,
        &trust("accounts.google.com", ""),
        "accounts.google.com",
        certain,
        &[":aud`"],
    );
    for claim in ["aud", "oaud", "sub"] {
        let condition = format!(r#""StringEquals": {{ "accounts.google.com:{claim}": "1234" }}"#);
        silent(rule, &trust("accounts.google.com", &condition));
    }
}

/// An account dump with one role that has this policy and an open trust policy.
fn role(action: &str) -> String {
    format!(
        r#"{{ "UserDetailList": [], "Policies": [], "RoleDetailList": [ {{
            "RoleName": "ci", "Arn": "arn:aws:iam::111122223333:role/ci", "AttachedManagedPolicies": [],
            "AssumeRolePolicyDocument": {},
            "RolePolicyList": [ {{ "PolicyName": "p", "PolicyDocument": {} }} ] }} ] }}"#,
        trust(GITHUB, ""),
        policy(&[&allow(&format!("\"{action}\""), "\"*\"", "")])
    )
}

#[test]
fn trust_matters_where_the_role_reaches_bedrock() {
    let rule = "open-web-identity-trust";
    for action in ["bedrock:InvokeModel", "bedrock:ListFoundationModels", "*"] {
        one(rule, &role(action), GITHUB, Confidence::Certain, &[]);
    }
    silent(rule, &role("s3:*"));
}
