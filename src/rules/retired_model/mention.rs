//! Models that a string of a program or a text names.

use super::words::{Subject, confidence, prefix, recommended, said};
use crate::bedrock::Standing;
use crate::finding::Confidence;
use crate::finding::Severity;
use crate::formats::Place;
use crate::reading::{Called, FaultKind, ModelReading};
use crate::rules::mention::MentionCase;
use crate::rules::report::Report;
use crate::rules::wording;
use crate::text::Text;

pub(super) fn check(case: &MentionCase<'_>, report: &mut Report) {
    let Some(reading) = case.model() else { return };
    // an id that is wrong is told of as that
    if reading.faults.iter().any(|fault| matches!(fault.kind, FaultKind::Id { .. })) {
        return;
    }
    let Some(subject) = subject(case, reading) else { return };
    let standing = subject.standing(case.facts);
    if standing == Standing::Offered {
        return;
    }
    let regions: Vec<&str> = subject.region.into_iter().collect();
    let (message, label) = said(case.facts, &subject, standing, &regions);
    let mut draft = case.draft(&super::RULE, case.at(named(case.text(), &subject).span()), message, label);
    if !standing.is_over() {
        draft = draft.severity(Severity::Note);
    }
    // nobody knows whether it is chosen
    let is_choice = case.reading.fact.place == Place::Listed && reading.arn.is_none();
    if is_choice {
        draft = draft.severity(Severity::Note);
    }
    if is_choice || confidence(standing) == Confidence::Possible {
        draft = draft.confidence(Confidence::Possible);
    }
    report.push_once(draft.help(help(case, &subject)), "and here");
}

fn subject<'a>(case: &MentionCase<'a>, reading: &'a ModelReading) -> Option<Subject<'a>> {
    let catalogue = case.facts.catalogue;
    let (id, profile) = match &reading.called {
        Called::Model(id) => (id, None),
        Called::Profile(id) => (id, Some(catalogue.profile(id)?)),
        _ => return None,
    };
    let region = reading.arn.as_ref().and_then(|arn| arn.region.as_ref()).map(|region| region.code.as_str());
    let known = region.and_then(|region| catalogue.region(region));
    Some(Subject {
        model: catalogue.model(profile.map_or(id, |profile| profile.model_id()))?,
        id,
        region,
        area: region.unwrap_or_default(),
        partition: known.map_or_else(|| wording::partition_of(case.text().as_str()), |region| region.partition),
        profile: profile.is_some(),
        retired_profile: profile.is_some_and(|profile| !profile.is_active()),
    })
}

/// The id, as it stands in the string: the end of an ARN.
fn named(text: &Text, subject: &Subject<'_>) -> Text {
    let at = text.as_str().rfind(subject.id).unwrap_or_default();
    text.part(at..text.as_str().len().min(at + subject.id.len().max(1)))
}

/// What to name instead.
fn help(case: &MentionCase<'_>, subject: &Subject<'_>) -> String {
    let (facts, model) = (case.facts, subject.model);
    let ids_for = |model| facts.catalogue.ids_for(model, subject.partition, subject.region);
    let successors = facts.catalogue.successors(model, facts.as_of, |one| !ids_for(one).is_empty());
    let ids = successors.models.iter().filter_map(|successor| {
        let ids = ids_for(successor);
        let same = |id: &&&str| id.split_once('.').map(|(start, _)| start) == prefix(subject);
        ids.iter().find(same).or(ids.first()).copied()
    });
    let ids: Vec<&str> = ids.collect();
    if !ids.is_empty() {
        return format!("name {} instead, {}", wording::either(&ids), recommended(successors.basis));
    }
    let own = if subject.retired_profile && !model.ended_everywhere(facts.as_of) { ids_for(model) } else { Vec::new() };
    if own.is_empty() { "name another model".to_owned() } else { format!("name {} instead", wording::either(&own)) }
}
