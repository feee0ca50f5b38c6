//! Variables in the values of a Compose file: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?message}`, `${NAME:+other}`,
//! and `$$` for a dollar sign.

use std::ops::Range;
use std::sync::Arc;

use super::Shell;
use crate::formats::ReferenceFact;
use crate::formats::environment::is_secret;
use crate::source::{Location, Source};
use crate::text::{Count, FilledBy, Hole, Text};

/// The deepest nesting of defaults in defaults.
const DEPTH: usize = 8;

/// Longer values, in bytes, are nothing that is called.
const LONGEST: usize = 16 << 10;

/// What is known when values are put together.
pub(super) struct Interpolation<'a> {
    /// What the variables are set to.
    pub(super) shell: &'a Shell,
    /// The file that names them.
    pub(super) source: &'a Arc<Source>,
    /// Where values stand for others, for the reader.
    pub(super) references: &'a mut Vec<ReferenceFact>,
}

impl Interpolation<'_> {
    /// The value with what is known put into its place, and the rest as holes.
    pub(super) fn of(&mut self, text: &Text) -> Text {
        // what is a hole as a whole stays one, and so do those of other templates
        if !text.as_str().contains('$') || is_unknown(text) {
            return text.clone();
        }
        if text.as_str().len() > LONGEST {
            return Text::unknown("${…}", text.span(), Count::Single);
        }
        self.parts(&text.clone().with_holes(Vec::new()), DEPTH)
    }

    fn parts(&mut self, text: &Text, left: usize) -> Text {
        let written = text.as_str();
        let mut parts = Vec::new();
        let mut done = 0;
        while let Some(found) = written.get(done..).and_then(|rest| rest.find('$')) {
            let start = done + found;
            let rest = written.get(start..).unwrap_or_default();
            parts.push(text.part(done..start));
            done = start;
            if rest.starts_with("$$") {
                parts.push(text.part(start..start + 1));
                done = start + 2;
            } else if rest.starts_with("${") && closing(rest.get(2..).unwrap_or_default()).is_none() {
                // never closed, and so is none behind it
                break;
            } else if let Some(variable) = Variable::at(rest) {
                let range = start..start + variable.length;
                parts.push(self.variable(text, &range, &variable, left));
                done = range.end;
            } else {
                parts.push(text.part(start..start + 1));
                done = start + 1;
            }
        }
        parts.push(text.part(done..written.len()));
        Text::joined(&parts)
    }

    fn variable(&mut self, text: &Text, range: &Range<usize>, variable: &Variable<'_>, left: usize) -> Text {
        let hole = Hole { range: 0..range.len(), count: Count::Single, filled_by: FilledBy::Template };
        let unknown = text.part(range.clone()).with_holes(vec![hole]);
        let at = text.span_of(range.clone());
        let set = self.shell.get(variable.name).filter(|(_, field)| field.is_filled());
        match (set, &variable.operator) {
            (_, Operator::Other) => unknown,
            (Some(_), _) if is_secret(variable.name) => unknown,
            (Some((source, field)), _) => {
                self.references.push(ReferenceFact {
                    at: Location::new(self.source, at),
                    overridable: true,
                    written: Some(Location::new(source, field.value.span())),
                });
                field.value.used_at(at)
            }
            (None, Operator::Default(default)) if !default.is_empty() && left > 0 => {
                let default = text.part(range.start + default.start..range.start + default.end);
                self.references.push(ReferenceFact {
                    at: Location::new(self.source, at),
                    overridable: true,
                    written: Some(Location::new(self.source, default.span())),
                });
                self.parts(&default, left - 1)
            }
            (None, _) => unknown,
        }
    }
}

fn is_unknown(text: &Text) -> bool {
    text.holes().first().is_some_and(|hole| hole.count == Count::Many && hole.range.len() == text.as_str().len())
}

/// A variable in a value.
struct Variable<'a> {
    name: &'a str,
    operator: Operator,
    /// Of all of it, in bytes.
    length: usize,
}

/// What stands behind the name.
enum Operator {
    None,
    /// `:-` and `-`, with the bytes of the default.
    Default(Range<usize>),
    /// `?`, which wants the variable to be set.
    Required,
    /// What takes another value where it is set, and what is not known.
    Other,
}

impl<'a> Variable<'a> {
    /// The variable that a text begins with.
    fn at(text: &'a str) -> Option<Self> {
        let braced = text.strip_prefix("${");
        let rest = braced.or_else(|| text.strip_prefix('$'))?;
        let width = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = rest.get(..width).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))?;
        if braced.is_none() {
            return Some(Self { name, operator: Operator::None, length: 1 + width });
        }
        let behind = rest.get(width..)?;
        let end = closing(behind)?;
        let word = behind.get(..end)?;
        let sign = word.strip_prefix(':').unwrap_or(word);
        let start = 2 + width + (word.len() - sign.len()) + 1;
        let operator = match sign.chars().next() {
            None => Operator::None,
            Some('-') => Operator::Default(start..2 + width + end),
            Some('?') => Operator::Required,
            Some(_) => Operator::Other,
        };
        Some(Self { name, operator, length: 2 + width + end + 1 })
    }
}

/// Where the brace closes that is open at the beginning.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1_usize;
    let found = text.char_indices().find(|(_, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    found.map(|(at, _)| at)
}
