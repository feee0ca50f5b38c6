//! A mode of extended thinking that the model refuses.

use super::report::{AdapterCase, Draft, Report, confidence_by};
use super::{Check, Rule};
use crate::adapter::{Consumer, Field, ModelField, RequestedThinking};
use crate::bedrock::{Model, Thinking, ThinkingDefault, ThinkingMode};
use crate::finding::{Applicability, Confidence, Severity};
use crate::syntax::ScalarKind;

pub(super) const RULE: Rule = Rule {
    slug: "unsupported-thinking",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/unsupported-thinking.md"),
    checks: &[Check::Adapter(check)],
};

/// Whether a model is known to refuse a mode. One without extended thinking has nothing to turn off.
pub(super) fn refusal(model: &Model, mode: ThinkingMode) -> Option<&Thinking> {
    let thinking = model.thinking.as_ref()?;
    let off = mode == ThinkingMode::Disabled && thinking.modes.is_empty();
    (!thinking.accepts(mode) && !off).then_some(thinking)
}

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let adapter = case.adapter();
    let RequestedThinking::Mode(mode) = adapter.requested_thinking() else { return };
    let Some(setting) = adapter.thinking.mode.as_ref().or(adapter.thinking.enabled.as_ref()) else { return };
    for (field, model) in case.reading.answering(case.facts.catalogue) {
        if let Some(thinking) = refusal(model, mode) {
            report.push(draft(case, setting, field, mode, model, thinking));
        }
    }
}

fn draft(
    case: &AdapterCase<'_>,
    setting: &Field,
    field: &ModelField,
    mode: ThinkingMode,
    model: &Model,
    thinking: &Thinking,
) -> Draft {
    let consumer = case.adapter().consumer;
    let (id, asked) = (&model.id, mode.as_str());
    let slip = reads_as_off(setting, consumer);
    let turned_on =
        if slip { format!("the string `{}` turns thinking on, and ", setting.value.as_str()) } else { String::new() };
    let left_out = thinking.modes.is_empty() && consumer.drops_unsupported_parameters();
    let message = if left_out {
        format!(
            "{turned_on}`{id}` has no extended thinking: {} leaves it out of the request, and sets the temperature to 1 \
             all the same",
            consumer.name()
        )
    } else if thinking.modes.is_empty() {
        format!("{turned_on}`{id}` has no extended thinking, so a call that asks for `{asked}` is refused")
    } else {
        format!("{turned_on}`{id}` refuses thinking of the type `{asked}`, so every call fails")
    };
    let mut draft = Draft::new(&RULE, case.at_value(setting), message, format!("asks for `{asked}`"))
        .help(help(consumer, mode, thinking, slip))
        .confidence(confidence_by(thinking.confidence))
        .related(case.at(field.id.span()), "the model")
        .anchor(case.anchor(setting));
    if left_out {
        draft = draft.severity(Severity::Warning);
    } else if consumer.may_translate_thinking() {
        draft = draft.confidence(Confidence::Possible);
    }
    let is_switch = mode == ThinkingMode::Enabled && consumer == Consumer::Unstract;
    if is_switch {
        // the model goes on thinking, was never able to, or was not meant to
        let as_meant = thinking.default != ThinkingDefault::Off || slip;
        let applicability = if as_meant { Applicability::Safe } else { Applicability::DisplayOnly };
        draft = draft.replace(case.at(setting.span), "false", "turn the switch off", applicability);
    }
    draft
}

/// A string that was to turn thinking off, and does not.
fn reads_as_off(setting: &Field, consumer: Consumer) -> bool {
    let is_off = |text: &str| ["false", "no", "off", "0", "none", "disabled"].contains(&text.to_lowercase().as_str());
    consumer == Consumer::Unstract && setting.kind == ScalarKind::String && setting.given().is_some_and(is_off)
}

fn help(consumer: Consumer, mode: ThinkingMode, thinking: &Thinking, slip: bool) -> String {
    if consumer == Consumer::Unstract {
        let off = if slip { "write `false` without quotes" } else { "set it to `false`" };
        return match thinking.default {
            ThinkingDefault::Adaptive => {
                format!("{off}: the model thinks by itself where a request says nothing of it")
            }
            ThinkingDefault::Off if !slip => {
                format!("{off}, or call a model that takes a budget: {} cannot ask for `adaptive`", consumer.name())
            }
            _ => off.to_owned(),
        };
    }
    let text = match mode {
        _ if thinking.modes.is_empty() => "leave thinking out of the request",
        ThinkingMode::Enabled if thinking.accepts(ThinkingMode::Adaptive) => {
            "write `adaptive`, and an `output_config.effort` in the place of the budget"
        }
        ThinkingMode::Adaptive if thinking.accepts(ThinkingMode::Enabled) => {
            "write `enabled`, with `budget_tokens` of 1024 or more"
        }
        ThinkingMode::Disabled => {
            "leave thinking out of the request: this model always thinks, and less with a lower `output_config.effort`"
        }
        _ => "leave thinking out of the request",
    };
    text.to_owned()
}
