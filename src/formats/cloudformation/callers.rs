//! What calls Amazon Bedrock: programs that a template gives environment variables, and resources of Amazon Bedrock that name
//! a model. Each calls as the role that its resource names, in the Region that the stack is deployed to.
//!
//! Sources: AWS CloudFormation Template Reference, the types below; AWS SAM Developer Guide, `AWS::Serverless::Function`.

use super::principals::Principals;
use super::template::{Resource, Template};
use super::{sam, serverless, states};
use crate::adapter::{Adapter, Consumer, Field, ModelField, Purpose};
use crate::bedrock::{Catalogue, Endpoint};
use crate::formats::evaluate::{alternatives, each};
use crate::formats::field::{computed, field_of};
use crate::formats::{Reader, environment};
use crate::syntax::{Call, Entry, Node, ScalarKind, Value};
use crate::text::{Count, Span, Text};

/// A type whose resources are given environment variables: the way to these, the way to the role.
type Program = (&'static str, &'static [&'static str], &'static [&'static str]);

const PROGRAMS: &[Program] = &[
    ("AWS::AppRunner::Service", &["SourceConfiguration", "ImageRepository", "ImageConfiguration"], APP_RUNNER_ROLE),
    (
        "AWS::AppRunner::Service",
        &["SourceConfiguration", "CodeRepository", "CodeConfiguration", "CodeConfigurationValues"],
        APP_RUNNER_ROLE,
    ),
    ("AWS::Batch::JobDefinition", &["ContainerProperties"], &["ContainerProperties", "JobRoleArn"]),
    ("AWS::BedrockAgentCore::Runtime", &[], &["RoleArn"]),
    ("AWS::CodeBuild::Project", &["Environment"], &["ServiceRole"]),
    ("AWS::ECS::TaskDefinition", &["ContainerDefinitions"], &["TaskRoleArn"]),
    ("AWS::Lambda::Function", &["Environment"], &["Role"]),
    ("AWS::Serverless::Function", &["Environment"], &["Role"]),
];

const APP_RUNNER_ROLE: &[&str] = &["InstanceConfiguration", "InstanceRoleArn"];

/// The properties that hold variables, as a map or as a list with names, and those that say where the values are kept.
const VARIABLES: [&str; 4] = ["Variables", "Environment", "EnvironmentVariables", "RuntimeEnvironmentVariables"];
const SECRETS: [&str; 2] = ["Secrets", "RuntimeEnvironmentSecrets"];

/// A type whose resources name a model: the way to it, what it is for, the property that is the role.
type Model = (&'static str, &'static [&'static str], Option<Purpose>, &'static str);

const MODELS: &[Model] = &[
    ("AWS::Bedrock::Agent", &["FoundationModel"], Some(Purpose::Llm), "AgentResourceRoleArn"),
    (
        "AWS::Bedrock::Agent",
        &["PromptOverrideConfiguration", "PromptConfigurations", "FoundationModel"],
        Some(Purpose::Llm),
        "AgentResourceRoleArn",
    ),
    ("AWS::Bedrock::ApplicationInferenceProfile", &["ModelSource", "CopyFrom"], None, ""),
    (
        "AWS::Bedrock::DataSource",
        &["VectorIngestionConfiguration", "ParsingConfiguration", "BedrockFoundationModelConfiguration", "ModelArn"],
        Some(Purpose::Llm),
        "",
    ),
    (
        "AWS::Bedrock::Flow",
        &["Definition", "Nodes", "Configuration", "Prompt", "SourceConfiguration", "Inline", "ModelId"],
        Some(Purpose::Llm),
        "ExecutionRoleArn",
    ),
    (
        "AWS::Bedrock::Flow",
        &["Definition", "Nodes", "Configuration", "KnowledgeBase", "ModelId"],
        Some(Purpose::Llm),
        "ExecutionRoleArn",
    ),
    (
        "AWS::Bedrock::KnowledgeBase",
        &["KnowledgeBaseConfiguration", "VectorKnowledgeBaseConfiguration", "EmbeddingModelArn"],
        Some(Purpose::Embedding),
        "RoleArn",
    ),
    ("AWS::Bedrock::Prompt", &["Variants", "ModelId"], Some(Purpose::Llm), ""),
];

/// Something that calls, and what names the role that it calls as.
type Caller = (Adapter, Option<Node>);

/// Reads what a resource calls, and as which role.
pub(super) fn read(
    template: &Template<'_>,
    resource: &Resource<'_>,
    principals: &mut Principals,
    reader: &mut Reader<'_>,
) {
    let found = [programs(template, resource), state_machine(template, resource), models(template, resource)];
    for (adapter, role) in found.into_iter().flatten() {
        let index = reader.facts.adapters.len();
        reader.resource(Adapter { name: Some(resource.id.as_str().to_owned()), ..adapter });
        if let Some(role) = role {
            principals.calls(&role, index);
        }
    }
}

fn programs(template: &Template<'_>, resource: &Resource<'_>) -> Vec<Caller> {
    let programs = PROGRAMS.iter().filter(|(kind, ..)| *kind == resource.kind);
    let callers = programs.flat_map(|(_, path, role)| {
        let role = role_of(template, resource, role);
        processes(template, resource, path).into_iter().map(move |adapter| (adapter, role.clone()))
    });
    callers.collect()
}

/// The adapters of the processes that a resource runs: each container has variables of its own.
fn processes(template: &Template<'_>, resource: &Resource<'_>, path: &[&str]) -> Vec<Adapter> {
    let adapters = |variables, more| in_region(variables, more, resource.id.span());
    let Some((first, inner)) = path.split_first() else {
        return adapters(variables(&template.value(resource.properties)), false);
    };
    let own = template.property(resource, first);
    let globals = sam::global(template, resource).and_then(|globals| template.value_of(globals, first));
    match globals {
        // those of the resource win
        Some(globals) => adapters([Some(globals), own].iter().flatten().flat_map(variables).collect(), false),
        None => {
            // of containers of Amazon ECS
            let has_files = |held: &Node| held.get("EnvironmentFiles").is_some_and(|files| !files.items().is_empty());
            let held = own.iter().flat_map(|own| at(own, inner));
            held.flat_map(|held| adapters(variables(held), has_files(held))).collect()
        }
    }
}

fn state_machine(template: &Template<'_>, resource: &Resource<'_>) -> Vec<Caller> {
    if !matches!(resource.kind, "AWS::StepFunctions::StateMachine" | "AWS::Serverless::StateMachine") {
        return Vec::new();
    }
    let role = role_of(template, resource, &["Role"]).or_else(|| template.property(resource, "RoleArn"));
    let named = in_region(states::substitutions(template, resource), false, resource.id.span());
    let tasks = states::models(template, resource);
    let tasks = tasks.iter().filter_map(|entry| model(entry, resource.kind, None));
    named.into_iter().chain(tasks).map(|adapter| (adapter, role.clone())).collect()
}

fn models(template: &Template<'_>, resource: &Resource<'_>) -> Vec<Caller> {
    let mut found = Vec::new();
    for (_, path, purpose, role) in MODELS.iter().filter(|(kind, ..)| *kind == resource.kind) {
        let own = template.value(resource.properties);
        let Some((key, way)) = path.split_last() else { continue };
        let entries = at(&own, way).into_iter().filter_map(|held| held.entry(key));
        let adapters = entries.filter_map(|entry| model(entry, resource.kind, *purpose));
        found.extend(adapters.map(|adapter| (adapter, own.get(role).cloned())));
    }
    found
}

/// Reads what the functions of a service of the Serverless Framework call, and as which role.
pub(super) fn of_service(
    template: &Template<'_>,
    service: &Node,
    principals: &mut Principals,
    reader: &mut Reader<'_>,
) {
    for function in serverless::callers(template, service) {
        for adapter in in_region(function.variables, false, function.name.span()) {
            let index = reader.facts.adapters.len();
            reader.resource(Adapter { name: Some(function.name.as_str().to_owned()), ..adapter });
            principals.calls(&function.role, index);
        }
    }
}

/// What names the role of a program. SAM makes one where none is named.
fn role_of(template: &Template<'_>, resource: &Resource<'_>, path: &[&str]) -> Option<Node> {
    let (first, inner) = path.split_first()?;
    let made = || {
        let name = Text::unplaced(sam::role_of(resource)).used_at(resource.id.span());
        Node { span: name.span(), value: Value::Call(Call { name, args: Vec::new() }) }
    };
    let property = sam::property(template, resource, first);
    let is_of_sam = resource.kind.starts_with("AWS::Serverless::");
    let found = property.and_then(|property| at(&property, inner).first().map(|role| (*role).clone()));
    found.or_else(|| is_of_sam.then(made))
}

/// The values at the end of a way, through lists and choices.
fn at<'n>(node: &'n Node, way: &[&str]) -> Vec<&'n Node> {
    match way.split_first() {
        None => each(node),
        Some((key, rest)) => {
            each(node).into_iter().filter_map(|one| one.get(key)).flat_map(|next| at(next, rest)).collect()
        }
    }
}

/// The adapters of variables. The place where a program runs tells it the Region, unless they do, or there are `more` of them
/// in files that cannot be seen.
///
/// Sources: AWS Lambda Developer Guide, "Defined runtime environment variables"; AWS App Runner, AWS CodeBuild and Amazon
/// ECS on AWS Fargate set the same.
fn in_region(mut variables: Vec<Field>, more: bool, at: Span) -> Vec<Adapter> {
    let names = ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_REGION_NAME"];
    if !more && !variables.iter().any(|field| names.contains(&field.key.as_str())) {
        variables.push(stack_region("AWS_REGION", at));
    }
    environment::adapters_of_part(variables, more, at)
}

/// The Region that the stack is deployed to.
fn stack_region(key: &str, at: Span) -> Field {
    Field {
        key: Text::unplaced(key).used_at(at),
        value: Text::unknown("${AWS::Region}", at, Count::Single),
        kind: ScalarKind::String,
        span: at,
    }
}

fn variables(held: &Node) -> Vec<Field> {
    let of = |keys: &[&str]| -> Vec<Node> { keys.iter().filter_map(|key| held.get(key)).cloned().collect() };
    let (given, kept) = (of(&VARIABLES), of(&SECRETS));
    let given = given.iter().flat_map(alternatives).flat_map(|list| match &list.value {
        Value::Map(entries) => entries.iter().filter_map(field_of).collect(),
        Value::List(_) => each(list).into_iter().filter_map(|item| listed(item, "Value")).collect(),
        Value::Scalar(_) | Value::Call(_) => Vec::new(),
    });
    let kept = kept.iter().flat_map(each).filter_map(|item| {
        let field = listed(item, "ValueFrom").or_else(|| listed(item, "Value"))?;
        let from = item.get("ValueFrom").or_else(|| item.get("Value"))?;
        Some(Field { value: computed(from), ..field })
    });
    given.chain(kept).collect()
}

/// A variable of a list: its name and value. AWS CodeBuild can be told where the value is kept.
fn listed(item: &Node, value: &str) -> Option<Field> {
    let key = item.get("Name")?.string()?.clone();
    let entry = item.entry(value)?;
    let is_kept = item.get("Type").and_then(Node::string).is_some_and(|kind| kind.as_str() != "PLAINTEXT");
    let field = field_of(entry)?;
    let value = if is_kept { computed(&entry.value) } else { field.value };
    Some(Field { key, value, ..field })
}

/// The adapter of a resource that names a model.
fn model(entry: &Entry, kind: &str, purpose: Option<Purpose>) -> Option<Adapter> {
    let field = field_of(entry).filter(Field::is_filled)?;
    let copies = kind == "AWS::Bedrock::ApplicationInferenceProfile";
    let consumer = if copies { Consumer::ApplicationProfile } else { Consumer::AwsSdk };
    let mut adapter = Adapter::new(consumer, entry.value.span);
    adapter.purpose = purpose;
    adapter.region = Some(stack_region("AWS::Region", entry.key.span()));
    let mut id = field.value.clone();
    // it embeds in its own Region, which its ARN has to name
    if purpose == Some(Purpose::Embedding)
        && let Some((region, model)) = parts(&id)
    {
        if region.literal().is_some_and(|region| Catalogue::builtin().region(region).is_some()) {
            let key = entry.key.clone();
            adapter.region = Some(Field { key, span: entry.key.span(), value: region, kind: ScalarKind::String });
        } else if region.as_str() == "${AWS::Region}" {
            id = model;
        }
    }
    adapter.models.push(ModelField {
        id,
        purpose,
        endpoint: Endpoint::BedrockRuntime,
        region: None,
        routed: false,
        // whether that is called on-demand, whoever calls the copy says
        stands_behind: copies && field.value.as_str().contains(":foundation-model/"),
        is_foundation: false,
        field,
    });
    Some(adapter)
}

/// The Region and the id in the ARN of a foundation model.
fn parts(arn: &Text) -> Option<(Text, Text)> {
    let text = arn.as_str();
    let (before, id) = text.split_once("::foundation-model/")?;
    let (head, _) = before.split_once(":bedrock:")?;
    let start = head.len() + ":bedrock:".len();
    Some((arn.part(start..before.len()), arn.part(text.len() - id.len()..text.len())))
}
