//! Files of environment variables: `.env` and what is named like it, the `.envrc` of direnv as far as it goes.

use super::field::field_of;
use super::{Process, Reader, environment};
use crate::syntax::dotenv;
use crate::text::SourceMap;

/// Reads a file that is called one of variables. What cannot be read of it is told where the user named the file; not
/// that a shell script is more than variables.
pub(super) fn read(body: &str, map: &SourceMap, named: bool, reader: &mut Reader<'_>) {
    let document = dotenv::parse(body, map);
    let is_script = reader.source.path().rsplit('/').next().is_some_and(|name| name.starts_with(".envrc"));
    if let Some(first) = document.faults.first().filter(|_| named && !is_script) {
        let more = match document.faults.len() {
            1 => String::new(),
            count => format!(" (the first of {count} such lines)"),
        };
        reader.problem(first.span, format!("{}{more}", first.message));
    }
    adapters(document, reader);
}

/// Reads text of no known name, if it begins with a variable and is variables for the most part.
pub(super) fn read_if_variables(body: &str, map: &SourceMap, reader: &mut Reader<'_>) {
    let document = dotenv::parse(body, map);
    let variables = document.root.entries();
    let first = variables.first().map(|variable| variable.key.span().start);
    let begins = document.faults.first().is_none_or(|fault| first.is_some_and(|first| first < fault.span.start));
    if begins && variables.len() > document.faults.len() {
        adapters(document, reader);
    }
}

fn adapters(document: dotenv::Document, reader: &mut Reader<'_>) {
    reader.comments(document.comments);
    let variables = document.root.entries().iter().filter_map(field_of).collect();
    reader.process(environment::adapters(variables, document.root.span), &Process::default());
}
