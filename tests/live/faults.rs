//! What an account or a network refuses is told in a line, and the rest goes on.

use super::recorded::{Account, denied, error, throttled};
use super::server::{Answer, Question, Server};
use super::{CALLER, Folder, Run, account, ask, check, credentials, serve, warnings};

fn folder() -> Folder {
    Folder::new(&[(".env", CALLER)])
}

fn run(server: &Server, more: &[&str]) -> Run {
    ask(&folder(), &server.url, &check(&[&["--role", "app", "."], more].concat()))
}

/// Operations, and what is then not checked.
const OPERATIONS: [(&str, &str); 10] = [
    ("iam:GetRole", "trust policy and permissions boundary of role app"),
    ("iam:ListAttachedRolePolicies", "managed policies of role app"),
    ("iam:ListRolePolicies", "inline policies of role app"),
    ("iam:GetRolePolicy", "inline policy `invoke` of role app"),
    ("iam:GetPolicy", "managed policy `arn:aws:iam::123456789012:policy/files`"),
    ("iam:GetPolicyVersion", "managed policy `arn:aws:iam::123456789012:policy/files`"),
    ("organizations:DescribeOrganization", "service control policies of the account"),
    ("bedrock:GetInferenceProfile", "inference profile `us.anthropic.claude-sonnet-4-6` from `us-east-1`"),
    ("bedrock:GetFoundationModelAvailability", "access to `anthropic.claude-sonnet-4-6` in `us-east-1`"),
    ("bedrock:GetUseCaseForModelAccess", "whether Anthropic's use-case form was sent"),
];

#[test]
fn each_missing_permission_is_one_warning() {
    for (operation, unchecked) in OPERATIONS {
        let refuse = move |question: &Question| (question.operation == operation).then(|| denied(question));
        let run = run(&serve(account(), refuse), &[]);
        let expected =
            format!("warning: `{operation}` is not allowed to the credentials in use; not checked: {unchecked}");
        assert_eq!(warnings(&run), [expected], "{}", run.err);
        // what is not known is nobody's mistake
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{operation}: {}", run.err);
    }
}

#[test]
fn a_caller_who_may_nothing_gets_exit_code_3() {
    let refuse = |question: &Question| (!question.operation.starts_with("sts:")).then(|| denied(question));
    let run = run(&serve(account(), refuse), &[]);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(run.err.contains("error: the live check could not be made: "), "{}", run.err);
    // GetRole, the two lists of policies, the organization, and three of Amazon Bedrock
    assert_eq!(warnings(&run).len(), 7, "{}", run.err);
}

#[test]
fn findings_of_files_are_told_whatever_becomes_of_the_account() {
    let folder = Folder::new(&[(".env", &CALLER.replace("us.anthropic", "eu.anthropic"))]);
    let closed = "http://127.0.0.1:1";
    let run = ask(&folder, closed, &check(&["--role", "app", "."]));
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(run.out.contains("error[prefix-region-mismatch]"), "{}", run.out);
    // what cannot be read goes before
    folder.write("broken.json", "{");
    let run = ask(&folder, closed, &check(&["--role", "app", ".env", "broken.json"]));
    assert_eq!(run.code, 2, "{}", run.err);
}

#[test]
fn a_storm_of_throttling_is_waited_out() {
    let storm = std::sync::Mutex::new(std::collections::BTreeMap::<String, usize>::new());
    let refuse = move |question: &Question| {
        let mut asked = storm.lock().unwrap();
        let count = asked.entry(question.operation.clone()).or_default();
        *count += 1;
        (*count <= 2).then(|| throttled(question))
    };
    let server = serve(account(), refuse);
    let run = run(&server, &[]);
    assert_eq!((run.code, warnings(&run)), (0, Vec::new()), "{}", run.err);
    assert_eq!(server.count("iam:GetRole"), 3);
}

#[test]
fn throttling_without_an_end_is_told() {
    let refuse = |question: &Question| (question.operation == "iam:ListRolePolicies").then(|| throttled(question));
    let server = serve(account(), refuse);
    let run = run(&server, &[]);
    let told = "warning: `iam:ListRolePolicies` was throttled until no retry was left; not checked: inline policies of role app";
    assert_eq!((run.code, warnings(&run)), (0, vec![told]), "{}", run.err);
    assert_eq!(server.count("iam:ListRolePolicies"), 6);
}

#[test]
fn an_answer_that_does_not_come_ends_with_the_time() {
    let hang = |question: &Question| (question.operation == "bedrock:GetInferenceProfile").then_some(Answer::Hang);
    let run = run(&serve(account(), hang), &["--live-timeout", "3"]);
    let told = "warning: `bedrock:GetInferenceProfile` gave no answer in time; not checked: inference profile \
                `us.anthropic.claude-sonnet-4-6` from `us-east-1`";
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(warnings(&run).contains(&told), "{}", run.err);
}

#[test]
fn nothing_that_answers_in_time_is_exit_code_3() {
    let run = run(&serve(account(), |_| Some(Answer::Hang)), &["--live-timeout", "1"]);
    assert_eq!(run.code, 3, "{}", run.err);
    let told = "error: the live check could not be made: `sts:GetCallerIdentity` gave no answer in time\n";
    assert!(run.err.ends_with(told), "{}", run.err);
}

#[test]
fn an_answer_that_breaks_off_is_told() {
    let operations = ["iam:GetRolePolicy", "bedrock:GetFoundationModelAvailability"];
    for operation in operations {
        let truncate = move |question: &Question| {
            (question.operation == operation).then(|| Answer::Truncate { body: "{\"modelId\": \"<Get".to_owned() })
        };
        let run = run(&serve(account(), truncate), &[]);
        let [told] = warnings(&run).try_into().unwrap();
        assert!(told.contains(&format!("`{operation}`")) && told.contains("could not be"), "{told}");
        assert_eq!(run.code, 0, "{}", run.err);
    }
}

#[test]
fn an_answer_that_is_none_is_told_with_its_status() {
    let page = |question: &Question| {
        let body = "<!doctype html><title>502 Bad Gateway</title>".to_owned();
        (question.operation == "iam:GetPolicy").then(|| Answer::Say { status: 502, headers: Vec::new(), body })
    };
    let run = run(&serve(account(), page), &[]);
    let [told] = warnings(&run).try_into().unwrap();
    assert!(told.starts_with("warning: the answer to `iam:GetPolicy` (HTTP 502) could not be read"), "{told}");
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn an_expired_token_is_called_that() {
    let expired = |question: &Question| {
        Some(error(question, 403, "ExpiredToken", "The security token included in the request is expired"))
    };
    let run = run(&serve(account(), expired), &[]);
    assert_eq!(run.code, 3, "{}", run.err);
    let told = "error: the live check could not be made: the AWS credentials in use are expired or not valid, so \
                `sts:GetCallerIdentity` could not be asked\n";
    assert!(run.err.ends_with(told), "{}", run.err);
}

#[test]
fn a_region_without_amazon_bedrock_is_told() {
    // whoever looks its endpoint up finds nothing: here, a connection that is closed
    let close = |question: &Question| {
        (question.operation.starts_with("bedrock:") && question.region == "me-south-1").then_some(Answer::Close)
    };
    let mut models = account();
    models.models.push(("us-west-2".to_owned(), super::MODEL.to_owned()));
    models.profiles.push(("us-west-2".to_owned(), super::PROFILE.to_owned(), Vec::new()));
    let folder = Folder::new(&[
        ("a/.env", "AWS_REGION=me-south-1\nBEDROCK_MODEL_ID=amazon.nova-lite-v1:0\n"),
        ("b/.env", &CALLER.replace("us-east-1", "us-west-2")),
    ]);
    let run = ask(&folder, &serve(models, close).url, &check(&["--role", "app", "--select", "unavailable-model", "."]));
    assert_eq!(run.code, 0, "{} {}", run.out, run.err);
    let [told] = warnings(&run).try_into().unwrap();
    // which the catalogue says as well, so the account is asked whether it knows better
    assert!(told.starts_with("warning: the endpoint of `bedrock:ListFoundationModels` could not be reached"), "{told}");
    assert!(told.ends_with("not checked: which models `me-south-1` serves"), "{told}");
}

#[test]
fn no_credentials_are_told_apart_from_no_network() {
    let arguments = check(&["--role", "app", ".", "--live", "--endpoint-url", "http://127.0.0.1:1"]);
    let without =
        Run::of(folder().command(&arguments).env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_REGION", "us-east-1"));
    assert_eq!(without.code, 3, "{}", without.err);
    assert!(
        without.err.contains("no AWS credentials were found to ask `sts:GetCallerIdentity` with"),
        "{}",
        without.err
    );
    let offline = Run::of(folder().command(&arguments).envs(credentials()));
    assert_eq!(offline.code, 3, "{}", offline.err);
    assert!(offline.err.contains("the endpoint of `sts:GetCallerIdentity` could not be reached"), "{}", offline.err);
}

#[test]
fn a_principal_that_is_not_there_is_told() {
    let server = serve(account(), |_| None);
    let cases: [(&[&str], &str); 4] = [
        (&["--role", "ghost"], "account 123456789012 has no role `ghost`"),
        (&["--user", "ghost"], "account 123456789012 has no user `ghost`"),
        (&["--role", "arn:aws:iam::444455556666:role/app"], "an account can be asked only with credentials of its own"),
        (&["--role", "arn:aws:iam::123456789012:user/app"], "is not the ARN of a role"),
    ];
    for (option, told) in cases {
        let run = ask(&folder(), &server.url, &check(&[option, &["."]].concat()));
        assert_eq!(run.code, 3, "{}", run.err);
        assert!(run.err.contains("error: the live check could not be made: ") && run.err.contains(told), "{}", run.err);
    }
}

#[test]
fn the_root_user_has_no_policies() {
    let root = |question: &Question| {
        let id = super::recorded::ACCOUNT;
        (question.operation == "sts:GetCallerIdentity").then(|| {
            let inner = format!("<Arn>arn:aws:iam::{id}:root</Arn><UserId>{id}</UserId><Account>{id}</Account>");
            super::recorded::xml("GetCallerIdentity", &inner)
        })
    };
    let account = Account { models: Vec::new(), ..account() };
    let run = ask(&folder(), &serve(account, root).url, &check(&["--format", "concise", "."]));
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.contains("unavailable-model"), "{}", run.out);
    assert!(run.err.contains("warning: the credentials in use are those of the root user"), "{}", run.err);
}
