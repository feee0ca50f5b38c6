//! How long a policy may be.
//!
//! Sources: IAM User Guide, "IAM and AWS STS quotas" (white space does not count); AWS Organizations User Guide, "Quotas
//! and service limits".

use super::document::Document;
use super::{Kind, json};

/// Characters of a managed policy.
const MANAGED: usize = 6_144;
/// Characters of all inline policies of a role together.
const INLINE: usize = 10_240;
/// Characters of a service control policy.
const SCP: usize = 5_120;

/// Characters of a document in JSON without white space; an open account counts as the twelve digits that it will be.
#[must_use]
pub fn size(document: &Document) -> usize {
    json::tree(document, "111122223333").to_string().chars().count()
}

/// What to do about a document that is too long for its kind; `None` if it is not.
#[must_use]
pub fn too_long(document: &Document, kind: Kind) -> Option<String> {
    let size = size(document);
    let shorter = "write `*` in the place of the Regions of a model, which grants it in all of them, or split the policy \
                   by models";
    match kind {
        Kind::Scp if size > SCP => Some(format!(
            "the policy has {size} characters, and a service control policy {SCP} at most: drop global services that the \
             organization does not use, or write a pattern of profiles, such as `inference-profile/us.*`"
        )),
        Kind::Identity if size > INLINE => Some(format!(
            "the policy has {size} characters, and the inline policies of a role {INLINE} at most, a managed policy \
             {MANAGED}: {shorter}"
        )),
        Kind::Identity if size > MANAGED => Some(format!(
            "the policy has {size} characters, and a managed policy {MANAGED} at most: make it an inline policy of a \
             role ({INLINE} with all others of the role), {shorter}"
        )),
        Kind::Scp | Kind::Identity => None,
    }
}
