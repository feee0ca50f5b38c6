//! The settings that apply, and where each comes from.

use serde_json::{Map, Value, json};

use super::{FailOn, Settings};
use crate::formats::PolicyKind;
use crate::source::Location;

/// Who said something.
#[derive(Clone, Debug)]
pub enum Origin {
    /// Nobody: it is the default.
    Default,
    /// An option of the command line.
    Option(&'static str),
    /// The settings file.
    File(Location),
}

impl Origin {
    fn show(&self) -> String {
        match self {
            Self::Default => "default".to_owned(),
            Self::Option(name) => (*name).to_owned(),
            Self::File(at) => format!("{}:{}:{}", at.source.path(), at.start().line, at.start().column),
        }
    }
}

/// The effective settings as JSON (which is YAML as well): the file, its keys, and where the values come from that
/// options can change.
#[must_use]
pub fn show(settings: &Settings, fail_on: (FailOn, Origin), pedantic: (bool, Origin)) -> String {
    let file = settings.file.as_ref().map(|file| file.path());
    let (exclude, include) =
        settings.walk.as_ref().map(|walk| (walk.exclude.written(), walk.include.written())).unwrap_or_default();
    let kinds: Map<String, Value> =
        settings.kinds.iter().map(|(kind, patterns)| (word(*kind).to_owned(), json!(patterns.written()))).collect();
    let ignores: Vec<Value> = settings
        .ignores
        .iter()
        .map(|ignore| {
            let rules: Vec<&str> = ignore.rules.iter().map(|(rule, _)| *rule).collect();
            let mut entry = json!({ "rule": rules, "path": ignore.path.as_str() });
            let rest = [
                ("sid", ignore.sid.clone()),
                ("pointer", ignore.pointer.clone()),
                ("reason", Some(ignore.reason.clone())),
                ("until", ignore.until.as_ref().map(|(day, _)| day.to_string())),
            ];
            if let Value::Object(entry) = &mut entry {
                let given = rest.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.into())));
                entry.extend(given);
            }
            entry
        })
        .collect();
    let shown = json!({
        "file": file,
        "settings": {
            "rules": settings.rules,
            "exclude": exclude,
            "include": include,
            "kinds": kinds,
            "examples": settings.examples.written(),
            "ignore": ignores,
            "fail-on": fail_on.0,
            "pedantic": pedantic.0,
        },
        "from": { "fail-on": fail_on.1.show(), "pedantic": pedantic.1.show() },
    });
    serde_json::to_string_pretty(&shown).unwrap_or_default() + "\n"
}

fn word(kind: PolicyKind) -> &'static str {
    match kind {
        PolicyKind::Identity => "identity",
        PolicyKind::Scp => "scp",
        PolicyKind::Boundary => "boundary",
        PolicyKind::Session => "session",
        PolicyKind::Trust => "trust",
        PolicyKind::Resource => "resource",
    }
}
