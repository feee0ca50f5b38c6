//! A policy document: tree to value, nothing that was written is lost.

use std::collections::HashMap;
use std::sync::Arc;

use super::evaluate::{each, is_null};
use super::field::computed;
use super::{DuplicateKey, PolicyFact, PolicyKind, Reader, placeholder};
use crate::iam::{Condition, Effect, Elements, Operator, Pattern, Policy, Principal, Statement, Version};
use crate::syntax::{Call, Node, Value};
use crate::text::{Span, Text};

/// Whether a value is a policy document: it has statements, and one of them has an effect.
pub(super) fn is_policy(node: &Node) -> bool {
    statements(node).iter().any(|statement| statement.node.get("Effect").is_some())
}

/// A statement of a document.
struct Stated<'n> {
    node: &'n Node,
    /// The choice that it is one side of, where it is not known which is taken.
    choice: Option<&'n Node>,
}

fn statements(document: &Node) -> Vec<Stated<'_>> {
    let listed = document.get("Statement").map(Node::one_or_many).unwrap_or_default();
    listed.iter().flat_map(sides).collect()
}

/// The statements of both sides of a choice, or the statement itself.
fn sides(node: &Node) -> Vec<Stated<'_>> {
    let is_choice = matches!(&node.value, Value::Call(call) if call.name.as_str() == Call::CHOICE);
    let choice = is_choice.then_some(node);
    let sides = if is_choice { each(node) } else { vec![node] };
    sides.into_iter().map(|node| Stated { node, choice }).collect()
}

/// Reads a policy document and adds it to the facts. Returns its index there.
pub(super) fn read(node: &Node, name: Option<String>, kind: Option<PolicyKind>, reader: &mut Reader<'_>) -> usize {
    let mut duplicates = Vec::new();
    collect_duplicates(node, &mut duplicates);
    let policy = document(node, reader);
    let said = kind.or(reader.kind).or_else(|| kind_by_name(&policy, reader.source.path()));
    let (kind, guessed) = said.map_or_else(|| (kind_by_shape(&policy), true), |kind| (kind, false));
    let fact = PolicyFact {
        source: Arc::clone(reader.source),
        policy,
        kind,
        guessed,
        name,
        example: reader.example,
        region: reader.region.clone(),
        profiles: Arc::clone(&reader.profiles),
        duplicates,
    };
    reader.facts.policies.push(Arc::new(fact));
    reader.facts.policies.len() - 1
}

fn document(node: &Node, reader: &mut Reader<'_>) -> Policy {
    let version = match node.get("Version").and_then(Node::scalar).map(with_holes) {
        Some(text) if text.as_str() == "2012-10-17" || text.literal().is_none() => Version::V2012,
        Some(text) if text.as_str() == "2008-10-17" => Version::V2008,
        Some(text) => {
            let message = format!("`{}` is no policy version: IAM knows `2012-10-17` and `2008-10-17`", text.as_str());
            reader.problem(text.span(), message);
            Version::V2012
        }
        None => Version::V2008,
    };
    let statements = statements(node);
    Policy {
        span: node.span,
        version,
        id: node.get("Id").and_then(Node::scalar).cloned(),
        statements: statements.iter().filter_map(|stated| statement(stated, version, reader)).collect(),
        unknown: unknown(node, &["Version", "Id", "Statement"]),
    }
}

const STATEMENT_ELEMENTS: &[&str] =
    &["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"];

fn statement(stated: &Stated<'_>, version: Version, reader: &mut Reader<'_>) -> Option<Statement> {
    let node = stated.node;
    if matches!(node.value, Value::Call(_)) {
        return Some(computed_statement(node));
    }
    if !matches!(node.value, Value::Map(_)) {
        reader.problem(node.span, "a statement must be an object");
        return None;
    }
    let (effect, effect_span) = effect(node, reader)?;
    let variables = version == Version::V2012;
    let written = node.get("Condition").map(|node| conditions(node, variables)).unwrap_or_default();
    let chosen = stated.choice.map(|choice| unknown_condition(computed(choice), choice));
    Some(Statement {
        span: node.span,
        sid: node.get("Sid").and_then(Node::scalar).cloned(),
        effect,
        effect_span,
        actions: elements(node, ["Action", "NotAction"], false),
        resources: elements(node, ["Resource", "NotResource"], variables),
        principal: principal(node),
        conditions: written.into_iter().chain(chosen).collect(),
        unknown: unknown(node, STATEMENT_ELEMENTS),
    })
}

/// A statement that something else computes: it may allow anything.
fn computed_statement(node: &Node) -> Statement {
    let anything = || Elements::new(node.span, node.span, false, vec![Pattern::new(computed(node), false)]);
    Statement {
        span: node.span,
        sid: None,
        effect: Effect::Allow,
        effect_span: node.span,
        actions: Some(anything()),
        resources: Some(anything()),
        principal: None,
        conditions: Vec::new(),
        unknown: Vec::new(),
    }
}

fn effect(node: &Node, reader: &mut Reader<'_>) -> Option<(Effect, Span)> {
    let effect = node.get("Effect");
    let Some(text) = effect.and_then(Node::scalar).map(with_holes) else {
        if effect.is_none_or(is_null) {
            reader.problem(node.span, "the statement has no `Effect`: IAM refuses the policy");
        }
        return None;
    };
    match text.as_str() {
        "Allow" => Some((Effect::Allow, text.span())),
        "Deny" => Some((Effect::Deny, text.span())),
        _ if text.literal().is_none() => None,
        other => {
            reader.problem(text.span(), format!("`{other}` is no effect: IAM knows `Allow` and `Deny`, in this case"));
            let effect = if other.eq_ignore_ascii_case("deny") { Effect::Deny } else { Effect::Allow };
            Some((effect, text.span()))
        }
    }
}

fn elements(node: &Node, [plain, negated]: [&str; 2], variables: bool) -> Option<Elements> {
    let entry = node.entry(plain).or_else(|| node.entry(negated))?;
    let texts = entry.value.one_or_many().iter().filter_map(text_of);
    Some(Elements::new(
        entry.key.span(),
        entry.value.span,
        entry.key.as_str() == negated,
        texts.map(|text| Pattern::new(text, variables)).collect(),
    ))
}

/// The string of a value. A value that something else computes (`{"Fn::Sub": …}`) is one hole; null is nothing.
fn text_of(node: &Node) -> Option<Text> {
    match node.scalar() {
        Some(text) => Some(with_holes(text)),
        None if is_null(node) => None,
        None => Some(computed(node)),
    }
}

/// The string with its placeholders as holes, beside those it has.
fn with_holes(text: &Text) -> Text {
    let mut holes = text.holes().to_vec();
    holes.extend(placeholder::holes(text.as_str()));
    text.clone().with_holes(holes)
}

fn principal(node: &Node) -> Option<Principal> {
    let entry = node.entry("Principal").or_else(|| node.entry("NotPrincipal"))?;
    let entries = match entry.value.scalar() {
        Some(text) => vec![("*".to_owned(), with_holes(text))],
        None => entry
            .value
            .entries()
            .iter()
            .flat_map(|entry| {
                let values = entry.value.one_or_many().iter().filter_map(Node::scalar);
                values.map(|text| (entry.key.as_str().to_owned(), with_holes(text)))
            })
            .collect(),
    };
    Some(Principal { key: entry.key.span(), negated: entry.key.as_str() == "NotPrincipal", entries })
}

/// A condition that may hold, for what is computed elsewhere.
fn unknown_condition(operator: Text, node: &Node) -> Condition {
    Condition {
        operator_text: operator,
        operator: None,
        key: computed(node),
        values: Vec::new(),
        values_span: node.span,
    }
}

fn conditions(node: &Node, variables: bool) -> Vec<Condition> {
    let mut conditions = Vec::new();
    if !matches!(node.value, Value::Map(_)) && !is_null(node) {
        conditions.push(unknown_condition(computed(node), node));
    }
    for operator in node.entries() {
        if !matches!(operator.value.value, Value::Map(_)) {
            conditions.push(unknown_condition(operator.key.clone(), &operator.value));
            continue;
        }
        let parsed = Operator::parse(operator.key.as_str());
        let wildcards = parsed.is_none_or(|operator| operator.comparison.knows_wildcards());
        for entry in operator.value.entries() {
            let values = entry.value.one_or_many().iter().filter_map(text_of).map(|text| {
                let pattern = Pattern::new(text, variables);
                if wildcards { pattern } else { pattern.without_wildcards() }
            });
            conditions.push(Condition {
                operator_text: operator.key.clone(),
                operator: parsed,
                key: entry.key.clone(),
                values: values.collect(),
                values_span: entry.value.span,
            });
        }
    }
    conditions
}

fn unknown(node: &Node, known: &[&str]) -> Vec<Text> {
    let keys = node.entries().iter().map(|entry| &entry.key);
    keys.filter(|key| !known.contains(&key.as_str())).cloned().collect()
}

pub(super) fn collect_duplicates(node: &Node, into: &mut Vec<DuplicateKey>) {
    let entries = node.entries();
    // of three, the last counts
    let mut last = HashMap::new();
    for entry in entries.iter().rev() {
        last.entry(entry.key.as_str()).or_insert(entry.key.span());
    }
    for entry in entries {
        let kept = last.get(entry.key.as_str()).copied();
        if let Some(kept) = kept.filter(|kept| *kept != entry.key.span()) {
            into.push(DuplicateKey { lost: entry.key.clone(), kept });
        }
        collect_duplicates(&entry.value, into);
    }
    for item in node.items() {
        collect_duplicates(item, into);
    }
}

/// The kind of a policy that nobody declared. Content first: only a policy that stands on something names a principal.
/// Then the name of the file.
fn kind_by_name(policy: &Policy, path: &str) -> Option<PolicyKind> {
    let statements = &policy.statements;
    if statements.iter().any(|statement| statement.principal.is_some()) {
        let assumes = |statement: &Statement| {
            statement.named_actions().iter().any(|action| action.as_str().to_ascii_lowercase().starts_with("sts:"))
        };
        let trust = statements.iter().any(assumes);
        return Some(if trust { PolicyKind::Trust } else { PolicyKind::Resource });
    }
    let words = words(path);
    let is = |word: &str| words.iter().any(|one| one == word);
    let service_control = words.windows(2).any(|pair| matches!(pair, [a, b] if a == "service" && b == "control"));
    if is("scp") || is("scps") || service_control {
        Some(PolicyKind::Scp)
    } else if is("boundary") || is("boundaries") {
        Some(PolicyKind::Boundary)
    } else {
        None
    }
}

/// The words of a path, lower-case: `DenyRegionsSCP`, `deny-regions_scp` and `deny regions/scp` have the same. Digits
/// end a word.
pub(super) fn words(path: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut last = ' ';
    let mut rest = path.chars().peekable();
    while let Some(c) = rest.next() {
        let next_is_small = rest.peek().is_some_and(char::is_ascii_lowercase);
        let begins =
            c.is_ascii_uppercase() && (last.is_ascii_lowercase() || (last.is_ascii_uppercase() && next_is_small));
        if begins || !c.is_ascii_alphabetic() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_ascii_alphabetic()) {
            word.push(c.to_ascii_lowercase());
        }
        last = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a document does nothing but deny.
pub(super) fn denies_alone(node: &Node) -> bool {
    let denies = |stated: &Stated<'_>| {
        stated.node.get("Effect").and_then(Node::scalar).is_some_and(|effect| effect.as_str() == "Deny")
    };
    statements(node).iter().all(denies)
}

/// What its statements make of a policy: one of Denies alone limits whatever grants, so it is a ceiling wherever it is
/// attached.
fn kind_by_shape(policy: &Policy) -> PolicyKind {
    let statements = &policy.statements;
    let denies = !statements.is_empty() && statements.iter().all(|statement| statement.effect == Effect::Deny);
    if denies { PolicyKind::Scp } else { PolicyKind::Identity }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_into_words() {
        for (path, expected) in [
            ("org/scps/deny-regions.json", vec!["org", "scps", "deny", "regions", "json"]),
            ("DenyRegionsSCP.json", vec!["deny", "regions", "scp", "json"]),
            ("SCPDenyRegions", vec!["scp", "deny", "regions"]),
            ("AmazonBedrockStudioPermissionsBoundary", vec!["amazon", "bedrock", "studio", "permissions", "boundary"]),
            ("scp1_root", vec!["scp", "root"]),
            ("", vec![]),
        ] {
            assert_eq!(words(path), expected, "{path}");
        }
    }
}
