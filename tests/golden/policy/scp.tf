data "aws_iam_policy_document" "bedrock" {
  statement {
    sid    = "DenyOtherRegions"
    effect = "Deny"
    not_actions = [
      "a4b:*",
      "acm:*",
      "aws-marketplace-management:*",
      "aws-marketplace:*",
      "aws-portal:*",
      "bedrock:CreateModelInvocationJob",
      "bedrock:InvokeModel",
      "bedrock:InvokeModelWithResponseStream",
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
    ]
    resources = ["*"]

    condition {
      test     = "StringNotEquals"
      variable = "aws:RequestedRegion"
      values = [
        "eu-west-1",
        "us-east-1",
      ]
    }
  }

  statement {
    sid    = "DenyOtherRegionsUnlessThroughProfiles"
    effect = "Deny"
    actions = [
      "bedrock:CreateModelInvocationJob",
      "bedrock:InvokeModel",
      "bedrock:InvokeModelWithResponseStream",
    ]
    resources = ["*"]

    condition {
      test     = "StringNotEquals"
      variable = "aws:RequestedRegion"
      values = [
        "eu-west-1",
        "us-east-1",
      ]
    }

    condition {
      test     = "ArnNotLike"
      variable = "bedrock:InferenceProfileArn"
      values = [
        "arn:aws:bedrock:*:*:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0",
        "arn:aws:bedrock:*:*:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
      ]
    }
  }
}

resource "aws_organizations_policy" "bedrock" {
  name    = "bedrock-regions"
  type    = "SERVICE_CONTROL_POLICY"
  content = data.aws_iam_policy_document.bedrock.minified_json
}
