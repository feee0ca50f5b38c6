//! `check --live`: documents of an account, judged like files, where they can be understood and mended. The account answers
//! from memory.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;
mod recorded;

use bedrock_lint::check::{CheckRequest, Outcome, Selection};
use bedrock_lint::finding::Finding;
use bedrock_lint::formats::{BoundaryFact, FormatOptions};
use bedrock_lint::live::{LiveCheck, LiveOutcome, Who};
use bedrock_lint::source::ScanRequest;
use recorded::{ROLE, Recorded};

/// A role that may call the model from its own Region alone, and an action that does not exist.
const NARROW: &str = r#"{ "Version": "2012-10-17", "Statement": [
  { "Effect": "Allow", "Action": ["bedrock:InvokeModel*", "bedrock:InvokeModell"], "Resource": [
    "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-6",
    "arn:aws:bedrock:*:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6"] } ] }"#;

const EVERYTHING: &str =
    r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "bedrock:*", "Resource": "*" } }"#;

const OF_AWS: &str = "arn:aws:iam::aws:policy/service-role/Narrow";
const OWN: &str = "arn:aws:iam::111122223333:policy/Narrow";

/// What is found for a role that runs a client of a profile.
fn check(account: &Recorded) -> (Outcome, LiveOutcome) {
    let folder = common::Folder::new(&[(
        ".env",
        "CLAUDE_CODE_USE_BEDROCK=1\nAWS_REGION=us-east-1\nANTHROPIC_MODEL=us.anthropic.claude-sonnet-4-6\n",
    )]);
    let request = CheckRequest {
        scan: ScanRequest { paths: vec![folder.root().to_path_buf()], ..ScanRequest::default() },
        formats: FormatOptions::default(),
        selection: Selection { pedantic: true, ..Selection::default() },
        as_of: "2026-11-22".parse().unwrap(),
        catalog: None,
        settings: None,
        baseline: None,
    };
    let mut outcome = bedrock_lint::check_live(&request, LiveCheck { account, who: &Who::Role("app".to_owned()) });
    let live = outcome.live.take().unwrap();
    assert_eq!(outcome.problems, []);
    (outcome, live)
}

fn in_document<'o>(outcome: &'o Outcome, path: &str) -> Vec<&'o Finding> {
    outcome.findings.iter().filter(|one| one.primary.at.source.path() == path).collect()
}

/// What could not be checked of policies: Amazon Bedrock is not asked about here.
fn gaps(live: &LiveOutcome) -> Vec<String> {
    let of_policies = live.gaps.iter().filter(|gap| !gap.failure.action.starts_with("bedrock:"));
    of_policies.map(ToString::to_string).collect()
}

#[test]
fn what_aws_manages_is_judged_by_and_not_told_of() {
    let own = check(&Recorded::new().attached(OWN, NARROW)).0;
    let found = in_document(&own, OWN);
    assert!(found.iter().any(|one| one.primary.at.text().contains("InvokeModell")), "{found:?}");

    for arn in [OF_AWS.to_owned(), OF_AWS.replace("arn:aws:", "arn:aws-us-gov:")] {
        let of_aws = check(&Recorded::new().attached(&arn, NARROW)).0;
        assert_eq!(in_document(&of_aws, &arn), Vec::<&Finding>::new());
        // what is denied by it is told, with its place
        let call = of_aws.findings.iter().find(|one| one.rule == "uncallable-model").unwrap();
        assert!(call.primary.at.source.path().ends_with(".env"));
        assert!(call.related.iter().any(|one| one.at.source.path() == arn), "{:?}", call.related);
        assert_eq!(of_aws.findings.len(), own.findings.len() - found.len());
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_document() {
    let path = format!("{ROLE}#Narrow");
    let (outcome, live) = check(&Recorded::new().inline("Narrow", &format!("\u{feff}{NARROW}")));
    assert_eq!(gaps(&live), Vec::<String>::new());
    let found = in_document(&outcome, &path);
    let misspelt = found.iter().find(|one| one.primary.at.text().contains("InvokeModell")).unwrap();
    assert_eq!(misspelt.primary.at.start(), {
        let plain = check(&Recorded::new().inline("Narrow", NARROW)).0;
        let found = in_document(&plain, &path);
        found.iter().find(|one| one.primary.at.text().contains("InvokeModell")).unwrap().primary.at.start()
    });
}

#[test]
fn a_document_that_cannot_be_understood_is_a_gap() {
    let understood = |account: Recorded| {
        let (outcome, live) = check(&account.inline("Narrow", NARROW));
        let principal = live.principal.clone().unwrap();
        // another policy may grant what this one does not, and nobody knows
        assert!(outcome.findings.iter().all(|one| one.rule != "uncallable-model"), "{:?}", outcome.findings);
        (principal, gaps(&live))
    };
    for (text, why) in [
        ("<html>", "not JSON: "),
        ("{ \"Version\": \"2012-10-17\"", "not JSON: "),
        ("[]", "no policy document (line 1, column 1)"),
        ("", "no policy document"),
        ("{ \"Statement\": [{ \"Action\": \"*\", \"Resource\": \"*\" }] }", "the statement has no `Effect`"),
    ] {
        let (principal, told) = understood(Recorded::new().inline("Odd", text));
        assert!(!principal.whole && principal.identity.len() == 1, "{text}");
        let [said]: [String; 1] = told.try_into().unwrap();
        assert!(said.starts_with(&format!("the answer to `iam:GetRolePolicy` could not be read: {why}")), "{said}");
        assert!(said.ends_with(&format!("; not checked: policy document `{ROLE}#Odd`")), "{said}");
    }
    let (principal, told) = understood(Recorded::new().attached(OWN, "x"));
    assert!(!principal.whole && told.iter().any(|gap| gap.contains("`iam:GetPolicyVersion`")), "{told:?}");

    let (principal, told) = understood(Recorded::new().inline("All", EVERYTHING).boundary(OWN, "x"));
    assert_eq!((principal.boundary, principal.whole, told.len()), (BoundaryFact::Unread, true, 1));

    // a level of which one is missing would seem to allow less than it does
    let levels: [(&str, &[&str]); 2] = [("r-root", &[EVERYTHING]), (recorded::ACCOUNT, &["x", EVERYTHING])];
    let (principal, told) = understood(Recorded::new().inline("All", EVERYTHING).organization(&levels));
    assert!(!principal.scps_known && principal.scps.is_empty());
    assert!(told.len() == 1 && told.iter().any(|gap| gap.contains("`organizations:DescribePolicy`")), "{told:?}");
}

#[test]
fn a_policy_without_statements_grants_nothing() {
    let empty = r#"{ "Version": "2012-10-17", "Statement": [] }"#;
    let (outcome, live) = check(&Recorded::new().inline("Empty", empty).inline("Narrow", NARROW));
    assert_eq!(gaps(&live), Vec::<String>::new());
    assert!(live.principal.unwrap().whole);
    assert!(outcome.findings.iter().any(|one| one.rule == "uncallable-model"), "{:?}", outcome.findings);
}
