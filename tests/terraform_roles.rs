//! What a role is granted stands in many places: files of policies, modules, outputs, other folders. The foundation model
//! is granted in one of them and the inference profile in another; together that is right, and one of them alone is told
//! where all ways to the role are known.
#![expect(unreachable_pub, reason = "not a library")]
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests")]

mod common;

use common::{Folder, told};

const MODEL: &str = "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6";
const PROFILE: &str = "arn:aws:bedrock:*:*:inference-profile/us.anthropic.claude-sonnet-4-6";
/// Grants nothing that the model needs.
const LOGS: &str = "arn:aws:logs:*:*:log-group:/chat/*";

/// Paths and texts.
type Files = Vec<(&'static str, String)>;

fn rules(files: &Files) -> Vec<String> {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    told(&Folder::new(&files)).into_iter().map(|(rule, ..)| rule).collect()
}

/// A shape is silent with both halves, and tells of the half that is left alone.
fn is_followed(shape: fn(&str, &str) -> Files) {
    assert_eq!(rules(&shape(MODEL, PROFILE)), Vec::<String>::new());
    assert_eq!(rules(&shape(MODEL, LOGS)), ["missing-profile-grant"]);
    assert_eq!(rules(&shape(LOGS, PROFILE)), ["missing-model-grant"]);
}

/// A shape of which parts are out of sight: nothing is told of what may be there, and what is wrong by itself still is.
fn is_open(shape: fn(&str, &str) -> Files) {
    for (one, other) in [(MODEL, PROFILE), (MODEL, LOGS), (LOGS, PROFILE)] {
        assert_eq!(rules(&shape(one, other)), Vec::<String>::new(), "{one} {other}");
    }
    let spoilt = "arn:aws:bedrock:*:111122223333:foundation-model/anthropic.claude-sonnet-4-6";
    assert!(!rules(&shape(spoilt, PROFILE)).is_empty());
}

fn json(resource: &str) -> String {
    format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"{}\", \"Resource\": \
         \"{resource}\"}}]}}\n",
        action(resource)
    )
}

fn action(resource: &str) -> &'static str {
    if resource == LOGS { "logs:PutLogEvents" } else { "bedrock:InvokeModel" }
}

fn encoded(resource: &str) -> String {
    format!(
        "jsonencode({{\n    Statement = [{{ Effect = \"Allow\", Action = \"{}\", Resource = \"{resource}\" }}]\n  }})",
        action(resource)
    )
}

fn block(head: &str, settings: &[(&str, &str)]) -> String {
    let settings: String = settings.iter().map(|(key, value)| format!("  {key} = {value}\n")).collect();
    format!("{head} {{\n{settings}}}\n")
}

fn policy(name: &str, document: &str) -> String {
    block(&format!("resource \"aws_iam_policy\" \"{name}\""), &[("policy", document)])
}

fn inline(name: &str, role: &str, resource: &str) -> String {
    let document = encoded(resource);
    block(&format!("resource \"aws_iam_role_policy\" \"{name}\""), &[("role", role), ("policy", &document)])
}

fn attachment(name: &str, role: &str, arn: &str) -> String {
    let head = format!("resource \"aws_iam_role_policy_attachment\" \"{name}\"");
    block(&head, &[("role", role), ("policy_arn", arn)])
}

const ROLE: &str = "resource \"aws_iam_role\" \"chat\" {\n  name = \"chat\"\n}\n";
const OWN: &str = "aws_iam_role.chat.name";

/// Two policies in files of their own, with what gives them to somebody.
fn in_files(one: &str, other: &str, given: String) -> Files {
    let named = |name: &str| policy(name, &format!("file(\"${{path.module}}/grants/{name}.json\")"));
    vec![
        ("infra/main.tf", named("one") + &named("other") + &given),
        ("infra/grants/one.json", json(one)),
        ("infra/grants/other.json", json(other)),
    ]
}

#[test]
fn policies_in_files_of_their_own() {
    is_followed(|one, other| {
        let given = attachment("a", OWN, "aws_iam_policy.one.arn") + &attachment("b", OWN, "aws_iam_policy.other.arn");
        in_files(one, other, given + ROLE)
    });
    is_followed(|one, other| {
        let shared = |name: &str| {
            let arn = format!("aws_iam_policy.{name}.arn");
            let head = format!("resource \"aws_iam_policy_attachment\" \"{name}\"");
            block(&head, &[("roles", "[\"chat\"]"), ("policy_arn", &arn)])
        };
        in_files(one, other, shared("one") + &shared("other") + ROLE)
    });
    is_followed(|one, other| {
        let arns = "[aws_iam_policy.one.arn, aws_iam_policy.other.arn]";
        let all = block(
            "resource \"aws_iam_role_policy_attachments_exclusive\" \"all\"",
            &[("role_name", OWN), ("policy_arns", arns)],
        );
        in_files(one, other, all + ROLE)
    });
    is_followed(|one, other| {
        let arns = "[aws_iam_policy.one.arn, aws_iam_policy.other.arn]";
        in_files(one, other, block("resource \"aws_iam_role\" \"chat\"", &[("managed_policy_arns", arns)]))
    });
}

#[test]
fn one_resource_for_many_policies() {
    let all = |over: &str, document: &str| {
        block("resource \"aws_iam_policy\" \"all\"", &[("for_each", over), ("policy", document)])
            + &block(
                "resource \"aws_iam_role_policy_attachment\" \"all\"",
                &[("for_each", "aws_iam_policy.all"), ("role", OWN), ("policy_arn", "each.value.arn")],
            )
            + ROLE
    };
    is_followed({
        |one, other| {
            let over = format!("{{ one = {}, other = {} }}", encoded(one), encoded(other));
            let made = block("resource \"aws_iam_policy\" \"all\"", &[("for_each", &over), ("policy", "each.value")]);
            let given = block(
                "resource \"aws_iam_role_policy_attachment\" \"all\"",
                &[("for_each", "aws_iam_policy.all"), ("role", OWN), ("policy_arn", "each.value.arn")],
            );
            vec![("main.tf", made + &given + ROLE)]
        }
    });
    let files = |over: &str, one: &str, other: &str| -> Files {
        vec![
            ("infra/main.tf", all(over, "file(\"${path.module}/grants/${each.value}\")")),
            ("infra/grants/one.json", json(one)),
            ("infra/grants/other.json", json(other)),
        ]
    };
    let set = "fileset(\"${path.module}/grants\", \"*.json\")";
    assert_eq!(rules(&files(set, MODEL, PROFILE)), Vec::<String>::new());
    assert_eq!(rules(&files(set, MODEL, LOGS)), ["missing-profile-grant"]);
    // one of the two, or both
    assert_eq!(rules(&files("var.names", MODEL, LOGS)), Vec::<String>::new());
}

#[test]
fn instances_that_nothing_attaches_act_together() {
    is_followed(|one, other| {
        let over = format!("{{ one = {}, other = {} }}", encoded(one), encoded(other));
        vec![(
            "main.tf",
            block("resource \"aws_iam_policy\" \"all\"", &[("for_each", &over), ("policy", "each.value")]),
        )]
    });
}

/// A module that grants to the role that it is given.
fn grant(resource: &str) -> String {
    format!("variable \"role\" {{}}\n{}", inline("p", "var.role", resource))
}

fn call(name: &str, source: &str, settings: &[(&str, &str)]) -> String {
    let source = format!("\"{source}\"");
    block(&format!("module \"{name}\""), &[&[("source", source.as_str())], settings].concat())
}

fn output(name: &str, value: &str) -> String {
    block(&format!("output \"{name}\""), &[("value", value)])
}

#[test]
fn policies_that_other_modules_make() {
    is_followed(|one, other| {
        let given = attachment("a", OWN, "module.one.arn") + &attachment("b", OWN, "module.other.policy.arn");
        vec![
            ("main.tf", call("one", "./one", &[]) + &call("other", "./other", &[]) + &given + ROLE),
            ("one/main.tf", policy("p", &encoded(one)) + &output("arn", "aws_iam_policy.p.arn")),
            ("other/main.tf", policy("p", &encoded(other)) + &output("policy", "aws_iam_policy.p")),
        ]
    });
    is_followed(|one, other| {
        let document = |resource: &str| {
            format!(
                "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [\"{}\"]\n    resources = \
                 [\"{resource}\"]\n  }}\n}}\n",
                action(resource)
            ) + &output("json", "data.aws_iam_policy_document.d.json")
        };
        let all = block(
            "data \"aws_iam_policy_document\" \"all\"",
            &[("source_policy_documents", "[module.one.json, module.other.json]")],
        );
        vec![
            (
                "main.tf",
                call("one", "./one", &[])
                    + &call("other", "./other", &[])
                    + &all
                    + &policy("all", "data.aws_iam_policy_document.all.json"),
            ),
            ("one/main.tf", document(one)),
            ("other/main.tf", document(other)),
        ]
    });
    is_followed(|one, other| {
        let source = "terraform-aws-modules/iam/aws//modules/iam-policy";
        let made =
            call("one", source, &[("policy", &encoded(one))]) + &call("other", source, &[("policy", &encoded(other))]);
        let role = call(
            "role",
            "terraform-aws-modules/iam/aws//modules/iam-assumable-role",
            &[("custom_role_policy_arns", "[module.one.arn, module.other.arn]")],
        );
        vec![("main.tf", made + &role)]
    });
    // what another module makes of it, and whom that gives it to, is not known
    is_open(|one, other| {
        let handed = call("grants", "example.com/grants", &[("policies", "{ a = aws_iam_policy.one.arn }")]);
        vec![
            ("main.tf", policy("one", &encoded(one)) + &handed),
            ("b/main.tf", { policy("other", &encoded(other)) + &output("arn", "aws_iam_policy.other.arn") }),
        ]
    });
}

#[test]
fn modules_that_grant_to_a_role_by_its_name() {
    is_followed(|one, other| {
        let role = &[("role", "\"chat\"")];
        vec![
            ("main.tf", ROLE.to_owned() + &call("one", "./one", role) + &call("other", "./other", role)),
            ("one/main.tf", grant(one)),
            ("other/main.tf", grant(other)),
        ]
    });
    is_followed(|one, other| {
        let role = &[("role", OWN)];
        vec![
            ("main.tf", ROLE.to_owned() + &call("one", "./one", role) + &inline("other", OWN, other)),
            ("one/main.tf", grant(one)),
        ]
    });
    // whoever calls it says whom it grants this, and what else
    assert_eq!(rules(&vec![("main.tf", grant(MODEL))]), Vec::<String>::new());
    let many =
        "resource \"aws_iam_role_policy\" \"p\" {\n  for_each = var.roles\n  role = each.value.name\n  policy = ";
    assert_eq!(rules(&vec![("main.tf", format!("{many}{}\n}}\n", encoded(MODEL)))]), Vec::<String>::new());
}

#[test]
fn roles_of_one_name_in_several_folders() {
    is_followed(|one, other| {
        let looked_up = "data \"aws_iam_role\" \"chat\" {\n  name = \"chat\"\n}\n";
        vec![
            ("app/main.tf", ROLE.to_owned() + &inline("p", OWN, one)),
            ("platform/main.tf", looked_up.to_owned() + &inline("p", "data.aws_iam_role.chat.name", other)),
        ]
    });
    // two roles of one name are two roles
    let twice = |one: &str, other: &str| -> Files {
        let with = |resource: &str| ROLE.to_owned() + &inline("p", OWN, resource);
        vec![("dev/main.tf", with(one)), ("prod/main.tf", with(other))]
    };
    assert_eq!(rules(&twice(MODEL, PROFILE)), ["missing-profile-grant", "missing-model-grant"]);
}

#[test]
fn a_role_that_leaves_its_module_may_be_granted_more() {
    let function = "resource \"aws_lambda_function\" \"f\" {\n  role = aws_iam_role.chat.arn\n  environment {\n    variables = { \
                    MODEL_ID = \"us.anthropic.claude-sonnet-4-6\" }\n  }\n}\n";
    let titan = "arn:aws:bedrock:*::foundation-model/amazon.titan-embed-text-v2:0";
    let module = |output: &str| ROLE.to_owned() + &inline("embed", OWN, titan) + function + output;
    let leaves = output("role_name", OWN);
    let with = |caller: String| rules(&vec![("main.tf", caller), ("chat/main.tf", module(&leaves))]);
    let called = call("chat", "./chat", &[]);
    let document = format!(
        "jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \"bedrock:InvokeModel*\", Resource = [\"{MODEL}\", \
         \"{PROFILE}\"] }}] }})"
    );
    let granted =
        block("resource \"aws_iam_role_policy\" \"more\"", &[("role", "module.chat.role_name"), ("policy", &document)]);
    assert_eq!(with(called.clone() + &granted), Vec::<String>::new());
    let opaque = attachment("more", "module.chat.role_name", "\"arn:aws:iam::111122223333:policy/shared\"");
    assert_eq!(with(called.clone() + &opaque), Vec::<String>::new());
    // all that uses it is here, and grants nothing
    assert_eq!(with(called.clone()), ["uncallable-model"]);
    assert_eq!(with(called.clone() + &inline("more", "module.chat.role_name", LOGS)), ["uncallable-model"]);
    // of several, it is not known which
    let twice = called + &call("other", "./chat", &[]);
    assert_eq!(with(twice + &inline("more", "module.chat.role_name", LOGS)), Vec::<String>::new());
    // whoever calls it may grant more, but nobody calls what Terraform is run in
    let alone = |more: &str| rules(&vec![("main.tf", module(&leaves) + more)]);
    assert_eq!(alone(""), Vec::<String>::new());
    assert_eq!(alone("provider \"aws\" {}\n"), ["uncallable-model"]);
    assert_eq!(rules(&vec![("main.tf", module(""))]), ["uncallable-model"]);
}

/// A role with one half of what it needs, and what its name or ARN is given to.
fn with(given: &str, half: &str) -> Files {
    vec![("main.tf", ROLE.to_owned() + &inline("p", OWN, half) + given)]
}

#[test]
fn a_role_whose_name_is_handed_on_may_be_granted_more() {
    for given in [
        "resource \"aws_ssm_parameter\" \"role\" {\n  name = \"/chat/role\"\n  value = aws_iam_role.chat.name\n}\n",
        "resource \"aws_ssm_parameter\" \"role\" {\n  name = \"/chat/role\"\n  value = aws_iam_role.chat.arn\n}\n",
        "resource \"aws_ssm_parameter\" \"role\" {\n  for_each = { chat = aws_iam_role.chat }\n  value = each.value.arn\n}\n",
        "resource \"aws_secretsmanager_secret_version\" \"s\" {\n  secret_string = jsonencode({ chat = aws_iam_role.chat.name })\n}\n",
        "resource \"aws_cloudformation_stack\" \"more\" {\n  parameters = { RoleName = aws_iam_role.chat.name }\n}\n",
        "resource \"local_file\" \"env\" {\n  content = jsonencode({ role_name = aws_iam_role.chat.name })\n}\n",
        "resource \"tfe_variable\" \"role\" {\n  key = \"role\"\n  value = aws_iam_role.chat.name\n}\n",
        "resource \"null_resource\" \"attach\" {\n  provisioner \"local-exec\" {\n    command = \"attach ${aws_iam_role.chat.name}\"\n  \
         }\n}\n",
        "resource \"kubernetes_manifest\" \"policy\" {\n  manifest = { spec = { role = aws_iam_role.chat.name } }\n}\n",
    ] {
        for half in [MODEL, PROFILE] {
            assert_eq!(rules(&with(given, half)), Vec::<String>::new(), "{given}");
        }
        let spoilt = "arn:aws:bedrock:*:111122223333:foundation-model/anthropic.claude-sonnet-4-6";
        assert!(!rules(&with(given, spoilt)).is_empty(), "{given}");
    }
    // what it leaves for, and takes it up again
    let stored =
        "resource \"aws_ssm_parameter\" \"role\" {\n  name = \"/chat/role\"\n  value = aws_iam_role.chat.name\n}\n";
    let taken = "data \"aws_ssm_parameter\" \"role\" {\n  name = \"/chat/role\"\n}\n".to_owned();
    let mut files = with(stored, MODEL);
    files.push(("app/main.tf", taken + &inline("p", "data.aws_ssm_parameter.role.value", PROFILE)));
    assert_eq!(rules(&files), Vec::<String>::new());
}

#[test]
fn a_role_that_something_runs_as_is_granted_no_more_by_that() {
    for given in [
        "resource \"aws_lambda_function\" \"f\" {\n  role = aws_iam_role.chat.arn\n}\n",
        "resource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  alarm_name = \"a-${aws_iam_role.chat.name}\"\n  dimensions = { Role = \
         aws_iam_role.chat.name }\n}\n",
        "resource \"aws_lambda_function\" \"f\" {\n  for_each = aws_iam_role.chat\n  role = each.value.arn\n}\n",
        "resource \"aws_ecs_task_definition\" \"t\" {\n  task_role_arn = aws_iam_role.chat.arn\n  tags = { owner = \
         aws_iam_role.chat.name }\n}\n",
        "resource \"aws_iam_instance_profile\" \"i\" {\n  role = aws_iam_role.chat.name\n}\n",
        "resource \"aws_bedrockagent_agent\" \"a\" {\n  agent_resource_role_arn = aws_iam_role.chat.arn\n}\n",
        "resource \"aws_batch_job_definition\" \"j\" {\n  container_properties = jsonencode({ jobRoleArn = \
         aws_iam_role.chat.arn })\n}\n",
        "resource \"aws_sfn_state_machine\" \"s\" {\n  role_arn = aws_iam_role.chat.arn\n  definition = \"{}\"\n}\n",
        "resource \"aws_eks_pod_identity_association\" \"p\" {\n  role_arn = aws_iam_role.chat.arn\n}\n",
        "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  role_arn = aws_iam_role.chat.arn\n}\n",
        "resource \"aws_s3_bucket_policy\" \"b\" {\n  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Principal = { AWS = \
         aws_iam_role.chat.arn }, Action = \"s3:GetObject\", Resource = \"arn:aws:s3:::chat/*\" }] })\n}\n",
        "resource \"aws_kms_grant\" \"k\" {\n  grantee_principal = aws_iam_role.chat.arn\n}\n",
        "resource \"kubernetes_service_account\" \"a\" {\n  metadata {\n    annotations = { \"eks.amazonaws.com/role-arn\" = \
         aws_iam_role.chat.arn }\n  }\n}\n",
        "resource \"helm_release\" \"r\" {\n  values = [yamlencode({ role = aws_iam_role.chat.arn })]\n  depends_on = \
         [aws_iam_role.chat]\n}\n",
    ] {
        assert_eq!(rules(&with(given, MODEL)), ["missing-profile-grant"], "{given}");
        assert_eq!(rules(&with(given, PROFILE)), ["missing-model-grant"], "{given}");
    }
}

#[test]
fn a_role_that_is_made_elsewhere_may_be_granted_more_there() {
    for name in ["\"chat\"", "\"${var.stage}-chat\"", "var.name"] {
        for half in [MODEL, PROFILE] {
            let looked_up = block("data \"aws_iam_role\" \"chat\"", &[("name", name)]);
            let files = vec![("main.tf", looked_up + &inline("p", "data.aws_iam_role.chat.name", half))];
            assert_eq!(rules(&files), Vec::<String>::new(), "{name}");
        }
    }
    is_open(|one, _| vec![("main.tf", inline("p", "\"chat\"", one))]);
    let made = |name: &str| -> Files {
        let role = block("resource \"aws_iam_role\" \"chat\"", &[("name", name)]);
        let looked_up = "data \"aws_iam_role\" \"chat\" {\n  name = \"prod-chat\"\n}\n".to_owned();
        vec![
            ("app/main.tf", looked_up + &inline("p", "data.aws_iam_role.chat.name", PROFILE)),
            ("net/main.tf", role + &inline("p", OWN, MODEL)),
        ]
    };
    for name in ["\"prod-chat\"", "\"${var.stage}-chat\"", "\"prod-${var.app}\"", "var.name"] {
        assert_eq!(rules(&made(name)), Vec::<String>::new(), "{name}");
    }
    // surely another one
    for name in ["\"chat\"", "\"${var.stage}-search\"", "\"dev-${var.app}\""] {
        assert_eq!(rules(&made(name)), ["missing-profile-grant"], "{name}");
    }
}

/// A task that runs as a role which is granted the model, and not the profile that the task calls.
fn task(policies: &str, container: &str) -> Vec<String> {
    let elsewhere = "arn:aws:bedrock:*::foundation-model/amazon.titan-embed-text-v2:0";
    let runs = format!(
        "resource \"aws_ecs_task_definition\" \"t\" {{\n  task_role_arn = aws_iam_role.chat.arn\n  container_definitions = \
         jsonencode([{{ environment = [{{ name = \"BEDROCK_MODEL_ID\", value = \"us.anthropic.claude-sonnet-4-6\" }}, {{ name = \
         \"AWS_REGION\", value = \"us-east-1\" }}]{container} }}])\n}}\n"
    );
    rules(&vec![("main.tf", ROLE.to_owned() + &inline("p", OWN, elsewhere) + policies + &runs)])
}

#[test]
fn who_calls_with_another_credential_needs_no_grant_of_its_role() {
    assert_eq!(task("", ""), ["uncallable-model"]);
    // none that Amazon Bedrock is called with
    let secrets =
        |name: &str| format!(", secrets = [{{ name = \"{name}\", valueFrom = aws_secretsmanager_secret.s.arn }}]");
    assert_eq!(task("", &secrets("DATABASE_PASSWORD")), ["uncallable-model"]);
    for name in ["AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        assert_eq!(task("", &secrets(name)), Vec::<String>::new(), "{name}");
    }
    let may = |action: &str, resource: &str| {
        let document = format!(
            "jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \"{action}\", Resource = \"{resource}\" }}] }})"
        );
        block("resource \"aws_iam_role_policy\" \"more\"", &[("role", OWN), ("policy", &document)])
    };
    for resource in ["arn:aws:iam::444455556666:role/caller", "arn:aws:iam::*:role/*", "*"] {
        assert_eq!(task(&may("sts:AssumeRole", resource), ""), Vec::<String>::new(), "{resource}");
    }
    assert_eq!(task(&may("iam:GetRole", "arn:aws:iam::444455556666:role/caller"), ""), ["uncallable-model"]);
    // what the role itself is granted, is as it was
    let halves = may("sts:AssumeRole", "*") + &inline("half", OWN, MODEL);
    assert_eq!(task(&halves, ""), ["missing-profile-grant"]);
    assert_eq!(task(&inline("half", OWN, MODEL), &secrets("AWS_BEARER_TOKEN_BEDROCK")), ["missing-profile-grant"]);
}

#[test]
fn the_name_of_a_role_or_of_a_bucket_says_nothing_of_amazon_bedrock() {
    let task = |action: &str, resource: &str| {
        let document = format!(
            "jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \"{action}\", Resource = \"{resource}\" }}] }})"
        );
        let function = "resource \"aws_lambda_function\" \"f\" {\n  role = aws_iam_role.chat.arn\n  environment {\n    variables = { \
                        MODEL_ID = \"us.anthropic.claude-sonnet-4-6\" }\n  }\n}\n";
        let granted = block("resource \"aws_iam_role_policy\" \"p\"", &[("role", OWN), ("policy", &document)]);
        rules(&vec![("main.tf", ROLE.to_owned() + &granted + function)])
    };
    assert_eq!(task("s3:GetObject", "arn:aws:s3:::bedrock-documents/*"), Vec::<String>::new());
    assert_eq!(task("iam:GetRole", "arn:aws:iam::111122223333:role/bedrock-caller"), Vec::<String>::new());
    assert_eq!(task("bedrock:GetFoundationModel", "*"), ["uncallable-model"]);
}

#[test]
fn what_an_application_inference_profile_copies_is_called_by_nobody() {
    let made = "provider \"aws\" {\n  region = \"us-east-1\"\n}\nresource \"aws_bedrock_inference_profile\" \"chat\" {\n  name = \
                \"chat\"\n  model_source {\n    copy_from = \
                \"arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6\"\n  }\n}\n";
    let function = |model: &str| {
        format!(
            "resource \"aws_lambda_function\" \"f\" {{\n  role = aws_iam_role.chat.arn\n  environment {{\n    variables = {{ \
             BEDROCK_MODEL_ID = {model} }}\n  }}\n}}\n"
        )
    };
    let granted = |resources: &str| {
        let document = format!(
            "jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \"bedrock:InvokeModel*\", Resource = [{resources}] }}] }})"
        );
        block("resource \"aws_iam_role_policy\" \"p\"", &[("role", OWN), ("policy", &document)])
    };
    let own = format!("\"{MODEL}\", \"arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/*\"");
    let with = |grants: &str, more: &str| rules(&vec![("main.tf", made.to_owned() + ROLE + &granted(grants) + more)]);
    assert_eq!(with(&own, ""), Vec::<String>::new());
    assert_eq!(with(&own, &function("aws_bedrock_inference_profile.chat.arn")), Vec::<String>::new());
    // who calls the profile itself needs it granted
    assert_eq!(with(&own, &function("\"us.anthropic.claude-sonnet-4-6\"")), ["uncallable-model"]);
    assert_eq!(with(&format!("\"{MODEL}\""), ""), ["missing-profile-grant"]);
}

#[test]
fn an_account_that_is_not_known_is_told_as_a_wildcard() {
    let elsewhere = "arn:aws:bedrock:*::foundation-model/amazon.titan-embed-text-v2:0";
    let runs = "resource \"aws_lambda_function\" \"f\" {\n  role = aws_iam_role.chat.arn\n  environment {\n    variables = { \
                BEDROCK_MODEL_ID = \"us.anthropic.claude-sonnet-4-6\" }\n  }\n}\nprovider \"aws\" {\n  region = \"us-east-1\"\n}\n";
    let with = |resource: &str| {
        let files = ROLE.to_owned() + &inline("p", OWN, resource) + &inline("q", OWN, MODEL) + runs;
        let folder = Folder::new(&[("main.tf", files.as_str())]);
        let run = folder.run(&["check", "--as-of", "2026-11-22", "--format", "json", "."]);
        let found = told(&folder).into_iter().map(|(rule, _, _, _, message, _)| format!("{rule}: {message}"));
        (found.collect::<Vec<_>>().join("\n"), run.out)
    };
    let (found, all) = with(elsewhere);
    assert!(found.contains("uncallable-model: "), "{found}");
    assert!(
        found.contains("`arn:aws:bedrock:us-east-1:*:inference-profile/us.anthropic.claude-sonnet-4-6`"),
        "{found}"
    );
    assert!(!all.contains("111122223333") && !all.contains("**"), "{all}");
    // one that the policies name is the one
    let (found, _) = with("arn:aws:bedrock:us-east-1:444455556666:inference-profile/eu.anthropic.claude-sonnet-4-6");
    assert!(found.contains("arn:aws:bedrock:us-east-1:444455556666:inference-profile/us."), "{found}");
    // any account, in whichever way it is written
    for any in ["*", "????????????", "${var.account}"] {
        let granted = format!("arn:aws:bedrock:*:{any}:inference-profile/us.anthropic.claude-sonnet-4-6");
        assert_eq!(with(&granted).0, "", "{any}");
    }
}

/// A plan: planned values of resources by module, and the configuration.
fn plan(modules: &[(&str, String)], configuration: &str) -> String {
    let made = modules
        .iter()
        .map(|(address, resources)| format!("{{\"address\": \"{address}\", \"resources\": [{resources}]}}"));
    let made: Vec<String> = made.collect();
    format!(
        "{{\"format_version\": \"1.2\", \"terraform_version\": \"1.9.8\", \"planned_values\": {{\"root_module\": \
         {{\"child_modules\": [{}]}}}}{configuration}}}\n",
        made.join(", ")
    )
}

fn planned(kind: &str, name: &str, settings: &str, resource: &str) -> String {
    let document = serde_json::to_string(json(resource).trim()).unwrap();
    format!(
        "{{\"mode\": \"managed\", \"type\": \"{kind}\", \"name\": \"{name}\", \"values\": {{{settings}\"policy\": {document}}}}}"
    )
}

fn planned_role() -> String {
    planned("aws_iam_role", "chat", "\"name\": \"chat\", ", LOGS)
}

#[test]
fn modules_of_a_plan() {
    is_followed(|one, other| {
        let inline = |resource: &str| planned("aws_iam_role_policy", "p", "\"role\": \"chat\", ", resource);
        let modules = [("module.role", planned_role()), ("module.one", inline(one)), ("module.other", inline(other))];
        vec![("plan.json", plan(&modules, ""))]
    });
    // attached by what is known only later
    is_followed(|one, other| {
        let made = |resource: &str| planned("aws_iam_policy", "p", "", resource);
        let attached = |name: &str| {
            format!(
                "{{\"mode\": \"managed\", \"type\": \"aws_iam_role_policy_attachment\", \"name\": \"{name}\", \"values\": \
                 {{\"role\": \"chat\"}}}}"
            )
        };
        let gives = "{\"module\": {\"outputs\": {\"arn\": {\"expression\": {\"references\": [\"aws_iam_policy.p.arn\", \
                     \"aws_iam_policy.p\"]}}}}}";
        let arn = |of: &str| format!("{{\"references\": [\"module.{of}.arn\", \"module.{of}\"]}}");
        let attaches = |name: &str, arn: &str| {
            format!(
                "{{\"type\": \"aws_iam_role_policy_attachment\", \"name\": \"{name}\", \"expressions\": {{\"policy_arn\": {arn}}}}}"
            )
        };
        let to = attaches("a", "{\"references\": [\"var.first\"]}")
            + ", "
            + &attaches("b", "{\"references\": [\"var.second\"]}");
        let configuration = format!(
            ", \"configuration\": {{\"root_module\": {{\"module_calls\": {{\"one\": {gives}, \"other\": {gives}, \"to\": \
             {{\"expressions\": {{\"first\": {}, \"second\": {}}}, \"module\": {{\"resources\": [{to}]}}}}}}}}}}",
            arn("one"),
            arn("other")
        );
        let modules = [
            ("module.role", planned_role()),
            ("module.one", made(one)),
            ("module.other", made(other)),
            ("module.to", attached("a") + ", " + &attached("b")),
        ];
        vec![("plan.json", plan(&modules, &configuration))]
    });
    // without the configuration it is not known who has them
    is_open(|one, other| {
        let made = |resource: &str| planned("aws_iam_policy", "p", "", resource);
        vec![("plan.json", plan(&[("module.one", made(one)), ("module.other", made(other))], ""))]
    });
    let lone = planned("aws_iam_policy", "p", "", MODEL);
    let configuration = ", \"configuration\": {\"root_module\": {\"module_calls\": {\"one\": {\"module\": {}}}}}";
    assert_eq!(rules(&vec![("plan.json", plan(&[("module.one", lone)], configuration))]), ["missing-profile-grant"]);
}

#[test]
fn documents_of_which_one_takes_in_another() {
    let document = |name: &str, settings: &str, resource: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"{name}\" {{\n{settings}  statement {{\n    sid = \"Chat\"\n    actions = \
             [\"bedrock:InvokeModel\"]\n    resources = [\"{resource}\"]\n  }}\n}}\n"
        )
    };
    let base = document("base", "", PROFILE);
    let from = "  source_policy_documents = [data.aws_iam_policy_document.base.json]\n";
    let given = policy("chat", "data.aws_iam_policy_document.chat.json");
    // its own statement replaces the one of that name, and does not stand beside it
    let replaced = document("chat", from, MODEL);
    assert_eq!(rules(&vec![("main.tf", base.clone() + &replaced + &given)]), ["missing-profile-grant"]);
    let beside = replaced.replace("    sid = \"Chat\"\n", "");
    assert_eq!(rules(&vec![("main.tf", base + &beside + &given)]), Vec::<String>::new());
}

#[test]
fn documents_that_leave_their_module() {
    is_open(|one, other| {
        let module = |resource: &str| {
            format!(
                "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [\"{}\"]\n    resources = \
                 [\"{resource}\"]\n  }}\n}}\n",
                action(resource)
            ) + &output("json", "data.aws_iam_policy_document.d.json")
        };
        vec![("one/main.tf", module(one)), ("other/main.tf", module(other))]
    });
}

#[test]
fn files_by_any_way() {
    is_followed(|one, other| {
        let looked_up = |name: &str| {
            let path = format!("\"${{path.module}}/grants/{name}.json\"");
            block(&format!("data \"local_file\" \"{name}\""), &[("filename", &path)])
        };
        let attached =
            attachment("a", OWN, "aws_iam_policy.one.arn") + &attachment("b", OWN, "aws_iam_policy.other.arn");
        let made = policy("one", "data.local_file.one.content") + &policy("other", "data.local_file.other.content");
        vec![
            ("infra/main.tf", looked_up("one") + &looked_up("other") + &made + &attached + ROLE),
            ("infra/grants/one.json", json(one)),
            ("infra/grants/other.json", json(other)),
        ]
    });
    is_followed(|one, other| {
        let grant = |name: &str| {
            let path = format!("file(\"${{path.root}}/grants/{name}.json\")");
            block(&format!("resource \"aws_iam_role_policy\" \"{name}\""), &[("role", "\"chat\""), ("policy", &path)])
        };
        vec![
            ("infra/main.tf", ROLE.to_owned() + &call("chat", "../chat", &[])),
            ("chat/main.tf", grant("one") + &grant("other")),
            ("infra/grants/one.json", json(one)),
            ("infra/grants/other.json", json(other)),
        ]
    });
    // what is made of them is not known
    for settings in [
        "[for path in fileset(path.module, \"grants/*.json\") : file(\"${path.module}/${path}\")]",
        "[for path in var.names : file(\"${path.module}/grants/${path}.json\")]",
        "[for path in [\"one\", \"other\"] : templatestring(file(\"grants/${path}.json\"), var.values)]",
        "[file(\"${var.folder}/grants/one.json\"), file(\"${var.folder}/grants/other.json\")]",
    ] {
        let all = block("data \"aws_iam_policy_document\" \"all\"", &[("source_policy_documents", settings)])
            + &policy("all", "data.aws_iam_policy_document.all.json");
        for (one, other) in [(MODEL, PROFILE), (MODEL, LOGS), (LOGS, PROFILE)] {
            let files = vec![
                ("infra/main.tf", all.clone()),
                ("infra/grants/one.json", json(one)),
                ("infra/grants/other.json", json(other)),
            ];
            assert_eq!(rules(&files), Vec::<String>::new(), "{settings}");
        }
    }
    // nothing of Terraform reads them
    let beside = vec![("infra/main.tf", ROLE.to_owned()), ("infra/grants/one.json", json(MODEL))];
    assert_eq!(rules(&beside), ["missing-profile-grant"]);
}

#[test]
fn roles_and_policies_in_loops() {
    is_followed(|one, other| {
        let roles =
            block("resource \"aws_iam_role\" \"all\"", &[("for_each", "toset([\"a\", \"b\"])"), ("name", "each.key")]);
        let grant = |name: &str, resource: &str| {
            let head = format!("resource \"aws_iam_role_policy\" \"{name}\"");
            let document = encoded(resource);
            block(&head, &[("for_each", "aws_iam_role.all"), ("role", "each.value.name"), ("policy", &document)])
        };
        vec![("main.tf", roles + &grant("one", one) + &grant("other", other))]
    });
    is_followed(|one, other| {
        let all = "locals {\n  all = { one = aws_iam_policy.one.arn, other = aws_iam_policy.other.arn }\n}\n";
        let given = block(
            "resource \"aws_iam_role_policy_attachment\" \"all\"",
            &[("for_each", "local.all"), ("role", OWN), ("policy_arn", "each.value")],
        );
        vec![("main.tf", policy("one", &encoded(one)) + &policy("other", &encoded(other)) + all + &given + ROLE)]
    });
}

#[test]
fn modules_that_are_called_twice() {
    // together for all that is known
    is_followed(|one, other| {
        let inner = "variable \"json\" {}\nresource \"aws_iam_policy\" \"p\" {\n  policy = var.json\n}\n";
        let made =
            call("one", "./made", &[("json", &encoded(one))]) + &call("other", "./made", &[("json", &encoded(other))]);
        vec![("main.tf", made), ("made/main.tf", inner.to_owned() + &output("arn", "aws_iam_policy.p.arn"))]
    });
    is_open(|one, other| {
        let role = ROLE.to_owned() + &inline("own", OWN, one) + &output("name", OWN);
        let called = block("module \"chat\"", &[("source", "\"./chat\""), ("count", "1")]);
        vec![("main.tf", called + &inline("more", "module.chat[0].name", other)), ("chat/main.tf", role)]
    });
}
