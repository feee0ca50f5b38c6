//! An inference profile that cannot be called from the Region.
//!
//! Owns every profile id and profile ARN whose profile exists, or whose prefix does, and which is not offered in the
//! Region: also where the model behind it cannot be called from there in any other way. An ARN of another Region is
//! `arn-region-mismatch`, a prefix that is none `unknown-model-id`, a retired profile `retired-model`.

use super::report::{AdapterCase, CalledModel, Draft, Report};
use super::{Check, Rule, wording};
use crate::access::Obstacle;
use crate::bedrock::{Prefix, Profile, ProfileConfidence, Scope};
use crate::finding::{Applicability, Confidence, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "prefix-region-mismatch",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/prefix-region-mismatch.md"),
    checks: &[Check::Adapter(check)],
};

/// How many Regions are named before the rest is counted.
const SHOWN: usize = 4;

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    for called in case.called() {
        let Some(source) = called.source else { continue };
        match called.obstacle {
            Some(Obstacle::ForeignProfile { profile }) => report.push(of_profile(case, &called, source, profile)),
            Some(Obstacle::ForeignPrefix { prefix }) => report.push(of_prefix(case, &called, source, prefix)),
            _ => {}
        }
    }
}

fn of_profile(case: &AdapterCase<'_>, called: &CalledModel<'_>, source: &str, profile: &Profile) -> Draft {
    let sources: Vec<&str> = profile.sources().iter().collect();
    let message = format!(
        "`{}` cannot be called from `{source}`, only from {}: the call is refused",
        profile.id,
        wording::list(&sources, SHOWN)
    );
    let model = case.facts.catalogue.model(profile.model_id());
    let ids = model.map(|model| case.ids_for(model, Some(source))).unwrap_or_default();
    let ids = case.spelt(called, &ids);
    let help = match ids.as_slice() {
        [] => format!(
            "nothing serves the model in `{source}`: call it from {}, or call another model",
            wording::either(&sources)
        ),
        _ => format!("write {}, which can be called from `{source}`", wording::either(&ids)),
    };
    let confidence = confidence(case, profile, source);
    let draft = draft(case, called, message).help(help).confidence(confidence);
    match (ids.as_slice(), &called.reading.arn) {
        // where data goes changes with the prefix
        ([only], None) => draft.replace(
            case.at(called.field.id.span()),
            only.as_str(),
            "call the model through what serves it in this Region",
            Applicability::Unsafe,
        ),
        _ => draft,
    }
}

/// A profile that the catalogue does not have; that its prefix belongs elsewhere is known all the same.
fn of_prefix(case: &AdapterCase<'_>, called: &CalledModel<'_>, source: &str, prefix: &Prefix) -> Draft {
    let catalogue = case.facts.catalogue;
    let id = called.field.id.as_str();
    let message = format!(
        "`{id}` cannot be called from `{source}`, where no inference profile has the prefix `{}`: the call is refused",
        prefix.name
    );
    let model = catalogue.split_profile_id(id).and_then(|(_, model)| catalogue.model(model));
    let ids = model.map(|model| case.ids_for(model, Some(source))).unwrap_or_default();
    let ids = case.spelt(called, &ids);
    let prefixes = catalogue.region(source).map(|region| &*region.prefixes).unwrap_or_default();
    let draft = draft(case, called, message).confidence(Confidence::Likely);
    match (ids.as_slice(), prefixes) {
        ([], []) => draft,
        ([], _) => {
            draft.help(format!("profiles that can be called from there begin with {}", wording::either(prefixes)))
        }
        _ => draft.help(format!("write {}, which can be called from `{source}`", wording::either(&ids))),
    }
}

fn draft(case: &AdapterCase<'_>, called: &CalledModel<'_>, message: String) -> Draft {
    Draft::new(&RULE, case.at(called.field.id.span()), message, "not offered in this Region")
        .anchor(case.anchor(&called.field.field))
        .called_region(case, called)
}

/// A geography does not move; which of its Regions a profile is offered in may have changed since the catalogue was made,
/// and is known less well where no scan has seen the profile.
fn confidence(case: &AdapterCase<'_>, profile: &Profile, source: &str) -> Confidence {
    let prefix = case.facts.catalogue.prefix(profile.prefix());
    let serves = |prefix: &Prefix| prefix.scope == Scope::Geographic && !prefix.source_regions.contains(source);
    match profile.confidence {
        _ if prefix.is_some_and(serves) => Confidence::Certain,
        ProfileConfidence::AssumedAll | ProfileConfidence::AssumedDestinations => Confidence::Possible,
        _ => Confidence::Likely,
    }
}
