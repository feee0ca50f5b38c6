//! What calls Amazon Bedrock: the environment of functions and containers, and the parts of Amazon Bedrock that name models
//! themselves.
//!
//! Sources: Terraform AWS provider (the resources named below); AWS Lambda Developer Guide, "Defined runtime environment
//! variables" (`AWS_REGION` is the function's own Region, and is reserved).

use super::blocks::{first, is_blank, nested};
use super::documents::Documents;
use super::policy_document::written;
use super::principals::{Kind, Principals};
use super::region;
use crate::adapter::{Adapter, Consumer, Field, Guardrail, ModelField, Purpose};
use crate::bedrock::Endpoint;
use crate::formats::environment::{self, given_elsewhere, listed};
use crate::formats::field::{field, field_of};
use crate::formats::terraform::module::Block;
use crate::formats::{Process, ReferenceFact};
use crate::source::Location;
use crate::syntax::{Call, Node, ScalarKind, Value};
use crate::text::{Count, Span, Text};

/// Names that Lambda reserves for the Region of the function.
const RESERVED: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// Reads what calls, each with the role it calls as.
pub(super) fn read(documents: &mut Documents<'_, '_, '_>, principals: &mut Principals) {
    let blocks = documents.index.module.blocks.iter();
    for block in blocks.filter(|block| block.kind == "resource") {
        let mut callers = Callers { documents, principals, block };
        match block.labels.first().map(String::as_str) {
            Some("aws_lambda_function") => callers.function(),
            Some("aws_ecs_task_definition") => callers.containers("container_definitions", "task_role_arn"),
            Some("aws_batch_job_definition") => callers.job(),
            Some("aws_apprunner_service") => callers.service(),
            Some("aws_codebuild_project") => callers.project(),
            Some("aws_bedrockagent_agent") => callers.agent(),
            Some("aws_bedrockagent_knowledge_base") => callers.knowledge_base(),
            Some("aws_bedrock_inference_profile") => callers.inference_profile(),
            _ => {}
        }
    }
}

struct Callers<'c, 'm, 'f, 'l> {
    documents: &'c mut Documents<'m, 'f, 'l>,
    principals: &'c mut Principals,
    block: &'m Block,
}

impl<'m> Callers<'_, 'm, '_, '_> {
    fn function(&mut self) {
        let body = &self.block.body;
        let Some(environment) = first(body, "environment") else { return };
        let Some(entry) = environment.entry("variables") else { return };
        let (mut variables, more) = variables_of(&entry.value);
        variables.retain(|field| !RESERVED.contains(&field.key.as_str()));
        if variables.is_empty() {
            return;
        }
        variables.push(self.region("AWS_REGION"));
        self.environment((variables, more), entry.value.span, body.get("role"));
    }

    /// The containers of a list that is written as JSON.
    fn containers(&mut self, attribute: &str, role: &str) {
        let body = &self.block.body;
        let Some(definitions) = body.get(attribute).and_then(written) else { return };
        for container in definitions.items() {
            self.container(container, body.get(role));
        }
    }

    fn container(&mut self, container: &Node, role: Option<&Node>) {
        let Some(environment) = container.get("environment") else { return };
        let (mut variables, mut more) = variables_of(environment);
        variables.extend(container.get("secrets").map(listed).unwrap_or_default());
        more |= container.get("environmentFiles").is_some();
        self.environment((variables, more), environment.span, role);
    }

    fn job(&mut self) {
        let Some(properties) = self.block.body.get("container_properties").and_then(written) else { return };
        self.container(&properties, properties.get("jobRoleArn"));
    }

    fn service(&mut self) {
        let body = &self.block.body;
        let Some(source) = first(body, "source_configuration") else { return };
        let image = first(source, "image_repository").and_then(|image| first(image, "image_configuration"));
        let code = first(source, "code_repository").and_then(|code| first(code, "code_configuration"));
        let code = code.and_then(|code| first(code, "code_configuration_values"));
        let role = first(body, "instance_configuration").and_then(|instance| instance.get("instance_role_arn"));
        for variables in [image, code].into_iter().flatten().filter_map(|one| one.get("runtime_environment_variables"))
        {
            self.environment(variables_of(variables), variables.span, role);
        }
    }

    fn project(&mut self) {
        let body = &self.block.body;
        let Some(environment) = first(body, "environment") else { return };
        let variable = |one: &Node| {
            let is_plain = one.get("type").and_then(Node::scalar).is_none_or(|kind| kind.as_str() == "PLAINTEXT");
            let value = one.get("value")?;
            let name = one.get("name")?.string()?.clone();
            let given = one.entry("value").filter(|_| is_plain).and_then(field_of);
            Some(
                given
                    .map_or_else(|| given_elsewhere(name.clone(), value), |field| Field { key: name.clone(), ..field }),
            )
        };
        let written = nested(environment, "environment_variable");
        let mut variables: Vec<Field> = written.filter_map(variable).collect();
        if variables.is_empty() {
            return;
        }
        if !variables.iter().any(|field| field.key.as_str() == "AWS_REGION") {
            variables.push(self.region("AWS_REGION"));
        }
        self.environment((variables, true), environment.span, body.get("service_role"));
    }

    /// A list of variables, whether there are more, and the role of what is given them.
    fn environment(&mut self, (variables, more): (Vec<Field>, bool), span: Span, role: Option<&Node>) {
        for adapter in environment::adapters(variables, span) {
            self.add(adapter, more, role);
        }
    }

    fn agent(&mut self) {
        let body = &self.block.body;
        let Some(model) = field(body, "foundation_model").filter(Field::is_filled) else { return };
        let mut adapter = self.adapter(body.span);
        adapter.models.push(model_of(model, Purpose::Llm, false));
        if let Some(guardrail) = first(body, "guardrail_configuration") {
            adapter.guardrail = Guardrail {
                identifier: field(guardrail, "guardrail_identifier"),
                version: field(guardrail, "guardrail_version"),
                trace: None,
            };
        }
        self.add(adapter, false, body.get("agent_resource_role_arn"));
    }

    fn knowledge_base(&mut self) {
        let body = &self.block.body;
        let configuration = first(body, "knowledge_base_configuration");
        let vectors = configuration.and_then(|made| first(made, "vector_knowledge_base_configuration"));
        let Some(model) = vectors.and_then(|made| field(made, "embedding_model_arn")).filter(Field::is_filled) else {
            return;
        };
        let mut adapter = self.adapter(body.span);
        adapter.models.push(model_of(model, Purpose::Embedding, false));
        self.add(adapter, false, body.get("role_arn"));
    }

    /// An application inference profile: what it copies is not called by that name, but stands behind its ARN.
    fn inference_profile(&mut self) {
        let body = &self.block.body;
        let Some(model) = first(body, "model_source").and_then(|source| field(source, "copy_from")) else { return };
        let mut adapter = self.adapter(body.span);
        adapter.models.push(ModelField { purpose: None, ..model_of(model, Purpose::Llm, true) });
        self.add(adapter, false, None);
    }

    /// Something that Amazon Bedrock does by itself, in the Region that it is made in.
    fn adapter(&mut self, span: Span) -> Adapter {
        let mut adapter = Adapter::new(Consumer::AwsSdk, span);
        adapter.region = Some(self.region("region"));
        adapter
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
        let reference =
            ReferenceFact { at: Location::new(&block.source, place), overridable: false, written: Some(at) };
        self.documents.reader.facts.references.push(reference);
        Field { key: key(place), value: said.value.used_at(place), kind: said.kind, span: place }
    }

    fn add(&mut self, adapter: Adapter, more: bool, role: Option<&Node>) {
        let adapter = Adapter { name: adapter.name.clone().or_else(|| Some(self.block.address())), ..adapter };
        self.documents.stands_in(self.block);
        let reader = &mut self.documents.reader;
        reader.process(vec![adapter], &Process { workload: None, more });
        let index = reader.facts.adapters.len() - 1;
        let Some(role) = role.filter(|role| !is_blank(Some(role))) else { return };
        let named = self.principals.named_by(Kind::Role, role, self.block);
        if let ([one], false) = (named.known.as_slice(), named.open)
            && let Some(principal) = self.principals.get_mut(*one)
        {
            principal.call(index);
        }
    }
}

fn model_of(field: Field, purpose: Purpose, stands_behind: bool) -> ModelField {
    ModelField {
        id: field.value.clone(),
        purpose: Some(purpose),
        endpoint: Endpoint::BedrockRuntime,
        region: None,
        routed: false,
        stands_behind,
        field,
    }
}

/// The variables that a value lists, and whether there are more. Of maps or lists that are put together, those that are
/// known: the last one counts.
fn variables_of(node: &Node) -> (Vec<Field>, bool) {
    match &node.value {
        Value::Call(Call { name, args }) if matches!(name.as_str(), "merge" | "concat") => {
            let (all, more): (Vec<Vec<Field>>, Vec<bool>) = args.iter().map(variables_of).unzip();
            (all.concat(), more.contains(&true))
        }
        Value::List(items) => (listed(node), items.iter().any(|item| matches!(item.value, Value::Call(_)))),
        Value::Map(_) => (listed(node), false),
        Value::Scalar(_) | Value::Call(_) => (Vec::new(), true),
    }
}
