//! A model id or profile id that does not exist.
//!
//! Owns ids that are wrong, or for the other endpoint: doubled and unknown prefixes, wrong and missing dates and versions,
//! blanks, other spellings. The rules about routes are silent then, and what this one suggests can be called from the
//! Region. An id written for another provider (`anthropic/…`) is `misplaced-model-id`, a wrong one in an embedding adapter
//! that wants `bedrock/` before it `unroutable-embedding-model`, and a prefix that is right elsewhere
//! `prefix-region-mismatch`, also where the rest may be new.

mod mention;

use super::report::{AdapterCase, CalledModel, Draft, PolicyCase, Report};
use super::{Check, Rule, wording};
use crate::access::Obstacle;
use crate::bedrock::{Endpoint, IdMistake, Model};
use crate::finding::{Applicability, Confidence, Severity};
use crate::iam::{Elements, Statement};
use crate::phrase::wrong_id;
use crate::reading::{Called, Fault, FaultKind, Names};
use crate::text::Text;

pub(super) const RULE: Rule = Rule {
    slug: "unknown-model-id",
    severity: Severity::Warning,
    pedantic: false,
    page: include_str!("../../rules/unknown-model-id.md"),
    checks: &[Check::Policy(check), Check::Adapter(check_adapter), Check::Mention(mention::check)],
};

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    for (_, statement, reading) in case.reading.bedrock_statements() {
        let Some(elements) = &statement.resources else { continue };
        for (pattern, resource) in elements.patterns.iter().zip(&reading.resources) {
            for fault in &resource.faults {
                let profile = matches!(resource.names, Names::Profile(_));
                if let Some(draft) = finding(case, statement, elements, pattern.text(), fault, profile) {
                    report.push(draft);
                }
            }
        }
    }
}

fn finding(
    case: &PolicyCase<'_>,
    statement: &Statement,
    elements: &Elements,
    text: &Text,
    fault: &Fault,
    profile: bool,
) -> Option<Draft> {
    let FaultKind::Id { mistake, nearest } = &fault.kind else {
        return None;
    };
    let written = text.as_str().get(fault.range.clone()).unwrap_or_default();
    let noun = if profile { "inference profile" } else { "model" };
    let date = case.facts.catalogue.as_of();
    let possible = fault.kind.may_be_new();
    // an id that `bedrock-mantle` alone has
    let mantle = !possible && case.facts.catalogue.model(written).is_some();
    let what = if possible {
        format!("`{written}` is not among the {noun}s known on {date}")
    } else if mantle {
        format!(
            "`{written}` is the id of the model for `bedrock-mantle`, and the one that this ARN names ends in a date or version"
        )
    } else {
        wrong_id(*mistake, written, noun)
    };
    let newer = if possible { "unless it is newer, " } else { "" };
    let outcome = wording::outcome(statement.effect, elements.negated);
    let message = format!("{what}: {newer}this ARN matches nothing, so {outcome}");
    // an id that is not there cannot be underlined
    let span = if written.is_empty() { text.span() } else { text.span_of(fault.range.clone()) };
    let label = if possible { "unknown id" } else { "no such id" };
    let element = if elements.negated { "NotResource" } else { "Resource" };
    let mut draft = Draft::new(&RULE, case.at(span), message, label).anchor(case.anchor(statement, element));
    if possible {
        draft = draft.confidence(Confidence::Possible);
    } else if mantle && !nearest.iter().any(|id| is_dated(id)) {
        // the two endpoints have each an id of their own, and not only a shorter one
        draft = draft.confidence(Confidence::Likely);
    }
    Some(match nearest.as_slice() {
        [] if *mistake == Some(IdMistake::Blank) => draft.help("write the id, or `*` for all of them"),
        [] => draft,
        [one] if !possible && !written.is_empty() => draft.help(format!("write `{one}`")).replace(
            case.at(span),
            one.as_str(),
            "write the id that is meant",
            // another id may grant more than this one, which grants nothing
            Applicability::Unsafe,
        ),
        _ if possible => draft.help(format!("known for this model: {}", wording::list(nearest, 3))),
        _ => draft.help(format!("write {}", wording::either(nearest))),
    })
}

fn check_adapter(case: &AdapterCase<'_>, report: &mut Report) {
    for called in case.called() {
        match called.obstacle {
            Some(Obstacle::Blank) => report.push(blank(case, &called)),
            Some(Obstacle::OtherEndpoint { model }) => report.push(other_endpoint(case, &called, model)),
            Some(Obstacle::Misnamed) => {
                let faults = called.reading.faults.iter();
                let drafts = faults.filter_map(|fault| misnamed(case, &called, fault));
                drafts.for_each(|draft| report.push(draft));
            }
            _ => {}
        }
    }
}

fn blank(case: &AdapterCase<'_>, called: &CalledModel<'_>) -> Draft {
    let field = &called.field.field;
    let message = format!("`{}` names no model: every call fails", field.key.as_str());
    Draft::new(&RULE, case.at(field.key.span()), message, "no id")
        .help("write the id of a model or of an inference profile")
        .anchor(case.anchor(field))
}

/// An id that the catalogue does not have, or that another rule does not speak of.
fn misnamed(case: &AdapterCase<'_>, called: &CalledModel<'_>, fault: &Fault) -> Option<Draft> {
    let FaultKind::Id { mistake, nearest } = &fault.kind else {
        return None;
    };
    let (catalogue, text) = (case.facts.catalogue, &called.field.id);
    let written = text.as_str().get(fault.range.clone()).unwrap_or_default();
    let possible = fault.kind.may_be_new();
    // provisioned throughput, imported and deployed models have ids of their own
    if possible && is_given_out(written) {
        return None;
    }
    let noun = if catalogue.split_profile_id(written).is_some() { "inference profile" } else { "model" };
    let message = if possible {
        let date = catalogue.as_of();
        format!("`{written}` is not among the {noun}s known on {date}: unless it is newer, the call is refused")
    } else if catalogue.model(written).is_some() {
        format!(
            "`{written}` is the id of the model for `bedrock-mantle`, and the one for `bedrock-runtime` ends in a date or \
             version: the call is refused"
        )
    } else if written.to_ascii_lowercase().starts_with("bedrock/") {
        format!(
            "`{written}` is called as it stands: `bedrock/` is taken off once, and in lower case, so the call is refused"
        )
    } else {
        format!("{}: the call is refused", wrong_id(*mistake, written, noun))
    };
    let at = case.at(if written.is_empty() { text.span() } else { text.span_of(fault.range.clone()) });
    let label = if possible { "unknown id" } else { "no such id" };
    let draft = Draft::new(&RULE, at.clone(), message, label)
        .confidence(if possible { Confidence::Possible } else { Confidence::Certain })
        .anchor(case.anchor(&called.field.field));
    let ids = match called.field.endpoint {
        Endpoint::BedrockRuntime => case.callable(nearest, called.source),
        Endpoint::BedrockMantle => served_by_mantle(case, nearest),
    };
    Some(match ids.as_slice() {
        [] => draft,
        _ if possible => draft.help(format!("known for this model: {}", wording::either(&ids))),
        [one] if called.reading.arn.is_none() || nearest.iter().any(|id| id == one) => {
            // spelt otherwise, it is the same that is called
            let same = matches!(mistake, Some(IdMistake::Whitespace | IdMistake::WrongCase));
            let applicability = if same { Applicability::Safe } else { Applicability::Unsafe };
            draft.help(format!("write `{one}`")).replace(at, *one, "write the id that is meant", applicability)
        }
        _ if called.reading.arn.is_some() => {
            draft.help(format!("write {} in the place of the ARN", wording::either(&ids)))
        }
        _ => draft.help(format!("write {}", wording::either(&ids))),
    })
}

/// Whether it looks like an id that AWS gives to what belongs to an account: twelve small letters and digits.
fn is_given_out(id: &str) -> bool {
    id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn served_by_mantle<'c>(case: &AdapterCase<'c>, meant: &[String]) -> Vec<&'c str> {
    let models = meant.iter().filter_map(|id| case.facts.catalogue.model(id));
    models.filter(|model| model.endpoints.contains(&Endpoint::BedrockMantle)).map(|model| &*model.id).collect()
}

/// A known id, on the endpoint that does not know it.
fn other_endpoint(case: &AdapterCase<'_>, called: &CalledModel<'_>, model: &Model) -> Draft {
    let catalogue = case.facts.catalogue;
    let id = called.field.id.as_str();
    let (message, confidence) = match (called.field.endpoint, &called.reading.called) {
        (Endpoint::BedrockRuntime, _) => (
            format!(
                "`{}` is served by `bedrock-mantle` alone, and this calls `bedrock-runtime`: the call is refused",
                model.id
            ),
            Confidence::Likely,
        ),
        (Endpoint::BedrockMantle, Called::Profile(_)) => (
            format!(
                "`{id}` is an inference profile, and `bedrock-mantle` takes the ids of models alone: the call is refused"
            ),
            Confidence::Certain,
        ),
        (Endpoint::BedrockMantle, _) => {
            (format!("`{id}` is not what `bedrock-mantle` calls a model: the call is refused"), Confidence::Likely)
        }
    };
    let draft = Draft::new(&RULE, case.at(called.field.id.span()), message, "unknown to this endpoint")
        .confidence(confidence)
        .anchor(case.anchor(&called.field.field));
    if called.field.endpoint == Endpoint::BedrockRuntime {
        return draft.help("call it on `bedrock-mantle`, or call another model");
    }
    // there ids end without date and version
    let is_short = |one: &&Model| model.id.strip_prefix(&*one.id).is_some_and(|rest| rest.starts_with('-'));
    let mantle = |one: &&Model| one.endpoints.contains(&Endpoint::BedrockMantle);
    let own = Some(model).filter(mantle).or_else(|| catalogue.models().filter(mantle).find(is_short));
    match own {
        Some(own) => draft.help(format!("write `{}`", own.id)),
        None => draft.help("call it on `bedrock-runtime`, or call another model"),
    }
}

/// Whether an id has a date in it.
fn is_dated(id: &str) -> bool {
    id.split('-').any(|part| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_digit()))
}
