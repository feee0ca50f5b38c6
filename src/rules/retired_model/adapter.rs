//! Models that an adapter calls: past the end of life every call is refused, before that it is a matter of time.

use super::words::{Subject, confidence, prefix, recommended, said};
use crate::access::Obstacle;
use crate::bedrock::Standing;
use crate::finding::Severity;
use crate::reading::Called;
use crate::rules::report::{AdapterCase, CalledModel, Draft, Report};
use crate::rules::wording;

pub(super) fn check(case: &AdapterCase<'_>, report: &mut Report) {
    for called in case.called() {
        // what is wrong for another reason is told of as that
        let stands = matches!(
            called.obstacle,
            None | Some(
                Obstacle::Over { .. }
                    | Obstacle::BareId { .. }
                    | Obstacle::ForeignProfile { .. }
                    | Obstacle::NotThere { .. }
                    | Obstacle::Unroutable
            )
        );
        let Some(subject) = subject(case, &called).filter(|_| stands) else { continue };
        let standing = subject.standing(case.facts);
        if standing != Standing::Offered {
            report.push_once(finding(case, &called, &subject, standing), "and here");
        }
    }
}

fn subject<'a>(case: &AdapterCase<'a>, called: &CalledModel<'a>) -> Option<Subject<'a>> {
    let catalogue = case.facts.catalogue;
    let (id, profile) = match &called.reading.called {
        Called::Model(id) => (id, None),
        Called::Profile(id) => (id, Some(catalogue.profile(id)?)),
        _ => return None,
    };
    Some(Subject {
        model: catalogue.model(profile.map_or(id, |profile| profile.model_id()))?,
        id,
        region: called.source,
        area: called.source.unwrap_or_default(),
        partition: case.partition(called.source),
        profile: profile.is_some(),
        retired_profile: profile.is_some_and(|profile| !profile.is_active()),
    })
}

fn finding(case: &AdapterCase<'_>, called: &CalledModel<'_>, subject: &Subject<'_>, standing: Standing) -> Draft {
    let regions: Vec<&str> = subject.region.into_iter().collect();
    let (message, label) = said(case.facts, subject, standing, &regions);
    let severity = if standing.is_over() { Severity::Error } else { Severity::Warning };
    let draft = Draft::new(&super::RULE, case.at(called.field.id.span()), message, label)
        .severity(severity)
        .confidence(confidence(standing))
        .help(help(case, called, subject))
        .anchor(case.anchor(&called.field.field));
    match standing {
        Standing::EndedThere { .. } => draft.called_region(case, called),
        _ => draft,
    }
}

/// What to call instead.
fn help(case: &AdapterCase<'_>, called: &CalledModel<'_>, subject: &Subject<'_>) -> String {
    let (facts, model) = (case.facts, subject.model);
    // what cannot be called from there is no help
    let can_be_called = |one| !case.ids_for(one, subject.region).is_empty();
    let successors = facts.catalogue.successors(model, facts.as_of, can_be_called);
    let first = |one| {
        let ids = case.ids_for(one, subject.region);
        let same = |id: &&&str| id.split_once('.').map(|(start, _)| start) == prefix(subject);
        ids.iter().find(same).or(ids.first()).copied()
    };
    let ids: Vec<&str> = successors.models.iter().filter_map(|successor| first(*successor)).collect();
    if !ids.is_empty() {
        let ids = wording::either(&case.spelt(called, &ids));
        return format!("call {ids} instead, {}", recommended(successors.basis));
    }
    let mut own = case.ids_for(model, subject.region);
    own.retain(|_| subject.retired_profile && !model.ended_everywhere(facts.as_of));
    match case.spelt(called, &own).as_slice() {
        [] => "call another model".to_owned(),
        own => format!("call {} instead", wording::either(own)),
    }
}
