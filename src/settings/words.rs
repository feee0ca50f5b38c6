//! Strings of the settings file that must be of a form: names, days, patterns.

use std::fmt;

use jiff::civil::Date;
use serde::de::{self, Deserialize, Deserializer, Visitor};

use super::paths::Pattern;
use crate::rules;
use crate::similar::did_you_mean;

/// Slug of a rule that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RuleName(pub(super) &'static str);

/// A JSON pointer: empty, or steps that each begin with `/`.
#[derive(Clone, Debug)]
pub(super) struct Pointer(pub(super) String);

/// Words that say something.
#[derive(Clone, Debug)]
pub(super) struct Reason(pub(super) String);

/// A day of the calendar.
#[derive(Clone, Copy, Debug)]
pub(super) struct LastDay(pub(super) Date);

/// A type that is read from a string.
macro_rules! from_string {
    ($type:ty, $expecting:literal, $read:expr) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl Visitor<'_> for Text {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expecting)
                    }

                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$type, E> {
                        let read: fn(&str) -> Result<$type, String> = $read;
                        read(text).map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }
    };
}

from_string!(RuleName, "the name of a rule", |text| {
    let known = rules::all().iter().find(|rule| rule.slug == text);
    known.map(|rule| RuleName(rule.slug)).ok_or_else(|| {
        format!("there is no rule `{text}`{}", did_you_mean(text, rules::all().iter().map(|rule| rule.slug)))
    })
});

from_string!(Pointer, "a JSON pointer", |text| match text {
    _ if text.is_empty() || text.starts_with('/') => Ok(Pointer(text.to_owned())),
    _ => Err(format!("a JSON pointer begins with `/`: write `/{text}`")),
});

from_string!(Reason, "a reason", |text| match text.trim() {
    "" => Err("say why it is meant".to_owned()),
    text => Ok(Reason(text.to_owned())),
});

from_string!(LastDay, "a day", |text| text
    .parse()
    .map(LastDay)
    .map_err(|_| format!("`{text}` is no day: write it like `2027-03-31`")));

from_string!(Pattern, "a path pattern", Pattern::new);

#[cfg(test)]
mod schema {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    use super::*;

    macro_rules! inline {
        ($type:ty, $schema:expr) => {
            impl JsonSchema for $type {
                fn inline_schema() -> bool {
                    true
                }

                fn schema_name() -> Cow<'static, str> {
                    stringify!($type).into()
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    $schema
                }
            }
        };
    }

    inline!(RuleName, json_schema!({ "enum": rules::all().iter().map(|rule| rule.slug).collect::<Vec<_>>() }));
    inline!(Pointer, json_schema!({ "type": "string", "pattern": "^(/.*)?$" }));
    inline!(Reason, json_schema!({ "type": "string", "pattern": "\\S" }));
    inline!(LastDay, json_schema!({ "type": "string", "format": "date" }));
    inline!(Pattern, json_schema!({ "type": "string", "minLength": 1 }));
}
