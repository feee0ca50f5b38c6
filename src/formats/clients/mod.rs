//! Settings files of clients: assistants for code, chats, frameworks and samples, one file each.

mod cdk;
mod cline;
mod continues;
mod haystack;
mod librechat;
mod opencode;
mod portkey;
mod spring;
mod variables;
mod zed;

use super::Reader;
use crate::adapter::ModelField;
use crate::bedrock::is_model_shaped;
use crate::syntax::Node;

/// Finds the settings of a document.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    let readers = [
        cdk::read,
        cline::read,
        continues::read,
        haystack::read,
        librechat::read,
        opencode::read,
        portkey::read,
        spring::read,
        variables::read,
        zed::read,
    ];
    readers.iter().for_each(|read| read(root, reader));
}

/// How a client that puts a prefix of its own before bare ids uses a model: the id tells what stands behind.
fn completed(mut model: ModelField) -> ModelField {
    let id = model.id.as_str();
    let bare = |id: &str| id.split_once('.').is_some_and(|(_, rest)| !is_model_shaped(rest));
    model.stands_behind |= is_model_shaped(id) && !id.starts_with("arn:") && bare(id);
    model
}
