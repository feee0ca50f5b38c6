//! Which adapters of a scan an account may speak about, and which may run as a role or user of it.

use super::{Holder, HolderKind, Identity, Principal};
use crate::adapter::{Credential, Field};
use crate::bedrock::{AccessKeyKind, ApiKey};
use crate::link::Linked;
use crate::reading::AdapterReading;

/// Whose credentials an adapter calls with, as far as its settings say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Account {
    /// Those of the account that is asked, or of whoever runs it.
    Own,
    /// A profile, which is of whatever account it is.
    Open,
    /// Those of another account.
    Other,
}

/// Whose credentials an adapter calls with: its API key, access key or role, each where it is used or may be.
pub(crate) fn account_of(adapter: &AdapterReading, account: &str) -> Account {
    let (auth, read) = (&adapter.fact.adapter.auth, &adapter.credentials);
    let of_key = read.api_key.as_ref().filter(|_| read.may_use(Credential::ApiKey)).and_then(ApiKey::account);
    let of_access_key = read.access_key_id.as_ref().filter(|_| read.may_use(Credential::AccessKeys));
    let of_role = auth.role.as_ref().filter(|_| read.may_use(Credential::Role)).and_then(Field::account_of_arn);
    let named = [of_key, of_access_key.and_then(|id| id.account.as_deref()), of_role];
    let is_profile = auth.profile.as_ref().is_some_and(Field::is_filled) && read.may_use(Credential::Profile);
    match named.into_iter().flatten().any(|named| named != account) {
        true => Account::Other,
        false if is_profile => Account::Open,
        false => Account::Own,
    }
}

/// The adapters that may run as a principal: those whose settings name no other credentials than its own, as indexes in
/// [`Linked::adapters`]. `readings` are those of the adapters, in order.
pub(super) fn of(
    principal: &Principal,
    identity: &Identity,
    readings: &[AdapterReading],
    linked: &Linked,
) -> Vec<usize> {
    let numbered = readings.iter().take(linked.adapters.len()).enumerate();
    let runs = numbered.filter(|(_, reading)| {
        account_of(reading, &identity.account) == Account::Own && may_be(&principal.holder, &principal.arn, reading)
    });
    runs.map(|(index, _)| index).collect()
}

/// Whether the credentials of an adapter may be those of a role or user.
fn may_be(holder: &Holder, arn: &str, reading: &AdapterReading) -> bool {
    let (auth, read) = (&reading.fact.adapter.auth, &reading.credentials);
    let is_user = holder.kind == HolderKind::User;
    let key = read.api_key.as_ref().filter(|_| read.may_use(Credential::ApiKey));
    let of_key = match key {
        Some(ApiKey::LongTerm(key)) => is_user && key.user.as_deref().is_none_or(|user| user == holder.name),
        // whoever made it may have been anybody of the account
        Some(ApiKey::ShortTerm(_)) | None => true,
    };
    let access_key = read.access_key_id.as_ref().filter(|_| read.may_use(Credential::AccessKeys));
    let of_access_key = access_key.is_none_or(|id| is_user || id.kind != AccessKeyKind::LongLived);
    let role = auth.role.as_ref().filter(|_| read.may_use(Credential::Role)).and_then(Field::given);
    let of_role = role.is_none_or(|role| role == arn || (!is_user && role == holder.name));
    of_key && of_access_key && of_role
}
