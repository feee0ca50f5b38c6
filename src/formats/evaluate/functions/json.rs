//! JSON in strings.

use super::LONGEST;
use crate::syntax::{Call, Node, Scalar, ScalarKind, Value, json, yaml};
use crate::text::{Piece, Span, Text};

/// The value of a function that reads a document. One that writes JSON stays a call around its document, which has its own
/// places.
pub(super) fn apply(name: &str, args: &[Node]) -> Option<Node> {
    match (name, args) {
        ("jsondecode", [Node { value: Value::Call(Call { name, args }), .. }]) if name.as_str() == "jsonencode" => {
            args.first().cloned()
        }
        ("jsondecode", [text]) => {
            let text = text.string().filter(|text| text.literal().is_some())?;
            json::parse(text.as_str(), text.map()).ok()?.map(|document| document.root)
        }
        ("yamldecode", [text]) => {
            let text = text.string().filter(|text| text.literal().is_some())?;
            match yaml::parse(text.as_str(), text.map()).documents.as_slice() {
                [Ok(only)] => Some(only.clone()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The JSON that a call of `jsonencode` writes; `None` for other calls, and where it is not known which parts it has.
pub(in crate::formats::evaluate) fn json_of(call: &Call) -> Option<Text> {
    let [document] = call.args.as_slice() else { return None };
    if call.name.as_str() != "jsonencode" {
        return None;
    }
    let mut writer = Writer { parts: Vec::new(), length: 0 };
    writer.write(document)?;
    Some(Text::joined(&writer.parts))
}

struct Writer {
    parts: Vec<Text>,
    length: usize,
}

impl Writer {
    fn push(&mut self, text: Text) -> Option<()> {
        self.length += text.as_str().len();
        self.parts.push(text);
        (self.length <= LONGEST).then_some(())
    }

    fn sign(&mut self, sign: &str, span: Span) -> Option<()> {
        self.push(Text::unplaced(sign).used_at(span))
    }

    fn write(&mut self, node: &Node) -> Option<()> {
        let span = node.span;
        match &node.value {
            Value::Scalar(Scalar { text, kind: ScalarKind::String }) => self.string(text, span),
            Value::Scalar(scalar) => self.push(scalar.text.clone()),
            Value::List(items) => {
                self.sign("[", span)?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.sign(",", span)?;
                    }
                    self.write(item)?;
                }
                self.sign("]", span)
            }
            Value::Map(entries) => {
                self.sign("{", span)?;
                for (index, entry) in entries.iter().enumerate() {
                    if index > 0 {
                        self.sign(",", span)?;
                    }
                    self.string(&entry.key, entry.key.span())?;
                    self.sign(":", span)?;
                    self.write(&entry.value)?;
                }
                self.sign("}", span)
            }
            Value::Call(_) => None,
        }
    }

    fn string(&mut self, text: &Text, span: Span) -> Option<()> {
        self.sign("\"", span)?;
        for piece in text.pieces() {
            match piece {
                Piece::Hole(hole) => self.push(text.part(hole.range.clone()))?,
                Piece::Literal(known, start) => self.escaped(known, start, text)?,
            }
        }
        self.sign("\"", span)
    }

    fn escaped(&mut self, known: &str, start: usize, text: &Text) -> Option<()> {
        let mut at = 0;
        for (found, sign) in known.match_indices(|c: char| c < ' ' || matches!(c, '"' | '\\')) {
            self.push(text.part(start + at..start + found))?;
            at = found + sign.len();
            let escape = match sign {
                "\"" | "\\" => format!("\\{sign}"),
                "\n" => "\\n".to_owned(),
                _ => format!("\\u{:04x}", sign.bytes().next()?),
            };
            self.push(Text::unplaced(escape).used_at(text.span_of(start + found..start + at)))?;
        }
        self.push(text.part(start + at..start + known.len()))
    }
}
