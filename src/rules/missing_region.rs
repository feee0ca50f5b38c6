//! Nothing says which Region is called.
//!
//! Owns Regions that are missing, blank, or under a key that nobody reads. What stands there and is no Region is
//! `unknown-region`.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule};
use crate::adapter::{Field, RegionFallback};
use crate::finding::{Applicability, Confidence, Severity};
use crate::reading::RegionReading;
use crate::syntax::ScalarKind;

pub(super) const RULE: Rule = Rule {
    slug: "missing-region",
    severity: Severity::Note,
    pedantic: true,
    page: include_str!("../../rules/missing-region.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let adapter = case.adapter();
    if case.reading.region != RegionReading::Missing {
        return;
    }
    let is_blank = |field: &&Field| field.kind == ScalarKind::String && adapter.consumer.refuses_blank_region();
    if let Some(blank) = adapter.region.as_ref().filter(is_blank) {
        report.push(refused_blank(case, blank));
        return;
    }
    // null is something that the client finds
    let refused = adapter.consumer.without_region(adapter.purpose) == RegionFallback::Refused;
    let refused = refused && adapter.region.is_none();
    if !refused && (case.reading.region_of_endpoint().is_some() || may_be_given(case)) {
        return;
    }
    let mut called = case.reading.called();
    let Some((field, _)) = called.find(|(_, reading)| refused || case.reading.lacks_source(reading)) else {
        return;
    };
    report.push(match adapter.ignored_regions.iter().find(|ignored| ignored.is_filled()) {
        Some(ignored) => unread(case, ignored, refused),
        None => missing(case, &field.field, refused),
    });
}

/// Whether the Region may well come from where the process runs: it is given more variables than can be seen, or Amazon
/// EKS gives it the Region together with a role.
///
/// Source: Amazon EKS User Guide, "Configure Pods to use a Kubernetes service account" (`AWS_REGION` of the webhook).
fn may_be_given(case: &AdapterCase<'_>) -> bool {
    !case.reading.fact.whole || case.service_account.is_some_and(|account| account.role.is_some())
}

fn refused_blank(case: &AdapterCase<'_>, blank: &Field) -> Draft {
    let message = format!("`{}` is blank, which no Region's name is: every call fails", blank.key.as_str());
    Draft::new(&RULE, case.at(blank.key.span()), message, "blank")
        .severity(Severity::Error)
        .help("write the code of the Region, such as `us-east-1`")
        .anchor(case.anchor(blank))
}

/// The Region stands under a key that is not read.
fn unread(case: &AdapterCase<'_>, ignored: &Field, refused: bool) -> Draft {
    let consumer = case.adapter().consumer;
    let (key, right) = (ignored.key.as_str(), consumer.region_key());
    let message = format!("`{key}` is not read: {}", instead(case, refused));
    let (severity, confidence) = if refused {
        (Severity::Error, Confidence::Certain)
    } else {
        // the environment may name the same
        (Severity::Warning, Confidence::Likely)
    };
    Draft::new(&RULE, case.at(ignored.key.span()), message, "not read")
        .severity(severity)
        .confidence(confidence)
        .help(format!("name it `{right}`"))
        .replace(case.at(ignored.key.span()), right, "name the Region as it is read", Applicability::Unsafe)
        .anchor(case.anchor(ignored))
}

/// There is no such key. What is called without it is underlined.
fn missing(case: &AdapterCase<'_>, model: &Field, refused: bool) -> Draft {
    let key = case.adapter().consumer.region_key();
    let message = format!("no `{key}` says which Region is called: {}", instead(case, refused));
    let (severity, confidence) =
        if refused { (Severity::Error, Confidence::Certain) } else { (RULE.severity, Confidence::Likely) };
    let at = case.adapter().region.as_ref().map_or_else(|| case.at_value(model), |null| case.at(null.key.span()));
    Draft::new(&RULE, at, message, "called in which Region?")
        .severity(severity)
        .confidence(confidence)
        .help(format!("set `{key}` to the code of the Region, such as `us-east-1`"))
        .anchor(case.anchor(model))
}

/// What the client does without.
fn instead(case: &AdapterCase<'_>, refused: bool) -> String {
    let client = case.adapter().consumer.name();
    match case.adapter().consumer.without_region(case.adapter().purpose) {
        RegionFallback::Refused if refused => format!("{client} refuses an embedding adapter without a Region"),
        RegionFallback::Silent(region) => {
            format!("{client} calls the Region that the environment names, else `{region}`, without a word")
        }
        RegionFallback::Environment | RegionFallback::Refused => {
            format!("{client} calls the Region that the environment names, if it names one")
        }
    }
}
