//! What clients make of the settings for thinking and sampling.

use super::{Adapter, Consumer, Field, SamplingParameter, Thinking};
use crate::bedrock::ThinkingMode;
use crate::syntax::ScalarKind;

/// The `thinking` field of the requests that a client makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestedThinking {
    /// It is left out: the model does what it does by default.
    Nothing,
    /// This is its type.
    Mode(ThinkingMode),
    /// It is filled in later, or the client decides by the model.
    Unknown,
}

impl Adapter {
    /// Whether the switch turns thinking on; `None` if there is none, or if it is filled in later.
    ///
    /// Source: Zipstack/unstract `adapters/base1.py` asks for the truth of the value as Python knows it, so that every
    /// string but the empty one turns thinking on, `"false"` too.
    #[must_use]
    pub fn thinking_is_on(&self) -> Option<bool> {
        let switch = self.thinking.enabled.as_ref()?;
        match self.consumer {
            Consumer::Unstract => is_true_in_python(switch),
            _ => truth(switch),
        }
    }

    /// Whether a parameter is left out for models of which the client knows that they refuse it. `top_k` is none that
    /// LiteLLM knows: it goes into the request as it is.
    ///
    /// Source: LiteLLM's documentation, "Drop Unsupported Params".
    #[must_use]
    pub fn leaves_out(&self, parameter: SamplingParameter) -> bool {
        let is_known = matches!(parameter, SamplingParameter::Temperature | SamplingParameter::TopP);
        self.drops_refused_parameters && self.consumer.may_drop_unsupported_parameters() && is_known
    }

    /// What the requests say of thinking.
    #[must_use]
    pub fn requested_thinking(&self) -> RequestedThinking {
        let Thinking { enabled, mode, budget, .. } = &self.thinking;
        if let Some(mode) = mode {
            let mode = mode.given().and_then(ThinkingMode::parse);
            return mode.map_or(RequestedThinking::Unknown, RequestedThinking::Mode);
        }
        match self.consumer {
            Consumer::Unstract => match (enabled, self.thinking_is_on()) {
                (None, _) | (_, Some(false)) => RequestedThinking::Nothing,
                (_, Some(true)) => RequestedThinking::Mode(ThinkingMode::Enabled),
                (_, None) => RequestedThinking::Unknown,
            },
            // what a switch or a lone budget comes to is the client's own affair
            _ if enabled.is_some() || budget.is_some() => RequestedThinking::Unknown,
            _ => RequestedThinking::Nothing,
        }
    }
}

impl Consumer {
    /// Whether it lowers a thinking budget to one token less than an answer may have, instead of sending it.
    ///
    /// Source: the npm package `@anthropic-ai/claude-code` at 2.1.50.
    #[must_use]
    pub fn lowers_large_budgets(self) -> bool {
        self == Self::ClaudeCode
    }

    /// Whether a thinking budget keeps its type on the way to the model, so that a string arrives as one.
    ///
    /// Source: requests of Unstract v0.184.1 and of LiteLLM 1.90.3 and 1.109.1.
    #[must_use]
    pub fn keeps_types(self) -> bool {
        matches!(self, Self::Unstract | Self::LiteLlm)
    }

    /// Whether it leaves out parameters of which it knows, by the name of the model, that the model does not take.
    ///
    /// Source: Zipstack/unstract `sdk1/llm.py` sets LiteLLM's `drop_params`, and `adapters/base1.py` strips the parameters
    /// of sampling; seen in the requests of v0.184.1.
    #[must_use]
    pub fn drops_unsupported_parameters(self) -> bool {
        self == Self::Unstract
    }

    /// Whether it leaves such parameters out if it is told to, in settings of its own.
    ///
    /// Source: LiteLLM's `drop_params`; without it, LiteLLM refuses the call by itself.
    #[must_use]
    pub fn may_drop_unsupported_parameters(self) -> bool {
        self == Self::LiteLlm
    }

    /// Whether some versions of it write another mode of thinking than the one that is configured, if the model takes
    /// only another.
    ///
    /// Source: requests of LiteLLM: 1.109.1 does, 1.90.3 sends what is configured.
    #[must_use]
    pub fn may_translate_thinking(self) -> bool {
        self == Self::LiteLlm
    }

    /// The temperature that it sends where none is configured.
    ///
    /// Source: Zipstack/unstract `adapters/base1.py`.
    #[must_use]
    pub fn default_temperature(self) -> Option<&'static str> {
        (self == Self::Unstract).then_some("0.1")
    }

    /// Whether it sends a temperature of 1 while thinking is on, whatever is configured.
    ///
    /// Source: Zipstack/unstract `adapters/base1.py`.
    #[must_use]
    pub fn resets_temperature(self) -> bool {
        self == Self::Unstract
    }
}

/// The value of a boolean; YAML writes it in several ways.
fn truth(field: &Field) -> Option<bool> {
    field.literal()?.to_ascii_lowercase().parse().ok()
}

/// The truth of a value that was read from JSON.
fn is_true_in_python(field: &Field) -> Option<bool> {
    match field.kind {
        ScalarKind::Null => Some(false),
        ScalarKind::Bool => truth(field),
        ScalarKind::Number => field.literal()?.parse::<f64>().ok().map(|number| number != 0.0),
        ScalarKind::String => field.value.literal().map(|text| !text.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Span, Text};

    fn field(value: &str, kind: ScalarKind) -> Field {
        Field { key: Text::unplaced("k"), value: Text::unplaced(value), kind, span: Span::default() }
    }

    fn with(consumer: Consumer, enabled: Option<Field>, mode: Option<Field>) -> Adapter {
        let thinking = Thinking { enabled, mode, budget: None, interleaved: false };
        Adapter { thinking, ..Adapter::new(consumer, Span::default()) }
    }

    #[test]
    fn unstract_asks_for_the_truth_of_the_switch() {
        for (value, kind, on) in [
            ("true", ScalarKind::Bool, Some(true)),
            ("False", ScalarKind::Bool, Some(false)),
            ("false", ScalarKind::String, Some(true)),
            ("", ScalarKind::String, Some(false)),
            ("0", ScalarKind::Number, Some(false)),
            ("0.0", ScalarKind::Number, Some(false)),
            ("1", ScalarKind::Number, Some(true)),
            ("null", ScalarKind::Null, Some(false)),
        ] {
            let adapter = with(Consumer::Unstract, Some(field(value, kind)), None);
            assert_eq!(adapter.thinking_is_on(), on, "{value}");
            let requested = match on {
                Some(true) => RequestedThinking::Mode(ThinkingMode::Enabled),
                Some(false) => RequestedThinking::Nothing,
                None => RequestedThinking::Unknown,
            };
            assert_eq!(adapter.requested_thinking(), requested, "{value}");
        }
        assert_eq!(with(Consumer::Unstract, None, None).requested_thinking(), RequestedThinking::Nothing);
    }

    #[test]
    fn other_clients_say_the_mode_or_keep_it_to_themselves() {
        let mode = |text| with(Consumer::LiteLlm, None, Some(field(text, ScalarKind::String))).requested_thinking();
        assert_eq!(mode("adaptive"), RequestedThinking::Mode(ThinkingMode::Adaptive));
        assert_eq!(mode("sometimes"), RequestedThinking::Unknown);
        let switch = with(Consumer::Zed, Some(field("true", ScalarKind::Bool)), None);
        assert_eq!((switch.thinking_is_on(), switch.requested_thinking()), (Some(true), RequestedThinking::Unknown));
        assert_eq!(with(Consumer::LiteLlm, None, None).requested_thinking(), RequestedThinking::Nothing);
    }
}
