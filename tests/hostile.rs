//! Files that nobody would write, or only by mistake: nothing hangs, nothing crashes, nothing is made up.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bedrock_lint::Verdict;
use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::finding::{Confidence, Severity};
use bedrock_lint::formats::FormatOptions;
use bedrock_lint::rules::Facts;
use bedrock_lint::source::Source;

fn lint_as(name: &str, text: impl Into<String>) -> Verdict {
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
        settings: None,
        answers: None,
    };
    let source = Arc::new(Source::decode(name, text.into().into_bytes()).unwrap());
    bedrock_lint::lint(&[source], &FormatOptions::default(), &facts)
}

fn lint(text: impl Into<String>) -> Verdict {
    lint_as("policy.json", text)
}

/// Rules of errors and warnings, with what they underline.
fn loud(verdict: &Verdict) -> Vec<(&str, &str)> {
    let findings = verdict.findings.iter();
    findings
        .filter(|finding| finding.severity > Severity::Note && finding.confidence > Confidence::Possible)
        .map(|finding| (finding.rule, finding.primary.at.text()))
        .collect()
}

/// The same, of rules about access alone.
fn access(verdict: &Verdict) -> Vec<(&str, &str)> {
    let mut loud = loud(verdict);
    loud.retain(|(rule, _)| rule.contains("profile") || rule.starts_with("missing") || rule.starts_with("uncovered"));
    loud
}

fn problems(verdict: &Verdict) -> Vec<&str> {
    verdict.problems.iter().map(|problem| problem.message.as_str()).collect()
}

const MODEL: &str = "arn:aws:bedrock:*::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0";
const PROFILE: &str = "arn:aws:bedrock:*:111122223333:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0";

/// A policy of one Allow of `bedrock:InvokeModel` on this value of `Resource`.
fn allow(resource: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": {resource}}}]}}"#
    )
}

fn list<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> String {
    let quoted: Vec<String> = values.into_iter().map(|value| format!("{:?}", value.as_ref())).collect();
    format!("[{}]", quoted.join(","))
}

/// Runs the check of a large file. The limit is far above what it takes, and far below what it would take if the time
/// grew with the square of the size.
fn in_time(limit: u64, text: String) -> Verdict {
    let (size, start) = (text.len(), Instant::now());
    let verdict = lint(text);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(limit), "{size} bytes took {took:?}");
    verdict
}

#[test]
fn deep_nesting_is_told_and_survived() {
    for open in ["[", "{\"a\":", "{\"Statement\":[", "[{\"Effect\":"] {
        let verdict = lint(open.repeat(100_000));
        assert_eq!(verdict.problems.len(), 1, "{open}");
        assert!(verdict.findings.is_empty());
    }
    let depth = 500;
    let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let text = allow(&list([PROFILE, MODEL])).replace("\"Effect\"", &format!("\"Sid\": {nested}, \"Effect\""));
    let verdict = lint(text);
    assert_eq!(loud(&verdict), []);
    assert_eq!(verdict.problems, []);
    // a document in a string in a document in a string is not followed without end
    let mut text = allow(&list([PROFILE]));
    for _ in 0..6 {
        text = format!("{{\"Document\": {text:?}}}");
    }
    assert_eq!(loud(&lint(text)), []);
}

#[test]
fn many_arns_in_one_line() {
    let models: Vec<String> = Catalogue::builtin().models().map(|model| model.id.to_string()).collect();
    let profiles: Vec<String> = Catalogue::builtin().profiles().map(|profile| profile.id.to_string()).collect();
    // as people would write them, over and over
    let known = |index: usize| {
        if index.is_multiple_of(2) {
            format!("arn:aws:bedrock:*::foundation-model/{}", models[index % models.len()])
        } else {
            let profile = &profiles[index % profiles.len()];
            format!("arn:aws:bedrock:*:111122223333:inference-profile/{profile}")
        }
    };
    let verdict = in_time(60, allow(&list((0..10_000).map(known))));
    assert_eq!(verdict.problems, []);
}

#[test]
fn many_of_everything() {
    let mut keys = String::new();
    for index in 0..50_000 {
        write!(keys, "\"k{index}\": {index},").unwrap();
    }
    let text = allow(&list([PROFILE, MODEL])).replace("\"Effect\"", &format!("{keys} \"Effect\""));
    assert_eq!(loud(&in_time(60, text)), []);

    let statement = format!(r#"{{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "{PROFILE}"}}"#);
    let text = format!("{{\"Statement\": [{}]}}", vec![statement; 2_000].join(","));
    let verdict = in_time(60, text);
    assert_eq!(loud(&verdict), [("missing-model-grant", PROFILE)]);
    let condition =
        r#", "Condition": {"StringEquals": {"aws:PrincipalTag/a": ["x", "y"], "aws:RequestedRegion": "us-east-1"}}}"#;
    let text = format!(
        "{{\"Statement\": [{}]}}",
        vec![format!(r#"{{"Effect": "Deny", "Action": "*", "Resource": "*"{condition}"#); 2_000].join(",")
    );
    assert_eq!(loud(&in_time(60, text)), []);
}

#[test]
fn very_long_strings() {
    for piece in [
        "a", "*", "?", "${a}", "{{%s", "${self:", "<%%s", "${[%s", "<a", "[a", "$", "é", "/", ":", "\\\\", "\\u00e9",
        "%7B",
    ] {
        let long = piece.repeat(100_000 / piece.len());
        for arn in [long.clone(), format!("arn:aws:bedrock:*:*:inference-profile/us.{long}")] {
            in_time(60, allow(&format!("[\"{arn}\"]")));
        }
    }
    let encoded: String = allow(&list([PROFILE, MODEL])).bytes().map(|b| format!("%{b:02X}")).collect();
    let text = format!("{{\"PolicyDocument\": \"{encoded}{}\"}}", "%20".repeat(300_000));
    assert_eq!(loud(&in_time(60, text)), []);
}

#[test]
fn byte_order_mark_and_line_ends() {
    let text = format!("\u{feff}{}", allow(&format!("[\r\n\"{PROFILE}\"\r\n]")));
    let verdict = lint(text);
    assert_eq!(loud(&verdict), [("missing-model-grant", PROFILE)]);
    assert_eq!(verdict.problems, []);
    let error = verdict.findings.iter().find(|finding| finding.severity == Severity::Error).unwrap();
    let at = error.primary.at.start();
    assert_eq!((at.line, at.column), (2, 2));
    let old = allow(&format!("[\r\"{PROFILE}\"\r]"));
    assert_eq!(loud(&lint(old)), [("missing-model-grant", PROFILE)]);
}

#[test]
fn the_last_of_equal_keys_counts() {
    let text = format!(
        r#"{{"Statement": {{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "{MODEL}", "Resource": ["{PROFILE}", "{MODEL}"]}}}}"#
    );
    assert_eq!(loud(&lint(text)), [("duplicate-key", "Resource")]);
}

#[test]
fn escaped_keys_and_values() {
    let text = format!(
        r#"{{"Stat\u0065ment": [{{"\u0045ffect": "\u0041llow", "\u0041ction": "bedrock\u003aInvokeModel", "Resource": "{}"}}]}}"#,
        PROFILE.replace('/', "\\/")
    );
    let verdict = lint(text);
    assert_eq!(loud(&verdict), [("missing-model-grant", PROFILE.replace('/', "\\/").as_str())]);
    assert_eq!(verdict.problems, []);
}

#[test]
fn things_where_strings_belong() {
    for value in ["1", "null", "true", "{}", "[]", "[[]]", "[null]", "{\"a\": []}", "\"\"", "[\"\", 2, {}]", "-1.5e9"] {
        for element in
            ["Sid", "Action", "NotAction", "Resource", "NotResource", "Principal", "Condition", "Effect", "Version"]
        {
            let text = format!(
                r#"{{"Statement": [{{"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}}, {{"{element}": {value}}}], "Version": "2012-10-17"}}"#
            );
            assert_eq!(access(&lint(text)), [], "{element}: {value}");
        }
        let condition = format!(
            r#"{{"Statement": {{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "*", "Condition": {{"StringLike": {{"aws:RequestedRegion": {value}}}}}}}}}"#
        );
        assert_eq!(access(&lint(condition)), [], "{value}");
    }
    let statement =
        format!("{{\"Statement\": {{\"Effect\": \"Allow\", \"Action\": \"bedrock:*\", \"Resource\": \"{PROFILE}\"}}}}");
    assert_eq!(loud(&lint(statement)), [("missing-model-grant", PROFILE)]);
}

#[test]
fn what_is_missing() {
    for (text, expected) in [
        (r#"{"Version": "2012-10-17", "Statement": []}"#, 0),
        (r#"{"Statement": [{"Effect": "Allow", "Action": "bedrock:*"}]}"#, 0),
        (r#"{"Statement": [{"Effect": "Allow", "Resource": "*"}]}"#, 0),
        (r#"{"Statement": [{"Effect": "Allow", "Action": [], "Resource": []}]}"#, 0),
        (
            r#"{"Statement": [{"Action": "bedrock:*", "Resource": "*"}, {"Effect": "Deny", "Action": "*", "Resource": "*"}]}"#,
            1,
        ),
        (r#"{"Statement": ["Allow", {"Effect": "Allow"}]}"#, 1),
        (r#"{"Statement": [{"Effect": "allow", "Action": "bedrock:*", "Resource": "*"}]}"#, 1),
        (r#"{"Version": "2012-10-18", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#, 1),
        (r#"{"Version": "${version}", "Statement": [{"Effect": "${effect}", "Action": "*", "Resource": "*"}]}"#, 0),
    ] {
        let verdict = lint(text);
        assert_eq!(loud(&verdict), [], "{text}");
        assert_eq!(verdict.problems.len(), expected, "{text}: {:?}", verdict.problems);
    }
    // told, and judged as it was meant
    let verdict = lint(allow(&list([PROFILE])).replace("\"Allow\"", "\"allow\""));
    assert_eq!(problems(&verdict).len(), 1);
    assert_eq!(loud(&verdict), [("missing-model-grant", PROFILE)]);
}

#[test]
fn variables_of_the_old_version_are_characters() {
    let text = allow(&list([
        "arn:aws:bedrock:*:111122223333:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "arn:aws:bedrock:*::foundation-model/${aws:PrincipalTag/model}",
    ]));
    assert_eq!(loud(&lint(text.as_str())), []);
    let old = text.replace("2012-10-17", "2008-10-17");
    assert_eq!(loud(&lint(old)), [("missing-model-grant", PROFILE)]);
}

#[test]
fn comments_are_told_where_iam_refuses_them() {
    let text = allow(&format!("[\"{PROFILE}\", // ours\n]"));
    let json = lint(text.as_str());
    assert_eq!(loud(&json), [("missing-model-grant", PROFILE)]);
    assert!(problems(&json)[0].starts_with("IAM refuses this document"), "{:?}", json.problems);
    let jsonc = lint_as("policy.jsonc", text);
    assert_eq!(loud(&jsonc), [("missing-model-grant", PROFILE)]);
    assert_eq!(jsonc.problems, []);
}

#[test]
fn arns_with_any_number_of_colons() {
    let fields = [
        "arn",
        "aws",
        "bedrock",
        "us-east-1",
        "",
        "foundation-model/amazon.nova-lite-v1",
        "0",
        "a",
        "b",
        "c",
        "d",
        "e",
        "f",
    ];
    for count in 1..=fields.len() {
        let verdict = lint(allow(&list([fields[..count].join(":")])));
        for (rule, text) in loud(&verdict) {
            assert!(!rule.contains("profile"), "{rule} on {text}");
        }
    }
    for odd in [
        "arn",
        "arn:",
        "arn:::::",
        "arn:::::/",
        "arn:aws:bedrock:::foundation-model/",
        "arn:aws:bedrock:é:ü:ß/ж",
        ":::::::",
        "arn:aws:bedrock:*",
    ] {
        lint(allow(&list([odd])));
    }
    for odd in
        ["us.anthropic.cläude", "us.anthropic.\u{1F600}", "us.\u{202e}anthropic", "us.", ".", "us.anthropic.", "\u{0}"]
    {
        let arn = format!("arn:aws:bedrock:us-east-1:111122223333:inference-profile/{odd}");
        lint(allow(&serde_json::to_string(&[&arn]).unwrap()));
        let arn = format!("arn:aws:bedrock:us-east-1::foundation-model/{odd}");
        lint(allow(&serde_json::to_string(&[&arn]).unwrap()));
    }
}
