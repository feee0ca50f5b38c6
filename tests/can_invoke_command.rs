//! The command `can-invoke` as a user meets it: its output in both forms, and its exit codes.
//!
//! `UPDATE_GOLDEN=1 cargo test --test can_invoke_command` writes the expected output into `tests/golden/can-invoke`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod calls;
mod common;

use calls::*;
use common::{Folder, closed};
use serde_json::{Value, json};

/// Name, exit code and arguments of every case whose output is kept.
fn cases() -> Vec<(&'static str, i32, Vec<&'static str>)> {
    let call = |more: &[&'static str]| [&["--model", US, "--region", "us-east-1"], more].concat();
    vec![
        ("allowed", 0, call(&["--policy", "role.json"])),
        ("denied-by-scp", 1, call(&["--policy", "role.json", "--scp", "everything.json", "--scp", "scp.json"])),
        ("missing-in-boundary", 1, call(&["--policy", "role.json", "--boundary", "boundary.json"])),
        ("condition-missed", 1, call(&["--policy", "everything.json", "--session", "here.json"])),
        ("unknown-tag", 4, call(&["--policy", "tagged.json"])),
        ("regions", 1, vec!["--model", US, "--policy", "role.json"]),
        ("application-profile", 1, vec!["--model", APPLICATION, "--copies", US, "--policy", "application.json"]),
        ("api-key", 1, call(&["--policy", "token.json", "--api-key", "long"])),
    ]
}

fn golden(name: &str, printed: &str, stale: &mut Vec<String>) {
    let path = format!("{}/tests/golden/can-invoke/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, printed).unwrap();
    } else if std::fs::read_to_string(&path).unwrap_or_default() != printed {
        stale.push(format!("{name}:\n{printed}"));
    }
}

/// The answer for programs, without what changes with every release.
fn without_tool(answer: &str) -> String {
    let mut answer: Value = serde_json::from_str(answer).unwrap();
    answer.as_object_mut().unwrap().shift_remove("tool").unwrap();
    serde_json::to_string_pretty(&answer).unwrap() + "\n"
}

#[test]
fn answers_in_both_forms() {
    let folder = files();
    let mut stale = Vec::new();
    for (name, code, arguments) in cases() {
        let human = run_in(&folder, &arguments);
        assert_eq!((human.code, human.err.as_str()), (code, ""), "{name}");
        golden(&format!("{name}.txt"), &human.out, &mut stale);
        let json = run_in(&folder, &[&arguments[..], &["--format", "json"]].concat());
        assert_eq!((json.code, json.err.as_str()), (code, ""), "{name}");
        golden(&format!("{name}.json"), &without_tool(&json.out), &mut stale);
    }
    assert!(stale.is_empty(), "look at the changes, then UPDATE_GOLDEN=1\n{}", stale.join("\n"));
}

#[test]
fn json_is_what_the_published_schema_says_and_no_more() {
    let schema: Value = serde_json::from_str(include_str!("../schemas/can-invoke.schema.json")).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let closed = closed(schema.clone());
    let folder = files();
    for (name, _, arguments) in cases() {
        let printed = run_in(&folder, &[&arguments[..], &["--format", "json"]].concat()).out;
        let mut answer: Value = serde_json::from_str(&printed).unwrap();
        for schema in [&schema, &closed] {
            let validator = jsonschema::validator_for(schema).unwrap();
            let errors: Vec<String> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{name}: {errors:#?}");
        }
        answer["calls"][0]["added_later"] = 1.into();
        assert!(jsonschema::is_valid(&schema, &answer) && !jsonschema::is_valid(&closed, &answer));
    }
}

#[test]
fn what_cannot_be_answered_is_2() {
    let folder = files();
    let trust =
        json!({ "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" });
    folder.write("trust.json", policy(&[trust]));
    folder.write("two.json", format!("[{}, {}]", role(), role()));
    folder.write("broken.json", "{ \"Statement\": ");
    folder.write("empty.json", "{}");
    folder.write("folder/x.json", "{}");
    let gov = "arn:aws-us-gov:iam::111122223333:role/app";
    let call = ["--region", "us-east-1", "--policy", "role.json"];
    for (arguments, message) in [
        (&[][..], "--policy <FILE>"),
        (&["--policy", "role.json"], "--model <ID|ARN>"),
        (&["--model", US], "--policy <FILE>"),
        (
            &[&["--model", US, "--context", "x"], &call[..]].concat(),
            "a condition key is given as `aws:SourceVpce=vpce-1a2b`",
        ),
        (
            &[&["--model", US, "--context", "aws:RequestedRegion=x"], &call[..]].concat(),
            "is not the same in every check that a call goes through",
        ),
        (
            &[&["--model", US, "--context", "aws:SourceIp=", "--context", "aws:SourceIp=10.0.0.1"], &call[..]].concat(),
            "error: `aws:SourceIp` is said to be absent, and to have a value (`--context`)\n",
        ),
        (&[&["--model", US, "--principal", "app"], &call[..]].concat(), "`app` is no ARN of a caller"),
        (
            &[&["--model", US, "--principal", gov], &call[..]].concat(),
            "error: the caller is of the partition `aws-us-gov`, and `us-east-1` of `aws`\n",
        ),
        (&[&["--model", US, "--api-key", "medium"], &call[..]].concat(), "possible values: short, long"),
        (&[&["--model", US, "--account", "1"], &call[..]].concat(), "an account is written `111122223333`"),
        (
            &[&["--model", US, "--copies", NOVA], &call[..]].concat(),
            "error: nothing here copies `amazon.nova-lite-v1:0`",
        ),
        (&[&["--model", APPLICATION], &call[..]].concat(), "say which model or system-defined profile (`--copies`)\n"),
        (&[&["--model", "us.amazon.nova-lte-v1:0"], &call[..]].concat(), "did you mean `us.amazon.nova-lite-v1:0`"),
        (&["--model", "eu.amazon.nova-lte-v1:0", "--policy", "role.json"], "did you mean `eu.amazon.nova-lite-v1:0`"),
        (
            &["--model", HAIKU, "--policy", "role.json"],
            "cannot be called by its bare id from any Region, only through an inference profile; did you mean `",
        ),
        (
            &[&["--model", US, "--region", "eu-west-1"], &call[..]].concat(),
            "cannot be called from `eu-west-1`; did you mean `eu.",
        ),
        (
            &["--model", &model("us-east-2"), "--region", "us-east-1", "--policy", "role.json"],
            "cannot be called by its bare id from `us-east-2`",
        ),
        (
            &[
                "--model",
                "arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-lite-v1:0",
                "--region",
                "us-east-1",
                "--policy",
                "role.json",
            ],
            "is called in `us-west-2`, its Region, not in `us-east-1`",
        ),
        (&["--model", US, "--policy", "gone.json"], "error: gone.json: no such file or folder\n"),
        (&["--model", US, "--policy", "folder"], "error: folder: is a folder, not a file\n"),
        (&["--model", US, "--policy", "empty.json"], "error: empty.json: holds no IAM policy\n"),
        (&["--model", US, "--policy", "broken.json"], "error: broken.json:1:"),
        (
            &["--model", US, "--policy", "trust.json"],
            "error: trust.json: holds no policy that is attached to a principal",
        ),
        (
            &["--model", US, "--policy", "role.json", "--boundary", "two.json"],
            "error: two.json: holds 2 policies, and a principal has one permissions boundary\n",
        ),
        (&["--model", US, "--policy", "role.json", "--scp", "everything.json,gone.json"], "error: gone.json: no such"),
        (&["--model", US, "--policy", "role.json", "--catalog", "gone.json"], "gone.json: not usable as a catalogue"),
        (
            &["--model", US, "--policy", "gone.json", "--session", "empty.json"],
            "error: empty.json: holds no IAM policy\nerror: gone.json: no such",
        ),
    ] {
        let run = run_in(&folder, arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(message), "{arguments:?}: {}", run.err);
    }
    assert_eq!(
        run_in(&folder, &["--model", US, "--region", "us-east-1", "--policy", "two.json"]).code,
        0,
        "policies of a file act together"
    );
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let folder = files();
    let call = ["--model", GLOBAL, "--region", "us-east-1", "--policy", "everything.json", "--scp", "scp.json"];
    let painted = run_in(&folder, &[&call[..], &["--color", "always"]].concat()).out;
    let plain = run_in(&folder, &call).out;
    assert!(painted.contains("\u{1b}[1m\u{1b}[31mdenied"), "{painted:?}");
    assert!(plain.is_ascii() && !plain.contains('\u{1b}') && plain.contains("unspecified"), "{plain}");
}

#[test]
fn help_and_completions_know_it() {
    let folder = Folder::new(&[]);
    let help = folder.run(&["can-invoke", "--help"]);
    assert_eq!(help.code, 0);
    for part in
        ["--model", "--scp", "--principal", "--context", "--copies", "Examples:", "4 it depends on what is not known"]
    {
        assert!(help.out.contains(part), "{part}: {}", help.out);
    }
    assert!(folder.run(&["--help"]).out.contains("\n  can-invoke "));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.run(&["completions", shell]);
        assert!(script.out.contains("can-invoke") && script.out.contains("boundary"), "{shell}");
    }
    let misplaced = folder.run(&["--quiet", "can-invoke"]);
    assert_eq!(misplaced.code, 2);
    assert!(misplaced.err.contains("the command `can-invoke` is written before options"), "{}", misplaced.err);
}
