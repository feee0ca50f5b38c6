//! A parameter of sampling that the model refuses, or that it refuses while it thinks.

use super::report::{AdapterCase, Draft, Report, confidence_by};
use super::unsupported_thinking::refusal;
use super::{Check, Rule};
use crate::adapter::{Field, Purpose, RequestedThinking, SamplingParameter};
use crate::bedrock::{Accepted, Model, Sampling, ThinkingMode};
use crate::finding::{Confidence, Severity};
use crate::reading::Called;

pub(super) const RULE: Rule = Rule {
    slug: "thinking-sampling-conflict",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/thinking-sampling-conflict.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    if case.adapter().consumer.drops_unsupported_parameters() {
        return report_unseen_model(case, report);
    }
    let given = Given::of(&case.adapter().sampling);
    let models: Vec<&Model> = case.reading.answering(case.facts.catalogue).map(|(_, model)| model).collect();
    let thinks = |model: Option<&Model>| match case.adapter().requested_thinking() {
        RequestedThinking::Mode(mode @ (ThinkingMode::Enabled | ThinkingMode::Adaptive)) => {
            model.is_none_or(|model| refusal(model, mode).is_none())
        }
        _ => false,
    };
    for model in &models {
        let refused = model.sampling.as_ref().map(|limits| refused(case, &given, limits, Some(model), report));
        if refused != Some(true) && thinks(Some(model)) {
            self::refused(case, &given, &Sampling::WHILE_THINKING, None, report);
        }
    }
    if models.is_empty() && thinks(None) {
        refused(case, &given, &Sampling::WHILE_THINKING, None, report);
    }
}

/// The parameters that are given, with their values.
struct Given<'a>(Vec<(SamplingParameter, &'a Field, f64)>);

impl<'a> Given<'a> {
    fn of(sampling: &'a [(SamplingParameter, Field)]) -> Self {
        let known = |(parameter, field): &'a (SamplingParameter, Field)| {
            Some((*parameter, field, field.given()?.parse().ok()?))
        };
        Self(sampling.iter().filter_map(known).collect())
    }

    fn get(&self, parameter: SamplingParameter) -> Option<&'a Field> {
        self.0.iter().find(|(given, ..)| *given == parameter).map(|(_, field, _)| *field)
    }
}

/// Reports what `limits` refuse, those of a model or those of thinking, and tells whether they refuse anything. What the
/// client leaves out, for the models that it knows, is refused and not sent.
fn refused(
    case: &AdapterCase<'_>,
    given: &Given<'_>,
    limits: &Sampling,
    model: Option<&Model>,
    report: &mut Report,
) -> bool {
    let who = model.map_or_else(|| "a model that thinks".to_owned(), |model| format!("`{}`", model.id));
    let confidence = confidence_by(limits.confidence);
    let consumer = case.adapter().consumer;
    let cap = if model.is_some() && consumer.may_drop_unsupported_parameters() {
        Confidence::Likely
    } else {
        Confidence::Certain
    };
    let mut any = false;
    for (parameter, field, value) in &given.0 {
        let (name, accepted) = parameter_of(*parameter, limits);
        if accepted.takes(*value) {
            continue;
        }
        any = true;
        if model.is_some() && case.adapter().leaves_out(*parameter) {
            continue;
        }
        let message = format!("{who} takes {}, so a call with {value} is refused", only(name, accepted));
        report.push(
            Draft::new(&RULE, case.at_value(field), message, "refused")
                .help(format!("leave `{name}` out"))
                .confidence(confidence.min(cap))
                .anchor(case.anchor(field)),
        );
    }
    let both = given.get(SamplingParameter::Temperature).zip(given.get(SamplingParameter::TopP));
    if let (false, false, Some((temperature, top_p))) = (any, limits.together, both) {
        any = true;
        let message = format!("{who} takes either `temperature` or `top_p`, so a call with both is refused");
        report.push(
            Draft::new(&RULE, case.at_value(top_p), message, "beside a temperature")
                .help("leave one of the two out")
                .confidence(confidence)
                .related(case.at_value(temperature), "the temperature")
                .anchor(case.anchor(top_p)),
        );
    }
    any
}

fn parameter_of(parameter: SamplingParameter, limits: &Sampling) -> (&'static str, Accepted) {
    match parameter {
        SamplingParameter::Temperature => ("temperature", limits.temperature),
        SamplingParameter::TopP => ("top_p", limits.top_p),
        SamplingParameter::TopK => ("top_k", limits.top_k),
    }
}

/// `no …`, in words.
fn only(name: &str, accepted: Accepted) -> String {
    match accepted {
        Accepted::Any | Accepted::Unset => format!("no `{name}`"),
        Accepted::Only(one) => format!("no `{name}` but {one}"),
        Accepted::Range { from, below: None } => format!("no `{name}` below {from}"),
        Accepted::Range { from, below: Some(below) } => format!("no `{name}` but from {from} to just below {below}"),
    }
}

/// A client that leaves out what a model refuses can do so only where it sees the model: not behind the ARN of an
/// application inference profile.
fn report_unseen_model(case: &AdapterCase<'_>, report: &mut Report) {
    let adapter = case.adapter();
    if adapter.purpose == Some(Purpose::Embedding)
        || adapter.requested_thinking() != RequestedThinking::Nothing
        || case.reading.models().any(|(field, _)| field.stands_behind)
    {
        return;
    }
    let configured = adapter.sampling.iter().find(|(parameter, _)| *parameter == SamplingParameter::Temperature);
    let sent = match configured {
        Some((_, field)) => field.given(),
        None => adapter.consumer.default_temperature(),
    };
    let Some(sent) = sent.filter(|sent| sent.parse::<f64>().is_ok_and(|value| value != 1.0)) else { return };
    for (field, reading) in case.reading.called() {
        let Called::ApplicationProfile(_) = &reading.called else { continue };
        let name = adapter.consumer.name();
        let message = format!(
            "this ARN hides the model from {name}, which sends a temperature of {sent}: Claude Opus 4.7 and later refuse it"
        );
        report.push(
            Draft::new(&RULE, case.at(field.id.span()), message, "hides the model")
                .severity(Severity::Warning)
                .confidence(Confidence::Possible)
                .help("write the model's id in `model`, and the ARN in `model_id`")
                .anchor(case.anchor(&field.field)),
        );
    }
}
