//! JSON, and JSON with comments, into the spanned tree.
//!
//! The grammar is `jsonc-parser`'s. Ours is the map from decoded strings to bytes, and telling apart what a strict
//! reader such as IAM refuses from what nobody can read.

use jsonc_parser::ast::{ObjectPropName, StringLit, Value as Json};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

use super::{Entry, Fault, Node, Scalar, ScalarKind, Value};
use crate::text::{Run, SourceMap, Span, Text};

/// A document that could be read.
#[derive(Debug)]
pub struct Document {
    /// Its value.
    pub root: Node,
    /// The first thing in it that a strict JSON reader refuses: a comment, a trailing comma, a raw control character.
    pub refused: Option<Fault>,
}

/// Reads one JSON document. `map` leads from `text` to the file: the identity (with the offset of a byte order mark)
/// for a whole file, a string's map for a document embedded in it.
///
/// Comments and trailing commas are read over and told in [`Document::refused`]. An empty document gives `Ok(None)`.
///
/// # Errors
/// The first place that cannot be read, or nesting deeper than 512 levels.
pub fn parse(text: &str, map: &SourceMap) -> Result<Option<Document>, Fault> {
    let strict = match parse_to_ast(text, &CollectOptions::default(), &options(false)) {
        Ok(result) => return Ok(result.value.map(|value| read(text, map, &value, None))),
        Err(error) => error,
    };
    let refused = fault(&strict, map);
    match parse_to_ast(text, &CollectOptions::default(), &options(true)) {
        Ok(result) => Ok(result.value.map(|value| read(text, map, &value, Some(refused)))),
        Err(error) => Err(fault(&error, map)),
    }
}

/// The comments of a document, with their delimiters, in order. A document that cannot be read has none.
#[must_use]
pub fn comments(text: &str, map: &SourceMap) -> Vec<Span> {
    let collect = CollectOptions { comments: CommentCollectionStrategy::Separate, tokens: false };
    let Ok(result) = parse_to_ast(text, &collect, &options(true)) else { return Vec::new() };
    let groups = result.comments.iter().flat_map(|groups| groups.values());
    let comments = groups.flat_map(|group| group.iter());
    let mut spans: Vec<Span> = comments.map(|comment| map.span(comment.start()..comment.end())).collect();
    // a group stands in the table under the token before it and under the one after
    spans.sort_unstable();
    spans.dedup();
    spans
}

fn options(tolerant: bool) -> ParseOptions {
    ParseOptions {
        allow_comments: tolerant,
        allow_trailing_commas: tolerant,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn fault(error: &ParseError, map: &SourceMap) -> Fault {
    let range = error.range();
    let kind = error.kind().to_string();
    let mut letters = kind.chars();
    let message = letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or(kind.clone());
    let limit = matches!(error.kind(), ParseErrorKind::NestingDepthExceeded);
    Fault { span: map.span(range.start..range.end), message, limit }
}

fn read(text: &str, map: &SourceMap, value: &Json<'_>, refused: Option<Fault>) -> Document {
    let mut reader = Reader { text, map, refused };
    let root = reader.node(value);
    Document { root, refused: reader.refused }
}

struct Reader<'a> {
    text: &'a str,
    map: &'a SourceMap,
    refused: Option<Fault>,
}

impl Reader<'_> {
    fn node(&mut self, json: &Json<'_>) -> Node {
        let (range, value) = match json {
            Json::Object(object) => {
                let entries = object.properties.iter().map(|property| Entry {
                    key: match &property.name {
                        ObjectPropName::String(name) => self.string(name),
                        ObjectPropName::Word(word) => self.verbatim(word.range.start, word.value),
                    },
                    value: self.node(&property.value),
                });
                (object.range, Value::Map(entries.collect()))
            }
            Json::Array(array) => {
                (array.range, Value::List(array.elements.iter().map(|element| self.node(element)).collect()))
            }
            Json::StringLit(string) => {
                (string.range, Value::Scalar(Scalar { text: self.string(string), kind: ScalarKind::String }))
            }
            Json::NumberLit(number) => (number.range, self.scalar(number.range, ScalarKind::Number)),
            Json::BooleanLit(boolean) => (boolean.range, self.scalar(boolean.range, ScalarKind::Bool)),
            Json::NullKeyword(null) => (null.range, self.scalar(null.range, ScalarKind::Null)),
        };
        Node { span: self.map.span(range.start..range.end), value }
    }

    fn scalar(&self, range: jsonc_parser::common::Range, kind: ScalarKind) -> Value {
        let written = self.text.get(range.start..range.end).unwrap_or_default();
        Value::Scalar(Scalar { text: self.verbatim(range.start, written), kind })
    }

    fn verbatim(&self, start: usize, value: &str) -> Text {
        Text::new(value, SourceMap::Verbatim(Span::new(start, start).start).within(self.map, value.len()))
    }

    fn string(&mut self, string: &StringLit<'_>) -> Text {
        let start = string.range.start + 1;
        let raw = self.text.get(start..string.range.end.saturating_sub(1)).unwrap_or_default();
        if self.refused.is_none()
            && let Some(at) = raw.find(|c: char| c < ' ')
        {
            let span = self.map.span(start + at..start + at + 1);
            self.refused = Some(Fault { span, message: "raw control character in a string".to_owned(), limit: false });
        }
        if raw == string.value {
            return self.verbatim(start, raw);
        }
        let inner = SourceMap::Runs(runs_of_escapes(raw, start).into());
        Text::new(string.value.as_ref(), inner.within(self.map, string.value.len()))
    }
}

/// Where the characters between the quotes of a JSON string stand: `raw` starts at byte `start`.
fn runs_of_escapes(raw: &str, start: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut decoded = 0;
    let mut at = 0;
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        let (length, width) = match rest.find('\\') {
            Some(0) => escape(rest),
            Some(next) => (next, next),
            None => (rest.len(), rest.len()),
        };
        let source = Span::new(start + at, start + at + width);
        runs.push(Run { decoded, length: Span::new(0, length).end, source });
        decoded = decoded.saturating_add(Span::new(0, length).end);
        at += width;
    }
    runs
}

/// Decoded and written length, in bytes, of the escape that `rest` starts with.
fn escape(rest: &str) -> (usize, usize) {
    let unit = |at: usize| rest.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    match rest.as_bytes().get(1) {
        Some(b'u') => match unit(2) {
            // a surrogate pair is one character of four bytes
            Some(0xd800..=0xdbff) if rest.get(6..8) == Some("\\u") => (4, 12.min(rest.len())),
            Some(code) => (char::from_u32(code).map_or(3, char::len_utf8), 6.min(rest.len())),
            None => (1, rest.len().min(2)),
        },
        _ => (1, rest.chars().take(2).map(char::len_utf8).sum()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    fn tree(text: &str) -> Node {
        parse(text, &SourceMap::Verbatim(0)).unwrap().unwrap().root
    }

    #[test]
    fn spans_underline_keys_values_and_parts_of_escaped_strings() {
        let text = "{\"k\\u00e9y\": [1, \"a\\tb\\ud83d\\ude00c\"]}";
        let root = tree(text);
        let entry = root.entries().first().unwrap();
        assert_eq!(entry.key.as_str(), "kéy");
        assert_eq!(&text[entry.key.span().range()], "k\\u00e9y");
        let value = entry.value.items().last().unwrap().string().unwrap();
        assert_eq!(value.as_str(), "a\tb😀c");
        assert_eq!(&text[value.span_of(1..2).range()], "\\t");
        assert_eq!(&text[value.span_of(3..7).range()], "\\ud83d\\ude00");
        assert_eq!(&text[value.span_of(7..8).range()], "c");
        assert_eq!(&text[root.span.range()], text);
    }

    #[test]
    fn duplicate_keys_are_kept_and_the_last_one_counts() {
        let root = tree("{\"a\": 1, \"a\": 2}");
        assert_eq!(root.entries().len(), 2);
        assert_eq!(root.get("a").unwrap().scalar().unwrap().as_str(), "2");
    }

    #[test]
    fn what_strict_readers_refuse_is_read_and_told() {
        for (text, at) in [("{\"a\": 1,}", 7), ("{ // no\n\"a\": 1}", 2), ("{\"a\": \"\t\"}", 7)] {
            let document = parse(text, &SourceMap::Verbatim(0)).unwrap().unwrap();
            assert!(document.root.get("a").is_some());
            let refused = document.refused.unwrap();
            assert!((refused.span.start as i64 - at).abs() <= 1, "{text}: {refused:?}");
        }
        assert!(parse("{\"a\" 1}", &SourceMap::Verbatim(0)).is_err());
        assert!(parse("", &SourceMap::Verbatim(0)).unwrap().is_none());
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_crash() {
        let deep = "[".repeat(100_000);
        assert!(parse(&deep, &SourceMap::Verbatim(0)).is_err());
    }

    #[test]
    fn an_embedded_document_is_underlined_in_the_file() {
        let text = "{\"policy\": \"{\\\"a\\\": \\\"b\\\"}\"}";
        let root = tree(text);
        let inner = root.get("policy").unwrap().string().unwrap();
        let document = parse(inner.as_str(), inner.map()).unwrap().unwrap();
        let value = document.root.get("a").unwrap();
        assert_eq!(&text[value.string().unwrap().span().range()], "b");
        assert_eq!(&text[value.span.range()], "\\\"b\\\"");
    }
}
