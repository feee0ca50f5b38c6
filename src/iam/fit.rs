//! A truth that may be unknown.

use std::ops::{BitAnd, BitOr, Not};

/// A truth that may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// For no value of what is unknown.
    No,
    /// Depends on what is unknown.
    Maybe,
    /// For every value of what is unknown.
    Yes,
}

impl From<bool> for Fit {
    fn from(truth: bool) -> Self {
        if truth { Self::Yes } else { Self::No }
    }
}

impl BitAnd for Fit {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        self.min(other)
    }
}

impl BitOr for Fit {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.max(other)
    }
}

impl Not for Fit {
    type Output = Self;
    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }
}

impl Fit {
    /// True if one is true.
    pub fn any(fits: impl IntoIterator<Item = Self>) -> Self {
        fits.into_iter().fold(Self::No, Self::bitor)
    }

    /// True if all are true.
    pub fn all(fits: impl IntoIterator<Item = Self>) -> Self {
        fits.into_iter().fold(Self::Yes, Self::bitand)
    }
}
