//! Names of Amazon Bedrock in the settings file: Regions, geography prefixes, models. They ask the catalogue, which takes
//! time to load, so only where they are written.
//!
//! What may be newer than the catalogue is taken as it is.

use super::limits::{fits, wildcards};
use super::words::from_string;
use crate::bedrock::{
    Catalogue, IdMistake, ModelIdKind, PrefixName, RegionName, classify_id, classify_prefix, classify_region,
};
use crate::similar::{nearest, suggested};

/// The code of a Region.
#[derive(Clone, Debug)]
pub(super) struct RegionCode(pub(super) String);

/// The code of a Region, or a pattern of codes.
#[derive(Clone, Debug)]
pub(super) struct RegionPattern(pub(super) String);

/// A prefix of inference profiles.
#[derive(Clone, Debug)]
pub(super) struct Geography(pub(super) String);

/// The id of a model without a prefix, or a pattern of ids.
#[derive(Clone, Debug)]
pub(super) struct ModelPattern(pub(super) String);

from_string!(RegionCode, "a Region", |text| region(text).map(|()| RegionCode(text.to_owned())));
from_string!(RegionPattern, "a Region", |text| region_pattern(text).map(|()| RegionPattern(text.to_owned())));
from_string!(Geography, "a prefix of inference profiles", |text| geography(text).map(|()| Geography(text.to_owned())));
from_string!(ModelPattern, "the id of a model", |text| model_pattern(text).map(|()| ModelPattern(text.to_owned())));

const WILDCARDS: [char; 2] = ['*', '?'];

fn is_code_character(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

fn region(text: &str) -> Result<(), String> {
    match classify_region(Catalogue::builtin(), text) {
        RegionName::Known(_) => Ok(()),
        RegionName::Unknown if !text.is_empty() && text.bytes().all(is_code_character) => Ok(()),
        RegionName::AvailabilityZone { region } => {
            Err(format!("`{text}` is a zone: write its Region, `{}`", region.code))
        }
        RegionName::DisplayName { region } => {
            Err(format!("`{text}` is the name of a Region: write its code, `{}`", region.code))
        }
        RegionName::WrongCase { region } => Err(format!("codes of Regions are in lower case: write `{}`", region.code)),
        RegionName::NearMiss { nearest } | RegionName::Impossible { begun: nearest } if !nearest.is_empty() => {
            Err(format!("there is no Region `{text}`{}", suggested(&nearest)))
        }
        _ => Err(format!("`{text}` is no Region, whose codes have a form such as `us-east-1`")),
    }
}

fn region_pattern(text: &str) -> Result<(), String> {
    if !text.contains(WILDCARDS) {
        return region(text);
    }
    let catalogue = Catalogue::builtin();
    let known = |pattern: &str| catalogue.regions().any(|region| fits(&wildcards(pattern), &region.code));
    let lower = text.to_ascii_lowercase();
    if known(text) {
        return Ok(());
    }
    if known(&lower) {
        return Err(format!("codes of Regions are in lower case: write `{lower}`"));
    }
    let end = text.find(['-', '*', '?']).unwrap_or(text.len());
    let (area, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    if let RegionName::Impossible { begun } = classify_region(catalogue, area)
        && let Some((meant, _)) = begun.first().and_then(|code| code.split_once('-'))
        && meant != area
    {
        return Err(format!("no Region fits `{text}`{}", suggested(&[format!("{meant}{rest}")])));
    }
    let shaped = text.bytes().all(|byte| is_code_character(byte) || matches!(byte, b'*' | b'?'));
    match area.len() {
        0 | 2..=4 if shaped => Ok(()),
        _ => Err(format!("no Region fits `{text}`: codes have a form such as `us-east-1`")),
    }
}

fn geography(text: &str) -> Result<(), String> {
    let catalogue = Catalogue::builtin();
    // `EU`, `us.`, `us.*`
    let bare = text.trim_end_matches(['*', '.']).to_ascii_lowercase();
    let write = |prefix: &str| Err(format!("`{text}` is no prefix of inference profiles: write `{prefix}`"));
    match classify_prefix(catalogue, &bare) {
        PrefixName::Known(_) | PrefixName::Unknown if bare == text => Ok(()),
        PrefixName::Known(meant) | PrefixName::OtherWord { meant } => write(&meant.name),
        PrefixName::Unknown => write(&bare),
        PrefixName::NearMiss { meant } => {
            Err(format!("there is no prefix `{text}` of inference profiles{}", suggested(&[&meant.name])))
        }
        PrefixName::Region(_) => Err(format!("`{text}` is a Region: source Regions are limited under `regions`")),
        PrefixName::Impossible => {
            let known: Vec<String> = catalogue.prefixes().map(|prefix| format!("`{}`", prefix.name)).collect();
            Err(format!("`{text}` is no prefix of inference profiles; known are {}", known.join(", ")))
        }
    }
}

fn model_pattern(text: &str) -> Result<(), String> {
    let catalogue = Catalogue::builtin();
    let known = |pattern: &str| catalogue.models().any(|model| fits(&wildcards(pattern), &model.id));
    if known(text) {
        return Ok(());
    }
    if text.starts_with("arn:") {
        return Err("a model is named by its id here, not by an ARN".to_owned());
    }
    let provider = |word: &str| catalogue.provider_stems().any(|stem| stem == word);
    let (start, rest) = text.split_once('.').unwrap_or(("", text));
    if catalogue.prefix(start).is_some() || rest.split_once('.').is_some_and(|(stem, _)| provider(stem)) {
        return Err(format!("`{text}` has a prefix: models stand here without one, and prefixes under `geographies`"));
    }
    let lower = text.to_ascii_lowercase();
    if known(&lower) {
        return Err(format!("ids of models are in lower case: write `{lower}`"));
    }
    if text.contains(WILDCARDS) {
        // `antropic.*`, `claude-*`
        let stems: Vec<&str> = match start {
            "" => catalogue.provider_stems().collect(),
            _ => nearest(catalogue.provider_stems(), start, 3),
        };
        let meant = stems.into_iter().filter(|stem| *stem != start).map(|stem| format!("{stem}.{rest}"));
        let meant: Vec<String> = meant.filter(|pattern| known(pattern)).collect();
        if !meant.is_empty() {
            return Err(format!("no model fits `{text}`{}", suggested(&meant)));
        }
    } else {
        match classify_id(catalogue, text) {
            ModelIdKind::Variant(_) | ModelIdKind::Mistake { reason: IdMistake::WrongDate, .. } => return Ok(()),
            ModelIdKind::Mistake { nearest, .. } | ModelIdKind::NearMiss { nearest } if !nearest.is_empty() => {
                return Err(format!("there is no model `{text}`{}", suggested(&nearest)));
            }
            _ => {}
        }
    }
    let shaped = text.bytes().all(|byte| is_code_character(byte) || matches!(byte, b'.' | b':' | b'*' | b'?'));
    match shaped && text.contains(['.', '*', '?']) {
        true => Ok(()),
        false => Err(format!("`{text}` is no id of a model, which has a form such as `amazon.nova-lite-v1:0`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_catalogue_knows_and_what_may_be_newer_is_taken() {
        let catalogue = Catalogue::builtin();
        for known in catalogue.regions() {
            assert_eq!(region(&known.code), Ok(()));
            assert_eq!(region_pattern(&known.code), Ok(()));
        }
        for prefix in catalogue.prefixes() {
            assert_eq!(geography(&prefix.name), Ok(()));
        }
        for model in catalogue.models() {
            assert_eq!(model_pattern(&model.id), Ok(()));
        }
        for text in ["za-south-1", "us-east-3", "eusc-de-west-1"] {
            assert_eq!(region(text), Ok(()), "{text}");
        }
        for text in ["*", "eu-*", "us-gov-*", "us-?ast-1", "*-east-1", "za-*", "*-9"] {
            assert_eq!(region_pattern(text), Ok(()), "{text}");
        }
        for text in ["kr", "us-iso"] {
            assert_eq!(geography(text), Ok(()), "{text}");
        }
        for text in [
            "*",
            "anthropic.*",
            "*claude*",
            "?nthropic.claude-*",
            "newvendor.*",
            "newvendor.model-1",
            "anthropic.claude-opus-99-v1:0",
            "anthropic.claude-3-haiku-20991231-v1:0",
            "amazon.nova-lite-v1:0:300k",
        ] {
            assert_eq!(model_pattern(text), Ok(()), "{text}");
        }
    }
}

#[cfg(test)]
mod schema {
    use schemars::json_schema;

    use super::*;
    use crate::settings::words::inline_schema;

    const AREA: &str = "^[a-z]{2}(-[a-z]{2,4})?$";

    inline_schema!(RegionCode, json_schema!({ "type": "string", "pattern": "^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$" }));
    inline_schema!(RegionPattern, json_schema!({ "type": "string", "pattern": "^[a-z0-9*?-]+$" }));
    inline_schema!(ModelPattern, json_schema!({ "type": "string", "pattern": "^[a-z0-9.:*?-]+$" }));
    inline_schema!(Geography, {
        let known: Vec<_> = Catalogue::builtin().prefixes().map(|prefix| &prefix.name).collect();
        json_schema!({ "anyOf": [{ "enum": known }, { "type": "string", "pattern": AREA }] })
    });
}
