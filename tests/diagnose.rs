//! Every known message in many dresses, and the advice that names what the text holds.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::collections::BTreeMap;

use bedrock_lint::bedrock::Catalogue;
use bedrock_lint::diagnose::{
    DiagnoseRequest, Diagnosed, Diagnosis, Field, Input, KnownError, KnownErrors, Origin, diagnose,
};
use bedrock_lint::report::Style;
use bedrock_lint::report::diagnosis::{human, json, markdown, redact};
use serde_json::json as value;

fn request(region: Option<&str>, model: Option<&str>) -> DiagnoseRequest {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    DiagnoseRequest { region: owned(region), model: owned(model), as_of: "2026-11-22".parse().unwrap(), files: None }
}

fn diagnosed_with(text: &str, request: &DiagnoseRequest) -> Diagnosis {
    let mut reader = text.as_bytes();
    let mut inputs = [Input { name: None, text: &mut reader }];
    diagnose(&mut inputs, request, Catalogue::builtin()).unwrap()
}

fn diagnosed(text: &str) -> Diagnosis {
    diagnosed_with(text, &request(None, None))
}

// ---- dresses ----

/// The message alone: what stands before it in an example is a dress already.
fn bare(error: &KnownError) -> String {
    let example = &*error.example;
    let begin = example.find(" operation: ").map_or(0, |at| at + " operation: ".len());
    example.get(begin..).unwrap().trim_matches('"').to_owned()
}

/// The text as a string of JSON, without its quotation marks.
fn escaped(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    quoted.get(1..quoted.len() - 1).unwrap().replace('\'', "\\u0027")
}

/// Lines of so many characters at most: between words, or anywhere.
fn wrapped(text: &str, most: usize, anywhere: bool) -> String {
    if anywhere {
        let characters: Vec<char> = text.chars().collect();
        let lines: Vec<String> = characters.chunks(most).map(|line| line.iter().collect()).collect();
        return lines.join("\n");
    }
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split(' ') {
        if !line.is_empty() && line.len() + word.len() > most {
            lines.push(std::mem::take(&mut line));
        }
        line = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
    }
    lines.push(line);
    lines.join("\n    ")
}

/// How clients, loggers and terminals write a message of this exception.
fn dresses(message: &str, exception: &str, status: u16) -> Vec<(&'static str, String)> {
    let id = "f14041ac-e761-43ea-bff1-d66e2c3cef14";
    let python = format!(
        "Traceback (most recent call last):\n  File \"/app/main.py\", line 12, in <module>\n    client.converse(modelId=model)\n  \
         File \"/usr/lib/python3.12/site-packages/botocore/client.py\", line 1009, in _make_api_call\n    raise \
         error_class(parsed_response, operation_name)\nbotocore.errorfactory.{exception}: An error occurred ({exception}) when \
         calling the Converse operation: {message}\n"
    );
    let javascript = format!(
        "{exception}: {message}\n    at de_CommandError (/app/node_modules/@aws-sdk/client-bedrock-runtime/dist-cjs/index.js:1507:19)\n    \
         at process.processTicksAndRejections (node:internal/process/task_queues:95:5) {{\n  '$fault': 'client',\n  '$metadata': {{ \
         httpStatusCode: {status}, requestId: '{id}', attempts: 1 }}\n}}\n"
    );
    let java = format!(
        "software.amazon.awssdk.services.bedrockruntime.model.{exception}: {message} (Service: BedrockRuntime, Status Code: {status}, \
         Request ID: {id})\n\tat software.amazon.awssdk.core.internal.http.CombinedResponseHandler.handleErrorResponse(X.java:125)\n"
    );
    let go = format!(
        "operation error Bedrock Runtime: Converse, https response error StatusCode: {status}, RequestID: {id}, {exception}: {message}"
    );
    let litellm = format!("litellm.BadRequestError: BedrockException - {{\"message\":\"{}\"}}", escaped(message));
    let log = value!({ "level": "error", "msg": "call of bedrock failed", "error": { "message": message, "code": exception } });
    let nested = value!({ "log": log.to_string(), "stream": "stderr" });
    let trail = value!({
        "eventVersion": "1.09",
        "userIdentity": { "type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/app/i-0abc" },
        "eventSource": "bedrock.amazonaws.com",
        "eventName": "Converse",
        "awsRegion": "eu-central-1",
        "errorCode": exception.trim_end_matches("Exception"),
        "errorMessage": message,
        "requestParameters": { "modelId": "eu.amazon.nova-lite-v1:0" },
    });
    let curly = message.replace('\'', "’").replacen('"', "“", 1);
    vec![
        ("bare", message.to_owned()),
        ("python", python),
        ("javascript", javascript),
        ("java", java),
        ("go", go),
        ("litellm", litellm),
        ("json log", log.to_string()),
        ("json in json", nested.to_string()),
        ("cloudtrail", trail.to_string()),
        ("cloudtrail, spread", serde_json::to_string_pretty(&trail).unwrap()),
        ("curly", format!("{exception}: {curly}")),
        ("wrapped", wrapped(&format!("bedrock: {exception}: {message}"), 60, false)),
        ("colours", format!("\u{1b}[31m\u{1b}[1mbedrock {exception}\u{1b}[0m: \u{1b}[33m{message}\u{1b}[0m\n")),
        ("container", format!("worker-1     | bedrock: {exception}\nworker-1     | {message}\n")),
        ("html", format!("<pre>bedrock {exception}: {}</pre>", message.replace('\'', "&#39;").replace('"', "&quot;"))),
    ]
}

/// What the message itself tells.
fn told(error: &Diagnosed) -> BTreeMap<&'static str, String> {
    let facts = error.facts.iter().filter(|(_, fact)| fact.from == Origin::Message);
    facts.map(|(field, fact)| (field.as_str(), fact.value.clone())).collect()
}

#[test]
fn every_message_is_recognised_in_every_dress() {
    let mut wrong = Vec::new();
    for error in KnownErrors::builtin().iter() {
        let message = bare(error);
        let plain = diagnosed(&message);
        let expected = match plain.errors.as_slice() {
            [one] if one.known.id == error.id => told(one),
            _ => panic!("{}: {:?}", error.id, plain.errors.iter().map(|one| &one.known.id).collect::<Vec<_>>()),
        };
        for (dress, text) in dresses(&message, &error.exception, error.status.unwrap_or(400)) {
            let found = diagnosed(&text);
            let ids: Vec<&str> = found.errors.iter().map(|one| &*one.known.id).collect();
            if ids != [&*error.id] {
                wrong.push(format!("{} as {dress}: {ids:?}\n{text}", error.id));
            } else if told(&found.errors[0]) != expected {
                wrong.push(format!("{} as {dress}: {:?} for {expected:?}\n{text}", error.id, told(&found.errors[0])));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn terminals_that_break_words_hide_nothing() {
    for error in KnownErrors::builtin().iter().filter(|error| error.layer.is_some()) {
        let message = format!("AccessDeniedException: {}", bare(error));
        for width in [60, 80, 97] {
            let found = diagnosed(&wrapped(&message, width, true));
            let ids: Vec<&str> = found.errors.iter().map(|one| &*one.known.id).collect();
            assert_eq!(ids, [&*error.id], "{width}");
            let resource = found.errors[0].facts.get(Field::Resource).unwrap();
            assert!(error.example.contains(&format!("{resource} ")), "{}: {resource}", error.id);
        }
    }
}

#[test]
fn what_stands_around_a_message_is_read_out() {
    let error = KnownErrors::builtin().get("model-identifier-invalid").unwrap();
    let dressed = dresses(&bare(error), &error.exception, 400);
    let facts = |dress: &str| {
        let text = &dressed.iter().find(|(name, _)| *name == dress).unwrap().1;
        let found = diagnosed(text);
        let facts = &found.errors[0].facts;
        let all = [Field::Operation, Field::Region, Field::Model, Field::Status, Field::Account, Field::Request];
        all.iter().filter_map(|field| facts.get(*field)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(facts("python"), "Converse 400");
    assert_eq!(facts("go"), "Converse 400 f14041ac-e761-43ea-bff1-d66e2c3cef14");
    assert_eq!(facts("java"), "400 f14041ac-e761-43ea-bff1-d66e2c3cef14");
    assert_eq!(facts("cloudtrail"), "Converse eu-central-1 eu.amazon.nova-lite-v1:0 400 111122223333");
    assert_eq!(facts("cloudtrail, spread"), facts("cloudtrail"));
}

// ---- advice ----

const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";

/// A denial of the role `worker` in account 111122223333.
fn denial(action: &str, resource: &str, tail: &str) -> String {
    format!(
        "User: arn:aws:sts::111122223333:assumed-role/worker/i-0abc is not authorized to perform: {action} on resource: {resource} {tail}"
    )
}

fn model_arn(region: &str) -> String {
    format!("arn:aws:bedrock:{region}::foundation-model/{HAIKU}")
}

const INVOKE: &str = "bedrock:InvokeModel";
const STREAM: &str = "bedrock:InvokeModelWithResponseStream";
const NO_IDENTITY: &str = "because no identity-based policy allows the bedrock:InvokeModel action";
const SCP: &str = "with an explicit deny in a service control policy";

/// A text, the Region that is said beside it, and what the diagnosis has to name: ids, Regions and ARNs.
#[rustfmt::skip]
fn concrete() -> Vec<(String, Option<&'static str>, Vec<&'static str>)> {
    let od = |model: &str| format!("Invocation of model ID {model} with on-demand throughput isn't supported.");
    let in_code = |region: &str, model: &str, message: &str| format!("region_name='{region}', model_id='{model}'\n{message}");
    let invalid = "ValidationException: The provided model identifier is invalid.";
    let profile = format!("arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.{HAIKU}");
    let application = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/ab12cd34ef56";
    vec![
        (od(HAIKU), Some("us-east-1"), vec!["us.anthropic.claude-haiku-4-5-20251001-v1:0", "global.anthropic.claude-haiku-4-5-20251001-v1:0", "arn:aws:bedrock:us-east-2::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0"]),
        (od(HAIKU), Some("ap-northeast-1"), vec!["jp.anthropic.claude-haiku-4-5-20251001-v1:0", "arn:aws:bedrock:ap-northeast-3::foundation-model/"]),
        (od(HAIKU), None, vec!["us.anthropic.claude-haiku-4-5-20251001-v1:0 from", "eu.anthropic.claude-haiku-4-5-20251001-v1:0 from"]),
        (od("arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0"), None, vec!["eu.anthropic.claude-haiku-4-5-20251001-v1:0", "from `eu-west-1`"]),
        (od("anthropic.claude-3-7-sonnet-20250219-v1:0"), Some("us-east-1"), vec!["reached its end of life on 2026-07-30", "us.anthropic.claude-"]),
        ("The provided model doesn't support on-demand throughput. model_id: meta.llama3-3-70b-instruct-v1:0 region: us-west-2".to_owned(), None, vec!["us.meta.llama3-3-70b-instruct-v1:0", "--region us-west-2"]),
        (in_code("eu-west-1", "us.anthropic.claude-haiku-4-5-20251001-v1:0", invalid), None, vec!["eu.anthropic.claude-haiku-4-5-20251001-v1:0", "global.anthropic.claude-haiku-4-5-20251001-v1:0", "(the text speaks for it)"]),
        (in_code("us-east-1", "us.anthropic.claude-haiku-4-5-20251001", invalid), None, vec!["it may be that one of these is meant", "us.anthropic.claude-haiku-4-5-20251001-v1:0"]),
        (in_code("us-east-1", "us.us.amazon.nova-lite-v1:0", invalid), None, vec!["us.amazon.nova-lite-v1:0"]),
        ("Value 'arn:aws:bedrock:::foundation-model/amazon.nova-lite-v1:0' at 'modelId' failed to satisfy constraint".to_owned(), Some("us-east-1"), vec!["us.amazon.nova-lite-v1:0", "the ARN has no Region", "(the text speaks for it)"]),
        (in_code("us-east-1", "anthropic.claude-3-haiku-20240307-v1:0", "This model version has reached the end of its life."), None, vec!["reached its end of life on 2026-09-10", "us.anthropic.claude-"]),
        (denial(INVOKE, &model_arn("us-east-2"), NO_IDENTITY), Some("us-east-1"), vec!["grant `worker` what a call of `us.anthropic.claude-haiku-4-5-20251001-v1:0` from `us-east-1` needs", "arn:aws:bedrock:us-east-2::foundation-model/", "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic", "--policy-source-arn arn:aws:iam::111122223333:role/worker"]),
        (denial(INVOKE, &model_arn("ap-northeast-3"), NO_IDENTITY), Some("ap-northeast-1"), vec!["jp.anthropic.claude-haiku-4-5-20251001-v1:0", "not granted in this destination Region of it (the text speaks for it)"]),
        (denial(INVOKE, &model_arn(""), NO_IDENTITY), Some("eu-west-1"), vec!["global.anthropic.claude-haiku-4-5-20251001-v1:0", "arn:aws:bedrock:::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0"]),
        (denial(INVOKE, &profile, NO_IDENTITY), None, vec!["the inference profile through which they are called is not (the text speaks for it)", "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic", "arn:aws:bedrock:us-west-2::foundation-model/"]),
        (denial(INVOKE, application, NO_IDENTITY), None, vec!["\"Resource\": \"arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/ab12cd34ef56\"", "bedrock-lint policy --model ARN --copies ID"]),
        (denial(STREAM, &profile, "because no identity-based policy allows the bedrock:InvokeModelWithResponseStream action"), None, vec!["the client streams its answers (the text speaks for it)", "\"bedrock:InvokeModelWithResponseStream\""]),
        (denial(INVOKE, &model_arn("us-east-2"), SCP), Some("us-east-1"), vec!["\"bedrock:InferenceProfileArn\": \"arn:aws:bedrock:*:*:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0\"", "routes to this Region (the text speaks for it)", "--target-id 111122223333"]),
        (denial(INVOKE, &model_arn("us-east-2"), SCP), None, vec!["us.anthropic.claude-haiku-4-5-20251001-v1:0", "us-east-2"]),
        (denial(STREAM, &model_arn(""), &format!("{SCP}: arn:aws:organizations::444455556666:policy/o-a1/service_control_policy/p-b2")), Some("eu-central-1"), vec!["unspecified", "global.anthropic.claude-haiku-4-5-20251001-v1:0", "eu.anthropic.claude-haiku-4-5-20251001-v1:0 routes to", "--policy-id p-b2"]),
        (denial(INVOKE, &model_arn(""), "with an explicit deny in an identity-based policy"), Some("us-east-1"), vec!["unspecified", "us.anthropic.claude-haiku-4-5-20251001-v1:0 routes to", "--role-name worker"]),
        (denial(INVOKE, &model_arn("us-west-2"), "because no session policy allows the bedrock:InvokeModel action"), Some("us-east-1"), vec!["allow, in the session policy,", "arn:aws:bedrock:us-west-2::foundation-model/"]),
        (denial(INVOKE, &model_arn("us-west-2"), "because no permissions boundary allows the bedrock:InvokeModel action"), Some("us-east-1"), vec!["allow, in the permissions boundary,", "aws iam get-role --role-name worker"]),
        (denial(INVOKE, &model_arn("us-west-2"), "because no VPC endpoint policy allows the bedrock:InvokeModel action"), Some("us-east-1"), vec!["com.amazonaws.us-east-1.bedrock-runtime", "in the policy of the VPC endpoint"]),
        ("User: arn:aws:iam::111122223333:user/ci is not authorized to perform: bedrock:CallWithBearerToken because no identity-based policy allows the bedrock:CallWithBearerToken action".to_owned(), None, vec!["grant `ci` the use of API keys", "\"bedrock:CallWithBearerToken\"", "unset AWS_BEARER_TOKEN_BEDROCK"]),
        ("User: arn:aws:iam::111122223333:user/dev is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/batch because no identity-based policy allows the iam:PassRole action".to_owned(), None, vec!["\"Resource\": \"arn:aws:iam::111122223333:role/batch\"", "iam:PassedToService", "grant `dev`"]),
        (in_code("us-east-1", "us.anthropic.claude-opus-4-6-v1", "Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions"), None, vec!["calls Claude Opus 4.6", "aws-marketplace:Subscribe", "--model-id anthropic.claude-opus-4-6-v1"]),
        ("{\"awsRegion\":\"ap-southeast-4\",\"recipientAccountId\":\"111122223333\",\"errorMessage\":\"You have not filled out the required use-case form for this model.\"}".to_owned(), None, vec!["account `111122223333`", "`ap-southeast-4`, which is opt-in", "--region ap-southeast-4"]),
        (in_code("us-east-1", "us.anthropic.claude-haiku-4-5-20251001-v1:0", "AccessDeniedException: You don't have access to the model with the specified model ID."), None, vec!["once for the account", "calls Claude Haiku 4.5", "--model-id anthropic.claude-haiku-4-5-20251001-v1:0"]),
        ("EndpointConnectionError: Could not connect to the endpoint URL: \"https://bedrock-runtime.us-east1.amazonaws.com/model/x/invoke\"".to_owned(), Some("us-east1"), vec!["there is no Region `us-east1`", "us-east-1"]),
        ("InvalidSignatureException: Credential should be scoped to a valid region. (bedrock, region: eu-west-3)".to_owned(), None, vec!["AWS_REGION=eu-west-3", "\"region_name\": \"eu-west-3\""]),
        (in_code("us-east-1", "us.anthropic.claude-sonnet-4-6", "ThrottlingException: Too many tokens, please wait before trying again."), None, vec!["contains(QuotaName, 'Claude Sonnet 4.6')", "--region us-east-1", "through `us.anthropic.claude-sonnet-4-6`"]),
        (in_code("us-east-1", "us.anthropic.claude-opus-4-8", "\"thinking.type.enabled\" is not supported for this model."), None, vec!["Claude Opus 4.8 takes", "\"type\": \"adaptive\""]),
        (in_code("us-east-1", "us.anthropic.claude-haiku-4-5-20251001-v1:0", "`temperature` and `top_p` cannot both be specified for this model."), None, vec!["Claude Haiku 4.5 takes", "either `temperature` or `top_p`, not both"]),
        (in_code("us-east-1", "us.anthropic.claude-haiku-4-5-20251001-v1:0", "The maximum tokens you requested exceeds the model limit of 64000."), None, vec!["the longest answer of Claude Haiku 4.5 is 64000 tokens"]),
        ("Access to Anthropic models is not allowed from unsupported countries, regions, or territories.".to_owned(), Some("us-east-1"), vec!["from `us-east-1`", "amazon.nova"]),
    ]
}

#[test]
fn advice_names_what_the_text_holds() {
    let cases = concrete();
    assert!(cases.len() >= 30);
    let mut wrong = Vec::new();
    for (text, region, wanted) in cases {
        let found = diagnosed_with(&text, &request(region, None));
        assert_eq!(found.errors.len(), 1, "{text}");
        let told = human(&found, Style { width: 100_000, ..Style::PLAIN });
        for part in wanted {
            if !told.contains(part) {
                wrong.push(format!("{part:?} is missing in\n{told}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} missing\n{}", wrong.len(), wrong.join("\n"));
}

// ---- several errors, options, unknown texts ----

#[test]
fn each_error_of_a_log_is_told_once() {
    let one = |time: u32, message: &str| format!("2026-11-22T10:00:{time:02}Z ERROR bedrock: {message}\n");
    let denied = |region: &str| denial(INVOKE, &model_arn(region), NO_IDENTITY);
    let mut log = String::new();
    for time in 0..40 {
        log.push_str(&one(time, &denied(if time % 4 == 3 { "us-west-2" } else { "us-east-2" })));
        log.push_str("2026-11-22T10:00:00Z INFO all is well\n");
    }
    log.push_str(&one(50, "ThrottlingException: Too many requests, please wait before trying again."));
    let found = diagnosed(&log);
    let rows: Vec<(&str, u64, u64)> =
        found.errors.iter().map(|error| (&*error.known.id, error.line, error.count)).collect();
    assert_eq!(
        rows,
        [("iam-no-identity-policy", 1, 30), ("iam-no-identity-policy", 7, 10), ("throttle-requests", 81, 1)]
    );
    assert_eq!(found.lines, 82);
}

#[test]
fn errors_on_lines_of_their_own_hide_no_other() {
    for (text, expected) in [
        (
            "The provided model identifier is invalid.\nBedrock is unable to process your request.\n",
            ["model-identifier-invalid", "service-unavailable"],
        ),
        (
            "Bedrock is unable to process your request.\nThis model version has reached the end of its life.\n",
            ["service-unavailable", "model-end-of-life"],
        ),
        ("ThrottlingException\nUnable to locate credentials\n", ["throttled", "sdk-no-credentials"]),
    ] {
        let ids: Vec<&str> = diagnosed(text).errors.iter().map(|error| &*error.known.id).collect();
        assert_eq!(ids, expected, "{text}");
    }
    // the name of an exception with its own message is one error
    let text = "ThrottlingException\n  at send()\nToo many tokens, please wait before trying again.\n";
    let ids: Vec<String> = diagnosed(text).errors.iter().map(|error| error.known.id.to_string()).collect();
    assert_eq!(ids, ["throttle-tokens"]);
    // any two, one on each line
    let known = KnownErrors::builtin();
    let examples: Vec<_> =
        known.iter().filter(|error| !error.weak).map(|error| (&*error.id, &*error.example)).collect();
    for ((first, one), (second, other)) in examples.iter().zip(examples.iter().skip(7)) {
        let found = diagnosed(&format!("{one}\n{other}\n"));
        let ids: Vec<&str> = found.errors.iter().map(|error| &*error.known.id).collect();
        assert!(ids.contains(first) && ids.contains(second), "{first}, {second}: {ids:?}");
    }
}

#[test]
fn more_errors_than_anybody_reads_are_counted() {
    let log: String = (0..70)
        .map(|n| format!("Invocation of model ID amazon.nova-x{n}-v1:0 with on-demand throughput isn't supported.\n"))
        .collect();
    let found = diagnosed(&log);
    assert_eq!((found.errors.len(), found.more, found.errors[49].line), (50, 20, 50));
    assert!(
        human(&found, Style::PLAIN).ends_with("and 20 more, which are not told of: give a shorter part of the text\n")
    );
}

#[test]
fn a_record_does_not_lend_facts_to_the_next() {
    let log = "{\"modelId\":\"us.amazon.nova-lite-v1:0\",\"region\":\"us-east-1\",\"msg\":\"call\"}\n\
               {\"msg\":\"bedrock: ValidationException: The provided model identifier is invalid.\"}\n\
               {\"modelId\":\"us.amazon.nova-pro-v1:0\",\"region\":\"us-west-2\",\"msg\":\"call\"}\n";
    let found = diagnosed(log);
    let facts = &found.errors[0].facts;
    assert_eq!((facts.get(Field::Model), facts.get(Field::Region)), (None, None));
}

#[test]
fn options_fill_what_the_text_lacks() {
    let text = "ValidationException: The provided model identifier is invalid.";
    let found = diagnosed_with(text, &request(Some("eu-west-1"), Some("us.amazon.nova-lite-v1:0")));
    let error = &found.errors[0];
    assert_eq!(
        error.what,
        "there is no model or inference profile `us.amazon.nova-lite-v1:0` in `eu-west-1`, as far as Amazon Bedrock sees it"
    );
    assert!(error.causes[0].likely && error.causes[0].cause.starts_with("the inference profile cannot be called"));
    // the message itself knows better
    let text = "Invocation of model ID amazon.nova-pro-v1:0 with on-demand throughput isn't supported";
    let found = diagnosed_with(text, &request(None, Some("us.amazon.nova-lite-v1:0")));
    assert_eq!(found.errors[0].facts.get(Field::Model), Some("amazon.nova-pro-v1:0"));
}

#[test]
fn other_services_are_not_taken_for_bedrock() {
    let filler = "an ordinary line of some log or other, about nothing in particular. ".repeat(10);
    for message in [
        "Operation not allowed",
        "User: arn:aws:iam::111122223333:user/x is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because no identity-based policy allows the s3:GetObject action",
        "ThrottlingException: Too many requests, please wait before trying again.",
        "ServiceUnavailableException",
        "The security token included in the request is expired",
    ] {
        let found = diagnosed(&format!("{filler}\n{message}\n{filler}"));
        assert!(found.errors.is_empty() && found.unknown.is_some(), "{message}");
    }
}

#[test]
fn an_unknown_text_is_said_to_be_one() {
    let text = "ValidationException: a model such as us.amazon.nova-lite-v1:0 wants throughput that is on-demand, inference \
                profile or not (bedrock-runtime.us-east-1.amazonaws.com)";
    let found = diagnosed(text);
    let unknown = found.unknown.as_ref().unwrap();
    assert_eq!(unknown.facts.get(Field::Model), Some("us.amazon.nova-lite-v1:0"));
    assert_eq!(unknown.facts.get(Field::Region), Some("us-east-1"));
    assert_eq!(unknown.facts.get(Field::Exception), Some("ValidationException"));
    let told = human(&found, Style::PLAIN);
    assert!(told.starts_with("none of the "), "{told}");
    assert!(told.contains("known messages like it"), "{told}");
}

// ---- reports ----

#[test]
fn reports_fit_narrow_terminals() {
    let narrow = Style { width: 60, ..Style::PLAIN };
    for (text, region, _) in concrete() {
        let told = human(&diagnosed_with(&text, &request(region, None)), narrow);
        let (mut block, mut commands) = (false, false);
        for line in told.lines() {
            // documents, values and commands stay whole, and can be copied
            block = (block || line.trim_start().starts_with('{')) && line.trim() != "";
            commands = (commands || line == "look it up") && !line.is_empty();
            let copied = block
                || commands
                || line.starts_with("  ") && line.split_whitespace().count() == 2
                || line.starts_with("more: ");
            let words = line.trim_start().split(' ').count();
            assert!(copied || line.chars().count() <= 60 || words <= 2, "{line}\n{told}");
        }
    }
}

#[test]
fn redaction_leaves_nobody() {
    for (text, region, _) in concrete() {
        let found = diagnosed_with(&text, &request(region, None));
        for report in [human(&found, Style::PLAIN), json(&found, Catalogue::builtin()), markdown(&found)] {
            let redacted = redact(&report, &found);
            for secret in ["111122223333", "444455556666", "worker", "i-0abc", ":role/batch"] {
                assert!(!redacted.contains(secret), "{secret} in\n{redacted}");
            }
            assert_eq!(redacted.chars().count(), report.chars().count());
        }
    }
}

// ---- hostile texts ----

mod hostile {
    use proptest::prelude::*;

    use super::*;

    /// Pieces of messages and of what logs do to them.
    fn piece() -> impl Strategy<Value = String> {
        let examples: Vec<String> = KnownErrors::builtin().iter().map(|error| error.example.to_string()).collect();
        let odd = [
            "\\",
            "\\u00",
            "\\u001b[",
            "\u{1b}]8;;",
            "\u{1b}[",
            "│",
            "\n",
            "> ",
            "%3",
            "%253A",
            "&#3",
            "é’",
            "{\"",
            "\u{feff}",
            "arn:aws:bedrock:",
            "User: ",
        ];
        prop_oneof![
            proptest::sample::select(examples),
            proptest::sample::select(odd.map(str::to_owned).to_vec()),
            ".{0,12}",
            "[a-z.:/-]{0,40}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

        #[test]
        fn no_text_is_too_odd(pieces in proptest::collection::vec((piece(), 0..100_usize), 1..12)) {
            let text: String = pieces.iter().map(|(piece, cut)| {
                let end = piece.char_indices().nth(*cut).map_or(piece.len(), |(at, _)| at);
                piece.get(..end).unwrap().to_owned()
            }).collect();
            prop_assume!(!text.trim().is_empty() && !text.contains('\0'));
            let found = diagnosed(&text);
            let told = [human(&found, Style::PLAIN), json(&found, Catalogue::builtin()), markdown(&found)];
            for report in told {
                prop_assert_eq!(redact(&report, &found).chars().count(), report.chars().count());
            }
        }
    }
}
