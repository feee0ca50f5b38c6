#![expect(clippy::unwrap_used, clippy::string_slice, clippy::panic, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::text::Piece;

fn root(text: &str) -> Node {
    parse(text, &SourceMap::Verbatim(0)).unwrap().root
}

/// The value of the attribute `x` of a file.
fn value(text: &str) -> Node {
    root(text).get("x").unwrap().clone()
}

/// The tree without spans, briefly.
fn brief(node: &Node) -> String {
    let all = |nodes: &[Node]| nodes.iter().map(brief).collect::<Vec<_>>().join(", ");
    match &node.value {
        Value::Scalar(Scalar { text, kind: ScalarKind::String }) => format!("{:?}", text.as_str()),
        Value::Scalar(Scalar { kind: ScalarKind::Null, .. }) => "null".to_owned(),
        Value::Scalar(scalar) => scalar.text.as_str().to_owned(),
        Value::List(items) => format!("[{}]", all(items)),
        Value::Map(entries) => {
            let entries = entries.iter().map(|entry| format!("{}: {}", entry.key.as_str(), brief(&entry.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Call(call) if call.args.is_empty() => call.name.as_str().to_owned(),
        Value::Call(call) => format!("{}({})", call.name.as_str(), all(&call.args)),
    }
}

#[test]
fn blocks_have_the_shape_of_json() {
    let file = root("resource \"aws_iam_policy\" \"x\" {\n  name = 1\n}\nlocals {\n  a = b\n}\nlocals {}\n");
    assert_eq!(brief(&file), "{resource: {aws_iam_policy: {x: {name: 1}}}, locals: {a: b}, locals: {}}");
}

#[test]
fn expressions_are_calls() {
    for (written, expected) in [
        ("var.region", "var.region"),
        ("data.aws_iam_policy_document.x.json", "data.aws_iam_policy_document.x.json"),
        ("aws_iam_role.r[0].name", "[]([](aws_iam_role.r, 0), \"name\")"),
        ("local.m[\"a\"]", "[](local.m, \"a\")"),
        ("aws_iam_role.r[*].arn", "[]([*](aws_iam_role.r), \"arn\")"),
        ("aws_iam_role.r.*.arn", "[]([*](aws_iam_role.r), \"arn\")"),
        ("f(1, [2]...)", "f(1, ...([2]))"),
        ("a ? \"b\" : null", "?:(a, \"b\", null)"),
        ("!a && b == 1", "&&(!(a), ==(b, 1))"),
        ("(1 + 2)", "+(1, 2)"),
        (
            "[for m in local.ms : \"a-${m}\" if m != \"\"]",
            "for(\"\", \"m\", local.ms, null, ${}(\"a-\", m), !=(m, \"\"))",
        ),
        ("{for k, v in a : k => v...}", "for...(\"k\", \"v\", a, k, v, null)"),
        ("{ a = 1, \"b:c\" : 2, (d) = 3, \"${e}:sub\" = 4 }", "{}(\"a\", 1, \"b:c\", 2, d, 3, ${}(e, \":sub\"), 4)"),
        ("{ a = 1, \"b:c\" : 2 }", "{a: 1, b:c: 2}"),
        ("{ a = 1, a = 2, \"b\" = 3, \"b\" = 4 }", "{a: 1, a: 2, b: 3, b: 4}"),
        ("a.*.b[0]", "[](tolist([]([*](a), \"b\")), 0)"),
        ("a [0] . b", "[]([](a, 0), \"b\")"),
        ("a . b", "a.b"),
        ("\"${a}\"", "${}(a)"),
        ("\"\"", "\"\""),
        ("\"x${a}y%{ if b }z%{ endif }\"", "${}(\"x\", a, \"y\", ?:(b, \"z\", \"\"))"),
        ("\"$${aws:username} \\\"q\\\" \\u00e9\"", "\"${aws:username} \\\"q\\\" é\""),
        ("\"a ${~ b ~} c\"", "${}(\"a\", b, \"c\")"),
        (
            "\"a %{ for k, v in b ~} ${v}, %{~ endfor } c\"",
            "${}(\"a \", join(\"\", for(\"k\", \"v\", b, null, ${}(\"\", v, \",\"), null)), \" c\")",
        ),
        ("\"%{ if a ~} b %{~ else ~} c %{~ endif }\"", "${}(?:(a, \"b\", \"c\"))"),
    ] {
        assert_eq!(brief(&value(&format!("x = {written}\n"))), expected, "{written}");
    }
}

#[test]
fn every_literal_is_underlined_where_it_stands() {
    let text = "x = [\"plain\", \"es\\\"caped $${end}\", \"a ${var.b} c\", <<-EOT\n    {\"k\":\n      \"deep ${var.b} $${kept}\"}\n    EOT\n  ]\n";
    let node = value(text);
    let [plain, escaped, template, heredoc] = node.items() else { panic!("{node:?}") };
    let plain = plain.string().unwrap();
    assert_eq!(&text[plain.span().range()], "plain");
    let escaped = escaped.string().unwrap();
    assert_eq!(&text[escaped.span().range()], "es\\\"caped $${end}");
    let end = escaped.as_str().find("end").unwrap();
    assert_eq!(&text[escaped.span_of(end..end + 3).range()], "end");
    assert_eq!(&text[escaped.span_of(2..3).range()], "\\\"");
    let Value::Call(call) = &template.value else { panic!("{template:?}") };
    let spans: Vec<&str> = call.args.iter().map(|arg| &text[arg.span.range()]).collect();
    assert_eq!(spans, ["a ", "${var.b}", " c"]);
    let Value::Call(call) = &heredoc.value else { panic!("{heredoc:?}") };
    let [first, _, last] = call.args.as_slice() else { panic!("{heredoc:?}") };
    let first = first.string().unwrap();
    assert_eq!(first.as_str(), "{\"k\":\n  \"deep ");
    let deep = first.as_str().find("deep").unwrap();
    assert_eq!(&text[first.span_of(deep..deep + 4).range()], "deep");
    let last = last.string().unwrap();
    let kept = last.as_str().find("kept").unwrap();
    assert_eq!((last.as_str(), &text[last.span_of(kept..kept + 4).range()]), (" ${kept}\"}\n", "kept"));
}

#[test]
fn indentation_is_that_of_all_lines() {
    for (heredoc, expected) in [
        ("<<-E\n    a ${v}\n\n      b\n    E", "a ${v}\n\n  b\n"),
        ("<<-E\n  a ${v}\nb\n  E", "  a ${v}\nb\n"),
        ("<<-E\n  ${v} a\n   b\n E", "${v} a\n b\n"),
        ("<<-E\n  %{ if v }\n  a\n  %{ endif }\n  b\nE", "%{\nb\n"),
        ("<<E\n  a\n  E", "  a\n"),
        ("<<-E\r\n  a\r\n  E", "a\r\n"),
        ("<<-E\nE", ""),
    ] {
        let node = value(&format!("x = {heredoc}\n"));
        let parts = match &node.value {
            Value::Call(call) => call.args.as_slice(),
            _ => std::slice::from_ref(&node),
        };
        let text: String = parts
            .iter()
            .map(|part| match part.string() {
                Some(text) => text.as_str().to_owned(),
                None if brief(part) == "v" => "${v}".to_owned(),
                None => "%{".to_owned(),
            })
            .collect();
        assert_eq!(text, expected, "{heredoc}");
    }
}

#[test]
fn a_template_of_one_part_is_that_part_with_its_own_place() {
    let text = "x = \"${local.arns}\"\n";
    let node = value(text);
    let Value::Call(call) = &node.value else { panic!("{node:?}") };
    assert_eq!(call.args.iter().map(|arg| &text[arg.span.range()]).collect::<Vec<_>>(), ["local.arns"]);
    assert_eq!(&text[node.span.range()], "\"${local.arns}\"");
}

#[test]
fn comments_are_found_outside_of_strings() {
    let text = "# say: a\nx = \"# say: b\" // say: c\ny = <<E\n# say: d\nE\n/* one\n say: e */\nz = 1 # it says\n";
    let document = parse(text, &SourceMap::Verbatim(0)).unwrap();
    let found = comments(text, &document, "say:", &SourceMap::Verbatim(0));
    let found: Vec<&str> = found.into_iter().map(|span| &text[span.range()]).collect();
    assert_eq!(found, ["# say: a", "// say: c", "/* one\n say: e */"]);
}

#[test]
fn faults_are_placed() {
    let fault = parse("a = 1\nb = [1,\n", &SourceMap::Verbatim(0)).unwrap_err();
    assert!(fault.span.start >= 6, "{fault:?}");
    assert!(!fault.message.is_empty());
    let deep = format!("x = {}1{}", "[".repeat(5000), "]".repeat(5000));
    assert!(parse(&deep, &SourceMap::Verbatim(0)).is_err());
}

#[test]
fn templates_of_files_are_read() {
    let node = parse_template("{\"a\": \"${region}\"}\n", &SourceMap::Verbatim(0)).unwrap();
    assert_eq!(brief(&node), "${}(\"{\\\"a\\\": \\\"\", region, \"\\\"}\\n\")");
}

/// All texts of a tree.
fn texts(node: &Node, into: &mut Vec<Text>) {
    match &node.value {
        Value::Scalar(scalar) => into.push(scalar.text.clone()),
        Value::List(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Map(entries) => entries.iter().for_each(|entry| texts(&entry.value, into)),
        Value::Call(call) => call.args.iter().for_each(|arg| texts(arg, into)),
    }
}

proptest! {
    #[test]
    fn arbitrary_text_is_read_or_refused(text in "[a-z0-9 =\\[\\]{}\"$%\\\\\n<>-]{0,60}|\\PC{0,40}") {
        let _ = parse(&text, &SourceMap::Verbatim(0));
        let _ = parse_template(&text, &SourceMap::Verbatim(0));
    }

    #[test]
    fn what_is_decoded_leads_to_what_is_written(words in proptest::collection::vec("[a-z]{1,6}", 1..5), indent in 0_usize..6) {
        let pad = " ".repeat(indent);
        let lines: String = words.iter().map(|word| format!("{pad}{word} ${{v}}\n")).collect();
        let text = format!("x = <<-EOT\n{lines}{pad}EOT\n");
        let mut all = Vec::new();
        texts(&value(&text), &mut all);
        let found: Vec<Text> = all.into_iter().collect();
        for word in &words {
            let holder = found.iter().find_map(|one| {
                let at = one.as_str().find(word.as_str())?;
                Some(&text[one.span_of(at..at + word.len()).range()])
            });
            prop_assert_eq!(holder, Some(word.as_str()));
        }
        for one in &found {
            for piece in one.pieces() {
                prop_assert!(matches!(piece, Piece::Literal(..)));
            }
        }
    }

    /// Whatever a string holds, it is decoded to that, and what is written as it is leads to its place.
    #[test]
    fn strings_are_decoded_and_lead_to_their_places(words in proptest::collection::vec("\\PC{0,12}|[\"\\\\${}%a\n\t]{0,8}", 1..4)) {
        let escaped = |word: &String| {
            let word = word.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
            word.replace("${", "$${").replace("%{", "%%{")
        };
        let whole = words.concat();
        // a sign of a template would begin where two words meet
        prop_assume!(!whole.contains("$${") && !whole.contains("%%{"));
        let written = escaped(&whole);
        let text = format!("x = \"{written}\"\n");
        let node = value(&text);
        let string = node.string().unwrap();
        prop_assert_eq!(string.as_str(), whole.as_str());
        for (at, c) in whole.char_indices() {
            let found = &text[string.span_of(at..at + c.len_utf8()).range()];
            prop_assert!(found.starts_with(c) || found.starts_with(['\\', '$', '%']), "{c:?} {found:?}");
        }
        let bare = whole.replace("${", "$${").replace("%{", "%%{");
        prop_assume!(!bare.lines().any(|line| line.trim_start().starts_with("END")) && !bare.contains('\r'));
        let text = format!("x = <<END\n{bare}\nEND\n");
        let node = value(&text);
        let string = node.string().unwrap();
        prop_assert_eq!(string.as_str(), format!("{whole}\n"));
        for (at, c) in whole.char_indices() {
            let found = &text[string.span_of(at..at + c.len_utf8()).range()];
            prop_assert!(found.starts_with(c) || found.starts_with(['$', '%']), "{c:?} {found:?}");
        }
    }
}
