//! The smallest case that still shows a fault.

use serde_json::Value;

use super::case::Case;

/// Takes away parts of the case, one after the other, as long as `still` holds.
pub fn shrink(case: &Case, mut still: impl FnMut(&Case) -> bool) -> Case {
    let mut best = serde_json::to_value(case).unwrap();
    loop {
        let before = best.clone();
        for path in paths(&before) {
            let mut smaller = best.clone();
            remove(&mut smaller, &path);
            if serde_json::from_value(smaller.clone()).ok().filter(is_valid).is_some_and(|smaller| still(&smaller)) {
                best = smaller;
            }
        }
        if best == before {
            return serde_json::from_value(best).unwrap();
        }
    }
}

/// Whether IAM would read all policies: no element that it needs is empty or missing.
fn is_valid(case: &Case) -> bool {
    let documents = case.scps.iter().flatten().chain(&case.identity).chain(&case.boundary).chain(&case.session);
    documents.into_iter().all(|document| statements(document).is_some_and(|all| all.iter().all(is_statement)))
        && case.on_resource.iter().all(|document| {
            let about = |statement: &Value| statement.get("Principal").is_some_and(is_full) && is_statement(statement);
            statements(document).is_some_and(|all| all.iter().all(about))
        })
}

fn statements(document: &Value) -> Option<&Vec<Value>> {
    document.get("Version")?;
    document.get("Statement")?.as_array().filter(|statements| !statements.is_empty())
}

fn is_statement(statement: &Value) -> bool {
    let has = |names: [&str; 2]| names.iter().any(|name| statement.get(name).is_some_and(is_full));
    statement.get("Effect").is_some()
        && has(["Action", "NotAction"])
        && has(["Resource", "NotResource"])
        && statement.get("Condition").is_none_or(is_full)
}

/// Whether a value is something, down to the last list.
fn is_full(value: &Value) -> bool {
    match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty() && fields.values().all(is_full),
        _ => true,
    }
}

/// The ways to everything that can be taken away: the larger first, and in lists the last first, so that the places of
/// what was not looked at yet stay.
fn paths(value: &Value) -> Vec<Vec<String>> {
    let children: Vec<(String, &Value)> = match value {
        Value::Array(items) => items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), field)).collect(),
        _ => Vec::new(),
    };
    let mut all: Vec<Vec<String>> = children.iter().map(|(step, _)| vec![step.clone()]).collect();
    for (step, child) in children {
        all.extend(paths(child).into_iter().map(|rest| [vec![step.clone()], rest].concat()));
    }
    all.reverse();
    all.sort_by_key(Vec::len);
    all
}

fn remove(value: &mut Value, path: &[String]) {
    let Some((step, rest)) = path.split_first() else { return };
    match value {
        Value::Array(items) => {
            let Ok(index) = step.parse::<usize>() else { return };
            if rest.is_empty() && index < items.len() {
                items.remove(index);
            } else if let Some(item) = items.get_mut(index) {
                remove(item, rest);
            }
        }
        Value::Object(fields) if rest.is_empty() => {
            fields.shift_remove(step);
        }
        Value::Object(fields) => {
            if let Some(field) = fields.get_mut(step) {
                remove(field, rest);
            }
        }
        _ => {}
    }
}
