//! The shape of `catalog/iam.json`, and its names resolved.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::actions::{Action, ActionCatalogue};
use super::arn::ResourceType;
use super::keys::{ConditionKey, KeyScope, KeyType};

type Text = Box<str>;

#[derive(Deserialize)]
pub(super) struct RawIam {
    meta: RawMeta,
    prefixes: BTreeMap<Text, RawService>,
    overrides: RawOverrides,
}

#[derive(Deserialize)]
struct RawMeta {
    generated: Text,
    not_iam_prefixes: Vec<Text>,
}

#[derive(Deserialize)]
struct RawService {
    #[serde(default)]
    actions: BTreeMap<Text, RawAction>,
    #[serde(default)]
    actions_names_only: Vec<Text>,
    #[serde(default)]
    resource_types: BTreeMap<Text, RawType>,
    #[serde(default)]
    condition_keys: RawKeys,
}

#[derive(Deserialize)]
struct RawAction {
    access: Text,
    resources: Vec<Text>,
    #[serde(default)]
    condition_keys: Vec<Text>,
}

#[derive(Deserialize)]
struct RawType {
    arn: Text,
    #[serde(default)]
    condition_keys: Vec<Text>,
}

/// Some services are recorded with types, some with names alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum RawKeys {
    Typed(BTreeMap<Text, KeyType>),
    Names(Vec<Text>),
}

impl Default for RawKeys {
    fn default() -> Self {
        Self::Names(Vec::new())
    }
}

#[derive(Deserialize)]
struct RawOverrides {
    resource_types: BTreeMap<Text, BTreeMap<Text, RawType>>,
    action_condition_keys: BTreeMap<Text, RawAdd>,
    global_condition_keys: BTreeMap<Text, RawGlobal>,
    iam_actions_used_with_bedrock_keys: BTreeMap<Text, RawAction>,
}

#[derive(Deserialize)]
struct RawAdd {
    add: Vec<Text>,
}

#[derive(Deserialize)]
struct RawGlobal {
    #[serde(rename = "type")]
    key_type: KeyType,
    also_type: Option<KeyType>,
    multivalued: bool,
    #[serde(default)]
    no_wildcard: bool,
    #[serde(default)]
    not_in_bedrock_requests: bool,
}

/// Compares as IAM compares action and key names: without case.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let mut pairs = a.bytes().zip(b.bytes());
    pairs
        .find_map(|(x, y)| {
            let order = x.to_ascii_lowercase().cmp(&y.to_ascii_lowercase());
            order.is_ne().then_some(order)
        })
        .unwrap_or_else(|| a.len().cmp(&b.len()))
}

impl RawIam {
    pub(super) fn resolve(self) -> ActionCatalogue {
        let mut actions = Vec::new();
        let mut keys = Vec::new();
        let mut types = Vec::new();
        let mut services = Vec::new();
        for (name, raw) in self.overrides.iam_actions_used_with_bedrock_keys {
            keys.extend(raw.condition_keys.iter().map(|key| iam_key(key)));
            actions.push(recorded(name, raw));
        }
        for (name, raw) in self.overrides.global_condition_keys {
            keys.push(global_key(name, &raw));
        }
        for (service, raw) in self.prefixes {
            for (name, action) in raw.actions {
                actions.push(recorded(format!("{service}:{name}").into(), action));
            }
            for name in raw.actions_names_only {
                actions.push(Action {
                    name: format!("{service}:{name}").into(),
                    access: None,
                    resources: None,
                    condition_keys: Vec::new(),
                });
            }
            for (name, one) in raw.resource_types {
                types.extend(ResourceType::new(&service, name, one.arn, one.condition_keys));
            }
            keys.extend(service_keys(raw.condition_keys));
            services.push(service);
        }
        for (name, extra) in self.overrides.action_condition_keys {
            let found = actions.iter_mut().find(|action| action.name == name);
            found.into_iter().for_each(|action| {
                action.condition_keys.extend_from_slice(&extra.add);
            });
        }
        for extra in self.overrides.resource_types.into_values() {
            for one in extra.into_values() {
                allow_both_forms(&mut types, &one.arn);
            }
        }
        actions.sort_by(|a, b| compare(&a.name, &b.name));
        // the global entry of a key says more than a service's, and comes first
        keys.sort_by(|a, b| compare(&a.name, &b.name));
        keys.dedup_by(|later, first| later.name == first.name);
        ActionCatalogue {
            generated: self.meta.generated,
            services,
            not_services: self.meta.not_iam_prefixes,
            actions,
            keys,
            types,
        }
    }
}

fn recorded(name: Text, raw: RawAction) -> Action {
    Action { name, access: Some(raw.access), resources: Some(raw.resources), condition_keys: raw.condition_keys }
}

/// The two keys of IAM that govern Bedrock API keys; the file names them only
/// under their actions. Types from the IAM service authorization reference.
fn iam_key(name: &str) -> ConditionKey {
    let numeric = name.ends_with("AgeDays");
    ConditionKey {
        name: name.into(),
        key_type: Some(if numeric { KeyType::Numeric } else { KeyType::String }),
        also_type: None,
        multivalued: false,
        scope: KeyScope::Service,
        no_wildcard: false,
        in_bedrock_requests: false,
    }
}

fn global_key(name: Text, raw: &RawGlobal) -> ConditionKey {
    ConditionKey {
        name,
        key_type: Some(raw.key_type),
        also_type: raw.also_type,
        multivalued: raw.multivalued,
        scope: KeyScope::Global,
        no_wildcard: raw.no_wildcard,
        in_bedrock_requests: !raw.not_in_bedrock_requests,
    }
}

fn service_keys(raw: RawKeys) -> Vec<ConditionKey> {
    let key = |name, key_type: Option<KeyType>| ConditionKey {
        name,
        key_type,
        also_type: None,
        multivalued: key_type.is_some_and(KeyType::is_array),
        scope: KeyScope::Service,
        no_wildcard: false,
        in_bedrock_requests: true,
    };
    match raw {
        RawKeys::Typed(map) => map.into_iter().map(|(name, of)| key(name, Some(of))).collect(),
        RawKeys::Names(names) => names.into_iter().map(|name| key(name, None)).collect(),
    }
}

/// An override gives a type a second ARN form (the Region-less foundation-model
/// ARN of global profiles): fields where the two differ may be empty or filled.
fn allow_both_forms(types: &mut [ResourceType], arn: &str) {
    let Some(second) = ResourceType::new("", "".into(), arn.into(), Vec::new()) else {
        return;
    };
    for first in types.iter_mut().filter(|one| one.service == second.service && one.arn_type == second.arn_type) {
        first.region = first.region.or(second.region);
        first.account = first.account.or(second.account);
    }
}
