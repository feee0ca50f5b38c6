//! Schema 1 of the diagnosis; fields are only ever added.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::super::json::{FindingRow, ProblemRow, SCHEMA, Tool, problem, row};
use super::super::{fingerprints, mask, pretty, printable};
use super::{key_kind, quoted};
use crate::bedrock::{ApiKey, Catalogue};
use crate::diagnose::{Advised, Diagnosed, Diagnosis, Facts, KeyFact, KnownErrors, Unknown};

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    tool: Tool,
    messages: String,
    recognised: bool,
    errors: Vec<ErrorRow<'a>>,
    more: u64,
    unknown: Option<UnknownRow<'a>>,
    problems: Vec<ProblemRow<'a>>,
}

#[derive(Serialize)]
struct ErrorRow<'a> {
    id: &'a str,
    what: String,
    message: String,
    path: Option<String>,
    line: u64,
    count: u64,
    facts: Map<String, Value>,
    keys: Vec<Value>,
    causes: Vec<CauseRow>,
    advice: Vec<AdviceRow>,
    fixes: &'a [Box<str>],
    checks: Vec<String>,
    rules: &'a [Box<str>],
    findings: Vec<FindingRow<'a>>,
    sources: &'a [Box<str>],
}

#[derive(Serialize)]
struct CauseRow {
    cause: String,
    tell: String,
    likely: bool,
}

#[derive(Serialize)]
struct AdviceRow {
    text: String,
    items: Vec<String>,
    code: Option<CodeRow>,
}

#[derive(Serialize)]
struct CodeRow {
    language: &'static str,
    text: String,
}

#[derive(Serialize)]
struct UnknownRow<'a> {
    facts: Map<String, Value>,
    keys: Vec<Value>,
    nearest: Vec<NearestRow<'a>>,
}

#[derive(Serialize)]
struct NearestRow<'a> {
    id: &'a str,
    example: &'a str,
    similarity: f64,
}

/// The diagnosis for programs.
#[must_use]
pub fn json(diagnosis: &Diagnosis, catalogue: &Catalogue) -> String {
    pretty(&Report {
        schema: SCHEMA,
        tool: Tool::with(catalogue.as_of()),
        messages: KnownErrors::builtin().as_of().to_string(),
        recognised: !diagnosis.errors.is_empty(),
        errors: diagnosis.errors.iter().map(error).collect(),
        more: diagnosis.more,
        unknown: diagnosis.unknown.as_ref().map(unknown),
        problems: diagnosis.problems.iter().map(problem).collect(),
    })
}

fn error(one: &Diagnosed) -> ErrorRow<'_> {
    let known = one.known;
    ErrorRow {
        id: &known.id,
        what: printable(&one.what),
        message: quoted(&one.message),
        path: one.input.as_deref().map(|path| mask(path).into_owned()),
        line: one.line,
        count: one.count,
        facts: facts(&one.facts),
        keys: keys(&one.facts),
        causes: one
            .causes
            .iter()
            .map(|cause| CauseRow {
                cause: printable(&cause.cause),
                tell: printable(&cause.tell),
                likely: cause.likely,
            })
            .collect(),
        advice: one.advice.iter().map(advice).collect(),
        fixes: &known.fixes,
        checks: one.checks.iter().map(|check| printable(check)).collect(),
        rules: &known.rules,
        findings: one
            .findings
            .iter()
            .zip(fingerprints(&one.findings))
            .map(|(finding, print)| row(finding, print))
            .collect(),
        sources: &known.sources,
    }
}

fn facts(facts: &Facts) -> Map<String, Value> {
    let row = |(field, fact): (crate::diagnose::Field, &crate::diagnose::Fact)| {
        (field.as_str().to_owned(), json!({ "value": printable(&fact.value), "from": fact.from.as_str() }))
    };
    facts.iter().map(row).collect()
}

fn keys(facts: &Facts) -> Vec<Value> {
    let row = |key: &KeyFact| match key {
        KeyFact::Api(ApiKey::ShortTerm(short)) => json!({
            "kind": key_kind(key),
            "region": short.region,
            "issued": short.issued.map(|issued| issued.to_string()),
            "expires": short.expires().map(|end| end.to_string()),
            "account": short.account,
        }),
        KeyFact::Api(ApiKey::LongTerm(long)) => {
            json!({ "kind": key_kind(key), "user": long.user.as_deref().map(printable), "account": long.account })
        }
        _ => json!({ "kind": key_kind(key) }),
    };
    facts.keys.iter().map(row).collect()
}

fn advice(advised: &Advised) -> AdviceRow {
    let code = |code: &crate::diagnose::Code| CodeRow { language: code.language, text: mask(&code.text).into_owned() };
    AdviceRow {
        text: printable(&advised.text),
        items: advised.items.iter().map(|item| printable(item)).collect(),
        code: advised.code.as_ref().map(code),
    }
}

fn unknown(unknown: &Unknown) -> UnknownRow<'_> {
    let row = |nearest: &crate::diagnose::Nearest| NearestRow {
        id: &nearest.error.id,
        example: &nearest.error.example,
        similarity: (nearest.similarity * 100.0).round() / 100.0,
    };
    UnknownRow {
        facts: facts(&unknown.facts),
        keys: keys(&unknown.facts),
        nearest: unknown.nearest.iter().map(row).collect(),
    }
}
