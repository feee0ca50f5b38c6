//! Files that other files refer to: read when they are asked for, whether or not a walk would have kept them.

use std::collections::BTreeMap;
use std::path::{Component, Path};
use std::sync::Arc;

use super::Source;
use super::named::{self, Named};

/// Where files are found that others refer to.
pub trait Library {
    /// The file of a path as it is shown; `None` if there is none, or it cannot be read.
    fn open(&self, path: &str) -> Option<Arc<Source>>;

    /// The paths of the files in a folder, as they are shown, sorted. The working folder is the empty path.
    fn list(&self, folder: &str) -> Vec<String>;
}

/// The files of the disk, up to a size.
#[derive(Clone, Copy, Debug)]
pub struct Disk {
    /// Larger files are not read, in bytes.
    pub max_file_size: u64,
}

impl Library for Disk {
    fn open(&self, path: &str) -> Option<Arc<Source>> {
        let kind = named::classify(Path::new(path)).ok()?;
        // a pipe would be waited for
        matches!(kind, Named::File { .. }).then_some(())?;
        let bytes = named::read(Path::new(path), &kind, self.max_file_size).ok()?;
        Source::decode(path, bytes).ok().map(Arc::new)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let place = if folder.is_empty() { "." } else { folder };
        let entries = std::fs::read_dir(place).into_iter().flatten().filter_map(Result::ok);
        let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
        let names = files.filter_map(|entry| entry.file_name().into_string().ok());
        let mut paths: Vec<String> = names.map(|name| beside(folder, &name)).collect();
        paths.sort();
        paths
    }
}

/// Files that are read already, by the paths they are shown under.
#[derive(Clone, Debug, Default)]
pub struct Shelf(BTreeMap<String, Arc<Source>>);

impl Shelf {
    /// These files.
    #[must_use]
    pub fn new(sources: &[Arc<Source>]) -> Self {
        Self(sources.iter().map(|source| (source.path().to_owned(), Arc::clone(source))).collect())
    }
}

impl Library for Shelf {
    fn open(&self, path: &str) -> Option<Arc<Source>> {
        self.0.get(path).cloned()
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.0.keys().filter(|path| folder_of(path) == folder).cloned().collect()
    }
}

/// The folder that a shown path lies in; empty for the working folder.
#[must_use]
pub fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The shown path of what is named `relative` by a file in `folder`, with `.` and `..` taken out as far as they can be.
/// An absolute path stays.
#[must_use]
pub fn beside(folder: &str, relative: &str) -> String {
    let whole = Path::new(folder).join(relative);
    let mut parts: Vec<String> = Vec::new();
    let mut root = "";
    for component in whole.components() {
        match component {
            Component::RootDir => root = "/",
            Component::CurDir => {}
            Component::ParentDir if parts.last().is_some_and(|last| last != "..") => {
                parts.pop();
            }
            Component::ParentDir | Component::Prefix(_) | Component::Normal(_) => {
                parts.push(component.as_os_str().to_string_lossy().into_owned());
            }
        }
    }
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_start_from_the_folder_of_the_file() {
        for (folder, relative, expected) in [
            ("", "a.json", "a.json"),
            ("infra", "a.json", "infra/a.json"),
            ("infra/prod", "../modules/x", "infra/modules/x"),
            ("infra", "./policies/../a.json", "infra/a.json"),
            ("infra", "../../x", "../x"),
            ("../a", "../x", "../x"),
            ("/srv/infra", "../x", "/srv/x"),
            ("infra", ".", "infra"),
        ] {
            assert_eq!(beside(folder, relative), expected, "{folder} {relative}");
        }
    }

    #[test]
    fn a_shelf_lists_one_folder() {
        let source = |path: &str| Arc::new(Source::new(path, "x"));
        let shelf = Shelf::new(&[source("a/x.tf"), source("a/b/y.tf"), source("z.tf")]);
        assert_eq!(shelf.list("a"), ["a/x.tf"]);
        assert_eq!(shelf.list(""), ["z.tf"]);
        assert!(shelf.open("a/b/y.tf").is_some());
        assert!(shelf.open("a/y.tf").is_none());
    }
}
