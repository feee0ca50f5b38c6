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

const MODELS: &str = "{Effect: Allow, Action: 'bedrock:InvokeModel', Resource: 'arn:aws:bedrock:us-*::foundation-model/anthropic.claude-sonnet-4-6'}";
const ONE_REGION: &str = "{Effect: Allow, Action: 'bedrock:InvokeModel', Resource: 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-6'}";
const PROFILE: &str = "{Effect: Allow, Action: 'bedrock:InvokeModel', Resource: !Sub 'arn:aws:bedrock:us-east-1:${AWS::AccountId}:inference-profile/us.anthropic.claude-sonnet-4-6'}";
/// Something else that speaks of Amazon Bedrock.
const OTHER: &str = "{Effect: Allow, Action: 'bedrock:ListFoundationModels', Resource: '*'}";

/// A template with a managed policy, and more lines.
fn policy(properties: &str, statement: &str, more: &str) -> String {
    format!(
        "Resources:\n  Grant:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {{Statement: \
         [{statement}]}}\n      {properties}\n{more}"
    )
}

/// A template with a role, and more lines.
fn role(properties: &str, statement: &str, more: &str) -> String {
    format!(
        "Resources:\n  Chat:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {{Statement: []}}\n      \
         Policies: [{{PolicyName: own, PolicyDocument: {{Statement: [{statement}]}}}}]\n      {properties}\n{more}"
    )
}

/// A function that calls as the role.
const CALLER: &str = "  Ask:\n    Type: AWS::Lambda::Function\n    Properties: {Role: !GetAtt Chat.Arn, Environment: {Variables: \
                      {MODEL_ID: us.anthropic.claude-sonnet-4-6}}}\n";

/// The rules that speak of these templates, and of which.
fn rules(templates: &[(&str, String)]) -> Vec<(String, String)> {
    let files: Vec<(&str, &str)> = templates.iter().map(|(path, text)| (*path, text.as_str())).collect();
    told(&Folder::new(&files)).into_iter().map(|(rule, path, ..)| (rule, path)).collect()
}

fn named(told: &[(&str, &str)]) -> Vec<(String, String)> {
    told.iter().map(|(rule, path)| ((*rule).to_owned(), (*path).to_owned())).collect()
}

#[test]
fn policies_that_several_templates_attach_to_a_role_of_one_name() {
    let of_chat = |statement| policy("Roles: [chat]", statement, "");
    let both = |one, other| [("iam/one.yaml", of_chat(one)), ("iam/other.yaml", of_chat(other))];
    assert_eq!(rules(&both(MODELS, PROFILE)), []);
    assert_eq!(rules(&both(ONE_REGION, PROFILE)), named(&[("uncovered-destination-region", "iam/one.yaml")]));
    assert_eq!(rules(&both(MODELS, OTHER)), named(&[("missing-profile-grant", "iam/one.yaml")]));
    let [one, other] = both(MODELS, PROFILE);
    let third = ("iam/more.yaml", of_chat(OTHER));
    assert_eq!(rules(&[third, one, other]), [], "however many they are");
    let nested = [("a.yaml", MODELS), ("iam/b.yaml", OTHER), ("iam/c.yaml", PROFILE)];
    assert_eq!(rules(&nested.map(|(path, statement)| (path, of_chat(statement)))), [], "wherever they stand");
    // of another name, or of another kind
    let [one, _] = both(MODELS, PROFILE);
    for apart in ["Roles: [chat2]", "Users: [chat]"] {
        let found = rules(&[one.clone(), ("iam/other.yaml", policy(apart, PROFILE, ""))]);
        let expected = [("missing-profile-grant", "iam/one.yaml"), ("missing-model-grant", "iam/other.yaml")];
        assert_eq!(found, named(&expected), "{apart}");
    }
}

#[test]
fn a_role_of_a_name_is_that_of_the_nearest_template_which_makes_it() {
    let made = |statement| role("RoleName: chat", statement, CALLER);
    let attached = |statement| policy("Roles: [chat]", statement, "");
    assert_eq!(rules(&[("role/r.yaml", made(PROFILE)), ("grants/p.yaml", attached(MODELS))]), []);
    let two = [
        ("dev/r.yaml", made(PROFILE)),
        ("dev/p.yaml", attached(MODELS)),
        ("prod/r.yaml", made(PROFILE)),
        ("prod/p.yaml", attached(OTHER)),
    ];
    assert_eq!(rules(&two), named(&[("missing-model-grant", "prod/r.yaml")]));
    let far = [("a/iam/r.yaml", made(PROFILE)), ("b/iam/p.yaml", attached(MODELS))];
    assert_eq!(
        rules(&far),
        named(&[("missing-model-grant", "a/iam/r.yaml"), ("missing-profile-grant", "b/iam/p.yaml")]),
        "another tree is about another role"
    );
}

#[test]
fn managed_policies_that_are_exported_and_imported() {
    let exported = |name: &str, statement| {
        policy(
            "Path: /",
            statement,
            &format!("Outputs:\n  Arn: {{Value: !Ref Grant, Export: {{Name: bedrock-{name}}}}}\n"),
        )
    };
    let importing =
        role("ManagedPolicyArns: [!ImportValue bedrock-models, !ImportValue bedrock-profile]", OTHER, CALLER);
    let three = |models| {
        [
            ("models.yaml", exported("models", models)),
            ("profile.yaml", exported("profile", PROFILE)),
            ("role.yaml", importing.clone()),
        ]
    };
    assert_eq!(rules(&three(MODELS)), []);
    assert_eq!(rules(&three(ONE_REGION)), named(&[("uncovered-destination-region", "models.yaml")]));
    let [models, profile, role] = three(MODELS);
    assert_eq!(rules(std::slice::from_ref(&models)), [], "who imports it is not known");
    assert_eq!(rules(&[models, role]), [], "what the other one grants is not known");
    // without an export nobody else is given it
    let (_, text) = profile;
    let kept = text.replace(", Export: {Name: bedrock-profile}", "");
    assert_eq!(rules(&[("profile.yaml", kept)]), named(&[("missing-model-grant", "profile.yaml")]));
}

#[test]
fn managed_policies_that_roles_of_other_templates_name() {
    let attached = "ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/team/chat-models']";
    let made = |statement| policy("ManagedPolicyName: chat-models", statement, "");
    let both = |statement| [("policy.yaml", made(statement)), ("role.yaml", role(attached, PROFILE, ""))];
    assert_eq!(rules(&both(MODELS)), []);
    assert_eq!(rules(&both(ONE_REGION)), named(&[("uncovered-destination-region", "policy.yaml")]));
    let [_, role] = both(MODELS);
    assert_eq!(rules(&[role]), [], "a policy that is not there");
}

#[test]
fn roles_that_are_exported_may_be_granted_more() {
    let outputs = |value: &str| format!("{CALLER}Outputs:\n  Role: {{Value: !{value}, Export: {{Name: chat-role}}}}\n");
    for value in ["Ref Chat", "GetAtt Chat.Arn", "Sub '${Chat}'"] {
        assert_eq!(rules(&[("role.yaml", role("Path: /", OTHER, &outputs(value)))]), [], "{value}");
        assert_eq!(rules(&[("role.yaml", role("Path: /", PROFILE, &outputs(value)))]), [], "{value}");
    }
    let kept = outputs("Ref Chat").replace(", Export: {Name: chat-role}", "");
    assert_eq!(rules(&[("role.yaml", role("Path: /", OTHER, &kept))]), named(&[("uncallable-model", "role.yaml")]));
    // what is half granted was meant to be all
    let half = format!("{ONE_REGION}, {PROFILE}");
    let exported = outputs("Ref Chat").replace(CALLER, "");
    let found = rules(&[("role.yaml", role("Path: /", &half, &exported))]);
    assert_eq!(found, named(&[("uncovered-destination-region", "role.yaml")]));
    // and here is the one that imports it
    let both = |statement| {
        let importing = policy("Roles: [!ImportValue chat-role]", statement, "");
        [("role.yaml", role("Path: /", PROFILE, &exported)), ("policy.yaml", importing)]
    };
    assert_eq!(rules(&both(MODELS)), []);
    assert_eq!(rules(&both(OTHER)), named(&[("missing-model-grant", "role.yaml")]));
    let [_, importing] = both(MODELS);
    assert_eq!(rules(&[importing]), [], "what the role has by itself is not known");
}

#[test]
fn nested_stacks_take_and_give_principals_and_policies() {
    let nested = |parameter: &str| {
        format!(
            "  Nested:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: ./nested.yaml, Parameters: {{{parameter}}}}}\n"
        )
    };
    let given =
        |properties: &str| format!("Parameters:\n  Given: {{Type: String}}\n{}", policy(properties, MODELS, ""));
    // a role that is handed down, and a policy
    let down = [
        ("root.yaml", role("Path: /", PROFILE, &nested("Given: !Ref Chat"))),
        ("nested.yaml", given("Roles: [!Ref Given]")),
    ];
    assert_eq!(rules(&down), []);
    assert_eq!(
        rules(&[("root.yaml", role("Path: /", PROFILE, &nested("Given: other")))]),
        named(&[("missing-model-grant", "root.yaml")]),
        "the role is kept"
    );
    assert_eq!(rules(&[("root.yaml", policy("Path: /", PROFILE, &nested("Given: !Ref Grant")))]), []);
    // and one that comes up
    let up = |models| {
        let attached = role("ManagedPolicyArns: [!GetAtt Nested.Outputs.Models]", PROFILE, &nested(""));
        let outputs = "Outputs:\n  Models: {Value: !Ref Grant}\n";
        [("root.yaml", attached), ("nested.yaml", policy("Path: /", models, outputs))]
    };
    assert_eq!(rules(&up(MODELS)), []);
    assert_eq!(rules(&up(ONE_REGION)), named(&[("uncovered-destination-region", "nested.yaml")]));
}
