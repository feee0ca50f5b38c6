//! YAML into the spanned tree.
//!
//! The grammar is `granit-parser`'s, which only `events` knows. Ours are the tree, the types of scalars, aliases and
//! merge keys, and the map from decoded scalars to bytes (`scalar`).
//!
//! - A node with a tag that is not one of YAML's own (`!Sub x`) is a [`Value::Call`], named as written, of the node.
//! - An alias becomes what its anchor names, with the spans of that place: there stands what is to be read or mended.
//! - The entries that a merge key `<<` brings stand behind those of the map itself, which win over them.
//! - A key that is a list or a map becomes its text as written.
//! - The span of a block scalar covers its content, without the header.

mod events;
mod scalar;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use self::events::{Event, Placed, Style, TagKind};
use super::{Call, Entry, Fault, Node, Scalar, Value};
use crate::text::{SourceMap, Span, Text};

/// What a text holds.
#[derive(Debug, Default)]
pub struct Stream {
    /// Its documents in order, or what is wrong with one. Those behind a broken one are read.
    pub documents: Vec<Result<Node, Fault>>,
    /// Its comments in order, each with its `#` and without the end of the line.
    pub comments: Vec<Span>,
}

/// The deepest nesting, aliases expanded.
const DEPTH: usize = 512;

/// What aliases may expand to, in bytes of text; a node counts for 64 bytes more. Files that people write stay far below.
pub const EXPANSION: usize = 8 << 20;
const NODE: usize = 64;

/// Reads all documents of a text. `map` leads from `text` to the file: the identity (with the offset of a byte order
/// mark) for a whole file, a string's map for a document embedded in it.
#[must_use]
pub fn parse(text: &str, map: &SourceMap) -> Stream {
    let mut budget = EXPANSION;
    parse_within(text, map, &mut budget)
}

/// [`parse`] for one of several texts whose aliases may expand to `budget` bytes together.
pub fn parse_within(text: &str, map: &SourceMap, budget: &mut usize) -> Stream {
    let span = |range: Range<usize>| map.span(range);
    let stream = events::read(text);
    let documents = stream.documents.into_iter().map(|document| {
        let events = document.map_err(|broken| {
            let events::Broken { range, message, limit } = broken;
            Fault { span: span(range), message, limit }
        })?;
        let mut builder = Builder {
            text,
            map,
            events: &events,
            anchors: HashMap::new(),
            at: 0,
            end: 0,
            expanding: false,
            budget: *budget,
        };
        let node = builder.node(0);
        *budget = builder.budget;
        node
    });
    let documents = documents.collect();
    Stream { documents, comments: stream.comments.into_iter().map(span).collect() }
}

struct Builder<'a> {
    text: &'a str,
    map: &'a SourceMap,
    events: &'a [Placed<'a>],
    /// Where the events of anchored nodes start, and once these are complete.
    anchors: HashMap<usize, usize>,
    /// The next event.
    at: usize,
    /// Where what was read last ends in the text.
    end: usize,
    /// Whether the node stands for an alias.
    expanding: bool,
    budget: usize,
}

impl<'a> Builder<'a> {
    fn next(&mut self) -> Option<&'a Placed<'a>> {
        let next = self.events.get(self.at);
        self.at += usize::from(next.is_some());
        next
    }

    fn fault(&self, range: &Range<usize>, message: &str) -> Fault {
        Fault { span: self.map.span(range.clone()), message: message.to_owned(), limit: false }
    }

    fn limit(&self, range: &Range<usize>, message: &str) -> Fault {
        Fault { limit: true, ..self.fault(range, message) }
    }

    fn node(&mut self, depth: usize) -> Result<Node, Fault> {
        let first = self.at;
        let Some(placed) = self.next() else {
            return Ok(self.finish(0..0, self.scalar("", &(0..0), Style::Absent, None)));
        };
        if depth > DEPTH {
            return Err(self.limit(&placed.range, "nested deeper than 512 levels"));
        }
        if self.expanding {
            self.charge(placed)?;
        }
        let start = placed.range.start;
        let tag = placed.tag.as_ref();
        let value = match &placed.event {
            Event::Alias(id) => return self.alias(*id, &placed.range, depth),
            Event::Scalar(value, style) => {
                self.end = placed.range.end;
                if matches!(style, Style::Literal | Style::Folded) {
                    self.end = start + self.text.get(placed.range.clone()).map_or(0, |raw| raw.trim_end().len());
                }
                self.scalar(value, &placed.range, *style, tag.map(|tag| tag.kind))
            }
            Event::ListStart => {
                self.end = placed.range.end;
                self.list(depth)?
            }
            Event::MapStart => {
                self.end = placed.range.end;
                self.entries(depth)?
            }
            Event::End => return Err(self.fault(&placed.range, "a value is missing here")),
        };
        if let Some(id) = placed.anchor {
            self.anchors.insert(id, first);
        }
        let node = self.finish(start..self.end.max(start), value);
        Ok(match tag {
            Some(tag) if tag.kind == TagKind::Other => self.call(&tag.range, node),
            _ => node,
        })
    }

    fn finish(&self, range: Range<usize>, value: Value) -> Node {
        Node { span: self.map.span(range), value }
    }

    fn scalar(&self, value: &str, range: &Range<usize>, style: Style, tag: Option<TagKind>) -> Value {
        let kind = scalar::kind(value, style, tag);
        Value::Scalar(Scalar { text: self.decoded(value, range, style), kind })
    }

    fn decoded(&self, value: &str, range: &Range<usize>, style: Style) -> Text {
        let map = scalar::map(self.text, range, style, value);
        Text::new(value, map.within(self.map, value.len()))
    }

    fn written(&self, range: &Range<usize>) -> Text {
        let written = self.text.get(range.clone()).unwrap_or_default();
        Text::new(written, SourceMap::Verbatim(Span::new(range.start, range.end).start).within(self.map, written.len()))
    }

    fn call(&self, tag: &Range<usize>, node: Node) -> Node {
        let range = tag.start..self.end.max(tag.end);
        self.finish(range, Value::Call(Call { name: self.written(tag), args: vec![node] }))
    }

    fn list(&mut self, depth: usize) -> Result<Value, Fault> {
        let mut items = Vec::new();
        while !self.closes() {
            items.push(self.node(depth + 1)?);
        }
        Ok(Value::List(items))
    }

    /// Whether the collection ends here, and if so, goes behind its end.
    fn closes(&mut self) -> bool {
        match self.events.get(self.at) {
            Some(Placed { event: Event::End, range, .. }) => {
                self.at += 1;
                // a block collection ends with the last thing in it, not where the next thing begins
                if !range.is_empty() {
                    self.end = range.end;
                }
                true
            }
            Some(_) => false,
            None => true,
        }
    }

    fn entries(&mut self, depth: usize) -> Result<Value, Fault> {
        let mut entries = Vec::new();
        let mut merged = Vec::new();
        while !self.closes() {
            let merges = matches!(
                self.events.get(self.at),
                Some(Placed { event: Event::Scalar(key, Style::Plain), tag: None, .. }) if key == "<<"
            );
            let key = self.key(depth)?;
            let value = self.node(depth + 1)?;
            match value.value {
                Value::Map(_) if merges => merged.push(value),
                Value::List(maps) if merges && maps.iter().all(|map| matches!(map.value, Value::Map(_))) => {
                    merged.extend(maps);
                }
                _ => entries.push(Entry { key, value }),
            }
        }
        if !merged.is_empty() {
            merge(&mut entries, merged);
        }
        Ok(Value::Map(entries))
    }

    fn key(&mut self, depth: usize) -> Result<Text, Fault> {
        let start = self.events.get(self.at).map_or(0, |placed| placed.range.start);
        let key = self.node(depth + 1)?;
        Ok(match key.value {
            Value::Scalar(scalar) => scalar.text,
            _ => self.written(&(start..self.end)),
        })
    }

    /// The node that an alias stands for.
    fn alias(&mut self, id: usize, range: &Range<usize>, depth: usize) -> Result<Node, Fault> {
        let Some(target) = self.anchors.get(&id).copied() else {
            return Err(self.fault(range, "the alias stands in the very value that it names"));
        };
        let (at, outer) = (self.at, self.expanding);
        (self.at, self.expanding) = (target, true);
        let node = self.node(depth).map_err(|fault| {
            // what matters is where the outermost alias stands
            if outer { fault } else { Fault { span: self.map.span(range.clone()), ..fault } }
        });
        (self.at, self.expanding) = (at, outer);
        self.end = range.end;
        node
    }

    fn charge(&mut self, placed: &Placed<'_>) -> Result<(), Fault> {
        match self.budget.checked_sub(NODE + placed.range.len()) {
            Some(left) => self.budget = left,
            None => return Err(self.limit(&placed.range, "the aliases expand to more than 8 MiB")),
        }
        Ok(())
    }
}

/// Adds what merge keys bring: keys of the map itself win over it, and earlier maps over later ones.
fn merge(entries: &mut Vec<Entry>, merged: Vec<Node>) {
    let mut taken: HashSet<String> = entries.iter().map(|entry| entry.key.as_str().to_owned()).collect();
    for map in merged {
        let Value::Map(mut more) = map.value else {
            continue;
        };
        more.retain(|entry| !taken.contains(entry.key.as_str()));
        taken.extend(more.iter().map(|entry| entry.key.as_str().to_owned()));
        entries.extend(more);
    }
}

#[cfg(test)]
mod tests;
