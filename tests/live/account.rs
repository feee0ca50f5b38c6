//! What an account says reaches the rules: policies of roles and users, models, profiles, keys.

use serde_json::Value;

use super::common::keys::mint_long_term;
use super::moto::moto;
use super::recorded::{ACCOUNT, Account, Holder};
use super::{CALLER, ELSEWHERE, ENOUGH, Folder, MODEL, PROFILE, account, as_recorded, ask, check, serve, serve_before};

fn folder() -> Folder {
    Folder::new(&[(".env", CALLER)])
}

/// The report.
fn json(out: &str) -> Value {
    super::valid(out, include_str!("../../schemas/check.schema.json"))
}

/// Rule and path of each finding, and the line of the account's document or the file.
fn found(out: &str) -> Vec<(String, String, u64)> {
    let report = json(out);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = report["findings"].as_array().unwrap().iter();
    rows.map(|one| (text(&one["rule"]), text(&one["path"]), one["start"]["line"].as_u64().unwrap())).collect()
}

#[test]
fn a_role_of_moto_is_judged_with_what_it_runs() {
    moto().fill(
        "
iam.create_role(RoleName='narrow', Path='/service/', AssumeRolePolicyDocument=trust)
arn = iam.create_policy(PolicyName='narrow-invoke', PolicyDocument=document(allow('bedrock:InvokeModel*', [
    'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-6',
    'arn:aws:bedrock:*:123456789012:inference-profile/us.anthropic.claude-sonnet-4-6'], Sid='Invoke')))['Policy']['Arn']
iam.attach_role_policy(RoleName='narrow', PolicyArn=arn)
iam.create_role(RoleName='wide', AssumeRolePolicyDocument=trust)
iam.put_role_policy(RoleName='wide', PolicyName='invoke', PolicyDocument=document(allow('bedrock:InvokeModel*', [
    'arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6',
    'arn:aws:bedrock:*:123456789012:inference-profile/us.anthropic.claude-sonnet-4-6'])))
",
    );
    let models = Account { beyond: &["iam", "sts", "organizations"], ..account() };
    let server = serve_before(models, as_recorded, Some(moto().address));
    for name in ["narrow", "arn:aws:iam::123456789012:role/service/narrow"] {
        let run = ask(&folder(), &server.url, &check(&["--role", name, "--format", "json", "."]));
        assert_eq!(run.code, 1, "{}", run.err);
        let [call] = found(&run.out).try_into().unwrap();
        assert_eq!(call, ("uncallable-model".to_owned(), ".env".to_owned(), 3));
        let report = json(&run.out);
        let related = &report["findings"][0]["related"];
        let policy = related.as_array().unwrap().iter().find(|place| place["path"] != ".env").unwrap();
        assert_eq!(policy["path"], "arn:aws:iam::123456789012:policy/narrow-invoke");
        assert_eq!(report["findings"][0]["confidence"], "certain");
        assert_eq!(report["live"]["principal"]["arn"], "arn:aws:iam::123456789012:role/service/narrow");
        assert_eq!(report["live"]["unchecked"].as_array().unwrap().len(), 0, "{}", run.err);
    }
    let run = ask(&folder(), &server.url, &check(&["--role", "wide", "."]));
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    assert!(run.err.contains("live: role wide: 1 identity document read"), "{}", run.err);
}

#[test]
fn a_user_has_what_groups_and_boundaries_say() {
    let boundary = ENOUGH.replace("arn:aws:bedrock:*::foundation", "arn:aws:bedrock:us-east-1::foundation");
    let staff = Holder { inline: vec![("invoke".to_owned(), ENOUGH.to_owned())], ..Holder::default() };
    let ana = Holder { groups: vec!["staff".to_owned()], ..Holder::default() };
    let bounded = Holder { boundary: Some((format!("arn:aws:iam::{ACCOUNT}:policy/limit"), boundary)), ..ana.clone() };
    let holders = [("group staff".to_owned(), staff), ("user ana".to_owned(), ana), ("user bob".to_owned(), bounded)];
    let server = serve(Account { holders: holders.into(), ..account() }, as_recorded);
    let run = ask(&folder(), &server.url, &check(&["--user", "ana", "."]));
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    let run = ask(&folder(), &server.url, &check(&["--user", "bob", "--format", "json", "."]));
    assert_eq!(run.code, 1, "{}", run.err);
    let found = found(&run.out);
    assert!(
        found.iter().any(|(rule, path, line)| (rule.as_str(), path.as_str(), *line) == ("uncallable-model", ".env", 3)),
        "{found:?}"
    );
    assert!(run.out.contains(&format!("arn:aws:iam::{ACCOUNT}:policy/limit")));
}

#[test]
fn a_role_with_twenty_policies_comes_page_by_page() {
    let mut account = account();
    let app = account.holders.get_mut("role app").unwrap();
    app.managed = (0..20).map(|n| (format!("arn:aws:iam::{ACCOUNT}:policy/p{n}"), ELSEWHERE.to_owned())).collect();
    app.inline.extend(
        (0..10)
            .map(|n| (format!("more {n} & <others>"), ELSEWHERE.to_owned()))
            .map(|(name, text)| (name.replace(['&', '<', '>'], "-"), text)),
    );
    account.page = 3;
    let server = serve(account, as_recorded);
    let run = ask(&folder(), &server.url, &check(&["--role", "app", "."]));
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    assert!(run.err.contains("live: role app: 31 identity documents read"), "{}", run.err);
    assert_eq!(server.count("iam:ListAttachedRolePolicies"), 7);
    assert_eq!(server.count("iam:ListRolePolicies"), 4);
    assert_eq!(server.count("iam:GetPolicyVersion"), 20);
}

#[test]
fn what_the_account_cannot_call_is_told_at_the_setting() {
    let closed = Account { models: Vec::new(), ..account() };
    let run = ask(&folder(), &serve(closed, as_recorded).url, &check(&["--role", "app", "--format", "json", "."]));
    assert_eq!(found(&run.out), [("unavailable-model".to_owned(), ".env".to_owned(), 3)], "{}", run.err);
    assert!(run.out.contains("is not authorised to use"), "{}", run.out);
    let gone = Account { profiles: Vec::new(), ..account() };
    let run = ask(&folder(), &serve(gone, as_recorded).url, &check(&["--role", "app", "--format", "json", "."]));
    assert!(run.out.contains("has no inference profile `us.anthropic.claude-sonnet-4-6`"), "{}", run.out);
    let formless = Account { use_case_sent: false, ..account() };
    let run = ask(&folder(), &serve(formless, as_recorded).url, &check(&["--role", "app", "--format", "json", "."]));
    assert!(run.out.contains("has not sent Anthropic's use-case form"), "{}", run.out);
}

#[test]
fn an_application_profile_is_resolved_to_its_model() {
    let arn = format!("arn:aws:bedrock:us-east-1:{ACCOUNT}:application-inference-profile/abc123def456");
    let destinations = ["us-east-1", "us-east-2", "us-west-2"];
    let models: Vec<String> =
        destinations.iter().map(|region| format!("arn:aws:bedrock:{region}::foundation-model/{MODEL}")).collect();
    let mut account = account();
    account.profiles = vec![("us-east-1".to_owned(), arn.clone(), models)];
    // the profile itself is granted, and the model in one of the three Regions it routes to
    let pinned = format!(
        r#"{{ "Version": "2012-10-17", "Statement": [{{ "Effect": "Allow", "Action": "bedrock:InvokeModel*",
  "Resource": ["{arn}", "arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"] }}] }}"#
    );
    account.holders.get_mut("role app").unwrap().inline = vec![("invoke".to_owned(), pinned)];
    let server = serve(account, as_recorded);
    // nothing calls it, and its grant promises too much all the same
    let run = ask(&Folder::new(&[]), &server.url, &check(&["--role", "app", "--format", "json", "."]));
    let document = format!("arn:aws:iam::{ACCOUNT}:role/app#invoke");
    let told = found(&run.out);
    assert!(told.contains(&("uncovered-destination-region".to_owned(), document, 2)), "{told:?} {}", run.err);
    let folder = Folder::new(&[(".env", &CALLER.replace(PROFILE, &arn))]);
    let run = ask(&folder, &server.url, &check(&["--role", "app", "--format", "json", "."]));
    let found = found(&run.out);
    assert!(
        found.iter().any(|(rule, path, _)| (rule.as_str(), path.as_str()) == ("uncallable-model", ".env")),
        "{found:?} {}",
        run.err
    );
    assert!(run.out.contains("us-east-2"), "{}", run.out);
}

#[test]
fn keys_are_matched_by_user_and_never_by_secret() {
    let key = mint_long_term("invoices", ACCOUNT, false);
    let ended = Holder {
        keys: vec![("ACCAEXAMPLE1".to_owned(), true, Some("2026-07-30T08:00:00Z".to_owned()))],
        ..Holder::default()
    };
    let mut account = account();
    account.holders.insert("user invoices".to_owned(), ended);
    let server = serve(account.clone(), as_recorded);
    let text = format!("{CALLER}AWS_BEARER_TOKEN_BEDROCK={}\n", key.text);
    let folder = Folder::new(&[(".env", &text)]);
    let run = ask(&folder, &server.url, &check(&["--role", "app", "--format", "json", "."]));
    let found = found(&run.out);
    assert!(found.contains(&("inactive-key".to_owned(), ".env".to_owned(), 4)), "{found:?}");
    let report = json(&run.out);
    assert_eq!(report["live"]["keys"][0]["id"], "ACCAEXAMPLE1");
    assert_eq!(report["live"]["keys"][0]["expires"], "2026-07-30T08:00:00Z");
    // neither the secret nor the key is sent or printed
    let body = key.text.strip_prefix("ABSK").unwrap();
    for question in server.asked() {
        let sent = String::from_utf8_lossy(&question.raw).into_owned();
        assert!(!sent.contains(body) && key.secrets.iter().all(|secret| !sent.contains(secret)), "{sent}");
    }
    assert!(!run.out.contains(body) && !run.err.contains(body));
    // one that works says nothing
    let works = vec![("ACCAEXAMPLE2".to_owned(), true, None)];
    account.holders.get_mut("user invoices").unwrap().keys = works;
    let run = ask(&folder, &serve(account, as_recorded).url, &check(&["--role", "app", "--format", "json", "."]));
    assert!(!run.out.contains("inactive-key"), "{}", run.out);
}

#[test]
fn a_region_deny_of_the_organization_is_a_ceiling() {
    let member = moto().fill_organization(
        "
unit = organizations.create_organizational_unit(ParentId=root, Name='apps')['OrganizationalUnit']['Id']
member = organizations.create_account(AccountName='apps', Email='apps@example.com')['CreateAccountStatus']['AccountId']
organizations.move_account(AccountId=member, SourceParentId=root, DestinationParentId=unit)
policy = organizations.create_policy(Name='regions', Description='', Type='SERVICE_CONTROL_POLICY', Content=document(
    {'Sid': 'OneRegion', 'Effect': 'Deny', 'Action': 'bedrock:*', 'Resource': '*',
     'Condition': {'StringNotEquals': {'aws:RequestedRegion': 'us-east-1'}}}))['Policy']['PolicySummary']['Id']
organizations.attach_policy(PolicyId=policy, TargetId=unit)
print(member)
",
    );
    // the account that asks is the member
    let mut account = Account { id: member.clone(), beyond: &["organizations"], ..account() };
    let invoke = ("invoke".to_owned(), ENOUGH.replace(ACCOUNT, &member));
    account.holders.get_mut("role app").unwrap().inline = vec![invoke];
    let server = serve_before(account, as_recorded, Some(moto().address));
    let run = ask(&folder(), &server.url, &check(&["--role", "app", "--format", "json", "."]));
    assert_eq!(run.code, 1, "{} {}", run.out, run.err);
    assert!(
        run.out.contains("organizations") && run.out.contains("OneRegion") || run.out.contains(":policy/"),
        "{}",
        run.out
    );
    let report = json(&run.out);
    assert_eq!(report["live"]["principal"]["service_control_policies_known"], true, "{}", run.err);
    assert!(
        found(&run.out).iter().any(|(_, path, _)| path == ".env" || path.starts_with("arn:aws:organizations")),
        "{}",
        run.out
    );
}

#[test]
fn an_account_knows_better_than_the_catalogue_what_it_serves() {
    let calls = |id: &str| Folder::new(&[(".env", &format!("AWS_REGION=us-east-1\nBEDROCK_MODEL_ID={id}\n"))]);
    // a profile that the catalogue does not have from there, a model that it does not have at all, one that is misspelt
    let newer = ["eu.anthropic.claude-sonnet-4-6", "anthropic.claude-sonnet-4-6", "amazon.nova-lite-v9:0"];
    let mut known = account();
    known.profiles.push(("us-east-1".to_owned(), newer[0].to_owned(), Vec::new()));
    known.on_demand =
        vec![("us-east-1".to_owned(), newer[1].to_owned()), ("us-east-1".to_owned(), newer[2].to_owned())];
    let arguments = check(&["--role", "app", "--pedantic", "--format", "concise", "."]);
    for id in newer {
        let offline = calls(id).run(&check(&["--pedantic", "--format", "concise", "."]));
        assert!(offline.out.contains(id), "{}", offline.out);
        let run = ask(&calls(id), &serve(known.clone(), as_recorded).url, &arguments);
        assert!(!run.out.contains("model-id") && !run.out.contains("prefix"), "{id}: {} {}", run.out, run.err);
        // what it does not serve is told as before
        let run = ask(&calls(id), &serve(account(), as_recorded).url, &arguments);
        assert!(run.out.contains("model-id") || run.out.contains("prefix"), "{id}: {} {}", run.out, run.err);
    }
}

#[test]
fn a_model_that_the_account_does_not_find_is_not_passed_over() {
    let gone = |question: &super::Question| {
        (question.operation == "bedrock:GetFoundationModelAvailability")
            .then(|| super::recorded::error(question, 404, "ResourceNotFoundException", "The model is not found"))
    };
    let run = ask(&folder(), &serve(account(), gone).url, &check(&["--role", "app", "."]));
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    let told = "warning: `bedrock:GetFoundationModelAvailability` found nothing; not checked: access to \
                `anthropic.claude-sonnet-4-6` in `us-east-1`\n";
    assert!(run.err.contains(told), "{}", run.err);
}

#[test]
fn a_state_that_is_not_known_stands_in_nobodys_way() {
    let newer = |question: &super::Question| {
        (question.operation == "bedrock:GetFoundationModelAvailability").then(|| {
            super::recorded::json(&serde_json::json!({
                "modelId": question.field("id"), "agreementAvailability": { "status": "SOMETHING_NEW" },
                "authorizationStatus": "PARTLY", "entitlementAvailability": "PARTLY", "regionAvailability": "SOON",
            }))
        })
    };
    let run = ask(&folder(), &serve(account(), newer).url, &check(&["--role", "app", "."]));
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
}
