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
mod template;
mod wide;

use std::ops::Range;

use hcl_edit::expr::{Expression, ForExpr, FuncCall, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::Element;
use hcl_edit::{Decorated, Ident, Span as _};

use self::literal::Dress;
use self::wide::Renamed;
use super::{Call, Entry, Fault, Node, Scalar, ScalarKind, Value};
use crate::text::{SourceMap, Span, Text};

/// The most indexes and splats behind each other, and the most labels of a block: each is a level of the tree.
const STEPS: usize = 32;
const LABELS: usize = 8;

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
/// The first place that cannot be read, nesting deeper than the 64 levels that the grammar allows, or objects of some ten
/// thousands of keys.
pub fn parse(text: &str, map: &SourceMap) -> Result<Document, Fault> {
    if let Some(at) = wide::too_wide(text) {
        let message = "an object with more keys than are read".to_owned();
        return Err(Fault { span: map.span(at..at + 1), message, limit: true });
    }
    let body = grammar(text).map_err(|error| fault(&error, map))?;
    let mut reader = Reader { text, map, strings: Vec::new() };
    let root = reader.body(&body, 0..text.len());
    let mut strings = reader.strings;
    strings.sort_by_key(|string| (string.start, std::cmp::Reverse(string.end)));
    // strings in strings are part of them
    let mut end = 0;
    strings.retain(|string| {
        let is_outer = string.end > end;
        end = end.max(string.end);
        is_outer
    });
    Ok(Document { root, strings })
}

/// The body of a file. Keys that stand twice in an object are read, since Terraform reads them.
fn grammar(text: &str) -> Result<Body, hcl_edit::parser::Error> {
    let first = match hcl_edit::parser::parse_body(text) {
        Err(error) if stands_twice(&error) => error,
        read => return read,
    };
    let Some(mut renamed) = Renamed::new(text) else { return Err(first) };
    let mut error = first;
    loop {
        let Some(text) = renamed.rename(error.location().offset()) else { return Err(error) };
        error = match hcl_edit::parser::parse_body(text) {
            Err(error) if stands_twice(&error) => error,
            read => return read,
        };
    }
}

fn stands_twice(error: &hcl_edit::parser::Error) -> bool {
    error.message().contains("redefined object key")
}

/// Reads a template that is a file of its own, or stands in a string of a `.tf.json` file: a call of
/// [`Call::TEMPLATE`], or a string where nothing in it is computed.
///
/// # Errors
/// As for [`parse`].
pub fn parse_template(text: &str, map: &SourceMap) -> Result<Node, Fault> {
    let template = hcl_edit::parser::parse_template(text).map_err(|error| fault(&error, map))?;
    let mut reader = Reader { text, map, strings: Vec::new() };
    Ok(reader.template(&template, 0..text.len(), Dress::Bare { indent: 0 }))
}

/// The comments that hold `word`, each with its sign and up to the end of its line or its closing sign.
#[must_use]
pub fn comments(text: &str, document: &Document, word: &str, map: &SourceMap) -> Vec<Span> {
    let mut found = Vec::new();
    let mut strings = document.strings.iter().peekable();
    let mut at = 0;
    // behind the last one, nothing is looked for
    let last = text.rfind(word);
    while let Some(rest) = text.get(at..).filter(|_| last.is_some_and(|last| at <= last)) {
        while strings.next_if(|string| string.end <= at).is_some() {}
        let Some(start) = rest.find(['#', '/']).map(|next| at + next) else { break };
        if let Some(string) = strings.peek().filter(|string| string.start <= start) {
            at = string.end.max(at + 1);
            continue;
        }
        let behind = text.get(start..).unwrap_or_default();
        let length = match behind {
            _ if behind.starts_with('#') || behind.starts_with("//") => behind.find('\n').unwrap_or(behind.len()),
            _ if behind.starts_with("/*") => behind.find("*/").map_or(behind.len(), |end| end + 2),
            _ => {
                at = start + 1;
                continue;
            }
        };
        if behind.get(..length).is_some_and(|comment| comment.contains(word)) {
            found.push(map.span(start..start + length));
        }
        at = start + length;
    }
    found
}

fn fault(error: &hcl_edit::parser::Error, map: &SourceMap) -> Fault {
    let at = error.location().offset();
    let mut letters = error.message().chars();
    // the parser has no other word for it
    let limit = error.message().contains("nesting depth");
    let message = letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default();
    Fault { span: map.span(at..at), message, limit }
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

    fn string(&mut self, range: Range<usize>, dress: Dress) -> Node {
        self.strings.push(range.clone());
        let text = self.literal(range.clone(), dress);
        self.node(range, Value::Scalar(Scalar { text, kind: ScalarKind::String }))
    }

    /// The text of characters that stand at `range` in a dress.
    fn literal(&self, range: Range<usize>, dress: Dress) -> Text {
        let raw = self.text.get(range.clone()).unwrap_or_default();
        let (value, map) = literal::decode(raw, range.start, dress, self.begins_line(range.start));
        let map = map.within(self.map, value.len());
        Text::new(value, map)
    }

    fn begins_line(&self, at: usize) -> bool {
        self.text.get(..at).is_none_or(|before| before.is_empty() || before.ends_with('\n'))
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
                for label in block.labels.iter().take(LABELS).rev() {
                    let key = match label {
                        hcl_edit::structure::BlockLabel::Ident(ident) => self.ident(ident.span(), ident.as_str()),
                        hcl_edit::structure::BlockLabel::String(string) => {
                            let inner = string.span().map_or(0..0, inside_quotes);
                            self.literal(inner, Dress::Quoted)
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
            Expression::String(_) => {
                let node = self.string(inside_quotes(range.clone()), Dress::Quoted);
                Node { span: self.map.span(range), ..node }
            }
            Expression::Array(array) => {
                let items = array.iter().map(|item| self.expression(item, range.clone())).collect();
                self.node(range, Value::List(items))
            }
            Expression::Object(object) => {
                let pairs = object
                    .iter()
                    .map(|(key, value)| (self.key(key, range.clone()), self.expression(value.expr(), range.clone())));
                let pairs = pairs.collect();
                self.object(pairs, range)
            }
            Expression::StringTemplate(template) => {
                let node = self.template(template, inside_quotes(range.clone()), Dress::Quoted);
                Node { span: self.map.span(range), ..node }
            }
            Expression::HeredocTemplate(heredoc) => {
                let ends = heredoc.template.iter().filter_map(element_range);
                let content = ends.reduce(|whole, next| whole.start..next.end.max(whole.end)).unwrap_or(range);
                // the grammar does not see lines without any
                let indent = if heredoc.indent().is_some() { self.indentation(&heredoc.template) } else { 0 };
                self.template(&heredoc.template, content, Dress::Bare { indent })
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

    fn key(&mut self, key: &ObjectKey, outer: Range<usize>) -> Node {
        match key {
            ObjectKey::Ident(ident) => {
                let text = self.ident(ident.span(), ident.as_str());
                Node { span: text.span(), value: Value::Scalar(Scalar { text, kind: ScalarKind::String }) }
            }
            ObjectKey::Expression(expression) => self.expression(expression, outer),
        }
    }

    /// A map, or a call where a key is computed.
    fn object(&self, pairs: Vec<(Node, Node)>, range: Range<usize>) -> Node {
        if pairs.iter().any(|(key, _)| key.scalar().is_none()) {
            let args = pairs.into_iter().flat_map(|(key, value)| [key, value]).collect();
            return self.operation(Call::OBJECT, args, range);
        }
        let entries = pairs.into_iter().filter_map(|(key, value)| Some(Entry { key: key.scalar()?.clone(), value }));
        self.node(range, Value::Map(entries.collect()))
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
        let mut operators = traversal.operators.as_slice();
        let end_of = |operator: &Decorated<TraversalOperator>| operator.span().map_or(range.end, |span| span.end);
        if matches!(&node.value, Value::Call(call) if call.args.is_empty()) {
            let is_step =
                |operator: &&Decorated<TraversalOperator>| matches!(operator.value(), TraversalOperator::GetAttr(_));
            let steps = operators.iter().take_while(is_step).count();
            let (named, rest) = operators.split_at(steps);
            operators = rest;
            if let Some(last) = named.last() {
                node = self.reference(range.start..end_of(last));
            }
        }
        if operators.len() > STEPS {
            return self.operation("…", Vec::new(), range);
        }
        let mut legacy = false;
        for operator in operators {
            let so_far = range.start..end_of(operator);
            let key = match operator.value() {
                TraversalOperator::GetAttr(name) => {
                    let text = self.ident(name.span(), name.as_str());
                    Node { span: text.span(), value: Value::Scalar(Scalar { text, kind: ScalarKind::String }) }
                }
                TraversalOperator::Index(index) => self.expression(index, so_far.clone()),
                TraversalOperator::LegacyIndex(index) => {
                    self.scalar(ScalarKind::Number, index.span().unwrap_or(so_far.clone()))
                }
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                    legacy = matches!(operator.value(), TraversalOperator::AttrSplat(_));
                    node = self.operation(Call::SPLAT, vec![node], so_far);
                    continue;
                }
            };
            // behind `.*`, an index is one of the list, and no more one of each item
            if legacy && !matches!(operator.value(), TraversalOperator::GetAttr(_)) {
                legacy = false;
                node = self.operation("tolist", vec![node], so_far.clone());
            }
            node = self.operation(Call::PART, vec![node, key], so_far);
        }
        node
    }

    /// A reference, named without white space.
    fn reference(&self, range: Range<usize>) -> Node {
        let name = self.written(range.clone());
        let bare: String = name.as_str().split_whitespace().collect();
        let name = if bare == name.as_str() { name } else { Text::unplaced(bare).used_at(name.span()) };
        self.call(name, Vec::new(), range)
    }

    fn each(&mut self, each: &ForExpr, range: Range<usize>) -> Node {
        let intro = &each.intro;
        let [key_name, value_name] = [intro.key_var.as_ref(), Some(&intro.value_var)].map(|name| self.bound(name));
        let collection = self.expression(&intro.collection_expr, range.clone());
        let key = match &each.key_expr {
            Some(key) => self.expression(key, range.clone()),
            None => self.nothing(range.clone()),
        };
        let value = self.expression(&each.value_expr, range.clone());
        let condition = match &each.cond {
            Some(condition) => self.expression(&condition.expr, range.clone()),
            None => self.nothing(range.clone()),
        };
        let name = if each.grouping { Call::FOR_GROUPS } else { Call::FOR };
        self.operation(name, vec![key_name, value_name, collection, key, value, condition], range)
    }

    /// The name that an item is given; empty where none is.
    fn bound(&self, name: Option<&Decorated<Ident>>) -> Node {
        let text = name.map_or_else(|| Text::unplaced(""), |name| self.ident(name.span(), name.as_str()));
        Node { span: text.span(), value: Value::Scalar(Scalar { text, kind: ScalarKind::String }) }
    }

    fn nothing(&self, range: Range<usize>) -> Node {
        let text = Text::unplaced("").used_at(self.map.span(range.clone()));
        self.node(range, Value::Scalar(Scalar { text, kind: ScalarKind::Null }))
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
