//! Documents in the strings of other documents: the files that a ConfigMap or a Secret of Kubernetes holds, and block
//! scalars of YAML such as a configuration among the values of a chart. What stands there is read like a file, and every
//! place in it leads to the file around it.
//!
//! Documents that only describe something (schemas of an API, definitions of resources) and templates of CloudFormation,
//! whose strings are values, hold none.

use super::{Reader, carries_a_policy, dotenv, is_template, recognise_all};
use crate::adapter::Adapter;
use crate::source::{is_called_environment, mentions_bedrock};
use crate::syntax::{Entry, Node, Value, json, yaml};
use crate::text::{Span, Text};

/// How many documents may stand one inside the other.
const NESTING: u8 = 3;

/// How deep strings are looked for in one document.
const DEPTH: usize = 24;

/// Keys of documents whose strings are no documents.
const OF_OTHERS: [&str; 5] = ["AWSTemplateFormatVersion", "Resources", "openapi", "swagger", "definitions"];

/// Keys of strings that are no documents, or that their own format reads.
const NO_DOCUMENT: [&str; 5] = ["adapter_metadata", "description", "example", "examples", "run"];

/// Reads the documents that stand in strings of a document.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    if reader.nesting >= NESTING || OF_OTHERS.iter().any(|key| root.get(key).is_some()) {
        return;
    }
    reader.nesting += 1;
    find(root, DEPTH, reader);
    reader.nesting -= 1;
}

fn find(node: &Node, depth: usize, reader: &mut Reader<'_>) {
    let kind = node.get("kind").and_then(Node::string).filter(|_| node.get("apiVersion").is_some());
    let files = match kind.map(Text::as_str) {
        Some("CustomResourceDefinition") => return,
        Some("ConfigMap") => node.get("data"),
        Some("Secret") => node.get("stringData"),
        _ => None,
    };
    if let Some(files) = files {
        return files.entries().iter().for_each(|entry| file(entry, reader));
    }
    if depth == 0 {
        return;
    }
    let entries = node.entries().iter().filter(|entry| !is_no_document(entry.key.as_str()));
    for inner in node.items().iter().chain(entries.map(|entry| &entry.value)) {
        match block(inner) {
            Some(text) => document(text, reader),
            None => find(inner, depth - 1, reader),
        }
    }
}

/// A string by itself says the name of the function that it is given to: `Fn::Sub`.
fn is_no_document(key: &str) -> bool {
    NO_DOCUMENT.contains(&key) || key.starts_with("Fn::")
}

/// The characters of a block scalar: of several lines, and without quotes.
fn block(node: &Node) -> Option<&Text> {
    node.string().filter(|text| text.as_str().contains('\n') && text.span().start == node.span.start)
}

/// A file by its name and its content.
fn file(entry: &Entry, reader: &mut Reader<'_>) {
    let Some(text) = entry.value.string() else { return };
    let name = entry.key.as_str();
    if is_called_environment(name) || name.ends_with(".properties") {
        dotenv::read_if_variables(text.as_str(), text.map(), reader);
    } else {
        document(text, reader);
    }
}

fn document(text: &Text, reader: &mut Reader<'_>) {
    let body = text.as_str();
    if !body.contains(':') || !mentions_bedrock(body) || is_read(text.span(), reader) {
        return;
    }
    let start = body.trim_start();
    if !start.starts_with(['{', '[']) {
        return of_yaml(text, reader);
    }
    match json::parse(body, text.map()) {
        Ok(Some(found)) => {
            let known = reader.facts.policies.len();
            recognise_all(std::slice::from_ref(&found.root), reader);
            if let Some(fault) = found.refused.filter(|_| reader.facts.policies.len() > known) {
                reader.problem(fault.span, format!("IAM refuses this document: {}", fault.message));
            }
        }
        Ok(None) => {}
        Err(fault) if carries_a_policy(body, "\"Effect\"") && !is_template(body) && start.starts_with('{') => {
            reader.problem(fault.span, format!("the document in this string is not JSON: {}", fault.message));
        }
        // a list or map as YAML writes it in one line
        Err(_) => of_yaml(text, reader),
    }
}

/// A text that cannot be read was not meant as a document.
fn of_yaml(text: &Text, reader: &mut Reader<'_>) {
    let stream = yaml::parse_within(text.as_str(), text.map(), &mut reader.expansion);
    let is_document = |node: &Node| !matches!(node.value, Value::Scalar(_));
    let documents: Vec<Node> = stream.documents.into_iter().flatten().filter(is_document).collect();
    if !documents.is_empty() {
        reader.comments(stream.comments);
    }
    recognise_all(&documents, reader);
}

/// Whether the format around a string has read the document in it.
fn is_read(string: Span, reader: &Reader<'_>) -> bool {
    let (policies, adapters) = (&reader.facts.policies, &reader.facts.adapters);
    let is_set_there = |adapter: &Adapter| {
        let models = adapter.models.iter().map(|model| &model.field);
        adapter.plain_fields().chain(models).any(|field| string.contains(field.span))
    };
    policies.iter().any(|fact| string.contains(fact.policy.span))
        || adapters.iter().any(|fact| is_set_there(&fact.adapter))
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, clippy::string_slice, reason = "tests")]
mod tests {
    use std::sync::Arc;

    use crate::formats::{Facts, FormatOptions, read};
    use crate::source::Source;

    fn facts(name: &str, text: &str) -> Facts {
        read(&Arc::new(Source::new(name, text)), &FormatOptions::default(), false)
    }

    const LIST: &str = "model_list:\n- model_name: m\n  litellm_params:\n    model: >-\n      bedrock/us.amazon.nova-lite-v1:0\n    \
                        aws_region_name: \"us-east-\\x31\"\n";

    fn indented(text: &str, by: usize) -> String {
        text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
    }

    #[test]
    fn places_are_right_through_every_layer() {
        let config = format!("kind: ConfigMap\napiVersion: v1\ndata:\n  litellm.yaml: |\n{}", indented(LIST, 4));
        let nested = format!("extraManifests:\n  - |\n{}", indented(&config, 4));
        let values = format!("litellm:\n  config: |2\n{}", indented(LIST, 4));
        let json = format!("{{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"data\": {{\"c\": {LIST:?}}}}}");
        for (name, text) in [("a.yaml", &config), ("values.yaml", &nested), ("values.yaml", &values), ("a.json", &json)]
        {
            let facts = facts(name, text);
            let adapter = &facts.adapters[0].adapter;
            let written = |span: crate::text::Span| &text[span.range()];
            assert_eq!(written(adapter.models[0].id.span()), "us.amazon.nova-lite-v1:0", "{text}");
            let region = adapter.region.as_ref().map(|region| (region.literal(), written(region.value.span())));
            let escaped = if name == "a.json" { "us-east-\\\\x31" } else { "us-east-\\x31" };
            assert_eq!(region, Some((Some("us-east-1"), escaped)), "{text}");
            assert_eq!(facts.adapters.len(), 1);
        }
    }

    #[test]
    fn files_of_a_config_map_are_read_by_name_and_content() {
        let policy = r#"{"Statement": [{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "*"}]}"#;
        let variables = "BEDROCK_MODEL_ID=us.amazon.nova-lite-v1:0\\nAWS_REGION=us-east-1";
        let text = format!(
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  data:\n    policy.json: '{policy}'\n    \
             .env: \"{variables}\"\n    notes: |\n      bedrock: see the handbook\n- apiVersion: v1\n  kind: Secret\n  \
             stringData:\n    inline: '{policy}'\n  data:\n    other: '{policy}'\n"
        );
        let facts = facts("a.yaml", &text);
        assert_eq!((facts.policies.len(), facts.adapters.len(), facts.problems), (2, 1, Vec::new()));
        let action = &facts.policies[1].policy.statements[0].named_actions()[0];
        assert_eq!(&text[action.text().span().range()], "bedrock:InvokeModel");
    }

    #[test]
    fn what_describes_or_is_read_elsewhere_is_no_document() {
        let list = indented(LIST, 4);
        for text in [
            format!("openapi: 3.0.0\npaths:\n  config: |\n{list}"),
            format!("AWSTemplateFormatVersion: '2010-09-09'\nThing:\n  Config: |\n{list}"),
            format!("apiVersion: v1\nkind: CustomResourceDefinition\nspec:\n  text: |\n{list}"),
            format!("thing:\n  description: |\n{list}"),
            format!("quoted:\n  config: {LIST:?}\n"),
            format!("templated:\n  config: |\n    {{{{ toYaml . }}}}\n{list}"),
        ] {
            let facts = facts("a.yaml", &text);
            assert_eq!((facts.adapters.len(), facts.problems.len()), (0, 0), "{text}");
        }
        let policy = "PolicyDocument: |\n  {\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"bedrock:*\", \"Resource\": \"*\"}]}\n";
        assert_eq!(facts("a.yaml", policy).policies.len(), 1);
        let broken =
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  p: '{\"Effect\": \"Allow\" \"Action\": \"bedrock:*\"}'\n";
        assert_eq!(facts("a.yaml", broken).problems.len(), 1);
    }

    #[test]
    fn documents_are_not_opened_without_end() {
        let nest =
            |times: usize| (0..times).fold(LIST.to_owned(), |inner, _| format!("config: |2\n{}", indented(&inner, 2)));
        assert_eq!(facts("a.yaml", &nest(3)).adapters.len(), 1);
        assert_eq!(facts("a.yaml", &nest(4)).adapters.len(), 0);
    }
}
