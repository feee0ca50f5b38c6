//! The policies that the project was founded on, and every single edit that breaks them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod judged;

use bedrock_lint::finding::{Confidence, Finding, Severity};
use judged::findings_in;

fn findings(text: &str) -> Vec<Finding> {
    findings_in("policy.json", text)
}

/// Errors and warnings: rule, underlined text, message.
fn loud(text: &str) -> Vec<(String, String, String)> {
    let loud = findings(text).into_iter().filter(|finding| finding.severity > Severity::Note);
    loud.map(|finding| (finding.rule.to_owned(), finding.primary.at.text().to_owned(), finding.message)).collect()
}

fn policy(resources: &[&str]) -> String {
    let list: Vec<String> = resources.iter().map(|resource| format!("        \"{resource}\"")).collect();
    format!(
        r#"{{
  "Version": "2012-10-17",
  "Statement": [
    {{
      "Effect": "Allow",
      "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
      "Resource": [
{}
      ]
    }},
    {{
      "Effect": "Allow",
      "Action": ["aws-marketplace:ViewSubscriptions", "aws-marketplace:Subscribe"],
      "Resource": "*"
    }}
  ]
}}"#,
        list.join(",\n")
    )
}

const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";

fn model(region: &str) -> String {
    format!("arn:aws:bedrock:{region}::foundation-model/{HAIKU}")
}

fn profile(region: &str, prefix: &str) -> String {
    format!("arn:aws:bedrock:{region}:111122223333:inference-profile/{prefix}.{HAIKU}")
}

fn founding(name: &str) -> String {
    let path = format!("{}/fixtures/founding/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_on_demand_policy_gets_what_the_catalogue_says_of_its_model() {
    let mut found = findings(&founding("on-demand"));
    found.retain(|finding| finding.confidence > Confidence::Possible);
    let rules: Vec<(&str, Severity)> = found.iter().map(|finding| (finding.rule, finding.severity)).collect();
    assert_eq!(rules, [("retired-model", Severity::Warning)], "{found:#?}");
    assert_eq!(found[0].primary.at.text(), "anthropic.claude-3-haiku-20240307-v1:0");
    assert!(found[0].message.contains("2026-09-10"), "{}", found[0].message);
}

#[test]
fn the_profile_policy_wants_its_account() {
    let written = founding("profile");
    one(&written, "leftover-placeholder", "<ACCOUNT_ID>", &[]);
    assert_eq!(loud(&written.replace("<ACCOUNT_ID>", "111122223333")), []);
}

#[test]
fn the_profile_policy_is_clean() {
    assert_eq!(loud(&policy(&[&model("*"), &profile("*", "us")])), []);
}

#[track_caller]
fn one(text: &str, rule: &str, underlined: &str, says: &[&str]) {
    let loud = loud(text);
    assert_eq!(loud.len(), 1, "{loud:#?}");
    assert_eq!((loud[0].0.as_str(), loud[0].1.as_str()), (rule, underlined), "{loud:#?}");
    for part in says {
        assert!(loud[0].2.contains(part), "{part} in {}", loud[0].2);
    }
}

#[test]
fn each_single_edit_gives_one_error() {
    let us = profile("*", "us");
    one(&policy(&[&model("*")]), "missing-profile-grant", &model("*"), &[]);
    one(&policy(&[&us]), "missing-model-grant", &us, &[]);
    let pinned = model("us-east-1");
    one(&policy(&[&pinned, &us]), "uncovered-destination-region", &pinned, &["`us-east-2`", "`us-west-2`"]);
    one(&policy(&[&pinned, &profile("*", "global")]), "missing-global-model-grant", &pinned, &[]);
    let whole = policy(&[&model("*"), &us]);
    let converse = whole.replace("\"bedrock:InvokeModel\",", "\"bedrock:Converse\",");
    one(&converse, "unknown-action", "bedrock:Converse", &[]);
    let help = findings(&converse).into_iter().find(|finding| finding.rule == "unknown-action").unwrap().help;
    assert_eq!(help.as_deref(), Some("write `bedrock:InvokeModel`"));
    let beside = whole.replace("\"bedrock:InvokeModel\",", "\"bedrock:InvokeModel\", \"bedrock:Converse\",");
    assert_eq!(loud(&beside), [], "a note, for it does no harm");
    let owned = format!("arn:aws:bedrock:*:111122223333:foundation-model/{HAIKU}");
    one(&policy(&[&owned, &us]), "malformed-bedrock-arn", &owned, &["`111122223333`"]);
    let ownerless = us.replace("111122223333", "");
    one(&policy(&[&model("*"), &ownerless]), "malformed-bedrock-arn", &ownerless, &[]);
    let scoped = "arn:aws:aws-marketplace::111122223333:*";
    let marketplace = policy(&[&model("*"), &us]).replace("\"*\"", &format!("\"{scoped}\""));
    one(&marketplace, "scoped-marketplace-action", scoped, &[]);
}

#[test]
fn what_looks_odd_and_is_right() {
    let three = [model("us-east-1"), model("us-east-2"), model("us-west-2")];
    for source in ["us-east-1", "*"] {
        assert_eq!(loud(&policy(&[&three[0], &three[1], &three[2], &profile(source, "us")])), []);
    }
    assert_eq!(loud(&policy(&[&format!("arn:aws:bedrock:*:*:foundation-model/{HAIKU}"), &profile("*", "us")])), []);
    assert_eq!(loud(&policy(&["arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"])), []);
    assert_eq!(loud(&policy(&["*"])), []);
    assert_eq!(loud(&policy(&["arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0"])), []);
    assert_eq!(loud(&policy(&["arn:aws:bedrock:eu-west-2::foundation-model/anthropic.claude-sonnet-4-6"])), []);
    let sonnet = "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6";
    one(&policy(&[sonnet]), "missing-profile-grant", sonnet, &["eu-west-2"]);
}
