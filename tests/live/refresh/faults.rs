//! Regions that do not answer keep what the catalogue says of them; without any, nothing is written.

use super::super::recorded::{denied, throttled};
use super::super::server::Answer;
use super::super::{Run, credentials};
use super::*;

/// A server on which an operation goes another way in a Region.
fn failing(
    operation: &'static str,
    region: &'static str,
    how: impl Fn(&Question) -> Answer + Send + Sync + 'static,
) -> Server {
    serve(with_tide(), move |question| {
        (question.operation == operation && question.region == region).then(|| how(question))
    })
}

/// What a file that is there says: a catalogue, older than the one that is compiled in.
fn older() -> String {
    Catalogue::BUILTIN_TEXT.replace("\"as_of\": \"2026", "\"as_of\": \"2025")
}

/// The profile is there from `us-east-1`, and from `us-west-2` only if that answered.
fn assert_half(folder: &Folder, run: &Run, told: &str) {
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(warnings(run), [told], "{}", run.err);
    assert!(run.err.contains("live: 3 Regions asked, 2 answered\n"), "{}", run.err);
    let made = Catalogue::from_json(&written(folder)).unwrap();
    let tide = made.profile(US_TIDE).unwrap();
    assert!(tide.destinations("us-east-1").is_some() && tide.destinations("us-west-2").is_none());
    // nothing is taken from the Region that did not answer
    let routes = |catalogue: &Catalogue| -> Vec<String> {
        let regions = catalogue.profile(US_NOVA).unwrap().destinations("us-west-2").unwrap();
        regions.iter().map(|region| region.to_string()).collect()
    };
    assert_eq!(routes(&made), routes(Catalogue::builtin()));
    assert!(made.profile(US_NOVA).unwrap().destinations("us-east-1").is_none());
}

#[test]
fn a_list_that_may_not_be_read() {
    for operation in ["bedrock:ListFoundationModels", "bedrock:ListInferenceProfiles"] {
        let folder = Folder::new(&[]);
        let server = failing(operation, "us-west-2", denied);
        let run = refresh(&folder, &server, &REGIONS);
        let told = format!(
            "warning: `{operation}` is not allowed to the credentials in use; not checked: what `us-west-2` lists"
        );
        assert_half(&folder, &run, &told);
    }
}

#[test]
fn a_second_page_that_may_not_be_read() {
    let folder = Folder::new(&[]);
    let second = |question: &Question| !question.field("nextToken").is_empty();
    let server = serve(with_tide(), move |question| second(question).then(|| denied(question)));
    let run = refresh(&folder, &server, &["--region", "us-east-1", "--region", "us-west-2"]);
    assert_eq!((run.code, warnings(&run).len()), (0, 1), "{}", run.err);
    // half a list is none: what it lacks would seem to be gone
    assert!(warnings(&run)[0].ends_with("not checked: what `us-east-1` lists"), "{}", run.err);
    let made = Catalogue::from_json(&written(&folder)).unwrap();
    let tide = made.profile(US_TIDE).unwrap();
    assert!(tide.destinations("us-east-1").is_none() && tide.destinations("us-west-2").is_some());
}

#[test]
fn a_region_that_is_not_enabled_is_told_apart_from_bad_credentials() {
    let refuse = |question: &Question| {
        let message = "The security token included in the request is invalid.";
        error(question, 403, "UnrecognizedClientException", message)
    };
    for (region, told) in [
        (
            "af-south-1",
            "warning: `bedrock:ListFoundationModels` does not take the credentials in use in Regions that the account has \
             not enabled; not checked: what `af-south-1` lists",
        ),
        (
            "eu-west-2",
            "warning: the AWS credentials in use are expired or not valid, so `bedrock:ListFoundationModels` could not be \
             asked; not checked: what `eu-west-2` lists",
        ),
    ] {
        let folder = Folder::new(&[]);
        let server = failing("bedrock:ListFoundationModels", region, refuse);
        let run = refresh(&folder, &server, &["--region", "us-east-1", "--region", region]);
        assert_eq!((run.code, warnings(&run)), (0, vec![told]), "{}", run.err);
        // another attempt would not help
        assert_eq!(regions(&server, "bedrock:ListFoundationModels"), [region, "us-east-1"]);
    }
}

#[test]
fn throttling_is_waited_out_until_no_retry_is_left() {
    let folder = Folder::new(&[]);
    let server = failing("bedrock:ListInferenceProfiles", "us-west-2", throttled);
    let run = refresh(&folder, &server, &REGIONS);
    let told = "warning: `bedrock:ListInferenceProfiles` was throttled until no retry was left; not checked: what \
                `us-west-2` lists";
    assert_half(&folder, &run, told);
    let asked = regions(&server, "bedrock:ListInferenceProfiles");
    assert_eq!(asked.iter().filter(|region| *region == "us-west-2").count(), 6);
}

#[test]
fn a_region_that_hangs_does_not_keep_the_others_from_being_written() {
    for operation in ["bedrock:ListFoundationModels", "bedrock:ListInferenceProfiles"] {
        let folder = Folder::new(&[]);
        let server = failing(operation, "us-west-2", |_| Answer::Hang);
        let run = refresh(&folder, &server, &[&REGIONS[..], &["--live-timeout", "4"]].concat());
        assert_half(
            &folder,
            &run,
            &format!("warning: `{operation}` gave no answer in time; not checked: what `us-west-2` lists"),
        );
    }
}

#[test]
fn an_answer_that_breaks_off_is_none() {
    let whole = "{\"modelSummaries\": [";
    for answer in [
        Answer::Truncate { body: whole.to_owned() },
        Answer::Say { status: 200, headers: Vec::new(), body: whole.to_owned() },
    ] {
        let folder = Folder::new(&[]);
        let server = failing("bedrock:ListFoundationModels", "us-west-2", move |_| answer.clone());
        let run = refresh(&folder, &server, &REGIONS);
        let [told] = warnings(&run).try_into().unwrap();
        assert!(told.contains("`bedrock:ListFoundationModels`") && told.contains("could not be read"), "{told}");
        assert!(told.ends_with("; not checked: what `us-west-2` lists"), "{told}");
        assert_half(&folder, &run, told);
    }
}

#[test]
fn without_any_answer_nothing_is_written() {
    let refuse = |question: &Question| question.operation.starts_with("bedrock:").then(|| denied(question));
    let hang = |question: &Question| question.operation.starts_with("bedrock:").then_some(Answer::Hang);
    let expired = |question: &Question| {
        Some(error(question, 403, "ExpiredToken", "The security token included in the request is expired"))
    };
    let cases: [(Server, &str); 3] = [
        (serve(with_tide(), refuse), "`bedrock:ListFoundationModels` is not allowed to the credentials in use"),
        (serve(with_tide(), hang), "`bedrock:ListFoundationModels` gave no answer in time"),
        (
            serve(with_tide(), expired),
            "the AWS credentials in use are expired or not valid, so `sts:GetCallerIdentity` could not be asked",
        ),
    ];
    for (server, why) in cases {
        let more = [&REGIONS[..], &["--live-timeout", "3"]].concat();
        let told = format!("error: the catalogue could not be refreshed: {why}\n");
        let folder = Folder::new(&[]);
        let run = refresh(&folder, &server, &more);
        assert_eq!((run.code, run.out.as_str()), (3, ""), "{}", run.err);
        assert!(run.err.ends_with(&told), "{}", run.err);
        assert!(files(&folder).is_empty());
        // nor is what is there touched
        folder.write("newer.json", older());
        let run = refresh(&folder, &server, &more);
        assert_eq!(run.code, 3, "{}", run.err);
        assert!(written(&folder) == older() && files(&folder) == ["newer.json"]);
        let arguments = ["models", "--refresh", "--output", "-"];
        let run = ask(&folder, &server.url, &[&arguments, &more[..]].concat());
        assert_eq!((run.code, run.out.as_str()), (3, ""), "{}", run.err);
    }
}

#[test]
fn no_credentials_and_no_network() {
    let folder = Folder::new(&[]);
    let arguments = ["models", "--refresh", "--live", "--output", "newer.json", "--endpoint-url", "http://127.0.0.1:1"];
    let nobody = Run::of(folder.command(arguments).env("AWS_EC2_METADATA_DISABLED", "true"));
    let told = "error: the catalogue could not be refreshed: no AWS credentials were found to ask `sts:GetCallerIdentity` with\n";
    assert_eq!((nobody.code, nobody.err.as_str()), (3, told));
    let offline = Run::of(folder.command(arguments).envs(credentials()));
    assert_eq!(offline.code, 3, "{}", offline.err);
    assert!(offline.err.contains("the endpoint of `sts:GetCallerIdentity` could not be reached"), "{}", offline.err);
    assert!(files(&folder).is_empty());
}
