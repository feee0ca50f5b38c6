#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, reason = "tests")]

use super::super::{open, parse};
use super::*;
use crate::source::Shelf;
use crate::syntax::{Scalar, ScalarKind};
use crate::text::{Count, SourceMap};

/// The modules of files, of which the first is the one that was met.
fn modules_of(files: &[(&str, &str)]) -> Vec<Module> {
    let sources: Vec<Arc<Source>> = files.iter().map(|(path, text)| Arc::new(Source::new(*path, *text))).collect();
    let shelf = Shelf::new(&sources);
    modules(vec![open(files[0].0, &shelf).unwrap()], &shelf)
}

/// The attribute `x` of the block `r.r` of a file, and the file.
fn value(text: &str) -> Node {
    let module = modules_of(&[("m/main.tf", text)]).remove(0);
    let block = module.blocks.iter().find(|block| block.address() == "r.r").unwrap();
    block.body.get("x").unwrap().clone()
}

fn brief(node: &Node) -> String {
    let all = |nodes: &[Node]| nodes.iter().map(brief).collect::<Vec<_>>().join(", ");
    match &node.value {
        Value::Scalar(Scalar { text, kind: ScalarKind::String }) => format!("{:?}", text.as_str()),
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

/// What `x = written` is beside some locals and variables.
fn evaluated(written: &str) -> String {
    let around = "variable \"region\" { default = \"eu-west-1\" }\nvariable \"open\" {}\nvariable \"on\" { default = true }\n\
                  locals {\n  models = [\"a\", \"b\"]\n  self = local.self\n  map = { k = \"v\", n = { m = 1 } }\n  \
                  arn = \"arn:${var.region}:x\"\n}\n";
    brief(&value(&format!("{around}resource \"r\" \"r\" {{\n  x = {written}\n}}\n")))
}

#[test]
fn expressions_have_their_values() {
    for (written, expected) in [
        ("var.region", "\"eu-west-1\""),
        ("\"${var.region}\"", "\"eu-west-1\""),
        ("\"a:${var.region}:b\"", "\"a:eu-west-1:b\""),
        ("local.arn", "\"arn:eu-west-1:x\""),
        ("\"a:${var.open}:b\"", "\"a:${var.open}:b\""),
        ("var.open", "var.open"),
        ("local.self", "local.self"),
        ("[for m in local.models : \"m-${m}\"]", "[\"m-a\", \"m-b\"]"),
        ("[for m in local.models : m if m != \"a\"]", "[\"b\"]"),
        ("[for m in var.open : \"m-${m}\"]", "[\"m-${m}\"]"),
        ("[for m in var.open : m]", "for(\"\", \"m\", var.open, , m, )"),
        ("{ for m in local.models : m => upper(m) }", "{a: \"A\", b: \"B\"}"),
        ("formatlist(\"%s/%s\", var.region, local.models)", "[\"eu-west-1/a\", \"eu-west-1/b\"]"),
        ("concat(local.models, [\"c\"], var.open)", "[\"a\", \"b\", \"c\", ...(var.open)]"),
        ("join(\",\", local.models)", "\"a,b\""),
        ("local.map[\"k\"]", "\"v\""),
        ("local.map.n.m", "1"),
        ("lookup(local.map, \"z\", \"d\")", "\"d\""),
        ("var.on ? local.models : []", "[\"a\", \"b\"]"),
        ("var.open ? 1 : 2", "?:(var.open, 1, 2)"),
        ("var.region == \"eu-west-1\" && !false ? 1 : 2", "1"),
        ("flatten([local.models, [\"c\", [\"d\"]]])", "[\"a\", \"b\", \"c\", \"d\"]"),
        ("flatten([for m in local.models : [for n in [\"1\"] : \"${m}${n}\"]])", "[\"a1\", \"b1\"]"),
        ("merge(local.map, { z = 1 })", "{k: \"v\", n: {m: 1}, z: 1}"),
        ("element(local.models, 3)", "\"b\""),
        ("split(\",\", \"a,b\")", "[\"a\", \"b\"]"),
        ("replace(\"a-b\", \"-\", \"_\")", "\"a_b\""),
        ("[{ a = 1 }, { a = 2 }][*].a", "[1, 2]"),
        ("aws_iam_role.r.name", "aws_iam_role.r.name"),
        ("jsonencode({ Version = \"x\" })", "{Version: \"x\"}"),
        ("\"${path.module}/p.json\"", "\"m/p.json\""),
        ("file(\"${path.module}/p.json\")", "file(\"m/p.json\")"),
        ("format(\"%05d\", 3)", "format(\"%05d\", 3)"),
        ("distinct(compact([\"a\", \"\", null]))", "[\"a\"]"),
    ] {
        assert_eq!(evaluated(written), expected, "{written}");
    }
}

#[test]
fn what_is_not_known_in_a_string_is_a_hole() {
    let node = value("resource \"r\" \"r\" {\n  for_each = var.all\n  x = \"a:${var.region}:${each.value}\"\n}\n");
    let text = node.string().unwrap();
    let holes: Vec<(&str, Count)> =
        text.holes().iter().map(|hole| (&text.as_str()[hole.range.clone()], hole.count)).collect();
    assert_eq!(holes, [("${var.region}", Count::Single), ("${each.value}", Count::Many)]);
}

#[test]
fn values_lead_to_their_places() {
    let text = "locals {\n  id = \"us.x\"\n}\nresource \"r\" \"r\" {\n  x = [local.id, \"arn:${local.id}\"]\n}\n";
    let node = value(text);
    let [whole, part] = node.items() else { panic!("{node:?}") };
    assert_eq!(&text[whole.string().unwrap().span().range()], "us.x");
    let part = part.string().unwrap();
    assert_eq!(part.as_str(), "arn:us.x");
    assert_eq!(&text[part.span().range()], "arn:${local.id}");
    assert_eq!(&text[part.span_of(4..8).range()], "${local.id}");
    // what stands in another file leads to the reference
    let file = "resource \"r\" \"r\" {\n  x = local.id\n}\n";
    let modules = modules_of(&[("m/main.tf", file), ("m/locals.tf", "locals {\n  id = \"us.x\"\n}\n")]);
    let block = modules[0].blocks.iter().find(|block| block.address() == "r.r").unwrap();
    let text = block.body.get("x").unwrap().string().unwrap();
    assert_eq!((text.as_str(), &file[text.span().range()]), ("us.x", "local.id"));
    let reference = &modules[0].references[0];
    let written = reference.written.as_ref().map(|at| (at.source.path(), at.text()));
    assert_eq!((reference.at.text(), reference.overridable), ("local.id", false));
    assert_eq!(written, Some(("m/locals.tf", "us.x")));
}

#[test]
fn dynamic_blocks_and_collections_are_written_out() {
    let module = modules_of(&[(
        "main.tf",
        "locals { regions = [\"a\", \"b\"] }\n\
         data \"d\" \"d\" {\n  dynamic \"statement\" {\n    for_each = local.regions\n    content {\n      \
         resources = [\"arn:${statement.value}\"]\n    }\n  }\n  dynamic \"other\" {\n    for_each = var.unknown\n    \
         content {}\n  }\n}\n\
         resource \"r\" \"r\" {\n  for_each = toset(local.regions)\n  x = \"${each.key}-${each.value}\"\n}\n",
    )])
    .remove(0);
    let bodies: Vec<String> = module.blocks.iter().map(|block| brief(&block.body)).collect();
    assert_eq!(
        bodies[1..],
        [
            "{statement: {resources: [\"arn:a\"]}, statement: {resources: [\"arn:b\"]}, \
             dynamic: {other: {for_each: var.unknown, content: {}}}}",
            "{for_each: [\"a\", \"b\"], x: \"a-a\"}",
            "{for_each: [\"a\", \"b\"], x: \"b-b\"}",
        ]
    );
}

#[test]
fn callers_give_a_module_its_values() {
    let inner = "variable \"region\" { default = \"us-east-1\" }\nvariable \"model\" {}\n\
                 resource \"r\" \"r\" {\n  x = \"${var.region}/${var.model}\"\n}\n";
    let call =
        |name: &str, model: &str| format!("module \"{name}\" {{\n  source = \"./inner\"\n  model = \"{model}\"\n}}\n");
    let x = |files: &[(&str, &str)]| {
        let modules = modules_of(files);
        let module = modules.iter().find(|module| module.folder.ends_with("inner")).unwrap();
        brief(module.blocks.iter().find(|block| block.address() == "r.r").unwrap().body.get("x").unwrap())
    };
    let once = call("one", "m");
    assert_eq!(x(&[("main.tf", &once), ("inner/main.tf", inner)]), "\"us-east-1/m\"");
    let alike = once.clone() + &call("two", "m");
    assert_eq!(x(&[("main.tf", &alike), ("inner/main.tf", inner)]), "\"us-east-1/m\"");
    let unlike = once + &call("two", "n");
    assert_eq!(x(&[("main.tf", &unlike), ("inner/main.tf", inner)]), "\"us-east-1/${var.model}\"");
    // by itself, and with files of variables
    assert_eq!(x(&[("inner/main.tf", inner)]), "\"us-east-1/${var.model}\"");
    let set = ("inner/terraform.tfvars", "model = \"t\"\nregion = \"eu-west-1\"\n");
    assert_eq!(x(&[("inner/main.tf", inner), set]), "\"eu-west-1/t\"");
    let other = ("inner/prod.tfvars", "region = \"eu-west-1\"\n");
    assert_eq!(x(&[("inner/main.tf", inner), other]), "\"${var.region}/${var.model}\"");
}

#[test]
fn circles_and_floods_end() {
    let circle = "module \"a\" {\n  source = \"../b\"\n  v = var.v\n}\nvariable \"v\" {}\n";
    assert_eq!(modules_of(&[("a/main.tf", circle), ("b/main.tf", &circle.replace("../b", "../a"))]).len(), 2);
    let twice: String = (1..30).map(|n| format!("  l{n} = concat(local.l{}, local.l{})\n", n - 1, n - 1)).collect();
    let flood = format!("locals {{\n  l0 = [\"a\", \"b\"]\n{twice}}}\nresource \"r\" \"r\" {{\n  x = local.l29\n}}\n");
    modules_of(&[("main.tf", &flood)]);
    for twice in ["[local.l{}, local.l{}]", "\"${local.l{}}${local.l{}}\""] {
        let lines: String =
            (1..40).map(|n| format!("  l{n} = {}\n", twice.replace("{}", &(n - 1).to_string()))).collect();
        let flood = format!("locals {{\n  l0 = \"a\"\n{lines}}}\nresource \"r\" \"r\" {{\n  x = local.l39\n}}\n");
        modules_of(&[("main.tf", &flood)]);
    }
    let deep: String = (1..2000).map(|n| format!("  l{n} = local.l{}\n", n - 1)).collect();
    modules_of(&[(
        "main.tf",
        &format!("locals {{\n  l0 = 1\n{deep}}}\nresource \"r\" \"r\" {{\n  x = local.l1999\n}}\n"),
    )]);
}

#[test]
fn json_is_read_as_the_same() {
    let json =
        r#"{"locals": {"id": "us.x"}, "resource": {"r": {"r": [{"x": "arn:${local.id}"}, {"x": "${local.id}"}]}}}"#;
    let root = parse("main.tf.json", json, &SourceMap::Verbatim(0)).unwrap();
    let source = Arc::new(Source::new("main.tf.json", json));
    let file = File { source, root, example: false };
    let module = modules(vec![file], &Shelf::default()).remove(0);
    let values =
        module.blocks.iter().filter(|block| block.kind == "resource").map(|block| brief(block.body.get("x").unwrap()));
    assert_eq!(values.collect::<Vec<_>>(), ["\"arn:us.x\"", "\"us.x\""]);
}
