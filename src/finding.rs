//! What a rule has to say: a finding with its places, its severity and the edit that mends it.

use std::fmt;

use serde::Serialize;

use crate::source::Location;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Will hurt some day, or under some circumstance.
    Warning,
    /// Fails at run time.
    Error,
}

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Rests on a list that may be stale, or on something that could be meant; shown with `--pedantic` only.
    Possible,
    /// True unless something outside the scanned files makes up for it.
    Likely,
    /// True whatever else there is.
    Certain,
}

/// A place and what is to be seen there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What is to be seen, lower-case and without a full stop.
    pub message: String,
    /// Where.
    pub at: Location,
}

/// Who may apply a [`Fix`] (design: "Fixes").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    /// Can neither widen access nor move data.
    Safe,
    /// Changes what is granted, or where data goes.
    Unsafe,
    /// For reading: a part of it is a guess.
    DisplayOnly,
}

/// Bytes to put in the place of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub at: Location,
    /// What stands there afterwards, encoded as the file needs it.
    pub text: String,
}

/// An edit that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative.
    pub title: String,
    /// Who may apply it.
    pub applicability: Applicability,
    /// Non-overlapping edits.
    pub edits: Vec<Edit>,
}

/// One mistake, at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Slug of the rule.
    pub rule: &'static str,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// What is wrong and why it fails; lower-case, no final full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The value that the fix would change.
    pub primary: Label,
    /// Further places, in the order in which they help to understand.
    pub related: Vec<Label>,
    /// The edit, where one is known.
    pub fix: Option<Fix>,
    /// Names the place without line numbers (`AllowInvoke.Resource`): part of the fingerprint.
    pub anchor: String,
    /// Its number among findings that are equal in all that a fingerprint is made from.
    pub ordinal: u64,
}

impl Finding {
    /// The order in which findings are reported: path, first byte, rule; then what makes it total.
    pub(crate) fn sort_key(&self) -> (&str, u32, &'static str, u32, &str) {
        let span = self.primary.at.span;
        (self.primary.at.source.path(), span.start, self.rule, span.end, &self.message)
    }
}

impl Severity {
    /// The word used in output and options.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
