//! The command `policy` as a user meets it: what it prints where, and its exit codes.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use common::{Folder, Run};

const US: &str = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
const GLOBAL: &str = "global.anthropic.claude-haiku-4-5-20251001-v1:0";
const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";
const NOVA: &str = "amazon.nova-lite-v1:0";

fn run(arguments: &[&str]) -> Run {
    Folder::new(&[]).run(&[&["policy", "--as-of", "2026-11-22"], arguments].concat())
}

fn golden(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/golden/policy/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn options_say_what_is_written() {
    let account = ["--account", "111122223333"];
    let geographic = ["--model", US, "--region", "us-east-1", "--region", "us-west-1", "--stream"];
    let tight = ["--model", US, "--model", GLOBAL, "--model", NOVA, "--region", "us-east-1", "--tight", "--api-key"];
    let tight = [&tight[..], &["--marketplace"]].concat();
    let eu = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";
    let scp = ["--model", US, "--model", eu, "--region", "us-east-1", "--region", "eu-west-1", "--kind", "scp"];
    let application = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3d4e5f6";
    for (arguments, name) in [
        (&["--model", NOVA, "--region", "us-east-1"][..], "on-demand.json"),
        (&[&geographic[..], &account].concat(), "geographic.json"),
        (&[&geographic[..], &["--format", "terraform"]].concat(), "geographic.tf"),
        (&[&geographic[..], &["--format", "cloudformation"]].concat(), "geographic.yaml"),
        (&[&tight[..], &account].concat(), "tight.json"),
        (&["--model", application, "--copies", US], "application.json"),
        (&["--model", application, "--copies", US, "--region", "us-east-1"], "application.json"),
        (&scp, "scp.json"),
        (&[&scp[..], &["--format", "terraform", "--stream", "--api-key", "--marketplace"]].concat(), "scp.tf"),
    ] {
        let run = run(arguments);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
        assert_eq!(run.out, golden(name), "{arguments:?}");
    }
}

#[test]
fn the_order_and_repetition_of_arguments_change_nothing() {
    let account = ["--account", "111122223333"];
    let once =
        run(&[&["--model", US, "--model", NOVA, "--region", "us-east-1", "--region", "us-west-2"], &account[..]]
            .concat());
    let other = ["--region", "us-west-2", "--model", NOVA, "--region", "us-east-1", "--model", US, "--model", NOVA];
    let other = run(&[&other[..], &["--region", "us-west-2"], &account].concat());
    assert_eq!((once.code, &once.out), (other.code, &other.out));
    assert!(once.out.contains("us-west-2"), "{}", once.out);
}

#[test]
fn what_cannot_be_called_is_2_with_what_can() {
    for (arguments, messages) in [
        (
            &["--model", HAIKU, "--region", "eu-west-1"][..],
            &[
                "error: `anthropic.claude-haiku-4-5-20251001-v1:0` cannot be called by its bare id from `eu-west-1`, only \
                 through an inference profile; did you mean `eu.anthropic.claude-haiku-4-5-20251001-v1:0` or \
                 `global.anthropic.claude-haiku-4-5-20251001-v1:0`?",
            ][..],
        ),
        (
            &["--model", US, "--region", "us-east-1", "--region", "eu-west-1", "--region", "ap-south-1"],
            &[
                "error: `us.anthropic.claude-haiku-4-5-20251001-v1:0` cannot be called from `eu-west-1`; did you mean \
                 `eu.anthropic.claude-haiku-4-5-20251001-v1:0` or `global.anthropic.claude-haiku-4-5-20251001-v1:0`?",
                "error: `us.anthropic.claude-haiku-4-5-20251001-v1:0` cannot be called from `ap-south-1`; did you mean \
                 `in.anthropic.claude-haiku-4-5-20251001-v1:0` or `global.anthropic.claude-haiku-4-5-20251001-v1:0`?",
            ],
        ),
        (
            &["--model", "us.amazon.nova-lte-v1:0", "--model", US, "--region", "us-east-1"],
            &[
                "error: there is no model or inference profile `us.amazon.nova-lte-v1:0` in the catalogue of 2026-10-27; \
               did you mean `us.amazon.nova-lite-v1:0`",
            ],
        ),
        (
            &["--model", US, "--model", NOVA, "--region", "us-esat-1"],
            &["error: there is no Region `us-esat-1`; did you mean `us-east-1`?"],
        ),
        (
            &["--model", US],
            &[
                "error: `us.anthropic.claude-haiku-4-5-20251001-v1:0` is called from a Region: say from which (`--region`)",
            ],
        ),
        (
            &["--model", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0", "--region", "us-west-2"],
            &[
                "error: `arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0` is called in `us-east-1`, its Region, not in `us-west-2`",
            ],
        ),
        (
            &["--model", "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3d4e5f6"],
            &[
                "error: what `arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3d4e5f6` copies is not in its ARN: say which model or system-defined profile (`--copies`)",
            ],
        ),
        (
            &["--model", US, "--region", "eu-west-1", "--kind", "scp"],
            &["error: `us.anthropic.claude-haiku-4-5-20251001-v1:0` cannot be called from `eu-west-1`; did you mean"],
        ),
    ] {
        let run = run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        let lines: Vec<&str> = run.err.lines().collect();
        assert_eq!(lines.len(), messages.len(), "{}", run.err);
        for (line, message) in lines.iter().zip(messages) {
            assert!(line.starts_with(message), "{line}");
        }
    }
}

#[test]
fn wrong_usage_is_2() {
    let own = |account: &str| format!("arn:aws:bedrock:us-east-1:{account}:imported-model/abcdefghijkl");
    let (ours, theirs) = (own("111122223333"), own("444455556666"));
    let application = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3d4e5f6";
    let gov = "us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0";
    let gov = format!("arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:inference-profile/{gov}");
    for (arguments, message) in [
        (&[][..], "--model <ID|ARN>"),
        (&["--model", US, "--account", "1111-2222-3333"], "an account is written `111122223333`"),
        (&["--model", US, "--format", "hcl"], "possible values: json, terraform, cloudformation"),
        (&["--model", US, "--kind", "boundary"], "possible values: identity, scp"),
        (&["--model", US, "--region", "us-east-1"], "(`--account`, `--format`)"),
        (&["--model", US, "--kind", "scp"], "say which may be used (`--region`)"),
        (
            &["--model", US, "--region", "us-east-1", "--kind", "scp", "--tight"],
            "nothing that could be tightened (`--tight`)",
        ),
        (&["--model", US, "--region", "us-east-1", "--copies", NOVA], "nothing here copies `amazon.nova-lite-v1:0`"),
        (
            &["--model", application, "--copies", US, "--copies", NOVA],
            "application inference profiles: 1, copies: 2; give one",
        ),
        (&["--model", &ours, "--model", &theirs], "`111122223333` and `444455556666` are two accounts"),
        (&["--model", &ours, "--account", "444455556666"], "`444455556666` and `111122223333` are two accounts"),
        (&["--model", &ours, "--model", &gov], "of two partitions, `aws` and `aws-us-gov`"),
        (&["--model", US, "--catalog", "gone.json"], "gone.json: not usable as a catalogue"),
    ] {
        let run = run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(message), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn what_is_doubtful_is_told_beside_the_policy() {
    let opus = ["--model", "anthropic.claude-opus-5", "--region", "us-east-1"];
    let many: Vec<&str> =
        ["us-east-1", "us-east-2", "us-west-2"].into_iter().flat_map(|region| ["--region", region]).collect();
    let deepseek = ["--model", "us.deepseek.r1-v1:0", "--region", "us-east-1", "--account", "111122223333"];
    for (arguments, message) in [
        (
            &opus[..],
            "warning: the catalogue does not tell whether `anthropic.claude-opus-5` can be called by its bare id",
        ),
        (
            &["--model", NOVA, "--region", "us-east-1", "--marketplace"],
            "warning: none of these models is sold through AWS",
        ),
        (
            &["--model", "amazon.titan-embed-text-v2:0", "--region", "us-east-1", "--stream"],
            "warning: none of these models streams its answers",
        ),
        (
            &["--model", NOVA, "--region", "us-east-1", "--kind", "scp"],
            "warning: no inference profile is named, so calls through profiles are denied",
        ),
        (
            &[&deepseek[..], &["--as-of", "2027-03-30"]].concat(),
            "warning: `us.deepseek.r1-v1:0` reached its end of life on 2027-03-30 in `us-east-1`: every call is refused\n",
        ),
    ] {
        let run = Folder::new(&[]).run(&[&["policy"], arguments].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.err.starts_with(message) && run.err.lines().count() == 1, "{}", run.err);
        assert!(run.out.starts_with("{\n"), "{}", run.out);
        let too_much = ["aws-marketplace:Subscribe", "WithResponseStream"].iter().any(|right| run.out.contains(right));
        assert!(!too_much || run.out.contains("NotAction"), "no model needs it: {}", run.out);
    }
    // long policies are still written
    let profiles: Vec<String> = bedrock_lint::bedrock::Catalogue::builtin()
        .profiles()
        .filter(|profile| {
            profile.is_active()
                && profile.prefix() == "us"
                && many.iter().all(|region| region.starts_with('-') || profile.sources().contains(region))
        })
        .map(|profile| format!("--model={}", profile.id))
        .collect();
    assert!(profiles.len() > 20, "{profiles:?}");
    let profiles: Vec<&str> = profiles.iter().map(String::as_str).collect();
    let run = run(&[&many[..], &profiles, &["--account", "111122223333"]].concat());
    assert_eq!(run.code, 0);
    assert!(run.err.contains("warning: the policy has ") && run.err.contains("a managed policy 6144"), "{}", run.err);
    assert!(run.out.ends_with("}\n"));
}

#[test]
fn another_catalogue_may_be_newer() {
    let text = include_str!("../catalog/bedrock.json").replace("amazon.nova-lite-v1:0", "amazon.nova-light-v9:0");
    let folder = Folder::new(&[("catalogue.json", &text)]);
    let arguments = ["policy", "--model", "amazon.nova-light-v9:0", "--region", "us-east-1"];
    assert_eq!(folder.run(&arguments).code, 2);
    let run = folder.run(&[&arguments[..], &["--catalog", "catalogue.json"]].concat());
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("foundation-model/amazon.nova-light-v9:0"), "{}", run.out);
}

#[test]
fn what_is_written_passes_the_check() {
    let folder = Folder::new(&[]);
    for arguments in [
        &[
            "--model",
            US,
            "--model",
            GLOBAL,
            "--region",
            "us-east-1",
            "--tight",
            "--stream",
            "--api-key",
            "--marketplace",
        ][..],
        &["--model", US, "--region", "us-east-1", "--kind", "scp"],
    ] {
        let written = folder.run(&[&["policy", "--account", "111122223333"], arguments].concat());
        folder.write("policy.json", &written.out);
        let run = folder.run(&["check", "--as-of", "2026-11-22", "policy.json", "--fail-on", "warning"]);
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    }
}

#[test]
fn secrets_and_control_characters_are_not_printed() {
    let key = format!("ABSK{}", "QmVkcm9ja0FQSUtleS1".repeat(8));
    let run = run(&["--model", &format!("{key}\u{1b}[31m"), "--region", "us-east-1"]);
    assert_eq!(run.code, 2);
    assert!(!run.err.contains(&key) && !run.err.contains('\u{1b}'), "{}", run.err);
    assert!(run.err.contains("there is no model or inference profile `ABSK"), "{}", run.err);
}

#[test]
fn help_and_completions_know_it() {
    let folder = Folder::new(&[]);
    let help = folder.run(&["policy", "--help"]);
    assert_eq!(help.code, 0);
    for option in ["--model", "--region", "--copies", "--account", "--tight", "--marketplace", "--kind", "--format"] {
        assert!(help.out.contains(option), "{option}");
    }
    assert!(folder.run(&["--help"]).out.contains("\n  policy "));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.run(&["completions", shell]);
        assert!(script.out.contains("policy") && script.out.contains("marketplace"), "{shell}");
    }
    let misplaced = folder.run(&["--quiet", "policy"]);
    assert_eq!(misplaced.code, 2);
    assert!(misplaced.err.contains("the command `policy` is written before options"), "{}", misplaced.err);
}
