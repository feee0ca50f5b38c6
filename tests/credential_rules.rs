//! The rules over credentials, on files written here: real-looking keys belong in no file of this repository.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::sync::Arc;

use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::finding::{Confidence, Finding};
use bedrock_lint::formats::FormatOptions;
use bedrock_lint::rules::Facts;
use bedrock_lint::settings::{Base, Settings};
use bedrock_lint::source::Source;
use common::keys::{mint_access_key_id, mint_long_term, mint_secret_access_key, mint_session_token, mint_short_term};
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";
const OTHER: &str = "444455556666";
const EXAMPLE_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const EXAMPLE_SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// What is said of a file, with `settings` in force.
fn said_under(path: &str, text: &str, settings: &str) -> Vec<Finding> {
    let own = Arc::new(Source::new("bedrock-lint.yml", settings));
    let settings = Settings::parse(&own, Base::default()).unwrap();
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
        settings: Some(&settings),
        answers: None,
    };
    let source = Arc::new(Source::new(path, text));
    let verdict = bedrock_lint::lint(&[source], &FormatOptions::default(), &facts);
    assert_eq!(verdict.problems, []);
    verdict.findings
}

fn said(path: &str, text: &str) -> Vec<Finding> {
    said_under(path, text, "")
}

/// Rules that speak of more than credentials, and of these fixtures too.
const OTHERS: [&str; 2] = ["leftover-placeholder", "missing-region"];

/// `rule: underlined text`, with the confidence where it is not certain.
fn told(findings: &[Finding]) -> Vec<String> {
    let line = |one: &Finding| {
        let confidence = match one.confidence {
            Confidence::Certain => "",
            Confidence::Likely => " (likely)",
            Confidence::Possible => " (possible)",
        };
        format!("{}: {}{confidence}", one.rule, one.primary.at.text())
    };
    findings.iter().filter(|one| !OTHERS.contains(&one.rule)).map(line).collect()
}

/// The two adapters of Unstract with these settings over correct ones; `null` takes one out.
fn adapters(changes: &Value) -> [String; 2] {
    let kinds = [
        ("LLM", "8d18571f-5e96-4505-bd28-ad0379c64064", "us.anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("EMBEDDING", "88199741-8d7e-4e8c-9d92-d76b0dc20c91", "amazon.titan-embed-text-v2:0"),
    ];
    kinds.map(|(kind, number, model)| {
        let mut metadata = json!({ "adapter_name": "a", "model": model, "region_name": "us-east-1" });
        if kind == "LLM" {
            metadata["enable_thinking"] = false.into();
        }
        for (key, value) in changes.as_object().unwrap() {
            metadata[key] = value.clone();
        }
        let id = format!("bedrock|{number}");
        let adapter = json!({ "adapter_id": id, "adapter_type": kind, "adapter_metadata": metadata });
        serde_json::to_string_pretty(&adapter).unwrap()
    })
}

/// The same is said of the LLM and of the embedding adapter.
#[track_caller]
fn both(changes: &Value, expected: &[&str]) {
    for text in adapters(changes) {
        assert_eq!(told(&said("adapter.json", &text)), expected, "{changes:#}");
    }
}

#[test]
fn words_that_unstract_does_not_know() {
    for word in ["bearer-token", "BEARER_TOKEN", "bearer_tokens", " bearer_token"] {
        let [text, _] = adapters(&json!({ "auth_type": word, "aws_bearer_token": "${KEY}" }));
        let [finding] = said("adapter.json", &text).try_into().unwrap();
        assert_eq!((finding.rule, finding.primary.at.text()), ("unknown-auth-type", word));
        assert_eq!(finding.fix.unwrap().edits[0].text, "bearer_token", "{word}");
    }
    let keys = |word: &str| json!({ "auth_type": word, "aws_access_key_id": "", "aws_secret_access_key": null });
    both(&keys("iamrole"), &["unknown-auth-type: iamrole"]);
    both(&keys("IAM_ROLE"), &["unknown-auth-type: IAM_ROLE"]);
    // what is meant by it needs more
    both(&keys("access_key"), &["unknown-auth-type: access_key", "incomplete-credentials: aws_access_key_id"]);
    for word in [json!("keys"), json!("api_key"), json!("none"), json!(true)] {
        let [text, _] = adapters(&json!({ "auth_type": word, "aws_bearer_token": "${KEY}" }));
        let [finding] = said("adapter.json", &text).try_into().unwrap();
        assert_eq!(finding.rule, "unknown-auth-type");
        assert_eq!(finding.fix, None);
        assert!(finding.help.unwrap().contains("`access_keys`, `iam_role` or `bearer_token`"));
    }
    both(&json!({ "auth_type": "", "aws_bearer_token": "${KEY}" }), &["unknown-auth-type: auth_type"]);
}

#[test]
fn types_that_a_version_does_not_have() {
    let role = json!({ "auth_type": "iam_role" });
    let key = json!({ "auth_type": "bearer_token", "aws_bearer_token": "${KEY}" });
    let keys =
        json!({ "auth_type": "access_keys", "aws_access_key_id": "${ID}", "aws_secret_access_key": "${SECRET}" });
    for (version, changes, expected) in [
        ("v0.158.4", &role, Some("unsupported-auth-type: iam_role")),
        ("v0.160.0", &role, Some("unsupported-auth-type: iam_role (possible)")),
        ("0.163.5", &role, None),
        ("v0.184.1", &role, None),
        ("v0.162.0", &key, Some("unsupported-auth-type: bearer_token")),
        ("v0.163.5", &key, Some("unsupported-auth-type: bearer_token (possible)")),
        ("v0.168.0", &key, Some("unsupported-auth-type: bearer_token (likely)")),
        ("v0.168.1", &key, None),
        ("v0.158.4", &keys, None),
    ] {
        for text in adapters(changes) {
            let said = said_under("adapter.json", &text, &format!("platforms: {{unstract: {version}}}"));
            assert_eq!(told(&said), expected.into_iter().collect::<Vec<_>>(), "{version} {changes}");
        }
    }
    let [text, _] = adapters(&role);
    let [disputed] = said_under("adapter.json", &text, "platforms: {unstract: v0.160.0}").try_into().unwrap();
    assert!(disputed.message.contains("v0.163.4") && disputed.message.contains("v0.159.3"), "{}", disputed.message);
    assert_eq!(disputed.related[0].at.text(), "v0.160.0");
}

#[test]
fn what_a_type_needs_and_does_not_have() {
    let id = "aws_access_key_id";
    let secret = "aws_secret_access_key";
    both(&json!({ "auth_type": "access_keys" }), &["incomplete-credentials: access_keys"]);
    both(&json!({ "auth_type": "access_keys", id: EXAMPLE_ID }), &["incomplete-credentials: access_keys"]);
    both(
        &json!({ "auth_type": "access_keys", id: EXAMPLE_ID, secret: " " }),
        &["incomplete-credentials: aws_secret_access_key"],
    );
    both(
        &json!({ "auth_type": "access_keys", id: null, secret: "${SECRET}" }),
        &["incomplete-credentials: aws_access_key_id"],
    );
    for blank in [json!(""), json!("\t "), Value::Null] {
        both(
            &json!({ "auth_type": "bearer_token", "aws_bearer_token": blank }),
            &["incomplete-credentials: aws_bearer_token"],
        );
    }
    both(&json!({ "auth_type": "bearer_token" }), &["incomplete-credentials: bearer_token"]);
    // the other credential is there: one mistake, and it is the type
    let [text, _] = adapters(&json!({ "auth_type": "access_keys", "aws_bearer_token": "ABSK-mine" }));
    let [finding] = said("adapter.json", &text).try_into().unwrap();
    assert_eq!(finding.rule, "incomplete-credentials");
    assert!(finding.help.unwrap().starts_with("write `bearer_token`"));
    // without a type, a half of an access key is one, and an API key is never read
    both(&json!({ id: EXAMPLE_ID }), &["incomplete-credentials: aws_access_key_id (likely)"]);
    both(&json!({ secret: EXAMPLE_SECRET }), &["incomplete-credentials: aws_secret_access_key (likely)"]);
    both(&json!({ "aws_bearer_token": "${KEY}" }), &["incomplete-credentials: aws_bearer_token"]);
    both(&json!({ "auth_type": null, "aws_bearer_token": "${KEY}" }), &["incomplete-credentials: aws_bearer_token"]);
}

#[test]
fn several_credentials_of_which_one_is_used() {
    let keys = json!({ "aws_access_key_id": EXAMPLE_ID, "aws_secret_access_key": EXAMPLE_SECRET });
    let with = |more: Value| {
        let mut all = keys.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let secret = &["mixed-credentials: aws_secret_access_key"];
    let api_key = &["mixed-credentials: aws_bearer_token"];
    both(&with(json!({ "auth_type": "bearer_token", "aws_bearer_token": "${KEY}" })), secret);
    both(&with(json!({ "auth_type": "iam_role" })), secret);
    both(&with(json!({ "auth_type": "access_keys", "aws_bearer_token": "ABSK-mine" })), api_key);
    both(&with(json!({ "aws_bearer_token": "ABSK-mine" })), api_key);
    both(&json!({ "auth_type": "iam_role", "aws_bearer_token": "ABSK-mine" }), api_key);
    both(&json!({ "auth_type": "iam_role", "aws_secret_access_key": EXAMPLE_SECRET }), secret);
    // several at once are one mistake
    let [text, _] = adapters(&with(json!({ "auth_type": "iam_role", "aws_bearer_token": "ABSK-mine" })));
    let [finding] = said("adapter.json", &text).try_into().unwrap();
    assert!(finding.message.contains("the Bedrock API key and the access keys are never used"), "{}", finding.message);
    // a profile wins over keys, and is unknown to the embedding adapter
    let [llm, embedding] = adapters(&with(json!({ "auth_type": "access_keys", "aws_profile_name": "dev" })));
    assert_eq!(told(&said("adapter.json", &llm)), secret);
    assert_eq!(told(&said("adapter.json", &embedding)), [""; 0]);
    // what is filled in later may be blank
    both(
        &json!({ "auth_type": "iam_role", "aws_secret_access_key": "${SECRET}" }),
        &["mixed-credentials: aws_secret_access_key (possible)"],
    );
    both(&with(json!({ "auth_type": "${TYPE}", "aws_bearer_token": "${KEY}" })), &[]);
}

#[test]
fn temporary_access_keys() {
    let keys =
        |id: &str| json!({ "auth_type": "access_keys", "aws_access_key_id": id, "aws_secret_access_key": "${S}" });
    let expected = &["temporary-access-key: aws_access_key_id"];
    both(&keys("ASIAIOSFODNN7EXAMPLE"), expected);
    both(&keys(&mint_access_key_id("ASIA", ACCOUNT)), expected);
    let mut with_token = keys("ASIAIOSFODNN7EXAMPLE");
    with_token["aws_session_token"] = "${TOKEN}".into();
    both(&with_token, expected);
    with_token["aws_access_key_id"] = "${ID}".into();
    both(&with_token, &["temporary-access-key: aws_session_token (likely)"]);
    // whatever is not used is told of as that
    both(
        &json!({ "auth_type": "iam_role", "aws_access_key_id": "ASIAIOSFODNN7EXAMPLE" }),
        &["mixed-credentials: aws_access_key_id"],
    );
}

#[test]
fn keys_in_a_file() {
    let long = mint_long_term("BedrockAPIKey-x7k2", ACCOUNT, false).text;
    let secret = mint_secret_access_key("adapter");
    let id = mint_access_key_id("AKIA", ACCOUNT);
    both(&json!({ "auth_type": "bearer_token", "aws_bearer_token": long }), &["hardcoded-key: aws_bearer_token"]);
    let keys = json!({ "auth_type": "access_keys", "aws_access_key_id": id, "aws_secret_access_key": secret });
    both(&keys, &["hardcoded-key: aws_secret_access_key"]);
    // also where others are to fill in, and where it is not used
    let [text, _] = adapters(&keys);
    assert_eq!(told(&said("adapter.example.json", &text)), ["hardcoded-key: aws_secret_access_key"]);
    both(
        &json!({ "auth_type": "iam_role", "aws_bearer_token": long }),
        &["hardcoded-key: aws_bearer_token", "mixed-credentials: aws_bearer_token"],
    );
    for nobodys in ["ABSK...", "ABSK<your key>", "ABSKxxxxxxxxxxxxxxxx", "<your key>", "YOUR_API_KEY", "op://vault/key"]
    {
        both(&json!({ "auth_type": "bearer_token", "aws_bearer_token": nobodys }), &[]);
    }
    for nobodys in [EXAMPLE_SECRET, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "change-me", "{{ secret }}"] {
        let keys =
            json!({ "auth_type": "access_keys", "aws_access_key_id": EXAMPLE_ID, "aws_secret_access_key": nobodys });
        both(&keys, &[]);
    }
}

#[test]
fn short_term_keys_and_their_regions() {
    let key = |region: &str, date: &str, id: &str| {
        let key = mint_short_term(region, date, 43_200, id).text;
        json!({ "auth_type": "bearer_token", "aws_bearer_token": key })
    };
    let id = mint_access_key_id("ASIA", ACCOUNT);
    let other_region = &["key-region-mismatch: aws_bearer_token", "short-term-key: aws_bearer_token"];
    both(&key("eu-west-1", "20261120T080000Z", &id), other_region);
    both(&key("us-east-1", "20261120T080000Z", &id), &["short-term-key: aws_bearer_token"]);
    // made of AWS's example, it is nobody's and still of this kind
    both(&key("eu-west-1", "20261120T080000Z", "AKIAIOSFODNN7EXAMPLE"), other_region);
    for (date, said_of_it) in [
        ("20261120T080000Z", "made at 2026-11-20T08:00:00Z and ended at 2026-11-20T20:00:00Z at the latest"),
        ("20261121T235959Z", "made at 2026-11-21T23:59:59Z and ends at 2026-11-22T11:59:59Z at the latest"),
        ("20261121T115959Z", "ended at 2026-11-21T23:59:59Z at the latest, so it has ended as of 2026-11-22"),
    ] {
        let [text, _] = adapters(&key("us-east-1", date, &id));
        let [finding] = said("adapter.json", &text).try_into().unwrap();
        assert!(finding.message.contains(said_of_it), "{}", finding.message);
        assert!(finding.message.contains("Unstract does not refresh keys"), "{}", finding.message);
    }
    // one that is not used is a mistake of another kind
    let mut unused = key("eu-west-1", "20261120T080000Z", &id);
    unused["auth_type"] = "iam_role".into();
    both(&unused, &["mixed-credentials: aws_bearer_token", "short-term-key: aws_bearer_token"]);
    // a Region that is not known, and one that is written wrongly
    let mut open = key("eu-west-1", "20261120T080000Z", &id);
    open["region_name"] = "${REGION}".into();
    both(&open, &["short-term-key: aws_bearer_token"]);
    for nobodys in ["bearer", "bedrock-api-key-", "bedrock-api-key-xxxxxxxxxxxxxxxx", "bedrock-api-key-<your key>"] {
        both(&json!({ "auth_type": "bearer_token", "aws_bearer_token": nobodys }), &[]);
    }
    // cut short in copying
    let cut = &key("eu-west-1", "20261120T080000Z", &id)["aws_bearer_token"].as_str().unwrap()[..120].to_owned();
    both(&json!({ "auth_type": "bearer_token", "aws_bearer_token": cut }), &["short-term-key: aws_bearer_token"]);
}

#[test]
fn long_term_keys_have_the_region_that_is_declared() {
    let settings = "api-keys: [{path: adapter.json, region: eu-west-1, user: BedrockAPIKey-x7k2}]";
    let key = |user: &str| {
        let key = mint_long_term(user, ACCOUNT, false).text;
        json!({ "auth_type": "bearer_token", "aws_bearer_token": key })
    };
    let hardcoded = "hardcoded-key: aws_bearer_token";
    let mismatch = "key-region-mismatch: aws_bearer_token (likely)";
    for text in adapters(&key("BedrockAPIKey-x7k2")) {
        assert_eq!(told(&said("adapter.json", &text)), [hardcoded]);
        assert_eq!(told(&said_under("adapter.json", &text, settings)), [hardcoded, mismatch]);
        assert_eq!(told(&said_under("other.json", &text, settings)), [hardcoded]);
        let [_, finding] = said_under("adapter.json", &text, settings).try_into().unwrap();
        assert!(finding.message.contains("nor does AWS say that a long-term key has one"), "{}", finding.message);
        assert_eq!(finding.related[0].at.text(), "eu-west-1");
    }
    for text in adapters(&key("ci")) {
        assert_eq!(told(&said_under("adapter.json", &text, settings)), [hardcoded]);
    }
    // of a reference it is known as well
    let settings = "api-keys: [{path: adapter.json, region: eu-west-1}]";
    for (region, expected) in [("us-east-1", vec![mismatch]), ("eu-west-1", Vec::new())] {
        let changes = json!({
            "auth_type": "bearer_token", "aws_bearer_token": "${KEY}", "region_name": region,
            "model": "amazon.titan-embed-text-v2:0",
        });
        let [_, embedding] = adapters(&changes);
        assert_eq!(told(&said_under("adapter.json", &embedding, settings)), expected);
    }
}

#[test]
fn a_profile_of_another_account() {
    let arn = |account: &str| format!("arn:aws:bedrock:us-east-1:{account}:application-inference-profile/a1b2c3d4e5f6");
    let secret = "${SECRET}";
    let id = mint_access_key_id("AKIA", ACCOUNT);
    let keys = |arn: String| json!({ "auth_type": "access_keys", "aws_access_key_id": id, "aws_secret_access_key": secret, "model_id": arn });
    let of = |changes: &Value| told(&said("adapter.json", &adapters(changes)[0]));
    assert_eq!(of(&keys(arn(OTHER))), [format!("account-mismatch: {OTHER} (likely)")]);
    assert_eq!(of(&keys(arn(ACCOUNT))), [""; 0]);
    let key = mint_long_term("ci", ACCOUNT, false).text;
    let mut changes = json!({ "auth_type": "bearer_token", "aws_bearer_token": key, "model_id": arn(OTHER) });
    assert_eq!(
        of(&changes),
        ["hardcoded-key: aws_bearer_token", &format!("account-mismatch: {OTHER}")]
            .iter()
            .map(|one| (*one).to_owned())
            .collect::<Vec<_>>()
    );
    // the same in `model`, and with a key that is not used
    changes["model_id"] = Value::Null;
    changes["model"] =
        format!("arn:aws:bedrock:us-east-1:{OTHER}:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0")
            .into();
    assert!(of(&changes).contains(&format!("account-mismatch: {OTHER}")));
    changes["auth_type"] = "iam_role".into();
    assert!(!of(&changes).iter().any(|one| one.starts_with("account-mismatch")));
    // old and published ids tell no account
    let mut old = keys(arn(OTHER));
    old["aws_access_key_id"] = EXAMPLE_ID.into();
    assert_eq!(of(&old), [""; 0]);
}

#[test]
fn correct_credentials_are_met_with_silence() {
    for changes in [
        json!({ "auth_type": "iam_role" }),
        json!({ "auth_type": "iam_role", "aws_access_key_id": "", "aws_secret_access_key": null, "aws_bearer_token": " " }),
        json!({ "auth_type": "iam_role", "aws_profile_name": "dev" }),
        json!({ "auth_type": "bearer_token", "aws_bearer_token": "${AWS_BEARER_TOKEN_BEDROCK}" }),
        json!({ "auth_type": "bearer_token", "aws_bearer_token": "op://infra/bedrock/key", "aws_access_key_id": "" }),
        json!({ "auth_type": "access_keys", "aws_access_key_id": "{{ id }}", "aws_secret_access_key": "{{ secret }}" }),
        json!({ "auth_type": "access_keys", "aws_access_key_id": EXAMPLE_ID, "aws_secret_access_key": "vault:bedrock#s" }),
        json!({ "aws_access_key_id": EXAMPLE_ID, "aws_secret_access_key": EXAMPLE_SECRET }),
        json!({ "aws_access_key_id": "", "aws_secret_access_key": "" }),
        json!({ "aws_profile_name": "dev" }),
        json!({}),
    ] {
        both(&changes, &[]);
    }
    // published to be filled in
    for changes in [
        json!({ "auth_type": "bearer_token", "aws_bearer_token": "" }),
        json!({ "auth_type": "access_keys", "aws_access_key_id": "", "aws_secret_access_key": "" }),
        json!({
            "auth_type": "access_keys", "aws_access_key_id": EXAMPLE_ID, "aws_secret_access_key": EXAMPLE_SECRET,
            "aws_bearer_token": "ABSK-mine",
        }),
    ] {
        for text in adapters(&changes) {
            assert_eq!(told(&said("adapter.example.json", &text)), [""; 0], "{changes}");
        }
    }
}

/// What is said of a `.env` file.
#[track_caller]
fn in_env(text: &str, expected: &[&str]) {
    assert_eq!(told(&said(".env", text)), expected, "{text}");
}

#[test]
fn keys_of_an_environment() {
    let short = mint_short_term("eu-west-1", "20261120T080000Z", 43_200, &mint_access_key_id("ASIA", ACCOUNT)).text;
    let both = ["key-region-mismatch: AWS_BEARER_TOKEN_BEDROCK", "short-term-key: AWS_BEARER_TOKEN_BEDROCK"];
    in_env(&format!("AWS_BEARER_TOKEN_BEDROCK={short}\nCLAUDE_CODE_USE_BEDROCK=1\nAWS_REGION=us-east-1\n"), &both);
    // nobody knows what an unknown program makes of its Region
    in_env(
        &format!("AWS_BEARER_TOKEN_BEDROCK='{short}'\nAWS_REGION=us-east-1\n"),
        &[&format!("{} (likely)", both[0]), both[1]],
    );
    in_env(&format!("AWS_BEARER_TOKEN_BEDROCK={short}\nAWS_REGION=eu-west-1\n"), &both[1..]);
    in_env(&format!("AWS_BEARER_TOKEN_BEDROCK={short}\n"), &both[1..]);
    let [finding] = said(".env", &format!("AWS_BEARER_TOKEN_BEDROCK={short}\n")).try_into().unwrap();
    assert!(!finding.message.contains("Unstract"), "{}", finding.message);
    // one variable that two clients read is one mistake
    let long = mint_long_term("ci", ACCOUNT, false).text;
    let two = "CLAUDE_CODE_USE_BEDROCK=1\nAIDER_MODEL=bedrock/us.anthropic.claude-sonnet-4-6\nAWS_REGION=us-east-1\n";
    in_env(&format!("{two}AWS_BEARER_TOKEN_BEDROCK={long}\n"), &["hardcoded-key: AWS_BEARER_TOKEN_BEDROCK"]);
    in_env(
        &format!("{two}AWS_BEARER_TOKEN_BEDROCK={short}\n"),
        &["key-region-mismatch: AWS_BEARER_TOKEN_BEDROCK", "short-term-key: AWS_BEARER_TOKEN_BEDROCK"],
    );
    let secret = mint_secret_access_key("env");
    in_env(
        &format!("BEDROCK_AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nBEDROCK_AWS_SECRET_ACCESS_KEY={secret}\n"),
        &["hardcoded-key: BEDROCK_AWS_SECRET_ACCESS_KEY"],
    );
}

#[test]
fn parts_of_credentials_in_an_environment() {
    let model = "BEDROCK_MODEL_ID=us.anthropic.claude-sonnet-4-6\nAWS_REGION=us-east-1\n";
    let id = format!("AWS_ACCESS_KEY_ID={EXAMPLE_ID}\n");
    let secret = format!("AWS_SECRET_ACCESS_KEY={EXAMPLE_SECRET}\n");
    let temporary = "AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\n";
    let lacks = |key: &str| format!("incomplete-credentials: {key} (likely)");
    let case = |variables: &str, expected: &str| in_env(&format!("{model}{variables}"), &[expected]);
    case(&id, &lacks("AWS_ACCESS_KEY_ID"));
    case(&secret, &lacks("AWS_SECRET_ACCESS_KEY"));
    case(&format!("{id}AWS_SECRET_ACCESS_KEY=\n"), &lacks("AWS_SECRET_ACCESS_KEY"));
    case(&format!("{secret}AWS_ACCESS_KEY_ID=' '\n"), &lacks("AWS_ACCESS_KEY_ID"));
    case("AWS_SESSION_TOKEN=abc\n", &lacks("AWS_SESSION_TOKEN"));
    case(&format!("{temporary}{secret}"), &lacks("AWS_ACCESS_KEY_ID"));
    case(&format!("{temporary}{secret}AWS_SESSION_TOKEN=\n"), &lacks("AWS_SESSION_TOKEN"));
    // an empty key breaks the SDKs for Python and JavaScript, which the program may or may not be written for
    case(
        &format!("{id}{secret}AWS_BEARER_TOKEN_BEDROCK=\n"),
        "incomplete-credentials: AWS_BEARER_TOKEN_BEDROCK (possible)",
    );
    let gateway = "DEFAULT_MODEL=us.anthropic.claude-sonnet-4-6\nENABLE_APPLICATION_INFERENCE_PROFILES=true\n";
    in_env(
        &format!("{gateway}AWS_REGION=us-east-1\nAWS_BEARER_TOKEN_BEDROCK=\n"),
        &["incomplete-credentials: AWS_BEARER_TOKEN_BEDROCK (likely)"],
    );
    let token = mint_session_token("env");
    for complete in [
        "",
        "AWS_ACCESS_KEY_ID=\nAWS_SECRET_ACCESS_KEY=\n",
        "AWS_ACCESS_KEY_ID=${ID}\nAWS_SECRET_ACCESS_KEY=${SECRET}\n",
        "AWS_ACCESS_KEY_ID=${ID}\n",
        "AWS_BEARER_TOKEN_BEDROCK=${KEY}\n",
        "AWS_BEARER_TOKEN_BEDROCK=your-api-key\n",
        "AWS_PROFILE=dev\n",
        &format!("{id}{secret}"),
        &format!("{temporary}{secret}AWS_SESSION_TOKEN={token}\n"),
    ] {
        in_env(&format!("{model}{complete}"), &[]);
    }
    in_env("CLAUDE_CODE_USE_BEDROCK=1\nAWS_REGION=us-east-1\nAWS_BEARER_TOKEN_BEDROCK=\nAWS_PROFILE=dev\n", &[]);
    // to be filled in by whoever copies it
    for variables in [&*id, "AWS_SESSION_TOKEN=\n", temporary, "AWS_BEARER_TOKEN_BEDROCK=\n"] {
        assert_eq!(told(&said(".env.example", &format!("{gateway}{variables}"))), [""; 0], "{variables}");
    }
}

#[test]
fn several_credentials_in_an_environment() {
    let keys = format!("AWS_ACCESS_KEY_ID={EXAMPLE_ID}\nAWS_SECRET_ACCESS_KEY={EXAMPLE_SECRET}\n");
    let key = "AWS_BEARER_TOKEN_BEDROCK=ABSK-mine\n";
    let claude = "CLAUDE_CODE_USE_BEDROCK=1\nAWS_REGION=us-east-1\n";
    let secret = &["mixed-credentials: AWS_SECRET_ACCESS_KEY (likely)"];
    in_env(&format!("{claude}{keys}{key}"), secret);
    in_env(&format!("{claude}AWS_PROFILE=dev\n{key}"), &["mixed-credentials: AWS_PROFILE (likely)"]);
    in_env(&format!("{claude}AWS_PROFILE=dev\n{keys}"), secret);
    // half of an access key that is not used is not half of what is
    in_env(
        &format!("{claude}AWS_ACCESS_KEY_ID={EXAMPLE_ID}\n{key}"),
        &["mixed-credentials: AWS_ACCESS_KEY_ID (likely)"],
    );
    in_env(
        &format!("{claude}{keys}AWS_BEARER_TOKEN_BEDROCK=${{KEY}}\n"),
        &["mixed-credentials: AWS_SECRET_ACCESS_KEY (possible)"],
    );
    // which of them depends on the language of the program
    in_env(
        &format!("BEDROCK_MODEL_ID=us.anthropic.claude-sonnet-4-6\nAWS_REGION=us-east-1\nAWS_PROFILE=dev\n{keys}"),
        &["mixed-credentials: AWS_SECRET_ACCESS_KEY (possible)"],
    );
    assert_eq!(told(&said(".env.example", &format!("{claude}{keys}{key}"))), [""; 0]);
}

#[test]
fn what_a_container_is_given_from_elsewhere_is_not_missing() {
    let pod = |more: &str, from: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - name: a\n    image: a\n{from}    env:\n    \
             - {{name: BEDROCK_MODEL_ID, value: us.anthropic.claude-sonnet-4-6}}\n    - {{name: AWS_REGION, value: us-east-1}}\n    \
             - {{name: AWS_ACCESS_KEY_ID, value: {EXAMPLE_ID}}}\n{more}"
        )
    };
    let key = |name: &str| format!("    - {{name: {name}, valueFrom: {{secretKeyRef: {{name: aws, key: {name}}}}}}}\n");
    let from = "    envFrom: [{secretRef: {name: aws}}]\n";
    let said_of = |text: &str| told(&said("pod.yaml", text));
    assert_eq!(said_of(&pod("", "")), ["incomplete-credentials: AWS_ACCESS_KEY_ID (likely)"]);
    assert_eq!(said_of(&pod("", from)), [""; 0]);
    assert_eq!(said_of(&pod(&key("AWS_SECRET_ACCESS_KEY"), "")), [""; 0]);
    // what is blank here is not taken from there
    assert_eq!(
        said_of(&pod("    - {name: AWS_SECRET_ACCESS_KEY, value: ''}\n", from)),
        ["incomplete-credentials: AWS_SECRET_ACCESS_KEY (likely)"]
    );
}

#[test]
fn keys_in_the_place_of_something_else_and_as_defaults() {
    let long = mint_long_term("BedrockAPIKey-ab12", ACCOUNT, false).text;
    let secret = mint_secret_access_key("swapped");
    // the two parts of an access key, swapped
    let swapped =
        json!({ "auth_type": "access_keys", "aws_access_key_id": secret, "aws_secret_access_key": EXAMPLE_ID });
    both(&swapped, &["hardcoded-key: aws_access_key_id"]);
    let model = "BEDROCK_MODEL_ID=us.anthropic.claude-sonnet-4-6\nAWS_REGION=us-east-1\n";
    in_env(
        &format!("{model}AWS_BEARER_TOKEN_BEDROCK=${{KEY:-{long}}}\n"),
        &["hardcoded-key: AWS_BEARER_TOKEN_BEDROCK"],
    );
    in_env(&format!("{model}AWS_BEARER_TOKEN_BEDROCK=${{KEY:-your-key}}\n"), &[]);
}
