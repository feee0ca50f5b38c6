//! The README does not lie: its diagnostic is what the program prints, its table is the registry.
//!
//! `UPDATE_README=1 cargo test --test readme` writes both into it.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use bedrock_lint::rules;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// The README with the part between `start` and `end` as it must be.
fn with(readme: &str, start: &str, end: &str, part: &str) -> String {
    let (before, rest) = readme.split_once(start).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    format!("{before}{start}{part}{end}{after}")
}

fn table() -> String {
    let row = |rule: &rules::Rule| {
        let pedantic = if rule.pedantic { ", *pedantic*" } else { "" };
        format!("| [{0}](rules/{0}.md) | {1}{pedantic} | {2} |\n", rule.slug, rule.severity, rule.summary())
    };
    rules::all().iter().map(row).collect()
}

#[test]
fn the_first_diagnostic_and_the_table_are_true() {
    let output = Command::cargo_bin("bedrock-lint")
        .unwrap()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["check", "--as-of", "2026-11-22", "fixtures/tour/pinned-region.json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let shown = String::from_utf8(output.stdout).unwrap();
    let readme = std::fs::read_to_string(README).unwrap();
    let wanted = with(&readme, "```text\n", "```\n", &format!("{}\n", shown.trim_end()));
    let wanted = with(&wanted, "|---|---|---|\n", "\nRules marked", &table());
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(README, wanted).unwrap();
    } else {
        assert!(readme == wanted, "README.md is stale: UPDATE_README=1 cargo test --test readme");
    }
}
