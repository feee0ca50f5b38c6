//! Suppressions in comments: `bedrock-lint: ignore[rule, rule] why it is meant`.

use crate::finding::Finding;
use crate::formats::ADDRESS;
use crate::rules;
use crate::rules::Idle;
use crate::similar::did_you_mean;
use crate::source::Location;
use crate::text::Span;

/// A comment that silences.
#[derive(Debug)]
pub(super) struct Directive {
    /// The rules, where they are named, and whether they silenced something.
    pub(super) rules: Vec<(&'static str, Location, bool)>,
    /// Why.
    pub(super) reason: String,
    /// The whole comment.
    pub(super) at: Location,
    /// The lines of which it speaks: its own, and the next if it has a line to itself.
    lines: (u32, u32),
    /// Whether nothing else stands on its line.
    alone: bool,
}

/// What ends comments that do not end with their line, longer ones first.
const CLOSED_BY: [&str; 6] = ["*/ -}}", "*/}}", "*/}", "*/", "-->", "#>"];

/// Reads the comments of one run. What is wrong with a comment goes to `idle`.
pub(super) fn read(mut comments: Vec<Location>, idle: &mut Vec<Finding>) -> Vec<Directive> {
    comments.sort_by(|a, b| (a.source.path(), a.span).cmp(&(b.source.path(), b.span)));
    let mut directives: Vec<Directive> = comments.into_iter().filter_map(|comment| directive(comment, idle)).collect();
    // several above each other speak of the line below the last
    let mut below: Option<(String, u32, u32)> = None;
    for directive in directives.iter_mut().rev() {
        let path = directive.at.source.path();
        if let Some((file, first, speaks_of)) = &below
            && directive.alone
            && file == path
            && *first == directive.lines.1
        {
            directive.lines.1 = *speaks_of;
        }
        below = directive.alone.then(|| (path.to_owned(), directive.lines.0, directive.lines.1));
    }
    directives
}

fn directive(comment: Location, idle: &mut Vec<Finding>) -> Option<Directive> {
    let text = comment.text();
    let body = text.trim_start_matches(['/', '*', '#', '<', '-', '{', ' ', '\t', '!']);
    let order = body.strip_prefix(ADDRESS)?.trim_start().strip_prefix("ignore")?;
    let from = comment.span.start as usize + text.len() - order.len();
    let part =
        |start: usize, length: usize| Location::new(&comment.source, Span::new(from + start, from + start + length));
    let mut say = |at: Location, fault: Idle| idle.push(rules::unused_suppression(at, &fault));
    let Some((names, reason)) = order.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
        say(comment.clone(), Idle::NoRule);
        return None;
    };
    let end = CLOSED_BY.iter().find_map(|end| reason.trim_end().strip_suffix(end));
    let reason = end.unwrap_or(reason).trim_matches([' ', '\t', ':', '-', '\r']).to_owned();
    let mut at = 1;
    let mut named = Vec::new();
    for name in names.split(',') {
        let (start, word) = (at + name.len() - name.trim_start().len(), name.trim());
        at += name.len() + 1;
        let place = part(start, word.len());
        let all = rules::all().iter().map(|rule| rule.slug);
        match all.clone().find(|slug| *slug == word) {
            Some(slug) => named.push((slug, place, false)),
            None if word.is_empty() => say(comment.clone(), Idle::NoRule),
            None => {
                let message = format!("there is no rule `{word}`{}", did_you_mean(word, all));
                say(place, Idle::NoSuchRule { message });
            }
        }
    }
    if reason.is_empty() {
        say(comment, Idle::NoReason);
        return None;
    }
    let (first, last) = (comment.start().line, comment.end().line);
    let (_, line_start) = comment.source.line_of(comment.span.start as usize);
    let before = comment.source.slice(Span::new(line_start, comment.span.start as usize));
    let after = comment.source.text().get(comment.span.end as usize..).and_then(|rest| rest.lines().next());
    let alone = before.trim_start_matches('\u{feff}').trim().is_empty() && after.unwrap_or_default().trim().is_empty();
    let lines = (first, if alone { last + 1 } else { last });
    Some(Directive { rules: named, reason, at: comment, lines, alone })
}

impl Directive {
    /// Whether it silences the finding; marks the rule as used.
    pub(super) fn silences(&mut self, finding: &Finding) -> bool {
        let at = &finding.primary.at;
        if at.source.path() != self.at.source.path() {
            return false;
        }
        let line = at.start().line;
        if line != self.lines.0 && line != self.lines.1 {
            return false;
        }
        match self.rules.iter_mut().find(|(rule, ..)| *rule == finding.rule) {
            Some((.., used)) => {
                *used = true;
                true
            }
            None => false,
        }
    }
}
