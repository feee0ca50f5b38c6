//! `models --refresh`: what is made of the answers of an account, what the options say, and that the file is used.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::collections::BTreeMap;
use std::sync::Mutex;

use bedrock_lint::bedrock::{Catalogue, Partition};
use bedrock_lint::live::refresh::{RefreshError, RefreshOutcome, RefreshRequest, refresh};
use bedrock_lint::live::{
    AskBedrock, AskIam, AskOrganizations, Asked, Availability, ControlPolicy, Failure, FailureKind, Holder,
    HolderRecord, Identity, KeyRecord, ListedModel, ListedProfile, Organization, Simulated, Simulation,
};
use bedrock_lint::report::{Style, refresh as report};
use common::{CLEAN, Folder};

const TIDE: &str = "newvendor.tide-1-v1:0";

/// An account that gives what it was told to give.
#[derive(Debug)]
struct Recorded {
    caller: Asked<Identity>,
    models: BTreeMap<String, Asked<Vec<ListedModel>>>,
    profiles: BTreeMap<String, Asked<Vec<ListedProfile>>>,
    asked: Mutex<Vec<String>>,
}

impl Recorded {
    fn of(partition: &str) -> Self {
        let arn = format!("arn:{partition}:sts::111122223333:assumed-role/ops/session");
        Self {
            caller: Ok(Identity { account: "111122223333".to_owned(), arn }),
            models: BTreeMap::new(),
            profiles: BTreeMap::new(),
            asked: Mutex::default(),
        }
    }

    /// An account that sees a new model and its profile in two Regions.
    fn with_tide() -> Self {
        let mut account = Self::of("aws");
        for region in ["us-east-1", "us-west-2"] {
            let arn = |to: &str| format!("arn:aws:bedrock:{to}::foundation-model/{TIDE}");
            let model = ListedModel {
                id: TIDE.to_owned(),
                name: "Tide 1".to_owned(),
                provider: "Newvendor".to_owned(),
                input: vec!["text".to_owned()],
                output: vec!["text".to_owned()],
                on_demand: region == "us-west-2",
                legacy: false,
            };
            let profile = ListedProfile {
                id: format!("us.{TIDE}"),
                arn: format!("arn:aws:bedrock:{region}:111122223333:inference-profile/us.{TIDE}"),
                models: vec![arn("us-east-1"), arn("us-west-2")],
                active: true,
            };
            account.models.insert(region.to_owned(), Ok(vec![model]));
            account.profiles.insert(region.to_owned(), Ok(vec![profile]));
        }
        account
    }

    fn failing(mut self, region: &str, kind: FailureKind) -> Self {
        self.models.insert(region.to_owned(), Err(Failure::new("bedrock:ListFoundationModels", kind)));
        self
    }

    fn refreshed(&self, regions: &[&str]) -> Result<RefreshOutcome, RefreshError> {
        let regions: Vec<String> = regions.iter().map(|&region| region.to_owned()).collect();
        let date = "2026-11-25".parse().unwrap();
        refresh(&RefreshRequest { account: self, base: Catalogue::BUILTIN_TEXT, regions: &regions, date })
    }
}

fn denied<T>(action: &'static str) -> Asked<T> {
    Err(Failure::new(action, FailureKind::Denied))
}

impl AskBedrock for Recorded {
    fn foundation_models(&self, region: &str) -> Asked<Vec<ListedModel>> {
        self.asked.lock().unwrap().push(region.to_owned());
        self.models.get(region).cloned().unwrap_or_else(|| denied("bedrock:ListFoundationModels"))
    }

    fn inference_profiles(&self, region: &str) -> Asked<Vec<ListedProfile>> {
        self.profiles.get(region).cloned().unwrap_or_else(|| denied("bedrock:ListInferenceProfiles"))
    }

    fn inference_profile(&self, _: &str, _: &str) -> Asked<ListedProfile> {
        denied("bedrock:GetInferenceProfile")
    }

    fn availability(&self, _: &str, _: &str) -> Asked<Availability> {
        denied("bedrock:GetFoundationModelAvailability")
    }

    fn use_case_sent(&self, _: &str) -> Asked<bool> {
        denied("bedrock:GetUseCaseForModelAccess")
    }
}

impl AskIam for Recorded {
    fn caller(&self) -> Asked<Identity> {
        self.caller.clone()
    }

    fn holder(&self, _: &Holder) -> Asked<HolderRecord> {
        denied("iam:GetRole")
    }

    fn groups_of(&self, _: &str) -> Asked<Vec<String>> {
        denied("iam:ListGroupsForUser")
    }

    fn attached_policies(&self, _: &Holder) -> Asked<Vec<String>> {
        denied("iam:ListAttachedRolePolicies")
    }

    fn inline_policies(&self, _: &Holder) -> Asked<Vec<String>> {
        denied("iam:ListRolePolicies")
    }

    fn inline_policy(&self, _: &Holder, _: &str) -> Asked<String> {
        denied("iam:GetRolePolicy")
    }

    fn managed_policy(&self, _: &str) -> Asked<String> {
        denied("iam:GetPolicy")
    }

    fn api_keys(&self, _: &str) -> Asked<Vec<KeyRecord>> {
        denied("iam:ListServiceSpecificCredentials")
    }

    fn simulate(&self, _: &Simulation) -> Asked<Simulated> {
        denied("iam:SimulatePrincipalPolicy")
    }
}

impl AskOrganizations for Recorded {
    fn organization(&self) -> Asked<Option<Organization>> {
        denied("organizations:DescribeOrganization")
    }

    fn parent(&self, _: &str) -> Asked<Option<String>> {
        denied("organizations:ListParents")
    }

    fn control_policies(&self, _: &str) -> Asked<Vec<ControlPolicy>> {
        denied("organizations:ListPoliciesForTarget")
    }

    fn control_policy(&self, _: &str) -> Asked<String> {
        denied("organizations:DescribePolicy")
    }
}

#[test]
fn every_region_of_the_partition_is_asked_once() {
    for (partition, own) in [("aws", Partition::Aws), ("aws-us-gov", Partition::AwsUsGov)] {
        let account = Recorded::of(partition);
        let outcome = account.refreshed(&[]).unwrap();
        let with_bedrock = Catalogue::builtin().regions().filter(|region| region.partition == own && region.bedrock);
        let codes: Vec<String> = with_bedrock.map(|region| region.code.to_string()).collect();
        let mut asked = account.asked.into_inner().unwrap();
        asked.sort();
        assert_eq!((&asked, &outcome.asked), (&codes, &codes));
    }
    let named = Recorded::with_tide().refreshed(&["us-west-2", "us-east-1", "us-west-2"]).unwrap();
    assert_eq!(named.asked, ["us-east-1", "us-west-2"]);
    assert_eq!(named.answered, named.asked);
}

#[test]
fn a_region_that_does_not_answer_keeps_its_rows() {
    let account = Recorded::with_tide()
        .failing("eu-west-1", FailureKind::Throttled)
        .failing("ap-east-2", FailureKind::BadCredentials)
        .failing("af-south-1", FailureKind::BadCredentials)
        .failing("eu-west-2", FailureKind::BadCredentials);
    // one list alone is no answer
    let mut account = account;
    account.models.insert("eu-west-3".to_owned(), Ok(Vec::new()));
    let regions = ["us-east-1", "us-west-2", "eu-west-1", "ap-east-2", "af-south-1", "eu-west-2", "eu-west-3"];
    let outcome = account.refreshed(&regions).unwrap();
    assert_eq!(outcome.answered, ["us-east-1", "us-west-2"]);
    let warnings = report::problems(&outcome, Style::PLAIN);
    for line in [
        "warning: `bedrock:ListFoundationModels` was throttled until no retry was left; not checked: what `eu-west-1` lists\n",
        "warning: `bedrock:ListFoundationModels` does not take the credentials in use in Regions that the account has not \
         enabled; not checked: what `af-south-1` lists, what `ap-east-2` lists\n",
        "so `bedrock:ListFoundationModels` could not be asked; not checked: what `eu-west-2` lists\n",
        "`bedrock:ListInferenceProfiles` is not allowed to the credentials in use; not checked: what `eu-west-3` lists\n",
    ] {
        assert!(warnings.contains(line), "{line}\n{warnings}");
    }
    let made = Catalogue::from_json(&outcome.refreshed.unwrap().text).unwrap();
    assert_eq!(made.as_of(), Catalogue::builtin().as_of());
    let before = Catalogue::builtin();
    for model in before.models() {
        assert_eq!(Some(model), made.model(&model.id), "what an account hides stays");
    }
    assert_eq!(made.models().len(), before.models().len() + 1);
}

/// A list that is empty where there was one retires nothing.
#[test]
fn no_profile_at_all_is_no_answer_where_some_are_known() {
    let mut account = Recorded::with_tide();
    account.profiles.insert("us-east-1".to_owned(), Ok(Vec::new()));
    let outcome = account.refreshed(&["us-east-1", "us-west-2"]).unwrap();
    assert_eq!(outcome.answered, ["us-west-2"]);
    assert!(report::problems(&outcome, Style::PLAIN).starts_with(
        "warning: `bedrock:ListInferenceProfiles` found nothing: the catalogue has inference profiles there, which are not \
         taken for gone; not checked: what `us-east-1` lists\n"
    ));
    let made = Catalogue::from_json(&outcome.refreshed.unwrap().text).unwrap();
    let sources = |catalogue: &Catalogue| {
        let active = catalogue.profiles().filter(|one| one.is_active() && one.sources().contains("us-east-1"));
        active.filter(|one| one.model_id() != TIDE).count()
    };
    assert_eq!(sources(&made), sources(Catalogue::builtin()));

    // where none is known, none is an answer
    account.models.insert("us-central-7".to_owned(), Ok(Vec::new()));
    account.profiles.insert("us-central-7".to_owned(), Ok(Vec::new()));
    assert_eq!(account.refreshed(&["us-central-7"]).unwrap().answered, ["us-central-7"]);
}

#[test]
fn nobody_answers() {
    let outcome = Recorded::of("aws").refreshed(&["us-east-1", "eu-west-1"]).unwrap();
    assert!(outcome.refreshed.is_none() && outcome.answered.is_empty());
    let said = report::problems(&outcome, Style::PLAIN);
    assert!(
        said.contains("error: the catalogue could not be refreshed: `bedrock:ListFoundationModels` is not allowed"),
        "{said}"
    );

    let nobody = Err(Failure::new("sts:GetCallerIdentity", FailureKind::NoCredentials));
    let account = Recorded { caller: nobody, ..Recorded::with_tide() };
    let outcome = account.refreshed(&[]).unwrap();
    assert!(outcome.refreshed.is_none() && account.asked.into_inner().unwrap().is_empty());
    assert!(outcome.not_made.unwrap().contains("no AWS credentials were found"));
}

#[test]
fn regions_that_cannot_be_asked_are_refused_first() {
    let account = Recorded::with_tide();
    for (region, said) in [
        ("us-esat-1", "there is no Region `us-esat-1`; did you mean `us-east-1`?"),
        ("US-EAST-1", "there is no Region `US-EAST-1`; did you mean `us-east-1`?"),
        ("nowhere", "there is no Region `nowhere`"),
        ("us-gov-west-1", "`us-gov-west-1` is of the partition `aws-us-gov`, and the credentials in use are of `aws`"),
    ] {
        assert_eq!(account.refreshed(&["us-east-1", region]).unwrap_err().to_string(), said);
    }
    assert!(account.asked.lock().unwrap().is_empty());
    // one that is newer than the catalogue may be asked
    assert_eq!(account.refreshed(&["us-east-1", "us-central-7"]).unwrap().answered, ["us-east-1"]);
}

#[test]
fn the_same_answers_give_the_same_bytes() {
    let run = || Recorded::with_tide().refreshed(&[]).unwrap();
    let (first, second) = (run(), run());
    assert_eq!(first.refreshed.as_ref().unwrap().text, second.refreshed.unwrap().text);
    let summary = report::summary(&first, Style::PLAIN);
    for line in [
        "live: 33 Regions asked, 2 answered\n",
        "live: 1 model added: `newvendor.tide-1-v1:0`\n",
        "live: 1 profile added: `us.newvendor.tide-1-v1:0`\n",
        "stay as before: `",
    ] {
        assert!(summary.contains(line), "{line}\n{summary}");
    }
}

/// A policy that grants a new model.
fn policy() -> String {
    format!(
        r#"{{ "Version": "2012-10-17", "Statement": [{{ "Effect": "Allow", "Action": "bedrock:InvokeModel*",
        "Resource": "arn:aws:bedrock:*::foundation-model/{TIDE}" }}] }}"#
    )
}

#[test]
fn the_file_is_used_where_it_is_named() {
    let text = Recorded::with_tide().refreshed(&[]).unwrap().refreshed.unwrap().text;
    let folder = Folder::new(&[
        ("a/policy.json", &policy()),
        ("facts/newer.json", &text),
        ("old.json", Catalogue::BUILTIN_TEXT),
    ]);
    let known = |arguments: &[&str]| {
        let arguments =
            [&["check", "--as-of", "2026-11-25", "--format", "concise", "--pedantic", "a"], arguments].concat();
        let run = folder.run(&arguments);
        assert!(run.code < 2, "{}", run.err);
        !run.out.contains(&format!("`{TIDE}` is not among the models known"))
    };
    assert!(!known(&[]));
    assert!(known(&["--catalog", "facts/newer.json"]));
    folder.write("bedrock-lint.yml", "catalog: facts/newer.json\n");
    assert!(known(&[]));
    assert!(!known(&["--no-config"]));
    assert!(!known(&["--catalog", "old.json"]));
    // from another folder as well
    let below = folder
        .command(["check", "--format", "concise", "--pedantic", "."])
        .current_dir(folder.path("a"))
        .output()
        .unwrap();
    assert!(!String::from_utf8(below.stdout).unwrap().contains("is not among the models known"));
    let check = |more: &[&str]| folder.run(&[&["models", "--check", &format!("us.{TIDE}")], more].concat()).code;
    assert_eq!((check(&[]), check(&["--catalog", "facts/newer.json"])), (1, 0));
    let shown = folder.run(&["models", TIDE, "--catalog", "facts/newer.json"]).out;
    assert!(
        shown.contains("ListFoundationModels and ListInferenceProfiles of an AWS account, in us-east-1, us-west-2"),
        "{shown}"
    );
    // it is as old as the newest list in it
    let hint = |more: &[&str]| folder.run(&[&["models", "haiku", "--as-of", "2027-02-01"], more].concat()).err;
    assert!(hint(&[]).contains("hint: the catalogue is of 2026-10-27, 97 days old"), "{}", hint(&[]));
    assert!(!hint(&["--catalog", "facts/newer.json"]).contains("days old"));
    folder.write("bedrock-lint.yml", "catalog: facts/gone.json\n");
    let gone = folder.run(&["check", "a"]);
    assert_eq!(gone.code, 2);
    assert!(gone.err.contains("facts/gone.json: not usable as a catalogue"), "{}", gone.err);
    folder.write("bedrock-lint.yml", "catalog:\n");
    assert_eq!(folder.run(&["check", "a"]).code, 2);
}

#[test]
fn settings_show_which_catalogue_is_used() {
    let folder = Folder::new(&[("bedrock-lint.yml", "fail-on: note\ncatalog: newer.json\n")]);
    let shown = |arguments: &[&str]| -> (String, String) {
        let run = folder.run(&[&["--show-settings"], arguments].concat());
        let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let at = |pointer| value.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        (at("/settings/catalog"), at("/from/catalog"))
    };
    assert_eq!(shown(&[]), ("newer.json".to_owned(), "bedrock-lint.yml:2:10".to_owned()));
    assert_eq!(shown(&["--catalog", "x.json"]), ("x.json".to_owned(), "--catalog".to_owned()));
}

#[test]
fn wrong_usage_asks_nobody() {
    let folder = Folder::new(&[("policy.json", CLEAN), ("copy.json", Catalogue::BUILTIN_TEXT), ("folder/x", "")]);
    for (arguments, said) in [
        (&["--refresh", "--output", "a.json"][..], "--live"),
        (&["--refresh", "--live"], "error: a catalogue is written: name its file with `--output`"),
        (&["--output", "a.json"], "--refresh"),
        (&["--live"], "error: `models` asks an account for a newer catalogue alone"),
        (&["haiku", "--refresh", "--live", "--output", "a.json"], "cannot be used with"),
        (&["--refresh", "--live", "--output", "a.json", "--format", "json"], "cannot be used with"),
        (&["--region", "us-east-1", "--region", "eu-west-1"], "error: one Region is asked about at a time"),
        (&["--refresh", "--live", "--output", "policy.json"], "error: policy.json: is there and no catalogue"),
        (&["--refresh", "--live", "--output", "copy.json"], "error: copy.json: is the catalogue that is compiled in"),
        (&["--refresh", "--live", "--output", "folder"], "error: folder: is a folder"),
        (&["--refresh", "--live", "--output", "gone/a.json"], "error: gone/a.json: its folder does not exist"),
        (&["--refresh", "--live", "--output", "a.json", "--catalog", "policy.json"], "policy.json:"),
    ] {
        let run = folder.run(&[&["models"], arguments].concat());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}: {}", run.err);
        assert!(run.err.contains(said), "{arguments:?}: {}", run.err);
    }
    assert_eq!(std::fs::read_to_string(folder.path("policy.json")).unwrap(), CLEAN);
    assert!(!folder.path("a.json").exists());
}

#[test]
fn the_policy_that_is_needed_is_printed() {
    let folder = Folder::new(&[]);
    for arguments in [&["--refresh", "--live", "--print-policy"][..], &["--live", "--print-policy"]] {
        let run = folder.run(&[&["models"], arguments].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.out.contains("bedrock:ListFoundationModels") && run.out.contains("bedrock:ListInferenceProfiles"));
    }
}
