//! A Bedrock API key of one Region, used in another.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule};
use crate::adapter::{Credential, Field};
use crate::bedrock::ApiKey;
use crate::finding::{Confidence, Severity};
use crate::settings::DeclaredKey;
use crate::source::Location;

pub(super) const RULE: Rule = Rule {
    slug: "key-region-mismatch",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/key-region-mismatch.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let credentials = &case.reading.credentials;
    let Some(field) = case.adapter().auth.filled(Credential::ApiKey).next() else { return };
    if !credentials.may_use(Credential::ApiKey) {
        return;
    }
    let draft = match &credentials.api_key {
        Some(ApiKey::ShortTerm(key)) => key.region.as_deref().and_then(|region| short_term(case, field, region)),
        key => {
            let user = match key {
                Some(ApiKey::LongTerm(key)) => key.user.as_deref(),
                _ => None,
            };
            declared(case, user).and_then(|declared| long_term(case, field, declared))
        }
    };
    if let Some(draft) = draft {
        report.push(draft);
    }
}

fn short_term(case: &AdapterCase<'_>, field: &Field, made_for: &str) -> Option<Draft> {
    let (called, at) = other_region(case, made_for)?;
    let message = format!(
        "this short-term Bedrock API key was made for `{made_for}`, and `{called}` is called: such a key works only in the \
         Region that it was made for"
    );
    Some(
        Draft::new(&RULE, case.at_key(field), message, "a key of another Region")
            .related(at, "the Region that is called")
            .help(format!("call `{made_for}`, or make a key for `{called}`"))
            .confidence(case.confidence())
            .anchor(case.anchor(field)),
    )
}

/// What the settings declare of the key in this file.
fn declared<'a>(case: &AdapterCase<'a>, user: Option<&str>) -> Option<&'a DeclaredKey> {
    let settings = case.facts.settings?;
    let path = settings.base.relative(case.reading.fact.source.path())?;
    settings.declared_key(&path, user)
}

/// No AWS page says that a long-term key is bound to a Region: it is a credential of an IAM user, and IAM is global. So
/// only what the owner declares counts.
fn long_term(case: &AdapterCase<'_>, field: &Field, declared: &DeclaredKey) -> Option<Draft> {
    let (made_for, said) = &declared.region;
    let (called, at) = other_region(case, made_for)?;
    let message = format!(
        "the settings say that this Bedrock API key is for `{made_for}`, and `{called}` is called; the key itself does \
         not tell its Region, nor does AWS say that a long-term key has one"
    );
    Some(
        Draft::new(&RULE, case.at_key(field), message, "declared for another Region")
            .related(said.clone(), "declared here")
            .related(at, "the Region that is called")
            .help(format!(
                "call `{made_for}`, or use a key for `{called}`; if the key serves both, say so in the settings"
            ))
            .confidence(Confidence::Likely)
            .anchor(case.anchor(field)),
    )
}

/// A Region that is surely called and is not the key's, and where that is said.
fn other_region(case: &AdapterCase<'_>, of_key: &str) -> Option<(String, Location)> {
    let reading = case.reading;
    let mut called: Vec<(String, Location)> = reading
        .called()
        .filter_map(|(field, model)| {
            let code = reading.source_of(model)?.to_owned();
            let at = case.at(reading.source_span(field, model)?);
            Some((code, at))
        })
        .collect();
    if called.is_empty() {
        let at = case.adapter().region.as_ref().map(|region| case.at_value(region));
        called.extend(reading.region.code().map(str::to_owned).zip(at));
    }
    called.into_iter().find(|(code, _)| code != of_key)
}
