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
use crate::formats::field::{computed, field, field_of};
use crate::formats::terraform::module::Block;
use crate::formats::{ReferenceFact, environment};
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
        let mut variables = variables_of(&entry.value);
        variables.retain(|field| !RESERVED.contains(&field.key.as_str()));
        if variables.is_empty() {
            return;
        }
        variables.push(self.region("AWS_REGION", entry.key.span()));
        let role = body.get("role");
        self.environment(variables, entry.value.span, role);
    }

    /// The containers of a list that is written as JSON.
    fn containers(&mut self, attribute: &str, role: &str) {
        let body = &self.block.body;
        let Some(definitions) = body.get(attribute).and_then(listed) else { return };
        for container in definitions.items() {
            self.container(container, body.get(role));
        }
    }

    fn container(&mut self, container: &Node, role: Option<&Node>) {
        let Some(environment) = container.get("environment") else { return };
        let secrets = container.get("secrets").map(Node::items).unwrap_or_default();
        let variables = environment.items().iter().chain(secrets).filter_map(variable).collect();
        self.environment(variables, environment.span, role);
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
            let field = variable(one)?;
            Some(if is_plain { field } else { Field { value: computed(value), ..field } })
        };
        let mut variables: Vec<Field> = nested(environment, "environment_variable").filter_map(variable).collect();
        if variables.is_empty() {
            return;
        }
        if !variables.iter().any(|field| field.key.as_str() == "AWS_REGION") {
            variables.push(self.region("AWS_REGION", environment.span));
        }
        self.environment(variables, environment.span, body.get("service_role"));
    }

    /// A list of variables, and the role of what is given it.
    fn environment(&mut self, variables: Vec<Field>, span: Span, role: Option<&Node>) {
        for adapter in environment::adapters(variables, span) {
            self.add(adapter, role);
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
        self.add(adapter, body.get("agent_resource_role_arn"));
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
        self.add(adapter, body.get("role_arn"));
    }

    /// An application inference profile: what it copies is not called by that name, but stands behind its ARN.
    fn inference_profile(&mut self) {
        let body = &self.block.body;
        let Some(model) = first(body, "model_source").and_then(|source| field(source, "copy_from")) else { return };
        let mut adapter = self.adapter(body.span);
        adapter.models.push(ModelField { purpose: None, ..model_of(model, Purpose::Llm, true) });
        self.add(adapter, None);
    }

    /// Something that Amazon Bedrock does by itself, in the Region that it is made in.
    fn adapter(&mut self, span: Span) -> Adapter {
        let mut adapter = Adapter::new(Consumer::AwsSdk, span);
        adapter.region = Some(self.region("region", span));
        adapter
    }

    /// The Region that the resource is made in, as a setting: where the file does not name it, it is told of at `place`.
    fn region(&mut self, key: &str, place: Span) -> Field {
        let block = self.block;
        let written = region::of(block, self.documents.index);
        let Some((said, at)) = written else {
            let value = Text::unknown("${region}", place, Count::Single);
            return Field { key: Text::unplaced(key).used_at(place), value, kind: ScalarKind::String, span: place };
        };
        if at.source.path() == block.source.path() {
            return Field { key: Text::unplaced(key).used_at(said.key.span()), ..said };
        }
        // nothing is to be changed there
        let at = Location::new(&block.source, place);
        self.documents.reader.facts.references.push(ReferenceFact { at, overridable: false });
        Field {
            key: Text::unplaced(key).used_at(place),
            value: said.value.used_at(place),
            kind: said.kind,
            span: place,
        }
    }

    fn add(&mut self, adapter: Adapter, role: Option<&Node>) {
        let adapter = Adapter { name: adapter.name.clone().or_else(|| Some(self.block.address())), ..adapter };
        let reader = &mut self.documents.reader;
        reader.source = &self.block.source;
        reader.variables(adapter);
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

/// The variables of a map. Of maps that are put together, those that are known: the last one counts.
fn variables_of(node: &Node) -> Vec<Field> {
    match &node.value {
        Value::Map(entries) => entries.iter().filter_map(field_of).collect(),
        Value::Call(Call { name, args }) if name.as_str() == "merge" => args.iter().flat_map(variables_of).collect(),
        _ => Vec::new(),
    }
}

/// The list that `jsonencode` is given, or that stands as JSON in a string.
fn listed(node: &Node) -> Option<Node> {
    match &node.value {
        Value::Call(call) if call.name.as_str() == "jsonencode" => call.args.first().cloned(),
        Value::Scalar(_) => crate::formats::inner::parse(node.string()?).ok()?,
        _ => None,
    }
}

/// A variable of a list of them. The value of a secret is not known.
fn variable(item: &Node) -> Option<Field> {
    let key = item.get("name")?.string()?.clone();
    match (item.entry("value"), item.entry("valueFrom")) {
        (Some(value), _) => field_of(value).map(|field| Field { key, ..field }),
        (None, Some(from)) => {
            let (value, span) = (computed(&from.value), from.value.span);
            Some(Field { key, value, kind: ScalarKind::String, span })
        }
        (None, None) => None,
    }
}
