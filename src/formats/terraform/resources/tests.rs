#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::sync::Arc;

use crate::formats::{self, BoundaryFact, Facts, FormatOptions, PolicyKind};
use crate::iam::Effect;
use crate::source::{Shelf, Source};

/// The facts of the module of the files, all of which are met.
fn read_files(files: &[(&str, &str)]) -> Facts {
    let sources: Vec<Arc<Source>> = files.iter().map(|(path, text)| Arc::new(Source::new(*path, *text))).collect();
    let options = FormatOptions::default();
    let met = sources.iter().map(|source| formats::read(source, &options, true)).collect();
    let mut all = formats::finish(met, &Shelf::new(&sources));
    for facts in &all {
        assert_eq!(facts.problems, []);
    }
    let module = all.pop().unwrap();
    assert!(all.iter().all(|other| other.policies.is_empty()));
    module
}

fn read(text: &str) -> Facts {
    read_files(&[("main.tf", text)])
}

/// Each policy as its kind, its name, and the underlined text of each of its strings.
fn shown(facts: &Facts) -> Vec<String> {
    let policies = facts.policies.iter().map(|fact| {
        let mut text = format!("{:?} {}", fact.kind, fact.name.as_deref().unwrap_or("?"));
        for statement in &fact.policy.statements {
            text.push_str(if statement.effect == Effect::Allow { "\n  +" } else { "\n  -" });
            for elements in [&statement.actions, &statement.resources].into_iter().flatten() {
                if elements.negated {
                    text.push_str(" not");
                }
                for pattern in &elements.patterns {
                    text.push_str(&format!(" `{}`", fact.source.slice(pattern.text().span())));
                }
            }
            for condition in &statement.conditions {
                let values: Vec<&str> =
                    condition.values.iter().map(|value| fact.source.slice(value.text().span())).collect();
                let operator = condition.operator.map_or("?", |_| condition.operator_text.as_str());
                text.push_str(&format!(" if {operator} {} {}", condition.key.as_str(), values.join("|")));
            }
        }
        text
    });
    policies.collect()
}

fn principals(facts: &Facts) -> Vec<String> {
    let shown = facts.principals.iter().map(|one| {
        let bound = match one.boundary {
            BoundaryFact::None => String::new(),
            BoundaryFact::Policy(index) => format!(" under {index}"),
            BoundaryFact::Unread => " under ?".to_owned(),
        };
        let trust = one.trust.map(|index| format!(" trust {index}")).unwrap_or_default();
        let calls = if one.adapters.is_empty() { String::new() } else { format!(" calls {:?}", one.adapters) };
        format!("{} {:?} {:?}{trust}{bound}{calls}", one.name, one.grants, one.policies)
    });
    shown.collect()
}

const DOCUMENT: &str = r#"
data "aws_iam_policy_document" "grants" {
  statement {
    sid       = "Call"
    actions   = ["bedrock:InvokeModel"]
    resources = ["arn:aws:bedrock:${var.region}::foundation-model/anthropic.x", "user/&{aws:username}/*"]
    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = ["us-east-1"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = ["us-west-2"]
    }
  }
  statement {
    effect        = "Deny"
    not_actions   = ["iam:*"]
    not_resources = ["*"]
  }
  dynamic "statement" {
    for_each = var.more
    content {
      actions   = ["bedrock:ListFoundationModels"]
      resources = ["*"]
    }
  }
}
"#;

#[test]
fn a_document_of_blocks_is_a_policy() {
    let facts = read(DOCUMENT);
    assert_eq!(
        shown(&facts),
        ["Identity data.aws_iam_policy_document.grants\n  + `bedrock:InvokeModel` \
          `arn:aws:bedrock:${var.region}::foundation-model/anthropic.x` `user/&{aws:username}/*` \
          if StringEquals aws:RequestedRegion us-east-1|us-west-2\
          \n  - not `iam:*` not `*`\
          \n  + `bedrock:ListFoundationModels` `*` if ? ${…} "]
    );
    let statement = &facts.policies[0].policy.statements[0];
    assert_eq!(statement.sid.as_ref().unwrap().as_str(), "Call");
    let resources = &statement.resources.as_ref().unwrap().patterns;
    assert_eq!(resources[1].as_str(), "user/${aws:username}/*");
    assert_eq!(resources[0].text().holes().len(), 1);
    assert_eq!(facts.policies[0].source.slice(statement.resources.as_ref().unwrap().key), "resources");
    assert_eq!(facts.policies[0].source.slice(facts.policies[0].policy.statements[1].effect_span), "Deny");
}

#[test]
fn documents_take_in_others() {
    let facts = read_files(&[
        (
            "a.tf",
            r#"
data "aws_iam_policy_document" "whole" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json, data.aws_iam_policy_document.far.json]
  override_policy_documents = concat([data.aws_iam_policy_document.over.json], var.more)
}
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Models"
    actions   = ["bedrock:InvokeModel"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "over" {
  statement {
    sid       = "Models"
    actions   = ["bedrock:ListGuardrails"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "circle" {
  source_json = data.aws_iam_policy_document.circle.json
  statement {
    actions   = ["bedrock:GetGuardrail"]
    resources = ["*"]
  }
}
"#,
        ),
        (
            "b.tf",
            r#"
data "aws_iam_policy_document" "far" {
  statement {
    actions   = ["bedrock:GetModel"]
    resources = ["*"]
  }
}
"#,
        ),
    ]);
    let shown = shown(&facts);
    assert_eq!(
        shown[0],
        "Identity data.aws_iam_policy_document.whole\n  + `bedrock:ListGuardrails` `*`\
         \n  + `data.aws_iam_policy_document.far.json` `data.aws_iam_policy_document.far.json`\
         \n  + `var.more` `var.more`"
    );
    assert_eq!(shown.len(), 1, "{shown:?}");
}

const ROLE: &str = r#"
resource "aws_iam_role" "caller" {
  name               = "caller"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}
resource "aws_iam_role_policy" "grants" {
  role   = aws_iam_role.caller.id
  policy = data.aws_iam_policy_document.grants.json
}
resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.caller.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
"#;

#[test]
fn what_is_given_to_one_role_is_one_set() {
    let with = |more: &str| principals(&read(&format!("{DOCUMENT}{ROLE}{more}")));
    assert_eq!(with(""), ["role caller Named [1] trust 0"]);
    let own = r#"
resource "aws_iam_policy" "own" {
  policy = <<-EOT
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": ${jsonencode(var.buckets)}}]}
  EOT
}
"#;
    for (attachment, expected) in [
        ("role = \"caller\"\npolicy_arn = aws_iam_policy.own.arn", "role caller Named [1, 2] trust 0"),
        ("role = aws_iam_role.caller.name\npolicy_arn = var.arn", "role caller Partial [1] trust 0"),
        (
            "role = aws_iam_role.caller.name\npolicy_arn = \"arn:aws:iam::aws:policy/AmazonBedrockFullAccess\"",
            "role caller Partial [1] trust 0",
        ),
        (
            "for_each = toset([\"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess\", aws_iam_policy.own.arn])\n\
             role = aws_iam_role.caller.name\npolicy_arn = each.value",
            "role caller Named [1, 2] trust 0",
        ),
        (
            "for_each = toset([aws_iam_role.caller.name])\nrole = each.value\npolicy_arn = aws_iam_policy.own.arn",
            "role caller Named [1, 2] trust 0",
        ),
        ("role = local.roles[0]\npolicy_arn = aws_iam_policy.own.arn", "role caller Partial [1] trust 0"),
        ("role = \"${var.prefix}-caller\"\npolicy_arn = aws_iam_policy.own.arn", "role caller Partial [1] trust 0"),
        ("role = var.other\npolicy_arn = aws_iam_policy.own.arn", "role caller Named [1] trust 0"),
    ] {
        let found = with(&format!("{own}resource \"aws_iam_role_policy_attachment\" \"x\" {{\n{attachment}\n}}"));
        assert_eq!(found[0], expected, "{attachment}");
    }
    let handed = "module \"more\" {\n  source = \"./more\"\n  role = aws_iam_role.caller.name\n}\n";
    assert_eq!(with(handed), ["role caller Partial [1] trust 0"]);
    let run = "module \"run\" {\n  source = \"./run\"\n  role = aws_iam_role.caller.arn\n  depends_on = [aws_iam_role.caller]\n}\n";
    assert_eq!(with(run), ["role caller Named [1] trust 0"]);
}

#[test]
fn boundaries_members_and_permission_sets() {
    let facts = read(
        r#"
resource "aws_iam_policy" "bounds" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "bedrock:*", Resource = "*" }] })
}
resource "aws_iam_role" "bound" {
  permissions_boundary = aws_iam_policy.bounds.arn
  inline_policy {
    name   = "inline"
    policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "bedrock:*", Resource = "*" }] })
  }
  managed_policy_arns = []
}
resource "aws_iam_user" "ana" { name = "ana" }
resource "aws_iam_group" "callers" { name = "callers" }
resource "aws_iam_user_group_membership" "ana" {
  user   = aws_iam_user.ana.name
  groups = [aws_iam_group.callers.name]
}
resource "aws_iam_group_policy" "callers" {
  group  = "callers"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "bedrock:*", Resource = "*" }] })
}
resource "aws_ssoadmin_permission_set_inline_policy" "set" {
  permission_set_arn = aws_ssoadmin_permission_set.set.arn
  inline_policy      = jsonencode({ Statement = [{ Effect = "Allow", Action = "bedrock:*", Resource = "*" }] })
}
resource "aws_ssoadmin_customer_managed_policy_attachment" "set" {
  permission_set_arn = aws_ssoadmin_permission_set.set.arn
  customer_managed_policy_reference { name = "elsewhere" }
}
resource "aws_organizations_policy" "scp" {
  content = jsonencode({ Statement = [{ Effect = "Deny", Action = "bedrock:*", Resource = "*" }] })
}
resource "aws_organizations_policy" "tags" {
  type    = "TAG_POLICY"
  content = jsonencode({ tags = {} })
}
resource "aws_s3_bucket_policy" "other" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "*" }] })
}
resource "aws_vpc_endpoint" "bedrock" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "bedrock:*", Resource = "*" }] })
}
"#,
    );
    assert_eq!(
        principals(&facts),
        [
            "role aws_iam_role.bound Named [0] under 1",
            "user ana Named [2]",
            "permission set aws_ssoadmin_permission_set.set Partial [3]",
        ]
    );
    let kinds: Vec<PolicyKind> = facts.policies.iter().map(|fact| fact.kind).collect();
    use PolicyKind::{Boundary, Endpoint, Identity, Scp};
    assert_eq!(kinds, [Identity, Boundary, Identity, Identity, Scp, Endpoint]);
}

#[test]
fn functions_call_as_their_role_in_the_region_of_their_provider() {
    let function = r#"
resource "aws_lambda_function" "caller" {
  role = aws_iam_role.caller.arn
  environment {
    variables = merge({ BEDROCK_MODEL_ID = "us.anthropic.claude-sonnet-4-6", TABLE = aws_dynamodb_table.t.name }, var.more)
  }
}
"#;
    let provider = "provider \"aws\" {\n  region = \"us-west-2\"\n}\n";
    let whole = format!("{DOCUMENT}{ROLE}{function}{provider}");
    let facts = read(&whole);
    assert_eq!(principals(&facts), ["role caller Named [1] trust 0 calls [0]"]);
    let fact = &facts.adapters[0];
    assert_eq!(fact.adapter.name.as_deref(), Some("aws_lambda_function.caller"));
    assert_eq!(fact.source.slice(fact.adapter.models[0].id.span()), "us.anthropic.claude-sonnet-4-6");
    let region = fact.adapter.region.as_ref().unwrap();
    assert_eq!((region.literal(), fact.source.slice(region.value.span())), (Some("us-west-2"), "us-west-2"));

    let apart = read_files(&[("a.tf", function), ("b.tf", provider)]);
    let region = apart.adapters[0].adapter.region.as_ref().unwrap();
    assert_eq!(region.literal(), Some("us-west-2"));
    assert_eq!(apart.adapters[0].source.slice(region.value.span()), "caller");
    assert_eq!(apart.references.len(), 1);
    let unknown = read(function);
    assert!(unknown.adapters[0].adapter.region.as_ref().unwrap().literal().is_none());
}

#[test]
fn containers_agents_and_profiles() {
    let facts = read(
        r#"
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "us"
  region = "us-east-1"
}
resource "aws_ecs_task_definition" "a" {
  task_role_arn = aws_iam_role.caller.arn
  container_definitions = jsonencode([{
    name        = "app"
    environment = [{ name = "AWS_REGION", value = "us-east-1" }, { name = "BEDROCK_MODEL_ID", value = "amazon.nova-lite-v1:0" }]
    secrets     = [{ name = "AWS_BEARER_TOKEN_BEDROCK", valueFrom = aws_secretsmanager_secret.key.arn }]
  }])
}
resource "aws_ecs_task_definition" "b" {
  container_definitions = <<EOT
[{"name": "app", "cpu": ${var.cpu}, "environment": [{"name": "MODEL_ID", "value": "us.amazon.nova-pro-v1:0"}]}]
EOT
}
resource "aws_bedrockagent_agent" "agent" {
  provider                = aws.us
  agent_resource_role_arn = aws_iam_role.agent.arn
  foundation_model        = "anthropic.claude-sonnet-4-6"
}
resource "aws_bedrockagent_knowledge_base" "kb" {
  knowledge_base_configuration {
    vector_knowledge_base_configuration {
      embedding_model_arn = "arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-embed-text-v2:0"
    }
  }
}
resource "aws_bedrock_inference_profile" "own" {
  model_source {
    copy_from = "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-sonnet-4-6"
  }
}
"#,
    );
    let shown = facts.adapters.iter().map(|fact| {
        let adapter = &fact.adapter;
        let models: Vec<&str> = adapter.models.iter().map(|model| fact.source.slice(model.id.span())).collect();
        let region = adapter.region.as_ref().and_then(|region| region.literal());
        let behind = adapter.models.iter().any(|model| model.stands_behind);
        format!("{} {models:?} {region:?} {behind}", adapter.name.as_deref().unwrap())
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            "aws_ecs_task_definition.a [\"amazon.nova-lite-v1:0\"] Some(\"us-east-1\") false",
            "aws_ecs_task_definition.b [\"us.amazon.nova-pro-v1:0\"] Some(\"eu-west-1\") false",
            "aws_bedrockagent_agent.agent [\"anthropic.claude-sonnet-4-6\"] Some(\"us-east-1\") false",
            "aws_bedrockagent_knowledge_base.kb \
             [\"arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-embed-text-v2:0\"] Some(\"eu-west-1\") false",
            "aws_bedrock_inference_profile.own \
             [\"arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-sonnet-4-6\"] Some(\"eu-west-1\") true",
        ]
    );
    assert!(facts.adapters[0].adapter.auth.api_key.is_some());
}

#[test]
fn files_belong_to_what_names_them() {
    let policy = r#"{"Statement": [{"Effect": "Deny", "Action": "bedrock:*", "Resource": "*"}]}"#;
    let module = "resource \"aws_iam_role_policy\" \"x\" {\n  role = \"r\"\n  policy = file(\"deny.json\")\n}\n";
    let facts = read_files(&[("main.tf", module), ("deny.json", policy)]);
    assert_eq!(shown(&facts), ["Identity aws_iam_role_policy.x\n  - `bedrock:*` `*`"]);
    assert_eq!(facts.policies[0].source.path(), "deny.json");
    assert_eq!(principals(&facts), ["role r Open [0]"]);
    assert_eq!(principals(&read(module)), Vec::<String>::new());
}

#[test]
fn what_is_handed_to_a_module_acts_together() {
    let facts = read(
        r#"
module "function" {
  source       = "terraform-aws-modules/lambda/aws"
  policy_json  = jsonencode({ Statement = [{ Effect = "Allow", Action = "bedrock:InvokeModel", Resource = "*" }] })
  policy_jsons = [data.aws_iam_policy_document.one.json]
  policy_statements = {
    bedrock = {
      effect    = "Allow"
      actions   = ["bedrock:ListGuardrails"]
      resources = ["*"]
      condition = { one = { test = "Bool", variable = "aws:SecureTransport", values = ["true"] } }
    }
  }
}
data "aws_iam_policy_document" "one" {
  statement {
    actions   = ["bedrock:GetGuardrail"]
    resources = ["*"]
  }
}
"#,
    );
    assert_eq!(principals(&facts), ["module.function Named [0, 1, 2]"]);
    assert!(shown(&facts)[2].starts_with("Identity module.function\n  + `bedrock:ListGuardrails` `*` if ?"));
}

#[test]
fn hostile_modules_end() {
    let many: String = (0..400)
        .map(|i| {
            format!(
                "data \"aws_iam_policy_document\" \"d{i}\" {{\n source_policy_documents = [data.aws_iam_policy_document.d{}.json, \
                 data.aws_iam_policy_document.d{}.json]\n statement {{ actions = [\"bedrock:*\"] }}\n}}\n",
                (i + 1) % 400,
                (i + 2) % 400
            )
        })
        .collect();
    let facts = read(&many);
    assert!(facts.policies.iter().map(|fact| fact.policy.statements.len()).sum::<usize>() < 100_000);
}

#[test]
fn what_a_template_makes_is_no_mistake() {
    let facts = read(
        r#"
resource "aws_iam_role_policy" "x" {
  role   = "r"
  policy = <<EOT
{"Statement": [
%{ for arn in var.arns ~}
{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "${arn}"},
%{ endfor ~}
{"Effect": "Allow", "Action": ${var.actions} "Resource": "*"}
]}
EOT
}
"#,
    );
    assert_eq!(shown(&facts), Vec::<String>::new());
}

#[test]
fn templates_are_read_where_they_stand_with_the_values_they_are_given() {
    let template = "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"bedrock:InvokeModel\",\n  \"Resource\": [\n\
                    %{ for m in models ~}\n    \"arn:aws:bedrock:${region}::foundation-model/${m}\",\n%{ endfor ~}\n\
                    \"arn:aws:bedrock:*:*:inference-profile/x\"]}]}\n";
    let module = "resource \"aws_iam_role_policy\" \"x\" {\n  role = \"r\"\n  policy = templatefile(\"${path.module}/p.json.tftpl\", {\n    \
                  region = var.region\n    models = [\"a\", \"b\"]\n  })\n}\n";
    let facts = read_files(&[("p.json.tftpl", template), ("main.tf", module)]);
    let [policy] = facts.policies.as_slice() else { panic!("{:?}", facts.policies) };
    assert_eq!(policy.source.path(), "p.json.tftpl");
    let statement = &policy.policy.statements[0];
    let patterns = &statement.resources.as_ref().unwrap().patterns;
    let resources: Vec<&str> = patterns.iter().map(|pattern| pattern.text().as_str()).collect();
    assert_eq!(
        resources,
        [
            "arn:aws:bedrock:${var.region}::foundation-model/a",
            "arn:aws:bedrock:${var.region}::foundation-model/b",
            "arn:aws:bedrock:*:*:inference-profile/x"
        ]
    );
    assert_eq!(policy.source.slice(patterns[0].text().span()), "arn:aws:bedrock:${region}::foundation-model/${m}");
}
