//! `can-invoke --live` over real HTTP: AWS's answers beside ours. The simulator says what a test says.

mod faults;
mod files;
mod principals;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::recorded::{self, ACCOUNT, Account, Evaluation, Holder, allowed, decided, simulated, simulated_page};
use super::server::{Answer, Question, Server};
use super::{ENOUGH, Folder, MODEL, PROFILE, Run, account, ask, serve, valid, warnings};

/// The role whose policies act.
const ROLE: &str = "arn:aws:iam::123456789012:role/app";

/// `can-invoke` with the call that all of these tests ask about.
fn call<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let call = ["can-invoke", "--as-of", "2026-11-22", "--model", PROFILE, "--region", "us-east-1"];
    call.into_iter().chain(more.iter().copied()).collect()
}

/// A simulator that says the same of everything.
fn says(evaluation: Evaluation) -> impl Fn(&Question) -> Option<Answer> + Send + Sync + 'static {
    says_of(move |_| evaluation.clone())
}

/// A simulator that says this of the ARN of a resource.
fn says_of(of: impl Fn(&str) -> Evaluation + Send + Sync + 'static) -> impl Fn(&Question) -> Option<Answer> {
    move |question| is_simulation(question).then(|| simulated(question, &of(question.field("ResourceArns.member.1"))))
}

fn is_simulation(question: &Question) -> bool {
    question.operation.starts_with("iam:Simulate")
}

/// What the simulator was asked.
fn simulations(server: &Server) -> Vec<Question> {
    server.asked().into_iter().filter(is_simulation).collect()
}

/// Runs against a server, with `role app` unless other options say whose policies act.
fn run(server: &Server, more: &[&str]) -> Run {
    run_in(&Folder::new(&[]), server, more)
}

fn run_in(folder: &Folder, server: &Server, more: &[&str]) -> Run {
    let named = more.iter().any(|option| ["--role", "--user", "--policy"].contains(option));
    let role: &[&str] = if named { &[] } else { &["--role", "app"] };
    ask(folder, &server.url, &call(&[role, more].concat()))
}

/// The answer in JSON.
fn answer(run: &Run) -> Value {
    valid(&run.out, include_str!("../../schemas/can-invoke.schema.json"))
}

/// What AWS says of each requirement.
fn opinions(run: &Run) -> Vec<Value> {
    let answer = answer(run);
    answer["requirements"].as_array().unwrap().iter().map(|one| one["aws"].clone()).collect()
}

/// The context entries of a simulation: type and values by name.
fn context(question: &Question) -> BTreeMap<String, (String, Vec<String>)> {
    let of = |entry: usize, part: &str| question.fields.get(&format!("ContextEntries.member.{entry}.{part}")).cloned();
    let entries = (1..).map_while(|entry| Some((entry, of(entry, "ContextKeyName")?)));
    let entries = entries.map(|(entry, name)| {
        let values = (1..).map_while(|value| of(entry, &format!("ContextKeyValues.member.{value}")));
        (name, (of(entry, "ContextKeyType").unwrap(), values.collect()))
    });
    entries.collect()
}

/// [`account`] with a role that may nothing of this.
fn without_grants() -> Account {
    let mut account = account();
    account.holders.get_mut("role app").unwrap().inline = Vec::new();
    account
}

#[test]
fn aws_agrees() {
    let server = serve(account(), says(allowed("role_app_invoke", 4, 5)));
    let run = run(&server, &[]);
    assert_eq!((run.code, warnings(&run)), (0, Vec::new()), "{}", run.err);
    assert!(!run.out.contains("DISAGREES"), "{}", run.out);
    // the profile, and the model in three Regions: each is asked about once, as the role
    let mut asked: Vec<(String, String)> = Vec::new();
    for question in simulations(&server) {
        assert_eq!(question.operation, "iam:SimulatePrincipalPolicy");
        assert_eq!(question.field("PolicySourceArn"), ROLE);
        assert!(!question.fields.contains_key("ResourceArns.member.2"), "{:?}", question.fields);
        let [action, resource] =
            ["ActionNames", "ResourceArns"].map(|list| question.field(&format!("{list}.member.1")));
        asked.push((action.to_owned(), resource.to_owned()));
    }
    asked.sort();
    let model = |region: &str| format!("arn:aws:bedrock:{region}::foundation-model/{MODEL}");
    let profile = format!("arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/{PROFILE}");
    let resources = [profile, model("us-east-1"), model("us-east-2"), model("us-west-2")];
    let expected: Vec<_> = resources.into_iter().map(|one| ("bedrock:InvokeModel".to_owned(), one)).collect();
    assert_eq!(asked, expected);
}

#[test]
fn both_deny() {
    for decision in ["implicitDeny", "explicitDeny"] {
        let run = run(&serve(without_grants(), says(decided(decision))), &[]);
        assert_eq!((run.code, warnings(&run)), (1, Vec::new()), "{}", run.err);
        assert!(run.out.contains("to allow it"), "{}", run.out);
    }
}

#[test]
fn aws_disagrees_in_one_region() {
    let server = serve(
        account(),
        says_of(|arn| match arn.contains(":us-east-2:") {
            true => Evaluation { missing: vec!["aws:SourceVpce"], ..decided("explicitDeny") },
            false => allowed("role_app_invoke", 4, 5),
        }),
    );
    let run = run(&server, &[]);
    assert_eq!(run.code, 4, "{}", run.err);
    let [told] = warnings(&run).try_into().unwrap();
    assert_eq!(
        told,
        "warning: AWS disagrees about `bedrock:InvokeModel` on \
         `arn:aws:bedrock:us-east-2::foundation-model/anthropic.claude-sonnet-4-6` in us-east-2: allowed here (an \
         identity policy allows it), and there denied explicitly; the request lacks `aws:SourceVpce`"
    );
    let told = "\
allowed: `us.anthropic.claude-sonnet-4-6` from `us-east-1`, and AWS disagrees

  allowed  InvokeModel  us-east-1  inference-profile/us.anthropic.claude-sonnet-4-6
           identity, arn:aws:iam::123456789012:role/app#invoke:4 (Invoke)
           AWS: allowed by arn:aws:iam::123456789012:role/app#invoke:4 (Invoke)
  allowed  InvokeModel  us-east-1  foundation-model/anthropic.claude-sonnet-4-6
           identity, arn:aws:iam::123456789012:role/app#invoke:4 (Invoke)
           AWS: allowed by arn:aws:iam::123456789012:role/app#invoke:4 (Invoke)
  allowed  InvokeModel  us-east-2  foundation-model/anthropic.claude-sonnet-4-6
           identity, arn:aws:iam::123456789012:role/app#invoke:4 (Invoke)
           AWS DISAGREES: denied explicitly; the request lacks `aws:SourceVpce`
  allowed  InvokeModel  us-west-2  foundation-model/anthropic.claude-sonnet-4-6
           identity, arn:aws:iam::123456789012:role/app#invoke:4 (Invoke)
           AWS: allowed by arn:aws:iam::123456789012:role/app#invoke:4 (Invoke)
";
    assert_eq!(run.out, told);
    let opinions = opinions(&self::run(&server, &["--format", "json"]));
    let agrees: Vec<_> = opinions.iter().map(|one| (one["decision"].as_str().unwrap(), &one["agrees"])).collect();
    let (yes, no) = (json!(true), json!(false));
    assert_eq!(agrees, [("allowed", &yes), ("allowed", &yes), ("explicit-deny", &no), ("allowed", &yes)]);
}

#[test]
fn aws_allows_what_is_denied_here() {
    let run = run(&serve(without_grants(), says(allowed("files", 3, 17))), &[]);
    assert_eq!((run.code, warnings(&run).len()), (4, 4), "{}", run.err);
    let told =
        "denied here (no identity policy allows it), and there allowed by arn:aws:iam::123456789012:policy/files:3";
    assert!(warnings(&run).iter().all(|line| line.ends_with(told)), "{}", run.err);
}

#[test]
fn the_request_is_described_as_far_as_it_is_known() {
    let profile = format!("arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/{PROFILE}");
    let server = serve(account(), says(allowed("role_app_invoke", 4, 5)));
    let run = run(&server, &["--context", "aws:SourceVpce=vpce-1a2b", "--context", "aws:ViaAWSService="]);
    assert_eq!(run.code, 0, "{}", run.err);
    let of = |region: &str, arn: &str| -> BTreeMap<String, (String, Vec<String>)> {
        let asked = simulations(&server);
        let one = asked.iter().find(|one| one.field("ResourceArns.member.1") == arn);
        let context = context(one.unwrap());
        assert_eq!(context["aws:RequestedRegion"], ("string".to_owned(), vec![region.to_owned()]));
        context
    };
    let model = of("us-west-2", &format!("arn:aws:bedrock:us-west-2::foundation-model/{MODEL}"));
    let entry = |kind: &str, value: &str| (kind.to_owned(), vec![value.to_owned()]);
    let expected = [
        ("aws:PrincipalAccount", entry("string", ACCOUNT)),
        ("aws:PrincipalArn", entry("string", ROLE)),
        ("aws:PrincipalIsAWSService", entry("boolean", "false")),
        ("aws:PrincipalType", entry("string", "AssumedRole")),
        ("aws:RequestedRegion", entry("string", "us-west-2")),
        ("aws:SecureTransport", entry("boolean", "true")),
        ("aws:SourceVpce", entry("string", "vpce-1a2b")),
        ("bedrock:InferenceProfileArn", entry("string", &profile)),
    ];
    // neither what is not known, as the address of the caller, nor what the request lacks
    assert_eq!(model, expected.map(|(name, entry)| (name.to_owned(), entry)).into());
    // the profile itself is not reached through one
    assert!(!of("us-east-1", &profile).contains_key("bedrock:InferenceProfileArn"));
}

#[test]
fn context_has_the_types_of_its_keys() {
    let server = serve(account(), says(allowed("role_app_invoke", 4, 5)));
    let said = [
        ("aws:SourceIp=192.0.2.7", "ip"),
        ("aws:MultiFactorAuthAge=300", "numeric"),
        ("aws:MultiFactorAuthPresent=true", "boolean"),
        ("aws:CurrentTime=2026-11-22T10:00:00Z", "date"),
        ("aws:TagKeys=team", "stringList"),
        ("aws:PrincipalTag/team=search & rescue", "string"),
        ("custom:unheard=1", "string"),
    ];
    let options: Vec<&str> = said.iter().flat_map(|(said, _)| ["--context", said]).collect();
    let run = run(&server, &options);
    assert_eq!(run.code, 0, "{}", run.err);
    let context = context(&simulations(&server)[0]);
    for (said, kind) in said {
        let (name, value) = said.split_once('=').unwrap();
        assert_eq!(context.get(name), Some(&(kind.to_owned(), vec![value.to_owned()])), "{context:?}");
    }
}

#[test]
fn a_request_with_an_api_key_says_so() {
    let server = serve(account(), says(allowed("role_app_invoke", 4, 5)));
    let run = run(&server, &["--api-key", "short", "--stream"]);
    assert_eq!(run.code, 4, "{}", run.err);
    let asked = simulations(&server);
    let actions: BTreeSet<&str> = asked.iter().map(|one| one.field("ActionNames.member.1")).collect();
    assert_eq!(actions, ["bedrock:CallWithBearerToken", "bedrock:InvokeModelWithResponseStream"].into());
    for question in &asked {
        let kind = context(question).get("bedrock:BearerTokenType").map(|(_, values)| values[0].clone());
        // only the check of the key itself holds its kind
        let of_key = question.field("ActionNames.member.1") == "bedrock:CallWithBearerToken";
        assert_eq!(kind.as_deref(), of_key.then_some("SHORT_TERM"), "{:?}", question.fields);
        assert_eq!(question.field("ResourceArns.member.1") == "*", of_key);
    }
}

#[test]
fn statements_are_found_in_the_documents_of_the_account() {
    let mut account = account();
    let limit = "{\"Version\":\"2012-10-17\",\"Statement\":[\n{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},\n\
                 {\"Sid\":\"Ça\",\"Effect\":\"Allow\",\"Action\":\"bedrock:*\",\"Resource\":\"*\"}]}";
    let app = account.holders.get_mut("role app").unwrap();
    app.boundary = Some((format!("arn:aws:iam::{ACCOUNT}:policy/team/limit"), limit.to_owned()));
    let matched = vec![
        ("role_app_invoke", 4, 5),
        ("files", 3, 17),
        ("limit", 3, 1),
        // neither named so here, nor a line of the document
        ("elsewhere", 4, 5),
        ("limit", 9, 1),
    ];
    let evaluation = Evaluation { decision: "allowed", matched, ..Evaluation::default() };
    let server = serve(account, says(evaluation));
    let run = run(&server, &["--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let opinion = &opinions(&run)[0];
    let statements = opinion["statements"].as_array().unwrap().iter();
    let found = statements.map(|one| {
        let text = |key: &str| one.get(key).and_then(Value::as_str).unwrap_or("-").to_owned();
        (text("policy"), text("path"), one.pointer("/start/line").and_then(Value::as_u64), text("sid"))
    });
    let row = |policy: &str, path: &str, line: Option<u64>, sid: &str| {
        (policy.to_owned(), path.to_owned(), line, sid.to_owned())
    };
    assert_eq!(
        found.collect::<Vec<_>>(),
        [
            row("role_app_invoke", &format!("{ROLE}#invoke"), Some(4), "Invoke"),
            row("files", "arn:aws:iam::123456789012:policy/files", Some(3), "-"),
            row("limit", "arn:aws:iam::123456789012:policy/team/limit", Some(3), "Ça"),
            row("elsewhere", "-", None, "-"),
            row("limit", "-", None, "-"),
        ]
    );
    let human = self::run(&server, &[]);
    assert!(human.out.contains("a statement of `elsewhere`"), "{}", human.out);
}

#[test]
fn ceilings_are_told_as_aws_tells_them() {
    for (organization, boundary) in [(None, None), (Some(true), Some(false)), (Some(false), Some(true))] {
        let by = Evaluation { by_organization: organization, by_boundary: boundary, ..decided("implicitDeny") };
        let server = serve(without_grants(), says(by));
        let run = run(&server, &["--format", "json"]);
        assert_eq!(run.code, 1, "{}", run.err);
        let opinion = &opinions(&run)[0];
        assert_eq!(opinion["allowed_by_organization"], json!(organization));
        assert_eq!(opinion["allowed_by_boundary"], json!(boundary));
        let human = self::run(&server, &[]).out;
        assert_eq!(human.contains("service control policies do not allow it"), organization == Some(false), "{human}");
        assert_eq!(human.contains("the permissions boundary does not allow it"), boundary == Some(false), "{human}");
    }
}

#[test]
fn an_answer_may_come_with_the_second_page() {
    let server = serve(account(), |question| {
        let second = question.field("Marker") == "second/page+1";
        let evaluation = allowed("role_app_invoke", 4, 5);
        is_simulation(question).then(|| match second {
            false => simulated_page(question, None, Some("second/page+1")),
            true => simulated_page(question, Some(&evaluation), None),
        })
    });
    let run = run(&server, &[]);
    assert_eq!((run.code, warnings(&run)), (0, Vec::new()), "{}", run.err);
    assert_eq!(server.count("iam:SimulatePrincipalPolicy"), 8);
    assert_eq!(run.out.matches("AWS: allowed by").count(), 4, "{}", run.out);
}
