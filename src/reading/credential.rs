//! What the settings of an adapter say of its credentials: which of them is used, and what each says of itself. Nothing
//! of a secret is kept.

use crate::adapter::{Adapter, AuthMode, Credential, Field};
use crate::bedrock::{AccessKeyId, ApiKey, looks_like_secret_access_key};
use crate::similar::nearest;

/// The credentials of an adapter, read.
#[derive(Clone, Debug)]
pub struct CredentialReading {
    /// What the setting that chooses between credentials says, as meant.
    pub mode: AuthMode,
    /// Whether that is filled in later, so that it is not known which credential is used.
    pub chosen_later: bool,
    /// The words that its word is near to, best first, where it is one that the client does not know.
    pub nearest: Vec<&'static str>,
    /// The credential that the client uses of those that are configured, if that is known.
    pub used: Option<Credential>,
    /// What the id of the access key says, if it is known and one.
    pub access_key_id: Option<AccessKeyId>,
    /// Whether the secret of the access key stands in the file, by its shape.
    pub has_secret_access_key: bool,
    /// What the Bedrock API key says, if it is known and one. One that is nobody's counts as long as it says something:
    /// it is what the file means to use, unless the file is an example.
    pub api_key: Option<ApiKey>,
}

impl CredentialReading {
    /// Reads the credentials of an adapter. `example` tells whether its file is there to be filled in.
    #[must_use]
    pub fn new(adapter: &Adapter, example: bool) -> Self {
        let auth = &adapter.auth;
        let known = adapter.consumer.auth_types();
        let word = auth.declared.as_ref().filter(|_| auth.mode == AuthMode::Unknown).and_then(Field::literal);
        let words = known.iter().map(|known| known.word);
        let nearest = word.map_or_else(Vec::new, |word| nearest(words, word.trim(), known.len()));
        let meant = match nearest.as_slice() {
            [one] => known.iter().find(|known| known.word == *one),
            _ => None,
        };
        let mode = meant.map_or(auth.mode, |meant| AuthMode::Chosen(meant.credential));
        let chosen_later = mode == AuthMode::Open && auth.declared.as_ref().is_some_and(Field::is_filled);
        Self {
            mode,
            chosen_later,
            nearest,
            used: adapter.consumer.winner(auth, mode).filter(|_| !chosen_later),
            access_key_id: given(auth.access_key_id.as_ref()).and_then(AccessKeyId::read),
            has_secret_access_key: given(auth.secret_access_key.as_ref()).is_some_and(looks_like_secret_access_key),
            api_key: given(auth.api_key.as_ref()).and_then(ApiKey::read).filter(|key| is_meant(key, example)),
        }
    }

    /// Whether a kind of credential may be what the client uses: nothing else is known to be.
    #[must_use]
    pub fn may_use(&self, credential: Credential) -> bool {
        self.used.is_none_or(|used| used == credential)
    }
}

fn is_meant(key: &ApiKey, example: bool) -> bool {
    let says_something = match key {
        ApiKey::LongTerm(key) => key.account.is_some(),
        ApiKey::ShortTerm(key) => key.presigned,
    };
    !key.is_filler() || (says_something && !example)
}

fn given(field: Option<&Field>) -> Option<&str> {
    field.and_then(Field::given)
}
