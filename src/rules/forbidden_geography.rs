//! A profile of a geography that the settings do not allow.

use super::report::{AdapterCase, Draft, PolicyCase, Report};
use super::{Check, Rule, limits, wording};
use crate::adapter::ModelField;
use crate::bedrock::{Catalogue, Scope};
use crate::finding::{Applicability, Confidence, Severity};
use crate::reading::{Called, ModelReading, Names};
use crate::settings::{Limit, Limits};
use crate::source::Location;

pub(super) const RULE: Rule = Rule {
    slug: "forbidden-geography",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/forbidden-geography.md"),
    checks: &[Check::Policy(check_policy), Check::Adapter(check_adapter)],
};

fn check_policy(case: &PolicyCase<'_>, report: &mut Report) {
    let Some((limits, limit)) = limit(case.facts) else { return };
    for grant in limits::grants(case) {
        let Names::Profile(id) = &grant.resource.names else { continue };
        let Some(prefix) = prefix_of(&id.text, case.facts.catalogue).filter(|prefix| !limits.allows_geography(prefix))
        else {
            continue;
        };
        let at = case.at(grant.pattern.text().span_of(id.range.clone()));
        let draft = draft(case.facts.catalogue, at, &id.text, prefix, limit)
            .help("grant profiles of the allowed geographies only")
            .anchor(case.anchor(grant.statement, "Resource"));
        report.push_once(draft, "and here");
    }
}

fn check_adapter(case: &AdapterCase<'_>, report: &mut Report) {
    let Some((limits, limit)) = limit(case.facts) else { return };
    for (field, reading) in case.reading.models() {
        // of an application profile, `stands_behind` tells what it is likely to copy
        let id = match &reading.called {
            Called::Profile(id) => id.as_str(),
            Called::Unknown => unknown_profile(field),
            _ => continue,
        };
        let Some(prefix) = prefix_of(id, case.facts.catalogue).filter(|prefix| !limits.allows_geography(prefix)) else {
            continue;
        };
        let at = case.at(field.id.span());
        let known = matches!(reading.called, Called::Profile(_)) && !field.stands_behind;
        let draft = draft(case.facts.catalogue, at.clone(), id, prefix, limit)
            .confidence(if known { Confidence::Certain } else { Confidence::Likely })
            .anchor(case.anchor(&field.field));
        report.push(instead(case, reading, limits, draft, at));
    }
}

fn limit<'a>(facts: &super::Facts<'a>) -> Option<(&'a Limits, &'a Limit)> {
    let limits = limits::of(facts)?;
    Some((limits, limits.geographies.as_ref()?))
}

/// The geography that an id or a pattern of ids spells out.
fn prefix_of<'t>(id: &'t str, catalogue: &Catalogue) -> Option<&'t str> {
    let (prefix, _) = id.split_once('.')?;
    catalogue.prefix(prefix).map(|_| prefix)
}

/// The id of a profile that the catalogue does not have, as written.
fn unknown_profile(field: &ModelField) -> &str {
    let text = field.id.as_str().trim();
    match text.split_once(":inference-profile/") {
        Some((_, id)) => id,
        None => text,
    }
}

fn draft(catalogue: &Catalogue, at: Location, id: &str, prefix: &str, limit: &Limit) -> Draft {
    let global = catalogue.prefix(prefix).is_some_and(|prefix| prefix.scope == Scope::Global);
    let allowed = limits::allowed(limit);
    let message = if global {
        format!("calls of `{id}` may run in any commercial Region, and the settings {allowed}")
    } else {
        format!("calls of `{id}` run in the geography `{prefix}`, and the settings {allowed}")
    };
    limits::draft(&RULE, at, message, limit)
}

/// Names the profiles of the same model that may be called in its place.
fn instead(case: &AdapterCase<'_>, reading: &ModelReading, limits: &Limits, draft: Draft, at: Location) -> Draft {
    let catalogue = case.facts.catalogue;
    let source = case.reading.source_of(reading);
    let profiles: Vec<&str> = reading
        .called
        .model(catalogue)
        .into_iter()
        .flat_map(|model| match source {
            Some(source) => model.profiles_from(source).collect::<Vec<_>>(),
            None => model.active_profiles().collect(),
        })
        .filter(|profile| limits.allows_geography(profile.prefix()))
        .map(|profile| &*profile.id)
        .collect();
    match profiles.as_slice() {
        [] => draft.help("call the model in an allowed geography, from a Region of it"),
        [only] if source.is_some() && reading.arn.is_none() => draft.help(format!("call `{only}`")).replace(
            at,
            *only,
            "call the profile of an allowed geography",
            Applicability::Unsafe,
        ),
        some => draft.help(format!("call {}", wording::either(some))),
    }
}
