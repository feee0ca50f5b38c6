//! Files of environment variables: which are read, what is told of them, and what never is.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use common::Folder;

const DAY: &[&str] = &["--as-of", "2026-11-22", "--format", "concise"];

/// One error: the model has no on-demand throughput anywhere.
const FAULTY: &str = "AWS_REGION=us-east-1\nBEDROCK_MODEL_ID=anthropic.claude-haiku-4-5-20251001-v1:0\n";

fn arguments<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [DAY, more].concat()
}

#[test]
fn files_are_known_by_name_and_standard_input_by_content() {
    let names = [".env", ".env.local", "app/prod.env", "env.example", ".envrc", "deploy/.dev.vars"];
    let files: Vec<(&str, &str)> =
        names.into_iter().chain(["notes.txt", "env.ts"]).map(|name| (name, FAULTY)).collect();
    let folder = Folder::new(&files);
    let run = folder.run(&arguments(&[]));
    let mut expected = names;
    expected.sort_unstable();
    let told: Vec<&str> = run.lines().into_iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(told, expected, "{}", run.out);
    for arguments in [arguments(&["-"]), arguments(&["--stdin-filename", ".env", "-"]), arguments(&["notes.txt"])] {
        let run = folder.run_with(&arguments, FAULTY);
        assert_eq!((run.code, run.lines().len()), (1, 1), "{arguments:?}: {}", run.err);
        assert!(run.out.contains(":2:18: error[missing-geo-prefix]"), "{}", run.out);
    }
    // a file of something else is not taken for one, whatever it is called
    let run = folder.run_with(&arguments(&["-"]), "import x from 'y'\n\nAWS_REGION: process.env.BEDROCK_REGION,\n");
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    assert!(run.err.contains("not a format that is read yet"), "{}", run.err);
}

#[test]
fn an_odd_line_is_told_of_named_files_alone() {
    let odd = format!("just a note\n{FAULTY}another note\n");
    let script = format!("if has nix; then use nix; fi\n{FAULTY}");
    let folder = Folder::new(&[(".env", &odd), (".envrc", &script), ("empty.env", ""), ("other.env", "A=b\n")]);
    let run = folder.run(&arguments(&[]));
    assert_eq!((run.code, run.lines().len()), (1, 2), "{}", run.err);
    let run = folder.run(&arguments(&[".env"]));
    assert_eq!((run.code, run.lines().len()), (2, 1), "{}", run.err);
    assert!(run.err.contains(".env:1:1: not a variable"), "{}", run.err);
    assert!(run.err.contains("(the first of 2 such lines)"), "{}", run.err);
    assert_eq!(folder.run(&arguments(&[".envrc"])).code, 1);
    let run = folder.run(&arguments(&["empty.env", "other.env"]));
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
}

#[test]
fn comments_silence() {
    let id = "anthropic.claude-haiku-4-5-20251001-v1:0";
    let order = "# bedrock-lint: ignore[missing-geo-prefix] a proxy puts the prefix before it";
    for text in [
        format!("{order}\nBEDROCK_MODEL_ID={id}\n"),
        format!("export BEDROCK_MODEL_ID='{id}' {order}\n"),
        format!("BEDROCK_MODEL_ID={id} {order}\n"),
    ] {
        for (path, arguments) in [(".env", arguments(&[])), ("x.txt", arguments(&["x.txt"]))] {
            let run = Folder::new(&[(path, &text)]).run(&arguments);
            assert_eq!((run.code, run.out.as_str()), (0, ""), "{text}{}", run.err);
            assert!(run.err.contains("1 suppressed"), "{}", run.err);
        }
    }
    let run = Folder::new(&[(".env", &format!("{order}\nBEDROCK_MODEL_ID=us.{id}\n"))]).run(&arguments(&[]));
    assert!(run.out.contains(".env:1:24: warning[unused-suppression]"), "{}", run.out);
}

#[test]
fn files_that_ignore_files_hide_are_counted_in_one_hint() {
    let ignored = ".env\n*.env\n/secrets/\n";
    let folder = Folder::new(&[
        (".gitignore", ignored),
        (".env", FAULTY),
        ("app/.env", "MODEL_ID=us.anthropic.claude-sonnet-4-6\n"),
        ("app/other.env", "AWS_REGION=us-east-1\n"),
        ("app/.env.example", "AWS_REGION=us-east-1\n"),
        ("secrets/.env", FAULTY),
    ]);
    let hint = "2 files of environment variables that ignore files hide mention Bedrock and were not read: .env, …; \
                --no-ignore reads them\n";
    for threads in ["1", "4"] {
        let run = folder.run(&arguments(&["--threads", threads]));
        assert_eq!((run.code, run.out.as_str()), (0, ""));
        assert!(run.err.contains(hint), "{}", run.err);
        assert_eq!(run.err.matches("ignore files hide").count(), 1, "{}", run.err);
    }
    let run = folder.run(&arguments(&["--no-ignore"]));
    assert_eq!((run.code, run.lines().len()), (1, 2), "{}", run.out);
    assert!(!run.err.contains("ignore files hide"), "{}", run.err);
    // one that is read all the same needs no hint, nor one that was meant to be left out
    let run = folder.run(&arguments(&[".env", "."]));
    assert!(run.err.contains("1 file of environment variables that ignore files hide mentions Bedrock"), "{}", run.err);
    assert!(run.err.contains("was not read: app/.env;"), "{}", run.err);
    folder.write("bedrock-lint.yml", "exclude: [\".env\", app]\n");
    let run = folder.run(&arguments(&[]));
    assert!(!run.err.contains("ignore files hide"), "{}", run.err);
    assert_eq!(folder.run(&arguments(&["--quiet", "--no-config"])).err, "");
}

#[test]
fn secrets_are_not_printed() {
    // put together here so that no scanner takes this file for a leak
    let secret = format!("wJalr{}K7MDENG/bPxRfiCYzK9{}", "XUtnFEMI/", "Qw3eRt5");
    let key = format!("ABSK{}", "Qm9ndXNLZXk1".repeat(11));
    let text = format!(
        "AWS_SECRET_ACCESS_KEY={secret}\n{FAULTY}AWS_BEARER_TOKEN_BEDROCK='{key}'\nBEDROCK_AWS_SECRET_ACCESS_KEY={secret}\n"
    );
    let folder = Folder::new(&[(".env", &text)]);
    for format in ["human", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown"] {
        let run = folder.run(&["--as-of", "2026-11-22", "--format", format]);
        assert!(run.out.contains("missing-geo-prefix"), "{format}: {}", run.out);
        for hidden in [&secret, &key] {
            let tail = hidden.get(20..).unwrap();
            assert!(!run.out.contains(tail) && !run.err.contains(tail), "{format}: {}{}", run.out, run.err);
        }
    }
}
