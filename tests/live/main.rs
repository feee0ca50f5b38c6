//! The live check over real HTTP, by the real SDK: against moto, against ministack, and against recorded answers that fail
//! as networks and accounts do. Everything listens on loopback.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![expect(unreachable_pub, reason = "not a library")]

#[path = "../common/mod.rs"]
mod common;

mod account;
mod faults;
mod manners;
mod ministack;
mod moto;
mod opinion;
mod readme;
mod recorded;
mod refresh;
mod server;
mod whose;

use std::net::SocketAddr;

use common::{Folder, Run, closed};
use recorded::Account;
use serde_json::Value;
use server::{Answer, Question, Server};

/// Settings of a client that calls a profile from `us-east-1`.
pub const CALLER: &str = "\
CLAUDE_CODE_USE_BEDROCK=1
AWS_REGION=us-east-1
ANTHROPIC_MODEL=us.anthropic.claude-sonnet-4-6
";

/// The id in it.
pub const PROFILE: &str = "us.anthropic.claude-sonnet-4-6";
/// The model behind it.
pub const MODEL: &str = "anthropic.claude-sonnet-4-6";

/// A policy that grants the profile wherever it routes to.
pub const ENOUGH: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Invoke",
      "Effect": "Allow",
      "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
      "Resource": [
        "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6",
        "arn:aws:bedrock:*:123456789012:inference-profile/us.anthropic.claude-sonnet-4-6"
      ]
    }
  ]
}"#;

/// A policy without Amazon Bedrock.
pub const ELSEWHERE: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }]
}"#;

/// An account in which a role `app` may do what [`CALLER`] does.
pub fn account() -> Account {
    let app = recorded::Holder {
        inline: vec![("invoke".to_owned(), ENOUGH.to_owned())],
        managed: vec![(format!("arn:aws:iam::{}:policy/files", recorded::ACCOUNT), ELSEWHERE.to_owned())],
        trust: Some(ELSEWHERE.replace("Resource\": \"*\"", "Principal\": \"*\"")),
        ..recorded::Holder::default()
    };
    Account {
        id: recorded::ACCOUNT.to_owned(),
        beyond: &[],
        holders: [("role app".to_owned(), app)].into(),
        models: vec![("us-east-1".to_owned(), MODEL.to_owned())],
        profiles: vec![("us-east-1".to_owned(), PROFILE.to_owned(), Vec::new())],
        on_demand: Vec::new(),
        use_case_sent: true,
        page: 0,
    }
}

/// A server for a recorded account, in which some questions go another way.
pub fn serve(account: Account, otherwise: impl Fn(&Question) -> Option<Answer> + Send + Sync + 'static) -> Server {
    serve_before(account, otherwise, None)
}

/// The same before another server, which answers what is not recorded.
pub fn serve_before(
    account: Account,
    otherwise: impl Fn(&Question) -> Option<Answer> + Send + Sync + 'static,
    beyond: Option<SocketAddr>,
) -> Server {
    Server::start(move |question: &Question| otherwise(question).or_else(|| account.answer(question)), beyond)
}

/// Nothing goes another way.
pub fn as_recorded(_: &Question) -> Option<Answer> {
    None
}

/// Runs the program with credentials of nobody against a server.
pub fn ask(folder: &Folder, server: &str, arguments: &[&str]) -> Run {
    let mut command = folder.command(arguments);
    command.args(["--live", "--endpoint-url", server]);
    Run::of(command.envs(credentials()))
}

/// Credentials of nobody, and no look for those of the machine.
pub fn credentials() -> [(&'static str, &'static str); 4] {
    [
        ("AWS_ACCESS_KEY_ID", "testing"),
        ("AWS_SECRET_ACCESS_KEY", "testing"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ]
}

/// `check` with what all of these tests give.
pub fn check<'a>(more: &[&'a str]) -> Vec<&'a str> {
    ["check", "--as-of", "2026-11-22", "--no-config"].into_iter().chain(more.iter().copied()).collect()
}

/// What is printed as JSON, which keeps to a published schema and has nothing beside.
pub fn valid(out: &str, schema: &str) -> Value {
    let schema = closed(serde_json::from_str(schema).unwrap());
    let printed = serde_json::from_str(out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> = validator.iter_errors(&printed).map(|one| one.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    printed
}

/// The lines that warn.
pub fn warnings(run: &Run) -> Vec<&str> {
    run.err.lines().filter(|line| line.starts_with("warning:")).collect()
}
