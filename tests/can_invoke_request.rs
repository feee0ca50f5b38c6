//! What `can-invoke` is told of the call and of the request, and what it assumes where it is not.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod calls;
mod common;

use calls::*;
use common::Folder;
use serde_json::json;

#[test]
fn regions_are_answered_one_by_one_or_together() {
    let east_and_west = ["--model", US, "--policy", "role.json", "--region", "us-east-1", "--region", "us-west-2"];
    let both = run(&east_and_west);
    assert_eq!(both.code, 1);
    let heads: Vec<&str> = both.out.lines().filter(|line| line.contains(": ") && !line.starts_with(' ')).collect();
    assert_eq!(
        heads,
        [
            "denied: of 2 calls, 1 denied, 1 allowed",
            &format!("allowed: `{US}` from `us-east-1`"),
            &format!("denied: `{US}` from `us-west-2`"),
        ]
    );
    let on_demand = run(&["--model", NOVA, "--policy", "everything.json"]);
    assert_eq!(on_demand.code, 0);
    let first = on_demand.out.lines().next().unwrap();
    assert!(first.starts_with("allowed: `amazon.nova-lite-v1:0` from `") && first.ends_with(" more"), "{first}");
    assert!(on_demand.out.contains("  as from "), "{}", on_demand.out);
    // what is the same in thirty Regions is not told thirty times
    let elsewhere = run(&["--model", GLOBAL, "--policy", "role.json"]);
    assert_eq!(elsewhere.code, 1);
    assert!(elsewhere.out.lines().count() < 40, "{}", elsewhere.out);
    assert!(elsewhere.out.lines().last().unwrap().starts_with("      and "), "{}", elsewhere.out);
}

#[test]
fn the_account_is_taken_from_what_names_it() {
    let role = "arn:aws:iam::444455556666:role/app";
    let profile = format!("arn:aws:bedrock:us-east-1:444455556666:inference-profile/{US}");
    let other = policy(&[allow("Other", &[&profile])]);
    let folder = files();
    folder.write("other.json", &other);
    let says = |arguments: &[&str]| {
        let run = run_in(&folder, &[&["--region", "us-east-1", "--format", "json"], arguments].concat());
        let answer = parsed(&run);
        (
            answer["calls"][0]["account"].as_str().unwrap().to_owned(),
            answer["assumed"][0].as_str().unwrap_or("").to_owned(),
        )
    };
    let us = ["--model", US];
    for (arguments, account, assumed) in [
        (&["--policy", "role.json"][..], "111122223333", "which the policies name"),
        (
            &["--policy", "role.json", "--principal", role],
            "444455556666",
            "that of `arn:aws:iam::444455556666:role/app`",
        ),
        (&["--policy", "everything.json"], "111122223333", "as no policy names one"),
        (&["--policy", "everything.json", "--scp", "other.json"], "444455556666", "which the policies name"),
        (&["--policy", "role.json", "--policy", "other.json", "--account", "444455556666"], "444455556666", ""),
    ] {
        let (found, said) = says(&[&us[..], arguments].concat());
        assert_eq!(found, account, "{arguments:?}");
        assert!(said.ends_with(assumed), "{arguments:?}: {said}");
    }
    let (found, said) = says(&["--model", &profile, "--policy", "role.json"]);
    assert_eq!(found, "444455556666");
    assert!(said.contains("that of `arn:aws:bedrock:us-east-1:444455556666:inference-profile/"), "{said}");
    let linked = "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX";
    // what needs no account assumes none
    assert_eq!(says(&["--model", NOVA, "--policy", "everything.json"]).1, "");
    for (arguments, message) in [
        (
            &["--model", US, "--policy", "role.json", "--policy", "other.json"][..],
            "the policies speak of the accounts `111122223333` and `444455556666`: say which is the caller's (`--account`)",
        ),
        (
            &["--model", US, "--policy", "role.json", "--principal", role, "--account", "111122223333"],
            "`111122223333` and `444455556666` are two accounts, and a caller is of one",
        ),
        (
            &["--model", US, "--policy", "role.json", "--scp", "other.json", "--principal", linked],
            &format!(
                "no service control policy reaches a service-linked role such as `{linked}`: leave the policies out"
            ),
        ),
        (
            &["--model", US, "--policy", "role.json", "--principal", role, "--api-key", "long"],
            &format!("a long-term Bedrock API key is a credential of an IAM user, and `{role}` is a role"),
        ),
    ] {
        let run = run_in(&folder, &[&["--region", "us-east-1"], arguments].concat());
        assert_eq!((run.code, run.out.as_str(), run.err), (2, "", format!("error: {message}\n")), "{arguments:?}");
    }
}

#[test]
fn what_is_said_of_the_request_changes_the_answer() {
    let folder = files();
    let exempt = json!({
        "StringNotEquals": { "aws:RequestedRegion": "eu-west-1" },
        "ArnNotLike": { "aws:PrincipalArn": "arn:aws:iam::*:role/AWSControlTowerExecution" },
    });
    let tower = json!({ "Effect": "Deny", "NotAction": "iam:*", "Resource": "*" });
    folder.write("tower.json", policy(&[under(tower, exempt)]));
    let several = json!({ "ForAllValues:StringEquals": { "aws:PrincipalOrgPaths": ["a", "b"] } });
    folder.write("several.json", policy(&[under(allow("Several", &["*"]), several)]));
    let endpoint = json!({ "Null": { "aws:SourceVpce": "true" } });
    folder.write("endpoint.json", policy(&[under(allow("Endpoint", &["*"]), endpoint)]));
    let named =
        json!({ "StringLike": { "aws:username": "ana" }, "StringEquals": { "aws:PrincipalAccount": "111122223333" } });
    folder.write("named.json", policy(&[under(allow("Named", &["*"]), named)]));
    let code = |policy: &str, more: &[&str]| {
        let call = ["--model", NOVA, "--region", "us-east-1", "--policy", policy];
        run_in(&folder, &[&call[..], more].concat()).code
    };
    let team = |value: &str| format!("aws:PrincipalTag/team={value}");
    let (ads, billing, none) = (team("ads"), team("billing"), team(""));
    let tagged = |more: &[&str]| {
        run_in(&folder, &[&["--model", US, "--region", "us-east-1", "--policy", "tagged.json"], more].concat()).code
    };
    assert_eq!(tagged(&[]), 4);
    assert_eq!(tagged(&["--context", &ads]), 0);
    assert_eq!(tagged(&["--context", &billing]), 1);
    assert_eq!(tagged(&["--context", &none]), 1);
    assert_eq!(code("several.json", &[]), 4);
    assert_eq!(code("several.json", &["--context", "aws:PrincipalOrgPaths=a"]), 0);
    assert_eq!(
        code("several.json", &["--context", "aws:PrincipalOrgPaths=a", "--context", "AWS:principalorgpaths=c"]),
        1
    );
    assert_eq!(code("endpoint.json", &[]), 4);
    assert_eq!(code("endpoint.json", &["--context", "aws:SourceVpce="]), 0);
    assert_eq!(code("endpoint.json", &["--context", "aws:SourceVpce=vpce-1"]), 1);
    let user = "arn:aws:iam::111122223333:user/team/ana";
    assert_eq!(code("named.json", &[]), 4);
    assert_eq!(code("named.json", &["--principal", user]), 0);
    assert_eq!(code("named.json", &["--principal", "arn:aws:iam::444455556666:user/ana"]), 1);
    assert_eq!(code("named.json", &["--principal", "arn:aws:iam::111122223333:role/ana"]), 1);
    assert_eq!(code("named.json", &["--principal", user, "--context", "aws:username=bob"]), 1);
    let tower = |more: &[&str]| code("everything.json", &[&["--scp", "tower.json"], more].concat());
    let run = run_in(
        &folder,
        &["--model", NOVA, "--region", "us-east-1", "--policy", "everything.json", "--scp", "tower.json"],
    );
    assert_eq!(run.code, 1);
    assert!(run.out.contains("  - the caller is one that no policy names\n"), "{}", run.out);
    assert_eq!(tower(&["--principal", "arn:aws:iam::111122223333:role/AWSControlTowerExecution"]), 0);
    assert_eq!(tower(&["--principal", "arn:aws:sts::111122223333:assumed-role/AWSControlTowerExecution/s"]), 0);
    assert_eq!(tower(&["--principal", "arn:aws:iam::111122223333:role/app"]), 1);
    // a key that nobody asks for is likely misspelt
    let run = run_in(
        &folder,
        &["--model", NOVA, "--region", "us-east-1", "--policy", "everything.json", "--context", "aws:SourceVcpe=x"],
    );
    assert_eq!(run.code, 0);
    assert!(
        run.err.starts_with(
            "warning: no policy asks for `aws:SourceVcpe`, so its value changes nothing; did you mean `aws:SourceVpce`"
        ),
        "{}",
        run.err
    );
}

#[test]
fn keys_of_each_kind_are_checked() {
    let folder = files();
    let ban = json!({ "Effect": "Deny", "Action": "bedrock:CallWithBearerToken", "Resource": "*" });
    folder.write(
        "ban.json",
        policy(&[under(ban, json!({ "StringEquals": { "bedrock:BearerTokenType": "LONG_TERM" } }))]),
    );
    let on_all = json!({ "Effect": "Deny", "Action": "bedrock:*", "Resource": "*" });
    folder.write("keys.json", policy(&[under(on_all, json!({ "Null": { "bedrock:BearerTokenType": "false" } }))]));
    let ask = |more: &[&str]| {
        let call = ["--model", US, "--region", "us-east-1", "--format", "json"];
        run_in(&folder, &[&call[..], more].concat())
    };
    let all = ["--policy", "everything.json"];
    assert_eq!(ask(&[&all[..], &["--scp", "ban.json", "--api-key", "short"]].concat()).code, 0);
    assert_eq!(ask(&[&all[..], &["--scp", "ban.json"]].concat()).code, 0);
    let long = ask(&[&all[..], &["--scp", "ban.json", "--api-key", "long"]].concat());
    assert_eq!(failing(&long), ["us-east-1 scp 1 ban.json"]);
    assert_eq!(parsed(&long)["calls"][0]["api_key"], "long-term");
    assert_eq!(ask(&["--policy", "token.json", "--api-key", "short"]).code, 0);
    assert_eq!(failing(&ask(&["--policy", "role.json", "--api-key", "short"])), ["us-east-1 identity"]);
    // without a key there is no kind of it
    let without = ask(&[&all[..], &["--scp", "keys.json"]].concat());
    assert_eq!(without.code, 0);
    assert!(parsed(&without)["assumed"].to_string().contains("the call carries no Bedrock API key"));
    assert_eq!(ask(&[&all[..], &["--scp", "keys.json", "--api-key", "short"]].concat()).code, 1);
}

#[test]
fn a_guess_of_the_catalogue_denies_nothing() {
    let guessed = bedrock_lint::bedrock::Catalogue::builtin()
        .profiles()
        .find(|profile| {
            profile.is_active()
                && !profile.confidence.destinations_known()
                && profile
                    .destinations(profile.sources().iter().next().unwrap())
                    .is_some_and(|regions| regions.len() > 1)
        })
        .unwrap();
    let region = guessed.sources().iter().next().unwrap().to_owned();
    let folder = Folder::new(&[]);
    let partition = if region.starts_with("us-gov") { "aws-us-gov" } else { "aws" };
    let resources = [
        format!("arn:{partition}:bedrock:{region}:*:inference-profile/*"),
        format!("arn:{partition}:bedrock:{region}::foundation-model/*"),
    ];
    folder.write("here.json", policy(&[allow("Here", &[&resources[0], &resources[1]])]));
    let run = run_in(&folder, &["--model", &guessed.id, "--region", &region, "--policy", "here.json"]);
    assert_eq!(run.code, 4, "{}", run.out);
    assert!(run.err.starts_with("warning: where `"), "{}", run.err);
    let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("whether calls are routed there is a guess of the catalogue, and no identity policy allows it"),
        "{text}"
    );
}
