//! The ways of calling models that the grants below the ceilings allow, and what the ceilings make of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use crate::access::call::model_arn;
use crate::access::refusal::{Cause, Grounds, Refusal, Wanted};
use crate::access::requirement::{Needed, Requirement};
use crate::access::view::{Attempt, Owner, SetView};
use crate::bedrock::{LifecycleState, Model, Profile, Region, Route, Truth};
use crate::iam::{Case, Condition, Context, Decision, Fit, Layer, Pattern};
use crate::text::Text;

/// All ways of calling models through system-defined profiles, for one action in one account.
pub(super) struct Ways<'v, 'a> {
    pub(super) view: &'v SetView<'a>,
    pub(super) action: &'static str,
    pub(super) by_source: BTreeMap<&'a str, Vec<Way<'a>>>,
}

/// A way of calling a model.
pub(super) struct Way<'a> {
    pub(super) model: &'a Model,
    pub(super) profile: &'a Profile,
    pub(super) owner: Owner,
    /// The answers, or those of a way that differs from this one in nothing but the model.
    pub(super) attempt: Rc<Attempt>,
    pub(super) fate: Fate,
}

/// What the ceilings refuse of a way of calling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing for sure.
    Open,
    /// The profile, and nothing else.
    Profile,
    /// The model in destination Regions, and nothing else: the call begins and cannot land.
    Destinations,
    /// The Region-less ARN of the model, and nothing else.
    Global,
    /// The model in the source Region at least, and not the profile.
    Model,
    /// More than that, or the rest is not known: closed on purpose, for all that can be said.
    Closed,
}

impl Fate {
    fn of(attempt: &Attempt) -> Self {
        let denied: BTreeSet<Needed> = attempt.denied().map(|(need, _)| need.needed).collect();
        let is_known = attempt.answers.iter().all(|(_, decision)| decision.is_denied() || decision.is_allowed());
        match denied.iter().collect::<Vec<_>>().as_slice() {
            [] => Self::Open,
            _ if !is_known => Self::Closed,
            [Needed::Profile] => Self::Profile,
            [Needed::DestinationModel] => Self::Destinations,
            [Needed::GlobalModel] => Self::Global,
            [Needed::SourceModel, ..] => Self::Model,
            _ => Self::Closed,
        }
    }
}

impl<'v, 'a> Ways<'v, 'a> {
    /// The ways that the grants below the ceilings of a set allow, of models that are offered to everybody. Profiles
    /// whose destinations are a guess are left out.
    pub(super) fn new(view: &'v SetView<'a>, action: &'static str, account: &str) -> Self {
        let mut by_source: BTreeMap<&str, Vec<Way<'_>>> = BTreeMap::new();
        let apart = tells_models_apart(view);
        let mut alike: HashMap<(&str, &str, Route<'_>), (bool, Rc<Attempt>)> = HashMap::new();
        for model in current_models(view) {
            for profile in model.active_profiles().filter(|profile| profile.confidence.destinations_known()) {
                let Some(prefix) = view.catalogue.prefix(profile.prefix()) else { continue };
                let owner = Owner { partition: prefix.partition, account: account.to_owned() };
                for source in profile.sources().iter() {
                    let Some(route) = profile.route(source) else { continue };
                    let key = (if apart { &*profile.id } else { profile.prefix() }, source, route);
                    let (granted, attempt) = alike.entry(key).or_insert_with(|| {
                        let attempt = view.attempt(&profile.id, source, &owner, action);
                        (attempt.answers.iter().all(|(need, _)| view.is_granted(need)), attempt)
                    });
                    if *granted {
                        let (owner, attempt, fate) = (owner.clone(), Rc::clone(attempt), Fate::of(attempt));
                        by_source.entry(source).or_default().push(Way { model, profile, owner, attempt, fate });
                    }
                }
            }
        }
        Self { view, action, by_source }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Way<'a>> {
        self.by_source.values().flatten()
    }

    /// Whether calls may be meant to begin in a Region that is let through: an account has the Regions that need not be
    /// enabled, and those that its policies speak of.
    pub(super) fn is_meant(&self, source: &str) -> bool {
        let opt_in = self.view.catalogue.region(source).is_some_and(|region| region.opt_in == Some(true));
        !opt_in || self.view.names_region(source)
    }

    /// The Regions in which the ceilings let a call by the model's bare id through, where that is a way of calling it.
    pub(super) fn open_on_demand(&self, model: &'a Model) -> usize {
        let on_demand = self.view.catalogue.regions().filter(|region| model.on_demand_in(&region.code) != Truth::No);
        let requirement = |region: &Region| Requirement {
            action: self.action.to_owned(),
            resource: model_arn(region.partition, &region.code, &model.id),
            region: region.code.to_string(),
            profile: None,
            called_via: None,
            needed: Needed::SourceModel,
        };
        on_demand.filter(|region| self.view.decide(&requirement(region)).is_allowed()).count()
    }

    /// A refusal of `wanted`, of which `way` is an example.
    pub(super) fn refusal(&self, way: &Way<'_>, wanted: Wanted, cause: Cause) -> Refusal {
        let granted = match self.view.promising() {
            Layer::Identity => {
                self.view.profile_grants(Layer::Identity, self.action, way.owner.partition, &way.profile.id)
            }
            // whatever is granted below it
            _ => Vec::new(),
        };
        Refusal {
            wanted,
            also: Vec::new(),
            partition: way.owner.partition,
            places: granted.into_iter().take(1).collect(),
            action: self.action,
            grounds: Grounds::LetThrough,
            cause,
        }
    }
}

impl Way<'_> {
    /// The Region that is called.
    pub(super) fn source(&self) -> &str {
        &self.attempt.source
    }

    /// Whether the call begins, wherever it lands.
    pub(super) fn begins(&self) -> bool {
        matches!(self.fate, Fate::Open | Fate::Destinations | Fate::Global)
    }

    /// The first requirement that is refused.
    pub(super) fn first_denied(&self) -> Option<&(Requirement, Decision)> {
        self.attempt.denied().next()
    }

    /// The calls that this way is an example of.
    pub(super) fn geography(&self) -> Wanted {
        Wanted::Geography {
            prefix: self.profile.prefix().to_owned(),
            sources: vec![self.source().to_owned()],
            profiles: vec![self.profile.id.to_string()],
        }
    }
}

/// Whether some string of the policies may be about some models, so that others are answered otherwise. Most ceilings
/// are not, and then one answer serves for all models with one route.
fn tells_models_apart(view: &SetView<'_>) -> bool {
    let is_wild = |text: &str| text.bytes().all(|byte| matches!(byte, b'*' | b'?'));
    let is_region = |field: &str| {
        let pattern = Pattern::new(Text::unplaced(field), false);
        let fits = |code: &str| pattern.matches(code, Case::Sensitive, &Context::default()) == Fit::Yes;
        field.is_empty() || view.catalogue.regions().any(|region| fits(&region.code))
    };
    let names_model = |pattern: &Pattern| {
        let fields: Vec<&str> = pattern.as_str().splitn(6, ':').collect();
        match fields.as_slice() {
            [all] => !is_wild(all),
            ["arn", _, service] => service.trim_end_matches('*').contains(['*', '?']),
            ["arn", _, _, region] | ["arn", _, _, region, _] => !is_region(region),
            ["arn", _, _, region, _, resource] => {
                let id = resource.split_once('/').map_or(*resource, |(_, id)| id);
                let id = view.catalogue.split_profile_id(id).map_or(id, |(_, id)| id);
                !is_region(region) || !is_wild(id)
            }
            _ => true,
        }
    };
    let asks = |condition: &&Condition| {
        let keys = ["bedrock:InferenceProfileArn", "bedrock:ModelArn", "bedrock:PromptRouterArn"];
        keys.into_iter().any(|key| condition.is_about(key))
    };
    let mut statements = view.statements_of_all().map(|(_, statement)| statement);
    statements.any(|statement| {
        let resources = statement.resources.iter().flat_map(|resources| &resources.patterns);
        let asked = statement.conditions.iter().filter(asks).flat_map(|condition| &condition.values);
        resources.chain(asked).any(names_model)
    })
}

/// Models that are offered, and not on their way out.
pub(super) fn current_models<'a>(view: &SetView<'a>) -> impl Iterator<Item = &'a Model> + use<'a> {
    let as_of = view.as_of;
    let models = view.catalogue.models().filter(|model| model.on_runtime());
    models.filter(move |model| matches!(model.lifecycle_on(as_of, None), LifecycleState::Active))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::access::call::INVOKE;
    use crate::access::promise::ANY_ACCOUNT;
    use crate::bedrock::{ActionCatalogue, Catalogue};
    use crate::formats::{self, FormatOptions};
    use crate::link::{Pairs, link};
    use crate::reading::Reading;
    use crate::source::Source;

    #[test]
    fn one_answer_for_models_of_one_route_is_the_answer_of_each() {
        let (catalogue, actions) = (Catalogue::builtin(), ActionCatalogue::builtin());
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let folders =
            ["scp/clean", "scp/broken", "boundary/clean", "boundary/broken"].map(|folder| fixtures.join(folder));
        let files =
            folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
        let (mut shared, mut compared) = (0, 0);
        for path in files.filter(|path| path.extension().is_some_and(|end| end == "json")) {
            let name = path.strip_prefix(&fixtures).unwrap().to_str().unwrap().to_owned();
            let source = Arc::new(Source::decode(&name, std::fs::read(&path).unwrap()).unwrap());
            let linked = link(vec![formats::read(&source, &FormatOptions::default(), true)], &Pairs::default());
            let readings: Vec<Reading> =
                linked.policies.iter().map(|fact| Reading::new(fact, catalogue, actions)).collect();
            let view = |set| {
                let day = "2026-11-22".parse().unwrap();
                SetView::new(set, &readings, &[], &linked.policies, catalogue, day)
            };
            for view in linked.sets.iter().map(view) {
                let ways = Ways::new(&view, INVOKE, ANY_ACCOUNT);
                shared += usize::from(!tells_models_apart(&view));
                for way in ways.all().step_by(11) {
                    let own = view.attempt(&way.profile.id, way.source(), &way.owner, INVOKE);
                    assert_eq!(Fate::of(&own), way.fate, "{name}: {} from {}", way.profile.id, way.source());
                    compared += 1;
                }
            }
        }
        assert!(shared > 30 && compared > 1000, "{shared} {compared}");
    }
}
