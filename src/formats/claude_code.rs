//! The settings of Claude Code: `settings.json`, `settings.local.json`, `managed-settings.json`, and copies of them with
//! comments. It calls Amazon Bedrock only where `env` switches it there.
//!
//! What its commands give (`apiKeyHelper`, `awsAuthRefresh`, `awsCredentialExport`), and the shell that it is started
//! from, is not known, so what is not in `env` may still be there.
//!
//! Sources: Claude Code documentation, "Claude Code settings", "Model configuration" (`model` gives way to
//! `ANTHROPIC_MODEL`; `modelOverrides` names what is called for a model of Anthropic's), "Claude Code on Amazon Bedrock".

use super::environment::{self, listed};
use super::field::field;
use super::{Process, Reader, blocks};
use crate::adapter::Field;
use crate::syntax::Node;

/// Settings that nothing else has.
const OWN: [&str; 5] = ["apiKeyHelper", "awsAuthRefresh", "awsCredentialExport", "modelOverrides", "enabledPlugins"];

/// Reads settings; whether they are Claude Code's.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) -> bool {
    let env = root.get("env");
    let variables = env.map(listed).unwrap_or_default();
    let is_its_own = |field: &Field| {
        let name = field.key.as_str();
        name.starts_with("CLAUDE_CODE_") || name.starts_with("ANTHROPIC_")
    };
    if !OWN.iter().any(|key| root.get(key).is_some()) && !variables.iter().any(is_its_own) {
        return false;
    }
    let is_set = variables.iter().any(|field| field.key.as_str() == "ANTHROPIC_MODEL" && field.is_filled());
    let mut models: Vec<Field> = field(root, "model").filter(|_| !is_set).into_iter().collect();
    models.extend(root.get("modelOverrides").map(listed).unwrap_or_default());
    let span = env.map_or(root.span, |env| env.span);
    let adapters = environment::adapters_beside(variables, models, span);
    reader.process(adapters, &Process { more: true, ..Process::default() });
    for entry in root.entries().iter().filter(|entry| entry.key.as_str() != "env") {
        blocks::read(&entry.value, reader);
    }
    true
}

#[cfg(test)]
mod tests;
