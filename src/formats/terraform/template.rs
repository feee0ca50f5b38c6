//! Files that are written out with values: `templatefile("policy.json.tftpl", { region = var.region })`.
//!
//! What stands in such a file leads to it; what it is given leads to the place in it that is filled.
//!
//! Source: Terraform documentation, "templatefile Function".

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use crate::formats::ReferenceFact;
use crate::formats::evaluate::{Scope, evaluate, step_into, used_at};
use crate::source::{Location, Source};
use crate::syntax::{Call, Node, hcl};
use crate::text::{SourceMap, Span, Text};

/// Values inside of each other, and what all of them may weigh.
const DEEPEST: usize = 200;
const MOST_VALUES: usize = 1_000_000;

/// A file with the values that it is given.
pub(super) struct Rendered {
    /// What it says, with holes for what is not known.
    pub(super) node: Node,
    /// The places in it that stand for values.
    pub(super) references: Vec<ReferenceFact>,
}

/// The file with the values of a map, which stands in `caller`; `None` if it is no template.
pub(super) fn rendered(source: &Arc<Source>, values: &Node, caller: &Arc<Source>) -> Option<Rendered> {
    let (body, offset) = source.body();
    let template = hcl::parse_template(body, &SourceMap::Verbatim(Span::new(offset, offset).start)).ok()?;
    let given = Given {
        source,
        values,
        caller,
        depth: Cell::new(0),
        left: Cell::new(MOST_VALUES),
        references: RefCell::default(),
    };
    let node = evaluate(&template, &given);
    Some(Rendered { node, references: given.references.into_inner() })
}

struct Given<'g> {
    source: &'g Arc<Source>,
    values: &'g Node,
    caller: &'g Arc<Source>,
    depth: Cell<usize>,
    left: Cell<usize>,
    references: RefCell<Vec<ReferenceFact>>,
}

impl Scope for Given<'_> {
    fn value(&self, call: &Call, span: Span) -> Option<Node> {
        if !call.args.is_empty() {
            return None;
        }
        let (name, steps) = call.name.as_str().split_once('.').unwrap_or((call.name.as_str(), ""));
        let value = step_into(self.values.get(name)?, steps)?;
        self.references.borrow_mut().push(ReferenceFact {
            at: Location::new(self.source, span),
            // the caller may have it from whoever uses the module
            overridable: true,
            written: Some(Location::new(self.caller, value.scalar().map_or(value.span, Text::span))),
        });
        Some(used_at(&value, span))
    }

    fn may_grow(&self, weight: usize) -> bool {
        self.left.set(self.left.get().saturating_sub(weight));
        self.left.get() > 0
    }

    fn enter(&self) -> bool {
        self.depth.set(self.depth.get() + 1);
        self.depth.get() <= DEEPEST
    }

    fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;
    use crate::syntax::hcl;

    fn render(template: &str, values: &str) -> (Rendered, String) {
        let source = Arc::new(Source::new("p.tftpl", template));
        let caller = Arc::new(Source::new("main.tf", format!("x = {values}\n")));
        let root = hcl::parse(caller.text(), &SourceMap::Verbatim(0)).unwrap().root;
        let rendered = rendered(&source, root.get("x").unwrap(), &caller).unwrap();
        let text = rendered.node.string().unwrap().as_str().to_owned();
        (rendered, text)
    }

    #[test]
    fn values_stand_where_they_are_filled_in() {
        let template =
            "{\"a\": \"arn:${region}:${open}\", \"b\": ${jsonencode(models)}, \"c\": \"$${aws:username}\"}\n";
        let (rendered, text) = render(template, "{ region = \"eu-west-1\", models = [\"m\", \"n\"], open = var.o }");
        assert_eq!(text, "{\"a\": \"arn:eu-west-1:${var.o}\", \"b\": [\"m\",\"n\"], \"c\": \"${aws:username}\"}\n");
        let node = rendered.node.string().unwrap();
        let region = text.find("eu-west-1").unwrap();
        assert_eq!(&template[node.span_of(region..region + 9).range()], "${region}");
        let arn = text.find("arn").unwrap();
        assert_eq!(&template[node.span_of(arn..arn + 3).range()], "arn");
        let models = text.find("\"m\"").unwrap();
        assert_eq!(&template[node.span_of(models..models + 3).range()], "models");
        let noted: Vec<(&str, &str)> =
            rendered.references.iter().map(|fact| (fact.at.text(), fact.written.as_ref().unwrap().text())).collect();
        assert_eq!(noted, [("${region}", "eu-west-1"), ("${open}", "var.o"), ("models", "[\"m\", \"n\"]")]);
    }

    #[test]
    fn directives_are_followed() {
        let template = "[%{ for i, m in models ~}\n%{ if i > 0 }, %{ endif }\"${m}\"%{~ endfor }]";
        assert_eq!(render(template, "{ models = [\"a\", \"b\"] }").1, "[\"a\", \"b\"]");
        let (_, unknown) = render(template, "{ models = var.models }");
        assert!(unknown.starts_with("[${join("), "{unknown}");
    }
}
