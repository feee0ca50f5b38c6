//! How sure a fact about a model's parameters is.

use serde::{Deserialize, Serialize};

/// How well a block of the catalogue is founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// An AWS page says so.
    Documented,
    /// A price table, a write-up or public threads say so.
    Secondary,
    /// Concluded from sibling models.
    Inferred,
}
