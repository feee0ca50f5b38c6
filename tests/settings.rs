//! The settings file: every key of it has an effect.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::sync::Arc;

use bedrock_lint::settings::{Base, Settings};
use bedrock_lint::source::Source;
use common::{CLEAN, FAULTY, Folder, Run};

fn run(folder: &Folder, more: &[&str]) -> Run {
    folder.run(&[&["--as-of", "2026-11-23"], more].concat())
}

/// Rule and severity of what is found.
fn found(folder: &Folder, more: &[&str]) -> Vec<(String, String)> {
    let run = run(folder, &[&["--format", "json"], more].concat());
    let report: serde_json::Value =
        serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.err));
    let word = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| (word(finding, "rule"), word(finding, "severity"))).collect()
}

fn pair(rule: &str, severity: &str) -> (String, String) {
    (rule.to_owned(), severity.to_owned())
}

#[test]
fn wrong_settings_are_shown_and_nothing_is_checked() {
    let folder = Folder::new(&[("a.json", FAULTY), ("bedrock-lint.yml", "# é\nrules:\n  missing-modl-grant: off\n")]);
    let run = run(&folder, &["--format", "json"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    let first =
        "error: bedrock-lint.yml:3:3: there is no rule `missing-modl-grant`; did you mean `missing-model-grant`?\n";
    assert!(run.err.starts_with(first), "{}", run.err);
    assert!(run.err.contains("\n 3 |   missing-modl-grant: off\n   :   ^^^^^^^^^^^^^^^^^^\n"), "{}", run.err);
    assert_eq!(folder.run(&["--list-files"]).code, 2);
    assert_eq!(folder.run(&["--no-config"]).code, 1);
}

#[test]
fn settings_are_found_upward_to_the_repository() {
    let folder = Folder::new(&[("repo/sub/a.json", FAULTY), ("repo/.git/HEAD", ""), ("bedrock-lint.yml", "wrong: 1")]);
    let sub = folder.path("repo/sub");
    let here = || Run::of(folder.command(["--as-of", "2026-11-23"]).current_dir(&sub));
    assert_eq!(here().code, 1, "the file above the repository is not looked at");
    folder.write("repo/.bedrock-lint.yml", "rules:\n  missing-model-grant: off\n");
    assert_eq!(here().code, 0);
    folder.write("repo/bedrock-lint.yml", "");
    let both = here();
    assert_eq!(both.code, 2);
    assert_eq!(both.err, "error: ../bedrock-lint.yml: stands beside `.bedrock-lint.yml`: keep one of them\n");
}

#[test]
fn a_named_settings_file_is_used_or_told_of() {
    let folder = Folder::new(&[
        ("a.json", FAULTY),
        ("x/s.yml", "rules: {missing-model-grant: note}"),
        ("bedrock-lint.yml", "x: 1"),
    ]);
    assert_eq!(found(&folder, &["--config", "x/s.yml"]), [pair("missing-model-grant", "note")]);
    let gone = run(&folder, &["--config", "x/t.yml"]);
    assert_eq!((gone.code, gone.err.as_str()), (2, "error: x/t.yml: no such file or folder; did you mean `s.yml`?\n"));
    let absolute = folder.root().join("x/s.yml");
    assert_eq!(found(&folder, &["--config", absolute.to_str().unwrap()]), [pair("missing-model-grant", "note")]);
    assert_eq!(run(&folder, &["--config", "x/s.yml", "--no-config"]).code, 2);
    folder.write("x/u.yml", b"rules: \xff");
    assert!(run(&folder, &["--config", "x/u.yml"]).err.starts_with("error: x/u.yml:1:8: the file is not UTF-8"));
}

#[test]
fn rules_get_their_severity_and_options_win() {
    let folder = Folder::new(&[("a.json", FAULTY)]);
    let set = |text: &str| folder.write("bedrock-lint.yml", text);
    set("rules: {missing-model-grant: warning}");
    assert_eq!(found(&folder, &[]), [pair("missing-model-grant", "warning")]);
    assert_eq!(run(&folder, &["--fail-on", "error"]).code, 0);
    set("rules: {missing-model-grant: off}\nfail-on: note");
    assert_eq!(found(&folder, &[]), []);
    assert_eq!(found(&folder, &["--select", "missing-model-grant"]), [pair("missing-model-grant", "error")]);
    set("fail-on: never");
    assert_eq!(run(&folder, &[]).code, 0);
    assert_eq!(run(&folder, &["--fail-on", "error"]).code, 1);
}

/// A policy on which only a pedantic rule has something to say.
const NO_STREAM: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "bedrock:InvokeModel",
  "Resource": "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"}]}"#;

#[test]
fn pedantic_rules_are_turned_on_by_name_or_together() {
    let folder = Folder::new(&[("a.json", NO_STREAM)]);
    let set = |text: &str| folder.write("bedrock-lint.yml", text);
    assert_eq!(found(&folder, &[]), []);
    set("rules: {missing-streaming-action: warning}");
    assert_eq!(found(&folder, &[]), [pair("missing-streaming-action", "warning")]);
    set("pedantic: true");
    assert_eq!(found(&folder, &[]), [pair("missing-streaming-action", "note")]);
    assert_eq!(found(&folder, &["--pedantic=false"]), []);
    set("pedantic: false");
    assert_eq!(found(&folder, &["--pedantic"]), [pair("missing-streaming-action", "note")]);
}

#[test]
fn excluded_files_are_not_walked_and_named_ones_are_read() {
    let folder =
        Folder::new(&[("a.json", CLEAN), ("old/b.json", CLEAN), ("x/old/c.json", CLEAN), ("x/d.jsonc", CLEAN)]);
    let files = |settings: &str, more: &[&str]| {
        folder.write("bedrock-lint.yml", settings);
        folder.run(&[&["--list-files"], more].concat()).lines().join(" ")
    };
    assert_eq!(files("", &[]), "a.json old/b.json x/d.jsonc x/old/c.json");
    assert_eq!(files("exclude: old", &[]), "a.json x/d.jsonc x/old/c.json");
    assert_eq!(files("exclude: ['**/old']", &[]), "a.json x/d.jsonc");
    assert_eq!(files("exclude: ['**/old']", &["old", "x"]), "old/b.json x/d.jsonc");
    assert_eq!(files("exclude: ['**/old']", &["x/old/c.json"]), "x/old/c.json");
    assert_eq!(files("include: ['**/*.jsonc', old]", &[]), "old/b.json x/d.jsonc");
    assert_eq!(files("include: [x]\nexclude: [x/old]", &[]), "x/d.jsonc");
    assert_eq!(files("include: [x]", &["a.json"]), "a.json");
}

/// Grants everything but: a finding in an identity policy only.
const OPEN: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
  {"Effect": "Allow", "Action": "bedrock:InvokeModel*", "Resource": "*"}]}"#;

#[test]
fn kinds_are_told_and_options_win_for_named_files() {
    let folder = Folder::new(&[("p/a.json", OPEN)]);
    assert_eq!(found(&folder, &[]).len(), 1);
    for kind in ["scp", "boundary", "session"] {
        folder.write("bedrock-lint.yml", format!("kinds:\n  {kind}: p/*.json\n"));
        assert_eq!(found(&folder, &[]), [], "{kind}");
        assert_eq!(found(&folder, &["--kind", "identity"]), [], "{kind}: an option speaks of named files");
        assert_eq!(found(&folder, &["--kind", "identity", "p/a.json"]).len(), 1, "{kind}");
    }
    folder.write("bedrock-lint.yml", "kinds:\n  identity: p/*.json\n");
    assert_eq!(found(&folder, &[]).len(), 1);
    let here = Run::of(folder.command(["--format", "json", "a.json"]).current_dir(folder.path("p")));
    assert!(here.out.contains("open-ended-allow"), "{}", here.out);
    folder.write("bedrock-lint.yml", "kinds: {scp: p}");
    let here = Run::of(folder.command(["--format", "json", "a.json"]).current_dir(folder.path("p")));
    assert!(!here.out.contains("open-ended-allow"), "{}", here.out);
}

#[test]
fn trust_policies_are_told() {
    let trust = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
      "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}}]}"#;
    let folder = Folder::new(&[("a.json", trust)]);
    let plain = found(&folder, &[]);
    folder.write("bedrock-lint.yml", "kinds: {trust: a.json}");
    assert_eq!(found(&folder, &[]), [pair("open-web-identity-trust", "warning")]);
    folder.write("bedrock-lint.yml", "kinds: {identity: a.json}");
    assert_ne!(found(&folder, &[]), [pair("open-web-identity-trust", "warning")], "{plain:?}");
}

#[test]
fn placeholders_of_examples_are_notes() {
    let policy = FAULTY.replace("123456789012", "<ACCOUNT_ID>");
    let folder = Folder::new(&[("a.json", policy.as_str())]);
    let severity = |folder: &Folder| {
        found(folder, &[]).into_iter().find(|(rule, _)| rule == "leftover-placeholder").map(|(_, severity)| severity)
    };
    assert_eq!(severity(&folder).as_deref(), Some("error"));
    folder.write("bedrock-lint.yml", "examples: a.*");
    assert_eq!(severity(&folder).as_deref(), Some("note"));
}

#[test]
fn effective_settings_are_shown_with_where_they_come_from() {
    let folder = Folder::new(&[]);
    let shown = |more: &[&str]| -> serde_json::Value {
        let run = folder.run(&[&["--show-settings"], more].concat());
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        serde_json::from_str(&run.out).unwrap()
    };
    let nothing = shown(&[]);
    assert!(nothing["file"].is_null());
    assert_eq!(nothing["settings"]["fail-on"], "warning");
    assert_eq!(nothing["from"]["fail-on"], "default");
    folder.write(
        "bedrock-lint.yml",
        "fail-on: note\nrules: {unknown-action: off}\nkinds: {scp: [a]}\n\
         ignore: [{rule: unknown-model-id, path: b, reason: why, until: 2027-01-01}]\n",
    );
    let some = shown(&["--pedantic"]);
    assert_eq!(some["file"], "bedrock-lint.yml");
    assert_eq!(some["from"], serde_json::json!({ "fail-on": "bedrock-lint.yml:1:10", "pedantic": "--pedantic" }));
    assert_eq!(some["settings"]["rules"]["unknown-action"], "off");
    assert_eq!(some["settings"]["kinds"]["scp"][0], "a");
    assert_eq!(some["settings"]["ignore"][0]["until"], "2027-01-01");
    // what is shown can be read back
    folder.write("bedrock-lint.yml", serde_json::to_string(&some["settings"]).unwrap());
    assert_eq!(shown(&["--pedantic"])["settings"], some["settings"]);
}

/// Every key that speaks of adapters.
const ADAPTERS: &str = r#"
pairs:
  - adapters: [adapters/prod.json, .env]
    policies: policies/prod.json
    account: "111122223333"
    scps:
      - org/root.json
      - [org/ou-a.json, org/ou-b.json]
    boundary: policies/boundary.json
    session: policies/session.json
  - {adapters: a, policies: [b, c], account: 012345678901}
api-keys:
  - {path: [adapters/prod.json, .env], region: us-east-1, user: BedrockAPIKey-ab12}
  - {path: x, region: za-south-1}
platforms:
  unstract: 0.159.3
limits:
  geographies: [us, kr]
  models: ["anthropic.claude-*", "newvendor.?"]
  regions: [us-east-1, eu-*]
"#;

#[test]
fn settings_of_adapters_are_shown_as_they_can_be_read_back() {
    let folder = Folder::new(&[("bedrock-lint.yml", ADAPTERS)]);
    let shown = || -> serde_json::Value {
        let run = folder.run(&["--show-settings"]);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        serde_json::from_str::<serde_json::Value>(&run.out).unwrap()["settings"].take()
    };
    let some = shown();
    let first = serde_json::json!({
        "adapters": ["adapters/prod.json", ".env"],
        "policies": ["policies/prod.json"],
        "account": "111122223333",
        "scps": [["org/root.json"], ["org/ou-a.json", "org/ou-b.json"]],
        "boundary": "policies/boundary.json",
        "session": ["policies/session.json"],
    });
    assert_eq!(some["pairs"][0], first);
    let second = serde_json::json!({ "adapters": ["a"], "policies": ["b", "c"], "account": "012345678901" });
    assert_eq!(some["pairs"][1], second);
    assert_eq!(some["api-keys"][0]["user"], "BedrockAPIKey-ab12");
    assert_eq!(some["api-keys"][1], serde_json::json!({ "path": ["x"], "region": "za-south-1" }));
    assert_eq!(some["platforms"], serde_json::json!({ "unstract": "v0.159.3" }));
    let limits = serde_json::json!({
        "geographies": ["us", "kr"],
        "models": ["anthropic.claude-*", "newvendor.?"],
        "regions": ["us-east-1", "eu-*"],
    });
    assert_eq!(some["limits"], limits);
    folder.write("bedrock-lint.yml", serde_json::to_string(&some).unwrap());
    assert_eq!(shown(), some);
    folder.write("bedrock-lint.yml", "");
    let nothing = shown();
    for (key, empty) in [("pairs", "[]"), ("api-keys", "[]"), ("platforms", "{}"), ("limits", "{}")] {
        assert_eq!(nothing[key].to_string(), empty, "{key}");
    }
}

#[test]
fn the_schema_takes_what_the_program_takes() {
    let schema = include_str!("../schemas/settings.schema.json");
    let validator = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let readme = include_str!("../README.md").split_once("\n## Settings\n").unwrap().1;
    let readme = readme.split_once("\n## ").unwrap().0;
    let examples: Vec<&str> = readme.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(examples.len(), 2);
    let quoted = ADAPTERS.replace("012345678901", "\"012345678901\"");
    for text in examples.into_iter().chain([quoted.as_str(), "limits: {geographies: global, models: '*'}"]) {
        let source = Arc::new(Source::new("bedrock-lint.yml", text));
        assert!(Settings::parse(&source, Base::default()).is_ok(), "{text}");
        let value: serde_json::Value = serde_yaml::from_str(text).unwrap();
        let faults: Vec<String> = validator.iter_errors(&value).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?} in {text}");
    }
    for text in
        ["pairs: [{adapters: a}]", "limits:", "limits: {models: []}", "platforms: {unstract: '1.2'}", "pedantic:"]
    {
        let value: serde_json::Value = serde_yaml::from_str(text).unwrap();
        assert!(!validator.is_valid(&value), "{text}");
    }
}

#[test]
fn ceilings_of_pairs_are_told_as_such() {
    let folder = Folder::new(&[("p/a.json", OPEN)]);
    for ceiling in ["scps: p", "scps: [x, [y, p/*.json]]", "boundary: p", "session: [x, p/a.json]"] {
        folder.write("bedrock-lint.yml", format!("pairs: [{{adapters: x, policies: p, {ceiling}}}]"));
        assert_eq!(found(&folder, &[]), [], "{ceiling}");
        assert_eq!(found(&folder, &["--kind", "identity", "p/a.json"]).len(), 1, "{ceiling}");
        folder.write(
            "bedrock-lint.yml",
            format!("pairs: [{{adapters: x, policies: p, {ceiling}}}]\nkinds: {{identity: p}}"),
        );
        assert_eq!(found(&folder, &[]).len(), 1, "{ceiling}");
    }
    folder.write("bedrock-lint.yml", "pairs: [{adapters: x, policies: p}]");
    assert_eq!(found(&folder, &[]).len(), 1);
}
