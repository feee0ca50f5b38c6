//! Walking a folder: many files, few of them worth keeping.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::environment::{Hidden, is_called_environment};
use super::markers::{Enough, is_binary};
use super::named::{joined, too_big, why_not};
use super::scan::Scanner;
use super::{Problem, Source};
use crate::settings::WalkFilter;

/// Files up to this length are read at once; longer ones are searched first, so that a buffer never grows past it.
const AT_ONCE: u64 = 1 << 20;

/// Enough of a file to tell a binary one.
const HEAD: u64 = 8 << 10;

/// Walks a folder given by its canonical path. `shown` is its name; empty for the working folder.
pub(super) fn walk<T: Send>(scanner: &Scanner<'_, T>, folder: &Path, shown: &str) {
    let (filter, start) = (scanner.request.filter.clone(), folder.to_path_buf());
    let respect = scanner.request.respect_ignore_files;
    let hidden = respect.then(Hidden::default);
    let walker = WalkBuilder::new(folder)
        .threads(scanner.threads())
        .standard_filters(respect)
        // ignore files count outside a repository as well: an export or a container has no `.git`
        .require_git(false)
        .hidden(false)
        .follow_links(false)
        .filter_entry(move |entry| {
            let is_folder = || entry.file_type().is_some_and(|kind| kind.is_dir());
            let admits = |filter: &WalkFilter| filter.admits(&start, entry.path(), is_folder());
            entry.depth() == 0 || (entry.file_name() != ".git" && filter.as_deref().is_none_or(admits))
        })
        .build_parallel();
    let root = Root { folder, shown };
    walker.run(|| {
        let (mut buffer, hidden) = (Vec::new(), hidden.as_ref());
        Box::new(move |entry| {
            match entry {
                Ok(entry) => {
                    if let Some(hidden) = hidden {
                        hidden.pass(&entry);
                    }
                    visit(scanner, &root, &entry, &mut buffer);
                }
                Err(error) => report(scanner, &root, &error),
            }
            WalkState::Continue
        })
    });
    let mut buffer = Vec::new();
    for path in scanner.request.also.iter().filter(|path| path.starts_with(folder) && path.is_file()) {
        visit_file(scanner, &root, path, &mut buffer);
    }
    if let Some(hidden) = hidden {
        hidden.count(scanner, &root);
    }
}

#[derive(Clone, Copy)]
pub(super) struct Root<'a> {
    pub(super) folder: &'a Path,
    shown: &'a str,
}

impl Root<'_> {
    pub(super) fn show(&self, path: &Path) -> String {
        let rest = joined(path.strip_prefix(self.folder).unwrap_or(path));
        match (self.shown, rest.as_str()) {
            ("", "") => ".".to_owned(),
            ("", _) => rest,
            (root, "") => root.to_owned(),
            (root, _) if root.ends_with('/') => format!("{root}{rest}"),
            (root, _) => format!("{root}/{rest}"),
        }
    }
}

fn visit<T: Send>(scanner: &Scanner<'_, T>, root: &Root<'_>, entry: &DirEntry, buffer: &mut Vec<u8>) {
    // folders, links, pipes, sockets and devices are none of a walk's business
    if entry.file_type().is_some_and(|kind| kind.is_file()) {
        visit_file(scanner, root, entry.path(), buffer);
    }
}

fn visit_file<T: Send>(scanner: &Scanner<'_, T>, root: &Root<'_>, path: &Path, buffer: &mut Vec<u8>) {
    if !scanner.is_new(path) {
        return;
    }
    match read(scanner, path, buffer) {
        Ok(Content::Irrelevant) => scanner.count(false),
        Ok(Content::Relevant(bytes)) => {
            scanner.count(true);
            if scanner.markers.may_be_tied(path, &bytes) {
                scanner.need_ties();
            }
            // a PDF may quote a policy
            let is_meant = || {
                let is_environment = path.file_name().and_then(|name| name.to_str()).is_some_and(is_called_environment);
                is_environment || (may_hold_facts(path) && scanner.markers.policy_or_adapter(&bytes))
            };
            if std::str::from_utf8(&bytes).is_err() && !is_meant() {
                return scanner.pass_over(|passed| passed.not_utf8 += 1);
            }
            match Source::decode(&root.show(path), bytes) {
                Ok(source) => scanner.visit(source, false, true),
                Err(problem) => scanner.problem(problem),
            }
        }
        Ok(Content::Tie) => {
            scanner.count(false);
            scanner.put_off(path, root.show(path));
        }
        Ok(Content::Oversized { policy: false, .. }) => {
            scanner.count(false);
            scanner.pass_over(|passed| passed.oversized += 1);
        }
        Ok(Content::Oversized { policy: true, length }) => {
            scanner.count(true);
            let message = too_big(Some(length), scanner.request.max_file_size);
            scanner.problem(Problem { path: root.show(path), position: None, message });
        }
        // gone between the listing and now
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(_) => scanner.pass_over(|passed| passed.unreadable(root.show(path))),
    }
}

/// Reads a file that was put off.
pub(super) fn visit_tie<T: Send>(scanner: &Scanner<'_, T>, path: &Path, shown: &str) {
    // gone or changed since it was put off: it was nobody's wish to read it
    let Ok(bytes) = std::fs::read(path) else { return };
    if let Ok(source) = Source::decode(shown, bytes) {
        scanner.visit(source, false, false);
    }
}

/// Whether a file of that name may be meant to hold policies or adapters.
fn may_hold_facts(path: &Path) -> bool {
    const EXTENSIONS: [&str; 11] =
        ["json", "jsonc", "json5", "policy", "properties", "template", "tf", "tfvars", "tofu", "yaml", "yml"];
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension)))
}

enum Content {
    Irrelevant,
    Relevant(Vec<u8>),
    /// Says nothing itself, and ties together what others say.
    Tie,
    Oversized {
        policy: bool,
        length: u64,
    },
}

/// Reads a file into the thread's buffer; only the bytes of a relevant one are copied out of it.
fn read<T>(scanner: &Scanner<'_, T>, path: &Path, buffer: &mut Vec<u8>) -> io::Result<Content> {
    let (markers, limit) = (&scanner.markers, scanner.request.max_file_size);
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    if length > limit {
        let seen = markers.survey(&mut file, Enough::RelevantPolicy)?;
        return Ok(Content::Oversized { policy: seen.relevant && seen.policy, length });
    }
    buffer.clear();
    if length > AT_ONCE {
        (&file).take(HEAD).read_to_end(buffer)?;
        if is_binary(buffer) && !markers.relevant_wide(buffer) {
            return Ok(Content::Irrelevant);
        }
        file.rewind()?;
        let is_paired = scanner.request.filter.as_deref().is_some_and(|filter| filter.is_paired(path));
        if !is_binary(buffer) && !is_paired && !markers.survey(&mut file, Enough::Relevant)?.relevant {
            return Ok(Content::Irrelevant);
        }
        file.rewind()?;
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        (&file).take(limit).read_to_end(&mut bytes)?;
        return Ok(Content::Relevant(bytes));
    }
    (&file).take(limit).read_to_end(buffer)?;
    let relevant = match is_binary(buffer) {
        true => markers.relevant_wide(buffer),
        false => {
            markers.relevant(buffer) || scanner.request.filter.as_deref().is_some_and(|filter| filter.is_paired(path))
        }
    };
    Ok(match relevant {
        true => Content::Relevant(buffer.clone()),
        false if markers.ties(path, buffer) => Content::Tie,
        false => Content::Irrelevant,
    })
}

/// A folder that cannot be listed is a problem if it was named, else counted. Broken patterns in ignore files are not
/// this program's to report.
fn report<T>(scanner: &Scanner<'_, T>, root: &Root<'_>, error: &ignore::Error) {
    let Some(cause) = error.io_error() else { return };
    let path = path_of(error).unwrap_or(root.folder);
    if path == root.folder {
        let message = why_not(path, cause);
        scanner.problem(Problem { path: root.show(path), position: None, message });
    } else {
        scanner.pass_over(|passed| passed.unreadable(root.show(path)));
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}
