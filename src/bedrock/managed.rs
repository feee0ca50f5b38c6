//! Policies that AWS manages, and which of them say something of Amazon Bedrock.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

/// The shape of `catalog/managed-policies.json`, as far as it is asked for. Those that grant something are listed there
/// for people: what is not known to be harmless counts like them.
#[derive(Deserialize)]
struct RawManaged {
    harmless: HashSet<Box<str>>,
}

static HARMLESS: LazyLock<HashSet<Box<str>>> = LazyLock::new(|| {
    serde_json::from_str::<RawManaged>(include_str!("../../catalog/managed-policies.json"))
        .map(|raw| raw.harmless)
        .unwrap_or_default()
});

/// Whether a policy that AWS manages may grant something of Amazon Bedrock or AWS Marketplace. One that the list does not
/// have may be newer than it. `name` is the policy's name or its ARN.
#[must_use]
pub fn may_grant_bedrock(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    !HARMLESS.contains(name)
}

/// Whether an ARN is that of a policy that AWS manages, of IAM or of AWS Organizations. What stands before the service may be
/// filled in later.
#[must_use]
pub fn is_managed_by_aws(arn: &str) -> bool {
    [":iam::aws:policy/", ":organizations::aws:policy/"].iter().any(|managed| arn.contains(managed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_that_aws_manages() {
        for (name, grants) in [
            ("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", false),
            ("AmazonSSMManagedInstanceCore", false),
            ("AmazonS3ReadOnlyAccess", false),
            ("arn:aws:iam::aws:policy/AmazonBedrockLimitedAccess", true),
            ("AdministratorAccess", true),
            ("PowerUserAccess", true),
            ("AmazonBedrockOfTomorrow", true),
            ("", true),
        ] {
            assert_eq!(may_grant_bedrock(name), grants, "{name}");
        }
        assert!(is_managed_by_aws("arn:aws-us-gov:iam::aws:policy/AdministratorAccess"));
        assert!(is_managed_by_aws("arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"));
        assert!(!is_managed_by_aws("arn:aws:iam::111122223333:policy/own"));
        assert!(!is_managed_by_aws("arn:aws:organizations::111122223333:policy/o-a/service_control_policy/p-b"));
    }
}
