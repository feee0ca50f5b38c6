//! The settings that apply, and where each comes from.

use serde_json::{Map, Value, json};

use super::{DeclaredKey, FailOn, Files, Ignore, Limit, Limits, Pair, Settings};
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
pub fn show(
    settings: &Settings,
    fail_on: (FailOn, Origin),
    pedantic: (bool, Origin),
    catalog: Option<(String, Origin)>,
) -> String {
    let file = settings.file.as_ref().map(|file| file.path());
    let (exclude, include) =
        settings.walk.as_ref().map(|walk| (walk.exclude.written(), walk.include.written())).unwrap_or_default();
    let kinds: Map<String, Value> =
        settings.kinds.iter().map(|(kind, patterns)| (word(*kind).to_owned(), json!(patterns.written()))).collect();
    let mut applied = json!({
        "rules": settings.rules,
        "exclude": exclude,
        "include": include,
        "kinds": kinds,
        "examples": settings.examples.written(),
        "ignore": settings.ignores.iter().map(ignore).collect::<Vec<_>>(),
        "pairs": settings.pairs.iter().map(pair).collect::<Vec<_>>(),
        "api-keys": settings.api_keys.iter().map(key).collect::<Vec<_>>(),
        "platforms": given([("unstract", settings.unstract.as_ref().map(|(version, _)| version.to_string().into()))]),
        "limits": limits(&settings.limits),
        "fail-on": fail_on.0,
        "pedantic": pedantic.0,
    });
    let mut from = json!({ "fail-on": fail_on.1.show(), "pedantic": pedantic.1.show() });
    // without one, the compiled-in catalogue is used, which has no name
    if let (Some((path, origin)), Some(applied), Some(from)) = (catalog, applied.as_object_mut(), from.as_object_mut())
    {
        applied.insert("catalog".to_owned(), path.into());
        from.insert("catalog".to_owned(), origin.show().into());
    }
    let shown = json!({ "file": file, "settings": applied, "from": from });
    serde_json::to_string_pretty(&shown).unwrap_or_default() + "\n"
}

/// The keys that have a value.
fn given<const N: usize>(entries: [(&str, Option<Value>); N]) -> Value {
    entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect::<Map<_, _>>().into()
}

fn ignore(ignore: &Ignore) -> Value {
    given([
        ("rule", Some(ignore.rules.iter().map(|(rule, _)| *rule).collect())),
        ("path", Some(ignore.path.as_str().into())),
        ("sid", ignore.sid.as_deref().map(Value::from)),
        ("pointer", ignore.pointer.as_deref().map(Value::from)),
        ("reason", Some(ignore.reason.as_str().into())),
        ("until", ignore.until.as_ref().map(|(day, _)| day.to_string().into())),
    ])
}

fn pair(pair: &Pair) -> Value {
    let levels = || pair.scps.iter().map(files).collect();
    given([
        ("adapters", Some(files(&pair.adapters))),
        ("policies", Some(files(&pair.policies))),
        ("account", pair.account.as_ref().map(|(account, _)| account.as_str().into())),
        ("scps", (!pair.scps.is_empty()).then(levels)),
        ("boundary", pair.boundary.as_ref().map(|boundary| boundary.written().concat().into())),
        ("session", pair.session.as_ref().map(files)),
    ])
}

fn key(key: &DeclaredKey) -> Value {
    given([
        ("path", Some(files(&key.files))),
        ("region", Some(key.region.0.as_str().into())),
        ("user", key.user.as_deref().map(Value::from)),
    ])
}

fn limits(limits: &Limits) -> Value {
    let written = |limit: &Option<Limit>| limit.as_ref().map(|limit| limit.written().collect());
    given([
        ("geographies", written(&limits.geographies)),
        ("models", written(&limits.models)),
        ("regions", written(&limits.regions)),
    ])
}

fn files(files: &Files) -> Value {
    files.written().into()
}

fn word(kind: PolicyKind) -> &'static str {
    match kind {
        PolicyKind::Identity => "identity",
        PolicyKind::Scp => "scp",
        PolicyKind::Boundary => "boundary",
        PolicyKind::Session => "session",
        PolicyKind::Trust => "trust",
        PolicyKind::Endpoint => "endpoint",
        PolicyKind::Resource => "resource",
    }
}
