//! Typed values out of a spanned tree: serde's view of [`Node`], whose errors know their place.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::shapes::{ONE_OR_MANY, SPANNED};
use crate::similar::did_you_mean;
use crate::syntax::{Entry, Node, ScalarKind, Value};
use crate::text::{Span, Text};

/// What is wrong, and where if that is known yet.
#[derive(Debug)]
pub(super) struct Error {
    /// Set by the innermost value or key around the fault.
    pub(super) span: Option<Span>,
    /// In the tone of a finding's message.
    pub(super) message: String,
}

impl Error {
    fn within(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { span: None, message: message.to_string() }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let found = match found {
            Unexpected::Unit | Unexpected::Option => "nothing".to_owned(),
            Unexpected::Map => "a map".to_owned(),
            Unexpected::Seq => "a list".to_owned(),
            Unexpected::Str(text) => format!("`{text}`"),
            other => other.to_string(),
        };
        let expected = match expected.to_string() {
            list if list == "a sequence" => "a list".to_owned(),
            map if map.starts_with("struct ") => "a map".to_owned(),
            other => other,
        };
        Self::custom(format!("{expected} is expected here, not {found}"))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let near = did_you_mean(field, expected.iter().copied());
        let known = if near.is_empty() { format!(": here stand {}", listed(expected)) } else { near };
        Self::custom(format!("there is no setting `{field}`{known}"))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(format!("`{variant}` is none of {}", listed(expected)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::custom(format!("`{field}` is missing"))
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Reads a value of a type.
pub(super) fn read<'de, T: Deserialize<'de>>(node: &'de Node) -> Result<T, Error> {
    T::deserialize(De { node, alone: false }).map_err(|error| error.within(node.span))
}

/// A node as serde sees it. `alone` lets a single value stand for a list of one.
#[derive(Clone, Copy)]
struct De<'de> {
    node: &'de Node,
    alone: bool,
}

impl<'de> De<'de> {
    fn of(node: &'de Node) -> Self {
        Self { node, alone: false }
    }

    fn map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Value::Map(entries) = &self.node.value else { return self.deserialize_any(visitor) };
        // a fault of the map as a whole is shown at its first key
        let head = entries.first().map_or(self.node.span, |entry| entry.key.span());
        visitor.visit_map(Entries { all: entries, next: 0 }).map_err(|error| error.within(head))
    }
}

impl<'de> Deserializer<'de> for De<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let read = match &self.node.value {
            Value::Map(_) => self.map(visitor),
            Value::List(items) => visitor.visit_seq(Items(items.iter())),
            Value::Scalar(scalar) => {
                let text = scalar.text.as_str();
                match (scalar.kind, text.parse::<f64>()) {
                    (ScalarKind::String, _) => visitor.visit_str(text),
                    (ScalarKind::Bool, _) => visitor.visit_bool(text == "true"),
                    (ScalarKind::Number, Ok(number)) => visitor.visit_f64(number),
                    _ => visitor.visit_unit(),
                }
            }
            Value::Call(_) => visitor.visit_unit(),
        };
        read.map_err(|error| error.within(self.node.span))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        // a Sid of digits is a number to YAML
        match (self.node.scalar(), &self.node.value) {
            (Some(text), _) => visitor.visit_str(text.as_str()).map_err(|error: Error| error.within(self.node.span)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let single = self.alone && self.node.scalar().is_some();
        match single {
            true => visitor.visit_seq(Items(std::slice::from_ref(self.node).iter())),
            false => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(Self { alone: name == ONE_OR_MANY, ..self })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name != SPANNED {
            return match &self.node.value {
                // derived code would take a list for the fields in order
                Value::List(_) => Err(Error { span: Some(self.node.span), message: NOT_A_MAP.to_owned() }),
                _ => self.map(visitor),
            };
        }
        visitor.visit_map(WithSpan { span: Some(self.node.span), inner: self, step: 0 })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.node.scalar() {
            Some(text) => visitor.visit_enum(Word(text.as_str())).map_err(|error| error.within(self.node.span)),
            None => {
                Err(Error { span: Some(self.node.span), message: format!("one of {} is expected", listed(variants)) })
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct map
        identifier ignored_any
    }
}

/// A bare word that names a variant.
struct Word<'de>(&'de str);

impl<'de> EnumAccess<'de> for Word<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let word: StrDeserializer<'_, Error> = self.0.into_deserializer();
        Ok((seed.deserialize(word)?, self))
    }
}

impl<'de> VariantAccess<'de> for Word<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _seed: T) -> Result<T::Value, Error> {
        Err(de::Error::custom("a map is expected"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, _visitor: V) -> Result<V::Value, Error> {
        Err(de::Error::custom("a list is expected"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _fields: &'static [&'static str], _visitor: V) -> Result<V::Value, Error> {
        Err(de::Error::custom("a map is expected"))
    }
}

struct Items<'de>(std::slice::Iter<'de, Node>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(node) = self.0.next() else { return Ok(None) };
        seed.deserialize(De::of(node)).map(Some).map_err(|error| error.within(node.span))
    }
}

struct Entries<'de> {
    all: &'de [Entry],
    next: usize,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(entry) = self.all.get(self.next) else { return Ok(None) };
        let (key, span) = (entry.key.as_str(), entry.key.span());
        if self.all.iter().take(self.next).any(|earlier| earlier.key.as_str() == key) {
            return Err(Error { span: Some(span), message: format!("`{key}` stands twice") });
        }
        seed.deserialize(Key(&entry.key)).map(Some).map_err(|error| error.within(span))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some(entry) = self.all.get(self.next) else { return Err(de::Error::custom("no value")) };
        self.next += 1;
        // `key:` with nothing behind it has no characters of its own
        let span = if entry.value.span.range().is_empty() { entry.key.span() } else { entry.value.span };
        seed.deserialize(De::of(&entry.value)).map_err(|error| match error.span {
            Some(at) if !at.range().is_empty() => error,
            _ => Error { span: Some(span), ..error },
        })
    }
}

/// A key of a map.
struct Key<'de>(&'de Text);

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.0.as_str())
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

const NOT_A_MAP: &str = "a map is expected here, not a list";

/// The two halves of a [`Spanned`](super::shapes::Spanned), as a map: the offsets, then the value.
struct WithSpan<'de> {
    span: Option<Span>,
    inner: De<'de>,
    step: u8,
}

impl<'de> MapAccess<'de> for WithSpan<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.step += 1;
        let word: StrDeserializer<'_, Error> = "".into_deserializer();
        if self.step > 2 { Ok(None) } else { seed.deserialize(word).map(Some) }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        match self.span.take() {
            Some(span) => {
                let both = u64::from(span.start) << 32 | u64::from(span.end);
                let both: de::value::U64Deserializer<Error> = both.into_deserializer();
                seed.deserialize(both)
            }
            None => seed.deserialize(self.inner),
        }
    }
}
