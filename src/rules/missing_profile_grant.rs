//! The foundation model is granted, and no inference profile through which it must be called.

use super::report::{Draft, Report};
use super::{Check, Rule, wording};
use crate::access::{Place, Refusal, SetView, Wanted};
use crate::bedrock::Partition;
use crate::finding::{Confidence, Severity};
use crate::iam::Layer;

pub(super) const RULE: Rule = Rule {
    slug: "missing-profile-grant",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/missing-profile-grant.md"),
    checks: &[Check::Refusal],
};

/// What serves a model and is not granted.
pub(super) struct Missing<'a> {
    /// The layer that grants the model.
    pub(super) layer: Layer,
    pub(super) profiles: &'a [String],
    pub(super) on_demand: &'a [String],
    pub(super) callable: &'a [String],
}

pub(super) fn report(view: &SetView<'_>, refusal: &Refusal, missing: &Missing<'_>, report: &mut Report) {
    let (Some((models, several)), Some((first, rest))) = (wording::models(refusal), refusal.places.split_first())
    else {
        return;
    };
    let scope = match (missing.on_demand, missing.callable) {
        ([], [region]) => format!(" in `{region}`"),
        ([], _) => String::new(),
        (few, _) => format!(" (outside {}, where it is on-demand)", wording::list(few, 3)),
    };
    let message = format!(
        "{models} can be called only through an inference profile{scope}, and {} one: a call by {} is refused, one \
         through a profile is denied",
        wording::nothing_grants(missing.layer),
        if several { "their bare ids" } else { "its bare id" }
    );
    // a ceiling is for many accounts
    let any = if missing.layer == Layer::Identity { "<account id>" } else { "*" };
    let account = view.set.account.as_deref().unwrap_or(any);
    let region = match missing.callable {
        [region] => region,
        _ => "*",
    };
    let partition = refusal.partition;
    let arn = |profile: &str| format!("arn:{partition}:bedrock:{region}:{account}:inference-profile/{profile}");
    let help = if several {
        let prefix =
            missing.profiles.first().and_then(|profile| profile.split_once('.')).map_or("us", |(prefix, _)| prefix);
        format!(
            "let the profiles through as well: `{}`, or those of one geography only, `{}` for example",
            arn("*"),
            arn(&format!("{prefix}.*"))
        )
    } else {
        let arns: Vec<String> = missing.profiles.iter().map(|profile| arn(profile)).collect();
        let model = models.trim_matches('`');
        help(&arns, &view.text(*first), partition, model)
    };
    let label = if several { "no profile of these models" } else { "the model is granted here, its profile nowhere" };
    let mut draft = Draft::new(&RULE, view.at(*first), message, label)
        .help(help)
        .confidence(view.confidence_of_route(refusal))
        .anchor(view.anchor(first.statement, "Resource"));
    for place in rest {
        draft = draft.related(view.at(*place), "and here");
    }
    report.push(draft);
}

/// A profile that is granted, and that a ceiling allows nowhere.
pub(super) fn not_allowed(view: &SetView<'_>, refusal: &Refusal, layer: Layer, granted: &[Place], report: &mut Report) {
    let (Some((profiles, several)), Some((primary, statement))) =
        (wording::profiles(refusal), view.nearest(layer, granted))
    else {
        return;
    };
    let (are, them) = if several { ("are", "them") } else { ("is", "it") };
    let message = format!(
        "{profiles} {are} granted, but {} `{}` on {them}: a ceiling has to allow what it is not to stop, so every call is \
         denied",
        wording::nothing_grants(layer),
        refusal.action
    );
    let label = if granted.is_empty() {
        "the profile is allowed nowhere here"
    } else {
        "the model is allowed here, its profile nowhere"
    };
    report.push(
        Draft::new(&RULE, primary, message, label)
            .help(format!("add the profile to {}, as it is granted", wording::layer(layer)))
            .confidence(view.confidence())
            .anchor(view.anchor(statement, "Resource"))
            .granted_profiles(view, refusal),
    );
}

/// A profile that cannot be called from where it is granted.
pub(super) fn not_callable(
    view: &SetView<'_>,
    refusal: &Refusal,
    sources: &[String],
    instead: &[String],
    foreign: bool,
    report: &mut Report,
) {
    let (Wanted::Profile(id), Some((first, rest))) = (&refusal.wanted, refusal.places.split_first()) else { return };
    let message = format!(
        "`{id}` cannot be called from the Region it is granted in: its source Regions are {}, so this grant never \
         applies",
        wording::list(sources, 4)
    );
    let help = match instead {
        [] => "write the Region that is called".to_owned(),
        some => {
            format!("write the Region that is called, or a profile that serves this one: {}", wording::either(some))
        }
    };
    let mut draft = Draft::new(&RULE, view.at(*first), message, "not a source Region of this profile")
        .help(help)
        .confidence(if foreign { Confidence::Likely } else { Confidence::Possible })
        .anchor(view.anchor(first.statement, "Resource"));
    for place in rest {
        draft = draft.related(view.at(*place), "nor here");
    }
    report.push(draft);
}

/// What to add; a model that is granted in some Regions only will be missing in the others that the profile routes to.
fn help(arns: &[String], granted: &str, partition: Partition, model: &str) -> String {
    let profile = format!("add the profile that your callers use to `Resource`: {}", wording::either(arns));
    if granted.split(':').nth(3).is_some_and(|region| region.contains('*')) {
        profile
    } else {
        format!(
            "{profile}; and grant the model wherever it routes to: `arn:{partition}:bedrock:*::foundation-model/{model}`"
        )
    }
}
