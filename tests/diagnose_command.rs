//! The command `diagnose` as a user meets it: whole cases with files at hand, its reports, its inputs and exit codes.
//!
//! `UPDATE_GOLDEN=1 cargo test --test diagnose_command` writes the expected output into `tests/golden/diagnose`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use common::keys::{mint_access_key_id, mint_anthropic_key, mint_long_term, mint_short_term};
use common::{Folder, Run, closed};
use serde_json::Value;

const DAY: [&str; 2] = ["--as-of", "2026-11-22"];
const ACCOUNT: &str = "111122223333";

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of a case.
fn case(name: &str) -> Folder {
    let folder = Folder::new(&[]);
    for entry in fs::read_dir(repository("fixtures/diagnose").join(name)).unwrap() {
        let entry = entry.unwrap();
        folder.write(entry.file_name().to_str().unwrap(), fs::read(entry.path()).unwrap());
    }
    folder
}

/// A short-term key that ended long ago, and what a client said of it.
fn expired() -> (Folder, String) {
    let key = mint_short_term("us-west-2", "20261120T081500Z", 43_200, &mint_access_key_id("ASIA", ACCOUNT)).text;
    let folder = Folder::new(&[]);
    folder.write(".env", format!("CLAUDE_CODE_USE_BEDROCK=1\nAWS_REGION=us-west-2\nAWS_BEARER_TOKEN_BEDROCK={key}\n"));
    folder.write(
        "client.log",
        format!("+ AWS_BEARER_TOKEN_BEDROCK={key} AWS_REGION=us-west-2 claude\nAPI Error: 403 {{\"Message\":\"Bearer Token has expired\"}}\n"),
    );
    (folder, key)
}

fn diagnose(folder: &Folder, arguments: &[&str]) -> Run {
    folder.run(&[&["diagnose"], arguments, &DAY[..]].concat())
}

fn golden(name: &str, printed: &str, stale: &mut Vec<String>) {
    let path = repository("tests/golden/diagnose").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, printed).unwrap();
    } else if fs::read_to_string(&path).unwrap_or_default() != printed {
        stale.push(format!("{name}:\n{printed}"));
    }
}

fn without_tool(answer: &str) -> String {
    let mut answer: Value = serde_json::from_str(answer).unwrap();
    answer.as_object_mut().unwrap().shift_remove("tool").unwrap();
    serde_json::to_string_pretty(&answer).unwrap() + "\n"
}

/// Every case with its arguments and exit code.
fn cases() -> Vec<(&'static str, Folder, Vec<&'static str>, i32)> {
    let unknown = Folder::new(&[(
        "x.log",
        "ValidationException: us.amazon.nova-lite-v1:0 in us-east-1 has inference profile trouble with on-demand throughput\n",
    )]);
    vec![
        ("on-demand", case("on-demand"), vec!["worker.log", "--path", "."], 0),
        ("denied", case("denied"), vec!["event.json", "--path", "role.json", "--path", "scp.json"], 0),
        ("expired", expired().0, vec!["client.log", "--path", ".env"], 0),
        ("unknown", unknown, vec!["x.log"], 1),
    ]
}

#[test]
fn whole_cases_in_every_format() {
    let mut stale = Vec::new();
    for (name, folder, arguments, code) in cases() {
        for (format, end) in [("human", "txt"), ("json", "json"), ("markdown", "md")] {
            let run = diagnose(&folder, &[&arguments[..], &["--format", format]].concat());
            assert_eq!((run.code, run.err.as_str()), (code, ""), "{name}");
            let printed = if format == "json" { without_tool(&run.out) } else { run.out };
            golden(&format!("{name}.{end}"), &printed, &mut stale);
        }
    }
    assert!(stale.is_empty(), "look at the changes, then UPDATE_GOLDEN=1\n{}", stale.join("\n"));
}

fn report(folder: &Folder, arguments: &[&str]) -> Value {
    let run = diagnose(folder, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}{}", run.out, run.err))
}

/// Rule, path, and underlined text of each finding.
fn findings(folder: &Folder, report: &Value) -> Vec<(String, String, String)> {
    let findings = report["errors"][0]["findings"].as_array().unwrap().iter();
    let told = findings.map(|one| {
        let path = one["path"].as_str().unwrap();
        let text = fs::read_to_string(folder.path(path)).unwrap();
        let at = |end: &str| usize::try_from(one[end]["byte"].as_u64().unwrap()).unwrap();
        let underlined = text.get(at("start")..at("end")).unwrap().to_owned();
        (one["rule"].as_str().unwrap().to_owned(), path.to_owned(), underlined)
    });
    told.collect()
}

fn finding(rule: &str, path: &str, text: &str) -> (String, String, String) {
    (rule.to_owned(), path.to_owned(), text.to_owned())
}

#[test]
fn the_line_that_led_to_it_is_underlined() {
    let folder = case("on-demand");
    let told = report(&folder, &["worker.log", "--path", "adapter.json"]);
    let model = "anthropic.claude-haiku-4-5-20251001-v1:0";
    assert_eq!(findings(&folder, &told), [finding("missing-geo-prefix", "adapter.json", model)]);
    assert_eq!(told["errors"][0]["facts"]["region"], serde_json::json!({ "value": "eu-central-1", "from": "files" }));
    assert_eq!(told["errors"][0]["line"], 8);

    let folder = case("denied");
    let told = report(&folder, &["event.json", "--path", "."]);
    let regions = "[\"us-east-1\", \"us-west-2\"]";
    assert_eq!(findings(&folder, &told), [finding("region-condition-blocks-profile", "scp.json", regions)]);

    let (folder, _) = expired();
    let told = report(&folder, &["client.log", "--path", "."]);
    assert_eq!(findings(&folder, &told)[0], finding("short-term-key", ".env", "AWS_BEARER_TOKEN_BEDROCK"));
    assert_eq!(told["errors"][0]["keys"][0]["expires"], "2026-11-20T20:15:00Z");
}

/// A denial that names a right which no rule can know to be missing: the policy is right by itself.
#[test]
fn the_statement_that_decided_is_found_without_a_rule() {
    let policy = |effect: &str, action: &str, resource: &str| {
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Sid\": \"One\", \"Effect\": \"{effect}\", \"Action\": \"{action}\", \
             \"Resource\": \"{resource}\"}}]}}"
        )
    };
    let nova = |region: &str| format!("arn:aws:bedrock:{region}::foundation-model/amazon.nova-lite-v1:0");
    let denied = |action: &str, tail: &str| {
        format!(
            "User: arn:aws:sts::111122223333:assumed-role/app/x is not authorized to perform: {action} on resource: {} {tail}",
            nova("us-east-1")
        )
    };
    let none = denied("bedrock:InvokeModel", "because no identity-based policy allows the bedrock:InvokeModel action");
    let explicit = denied("bedrock:InvokeModel", "with an explicit deny in an identity-based policy");
    let stream = denied(
        "bedrock:InvokeModelWithResponseStream",
        "because no identity-based policy allows the bedrock:InvokeModelWithResponseStream action",
    );
    for (text, file, rule, underlined, message) in [
        (
            &none,
            policy("Allow", "bedrock:InvokeModel", &nova("eu-west-1")),
            "iam-no-identity-policy",
            format!("\"{}\"", nova("eu-west-1")),
            "on other resources",
        ),
        (
            &none,
            policy("Allow", "bedrock:InvokeModel", &nova("*")),
            "iam-no-identity-policy",
            format!("\"{}\"", nova("*")),
            "does not have this policy",
        ),
        (
            &explicit,
            policy("Deny", "bedrock:*", "*"),
            "iam-explicit-deny-identity",
            "Deny".to_owned(),
            "the statement `One` denies",
        ),
        (
            &stream,
            policy("Allow", "bedrock:InvokeModel", &nova("us-east-1")),
            "iam-no-identity-policy",
            "\"bedrock:InvokeModel\"".to_owned(),
            "allows other actions",
        ),
    ] {
        let folder = Folder::new(&[("identity.json", &file)]);
        let told = report(&folder, &[text, "--path", "identity.json", "--region", "us-east-1"]);
        let own = findings(&folder, &told)
            .into_iter()
            .find(|(found, _, _)| found == rule || found == "missing-streaming-action");
        let (found, _, text) = own.unwrap_or_else(|| panic!("nothing in {file}"));
        if found == rule {
            assert_eq!(text, underlined);
            assert!(told.to_string().contains(message), "{told}");
        }
    }
    // what calls it, where nothing is wrong with that
    let adapter = "{\"adapter_id\": \"bedrock|8d18571f-5e96-4505-bd28-ad0379c64064\", \"adapter_type\": \"LLM\", \"adapter_metadata\": \
                   {\"model\": \"us.amazon.nova-lite-v1:0\", \"region_name\": \"us-east-1\", \"auth_type\": \"iam_role\"}}";
    let folder = Folder::new(&[("adapter.json", adapter)]);
    let text =
        "model_id=us.amazon.nova-lite-v1:0 ThrottlingException: Too many requests, please wait before trying again.";
    let told = report(&folder, &[text, "--path", "adapter.json"]);
    assert_eq!(findings(&folder, &told), [finding("throttle-requests", "adapter.json", "us.amazon.nova-lite-v1:0")]);
    // policies of other kinds, and about other services, are not blamed
    let folder = Folder::new(&[("identity.json", &policy("Allow", "s3:GetObject", "*"))]);
    assert_eq!(findings(&folder, &report(&folder, &[&none, "--path", "identity.json"])), []);
}

#[test]
fn json_is_what_the_published_schema_says_and_no_more() {
    let schema: Value = serde_json::from_str(include_str!("../schemas/diagnose.schema.json")).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let closed = closed(schema.clone());
    for (name, folder, arguments, _) in cases() {
        let mut told = report(&folder, &arguments);
        for schema in [&schema, &closed] {
            let validator = jsonschema::validator_for(schema).unwrap();
            let errors: Vec<String> = validator.iter_errors(&told).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{name}: {errors:#?}");
        }
        told["added_later"] = 1.into();
        assert!(jsonschema::is_valid(&schema, &told) && !jsonschema::is_valid(&closed, &told));
    }
}

#[test]
fn a_text_comes_from_everywhere() {
    let message = "ValidationException: The provided model identifier is invalid.";
    let folder = Folder::new(&[("a.log", message), ("b.log", message)]);
    let id = "model-identifier-invalid: ";
    for arguments in [
        &["diagnose", message][..],
        &["diagnose", "ValidationException:", "The", "provided", "model", "identifier", "is", "invalid."],
        &["diagnose", "a.log"],
        &["diagnose", "--file", "a.log"],
        &["diagnose", "--file", "a.log", "--file", "b.log"],
        &["diagnose", "a.log", "b.log"],
    ] {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
        assert!(run.out.starts_with(id), "{}", run.out);
    }
    for arguments in [&["diagnose", "-"][..], &["diagnose"]] {
        let run = folder.run_with(arguments, message);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.out.starts_with(id));
    }
}

#[test]
fn what_cannot_be_read_is_2() {
    let folder = Folder::new(&[
        ("folder/x", ""),
        ("empty.log", " \n"),
        ("broken.json", "{ \"Effect\": \"Allow\", \"Action\": \"bedrock:*\" "),
    ]);
    folder.write("binary", b"\x7fELF\x02\x01\0\0\0bedrock");
    folder.write("wide.log", b"\xff\xfet\0e\0x\0t\0");
    for (arguments, said) in [
        (&["--file", "gone.log"][..], "error: gone.log: no such file or folder\n"),
        (&["--file", "folder"], "error: folder: is a folder, not a log\n"),
        (&["empty.log"], "error: empty.log: there is no text to diagnose\n"),
        (&["binary"], "error: binary: this is binary data, not a text: give the message, or a log\n"),
        (&["wide.log"], "error: wide.log: the text is UTF-16: save it as UTF-8\n"),
        (&["x", "--catalog", "gone.json"], "gone.json: not usable as a catalogue"),
        (&["x", "--path", ".", "--config", "gone.yml"], "gone.yml"),
        (&["x", "--format", "sarif"], "invalid value 'sarif'"),
    ] {
        let run = diagnose(&folder, arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(said), "{arguments:?}: {}", run.err);
    }
    // the rest is told nevertheless
    let run = diagnose(&folder, &["The provided model identifier is invalid", "--path", "broken.json"]);
    assert_eq!(run.code, 2);
    assert!(run.out.contains("model-identifier-invalid") && run.err.contains("broken.json:1:"), "{}", run.err);
}

#[test]
fn no_key_is_printed() {
    let keys = [
        mint_short_term("us-east-1", "20261122T101112Z", 3600, &mint_access_key_id("ASIA", ACCOUNT)).text,
        mint_long_term("BedrockAPIKey-x7k2", ACCOUNT, false).text,
        mint_anthropic_key("a"),
    ];
    let log: String = keys
        .iter()
        .map(|key| format!("POST https://bedrock-runtime.us-west-2.amazonaws.com/ Authorization: Bearer {key} 403 {{\"Message\":\"Authentication failed: Please make sure your API Key is valid. {key}\"}}\n"))
        .collect();
    let folder = Folder::new(&[("a.log", &log)]);
    for format in ["human", "json", "markdown"] {
        for (text, code) in [("a.log", 0), (keys.join(" ").as_str(), 1)] {
            let run = diagnose(&folder, &[text, "--format", format]);
            assert_eq!(run.code, code, "{}", run.err);
            for key in &keys {
                let secret = key.get(20..44).unwrap();
                assert!(!run.out.contains(secret) && !run.err.contains(secret), "{format}: {}", run.out);
            }
        }
    }
    assert!(diagnose(&folder, &["a.log"]).out.contains("made for `us-east-1` while `us-west-2` is called"));
}

#[test]
fn redaction_is_asked_for() {
    let folder = case("denied");
    let run = diagnose(&folder, &["event.json", "--path", ".", "--redact", "--format", "markdown"]);
    for secret in [ACCOUNT, "444455556666", "contracts", "i-0abc"] {
        assert!(!run.out.contains(secret), "{secret}: {}", run.out);
    }
    assert!(run.out.contains("ACCOUNT_ID_1") && run.out.contains("us-east-2"));
}

#[test]
fn a_long_log_takes_the_time_of_reading_it() {
    let line = "2026-11-22T09:14:05Z INFO com.example.Orders: processed the order 4711 in 12 ms, java.lang.IllegalStateException: none\n";
    let mut log = line.repeat(10 * 1024 * 1024 / line.len());
    let folder = Folder::new(&[("long.log", &log)]);
    let begun = Instant::now();
    let run = diagnose(&folder, &["long.log"]);
    let took = begun.elapsed();
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.starts_with("none of the "), "{}", run.out);
    // some forty times what an optimized build takes
    assert!(took < Duration::from_secs(10), "{took:?}");
    // one line of it matters
    log.insert_str(
        5 * 1024 * 1024 / line.len() * line.len(),
        "2026-11-22T09:14:05Z ERROR bedrock: The provided model identifier is invalid.\n",
    );
    folder.write("long.log", &log);
    let found = report(&folder, &["long.log"]);
    assert_eq!(found["errors"][0]["line"], 5 * 1024 * 1024 / line.len() + 1);
}

#[test]
fn errors_are_explained_like_rules() {
    let folder = Folder::new(&[]);
    let run = folder.run(&["explain", "iam-scp-explicit-deny"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for part in [
        "# iam-scp-explicit-deny\n",
        "## Causes\n",
        "## What to do\n",
        "## Sources\n",
        "- region-condition-blocks-profile\n",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    let run = folder.run(&["explain", "iam-scp-explicit-den"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.err,
        "error: there is no rule or error `iam-scp-explicit-den`; did you mean `iam-scp-explicit-deny`?\n"
    );
}

#[test]
fn help_and_completions_know_it() {
    let folder = Folder::new(&[]);
    let help = folder.run(&["diagnose", "--help"]);
    assert_eq!(help.code, 0);
    for part in ["--path", "--redact", "--region", "--file", "Examples:", "0 an error was recognised"] {
        assert!(help.out.contains(part), "{part}: {}", help.out);
    }
    assert!(folder.run(&["--help"]).out.contains("\n  diagnose "));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(folder.run(&["completions", shell]).out.contains("diagnose"), "{shell}");
    }
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let folder = case("denied");
    let plain = diagnose(&folder, &["event.json", "--path", "."]).out;
    assert!(!plain.contains('\u{1b}'));
    let painted = diagnose(&folder, &["event.json", "--path", ".", "--color", "always"]).out;
    assert!(painted.contains("\u{1b}[1m\u{1b}[31miam-scp-explicit-deny"), "{painted:?}");
}

/// What the README shows of the program is what it prints.
#[test]
fn the_readme_shows_what_is_printed() {
    let readme = fs::read_to_string(repository("README.md")).unwrap();
    let (_, section) = readme.split_once("\n## From an error to the line\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let blocks: Vec<&str> =
        section.split("```console\n").skip(1).map(|block| block.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 3);
    let folders = [case("on-demand"), case("denied"), expired().0];
    for (block, folder) in blocks.into_iter().zip(folders) {
        let (command, shown) = block.split_once('\n').unwrap();
        let arguments: Vec<&str> =
            command.strip_prefix("$ bedrock-lint diagnose ").unwrap().split_whitespace().collect();
        let run = diagnose(&folder, &arguments);
        assert_eq!(run.code, 0, "{}", run.err);
        // `...` stands for what is left out
        for stretch in shown.split("...\n") {
            assert!(run.out.contains(stretch), "{command}\n{stretch}\nis not in\n{}", run.out);
        }
    }
}
