//! Schema 1 of the answer; fields are only ever added.

use serde::Serialize;
use serde_json::Value;

use super::super::json::{Place, SCHEMA, Tool, end, start};
use super::super::{live, mask, pretty, printable};
use super::{layer, mends, requirements};
use crate::access::Operation;
use crate::bedrock::Catalogue;
use crate::can_invoke::{Answer, CallAnswer, KeyKind, Mend, Opinion, RequirementAnswer, StatementPlace, Verdict};
use crate::live::{LiveOutcome, SimulatedDecision};

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    tool: Tool,
    decision: &'static str,
    assumed: Vec<String>,
    notes: Vec<String>,
    requirements: Vec<RequirementRow<'a>>,
    mend: Option<Vec<MendRow>>,
    calls: Vec<CallRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    live: Option<Value>,
}

#[derive(Serialize)]
struct CallRow<'a> {
    model: String,
    region: &'a str,
    account: &'a str,
    stream: bool,
    api_key: Option<&'static str>,
    decision: &'static str,
    requirements: Vec<RequirementRow<'a>>,
    mend: Option<Vec<MendRow>>,
}

#[derive(Serialize)]
struct RequirementRow<'a> {
    action: &'a str,
    resource: String,
    region: &'a str,
    inference_profile: Option<String>,
    decision: &'static str,
    layer: Option<&'static str>,
    level: Option<usize>,
    statement: Option<StatementRow>,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    aws: Option<OpinionRow>,
}

#[derive(Serialize)]
struct OpinionRow {
    decision: &'static str,
    statements: Vec<NamedRow>,
    missing_context: Vec<String>,
    allowed_by_organization: Option<bool>,
    allowed_by_boundary: Option<bool>,
    agrees: bool,
}

#[derive(Serialize)]
struct NamedRow {
    policy: String,
    #[serde(flatten)]
    statement: Option<StatementRow>,
}

#[derive(Serialize)]
struct StatementRow {
    path: String,
    start: Place,
    end: Place,
    sid: Option<String>,
}

#[derive(Serialize)]
struct MendRow {
    layer: &'static str,
    level: Option<usize>,
    statement: Option<StatementRow>,
    text: String,
    items: Vec<String>,
}

/// The answer for programs, with what became of asking an account if one was asked.
#[must_use]
pub fn json(answer: &Answer, catalogue: &Catalogue, asked: Option<&LiveOutcome>) -> String {
    pretty(&Report {
        schema: SCHEMA,
        tool: Tool::with(catalogue.as_of()),
        decision: answer.decision.as_str(),
        assumed: answer.assumed.iter().map(|text| printable(text)).collect(),
        notes: answer.notes.iter().map(|text| printable(text)).collect(),
        requirements: requirements(&answer.calls).into_iter().map(|one| requirement(one, answer.levels)).collect(),
        mend: mend(answer.decision, mends(&answer.calls)),
        calls: answer.calls.iter().map(|one| call(one, answer.levels)).collect(),
        live: asked.map(live::value),
    })
}

fn call(call: &CallAnswer, levels: usize) -> CallRow<'_> {
    CallRow {
        model: printable(&call.model),
        region: &call.call.source,
        account: &call.call.account,
        stream: call.call.operation == Operation::Stream,
        api_key: call.api_key.map(|kind| match kind {
            KeyKind::ShortTerm => "short-term",
            KeyKind::LongTerm => "long-term",
            KeyKind::Unknown => "unknown",
        }),
        decision: call.decision.as_str(),
        requirements: call.requirements.iter().map(|one| requirement(one, levels)).collect(),
        mend: mend(call.decision, mends([call])),
    }
}

/// A service control policy that could not be read is of none of the levels.
fn requirement(one: &RequirementAnswer, levels: usize) -> RequirementRow<'_> {
    let (layer, level) = one.layer.map(layer).unzip();
    RequirementRow {
        action: &one.requirement.action,
        resource: printable(&one.requirement.resource),
        region: &one.requirement.region,
        inference_profile: one.requirement.profile.as_deref().map(printable),
        decision: one.decision.as_str(),
        layer,
        level: level.flatten().filter(|_| levels > 0),
        statement: one.statement.as_ref().map(statement),
        reason: printable(&one.reason),
        aws: one.aws.as_ref().map(opinion),
    }
}

fn opinion(opinion: &Opinion) -> OpinionRow {
    let named = opinion
        .statements
        .iter()
        .map(|named| NamedRow { policy: printable(&named.policy), statement: named.place.as_ref().map(statement) });
    OpinionRow {
        decision: match opinion.decision {
            SimulatedDecision::Allowed => "allowed",
            SimulatedDecision::ImplicitDeny => "implicit-deny",
            SimulatedDecision::ExplicitDeny => "explicit-deny",
        },
        statements: named.collect(),
        missing_context: opinion.missing_context.iter().map(|key| printable(key)).collect(),
        allowed_by_organization: opinion.allowed_by_organization,
        allowed_by_boundary: opinion.allowed_by_boundary,
        agrees: opinion.agrees,
    }
}

fn statement(place: &StatementPlace) -> StatementRow {
    StatementRow {
        path: mask(place.at.source.path()).into_owned(),
        start: start(&place.at),
        end: end(&place.at),
        sid: place.sid.as_deref().map(printable),
    }
}

/// Nothing where nothing is denied.
fn mend(decision: Verdict, mends: Vec<Mend>) -> Option<Vec<MendRow>> {
    let row = |mend: &Mend| {
        let (layer, level) = layer(mend.layer);
        MendRow {
            layer,
            level,
            statement: mend.statement.as_ref().map(statement),
            text: printable(&mend.text),
            items: mend.items.iter().map(|item| printable(item)).collect(),
        }
    };
    (decision == Verdict::Denied).then(|| mends.iter().map(row).collect())
}
