data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "bedrock" {
  statement {
    sid       = "InvokeProfiles"
    effect    = "Allow"
    actions   = ["bedrock:InvokeModel"]
    resources = ["arn:aws-us-gov:bedrock:us-gov-west-1:${data.aws_caller_identity.current.account_id}:inference-profile/us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0"]
  }

  statement {
    sid       = "InvokeModels"
    effect    = "Allow"
    actions   = ["bedrock:InvokeModel"]
    resources = ["arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0"]
  }
}
