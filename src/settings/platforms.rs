//! Versions of the platforms that are deployed.

use std::fmt;

use super::words::from_string;

/// A version of a platform, older ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlatformVersion {
    major: u32,
    minor: u32,
    patch: u32,
}

impl PlatformVersion {
    /// The version of these three numbers.
    #[must_use]
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// Reads `v0.159.3`; the `v` may be left out.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix('v').unwrap_or(text).split('.').map(|part| {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse().ok().filter(|_| digits)
        });
        let version = Self::new(parts.next()??, parts.next()??, parts.next()??);
        parts.next().is_none().then_some(version)
    }
}

/// With its `v`, as releases are named.
impl fmt::Display for PlatformVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}.{}", self.major, self.minor, self.patch)
    }
}

from_string!(PlatformVersion, "a version", |text| PlatformVersion::parse(text)
    .ok_or_else(|| format!("`{text}` is no version of three numbers, such as `v0.159.3`")));

#[cfg(test)]
crate::settings::words::inline_schema!(
    PlatformVersion,
    schemars::json_schema!({ "type": "string", "pattern": "^v?[0-9]+\\.[0-9]+\\.[0-9]+$" })
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_ordered_by_number() {
        let shown = |text: &str| PlatformVersion::parse(text).map(|version| version.to_string());
        assert_eq!(shown("v0.159.3").as_deref(), Some("v0.159.3"));
        assert_eq!(shown("10.0.0").as_deref(), Some("v10.0.0"));
        for text in ["", "v", "0.159", "0.159.3.1", "v0.159.x", "vv0.1.2", "0.+1.2", "0..2", "0.1.4294967296", "V0.1.2"]
        {
            assert_eq!(shown(text), None, "{text}");
        }
        assert!(PlatformVersion::new(0, 163, 5) < PlatformVersion::new(0, 168, 0));
        assert!(PlatformVersion::new(0, 99, 9) < PlatformVersion::new(0, 159, 0));
    }
}
