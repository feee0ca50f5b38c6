//! What the live check needs, where its credentials come from, and that nobody is asked without `--live`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::server::Question;
use super::{CALLER, Folder, Run, account, as_recorded, ask, check, serve};

#[test]
fn the_printed_policy_allows_what_is_asked_and_nothing_that_changes() {
    let folder = Folder::new(&[]);
    for command in ["check", "can-invoke", "models"] {
        let run = folder.run(&[command, "--live", "--print-policy"]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{command}: {}", run.err);
        let policy: Value = serde_json::from_str(&run.out).unwrap();
        let actions = policy["Statement"].as_array().unwrap().iter().flat_map(|one| one["Action"].as_array().unwrap());
        let actions: Vec<&str> = actions.map(|action| action.as_str().unwrap()).collect();
        let reads = |action: &&str| {
            let (_, name) = action.split_once(':').unwrap();
            ["Get", "List", "Describe", "Simulate"].iter().any(|verb| name.starts_with(verb))
        };
        assert!(actions.iter().all(reads), "{actions:?}");
        // everything that a check asks for is in it
        let server = serve(account(), as_recorded);
        ask(&Folder::new(&[(".env", CALLER)]), &server.url, &check(&["--role", "app", "."]));
        for Question { operation, .. } in server.asked() {
            assert!(operation.starts_with("sts:") || actions.contains(&operation.as_str()), "{operation}");
        }
        // and nothing is wrong with it
        folder.write("policy.json", &run.out);
        assert_eq!(folder.run(&["check", "--no-config", "policy.json"]).code, 0);
    }
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
        command.args([
            "tree",
            "--locked",
            "--offline",
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ]);
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
