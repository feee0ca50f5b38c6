//! Who calls, from which account, and what is assumed of the request where nobody says.

use super::InvokeRequest;
use super::caller::{ContextEntry, KeyKind, Situation};
use super::calls::AskedCall;
use super::error::InvokeError;
use super::files::Given;
use super::stack::Stack;
use crate::access::Caller;
use crate::access::Target;
use crate::bedrock::{ActionCatalogue, ConditionKeyKind, is_account_id};
use crate::iam::request::{BEARER_TOKEN_TYPE, PRINCIPAL_ARN};
use crate::iam::{Context, Held, Layer};
use crate::phrase::list;
use crate::similar::suggested;

/// An account for where none is known; AWS's own example.
pub(super) const ANY_ACCOUNT: &str = "111122223333";

/// Who calls from which account. What was not said is added to `assumed`.
pub(super) fn situation(
    request: &InvokeRequest,
    given: &Given,
    calls: &[AskedCall<'_>],
    assumed: &mut Vec<String>,
) -> Result<Situation, InvokeError> {
    let said = Situation::said(&request.context).map_err(|key| InvokeError::Contradiction { key })?;
    let dumped = given.principal.as_ref();
    let by_dump = || dumped.and_then(|principal| principal.arn.as_deref()).and_then(|arn| arn.parse().ok());
    let caller: Option<Caller> = request.principal.clone().or_else(by_dump);
    if let Some(caller) = &caller {
        refused_caller(caller, given, calls)?;
    }
    if let Some(caller) = &caller
        && let Some(call) = calls.iter().find(|call| call.target.partition != caller.partition)
    {
        let (region, partition) = (call.target.source.clone(), call.target.partition);
        return Err(InvokeError::Partitions { caller: caller.partition, region, partition });
    }
    let known = known_accounts(request, given, caller.as_ref(), calls);
    if let [(one, _), rest @ ..] = known.as_slice()
        && let Some((other, _)) = rest.iter().find(|(account, _)| account != one)
    {
        return Err(InvokeError::Accounts { one: one.clone(), other: other.clone() });
    }
    let account = match known.into_iter().next() {
        Some((account, why)) => {
            assumed.extend(why.map(|why| format!("the caller's account is `{account}`, that of {why}")));
            Some(account)
        }
        None if calls.iter().any(wants_account) => account_of_policies(&given.stack, assumed)?,
        None => None,
    };
    let no_keys = given.stack.no_keys().into_iter().map(str::to_owned).collect();
    Ok(Situation { caller, account, no_keys, said })
}

/// What cannot be asked of a caller. Sources: AWS Organizations User Guide, "Service control policies" (service-linked roles
/// are exempt); IAM User Guide, "API keys for Amazon Bedrock" (a long-term key belongs to a user).
fn refused_caller(caller: &Caller, given: &Given, calls: &[AskedCall<'_>]) -> Result<(), InvokeError> {
    let arn = || caller.arn.clone();
    if caller.arn.contains(":role/aws-service-role/") && !given.stack.scps.is_empty() {
        return Err(InvokeError::ServiceLinkedRole { arn: arn() });
    }
    let is_role = caller.user.is_none();
    if is_role && calls.iter().any(|call| call.key == Some(KeyKind::LongTerm)) {
        return Err(InvokeError::KeyOfRole { arn: arn() });
    }
    Ok(())
}

/// The accounts that the caller is known to be of, the surest first, each with what says so unless the request does.
fn known_accounts(
    request: &InvokeRequest,
    given: &Given,
    caller: Option<&Caller>,
    calls: &[AskedCall<'_>],
) -> Vec<(String, Option<String>)> {
    let mut known: Vec<(String, Option<String>)> = Vec::new();
    known.extend(request.account.clone().map(|account| (account, None)));
    known.extend(caller.map(|caller| (caller.account.clone(), Some(format!("`{}`", caller.arn)))));
    if let Some(principal) = &given.principal {
        let account = principal.account.clone().filter(|account| is_account_id(account));
        known.extend(account.map(|account| (account, Some(format!("`{}` in the dump", principal.name)))));
    }
    let of_arns =
        calls.iter().filter_map(|call| Some((call.target.account.clone()?, Some(format!("`{}`", call.model)))));
    known.extend(of_arns);
    known
}

/// Whether the ARNs that a call needs have the caller's account in them.
fn wants_account(call: &AskedCall<'_>) -> bool {
    let applies = |call: &AskedCall<'_>| call.adapter.is_some_and(|adapter| adapter.guardrail.identifier.is_some());
    matches!(call.target.target, Target::Profile(_)) || applies(call)
}

fn account_of_policies(stack: &Stack, assumed: &mut Vec<String>) -> Result<Option<String>, InvokeError> {
    match stack.accounts().as_slice() {
        [] => {
            assumed.push(format!("the caller's account is `{ANY_ACCOUNT}`, as no policy names one"));
            Ok(None)
        }
        [one] => {
            assumed.push(format!("the caller's account is `{one}`, which the policies name"));
            Ok(Some((*one).to_owned()))
        }
        several => {
            let accounts = several.iter().map(|account| (*account).to_owned()).collect();
            Err(InvokeError::WhichAccount { accounts })
        }
    }
}

/// What is assumed of the request as far as the policies ask for it.
pub(super) fn assumptions(
    request: &InvokeRequest,
    given: &Given,
    situation: &Situation,
    calls: &[AskedCall<'_>],
) -> Vec<String> {
    let stack = &given.stack;
    let asked = |key: &str| stack.asks_for(key) && !situation.said.contains_key(&key.to_ascii_lowercase());
    let mut assumed = Vec::new();
    if let Some(principal) = given.principal.as_ref().filter(|principal| principal.partial) {
        assumed.push(format!("the policies of `{}` that were not read deny nothing", principal.name));
    }
    match &situation.caller {
        None if asked(PRINCIPAL_ARN) => assumed.push("the caller is one that no policy names".to_owned()),
        Some(caller) if caller.session && request.principal.is_some() => {
            assumed.push(format!("the role has no path, so it is `{}`", caller.arn));
        }
        _ => {}
    }
    let direct = Context::assumed("", None);
    let keys = ["aws:ViaAWSService", "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast"];
    let keys = keys.into_iter().chain(["aws:PrincipalIsAWSService", "aws:SecureTransport"]);
    let held = keys.filter(|key| asked(key)).map(|key| match direct.get(key) {
        Held::Values(values) => format!("`{key}` is {}", list(values, 2)),
        _ => format!("`{key}` is absent"),
    });
    let held: Vec<String> = held.collect();
    if !held.is_empty() {
        assumed.push(format!("the call is made directly, over TLS: {}", held.join(", ")));
    }
    assumed.extend(
        situation
            .no_keys
            .iter()
            .filter(|key| asked(key))
            .map(|key| format!("no request holds `{key}`, which is no condition key")),
    );
    if asked(BEARER_TOKEN_TYPE) && calls.iter().any(|call| call.key.is_none()) {
        assumed.push("the call carries no Bedrock API key".to_owned());
    }
    if !stack.scps.is_empty() && !given.is_member {
        assumed.push(
            "the account is not the management account of its organization, which no service control policy \
                      reaches"
                .to_owned(),
        );
    }
    assumed.extend(stack.assumed_open().into_iter().map(|layer| match layer {
        Layer::Scp { level } if stack.scps.len() > 1 => format!(
            "level {} of the service control policies carries `FullAWSAccess` as well, as nothing in it allows anything",
            level + 1
        ),
        _ => "the service control policies carry `FullAWSAccess` as well, as none of them allows anything".to_owned(),
    }));
    assumed
}

/// What is said of the request that no policy asks for: likely a misspelt key.
pub(super) fn unasked(stack: &Stack, entries: &[ContextEntry]) -> Vec<String> {
    let unasked = entries.iter().filter(|entry| !stack.asks_for(&entry.key));
    let told = unasked.map(|entry| {
        let near = match ActionCatalogue::builtin().classify_condition_key(&entry.key) {
            ConditionKeyKind::NotAKey { nearest, .. } => suggested(&nearest),
            _ => String::new(),
        };
        format!("no policy asks for `{}`, so its value changes nothing{near}", entry.key)
    });
    told.collect()
}
