//! Extended thinking, as data.
//!
//! Sources: the AWS thinking pages and model cards, a price table and
//! Anthropic's migration notes; each block names its own in the catalogue.

use serde::{Deserialize, Serialize};

use super::evidence::Evidence;

/// A value of `thinking.type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ThinkingMode {
    /// `enabled`, with `budget_tokens`.
    Enabled,
    /// `adaptive`.
    Adaptive,
    /// `between_tools`.
    BetweenTools,
    /// `disabled`.
    Disabled,
}

impl ThinkingMode {
    /// The mode as a request writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Adaptive => "adaptive",
            Self::BetweenTools => "between_tools",
            Self::Disabled => "disabled",
        }
    }

    /// The mode that a request's `thinking.type` names, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Enabled, Self::Adaptive, Self::BetweenTools, Self::Disabled]
            .into_iter()
            .find(|mode| mode.as_str() == text)
    }
}

/// What the modes of a model come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ThinkingStyle {
    /// No extended thinking of this form: some models reason by themselves, or by a setting of their own.
    None,
    /// `enabled` with a budget only.
    BudgetTokens,
    /// `adaptive` only; `enabled` is refused.
    AdaptiveOnly,
    /// Both forms.
    Both,
}

/// What happens when a request leaves the field out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ThinkingDefault {
    /// The model has no extended thinking.
    None,
    /// Off.
    Off,
    /// On, adaptive.
    Adaptive,
}

/// The thinking modes of one model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Thinking {
    /// The accepted values of `thinking.type`; empty without extended thinking.
    pub modes: Vec<ThinkingMode>,
    /// What they come to.
    pub style: ThinkingStyle,
    /// What happens when the field is left out.
    pub default: ThinkingDefault,
    /// How well the block is founded.
    pub confidence: Evidence,
    /// Whether thinking can be off, by omission or by `disabled`.
    pub can_disable: bool,
    /// The least `budget_tokens`, where `enabled` is accepted. The budget must
    /// also stay below `max_tokens`, interleaved thinking excepted.
    pub min_budget_tokens: Option<u32>,
    /// The highest `output_config.effort` with thinking off, where there is one.
    pub disabled_max_effort: Option<Box<str>>,
    /// Whether `enabled` still works but is deprecated.
    #[serde(default)]
    pub enabled_deprecated: bool,
    /// What the sources disagree on.
    pub note: Option<Box<str>>,
}

impl Thinking {
    /// Whether the model accepts this mode.
    pub fn accepts(&self, mode: ThinkingMode) -> bool {
        self.modes.contains(&mode)
    }
}
