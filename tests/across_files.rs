//! A call in a file of one format and a policy in a file of another, of the same folder or chart: one finding, with both
//! places.
#![expect(unreachable_pub, reason = "not a library")]
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests")]

mod common;

use common::{Folder, told};

const COMPOSE: &str = "services:\n  chat:\n    image: chat\n    environment:\n      AWS_REGION: us-west-2\n      \
                       BEDROCK_MODEL_ID: us.anthropic.claude-sonnet-4-6\n";

const VALUES: &str =
    "chat:\n  image: chat\n  env:\n    AWS_REGION: us-west-2\n    BEDROCK_MODEL_ID: us.anthropic.claude-sonnet-4-6\n";

/// The profile may be called from this Region alone.
fn resources(region: &str) -> [String; 2] {
    [
        format!("arn:aws:bedrock:{region}:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6"),
        "arn:aws:bedrock:us-*::foundation-model/anthropic.claude-sonnet-4-6".to_owned(),
    ]
}

fn terraform(region: &str) -> String {
    let [profile, model] = resources(region);
    format!(
        "resource \"aws_iam_policy\" \"chat\" {{\n  policy = jsonencode({{\n    Version = \"2012-10-17\"\n    Statement = [{{\n      \
         Effect   = \"Allow\"\n      Action   = [\"bedrock:InvokeModel\", \"bedrock:InvokeModelWithResponseStream\"]\n      \
         Resource = [\"{profile}\", \"{model}\"]\n    }}]\n  }})\n}}\n"
    )
}

fn controller(region: &str) -> String {
    let [profile, model] = resources(region);
    format!(
        "apiVersion: iam.services.k8s.aws/v1alpha1\nkind: Policy\nmetadata:\n  name: chat\nspec:\n  policyDocument: |\n    \
         {{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"bedrock:InvokeModel*\", \
         \"Resource\": [\"{profile}\", \"{model}\"]}}]}}\n"
    )
}

fn is_told_of_both(files: &[(&str, &str)], caller: &str) {
    let found = told(&Folder::new(files));
    let [(rule, path, text, sure, message, related)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((rule.as_str(), path.as_str(), sure.as_str()), ("uncallable-model", caller, "likely"), "{message}");
    assert_eq!(text, "us.anthropic.claude-sonnet-4-6");
    assert!(message.contains("us-west-2"), "{message}");
    let [profile, _] = resources("us-east-1");
    assert!(related.contains(&profile), "{related:?}");
}

#[test]
fn a_service_and_the_policy_of_a_module() {
    let wrong = terraform("us-east-1");
    is_told_of_both(&[("chat/compose.yaml", COMPOSE), ("chat/iam.tf", &wrong)], "chat/compose.yaml");
    let right = terraform("us-west-2");
    assert_eq!(told(&Folder::new(&[("chat/compose.yaml", COMPOSE), ("chat/iam.tf", &right)])), []);
    assert_eq!(told(&Folder::new(&[("chat/compose.yaml", COMPOSE), ("other/iam.tf", &wrong)])), [], "another folder");
}

#[test]
fn the_values_of_a_chart_and_a_policy_among_its_templates() {
    let chart = ("chart/Chart.yaml", "apiVersion: v2\nname: bedrock-chat\n");
    let wrong = controller("us-east-1");
    is_told_of_both(
        &[chart, ("chart/values.yaml", VALUES), ("chart/templates/policy.yaml", &wrong)],
        "chart/values.yaml",
    );
    let right = controller("us-west-2");
    let files = [chart, ("chart/values.yaml", VALUES), ("chart/templates/policy.yaml", right.as_str())];
    assert_eq!(told(&Folder::new(&files)), []);
}
