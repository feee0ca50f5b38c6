//! bedrock-lint: finds broken Amazon Bedrock access before it ships.
//!
//! Data goes one way: files are read ([`source`]), facts are lifted from them ([`formats`]), put together
//! ([`link`]) and judged ([`rules`]), what is known and meant is taken out ([`suppress`]), and the rest told
//! ([`report`]). [`check()`] is that way. The other way round, [`policy`] writes what a call needs; [`can_invoke()`](can_invoke::can_invoke) answers one.
//! [`models`](mod@models) asks the catalogue, and [`key`] reads what keys say of themselves.

pub mod access;
pub mod adapter;
pub mod bedrock;
pub mod can_invoke;
pub mod check;
pub mod diagnose;
pub mod finding;
pub mod formats;
pub mod iam;
pub mod key;
pub mod link;
pub mod live;
pub mod models;
mod phrase;
pub mod policy;
pub mod reading;
pub mod report;
pub mod rules;
pub mod settings;
pub mod similar;
pub mod source;
pub mod suppress;
pub mod syntax;
pub mod text;

use std::sync::Arc;

use crate::bedrock::{ActionCatalogue, Catalogue};
use crate::check::{CheckRequest, Outcome, Summary};
use crate::finding::Finding;
use crate::formats::FormatOptions;
use crate::live::{LiveCheck, Observation};
use crate::source::{Problem, ScanRequest, Source};
use crate::suppress::{Coverage, Suppressed, Suppressions};

/// Checks files and folders.
#[must_use]
pub fn check(request: &CheckRequest) -> Outcome {
    checked(request, None)
}

/// Checks files and folders, and asks an account about what they call and whose policies act.
#[must_use]
pub fn check_live(request: &CheckRequest, asked: LiveCheck<'_>) -> Outcome {
    checked(request, Some(asked))
}

fn checked(request: &CheckRequest, asked: Option<LiveCheck<'_>>) -> Outcome {
    let catalogue = match request.catalog.as_deref().map(check::read_catalogue).transpose() {
        Ok(catalogue) => catalogue,
        Err(problem) => return Outcome::not_begun(problem),
    };
    let scan = source::scan(&request.scan, &|input| {
        (formats::read(&input.source, &request.formats_of(&input), input.named), input.relevant, input.named)
    });
    let (mut problems, mut passed_over) = (scan.problems, scan.passed_over);
    let mut coverage = Coverage { folders: scan.folders, ..Coverage::default() };
    let mut facts = Vec::with_capacity(scan.visited.len());
    for (path, (file, relevant, named)) in scan.visited {
        let says_nothing = relevant && file.is_silent() && !file.searched;
        passed_over.unparsed.extend(file.unparsed.then(|| path.clone()));
        passed_over.without_facts += usize::from(says_nothing && !named);
        passed_over.named_without_facts.extend((says_nothing && named).then(|| path.clone()));
        facts.push(file);
        coverage.files.insert(path);
    }
    let library = source::Disk { max_file_size: request.scan.max_file_size };
    let mut facts = formats::finish(facts, &library);
    let mut comments = Vec::new();
    for file in &mut facts {
        // files that others need are opened, and not asked about
        problems.extend(file.problems.drain(..).filter(|problem| coverage.file(&problem.path)));
        comments.append(&mut file.comments);
    }

    let settings = request.settings.as_deref();
    let whole = |pair: &settings::Pair| settings.is_some_and(|settings| coverage.read_policies_of(pair, settings));
    let mut linked = link::link(facts, &link::Pairs::of(settings, whole));
    let mut live = asked.map(Observation::begin);
    if let Some(live) = &live {
        let known = catalogue.as_ref().unwrap_or_else(|| Catalogue::builtin());
        live.join(&mut linked, known, ActionCatalogue::builtin());
        coverage.files.extend(live.paths().map(str::to_owned));
    }
    let mut findings = if linked.is_empty() {
        // most runs of a hook: not worth reading the catalogue
        Vec::new()
    } else {
        judged(&linked, request, catalogue.as_ref().unwrap_or_else(|| Catalogue::builtin()), live.as_mut())
    };
    findings.retain(|finding| {
        let labels = std::iter::once(&finding.primary).chain(&finding.related);
        labels.into_iter().any(|label| coverage.file(label.at.source.path()))
    });
    problems.sort();
    problems.dedup();
    let unmet = request.settings.as_deref().map(|settings| coverage.unmet(settings)).unwrap_or_default();

    report::number(&mut findings);
    let by = Suppressions {
        comments,
        settings: request.settings.as_deref(),
        baseline: request.baseline.as_ref(),
        linked: Some(&linked),
        coverage,
        as_of: request.as_of,
    };
    let Suppressed { mut silenced, gone } = suppress::apply(&mut findings, by);
    let hidden = request.selection.apply(&mut findings, rules::all());
    request.selection.apply_to_silenced(&mut silenced, rules::all());
    // a document of the account is shown and counted like a file
    let documents = live.as_ref().map_or(0, |live| live.paths().count());
    let (files_scanned, files_relevant) = (scan.files + documents, scan.relevant + documents);
    let mut summary = Summary { files_scanned, files_relevant, hidden, ..Summary::default() };
    summary.count(&findings);
    summary.suppressed = silenced.len();
    let live = live.map(Observation::end);
    Outcome { findings, silenced, gone, unmet, problems, passed_over, catalogue, live, summary }
}

/// What the rules find, by what an account said too if one is asked.
fn judged(
    linked: &link::Linked,
    request: &CheckRequest,
    catalogue: &Catalogue,
    live: Option<&mut Observation<'_>>,
) -> Vec<Finding> {
    let actions = ActionCatalogue::builtin();
    let (as_of, settings) = (request.as_of, request.settings.as_deref());
    let Some(live) = live else {
        return rules::judge(linked, &rules::Facts { catalogue, actions, as_of, settings, answers: None });
    };
    live.ask(linked, catalogue, actions, as_of);
    let answers = live.answers();
    let catalogue = catalogue.with_applications(&answers.applications);
    let facts = rules::Facts { catalogue: &catalogue, actions, as_of, settings, answers: Some(answers) };
    let mut findings = rules::judge(linked, &facts);
    findings.retain(|finding| !live.is_of_aws(finding));
    findings
}

/// The files that a check would parse, by path, and those it could not read.
#[must_use]
pub fn list_files(request: &ScanRequest) -> (Vec<String>, Vec<Problem>) {
    let scan = source::scan(request, &|_| ());
    (scan.visited.into_iter().map(|(path, ())| path).collect(), scan.problems)
}

/// What a run found in files that are already read.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Findings of every confidence, sorted by path, first byte and rule.
    pub findings: Vec<Finding>,
    /// Inputs, or parts of them, that could not be understood.
    pub problems: Vec<Problem>,
}

/// Judges files that are already read, as if the user had named each of them, without settings: only comments silence.
#[must_use]
pub fn lint(sources: &[Arc<Source>], options: &FormatOptions, facts: &rules::Facts<'_>) -> Verdict {
    let read = sources.iter().map(|source| formats::read(source, options, true)).collect();
    let mut read = formats::finish(read, &source::Shelf::new(sources));
    let problems = read.iter_mut().flat_map(|facts| std::mem::take(&mut facts.problems)).collect();
    let comments = read.iter_mut().flat_map(|facts| std::mem::take(&mut facts.comments)).collect();
    let mut findings = rules::judge(&link::link(read, &link::Pairs::of(facts.settings, |_| true)), facts);
    report::number(&mut findings);
    suppress::apply(&mut findings, Suppressions { comments, as_of: facts.as_of, ..Suppressions::default() });
    Verdict { findings, problems }
}
