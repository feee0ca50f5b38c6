//! No secret of a file is in anything that the program writes, whatever is wrong with the file.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::formats::{self, FormatOptions};
use bedrock_lint::reading::AdapterReading;
use bedrock_lint::report::mask;
use bedrock_lint::rules::Facts;
use bedrock_lint::source::{Shelf, Source};
use common::Folder;
use common::keys::{
    Minted, mint_access_key_id, mint_anthropic_key, mint_long_term, mint_secret_access_key, mint_session_token,
    mint_short_term,
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const ACCOUNT: &str = "111122223333";

/// Stretches of a secret part that are this long must not be seen.
const SEEN: usize = 12;

/// A secret, and every stretch of it that must not be seen.
struct Secret {
    name: &'static str,
    text: String,
    stretches: AhoCorasick,
}

impl Secret {
    /// `open` characters at the beginning are no secret.
    fn new(name: &'static str, minted: &Minted, open: usize) -> Self {
        let parts = minted.secrets.iter().map(String::as_str).chain([&minted.text[open..]]);
        let stretches = AhoCorasick::new(parts.flat_map(|part| part.as_bytes().windows(SEEN))).unwrap();
        Self { name, text: minted.text.clone(), stretches }
    }

    /// Nothing of it is in a text, as it stands there or behind percent signs.
    #[track_caller]
    fn assert_unseen(&self, text: &str, what: &str) {
        for text in [text, &percent_decode_str(text).decode_utf8_lossy()] {
            if let Some(found) = self.stretches.find(text) {
                let line = text[..found.start()].lines().count();
                panic!("{} in {what}: `{}` in line {line} of\n{text}", self.name, &text[found.range()]);
            }
        }
    }
}

fn api_keys_but(open: usize) -> Vec<Secret> {
    let id = mint_access_key_id("ASIA", ACCOUNT);
    vec![
        Secret::new("long-term key", &mint_long_term("BedrockAPIKey-x7k2", ACCOUNT, false), open),
        Secret::new("second long-term key of another user", &mint_long_term("ci", ACCOUNT, true), open),
        Secret::new("short-term key", &mint_short_term("us-east-1", "20261122T101112Z", 3600, &id), open),
    ]
}

fn api_keys() -> Vec<Secret> {
    api_keys_but(16)
}

fn secrets() -> Vec<Secret> {
    let mut keys = (0..).map(|number| mint_secret_access_key(&number.to_string()));
    let others = [
        ("secret access key", mint_secret_access_key("a")),
        ("secret access key with signs", keys.find(|key| key.contains('/') && key.contains('+')).unwrap()),
        ("session token", mint_session_token("a")),
        ("key of another vendor", mint_anthropic_key("a")),
    ];
    let others = others.map(|(name, text)| Secret::new(name, &Minted { text, secrets: Vec::new() }, 4));
    api_keys().into_iter().chain(others).collect()
}

// ---- the mask by itself ----

/// Ways to write a value, `{}`.
const WRITTEN: [&str; 21] = [
    "{}",
    " {}\n",
    "AWS_BEARER_TOKEN_BEDROCK={}",
    "export aws_bearer_token_bedrock='{}'",
    "set Key={} & rem done",
    "secretAccessKey: {}\nregion: us-east-1",
    "sk = \"{}\" # key",
    "- name: X\n  value: {}",
    "{\"Sid\": \"{}\", \"Effect\": \"Allow\"}",
    "\"{\\\"apiKey\\\": \\\"{}\\\"}\"",
    "<add key=\"SECRET\" value=\"{}\"/>",
    "| key | `{}` |",
    "Authorization: Bearer {}",
    "curl -H 'x-api-key:{}' https://example.com",
    "https://example.com/bearer/?token={}&x=1",
    "ключ={}é",
    "({}), [{}]",
    "{}: {}",
    "key={},key={}",
    "{}\n{}\n{}",
    "aws configure set aws_secret_access_key {} --profile x",
];

#[test]
fn a_secret_is_masked_wherever_it_stands() {
    for secret in secrets() {
        for written in WRITTEN {
            for text in spellings(&secret.text) {
                let text = written.replace("{}", &text);
                let masked = mask(&text);
                assert_eq!(masked.len(), text.len(), "spans must stay right");
                secret.assert_unseen(&masked, written);
                assert_eq!(mask(&masked), masked, "{written}");
            }
        }
    }
}

/// The same value in other escapes.
fn spellings(value: &str) -> Vec<String> {
    let encoded = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
    vec![
        value.to_owned(),
        encoded.replace('%', "%25"),
        encoded,
        value.replace('/', "\\/"),
        value.replace('/', "\\\\/").replace('+', "\\u002b"),
        value.replace('/', "\\u002F").replace('=', "\\u003d"),
    ]
}

/// Ways to write a long value in parts: the first part, the middle ones, the last.
const JOINED: [(&str, &str, &str); 9] = [
    ("\"", "\" + \"", "\""),
    ("key = ('", "'\n       '", "')"),
    ("key: >-\n  ", "\n  ", "\nregion: us-east-1\n"),
    ("KEY=", "\\\n", "\n"),
    ("# ", "\n# ", "\n"),
    ("\"", "\\n", "\""),
    ("\"", "\\r\\n", "\""),
    ("join(\"\", [\"", "\", \"", "\"])"),
    ("$key = \"", "\" .\n  \"", "\";"),
];

#[test]
fn an_api_key_in_parts_is_masked() {
    // a part without the prefix begins anew
    for secret in api_keys_but(32) {
        for (first, between, last) in JOINED {
            for at in [4, 16, 30, 76] {
                let (head, tail) = secret.text.split_at(at.min(secret.text.len() - 30));
                let tail: Vec<String> =
                    tail.as_bytes().chunks(76).map(|part| String::from_utf8(part.to_vec()).unwrap()).collect();
                let text = format!("{first}{head}{between}{}{last}", tail.join(between));
                let masked = mask(&text);
                assert_eq!(masked.len(), text.len());
                secret.assert_unseen(&masked, &text);
                assert!(masked.ends_with(last), "{masked}");
            }
        }
    }
}

/// The limit is far above what it takes, and far below what it would take if the time grew with the square of the length.
#[test]
fn long_texts_are_masked_in_time() {
    let small = "a".repeat(70);
    let sources =
        ["ABSK", &format!("ABSK{small} "), "ABSKAbcdefgh ", "bedrock-api-key-", "AEAA/", "a/", "aB/", "IQoJ-"];
    let sources = [&sources[..], &["sk-ant-", "\\", "%25", "%", "\\u", "=", "secret=", "\"+\"", "aB1 ", "é"]].concat();
    let started = Instant::now();
    for piece in sources {
        let text = piece.repeat(300_000 / piece.len());
        assert_eq!(mask(&text).len(), text.len(), "{piece}");
        assert!(started.elapsed() < Duration::from_secs(60), "{piece}");
    }
}

#[test]
fn what_is_no_secret_stays_readable() {
    for text in [
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/BedrockGateway/Credentials2026ForTeamA",
        "arn:aws:iam::111122223333:role/service-role/AmazonBedrockExecutionRoleForAgents_ABC123DEF456",
        "arn:aws:bedrock:eu-central-1:111122223333:application-inference-profile/a1b2c3d4e5f6",
        "arn:aws:iam::aws:policy/AWSMarketplaceMeteringRegisterUsage2",
        "Token: {Ref: BedrockAgentCoreGatewayTargetOauth2CredentialProvider}",
        "secret sha: da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "token: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "\"adapter_id\": \"bedrock|8d18571f-5e96-4505-bd28-ad0379c64064\"",
        "api_key: os.environ/AWS_BEARER_TOKEN_BEDROCK",
        "name: bedrock-api-key-rotation-schedule",
        "secretName: bedrock-credentials-production-2026",
        "secretKeyRef: { name: bedrock-gateway, key: AWS_SECRET_ACCESS_KEY }",
        "aws_secret_access_key = wJalr...",
        "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        "ABSK... or bedrock-api-key-<your key>",
        "\"Action\": [\"bedrock:InvokeModelWithResponseStream\", \"bedrock:CallWithBearerToken\"]",
        "password: ${BEDROCK_PASSWORD_FOR_PRODUCTION}",
        "max_tokens: 4096, thinking-tokens: 16000",
        "src/main/java/com/acme/Secrets/BedrockClientFactoryProvider.java",
    ] {
        assert_eq!(mask(text), text);
    }
}

/// What a report may quote of everyday files is not masked by mistake.
#[test]
fn nothing_in_this_repository_is_taken_for_a_secret() {
    fn visit(folder: &Path, seen: &mut usize) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, seen);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let masked = mask(&text);
                // the secret that AWS publishes is masked where its name says what it is
                let is_wrong = |(masked, line): &(&str, &str)| masked != line && !line.contains("EXAMPLEKEY");
                let wrong = masked.lines().zip(text.lines()).find(is_wrong);
                assert_eq!(wrong, None, "{}", path.display());
                *seen += 1;
            }
        }
    }
    let mut seen = 0;
    for folder in ["fixtures", "rules", "catalog", "schemas", "benches"] {
        visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut seen);
    }
    assert!(seen > 50, "{seen}");
}

// ---- everything that the program writes ----

/// Files in which something is wrong beside the secret `{}` or in it. Each must be told of, else it proves nothing.
/// Further kinds of files go here.
const FILES: [(&str, &str); 39] = [
    (
        "sid.json",
        r#"{ "Version": "2012-10-17", "Statement": [{
  "Sid": "{}",
  "Action": "bedrock:Converse",
  "Effect": "Allow", "Resource": "*"
}]}"#,
    ),
    (
        "sid-in-the-line.json",
        r#"{"Statement": [{"Sid": "{}", "Effect": "Allow", "Action": "bedrock:Converse", "Resource": "*"}]}"#,
    ),
    (
        "resource.json",
        r#"{"Statement": {"Effect": "Allow", "Action": "bedrock:InvokeModel",
  "Resource": "arn:aws:bedrock:us-east-1:111122223333:foundation-model/{}"}}"#,
    ),
    (
        "unknown-model.json",
        r#"{"Statement": {"Effect": "Allow", "Action": "bedrock:InvokeModel",
  "Resource": ["arn:aws:bedrock:us-east-1::foundation-model/{}", "arn:aws:bedrock:us-east-1::foundation-model/us.{}"]}}"#,
    ),
    (
        "action.json",
        r#"{"Statement": {"Effect": "Allow", "Action": ["bedrock:{}", "bedrock:Converse"], "Resource": "*"}}"#,
    ),
    (
        "condition-value.json",
        r#"{"Statement": {"Effect": "Allow", "Action": "bedrock:InvokeModel*", "Resource": "*",
  "Condition": {"StringEquals": {"aws:RequestedRegion": ["us-east-1a", "{}"]}}}}"#,
    ),
    (
        "condition-key.json",
        r#"{"Statement": {"Effect": "Allow", "Action": "bedrock:InvokeModel*", "Resource": "*",
  "Condition": {"StringEquals": {"bedrock:InferenceProfilArn": "x", "bedrock:{}": "x"}}}}"#,
    ),
    (
        "duplicate.json",
        r#"{"Statement": {"Effect": "Allow", "Action": "bedrock:ListTagsForResource", "Resource": "*", "{}": 1, "{}": 2}}"#,
    ),
    (
        "embedded.json",
        r#"{"PolicyName": "x", "PolicyDocument": "{\"Statement\": {\"Sid\": \"{}\", \"Effect\": \"Allow\", \"Action\": \"bedrock:Converse\", \"Resource\": \"arn:aws:bedrock:us-east-1:111122223333:foundation-model/{}\"}}"}"#,
    ),
    (
        "encoded.json",
        r#"{"PolicyName": "x", "PolicyDocument": "%7B%22Statement%22%3A%7B%22Sid%22%3A%22{}%22%2C%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22bedrock%3AConverse%22%2C%22Resource%22%3A%22arn%3Aaws%3Abedrock%3Aus-east-1%3A111122223333%3Afoundation-model%2F{}%22%7D%7D"}"#,
    ),
    (
        "comment.jsonc",
        r#"{"Statement": {"Effect": "Allow",
  // the key is {}
  "Action": "bedrock:Converse", /* {} */
  "Resource": "*"}}"#,
    ),
    (
        "comment.yaml",
        "Statement:\n  Effect: Allow\n  Action: bedrock:Converse # {}\n  # AWS_BEARER_TOKEN_BEDROCK={}\n  Resource: '*'\n",
    ),
    (
        "reason.yaml",
        "Statement:\n  Effect: Allow\n  Action: bedrock:Converse # bedrock-lint: ignore[unknown-action] the key is {}\n  Resource: '*'\n",
    ),
    (
        "no-such-rule.yaml",
        "Statement:\n  Effect: Allow\n  Action: bedrock:ListFoundationModels # bedrock-lint: ignore[{}] for {}\n  Resource: '*'\n",
    ),
    (
        "trust.yaml",
        "Statement:\n- Effect: Allow\n  Action: sts:AssumeRoleWithWebIdentity\n  Principal: {Federated: 'arn:aws:iam::111122223333:oidc-provider/{}'}\n  Condition: {StringEquals: {'x:aud': '{}'}}\n",
    ),
    (
        "placeholder.yaml",
        "Statement:\n  Sid: {}\n  Effect: Allow\n  Action: bedrock:InvokeModel\n  Resource: arn:aws:bedrock:us-east-1:<ACCOUNT_ID>:inference-profile/{}\n",
    ),
    ("broken.json", r#"{"Statement": {"Effect": "Allow", "Action": "bedrock:*", "Sid": "{}"#),
    ("broken-after.json", r#"{"Statement": {"Effect": "Allow", "Action": "bedrock:*", "Sid": "x" "{}"#),
    ("broken-word.json", r#"{"Statement": {"Effect": "Allow", "Action": "bedrock:*", "Sid": {}}}"#),
    ("broken.yaml", "Statement:\n- Effect: Allow\n  Action: bedrock:*\n  Sid: \"{}\n"),
    ("broken-alias.yaml", "Statement:\n- Effect: Allow\n  Action: bedrock:*\n  Sid: *{}\n"),
    ("broken-tag.yaml", "Statement:\n- Effect: Allow\n  Action: bedrock:*\n  Sid: ]{}\n"),
    (
        "api-key.json",
        r#"{"adapter_name": "a", "model": "bedrock/us.amazon.nova-lite-v1:0", "region_name": "us-east-1", "auth_type": "iam_role",
  "aws_bearer_token": "{}"}"#,
    ),
    (
        "api-key-in-the-line.json",
        r#"{"adapter_name": "{}", "model": "bedrock/us.amazon.nova-lite-v1:0", "auth_type": "bearer-token", "aws_bearer_token": "{}"}"#,
    ),
    (
        "secret-access-key.json",
        r#"{"adapter_id": "bedrock|8d18571f-5e96-4505-bd28-ad0379c64064", "adapter_metadata": {
  "model": "bedrock/us.amazon.nova-lite-v1:0", "region_name": "us-east-1", "auth_type": "access_keys", "aws_secret_access_key": "{}"}}"#,
    ),
    (
        "access-key-id.json",
        r#"{"adapter_id": "bedrock|88199741-8d7e-4e8c-9d92-d76b0dc20c91", "adapter_metadata": {
  "model": "bedrock/us.amazon.nova-lite-v1:0", "region_name": "{}", "aws_access_key_id": "{}"}}"#,
    ),
    (
        "session-token.json",
        r#"[{"adapter_name": "a", "model": "bedrock/us.amazon.nova-lite-v1:0", "region_name": "us-east-1", "auth_type": "access_keys",
  "aws_access_key_id": "ASIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "{}", "aws_session_token": "{}"}]"#,
    ),
    (
        "metadata-in-a-string.json",
        r#"{"adapter_id": "bedrock|8d18571f-5e96-4505-bd28-ad0379c64064", "adapter_metadata":
  "{\"model\": \"bedrock/us.amazon.nova-lite-v1:0\", \"auth_type\": \"bearer_token\", \"aws_bearer_token\": \" \", \"aws_secret_access_key\": \"{}\"}"}"#,
    ),
    (
        "auth-type.yaml",
        "adapter_name: a\nmodel: bedrock/us.amazon.nova-lite-v1:0\nregion_name: us-east-1\nauth_type: '{}'\naws_bearer_token: '{}'\n",
    ),
    (
        "account.yaml",
        "model: bedrock/us.amazon.nova-lite-v1:0\nmodel_id: arn:aws:bedrock:us-east-1:444455556666:application-inference-profile/{}\n\
         region_name: us-east-1\nauth_type: bearer-token\naws_bearer_token: '{}'\n",
    ),
    (
        ".env",
        "CLAUDE_CODE_USE_BEDROCK=1\nAWS_REGION=us-east-1\nAWS_BEARER_TOKEN_BEDROCK={}\n\
         AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY={} # {}\n",
    ),
    ("halves.env", "BEDROCK_MODEL_ID=us.amazon.nova-lite-v1:0\nAWS_REGION=us-east-1\nAWS_SECRET_ACCESS_KEY='{}'\n"),
    (
        "temporary.env",
        "BEDROCK_REGION=us-east-1\nBEDROCK_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\nexport BEDROCK_SECRET_ACCESS_KEY=\"{}\"\n",
    ),
    (
        "compose.yaml",
        "services:\n  a:\n    image: b\n    environment:\n      - BEDROCK_MODEL_ID=us.amazon.nova-lite-v1:0\n      \
         - AWS_REGION=eu-west-1\n      - AWS_BEARER_TOKEN_BEDROCK=${TOKEN:-{}}\n      - AWS_SECRET_ACCESS_KEY={}\n",
    ),
    (
        "secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  BEDROCK_MODEL_ID: amazon.nova-lite\n  \
         BEDROCK_AWS_SECRET_ACCESS_KEY: {}\n  AWS_BEARER_TOKEN_BEDROCK: '{}'\n",
    ),
    (
        "pod.yaml",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - env:\n    - {name: BEDROCK_MODEL_ID, value: amazon.nova-lite}\n    \
         - {name: AWS_BEARER_TOKEN_BEDROCK, value: '{}'}\n    - {name: AWS_SECRET_ACCESS_KEY, value: '{}'}\n",
    ),
    (
        "workflow.yaml",
        "jobs:\n  a:\n    steps:\n    - uses: aws-actions/configure-aws-credentials@v4\n      with:\n        \
         aws-region: eu-west-1\n        aws-secret-access-key: {}\n    - run: x\n      env:\n        \
         BEDROCK_MODEL_ID: us.amazon.nova-lite-v1:0\n        AWS_BEARER_TOKEN_BEDROCK: '{}'\n",
    ),
    (
        "settings.json",
        r#"{"env": {"CLAUDE_CODE_USE_BEDROCK": "1", "AWS_REGION": "eu-west-1", "ANTHROPIC_MODEL": "us.amazon.nova-lite-v1:0",
  "AWS_BEARER_TOKEN_BEDROCK": "{}", "AWS_SECRET_ACCESS_KEY": "{}"}}"#,
    ),
    (
        "values.yaml",
        "app:\n  env:\n    BEDROCK_MODEL_ID: amazon.nova-lite\n    AWS_SECRET_ACCESS_KEY: {}\n  secretEnv:\n    \
         AWS_BEARER_TOKEN_BEDROCK: '{}'\n",
    ),
];

/// Those of [`FILES`] that are adapters with secrets where secrets belong.
const ADAPTERS: [&str; 13] = [
    "api-key.json",
    "secret-access-key.json",
    "session-token.json",
    "metadata-in-a-string.json",
    ".env",
    "halves.env",
    "temporary.env",
    "compose.yaml",
    "secret.yaml",
    "pod.yaml",
    "workflow.yaml",
    "settings.json",
    "values.yaml",
];

const FORMATS: [&str; 8] = ["human", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown"];

/// Runs the program every way there is, over files with this secret.
fn everything_written(files: &Folder) -> Vec<(String, String)> {
    let mut written = Vec::new();
    let mut run = |arguments: &[&str]| {
        let run = files.run(&[&["check", "--pedantic", "--as-of", "2026-11-22"], arguments].concat());
        written.push((arguments.join(" "), run.out + &run.err));
    };
    for format in FORMATS {
        run(&["--format", format]);
    }
    run(&["--show-suppressed"]);
    run(&["--show-suppressed", "--format", "json"]);
    run(&["--statistics"]);
    run(&["--list-files"]);
    run(&["--color", "always"]);
    run(&["--format", "markdown", "--output-file", "report"]);
    run(&["--write-baseline", "baseline"]);
    run(&["--baseline", "baseline", "--show-suppressed", "--format", "json"]);
    for file in ["report", "baseline"] {
        written.push((file.to_owned(), fs::read_to_string(files.path(file)).unwrap()));
    }
    written
}

#[test]
fn no_report_holds_a_secret() {
    for secret in secrets() {
        let files = Folder::new(&[]);
        for (path, text) in FILES {
            files.write(path, text.replace("{}", &secret.text));
        }
        let written = everything_written(&files);
        for (what, text) in &written {
            secret.assert_unseen(text, what);
        }
        let (_, shown) = &written.iter().find(|(what, _)| what == "--show-suppressed").unwrap();
        let silent: BTreeSet<&str> =
            FILES.iter().map(|(path, _)| *path).filter(|path| !shown.contains(&format!("{path}:"))).collect();
        assert!(silent.is_empty(), "{}: nothing is told of {silent:?}\n{shown}", secret.name);
        // what is masked was to be quoted
        let begin = &secret.text[..4];
        assert!(shown.matches(begin).count() > FILES.len() && shown.contains("*****"), "{}:\n{shown}", secret.name);
    }
}

/// Secrets of Kubernetes hold base64, which is as good as the secret.
#[test]
fn no_report_holds_the_base64_of_a_secret() {
    for secret in api_keys() {
        let encoded = STANDARD.encode(&secret.text);
        let shown = Secret::new(secret.name, &Minted { text: encoded.clone(), secrets: Vec::new() }, 4);
        let (first, second) = encoded.split_at(76);
        let object = "apiVersion: v1\nkind: Secret\nmetadata: {name: llm}\n";
        let files = Folder::new(&[
            ("data.yaml", &format!("{object}data:\n  AWS_BEARER_TOKEN_BEDROCK: {encoded}\n")),
            ("quoted.yaml", &format!("{object}data: {{AWS_BEARER_TOKEN_BEDROCK: \"{encoded}\"}}\n")),
            ("lines.yaml", &format!("{object}data:\n  AWS_BEARER_TOKEN_BEDROCK: |\n    {first}\n    {second}\n")),
            ("open.yaml", &format!("{object}stringData:\n  AWS_BEARER_TOKEN_BEDROCK: {}\n", secret.text)),
            (
                "taken.yaml",
                &format!(
                    "{object}data: {{k: {encoded}}}\n---\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - env:\n    \
                     - {{name: AWS_BEARER_TOKEN_BEDROCK, valueFrom: {{secretKeyRef: {{name: llm, key: k}}}}}}\n"
                ),
            ),
        ]);
        let written = everything_written(&files);
        for (what, text) in &written {
            secret.assert_unseen(text, what);
            shown.assert_unseen(text, what);
        }
        let (_, report) = &written.iter().find(|(what, _)| what == "--show-suppressed").unwrap();
        for path in ["data.yaml", "quoted.yaml", "lines.yaml", "open.yaml", "taken.yaml"] {
            assert!(report.contains(&format!("{path}:")), "{}: nothing is told of {path}\n{report}", secret.name);
        }
    }
}

#[test]
fn no_answer_to_a_call_holds_a_secret() {
    const OPEN: &str = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    for secret in secrets().iter().step_by(2) {
        let files = Folder::new(&[("open.json", OPEN)]);
        let ask = |arguments: &[&str]| {
            let run = files.run(&[&["can-invoke", "--as-of", "2026-11-22"], arguments].concat());
            secret.assert_unseen(&(run.out + &run.err), &arguments.join(" "));
            run.code
        };
        let mut answered = 0;
        for (path, text) in FILES {
            files.write(path, text.replace("{}", &secret.text));
            let call = ["--model", "us.amazon.nova-lite-v1:0", "--region", "us-east-1"];
            answered += i32::from(ask(&[&call[..], &["--account", ACCOUNT, "--policy", path]].concat()) != 2);
            let adapter = ["--adapter", path, "--policy", "open.json", "--format", "json"];
            answered += i32::from(ask(&adapter) != 2);
        }
        assert!(answered > 15, "{answered}");
        let text = &secret.text;
        let wrong =
            format!(r#"{{"Statement": {{"Sid": "{text}", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}}}"#);
        files.write("wrong.json", wrong);
        let call = ["--region", "us-east-1", "--policy", "open.json", "--model"];
        let context = format!("aws:PrincipalTag/key={text}");
        for more in [
            &[text.as_str()][..],
            &["amazon.nova-lite-v1:0", "--principal", text],
            &["amazon.nova-lite-v1:0", "--context", text],
            &["amazon.nova-lite-v1:0", "--context", &context],
            &["amazon.nova-lite-v1:0", "--role", text],
            &["amazon.nova-lite-v1:0", "--scp", text],
            &["amazon.nova-lite-v1:0", "--boundary", "wrong.json", "--format", "json"],
        ] {
            ask(&[&call[..], more].concat());
        }
    }
}

#[test]
fn no_value_that_is_made_of_a_file_shows_a_secret() {
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
        settings: None,
        answers: None,
    };
    let is_adapter = |(path, _): &&(&str, &str)| ADAPTERS.contains(path);
    for secret in secrets() {
        for (path, text) in FILES.iter().filter(is_adapter) {
            let source = Arc::new(Source::new(*path, text.replace("{}", &secret.text)));
            let read = formats::read(&source, &FormatOptions::default(), true);
            secret.assert_unseen(&format!("{read:?}"), path);
            let shelf = Shelf::new(std::slice::from_ref(&source));
            let read = formats::finish(vec![read], &shelf).pop().unwrap();
            assert!(!read.adapters.is_empty(), "{path}");
            for fact in &read.adapters {
                let reading = AdapterReading::new(fact, facts.catalogue, facts.actions);
                secret.assert_unseen(&format!("{reading:?}"), path);
            }
            let verdict = bedrock_lint::lint(&[source], &FormatOptions::default(), &facts);
            assert!(!verdict.findings.is_empty(), "{path}");
            secret.assert_unseen(&format!("{verdict:?}"), path);
            for finding in &verdict.findings {
                secret.assert_unseen(&finding.anchor, path);
            }
        }
    }
}

#[test]
fn a_key_over_several_lines_is_not_quoted_line_by_line() {
    for secret in api_keys() {
        // the line beside the finding is the last one, so it must have something to show
        let length = (40..).find(|length| secret.text.len() % length > 2 * SEEN).unwrap();
        let lines = secret.text.as_bytes().chunks(length).map(|part| String::from_utf8(part.to_vec()).unwrap());
        let lines: Vec<String> = lines.collect();
        let files = Folder::new(&[]);
        for (name, first, between) in [("comment", "# ", "\n  # "), ("sid", "Sid: >-\n    ", "\n    ")] {
            let folded = format!("{first}{}", lines.join(between));
            files.write(
                &format!("{name}.yaml"),
                format!("Statement:\n- Effect: Allow\n  {folded}\n  Action: bedrock:Converse\n  Resource: '*'\n"),
            );
        }
        for (what, text) in everything_written(&files) {
            secret.assert_unseen(&text, &what);
        }
        let shown = files.run(&["check"]).out;
        assert!(shown.matches("****").count() > 1, "{shown}");
    }
}

#[test]
fn a_key_in_a_path_is_masked() {
    let secret = &api_keys()[0];
    let name = secret.text.replace('/', "_");
    let text = r#"{"Statement": {"Effect": "Allow", "Action": "bedrock:Converse", "Resource": "*"}}"#;
    let files =
        Folder::new(&[(&format!("{name}/policy.json"), text), (&format!("{name}.json"), "{\"Effect\" bedrock:")]);
    let named = Secret::new("path", &Minted { text: name, secrets: Vec::new() }, 16);
    for (what, text) in everything_written(&files) {
        named.assert_unseen(&text, &what);
        assert!(!text.is_empty() || what.contains("output-file"), "{what}");
    }
}

/// Settings, a baseline and a catalogue that are wrong, or that say a secret where a reason belongs.
#[test]
fn nothing_that_steers_a_check_is_quoted_with_a_secret() {
    let policy = r#"{"Statement": {"Effect": "Allow", "Action": "bedrock:Converse", "Resource": "*"}}"#;
    for secret in secrets().iter().step_by(3) {
        let text = &secret.text;
        for settings in [
            format!("ignore:\n- rule: unknown-action\n  path: a.json\n  reason: the key is {text}\n"),
            format!("ignore:\n- rule: {text}\n  path: a.json\n  reason: x\n"),
            format!("exclude: ['{text}']\n"),
            format!("fail-on: {text}\n"),
            format!("{text}: 1\n"),
            format!("pedantic: \"{text}\n"),
        ] {
            let files = Folder::new(&[("a.json", policy), ("bedrock-lint.yml", &settings)]);
            for arguments in [&["check", "--show-suppressed"][..], &["--show-settings"], &["check", "--format", "json"]]
            {
                let run = files.run(arguments);
                assert!(!(run.out.clone() + &run.err).is_empty());
                secret.assert_unseen(&(run.out + &run.err), &settings);
            }
        }
        for steer in [format!("{{\"schema\": \"{text}\"}}"), format!("{{\"{text}\": 1}}"), text.clone()] {
            let files = Folder::new(&[("a.json", policy), ("steer.json", &steer)]);
            for option in ["--baseline", "--catalog", "--config"] {
                let run = files.run(&["check", option, "steer.json"]);
                assert_eq!((run.code, run.out.as_str()), (2, ""), "{option} {steer}");
                secret.assert_unseen(&run.err, option);
            }
        }
        for arguments in [&["--as-of", text], &["explain", text], &["--select", text], &["check", text]] {
            let run = Folder::new(&[]).run(arguments);
            assert_eq!(run.code, 2);
            assert!(run.err.contains(&text[..4]), "{}", run.err);
            secret.assert_unseen(&run.err, &arguments.join(" "));
        }
    }
}
