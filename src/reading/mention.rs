//! Mentions read against the catalogue: what a lone string names, and what is wrong with it.

use std::sync::Arc;

use super::action::{self, ActionReading};
use super::adapter::ModelReading;
use crate::bedrock::{ActionCatalogue, ApiKey, Catalogue, Endpoint};
use crate::formats::{MentionFact, Mentioned};
use crate::iam::Pattern;

/// A mention with what it means.
#[derive(Debug)]
pub struct MentionReading {
    /// The mention as written.
    pub fact: Arc<MentionFact>,
    /// What it means.
    pub says: Says,
}

/// What a mention means.
#[derive(Debug)]
pub enum Says {
    /// A model or a resource.
    Model(ModelReading),
    /// An action.
    Action(ActionReading),
    /// A key.
    Key(ApiKey),
}

impl MentionReading {
    /// Reads a mention. Which endpoint is called is not known, so an id that either has is right.
    #[must_use]
    pub fn new(fact: &Arc<MentionFact>, catalogue: &Catalogue, actions: &ActionCatalogue) -> Self {
        let says = match &fact.what {
            Mentioned::Model(text) | Mentioned::Arn(text) => {
                Says::Model(ModelReading::of_text(text, Endpoint::BedrockMantle, catalogue, actions))
            }
            Mentioned::Action(text) => Says::Action(action::read(&Pattern::new(text.clone(), false), actions).0),
            Mentioned::Key { key, .. } => Says::Key(key.clone()),
        };
        Self { fact: Arc::clone(fact), says }
    }
}
