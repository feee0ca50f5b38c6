//! JSON pointers into policy files. In a list, a name may stand for the number, so that a pointer survives moves.

use crate::formats::embedded;
use crate::source::Source;
use crate::syntax::{Node, Value, json};
use crate::text::{SourceMap, Span};

/// Keys that name an item of a list.
const NAMES: [&str; 9] = ["Sid", "Id", "PolicyName", "RoleName", "UserName", "GroupName", "Arn", "Name", "PolicyArn"];

/// The bytes that a pointer leads to, key included; none if it leads nowhere.
pub(super) fn resolve(source: &Source, pointer: &str) -> Option<Span> {
    let (body, offset) = source.body();
    let map = SourceMap::Verbatim(Span::new(offset, offset).start);
    let root = json::parse(body, &map).ok()??.root;
    let steps: Vec<String> =
        pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    follow(&root, root.span, &steps)
}

fn follow(node: &Node, whole: Span, steps: &[String]) -> Option<Span> {
    let Some((step, rest)) = steps.split_first() else { return Some(whole) };
    match &node.value {
        Value::Map(_) => {
            let entry = node.entry(step)?;
            let whole = Span { start: entry.key.span().start, end: entry.value.span.end };
            follow(&entry.value, whole, rest)
        }
        Value::List(items) => {
            let named = || items.iter().find(|item| NAMES.iter().any(|name| is_named(item, name, step)));
            let item = step.parse::<usize>().ok().and_then(|index| items.get(index)).or_else(named)?;
            follow(item, item.span, rest)
        }
        // a document in a string
        Value::Scalar(_) => {
            let text = embedded(node.string()?);
            let inner = json::parse(text.as_str(), text.map()).ok()??;
            follow(&inner.root, inner.root.span, steps)
        }
        Value::Call(_) => None,
    }
}

fn is_named(item: &Node, key: &str, name: &str) -> bool {
    item.get(key).and_then(Node::string).is_some_and(|text| text.as_str() == name)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn numbers_names_and_embedded_documents_are_followed() {
        let text = r#"{"S": [{"Sid": "A", "R": ["x", "y"]}, {"Sid": "B", "a/b": 1}], "D": "{\"E\": {\"F\": 2}}", "%": "%7B%22G%22%3A%203%7D"}"#;
        let source = Source::new("a.json", text);
        for (pointer, expected) in [
            ("/S/0/R", r#"R": ["x", "y"]"#),
            ("/S/A/R/1", r#""y""#),
            ("/S/B/a~1b", r#"a/b": 1"#),
            ("/D/E/F", r#"F\": 2"#),
            ("/%/G", "G%22%3A%203"),
            ("", text),
        ] {
            assert_eq!(source.slice(resolve(&source, pointer).unwrap()), expected, "{pointer}");
        }
        for pointer in ["/S/2", "/S/C", "/X", "/S/0/Sid/x"] {
            assert_eq!(resolve(&source, pointer), None, "{pointer}");
        }
    }
}
