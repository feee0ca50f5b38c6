//! Strings with parts that are computed: `"a ${b} c"`, heredocs, files of templates.
//!
//! A directive is written as the expressions that say the same: `%{ if a }…%{ else }…%{ endif }` as a choice,
//! `%{ for a in b }…%{ endfor }` as `join("", [for a in b : …])`.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::template::{Directive, Element, ForDirective, IfDirective, Strip, Template};

use super::literal::Dress;
use super::{Reader, element_range};
use crate::syntax::{Call, Node, Scalar, ScalarKind, Value};

/// Whether the white space at both ends is taken out.
#[derive(Clone, Copy, Default)]
struct Trimmed {
    start: bool,
    end: bool,
}

impl Reader<'_> {
    /// A template: a string where nothing in it is computed, else a call of [`Call::TEMPLATE`].
    pub(super) fn template(&mut self, template: &Template, range: Range<usize>, dress: Dress) -> Node {
        self.strings.push(range.clone());
        self.trimmed(template, range, dress, Trimmed::default())
    }

    /// The white space that all lines of a heredoc begin with, in characters; blank lines do not count, nor those that
    /// begin with something computed.
    ///
    /// Source: HCL Native Syntax Specification, "Templates" (flush heredoc).
    pub(super) fn indentation(&self, template: &Template) -> usize {
        let mut lines = Vec::new();
        self.line_beginnings(template, &mut lines);
        lines.into_iter().min().unwrap_or(0)
    }

    fn line_beginnings(&self, template: &Template, into: &mut Vec<usize>) {
        for element in template {
            match element {
                Element::Literal(literal) => {
                    let Some(range) = literal.span() else { continue };
                    let raw = self.text.get(range.clone()).unwrap_or_default();
                    let begins = usize::from(!self.begins_line(range.start));
                    let lines = raw
                        .split_inclusive('\n')
                        .skip(begins)
                        .filter(|line| !line.trim().is_empty() || !line.ends_with('\n'));
                    into.extend(lines.map(|line| line.chars().take_while(|c| c.is_whitespace()).count()));
                }
                Element::Interpolation(_) => {}
                Element::Directive(directive) => match &**directive {
                    Directive::If(choice) => {
                        self.line_beginnings(&choice.if_expr.template, into);
                        if let Some(other) = &choice.else_expr {
                            self.line_beginnings(&other.template, into);
                        }
                    }
                    Directive::For(each) => self.line_beginnings(&each.for_expr.template, into),
                },
            }
        }
    }

    fn trimmed(&mut self, template: &Template, range: Range<usize>, dress: Dress, trimmed: Trimmed) -> Node {
        let strips: Vec<(bool, bool)> = template.iter().map(strips).collect();
        let mut parts: Vec<Node> = Vec::with_capacity(strips.len());
        for (index, element) in template.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| strips.get(before));
            let after = strips.get(index + 1);
            let here = Trimmed {
                start: before.map_or(trimmed.start, |(_, end)| *end),
                end: after.map_or(trimmed.end, |(start, _)| *start),
            };
            let place = element_range(element).unwrap_or(range.clone());
            parts.push(match element {
                Element::Literal(_) => self.piece(place, dress, here),
                Element::Interpolation(interpolation) => {
                    let inner = self.expression(&interpolation.expr, place.clone());
                    // what it stands for is underlined with its braces
                    let alone = template.len() == 1;
                    if alone { inner } else { Node { span: self.map.span(place), ..inner } }
                }
                Element::Directive(directive) => self.directive(directive, place, dress),
            });
        }
        match parts.as_mut_slice() {
            [] => self.string(range.start..range.start, dress),
            [Node { value: Value::Scalar(Scalar { text, kind: ScalarKind::String }), .. }] => {
                let value = Value::Scalar(Scalar { text: text.clone(), kind: ScalarKind::String });
                self.node(range, value)
            }
            _ => self.operation(Call::TEMPLATE, parts, range),
        }
    }

    fn piece(&self, range: Range<usize>, dress: Dress, trimmed: Trimmed) -> Node {
        let text = self.literal(range.clone(), dress);
        let whole = text.as_str();
        let end = if trimmed.end { whole.trim_end().len() } else { whole.len() };
        let start = if trimmed.start { whole.len() - whole.trim_start().len() } else { 0 };
        let text = if start > 0 || end < whole.len() { text.part(start.min(end)..end) } else { text };
        self.node(range, Value::Scalar(Scalar { text, kind: ScalarKind::String }))
    }

    fn directive(&mut self, directive: &Directive, range: Range<usize>, dress: Dress) -> Node {
        match directive {
            Directive::If(choice) => self.choice(choice, range, dress),
            Directive::For(each) => self.repeated(each, range, dress),
        }
    }

    fn choice(&mut self, choice: &IfDirective, range: Range<usize>, dress: Dress) -> Node {
        let IfDirective { if_expr, else_expr, endif_expr, .. } = choice;
        let condition = self.expression(&if_expr.cond_expr, range.clone());
        let end = endif_expr.strip.strip_start();
        let inner = Trimmed {
            start: if_expr.strip.strip_end(),
            end: else_expr.as_ref().map_or(end, |other| other.strip.strip_start()),
        };
        let place = |template: &Template| template.span().unwrap_or(range.clone());
        let yes = self.trimmed(&if_expr.template, place(&if_expr.template), dress, inner);
        let no = match else_expr {
            Some(other) => {
                let inner = Trimmed { start: other.strip.strip_end(), end };
                self.trimmed(&other.template, place(&other.template), dress, inner)
            }
            None => self.string(range.end..range.end, dress),
        };
        self.operation(Call::CHOICE, vec![condition, yes, no], range)
    }

    fn repeated(&mut self, each: &ForDirective, range: Range<usize>, dress: Dress) -> Node {
        let ForDirective { for_expr, endfor_expr, .. } = each;
        let names = [for_expr.key_var.as_ref(), Some(&for_expr.value_var)].map(|name| self.bound(name));
        let collection = self.expression(&for_expr.collection_expr, range.clone());
        let inner = Trimmed { start: for_expr.strip.strip_end(), end: endfor_expr.strip.strip_start() };
        let place = for_expr.template.span().unwrap_or(range.clone());
        let value = self.trimmed(&for_expr.template, place, dress, inner);
        let [key_name, value_name] = names;
        let nothing = || self.nothing(range.clone());
        let args = vec![key_name, value_name, collection, nothing(), value, nothing()];
        let all = self.operation(Call::FOR, args, range.clone());
        let separator = self.string(range.start..range.start, dress);
        self.operation("join", vec![separator, all], range)
    }
}

/// Whether white space before and behind an element is taken out.
fn strips(element: &Element) -> (bool, bool) {
    let of = |first: Strip, last: Strip| (first.strip_start(), last.strip_end());
    match element {
        Element::Literal(_) => (false, false),
        Element::Interpolation(interpolation) => of(interpolation.strip, interpolation.strip),
        Element::Directive(directive) => match &**directive {
            Directive::If(choice) => of(choice.if_expr.strip, choice.endif_expr.strip),
            Directive::For(each) => of(each.for_expr.strip, each.endfor_expr.strip),
        },
    }
}
