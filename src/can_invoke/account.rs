//! An account that is asked: whose policies act, and what AWS answers to the same requests.

use super::answer::Answer;
use super::calls::asked_calls;
use super::error::InvokeError;
use super::files::{Given, Principal};
use super::opinion::Panel;
use super::stack::Member;
use super::{InvokeRequest, can_invoke};
use crate::bedrock::Catalogue;
use crate::formats::{BoundaryFact, Grants};
use crate::live::{self, Account, Gaps, LiveOutcome, Who, read_principal};

/// What an account is asked.
#[derive(Clone, Copy)]
pub struct LiveInvoke<'a> {
    /// The account.
    pub account: &'a dyn Account,
    /// Whose policies act, beside those of files; nobody's if the files say it all.
    pub who: Option<&'a Who>,
}

impl std::fmt::Debug for LiveInvoke<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveInvoke").field("who", &self.who).finish_non_exhaustive()
    }
}

/// An answer beside which an account was asked.
#[derive(Clone, Debug)]
pub struct LiveAnswer {
    /// The answer, with what AWS answers; nothing if the policies cannot be had.
    pub answer: Option<Answer>,
    /// What became of asking.
    pub outcome: LiveOutcome,
}

/// Answers a request, by the policies of an account if those of somebody there are asked for, and asks AWS the same.
///
/// # Errors
/// See [`can_invoke`].
pub fn can_invoke_live(
    request: &InvokeRequest,
    mut given: Given,
    catalogue: &Catalogue,
    asked: LiveInvoke<'_>,
) -> Result<LiveAnswer, Vec<InvokeError>> {
    // nobody is asked about what cannot be called
    asked_calls(request, &given.adapters, catalogue)?;
    let mut request = request.clone();
    let gaps = Gaps::default();
    let mut outcome = LiveOutcome::default();
    let mut notes = Vec::new();
    // needs no permission: a failure here is one of every other question
    match asked.account.caller() {
        Ok(identity) => outcome.identity = Some(identity),
        Err(failure) => outcome.not_made = Some(failure.to_string()),
    }
    if let (Some(identity), Some(who)) = (&outcome.identity, asked.who) {
        match read_principal(asked.account, identity, who, &gaps) {
            Ok(principal) => {
                notes = given.take(&principal);
                request.account.get_or_insert_with(|| principal.account.clone());
                outcome.principal = Some(principal);
            }
            Err(why) => outcome.not_made = Some(why),
        }
    }
    if outcome.not_made.is_some() && asked.who.is_some() {
        outcome.gaps = gaps.all();
        return Ok(LiveAnswer { answer: None, outcome });
    }
    let mut answer = can_invoke(&request, &given, catalogue)?;
    answer.notes.append(&mut notes);
    if outcome.not_made.is_none() {
        match Panel::of(&given.stack, outcome.principal.as_ref()) {
            Ok(panel) => {
                answer.notes.extend(panel.left_out());
                if !panel.ask(&mut answer, asked.account, &gaps) {
                    outcome.not_made = Some("AWS simulated none of the requests".to_owned());
                }
            }
            Err(why) => answer.notes.push(format!("AWS was not asked: {why}")),
        }
    }
    outcome.gaps = gaps.all();
    Ok(LiveAnswer { answer: Some(answer), outcome })
}

impl Given {
    /// Takes the policies of a principal of an account as those that act. Service control policies that are given already
    /// stand in the place of its own. Gives what else is to be known.
    fn take(&mut self, principal: &live::Principal) -> Vec<String> {
        let facts = principal.facts();
        let member = |index: &usize| facts.policies.get(*index).cloned().map(Member::from);
        let whole = facts.principal.grants == Grants::Whole;
        self.stack.identity.extend(facts.principal.policies.iter().filter_map(member));
        // what was not read may grant what the others do not
        self.stack.identity.extend((!whole).then(Member::unread));
        self.stack.boundary = match &facts.principal.boundary {
            BoundaryFact::None => None,
            BoundaryFact::Policy(index) => member(index),
            BoundaryFact::Unread => Some(Member::unread()),
        };
        let mut notes = Vec::new();
        // service-linked roles are exempt (AWS Organizations User Guide, "Service control policies")
        let exempt = principal.arn.contains(":role/aws-service-role/");
        if self.stack.scps.is_empty() && !exempt {
            self.stack.scps = facts.scps.iter().map(|level| level.iter().filter_map(member).collect()).collect();
            self.stack.scps_are_whole = principal.scps_known;
            self.is_member = !self.stack.scps.is_empty();
            if !principal.scps_known {
                notes.push(
                    "the service control policies above the account could not be read: they may deny what is allowed \
                     here"
                        .to_owned(),
                );
            }
        }
        self.principal = Some(Principal {
            name: facts.principal.name,
            arn: facts.principal.arn,
            account: facts.principal.account,
            partial: !whole || facts.principal.boundary == BoundaryFact::Unread,
        });
        notes
    }
}
