//! A guardrail without a version, or with one that is none.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule};
use crate::adapter::{Consumer, Field};
use crate::finding::{Applicability, Confidence, Severity};
use crate::syntax::ScalarKind;

pub(super) const RULE: Rule = Rule {
    slug: "incomplete-guardrail",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/incomplete-guardrail.md"),
    checks: &[Check::Adapter(check)],
};

/// Values of `trace`. Source: Amazon Bedrock API Reference, GuardrailConfiguration of Converse. Unstract offers the first
/// two, and hands any on.
const TRACES: [&str; 3] = ["enabled", "disabled", "enabled_full"];

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let guardrail = &case.adapter().guardrail;
    let version = guardrail.version.as_ref();
    let Some(identifier) = guardrail.identifier.as_ref().filter(|field| field.is_filled()) else {
        if let Some(version) = version.filter(|field| field.is_filled()) {
            report.push(idle(case, version));
        }
        return;
    };
    let version = match version.filter(|field| field.is_filled()) {
        None => Some(missing(case, identifier, version)),
        Some(version) => wrong(case, version),
    };
    let trace = guardrail.trace.as_ref().filter(|field| field.is_filled());
    for draft in version.into_iter().chain(trace.and_then(|trace| untraceable(case, trace))) {
        report.push(draft);
    }
}

fn missing(case: &AdapterCase<'_>, identifier: &Field, blank: Option<&Field>) -> Draft {
    let what = match case.adapter().consumer {
        Consumer::Unstract => "Unstract refuses to make the call",
        _ => "the call is refused",
    };
    let message = format!("the guardrail has no version, so {what}");
    let place = blank.unwrap_or(identifier);
    let label = if blank.is_some() { "no version" } else { "a guardrail without a version" };
    let at = blank.map_or_else(|| case.at_value(identifier), |blank| case.at(blank.key.span()));
    // what is filled in later may be nothing, and then there is no guardrail
    let known = identifier.literal().is_some();
    let draft = Draft::new(&RULE, at, message, label)
        .confidence(if known { Confidence::Certain } else { Confidence::Likely })
        .help("name its version: a number as a string, such as `\"1\"`, or `\"DRAFT\"` for the working draft")
        .anchor(case.anchor(place));
    if blank.is_some() { draft.related(case.at_value(identifier), "the guardrail") } else { draft }
}

/// What is wrong with a version. It is `DRAFT` or a number from 1 on, of eight digits at most, as a string.
///
/// Source: Amazon Bedrock API Reference, GuardrailConfiguration of Converse.
fn wrong(case: &AdapterCase<'_>, version: &Field) -> Option<Draft> {
    let text = version.given()?;
    let is_number = text.len() <= 8 && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    let is_version = text == "DRAFT" || is_number;
    if version.kind != ScalarKind::String {
        let (what, confidence) = match case.adapter().consumer {
            Consumer::Unstract => ("Unstract fails on it before it makes the call", Confidence::Certain),
            _ => ("the call is refused", Confidence::Likely),
        };
        let message = format!("`{text}` is no string, which the version of a guardrail must be: {what}");
        let draft = Draft::new(&RULE, case.at_value(version), message, "no string")
            .help("write it in quotes")
            .confidence(confidence)
            .anchor(case.anchor(version));
        let quoted = format!("\"{text}\"");
        return Some(if is_version {
            draft.replace(case.at(version.span), quoted, "write the version as a string", Applicability::Safe)
        } else {
            draft
        });
    }
    if is_version {
        return None;
    }
    let message = format!("no guardrail has a version `{text}`, so the call is refused");
    let draft = Draft::new(&RULE, case.at_value(version), message, "no version")
        .help("versions are `DRAFT`, and numbers from 1 on")
        .anchor(case.anchor(version));
    Some(if text.eq_ignore_ascii_case("draft") {
        draft.replace(case.at_value(version), "DRAFT", "write it in capitals", Applicability::Safe)
    } else {
        draft
    })
}

fn untraceable(case: &AdapterCase<'_>, trace: &Field) -> Option<Draft> {
    let text = trace.given()?;
    let is_string = trace.kind == ScalarKind::String;
    if is_string && TRACES.contains(&text) {
        return None;
    }
    let message = match case.adapter().consumer {
        Consumer::Unstract if !is_string => {
            format!("`{text}` is no string, which the trace of a guardrail must be: Unstract fails on it")
        }
        _ => format!("`{text}` is no value of the trace of a guardrail, so the call is refused"),
    };
    Some(
        Draft::new(&RULE, case.at_value(trace), message, "not a value of it")
            .help("write `\"enabled\"`, `\"disabled\"` or `\"enabled_full\"`")
            .anchor(case.anchor(trace)),
    )
}

/// A version of nothing: no guardrail is applied.
fn idle(case: &AdapterCase<'_>, version: &Field) -> Draft {
    Draft::new(&RULE, case.at_value(version), "a version of no guardrail: none is applied", "of which guardrail?")
        .severity(Severity::Note)
        .help("name the guardrail, or leave its version out")
        .anchor(case.anchor(version))
}
