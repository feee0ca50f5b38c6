//! The foundation model is granted, and no inference profile through which it must be called.

use super::report::{Draft, Report};
use super::{Check, Rule, wording};
use crate::access::{Refusal, SetView, Wanted};
use crate::bedrock::Partition;
use crate::finding::{Confidence, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "missing-profile-grant",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/missing-profile-grant.md"),
    checks: &[Check::Refusal],
};

pub(super) fn report(
    view: &SetView<'_>,
    refusal: &Refusal,
    profiles: &[String],
    on_demand: &[String],
    callable: &[String],
    report: &mut Report,
) {
    let (Wanted::Model(model), Some((first, rest))) = (&refusal.wanted, refusal.places.split_first()) else {
        return;
    };
    let scope = match (on_demand, callable) {
        ([], [region]) => format!(" in `{region}`"),
        ([], _) => String::new(),
        (few, _) => format!(" (outside {}, where it is on-demand)", wording::list(few, 3)),
    };
    let message = format!(
        "`{model}` can be called only through an inference profile{scope}, and no statement grants one: a call by its \
         bare id is refused, one through a profile is denied",
    );
    let account = view.set.account.as_deref().unwrap_or("<account id>");
    let region = if callable.len() == 1 { callable.first().map_or("*", String::as_str) } else { "*" };
    let partition = refusal.partition;
    let arns: Vec<String> = profiles
        .iter()
        .map(|profile| format!("arn:{partition}:bedrock:{region}:{account}:inference-profile/{profile}"))
        .collect();
    let mut draft = Draft::new(&RULE, view.at(*first), message, "the model is granted here, its profile nowhere")
        .help(help(&arns, &view.text(*first), partition, model))
        .confidence(view.confidence())
        .anchor(view.anchor(first.statement, "Resource"));
    for place in rest {
        draft = draft.related(view.at(*place), "and here");
    }
    report.push(draft);
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
