//! Asking the Regions of an account for their lists.

use jiff::civil::Date;
use thiserror::Error;

use super::{Listing, MergeError, Refreshed, merge};
use crate::bedrock::{Catalogue, Partition, RegionName, classify_region, is_region_shaped};
use crate::live::parallel::each;
use crate::live::{Account, Asked, Failure, FailureKind, Gap, Gaps};
use crate::similar::suggested;

/// What a refresh depends on.
#[derive(Clone, Copy)]
pub struct RefreshRequest<'a> {
    /// The account.
    pub account: &'a dyn Account,
    /// The text of the catalogue to begin with.
    pub base: &'a str,
    /// The Regions that are asked; every one of the caller's partition that has Amazon Bedrock, if empty.
    pub regions: &'a [String],
    /// The day that the lists are of.
    pub date: Date,
}

impl std::fmt::Debug for RefreshRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RefreshRequest")
            .field("regions", &self.regions)
            .field("date", &self.date)
            .finish_non_exhaustive()
    }
}

/// What became of a refresh.
#[derive(Clone, Debug, Default)]
pub struct RefreshOutcome {
    /// The Regions that were asked, sorted.
    pub asked: Vec<String>,
    /// Those that gave both of their lists.
    pub answered: Vec<String>,
    /// Why the others did not.
    pub gaps: Vec<Gap>,
    /// The catalogue, or why there is none: nobody answered.
    pub refreshed: Option<Refreshed>,
    /// Why nobody answered.
    pub not_made: Option<String>,
}

/// Why nothing can be asked, or nothing made of the answers.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RefreshError {
    /// There is no such Region.
    #[error("there is no Region `{code}`{}", suggested(.nearest))]
    NoRegion {
        /// As it was given.
        code: String,
        /// Which may be meant.
        nearest: Vec<String>,
    },
    /// A Region of a partition that the credentials are not of.
    #[error("`{code}` is of the partition `{partition}`, and the credentials in use are of `{own}`")]
    OtherPartition {
        /// The Region.
        code: String,
        /// Its partition.
        partition: Partition,
        /// That of the caller.
        own: Partition,
    },
    /// No catalogue could be made.
    #[error(transparent)]
    Merge(#[from] MergeError),
}

/// Asks the Regions of an account for their foundation models and inference profiles, and puts them into a catalogue.
///
/// # Errors
/// A Region that cannot be asked, or a catalogue that cannot be used.
pub fn refresh(request: &RefreshRequest<'_>) -> Result<RefreshOutcome, RefreshError> {
    let catalogue = Catalogue::from_json(request.base).map_err(MergeError::Base)?;
    for code in request.regions {
        askable(code, &catalogue)?;
    }
    // needs no permission: a failure here is one of every other question
    let identity = match request.account.caller() {
        Ok(identity) => identity,
        Err(failure) => return Ok(RefreshOutcome { not_made: Some(failure.to_string()), ..RefreshOutcome::default() }),
    };
    let partition = identity.arn.split(':').nth(1).and_then(Partition::parse).unwrap_or(Partition::Aws);
    let asked = regions(request.regions, &catalogue, partition)?;
    let gaps = Gaps::default();
    let listed = each(&asked, |region| {
        let listing = listing(request.account, region, &catalogue);
        let listing = listing.map_err(|failure| failure.in_region(region, &catalogue));
        gaps.of(listing, || format!("what `{region}` lists"))
    });
    let listings: Vec<Listing> = listed.into_iter().flatten().collect();
    let mut outcome = RefreshOutcome {
        asked,
        answered: listings.iter().map(|listing| listing.region.clone()).collect(),
        gaps: gaps.all(),
        ..RefreshOutcome::default()
    };
    if listings.is_empty() {
        let why = outcome.gaps.first().map(|gap| gap.failure.to_string());
        outcome.not_made =
            Some(why.unwrap_or_else(|| format!("no Region of `{partition}` is known to have Amazon Bedrock")));
    } else {
        outcome.refreshed = Some(merge(request.base, &listings, partition, request.date)?);
    }
    Ok(outcome)
}

/// Both lists of a Region. No profile at all where the catalogue has some is no answer: not all of them end in a day.
fn listing(account: &dyn Account, region: &str, catalogue: &Catalogue) -> Asked<Listing> {
    let models = account.foundation_models(region)?;
    let profiles = account.inference_profiles(region)?;
    let mut known = catalogue.profiles().filter(|profile| profile.is_active());
    if profiles.is_empty() && known.any(|profile| profile.sources().contains(region)) {
        let said = Some("the catalogue has inference profiles there, which are not taken for gone".to_owned());
        return Err(Failure { said, ..Failure::new("bedrock:ListInferenceProfiles", FailureKind::NotFound) });
    }
    Ok(Listing { region: region.to_owned(), models, profiles })
}

/// A Region may be newer than the catalogue. A slip is not.
fn askable(code: &str, catalogue: &Catalogue) -> Result<(), RefreshError> {
    let nearest: Vec<String> = match classify_region(catalogue, code) {
        RegionName::Known(_) => return Ok(()),
        RegionName::Unknown if is_region_shaped(code) => return Ok(()),
        RegionName::WrongCase { region }
        | RegionName::AvailabilityZone { region }
        | RegionName::DisplayName { region } => vec![region.code.to_string()],
        RegionName::NearMiss { nearest } => nearest.into_iter().map(str::to_owned).collect(),
        RegionName::Impossible { .. } | RegionName::Unknown => Vec::new(),
    };
    Err(RefreshError::NoRegion { code: code.to_owned(), nearest })
}

/// The Regions that are asked, each once.
fn regions(given: &[String], catalogue: &Catalogue, own: Partition) -> Result<Vec<String>, RefreshError> {
    let mut asked: Vec<String> = match given {
        [] => {
            let has_bedrock = catalogue.regions().filter(|region| region.partition == own && region.bedrock);
            has_bedrock.map(|region| region.code.to_string()).collect()
        }
        given => given.to_vec(),
    };
    asked.sort();
    asked.dedup();
    for code in &asked {
        if let Some(partition) = catalogue.region(code).map(|region| region.partition).filter(|one| *one != own) {
            return Err(RefreshError::OtherPartition { code: code.clone(), partition, own });
        }
    }
    Ok(asked)
}
