//! Resources as facts.

use super::module::Module;
use crate::formats::Facts;

/// The facts of a module.
pub(super) fn facts(module: &Module, _all: &[Module]) -> Facts {
    Facts { references: module.references.clone(), ..Facts::default() }
}
