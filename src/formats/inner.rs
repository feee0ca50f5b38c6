//! A JSON document that stands in a string of a template: `<<EOT`, `!Sub |`. What is not known of the string is not known
//! of the document either: inside of strings it stays a hole, elsewhere it is a value that something computes.

use std::collections::HashSet;

use crate::syntax::{Call, Entry, Fault, Node, Scalar, ScalarKind, Value, json};
use crate::text::{Hole, SourceMap, Span, Text};

/// Reads the document; `None` if the string is empty.
///
/// # Errors
/// The first place that cannot be read.
pub(super) fn parse(text: &Text) -> Result<Option<Node>, Fault> {
    if text.holes().is_empty() {
        return Ok(json::parse(text.as_str(), text.map())?.map(|document| document.root));
    }
    let quoted = Quoted::new(text);
    let parsed = json::parse(quoted.text.as_str(), &SourceMap::Verbatim(0))
        .map_err(|fault| Fault { span: quoted.text.span_of(fault.span.range()), ..fault })?;
    Ok(parsed.map(|document| quoted.placed(&document.root)))
}

/// The string with quotes around the holes that stand where a value is expected.
struct Quoted {
    text: Text,
    /// Offsets of the first of these quotes.
    added: HashSet<usize>,
}

impl Quoted {
    fn new(text: &Text) -> Self {
        let (mut parts, mut added) = (Vec::new(), HashSet::new());
        let (mut at, mut shift, mut inside) = (0, 0, false);
        for hole in text.holes() {
            let known = text.part(at..hole.range.start);
            inside = ends_inside(known.as_str(), inside);
            parts.push(known);
            let unknown = text.part(hole.range.clone());
            if inside {
                parts.push(unknown);
            } else {
                let quote = Text::unplaced("\"").used_at(unknown.span());
                added.insert(hole.range.start + shift);
                shift += 2;
                parts.extend([quote.clone(), unknown, quote]);
            }
            at = hole.range.end;
        }
        parts.push(text.part(at..text.as_str().len()));
        Self { text: Text::joined(&parts), added }
    }

    /// The node with its place in the file, and its holes.
    fn placed(&self, node: &Node) -> Node {
        let span = self.text.span_of(node.span.range());
        let value = match &node.value {
            Value::Scalar(Scalar { kind: ScalarKind::String, .. })
                if self.added.contains(&(node.span.start as usize)) =>
            {
                let written = self.text.part(node.span.start as usize + 1..node.span.end.saturating_sub(1) as usize);
                let name = written.as_str().trim_start_matches("${").trim_end_matches('}').to_owned();
                Value::Call(Call { name: Text::unplaced(name).used_at(span), args: Vec::new() })
            }
            Value::Scalar(scalar) => Value::Scalar(Scalar { text: self.text_of(&scalar.text), kind: scalar.kind }),
            Value::List(items) => Value::List(items.iter().map(|item| self.placed(item)).collect()),
            Value::Map(entries) => {
                let placed = |entry: &Entry| Entry { key: self.text_of(&entry.key), value: self.placed(&entry.value) };
                Value::Map(entries.iter().map(placed).collect())
            }
            Value::Call(call) => Value::Call(call.clone()),
        };
        Node { span, value }
    }

    /// A string of the document, whose way leads to this text so far.
    fn text_of(&self, text: &Text) -> Text {
        let map = text.map().within(self.text.map(), text.as_str().len());
        Text::new(text.as_str(), map).with_holes(self.holes(text.as_str(), text.span()))
    }

    /// The holes of a string that was decoded from `span` of this text: as they are written, in their order.
    fn holes(&self, decoded: &str, span: Span) -> Vec<Hole> {
        let all = self.text.holes();
        let range = span.range();
        let first = all.partition_point(|hole| hole.range.start < range.start);
        let within = all.iter().skip(first).take_while(|hole| hole.range.end <= range.end);
        let mut at = 0;
        let found = within.filter_map(|hole| {
            let written = self.text.as_str().get(hole.range.clone())?;
            let start = at + decoded.get(at..)?.find(written)?;
            at = start + written.len();
            Some(Hole { range: start..at, ..hole.clone() })
        });
        found.collect()
    }
}

/// Whether a stretch of JSON ends inside a string, given whether it begins in one.
fn ends_inside(json: &str, mut inside: bool) -> bool {
    let mut escaped = false;
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            _ => {}
        }
    }
    inside
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;
    use crate::text::Count;

    const FILE: &str = r#"x = <<E
{"a": "arn:${var.r}:\"${each.value}", "b": ${jsonencode(var.list)}, "${var.k}": [1]}
E"#;

    fn document() -> Node {
        let start = FILE.find('{').unwrap();
        let end = FILE.rfind('\n').unwrap();
        let mut parts = Vec::new();
        let mut at = start;
        for (written, count) in [
            ("${var.r}", Count::Single),
            ("${each.value}", Count::Many),
            ("${jsonencode(var.list)}", Count::Single),
            ("${var.k}", Count::Single),
        ] {
            let hole = at + FILE[at..].find(written).unwrap();
            parts.push(Text::new(&FILE[at..hole], SourceMap::Verbatim(Span::new(at, at).start)));
            parts.push(Text::unknown(written, Span::new(hole, hole + written.len()), count));
            at = hole + written.len();
        }
        parts.push(Text::new(&FILE[at..end], SourceMap::Verbatim(Span::new(at, at).start)));
        parse(&Text::joined(&parts)).unwrap().unwrap()
    }

    #[test]
    fn holes_in_strings_stay_and_others_are_computed() {
        let root = document();
        let text = root.get("a").unwrap().string().unwrap();
        assert_eq!(text.as_str(), "arn:${var.r}:\"${each.value}");
        let holes: Vec<(&str, Count)> =
            text.holes().iter().map(|hole| (&text.as_str()[hole.range.clone()], hole.count)).collect();
        assert_eq!(holes, [("${var.r}", Count::Single), ("${each.value}", Count::Many)]);
        assert_eq!(&FILE[text.span().range()], r#"arn:${var.r}:\"${each.value}"#);
        assert_eq!(&FILE[text.span_of(13..14).range()], r#"\""#);
        let computed = root.get("b").unwrap();
        assert!(matches!(&computed.value, Value::Call(call) if call.name.as_str() == "jsonencode(var.list)"));
        assert_eq!(&FILE[computed.span.range()], "${jsonencode(var.list)}");
        let entry = root.entries().last().unwrap();
        assert_eq!((entry.key.as_str(), entry.key.holes().len()), ("${var.k}", 1));
        assert_eq!(&FILE[entry.value.span.range()], "[1]");
    }

    #[test]
    fn what_is_no_json_is_told_where_it_stands() {
        let text = Text::joined([
            &Text::new("{\"a\": ", SourceMap::Verbatim(10)),
            &Text::unknown("${x}", Span::new(16, 20), Count::Single),
            &Text::new(" b}", SourceMap::Verbatim(20)),
        ]);
        let fault = parse(&text).unwrap_err();
        assert!(fault.span.start >= 20, "{fault:?}");
    }
}
