//! A limit of the answer that the model refuses.
//!
//! Where thinking is on, a limit that leaves no room for the budget is told of as that: see `invalid_thinking_budget`.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule};
use crate::adapter::{Consumer, Field, RequestedThinking};
use crate::bedrock::ThinkingMode;
use crate::finding::{Applicability, Confidence, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "invalid-max-tokens",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/invalid-max-tokens.md"),
    checks: &[Check::Adapter(check)],
};

/// Claude Code fits the limit to the model by itself. That other clients send it as it stands was read in their code and
/// not in a page, so it is likely.
fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let adapter = case.adapter();
    let Some(field) = adapter.max_tokens.as_ref().filter(|_| adapter.consumer != Consumer::ClaudeCode) else { return };
    let Some(tokens) = field.whole_number() else { return };
    let thinks = adapter.requested_thinking() == RequestedThinking::Mode(ThinkingMode::Enabled);
    if tokens < 1 {
        if !thinks {
            report.push(too_small(case, field));
        }
        return;
    }
    let limits = case.reading.answering(case.facts.catalogue);
    let limits = limits.filter_map(|(model, known)| Some((model, known, known.max_output_tokens?)));
    if let Some((model, known, limit)) = limits.min_by_key(|(.., limit)| *limit)
        && tokens > i64::from(limit)
    {
        let message = format!(
            "`{}` answers with {limit} tokens at the most, and `{}` asks for {tokens}: the call is refused",
            known.id,
            field.key.as_str()
        );
        let draft = Draft::new(&RULE, case.at_value(field), message, "more than the model gives")
            .help(format!("write `{limit}` or less"))
            .related(case.at(model.id.span()), "the model")
            .confidence(Confidence::Likely)
            .anchor(case.anchor(field));
        report.push(draft.replace(
            case.at_value(field),
            limit.to_string(),
            "ask for what the model gives",
            Applicability::Safe,
        ));
    }
}

fn too_small(case: &AdapterCase<'_>, field: &Field) -> Draft {
    let message = format!("`{}` leaves no room for an answer: the call is refused", field.key.as_str());
    Draft::new(&RULE, case.at_value(field), message, "less than one token")
        .help("write how long an answer may be, or leave it out")
        .confidence(Confidence::Likely)
        .anchor(case.anchor(field))
}
