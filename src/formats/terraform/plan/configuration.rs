//! What the configuration in a plan says of values that are not known before they are made: what they depend on.
//!
//! Source: Terraform documentation, "JSON Output Format" ("Configuration Representation", "Expression Representation").

use std::collections::BTreeSet;

use crate::formats::field::at;
use crate::formats::terraform::module::OF;
use crate::syntax::{Call, Entry, Node, Value};
use crate::text::Text;

/// Values that are handed on this often are nobody's.
const DEEPEST: usize = 32;

/// The configuration of the root module, if the plan has it.
#[derive(Clone, Copy)]
pub(super) struct Configuration<'p> {
    root: Option<&'p Node>,
}

impl<'p> Configuration<'p> {
    pub(super) fn of(plan: &'p Node) -> Self {
        Self { root: at(plan, &["configuration", "root_module"]) }
    }

    pub(super) fn is_missing(self) -> bool {
        self.root.is_none()
    }

    /// The configuration of a module, by the address of one of its instances.
    pub(super) fn module(self, address: &str) -> Option<&'p Node> {
        let mut steps = address.strip_prefix("module.").into_iter().flat_map(|steps| steps.split(".module."));
        steps.try_fold(self.root?, |module, step| at(module, &["module_calls", call_of(step), "module"]))
    }

    /// What it says of a resource.
    pub(super) fn resource(self, module: &str, kind: &str, name: &str) -> Option<&'p Node> {
        let is = |resource: &&Node, key: &str, value: &str| {
            resource.get(key).and_then(Node::string).is_some_and(|text| text.as_str() == value)
        };
        let mut resources = self.module(module)?.get("resources")?.items().iter();
        resources.find(|one| is(one, "type", kind) && is(one, "name", name))?.get("expressions")
    }

    /// The outputs of a module, each with what it mentions.
    pub(super) fn outputs(self, module: &str) -> Vec<(&'p Text, Node)> {
        let outputs = self.module(module).and_then(|found| found.get("outputs")).map(Node::entries).unwrap_or_default();
        let mentioned = |output: &'p Entry| {
            let expression = output.value.get("expression")?;
            let value = Entry { key: output.key.clone(), value: self.mentioned(module, expression) };
            Some((&output.key, Node { span: output.value.span, value: Value::Map(vec![value]) }))
        };
        outputs.iter().filter_map(mentioned).collect()
    }

    /// The modules that a module calls, each with what its arguments mention.
    pub(super) fn calls(self, module: &str) -> Vec<(&'p Text, Node)> {
        let argument =
            |argument: &Entry| Entry { key: argument.key.clone(), value: self.mentioned(module, &argument.value) };
        let called = |call: &'p Entry| {
            let arguments = call.value.get("expressions")?.entries().iter().map(argument);
            Some((&call.key, Node { span: call.value.span, value: Value::Map(arguments.collect()) }))
        };
        self.called(module).iter().filter_map(called).collect()
    }

    /// The names of the calls that make their module once.
    pub(super) fn followed(self, module: &str) -> BTreeSet<String> {
        let once = self.called(module).iter().filter(|call| !is_repeated(&call.value));
        once.map(|call| call.key.as_str().to_owned()).collect()
    }

    fn called(self, module: &str) -> &'p [Entry] {
        self.module(module).and_then(|found| found.get("module_calls")).map(Node::entries).unwrap_or_default()
    }

    /// What an expression mentions, as a list.
    fn mentioned(self, module: &str, expression: &Node) -> Node {
        let references = expression.get("references").map(Node::items).unwrap_or_default();
        let items = references.iter().filter_map(Node::string).map(|name| self.reference(module, name));
        Node { span: expression.span, value: Value::List(items.collect()) }
    }

    /// What an attribute of a resource depends on, if that is one block.
    pub(super) fn depends_on(self, module: &str, attribute: &Entry) -> Option<Entry> {
        let value = self.reference(module, only(&attribute.value)?);
        Some(Entry { key: attribute.key.clone(), value })
    }

    /// A name in a module as a reference to the block that it leads to, through arguments and outputs of modules.
    fn reference(self, module: &str, name: &Text) -> Node {
        let mut found = (module.to_owned(), name.as_str().to_owned());
        for _ in 0..DEEPEST {
            match self.step(&found.0, &found.1) {
                Some(next) => found = next,
                None => break,
            }
        }
        let name = Text::unplaced(format!("{}{OF}{}", found.0, found.1)).used_at(name.span());
        Node { span: name.span(), value: Value::Call(Call { name, args: Vec::new() }) }
    }

    fn step(self, module: &str, name: &str) -> Option<(String, String)> {
        if let Some(output) = name.strip_prefix("module.") {
            let (call, output) = output.split_once('.')?;
            let called = at(self.module(module)?, &["module_calls", call])?;
            let value = at(called, &["module", "outputs", output, "expression"]).filter(|_| !is_repeated(called))?;
            let inside = if module.is_empty() { String::new() } else { format!("{module}.") };
            return Some((format!("{inside}module.{call}"), only(value)?.as_str().to_owned()));
        }
        let argument = name.strip_prefix("var.")?;
        let (caller, step) = module.rsplit_once(".module.").or_else(|| Some(("", module.strip_prefix("module.")?)))?;
        let call = at(self.module(caller)?, &["module_calls", call_of(step), "expressions", argument])?;
        Some((caller.to_owned(), only(call)?.as_str().to_owned()))
    }
}

/// The name of the call that makes an instance of a module.
fn call_of(step: &str) -> &str {
    step.split('[').next().unwrap_or(step)
}

fn is_repeated(call: &Node) -> bool {
    ["count_expression", "for_each_expression"].iter().any(|key| call.get(key).is_some())
}

/// What an expression refers to, if that is one block: it is named with each part of the way to its attribute.
fn only(expression: &Node) -> Option<&Text> {
    let references = expression.get("references")?.items();
    let block = references.last()?.string()?.as_str();
    let same = |other: &Node| other.string().is_some_and(|other| other.as_str().starts_with(block));
    references.first()?.string().filter(|_| references.iter().all(same))
}
