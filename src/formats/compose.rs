//! Docker Compose: what each service is given, from its `environment` and from the files that `env_file` names.
//!
//! Values may name variables of the shell, or of the `.env` beside the file (`${NAME:-default}`). What a default or that
//! file says is taken, and may be set otherwise; the rest is not known.
//!
//! Sources: the Compose specification, "Services top-level elements" (`environment`, `env_file`, `extends`),
//! "Interpolation" and "Fragments"; Docker's manual, "Environment variables precedence".

mod interpolate;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use self::interpolate::Interpolation;
use super::environment::{self, Given, from_file, given_elsewhere, listed};
use super::field::{field_of, with_holes};
use super::{Facts, FormatOptions, Process, Reader, Unfinished};
use crate::adapter::Field;
use crate::source::{Library, Location, Source, beside, folder_of};
use crate::syntax::{Node, ScalarKind, Value, dotenv};
use crate::text::{Count, SourceMap, Span, Text};

/// More services than this, files of one service, and variables of all services no person has written down.
const MOST_SERVICES: usize = 500;
const MOST_FILES: usize = 16;
const MOST_VARIABLES: usize = 20_000;

/// Services that extend one another more often than this do so in a circle.
const EXTENSIONS: usize = 8;

/// The keys of what a service runs.
const COMMANDS: [&str; 2] = ["entrypoint", "command"];

/// Larger files of variables are none.
const LARGEST: usize = 1 << 20;

/// The services of a file, until it is known what the files beside it say.
pub struct Project {
    source: Arc<Source>,
    example: bool,
    services: Vec<Service>,
}

impl fmt::Debug for Project {
    /// Without values, among which secrets may stand.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Project({:?}, {} services)", self.source, self.services.len())
    }
}

/// What a service is given.
#[derive(Clone)]
struct Service {
    name: String,
    span: Span,
    variables: Vec<Field>,
    files: Vec<Text>,
    /// What it runs, by the keys of [`COMMANDS`].
    commands: [Vec<Text>; 2],
    /// Whether it is given more than can be seen, before its files and variables.
    more: bool,
}

/// Reads the services of a file; whether it is one of Docker Compose.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) -> bool {
    let Some(services) = root.get("services").filter(|services| are_services(services)) else { return false };
    let read = services.entries().iter().take(MOST_SERVICES).map(|entry| {
        let mut service = service(&entry.value, services, EXTENSIONS);
        entry.key.as_str().clone_into(&mut service.name);
        service
    });
    let services: Vec<Service> =
        read.filter(|service| !service.variables.is_empty() || !service.files.is_empty()).collect();
    if !services.is_empty() {
        let project = Project { source: Arc::clone(reader.source), example: reader.example, services };
        reader.facts.unfinished.push(Unfinished::Compose(project));
    }
    true
}

/// Whether these are services of Docker Compose: other programs have a key of the name.
fn are_services(services: &Node) -> bool {
    const OWN: [&str; 8] =
        ["build", "container_name", "depends_on", "env_file", "extends", "image", "ports", "volumes"];
    let entries = services.entries();
    let is_map = |node: &Node| matches!(node.value, Value::Map(_));
    let is_own = |node: &Node| OWN.iter().any(|key| node.get(key).is_some());
    entries.iter().all(|entry| is_map(&entry.value)) && entries.iter().any(|entry| is_own(&entry.value))
}

/// A service with what it extends. `left` is how often it may still extend another.
fn service(node: &Node, services: &Node, left: usize) -> Service {
    let extends = node.get("extends");
    let base = extends.and_then(|extends| extends.string().or_else(|| extends.get("service")?.string()));
    let is_here = extends.is_none_or(|extends| extends.get("file").is_none());
    let base = base.filter(|_| is_here && left > 0).and_then(|base| services.get(base.as_str()));
    let mut service = match base {
        Some(base) => service(base, services, left - 1),
        None => Service {
            name: String::new(),
            span: node.span,
            variables: Vec::new(),
            files: Vec::new(),
            commands: [Vec::new(), Vec::new()],
            more: extends.is_some(),
        },
    };
    service.span = node.span;
    service.variables.extend(node.get("environment").map(variables).unwrap_or_default());
    for (key, commands) in COMMANDS.iter().zip(&mut service.commands) {
        if let Some(own) = node.get(key) {
            *commands = own.one_or_many().iter().filter_map(Node::string).cloned().collect();
        }
    }
    let named = node.get("env_file").map(Node::one_or_many).unwrap_or_default();
    for file in named {
        match file.string().or_else(|| file.get("path")?.string()) {
            Some(path) => {
                // named again, it goes before those in between
                service.files.retain(|other| other.as_str() != path.as_str());
                service.files.push(path.clone());
            }
            None => service.more = true,
        }
    }
    let left_out = service.files.len().saturating_sub(MOST_FILES);
    service.more |= left_out > 0;
    service.files.drain(..left_out);
    service
}

/// What `environment` says. A variable without a value is that of the shell.
fn variables(node: &Node) -> Vec<Field> {
    let raw = |field: Field| if field.kind == ScalarKind::Null { given_elsewhere(field.key, node) } else { field };
    listed(node).into_iter().map(raw).collect()
}

/// Makes adapters of the services, now that the files they name can be opened.
pub(super) fn finish(project: Project, facts: &mut Facts, library: &dyn Library) {
    let Project { source, example, services } = project;
    let folder = folder_of(source.path());
    let shell = Shell::beside(folder, library, || services.iter().any(|service| service.variables.iter().any(asks)));
    let mut files = Files { folder, library, opened: HashMap::new() };
    let mut reader = Reader::new(&source, &FormatOptions { kind: None, example }, std::mem::take(facts));
    let mut left = MOST_VARIABLES;
    for service in services {
        let mut references = Vec::new();
        let mut given = Given::default();
        if service.more {
            given.extend_unseen();
        }
        for file in &service.files {
            match files.open(file) {
                Some((at, listed)) if listed.len() <= left => {
                    left -= listed.len();
                    let place = Location::new(&source, file.span());
                    given.extend(listed.iter().map(|field| from_file(field, at, &place, &mut references)));
                }
                Some(_) | None => given.extend_unseen(),
            }
        }
        left = left.saturating_sub(service.variables.len());
        for field in service.variables {
            if environment::is_choice(field.key.as_str()) && asks(&field) {
                given.extend([Field { value: Text::unknown("${…}", field.span, Count::Single), ..field }]);
                continue;
            }
            let mut interpolation = Interpolation { shell: &shell, source: &source, references: &mut references };
            let value = interpolation.of(&field.value);
            given.extend([Field { value: with_holes(&value), ..field }]);
        }
        service.commands.iter().flatten().for_each(|command| given.run(command));
        let process = Process { more: given.more(), ..Process::default() };
        let mut adapters = given.adapters(service.span);
        for adapter in &mut adapters {
            adapter.name = Some(service.name.clone());
        }
        if !adapters.is_empty() {
            reader.facts.references.append(&mut references);
        }
        reader.process(adapters, &process);
    }
    *facts = reader.facts;
}

/// Whether a value names a variable.
fn asks(field: &Field) -> bool {
    field.value.as_str().contains('$')
}

/// The variables of the `.env` beside a file, which the shell's go before.
#[derive(Default)]
struct Shell {
    source: Option<Arc<Source>>,
    variables: HashMap<String, Field>,
}

impl Shell {
    fn beside(folder: &str, library: &dyn Library, is_asked: impl Fn() -> bool) -> Self {
        let found = is_asked().then(|| library.open(&beside(folder, ".env"))).flatten();
        let Some(source) = found else { return Self::default() };
        let variables = variables_of(&source).into_iter();
        let variables = variables.map(|field| (field.key.as_str().to_owned(), field)).collect();
        Self { source: Some(source), variables }
    }

    /// What a variable is set to, as far as it is known.
    fn get(&self, name: &str) -> Option<(&Arc<Source>, &Field)> {
        self.source.as_ref().zip(self.variables.get(name))
    }
}

/// A file with its variables.
type Opened = (Arc<Source>, Vec<Field>);

/// The files of variables that services name, each read once.
struct Files<'a> {
    folder: &'a str,
    library: &'a dyn Library,
    opened: HashMap<String, Option<Opened>>,
}

impl Files<'_> {
    /// The variables of a file; `None` if it cannot be read, or which one it is is not known.
    fn open(&mut self, path: &Text) -> Option<(&Arc<Source>, &[Field])> {
        let name = path.literal().filter(|name| !name.contains('$') && !name.starts_with('~'))?;
        let path = beside(self.folder, name);
        let library = self.library;
        let read = || library.open(&path).map(|source| (Arc::clone(&source), variables_of(&source)));
        let opened = self.opened.entry(path.clone()).or_insert_with(read);
        opened.as_ref().map(|(source, variables)| (source, variables.as_slice()))
    }
}

fn variables_of(source: &Arc<Source>) -> Vec<Field> {
    let (body, offset) = source.body();
    if body.len() > LARGEST {
        return Vec::new();
    }
    let map = SourceMap::Verbatim(Span::new(offset, offset).start);
    dotenv::parse(body, &map).root.entries().iter().filter_map(field_of).collect()
}

#[cfg(test)]
mod tests;
