//! From an error message to what happened, what is likely behind it, what to do, and the line to change.
//!
//! A text is read as it was before it got into a log (`plain`), the messages of `catalog/errors.json` are looked for
//! (`recognise`), what they and their record say is read out ([`facts`]) and held against the catalogue of models
//! (`situation`); that orders the causes and fills in what is made ready ([`advice`]). With files at hand, the line that
//! led to it is looked for (`at_hand`).

pub mod advice;
mod at_hand;
pub mod facts;
pub mod known;
mod nearest;
mod page;
mod plain;
mod read;
mod recognise;
mod situation;
mod stream;

use std::io::{self, Read};

use jiff::civil::Date;
use thiserror::Error;

pub use self::advice::{Advised, Code};
pub use self::facts::{Fact, Facts, Field, KeyFact, Origin};
pub use self::known::{DenyingLayer, KnownError, KnownErrors};
pub use self::nearest::Nearest;
pub use self::page::page;
pub use self::situation::Condition;

use self::at_hand::AtHand;
use self::plain::{Breaks, Plain};
use self::recognise::Matcher;
use self::situation::Situation;
use self::stream::{Marks, NoText};
use crate::bedrock::Catalogue;
use crate::check::CheckRequest;
use crate::finding::Finding;
use crate::source::Problem;

/// What is said beside the text.
#[derive(Clone, Debug)]
pub struct DiagnoseRequest {
    /// The Region that was called, where the text does not say it.
    pub region: Option<String>,
    /// The model that was called, likewise.
    pub model: Option<String>,
    /// The day by which lifecycles and keys are judged.
    pub as_of: Date,
    /// The files in which the place is looked for.
    pub files: Option<CheckRequest>,
}

/// A text to be diagnosed.
pub struct Input<'r> {
    /// What it is called; nothing for an argument.
    pub name: Option<String>,
    /// Where it is read from.
    pub text: &'r mut dyn Read,
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Why a text cannot be diagnosed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DiagnoseError {
    /// There is nothing in it.
    #[error("there is no text to diagnose")]
    Empty,
    /// It is no text.
    #[error("this is binary data, not a text: give the message, or a log")]
    Binary,
    /// It is text that is encoded otherwise.
    #[error("the text is UTF-16: save it as UTF-8")]
    Utf16,
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
}

/// What the texts tell.
#[derive(Debug, Default)]
pub struct Diagnosis {
    /// Every error that is known, each once, in the order of the texts.
    pub errors: Vec<Diagnosed>,
    /// How many more there are, of which nothing is told.
    pub more: u64,
    /// What is told of a text in which no message is known.
    pub unknown: Option<Unknown>,
    /// Files that could not be read.
    pub problems: Vec<Problem>,
    /// Lines of the texts.
    pub lines: u64,
    /// Whether files were looked at.
    pub looked_at_files: bool,
}

/// An error, and what there is to say of it.
#[derive(Debug)]
pub struct Diagnosed {
    /// The message that is known.
    pub known: &'static KnownError,
    /// The message as it was told, in plain characters. It may hold secrets.
    pub message: String,
    /// The text it is in.
    pub input: Option<String>,
    /// The line that it first begins on, from 1.
    pub line: u64,
    /// How often it occurs.
    pub count: u64,
    /// What was read out.
    pub facts: Facts,
    /// What happened.
    pub what: String,
    /// What may be behind it, the likeliest first.
    pub causes: Vec<Cause>,
    /// What to do, made ready.
    pub advice: Vec<Advised>,
    /// Commands that show more.
    pub checks: Vec<String>,
    /// Where in the files it comes from.
    pub findings: Vec<Finding>,
}

/// What may be behind an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The cause.
    pub cause: String,
    /// How to tell.
    pub tell: String,
    /// Whether what was read out speaks for it.
    pub likely: bool,
}

/// What is told of a text in which no message is known.
#[derive(Debug)]
pub struct Unknown {
    /// What could be read out nevertheless.
    pub facts: Facts,
    /// Known messages that are like it.
    pub nearest: Vec<Nearest>,
}

/// More errors than this are only counted.
const MOST: usize = 50;

struct Occurrence {
    found: recognise::Found<'static>,
    input: Option<String>,
    line: u64,
    /// The line on which the last record begins that it is told in.
    record: Option<u64>,
    count: u64,
}

/// Looks for the known messages in the texts, and tells what there is to say of each.
///
/// # Errors
/// If a text is empty, is no text, or cannot be read.
pub fn diagnose(
    inputs: &mut [Input<'_>],
    request: &DiagnoseRequest,
    catalogue: &Catalogue,
) -> Result<Diagnosis, (Option<String>, DiagnoseError)> {
    let known = KnownErrors::builtin();
    let (matcher, marks) = (Matcher::new(known), Marks::new(known));
    let mut diagnosis = Diagnosis::default();
    let mut occurrences: Vec<Occurrence> = Vec::new();
    let mut head = Vec::new();
    for input in inputs {
        let name = input.name.clone();
        let fault = |error| (name.clone(), error);
        let size = stream::read(&mut input.text, &marks, &mut |stretch| {
            let newlines = |from: usize, to: usize| {
                let bytes = stretch.bytes.get(from..to).unwrap_or_default();
                bytes.iter().filter(|byte| **byte == b'\n').count() as u64
            };
            let (mut counted, mut line) = (0, stretch.line);
            for found in matcher.find(stretch.bytes, stretch.whole) {
                line += newlines(counted, found.raw);
                counted = counted.max(found.raw);
                if stretch.own.contains(&found.raw) {
                    let record = found.record.map(|record| line - newlines(record, found.raw));
                    let one = Occurrence { found, input: name.clone(), line, record, count: 1 };
                    diagnosis.more += u64::from(!noted(&mut occurrences, one));
                }
            }
        });
        let size = size.map_err(|error| fault(error.into()))?.map_err(|no| {
            fault(match no {
                NoText::Binary => DiagnoseError::Binary,
                NoText::Utf16 => DiagnoseError::Utf16,
            })
        })?;
        if size.head.trim_ascii().is_empty() {
            return Err(fault(DiagnoseError::Empty));
        }
        diagnosis.lines += size.lines;
        head.extend_from_slice(&size.head);
    }
    if occurrences.is_empty() {
        let plain = Plain::read(&head, Breaks::Blank);
        let mut facts = read::of_text(&plain);
        said(&mut facts, request);
        diagnosis.unknown = Some(Unknown { facts, nearest: nearest::nearest(known, head_of(&plain.text)) });
        return Ok(diagnosis);
    }
    let at_hand = request.files.as_ref().map(AtHand::read);
    diagnosis.looked_at_files = at_hand.is_some();
    diagnosis.problems = at_hand.as_ref().map(|files| files.problems().to_vec()).unwrap_or_default();
    diagnosis.errors = occurrences.into_iter().map(|one| told(one, request, catalogue, at_hand.as_ref())).collect();
    Ok(diagnosis)
}

/// How much of a text is compared with known messages.
const HEAD: usize = 4000;

fn head_of(text: &str) -> &str {
    text.get(..read::floor(text, HEAD)).unwrap_or_default()
}

/// Adds an error, or counts it with one that may be the same. Whether there was room for it.
fn noted(occurrences: &mut Vec<Occurrence>, one: Occurrence) -> bool {
    let same = |other: &&mut Occurrence| {
        other.found.error.id == one.found.error.id && other.found.facts.agrees(&one.found.facts)
    };
    if let Some(other) = occurrences.iter_mut().find(same) {
        // a traceback tells the same twice
        other.count += u64::from(one.record.is_none() || other.record != one.record);
        other.record = one.record;
        other.found.facts.complete(&one.found.facts);
        return true;
    }
    let room = occurrences.len() < MOST;
    if room {
        occurrences.push(one);
    }
    room
}

/// What options say wins over what stands around a message, not over the message itself.
fn said(facts: &mut Facts, request: &DiagnoseRequest) {
    for (field, value) in [(Field::Region, &request.region), (Field::Model, &request.model)] {
        let Some(value) = value else { continue };
        if facts.iter().any(|(known, fact)| known == field && fact.from == Origin::Message) {
            continue;
        }
        facts.set(field, value, Origin::Option);
    }
    facts.derive();
}

fn told(
    occurrence: Occurrence,
    request: &DiagnoseRequest,
    catalogue: &Catalogue,
    at_hand: Option<&AtHand>,
) -> Diagnosed {
    let Occurrence { found, input, line, count, .. } = occurrence;
    let recognise::Found { error: known, message, explicit, mut facts, .. } = found;
    said(&mut facts, request);
    let called = facts.get(Field::Model).filter(|_| facts.get(Field::Region).is_none());
    if let Some(region) = called.and_then(|called| at_hand?.region_of(called)).map(str::to_owned) {
        facts.set(Field::Region, &region, Origin::Files);
    }
    let on = Situation { facts: &facts, explicit, catalogue, as_of: request.as_of };
    let causes = on.causes(&known.causes).into_iter().map(|(cause, likely)| Cause {
        cause: on.told(&cause.cause),
        tell: on.told(&cause.tell),
        likely,
    });
    let (what, causes) = (on.told(&known.what), causes.collect());
    let advice = advice::advise(&known.advice, on);
    let checks = known.checks.iter().map(|check| on.command(check)).collect();
    let findings = at_hand.map(|files| files.concerning(known, on)).unwrap_or_default();
    Diagnosed { known, message, input, line, count, what, causes, advice, checks, findings, facts }
}
