//! An inference profile is granted, and its foundation model by no statement.

use super::report::{Draft, Report};
use super::{Check, Rule, wording};
use crate::access::{ConditionPlace, Place, Refusal, SetView, Wanted};
use crate::finding::Severity;
use crate::iam::{Condition, Layer};

pub(super) const RULE: Rule = Rule {
    slug: "missing-model-grant",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/missing-model-grant.md"),
    checks: &[Check::Refusal],
};

pub(super) fn report(
    view: &SetView<'_>,
    refusal: &Refusal,
    layer: Layer,
    blocked: &[ConditionPlace],
    other_action: Option<Place>,
    report: &mut Report,
) {
    if let Some((place, condition)) = blocked.first().and_then(|place| Some((*place, view.condition(*place)?))) {
        report.push(conditional(view, refusal, place, condition));
        return;
    }
    let mut places = refusal.places.clone();
    if let Wanted::Profile(id) = &refusal.wanted
        && layer != view.promising()
    {
        places.extend(view.profile_grants(layer, refusal.action, refusal.partition, id));
    }
    let Some((primary, statement)) = view.nearest(layer, &places) else { return };
    let (partition, action) = (refusal.partition, refusal.action);
    let nothing_grants = wording::nothing_grants(layer);
    let (message, mut help) = match &refusal.wanted {
        Wanted::Profile(id) | Wanted::Model(id) => (
            format!(
                "{nothing_grants} `{action}` on the foundation model behind `{id}`: Bedrock checks the model in \
                 every Region that the profile routes to, besides the profile"
            ),
            format!("add `arn:{partition}:bedrock:*::foundation-model/{}` to `Resource`", model_of(id)),
        ),
        Wanted::ApplicationProfile(_) => (
            format!(
                "{nothing_grants} `{action}` on any foundation model: Bedrock checks the model behind this \
                 application inference profile besides the profile"
            ),
            format!("add `arn:{partition}:bedrock:*::foundation-model/<model id>` to `Resource`"),
        ),
        Wanted::Geography { .. } => (
            format!(
                "{nothing_grants} `{action}` on any foundation model: Bedrock checks the model behind every inference \
                 profile besides the profile, so that none can be called"
            ),
            format!("add `arn:{partition}:bedrock:*::foundation-model/*` to `Resource`, or the models that are meant"),
        ),
    };
    let mut label = "the profile is granted here, its model nowhere";
    if other_action.is_some() {
        help = format!("add `{action}` to the statement that grants the model");
        label = "the profile is granted here";
    }
    let mut draft = Draft::new(&RULE, primary, message, label)
        .help(help)
        .confidence(view.confidence_of(refusal))
        .anchor(view.anchor(statement, "Resource"));
    for place in refusal.places.iter().filter(|place| place.statement.layer == layer) {
        draft = draft.related(view.at(*place), "and here");
    }
    for place in refusal.places.iter().filter(|place| place.statement.layer != layer) {
        draft = draft.related(view.at(*place), "the profile is granted here");
    }
    if let Some(place) = other_action {
        draft = draft.related(view.at(place), "the model is granted here, for the other action only");
    }
    report.push(draft);
}

/// The model is granted, but not to calls through this profile.
fn conditional(view: &SetView<'_>, refusal: &Refusal, place: ConditionPlace, condition: &Condition) -> Draft {
    let wanted = match &refusal.wanted {
        Wanted::Profile(id) | Wanted::Model(id) | Wanted::ApplicationProfile(id) => id.as_str(),
        Wanted::Geography { prefix, .. } => prefix,
    };
    let key = condition.key.as_str();
    let message = format!(
        "the foundation model behind `{wanted}` is granted only under a condition on `{key}` that no call through this \
         profile meets"
    );
    let has_wildcard = condition.values.iter().any(|value| value.as_str().contains(['*', '?']));
    let literal = condition.operator.is_some_and(|operator| !operator.comparison.knows_wildcards());
    let help = if !condition.is_about("bedrock:InferenceProfileArn") {
        let owners = if key.to_ascii_lowercase().starts_with("aws:resource") {
            ": foundation models belong to an account of AWS"
        } else {
            ""
        };
        format!("grant the model in a statement without the condition on `{key}`{owners}")
    } else if has_wildcard && literal {
        let operator = condition.operator_text.as_str();
        format!("write `ArnLike`: under `{operator}` a `*` is a character like any other")
    } else {
        "let the condition match the ARN of the profile, in the Region and account that call it".to_owned()
    };
    Draft::new(
        &RULE,
        view.span_of(place.statement, condition.values_span),
        message,
        "no call through the profile meets this",
    )
    .help(help)
    .confidence(view.confidence_of(refusal))
    .anchor(view.anchor(place.statement, &format!("Condition.{key}")))
    .granted_profiles(view, refusal)
}

/// The model, or the pattern of models, behind a profile id.
fn model_of(id: &str) -> &str {
    id.split_once('.').map_or(id, |(_, model)| model)
}
