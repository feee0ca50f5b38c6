//! The files beside one of Docker Compose: of variables, of other services.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Base, EXTENSIONS, Service, service};
use crate::adapter::Field;
use crate::formats::field::field_of;
use crate::source::{Library, Source, beside};
use crate::syntax::{Node, dotenv, yaml};
use crate::text::{SourceMap, Span, Text};

/// Larger files, in bytes, are none of variables or services.
const LARGEST: usize = 1 << 20;

/// The variables of the `.env` beside a file, which the shell's go before.
#[derive(Default)]
pub(super) struct Shell {
    source: Option<Arc<Source>>,
    variables: HashMap<String, Field>,
}

impl Shell {
    pub(super) fn beside(folder: &str, library: &dyn Library, is_asked: impl Fn() -> bool) -> Self {
        let found = is_asked().then(|| library.open(&beside(folder, ".env"))).flatten();
        let Some(source) = found else { return Self::default() };
        let variables = variables_of(&source).into_iter();
        let variables = variables.map(|field| (field.key.as_str().to_owned(), field)).collect();
        Self { source: Some(source), variables }
    }

    /// What a variable is set to, as far as it is known.
    pub(super) fn get(&self, name: &str) -> Option<(&Arc<Source>, &Field)> {
        self.source.as_ref().zip(self.variables.get(name))
    }
}

/// A file with its variables.
type Opened = (Arc<Source>, Vec<Field>);

/// A service of another file.
pub(super) struct Extended {
    pub(super) source: Arc<Source>,
    pub(super) service: Service,
}

/// The files that services name, each read once.
pub(super) struct Files<'a> {
    folder: &'a str,
    library: &'a dyn Library,
    /// Those of variables.
    opened: HashMap<String, Option<Opened>>,
    /// Those of services.
    services: HashMap<String, Option<(Arc<Source>, Node)>>,
}

impl<'a> Files<'a> {
    /// Those of a folder, and of those that lead from it.
    pub(super) fn new(folder: &'a str, library: &'a dyn Library) -> Self {
        Self { folder, library, opened: HashMap::new(), services: HashMap::new() }
    }

    /// The variables of a file; `None` if it cannot be read, or which one it is is not known.
    pub(super) fn open(&mut self, folder: &str, path: &Text) -> Option<(&Arc<Source>, &[Field])> {
        let path = named(folder, path)?;
        let library = self.library;
        let read = || library.open(&path).map(|source| (Arc::clone(&source), variables_of(&source)));
        let opened = self.opened.entry(path.clone()).or_insert_with(read);
        opened.as_ref().map(|(source, variables)| (source, variables.as_slice()))
    }

    /// The service of another file.
    pub(super) fn service(&mut self, base: &Base) -> Option<Extended> {
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
