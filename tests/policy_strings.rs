//! Rules about single strings of a policy: ARNs, ids, Regions, condition keys, placeholders, keys given twice.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::finding::Confidence::{Certain, Likely, Possible};
use bedrock_lint::finding::Severity::{Error, Note, Warning};
use bedrock_lint::finding::{Applicability, Confidence, Finding, Severity};
use bedrock_lint::formats::FormatOptions;
use bedrock_lint::rules::Facts;
use bedrock_lint::source::Source;

fn findings_at(path: &str, text: &str) -> Vec<Finding> {
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
    };
    let verdict = bedrock_lint::lint(&[Arc::new(Source::new(path, text))], &FormatOptions::default(), &facts);
    assert_eq!(verdict.problems, []);
    verdict.findings
}

fn statement(effect: &str, rest: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "{effect}", {rest}}}]}}"#)
}

/// An Allow of both invocation actions.
fn allow(resources: &[&str]) -> String {
    invoke("Allow", "Resource", resources, "")
}

fn invoke(effect: &str, element: &str, resources: &[&str], condition: &str) -> String {
    let resources = resources.join("\", \"");
    statement(
        effect,
        &format!(r#""Action": "bedrock:InvokeModel*", "{element}": ["{resources}"]{condition}"#),
    )
}

fn condition(effect: &str, operator: &str, key: &str, value: &str) -> String {
    invoke(
        effect,
        "Resource",
        &["*"],
        &format!(r#", "Condition": {{"{operator}": {{"{key}": "{value}"}}}}"#),
    )
}

/// Asserts the only finding of a rule, and that no other rule is loud.
#[track_caller]
fn one(text: &str, rule: &str, level: (Severity, Confidence), underlined: &str, says: &[&str]) -> Finding {
    one_at("policy.json", text, rule, level, underlined, says)
}

#[track_caller]
fn one_at(
    path: &str,
    text: &str,
    rule: &str,
    level: (Severity, Confidence),
    underlined: &str,
    says: &[&str],
) -> Finding {
    let found = findings_at(path, text);
    let others = found
        .iter()
        .filter(|finding| finding.rule != rule && finding.severity > Note && finding.confidence > Possible);
    assert_eq!(others.count(), 0, "{found:#?}");
    let mut own: Vec<Finding> = found.into_iter().filter(|finding| finding.rule == rule).collect();
    assert_eq!(own.len(), 1, "{own:#?}");
    let finding = own.remove(0);
    assert_eq!((finding.severity, finding.confidence), level, "{finding:#?}");
    assert_eq!(finding.primary.at.text(), underlined, "{finding:#?}");
    let words = format!("{} | {}", finding.message, finding.help.as_deref().unwrap_or_default());
    for part in says {
        assert!(words.contains(part), "{part} in {words}");
    }
    assert!(!finding.message.ends_with('.') && !finding.anchor.is_empty());
    finding
}

#[track_caller]
fn silent(text: &str, rule: &str) {
    let own: Vec<Finding> = findings_at("policy.json", text)
        .into_iter()
        .filter(|finding| finding.rule == rule)
        .collect();
    assert_eq!(own, [], "{text}");
}

const NOVA: &str = "amazon.nova-lite-v1:0";
const SONNET: &str = "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6";

#[test]
fn malformed_arns() {
    let rule = "malformed-bedrock-arn";
    for (arn, says) in [
        (
            "arn:aws:bedrock:us-east-1:111122223333:foundation-model/amazon.nova-lite-v1:0",
            "belong to no account",
        ),
        (
            "arn:aws:bedrock:us-east-1:*:foundation-models/amazon.nova-lite-v1:0",
            "no resource type `foundation-models`",
        ),
        (
            "arn:aws:bedrock:us-east-1:foundation-model/amazon.nova-lite-v1:0",
            "write `arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0`",
        ),
        (
            "arn:aws:bedrock:us-east-1::foundation-model:amazon.nova-lite-v1:0",
            "a `/` stands between",
        ),
        (
            "arn:aws:bedrock:us-east-1::foundation-model%2Famazon.nova-lite-v1:0",
            "write `arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0`",
        ),
        (
            "arn:aws:bedrock-runtime:us-east-1::foundation-model/amazon.nova-lite-v1:0",
            "the service in the ARN is `bedrock`",
        ),
        (
            "arn:aws:bedrock:us-gov-west-1::foundation-model/amazon.titan-embed-text-v2:0",
            "`aws-us-gov`",
        ),
        (
            "arn:aws:bedrock:us-east-1:1234:application-inference-profile/abc",
            "`1234` is no account id",
        ),
        (
            "arn:aws:bedrock:::application-inference-profile/abc",
            "write `arn:aws:bedrock:*:*:application-inference-profile/abc`",
        ),
        (
            "arn:aws:bedrock:us-east-1:111122223333:custom-inference-profile/abc",
            "`application-inference-profile` or `inference-profile`",
        ),
        (
            "arn:aws:bedrock:us-east-1::foundation-model/us.amazon.nova-lite-v1:0",
            "`arn:aws:bedrock:*:*:inference-profile/us.amazon.nova-lite-v1:0`",
        ),
        (
            "arn:aws:bedrock:us-east-1:111122223333:inference-profile/amazon.nova-lite-v1:0",
            "is the id of a foundation model",
        ),
    ] {
        // the application profile's model is granted beside it
        one(
            &allow(&[
                arn,
                SONNET,
                "arn:aws:bedrock:*:*:inference-profile/us.anthropic.claude-sonnet-4-6",
            ]),
            rule,
            (Error, Certain),
            arn,
            &["matches nothing, so it grants nothing", says],
        );
    }
    let unknown = "arn:aws:bedrock:us-east-1:111122223333:quantum-model/x";
    one(
        &allow(&[unknown]),
        rule,
        (Error, Possible),
        unknown,
        &["unless the type is newer"],
    );
    let open = "arn:aws:bedrock:us-east-1:${ACCOUNT}:foundation-model/amazon.nova-lite-v1:0";
    one(&allow(&[open]), rule, (Error, Likely), open, &["`${ACCOUNT}`"]);
}

#[test]
fn malformed_arns_in_a_deny() {
    let rule = "malformed-bedrock-arn";
    let arn = "arn:aws:bedrock:us-east-1:111122223333:foundation-model/amazon.nova-lite-v1:0";
    let deny = one(
        &invoke("Deny", "Resource", &[arn], ""),
        rule,
        (Error, Certain),
        arn,
        &["denies nothing"],
    );
    assert_eq!(deny.fix.unwrap().applicability, Applicability::Safe);
    let spare = one(
        &invoke("Deny", "NotResource", &[arn], ""),
        rule,
        (Error, Certain),
        arn,
        &["spares nothing"],
    );
    // what is spared at last is what can be called at last
    assert_eq!(spare.fix.unwrap().applicability, Applicability::Unsafe);
}

#[test]
fn the_account_of_a_sibling_is_offered() {
    let arn = "arn:aws:bedrock:us-east-1::application-inference-profile/abc";
    let sibling = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/def";
    let found = one(
        &allow(&[
            arn,
            sibling,
            SONNET,
            "arn:aws:bedrock:*:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6",
        ]),
        "malformed-bedrock-arn",
        (Error, Certain),
        arn,
        &["write `arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc`"],
    );
    let fix = found.fix.unwrap();
    assert_eq!(fix.applicability, Applicability::Unsafe);
    let edits: Vec<_> = fix
        .edits
        .iter()
        .map(|edit| (edit.at.text(), edit.text.as_str()))
        .collect();
    assert_eq!(edits, [("", "111122223333")]);
}

#[test]
fn regions() {
    let rule = "unknown-region";
    for (region, says) in [
        ("us-east-1a", "zone of `us-east-1`"),
        ("use1-az1", "zone of `us-east-1`"),
        ("N. Virginia", "name of the Region `us-east-1`"),
        ("US-EAST-1", "write `us-east-1`"),
        ("us-esat-1", "write `us-east-1`"),
    ] {
        let arn = format!("arn:aws:bedrock:{region}::foundation-model/{NOVA}");
        one(
            &allow(&[&arn]),
            rule,
            (Error, Certain),
            region,
            &[says, "grants nothing"],
        );
        one(
            &condition("Allow", "StringEquals", "aws:RequestedRegion", region),
            rule,
            (Error, Certain),
            region,
            &[says],
        );
    }
    let new = format!("arn:aws:bedrock:eu-north-9::foundation-model/{NOVA}");
    one(
        &allow(&[&new]),
        rule,
        (Error, Possible),
        "eu-north-9",
        &["unless it is newer", "2026-10-27"],
    );
    one(
        &condition("Deny", "StringNotEquals", "aws:RequestedRegion", "us-east-1a"),
        rule,
        (Error, Certain),
        "us-east-1a",
        &["is denied too"],
    );
    one(
        &condition("Allow", "StringEquals", "aws:RequestedRegion", "us-*"),
        rule,
        (Error, Certain),
        "us-*",
        &["`StringEquals` takes the wildcard", "`StringLike`"],
    );
    for (operator, value) in [
        ("StringEquals", "unspecified"),
        ("StringEquals", "global"),
        ("StringLike", "us-*"),
        ("StringEqualsIgnoreCase", "US-EAST-1"),
        ("StringEquals", "${aws:PrincipalTag/region}"),
        ("StringEquals", "${AWS_REGION}"),
        ("Null", "false"),
    ] {
        silent(&condition("Allow", operator, "aws:RequestedRegion", value), rule);
    }
    silent(
        &allow(&["arn:aws:bedrock:us-*:foundation-model/amazon.nova-lite-v1:0"]),
        rule,
    );
}

#[test]
fn model_ids() {
    let rule = "unknown-model-id";
    for (id, says) in [
        (
            "anthropic.claude-sonnet-4-6-v1:0",
            "write `anthropic.claude-sonnet-4-6`",
        ),
        ("anthropic.claude-sonnet-4.6", "write `anthropic.claude-sonnet-4-6`"),
        ("Anthropic.claude-sonnet-4-6", "ids are in lower case"),
        ("anthropic/claude-sonnet-4-6", "another vendor"),
        ("Claude Sonnet 4.6", "name of a model"),
        ("anthropic.claude-haiku-4-5-20251001", "lacks the date or version"),
        ("anthropic.claude-sonet-4-6", "no model"),
    ] {
        let arn = format!("arn:aws:bedrock:*::foundation-model/{id}");
        let granted = allow(&[
            &arn,
            "arn:aws:bedrock:*::foundation-model/anthropic.*",
            "arn:aws:bedrock:*:*:inference-profile/us.anthropic.*",
        ]);
        one(&granted, rule, (Warning, Certain), id, &[says]);
    }
    for (id, level) in [
        ("us.us.anthropic.claude-sonnet-4-6", Certain),
        ("na.anthropic.claude-sonnet-4-6", Certain),
        ("us-gov.anthropic.claude-sonnet-4-6", Possible),
    ] {
        let arn = format!("arn:aws:bedrock:*:111122223333:inference-profile/{id}");
        one(
            &allow(&[&arn, SONNET, "arn:aws:bedrock:*:*:inference-profile/us.*"]),
            rule,
            (Warning, level),
            id,
            &[],
        );
    }
    let new = "arn:aws:bedrock:*::foundation-model/anthropic.claude-novel-9";
    one(
        &allow(&[new]),
        rule,
        (Warning, Possible),
        "anthropic.claude-novel-9",
        &["2026-10-27", "unless it is newer"],
    );
    silent(&allow(&["arn:aws:bedrock:*::foundation-model/${MODEL_ID}"]), rule);
    silent(
        &allow(&["arn:aws:bedrock:*::foundation-model/anthropic.claude-*"]),
        rule,
    );
}

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
        &["2025-07-21", "every call is refused", "sonnet-4-5"],
    );
    assert_eq!(both.related.len(), 1);
    silent(&invoke("Deny", "Resource", &[&model("*", gone)], ""), rule);
    silent(&invoke("Allow", "NotResource", &[&model("*", gone)], ""), rule);
    silent(&allow(&[&model("*", "anthropic.claude-v2*")]), rule);
    silent(&allow(&[&model("*", NOVA)]), rule);
    // ended without a date, on a conclusion
    one(
        &allow(&[&model("*", "ai21.j2-mid")]),
        rule,
        (Warning, Likely),
        "ai21.j2-mid",
        &["past its end of life"],
    );

    let haiku = "anthropic.claude-3-haiku-20240307-v1:0";
    one(
        &allow(&[&model("us-east-1", haiku)]),
        rule,
        (Warning, Certain),
        haiku,
        &["2026-09-10 in `us-east-1`", "still be called in"],
    );
    one(
        &allow(&[&model("ap-south-1", haiku)]),
        rule,
        (Note, Certain),
        haiku,
        &["is legacy"],
    );
    one(
        &allow(&[&model("*", haiku)]),
        rule,
        (Note, Certain),
        haiku,
        &["in some of the Regions"],
    );
    let r1 = model("us-east-1", "deepseek.r1-v1:0");
    let secondary = findings_at("policy.json", &allow(&[&r1]));
    let secondary = secondary.iter().find(|finding| finding.rule == rule).unwrap();
    assert_eq!((secondary.severity, secondary.confidence), (Note, Possible));
}

#[test]
fn retired_profiles() {
    let id = "us.anthropic.claude-3-5-sonnet-20241022-v2:0";
    let found = findings_at(
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
    assert!(
        finding
            .help
            .as_deref()
            .unwrap()
            .contains("`us.anthropic.claude-sonnet-4-5-20250929-v1:0`")
    );
}

#[test]
fn condition_keys() {
    let rule = "unknown-condition-key";
    let key = "aws:InferenceProfileArn";
    let right = "write `bedrock:InferenceProfileArn`";
    let any = "arn:aws:bedrock:*:*:inference-profile/us.*";
    for (effect, operator, severity, says) in [
        ("Allow", "ArnLike", Error, "grants nothing"),
        ("Deny", "ArnLike", Error, "denies nothing"),
        ("Deny", "ArnNotLike", Error, "denies every request"),
        ("Allow", "ArnNotLike", Warning, "restricts nothing"),
        ("Allow", "ArnLikeIfExists", Warning, "restricts nothing"),
        ("Allow", "ForAllValues:ArnLike", Warning, "restricts nothing"),
        ("Allow", "ForAnyValue:ArnLike", Error, "grants nothing"),
    ] {
        one(
            &condition(effect, operator, key, any),
            rule,
            (severity, Certain),
            key,
            &[says, right],
        );
    }
    one(
        &condition("Deny", "Null", key, "true"),
        rule,
        (Error, Certain),
        key,
        &["denies every request"],
    );
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
        (
            "Allow",
            r#""Action": ["bedrock:InvokeModel", "bedrock:CallWithBearerToken"]"#,
            "StringEquals",
        ),
        (
            "Allow",
            r#""Action": ["bedrock:InvokeModel", "bedrock:FutureAction"]"#,
            "StringEquals",
        ),
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
    one(
        &with(r#""bedrock:InvokeModel""#, &nova),
        rule,
        (Note, Likely),
        "bedrock:InvokeModel",
        &["ConverseStream"],
    );
    silent(&with(r#""bedrock:InvokeModel*""#, &nova), rule);
    silent(
        &with(r#"["bedrock:InvokeModel", "bedrock:ConverseStream"]"#, &nova),
        rule,
    );
    silent(&with(r#""bedrock:GetFoundationModel""#, &nova), rule);
    for still in ["amazon.titan-embed-text-v2:0", "cohere.embed-*", "amazon.rerank-v1:0"] {
        let arn = format!("arn:aws:bedrock:us-east-1::foundation-model/{still}");
        silent(&with(r#""bedrock:InvokeModel""#, &arn), rule);
    }
}

#[test]
fn placeholders() {
    let rule = "leftover-placeholder";
    let text = allow(&[
        "arn:aws:bedrock:*:YOUR_ACCOUNT_ID:inference-profile/us.anthropic.claude-sonnet-4-6",
        "arn:aws:bedrock:*:YOUR_ACCOUNT_ID:inference-profile/eu.anthropic.claude-sonnet-4-6",
        SONNET,
    ]);
    let found = one(
        &text,
        rule,
        (Error, Certain),
        "YOUR_ACCOUNT_ID",
        &["these very characters", "twelve digits"],
    );
    assert_eq!(found.related.len(), 1);
    for path in ["examples/policy.json", "policy.example.json", "docs/iam/policy.json"] {
        one_at(path, &text, rule, (Note, Certain), "YOUR_ACCOUNT_ID", &[]);
    }
    let value = condition("Allow", "StringEquals", "aws:PrincipalAccount", "<ACCOUNT_ID>");
    one(&value, rule, (Error, Certain), "<ACCOUNT_ID>", &[]);
    // one mistake: no account belongs there
    let model = "arn:aws:bedrock:us-east-1:<ACCOUNT_ID>:foundation-model/amazon.nova-lite-v1:0";
    one(&allow(&[model]), "malformed-bedrock-arn", (Error, Certain), model, &[]);
    silent(&allow(&[model]), rule);
    for filled in [
        "${AWS_ACCOUNT_ID}",
        "{{ account }}",
        "${aws:PrincipalAccount}",
        "111122223333",
    ] {
        let arn = format!("arn:aws:bedrock:*:{filled}:inference-profile/us.anthropic.claude-sonnet-4-6");
        silent(&allow(&[&arn, SONNET]), rule);
    }
}

#[test]
fn pinned_regions() {
    let rule = "pinned-profile-region";
    let profile = |region: &str| {
        format!("arn:aws:bedrock:{region}:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6")
    };
    let pinned = profile("us-east-1");
    one(
        &allow(&[&pinned, SONNET]),
        rule,
        (Note, Likely),
        "us-east-1",
        &["in `us-east-1` only"],
    );
    for others in [profile("us-west-2"), profile("*"), profile("${AWS_REGION}")] {
        silent(&allow(&[&pinned, &others, SONNET]), rule);
    }
    silent(&allow(&[&profile("${AWS_REGION}"), SONNET]), rule);
    silent(&invoke("Deny", "Resource", &[&pinned], ""), rule);
}

#[test]
fn keys_given_twice() {
    let rule = "duplicate-key";
    let text = statement(
        "Allow",
        r#""Action": "bedrock:ListFoundationModels", "Action": "bedrock:ListInferenceProfiles", "Resource": "*""#,
    );
    let found = one(&text, rule, (Error, Certain), "Action", &["stands twice"]);
    assert_eq!(found.primary.at.span.start as usize, text.find("Action").unwrap());
    let kept = found.related.first().unwrap();
    assert_eq!(kept.at.span.start as usize, text.rfind("\"Action\"").unwrap() + 1);
}
