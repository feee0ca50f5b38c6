//! When the end of a key is judged.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A moment, or a day of which the time is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A day (UTC): what ends on it has not ended.
    Day(Date),
    /// A moment.
    Instant(Timestamp),
}

impl Moment {
    /// Whether another moment is surely past.
    #[must_use]
    pub fn is_after(self, other: Timestamp) -> bool {
        match self {
            Self::Day(day) => other.to_zoned(TimeZone::UTC).date() < day,
            Self::Instant(now) => other <= now,
        }
    }

    /// Whether another moment surely lies ahead.
    #[must_use]
    pub fn is_before(self, other: Timestamp) -> bool {
        match self {
            Self::Day(day) => other.to_zoned(TimeZone::UTC).date() > day,
            Self::Instant(now) => other > now,
        }
    }
}

impl fmt::Display for Moment {
    /// RFC 3339, to the second.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Instant(now) => write!(f, "{now:.0}"),
        }
    }
}
