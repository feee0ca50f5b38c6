//! Where `can-invoke` reads what it is asked about: policies by layer, adapters, account dumps, standard input.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod calls;
mod common;

use calls::*;
use serde_json::{Value, json};

#[test]
fn levels_and_files_of_a_level() {
    let folder = files();
    folder.write("deny.json", policy(&[json!({ "Effect": "Deny", "Action": "bedrock:*", "Resource": "*" })]));
    folder.write("s3.json", policy(&[json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" })]));
    let ask = |scps: &[&str]| {
        let call = ["--model", NOVA, "--region", "us-east-1", "--policy", "everything.json", "--format", "json"];
        run_in(&folder, &[&call[..], scps].concat())
    };
    for (scps, failing_there) in [
        (&["--scp", "everything.json,s3.json"][..], vec![]),
        (&["--scp", "s3.json", "--scp", "everything.json"], vec!["us-east-1 scp 1"]),
        (&["--scp", "everything.json", "--scp", "s3.json"], vec!["us-east-1 scp 2"]),
        (&["--scp", "everything.json", "--scp", "everything.json,deny.json"], vec!["us-east-1 scp 2 deny.json"]),
        (&["--scp", "s3.json,deny.json", "--scp", "scp.json"], vec!["us-east-1 scp 1 deny.json"]),
    ] {
        let run = ask(scps);
        assert_eq!(
            (failing(&run), run.code),
            (failing_there.iter().map(|it| (*it).to_owned()).collect(), i32::from(!failing_there.is_empty())),
            "{scps:?}"
        );
    }
    let assumed = parsed(&ask(&["--scp", "everything.json", "--scp", "scp.json"]))["assumed"].to_string();
    assert!(assumed.contains("level 2 of the service control policies carries `FullAWSAccess` as well"), "{assumed}");
    assert!(!assumed.contains("level 1"), "{assumed}");
}

/// An adapter of Unstract.
fn adapter(metadata: &Value) -> Value {
    json!({
        "adapter_id": "bedrock|8d18571f-5e96-4505-bd28-ad0379c64064", "adapter_name": "a", "adapter_type": "LLM",
        "adapter_metadata": metadata,
    })
}

#[test]
fn adapters_say_what_is_called() {
    let folder = files();
    let plain = json!({ "model": US, "region_name": "us-east-1", "auth_type": "iam_role", "max_tokens": 100 });
    folder.write("plain.json", adapter(&plain).to_string());
    let key = format!("ABSK{}", "QmVkcm9ja0FQSUtleS0x".repeat(6));
    let keyed = json!({ "model": US, "region_name": "us-east-1", "auth_type": "bearer_token", "aws_bearer_token": key, "max_tokens": 1 });
    let application =
        json!({ "model": US, "model_id": APPLICATION, "region_name": "us-east-1", "auth_type": "iam_role" });
    let guarded =
        json!({ "model": NOVA, "region_name": "us-east-1", "guardrail_identifier": "abc", "auth_type": "iam_role" });
    folder.write(
        "several.json",
        json!([adapter(&plain), adapter(&keyed), adapter(&application), adapter(&guarded)]).to_string(),
    );
    let anywhere = json!({ "model": US, "region_name": "${REGION}", "auth_type": "iam_role", "max_tokens": 100 });
    folder.write("anywhere.json", adapter(&anywhere).to_string());
    let ask = |more: &[&str]| run_in(&folder, &[&["--format", "json"], more].concat());
    let run = ask(&["--adapter", "plain.json", "--policy", "role.json"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);

    let run = ask(&["--adapter", "several.json", "--policy", "role.json"]);
    assert_eq!(run.code, 1);
    assert!(!run.out.contains(&key));
    let answer = parsed(&run);
    let calls: Vec<String> = answer["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| {
            format!(
                "{} {} {}",
                call["model"].as_str().unwrap(),
                call["api_key"],
                call["requirements"].as_array().unwrap().len()
            )
        })
        .collect();
    let expected = [
        format!("{US} null 4"),
        format!("{US} \"long-term\" 5"),
        format!("{APPLICATION} null 4"),
        format!("{NOVA} null 2"),
    ];
    assert_eq!(calls, expected);
    let guardrail = answer["calls"][3]["requirements"][1]["resource"].as_str().unwrap();
    assert_eq!(guardrail, "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc");

    // variables of the environment are an adapter too
    let variables = format!(
        "AWS_REGION=us-east-1\nANTHROPIC_MODEL={US}\nCLAUDE_CODE_USE_BEDROCK=1\nAWS_BEARER_TOKEN_BEDROCK={key}\n"
    );
    folder.write(".env", variables);
    let run = ask(&["--adapter", ".env", "--policy", "everything.json"]);
    let streamed: Vec<(bool, Value)> = parsed(&run)["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| (call["stream"].as_bool().unwrap(), call["api_key"].clone()))
        .collect();
    assert_eq!(streamed, [(false, "long-term".into()), (true, "long-term".into())], "{}", run.out);

    // the request goes before the settings
    let run = ask(&[
        "--adapter",
        "plain.json",
        "--policy",
        "everything.json",
        "--model",
        NOVA,
        "--region",
        "us-west-2",
        "--stream",
    ]);
    let call = &parsed(&run)["calls"][0];
    assert_eq!(
        (call["model"].as_str(), call["region"].as_str(), call["stream"].as_bool()),
        (Some(NOVA), Some("us-west-2"), Some(true))
    );
    // what the settings leave open is asked of every Region
    let run = ask(&["--adapter", "anywhere.json", "--policy", "everything.json"]);
    let answer = parsed(&run);
    assert!(answer["calls"].as_array().unwrap().len() > 3, "{}", run.out);
    assert!(answer["assumed"].to_string().contains("as anywhere.json does not say in which it is"), "{}", run.out);
}

#[test]
fn adapters_that_call_nothing_are_errors_with_their_place() {
    let folder = files();
    let write =
        |name: &str, metadata: &Value| folder.write(name, serde_json::to_string_pretty(&adapter(metadata)).unwrap());
    write("bare.json", &json!({ "model": HAIKU, "region_name": "us-east-1", "auth_type": "iam_role" }));
    write("open.json", &json!({ "model": "${MODEL}", "region_name": "us-east-1", "auth_type": "iam_role" }));
    write("none.json", &json!({ "region_name": "us-east-1", "auth_type": "iam_role" }));
    write(
        "mantle.json",
        &json!({ "model": "bedrock_mantle/openai.gpt-oss-120b", "region_name": "us-east-1", "auth_type": "iam_role" }),
    );
    write("zone.json", &json!({ "model": US, "region_name": "us-east-1a", "auth_type": "iam_role" }));
    let mut other = adapter(&json!({ "model": "gpt-4o", "region_name": "us-east-1" }));
    other["adapter_id"] = "openai|502ecf49-e47c-445c-9907-6d4b90c5cd17".into();
    folder.write("other.json", other.to_string());
    for (name, message) in [
        (
            "bare.json",
            "bare.json:6:15: `anthropic.claude-haiku-4-5-20251001-v1:0` cannot be called by its bare id from `us-east-1`",
        ),
        ("open.json", "open.json:6:15: the model is filled in later, or blank: say which is called (`--model`)"),
        (
            "none.json",
            "none.json:1:1: the adapter calls no model that is known by its name: say which is called (`--model`)",
        ),
        ("mantle.json", "mantle.json:6:30: the model is called on `bedrock-mantle`"),
        ("zone.json", "zone.json:7:21: there is no Region `us-east-1a`; did you mean `us-east-1`?"),
        ("other.json", "other.json: holds adapters of other providers than Amazon Bedrock only"),
        ("role.json", "role.json: holds no adapter that is read yet"),
        ("gone.json", "gone.json: no such file or folder"),
    ] {
        let run = run_in(&folder, &["--adapter", name, "--policy", "everything.json"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{name}");
        assert!(run.err.starts_with(&format!("error: {message}")), "{name}: {}", run.err);
        assert_eq!(run.err.lines().count(), 1, "{}", run.err);
    }
}

/// A dump of an account: a user and a role of one name, a role with a boundary, one whose policy is not there.
fn dump() -> String {
    let document = |resources: &[&str]| json!({ "Version": "2012-10-17", "Statement": [allow("Dumped", resources)] });
    let inline = |resources: &[&str]| json!([{ "PolicyName": "p", "PolicyDocument": document(resources) }]);
    let managed = |name: &str, resources: &[&str]| {
        let versions = json!([{ "IsDefaultVersion": true, "Document": document(resources) }]);
        json!({ "PolicyName": name, "Arn": format!("arn:aws:iam::111122223333:policy/{name}"), "PolicyVersionList": versions })
    };
    let role = |name: &str, policies: Value, attached: Value, boundary: Option<&str>| {
        let mut role = json!({
            "RoleName": name, "Arn": format!("arn:aws:iam::111122223333:role/path/{name}"),
            "RolePolicyList": policies, "AttachedManagedPolicies": attached,
        });
        if let Some(boundary) = boundary {
            role["PermissionsBoundary"] =
                json!({ "PermissionsBoundaryArn": format!("arn:aws:iam::111122223333:policy/{boundary}") });
        }
        role
    };
    let whole = [&*profile("*"), &*model("*")];
    let aws = json!([{ "PolicyArn": "arn:aws:iam::aws:policy/AmazonBedrockFullAccess" }]);
    let dump = json!({
        "UserDetailList": [{
            "UserName": "worker", "Arn": "arn:aws:iam::111122223333:user/worker", "GroupList": [],
            "UserPolicyList": inline(&["arn:aws:s3:::x"]), "AttachedManagedPolicies": [],
        }],
        "GroupDetailList": [],
        "RoleDetailList": [
            role("worker", inline(&whole), json!([]), None),
            role("bounded", inline(&whole), json!([]), Some("bounds")),
            role("loosely-bounded", inline(&whole), json!([]), Some("gone")),
            role("partial", inline(&["arn:aws:s3:::x"]), aws, None),
            role("bare", json!([]), json!([]), None),
        ],
        "Policies": [managed("bounds", &[&profile("*"), &model("us-east-1")])],
    });
    dump.to_string()
}

#[test]
fn a_principal_of_a_dump_has_its_policies_and_its_boundary() {
    let folder = files();
    folder.write("dump.json", dump());
    let ask = |role: &str| {
        run_in(&folder, &["--model", US, "--region", "us-east-1", "--policy", "dump.json", "--role", role])
    };
    for (role, code, says) in [
        (
            "role worker",
            0,
            "the caller's account is `111122223333`, that of `arn:aws:iam::111122223333:role/path/worker`",
        ),
        ("user worker", 1, "add to the identity policies a statement"),
        ("bounded", 1, "boundary: the permissions boundary does not allow it"),
        ("loosely-bounded", 4, "the permissions boundary that was not read may allow it"),
        ("partial", 4, "the policies of `role partial` that were not read deny nothing"),
        ("bare", 1, "add to the identity policies a statement that allows `bedrock:InvokeModel` on:"),
    ] {
        let run = ask(role);
        assert_eq!((run.code, run.err.as_str()), (code, ""), "{role}: {}", run.out);
        let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(says), "{role}: {}", run.out);
    }
    // the name of the caller is known
    let exempt = json!({ "ArnNotLike": { "aws:PrincipalArn": "arn:aws:iam::*:role/path/worker" } });
    let deny = json!({ "Effect": "Deny", "Action": "*", "Resource": "*" });
    folder.write("spared.json", policy(&[under(deny, exempt)]));
    let spared = ["--model", US, "--region", "us-east-1", "--policy", "dump.json", "--scp", "spared.json", "--role"];
    assert_eq!(run_in(&folder, &[&spared[..], &["role worker"]].concat()).code, 0);
    assert_eq!(run_in(&folder, &[&spared[..], &["bounded"]].concat()).code, 1);
    for (role, message) in [
        (
            &["--role", "worker"][..],
            "dump.json: has several that are called `worker`: write `user worker`, for example",
        ),
        (&["--role", "bouned"], "dump.json: has no user, group or role `bouned`; did you mean `bounded`?"),
        (
            &[],
            "dump.json: is an account dump: say whose policies are asked about; it has `user worker`, `role worker`, `role bounded`",
        ),
        (&["--role", "bounded", "--boundary", "role.json"], "role.json: is a second permissions boundary"),
        (
            &["--role", "bounded", "--scp", "dump.json"],
            "dump.json: is an account dump, whose policies do not act together",
        ),
    ] {
        let run = run_in(&folder, &[&["--model", US, "--policy", "dump.json"], role].concat());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{role:?}");
        assert!(run.err.starts_with(&format!("error: {message}")), "{role:?}: {}", run.err);
    }
    let run = run_in(&folder, &["--model", US, "--policy", "role.json", "--role", "worker"]);
    assert_eq!(
        run.err,
        "error: role.json: none of the files for identity policies is an account dump that has `worker`\n"
    );
}

#[test]
fn policies_of_any_format_and_from_standard_input() {
    let folder = files();
    let yaml = format!(
        "Version: '2012-10-17'\nStatement:\n  - Sid: Piped\n    Effect: Allow\n    Action: bedrock:InvokeModel\n    Resource:\n      - {}\n      - {}\n",
        profile("*"),
        model("*")
    );
    let call = [&DAY[..], &["--model", US, "--region", "us-east-1", "--policy", "-"]].concat();
    let run = folder.run_with(&call, yaml.clone());
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("identity, <stdin>:3 (Piped)"), "{}", run.out);
    folder.write("described.json", json!({ "Policy": { "PolicySummary": { "Name": "Deny", "Type": "SERVICE_CONTROL_POLICY" }, "Content": policy(&[region_deny(&["us-east-1"])]) } }).to_string());
    let run = folder.run_with(&[&call[..], &["--scp", "described.json"]].concat(), yaml.clone());
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    // the same document as two layers
    let run = folder.run_with(&[&call[..], &["--boundary", "-"]].concat(), yaml);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn a_policy_that_nobody_in_a_module_has_stands_by_itself() {
    let block = |name: &str| {
        format!(
            "resource \"aws_iam_policy\" \"{name}\" {{\n  policy = jsonencode({{\n    Statement = [{{ Sid = \"{name}\", Effect = \"Allow\", Action = \
             \"bedrock:InvokeModel\", Resource = \"*\" }}]\n  }})\n}}\n"
        )
    };
    let deny = "resource \"aws_organizations_policy\" \"deny\" {\n  content = jsonencode({\n    Statement = [{ Effect = \"Deny\", Action = \
                \"bedrock:*\", Resource = \"*\" }]\n  })\n}\n";
    let folder = files();
    for (path, text) in [("one/main.tf", block("One")), ("two/main.tf", block("One") + &block("Two"))] {
        folder.write(path, text);
    }
    folder.write("deny/main.tf", deny);
    let run = run_in(&folder, &["--model", NOVA, "--region", "us-east-1", "--policy", "one/main.tf"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("identity, one/main.tf:3 (One)"), "{}", run.out);
    let denied = run_in(
        &folder,
        &["--model", NOVA, "--region", "us-east-1", "--policy", "one/main.tf", "--scp", "deny/main.tf"],
    );
    assert_eq!(denied.code, 1, "{}{}", denied.out, denied.err);
    // of two, either may be meant, or both
    let run = run_in(&folder, &["--model", NOVA, "--policy", "two/main.tf"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    let told = "error: two/main.tf: holds several policies, and nobody whose they are: name a file with the policy\n";
    assert_eq!(run.err, told);
}
