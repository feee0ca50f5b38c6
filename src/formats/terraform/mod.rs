//! Terraform and OpenTofu: files are read one by one, and say something together, as a module.

mod file;
mod instances;
mod module;
mod names;
mod resources;

pub(super) use file::File;

use super::Facts;
use crate::source::Library;

/// Whether a path is that of a file of Terraform or OpenTofu, by its name.
pub(super) use file::is_called;
pub(super) use file::read;

/// What the modules say that some files are parts of.
pub(super) fn finish(files: Vec<File>, library: &dyn Library) -> Vec<Facts> {
    let modules = module::modules(files, library);
    modules.iter().map(|module| resources::facts(module, &modules)).collect()
}
