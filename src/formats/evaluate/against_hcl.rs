//! Known expressions have the values that another evaluator of the language gives them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::strategy::Union;

use super::{Scope, evaluate, step_into, used_at};
use crate::syntax::{Call, Node, Scalar, ScalarKind, Value, hcl};
use crate::text::{SourceMap, Span};

/// What `local` stands for in the expressions.
const LOCALS: &str = "text = \"ab\"\nempty = \"\"\nnumber = 7\nyes = true\ntexts = [\"p\", \"q\", \"p\"]\nnumbers = [3, 1, 2]\n\
                      map = { a = \"x\", b = \"y\" }\nobjects = [{ id = \"i\", n = 1 }, { id = \"j\", n = 2 }]\n";

struct Locals(Node);

impl Scope for Locals {
    fn value(&self, call: &Call, span: Span) -> Option<Node> {
        let steps = call.name.as_str().strip_prefix("local")?;
        Some(used_at(&step_into(&self.0, steps)?, span))
    }

    fn may_grow(&self, _weight: usize) -> bool {
        true
    }
}

fn root(text: &str) -> Node {
    hcl::parse(text, &SourceMap::Verbatim(0)).unwrap_or_else(|fault| panic!("{fault:?} in {text}")).root
}

/// The value of an expression here; `None` if any of it is not known.
fn ours(written: &str) -> Option<serde_json::Value> {
    let scope = Locals(root(LOCALS));
    let file = root(&format!("x = {written}\n"));
    let node = evaluate(file.get("x").unwrap(), &scope);
    plain(&node)
}

fn plain(node: &Node) -> Option<serde_json::Value> {
    Some(match &node.value {
        Value::Scalar(Scalar { text, kind }) => match kind {
            ScalarKind::String => text.literal()?.into(),
            ScalarKind::Number => text.literal()?.parse::<i64>().ok()?.into(),
            ScalarKind::Bool => (text.literal()? == "true").into(),
            ScalarKind::Null => serde_json::Value::Null,
        },
        Value::List(items) => items.iter().map(plain).collect::<Option<Vec<_>>>()?.into(),
        Value::Map(entries) => {
            let entries = entries.iter().map(|entry| Some((entry.key.literal()?.to_owned(), plain(&entry.value)?)));
            serde_json::Value::Object(entries.collect::<Option<_>>()?)
        }
        Value::Call(_) => return None,
    })
}

/// The value of an expression there.
fn theirs(written: &str) -> Result<serde_json::Value, String> {
    let mut context = ::hcl::eval::Context::new();
    let locals: ::hcl::Value = ::hcl::from_str(LOCALS).unwrap();
    context.declare_var("local", locals);
    let file: ::hcl::Value =
        ::hcl::eval::from_str(&format!("x = {written}\n"), &context).map_err(|error| error.to_string())?;
    Ok(serde_json::to_value(file).unwrap().get("x").unwrap().clone())
}

type Written = BoxedStrategy<String>;

fn one_of(all: Vec<Written>) -> Written {
    Union::new(all).boxed()
}

fn given(all: &[&str]) -> Written {
    prop::sample::select(all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>()).boxed()
}

/// Expressions that are strings, numbers, truths and lists of strings, nested so deep.
struct Kinds {
    text: Written,
    number: Written,
    truth: Written,
    texts: Written,
}

fn kinds(depth: u32) -> Kinds {
    let leaves = Kinds {
        text: one_of(vec![
            given(&["\"\"", "\"a\"", "\"b-c\"", "\"$${d}\"", "\"é\\n\\\"q\\\"\"", "local.text", "local.empty"]),
            given(&["local.map.a", "local.map[\"b\"]", "local.texts[1]", "local.objects[0].id"]),
        ]),
        number: given(&["0", "1", "12", "-3", "local.number", "local.numbers[2]", "local.objects[1].n"]),
        truth: given(&["true", "false", "local.yes"]),
        texts: given(&["[]", "[\"a\", \"b\"]", "local.texts", "local.objects[*].id", "local.objects.*.id"]),
    };
    if depth == 0 {
        return leaves;
    }
    let Kinds { text, number, truth, texts } = kinds(depth - 1);
    let pair = |one: &Written, other: &Written| (one.clone(), other.clone());
    let chosen = |kind: &Written| {
        (truth.clone(), kind.clone(), kind.clone()).prop_map(|(is, yes, no)| format!("({is} ? {yes} : {no})")).boxed()
    };
    let template = |text: &Written| {
        prop::collection::vec(
            one_of(vec![given(&["x", "- ", " y "]), braced(text), braced(&number), braced(&truth)]),
            1..4,
        )
        .prop_map(|parts| format!("\"{}\"", parts.concat()))
        .boxed()
    };
    let directive = (truth.clone(), text.clone(), texts.clone())
        .prop_map(|(is, text, texts)| {
            format!(
                "\"%{{ if {is} }}<${{{text}}}>%{{ else }}none%{{ endif }}%{{ for t in {texts} }}[${{t}}]%{{ endfor }}\""
            )
        })
        .boxed();
    // of lines without indentation, the other one takes out letters
    let heredoc = (braced(&text), 1_usize..4)
        .prop_map(|(part, indent)| {
            let pad = " ".repeat(indent);
            format!("[<<-END\n{pad}  one ${{1}}\n{pad}two {part}\n{pad}END\n][0]")
        })
        .boxed();
    let compared = {
        let numbers = (number.clone(), given(&["<", ">", "<=", ">=", "==", "!="]), number.clone());
        let values = (text.clone(), given(&["==", "!="]), text.clone());
        let logic = (truth.clone(), given(&["&&", "||", "==", "!="]), truth.clone());
        let written = |(one, sign, other): (String, String, String)| format!("({one} {sign} {other})");
        let negated = truth.clone().prop_map(|truth| format!("!{truth}")).boxed();
        one_of(vec![
            numbers.prop_map(written).boxed(),
            values.prop_map(written).boxed(),
            logic.prop_map(written).boxed(),
            negated,
        ])
    };
    let counted = {
        let operation = (number.clone(), given(&["+", "-", "*"]), number.clone());
        let negated = number.clone().prop_map(|number| format!("-({number})")).boxed();
        let mixed = (number.clone(), number.clone(), number.clone());
        one_of(vec![
            operation.prop_map(|(one, sign, other)| format!("({one} {sign} {other})")).boxed(),
            mixed.prop_map(|(one, other, last)| format!("({one} + {other} * {last})")).boxed(),
            negated,
        ])
    };
    let listed = {
        let literal = prop::collection::vec(text.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(", ")));
        let loops =
            (texts.clone(), given(&["t", "\"<${t}>\"", "\"${i}:${t}\""]), given(&["", " if t != \"p\"", " if i > 0"]));
        let over_map = given(&["[for k, v in local.map : \"${k}=${v}\"]", "[for v in local.map : v]"]);
        one_of(vec![
            literal.boxed(),
            loops.prop_map(|(list, value, condition)| format!("[for i, t in {list} : {value}{condition}]")).boxed(),
            over_map,
        ])
    };
    Kinds {
        text: one_of(vec![leaves.text, template(&text), directive, heredoc, chosen(&text), part_of(&texts)]),
        number: one_of(vec![leaves.number, counted, chosen(&number)]),
        truth: one_of(vec![leaves.truth, compared, chosen(&truth)]),
        texts: one_of(vec![
            leaves.texts,
            listed,
            pair(&texts, &texts).prop_flat_map(|(one, other)| given(&[&one, &other])).boxed(),
        ]),
    }
}

fn braced(kind: &Written) -> Written {
    let ends = given(&["", "~"]);
    (ends.clone(), kind.clone(), ends).prop_map(|(start, inner, end)| format!("${{{start} {inner} {end}}}")).boxed()
}

fn part_of(texts: &Written) -> Written {
    texts.clone().prop_map(|texts| format!("[\"z\", {texts}, \"z\"][0]")).boxed()
}

fn any_kind() -> Written {
    let Kinds { text, number, truth, texts } = kinds(3);
    let maps = (texts.clone(), text.clone()).prop_map(|(texts, text)| {
        format!(
            "{{ a = {text}, (local.text) = 1, \"k${{local.number}}\" = {{ for t in {texts} : t => \"${{t}}!\" }} }}"
        )
    });
    let groups = texts.clone().prop_map(|texts| format!("{{ for i, t in {texts} : t => i... }}"));
    one_of(vec![text, number, truth, texts, maps.boxed(), groups.boxed()])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn known_expressions_have_the_same_values(written in any_kind()) {
        let Ok(expected) = theirs(&written) else { return Err(TestCaseError::reject("refused")) };
        prop_assert_eq!(ours(&written), Some(expected), "{}", written);
    }
}

#[test]
fn the_other_evaluator_answers() {
    let mut answers = String::new();
    for written in
        ["\"a${1 + 2 * 3}\"", "[for t in local.texts : upper(t)]", "local.map[\"a\"]", "{ (local.text) = 1 }"]
    {
        writeln!(answers, "{written}: {:?}", theirs(written).ok().map(|value| value.to_string())).unwrap();
    }
    let expected = "\"a${1 + 2 * 3}\": Some(\"\\\"a7\\\"\")\n[for t in local.texts : upper(t)]: None\n\
                    local.map[\"a\"]: Some(\"\\\"x\\\"\")\n{ (local.text) = 1 }: Some(\"{\\\"ab\\\":1}\")\n";
    assert_eq!(answers, expected);
}
