//! Workflows and composite actions of GitHub, pipelines of GitLab and CircleCI: what their jobs and steps are given.
//!
//! `env` of a step goes before what earlier steps have exported, this before that of the job, this before that of the
//! workflow. `aws-actions/configure-aws-credentials` exports the Region and a credential; `anthropics/claude-code-action`
//! is Claude Code. What `${{ … }}` stands for is not known, but for a literal behind `||`, which may be set otherwise.
//! What the commands of a step set for it, or write down for later ones (`GITHUB_ENV`), is not known, nor is what a job is
//! given beside (variables of the project, of the runner).
//!
//! Sources: GitHub, "Store information in variables" and "Workflow syntax"; aws-actions/configure-aws-credentials
//! `action.yml` and `src/helpers.ts` (`exportRegion`, `exportCredentials`); anthropics/claude-code-action `action.yml`,
//! `docs/cloud-providers.md`, `docs/migration-guide.md` (`model` and `fallback_model` of the beta); GitLab, "CI/CD YAML
//! syntax reference"; CircleCI, "Configuration reference" (`environment` of a job).

mod expression;
mod pipeline;
mod steps;

use std::collections::HashSet;
use std::ops::Range;

use self::expression::settled;
use super::environment::{self, Given, listed};
use super::field::{field, with_holes};
use super::{Process, Reader};
use crate::adapter::{Adapter, Consumer, Field};
use crate::syntax::{Node, ScalarKind, json};
use crate::text::{Span, Text};

/// More variables than this, those of all steps of a file together, and models of one command line no person has written
/// down.
const MOST_VARIABLES: usize = 100_000;
const MOST_MODELS: usize = 16;

/// Reads a workflow, an action or a pipeline; whether it is one.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) -> bool {
    let mut file = Workflow { reader, seen: HashSet::new(), left: MOST_VARIABLES };
    let has_steps = |job: &Node| job.get("steps").is_some_and(|steps| !steps.items().is_empty());
    if let Some(jobs) = root.get("jobs").filter(|jobs| jobs.entries().iter().any(|job| has_steps(&job.value))) {
        let outer = file.variables(root.get("env"));
        for job in jobs.entries() {
            let mut given = outer.clone();
            given.extend(file.variables(job.value.get("env").or_else(|| job.value.get("environment"))));
            file.job(job.key.as_str(), given, &job.value);
        }
        return true;
    }
    if let Some(action) = root.get("runs").filter(|runs| runs.get("using").is_some() && has_steps(runs)) {
        file.job("runs", Vec::new(), action);
        return true;
    }
    pipeline::read(root, &mut file)
}

struct Workflow<'a, 'r> {
    reader: &'a mut Reader<'r>,
    /// What adapters were made of: jobs that are given the same are one.
    seen: HashSet<(Consumer, Vec<Span>)>,
    /// How many variables may still be looked at.
    left: usize,
}

impl Workflow<'_, '_> {
    fn variables(&mut self, env: Option<&Node>) -> Vec<Field> {
        let variables = env.map(listed).unwrap_or_default();
        variables.into_iter().map(|field| self.settled(field)).collect()
    }

    fn settled(&mut self, field: Field) -> Field {
        if environment::is_choice(field.key.as_str()) {
            return field;
        }
        let value = settled(&field.value, self.reader.source, &mut self.reader.facts.references);
        Field { value: with_holes(&value), ..field }
    }

    /// The setting of an action.
    fn input(&mut self, with: &Node, key: &str) -> Option<Field> {
        field(with, key).filter(Field::is_filled).map(|field| self.settled(field))
    }

    /// `given` is what all steps are given.
    fn job(&mut self, name: &str, given: Vec<Field>, job: &Node) {
        let mut exported = Given::default();
        exported.extend(given);
        let mut has_claude_code = false;
        let steps = job.get("steps").map(Node::items).unwrap_or_default();
        for step in steps {
            let mut given = exported.clone();
            given.extend(self.variables(step.get("env")));
            let Some(left) = self.left.checked_sub(given.len() + 1) else { return };
            self.left = left;
            let uses = step.get("uses").and_then(Node::string);
            let action = uses.map_or("", |uses| action(uses.as_str()));
            match step.get("with") {
                Some(with) if action == "configure-aws-credentials" => exported.extend(self.exports(with)),
                Some(with) if is_claude_code(action, with) => {
                    has_claude_code = true;
                    let adapters = self.claude_code(with, given, step.span);
                    self.add(name, adapters);
                }
                _ => {
                    steps::commands(step).into_iter().for_each(|commands| given.run(commands));
                    let mut adapters = given.adapters(step.span);
                    adapters.retain(|adapter| says_part_of(step.span, adapter));
                    self.add(name, adapters);
                    steps::export(step, &mut exported);
                }
            }
        }
        // the steps that set nothing themselves, as far as they are known from those that do
        steps.iter().filter_map(steps::commands).for_each(|commands| exported.run(commands));
        if has_claude_code {
            // what is Claude Code's is for its own step
            exported.retain(|name| !name.starts_with("ANTHROPIC_") && !name.starts_with("CLAUDE_CODE_"));
        }
        let adapters = exported.adapters(job.span);
        self.add(name, adapters);
    }

    /// What `configure-aws-credentials` exports to the steps behind it. With a role, its keys only serve to assume that.
    fn exports(&mut self, with: &Node) -> Vec<Field> {
        let mut exported = Vec::new();
        let mut export = |field: Option<Field>, names: &[&str]| {
            exported.extend(field.iter().flat_map(|field| names.iter().map(|name| called(field, name))));
        };
        export(self.input(with, "aws-region"), &["AWS_REGION", "AWS_DEFAULT_REGION"]);
        match self.input(with, "role-to-assume") {
            Some(role) => export(Some(role), &["AWS_ROLE_ARN"]),
            None => {
                export(self.input(with, "aws-access-key-id"), &["AWS_ACCESS_KEY_ID"]);
                export(self.input(with, "aws-secret-access-key"), &["AWS_SECRET_ACCESS_KEY"]);
                export(self.input(with, "aws-session-token"), &["AWS_SESSION_TOKEN"]);
            }
        }
        exported
    }

    /// The adapters of `claude-code-action`: what it is told of models, and what it hands on as variables.
    fn claude_code(&mut self, with: &Node, mut given: Given, span: Span) -> Vec<Adapter> {
        given.extend(self.input(with, "use_bedrock").map(|field| called(&field, "CLAUDE_CODE_USE_BEDROCK")));
        if let Some(settings) = with.get("settings").and_then(Node::string)
            && let Ok(Some(document)) = json::parse(settings.as_str(), settings.map())
        {
            given.extend(self.variables(document.root.get("env")));
        }
        let arguments = self.input(with, "claude_args").map(|field| arguments(&field)).unwrap_or_default();
        let mut models: Vec<Field> =
            ["model", "anthropic_model"].iter().filter_map(|key| self.input(with, key)).collect();
        models.extend(arguments);
        if !models.is_empty() {
            given.retain(|name| name != "ANTHROPIC_MODEL");
        }
        models.extend(self.input(with, "fallback_model"));
        given.adapters_beside(models, span)
    }

    fn add(&mut self, name: &str, mut adapters: Vec<Adapter>) {
        adapters.retain(|adapter| self.seen.insert((adapter.consumer, parts(adapter))));
        adapters.iter_mut().for_each(|adapter| adapter.name = Some(name.to_owned()));
        self.reader.process(adapters, &Process { more: true, ..Process::default() });
    }
}

/// Whether an action is Claude Code, or hands on to it what it is given.
fn is_claude_code(action: &str, with: &Node) -> bool {
    matches!(action, "claude-code-action" | "claude-code-base-action") || with.get("use_bedrock").is_some()
}

/// The name of an action without its owner, folder and version.
fn action(uses: &str) -> &str {
    uses.split('@').next().and_then(|path| path.split('/').nth(1)).unwrap_or_default()
}

/// The same setting under the name of a variable.
fn called(field: &Field, name: &str) -> Field {
    Field { key: Text::unplaced(name).used_at(field.key.span()), ..field.clone() }
}

/// Where all that an adapter is made of stands.
fn parts(adapter: &Adapter) -> Vec<Span> {
    let auth = &adapter.auth;
    let fields = adapter.plain_fields().chain(auth.fields()).chain([&auth.profile, &auth.role].into_iter().flatten());
    fields.chain(adapter.models.iter().map(|model| &model.field)).map(|field| field.span).collect()
}

/// Whether a step says something itself that the adapter is made of.
fn says_part_of(step: Span, adapter: &Adapter) -> bool {
    parts(adapter).into_iter().any(|part| step.contains(part))
}

/// The models in the arguments of a command line: `--model X`, `--model=X`.
fn arguments(line: &Field) -> Vec<Field> {
    const NAMES: [&str; 2] = ["--model", "--fallback-model"];
    let mut found = Vec::new();
    let mut words = words(&line.value).into_iter();
    while let Some(word) = words.next().filter(|_| found.len() < MOST_MODELS) {
        let written = line.value.as_str().get(word.clone()).unwrap_or_default();
        let (name, value) = match written.split_once('=') {
            Some((name, value)) => (name, Some(word.end - value.len()..word.end)),
            None => (written, None),
        };
        if !NAMES.contains(&name) {
            continue;
        }
        let Some(value) = value.or_else(|| words.next()) else { break };
        let value = line.value.part(unquoted(line.value.as_str(), value));
        found.push(Field { key: line.key.clone(), span: value.span(), kind: ScalarKind::String, value });
    }
    found
}

/// The words of a command line, quotes included. A hole is part of its word.
fn words(line: &Text) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut quote = None;
    let mut is_open = false;
    for (at, c) in line.as_str().char_indices() {
        let next = line.holes().partition_point(|hole| hole.range.end <= at);
        let is_hole = line.holes().get(next).is_some_and(|hole| hole.range.contains(&at));
        let is_break = c.is_whitespace() && quote.is_none() && !is_hole;
        if !is_hole && matches!(c, '"' | '\'') {
            quote = if quote == Some(c) { None } else { quote.or(Some(c)) };
        }
        if is_break {
            is_open = false;
            continue;
        }
        let end = at + c.len_utf8();
        match words.last_mut().filter(|_| is_open) {
            Some(word) => word.end = end,
            None => words.push(at..end),
        }
        is_open = true;
    }
    words
}

fn unquoted(line: &str, word: Range<usize>) -> Range<usize> {
    let written = line.get(word.clone()).unwrap_or_default();
    let is_quoted = |quote: char| written.len() > 1 && written.starts_with(quote) && written.ends_with(quote);
    if is_quoted('"') || is_quoted('\'') { word.start + 1..word.end - 1 } else { word }
}

#[cfg(test)]
mod tests;
