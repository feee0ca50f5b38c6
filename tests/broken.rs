//! Whole policies that are broken, with all the errors and warnings that are to be told of them.
//!
//! Beside `fixtures/broken/NAME.json` stands `NAME.expected`: one line for each finding, in the order of the report:
//! line and column, severity, confidence, rule, underlined text. `BEDROCK_LINT_BLESS=1` writes these files anew.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::finding::{Confidence, Severity};
use bedrock_lint::formats::FormatOptions;
use bedrock_lint::rules::Facts;
use bedrock_lint::source::Source;

#[test]
fn broken_policies_are_found_out() {
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
        settings: None,
        answers: None,
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/broken");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    paths.sort();
    assert!(paths.len() > 25, "the fixtures are not there");

    let mut wrong = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let source = Source::decode(&name, fs::read(&path).unwrap()).unwrap();
        let verdict = bedrock_lint::lint(&[Arc::new(source)], &FormatOptions::default(), &facts);
        assert_eq!(verdict.problems, [], "{name}");
        let found: String = verdict
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Note && finding.confidence > Confidence::Possible)
            .map(|finding| {
                let at = finding.primary.at.start();
                let (severity, confidence) = (finding.severity, format!("{:?}", finding.confidence).to_lowercase());
                let text = finding.primary.at.text();
                format!("{}:{} {severity} {confidence} {} {text}\n", at.line, at.column, finding.rule)
            })
            .collect();
        let beside = path.with_extension("expected");
        if std::env::var_os("BEDROCK_LINT_BLESS").is_some() {
            fs::write(&beside, &found).unwrap();
        }
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        if found.is_empty() || found != expected {
            wrong.push(format!("{name}\n--- expected\n{expected}--- found\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
