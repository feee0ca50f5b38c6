//! An endpoint in another Region than the settings name.
//!
//! Owns the endpoint. Which of the two Regions was meant is not known then, so the rules about routes are silent. A proxy or
//! a private name has no Region, and what stands behind it is unknown to every rule.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule};
use crate::adapter::{Credential, Field};
use crate::bedrock::{EndpointUrl, Partition};
use crate::finding::Severity;
use crate::reading::RegionReading;

pub(super) const RULE: Rule = Rule {
    slug: "endpoint-region-mismatch",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/endpoint-region-mismatch.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let Some(field) = case.adapter().endpoint.as_ref() else { return };
    let Some(url) = field.literal().and_then(EndpointUrl::parse) else { return };
    report_domain(case, field, &url, report);
    let (Some(setting), RegionReading::Known { code, .. }) = (&case.adapter().region, &case.reading.region) else {
        return;
    };
    let named = field.value.as_str().get(url.region.clone()).unwrap_or_default();
    if named == code {
        return;
    }
    // a signature is for one Region, an API key is no signature
    let signs = case.reading.credentials.used != Some(Credential::ApiKey);
    let key = setting.key.as_str();
    let (severity, message) = if signs {
        let message = format!(
            "this endpoint is in `{named}`, and calls are signed for `{code}`, which `{key}` names: every call is refused"
        );
        (Severity::Error, message)
    } else {
        (
            Severity::Warning,
            format!("this endpoint is in `{named}`, so that is called, although `{key}` names `{code}`"),
        )
    };
    let at = case.at(field.value.span_of(url.region));
    let draft = Draft::new(&RULE, at, message, "the Region of the endpoint")
        .severity(severity)
        .help(format!("write `{code}` in the endpoint, or leave it out: the client finds the one of its Region"))
        .related(case.at_value(setting), "the Region of the settings")
        .anchor(case.anchor(field));
    report.push(draft);
}

/// A Region outside of China has no endpoint in its domain, and one in China none outside of it.
fn report_domain(case: &AdapterCase<'_>, field: &Field, url: &EndpointUrl, report: &mut Report) {
    let named = field.value.as_str().get(url.region.clone()).unwrap_or_default();
    let Some(region) = case.facts.catalogue.region(named) else { return };
    if url.china == (region.partition == Partition::AwsCn) {
        return;
    }
    let (there, right) = if url.china { ("of", "`.amazonaws.com`") } else { ("outside of", "`.amazonaws.com.cn`") };
    let message = format!("`{named}` has no endpoint in the domain {there} the partition `aws-cn`: every call fails");
    let draft = Draft::new(&RULE, case.at(field.value.span()), message, "another partition's domain")
        .help(format!("end the host in {right}, or leave the endpoint out"))
        .anchor(case.anchor(field));
    report.push(draft);
}
