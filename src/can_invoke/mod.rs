//! Would these policies allow this call? Each grant that it needs, with the decision, the layer and the statement that
//! decides, and the edit that would mend a denied one.
//!
//! Policies are taken as written, not as they were meant: this is what AWS would answer. What the request holds beyond
//! what is said of it is assumed, and told ([`Answer::assumed`]).

mod account;
mod adapters;
mod answer;
mod assume;
mod caller;
mod calls;
mod edit;
mod error;
mod files;
mod mend;
mod opinion;
mod stack;
mod words;

use std::collections::BTreeSet;

use jiff::civil::Date;

pub use self::account::{LiveAnswer, LiveInvoke, can_invoke_live};
pub use self::answer::{Answer, CallAnswer, RequirementAnswer, Verdict};
pub use self::caller::{ContextEntry, KeyKind, NoContext};
pub use self::error::InvokeError;
pub use self::files::{Files, Given, Principal, read};
pub use self::mend::Mend;
pub use self::opinion::{NamedStatement, Opinion};
pub use self::stack::{Member, Stack, StatementPlace};
pub use crate::access::{Caller, NoCaller};

use self::assume::{ANY_ACCOUNT, assumptions, situation, unasked};
use self::caller::Situation;
use self::calls::{AskedCall, asked_calls};
use crate::access::{Needed, Operation, Requirement, TargetDoubt, guardrail, requirements};
use crate::bedrock::Catalogue;
use crate::iam::{Decision, Request};

/// What is asked.
#[derive(Clone, Debug)]
pub struct InvokeRequest {
    /// What is called: see [`Asked::model`](crate::access::Asked::model). Without one, what the adapters call.
    pub model: Option<String>,
    /// What an application inference profile copies.
    pub copies: Option<String>,
    /// From where, each by itself. None: what the adapters say, else every Region from which the model can be called.
    pub regions: Vec<String>,
    /// The caller's account, 12 digits; without one, it is taken from ARNs.
    pub account: Option<String>,
    /// Whether the answer is streamed. Adapters may stream without being asked.
    pub stream: bool,
    /// The API key that the call carries. Adapters may carry one without being asked.
    pub api_key: Option<KeyKind>,
    /// Who calls.
    pub principal: Option<Caller>,
    /// What else the request holds; what is said here is held in every check of the call.
    pub context: Vec<ContextEntry>,
    /// The day by which lifecycles are judged.
    pub as_of: Date,
}

/// Answers a request.
///
/// # Errors
/// Every reason why nothing can be answered, each once.
pub fn can_invoke(request: &InvokeRequest, given: &Given, catalogue: &Catalogue) -> Result<Answer, Vec<InvokeError>> {
    let asked = asked_calls(request, &given.adapters, catalogue)?;
    let mut assumed = Vec::new();
    let situation = situation(request, given, &asked.calls, &mut assumed).map_err(|error| vec![error])?;
    assumed.extend(asked.assumed);
    assumed.extend(assumptions(request, given, &situation, &asked.calls));
    let mut notes = unasked(&given.stack, &request.context);
    let mut calls: Vec<CallAnswer> = Vec::new();
    for asked in &asked.calls {
        let model = asked.target.model(catalogue).filter(|model| !model.may_stream());
        if let (Some(model), Operation::Stream) = (model, &asked.operation) {
            notes.push(format!("`{}` does not stream its answers, whatever policies allow", model.id));
        }
        notes.extend(asked.target.doubts.iter().map(|doubt| doubt.about(&asked.model, &asked.target.source)));
        let answer = answer(asked, &given.stack, &situation, catalogue);
        let is_known = |known: &CallAnswer| {
            (&known.model, &known.call, known.api_key) == (&answer.model, &answer.call, answer.api_key)
        };
        if !calls.iter().any(is_known) {
            calls.push(answer);
        }
    }
    Ok(Answer {
        decision: Verdict::of(calls.iter().map(|call| call.decision)),
        assumed: once(assumed),
        notes: once(notes),
        calls,
        levels: given.stack.scps.len(),
    })
}

fn once(texts: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.into_iter().filter(|text| seen.insert(text.clone())).collect()
}

fn answer(asked: &AskedCall<'_>, stack: &Stack, situation: &Situation, catalogue: &Catalogue) -> CallAnswer {
    let account = situation.account.as_deref().unwrap_or(ANY_ACCOUNT);
    let mut call = asked.target.call(asked.operation.clone(), account);
    call.api_key = asked.key.is_some();
    let (partition, source) = (call.partition, call.source.clone());
    call.guardrail = asked.adapter.and_then(|adapter| guardrail(adapter, partition, &source, account));
    let guessed = asked.target.doubts.contains(&TargetDoubt::GuessedRoute);
    let requests: Vec<(Requirement, Request)> = requirements(&call, catalogue)
        .into_iter()
        .map(|need| {
            let mut request = need.request();
            situation.describe(&mut request.context, asked.key, need.needed == Needed::BearerToken);
            (need, request)
        })
        .collect();
    let answers: Vec<RequirementAnswer> =
        requests.iter().map(|(need, request)| requirement_answer(stack, need, request, guessed)).collect();
    let denied = requests.iter().zip(&answers).filter(|(_, answer)| answer.decision == Verdict::Denied);
    let mends = mend::mends(stack, denied.map(|((_, request), _)| request));
    let decision = Verdict::of(answers.iter().map(|answer| answer.decision));
    CallAnswer {
        model: asked.model.clone(),
        call,
        api_key: asked.key,
        region_given: asked.region_given,
        decision,
        requirements: answers,
        mends,
    }
}

fn requirement_answer(stack: &Stack, need: &Requirement, request: &Request, guessed: bool) -> RequirementAnswer {
    let decision = stack.decide(request);
    let reason = stack.reason(&decision, request);
    let by = match &decision {
        Decision::Allowed { by, .. } | Decision::DeniedExplicitly { by } => Some(*by),
        Decision::DeniedImplicitly { near, .. } => near.first().map(|miss| miss.statement),
        Decision::Unknown { because } => because.first().map(|doubt| doubt.statement),
    };
    let guessed = guessed && need.needed == Needed::DestinationModel;
    let (verdict, reason) = match Verdict::from(&decision) {
        Verdict::Denied => Verdict::of_denial(guessed, reason),
        other => (other, reason),
    };
    RequirementAnswer {
        requirement: need.clone(),
        decision: verdict,
        layer: decision.layer().or(by.map(|by| by.layer)),
        statement: by.and_then(|by| stack.place(by)),
        reason,
        request: request.clone(),
        guessed,
        aws: None,
    }
}
