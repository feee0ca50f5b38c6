//! What the live check needs, where its credentials come from, and that nobody is asked without `--live`.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};

use super::recorded::{self, ACCOUNT, Holder};
use super::server::{Answer, Question};
use super::{CALLER, ELSEWHERE, ENOUGH, Folder, Run, account, as_recorded, ask, check, serve, warnings};

/// Answers of AWS Organizations for an account directly below the root.
fn organization(question: &Question) -> Option<Answer> {
    let policy = json!({ "Id": "p-FullAWSAccess", "Arn": "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess" });
    let everything = ENOUGH.replace("\"Action\": [", "\"Action\": [\"*\", ");
    let answer = match question.operation.as_str() {
        "organizations:DescribeOrganization" => json!({ "Organization": { "MasterAccountId": "444455556666" } }),
        "organizations:ListParents" => json!({ "Parents": [{ "Id": "r-root", "Type": "ROOT" }] }),
        "organizations:ListPoliciesForTarget" => json!({ "Policies": [policy] }),
        "organizations:DescribePolicy" => json!({ "Policy": { "PolicySummary": policy, "Content": everything } }),
        _ => return None,
    };
    Some(recorded::json(&answer))
}

/// Every operation that the program asks for, whatever it is told to do with an account.
fn every_operation() -> BTreeSet<String> {
    let staff = Holder {
        inline: vec![("invoke".to_owned(), ENOUGH.to_owned())],
        managed: vec![(format!("arn:aws:iam::{ACCOUNT}:policy/files"), ELSEWHERE.to_owned())],
        ..Holder::default()
    };
    let mut account = account();
    account.profiles[0].2 = vec![format!("arn:aws:bedrock:us-east-1::foundation-model/{}", super::MODEL)];
    account.holders.insert("user ana".to_owned(), Holder { groups: vec!["staff".to_owned()], ..staff.clone() });
    account.holders.insert("group staff".to_owned(), staff);
    let server = serve(account, |question| {
        let simulated = || recorded::simulated(question, &recorded::allowed("files", 1, 1));
        let is_simulation = question.operation.starts_with("iam:Simulate");
        organization(question).or_else(|| is_simulation.then(simulated))
    });
    let unknown = "AWS_REGION=us-east-1\nBEDROCK_MODEL_ID=amazon.nova-lite-v9:0\n";
    let folder = Folder::new(&[("a/.env", CALLER), ("b/.env", unknown), ("policy.json", ENOUGH)]);
    let call = ["can-invoke", "--model", super::PROFILE, "--region", "us-east-1"];
    for arguments in [
        check(&["--role", "app", "."]),
        check(&["--user", "ana", "."]),
        [&call[..], &["--role", "app"]].concat(),
        [&call[..], &["--user", "ana"]].concat(),
        [&call[..], &["--policy", "policy.json"]].concat(),
        vec!["models", "--refresh", "--output", "newer.json", "--region", "us-east-1"],
    ] {
        let run = ask(&folder, &server.url, &arguments);
        assert!(run.code <= 1 && warnings(&run).is_empty(), "{arguments:?}: {} {}", run.out, run.err);
    }
    server.asked().into_iter().map(|question| question.operation).collect()
}

#[test]
fn the_printed_policy_allows_what_is_asked_and_nothing_else() {
    let folder = Folder::new(&[]);
    let printed = ["check", "can-invoke", "models"].map(|command| {
        let run = folder.run(&[command, "--live", "--print-policy"]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{command}: {}", run.err);
        run.out
    });
    assert!(printed[0] == printed[1] && printed[1] == printed[2], "{printed:?}");
    let policy: Value = serde_json::from_str(&printed[0]).unwrap();
    let actions = policy["Statement"].as_array().unwrap().iter().flat_map(|one| one["Action"].as_array().unwrap());
    let actions: BTreeSet<String> = actions.map(|action| action.as_str().unwrap().to_owned()).collect();
    let reads = |action: &String| {
        let (_, name) = action.split_once(':').unwrap();
        ["Get", "List", "Describe", "Simulate"].iter().any(|verb| name.starts_with(verb))
    };
    assert!(actions.iter().all(reads), "{actions:?}");
    let mut asked = every_operation();
    // who asks needs no permission
    assert!(asked.remove("sts:GetCallerIdentity"));
    assert_eq!(asked, actions);
    // and nothing is wrong with it
    folder.write("policy.json", &printed[0]);
    assert_eq!(folder.run(&["check", "--no-config", "policy.json"]).code, 0);
}

#[test]
fn credentials_come_from_the_environment_or_a_profile_and_never_from_what_is_checked() {
    let server = serve(account(), as_recorded);
    let text = format!("{CALLER}AWS_ACCESS_KEY_ID=AKIAFROMTHEFILE00000\nAWS_SECRET_ACCESS_KEY=of-the-file\n");
    let folder = Folder::new(&[(".env", &text)]);
    ask(&folder, &server.url, &check(&["--role", "app", "."]));
    assert!(!server.asked().is_empty() && server.asked().iter().all(|question| question.key == "testing"));
    // without any, those of the file are not taken either
    let arguments = check(&["--role", "app", ".", "--live", "--endpoint-url", &server.url]);
    let before = server.asked().len();
    let run = Run::of(folder.command(&arguments).env("AWS_EC2_METADATA_DISABLED", "true"));
    assert_eq!((run.code, server.asked().len()), (3, before), "{}", run.err);
    // a profile of the shared configuration
    let config =
        "[profile audit]\nregion = us-west-2\naws_access_key_id = of-the-profile\naws_secret_access_key = secret\n";
    folder.write("aws/config", config);
    let mut command = folder.command(&arguments);
    command.args(["--profile", "audit"]).env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_CONFIG_FILE", folder.path("aws/config"));
    let run = Run::of(&mut command);
    assert_eq!(run.code, 0, "{}", run.err);
    let asked = server.asked();
    let of_profile: Vec<&Question> = asked.iter().skip(before).collect();
    assert!(!of_profile.is_empty() && of_profile.iter().all(|question| question.key == "of-the-profile"));
    // one that is not there
    let run = Run::of(folder.command(&arguments).args(["--profile", "ghost"]).env("AWS_EC2_METADATA_DISABLED", "true"));
    assert_eq!(run.code, 3, "{}", run.err);
}

#[test]
fn live_options_want_live() {
    let folder = Folder::new(&[]);
    for option in [&["--role", "app"][..], &["--profile", "x"], &["--endpoint-url", "http://x"], &["--print-policy"]] {
        let run = folder.run(&check(option));
        assert_eq!(run.code, 2, "{option:?}");
        assert!(run.err.contains("--live"), "{}", run.err);
    }
    let run = folder.run(&check(&["--live", "--live-timeout", "0"]));
    assert_eq!(run.code, 2, "{}", run.err);
}

/// A library that writes down which sockets are made and which AWS variables are read; see `witness.c`.
fn witness() -> PathBuf {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(compiled).clone()
}

fn compiled() -> PathBuf {
    let library = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("witness.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/witness.c");
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).output();
    let need = "this test needs a C compiler as `cc`, which Rust links with, too";
    assert!(compiled.as_ref().is_ok_and(|done| done.status.success()), "{need}: {compiled:?}");
    library
}

#[test]
#[cfg(target_os = "linux")]
fn without_live_no_socket_is_made_and_no_variable_of_aws_is_read() {
    let library = witness();
    let folder = Folder::new(&[(".env", CALLER), ("policy.json", super::ENOUGH), ("log.txt", "AccessDeniedException")]);
    let log = folder.path("witnessed");
    let witnessed = |arguments: &[&str]| {
        let _ = fs::remove_file(&log);
        let mut command = folder.command(arguments);
        command.env("LD_PRELOAD", &library).env("WITNESS", &log).envs(super::credentials());
        command.env("AWS_PROFILE", "nobody").env("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
        Run::of(&mut command);
        fs::read_to_string(&log).unwrap()
    };
    // it sees what there is to be seen
    let live = witnessed(&check(&["--live", "--live-timeout", "5", "."]));
    assert!(live.contains("begun") && live.contains("socket") && live.contains("AWS_PROFILE"), "{live}");
    let quiet: [&[&str]; 7] = [
        &check(&["."]),
        &["can-invoke", "--model", super::PROFILE, "--region", "us-east-1", "--policy", "policy.json"],
        &["models", "haiku"],
        &["policy", "--model", super::PROFILE, "--region", "us-east-1"],
        &["diagnose", "log.txt", "--path", "."],
        &["rules"],
        &["explain", "inactive-key"],
    ];
    for arguments in quiet {
        assert_eq!(witnessed(arguments), "begun\n", "{arguments:?}");
    }
}

#[test]
fn the_default_build_says_that_it_cannot_ask() {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("default");
    let mut command = Command::new(std::env::var_os("CARGO").unwrap());
    command.args(["build", "--locked", "--quiet", "--bin", "bedrock-lint", "--target-dir"]).arg(&target);
    let built = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let program = target.join("debug/bedrock-lint");
    let run = |arguments: &[&str]| {
        let output = Command::new(&program).args(arguments).env_clear().output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = run(&["check", "--live", "."]);
    assert_eq!(code, 2, "{told}");
    assert!(told.starts_with("error: this program was built without the cargo feature `live`"), "{told}");
    assert_eq!(run(&["check", "--live", "--print-policy"]), (0, String::new()));
}

#[test]
fn the_default_build_has_no_crate_of_aws() {
    let cargo = std::env::var_os("CARGO").unwrap();
    let tree = |features: &[&str]| {
        let mut command = Command::new(&cargo);
        command.args(["tree", "--locked", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"]);
        let output = command.args(features).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let of_aws = |tree: &str| {
        tree.lines().any(|line| ["aws-", "hyper", "tokio", "rustls"].iter().any(|name| line.starts_with(name)))
    };
    assert!(of_aws(&tree(&["--features", "live"])));
    assert!(!of_aws(&tree(&[])), "{}", tree(&[]));
}

#[test]
#[cfg(target_os = "linux")]
fn a_name_that_is_never_found_ends_with_the_time() {
    let folder = Folder::new(&[(".env", CALLER)]);
    let arguments = check(&["--live", "--live-timeout", "1", "--endpoint-url", "http://aws.example:1", "."]);
    let mut command = folder.command(&arguments);
    command.env("LD_PRELOAD", witness()).env("WITNESS_HANG", "1").envs(super::credentials());
    // a run that waited for the name would be killed
    let run = Run::of(&mut command);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(run.err.contains("`sts:GetCallerIdentity` gave no answer in time"), "{}", run.err);
}
