//! Laws that hold for every input.
#![expect(clippy::unwrap_used, clippy::string_slice, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::formats::{self, FormatOptions};
use bedrock_lint::iam::{Case, Context, Decision, Fit, Held, Layers, Operator, Pattern, Policy, Request, evaluate};
use bedrock_lint::rules::Facts;
use bedrock_lint::source::Source;
use bedrock_lint::syntax::{Node, ScalarKind, Value, json};
use bedrock_lint::text::{SourceMap, Text};
use proptest::prelude::*;

fn lint_whole(name: &str, text: &str) {
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
        settings: None,
        answers: None,
    };
    let source = Arc::new(Source::new(name, text));
    let verdict = bedrock_lint::lint(&[source], &FormatOptions::default(), &facts);
    let mut last = (0, "");
    for finding in &verdict.findings {
        let labels = std::iter::once(&finding.primary).chain(&finding.related);
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| &edit.at);
        for at in labels.map(|label| &label.at).chain(edits) {
            assert!(text.get(at.span.range()).is_some(), "{} at {:?} in {text}", finding.rule, at.span);
        }
        let place = (finding.primary.at.span.start, finding.rule);
        assert!(last <= place, "{last:?} before {place:?} in {text}");
        last = place;
    }
}

/// The value without spans.
fn plain(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Scalar(scalar) if scalar.kind == ScalarKind::String => scalar.text.as_str().into(),
        Value::Scalar(scalar) => serde_json::from_str(scalar.text.as_str()).unwrap(),
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Map(entries) => {
            let pairs = entries.iter().map(|entry| (entry.key.as_str().to_owned(), plain(&entry.value)));
            serde_json::Value::Object(pairs.collect())
        }
        Value::Call(_) => serde_json::Value::Null,
    }
}

fn arbitrary_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1.0e9..1.0e9f64).prop_map(Into::into),
        ".{0,6}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec((".{0,3}", inner), 0..4).prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}

/// A piece of an ARN, an action, a value: what policies are made of, and what breaks them.
fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "arn",
        ":",
        "::",
        "aws",
        "aws-us-gov",
        "bedrock",
        "bedrock-runtime",
        "us-east-1",
        "us-*",
        "eu-west-1a",
        "*",
        "?",
        "111122223333",
        "<ACCOUNT_ID>",
        "${AWS::Region}",
        "${aws:PrincipalTag/x}",
        "${",
        "}",
        "{{ r }}",
        "$R",
        "${*}",
        "foundation-model",
        "inference-profile",
        "application-inference-profile",
        "/",
        "%2F",
        "us.",
        "global.",
        "jp.",
        "anthropic.claude-haiku-4-5-20251001-v1:0",
        "anthropic.claude-sonnet-4-6",
        "amazon.nova-lite-v1:0",
        "anthropic.claude-*",
        "bedrock:InvokeModel",
        "bedrock:Converse",
        "bedrock:*",
        "aws-marketplace:Subscribe",
        "é",
        "\u{1F600}",
        "\u{202e}",
        "\"",
        "\\",
        "\n",
        "",
    ])
    .prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = String> {
    let arn = (word(), word(), word(), word()).prop_map(|(region, account, prefix, id)| {
        format!("arn:aws:bedrock:{region}:{account}:inference-profile/{prefix}{id}")
    });
    let model = (word(), word()).prop_map(|(region, id)| format!("arn:aws:bedrock:{region}::foundation-model/{id}"));
    prop_oneof![arn, model, word(), prop::collection::vec(word(), 0..8).prop_map(|words| words.concat())]
}

fn policy_ish() -> impl Strategy<Value = serde_json::Value> {
    let key = || {
        prop::sample::select(vec![
            "Version",
            "Id",
            "Statement",
            "Sid",
            "Effect",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Principal",
            "Condition",
            "StringEquals",
            "ArnLike",
            "Null",
            "aws:RequestedRegion",
            "bedrock:InferenceProfileArn",
            "Document",
            "PolicyDocument",
            "RoleDetailList",
            "UserDetailList",
            "Policies",
            "PolicyVersionList",
            "Arn",
            "AWS",
            "Fn::Sub",
        ])
        .prop_map(str::to_owned)
    };
    let leaf = prop_oneof![
        value().prop_map(serde_json::Value::from),
        Just("Allow".into()),
        Just("Deny".into()),
        Just(serde_json::Value::Null),
    ];
    let tree = leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec((key(), inner), 0..5).prop_map(|pairs| pairs.into_iter().collect()),
        ]
    });
    let values = || prop::collection::vec(value(), 0..4);
    let condition = (operator_name(), condition_key(), values())
        .prop_map(|(operator, key, values)| serde_json::json!({ operator: { key: values } }));
    let statement = (any::<bool>(), any::<bool>(), any::<bool>(), values(), values(), prop::option::of(condition));
    let statement = statement.prop_map(|(allow, not_action, not_resource, mut actions, resources, condition)| {
        actions.push("bedrock:InvokeModel".to_owned());
        statement_of(allow, [not_action, not_resource], actions, resources, condition)
    });
    let policy = prop::collection::vec(prop_oneof![8 => statement, 1 => tree.clone()], 1..4)
        .prop_map(|statements| serde_json::json!({ "Version": "2012-10-17", "Statement": statements }));
    prop_oneof![1 => tree, 3 => policy]
}

fn operator_name() -> impl Strategy<Value = String> {
    let base = prop::sample::select(vec![
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
        "ArnEquals",
        "ArnLike",
        "ArnNotEquals",
        "ArnNotLike",
        "NumericEquals",
        "NumericLessThan",
        "DateGreaterThan",
        "Bool",
        "BinaryEquals",
        "IpAddress",
        "NotIpAddress",
    ]);
    let quantifier = prop::sample::select(vec!["", "ForAllValues:", "ForAnyValue:"]);
    let suffix = prop::sample::select(vec!["", "IfExists"]);
    let named = (quantifier, base, suffix).prop_map(|(quantifier, base, suffix)| format!("{quantifier}{base}{suffix}"));
    prop_oneof![9 => named, 1 => Just("Null".to_owned())]
}

fn condition_key() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "aws:RequestedRegion",
        "bedrock:InferenceProfileArn",
        "aws:PrincipalTag/x",
        "aws:PrincipalArn",
    ])
    .prop_map(str::to_owned)
}

/// The policy of a document, read as a whole file is.
fn policies(document: &serde_json::Value) -> Vec<Policy> {
    let source = Arc::new(Source::new("policy.json", document.to_string()));
    let facts = formats::read(&source, &FormatOptions::default(), true);
    facts.policies.iter().map(|fact| fact.policy.clone()).collect()
}

/// A small world in which statements often meet the request.
fn small_statement() -> impl Strategy<Value = serde_json::Value> {
    let pick = |from: &[&'static str]| prop::sample::subsequence(from.to_vec(), 1..=2);
    let actions = pick(&["bedrock:InvokeModel", "bedrock:Invoke*", "bedrock:List*", "*"]);
    let resources = pick(&["arn:a", "arn:*", "arn:?", "arn:b", "arn:${aws:PrincipalTag/x}", "arn:$R"]);
    let values = pick(&["a", "b", "*", "a*", "${aws:PrincipalTag/x}", "true", "$R"]);
    let condition = (operator_name(), condition_key(), values)
        .prop_map(|(operator, key, values)| serde_json::json!({ operator: { key: values } }));
    let parts = (any::<bool>(), any::<bool>(), any::<bool>(), actions, resources, prop::option::of(condition));
    parts.prop_map(|(allow, not_action, not_resource, actions, resources, condition)| {
        statement_of(allow, [not_action, not_resource], actions, resources, condition)
    })
}

fn held() -> impl Strategy<Value = Held> {
    let values = prop::collection::vec(prop::sample::select(vec!["a", "b", "ab", "true"]), 1..3);
    prop_oneof![
        values.prop_map(|values| Held::Values(values.into_iter().map(str::to_owned).collect())),
        Just(Held::Absent),
        Just(Held::Unknown),
    ]
}

fn context() -> impl Strategy<Value = Context> {
    prop::collection::vec((condition_key(), held()), 0..4).prop_map(|keys| {
        let mut context = Context::default();
        for (key, held) in keys {
            context.set(&key, held);
        }
        context
    })
}

fn decide(statements: &[serde_json::Value], context: &Context) -> Decision {
    let document = serde_json::json!({ "Version": "2012-10-17", "Statement": statements });
    decide_all(&[document], context)
}

fn decide_all(documents: &[serde_json::Value], context: &Context) -> Decision {
    let policies: Vec<Policy> = documents.iter().flat_map(policies).collect();
    let policies: Vec<&Policy> = policies.iter().collect();
    evaluate(Layers { identity: &policies, ..Layers::default() }, &request(context))
}

fn request(context: &Context) -> Request {
    Request { action: "bedrock:InvokeModel".to_owned(), resource: "arn:a".to_owned(), context: context.clone() }
}

/// The answers under a ceiling of every kind: a boundary, a session policy, a level of service control policies.
fn decide_under(ceiling: &[serde_json::Value], granted: &[serde_json::Value], context: &Context) -> [Fit; 3] {
    let document = |statements: &[serde_json::Value]| {
        policies(&serde_json::json!({ "Version": "2012-10-17", "Statement": statements }))
    };
    let (ceiling, granted) = (document(ceiling), document(granted));
    let (ceiling, granted): (Vec<&Policy>, Vec<&Policy>) = (ceiling.iter().collect(), granted.iter().collect());
    let scps = [ceiling.as_slice()];
    let layers = Layers { identity: &granted, ..Layers::default() };
    [
        Layers { boundary: ceiling.first().copied(), ..layers },
        Layers { session: &ceiling, ..layers },
        Layers { scps: &scps, ..layers },
    ]
    .map(|layers| evaluate(layers, &request(context)).answer())
}

/// The same pattern as a regular expression.
fn as_regex(pattern: &str) -> regex::Regex {
    let parts: Vec<String> = pattern
        .chars()
        .map(|c| match c {
            '*' => "(?s:.*)".to_owned(),
            '?' => "(?s:.)".to_owned(),
            c => regex::escape(&c.to_string()),
        })
        .collect();
    regex::Regex::new(&format!("\\A{}\\z", parts.concat())).unwrap()
}

fn matches(pattern: &str, text: &str, case: Case) -> Fit {
    Pattern::new(Text::unplaced(pattern), false).matches(text, case, &Context::default())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(source) = Source::decode("policy.json", bytes) {
            let _ = json::parse(source.text(), &SourceMap::Verbatim(0));
            lint_whole("policy.json", source.text());
        }
    }

    #[test]
    fn any_text_of_json_signs_is_survived(text in r#"[\[\]{},:"\\a-cu0-9\.\-+eE/\* \n\u{feff}é😀]{0,60}"#) {
        let _ = json::parse(&text, &SourceMap::Verbatim(0));
        lint_whole("policy.json", &text);
        lint_whole("policy.jsonc", &text);
    }

    #[test]
    fn findings_lie_inside_the_file_in_order(tree in policy_ish()) {
        lint_whole("policy.json", &tree.to_string());
        lint_whole("policy.json", &serde_json::to_string_pretty(&tree).unwrap());
        // inside a string, and with everything escaped that can be
        let inside = serde_json::json!({ "PolicyName": "p", "PolicyDocument": tree.to_string() }).to_string();
        lint_whole("policy.json", &inside);
        let encoded: String = tree.to_string().bytes().map(|byte| format!("%{byte:02x}")).collect();
        lint_whole("policy.json", &serde_json::json!({ "PolicyDocument": encoded }).to_string());
    }

    #[test]
    fn the_tree_is_what_serde_reads(value in arbitrary_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        let document = json::parse(&text, &SourceMap::Verbatim(0)).unwrap().unwrap();
        prop_assert!(document.refused.is_none());
        prop_assert_eq!(plain(&document.root), serde_json::from_str::<serde_json::Value>(&text).unwrap());
    }

    #[test]
    fn equal_keys_count_as_serde_counts_them(keys in prop::collection::vec("[ab]", 1..6)) {
        let pairs: Vec<String> = keys.iter().enumerate().map(|(index, key)| format!("\"{key}\": {index}")).collect();
        let text = format!("{{{}}}", pairs.join(","));
        let root = json::parse(&text, &SourceMap::Verbatim(0)).unwrap().unwrap().root;
        let serde: serde_json::Value = serde_json::from_str(&text).unwrap();
        for key in keys {
            prop_assert_eq!(plain(root.get(&key).unwrap()), serde[&key].clone());
        }
    }

    #[test]
    fn what_strict_readers_read_is_read(text in r#"[\[\]{},:"\\au0-9d. -]{0,12}"#) {
        let serde = serde_json::from_str::<serde_json::Value>(&text);
        if let Ok(value) = serde {
            let document = json::parse(&text, &SourceMap::Verbatim(0)).unwrap().unwrap();
            prop_assert_eq!(plain(&document.root), value);
        }
    }

    #[test]
    fn parts_of_strings_lead_to_what_they_were_decoded_from(
        pieces in prop::collection::vec((any::<char>(), 0..3u8), 1..12),
        cut in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let mut written = "\"".to_owned();
        for (c, how) in &pieces {
            let plain = serde_json::to_string(&c.to_string()).unwrap();
            match how {
                0 => written.push_str(&plain[1..plain.len() - 1]),
                _ => written.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}"))),
            }
        }
        written.push('"');
        let root = json::parse(&written, &SourceMap::Verbatim(0)).unwrap().unwrap().root;
        let text = root.string().unwrap();
        let decoded = text.as_str();
        prop_assert_eq!(decoded, pieces.iter().map(|(c, _)| *c).collect::<String>());
        let bounds: Vec<usize> = decoded.char_indices().map(|(at, _)| at).chain([decoded.len()]).collect();
        let (a, b) = (cut.0.index(bounds.len()), cut.1.index(bounds.len()));
        let (from, to) = (bounds.get(a.min(b)).unwrap(), bounds.get(a.max(b)).unwrap());
        let raw = &written[text.span_of(*from..*to).range()];
        let back: String = serde_json::from_str(&format!("\"{raw}\"")).unwrap();
        prop_assert_eq!(back, &decoded[*from..*to]);
    }

    #[test]
    fn allows_only_add_and_denies_only_take(
        statements in prop::collection::vec(small_statement(), 1..5),
        more in small_statement(),
        context in context(),
    ) {
        let before = decide(&statements, &context).answer();
        let mut with = statements.clone();
        with.push(more.clone());
        let after = decide(&with, &context).answer();
        if more["Effect"] == "Allow" {
            prop_assert!(after >= before, "{:?} became {:?} by {}", before, after, more);
        } else {
            prop_assert!(after <= before, "{:?} became {:?} by {}", before, after, more);
        }
    }

    #[test]
    fn ceilings_only_take(
        granted in prop::collection::vec(small_statement(), 1..4),
        ceiling in prop::collection::vec(small_statement(), 1..4),
        context in context(),
    ) {
        let without = decide(&granted, &context).answer();
        let all = serde_json::json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
        prop_assert_eq!(decide_under(std::slice::from_ref(&all), &granted, &context), [without; 3]);
        let mut ceiling = ceiling;
        ceiling.push(all.clone());
        let [boundary, session, scp] = decide_under(&ceiling, &granted, &context);
        prop_assert!(boundary <= without);
        prop_assert_eq!([session, scp], [boundary; 2]);
        // where everything is granted, the ceiling alone decides
        let alone = decide(&ceiling, &context).answer();
        prop_assert_eq!(decide_under(&ceiling, std::slice::from_ref(&all), &context), [alone; 3]);
        if without == Fit::Yes {
            prop_assert_eq!(boundary, alone);
        }
    }

    #[test]
    fn order_and_files_and_repetition_do_not_matter(
        statements in prop::collection::vec(small_statement(), 1..5),
        context in context(),
        cut in any::<prop::sample::Index>(),
    ) {
        let answer = decide(&statements, &context).answer();
        let mut other = statements.clone();
        other.reverse();
        prop_assert_eq!(decide(&other, &context).answer(), answer);
        other.extend(statements.clone());
        prop_assert_eq!(decide(&other, &context).answer(), answer);
        let (front, back) = statements.split_at(cut.index(statements.len()));
        let parts = [front, back].map(|part| serde_json::json!({ "Version": "2012-10-17", "Statement": part }));
        prop_assert_eq!(decide_all(&parts, &context).answer(), answer);
    }

    #[test]
    fn what_is_said_of_the_unknown_holds_for_every_value(
        statements in prop::collection::vec(small_statement(), 1..4),
        context in context(),
        key in condition_key(),
        value in prop::sample::select(vec!["a", "b", "", "ab", "true", "*", "203.0.113.1", "2"]),
        absent in any::<bool>(),
    ) {
        let held = if absent { Held::Absent } else { Held::Values(vec![value.to_owned()]) };
        let mut unknown = context.clone();
        unknown.set(&key, Held::Unknown);
        let mut known = context;
        known.set(&key, held);
        let general = decide(&statements, &unknown).answer();
        if general != Fit::Maybe {
            prop_assert_eq!(decide(&statements, &known).answer(), general);
        }
        // and so for what fills a placeholder
        let general = decide(&statements, &known).answer();
        let filled = serde_json::Value::from(statements).to_string().replace("$R", value);
        let filled: Vec<serde_json::Value> = serde_json::from_str(&filled).unwrap();
        if general != Fit::Maybe {
            prop_assert_eq!(decide(&filled, &known).answer(), general);
        }
    }

    #[test]
    fn wildcards_match_as_a_regular_expression_does(pattern in "[ab:*?\n]{0,12}", text in "[ab:\n]{0,12}") {
        prop_assert_eq!(matches(&pattern, &text, Case::Sensitive) == Fit::Yes, as_regex(&pattern).is_match(&text));
    }

    #[test]
    fn wildcards_only_widen(pattern in "[abé:*?]{1,10}", text in "[abé:]{0,10}", at in any::<prop::sample::Index>(), star in any::<bool>()) {
        let mut wider: Vec<char> = pattern.chars().collect();
        let at = at.index(wider.len());
        let narrow = std::mem::replace(&mut wider[at], if star { '*' } else { '?' });
        let wider: String = wider.into_iter().collect();
        // `?` in the place of `*` narrows
        if narrow != '*' || star {
            prop_assert!(matches(&wider, &text, Case::Sensitive) >= matches(&pattern, &text, Case::Sensitive));
        }
        prop_assert!(matches(&pattern, &text, Case::Insensitive) >= matches(&pattern, &text, Case::Sensitive));
    }

    #[test]
    fn operators_are_known_in_any_case(name in operator_name(), upper in prop::collection::vec(any::<bool>(), 48)) {
        let known = Operator::parse(&name);
        prop_assert!(known.is_some());
        let mixed: String = name
            .chars()
            .zip(upper)
            .map(|(c, upper)| if upper { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
            .collect();
        let of_mixed = Operator::parse(&mixed);
        prop_assert_eq!(of_mixed, known);
        let operator = known.unwrap();
        prop_assert_eq!(operator.if_exists, name.ends_with("IfExists"));
        prop_assert_eq!(operator.negated, name.contains("Not"));
        prop_assert_eq!(operator.quantifier.is_some(), name.contains(':'));
        prop_assert_eq!(Operator::parse(&format!("{name}x")), None);
    }
}

/// A statement of these elements; `negated` are `Action` and `Resource`.
fn statement_of(
    allow: bool,
    negated: [bool; 2],
    actions: impl serde::Serialize,
    resources: impl serde::Serialize,
    condition: Option<serde_json::Value>,
) -> serde_json::Value {
    let [not_action, not_resource] = negated;
    let mut statement = serde_json::json!({
        "Effect": if allow { "Allow" } else { "Deny" },
        if not_action { "NotAction" } else { "Action" }: actions,
        if not_resource { "NotResource" } else { "Resource" }: resources,
    });
    if let Some(condition) = condition {
        statement["Condition"] = condition;
    }
    statement
}
