//! A document as JSON.

use serde_json::{Map, Value as Json, json};

use super::PolicyError;
use super::document::{Condition, Document, Statement, Value};
use crate::iam::Effect;

/// The document in JSON, indented by two blanks.
///
/// # Errors
/// If the account is open: JSON has no form for what is filled in later.
pub(super) fn render(document: &Document) -> Result<String, PolicyError> {
    if let Some(value) = document.values().find(|value| value.is_open()) {
        return Err(PolicyError::NoAccount { arn: value.written("ACCOUNT", str::to_owned) });
    }
    Ok(format!("{:#}\n", tree(document, "")))
}

/// The document with the open account filled in.
pub(super) fn tree(document: &Document, account: &str) -> Json {
    let statements: Vec<Json> = document.statements.iter().map(|one| statement(one, account)).collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}

fn statement(statement: &Statement, account: &str) -> Json {
    let actions: Vec<Json> = statement.actions.iter().map(|action| json!(action)).collect();
    let mut object = Map::new();
    object.insert("Sid".to_owned(), json!(statement.sid));
    object.insert("Effect".to_owned(), json!(effect(statement.effect)));
    object.insert(if statement.negated { "NotAction" } else { "Action" }.to_owned(), one_or_many(actions));
    object.insert("Resource".to_owned(), one_or_many(strings(&statement.resources, account)));
    if !statement.conditions.is_empty() {
        object.insert("Condition".to_owned(), conditions(&statement.conditions, account));
    }
    Json::Object(object)
}

pub(super) fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    }
}

fn strings(values: &[Value], account: &str) -> Vec<Json> {
    values.iter().map(|value| json!(value.written(account, str::to_owned))).collect()
}

fn one_or_many(mut values: Vec<Json>) -> Json {
    match values.len() {
        1 => values.remove(0),
        _ => Json::Array(values),
    }
}

fn conditions(conditions: &[Condition], account: &str) -> Json {
    let mut operators = Map::new();
    for condition in conditions {
        let keys = operators.entry(condition.operator).or_insert_with(|| json!({}));
        if let Some(keys) = keys.as_object_mut() {
            keys.insert(condition.key.to_owned(), one_or_many(strings(&condition.values, account)));
        }
    }
    Json::Object(operators)
}
