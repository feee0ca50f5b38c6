//! A source Region that the settings do not allow.

use super::report::{AdapterCase, PolicyCase, Report};
use super::{Check, Rule, limits};
use crate::bedrock::{Catalogue, Profile};
use crate::finding::Severity;
use crate::iam::{Case, Context, Fit, Pattern};
use crate::reading::Names;
use crate::reading::fields::field;
use crate::settings::Limits;
use crate::text::{Span, Text};

pub(super) const RULE: Rule = Rule {
    slug: "forbidden-region",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/forbidden-region.md"),
    checks: &[Check::Policy(check_policy), Check::Adapter(check_adapter)],
};

fn check_policy(case: &PolicyCase<'_>, report: &mut Report) {
    let Some(limits) = limits::of(case.facts) else { return };
    let Some(limit) = &limits.regions else { return };
    for grant in limits::grants(case) {
        let model = match &grant.resource.names {
            Names::Profile(_) | Names::ApplicationProfile(_) => None,
            Names::Model(id) => Some(id.text.as_str()),
            Names::Anything | Names::Other | Names::Elsewhere => continue,
        };
        let named = grant.resource.region.as_ref();
        let named = named.map(|region| (region.code.as_str(), grant.pattern.text().span_of(region.range.clone())));
        let Some((region, span)) = named.or_else(|| area(grant.pattern)) else { continue };
        let regions = matching(case.facts.catalogue, region);
        if regions.is_empty() || limit.allows_some(region) {
            continue;
        }
        let message = match model {
            // a model must be granted where allowed profiles route to
            Some(model) if is_destination(case.facts.catalogue, limits, model, &regions) => continue,
            Some(_) => format!(
                "the model may be called in `{region}`, and no allowed profile routes there: the settings {}",
                limits::allowed(limit)
            ),
            None => {
                format!("the profile may be called from `{region}`, and the settings {}", limits::allowed(limit))
            }
        };
        report.push_once(
            limits::draft(&RULE, case.at(span), message, limit)
                .help("grant it in the allowed Regions only")
                .anchor(case.anchor(grant.statement, "Resource")),
            "and here",
        );
    }
}

/// The Region of an ARN where it is a pattern that leaves something out: `us-*`.
fn area(arn: &Pattern) -> Option<(&str, Span)> {
    let before: Option<usize> = (0..3).map(|index| Some(field(arn, index)?.len() + 1)).sum();
    let (start, region) = (before?, field(arn, 3)?);
    let is_pattern = region.contains(['*', '?']) && region.contains(|c: char| c.is_ascii_alphanumeric());
    let known = region.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'*' | b'?'));
    (is_pattern && known).then(|| (region, arn.text().span_of(start..start + region.len())))
}

/// The Regions that a code or pattern stands for.
fn matching<'c>(catalogue: &'c Catalogue, region: &str) -> Vec<&'c str> {
    let pattern = Pattern::new(Text::unplaced(region), false);
    let fits = |code: &str| pattern.matches(code, Case::Sensitive, &Context::default()) == Fit::Yes;
    catalogue.regions().map(|region| &*region.code).filter(|code| fits(code)).collect()
}

/// Whether calls of a model from an allowed Region, through a profile of an allowed geography, may run in one of these.
/// Every model counts where the id is a pattern, or new.
fn is_destination(catalogue: &Catalogue, limits: &Limits, model: &str, regions: &[&str]) -> bool {
    let reaches = |profile: &Profile| {
        let allowed = profile.is_active() && limits.allows_geography(profile.prefix());
        let mut sources = profile.sources().iter().filter(|source| allowed && limits.allows_region(source));
        sources.any(|source| {
            let destinations = profile.destinations(source);
            destinations.is_some_and(|there| regions.iter().any(|region| there.contains(region)))
        })
    };
    match catalogue.model(model) {
        Some(model) => model.active_profiles().any(reaches),
        None => catalogue.profiles().any(reaches),
    }
}

fn check_adapter(case: &AdapterCase<'_>, report: &mut Report) {
    let Some(limit) = limits::of(case.facts).and_then(|limits| limits.regions.as_ref()) else { return };
    for (model, reading) in case.reading.called() {
        let Some(source) = case.reading.source_of(reading).filter(|source| !limit.allows(source)) else { continue };
        let Some(span) = case.reading.source_span(model, reading) else { continue };
        // named by the adapter, or in the model's own setting
        let region = case.adapter().region.as_ref().filter(|field| field.value.span() == span);
        let setting = region.unwrap_or(&model.field);
        let message = format!("`{source}` is called, and the settings {}", limits::allowed(limit));
        report.push(
            limits::draft(&RULE, case.at(span), message, limit)
                .help("call a Region that the limit allows, or add this one to it")
                .anchor(case.anchor(setting)),
        );
    }
}
