//! Terraform and OpenTofu: all files of a folder are one module, and a module is given values by those that call it. What
//! can be known without running Terraform is; the rest is a hole.
//!
//! Sources: Terraform language documentation ("Files and Directories", "Modules", "Input Variables", "Expressions").

mod blocks;
mod elsewhere;
mod instances;
mod module;
mod plan;
mod resources;
mod settings;
mod template;
mod values;

pub(super) use plan::read as read_plan;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ADDRESS, Facts, Reader, Unfinished};
use crate::source::{Library, Source, mentions_bedrock};
use crate::syntax::{Fault, Node, hcl, json};
use crate::text::{SourceMap, Span};

/// A file of a module.
#[derive(Debug)]
pub struct File {
    source: Arc<Source>,
    root: Node,
    /// Whether the settings call it an example.
    example: bool,
    /// Whether it says something itself, or reads files that may.
    says: bool,
}

/// What reads a file.
const READS: [&str; 3] = ["file(", "fileset(", "local_file"];

/// Reads a file of HCL, to be finished with the others of its module.
pub(super) fn read(body: &str, map: &SourceMap, named: bool, reader: &mut Reader<'_>) {
    match hcl::parse(body, map) {
        Ok(document) => {
            if body.contains(ADDRESS) {
                reader.comments(hcl::comments(body, &document, ADDRESS, map));
            }
            take(document.root, reader);
        }
        Err(fault) if named || fault.limit || is_meant(body) => {
            reader.problem(fault.span, format!("not HCL: {}", fault.message));
        }
        Err(_) => reader.facts.unparsed = true,
    }
}

/// Whether a file that cannot be read was meant to be, with a policy in it. What makes files of Terraform from templates is
/// nobody's mistake.
fn is_meant(body: &str) -> bool {
    let holds = |word| super::carries_a_policy(body, word);
    !super::is_template(body) && (holds("statement") || holds("Effect"))
}

/// Takes a file in JSON, if it is one of Terraform by its name.
pub(super) fn read_json(root: &Node, reader: &mut Reader<'_>) -> bool {
    let is_ours = [".tf.json", ".tofu.json", ".tfvars.json"].iter().any(|end| reader.source.path().ends_with(end));
    if is_ours {
        take(blocks::with_templates(root), reader);
    }
    is_ours
}

fn take(root: Node, reader: &mut Reader<'_>) {
    reader.facts.understood = true;
    settings::read(&root, reader);
    let body = reader.source.body().0;
    let says = mentions_bedrock(body) || READS.iter().any(|reads| body.contains(reads));
    let file = File { source: Arc::clone(reader.source), root, example: reader.example, says };
    reader.facts.unfinished.push(Unfinished::Terraform(file));
}

/// Adds the facts of the modules that `files` are of to those of all files. A policy that is a file of its own belongs to
/// the resource that names it.
pub(super) fn finish(files: Vec<File>, facts: &mut Vec<Facts>, library: &dyn Library) {
    if files.is_empty() {
        return;
    }
    let modules = module::modules(files, library);
    let mut kept_apart = resources::Files::new(facts, library);
    let found = resources::facts(&modules, &mut kept_apart);
    kept_apart.leave_out(facts);
    facts.extend(found);
}

/// Whether a file of this name belongs to the module of its folder, or gives values to its variables.
fn is_file_of_module(path: &str) -> bool {
    [".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json"].iter().any(|end| path.ends_with(end))
}

fn is_variable_file(path: &str) -> bool {
    path.ends_with(".tfvars") || path.ends_with(".tfvars.json")
}

/// Opens a further file of a module; one that cannot be read says nothing.
fn open(path: &str, library: &dyn Library) -> Option<File> {
    let source = library.open(path)?;
    let (body, offset) = source.body();
    let map = SourceMap::Verbatim(Span::new(offset, offset).start);
    let root = parse(path, body, &map).ok()?;
    Some(File { source, root, example: false, says: false })
}

fn parse(path: &str, body: &str, map: &SourceMap) -> Result<Node, Fault> {
    if !path.ends_with(".json") {
        return Ok(hcl::parse(body, map)?.root);
    }
    let empty = || Fault { span: map.span(0..0), message: "empty".to_owned(), limit: false };
    Ok(blocks::with_templates(&json::parse(body, map)?.ok_or_else(empty)?.root))
}

/// Files by their folders.
fn by_folder(files: Vec<File>) -> BTreeMap<String, Vec<File>> {
    let mut folders: BTreeMap<String, Vec<File>> = BTreeMap::new();
    for file in files {
        let folder = crate::source::folder_of(file.source.path()).to_owned();
        folders.entry(folder).or_default().push(file);
    }
    folders
}
