//! Facts from trees: policies and adapters with spans. One file per format; recognised by content, not only by name.
//! Trees are dropped after this. Of text that has none, what its strings mention.

mod account;
mod dotenv;
mod envelope;
mod environment;
mod field;
mod kubernetes;
mod mentions;
pub mod placeholder;
mod policy;
mod unstract;

pub(crate) use envelope::embedded;
pub use mentions::{MentionFact, Mentioned, Place};

use std::sync::Arc;

use crate::adapter::{Adapter, Field};
use crate::iam::Policy;
use crate::source::{Location, Problem, Source, is_called_environment};
use crate::syntax::{Node, json, yaml};
use crate::text::{SourceMap, Span, Text};

/// What one file says.
#[derive(Debug, Default)]
pub struct Facts {
    /// The policies in it, in the order of the file.
    pub policies: Vec<Arc<PolicyFact>>,
    /// What calls Amazon Bedrock, in the order of the file.
    pub adapters: Vec<Arc<AdapterFact>>,
    /// The service accounts of Kubernetes, in the order of the file.
    pub service_accounts: Vec<Arc<ServiceAccountFact>>,
    /// What its strings name, where no format fits: what may well be used first.
    pub mentions: Vec<Arc<MentionFact>>,
    /// The principals that an account dump tells of.
    pub principals: Vec<PrincipalFact>,
    /// Whether policies that no principal has act each by itself, as in an account dump. Those of other files act
    /// together.
    pub apart: bool,
    /// The comments that speak to this program.
    pub comments: Vec<Location>,
    /// What kept parts of the file from being understood.
    pub problems: Vec<Problem>,
    /// Whether it is no JSON although it is called that. Nothing in it looks like a policy, else that is a problem.
    pub unparsed: bool,
    /// Whether it is text that was searched for strings, or passed over as nobody's own writing.
    pub searched: bool,
}

/// A policy document in a file.
#[derive(Debug)]
pub struct PolicyFact {
    /// The file.
    pub source: Arc<Source>,
    /// The document.
    pub policy: Policy,
    /// What it is for.
    pub kind: PolicyKind,
    /// Whether that is a guess from its statements alone.
    pub guessed: bool,
    /// Its name, where the file gives one: part of what fingerprints are made from.
    pub name: Option<String>,
    /// Whether the settings call its file an example.
    pub example: bool,
    /// Keys that stand twice in one object of it.
    pub duplicates: Vec<DuplicateKey>,
}

/// A client's settings in a file.
#[derive(Debug)]
pub struct AdapterFact {
    /// The file.
    pub source: Arc<Source>,
    /// The settings.
    pub adapter: Adapter,
    /// Whether the settings of this program, or its name, call its file an example.
    pub example: bool,
    /// Keys that stand twice in one object of it.
    pub duplicates: Vec<DuplicateKey>,
    /// The workload of Kubernetes that it runs in, where the file says so.
    pub workload: Option<Workload>,
}

/// What a manifest of Kubernetes says of the pod that an adapter runs in.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The name of the service account that it runs as; `default` where there is none.
    pub service_account: Option<Field>,
    /// Its namespace; whoever applies the manifest says it where there is none.
    pub namespace: Option<Field>,
    /// Whether the list of variables is all that the container is given.
    pub whole: bool,
}

/// A service account of Kubernetes.
#[derive(Debug)]
pub struct ServiceAccountFact {
    /// The file.
    pub source: Arc<Source>,
    /// Its name.
    pub name: Field,
    /// Its namespace; whoever applies the manifest says it where there is none.
    pub namespace: Option<Field>,
    /// The role of IAM that its annotation names.
    pub role: Option<Field>,
}

/// What a policy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyKind {
    /// Attached to a user, group or role.
    Identity,
    /// A service control policy of an organization.
    Scp,
    /// A permissions boundary.
    Boundary,
    /// Passed when a session is made.
    Session,
    /// Says who may assume a role.
    Trust,
    /// Attached to another resource.
    Resource,
}

/// A key that stands twice in one object: JSON readers silently take the last.
#[derive(Clone, Debug)]
pub struct DuplicateKey {
    /// The earlier one, which is lost.
    pub lost: Text,
    /// The later one, which counts.
    pub kept: Span,
}

/// A user, group or role of an account dump, with the policies that act together for it.
#[derive(Debug)]
pub struct PrincipalFact {
    /// `role Build`, `user ana`.
    pub name: String,
    /// Its ARN.
    pub arn: Option<String>,
    /// Its account, from its ARN.
    pub account: Option<String>,
    /// Indexes of its identity policies in [`Facts::policies`].
    pub policies: Vec<usize>,
    /// Index of its trust policy in [`Facts::policies`].
    pub trust: Option<usize>,
    /// Its permissions boundary.
    pub boundary: BoundaryFact,
    /// Whether every policy attached to it is in the file.
    pub whole: bool,
}

/// What a file says of the permissions boundary of a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoundaryFact {
    /// It has none.
    None,
    /// Index of the policy in [`Facts::policies`].
    Policy(usize),
    /// It has one whose document is not in the file.
    Unread,
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
    let mut reader = Reader { source, kind: options.kind, example: options.example, facts: Facts::default() };
    let understood = match grammar(source.path(), body) {
        Some(Grammar::Json) => read_json(body, &map, named, &mut reader),
        Some(Grammar::Yaml) => read_yaml(body, &map, named, &mut reader),
        Some(Grammar::Dotenv) => {
            dotenv::read(body, &map, named, &mut reader);
            true
        }
        None => false,
    };
    if !understood && reader.facts.is_silent() {
        read_text(body, &map, named, &mut reader);
    }
    reader.facts
}

/// Reads what is written in no grammar. Standard input and named files whose name does not say what they are may hold a
/// policy or an adapter all the same; everything else is searched for strings.
fn read_text(body: &str, map: &SourceMap, named: bool, reader: &mut Reader<'_>) {
    let may_be_anything = named && !mentions::is_called_text(reader.source.path());
    // what was gathered from a tree that came to nothing
    reader.facts = Facts { unparsed: reader.facts.unparsed, ..Facts::default() };
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
    for root in stream.documents.iter().flatten() {
        recognise(root, reader);
    }
    if reader.facts.is_silent() {
        reader.facts = Facts::default();
        dotenv::read_if_variables(body, map, reader);
    }
    if reader.facts.is_silent() {
        reader.facts = Facts::default();
    }
}

/// Hands a tree to each format that may stand in it.
fn recognise(root: &Node, reader: &mut Reader<'_>) {
    envelope::read(root, reader);
    mentions::read_notebook(root, reader);
    unstract::read(root, reader);
    kubernetes::read(root, reader);
}

/// The grammars of files that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grammar {
    Json,
    Yaml,
    Dotenv,
}

fn grammar(path: &str, body: &str) -> Option<Grammar> {
    match extension(path).as_str() {
        _ if is_called_json(path) => Some(Grammar::Json),
        "yaml" | "yml" => Some(Grammar::Yaml),
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
        Ok(Some(document)) => {
            recognise(&document.root, reader);
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
        Err(fault) if named || (extension(source.path()) == "json" && carries_a_policy(body, "\"Effect\"")) => {
            reader.problem(fault.span, format!("not JSON: {}", fault.message));
        }
        Err(_) => reader.facts.unparsed = is_called_json(source.path()),
        Ok(None) => {}
    }
    is_json
}

/// Tells whether it is YAML. Documents that cannot be read are told where the user named the file, or where a policy
/// would go unread. Templates are no YAML before they are rendered, and nobody's mistake.
fn read_yaml(body: &str, map: &SourceMap, named: bool, reader: &mut Reader<'_>) -> bool {
    let stream = yaml::parse(body, map);
    reader.comments(stream.comments);
    if named && stream.documents.is_empty() {
        reader.empty();
    }
    let template = is_template(body);
    let told = named || (!template && body.contains("Statement") && carries_a_policy(body, "Effect"));
    let is_yaml = stream.documents.iter().all(Result::is_ok);
    for document in stream.documents {
        match document {
            Ok(root) => recognise(&root, reader),
            Err(fault) if told && template => {
                reader.problem(fault.span, format!("not YAML before this template is rendered: {}", fault.message));
            }
            Err(fault) if told => reader.problem(fault.span, format!("not YAML: {}", fault.message)),
            Err(_) => {}
        }
    }
    is_yaml
}

fn is_template(body: &str) -> bool {
    ["{{", "{%", "<%"].iter().any(|sign| body.contains(sign))
}

impl Facts {
    /// Whether the file holds nothing to judge, and nothing that should have been.
    pub(crate) fn is_silent(&self) -> bool {
        self.policies.is_empty()
            && self.adapters.is_empty()
            && self.mentions.is_empty()
            && self.principals.is_empty()
            && self.problems.is_empty()
    }
}

/// How a comment begins that speaks to this program.
pub const ADDRESS: &str = "bedrock-lint:";

/// Shared by the shapes of one file.
struct Reader<'a> {
    source: &'a Arc<Source>,
    kind: Option<PolicyKind>,
    example: bool,
    facts: Facts,
}

impl Reader<'_> {
    /// Keeps the comments that speak to this program.
    fn comments(&mut self, spans: Vec<Span>) {
        let comments = spans.into_iter().map(|span| Location::new(self.source, span));
        self.facts.comments.extend(comments.filter(|comment| comment.text().contains(ADDRESS)));
    }

    /// Adds an adapter that was read from `node`.
    fn adapter(&mut self, adapter: Adapter, node: &Node) {
        let mut duplicates = Vec::new();
        policy::collect_duplicates(node, &mut duplicates);
        self.add(adapter, duplicates, None);
    }

    /// Adds an adapter that was read from a list of variables. One that is set anew is no mistake there.
    fn variables(&mut self, adapter: Adapter) {
        self.add(adapter, Vec::new(), None);
    }

    /// Adds an adapter that was read from the variables of a container.
    fn container(&mut self, adapter: Adapter, workload: Workload) {
        self.add(adapter, Vec::new(), Some(workload));
    }

    /// Adds a service account.
    fn service_account(&mut self, account: ServiceAccountFact) {
        self.facts.service_accounts.push(Arc::new(account));
    }

    fn add(&mut self, adapter: Adapter, duplicates: Vec<DuplicateKey>, workload: Option<Workload>) {
        let example = self.example || is_called_example(self.source.path());
        let fact = AdapterFact { source: Arc::clone(self.source), adapter, example, duplicates, workload };
        self.facts.adapters.push(Arc::new(fact));
    }

    fn empty(&mut self) {
        self.problem(Span::default(), "the file is empty: an IAM policy in JSON or YAML is expected");
    }

    fn problem(&mut self, span: Span, message: impl Into<String>) {
        self.facts.problems.push(self.source.problem(span.start as usize, message));
    }
}

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

/// Whether a file that cannot be read was meant as a policy, so that silence about it would be wrong.
fn carries_a_policy(body: &str, effect: &str) -> bool {
    body.contains(effect)
        && ["bedrock:", "foundation-model", "aws-marketplace:"].iter().any(|marker| body.contains(marker))
}

fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
}
