//! A Deny about foundation models also stops the profiles that reach them.

use super::report::{Draft, Report};
use super::{Check, Rule, wording};
use crate::access::{Grounds, Refusal, SetView, Wanted};
use crate::finding::{Confidence, Severity};
use crate::iam::{Statement, StatementId};
use crate::link::Basis;

pub(super) const RULE: Rule = Rule {
    slug: "deny-blocks-profile",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/deny-blocks-profile.md"),
    checks: &[Check::Refusal],
};

pub(super) fn report(view: &SetView<'_>, refusal: &Refusal, deny: StatementId, resource: &str, report: &mut Report) {
    let Some(statement) = view.statement(deny) else { return };
    let Some(resources) = statement.resources.as_ref() else { return };
    let this_deny = format!("this Deny{}", wording::of_ceiling(deny.layer));
    let asks_for_profile = statement.conditions.iter().any(|one| one.is_about("bedrock:InferenceProfileArn"));
    let of_model = resource.contains(":foundation-model/");
    let (profiles, _) = wording::profiles(refusal).unwrap_or_default();
    let none_of = format!("`{resource}` is none of the ARNs in `NotResource`");
    let message = match wording::models(refusal) {
        _ if asks_for_profile && !of_model => format!(
            "{this_deny} stops every inference profile: `bedrock:InferenceProfileArn` is present only while the \
             foundation model is checked, never for the profile itself, such as `{resource}`"
        ),
        Some((models, several)) => format!(
            "{this_deny} spares {models}, which can be called only through an inference profile, and stops every profile \
             of {}: {none_of}",
            if several { "them" } else { "it" }
        ),
        None if resources.negated && of_model => format!(
            "{this_deny} stops {profiles}, because it does not spare the model in every Region that is routed to: \
             {none_of}"
        ),
        None if resources.negated => {
            format!("{this_deny} spares foundation models only, so it stops {profiles} too: {none_of}")
        }
        None => format!(
            "{this_deny} about foundation models stops {profiles} too: a call through a profile is checked against \
             `{resource}` as well"
        ),
    };
    let (element, help) = if asks_for_profile && !of_model {
        let help = "limit the Deny to foundation models, `arn:aws:bedrock:*::foundation-model/*`: the model behind every \
                    profile is checked there, with the key";
        (if resources.negated { "NotResource" } else { "Resource" }, help)
    } else if resources.negated && of_model {
        ("NotResource", "write the Region of the spared models as `*`, or add one ARN for each Region of the route")
    } else if resources.negated {
        let help = "add the ARNs of the profiles in use to `NotResource`, or deny the unwanted models by name";
        ("NotResource", help)
    } else {
        let help = "to refuse only calls by the bare id, add the condition `\"Null\": {\"bedrock:InferenceProfileArn\": \
                    \"true\"}` to the Deny";
        ("Resource", help)
    };
    let draft = Draft::new(&RULE, view.span_of(deny, resources.span), message, "denied whatever else allows it")
        .help(help)
        .confidence(confidence(view, refusal, statement))
        .anchor(view.anchor(deny, element));
    report.push(match (&refusal.wanted, refusal.places.first()) {
        // under a pattern no model is named
        (Wanted::Model(_), Some(place)) if place.statement != deny => draft.granted_profiles(view, refusal),
        (Wanted::Model(_), Some(place)) => draft.related(view.at(*place), "the model is spared here"),
        _ => draft.granted_profiles(view, refusal),
    });
}

/// A Deny denies whatever else there is, but who is exempted, and what a ceiling by itself is meant for, is not known.
fn confidence(view: &SetView<'_>, refusal: &Refusal, deny: &Statement) -> Confidence {
    match refusal.grounds {
        Grounds::Guess => Confidence::Possible,
        Grounds::Promise if view.set.basis != Basis::Ceiling && deny.conditions.is_empty() => Confidence::Certain,
        Grounds::Promise | Grounds::LetThrough => Confidence::Likely,
    }
}
