//! What a person sees: narrow and wide terminals, with and without colours, and what a pipe gets.
//!
//! `UPDATE_GOLDEN=1 cargo test --test terminal` writes the expected output into `tests/golden/terminal`.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::fs;
use std::path::Path;

use bedrock_lint::rules;
use common::Folder;
use common::keys::{mint_access_key_id, mint_long_term, mint_short_term};
use common::terminal::in_terminal;

const DAY: [&str; 2] = ["--as-of", "2026-11-22"];

/// Name, exit code and arguments of every case whose output is kept.
fn cases() -> Vec<(&'static str, i32, Vec<&'static str>)> {
    let models = |more: &[&'static str]| [&["models"], &DAY[..], more].concat();
    vec![
        ("search", 0, models(&["jp"])),
        ("nothing", 1, models(&["haikku", "4.5"])),
        ("wrong-id", 0, models(&["claude-sonnet-4-6-v1:0", "--region", "us-east-1"])),
        ("detail", 0, models(&["us.anthropic.claude-sonnet-4-5-20250929-v1:0"])),
        ("region", 0, models(&["--region", "eu-west-1", "amazon"])),
        ("check", 1, models(&["--check", "us.deepseek.r1-v1:0", "anthropic.claude-v2", "deepseek.r1-v1:0"])),
        ("key", 1, vec!["key", "--as-of", "2026-11-22T22:30:00Z", "keys.env"]),
        ("explain", 0, vec!["explain", "duplicate-key"]),
    ]
}

/// A folder with two keys in a file.
fn folder() -> Folder {
    let id = mint_access_key_id("ASIA", "444455556666");
    let long = mint_long_term("BedrockAPIKey-x7k2", "111122223333", false).text;
    let short = mint_short_term("eu-west-1", "20261122T101112Z", 43200, &id).text;
    Folder::new(&[("keys.env", &format!("# for tests\nLONG={long}\nexport SHORT=\"{short}\"\n"))])
}

#[test]
fn narrow_and_wide_painted_and_plain_and_in_a_pipe() {
    let folder = folder();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/terminal");
    let mut stale = Vec::new();
    let mut keep = |name: String, text: &str| {
        let path = golden.join(&name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(path, text).unwrap();
        } else if fs::read_to_string(path).unwrap_or_default() != text {
            stale.push(format!("{name}:\n{text}"));
        }
    };
    for (name, code, arguments) in cases() {
        for width in [60, 120] {
            let painted = in_terminal(&folder, width, &[], &arguments);
            let plain = in_terminal(&folder, width, &[("NO_COLOR", "1")], &arguments);
            assert_eq!((painted.code, plain.code), (code, code), "{name}: {}", plain.text);
            assert!(!plain.text.contains('\u{1b}'), "{name}");
            if name == "explain" {
                // without colours signs stand in their place
                keep(format!("{name}-{width}.ansi"), &painted.text);
            } else {
                assert_eq!(painted.plain(), plain.text, "{name}");
                assert!(painted.text.contains('\u{1b}') || name == "nothing", "{name}");
            }
            keep(format!("{name}-{width}.txt"), &plain.text);
        }
        let pipe = folder.run(&arguments);
        assert_eq!(pipe.code, code, "{name}");
        assert!(!pipe.out.contains('\u{1b}') && !pipe.err.contains('\u{1b}'), "{name}");
        keep(format!("{name}-pipe.txt"), &(pipe.out + &pipe.err));
    }
    assert!(stale.is_empty(), "look at the changes, then UPDATE_GOLDEN=1\n{}", stale.join("\n"));
}

/// Lines that are longer than a terminal is wide, and are so without need: they hold a blank behind their indentation.
fn too_long(text: &str, width: usize) -> Vec<&str> {
    let is_long = |line: &&str| line.chars().count() > width;
    text.lines().filter(is_long).filter(|line| line.trim_start().trim_start_matches("- ").contains(' ')).collect()
}

#[test]
fn nothing_is_wider_than_the_terminal() {
    let folder = folder();
    for width in [60, 120] {
        let mut all = vec![vec!["rules"], vec!["models", DAY[0], DAY[1]]];
        all.extend(cases().into_iter().map(|(.., arguments)| arguments));
        // one line for each id, however long
        all.retain(|arguments| !arguments.contains(&"--check") && arguments[0] != "explain");
        for arguments in all {
            let shown = in_terminal(&folder, width, &[("NO_COLOR", "1")], &arguments);
            // what is told beside the answer goes to the standard error, where no line is broken
            let beside = ["note: ", "hint: ", "no model matches"];
            let told = |line: &&str| !beside.iter().any(|start| line.starts_with(start));
            let text: Vec<&str> = shown.text.lines().filter(told).collect();
            assert_eq!(too_long(&text.join("\n"), width.into()), [""; 0], "{arguments:?}");
        }
    }
}

#[test]
fn what_is_said_of_a_finding_is_broken_in_a_terminal_alone() {
    let text = "m = 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0'\n";
    let folder = Folder::new(&[("app.py", text), ("old.py", "m = 'anthropic.claude-v2'\n")]);
    let arguments = ["check", DAY[0], DAY[1], "."];
    let pipe = folder.run(&arguments).out;
    let headings: Vec<&str> = pipe.lines().filter(|line| line.starts_with("warning[")).collect();
    assert!(headings.len() == 2 && headings.iter().all(|line| line.len() > 80), "{pipe}");
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for width in [60, 120] {
        let plain = in_terminal(&folder, width, &[("NO_COLOR", "1")], &arguments);
        let painted = in_terminal(&folder, width, &[], &arguments);
        assert_eq!(painted.plain(), plain.text);
        // the line of the file, and what is drawn below it
        let quoted = |line: &&str| line.contains("foundation-model") || line.trim_start().starts_with('·');
        let shown: Vec<&str> = plain.text.lines().filter(|line| !quoted(line)).collect();
        assert_eq!(too_long(&shown.join("\n"), width.into()), [""; 0], "{}", plain.text);
        for said in pipe.lines().filter(|line| line.starts_with("warning[") || line.starts_with("  help: ")) {
            assert!(squeezed(&plain.text).contains(&squeezed(said)), "{}", plain.text);
        }
    }
}

#[test]
fn every_page_fits_and_says_all_of_it() {
    let squeezed = |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect() };
    for rule in rules::all() {
        for width in [60_usize, 120] {
            let style = bedrock_lint::report::Style { width, ..bedrock_lint::report::Style::PLAIN };
            let text = bedrock_lint::report::page::render(rule.page, style);
            // code is copied and stays as it is; `text` is what programs say
            let prose: Vec<&str> = text.lines().filter(|line| !line.starts_with("    ")).collect();
            assert_eq!(too_long(&prose.join("\n"), width), [""; 0], "{}", rule.slug);
            let shown = squeezed(&text);
            for line in rule.page.lines().filter(|line| !line.starts_with("```") && !line.contains("](")) {
                assert!(shown.contains(&squeezed(line)), "{}: {line}", rule.slug);
            }
        }
    }
}

#[test]
fn a_page_in_a_pipe_is_the_page() {
    let folder = Folder::new(&[]);
    for rule in rules::all().iter().step_by(7) {
        assert_eq!(folder.run(&["explain", rule.slug]).out, rule.page);
        let painted = folder.run(&["explain", rule.slug, "--color", "always"]).out;
        assert!(painted.contains("\u{1b}[1m") && !painted.contains("```"), "{painted}");
    }
}

#[test]
fn a_dumb_terminal_gets_no_colours_and_an_old_one_ascii() {
    let folder = folder();
    let dumb = in_terminal(&folder, 80, &[("TERM", "dumb")], &["explain", "duplicate-key"]);
    assert!(!dumb.text.contains('\u{1b}') && dumb.text.contains("\n=============\n"), "{}", dumb.text);
    let ascii = in_terminal(&folder, 80, &[("LANG", "C")], &["models", "us.amazon.nova-lite-v1:0", DAY[0], DAY[1]]);
    assert!(ascii.plain().contains("-> ") && ascii.text.is_ascii(), "{}", ascii.text);
}
