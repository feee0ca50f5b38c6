//! Environments that several files make up: each mistake is told once, where it is to be mended.
#![expect(unreachable_pub, reason = "not a library")]
#![expect(clippy::unwrap_used, clippy::panic, clippy::string_slice, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use common::keys::mint_long_term;
use common::{Folder, told};

/// `rule path: underlined`, and the paths' related texts left out.
fn said(files: &[(&str, &str)]) -> Vec<String> {
    said_in(&Folder::new(files))
}

fn said_in(folder: &Folder) -> Vec<String> {
    told(folder).into_iter().map(|(rule, path, text, ..)| format!("{rule} {path}: {text}")).collect()
}

const COMPOSE: &str = "services:\n  api:\n    image: bedrock-api\n    env_file: ./api.env\n    environment:\n      AWS_REGION: eu-west-1\n";

#[test]
fn a_model_of_one_file_and_a_region_of_another() {
    assert_eq!(
        said(&[("compose.yaml", COMPOSE), ("api.env", "BEDROCK_MODEL_ID=us.anthropic.claude-sonnet-4-6\n")]),
        ["prefix-region-mismatch compose.yaml: ./api.env"]
    );
    assert_eq!(
        said(&[
            (
                "k8s/app.yaml",
                "apiVersion: v1\nkind: Pod\nmetadata: {name: bedrock}\nspec:\n  containers:\n  - name: a\n    envFrom: [{configMapRef: {name: llm}}]\n    env: [{name: AWS_REGION, value: eu-west-1}]\n"
            ),
            (
                "k8s/config.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: llm}\ndata: {BEDROCK_MODEL_ID: us.anthropic.claude-sonnet-4-6}\n"
            ),
        ]),
        ["prefix-region-mismatch k8s/app.yaml: llm"]
    );
}

#[test]
fn what_is_wrong_in_the_other_file_is_told_there_alone() {
    let env = "BEDROCK_MODEL_ID=anthropic.claude-v2:1\nAWS_DEFAULT_REGION=us-east-1\n";
    assert_eq!(said(&[("compose.yaml", COMPOSE), ("api.env", env)]), ["retired-model api.env: anthropic.claude-v2:1"]);
    let config =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: llm}\ndata: {BEDROCK_MODEL_ID: anthropic.claude-v2:1}\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: bedrock}\nspec:\n  containers:\n  - envFrom: [{configMapRef: {name: llm}}]\n";
    assert_eq!(
        said(&[("config.yaml", config), ("pod.yaml", pod)]),
        ["retired-model config.yaml: anthropic.claude-v2:1"]
    );
}

#[test]
fn a_file_that_the_walk_does_not_read_is_opened_all_the_same() {
    let folder = Folder::new(&[
        (".gitignore", "api.env\n"),
        ("compose.yaml", COMPOSE),
        ("api.env", "BEDROCK_MODEL_ID=us.anthropic.claude-sonnet-4-6\n"),
    ]);
    std::fs::create_dir(folder.path(".git")).unwrap();
    assert_eq!(said_in(&folder), ["prefix-region-mismatch compose.yaml: ./api.env"]);
}

#[test]
fn the_shell_file_beside_fills_values_in() {
    let compose = "services:\n  bedrock:\n    build: .\n    environment:\n      BEDROCK_MODEL_ID: ${MODEL:-eu.anthropic.claude-sonnet-4-6}\n      AWS_REGION: $REGION\n";
    assert_eq!(said(&[("compose.yaml", compose), (".env", "REGION=eu-west-1\n")]), [""; 0]);
    let found = told(&Folder::new(&[("compose.yaml", compose), (".env", "REGION=us-east-1\n")]));
    let [(rule, path, text, sure, ..)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((rule.as_str(), path.as_str()), ("prefix-region-mismatch", "compose.yaml"));
    assert_eq!((text.as_str(), sure.as_str()), ("eu.anthropic.claude-sonnet-4-6", "likely"));
}

#[test]
fn a_key_is_told_where_it_stands() {
    let key = mint_long_term("BedrockAPIKey-x7k2", "111122223333", false).text;
    let env = format!("AWS_BEARER_TOKEN_BEDROCK={key}\n");
    let compose = COMPOSE.to_owned() + "      BEDROCK_MODEL_ID: eu.anthropic.claude-sonnet-4-6\n";
    assert_eq!(
        said(&[("compose.yaml", &compose), ("api.env", &env)]),
        ["hardcoded-key api.env: AWS_BEARER_TOKEN_BEDROCK"]
    );
    let secret = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: llm}}\nstringData: {{AWS_BEARER_TOKEN_BEDROCK: {key}}}\n"
    );
    let pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - envFrom: [{secretRef: {name: llm}}]\n    \
               env: [{name: BEDROCK_MODEL_ID, value: us.amazon.nova-lite-v1:0}]\n";
    assert_eq!(
        said(&[("pod.yaml", pod), ("secret.yaml", &secret)]),
        ["hardcoded-key secret.yaml: AWS_BEARER_TOKEN_BEDROCK"]
    );
    assert_eq!(
        said(&[("both.yaml", &format!("{pod}---\n{secret}"))]),
        ["hardcoded-key both.yaml: AWS_BEARER_TOKEN_BEDROCK"]
    );
}

#[test]
fn settings_of_tests_weigh_less_and_keys_in_them_do_not() {
    let key = mint_long_term("BedrockAPIKey-x7k2", "111122223333", false).text;
    let env = format!("AWS_REGION=eu-west-1\nBEDROCK_MODEL_ID=anthropic.claude-v2\nAWS_BEARER_TOKEN_BEDROCK={key}\n");
    let key = |path: &str| format!("hardcoded-key {path}: AWS_BEARER_TOKEN_BEDROCK");
    assert_eq!(said(&[(".env.test", &env)]), [key(".env.test")]);
    assert_eq!(said(&[("tests/.env", &env)]), [key("tests/.env")]);
    assert_eq!(said(&[(".env", &env)]), ["retired-model .env: anthropic.claude-v2".to_owned(), key(".env")]);
}

#[test]
fn no_edit_is_made_through_a_reference() {
    let files = [
        ("compose.yaml", COMPOSE),
        (
            "api.env",
            "BEDROCK_MODEL_ID=eu.anthropic.claude-sonnet-4-6\nBEDROCK_GUARDRAIL_ID=abc123\nBEDROCK_GUARDRAIL_VERSION=draft\n",
        ),
        (
            "default.yaml",
            "services:\n  bedrock:\n    build: .\n    environment: [BEDROCK_GUARDRAIL_ID=abc123, 'BEDROCK_GUARDRAIL_VERSION=${V:-draft}']\n",
        ),
    ];
    let folder = Folder::new(&files);
    let run = folder.run(&["check", "--as-of", "2026-11-22", "--format", "json", "."]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let mut edited = Vec::new();
    for finding in report["findings"].as_array().unwrap() {
        for edit in finding["fix"]["edits"].as_array().into_iter().flatten() {
            let path = edit["path"].as_str().unwrap();
            let (_, text) = files.iter().find(|(name, _)| *name == path).unwrap();
            let at = |key: &str| usize::try_from(edit[key].as_u64().unwrap()).unwrap();
            edited.push(format!("{path}: {}", &text[at("start_byte")..at("end_byte")]));
        }
    }
    // the default stands in the file itself, so it can be mended there
    edited.sort();
    assert_eq!(edited, ["api.env: draft", "default.yaml: draft"]);
}

#[test]
fn many_references_are_followed_in_time() {
    let mut compose = "services:\n".to_owned();
    for number in 0..2000 {
        writeln!(
            compose,
            "  s{number}:\n    image: bedrock\n    extends: s{}\n    env_file: [a.env, a.env, a.env]",
            number + 1
        )
        .unwrap();
    }
    let mut env = String::new();
    for number in 0..2000 {
        writeln!(env, "BEDROCK_MODEL_ID_{number}=us.amazon.nova-lite-v1:0").unwrap();
    }
    let mut pods = String::new();
    for number in 0..500 {
        writeln!(pods, "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: bedrock}}\nspec:\n  containers:\n  - envFrom: [{{configMapRef: {{name: c{number}}}}}]").unwrap();
        writeln!(pods, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{number}}}\ndata: {{BEDROCK_MODEL_ID: us.amazon.nova-lite-v1:0}}").unwrap();
    }
    let started = Instant::now();
    let folder = Folder::new(&[("compose.yaml", &compose), ("a.env", &env), ("pods.yaml", &pods)]);
    assert_eq!(said_in(&folder), [""; 0]);
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

/// Files that nobody would write: nothing hangs, nothing crashes, nothing is made up.
#[test]
fn hostile_files_are_met_with_silence() {
    let deep = |open: &str, close: &str| format!("{}BEDROCK_MODEL_ID{}", open.repeat(150), close.repeat(150));
    let nested = format!("{}us.amazon.nova-lite-v1:0{}", "${M:-".repeat(50_000), "}".repeat(50_000));
    let open = "${M:-us.amazon.nova-lite-v1:0 ".repeat(20_000);
    let expressions = "${{ a || 'b' ".repeat(20_000);
    let words = "--model ".repeat(50_000);
    let service = |value: &str| {
        format!(
            "services: {{bedrock: {{image: a, environment: {{AWS_REGION: us-east-1, BEDROCK_MODEL_ID: \"{value}\"}}}}}}\n"
        )
    };
    let step = |value: &str| {
        format!(
            "jobs: {{bedrock: {{steps: [{{uses: a/claude-code-action@v1, with: {{use_bedrock: true, claude_args: \"{value}\"}}}}]}}}}\n"
        )
    };
    let mut everything = "jobs:\n  bedrock:\n    env:\n".to_owned();
    for number in 0..300 {
        writeln!(everything, "      BEDROCK_MODEL_ID_{number}: us.amazon.nova-lite-v1:0").unwrap();
    }
    everything += "    steps:\n";
    for number in 0..3000 {
        writeln!(everything, "      - {{run: a, env: {{X{number}: y}}}}").unwrap();
    }
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: bedrock}\ndata: {BEDROCK_MODEL_ID: ///w==, A: =, B: 'é', C: [x], D: {e: f}, AWS_REGION: AAAA}\n";
    let files = [
        ("a.yaml", service(&nested)),
        ("b.yaml", service(&open)),
        ("c.yaml", service(&"$".repeat(100_001))),
        ("d.yaml", service("${é:-x} ${} ${1} ${A:} ${A:-$$} $é")),
        ("e.yaml", step(&expressions)),
        ("f.yaml", step(&words)),
        ("g.yaml", step(&"'".repeat(99_999))),
        ("h.yaml", everything),
        ("i.yaml", secret.to_owned()),
        ("j.json", deep("{\"env\": [", "]}")),
        ("k.yaml", "services: {bedrock: {image: a, env_file: [[], {}, 1, null, {path: {}}, ../../../../etc/passwd, '', '.'], environment: [1, {}, [], '=', '=x', null]}}\n".to_owned()),
        ("l.yaml", "apiVersion: v1\nkind: Pod\nspec: {containers: [1, {env: [1, {name: }, {name: bedrock, valueFrom: 1}], envFrom: [{}, {configMapRef: {}}, 1]}]}\n".to_owned()),
        ("m.yaml", "jobs: {bedrock: {steps: [1, {uses: '@', with: 1}, {uses: a/configure-aws-credentials}, {env: [1]}]}}\n".to_owned()),
        ("n.json", r#"{"env": ["bedrock", 1, {"name": 1}], "modelOverrides": [1, "x"], "model": {}}"#.to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let started = Instant::now();
    assert_eq!(said(&files), [""; 0]);
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn what_rests_on_the_default_of_a_region_is_no_surer_than_likely() {
    let sure = |region: &str| {
        let service = format!(
            "services:\n  a:\n    image: x\n    environment:\n      CLAUDE_CODE_USE_BEDROCK: \"1\"\n      AWS_REGION: {region}\n      \
             ANTHROPIC_MODEL: us.anthropic.claude-sonnet-4-6\n"
        );
        let [(rule, _, _, sure, ..)] = told(&Folder::new(&[("compose.yaml", &service)])).try_into().unwrap();
        assert_eq!(rule, "prefix-region-mismatch");
        sure
    };
    assert_eq!(sure("eu-central-1"), "certain");
    assert_eq!(sure("${AWS_REGION:-eu-central-1}"), "likely");
}
