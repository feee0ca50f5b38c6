//! What keeps AWS from answering, and what is told then: our answer stands, and is not taken for AWS's.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::recorded::{denied, error, throttled};
use super::super::{as_recorded, credentials};
use super::*;

/// The error that ends a run in which AWS answered nothing.
const NONE: &str = "error: the live check could not be made: AWS simulated none of the requests\n";

#[test]
fn a_caller_who_may_not_simulate() {
    let server = serve(account(), |question| is_simulation(question).then(|| denied(question)));
    let run = run(&server, &[]);
    assert_eq!(run.code, 3, "{}", run.err);
    let [told] = warnings(&run).try_into().unwrap();
    let why = "warning: `iam:SimulatePrincipalPolicy` is not allowed to the credentials in use; not checked: AWS's answer to ";
    assert!(told.starts_with(why) && told.ends_with(" and 1 more"), "{told}");
    assert!(run.err.ends_with(NONE), "{}", run.err);
    assert!(run.out.starts_with("allowed: ") && !run.out.contains("AWS"), "{}", run.out);
    // once is enough to know
    assert_eq!(server.count("iam:SimulatePrincipalPolicy"), 1);
    let json = self::run(&server, &["--format", "json"]);
    let answer = answer(&json);
    assert_eq!((&answer["decision"], json.code), (&json!("allowed"), 3));
    assert_eq!(answer["live"]["unchecked"][0]["reason"], "denied");
    assert_eq!(answer["live"]["unchecked"][0]["unchecked"].as_array().unwrap().len(), 4);
    assert!(answer["requirements"][0].get("aws").is_none(), "{answer}");
}

#[test]
fn a_policy_that_may_not_be_read_may_grant_or_deny() {
    let server = serve(account(), |question| {
        let refused = question.operation == "iam:GetRolePolicy";
        let evaluation = allowed("role_app_invoke", 4, 5);
        refused.then(|| denied(question)).or_else(|| is_simulation(question).then(|| simulated(question, &evaluation)))
    });
    let run = run(&server, &[]);
    let [told] = warnings(&run).try_into().unwrap();
    assert!(told.ends_with("not checked: inline policy `invoke` of role app"), "{told}");
    // AWS knows what is not known here; that is no dispute
    assert!(run.code == 4 && run.out.contains("AWS: allowed by a statement of `role_app_invoke`"), "{}", run.out);
    assert!(!run.out.contains("DISAGREES"), "{}", run.out);
}

#[test]
fn a_throttled_simulator_is_asked_again() {
    let refused = AtomicUsize::new(0);
    let server = serve(account(), move |question| {
        let first = is_simulation(question) && refused.fetch_add(1, Ordering::SeqCst) < 2;
        first.then(|| throttled(question)).or_else(|| says(allowed("role_app_invoke", 4, 5))(question))
    });
    let run = run(&server, &[]);
    assert_eq!((run.code, warnings(&run)), (0, Vec::new()), "{}", run.err);
    assert_eq!(server.count("iam:SimulatePrincipalPolicy"), 6);
    assert_eq!(run.out.matches("AWS: allowed by").count(), 4, "{}", run.out);
}

#[test]
fn a_simulator_that_hangs_ends_with_the_time() {
    // one of the requests alone
    let hang = |question: &Question| {
        let west = question.field("ResourceArns.member.1").contains(":us-west-2:");
        (is_simulation(question) && west).then_some(Answer::Hang)
    };
    let server =
        serve(account(), move |question| hang(question).or_else(|| says(allowed("role_app_invoke", 4, 5))(question)));
    let run = run(&server, &["--live-timeout", "5"]);
    let [told] = warnings(&run).try_into().unwrap();
    assert_eq!(
        told,
        "warning: `iam:SimulatePrincipalPolicy` gave no answer in time; not checked: AWS's answer to `bedrock:InvokeModel` \
         on `arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-sonnet-4-6`"
    );
    assert_eq!((run.code, run.out.matches("AWS: allowed by").count()), (0, 3), "{}", run.out);
    // and all of them
    let server = serve(account(), |question| is_simulation(question).then_some(Answer::Hang));
    let run = self::run(&server, &["--live-timeout", "3"]);
    assert!(run.code == 3 && run.err.ends_with(NONE), "{}", run.err);
    assert!(run.out.starts_with("allowed: "), "{}", run.out);
}

#[test]
fn an_answer_that_breaks_off_or_is_none_is_told() {
    let half = "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults><member>";
    let cut = Answer::Truncate { body: half.to_owned() };
    let bad = Answer::Say { status: 200, headers: Vec::new(), body: format!("{half}<EvalDecision>") };
    // one that lacks what the API always gives, and one of a decision that is not known
    let empty = recorded::xml("SimulatePrincipalPolicy", "<EvaluationResults/>");
    for answer in [cut, bad, empty] {
        let told = answer.clone();
        let server = serve(account(), move |question| is_simulation(question).then(|| told.clone()));
        let run = run(&server, &[]);
        let [told] = warnings(&run).try_into().unwrap();
        assert!(
            told.contains("`iam:SimulatePrincipalPolicy`") && told.contains("could not be read"),
            "{answer:?} {told}"
        );
        assert!(run.code == 3 && run.err.ends_with(NONE) && run.out.starts_with("allowed: "), "{}", run.err);
    }
    let odd = serve(account(), says(decided("perhaps")));
    let run = run(&odd, &[]);
    assert!(run.code == 3 && warnings(&run)[0].contains("could not be read"), "{}", run.err);
}

#[test]
fn an_expired_token_is_called_that() {
    let server = serve(account(), |question| {
        is_simulation(question).then(|| error(question, 403, "ExpiredToken", "The security token included is expired"))
    });
    let run = run(&server, &[]);
    let [told] = warnings(&run).try_into().unwrap();
    assert!(told.starts_with("warning: the AWS credentials in use are expired or not valid, so"), "{told}");
    assert_eq!((run.code, server.count("iam:SimulatePrincipalPolicy")), (3, 1), "{}", run.err);
}

#[test]
fn no_credentials_and_no_network() {
    let server = serve(account(), as_recorded);
    let folder = Folder::new(&[("policy.json", ENOUGH)]);
    let nobody = |more: &[&str]| {
        let arguments = [&call(more)[..], &["--live", "--endpoint-url", &server.url]].concat();
        Run::of(folder.command(arguments).envs([("AWS_EC2_METADATA_DISABLED", "true"), ("AWS_REGION", "us-east-1")]))
    };
    let told =
        "error: the live check could not be made: no AWS credentials were found to ask `sts:GetCallerIdentity` with\n";
    // whose policies act is not known then
    let of_account = nobody(&["--role", "app"]);
    assert_eq!((of_account.code, of_account.out.as_str(), of_account.err.as_str()), (3, "", told));
    let of_files = nobody(&["--policy", "policy.json"]);
    assert_eq!((of_files.code, of_files.err.as_str()), (3, told));
    assert!(of_files.out.starts_with("allowed: "), "{}", of_files.out);
    assert!(server.asked().is_empty());
    let offline = |more: &[&str]| {
        let arguments = [&call(more)[..], &["--live", "--endpoint-url", "http://127.0.0.1:1"]].concat();
        Run::of(folder.command(arguments).envs(credentials()))
    };
    let (of_account, of_files) = (offline(&["--role", "app"]), offline(&["--policy", "policy.json"]));
    let told = "the endpoint of `sts:GetCallerIdentity` could not be reached";
    assert!(of_account.code == 3 && of_account.err.contains(told) && of_account.out.is_empty(), "{}", of_account.err);
    assert!(of_files.code == 3 && of_files.err.contains(told), "{}", of_files.err);
    assert!(of_files.out.starts_with("allowed: "), "{}", of_files.out);
}

#[test]
fn what_cannot_be_called_is_not_asked_about() {
    let server = serve(account(), as_recorded);
    let arguments =
        ["can-invoke", "--model", "us.anthropic.claude-sonet-4-6", "--region", "us-east-1", "--role", "app"];
    let run = ask(&Folder::new(&[]), &server.url, &arguments);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    assert!(server.asked().is_empty(), "{}", run.err);
}
