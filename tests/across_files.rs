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
    // whoever reads what the stack gives out may attach it, without an export too
    let (_, text) = profile;
    let shown = text.replace(", Export: {Name: bedrock-profile}", "");
    assert_eq!(rules(&[("profile.yaml", shown.clone())]), []);
    let kept = shown.replace("!Ref Grant", "!Ref AWS::StackName");
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
    let shown = outputs("Ref Chat").replace(", Export: {Name: chat-role}", "");
    assert_eq!(rules(&[("role.yaml", role("Path: /", OTHER, &shown))]), []);
    assert_eq!(rules(&[("role.yaml", role("Path: /", PROFILE, &shown))]), []);
    let kept = shown.replace("!Ref Chat", "!Ref AWS::StackName");
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

/// A template whose stack nests these, each with its parameters.
fn nesting(stacks: &[(&str, &str, &str)]) -> String {
    let stack = |(id, file, parameters): &(&str, &str, &str)| {
        format!(
            "  {id}:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: ./{file}, Parameters: {{{parameters}}}}}\n"
        )
    };
    format!("Resources:\n{}", stacks.iter().map(stack).collect::<String>())
}

#[test]
fn nested_stacks_hand_principals_and_policies_to_those_beside_them() {
    let given = "Parameters:\n  Given: {Type: String}\n";
    let roles = role("Path: /", PROFILE, "Outputs:\n  Role: {Value: !Ref Chat}\n");
    let grants = |statement| format!("{given}{}", policy("Roles: [!Ref Given]", statement, ""));
    let root = nesting(&[("Roles", "roles.yaml", ""), ("Grants", "grants.yaml", "Given: !GetAtt Roles.Outputs.Role")]);
    let role_to =
        |statement| [("roles.yaml", roles.clone()), ("root.yaml", root.clone()), ("grants.yaml", grants(statement))];
    assert_eq!(rules(&role_to(MODELS)), []);
    assert_eq!(rules(&role_to(ONE_REGION)), named(&[("uncovered-destination-region", "grants.yaml")]));
    assert_eq!(rules(&role_to(OTHER)), named(&[("missing-model-grant", "roles.yaml")]));
    for left_out in 0..3 {
        let mut some = role_to(OTHER).to_vec();
        some.remove(left_out);
        assert_eq!(rules(&some), [], "without {left_out}");
    }

    let grants = |statement| policy("Path: /", statement, "Outputs:\n  Arn: {Value: !Ref Grant}\n");
    let roles = format!("{given}{}", role("ManagedPolicyArns: [!Ref Given]", PROFILE, ""));
    let root = nesting(&[("Grants", "grants.yaml", ""), ("Roles", "roles.yaml", "Given: !GetAtt Grants.Outputs.Arn")]);
    let policy_to =
        |statement| [("grants.yaml", grants(statement)), ("root.yaml", root.clone()), ("roles.yaml", roles.clone())];
    assert_eq!(rules(&policy_to(MODELS)), []);
    assert_eq!(rules(&policy_to(ONE_REGION)), named(&[("uncovered-destination-region", "grants.yaml")]));
    assert_eq!(rules(&policy_to(OTHER)), named(&[("missing-model-grant", "roles.yaml")]));
}

#[test]
fn nested_stacks_hand_principals_through_others() {
    let given = "Parameters:\n  Given: {Type: String}\n";
    let files = |statement| {
        let up = format!(
            "{}Outputs:\n  Role: {{Value: !GetAtt Inner.Outputs.Role}}\n",
            nesting(&[("Inner", "roles.yaml", "")])
        );
        let down = format!("{given}{}", nesting(&[("Inner", "grants.yaml", "Given: !Ref Given")]));
        let root = nesting(&[("Up", "up.yaml", ""), ("Down", "down.yaml", "Given: !GetAtt Up.Outputs.Role")]);
        [
            ("roles.yaml", role("Path: /", PROFILE, "Outputs:\n  Role: {Value: !Ref Chat}\n")),
            ("up.yaml", up),
            ("root.yaml", root),
            ("down.yaml", down),
            ("grants.yaml", format!("{given}{}", policy("Roles: [!Ref Given]", statement, ""))),
        ]
    };
    assert_eq!(rules(&files(MODELS)), []);
    assert_eq!(rules(&files(ONE_REGION)), named(&[("uncovered-destination-region", "grants.yaml")]));
    // and round in a circle
    let circle = format!(
        "{given}{}",
        nesting(&[("Self", "down.yaml", "Given: !Ref Given"), ("Inner", "grants.yaml", "Given: !Ref Given")])
    );
    let [_, _, _, _, grants] = files(MODELS);
    assert_eq!(rules(&[("down.yaml", circle), grants]), []);
}

#[test]
fn stacks_that_the_cdk_nests_say_what_they_are_in_their_metadata() {
    let stack = |file: &str, parameters: &str| {
        format!(
            r#"{{"Type": "AWS::CloudFormation::Stack", "Metadata": {{"aws:asset:path": "{file}"}}, "Properties": {{"TemplateURL": {{"Fn::Sub": "https://s3.${{AWS::Region}}.amazonaws.com/assets/0a1b.json"}}, "Parameters": {{{parameters}}}}}}}"#
        )
    };
    let (one, other) = (
        stack("One.nested.template.json", ""),
        stack("Other.nested.template.json", r#""Given": {"Fn::GetAtt": ["One", "Outputs.Role"]}"#),
    );
    let root = format!(r#"{{"Resources": {{"One": {one}, "Other": {other}}}}}"#);
    let files = |resource: &str| {
        let statement = |resource: &str| {
            format!(
                r#"{{"Statement": [{{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "{resource}"}}]}}"#
            )
        };
        let profile = statement("arn:aws:bedrock:us-east-1:*:inference-profile/us.anthropic.claude-sonnet-4-6");
        [
            ("Root.template.json", root.clone()),
            (
                "One.nested.template.json",
                format!(
                    r#"{{"Resources": {{"R": {{"Type": "AWS::IAM::Role", "Properties": {{"Policies": [{{"PolicyName": "p", "PolicyDocument": {profile}}}]}}}}}}, "Outputs": {{"Role": {{"Value": {{"Ref": "R"}}}}}}}}"#
                ),
            ),
            (
                "Other.nested.template.json",
                format!(
                    r#"{{"Parameters": {{"Given": {{"Type": "String"}}}}, "Resources": {{"P": {{"Type": "AWS::IAM::Policy", "Properties": {{"PolicyName": "p", "Roles": [{{"Ref": "Given"}}], "PolicyDocument": {}}}}}}}}}"#,
                    statement(resource)
                ),
            ),
        ]
    };
    assert_eq!(rules(&files("arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6")), []);
    assert_eq!(
        rules(&files("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-6")),
        named(&[("uncovered-destination-region", "Other.nested.template.json")])
    );
}

/// An object of Crossplane's provider.
fn object(kind: &str, metadata: &str, settings: &str) -> String {
    format!(
        "apiVersion: iam.aws.upbound.io/v1beta1\nkind: {kind}\nmetadata: {{{metadata}}}\nspec:\n  forProvider:\n{settings}"
    )
}

/// A document in an object.
fn document(statement: &[&str]) -> String {
    let resources = statement.iter().map(|resource| format!("\"{resource}\"")).collect::<Vec<_>>().join(", ");
    format!(
        "'{{\"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"bedrock:InvokeModel\", \"Resource\": [{resources}]}}]}}'"
    )
}

const PROFILE_ARN: &str = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6";
const MODELS_ARN: &str = "arn:aws:bedrock:us-*::foundation-model/anthropic.claude-sonnet-4-6";
const ONE_REGION_ARN: &str = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-6";

#[test]
fn objects_of_crossplane_in_files_of_their_own() {
    let profile = document(&[PROFILE_ARN]);
    let of = |name: &str, role: &str, document: &str| {
        object("RolePolicy", &format!("name: {name}"), &format!("    {role}\n    policy: {document}\n"))
    };
    // by the name of the role
    let inline = |role: &str, other: &str, arn| {
        [("iam/a.yaml", of("profile", role, &profile)), ("iam/b.yaml", of("models", other, &document(&[arn])))]
    };
    let chat = "roleRef: {name: chat}";
    assert_eq!(rules(&inline(chat, chat, MODELS_ARN)), []);
    assert_eq!(rules(&inline(chat, "role: chat", MODELS_ARN)), []);
    assert_eq!(rules(&inline(chat, chat, ONE_REGION_ARN)), named(&[("uncovered-destination-region", "iam/b.yaml")]));
    let apart = [("missing-model-grant", "iam/a.yaml"), ("missing-profile-grant", "iam/b.yaml")];
    assert_eq!(rules(&inline(chat, "roleRef: {name: worker}", MODELS_ARN)), named(&apart), "of two roles");

    // by what attaches a policy
    let attached = |reference: &str, arn: &str| {
        let role = object("Role", "name: chat", "    assumeRolePolicy: '{\"Statement\": []}'\n");
        let policy = format!("    policy: {}\n", document(&[arn]));
        [
            ("role.yaml", role),
            ("inline.yaml", of("profile", chat, &profile)),
            ("models.yaml", object("Policy", "name: models, labels: {for: bedrock}", &policy)),
            ("attach.yaml", object("RolePolicyAttachment", "name: attach", &format!("    {reference}\n    {chat}\n"))),
        ]
    };
    for reference in ["policyArnRef: {name: models}", "policyArnSelector: {matchLabels: {for: bedrock}}"] {
        assert_eq!(rules(&attached(reference, MODELS_ARN)), [], "{reference}");
        let wrong = rules(&attached(reference, ONE_REGION_ARN));
        assert_eq!(wrong, named(&[("uncovered-destination-region", "models.yaml")]), "{reference}");
    }
    let found = rules(&attached("policyArnRef: {name: others}", MODELS_ARN));
    assert_eq!(found, named(&[("missing-profile-grant", "models.yaml")]), "what the role has beside is not known");
    let found = rules(&attached("policyArn: arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", MODELS_ARN));
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn a_role_of_crossplane_with_policies_of_its_own() {
    let role = |arn| {
        let policies = format!("    inlinePolicy: [{{name: models, policy: {}}}]\n", document(&[arn]));
        let more = format!("    role: chat\n    policy: {}\n", document(&[PROFILE_ARN]));
        format!("{}---\n{}", object("Role", "name: chat", &policies), object("RolePolicy", "name: more", &more))
    };
    assert_eq!(rules(&[("role.yaml", role(MODELS_ARN))]), []);
    assert_eq!(rules(&[("role.yaml", role(ONE_REGION_ARN))]), named(&[("uncovered-destination-region", "role.yaml")]));
}

#[test]
fn a_role_of_ack_and_the_policy_that_it_names() {
    let head = |kind: &str, name: &str| {
        format!(
            "apiVersion: iam.services.k8s.aws/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n  name: {name}\n"
        )
    };
    let files = |named: &str, arn| {
        let role = format!(
            "{}  policyRefs: [{{from: {{name: {named}}}}}]\n  inlinePolicies:\n    own: {}\n",
            head("Role", "chat"),
            document(&[PROFILE_ARN])
        );
        let policy = format!("{}  policyDocument: {}\n", head("Policy", "models"), document(&[arn]));
        [("role.yaml", role), ("policy.yaml", policy)]
    };
    assert_eq!(rules(&files("models", MODELS_ARN)), []);
    assert_eq!(rules(&files("models", ONE_REGION_ARN)), named(&[("uncovered-destination-region", "policy.yaml")]));
    assert_eq!(rules(&files("others", MODELS_ARN)), named(&[("missing-profile-grant", "policy.yaml")]));
}

#[test]
fn a_role_of_one_name_in_a_template_and_in_terraform() {
    let attached = |role: &str, arn: &str| {
        format!(
            "resource \"aws_iam_role_policy\" \"models\" {{\n  role   = \"{role}\"\n  policy = jsonencode({{ Version = \"2012-10-17\", \
             Statement = [{{ Effect = \"Allow\", Action = \"bedrock:InvokeModel\", Resource = \"{arn}\" }}] }})\n}}\n"
        )
    };
    let both = |name, arn| [("main.tf", attached(name, arn)), ("role.yaml", role("RoleName: chat", PROFILE, ""))];
    assert_eq!(rules(&both("chat", MODELS_ARN)), []);
    assert_eq!(rules(&both("chat", ONE_REGION_ARN)), named(&[("uncovered-destination-region", "main.tf")]));
    // of two roles; the other one is made elsewhere, and granted what it is there
    assert_eq!(rules(&both("chat2", MODELS_ARN)), named(&[("missing-model-grant", "role.yaml")]));
    // and the other way round
    let made = |arn| {
        let role = "resource \"aws_iam_role\" \"chat\" {\n  name               = \"chat\"\n  assume_role_policy = jsonencode({ Statement = [] })\n}\n";
        format!("{role}{}", attached("chat", arn))
    };
    let both = |arn| [("main.tf", made(arn)), ("grant.yaml", policy("Roles: [chat]", PROFILE, ""))];
    assert_eq!(rules(&both(MODELS_ARN)), []);
    assert_eq!(rules(&both(ONE_REGION_ARN)), named(&[("uncovered-destination-region", "main.tf")]));
}

#[test]
fn a_knowledge_base_whose_role_is_granted_another_model() {
    let template = |region: &str, model: &str, granted: &str| {
        let statement = format!(
            "{{Effect: Allow, Action: 'bedrock:InvokeModel', Resource: !Sub 'arn:aws:bedrock:{region}::foundation-model/{granted}'}}"
        );
        let base = format!(
            "  Base:\n    Type: AWS::Bedrock::KnowledgeBase\n    Properties: {{RoleArn: !GetAtt Chat.Arn, KnowledgeBaseConfiguration: \
             {{VectorKnowledgeBaseConfiguration: {{EmbeddingModelArn: !Sub 'arn:aws:bedrock:{region}::foundation-model/{model}'}}}}}}\n"
        );
        rules(&[("base.yaml", role("Path: /", &statement, &base))])
    };
    let (own, other) = ("amazon.titan-embed-text-v2:0", "cohere.embed-english-v3");
    for region in ["us-east-1", "${AWS::Region}"] {
        assert_eq!(template(region, own, own), [], "{region}");
        assert_eq!(template(region, own, "*"), [], "{region}");
        assert_eq!(template(region, own, other), named(&[("uncallable-model", "base.yaml")]), "{region}");
    }
}
