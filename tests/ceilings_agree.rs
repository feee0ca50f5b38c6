//! Every service control policy of the fixtures is judged alike in a pair of the settings and by `can-invoke`; by itself
//! it is judged in `tests/adapters.rs`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::Folder;

const ALL: &str = r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } }"#;
const PAIR: &str =
    "pairs:\n  - adapters: adapter.json\n    policies: all.json\n    account: \"111122223333\"\n    scps: scp.json\n";

fn adapter(model: &str, region: &str) -> String {
    format!(
        r#"{{ "adapter_name": "claims", "model": "{model}", "region_name": "{region}", "auth_type": "iam_role",
              "enable_thinking": false }}"#
    )
}

#[test]
fn a_pair_and_can_invoke_agree_on_every_service_control_policy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scp");
    let mut files = Vec::new();
    for folder in ["clean", "broken"] {
        files.extend(fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()));
    }
    // whom an account exempts, `can-invoke` alone asks
    let by_account = |path: &Path| path.ends_with("one-account-exempt.json");
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json") && !by_account(path));
    assert!(files.len() > 50, "the fixtures are not there");
    let mut verdicts: BTreeMap<i32, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (model, region) in [
        ("us.anthropic.claude-haiku-4-5-20251001-v1:0", "us-east-1"),
        ("eu.anthropic.claude-sonnet-4-6", "eu-west-1"),
        ("global.anthropic.claude-sonnet-4-6", "us-west-2"),
    ] {
        let folder =
            Folder::new(&[("adapter.json", &adapter(model, region)), ("all.json", ALL), ("bedrock-lint.yml", PAIR)]);
        for path in &files {
            folder.write("scp.json", fs::read(path).unwrap());
            let check = folder.run(&["check", "--as-of", "2026-11-22", "--select", "uncallable-model", "."]);
            let asked = ["can-invoke", "--adapter", "adapter.json", "--account", "111122223333"];
            let files = ["--policy", "all.json", "--scp", "scp.json", "--as-of", "2026-11-22"];
            let answer = folder.run(&[&asked[..], &files].concat());
            *verdicts.entry(answer.code).or_default() += 1;
            if (check.code == 1) != (answer.code == 1) || check.code == 2 || answer.code == 2 {
                wrong.push(format!("{model} {}: check {}, can-invoke {}", path.display(), check.code, answer.code));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!([0, 1].iter().all(|code| verdicts.get(code).is_some_and(|count| *count > 10)), "{verdicts:?}");
}
