//! The README does not lie: its diagnostic, its policy and its answer are what the program prints, its commands end as it
//! says, its table is the registry.
//!
//! `UPDATE_README=1 cargo test --test readme` writes all into it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;

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
    printed_in(Path::new(env!("CARGO_MANIFEST_DIR")), arguments, code)
}

fn printed_in(folder: &Path, arguments: &[&str], code: i32) -> String {
    let mut command = Command::cargo_bin("bedrock-lint").unwrap();
    let output = command.current_dir(folder).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The files that ask whether a call is allowed.
const CALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/can-invoke");

/// The part of the README under a heading.
fn section<'r>(readme: &'r str, heading: &str) -> &'r str {
    let (_, rest) = readme.split_once(heading).unwrap();
    rest.split("\n## ").next().unwrap()
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
    let call = ["can-invoke", "--adapter", "adapter.json", "--policy", "role.json", "--scp", "scp.json"];
    let wanted = with(&wanted, "```console\n", "```\n", &printed_in(Path::new(CALL), &call, 1));
    let models = ["models", "--as-of", "2026-11-22", "--region", "eu-west-1", "embedding"];
    let wanted = with(&wanted, "```txt\n", "```\n", &printed(&models, 0));
    let wanted = with(&wanted, "|---|---|---|\n", "\nRules marked", &table());
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(README, wanted).unwrap();
    } else {
        assert!(readme == wanted, "README.md is stale: UPDATE_README=1 cargo test --test readme");
    }
}

#[test]
fn its_commands_about_a_call_end_as_it_says() {
    let readme = fs::read_to_string(README).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for name in ["adapter.json", "role.json", "scp.json"] {
        fs::copy(Path::new(CALL).join(name), folder.path().join(name)).unwrap();
    }
    let lines: Vec<&str> = section(&readme, "\n## Ask whether a call is allowed\n").lines().collect();
    let model = lines.iter().find_map(|line| line.strip_prefix("MODEL=")).unwrap();
    let mut codes = Vec::new();
    let mut written = Vec::new();
    for line in lines.iter().filter_map(|line| line.strip_prefix("bedrock-lint ")) {
        let (command, says) = line.split_once('#').unwrap_or((line, "exit code 0"));
        let (command, file) =
            command.split_once('>').map_or((command, None), |(command, file)| (command, Some(file.trim())));
        let command = command.replace("$MODEL", model);
        let arguments: Vec<&str> = command.split_whitespace().collect();
        let code = says.trim().strip_prefix("exit code ").and_then(|says| says.get(..1)).unwrap().parse().unwrap();
        let out = printed_in(folder.path(), &arguments, code);
        codes.push(code);
        if let Some(file) = file {
            fs::write(folder.path().join(file), &out).unwrap();
            written.push((file, out));
        }
    }
    assert_eq!(codes, [1, 0, 0, 1, 0, 0]);
    // whoever follows it in the repository changes nothing
    assert_eq!(written.len(), 2);
    for (file, out) in written {
        let stored = Path::new(CALL).join(file);
        if std::env::var_os("UPDATE_README").is_some() {
            fs::write(stored, out).unwrap();
        } else {
            assert_eq!(
                fs::read_to_string(stored).unwrap_or_default(),
                out,
                "{file} is stale: UPDATE_README=1 cargo test --test readme"
            );
        }
    }
}
