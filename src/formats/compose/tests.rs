//! Services, and what they take from files and from the shell.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use crate::formats::{Facts, FormatOptions, finish, read};
use crate::source::{Shelf, Source};

/// What the first of these files says, which is a Compose file.
fn facts(files: &[(&str, &str)]) -> Facts {
    let sources: Vec<Arc<Source>> = files.iter().map(|(path, text)| Arc::new(Source::new(*path, *text))).collect();
    let facts = read(&sources[0], &FormatOptions::default(), true);
    assert_eq!(facts.problems, []);
    assert!(facts.understood);
    finish(vec![facts], &Shelf::new(&sources)).remove(0)
}

/// Each adapter: its name, `model@underlined in Region@underlined`, and whether more is given.
fn show(files: &[(&str, &str)]) -> Vec<String> {
    let facts = facts(files);
    let text = files[0].1;
    let adapters = facts.adapters.iter().map(|fact| {
        let adapter = &fact.adapter;
        let models = adapter.models.iter().map(|model| {
            let value = &model.id;
            format!("{}@{}", value.literal().unwrap_or("?"), text.get(value.span().range()).unwrap())
        });
        let models: Vec<String> = models.collect();
        let region = adapter.region.as_ref().map(|region| {
            format!(" in {}@{}", region.literal().unwrap_or("?"), text.get(region.value.span().range()).unwrap())
        });
        let more = if fact.whole { "" } else { " and more" };
        format!("{}: {}{}{more}", adapter.name.as_deref().unwrap(), models.join(" "), region.unwrap_or_default())
    });
    adapters.collect()
}

const NOVA: &str = "amazon.nova-lite-v1:0";

#[test]
fn each_service_is_one_process() {
    let text = "services:\n  map:\n    image: a\n    environment:\n      BEDROCK_MODEL_ID: amazon.nova-lite-v1:0\n      \
                AWS_REGION: eu-west-1\n  list:\n    build: .\n    environment:\n      - BEDROCK_MODEL_ID=amazon.nova-lite-v1:0\n      \
                - \"AWS_REGION=us-east-1\"\n      - HOME\n  none:\n    image: b\n";
    assert_eq!(
        show(&[("compose.yaml", text)]),
        [format!("map: {NOVA}@{NOVA} in eu-west-1@eu-west-1"), format!("list: {NOVA}@{NOVA} in us-east-1@us-east-1")]
    );
}

#[test]
fn anchors_merges_and_extensions() {
    let text = "x-env: &env\n  AWS_REGION: eu-west-1\nservices:\n  base:\n    image: a\n    environment:\n      <<: *env\n      \
                BEDROCK_MODEL_ID: amazon.nova-lite-v1:0\n  own:\n    extends: {service: base}\n    environment:\n      \
                - AWS_REGION=us-east-1\n  other:\n    extends: {file: common.yaml, service: x}\n    \
                environment: {BEDROCK_MODEL_ID: amazon.nova-lite-v1:0}\n  circle:\n    extends: circle\n    image: b\n";
    assert_eq!(
        show(&[("compose.yaml", text)]),
        [
            format!("base: {NOVA}@{NOVA} in eu-west-1@eu-west-1"),
            format!("own: {NOVA}@{NOVA} in us-east-1@us-east-1"),
            format!("other: {NOVA}@{NOVA} and more"),
        ]
    );
}

#[test]
fn values_are_put_together() {
    for (value, files, expected) in [
        ("${M:-amazon.nova-lite-v1:0}", &[][..], "amazon.nova-lite-v1:0@amazon.nova-lite-v1:0"),
        ("${M-amazon.nova-lite-v1:0}", &[], "amazon.nova-lite-v1:0@amazon.nova-lite-v1:0"),
        ("${M:-${N:-amazon.nova-lite-v1:0}}", &[], "amazon.nova-lite-v1:0@amazon.nova-lite-v1:0"),
        ("${G:-us}.amazon.nova-lite-v1:0", &[], "us.amazon.nova-lite-v1:0@us}.amazon.nova-lite-v1:0"),
        ("${M}", &[], "?@${M}"),
        ("$M", &[], "?@$M"),
        ("${M:?set it}", &[], "?@${M:?set it}"),
        ("${M:+amazon.nova-lite-v1:0}", &[], "?@${M:+amazon.nova-lite-v1:0}"),
        ("${M:-}", &[], "?@${M:-}"),
        ("${M}", &[(".env", "M=us.amazon.nova-lite-v1:0")], "us.amazon.nova-lite-v1:0@${M}"),
        ("${M:-x}", &[(".env", "M=us.amazon.nova-lite-v1:0")], "us.amazon.nova-lite-v1:0@${M:-x}"),
        ("${M:-amazon.nova-lite-v1:0}", &[(".env", "M=")], "amazon.nova-lite-v1:0@amazon.nova-lite-v1:0"),
    ] {
        let text = format!("services: {{a: {{image: b, environment: {{BEDROCK_MODEL_ID: '{value}'}}}}}}\n");
        let files: Vec<(&str, &str)> =
            std::iter::once(("compose.yaml", text.as_str())).chain(files.iter().copied()).collect();
        assert_eq!(show(&files), [format!("a: {expected}")], "{value}");
    }
}

#[test]
fn what_is_no_interpolation_stays() {
    let text = "services: {a: {image: b, environment: ['BEDROCK_MODEL_ID=amazon.nova-lite-v1:0', 'P=a$$b ${ ${} $', 'AWS_PROFILE=$$x']}}\n";
    let facts = facts(&[("compose.yaml", text)]);
    assert_eq!(facts.adapters[0].adapter.auth.profile.as_ref().unwrap().value.as_str(), "$x");
}

#[test]
fn a_provider_that_is_chosen_by_default_does_not_turn_the_others_off() {
    let text = "services:\n  a:\n    image: b\n    environment:\n      - LLM_PROVIDER=${LLM_PROVIDER:-openai}\n      \
                - BEDROCK_MODEL_ID=amazon.nova-lite-v1:0\n";
    assert_eq!(show(&[("compose.yaml", text)]), [format!("a: {NOVA}@{NOVA}")]);
    let text = text.replace("${LLM_PROVIDER:-openai}", "openai");
    assert_eq!(show(&[("compose.yaml", &text)]), ["a: "]);
}

#[test]
fn files_of_variables_are_opened() {
    let text = "services:\n  a:\n    image: b\n    env_file: [one.env, {path: ./two.env, required: false}]\n    environment:\n      \
                AWS_REGION: us-east-1\n";
    let one = ("deploy/one.env", "BEDROCK_MODEL_ID=us.amazon.nova-lite-v1:0\nAWS_REGION=eu-west-1\n");
    let two = ("deploy/two.env", "BEDROCK_MODEL_ID=amazon.nova-lite-v1:0\n");
    assert_eq!(
        show(&[("deploy/compose.yaml", text), one, two]),
        [format!("a: {NOVA}@./two.env in us-east-1@us-east-1")]
    );
    // the file that is not there may name another model
    assert_eq!(show(&[("deploy/compose.yaml", text), one]), ["a: ?@one.env in us-east-1@us-east-1 and more"]);
}

#[test]
fn secrets_stay_in_their_files() {
    let text = "services:\n  a:\n    image: b\n    env_file: .env\n    environment:\n      \
                BEDROCK_MODEL_ID: amazon.nova-lite-v1:0\n      AWS_BEARER_TOKEN_BEDROCK: ${TOKEN}\n";
    let facts = facts(&[("compose.yaml", text), (".env", "TOKEN=something\nAWS_SECRET_ACCESS_KEY=other\n")]);
    let auth = &facts.adapters[0].adapter.auth;
    for field in [&auth.api_key, &auth.secret_access_key] {
        let field = field.as_ref().unwrap();
        assert!(field.is_filled() && field.literal().is_none());
    }
}

#[test]
fn services_of_other_programs() {
    for text in [
        "services: [a]\n",
        "services: {a: b}\n",
        "services: {a: {port: 1, environment: {BEDROCK_MODEL_ID: amazon.nova-lite-v1:0}}}\nname: x\n",
    ] {
        let source = Arc::new(Source::new("compose.yaml", text));
        assert!(!read(&source, &FormatOptions::default(), true).understood, "{text}");
    }
}
