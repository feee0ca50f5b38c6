//! JSON in strings.

use super::super::{Scope, string, text_of};
use super::LONGEST;
use crate::syntax::{Call, Node, Scalar, ScalarKind, Value, json, yaml};
use crate::text::{Piece, Span, Text};

/// The value of a function that writes or reads a document. One that is written is what it holds: in a string, what is no
/// string is JSON.
pub(super) fn apply(name: &str, args: &[Node], span: Span, scope: &dyn Scope) -> Option<Node> {
    match (name, args) {
        ("jsonencode" | "yamlencode", [document]) if matches!(document.value, Value::List(_) | Value::Map(_)) => {
            Some(document.clone())
        }
        ("jsonencode", [scalar]) if scalar.scalar().is_some() => Some(string(json_of(scalar, scope)?, span)),
        ("jsondecode" | "yamldecode", [document]) if matches!(document.value, Value::List(_) | Value::Map(_)) => {
            Some(document.clone())
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

/// A list or map as JSON; `None` where it is not known which parts it has.
pub(in crate::formats::evaluate) fn json_of(document: &Node, scope: &dyn Scope) -> Option<Text> {
    let mut writer = Writer { scope, parts: Vec::new(), length: 0 };
    writer.write(document)?;
    Some(Text::joined(&writer.parts))
}

struct Writer<'s> {
    scope: &'s dyn Scope,
    parts: Vec<Text>,
    length: usize,
}

impl Writer<'_> {
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
            Value::Call(call) if call.name.as_str() == Call::SPREAD => None,
            Value::Call(_) => self.push(text_of(node, self.scope)),
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
