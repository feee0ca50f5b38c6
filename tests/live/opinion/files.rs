//! Policies of files, which AWS is asked about as they are sent.

use super::*;

/// A policy that allows what is called, in the layout of somebody.
const POLICY: &str = "{\n\t\"Version\" : \"2012-10-17\",\n\t\"Statement\" : [ {\n\t\t\"Sid\":\"Invoke\", \"Effect\":\"Allow\",\n\t\t\
    \"Action\" : \"bedrock:InvokeModel*\", \"Resource\" : [\"arn:aws:bedrock:*::foundation-model/*\",\n\t\t\
    \"arn:aws:bedrock:*:123456789012:inference-profile/*\"], \"Condition\": { \"StringLike\": { \"aws:PrincipalTag/team\": \
    \"a+b & c=d %20 é*\" } }\n\t} ]\n}\n";

const EVERYTHING: &str =
    r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] }"#;

/// The documents of a list of a simulation.
fn list(question: &Question, name: &str) -> Vec<String> {
    (1..).map_while(|index| question.fields.get(&format!("{name}.member.{index}")).cloned()).collect()
}

#[test]
fn a_document_is_sent_as_it_stands() {
    let server = serve(account(), says(allowed("PolicyInputList.1", 3, 18)));
    let folder = Folder::new(&[("policy.json", POLICY)]);
    let tag = ["--context", "aws:PrincipalTag/team=a+b & c=d %20 é!"];
    let run = run_in(&folder, &server, &[&["--policy", "policy.json", "--format", "json"], &tag[..]].concat());
    assert_eq!((run.code, warnings(&run)), (0, Vec::new()), "{}", run.err);
    let asked = simulations(&server);
    assert_eq!(asked.len(), 4);
    for question in asked {
        assert_eq!(question.operation, "iam:SimulateCustomPolicy");
        assert_eq!(list(&question, "PolicyInputList"), [POLICY.trim_end()]);
        assert!(list(&question, "PermissionsBoundaryPolicyInputList").is_empty());
        assert!(question.field("PolicySourceArn").is_empty());
        assert_eq!(context(&question)["aws:PrincipalTag/team"].1, ["a+b & c=d %20 é!"]);
    }
    // nobody of the account is read
    assert!(server.asked().iter().all(|one| is_simulation(one) || one.operation == "sts:GetCallerIdentity"));
    let answer = answer(&run);
    assert_eq!(answer["live"]["principal"], Value::Null);
    let statement = &answer["requirements"][0]["aws"]["statements"][0];
    assert_eq!((&statement["path"], &statement["sid"]), (&json!("policy.json"), &json!("Invoke")));
    assert_eq!(statement["start"], answer["requirements"][0]["statement"]["start"]);
    assert_eq!(statement["start"]["line"], 3);
}

#[test]
fn several_documents_and_a_boundary_are_lists() {
    let matched = vec![("PolicyInputList.2", 1, 44), ("PermissionsBoundaryPolicyInputList.1", 1, 44)];
    let evaluation = Evaluation { matched, by_boundary: Some(true), ..decided("allowed") };
    let server = serve(account(), says(evaluation));
    let folder =
        Folder::new(&[("a.json", super::super::ELSEWHERE), ("b.json", EVERYTHING), ("limit.json", EVERYTHING)]);
    let options = ["--policy", "a.json", "--policy", "b.json", "--boundary", "limit.json", "--format", "json"];
    let run = run_in(&folder, &server, &options);
    assert_eq!((run.code, warnings(&run)), (0, Vec::new()), "{}", run.err);
    for question in simulations(&server) {
        assert_eq!(list(&question, "PolicyInputList"), [super::super::ELSEWHERE, EVERYTHING]);
        assert_eq!(list(&question, "PermissionsBoundaryPolicyInputList"), [EVERYTHING]);
    }
    let opinion = &opinions(&run)[0];
    let paths: Vec<_> = opinion["statements"].as_array().unwrap().iter().map(|one| &one["path"]).collect();
    assert_eq!(paths, [&json!("b.json"), &json!("limit.json")]);
    assert_eq!(opinion["allowed_by_boundary"], true);
}

#[test]
fn other_formats_are_sent_as_json() {
    let terraform = r#"
resource "aws_iam_policy" "invoke" {
  name = "invoke"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Sid = "First", Effect = "Allow", Action = ["s3:*"], Resource = ["*"] }, {
      Sid      = "Second"
      Effect   = "Allow"
      Action   = ["bedrock:InvokeModel*"]
      Resource = ["*"]
    }]
  })
}
"#;
    let yaml = "Version: 2012-10-17\nStatement:\n  - Sid: First\n    Effect: Allow\n    Action: s3:*\n    Resource: '*'\n  \
                - Sid: Second\n    Effect: Allow\n    Action: [bedrock:InvokeModel*]\n    Resource: '*'\n";
    let expected = json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": "First", "Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"] },
        { "Sid": "Second", "Effect": "Allow", "Action": ["bedrock:InvokeModel*"], "Resource": ["*"] },
    ] });
    for (name, text, line) in [("policy.yaml", yaml, 7), ("main.tf", terraform, 6)] {
        let server = serve(account(), says(allowed("PolicyInputList.1", 3, 1)));
        let run = run_in(&Folder::new(&[(name, text)]), &server, &["--policy", name, "--format", "json"]);
        assert_eq!((run.code, warnings(&run)), (0, Vec::new()), "{name}: {}", run.err);
        let [document] = list(&simulations(&server)[0], "PolicyInputList").try_into().unwrap();
        assert_eq!(serde_json::from_str::<Value>(&document).unwrap(), expected, "{name}");
        // what AWS says of a line of that document is told of the file
        let statement = &opinions(&run)[0]["statements"][0];
        assert_eq!((&statement["path"], &statement["sid"]), (&json!(name), &json!("Second")), "{statement}");
        assert_eq!(statement["start"]["line"], line, "{name}");
    }
}

#[test]
fn a_document_that_aws_does_not_take_is_told() {
    let server = serve(account(), |question| {
        let said = "Syntax errors in policy.";
        is_simulation(question).then(|| recorded::error(question, 400, "MalformedPolicyDocument", said))
    });
    let run = run_in(&Folder::new(&[("policy.json", EVERYTHING)]), &server, &["--policy", "policy.json"]);
    assert_eq!(run.code, 3, "{}", run.err);
    let [told] = warnings(&run).try_into().unwrap();
    let why = "warning: `iam:SimulateCustomPolicy` was refused (MalformedPolicyDocument): Syntax errors in policy.; not checked:";
    assert!(told.starts_with(why), "{told}");
    assert!(
        run.err.ends_with("error: the live check could not be made: AWS simulated none of the requests\n"),
        "{}",
        run.err
    );
    // ours is told all the same
    assert!(run.out.starts_with("allowed: ") && !run.out.contains("AWS"), "{}", run.out);
}

#[test]
fn what_cannot_be_sent_is_not_asked() {
    let open = EVERYTHING.replace("\"*\" }]", "\"arn:aws:bedrock:${AWS_REGION}::foundation-model/*\" }]");
    let server = serve(account(), says(allowed("PolicyInputList.1", 1, 44)));
    let run = run_in(&Folder::new(&[("policy.json", &open)]), &server, &["--policy", "policy.json"]);
    let [told] = warnings(&run).try_into().unwrap();
    assert!(told.contains("AWS was not asked: a part of the policy in `policy.json` is filled in later"), "{told}");
    assert!(simulations(&server).is_empty() && run.code != 3, "{}", run.err);
}
