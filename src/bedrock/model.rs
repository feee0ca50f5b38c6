//! Foundation models: where they can be called, and how.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::lifecycle::Lifecycle;
use super::profile::Profile;
use super::region::RegionSet;
use super::sampling::Sampling;
use super::thinking::Thinking;

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// Text, chat, multimodal input.
    Text,
    /// Embeddings.
    Embedding,
    /// Reranking.
    Rerank,
    /// Image generation and editing.
    Image,
    /// Video generation.
    Video,
    /// Speech to speech.
    Speech,
}

impl ModelKind {
    /// The kind as one word, as the catalogue writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Embedding => "embedding",
            Self::Rerank => "rerank",
            Self::Image => "image",
            Self::Video => "video",
            Self::Speech => "speech",
        }
    }
}

/// An endpoint that serves models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Endpoint {
    /// `bedrock-runtime`: InvokeModel, Converse and their streaming twins.
    #[serde(rename = "bedrock-runtime")]
    BedrockRuntime,
    /// `bedrock-mantle`: the OpenAI and Anthropic style endpoint, with an IAM
    /// namespace of its own.
    #[serde(rename = "bedrock-mantle")]
    BedrockMantle,
}

/// How a model can be called, over all Regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// By its bare id.
    OnDemand,
    /// Only through an inference profile.
    ProfileOnly,
    /// Either way, depending on the Region.
    Both,
    /// Only on `bedrock-mantle`.
    MantleOnly,
    /// Not at all: past its end of life.
    None,
}

/// An answer that knows how much it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Truth {
    /// Yes.
    Yes,
    /// No.
    No,
    /// No as far as the sources say, but they mix two things up here.
    WeakNo,
}

/// A foundation model. Sources: a scan with ListFoundationModels, the AWS region
/// page and model cards; [`Model::sources`] names those of this model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The model id, `anthropic.claude-sonnet-4-6`.
    pub id: Box<str>,
    /// The provider's name, `Anthropic`.
    pub provider: Box<str>,
    /// The model's name, `Claude Sonnet 4.6`.
    pub name: Box<str>,
    /// What it is for.
    pub kind: ModelKind,
    /// Input modalities, `text` and `image` for example.
    pub input: Vec<Box<str>>,
    /// Output modalities.
    pub output: Vec<Box<str>>,
    /// The endpoints that serve it.
    pub endpoints: Vec<Endpoint>,
    /// How it can be called.
    pub access: Access,
    /// The Regions where the bare id works on `bedrock-runtime`.
    pub on_demand: RegionSet,
    /// The Regions where `bedrock-mantle` serves the id.
    pub mantle: RegionSet,
    /// Its system-defined inference profiles, active and retired, by id.
    pub profiles: Vec<Profile>,
    /// Its lifecycle block; [`Model::lifecycle_on`] reads it.
    pub lifecycle: Lifecycle,
    /// Thinking modes; recorded for Anthropic's models, and for those of others that are known to have none.
    pub thinking: Option<Thinking>,
    /// What it takes of the parameters of sampling, where that is less than others take.
    pub sampling: Option<Sampling>,
    /// What AWS recommended instead, best first. May itself be legacy or gone.
    pub successors: Vec<Box<str>>,
    /// The most tokens an answer can have; recorded for Anthropic's models only.
    pub max_output_tokens: Option<u32>,
    /// When it was launched on Amazon Bedrock, where known.
    pub launch_date: Option<Date>,
    /// Whether it is sold through AWS Marketplace; `None` where sources disagree.
    pub marketplace: Option<bool>,
    /// Source ids, see [`Catalogue::source`](super::Catalogue::source).
    pub sources: Vec<Box<str>>,
}

impl Model {
    /// Whether the bare id works on `bedrock-runtime` in this Region. The no is
    /// weak where `bedrock-mantle` serves the id there: the sources mix the two
    /// endpoints.
    pub fn on_demand_in(&self, region: &str) -> Truth {
        if self.on_demand.contains(region) {
            Truth::Yes
        } else if self.mantle.contains(region) {
            Truth::WeakNo
        } else {
            Truth::No
        }
    }

    /// Whether the model is profile-only in this Region: not on-demand there (a
    /// strong no), and an active profile of it can be called from there.
    pub fn profile_only_in(&self, region: &str) -> bool {
        self.on_demand_in(region) == Truth::No && self.profiles_from(region).next().is_some()
    }

    /// The active profiles of the model that can be called from this Region.
    pub fn profiles_from<'a>(&'a self, region: &str) -> impl Iterator<Item = &'a Profile> {
        self.active_profiles().filter(move |profile| profile.sources().contains(region))
    }

    /// The active profiles of the model.
    pub fn active_profiles(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.iter().filter(|profile| profile.is_active())
    }

    /// The profile of the model with this prefix, active or not.
    pub fn profile(&self, prefix: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.prefix() == prefix)
    }

    /// The Regions from which `bedrock-runtime` can call the model at all:
    /// on-demand, or through an active profile.
    pub fn callable_regions(&self) -> RegionSet {
        self.active_profiles().flat_map(|profile| profile.sources().iter()).chain(self.on_demand.iter()).collect()
    }

    /// Whether answers of the model can be streamed at all: embeddings, ranks, images and videos come whole (Amazon
    /// Bedrock API Reference, InvokeModelWithResponseStream).
    pub fn may_stream(&self) -> bool {
        matches!(self.kind, ModelKind::Text | ModelKind::Speech)
    }

    /// Whether `bedrock-runtime` serves the model.
    pub fn on_runtime(&self) -> bool {
        self.endpoints.contains(&Endpoint::BedrockRuntime)
    }
}
