//! The README does not lie: its diagnostic and its policy are what the program prints, its table is the registry.
//!
//! `UPDATE_README=1 cargo test --test readme` writes all into it.
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

/// What the program prints, run in the repository.
fn printed(arguments: &[&str], code: i32) -> String {
    let mut command = Command::cargo_bin("bedrock-lint").unwrap();
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(code));
    String::from_utf8(output.stdout).unwrap()
}

/// The arguments of the one command that writes the policy which the README shows.
fn policy_arguments(readme: &str) -> Vec<&str> {
    let command = readme.lines().find_map(|line| line.strip_prefix("bedrock-lint policy ")).unwrap();
    std::iter::once("policy").chain(command.split_whitespace()).collect()
}

fn table() -> String {
    let row = |rule: &rules::Rule| {
        let pedantic = if rule.pedantic { ", *pedantic*" } else { "" };
        format!("| [{0}](rules/{0}.md) | {1}{pedantic} | {2} |\n", rule.slug, rule.severity, rule.summary())
    };
    rules::all().iter().map(row).collect()
}

#[test]
fn what_it_shows_is_what_the_program_prints() {
    let shown = printed(&["check", "--as-of", "2026-11-22", "fixtures/tour/pinned-region.json"], 1);
    let readme = std::fs::read_to_string(README).unwrap();
    let wanted = with(&readme, "```text\n", "```\n", &format!("{}\n", shown.trim_end()));
    let policy = printed(&policy_arguments(&readme), 0);
    let wanted = with(&wanted, "```json\n", "```\n", &policy);
    let wanted = with(&wanted, "|---|---|---|\n", "\nRules marked", &table());
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(README, wanted).unwrap();
    } else {
        assert!(readme == wanted, "README.md is stale: UPDATE_README=1 cargo test --test readme");
    }
}
