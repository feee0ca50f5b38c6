//! Asking whether policies allow a call, through the library.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::sync::Arc;

use bedrock_lint::bedrock::Catalogue;
use bedrock_lint::can_invoke::{Answer, Given, InvokeRequest, Stack, can_invoke};
use bedrock_lint::formats::{self, FormatOptions, PolicyFact};
use bedrock_lint::policy::{Kind, PolicyRequest};
use bedrock_lint::source::Source;

pub(crate) const ACCOUNT: &str = "111122223333";

/// The policy in a text, as the linter reads it.
pub(crate) fn fact(text: &str) -> Arc<PolicyFact> {
    let facts = formats::read(&Arc::new(Source::new("policy.json", text)), &FormatOptions::default(), true);
    assert_eq!((facts.policies.len(), facts.problems.as_slice()), (1, &[][..]), "{text}");
    Arc::clone(facts.policies.first().unwrap())
}

/// Policies of the caller, and nothing beside them.
pub(crate) fn identity(policies: &[&Arc<PolicyFact>]) -> Stack {
    Stack { identity: policies.iter().map(|policy| Arc::clone(policy).into()).collect(), ..Stack::default() }
}

/// What is asked of `policy`: an identity policy for these calls and nothing else.
pub(crate) fn policy_request(models: &[&str], regions: &[&str]) -> PolicyRequest {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    PolicyRequest {
        models: owned(models),
        copies: Vec::new(),
        regions: owned(regions),
        account: None,
        stream: false,
        api_key: false,
        marketplace: false,
        tight: false,
        kind: Kind::Identity,
        as_of: "2026-11-22".parse().unwrap(),
    }
}

/// A call from one Region; from every possible one, if the Region is empty.
pub(crate) fn request(model: &str, region: &str) -> InvokeRequest {
    InvokeRequest {
        model: Some(model.to_owned()),
        copies: None,
        regions: Some(region.to_owned()).filter(|region| !region.is_empty()).into_iter().collect(),
        account: Some(ACCOUNT.to_owned()),
        stream: false,
        api_key: None,
        principal: None,
        context: Vec::new(),
        as_of: "2026-11-22".parse().unwrap(),
    }
}

pub(crate) fn ask(request: &InvokeRequest, stack: Stack) -> Answer {
    let given = Given { stack, ..Given::default() };
    can_invoke(request, &given, Catalogue::builtin()).unwrap_or_else(|errors| panic!("{request:?}: {errors:?}"))
}
