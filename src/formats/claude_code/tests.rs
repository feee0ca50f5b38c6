//! Settings of Claude Code.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use crate::formats::{FormatOptions, read};
use crate::source::Source;

/// Each adapter: consumer, models as underlined, Region.
fn show(text: &str) -> Vec<String> {
    let facts = read(&Arc::new(Source::new("settings.json", text)), &FormatOptions::default(), true);
    assert_eq!(facts.problems, []);
    let adapters = facts.adapters.iter().map(|fact| {
        let adapter = &fact.adapter;
        let models = adapter.models.iter().map(|model| format!(" {}", text.get(model.id.span().range()).unwrap()));
        let region = adapter.region.as_ref().and_then(|region| region.literal());
        let region = region.map(|region| format!(" in {region}"));
        format!("{:?}{}{}", adapter.consumer, models.collect::<String>(), region.unwrap_or_default())
    });
    adapters.collect()
}

const ON: &str = r#""CLAUDE_CODE_USE_BEDROCK": "1", "AWS_REGION": "eu-west-1""#;

#[test]
fn models_stand_in_three_places() {
    let arn = "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/a1b2c3d4e5f6";
    for (text, expected) in [
        (format!(r#"{{"env": {{{ON}}}, "model": "opusplan"}}"#), "ClaudeCode in eu-west-1".to_owned()),
        (
            format!("{{\n// copied\n\"env\": {{{ON}}}, \"model\": \"eu.anthropic.claude-sonnet-4-6[1m]\",}}"),
            "ClaudeCode eu.anthropic.claude-sonnet-4-6 in eu-west-1".to_owned(),
        ),
        (
            format!(r#"{{"env": {{{ON}, "ANTHROPIC_MODEL": "eu.anthropic.claude-opus-4-6-v1"}}, "model": "eu.x"}}"#),
            "ClaudeCode eu.anthropic.claude-opus-4-6-v1 in eu-west-1".to_owned(),
        ),
        (
            format!(r#"{{"modelOverrides": {{"claude-opus-4-6": "{arn}"}}, "env": {{{ON}}}}}"#),
            format!("ClaudeCode {arn} in eu-west-1"),
        ),
    ] {
        assert_eq!(show(&text), [expected], "{text}");
    }
}

#[test]
fn on_the_api_of_anthropic() {
    for text in [
        r#"{"env": {"ANTHROPIC_MODEL": "claude-sonnet-4-5"}, "model": "claude-opus-4-6"}"#,
        r#"{"apiKeyHelper": "x", "model": "claude-opus-4-6", "env": {"AWS_REGION": "us-east-1"}}"#,
        r#"{"env": {"CLAUDE_CODE_USE_BEDROCK": "0"}, "model": "us.anthropic.claude-sonnet-4-6"}"#,
    ] {
        assert_eq!(show(text), [""; 0], "{text}");
    }
}

#[test]
fn servers_beside_are_processes_of_their_own() {
    let text = format!(
        r#"{{"env": {{{ON}}}, "mcpServers": {{"kb": {{"command": "x", "env": {{"BEDROCK_MODEL_ID": "us.anthropic.claude-sonnet-4-6", "AWS_REGION": "us-east-1"}}}}}}}}"#
    );
    assert_eq!(show(&text), ["ClaudeCode in eu-west-1", "Program us.anthropic.claude-sonnet-4-6 in us-east-1"]);
}
