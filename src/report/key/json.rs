//! Schema 1 of what keys say of themselves; fields are only ever added.

use serde::Serialize;

use super::super::json::{SCHEMA, Tool};
use super::super::{pretty, printable};
use crate::bedrock::{AccessKeyKind, ApiKey, Catalogue, Moment};
use crate::key::{FoundKey, Key, Origin};

#[derive(Serialize)]
struct Report {
    schema: u32,
    tool: Tool,
    as_of: String,
    keys: Vec<KeyRow>,
}

#[derive(Serialize)]
struct KeyRow {
    kind: &'static str,
    prefix: &'static str,
    state: &'static str,
    name: Option<String>,
    line: usize,
    region: Option<String>,
    issued: Option<String>,
    expires: Option<String>,
    account: Option<String>,
    user: Option<String>,
    second: Option<bool>,
    made_with: Option<&'static str>,
    used_as: &'static str,
    warnings: Vec<String>,
}

/// The keys for programs.
#[must_use]
pub fn json(keys: &[FoundKey], origin: Origin, as_of: Moment) -> String {
    let keys = keys.iter().map(|key| row(key, origin, as_of)).collect();
    pretty(&Report { schema: SCHEMA, tool: Tool::with(Catalogue::builtin().as_of()), as_of: as_of.to_string(), keys })
}

fn row(found: &FoundKey, origin: Origin, as_of: Moment) -> KeyRow {
    let (kind, second, made_with) = match &found.key {
        Key::Api(ApiKey::LongTerm(key)) => ("long-term-api-key", Some(key.second), None),
        Key::Api(ApiKey::ShortTerm(key)) => ("short-term-api-key", None, key.made_with.map(AccessKeyKind::prefix)),
        Key::AccessKeyId(id) => {
            let kind = match id.kind {
                AccessKeyKind::LongLived => "access-key-id",
                AccessKeyKind::Temporary => "temporary-access-key-id",
                AccessKeyKind::Bearer => "sts-bearer-token-id",
                AccessKeyKind::ServiceSpecific => "service-specific-credential-id",
            };
            (kind, None, None)
        }
    };
    KeyRow {
        kind,
        prefix: found.prefix(),
        state: found.state(as_of).as_str(),
        name: found.name.as_deref().map(printable),
        line: found.line,
        region: found.region().map(printable),
        issued: found.issued().map(|at| at.to_string()),
        expires: found.expires().map(|at| at.to_string()),
        account: found.account().map(printable),
        user: found.user().map(printable),
        second,
        made_with,
        used_as: found.used_as(),
        warnings: found.warnings(origin, as_of).iter().map(|warning| printable(warning)).collect(),
    }
}
