//! The service control policy that closes Regions, and lets inference profiles route to them nevertheless.

use std::collections::BTreeSet;

use super::document::{Condition, Document, Statement, Value};
use crate::access::call::{INVOKE, STREAM, profile_anywhere};
use crate::access::requirement::CREATE_JOB;
use crate::access::{Call, requirements};
use crate::bedrock::{Catalogue, RegionSet};
use crate::iam::Effect;
use crate::iam::request::{INFERENCE_PROFILE_ARN, REQUESTED_REGION};

/// What a Region deny has to spare whoever writes it: services with one endpoint for all Regions, and what the console
/// asks of every Region.
///
/// Source: AWS Organizations User Guide, "General examples", "Deny access to AWS based on the requested AWS Region",
/// whose policy is `Region-controls/Deny-access-to-AWS-based-on-the-requested-AWS-region.json` of
/// <https://github.com/aws-samples/service-control-policy-examples> (commit 35a50b0, 2026-04-09). AWS notes that it might
/// not have the latest services.
const GLOBAL_SERVICES: [&str; 42] = [
    "a4b:*",
    "acm:*",
    "aws-marketplace-management:*",
    "aws-marketplace:*",
    "aws-portal:*",
    "budgets:*",
    "ce:*",
    "chime:*",
    "cloudfront:*",
    "config:*",
    "cur:*",
    "directconnect:*",
    "ec2:DescribeRegions",
    "ec2:DescribeTransitGateways",
    "ec2:DescribeVpnGateways",
    "fms:*",
    "globalaccelerator:*",
    "health:*",
    "iam:*",
    "importexport:*",
    "kms:*",
    "mobileanalytics:*",
    "networkmanager:*",
    "organizations:*",
    "pricing:*",
    "route53-recovery-cluster:*",
    "route53-recovery-control-config:*",
    "route53-recovery-readiness:*",
    "route53:*",
    "route53domains:*",
    "s3:GetAccountPublic*",
    "s3:ListAllMyBuckets",
    "s3:ListMultiRegionAccessPoints",
    "s3:PutAccountPublic*",
    "shield:*",
    "sts:*",
    "support:*",
    "trustedadvisor:*",
    "waf-regional:*",
    "waf:*",
    "wafv2:*",
    "wellarchitected:*",
];

/// What routing by a profile is checked for in other Regions than the one called.
const INVOCATION: [&str; 3] = [CREATE_JOB, INVOKE, STREAM];

/// The service control policy that denies everything outside `allowed`, global services aside, and lets the profiles of
/// these calls route further. Calls that name no profile need no such thing. A call from another Region stays denied:
/// the check of the profile itself carries the Region that is called, and no `bedrock:InferenceProfileArn`.
///
/// Two statements: the first leaves the invocation actions out, the second denies them unless a profile is at work.
/// Sources: Amazon Bedrock User Guide, "Geographic cross-Region inference" and "Global cross-Region inference" (for whose
/// Region-less ARN `aws:RequestedRegion` is `unspecified`: the exemption of the profile covers it); the shape is that of
/// `Region-controls/Deny-access-to-AWS-based-on-the-requested-AWS-region-with-Bedrock-CRIS.json` of
/// <https://github.com/aws-samples/service-control-policy-examples>.
#[must_use]
pub fn region_deny(allowed: &RegionSet, calls: &[Call], catalogue: &Catalogue) -> Document {
    let needs = calls.iter().flat_map(|call| requirements(call, catalogue));
    let profiles: BTreeSet<Value> =
        needs.filter_map(|need| need.profile).map(|arn| Value::from(profile_anywhere(&arn).as_str())).collect();
    let elsewhere = || Condition {
        operator: "StringNotEquals",
        key: REQUESTED_REGION,
        values: allowed.iter().map(Value::from).collect(),
    };
    let deny = |sid: &str, actions: Vec<&str>, negated, conditions| Statement {
        sid: sid.to_owned(),
        effect: Effect::Deny,
        actions: actions.into_iter().map(str::to_owned).collect(),
        negated,
        resources: vec![Value::from("*")],
        conditions,
    };
    let mut spared = GLOBAL_SERVICES.to_vec();
    if profiles.is_empty() {
        return Document { statements: vec![deny("DenyOtherRegions", spared, true, vec![elsewhere()])] };
    }
    spared.extend(INVOCATION);
    spared.sort_unstable();
    let through =
        Condition { operator: "ArnNotLike", key: INFERENCE_PROFILE_ARN, values: profiles.into_iter().collect() };
    let statements = vec![
        deny("DenyOtherRegions", spared, true, vec![elsewhere()]),
        deny("DenyOtherRegionsUnlessThroughProfiles", INVOCATION.to_vec(), false, vec![elsewhere(), through]),
    ];
    Document { statements }
}
