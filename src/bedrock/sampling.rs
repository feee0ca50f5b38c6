//! What models take of the parameters of sampling, as data.
//!
//! Sources: AWS's page on the Messages API and its model cards, a price table, and public threads with the refusals; each
//! block names its own in the catalogue.

use serde::{Deserialize, Serialize};

use super::evidence::Evidence;

/// What a model takes of `temperature`, `top_p` and `top_k`, as far as it takes less than others.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct Sampling {
    /// What `temperature` may be.
    #[serde(default)]
    pub temperature: Accepted,
    /// What `top_p` may be.
    #[serde(default)]
    pub top_p: Accepted,
    /// What `top_k` may be.
    #[serde(default)]
    pub top_k: Accepted,
    /// Whether a request may hold `temperature` and `top_p` at once.
    #[serde(default = "yes")]
    pub together: bool,
    /// How well the block is founded.
    pub confidence: Evidence,
    /// What the sources disagree on.
    pub note: Option<Box<str>>,
}

/// The values of a parameter that are taken. It may be left out in any case.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Accepted {
    /// Whatever the operation takes.
    #[default]
    Any,
    /// None: it must be left out.
    Unset,
    /// This one.
    Only(f64),
    /// Those from the one on, up to the other if there is one.
    Range {
        /// The least that is taken.
        from: f64,
        /// The least above it that is refused.
        below: Option<f64>,
    },
}

fn yes() -> bool {
    true
}

impl Sampling {
    /// What any Claude model takes while it thinks, `enabled` and `adaptive` alike.
    ///
    /// Source: Amazon Bedrock User Guide, "Extended thinking", which names temperature and `top_k`, and `top_p` from 0.95
    /// on; tailcallhq/forgecode#3472 has the refusal for adaptive thinking.
    pub const WHILE_THINKING: Self = Self {
        temperature: Accepted::Only(1.0),
        top_p: Accepted::Range { from: 0.95, below: None },
        top_k: Accepted::Unset,
        together: true,
        confidence: Evidence::Documented,
        note: None,
    };
}

impl Accepted {
    /// Whether a value is taken.
    pub fn takes(self, value: f64) -> bool {
        match self {
            Self::Any => true,
            Self::Unset => false,
            Self::Only(one) => value == one,
            Self::Range { from, below } => value >= from && below.is_none_or(|below| value < below),
        }
    }
}
