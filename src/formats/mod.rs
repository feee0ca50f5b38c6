//! Facts from trees: policies with spans. One file per format; recognised by content, not only by name. Trees are
//! dropped after this.

mod account;
mod envelope;
pub mod placeholder;
mod policy;

pub(crate) use envelope::embedded;

use std::sync::Arc;

use crate::iam::Policy;
use crate::source::{Location, Problem, Source};
use crate::syntax::json;
use crate::text::{SourceMap, Span, Text};

/// What one file says.
#[derive(Debug, Default)]
pub struct Facts {
    /// The policies in it, in the order of the file.
    pub policies: Vec<Arc<PolicyFact>>,
    /// The principals that an account dump tells of.
    pub principals: Vec<PrincipalFact>,
    /// Whether policies that no principal has act each by itself, as in an account dump. Those of other files act
    /// together.
    pub apart: bool,
    /// The comments that speak to this program.
    pub comments: Vec<Location>,
    /// What kept parts of the file from being understood.
    pub problems: Vec<Problem>,
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
    /// Its name, where the file gives one: part of what fingerprints are made from.
    pub name: Option<String>,
    /// Whether the settings call its file an example.
    pub example: bool,
    /// Keys that stand twice in one object of it.
    pub duplicates: Vec<DuplicateKey>,
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
    /// Its account, from its ARN.
    pub account: Option<String>,
    /// Indexes of its identity policies in [`Facts::policies`].
    pub policies: Vec<usize>,
    /// Index of its trust policy in [`Facts::policies`].
    pub trust: Option<usize>,
    /// Whether every policy attached to it is in the file.
    pub whole: bool,
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
    let mut facts = Facts::default();
    if !looks_like_json(source.path(), body) {
        if named {
            facts.problems.push(source.problem(0, "not a format that is read yet: an IAM policy in JSON is expected"));
        }
        return facts;
    }
    let map = SourceMap::Verbatim(Span::new(offset, offset).start);
    if body.contains(ADDRESS) {
        let spoken = json::comments(body, &map).into_iter().map(|span| Location::new(source, span));
        facts.comments.extend(spoken.filter(|comment| comment.text().contains(ADDRESS)));
    }
    match json::parse(body, &map) {
        Ok(Some(document)) => {
            let mut reader = Reader { source, kind: options.kind, example: options.example, facts };
            envelope::read(&document.root, &mut reader);
            facts = reader.facts;
            if let Some(fault) = document.refused
                && !facts.policies.is_empty()
                && !is_json_with_comments(source.path())
            {
                let message = format!("IAM refuses this document: {}", fault.message);
                facts.problems.push(source.problem(fault.span.start as usize, message));
            }
        }
        Ok(None) if named => {
            facts.problems.push(source.problem(0, "the file is empty: an IAM policy in JSON is expected"))
        }
        Err(fault) if named || carries_a_policy(source.path(), body) => {
            facts.problems.push(source.problem(fault.span.start as usize, format!("not JSON: {}", fault.message)));
        }
        Ok(None) | Err(_) => {}
    }
    facts
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
    fn problem(&mut self, span: Span, message: impl Into<String>) {
        self.facts.problems.push(self.source.problem(span.start as usize, message));
    }
}

fn looks_like_json(path: &str, body: &str) -> bool {
    let extension = extension(path);
    matches!(extension.as_str(), "json" | "jsonc" | "json5") || body.trim_start().starts_with(['{', '['])
}

/// By the names under which comments in JSON are customary.
fn is_json_with_comments(path: &str) -> bool {
    matches!(extension(path).as_str(), "jsonc" | "json5")
}

/// Whether a file that cannot be read was meant as a policy, so that silence about it would be wrong.
fn carries_a_policy(path: &str, body: &str) -> bool {
    extension(path) == "json"
        && body.contains("\"Effect\"")
        && ["bedrock:", "foundation-model", "aws-marketplace:"].iter().any(|marker| body.contains(marker))
}

fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
}
