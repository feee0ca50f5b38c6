//! What containers take from ConfigMaps and Secrets, of the same file or of those beside it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Container, EnvFrom, Object, Part, Store, StoreKind, Variable};
use crate::adapter::Field;
use crate::formats::environment::{self, Given, from_file};
use crate::formats::{Facts, FormatOptions, Process, Reader, ReferenceFact, Unfinished, Workload};
use crate::source::{Library, Location, Source, folder_of};
use crate::text::{Span, Text};

/// More files of a folder, and larger ones in bytes, are not looked through for stores.
const MOST_FILES: usize = 64;
const LARGEST: usize = 1 << 20;

/// Makes adapters of containers, now that the stores are known that they take variables from, and of stores that no
/// container of their file takes. `objects` stand with the index of their file.
pub(in crate::formats) fn finish(objects: Vec<(usize, Object)>, files: &mut [Facts], library: &dyn Library) {
    let mut stores = Stores { found: HashMap::new(), listed: HashSet::new(), library };
    let mut containers = Vec::new();
    let mut kept = Vec::new();
    for (file, object) in objects {
        let Object { source, example, part } = object;
        match *part {
            Part::Container(container) => containers.push((file, source, example, container)),
            Part::Store(store) => {
                let stored = Arc::new(Stored { source, store });
                stores.add(&stored);
                kept.push((file, example, stored));
            }
        }
    }
    let mut taken: HashSet<(String, Span)> = HashSet::new();
    for (file, source, example, container) in containers {
        let Some(facts) = files.get_mut(file) else { continue };
        let mut reader = Reader::new(&source, &FormatOptions { kind: None, example }, std::mem::take(facts));
        finish_container(&container, &mut stores, &mut taken, &mut reader);
        *facts = reader.facts;
    }
    for (file, example, stored) in kept {
        let Some(facts) = files.get_mut(file) else { continue };
        let Stored { source, store } = &*stored;
        if taken.contains(&(source.path().to_owned(), store.span)) {
            continue;
        }
        let mut adapters = environment::adapters(store.variables.clone(), store.span);
        adapters.iter_mut().for_each(|adapter| adapter.name = store.name.given().map(str::to_owned));
        let mut reader = Reader::new(source, &FormatOptions { kind: None, example }, std::mem::take(facts));
        // whoever takes it may be given more beside
        reader.process(adapters, &Process { more: true, ..Process::default() });
        *facts = reader.facts;
    }
}

fn finish_container(
    container: &Container,
    stores: &mut Stores<'_>,
    taken: &mut HashSet<(String, Span)>,
    reader: &mut Reader<'_>,
) {
    let source = Arc::clone(reader.source);
    let mut references = Vec::new();
    let mut given = Given::default();
    // what stands in another file is judged there too
    let mut take = |stored: &Stored| {
        if stored.source.path() == source.path() {
            taken.insert((source.path().to_owned(), stored.store.span));
        }
    };
    let from: Vec<Option<(&EnvFrom, Arc<Stored>)>> = container
        .from
        .iter()
        .map(|from| {
            let from = from.as_ref()?;
            Some((from, stores.get(from.kind, &from.name, &container.workload, &source)?))
        })
        .collect();
    // before one that cannot be seen, stores are judged by themselves: it may set their variables anew
    let seen = from.iter().rposition(Option::is_none).map_or(0, |unseen| unseen + 1);
    for (index, found) in from.into_iter().enumerate() {
        let Some((EnvFrom { name, prefix, .. }, stored)) = found else {
            given.extend_unseen();
            continue;
        };
        if index >= seen {
            take(&stored);
        }
        let place = Location::new(&source, name.span());
        for field in &stored.store.variables {
            let field = here(field, &stored, &place, &mut references);
            let key = if prefix.is_empty() {
                field.key
            } else {
                Text::unplaced(format!("{prefix}{}", field.key.as_str())).used_at(field.key.span())
            };
            given.extend([Field { key, ..field }]);
        }
    }
    for variable in &container.env {
        given.extend([match variable {
            Variable::Given(field) => field.clone(),
            Variable::Kept { kind, store, key, field } => {
                let stored = stores.get(*kind, store, &container.workload, &source);
                let found = stored.as_ref().and_then(|stored| {
                    let held = stored.store.variables.iter().rev().find(|held| held.key.as_str() == key.as_str())?;
                    take(stored);
                    Some(here(held, stored, &Location::new(&source, key.span()), &mut references))
                });
                found.map_or_else(|| field.clone(), |found| Field { key: field.key.clone(), ..found })
            }
        }]);
    }
    container.commands.iter().for_each(|command| given.run(command));
    let process = Process { workload: Some(container.workload.clone()), more: given.more() };
    let mut adapters = given.adapters(container.span);
    adapters.iter_mut().for_each(|adapter| adapter.name.clone_from(&container.name));
    if !adapters.is_empty() {
        reader.facts.references.append(&mut references);
    }
    reader.process(adapters, &process);
}

/// A variable of a store in the file of the container that takes it.
fn here(field: &Field, stored: &Stored, place: &Location, references: &mut Vec<ReferenceFact>) -> Field {
    if stored.source.path() == place.source.path() {
        return field.clone();
    }
    from_file(field, &stored.source, place, references)
}

/// A store and its file.
struct Stored {
    source: Arc<Source>,
    store: Store,
}

/// The stores of a run, and of the files beside those that ask for one.
struct Stores<'a> {
    /// By folder, kind and name.
    found: HashMap<(String, StoreKind, String), Vec<Arc<Stored>>>,
    /// Folders whose other files are read.
    listed: HashSet<String>,
    library: &'a dyn Library,
}

impl Stores<'_> {
    fn add(&mut self, stored: &Arc<Stored>) {
        let Some(name) = stored.store.name.given() else { return };
        let folder = folder_of(stored.source.path()).to_owned();
        self.found.entry((folder, stored.store.kind, name.to_owned())).or_default().push(Arc::clone(stored));
    }

    /// The store of a name that a container is given: that of its file, else the only one of its folder.
    fn get(&mut self, kind: StoreKind, name: &Text, workload: &Workload, source: &Source) -> Option<Arc<Stored>> {
        let folder = folder_of(source.path());
        let wanted = (folder.to_owned(), kind, name.literal()?.to_owned());
        let may_share = |stored: &&Arc<Stored>| match (&stored.store.namespace, &workload.namespace) {
            (Some(one), Some(other)) => one.value.as_str() == other.value.as_str(),
            _ => true,
        };
        let only = |found: Vec<&Arc<Stored>>| match found.as_slice() {
            [one] => Some(Arc::clone(one)),
            _ => None,
        };
        for _ in 0..2 {
            let found = self.found.get(&wanted).map(Vec::as_slice).unwrap_or_default();
            let (own, beside): (Vec<_>, Vec<_>) =
                found.iter().filter(may_share).partition(|stored| stored.source.path() == source.path());
            if !own.is_empty() {
                return only(own);
            }
            if !beside.is_empty() {
                return only(beside);
            }
            if !self.listed.insert(folder.to_owned()) {
                return None;
            }
            self.list(folder);
        }
        None
    }

    /// Reads the stores of the other files of a folder.
    fn list(&mut self, folder: &str) {
        let known: HashSet<String> =
            self.found.values().flatten().map(|stored| stored.source.path().to_owned()).collect();
        let paths = self.library.list(folder).into_iter().filter(|path| {
            let name = path.to_ascii_lowercase();
            (name.ends_with(".yaml") || name.ends_with(".yml")) && !known.contains(path)
        });
        let paths: Vec<String> = paths.take(MOST_FILES).collect();
        for path in paths {
            let Some(source) = self.library.open(&path) else { continue };
            let says = |word: &str| source.text().contains(word);
            if source.text().len() > LARGEST || !["ConfigMap", "Secret", "Generator"].into_iter().any(says) {
                continue;
            }
            for unfinished in crate::formats::read(&source, &FormatOptions::default(), false).unfinished {
                if let Unfinished::Kubernetes(Object { part, source, .. }) = unfinished
                    && let Part::Store(store) = *part
                {
                    self.add(&Arc::new(Stored { source, store }));
                }
            }
        }
    }
}
