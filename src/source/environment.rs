//! Files of environment variables, by their names. They are often kept out of version control, and so out of a walk.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::DirEntry;

use super::scan::Scanner;
use super::walk::Root;

/// Extensions of files that are something else, whatever their name begins with: `.env.ts`, `next-env.d.ts`.
const OTHERS: [&str; 30] = [
    "age", "asc", "cs", "css", "enc", "go", "gpg", "hcl", "html", "java", "js", "json", "jsonc", "json5", "jsx", "kt",
    "lock", "md", "mdx", "mjs", "php", "py", "rb", "rs", "sql", "tf", "toml", "ts", "yaml", "yml",
];

/// What stands behind `env` in names that do not begin or end with it: `env.example`, `prod.env.template`.
const KINDS: [&str; 8] = ["default", "defaults", "dist", "example", "sample", "template", "tmpl", "tpl"];

/// Whether a file is called one of environment variables: `.env`, `.env.local`, `prod.env`, `env.example`, `.envrc` of
/// direnv, `.dev.vars` of Cloudflare, `.flaskenv`.
pub(crate) fn is_called_environment(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    // nearly every name of a walk is done with here
    let says = |word: &[u8]| name.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    if !says(b"env") && !says(b".dev.vars") {
        return false;
    }
    let name = name.to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    if OTHERS.contains(&extension) {
        return false;
    }
    let behind =
        |start: &str| name.strip_prefix(start).filter(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']));
    [".env", ".envrc", ".dev.vars", ".flaskenv"].iter().any(|start| behind(start).is_some())
        || extension == "env"
        || KINDS.iter().any(|kind| {
            let before = name.strip_suffix(kind).and_then(|rest| rest.strip_suffix(['.', '-', '_']));
            before.is_some_and(|rest| rest == "env" || rest.ends_with(".env") || rest == "dotenv")
        })
}

/// What a folder with files of variables has nearly always.
const USUAL: [&str; 2] = [".env", ".env.local"];

/// Files of environment variables that ignore files hide from a walk, beside those that it meets.
#[derive(Debug, Default)]
pub(super) struct Hidden(Mutex<Met>);

/// What a walk met: all folders, and the files that are called ones of variables.
#[derive(Debug, Default)]
struct Met {
    folders: Vec<PathBuf>,
    files: HashSet<PathBuf>,
}

impl Hidden {
    /// Takes note of what the walk meets.
    pub(super) fn pass(&self, entry: &DirEntry) {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        if !is_folder && !entry.file_name().to_str().is_some_and(is_called_environment) {
            return;
        }
        let mut met = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if is_folder {
            met.folders.push(entry.path().to_path_buf());
        } else {
            met.files.insert(entry.path().to_path_buf());
        }
    }

    /// Counts the files that were not met though their folder was, and that mention something this program knows. What
    /// the settings leave out is meant to be left out. To list every folder again would take a tenth of a scan, so only
    /// those are listed that have one of the usual files, hidden or not.
    pub(super) fn count<T: Send>(self, scanner: &Scanner<'_, T>, root: &Root<'_>) {
        let met = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let filter = scanner.request.filter.as_deref();
        let beside: HashSet<&Path> = met.files.iter().filter_map(|file| file.parent()).collect();
        let is_usual = |folder: &Path| USUAL.iter().any(|name| folder.join(name).symlink_metadata().is_ok());
        let folders = met.folders.iter().filter(|folder| beside.contains(folder.as_path()) || is_usual(folder));
        for folder in folders {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let is_file = || entry.file_type().is_ok_and(|kind| kind.is_file());
                if !entry.file_name().to_str().is_some_and(is_called_environment) || !is_file() {
                    continue;
                }
                let path = entry.path();
                let is_wanted = filter.is_none_or(|filter| filter.admits(root.folder, &path, false));
                if !met.files.contains(&path) && is_wanted && scanner.is_new(&path) && mentions(scanner, &path) {
                    scanner.pass_over(|passed| passed.hidden(root.show(&path)));
                }
            }
        }
    }
}

fn mentions<T>(scanner: &Scanner<'_, T>, path: &Path) -> bool {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(scanner.request.max_file_size).read_to_end(&mut bytes));
    read.is_ok() && scanner.markers.relevant(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_of_variables() {
        for name in [
            ".env",
            "a/b/.env",
            ".env.local",
            ".env.production.local",
            ".env.example",
            ".env-sample",
            ".env_prod",
            "prod.env",
            "config/secrets.env.example",
            "env.example",
            "env.template",
            "dotenv.sample",
            ".envrc",
            ".envrc.example",
            ".flaskenv",
            ".dev.vars",
            ".dev.vars.example",
            ".ENV",
            "librechat.env",
        ] {
            assert!(is_called_environment(name), "{name}");
        }
        for name in [
            "env.ts",
            "env.go",
            ".env.ts",
            ".env.d.ts",
            "next-env.d.ts",
            "env.json",
            ".env.yaml",
            ".env.gpg",
            "env",
            "environment",
            ".envoy-version",
            "my-env.example",
            "README.example",
            "env/README.md",
            ".env/config",
        ] {
            assert!(!is_called_environment(name), "{name}");
        }
    }
}
