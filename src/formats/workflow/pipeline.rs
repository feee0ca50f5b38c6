//! Pipelines of GitLab: what a job is given by itself, by the jobs that it extends and by the whole pipeline.
//!
//! Variables of a job go before those of the pipeline; those of `rules` and of a matrix before both. Jobs may extend jobs
//! of files that are not there, which may say anything that the job does not say itself.
//!
//! Source: GitLab, "CI/CD YAML syntax reference" (`extends`, `inherit`, `parallel:matrix`, `rules:variables`,
//! `artifacts:reports:dotenv`), "CI/CD variables" ("CI/CD variable precedence"), "`!reference` tags".

use std::cell::Cell;
use std::collections::HashSet;
use std::ptr;

use super::{Given, Workflow};
use crate::adapter::Field;
use crate::formats::environment::{self, given_elsewhere, listed};
use crate::syntax::{Call, Node, ScalarKind, Value};
use crate::text::Text;

/// Jobs that extend one another more often than this do so in a circle: GitLab allows eleven. So do references.
const EXTENSIONS: usize = 11;

/// More jobs than this no job extends.
const MOST_BASES: usize = 100;

/// More commands and rules, those of all jobs together, no person has written down.
const MOST_COMMANDS: usize = 100_000;

/// Keys beside the jobs of a pipeline.
const NO_JOBS: [&str; 10] = [
    "after_script",
    "before_script",
    "cache",
    "default",
    "image",
    "include",
    "services",
    "spec",
    "stages",
    "variables",
];

/// Reads a pipeline; whether it is one: by its name, or by what stands in it.
pub(super) fn read(root: &Node, file: &mut Workflow<'_, '_>) -> bool {
    let pipeline = Pipeline { root, left: Cell::new(MOST_COMMANDS) };
    let jobs = root.entries().iter().filter(|entry| !NO_JOBS.contains(&entry.key.as_str()));
    let jobs: Vec<Job<'_>> = jobs.map(|entry| pipeline.job(&entry.key, &entry.value)).filter(Job::runs).collect();
    let own = ["default", "include", "stages", "variables"];
    let is_its_own = is_called_pipeline(file.reader.source.path())
        || own.iter().any(|key| root.get(key).is_some())
        || jobs.iter().any(|job| job.get("stage").is_some());
    if !is_its_own || !jobs.iter().any(|job| job.get("script").is_some()) {
        return false;
    }
    let handed_on: Vec<Field> = jobs.iter().flat_map(Job::hands_on).collect();
    // a hidden job never runs by itself
    let extended: HashSet<*const Node> = jobs.iter().flat_map(Job::bases).collect();
    for job in jobs.iter().filter(|job| !(job.is_hidden() && extended.contains(&ptr::from_ref(job.own)))) {
        let given = pipeline.given(job, &handed_on, file);
        let Some(left) = file.left.checked_sub(given.len() + 1) else { break };
        file.left = left;
        let adapters = given.adapters(job.own.span);
        file.add(job.name.as_str(), adapters);
    }
    true
}

/// `.gitlab-ci.yml`, and what is named after it for others to include: `review.gitlab-ci.yml`.
fn is_called_pipeline(path: &str) -> bool {
    [".gitlab-ci.yml", ".gitlab-ci.yaml"].iter().any(|end| path.to_ascii_lowercase().ends_with(end))
}

struct Pipeline<'n> {
    root: &'n Node,
    /// How many commands and rules may still be looked at.
    left: Cell<usize>,
}

/// A job with what it extends.
struct Job<'n> {
    name: &'n Text,
    own: &'n Node,
    /// The jobs that it extends and itself, those last that go before; `None` for one that is not there.
    parts: Vec<Option<&'n Node>>,
}

impl<'n> Pipeline<'n> {
    fn job(&self, name: &'n Text, own: &'n Node) -> Job<'n> {
        let mut parts = Vec::new();
        self.add_parts(own, EXTENSIONS, &mut parts);
        Job { name, own, parts }
    }

    fn add_parts(&self, job: &'n Node, left: usize, parts: &mut Vec<Option<&'n Node>>) {
        for base in job.get("extends").map(Node::one_or_many).unwrap_or_default() {
            match base.string().and_then(|name| self.root.get(name.as_str())) {
                Some(base) if left > 0 && parts.len() < MOST_BASES => self.add_parts(base, left - 1, parts),
                Some(_) | None => parts.push(None),
            }
        }
        parts.push(Some(job));
    }

    /// What a job is given. `handed_on` is what other jobs may hand on to it.
    fn given(&self, job: &Job<'n>, handed_on: &[Field], file: &mut Workflow<'_, '_>) -> Given {
        let mut given = Given::default();
        given.extend(self.inherited(job, file));
        if job.is_hidden() {
            // for the jobs of other files to extend
            given.extend_unseen();
        }
        for part in &job.parts {
            match part {
                Some(part) => given.extend(file.variables(part.get("variables"))),
                None => given.extend_unseen(),
            }
        }
        given.extend_unknown(handed_on.iter().cloned());
        self.rules(job.get("rules"), &mut given);
        let matrix = job.get("parallel").and_then(|parallel| parallel.get("matrix"));
        for row in matrix.map(Node::items).unwrap_or_default() {
            given.extend_unknown(row.entries().iter().map(|one| given_elsewhere(one.key.clone(), &one.value)));
        }
        let default = self.root.get("default");
        let before = job.get("before_script").or_else(|| default?.get("before_script"));
        let commands = [before.or_else(|| self.root.get("before_script")), job.get("script")];
        for commands in commands.into_iter().flatten() {
            self.each(commands, EXTENSIONS, &mut |command| match command {
                Some(command) => command.string().into_iter().for_each(|command| given.run(command)),
                None => given.extend_unseen(),
            });
        }
        given
    }

    /// The variables of the whole pipeline, as far as a job takes them over.
    fn inherited(&self, job: &Job<'_>, file: &mut Workflow<'_, '_>) -> Vec<Field> {
        let inherit = job.get("inherit").and_then(|inherit| inherit.get("variables"));
        let takes = |name: &str| match inherit.map(|inherit| &inherit.value) {
            Some(Value::List(names)) => names.iter().any(|one| one.string().is_some_and(|one| one.as_str() == name)),
            Some(Value::Scalar(scalar)) => scalar.kind != ScalarKind::Bool || scalar.text.as_str() == "true",
            Some(_) | None => true,
        };
        let mut given = Given::default();
        given.extend(file.variables(self.root.get("variables")));
        self.rules(self.root.get("workflow").and_then(|workflow| workflow.get("rules")), &mut given);
        given.retain(takes);
        given.into_variables()
    }

    /// Adds what rules set where they apply.
    fn rules(&self, rules: Option<&Node>, given: &mut Given) {
        let Some(rules) = rules else { return };
        self.each(rules, EXTENSIONS, &mut |rule| match rule {
            Some(rule) => given.extend_unknown(rule.get("variables").map(listed).unwrap_or_default()),
            None => given.extend_unseen(),
        });
    }

    /// Hands on each item of a list, those of lists in it and of what it refers to included; `None` for what is not there.
    fn each(&self, node: &Node, left: usize, found: &mut impl FnMut(Option<&Node>)) {
        let commands = self.left.get();
        self.left.set(commands.saturating_sub(1));
        match &node.value {
            _ if left == 0 || commands == 0 => found(None),
            Value::List(items) => items.iter().for_each(|item| self.each(item, left - 1, found)),
            Value::Call(call) => match self.referenced(call) {
                Some(referenced) => self.each(referenced, left - 1, found),
                None => found(None),
            },
            Value::Scalar(_) | Value::Map(_) => found(Some(node)),
        }
    }

    /// What `!reference [job, key]` stands for.
    fn referenced(&self, call: &Call) -> Option<&'n Node> {
        let path = call.args.first().filter(|_| call.name.as_str() == "!reference")?.items();
        path.iter().try_fold(self.root, |node, key| node.get(key.string()?.as_str()))
    }
}

impl<'n> Job<'n> {
    /// A setting of the job. Lists are taken over as a whole.
    fn get(&self, key: &str) -> Option<&'n Node> {
        self.parts.iter().rev().flatten().find_map(|part| part.get(key))
    }

    /// Whether it runs something, here or in what it extends.
    fn runs(&self) -> bool {
        self.get("script").is_some() || self.parts.iter().any(Option::is_none)
    }

    fn is_hidden(&self) -> bool {
        self.name.as_str().starts_with('.')
    }

    /// The jobs that it is made of, by where they stand.
    fn bases(&self) -> impl Iterator<Item = *const Node> {
        let bases = self.parts.iter().flatten().filter(|part| !ptr::eq(**part, self.own));
        bases.map(|part| ptr::from_ref(*part))
    }

    /// What it may hand on to later jobs by a report of variables: what its commands write down.
    fn hands_on(&self) -> Vec<Field> {
        let reports = self.get("artifacts").and_then(|artifacts| artifacts.get("reports"));
        let script = self.get("script").filter(|_| reports.is_some_and(|reports| reports.get("dotenv").is_some()));
        let commands = script.map(Node::one_or_many).unwrap_or_default().iter().filter_map(Node::string);
        commands.flat_map(environment::set).collect()
    }
}
