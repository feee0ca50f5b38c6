//! Findings at places that stand for a value which is written elsewhere.

use std::collections::{BTreeSet, HashMap};

use super::Report;
use crate::finding::{Confidence, Edit, Finding, Label};
use crate::formats::ReferenceFact;
use crate::source::Location;
use crate::text::Span;

/// References that lead from one to the next.
const LONGEST_CHAIN: usize = 8;

impl Report {
    /// Minds that some places only stand for a value: one that may be set otherwise makes a finding no surer than likely,
    /// an edit there would put the value into the place of the reference, and what is told of the value where it is
    /// written is told.
    pub(in crate::rules) fn mind(&mut self, references: &[ReferenceFact]) {
        if references.is_empty() {
            return;
        }
        let mut by_path: HashMap<&str, Vec<&ReferenceFact>> = HashMap::new();
        for reference in references {
            by_path.entry(reference.at.source.path()).or_default().push(reference);
        }
        let at = |place: &Location| {
            let beside = by_path.get(place.source.path()).map(Vec::as_slice).unwrap_or_default();
            let (start, end) = (place.span.start, place.span.end);
            beside.iter().filter(move |reference| reference.at.span.start < end && start < reference.at.span.end)
        };
        let is_written = |reference: &ReferenceFact, edit: &Edit| {
            let written = reference.written.as_ref();
            written.is_some_and(|at| at.source.path() == edit.at.source.path() && at.span.contains(edit.at.span))
        };
        for finding in &mut self.findings {
            // a Region that is called may be a default as well as the model
            let mut places = std::iter::once(&finding.primary).chain(&finding.related);
            if places.any(|place| at(&place.at).any(|reference| reference.overridable)) {
                finding.confidence = finding.confidence.min(Confidence::Likely);
            }
            let mut edits = finding.fix.iter().flat_map(|fix| &fix.edits);
            if edits.any(|edit| at(&edit.at).any(|reference| !is_written(reference, edit))) {
                finding.fix = None;
            }
        }
        self.leave_out_told(references);
        self.go_to_values(references);
    }

    /// Tells of a value that stands in another file there, where it is mended, if one value alone stands for the place.
    fn go_to_values(&mut self, references: &[ReferenceFact]) {
        let mut values: HashMap<(&str, Span), Option<&Location>> = HashMap::new();
        for reference in references {
            let key = (reference.at.source.path(), reference.at.span);
            let written = reference.written.as_ref();
            values
                .entry(key)
                .and_modify(|known| *known = known.filter(|known| Some(*known) == written))
                .or_insert(written);
        }
        let written = |at: &Location| {
            let value = values.get(&(at.source.path(), at.span)).copied().flatten();
            value.filter(|value| value.source.path() != at.source.path())
        };
        for finding in &mut self.findings {
            let at = finding.primary.at.clone();
            // a value may come from a module that has it from another one
            let value = std::iter::successors(written(&at), |at| written(at)).take(LONGEST_CHAIN).last();
            // what stands for more than the value, such as a file of variables, is no better place
            if let Some(value) = value.and_then(|value| told_of(value, &finding.message)) {
                finding.primary.at = value;
                finding.related.insert(0, Label { message: "used here".to_owned(), at });
            }
        }
    }

    /// Leaves out findings at references to another file that a finding of the same rule tells of there.
    fn leave_out_told(&mut self, references: &[ReferenceFact]) {
        let elsewhere = references.iter().filter_map(|reference| {
            let written = reference.written.as_ref()?;
            (written.source.path() != reference.at.source.path()).then_some((&reference.at, written))
        });
        let mut places: HashMap<(&str, Span), BTreeSet<(&str, Span)>> = HashMap::new();
        for (at, written) in elsewhere {
            let place = places.entry((at.source.path(), at.span)).or_default();
            place.insert((written.source.path(), written.span));
        }
        let mut by_rule: HashMap<(&str, &str), Vec<Span>> = HashMap::new();
        for finding in self.findings.iter().filter(|_| !places.is_empty()) {
            let at = &finding.primary.at;
            by_rule.entry((finding.rule, at.source.path())).or_default().push(at.span);
        }
        let is_told = |finding: &Finding| {
            let at = &finding.primary.at;
            let Some(written) = places.get(&(at.source.path(), at.span)) else { return false };
            let paths: BTreeSet<&str> = written.iter().map(|(path, _)| *path).collect();
            let covers = |path: &str, other: Span| {
                let before = written.range(..=(path, Span { start: other.start, end: u32::MAX })).next_back();
                before.is_some_and(|(at, span)| *at == path && span.contains(other))
            };
            paths.iter().any(|path| {
                let told = by_rule.get(&(finding.rule, *path)).map(Vec::as_slice).unwrap_or_default();
                told.iter().any(|other| covers(path, *other))
            })
        };
        let told: Vec<bool> = self.findings.iter().map(is_told).collect();
        let mut told = told.into_iter();
        self.findings.retain(|_| !told.next().unwrap_or_default());
    }
}

/// Where a value stands that a message is about: the place itself, or the only ARN in it whose name the message tells.
fn told_of(value: &Location, message: &str) -> Option<Location> {
    let text = value.text();
    if message.contains(text) {
        return Some(value.clone());
    }
    let mut at = value.span.start as usize;
    let mut found = Vec::new();
    for part in text.split('"') {
        let name = part.starts_with("arn:").then(|| part.rsplit_once('/')).flatten();
        if name.is_some_and(|(_, name)| !name.is_empty() && message.contains(name)) {
            found.push(Span::new(at, at + part.len()));
        }
        at += part.len() + 1;
    }
    let [only] = found.as_slice() else { return None };
    Some(Location::new(&value.source, *only))
}
