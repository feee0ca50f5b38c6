//! The README shows what the live check prints. `UPDATE_README=1 cargo test --all-features --test live readme` writes it there.

use std::fs;

use super::recorded::{Account, Holder};
use super::{CALLER, ENOUGH, Folder, account, as_recorded, ask, check, serve};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const COMMAND: &str = "```console\n$ bedrock-lint check --live --role invoices .\n";

#[test]
fn the_transcript_is_what_is_printed() {
    let pinned = ENOUGH.replace("arn:aws:bedrock:*::foundation", "arn:aws:bedrock:us-east-1::foundation");
    let invoices = Holder { inline: vec![("bedrock".to_owned(), pinned)], ..Holder::default() };
    let account = Account { holders: [("role invoices".to_owned(), invoices)].into(), ..account() };
    let server = serve(account, |question| {
        let denied = question.operation == "organizations:DescribeOrganization";
        denied.then(|| super::recorded::denied(question)).or_else(|| as_recorded(question))
    });
    let folder = Folder::new(&[(".env", CALLER)]);
    let run = ask(&folder, &server.url, &check(&["--role", "invoices", "."]));
    assert_eq!(run.code, 1, "{}", run.err);
    let readme = fs::read_to_string(README).unwrap();
    let (before, rest) = readme.split_once(COMMAND).unwrap();
    let (_, after) = rest.split_once("```\n").unwrap();
    let wanted = format!("{before}{COMMAND}{}{}```\n{after}", run.out, run.err);
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(README, wanted).unwrap();
    } else {
        assert!(readme == wanted, "README.md is stale: UPDATE_README=1 cargo test --all-features --test live readme");
    }
}
