//! Modules of Terraform through the program: several files and folders are one thing, and each mistake is told once, where
//! it is to be mended.
#![expect(unreachable_pub, reason = "not a library")]
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests")]

mod common;

use common::{Folder, told};

/// `rule path: underlined`.
fn said(files: &[(&str, &str)]) -> Vec<String> {
    let folder = Folder::new(files);
    told(&folder).into_iter().map(|(rule, path, text, ..)| format!("{rule} {path}: {text}")).collect()
}

const PROVIDER: &str = "provider \"aws\" {\n  region = \"us-west-2\"\n}\n";

const FUNCTION: &str = r#"
resource "aws_lambda_function" "caller" {
  role = aws_iam_role.caller.arn
  environment {
    variables = { BEDROCK_MODEL_ID = var.model }
  }
}
"#;

fn variable(model: &str) -> String {
    format!("variable \"model\" {{\n  default = \"{model}\"\n}}\n")
}

fn role(resources: &[&str]) -> String {
    let listed: Vec<String> = resources.iter().map(|one| format!("\"{one}\"")).collect();
    format!(
        "resource \"aws_iam_role\" \"caller\" {{\n  name = \"caller\"\n}}\n\
         data \"aws_iam_policy_document\" \"calls\" {{\n  statement {{\n    actions = [\"bedrock:InvokeModel*\"]\n    \
         resources = [{}]\n  }}\n}}\n\
         resource \"aws_iam_role_policy\" \"calls\" {{\n  role = aws_iam_role.caller.name\n  \
         policy = data.aws_iam_policy_document.calls.json\n}}\n",
        listed.join(", ")
    )
}

const MODEL: &str = "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6";
const PROFILE: &str = "arn:aws:bedrock:*:*:inference-profile/us.anthropic.claude-sonnet-4-6";

#[test]
fn a_function_and_its_role_stand_in_different_files() {
    let module = |resources: &[&str], more: &str| {
        said(&[
            ("infra/main.tf", &format!("{FUNCTION}{more}")),
            ("infra/providers.tf", PROVIDER),
            ("infra/variables.tf", &variable("us.anthropic.claude-sonnet-4-6")),
            ("infra/iam.tf", &role(resources)),
        ])
    };
    assert_eq!(module(&[MODEL, PROFILE], ""), Vec::<String>::new());
    assert_eq!(module(&[MODEL], ""), ["uncallable-model infra/variables.tf: us.anthropic.claude-sonnet-4-6"]);
    let managed = "resource \"aws_iam_role_policy_attachment\" \"more\" {\n  role = aws_iam_role.caller.name\n  policy_arn = \"arn:aws:iam::aws:policy/AmazonBedrockFullAccess\"\n}\n";
    assert_eq!(module(&[MODEL], managed), Vec::<String>::new());
}

#[test]
fn the_provider_says_where_a_model_is_called() {
    let files = |model: &str| {
        said(&[("infra/main.tf", FUNCTION), ("infra/providers.tf", PROVIDER), ("infra/variables.tf", &variable(model))])
    };
    assert_eq!(
        files("eu.anthropic.claude-sonnet-4-6"),
        ["prefix-region-mismatch infra/variables.tf: eu.anthropic.claude-sonnet-4-6"]
    );
    assert_eq!(files("us.anthropic.claude-sonnet-4-6"), Vec::<String>::new());
}

const ROLE: &str = "resource \"aws_iam_role\" \"caller\" {\n  name = \"caller\"\n}\n";

#[test]
fn a_module_is_judged_with_what_its_callers_give_it() {
    let inner = "variable \"models\" {}\nvariable \"role\" {}\n\
                 resource \"aws_iam_role_policy\" \"calls\" {\n  role = var.role\n  policy = jsonencode({\n    \
                 Statement = [{ Effect = \"Allow\", Action = \"bedrock:InvokeModel\", Resource = [for m in var.models : \
                 \"arn:aws:bedrock:us-east-1::foundation-model/${m}\"] }]\n  })\n}\n";
    let call = |model: &str| {
        format!(
            "{ROLE}module \"grants\" {{\n  source = \"../grants\"\n  role = aws_iam_role.caller.name\n  models = \
             [\"{model}\"]\n}}\n"
        )
    };
    let with = |model: &str| said(&[("grants/main.tf", inner), ("prod/main.tf", &call(model))]);
    assert_eq!(with("amazon.nova-lite-v1:0"), Vec::<String>::new());
    let found = with("anthropic.claude-sonnet-4-5-20250929-v1:0");
    assert!(found.iter().any(|one| one.starts_with("missing-profile-grant ")), "{found:?}");
}

#[test]
fn a_policy_in_a_file_is_what_it_is_attached_as() {
    let policy = r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "bedrock:InvokeModel",
        "Resource": "arn:aws:bedrock:*::foundation-model/*" }] }"#;
    let attached = |resource: &str| said(&[("infra/main.tf", resource), ("infra/policies/calls.json", policy)]);
    let own = "resource \"aws_iam_role_policy\" \"own\" {\n  role = \"r\"\n  policy = file(\"${path.module}/policies/calls.json\")\n}\n";
    assert_eq!(attached(own), Vec::<String>::new());
    let bounds = "resource \"aws_iam_policy\" \"bounds\" {\n  policy = file(\"${path.module}/policies/calls.json\")\n}\n\
                  resource \"aws_iam_role\" \"r\" {\n  permissions_boundary = aws_iam_policy.bounds.arn\n  \
                  inline_policy {\n    policy = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"bedrock:*\", Resource = \"*\" }] })\n  }\n}\n";
    let found = attached(bounds);
    assert_eq!(found, ["missing-profile-grant infra/policies/calls.json: arn:aws:bedrock:*::foundation-model/*"]);
}

#[test]
fn states_are_passed_over_and_plans_are_read() {
    let policy = r#""{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"bedrock:Converse\",\"Resource\":\"*\"}]}""#;
    let values = format!(r#"{{"policy": {policy}}}"#);
    let state = format!(
        r#"{{"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "x", "resources": [{{"mode": "managed",
        "type": "aws_iam_policy", "name": "p", "instances": [{{"attributes": {values}}}]}}]}}"#
    );
    let plan = format!(
        r#"{{"format_version": "1.2", "terraform_version": "1.9.8", "planned_values": {{"root_module": {{"resources": [
        {{"mode": "managed", "type": "aws_iam_policy", "name": "p", "values": {values}}}]}}}}}}"#
    );
    assert_eq!(said(&[("terraform.tfstate", &state), ("state.json", &state)]), Vec::<String>::new());
    assert_eq!(said(&[("plan.json", &plan)]), ["unknown-action plan.json: bedrock:Converse"]);
}

#[test]
fn comments_silence_what_stands_below_them() {
    let role = role(&[MODEL]);
    let silenced = role.replace(
        "    resources",
        "    # bedrock-lint: ignore[missing-profile-grant] called by nobody yet\n    resources",
    );
    assert_eq!(said(&[("main.tf", &role)]).len(), 1);
    assert_eq!(said(&[("main.tf", &silenced)]), Vec::<String>::new());
}

#[test]
fn files_that_are_only_opened_for_others_are_not_told_of() {
    let policy = |name: &str| {
        format!(
            "resource \"aws_iam_policy\" \"{name}\" {{\n  policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \
             var.action, Resource = \"*\" }}] }})\n}}\n"
        )
    };
    let folder = Folder::new(&[
        ("m/a.tf", &policy("a")),
        ("m/b.tf", &policy("b").replace("var.action", "\"bedrock:Converse\"")),
        ("m/variables.tf", "variable \"action\" {\n  default = \"bedrock:InvokeModels\"\n}\n"),
    ]);
    let paths = |arguments: &[&str]| {
        let run = folder.run(&[&["check", "--as-of", "2026-11-22", "--format", "concise"], arguments].concat());
        let paths = run.out.lines().filter_map(|line| Some(line.split_once(':')?.0.to_owned()));
        paths.collect::<Vec<_>>()
    };
    assert_eq!(paths(&["m/a.tf"]), ["m/variables.tf"]);
    assert_eq!(paths(&["m"]), ["m/b.tf", "m/variables.tf"]);
}

#[test]
fn templates_are_read_with_the_values_that_they_are_given() {
    let template = "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": [${jsonencode(action)}, \"bedrock:Converse\"],\n\
                    \"Resource\": \"arn:${partition}:s3:::x/*\"}]}\n";
    let main = "data \"aws_partition\" \"here\" {}\nresource \"aws_iam_policy\" \"p\" {\n  policy = templatefile(\"${path.module}/p.json.tftpl\", {\n    \
                action = \"bedrock:InvokeModels\"\n    partition = data.aws_partition.here.partition\n  })\n}\n";
    assert_eq!(
        said(&[("infra/main.tf", main), ("infra/p.json.tftpl", template)]),
        ["unknown-action infra/main.tf: bedrock:InvokeModels", "unknown-action infra/p.json.tftpl: bedrock:Converse"]
    );
}

#[test]
fn what_is_no_hcl_is_told_where_a_policy_goes_unread() {
    let broken = |text: &str| {
        let folder = Folder::new(&[("main.tf", text)]);
        let run = folder.run(&["check", "--as-of", "2026-11-22", "--format", "concise", "."]);
        (run.code, run.out + &run.err)
    };
    let policy =
        "resource \"x\" \"y\" {\n  Effect = \"Allow\"\n  Action = \"bedrock:InvokeModel\"\n  broken = = 1\n}\n";
    let (code, told) = broken(policy);
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("main.tf:4:") && told.contains("not HCL"), "{told}");
    // nobody's mistake: made into a file of Terraform later, or about something else
    assert_eq!(broken(&format!("{policy}# {{{{ cookiecutter.name }}}}\n")).0, 0);
    assert_eq!(broken("# bedrock\nx = = 1\n").0, 0);
}

#[test]
fn a_knowledge_base_is_told_the_arn_of_its_own_region() {
    let base = "resource \"aws_bedrockagent_knowledge_base\" \"k\" {\n  knowledge_base_configuration {\n    \
                vector_knowledge_base_configuration {\n      embedding_model_arn = \
                \"arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0\"\n    }\n  }\n}\n";
    let folder = Folder::new(&[("main.tf", &format!("{PROVIDER}{base}"))]);
    let run = folder.run(&["check", "--as-of", "2026-11-22", "--format", "json", "."]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let help = report.pointer("/findings/0/help").and_then(serde_json::Value::as_str).unwrap();
    assert_eq!(
        help,
        "write `arn:aws:bedrock:us-west-2::foundation-model/amazon.titan-embed-text-v2:0`, or call `us-east-1`"
    );
    let right = base.replace("us-east-1", "us-west-2");
    assert_eq!(said(&[("main.tf", &format!("{PROVIDER}{right}"))]), Vec::<String>::new());
}

#[test]
fn the_arn_that_a_caller_gives_is_underlined() {
    let inner = "variable \"resources\" {}\ndata \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = \
                 [\"bedrock:InvokeModel\"]\n    resources = var.resources\n  }\n}\nresource \"aws_iam_role_policy\" \"p\" {\n  \
                 role = \"caller\"\n  policy = data.aws_iam_policy_document.d.json\n}\n";
    let with = |resources: &str| {
        let call = format!("{ROLE}module \"grants\" {{\n  source = \"./grants\"\n  resources = {resources}\n}}\n");
        said(&[("main.tf", &call), ("grants/main.tf", inner)])
    };
    let logs = "arn:aws:logs:*:*:log-group:/chat/*";
    let told = format!("missing-profile-grant main.tf: {MODEL}");
    assert_eq!(with(&format!("[\"{MODEL}\"]")), [told.as_str()]);
    assert_eq!(with(&format!("[\"{logs}\", \"{MODEL}\"]")), [told]);
    assert_eq!(with(&format!("[\"{PROFILE}\", \"{MODEL}\"]")), Vec::<String>::new());
    // which of the two is not seen, so the place that both have in common is told
    let both = with(&format!("[\"{MODEL}\", \"{}\"]", MODEL.replace('*', "us-east-1")));
    assert!(both.iter().all(|one| one == "missing-profile-grant grants/main.tf: var.resources"), "{both:?}");
    assert!(!both.is_empty());
}

#[test]
fn all_folders_that_are_given_are_judged() {
    let document = |resource: &str| {
        format!(
            "{ROLE}resource \"aws_iam_role_policy\" \"p\" {{\n  role = aws_iam_role.caller.id\n  policy = jsonencode({{\n    Statement = \
             [{{ Effect = \"Allow\", Action = \"bedrock:InvokeModel\", Resource = \"{resource}\" }}]\n  }})\n}}\n"
        )
    };
    let mut files: Vec<(String, String)> =
        (0..1050).map(|index| (format!("d{index:04}/main.tf"), "# bedrock\nvariable \"x\" {}\n".to_owned())).collect();
    files.push(("last/main.tf".to_owned(), document(MODEL)));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert_eq!(said(&files), [format!("missing-profile-grant last/main.tf: {MODEL}")]);
}
