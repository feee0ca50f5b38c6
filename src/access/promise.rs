//! What a policy promises by naming things: a named profile must work, a pattern of profiles must let one profile of
//! each geography it spells out work, a named model must be callable in the way it can be called (design: "What a
//! policy alone promises").

use std::collections::{BTreeMap, HashSet};

use super::call::{INVOKE, STREAM, model_arn, profile_arn};
use super::requirement::{Needed, Requirement};
use super::view::{Owner, Place, SetView, fits, literal_account};
use crate::bedrock::{Catalogue, Model, Partition, Prefix, Profile, Truth};
use crate::iam::{Case, Context, Effect, Fit, Pattern, StatementId};
use crate::reading::{Id, Names, fields::field};
use crate::text::Text;

/// Account used where a policy leaves it open: one that no policy names, as long as every account is.
pub(super) const ANY_ACCOUNT: &str = "************";

/// An ARN as it is told: an account that is not known is a wildcard.
pub(super) fn told(arn: &str) -> String {
    arn.replace(ANY_ACCOUNT, "*")
}

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
    /// Whose they are; the account is the first of `accounts`.
    pub owner: Owner,
    /// The accounts they may be called in: those of the patterns, or, where these leave it open, those that the set
    /// speaks of elsewhere. Never empty.
    pub accounts: Vec<String>,
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
    /// Named Regions where conditions or Denies refuse the model whichever way it is called.
    closed: Vec<&'a str>,
    /// The patterns that were looked at.
    seen: HashSet<&'a str>,
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

/// The resource patterns of the Allow statements that promise something (see [`SetView::promising`]) and cover an
/// invocation action.
#[must_use]
pub fn granted<'a>(view: &SetView<'a>) -> Vec<Granted<'a>> {
    let layer = view.promising();
    let mut granted = Vec::new();
    for (policy, reading) in view.stack.readings(layer).iter().enumerate() {
        for (statement, written, read) in reading.bedrock_statements() {
            let id = StatementId { layer, policy, statement };
            let Some(meant) = view.statement(id).filter(|meant| meant.effect == Effect::Allow) else {
                continue;
            };
            let covers = |action: &&'static str| meant.covers_action(action) == Fit::Yes;
            let actions: Vec<&'static str> = [INVOKE, STREAM].into_iter().filter(covers).collect();
            if actions.is_empty() {
                continue;
            }
            let mut meant = meant.named_resources().iter();
            for (pattern, reading) in written.named_resources().iter().zip(&read.resources) {
                let span = pattern.text().span();
                // what was meant leads back to the characters it was read from, in the same order
                let Some(pattern) = meant.find(|meant| meant.text().span() == span) else {
                    continue;
                };
                let place = Place { statement: id, span };
                granted.push(Granted { place, pattern, names: &reading.names, actions: actions.clone() });
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
            candidates: candidates(view, id, &prefix.name),
            actions: Vec::new(),
            owner: owner(view, grant.pattern, prefix.partition),
            accounts: Vec::new(),
            literal: id.literal,
        });
        promise.add_accounts(view, grant.pattern);
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
fn spelt_prefix<'c>(catalogue: &'c Catalogue, id: &Id) -> Option<&'c Prefix> {
    catalogue.split_profile_id(&id.text).map(|(prefix, _)| prefix)
}

/// Active profiles that an id or pattern means. A model past its end of life promises nothing.
fn candidates<'a>(view: &SetView<'a>, id: &Id, prefix: &str) -> Vec<&'a Profile> {
    let pattern = Pattern::new(Text::unplaced(id.text.as_str()), false);
    let matching = view.catalogue.profiles().filter(|profile| {
        profile.is_active()
            && profile.prefix() == prefix
            && pattern.matches(&profile.id, Case::Sensitive, &Context::default()) == Fit::Yes
            && view.catalogue.model(profile.model_id()).is_some_and(|model| !model.ended_everywhere(view.as_of))
    });
    let mut matching: Vec<&Profile> = matching.collect();
    // a profile whose destinations are a guess keeps no promise where others are known
    let known = |profile: &&Profile| profile.confidence.destinations_known();
    if matching.iter().any(known) {
        matching.retain(known);
    }
    matching
}

/// Partition and account of an ARN pattern. An open partition is `partition`, an open account the one that is likely.
fn owner(view: &SetView<'_>, pattern: &Pattern, partition: Partition) -> Owner {
    let partition = field(pattern, 1).and_then(Partition::parse).unwrap_or(partition);
    let account = literal_account(pattern).unwrap_or(view.likely_account());
    Owner { partition, account: account.to_owned() }
}

impl Granted<'_> {
    /// Whether the pattern may match a profile of the model, in an account that it matches.
    #[must_use]
    pub fn fits_profile_of(&self, view: &SetView<'_>, model: &Model) -> bool {
        let owner = owner(view, self.pattern, Partition::Aws);
        model.active_profiles().any(|profile| {
            let mut sources = profile.sources().iter();
            sources.any(|region| {
                let partition = view.catalogue.region(region).map_or(owner.partition, |region| region.partition);
                fits(self.pattern, &profile_arn(partition, region, &owner.account, &profile.id))
            })
        })
    }
}

impl ProfilePromise<'_> {
    fn add_accounts(&mut self, view: &SetView<'_>, pattern: &Pattern) {
        const MOST: usize = 8;
        let known = literal_account(pattern).or(view.set.account.as_deref());
        let possible: Vec<&str> = match known {
            Some(account) => vec![account],
            None if view.mentioned_accounts().is_empty() => vec![ANY_ACCOUNT],
            None => view.mentioned_accounts().iter().map(String::as_str).collect(),
        };
        for account in possible {
            if self.accounts.len() < MOST && !self.accounts.iter().any(|known| known == account) {
                self.accounts.push(account.to_owned());
            }
        }
    }

    /// The model behind the profile, or, where a pattern names many, the pattern of their models.
    #[must_use]
    pub fn model_pattern(&self, profile: &Profile) -> String {
        let pattern = self.id.strip_prefix(profile.prefix()).and_then(|rest| rest.strip_prefix('.'));
        pattern.filter(|_| !self.literal).unwrap_or(profile.model_id()).to_owned()
    }

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
            owner: owner(view, grant.pattern, Partition::Aws),
            closed: Vec::new(),
            seen: HashSet::new(),
        });
        promise.add(view, grant);
    }
    promises.into_values().collect()
}

impl<'a> ModelPromise<'a> {
    fn add(&mut self, view: &SetView<'a>, grant: &Granted<'a>) {
        let region = field(grant.pattern, 3).unwrap_or_default();
        self.wildcard |= region.contains(['*', '?']);
        self.open |= grant.pattern.is_open();
        self.places.push(grant.place);
        if !self.seen.insert(grant.pattern.as_str()) {
            return;
        }
        for region in view.regions(self.owner.partition) {
            if self.callable.contains(&region) || self.closed.contains(&region) {
                continue;
            }
            let named = fits(grant.pattern, &model_arn(self.owner.partition, region, &self.model.id));
            if !named || self.model.ended_in(region, view.as_of) {
                continue;
            }
            let on_demand = self.model.on_demand_in(region);
            if on_demand == Truth::No && !self.model.profile_only_in(region) {
                continue;
            }
            if self.is_closed(view, region) {
                self.closed.push(region);
                continue;
            }
            self.callable.push(region);
            if on_demand != Truth::No {
                self.on_demand.push(region);
            }
        }
    }

    /// Whether the model is refused in a Region, called by its bare id or through a profile: a policy that limits the
    /// Regions by condition or Deny speaks of those that remain.
    fn is_closed(&self, view: &SetView<'_>, region: &str) -> bool {
        let Owner { partition, account } = &self.owner;
        let through = self.model.profiles_from(region);
        let through = through.map(|profile| Some(profile_arn(*partition, region, account, &profile.id)));
        std::iter::once(None).chain(through).all(|profile| {
            let needed = if profile.is_some() { Needed::DestinationModel } else { Needed::SourceModel };
            let requirement = Requirement {
                action: self.action.to_owned(),
                resource: model_arn(*partition, region, &self.model.id),
                region: region.to_owned(),
                profile,
                called_via: None,
                needed,
            };
            view.decide(&requirement).is_denied()
        })
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
