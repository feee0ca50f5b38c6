//! Ceilings: by themselves, paired with what they limit, and in account dumps.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;
mod judged;

use bedrock_lint::bedrock::{Catalogue, Partition};
use bedrock_lint::finding::{Confidence, Finding, Severity};
use common::{Folder, Told, told};
use judged::{allow, findings_in, policy};

const INVOKE: &str = r#"["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]"#;
const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";
const PAIR: &str = "pairs:\n  - adapters: adapters/none.json\n    policies: policies/app.json\n";

fn model(region: &str, id: &str) -> String {
    format!("arn:aws:bedrock:{region}::foundation-model/{id}")
}

fn profile(region: &str, id: &str) -> String {
    format!("arn:aws:bedrock:{region}:111122223333:inference-profile/{id}")
}

/// An Allow of invocation on these resources.
fn invoke<S: AsRef<str>>(resources: &[S]) -> String {
    let resources: Vec<&str> = resources.iter().map(AsRef::as_ref).collect();
    allow(INVOKE, &format!("{resources:?}"), "")
}

/// What a caller of `us.` Haiku needs, and no more.
fn app() -> String {
    policy(&[&invoke(&[model("*", HAIKU), profile("us-east-1", &format!("us.{HAIKU}"))])])
}

/// A Deny of everything elsewhere.
fn region_deny(regions: &str) -> String {
    let condition = format!(r#""StringNotEquals": {{ "aws:RequestedRegion": {regions} }}"#);
    policy(&[&format!(
        r#""Sid": "Regions", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {{ {condition} }}"#
    )])
}

/// A folder with an application's policy and one ceiling, paired under `key`.
fn paired(key: &str, app: &str, ceiling: &str) -> Folder {
    Folder::new(&[
        ("policies/app.json", app),
        ("org/ceiling.json", ceiling),
        ("bedrock-lint.yml", &format!("{PAIR}    {key}: org/ceiling.json\n")),
    ])
}

#[track_caller]
fn only(folder: &Folder, rule: &str, underlined: &str, confidence: &str, says: &[&str]) -> Told {
    let mut told = told(folder);
    assert_eq!(told.len(), 1, "{told:#?}");
    let one = told.remove(0);
    assert_eq!((one.0.as_str(), one.2.as_str(), one.3.as_str()), (rule, underlined, confidence), "{one:#?}");
    for part in says {
        assert!(one.4.contains(part), "{part} in {}", one.4);
    }
    one
}

#[test]
fn a_promise_that_a_region_deny_breaks_is_told_at_the_region_deny() {
    let folder = paired("scps", &app(), &region_deny(r#"["us-east-1", "us-west-2"]"#));
    let says = [
        "`us.anthropic.claude-haiku-4-5-20251001-v1:0` also runs in `us-east-2`",
        "condition on `aws:RequestedRegion` of the service control policy",
    ];
    let rule = "region-condition-blocks-profile";
    let told = only(&folder, rule, r#"["us-east-1", "us-west-2"]"#, "likely", &says);
    assert_eq!(told.1, "org/ceiling.json");
    assert_eq!(told.5, [profile("us-east-1", &format!("us.{HAIKU}"))], "the promise is related");
    // by itself it is judged by what it lets through
    std::fs::remove_file(folder.path("bedrock-lint.yml")).unwrap();
    let says = ["profiles of `us.` called from `us-east-1` and `us-west-2`"];
    assert_eq!(only(&folder, rule, r#"["us-east-1", "us-west-2"]"#, "likely", &says).5, [""; 0]);
    let folder = paired("scps", &app(), &region_deny(r#"["us-east-1", "us-east-2", "us-west-2"]"#));
    assert_eq!(self::told(&folder), []);
}

#[test]
fn what_an_administrator_may_call_is_judged_under_the_ceiling() {
    let everything = policy(&[&allow(r#""bedrock:*""#, r#""*""#, "")]);
    let folder = paired("scps", &everything, &region_deny(r#"["eu-west-1"]"#));
    let says = ["profiles of `eu.` called from `eu-west-1` also run in `eu-central-1`"];
    let told = only(&folder, "region-condition-blocks-profile", r#"["eu-west-1"]"#, "likely", &says);
    assert_eq!(told.5, ["*"], "granted by the policy below");
    // nothing below the ceiling wants a profile
    let embeddings = policy(&[&invoke(&[model("eu-west-1", "amazon.titan-embed-text-v2:0")])]);
    folder.write("policies/app.json", embeddings);
    assert_eq!(self::told(&folder), []);
}

#[test]
fn what_a_boundary_forgets_is_told_at_the_boundary() {
    let models = model("*", "anthropic.*");
    let profiles = "arn:aws:bedrock:*:*:inference-profile/us.*";
    let here = model("us-east-1", "anthropic.*");
    let rows: [(Vec<&str>, &str, &str, &str); 4] = [
        (vec![&models], "missing-profile-grant", &models, "allows `bedrock:InvokeModel` on it: a ceiling has to allow"),
        (
            vec![profiles],
            "missing-model-grant",
            profiles,
            "allows `bedrock:InvokeModel` on the foundation model behind",
        ),
        (
            vec![profiles, &here],
            "uncovered-destination-region",
            &here,
            "`us-east-2` and `us-west-2`, where no statement",
        ),
        (vec!["arn:aws:s3:::bucket"], "missing-profile-grant", "Allow", "is granted, but no statement"),
    ];
    for (resources, rule, underlined, says) in rows {
        let folder = paired("boundary", &app(), &policy(&[&invoke(&resources)]));
        let told = only(&folder, rule, underlined, "certain", &[says, "of the permissions boundary"]);
        assert_eq!(told.1, "org/ceiling.json");
        assert!(told.5.contains(&profile("us-east-1", &format!("us.{HAIKU}"))), "{told:#?}");
        // the same under a session policy
        let folder = paired("session", &app(), &policy(&[&invoke(&resources)]));
        only(&folder, rule, underlined, "certain", &[says, "of the session policy"]);
    }
    let folder = paired("boundary", &app(), &policy(&[&invoke(&[&*models, profiles])]));
    assert_eq!(self::told(&folder), []);
    // what is named goes before what is granted as well
    let both = policy(&[&allow(r#""bedrock:*""#, r#""*""#, ""), &invoke(&[profile("*", &format!("us.{HAIKU}"))])]);
    let folder = paired("boundary", &both, &policy(&[&invoke(&[&*models])]));
    only(
        &folder,
        "missing-profile-grant",
        &models,
        "certain",
        &["`us.anthropic.claude-haiku-4-5-20251001-v1:0` is granted"],
    );
}

#[test]
fn global_profiles_need_the_region_less_model_of_the_boundary_too() {
    let global = format!("global.{HAIKU}");
    let app = policy(&[&invoke(&[model("*", HAIKU), profile("us-east-1", &global)])]);
    let regional = model("us-east-1", HAIKU);
    let folder =
        paired("boundary", &app, &policy(&[&invoke(&[&*regional, "arn:aws:bedrock:*:*:inference-profile/*"])]));
    let says = ["no statement of the permissions boundary allows"];
    only(&folder, "missing-global-model-grant", &regional, "certain", &says);
}

#[test]
fn the_fault_of_the_policy_goes_before_that_of_its_ceiling() {
    let here = model("us-east-1", HAIKU);
    let app = policy(&[&invoke(&[here.clone(), profile("us-east-1", &format!("us.{HAIKU}"))])]);
    // no level of the organization refuses what the policy does not grant
    let folder = paired("scps", &app, &region_deny(r#"["us-east-1", "us-east-2", "us-west-2"]"#));
    let says = ["where no statement grants"];
    assert_eq!(only(&folder, "uncovered-destination-region", &here, "certain", &says).1, "policies/app.json");
}

#[test]
fn permitted_models_of_an_organization() {
    let spared = format!("[{:?}]", model("*", HAIKU));
    let permitted = format!(r#""Sid": "Permitted", "Effect": "Deny", "Action": "bedrock:*", "NotResource": {spared}"#);
    let folder = paired("scps", &app(), &policy(&[&permitted]));
    let says = ["this Deny of the service control policy spares foundation models only", "`us.anthropic"];
    only(&folder, "deny-blocks-profile", &spared, "certain", &says);
    let exempt =
        format!(r#"{permitted}, "Condition": {{ "ArnNotLike": {{ "aws:PrincipalArn": "arn:aws:iam::*:role/ops" }} }}"#);
    folder.write("org/ceiling.json", policy(&[&exempt]));
    only(&folder, "deny-blocks-profile", &spared, "likely", &says);
    // exempted by what nobody knows
    folder.write("org/ceiling.json", policy(&[&exempt.replace("aws:PrincipalArn", "aws:PrincipalTag/team")]));
    assert_eq!(self::told(&folder), []);
}

#[test]
fn a_call_settles_what_the_ceiling_would_be_told_of() {
    let adapter = format!(
        r#"{{ "adapter_id": "bedrock|8d18571f-5e96-4505-bd28-ad0379c64064", "adapter_name": "claims", "adapter_type": "LLM",
  "adapter_metadata": {{ "adapter_name": "claims", "model": "us.{HAIKU}", "region_name": "us-east-1",
    "auth_type": "iam_role", "enable_thinking": false }} }}"#
    );
    let everything = policy(&[&allow(r#""bedrock:*""#, r#""*""#, "")]);
    for app in [app(), everything] {
        let folder = paired("scps", &app, &region_deny(r#"["us-east-1"]"#));
        folder.write("adapters/none.json", &adapter);
        let told = only(&folder, "uncallable-model", &format!("us.{HAIKU}"), "certain", &["service control policies"]);
        assert!(told.5.contains(&"Regions".to_owned()), "{told:#?}");
    }
    // what is missing in a ceiling is looked for in that ceiling
    let folder = paired("boundary", &app(), &policy(&[&invoke(&[model("*", "anthropic.*")])]));
    folder.write("adapters/none.json", &adapter);
    let says = ["is allowed by no statement of the permissions boundary"];
    let told = only(&folder, "uncallable-model", &format!("us.{HAIKU}"), "certain", &says);
    assert_eq!(told.5[0], "Allow", "{told:#?}");
}

#[test]
fn geographies_that_nobody_is_to_call_are_not_missed() {
    let folder =
        Folder::new(&[("org/scp.json", &region_deny(r#"["us-east-1", "us-east-2", "us-west-2", "eu-west-1"]"#))]);
    let says = ["profiles of `eu.` called from `eu-west-1`"];
    let list = r#"["us-east-1", "us-east-2", "us-west-2", "eu-west-1"]"#;
    only(&folder, "region-condition-blocks-profile", list, "likely", &says);
    folder.write("bedrock-lint.yml", "limits:\n  geographies: [us]\n");
    assert_eq!(told(&folder), []);
}

#[test]
fn levels_of_an_organization() {
    let folder = paired("scps", &app(), &policy(&[&allow(r#""*""#, r#""*""#, "")]));
    folder.write("org/ou.json", region_deny(r#"["us-east-1"]"#));
    folder.write("bedrock-lint.yml", format!("{PAIR}    scps: [org/ceiling.json, org/ou.json]\n"));
    assert_eq!(only(&folder, "region-condition-blocks-profile", r#"["us-east-1"]"#, "likely", &[]).1, "org/ou.json");
    // allowed by one level, and by nothing at the other
    folder.write("org/ou.json", policy(&[&allow(r#"["s3:*", "bedrock:List*"]"#, r#""*""#, "")]));
    let says = ["no statement of the service control policy allows"];
    assert_eq!(only(&folder, "missing-profile-grant", "Allow", "certain", &says).1, "org/ou.json");
}

/// An account dump of one role with an inline policy and a boundary, whose document is in the dump or not.
fn dump(inline: &str, boundary: Option<&str>) -> String {
    let arn = "arn:aws:iam::111122223333:policy/Limit";
    let managed = boundary.map(|document| {
        let version = format!(r#"{{ "VersionId": "v1", "IsDefaultVersion": true, "Document": {document} }}"#);
        format!(r#"{{ "PolicyName": "Limit", "Arn": "{arn}", "PolicyVersionList": [{version}] }}"#)
    });
    format!(
        r#"{{ "UserDetailList": [], "GroupDetailList": [], "Policies": [{}], "RoleDetailList": [{{
  "RoleName": "app", "Arn": "arn:aws:iam::111122223333:role/app",
  "RolePolicyList": [{{ "PolicyName": "inline", "PolicyDocument": {inline} }}], "AttachedManagedPolicies": [],
  "PermissionsBoundary": {{ "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "{arn}" }} }}] }}"#,
        managed.unwrap_or_default()
    )
}

fn loud(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = findings_in(path, text);
    findings.retain(|one| one.severity > Severity::Note && one.confidence > Confidence::Possible);
    findings
}

#[test]
fn the_boundary_of_a_dump_belongs_to_its_principal() {
    let models = model("*", "anthropic.*");
    let found = loud("dump.json", &dump(&app(), Some(&policy(&[&invoke(&[&models])]))));
    let [finding] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((finding.rule, finding.confidence), ("missing-profile-grant", Confidence::Certain));
    assert_eq!(finding.primary.at.text(), models);
    assert!(finding.message.contains("of the permissions boundary"), "{}", finding.message);
    let open = policy(&[&allow(r#""*""#, r#""*""#, "")]);
    assert_eq!(loud("dump.json", &dump(&app(), Some(&open))), []);
    // a boundary that nobody read may allow anything; what the policies do not grant is not granted
    assert_eq!(loud("dump.json", &dump(&app(), None)), []);
    let half = policy(&[&invoke(&[profile("us-east-1", &format!("us.{HAIKU}"))])]);
    let found = loud("dump.json", &dump(&half, None));
    assert_eq!(found.iter().map(|one| one.rule).collect::<Vec<_>>(), ["missing-model-grant"]);
    assert_eq!(found[0].confidence, Confidence::Certain);
}

#[test]
fn denies_beside_grants_belong_to_them() {
    let both = format!("[{}, {}]", app(), region_deny(r#"["us-east-1"]"#));
    let found = loud("policies.json", &both);
    let [finding] = found.as_slice() else { panic!("{found:#?}") };
    assert!(finding.message.starts_with("`us.anthropic"), "{}", finding.message);
    assert!(!finding.message.contains("service control policy"), "{}", finding.message);
    // by itself it is a ceiling, whatever the file is called
    let found = loud("deny-regions.json", &region_deny(r#"["us-east-1"]"#));
    assert!(found[0].message.contains("profiles of `us.` called from `us-east-1`"), "{found:#?}");
}

#[test]
fn what_is_merely_possible_of_a_ceiling() {
    let possible = |text: &str| -> Vec<Finding> {
        let mut findings = findings_in("scp.json", text);
        findings.retain(|one| one.confidence == Confidence::Possible);
        findings
    };
    // a list that serves a geography keeps data there, and may have forgotten global profiles
    let found = possible(&region_deny(r#"["us-east-1", "us-east-2", "us-west-2"]"#));
    let [finding] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((finding.rule, finding.severity), ("region-condition-blocks-profile", Severity::Note));
    assert!(finding.message.contains("`unspecified`"), "{}", finding.message);
    assert_eq!(possible(&region_deny(r#"["us-east-1", "us-east-2", "us-west-2", "unspecified"]"#)), []);
    assert_eq!(possible(&region_deny(r#"["sa-east-1"]"#)), []);
    // a pattern that names mostly models which can be called by their ids
    let amazon = model("*", "amazon.*");
    let found = possible(&policy(&[&format!(
        r#""Effect": "Deny", "Action": "bedrock:InvokeModel*", "NotResource": "{amazon}""#
    )]));
    assert_eq!(found.iter().map(|one| one.rule).collect::<Vec<_>>(), ["deny-blocks-profile"]);
}

/// The Regions that a finding of the Region rule says to add.
fn to_add(finding: &Finding) -> Vec<String> {
    let help = finding.help.as_deref().unwrap();
    let (regions, _) = help.strip_prefix("add ").unwrap().split_once(" to the condition").unwrap();
    regions.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn a_region_deny_is_silent_once_it_lists_what_it_is_said_to_lack() {
    let regions = |list: &[String]| region_deny(&format!("{list:?}"));
    let all = Catalogue::builtin().regions();
    let all: Vec<String> =
        all.filter(|one| one.bedrock && one.partition == Partition::Aws).map(|one| one.code.to_string()).collect();
    let pairs = [["us-east-1", "us-west-2"], ["eu-west-1", "us-east-1"], ["ap-northeast-1", "ap-southeast-2"]];
    let pairs = pairs.map(|pair| pair.map(str::to_owned).to_vec());
    let mut told = 0;
    for mut list in all.iter().map(|region| vec![region.clone()]).chain(pairs) {
        let before = loud("scp.json", &regions(&list));
        assert!(before.len() <= 1, "{list:?}: {before:#?}");
        let Some(finding) = before.first() else { continue };
        assert_eq!(finding.rule, "region-condition-blocks-profile");
        list.extend(to_add(finding));
        // what is added is called from as well, which in one case leads further
        if list[0] == "il-central-1" {
            list.extend(to_add(&loud("scp.json", &regions(&list))[0]));
        }
        assert_eq!(loud("scp.json", &regions(&list)), [], "{list:?}");
        told += 1;
    }
    assert!(told > 20, "{told} of {} lists", all.len() + 3);
}

#[test]
fn an_exemption_counts_if_something_exempted_can_be_called() {
    let exempting = |regions: &str, profiles: &str| {
        let deny = format!(
            r#""Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Condition": {{
              "StringNotEquals": {{ "aws:RequestedRegion": {regions} }},
              "ArnNotLikeIfExists": {{ "bedrock:InferenceProfileArn": {profiles} }} }}"#
        );
        let found = findings_in("org/scp.json", &policy(&[&deny]));
        found.into_iter().map(|one| one.rule).collect::<Vec<_>>()
    };
    let european = r#"["eu-west-1", "eu-central-1"]"#;
    let told = ["region-condition-blocks-profile"];
    for vain in [
        r#""arn:aws:bedrock:*:*:inference-profile/us.*""#,
        r#"["arn:aws:bedrock:*:*:inference-profile/us.*", "arn:aws:bedrock:*:*:inference-profile/apac.*"]"#,
        r#""arn:aws:bedrock:us-east-1:*:inference-profile/us.anthropic.claude-sonnet-4-6""#,
    ] {
        assert_eq!(exempting(european, vain), told, "{vain}");
    }
    for meant in [
        r#""arn:aws:bedrock:*:*:inference-profile/eu.*""#,
        r#"["arn:aws:bedrock:*:*:inference-profile/us.*", "arn:aws:bedrock:*:*:inference-profile/eu.*"]"#,
        r#""arn:aws:bedrock:*:*:inference-profile/global.*""#,
        // through these the models can be called, whatever they copy
        r#""arn:aws:bedrock:*:*:application-inference-profile/*""#,
        r#"["arn:aws:bedrock:*:*:inference-profile/us.*", "arn:aws:bedrock:*:*:application-inference-profile/*"]"#,
        r#""arn:aws:bedrock:*:*:inference-profile/*""#,
        r#""arn:aws:bedrock:*:*:inference-profile/${Geography}.*""#,
    ] {
        assert!(exempting(european, meant).is_empty(), "{meant}");
    }
    // some Regions of another geography are among them, and serve it
    let both = r#"["us-east-1", "us-west-2", "eu-west-1"]"#;
    assert!(exempting(both, r#""arn:aws:bedrock:*:*:inference-profile/us.*""#).is_empty());
}

#[test]
fn a_ceiling_that_refuses_a_call_is_one_mistake() {
    let template = |allowed: &str| {
        format!(
            "Resources:\n  Limit:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {{Statement: \
             [{{Effect: Allow, Action: 'bedrock:*', Resource: {allowed}}}]}}\n  Chat:\n    Type: AWS::IAM::Role\n    Properties:\n      \
             PermissionsBoundary: !Ref Limit\n      AssumeRolePolicyDocument: {{Statement: []}}\n      Policies: [{{PolicyName: all, \
             PolicyDocument: {{Statement: [{{Effect: Allow, Action: 'bedrock:*', Resource: '*'}}]}}}}]\n  Ask:\n    \
             Type: AWS::Lambda::Function\n    Properties: {{Role: !GetAtt Chat.Arn, Environment: {{Variables: {{MODEL_ID: us.{HAIKU}}}}}}}\n"
        )
    };
    let told = |allowed: &str| -> Vec<String> {
        self::told(&Folder::new(&[("stack.yaml", &template(allowed))])).into_iter().map(|one| one.0).collect()
    };
    assert_eq!(told("['arn:aws:bedrock:*::foundation-model/*']"), ["missing-profile-grant"]);
    assert_eq!(told("'arn:aws:s3:::*'"), ["uncallable-model"]);
    assert!(told("'*'").is_empty());
}
