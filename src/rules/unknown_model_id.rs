//! A model id or profile id that does not exist.

use super::report::{Draft, PolicyCase, Report};
use super::{Check, Rule, wording};
use crate::bedrock::IdMistake;
use crate::finding::{Applicability, Confidence, Severity};
use crate::iam::{Elements, Statement};
use crate::reading::{Fault, FaultKind, Names};
use crate::text::Text;

pub(super) const RULE: Rule = Rule {
    slug: "unknown-model-id",
    severity: Severity::Warning,
    pedantic: false,
    page: include_str!("../../rules/unknown-model-id.md"),
    checks: &[Check::Policy(check)],
};

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    for (_, statement, reading) in case.reading.bedrock_statements() {
        let Some(elements) = &statement.resources else { continue };
        for (pattern, resource) in elements.patterns.iter().zip(&reading.resources) {
            for fault in &resource.faults {
                let profile = matches!(resource.names, Names::Profile(_));
                if let Some(draft) = finding(case, statement, elements, pattern.text(), fault, profile) {
                    report.push(draft);
                }
            }
        }
    }
}

fn finding(
    case: &PolicyCase<'_>,
    statement: &Statement,
    elements: &Elements,
    text: &Text,
    fault: &Fault,
    profile: bool,
) -> Option<Draft> {
    let FaultKind::Id { mistake, nearest } = &fault.kind else {
        return None;
    };
    let written = text.as_str().get(fault.range.clone()).unwrap_or_default();
    let noun = if profile { "inference profile" } else { "model" };
    let date = case.facts.catalogue.as_of();
    let possible = *mistake == Some(IdMistake::WrongPrefix) || (mistake.is_none() && nearest.is_empty());
    // an id that `bedrock-mantle` alone has
    let mantle = !possible && case.facts.catalogue.model(written).is_some();
    let what = if possible {
        format!("`{written}` is not among the {noun}s known on {date}")
    } else if mantle {
        format!(
            "`{written}` is the id of the model for `bedrock-mantle`, and the one that this ARN names ends in a date or version"
        )
    } else {
        said(*mistake, written, noun)
    };
    let newer = if possible { "unless it is newer, " } else { "" };
    let outcome = wording::outcome(statement.effect, elements.negated);
    let message = format!("{what}: {newer}this ARN matches nothing, so {outcome}");
    // an id that is not there cannot be underlined
    let span = if written.is_empty() { text.span() } else { text.span_of(fault.range.clone()) };
    let label = if possible { "unknown id" } else { "no such id" };
    let element = if elements.negated { "NotResource" } else { "Resource" };
    let mut draft = Draft::new(&RULE, case.at(span), message, label).anchor(case.anchor(statement, element));
    if possible {
        draft = draft.confidence(Confidence::Possible);
    } else if mantle && !nearest.iter().any(|id| is_dated(id)) {
        // the two endpoints have each an id of their own, and not only a shorter one
        draft = draft.confidence(Confidence::Likely);
    }
    Some(match nearest.as_slice() {
        [] if *mistake == Some(IdMistake::Blank) => draft.help("write the id, or `*` for all of them"),
        [] => draft,
        [one] if !possible && !written.is_empty() => draft.help(format!("write `{one}`")).replace(
            case.at(span),
            one.as_str(),
            "write the id that is meant",
            // another id may grant more than this one, which grants nothing
            Applicability::Unsafe,
        ),
        _ if possible => draft.help(format!("known for this model: {}", wording::list(nearest, 3))),
        _ => draft.help(format!("write {}", wording::either(nearest))),
    })
}

/// Whether an id has a date in it.
fn is_dated(id: &str) -> bool {
    id.split('-').any(|part| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What is wrong with the id.
fn said(mistake: Option<IdMistake>, written: &str, noun: &str) -> String {
    let Some(mistake) = mistake else {
        return format!("there is no {noun} `{written}`");
    };
    let prefix = written.split_once('.').map_or(written, |(prefix, _)| prefix);
    match mistake {
        IdMistake::Blank => "no id stands after the type".to_owned(),
        IdMistake::Whitespace => format!("`{written}` has blanks in it"),
        IdMistake::WrongCase => format!("ids are in lower case, and `{written}` is not"),
        IdMistake::DisplayName => format!("`{written}` is the name of a model, not its id"),
        IdMistake::DoubledPrefix => format!("`{written}` has two prefixes, and an id has one"),
        IdMistake::UnknownPrefix => format!("`{prefix}` is not a prefix of inference profiles"),
        IdMistake::WrongPrefix => format!("`{prefix}` is not a prefix of this model"),
        IdMistake::InventedVersionSuffix => format!("`{written}` ends in a version that this {noun} does not have"),
        IdMistake::MissingVersionSuffix => format!("`{written}` lacks the date or version that the id ends in"),
        IdMistake::WrongDate => format!("`{written}` has a date that this {noun} does not have"),
        IdMistake::ForeignSpelling => format!("`{written}` is how another vendor spells it, not Amazon Bedrock"),
    }
}
