//! The domain model of Amazon Bedrock, on plain strings, and the compiled-in
//! facts behind it.
//!
//! Three files of facts are compiled in, each parsed when it is first asked for:
//! models, profiles, routes and Regions ([`Catalogue`], from
//! `catalog/bedrock.json`), IAM actions, condition keys and resource types
//! ([`ActionCatalogue`], from `catalog/iam.json`), and the policies that AWS manages
//! ([`may_grant_bedrock`], from `catalog/managed-policies.json`).
//!
//! The `classify_*` functions say what a string in a certain place *is*. They
//! follow one rule: a list of names grows old, so a well-formed name that is not
//! in the list is `Unknown`, never a mistake. Only a documented mistake or a
//! misspelling of a known name is called one. The `is_…_shaped` functions ask no
//! list: they tell what a string is meant to be, wherever it stands.

mod actions;
mod arn;
mod catalogue;
#[cfg(test)]
mod catalogue_tests;
mod credential;
mod endpoint;
mod evidence;
mod id;
mod keys;
mod lifecycle;
mod managed;
mod marketplace;
mod model;
mod prefix_name;
mod profile;
mod raw;
mod raw_iam;
mod region;
mod region_name;
mod sampling;
mod shape;
mod spelling;
mod standing;
mod successor;
mod thinking;

pub use actions::{Action, ActionCatalogue, ActionKind};
pub use arn::{ArnField, ArnFields, FieldRule, ResourceType, is_account_id};
pub use catalogue::{Catalogue, CatalogueError, Source};
pub use credential::{
    AccessKeyId, AccessKeyKind, ApiKey, ForeignKey, LongTermKey, Moment, ShortTermKey, find_secret,
    looks_like_secret_access_key, looks_like_session_token, looks_random,
};
pub(crate) use credential::{Word, is_mixed, words};
pub use endpoint::{EndpointUrl, is_url_of_aws};
pub use evidence::Evidence;
pub use id::{IdMistake, ModelIdKind, classify_id, classify_runtime_id};
pub use keys::{ConditionKey, ConditionKeyKind, KeyScope, KeyType};
pub use lifecycle::{Lifecycle, LifecycleConfidence, LifecycleState, LifecycleStatus};
pub use managed::{is_managed_by_aws, may_grant_bedrock};
pub use marketplace::{MARKETPLACE_REGION, sold_through_marketplace};
pub use model::{Access, Endpoint, Model, ModelKind, Truth};
pub use prefix_name::{PrefixName, classify_prefix};
pub use profile::{Prefix, Profile, ProfileConfidence, ProfileStatus, Route, Scope};
pub use region::{Partition, Region, RegionSet};
pub use region_name::{RegionName, classify_region, is_region_like, is_region_shaped};
pub use sampling::{Accepted, Sampling};
pub use shape::{is_bare_id, is_model_shaped, model_stems, names_provider};
pub use standing::Standing;
pub use successor::{SuccessorBasis, Successors};
pub use thinking::{Thinking, ThinkingDefault, ThinkingMode, ThinkingStyle};
