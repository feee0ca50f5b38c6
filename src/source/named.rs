//! Paths named on the command line: what they are, how they are shown, and why one cannot be read.

use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use super::size::show_size;
use super::{Problem, Source};
use crate::similar::did_you_mean;

/// What a named path turned out to be.
#[derive(Debug)]
pub(super) enum Named {
    /// Standard input.
    Stdin,
    /// A pipe that ends by itself, as the shell makes for `<(…)`.
    Pipe,
    /// A file of this length, and its identity.
    File { length: u64, identity: PathBuf },
    /// A folder, and its identity.
    Folder { identity: PathBuf },
}

/// Looks at a named path without opening it: opening a FIFO waits for a writer that may never come.
pub(super) fn classify(path: &Path) -> Result<Named, String> {
    if is_stdin(path) {
        return Ok(Named::Stdin);
    }
    let metadata = fs::metadata(path).map_err(|error| why_not(path, &error))?;
    if metadata.is_dir() || metadata.is_file() {
        let identity = fs::canonicalize(path).map_err(|error| why_not(path, &error))?;
        return Ok(match metadata.is_dir() {
            true => Named::Folder { identity },
            false => Named::File { length: metadata.len(), identity },
        });
    }
    match special(metadata.file_type()) {
        Special::Pipe if is_descriptor(path) => Ok(Named::Pipe),
        Special::Pipe => {
            Err("is a named pipe, which may never end: pipe it to `-` instead (`… | bedrock-lint -`)".into())
        }
        Special::Socket => Err("is a socket, not a file".into()),
        Special::Device => Err("is a device, not a file".into()),
    }
}

/// Reads all of a named input.
pub(super) fn read(path: &Path, kind: &Named, limit: u64) -> Result<Vec<u8>, String> {
    let read = match kind {
        Named::Folder { .. } => return Err("is a folder, not a file".into()),
        Named::File { length, .. } if *length > limit => return Err(too_big(Some(*length), limit)),
        Named::Stdin => read_limited(io::stdin().lock(), limit),
        Named::File { .. } | Named::Pipe => File::open(path).and_then(|open| read_limited(open, limit)),
    };
    read.unwrap_or_else(|error| Err(why_not(path, &error)))
}

/// Reads one input: a file, a pipe, or `-` for standard input. However large it is, somebody asked for it.
///
/// # Errors
/// Why it cannot be read, a folder included, or is no UTF-8.
pub fn open(path: &Path) -> Result<Source, Problem> {
    let shown = name_of(path, std::env::current_dir().ok().as_deref(), None);
    match classify(path).and_then(|kind| read(path, &kind, u64::MAX)) {
        Ok(bytes) => Source::decode(&shown, bytes),
        Err(message) => Err(Problem { path: shown, position: None, message }),
    }
}

/// What a named input is called where people read of it.
pub(super) fn name_of(path: &Path, working: Option<&Path>, stdin: Option<&str>) -> String {
    if is_stdin(path) {
        return stdin.unwrap_or("<stdin>").to_owned();
    }
    match shown(path, working) {
        shown if shown.is_empty() => ".".to_owned(),
        shown => shown,
    }
}

fn is_stdin(path: &Path) -> bool {
    matches!(path.to_str(), Some("-" | "/dev/stdin" | "/dev/fd/0"))
}

/// Reads all of a stream, or says that it is longer than the limit.
fn read_limited(stream: impl Read, limit: u64) -> io::Result<Result<Vec<u8>, String>> {
    let mut bytes = Vec::new();
    stream.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Ok(Err(too_big(None, limit))) } else { Ok(Ok(bytes)) }
}

/// The message for an input over the limit.
pub(super) fn too_big(length: Option<u64>, limit: u64) -> String {
    let size = length.map_or_else(|| "is larger".to_owned(), |length| format!("has {}, more", show_size(length)));
    format!(
        "the input {size} than the {} that are read at most: raise `--max-file-size`, or leave it out",
        show_size(limit)
    )
}

/// Why a named path could not be opened or read, with the nearest name beside it if it does not exist.
pub(crate) fn why_not(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => match fs::read_link(path) {
            Ok(target) => format!("is a link to `{}`, which does not exist", target.to_string_lossy()),
            Err(_) => format!("no such file or folder{}", sibling(path)),
        },
        io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

fn sibling(path: &Path) -> String {
    let Some(name) = path.file_name() else {
        return String::new();
    };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(entries) = fs::read_dir(parent) else {
        return String::new();
    };
    let names: Vec<String> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    did_you_mean(&name.to_string_lossy(), names.iter().map(String::as_str))
}

/// Folders whose entries are the descriptors this process was given.
fn is_descriptor(path: &Path) -> bool {
    ["/dev/fd", "/proc/self/fd"].iter().any(|folder| path.parent() == Some(Path::new(folder)))
}

enum Special {
    Pipe,
    Socket,
    Device,
}

#[cfg(unix)]
fn special(kind: FileType) -> Special {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        Special::Pipe
    } else if kind.is_socket() {
        Special::Socket
    } else {
        Special::Device
    }
}

#[cfg(not(unix))]
fn special(_kind: FileType) -> Special {
    Special::Device
}

/// How a named path is shown: with `/`, relative to the working folder where possible, without a leading `./`; the
/// working folder itself is the empty string.
pub(crate) fn shown(path: &Path, working: Option<&Path>) -> String {
    let climbs = path.components().any(|part| part == Component::ParentDir);
    // `a/../b` may leave through a link, so only the file system knows where it leads
    let resolved = if climbs { fs::canonicalize(path).ok() } else { None };
    let inside = working.and_then(|working| {
        let real = || fs::canonicalize(working).ok();
        match &resolved {
            Some(resolved) => real().and_then(|real| resolved.strip_prefix(real).ok().map(Path::to_path_buf)),
            None if path.is_absolute() => path.strip_prefix(working).ok().map(Path::to_path_buf),
            None => None,
        }
    });
    joined(inside.as_deref().unwrap_or(path))
}

/// A path with `/` between its parts, whatever the system; not UTF-8 is shown lossily.
pub(super) fn joined(path: &Path) -> String {
    let mut shown = String::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::RootDir => shown.push('/'),
            _ => {
                if !shown.is_empty() && !shown.ends_with('/') {
                    shown.push('/');
                }
                shown.push_str(&part.as_os_str().to_string_lossy());
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_relative_and_with_slashes() {
        let working = Some(Path::new("/work/here"));
        for (path, expected) in [
            ("./infra//a.json", "infra/a.json"),
            ("infra/./a.json", "infra/a.json"),
            (".", ""),
            ("/work/here/x/y", "x/y"),
            ("/elsewhere/x", "/elsewhere/x"),
            ("../not-there/x", "../not-there/x"),
        ] {
            assert_eq!(shown(Path::new(path), working), expected, "{path}");
        }
    }
}
