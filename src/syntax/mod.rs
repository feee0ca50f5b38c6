//! One spanned tree for every structured format. Knows grammar, not Amazon Bedrock.

pub mod dotenv;
pub mod hcl;
pub mod json;
pub mod literals;
pub mod toml;
pub mod yaml;

use crate::text::{Span, Text};

/// A value in a file.
#[derive(Clone, Debug)]
pub struct Node {
    /// All bytes of the value, delimiters included.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug)]
pub enum Value {
    /// A string, number, boolean or null.
    Scalar(Scalar),
    /// An ordered list.
    List(Vec<Node>),
    /// Keys and values in the order of the file, duplicates kept.
    Map(Vec<Entry>),
    /// A function call of a format that computes values (`jsonencode(…)`, `Fn::Sub`).
    Call(Call),
}

/// A string, number, boolean or null, decoded.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The decoded characters; of a number, boolean or null those of the file.
    pub text: Text,
    /// Its type.
    pub kind: ScalarKind,
}

/// The type of a [`Scalar`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarKind {
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// Null.
    Null,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The decoded key.
    pub key: Text,
    /// The value.
    pub value: Node,
}

/// A value that a format computes: a function call, an operator, a template, or a reference. A reference
/// (`var.region`, `AWS::Region`) is a call without arguments, named as it is written.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function's name as written, or one of the names below.
    pub name: Text,
    /// Its arguments, in order.
    pub args: Vec<Node>,
}

impl Call {
    /// The name of a template: its arguments written one after the other.
    pub const TEMPLATE: &str = "${}";
    /// The name of a choice between two values: the condition, the value if it holds, the value if not.
    pub const CHOICE: &str = "?:";
    /// The name of an access to a part: a list or map, and the position or key.
    pub const PART: &str = "[]";
    /// The name of a map with keys that are computed: keys and values, one after the other.
    pub const OBJECT: &str = "{}";
    /// The name of an access to the same part of every item: a list. An access around it is one to each item.
    pub const SPLAT: &str = "[*]";
    /// The name of a list of arguments written as one: a list.
    pub const SPREAD: &str = "...";
    /// The name of a value for each item of a collection: the names of key and value, the collection, the key (null where
    /// a list comes of it), the value, the condition (null where there is none).
    pub const FOR: &str = "for";
    /// The same, where the values of equal keys are lists.
    pub const FOR_GROUPS: &str = "for...";
}

/// Something wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, in bytes of the file.
    pub span: Span,
    /// What, lower-case.
    pub message: String,
    /// Whether a limit of this program was met, and the text is no worse than long or deep: nobody's template is.
    pub limit: bool,
}

impl Node {
    /// The entries of a map; none for other values.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for other values.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The items of a list, or the value itself where a format lets a list of one be written bare.
    #[must_use]
    pub fn one_or_many(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// The value of a key. A key given twice counts as JSON readers count it: the last one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The last entry of a key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().rev().find(|entry| entry.key.as_str() == key)
    }

    /// The characters of a string.
    #[must_use]
    pub fn string(&self) -> Option<&Text> {
        match &self.value {
            Value::Scalar(Scalar { text, kind: ScalarKind::String }) => Some(text),
            _ => None,
        }
    }

    /// The characters of any scalar but null: IAM takes numbers and booleans where it takes strings.
    #[must_use]
    pub fn scalar(&self) -> Option<&Text> {
        match &self.value {
            Value::Scalar(Scalar { text, kind }) if *kind != ScalarKind::Null => Some(text),
            _ => None,
        }
    }
}
