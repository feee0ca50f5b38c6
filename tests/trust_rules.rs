//! The rule about trust policies, case by case: what it says, and where it is silent.
#![expect(clippy::unwrap_used, reason = "tests")]

mod judged;

use bedrock_lint::finding::{Confidence, Severity};
use judged::{allow, one, policy, silent};

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
    let finding = one(rule, &trust(GITHUB, &aud), GITHUB, certain, &["every workflow on GitHub", ":sub`"]);
    assert_eq!(finding.severity, Severity::Warning);
    assert!(!finding.message.contains(":aud`"));
    one(rule, &trust(GITHUB, ""), GITHUB, certain, &[":sub`", ":aud`"]);
    for everybody in ["*", "**", "repo:*", "repo:*/*", "repo:*:ref:refs/heads/main"] {
        let text = trust(GITHUB, &format!(r#"{aud}, "StringLike": {{ "{host}:sub": "{everybody}" }}"#));
        let says = format!("`{everybody}` in the condition on `{host}:sub` lets in all of them");
        let finding = one(rule, &text, everybody, certain, &[&says]);
        assert!(!finding.message.contains("no condition"), "{}", finding.message);
        assert!(finding.help.unwrap().starts_with("narrow it to"));
        assert_eq!(finding.related.first().unwrap().at.text(), GITHUB);
    }
    let text = trust(GITHUB, &format!(r#""StringLike": {{ "{host}:sub": "repo:*" }}"#));
    one(rule, &text, "repo:*", certain, &["lets in all of them", ":aud`"]);
    one(rule, &trust(GITHUB, &format!(r#"{aud}, "Null": {{ "{host}:sub": "false" }}"#)), GITHUB, certain, &[]);
    one(
        rule,
        &trust(GITHUB, &format!(r#"{aud}, "StringNotLike": {{ "{host}:sub": "repo:a/*" }}"#)),
        GITHUB,
        certain,
        &[],
    );
    let sub = format!(r#""StringLike": {{ "{host}:sub": "repo:octo-org/*" }}"#);
    one(rule, &trust(GITHUB, &sub), GITHUB, Confidence::Likely, &["for whom the token was made"]);
}

#[test]
fn trust_that_looks_at_the_token() {
    let rule = "open-web-identity-trust";
    let host = "token.actions.githubusercontent.com";
    let aud = format!(r#""StringEquals": {{ "{host}:aud": "sts.amazonaws.com" }}"#);
    let sub = format!(r#""StringLike": {{ "{host}:sub": "repo:octo-org/*" }}"#);
    silent(rule, &trust(GITHUB, &format!("{aud}, {sub}")));
    silent(rule, &trust(GITHUB, &format!(r#"{aud}, "StringEquals": {{ "{host}:SUB": "repo:octo-org/a" }}"#)));
    silent(rule, &trust(GITHUB, &format!(r#"{aud}, "StringEquals": {{ "{host}:repository_id": "1" }}"#)));
    silent(rule, &trust(GITHUB, r#""StringEquals": { "${OIDC}:sub": "repo:octo-org/a" }"#));
    silent(rule, &trust(GITHUB, &format!(r#"{aud}, "StringLike": {{ "{host}:sub": "${{SUBJECT}}" }}"#)));
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
    let finding = one(rule, &trust(eks, aud), eks, certain, &["oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub"]);
    assert!(finding.help.unwrap().contains("system:serviceaccount:"));
    let own = "arn:aws:iam::111122223333:oidc-provider/login.example.com";
    one(rule, &trust(own, r#""StringEquals": { "login.example.com:aud": "app" }"#), own, Confidence::Possible, &[]);

    let cognito = "cognito-identity.amazonaws.com";
    one(rule, &trust(cognito, ""), cognito, certain, &["`cognito-identity.amazonaws.com:aud`"]);
    silent(rule, &trust(cognito, r#""StringEquals": { "cognito-identity.amazonaws.com:aud": "eu-west-1:pool" }"#));
    one(rule, &trust("accounts.google.com", ""), "accounts.google.com", certain, &[":aud`"]);
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
        one(rule, &role(action), GITHUB, Confidence::Certain, &["at your cost"]);
    }
    silent(rule, &role("s3:*"));
}
