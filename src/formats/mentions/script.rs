//! What a script or a template does with a word.

use std::ops::Range;

use super::Place;
use super::around::Around;
use super::files::words;
use super::signs::{self, COMPARING_SIGNS, FINDING};

/// What words begin a line of a script that prints the rest.
const PRINTS: [&str; 5] = ["echo", "printf", "print", "Write-Host", "Write-Output"];

/// Words that compare what stands behind them: of PowerShell, of templates, of `test`.
const COMPARES: [&str; 16] = [
    "-eq",
    "-ne",
    "-ceq",
    "-ieq",
    "-like",
    "-notlike",
    "-match",
    "-notmatch",
    "-contains",
    "-notcontains",
    "-in",
    "-notin",
    "-replace",
    "-creplace",
    "-ireplace",
    "in",
];

/// Words in the names of settings that name a model, or a profile of one.
const MODELS: [&str; 4] = ["model", "modelarn", "modelid", "profile"];

/// What begins a test of a shell.
const TESTS: [&str; 3] = ["[", "[[", "test"];

/// The command of the AWS CLI that asks what a model is.
const ASKS: &str = "get-foundation-model";

/// What may stand before it on its line.
const LEADS: [&str; 16] =
    ["if", "elif", "while", "until", "!", "&&", "||", "then", "else", "do", "{", "|", "git", "run", "sudo", "xargs"];

/// Where something stands in a script or a template.
pub(super) fn place(around: Around<'_>, range: &Range<usize>) -> Place {
    let line = around.line_before(range.start);
    let is_key = is_key(line, around.line_behind(range.end));
    let is_aside = is_key
        || is_compared(line)
        || is_tested(line)
        || is_looked_for(line)
        || is_case(around, range, line)
        || is_gone(line);
    if is_aside || !is_value(line) { Place::Aside } else { Place::Code }
}

/// Where something stands in settings: it is used if the name before it is that of a model.
pub(super) fn place_in_settings(around: Around<'_>, range: &Range<usize>) -> Place {
    let line = around.line_before(range.start);
    let lead = before_word(line).trim_end_matches(['"', '\'', '\\', ' ', '\t']);
    let is_model = || name(lead).is_some_and(|name| words(name).iter().any(|word| MODELS.contains(&word.as_str())));
    // a label of a metric: `{model="…"}`
    let is_label =
        || lead.trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '=')).ends_with(['{', ',']);
    let is_bound = lead.ends_with(':') || (lead.ends_with('=') && !is_label());
    if is_bound && is_model() { place(around, range) } else { Place::Aside }
}

/// Whether it is the value of something, not a word of a sentence.
fn is_value(line: &str) -> bool {
    if PRINTS.iter().any(|word| line.trim_start().trim_start_matches('@').starts_with(word)) {
        return false;
    }
    let before = before_word(line);
    let lead = before.trim_end_matches(['"', '\'', '\\', ' ', '\t']);
    // the item of a list, a value, an argument
    let is_flag = |word: &str| word.starts_with('-');
    lead.is_empty()
        || lead.ends_with([':', '=', '[', ',', '(', '{', '-', '|', '>', '}'])
        || before.split_whitespace().next_back().is_some_and(is_flag)
        || before.ends_with(['"', '\'']) && !lead.ends_with('.')
}

/// What stands before the word that something is a part of: a path, a route.
fn before_word(line: &str) -> &str {
    line.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '.'))
}

/// Whether something is compared with it by a sign or a word.
fn is_compared(line: &str) -> bool {
    let before = before_word(line).trim_end_matches(['"', '\'', '\\', ' ', '\t', '(', '[', '@']);
    let mut words = before.split_whitespace().rev();
    let last = words.next().unwrap_or_default();
    // `eq .Values.model "…"`
    let of_template = matches!(words.next(), Some("eq" | "ne" | "(eq" | "(ne")) && line.contains("{{");
    let loops = last == "in" && before.split_whitespace().any(|word| word == "for");
    of_template || (COMPARES.contains(&last) && !loops) || COMPARING_SIGNS.iter().any(|sign| before.ends_with(sign))
}

/// Whether a shell tests something against it: `[ "$MODEL" = … ]`.
fn is_tested(line: &str) -> bool {
    let before = before_word(line).trim_end_matches(['"', '\'']);
    let Some(tested) = before.trim_end().strip_suffix('=').filter(|rest| rest.ends_with([' ', '!', '='])) else {
        return false;
    };
    let mut previous = None;
    let mut open = false;
    for word in tested.split_whitespace() {
        let leads = previous.is_none_or(|word: &str| LEADS.contains(&word) || word.ends_with(';'));
        open = (open && !word.starts_with(']')) || (TESTS.contains(&word) && leads);
        previous = Some(word);
    }
    open
}

/// Whether a command looks for it in files: `git grep -q …`.
fn is_looked_for(line: &str) -> bool {
    let (mut looks, mut leads) = (false, true);
    // without the word that it is a part of
    let before = line.trim_end_matches(|c: char| !c.is_whitespace());
    for word in before.split_whitespace() {
        // `sh 'grep …'`, `@grep`, `$(grep …)`
        let opens = word.starts_with(['"', '\'', '@', '!', '$', '(', '`']);
        let name = word.trim_start_matches(['"', '\'', '@', '!', '$', '(', '`', '-']).to_ascii_lowercase();
        looks |= (leads || opens) && FINDING.contains(&name.trim_end_matches(".exe"));
        looks |= name == ASKS;
        let ends = word.ends_with([';', ')', '|', '&']);
        looks &= !ends;
        leads = ends || name.is_empty() || LEADS.contains(&name.as_str());
    }
    looks
}

/// Whether it is the key of a table: `"…" = `, `[…]=`, `"…": `.
fn is_key(line: &str, behind: &str) -> bool {
    let behind = behind.trim_start_matches(['\\', '"', '\'', ']']);
    let lead = before_word(line).trim_end_matches(['\\', '"', '\'']);
    let begins = lead.is_empty() || lead.ends_with(['[', '{', ',', ' ', '\t']);
    let signs = behind.trim_start();
    let assigns = signs.starts_with('=') && !signs.starts_with("==");
    begins && (assigns || behind.starts_with(": "))
}

/// Whether it is what an arm of a `case` is for: `a|b)`.
fn is_case(around: Around<'_>, range: &Range<usize>, line: &str) -> bool {
    let is_of_pattern = |c: char| c.is_ascii_alphanumeric() || "_-./:\"'|* ".contains(c);
    let behind = around.line_behind(range.end).trim_start_matches(is_of_pattern);
    let arm = line.rsplit_once(";;").map_or(line, |(_, arm)| arm);
    let arm = arm.rsplit_once(" in ").map_or(arm, |(_, arm)| arm).trim_start().trim_start_matches('(');
    behind.starts_with(')') && arm.chars().all(is_of_pattern)
}

/// Whether its name says that it is no longer to be called.
fn is_gone(line: &str) -> bool {
    name(line).is_some_and(|name| signs::is_gone(&words(name)))
}

/// The name on a line that the last value on it belongs to.
fn name(line: &str) -> Option<&str> {
    let (name, _) = line.rsplit_once(['=', ':'])?;
    let name = name.trim_end().trim_end_matches(['"', '\'', ':', '+', ' ']);
    let start = name.rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).map_or(0, |at| at + 1);
    name.get(start..)
}
