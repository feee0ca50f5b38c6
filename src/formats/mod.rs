//! Facts from trees: policies and adapters with spans. One file per format; recognised by content, not only by name.
//! Trees are dropped after this. Of text that has none, what its strings mention.

mod account;
mod blocks;
mod claude_code;
mod clients;
mod cloudformation;
mod compose;
mod controllers;
mod dotenv;
mod envelope;
mod environment;
mod evaluate;
mod facts;
mod field;
mod gateway;
mod inner;
mod kubernetes;
mod litellm;
mod mentions;
mod nested;
pub mod placeholder;
mod policy;
mod reader;
mod terraform;
mod unstract;
mod workflow;

pub(crate) use envelope::embedded;
pub use facts::{
    AdapterFact, Bonds, BoundaryFact, DuplicateKey, Facts, Grants, HandingFact, MadeProfile, OfferFact, PolicyFact,
    PolicyKind, PrincipalFact, ReferenceFact, ServiceAccountFact, Tie, Ties, Workload,
};
pub use mentions::{MentionFact, Mentioned, Place};

use std::sync::Arc;

use reader::{Process, Reader};

use crate::source::{Library, Source, is_called_environment};
use crate::syntax::{Node, json, toml, yaml};
use crate::text::{SourceMap, Span};

/// What a file says in part, and other files complete.
#[derive(Debug)]
pub enum Unfinished {
    /// Services of Docker Compose.
    Compose(compose::Project),
    /// An object of Kubernetes.
    Kubernetes(kubernetes::Object),
    /// A file of a Terraform module.
    Terraform(terraform::File),
}

/// Completes what files say in part, now that all are read; `library` opens further ones that they refer to. What comes
/// of several files stands behind the facts of each.
#[must_use]
pub fn finish(mut files: Vec<Facts>, library: &dyn Library) -> Vec<Facts> {
    let (mut objects, mut terraform) = (Vec::new(), Vec::new());
    for (index, facts) in files.iter_mut().enumerate() {
        for unfinished in std::mem::take(&mut facts.unfinished) {
            match unfinished {
                Unfinished::Compose(project) => compose::finish(project, facts, library),
                Unfinished::Kubernetes(object) => objects.push((index, object)),
                Unfinished::Terraform(file) => terraform.push(file),
            }
        }
    }
    kubernetes::finish(objects, &mut files, library);
    terraform::finish(terraform, &mut files, library);
    files
}

/// How files are to be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct FormatOptions {
    /// What the policies of the file are, where the user said so.
    pub kind: Option<PolicyKind>,
    /// Whether the settings call the file an example.
    pub example: bool,
}

/// Reads the facts of a file. `named` tells whether the user named it: such a file must be readable.
#[must_use]
pub fn read(source: &Arc<Source>, options: &FormatOptions, named: bool) -> Facts {
    let (body, offset) = source.body();
    let map = SourceMap::Verbatim(Span::new(offset, offset).start);
    let mut reader = Reader::new(source, options, Facts::default());
    let understood = match grammar(source.path(), body) {
        Some(Grammar::Json) => read_json(body, &map, named, &mut reader),
        Some(Grammar::Yaml) => read_yaml(body, &map, named, &mut reader),
        Some(Grammar::Dotenv) => {
            dotenv::read(body, &map, named, &mut reader);
            true
        }
        Some(Grammar::Hcl) => {
            terraform::read(body, &map, named, &mut reader);
            true
        }
        Some(Grammar::Properties) => {
            dotenv::read_if_variables(body, &map, &mut reader);
            false
        }
        None => false,
    };
    if reader.facts.is_silent() {
        match understood {
            true => mentions::read_settings(body, &map, &mut reader),
            false => read_text(body, &map, named, &mut reader),
        }
    }
    if named
        && extension(source.path()) == "toml"
        && let Some(fault) = toml::fault(body, &map)
    {
        // what it mentions is found all the same
        reader.problem(fault.span, format!("not TOML: {}", fault.message));
    }
    reader.facts
}

/// Reads a policy document that stands by itself and is known to be one: of this kind, and of this name. One without any
/// statement says nothing, and is one all the same.
pub(crate) fn read_document(source: &Arc<Source>, kind: PolicyKind, name: &str) -> Facts {
    let mut reader = Reader::new(source, &FormatOptions { kind: Some(kind), example: false }, Facts::default());
    let (body, offset) = source.body();
    match json::parse(body, &SourceMap::Verbatim(Span::new(offset, offset).start)) {
        Ok(Some(document)) if document.root.get("Statement").is_some() => {
            policy::read(&document.root, Some(name.to_owned()), Some(kind), &mut reader);
        }
        Ok(_) => reader.problem(Span::default(), "no policy document"),
        Err(fault) => reader.problem(fault.span, format!("not JSON: {}", fault.message)),
    }
    reader.facts
}

/// Reads what is written in no grammar. Standard input and named files whose name does not say what they are may hold a
/// policy or an adapter all the same; everything else is searched for strings.
fn read_text(body: &str, map: &SourceMap, named: bool, reader: &mut Reader<'_>) {
    let may_be_anything = named && !mentions::is_called_text(reader.source.path());
    // what was gathered from a tree that came to nothing
    reader.facts = Facts { unparsed: reader.facts.unparsed, ..Facts::default() };
    if may_be_anything && body.trim().is_empty() {
        return reader.empty();
    }
    if may_be_anything {
        read_any(body, map, reader);
    }
    if !reader.facts.is_silent() {
        return;
    }
    mentions::read(body, map, reader);
    if may_be_anything && reader.facts.is_silent() {
        let message = "not a format that is read yet: an IAM policy or an adapter in JSON or YAML, or environment \
                       variables that call Amazon Bedrock, are expected";
        reader.facts = Facts { problems: vec![reader.source.problem(0, message)], ..Facts::default() };
    }
}

/// Reads text of any name: whatever holds a policy or an adapter.
fn read_any(body: &str, map: &SourceMap, reader: &mut Reader<'_>) {
    let stream = yaml::parse(body, map);
    reader.comments(stream.comments);
    let documents: Vec<Node> = stream.documents.into_iter().flatten().collect();
    recognise_all(&documents, reader);
    if reader.facts.is_silent() {
        reader.facts = Facts::default();
        dotenv::read_if_variables(body, map, reader);
    }
    if reader.facts.is_silent() {
        reader.facts = Facts::default();
    }
}

/// Hands the trees of a file to each format, those in which several documents belong together included.
fn recognise_all(documents: &[Node], reader: &mut Reader<'_>) {
    for root in documents {
        recognise(root, reader);
    }
    gateway::read(documents, reader);
}

/// Hands a tree to each format that may stand in it.
fn recognise(root: &Node, reader: &mut Reader<'_>) {
    envelope::read(root, reader);
    mentions::read_notebook(root, reader);
    unstract::read(root, reader);
    // what none of these knows is searched for lists of variables
    let formats: [fn(&Node, &mut Reader<'_>) -> bool; 6] = [
        cloudformation::read,
        terraform::read_plan,
        kubernetes::read,
        compose::read,
        workflow::read,
        claude_code::read,
    ];
    if formats.iter().any(|read| read(root, reader)) {
        reader.facts.understood = true;
    } else {
        blocks::read(root, reader);
    }
    controllers::read(root, reader);
    litellm::read(root, reader);
    clients::read(root, reader);
    nested::read(root, reader);
}

/// The grammars of files that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grammar {
    Json,
    Yaml,
    Dotenv,
    Hcl,
    /// Of Java: read as far as they are written like variables.
    Properties,
}

fn grammar(path: &str, body: &str) -> Option<Grammar> {
    match extension(path).as_str() {
        _ if is_called_json(path) => Some(Grammar::Json),
        "yaml" | "yml" => Some(Grammar::Yaml),
        "tf" | "tofu" | "tfvars" => Some(Grammar::Hcl),
        "properties" => Some(Grammar::Properties),
        "template" if cloudformation::is_begun(body) => Some(Grammar::Yaml),
        _ if is_called_environment(path) => Some(Grammar::Dotenv),
        _ if body.trim_start().starts_with(['{', '[']) => Some(Grammar::Json),
        _ => None,
    }
}

/// Tells whether it is JSON.
fn read_json(body: &str, map: &SourceMap, named: bool, reader: &mut Reader<'_>) -> bool {
    let source = reader.source;
    if body.contains(ADDRESS) {
        reader.comments(json::comments(body, map));
    }
    let parsed = json::parse(body, map);
    let is_json = parsed.is_ok();
    match parsed {
        Ok(Some(document)) if terraform::read_json(&document.root, reader) => {}
        Ok(Some(document)) => {
            recognise_all(std::slice::from_ref(&document.root), reader);
            if let Some(fault) = document.refused
                && !reader.facts.policies.is_empty()
                && !is_json_with_comments(source.path())
            {
                reader.problem(fault.span, format!("IAM refuses this document: {}", fault.message));
            }
        }
        Ok(None) if named => reader.empty(),
        // a template, or a page that begins with a link
        Err(_) if mentions::is_called_text(source.path()) => {}
        Err(fault)
            if named || fault.limit || (extension(source.path()) == "json" && carries_a_policy(body, "\"Effect\"")) =>
        {
            reader.problem(fault.span, format!("not JSON: {}", fault.message));
        }
        Err(_) => reader.facts.unparsed = is_called_json(source.path()),
        Ok(None) => {}
    }
    is_json
}

/// Tells whether it is YAML. Documents that cannot be read are told where the user named the file, where a policy
/// would go unread, and where they only exceed a limit. Templates are no YAML before they are rendered, and nobody's mistake.
fn read_yaml(body: &str, map: &SourceMap, named: bool, reader: &mut Reader<'_>) -> bool {
    let stream = yaml::parse(body, map);
    reader.comments(stream.comments);
    if named && stream.documents.is_empty() {
        reader.empty();
    }
    let template = is_template(body);
    let told = named || (!template && body.contains("Statement") && carries_a_policy(body, "Effect"));
    let is_yaml = stream.documents.iter().all(Result::is_ok);
    let mut documents = Vec::new();
    for document in stream.documents {
        match document {
            Ok(root) => documents.push(root),
            Err(fault) if told && template && !fault.limit => {
                reader.problem(fault.span, format!("not YAML before this template is rendered: {}", fault.message));
            }
            Err(fault) if told || fault.limit => reader.problem(fault.span, format!("not YAML: {}", fault.message)),
            Err(_) => {}
        }
    }
    recognise_all(&documents, reader);
    is_yaml
}

fn is_template(body: &str) -> bool {
    ["{{", "{%", "<%"].iter().any(|sign| body.contains(sign))
}

/// How a comment begins that speaks to this program.
pub const ADDRESS: &str = "bedrock-lint:";

fn is_called_json(path: &str) -> bool {
    matches!(extension(path).as_str(), "json" | "jsonc" | "json5")
}

/// By the names under which comments in JSON are customary.
fn is_json_with_comments(path: &str) -> bool {
    matches!(extension(path).as_str(), "jsonc" | "json5")
}

/// By the names under which settings are published for others to fill in.
fn is_called_example(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let words = name.split(['.', '-', '_']);
    let is_sign = |word: &str| matches!(word, "example" | "examples" | "sample" | "template" | "tpl" | "dist" | "tmpl");
    words.into_iter().any(is_sign)
}

/// Names of the folders of tests, in small letters.
const TEST_FOLDERS: [&str; 18] = [
    "__fixtures__",
    "__mocks__",
    "__snapshots__",
    "__tests__",
    "cassettes",
    "e2e",
    "fixture",
    "fixtures",
    "integration-tests",
    "mock",
    "mocks",
    "snapshots",
    "spec",
    "specs",
    "test",
    "test-data",
    "testdata",
    "tests",
];

/// By the folders of tests, and by the names under which only tests are given their variables: such settings are not
/// deployed, and what they name need not be there to be called. `values-test.yaml` is for a stage of that name.
pub(crate) fn is_called_test(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let is_of_process =
        is_called_environment(name) || ["compose.", "docker-compose."].iter().any(|start| name.starts_with(start));
    folders.split('/').any(|folder| TEST_FOLDERS.contains(&folder))
        || (is_of_process && name.split('.').any(|word| matches!(word, "e2e" | "test" | "tests")))
}

/// Whether a file that cannot be read was meant as a policy, so that silence about it would be wrong.
fn carries_a_policy(body: &str, effect: &str) -> bool {
    body.contains(effect)
        && ["bedrock:", "foundation-model", "aws-marketplace:"].iter().any(|marker| body.contains(marker))
}

fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::is_called_test;

    #[test]
    fn settings_of_tests_by_their_paths() {
        for path in [
            ".env.test",
            "web/.env.test.local",
            "test.env",
            "docker-compose.test.yml",
            "tests/settings.yaml",
            "spec/fixtures/model.yml",
            "src/__tests__/litellm.yaml",
            "E2E/.env",
        ] {
            assert!(is_called_test(path), "{path}");
        }
        for path in [
            ".env",
            ".env.production",
            ".env.testing-stage",
            "deploy/values-test.yaml",
            "deploy/values.test.yaml",
            "latest/.env",
            "specification/a.yaml",
            "contests.env",
        ] {
            assert!(!is_called_test(path), "{path}");
        }
    }
}
