//! The command line as a user meets it: commands, options, exit codes, streams.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::io::Read;
use std::process::{Command as Process, Stdio};

use common::{CLEAN, FAULTY, Folder};

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("JSON on the standard output")
}

#[test]
fn the_word_check_may_be_left_out() {
    let folder = Folder::new(&[("a.json", CLEAN), ("README.md", "nothing")]);
    let expected = "no problems found in 2 files (1 mentions Bedrock)\n";
    for arguments in [&[][..], &["check"], &["."], &["check", "."], &["--as-of", "2026-11-23"]] {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", expected), "{arguments:?}");
    }
    let run = folder.run(&["--format", "json", "a.json"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(json(&run.out)["summary"]["files_scanned"], 1);
}

#[test]
fn findings_are_1_from_the_asked_severity_on() {
    let folder = Folder::new(&[("a.json", CLEAN), ("b/faulty.json", FAULTY)]);
    let day = ["--as-of", "2026-11-23"];
    let run = |more: &[&str]| folder.run(&[&day[..], more].concat());
    let found = run(&[]);
    assert_eq!((found.code, found.err.as_str()), (1, "1 error in 1 of 2 files\n"));
    assert!(found.out.starts_with("error[missing-model-grant]: "), "{}", found.out);
    assert!(found.out.contains("[b/faulty.json:7:20]"), "{}", found.out);
    assert!(found.out.contains("more: bedrock-lint explain missing-model-grant\n"), "{}", found.out);
    for (arguments, code) in [
        (&["--fail-on", "error"][..], 1),
        (&["--fail-on", "never"], 0),
        (&["--select", "missing-model-grant"], 1),
        (&["--select", "account-mismatch,missing-model-grant"], 1),
        (&["--select", "account-mismatch"], 0),
        (&["--ignore", "missing-model-grant"], 0),
        (&["--format", "json"], 1),
        (&["gone", "b"], 2),
    ] {
        assert_eq!(run(arguments).code, code, "{arguments:?}");
    }
    assert_eq!(run(&["--statistics"]).out, "1  error    missing-model-grant\n");
    let statistics = json(&run(&["--statistics", "--format", "json"]).out);
    assert_eq!(statistics["statistics"][0]["count"], 1);
    let report = json(&run(&["--format", "json"]).out);
    assert_eq!(report["findings"][0]["start"], serde_json::json!({ "line": 7, "column": 20, "byte": 136 }));
    assert_eq!(report["summary"]["errors"], 1);
}

#[test]
fn names_of_rules_are_corrected() {
    let folder = Folder::new(&[]);
    for arguments in [&["explain", "missing-modl-grant"][..], &["--select", "missing-modl-grant"]] {
        let run = folder.run(arguments);
        assert_eq!(run.code, 2);
        assert!(run.err.contains("did you mean `missing-model-grant`?"), "{}", run.err);
    }
}

#[test]
fn a_folder_named_like_a_command_is_reached_by_its_path() {
    let folder = Folder::new(&[("rules/a.json", CLEAN)]);
    assert_eq!(folder.run(&["./rules", "--list-files"]).lines(), ["rules/a.json"]);
    assert_eq!(folder.run(&["check", "rules", "--list-files"]).lines(), ["rules/a.json"]);
    assert!(!folder.run(&["rules"]).out.contains("rules/a.json"));
}

#[test]
fn a_command_after_options_is_pointed_out() {
    let run = Folder::new(&[]).run(&["--format", "json", "check", "x.json"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("the command `check` is written before options"), "{}", run.err);
}

#[test]
fn wrong_usage_is_2() {
    let folder = Folder::new(&[("a.json", CLEAN)]);
    for (arguments, message) in [
        (&["--no-such-option"][..], "--no-such-option"),
        (&["--format", "xml"], "possible values: human, concise, json, sarif, github, gitlab, junit, markdown"),
        (&["--select", "no-such-rule"], "there is no rule `no-such-rule`"),
        (&["--ignore", "no-such-rule"], "there is no rule `no-such-rule`"),
        (&["--threads", "0"], "between 1 and 256"),
        (&["--max-file-size", "big"], "a size is a number of bytes"),
        (&["--as-of", "tomorrow"], "a date is written"),
        (&["--kind", "resource"], "identity, scp, boundary, session, trust"),
        (&["explain", "no-such-rule"], "there is no rule or error `no-such-rule`"),
        (&["explain"], "<RULE|ERROR>"),
    ] {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(message), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn problems_are_2_and_the_rest_is_still_checked() {
    let folder = Folder::new(&[("policy.json", CLEAN)]);
    let run = folder.run(&["polcy.json", "policy.json"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(
        run.err,
        "error: polcy.json: no such file or folder; did you mean `policy.json`?\n\
         no problems found in 1 file (1 mentions Bedrock); 1 input could not be read\n"
    );
    let run = folder.run(&["--format", "json", "polcy.json", "policy.json", "--fail-on", "never"]);
    let report = json(&run.out);
    assert_eq!((run.code, run.err.as_str()), (2, ""));
    assert_eq!(report["errors"][0]["path"], "polcy.json");
    assert_eq!(report["summary"]["files_scanned"], 1);
}

#[test]
fn files_that_nothing_is_learned_from_are_told_of() {
    let template = r#"{ "Resources": { "Role": { "Action": "bedrock:InvokeModel" } } }"#;
    let folder = Folder::new(&[("template.json", template), ("other.json", "{}"), ("a.json", CLEAN)]);
    let run = folder.run(&["template.json"]);
    let told = "1 named file holds no policy or adapter that is read yet: template.json\n";
    let none = "no problems found in 1 file (1 mentions Bedrock)\n";
    assert_eq!((run.code, run.err), (0, format!("{told}{none}")));
    assert_eq!(folder.run(&["template.json", "-q"]).err, "");
    assert_eq!(folder.run_with(&["-"], template).err, format!("{}{none}", told.replace("template.json", "<stdin>")));
    let run = folder.run_with(&["template.json", "a.json", "other.json", "-"], template);
    assert!(
        run.err.starts_with("2 named files hold no policy or adapter that is read yet: <stdin>, …\n"),
        "{}",
        run.err
    );
    assert!(!folder.run(&["other.json"]).err.contains("named"), "it does not mention Bedrock");
    assert!(!folder.run(&[]).err.contains("holds no policy"), "a walk meets many such files");
    // what a failed command leaves is an error
    let run = folder.run_with(&["-"], "");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("the file is empty") || run.err.contains("not a format"), "{}", run.err);

    let folder = Folder::new(&[("a.json", CLEAN), ("b.json", "{ \"bedrock:\""), ("c.md", "[bedrock:]( is prose")]);
    let run = folder.run(&[]);
    let told = "1 file could not be parsed: b.json\nno problems found in 3 files (3 mention Bedrock)\n";
    assert_eq!((run.code, run.err.as_str()), (0, told));
    assert_eq!(folder.run(&["b.json"]).code, 2);
}

#[test]
fn the_shape_of_the_json_report() {
    let run = Folder::new(&[("a.json", CLEAN)]).run(&["--format", "json"]);
    assert!(run.out.ends_with("}\n"));
    let report = json(&run.out);
    assert_eq!(report["schema"], 1);
    assert_eq!(report["tool"]["name"], "bedrock-lint");
    assert_eq!(report["tool"]["version"], env!("CARGO_PKG_VERSION"));
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&report), ["schema", "tool", "findings", "errors", "unparsed", "summary"]);
    assert_eq!(
        keys(&report["summary"]),
        ["files_scanned", "files_relevant", "errors", "warnings", "notes", "suppressed", "hidden"]
    );
}

#[test]
fn another_catalogue_is_used_or_nothing_is_checked() {
    let folder = Folder::new(&[("a.json", CLEAN), ("bad.json", "{\n \"schema_version\": x }")]);
    let text = include_str!("../catalog/bedrock.json").replacen("\"as_of\": \"20", "\"as_of\": \"21", 1);
    folder.write("catalogue.json", &text);
    let run = folder.run(&["a.json", "--catalog", "catalogue.json", "--format", "json"]);
    assert_eq!(run.code, 0);
    assert!(json(&run.out)["tool"]["catalog"].as_str().unwrap().starts_with("21"));
    // nothing is judged by another catalogue than the one asked for
    folder.write("faulty.json", FAULTY);
    let run = folder.run(&["faulty.json", "--catalog", "bad.json"]);
    let told = "error: bad.json:2:20: not usable as a catalogue, so nothing was done: expected value\n\
                no files were checked; 1 input could not be read\n";
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (2, "", told));
    let run = folder.run(&["faulty.json", "--catalog", "bad.json", "--format", "json"]);
    let report = json(&run.out);
    assert_eq!((run.code, report["findings"].as_array().unwrap().len()), (2, 0));
    assert_eq!(report["errors"][0]["path"], "bad.json");
    folder.write("old.json", text.replacen("\"schema_version\": 1", "\"schema_version\": 7", 1));
    let run = folder.run(&["a.json", "--catalog", "old.json", "-q"]);
    assert!(run.err.contains("nothing was done: schema_version 7 is not supported, 1 is\n"), "{}", run.err);
    assert_eq!(folder.run(&["a.json", "--catalog", "gone.json"]).code, 2);
}

#[test]
fn quiet_keeps_problems() {
    let folder = Folder::new(&[("a.json", CLEAN)]);
    assert_eq!(folder.run(&["-q"]).err, "");
    let run = folder.run(&["-q", "gone"]);
    assert_eq!((run.code, run.err.as_str()), (2, "error: gone: no such file or folder\n"));
}

#[test]
fn standard_input_has_a_name() {
    let folder = Folder::new(&[]);
    let run = folder.run_with(&["-"], CLEAN);
    assert_eq!((run.code, run.err.as_str()), (0, "no problems found in 1 file (1 mentions Bedrock)\n"));
    assert_eq!(folder.run_with(&["-", "--list-files"], CLEAN).lines(), ["<stdin>"]);
    let run = folder.run_with(&["-", "-", "--stdin-filename", "infra/a.json", "--list-files"], CLEAN);
    assert_eq!(run.lines(), ["infra/a.json"]);
    let run = folder.run_with(&["-", "--stdin-filename", "a.json", "--max-file-size", "20"], CLEAN);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("error: a.json: the input is larger than the 20 bytes"), "{}", run.err);
}

#[test]
fn rules_explain_version_help_and_completions_go_to_the_standard_output() {
    let folder = Folder::new(&[]);
    let rules = folder.run(&["rules", "--format", "json"]);
    let listed = json(&rules.out)["rules"].as_array().unwrap().len();
    assert_eq!(folder.run(&["rules"]).lines().len(), listed);
    let version = folder.run(&["--version"]);
    assert!(version.out.starts_with(concat!("bedrock-lint ", env!("CARGO_PKG_VERSION"), " (catalogue 20")));
    assert!(folder.run(&["--help"]).out.contains("Usage: bedrock-lint"));
    assert!(folder.run(&["--help"]).out.contains("--no-config"));
    assert!(folder.run(&["completions", "bash"]).out.contains("bedrock-lint"));
    for run in [rules, version, folder.run(&["--help"]), folder.run(&["--no-config"])] {
        assert_eq!(run.code, 0);
    }
}

#[test]
fn every_listed_rule_is_explained() {
    let folder = Folder::new(&[]);
    for rule in json(&folder.run(&["rules", "--format", "json"]).out)["rules"].as_array().unwrap() {
        let slug = rule["rule"].as_str().unwrap();
        let run = folder.run(&["explain", slug]);
        assert_eq!(run.code, 0);
        assert!(run.out.starts_with(&format!("# {slug}\n")), "{slug}");
        assert_ne!(rule["summary"], "", "{slug}");
    }
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let folder = Folder::new(&[]);
    assert!(!folder.run(&["gone"]).err.contains('\u{1b}'));
    assert!(folder.run(&["gone", "--color", "always"]).err.contains("\u{1b}["));
    assert!(!folder.run(&["gone", "--color", "never"]).err.contains('\u{1b}'));
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let folder = Folder::new(&[]);
    // more than a pipe holds, so the write must fail
    for i in 0..3000 {
        folder.write(&format!("{i:0100}.json"), CLEAN);
    }
    let program = folder.command(["--list-files"]).get_program().to_owned();
    let mut child = Process::new(program)
        .arg("--list-files")
        .current_dir(folder.root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = Folder::new(&[]);
    for i in 0..300 {
        folder.write(&format!("d{}/{i}.json", i % 17), if i % 5 == 0 { FAULTY } else { CLEAN });
        folder.write(&format!("d{}/broken{i}.json", i % 13), "{ \"Effect\": \"Allow\", \"Action\": \"bedrock:*\"");
        folder.write(&format!("d{}/x{i}.json", i % 7), b"{ \"Effect\": \"bedrock:\xff\"");
    }
    for extra in [&["--format", "json"][..], &[], &["--list-files"]] {
        let run = |threads: &str| folder.run(&[&["--as-of", "2026-11-23", "--threads", threads], extra].concat());
        let (one, eight) = (run("1"), run("8"));
        assert_eq!(one.code, 2);
        assert!(one.out.contains("d0/0.json"));
        assert_eq!((one.code, &one.out, &one.err), (eight.code, &eight.out, &eight.err));
    }
}

#[test]
fn an_old_catalogue_is_told_once() {
    let tour = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/tour/right.json");
    for (day, told) in [("2026-11-22", false), ("2027-01-25", false), ("2027-01-26", true)] {
        let output = assert_cmd::Command::cargo_bin("bedrock-lint")
            .unwrap()
            .args(["check", "--as-of", day, tour])
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(stderr.contains("hint: the catalogue is of 2026-10-27"), told, "{day}: {stderr}");
    }
}
