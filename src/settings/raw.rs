//! The settings file as it is written. The JSON Schema is generated from these types, so it cannot disagree with them.

use std::collections::BTreeMap;

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::names::{Geography, ModelPattern, RegionCode, RegionPattern};
use super::paths::Pattern;
use super::platforms::PlatformVersion;
use super::shapes::{AtLeastOne, OneOrMany, Spanned};
use super::words::{Account, FilePath, LastDay, Pointer, Reason, RuleName, UserName};
use crate::finding::Severity;

/// Settings of bedrock-lint. Paths are relative to the folder of this file.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct RawSettings {
    /// The severity of rules, or `off`. A rule that is off by default is on once it has a severity.
    pub(super) rules: BTreeMap<RuleName, Level>,
    /// Files and folders that are not walked. A file named on the command line is always read.
    pub(super) exclude: OneOrMany<Pattern>,
    /// Only these files and folders are walked.
    pub(super) include: OneOrMany<Pattern>,
    /// What the policies in files are, where their content does not say.
    pub(super) kinds: RawKinds,
    /// Files and folders of examples: placeholders in them are notes.
    pub(super) examples: OneOrMany<Pattern>,
    /// Findings that are known and meant, with the reason.
    pub(super) ignore: Vec<RawIgnore>,
    /// Adapters and the policies they run as.
    pub(super) pairs: Vec<Spanned<RawPair>>,
    /// Long-term Amazon Bedrock API keys, which do not tell their Region.
    pub(super) api_keys: Vec<Spanned<RawKey>>,
    /// The platforms that are deployed, by version.
    pub(super) platforms: RawPlatforms,
    /// What may be called at all.
    pub(super) limits: RawLimits,
    /// A catalogue of models and routes in the place of the one compiled in, as `models --refresh` writes it.
    pub(super) catalog: Option<Spanned<FilePath>>,
    /// The least severity that makes the exit code 1.
    pub(super) fail_on: Option<Spanned<FailOn>>,
    /// Also show what is merely possible, and rules that are off by default.
    pub(super) pedantic: Option<Spanned<bool>>,
}

/// Files by the kind of the policies in them.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(rename = "Kinds"))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct RawKinds {
    /// Attached to a user, group or role.
    pub(super) identity: OneOrMany<Pattern>,
    /// Service control policies.
    pub(super) scp: OneOrMany<Pattern>,
    /// Permissions boundaries.
    pub(super) boundary: OneOrMany<Pattern>,
    /// Session policies.
    pub(super) session: OneOrMany<Pattern>,
    /// Trust policies of roles.
    pub(super) trust: OneOrMany<Pattern>,
}

/// Findings that are known and meant.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(rename = "Ignore"))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct RawIgnore {
    /// The rule, or several.
    pub(super) rule: AtLeastOne<Spanned<RuleName>>,
    /// The files.
    pub(super) path: Spanned<Pattern>,
    /// Only in the statement with this `Sid`.
    #[serde(default)]
    pub(super) sid: Option<String>,
    /// Only at this place or below it: a JSON pointer. In lists, a name (`Sid`, `PolicyName`, `RoleName`, …) may stand for
    /// the number, and survives moves.
    #[serde(default)]
    pub(super) pointer: Option<Pointer>,
    /// Why it is meant.
    pub(super) reason: Reason,
    /// The last day on which it applies, such as `2027-03-31`.
    #[serde(default)]
    pub(super) until: Option<Spanned<LastDay>>,
}

/// Adapters and the policies they run as, under their ceilings.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(rename = "Pair"))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct RawPair {
    /// The adapters.
    pub(super) adapters: AtLeastOne<Spanned<Pattern>>,
    /// The identity policies of the principal that the adapters run as.
    pub(super) policies: AtLeastOne<Spanned<Pattern>>,
    /// The account of the principal, in quotes.
    #[serde(default)]
    pub(super) account: Option<Spanned<Account>>,
    /// Service control policies by level of the organization, root first. Several files may make up a level.
    #[serde(default)]
    pub(super) scps: Option<AtLeastOne<AtLeastOne<Spanned<Pattern>>>>,
    /// The permissions boundary of the principal.
    #[serde(default)]
    pub(super) boundary: Option<Spanned<Pattern>>,
    /// The policies of its session.
    #[serde(default)]
    pub(super) session: Option<AtLeastOne<Spanned<Pattern>>>,
}

/// A long-term Amazon Bedrock API key.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(rename = "ApiKey"))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct RawKey {
    /// The files that use it.
    pub(super) path: AtLeastOne<Spanned<Pattern>>,
    /// The Region that it was issued for.
    pub(super) region: Spanned<RegionCode>,
    /// Only the key of this IAM user.
    #[serde(default)]
    pub(super) user: Option<UserName>,
}

/// The platforms that are deployed, by version.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(rename = "Platforms"))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct RawPlatforms {
    /// Unstract, such as `v0.159.3`.
    pub(super) unstract: Option<Spanned<PlatformVersion>>,
}

/// What may be called at all. What is left out is not limited.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(rename = "Limits"))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct RawLimits {
    /// Allowed prefixes of inference profiles, `global` being one. An empty list allows none.
    pub(super) geographies: Option<Spanned<OneOrMany<Geography>>>,
    /// Allowed models: ids without a prefix, or patterns of them with `*` and `?`.
    pub(super) models: Option<Spanned<AtLeastOne<ModelPattern>>>,
    /// Allowed source Regions, or patterns of them with `*` and `?`.
    pub(super) regions: Option<Spanned<AtLeastOne<RegionPattern>>>,
}

/// The severity of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not judged.
    Off,
    /// Fails at run time.
    Error,
    /// Will hurt some day.
    Warning,
    /// Worth knowing.
    Note,
}

/// The least severity that makes the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Errors.
    Error,
    /// Errors and warnings.
    Warning,
    /// Any finding.
    Note,
    /// No finding.
    Never,
}

impl Level {
    /// The severity; none for `off`.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
        }
    }
}

impl FailOn {
    /// The severity; none for `never`.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

#[cfg(test)]
mod schema {
    use schemars::transform::transform_subschemas;
    use schemars::{Schema, json_schema};
    use serde_json::Value;

    use super::*;
    use crate::rules;

    /// A key may be left out, but not without a value.
    fn without_null(schema: &mut Schema) {
        transform_subschemas(&mut without_null, schema);
        if schema.get("default").is_some_and(Value::is_null) {
            schema.remove("default");
        }
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                schema.insert("type".to_owned(), only);
            }
        }
        if let Some(Value::Array(shapes)) = schema.get_mut("anyOf") {
            shapes.retain(|shape| shape.get("type").is_none_or(|name| name != "null"));
            if let [Value::Object(only)] = shapes.as_mut_slice() {
                let only = std::mem::take(only);
                schema.remove("anyOf");
                for (key, value) in only {
                    schema.insert(key, value);
                }
            }
        }
    }

    /// `UPDATE_SCHEMAS=1 cargo test --lib settings` writes it.
    #[test]
    fn the_committed_schema_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/settings.schema.json");
        let mut schema = schemars::schema_for!(RawSettings);
        let names = json_schema!({ "enum": rules::all().iter().map(|rule| rule.slug).collect::<Vec<_>>() });
        if let Some(serde_json::Value::Object(rules)) = schema.pointer_mut("/properties/rules") {
            rules.insert("propertyNames".to_owned(), names.to_value());
        }
        without_null(&mut schema);
        schema.insert("title".to_owned(), "bedrock-lint settings".into());
        let current = serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n";
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            assert!(std::fs::write(path, &current).is_ok());
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == current,
            "schemas/settings.schema.json is stale: UPDATE_SCHEMAS=1 cargo test --lib settings"
        );
    }
}
