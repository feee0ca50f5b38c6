//! Settings that nobody would write, or only to do harm: nothing hangs, nothing crashes, nothing grows without limit.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bedrock_lint::formats::{self, FormatOptions};
use bedrock_lint::source::Source;

/// How many adapters a file has, which must be read in this time.
fn adapters(name: &str, text: String) -> usize {
    let source = Arc::new(Source::new(name, text));
    let start = Instant::now();
    let facts = formats::read(&source, &FormatOptions::default(), false);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    facts.adapters.len()
}

const COUNT: usize = 10_000;

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

#[test]
fn long_lists_of_litellm() {
    let (mut variables, mut credentials, mut entries) = (String::new(), String::new(), String::new());
    for index in 0..COUNT {
        writeln!(variables, "  V{index}: x").unwrap();
        writeln!(credentials, "  - {{credential_name: c{index}, credential_values: {{aws_region_name: x}}}}").unwrap();
        writeln!(entries, "  - litellm_params: {{model: bedrock/x, litellm_credential_name: c{index}}}").unwrap();
    }
    let text = format!("environment_variables:\n{variables}credential_list:\n{credentials}model_list:\n{entries}");
    assert_eq!(adapters("a.yaml", text), COUNT);
}

#[test]
fn documents_that_grow_in_documents() {
    // each alias doubles what it stands for, in each of many strings that are an alias themselves
    let mut bomb = "x0: &x0 {model_list: [{litellm_params: {model: bedrock/x}}]}\n".to_owned();
    for index in 1..24 {
        writeln!(bomb, "x{index}: &x{index} [*x{0}, *x{0}]", index - 1).unwrap();
    }
    let strings = format!("first: &s |\n{}rest: [{}]\n", indented(&bomb, 2), vec!["*s"; 5_000].join(", "));
    adapters("a.yaml", strings.clone());
    adapters("a.yaml", format!("outer: |\n{}", indented(&strings, 2)));
    let many = format!("list:\n{}", "  - |\n    bedrock: {a: b}\n".repeat(COUNT));
    assert_eq!(adapters("a.yaml", many), 0);
}

#[test]
fn every_backend_in_every_route() {
    let backend = |index: usize| {
        format!(
            "{{kind: AIServiceBackend, metadata: {{name: b{index}}}, spec: {{schema: {{name: AWSBedrock}}, \
             backendRef: {{kind: Backend, name: h}}}}}}"
        )
    };
    let backends: Vec<String> = (0..COUNT).map(backend).collect();
    let references: Vec<String> = (0..COUNT).map(|index| format!("{{name: b{index}}}")).collect();
    let headers = vec!["{name: x-ai-eg-model, value: us.amazon.nova-lite-v1:0}"; COUNT].join(", ");
    let text = format!(
        "kind: List\nitems:\n- {}\n- kind: AIGatewayRoute\n  spec:\n    rules:\n    - matches: [{{headers: [{headers}]}}]\n      \
         backendRefs: [{}]\n",
        backends.join("\n- "),
        references.join(", ")
    );
    assert_eq!(adapters("a.yaml", text), COUNT);
}

#[test]
fn endless_placeholders_and_depth() {
    for piece in ["${", "${a:", "${a:-${", "{{", "$"] {
        let value = piece.repeat(200_000 / piece.len());
        assert_eq!(adapters("a.json", format!("{{\"litellm_params\": {{\"model\": \"bedrock/{value}\"}}}}")), 1);
    }
    let deep =
        "{\"provider\": \"bedrock\", \"aws_region\": \"x\", \"model\": {\"provider\": \"bedrock\"}, \"targets\": [";
    adapters("a.json", format!("{}1{}", deep.repeat(200), "]}".repeat(200)));
    adapters("a.yaml", format!("_format_version: '3'\nx: {}1{}", deep.repeat(100), "]}".repeat(100)));
}
