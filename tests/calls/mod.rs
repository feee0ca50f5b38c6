//! The command `can-invoke`, asked in a folder of policies.
#![allow(dead_code, reason = "each test uses a part of it")]

use serde_json::{Value, json};

use crate::common::{Folder, Run};

pub const US: &str = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
pub const GLOBAL: &str = "global.anthropic.claude-haiku-4-5-20251001-v1:0";
pub const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";
pub const NOVA: &str = "amazon.nova-lite-v1:0";
pub const APPLICATION: &str = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3d4e5f6";
pub const EVERYTHING: &str =
    "{\n  \"Statement\": { \"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\" }\n}\n";

pub fn model(region: &str) -> String {
    format!("arn:aws:bedrock:{region}::foundation-model/{HAIKU}")
}

pub fn profile(region: &str) -> String {
    format!("arn:aws:bedrock:{region}:111122223333:inference-profile/{US}")
}

/// A policy of one statement for each, laid out as people do.
pub fn policy(statements: &[Value]) -> String {
    let document = json!({ "Version": "2012-10-17", "Statement": statements });
    serde_json::to_string_pretty(&document).unwrap() + "\n"
}

pub fn allow(sid: &str, resources: &[&str]) -> Value {
    json!({ "Sid": sid, "Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": resources })
}

/// The policy of a role that may call the profile from us-east-1.
pub fn role() -> String {
    policy(&[allow("Invoke", &[&profile("us-east-1"), &model("*")])])
}

pub fn under(mut statement: Value, condition: Value) -> Value {
    statement["Condition"] = condition;
    statement
}

pub fn region_deny(regions: &[&str]) -> Value {
    let deny = json!({ "Sid": "OtherRegions", "Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*" });
    under(deny, json!({ "StringNotEquals": { "aws:RequestedRegion": regions } }))
}

/// The files of all cases.
pub fn files() -> Folder {
    let tagged = json!({ "StringEquals": { "aws:PrincipalTag/team": ["search", "ads"] } });
    let here = json!({ "StringEquals": { "aws:RequestedRegion": "us-east-1" } });
    let through = json!({ "ArnLike": { "bedrock:InferenceProfileArn": APPLICATION } });
    let token = json!({ "Sid": "Token", "Effect": "Allow", "Action": "bedrock:CallWithBearerToken", "Resource": "*" });
    let short = json!({ "StringEquals": { "bedrock:BearerTokenType": "SHORT_TERM" } });
    Folder::new(&[
        ("role.json", &role()),
        ("everything.json", EVERYTHING),
        ("scp.json", &policy(&[region_deny(&["us-east-1", "us-west-2"])])),
        ("boundary.json", &policy(&[allow("Bounds", &["arn:aws:bedrock:us-*-1::foundation-model/*", &profile("*")])])),
        ("here.json", &policy(&[under(allow("Here", &["*"]), here)])),
        ("tagged.json", &policy(&[allow("Profile", &[&profile("*")]), under(allow("Team", &[&model("*")]), tagged)])),
        (
            "application.json",
            &policy(&[allow("Profile", &[APPLICATION]), under(allow("Models", &[&model("us-east-*")]), through)]),
        ),
        ("token.json", &policy(&[allow("Invoke", &[&profile("*"), &model("*")]), under(token, short)])),
    ])
}

pub const DAY: [&str; 3] = ["can-invoke", "--as-of", "2026-11-22"];

pub fn run_in(folder: &Folder, arguments: &[&str]) -> Run {
    folder.run(&[&DAY[..], arguments].concat())
}

pub fn run(arguments: &[&str]) -> Run {
    run_in(&files(), arguments)
}

pub fn parsed(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {} {}", run.out, run.err))
}

/// Statement, layer and level of each requirement that is not allowed.
pub fn failing(run: &Run) -> Vec<String> {
    let answer = parsed(run);
    let requirements = answer["requirements"].as_array().unwrap();
    let failing = requirements.iter().filter(|one| one["decision"] != "allowed");
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    failing
        .map(|one| {
            let level = if one["level"].is_null() { String::new() } else { format!(" {}", one["level"]) };
            let place = &one["statement"];
            let path = if place.is_null() { String::new() } else { format!(" {}", word(&place["path"])) };
            format!("{} {}{level}{path}", word(&one["region"]), word(&one["layer"]))
        })
        .collect()
}
