//! One cause, one finding; edits that mend; profiles granted where they cannot be called.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod judged;

use bedrock_lint::finding::{Confidence, Severity};
use judged::{allow, findings_in, of, one, policy};

const S: &str = "anthropic.claude-sonnet-4-6";
const H: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";

fn fm(region: &str, model: &str) -> String {
    format!("arn:aws:bedrock:{region}::foundation-model/{model}")
}

fn ip(region: &str, profile: &str) -> String {
    format!("arn:aws:bedrock:{region}:111122223333:inference-profile/{profile}")
}

fn invoke(resources: &[String], more: &str) -> String {
    let actions = r#"["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]"#;
    allow(actions, &format!("[\"{}\"]", resources.join("\", \"")), more)
}

/// Errors and warnings that are shown by default: rule and underlined text.
fn loud(text: &str) -> Vec<(String, String)> {
    let findings = findings_in("policy.json", text).into_iter();
    let loud = findings.filter(|one| one.severity > Severity::Note && one.confidence > Confidence::Possible);
    loud.map(|one| (one.rule.to_owned(), one.primary.at.text().to_owned())).collect()
}

#[test]
fn one_condition_or_deny_is_one_finding_however_many_profiles_it_stops() {
    let resources = [fm("*", S), fm("*", H), ip("*", &format!("us.{S}")), ip("*", &format!("us.{H}"))];
    let region = r#", "Condition": { "StringEquals": { "aws:RequestedRegion": "us-east-1" } }"#;
    let limited = policy(&[&invoke(&resources, region)]);
    let found =
        one("region-condition-blocks-profile", &limited, "\"us-east-1\"", Confidence::Likely, &[" and ", "run in"]);
    assert_eq!(found.related.len(), 2, "{found:#?}");
    let deny = r#""Effect": "Deny", "Action": "bedrock:*", "Resource": "arn:aws:bedrock:*::foundation-model/*""#;
    let denied = policy(&[&invoke(&resources, ""), deny]);
    assert_eq!(loud(&denied).len(), 1, "{:#?}", loud(&denied));
    let profile = r#", "Condition": { "StringLike": { "bedrock:InferenceProfileArn": "*" } }"#;
    assert_eq!(loud(&policy(&[&invoke(&resources, profile)])).len(), 1);
    let pinned = [fm("us-east-1", "*"), ip("us-east-1", &format!("us.{S}")), ip("us-east-1", &format!("us.{H}"))];
    let pinned = policy(&[&invoke(&pinned, "")]);
    let found =
        one("uncovered-destination-region", &pinned, &fm("us-east-1", "*"), Confidence::Likely, &["route from"]);
    assert!(found.help.unwrap().contains("`arn:aws:bedrock:*::foundation-model/*`"));
}

#[test]
fn the_edit_for_a_pattern_is_a_pattern() {
    let pattern = policy(&[&invoke(&[fm("us-east-1", "anthropic.*"), ip("us-east-1", "us.anthropic.*")], "")]);
    let found = of("uncovered-destination-region", &pattern);
    assert!(found[0].help.as_ref().unwrap().contains("foundation-model/anthropic.*`"), "{found:#?}");
    let global = policy(&[&invoke(&[fm("us-east-1", "*"), ip("us-east-1", "global.*")], "")]);
    let found = of("missing-global-model-grant", &global);
    assert!(found[0].help.as_ref().unwrap().contains("`arn:aws:bedrock:::foundation-model/*`"), "{found:#?}");
}

#[test]
fn a_grant_under_a_condition_that_never_fits_is_told_as_such() {
    let profile = ip("*", &format!("us.{S}"));
    let condition = format!(r#", "Condition": {{ "StringEquals": {{ "bedrock:InferenceProfileArn": "{profile}" }} }}"#);
    let text = policy(&[&invoke(std::slice::from_ref(&profile), ""), &invoke(&[fm("*", S)], &condition)]);
    let found =
        one("missing-model-grant", &text, &format!("\"{profile}\""), Confidence::Likely, &["only under a condition"]);
    assert!(found.help.unwrap().contains("`ArnLike`"));
}

#[test]
fn an_action_that_the_model_lacks_is_named() {
    let text = policy(&[
        &invoke(&[ip("*", &format!("us.{S}"))], ""),
        &allow("\"bedrock:InvokeModel\"", &format!("\"{}\"", fm("*", S)), ""),
    ]);
    let found = of("missing-model-grant", &text);
    assert_eq!(found.len(), 1);
    let help = found[0].help.as_ref().unwrap();
    assert_eq!(help, "add `bedrock:InvokeModelWithResponseStream` to the statement that grants the model");
}

#[test]
fn a_profile_is_granted_where_it_can_be_called() {
    let foreign = ip("eu-west-1", &format!("us.{S}"));
    let text = policy(&[&invoke(&[fm("eu-west-1", S), foreign.clone()], "")]);
    let found = one("missing-profile-grant", &text, &foreign, Confidence::Likely, &["cannot be called from"]);
    assert!(found.help.unwrap().contains("`eu."));
    assert_eq!(loud(&text).len(), 1);
    // one of the Regions is right
    let both = policy(&[&invoke(&[fm("*", S), foreign, ip("us-east-1", &format!("us.{S}"))], "")]);
    assert_eq!(loud(&both), []);
}

#[test]
fn a_pattern_of_profiles_does_not_excuse_a_pinned_model() {
    for pattern in ["*".to_owned(), format!("*.{S}")] {
        let text = policy(&[&invoke(&[fm("us-east-1", S), ip("us-east-1", &pattern)], "")]);
        assert_eq!(loud(&text), [("uncovered-destination-region".to_owned(), fm("us-east-1", S))], "{pattern}");
    }
    // in whatever account
    let text =
        policy(&[&invoke(&[fm("us-east-1", S), ip("us-east-1", "*")], "")]).replace("111122223333", "444455556666");
    assert_eq!(loud(&text), [("uncovered-destination-region".to_owned(), fm("us-east-1", S))]);
    for region in ["*", "us-*"] {
        assert_eq!(loud(&policy(&[&invoke(&[fm(region, S), ip("us-east-1", "*")], "")])), []);
    }
    // no profile is wanted where the model is on-demand
    assert_eq!(loud(&policy(&[&invoke(&[fm("eu-west-2", S), ip("eu-west-2", "*")], "")])), []);
}

#[test]
fn a_condition_that_refuses_the_profile_itself_is_not_mended_by_an_exemption() {
    let (model, profile) = (fm("*", H), ip("us-east-1", &format!("us.{H}")));
    let granted = invoke(&[model.clone(), profile.clone()], "");
    let west = r#""aws:RequestedRegion": "us-west-2""#;
    let deny = format!(
        r#""Effect": "Deny", "Action": "bedrock:*", "Resource": "*", "Condition": {{ "StringNotEquals": {{ {west} }} }}"#
    );
    let found = of("region-condition-blocks-profile", &policy(&[&granted, &deny]));
    assert_eq!(found[0].help.as_deref(), Some("add `us-east-1` and `us-east-2` to the condition"));
    let limited = invoke(&[model, profile], &format!(r#", "Condition": {{ "StringEquals": {{ {west} }} }}"#));
    let found = of("region-condition-blocks-profile", &policy(&[&limited]));
    assert!(found[0].help.as_ref().unwrap().contains("grant the profile and the model"), "{found:#?}");
}

#[test]
fn a_deny_that_spares_the_profile_and_a_pinned_model_is_found_out() {
    let profile = ip("us-east-1", &format!("us.{H}"));
    let granted = invoke(&[fm("*", H), profile.clone()], "");
    let deny = |region: &str| {
        let spared = serde_json::to_string(&[fm(region, H), profile.clone()]).unwrap();
        format!(r#""Effect": "Deny", "Action": "bedrock:InvokeModel*", "NotResource": {spared}"#)
    };
    let pinned = policy(&[&granted, &deny("us-east-1")]);
    assert_eq!(loud(&pinned).len(), 1, "{:#?}", loud(&pinned));
    let found = of("deny-blocks-profile", &pinned);
    assert!(found[0].help.as_ref().unwrap().contains("as `*`"), "{found:#?}");
    assert_eq!(loud(&policy(&[&granted, &deny("*")])), []);
}
