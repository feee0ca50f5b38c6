//! How much longer something can be called: the lifecycle of a model and of the profile that it is called through, as one
//! answer.

use jiff::civil::Date;

use super::lifecycle::{LifecycleConfidence, LifecycleState};
use super::model::Model;

/// Where a model or a profile of it stands, on a day and in a Region or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Offered without notice of an end.
    Offered,
    /// Still callable by those who use it.
    Legacy {
        /// The announced end, if one lies ahead.
        eol: Option<Date>,
        /// Only a price table says so.
        secondary: bool,
    },
    /// The model has ended in some Regions, and no Region is named.
    EndedInPart,
    /// The profile is no longer offered, the model is.
    RetiredProfile,
    /// The model has ended in the Region that is named, and is offered in others.
    EndedThere {
        /// How well this is founded.
        confidence: LifecycleConfidence,
    },
    /// The model has ended everywhere.
    Ended {
        /// How well this is founded.
        confidence: LifecycleConfidence,
    },
}

impl Standing {
    /// The worse the higher.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::Offered => 0,
            Self::Legacy { .. } => 1,
            Self::EndedInPart => 2,
            Self::RetiredProfile => 3,
            Self::EndedThere { .. } => 4,
            Self::Ended { .. } => 5,
        }
    }

    /// Whether calls are refused: there is nothing left to route them to.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::RetiredProfile | Self::EndedThere { .. } | Self::Ended { .. })
    }
}

impl Model {
    /// Where the model stands on the day `as_of`, called in `region` or in one that is not known, by itself or through a
    /// profile of it, which may be retired.
    #[must_use]
    pub fn standing(&self, as_of: Date, region: Option<&str>, retired_profile: bool) -> Standing {
        if let LifecycleState::EndOfLife { confidence, .. } = self.lifecycle_on(as_of, None) {
            return Standing::Ended { confidence };
        }
        match self.lifecycle_on(as_of, region) {
            LifecycleState::EndOfLife { confidence, .. } => Standing::EndedThere { confidence },
            _ if retired_profile => Standing::RetiredProfile,
            LifecycleState::Legacy { .. } if region.is_none() && self.ended_in_part(as_of) => Standing::EndedInPart,
            LifecycleState::Legacy { eol, secondary } => Standing::Legacy { eol, secondary },
            LifecycleState::Active => Standing::Offered,
        }
    }

    fn ended_in_part(&self, as_of: Date) -> bool {
        self.lifecycle.eol_regions.is_some() && self.lifecycle.eol_date.is_some_and(|date| date <= as_of)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a missing model fails the test")]

    use super::*;
    use crate::bedrock::Catalogue;

    #[test]
    fn model_region_and_profile_in_one_answer() {
        const HAIKU_3: &str = "anthropic.claude-3-haiku-20240307-v1:0";
        let confidence = LifecycleConfidence::Documented;
        for (id, region, retired_profile, expected) in [
            ("amazon.nova-lite-v1:0", Some("us-east-1"), false, Standing::Offered),
            ("amazon.nova-lite-v1:0", None, true, Standing::RetiredProfile),
            ("anthropic.claude-v2", Some("us-east-1"), false, Standing::Ended { confidence }),
            ("anthropic.claude-v2", None, true, Standing::Ended { confidence }),
            (HAIKU_3, Some("us-east-1"), false, Standing::EndedThere { confidence }),
            (HAIKU_3, Some("us-east-1"), true, Standing::EndedThere { confidence }),
            (HAIKU_3, Some("ap-south-1"), false, Standing::Legacy { eol: None, secondary: false }),
            (HAIKU_3, None, false, Standing::EndedInPart),
        ] {
            let model = Catalogue::builtin().model(id).unwrap();
            let found = model.standing("2026-11-22".parse().unwrap(), region, retired_profile);
            assert_eq!(found, expected, "{id} {region:?} {retired_profile}");
            assert_eq!(found.is_over(), expected.rank() >= 3);
        }
    }
}
