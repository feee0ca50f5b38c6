//! Environment variables as adapters: which of them belong to whose client. One list of variables is what one process is
//! given: a file of them, or the `env` of a container, a step or a settings file.
//!
//! Model, Region and credential of one list are one call. Variables that several clients read, such as `AWS_REGION`,
//! belong to each client that the list evidently configures. A list of them alone configures none.

mod clients;
mod commands;
mod elsewhere;
mod gateway;
mod given;
mod listed;
mod program;

pub(super) use commands::set;
pub(super) use elsewhere::{from_file, is_secret};
pub(super) use given::Given;
pub(super) use listed::{given_elsewhere, listed};
pub(super) use program::is_choice;

use std::collections::HashMap;

use super::field::unknown;
use crate::adapter::{Adapter, Auth, Consumer, Field, ModelField, Purpose, split_model_name};
use crate::bedrock::{Endpoint, is_model_shaped, is_region_shaped, is_url_of_aws};
use crate::syntax::ScalarKind;
use crate::text::Span;

/// The adapters that a list of variables configures: those of clients with variables of their own, then those of the
/// program that is not known by name. `span` is where the list stands. Of a variable given twice, the last counts, as
/// for the readers of such files.
pub(super) fn adapters(variables: Vec<Field>, span: Span) -> Vec<Adapter> {
    adapters_beside(variables, Vec::new(), span)
}

/// The same, where Claude Code is told of `models` beside its variables, on a command line for example.
pub(super) fn adapters_beside(variables: Vec<Field>, models: Vec<Field>, span: Span) -> Vec<Adapter> {
    found(&Variables { models, ..Variables::new(variables, span) })
}

/// The same, where other variables are given to the process that cannot be seen, if there are `more`: by a file or an
/// object that is not there. What goes before the variables in the list may be among them.
pub(super) fn adapters_of_part(variables: Vec<Field>, more: bool, span: Span) -> Vec<Adapter> {
    found(&Variables { more, ..Variables::new(variables, span) })
}

fn found(variables: &Variables) -> Vec<Adapter> {
    let mut found = clients::adapters(variables);
    let program = program::adapters(variables, &found);
    found.extend(program);
    found.into_iter().map(settled).collect()
}

/// Variables by name. Names are compared as Pydantic and Spring do: in capitals, with `_` for `.` and `-`.
struct Variables {
    all: Vec<(String, Field)>,
    by_name: HashMap<String, usize>,
    /// Models that Claude Code is told of beside.
    models: Vec<Field>,
    /// Whether there are others that cannot be seen.
    more: bool,
    span: Span,
}

/// Where a client finds what it authenticates with: access key id, secret access key, session token, API key, profile,
/// role; empty where it has no such variable.
type AuthNames = [&'static str; 6];

/// Those of the AWS SDKs.
const AWS: AuthNames = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
];

/// What a client reads beside its models. Of several names, the first that is set counts.
#[derive(Clone, Copy)]
struct Reads {
    region: &'static [&'static str],
    endpoint: &'static [&'static str],
    auth: &'static [AuthNames],
}

/// What a variable that turns something on says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Switch {
    Absent,
    Off,
    On,
    /// Filled in later.
    Open,
}

impl Variables {
    fn new(variables: Vec<Field>, span: Span) -> Self {
        let folded = |field: &Field| field.key.as_str().to_ascii_uppercase().replace(['.', '-'], "_");
        let named = variables.into_iter().filter(|field| !field.key.as_str().is_empty());
        let all: Vec<(String, Field)> = named.map(|field| (folded(&field), field)).collect();
        let by_name = all.iter().enumerate().map(|(index, (name, _))| (name.clone(), index)).collect();
        Self { all, by_name, models: Vec::new(), more: false, span }
    }

    /// The variables that count, in order.
    fn iter(&self) -> impl Iterator<Item = (&str, &Field)> {
        let last = |index: usize, name: &str| self.by_name.get(name) == Some(&index);
        let all = self.all.iter().enumerate();
        all.filter(move |(index, (name, _))| last(*index, name)).map(|(_, (name, field))| (name.as_str(), field))
    }

    fn get(&self, name: &str) -> Option<&Field> {
        self.by_name.get(name).and_then(|index| self.all.get(*index)).map(|(_, field)| field)
    }

    /// A variable that says something, known or not.
    fn filled(&self, name: &str) -> Option<&Field> {
        self.get(name).filter(|field| field.is_filled())
    }

    /// The first of these that says something, else the first that is there.
    fn first(&self, names: &[&str]) -> Option<Field> {
        let filled = names.iter().find_map(|name| self.filled(name));
        filled.or_else(|| names.iter().find_map(|name| self.get(name))).cloned()
    }

    /// The Region by these names, of which the first that says something counts. What goes before it may be given as well,
    /// if not all that is given can be seen.
    fn region(&self, names: &[&str]) -> Option<Field> {
        let found = self.first(names)?;
        Some(self.settled_region(found, names.first().copied().unwrap_or_default()))
    }

    /// A Region as far as it is known to count, where the variable `first` goes before all others.
    fn settled_region(&self, found: Field, first: &str) -> Field {
        if self.more && self.get(first).is_none() { unknown(&found) } else { found }
    }

    fn switch(&self, name: &str) -> Switch {
        match self.get(name) {
            None => Switch::Absent,
            Some(field) if field.is_blank() => Switch::Off,
            Some(field) => match field.given().map(str::to_ascii_lowercase).as_deref() {
                None => Switch::Open,
                Some("1" | "true" | "yes" | "on") => Switch::On,
                Some(_) => Switch::Off,
            },
        }
    }

    /// An adapter with everything but its models.
    fn adapter(&self, consumer: Consumer, reads: Reads) -> Adapter {
        let mut adapter = Adapter::new(consumer, self.span);
        adapter.region = self.region(reads.region);
        adapter.endpoint = self.first(reads.endpoint);
        adapter.auth = self.auth(reads.auth);
        adapter
    }

    /// The first of these sets that says something. Keys of two sets are not mixed.
    fn auth(&self, sets: &[AuthNames]) -> Auth {
        let says = |set: &&AuthNames| set.iter().any(|name| self.filled(name).is_some());
        let Some(set) = sets.iter().find(says).or_else(|| sets.first()) else { return Auth::default() };
        let [access_key_id, secret_access_key, session_token, api_key, profile, role] =
            set.map(|name| self.get(name).cloned());
        Auth { access_key_id, secret_access_key, session_token, api_key, profile, role, ..Auth::default() }
    }
}

/// The model that a variable, or another setting, names: as LiteLLM writes it (`bedrock/…`), behind the provider's name of opencode
/// (`amazon-bedrock/`) or of promptfoo and Pydantic AI (`bedrock:`), or by itself. `[1m]` behind an id asks Claude Code
/// for a longer context, and is no part of it. `None` if it names every model or an agent.
pub(super) fn model(field: &Field, purpose: Option<Purpose>) -> Option<ModelField> {
    let text = field.value.as_str();
    let mut name = split_model_name(text, is_region_shaped);
    if name.is_no_model {
        return None;
    }
    if !name.routed {
        let providers = ["amazon-bedrock/", "bedrock:converse:", "bedrock:"];
        if let Some(provider) = providers.into_iter().find(|provider| text.starts_with(provider)) {
            name.routed = true;
            name.id.start = provider.len();
        }
    }
    let id = text.get(name.id.clone()).unwrap_or_default();
    name.id.end -= if id.ends_with("[1m]") { "[1m]".len() } else { 0 };
    Some(ModelField {
        id: field.value.part(name.id),
        purpose,
        endpoint: if name.mantle { Endpoint::BedrockMantle } else { Endpoint::BedrockRuntime },
        region: name.region.map(|range| field.value.part(range)),
        routed: name.routed,
        stands_behind: false,
        is_foundation: false,
        field: field.clone(),
    })
}

/// The model, if it is lexically one of Amazon Bedrock.
fn shaped_model(field: &Field, purpose: Option<Purpose>) -> Option<ModelField> {
    model(field, purpose).filter(|model| is_model_shaped(model.id.as_str()))
}

/// The models of a list with commas, each with its own bytes. A shell goes on behind a backslash at the end of a line.
/// More than this are no list that a person wrote.
fn listed_models(list: &Field, purpose: Option<Purpose>) -> Vec<ModelField> {
    const MOST: usize = 1000;
    let mut at = 0;
    let parts = list.value.as_str().split(',').filter_map(|part| {
        let blank = |c: char| c.is_whitespace() || c == '\\';
        let start = at + part.len() - part.trim_start_matches(blank).len();
        at += part.len() + 1;
        let part = part.trim_matches(blank);
        (!part.is_empty()).then(|| start..start + part.len())
    });
    let fields = parts.take(MOST).map(|range| {
        let value = list.value.part(range);
        Field { key: list.key.clone(), span: value.span(), kind: ScalarKind::String, value }
    });
    fields.filter_map(|field| model(&field, purpose)).collect()
}

/// What stands behind a gateway is not known: it may know models by other names, and call another Region. The adapter's
/// own Region needs not be said of a model again.
fn settled(mut adapter: Adapter) -> Adapter {
    if adapter.endpoint.as_ref().is_some_and(|endpoint| endpoint.is_filled() && !is_url_of_aws(endpoint.value.as_str()))
    {
        adapter.models.clear();
    }
    let region = adapter.region.as_ref().filter(|region| region.literal().is_some());
    let region = region.map(|region| region.value.span());
    for model in &mut adapter.models {
        model.region = model.region.take().filter(|own| Some(own.span()) != region);
    }
    adapter
}

#[cfg(test)]
mod tests;
