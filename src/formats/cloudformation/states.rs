//! State machines of AWS Step Functions: tasks that call a model, and ids of models that are put into a definition which
//! stands in another file.
//!
//! Sources: AWS Step Functions Developer Guide, "Invoke and customize Amazon Bedrock models"; AWS CloudFormation Template
//! Reference, `AWS::StepFunctions::StateMachine`.

use super::template::{Resource, Template};
use crate::adapter::Field;
use crate::formats::field::field_of;
use crate::formats::policy::words;
use crate::syntax::{Entry, Node, Value, json};
use crate::text::Text;

/// How the resource of a task ends that calls a model: the integration of Amazon Bedrock, and that of the SDK.
const TASKS: [&str; 3] = [
    ":states:::bedrock:invokeModel",
    ":states:::aws-sdk:bedrockruntime:invokeModel",
    ":states:::aws-sdk:bedrockruntime:converse",
];

/// The settings of a state machine that name a model.
pub(super) fn models(template: &Template<'_>, resource: &Resource<'_>) -> Vec<Entry> {
    let definitions = ["Definition", "DefinitionString"].iter().filter_map(|key| template.property(resource, key));
    let mut found = Vec::new();
    for definition in definitions {
        let parsed = definition.string().filter(|text| text.as_str().trim_start().starts_with('{'));
        let parsed = parsed.and_then(|text| json::parse(text.as_str(), text.map()).ok()?);
        tasks(parsed.as_ref().map_or(&definition, |document| &document.root), &mut found);
    }
    found
}

/// The models of the tasks in a definition, however deep they stand.
fn tasks(node: &Node, found: &mut Vec<Entry>) {
    let resource = node.get("Resource").and_then(Node::string).map(Text::as_str);
    if resource.is_some_and(|resource| TASKS.iter().any(|task| resource.trim_end_matches(".sync").ends_with(task))) {
        let arguments = ["Parameters", "Arguments"].iter().filter_map(|key| node.get(key)?.entry("ModelId"));
        // an expression of JSONata is not known
        let is_expression = |entry: &&Entry| entry.value.string().is_some_and(|text| text.as_str().starts_with("{%"));
        found.extend(arguments.filter(|entry| !is_expression(entry)).cloned());
    }
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| tasks(item, found)),
        Value::Map(entries) => entries.iter().for_each(|entry| tasks(&entry.value, found)),
        Value::Scalar(_) | Value::Call(_) => {}
    }
}

/// What is put into a definition, by names as environment variables have them.
pub(super) fn substitutions(template: &Template<'_>, resource: &Resource<'_>) -> Vec<Field> {
    let given = template.property(resource, "DefinitionSubstitutions");
    let fields = given.iter().flat_map(Node::entries).filter_map(field_of);
    let named = |field: Field| {
        let name = words(field.key.as_str()).join("_").to_ascii_uppercase();
        Field { key: Text::unplaced(name).used_at(field.key.span()), ..field }
    };
    fields.map(named).collect()
}
