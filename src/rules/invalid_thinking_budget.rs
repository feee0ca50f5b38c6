//! A thinking budget that the model refuses, or that the client changes.

use super::report::{AdapterCase, Draft, Report};
use super::unsupported_thinking::refusal;
use super::{Check, Rule};
use crate::adapter::{Consumer, Field, RequestedThinking};
use crate::bedrock::{Thinking, ThinkingMode, ThinkingStyle};
use crate::finding::{Applicability, Confidence, Severity};
use crate::syntax::ScalarKind;

pub(super) const RULE: Rule = Rule {
    slug: "invalid-thinking-budget",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/invalid-thinking-budget.md"),
    checks: &[Check::Adapter(check)],
};

/// The least budget of a model that is not known: that of all which take one.
const LEAST: i64 = 1024;

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let adapter = case.adapter();
    match (adapter.requested_thinking(), &adapter.thinking.budget) {
        // where the mode is refused, the budget does not matter
        (RequestedThinking::Mode(ThinkingMode::Enabled), _) if is_refused(case) => {}
        (RequestedThinking::Mode(ThinkingMode::Enabled), Some(budget)) if budget.kind != ScalarKind::Null => {
            report_budget(case, budget, report);
        }
        (RequestedThinking::Mode(ThinkingMode::Enabled), null) => report_missing(case, null.as_ref(), report),
        (RequestedThinking::Nothing, Some(budget)) => report_idle(case, budget, report),
        (RequestedThinking::Unknown, Some(budget)) if adapter.consumer == Consumer::ClaudeCode => {
            report_of_claude_code(case, budget, report);
        }
        _ => {}
    }
}

/// What the models that answer are known to take.
fn known<'a>(case: &'a AdapterCase<'_>) -> impl Iterator<Item = &'a Thinking> {
    case.reading.answering(case.facts.catalogue).filter_map(|(_, model)| model.thinking.as_ref())
}

fn is_refused(case: &AdapterCase<'_>) -> bool {
    let mut models = case.reading.answering(case.facts.catalogue);
    models.any(|(_, model)| refusal(model, ThinkingMode::Enabled).is_some())
}

fn least(case: &AdapterCase<'_>) -> i64 {
    known(case).filter_map(|thinking| thinking.min_budget_tokens).max().map_or(LEAST, i64::from)
}

/// What a budget is, as the client reads it.
enum Budget {
    /// A whole number; `integer` tells whether it is written as one, and not as `2048.0`.
    Whole { tokens: i64, integer: bool },
    /// A number with a fraction, and the next whole one.
    Fraction { up: i64 },
    /// A string where a number is wanted.
    Quoted,
}

impl Budget {
    /// `None` if it is filled in later, or of a kind that says nothing.
    fn of(field: &Field, consumer: Consumer) -> Option<Self> {
        let text = field.literal()?;
        match field.kind {
            ScalarKind::String if consumer.keeps_types() => return Some(Self::Quoted),
            ScalarKind::String | ScalarKind::Number => {}
            ScalarKind::Bool | ScalarKind::Null => return None,
        }
        if let Ok(tokens) = text.trim().parse() {
            return Some(Self::Whole { tokens, integer: true });
        }
        let value: f64 = text.trim().parse().ok().filter(|value: &f64| value.is_finite())?;
        let up = value.ceil() as i64;
        Some(if value.fract() == 0.0 { Self::Whole { tokens: up, integer: false } } else { Self::Fraction { up } })
    }
}

fn report_budget(case: &AdapterCase<'_>, budget: &Field, report: &mut Report) {
    let consumer = case.adapter().consumer;
    let draft = match Budget::of(budget, consumer) {
        None => return,
        Some(Budget::Quoted) => quoted(case, budget),
        Some(Budget::Fraction { up }) => fraction(case, budget, up.max(least(case))),
        Some(Budget::Whole { tokens, integer }) => {
            let least = least(case);
            let raised = tokens < least && integer && consumer.raises_small_budgets();
            let sent = if raised { least } else { tokens };
            let max_tokens = case.adapter().max_tokens.as_ref().filter(|_| !case.adapter().thinking.interleaved);
            let exceeded = max_tokens.filter(|field| field.whole_number().is_some_and(|most| sent >= most));
            match exceeded {
                _ if sent < least => too_small(case, budget, least),
                Some(max_tokens) => too_large(case, budget, max_tokens, raised.then_some(least)),
                None if raised => raised_draft(case, budget, least),
                None => return,
            }
        }
    };
    report.push(draft.anchor(case.anchor(budget)));
}

fn fraction(case: &AdapterCase<'_>, budget: &Field, whole: i64) -> Draft {
    let message =
        format!("`{}` is not a whole number of tokens, so the model refuses the request", budget.value.as_str());
    Draft::new(&RULE, case.at_value(budget), message, "not a whole number")
        .help(format!("write a whole number: `{whole}`"))
        .replace(case.at(budget.span), whole.to_string(), "write a whole number", Applicability::Safe)
}

fn quoted(case: &AdapterCase<'_>, budget: &Field) -> Draft {
    let name = case.adapter().consumer.name();
    let written = budget.given().map_or_else(|| "this".to_owned(), |value| format!("`{value}`"));
    let message = format!("{written} is a string, and the budget of thinking is a number: ");
    let has_limit = case.adapter().max_tokens.as_ref().is_some_and(Field::is_filled);
    let (outcome, confidence) = if !has_limit {
        // they add to it, which fails
        (format!("{name} fails on it before it makes the call"), Confidence::Certain)
    } else if budget.whole_number().is_some() {
        (format!("{name} hands the string on, and the model refuses it"), Confidence::Likely)
    } else {
        (format!("{name} hands the string on, and the model refuses it"), Confidence::Certain)
    };
    let draft = Draft::new(&RULE, case.at_value(budget), message + &outcome, "a string")
        .help("write the number without quotes")
        .confidence(confidence);
    match budget.whole_number() {
        Some(number) if number >= least(case) => {
            let title = "write the number without quotes";
            draft.replace(case.at(budget.span), number.to_string(), title, Applicability::Safe)
        }
        _ => draft,
    }
}

fn too_small(case: &AdapterCase<'_>, budget: &Field, least: i64) -> Draft {
    let message =
        format!("a budget of {} tokens is below {least}, the least that a model takes", budget.value.as_str());
    Draft::new(&RULE, case.at_value(budget), message, format!("below {least}"))
        .help(format!("write {least} or more; to turn thinking off, leave it out of the request"))
        .replace(case.at(budget.span), least.to_string(), "write the least budget", Applicability::Safe)
}

fn raised_draft(case: &AdapterCase<'_>, budget: &Field, least: i64) -> Draft {
    let message = format!(
        "a budget of {} tokens is below {least}, the least that a model takes: {} raises it to {least}",
        budget.value.as_str(),
        case.adapter().consumer.name()
    );
    Draft::new(&RULE, case.at_value(budget), message, format!("below {least}"))
        .severity(Severity::Warning)
        .help(format!("write {least} or more; to turn thinking off, turn off its switch"))
        .replace(case.at(budget.span), least.to_string(), "write what is sent", Applicability::Safe)
}

/// `raised` is what the client makes of the budget, if it changes it.
fn too_large(case: &AdapterCase<'_>, budget: &Field, max_tokens: &Field, raised: Option<i64>) -> Draft {
    let consumer = case.adapter().consumer;
    let value = budget.value.as_str();
    let budget_of = match raised {
        Some(least) => format!("a budget of {value} tokens, which {} raises to {least},", consumer.name()),
        None => format!("a budget of {value} tokens"),
    };
    let message = format!(
        "{budget_of} leaves no room for an answer of {} tokens at most, thinking included, so the model refuses the request",
        max_tokens.value.as_str()
    );
    // a request may bring its own limit, or interleaved thinking, which has a budget of its own
    let confidence = if consumer == Consumer::Unstract { Confidence::Certain } else { Confidence::Likely };
    Draft::new(&RULE, case.at_value(budget), message, "not below the most tokens of an answer")
        .help("write a budget below the most tokens of an answer, or raise that: thinking counts towards it")
        .confidence(confidence)
        .related(case.at_value(max_tokens), "the most tokens of an answer")
}

/// `null` is the budget where it is there and says nothing.
fn report_missing(case: &AdapterCase<'_>, null: Option<&Field>, report: &mut Report) {
    let adapter = case.adapter();
    let Some(switch) = adapter.thinking.mode.as_ref().or(adapter.thinking.enabled.as_ref()) else { return };
    let slip = switch.kind == ScalarKind::String && adapter.thinking.mode.is_none();
    let turned_on =
        if slip { format!("the string `{}` turns thinking on, and ", switch.value.as_str()) } else { String::new() };
    let message = format!("{turned_on}there is no budget for it: {} sends none, and the model refuses the request", {
        adapter.consumer.name()
    });
    let help = if slip {
        format!("write `false` without quotes, or `true` with `budget_tokens` of {LEAST} or more")
    } else {
        format!("add `budget_tokens`: {LEAST} or more, and below the most tokens of an answer")
    };
    // a limit of the client, or of a request, may bring one
    let confidence = if adapter.consumer == Consumer::Unstract { Confidence::Certain } else { Confidence::Likely };
    let place = null.unwrap_or(switch);
    report.push(
        Draft::new(&RULE, case.at_value(place), message, "thinking without a budget")
            .help(help)
            .confidence(confidence)
            .related(case.at_value(switch), "turns thinking on")
            .anchor(case.anchor(place)),
    );
}

/// A budget of thinking that nothing turns on. One beside a switch that is off is meant that way.
/// A budget that nothing uses. Beside a switch that is off it may be kept for another day.
fn report_idle(case: &AdapterCase<'_>, budget: &Field, report: &mut Report) {
    if budget.is_blank() || case.adapter().consumer != Consumer::Unstract {
        return;
    }
    let switch = case.adapter().thinking.enabled.as_ref();
    let (message, help, confidence) = match switch {
        None => (
            "nothing turns thinking on, so this budget is not used",
            "write `\"enable_thinking\": true` beside it, or leave the budget out",
            Confidence::Certain,
        ),
        Some(_) => (
            "thinking is turned off, so this budget is not used",
            "turn it on with `\"enable_thinking\": true`, or leave the budget out",
            Confidence::Possible,
        ),
    };
    let mut draft = Draft::new(&RULE, case.at_value(budget), message, "not used")
        .severity(Severity::Note)
        .confidence(confidence)
        .help(help)
        .anchor(case.anchor(budget));
    if let Some(switch) = switch {
        draft = draft.related(case.at_value(switch), "turned off here");
    }
    report.push(draft);
}

/// Claude Code uses the budget for models that take nothing else; 0 turns thinking off.
fn report_of_claude_code(case: &AdapterCase<'_>, budget: &Field, report: &mut Report) {
    let Some(value) = budget.whole_number().filter(|value| *value > 0) else { return };
    if !known(case).any(|thinking| thinking.style == ThinkingStyle::BudgetTokens) {
        return;
    }
    let least = least(case);
    let max_tokens = case.adapter().max_tokens.as_ref();
    let exceeded = max_tokens.filter(|field| field.whole_number().is_some_and(|most| value >= most));
    let draft = match exceeded {
        _ if value < least => too_small(case, budget, least),
        Some(field) => {
            let message = format!(
                "a budget of {value} tokens leaves no room for an answer of {} tokens at most, thinking included: {} \
                 lowers it, and one token is left to answer with",
                field.value.as_str(),
                case.adapter().consumer.name()
            );
            Draft::new(&RULE, case.at_value(budget), message, "not below the most tokens of an answer")
                .severity(Severity::Warning)
                .help("write a budget well below the most tokens of an answer, or raise that")
                .related(case.at_value(field), "the most tokens of an answer")
        }
        None => return,
    };
    // what it does changes between versions
    report.push(draft.confidence(Confidence::Likely).anchor(case.anchor(budget)));
}
