//! Modules (stub).

use std::sync::Arc;

use crate::formats::ReferenceFact;
use crate::source::Source;
use crate::syntax::Node;

pub(super) struct Module {
    pub(super) folder: String,
    pub(super) blocks: Vec<Block>,
}

pub(super) struct Block {
    pub(super) source: Arc<Source>,
    pub(super) kind: String,
    pub(super) labels: Vec<String>,
    pub(super) body: Node,
    pub(super) references: Vec<ReferenceFact>,
}

impl Block {
    pub(super) fn address(&self) -> String {
        let labels = self.labels.join(".");
        match self.kind.as_str() {
            "resource" => labels,
            kind => format!("{kind}.{labels}"),
        }
    }
}
