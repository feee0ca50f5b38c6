//! Files of environment variables: which are read, what is told of them, and what never is.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bedrock_lint::adapter::{Adapter, Field};
use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::formats::{self, FormatOptions};
use bedrock_lint::rules::Facts;
use bedrock_lint::source::Source;
use common::Folder;
use proptest::prelude::*;

const DAY: &[&str] = &["--as-of", "2026-11-22", "--format", "concise"];

/// One error: the model has no on-demand throughput anywhere.
const FAULTY: &str = "AWS_REGION=us-east-1\nBEDROCK_MODEL_ID=anthropic.claude-haiku-4-5-20251001-v1:0\n";

fn arguments<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [DAY, more].concat()
}

#[test]
fn files_are_known_by_name_and_standard_input_by_content() {
    let names = [".env", ".env.local", "app/prod.env", "env.example", ".envrc", "deploy/.dev.vars"];
    let files: Vec<(&str, &str)> =
        names.into_iter().chain(["notes.txt", "env.ts"]).map(|name| (name, FAULTY)).collect();
    let folder = Folder::new(&files);
    let run = folder.run(&arguments(&[]));
    let mut expected = names;
    expected.sort_unstable();
    let told: Vec<&str> = run.lines().into_iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(told, expected, "{}", run.out);
    for arguments in [arguments(&["-"]), arguments(&["--stdin-filename", ".env", "-"]), arguments(&["notes.txt"])] {
        let run = folder.run_with(&arguments, FAULTY);
        assert_eq!((run.code, run.lines().len()), (1, 1), "{arguments:?}: {}", run.err);
        assert!(run.out.contains(":2:18: error[missing-geo-prefix]"), "{}", run.out);
    }
    // a file of something else is not taken for one, whatever it is called
    let run = folder.run_with(&arguments(&["-"]), "import x from 'y'\n\nAWS_REGION: process.env.BEDROCK_REGION,\n");
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    assert!(run.err.contains("not a format that is read yet"), "{}", run.err);
}

#[test]
fn an_odd_line_is_told_of_named_files_alone() {
    let odd = format!("just a note\n{FAULTY}another note\n");
    let script = format!("if has nix; then use nix; fi\n{FAULTY}");
    let folder = Folder::new(&[(".env", &odd), (".envrc", &script), ("empty.env", ""), ("other.env", "A=b\n")]);
    let run = folder.run(&arguments(&[]));
    assert_eq!((run.code, run.lines().len()), (1, 2), "{}", run.err);
    let run = folder.run(&arguments(&[".env"]));
    assert_eq!((run.code, run.lines().len()), (2, 1), "{}", run.err);
    assert!(run.err.contains(".env:1:1: not a variable"), "{}", run.err);
    assert!(run.err.contains("(the first of 2 such lines)"), "{}", run.err);
    assert_eq!(folder.run(&arguments(&[".envrc"])).code, 1);
    let run = folder.run(&arguments(&["empty.env", "other.env"]));
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
}

#[test]
fn comments_silence() {
    let id = "anthropic.claude-haiku-4-5-20251001-v1:0";
    let order = "# bedrock-lint: ignore[missing-geo-prefix] a proxy puts the prefix before it";
    for text in [
        format!("{order}\nBEDROCK_MODEL_ID={id}\n"),
        format!("export BEDROCK_MODEL_ID='{id}' {order}\n"),
        format!("BEDROCK_MODEL_ID={id} {order}\n"),
    ] {
        for (path, arguments) in [(".env", arguments(&[])), ("x.txt", arguments(&["x.txt"]))] {
            let run = Folder::new(&[(path, &text)]).run(&arguments);
            assert_eq!((run.code, run.out.as_str()), (0, ""), "{text}{}", run.err);
            assert!(run.err.contains("1 suppressed"), "{}", run.err);
        }
    }
    let run = Folder::new(&[(".env", &format!("{order}\nBEDROCK_MODEL_ID=us.{id}\n"))]).run(&arguments(&[]));
    assert!(run.out.contains(".env:1:24: warning[unused-suppression]"), "{}", run.out);
}

#[test]
fn files_that_ignore_files_hide_are_counted_in_one_hint() {
    let ignored = ".env\n*.env\n/secrets/\n";
    let folder = Folder::new(&[
        (".gitignore", ignored),
        (".env", FAULTY),
        ("app/.env", "MODEL_ID=us.anthropic.claude-sonnet-4-6\n"),
        ("app/other.env", "AWS_REGION=us-east-1\n"),
        ("app/.env.example", "AWS_REGION=us-east-1\n"),
        ("secrets/.env", FAULTY),
    ]);
    let hint = "2 files of environment variables that ignore files hide mention Bedrock and were not read: .env, …; \
                --no-ignore reads them\n";
    for threads in ["1", "4"] {
        let run = folder.run(&arguments(&["--threads", threads]));
        assert_eq!((run.code, run.out.as_str()), (0, ""));
        assert!(run.err.contains(hint), "{}", run.err);
        assert_eq!(run.err.matches("ignore files hide").count(), 1, "{}", run.err);
    }
    let run = folder.run(&arguments(&["--no-ignore"]));
    assert_eq!((run.code, run.lines().len()), (1, 2), "{}", run.out);
    assert!(!run.err.contains("ignore files hide"), "{}", run.err);
    // one that is read all the same needs no hint, nor one that was meant to be left out
    let run = folder.run(&arguments(&[".env", "."]));
    assert!(run.err.contains("1 file of environment variables that ignore files hide mentions Bedrock"), "{}", run.err);
    assert!(run.err.contains("was not read: app/.env;"), "{}", run.err);
    folder.write("bedrock-lint.yml", "exclude: [\".env\", app]\n");
    let run = folder.run(&arguments(&[]));
    assert!(!run.err.contains("ignore files hide"), "{}", run.err);
    assert_eq!(folder.run(&arguments(&["--quiet", "--no-config"])).err, "");
}

#[test]
fn what_an_unknown_program_calls_is_likely() {
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "bedrock:InvokeModel*",
        "Resource": "arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0"}]}"#;
    let settings = "pairs:\n  - adapters: [.env]\n    policies: [policy.json]\n";
    for (variables, confidence) in [
        ("BEDROCK_MODEL_ID=amazon.nova-micro-v1:0\n", "likely"),
        ("CLAUDE_CODE_USE_BEDROCK=1\nANTHROPIC_MODEL=us.anthropic.claude-sonnet-4-6\n", "certain"),
    ] {
        let text = format!("AWS_REGION=us-east-1\n{variables}");
        let folder = Folder::new(&[(".env", &text), ("policy.json", policy), ("bedrock-lint.yml", settings)]);
        let run = folder.run(&["--as-of", "2026-11-22", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let finding = report.pointer("/findings/0").unwrap();
        let said = ["rule", "confidence", "path"].map(|key| finding.get(key).and_then(|value| value.as_str()).unwrap());
        assert_eq!(said, ["uncallable-model", confidence, ".env"], "{}", run.out);
    }
}

#[test]
fn secrets_are_not_printed() {
    // put together here so that no scanner takes this file for a leak
    let secret = format!("wJalr{}K7MDENG/bPxRfiCYzK9{}", "XUtnFEMI/", "Qw3eRt5");
    let key = format!("ABSK{}", "Qm9ndXNLZXk1".repeat(11));
    let text = format!(
        "AWS_SECRET_ACCESS_KEY={secret}\n{FAULTY}AWS_BEARER_TOKEN_BEDROCK='{key}'\nBEDROCK_AWS_SECRET_ACCESS_KEY={secret}\n"
    );
    let folder = Folder::new(&[(".env", &text)]);
    for format in ["human", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown"] {
        let run = folder.run(&["--as-of", "2026-11-22", "--format", format]);
        assert!(run.out.contains("missing-geo-prefix"), "{format}: {}", run.out);
        for hidden in [&secret, &key] {
            let tail = hidden.get(20..).unwrap();
            assert!(!run.out.contains(tail) && !run.err.contains(tail), "{format}: {}{}", run.out, run.err);
        }
    }
}

/// Finds what is wrong with a file of variables, in far less than what a time that grows with the square of its size would take.
fn in_time(text: String) -> usize {
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
        settings: None,
        answers: None,
    };
    let (size, start) = (text.len(), Instant::now());
    let verdict = bedrock_lint::lint(&[Arc::new(Source::new(".env", text))], &FormatOptions::default(), &facts);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(60), "{size} bytes took {took:?}");
    verdict.findings.len()
}

#[test]
fn large_files_are_read_in_time() {
    let repeated = |count: usize, line: &dyn Fn(usize) -> String| {
        let mut text = String::new();
        (0..count).for_each(|index| writeln!(text, "{}", line(index)).unwrap());
        text
    };
    let id = "anthropic.claude-haiku-4-5-20251001-v1:0";
    assert_eq!(in_time(repeated(3000, &|n| format!("APP_{n}_MODEL_ID={id}\nAPP_{n}_REGION=us-east-1"))), 3000);
    in_time(repeated(50_000, &|n| format!("NAME_{n}=value")));
    in_time(repeated(20_000, &|n| {
        format!("P{n}_INFERENCE_PROFILE_ID=${{P}}\nM{n}_BEDROCK_REGION=us-east-1\nM{n}_MODEL=x")
    }));
    in_time(format!("BEDROCK{}_MODEL_ID={id}\n", "_A".repeat(200_000)));
    in_time(format!("BEDROCK_AWS_MODELS=\"{}\"\n", "\\n,x".repeat(30_000)));
    in_time("A=\"".repeat(100_000));
    in_time(format!("BEDROCK_MODEL_ID={}", "${".repeat(100_000)));
}

/// Lines as people write them, and what breaks them.
fn line() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "BEDROCK_REGION",
        "MODEL_ID",
        "BEDROCK_MODEL_ID",
        "BEDROCK_INFERENCE_PROFILE_ARN",
        "BEDROCK_AWS_MODELS",
        "CLAUDE_CODE_USE_BEDROCK",
        "CLAUDE_CODE_USE_MANTLE",
        "ANTHROPIC_MODEL",
        "ANTHROPIC_SMALL_FAST_MODEL",
        "ANTHROPIC_SMALL_FAST_MODEL_AWS_REGION",
        "AIDER_MODEL",
        "spring.ai.bedrock.converse.chat.model",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
        "BEDROCK_GUARDRAIL_ID",
        "BEDROCK_GUARDRAIL_VERSION",
        "_",
        "",
    ]);
    let value = prop::sample::select(vec![
        "us-east-1",
        "us-east-1a",
        "1",
        "0",
        "us.anthropic.claude-sonnet-4-6",
        "anthropic.claude-sonnet-4-6[1m]",
        "bedrock/eu-west-1/anthropic.claude-haiku-4-5-20251001-v1:0",
        "bedrock/",
        "bedrock:[1m]",
        "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6",
        "a, us.amazon.nova-lite-v1:0 ,,é",
        "${X:-us-east-1}",
        "",
        "é\u{1F600}",
        "x\\n\\\"y",
    ]);
    let quote = prop::sample::select(vec!["", "'", "\"", "`"]);
    let start = prop::sample::select(vec!["", "export ", "# ", "\u{feff}", " "]);
    let middle = prop::sample::select(vec!["=", " = ", ": ", "", "\n"]);
    (start, name, middle, quote, value)
        .prop_map(|(start, name, middle, quote, value)| format!("{start}{name}{middle}{quote}{value}{quote}\n"))
}

fn adapters(text: &str) -> Vec<Adapter> {
    let source = Arc::new(Source::new(".env", text));
    let facts = formats::read(&source, &FormatOptions::default(), true);
    facts.adapters.iter().map(|fact| fact.adapter.clone()).collect()
}

/// Everything that an adapter says.
fn fields(adapter: &Adapter) -> Vec<&Field> {
    let single = [&adapter.region, &adapter.endpoint, &adapter.auth.profile, &adapter.auth.role, &adapter.max_tokens];
    let models = adapter.models.iter().map(|model| &model.field);
    single.into_iter().flatten().chain(adapter.auth.fields()).chain(models).collect()
}

/// What adapters say, without where it stands.
fn said(adapters: &[Adapter]) -> Vec<(String, Vec<String>)> {
    let one = |field: &Field| format!("{}={}", field.key.as_str(), field.value.as_str());
    adapters
        .iter()
        .map(|adapter| (format!("{:?}", adapter.consumer), fields(adapter).into_iter().map(one).collect()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn any_text_is_survived(text in "[A-Z_a-z=:'\"`$\\{\\}#\\\\ \n\r\u{feff}é😀.,/\\-]{0,80}", named in any::<bool>()) {
        let source = Arc::new(Source::new(".env", text));
        let facts = formats::read(&source, &FormatOptions::default(), named);
        prop_assert!(facts.policies.is_empty() && (named || facts.problems.is_empty()));
    }

    #[test]
    fn what_is_underlined_lies_in_the_file(lines in prop::collection::vec(line(), 0..8)) {
        let text = lines.concat();
        for adapter in adapters(&text) {
            for field in fields(&adapter) {
                prop_assert_eq!(text.get(field.key.span().range()), Some(field.key.as_str()));
                prop_assert!(text.get(field.value.span().range()).is_some() && adapter.span.contains(field.span));
            }
            for model in &adapter.models {
                prop_assert!(text.get(model.id.span().range()).is_some());
                prop_assert!(model.region.as_ref().is_none_or(|own| text.get(own.span().range()).is_some()));
            }
        }
    }

    #[test]
    fn comments_say_nothing(lines in prop::collection::vec(line(), 0..8)) {
        let text = lines.concat();
        let comments: String = text.lines().map(|line| format!("# {line}\n")).collect();
        prop_assert_eq!(adapters(&comments).len(), 0);
    }

    #[test]
    fn what_is_about_something_else_changes_nothing(lines in prop::collection::vec(line(), 0..6)) {
        let text: String = lines.iter().filter(|line| !line.contains(['\'', '"', '`', '\u{feff}'])).map(String::as_str).collect();
        let more = format!("DATABASE_URL=postgres://db\nOPENAI_MODEL=gpt-4o\n{text}S3_REGION=eu-north-1\nAWS_SES_REGION=eu-south-1\n");
        prop_assert_eq!(said(&adapters(&more)), said(&adapters(&text)), "{}", text);
    }
}
