//! Credentials, and what they say of themselves without being used.
//!
//! Everything here answers from the text alone and keeps nothing of a secret: the values that these functions give hold
//! names, accounts, Regions and times, so they can be printed, compared and logged. Decoded bytes live no longer than
//! the function that reads them. They are not overwritten: the file that the key came from is in memory as text anyway.

mod access_key;
mod api_key;
mod foreign;
mod moment;
mod shape;
mod words;

pub use access_key::{AccessKeyId, AccessKeyKind};
pub use api_key::{ApiKey, LongTermKey, ShortTermKey};
pub use foreign::ForeignKey;
pub use moment::Moment;
pub(crate) use shape::is_mixed;
pub use shape::{find_secret, looks_like_secret_access_key, looks_like_session_token, looks_random};
pub(crate) use words::{Word, words};

/// Twelve digits, as accounts are written.
fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
