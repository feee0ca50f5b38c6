//! What a key is for, and what to beware of.

use super::{FoundKey, Key, Origin, State};
use crate::bedrock::{AccessKeyKind, ApiKey, Catalogue, LongTermKey, Moment, ShortTermKey};

impl FoundKey {
    /// What uses it.
    ///
    /// Sources: Amazon Bedrock User Guide, "How Amazon Bedrock API keys work" and "Use an Amazon Bedrock API key"; IAM User
    /// Guide, "Manage access keys" and "IAM identifiers".
    #[must_use]
    pub fn used_as(&self) -> &'static str {
        match &self.key {
            Key::Api(_) => {
                "`AWS_BEARER_TOKEN_BEDROCK`, or the Bedrock API key of a client; the caller also needs \
                 `bedrock:CallWithBearerToken`"
            }
            Key::AccessKeyId(id) => match id.kind {
                AccessKeyKind::LongLived => "`AWS_ACCESS_KEY_ID`, together with its secret access key",
                AccessKeyKind::Temporary => {
                    "`AWS_ACCESS_KEY_ID`, together with its secret access key and its session token \
                     (`AWS_SESSION_TOKEN`)"
                }
                AccessKeyKind::Bearer => "nothing by itself: it names a bearer token",
                AccessKeyKind::ServiceSpecific => {
                    "nothing by itself: IAM names a credential for one service by it, such as a long-term Bedrock API key"
                }
            },
        }
    }

    /// What to beware of.
    #[must_use]
    pub fn warnings(&self, origin: Origin, as_of: Moment) -> Vec<String> {
        let mut warnings = match &self.key {
            Key::Api(key) if key.is_filler() => {
                vec!["it is cut short, damaged or made up: Amazon Bedrock refuses it".to_owned()]
            }
            Key::AccessKeyId(id) if id.is_example() => vec!["it is an example, and belongs to nobody".to_owned()],
            _ => Vec::new(),
        };
        match &self.key {
            Key::Api(ApiKey::LongTerm(key)) => warnings.extend(of_long_term(key, origin)),
            Key::Api(ApiKey::ShortTerm(key)) => {
                let state = self.state(as_of);
                warnings.extend(of_short_term(key, origin, state, as_of));
            }
            Key::AccessKeyId(id) if id.kind == AccessKeyKind::Temporary => {
                let token = if self.has_session_token { "which stands here too" } else { "which does not stand here" };
                warnings.push(format!(
                    "it is refused without its session token, {token}, and ends with the session; a client without a \
                     setting for the token, such as Unstract, cannot use it"
                ));
            }
            Key::AccessKeyId(_) => {}
        }
        warnings
    }
}

fn of_long_term(key: &LongTermKey, origin: Origin) -> Vec<String> {
    let mut warnings = Vec::new();
    if origin == Origin::File && !key.filler {
        warnings.push("it stands in a file: whoever can read that can use it, until it is deleted in IAM".to_owned());
    }
    let user = key.user.as_deref().unwrap_or("USER");
    warnings.push(format!(
        "it may have been made for one Region, or to end on a day, and does not tell: `aws iam \
         list-service-specific-credentials --user-name {user}` lists the keys of the user"
    ));
    warnings
}

fn of_short_term(key: &ShortTermKey, origin: Origin, state: State, as_of: Moment) -> Vec<String> {
    let mut warnings = Vec::new();
    if state == State::Expired {
        warnings.push("it has ended: every call with it is refused (`Bearer Token has expired`)".to_owned());
    } else if key.made_with == Some(AccessKeyKind::Temporary) {
        warnings
            .push("it was made with temporary credentials, and ends with them if they end before it does".to_owned());
    }
    let catalogue = Catalogue::builtin();
    if let Some(region) = key.region.as_deref().filter(|region| catalogue.region(region).is_none()) {
        warnings.push(format!(
            "no Region `{region}` is known as of {}: unless it is newer, the key can be used nowhere",
            catalogue.as_of()
        ));
    }
    if key.issued.is_some_and(|issued| as_of.is_before(issued)) {
        warnings.push("it was made later than that: a clock is wrong, here or where it was made".to_owned());
    }
    if origin == Origin::File {
        warnings.push(
            "it stands in a file, and ends twelve hours after it was made at the latest: a program makes such keys when it \
             needs them, and what stores a key needs a long-term one"
                .to_owned(),
        );
    }
    warnings
}
