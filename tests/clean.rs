//! Whole policies that are right: nothing loud may be said of any of them.
//!
//! `fixtures/clean/` holds one trap per file. Notes are allowed, but listed here, so that a new one is noticed.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::finding::Severity;
use bedrock_lint::formats::FormatOptions;
use bedrock_lint::rules::Facts;
use bedrock_lint::source::Source;

/// The notes that the clean fixtures do get: file, rule, underlined text. Sorted.
const NOTES: &[(&str, &str, &str)] = &[
    (
        "profile-condition-one-source.json",
        "uncovered-destination-region",
        "arn:aws:bedrock:*:111122223333:inference-profile/jp.anthropic.claude-sonnet-4-6",
    ),
    (
        "three-regions-any-source.json",
        "uncovered-destination-region",
        "arn:aws:bedrock:*:111122223333:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
    ),
];

#[test]
fn correct_policies_are_met_with_silence() {
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clean");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() > 50, "the fixtures are not there");

    let mut loud = Vec::new();
    let mut notes = Vec::new();
    let mut unread = Vec::new();
    for path in paths {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a plain name")
            .to_owned();
        let source = Source::decode(&name, fs::read(&path).unwrap()).unwrap();
        let verdict = bedrock_lint::lint(&[Arc::new(source)], &FormatOptions::default(), &facts);
        loud.extend(verdict.problems.iter().map(|problem| format!("{problem:?}")));
        for finding in verdict.findings {
            let underlined = finding.primary.at.text().to_owned();
            if finding.severity == Severity::Note {
                notes.push((name.clone(), finding.rule, underlined));
            } else {
                loud.push(format!("{name}: {}: `{underlined}`: {}", finding.rule, finding.message));
            }
        }
        let facts = bedrock_lint::formats::read(
            &Arc::new(Source::decode(&name, fs::read(&path).unwrap()).unwrap()),
            &FormatOptions::default(),
            true,
        );
        if facts.policies.is_empty() {
            unread.push(name);
        }
    }
    assert!(loud.is_empty(), "{}", loud.join("\n"));
    assert_eq!(unread, Vec::<String>::new(), "no policy was found in these");
    let notes: Vec<(&str, &str, &str)> = notes
        .iter()
        .map(|(name, rule, text)| (name.as_str(), *rule, text.as_str()))
        .collect();
    assert_eq!(notes, NOTES);
}
