//! The settings file as a spanned tree. Anchors, aliases and further documents have no use in settings and are refused.

use granit_parser::{Event, Options, Parser, ScalarStyle};

use super::SettingsError;
use crate::source::Source;
use crate::syntax::{Entry, Node, Scalar, ScalarKind, Value};
use crate::text::{Run, SourceMap, Span, Text};

/// A list or map whose end has not come yet, with the key that waits for its value.
enum Open {
    List(usize, Vec<Node>),
    Map(usize, Vec<Entry>, Option<Text>),
}

/// Reads the one document of a settings file; `None` if it is empty.
pub(super) fn parse(source: &std::sync::Arc<Source>) -> Result<Option<Node>, SettingsError> {
    let (body, offset) = source.body();
    let fail = |span: Span, message: &str| SettingsError::at(source, span, message.to_owned());
    let mut options = Options::default();
    options.emit_comments = false;
    let mut parser = Parser::new_from_str_with_options(body, options);
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    while let Some(event) = parser.next_event() {
        let (event, range) = match event {
            Ok((event, span)) => (event, span.byte_range().unwrap_or_default()),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or_default() + offset;
                return Err(fail(Span::new(at, at + 1), &format!("not YAML: {}", error.info())));
            }
        };
        let span = Span::new(range.start + offset, range.end + offset);
        let done = match event {
            Event::Scalar(value, style, ..) => Some(scalar(&value, style, span)),
            Event::SequenceStart(..) => {
                open.push(Open::List(range.start + offset, Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(range.start + offset, Vec::new(), None));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(|open| close(open, range.end + offset)),
            Event::Alias(_) => return Err(fail(span, "settings know no aliases: write the value out")),
            Event::DocumentStart(..) if root.is_some() => {
                return Err(fail(span, "settings are one document: put everything before this one"));
            }
            _ => None,
        };
        let Some(node) = done else { continue };
        match open.last_mut() {
            None => root = Some(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Map(_, entries, waiting)) => match waiting.take() {
                Some(key) => entries.push(Entry { key, value: node }),
                None => match node.value {
                    Value::Scalar(scalar) => *waiting = Some(scalar.text),
                    _ => return Err(fail(node.span, "a key of the settings is a word")),
                },
            },
        }
    }
    Ok(root.filter(|node: &Node| !node.span.range().is_empty()))
}

fn close(open: Open, end: usize) -> Node {
    match open {
        Open::List(start, items) => Node { span: Span::new(start, end), value: Value::List(items) },
        Open::Map(start, entries, _) => Node { span: Span::new(start, end), value: Value::Map(entries) },
    }
}

fn scalar(value: &str, style: ScalarStyle, span: Span) -> Node {
    let empty = span.range().is_empty();
    let kind = match value {
        _ if style != ScalarStyle::Plain => ScalarKind::String,
        _ if empty => ScalarKind::Null,
        "null" | "~" => ScalarKind::Null,
        "true" | "false" => ScalarKind::Bool,
        _ if value.parse::<f64>().is_ok() => ScalarKind::Number,
        _ => ScalarKind::String,
    };
    // quotes, folds and escapes lead back to the whole scalar
    let run = Run { decoded: 0, length: Span::new(0, value.len()).end, source: span };
    let text = Text::new(value, SourceMap::Runs(Box::new([run])));
    Node { span, value: Value::Scalar(Scalar { text, kind }) }
}
