//! What can be wrong with a resource, and with a string in the place of a Region.

use std::ops::Range;

use crate::bedrock::{Catalogue, IdMistake, Partition, RegionName, classify_region};

/// Something wrong with a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// Where in the string, in bytes.
    pub range: Range<usize>,
}

/// What can be wrong with a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A foundation-model ARN with an account.
    AccountInModel,
    /// No account where the type belongs to one.
    NoAccount,
    /// An account that is not twelve digits.
    NotAnAccount,
    /// No Region where the type lives in one.
    NoRegion,
    /// Fewer than six fields.
    MissingField,
    /// `bedrock-runtime` and the like as the service.
    NotAService,
    /// A profile id, or a pattern of them, under `foundation-model/`.
    ProfileUnderModel,
    /// A bare model id, or a pattern of them, under `inference-profile/`.
    ModelUnderProfile,
    /// A system-defined profile id, or a pattern of them, under `application-inference-profile/`.
    SystemUnderApplication,
    /// What is like the id of an application inference profile, under `inference-profile/`.
    ApplicationUnderSystem,
    /// Blanks before or after the ARN.
    Blanks,
    /// A resource type that does not exist.
    NotAType {
        /// Up to three real ones, best first; empty if nothing is near, which may mean that it is new.
        nearest: Vec<String>,
    },
    /// `foundation-model:ID` instead of `foundation-model/ID`.
    ColonForSlash,
    /// A partition that does not hold the Region.
    WrongPartition {
        /// The one that does.
        expected: Partition,
    },
    /// `%2F` instead of `/`.
    PercentEncoded,
    /// A Region that AWS does not have.
    Region(RegionFault),
    /// A model or profile id that does not exist.
    Id {
        /// The documented mistake; `None` for a misspelling, or for an id that may be new.
        mistake: Option<IdMistake>,
        /// Up to three real ones, best first; empty if nothing is near, which may mean that it is new.
        nearest: Vec<String>,
    },
}

impl FaultKind {
    /// Whether it is only that the catalogue does not have the name, which may be newer.
    #[must_use]
    pub fn may_be_new(&self) -> bool {
        match self {
            Self::Id { mistake, nearest } => {
                *mistake == Some(IdMistake::WrongPrefix) || (mistake.is_none() && nearest.is_empty())
            }
            Self::NotAType { nearest } => nearest.is_empty(),
            Self::Region(fault) => *fault == RegionFault::Unknown,
            _ => false,
        }
    }
}

/// What stands in the place of a Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionFault {
    /// An Availability Zone.
    Zone {
        /// Its Region.
        region: String,
    },
    /// A name instead of a code.
    Name {
        /// Its Region.
        region: String,
    },
    /// Upper case.
    Case {
        /// The Region meant.
        region: String,
    },
    /// A misspelling.
    Misspelt {
        /// Up to three real ones, best first.
        nearest: Vec<String>,
    },
    /// No code that a Region could have.
    Impossible {
        /// Known codes that begin like it, or none.
        begun: Vec<String>,
        /// A pattern of what was meant: of every Region where nothing says more.
        meant: String,
    },
    /// A word for no Region where the field is to be empty: in the ARN of a foundation model.
    ForEmpty,
    /// A wildcard under a condition operator that takes it as a character.
    Wildcard {
        /// The string, which matches what was meant if the wildcard counts.
        pattern: String,
    },
    /// Like nothing known: maybe newer than the catalogue.
    Unknown,
}

impl RegionFault {
    /// What a string in the place of a Region has wrong with it.
    #[must_use]
    pub fn of(text: &str, catalogue: &Catalogue) -> Option<Self> {
        let code = |region: &crate::bedrock::Region| region.code.to_string();
        match classify_region(catalogue, text) {
            RegionName::Known(_) => None,
            RegionName::AvailabilityZone { region } => Some(Self::Zone { region: code(region) }),
            RegionName::DisplayName { region } => Some(Self::Name { region: code(region) }),
            RegionName::WrongCase { region } => Some(Self::Case { region: code(region) }),
            RegionName::NearMiss { nearest } => {
                Some(Self::Misspelt { nearest: nearest.into_iter().map(str::to_owned).collect() })
            }
            RegionName::Impossible { begun } => {
                let meant = match begun.as_slice() {
                    [] => "*".to_owned(),
                    [one] => (*one).to_owned(),
                    [first, ..] => {
                        let end = common_start(first, &begun);
                        format!("{}*", first.get(..end).unwrap_or_default())
                    }
                };
                Some(Self::Impossible { begun: begun.into_iter().map(str::to_owned).collect(), meant })
            }
            RegionName::Unknown => Some(Self::Unknown),
        }
    }

    /// The Region that was meant, where that is clear.
    #[must_use]
    pub fn meant(&self) -> Option<&str> {
        match self {
            Self::Zone { region } | Self::Name { region } | Self::Case { region } => Some(region),
            Self::Wildcard { pattern } => Some(pattern),
            Self::Impossible { meant, .. } => Some(meant),
            Self::ForEmpty => Some(""),
            Self::Misspelt { nearest } => nearest.first().map(String::as_str),
            Self::Unknown => None,
        }
    }
}

/// How many bytes all of these begin with in common, up to the last dash of them.
fn common_start(first: &str, all: &[&str]) -> usize {
    let dashes = first.match_indices('-').map(|(at, _)| at + 1);
    let common = |end: &usize| first.get(..*end).is_some_and(|start| all.iter().all(|one| one.starts_with(start)));
    dashes.take_while(common).last().unwrap_or_default()
}
