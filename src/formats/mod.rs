//! Facts from trees: policies with spans. One file per format; recognised by content, not only by name.

use std::sync::Arc;

use crate::source::{Problem, Source};

/// What one file says.
#[derive(Debug, Default)]
pub struct Facts {
    /// What kept parts of the file from being understood.
    pub problems: Vec<Problem>,
}

/// Reads the facts of a file.
#[must_use]
pub fn read(_source: &Arc<Source>) -> Facts {
    Facts::default()
}
