//! How rules say what they found.

mod references;

use std::collections::HashMap;

use crate::access::{
    Grounds, Obstacle, Place, Refusal, SetView, obstacle, perhaps_profile_only, profile_only, wants_provider,
};
use crate::adapter::{Adapter, Consumer, Field, ModelField};
use crate::bedrock::{Evidence, Model, Partition};
use crate::finding::{Applicability, Confidence, Edit, Finding, Fix, Label, Severity};
use crate::formats::{Grants, ServiceAccountFact, is_called_test};
use crate::iam::{Layer, Statement, StatementId};
use crate::reading::{AdapterReading, ModelReading, Reading};
use crate::source::Location;
use crate::text::Span;

use super::{Facts, Rule};

/// A policy that a rule looks at.
#[derive(Clone, Copy, Debug)]
pub struct PolicyCase<'a> {
    /// The policy with what its strings mean.
    pub reading: &'a Reading,
    /// What it is judged by.
    pub facts: &'a Facts<'a>,
}

/// An adapter that a rule looks at.
#[derive(Clone, Copy, Debug)]
pub struct AdapterCase<'a> {
    /// The adapter with what its strings mean.
    pub reading: &'a AdapterReading,
    /// The service account of Kubernetes that it runs as, where that is read.
    pub service_account: Option<&'a ServiceAccountFact>,
    /// What it is judged by.
    pub facts: &'a Facts<'a>,
}

/// A model that an adapter calls.
#[derive(Clone, Copy, Debug)]
pub(super) struct CalledModel<'a> {
    /// The setting.
    pub(super) field: &'a ModelField,
    /// What it means.
    pub(super) reading: &'a ModelReading,
    /// The Region whose endpoint is called, where that is known.
    pub(super) source: Option<&'a str>,
    /// What keeps the call from reaching it.
    pub(super) obstacle: Option<Obstacle<'a>>,
    /// The model, if nothing keeps the call from reaching it, unless it is that only profiles serve the model there.
    pub(super) perhaps_profile_only: Option<&'a Model>,
}

/// Collects findings.
#[derive(Debug, Default)]
pub struct Report {
    findings: Vec<Finding>,
    /// Where in `findings` is what is told once: rule, path and message.
    told: HashMap<(&'static str, String, String), usize>,
}

impl Report {
    /// Adds a finding.
    pub(super) fn push(&mut self, draft: Draft) {
        self.findings.push(draft.0);
    }

    /// Adds a finding that is told once a file: where the same has been said of another place in it, the milder of the
    /// two becomes a related place, labelled `again`, or as a mere mention where it is less sure. What has been said of the very place is not said again.
    pub(super) fn push_once(&mut self, draft: Draft, again: &str) {
        let Draft(finding) = draft;
        let told = (finding.rule, finding.primary.at.source.path().to_owned(), finding.message.clone());
        let next = self.findings.len();
        let index = *self.told.entry(told).or_insert(next);
        match self.findings.get_mut(index) {
            None => self.findings.push(finding),
            Some(said) => {
                let mut milder = finding;
                if milder.severity > said.severity {
                    std::mem::swap(said, &mut milder);
                }
                if milder.primary.at.span == said.primary.at.span {
                    return;
                }
                // what is less sure need not be changed as well
                let again = if milder.confidence < said.confidence { "mentioned here" } else { again };
                said.related.push(Label { message: again.to_owned(), at: milder.primary.at });
                said.related.extend(milder.related);
            }
        }
    }

    /// How many findings there are.
    pub(super) fn len(&self) -> usize {
        self.findings.len()
    }

    /// Makes notes of the findings after the first `known`, for those who ask for them.
    pub(super) fn demote(&mut self, known: usize) {
        self.limit(known, Confidence::Possible);
        self.findings.iter_mut().skip(known).for_each(|finding| finding.severity = Severity::Note);
    }

    /// Makes the findings after the first `known` no surer than this.
    pub(super) fn limit(&mut self, known: usize, confidence: Confidence) {
        for finding in self.findings.iter_mut().skip(known) {
            finding.confidence = finding.confidence.min(confidence);
        }
    }

    /// The findings in the order in which they are reported. What several sets say of the same place in the same words
    /// is said once.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        // the surest of them is the one that stays
        let key = |finding: &Finding| std::cmp::Reverse(finding.confidence);
        self.findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()).then(key(a).cmp(&key(b))));
        self.findings.dedup_by(|later, first| later.sort_key() == first.sort_key());
        self.findings
    }
}

/// A finding in the making.
#[derive(Debug)]
pub(super) struct Draft(Finding);

impl Draft {
    /// The finding as it is, for what is reported outside of a [`Report`].
    pub(super) fn done(self) -> Finding {
        self.0
    }

    /// A finding of `rule` at `at`, with the rule's severity and no doubt. `label` says what is to be seen there.
    pub(super) fn new(rule: &Rule, at: Location, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self(Finding {
            rule: rule.slug,
            severity: rule.severity,
            confidence: Confidence::Certain,
            message: message.into(),
            help: None,
            primary: Label { message: label.into(), at },
            related: Vec::new(),
            fix: None,
            anchor: String::new(),
            ordinal: 0,
        })
    }

    /// What to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Another severity than the rule's.
    pub(super) fn severity(mut self, severity: Severity) -> Self {
        self.0.severity = severity;
        self
    }

    /// How sure it is.
    pub(super) fn confidence(mut self, confidence: Confidence) -> Self {
        self.0.confidence = confidence;
        self
    }

    /// Another place that helps to understand.
    pub(super) fn related(mut self, at: Location, message: impl Into<String>) -> Self {
        if at != self.0.primary.at {
            self.0.related.push(Label { message: message.into(), at });
        }
        self
    }

    /// The place where the Region is named that is called.
    pub(super) fn called_region(self, case: &AdapterCase<'_>, called: &CalledModel<'_>) -> Self {
        match case.source_at(called) {
            Some(at) => self.related(at, "the Region that is called"),
            None => self,
        }
    }

    /// The places where the profiles are granted that a refusal is about.
    pub(super) fn granted_profiles(mut self, view: &SetView<'_>, refusal: &Refusal) -> Self {
        for place in &refusal.places {
            self = self.related(view.at(*place), "the profile is granted here");
        }
        self
    }

    /// Names the place without line numbers.
    pub(super) fn anchor(mut self, anchor: impl Into<String>) -> Self {
        self.0.anchor = anchor.into();
        self
    }

    /// The edit that replaces `at` with `text`.
    pub(super) fn replace(
        self,
        at: Location,
        text: impl Into<String>,
        title: &str,
        applicability: Applicability,
    ) -> Self {
        let text = in_its_place(&at, text.into());
        self.fix(title, applicability, vec![Edit { at, text }])
    }

    /// Several edits that belong together.
    pub(super) fn fix(mut self, title: &str, applicability: Applicability, edits: Vec<Edit>) -> Self {
        self.0.fix = Some(Fix { title: title.to_owned(), applicability, edits });
        self
    }
}

/// How sure a finding is that rests on a fact of this evidence.
pub(super) fn confidence_by(evidence: Evidence) -> Confidence {
    match evidence {
        Evidence::Documented => Confidence::Certain,
        Evidence::Secondary => Confidence::Likely,
        Evidence::Inferred => Confidence::Possible,
    }
}

/// The text as it must be written there: an unquoted `*` is an alias in YAML, so it is quoted where the old value was not.
fn in_its_place(at: &Location, text: String) -> String {
    let before = at.source.text().get(..at.span.start as usize).unwrap_or_default();
    let bare = before.ends_with([' ', '\t', '\n', '[', '{', ',']);
    if bare && text.starts_with('*') { format!("'{text}'") } else { text }
}

impl PolicyCase<'_> {
    /// A place in the policy's file.
    pub(super) fn at(&self, span: Span) -> Location {
        Location::new(&self.reading.fact.source, span)
    }

    /// Anchor of an element of a statement.
    pub(super) fn anchor(&self, statement: &Statement, element: &str) -> String {
        anchor(self.reading, Some(statement), element)
    }
}

impl<'a> AdapterCase<'a> {
    /// The settings.
    pub(super) fn adapter(&self) -> &'a Adapter {
        &self.reading.fact.adapter
    }

    /// A place in the adapter's file.
    pub(super) fn at(&self, span: Span) -> Location {
        Location::new(&self.reading.fact.source, span)
    }

    /// The characters of a setting's value, without quotes; the key where there are none.
    pub(super) fn at_value(&self, field: &Field) -> Location {
        let span = field.value.span();
        if span.range().is_empty() { self.at(field.key.span()) } else { self.at(span) }
    }

    /// The name of a setting: what is underlined where the value may be a secret.
    pub(super) fn at_key(&self, field: &Field) -> Location {
        self.at(field.key.span())
    }

    /// The models that are called, each with what keeps the call from reaching it.
    pub(super) fn called(&self) -> impl Iterator<Item = CalledModel<'a>> {
        let (adapter, facts) = (self.reading, self.facts);
        adapter.called().map(move |(field, reading)| {
            let source = adapter.source_of(reading);
            // where an account was asked, it knows better than the catalogue what it serves
            let served = facts
                .answers
                .zip(source)
                .zip(field.id.literal())
                .is_some_and(|((answers, source), id)| answers.serves(source, id));
            let obstacle = obstacle(adapter, field, reading, facts.catalogue, facts.as_of);
            let obstacle = obstacle.filter(|obstacle| !(served && obstacle.is_of_the_catalogue()));
            let perhaps_profile_only = match obstacle {
                None if !served => perhaps_profile_only(adapter, field, reading, facts.catalogue),
                _ => None,
            };
            CalledModel { field, reading, source, obstacle, perhaps_profile_only }
        })
    }

    /// Where the file names the Region that is called for a model.
    pub(super) fn source_at(&self, called: &CalledModel<'_>) -> Option<Location> {
        called.source?;
        self.reading.source_span(called.field, called.reading).map(|span| self.at(span))
    }

    /// The partition that is called; `aws` where that is not known.
    pub(super) fn partition(&self, source: Option<&str>) -> Partition {
        let region = source.and_then(|source| self.facts.catalogue.region(source));
        region.map_or(Partition::Aws, |region| region.partition)
    }

    /// The ids by which a model can be called from the Region that is called, or, where that is not known, at all.
    pub(super) fn ids_for(&self, model: &'a Model, source: Option<&str>) -> Vec<&'a str> {
        self.facts.catalogue.ids_for(model, self.partition(source), source)
    }

    /// What to call for ids that may be meant: each itself if it can be called from the Region that is called, else what
    /// serves its model there. Three at most.
    pub(super) fn callable(&self, meant: &[String], source: Option<&str>) -> Vec<&'a str> {
        let catalogue = self.facts.catalogue;
        let mut found: Vec<&str> = Vec::new();
        for id in meant {
            let profile = catalogue.profile(id);
            let Some(model) = catalogue.model(profile.map_or(id, |profile| profile.model_id())) else { continue };
            let reached = match (profile, source) {
                (Some(profile), Some(source)) => profile.sources().contains(source),
                (Some(_), None) => true,
                (None, Some(source)) => model.on_demand.contains(source),
                (None, None) => profile_only(model).is_none(),
            };
            let own = profile.map_or(&*model.id, |profile| &*profile.id);
            let instead = if reached { Vec::new() } else { self.ids_for(model, source) };
            let ids = if instead.is_empty() { vec![own] } else { instead };
            found.extend(ids);
        }
        let mut seen = std::collections::HashSet::new();
        found.retain(|id| seen.insert(*id));
        found.truncate(3);
        found
    }

    /// How ids are to be written in the setting of a called model: some clients want the provider before those of profiles.
    pub(super) fn spelt(&self, called: &CalledModel<'_>, ids: &[&str]) -> Vec<String> {
        let wants = |id: &str| wants_provider(self.adapter(), called.field, id, self.facts.catalogue);
        ids.iter().map(|id| if wants(id) { format!("bedrock/{id}") } else { (*id).to_owned() }).collect()
    }

    /// How sure it is that the settings are used as they are written.
    pub(super) fn confidence(&self) -> Confidence {
        confidence(self.adapter())
    }

    /// Whether the settings are those of a test, which nobody deploys.
    pub(super) fn is_of_test(&self) -> bool {
        is_called_test(self.reading.fact.source.path())
    }

    /// Anchor of a setting.
    pub(super) fn anchor(&self, field: &Field) -> String {
        let name = self.adapter().name.as_deref().map(|name| format!("{name}/")).unwrap_or_default();
        format!("{name}{}", field.key.as_str())
    }
}

/// How sure it is that settings are used as they are written: a program that is not known by name may make something else
/// of its variables, and put a prefix before an id or hand another Region to LiteLLM for example.
pub(super) fn confidence(adapter: &Adapter) -> Confidence {
    if matches!(adapter.consumer, Consumer::Module | Consumer::Program) || adapter.region_is_handed_on() {
        Confidence::Likely
    } else {
        Confidence::Certain
    }
}

impl SetView<'_> {
    /// A place in the file of one of the set's policies.
    pub(super) fn at(&self, place: Place) -> Location {
        self.span_of(place.statement, place.span)
    }

    /// A span in the file of the policy that a statement is in.
    pub(super) fn span_of(&self, statement: StatementId, span: Span) -> Location {
        // a statement of this set always has its reading
        match self.reading(statement).or(self.readings.first().copied()) {
            Some(reading) => Location::new(&reading.fact.source, span),
            None => Location::new(&std::sync::Arc::new(crate::source::Source::new("", "")), Span::default()),
        }
    }

    /// The name of a statement, or its effect where it has none.
    pub(super) fn at_statement(&self, id: StatementId) -> Location {
        let named = |statement: &Statement| statement.sid.as_ref().map_or(statement.effect_span, |sid| sid.span());
        self.span_of(id, self.statement(id).map(named).unwrap_or_default())
    }

    /// Where a layer, in which something is not granted, comes nearest to it: the first of these places, or the
    /// statement to which it could be added.
    pub(super) fn nearest(&self, layer: Layer, places: &[Place]) -> Option<(Location, StatementId)> {
        let place = places.iter().find(|place| place.statement.layer == layer);
        let statement = || self.first_statement(layer).map(|id| (self.at_statement(id), id));
        place.map(|place| (self.at(*place), place.statement)).or_else(statement)
    }

    /// Anchor of an element of a statement.
    pub(super) fn anchor(&self, statement: StatementId, element: &str) -> String {
        let reading = self.reading(statement);
        let written = reading.and_then(|reading| reading.fact.policy.statements.get(statement.statement));
        reading.map(|reading| anchor(reading, written, element)).unwrap_or_default()
    }

    /// The same for a refusal that depends on a route: a guess where the catalogue guesses.
    pub(super) fn confidence_of_route(&self, refusal: &Refusal) -> Confidence {
        if refusal.grounds == Grounds::Guess { Confidence::Possible } else { self.confidence_of(refusal) }
    }

    /// The same for any refusal: what nobody promised may not be meant, and what was not read may hold the other half.
    pub(super) fn confidence_of(&self, refusal: &Refusal) -> Confidence {
        let most = match refusal.grounds {
            _ if refusal.lacks_what_may_be_elsewhere(self) => Confidence::Possible,
            Grounds::LetThrough => Confidence::Likely,
            Grounds::Guess | Grounds::Promise => Confidence::Certain,
        };
        self.confidence().min(most)
    }

    /// Certain where the set is known to be whole, else likely: another policy may grant it.
    pub(super) fn confidence(&self) -> Confidence {
        if self.set.grants == Grants::Whole { Confidence::Certain } else { Confidence::Likely }
    }

    /// What the characters of a place are.
    pub(super) fn text(&self, place: Place) -> String {
        self.at(place).text().to_owned()
    }
}

fn anchor(reading: &Reading, statement: Option<&Statement>, element: &str) -> String {
    let policy = reading.fact.name.as_deref().map(|name| format!("{name}/")).unwrap_or_default();
    let sid = statement.and_then(|statement| statement.sid.as_ref()).map_or("Statement", |sid| sid.as_str());
    format!("{policy}{sid}.{element}")
}
