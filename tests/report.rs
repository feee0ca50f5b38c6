//! Reports of findings over files as they occur.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use bedrock_lint::check::{Outcome, Summary};
use bedrock_lint::finding::{Applicability, Confidence, Edit, Finding, Fix, Label, Severity};
use bedrock_lint::report::{Style, concise, github, gitlab, human, json, junit, markdown, sarif};
use bedrock_lint::source::{Location, PassedOver, Position, Problem, Source};
use bedrock_lint::text::Span;

fn at(source: &Arc<Source>, word: &str) -> Location {
    let start = source.text().find(word).unwrap();
    Location::new(source, Span::new(start, start + word.len()))
}

fn finding(source: &Arc<Source>, word: &str) -> Finding {
    Finding {
        rule: "unknown-action",
        severity: Severity::Error,
        confidence: Confidence::Certain,
        message: format!("there is no action `{word}`"),
        help: Some("write another".to_owned()),
        primary: Label { message: "no such action".to_owned(), at: at(source, word) },
        related: Vec::new(),
        fix: None,
        anchor: "Allow.Action".to_owned(),
        ordinal: 0,
    }
}

fn outcome(findings: Vec<Finding>, problems: Vec<Problem>) -> Outcome {
    Outcome {
        findings,
        silenced: Vec::new(),
        gone: 0,
        unmet: Vec::new(),
        problems,
        passed_over: PassedOver::default(),
        catalogue: None,
        live: None,
        summary: Summary { files_scanned: 14, files_relevant: 3, errors: 1, hidden: 5, ..Summary::default() },
    }
}

/// One line of 5 MB, as exports of policies are.
fn minified() -> Arc<Source> {
    let statement = r#"{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"é"},"#;
    let many = statement.repeat(38_000);
    Arc::new(Source::new("min.json", format!("[{many}\"first\",{many}\"last\",{many}{{}}]")))
}

#[test]
fn a_minified_file_of_5_megabytes() {
    let source = minified();
    assert!(source.text().len() > 5_000_000);
    let mut odd = finding(&source, "first");
    odd.related = vec![Label { message: "and here".to_owned(), at: at(&source, "last") }];
    odd.related
        .push(Label { message: "all".to_owned(), at: Location::new(&source, Span::new(0, source.text().len())) });
    let started = Instant::now();
    let text = human::render(&odd, Style::PLAIN);
    assert!(text.len() < 5000, "{}", text.len());
    let column = source.position(at(&source, "first").span.start as usize).column;
    assert!(text.contains(&format!("[min.json:1:{column}]")), "{text}");
    assert!(text.contains("...") && text.contains("and here") && text.contains("no such action"), "{text}");
    let many: Vec<Finding> = (0..20).map(|_| odd.clone()).collect();
    assert!(human::render_all(&many, Style::PLAIN).len() > 20 * 1000);
    // a renderer that reads the whole line for every label takes far longer
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn thousands_of_related_places_are_counted() {
    let source = minified();
    let mut odd = finding(&source, "first");
    let here = Label { message: "here".to_owned(), at: at(&source, "last") };
    odd.related = vec![here; 30_000];
    let text = human::render(&odd, Style::PLAIN);
    assert!(text.len() < 20_000 && text.contains("  and 29992 more places\n"), "{text}");
    // every place has a column, far along the same line
    assert_eq!(json::render(&outcome(vec![odd], Vec::new())).matches("\"here\"").count(), 30_000);
}

#[test]
fn the_json_of_a_finding() {
    let source = Arc::new(Source::new("infra/p.json", "{\n  \"ключ\": \"bedrock:Converse\"\n}\n"));
    let mut finding = finding(&source, "bedrock:Converse");
    finding.related = vec![Label { message: "here".to_owned(), at: at(&source, "ключ") }];
    finding.fix = Some(Fix {
        title: "write it".to_owned(),
        applicability: Applicability::DisplayOnly,
        edits: vec![Edit { at: at(&source, "Converse"), text: "InvokeModel".to_owned() }],
    });
    let problem =
        Problem { path: "x".to_owned(), position: Some(Position { line: 2, column: 3 }), message: "bad".to_owned() };
    let text = json::render(&outcome(vec![finding], vec![problem]));
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let row = &report["findings"][0];
    let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["rule", "severity", "confidence", "message", "help", "path", "start", "end", "related", "fix", "fingerprint"]
    );
    assert_eq!(row["start"], serde_json::json!({ "line": 2, "column": 12, "byte": 17 }));
    assert_eq!(row["end"], serde_json::json!({ "line": 2, "column": 28, "byte": 33 }));
    assert_eq!(row["severity"], "error");
    assert_eq!(row["confidence"], "certain");
    assert_eq!(row["related"][0]["start"]["byte"], 5);
    assert_eq!(row["fix"]["applicability"], "display-only");
    assert_eq!(
        row["fix"]["edits"][0],
        serde_json::json!({ "path": "infra/p.json", "start_byte": 25, "end_byte": 33, "text": "InvokeModel" })
    );
    assert_eq!(row["fingerprint"].as_str().unwrap().len(), 32);
    assert_eq!(
        report["errors"][0],
        serde_json::json!({ "path": "x", "message": "bad", "start": { "line": 2, "column": 3 } })
    );
}

#[test]
fn the_summary_line() {
    let source = Arc::new(Source::new("a", "x"));
    let limit = 16 << 20;
    let found = outcome(vec![finding(&source, "x")], Vec::new());
    assert_eq!(human::summary(&found, limit, Style::PLAIN), "1 error in 1 of 14 files (5 more with --pedantic)\n");
    let mut clean = outcome(Vec::new(), Vec::new());
    clean.summary = Summary { files_scanned: 14, files_relevant: 3, ..Summary::default() };
    assert_eq!(human::summary(&clean, limit, Style::PLAIN), "no problems found in 14 files (3 mention Bedrock)\n");
    clean.passed_over = PassedOver {
        unreadable: 2,
        first_unreadable: Some("infra/x".to_owned()),
        oversized: 1,
        not_utf8: 2,
        ..PassedOver::default()
    };
    assert_eq!(
        human::summary(&clean, limit, Style::PLAIN),
        "2 files or folders could not be read: infra/x, …\n1 file over 16 MiB without a policy skipped\n\
         2 files without a policy or adapter skipped: not UTF-8\nno problems found in 14 files (3 mention Bedrock)\n"
    );
}

#[test]
fn no_output_holds_a_secret() {
    let secret = format!("ABSK{}", "QmVkcm9ja0FQSUtleS0x".repeat(4));
    let source = Arc::new(Source::new(format!("{secret}.env"), format!("A=1\nAWS_BEARER_TOKEN_BEDROCK={secret}\nB=2")));
    let mut leak = finding(&source, &secret);
    leak.related = vec![Label { message: format!("see {secret}"), at: at(&source, "B=2") }];
    leak.help = Some(format!("replace {secret}"));
    leak.fix = Some(Fix {
        title: format!("drop {secret}"),
        applicability: Applicability::Safe,
        edits: vec![Edit { at: at(&source, "B=2"), text: secret.clone() }],
    });
    let problem = Problem { path: secret.clone(), position: None, message: format!("no {secret}") };
    let all = outcome(vec![leak.clone()], vec![problem.clone()]);
    for text in [
        human::render(&leak, Style::PLAIN),
        human::problem(&problem, Style::PLAIN),
        human::statistics(&all.findings, Style::PLAIN),
        concise::render(&all.findings),
        json::render(&all),
        sarif::render(&all),
        github::render(&all),
        gitlab::render(&all.findings),
        junit::render(&all),
        markdown::render(&all),
        json::statistics(&all.findings),
    ] {
        assert!(!text.contains("QmVkcm9ja0FQSUtl"), "{text}");
    }
}
