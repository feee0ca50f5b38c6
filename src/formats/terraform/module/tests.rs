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

/// The examples of Terraform's documentation of each function, and what of them is not known.
#[test]
fn functions_have_their_values() {
    for (written, expected) in [
        ("format(\"%s-%d%%\", \"a\", 3)", "\"a-3%\""),
        ("format(\"%s\", 1, 2)", "format(\"%s\", 1, 2)"),
        ("format(\"%s\", 1.50)", "\"1.5\""),
        ("formatlist(\"%s\", [\"a\", \"b\"])", "[\"a\", \"b\"]"),
        ("formatlist(\"%s%s\", [\"a\", \"b\"], [\"c\"])", "formatlist(\"%s%s\", [\"a\", \"b\"], [\"c\"])"),
        ("formatlist(\"%s\", var.open)", "formatlist(\"%s\", var.open)"),
        ("join(\"-\", [\"a\"], [\"b\", \"c\"])", "\"a-b-c\""),
        ("join(\"-\", concat([\"a\"], var.open))", "join(\"-\", [\"a\", ...(var.open)])"),
        ("join(\"-\", [\"a\", var.open])", "\"a-${var.open}\""),
        ("join(\"-\", [for m in var.open : \"x${m}\"])", "join(\"-\", [\"x${m}\"])"),
        ("title(\"hello wOrld\")", "\"Hello WOrld\""),
        ("trim(\"?!hello?!\", \"!?\")", "\"hello\""),
        ("trimprefix(\"helloworld\", \"hello\")", "\"world\""),
        ("trimsuffix(\"helloworld\", \"world\")", "\"hello\""),
        ("trimspace(\"  a \\n\")", "\"a\""),
        ("chomp(\"a\\n\\n\")", "\"a\""),
        ("substr(\"hello world\", 1, 4)", "\"ello\""),
        ("substr(\"hello world\", 6, -1)", "\"world\""),
        ("replace(\"a1\", \"/[0-9]/\", \"x\")", "replace(\"a1\", \"/[0-9]/\", \"x\")"),
        ("indent(2, \"a\\nb\")", "\"a\\n  b\""),
        ("startswith(\"hello\", \"he\") && endswith(\"hello\", \"lo\") && strcontains(\"hello\", \"ell\")", "true"),
        ("basename(\"foo/bar/baz.txt\")", "\"baz.txt\""),
        ("dirname(\"foo/bar/baz.txt\")", "\"foo/bar\""),
        ("[length([]), length(local.map), length(\"hé\")]", "[0, 2, 2]"),
        ("length(concat([\"a\"], var.open))", "length([\"a\", ...(var.open)])"),
        ("flatten([[\"a\"], var.open])", "[\"a\", ...(var.open)]"),
        ("compact([\"a\", \"\", null, \"b\"])", "[\"a\", \"b\"]"),
        ("compact([\"a\", var.open])", "[\"a\", ...(var.open)]"),
        ("sort([\"e\", \"d\", \"a\"])", "[\"a\", \"d\", \"e\"]"),
        ("toset([\"b\", \"a\", \"b\"])", "[\"a\", \"b\"]"),
        ("reverse([1, 2, 3])", "[3, 2, 1]"),
        ("distinct([\"a\", \"b\", \"a\", [1], [1]])", "[\"a\", \"b\", [1]]"),
        ("element([\"a\", \"b\", \"c\"], 4)", "\"b\""),
        ("element([\"a\", \"b\", \"c\"], -1)", "\"c\""),
        ("index([\"a\", \"b\"], \"b\")", "1"),
        ("contains([\"a\", var.open], \"a\")", "true"),
        ("contains([\"a\", var.open], \"b\")", "contains([\"a\", var.open], \"b\")"),
        ("slice([\"a\", \"b\", \"c\", \"d\"], 1, 3)", "[\"b\", \"c\"]"),
        ("[range(3), range(1, 4), range(1, 8, 2), range(4, 1)]", "[[0, 1, 2], [1, 2, 3], [1, 3, 5, 7], [4, 3, 2]]"),
        ("setunion([\"a\", \"b\"], [\"b\", \"c\"])", "[\"a\", \"b\", \"c\"]"),
        ("setintersection([\"a\", \"b\"], [\"b\", \"c\"])", "[\"b\"]"),
        ("setsubtract([\"a\", \"b\", \"c\"], [\"a\", \"c\"])", "[\"b\"]"),
        ("setproduct([\"a\", \"b\"], [1, 2])", "[[\"a\", 1], [\"a\", 2], [\"b\", 1], [\"b\", 2]]"),
        ("chunklist([\"a\", \"b\", \"c\"], 2)", "[[\"a\", \"b\"], [\"c\"]]"),
        ("[alltrue([true, false]), anytrue([true, var.open]), alltrue([])]", "[false, true, true]"),
        ("[max(5, 12, 9), min([12, 3]...)]", "[12, 3]"),
        ("keys({ b = 1, a = 2 })", "[\"a\", \"b\"]"),
        ("values({ b = 1, a = 2 })", "[2, 1]"),
        ("zipmap([\"a\", \"b\"], [1, 2])", "{a: 1, b: 2}"),
        ("merge({ a = 1, b = 2 }, { b = 3 }, null)", "{a: 1, b: 3}"),
        ("merge([{ a = 1 }, { b = 2 }]...)", "{a: 1, b: 2}"),
        ("merge({ a = 1 }, var.open)", "merge({a: 1}, var.open)"),
        ("lookup({ a = 1 }, \"b\", 2)", "2"),
        ("lookup(local.map, var.open, 2)", "lookup({k: \"v\", n: {m: 1}}, var.open, 2)"),
        ("coalesce(\"\", null, \"b\")", "\"b\""),
        ("coalesce(var.open, \"b\")", "coalesce(var.open, \"b\")"),
        ("coalescelist([], [1])", "[1]"),
        ("try(local.map.k, \"d\")", "\"v\""),
        ("try(local.map.none, \"d\")", "try(local.map.none, \"d\")"),
        ("[one([]), one([1])]", "[one([]), 1]"),
        ("{ for k, v in { a = 1 } : upper(k) => v + 1 }", "{A: 2}"),
        ("{ for m in [\"a\", \"b\", \"a\"] : m => 1... }", "{a: [1, 1], b: [1]}"),
        ("[for m in [\"a\", var.open] : m if m != \"\"]", "[\"a\", ...(var.open)]"),
        ("{ (var.region) = 1, \"${var.open}:sub\" = 2 }", "{eu-west-1: 1, ${var.open}:sub: 2}"),
        ("jsondecode(\"{\\\"a\\\": [1]}\").a", "[1]"),
        ("yamldecode(\"a: [b]\").a[0]", "\"b\""),
        (
            "\"${jsonencode({ a = [\"x\\\"y\", var.open], b = null })}!\"",
            "\"{\\\"a\\\":[\\\"x\\\\\\\"y\\\",${var.open}],\\\"b\\\":null}!\"",
        ),
        ("jsonencode(\"a\")", "\"\\\"a\\\"\""),
        ("data.aws_iam_policy_document.d[*].json", "[]([*](data.aws_iam_policy_document.d), \"json\")"),
        ("[aws_iam_role.a, aws_iam_role.b][*].arn", "[aws_iam_role.a.arn, aws_iam_role.b.arn]"),
        (
            "\"${lookup(var.open, \"a\")}-${lookup(var.open, \"b\")}\"",
            "\"${lookup(var.open, 'a')}-${lookup(var.open, 'b')}\"",
        ),
        ("7 % 3 + 6 / 2 - 7 / 2", "-(4, /(7, 2))"),
        ("null == var.open ? 1 : 2", "?:(==(null, var.open), 1, 2)"),
        ("local.map != null ? 1 : 2", "1"),
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
        let mut blocks = modules.iter().flat_map(|module| &module.blocks);
        let inner = blocks.find(|block| block.module.ends_with("inner") && block.address() == "r.r");
        brief(inner.unwrap().body.get("x").unwrap())
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
    let file = File { source, root, example: false, says: false };
    let module = modules(vec![file], &Shelf::default()).remove(0);
    let values =
        module.blocks.iter().filter(|block| block.kind == "resource").map(|block| brief(block.body.get("x").unwrap()));
    assert_eq!(values.collect::<Vec<_>>(), ["\"arn:us.x\"", "\"us.x\""]);
}

#[test]
fn nothing_by_default_is_not_known() {
    let around = "variable \"list\" {\n  default = []\n}\nvariable \"none\" {\n  default = null\n}\n\
                  variable \"off\" {\n  default = false\n}\n";
    for (written, expected) in [
        ("var.list", "var.list"),
        ("concat([\"a\"], var.list)", "[\"a\", ...(var.list)]"),
        ("var.none", "var.none"),
        ("coalesce(var.none, \"a\")", "\"a\""),
        ("var.none == null ? \"a\" : var.none", "\"a\""),
        ("var.off ? aws_x.y.json : null", "?:(var.off, aws_x.y.json, null)"),
        ("null", "null"),
        ("[]", "[]"),
    ] {
        let node = value(&format!("{around}resource \"r\" \"r\" {{\n  x = {written}\n}}\n"));
        assert_eq!(brief(&node), expected, "{written}");
    }
    let blocks = |count: &str| {
        let text = format!("{around}resource \"r\" \"r\" {{\n  count = {count}\n  x = \"${{count.index}}\"\n}}\n");
        let module = modules_of(&[("main.tf", &text)]).remove(0);
        let made = module.blocks.iter().filter(|block| block.address() == "r.r");
        made.map(|block| brief(block.body.get("x").unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(blocks("0"), Vec::<String>::new());
    assert_eq!(blocks("2"), ["0", "1"]);
    assert_eq!(blocks("var.off ? 1 : 0"), ["count.index"]);
    assert_eq!(blocks("length(var.list)"), ["count.index"]);
}

#[test]
fn outputs_overrides_and_regions_are_known() {
    let x = |files: &[(&str, &str)], address: &str| {
        let modules = modules_of(files);
        let block = modules.iter().flat_map(|module| &module.blocks).find(|block| block.address() == address).unwrap();
        brief(block.body.get("x").unwrap())
    };
    let caller = "module \"m\" {\n  source = \"./m\"\n  v = \"us.x\"\n  w = [\"a-${var.open}\", aws_x.y.arn]\n}\n\
                  resource \"r\" \"r\" {\n  x = [module.m.id, module.m.arn, module.m.none]\n}\n";
    let called = "variable \"v\" {}\nvariable \"w\" {}\noutput \"id\" {\n  value = \"${var.v}-1\"\n}\n\
                  output \"arn\" {\n  value = aws_x.y.arn\n}\nresource \"r\" \"inner\" {\n  x = var.w\n}\n";
    let files = [("main.tf", caller), ("m/main.tf", called)];
    assert_eq!(x(&files, "r.r"), "[\"us.x-1\", m: aws_x.y.arn, module.m.none]");
    assert_eq!(x(&files, "r.inner"), "[\"a-${.: var.open}\", .: aws_x.y.arn]");

    let base = "resource \"r\" \"r\" {\n  x = local.l\n}\nlocals {\n  l = 1\n}\n";
    assert_eq!(x(&[("main.tf", base), ("override.tf", "locals {\n  l = 2\n}\n")], "r.r"), "2");
    let over = "resource \"r\" \"r\" {\n  x = \"over\"\n}\n";
    assert_eq!(x(&[("main.tf", base), ("dev_override.tf", over)], "r.r"), "\"over\"");

    let region = |providers: &str| {
        let text = format!(
            "{providers}data \"aws_region\" \"here\" {{}}\nresource \"r\" \"r\" {{\n  x = \"${{data.aws_region.here.name}}\"\n}}\n"
        );
        x(&[("main.tf", &text)], "r.r")
    };
    let provider = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n";
    assert_eq!(region(provider), "\"eu-west-1\"");
    assert_eq!(region(&provider.replace("region", "alias = \"b\"\n  region")), "data.aws_region.here.name");
    assert_eq!(region(&provider.repeat(2)), "data.aws_region.here.name");
    assert_eq!(region(""), "data.aws_region.here.name");
}

#[test]
fn places_that_stand_for_values_are_noted() {
    let text = "variable \"v\" {\n  default = \"d\"\n}\nlocals {\n  c = [\"p\", \"q\"]\n}\n\
                resource \"r\" \"r\" {\n  x = [for m in local.c : \"${var.v}/${m}\"]\n  y = var.v == \"d\" ? \"z\" : \"w\"\n}\n";
    let module = modules_of(&[("main.tf", text)]).remove(0);
    let noted = module
        .references
        .iter()
        .map(|fact| (fact.at.text(), fact.overridable, fact.written.as_ref().map(|written| written.text())));
    assert_eq!(
        noted.collect::<Vec<_>>(),
        [
            ("d", true, Some("d")),
            ("local.c", false, Some("[\"p\", \"q\"]")),
            ("${var.v}", true, Some("d")),
            ("${m}", false, None),
            ("var.v", true, Some("d")),
            ("\"z\"", true, Some("\"z\"")),
        ]
    );
}

/// The attribute `x` of the block `r.r` beside other text, briefly, and cut.
fn flooded(around: &str, written: &str) -> String {
    let node = value(&format!("{around}resource \"r\" \"r\" {{\n  x = {written}\n}}\n"));
    brief(&node).chars().take(40).collect()
}

#[test]
fn what_grows_without_end_is_not_known() {
    let mega = format!("locals {{\n  a = \"{}\"\n  r = range(10000)\n}}\n", "a".repeat(500_000));
    for written in [
        "replace(local.a, \"a\", local.a)",
        "join(local.a, [for i in local.r : \"x\"])",
        "format(\"%s%s%s\", local.a, local.a, local.a)",
        "formatlist(\"%s%s\", local.a, [for i in local.r : \"x\"])",
        "[for i in local.r : [for j in local.r : \"${i}${j}\"]]",
        "[for i in local.r : i if length([for j in local.r : j if false]) > 0]",
        "setproduct(local.r, local.r)",
        "range(100000)",
        "range(0, 10, -1)",
        "range(-9223372036854775807, 9223372036854775807)",
        "[for i in local.r : local.a]",
        "split(\"a\", local.a)",
        "9223372036854775807 + 1",
        "chunklist([1], 0)",
        "element([], 0)",
        "1 % 0",
    ] {
        let shown = flooded(&mega, written);
        let begins = written.chars().next().unwrap();
        let is_call = !shown.starts_with('"') && (shown.contains('(') || begins == '[');
        assert!(is_call, "{written}: {shown}");
    }
}

#[test]
fn what_is_deep_or_long_ends() {
    let deep_json = format!("{{\"locals\": {{\"a\": {}1{}}}}}", "[".repeat(400), "]".repeat(400));
    for (path, text) in [
        ("a.tf", format!("x {} {{}}\n", "\"a\" ".repeat(50_000))),
        ("a.tf", format!("x = a{}\n", "[0]".repeat(50_000))),
        ("a.tf", format!("x = a{}\n", ".b".repeat(50_000))),
        ("a.tf", format!("x = a{}\n", "[*]".repeat(50_000))),
        ("a.tf", "resource \"a\" \"b\" {\n  x = \"${var.y}-bedrock\"\n}\n".repeat(5_000)),
        ("a.tf", format!("locals {{\n  a = {}1{}\n}}\n", "[".repeat(60), "]".repeat(60))),
        ("a.tf", format!("locals {{\n  a = {}1\n}}\n", "1 + ".repeat(127))),
        ("a.tf.json", deep_json),
    ] {
        assert!(open(path, &Shelf::new(&[Arc::new(Source::new(path, text.clone()))])).is_some(), "{path}");
        modules_of(&[(path, &text)]);
    }
    // too wide, or too deep to be read
    for text in [
        format!("x = {{\n{}}}\n", (0..40_000).map(|key| format!("k{key} = 1\n")).collect::<String>()),
        format!("x = {}1{}\n", "[".repeat(5000), "]".repeat(5000)),
        "/*".repeat(100_000),
        "\"${".repeat(10_000),
    ] {
        assert!(open("a.tf", &Shelf::new(&[Arc::new(Source::new("a.tf", text))])).is_none());
    }
}

#[test]
fn modules_that_call_each_other_end() {
    let itself = "module \"m\" {\n  source = \"./\"\n  v = module.m.o\n}\nvariable \"v\" {}\noutput \"o\" {\n  value = var.v\n}\n";
    assert_eq!(modules_of(&[("a/main.tf", itself)]).len(), 1);
    let files: Vec<(String, String)> = (0..300)
        .map(|at| {
            let call = format!(
                "module \"n\" {{\n  source = \"../m{}\"\n  v = \"${{var.v}}${{var.v}}\"\n}}\n\
                 variable \"v\" {{\n  default = \"x\"\n}}\noutput \"o\" {{\n  value = module.n.o\n}}\n",
                at + 1
            );
            (format!("m{at}/main.tf"), call)
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert_eq!(modules_of(&files).len(), 300);
}

/// Pieces of the language, put together at random.
const PIECES: [&str; 44] = [
    "resource \"r\" \"r\" {\n",
    "data \"aws_region\" \"d\" {}\n",
    "variable \"v\" {\n",
    "output \"o\" {\n",
    "locals {\n",
    "module \"m\" {\n",
    "provider \"aws\" {\n",
    "dynamic \"s\" {\n",
    "content {\n",
    "}\n",
    "  default = ",
    "  source = \"./m\"\n",
    "  value = ",
    "  for_each = ",
    "  count = ",
    "  region = ",
    "  l = ",
    "  x = ",
    "var.v",
    "local.l",
    "module.m.o",
    "each.value",
    "s.value",
    "data.aws_region.d.name",
    "[for a, b in ",
    " : ",
    " if ",
    "]",
    "[*]",
    "[0]",
    "{ (",
    ") = ",
    "\"a${",
    "}b\"",
    "<<-E\n  t ${",
    "}\nE\n",
    " ? ",
    " == ",
    "1",
    "null",
    "jsonencode(",
    "join(\"\", ",
    ")",
    "\n",
];

proptest::proptest! {
    #[test]
    fn whatever_is_written_is_read_or_refused(
        files in proptest::collection::vec(proptest::collection::vec(0..PIECES.len(), 0..40), 1..4),
    ) {
        let paths = ["main.tf", "m/x.tf", "override.tf"];
        let texts: Vec<String> = files.iter().map(|file| file.iter().map(|piece| PIECES[*piece]).collect()).collect();
        let sources: Vec<Arc<Source>> =
            paths.iter().zip(&texts).map(|(path, text)| Arc::new(Source::new(*path, text.clone()))).collect();
        let shelf = Shelf::new(&sources);
        modules(sources.iter().filter_map(|source| open(source.path(), &shelf)).collect(), &shelf);
    }

    #[test]
    fn expressions_have_a_value_or_none(pieces in proptest::collection::vec(18..PIECES.len(), 0..12)) {
        let written: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        let text = format!("locals {{\n  l = [1, {{ a = \"b\" }}]\n}}\nresource \"r\" \"r\" {{\n  for_each = local.l\n  x = {written}\n}}\n");
        let source = Arc::new(Source::new("main.tf", text));
        let shelf = Shelf::new(&[Arc::clone(&source)]);
        modules(open("main.tf", &shelf).into_iter().collect(), &shelf);
    }
}
