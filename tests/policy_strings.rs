//! Rules about single strings of a policy: ARNs, ids, Regions, placeholders, keys given twice.
#![expect(clippy::unwrap_used, reason = "tests")]

mod judged;
mod strict;

use bedrock_lint::finding::Applicability;
use bedrock_lint::finding::Confidence::{Certain, Likely, Possible};
use bedrock_lint::finding::Severity::{Error, Note, Warning};
use strict::*;

const MALFORMED: &[(&str, &str)] = &[
    ("arn:aws:bedrock:us-east-1:111122223333:foundation-model/amazon.nova-lite-v1:0", "belong to no account"),
    ("arn:aws:bedrock:us-east-1:*:foundation-models/amazon.nova-lite-v1:0", "no resource type `foundation-models`"),
    (
        "arn:aws:bedrock:us-east-1:foundation-model/amazon.nova-lite-v1:0",
        "write `arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0`",
    ),
    ("arn:aws:bedrock:us-east-1::foundation-model:amazon.nova-lite-v1:0", "a `/` stands between"),
    (
        "arn:aws:bedrock:us-east-1::foundation-model%2Famazon.nova-lite-v1:0",
        "write `arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0`",
    ),
    (
        "arn:aws:bedrock-runtime:us-east-1::foundation-model/amazon.nova-lite-v1:0",
        "the service in the ARN is `bedrock`",
    ),
    ("arn:aws:bedrock:us-gov-west-1::foundation-model/amazon.titan-embed-text-v2:0", "`aws-us-gov`"),
    ("arn:aws:bedrock:us-east-1:1234:application-inference-profile/abc", "`1234` is no account id"),
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
];

#[test]
fn malformed_arns() {
    let rule = "malformed-bedrock-arn";
    for (arn, says) in MALFORMED {
        // the application profile's model is granted beside it
        one(
            &allow(&[arn, SONNET, "arn:aws:bedrock:*:*:inference-profile/us.anthropic.claude-sonnet-4-6"]),
            rule,
            (Error, Certain),
            arn,
            &["matches nothing, so it grants nothing", says],
        );
    }
    let unknown = "arn:aws:bedrock:us-east-1:111122223333:quantum-model/x";
    one(&allow(&[unknown]), rule, (Error, Possible), unknown, &["unless the type is newer"]);
    let open = "arn:aws:bedrock:us-east-1:${ACCOUNT}:foundation-model/amazon.nova-lite-v1:0";
    one(&allow(&[open]), rule, (Error, Likely), open, &["`${ACCOUNT}`"]);
}

#[test]
fn profiles_are_offered_where_they_can_be_called() {
    for (region, offered) in [
        ("us-east-1", "write `us.anthropic.claude-sonnet-4-6` or `global.anthropic.claude-sonnet-4-6` as"),
        ("ap-southeast-2", "write `au.anthropic.claude-sonnet-4-6` or `global.anthropic.claude-sonnet-4-6` as"),
        (
            "*",
            "write `us.anthropic.claude-sonnet-4-6`, `eu.anthropic.claude-sonnet-4-6` or \
             `global.anthropic.claude-sonnet-4-6` as",
        ),
    ] {
        let arn = format!("arn:aws:bedrock:{region}:111122223333:inference-profile/anthropic.claude-sonnet-4-6");
        one(&allow(&[&arn, SONNET]), "malformed-bedrock-arn", (Error, Certain), &arn, &[offered]);
    }
    // the id that bedrock-mantle has for it
    let arn = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/anthropic.claude-haiku-4-5";
    let model = "arn:aws:bedrock:*::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0";
    let says = ["write `us.anthropic.claude-haiku-4-5-20251001-v1:0`", &format!("`{model}` if")];
    one(&allow(&[arn, model]), "malformed-bedrock-arn", (Error, Certain), arn, &says);
}

#[test]
fn profiles_under_the_other_type() {
    let rule = "malformed-bedrock-arn";
    let profile = |kind: &str, id: &str| format!("arn:aws:bedrock:us-east-1:111122223333:{kind}/{id}");
    for id in ["us.anthropic.claude-sonnet-4-6", "us.anthropic.*"] {
        let arn = profile("application-inference-profile", id);
        let meant = format!("write `{}`", profile("inference-profile", id));
        one(&allow(&[&arn, SONNET]), rule, (Error, Certain), &arn, &["system-defined", &meant]);
    }
    let arn = profile("inference-profile", "abc123def456");
    let meant = format!("write `{}`", profile("application-inference-profile", "abc123def456"));
    let sonnet = profile("inference-profile", "us.anthropic.claude-sonnet-4-6");
    one(&allow(&[&arn, SONNET, &sonnet]), rule, (Error, Likely), &arn, &["looks like", &meant]);
    for right in ["abc123def456", "us.team", "*"] {
        silent(&allow(&[&profile("application-inference-profile", right), SONNET, &sonnet]), rule);
    }
}

#[test]
fn blanks_around_a_string() {
    let arn = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";
    for spaced in [format!(" {arn}"), format!("{arn} "), format!("  {arn} ")] {
        let says = ["blanks", &format!("write `{arn}`")];
        let found = one(&allow(&[&spaced]), "malformed-bedrock-arn", (Error, Certain), &spaced, &says);
        assert!(found.fix.unwrap().edits.iter().all(|edit| edit.text.is_empty() && edit.at.text().trim().is_empty()));
    }
    // another fault is still where it stands
    let region = " arn:aws:bedrock:us-east-1a::foundation-model/amazon.nova-lite-v1:0";
    let underlined: Vec<_> = judged::of("unknown-region", &allow(&[region]));
    assert_eq!(underlined.first().unwrap().primary.at.text(), "us-east-1a");
    for action in [" bedrock:InvokeModel", "bedrock:InvokeModel* "] {
        let text = statement("Allow", &format!(r#""Action": "{action}", "Resource": "*""#));
        let meant = format!("write `{}`", action.trim());
        one(&text, "unknown-action", (Error, Certain), action, &["blanks", "grants nothing", &meant]);
    }
}

#[test]
fn malformed_arns_in_a_deny() {
    let rule = "malformed-bedrock-arn";
    let arn = "arn:aws:bedrock:us-east-1:111122223333:foundation-model/amazon.nova-lite-v1:0";
    let deny = one(&invoke("Deny", "Resource", &[arn], ""), rule, (Error, Certain), arn, &["denies nothing"]);
    assert_eq!(deny.fix.unwrap().applicability, Applicability::Safe);
    let spare = one(&invoke("Deny", "NotResource", &[arn], ""), rule, (Error, Certain), arn, &["spares nothing"]);
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
    let edits: Vec<_> = fix.edits.iter().map(|edit| (edit.at.text(), edit.text.as_str())).collect();
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
        one(&allow(&[&arn]), rule, (Error, Certain), region, &[says, "grants nothing"]);
        one(
            &condition("Allow", "StringEquals", "aws:RequestedRegion", region),
            rule,
            (Error, Certain),
            region,
            &[says],
        );
    }
    let new = format!("arn:aws:bedrock:eu-north-9::foundation-model/{NOVA}");
    one(&allow(&[&new]), rule, (Error, Possible), "eu-north-9", &["unless it is newer", "2026-10-27"]);
    one(
        &condition("Deny", "StringNotEquals", "aws:RequestedRegion", "sa-east-1a"),
        rule,
        (Error, Certain),
        "sa-east-1a",
        &["is denied too"],
    );
    one(
        &condition("Allow", "StringEquals", "aws:RequestedRegion", "us-*"),
        rule,
        (Error, Certain),
        "us-*",
        &["`StringEquals` takes the wildcard", "`StringLike`"],
    );
}

/// No catalogue of any date has them.
#[test]
fn regions_that_cannot_be() {
    let rule = "unknown-region";
    for (region, says) in [
        ("us", "or `us-*` for all of them"),
        ("eu", "or `eu-*` for all of them"),
        ("us-east", "write `us-east-1` and `us-east-2`"),
        ("virginia", "write `us-east-1`"),
        ("eu-frankfurt", "write `eu-central-1`"),
        ("eu-frankfurt-1", "write `eu-central-1`"),
        ("ap-tokyo-1", "write `ap-northeast-1`"),
        ("nowhere", "write the code of a Region, or `*`"),
    ] {
        let arn = format!("arn:aws:bedrock:{region}::foundation-model/amazon.titan-embed-text-v2:0");
        one(&allow(&[&arn]), rule, (Error, Certain), region, &[says, "grants nothing"]);
        let profile =
            format!("arn:aws:bedrock:{region}:111122223333:inference-profile/global.anthropic.claude-sonnet-4-6");
        one(&allow(&[&profile, SONNET]), rule, (Error, Certain), region, &[]);
        one(&condition("Allow", "StringEquals", "aws:RequestedRegion", region), rule, (Error, Certain), region, &[]);
    }
    let arn = "arn:aws:bedrock:us-east-11::foundation-model/amazon.titan-embed-text-v2:0";
    one(&allow(&[arn]), rule, (Error, Possible), "us-east-11", &["unless it is newer"]);
}

#[test]
fn words_for_no_region() {
    for word in ["global", "unspecified"] {
        let arn = format!("arn:aws:bedrock:{word}::foundation-model/anthropic.claude-sonnet-4-6");
        let granted = allow(&[
            &arn,
            "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-6",
            "arn:aws:bedrock:us-east-1:111122223333:inference-profile/global.anthropic.claude-sonnet-4-6",
        ]);
        let found = one(&granted, "unknown-region", (Error, Certain), word, &["leave the Region empty", "`*`"]);
        assert_eq!(found.fix.unwrap().edits.first().unwrap().text, "");
        let profile =
            format!("arn:aws:bedrock:{word}:111122223333:inference-profile/global.anthropic.claude-sonnet-4-6");
        one(&allow(&[&profile, SONNET]), "unknown-region", (Error, Certain), word, &["write the code of a Region"]);
    }
}

#[test]
fn regions_that_are_right() {
    let rule = "unknown-region";
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
    silent(&allow(&["arn:aws:bedrock:us-*:foundation-model/amazon.nova-lite-v1:0"]), rule);
}

#[test]
fn model_ids() {
    let rule = "unknown-model-id";
    for (id, says) in [
        ("anthropic.claude-sonnet-4-6-v1:0", "write `anthropic.claude-sonnet-4-6`"),
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
        one(&allow(&[&arn, SONNET, "arn:aws:bedrock:*:*:inference-profile/us.*"]), rule, (Warning, level), id, &[]);
    }
    let new = "arn:aws:bedrock:*::foundation-model/anthropic.claude-novel-9";
    one(&allow(&[new]), rule, (Warning, Possible), "anthropic.claude-novel-9", &["2026-10-27", "unless it is newer"]);
    silent(&allow(&["arn:aws:bedrock:*::foundation-model/${MODEL_ID}"]), rule);
    silent(&allow(&["arn:aws:bedrock:*::foundation-model/anthropic.claude-*"]), rule);
}

/// The catalogue knows them, as ids of the other endpoint.
#[test]
fn ids_of_mantle_in_a_runtime_arn() {
    let rule = "unknown-model-id";
    let haiku = [
        "arn:aws:bedrock:*::foundation-model/anthropic.claude-haiku-4-5",
        "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
    ];
    let says = ["`bedrock-mantle`", "matches nothing", "write `anthropic.claude-haiku-4-5-20251001-v1:0`"];
    one(&allow(&haiku), rule, (Warning, Certain), "anthropic.claude-haiku-4-5", &says);
    for (id, meant) in [("openai.gpt-oss-120b", "openai.gpt-oss-120b-1:0"), ("qwen.qwen3-32b", "qwen.qwen3-32b-v1:0")] {
        let arn = format!("arn:aws:bedrock:*::foundation-model/{id}");
        one(&allow(&[&arn]), rule, (Warning, Likely), id, &[&format!("write `{meant}`")]);
    }
    for only in ["xai.grok-4.3", "anthropic.claude-mythos-preview"] {
        silent(&allow(&[&format!("arn:aws:bedrock:*::foundation-model/{only}")]), rule);
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
    let found = one(&text, rule, (Error, Certain), "YOUR_ACCOUNT_ID", &["these very characters", "twelve digits"]);
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
        "$(ACCOUNT)",
        "$(var.account)",
        "((account))",
        "[[account]]",
        "{{ account }}",
        "${aws:PrincipalAccount}",
        "111122223333",
    ] {
        let arn = format!("arn:aws:bedrock:*:{filled}:inference-profile/us.anthropic.claude-sonnet-4-6");
        silent(&allow(&[&arn, SONNET]), rule);
    }
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
