//! The settings file: what is wrong with it is underlined, and every key of it has an effect.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::sync::Arc;

use bedrock_lint::settings::{Base, Settings};
use bedrock_lint::source::Source;
use common::{CLEAN, FAULTY, Folder, Run};

/// Wrong settings, what is underlined, and a part of the message.
const WRONG: [(&str, &str, &str); 34] = [
    ("ruls: {}", "ruls", "there is no setting `ruls`; did you mean `rules`?"),
    ("colour: red", "colour", "there is no setting `colour`: here stand `rules`, "),
    ("rules:\n  missing-modl-grant: off", "missing-modl-grant", "did you mean `missing-model-grant`?"),
    ("rules:\n  missing-model-grant: loud", "loud", "`loud` is none of `off`, `error`, `warning`, `note`"),
    ("rules:\n  missing-model-grant: 2", "2", "`2` is none of `off`"),
    ("rules:\n  missing-model-grant:\n", "missing-model-grant", "one of `off`"),
    ("rules:\n  missing-model-grant: [off]", "[off]", "one of `off`"),
    ("rules: []", "[]", "a map is expected here, not a list"),
    ("rules: off", "off", "a map is expected here, not `off`"),
    ("rules:\n  unknown-action: off\n  unknown-action: note", "unknown-action", "`unknown-action` stands twice"),
    ("pedantic: yes", "yes", "a boolean is expected here, not `yes`"),
    ("fail-on: always", "always", "`always` is none of `error`, `warning`, `note`, `never`"),
    ("fail_on: note", "fail_on", "did you mean `fail-on`?"),
    ("exclude: [\"a[\"]", "\"a[\"", "not a path pattern: "),
    ("exclude: /etc", "/etc", "relative to the folder of the settings file"),
    ("include: ['../x']", "'../x'", "relative to the folder of the settings file"),
    ("exclude: {a: b}", "a", "a list is expected here, not a map"),
    ("examples:\n  - docs\n  - ''", "''", "the pattern is empty"),
    ("kinds:\n  spc: [a]", "spc", "there is no setting `spc`; did you mean `scp`?"),
    ("kinds:\n  scp: [{}]", "{}", "a path pattern is expected here, not a map"),
    ("ignore: {}", "{}", "a list is expected here, not a map"),
    ("ignore:\n  - rule: unknown-action\n    path: a\n", "rule", "`reason` is missing"),
    ("ignore:\n  - path: a\n    reason: x\n", "path", "`rule` is missing"),
    ("ignore:\n  - rule: unknown-action\n    reason: x\n", "rule", "`path` is missing"),
    ("ignore:\n  - {rule: unknown-action, path: a, reason: ' '}", "' '", "say why it is meant"),
    ("ignore:\n  - {rule: unknwn-action, path: a, reason: x}", "unknwn-action", "did you mean `unknown-action`?"),
    ("ignore:\n  - {rule: [unknown-action, x], path: a, reason: x}", "x", "there is no rule `x`"),
    ("ignore:\n  - {rule: unknown-action, path: a, reason: x, until: soon}", "soon", "`soon` is no day"),
    ("ignore:\n  - {rule: unknown-action, path: a, reason: x, until: 2026-02-30}", "2026-02-30", "is no day"),
    ("ignore:\n  - {rule: unknown-action, path: a, reason: x, pointer: S/0}", "S/0", "write `/S/0`"),
    ("ignore:\n  - {rule: unused-suppression, path: a, reason: x}", "unused-suppression", "turn it off under `rules`"),
    ("exclude: &x docs\ninclude: *y", "*", "not YAML: "),
    ("rules: {}\n---\npedantic: true", "pedantic: true", "settings are one document"),
    ("# é\nrules: {", "{", "not YAML: "),
];

#[test]
fn wrong_settings_are_underlined() {
    let mut wrong = Vec::new();
    for (text, underlined, message) in WRONG {
        let source = Arc::new(Source::new("bedrock-lint.yml", text));
        let Err(error) = Settings::parse(&source, Base::default()) else { panic!("nothing wrong with {text}") };
        let (at, problem) = (error.at.unwrap(), error.problem);
        let fine = problem.message.contains(message) && !problem.message.ends_with('.');
        if at.text() != underlined || !fine || problem.position != Some(at.start()) {
            wrong.push(format!("{text}\n  `{}`: {}", at.text(), problem.message));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn odd_files_are_settings_or_an_error_and_no_crash() {
    let deep = "- ".repeat(100_000);
    let flow = "[".repeat(100_000);
    for text in [
        "",
        "\n",
        "# only a comment\n",
        "---\n",
        "{}",
        "\u{feff}pedantic: true\r\n",
        "exclude: &x [docs]\nexamples: *x",
    ] {
        let source = Arc::new(Source::new("bedrock-lint.yml", text));
        assert!(Settings::parse(&source, Base::default()).is_ok(), "{text:?}");
    }
    for text in
        ["[]", "x", "rules:\n\ta: b", "a: b: c", "? [a]\n: b", "!!map x", "<<: {a: b}", deep.as_str(), flow.as_str()]
    {
        let source = Arc::new(Source::new("bedrock-lint.yml", text));
        assert!(Settings::parse(&source, Base::default()).is_err(), "{}", text.chars().take(20).collect::<String>());
    }
}

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
