//! Finding and reading the inputs: named paths, walked folders, standard input.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::markers::Markers;
use super::named::{self, Named};
use super::walk;
use super::{Problem, Source};
use crate::settings::WalkFilter;

/// The limit of `--max-file-size` unless it is given.
pub const DEFAULT_MAX_FILE_SIZE: u64 = 16 << 20;

/// More threads than this only wait for the same disk.
const MAX_THREADS: usize = 12;

/// What to read.
#[derive(Clone, Debug)]
pub struct ScanRequest {
    /// Files, folders, and `-` for standard input.
    pub paths: Vec<PathBuf>,
    /// What standard input is called; `<stdin>` without it.
    pub stdin_filename: Option<String>,
    /// Larger files are not read.
    pub max_file_size: u64,
    /// How many threads read; 0 for one per processor.
    pub threads: usize,
    /// Whether ignore files hide files from a walk. A named path is always read.
    pub respect_ignore_files: bool,
    /// Files, by their canonical paths, that a walk over their folder reads even if ignore files hide them.
    pub also: Vec<PathBuf>,
    /// What the settings leave out of walks.
    pub filter: Option<Arc<WalkFilter>>,
}

impl Default for ScanRequest {
    fn default() -> Self {
        Self {
            paths: vec![PathBuf::from(".")],
            stdin_filename: None,
            max_file_size: DEFAULT_MAX_FILE_SIZE,
            threads: 0,
            respect_ignore_files: true,
            also: Vec::new(),
            filter: None,
        }
    }
}

/// One file that is to be parsed.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its text.
    pub source: Arc<Source>,
    /// Whether it was named, not found in a folder.
    pub named: bool,
    /// Whether it mentions something this program knows; a named file is read in any case.
    pub relevant: bool,
}

/// What a scan gave.
#[derive(Debug)]
pub struct Scan<T> {
    /// The paths of the inputs that were visited and what the visitor made of them, sorted by path.
    pub visited: Vec<(String, T)>,
    /// Inputs that should have been read and could not.
    pub problems: Vec<Problem>,
    /// Files that were looked at.
    pub files: usize,
    /// Files that mention something this program knows.
    pub relevant: usize,
    /// What was passed over without being a problem.
    pub passed_over: PassedOver,
    /// The folders that were walked: where they are, and how they are shown (empty for the working folder).
    pub folders: Vec<(PathBuf, String)>,
}

/// Files and folders that nothing was learned from, and that are no problem either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// Files and folders that could not be opened.
    pub unreadable: usize,
    /// The first of these by name.
    pub first_unreadable: Option<String>,
    /// Files of environment variables that ignore files hide and that mention something this program knows.
    pub hidden: usize,
    /// The first of these by name.
    pub first_hidden: Option<String>,
    /// Files over the size limit that hold no policy.
    pub oversized: usize,
    /// Files that are not UTF-8 and hold no policy or adapter.
    pub not_utf8: usize,
    /// Walked files that were meant to be JSON or HCL, are not, and hold no policy; by name.
    pub unparsed: Vec<String>,
    /// Walked files that mention something this program knows, and hold neither policy nor adapter that it finds.
    pub without_facts: usize,
    /// Named files of the same kind.
    pub named_without_facts: Vec<String>,
}

/// Reads the inputs in parallel and hands each one that is worth parsing to `visit`. The result does not depend on the
/// number of threads.
pub fn scan<T: Send>(request: &ScanRequest, visit: &(dyn Fn(Input) -> T + Sync)) -> Scan<T> {
    let scanner = Scanner {
        request,
        visit,
        markers: Markers::new(),
        files: AtomicUsize::new(0),
        relevant: AtomicUsize::new(0),
        // a single root holds no file twice
        seen: (request.paths.len() > 1 || !request.also.is_empty()).then(Mutex::default),
        gathered: Mutex::new(Gathered {
            visited: Vec::new(),
            problems: Vec::new(),
            passed_over: PassedOver::default(),
        }),
        put_off: Mutex::default(),
        needs_ties: AtomicBool::new(false),
    };
    let folders = scanner.run();
    let gathered = scanner.gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
    let (mut visited, mut problems) = (gathered.visited, gathered.problems);
    visited.sort_by(|(left, _), (right, _)| left.cmp(right));
    problems.sort();
    Scan {
        visited,
        problems,
        files: scanner.files.into_inner(),
        relevant: scanner.relevant.into_inner(),
        passed_over: gathered.passed_over,
        folders,
    }
}

struct Gathered<T> {
    visited: Vec<(String, T)>,
    problems: Vec<Problem>,
    passed_over: PassedOver,
}

pub(super) struct Scanner<'a, T> {
    pub(super) request: &'a ScanRequest,
    pub(super) markers: Markers,
    visit: &'a (dyn Fn(Input) -> T + Sync),
    files: AtomicUsize,
    relevant: AtomicUsize,
    seen: Option<Mutex<HashSet<PathBuf>>>,
    gathered: Mutex<Gathered<T>>,
    /// Files that say nothing themselves, and how they are shown: read at the end, if anything they may tie together was
    /// met.
    put_off: Mutex<Vec<(PathBuf, String)>>,
    needs_ties: AtomicBool,
}

/// A named file that is still to be read.
struct Pending<'a> {
    path: &'a Path,
    shown: String,
    kind: Named,
}

impl<T: Send> Scanner<'_, T> {
    fn run(&self) -> Vec<(PathBuf, String)> {
        let working = std::env::current_dir().ok();
        let (mut pending, mut folders) = (Vec::new(), Vec::new());
        for path in &self.request.paths {
            let shown = named::name_of(path, working.as_deref(), self.request.stdin_filename.as_deref());
            match named::classify(path) {
                Err(message) => self.problem(Problem { path: shown, position: None, message }),
                Ok(Named::Folder { identity }) => {
                    folders.push((identity, if shown == "." { String::new() } else { shown }))
                }
                Ok(kind) if self.is_new(identity(path, &kind)) => pending.push(Pending { path, shown, kind }),
                Ok(_) => {}
            }
        }
        self.read_all(&pending, |file| self.read_named(file));
        // one after the other: which of two overlapping folders gives a file its name must not depend on the threads
        for (folder, shown) in &folders {
            walk::walk(self, folder, shown);
        }
        if self.needs_ties.load(Ordering::Relaxed) {
            let put_off = std::mem::take(&mut *self.put_off.lock().unwrap_or_else(PoisonError::into_inner));
            self.read_all(&put_off, |(path, shown)| walk::visit_tie(self, path, shown));
        }
        folders
    }

    /// Reads files by several threads.
    fn read_all<F: Sync>(&self, files: &[F], read: impl Fn(&F) + Sync) {
        let workers = self.threads().min(files.len());
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                read(file);
            }
        };
        if workers <= 1 {
            work();
        } else {
            std::thread::scope(|scope| {
                for _ in 0..workers {
                    scope.spawn(work);
                }
            });
        }
    }

    fn read_named(&self, file: &Pending<'_>) {
        match named::read(file.path, &file.kind, self.request.max_file_size) {
            Ok(bytes) => {
                let relevant = self.markers.relevant(&bytes) || self.markers.relevant_wide(&bytes);
                self.count(relevant);
                if relevant && self.markers.may_be_tied(file.path, &bytes) {
                    self.need_ties();
                }
                match Source::decode(&file.shown, bytes) {
                    Ok(source) => self.visit(source, true, relevant),
                    Err(problem) => self.problem(problem),
                }
            }
            Err(message) => self.problem(Problem { path: file.shown.clone(), position: None, message }),
        }
    }
}

impl<T> Scanner<'_, T> {
    pub(super) fn threads(&self) -> usize {
        match self.request.threads {
            0 => std::thread::available_parallelism().map_or(1, |count| count.get()).min(MAX_THREADS),
            threads => threads,
        }
    }

    /// Whether this identity was not met before, by any of its names.
    pub(super) fn is_new(&self, identity: &Path) -> bool {
        let Some(seen) = &self.seen else { return true };
        seen.lock().unwrap_or_else(PoisonError::into_inner).insert(identity.to_path_buf())
    }

    pub(super) fn count(&self, relevant: bool) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.relevant.fetch_add(usize::from(relevant), Ordering::Relaxed);
    }

    pub(super) fn visit(&self, source: Source, named: bool, relevant: bool) {
        let path = source.path().to_owned();
        let value = (self.visit)(Input { source: Arc::new(source), named, relevant });
        self.gather(|gathered| gathered.visited.push((path, value)));
    }

    /// Keeps a file for the end, of which nothing is learned by itself.
    pub(super) fn put_off(&self, path: &Path, shown: String) {
        self.put_off.lock().unwrap_or_else(PoisonError::into_inner).push((path.to_path_buf(), shown));
    }

    /// Something was met that files which are put off may tie to something.
    pub(super) fn need_ties(&self) {
        self.needs_ties.store(true, Ordering::Relaxed);
    }

    pub(super) fn problem(&self, problem: Problem) {
        self.gather(|gathered| gathered.problems.push(problem));
    }

    pub(super) fn pass_over(&self, note: impl FnOnce(&mut PassedOver)) {
        self.gather(|gathered| note(&mut gathered.passed_over));
    }

    fn gather(&self, change: impl FnOnce(&mut Gathered<T>)) {
        change(&mut self.gathered.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn identity<'a>(path: &'a Path, kind: &'a Named) -> &'a Path {
    match kind {
        Named::File { identity, .. } | Named::Folder { identity } => identity,
        Named::Stdin => Path::new("-"),
        Named::Pipe => path,
    }
}

impl PassedOver {
    /// Counts a file or folder that could not be read. The first by name is kept, whichever thread came first.
    pub(super) fn unreadable(&mut self, path: String) {
        self.unreadable += 1;
        keep_first(&mut self.first_unreadable, path);
    }

    /// Counts a file that ignore files hide.
    pub(super) fn hidden(&mut self, path: String) {
        self.hidden += 1;
        keep_first(&mut self.first_hidden, path);
    }
}

fn keep_first(first: &mut Option<String>, path: String) {
    if first.as_ref().is_none_or(|first| path < *first) {
        *first = Some(path);
    }
}
