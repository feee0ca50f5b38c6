//! Long-term Bedrock API keys of the scan, matched to the credentials of their users: by user and account, never by the
//! secret, which is not kept of a key that is read, and which IAM does not give.

use std::collections::{BTreeMap, BTreeSet};

use super::parallel::each;
use super::{Account, Failure, FailureKind, Gaps, KeyRecord};
use crate::bedrock::ApiKey;
use crate::reading::AdapterReading;

/// The users of an account whose long-term keys stand in the scan.
pub(super) fn users(adapters: &[AdapterReading], account: &str) -> BTreeSet<String> {
    let keys = adapters.iter().filter_map(|adapter| match &adapter.credentials.api_key {
        Some(ApiKey::LongTerm(key)) if key.account.as_deref() == Some(account) && !key.filler => key.user.as_deref(),
        _ => None,
    });
    keys.map(str::to_owned).collect()
}

/// The keys that these users have. A user that is gone has none.
pub(super) fn of_users(
    users: &BTreeSet<String>,
    account: &dyn Account,
    gaps: &Gaps,
) -> BTreeMap<String, Vec<KeyRecord>> {
    let users: Vec<&String> = users.iter().collect();
    let keys = each(&users, |user| {
        let asked = match account.api_keys(user) {
            Err(Failure { kind: FailureKind::NotFound, .. }) => Ok(Vec::new()),
            asked => asked,
        };
        gaps.of(asked, || format!("Bedrock API keys of user {user}"))
    });
    users.into_iter().zip(keys).filter_map(|(user, keys)| Some((user.clone(), keys?))).collect()
}
