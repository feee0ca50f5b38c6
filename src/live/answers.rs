//! What an account answered about what the scan calls: plain values that rules judge by.

use std::collections::BTreeMap;

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
    /// What application inference profiles copy: by ARN, a bare model id or the id of a system-defined profile.
    pub applications: BTreeMap<String, String>,
    /// Whether Anthropic's use-case form was sent; `None` if that was not asked or not answered.
    pub use_case_sent: Option<bool>,
    /// The long-term API keys that the users of the account have, by user; a user that is gone has none.
    pub keys: BTreeMap<String, Vec<KeyRecord>>,
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
