//! Questions to AWS Organizations.

use aws_sdk_organizations::types::PolicyType;

use super::{Aws, incomplete};
use crate::live::{AskOrganizations, Asked, ControlPolicy, Failure, FailureKind, Organization};

impl AskOrganizations for Aws {
    fn organization(&self) -> Asked<Option<Organization>> {
        let action = "organizations:DescribeOrganization";
        match self.ask(action, self.organizations.describe_organization().send()) {
            Ok(answer) => {
                let organization = answer.organization.and_then(|organization| organization.master_account_id);
                let management_account = organization.ok_or_else(|| incomplete(action))?;
                Ok(Some(Organization { management_account }))
            }
            Err(Failure { kind: FailureKind::Refused(code), .. }) if code == "AWSOrganizationsNotInUseException" => {
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }

    fn parent(&self, child: &str) -> Asked<Option<String>> {
        // nothing stands above a root, and asking for it is an error
        if child.starts_with("r-") {
            return Ok(None);
        }
        let action = "organizations:ListParents";
        let answer = self.ask(action, self.organizations.list_parents().child_id(child).send())?;
        let parent = answer.parents.unwrap_or_default().into_iter().next().and_then(|parent| parent.id);
        parent.map(Some).ok_or_else(|| incomplete(action))
    }

    fn control_policies(&self, target: &str) -> Asked<Vec<ControlPolicy>> {
        let action = "organizations:ListPoliciesForTarget";
        let question = self.organizations.list_policies_for_target().target_id(target);
        let pages = question.filter(PolicyType::ServiceControlPolicy).into_paginator().send();
        let pages = self.ask(action, pages.collect::<Result<Vec<_>, _>>())?;
        let policies = pages.into_iter().flat_map(|page| page.policies.unwrap_or_default());
        let named = policies.map(|policy| Some(ControlPolicy { id: policy.id?, arn: policy.arn? }));
        named.collect::<Option<_>>().ok_or_else(|| incomplete(action))
    }

    fn control_policy(&self, id: &str) -> Asked<String> {
        let action = "organizations:DescribePolicy";
        let answer = self.ask(action, self.organizations.describe_policy().policy_id(id).send())?;
        answer.policy.and_then(|policy| policy.content).ok_or_else(|| incomplete(action))
    }
}
