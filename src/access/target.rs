//! What a model argument names: the `modelId` of a call as people write it, an id or an ARN.
//!
//! Source: Amazon Bedrock API Reference, `modelId` of InvokeModel and Converse; what can be called from where is the
//! catalogue's.

use std::collections::HashSet;

use jiff::civil::Date;

use super::call::{Call, Operation, Target};
use super::target_error::{Fault, Refused, TargetDoubt, TargetError};
use crate::bedrock::{
    ActionCatalogue, ArnFields, Catalogue, FieldRule, LifecycleState, Model, ModelIdKind, Partition, Profile,
    RegionName, RegionSet, Truth, classify_region, classify_runtime_id, is_account_id,
};

/// A model argument, and what else is said of the call.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// A model id, the id of a system-defined inference profile, or the ARN of anything that can be called.
    pub model: &'a str,
    /// What an application inference profile copies, which its ARN does not say: a model or a system-defined profile,
    /// by id or ARN.
    pub copies: Option<&'a str>,
    /// The Region that is called. An ARN names its own.
    pub region: Option<&'a str>,
    /// The day by which lifecycles are judged.
    pub as_of: Date,
}

/// What a model argument names, with what its text says of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedTarget {
    /// What is called.
    pub target: Target,
    /// The partition of the Region.
    pub partition: Partition,
    /// The Region whose endpoint is called.
    pub source: String,
    /// The account in the ARN that was given.
    pub account: Option<String>,
    /// Why the call may fail nevertheless.
    pub doubts: Vec<TargetDoubt>,
}

impl NamedTarget {
    /// The call of this target by a principal of `account`: nothing but the operation, without guardrail, API key or
    /// first use.
    #[must_use]
    pub fn call(&self, operation: Operation, account: &str) -> Call {
        Call::plain(self.target.clone(), operation, self.partition, &self.source, account)
    }

    /// The model behind it, if the catalogue has it.
    #[must_use]
    pub fn model<'c>(&self, catalogue: &'c Catalogue) -> Option<&'c Model> {
        model_of(&self.target, catalogue)
    }
}

fn model_of<'c>(target: &Target, catalogue: &'c Catalogue) -> Option<&'c Model> {
    match target {
        Target::Model(id) => catalogue.model(id),
        Target::Profile(id) => catalogue.model(catalogue.profile(id)?.model_id()),
        Target::ApplicationProfile { copies, .. } => model_of(copies, catalogue),
        Target::Own(_) | Target::Router { .. } | Target::MantleProject(_) => None,
    }
}

/// Whether a model argument is the ARN of an application inference profile, which wants [`Asked::copies`].
#[must_use]
pub fn is_application_profile(model: &str) -> bool {
    ArnFields::split(model).is_some_and(|arn| arn.resource_type.text == APPLICATION)
}

const APPLICATION: &str = "application-inference-profile";

/// What a model argument names, if it can be called from the Region.
///
/// # Errors
/// Why nothing can be called by that name from there, as far as the catalogue knows, with the nearest names that can.
pub fn target_of(asked: &Asked<'_>, catalogue: &Catalogue) -> Result<NamedTarget, TargetError> {
    let named = if asked.model.starts_with("arn:") { of_arn(asked, catalogue) } else { of_id(asked, catalogue) };
    named.map_err(|refused| TargetError::new(asked, refused))
}

/// Every Region from which a model or profile can be called by its id. For an id that is wrong, one whose error fits its
/// prefix.
pub(crate) fn sources_of(id: &str, catalogue: &Catalogue) -> Result<Vec<String>, TargetError> {
    let all = |regions: &RegionSet| regions.iter().map(str::to_owned).collect();
    match classify_runtime_id(catalogue, id) {
        ModelIdKind::Profile(profile) => return Ok(all(profile.sources())),
        ModelIdKind::Model(model) if model.on_runtime() && !model.on_demand.is_empty() => {
            return Ok(all(&model.on_demand));
        }
        ModelIdKind::Model(model) if model.on_runtime() => {
            let instead: Vec<String> = model.active_profiles().map(|profile| profile.id.to_string()).collect();
            if !instead.is_empty() {
                return Err(TargetError { model: id.to_owned(), fault: Fault::ProfileOnlyEverywhere, instead });
            }
        }
        _ => {}
    }
    let near = catalogue.split_profile_id(id).and_then(|(prefix, _)| prefix.source_regions.iter().next());
    Ok(vec![near.unwrap_or("us-east-1").to_owned()])
}

/// The partition of a Region.
///
/// # Errors
/// If AWS has no such Region, as far as the catalogue knows.
pub fn partition_of(region: &str, catalogue: &Catalogue) -> Result<Partition, TargetError> {
    let as_of = catalogue.as_of();
    let asked = Asked { model: "", copies: None, region: Some(region), as_of };
    place(region, catalogue, as_of).map(|place| place.partition).map_err(|refused| TargetError::new(&asked, refused))
}

/// Where something is called from.
#[derive(Clone, Copy)]
struct Place<'c> {
    catalogue: &'c Catalogue,
    region: &'c str,
    partition: Partition,
    as_of: Date,
}

fn place<'c>(region: &'c str, catalogue: &'c Catalogue, as_of: Date) -> Result<Place<'c>, Refused> {
    let nearest = match classify_region(catalogue, region) {
        RegionName::Known(known) => return Ok(Place { catalogue, region, partition: known.partition, as_of }),
        RegionName::AvailabilityZone { region }
        | RegionName::DisplayName { region }
        | RegionName::WrongCase { region } => vec![&*region.code],
        RegionName::NearMiss { nearest } => nearest,
        RegionName::Impossible { begun } => begun,
        RegionName::Unknown => Vec::new(),
    };
    Err(Refused::new(Fault::UnknownRegion { region: region.to_owned(), as_of: catalogue.as_of() }, nearest))
}

fn of_id(asked: &Asked<'_>, catalogue: &Catalogue) -> Result<NamedTarget, Refused> {
    let region = asked.region.ok_or_else(|| Refused::plain(Fault::NoRegion))?;
    let place = place(region, catalogue, asked.as_of)?;
    Ok(place.named(place.find(asked.model)?, None))
}

/// A target with what is uncertain about it.
type Found = (Target, Vec<TargetDoubt>);

impl<'c> Place<'c> {
    fn named(self, (target, mut doubts): Found, account: Option<&str>) -> NamedTarget {
        let state = model_of(&target, self.catalogue).map(|model| model.lifecycle_on(self.as_of, Some(self.region)));
        if let Some(LifecycleState::EndOfLife { since, .. }) = state {
            doubts.push(TargetDoubt::Ended { since });
        }
        let (partition, source) = (self.partition, self.region.to_owned());
        NamedTarget { target, partition, source, account: account.map(str::to_owned), doubts }
    }

    /// A model or system-defined profile by its id.
    fn find(self, id: &str) -> Result<Found, Refused> {
        let (fault, near) = match classify_runtime_id(self.catalogue, id) {
            ModelIdKind::Model(model) => return self.model(model),
            ModelIdKind::Profile(profile) => return self.profile(profile),
            ModelIdKind::RetiredProfile(profile) => {
                let model = self.catalogue.model(profile.model_id());
                let instead = model.map(|model| self.instead_of(model)).unwrap_or_default();
                return Err(Refused::new(Fault::RetiredProfile, instead));
            }
            ModelIdKind::UnconfirmedProfile { model, .. } => {
                (Fault::UnconfirmedProfile, model.map(|model| &*model.id).into_iter().collect())
            }
            ModelIdKind::Variant(_) => (Fault::ProvisionedOnly, Vec::new()),
            ModelIdKind::Mistake { nearest, .. } | ModelIdKind::NearMiss { nearest } => (self.no_such_id(), nearest),
            ModelIdKind::Unknown => (self.no_such_id(), Vec::new()),
        };
        let callable = self.callable(&near);
        let misspelt = fault == self.no_such_id() && callable.is_empty();
        Err(Refused::new(fault, if misspelt { near } else { callable }))
    }

    fn no_such_id(self) -> Fault {
        Fault::NoSuchId { as_of: self.catalogue.as_of() }
    }

    /// A model by its bare id, on-demand.
    fn model(self, model: &'c Model) -> Result<Found, Refused> {
        if !model.on_runtime() {
            return Err(Refused::plain(Fault::MantleOnly));
        }
        let target = Target::Model(model.id.to_string());
        let profiles = self.profiles(model);
        match model.on_demand_in(self.region) {
            Truth::Yes => Ok((target, Vec::new())),
            Truth::WeakNo => {
                let profiles = profiles.into_iter().map(str::to_owned).collect();
                Ok((target, vec![TargetDoubt::MaybeNotOnDemand { profiles }]))
            }
            Truth::No if profiles.is_empty() => Err(self.nowhere_near(model)),
            Truth::No => Err(Refused::new(Fault::ProfileOnly { region: self.region.to_owned() }, profiles)),
        }
    }

    fn profile(self, profile: &'c Profile) -> Result<Found, Refused> {
        if profile.sources().contains(self.region) {
            let known = profile.confidence.destinations_known();
            let doubts = if known { Vec::new() } else { vec![TargetDoubt::GuessedRoute] };
            return Ok((Target::Profile(profile.id.to_string()), doubts));
        }
        let instead = self.callable(&[profile.model_id()]);
        match self.catalogue.model(profile.model_id()) {
            Some(model) if instead.is_empty() => Err(self.nowhere_near(model)),
            _ => Err(Refused::new(Fault::NotCallable { region: self.region.to_owned(), from: Vec::new() }, instead)),
        }
    }

    /// A model that cannot be called from the Region in any way.
    fn nowhere_near(self, model: &'c Model) -> Refused {
        let regions = model.callable_regions();
        match model.lifecycle_on(self.as_of, None) {
            LifecycleState::EndOfLife { since, .. } if regions.is_empty() => {
                Refused::new(Fault::Ended { since }, self.instead_of(model))
            }
            _ => {
                let here = |code: &&str| self.catalogue.region(code).is_some_and(|one| one.partition == self.partition);
                let from = regions.iter().filter(here).map(str::to_owned).collect();
                Refused::plain(Fault::NotCallable { region: self.region.to_owned(), from })
            }
        }
    }

    /// What can be called from the Region in the place of a profile that is gone: other ways to its model, else to the
    /// models that AWS recommends after it.
    fn instead_of(self, model: &'c Model) -> Vec<&'c str> {
        let same = self.callable(&[&model.id]);
        if !same.is_empty() {
            return same;
        }
        let successors: Vec<&str> = model.successors.iter().map(AsRef::as_ref).collect();
        self.callable(&successors)
    }

    /// The profiles of a model that can be called from the Region, geographic ones first.
    fn profiles(self, model: &'c Model) -> Vec<&'c str> {
        let profiles = self.catalogue.profiles_for(model, self.partition, Some(self.region));
        profiles.into_iter().map(|profile| &*profile.id).collect()
    }

    /// What can be called from the Region of the models behind these ids.
    fn callable(self, ids: &[&str]) -> Vec<&'c str> {
        let mut callable: Vec<&str> = Vec::new();
        for id in ids {
            let profile = self.catalogue.profile(id);
            if let Some(profile) = profile.filter(|one| one.is_active() && one.sources().contains(self.region)) {
                callable.push(&profile.id);
                continue;
            }
            let Some(model) = self.catalogue.model(profile.map_or(id, Profile::model_id)) else { continue };
            callable.extend(self.profiles(model));
            if model.on_demand_in(self.region) == Truth::Yes {
                callable.push(&model.id);
            }
        }
        let mut seen = HashSet::new();
        callable.retain(|id| seen.insert(*id));
        callable
    }
}

fn of_arn(asked: &Asked<'_>, catalogue: &Catalogue) -> Result<NamedTarget, Refused> {
    let text = asked.model;
    if text.contains(['*', '?', '$', '<', '{']) {
        return Err(Refused::plain(Fault::Pattern));
    }
    let not_an_arn = || Refused::plain(Fault::NotAnArn);
    let arn = ArnFields::split(text).ok_or_else(not_an_arn)?;
    let partition = Partition::parse(arn.partition.text).ok_or_else(not_an_arn)?;
    let id = resource_id(&arn).ok_or_else(not_an_arn)?;
    let kind = called(&arn)?;
    check_fields(&arn)?;
    let place = match place(arn.region.text, catalogue, asked.as_of) {
        Ok(place) if place.partition != partition => {
            return Err(Refused::plain(Fault::WrongPartition { expected: place.partition }));
        }
        Ok(place) => place,
        // a Region that is newer than the catalogue is not misspelt
        Err(refused) if !refused.instead.is_empty() => return Err(refused),
        Err(_) => Place { catalogue, region: arn.region.text, partition, as_of: asked.as_of },
    };
    let found = match kind {
        Called::Model => place.find(id).and_then(|found| of_type(found, id, |one| matches!(one, Target::Model(_)))),
        Called::Profile => place.find(id).and_then(|found| of_type(found, id, |one| matches!(one, Target::Profile(_)))),
        Called::Application => application(asked, &arn, place),
        Called::Own => Ok((Target::Own(text.to_owned()), Vec::new())),
        Called::MantleProject => Ok((Target::MantleProject(text.to_owned()), Vec::new())),
    }?;
    if let Some(region) = asked.region.filter(|region| *region != place.region) {
        let (own, asked) = (place.region.to_owned(), region.to_owned());
        return Err(Refused::plain(Fault::OtherRegion { own, asked }));
    }
    Ok(place.named(found, Some(arn.account.text).filter(|account| !account.is_empty())))
}

/// What an ARN that can be called is of.
#[derive(Clone, Copy)]
enum Called {
    Model,
    Profile,
    Application,
    Own,
    MantleProject,
}

fn called(arn: &ArnFields<'_>) -> Result<Called, Refused> {
    let (service, kind) = (arn.service.text, arn.resource_type.text);
    Ok(match (service, kind) {
        ("bedrock", "foundation-model") => Called::Model,
        ("bedrock", "inference-profile") => Called::Profile,
        ("bedrock", APPLICATION) => Called::Application,
        ("bedrock", "provisioned-model" | "custom-model-deployment" | "imported-model") => Called::Own,
        ("bedrock-mantle", "project") => Called::MantleProject,
        _ => {
            let nearest = ActionCatalogue::builtin().nearest_resource_types(service, kind);
            return Err(Refused::new(Fault::NotCalled { kind: kind.to_owned() }, nearest));
        }
    })
}

/// The id in an ARN, if it consists of what ids consist of (Amazon Bedrock API Reference, pattern of `modelId`).
fn resource_id<'t>(arn: &ArnFields<'t>) -> Option<&'t str> {
    let id = arn.resource_id.as_ref()?.text;
    let fits = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-:._/".contains(&byte));
    (fits && !id.is_empty()).then_some(id)
}

/// Region and account, as far as one can be wrong without the other.
fn check_fields(arn: &ArnFields<'_>) -> Result<(), Refused> {
    let kind = ActionCatalogue::builtin().resource_type(arn.service.text, arn.resource_type.text);
    match kind.map(|kind| kind.account) {
        _ if arn.region.text.is_empty() => Err(Refused::plain(Fault::ArnWithoutRegion)),
        Some(FieldRule::Empty) if !arn.account.text.is_empty() => Err(Refused::plain(Fault::AccountInModel)),
        Some(FieldRule::Filled) if !is_account_id(arn.account.text) => Err(Refused::plain(Fault::NoAccount)),
        _ => Ok(()),
    }
}

/// The found target, if it is what the type of its ARN says.
fn of_type(found: Found, id: &str, fits: impl Fn(&Target) -> bool) -> Result<Found, Refused> {
    if fits(&found.0) { Ok(found) } else { Err(Refused::new(Fault::OtherType, vec![id])) }
}

/// An application inference profile. It copies a model or a system-defined profile of its own Region.
fn application(asked: &Asked<'_>, arn: &ArnFields<'_>, place: Place<'_>) -> Result<Found, Refused> {
    let copies = asked.copies.ok_or_else(|| Refused::plain(Fault::CopiesUnknown))?;
    let source = Asked { model: copies, copies: None, region: Some(place.region), ..*asked };
    let refused = |error: TargetError| Refused::plain(Fault::Copies(Box::new(error)));
    let copied = target_of(&source, place.catalogue).map_err(refused)?;
    if !matches!(copied.target, Target::Model(_) | Target::Profile(_)) {
        return Err(Refused::plain(Fault::NothingToCopy { copies: copies.to_owned() }));
    }
    if copied.account.is_some_and(|account| account != arn.account.text) {
        return Err(Refused::plain(Fault::NothingToCopy { copies: copies.to_owned() }));
    }
    let mut doubts = copied.doubts;
    // told of again, of the whole
    doubts.retain(|doubt| !matches!(doubt, TargetDoubt::Ended { .. }));
    Ok((Target::ApplicationProfile { arn: asked.model.to_owned(), copies: Box::new(copied.target) }, doubts))
}

#[cfg(test)]
#[path = "target_tests.rs"]
mod tests;
