//! Spellings that the simulator misreads, from `known.json`, and the case spelt otherwise.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::case::Case;

/// What the simulator takes otherwise than AWS, and how to say the same so that it understands.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Misreading {
    /// A short name.
    pub name: String,
    /// The AWS page that says who is right.
    pub page: String,
    /// What it says.
    pub says: String,
    /// What the simulator does.
    pub simulator: String,
    element: Element,
    /// Of the condition operator.
    #[serde(default, with = "expression")]
    operator: Option<Regex>,
    /// Whether the request must lack the key of the condition.
    #[serde(default)]
    key_absent: bool,
    /// Whether the request must lack the key of a policy variable in the value that has no default.
    #[serde(default)]
    variable_absent: bool,
    /// Whether it must lack the key of one that has.
    #[serde(default)]
    default_used: bool,
    /// The version of the policy.
    version: Option<String>,
    /// Of what the request holds under the key of the condition.
    #[serde(default, with = "expression")]
    held: Option<Regex>,
    /// Of the resource that the request names.
    #[serde(default, with = "expression")]
    request: Option<Regex>,
    /// Of the value.
    #[serde(default, with = "expression")]
    value: Option<Regex>,
    instead: Instead,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum Element {
    /// A pattern of `Resource` or `NotResource`.
    Resource,
    /// A value of a condition.
    Condition,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Instead {
    /// The value is replaced by these, in which `$1` is what the value's first group matched.
    Values(Vec<String>),
    /// The value is taken away: it can match nothing.
    Nothing,
    /// The whole condition is one that holds.
    True,
}

mod expression {
    use regex::Regex;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer};

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Regex>, D::Error> {
        let text = String::deserialize(deserializer)?;
        Regex::new(&text).map(Some).map_err(D::Error::custom)
    }
}

/// All misreadings.
pub fn misreadings() -> Vec<Misreading> {
    serde_json::from_str(include_str!("known.json")).unwrap()
}

/// The same case in spellings that both understand, and the names of the misreadings that it then avoids.
pub fn respell(misreadings: &[Misreading], case: &Case) -> (Case, BTreeSet<String>) {
    let mut respelling = Respelling { misreadings, case, used: BTreeSet::new() };
    let respelt = respelling.respell();
    (respelt, respelling.used)
}

/// A case as it is spelt anew.
struct Respelling<'a> {
    misreadings: &'a [Misreading],
    case: &'a Case,
    used: BTreeSet<String>,
}

impl Respelling<'_> {
    fn respell(&mut self) -> Case {
        let mut case = self.case.clone();
        let policies = case.scps.iter_mut().flatten().chain(&mut case.identity).chain(&mut case.on_resource);
        for policy in policies.chain(&mut case.boundary).chain(&mut case.session) {
            let version = policy.get("Version").and_then(Value::as_str).unwrap().to_owned();
            let statements = policy.get_mut("Statement").and_then(Value::as_array_mut).unwrap();
            for statement in statements {
                self.statement(statement.as_object_mut().unwrap(), &version);
            }
        }
        case
    }

    fn statement(&mut self, statement: &mut Map<String, Value>, version: &str) {
        for name in ["Resource", "NotResource"] {
            let Some(written) = statement.get(name) else { continue };
            let values: Vec<String> = strings(written).iter().flat_map(|value| self.resource(value, version)).collect();
            if !values.is_empty() {
                statement.insert(name.to_owned(), json!(values));
                continue;
            }
            // nothing is named
            statement.shift_remove(name);
            statement.insert("Resource".to_owned(), json!("*"));
            if name == "Resource" {
                statement.shift_remove("NotAction");
                statement.insert("Action".to_owned(), json!("s3:GetObject"));
            }
        }
        if let Some(Value::Object(block)) = statement.get("Condition").cloned() {
            statement.insert("Condition".to_owned(), self.conditions(&block, version));
        }
    }

    fn resource(&mut self, value: &str, version: &str) -> Vec<String> {
        let fits = |known: &&Misreading| {
            known.element == Element::Resource
                && known.request.as_ref().is_none_or(|request| request.is_match(&self.case.resource))
                && known.version.as_ref().is_none_or(|known| known == version)
                && self.value_fits(known, value)
        };
        let misreadings = self.misreadings;
        match misreadings.iter().find(fits) {
            Some(known) => self.instead(known, value),
            None => vec![value.to_owned()],
        }
    }

    fn conditions(&mut self, block: &Map<String, Value>, version: &str) -> Value {
        let mut respelt: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
        for (operator, keys) in block {
            for (key, written) in keys.as_object().unwrap() {
                let held = self.case.context.iter().find(|(held, _)| held.eq_ignore_ascii_case(key));
                let holds = |known: &Regex| {
                    held.is_some_and(|(_, value)| strings(value).iter().all(|value| known.is_match(value)))
                };
                let misreadings = self.misreadings;
                let known: Vec<&Misreading> = misreadings
                    .iter()
                    .filter(|known| {
                        known.element == Element::Condition
                            && known.operator.as_ref().is_none_or(|known| known.is_match(operator))
                            && known.version.as_ref().is_none_or(|known| known == version)
                            && known.held.as_ref().is_none_or(holds)
                            && (held.is_none() || !known.key_absent)
                    })
                    .collect();
                if let Some(known) = known.iter().find(|known| matches!(known.instead, Instead::True)) {
                    self.used.insert(known.name.clone());
                    continue;
                }
                let value = |value: String| match known.iter().find(|known| self.value_fits(known, &value)) {
                    Some(known) => self.instead(known, &value),
                    None => vec![value],
                };
                let values: Vec<String> = strings(written).into_iter().flat_map(value).collect();
                respelt.entry(operator.clone()).or_default().insert(key.clone(), json!(values));
            }
        }
        json!(respelt)
    }

    fn value_fits(&self, known: &Misreading, value: &str) -> bool {
        known.value.as_ref().is_none_or(|known| known.is_match(value))
            && (!known.variable_absent || self.has_variable_without_value(value, false))
            && (!known.default_used || self.has_variable_without_value(value, true))
    }

    fn has_variable_without_value(&self, value: &str, with_default: bool) -> bool {
        let variables = value.split("${").skip(1).filter_map(|rest| rest.split('}').next());
        let keys = variables.filter(|name| name.contains(':') && name.contains(',') == with_default);
        let mut keys = keys.filter_map(|name| name.split(',').next());
        keys.any(|key| !self.case.context.keys().any(|held| held.eq_ignore_ascii_case(key)))
    }

    fn instead(&mut self, known: &Misreading, value: &str) -> Vec<String> {
        self.used.insert(known.name.clone());
        match &known.instead {
            Instead::Values(values) => values
                .iter()
                .map(|instead| match &known.value {
                    Some(written) => written.replace(value, instead.as_str()).into_owned(),
                    None => instead.clone(),
                })
                .collect(),
            Instead::Nothing | Instead::True => Vec::new(),
        }
    }
}

/// The strings of a value: one or several. Numbers and booleans as IAM reads them.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(strings).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}
