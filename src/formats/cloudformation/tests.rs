#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

use std::sync::Arc;

use crate::formats::{BoundaryFact, Facts, FormatOptions, Grants, PolicyKind, PrincipalFact, read};
use crate::iam::Pattern;
use crate::source::Source;
use crate::text::Count;

fn facts_of(name: &str, text: &str) -> Facts {
    let facts = read(&Arc::new(Source::new(name, text)), &FormatOptions::default(), true);
    assert_eq!(facts.problems, [], "{text}");
    facts
}

fn facts(text: &str) -> Facts {
    facts_of("stack.yaml", text)
}

/// A template with a managed policy of these lines below `Resource:`.
fn with_resource(sections: &str, resource: &str) -> String {
    let resource = resource.replace('\n', "\n            ");
    format!(
        "{sections}Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        \
         Version: '2012-10-17'\n        Statement:\n        - Effect: Allow\n          Action: bedrock:InvokeModel\n          \
         Resource:\n            {resource}\n"
    )
}

fn resources(facts: &Facts) -> Vec<Pattern> {
    facts.policies[0].policy.statements[0].named_resources().to_vec()
}

/// What the resources are read as.
fn read_as(sections: &str, resource: &str) -> Vec<String> {
    resources(&facts(&with_resource(sections, resource))).iter().map(|one| one.as_str().to_owned()).collect()
}

#[test]
fn intrinsic_functions_are_read_in_both_spellings() {
    let parameters = "Parameters:\n  Model: {Type: String, Default: anthropic.x}\n  Ids: {Type: CommaDelimitedList, Default: 'a, b'}\n\
                      Mappings:\n  Stage: {dev: {Model: anthropic.y}}\n";
    for (written, expected) in [
        (
            "!Sub 'arn:${AWS::Partition}:bedrock:*::foundation-model/${Model}'",
            "arn:${AWS::Partition}:bedrock:*::foundation-model/anthropic.x",
        ),
        ("Fn::Sub: 'foundation-model/${Model}'", "foundation-model/anthropic.x"),
        ("!Sub ['foundation-model/${M}', {M: !FindInMap [Stage, dev, Model]}]", "foundation-model/anthropic.y"),
        (
            "!Sub ['foundation-model/${M}', {M: {'Fn::FindInMap': [Stage, !Ref Unknown, Model]}}]",
            "foundation-model/${Fn::FindInMap('Stage', Unknown, 'Model')}",
        ),
        ("!Sub 'agent/${!aws:PrincipalTag/a}'", "agent/${aws:PrincipalTag/a}"),
        ("!Sub '${unclosed'", "${unclosed"),
        ("!Join [':', [arn, {Ref: 'AWS::Partition'}, bedrock]]", "arn:${AWS::Partition}:bedrock"),
        ("{'Fn::Join': ['', ['foundation-model/', !Ref Model]]}", "foundation-model/anthropic.x"),
        ("!Join [',', !Ref Ids]", "a,b"),
        ("!Select [1, !Ref Ids]", "b"),
        ("!Select [1, !Split ['/', 'foundation-model/anthropic.z']]", "anthropic.z"),
        ("!Ref Model", "anthropic.x"),
        ("!If [Unknown, same, same]", "same"),
        ("!If [Unknown, one, other]", "${…}"),
        ("!ImportValue other-stack", "${…}"),
        ("!GetAtt Bucket.Arn", "${…}"),
    ] {
        assert_eq!(read_as(parameters, written), [expected], "{written}");
    }
    assert_eq!(read_as(parameters, "!Ref Ids"), ["a", "b"]);
}

#[test]
fn parameters_without_a_value_are_holes() {
    for parameter in [
        "{Type: String}",
        "{Type: String, AllowedValues: [anthropic.x, anthropic.y]}",
        "{Type: String, Default: ''}",
        "{Type: String, Default: '<your-model>'}",
        "{Type: String, Default: anthropic.x, NoEcho: true}",
        "{Type: 'AWS::SSM::Parameter::Value<String>', Default: /models/main}",
    ] {
        let sections = format!("Parameters:\n  Model: {parameter}\n");
        let facts = facts(&with_resource(&sections, "!Sub 'foundation-model/${Model}'"));
        let pattern = &resources(&facts)[0];
        assert_eq!(pattern.as_str(), "foundation-model/${Model}", "{parameter}");
        assert_eq!(pattern.text().holes()[0].count, Count::Single, "{parameter}");
    }
}

#[test]
fn conditions_are_decided_where_parameters_cannot_change_them() {
    let sections = "Parameters:\n  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}\n  Free: {Type: String, Default: dev}\n\
                    Conditions:\n  Never: !Equals [!Ref Stage, test]\n  Always: !Not [!Condition Never]\n  \
                    Both: {'Fn::And': [{Condition: Always}, !Equals [a, a]]}\n  Open: !Equals [!Ref Stage, dev]\n  \
                    Default: !Equals [!Ref Free, dev]\n  Round: !Condition Trip\n  Trip: !Not [!Condition Round]\n";
    for (condition, expected) in [
        ("Never", "no"),
        ("Always", "yes"),
        ("Both", "yes"),
        ("Open", "${…}"),
        ("Default", "${…}"),
        ("Round", "${…}"),
        ("Missing", "${…}"),
    ] {
        let written = format!("!If [{condition}, 'yes', 'no']");
        assert_eq!(read_as(sections, &written), [expected], "{condition}");
    }
    assert_eq!(read_as(sections, "- a\n- !If [Never, b, !Ref 'AWS::NoValue']"), ["a"]);
    assert_eq!(read_as(sections, "- a\n- !If [Open, b, !Ref 'AWS::NoValue']"), ["a", "${…}"]);
}

#[test]
fn a_statement_under_a_condition_may_be_there() {
    let text = "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n        \
                - !If\n          - Wide\n          - {Effect: Allow, Action: 'bedrock:*', Resource: 'arn:aws:bedrock:::x'}\n          \
                - !Ref AWS::NoValue\n";
    let facts = facts(text);
    let statements = &facts.policies[0].policy.statements;
    assert_eq!(statements.len(), 1);
    assert_eq!(statements[0].named_resources()[0].as_str(), "arn:aws:bedrock:::x");
    assert_eq!(statements[0].conditions.len(), 1, "whether it is there is not known");
}

/// What is underlined for the resource, and for a part of it.
fn underlined<'t>(text: &'t str, facts: &Facts, part: &str) -> (&'t str, &'t str) {
    let pattern = &resources(facts)[0];
    let start = pattern.as_str().find(part).unwrap();
    let of_part = pattern.text().span_of(start..start + part.len());
    (&text[pattern.text().span().range()], &text[of_part.range()])
}

#[test]
fn strings_lead_back_through_every_layer() {
    let model = "Parameters:\n  Model: {Type: String, Default: anthropic.x}\n";
    for (written, whole, part, expected) in [
        ("!Sub arn:${AWS::Region}::m/${Model}", "arn:${AWS::Region}::m/${Model}", "anthropic.x", "${Model}"),
        ("!Sub \"arn:\\u0062${Model}/z\"", "arn:\\u0062${Model}/z", "b", "\\u0062"),
        ("!Sub \"arn:\\u0062${Model}/z\"", "arn:\\u0062${Model}/z", "/z", "/z"),
        ("!Sub >-\n  arn:${Model}:\n  end", "arn:${Model}:\n              end", "end", "end"),
        ("!Join ['', [\"arn:\", !Ref Model, \":end\"]]", "arn:\", !Ref Model, \":end", "anthropic.x", "!Ref Model"),
        ("!Join ['', [\"arn:\", !Ref Model, \":end\"]]", "arn:\", !Ref Model, \":end", ":end", ":end"),
        ("!Sub ['a/${M}/b', {M: literal}]", "a/${M}/b", "literal", "${M}"),
        ("!Ref Model", "anthropic.x", "anthropic", "anthropic"),
    ] {
        let text = with_resource(model, written);
        assert_eq!(underlined(&text, &facts(&text), part), (whole, expected), "{written}");
    }
}

#[test]
fn strings_of_json_lead_back_too() {
    let text = r#"{"Resources": {"P": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": {
        "Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": [
        {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":bedrock:\u002a::foundation-model/", "anthropic.x"]]}]}}}}}}"#;
    let facts = facts_of("cdk.out/Stack.template.json", text);
    let (whole, part) = underlined(text, &facts, "*");
    assert!(whole.starts_with("arn:\", {") && whole.ends_with("anthropic.x"), "{whole}");
    assert_eq!(part, "\\u002a");
}

#[test]
fn a_document_in_a_block_of_json_is_read_with_what_is_put_into_it() {
    let text = "Resources:\n  S:\n    Type: AWS::SSO::PermissionSet\n    Properties:\n      InlinePolicy: !Sub |\n        {\n          \
                \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"bedrock:InvokeModel\",\n            \
                \"Resource\": \"arn:aws:bedrock:${AWS::Region}::foundation-model/anthropic.x\"}]\n        }\n";
    let facts = facts(text);
    let (whole, part) = underlined(text, &facts, "anthropic.x");
    assert_eq!(whole, "arn:aws:bedrock:${AWS::Region}::foundation-model/anthropic.x");
    assert_eq!(part, "anthropic.x");
    assert_eq!(resources(&facts)[0].text().holes().len(), 1);
    assert_eq!(facts.principals[0].policies, [0]);
}

fn principal<'f>(facts: &'f Facts, name: &str) -> &'f PrincipalFact {
    let found = facts.principals.iter().find(|principal| principal.name == name);
    assert!(found.is_some(), "no {name} among {:?}", facts.principals);
    found.unwrap()
}

const DOCUMENT: &str = "{Statement: [{Effect: Allow, Action: 'bedrock:InvokeModel', Resource: '*'}]}";

#[test]
fn the_policies_of_a_role_are_one_set() {
    let text = format!(
        "Resources:\n  Caller:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: caller\n      \
         PermissionsBoundary: !Ref Limit\n      ManagedPolicyArns:\n      - !Ref Shared\n      \
         - !Sub arn:${{AWS::Partition}}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole\n      \
         AssumeRolePolicyDocument: {{Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}]}}\n      \
         Policies: [{{PolicyName: own, PolicyDocument: {DOCUMENT}}}]\n  \
         Shared: {{Type: 'AWS::IAM::ManagedPolicy', Properties: {{PolicyDocument: {DOCUMENT}}}}}\n  \
         Limit: {{Type: 'AWS::IAM::ManagedPolicy', Properties: {{PolicyDocument: {DOCUMENT}}}}}\n  \
         ByRef: {{Type: 'AWS::IAM::Policy', Properties: {{Roles: [!Ref Caller], PolicyDocument: {DOCUMENT}}}}}\n  \
         ByName: {{Type: 'AWS::IAM::RolePolicy', Properties: {{RoleName: caller, PolicyDocument: {DOCUMENT}}}}}\n  \
         Elsewhere: {{Type: 'AWS::IAM::Policy', Properties: {{Roles: [!Ref Given], PolicyDocument: {DOCUMENT}}}}}\n"
    );
    let facts = facts(&text);
    let caller = principal(&facts, "role Caller");
    let names: Vec<&str> =
        caller.policies.iter().map(|index| facts.policies[*index].name.as_deref().unwrap()).collect();
    assert_eq!(names, ["Caller/own", "Shared", "ByRef", "ByName"]);
    assert_eq!(caller.grants, Grants::Named);
    let limit = facts.policies.iter().position(|fact| fact.kind == PolicyKind::Boundary).unwrap();
    assert_eq!((caller.boundary, facts.policies[limit].name.as_deref()), (BoundaryFact::Policy(limit), Some("Limit")));
    assert_eq!(facts.policies[caller.trust.unwrap()].kind, PolicyKind::Trust);
    assert_eq!(principal(&facts, "role Given").policies.len(), 1);
}

#[test]
fn what_cannot_be_read_makes_a_set_partial() {
    for attached in [
        "ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonBedrockFullAccess']",
        "ManagedPolicyArns: [!Ref Given]",
        "ManagedPolicyArns: !Ref Given",
        "ManagedPolicyArns: [!Sub 'arn:aws:iam::aws:policy/${Given}']",
        "Policies: [{PolicyName: p, PolicyDocument: !Ref Given}]",
        "Policies: !Ref Given",
    ] {
        let text = format!("Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      {attached}\n");
        assert_eq!(principal(&facts(&text), "role R").grants, Grants::Partial, "{attached}");
    }
}

#[test]
fn sam_makes_a_role_of_the_policies_of_a_function() {
    let text = format!(
        "Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function: {{Environment: {{Variables: {{MODEL_ID: us.anthropic.claude-sonnet-4-6}}}}}}\n\
         Resources:\n  Chat:\n    Type: AWS::Serverless::Function\n    Properties:\n      Environment: {{Variables: {{LOG: info}}}}\n      \
         Policies:\n      - AWSLambdaBasicExecutionRole\n      - S3ReadPolicy: {{BucketName: b}}\n      - {DOCUMENT}\n  \
         Open:\n    Type: AWS::Serverless::Function\n    Properties: {{Policies: AmazonBedrockFullAccess}}\n  \
         Given:\n    Type: AWS::Serverless::Function\n    Properties: {{Role: !GetAtt Other.Arn, Policies: [{DOCUMENT}]}}\n"
    );
    let facts = facts(&text);
    let chat = principal(&facts, "role ChatRole");
    assert_eq!((chat.policies.len(), chat.grants), (1, Grants::Named));
    let adapter = &facts.adapters[chat.adapters[0]].adapter;
    assert_eq!(adapter.models[0].id.as_str(), "us.anthropic.claude-sonnet-4-6");
    assert_eq!(principal(&facts, "role OpenRole").grants, Grants::Partial);
    assert_eq!((facts.principals.len(), facts.policies.len()), (2, 1), "a role that is given has policies of its own");
}

#[test]
fn resources_call_as_their_roles() {
    let text = "Parameters:\n  Model: {Type: String, Default: us.anthropic.claude-sonnet-4-6}\n\
                Resources:\n  R: {Type: 'AWS::IAM::Role', Properties: {}}\n  \
                L: {Type: 'AWS::Lambda::Function', Properties: {Role: !GetAtt R.Arn, Environment: {Variables: {MODEL_ID: !Ref Model}}}}\n  \
                T: {Type: 'AWS::ECS::TaskDefinition', Properties: {TaskRoleArn: !Ref R, ContainerDefinitions: [{Environment: [{Name: BEDROCK_MODEL_ID, Value: us.anthropic.claude-sonnet-4-6}, {Name: AWS_REGION, Value: us-west-2}]}]}}\n  \
                A: {Type: 'AWS::Bedrock::Agent', Properties: {AgentResourceRoleArn: !Sub '${R.Arn}', FoundationModel: us.anthropic.claude-sonnet-4-6}}\n  \
                K: {Type: 'AWS::Bedrock::KnowledgeBase', Properties: {RoleArn: !GetAtt [R, Arn], KnowledgeBaseConfiguration: {VectorKnowledgeBaseConfiguration: {EmbeddingModelArn: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0'}}}}\n  \
                F: {Type: 'AWS::Bedrock::Flow', Properties: {Definition: {Nodes: [{Configuration: {Prompt: {SourceConfiguration: {Inline: {ModelId: amazon.nova-lite-v1:0}}}}}]}}}\n  \
                S: {Type: 'AWS::AppRunner::Service', Properties: {SourceConfiguration: {ImageRepository: {ImageConfiguration: {RuntimeEnvironmentVariables: [{Name: MODEL_ID, Value: amazon.nova-lite-v1:0}]}}}}}\n";
    let facts = facts(text);
    let models: Vec<(&str, &str)> = facts
        .adapters
        .iter()
        .map(|fact| (fact.adapter.name.as_deref().unwrap(), fact.adapter.models[0].id.as_str()))
        .collect();
    assert_eq!(
        models,
        [
            ("L", "us.anthropic.claude-sonnet-4-6"),
            ("T", "us.anthropic.claude-sonnet-4-6"),
            ("A", "us.anthropic.claude-sonnet-4-6"),
            ("K", "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"),
            ("F", "amazon.nova-lite-v1:0"),
            ("S", "amazon.nova-lite-v1:0"),
        ]
    );
    assert_eq!(principal(&facts, "role R").adapters, [0, 1, 2, 3]);
    let regions: Vec<Option<&str>> =
        facts.adapters.iter().map(|fact| fact.adapter.region.as_ref().unwrap().literal()).collect();
    // a knowledge base names the stack's own, and nothing else tells it
    assert_eq!(regions, [None, Some("us-west-2"), None, Some("us-east-1"), None, None]);
    let default = facts.adapters[0].adapter.models[0].id.span();
    assert_eq!(&text[default.range()], "us.anthropic.claude-sonnet-4-6");
    assert!(text[..default.range().start].ends_with("Default: "));
    assert!(facts.references.iter().any(|reference| reference.at.span == default && reference.overridable));
}

#[test]
fn state_machines_call_what_their_tasks_name() {
    let text = "Resources:\n  R: {Type: 'AWS::IAM::Role', Properties: {}}\n  \
                Inline:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      RoleArn: !GetAtt R.Arn\n      \
                DefinitionString: !Sub |\n        {\"States\": {\"Ask\": {\"Type\": \"Task\", \"Resource\": \"arn:${AWS::Partition}:states:::bedrock:invokeModel\",\n        \
                \"Parameters\": {\"ModelId\": \"arn:aws:bedrock:${AWS::Region}::foundation-model/amazon.nova-lite-v1:0\"}}}}\n  \
                Apart:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      DefinitionUri: ask.asl.json\n      \
                DefinitionSubstitutions: {ChatModelId: us.anthropic.claude-sonnet-4-6, Table: !Ref Table}\n";
    let facts = facts(text);
    let called: Vec<&str> = facts.adapters.iter().map(|fact| fact.adapter.models[0].id.as_str()).collect();
    assert_eq!(
        called,
        ["arn:aws:bedrock:${AWS::Region}::foundation-model/amazon.nova-lite-v1:0", "us.anthropic.claude-sonnet-4-6"]
    );
    let model = &facts.adapters[0].adapter.models[0].id;
    let id = model.as_str().find("amazon").unwrap();
    assert_eq!(&text[model.span_of(id..model.as_str().len()).range()], "amazon.nova-lite-v1:0");
    assert_eq!(principal(&facts, "role R").adapters, [0]);
    assert_eq!(principal(&facts, "role ApartRole").adapters, [1]);
}

#[test]
fn services_of_the_serverless_framework_have_one_role() {
    let text = "service: chat\ncustom:\n  models: {chat: us.anthropic.claude-sonnet-4-6, base: \"anthropic.${self:custom.name}\"}\n  name: claude-sonnet-4-6\n  \
                loop: ${self:custom.loop}\nprovider:\n  name: aws\n  region: ${opt:region, 'us-west-2'}\n  environment: {LOOP: '${self:custom.loop}'}\n  \
                iam:\n    role:\n      managedPolicies: [!Ref Given]\n      statements:\n      - Effect: Allow\n        Action: bedrock:InvokeModel\n        \
                Resource:\n        - arn:aws:bedrock:${aws:region}:${aws:accountId}:inference-profile/${self:custom.models.chat}\n        \
                - !Sub arn:${AWS::Partition}:bedrock:*::foundation-model/${self:custom.models.base}\n        - 'arn:aws:s3:::${self:custom.${opt:stage}.bucket}'\n\
                functions:\n  ask:\n    handler: app.ask\n    environment: {MODEL_ID: '${self:custom.models.chat}'}\n\
                resources:\n  Resources:\n    Given: {Type: 'AWS::IAM::ManagedPolicy', Properties: {PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}}}\n";
    let facts = facts_of("serverless.yml", text);
    let role = principal(&facts, "role IamRoleLambdaExecution");
    assert_eq!((role.policies.len(), role.grants), (2, Grants::Named));
    let policy = &facts.policies[role.policies[0]].policy;
    let read_as: Vec<&str> = policy.statements[0].named_resources().iter().map(Pattern::as_str).collect();
    assert_eq!(
        read_as,
        [
            "arn:aws:bedrock:${aws:region}:${aws:accountId}:inference-profile/us.anthropic.claude-sonnet-4-6",
            "arn:${AWS::Partition}:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6",
            "arn:aws:s3:::${self:custom.${opt:stage}.bucket}",
        ]
    );
    let holes: Vec<usize> = policy.statements[0].named_resources().iter().map(|one| one.text().holes().len()).collect();
    assert_eq!(holes, [2, 1, 1]);
    let adapter = &facts.adapters[role.adapters[0]].adapter;
    assert_eq!(adapter.region.as_ref().unwrap().literal(), Some("us-west-2"));
    let model = adapter.models[0].id.span();
    assert_eq!(&text[model.range()], "us.anthropic.claude-sonnet-4-6");
}

#[test]
fn policies_of_other_resources_are_told_apart() {
    let text = format!(
        "Resources:\n  \
         S: {{Type: 'AWS::Organizations::Policy', Properties: {{Type: SERVICE_CONTROL_POLICY, Content: {DOCUMENT}}}}}\n  \
         J: {{Type: 'AWS::Organizations::Policy', Properties: {{Type: SERVICE_CONTROL_POLICY, Content: {{'Fn::ToJsonString': {DOCUMENT}}}}}}}\n  \
         T: {{Type: 'AWS::Organizations::Policy', Properties: {{Type: TAG_POLICY, Content: {DOCUMENT}}}}}\n  \
         E: {{Type: 'AWS::EC2::VPCEndpoint', Properties: {{PolicyDocument: {DOCUMENT}}}}}\n  \
         B: {{Type: 'AWS::S3::BucketPolicy', Properties: {{PolicyDocument: {{Statement: [{{Effect: Allow, Action: 's3:*', Resource: '*'}}]}}}}}}\n"
    );
    let kinds: Vec<PolicyKind> = facts(&text).policies.iter().map(|fact| fact.kind).collect();
    assert_eq!(kinds, [PolicyKind::Scp, PolicyKind::Scp, PolicyKind::Endpoint]);
}

#[test]
fn hostile_templates_end() {
    // each value doubles the one before
    let mut doubled = "'x'".to_owned();
    for _ in 0..60 {
        doubled = format!("{{'Fn::Sub': ['${{a}}${{a}}', {{a: {doubled}}}]}}");
    }
    facts(&with_resource("", &doubled));
    // a long default in many places
    let long = "y".repeat(100_000);
    let many = "- !Sub 'a${L}'\n".repeat(2_000);
    facts(&with_resource(&format!("Parameters:\n  L: {{Type: String, Default: {long}}}\n"), many.trim_end()));
    // a chain of conditions, and a ring of them
    let chain: String = (0..20_000).map(|n| format!("  C{n}: !Not [!Condition C{}]\n", n + 1)).collect();
    facts(&with_resource(&format!("Conditions:\n{chain}  C20000: !Condition C0\n"), "!If [C0, a, b]"));
    // nesting
    let deep = format!("{}a{}", "!Join ['', [".repeat(90), "]]".repeat(90));
    assert_eq!(read_as("", &deep), ["a"]);
    // parameters that are called like functions of the evaluator
    assert_eq!(read_as("", "!Sub 'x/${merge}/${concat}'"), ["x/${merge}/${concat}"]);
}

#[test]
fn many_resources_are_read_in_little_time() {
    let mut text = "Resources:\n".to_owned();
    for n in 0..20_000 {
        text.push_str(&format!(
            "  R{n}: {{Type: 'AWS::IAM::Role', Properties: {{Policies: [{{PolicyName: p, PolicyDocument: {DOCUMENT}}}]}}}}\n"
        ));
    }
    let facts = facts(&text);
    assert_eq!((facts.principals.len(), facts.policies.len()), (20_000, 20_000));
}
