#![expect(clippy::unwrap_used, clippy::string_slice, reason = "tests")]

use super::*;
use crate::syntax::{ScalarKind, json};

fn documents(text: &str) -> Vec<Result<Node, Fault>> {
    parse(text, &SourceMap::Verbatim(0)).documents
}

fn tree(text: &str) -> Node {
    documents(text).into_iter().next().unwrap().unwrap()
}

fn fault(text: &str) -> Fault {
    documents(text).into_iter().find_map(Result::err).unwrap_or_else(|| panic_at(text))
}

#[expect(clippy::panic, reason = "tests")]
fn panic_at(text: &str) -> ! {
    panic!("no fault in {:?}", text.get(..80).unwrap_or(text))
}

/// A short form of a tree: `{k: [1, "s"], f: !Sub("x")}`.
fn show(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) if scalar.kind == ScalarKind::String => format!("{:?}", scalar.text.as_str()),
        Value::Scalar(scalar) if scalar.kind == ScalarKind::Null => "null".to_owned(),
        Value::Scalar(scalar) => scalar.text.as_str().to_owned(),
        Value::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let entries = entries.iter().map(|entry| format!("{}: {}", entry.key.as_str(), show(&entry.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Call(call) => {
            format!("{}({})", call.name.as_str(), call.args.iter().map(show).collect::<Vec<_>>().join(", "))
        }
    }
}

#[test]
fn trees_of_the_same_shape_as_those_of_json() {
    for (text, expected) in [
        (
            "a: 1\nb: [x, 'y', \"z\"]\nc:\n- d: e\n  f:\n- g\n",
            r#"{a: 1, b: ["x", "y", "z"], c: [{d: "e", f: null}, "g"]}"#,
        ),
        ("{\"a\": [true, null, -1.5e3]}", "{a: [true, null, -1.5e3]}"),
        (
            "- yes\n- No\n- 2012-10-17\n- 0o17\n- 0x1F\n- .inf\n- -\n- ~\n- 1_000\n- 012\n- +1\n- 1.\n- True\n- '1'\n- \"null\"\n",
            r#"["yes", "No", "2012-10-17", 0o17, 0x1F, .inf, [null], null, "1_000", 012, +1, 1., True, "1", "null"]"#,
        ),
        (
            "- !!str 1\n- !!int '2'\n- ! 3\n- !!seq [x]\n- !!map {a: b}\n- !!null x\n- !!bool 'true'\n",
            r#"["1", 2, "3", ["x"], {a: "b"}, null, true]"#,
        ),
        (
            "a: !Sub 'x${y}'\nb: !GetAtt a.b\nc: !Sub\n  - x\n  - k: v\nd: !Ref\ne: !!binary aGk=\nf: !<tag:x,1:y> {a: b}\n",
            r#"{a: !Sub("x${y}"), b: !GetAtt("a.b"), c: !Sub(["x", {k: "v"}]), d: !Ref(null), e: !!binary("aGk="), f: !<tag:x,1:y>({a: "b"})}"#,
        ),
        ("a: 1\na: 2\n", "{a: 1, a: 2}"),
        ("? [x, y]\n: z\n? - q\n: r\n: s\n", r#"{[x, y]: "z", - q: "r", : "s"}"#),
        ("x: &a [1]\ny: *a\n*a : z\n", r#"{x: [1], y: [1], *a: "z"}"#),
        ("k: &a v\n*a : z\n", r#"{k: "v", v: "z"}"#),
        (
            "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc:\n  <<: [*a, *b]\n  x: 0\nd: {<<: *a}\n",
            "{a: {x: 1, y: 2}, b: {y: 3, z: 4}, c: {x: 0, y: 2, z: 4}, d: {x: 1, y: 2}}",
        ),
        ("<<: x\n'<<': {a: 1}\n", r#"{<<: "x", <<: {a: 1}}"#),
        ("%YAML 1.1\n---\na\n", r#""a""#),
        ("a: &x 1\nb: &x 2\nc: *x\n", "{a: 1, b: 2, c: 2}"),
        ("\u{e9}: \"\\U0001F600\\ud83d\\ude00\\x41\\_\"\n", "{\u{e9}: \"\u{1F600}\u{1F600}A\\u{a0}\"}"),
        ("- a\r\n- |\r\n  b\r\n  c\r\n", r#"["a", "b\nc\n"]"#),
    ] {
        assert_eq!(show(&tree(text)), expected, "{text}");
    }
    assert!(documents("").is_empty());
    assert!(documents("# nothing\n").is_empty());
}

/// Every way to write the same string, with `é` before it to tell bytes from characters.
#[test]
fn parts_of_strings_of_every_style_are_underlined() {
    for (text, decoded, parts) in [
        ("é: one two\n", "one two", vec![("two", "two")]),
        (
            "é: one\n   two\n\n\n  three # c\n",
            "one two\n\nthree",
            vec![("one", "one"), ("two", "two"), ("three", "three"), (" two", "\n   two")],
        ),
        ("é: 'it''s\n\n  so'\n", "it's\nso", vec![("'", "''"), ("s\nso", "s\n\n  so"), ("so", "so")]),
        (
            "é: \"a\\tb\\u00e9 \\\n   c\n  d\"\n",
            "a\tb\u{e9} c d",
            vec![("\t", "\\t"), ("\u{e9}", "\\u00e9"), ("c", "c"), ("d", "d"), ("c d", "c\n  d")],
        ),
        ("é: \"x\\ud83d\\ude00y\"\n", "x\u{1F600}y", vec![("\u{1F600}", "\\ud83d\\ude00"), ("y", "y")]),
        (
            "é: |\n  one\n    two\n\n  three\n\n\n",
            "one\n  two\n\nthree\n",
            vec![("one", "one"), ("  two", "  two"), ("three", "three"), ("two\n\nthree", "two\n\n  three")],
        ),
        ("é: |\n\n \n  one\n", "\n\none\n", vec![("one", "one")]),
        ("é: |2-\n    one\n   two\n", "  one\n two", vec![("  one", "  one"), (" two", " two")]),
        ("é: |+ # é\n  one\n\n\n", "one\n\n\n", vec![("one", "one"), ("\n\n\n", "\n\n\n")]),
        ("é: !Sub &p |\r\n  one\r\n  two\r\n", "one\ntwo\n", vec![("one", "one"), ("two", "two"), ("\n", "\r\n")]),
        ("é: |\n  last", "last\n", vec![("last", "last")]),
        (
            "é: >-\n  f\n  g\n\n  h\n   more\n  k\n\n\n  l\n",
            "f g\nh\n more\nk\n\nl",
            vec![("f", "f"), ("g", "g"), ("h", "h"), (" more", " more"), ("k", "k"), ("l", "l"), ("f g", "f\n  g")],
        ),
        ("é: >\n\n  a\n  b\n", "\na b\n", vec![("a", "a"), ("b", "b")]),
        ("é: >+\n  a\n  b\n\n", "a b\n\n", vec![("b", "b")]),
    ] {
        let root = tree(text);
        let mut value = &root.entries().first().unwrap().value;
        if let Value::Call(call) = &value.value {
            assert_eq!(&text[call.name.span().range()], "!Sub");
            value = call.args.first().unwrap();
        }
        let string = value.string().unwrap();
        assert_eq!(string.as_str(), decoded, "{text}");
        for (part, underlined) in parts {
            let at = decoded.find(part).unwrap();
            assert_eq!(&text[string.span_of(at..at + part.len()).range()], underlined, "{part:?} of {text}");
        }
    }
}

#[test]
fn nodes_are_underlined_as_a_whole() {
    let text = "a:  # c\n  - b: 'x'\n    c: [1,\n 2]\n  - !Sub\n    - y\n\nd: &e {f: g}\nh: *e\ni: |\n  j\n\n# end\n";
    let root = tree(text);
    let of = |node: &Node| text[node.span.range()].to_owned();
    let a = root.get("a").unwrap();
    assert_eq!(of(a), "- b: 'x'\n    c: [1,\n 2]\n  - !Sub\n    - y");
    assert_eq!(of(a.items().first().unwrap()), "b: 'x'\n    c: [1,\n 2]");
    assert_eq!(of(a.items().first().unwrap().get("b").unwrap()), "'x'");
    assert_eq!(of(a.items().last().unwrap()), "!Sub\n    - y");
    assert_eq!(of(root.get("d").unwrap()), "{f: g}");
    assert_eq!(of(root.get("h").unwrap()), "{f: g}");
    assert_eq!(of(root.get("i").unwrap()), "j");
    assert!(of(&root).ends_with("i: |\n  j"));
    let comments = parse(text, &SourceMap::Verbatim(0)).comments;
    assert_eq!(comments.iter().map(|span| &text[span.range()]).collect::<Vec<_>>(), ["# c", "# end"]);
}

#[test]
fn a_broken_document_does_not_hide_the_others() {
    let text = "a: b\n---\n[1\n---\nc: d\n---\ne: *none\n...\n# x\nf: g\n";
    let read = documents(text);
    let shown: Vec<_> = read.iter().map(|document| document.as_ref().map_or("!".to_owned(), show)).collect();
    assert_eq!(shown, ["{a: \"b\"}", "!", "{c: \"d\"}", "!", "{f: \"g\"}"]);
    let places: Vec<_> = read.iter().filter_map(|document| document.as_ref().err()).map(|f| f.span.start).collect();
    assert_eq!(places, [text.find('[').unwrap() as u32, text.find('*').unwrap() as u32]);
    // the parts of an anchor stay in its document
    assert!(documents("a: &x 1\n---\nb: *x\n").last().unwrap().is_err());
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    for (text, at) in [
        ("a:\n\t- b\n", "\t"),
        ("a: !<bad x\n", "!<"),
        ("a: !h!y z\n", "!h"),
        ("Resource: *\n", "*"),
        ("a: 'b\n", "'"),
        ("a: b: c\n", ": c"),
        ("a: @x\n", "@"),
        ("a: {{- if x }}\n  b\n", "{{"),
        ("a: &x [*x]\n", "*"),
    ] {
        let at = text.find(at).unwrap();
        let fault = fault(text);
        assert!((fault.span.start as usize).abs_diff(at) <= 8, "{text}: {fault:?}");
        assert!(!fault.message.is_empty());
    }
}

#[test]
fn hostile_texts_are_errors_and_not_crashes() {
    for open in ["[", "{a: ", "- ", "? ", "!a [", "&a [", "{? "] {
        fault(&open.repeat(100_000));
    }
    let block: String = (0..3000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    fault(&block);
    // a billion laughs, of lists, maps, merge keys and long strings
    for (first, more) in [
        ("[lol, lol, lol]", "[*P, *P, *P, *P, *P, *P, *P, *P, *P]"),
        ("{k: lol}", "{a: *P, b: *P, c: *P, d: *P, e: *P, f: *P, g: *P}"),
        ("{k: {l: lol}}", "{<<: [*P, *P, *P, *P, *P, *P, *P, *P, *P, *P]}"),
    ] {
        let mut text = format!("a0: &a0 {first}\n");
        for level in 1..40 {
            let line = more.replace('P', &format!("a{}", level - 1));
            text.push_str(&format!("a{level}: &a{level} {line}\n"));
        }
        let fault = fault(&text);
        assert!(fault.message.contains("aliases"), "{fault:?}");
        assert!(text[fault.span.range()].starts_with('*'));
    }
    let long = format!("a: &a \"{}\"\nb: [{}]\n", "\\n".repeat(500_000), "*a, ".repeat(50));
    assert!(fault(&long).message.contains("aliases"));
    // not wide, but deep
    let mut text = String::from("a0: &a0 x\n");
    for level in 1..200 {
        text.push_str(&format!("a{level}: &a{level} {}*a{}{}\n", "[".repeat(50), level - 1, "]".repeat(50)));
    }
    assert!(fault(&text).message.contains("deeper"), "{:?}", fault(&text));
    // many comments, many faults, many documents
    assert!(tree(&format!("a:\n{}  b: c\n", "  # x\n".repeat(5_000))).get("a").unwrap().get("b").is_some());
    assert!(documents(&"---\n[\n".repeat(10_000)).len() < 100);
    assert_eq!(documents(&"---\na\n".repeat(10_000)).len(), 10_000);
}

#[test]
fn json_in_yaml_in_yaml_is_underlined_in_the_file() {
    let inner = "data:\n  policy.json: |\n    {\"a\": [\"x\",\n      \"b\\u00e9c\"]}\n";
    let indented: String = inner.lines().map(|line| format!("    {line}\n")).collect();
    let text = format!(
        "\u{feff}é: # config map\n  map.yaml: |+\n{indented}\n  quoted: \"{{\\\"a\\\": \\\"q\\\\u00e9\\\"}}\"\n"
    );
    let body = &text[3..];
    let root = parse(body, &SourceMap::Verbatim(3)).documents.remove(0).unwrap();
    let outer = root.get("é").unwrap();
    let yaml = outer.get("map.yaml").unwrap().string().unwrap();
    let config = parse(yaml.as_str(), yaml.map()).documents.remove(0).unwrap();
    let json = config.get("data").unwrap().get("policy.json").unwrap().string().unwrap();
    let policy = json::parse(json.as_str(), json.map()).unwrap().unwrap().root;
    let item = policy.get("a").unwrap().items().last().unwrap();
    assert_eq!(&text[item.span.range()], "\"b\\u00e9c\"");
    let string = item.string().unwrap();
    assert_eq!(string.as_str(), "bé\u{63}");
    assert_eq!(&text[string.span_of(1..3).range()], "\\u00e9");
    assert_eq!(&text[string.span_of(3..4).range()], "c");
    let list = policy.get("a").unwrap();
    assert_eq!(&text[list.span.range()], "[\"x\",\n          \"b\\u00e9c\"]");

    let quoted = outer.get("quoted").unwrap().string().unwrap();
    let policy = json::parse(quoted.as_str(), quoted.map()).unwrap().unwrap().root;
    let string = policy.get("a").unwrap().string().unwrap();
    assert_eq!(&text[string.span().range()], "q\\\\u00e9");
    assert_eq!(&text[string.span_of(1..3).range()], "\\\\u00e9");
}
