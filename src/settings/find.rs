//! Where the settings are: in the working folder or above it, up to the repository's.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Base, Settings, SettingsError};
use crate::source::{Source, shown, why_not};

/// The names of a settings file.
const NAMES: [&str; 2] = ["bedrock-lint.yml", ".bedrock-lint.yml"];

/// Finds and reads the settings for a working folder; none if there are none.
///
/// # Errors
/// The settings cannot be read, or two files claim to be them.
pub fn find(working: &Path) -> Result<Option<Settings>, SettingsError> {
    for (climbed, folder) in working.ancestors().enumerate() {
        let there: Vec<&str> = NAMES.into_iter().filter(|name| folder.join(name).is_file()).collect();
        let shown = |name: &str| "../".repeat(climbed) + name;
        match there.as_slice() {
            [] => {}
            [name] => return read(&folder.join(name), &shown(name), working).map(Some),
            [name, other, ..] => {
                let message = format!("stands beside `{other}`: keep one of them");
                return Err(SettingsError::whole(&shown(name), message));
            }
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    Ok(None)
}

/// Reads a settings file that the user named.
///
/// # Errors
/// The file cannot be read, or is wrong.
pub fn open(path: &Path, working: &Path) -> Result<Settings, SettingsError> {
    read(path, &shown(path, Some(working)), working)
}

fn read(path: &Path, shown: &str, working: &Path) -> Result<Settings, SettingsError> {
    let unreadable = |error: &std::io::Error| SettingsError::whole(shown, why_not(path, error));
    let bytes = fs::read(path).map_err(|error| unreadable(&error))?;
    let real = fs::canonicalize(path).map_err(|error| unreadable(&error))?;
    let source = Source::decode(shown, bytes).map_err(|problem| SettingsError { problem, at: None })?;
    let root = real.parent().unwrap_or(Path::new("/")).to_path_buf();
    let working = fs::canonicalize(working).unwrap_or_else(|_| working.to_path_buf());
    Settings::parse(&Arc::new(source), Base { root, working })
}

/// The settings file itself, which no walk has to read.
pub(super) fn own_path(source: &Source, base: &Base) -> PathBuf {
    base.relative(source.path()).map(|path| base.root.join(path)).unwrap_or_default()
}
