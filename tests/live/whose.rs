//! Whose credentials ask, and whose run the files: nobody is judged as somebody else.

use super::common::keys::{mint_access_key_id, mint_long_term};
use super::recorded::{ACCOUNT, Account, Holder};
use super::{CALLER, ENOUGH, Folder, Run, account, as_recorded, ask, check, serve};

const OTHER: &str = "444455556666";

/// A role that may do nothing in an account that may use nothing.
fn nothing() -> Account {
    let app = Holder { inline: vec![("files".to_owned(), bedrock_elsewhere())], ..Holder::default() };
    Account { holders: [("role app".to_owned(), app)].into(), models: Vec::new(), ..account() }
}

/// A policy that speaks of Amazon Bedrock, and grants another model.
fn bedrock_elsewhere() -> String {
    ENOUGH.replace("claude-sonnet-4-6", "claude-haiku-4-5-20251001-v1:0")
}

#[test]
fn what_runs_as_somebody_else_is_not_judged_as_the_role() {
    let server = serve(nothing(), as_recorded);
    let run = |more: &str| {
        let folder = Folder::new(&[(".env", &format!("{CALLER}{more}"))]);
        ask(&folder, &server.url, &check(&["--role", "app", "--format", "concise", "."]))
    };
    let as_it_stands = run("");
    assert!(as_it_stands.out.contains("uncallable-model"), "{} {}", as_it_stands.out, as_it_stands.err);
    let of_other = mint_long_term("invoices", OTHER, false).text;
    let of_user = mint_long_term("invoices", ACCOUNT, false).text;
    let key_of_other = mint_access_key_id("AKIA", OTHER);
    for (more, asks) in [
        (format!("AWS_BEARER_TOKEN_BEDROCK={of_other}\n"), false),
        (format!("AWS_BEARER_TOKEN_BEDROCK={of_user}\n"), true),
        (format!("AWS_ROLE_ARN=arn:aws:iam::{OTHER}:role/other\n"), false),
        (format!("AWS_ROLE_ARN=arn:aws:iam::{ACCOUNT}:role/other\n"), true),
        (format!("AWS_ACCESS_KEY_ID={key_of_other}\nAWS_SECRET_ACCESS_KEY=${{SECRET}}\n"), false),
        ("AWS_PROFILE=somewhere\n".to_owned(), true),
    ] {
        let run = run(&more);
        assert!(!run.out.contains("uncallable-model"), "{more}: {}", run.out);
        // the account answers for its own alone
        assert_eq!(run.out.contains("unavailable-model"), asks, "{more}: {}", run.out);
    }
    let own = run(&format!("AWS_ROLE_ARN=arn:aws:iam::{ACCOUNT}:role/app\n"));
    assert!(own.out.contains("uncallable-model"), "{}", own.out);
}

#[test]
fn a_deny_that_spares_the_role_by_its_arn_spares_it() {
    let deny = |spared: &str| {
        format!(
            r#"{{ "Version": "2012-10-17", "Statement": [
  {{ "Effect": "Deny", "Action": "bedrock:*", "Resource": "*", "Condition": {{
    "ArnNotLike": {{ "aws:PrincipalArn": "{spared}" }}, "StringNotEquals": {{ "aws:RequestedRegion": "us-east-1" }} }} }}] }}"#
        )
    };
    let limited = |spared: &str| {
        let mut account = account();
        account.holders.get_mut("role app").unwrap().inline.push(("limit".to_owned(), deny(spared)));
        let folder = Folder::new(&[(".env", CALLER)]);
        ask(&folder, &serve(account, as_recorded).url, &check(&["--role", "app", "--format", "concise", "."]))
    };
    for spared in [format!("arn:aws:iam::{ACCOUNT}:role/app"), "arn:*:iam::*:role/ap*".to_owned()] {
        let run = limited(&spared);
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{spared}: {}", run.err);
    }
    let run = limited(&format!("arn:aws:iam::{ACCOUNT}:role/other"));
    assert!(run.code == 1 && !run.out.is_empty(), "{} {}", run.out, run.err);
}

#[test]
fn a_profile_goes_before_variables_and_a_key_of_the_environment_is_not_sent() {
    let server = serve(account(), as_recorded);
    let folder = Folder::new(&[(".env", CALLER)]);
    folder.write(
        "aws/config",
        "[profile audit]\nregion = eu-west-1\naws_access_key_id = of-the-profile\naws_secret_access_key = secret\n",
    );
    let token = mint_long_term("invoices", ACCOUNT, false).text;
    let mut command = folder.command(check(&["--role", "app", "."]));
    command.args(["--live", "--endpoint-url", &server.url, "--profile", "audit"]).envs(super::credentials());
    command.env("AWS_CONFIG_FILE", folder.path("aws/config")).env("AWS_BEARER_TOKEN_BEDROCK", &token);
    let run = Run::of(&mut command);
    assert_eq!(run.code, 0, "{}", run.err);
    for question in server.asked() {
        assert_eq!(question.key, "of-the-profile", "{}", question.operation);
        let sent = String::from_utf8_lossy(&question.raw).into_owned();
        assert!(!sent.contains("Bearer") && !sent.contains(&token), "{sent}");
        let own = if question.operation.starts_with("bedrock:") { "us-east-1" } else { "eu-west-1" };
        assert!(question.region == own || question.region == "us-east-1", "{} {}", question.operation, question.region);
    }
    assert!(server.asked().iter().any(|question| question.region == "eu-west-1"));
}

#[test]
fn what_a_process_for_credentials_writes_is_not_told() {
    let folder = Folder::new(&[(".env", CALLER)]);
    let process = folder.path("credentials.sh");
    folder.write("credentials.sh", "#!/bin/sh\necho 'token was hunter2' >&2\nexit 3\n");
    folder.write("aws/config", format!("[profile broken]\ncredential_process = sh {}\n", process.display()));
    let mut command = folder.command(check(&["--role", "app", "--format", "json", "."]));
    command.args(["--live", "--endpoint-url", "http://127.0.0.1:1", "--profile", "broken"]);
    command.env("AWS_CONFIG_FILE", folder.path("aws/config")).env("PATH", std::env::var_os("PATH").unwrap());
    let run = Run::of(command.env("AWS_EC2_METADATA_DISABLED", "true"));
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(!run.err.contains("hunter2") && !run.out.contains("hunter2"), "{} {}", run.err, run.out);
    assert!(run.err.contains("no AWS credentials were found"), "{}", run.err);
}

#[test]
fn regions_that_are_not_enabled_and_those_of_other_partitions() {
    let closed = |question: &super::Question| {
        (question.operation.starts_with("bedrock:") && question.region == "me-central-1").then(|| {
            super::recorded::error(question, 403, "UnrecognizedClientException", "The security token is invalid")
        })
    };
    let server = serve(account(), closed);
    let call = |region: &str| {
        format!("AWS_REGION={region}\nBEDROCK_MODEL_ID=us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0\n")
    };
    let folder = Folder::new(&[
        ("a/.env", "AWS_REGION=me-central-1\nBEDROCK_MODEL_ID=global.anthropic.claude-sonnet-4-6\n"),
        ("b/.env", &call("us-gov-west-1")),
    ]);
    let run = ask(&folder, &server.url, &check(&["--role", "app", "--select", "unavailable-model", "."]));
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    assert!(!run.err.contains("expired or not valid"), "{}", run.err);
    assert!(server.asked().iter().all(|question| question.region != "us-gov-west-1"));
}

#[test]
fn a_baseline_is_not_written_by_half() {
    let folder = Folder::new(&[(".env", CALLER)]);
    let arguments = check(&["--role", "app", "--write-baseline", "baseline.json", "."]);
    let run = ask(&folder, "http://127.0.0.1:1", &arguments);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(
        run.err.contains("the live check could not be made") && !folder.path("baseline.json").exists(),
        "{}",
        run.err
    );
    let run = ask(&folder, &serve(nothing(), as_recorded).url, &arguments);
    assert!(run.code == 0 && folder.path("baseline.json").exists(), "{}", run.err);
}

#[test]
fn models_that_nobody_sells_need_no_agreement() {
    let unsigned = |question: &super::Question| {
        (question.operation == "bedrock:GetFoundationModelAvailability").then(|| {
            super::recorded::json(&serde_json::json!({
                "modelId": question.field("id"), "agreementAvailability": { "status": "NOT_AVAILABLE" },
                "authorizationStatus": "AUTHORIZED", "entitlementAvailability": "AVAILABLE", "regionAvailability": "AVAILABLE",
            }))
        })
    };
    let run = |id: &str| {
        let folder = Folder::new(&[(".env", &format!("AWS_REGION=us-east-1\nBEDROCK_MODEL_ID={id}\n"))]);
        let mut account = account();
        account.profiles.push(("us-east-1".to_owned(), id.to_owned(), Vec::new()));
        let arguments = check(&["--role", "app", "--select", "unavailable-model", "--format", "concise", "."]);
        ask(&folder, &serve(account, unsigned).url, &arguments).out
    };
    assert!(run("us.anthropic.claude-sonnet-4-6").contains("has no agreement"));
    assert_eq!(run("us.amazon.nova-lite-v1:0"), "");
}
