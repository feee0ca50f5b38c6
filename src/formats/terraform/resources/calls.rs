//! What calls Amazon Bedrock: programs that are given environment variables, and resources of Amazon Bedrock that name a
//! model. Each calls as the role that its resource names, in the Region that it is made in.
//!
//! Sources: Terraform AWS and AWSCC providers, the resources below; AWS Lambda Developer Guide, "Defined runtime environment
//! variables"; AWS App Runner, AWS CodeBuild and Amazon ECS on AWS Fargate tell a program its Region as well.

use super::blocks::{dynamic, first, nested};
use super::documents::Documents;
use super::policy_document::written;
use super::principals::{Kind, Principals};
use super::region;
use crate::adapter::{Adapter, Consumer, Field, Guardrail, ModelField, Purpose};
use crate::bedrock::Endpoint;
use crate::formats::environment::{self, given_elsewhere, listed};
use crate::formats::field::{field, field_of, unknown};
use crate::formats::terraform::module::Block;
use crate::formats::{Process, ReferenceFact};
use crate::source::Location;
use crate::syntax::{Call, Node, ScalarKind, Value};
use crate::text::{Count, Span, Text};

/// A type whose resources are given environment variables: the way to what holds them, the way to the role.
type Program = (&'static str, &'static [&'static str], &'static [&'static str]);

const PROGRAMS: &[Program] = &[
    (
        "aws_apprunner_service",
        &["source_configuration", "image_repository", "image_configuration"],
        &["instance_configuration", "instance_role_arn"],
    ),
    (
        "aws_apprunner_service",
        &["source_configuration", "code_repository", "code_configuration", "code_configuration_values"],
        &["instance_configuration", "instance_role_arn"],
    ),
    ("aws_batch_job_definition", &["container_properties"], &["container_properties", "jobRoleArn"]),
    ("aws_bedrockagentcore_agent_runtime", &[], &["role_arn"]),
    ("aws_codebuild_project", &["environment"], &["service_role"]),
    ("aws_ecs_task_definition", &["container_definitions"], &["task_role_arn"]),
    (LAMBDA, &["environment"], &["role"]),
    ("awscc_bedrockagentcore_runtime", &[], &["role_arn"]),
];

const LAMBDA: &str = "aws_lambda_function";

/// What variables are held by, and what says where the values of others are kept.
const VARIABLES: [&str; 5] =
    ["variables", "environment", "environment_variable", "environment_variables", "runtime_environment_variables"];
const SECRETS: [&str; 2] = ["secrets", "runtime_environment_secrets"];

/// Names by which a program is told its Region.
const REGIONS: [&str; 3] = ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_REGION_NAME"];

/// A type whose resources name a model: the way to what holds it, the attribute, what it is for, the role.
type Model = (&'static str, &'static [&'static str], &'static str, Option<Purpose>, &'static str);

const MODELS: &[Model] = &[
    ("aws_bedrock_inference_profile", &["model_source"], "copy_from", None, ""),
    ("aws_bedrockagent_agent", &[], "foundation_model", Some(Purpose::Llm), "agent_resource_role_arn"),
    (
        "aws_bedrockagent_data_source",
        &["vector_ingestion_configuration", "parsing_configuration", "bedrock_foundation_model_configuration"],
        "model_arn",
        Some(Purpose::Llm),
        "",
    ),
    (
        "aws_bedrockagent_flow",
        &["definition", "node", "configuration", "prompt", "source_configuration", "inline"],
        "model_id",
        Some(Purpose::Llm),
        "execution_role_arn",
    ),
    (
        "aws_bedrockagent_knowledge_base",
        &["knowledge_base_configuration", "vector_knowledge_base_configuration"],
        "embedding_model_arn",
        Some(Purpose::Embedding),
        "role_arn",
    ),
    ("aws_bedrockagent_prompt", &["variant"], "model_id", Some(Purpose::Llm), ""),
    ("awscc_bedrock_agent", &[], "foundation_model", Some(Purpose::Llm), "agent_resource_role_arn"),
    ("awscc_bedrock_application_inference_profile", &["model_source"], "copy_from", None, ""),
    (
        "awscc_bedrock_knowledge_base",
        &["knowledge_base_configuration", "vector_knowledge_base_configuration"],
        "embedding_model_arn",
        Some(Purpose::Embedding),
        "role_arn",
    ),
];

/// Resources that name by its ARN what they copy.
const COPIES: [&str; 2] = ["aws_bedrock_inference_profile", "awscc_bedrock_application_inference_profile"];

/// Reads what calls, each with the role it calls as.
pub(super) fn read(documents: &mut Documents<'_, '_, '_>, principals: &mut Principals) {
    let blocks = documents.index.blocks();
    for block in blocks.filter(|block| block.kind == "resource") {
        let Some(kind) = block.labels.first() else { continue };
        let mut callers = Callers { documents, principals, block };
        PROGRAMS.iter().filter(|(of, ..)| of == kind).for_each(|program| callers.program(program));
        MODELS.iter().filter(|(of, ..)| of == kind).for_each(|model| callers.models(model));
    }
}

struct Callers<'c, 'm, 'f, 'l> {
    documents: &'c mut Documents<'m, 'f, 'l>,
    principals: &'c mut Principals,
    block: &'m Block,
}

impl<'m> Callers<'_, 'm, '_, '_> {
    fn program(&mut self, (kind, way, role): &Program) {
        let body = &self.block.body;
        let role = at(body, role).into_iter().next();
        for held in at(body, way) {
            let (mut variables, more, span) = variables_of(&held);
            if *kind == LAMBDA {
                // reserved: it sets them itself
                variables.retain(|field| !REGIONS.iter().take(2).any(|name| *name == field.key.as_str()));
            }
            if variables.is_empty() {
                continue;
            }
            if !variables.iter().any(|field| REGIONS.contains(&field.key.as_str())) {
                let region = self.region("AWS_REGION");
                // what is given beside may name another, but for AWS Lambda
                variables.push(if more && *kind != LAMBDA { unknown(&region) } else { region });
            }
            for adapter in environment::adapters_of_part(variables, more, span) {
                self.add(adapter, more, role.as_ref());
            }
        }
    }

    fn models(&mut self, (kind, way, attribute, purpose, role): &Model) {
        let body = &self.block.body;
        for held in at(body, way) {
            let Some(field) = held.entry(attribute).and_then(field_of).filter(Field::is_filled) else { continue };
            let copies = COPIES.contains(kind);
            let consumer = if copies { Consumer::ApplicationProfile } else { Consumer::AwsSdk };
            let mut adapter = Adapter::new(consumer, body.span);
            adapter.purpose = *purpose;
            adapter.region = Some(self.region("region"));
            adapter.guardrail = guardrail(body);
            adapter.models.push(ModelField {
                id: field.value.clone(),
                purpose: *purpose,
                endpoint: Endpoint::BedrockRuntime,
                region: None,
                routed: false,
                // whether that is called on-demand, whoever calls the copy says
                stands_behind: copies && field.value.as_str().contains(":foundation-model/"),
                is_foundation: false,
                field,
            });
            self.add(adapter, false, body.get(role));
        }
    }

    /// The Region that the resource is made in, as a setting. Where the file does not name it, the name of the resource
    /// stands for it.
    fn region(&mut self, key: &str) -> Field {
        let block = self.block;
        let place = block.name.span();
        let key = |at: Span| Text::unplaced(key).used_at(at);
        let Some((said, at)) = region::of(block, self.documents.index) else {
            let value = Text::unknown("${region}", place, Count::Single);
            return Field { key: key(place), value, kind: ScalarKind::String, span: place };
        };
        if at.source.path() == block.source.path() {
            return Field { key: key(said.key.span()), ..said };
        }
        // nothing is to be changed there
        let at = ReferenceFact { at: Location::new(&block.source, place), overridable: false, written: Some(at) };
        self.documents.reader.facts.references.push(at);
        Field { key: key(place), value: said.value.used_at(place), kind: said.kind, span: place }
    }

    fn add(&mut self, adapter: Adapter, more: bool, role: Option<&Node>) {
        let adapter = Adapter { name: Some(self.block.address()), ..adapter };
        self.documents.stands_in(self.block);
        let reader = &mut self.documents.reader;
        reader.process(vec![adapter], &Process { workload: None, more });
        let index = reader.facts.adapters.len() - 1;
        let Some(role) = role else { return };
        let named = self.principals.named_by(Kind::Role, role, self.block);
        if let ([one], false) = (named.known.as_slice(), named.open)
            && let Some(principal) = self.principals.get_mut(*one)
        {
            principal.call(index);
        }
    }
}

/// What stands at the end of a way, in blocks, `dynamic` ones too, and in what is written as JSON.
fn at(body: &Node, way: &[&str]) -> Vec<Node> {
    let Some((key, rest)) = way.split_first() else { return vec![body.clone()] };
    let found = nested(body, key).chain(dynamic(body, key));
    let opened = found.flat_map(|node| match node.string().and_then(|_| written(node)) {
        Some(document) => document.one_or_many().to_vec(),
        None => vec![node.clone()],
    });
    opened.flat_map(|node| at(&node, rest)).collect()
}

/// The variables that a block or a container holds, whether there are more of them, and where they stand.
fn variables_of(held: &Node) -> (Vec<Field>, bool, Span) {
    let mut all = (Vec::new(), held.get("environmentFiles").is_some(), held.span);
    for entry in held.entries() {
        let key = entry.key.as_str();
        if VARIABLES.contains(&key) {
            let more = given(&entry.value, &mut all.0);
            (all.1, all.2) = (all.1 || more, entry.value.span);
        } else if SECRETS.contains(&key) {
            let kept = |field: Field| given_elsewhere(field.key, &entry.value);
            all.0.extend(listed(&entry.value).into_iter().map(kept));
        }
    }
    all
}

/// Adds the variables that a value lists; whether there are more. Of maps or lists that are put together, those that are
/// known: the last one counts.
fn given(node: &Node, into: &mut Vec<Field>) -> bool {
    match &node.value {
        Value::Call(Call { name, args }) if matches!(name.as_str(), "merge" | "concat") => {
            let more: Vec<bool> = args.iter().map(|arg| given(arg, into)).collect();
            more.contains(&true)
        }
        Value::Scalar(_) | Value::Call(_) => true,
        // a block of its own for each, as of AWS CodeBuild, which can be told where the value is kept
        Value::Map(_) if node.get("name").is_some() && node.get("value").is_some() => {
            let is_plain = node.get("type").and_then(Node::scalar).is_none_or(|kind| kind.as_str() == "PLAINTEXT");
            let listed = listed(&Node { span: node.span, value: Value::List(vec![node.clone()]) });
            into.extend(
                listed.into_iter().map(|field| if is_plain { field } else { given_elsewhere(field.key, node) }),
            );
            false
        }
        Value::Map(_) => {
            into.extend(listed(node));
            false
        }
        Value::List(items) => {
            into.extend(listed(node));
            items.iter().any(|item| matches!(item.value, Value::Call(_)))
        }
    }
}

/// The guardrail of an agent.
fn guardrail(body: &Node) -> Guardrail {
    let of = |key: &str| first(body, "guardrail_configuration").and_then(|held| field(held, key));
    Guardrail { identifier: of("guardrail_identifier"), version: of("guardrail_version"), trace: None }
}
