data "aws_iam_policy_document" "bedrock" {
  statement {
    sid       = "InvokeModels"
    effect    = "Allow"
    actions   = ["bedrock:InvokeModel"]
    resources = ["arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"]
  }
}
