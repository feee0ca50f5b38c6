//! A catalogue file as it is written: an entry a line, so that two of them can be compared line by line.

use serde_json::{Map, Value};

/// The text of a file: what stands directly in its maps and lists has a line each, and so have the objects of the list that
/// ends an entry, as the profiles end a model.
pub(super) fn text(file: &Map<String, Value>) -> String {
    let parts: Vec<String> = file
        .iter()
        .map(|(key, value)| {
            let value = match value {
                Value::Object(entries) => lines("{", entries.iter().map(|(name, one)| named(name, one)), "}"),
                Value::Array(entries) => lines("[", entries.iter().map(entry), "]"),
                scalar => scalar.to_string(),
            };
            format!(" {}: {value}", quoted(key))
        })
        .collect();
    format!("{{\n{}\n}}\n", parts.join(",\n"))
}

fn lines(open: &str, entries: impl Iterator<Item = String>, close: &str) -> String {
    let entries: Vec<String> = entries.map(|entry| format!("  {entry}")).collect();
    if entries.is_empty() { format!("{open}{close}") } else { format!("{open}\n{}\n {close}", entries.join(",\n")) }
}

fn named(name: &str, value: &Value) -> String {
    format!("{}: {value}", quoted(name))
}

fn entry(value: &Value) -> String {
    let Value::Object(fields) = value else { return value.to_string() };
    match fields.iter().next_back() {
        Some((last, Value::Array(rows))) if rows.first().is_some_and(Value::is_object) => {
            let before = fields.iter().take(fields.len() - 1);
            let before: String = before.map(|(key, value)| format!("{}:{value},", quoted(key))).collect();
            let rows: Vec<String> = rows.iter().map(|row| format!("   {row}")).collect();
            format!("{{{before}{}:[\n{}\n  ]}}", quoted(last), rows.join(",\n"))
        }
        _ => value.to_string(),
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_compiled_in_file_is_written_like_that() {
        let built_in = crate::bedrock::Catalogue::BUILTIN_TEXT;
        let value: Value = serde_json::from_str(built_in).unwrap();
        assert!(text(value.as_object().unwrap()) == built_in);
    }
}
