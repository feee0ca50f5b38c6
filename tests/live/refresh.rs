//! `models --refresh --live` over real HTTP.

mod faults;

use std::collections::BTreeSet;
use std::fs;

use bedrock_lint::bedrock::{Catalogue, RegionSet};

use super::ministack::ministack;
use super::recorded::{ACCOUNT, Account, error, xml};
use super::server::{Question, Server};
use super::{CALLER, Folder, PROFILE, Run, account, as_recorded, ask, serve, serve_before, warnings};

/// A model that no catalogue has.
const TIDE: &str = "newvendor.tide-1-v1:0";
/// Profiles of it.
const US_TIDE: &str = "us.newvendor.tide-1-v1:0";
const GLOBAL_TIDE: &str = "global.newvendor.tide-1-v1:0";

/// A model that is known, and its profile.
const NOVA: &str = "amazon.nova-pro-v1:0";
const US_NOVA: &str = "us.amazon.nova-pro-v1:0";

/// An account of which three Regions list a new model with profiles, a row a page, and two of them a known one without any.
fn with_tide() -> Account {
    let row = |region: &str, id: &str| (region.to_owned(), id.to_owned());
    let tide = |region: &str| format!("arn:aws:bedrock:{region}::foundation-model/{TIDE}");
    let routed = |region: &str, id: &str, to: &[&str]| {
        (region.to_owned(), id.to_owned(), to.iter().map(|region| tide(region)).collect::<Vec<_>>())
    };
    let us = ["us-east-1", "us-west-2"];
    Account {
        page: 1,
        on_demand: vec![
            row("us-east-1", TIDE),
            row("us-west-2", TIDE),
            row("eu-west-1", TIDE),
            row("us-east-1", NOVA),
            row("us-west-2", NOVA),
        ],
        profiles: vec![
            routed("us-east-1", US_TIDE, &us),
            routed("us-east-1", GLOBAL_TIDE, &["us-east-1"]),
            routed("us-east-1", &format!("arn:aws:bedrock:us-east-1:{ACCOUNT}:application-inference-profile/x"), &us),
            routed("us-west-2", US_TIDE, &us),
            routed("eu-west-1", "eu.newvendor.tide-1-v1:0", &["eu-west-1", "eu-central-1"]),
        ],
        ..account()
    }
}

/// The same, of which every other Region lists a profile that the catalogue has from there: none has lost all.
fn everywhere() -> Account {
    let (mut account, catalogue) = (with_tide(), Catalogue::builtin());
    for region in catalogue.regions().filter(|region| region.bedrock) {
        let code = region.code.to_string();
        let known = catalogue.profiles().find(|profile| profile.is_active() && profile.sources().contains(&code));
        let Some(profile) = known.filter(|_| !account.profiles.iter().any(|(listed, ..)| *listed == code)) else {
            continue;
        };
        let arn = |to: &str| format!("arn:aws:bedrock:{to}::foundation-model/{}", profile.model_id());
        // a global one tells no destinations
        let destinations = profile.destinations(&code).map(|regions| regions.iter().map(arn).collect());
        let models = destinations.unwrap_or_else(|| vec![arn(&code), arn("")]);
        account.profiles.push((code, profile.id.to_string(), models));
    }
    account
}

/// The three Regions.
const REGIONS: [&str; 6] = ["--region", "us-east-1", "--region", "us-west-2", "--region", "eu-west-1"];

/// Refreshes into a file of a folder.
fn refresh(folder: &Folder, server: &Server, more: &[&str]) -> Run {
    let arguments = ["models", "--refresh", "--as-of", "2026-11-25", "--output", "newer.json"];
    ask(folder, &server.url, &[&arguments, more].concat())
}

fn written(folder: &Folder) -> String {
    fs::read_to_string(folder.path("newer.json")).unwrap()
}

/// The names of what is in a folder.
fn files(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.root()).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The Regions that were asked an operation, each as often as it was.
fn regions(server: &Server, operation: &str) -> Vec<String> {
    let asked = server.asked().into_iter().filter(|question| question.operation == operation);
    let mut regions: Vec<String> = asked.map(|question| question.region).collect();
    regions.sort();
    regions
}

/// A row of the written catalogue that is of an id.
fn row<'t>(text: &'t str, id: &str) -> &'t str {
    text.lines().find(|line| line.contains(&format!("{{\"id\":\"{id}\""))).unwrap_or_else(|| panic!("no row of {id}"))
}

#[test]
fn every_page_of_every_region_is_read() {
    let folder = Folder::new(&[]);
    let server = serve(with_tide(), as_recorded);
    let run = refresh(&folder, &server, &REGIONS);
    assert_eq!((run.code, run.out.as_str(), warnings(&run)), (0, "", Vec::new()), "{}", run.err);
    // each Region is asked in its own name; the profiles of one come as two pages, the application profile not at all
    assert_eq!(regions(&server, "bedrock:ListFoundationModels"), ["eu-west-1", "us-east-1", "us-west-2"]);
    let listed = regions(&server, "bedrock:ListInferenceProfiles");
    assert_eq!(listed, ["eu-west-1", "us-east-1", "us-east-1", "us-west-2"]);
    let profiles = server.asked().into_iter().filter(|one| one.operation == "bedrock:ListInferenceProfiles");
    assert!(profiles.into_iter().all(|one| one.field("type") == "SYSTEM_DEFINED"));
    let text = written(&folder);
    let catalogue = Catalogue::from_json(&text).unwrap();
    let tide = catalogue.model(TIDE).unwrap();
    let mut ids: Vec<&str> = tide.profiles.iter().map(|profile| &*profile.id).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["eu.newvendor.tide-1-v1:0", GLOBAL_TIDE, US_TIDE]);
    let routes = |id: &str, from: &str| -> Vec<String> {
        let destinations = catalogue.profile(id).unwrap().destinations(from);
        destinations.into_iter().flat_map(RegionSet::iter).map(|region| region.to_string()).collect()
    };
    assert_eq!(routes(US_TIDE, "us-east-1"), ["us-east-1", "us-west-2"]);
    assert_eq!(routes("eu.newvendor.tide-1-v1:0", "eu-west-1"), ["eu-central-1", "eu-west-1"]);
    assert!(routes(US_TIDE, "eu-west-1").is_empty());
    // a profile that is no longer listed beside its model cannot be called from there
    assert!(!routes(US_NOVA, "us-east-2").is_empty() && routes(US_NOVA, "us-east-1").is_empty());
    // three Regions of all are not the whole
    assert_eq!(catalogue.as_of(), Catalogue::builtin().as_of());
    for told in [
        "live: 3 Regions asked, 3 answered\n",
        "live: 1 model added: `newvendor.tide-1-v1:0`\n",
        "live: 3 profiles added: `eu.newvendor.tide-1-v1:0`, `global.newvendor.tide-1-v1:0` and `us.newvendor.tide-1-v1:0`\n",
    ] {
        assert!(run.err.contains(told), "{told}{}", run.err);
    }
    let hint = "hint: newer.json is written: use it with `--catalog`, or name it as `catalog` in `bedrock-lint.yml`\n";
    assert!(run.err.ends_with(hint), "{}", run.err);
}

#[test]
fn all_regions_of_the_partition_are_asked_by_default() {
    let folder = Folder::new(&[]);
    let server = serve(everywhere(), as_recorded);
    let run = refresh(&folder, &server, &[]);
    assert_eq!((run.code, warnings(&run)), (0, Vec::new()), "{}", run.err);
    let all = Catalogue::builtin().regions().filter(|region| region.bedrock && region.partition.as_str() == "aws");
    let mut all: Vec<String> = all.map(|region| region.code.to_string()).collect();
    all.sort();
    assert!(all.len() > 25, "{all:?}");
    assert_eq!(regions(&server, "bedrock:ListFoundationModels"), all);
    assert_eq!(
        regions(&server, "bedrock:ListInferenceProfiles").into_iter().collect::<BTreeSet<_>>(),
        all.into_iter().collect()
    );
    // everything answered, so the whole is of that day
    assert_eq!(Catalogue::from_json(&written(&folder)).unwrap().as_of().to_string(), "2026-11-25");
}

#[test]
fn a_caller_of_another_partition_is_asked_in_that() {
    let gov = |question: &Question| {
        (question.operation == "sts:GetCallerIdentity").then(|| {
            let arn = format!("<Arn>arn:aws-us-gov:iam::{ACCOUNT}:user/auditor</Arn>");
            xml("GetCallerIdentity", &format!("{arn}<UserId>AIDA</UserId><Account>{ACCOUNT}</Account>"))
        })
    };
    let (folder, server) = (Folder::new(&[]), serve(everywhere(), gov));
    let run = refresh(&folder, &server, &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(regions(&server, "bedrock:ListFoundationModels"), ["us-gov-east-1", "us-gov-west-1"]);
    let run = refresh(&folder, &server, &["--region", "us-east-1"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("`us-east-1` is of the partition `aws`, and the credentials in use are of `aws-us-gov`"));
}

#[test]
fn the_same_answers_give_the_same_bytes() {
    let (first, second) = (Folder::new(&[]), Folder::new(&[]));
    refresh(&first, &serve(with_tide(), as_recorded), &REGIONS);
    // in another order, and on one page
    let mut reversed = Account { page: 0, ..with_tide() };
    reversed.profiles.reverse();
    reversed.on_demand.reverse();
    let regions: Vec<&str> = REGIONS.chunks(2).rev().flatten().copied().collect();
    let run = refresh(&second, &serve(reversed.clone(), as_recorded), &regions);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(written(&first) == written(&second));
    // what is refreshed already, on the same day
    second.write("before.json", written(&second));
    let run = refresh(&second, &serve(reversed, as_recorded), &[&REGIONS[..], &["--catalog", "before.json"]].concat());
    assert!(run.err.contains("live: nothing is other than before\n"), "{}", run.err);
    assert!(written(&first) == written(&second));
}

#[test]
fn the_standard_output_holds_the_file_alone() {
    let folder = Folder::new(&[]);
    let server = serve(with_tide(), as_recorded);
    refresh(&folder, &server, &REGIONS);
    let arguments = ["models", "--refresh", "--as-of", "2026-11-25", "--output", "-"];
    let run = ask(&folder, &server.url, &[&arguments, &REGIONS[..]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out == written(&folder), "{}", run.err);
    assert!(run.err.contains("live: 3 Regions asked, 3 answered\n") && !run.err.contains("hint:"), "{}", run.err);
}

#[test]
fn a_catalogue_is_replaced_at_once() {
    let folder = Folder::new(&[(
        "newer.json",
        Catalogue::BUILTIN_TEXT.replace("\"as_of\": \"2026", "\"as_of\": \"2025").as_str(),
    )]);
    let before = written(&folder);
    // whoever has the file open reads on in what was there
    fs::hard_link(folder.path("newer.json"), folder.path("held.json")).unwrap();
    let run = refresh(&folder, &serve(with_tide(), as_recorded), &REGIONS);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(fs::read_to_string(folder.path("held.json")).unwrap() == before);
    assert!(row(&written(&folder), TIDE).contains("\"sources\":[\"live\"]"));
    assert_eq!(files(&folder), ["held.json", "newer.json"]);
}

#[test]
fn what_is_no_catalogue_is_neither_replaced_nor_asked_for() {
    let server = serve(with_tide(), as_recorded);
    for (text, why) in [
        ("{}", "error: newer.json: is there and no catalogue, so it is not replaced: name another file\n"),
        (
            Catalogue::BUILTIN_TEXT,
            "error: newer.json: is the catalogue that is compiled in, and stays: name another file\n",
        ),
    ] {
        let folder = Folder::new(&[("newer.json", text)]);
        let run = refresh(&folder, &server, &REGIONS);
        assert_eq!((run.code, run.err.as_str()), (2, why));
        assert!(written(&folder) == text && files(&folder) == ["newer.json"]);
    }
    assert!(server.asked().is_empty());
}

#[test]
fn the_file_is_known_to_check_and_models() {
    let folder = Folder::new(&[(".env", &CALLER.replace(PROFILE, US_TIDE))]);
    let check = |more: &[&str]| {
        folder.run(&[&["check", "--no-config", "--as-of", "2026-11-25", "--pedantic", ".env"], more].concat())
    };
    let can_be_called = |more: &[&str]| folder.run(&[&["models", "--check", US_TIDE], more].concat()).code;
    assert!(check(&[]).out.contains(US_TIDE) && can_be_called(&[]) == 1);
    assert_eq!(refresh(&folder, &serve(with_tide(), as_recorded), &REGIONS).code, 0);
    let newer = ["--catalog", "newer.json"];
    let run = check(&newer);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    let from = |region: &str| can_be_called(&[&newer[..], &["--region", region]].concat());
    assert_eq!([from("us-east-1"), from("us-west-2"), from("eu-west-1")], [0, 0, 1]);
    let shown = folder.run(&[&["models", "tide"], &newer[..]].concat());
    assert!(shown.code == 0 && shown.out.contains(TIDE), "{}", shown.out);
    // a slip in the new id is found by it
    folder.write(".env", CALLER.replace(PROFILE, &US_TIDE.replace("tide", "tied")));
    assert!(check(&newer).out.contains(US_TIDE), "{}", check(&newer).out);
}

#[test]
fn a_region_of_ministack_is_listed() {
    let account = Account { beyond: &["bedrock"], ..account() };
    let server = serve_before(account, as_recorded, Some(ministack()));
    let folder = Folder::new(&[]);
    let run = refresh(&folder, &server, &["--region", "us-east-1"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("live: 1 Region asked, 1 answered\n"), "{}", run.err);
    let (before, made) = (Catalogue::builtin(), Catalogue::from_json(&written(&folder)).unwrap());
    let sources = |catalogue: &Catalogue, id: &str| -> bool {
        catalogue.profile(id).is_some_and(|profile| profile.destinations("us-east-1").is_some())
    };
    // it has this profile as AWS does, and lists that one where AWS does not
    let (there, elsewhere) = ("us.amazon.nova-lite-v1:0", "eu.amazon.nova-lite-v1:0");
    assert_eq!((sources(before, there), sources(before, elsewhere)), (true, false));
    assert_eq!((sources(&made, there), sources(&made, elsewhere)), (true, true));
    // an end that AWS told of stays, whatever an account still lists
    let ended = "warning: `amazon.titan-text-express-v1` is still listed, though it ended on 2025-08-15: its end stays";
    assert!(warnings(&run).contains(&ended), "{}", run.err);
    // and no model is lost
    assert!(before.models().all(|model| made.model(&model.id).is_some()));
}

#[test]
fn neither_account_nor_keys_are_told() {
    let key = format!("AKIA{}", "NOTREALNOTREAL00");
    let secret = "not/a+real/secret";
    let token = "not-a-real-session-token";
    let denied = |question: &Question| {
        let user =
            format!("User: arn:aws:iam::{ACCOUNT}:user/auditor is not authorized to perform: {}", question.operation);
        let is_west = question.operation.starts_with("bedrock:") && question.region == "us-west-2";
        is_west.then(|| error(question, 403, "AccessDeniedException", &user))
    };
    let server = serve(with_tide(), denied);
    let folder = Folder::new(&[]);
    let mut command = folder.command(["models", "--refresh", "--live", "--output", "newer.json", "--endpoint-url"]);
    command.arg(&server.url).args(REGIONS).env("AWS_ACCESS_KEY_ID", &key).env("AWS_SECRET_ACCESS_KEY", secret);
    command.env("AWS_SESSION_TOKEN", token).env("AWS_EC2_METADATA_DISABLED", "true");
    let run = Run::of(&mut command);
    assert_eq!((run.code, warnings(&run).len()), (0, 1), "{}", run.err);
    // it is this key that asks
    assert!(server.asked().iter().all(|question| question.key == key));
    let text = written(&folder);
    for told in [&text, &run.out, &run.err] {
        for hidden in [ACCOUNT, &key, secret, token, "auditor"] {
            assert!(!told.contains(hidden), "{hidden}: {}", run.err);
        }
    }
}
