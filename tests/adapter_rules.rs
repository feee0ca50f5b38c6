//! What the rules over models and Regions of adapters say, case by case.
#![expect(clippy::unwrap_used, reason = "tests")]

mod judged;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use bedrock_lint::finding::{Applicability, Confidence, Finding, Severity};
use bedrock_lint::formats::FormatOptions;
use bedrock_lint::source::Source;
use judged::findings_in;
use serde_json::{Value, json};

/// An LLM adapter of Unstract with these settings in the place of the usual ones; null takes one out.
fn llm(settings: &Value) -> String {
    adapter("8d18571f-5e96-4505-bd28-ad0379c64064", "LLM", "us.anthropic.claude-sonnet-4-6", settings)
}

/// An embedding adapter of Unstract, likewise.
fn embedding(settings: &Value) -> String {
    adapter("88199741-8d7e-4e8c-9d92-d76b0dc20c91", "EMBEDDING", "amazon.titan-embed-text-v2:0", settings)
}

fn adapter(number: &str, kind: &str, model: &str, settings: &Value) -> String {
    let mut all = json!({ "model": model, "region_name": "us-east-1", "auth_type": "iam_role" });
    let map = all.as_object_mut().unwrap();
    for (key, value) in settings.as_object().unwrap() {
        map.remove(key);
        if !value.is_null() {
            map.insert(key.clone(), value.clone());
        }
    }
    json!({ "adapter_id": format!("bedrock|{number}"), "adapter_type": kind, "adapter_metadata": all }).to_string()
}

fn said(text: &str) -> Vec<Finding> {
    findings_in("adapter.json", text)
}

/// The one finding that there is, with its rule and what it underlines.
#[track_caller]
fn one(text: &str, rule: &str, underlined: &str) -> Finding {
    let mut found = said(text);
    assert_eq!(found.len(), 1, "{found:#?}");
    let finding = found.remove(0);
    assert_eq!((finding.rule, finding.primary.at.text()), (rule, underlined), "{finding:#?}");
    finding
}

#[track_caller]
fn silent(text: &str) {
    assert_eq!(said(text), [], "{text}");
}

/// What the file is after the edit.
fn mended(finding: &Finding) -> String {
    let mut text = finding.primary.at.source.text().to_owned();
    let mut edits = finding.fix.as_ref().unwrap().edits.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.at.span.start));
    for edit in edits {
        text.replace_range(edit.at.span.range(), &edit.text);
    }
    text
}

#[test]
fn a_foreign_prefix_offers_what_serves_the_model_there() {
    let found =
        one(&llm(&json!({"region_name": "eu-west-1"})), "prefix-region-mismatch", "us.anthropic.claude-sonnet-4-6");
    assert_eq!(
        found.help.as_deref(),
        Some(
            "write `eu.anthropic.claude-sonnet-4-6` or `global.anthropic.claude-sonnet-4-6`, which can be called from \
             `eu-west-1`"
        )
    );
    assert_eq!(found.related.first().unwrap().at.text(), "eu-west-1");
    // one way alone is an edit; it moves data
    let found = one(
        &llm(&json!({"model": "us.amazon.nova-pro-v1:0", "region_name": "eu-west-1"})),
        "prefix-region-mismatch",
        "us.amazon.nova-pro-v1:0",
    );
    assert_eq!(found.fix.as_ref().unwrap().applicability, Applicability::Unsafe);
    silent(&mended(&found));
}

#[test]
fn a_foreign_prefix_is_known_although_the_model_is_not() {
    let settings = json!({"model": "us.anthropic.claude-opus-9", "region_name": "eu-west-1"});
    let found = one(&llm(&settings), "prefix-region-mismatch", "us.anthropic.claude-opus-9");
    assert_eq!(found.confidence, Confidence::Likely);
    assert!(found.help.as_ref().unwrap().contains("`eu`"), "{found:#?}");
    // in its own geography the model may be new, and nothing more is known
    let settings = json!({"model": "us.anthropic.claude-opus-9"});
    assert_eq!(one(&llm(&settings), "unknown-model-id", "us.anthropic.claude-opus-9").confidence, Confidence::Possible);
    // a Region of which no geography is known may be anybody's
    let settings = json!({"model": "apac.anthropic.claude-opus-9", "region_name": "ap-southeast-7"});
    let found = said(&llm(&settings));
    assert!(
        found.iter().all(|one| one.confidence == Confidence::Possible || one.severity == Severity::Note),
        "{found:#?}"
    );
}

#[test]
fn the_region_of_the_settings_wins_over_one_in_the_name() {
    silent(&llm(&json!({"model": "bedrock/eu-west-1/us.anthropic.claude-sonnet-4-6"})));
    let settings = json!({"model": "bedrock/eu-west-1/us.anthropic.claude-sonnet-4-6", "region_name": null});
    let found = one(&llm(&settings), "prefix-region-mismatch", "us.anthropic.claude-sonnet-4-6");
    assert_eq!(found.related.first().unwrap().at.text(), "eu-west-1");
}

#[test]
fn what_is_suggested_for_a_wrong_id_can_be_called_from_there() {
    for (model, region, help) in [
        ("us.us.anthropic.claude-sonnet-4-6", "us-east-1", "`us.anthropic.claude-sonnet-4-6`"),
        ("us.us.anthropic.claude-sonnet-4-6", "eu-west-1", "`eu.anthropic.claude-sonnet-4-6` or `global."),
        ("anthropic.claude-sonnet-4-6-v1:0", "eu-west-1", "`eu.anthropic.claude-sonnet-4-6` or `global."),
        ("anthropic.claude-sonnet-4-6-v1:0", "eu-west-2", "`anthropic.claude-sonnet-4-6`"),
        ("Bedrock/us.anthropic.claude-sonnet-4-6", "us-east-1", "`us.anthropic.claude-sonnet-4-6`"),
        ("claude-sonnet-4-6@default", "us-west-2", "`us.anthropic.claude-sonnet-4-6` or `global."),
    ] {
        let found = one(&llm(&json!({"model": model, "region_name": region})), "unknown-model-id", model);
        assert!(found.help.as_ref().unwrap().contains(help), "{found:#?}");
        assert!(found.message.ends_with("the call is refused"), "{found:#?}");
    }
    let found = one(
        &llm(&json!({"model": " us.anthropic.claude-sonnet-4-6"})),
        "unknown-model-id",
        " us.anthropic.claude-sonnet-4-6",
    );
    assert_eq!(found.fix.as_ref().unwrap().applicability, Applicability::Safe);
    silent(&mended(&found));
}

#[test]
fn each_endpoint_has_its_ids() {
    silent(&llm(&json!({"model": "bedrock/mantle/openai.gpt-oss-120b"})));
    let settings = json!({"model": "bedrock/mantle/us.anthropic.claude-sonnet-5"});
    let found = one(&llm(&settings), "unknown-model-id", "us.anthropic.claude-sonnet-5");
    assert!(found.message.contains("`bedrock-mantle` takes the ids of models alone"), "{found:#?}");
    let settings = json!({"model": "bedrock/mantle/anthropic.claude-haiku-4-5-20251001-v1:0"});
    let found = one(&llm(&settings), "unknown-model-id", "anthropic.claude-haiku-4-5-20251001-v1:0");
    assert_eq!(found.help.as_deref(), Some("write `anthropic.claude-haiku-4-5`"));
    let found =
        one(&llm(&json!({"model": "anthropic.claude-haiku-4-5"})), "unknown-model-id", "anthropic.claude-haiku-4-5");
    assert!(found.message.contains("for `bedrock-runtime` ends in a date or version"), "{found:#?}");
}

#[test]
fn retired_models_by_region_and_once_a_file() {
    let haiku = "anthropic.claude-3-haiku-20240307-v1:0";
    let found = one(&llm(&json!({"model": haiku})), "retired-model", haiku);
    assert_eq!((found.severity, found.confidence), (Severity::Error, Confidence::Certain));
    assert!(found.message.contains("2026-09-10 in `us-east-1`"), "{found:#?}");
    let found = one(&llm(&json!({"model": haiku, "region_name": "sa-east-1"})), "retired-model", haiku);
    assert_eq!((found.severity, found.confidence), (Severity::Warning, Confidence::Certain));
    // without a Region it has ended in some
    let found = said(&llm(&json!({"model": haiku, "region_name": "${AWS_REGION}"})));
    assert_eq!(found.first().map(|one| (one.rule, one.severity)), Some(("retired-model", Severity::Warning)));
    // only a price table says so
    let found = one(&llm(&json!({"model": "us.deepseek.r1-v1:0"})), "retired-model", "us.deepseek.r1-v1:0");
    assert_eq!((found.severity, found.confidence), (Severity::Warning, Confidence::Possible));
    // what is legacy may be called wrongly all the same
    let rules: Vec<&str> = said(&llm(&json!({"model": "deepseek.r1-v1:0"}))).iter().map(|one| one.rule).collect();
    assert_eq!(rules, ["missing-geo-prefix", "retired-model"]);
    let twice = format!("[{0}, {0}]", llm(&json!({"model": "amazon.titan-text-express-v1"})));
    let found = one(&twice, "retired-model", "amazon.titan-text-express-v1");
    assert_eq!(found.related.len(), 1);
}

#[test]
fn regions_that_are_missing_blank_or_not_read() {
    let found = one(&llm(&json!({"region_name": null})), "missing-region", "us.anthropic.claude-sonnet-4-6");
    assert_eq!((found.severity, found.confidence), (Severity::Note, Confidence::Likely));
    assert!(found.message.contains("else `us-west-2`"), "{found:#?}");
    let found = one(&embedding(&json!({"region_name": null})), "missing-region", "amazon.titan-embed-text-v2:0");
    assert_eq!((found.severity, found.confidence), (Severity::Error, Confidence::Certain));
    let found = one(&llm(&json!({"region_name": " "})), "missing-region", "region_name");
    assert_eq!(found.severity, Severity::Error);
    for key in ["region", "aws_region"] {
        let found = one(&llm(&json!({"region_name": null, key: "us-east-1"})), "missing-region", key);
        assert_eq!((found.severity, found.confidence), (Severity::Warning, Confidence::Likely));
        silent(&mended(&found));
    }
    // both: the right one is read
    silent(&llm(&json!({"region": "us-east-1"})));
    // null is handed on as nothing
    let null = llm(&json!({})).replace("\"us-east-1\"", "null");
    assert_eq!(one(&null, "missing-region", "region_name").severity, Severity::Note);
}

#[test]
fn regions_that_are_none() {
    for (region, says, help) in [
        ("us-east-1a", "is a zone of `us-east-1`", Some("write `us-east-1`")),
        ("US-EAST-1", "codes are in lower case", Some("write `us-east-1`")),
        ("Frankfurt", "the name of the Region `eu-central-1`", Some("write `eu-central-1`")),
        ("us-esat-1", "there is no Region", Some("write `us-east-1`")),
        ("us-est-1", "there is no Region", Some("write `us-east-1` or `us-west-1`")),
        ("us-east", "is no Region, whose codes", Some("write `us-east-1` or `us-east-2`")),
    ] {
        // what is meant decides about the profile
        let model =
            if region == "Frankfurt" { "eu.anthropic.claude-sonnet-4-6" } else { "us.anthropic.claude-sonnet-4-6" };
        let found = one(&llm(&json!({"model": model, "region_name": region})), "unknown-region", region);
        assert!(found.message.contains(says) && found.message.ends_with("so every call fails"), "{found:#?}");
        assert_eq!(found.help.as_deref(), help, "{region}");
        if found.fix.is_some() {
            silent(&mended(&found));
        }
    }
    let found = one(&llm(&json!({"region_name": "us-central-1"})), "unknown-region", "us-central-1");
    assert_eq!((found.severity, found.confidence), (Severity::Error, Confidence::Possible));
}

#[test]
fn two_mistakes_are_two_findings() {
    let rules: Vec<&str> = said(&llm(&json!({"model": "eu.anthropic.claude-sonnet-4-6", "region_name": "us-east-1a"})))
        .iter()
        .map(|one| one.rule)
        .collect();
    assert_eq!(rules, ["prefix-region-mismatch", "unknown-region"]);
}

#[test]
fn arns_that_are_called() {
    let arn = |region: &str, account: &str, rest: &str| format!("arn:aws:bedrock:{region}:{account}:{rest}");
    let account = "111122223333";
    let profile = "application-inference-profile/a1b2c3d4e5f6";
    let model_id = |arn: String, region: &str| llm(&json!({"model_id": arn, "region_name": region}));
    silent(&model_id(arn("us-east-1", account, profile), "us-east-1"));
    silent(&model_id(arn("${REGION}", account, profile), "us-east-1"));
    let found = one(&model_id(arn("us-west-2", account, profile), "us-east-1"), "arn-region-mismatch", "us-west-2");
    assert_eq!(found.help.as_deref(), Some("call `us-west-2`, or write the ARN of one that is in `us-east-1`"));
    // a profile of the system has an id without a Region
    let system = arn("us-west-2", account, "inference-profile/us.anthropic.claude-sonnet-4-6");
    let found = one(&llm(&json!({"model": system})), "arn-region-mismatch", "us-west-2");
    assert!(found.help.as_ref().unwrap().starts_with("write `us.anthropic.claude-sonnet-4-6` in the place of the ARN"));
    // the Region that is meant, once
    let zone = arn("us-east-1a", account, profile);
    one(&model_id(zone, "us-west-2"), "unknown-region", "us-east-1a");
    for (arn, says, confidence) in [
        (
            arn("us-east-1", account, "foundation-model/amazon.nova-lite-v1:0"),
            "belong to no account",
            Confidence::Certain,
        ),
        (arn("us-east-1", "", profile), "the account field is empty", Confidence::Likely),
        (arn("us-east-1", account, "application-inference-profile%2Fa1b2c3d4e5f6"), "`%2F`", Confidence::Certain),
        (arn("us-east-1", account, "application-inference-profile:a1b2c3d4e5f6"), "not a `:`", Confidence::Certain),
        (arn("us-east-1", account, "inference-profiles/a1b2c3d4e5f6"), "no resource type", Confidence::Certain),
        (arn("us-east-1", account, "application-inference-profile/*"), "a wildcard", Confidence::Certain),
        (arn("", "", "foundation-model/amazon.nova-lite-v1:0"), "without a Region", Confidence::Certain),
        (
            arn("us-east-1", "", "foundation-model/us.anthropic.claude-sonnet-4-6"),
            "of an inference profile",
            Confidence::Certain,
        ),
        (
            arn("us-east-1", account, "inference-profile/amazon.nova-lite-v1:0"),
            "of a foundation model",
            Confidence::Certain,
        ),
    ] {
        let found = one(&model_id(arn.clone(), "us-east-1"), "malformed-bedrock-arn", &arn);
        assert!(found.message.contains(says), "{found:#?}");
        assert_eq!((found.severity, found.confidence), (Severity::Error, confidence));
        if found.fix.is_some() {
            assert!(said(&mended(&found)).iter().all(|one| one.severity == Severity::Note), "{found:#?}");
        }
    }
}

#[test]
fn embedding_models_need_their_provider() {
    let found = one(
        &embedding(&json!({"model": "us.cohere.embed-v4:0"})),
        "unroutable-embedding-model",
        "us.cohere.embed-v4:0",
    );
    assert_eq!(found.help.as_deref(), Some("write `bedrock/us.cohere.embed-v4:0`"));
    assert_eq!(found.fix.as_ref().unwrap().applicability, Applicability::Safe);
    silent(&mended(&found));
    // the profile that fits the Region is offered at once
    let settings = json!({"model": "us.cohere.embed-v4:0", "region_name": "eu-west-1"});
    let found = one(&embedding(&settings), "unroutable-embedding-model", "us.cohere.embed-v4:0");
    assert!(found.help.as_ref().unwrap().contains("`bedrock/eu.cohere.embed-v4:0`"), "{found:#?}");
    let found = one(
        &embedding(&json!({"model": "amazon.titan-embed-text-v2"})),
        "unroutable-embedding-model",
        "amazon.titan-embed-text-v2",
    );
    assert_eq!(found.help.as_deref(), Some("write `amazon.titan-embed-text-v2:0`"));
    silent(&mended(&found));
    // with the provider it is only the id that is wrong
    one(
        &embedding(&json!({"model": "bedrock/amazon.titan-embed-text-v2"})),
        "unknown-model-id",
        "amazon.titan-embed-text-v2",
    );
    // two that LiteLLM knows by themselves
    let found = one(
        &embedding(&json!({"model": "us.twelvelabs.marengo-embed-2-7-v1:0"})),
        "retired-model",
        "us.twelvelabs.marengo-embed-2-7-v1:0",
    );
    assert_eq!(found.severity, Severity::Warning);
    // the same form in an LLM adapter is right
    silent(&llm(&json!({})));
}

#[test]
fn kinds_of_models_and_adapters() {
    for (model, says) in [
        ("amazon.titan-embed-text-v2:0", "makes embeddings"),
        ("cohere.rerank-v3-5:0", "ranks documents"),
        ("stability.stable-image-core-v1:1", "makes images"),
        ("amazon.nova-2-sonic-v1:0", "speaks"),
    ] {
        assert!(one(&llm(&json!({"model": model})), "wrong-adapter-kind", model).message.contains(says), "{model}");
    }
    one(&embedding(&json!({"model": "amazon.nova-lite-v1:0"})), "wrong-adapter-kind", "amazon.nova-lite-v1:0");
    // the model tells which of the two is meant
    let text = llm(&json!({})).replace("\"LLM\"", "\"EMBEDDING\"");
    silent(&mended(&one(&text, "wrong-adapter-kind", "EMBEDDING")));
    let text = llm(&json!({"model": "amazon.titan-embed-text-v2:0"})).replace("\"LLM\"", "\"EMBEDDING\"");
    assert_eq!(one(&text, "wrong-adapter-kind", "EMBEDDING").fix, None);
}

#[test]
fn placeholders_where_they_are_read() {
    let found = one(&llm(&json!({"region_name": "<REGION>"})), "leftover-placeholder", "<REGION>");
    assert_eq!(found.severity, Severity::Error);
    let keys = json!({
        "auth_type": "access_keys", "aws_access_key_id": "<YOUR_KEY_ID>", "aws_secret_access_key": "<YOUR_SECRET>"
    });
    let found: Vec<Finding> = said(&llm(&keys)).into_iter().filter(|one| one.rule == "leftover-placeholder").collect();
    let underlined: Vec<&str> = found.iter().map(|one| one.primary.at.text()).collect();
    assert_eq!(underlined, ["aws_access_key_id", "aws_secret_access_key"]);
    assert!(found.iter().all(|one| !one.message.contains("YOUR_SECRET")), "{found:#?}");
    // not read in this mode
    let unread = llm(&json!({"aws_access_key_id": "<YOUR_KEY_ID>", "aws_secret_access_key": "<YOUR_SECRET>"}));
    assert!(said(&unread).iter().all(|one| one.rule != "leftover-placeholder"));
    let text = llm(&json!({"region_name": "<REGION>"}));
    for path in ["adapter.example.json", "examples/adapter.json", "docs/adapter.json"] {
        let found = findings_in(path, &text);
        assert_eq!(found.iter().map(|one| one.severity).collect::<Vec<_>>(), [Severity::Note], "{path}");
    }
    silent(&llm(&json!({"region_name": "${AWS_REGION}"})));
}

#[test]
fn adapters_of_other_providers_have_ids_of_their_own() {
    let of = |id: &str, more: &Value| {
        let mut settings = json!({ "model": "us.anthropic.claude-sonnet-4-6", "api_key": "${KEY}", "region_name": "" });
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "adapter_id": format!("{id}|0"), "adapter_type": "LLM", "adapter_metadata": settings }).to_string()
    };
    for provider in ["anthropic", "openai", "vertexai", "gemini", "mistral"] {
        let found = one(&of(provider, &json!({})), "misplaced-model-id", "us.anthropic.claude-sonnet-4-6");
        assert_eq!((found.severity, found.confidence), (Severity::Warning, Confidence::Likely));
    }
    one(
        &of("openai", &json!({"api_base": "https://api.openai.com/v1"})),
        "misplaced-model-id",
        "us.anthropic.claude-sonnet-4-6",
    );
    // gateways take whatever they know
    silent(&of("openai", &json!({"api_base": "https://bedrock-gateway.example.com/api/v1"})));
    silent(&of("openai", &json!({"api_base": "https://notopenai.com/v1"})));
    silent(&of("openai", &json!({"api_base": "${GATEWAY}"})));
    for provider in ["openaicompatible", "openrouter", "azureopenai", "ollama"] {
        silent(&of(provider, &json!({})));
    }
    silent(&of("anthropic", &json!({"model": "claude-sonnet-4-6"})));
    silent(&of("anthropic", &json!({"model": "anthropic.claude-opus-9"})));
}

#[test]
fn one_note_about_cost() {
    let settings = json!({"model": "apac.amazon.nova-lite-v1:0", "region_name": "ap-south-1"});
    let found = one(&llm(&settings), "untracked-cost", "ap-south-1");
    assert_eq!((found.severity, found.confidence), (Severity::Note, Confidence::Likely));
    let arn = "arn:aws:bedrock:ap-south-1:111122223333:application-inference-profile/a1b2c3d4e5f6";
    let found = said(&llm(&json!({"model": arn, "region_name": "ap-south-1"})));
    let found: Vec<&Finding> = found.iter().filter(|one| one.rule == "untracked-cost").collect();
    assert_eq!(found.iter().map(|one| one.primary.at.text()).collect::<Vec<_>>(), [arn]);
}

/// Claude Code with these variables.
fn claude_code(variables: &str) -> Vec<Finding> {
    let text = format!("CLAUDE_CODE_USE_BEDROCK=1\nANTHROPIC_MODEL=eu.anthropic.claude-sonnet-4-6\n{variables}\n");
    findings_in(".env", &text)
}

#[test]
fn endpoints_and_regions() {
    let rules = |found: &[Finding]| found.iter().map(|one| (one.rule, one.severity)).collect::<Vec<_>>();
    let base = |url: &str| format!("AWS_REGION=eu-west-1\nANTHROPIC_BEDROCK_BASE_URL={url}");
    for url in [
        "https://bedrock-runtime.eu-west-1.amazonaws.com",
        "https://vpce-0a1b.bedrock-runtime.eu-west-1.vpce.amazonaws.com",
        "https://proxy.example.com",
        "${BEDROCK_ENDPOINT}",
    ] {
        assert_eq!(claude_code(&base(url)), [], "{url}");
    }
    for url in [
        "https://bedrock-runtime.us-east-1.amazonaws.com",
        "https://bedrock-runtime-fips.us-east-1.amazonaws.com/",
        "https://vpce-0a1b.bedrock-runtime.us-east-1.vpce.amazonaws.com",
        "https://bedrock-mantle.us-east-1.api.aws/v1",
    ] {
        let found = claude_code(&base(url));
        assert_eq!(rules(&found), [("endpoint-region-mismatch", Severity::Error)], "{url} {found:#?}");
        assert_eq!(found.first().unwrap().primary.at.text(), "us-east-1");
        // which of the two was meant is not known, so nothing is said of the profile
        let found = claude_code(&base(url).replace("eu-west-1", "us-west-2"));
        assert_eq!(rules(&found), [("endpoint-region-mismatch", Severity::Error)], "{url} {found:#?}");
        // an API key is not signed
        let keyed = format!("{}\nAWS_BEARER_TOKEN_BEDROCK=${{KEY}}", base(url));
        let found = claude_code(&keyed);
        assert_eq!(rules(&found), [("endpoint-region-mismatch", Severity::Warning)], "{url} {found:#?}");
    }
    let found = claude_code(&base("https://bedrock-runtime.eu-west-1.amazonaws.com.cn"));
    assert_eq!(rules(&found), [("endpoint-region-mismatch", Severity::Error)], "{found:#?}");
    // the endpoint says it
    let found = claude_code("ANTHROPIC_BEDROCK_BASE_URL=https://bedrock-runtime.eu-west-1.amazonaws.com");
    assert_eq!(found, []);
}

#[test]
fn what_a_program_makes_of_its_variables_is_likely() {
    let found = findings_in(".env", "AWS_REGION=eu-west-1a\nBEDROCK_MODEL_ID=us.anthropic.claude-sonnet-4-6\n");
    let said: Vec<_> = found.iter().map(|one| (one.rule, one.confidence)).collect();
    let likely = Confidence::Likely;
    assert_eq!(said, [("unknown-region", likely), ("prefix-region-mismatch", likely)]);
    let found = claude_code("AWS_REGION=us-east-1");
    assert_eq!(
        found.first().map(|one| (one.rule, one.confidence)),
        Some(("prefix-region-mismatch", Confidence::Certain))
    );
    // without a Region the variable is named that the client reads
    let found = claude_code("");
    let note = found.first().unwrap();
    assert_eq!((note.rule, note.severity), ("missing-region", Severity::Note));
    assert!(note.help.as_ref().unwrap().contains("set `AWS_REGION`"), "{note:#?}");
}

/// Whatever is offered as an edit mends what it is offered for, and breaks nothing else.
#[test]
fn edits_of_broken_fixtures_mend_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/unstract/broken");
    let mut mends = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension == "expected") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let before = said(&text);
        for finding in before.iter().filter(|one| one.fix.is_some()) {
            let after = said(&mended(finding));
            let is_loud = |one: &&Finding| one.severity > Severity::Note && one.confidence > Confidence::Possible;
            let (loud, left) = (before.iter().filter(is_loud).count(), after.iter().filter(is_loud).count());
            assert_eq!(left + 1, loud, "{}: {after:#?}", path.display());
            mends += 1;
        }
    }
    assert!(mends >= 15, "{mends}");
}

#[test]
fn metadata_that_is_no_json_is_a_problem() {
    let text =
        r#"{"adapter_id":"bedrock|8d18571f-5e96-4505-bd28-ad0379c64064","adapter_metadata":"{\"model\": \"x\", bad"}"#;
    let source = Arc::new(Source::new("adapter.json", text));
    let facts = bedrock_lint::formats::read(&source, &FormatOptions::default(), false);
    assert!(facts.problems.iter().any(|one| one.message.starts_with("the metadata is not JSON")), "{facts:?}");
}

#[test]
fn a_region_to_fill_in_is_a_note_in_an_example() {
    let text = "BEDROCK_MODEL_ID=us.anthropic.claude-sonnet-4-6\nAWS_REGION=add-your-region\n";
    let level = |path: &str| {
        let found = findings_in(path, text);
        found.into_iter().filter(|one| one.rule == "unknown-region").map(|one| one.severity).collect::<Vec<_>>()
    };
    assert_eq!(level(".env"), [Severity::Error]);
    assert_eq!(level(".env.example"), [Severity::Note]);
}
