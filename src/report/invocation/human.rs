//! The answer for people: the decision, what it rests on, each grant that is needed, and how to mend what is denied.

use anstyle::{AnsiColor, Style as Paint};

use super::super::layout::{padded, shortened, width, wrap};
use super::super::style::Style;
use super::super::{counted, printable};
use super::opinion::answered;
use super::{layer, mends, requirements};
use crate::access::Operation;
use crate::bedrock::ArnFields;
use crate::can_invoke::{Answer, CallAnswer, KeyKind, Mend, RequirementAnswer, Verdict};
use crate::iam::Layer;
use crate::phrase::list;

/// More Regions than this are counted in a headline.
const REGIONS: usize = 8;

/// More items of an edit than this are counted: whoever asks for all Regions means none in particular.
const ITEMS: usize = 12;

/// A resource is not cut shorter than this.
const LEAST: usize = 24;

/// The answer for people.
#[must_use]
pub fn human(answer: &Answer, style: Style) -> String {
    let groups = answer.groups();
    let mut text = String::new();
    if groups.len() > 1 {
        text.push_str(&headline(style, answer.decision, &overall(answer)));
    }
    let mut assumed = assumed(answer, style);
    for group in &groups {
        let Some(first) = group.first() else { continue };
        let title = headline(style, first.decision, &title(group));
        if groups.len() > 1 {
            text.push_str(&std::mem::take(&mut assumed));
            text.push('\n');
            text.push_str(&title);
        } else {
            text.push_str(&title);
            text.push_str(&std::mem::take(&mut assumed));
        }
        text.push('\n');
        text.push_str(&table(first, group.len() > 1, answer.levels, style));
        if first.decision == Verdict::Denied {
            text.push_str(&mended(&mends(group.iter().copied()), style));
        }
    }
    if answer.decision == Verdict::Unknown {
        text.push('\n');
        text.push_str(&wrap("what is not known can be said: `--context KEY=VALUE`, `--principal ARN`", "", "", style));
    }
    text
}

fn headline(style: Style, decision: Verdict, rest: &str) -> String {
    let decision = paint(style, decision, decision.as_str());
    format!("{decision}{}\n", style.bold(&format!(": {rest}")))
}

/// How many calls of how many are allowed.
fn overall(answer: &Answer) -> String {
    let count = |verdict| answer.calls.iter().filter(|call| call.decision == verdict).count();
    let counts = [Verdict::Denied, Verdict::Unknown, Verdict::Allowed].into_iter();
    let counts: Vec<String> = counts
        .filter(|verdict| count(*verdict) > 0)
        .map(|verdict| format!("{} {}", count(verdict), verdict.as_str()))
        .collect();
    if counts.len() == 1 {
        return format!("all {}", counted(answer.calls.len(), "call"));
    }
    format!("of {}, {}", counted(answer.calls.len(), "call"), counts.join(", "))
}

fn title(group: &[&CallAnswer]) -> String {
    let regions: Vec<&str> = group.iter().map(|call| call.call.source.as_str()).collect();
    let Some(first) = group.first() else { return String::new() };
    let how = match (&first.call.operation, first.api_key) {
        (Operation::Stream, None) => ", streamed",
        (Operation::Stream, Some(KeyKind::ShortTerm)) => ", streamed, with a short-term API key",
        (Operation::Stream, Some(KeyKind::LongTerm)) => ", streamed, with a long-term API key",
        (Operation::Stream, Some(KeyKind::Unknown)) => ", streamed, with an API key",
        (_, Some(KeyKind::ShortTerm)) => ", with a short-term API key",
        (_, Some(KeyKind::LongTerm)) => ", with a long-term API key",
        (_, Some(KeyKind::Unknown)) => ", with an API key",
        (_, None) => "",
    };
    let disputed = group.iter().flat_map(|call| &call.requirements).any(RequirementAnswer::is_disputed);
    let disputed = if disputed { ", and AWS disagrees" } else { "" };
    printable(&format!("`{}` from {}{how}{disputed}", first.model, list(&regions, REGIONS)))
}

fn assumed(answer: &Answer, style: Style) -> String {
    if answer.assumed.is_empty() {
        return String::new();
    }
    let bullet = if style.unicode { "  • " } else { "  - " };
    let lines = answer.assumed.iter().map(|text| wrap(&printable(text), bullet, "    ", style));
    format!("assuming that\n{}", lines.collect::<String>())
}

/// The requirements of a call. A group of calls is shown by its first.
fn table(call: &CallAnswer, is_group: bool, levels: usize, style: Style) -> String {
    let rows: Vec<Row> = requirements([call]).into_iter().map(|one| Row::of(one, levels)).collect();
    let widest = |part: fn(&Row) -> &str| rows.iter().map(|row| width(part(row))).max().unwrap_or_default();
    let (decision, action, region) =
        (widest(|row| row.decision.as_str()), widest(|row| &row.action), widest(|row| &row.region));
    let (resource, by) = (widest(|row| &row.resource), widest(|row| &row.by));
    // two blanks before each column
    let before = 2 + decision + 2 + action + 2 + region + 2;
    let on_one_line = before + resource + 2 + by <= style.width;
    let room = if on_one_line { resource } else { style.width.saturating_sub(before).max(LEAST).min(resource) };
    let indent = " ".repeat(2 + decision + 2);
    let mut text = String::new();
    if is_group {
        text.push_str(&style.dim(&format!("  as from {}:", call.call.source)));
        text.push('\n');
    }
    for row in &rows {
        let resource = shortened(&row.resource, room, style);
        let verdict = paint(style, row.decision, &padded(row.decision.as_str(), decision));
        let line = format!("  {verdict}  {}  {}  ", padded(&row.action, action), padded(&row.region, region));
        text.push_str(&line);
        if on_one_line {
            text.push_str(&format!("{}  {}\n", padded(&resource, room), style.dim(&row.by)));
            if let Some(reason) = &row.reason {
                text.push_str(&wrap(reason, &indent, &indent, style));
            }
        } else {
            text.push_str(&resource);
            text.push('\n');
            match &row.reason {
                Some(reason) => text.push_str(&wrap(&format!("{}: {reason}", row.by), &indent, &indent, style)),
                None => text.push_str(&format!("{indent}{}\n", style.dim(&row.by))),
            }
        }
        if let Some(said) = &row.aws {
            let (mark, continued) = (format!("{indent}{} ", aws_mark(row.disputed, style)), format!("{indent}  "));
            text.push_str(&wrap(said, &mark, &continued, style));
        }
    }
    text
}

/// What stands before AWS's answer: clear where it is another one than ours.
fn aws_mark(disputed: bool, style: Style) -> String {
    if disputed {
        style.paint(Paint::new().bold().fg_color(Some(AnsiColor::Magenta.into())), "AWS DISAGREES:")
    } else {
        style.dim("AWS:")
    }
}

/// A requirement, ready to be laid out.
struct Row {
    decision: Verdict,
    action: String,
    region: String,
    resource: String,
    by: String,
    /// Why it is not allowed.
    reason: Option<String>,
    /// What AWS answers.
    aws: Option<String>,
    /// Whether that is something else.
    disputed: bool,
}

impl Row {
    fn of(one: &RequirementAnswer, levels: usize) -> Self {
        let need = &one.requirement;
        let by = match (one.layer, &one.statement) {
            (None, _) => "nothing".to_owned(),
            (Some(layer), None) => layer_word(layer, levels),
            (Some(layer), Some(place)) => format!("{}, {place}", layer_word(layer, levels)),
        };
        Self {
            decision: one.decision,
            action: need.action.strip_prefix("bedrock:").unwrap_or(&need.action).to_owned(),
            region: need.region.clone(),
            resource: printable(&short(&need.resource)),
            by: printable(&by),
            reason: (one.decision != Verdict::Allowed).then(|| printable(&one.reason)),
            aws: one.aws.as_ref().map(|opinion| printable(&answered(opinion))),
            disputed: one.is_disputed(),
        }
    }
}

/// The resource without what the other columns tell.
fn short(resource: &str) -> String {
    let fields = ArnFields::split(resource).filter(|fields| fields.service.text.starts_with("bedrock"));
    fields.map_or_else(|| resource.to_owned(), |fields| fields.resource.text.to_owned())
}

fn layer_word(of: Layer, levels: usize) -> String {
    match layer(of) {
        (word, Some(level)) if levels > 1 => format!("{word} {level}"),
        (word, _) => word.to_owned(),
    }
}

fn mended(mends: &[Mend], style: Style) -> String {
    if mends.is_empty() {
        return String::new();
    }
    let bullet = if style.unicode { "  • " } else { "  - " };
    let mut text = format!("\n{}\n", style.bold("to allow it"));
    for mend in mends {
        text.push_str(&wrap(&format!("{}:", printable(&mend.text)), bullet, "    ", style));
        let shown = if mend.items.len() > ITEMS { ITEMS - 1 } else { ITEMS };
        for item in mend.items.iter().take(shown) {
            text.push_str(&format!("      {}\n", style.code(&printable(item))));
        }
        if let Some(more) = mend.items.len().checked_sub(shown).filter(|more| *more > 0) {
            text.push_str(&format!("      and {more} more\n"));
        }
    }
    text
}

fn paint(style: Style, decision: Verdict, text: &str) -> String {
    let color = match decision {
        Verdict::Allowed => AnsiColor::Green,
        Verdict::Unknown => AnsiColor::Yellow,
        Verdict::Denied => AnsiColor::Red,
    };
    style.paint(Paint::new().bold().fg_color(Some(color.into())), text)
}
