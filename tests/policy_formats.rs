//! The forms in which policies are written: their bytes for a few calls, and, read by others, one policy in all.
//!
//! `UPDATE_GOLDEN=1 cargo test --test policy_formats` writes the expected texts into `tests/golden/policy`. Whoever does
//! so runs `terraform fmt -check tests/golden/policy` too.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod asked;

use std::fs;
use std::path::Path;

use asked::policy_request as request;
use bedrock_lint::bedrock::Catalogue;
use bedrock_lint::iam::Effect;
use bedrock_lint::policy::{
    Condition, Document, Format, Kind, OPEN_ACCOUNT, PolicyError, PolicyRequest, Statement, Written, render, size,
    too_long, write,
};
use bedrock_lint::syntax::{self, Node, ScalarKind, yaml};
use bedrock_lint::text::SourceMap;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};
use hcl_edit::template::Element;
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

const ACCOUNT: &str = "111122223333";
const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";

fn written(request: &PolicyRequest) -> Written {
    write(request, Catalogue::builtin()).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// A few calls, by the name of their golden files. None gives the account.
fn examples() -> Vec<(&'static str, PolicyRequest)> {
    let (us, eu, global) = (format!("us.{HAIKU}"), format!("eu.{HAIKU}"), format!("global.{HAIKU}"));
    let application = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3d4e5f6";
    let gov = "us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0";
    let tight = request(&[&us, &global, "amazon.nova-lite-v1:0"], &["us-east-1"]);
    vec![
        ("on-demand", request(&["amazon.nova-lite-v1:0"], &["us-east-1"])),
        ("geographic", PolicyRequest { stream: true, ..request(&[&us], &["us-east-1", "us-west-1"]) }),
        ("govcloud", request(&[gov], &["us-gov-west-1"])),
        ("tight", PolicyRequest { tight: true, api_key: true, marketplace: true, ..tight }),
        ("application", PolicyRequest { copies: vec![us.clone()], ..request(&[application], &[]) }),
        ("scp", PolicyRequest { kind: Kind::Scp, ..request(&[&us, &eu], &["us-east-1", "eu-west-1"]) }),
    ]
}

/// The document in JSON, with lists for all that may be one or many.
fn document(written: &Written) -> Json {
    lists(serde_json::from_str(&render(written, Format::Json).unwrap()).unwrap())
}

/// Actions, resources and values of conditions as lists.
fn lists(mut document: Json) -> Json {
    let many = |value: &mut Json| {
        if value.is_string() {
            *value = json!([value.take()]);
        }
    };
    for statement in document.get_mut("Statement").and_then(Json::as_array_mut).unwrap() {
        for (key, value) in statement.as_object_mut().unwrap() {
            match key.as_str() {
                "Action" | "NotAction" | "Resource" => many(value),
                "Condition" => {
                    let operators = value.as_object_mut().unwrap().values_mut();
                    operators.flat_map(|keys| keys.as_object_mut().unwrap().values_mut()).for_each(many);
                }
                _ => {}
            }
        }
    }
    document
}

/// A string of a Terraform configuration.
fn hcl_string(expression: &Expression) -> String {
    match expression {
        Expression::String(text) => text.to_string(),
        Expression::StringTemplate(template) => {
            let parts = template.iter().map(|part| match part {
                Element::Literal(text) => text.to_string(),
                Element::Interpolation(inner) if inner.expr.is_str() => hcl_string(&inner.expr),
                Element::Interpolation(inner) => {
                    assert_eq!(inner.expr.to_string(), "data.aws_caller_identity.current.account_id");
                    ACCOUNT.to_owned()
                }
                Element::Directive(_) => panic!("{template:?}"),
            });
            parts.collect()
        }
        other => panic!("{other:?}"),
    }
}

fn hcl_attribute<'b>(block: &'b Block, name: &str) -> Option<&'b Expression> {
    block.body.get_attribute(name).map(|attribute| &attribute.value)
}

fn hcl_list(block: &Block, name: &str) -> Option<Json> {
    let array = hcl_attribute(block, name)?.as_array().unwrap();
    Some(array.iter().map(|item| json!(hcl_string(item))).collect())
}

/// The document that the data source of a Terraform configuration makes.
fn from_terraform(text: &str) -> Json {
    let body: Body = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
    let labels = |block: &Block| block.labels.iter().map(|label| label.as_str().to_owned()).collect::<Vec<_>>();
    let source = body.get_blocks("data").find(|block| labels(block) == ["aws_iam_policy_document", "bedrock"]).unwrap();
    let caller = body.get_blocks("data").any(|block| labels(block) == ["aws_caller_identity", "current"]);
    assert_eq!(caller, text.contains("data.aws_caller_identity.current"));
    let statements = source.body.get_blocks("statement").map(|block| {
        let mut statement = Map::new();
        let text = |name| json!(hcl_string(hcl_attribute(block, name).unwrap()));
        statement.insert("Sid".to_owned(), text("sid"));
        statement.insert("Effect".to_owned(), text("effect"));
        for (name, key) in [("actions", "Action"), ("not_actions", "NotAction"), ("resources", "Resource")] {
            statement.extend(hcl_list(block, name).map(|list| (key.to_owned(), list)));
        }
        let mut operators = Map::new();
        for condition in block.body.get_blocks("condition") {
            let text = |name| hcl_string(hcl_attribute(condition, name).unwrap());
            let keys = operators.entry(text("test")).or_insert_with(|| json!({}));
            let keys = keys.as_object_mut().unwrap();
            assert!(keys.insert(text("variable"), hcl_list(condition, "values").unwrap()).is_none());
        }
        if !operators.is_empty() {
            statement.insert("Condition".to_owned(), Json::Object(operators));
        }
        Json::Object(statement)
    });
    json!({ "Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>() })
}

/// What `!Sub` makes of a string, in the account of the tests.
fn substituted(text: &str) -> String {
    text.replace("${AWS::AccountId}", ACCOUNT).replace("${!", "${")
}

fn from_serde(value: serde_yaml::Value) -> Json {
    match value {
        serde_yaml::Value::Tagged(tagged) => {
            assert_eq!(tagged.tag.to_string(), "!Sub");
            json!(substituted(tagged.value.as_str().unwrap()))
        }
        serde_yaml::Value::String(text) => json!(text),
        serde_yaml::Value::Sequence(items) => items.into_iter().map(from_serde).collect(),
        serde_yaml::Value::Mapping(entries) => {
            let entries = entries.into_iter().map(|(key, value)| (key.as_str().unwrap().to_owned(), from_serde(value)));
            Json::Object(entries.collect())
        }
        other => panic!("{other:?}"),
    }
}

fn from_tree(node: &Node) -> Json {
    match &node.value {
        syntax::Value::Scalar(scalar) => {
            assert_eq!(scalar.kind, ScalarKind::String);
            json!(scalar.text.as_str())
        }
        syntax::Value::List(items) => items.iter().map(from_tree).collect(),
        syntax::Value::Map(entries) => {
            let entries = entries.iter().map(|entry| (entry.key.as_str().to_owned(), from_tree(&entry.value)));
            Json::Object(entries.collect())
        }
        syntax::Value::Call(call) => {
            assert_eq!(call.name.as_str(), "!Sub");
            let [argument] = call.args.as_slice() else { panic!("{call:?}") };
            json!(substituted(argument.string().unwrap().as_str()))
        }
    }
}

/// The document in the resource of a CloudFormation template, which two readers read alike.
fn from_cloudformation(text: &str, kind: Kind) -> Json {
    let tree = from_serde(serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}")));
    let stream = yaml::parse(text, &SourceMap::Verbatim(0));
    let [Ok(root)] = stream.documents.as_slice() else { panic!("{text}") };
    assert_eq!(from_tree(root), tree, "{text}");
    let resource = tree.pointer("/Resources/BedrockPolicy").unwrap();
    let (kind, document) = match kind {
        Kind::Identity => ("AWS::IAM::ManagedPolicy", "/Properties/PolicyDocument"),
        Kind::Scp => ("AWS::Organizations::Policy", "/Properties/Content"),
    };
    assert_eq!(resource.get("Type"), Some(&json!(kind)));
    lists(resource.pointer(document).unwrap().clone())
}

#[test]
fn a_policy_is_the_same_in_every_form() {
    for (name, request) in examples() {
        let open = written(&request);
        let expected = document(&written(&PolicyRequest { account: Some(ACCOUNT.to_owned()), ..request.clone() }));
        let account = |mut document: Json| {
            if request.kind == Kind::Scp {
                // for every account, unless one is given
                let text = document.to_string().replace(ACCOUNT, "*");
                document = serde_json::from_str(&text).unwrap();
            }
            document
        };
        let expected = account(expected);
        assert_eq!(from_terraform(&render(&open, Format::Terraform).unwrap()), expected, "{name}");
        let template = render(&open, Format::CloudFormation).unwrap();
        assert_eq!(from_cloudformation(&template, request.kind), expected, "{name}");
    }
}

#[test]
fn the_expected_texts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/policy");
    let mut stale = Vec::new();
    for (name, request) in examples() {
        for (format, extension) in [(Format::Json, "json"), (Format::Terraform, "tf"), (Format::CloudFormation, "yaml")]
        {
            let account = (format == Format::Json && request.kind == Kind::Identity).then(|| ACCOUNT.to_owned());
            let text = render(&written(&PolicyRequest { account, ..request.clone() }), format).unwrap();
            let golden = folder.join(format!("{name}.{extension}"));
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&golden, &text).unwrap();
            } else if fs::read_to_string(&golden).unwrap_or_default() != text {
                stale.push(format!("{name}.{extension}:\n{text}"));
            }
        }
    }
    assert!(stale.is_empty(), "look at the changes, then UPDATE_GOLDEN=1\n{}", stale.join("\n"));
}

#[test]
fn json_wants_the_account_where_one_stands() {
    for (name, request) in examples() {
        let rendered = render(&written(&request), Format::Json);
        match name {
            "on-demand" | "application" | "scp" => assert!(rendered.is_ok(), "{name}: {rendered:?}"),
            _ => {
                let Err(PolicyError::NoAccount { arn }) = rendered else { panic!("{name}: {rendered:?}") };
                assert!(arn.contains(":ACCOUNT:inference-profile/"), "{arn}");
            }
        }
    }
}

/// A document with these strings wherever strings can stand.
fn of_strings(strings: &[String]) -> Document {
    let statement = |sid: &str, strings: &[String]| Statement {
        sid: sid.to_owned(),
        effect: Effect::Allow,
        actions: strings.to_vec(),
        negated: false,
        resources: strings.iter().map(|text| text.as_str().into()).collect(),
        conditions: vec![Condition {
            operator: "StringEquals",
            key: "aws:PrincipalTag/a",
            values: strings.iter().map(|text| text.as_str().into()).collect(),
        }],
    };
    let mut statements: Vec<Statement> = vec![statement("All", strings)];
    let one = strings.iter().enumerate();
    statements.extend(one.map(|(index, text)| statement(&format!("One{index}"), std::slice::from_ref(text))));
    Document { statements }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// No string ends a quotation, begins a template or turns into another type.
    #[test]
    fn strings_are_what_they_were(
        strings in prop::collection::vec(r#"([ -~]|\n|\t|\r|é|日|\$\{|%\{|\$\$|!|"|\\|\{account\}){0,12}"#, 1..4)
    ) {
        let mut written = written(&request(&["amazon.nova-lite-v1:0"], &["us-east-1"]));
        written.document = of_strings(&strings);
        let mut known = written.clone();
        let filled: Vec<String> = strings.iter().map(|text| text.replace(OPEN_ACCOUNT, ACCOUNT)).collect();
        known.document = of_strings(&filled);
        // no action has an account
        for (open, known) in written.document.statements.iter_mut().zip(&known.document.statements) {
            open.actions.clone_from(&known.actions);
        }
        let expected = document(&known);
        prop_assert_eq!(&from_terraform(&render(&written, Format::Terraform).unwrap()), &expected);
        prop_assert_eq!(&from_cloudformation(&render(&written, Format::CloudFormation).unwrap(), Kind::Identity), &expected);
    }
}

#[test]
fn signs_before_signs_are_what_they_were() {
    for text in ["$%%{", "$%%", "$$%%{", "%$%%{a}", "$%{", "%%%{", "$$$%%%{{"] {
        let mut written = written(&request(&["amazon.nova-lite-v1:0"], &["us-east-1"]));
        written.document = of_strings(&[text.to_owned()]);
        assert_eq!(from_terraform(&render(&written, Format::Terraform).unwrap()), document(&written), "{text}");
    }
}

#[test]
fn long_policies_are_told_of() {
    let document_of = |count: usize, kind: Kind| {
        let strings: Vec<String> = (0..count).map(|index| format!("arn:aws:bedrock:us-east-1::{index:0>70}")).collect();
        let mut document = of_strings(&strings);
        document.statements.truncate(1);
        (size(&document), too_long(&document, kind))
    };
    // three strings of 97 characters, each in quotes and with a comma
    for (count, kind, says) in [
        (19, Kind::Identity, None),
        (21, Kind::Identity, Some("a managed policy 6144 at most: make it an inline policy of a role (10240 with")),
        (40, Kind::Identity, Some("the inline policies of a role 10240 at most, a managed policy 6144: write `*`")),
        (16, Kind::Scp, None),
        (18, Kind::Scp, Some("a service control policy 5120 at most: drop global services")),
    ] {
        let (size, told) = document_of(count, kind);
        assert_eq!(told.is_some(), says.is_some(), "{size}: {told:?}");
        if let (Some(told), Some(says)) = (told, says) {
            assert!(told.contains(says) && told.contains(&format!("{size} characters")), "{told}");
        }
    }
    // what is counted is the document without white space
    let written = written(&request(&["amazon.nova-lite-v1:0"], &["us-east-1"]));
    let json: Json = serde_json::from_str(&render(&written, Format::Json).unwrap()).unwrap();
    assert_eq!(size(&written.document), json.to_string().len());
}
