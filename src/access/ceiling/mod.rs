//! What ceilings refuse of what they seem to let through. A ceiling names no call that has to work: it lets Regions,
//! models or profiles through, and a call needs several of them together (design: "A lone SCP or boundary").

mod profiles;
mod routes;
mod ways;

use super::call::{INVOKE, STREAM};
use super::promise::ANY_ACCOUNT;
use super::refusal::{Culprit, Refusal};
use super::view::SetView;
use crate::iam::{Effect, Fit, Pattern, Statement};
use ways::Ways;

/// What the ceilings of a set refuse although they seem to let it through, beside what is `known` already: for the first
/// of the invocation actions for which there is anything.
pub(super) fn refusals(view: &SetView<'_>, known: &[Refusal]) -> Vec<Refusal> {
    let apart = view.statements_of_all().any(|(_, one)| one.covers_action(INVOKE) != one.covers_action(STREAM));
    let actions = [INVOKE, STREAM].into_iter().take(if apart { 2 } else { 1 });
    let mut found = actions.filter(|action| may_limit(view, action)).map(|action| in_accounts(view, action, known));
    found.find(|refusals| !refusals.is_empty()).unwrap_or_default()
}

/// Whether the ceilings may refuse an action at all: most of them are about other services.
fn may_limit(view: &SetView<'_>, action: &str) -> bool {
    let is_open = |one: &Statement| {
        one.effect == Effect::Allow
            && one.conditions.is_empty()
            && one.named_resources().iter().any(Pattern::is_any)
            && one.covers_action(action) == Fit::Yes
    };
    view.ceilings().any(|layer| {
        let statements = || view.stack.statements(layer).map(|(_, one)| one);
        let allows = statements().any(|one| one.effect == Effect::Allow);
        let denies = statements().any(|one| one.effect == Effect::Deny && one.covers_action(action) != Fit::No);
        denies || (allows && !statements().any(is_open))
    })
}

/// What is refused in each of the accounts that the policies speak of: what works in one of them was meant for that one.
fn in_accounts(view: &SetView<'_>, action: &'static str, known: &[Refusal]) -> Vec<Refusal> {
    let accounts = match (&view.set.account, view.mentioned_accounts()) {
        (Some(account), _) => vec![account.clone()],
        (None, []) => vec![ANY_ACCOUNT.to_owned()],
        (None, mentioned) => mentioned.to_vec(),
    };
    let mut by_account = accounts.iter().map(|account| {
        let ways = Ways::new(view, action, account);
        let mut refusals = routes::refusals(&ways);
        refusals.extend(profiles::refusals(&ways, known));
        refusals
    });
    let mut refusals = by_account.next().unwrap_or_default();
    for others in by_account {
        let others: Vec<Culprit> = others.iter().filter_map(Culprit::of).collect();
        refusals.retain(|one| Culprit::of(one).is_some_and(|culprit| others.contains(&culprit)));
    }
    refusals
}
