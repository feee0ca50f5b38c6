//! InvokeModel is granted, and its streaming twin by no statement.

use super::report::{Draft, PolicyCase, Report};
use super::{Check, Rule};
use crate::access::call::{INVOKE, STREAM};
use crate::bedrock::{Catalogue, Model, ModelKind};
use crate::finding::{Confidence, Severity};
use crate::formats::PolicyKind;
use crate::iam::{Case, Context, Effect, Fit, Pattern, Statement};
use crate::reading::{Names, StatementReading};
use crate::text::Text;

pub(super) const RULE: Rule = Rule {
    slug: "missing-streaming-action",
    severity: Severity::Note,
    pedantic: true,
    page: include_str!("../../rules/missing-streaming-action.md"),
    checks: &[Check::Policy(check)],
};

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    let grants = matches!(case.reading.fact.kind, PolicyKind::Identity | PolicyKind::Boundary | PolicyKind::Session);
    let allows = || {
        let statements = &case.reading.meant.statements;
        statements.iter().filter(|statement| statement.effect == Effect::Allow)
    };
    if !grants || allows().any(|statement| statement.covers_action(STREAM) != Fit::No) {
        return;
    }
    let mut draft: Option<Draft> = None;
    for (_, statement, reading) in case.reading.bedrock_statements() {
        if statement.effect != Effect::Allow || !may_stream(reading, statement, case.facts.catalogue) {
            continue;
        }
        let covers = |pattern: &&Pattern| pattern.matches(INVOKE, Case::Insensitive, &Context::default()) == Fit::Yes;
        let Some(action) = statement.named_actions().iter().find(covers) else {
            continue;
        };
        let at = case.at(action.text().span());
        draft = Some(match draft {
            Some(draft) => draft.related(at, "and here"),
            None => Draft::new(&RULE, at, MESSAGE, "granted without its streaming twin")
                // another policy may grant it
                .confidence(Confidence::Likely)
                .help(format!("add `{STREAM}` if callers stream; else this is as it should be"))
                .anchor(case.anchor(statement, "Action")),
        });
    }
    if let Some(draft) = draft {
        report.push(draft);
    }
}

const MESSAGE: &str = "no statement grants `bedrock:InvokeModelWithResponseStream`, so ConverseStream and \
                       InvokeModelWithResponseStream are denied where Converse and InvokeModel work";

/// Whether a model that the statement names may answer piece by piece. One that is not known may.
fn may_stream(reading: &StatementReading, statement: &Statement, catalogue: &Catalogue) -> bool {
    if statement.named_resources().is_empty() {
        return false;
    }
    reading.resources.iter().any(|resource| match &resource.names {
        Names::Anything | Names::ApplicationProfile(_) => true,
        Names::Model(id) => {
            let pattern = pattern(&id.text);
            any_text(catalogue.models().filter(|model| fits(&pattern, &model.id)))
        }
        Names::Profile(id) => {
            let pattern = pattern(&id.text);
            let profiles = catalogue.profiles().filter(|profile| fits(&pattern, &profile.id));
            any_text(profiles.filter_map(|profile| catalogue.model(profile.model_id())))
        }
        Names::Other | Names::Elsewhere => false,
    })
}

fn pattern(id: &str) -> Pattern {
    Pattern::new(Text::unplaced(id), false)
}

fn fits(pattern: &Pattern, id: &str) -> bool {
    pattern.matches(id, Case::Sensitive, &Context::default()) == Fit::Yes
}

fn any_text<'c>(models: impl Iterator<Item = &'c Model>) -> bool {
    let mut models = models.peekable();
    models.peek().is_none() || models.any(is_text)
}

/// Embedding, reranking, image and video models answer at once; speech has a stream of its own, under InvokeModel.
fn is_text(model: &Model) -> bool {
    model.kind == ModelKind::Text
}
