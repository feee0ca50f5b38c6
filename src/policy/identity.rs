//! The identity policy that grants what calls need, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Condition, Document, Statement, Value};
use crate::access::{Call, Needed, Requirement, requirements};
use crate::bedrock::Catalogue;
use crate::iam::Effect;
use crate::iam::request::{CALLED_VIA_LAST, INFERENCE_PROFILE_ARN, REQUESTED_REGION};

/// The least policy that grants every requirement of these calls. A resource is granted with exactly the actions that
/// it is needed for; those with the same actions stand together.
///
/// A tight policy grants foundation models that are reached through a profile under the condition that they are, by
/// `bedrock:InferenceProfileArn`, and the Region-less one where no Region is specified, as the Amazon Bedrock User Guide
/// does it in "Global cross-Region inference". A profile itself is checked without that key, so its statement never has
/// the condition. Subscription rights are granted for what Amazon Bedrock does for the caller alone, as in the policies
/// that AWS manages ("AWS managed policies for Amazon Bedrock").
#[must_use]
pub fn identity(calls: &[Call], tight: bool, catalogue: &Catalogue) -> Document {
    let mut grants: BTreeMap<(Purpose, Value, String), Limits> = BTreeMap::new();
    for need in calls.iter().flat_map(|call| requirements(call, catalogue)) {
        let limits = limits(&need, tight);
        let grant = (Purpose::of(need.needed, tight), Value::from(need.resource.as_str()), need.action);
        match grants.get_mut(&grant) {
            Some(known) => widen(known, limits),
            None => drop(grants.insert(grant, limits)),
        }
    }
    let mut actions: BTreeMap<(Purpose, Value, Limits), Vec<String>> = BTreeMap::new();
    for ((purpose, resource, action), limits) in grants {
        actions.entry((purpose, resource, limits)).or_default().push(action);
    }
    let mut resources: BTreeMap<(Purpose, Limits, Vec<String>), Vec<Value>> = BTreeMap::new();
    for ((purpose, resource, limits), actions) in actions {
        resources.entry((purpose, limits, actions)).or_default().push(resource);
    }
    let statements = resources.into_iter().map(|((purpose, limits, actions), resources)| Statement {
        sid: sid(purpose, &limits).to_owned(),
        effect: Effect::Allow,
        actions,
        negated: false,
        resources,
        conditions: limits.into_iter().map(condition).collect(),
    });
    Document { statements: numbered(statements.collect()) }
}

/// What a statement is for; statements stand in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Purpose {
    Profiles,
    Models,
    ModelsInAnyRegion,
    OwnModels,
    Routers,
    BatchJobs,
    Guardrails,
    ApiKey,
    Subscription,
}

impl Purpose {
    fn of(needed: Needed, tight: bool) -> Self {
        match needed {
            Needed::Profile => Self::Profiles,
            Needed::GlobalModel if tight => Self::ModelsInAnyRegion,
            Needed::SourceModel | Needed::DestinationModel | Needed::GlobalModel => Self::Models,
            Needed::OwnModel => Self::OwnModels,
            Needed::Router => Self::Routers,
            Needed::BatchJob => Self::BatchJobs,
            Needed::Guardrail => Self::Guardrails,
            Needed::BearerToken => Self::ApiKey,
            Needed::Subscription => Self::Subscription,
        }
    }
}

/// Condition keys with the values that they may have; none: no condition.
type Limits = BTreeMap<&'static str, BTreeSet<Value>>;

fn limits(need: &Requirement, tight: bool) -> Limits {
    let mut limits = Limits::new();
    let mut limit = |key, value: &str| drop(limits.insert(key, BTreeSet::from([Value::from(value)])));
    if let Some(service) = need.called_via {
        limit(CALLED_VIA_LAST, service);
    }
    if let Some(profile) = need.profile.as_deref().filter(|_| tight) {
        limit(INFERENCE_PROFILE_ARN, profile);
        if need.needed == Needed::GlobalModel {
            limit(REQUESTED_REGION, &need.region);
        }
    }
    limits
}

/// Makes a grant wide enough for another use of the same action on the same resource. The same resource has the same
/// keys, unless a call needs it without any.
fn widen(known: &mut Limits, more: Limits) {
    if more.is_empty() {
        known.clear();
    }
    for (key, values) in known {
        values.extend(more.get(key).cloned().unwrap_or_default());
    }
}

fn condition((key, values): (&'static str, BTreeSet<Value>)) -> Condition {
    Condition { operator: "StringEquals", key, values: values.into_iter().collect() }
}

fn sid(purpose: Purpose, limits: &Limits) -> &'static str {
    match purpose {
        Purpose::Profiles => "InvokeProfiles",
        Purpose::Models if limits.contains_key(INFERENCE_PROFILE_ARN) => "InvokeModelsThroughProfiles",
        Purpose::Models => "InvokeModels",
        Purpose::ModelsInAnyRegion => "InvokeModelsInAnyRegion",
        Purpose::OwnModels => "InvokeOwnModels",
        Purpose::Routers => "InvokePromptRouters",
        Purpose::BatchJobs => "StartBatchJobs",
        Purpose::Guardrails => "ApplyGuardrails",
        Purpose::ApiKey => "UseApiKeys",
        Purpose::Subscription => "SubscribeToModels",
    }
}

/// Numbers the statements that would share a Sid, which IAM refuses.
fn numbered(mut statements: Vec<Statement>) -> Vec<Statement> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for statement in &statements {
        *counts.entry(statement.sid.clone()).or_default() += 1;
    }
    counts.retain(|_, count| *count > 1);
    for statement in statements.iter_mut().rev() {
        if let Some(count) = counts.get_mut(&statement.sid) {
            statement.sid.push_str(&count.to_string());
            *count -= 1;
        }
    }
    statements
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Operation, Target};
    use crate::bedrock::Partition;

    fn call(target: Target, source: &str) -> Call {
        Call::plain(target, Operation::Invoke, Partition::Aws, source, "111122223333")
    }

    /// Sid, actions, resources and condition keys of each statement.
    fn shape(calls: &[Call], tight: bool) -> Vec<(String, String, usize, String)> {
        let document = identity(calls, tight, Catalogue::builtin());
        let shape = document.statements.into_iter().map(|one| {
            let keys: Vec<String> =
                one.conditions.iter().map(|one| format!("{} {}", one.key, one.values.len())).collect();
            (one.sid, one.actions.join(" ").replace("bedrock:", ""), one.resources.len(), keys.join(" "))
        });
        shape.collect()
    }

    fn row(sid: &str, actions: &str, resources: usize, keys: &str) -> (String, String, usize, String) {
        (sid.to_owned(), actions.to_owned(), resources, keys.to_owned())
    }

    const NOVA: &str = "amazon.nova-lite-v1:0";

    #[test]
    fn a_resource_has_the_actions_it_is_needed_for() {
        let us = Target::Profile(format!("us.{NOVA}"));
        let mut streamed = call(us.clone(), "us-east-1");
        streamed.operation = Operation::Stream;
        let plain = call(us, "us-east-1");
        let both = "InvokeModel InvokeModelWithResponseStream";
        let expected = vec![row("InvokeProfiles", both, 1, ""), row("InvokeModels", both, 3, "")];
        assert_eq!(shape(&[plain.clone(), streamed.clone()], false), expected);
        // streaming from another Region only
        streamed.source = "us-west-2".to_owned();
        let expected = vec![
            row("InvokeProfiles1", "InvokeModel", 1, ""),
            row("InvokeProfiles2", "InvokeModelWithResponseStream", 1, ""),
            row("InvokeModels", both, 3, ""),
        ];
        assert_eq!(shape(&[plain, streamed], false), expected);
    }

    #[test]
    fn tight_policies_know_the_way_to_a_model() {
        let us = call(Target::Profile(format!("us.{NOVA}")), "us-east-1");
        let invoke = "InvokeModel";
        let key = "bedrock:InferenceProfileArn";
        let through = |count| format!("{key} {count}");
        let expected =
            vec![row("InvokeProfiles", invoke, 1, ""), row("InvokeModelsThroughProfiles", invoke, 3, &through(1))];
        assert_eq!(shape(std::slice::from_ref(&us), true), expected);
        // one of the models is also called by its bare id, which no profile stands for
        let bare = call(Target::Model(NOVA.to_owned()), "us-east-1");
        let expected = vec![
            row("InvokeProfiles", invoke, 1, ""),
            row("InvokeModels", invoke, 1, ""),
            row("InvokeModelsThroughProfiles", invoke, 2, &through(1)),
        ];
        for calls in [[us.clone(), bare.clone()], [bare, us.clone()]] {
            assert_eq!(shape(&calls, true), expected);
        }
        let west = Call { source: "us-west-2".to_owned(), ..us.clone() };
        let expected =
            vec![row("InvokeProfiles", invoke, 2, ""), row("InvokeModelsThroughProfiles", invoke, 3, &through(2))];
        assert_eq!(shape(&[us, west], true), expected);
        let global = call(Target::Profile("global.anthropic.claude-haiku-4-5-20251001-v1:0".to_owned()), "eu-west-1");
        let expected = vec![
            row("InvokeProfiles", invoke, 1, ""),
            row("InvokeModelsThroughProfiles", invoke, 1, &through(1)),
            row("InvokeModelsInAnyRegion", invoke, 1, &format!("aws:RequestedRegion 1 {}", through(1))),
        ];
        assert_eq!(shape(&[global], true), expected);
    }

    #[test]
    fn everything_else_has_its_statement() {
        let arn = |rest: &str| format!("arn:aws:bedrock:us-east-1:111122223333:{rest}");
        let mut own = call(Target::Own(arn("imported-model/abcdefghijkl")), "us-east-1");
        own.guardrail = Some(arn("guardrail/abc"));
        own.api_key = true;
        own.first_use = true;
        let routed = vec![Target::Model(NOVA.to_owned())];
        let router = call(Target::Router { arn: arn("prompt-router/r"), routed }, "us-east-1");
        let mantle = "arn:aws:bedrock-mantle:us-east-1:111122223333:project/default".to_owned();
        let mut mantle = call(Target::MantleProject(mantle), "us-east-1");
        mantle.first_use = true;
        let mut batch = call(Target::Model(NOVA.to_owned()), "us-east-1");
        batch.operation = Operation::Batch { role: "arn:aws:iam::111122223333:role/batch".to_owned() };
        let subscribe = "aws-marketplace:Subscribe aws-marketplace:ViewSubscriptions";
        let expected = vec![
            row("InvokeModels", "CreateModelInvocationJob InvokeModel", 1, ""),
            row("InvokeOwnModels1", "bedrock-mantle:CreateInference", 1, ""),
            row("InvokeOwnModels2", "InvokeModel", 1, ""),
            row("InvokePromptRouters", "GetPromptRouter InvokeModel", 1, ""),
            row("StartBatchJobs1", "CreateModelInvocationJob", 1, ""),
            row("StartBatchJobs2", "iam:PassRole", 1, ""),
            row("ApplyGuardrails", "ApplyGuardrail", 1, ""),
            row("UseApiKeys", "CallWithBearerToken", 1, ""),
            row("SubscribeToModels", subscribe, 1, "aws:CalledViaLast 2"),
        ];
        assert_eq!(shape(&[own, router, mantle, batch], true), expected);
    }
}
