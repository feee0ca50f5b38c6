//! One spelling for all the ways in which a value can be laid out in a file, to compare values by.

use std::borrow::Cow;

use super::mask::mask;
use crate::syntax::{Node, ScalarKind, Value, json};
use crate::text::SourceMap;

/// The text in the spelling that it shares with every other layout of the same value, secrets masked.
///
/// - a JSON list or object: compact, escapes decoded, the members of lists and the keys of objects sorted
/// - the content of a JSON string: escapes decoded; where that gives a list or object, as in a policy that stands in a
///   string, the same as above
/// - anything else: stretches of white space as one space
pub(super) fn canonical(text: &str) -> String {
    let decoded = decoded(text);
    // secrets are told by the name in front of them, so before anything is sorted
    let shown = match tree(&decoded) {
        Some(tree) => compact(&tree, Order::Written),
        None => decoded.into_owned(),
    };
    let masked = mask(&shown);
    match tree(&masked) {
        Some(tree) => compact(&tree, Order::Sorted),
        None => masked.into_owned(),
    }
}

/// The text itself if it is a list or object, else the text that it is as the content of a string.
fn decoded(text: &str) -> Cow<'_, str> {
    if tree(text).is_some() {
        return Cow::Borrowed(text);
    }
    match serde_json::from_str::<String>(&format!("\"{text}\"")) {
        Ok(content) => Cow::Owned(content),
        Err(_) => Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" ")),
    }
}

fn tree(text: &str) -> Option<Node> {
    if !text.trim_start().starts_with(['[', '{']) {
        return None;
    }
    Some(json::parse(text, &SourceMap::Verbatim(0)).ok()??.root)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Written,
    Sorted,
}

fn compact(node: &Node, order: Order) -> String {
    match &node.value {
        Value::Scalar(scalar) if scalar.kind == ScalarKind::String => quoted(scalar.text.as_str()),
        Value::Scalar(scalar) => scalar.text.as_str().to_owned(),
        Value::List(items) => {
            let mut items: Vec<String> = items.iter().map(|item| compact(item, order)).collect();
            if order == Order::Sorted {
                items.sort_unstable();
            }
            format!("[{}]", items.join(","))
        }
        Value::Map(entries) => {
            let mut entries: Vec<(&str, String)> =
                entries.iter().map(|entry| (entry.key.as_str(), compact(&entry.value, order))).collect();
            if order == Order::Sorted {
                // stable: of a key that stands twice the last counts
                entries.sort_by_key(|(key, _)| *key);
            }
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{}:{value}", quoted(key))).collect();
            format!("{{{}}}", entries.join(","))
        }
        // JSON has none
        Value::Call(_) => String::new(),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn layouts_of_one_value_are_spelled_alike() {
        for (wanted, layouts) in [
            (
                r#"["us-east-1","us-west-2"]"#,
                &[
                    r#"["us-east-1","us-west-2"]"#,
                    "[\n    \"us-east-1\",\n    \"us-west-2\"\n  ]",
                    "[\r\n\t\"us-west-2\" ,\"us\\u002deast-1\",]",
                    // in a policy that stands in a string
                    r#"[\n  \"us-west-2\",\n  \"us-east-1\"\n]"#,
                ][..],
            ),
            (
                r#"{"a":[1,true],"b":"x/y"}"#,
                &[r#"{"b": "x\/y", "a": [true, 1]}"#, "{ // why\n\"a\":[1,true],\"b\":\"x/y\"}"],
            ),
            (
                "arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0",
                &[
                    "arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0",
                    r"arn:aws:bedrock:*::foundation-model\/amazon.nova-lite-v1:0",
                    r"\u0061rn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0",
                ],
            ),
            ("model = x", &["model = x", "model  =\n    x"]),
            ("{{ region }}", &["{{ region }}"]),
        ] {
            for layout in layouts {
                assert_eq!(canonical(layout), wanted, "{layout}");
            }
        }
    }

    #[test]
    fn values_that_differ_stay_apart() {
        let texts = ["a", "[\"a\"]", "[\"a\",\"a\"]", "{\"a\":1}", "[1]", "[\"1\"]", "[[\"a\"]]", "[\"a,b\"]", ""];
        for (index, one) in texts.iter().enumerate() {
            for other in texts.iter().skip(index + 1) {
                assert_ne!(canonical(one), canonical(other));
            }
        }
    }

    #[test]
    fn secrets_are_masked_however_they_are_written() {
        let tail = "SecretTail0123";
        let long = format!("ABSK{}{tail}", "QmVkcm9ja0FQSUtleS0x".repeat(3));
        let split = long.replacen("cm9ja", r"cm9\u006aa", 1);
        let named = format!(r#"[{{"name": "SECRET_KEY", "value": "wJalr{}bPxRfi{tail}"}}]"#, "XUtnFEMI/K7MDENG/");
        for text in [long.clone(), split, format!("[\"x\", \"{long}\"]"), format!("a\n {long}"), named] {
            let spelled = canonical(&text);
            assert!(spelled.contains("***") && !spelled.contains(tail), "{spelled}");
        }
    }
}
