//! A profile granted for calls from one Region.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::report::{Draft, PolicyCase, Report};
use super::{Check, Rule};
use crate::finding::{Applicability, Confidence, Severity};
use crate::formats::PolicyKind;
use crate::iam::{Context, Effect, Fit, Statement};
use crate::reading::{NamedRegion, Names, Reading};
use crate::text::Text;

pub(super) const RULE: Rule = Rule {
    slug: "pinned-profile-region",
    severity: Severity::Note,
    pedantic: false,
    page: include_str!("../../rules/pinned-profile-region.md"),
    checks: &[Check::Policy(check)],
};

/// A profile ARN of an Allow.
struct Grant<'a> {
    statement: &'a Statement,
    text: &'a Text,
    profile: &'a str,
    region: Option<&'a NamedRegion>,
    /// Whether something else is wrong with the ARN, which comes first.
    faulty: bool,
}

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    if case.reading.fact.kind == PolicyKind::Endpoint {
        // an endpoint is in one Region
        return;
    }
    let grants = grants(case.reading);
    // who lists Regions, or leaves one open, does so on purpose
    let mut regions: BTreeMap<&str, BTreeSet<Option<&str>>> = BTreeMap::new();
    for grant in &grants {
        let code = grant.region.map(|region| region.code.as_str());
        regions.entry(grant.profile).or_default().insert(code);
    }
    let mut elsewhere_too: BTreeMap<&str, bool> = BTreeMap::new();
    for grant in &grants {
        let (Some(region), Some(profile)) = (grant.region, case.facts.catalogue.profile(grant.profile)) else {
            continue;
        };
        let elsewhere = profile.sources().iter().filter(|source| *source != region.code).count();
        let known = profile.sources().contains(&region.code);
        let listed = regions.get(grant.profile).is_some_and(|regions| regions.len() > 1);
        let limited = grant.statement.conditions.iter().any(|condition| condition.is_about("aws:RequestedRegion"));
        let at = case.at(grant.text.span_of(region.range.clone()));
        // whoever is deployed together with the policy calls from there; and what stands for a Region is set with it
        let own = case.reading.fact.region.as_ref() == Some(&region.code) || at.text() != region.code;
        if elsewhere == 0 || !known || !profile.is_active() || listed || limited || own || grant.faulty {
            continue;
        }
        let other = profile.sources().iter().find(|source| *source != region.code);
        let covered = *elsewhere_too.entry(grant.profile).or_insert_with(|| {
            other.is_some_and(|other| granted_by_pattern(case.reading, grant.text, &region.range, other))
        });
        if covered {
            continue;
        }
        let (id, code) = (grant.profile, &region.code);
        let others = match elsewhere {
            1 => "in the one other Region".to_owned(),
            several => format!("in one of the {several} other Regions"),
        };
        let message =
            format!("`{id}` is granted in `{code}` only: a caller {others} that it can be called from is denied");
        report.push_once(
            Draft::new(&RULE, at.clone(), message, "one Region")
                // another policy may grant it
                .confidence(Confidence::Likely)
                .help("if callers run in other Regions too, write `*`, or name their Regions; else this is as it should be")
                .anchor(case.anchor(grant.statement, "Resource"))
                .replace(at, "*", "grant the profile in every Region", Applicability::Unsafe),
            "and here",
        );
    }
}

/// Whether a pattern of an Allow grants the same profile in another Region.
fn granted_by_pattern(reading: &Reading, arn: &Text, region: &Range<usize>, other: &str) -> bool {
    let mut there = arn.as_str().to_owned();
    if there.get(region.clone()).is_none() {
        return false;
    }
    there.replace_range(region.clone(), other);
    let allows = reading.meant.statements.iter().filter(|one| one.effect == Effect::Allow);
    let mut patterns = allows.flat_map(|statement| statement.named_resources());
    patterns.any(|pattern| pattern.matches_resource(&there, &Context::default()) != Fit::No)
}

fn grants(reading: &Reading) -> Vec<Grant<'_>> {
    let mut grants = Vec::new();
    for (_, statement, read) in reading.bedrock_statements() {
        if statement.effect != Effect::Allow {
            continue;
        }
        for (pattern, resource) in statement.named_resources().iter().zip(&read.resources) {
            if let Names::Profile(id) = &resource.names
                && id.literal
            {
                grants.push(Grant {
                    statement,
                    text: pattern.text(),
                    profile: &id.text,
                    region: resource.region.as_ref(),
                    faulty: !resource.faults.is_empty(),
                });
            }
        }
    }
    grants
}
