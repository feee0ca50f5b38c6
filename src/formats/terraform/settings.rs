//! What modules let others set: variables with defaults, and files that set them. They are mostly called as the program
//! that is given them calls them, so that a model is told of where it is written, whatever it is handed to.

use crate::formats::field::field_of;
use crate::formats::{Process, Reader, environment};
use crate::syntax::{Entry, Node, ScalarKind, Value};
use crate::text::{Count, Span, Text};

use super::is_variable_file;
use crate::adapter::{Consumer, Field};

/// Reads the settings of a file.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    let entries: Vec<Entry> = match is_variable_file(reader.source.path()) {
        true => root.entries().to_vec(),
        false => root.entries().iter().filter(|entry| entry.key.as_str() == "variable").flat_map(defaults).collect(),
    };
    let is_plain = |entry: &&Entry| matches!(entry.value.value, Value::Scalar(_));
    let mut variables: Vec<Field> = entries.iter().filter(is_plain).filter_map(field_of).collect();
    let Some(first) = variables.first() else { return };
    // whoever is given the model says where it is called
    variables.push(region(first.key.span()));
    variables.retain(|field| !field.key.as_str().to_ascii_lowercase().contains("region") || field.literal().is_none());
    let mut adapters = environment::adapters(variables, root.span);
    adapters.iter_mut().for_each(|adapter| adapter.consumer = Consumer::Module);
    reader.process(adapters, &Process { workload: None, more: true });
}

/// The defaults of variables, by their names. In JSON, all variables stand under one key.
fn defaults(declared: &Entry) -> Vec<Entry> {
    let named = declared.value.one_or_many().iter().flat_map(Node::entries);
    let default = |named: &Entry| {
        let value = named.value.one_or_many().iter().find_map(|body| body.get("default"))?;
        Some(Entry { key: named.key.clone(), value: value.clone() })
    };
    named.filter_map(default).collect()
}

/// A Region that is not known.
fn region(at: Span) -> Field {
    Field {
        key: Text::unplaced("AWS_REGION").used_at(at),
        value: Text::unknown("${region}", at, Count::Single),
        kind: ScalarKind::String,
        span: at,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::string_slice, reason = "tests")]
mod tests {
    use std::sync::Arc;

    use crate::adapter::Consumer;
    use crate::formats::{self, Facts, FormatOptions};
    use crate::source::Source;

    fn read(path: &str, text: &str) -> Facts {
        formats::read(&Arc::new(Source::new(path, text)), &FormatOptions::default(), true)
    }

    #[test]
    fn defaults_and_files_of_variables_are_settings() {
        let declared = "variable \"aws_region\" {\n  default = \"us-west-2\"\n}\nvariable \"foundation_model\" {\n  \
                        default = \"us.anthropic.claude-sonnet-4-6\"\n}\nvariable \"other\" {}\n";
        let json = "{\"variable\": {\"foundation_model\": {\"default\": \"us.anthropic.claude-sonnet-4-6\"}}}";
        let set = "foundation_model = \"us.anthropic.claude-sonnet-4-6\"\ntags = { a = 1 }\n";
        for (path, text) in [("variables.tf", declared), ("variables.tf.json", json), ("prod.tfvars", set)] {
            let facts = read(path, text);
            let adapter = &facts.adapters.first().unwrap().adapter;
            let model = adapter.models.first().unwrap();
            assert_eq!(&text[model.id.span().range()], "us.anthropic.claude-sonnet-4-6", "{path}");
            assert!(adapter.consumer == Consumer::Module && adapter.region.as_ref().unwrap().literal().is_none());
        }
        for text in ["variable \"aws_region\" {\n  default = \"us-west-2\"\n}\n", "locals { a = 1 }\n", ""] {
            assert!(read("main.tf", text).adapters.is_empty(), "{text}");
        }
    }
}
