//! HCL, the language of Terraform and OpenTofu, into the spanned tree.
//!
//! The grammar is `hcl-edit`'s. Ours are the tree and the map from decoded strings to bytes.
//!
//! - An attribute is an entry. A block is an entry too: its labels are maps of one entry each around its body, so that
//!   `resource "aws_iam_policy" "x" {…}` has the shape that it has in a `.tf.json` file. Every block is an entry of its own.
//! - Expressions are [`Call`]s, named as that type says. A reference is named with the attributes behind it
//!   (`data.aws_region.current.name`), up to the first index or splat.
//! - The span of a heredoc covers its content, without the markers.

mod literal;

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ForExpr, FuncCall, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::{Directive, Element, IfDirective, Strip, Template};

use super::{Call, Entry, Fault, Node, Scalar, ScalarKind, Value};
use crate::text::{Count, SourceMap, Span, Text};
use literal::Dress;

/// A file that could be read.
#[derive(Debug)]
pub struct Document {
    /// Its body.
    pub root: Node,
    /// Its strings, where comments cannot stand, in order.
    strings: Vec<Range<usize>>,
}

/// Reads a file. `map` leads from `text` to the file: the identity, with the offset of a byte order mark.
///
/// # Errors
/// The first place that cannot be read, or nesting deeper than the 64 levels that the grammar allows.
pub fn parse(text: &str, map: &SourceMap) -> Result<Document, Fault> {
    let body = hcl_edit::parser::parse_body(text).map_err(|error| fault(&error, map))?;
    let mut reader = Reader { text, map, strings: Vec::new() };
    let root = reader.body(&body, 0..text.len());
    Ok(Document { root, strings: reader.strings })
}

/// Reads a template that is a file of its own, or stands in a string of a `.tf.json` file: a call of
/// [`Call::TEMPLATE`], or a string where nothing in it is computed.
///
/// # Errors
/// As for [`parse`].
pub fn parse_template(text: &str, map: &SourceMap) -> Result<Node, Fault> {
    let template = hcl_edit::parser::parse_template(text).map_err(|error| fault(&error, map))?;
    let mut reader = Reader { text, map, strings: Vec::new() };
    Ok(reader.template(&template, 0..text.len(), Dress::Bare))
}

/// The comments that hold `word`, each with its sign and up to the end of its line or its closing sign.
#[must_use]
pub fn comments(text: &str, document: &Document, word: &str, map: &SourceMap) -> Vec<Span> {
    let in_string = |at: usize| {
        let next = document.strings.partition_point(|string| string.end <= at);
        document.strings.get(next).is_some_and(|string| string.contains(&at))
    };
    let found = text.match_indices(word).filter(|(at, _)| !in_string(*at));
    let spans = found.filter_map(|(at, _)| {
        let line = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        let before = text.get(line..at)?;
        let signs = ["#", "//"].iter().filter_map(|sign| {
            let mut places = before.match_indices(sign).map(|(found, _)| line + found);
            places.find(|place| !in_string(*place))
        });
        let end_of_line = text.get(at..)?.find('\n').map_or(text.len(), |end| at + end);
        match signs.min() {
            Some(start) => Some(start..end_of_line),
            None => {
                let start = text.get(..at)?.rfind("/*")?;
                let end = text.get(at..)?.find("*/").map_or(text.len(), |end| at + end + 2);
                Some(start..end)
            }
        }
    });
    spans.map(|range| map.span(range)).collect()
}

fn fault(error: &hcl_edit::parser::Error, map: &SourceMap) -> Fault {
    let at = error.location().offset();
    let mut letters = error.message().chars();
    let message = letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default();
    Fault { span: map.span(at..at), message }
}

struct Reader<'a> {
    text: &'a str,
    map: &'a SourceMap,
    strings: Vec<Range<usize>>,
}

impl Reader<'_> {
    fn node(&self, range: Range<usize>, value: Value) -> Node {
        Node { span: self.map.span(range), value }
    }

    fn written(&self, range: Range<usize>) -> Text {
        let written = self.text.get(range.clone()).unwrap_or_default();
        Text::new(written, SourceMap::Verbatim(Span::new(range.start, 0).start).within(self.map, written.len()))
    }

    fn call(&self, name: Text, args: Vec<Node>, range: Range<usize>) -> Node {
        self.node(range, Value::Call(Call { name, args }))
    }

    /// A call of something that has no name in the file.
    fn operation(&self, name: &str, args: Vec<Node>, range: Range<usize>) -> Node {
        self.call(Text::unplaced(name).used_at(self.map.span(range.clone())), args, range)
    }

    fn scalar(&self, kind: ScalarKind, range: Range<usize>) -> Node {
        let text = self.written(range.clone());
        self.node(range, Value::Scalar(Scalar { text, kind }))
    }

    fn string(&mut self, decoded: &str, range: Range<usize>, dress: Dress) -> Node {
        self.strings.push(range.clone());
        let text = self.literal(decoded, range.clone(), dress);
        self.node(range, Value::Scalar(Scalar { text, kind: ScalarKind::String }))
    }

    /// The text of characters that stand at `range` in a dress.
    fn literal(&self, decoded: &str, range: Range<usize>, dress: Dress) -> Text {
        let map = literal::map(self.text.get(range.clone()).unwrap_or_default(), range.start, decoded, dress);
        Text::new(decoded, map.within(self.map, decoded.len()))
    }

    fn body(&mut self, body: &Body, range: Range<usize>) -> Node {
        let entries = body.iter().map(|structure| match structure {
            Structure::Attribute(attribute) => {
                let key = self.ident(attribute.key.span(), attribute.key.as_str());
                Entry { key, value: self.expression(&attribute.value, range.clone()) }
            }
            Structure::Block(block) => {
                let whole = block.span().unwrap_or(range.clone());
                let mut value = self.body(&block.body, whole.clone());
                for label in block.labels.iter().rev() {
                    let key = match label {
                        hcl_edit::structure::BlockLabel::Ident(ident) => self.ident(ident.span(), ident.as_str()),
                        hcl_edit::structure::BlockLabel::String(string) => {
                            let inner = string.span().map_or(0..0, inside_quotes);
                            self.literal(string.as_str(), inner, Dress::Quoted)
                        }
                    };
                    value = self.node(whole.clone(), Value::Map(vec![Entry { key, value }]));
                }
                Entry { key: self.ident(block.ident.span(), block.ident.as_str()), value }
            }
        });
        let entries = entries.collect();
        self.node(range, Value::Map(entries))
    }

    fn ident(&self, range: Option<Range<usize>>, name: &str) -> Text {
        range.map_or_else(|| Text::unplaced(name), |range| self.written(range))
    }

    fn expression(&mut self, expression: &Expression, outer: Range<usize>) -> Node {
        let range = expression.span().unwrap_or(outer);
        match expression {
            Expression::Null(_) => self.scalar(ScalarKind::Null, range),
            Expression::Bool(_) => self.scalar(ScalarKind::Bool, range),
            Expression::Number(_) => self.scalar(ScalarKind::Number, range),
            Expression::String(string) => {
                let node = self.string(string.as_str(), inside_quotes(range.clone()), Dress::Quoted);
                Node { span: self.map.span(range), ..node }
            }
            Expression::Array(array) => {
                let items = array.iter().map(|item| self.expression(item, range.clone())).collect();
                self.node(range, Value::List(items))
            }
            Expression::Object(object) => {
                let entries = object.iter().map(|(key, value)| Entry {
                    key: self.key(key, range.clone()),
                    value: self.expression(value.expr(), range.clone()),
                });
                let entries = entries.collect();
                self.node(range, Value::Map(entries))
            }
            Expression::StringTemplate(template) => {
                let node = self.template(template, inside_quotes(range.clone()), Dress::Quoted);
                Node { span: self.map.span(range), ..node }
            }
            Expression::HeredocTemplate(heredoc) => {
                let ends = heredoc.template.iter().filter_map(element_range);
                let content = ends.reduce(|whole, next| whole.start..next.end.max(whole.end)).unwrap_or(range);
                self.template(&heredoc.template, content, Dress::Bare)
            }
            Expression::Parenthesis(inner) => self.expression(inner.inner(), range),
            Expression::Variable(name) => self.call(self.ident(name.span(), name.as_str()), Vec::new(), range),
            Expression::Conditional(choice) => {
                let parts = [&choice.cond_expr, &choice.true_expr, &choice.false_expr];
                let args = parts.into_iter().map(|part| self.expression(part, range.clone())).collect();
                self.operation(Call::CHOICE, args, range)
            }
            Expression::FuncCall(call) => self.function(call, range),
            Expression::Traversal(traversal) => self.traversal(traversal, range),
            Expression::UnaryOp(operation) => {
                let arg = self.expression(&operation.expr, range.clone());
                self.operation(operation.operator.as_str(), vec![arg], range)
            }
            Expression::BinaryOp(operation) => {
                let sides = [&operation.lhs_expr, &operation.rhs_expr];
                let args = sides.into_iter().map(|side| self.expression(side, range.clone())).collect();
                self.operation(operation.operator.as_str(), args, range)
            }
            Expression::ForExpr(each) => self.each(each, range),
        }
    }

    /// A key that is computed keeps its text, with what is not known in it as holes.
    fn key(&mut self, key: &ObjectKey, outer: Range<usize>) -> Text {
        let expression = match key {
            ObjectKey::Ident(ident) => return self.ident(ident.span(), ident.as_str()),
            ObjectKey::Expression(expression) => expression,
        };
        let node = self.expression(expression, outer);
        match &node.value {
            Value::Scalar(scalar) => scalar.text.clone(),
            Value::Call(call) if call.name.as_str() == Call::TEMPLATE => {
                let parts: Vec<Text> = call.args.iter().map(unknown_text).collect();
                Text::joined(&parts)
            }
            _ => unknown_text(&node),
        }
    }

    /// An argument list that ends in `…` has its last argument in a call of [`Call::SPREAD`].
    fn function(&mut self, call: &FuncCall, range: Range<usize>) -> Node {
        let mut name = self.ident(call.name.name.span(), call.name.name.as_str());
        if call.name.is_namespaced() {
            let path = call.name.namespace.iter().map(|part| part.as_str()).chain([call.name.name.as_str()]);
            name = Text::unplaced(path.collect::<Vec<_>>().join("::")).used_at(name.span());
        }
        let mut args: Vec<Node> = call.args.iter().map(|arg| self.expression(arg, range.clone())).collect();
        if call.args.expand_final()
            && let Some(last) = args.pop()
        {
            let name = Text::unplaced(Call::SPREAD).used_at(last.span);
            args.push(Node { span: last.span, value: Value::Call(Call { name, args: vec![last] }) });
        }
        self.call(name, args, range)
    }

    fn traversal(&mut self, traversal: &Traversal, range: Range<usize>) -> Node {
        let mut node = self.expression(&traversal.expr, range.clone());
        for operator in &traversal.operators {
            let end = operator.span().map_or(range.end, |operator| operator.end);
            let so_far = range.start..end;
            node = match (operator.value(), &node.value) {
                (TraversalOperator::GetAttr(_), Value::Call(Call { args, .. })) if args.is_empty() => {
                    self.call(self.written(so_far.clone()), Vec::new(), so_far)
                }
                (TraversalOperator::GetAttr(name), _) => {
                    let text = self.ident(name.span(), name.as_str());
                    let key =
                        Node { span: text.span(), value: Value::Scalar(Scalar { text, kind: ScalarKind::String }) };
                    self.operation(Call::PART, vec![node, key], so_far)
                }
                (TraversalOperator::Index(index), _) => {
                    let index = self.expression(index, so_far.clone());
                    self.operation(Call::PART, vec![node, index], so_far)
                }
                (TraversalOperator::LegacyIndex(index), _) => {
                    let range = index.span().unwrap_or(so_far.clone());
                    let index = self.scalar(ScalarKind::Number, range);
                    self.operation(Call::PART, vec![node, index], so_far)
                }
                (TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_), _) => {
                    self.operation(Call::SPLAT, vec![node], so_far)
                }
            };
        }
        node
    }

    fn each(&mut self, each: &ForExpr, range: Range<usize>) -> Node {
        let intro = &each.intro;
        let name = |reader: &Self, ident: Option<&hcl_edit::Decorated<hcl_edit::Ident>>| {
            let text = ident.map_or_else(|| Text::unplaced(""), |ident| reader.ident(ident.span(), ident.as_str()));
            Node { span: text.span(), value: Value::Scalar(Scalar { text, kind: ScalarKind::String }) }
        };
        let nothing = |reader: &Self| {
            let value = Value::Scalar(Scalar { text: Text::unplaced(""), kind: ScalarKind::Null });
            reader.node(range.clone(), value)
        };
        let names = [name(self, intro.key_var.as_ref()), name(self, Some(&intro.value_var))];
        let collection = self.expression(&intro.collection_expr, range.clone());
        let key = match &each.key_expr {
            Some(key) => self.expression(key, range.clone()),
            None => nothing(self),
        };
        let value = self.expression(&each.value_expr, range.clone());
        let condition = match &each.cond {
            Some(condition) => self.expression(&condition.expr, range.clone()),
            None => nothing(self),
        };
        let name = if each.grouping { Call::FOR_GROUPS } else { Call::FOR };
        let [key_name, value_name] = names;
        self.operation(name, vec![key_name, value_name, collection, key, value, condition], range)
    }

    fn template(&mut self, template: &Template, range: Range<usize>, dress: Dress) -> Node {
        self.strings.push(range.clone());
        let mut parts: Vec<Node> = Vec::new();
        let mut strip_next = false;
        for element in template {
            let place = element_range(element).unwrap_or(range.clone());
            let (part, strip) = match element {
                Element::Literal(literal) => {
                    let text = self.literal(literal.as_str(), place.clone(), dress);
                    let start = text.as_str().len() - text.as_str().trim_start().len();
                    let text = if strip_next { text.part(start..text.as_str().len()) } else { text };
                    (self.node(place, Value::Scalar(Scalar { text, kind: ScalarKind::String })), Strip::None)
                }
                Element::Interpolation(interpolation) => {
                    let inner = self.expression(&interpolation.expr, place.clone());
                    // what it stands for is underlined with its braces
                    let placed = if template.len() == 1 { inner } else { Node { span: self.map.span(place), ..inner } };
                    (placed, interpolation.strip)
                }
                Element::Directive(directive) => (self.directive(directive, place, dress), Strip::None),
            };
            if matches!(strip, Strip::Start | Strip::Both)
                && let Some(Node { value: Value::Scalar(before), .. }) = parts.last_mut()
            {
                before.text = before.text.part(0..before.text.as_str().trim_end().len());
            }
            strip_next = matches!(strip, Strip::End | Strip::Both);
            parts.push(part);
        }
        match parts.as_slice() {
            [] => self.string("", range.start..range.start, dress),
            [Node { value: Value::Scalar(Scalar { text, kind: ScalarKind::String }), .. }] => {
                let value = Value::Scalar(Scalar { text: text.clone(), kind: ScalarKind::String });
                self.node(range, value)
            }
            _ => self.operation(Call::TEMPLATE, parts, range),
        }
    }

    /// A condition is a choice between two templates; what is written for each item of a collection is not known.
    fn directive(&mut self, directive: &Directive, range: Range<usize>, dress: Dress) -> Node {
        match directive {
            Directive::If(IfDirective { if_expr, else_expr, .. }) => {
                let condition = self.expression(&if_expr.cond_expr, range.clone());
                let yes = self.template(&if_expr.template, range.clone(), dress);
                let no = match else_expr {
                    Some(no) => self.template(&no.template, range.clone(), dress),
                    None => self.string("", range.end..range.end, dress),
                };
                self.operation(Call::CHOICE, vec![condition, yes, no], range)
            }
            Directive::For(_) => self.operation("%{for}", Vec::new(), range),
        }
    }
}

/// The text of a part of a key.
fn unknown_text(node: &Node) -> Text {
    match &node.value {
        Value::Scalar(scalar) => scalar.text.clone(),
        Value::Call(call) if call.args.is_empty() => {
            Text::unknown(format!("${{{}}}", call.name.as_str()), node.span, Count::Single)
        }
        _ => Text::unknown("${…}", node.span, Count::Single),
    }
}

fn element_range(element: &Element) -> Option<Range<usize>> {
    match element {
        Element::Literal(literal) => literal.span(),
        Element::Interpolation(interpolation) => interpolation.span(),
        Element::Directive(directive) => directive.span(),
    }
}

fn inside_quotes(range: Range<usize>) -> Range<usize> {
    range.start + 1..range.end.saturating_sub(1).max(range.start + 1)
}

#[cfg(test)]
mod tests;
