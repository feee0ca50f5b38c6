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
use crate::syntax::{Node, ScalarKind, Value, dotenv, yaml};
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
    /// The service of another file that it extends.
    base: Option<Base>,
    /// Whether it is given more than can be seen, before its files and variables.
    more: bool,
}

/// A service of another file.
#[derive(Clone)]
struct Base {
    file: Text,
    service: Text,
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
    let file = extends.and_then(|extends| extends.get("file"));
    let elsewhere = file
        .and_then(Node::string)
        .zip(base)
        .map(|(file, service)| Base { file: file.clone(), service: service.clone() });
    let base = base.filter(|_| file.is_none() && left > 0).and_then(|base| services.get(base.as_str()));
    let mut service = match base {
        Some(base) => service(base, services, left - 1),
        None => Service {
            name: String::new(),
            span: node.span,
            variables: Vec::new(),
            files: Vec::new(),
            commands: [Vec::new(), Vec::new()],
            more: extends.is_some() && elsewhere.is_none(),
            base: elsewhere,
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
    let mut files = Files { folder, library, opened: HashMap::new(), services: HashMap::new() };
    let mut reader = Reader::new(&source, &FormatOptions { kind: None, example }, std::mem::take(facts));
    let mut left = MOST_VARIABLES;
    for service in services {
        let mut references = Vec::new();
        let mut given = Given::default();
        let base = service.base.as_ref().map(|base| (Location::new(&source, base.file.span()), files.service(base)));
        let is_unseen = |found: &Option<Extended>| {
            found.as_ref().is_none_or(|base| base.service.more || base.service.base.is_some())
        };
        if service.more || base.as_ref().is_some_and(|(_, found)| is_unseen(found)) {
            given.extend_unseen();
        }
        let base = base.and_then(|(place, found)| Some((place, found?)));
        let of_base = base.iter().flat_map(|(place, base)| {
            base.service.files.iter().map(|file| (folder_of(base.source.path()), file, place.clone()))
        });
        let own = service.files.iter().map(|file| (folder, file, Location::new(&source, file.span())));
        for (folder, file, place) in of_base.chain(own) {
            match files.open(folder, file) {
                Some((at, listed)) if listed.len() <= left => {
                    left -= listed.len();
                    given.extend(listed.iter().map(|field| from_file(field, at, &place, &mut references)));
                }
                Some(_) | None => given.extend_unseen(),
            }
        }
        if let Some((place, base)) = &base {
            left = left.saturating_sub(base.service.variables.len());
            let taken =
                base.service.variables.iter().map(|field| from_file(field, &base.source, place, &mut references));
            let (open, known): (Vec<Field>, Vec<Field>) = taken.partition(asks);
            given.extend(known);
            given.extend_unknown(open);
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
        for (index, own) in service.commands.iter().enumerate() {
            own.iter().for_each(|command| given.run(command));
            if let (Some((place, base)), true) = (&base, own.is_empty()) {
                let commands = base.service.commands.get(index).into_iter().flatten();
                commands.for_each(|command| given.run(&command.used_at(place.span)));
            }
        }
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

/// A service of another file.
struct Extended {
    source: Arc<Source>,
    service: Service,
}

/// The files that services name, each read once.
struct Files<'a> {
    folder: &'a str,
    library: &'a dyn Library,
    /// Those of variables.
    opened: HashMap<String, Option<Opened>>,
    /// Those of services.
    services: HashMap<String, Option<(Arc<Source>, Node)>>,
}

impl Files<'_> {
    /// The variables of a file; `None` if it cannot be read, or which one it is is not known.
    fn open(&mut self, folder: &str, path: &Text) -> Option<(&Arc<Source>, &[Field])> {
        let path = named(folder, path)?;
        let library = self.library;
        let read = || library.open(&path).map(|source| (Arc::clone(&source), variables_of(&source)));
        let opened = self.opened.entry(path.clone()).or_insert_with(read);
        opened.as_ref().map(|(source, variables)| (source, variables.as_slice()))
    }

    /// The service of another file.
    fn service(&mut self, base: &Base) -> Option<Extended> {
        let path = named(self.folder, &base.file)?;
        let library = self.library;
        let read = || library.open(&path).and_then(|source| Some((Arc::clone(&source), services_of(&source)?)));
        let (source, services) = self.services.entry(path.clone()).or_insert_with(read).as_ref()?;
        let found = services.get(base.service.literal()?)?;
        Some(Extended { source: Arc::clone(source), service: service(found, services, EXTENSIONS) })
    }
}

/// The path of a file that is named in a folder, if it is known.
fn named(folder: &str, path: &Text) -> Option<String> {
    let name = path.literal().filter(|name| !name.contains('$') && !name.starts_with('~'))?;
    Some(beside(folder, name))
}

fn services_of(source: &Source) -> Option<Node> {
    let (body, offset) = source.body();
    if body.len() > LARGEST {
        return None;
    }
    let stream = yaml::parse(body, &SourceMap::Verbatim(Span::new(offset, offset).start));
    let mut documents = stream.documents.into_iter().flatten();
    documents.find_map(|document| document.get("services").cloned())
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
