//! Questions to the catalogue: which models are meant, what can be called from a Region and by which id, and whether ids
//! can be called at all.

mod check;
mod search;
mod spelt;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

pub use check::{Checked, check};

use crate::access::{TargetError, partition_of};
use crate::bedrock::{Catalogue, Model, Partition, Profile, RegionSet, Route, Standing};

/// What is asked.
#[derive(Clone, Debug)]
pub struct ModelsRequest {
    /// Words that a model must all hold, in any order; none for all models.
    pub words: Vec<String>,
    /// The Region that is called. Without one, the first word that is the code of a Region.
    pub region: Option<String>,
    /// The day that lifecycles are judged by.
    pub as_of: Date,
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct ModelsAnswer<'c> {
    /// The words as they were given.
    pub query: String,
    /// The Region that is called, if one is.
    pub region: Option<&'c str>,
    /// The models, those that can be called longest first.
    pub hits: Vec<Hit<'c>>,
    /// Whether one model is meant, so that everything is told of it.
    pub is_detail: bool,
    /// What is to be said of the query: it is an id that does not exist, and the models are those it is near to; nothing was
    /// found, and this is what it may be a misspelling of; something was left out that is no part of an id.
    pub note: Option<String>,
    /// Ids that come near, where nothing was found.
    pub nearest: Vec<&'c str>,
    /// How many models past their end of life are not among the hits, as nobody asked for them.
    pub left_out: usize,
    /// The day that lifecycles are judged by.
    pub as_of: Date,
}

/// A model that was found.
#[derive(Clone, Debug)]
pub struct Hit<'c> {
    /// The model.
    pub model: &'c Model,
    /// The profile that was asked for by its id.
    pub profile: Option<&'c Profile>,
    /// Where it stands, in the Region that is called if one is.
    pub standing: Standing,
    /// The ids by which it can be called from the Region; without a Region, from anywhere.
    pub ways: Vec<Way<'c>>,
}

/// An id by which a model can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way<'c> {
    /// The id of the model or of a profile.
    pub id: &'c str,
    /// How it is called by it.
    pub how: How<'c>,
}

/// How a model is called by an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How<'c> {
    /// On-demand. The Regions where that works.
    OnDemand(&'c RegionSet),
    /// Through a profile. From a Region, the Regions that a call may run in.
    Profile(&'c Profile, Option<Route<'c>>),
    /// On the endpoint `bedrock-mantle`, and on `bedrock-runtime` not as far as is known. The Regions where that works.
    Mantle(&'c RegionSet),
}

/// Answers a question.
///
/// # Errors
/// If AWS has no such Region, as far as the catalogue knows.
pub fn models<'c>(request: &ModelsRequest, catalogue: &'c Catalogue) -> Result<ModelsAnswer<'c>, TargetError> {
    if let Some(region) = &request.region {
        partition_of(region, catalogue)?;
    }
    Ok(search::search(request, catalogue))
}

/// The ids by which a model can be called: from a Region, or from anywhere. On `bedrock-runtime` first; an id for
/// `bedrock-mantle` where that is the only endpoint.
fn ways<'c>(model: &'c Model, region: Option<&str>, catalogue: &'c Catalogue) -> Vec<Way<'c>> {
    let partitions: Vec<Partition> = match region {
        Some(code) => catalogue.region(code).map(|one| one.partition).into_iter().collect(),
        None => Partition::ALL.to_vec(),
    };
    let mut ways: Vec<Way<'c>> = Vec::new();
    for id in partitions.into_iter().flat_map(|partition| catalogue.ids_for(model, partition, region)) {
        let how = match catalogue.profile(id) {
            Some(profile) => How::Profile(profile, region.and_then(|region| profile.route(region))),
            None => How::OnDemand(&model.on_demand),
        };
        if ways.iter().all(|way| way.id != id) {
            ways.push(Way { id, how });
        }
    }
    let on_mantle = region.map_or(!model.mantle.is_empty(), |region| model.mantle.contains(region));
    if ways.is_empty() && on_mantle {
        ways.push(Way { id: &model.id, how: How::Mantle(&model.mantle) });
    }
    ways
}
