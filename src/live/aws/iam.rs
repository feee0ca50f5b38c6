//! Questions to IAM and STS.

use aws_sdk_iam::types::{
    ContextEntry, ContextKeyTypeEnum, EvaluationResult, PolicyEvaluationDecisionType, Statement, StatusType,
};
use aws_smithy_types::DateTime;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use super::{Aws, incomplete};
use crate::bedrock::{ActionCatalogue, KeyType};
use crate::live::{
    AskIam, Asked, Holder, HolderKind, HolderRecord, Identity, KeyRecord, MatchedStatement, Simulated,
    SimulatedDecision, SimulatedPolicies, Simulation,
};

/// The service whose credentials are Bedrock API keys.
const BEDROCK: &str = "bedrock.amazonaws.com";

impl AskIam for Aws {
    fn caller(&self) -> Asked<Identity> {
        let action = "sts:GetCallerIdentity";
        let answer = self.ask(action, self.sts.get_caller_identity().send())?;
        match (answer.account, answer.arn) {
            (Some(account), Some(arn)) => Ok(Identity { account, arn }),
            _ => Err(incomplete(action)),
        }
    }

    fn holder(&self, holder: &Holder) -> Asked<HolderRecord> {
        match holder.kind {
            HolderKind::Role => {
                let action = "iam:GetRole";
                let answer = self.ask(action, self.iam.get_role().role_name(&holder.name).send())?;
                let role = answer.role.ok_or_else(|| incomplete(action))?;
                let boundary = role.permissions_boundary.and_then(|boundary| boundary.permissions_boundary_arn);
                let trust = role.assume_role_policy_document.map(|text| decoded(action, text)).transpose()?;
                Ok(HolderRecord { arn: role.arn, boundary, trust })
            }
            HolderKind::User => {
                let action = "iam:GetUser";
                let answer = self.ask(action, self.iam.get_user().user_name(&holder.name).send())?;
                let user = answer.user.ok_or_else(|| incomplete(action))?;
                let boundary = user.permissions_boundary.and_then(|boundary| boundary.permissions_boundary_arn);
                Ok(HolderRecord { arn: user.arn, boundary, trust: None })
            }
            // nobody asks: a group has neither boundary nor trust policy
            HolderKind::Group => Ok(HolderRecord::default()),
        }
    }

    fn groups_of(&self, user: &str) -> Asked<Vec<String>> {
        let pages = self.iam.list_groups_for_user().user_name(user).into_paginator().items().send();
        let groups = self.ask("iam:ListGroupsForUser", pages.collect::<Result<Vec<_>, _>>())?;
        Ok(groups.into_iter().map(|group| group.group_name).collect())
    }

    fn attached_policies(&self, holder: &Holder) -> Asked<Vec<String>> {
        let (iam, name) = (&self.iam, &holder.name);
        let attached = match holder.kind {
            HolderKind::Role => {
                let pages = iam.list_attached_role_policies().role_name(name).into_paginator().items().send();
                self.ask("iam:ListAttachedRolePolicies", pages.collect::<Result<Vec<_>, _>>())
            }
            HolderKind::User => {
                let pages = iam.list_attached_user_policies().user_name(name).into_paginator().items().send();
                self.ask("iam:ListAttachedUserPolicies", pages.collect::<Result<Vec<_>, _>>())
            }
            HolderKind::Group => {
                let pages = iam.list_attached_group_policies().group_name(name).into_paginator().items().send();
                self.ask("iam:ListAttachedGroupPolicies", pages.collect::<Result<Vec<_>, _>>())
            }
        }?;
        Ok(attached.into_iter().filter_map(|policy| policy.policy_arn).collect())
    }

    fn inline_policies(&self, holder: &Holder) -> Asked<Vec<String>> {
        let (iam, name) = (&self.iam, &holder.name);
        match holder.kind {
            HolderKind::Role => {
                let pages = iam.list_role_policies().role_name(name).into_paginator().items().send();
                self.ask("iam:ListRolePolicies", pages.collect::<Result<Vec<_>, _>>())
            }
            HolderKind::User => {
                let pages = iam.list_user_policies().user_name(name).into_paginator().items().send();
                self.ask("iam:ListUserPolicies", pages.collect::<Result<Vec<_>, _>>())
            }
            HolderKind::Group => {
                let pages = iam.list_group_policies().group_name(name).into_paginator().items().send();
                self.ask("iam:ListGroupPolicies", pages.collect::<Result<Vec<_>, _>>())
            }
        }
    }

    fn inline_policy(&self, holder: &Holder, name: &str) -> Asked<String> {
        let (iam, of) = (&self.iam, &holder.name);
        match holder.kind {
            HolderKind::Role => {
                let action = "iam:GetRolePolicy";
                let answer = self.ask(action, iam.get_role_policy().role_name(of).policy_name(name).send())?;
                decoded(action, answer.policy_document)
            }
            HolderKind::User => {
                let action = "iam:GetUserPolicy";
                let answer = self.ask(action, iam.get_user_policy().user_name(of).policy_name(name).send())?;
                decoded(action, answer.policy_document)
            }
            HolderKind::Group => {
                let action = "iam:GetGroupPolicy";
                let answer = self.ask(action, iam.get_group_policy().group_name(of).policy_name(name).send())?;
                decoded(action, answer.policy_document)
            }
        }
    }

    fn managed_policy(&self, arn: &str) -> Asked<String> {
        let action = "iam:GetPolicy";
        let answer = self.ask(action, self.iam.get_policy().policy_arn(arn).send())?;
        let version = answer.policy.and_then(|policy| policy.default_version_id).ok_or_else(|| incomplete(action))?;
        let action = "iam:GetPolicyVersion";
        let answer = self.ask(action, self.iam.get_policy_version().policy_arn(arn).version_id(version).send())?;
        let document = answer.policy_version.and_then(|version| version.document);
        decoded(action, document.ok_or_else(|| incomplete(action))?)
    }

    fn api_keys(&self, user: &str) -> Asked<Vec<KeyRecord>> {
        let action = "iam:ListServiceSpecificCredentials";
        let mut keys = Vec::new();
        let mut marker = None;
        loop {
            let question = self.iam.list_service_specific_credentials().user_name(user).service_name(BEDROCK);
            let answer = self.ask(action, question.set_marker(marker.take()).send())?;
            for key in answer.service_specific_credentials.unwrap_or_default() {
                keys.push(KeyRecord {
                    active: key.status == StatusType::Active,
                    created: timestamp(key.create_date).ok_or_else(|| incomplete(action))?,
                    expires: key.expiration_date.and_then(timestamp),
                    user: key.user_name,
                    id: key.service_specific_credential_id,
                });
            }
            // a marker that does not move would be asked for ever; the deadline ends that
            match answer.marker.filter(|_| answer.is_truncated) {
                Some(next) => marker = Some(next),
                None => return Ok(keys),
            }
        }
    }

    fn simulate(&self, simulation: &Simulation) -> Asked<Simulated> {
        let context = simulation.context.iter().map(|(key, values)| {
            let entry = ContextEntry::builder().context_key_name(key).context_key_type(context_type(key, values.len()));
            entry.set_context_key_values(Some(values.clone())).build()
        });
        let context: Vec<ContextEntry> = context.collect();
        let (action, results) = match &simulation.policies {
            SimulatedPolicies::Of(arn) => {
                let action = "iam:SimulatePrincipalPolicy";
                let question = self
                    .iam
                    .simulate_principal_policy()
                    .policy_source_arn(arn)
                    .action_names(&simulation.action)
                    .resource_arns(&simulation.resource)
                    .set_context_entries(Some(context));
                let pages = question.into_paginator().items().send();
                (action, self.ask(action, pages.collect::<Result<Vec<_>, _>>())?)
            }
            SimulatedPolicies::Given { identity, boundary } => {
                let action = "iam:SimulateCustomPolicy";
                let question = self
                    .iam
                    .simulate_custom_policy()
                    .set_policy_input_list(Some(identity.clone()))
                    .set_permissions_boundary_policy_input_list(boundary.clone().map(|boundary| vec![boundary]))
                    .action_names(&simulation.action)
                    .resource_arns(&simulation.resource)
                    .set_context_entries(Some(context));
                let pages = question.into_paginator().items().send();
                (action, self.ask(action, pages.collect::<Result<Vec<_>, _>>())?)
            }
        };
        let result = results.into_iter().next().ok_or_else(|| incomplete(action))?;
        simulated(result).ok_or_else(|| incomplete(action))
    }
}

/// The type of a condition key as the simulator has it; one that is not known is a string.
fn context_type(key: &str, values: usize) -> ContextKeyTypeEnum {
    let known = ActionCatalogue::builtin().condition_key(key);
    let several =
        values != 1 || known.is_some_and(|key| key.multivalued || key.key_type.is_some_and(KeyType::is_array));
    match (known.and_then(|key| key.key_type), several) {
        (Some(KeyType::Bool), false) => ContextKeyTypeEnum::Boolean,
        (Some(KeyType::Bool), true) => ContextKeyTypeEnum::BooleanList,
        (Some(KeyType::Numeric), false) => ContextKeyTypeEnum::Numeric,
        (Some(KeyType::Numeric), true) => ContextKeyTypeEnum::NumericList,
        (Some(KeyType::Date), false) => ContextKeyTypeEnum::Date,
        (Some(KeyType::Date), true) => ContextKeyTypeEnum::DateList,
        (Some(KeyType::IpAddress), false) => ContextKeyTypeEnum::Ip,
        (Some(KeyType::IpAddress), true) => ContextKeyTypeEnum::IpList,
        (_, false) => ContextKeyTypeEnum::String,
        (_, true) => ContextKeyTypeEnum::StringList,
    }
}

/// What AWS decided; `None` for a decision that this version does not know.
fn simulated(result: EvaluationResult) -> Option<Simulated> {
    let decision = match result.eval_decision {
        PolicyEvaluationDecisionType::Allowed => SimulatedDecision::Allowed,
        PolicyEvaluationDecisionType::ExplicitDeny => SimulatedDecision::ExplicitDeny,
        PolicyEvaluationDecisionType::ImplicitDeny => SimulatedDecision::ImplicitDeny,
        _ => return None,
    };
    Some(Simulated {
        decision,
        statements: result.matched_statements.unwrap_or_default().into_iter().filter_map(matched).collect(),
        missing: result.missing_context_values.unwrap_or_default(),
        allowed_by_organization: result.organizations_decision_detail.map(|detail| detail.allowed_by_organizations),
        allowed_by_boundary: result
            .permissions_boundary_decision_detail
            .map(|detail| detail.allowed_by_permissions_boundary),
    })
}

fn matched(statement: Statement) -> Option<MatchedStatement> {
    let start = statement.start_position.and_then(|position| {
        Some((u32::try_from(position.line).ok()?, u32::try_from(position.column).ok()?)).filter(|(line, _)| *line > 0)
    });
    Some(MatchedStatement { policy: statement.source_policy_id?, start })
}

/// IAM percent-encodes documents by RFC 3986; a test server may not. JSON does not begin with a percent sign.
fn decoded(action: &'static str, document: String) -> Asked<String> {
    if !document.trim_start().starts_with('%') {
        return Ok(document);
    }
    match percent_decode_str(document.trim_start()).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(incomplete(action)),
    }
}

fn timestamp(moment: DateTime) -> Option<Timestamp> {
    Timestamp::new(moment.secs(), i32::try_from(moment.subsec_nanos()).ok()?).ok()
}
