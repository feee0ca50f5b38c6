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
mod field;
mod gateway;
mod inner;
mod kubernetes;
mod litellm;
mod mentions;
mod nested;
pub mod placeholder;
mod policy;
mod terraform;
mod unstract;
mod workflow;

pub(crate) use envelope::embedded;
pub use mentions::{MentionFact, Mentioned, Place};

use std::sync::Arc;

use crate::adapter::{Adapter, Field};
use crate::iam::Policy;
use crate::source::{Library, Location, Problem, Source, is_called_environment};
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
    /// The principals that an account dump or a template of infrastructure tells of.
    pub principals: Vec<PrincipalFact>,
    /// Whether policies that no principal has act each by itself, as in an account dump and in a module of Terraform.
    /// Those of other files act together.
    pub apart: bool,
    /// Places that stand for a value which is written elsewhere, and values that may be set otherwise.
    pub references: Vec<ReferenceFact>,
    /// The comments that speak to this program.
    pub comments: Vec<Location>,
    /// What kept parts of the file from being understood.
    pub problems: Vec<Problem>,
    /// What other files complete; [`finish`] makes facts of it.
    pub unfinished: Vec<Unfinished>,
    /// Whether a format knew the file, whatever came of it.
    pub understood: bool,
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
    /// Whether these are all variables that its process is given. Where it is given more, what is not here may be there.
    pub whole: bool,
}

/// What a manifest of Kubernetes says of the pod that an adapter runs in.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The name of the service account that it runs as; `default` where there is none.
    pub service_account: Option<Field>,
    /// Its namespace; whoever applies the manifest says it where there is none.
    pub namespace: Option<Field>,
}

/// A place that stands for a value which is written elsewhere (`${var.region}`), or a value that may be set otherwise.
#[derive(Clone, Debug)]
pub struct ReferenceFact {
    /// The place.
    pub at: Location,
    /// Whether the value may be set otherwise where the file is used: it is a default.
    pub overridable: bool,
    /// Where the value is written, in this file or another one, if it can be mended there: what a rule finds there is
    /// not told at the reference once more.
    pub written: Option<Location>,
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

/// A user, group or role, with the policies that act together for it, and what calls as it.
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
    /// Indexes in [`Facts::adapters`] of what calls as it.
    pub adapters: Vec<usize>,
    /// Whether these are all policies that grant it something.
    pub grants: Grants,
}

impl PrincipalFact {
    /// The same, where so many policies and adapters stand before its own.
    fn behind(mut self, policies: usize, adapters: usize) -> Self {
        self.policies.iter_mut().chain(&mut self.trust).for_each(|index| *index += policies);
        self.adapters.iter_mut().for_each(|index| *index += adapters);
        if let BoundaryFact::Policy(index) = &mut self.boundary {
            *index += policies;
        }
        self
    }
}

/// How much of what a principal is granted was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grants {
    /// All of it.
    Whole,
    /// All that is named; other files may attach more.
    Named,
    /// Some policies are named whose documents are not known.
    Partial,
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
    let mut documents = Vec::new();
    for document in stream.documents {
        match document {
            Ok(root) => documents.push(root),
            Err(fault) if told && template => {
                reader.problem(fault.span, format!("not YAML before this template is rendered: {}", fault.message));
            }
            Err(fault) if told => reader.problem(fault.span, format!("not YAML: {}", fault.message)),
            Err(_) => {}
        }
    }
    recognise_all(&documents, reader);
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
            && !self.understood
    }
}

/// How a comment begins that speaks to this program.
pub const ADDRESS: &str = "bedrock-lint:";

/// What is known of a process beside its variables.
#[derive(Clone, Debug, Default)]
struct Process {
    /// The workload of Kubernetes that it belongs to.
    workload: Option<Workload>,
    /// Whether it is given more variables than can be seen.
    more: bool,
}

/// Shared by the shapes of one file.
struct Reader<'a> {
    source: &'a Arc<Source>,
    kind: Option<PolicyKind>,
    example: bool,
    /// How many documents stand around the one that is read.
    nesting: u8,
    /// What the aliases in documents that stand in others may expand to, all together.
    expansion: usize,
    facts: Facts,
}

impl<'a> Reader<'a> {
    /// A reader that adds to `facts`.
    fn new(source: &'a Arc<Source>, options: &FormatOptions, facts: Facts) -> Self {
        let FormatOptions { kind, example } = *options;
        Self { source, kind, example, nesting: 0, expansion: yaml::EXPANSION, facts }
    }

    /// Keeps the comments that speak to this program.
    fn comments(&mut self, spans: Vec<Span>) {
        let comments = spans.into_iter().map(|span| Location::new(self.source, span));
        self.facts.comments.extend(comments.filter(|comment| comment.text().contains(ADDRESS)));
    }

    /// Adds an adapter that was read from `node`.
    fn adapter(&mut self, adapter: Adapter, node: &Node) {
        let mut duplicates = Vec::new();
        policy::collect_duplicates(node, &mut duplicates);
        self.add(adapter, duplicates, None, true);
    }

    /// Adds the adapters that were read from what one process is given. A variable that is set anew is no mistake there.
    fn process(&mut self, adapters: Vec<Adapter>, process: &Process) {
        for adapter in adapters {
            self.add(adapter, Vec::new(), process.workload.clone(), !process.more);
        }
    }

    /// Adds an adapter of a resource of infrastructure: its file is called a template and is no example.
    fn resource(&mut self, adapter: Adapter) {
        let (source, example) = (Arc::clone(self.source), self.example);
        let fact = AdapterFact { source, adapter, example, duplicates: Vec::new(), workload: None, whole: true };
        self.facts.adapters.push(Arc::new(fact));
    }

    /// Adds a service account.
    fn service_account(&mut self, account: ServiceAccountFact) {
        self.facts.service_accounts.push(Arc::new(account));
    }

    fn add(&mut self, adapter: Adapter, duplicates: Vec<DuplicateKey>, workload: Option<Workload>, whole: bool) {
        let example = self.example || is_called_example(self.source.path());
        let fact = AdapterFact { source: Arc::clone(self.source), adapter, example, duplicates, workload, whole };
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
