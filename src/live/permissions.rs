//! What the live check itself needs.

use serde_json::json;

/// Every action that is asked for: all of them read, none of them has a price.
const ACTIONS: [(&str, &[&str]); 3] = [
    (
        "ReadBedrockCatalogue",
        &[
            "bedrock:GetFoundationModelAvailability",
            "bedrock:GetInferenceProfile",
            "bedrock:GetUseCaseForModelAccess",
            "bedrock:ListFoundationModels",
            "bedrock:ListInferenceProfiles",
        ],
    ),
    (
        "ReadPoliciesAndSimulate",
        &[
            "iam:GetGroupPolicy",
            "iam:GetPolicy",
            "iam:GetPolicyVersion",
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:GetUser",
            "iam:GetUserPolicy",
            "iam:ListAttachedGroupPolicies",
            "iam:ListAttachedRolePolicies",
            "iam:ListAttachedUserPolicies",
            "iam:ListGroupPolicies",
            "iam:ListGroupsForUser",
            "iam:ListRolePolicies",
            "iam:ListServiceSpecificCredentials",
            "iam:ListUserPolicies",
            "iam:SimulateCustomPolicy",
            "iam:SimulatePrincipalPolicy",
        ],
    ),
    (
        "ReadServiceControlPolicies",
        &[
            "organizations:DescribeOrganization",
            "organizations:DescribePolicy",
            "organizations:ListParents",
            "organizations:ListPoliciesForTarget",
        ],
    ),
];

/// The policy that lets the live check ask everything it may ask, as JSON that ends in a newline. It reads and simulates;
/// it neither changes anything nor invokes a model. `sts:GetCallerIdentity` needs no permission.
#[must_use]
pub fn read_only_policy() -> String {
    let statements = ACTIONS
        .iter()
        .map(|(sid, actions)| json!({ "Sid": sid, "Effect": "Allow", "Action": actions, "Resource": "*" }));
    let policy = json!({ "Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>() });
    format!("{policy:#}\n")
}

/// Whether the live check ever asks for this.
#[cfg(test)]
pub(super) fn is_asked(action: &str) -> bool {
    ACTIONS.iter().any(|(_, actions)| actions.contains(&action)) || action == "sts:GetCallerIdentity"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bedrock::ActionCatalogue;

    #[test]
    fn nothing_is_asked_that_changes_or_invokes() {
        assert!(is_asked("iam:GetRole") && !is_asked("iam:PutRolePolicy"));
        for action in ACTIONS.iter().flat_map(|(_, actions)| *actions) {
            let (_, name) = action.split_once(':').unwrap_or_default();
            let reads = ["Get", "List", "Describe", "Simulate"].iter().any(|verb| name.starts_with(verb));
            assert!(reads, "{action}");
            if action.starts_with("bedrock:") {
                assert!(ActionCatalogue::builtin().action(action).is_some(), "{action}");
            }
        }
    }
}
