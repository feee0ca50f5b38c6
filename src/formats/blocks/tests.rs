//! Lists of variables in trees of no format of their own.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use crate::formats::{Facts, FormatOptions, read};
use crate::source::Source;

fn facts(name: &str, text: &str) -> Facts {
    read(&Arc::new(Source::new(name, text)), &FormatOptions::default(), true)
}

/// Each adapter: its name, the models as underlined, Region, role.
fn show(name: &str, text: &str) -> Vec<String> {
    let facts = facts(name, text);
    let adapters = facts.adapters.iter().map(|fact| {
        let adapter = &fact.adapter;
        assert!(!fact.whole);
        let models = adapter.models.iter().map(|model| format!(" {}", text.get(model.id.span().range()).unwrap()));
        let said = |sign: &str, field: &Option<crate::adapter::Field>| {
            field.as_ref().map(|field| format!(" {sign} {}", field.literal().unwrap_or("?"))).unwrap_or_default()
        };
        let (region, role) = (said("in", &adapter.region), said("as", &adapter.auth.role));
        format!("{}:{}{region}{role}", adapter.name.as_deref().unwrap_or("-"), models.collect::<String>())
    });
    adapters.collect()
}

#[test]
fn values_of_a_chart() {
    let text = "api:\n  env:\n    AWS_REGION: us-east-1\n    REPLICAS: 2\n  extraEnvVars:\n    \
                - name: BEDROCK_MODEL_ID\n      value: us.anthropic.claude-sonnet-4-6\n    - name: TOKEN\n      \
                valueFrom: {secretKeyRef: {name: a, key: b}}\n  serviceAccount:\n    annotations:\n      \
                eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/api\nworker:\n  environment:\n    \
                - BEDROCK_MODEL_ID=amazon.nova-lite-v1:0\n";
    assert_eq!(
        show("values.yaml", text),
        [
            "api: us.anthropic.claude-sonnet-4-6 in us-east-1 as arn:aws:iam::111122223333:role/api",
            "worker: amazon.nova-lite-v1:0"
        ]
    );
}

#[test]
fn settings_in_json() {
    for (text, expected) in [
        (
            r#"{"taskRoleArn": "arn:aws:iam::111122223333:role/t", "containerDefinitions": [{"name": "app", "environment": [{"name": "BEDROCK_MODEL_ID", "value": "amazon.nova-lite-v1:0"}], "secrets": [{"name": "AWS_BEARER_TOKEN_BEDROCK", "valueFrom": "arn:aws:ssm:us-east-1:111122223333:parameter/x"}]}]}"#,
            "app: amazon.nova-lite-v1:0 as arn:aws:iam::111122223333:role/t",
        ),
        (
            r#"{"mcpServers": {"kb": {"command": "x", "env": {"BEDROCK_MODEL_ID": "amazon.nova-lite-v1:0", "AWS_REGION": "${input:region}"}}}}"#,
            "kb: amazon.nova-lite-v1:0 in ?",
        ),
        (
            r#"{"remoteEnv": {"BEDROCK_MODEL_ID": "amazon.nova-lite-v1:0", "AWS_REGION": "${localEnv:AWS_REGION:us-east-1}"}}"#,
            "-: amazon.nova-lite-v1:0 in ?",
        ),
        (
            r#"{"configurations": [{"name": "run", "type": "python", "env": {"BEDROCK_MODEL_ID": "amazon.nova-lite-v1:0"}}]}"#,
            "run: amazon.nova-lite-v1:0",
        ),
        (
            r#"{"editor.tabSize": 2, "terminal.integrated.env.linux": {"BEDROCK_MODEL_ID": "amazon.nova-lite-v1:0"}}"#,
            "terminal.integrated.env.linux: amazon.nova-lite-v1:0",
        ),
    ] {
        assert_eq!(show("x.json", text), [expected], "{text}");
    }
}

#[test]
fn other_maps_of_these_names() {
    for text in [
        "env: {region: us-east-1, model: us.anthropic.claude-sonnet-4-6}\n",
        "environment: production\nsecrets: [a, b]\n",
        "env: {AWS_REGION: us-east-1}\n",
        "environment: {BEDROCK_MODELS: 'us.anthropic.claude-sonnet-4-6'}\n",
    ] {
        assert_eq!(show("x.yaml", text), [""; 0], "{text}");
    }
}

#[test]
fn a_list_of_what_is_wanted_sets_nothing() {
    let text = "env_vars:\n- {name: BEDROCK_MODEL_ID, description: the id}\n- {name: AWS_BEARER_TOKEN_BEDROCK, secret: true}\n";
    let facts = facts("x.yaml", text);
    let adapter = &facts.adapters[0].adapter;
    assert!(adapter.models[0].id.literal().is_none());
    assert!(adapter.auth.api_key.as_ref().is_some_and(|key| key.is_filled() && key.literal().is_none()));
}

#[test]
fn deep_trees_are_searched_so_far() {
    let leaf = r#"{"env": {"BEDROCK_MODEL_ID": "amazon.nova-lite-v1:0"}}"#;
    let nested = |depth: usize| format!("{}{leaf}{}", r#"{"a": "#.repeat(depth), "}".repeat(depth));
    assert_eq!(facts("x.json", &nested(10)).adapters.len(), 1);
    assert_eq!(facts("x.json", &nested(400)).adapters.len(), 0);
    assert_eq!(facts("x.json", &nested(10)).adapters[0].adapter.name.as_deref(), Some("a"));
}
