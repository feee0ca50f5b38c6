//! Adapters and policies that belong together, by the settings or by their folder.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use common::{Folder, told};

const DAY: &str = "2026-11-22";

fn adapter(model: &str, region: &str) -> String {
    format!(
        r#"{{
  "adapter_id": "bedrock|8d18571f-5e96-4505-bd28-ad0379c64064",
  "adapter_name": "claims",
  "adapter_type": "LLM",
  "adapter_metadata": {{
    "adapter_name": "claims",
    "model": "{model}",
    "region_name": "{region}",
    "auth_type": "iam_role",
    "enable_thinking": false
  }}
}}
"#
    )
}

fn policy(resources: &[&str]) -> String {
    statement("Allow", &format!(r#""Resource": ["{}"]"#, resources.join("\", \"")))
}

fn statement(effect: &str, rest: &str) -> String {
    format!(
        r#"{{
  "Version": "2012-10-17",
  "Statement": [{{ "Effect": "{effect}", "Action": "bedrock:InvokeModel*", {rest} }}]
}}
"#
    )
}

const NOVA: &str = "amazon.nova-lite-v1:0";
const HAIKU: &str = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
const PAIR: &str = "pairs:\n  - adapters: adapters/claims.json\n    policies: policies/claims.json\n";

#[test]
fn a_pair_that_does_not_fit_is_one_finding_with_both_places() {
    let pinned = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";
    let folder = Folder::new(&[
        ("adapters/claims.json", &adapter(NOVA, "us-west-2")),
        ("policies/claims.json", &policy(&[pinned])),
    ]);
    assert_eq!(told(&folder), [], "unpaired, in unrelated folders");
    folder.write("bedrock-lint.yml", PAIR);
    let told = told(&folder);
    let [(rule, path, underlined, confidence, _, related)] = told.as_slice() else { panic!("{told:#?}") };
    assert_eq!((rule.as_str(), path.as_str()), ("uncallable-model", "adapters/claims.json"));
    assert_eq!((underlined.as_str(), confidence.as_str()), (NOVA, "certain"));
    assert_eq!(related[..2], [pinned, "us-west-2"]);
    assert!(related[2].starts_with("adapters: adapters/claims.json"), "{related:?}");
}

#[test]
fn a_call_settles_what_the_policy_promises_of_its_model() {
    // by itself: the model is not granted wherever the profile routes to
    let broken = policy(&[
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0",
        "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
    ]);
    let folder =
        Folder::new(&[("adapters/claims.json", &adapter(HAIKU, "us-east-1")), ("policies/claims.json", &broken)]);
    assert_eq!(told(&folder)[0].0, "uncovered-destination-region");
    folder.write("bedrock-lint.yml", PAIR);
    let paired = told(&folder);
    assert_eq!(paired.len(), 1, "{paired:#?}");
    let (rule, path, underlined, ..) = &paired[0];
    assert_eq!(
        (rule.as_str(), path.as_str(), underlined.as_str()),
        ("uncallable-model", "adapters/claims.json", HAIKU)
    );
    assert!(paired[0].4.contains("us-east-2"), "{paired:#?}");
}

#[test]
fn a_pair_that_fits_is_silent() {
    let whole = policy(&[
        "arn:aws:bedrock:*::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0",
        "arn:aws:bedrock:*:111122223333:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
    ]);
    let folder = Folder::new(&[
        ("adapters/claims.json", &adapter(HAIKU, "us-west-1")),
        ("policies/claims.json", &whole),
        ("bedrock-lint.yml", PAIR),
    ]);
    assert_eq!(told(&folder), []);
    // the account of the pair is not the one of the profile
    folder.write("bedrock-lint.yml", format!("{PAIR}    account: \"444455556666\"\n"));
    let rules: Vec<String> = told(&folder).into_iter().map(|told| told.0).collect();
    assert_eq!(rules, ["uncallable-model", "account-mismatch"]);
}

#[test]
fn ceilings_of_a_pair_are_asked_too() {
    let whole = policy(&["*"]);
    let regions = statement(
        "Deny",
        r#""Resource": "*", "Condition": { "StringNotEquals": { "aws:RequestedRegion": ["us-east-1", "us-west-2"] } }"#,
    );
    let folder = Folder::new(&[
        ("adapters/claims.json", &adapter(HAIKU, "us-east-1")),
        ("policies/claims.json", &whole),
        ("org/regions.json", &regions),
        ("bedrock-lint.yml", &format!("{PAIR}    scps: org/regions.json\n")),
    ]);
    let told = told(&folder);
    let call: Vec<_> = told.iter().filter(|told| told.0 == "uncallable-model").collect();
    assert_eq!(call.len(), 1, "{told:#?}");
    assert!(call[0].4.contains("us-east-2") && call[0].4.contains("service control policies"), "{told:#?}");
    assert!(call[0].5.contains(&"Deny".to_owned()), "{told:#?}");
    // a Region-deny that lets the whole route through
    folder.write("org/regions.json", regions.replace("\"us-west-2\"", "\"us-west-2\", \"us-east-2\""));
    assert_eq!(common::told(&folder), []);
}

#[test]
fn files_of_one_folder_go_together_only_where_the_policy_speaks_of_the_model() {
    let elsewhere = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";
    let folder =
        Folder::new(&[("app/adapter.json", &adapter(NOVA, "us-west-2")), ("app/policy.json", &policy(&[elsewhere]))]);
    let first = told(&folder);
    assert_eq!(
        (first[0].0.as_str(), first[0].3.as_str(), first.len()),
        ("uncallable-model", "likely", 1),
        "{first:#?}"
    );
    let another = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0";
    for policies in [policy(&[another]), policy(&["*"]), policy(&[&elsewhere.replace("us-east-1", "*")])] {
        folder.write("app/policy.json", policies);
        assert_eq!(told(&folder), []);
    }
    // another file of the folder grants it
    folder.write("app/policy.json", policy(&[elsewhere]));
    folder.write("app/more.json", policy(&[&elsewhere.replace("us-east-1", "us-west-2")]));
    assert_eq!(told(&folder), []);
}

#[test]
fn what_is_told_of_the_policy_is_not_told_of_the_call_beside_it() {
    let broken = policy(&[
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0",
        "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
    ]);
    let folder = Folder::new(&[("app/adapter.json", &adapter(HAIKU, "us-east-1")), ("app/policy.json", &broken)]);
    let rules: Vec<String> = told(&folder).into_iter().map(|told| told.0).collect();
    assert_eq!(rules, ["uncovered-destination-region"]);
}

#[test]
fn a_pattern_of_a_pair_that_names_nothing_is_told() {
    let folder = Folder::new(&[
        ("adapters/claims.json", &adapter(NOVA, "us-east-1")),
        ("policies/claims.json", &policy(&["*"])),
        ("bedrock-lint.yml", &PAIR.replace("policies/claims.json", "[policies/claims.json, policies/gone.json]")),
    ]);
    let run = folder.run(&["check", "--as-of", DAY, "."]);
    assert_eq!(run.code, 0);
    let hint = "warning: bedrock-lint.yml:3:38: no file that was read is named by `policies/gone.json`, so what it holds is not \
                part of the pair\n";
    assert!(run.err.contains(hint), "{}", run.err);
    // a run over a part of the repository says nothing of the rest
    assert!(!folder.run(&["check", "--as-of", DAY, "adapters"]).err.contains("gone.json"));
}

#[test]
fn what_a_pair_names_is_read_even_where_ignore_files_hide_it() {
    let pinned = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";
    let folder = Folder::new(&[
        (".gitignore", ".env\n"),
        (".env", "BEDROCK_MODEL_ID=amazon.nova-lite-v1:0\nAWS_REGION=us-west-2\n"),
        ("policies/claims.json", &policy(&[pinned])),
        ("bedrock-lint.yml", "pairs:\n  - adapters: .env\n    policies: policies/claims.json\n"),
    ]);
    let rules: Vec<(String, String)> = told(&folder).into_iter().map(|told| (told.0, told.1)).collect();
    assert_eq!(rules, [("uncallable-model".to_owned(), ".env".to_owned())]);
    let run = folder.run(&["check", "--as-of", DAY, "."]);
    assert!(run.err.contains("of 3 files") && !run.err.contains("hint"), "{}", run.err);
}

#[test]
fn a_policy_of_everything_counts_in_its_pair() {
    let pinned = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";
    let all = r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } }"#;
    let folder = Folder::new(&[
        ("adapters/claims.json", &adapter(NOVA, "us-west-2")),
        ("policies/claims.json", &policy(&[pinned])),
        ("policies/all.json", all),
        ("bedrock-lint.yml", &PAIR.replace("policies/claims.json", "policies")),
    ]);
    assert_eq!(told(&folder), []);
}

#[test]
fn a_pair_of_which_a_policy_was_not_read_is_not_judged() {
    let pinned = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";
    let settings = PAIR.replace("policies/claims.json", "policies/*.json");
    let folder = Folder::new(&[
        ("adapters/claims.json", &adapter(NOVA, "us-west-2")),
        ("policies/claims.json", &policy(&[pinned])),
        ("policies/more.json", &policy(&[&pinned.replace("us-east-1", "us-west-2")])),
        ("bedrock-lint.yml", &settings),
    ]);
    let exit = |paths: &[&str]| folder.run(&[&["check", "--as-of", DAY], paths].concat()).code;
    assert_eq!(exit(&["adapters", "policies/claims.json"]), 0, "a pattern, and not all of the folder");
    assert_eq!(exit(&["."]), 0);
    folder.write("bedrock-lint.yml", PAIR);
    assert_eq!(exit(&["adapters", "policies/claims.json"]), 1, "all that is named was read");
    // named and gone: what it grants is not known
    folder.write("bedrock-lint.yml", settings.replace("policies/*.json", "[policies/claims.json, policies/gone.json]"));
    assert_eq!(exit(&["."]), 0);
}

#[test]
fn policies_of_other_callers_in_the_folder_are_no_reason() {
    let model = "arn:aws:bedrock:*::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0";
    let european =
        "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0";
    let folder = Folder::new(&[
        ("app/adapter.json", &adapter(HAIKU, "us-east-1")),
        ("app/policy.json", &policy(&[model, european])),
    ]);
    assert_eq!(told(&folder), [], "a role of another geography");
    // one that grants the call, beside a Deny that may be somebody else's
    folder.write("app/policy.json", policy(&[model, &european.replace("eu-west-1", "*").replace("eu.", "us.")]));
    folder.write("app/deny.json", statement("Deny", &format!(r#""Resource": "{model}""#)));
    assert_eq!(told(&folder).iter().filter(|told| told.0 == "uncallable-model").count(), 0);
    // a batch role does not stream, and Claude Code does
    let folder = Folder::new(&[
        (
            ".env",
            "CLAUDE_CODE_USE_BEDROCK=1\nAWS_REGION=us-east-1\nANTHROPIC_MODEL=us.anthropic.claude-haiku-4-5-20251001-v1:0\n",
        ),
        (
            "policy.json",
            &policy(&[model, &european.replace("eu-west-1", "*").replace("eu.", "us.")])
                .replace("InvokeModel*", "InvokeModel"),
        ),
    ]);
    assert_eq!(told(&folder), []);
}
