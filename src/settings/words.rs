//! Strings of the settings file that must be of a form.

use jiff::civil::Date;

use super::paths::Pattern;
use crate::bedrock::is_account_id;
use crate::rules;
use crate::similar::did_you_mean;

/// A type that is read from a string.
macro_rules! from_string {
    ($type:ty, $expecting:literal, $read:expr) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl ::serde::de::Visitor<'_> for Text {
                    type Value = $type;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str($expecting)
                    }

                    fn visit_str<E: ::serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        let read: fn(&str) -> Result<$type, String> = $read;
                        read(text).map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }
    };
}

pub(super) use from_string;

/// The JSON Schema of such a type, written where it is used.
#[cfg(test)]
macro_rules! inline_schema {
    ($type:ty, $schema:expr) => {
        impl ::schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                $schema
            }
        }
    };
}

#[cfg(test)]
pub(super) use inline_schema;

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

/// The path of a file.
#[derive(Clone, Debug)]
pub(super) struct FilePath(pub(super) String);

/// The id of an AWS account.
#[derive(Clone, Debug)]
pub(super) struct Account(pub(super) String);

/// The name of an IAM user.
#[derive(Clone, Debug)]
pub(super) struct UserName(pub(super) String);

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

from_string!(FilePath, "the path of a file", |text| match text {
    "" => Err("name a file".to_owned()),
    _ => Ok(FilePath(text.to_owned())),
});

from_string!(Pattern, "a path pattern", Pattern::new);

from_string!(Account, "an account", |text| {
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    match digits.len() {
        _ if is_account_id(text) => Ok(Account(text.to_owned())),
        _ if is_account_id(&digits) => Err(format!("an account has nothing between its digits: write `\"{digits}\"`")),
        length @ 1..12 if digits == text && text.bytes().all(|byte| byte.is_ascii_digit()) => Err(format!(
            "an account has 12 digits, not {length}: one that begins with 0 stands in quotes, as in `\"{text:0>12}\"`"
        )),
        _ => Err("an account has 12 digits".to_owned()),
    }
});

// The characters: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>. What stands here may be
// the key itself, so it is not quoted.
from_string!(UserName, "the name of an IAM user", |text| {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
    match text.len() {
        1..=64 if text.bytes().all(fits) => Ok(UserName(text.to_owned())),
        _ => Err("the name of an IAM user is expected here: up to 64 letters, digits and `+=,.@_-`".to_owned()),
    }
});

#[cfg(test)]
mod schema {
    use schemars::json_schema;

    use super::*;

    inline_schema!(RuleName, json_schema!({ "enum": rules::all().iter().map(|rule| rule.slug).collect::<Vec<_>>() }));
    inline_schema!(Pointer, json_schema!({ "type": "string", "pattern": "^(/.*)?$" }));
    inline_schema!(Reason, json_schema!({ "type": "string", "pattern": "\\S" }));
    inline_schema!(LastDay, json_schema!({ "type": "string", "format": "date" }));
    inline_schema!(FilePath, json_schema!({ "type": "string", "minLength": 1 }));
    inline_schema!(Pattern, json_schema!({ "type": "string", "minLength": 1 }));
    // a number that lost its first 0 is refused
    inline_schema!(
        Account,
        json_schema!({
            "type": ["string", "integer"],
            "pattern": "^[0-9]{12}$",
            "minimum": 100_000_000_000_u64,
            "maximum": 999_999_999_999_u64,
        })
    );
    inline_schema!(UserName, json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9+=,.@_-]{1,64}$" }));
}
