//! What is known and meant: comments, ignores of the settings, the baseline.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use common::{CLEAN, FAULTY, Folder, Run};
use serde_json::Value;

const DAY: &str = "2026-11-23";

/// Two statements with one error each.
const TWO: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Lite",
      "Effect": "Allow",
      "Action": "bedrock:InvokeModel*",
      "Resource": "arn:aws:bedrock:*:123456789012:inference-profile/us.amazon.nova-lite-v1:0"
    },
    {
      "Sid": "Pro",
      "Effect": "Allow",
      "Action": "bedrock:InvokeModel*",
      "Resource": "arn:aws:bedrock:*:123456789012:inference-profile/us.amazon.nova-pro-v1:0"
    }
  ]
}
"#;

/// The same statements, the other way round, indented otherwise and with a line before them.
fn moved() -> String {
    let mut policy: Value = serde_json::from_str(TWO).unwrap();
    policy["Statement"].as_array_mut().unwrap().reverse();
    format!("\n\n\n{policy:#}").replace("  ", "\t")
}

fn run(folder: &Folder, more: &[&str]) -> Run {
    folder.run(&[&["--as-of", DAY], more].concat())
}

fn report(folder: &Folder, more: &[&str]) -> Value {
    let run = run(folder, &[&["--format", "json"], more].concat());
    assert_eq!(run.err.matches("error").count(), 0, "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

/// Rules that are found, and how many findings are silenced.
fn left(folder: &Folder, more: &[&str]) -> (Vec<String>, u64) {
    let report = report(folder, more);
    let rule = |finding: &Value| finding["rule"].as_str().unwrap().to_owned();
    let rules = report["findings"].as_array().unwrap().iter().map(rule).collect();
    (rules, report["summary"]["suppressed"].as_u64().unwrap())
}

const MODEL: &str = "missing-model-grant";
const UNUSED: &str = "unused-suppression";

#[test]
fn ignores_by_rule_path_sid_pointer_and_day() {
    let folder = Folder::new(&[("p/a.json", TWO)]);
    let one = |rest: &str| {
        folder.write("bedrock-lint.yml", format!("ignore:\n  - {{ reason: meant, {rest} }}\n"));
        left(&folder, &[])
    };
    let rules = |rules: &[&str]| rules.iter().map(|rule| (*rule).to_owned()).collect::<Vec<_>>();
    for (rest, expected, silenced) in [
        ("rule: missing-model-grant, path: p", &[][..], 2),
        ("rule: [missing-model-grant, unknown-action], path: '**'", &[UNUSED], 2),
        ("rule: missing-model-grant, path: q", &[UNUSED, MODEL, MODEL], 0),
        ("rule: unknown-action, path: p", &[UNUSED, MODEL, MODEL], 0),
        ("rule: missing-model-grant, path: p, sid: Pro", &[MODEL], 1),
        ("rule: missing-model-grant, path: p, sid: pro", &[UNUSED, MODEL, MODEL], 0),
        ("rule: missing-model-grant, path: p, pointer: /Statement/Pro", &[MODEL], 1),
        ("rule: missing-model-grant, path: p, pointer: /Statement/1/Resource", &[MODEL], 1),
        ("rule: missing-model-grant, path: p, pointer: /Statement/Pro/Action", &[UNUSED, MODEL, MODEL], 0),
        ("rule: missing-model-grant, path: p, pointer: /Statement", &[], 2),
        ("rule: missing-model-grant, path: p, until: 2026-11-23", &[], 2),
        ("rule: missing-model-grant, path: p, until: 2026-11-22", &[MODEL, MODEL], 0),
        ("rule: missing-model-grant, path: q, until: 2026-11-22", &[UNUSED, MODEL, MODEL], 0),
    ] {
        assert_eq!(one(rest), (rules(expected), silenced), "{rest}");
    }
    one("rule: missing-model-grant, path: p, until: 2026-11-22");
    let text = run(&folder, &[]).out;
    assert!(text.contains("the ignore of it ended on 2026-11-22") && text.contains("[bedrock-lint.yml:2:"), "{text}");
    one("rule: [missing-model-grant, unknown-action], path: p");
    let report = report(&folder, &[]);
    assert_eq!(report["findings"][0]["path"], "bedrock-lint.yml");
    assert_eq!(report["findings"][0]["start"]["line"], 2);
    assert_eq!(report["findings"][0]["severity"], "warning");
}

#[test]
fn ignores_by_sid_and_named_pointer_survive_moves() {
    for place in ["sid: Pro", "pointer: /Statement/Pro/Resource"] {
        let folder = Folder::new(&[("a.json", TWO)]);
        let entry = format!("ignore:\n  - {{ rule: {MODEL}, path: a.json, reason: meant, {place} }}\n");
        folder.write("bedrock-lint.yml", entry);
        let first = report(&folder, &[]);
        folder.write("a.json", moved());
        let second = report(&folder, &[]);
        assert_eq!(first["findings"][0]["fingerprint"], second["findings"][0]["fingerprint"], "{place}");
        assert_eq!(second["summary"]["suppressed"], 1);
    }
}

#[test]
fn an_entry_is_unused_only_if_its_files_were_looked_at() {
    let folder = Folder::new(&[("a.json", TWO), ("sub/b.json", TWO)]);
    let entry = |path: &str| format!("ignore:\n  - {{ rule: unknown-action, path: '{path}', reason: meant }}\n");
    let unused = |more: &[&str]| left(&folder, more).0.contains(&UNUSED.to_owned());
    folder.write("bedrock-lint.yml", entry("a.json"));
    assert!(unused(&[]) && unused(&["a.json"]) && !unused(&["sub"]) && !unused(&["sub/b.json"]));
    folder.write("bedrock-lint.yml", entry("**/*.json"));
    assert!(unused(&["."]) && !unused(&["a.json"]));
    assert!(!unused(&["--ignore", UNUSED]));
    folder.write("bedrock-lint.yml", entry("a.json") + "rules: {unused-suppression: off}\n");
    assert!(!unused(&[]));
}

#[test]
fn comments_silence_their_line_or_the_next() {
    let with = |above: &str, beside: &str| {
        let line = "      \"Resource\": \"arn:aws:bedrock:*:123456789012:inference-profile/us.amazon.nova-lite-v1:0\"";
        FAULTY.replace(line, &format!("{above}\n{line}{beside}"))
    };
    let ok = "// bedrock-lint: ignore[missing-model-grant] meant";
    for (above, beside, expected, silenced) in [
        (ok, "", &[][..], 1),
        ("", ok, &[], 1),
        ("/* bedrock-lint: ignore[missing-model-grant] meant */", "", &[], 1),
        ("// bedrock-lint:ignore[ missing-model-grant ,unknown-action] meant", "", &[UNUSED], 1),
        (
            "// bedrock-lint: ignore[missing-model-grant] meant\n// bedrock-lint: ignore[unknown-action] too",
            "",
            &[UNUSED],
            1,
        ),
        ("// bedrock-lint: ignore[missing-model-grant] meant\n", "", &[UNUSED, MODEL], 0),
        ("\"Sid\": \"A\", // bedrock-lint: ignore[missing-model-grant] another line", "", &[UNUSED, MODEL], 0),
        ("// bedrock-lint: ignore[missing-model-grant]", "", &[UNUSED, MODEL], 0),
        ("// bedrock-lint: ignore missing-model-grant", "", &[UNUSED, MODEL], 0),
        ("// bedrock-lint: ignore[] x", "", &[UNUSED, MODEL], 0),
        ("// bedrock-lint: ignore[missing-modl-grant] x", "", &[UNUSED, MODEL], 0),
        ("// bedrock-lint: is run on this", "", &[MODEL], 0),
        ("// ignore[missing-model-grant] x", "", &[MODEL], 0),
    ] {
        let folder = Folder::new(&[("a.jsonc", with(above, beside).as_str())]);
        let mut left = left(&folder, &[]);
        left.0.sort_by_key(|rule| rule != UNUSED);
        let expected: Vec<String> = expected.iter().map(|rule| (*rule).to_owned()).collect();
        assert_eq!(left, (expected, silenced), "{above} / {beside}");
    }
}

#[test]
fn comments_of_yaml_silence_too() {
    let policy = |comment: &str, after: &str| {
        format!(
            "Version: \"2012-10-17\"\nStatement:\n  - Effect: Allow\n    Action: bedrock:InvokeModel*\n    Resource:\n\
             {comment}      - arn:aws:bedrock:*:123456789012:inference-profile/us.amazon.nova-pro-v1:0{after}\n"
        )
    };
    let above = format!("      # bedrock-lint: ignore[{MODEL}] granted by another team\n");
    let behind = format!(" # bedrock-lint: ignore[{MODEL}] granted by another team");
    for text in [policy(&above, ""), policy("", &behind)] {
        let folder = Folder::new(&[("policy.yaml", &text)]);
        assert_eq!(left(&folder, &[]), (vec![], 1), "{text}");
        let piped = folder.run_with(&["--as-of", DAY, "-"], text.as_str());
        assert_eq!((piped.code, piped.out.as_str()), (0, ""), "{text}");
    }
    let folder = Folder::new(&[("policy.yaml", &policy("      # bedrock-lint: ignore[unknown-action] no\n", ""))]);
    assert_eq!(left(&folder, &[]), (vec![UNUSED.to_owned(), MODEL.to_owned()], 0));
}

#[test]
fn silenced_findings_are_shown_when_asked_for() {
    let folder = Folder::new(&[("a.json", TWO)]);
    folder.write("bedrock-lint.yml", format!("ignore: [{{ rule: {MODEL}, path: a.json, sid: Pro, reason: later }}]"));
    let plain = run(&folder, &[]);
    assert_eq!(plain.err, "1 error in 1 of 1 file (1 suppressed)\n");
    assert!(!plain.out.contains("nova-pro"));
    assert_eq!(run(&folder, &["--statistics"]).lines(), ["1  error    missing-model-grant"]);
    let shown = run(&folder, &["--show-suppressed"]);
    assert!(shown.out.contains("  suppressed by the settings at bedrock-lint.yml:1: later\n"), "{}", shown.out);
    assert_eq!((shown.code, &shown.err), (plain.code, &plain.err));
    let findings = report(&folder, &["--show-suppressed"])["findings"].clone();
    assert_eq!((&findings[0]["suppressed"], &findings[1]["suppressed"]), (&Value::Bool(false), &Value::Bool(true)));
    assert!(report(&folder, &[])["findings"][0].get("suppressed").is_none());
    assert_eq!(run(&folder, &["--show-suppressed", "--ignore", MODEL]).out, "");
}

#[test]
fn a_baseline_survives_edits_and_new_findings_are_told() {
    let folder = Folder::new(&[("a.json", TWO), ("b.json", FAULTY)]);
    let write = ["--write-baseline", "known.json"];
    let written = run(&folder, &write);
    assert_eq!(
        (written.code, written.out.as_str(), written.err.as_str()),
        (0, "", "3 findings written to known.json\n")
    );
    let text = std::fs::read_to_string(folder.path("known.json")).unwrap();
    let known: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&known["as_of"], &known["findings"][2]["path"]), (&Value::from(DAY), &Value::from("b.json")));
    let with = |more: &[&str]| run(&folder, &[&["--baseline", "known.json"], more].concat());
    assert_eq!(with(&[]).code, 0);
    assert_eq!(with(&[]).err, "no problems found in 3 files (2 mention Bedrock) (3 suppressed)\n");
    folder.write("a.json", moved());
    folder.write("b.json", format!("\n\n{}", FAULTY.replace("    ", "\t")));
    assert_eq!(with(&[]).code, 0, "inserted lines, indentation, moved statements");
    run(&folder, &["--write-baseline", "again.json"]);
    assert_eq!(text, std::fs::read_to_string(folder.path("again.json")).unwrap());
    folder.write("b.json", FAULTY.replace("nova-lite", "nova-pro"));
    let new = with(&[]);
    assert_eq!(new.code, 1);
    assert!(new.out.contains("b.json") && !new.out.contains("a.json"), "{}", new.out);
    assert!(
        new.err.ends_with("hint: 1 entry of the baseline is gone: write it anew with `--write-baseline`\n"),
        "{}",
        new.err
    );
    assert!(!with(&["a.json"]).err.contains("gone"), "b.json was not looked at");
    let names = std::fs::read_dir(folder.root()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().ends_with(".tmp")));
}

#[test]
fn a_broken_baseline_is_placed_and_nothing_is_checked() {
    let folder = Folder::new(&[("a.json", TWO), ("bad.json", "{\n  \"schema\": 1,\n  \"findngs\": []\n}")]);
    let bad = run(&folder, &["--baseline", "bad.json"]);
    assert_eq!((bad.code, bad.out.as_str()), (2, ""));
    assert!(
        bad.err.starts_with("error: bad.json:3:11: not usable as a baseline: unknown field `findngs`"),
        "{}",
        bad.err
    );
    assert_eq!(run(&folder, &["--baseline", "gone.json"]).code, 2);
    folder.write("bad.json", "{\"schema\": 9, \"as_of\": \"2026-11-23\", \"findings\": []}");
    assert!(run(&folder, &["--baseline", "bad.json"]).err.contains("schema 9 is not 1"));
    let nowhere = run(&folder, &["--write-baseline", "no/such/folder.json"]);
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.err.contains("there is no such folder"), "{}", nowhere.err);
}

#[test]
fn threads_change_nothing() {
    let folder = Folder::new(&[]);
    for i in 0..60 {
        folder.write(&format!("d{}/{i}.json", i % 7), [TWO, FAULTY, CLEAN][i % 3]);
    }
    folder.write(
        "bedrock-lint.yml",
        format!("exclude: d3\nignore:\n  - {{ rule: [{MODEL}, unknown-action], path: d1, reason: x, sid: Pro }}\n"),
    );
    for extra in [&["--format", "json", "--show-suppressed"][..], &["--show-suppressed"], &["--write-baseline", "o"]] {
        let run = |threads: &str| run(&folder, &[&["--threads", threads], extra].concat());
        let (one, two) = (run("1"), run("2"));
        assert_eq!((one.code, &one.out, &one.err), (two.code, &two.out, &two.err));
    }
}
