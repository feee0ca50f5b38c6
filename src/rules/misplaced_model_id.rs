//! A model id in the settings of a provider that it is not for.
//!
//! Owns ids that name another provider (`anthropic/…`), which are not looked up any further, and ids of Amazon Bedrock in
//! adapters of providers with ids of their own. The spelling of another vendor without its name is `unknown-model-id`.

use super::report::{AdapterCase, CalledModel, Draft, Report};
use super::{Check, Rule, wording};
use crate::access::Obstacle;
use crate::adapter::{Field, other_provider};
use crate::finding::{Confidence, Severity};
use crate::reading::{Called, FaultKind};

pub(super) const RULE: Rule = Rule {
    slug: "misplaced-model-id",
    severity: Severity::Warning,
    pedantic: false,
    page: include_str!("../../rules/misplaced-model-id.md"),
    checks: &[Check::AnyAdapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    match &case.adapter().other_provider {
        Some(provider) => of_bedrock(case, provider, report),
        None => {
            let misplaced = case.called().filter(|called| called.obstacle == Some(Obstacle::OtherProvider));
            misplaced.for_each(|called| report.push(of_another(case, &called)));
        }
    }
}

/// An id of another provider, sent to Amazon Bedrock.
fn of_another(case: &AdapterCase<'_>, called: &CalledModel<'_>) -> Draft {
    let id = called.field.id.as_str();
    let provider = other_provider(id).unwrap_or_default();
    let message =
        format!("`{id}` is written for the provider `{provider}`, in settings for Amazon Bedrock: the call fails");
    let nearest = called.reading.faults.iter().find_map(|fault| match &fault.kind {
        FaultKind::Id { nearest, .. } => Some(nearest.as_slice()),
        _ => None,
    });
    let ids = case.callable(nearest.unwrap_or_default(), called.source);
    let draft = Draft::new(&RULE, case.at(called.field.id.span()), message, "not an id of Amazon Bedrock")
        .anchor(case.anchor(&called.field.field));
    match ids.as_slice() {
        [] => draft.help(format!("write an id of Amazon Bedrock, or put it into an adapter of `{provider}`")),
        ids => draft.help(format!("write {}, or put it into an adapter of `{provider}`", wording::either(ids))),
    }
}

/// Providers that know no ids but their own, and where they are called.
const WITH_OWN_IDS: [(&str, &str); 5] = [
    ("anthropic", "anthropic.com"),
    ("gemini", "googleapis.com"),
    ("mistral", "mistral.ai"),
    ("openai", "openai.com"),
    ("vertexai", "googleapis.com"),
];

/// An id of Amazon Bedrock, sent to another provider. A gateway with the provider's interface may take it all the same.
fn of_bedrock(case: &AdapterCase<'_>, provider: &Field, report: &mut Report) {
    let word = provider.value.as_str().split('|').next().unwrap_or_default();
    let Some((_, host)) = WITH_OWN_IDS.iter().find(|(name, _)| *name == word) else { return };
    if case.adapter().endpoint.as_ref().is_some_and(|endpoint| endpoint.is_filled() && !is_at(endpoint, host)) {
        return;
    }
    for (field, reading) in case.reading.models() {
        if field.stands_behind || reading.called == Called::Unknown || !reading.faults.is_empty() {
            continue;
        }
        let id = field.id.as_str();
        let message = format!("`{id}` is an id of Amazon Bedrock, in settings for `{word}`, which does not know it");
        let draft = Draft::new(&RULE, case.at(field.id.span()), message, "an id of Amazon Bedrock")
            .confidence(Confidence::Likely)
            .help(format!("put it into an adapter of Amazon Bedrock, or write the id that `{word}` has for the model"))
            .anchor(case.anchor(&field.field))
            .related(case.at_value(provider), "the provider");
        report.push(draft);
    }
}

/// Whether an endpoint lies in a domain.
fn is_at(endpoint: &Field, domain: &str) -> bool {
    let Some(url) = endpoint.given() else { return false };
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?']).next().unwrap_or_default().to_ascii_lowercase();
    host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}
