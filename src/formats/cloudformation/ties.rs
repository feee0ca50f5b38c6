//! What templates hand to each other: exports, outputs, parameters of nested stacks, and names.
//!
//! Sources: AWS CloudFormation User Guide, "Get exported outputs from a deployed CloudFormation stack", "Embed stacks
//! within other stacks using nested stacks".

use std::collections::{HashMap, HashSet};

use super::principals::reference_to;
use super::template::Template;
use crate::bedrock::is_managed_by_aws;
use crate::formats::{HandingFact, Tie};
use crate::syntax::{Node, Value};

/// Resources whose properties other stacks, or whoever else, take their values from.
const HAND_ON: [&str; 3] = ["AWS::CloudFormation::Stack", "AWS::SSM::Parameter", "AWS::Serverless::Application"];

/// What a template hands on, by logical ids.
#[derive(Default)]
pub(super) struct HandedOn {
    known_as: HashMap<String, Vec<Tie>>,
    unfollowed: HashSet<String>,
    /// What it takes from one place and hands to another.
    through: Vec<(Tie, Tie)>,
}

impl HandedOn {
    /// What the template in the file at `path` hands on.
    pub(super) fn of(template: &Template<'_>, path: &str) -> Self {
        let mut handed_on = Self::default();
        for entry in &template.outputs {
            let Some(value) = template.value_of(&entry.value, "Value") else { continue };
            let export = entry.value.get("Export").and_then(|export| template.value_of(export, "Name"));
            let name = export.as_ref().map(|name| name.scalar().and_then(|name| name.literal()));
            let mut to = vec![output(path, entry.key.as_str())];
            to.extend(name.flatten().map(|name| Tie::Export(name.to_owned())));
            // under a name that is made up when the stack is
            let is_unfollowed = name == Some(None);
            handed_on.hand(&value, &to, is_unfollowed, template, path);
        }
        for resource in template.resources.iter().filter(|resource| HAND_ON.contains(&resource.kind)) {
            let file = template.nested_file(resource);
            for key in ["Parameters", "Value"] {
                let Some(value) = template.property(resource, key) else { continue };
                let Some(file) = file.as_ref().filter(|_| !value.entries().is_empty()) else {
                    handed_on.unfollowed.extend(ids(&value));
                    continue;
                };
                for entry in value.entries() {
                    let to = [parameter(file, entry.key.as_str())];
                    let is_followed = reference_to(&entry.value).is_some();
                    handed_on.hand(&entry.value, &to, !is_followed, template, path);
                }
            }
        }
        handed_on
    }

    /// Hands a value to where it is known as all of these.
    fn hand(&mut self, value: &Node, to: &[Tie], is_unfollowed: bool, template: &Template<'_>, path: &str) {
        if let Some(from) = taken_over(value, template).or_else(|| given(value, template, path)) {
            self.through.extend(to.iter().map(|to| (from.clone(), to.clone())));
        }
        for id in ids(value) {
            self.known_as.entry(id.clone()).or_default().extend(to.iter().cloned());
            if is_unfollowed {
                self.unfollowed.insert(id);
            }
        }
    }

    /// What goes through its hands.
    pub(super) fn handings(&self, folder: &str) -> Vec<HandingFact> {
        let handing =
            |(from, to): &(Tie, Tie)| HandingFact { folder: folder.to_owned(), from: from.clone(), to: to.clone() };
        self.through.iter().map(handing).collect()
    }

    /// What a resource is known by in other templates.
    pub(super) fn known_as(&self, id: &str) -> &[Tie] {
        self.known_as.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a resource is handed to where nothing follows it.
    pub(super) fn is_unfollowed(&self, id: &str) -> bool {
        self.unfollowed.contains(id)
    }
}

/// The logical ids that a value names, however deep they stand.
fn ids(value: &Node) -> Vec<String> {
    let (mut found, mut left) = (Vec::new(), vec![value]);
    let id = |name: &str| name.split('.').next().unwrap_or(name).to_owned();
    while let Some(node) = left.pop() {
        match &node.value {
            Value::Scalar(scalar) => {
                let holes = scalar.text.holes().iter();
                let names = holes.filter_map(|hole| scalar.text.as_str().get(hole.range.clone()));
                found.extend(names.map(|name| id(name.trim_start_matches("${").trim_end_matches('}'))));
            }
            Value::Call(call) if call.args.is_empty() => found.push(id(call.name.as_str())),
            Value::Call(call) => left.extend(&call.args),
            Value::List(items) => left.extend(items),
            Value::Map(entries) => left.extend(entries.iter().map(|entry| &entry.value)),
        }
    }
    found
}

/// What a value takes over from another stack: an import by a name that is written out, or an output of a nested stack
/// whose template is named.
pub(super) fn taken_over(value: &Node, template: &Template<'_>) -> Option<Tie> {
    let Value::Call(call) = &value.value else { return None };
    match (call.name.as_str(), call.args.as_slice()) {
        ("Fn::ImportValue", [name]) => Some(Tie::Export(name.scalar()?.literal()?.to_owned())),
        (name, []) => {
            let (stack, name) = name.split_once(".Outputs.")?;
            let (_, stack) = template.resource(stack)?;
            Some(output(&template.nested_file(stack)?, name))
        }
        _ => None,
    }
}

/// What a value is that the stack is given, and has no default for, by the name of its parameter.
pub(super) fn given(value: &Node, template: &Template<'_>, path: &str) -> Option<Tie> {
    match &value.value {
        Value::Call(call) if call.args.is_empty() && template.has_parameter(call.name.as_str()) => {
            Some(parameter(path, call.name.as_str()))
        }
        _ => None,
    }
}

/// An output of the template in a file of this name.
fn output(path: &str, name: &str) -> Tie {
    let file = path.rsplit('/').next().unwrap_or(path);
    Tie::Output(format!("{file} {name}"))
}

/// A parameter of the template in a file of this name.
fn parameter(path: &str, name: &str) -> Tie {
    let file = path.rsplit('/').next().unwrap_or(path);
    Tie::Parameter(format!("{file} {name}"))
}

/// The name of a managed policy that an ARN ends in, if it is none of AWS's own.
pub(super) fn named_policy(arn: &Node) -> Option<Tie> {
    let text = arn.scalar()?;
    let (_, resource) = text.as_str().split_once(":policy/")?;
    let start = text.as_str().len() - resource.rsplit('/').next().unwrap_or(resource).len();
    let name = text.part(start..text.as_str().len());
    name.literal().filter(|_| !is_managed_by_aws(text.as_str())).map(policy)
}

/// A managed policy of this name.
pub(super) fn policy(name: &str) -> Tie {
    Tie::Name(format!("policy {name}"))
}
