//! Policy documents wherever a resource has one: written out, as JSON in a string, made by a data source, or kept in a
//! file of its own.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::blocks::{Index, is_blank};
use super::files::Files;
use super::policy_document;
use super::reference::Reference;
use super::region;
use crate::bedrock::{is_managed_by_aws, may_grant_bedrock};
use crate::formats::envelope::document_at;
use crate::formats::terraform::module::Block;
use crate::formats::terraform::template::rendered;
use crate::formats::{Facts, FormatOptions, PolicyFact, PolicyKind, Reader, policy};
use crate::syntax::{Call, Node, Value};
use crate::text::Text;

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

/// The documents of a module, each read once for each thing that it is.
pub(super) struct Documents<'m, 'f, 'l> {
    pub(super) index: &'f Index<'m>,
    pub(super) reader: Reader<'m>,
    files: &'f mut Files<'l>,
    read: HashMap<(String, Option<u8>), Found>,
    /// Addresses of the data sources whose documents are part of something that was read.
    used: HashSet<String>,
    /// Addresses of the policies that bound principals and are attached to none.
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
        if let Some(reference) = Reference::of(node) {
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
        let path = path.string().and_then(Text::literal);
        let folder = &self.index.module.folder;
        let Some(fact) = path.and_then(|path| self.files.policy(path, folder)) else { return Found::unknown() };
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
        let source = path.and_then(|path| self.files.open(path, &self.index.module.folder));
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
        let made = reference.address.starts_with("data.aws_iam_policy_document.");
        match reference.attribute.as_str() {
            "json" | "minified_json" if made => self.made(&reference.address, kind),
            "policy" if reference.address.starts_with("aws_iam_policy.") => self.policy(&reference.address),
            _ => Found::unknown(),
        }
    }

    /// The documents of a data source.
    pub(super) fn made(&mut self, address: &str, kind: Option<PolicyKind>) -> Found {
        self.used.insert(address.to_owned());
        let key = (address.to_owned(), kind.map(|kind| kind as u8));
        if let Some(known) = self.read.get(&key) {
            return known.clone();
        }
        let mut read = Vec::new();
        let index = self.index;
        for block in index.at(address) {
            let mut taken_in = HashSet::new();
            let document = policy_document::document(block, index, &mut taken_in);
            self.used.extend(taken_in);
            if policy::is_policy(&document) {
                self.stands_in(block);
                read.push(policy::read(&document, Some(address.to_owned()), kind, &mut self.reader));
            }
        }
        let found = Found { whole: !read.is_empty(), policies: read };
        self.read.insert(key, found.clone());
        found
    }

    /// The documents of an `aws_iam_policy`.
    pub(super) fn policy(&mut self, address: &str) -> Found {
        let index = self.index;
        let kind = if self.boundaries.contains(address) { PolicyKind::Boundary } else { PolicyKind::Identity };
        let key = (address.to_owned(), None);
        if let Some(known) = self.read.get(&key) {
            return known.clone();
        }
        let found = Found::all(index.at(address).iter().map(|block| self.of(block, "policy", Some(kind))));
        self.read.insert(key, found.clone());
        found
    }

    /// The policies that an ARN names, or a list of them.
    pub(super) fn by_arn(&mut self, node: &Node) -> Found {
        match &node.value {
            Value::List(items) => Found::all(items.iter().map(|item| self.by_arn(item))),
            _ if is_blank(Some(node)) => Found::nothing(),
            Value::Call(Call { name, args }) => match (name.as_str(), args.as_slice()) {
                (Call::CHOICE, [_, yes, no]) => Found::all([yes, no].map(|side| self.by_arn(side))),
                ("concat" | "compact" | "flatten" | "distinct" | "toset" | "tolist", lists) => {
                    Found::all(lists.iter().map(|list| self.by_arn(list)))
                }
                _ => self.by_reference(node),
            },
            Value::Scalar(_) if Reference::of(node).is_some() => self.by_reference(node),
            Value::Scalar(scalar) => self.by_literal_arn(scalar.text.as_str()),
            Value::Map(entries) => Found::all(entries.iter().map(|entry| self.by_arn(&entry.value))),
        }
    }

    fn by_reference(&mut self, node: &Node) -> Found {
        let Some(reference) = Reference::of(node).filter(|reference| self.index.has(reference)) else {
            return Found::unknown();
        };
        if reference.address.starts_with("aws_iam_policy.") {
            return self.policy(&reference.address);
        }
        if reference.address.starts_with("data.aws_iam_policy.") {
            let index = self.index;
            let given = |block: &&Block| {
                let name = ["arn", "name"].iter().find_map(|key| block.body.get(key)).and_then(Node::scalar);
                name.map(|name| name.as_str().to_owned())
            };
            let names = index.at(&reference.address).iter().map(given);
            return Found::all(names.map(|name| match name {
                Some(name) => self.by_literal_arn(&name),
                None => Found::unknown(),
            }));
        }
        Found::unknown()
    }

    /// The policy of an ARN or a name that is written out: one that AWS manages, or one of the module.
    fn by_literal_arn(&mut self, arn: &str) -> Found {
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
        match self.index.resources("aws_iam_policy").find(is_called).map(Block::address) {
            Some(address) => self.policy(&address),
            None => Found::unknown(),
        }
    }

    /// Whether something that was read has the document of a data source.
    pub(super) fn is_used(&self, address: &str) -> bool {
        self.used.contains(address)
    }

    /// Takes back what was read last, all but the first `known`: it is about something else.
    pub(super) fn forget(&mut self, known: usize) {
        self.reader.facts.policies.truncate(known);
        self.read.retain(|_, found| found.policies.iter().all(|index| *index < known));
    }

    /// The data sources whose documents nothing has that was read, in the order of the module.
    pub(super) fn unused(&self) -> Vec<String> {
        let made = self.index.module.blocks.iter().filter(|block| {
            block.kind == "data" && block.labels.first().is_some_and(|label| label == "aws_iam_policy_document")
        });
        // one that others take in is not judged by itself
        let mut taken_in = HashSet::new();
        let made: Vec<&Block> = made.collect();
        for block in &made {
            policy_document::document(block, self.index, &mut taken_in);
        }
        let mut seen = HashSet::new();
        let unused = made.iter().map(|block| block.address());
        unused
            .filter(|address| {
                !self.used.contains(address) && !taken_in.contains(address) && seen.insert(address.clone())
            })
            .collect()
    }
}

/// The policies that bound principals and are attached to none.
fn boundaries(index: &Index<'_>) -> HashSet<String> {
    let blocks = || index.module.blocks.iter();
    let of = |node: &Node| Reference::all(node).into_iter().map(|reference| reference.address).collect::<Vec<_>>();
    let mut found: HashSet<String> =
        blocks().filter_map(|block| block.body.get("permissions_boundary")).flat_map(of).collect();
    let attached = blocks().flat_map(|block| {
        ["policy_arn", "policy_arns", "managed_policy_arns"].into_iter().filter_map(|key| block.body.get(key))
    });
    for address in attached.flat_map(of) {
        found.remove(&address);
    }
    found
}
