//! Lists of environment variables in any other tree: the values of a Helm chart, a task definition of Amazon ECS, a
//! configuration of MCP servers, a dev container, `serverless.yml`, settings of an editor. They stand under a few customary
//! keys, each for one process.
//!
//! Sources: the charts of Bitnami and of Helm's `create` (`env`, `extraEnv`, `extraEnvVars`, `serviceAccount`); Amazon ECS
//! API reference, "ContainerDefinition"; Model Context Protocol (`mcpServers`); "Dev Container metadata reference";
//! VS Code, "Launch configurations" and "Terminal Profiles" (`terminal.integrated.env.*`); Serverless Framework, "Environment Variables".

use super::environment::{Given, listed};
use super::field::field;
use super::{Process, Reader, kubernetes};
use crate::adapter::Field;
use crate::syntax::{Node, Value};
use crate::text::{Span, Text};

/// The keys, those first which others go before.
const KEYS: [&str; 16] = [
    "environmentVariables",
    "environment_variables",
    "environment",
    "envs",
    "envVars",
    "env_vars",
    "env",
    "containerEnv",
    "remoteEnv",
    "extraEnvironment",
    "extraEnv",
    "extraEnvs",
    "extraEnvVars",
    "secretEnv",
    "secretEnvs",
    "secrets",
];

/// The keys of what gives a process more variables than the list beside it: files, and objects of Kubernetes.
const ELSEWHERE: [&str; 11] = [
    "envFile",
    "envFiles",
    "envFrom",
    "env_file",
    "env_files",
    "environmentFiles",
    "environment_files",
    "extraEnvFrom",
    "extraEnvVarsCM",
    "extraEnvVarsSecret",
    "extraEnvFromSecret",
];

/// The keys of what runs in such a process.
const COMMANDS: [&str; 4] = ["entryPoint", "entrypoint", "command", "args"];

/// How deep lists are looked for.
const DEPTH: usize = 12;

/// Finds the lists of a tree.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    Search { reader }.find(root, None, None, DEPTH);
}

struct Search<'a, 'r> {
    reader: &'a mut Reader<'r>,
}

impl Search<'_, '_> {
    /// `name` is what the node is called, `role` the role of IAM that its processes have.
    fn find(&mut self, node: &Node, name: Option<&Text>, role: Option<&Field>, left: usize) {
        let own = role_of(node);
        let role = own.as_ref().or(role);
        self.list(node, name, role);
        if left == 0 {
            return;
        }
        for item in node.items() {
            let named = item.get("name").and_then(Node::string).or(name);
            self.find(item, named, role, left - 1);
        }
        for entry in node.entries() {
            if matches!(entry.value.value, Value::List(_) | Value::Map(_)) {
                let named = if matches!(entry.value.value, Value::Map(_)) { Some(&entry.key) } else { name };
                self.find(&entry.value, named, role, left - 1);
            }
        }
    }

    /// The lists that stand side by side in a map are one process's; those of an editor's settings are not.
    fn list(&mut self, node: &Node, name: Option<&Text>, role: Option<&Field>) {
        let mut beside = Vec::new();
        for entry in node.entries() {
            match KEYS.iter().position(|key| *key == entry.key.as_str()) {
                Some(rank) => beside.push((rank, &entry.value)),
                None if is_of_editor(entry.key.as_str()) => {
                    self.process(&[&entry.value], false, &[], Some(&entry.key), role);
                }
                None => {}
            }
        }
        beside.sort_by_key(|(rank, _)| *rank);
        let lists: Vec<&Node> = beside.into_iter().map(|(_, list)| list).collect();
        let more = ELSEWHERE.iter().filter_map(|key| node.get(key)).any(names_something);
        let commands = COMMANDS.iter().filter_map(|key| node.get(key)).flat_map(Node::one_or_many);
        let commands: Vec<&Text> = commands.filter_map(Node::string).collect();
        self.process(&lists, more, &commands, name, role);
    }

    /// `more` tells whether the process is evidently given variables that stand elsewhere, `commands` what runs in it.
    fn process(&mut self, lists: &[&Node], more: bool, commands: &[&Text], name: Option<&Text>, role: Option<&Field>) {
        let mut variables: Vec<Field> = lists.iter().flat_map(|list| listed(list)).collect();
        variables.retain(|field| is_variable(field.key.as_str()));
        let (Some(first), false) = (lists.first(), variables.is_empty()) else { return };
        if let Some(role) = role {
            // what the webhook of Amazon EKS gives to pods, and what stands in the list goes before
            let key = Text::unplaced("AWS_ROLE_ARN").used_at(role.key.span());
            variables.insert(0, Field { key, ..role.clone() });
        }
        let span = lists.iter().fold(first.span, |all, list| Span {
            start: all.start.min(list.span.start),
            end: all.end.max(list.span.end),
        });
        let mut given = Given::default();
        if more {
            given.extend_unseen();
        }
        given.extend(variables);
        commands.iter().for_each(|command| given.run(command));
        let mut adapters = given.adapters(span);
        adapters.iter_mut().for_each(|adapter| adapter.name = name.map(|name| name.as_str().to_owned()));
        // what makes processes of such a file may give them more
        self.reader.process(adapters, &Process { more: true, ..Process::default() });
    }
}

/// The role that a chart gives to its pods, or a task definition to its containers.
fn role_of(node: &Node) -> Option<Field> {
    let annotations = || node.get("serviceAccount")?.get("annotations");
    let role = annotations().and_then(kubernetes::role_of);
    role.or_else(|| field(node, "taskRoleArn").filter(|_| node.get("containerDefinitions").is_some()))
        .filter(Field::is_filled)
}

/// Whether a value is more than the empty one that charts have by default.
fn names_something(node: &Node) -> bool {
    match &node.value {
        Value::Map(entries) => !entries.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Scalar(_) => node.string().is_some_and(|text| !text.as_str().trim().is_empty()),
        Value::Call(_) => true,
    }
}

/// Whether a key of an editor's settings holds what a terminal or an extension is given.
fn is_of_editor(key: &str) -> bool {
    key.starts_with("terminal.integrated.env.") || key.ends_with(".environmentVariables")
}

/// Whether a key is written as people write variables: other maps have these keys too.
fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests;
