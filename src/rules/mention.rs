//! What rules say of a lone string, of which nothing is known but what it names and where it stands.

use super::report::Draft;
use super::{Facts, Rule};
use crate::bedrock::ApiKey;
use crate::finding::{Confidence, Severity};
use crate::reading::{ActionReading, MentionReading, ModelReading, Says};
use crate::source::Location;
use crate::text::{Span, Text};

/// A mention that a rule looks at.
#[derive(Clone, Copy, Debug)]
pub struct MentionCase<'a> {
    /// The mention with what it means.
    pub reading: &'a MentionReading,
    /// What it is judged by.
    pub facts: &'a Facts<'a>,
}

impl<'a> MentionCase<'a> {
    /// The model or resource that it names.
    pub(super) fn model(&self) -> Option<&'a ModelReading> {
        match &self.reading.says {
            Says::Model(model) => Some(model),
            _ => None,
        }
    }

    /// The action that it names.
    pub(super) fn action(&self) -> Option<&'a ActionReading> {
        match &self.reading.says {
            Says::Action(action) => Some(action),
            _ => None,
        }
    }

    /// The key that it is.
    pub(super) fn key(&self) -> Option<&'a ApiKey> {
        match &self.reading.says {
            Says::Key(key) => Some(key),
            _ => None,
        }
    }

    /// The characters.
    pub(super) fn text(&self) -> &'a Text {
        self.reading.fact.what.text()
    }

    /// A place in its file.
    pub(super) fn at(&self, span: Span) -> Location {
        Location::new(&self.reading.fact.source, span)
    }

    /// A finding about it. What comes of a lone string is not known: it is a warning at most, and likely at best. What is
    /// only spoken of is a note for those who ask for it.
    pub(super) fn draft(&self, rule: &Rule, at: Location, message: String, label: &str) -> Draft {
        let (severity, confidence) = match self.reading.fact.place.is_used() {
            true => (rule.severity.min(Severity::Warning), Confidence::Likely),
            false => (Severity::Note, Confidence::Possible),
        };
        Draft::new(rule, at, message, label).severity(severity).confidence(confidence).anchor(ANCHOR)
    }

    /// A finding about a key, which is one wherever it stands.
    pub(super) fn draft_of_key(&self, rule: &Rule, message: String, label: &str) -> Draft {
        Draft::new(rule, self.at(self.text().span()), message, label).confidence(Confidence::Likely).anchor(ANCHOR)
    }
}

/// A lone string has no name.
const ANCHOR: &str = "text";
