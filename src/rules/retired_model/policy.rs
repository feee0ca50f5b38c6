//! Models that an Allow names. A Deny of them is right.

use std::collections::BTreeMap;

use super::words::{Subject, confidence, profiles, recommended, said};
use crate::bedrock::{Catalogue, Model, ModelIdKind, Standing, classify_id};
use crate::finding::Severity;
use crate::iam::{Effect, Pattern, Statement};
use crate::reading::fields::field;
use crate::reading::{FaultKind, Names};
use crate::rules::report::{Draft, PolicyCase, Report};
use crate::rules::wording;
use crate::text::Span;

pub(super) fn check(case: &PolicyCase<'_>, report: &mut Report) {
    for mentions in mentions(case).into_values() {
        let judged = mentions.iter().map(|mention| (mention, mention.subject.standing(case.facts)));
        let mut judged: Vec<(&Mention<'_>, Standing)> = judged.collect();
        judged.retain(|(_, standing)| *standing != Standing::Offered);
        // the worst is told of; what is less bad about the same model would only repeat it
        let Some(worst) = judged.iter().map(|(_, standing)| standing.rank()).max() else {
            continue;
        };
        judged.retain(|(_, standing)| standing.rank() == worst);
        let Some((first, standing)) = judged.first() else { continue };
        let mut regions: Vec<&str> = judged.iter().filter_map(|(mention, _)| mention.subject.region).collect();
        regions.sort_unstable();
        regions.dedup();
        let mut draft = finding(case, first, *standing, &regions);
        for (mention, _) in judged.iter().skip(1) {
            draft = draft.related(case.at(mention.span), "and here");
        }
        report.push_once(draft, "and here");
    }
}

/// A literal id in an Allow.
struct Mention<'a> {
    statement: &'a Statement,
    span: Span,
    subject: Subject<'a>,
}

/// The mentions of each model.
fn mentions<'a>(case: &PolicyCase<'a>) -> BTreeMap<&'a str, Vec<Mention<'a>>> {
    let mut mentions: BTreeMap<&str, Vec<Mention<'_>>> = BTreeMap::new();
    for (_, statement, read) in case.reading.bedrock_statements() {
        if statement.effect != Effect::Allow {
            continue;
        }
        for (pattern, resource) in statement.named_resources().iter().zip(&read.resources) {
            let (id, profile) = match &resource.names {
                Names::Model(id) => (id, false),
                Names::Profile(id) => (id, true),
                _ => continue,
            };
            // an id that is wrong is told of as that
            let wrong = |kind: &FaultKind| matches!(kind, FaultKind::Id { .. });
            if !id.literal || resource.faults.iter().any(|fault| wrong(&fault.kind)) {
                continue;
            }
            let Some((model, retired_profile)) = model_of(case.facts.catalogue, &id.text) else {
                continue;
            };
            let region = resource.region.as_ref().map(|region| region.code.as_str());
            let named = region.and_then(|region| case.facts.catalogue.region(region));
            let partition = named.map_or_else(|| wording::partition_of(pattern.as_str()), |region| region.partition);
            let area = area(pattern);
            let subject = Subject { model, id: &id.text, region, area, partition, profile, retired_profile };
            let span = pattern.text().span_of(id.range.clone());
            mentions.entry(&*model.id).or_default().push(Mention { statement, span, subject });
        }
    }
    mentions
}

/// What the Region of an ARN begins with: `eu-` of `eu-*`.
fn area(arn: &Pattern) -> &str {
    let region = field(arn, 3).unwrap_or_default();
    region.split(['*', '?', '$', '{']).next().unwrap_or_default()
}

/// The model behind an id, and whether the id is that of a profile no longer offered.
fn model_of<'c>(catalogue: &'c Catalogue, id: &str) -> Option<(&'c Model, bool)> {
    match classify_id(catalogue, id) {
        ModelIdKind::Model(model) | ModelIdKind::Variant(model) => Some((model, false)),
        ModelIdKind::Profile(profile) | ModelIdKind::RetiredProfile(profile) => {
            let model = catalogue.model(profile.model_id())?;
            Some((model, !profile.is_active()))
        }
        ModelIdKind::UnconfirmedProfile { model, .. } => Some((model?, false)),
        _ => None,
    }
}

fn finding(case: &PolicyCase<'_>, mention: &Mention<'_>, standing: Standing, regions: &[&str]) -> Draft {
    let (message, label) = said(case.facts, &mention.subject, standing, regions);
    let severity = if standing.is_over() { Severity::Warning } else { Severity::Note };
    let draft = Draft::new(&super::RULE, case.at(mention.span), message, label)
        .severity(severity)
        .confidence(confidence(standing))
        .anchor(case.anchor(mention.statement, "Resource"));
    match help(case, &mention.subject) {
        Some(help) => draft.help(help),
        None => draft,
    }
}

/// What to grant instead.
fn help(case: &PolicyCase<'_>, subject: &Subject<'_>) -> Option<String> {
    let (facts, model) = (case.facts, subject.model);
    let ids_for = |one| facts.catalogue.ids_for(one, subject.partition, subject.region);
    let successors = facts.catalogue.successors(model, facts.as_of, |one| !ids_for(one).is_empty());
    if successors.models.is_empty() {
        let own = profiles(facts, model, subject);
        let offers = subject.retired_profile && !own.is_empty() && !model.ended_everywhere(facts.as_of);
        return offers.then(|| format!("grant {} instead", wording::either(&own)));
    }
    let mut ids: Vec<&str> = Vec::new();
    let mut through: Vec<&str> = Vec::new();
    for successor in &successors.models {
        let profile = profiles(facts, successor, subject).first().copied();
        ids.push(profile.filter(|_| subject.profile).unwrap_or(&successor.id));
        let profile_only = match subject.region {
            Some(region) => successor.profile_only_in(region),
            None => successor.on_demand.is_empty(),
        };
        if !subject.profile && profile_only {
            through.extend(profile);
        }
    }
    let note = recommended(successors.basis);
    let ids = wording::either(&ids);
    let help = format!("grant {ids} instead, {note}, or take the ARN out once nothing calls it");
    Some(if through.is_empty() {
        help
    } else {
        format!(
            "{help}; grant its inference profile as well, such as {}: no call goes without",
            wording::either(&through)
        )
    })
}
