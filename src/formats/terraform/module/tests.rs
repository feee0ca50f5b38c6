#![expect(clippy::unwrap_used, clippy::string_slice, reason = "tests")]

use super::*;
use crate::source::Shelf;
use crate::syntax::{Scalar, ScalarKind};
use crate::text::Count;

/// The modules of some files. All of them are checked whose text has `bedrock`; the others stand beside them.
fn read(files: &[(&str, &str)]) -> Vec<Module> {
    let sources: Vec<Arc<Source>> = files.iter().map(|(path, text)| Arc::new(Source::new(*path, *text))).collect();
    let shelf = Shelf::new(&sources);
    let checked = sources.iter().filter(|source| source.text().contains("bedrock"));
    modules(checked.map(|source| File::beside(source).unwrap()).collect(), &shelf)
}

/// The tree without spans, briefly: holes as `<…>`, those of many values as `<<…>>`.
fn brief(node: &Node) -> String {
    let all = |nodes: &[Node]| nodes.iter().map(brief).collect::<Vec<_>>().join(", ");
    match &node.value {
        Value::Scalar(Scalar { text, kind: ScalarKind::String }) => format!("'{}'", holed(text)),
        Value::Scalar(Scalar { kind: ScalarKind::Null, .. }) => "null".to_owned(),
        Value::Scalar(scalar) => scalar.text.as_str().to_owned(),
        Value::List(items) => format!("[{}]", all(items)),
        Value::Map(entries) => {
            let entries = entries.iter().map(|entry| format!("{}: {}", holed(&entry.key), brief(&entry.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Call(call) if call.args.is_empty() => call.name.as_str().to_owned(),
        Value::Call(call) => format!("{}({})", call.name.as_str(), all(&call.args)),
    }
}

fn holed(text: &Text) -> String {
    let pieces = text.pieces();
    let shown = pieces.iter().map(|piece| match piece {
        crate::text::Piece::Literal(known, _) => (*known).to_owned(),
        crate::text::Piece::Hole(hole) => {
            let written = text.as_str()[hole.range.clone()].trim_start_matches("${").trim_end_matches('}');
            if hole.count == Count::Many { format!("<<{written}>>") } else { format!("<{written}>") }
        }
    });
    shown.collect()
}

/// The bodies of the blocks of an address in the first module that has it.
fn bodies(modules: &[Module], address: &str) -> Vec<String> {
    let has = |module: &&Module| module.blocks.iter().any(|block| block.address() == address);
    let module = modules.iter().find(has).unwrap();
    module.blocks.iter().filter(|block| block.address() == address).map(|block| brief(&block.body)).collect()
}

/// The value of `x` in the resource `a.b` of one file.
fn value(text: &str) -> String {
    let modules = read(&[("main.tf", text)]);
    brief(modules[0].blocks.iter().find(|block| block.address() == "a.b").unwrap().body.get("x").unwrap())
}

#[test]
fn names_are_known_from_all_files_of_a_folder() {
    let modules = read(&[
        (
            "infra/main.tf",
            "resource \"a\" \"b\" {\n  x = \"bedrock ${local.name} ${var.open} ${data.aws_region.r.name}\"\n}\n",
        ),
        ("infra/locals.tf", "locals {\n  name = \"x-${var.size}\"\n}\n"),
        ("infra/variables.tf", "variable \"size\" {\n  default = \"small\"\n}\nvariable \"open\" {}\n"),
        ("infra/terraform.tfvars", "size = \"big\"\n"),
        ("other/variables.tf", "variable \"size\" {\n  default = \"other\"\n}\n"),
    ]);
    assert_eq!(modules.len(), 1);
    assert_eq!(bodies(&modules, "a.b"), ["{x: 'bedrock x-big <var.open> <data.aws_region.r.name>'}"]);
}

#[test]
fn places_that_stand_for_values_are_noted() {
    let text = "variable \"v\" {\n  default = \"d\"\n}\nlocals {\n  c = \"closed\"\n}\n\
                resource \"a\" \"b\" {\n  x = \"bedrock ${var.v}\"\n  y = local.c\n}\n";
    let modules = read(&[("main.tf", text)]);
    let block = modules[0].blocks.iter().find(|block| block.address() == "a.b").unwrap();
    let noted: Vec<(&str, bool)> = block.references.iter().map(|fact| (fact.at.text(), fact.overridable)).collect();
    assert_eq!(noted, [("${var.v}", true), ("local.c", false)]);
    let x = block.body.get("x").unwrap().string().unwrap();
    assert_eq!((x.as_str(), &text[x.span_of(8..9).range()]), ("bedrock d", "${var.v}"));
}

#[test]
fn circles_are_not_known() {
    assert_eq!(
        value(
            "# bedrock\nlocals {\n  p = local.q\n  q = \"${local.p}\"\n}\nresource \"a\" \"b\" {\n  x = \"-${local.p}\"\n}\n"
        ),
        "'-<local.q>'"
    );
}

#[test]
fn instances_and_dynamic_blocks_are_written_out_where_the_collection_is_known() {
    let modules = read(&[(
        "main.tf",
        "# bedrock\nresource \"a\" \"b\" {\n  for_each = toset([\"p\", \"q\"])\n  x = \"m/${each.value}\"\n}\n\
         resource \"a\" \"c\" {\n  for_each = var.all\n  x = \"m/${each.value}\"\n  dynamic \"s\" {\n    for_each = [1, 2]\n    content {\n      y = s.value\n    }\n  }\n}\n\
         resource \"a\" \"d\" {\n  dynamic \"s\" {\n    for_each = var.all\n    iterator = it\n    content {\n      y = \"-${it.value.name}\"\n    }\n  }\n}\n",
    )]);
    assert_eq!(bodies(&modules, "a.b").len(), 2);
    assert!(bodies(&modules, "a.b")[1].ends_with("x: 'm/q'}"), "{:?}", bodies(&modules, "a.b"));
    assert_eq!(bodies(&modules, "a.c"), ["{for_each: var.all, x: 'm/<<each.value>>', s: {y: 1}, s: {y: 2}}"]);
    assert_eq!(bodies(&modules, "a.d"), ["{dynamic: {s: {content: {y: '-<<it.value.name>>'}}}}"]);
}

#[test]
fn modules_take_their_arguments_from_their_callers() {
    let modules = read(&[
        (
            "main.tf",
            "module \"m\" {\n  source = \"./mod\"\n  model = \"bedrock-${var.kind}\"\n  open = var.nothing\n}\nvariable \"kind\" {\n  default = \"k\"\n}\nresource \"a\" \"c\" {\n  y = module.m.out\n}\n",
        ),
        (
            "mod/main.tf",
            "variable \"model\" {}\nvariable \"open\" {\n  default = 1\n}\nresource \"a\" \"b\" {\n  x = \"${var.model}/${var.open}\"\n}\noutput \"out\" {\n  value = \"o-${var.model}\"\n}\n",
        ),
    ]);
    assert_eq!(bodies(&modules, "a.b"), ["{x: 'bedrock-k/<var.open>'}"]);
    assert_eq!(bodies(&modules, "a.c"), ["{y: 'o-bedrock-k'}"]);
}
