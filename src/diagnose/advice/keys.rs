//! Advice about credentials. What is told of a key is what it says of itself, never the key.

use super::Advised;
use crate::bedrock::{ApiKey, LongTermKey, ShortTermKey};
use crate::diagnose::facts::KeyFact;
use crate::diagnose::situation::Situation;

/// What the keys in the text say of themselves, and how to make another.
pub(super) fn api_key(on: Situation<'_>) -> Vec<Advised> {
    let mut advised: Vec<Advised> = on.facts.keys.iter().filter_map(|key| told(key, on)).collect();
    let region = on.region().or_else(|| on.short_term_keys().find_map(|key| key.region.as_deref()));
    let region = region.map_or("the Region that is called".to_owned(), |region| format!("`{region}`"));
    advised.push(Advised::listed(
        format!("make a new key in {region}, and set it wherever the old one is set; then restart what reads it"),
        [
            "AWS_BEARER_TOKEN_BEDROCK where the call is made",
            "a program that runs longer makes short-term keys anew with AWS's token generator, or signs with a role",
        ],
    ));
    advised
}

fn told(key: &KeyFact, on: Situation<'_>) -> Option<Advised> {
    match key {
        KeyFact::Api(ApiKey::ShortTerm(key)) => Some(Advised::plain(short(key, on))),
        KeyFact::Api(ApiKey::LongTerm(key)) => Some(Advised::plain(long(key))),
        KeyFact::Foreign(key) => Some(Advised::plain(format!(
            "the text holds a key of {}, which Amazon Bedrock does not take",
            key.service()
        ))),
        KeyFact::Access(_) => None,
    }
}

fn short(key: &ShortTermKey, on: Situation<'_>) -> String {
    let mut told = "the API key in the text is a short-term one".to_owned();
    if let Some(region) = &key.region {
        told.push_str(&format!(", made for `{region}`"));
        match on.region() {
            Some(called) if called != &**region => told.push_str(&format!(" while `{called}` is called")),
            _ => {}
        }
    }
    if let Some(issued) = key.issued {
        told.push_str(&format!(", at {issued}"));
    }
    match (key.expires(), on.has_expired(key)) {
        (Some(end), Some(true)) => told.push_str(&format!("; it ended at {end} at the latest, before {}", on.as_of)),
        (Some(end), _) => told.push_str(&format!("; it ends at {end} at the latest, or with the session that made it")),
        (None, _) => {}
    }
    told
}

fn long(key: &LongTermKey) -> String {
    let user = key.user.as_deref().map_or(String::new(), |user| format!(" of the IAM user `{user}`"));
    let account = key.account.as_deref().map_or(String::new(), |account| format!(" in account `{account}`"));
    format!(
        "the API key in the text is a long-term one{user}{account}: `aws iam list-service-specific-credentials` shows \
         whether it is active and when it ends"
    )
}

/// How to call without an API key.
pub(super) fn without() -> Advised {
    Advised::listed(
        "or call without an API key: it wins over every other credential as long as it is set",
        ["unset AWS_BEARER_TOKEN_BEDROCK"],
    )
}

/// Where credentials are looked for.
pub(super) fn missing() -> Advised {
    Advised::listed(
        "give the program one of these",
        [
            "AWS_BEARER_TOKEN_BEDROCK, an Amazon Bedrock API key, if the SDK knows that name",
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, with AWS_SESSION_TOKEN if the first begins with ASIA",
            "AWS_PROFILE, a profile of ~/.aws/config",
            "a role of the pod, the task, the function or the instance",
        ],
    )
}

/// What to look at in access keys.
pub(super) fn access_keys(on: Situation<'_>) -> Advised {
    let region = on.region().map_or("the Region".to_owned(), |region| format!("`{region}`"));
    Advised::listed(
        "make the call with credentials that belong together and are of today",
        [
            "aws sso login, or assume the role again, where they are temporary".to_owned(),
            "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN from one source, or none of them"
                .to_owned(),
            format!("an account that has {region} enabled, if it is opt-in"),
        ],
    )
}
