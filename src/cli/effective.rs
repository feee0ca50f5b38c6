//! What applies: options, then the settings file, then defaults.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bedrock_lint::settings::{self, FailOn, Origin, Settings, SettingsError};
use bedrock_lint::suppress::Baseline;

use super::args::CheckArgs;

/// The settings of the run; none if there is no file.
pub(super) fn settings(arguments: &CheckArgs) -> Result<Option<Arc<Settings>>, SettingsError> {
    settings_at(arguments.config.as_deref(), arguments.no_config)
}

/// The settings in a file that is named, in the one that is found, or none.
pub(super) fn settings_at(config: Option<&Path>, no_config: bool) -> Result<Option<Arc<Settings>>, SettingsError> {
    if no_config {
        return Ok(None);
    }
    // without a working folder there is no folder to look in either
    let working = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let settings = match config {
        Some(path) => Some(settings::open(path, &working)?),
        None => settings::find(&working)?,
    };
    Ok(settings.map(Arc::new))
}

/// The least severity that makes the exit code 1, and who says so.
pub(super) fn fail_on(arguments: &CheckArgs, settings: Option<&Settings>) -> (FailOn, Origin) {
    let by_file = || settings.and_then(|settings| settings.fail_on.clone());
    match arguments.fail_on {
        Some(said) => (said.into(), Origin::Option("--fail-on")),
        None => by_file().map_or((FailOn::Warning, Origin::Default), |(said, at)| (said, Origin::File(at))),
    }
}

/// Whether more is shown, and who says so.
pub(super) fn pedantic(arguments: &CheckArgs, settings: Option<&Settings>) -> (bool, Origin) {
    let by_file = || settings.and_then(|settings| settings.pedantic.clone());
    match arguments.pedantic {
        Some(said) => (said, Origin::Option("--pedantic")),
        None => by_file().map_or((false, Origin::Default), |(said, at)| (said, Origin::File(at))),
    }
}

/// The file of the catalogue that is used in the place of the one compiled in: an option goes before the settings.
pub(super) fn catalog(given: Option<&Path>, settings: Option<&Settings>) -> Option<PathBuf> {
    given.map(Path::to_path_buf).or_else(|| settings.and_then(Settings::catalogue_file))
}

/// The same as it is written, and who says so.
pub(super) fn catalog_shown(given: Option<&Path>, settings: Option<&Settings>) -> Option<(String, Origin)> {
    let by_file = || settings.and_then(|settings| settings.catalog.clone());
    match given {
        Some(said) => Some((said.to_string_lossy().into_owned(), Origin::Option("--catalog"))),
        None => by_file().map(|(said, at)| (said, Origin::File(at))),
    }
}

/// Writes the baseline of a run. Says how many findings it holds.
pub(super) fn write_baseline(path: &Path, baseline: &Baseline) -> Result<String, String> {
    let shown = path.to_string_lossy();
    let findings = if baseline.len() == 1 { "1 finding".to_owned() } else { format!("{} findings", baseline.len()) };
    match baseline.write(path) {
        Ok(()) => Ok(format!("{findings} written to {shown}\n")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(format!("error: {shown}: the baseline cannot be written: there is no such folder\n"))
        }
        Err(error) => Err(format!("error: {shown}: the baseline cannot be written: {error}\n")),
    }
}
