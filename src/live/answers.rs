//! What an account answered about what the scan calls: plain values that rules judge by.

use std::collections::{BTreeMap, BTreeSet};

use super::{Availability, KeyRecord};

/// What an account said about the models and keys of a scan. What it was not asked, or did not answer, is not in here and
/// not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The account, 12 digits.
    pub account: String,
    /// By Region and bare model id.
    pub availability: BTreeMap<(String, String), Availability>,
    /// By Region and profile id or ARN.
    pub profiles: BTreeMap<(String, String), ModelAnswer>,
    /// The bare ids that a Region serves on-demand, of Regions that were asked.
    pub on_demand: BTreeMap<String, BTreeSet<String>>,
    /// What application inference profiles copy: by ARN, a bare model id or the id of a system-defined profile.
    pub applications: BTreeMap<String, String>,
    /// Whether Anthropic's use-case form was sent; `None` if that was not asked or not answered.
    pub use_case_sent: Option<bool>,
    /// The long-term API keys that the users of the account have, by user; a user that is gone has none.
    pub keys: BTreeMap<String, Vec<KeyRecord>>,
}

impl Answers {
    /// Whether the account says that an id can be called from a Region, whatever the catalogue knows.
    #[must_use]
    pub fn serves(&self, region: &str, id: &str) -> bool {
        let profile = self.profiles.get(&(region.to_owned(), id.to_owned()));
        profile == Some(&ModelAnswer::Active) || self.on_demand.get(region).is_some_and(|ids| ids.contains(id))
    }
}

/// Whether something is there to be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelAnswer {
    /// It is, and active.
    Active,
    /// It is, and not active.
    Inactive,
    /// It is not.
    Missing,
}
