//! Services of the Serverless Framework: statements of the role that all functions share, variables of functions, and a
//! template of CloudFormation among it. Its variables (`${self:custom.model}`) may stand in any string.
//!
//! Sources: Serverless Framework documentation, "Serverless Variables" and "IAM Permissions For Functions"; the plugin
//! functionalone/serverless-iam-roles-per-function.

use std::ops::Range;

use super::principals::{Kind, Made};
use super::template::Template;
use crate::adapter::Field;
use crate::formats::evaluate::{each, string};
use crate::formats::field::field_of;
use crate::syntax::{Call, Entry, Node, Value};
use crate::text::{Span, Text};

/// The logical id of the role that all functions share.
const ROLE: &str = "IamRoleLambdaExecution";

/// How deep variables may refer to each other.
pub(super) const DEPTH: usize = 16;

/// Whether a document is a service on AWS.
pub(super) fn is_service(root: &Node) -> bool {
    let name = root.get("provider").map(|provider| provider.get("name").unwrap_or(provider));
    root.get("service").is_some() && name.and_then(Node::string).is_some_and(|name| name.as_str() == "aws")
}

/// The templates of CloudFormation in a service.
pub(super) fn templates(root: &Node) -> Vec<&Node> {
    root.get("resources").map(Node::one_or_many).unwrap_or_default().iter().collect()
}

/// The roles of a service.
pub(super) fn made(template: &Template<'_>, service: &Node) -> Vec<Made> {
    let Some(provider) = service.get("provider") else { return Vec::new() };
    let iam = provider.get("iam").and_then(|iam| template.value_of(iam, "role"));
    let old = |key: &str| template.value_of(provider, key);
    let of_role = |key: &str| iam.as_ref().and_then(|role| role.get(key)).cloned();
    let statements = of_role("statements").or_else(|| old("iamRoleStatements"));
    let attached = of_role("managedPolicies").or_else(|| old("iamManagedPolicies"));
    let shared = Made {
        kind: Kind::Role,
        id: ROLE.to_owned(),
        name: of_role("name").and_then(|name| Some(name.scalar()?.literal()?.to_owned())),
        inline: statements.into_iter().map(|list| ("statements".to_owned(), document(list))).collect(),
        attached: attached.iter().flat_map(each).cloned().collect(),
        groups: Vec::new(),
        boundary: of_role("permissionsBoundary").or_else(|| of_role("permissionBoundary")),
        trust: None,
        open: false,
    };
    let own = functions(service).iter().filter_map(|function| {
        let statements = template.value_of(&function.value, "iamRoleStatements")?;
        let mut inline = shared.inline.clone();
        inline.push(("iamRoleStatements".to_owned(), document(statements)));
        let attached = shared.attached.clone();
        let boundary = shared.boundary.clone();
        let id = role_id(function);
        Some(Made {
            kind: Kind::Role,
            id,
            name: None,
            inline,
            attached,
            groups: Vec::new(),
            boundary,
            trust: None,
            open: false,
        })
    });
    let own: Vec<Made> = own.collect();
    std::iter::once(shared).chain(own).collect()
}

/// A function of a service, with its variables and what names its role.
pub(super) struct Function {
    pub(super) name: Text,
    pub(super) variables: Vec<Field>,
    pub(super) role: Node,
}

/// The Region that a service is deployed to.
pub(super) fn region(template: &Template<'_>, service: &Node) -> Option<Node> {
    template.value_of(service.get("provider")?, "region")
}

/// The functions that a service runs.
pub(super) fn callers(template: &Template<'_>, service: &Node) -> Vec<Function> {
    let provider = service.get("provider");
    let shared = provider.and_then(|provider| template.value_of(provider, "environment"));
    let region = region(template, service).and_then(|value| {
        let entry = Entry { key: Text::unplaced("AWS_REGION").used_at(value.span), value };
        field_of(&entry)
    });
    let given = provider.and_then(|provider| template.value_of(provider, "role"));
    let in_iam = provider.and_then(|provider| provider.get("iam")).and_then(|iam| template.value_of(iam, "role"));
    let given = given.or(in_iam.filter(|role| !matches!(role.value, Value::Map(_))));
    let functions = functions(service).iter().map(|function| {
        let own = template.value_of(&function.value, "environment");
        let variables = shared.iter().chain(&own).flat_map(Node::entries).filter_map(field_of);
        let has_own = function.value.get("iamRoleStatements").is_some();
        let id = if has_own { role_id(function) } else { ROLE.to_owned() };
        let made = || reference(&id, function.key.span());
        let role = template.value_of(&function.value, "role").or_else(|| given.clone()).unwrap_or_else(made);
        Function { name: function.key.clone(), variables: variables.chain(region.clone()).collect(), role }
    });
    functions.collect()
}

fn functions(service: &Node) -> &[Entry] {
    service.get("functions").map(Node::entries).unwrap_or_default()
}

fn role_id(function: &Entry) -> String {
    format!("{}{ROLE}", function.key.as_str())
}

fn reference(name: &str, span: Span) -> Node {
    Node { span, value: Value::Call(Call { name: Text::unplaced(name).used_at(span), args: Vec::new() }) }
}

/// The document that the framework makes of statements.
fn document(statements: Node) -> Node {
    let span = statements.span;
    let entry = |key: &str, value: Node| Entry { key: Text::unplaced(key).used_at(span), value };
    let version = string(Text::unplaced("2012-10-17").used_at(span), span);
    Node { span, value: Value::Map(vec![entry("Version", version), entry("Statement", statements)]) }
}

/// The value with the variables in its strings as references.
pub(super) fn named(node: Node) -> Node {
    let span = node.span;
    let value = match node.value {
        Value::Scalar(scalar) => match templated(&scalar.text, span) {
            Some(template) => return template,
            None => Value::Scalar(scalar),
        },
        Value::List(items) => Value::List(items.into_iter().map(named).collect()),
        Value::Map(entries) => {
            Value::Map(entries.into_iter().map(|entry| Entry { value: named(entry.value), ..entry }).collect())
        }
        Value::Call(call) => Value::Call(Call { name: call.name, args: call.args.into_iter().map(named).collect() }),
    };
    Node { span, value }
}

fn templated(text: &Text, span: Span) -> Option<Node> {
    let variables = variables(text.as_str());
    if variables.is_empty() {
        return None;
    }
    let (mut parts, mut at) = (Vec::with_capacity(variables.len() * 2 + 1), 0);
    let literal = |range: Range<usize>| string(text.part(range.clone()), text.span_of(range));
    for variable in variables {
        if at < variable.start {
            parts.push(literal(at..variable.start));
        }
        let name = text.part(variable.start + "${".len()..variable.end - 1);
        let place = text.span_of(variable.clone());
        parts.push(Node { span: place, value: Value::Call(Call { name, args: Vec::new() }) });
        at = variable.end;
    }
    if at < text.as_str().len() {
        parts.push(literal(at..text.as_str().len()));
    }
    let name = Text::unplaced(Call::TEMPLATE).used_at(span);
    Some(Node { span, value: Value::Call(Call { name, args: parts }) })
}

/// Where `${self:…}` and the like stand in a string, variables in variables included. What has no source of the framework
/// is left to IAM and CloudFormation.
fn variables(text: &str) -> Vec<Range<usize>> {
    const SOURCES: [&str; 14] = [
        "self:",
        "opt:",
        "env:",
        "aws:region",
        "aws:accountId",
        "param:",
        "sls:",
        "ssm",
        "cf",
        "s3:",
        "file(",
        "git:",
        "output:",
        "strToBool(",
    ];
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("${")).map(|start| at + start) {
        let inner = start + "${".len();
        let Some(end) = closed(text, inner) else { break };
        let name = text.get(inner..end).unwrap_or_default();
        if SOURCES.iter().any(|source| name.starts_with(source)) {
            found.push(start..end + 1);
        }
        at = end + 1;
    }
    found
}

/// Where the brace closes that stands open before `at`.
fn closed(text: &str, at: usize) -> Option<usize> {
    let mut open = 1usize;
    for (offset, byte) in text.get(at..)?.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' if open == 1 => return Some(at + offset),
            b'}' => open -= 1,
            _ => {}
        }
    }
    None
}

/// What a variable stands for.
pub(super) enum Meaning<'n> {
    /// A value of the service itself.
    Own(&'n Node),
    /// What counts where nobody says otherwise, in bytes of the name.
    Default(Range<usize>),
    Unknown,
}

/// What a variable of a service means: `self:custom.model`, `opt:stage, 'dev'`.
pub(super) fn meaning<'n>(name: &str, service: &'n Node) -> Meaning<'n> {
    if name.contains("${") {
        return Meaning::Unknown;
    }
    let (first, rest) = name.split_once(',').unwrap_or((name, ""));
    let path = first.trim().strip_prefix("self:");
    let own = path.and_then(|path| path.split('.').try_fold(service, |node, key| node.get(key)));
    if let Some(own) = own {
        return Meaning::Own(own);
    }
    let fallback = rest.trim();
    let start = name.len() - rest.trim_start().len();
    let quoted = fallback.len() > 1
        && ['\'', '"'].iter().any(|quote| fallback.starts_with(*quote) && fallback.ends_with(*quote));
    if quoted && !fallback.contains(',') {
        return Meaning::Default(start + 1..start + fallback.len() - 1);
    }
    Meaning::Unknown
}
