//! Policy documents wherever a resource has one: written out, as JSON in a string, made by a data source, or kept in a
//! file of its own.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::blocks::{Index, is_blank};
use super::files::Files;
use super::reference::Reference;
use super::{handed_on, policy_document, region};
use crate::bedrock::{is_managed_by_aws, may_grant_bedrock};
use crate::formats::envelope::document_at;
use crate::formats::terraform::module::Block;
use crate::formats::terraform::template::rendered;
use crate::formats::{Facts, FormatOptions, PolicyFact, PolicyKind, Reader, policy};
use crate::syntax::{Call, Node, Value};
use crate::text::{Count, Text};

/// The policies that an attribute stands for, as indexes in the facts.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) policies: Vec<usize>,
    /// Whether these are all: else there is one whose document is not known.
    pub(super) whole: bool,
}

impl Found {
    fn nothing() -> Self {
        Self { policies: Vec::new(), whole: true }
    }

    fn unknown() -> Self {
        Self { policies: Vec::new(), whole: false }
    }

    fn one(index: Option<usize>) -> Self {
        Self { whole: index.is_some(), policies: index.into_iter().collect() }
    }

    fn all(found: impl IntoIterator<Item = Self>) -> Self {
        found.into_iter().fold(Self::nothing(), |mut all, one| {
            all.policies.extend(one.policies);
            all.whole &= one.whole;
            all
        })
    }
}

/// The documents of all modules, each read once for each thing that it is.
pub(super) struct Documents<'m, 'f, 'l> {
    pub(super) index: &'f Index<'m>,
    pub(super) reader: Reader<'m>,
    files: &'f mut Files<'l>,
    read: HashMap<(String, Option<u8>), Found>,
    /// Keys of the data sources whose documents are part of something that was read.
    used: HashSet<String>,
    /// Keys of the policies that bound principals and are attached to none.
    boundaries: HashSet<String>,
}

impl<'m, 'f, 'l> Documents<'m, 'f, 'l> {
    pub(super) fn new(index: &'f Index<'m>, reader: Reader<'m>, files: &'f mut Files<'l>) -> Self {
        let boundaries = boundaries(index);
        Self { index, reader, files, read: HashMap::new(), used: HashSet::new(), boundaries }
    }

    pub(super) fn into_facts(self) -> Facts {
        self.reader.facts
    }

    /// The policies of an attribute whose value is a document.
    pub(super) fn of(&mut self, block: &'m Block, attribute: &str, kind: Option<PolicyKind>) -> Found {
        match block.body.get(attribute) {
            Some(node) => self.at(block, node, kind),
            None => Found::unknown(),
        }
    }

    /// The policies that a value is, which stands in `block`.
    pub(super) fn at(&mut self, block: &'m Block, node: &Node, kind: Option<PolicyKind>) -> Found {
        if is_blank(Some(node)) {
            return Found::nothing();
        }
        if let Some(reference) = Reference::of(node, &block.module) {
            return self.referred(&reference, kind);
        }
        self.stands_in(block);
        let name = Some(block.address());
        match &node.value {
            Value::Scalar(_) => Found::one(document_at(node, name, kind, &mut self.reader)),
            Value::Call(Call { name: function, args }) => match (function.as_str(), args.as_slice()) {
                ("file", [path]) => self.file(path, block, kind),
                ("templatefile", [path, values]) => self.template(path, values, block, kind),
                (Call::CHOICE, [_, yes, no]) => self.choice(block, yes, no, kind),
                _ => Found::unknown(),
            },
            Value::Map(_) if policy::is_policy(node) => {
                Found::one(Some(policy::read(node, name, kind, &mut self.reader)))
            }
            Value::List(_) | Value::Map(_) => Found::unknown(),
        }
    }

    /// What is read next stands in this block.
    pub(super) fn stands_in(&mut self, block: &'m Block) {
        (self.reader.source, self.reader.example) = (&block.source, block.example);
        self.reader.region = self.region_of(block);
    }

    /// The Region that what a block makes is deployed to.
    fn region_of(&self, block: &Block) -> Option<String> {
        let (region, _) = region::of(block, self.index)?;
        region.value.literal().map(str::to_owned)
    }

    /// The one side of a choice that is something. Of two it is not known which is taken.
    fn choice(&mut self, block: &'m Block, yes: &Node, no: &Node, kind: Option<PolicyKind>) -> Found {
        match (is_blank(Some(yes)), is_blank(Some(no))) {
            (false, true) => self.at(block, yes, kind),
            (true, false) => self.at(block, no, kind),
            _ => Found::unknown(),
        }
    }

    fn file(&mut self, path: &Node, block: &'m Block, kind: Option<PolicyKind>) -> Found {
        let Some(path) = path.string() else { return Found::unknown() };
        let Some(written) = path.literal() else {
            // one of these, or each
            let may_be = self.files.like(path, &block.module);
            let all = Found::all(may_be.into_iter().map(|fact| self.of_file(&fact, block, kind)));
            return Found { whole: false, ..all };
        };
        match self.files.policy(written, &block.module) {
            Some(fact) => self.of_file(&fact, block, kind),
            None => Found::unknown(),
        }
    }

    /// The policies of files that a call of a function in a block may read, and that nothing else has.
    pub(super) fn left_in(&mut self, call: &Call, block: &'m Block) -> Vec<usize> {
        let path = match (call.name.as_str(), call.args.as_slice()) {
            ("file" | "templatefile", [path, ..]) => path_of(path, &block.module),
            ("fileset", [folder, pattern]) => {
                let parts = [path_of(folder, &block.module), path_of(pattern, &block.module)];
                let [Some(folder), Some(pattern)] = parts else { return Vec::new() };
                let end = pattern.as_str().rsplit('*').next().unwrap_or_default();
                let any = Text::unknown("${…}", pattern.span(), Count::Many);
                Some(Text::joined([&folder, &Text::unplaced("/"), &any, &Text::unplaced(end)]))
            }
            _ => None,
        };
        let left = path.map(|path| self.files.left(&path, &block.module)).unwrap_or_default();
        let read = left.into_iter().map(|fact| self.of_file(&fact, block, None));
        read.flat_map(|found| found.policies).collect()
    }

    fn of_file(&mut self, fact: &PolicyFact, block: &Block, kind: Option<PolicyKind>) -> Found {
        let key = (format!("file {}", fact.source.path()), kind.map(|kind| kind as u8));
        if let Some(known) = self.read.get(&key) {
            return known.clone();
        }
        let fact = PolicyFact {
            source: Arc::clone(&fact.source),
            policy: fact.policy.clone(),
            kind: kind.unwrap_or(fact.kind),
            guessed: kind.is_none() && fact.guessed,
            name: Some(block.address()),
            example: fact.example,
            region: self.region_of(block),
            profiles: Arc::clone(&fact.profiles),
            duplicates: fact.duplicates.clone(),
        };
        self.reader.facts.policies.push(Arc::new(fact));
        let found = Found::one(Some(self.reader.facts.policies.len() - 1));
        self.read.insert(key, found.clone());
        found
    }

    /// The policy of a file that is written out with values.
    fn template(&mut self, path: &Node, values: &Node, block: &'m Block, kind: Option<PolicyKind>) -> Found {
        let path = path.string().and_then(Text::literal);
        let source = path.and_then(|path| self.files.open(path, &block.module));
        let Some(source) = source else { return Found::unknown() };
        let Some(rendered) = rendered(&source, values, &block.source) else { return Found::unknown() };
        let options = FormatOptions { kind: None, example: block.example };
        let mut reader = Reader::new(&source, &options, Facts::default());
        reader.region = self.region_of(block);
        let found = document_at(&rendered.node, Some(block.address()), kind, &mut reader);
        let policy = found.and_then(|found| reader.facts.policies.get(found).cloned());
        let Some(policy) = policy else { return Found::unknown() };
        self.files.take(source.path());
        let facts = &mut self.reader.facts;
        facts.problems.append(&mut reader.facts.problems);
        facts.references.extend(rendered.references);
        facts.policies.push(policy);
        Found::one(Some(facts.policies.len() - 1))
    }

    /// The documents of a resource or data source that a reference is to.
    fn referred(&mut self, reference: &Reference, kind: Option<PolicyKind>) -> Found {
        match reference.attribute.as_str() {
            "json" | "minified_json" if reference.is_to(DOCUMENT) => self.made(&reference.key, kind),
            "policy" if reference.is_to("aws_iam_policy") => self.policy(&reference.key),
            "content" if reference.is_to("data.local_file") => {
                let index = self.index;
                let read = index.at(&reference.key).iter().map(|block| match block.body.get("filename") {
                    Some(path) => self.file(path, block, kind),
                    None => Found::unknown(),
                });
                Found::all(read)
            }
            _ => Found::unknown(),
        }
    }

    /// The documents of a data source.
    pub(super) fn made(&mut self, source: &str, kind: Option<PolicyKind>) -> Found {
        self.used.insert(source.to_owned());
        let key = (source.to_owned(), kind.map(|kind| kind as u8));
        if let Some(known) = self.read.get(&key) {
            return known.clone();
        }
        let mut read = Vec::new();
        let index = self.index;
        for block in index.at(source) {
            let mut taken_in = HashSet::new();
            let document = policy_document::document(block, index, &mut taken_in);
            self.used.extend(taken_in);
            if policy::is_policy(&document) {
                self.stands_in(block);
                read.push(policy::read(&document, Some(block.address()), kind, &mut self.reader));
            }
        }
        let found = Found { whole: !read.is_empty(), policies: read };
        self.read.insert(key, found.clone());
        found
    }

    /// The documents of an `aws_iam_policy`.
    pub(super) fn policy(&mut self, resource: &str) -> Found {
        let index = self.index;
        let kind = if self.boundaries.contains(resource) { PolicyKind::Boundary } else { PolicyKind::Identity };
        let key = (resource.to_owned(), None);
        if let Some(known) = self.read.get(&key) {
            return known.clone();
        }
        let found = Found::all(index.at(resource).iter().map(|block| self.of(block, "policy", Some(kind))));
        self.read.insert(key, found.clone());
        found
    }

    /// The policies that an ARN names, or a list of them, in a module.
    pub(super) fn by_arn(&mut self, node: &Node, module: &str) -> Found {
        match &node.value {
            Value::List(items) => Found::all(items.iter().map(|item| self.by_arn(item, module))),
            _ if is_blank(Some(node)) => Found::nothing(),
            Value::Call(Call { name, args }) => match (name.as_str(), args.as_slice()) {
                (Call::CHOICE, [_, yes, no]) => Found::all([yes, no].map(|side| self.by_arn(side, module))),
                ("concat" | "compact" | "flatten" | "distinct" | "toset" | "tolist", lists) => {
                    Found::all(lists.iter().map(|list| self.by_arn(list, module)))
                }
                _ => self.by_reference(node, module),
            },
            Value::Scalar(_) if Reference::of(node, module).is_some() => self.by_reference(node, module),
            Value::Scalar(scalar) => self.by_literal_arn(scalar.text.as_str(), module),
            Value::Map(entries) => Found::all(entries.iter().map(|entry| self.by_arn(&entry.value, module))),
        }
    }

    fn by_reference(&mut self, node: &Node, module: &str) -> Found {
        let Some(reference) = Reference::of(node, module).filter(|reference| self.index.has(reference)) else {
            return Found::unknown();
        };
        if reference.is_to("aws_iam_policy") {
            return self.policy(&reference.key);
        }
        let index = self.index;
        if reference.is_to("module") {
            return Found::all(index.at(&reference.key).iter().map(|call| self.made_by_call(call)));
        }
        if reference.is_to("data.aws_iam_policy") {
            let given = |block: &&Block| {
                let name = ["arn", "name"].iter().find_map(|key| block.body.get(key)).and_then(Node::scalar);
                name.map(|name| name.as_str().to_owned())
            };
            let names = index.at(&reference.key).iter().map(given);
            return Found::all(names.map(|name| match name {
                Some(name) => self.by_literal_arn(&name, module),
                None => Found::unknown(),
            }));
        }
        Found::unknown()
    }

    /// The policies that the ARN is of which a module gives that is not read: those whose documents it is given. The
    /// module of the registry that makes a policy makes nothing else.
    ///
    /// Source: `terraform-aws-modules/iam/aws`, `modules/iam-policy`.
    fn made_by_call(&mut self, call: &'m Block) -> Found {
        let source = call.body.get("source").and_then(Node::string).map(Text::as_str).unwrap_or_default();
        let policies = self.handed_to(call);
        Found { whole: policies.len() == 1 && source.ends_with("//modules/iam-policy"), policies }
    }

    /// The policy of an ARN or a name that is written out: one that AWS manages, or one of the module, or the only one of
    /// that name.
    fn by_literal_arn(&mut self, arn: &str, module: &str) -> Found {
        if is_managed_by_aws(arn) || !arn.contains(':') {
            if !may_grant_bedrock(arn) {
                return Found::nothing();
            }
            if arn.contains(':') {
                return Found::unknown();
            }
        }
        let name = arn.rsplit('/').next().unwrap_or(arn);
        let is_called = |block: &&Block| {
            let given = block.body.get("name").and_then(Node::scalar);
            given.is_some_and(|given| given.as_str() == name && !name.is_empty())
        };
        let called: Vec<&Block> = self.index.resources("aws_iam_policy").filter(is_called).collect();
        let here = called.iter().find(|block| &*block.module == module);
        let only = || if let [only] = called.as_slice() { Some(only) } else { None };
        match here.or_else(only) {
            Some(block) => self.policy(&block.key()),
            None => Found::unknown(),
        }
    }

    /// The documents that a call of a module is given, as indexes in the facts.
    pub(super) fn handed_to(&mut self, call: &'m Block) -> Vec<usize> {
        let key = (call.key(), None);
        if let Some(known) = self.read.get(&key) {
            return known.policies.clone();
        }
        let policies = handed_on::given_to(call, self);
        self.read.insert(key, Found { policies: policies.clone(), whole: false });
        policies
    }

    /// Whether something that was read has the document of a data source.
    pub(super) fn is_used(&self, source: &str) -> bool {
        self.used.contains(source)
    }

    /// Takes back what was read last, all but the first `known`: it is about something else.
    pub(super) fn forget(&mut self, known: usize) {
        self.reader.facts.policies.truncate(known);
        self.read.retain(|_, found| found.policies.iter().all(|index| *index < known));
    }

    /// The data sources whose documents nothing has that was read, in order.
    pub(super) fn unused(&self) -> Vec<String> {
        let made = self.index.blocks().filter(|block| {
            block.kind == "data" && block.labels.first().is_some_and(|label| label == "aws_iam_policy_document")
        });
        // one that others take in is not judged by itself
        let mut taken_in = HashSet::new();
        let made: Vec<&Block> = made.collect();
        for block in &made {
            policy_document::document(block, self.index, &mut taken_in);
        }
        let mut seen = HashSet::new();
        let unused = made.iter().map(|block| block.key());
        unused.filter(|key| !self.used.contains(key) && !taken_in.contains(key) && seen.insert(key.clone())).collect()
    }
}

/// A path as far as it is known, in a loop that is not written out too.
fn path_of(node: &Node, module: &str) -> Option<Text> {
    match &node.value {
        Value::Scalar(scalar) => Some(scalar.text.clone()),
        Value::Call(Call { name, args }) if name.as_str() == Call::TEMPLATE => {
            let parts: Vec<Text> = args.iter().filter_map(|part| path_of(part, module)).collect();
            Some(Text::joined(&parts))
        }
        Value::Call(Call { name, .. }) => Some(match name.as_str() {
            "path.module" => Text::unplaced(module),
            _ => Text::unknown("${…}", node.span, Count::Many),
        }),
        Value::List(_) | Value::Map(_) => None,
    }
}

/// The type of the data source that makes documents.
pub(super) const DOCUMENT: &str = "data.aws_iam_policy_document";

/// The policies that bound principals and are attached to none.
fn boundaries(index: &Index<'_>) -> HashSet<String> {
    let of = |(node, module): (&Node, &str)| -> Vec<String> {
        Reference::all(node, module).into_iter().map(|reference| reference.key).collect()
    };
    let said = |key: &'static str| index.blocks().filter_map(move |block| Some((block.body.get(key)?, &*block.module)));
    let mut found: HashSet<String> = said("permissions_boundary").flat_map(of).collect();
    let attached = ["policy_arn", "policy_arns", "managed_policy_arns"].into_iter().flat_map(said);
    for key in attached.flat_map(of) {
        found.remove(&key);
    }
    found
}
