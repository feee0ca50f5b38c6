//! A policy document as a value, in no format yet.

use crate::iam::Effect;

/// A policy document of version `2012-10-17`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its statements, in order; their Sids differ.
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its `Sid`: letters and digits.
    pub sid: String,
    /// What it does.
    pub effect: Effect,
    /// Actions, or patterns of them; never empty.
    pub actions: Vec<String>,
    /// Whether the actions are those that it is *not* about (`NotAction`).
    pub negated: bool,
    /// Resources, sorted; never empty.
    pub resources: Vec<Value>,
    /// Conditions, all of which must hold; those of one operator stand together.
    pub conditions: Vec<Condition>,
}

/// One key of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `StringEquals`.
    pub operator: &'static str,
    /// `aws:RequestedRegion`.
    pub key: &'static str,
    /// Its values, sorted; never empty.
    pub values: Vec<Value>,
}

/// A string of a document. The account of the caller may be left open in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value(Vec<Part>);

/// A part of a string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// This text.
    Text(String),
    /// The caller's account, which is not known.
    Account,
}

/// What stands in a [`Call`](crate::access::Call) as the account that is not known. No id and no ARN has these
/// characters.
pub const OPEN_ACCOUNT: &str = "{account}";

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        let mut parts = Vec::new();
        for (index, text) in text.split(OPEN_ACCOUNT).enumerate() {
            if index > 0 {
                parts.push(Part::Account);
            }
            if !text.is_empty() {
                parts.push(Part::Text(text.to_owned()));
            }
        }
        Self(parts)
    }
}

impl Value {
    /// Whether the account is open in it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.contains(&Part::Account)
    }

    /// The string, its literal parts as `text` writes them and the account as `account`.
    pub(super) fn written(&self, account: &str, text: impl Fn(&str) -> String) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Text(literal) => text(literal),
            Part::Account => account.to_owned(),
        });
        parts.collect()
    }
}

impl Document {
    /// The strings in which the account may be open.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.statements.iter().flat_map(|statement| {
            let conditions = statement.conditions.iter().flat_map(|condition| &condition.values);
            statement.resources.iter().chain(conditions)
        })
    }

    /// Whether the account is open somewhere.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.values().any(Value::is_open)
    }
}
