//! The rules over the limits of the settings: what a call or a grant must name to cross one.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::finding::{Applicability, Finding};
use bedrock_lint::formats::{FormatOptions, PolicyKind};
use bedrock_lint::rules::Facts;
use bedrock_lint::settings::{Base, Settings};
use bedrock_lint::source::Source;

/// What the three rules find in a file under limits, written as the settings write them.
fn found_as(kind: Option<PolicyKind>, limits: &str, text: &str) -> Vec<Finding> {
    let source = Arc::new(Source::new("bedrock-lint.yml", format!("limits: {limits}")));
    let settings = Settings::parse(&source, Base::default()).unwrap();
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
        settings: Some(&settings),
        answers: None,
    };
    let options = FormatOptions { kind, ..FormatOptions::default() };
    let verdict = bedrock_lint::lint(&[Arc::new(Source::new("a.json", text))], &options, &facts);
    assert!(verdict.problems.is_empty(), "{text}: {:?}", verdict.problems);
    verdict.findings.into_iter().filter(|finding| finding.rule.starts_with("forbidden-")).collect()
}

fn adapter(limits: &str, settings: &str) -> Vec<Finding> {
    let text = format!(r#"{{"adapter_name": "a", "auth_type": "iam_role", "enable_thinking": false, {settings}}}"#);
    found_as(None, limits, &text)
}

fn statement(effect: &str, action: &str, resource: &str) -> String {
    format!(r#"{{"Effect": "{effect}", "Action": "{action}", "Resource": "{resource}"}}"#)
}

fn policy(limits: &str, statements: &[String]) -> Vec<Finding> {
    policy_as(None, limits, statements)
}

fn policy_as(kind: Option<PolicyKind>, limits: &str, statements: &[String]) -> Vec<Finding> {
    let statements = statements.join(", ");
    found_as(kind, limits, &format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#))
}

/// What is found in an Allow of InvokeModel on one resource.
fn grant(limits: &str, resource: &str) -> Vec<Finding> {
    policy(limits, &[statement("Allow", "bedrock:InvokeModel", resource)])
}

/// `confidence rule: underlined text`; all of them are errors, and name their limit.
fn shown(findings: &[Finding]) -> Vec<String> {
    let show = |one: &Finding| {
        assert_eq!(one.severity.as_str(), "error");
        let limit = one.related.last().unwrap();
        assert_eq!((limit.at.source.path(), &*limit.message), ("bedrock-lint.yml", "the limit"));
        format!("{} {}: {}", format!("{:?}", one.confidence).to_lowercase(), one.rule, one.primary.at.text())
    };
    findings.iter().map(show).collect()
}

#[track_caller]
fn is(findings: Vec<Finding>, expected: &[&str]) {
    assert_eq!(shown(&findings), expected, "{findings:#?}");
}

const EU: &str = "{geographies: [eu]}";
const PROFILE: &str = "arn:aws:bedrock:*:111122223333:inference-profile";
const APPLICATION_PROFILE: &str = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3d4e5f6";

#[test]
fn a_call_of_another_geography_crosses_the_limit() {
    for (model, expected) in [
        ("eu.anthropic.claude-sonnet-4-6", None),
        ("anthropic.claude-sonnet-4-6", None),
        ("us.anthropic.claude-sonnet-4-6", Some("certain")),
        ("bedrock/us.anthropic.claude-sonnet-4-6", Some("certain")),
        ("global.anthropic.claude-sonnet-4-6", Some("certain")),
        ("us.anthropic.claude-next-9", Some("likely")),
        ("us.anthropic.${MODEL}", Some("likely")),
        ("${PREFIX}.anthropic.claude-sonnet-4-6", None),
        ("xx.anthropic.claude-sonnet-4-6", None),
    ] {
        let found = adapter(EU, &format!(r#""region_name": "eu-west-1", "model": "{model}""#));
        let underlined = model.trim_start_matches("bedrock/");
        let expected = expected.map(|sure| format!("{sure} forbidden-geography: {underlined}"));
        assert_eq!(shown(&found), expected.into_iter().collect::<Vec<_>>(), "{model}");
    }
    let arn = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6";
    let settings = format!(r#""region_name": "us-east-1", "model": "{arn}""#);
    is(adapter(EU, &settings), &[&format!("certain forbidden-geography: {arn}")]);
    is(adapter("{geographies: [us, eu]}", &settings), &[]);
    let everywhere = r#""region_name": "us-east-1", "model": "global.anthropic.claude-sonnet-4-6""#;
    is(adapter("{geographies: [us, eu, global]}", everywhere), &[]);
    is(adapter("{}", everywhere), &[]);
}

#[test]
fn what_stands_behind_an_application_profile_is_likely_what_it_copies() {
    let behind =
        |model: &str| format!(r#""region_name": "us-east-1", "model": "{model}", "model_id": "{APPLICATION_PROFILE}""#);
    is(
        adapter(EU, &behind("us.anthropic.claude-sonnet-4-6")),
        &["likely forbidden-geography: us.anthropic.claude-sonnet-4-6"],
    );
    is(
        adapter("{models: ['amazon.*']}", &behind("us.anthropic.claude-sonnet-4-6")),
        &["certain forbidden-model: us.anthropic.claude-sonnet-4-6"],
    );
    let alone = format!(r#""region_name": "us-east-1", "model": "bedrock/converse/{APPLICATION_PROFILE}""#);
    is(adapter("{geographies: [eu], models: ['amazon.*']}", &alone), &[]);
}

#[test]
fn the_profile_to_call_instead_is_named_where_there_is_one() {
    let found = adapter(EU, r#""region_name": "eu-west-1", "model": "global.anthropic.claude-sonnet-4-6""#);
    let fix = found.first().and_then(|finding| finding.fix.as_ref()).unwrap();
    assert_eq!(fix.applicability, Applicability::Unsafe);
    assert_eq!(fix.edits.first().map(|edit| &*edit.text), Some("eu.anthropic.claude-sonnet-4-6"));
    let found = adapter(EU, r#""region_name": "us-east-1", "model": "us.anthropic.claude-sonnet-4-6""#);
    assert!(found.iter().all(|finding| finding.fix.is_none()));
}

#[test]
fn a_call_of_another_model_crosses_the_limit() {
    let limits = "{models: ['anthropic.claude-*', amazon.nova-lite-v1:0]}";
    for (model, expected) in [
        ("eu.anthropic.claude-sonnet-4-6", None),
        ("eu.amazon.nova-lite-v1:0", None),
        ("amazon.nova-micro-v1:0", Some("certain")),
        ("eu.amazon.nova-micro-v1:0", Some("certain")),
        ("eu.anthropic.claude-next-9", None),
        ("amazon.nova-next-v9:0", Some("likely")),
        ("eu.amazon.nova-next-v9:0", Some("likely")),
        // nothing of Amazon Bedrock
        ("gpt-4o", None),
        ("${MODEL}", None),
    ] {
        let found = adapter(limits, &format!(r#""region_name": "eu-west-1", "model": "{model}""#));
        let expected = expected.map(|sure| format!("{sure} forbidden-model: {model}"));
        assert_eq!(shown(&found), expected.into_iter().collect::<Vec<_>>(), "{model}");
    }
}

#[test]
fn a_call_of_another_region_crosses_the_limit() {
    let limits = "{regions: ['eu-*']}";
    for (settings, expected) in [
        (r#""region_name": "eu-west-1", "model": "amazon.nova-lite-v1:0""#, None),
        (r#""region_name": "us-east-1", "model": "amazon.nova-lite-v1:0""#, Some("us-east-1")),
        // the zone is told of as that, and its Region is called
        (r#""region_name": "us-east-1a", "model": "amazon.nova-lite-v1:0""#, Some("us-east-1a")),
        // LiteLLM calls the Region of the settings, and the one in the name where they have none
        (r#""region_name": "eu-west-1", "model": "bedrock/us-east-1/amazon.nova-lite-v1:0""#, None),
        (r#""region_name": "us-east-1", "model": "bedrock/eu-west-1/amazon.nova-lite-v1:0""#, Some("us-east-1")),
        (r#""model": "bedrock/us-east-1/amazon.nova-lite-v1:0""#, Some("us-east-1")),
        (r#""region_name": "${REGION}", "model": "amazon.nova-lite-v1:0""#, None),
        (r#""region_name": "", "model": "amazon.nova-lite-v1:0""#, None),
        (
            r#""region_name": "", "model": "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0""#,
            Some("us-east-1"),
        ),
        (
            r#""region_name": "eu-west-1", "model": "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0""#,
            None,
        ),
    ] {
        let expected = expected.map(|underlined| format!("certain forbidden-region: {underlined}"));
        assert_eq!(shown(&adapter(limits, settings)), expected.into_iter().collect::<Vec<_>>(), "{settings}");
    }
}

#[test]
fn grants_of_geographies() {
    for (id, expected) in [
        ("eu.anthropic.claude-sonnet-4-6", None),
        ("us.anthropic.claude-sonnet-4-6", Some("us.anthropic.claude-sonnet-4-6")),
        ("global.*", Some("global.*")),
        ("us.anthropic.${aws:PrincipalTag/model}", Some("us.anthropic.${aws:PrincipalTag/model}")),
        ("us.anthropic.claude-next-9", Some("us.anthropic.claude-next-9")),
        ("*", None),
        ("*.anthropic.*", None),
        ("u*.anthropic.*", None),
        ("${aws:PrincipalTag/geo}.anthropic.*", None),
    ] {
        let expected = expected.map(|underlined| format!("certain forbidden-geography: {underlined}"));
        assert_eq!(shown(&grant(EU, &format!("{PROFILE}/{id}"))), expected.into_iter().collect::<Vec<_>>(), "{id}");
    }
    for resource in ["*", "arn:aws:bedrock:*", "arn:aws:bedrock:*::foundation-model/*", APPLICATION_PROFILE] {
        is(grant(EU, resource), &[]);
    }
}

#[test]
fn grants_of_models() {
    let limits = "{models: ['anthropic.claude-*-4-?', 'amazon.nova-lite-*']}";
    for (id, crosses) in [
        ("anthropic.claude-sonnet-4-6", false),
        ("anthropic.claude-opus-5", true),
        ("anthropic.claude-*", false),
        ("anthropic.claude-*-5", false),
        ("anthropic.claude-*-5-5", true),
        ("meta.*", true),
        ("amazon.nova-micro-v1:0", true),
        ("amazon.*", false),
        ("*", false),
        ("?*", false),
        ("meta.${aws:PrincipalTag/model}", false),
    ] {
        let expected = |underlined: &str| vec![format!("certain forbidden-model: {underlined}")];
        let model = shown(&grant(limits, &format!("arn:aws:bedrock:*::foundation-model/{id}")));
        assert_eq!(model, if crosses { expected(id) } else { vec![] }, "{id}");
        let id = format!("us.{id}");
        let profile = shown(&grant(limits, &format!("{PROFILE}/{id}")));
        assert_eq!(profile, if crosses { expected(&id) } else { vec![] }, "{id}");
    }
    is(grant(limits, &format!("{PROFILE}/*.meta.*")), &["certain forbidden-model: *.meta.*"]);
    is(grant(limits, &format!("{PROFILE}/*")), &[]);
    is(grant(limits, "*"), &[]);
}

#[test]
fn grants_of_regions() {
    let profile = |region: &str, id: &str| format!("arn:aws:bedrock:{region}:111122223333:inference-profile/{id}");
    let model = |region: &str, id: &str| format!("arn:aws:bedrock:{region}::foundation-model/{id}");
    let haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
    let limits = "{regions: [us-west-1, eu-west-1]}";
    for (resource, expected) in [
        (profile("us-west-1", "us.amazon.nova-lite-v1:0"), None),
        (profile("us-east-1", "us.amazon.nova-lite-v1:0"), Some("us-east-1")),
        (profile("us-*", "us.amazon.nova-lite-v1:0"), None),
        (profile("ap-*", "global.*"), Some("ap-*")),
        (profile("*", "us.amazon.nova-lite-v1:0"), None),
        (profile("${aws:RequestedRegion}", "us.amazon.nova-lite-v1:0"), None),
        (APPLICATION_PROFILE.to_owned(), Some("us-east-1")),
        // from us-west-1, the profile routes there
        (model("us-east-1", haiku), None),
        (model("us-east-1", "*"), None),
        (model("us-*", haiku), None),
        (model("eu-central-1", haiku), None),
        (model("ap-southeast-2", haiku), Some("ap-southeast-2")),
        (model("ap-southeast-2", "*"), Some("ap-southeast-2")),
        (model("ap-*", "*"), Some("ap-*")),
        (model("", haiku), None),
        (model("*", haiku), None),
        ("arn:aws:bedrock:us-east-1:111122223333:guardrail/ab12".to_owned(), None),
        ("*".to_owned(), None),
    ] {
        let expected = expected.map(|underlined| format!("certain forbidden-region: {underlined}"));
        assert_eq!(shown(&grant(limits, &resource)), expected.into_iter().collect::<Vec<_>>(), "{resource}");
    }
    // no profile that routes there is allowed
    let closer = "{regions: [us-west-1, eu-west-1], geographies: [eu]}";
    is(grant(closer, &model("us-east-1", haiku)), &["certain forbidden-region: us-east-1"]);
    is(grant(closer, &model("eu-central-1", haiku)), &[]);
}

#[test]
fn what_grants_no_call_crosses_nothing() {
    let us = format!("{PROFILE}/us.anthropic.*");
    is(policy(EU, &[statement("Deny", "bedrock:InvokeModel", &us)]), &[]);
    is(policy(EU, &[statement("Allow", "bedrock:GetInferenceProfile", &us)]), &[]);
    is(policy(EU, &[statement("Allow", "bedrock:Get*", &us)]), &[]);
    for action in ["bedrock:*", "bedrock:InvokeModel*", "bedrock:InvokeModelWithResponseStream", "*"] {
        is(policy(EU, &[statement("Allow", action, &us)]), &["certain forbidden-geography: us.anthropic.*"]);
    }
    // the wrong name of the action is told of as that, and means the right one
    is(policy(EU, &[statement("Allow", "bedrock:Converse", &us)]), &["certain forbidden-geography: us.anthropic.*"]);
    let not = format!(r#"{{"Effect": "Allow", "Action": "bedrock:InvokeModel", "NotResource": "{us}"}}"#);
    is(policy(EU, &[not]), &[]);
    let kinds = [PolicyKind::Identity, PolicyKind::Session, PolicyKind::Boundary, PolicyKind::Scp];
    for kind in kinds {
        let allow = [statement("Allow", "bedrock:InvokeModel", &us)];
        is(policy_as(Some(kind), EU, &allow), &["certain forbidden-geography: us.anthropic.*"]);
    }
}

#[test]
fn a_deny_takes_back_what_lies_within_it() {
    let allow = statement("Allow", "bedrock:InvokeModel*", &format!("{PROFILE}/us.anthropic.*"));
    let deny = |resource: &str| statement("Deny", "bedrock:InvokeModel*", resource);
    let crossed = ["certain forbidden-geography: us.anthropic.*"];
    let both = |deny: String| policy(EU, &[allow.clone(), deny]);
    is(both(deny("arn:aws:bedrock:*:*:inference-profile/us.*")), &[]);
    is(both(deny("*")), &[]);
    is(both(deny("arn:aws:bedrock:*:*:inference-profile/us.anthropic.claude-*")), &crossed);
    is(both(deny("arn:aws:bedrock:us-east-1:*:inference-profile/us.*")), &crossed);
    is(both(statement("Deny", "bedrock:InvokeModel", "*")), &crossed);
    let conditional = r#"{"Effect": "Deny", "Action": "bedrock:*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}"#;
    is(both(conditional.to_owned()), &crossed);
}

#[test]
fn the_same_is_told_once() {
    let us = format!("{PROFILE}/us.*");
    let found = policy(EU, &[statement("Allow", "bedrock:InvokeModel", &us), statement("Allow", "bedrock:*", &us)]);
    assert_eq!(found.len(), 1);
    let places: Vec<&str> = found.iter().flat_map(|one| &one.related).map(|label| &*label.message).collect();
    assert_eq!(places, ["the limit", "and here", "the limit"]);
}
