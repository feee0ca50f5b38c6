//! Every way of calling through a profile that the catalogue has, with the ARNs that it needs.

use bedrock_lint::bedrock::{Catalogue, Model, Partition, Profile, Route};
use bedrock_lint::finding::{Confidence, Finding, Severity};

/// A profile called from one Region, with the ARNs that this needs.
pub(crate) struct Way<'c> {
    pub(crate) model: &'c Model,
    pub(crate) profile: &'c Profile,
    pub(crate) source: &'c str,
    pub(crate) own: String,
    pub(crate) models: Vec<String>,
}

pub(crate) fn ways() -> Vec<Way<'static>> {
    let catalogue = Catalogue::builtin();
    let day = "2026-11-22".parse().unwrap();
    let mut ways = Vec::new();
    for model in catalogue.models().filter(|model| !model.ended_everywhere(day)) {
        for profile in model.active_profiles() {
            for source in profile.sources().iter() {
                let partition = catalogue.region(source).map_or(Partition::Aws, |region| region.partition);
                let arn = |region: &str| format!("arn:{partition}:bedrock:{region}::foundation-model/{}", model.id);
                let own = format!("arn:{partition}:bedrock:{source}:111122223333:inference-profile/{}", profile.id);
                let mut models = vec![arn(source)];
                match profile.route(source).unwrap() {
                    Route::Geographic(regions) => models.extend(regions.iter().filter(|it| *it != source).map(arn)),
                    Route::Global => models.push(arn("")),
                }
                ways.push(Way { model, profile, source, own, models });
            }
        }
    }
    ways
}

/// Whether only profiles serve the model in every Region that a way leads to.
pub(crate) fn is_profile_only(way: &Way<'_>) -> bool {
    let mut regions = way.models.iter().filter_map(|arn| arn.split(':').nth(3)).filter(|region| !region.is_empty());
    regions.all(|region| way.model.profile_only_in(region))
}

/// The rule that misses the ARN of a model where `rest` other ARNs of its way are granted, that of the profile among them.
pub(crate) fn rule_that_misses(model: &str, rest: usize) -> &'static str {
    match (model.contains(":::"), rest) {
        (_, 1) => "missing-model-grant",
        (true, _) => "missing-global-model-grant",
        (false, _) => "uncovered-destination-region",
    }
}

/// Rules of errors and warnings that are shown by default, those about the model's life aside.
pub(crate) fn loud(findings: Vec<Finding>) -> Vec<&'static str> {
    let loud =
        findings.into_iter().filter(|one| one.severity > Severity::Note && one.confidence > Confidence::Possible);
    loud.map(|one| one.rule).filter(|rule| *rule != "retired-model").collect()
}
