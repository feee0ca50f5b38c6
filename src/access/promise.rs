//! What a policy promises by naming things: a named profile must work, a pattern of profiles must let one profile of
//! each geography it spells out work, a named model must be callable in the way it can be called (design: "What a
//! policy alone promises").

use std::collections::BTreeMap;

use super::call::{INVOKE, STREAM, model_arn, profile_arn};
use super::view::{Owner, Place, SetView, fits};
use crate::bedrock::{Catalogue, Model, Partition, Profile, Truth};
use crate::iam::{Case, Context, Effect, Fit, Pattern, StatementId};
use crate::reading::{Names, resource::Id};
use crate::text::Text;

/// Account used where a policy leaves it open; AWS's own example.
const ANY_ACCOUNT: &str = "111122223333";

/// A profile, or a pattern of profiles, that Allow statements name for invocation.
#[derive(Debug)]
pub struct ProfilePromise<'a> {
    /// The id or pattern of ids, as meant.
    pub id: String,
    /// Where it stands; several Regions or statements may name the same.
    pub places: Vec<Place>,
    /// The patterns at these places, as meant.
    pub patterns: Vec<&'a Pattern>,
    /// Active profiles of which one must work. Empty for an id that the catalogue does not know.
    pub candidates: Vec<&'a Profile>,
    /// Invocation actions that the statements grant.
    pub actions: Vec<&'static str>,
    /// Whose they are.
    pub owner: Owner,
    /// Whether it is one id.
    pub literal: bool,
}

/// A model that Allow statements name for invocation.
#[derive(Debug)]
pub struct ModelPromise<'a> {
    /// The model.
    pub model: &'a Model,
    /// Where it stands.
    pub places: Vec<Place>,
    /// Named Regions from which it can be called at all.
    pub callable: Vec<&'a str>,
    /// Those of them where it is on-demand, or may be.
    pub on_demand: Vec<&'a str>,
    /// Whether a Region is written with a wildcard.
    pub wildcard: bool,
    /// Whether a Region is not known.
    pub open: bool,
    /// The invocation action that is granted.
    pub action: &'static str,
    /// Whose profiles could serve.
    pub owner: Owner,
}

/// A resource pattern of an Allow statement that covers an invocation action.
#[derive(Debug)]
pub struct Granted<'a> {
    /// Where it stands.
    pub place: Place,
    /// The pattern as meant.
    pub pattern: &'a Pattern,
    /// What it names.
    pub names: &'a Names,
    /// The invocation actions that the statement surely covers; never empty.
    pub actions: Vec<&'static str>,
}

/// The resource patterns of Allow statements that cover an invocation action.
#[must_use]
pub fn granted<'a>(view: &SetView<'a>) -> Vec<Granted<'a>> {
    let mut granted = Vec::new();
    for (policy, reading) in view.readings.iter().enumerate() {
        for (statement, written, read) in reading.bedrock_statements() {
            let id = StatementId { policy, statement };
            let Some(meant) = view.statement(id).filter(|meant| meant.effect == Effect::Allow) else {
                continue;
            };
            let covers = |action: &&'static str| meant.covers_action(action) == Fit::Yes;
            let actions: Vec<&'static str> = [INVOKE, STREAM].into_iter().filter(covers).collect();
            if actions.is_empty() {
                continue;
            }
            for (pattern, reading) in written.named_resources().iter().zip(&read.resources) {
                let span = pattern.text().span();
                // what was meant leads back to the characters it was read from
                let Some(pattern) = meant.named_resources().iter().find(|meant| meant.text().span() == span) else {
                    continue;
                };
                let place = Place { statement: id, span };
                granted.push(Granted {
                    place,
                    pattern,
                    names: &reading.names,
                    actions: actions.clone(),
                });
            }
        }
    }
    granted
}

/// The profiles that a set names, grouped by id.
#[must_use]
pub fn profile_promises<'a>(view: &SetView<'a>, granted: &[Granted<'a>]) -> Vec<ProfilePromise<'a>> {
    let mut promises: BTreeMap<String, ProfilePromise<'a>> = BTreeMap::new();
    for grant in granted {
        let Names::Profile(id) = grant.names else { continue };
        let Some(prefix) = spelt_prefix(view.catalogue, id) else {
            continue;
        };
        let promise = promises.entry(id.text.clone()).or_insert_with(|| ProfilePromise {
            id: id.text.clone(),
            places: Vec::new(),
            patterns: Vec::new(),
            candidates: candidates(view, id, prefix),
            actions: Vec::new(),
            owner: owner(view, grant.pattern),
            literal: id.literal,
        });
        promise.places.push(grant.place);
        promise.patterns.push(grant.pattern);
        for action in &grant.actions {
            if !promise.actions.contains(action) {
                promise.actions.push(action);
            }
        }
    }
    promises.into_values().collect()
}

/// The geography prefix that an id spells out; `None` where a wildcard stands in its place.
fn spelt_prefix<'c>(catalogue: &'c Catalogue, id: &Id) -> Option<&'c str> {
    catalogue.split_profile_id(&id.text).map(|(prefix, _)| &*prefix.name)
}

/// Active profiles that an id or pattern means. A model past its end of life promises nothing.
fn candidates<'a>(view: &SetView<'a>, id: &Id, prefix: &str) -> Vec<&'a Profile> {
    let pattern = Pattern::new(Text::unplaced(id.text.as_str()), false);
    let matching = view.catalogue.profiles().filter(|profile| {
        profile.is_active()
            && profile.prefix() == prefix
            && pattern.matches(&profile.id, Case::Sensitive, &Context::default()) == Fit::Yes
            && view
                .catalogue
                .model(profile.model_id())
                .is_some_and(|model| !model.ended_everywhere(view.as_of))
    });
    matching.collect()
}

/// Partition and account of an ARN pattern, or what the set says, or AWS's example account.
fn owner(view: &SetView<'_>, pattern: &Pattern) -> Owner {
    let mut fields = pattern.as_str().split(':').skip(1);
    let partition = fields.next().and_then(Partition::parse).unwrap_or(Partition::Aws);
    let account = fields
        .nth(2)
        .filter(|account| account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()));
    let account = account
        .or(view.set.account.as_deref())
        .unwrap_or(ANY_ACCOUNT)
        .to_owned();
    Owner { partition, account }
}

impl ProfilePromise<'_> {
    /// The Regions from which a candidate is named and can be called.
    pub fn sources<'p>(&'p self, profile: &'p Profile) -> impl Iterator<Item = &'p str> {
        profile.sources().iter().filter(|region| {
            let arn = profile_arn(self.owner.partition, region, &self.owner.account, &profile.id);
            self.patterns.iter().any(|pattern| fits(pattern, &arn))
        })
    }
}

/// The models that a set names, grouped by id.
#[must_use]
pub fn model_promises<'a>(view: &SetView<'a>, granted: &[Granted<'a>]) -> Vec<ModelPromise<'a>> {
    let mut promises: BTreeMap<&str, ModelPromise<'a>> = BTreeMap::new();
    for grant in granted {
        let Names::Model(id) = grant.names else { continue };
        let Some(model) = view.catalogue.model(&id.text).filter(|_| id.literal) else {
            continue;
        };
        if !model.on_runtime() || model.ended_everywhere(view.as_of) {
            continue;
        }
        let Some(action) = grant.actions.first() else { continue };
        let promise = promises.entry(&model.id).or_insert_with(|| ModelPromise {
            model,
            places: Vec::new(),
            callable: Vec::new(),
            on_demand: Vec::new(),
            wildcard: false,
            open: false,
            action,
            owner: owner(view, grant.pattern),
        });
        promise.add(view, grant);
    }
    promises.into_values().collect()
}

impl<'a> ModelPromise<'a> {
    fn add(&mut self, view: &SetView<'a>, grant: &Granted<'a>) {
        let region = grant.pattern.as_str().split(':').nth(3).unwrap_or_default();
        self.wildcard |= region.contains(['*', '?']);
        self.open |= grant.pattern.is_open();
        self.places.push(grant.place);
        for region in view.regions(self.owner.partition) {
            let named = fits(grant.pattern, &model_arn(self.owner.partition, region, &self.model.id));
            if !named || self.callable.contains(&region) || self.model.ended_in(region, view.as_of) {
                continue;
            }
            let on_demand = self.model.on_demand_in(region);
            if on_demand != Truth::No {
                self.on_demand.push(region);
            }
            if on_demand != Truth::No || self.model.profile_only_in(region) {
                self.callable.push(region);
            }
        }
    }

    /// Whether the model wants a profile where it is named: it is on-demand in none of the named Regions, or, named
    /// with a wildcard, in under a tenth of those from which it can be called at all. A Region that is not known might
    /// be any, so there it must be on-demand in none.
    #[must_use]
    pub fn wants_profile(&self) -> bool {
        let (all, on_demand) = (self.callable.len(), self.on_demand.len());
        let few = self.wildcard && !self.open && on_demand * 10 < all;
        all > 0 && (on_demand == 0 || few)
    }
}
