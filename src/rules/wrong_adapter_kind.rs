//! A model for something else than the adapter is for.
//!
//! Owns models of the wrong kind, wherever they could be called from, and adapters whose type and id disagree: of these it
//! is not known what they are for, so their models are not judged by it.

use super::report::{AdapterCase, CalledModel, Draft, Report};
use super::{Check, Rule};
use crate::access::Obstacle;
use crate::adapter::{Field, Purpose};
use crate::bedrock::{Model, ModelKind};
use crate::finding::{Applicability, Severity};
use crate::reading::Called;

pub(super) const RULE: Rule = Rule {
    slug: "wrong-adapter-kind",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/wrong-adapter-kind.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let adapter = case.adapter();
    if let (Some(said), Some(purpose)) = (&adapter.contradicted_purpose, adapter.purpose) {
        report.push(contradiction(case, said, purpose));
    }
    for called in case.called() {
        if let Some(Obstacle::OtherKind { model, purpose }) = called.obstacle {
            report.push(of_model(case, &called, model, purpose));
        }
    }
}

fn of_model(case: &AdapterCase<'_>, called: &CalledModel<'_>, model: &Model, purpose: Purpose) -> Draft {
    let (adapter, wants) = match purpose {
        Purpose::Llm => ("an LLM adapter", "generates text"),
        Purpose::Embedding => ("an embedding adapter", "makes embeddings"),
    };
    let (what, place) = match model.kind {
        ModelKind::Text => ("generates text", Some("an LLM adapter")),
        ModelKind::Embedding => ("makes embeddings", Some("an embedding adapter")),
        ModelKind::Rerank => ("ranks documents", None),
        ModelKind::Image => ("makes images", None),
        ModelKind::Video => ("makes videos", None),
        ModelKind::Speech => ("speaks", None),
    };
    let message = format!("`{}` {what}, and {adapter} calls it: every call fails", model.id);
    let help = match place {
        Some(place) => format!("write a model that {wants}, or put this one into {place}"),
        None => format!("write a model that {wants}"),
    };
    Draft::new(&RULE, case.at(called.field.id.span()), message, what)
        .help(help)
        .anchor(case.anchor(&called.field.field))
}

/// The type says one thing, the number in the id another.
fn contradiction(case: &AdapterCase<'_>, said: &Field, purpose: Purpose) -> Draft {
    let (word, of_id) = match purpose {
        Purpose::Llm => ("LLM", "the LLM adapter"),
        Purpose::Embedding => ("EMBEDDING", "the embedding adapter"),
    };
    let message = format!(
        "`{}` says `{}`, and the adapter's id is that of {of_id}: it is not found among the adapters of this type",
        said.key.as_str(),
        said.value.as_str()
    );
    let draft = Draft::new(&RULE, case.at_value(said), message, "not what the id says")
        .help(format!("write `{word}`, or the id of the adapter that is meant"))
        .anchor(case.anchor(said));
    // the model settles it
    let mut kinds = case.reading.called().filter_map(|(_, reading)| match &reading.called {
        Called::Model(id) => case.facts.catalogue.model(id),
        Called::Profile(id) => {
            case.facts.catalogue.profile(id).and_then(|one| case.facts.catalogue.model(one.model_id()))
        }
        _ => None,
    });
    let fits = kinds.any(|model| match purpose {
        Purpose::Llm => model.kind == ModelKind::Text,
        Purpose::Embedding => model.kind == ModelKind::Embedding,
    });
    if fits { draft.replace(case.at_value(said), word, "write the type of the id", Applicability::Safe) } else { draft }
}
