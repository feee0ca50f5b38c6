//! What is said of a model that has ended or will, wherever it is named.

use crate::bedrock::{LifecycleConfidence, Model, Partition, Standing, SuccessorBasis};
use crate::finding::Confidence;
use crate::rules::{Facts, wording};

/// How many Regions are named before the rest is counted.
const SHOWN: usize = 4;

/// A model or a profile of it, as it is named at one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    pub(super) model: &'a Model,
    /// The id that names it.
    pub(super) id: &'a str,
    /// The Region, where one is named.
    pub(super) region: Option<&'a str>,
    /// What the Region begins with, where it is a pattern.
    pub(super) area: &'a str,
    pub(super) partition: Partition,
    /// Whether the id is that of a profile.
    pub(super) profile: bool,
    /// Whether the id is that of a profile which is no longer offered.
    pub(super) retired_profile: bool,
}

impl Subject<'_> {
    /// Where it stands today.
    pub(super) fn standing(&self, facts: &Facts<'_>) -> Standing {
        self.model.standing(facts.as_of, self.region, self.retired_profile)
    }
}

/// How sure it is.
pub(super) fn confidence(standing: Standing) -> Confidence {
    match standing {
        Standing::Ended { confidence } | Standing::EndedThere { confidence } => match confidence {
            LifecycleConfidence::Documented => Confidence::Certain,
            _ => Confidence::Likely,
        },
        Standing::RetiredProfile => Confidence::Likely,
        Standing::Legacy { secondary: true, .. } => Confidence::Possible,
        Standing::Legacy { .. } | Standing::EndedInPart | Standing::Offered => Confidence::Certain,
    }
}

/// The message and the label. `regions` are all in which it is named and stands as badly.
pub(super) fn said(
    facts: &Facts<'_>,
    subject: &Subject<'_>,
    standing: Standing,
    regions: &[&str],
) -> (String, &'static str) {
    let id = &*subject.model.id;
    let ended = match subject.model.lifecycle.eol_date {
        Some(date) => format!("reached its end of life on {date}"),
        None => "is past its end of life".to_owned(),
    };
    let alive = alive(facts, subject.model, subject.partition);
    let elsewhere = if alive.is_empty() {
        String::new()
    } else {
        format!("; the model can still be called in {}", wording::list(&alive, SHOWN))
    };
    match standing {
        Standing::Ended { .. } => (format!("`{id}` {ended}: every call is refused"), "past its end of life"),
        Standing::EndedThere { .. } => {
            let regions = wording::list(regions, SHOWN);
            (
                format!("`{id}` {ended} in {regions}: every call there is refused{elsewhere}"),
                "past its end of life there",
            )
        }
        Standing::RetiredProfile => (
            format!(
                "the inference profile `{}` is no longer offered, so calls of it are refused{elsewhere}",
                subject.id
            ),
            "no longer offered",
        ),
        Standing::EndedInPart => {
            (format!("`{id}` {ended} in some Regions{elsewhere}"), "past its end of life in some Regions")
        }
        Standing::Legacy { eol: Some(date), secondary } => {
            let source = if secondary { ", as a price table has it" } else { "" };
            (format!("`{id}` is legacy and reaches its end of life on {date}{source}"), "legacy")
        }
        Standing::Legacy { eol: None, .. } | Standing::Offered => {
            (format!("`{id}` is legacy: accounts that have not used it lately are refused"), "legacy")
        }
    }
}

/// The Regions of a partition from which the model can still be called.
fn alive<'a>(facts: &Facts<'_>, model: &'a Model, partition: Partition) -> Vec<&'a str> {
    let lies_there = |code: &str| facts.catalogue.region(code).is_some_and(|region| region.partition == partition);
    let mut alive: Vec<&str> = model
        .active_profiles()
        .flat_map(|profile| profile.sources().iter())
        .chain(model.on_demand.iter())
        .filter(|region| lies_there(region) && !model.ended_in(region, facts.as_of))
        .collect();
    alive.sort_unstable();
    alive.dedup();
    alive
}

/// The profiles of a model that fit the place of a subject: of its prefix first, then those from where its Region is.
pub(super) fn profiles<'c>(facts: &Facts<'c>, model: &'c Model, subject: &Subject<'_>) -> Vec<&'c str> {
    let mut found = facts.catalogue.profiles_for(model, subject.partition, subject.region);
    let prefix = prefix(subject);
    found.sort_by_key(|profile| {
        let near = profile.sources().iter().any(|source| source.starts_with(subject.area));
        (prefix != Some(profile.prefix()), !near)
    });
    found.into_iter().map(|profile| &*profile.id).collect()
}

/// The geography prefix that a subject is named with.
pub(super) fn prefix<'a>(subject: &Subject<'a>) -> Option<&'a str> {
    subject.id.split_once('.').map(|(prefix, _)| prefix).filter(|_| subject.profile)
}

/// Why it is to be these.
pub(super) fn recommended(basis: SuccessorBasis) -> &'static str {
    match basis {
        SuccessorBasis::Recommended => "which AWS recommends",
        SuccessorBasis::SameLine => "of the line that AWS recommends",
        SuccessorBasis::Legacy => "which AWS recommends though it is legacy itself",
    }
}
