//! What the blocks of a module say.

use super::module::Module;
use crate::formats::Facts;

/// The facts of a module, beside all of them.
pub(super) fn facts(_module: &Module, _all: &[Module]) -> Facts {
    Facts::default()
}
