//! What a string in the place of a Region is.

use super::catalogue::Catalogue;
use super::region::{Partition, Region};
use crate::similar::nearest;

/// What a string in the place of a Region is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegionName<'c> {
    /// The code of a Region that AWS has.
    Known(&'c Region),
    /// An Availability Zone (`us-east-1a`), its id (`use1-az1`) or a Local Zone
    /// (`us-west-2-lax-1a`).
    AvailabilityZone {
        /// The Region it lies in.
        region: &'c Region,
    },
    /// A name instead of a code: `N. Virginia`, `Europe (Frankfurt)`.
    DisplayName {
        /// The Region of that name.
        region: &'c Region,
    },
    /// A known code in the wrong case. Bedrock and IAM compare exactly.
    WrongCase {
        /// The Region meant.
        region: &'c Region,
    },
    /// A misspelt code.
    NearMiss {
        /// One to three known codes, best first.
        nearest: Vec<&'c str>,
    },
    /// Not shaped like a code, so no Region of any date.
    Impossible {
        /// Every Region whose code begins like this, or none.
        begun: Vec<&'c str>,
    },
    /// Anything else. A well-formed code may be newer than the catalogue.
    Unknown,
}

/// The compass words that Region codes are built from.
const DIRECTIONS: [&str; 9] =
    ["central", "east", "north", "northeast", "northwest", "south", "southeast", "southwest", "west"];

/// Says what `text`, standing where a Region belongs, is. Values with a meaning
/// of their own in one place (`unspecified` in `aws:RequestedRegion`, `*`, the
/// empty field) mean nothing here: their callers know them.
pub fn classify_region<'c>(catalogue: &'c Catalogue, text: &str) -> RegionName<'c> {
    if let Some(region) = catalogue.region(text) {
        return RegionName::Known(region);
    }
    let lower = text.to_ascii_lowercase();
    if let Some(region) = catalogue.region(&lower) {
        return RegionName::WrongCase { region };
    }
    if let Some(region) = zone(catalogue, &lower) {
        return RegionName::AvailabilityZone { region };
    }
    if let Some(region) = by_name(catalogue, &lower) {
        return RegionName::DisplayName { region };
    }
    if let Some(region) = by_city(catalogue, &lower) {
        return RegionName::NearMiss { nearest: vec![&region.code] };
    }
    let nearest = near(catalogue, &lower);
    if !nearest.is_empty() {
        return RegionName::NearMiss { nearest };
    }
    let open = text.is_empty() || text.contains(['*', '?', '$', '<', '{']);
    if open || is_region_shaped(&lower) { RegionName::Unknown } else { impossible(catalogue, &lower) }
}

/// Whether a string is `xx-word-1`, with any number of words: the shape of every Region code there is.
pub fn is_region_shaped(text: &str) -> bool {
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut parts = text.split('-');
    let area = parts.next().is_some_and(|area| matches!(area.len(), 2..=4) && letters(area));
    let number = parts
        .next_back()
        .is_some_and(|number| matches!(number.len(), 1 | 2) && number.bytes().all(|byte| byte.is_ascii_digit()));
    let mut words = parts.peekable();
    area && number && words.peek().is_some() && words.all(letters)
}

/// Whether a string was meant as a Region, right or wrong: the shape of a code or of a zone's name, in any case.
pub fn is_region_like(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let zone = lower.strip_suffix(|last: char| last.is_ascii_lowercase());
    is_region_shaped(&lower) || zone.is_some_and(is_region_shaped)
}

/// Words for an area that are not what codes begin with.
const AREAS: [(&str, &str); 6] =
    [("apac", "ap"), ("asia", "ap"), ("emea", "eu"), ("europe", "eu"), ("na", "us"), ("usa", "us")];

fn impossible<'c>(catalogue: &'c Catalogue, text: &str) -> RegionName<'c> {
    let codes = || catalogue.regions().map(|region| region.code.as_ref());
    // `use1` begins the ids of zones; `us-east-1-prod` begins with a whole code
    let whole =
        |code: &&str| short_code(code) == text || text.strip_prefix(*code).is_some_and(|rest| rest.starts_with('-'));
    if let Some(code) = codes().find(whole) {
        return RegionName::NearMiss { nearest: vec![code] };
    }
    let area = AREAS.into_iter().find(|(word, _)| *word == text).map_or(text, |(_, area)| area);
    let begins = |region: &&Region| region.code.strip_prefix(area).is_some_and(|rest| rest.starts_with('-'));
    let mut begun: Vec<&Region> = catalogue.regions().filter(begins).collect();
    if begun.iter().any(|region| region.partition == Partition::Aws) {
        begun.retain(|region| region.partition == Partition::Aws);
    }
    RegionName::Impossible { begun: begun.into_iter().map(|region| region.code.as_ref()).collect() }
}

/// A city or state built into what looks like a code: `eu-frankfurt-1`, `us-virginia`; or its last word alone.
fn by_city<'c>(catalogue: &'c Catalogue, text: &str) -> Option<&'c Region> {
    let words: Vec<&str> = text.split(|one: char| !one.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let rest = match words.as_slice() {
        [area, rest @ ..] if area.len() == 2 && !rest.is_empty() => rest,
        all => all,
    };
    let wanted = rest.concat();
    if rest.iter().all(|word| DIRECTIONS.contains(word)) {
        return None;
    }
    let mut named = catalogue.regions().filter(|region| {
        let place = region.name.split_once('(').map(|(_, place)| plain_name(place)).unwrap_or_default();
        let words: Vec<&str> = place.split(|one: char| !one.is_alphabetic()).collect();
        let is_place = words.concat() == wanted || words.last().is_some_and(|last| *last == wanted);
        region.partition == Partition::Aws && is_place
    });
    let first = named.next()?;
    named.next().is_none().then_some(first)
}

fn zone<'c>(catalogue: &'c Catalogue, text: &str) -> Option<&'c Region> {
    if let Some((short, number)) = text.split_once("-az") {
        return (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| catalogue.regions().find(|region| short_code(&region.code) == short))
            .flatten();
    }
    catalogue.regions().find(|region| {
        let Some(rest) = text.strip_prefix(region.code.as_ref()) else {
            return false;
        };
        match rest.as_bytes() {
            [letter] => letter.is_ascii_lowercase(),
            // Local and Wavelength Zones: us-west-2-lax-1a, us-east-1-wl1-bos-wlz-1
            [b'-', .., digit, letter] => {
                rest.contains("-wlz-") || (digit.is_ascii_digit() && letter.is_ascii_lowercase())
            }
            _ => false,
        }
    })
}

/// `us-east-1` -> `use1`, `ap-southeast-2` -> `apse2`: the first part of an
/// Availability Zone id.
fn short_code(code: &str) -> String {
    let mut short = String::new();
    for (at, part) in code.split('-').enumerate() {
        if at == 0 || part.bytes().all(|byte| byte.is_ascii_digit()) {
            short.push_str(part);
            continue;
        }
        short.extend(part.chars().next());
        for tail in ["east", "west"] {
            if part.len() > tail.len() && part.ends_with(tail) {
                short.extend(tail.chars().next());
            }
        }
    }
    short
}

/// One spelling for the names people write: `EU (Frankfurt)`, `Northern Virginia`,
/// `São Paulo`.
fn plain_name(name: &str) -> String {
    name.trim()
        .to_lowercase()
        .replace('ã', "a")
        .replace("northern ", "n. ")
        .replace("eu (", "europe (")
        .replace(['(', ')'], "")
}

fn by_name<'c>(catalogue: &'c Catalogue, text: &str) -> Option<&'c Region> {
    let wanted = plain_name(text);
    if wanted.is_empty() {
        return None;
    }
    if let Some(region) = catalogue.regions().find(|region| plain_name(&region.name) == wanted) {
        return Some(region);
    }
    // "Central" is both Canada and Mexico: a place that two Regions share names none
    let mut places = catalogue.regions().filter(|region| {
        region.partition == Partition::Aws
            && region.name.split_once('(').is_some_and(|(_, place)| plain_name(place) == wanted)
    });
    let first = places.next()?;
    places.next().is_none().then_some(first)
}

fn near<'c>(catalogue: &'c Catalogue, text: &str) -> Vec<&'c str> {
    let code_chars = |wanted: &str| -> String { wanted.chars().filter(char::is_ascii_alphanumeric).collect() };
    let squeezed = code_chars(text);
    let same: Vec<&str> =
        catalogue.regions().map(|region| region.code.as_ref()).filter(|code| code_chars(code) == squeezed).collect();
    if !same.is_empty() {
        return same;
    }
    if well_formed(text) {
        return Vec::new();
    }
    nearest(catalogue.regions().map(|region| region.code.as_ref()), text, 3)
}

/// Shaped like a code, of known words: `us-north-1`, `za-south-1`. Such a Region
/// may have opened after the catalogue was made.
fn well_formed(text: &str) -> bool {
    let letters = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_lowercase());
    let digits = |part: &str| matches!(part.len(), 1 | 2) && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let (area, infix, direction, number) = match parts.as_slice() {
        [area, direction, number] => (area, None, direction, number),
        [area, infix, direction, number] => (area, Some(*infix), direction, number),
        _ => return false,
    };
    let place = match infix {
        None => letters(area),
        // us-gov-west-1, us-isob-east-1, eusc-de-east-1
        Some(infix) if *area == "eusc" => letters(infix),
        Some(infix) => letters(area) && (infix == "gov" || infix.starts_with("iso")),
    };
    place && DIRECTIONS.contains(direction) && digits(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        match classify_region(Catalogue::builtin(), text) {
            RegionName::Known(region) => format!("known {}", region.code),
            RegionName::AvailabilityZone { region } => format!("zone {}", region.code),
            RegionName::DisplayName { region } => format!("name {}", region.code),
            RegionName::WrongCase { region } => format!("case {}", region.code),
            RegionName::NearMiss { nearest } => format!("near {}", nearest.join(" ")),
            RegionName::Impossible { begun } => format!("impossible {}", begun.join(" ")).trim_end().to_owned(),
            RegionName::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn strings_in_the_place_of_a_region() {
        for (text, expected) in [
            ("us-east-1", "known us-east-1"),
            ("us-gov-west-1", "known us-gov-west-1"),
            ("US-EAST-1", "case us-east-1"),
            ("us-east-1a", "zone us-east-1"),
            ("use1-az1", "zone us-east-1"),
            ("apse2-az3", "zone ap-southeast-2"),
            ("euc1-az2", "zone eu-central-1"),
            ("us-west-2-lax-1a", "zone us-west-2"),
            ("us-east-1-wl1-bos-wlz-1", "zone us-east-1"),
            ("us-east-1-prod", "near us-east-1"),
            ("eu-frankfurt", "near eu-central-1"),
            ("eu-frankfurt-1", "near eu-central-1"),
            ("ap-tokyo-1", "near ap-northeast-1"),
            ("sa-sao-paulo-1", "near sa-east-1"),
            ("virginia", "near us-east-1"),
            ("us-virginia", "near us-east-1"),
            ("use1", "near us-east-1"),
            ("us-east", "impossible us-east-1 us-east-2"),
            ("us-gov", "impossible us-gov-east-1 us-gov-west-1"),
            ("af", "impossible af-south-1"),
            ("ca-central", "impossible ca-central-1"),
            ("nowhere", "impossible"),
            ("us-east-111", "impossible"),
            ("N. Virginia", "name us-east-1"),
            ("Northern Virginia", "name us-east-1"),
            ("US East (N. Virginia)", "name us-east-1"),
            ("Frankfurt", "name eu-central-1"),
            ("EU (Frankfurt)", "name eu-central-1"),
            ("São Paulo", "name sa-east-1"),
            ("ohio", "name us-east-2"),
            ("Central", "impossible"),
            ("us-est-1", "near us-east-1 us-west-1"),
            ("us-esat-1", "near us-east-1"),
            ("us_east_1", "near us-east-1"),
            ("us-east1", "near us-east-1"),
            (" us-east-1", "near us-east-1"),
            ("eu-cental-1", "near eu-central-1"),
            ("us-east-3", "unknown"),
            ("eu-north-2", "unknown"),
            ("za-south-1", "unknown"),
            ("us-east-11", "unknown"),
            ("us-isob-west-1", "unknown"),
            ("eusc-de-west-1", "unknown"),
            ("unspecified", "impossible"),
            ("global", "impossible"),
            ("us", "impossible us-east-1 us-east-2 us-west-1 us-west-2"),
            ("*", "unknown"),
            ("", "unknown"),
            ("-az", "impossible"),
            ("é-é", "impossible"),
        ] {
            assert_eq!(said(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_was_meant_as_a_region() {
        for (text, expected) in [
            ("us-east-1", true),
            ("us-east-1a", true),
            ("US-East-1", true),
            ("us-esat-1", true),
            ("us-east", false),
            ("converse", false),
            ("anthropic.claude-v2", false),
            ("us-east-1aa", false),
            ("", false),
        ] {
            assert_eq!(is_region_like(text), expected, "{text}");
        }
    }

    #[test]
    fn every_region_is_itself_by_code_and_by_name() {
        for region in Catalogue::builtin().regions() {
            assert_eq!(said(&region.code), format!("known {}", region.code));
            assert_eq!(said(&region.name), format!("name {}", region.code));
        }
    }
}
