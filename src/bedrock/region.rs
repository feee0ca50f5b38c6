//! Partitions, Regions and sets of Regions.

use std::fmt;
use std::sync::Arc;

use serde::Deserialize;

/// An AWS partition: the second field of an ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Partition {
    /// `aws`: the commercial Regions.
    Aws,
    /// `aws-us-gov`: GovCloud (US).
    AwsUsGov,
    /// `aws-cn`: China.
    AwsCn,
    /// `aws-eusc`: the European Sovereign Cloud.
    AwsEusc,
    /// `aws-iso`.
    AwsIso,
    /// `aws-iso-b`.
    AwsIsoB,
    /// `aws-iso-e`.
    AwsIsoE,
    /// `aws-iso-f`.
    AwsIsoF,
}

impl Partition {
    /// Every partition.
    pub const ALL: [Self; 8] = [
        Self::Aws,
        Self::AwsUsGov,
        Self::AwsCn,
        Self::AwsEusc,
        Self::AwsIso,
        Self::AwsIsoB,
        Self::AwsIsoE,
        Self::AwsIsoF,
    ];

    /// The partition as an ARN writes it, `aws-us-gov` for example.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsUsGov => "aws-us-gov",
            Self::AwsCn => "aws-cn",
            Self::AwsEusc => "aws-eusc",
            Self::AwsIso => "aws-iso",
            Self::AwsIsoB => "aws-iso-b",
            Self::AwsIsoE => "aws-iso-e",
            Self::AwsIsoF => "aws-iso-f",
        }
    }

    /// The partition that an ARN's second field names, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A Region that AWS has. Source: botocore's endpoint data, opt-in status from
/// the AWS account management guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The code, `us-east-1`.
    pub code: Box<str>,
    /// The name the console shows, `US East (N. Virginia)`.
    pub name: Box<str>,
    /// The partition it belongs to.
    pub partition: Partition,
    /// Whether Amazon Bedrock has an endpoint there.
    pub bedrock: bool,
    /// Whether an account must enable it first; `None` where not known.
    pub opt_in: Option<bool>,
    /// Geography prefixes (and `global`) of active profiles callable from there.
    pub prefixes: Box<[Box<str>]>,
}

/// A sorted set of Region codes. Cheap to clone: models share them.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct RegionSet(Arc<[Box<str>]>);

impl RegionSet {
    /// The set of these codes, in any order, doubles allowed.
    pub fn new(mut codes: Vec<Box<str>>) -> Self {
        codes.sort_unstable();
        codes.dedup();
        Self(codes.into())
    }

    /// Whether the Region with this code is in the set.
    pub fn contains(&self, region: &str) -> bool {
        self.0.binary_search_by(|code| code.as_ref().cmp(region)).is_ok()
    }

    /// The codes in alphabetical order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.0.iter().map(AsRef::as_ref)
    }

    /// How many Regions the set holds.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the set holds no Region.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the two sets share a Region.
    pub fn intersects(&self, other: &Self) -> bool {
        self.iter().any(|region| other.contains(region))
    }

    /// Whether every Region of this set is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|region| other.contains(region))
    }
}

impl fmt::Debug for RegionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<'a> FromIterator<&'a str> for RegionSet {
    fn from_iter<I: IntoIterator<Item = &'a str>>(codes: I) -> Self {
        Self::new(codes.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Partition, RegionSet};

    #[test]
    fn partitions_round_trip() {
        for one in Partition::ALL {
            assert_eq!(Partition::parse(one.as_str()), Some(one));
        }
        assert_eq!(Partition::parse("AWS"), None);
        assert_eq!(Partition::parse(""), None);
    }

    #[test]
    fn sets_are_sorted_and_unique() {
        let set: RegionSet = ["us-west-2", "us-east-1", "us-west-2"].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), ["us-east-1", "us-west-2"]);
        assert!(set.contains("us-east-1"));
        assert!(!set.contains("us-east"));
        assert!(RegionSet::default().is_subset(&set));
        assert!(!set.intersects(&RegionSet::default()));
    }
}
