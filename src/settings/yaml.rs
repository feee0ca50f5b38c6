//! The one document of a settings file.

use std::sync::Arc;

use super::SettingsError;
use crate::source::Source;
use crate::syntax::{Node, yaml};
use crate::text::{SourceMap, Span};

/// Reads the one document of a settings file; `None` if it is empty.
///
/// # Errors
/// What is no YAML, and a second document.
pub(super) fn parse(source: &Arc<Source>) -> Result<Option<Node>, SettingsError> {
    let (body, offset) = source.body();
    let stream = yaml::parse(body, &SourceMap::Verbatim(Span::new(offset, offset).start));
    let mut documents = stream.documents.into_iter();
    let first = documents.next().transpose();
    let root = first.map_err(|fault| SettingsError::at(source, fault.span, format!("not YAML: {}", fault.message)))?;
    match documents.next() {
        None => Ok(root.filter(|root| !root.span.range().is_empty())),
        Some(second) => {
            let span = second.map_or_else(|fault| fault.span, |node| node.span);
            let message = "settings are one document: put everything before this one".to_owned();
            Err(SettingsError::at(source, span, message))
        }
    }
}
