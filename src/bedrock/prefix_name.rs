//! What a string in the place of a geography prefix is.

use super::catalogue::Catalogue;
use super::profile::Prefix;
use super::region::Region;
use crate::similar::nearest;

/// What a string in the place of a geography prefix is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrefixName<'c> {
    /// A prefix, or `global`.
    Known(&'c Prefix),
    /// A word for a geography that is no prefix: `europe`, `japan`.
    OtherWord {
        /// The prefix that it comes closest to.
        meant: &'c Prefix,
    },
    /// The code of a Region.
    Region(&'c Region),
    /// A misspelt prefix.
    NearMiss {
        /// The one meant.
        meant: &'c Prefix,
    },
    /// Not shaped like a prefix.
    Impossible,
    /// Anything else. May be newer than the catalogue.
    Unknown,
}

/// Words for a geography that are no prefix, and the prefix they come closest to.
/// `na` and `ap` are seen in public threads, the others are plain guesses that no
/// real prefix resembles. A prefix that is neither here nor a Region may be new:
/// `in.` was, in 2026.
const NO_PREFIXES: [(&str, &str); 12] = [
    ("amer", "us"),
    ("ap", "apac"),
    ("asia", "apac"),
    ("emea", "eu"),
    ("europe", "eu"),
    ("gov", "us-gov"),
    ("govcloud", "us-gov"),
    ("japan", "jp"),
    ("jpn", "jp"),
    ("na", "us"),
    ("usa", "us"),
    ("worldwide", "global"),
];

/// Says what `text`, standing where a geography prefix belongs, is. It has no dot behind it.
pub fn classify_prefix<'c>(catalogue: &'c Catalogue, text: &str) -> PrefixName<'c> {
    if let Some(prefix) = catalogue.prefix(text) {
        return PrefixName::Known(prefix);
    }
    if let Some(region) = catalogue.region(text) {
        return PrefixName::Region(region);
    }
    let word = NO_PREFIXES.into_iter().find(|(wrong, _)| *wrong == text);
    if let Some(meant) = word.and_then(|(_, right)| catalogue.prefix(right)) {
        return PrefixName::OtherWord { meant };
    }
    // short prefixes are too alike to call "ua." a slip of "us."
    let long = catalogue.prefixes().filter(|one| one.name.len() >= 4);
    let slip = nearest(long.map(|one| one.name.as_ref()), text, 1);
    match slip.first().and_then(|name| catalogue.prefix(name)) {
        Some(meant) => PrefixName::NearMiss { meant },
        None if is_prefix_shaped(text) => PrefixName::Unknown,
        None => PrefixName::Impossible,
    }
}

/// Two letters, as countries and areas are written, or two parts like `us-gov`. The longer ones that there are
/// (`apac`, `global`) do not tell how another would look.
fn is_prefix_shaped(text: &str) -> bool {
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase());
    let (area, part) = text.split_once('-').unwrap_or((text, "gov"));
    area.len() == 2 && letters(area) && matches!(part.len(), 2..=4) && letters(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_in_the_place_of_a_prefix() {
        let said = |text| match classify_prefix(Catalogue::builtin(), text) {
            PrefixName::Known(prefix) => format!("known {}", prefix.name),
            PrefixName::OtherWord { meant } => format!("word {}", meant.name),
            PrefixName::Region(region) => format!("region {}", region.code),
            PrefixName::NearMiss { meant } => format!("near {}", meant.name),
            PrefixName::Impossible => "impossible".to_owned(),
            PrefixName::Unknown => "unknown".to_owned(),
        };
        for (text, expected) in [
            ("us", "known us"),
            ("us-gov", "known us-gov"),
            ("global", "known global"),
            ("europe", "word eu"),
            ("ap", "word apac"),
            ("eu-west-1", "region eu-west-1"),
            ("glboal", "near global"),
            ("us_gov", "near us-gov"),
            ("apca", "near apac"),
            ("kr", "unknown"),
            ("us-iso", "unknown"),
            ("ua", "unknown"),
            ("anthropic", "impossible"),
            ("us.", "impossible"),
            ("us-", "impossible"),
            ("*", "impossible"),
            ("", "impossible"),
        ] {
            assert_eq!(said(text), expected, "{text:?}");
        }
    }
}
