//! The machine-readable report, schema 1. Fields are only ever added.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};

use super::{fingerprint, fingerprints, mask, pretty, printable, quotable_fix};
use crate::check::{Outcome, Summary};
use crate::finding::{Applicability, Confidence, Finding, Fix, Label, Severity};
use crate::rules::Rule;
use crate::source::{Location, Position, Problem};

/// Version of the shape.
pub(super) const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    tool: Tool,
    findings: Vec<FindingRow<'a>>,
    errors: Vec<ProblemRow<'a>>,
    /// Only where an account was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    live: Option<Value>,
    unparsed: Vec<Cow<'a, str>>,
    summary: &'a Summary,
}

#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
    catalog: String,
}

impl Tool {
    /// This program, with the date of the catalogue that was used.
    pub(super) fn with(catalogue: Date) -> Self {
        let (name, version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        Self { name, version, catalog: catalogue.to_string() }
    }
}

#[derive(Serialize)]
pub(super) struct FindingRow<'a> {
    rule: &'a str,
    severity: Severity,
    confidence: Confidence,
    message: String,
    help: Option<String>,
    path: Cow<'a, str>,
    start: Place,
    end: Place,
    related: Vec<RelatedRow<'a>>,
    fix: Option<FixRow<'a>>,
    fingerprint: String,
    /// Only where silenced findings are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<bool>,
}

#[derive(Serialize)]
struct RelatedRow<'a> {
    message: String,
    path: Cow<'a, str>,
    start: Place,
    end: Place,
}

#[derive(Serialize)]
struct FixRow<'a> {
    title: String,
    applicability: Applicability,
    edits: Vec<EditRow<'a>>,
}

#[derive(Serialize)]
struct EditRow<'a> {
    path: Cow<'a, str>,
    start_byte: u32,
    end_byte: u32,
    text: &'a str,
}

#[derive(Serialize)]
pub(super) struct ProblemRow<'a> {
    path: Cow<'a, str>,
    message: String,
    start: Option<LineColumn>,
}

#[derive(Serialize)]
pub(super) struct Place {
    line: u32,
    column: u32,
    byte: u32,
}

#[derive(Serialize)]
struct LineColumn {
    line: u32,
    column: u32,
}

/// The report of a check.
#[must_use]
pub fn render(outcome: &Outcome) -> String {
    whole(outcome, outcome.findings.iter().zip(fingerprints(&outcome.findings)).map(|(one, print)| row(one, print)))
}

/// The report of a check with the silenced findings among the others; `suppressed` tells which they are.
#[must_use]
pub fn render_with_suppressed(outcome: &Outcome) -> String {
    let rows = super::with_silenced(outcome)
        .into_iter()
        .map(|(finding, by)| FindingRow { suppressed: Some(by.is_some()), ..row(finding, fingerprint(finding)) });
    whole(outcome, rows)
}

fn whole<'a>(outcome: &'a Outcome, findings: impl Iterator<Item = FindingRow<'a>>) -> String {
    pretty(&Report {
        schema: SCHEMA,
        tool: Tool::with(outcome.catalogue_date()),
        findings: findings.collect(),
        errors: outcome.problems.iter().map(problem).collect(),
        live: outcome.live.as_ref().map(super::live::value),
        unparsed: outcome.passed_over.unparsed.iter().map(|path| mask(path)).collect(),
        summary: &outcome.summary,
    })
}

/// How many findings each rule has, most first.
#[must_use]
pub fn statistics(findings: &[Finding]) -> String {
    let rows: Vec<Value> = super::statistics(findings)
        .into_iter()
        .map(|((rule, severity), count)| json!({ "rule": rule, "severity": severity, "count": count }))
        .collect();
    pretty(&json!({ "schema": SCHEMA, "statistics": rows }))
}

/// The rules.
#[must_use]
pub fn rules(rules: &[Rule]) -> String {
    let rows: Vec<Value> = rules
        .iter()
        .map(|rule| {
            let summary = rule.summary();
            json!({ "rule": rule.slug, "severity": rule.severity, "pedantic": rule.pedantic, "summary": summary })
        })
        .collect();
    pretty(&json!({ "schema": SCHEMA, "rules": rows }))
}

/// A finding with the fingerprint that it has.
pub(super) fn row(finding: &Finding, fingerprint: String) -> FindingRow<'_> {
    let at = &finding.primary.at;
    FindingRow {
        rule: finding.rule,
        severity: finding.severity,
        confidence: finding.confidence,
        message: printable(&finding.message),
        help: finding.help.as_deref().map(printable),
        path: mask(at.source.path()),
        start: start(at),
        end: end(at),
        related: finding.related.iter().map(related).collect(),
        fix: quotable_fix(finding).map(fix),
        fingerprint,
        suppressed: None,
    }
}

fn related(label: &Label) -> RelatedRow<'_> {
    let message = printable(&label.message);
    RelatedRow { message, path: mask(label.at.source.path()), start: start(&label.at), end: end(&label.at) }
}

fn fix(fix: &Fix) -> FixRow<'_> {
    let edit = |at: &Location| (at.span.start, at.span.end);
    let edits = fix
        .edits
        .iter()
        .map(|change| {
            let (start_byte, end_byte) = edit(&change.at);
            EditRow { path: mask(change.at.source.path()), start_byte, end_byte, text: &change.text }
        })
        .collect();
    FixRow { title: printable(&fix.title), applicability: fix.applicability, edits }
}

pub(super) fn problem(problem: &Problem) -> ProblemRow<'_> {
    let start = problem.position.map(|Position { line, column }| LineColumn { line, column });
    ProblemRow { path: mask(&problem.path), message: printable(&problem.message), start }
}

pub(super) fn start(at: &Location) -> Place {
    let Position { line, column } = at.start();
    Place { line, column, byte: at.span.start }
}

pub(super) fn end(at: &Location) -> Place {
    let Position { line, column } = at.end();
    Place { line, column, byte: at.span.end }
}
