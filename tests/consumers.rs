//! Reports as those read them who wrote neither: schemas and parsers of others.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::collections::HashSet;
use std::process::Command;
use std::sync::Arc;

use bedrock_lint::check::{Outcome, Summary};
use bedrock_lint::finding::{Applicability, Confidence, Edit, Finding, Fix, Label, Severity};
use bedrock_lint::report::{gitlab, json, junit, sarif};
use bedrock_lint::rules;
use bedrock_lint::source::{Location, PassedOver, Position, Problem, Source};
use bedrock_lint::text::Span;
use common::{CLEAN, FAULTY, Folder, closed};
use serde::Deserialize;
use serde_json::Value;

fn at(source: &Arc<Source>, word: &str) -> Location {
    let start = source.text().find(word).unwrap();
    Location::new(source, Span::new(start, start + word.len()))
}

/// A finding that has everything, in a file with an odd name and text that every format must escape.
fn rich(applicability: Applicability) -> Finding {
    let source = Arc::new(Source::new("a b/<&\"'>|`%:,#é.json", "\u{feff}{\n  \"ключ\": \"bedrock:Converse\"\n}\n"));
    let label =
        |word: &str| Label { message: "<here> | `x` & \"y\" ]]>\u{1b}[0m\u{ffff}".to_owned(), at: at(&source, word) };
    Finding {
        ordinal: 0,
        rule: "unknown-action",
        severity: Severity::Warning,
        confidence: Confidence::Possible,
        message: "<no> | `such` & \"action\" ]]>\u{1b}[0m\u{ffff}".to_owned(),
        help: Some("write <another>".to_owned()),
        primary: label("bedrock:Converse"),
        // twice the same: a set in SARIF
        related: vec![label("ключ"), label("ключ"), label("Converse")],
        fix: Some(Fix {
            title: "write it".to_owned(),
            applicability,
            edits: vec![Edit { at: at(&source, "Converse"), text: "InvokeModel".to_owned() }],
        }),
        anchor: "Allow.Action".to_owned(),
    }
}

fn outcome(mut findings: Vec<Finding>) -> Outcome {
    for (ordinal, finding) in (0..).zip(&mut findings) {
        finding.ordinal = ordinal;
    }
    let problem = |position| Problem { path: "x & y".to_owned(), position, message: "<bad>".to_owned() };
    Outcome {
        silenced: Vec::new(),
        gone: 0,
        unmet: Vec::new(),
        findings,
        problems: vec![problem(None), problem(Some(Position { line: 2, column: 3 }))],
        passed_over: PassedOver::default(),
        catalogue: None,
        live: None,
        summary: Summary::default(),
    }
}

/// Outcomes with everything in them, and with nothing.
fn outcomes() -> Vec<Outcome> {
    let kinds = [Applicability::Safe, Applicability::Unsafe, Applicability::DisplayOnly];
    let nothing = Outcome { problems: Vec::new(), ..outcome(Vec::new()) };
    vec![outcome(kinds.into_iter().map(rich).collect()), nothing]
}

/// What the program prints over files with and without findings and problems.
fn runs(format: &str) -> Vec<String> {
    let folder = Folder::new(&[("a.json", CLEAN), ("b/faulty.json", FAULTY), ("c/faulty.json", FAULTY)]);
    folder.write("d.json", "{ \"Effect\": \"Allow\", \"Action\": \"bedrock:*\" ");
    let tour = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    [&["a.json"][..], &["."], &["gone"], &["--pedantic", tour]]
        .iter()
        .map(|paths| folder.run(&[&["--as-of", "2026-11-22", "--format", format], *paths].concat()).out)
        .collect()
}

fn validate(schema: &Value, reports: &[String]) {
    let validator = jsonschema::validator_for(schema).expect("a schema");
    for report in reports {
        let report: Value = serde_json::from_str(report).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn json_is_what_the_published_schema_says_and_no_more() {
    let schema: Value = serde_json::from_str(include_str!("../schemas/check.schema.json")).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let closed = closed(schema.clone());
    let mut reports = runs("json");
    reports.extend(outcomes().iter().map(json::render));
    validate(&schema, &reports);
    validate(&closed, &reports);
    let fuller = reports[1].replacen("\"findings\"", "\"added_later\": 1, \"findings\"", 1);
    validate(&schema, std::slice::from_ref(&fuller));
    let fuller: Value = serde_json::from_str(&fuller).unwrap();
    assert!(!jsonschema::is_valid(&closed, &fuller), "the closed schema is closed");
}

/// The platform that the tests were built for: packages of others need not have been downloaded.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host").to_owned()
}

/// The schema of the standard, as the package of a SARIF library ships it.
fn sarif_schema() -> Value {
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", &host()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == "serde-sarif");
    let manifest = package.expect("a dev-dependency")["manifest_path"].as_str().unwrap();
    let schema = std::path::Path::new(manifest).with_file_name("src").join("schema.json");
    let mut schema: Value = serde_json::from_slice(&std::fs::read(schema).unwrap()).unwrap();
    // has an unpaired bracket, which this validator takes for a mistake; we write no such property
    for holder in ["run", "toolComponent"] {
        let language = schema["definitions"][holder]["properties"]["language"].as_object_mut().unwrap();
        assert_eq!(language.remove("pattern").unwrap(), "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$");
    }
    schema
}

#[test]
fn sarif_is_what_the_standard_says() {
    let mut reports = runs("sarif");
    reports.extend(outcomes().iter().map(sarif::render));
    validate(&sarif_schema(), &reports);
    for report in &reports {
        let log: serde_sarif::sarif::Sarif = serde_json::from_str(report).unwrap();
        let run = &log.runs[0];
        let known = run.tool.driver.rules.as_ref().unwrap();
        assert_eq!(known.len(), rules::all().len());
        let mut prints = HashSet::new();
        for result in run.results.as_ref().unwrap() {
            let index = usize::try_from(result.rule_index.unwrap()).unwrap();
            assert_eq!(Some(&known[index].id), result.rule_id.as_ref());
            assert_eq!(result.locations.as_ref().unwrap().len(), 1);
            let print = &result.partial_fingerprints.as_ref().unwrap()["bedrockLint/v1"];
            assert!(prints.insert(print.clone()), "a result twice is refused by those who read it");
        }
    }
}

#[test]
fn the_sarif_of_a_finding_that_has_everything() {
    let log: Value = serde_json::from_str(&sarif::render(&outcomes()[0])).unwrap();
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let result = &run["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/%3C%26%22%27%3E%7C%60%25%3A%2C%23%C3%A9.json");
    assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    assert_eq!(
        place["region"],
        serde_json::json!({
            "startLine": 2, "startColumn": 12, "endLine": 2, "endColumn": 28, "byteOffset": 20, "byteLength": 16
        })
    );
    assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 2);
    let change = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(change["deletedRegion"]["byteOffset"], 28);
    assert_eq!(change["insertedContent"]["text"], "InvokeModel");
    assert_eq!(run["results"][1]["fixes"][0]["properties"]["applicability"], "unsafe");
    assert_eq!(run["results"][2]["fixes"], Value::Null, "what is for reading is not offered");
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["toolExecutionNotifications"].as_array().unwrap().len(), 2);
}

/// <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>, every property that it lists as required.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeQuality {
    description: String,
    check_name: String,
    fingerprint: String,
    location: CodeQualityPlace,
    severity: CodeQualitySeverity,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeQualityPlace {
    path: String,
    lines: CodeQualityLines,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeQualityLines {
    begin: u32,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum CodeQualitySeverity {
    Info,
    Minor,
    Major,
    Critical,
    Blocker,
}

#[test]
fn gitlab_reads_its_report() {
    let mut reports = runs("gitlab");
    reports.extend(outcomes().iter().map(|outcome| gitlab::render(&outcome.findings)));
    let counts: Vec<usize> = reports
        .iter()
        .map(|report| {
            assert!(!report.starts_with('\u{feff}'), "GitLab refuses a byte order mark");
            let rows: Vec<CodeQuality> = serde_json::from_str(report).unwrap();
            let prints: HashSet<&str> = rows.iter().map(|row| row.fingerprint.as_str()).collect();
            assert_eq!(prints.len(), rows.len());
            for row in &rows {
                assert!(!row.description.is_empty() && row.location.lines.begin > 0);
                assert!(rules::all().iter().any(|rule| rule.slug == row.check_name));
                assert!(!row.location.path.starts_with("./"));
                let known = [CodeQualitySeverity::Info, CodeQualitySeverity::Major, CodeQualitySeverity::Critical];
                assert!(known.contains(&row.severity));
            }
            rows.len()
        })
        .collect();
    assert_eq!((counts[0], counts[1], counts[2], counts[4], counts[5]), (0, 2, 0, 3, 0));
    assert!(counts[3] > 50);
}

#[test]
fn a_junit_reader_reads_junit() {
    let mut reports = runs("junit");
    reports.extend(outcomes().iter().map(junit::render));
    for report in &reports {
        let read = junit_parser::from_reader(report.as_bytes()).unwrap();
        let cases = || read.suites.iter().flat_map(|suite| &suite.cases);
        let count =
            |wanted: fn(&junit_parser::TestStatus) -> bool| cases().filter(|case| wanted(&case.status)).count() as u64;
        assert_eq!(read.tests, cases().count() as u64);
        assert_eq!(read.failures, count(junit_parser::TestStatus::is_failure));
        assert_eq!(read.errors, count(junit_parser::TestStatus::is_error));
        assert_eq!(read.tests, read.failures + read.errors);
        for suite in &read.suites {
            assert_eq!(suite.tests, suite.cases.len() as u64);
        }
    }
    let full = junit_parser::from_reader(junit::render(&outcomes()[0]).as_bytes()).unwrap();
    assert_eq!((full.failures, full.errors), (3, 2));
    let case = &full.suites[0].cases[0];
    assert!(case.name.ends_with("unknown-action at 2:12"), "{}", case.name);
    assert_eq!(case.file.as_deref(), Some("a b/<&\"'>|`%:,#é.json"));
    let message = "<no> | `such` & \"action\" ]]>\u{fffd}[0m\u{fffd}";
    assert_eq!(case.status.failure_as_ref().message, message);
    // this reader leaves references out of the body
    assert!(case.status.failure_as_ref().text.contains("help: write"));
    assert_eq!(full.suites[1].cases[1].status.error_as_ref().message, "<bad>");
}
