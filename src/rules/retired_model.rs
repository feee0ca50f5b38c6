//! A model past its end of life, or on its way there.

use std::collections::BTreeMap;

use super::report::{Draft, PolicyCase, Report};
use super::{Check, Rule, wording};
use crate::bedrock::{Catalogue, LifecycleConfidence, LifecycleState, Model, ModelIdKind, Partition, classify_id};
use crate::finding::{Confidence, Severity};
use crate::iam::{Effect, Pattern, Statement};
use crate::reading::fields::field;
use crate::reading::{FaultKind, Names};
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    slug: "retired-model",
    severity: Severity::Warning,
    pedantic: false,
    page: include_str!("../../rules/retired-model.md"),
    checks: &[Check::Policy(check)],
};

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    for (model, mentions) in mentions(case).into_values() {
        let judged = mentions.iter().map(|mention| (mention, judge(case, model, mention)));
        let mut judged: Vec<(&Mention<'_>, State)> = judged.collect();
        judged.retain(|(_, state)| *state != State::Offered);
        // the worst is told of; what is less bad about the same model would only repeat it
        let Some(worst) = judged.iter().map(|(_, state)| state.rank()).max() else {
            continue;
        };
        judged.retain(|(_, state)| state.rank() == worst);
        let Some((first, state)) = judged.first() else { continue };
        let mut draft = finding(case, model, first, state, &judged);
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
    id: &'a str,
    /// The Region, where one is named.
    region: Option<&'a str>,
    /// What the Region begins with, where it is a pattern.
    area: &'a str,
    partition: Partition,
    /// Whether it is the id of a profile that is no longer offered.
    retired_profile: bool,
    profile: bool,
}

/// Where a model stands at one place of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Offered,
    Legacy {
        secondary: bool,
    },
    /// Ended in some Regions, and no Region is named.
    EndedInPart,
    RetiredProfile,
    /// Ended in the Region that is named, offered in others.
    EndedThere {
        confidence: LifecycleConfidence,
    },
    Ended {
        confidence: LifecycleConfidence,
    },
}

impl State {
    fn rank(self) -> u8 {
        match self {
            Self::Offered => 0,
            Self::Legacy { .. } => 1,
            Self::EndedInPart => 2,
            Self::RetiredProfile => 3,
            Self::EndedThere { .. } => 4,
            Self::Ended { .. } => 5,
        }
    }
}

fn mentions<'a>(case: &PolicyCase<'a>) -> BTreeMap<&'a str, (&'a Model, Vec<Mention<'a>>)> {
    let mut mentions: BTreeMap<&str, (&Model, Vec<Mention<'_>>)> = BTreeMap::new();
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
            let (_, places) = mentions.entry(&*model.id).or_insert((model, Vec::new()));
            let region = resource.region.as_ref().map(|region| region.code.as_str());
            let named = region.and_then(|region| case.facts.catalogue.region(region));
            places.push(Mention {
                statement,
                span: pattern.text().span_of(id.range.clone()),
                id: &id.text,
                region,
                area: area(pattern),
                partition: named.map_or_else(|| wording::partition_of(pattern.as_str()), |region| region.partition),
                retired_profile,
                profile,
            });
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

fn judge(case: &PolicyCase<'_>, model: &Model, mention: &Mention<'_>) -> State {
    let as_of = case.facts.as_of;
    if let LifecycleState::EndOfLife { confidence, .. } = model.lifecycle_on(as_of, None) {
        return State::Ended { confidence };
    }
    let state = model.lifecycle_on(as_of, mention.region);
    if let LifecycleState::EndOfLife { confidence, .. } = state {
        return State::EndedThere { confidence };
    }
    if mention.retired_profile {
        return State::RetiredProfile;
    }
    match state {
        LifecycleState::Legacy { .. } if mention.region.is_none() && ended_in_part(case, model) => State::EndedInPart,
        LifecycleState::Legacy { secondary, .. } => State::Legacy { secondary },
        _ => State::Offered,
    }
}

fn ended_in_part(case: &PolicyCase<'_>, model: &Model) -> bool {
    let ended = model.lifecycle.eol_date.is_some_and(|date| date <= case.facts.as_of);
    ended && model.lifecycle.eol_regions.is_some()
}

fn finding(
    case: &PolicyCase<'_>,
    model: &Model,
    mention: &Mention<'_>,
    state: &State,
    all: &[(&Mention<'_>, State)],
) -> Draft {
    let (message, label) = said(case, model, mention, state, all);
    let (severity, confidence) = match state {
        State::Ended { confidence } | State::EndedThere { confidence } => {
            let documented = *confidence == LifecycleConfidence::Documented;
            let sure = if documented { Confidence::Certain } else { Confidence::Likely };
            (Severity::Warning, sure)
        }
        State::RetiredProfile => (Severity::Warning, Confidence::Likely),
        State::Legacy { secondary: true } => (Severity::Note, Confidence::Possible),
        State::EndedInPart | State::Legacy { .. } | State::Offered => (Severity::Note, Confidence::Certain),
    };
    let draft = Draft::new(&RULE, case.at(mention.span), message, label)
        .severity(severity)
        .confidence(confidence)
        .anchor(case.anchor(mention.statement, "Resource"));
    match help(case, model, mention) {
        Some(help) => draft.help(help),
        None => draft,
    }
}

/// The message and the label.
fn said(
    case: &PolicyCase<'_>,
    model: &Model,
    mention: &Mention<'_>,
    state: &State,
    all: &[(&Mention<'_>, State)],
) -> (String, &'static str) {
    let id = &*model.id;
    let ended = match model.lifecycle.eol_date {
        Some(date) => format!("reached its end of life on {date}"),
        None => "is past its end of life".to_owned(),
    };
    let alive = alive(case, model, mention.partition);
    let elsewhere = if alive.is_empty() {
        String::new()
    } else {
        format!("; the model can still be called in {}", wording::list(&alive, 4))
    };
    match state {
        State::Ended { .. } => (format!("`{id}` {ended}: every call is refused"), "past its end of life"),
        State::EndedThere { .. } => {
            let mut regions: Vec<&str> = all.iter().filter_map(|(mention, _)| mention.region).collect();
            regions.sort_unstable();
            regions.dedup();
            let regions = wording::list(&regions, 4);
            (
                format!("`{id}` {ended} in {regions}: every call there is refused{elsewhere}"),
                "past its end of life there",
            )
        }
        State::RetiredProfile => (
            format!(
                "the inference profile `{}` is no longer offered, so calls of it are refused{elsewhere}",
                mention.id
            ),
            "no longer offered",
        ),
        State::EndedInPart => {
            (format!("`{id}` {ended} in some Regions{elsewhere}"), "past its end of life in some Regions")
        }
        State::Legacy { .. } | State::Offered => (legacy(case, model, mention), "legacy"),
    }
}

fn legacy(case: &PolicyCase<'_>, model: &Model, mention: &Mention<'_>) -> String {
    let id = &*model.id;
    match model.lifecycle_on(case.facts.as_of, mention.region) {
        LifecycleState::Legacy { eol: Some(date), secondary } => {
            let source = if secondary { ", as a price table has it" } else { "" };
            format!("`{id}` is legacy and reaches its end of life on {date}{source}")
        }
        _ => format!("`{id}` is legacy: accounts that have not used it lately are refused"),
    }
}

/// The Regions of a partition from which the model can still be called.
fn alive<'a>(case: &PolicyCase<'_>, model: &'a Model, partition: Partition) -> Vec<&'a str> {
    let lies_there = |code: &str| case.facts.catalogue.region(code).is_some_and(|region| region.partition == partition);
    let mut alive: Vec<&str> = model
        .active_profiles()
        .flat_map(|profile| profile.sources().iter())
        .chain(model.on_demand.iter())
        .filter(|region| lies_there(region) && !model.ended_in(region, case.facts.as_of))
        .collect();
    alive.sort_unstable();
    alive.dedup();
    alive
}

/// What to grant instead.
fn help(case: &PolicyCase<'_>, model: &Model, mention: &Mention<'_>) -> Option<String> {
    let successors = successors(case, model);
    if successors.is_empty() {
        let own: Vec<&str> = profiles(case, model, mention).collect();
        let offers = mention.retired_profile && !own.is_empty() && !model.ended_everywhere(case.facts.as_of);
        return offers.then(|| format!("grant {} instead", wording::either(&own)));
    }
    let mut ids: Vec<&str> = Vec::new();
    let mut through: Vec<&str> = Vec::new();
    for successor in &successors {
        let profile = profiles(case, successor, mention).next();
        ids.push(profile.filter(|_| mention.profile).unwrap_or(&successor.id));
        let profile_only = match mention.region {
            Some(region) => successor.profile_only_in(region),
            None => successor.on_demand.is_empty(),
        };
        if !mention.profile && profile_only {
            through.extend(profile);
        }
    }
    let as_of = case.facts.as_of;
    let legacy = |model: &&Model| !matches!(model.lifecycle_on(as_of, None), LifecycleState::Active);
    let note = if successors.iter().all(legacy) {
        "which AWS recommends though it is legacy itself"
    } else {
        "which AWS recommends"
    };
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

/// The profiles of a model that fit the place of a mention: of its prefix first, then those from where its Region is.
fn profiles<'c>(
    case: &PolicyCase<'c>,
    model: &'c Model,
    mention: &Mention<'_>,
) -> impl Iterator<Item = &'c str> + use<'c> {
    let mut found = case.facts.catalogue.profiles_for(model, mention.partition, mention.region);
    let prefix = mention.id.split_once('.').map(|(prefix, _)| prefix).filter(|_| mention.profile);
    found.sort_by_key(|profile| {
        let near = profile.sources().iter().any(|source| source.starts_with(mention.area));
        (prefix != Some(profile.prefix()), !near)
    });
    found.into_iter().map(|profile| &*profile.id)
}

/// What AWS recommended in its place, or in the place of that where it has ended too.
fn successors<'a>(case: &PolicyCase<'a>, model: &'a Model) -> Vec<&'a Model> {
    let mut found: Vec<&Model> = Vec::new();
    let mut seen: Vec<&str> = vec![&*model.id];
    let mut ahead: Vec<&str> = model.successors.iter().map(AsRef::as_ref).collect();
    while !ahead.is_empty() {
        let mut next = Vec::new();
        for id in std::mem::take(&mut ahead) {
            let Some(successor) = case.facts.catalogue.model(id).filter(|_| !seen.contains(&id)) else {
                continue;
            };
            seen.push(&*successor.id);
            if successor.ended_everywhere(case.facts.as_of) {
                next.extend(successor.successors.iter().map(|id| &**id));
            } else {
                found.push(successor);
            }
        }
        ahead = next;
    }
    found
}
