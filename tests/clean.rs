//! Whole policies that are right: nothing loud may be said of any of them.
//!
//! `fixtures/clean/` holds one trap per file. Notes are allowed, but listed here, so that a new one is noticed.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::finding::{Confidence, Severity};
use bedrock_lint::formats::FormatOptions;
use bedrock_lint::rules::{self, Facts};
use bedrock_lint::source::Source;

/// The notes that clean policies do get unasked: the rule, and the files.
const NOTES: &[(&str, &[&str])] = &[
    (
        "pinned-profile-region",
        &[
            "account-dump.json",
            "agent-role.json",
            "allow-for-named-roles.json",
            "apac-profile.json",
            "application-profiles-managed-here.json",
            "batch-service-role.json",
            "deny-regions-with-profile-exemption.json",
            "deny-with-mfa.json",
            "govcloud-any-partition.json",
            "govcloud-guessed-route.json",
            "govcloud.json",
            "jp-and-au-profiles.json",
            "list-of-documents.json",
            "profile-condition-on-the-model.json",
            "prompt-router.json",
            "split-statements.json",
            "template-condition-on-a-whole-arn.json",
            "three-regions-pinned-source.json",
            "version-2008.json",
        ],
    ),
    ("retired-model", &["govcloud-any-partition.json", "govcloud.json"]),
];

#[test]
fn correct_policies_are_met_with_silence() {
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
        settings: None,
        answers: None,
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clean");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 50, "the fixtures are not there");

    let mut loud = Vec::new();
    let mut notes = Vec::new();
    let mut unread = Vec::new();
    for path in paths {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a plain name").to_owned();
        let source = Source::decode(&name, fs::read(&path).unwrap()).unwrap();
        let verdict = bedrock_lint::lint(&[Arc::new(source)], &FormatOptions::default(), &facts);
        loud.extend(verdict.problems.iter().map(|problem| format!("{problem:?}")));
        for finding in verdict.findings {
            let underlined = finding.primary.at.text().to_owned();
            if finding.confidence == Confidence::Possible || is_pedantic(finding.rule) {
                // shown to those who ask for it
            } else if finding.severity == Severity::Note {
                notes.push((finding.rule, name.clone()));
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
    notes.sort();
    notes.dedup();
    let expected: Vec<(&str, String)> =
        NOTES.iter().flat_map(|(rule, files)| files.iter().map(|file| (*rule, (*file).to_owned()))).collect();
    assert_eq!(notes, expected);
}

fn is_pedantic(slug: &str) -> bool {
    rules::all().iter().any(|rule| rule.slug == slug && rule.pedantic)
}
