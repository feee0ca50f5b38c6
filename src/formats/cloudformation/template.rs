//! What the parts of a template say that are no resources: parameters, mappings, conditions.
//!
//! Source: AWS CloudFormation User Guide, "CloudFormation template sections".

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::intrinsics::{self, Budget, CONDITION, FIND_IN_MAP, JOINED, NO_VALUE};
use super::serverless::{self, Meaning};
use crate::formats::evaluate::{Scope, evaluate, is_null, string, used_at};
use crate::formats::{MadeProfile, placeholder};
use crate::syntax::{Call, Entry, Node, Scalar, ScalarKind, Value};
use crate::text::{Count, Span, Text};

/// A template.
pub(super) struct Template<'n> {
    /// Its resources, in order.
    pub(super) resources: Vec<Resource<'n>>,
    by_id: HashMap<&'n str, usize>,
    parameters: HashMap<&'n str, &'n Node>,
    mappings: HashMap<&'n str, &'n Node>,
    conditions: HashMap<&'n str, Node>,
    /// What it gives out.
    pub(super) outputs: Vec<&'n Entry>,
    /// What the conditions say that were asked for; those being asked for are not known.
    decided: RefCell<HashMap<String, Option<bool>>>,
    /// What SAM gives to all resources of a type.
    pub(super) globals: Option<&'n Node>,
    /// The service of the Serverless Framework that it stands in.
    pub(super) service: Option<&'n Node>,
    /// How deep variables of the service refer to each other just now.
    depth: Cell<usize>,
    /// Names that stand for each item of a list.
    loops: HashSet<&'n str>,
    /// Places that stand for a value which is written elsewhere in the template, and whether it may be set otherwise.
    references: RefCell<BTreeMap<(u32, u32), bool>>,
    budget: Budget,
}

/// A resource of a template.
pub(super) struct Resource<'n> {
    /// Its logical id.
    pub(super) id: &'n Text,
    /// Its type, `AWS::IAM::Role`.
    pub(super) kind: &'n str,
    /// What it is made with.
    pub(super) properties: &'n Node,
    /// What tools say of it.
    metadata: Option<&'n Node>,
}

impl<'n> Template<'n> {
    /// The template that a document is, some of whose resources have types with `::`, or a service of the Serverless
    /// Framework with those that stand in it.
    pub(super) fn of(root: &'n Node) -> Option<Self> {
        let service = Some(root).filter(|root| serverless::is_service(root));
        let parts = service.map_or_else(|| vec![root], serverless::templates);
        let section = |key: &str| -> Vec<&'n Entry> {
            parts.iter().filter_map(|part| part.get(key)).flat_map(Node::entries).collect()
        };
        let mut template = Self {
            resources: Vec::new(),
            by_id: HashMap::new(),
            parameters: section("Parameters").into_iter().map(|one| (one.key.as_str(), &one.value)).collect(),
            mappings: section("Mappings").into_iter().map(|one| (one.key.as_str(), &one.value)).collect(),
            conditions: HashMap::new(),
            outputs: section("Outputs"),
            decided: RefCell::default(),
            globals: root.get("Globals"),
            service,
            depth: Cell::new(0),
            loops: HashSet::new(),
            references: RefCell::default(),
            budget: Budget::new(),
        };
        for part in &parts {
            template.add(part.get("Resources").map(Node::entries).unwrap_or_default());
        }
        if template.resources.is_empty() && service.is_none() {
            return None;
        }
        let conditions = section("Conditions").into_iter();
        template.conditions =
            conditions.map(|one| (one.key.as_str(), intrinsics::normal(&one.value, &template.budget))).collect();
        Some(template)
    }

    /// Adds resources, and those that a loop makes, once.
    fn add(&mut self, entries: &'n [Entry]) {
        for entry in entries {
            if entry.key.as_str().starts_with("Fn::ForEach::") {
                if let [variable, _, made] = entry.value.items() {
                    self.loops.extend(variable.string().map(Text::as_str));
                    self.add(made.entries());
                }
                continue;
            }
            let kind = entry.value.get("Type").and_then(Node::string).map(Text::as_str);
            let Some(kind) = kind.filter(|kind| kind.contains("::")) else { continue };
            self.by_id.insert(entry.key.as_str(), self.resources.len());
            let properties = entry.value.get("Properties").unwrap_or(&entry.value);
            let metadata = entry.value.get("Metadata");
            self.resources.push(Resource { id: &entry.key, kind, properties, metadata });
        }
    }

    /// The resource of a logical id.
    pub(super) fn resource(&self, id: &str) -> Option<(usize, &Resource<'n>)> {
        let index = *self.by_id.get(id)?;
        Some((index, self.resources.get(index)?))
    }

    /// The application inference profiles that it makes.
    pub(super) fn profiles(&self) -> Arc<[MadeProfile]> {
        let made =
            self.resources.iter().filter(|resource| resource.kind == "AWS::Bedrock::ApplicationInferenceProfile");
        let made = made.filter_map(|resource| {
            let source = self.property(resource, "ModelSource")?;
            let copies = source.get("CopyFrom")?.scalar()?.clone();
            Some(MadeProfile { reference: format!("{}.InferenceProfileArn", resource.id.as_str()), copies })
        });
        made.collect()
    }

    /// A value as far as it is known, without what is taken away.
    pub(super) fn value(&self, node: &Node) -> Node {
        let mut normal = intrinsics::normal(node, &self.budget);
        if self.service.is_some() {
            normal = serverless::named(normal);
        }
        let mut value = evaluate(&normal, self);
        prune(&mut value);
        value
    }

    /// Whether it has a parameter of this name.
    pub(super) fn has_parameter(&self, name: &str) -> bool {
        self.parameters.contains_key(name)
    }

    /// The name of the file with the template of a nested stack: the AWS CDK says it beside the place that it is uploaded
    /// to. Source: AWS CDK, `aws-cdk-lib/cx-api`, `ASSET_RESOURCE_METADATA_PATH_KEY`.
    pub(super) fn nested_file(&self, stack: &Resource<'_>) -> Option<String> {
        let asset = stack.metadata.and_then(|metadata| metadata.get("aws:asset:path")).cloned();
        let place = asset.or_else(|| ["TemplateURL", "Location"].iter().find_map(|key| self.property(stack, key)))?;
        let place = place.scalar()?;
        let start = place.as_str().rfind('/').map_or(0, |slash| slash + 1);
        let file = place.part(start..place.as_str().len());
        file.literal().map(str::to_owned)
    }

    /// The value of a property.
    pub(super) fn property(&self, resource: &Resource<'_>, name: &str) -> Option<Node> {
        self.value_of(resource.properties, name)
    }

    /// The value of a key.
    pub(super) fn value_of(&self, map: &Node, name: &str) -> Option<Node> {
        Some(self.value(map.get(name)?)).filter(|value| !is_null(value))
    }

    /// The places that stand for a value which is written elsewhere, and whether it may be set otherwise.
    pub(super) fn references(&self) -> Vec<(Span, bool)> {
        let references = self.references.borrow();
        references.iter().map(|((start, end), overridable)| (Span { start: *start, end: *end }, *overridable)).collect()
    }

    fn refers(&self, at: Span, overridable: bool) {
        *self.references.borrow_mut().entry((at.start, at.end)).or_default() |= overridable;
    }

    /// The default of a parameter, where whoever deploys the template has not to give one: what is empty, or stands for
    /// a value to be filled in, is none.
    fn default(&self, name: &str, at: Span) -> Option<Node> {
        let parameter = self.parameters.get(name)?;
        let kind = parameter.get("Type").and_then(Node::scalar).map_or("String", Text::as_str);
        let is_secret = parameter.get("NoEcho").and_then(Node::scalar).is_some_and(|text| text.as_str() != "false");
        // of a parameter in SSM the default is its name
        if is_secret || kind.starts_with("AWS::SSM::") {
            return None;
        }
        let default = parameter.get("Default")?;
        let text = default.scalar()?;
        if text.as_str().trim().is_empty() || !placeholder::holes(text.as_str()).is_empty() {
            return None;
        }
        if !self.budget.spend_on(default) {
            return None;
        }
        self.refers(at, true);
        if is_list(kind) {
            let items = text.as_str().split(',').map(|item| string(Text::unplaced(item.trim()).used_at(at), at));
            return Some(Node { span: at, value: Value::List(items.collect()) });
        }
        self.refers(default.span, true);
        // a number is a string to whoever refers to it
        Some(string(text.clone(), default.span))
    }

    /// The ARN of a resource of Amazon Bedrock that the template makes: its type is known, its id is not.
    fn arn(&self, call: &Call, at: Span) -> Option<Node> {
        let (id, attribute) = call.name.as_str().split_once('.')?;
        let (_, resource) = self.resource(id)?;
        let (_, _, word) = ARNS.iter().find(|(kind, of, _)| *kind == resource.kind && *of == attribute)?;
        let unknown = |name: &str| Text::unknown(format!("${{{name}}}"), at, Count::Single);
        let literal = |text: String| Text::unplaced(text).used_at(at);
        let arn = Text::joined([
            &literal("arn:".to_owned()),
            &unknown("AWS::Partition"),
            &literal(":bedrock:".to_owned()),
            &unknown("AWS::Region"),
            &literal(":".to_owned()),
            &unknown("AWS::AccountId"),
            &literal(format!(":{word}/")),
            &unknown(call.name.as_str()),
        ]);
        self.refers(at, false);
        Some(string(arn, at))
    }

    /// The value of a variable of the service.
    fn variable(&self, call: &Call, at: Span) -> Option<Node> {
        let depth = self.depth.get();
        match serverless::meaning(call.name.as_str(), self.service?) {
            Meaning::Own(value) if depth < serverless::DEPTH && self.budget.spend_on(value) => {
                self.depth.set(depth + 1);
                let known = self.value(value);
                self.depth.set(depth);
                self.refers(at, false);
                self.refers(known.span, false);
                Some(known)
            }
            Meaning::Default(range) => {
                self.refers(at, true);
                Some(string(call.name.part(range).used_at(at), at))
            }
            Meaning::Own(_) | Meaning::Unknown => None,
        }
    }

    fn is_list_parameter(&self, name: &str) -> bool {
        let kind = self.parameters.get(name).and_then(|parameter| parameter.get("Type")).and_then(Node::scalar);
        kind.is_some_and(|kind| is_list(kind.as_str()) || kind.as_str().contains("<List<"))
    }

    fn in_map(&self, args: &[Node], at: Span) -> Option<Node> {
        let [map, first, second, ..] = args else { return None };
        let key = |node: &Node| Some(node.scalar()?.literal()?.to_owned());
        let found = self.mappings.get(key(map)?.as_str())?.get(&key(first)?)?.get(&key(second)?)?;
        if !self.budget.spend_on(found) {
            return None;
        }
        self.refers(at, false);
        self.refers(found.span, false);
        let is_list = matches!(found.value, Value::List(_));
        Some(if is_list { used_at(found, at) } else { found.clone() })
    }

    /// What a condition says, whatever the parameters are.
    fn condition(&self, name: &str, depth: usize) -> Option<bool> {
        if let Some(known) = self.decided.borrow().get(name) {
            return *known;
        }
        self.decided.borrow_mut().insert(name.to_owned(), None);
        let decided = self.conditions.get(name).and_then(|node| self.truth(node, depth));
        self.decided.borrow_mut().insert(name.to_owned(), decided);
        decided
    }

    fn truth(&self, node: &Node, depth: usize) -> Option<bool> {
        if let Some(name) = node.get(CONDITION).and_then(Node::string) {
            return self.condition(name.as_str(), depth.checked_sub(1)?);
        }
        let Value::Call(call) = &node.value else { return None };
        // a long chain of conditions is nobody's work
        let depth = depth.checked_sub(1)?;
        let [argument] = call.args.as_slice() else { return None };
        let mut each = argument.items().iter().map(|one| self.truth(one, depth));
        match call.name.as_str() {
            CONDITION => self.condition(argument.string()?.as_str(), depth),
            "Fn::Not" => each.next()?.map(|truth| !truth),
            "Fn::And" if each.clone().any(|one| one == Some(false)) => Some(false),
            "Fn::And" => each.all(|one| one == Some(true)).then_some(true),
            "Fn::Or" if each.clone().any(|one| one == Some(true)) => Some(true),
            "Fn::Or" => each.all(|one| one == Some(false)).then_some(false),
            "Fn::Equals" => match argument.items() {
                [one, other] => equal(&self.possible(one)?, &self.possible(other)?),
                _ => None,
            },
            _ => None,
        }
    }

    /// All values that something may have, where that is known.
    fn possible(&self, node: &Node) -> Option<Vec<String>> {
        match &node.value {
            Value::Scalar(scalar) => Some(vec![scalar.text.literal()?.to_owned()]),
            Value::Call(call) if call.args.is_empty() => {
                let allowed = self.parameters.get(call.name.as_str())?.get("AllowedValues")?.items();
                let values = allowed.iter().map(|value| Some(value.scalar()?.as_str().to_owned()));
                values.collect::<Option<Vec<_>>>().filter(|values| !values.is_empty())
            }
            _ => None,
        }
    }
}

impl Scope for Template<'_> {
    fn value(&self, call: &Call, span: Span) -> Option<Node> {
        match (call.name.as_str(), call.args.as_slice()) {
            // a reference is no function, whatever it is called
            (name, []) => {
                let unknown = || Node { span, value: Value::Call(call.clone()) };
                let known =
                    self.default(name, span).or_else(|| self.arn(call, span)).or_else(|| self.variable(call, span));
                Some(known.unwrap_or_else(unknown))
            }
            (FIND_IN_MAP, args) => self.in_map(args, span),
            (JOINED, [whole]) => {
                // an edit would reach from one part into another
                self.refers(span, false);
                Some(whole.clone())
            }
            (CONDITION, [name]) => {
                let truth = self.condition(name.string()?.as_str(), DEPTH)?;
                let scalar = Scalar { text: Text::unplaced(truth.to_string()).used_at(span), kind: ScalarKind::Bool };
                Some(Node { span, value: Value::Scalar(scalar) })
            }
            _ => None,
        }
    }

    /// Nothing tells two computed values apart.
    fn count(&self, call: &Call) -> Count {
        let name = call.name.as_str();
        let many = !call.args.is_empty() || self.loops.contains(name) || self.is_list_parameter(name);
        if many { Count::Many } else { Count::Single }
    }

    fn may_grow(&self, weight: usize) -> bool {
        self.budget.spend(weight)
    }
}

/// Types of Amazon Bedrock, the attribute that is their ARN, and the word for them in it. Sources: AWS CloudFormation
/// Template Reference, "Return values" of each; Service Authorization Reference, "Resource types defined by Amazon Bedrock".
const ARNS: [(&str, &str, &str); 7] = [
    ("AWS::Bedrock::Agent", "AgentArn", "agent"),
    ("AWS::Bedrock::AgentAlias", "AgentAliasArn", "agent-alias"),
    ("AWS::Bedrock::ApplicationInferenceProfile", "InferenceProfileArn", "application-inference-profile"),
    ("AWS::Bedrock::Flow", "Arn", "flow"),
    ("AWS::Bedrock::Guardrail", "GuardrailArn", "guardrail"),
    ("AWS::Bedrock::KnowledgeBase", "KnowledgeBaseArn", "knowledge-base"),
    ("AWS::Bedrock::Prompt", "Arn", "prompt"),
];

/// How deep conditions may refer to each other.
const DEPTH: usize = 64;

fn is_list(kind: &str) -> bool {
    kind == "CommaDelimitedList" || kind.starts_with("List<")
}

fn equal(one: &[String], other: &[String]) -> Option<bool> {
    match (one, other) {
        ([one], [other]) => Some(one == other),
        _ => (!one.iter().any(|value| other.contains(value))).then_some(false),
    }
}

/// Whether a value takes its property away.
fn is_no_value(node: &Node) -> bool {
    matches!(&node.value, Value::Call(call) if call.name.as_str() == NO_VALUE && call.args.is_empty())
}

/// Takes away what `AWS::NoValue` stands for.
fn prune(node: &mut Node) {
    if is_no_value(node) {
        node.value = Value::Scalar(Scalar { text: Text::unplaced("").used_at(node.span), kind: ScalarKind::Null });
        return;
    }
    match &mut node.value {
        Value::List(items) => {
            items.retain(|item| !is_no_value(item));
            items.iter_mut().for_each(prune);
        }
        Value::Map(entries) => {
            entries.retain(|entry| !is_no_value(&entry.value));
            entries.iter_mut().for_each(|entry| prune(&mut entry.value));
        }
        Value::Call(call) => call.args.iter_mut().for_each(prune),
        Value::Scalar(_) => {}
    }
}
