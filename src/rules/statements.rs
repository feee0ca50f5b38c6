//! Questions about statements that several rules ask.

use super::report::PolicyCase;
use crate::bedrock::{Action, ActionCatalogue};
use crate::formats::PolicyKind;
use crate::iam::{Case, Context, Effect, Fit, Pattern, Policy, Statement};

/// Subscribes the account to a product.
pub(super) const SUBSCRIBE: &str = "aws-marketplace:Subscribe";
/// Looks up whether it is subscribed.
pub(super) const VIEW: &str = "aws-marketplace:ViewSubscriptions";
/// Ends a subscription.
pub(super) const UNSUBSCRIBE: &str = "aws-marketplace:Unsubscribe";

/// What the first call of a model sold through AWS Marketplace does (Amazon Bedrock User Guide, "Access foundation
/// models").
pub(super) const SUBSCRIPTION: [&str; 3] = [SUBSCRIBE, VIEW, UNSUBSCRIBE];

/// A pattern of `Action` as written, the same as meant, and the actions it matches.
pub(super) struct Named<'a> {
    pub(super) written: &'a Pattern,
    pub(super) meant: &'a Pattern,
    pub(super) matched: Vec<&'a Action>,
}

/// An Allow that is limited to resources none of which is everything.
pub(super) struct Limited<'a> {
    pub(super) statement: &'a Statement,
    /// Never empty.
    pub(super) resources: &'a [Pattern],
    /// The patterns of `Action` all of whose actions take no resource, so that these resources grant none of them.
    pub(super) unscopable: Vec<Named<'a>>,
}

impl Limited<'_> {
    /// Whether nothing else stands in `Action`.
    pub(super) fn is_nothing_else(&self) -> bool {
        self.unscopable.len() == self.statement.named_actions().len()
    }
}

/// The Allow statements of a policy that are limited to resources and name actions without resource types.
pub(super) fn limited<'a>(case: &PolicyCase<'a>) -> Vec<Limited<'a>> {
    let reading = case.reading;
    if !is_about_a_principal(reading.fact.kind) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, statement, _) in reading.bedrock_statements() {
        let resources = statement.named_resources();
        let Some(meant) = reading.meant.statements.get(index) else {
            continue;
        };
        if statement.effect != Effect::Allow || resources.is_empty() || resources.iter().any(may_be_everything) {
            continue;
        }
        let both = statement.named_actions().iter().zip(meant.named_actions());
        let named = both.filter_map(|(written, meant)| {
            let matched = unscopable(meant, case.facts.actions)?;
            Some(Named { written, meant, matched })
        });
        found.push(Limited { statement, resources, unscopable: named.collect() });
    }
    found
}

/// Whether a policy of this kind is about what a principal may do; trust and resource policies stand on something.
pub(super) fn is_about_a_principal(kind: PolicyKind) -> bool {
    match kind {
        PolicyKind::Identity | PolicyKind::Scp | PolicyKind::Boundary | PolicyKind::Session => true,
        PolicyKind::Trust | PolicyKind::Endpoint | PolicyKind::Resource => false,
    }
}

/// Whether a pattern of `Resource` is, or may turn out to be, a bare wildcard: all that grants an action without
/// resource types.
fn may_be_everything(pattern: &Pattern) -> bool {
    pattern.matches("*", Case::Sensitive, &Context::default()) != Fit::No
}

/// The actions that a pattern matches, if there are any and none of them takes a resource.
fn unscopable<'a>(pattern: &Pattern, actions: &'a ActionCatalogue) -> Option<Vec<&'a Action>> {
    let matched: Vec<&Action> = actions.matching(pattern.text().literal()?).collect();
    let all = !matched.is_empty() && matched.iter().all(|action| action.is_unscopable());
    all.then_some(matched)
}

/// Whether some Allow of the policy, as meant, grants an action on everything and without conditions: what another
/// statement gets wrong about it then does no harm.
pub(super) fn granted_plainly(policy: &Policy, action: &str) -> bool {
    policy.statements.iter().any(|statement| {
        statement.effect == Effect::Allow
            && statement.conditions.is_empty()
            && statement.covers_action(action) == Fit::Yes
            && statement.covers_resource("*", &Context::default()) == Fit::Yes
    })
}
