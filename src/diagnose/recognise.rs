//! Finding the known messages in a text.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;

use super::facts::Facts;
use super::known::{KnownError, KnownErrors};
use super::plain::{Breaks, Plain};
use super::read::{self, floor};

/// Every message, ready to be looked for.
#[derive(Debug)]
pub(super) struct Matcher<'k> {
    known: &'k KnownErrors,
    /// The marks of messages, without blanks.
    marks: AhoCorasick,
    /// The messages of each mark.
    marked: Vec<Vec<usize>>,
    evidence: Regex,
}

/// A message in a text.
#[derive(Debug)]
pub(super) struct Found<'k> {
    pub(super) error: &'k KnownError,
    /// The message with what belongs to it, as it was told.
    pub(super) message: String,
    /// Where it begins in the bytes of the text.
    pub(super) raw: usize,
    /// Where the record of a log begins that it is told in, if the log has records.
    pub(super) record: Option<usize>,
    pub(super) explicit: Option<bool>,
    pub(super) facts: Facts,
}

/// How far before and behind a message facts are looked for.
const BEFORE: usize = 4000;
const BEHIND: usize = 2000;

/// A text of this length for each of its messages is taken to speak of nothing but these.
const SHORT: usize = 400;

/// In a text of this length, whatever speaks of Amazon Bedrock speaks for all of it.
const PAGE: usize = 8000;

/// A message that says more stands this near to one that says little.
const NEAR: usize = 3000;

/// The longest message that is kept.
const LONGEST: usize = 1200;

#[derive(Clone)]
struct Hit {
    error: usize,
    range: Range<usize>,
}

impl<'k> Matcher<'k> {
    /// Prepares the marks.
    #[allow(clippy::expect_used, reason = "a hundred short words always can be looked for")]
    pub(super) fn new(known: &'k KnownErrors) -> Self {
        let mut marks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (mark, index) in known.marks() {
            marks.entry(squeezed(mark)).or_default().push(index);
        }
        let (words, marked): (Vec<String>, Vec<Vec<usize>>) = marks.into_iter().unzip();
        let evidence = r"(?i)bedrock|invokemodel|\bconverse(?:stream)?\b|\banthropic\.claude-|\bamazon\.(?:nova|titan)-|inference[ -]profile";
        Self {
            known,
            marks: AhoCorasick::builder().match_kind(MatchKind::Standard).build(words).expect("an automaton"),
            marked,
            evidence: Regex::new(evidence).expect("a pattern"),
        }
    }

    /// The messages whose marks are in a text, however its blanks are set.
    fn candidates(&self, text: &str) -> BTreeSet<usize> {
        let text = squeezed(text);
        let found = self.marks.find_overlapping_iter(&text);
        found.filter_map(|found| self.marked.get(found.pattern().as_usize())).flatten().copied().collect()
    }

    /// The messages in some bytes, in their order. A text that is small enough is also read as a terminal wraps it.
    pub(super) fn find(&self, bytes: &[u8], unwrap_lines: bool) -> Vec<Found<'k>> {
        let (hits, plain) = self.hits(bytes, Breaks::Blank);
        let (hits, plain, breaks) = if unwrap_lines && plain.lines.len() > 1 {
            let (joined, whole) = self.hits(bytes, Breaks::Nothing);
            let best = |hits: &[Hit]| hits.iter().map(|hit| hit.error).min().unwrap_or(usize::MAX);
            if best(&joined) < best(&hits) { (joined, whole, Breaks::Nothing) } else { (hits, plain, Breaks::Blank) }
        } else {
            (hits, plain, Breaks::Blank)
        };
        let mut found: Vec<Found<'k>> = Vec::new();
        for (index, hit) in hits.iter().enumerate() {
            let record = plain.record(hit.range.start, hit.range.end);
            let before = index.checked_sub(1).and_then(|index| hits.get(index)).map_or(0, |hit| hit.range.end);
            let behind = hits.get(index + 1).map_or(plain.text.len(), |hit| hit.range.start);
            let start = record.start.max(before).max(floor(&plain.text, hit.range.start.saturating_sub(BEFORE)));
            let end = record.end.min(behind).min(floor(&plain.text, hit.range.end.saturating_add(BEHIND)));
            let around = start.min(hit.range.start)..end.max(hit.range.end);
            let begins = plain.begins_record(record.start).then(|| plain.raw(record.start));
            found.extend(self.found(hit, &plain, &around, breaks).map(|found| Found { record: begins, ..found }));
        }
        found
    }

    fn found(&self, hit: &Hit, plain: &Plain, around: &Range<usize>, breaks: Breaks) -> Option<Found<'k>> {
        let error = self.known.at(hit.error)?;
        let text = plain.text.get(hit.range.clone())?;
        let captures = match breaks {
            Breaks::Blank => error.pattern.strict().captures(text),
            Breaks::Nothing => error.pattern.joined().captures(text),
        }?;
        let message = message(&plain.text, &hit.range, around.end);
        Some(Found {
            error,
            explicit: read::is_explicit(error, &message),
            message,
            raw: plain.raw(hit.range.start),
            record: None,
            facts: read::of_message(error, &captures, plain, &hit.range, around),
        })
    }

    /// Where patterns match, in the order of the text, without those that say less of the same.
    fn hits(&self, bytes: &[u8], breaks: Breaks) -> (Vec<Hit>, Plain) {
        let plain = Plain::read(bytes, breaks);
        let text = plain.text.as_str();
        let mut hits = Vec::new();
        for index in self.candidates(text) {
            let Some(pattern) = self.known.at(index).map(|error| &error.pattern) else { continue };
            let regex = if breaks == Breaks::Blank { pattern.strict() } else { pattern.joined() };
            hits.extend(regex.find_iter(text).map(|found| Hit { error: index, range: found.range() }));
        }
        hits.sort_by_key(|hit| (hit.range.start, hit.error));
        let hits = self.strongest(hits, &plain);
        (hits, plain)
    }

    fn strongest(&self, mut hits: Vec<Hit>, plain: &Plain) -> Vec<Hit> {
        // of two that overlap, the one that is looked for first
        let mut kept: Vec<Hit> = Vec::new();
        for hit in hits.drain(..) {
            match kept.last_mut() {
                Some(last) if hit.range.start < last.range.end => {
                    if hit.error < last.error {
                        *last = hit;
                    }
                }
                _ => kept.push(hit),
            }
        }
        let all = self.speaks_for_all(&kept, plain);
        kept.retain(|hit| {
            !self.is(hit, |error| error.generic) || all.unwrap_or_else(|| self.is_near_evidence(hit, plain))
        });
        let is_weak = |hit: &Hit| self.is(hit, |error| error.weak);
        let strong: Vec<Hit> = kept.iter().filter(|hit| !is_weak(hit)).cloned().collect();
        kept.retain(|hit| {
            let near = |other: &&Hit| {
                other.range.start <= hit.range.end.saturating_add(NEAR)
                    && hit.range.start <= other.range.end.saturating_add(NEAR)
            };
            // the name of another exception is another error
            let same = |other: &Hit| self.exception(other) == self.exception(hit);
            // in their order: at most the neighbours are near
            let at = strong.partition_point(|other| other.range.start < hit.range.start);
            let neighbours = [at.checked_sub(1).and_then(|at| strong.get(at)), strong.get(at)];
            !is_weak(hit) || !neighbours.into_iter().flatten().filter(near).any(same)
        });
        kept
    }

    fn is(&self, hit: &Hit, what: impl Fn(&KnownError) -> bool) -> bool {
        self.known.at(hit.error).is_some_and(what)
    }

    fn exception(&self, hit: &Hit) -> Option<&str> {
        self.known.at(hit.error).map(|error| &*error.exception)
    }

    /// Whether a text speaks of Amazon Bedrock, so that messages that other services give as well are about that; not known of
    /// a text that may speak of many things.
    fn speaks_for_all(&self, hits: &[Hit], plain: &Plain) -> Option<bool> {
        let length = plain.text.len();
        (length <= PAGE).then(|| {
            length <= SHORT * hits.len()
                || hits.iter().any(|hit| !self.is(hit, |error| error.generic))
                || self.evidence.is_match(&plain.text)
        })
    }

    /// Whether what stands around a message speaks of Amazon Bedrock.
    fn is_near_evidence(&self, hit: &Hit, plain: &Plain) -> bool {
        let record = plain.record(hit.range.start, hit.range.end);
        let start = record.start.max(floor(&plain.text, hit.range.start.saturating_sub(BEFORE)));
        let end = record.end.min(floor(&plain.text, hit.range.end.saturating_add(BEHIND)));
        plain.text.get(start..end).is_some_and(|text| self.evidence.is_match(text))
    }
}

/// Lower case, without blanks.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| *c != ' ').map(|c| c.to_ascii_lowercase()).collect()
}

/// The message as it is quoted: from where it begins to the end of its sentence.
fn message(text: &str, at: &Range<usize>, end: usize) -> String {
    let end = floor(text, end.min(at.start.saturating_add(LONGEST))).max(at.end);
    let behind = text.get(at.end..end).unwrap_or_default();
    let stop = behind.char_indices().find(|(index, c)| {
        let next = behind.get(index + c.len_utf8()..).unwrap_or_default();
        matches!(c, '"' | '\n' | '}')
            || (*c == '.' && (next.is_empty() || next.starts_with([' ', '"', '\'', '.', '`'])))
    });
    let rest = match stop {
        Some((index, '.')) => behind.get(..=index).unwrap_or_default(),
        Some((index, _)) => behind.get(..index).unwrap_or_default(),
        // nothing ends it: the pattern is all that surely belongs to it
        None if behind.len() > 200 => "",
        None => behind,
    };
    let quoted = format!("{}{rest}", text.get(at.clone()).unwrap_or_default());
    quoted.trim().to_owned()
}
