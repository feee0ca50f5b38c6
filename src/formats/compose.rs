//! Docker Compose: what each service is given, from its `environment` and from the files that `env_file` names.
//!
//! Values may name variables of the shell, or of the `.env` beside the file (`${NAME:-default}`). What a default or that
//! file says is taken, and may be set otherwise; the rest is not known.
//!
//! Sources: the Compose specification, "Services top-level elements" (`environment`, `env_file`, `extends`),
//! "Interpolation" and "Fragments"; Docker's manual, "Environment variables precedence".

mod files;
mod interpolate;

use std::fmt;
use std::sync::Arc;

use self::files::{Extended, Files, Shell};
use self::interpolate::Interpolation;
use super::environment::{self, Given, from_file, given_elsewhere, listed};
use super::field::with_holes;
use super::{Facts, FormatOptions, Process, Reader, ReferenceFact, Unfinished};
use crate::adapter::Field;
use crate::source::{Library, Location, Source, folder_of};
use crate::syntax::{Node, ScalarKind, Value};
use crate::text::{Count, Span, Text};

/// More services than this, files of one service, and variables of all services no person has written down.
const MOST_SERVICES: usize = 500;
const MOST_FILES: usize = 16;
const MOST_VARIABLES: usize = 20_000;

/// Services that extend one another more often than this do so in a circle.
const EXTENSIONS: usize = 8;

/// The keys of what a service runs.
const COMMANDS: [&str; 2] = ["entrypoint", "command"];

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
    let mut all = Gathering { source: &source, shell, files: Files::new(folder, library), left: MOST_VARIABLES };
    let mut reader = Reader::new(&source, &FormatOptions { kind: None, example }, std::mem::take(facts));
    for service in services {
        let (name, span) = (service.name.clone(), service.span);
        let mut references = Vec::new();
        let given = all.given(service, &mut references);
        let process = Process { more: given.more(), ..Process::default() };
        let mut adapters = given.adapters(span);
        for adapter in &mut adapters {
            adapter.name = Some(name.clone());
        }
        if !adapters.is_empty() {
            reader.facts.references.append(&mut references);
        }
        reader.process(adapters, &process);
    }
    *facts = reader.facts;
}

/// What all services of a file are given is looked for in.
struct Gathering<'a> {
    source: &'a Arc<Source>,
    shell: Shell,
    files: Files<'a>,
    /// How many variables may still be looked at.
    left: usize,
}

impl Gathering<'_> {
    /// What a service is given: files go before those that are named before them, `environment` before all files, what it
    /// says itself before what it extends.
    fn given(&mut self, service: Service, references: &mut Vec<ReferenceFact>) -> Given {
        let mut given = Given::default();
        let base =
            service.base.as_ref().map(|base| (Location::new(self.source, base.file.span()), self.files.service(base)));
        let is_unseen = |found: &Option<Extended>| {
            found.as_ref().is_none_or(|base| base.service.more || base.service.base.is_some())
        };
        if service.more || base.as_ref().is_some_and(|(_, found)| is_unseen(found)) {
            given.extend_unseen();
        }
        let base = base.and_then(|(place, found)| Some((place, found?)));
        if let Some((place, base)) = &base {
            let folder = folder_of(base.source.path());
            base.service.files.iter().for_each(|file| self.file(folder, file, place, &mut given, references));
        }
        for file in &service.files {
            let place = Location::new(self.source, file.span());
            self.file(folder_of(self.source.path()), file, &place, &mut given, references);
        }
        if let Some((place, base)) = &base {
            self.left = self.left.saturating_sub(base.service.variables.len());
            let taken = base.service.variables.iter().map(|field| from_file(field, &base.source, place, references));
            let (open, known): (Vec<Field>, Vec<Field>) = taken.partition(asks);
            given.extend(known);
            given.extend_unknown(open);
        }
        self.left = self.left.saturating_sub(service.variables.len());
        given.extend(service.variables.into_iter().map(|field| self.interpolated(field, references)));
        for (index, own) in service.commands.iter().enumerate() {
            own.iter().for_each(|command| given.run(command));
            if let (Some((place, base)), true) = (&base, own.is_empty()) {
                let commands = base.service.commands.get(index).into_iter().flatten();
                commands.for_each(|command| given.run(&command.used_at(place.span)));
            }
        }
        given
    }

    /// Adds the variables of a file that is named at a place.
    fn file(
        &mut self,
        folder: &str,
        file: &Text,
        place: &Location,
        given: &mut Given,
        references: &mut Vec<ReferenceFact>,
    ) {
        match self.files.open(folder, file) {
            Some((at, listed)) if listed.len() <= self.left => {
                self.left -= listed.len();
                given.extend(listed.iter().map(|field| from_file(field, at, place, references)));
            }
            Some(_) | None => given.extend_unseen(),
        }
    }

    fn interpolated(&self, field: Field, references: &mut Vec<ReferenceFact>) -> Field {
        if environment::is_choice(field.key.as_str()) && asks(&field) {
            return Field { value: Text::unknown("${…}", field.span, Count::Single), ..field };
        }
        let mut interpolation = Interpolation { shell: &self.shell, source: self.source, references };
        let value = interpolation.of(&field.value);
        Field { value: with_holes(&value), ..field }
    }
}

/// Whether a value names a variable.
fn asks(field: &Field) -> bool {
    field.value.as_str().contains('$')
}

#[cfg(test)]
mod tests;
