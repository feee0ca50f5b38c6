//! Workflows of GitHub, actions, pipelines of GitLab.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use crate::formats::{FormatOptions, read};
use crate::source::Source;

/// Each adapter: its name, consumer, `model@underlined`, Region and endpoint of credentials.
fn show(text: &str) -> Vec<String> {
    let facts = read(&Arc::new(Source::new(".github/workflows/x.yml", text)), &FormatOptions::default(), true);
    assert_eq!(facts.problems, []);
    let adapters = facts.adapters.iter().map(|fact| {
        let adapter = &fact.adapter;
        assert!(!fact.whole);
        let models = adapter.models.iter().map(|model| {
            let underlined = text.get(model.id.span().range()).unwrap();
            assert!(model.id.literal().is_none_or(|id| id == underlined), "{underlined}");
            format!(" {underlined}")
        });
        let region = adapter.region.as_ref().map(|region| format!(" in {}", region.literal().unwrap_or("?")));
        let models: String = models.collect();
        format!("{} {:?}{models}{}", adapter.name.as_deref().unwrap(), adapter.consumer, region.unwrap_or_default())
    });
    adapters.collect()
}

const CLAUDE: &str = "us.anthropic.claude-sonnet-4-6";

#[test]
fn claude_code_is_an_action() {
    let text = "on: push\nenv: {ANTHROPIC_MODEL: us.anthropic.claude-opus-4-6-v1}\njobs:\n  review:\n    steps:\n      \
                - uses: actions/checkout@v4\n      - uses: aws-actions/configure-aws-credentials@v4\n        \
                with: {role-to-assume: '${{ secrets.ROLE }}', aws-region: us-west-2}\n      \
                - uses: anthropics/claude-code-action@v1\n        with:\n          use_bedrock: \"true\"\n          \
                claude_args: |\n            --max-turns 5\n            --model us.anthropic.claude-sonnet-4-6 --x\n";
    assert_eq!(show(text), [format!("review ClaudeCode {CLAUDE} in us-west-2")]);
    let beta =
        text.replace("claude_args: |\n            --max-turns 5\n            --model ", "model: ").replace(" --x", "");
    assert_eq!(show(&beta), [format!("review ClaudeCode {CLAUDE} in us-west-2")]);
    let unnamed = text.replace("--model us.anthropic.claude-sonnet-4-6", "");
    assert_eq!(show(&unnamed), ["review ClaudeCode us.anthropic.claude-opus-4-6-v1 in us-west-2"]);
    // Anthropic's own API
    assert_eq!(show(&text.replace("\"true\"", "\"false\"")), [""; 0]);
}

#[test]
fn an_action_around_claude_code() {
    let text = "jobs:\n  a:\n    steps:\n      - uses: ./.github/actions/review\n        with: {use_bedrock: 'true', model: us.anthropic.claude-sonnet-4-6}\n";
    assert_eq!(show(text), [format!("a ClaudeCode {CLAUDE}")]);
}

#[test]
fn arguments_of_claude_code() {
    for (arguments, models) in [
        ("--model us.anthropic.claude-sonnet-4-6", &[CLAUDE][..]),
        ("--model=us.anthropic.claude-sonnet-4-6 --debug", &[CLAUDE]),
        ("--model 'us.anthropic.claude-sonnet-4-6'", &[CLAUDE]),
        ("--model \\\"us.anthropic.claude-sonnet-4-6\\\"", &[CLAUDE]),
        ("--model sonnet --fallback-model us.anthropic.claude-sonnet-4-6", &[CLAUDE]),
        ("--model ${{ vars.M || 'us.anthropic.claude-sonnet-4-6' }} --x", &[CLAUDE]),
        ("--model ${{ vars.M && 'a' || 'b' }} --model", &["${{ vars.M && 'a' || 'b' }}"]),
        ("--model ${{ vars.MODEL }} --x", &["${{ vars.MODEL }}"]),
        ("--system-prompt \\\"use --model x\\\"", &[]),
        ("--model", &[]),
    ] {
        let text = format!(
            "jobs:\n  a:\n    steps:\n      - uses: anthropics/claude-code-action@v1\n        with: {{use_bedrock: true, \
             claude_args: \"{arguments}\"}}\n"
        );
        let models: String = models.iter().map(|model| format!(" {model}")).collect();
        assert_eq!(show(&text), [format!("a ClaudeCode{models}")], "{arguments}");
    }
}

#[test]
fn settings_of_claude_code_in_a_workflow() {
    let text = "jobs:\n  a:\n    steps:\n      - uses: anthropics/claude-code-base-action@v1\n        with:\n          \
                use_bedrock: 'true'\n          settings: |\n            {\"env\": {\"ANTHROPIC_MODEL\": \"us.anthropic.claude-sonnet-4-6\"}}\n";
    assert_eq!(show(text), [format!("a ClaudeCode {CLAUDE}")]);
}

#[test]
fn variables_of_three_levels() {
    let text = "env: {AWS_REGION: eu-west-1}\njobs:\n  one:\n    env: {BEDROCK_MODEL_ID: us.anthropic.claude-sonnet-4-6}\n    \
                steps:\n      - run: a\n        env: {AWS_REGION: us-east-1}\n      - run: b\n        env: {X: y}\n  two:\n    \
                steps:\n      - run: c\n        env:\n          BEDROCK_MODEL_ID: us.anthropic.claude-sonnet-4-6\n";
    assert_eq!(
        show(text),
        [
            format!("one Program {CLAUDE} in us-east-1"),
            format!("one Program {CLAUDE} in eu-west-1"),
            format!("two Program {CLAUDE} in eu-west-1"),
        ]
    );
}

#[test]
fn jobs_that_are_given_the_same_are_one() {
    let text = "env: {BEDROCK_MODEL_ID: us.anthropic.claude-sonnet-4-6}\njobs:\n  one: {steps: [{run: a}]}\n  two: {steps: [{run: b}]}\n";
    assert_eq!(show(text), [format!("one Program {CLAUDE}")]);
}

#[test]
fn a_literal_behind_an_expression_may_be_set_otherwise() {
    let text = "jobs:\n  a:\n    steps:\n      - run: x\n        env:\n          AWS_REGION: ${{ vars.R || 'us-east-1' }}\n          \
                BEDROCK_MODEL_ID: ${{ inputs.model }}\n";
    assert_eq!(show(text), ["a Program ${{ inputs.model }} in us-east-1"]);
    let facts = read(&Arc::new(Source::new("x.yml", text)), &FormatOptions::default(), true);
    assert!(facts.references[0].overridable);
    assert_eq!(facts.references[0].written.as_ref().unwrap().text(), "us-east-1");
}

#[test]
fn composite_actions_and_pipelines() {
    let action = "name: x\nruns:\n  using: composite\n  steps:\n    - run: x\n      env: {BEDROCK_MODEL_ID: us.anthropic.claude-sonnet-4-6}\n";
    assert_eq!(show(action), [format!("runs Program {CLAUDE}")]);
    let pipeline = "variables: {AWS_REGION: us-east-1}\ntest:\n  script: [x]\n  variables:\n    \
                    BEDROCK_MODEL_ID: {value: us.anthropic.claude-sonnet-4-6, description: the model}\n";
    assert_eq!(show(pipeline), [format!("test Program {CLAUDE} in us-east-1")]);
    let circle = "jobs:\n  test:\n    docker: [{image: x}]\n    environment: {BEDROCK_MODEL_ID: us.anthropic.claude-sonnet-4-6}\n    \
                  steps: [checkout, {run: x}]\n";
    assert_eq!(show(circle), [format!("test Program {CLAUDE}")]);
}

/// The Region of each adapter of a pipeline.
fn regions(text: &str) -> Vec<String> {
    let facts = read(&Arc::new(Source::new(".gitlab-ci.yml", text)), &FormatOptions::default(), true);
    let adapters = facts.adapters.iter().map(|fact| {
        let region = fact.adapter.region.as_ref().map_or("none", |region| region.literal().unwrap_or("?"));
        format!("{} {region}", fact.adapter.name.as_deref().unwrap())
    });
    adapters.collect()
}

#[test]
fn what_a_job_of_a_pipeline_is_given() {
    let text = |job: &str| {
        format!(
            "variables: {{AWS_REGION: us-east-1}}\n.eu: {{variables: {{AWS_REGION: eu-west-1}}}}\n.jp: {{variables: \
             {{AWS_REGION: ap-northeast-1}}}}\n.both: {{extends: [.jp, .eu]}}\n.rules: {{rules: [{{if: $A, variables: \
             {{AWS_REGION: x}}}}]}}\n.circle: {{extends: .circle}}\na:\n  variables: {{BEDROCK_MODEL_ID: us.amazon.nova-lite-v1:0}}\n  {job}\n"
        )
    };
    for (job, region) in [
        ("script: x", "us-east-1"),
        ("extends: .eu\n  script: x", "eu-west-1"),
        ("extends: [.eu, .jp]\n  script: x", "ap-northeast-1"),
        ("extends: .both\n  script: x", "eu-west-1"),
        ("extends: .missing\n  script: x", "?"),
        ("extends: [.missing, .eu]\n  script: x", "eu-west-1"),
        ("extends: .circle\n  script: x", "?"),
        ("rules: [!reference [.rules, rules]]\n  script: x", "?"),
        ("rules: [!reference [.missing, rules]]\n  script: x", "?"),
        ("rules: [if: $A]\n  script: x", "us-east-1"),
        ("inherit: {variables: false}\n  script: x", "none"),
        ("inherit: {variables: [AWS_REGION]}\n  script: x", "us-east-1"),
        ("inherit: {variables: [OTHER]}\n  script: x", "none"),
        ("parallel: {matrix: [{AWS_REGION: [a, b]}]}\n  script: x", "?"),
        ("parallel: 3\n  script: x", "us-east-1"),
        ("script: [[export A=b, AWS_REGION=c d]]", "?"),
    ] {
        assert_eq!(regions(&text(job)), [format!("a {region}")], "{job}");
    }
    let default = text("script: x") + "default: {before_script: [export AWS_REGION=a]}\n";
    assert_eq!(regions(&default), ["a ?"]);
    assert_eq!(regions(&default.replace("script: x", "script: x\n  before_script: [ls]")), ["a us-east-1"]);
    let report =
        text("script: x") + "b: {script: echo AWS_REGION=a > build.env, artifacts: {reports: {dotenv: build.env}}}\n";
    assert_eq!(regions(&report), ["a ?"]);
    assert_eq!(regions(&report.replace("dotenv", "junit")), ["a us-east-1"]);
    let pipeline = text("script: x") + "workflow: {rules: [{if: $A, variables: {AWS_REGION: a}}]}\n";
    assert_eq!(regions(&pipeline), ["a ?"]);
}

#[test]
fn hidden_jobs_are_judged_where_nobody_extends_them() {
    let text = "variables: {AWS_REGION: us-east-1}\n.a:\n  variables: {BEDROCK_MODEL_ID: us.amazon.nova-lite-v1:0}\n  script: x\n";
    assert_eq!(regions(text), [".a ?"]);
    assert_eq!(regions(&format!("{text}b: {{extends: .a}}\n")), ["b us-east-1"]);
}

#[test]
fn hostile_pipelines_end() {
    let mut text = String::from("variables: {AWS_REGION: us-east-1}\n");
    for job in 0..200 {
        let bases: Vec<String> = (0..50).map(|step| format!("j{}", (job * 7 + step) % 200)).collect();
        let references: Vec<String> =
            (0..50).map(|step| format!("!reference [j{}, script]", (job * 3 + step) % 200)).collect();
        text += &format!(
            "j{job}:\n  extends: [{}]\n  variables: {{BEDROCK_MODEL_ID: us.amazon.nova-lite-v1:0}}\n  script: [{}]\n",
            bases.join(", "),
            references.join(", ")
        );
    }
    text += "a: {extends: j0}\n";
    assert!(regions(&text).iter().all(|region| region.ends_with(" ?")));
}
