//! What calls Amazon Bedrock: the model, Region, credential and limits that a client is configured with, as values with
//! spans. Knows no file format; [`Consumer`] knows what each client makes of its settings.

mod consumer;
mod litellm;
mod thinking;

use std::fmt;

use crate::bedrock::{Endpoint, is_account_id};
use crate::syntax::ScalarKind;
use crate::text::{Span, Text};

pub use consumer::{AuthType, Consumer, Credential, RegionFallback, Streams};
pub use litellm::{ModelName, other_provider, split_model_name};
pub use thinking::RequestedThinking;

/// Where LiteLLM finds the Region: keys of its own, and variables.
const LITELLM_REGIONS: [&str; 4] = ["AWS_REGION_NAME", "REGION_NAME", "AWS_REGION", "AWS_DEFAULT_REGION"];

/// One client of Amazon Bedrock, as a file configures it.
#[derive(Clone, Debug)]
pub struct Adapter {
    /// Whose settings these are.
    pub consumer: Consumer,
    /// Its name, where the file gives one: part of what fingerprints are made from.
    pub name: Option<String>,
    /// All bytes of its settings.
    pub span: Span,
    /// What it uses models for, where its settings say so.
    pub purpose: Option<Purpose>,
    /// Where its settings say the purpose, and in other words than [`Adapter::purpose`]: a type that contradicts the
    /// adapter's id.
    pub contradicted_purpose: Option<Field>,
    /// Another provider than Amazon Bedrock, as written: the models then are that provider's.
    pub other_provider: Option<Field>,
    /// The models that it calls, in the order of the file.
    pub models: Vec<ModelField>,
    /// The Region that it is to call.
    pub region: Option<Field>,
    /// Keys that look like the Region's and are read by nobody: `aws_region` where `region_name` is expected.
    pub ignored_regions: Vec<Field>,
    /// The endpoint in the place of the Region's own.
    pub endpoint: Option<Field>,
    /// What it authenticates with.
    pub auth: Auth,
    /// Extended thinking.
    pub thinking: Thinking,
    /// The most tokens of an answer.
    pub max_tokens: Option<Field>,
    /// `temperature`, `top_p` and `top_k`, as far as they are given.
    pub sampling: Vec<(SamplingParameter, Field)>,
    /// Whether the client is told to leave out the parameters that a model refuses.
    pub drops_refused_parameters: bool,
    /// The guardrail that it applies.
    pub guardrail: Guardrail,
}

/// What models are used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Text and chat.
    Llm,
    /// Embeddings.
    Embedding,
}

/// A setting as written.
#[derive(Clone, Debug)]
pub struct Field {
    /// The key.
    pub key: Text,
    /// The decoded value; what is filled in later is a hole. Of a number, boolean or null the characters of the file.
    pub value: Text,
    /// The type of the value.
    pub kind: ScalarKind,
    /// All bytes of the value, quotes included.
    pub span: Span,
}

/// A model that is called.
#[derive(Clone, Debug)]
pub struct ModelField {
    /// The setting that names it.
    pub field: Field,
    /// The id or ARN alone: without `bedrock/` and a route in front, without `[1m]` behind.
    pub id: Text,
    /// What this one is for, where the setting says so.
    pub purpose: Option<Purpose>,
    /// The endpoint that it is called on.
    pub endpoint: Endpoint,
    /// A Region that stands in the setting itself. Whether it or the adapter's is called, the client decides
    /// ([`Consumer::settings_win_over_names`]).
    pub region: Option<Text>,
    /// Whether the provider is named in front of the id (`bedrock/…`).
    pub routed: bool,
    /// Whether it only tells what model stands behind another setting's ARN, and is not called by this name.
    pub stands_behind: bool,
    /// Whether the setting asks for a foundation model, as policies, evaluations and customisation jobs want it: whoever
    /// calls it may know the profile that serves it.
    pub is_foundation: bool,
}

/// What an adapter authenticates with. `Debug` shows the names of the settings alone.
#[derive(Clone, Default)]
pub struct Auth {
    /// The setting that chooses, as written.
    pub declared: Option<Field>,
    /// What it chooses.
    pub mode: AuthMode,
    /// The id of an access key.
    pub access_key_id: Option<Field>,
    /// The secret of an access key.
    pub secret_access_key: Option<Field>,
    /// The token that temporary access keys need.
    pub session_token: Option<Field>,
    /// A Bedrock API key.
    pub api_key: Option<Field>,
    /// A profile of the shared AWS configuration.
    pub profile: Option<Field>,
    /// A role to assume, or that the environment has.
    pub role: Option<Field>,
}

/// What the setting that chooses between credentials says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthMode {
    /// There is none, or it is filled in later: the client takes what is there.
    #[default]
    Open,
    /// One of the client's words for a kind of credential.
    Chosen(Credential),
    /// A word that the client does not know.
    Unknown,
}

/// Extended thinking, as far as it is configured.
#[derive(Clone, Debug, Default)]
pub struct Thinking {
    /// The switch that turns it on.
    pub enabled: Option<Field>,
    /// `thinking.type`, where the client lets it be chosen.
    pub mode: Option<Field>,
    /// `budget_tokens`.
    pub budget: Option<Field>,
    /// Whether the model thinks between calls of tools as well, or may: the budget is then that of a whole turn, and may be
    /// above the tokens of one answer. Source: Amazon Bedrock User Guide, "Extended thinking" (`interleaved-thinking-…`).
    pub interleaved: bool,
}

/// A parameter of sampling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SamplingParameter {
    /// `temperature`.
    Temperature,
    /// `top_p`.
    TopP,
    /// `top_k`.
    TopK,
}

/// A guardrail, as far as it is configured.
#[derive(Clone, Debug, Default)]
pub struct Guardrail {
    /// Its id or ARN.
    pub identifier: Option<Field>,
    /// Its version.
    pub version: Option<Field>,
    /// Whether its decisions are traced.
    pub trace: Option<Field>,
}

impl Field {
    /// The characters of the value, as the file has them, if all of them are known and it is not null.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        self.value.literal().filter(|_| self.kind != ScalarKind::Null)
    }

    /// The value without blanks around it, if it is known and something is left.
    #[must_use]
    pub fn given(&self) -> Option<&str> {
        self.literal().map(str::trim).filter(|value| !value.is_empty())
    }

    /// The account in the ARN that is given, twelve digits, if it is one.
    #[must_use]
    pub fn account_of_arn(&self) -> Option<&str> {
        self.given()?.strip_prefix("arn:")?.split(':').nth(3).filter(|part| is_account_id(part))
    }

    /// Whether it is known to say nothing: null, empty, or blanks alone.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.kind == ScalarKind::Null || self.value.literal().is_some_and(|value| value.trim().is_empty())
    }

    /// Whether it says something, known or not.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        !self.is_blank()
    }

    /// The value as a whole number of tokens, whether it is written as a number or as a string.
    #[must_use]
    pub fn whole_number(&self) -> Option<i64> {
        self.given()?.parse().ok()
    }
}

impl Adapter {
    /// An adapter of which nothing is configured.
    #[must_use]
    pub fn new(consumer: Consumer, span: Span) -> Self {
        Self {
            consumer,
            name: None,
            span,
            purpose: None,
            contradicted_purpose: None,
            other_provider: None,
            models: Vec::new(),
            region: None,
            ignored_regions: Vec::new(),
            endpoint: None,
            auth: Auth::default(),
            thinking: Thinking::default(),
            max_tokens: None,
            sampling: Vec::new(),
            drops_refused_parameters: false,
            guardrail: Guardrail::default(),
        }
    }

    /// The settings that are no credential, those that name models aside: what is written there may be shown.
    pub fn plain_fields(&self) -> impl Iterator<Item = &Field> {
        let (thinking, guardrail) = (&self.thinking, &self.guardrail);
        let single = [
            &self.region,
            &self.endpoint,
            &self.auth.declared,
            &thinking.enabled,
            &thinking.mode,
            &thinking.budget,
            &self.max_tokens,
            &guardrail.identifier,
            &guardrail.version,
            &guardrail.trace,
        ];
        single.into_iter().flatten().chain(self.sampling.iter().map(|(_, field)| field))
    }

    /// The settings of the credential that the client uses, or of every kind where it is not known which.
    #[must_use]
    pub fn credential_fields(&self) -> Vec<&Field> {
        let auth = &self.auth;
        let winner = self.consumer.winner(auth, auth.mode);
        let of = |credential| winner.is_none_or(|winner| winner == credential);
        let fields = [
            (Credential::AccessKeys, &auth.access_key_id),
            (Credential::AccessKeys, &auth.secret_access_key),
            (Credential::AccessKeys, &auth.session_token),
            (Credential::ApiKey, &auth.api_key),
            (Credential::Profile, &auth.profile),
            (Credential::Role, &auth.role),
        ];
        fields.into_iter().filter(|(credential, _)| of(*credential)).filter_map(|(_, field)| field.as_ref()).collect()
    }

    /// Whether LiteLLM is told the Region by a program that is not known by name, from a variable of that program: LiteLLM
    /// itself does not read `BEDROCK_REGION` or `CHAT_AWS_REGION`. Source: [`Consumer::LiteLlm`], `base_aws_llm.py`.
    #[must_use]
    pub fn region_is_handed_on(&self) -> bool {
        let key = self.region.as_ref().map(|region| region.key.as_str().to_ascii_uppercase());
        let is_variable = |key: &String| key.ends_with("REGION") || key.ends_with("REGION_NAME");
        self.consumer == Consumer::LiteLlm
            && key.filter(is_variable).is_some_and(|key| !LITELLM_REGIONS.contains(&key.as_str()))
    }

    /// What a model is used for: by its own setting, else by the adapter's.
    #[must_use]
    pub fn purpose_of(&self, model: &ModelField) -> Option<Purpose> {
        model.purpose.or(self.purpose)
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let others = [&self.declared, &self.profile, &self.role].into_iter().flatten();
        let names: Vec<&str> = others.chain(self.fields()).map(|field| field.key.as_str()).collect();
        f.debug_struct("Auth").field("mode", &self.mode).field("settings", &names).finish_non_exhaustive()
    }
}

impl Auth {
    /// The settings that hold something secret, or stand beside it: those of every kind of credential.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        [&self.access_key_id, &self.secret_access_key, &self.session_token, &self.api_key].into_iter().flatten()
    }

    /// The settings of a kind of credential that say something, the one that matters most first.
    pub fn filled(&self, credential: Credential) -> impl Iterator<Item = &Field> {
        let fields: [&Option<Field>; 3] = match credential {
            Credential::AccessKeys => [&self.secret_access_key, &self.access_key_id, &self.session_token],
            Credential::ApiKey => [&self.api_key, &None, &None],
            Credential::Profile => [&self.profile, &None, &None],
            Credential::Role => [&self.role, &None, &None],
        };
        fields.into_iter().flatten().filter(|field| field.is_filled())
    }
}
