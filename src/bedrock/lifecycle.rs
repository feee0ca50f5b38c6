//! Active, legacy, end of life: by date and by Region.
//!
//! Sources: the AWS lifecycle page (copies of November 2025, May 2026 and
//! October 2026), the regional-availability page, and a price table for later
//! announcements. What only the latter says is marked secondary.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::model::Model;
use super::region::RegionSet;

/// The status that the catalogue records for a model as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LifecycleStatus {
    /// Offered without notice of an end.
    Active,
    /// Still callable by those who use it, with an end announced.
    Legacy,
    /// Gone.
    Eol,
}

/// How well a lifecycle block is founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LifecycleConfidence {
    /// AWS said so, on a page or through the API.
    #[default]
    Documented,
    /// Only a price table says so.
    Secondary,
    /// No page gives the id a row; concluded from what surrounds it.
    Inferred,
}

/// The lifecycle block of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lifecycle {
    /// The recorded status.
    pub status: LifecycleStatus,
    /// When the model became legacy.
    pub legacy_date: Option<Date>,
    /// When public extended access (at a higher price) begins.
    pub extended_access_date: Option<Date>,
    /// The end-of-life date.
    pub eol_date: Option<Date>,
    /// The earliest end that a model card promises.
    pub eol_no_sooner_than: Option<Date>,
    /// The Regions the end of life is limited to; `None`: all of them.
    pub eol_regions: Option<RegionSet>,
    /// How well this is founded.
    pub confidence: LifecycleConfidence,
    /// What else the sources say.
    pub note: Option<Box<str>>,
    /// Source ids, see [`Catalogue::source`](super::Catalogue::source).
    pub sources: Vec<Box<str>>,
}

/// Where a model stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifecycleState {
    /// Offered.
    Active,
    /// Legacy.
    Legacy {
        /// The announced end, if one lies ahead.
        eol: Option<Date>,
        /// Only a price table says so.
        secondary: bool,
    },
    /// Past its end of life.
    EndOfLife {
        /// Since when, where known.
        since: Option<Date>,
        /// How well this is founded.
        confidence: LifecycleConfidence,
    },
}

impl Model {
    /// Where the model stands on the day `as_of`: in one Region, or, without a
    /// Region, wherever it fares best. A model that ended in some Regions only is
    /// legacy in the others. Without a date the recorded status decides.
    pub fn lifecycle_on(&self, as_of: Date, region: Option<&str>) -> LifecycleState {
        let block = &self.lifecycle;
        let secondary = block.confidence == LifecycleConfidence::Secondary;
        let ended = LifecycleState::EndOfLife { since: block.eol_date, confidence: block.confidence };
        let reached = block.eol_date.is_some_and(|date| date <= as_of);
        let eol_applies = match (&block.eol_regions, region) {
            (None, _) => true,
            (Some(limited), Some(region)) => limited.contains(region),
            (Some(limited), None) => self.callable_regions().is_subset(limited),
        };
        if eol_applies && (reached || (block.status == LifecycleStatus::Eol && block.eol_date.is_none())) {
            return ended;
        }
        let notice_ahead = block.legacy_date.is_some_and(|date| as_of < date);
        if block.status == LifecycleStatus::Active || notice_ahead {
            return LifecycleState::Active;
        }
        LifecycleState::Legacy { eol: block.eol_date.filter(|_| eol_applies && !reached), secondary }
    }

    /// Whether the model is past its end of life in every Region on that day.
    pub fn ended_everywhere(&self, as_of: Date) -> bool {
        matches!(self.lifecycle_on(as_of, None), LifecycleState::EndOfLife { .. })
    }

    /// Whether the model is past its end of life in this Region on that day.
    pub fn ended_in(&self, region: &str, as_of: Date) -> bool {
        matches!(self.lifecycle_on(as_of, Some(region)), LifecycleState::EndOfLife { .. })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a missing model fails the test")]

    use super::*;
    use crate::bedrock::Catalogue;

    fn state(id: &str, day: &str, region: Option<&str>) -> String {
        let model = Catalogue::builtin().model(id).unwrap();
        match model.lifecycle_on(day.parse().unwrap(), region) {
            LifecycleState::Active => "active".to_owned(),
            LifecycleState::Legacy { eol, secondary } => {
                let eol = eol.map_or("-".to_owned(), |date| date.to_string());
                format!("legacy {eol}{}", if secondary { " secondary" } else { "" })
            }
            LifecycleState::EndOfLife { since, confidence } => {
                let since = since.map_or("-".to_owned(), |date| date.to_string());
                format!("ended {since} {confidence:?}")
            }
        }
    }

    #[test]
    fn by_date_and_region() {
        const HAIKU_3: &str = "anthropic.claude-3-haiku-20240307-v1:0";
        const TODAY: &str = "2026-11-22";
        for (id, day, region, expected) in [
            (HAIKU_3, TODAY, Some("us-east-1"), "ended 2026-09-10 Documented"),
            (HAIKU_3, TODAY, Some("us-gov-west-1"), "ended 2026-09-10 Documented"),
            (HAIKU_3, TODAY, Some("ap-south-1"), "legacy -"),
            (HAIKU_3, TODAY, None, "legacy -"),
            (HAIKU_3, "2026-09-09", Some("us-east-1"), "legacy 2026-09-10"),
            (HAIKU_3, "2026-09-10", Some("us-east-1"), "ended 2026-09-10 Documented"),
            (HAIKU_3, "2026-03-09", Some("us-east-1"), "active"),
            ("amazon.nova-lite-v1:0", TODAY, Some("us-east-1"), "active"),
            ("deepseek.r1-v1:0", TODAY, None, "legacy 2027-03-30 secondary"),
            ("deepseek.r1-v1:0", "2027-03-30", None, "ended 2027-03-30 Secondary"),
            ("twelvelabs.marengo-embed-3-0-v1:0", TODAY, None, "legacy -"),
            ("ai21.j2-mid", TODAY, None, "ended - Inferred"),
            ("amazon.titan-tg1-large", "2020-01-01", None, "ended - Documented"),
        ] {
            assert_eq!(state(id, day, region), expected, "{id} {day} {region:?}");
        }
    }

    #[test]
    fn everywhere_needs_every_region() {
        let today = "2026-11-22".parse().unwrap();
        let catalogue = Catalogue::builtin();
        let haiku = catalogue.model("anthropic.claude-3-haiku-20240307-v1:0").unwrap();
        assert!(!haiku.ended_everywhere(today));
        assert!(haiku.ended_in("us-east-1", today));
        assert!(!haiku.ended_in("sa-east-1", today));
        assert!(catalogue.model("anthropic.claude-v2").unwrap().ended_everywhere(today));
    }
}
