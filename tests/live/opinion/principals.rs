//! Whose policies act: roles and users of the account, and what stands above them.

use super::super::moto::moto;
use super::super::serve_before;
use super::*;

#[test]
fn a_role_by_its_name_or_its_arn() {
    let mut account = account();
    account.holders.get_mut("role app").unwrap().path = Some("/service/batch/");
    let server = serve(account, says(allowed("role_app_invoke", 4, 5)));
    let arn = "arn:aws:iam::123456789012:role/service/batch/app";
    for role in ["app", arn] {
        let before = simulations(&server).len();
        let run = run(&server, &["--role", role, "--format", "json"]);
        assert_eq!((run.code, warnings(&run)), (0, Vec::new()), "{}", run.err);
        let answer = answer(&run);
        assert_eq!(answer["live"]["principal"]["arn"], arn);
        assert_eq!(answer["live"]["principal"]["name"], "role app");
        assert_eq!(answer["live"]["account"], ACCOUNT);
        assert_eq!(answer["requirements"][0]["aws"]["statements"][0]["path"], format!("{arn}#invoke"));
        // the path is part of who asks, though IAM is asked for the name alone
        let asked = simulations(&server);
        assert!(asked.len() == before + 4 && asked.iter().all(|one| one.field("PolicySourceArn") == arn));
        assert!(asked.iter().all(|one| context(one)["aws:PrincipalArn"].1 == [arn]));
    }
}

#[test]
fn a_user_has_the_policies_of_groups() {
    let staff = Holder { inline: vec![("invoke".to_owned(), ENOUGH.to_owned())], ..Holder::default() };
    // a policy of their own has the same name, and a statement in the same place
    let own = vec![("invoke".to_owned(), ENOUGH.replace("bedrock:InvokeModel", "s3:GetObject"))];
    let ana = Holder { groups: vec!["staff".to_owned()], inline: own, ..Holder::default() };
    let holders = [("group staff".to_owned(), staff), ("user ana".to_owned(), ana)];
    let server = serve(Account { holders: holders.into(), ..account() }, says(allowed("group_staff_invoke", 4, 5)));
    let run = run(&server, &["--user", "ana", "--format", "json"]);
    assert_eq!((run.code, warnings(&run)), (0, Vec::new()), "{}", run.err);
    let answer = answer(&run);
    let group = "arn:aws:iam::123456789012:group/staff#invoke";
    assert_eq!(answer["requirements"][0]["statement"]["path"], group);
    assert_eq!(answer["requirements"][0]["aws"]["statements"][0]["path"], group);
    for question in simulations(&server) {
        assert_eq!(question.field("PolicySourceArn"), "arn:aws:iam::123456789012:user/ana");
        let context = context(&question);
        assert_eq!(
            (context["aws:username"].1[0].as_str(), context["aws:PrincipalType"].1[0].as_str()),
            ("ana", "User")
        );
    }
}

#[test]
fn without_a_name_it_is_who_asks() {
    let mut account = account();
    let app = account.holders.remove("role app").unwrap();
    account.holders.insert("user auditor".to_owned(), app);
    let server = serve(account, says(allowed("user_auditor_invoke", 4, 5)));
    let run = ask(&Folder::new(&[]), &server.url, &call(&["--format", "json"]));
    assert_eq!((run.code, warnings(&run)), (0, Vec::new()), "{}", run.err);
    let answer = answer(&run);
    assert_eq!(answer["live"]["caller"], answer["live"]["principal"]["arn"]);
    assert_eq!(answer["live"]["principal"]["name"], "user auditor");
    assert_eq!(answer["requirements"][0]["aws"]["statements"][0]["sid"], "Invoke");
}

#[test]
fn nobody_of_that_name() {
    let server = serve(account(), says(allowed("role_app_invoke", 4, 5)));
    for (option, told) in [
        (["--role", "ghost"], "account 123456789012 has no role `ghost`"),
        (["--user", "ghost"], "account 123456789012 has no user `ghost`"),
        (
            ["--role", "arn:aws:iam::444455556666:role/app"],
            "is of account 444455556666, and the credentials in use are of",
        ),
        (["--role", "arn:aws:iam::123456789012:user/app"], "is not the ARN of a role"),
    ] {
        let run = run(&server, &option);
        assert_eq!((run.code, run.out.as_str()), (3, ""), "{}", run.err);
        let [error] = run.err.lines().filter(|line| line.starts_with("error:")).collect::<Vec<_>>().try_into().unwrap();
        assert!(error.starts_with("error: the live check could not be made: ") && error.contains(told), "{error}");
    }
    assert!(simulations(&server).is_empty());
}

#[test]
fn service_control_policies_are_read_level_by_level() {
    let member = moto().fill_organization(
        "
unit = organizations.create_organizational_unit(ParentId=root, Name='invoke')['OrganizationalUnit']['Id']
below = organizations.create_organizational_unit(ParentId=unit, Name='east')['OrganizationalUnit']['Id']
member = organizations.create_account(AccountName='invoke', Email='invoke@example.com')
member = member['CreateAccountStatus']['AccountId']
organizations.move_account(AccountId=member, SourceParentId=root, DestinationParentId=below)
policy = organizations.create_policy(Name='east', Description='', Type='SERVICE_CONTROL_POLICY', Content=document(
    {'Sid': 'EastOnly', 'Effect': 'Deny', 'Action': 'bedrock:*', 'Resource': '*',
     'Condition': {'StringNotLike': {'aws:RequestedRegion': 'us-east-*'}}}))['Policy']['PolicySummary']['Id']
organizations.attach_policy(PolicyId=policy, TargetId=below)
print(member)
",
    );
    let mut account = Account { id: member.clone(), beyond: &["organizations"], ..account() };
    let app = account.holders.get_mut("role app").unwrap();
    app.inline = vec![("invoke".to_owned(), ENOUGH.replace(ACCOUNT, &member))];
    let simulator = says_of(|arn| match arn.contains(":us-west-2:") {
        true => Evaluation { by_organization: Some(false), ..decided("explicitDeny") },
        false => Evaluation { by_organization: Some(true), ..allowed("role_app_invoke", 4, 5) },
    });
    let server = serve_before(account, simulator, Some(moto().address));
    let run = run(&server, &["--format", "json"]);
    assert_eq!((run.code, warnings(&run)), (1, Vec::new()), "{}", run.err);
    let answer = answer(&run);
    assert_eq!(answer["live"]["principal"]["service_control_policies_known"], true);
    let rows: Vec<_> = answer["requirements"].as_array().unwrap().iter().collect();
    let decisions: Vec<_> = rows.iter().map(|one| (&one["region"], &one["decision"], &one["aws"]["agrees"])).collect();
    let (yes, no, agrees) = (json!("allowed"), json!("denied"), json!(true));
    assert_eq!(decisions.iter().filter(|(_, decision, agreed)| (*decision, *agreed) == (&yes, &agrees)).count(), 3);
    let west = rows.iter().find(|one| one["region"] == "us-west-2").unwrap();
    assert_eq!((&west["decision"], &west["aws"]["agrees"], &west["layer"]), (&no, &agrees, &json!("scp")));
    // root, the unit, the one below it, the account: the third level denies
    assert_eq!((&west["level"], &west["statement"]["sid"]), (&json!(3), &json!("EastOnly")));
    assert_eq!(west["aws"]["allowed_by_organization"], false);
    let path = west["statement"]["path"].as_str().unwrap();
    assert!(path.starts_with("arn:aws:organizations::") && path.contains("/service_control_policy/p-"), "{path}");
    let human = self::run(&server, &[]);
    assert!(human.out.contains("scp 3,\n"), "{}", human.out);
    assert!(human.out.contains("AWS: denied explicitly; service control policies do not allow it"), "{}", human.out);
}

#[test]
fn the_management_account_has_no_ceilings() {
    let account = Account { beyond: &["organizations"], ..account() };
    moto().fill_organization("");
    let server = serve_before(account, says(allowed("role_app_invoke", 4, 5)), Some(moto().address));
    let run = run(&server, &[]);
    assert_eq!((run.code, warnings(&run)), (0, Vec::new()), "{}", run.err);
    assert_eq!(server.count("organizations:ListParents"), 0);
}

#[test]
fn a_role_of_moto_is_read_and_its_statements_are_found() {
    moto().fill(
        "
iam.create_role(RoleName='opinion', Path='/service/', AssumeRolePolicyDocument=trust)
iam.put_role_policy(RoleName='opinion', PolicyName='all & more', PolicyDocument=document(
    allow('s3:*', '*'), allow('bedrock:InvokeModel*', '*', Sid='Öffne')))
",
    );
    let account = Account { beyond: &["iam", "sts", "organizations"], ..account() };
    let simulator = says(allowed("role_opinion_all &amp; more", 10, 5));
    let server = serve_before(account, simulator, Some(moto().address));
    let run = run(&server, &["--role", "opinion", "--format", "json"]);
    assert_eq!((run.code, warnings(&run)), (0, Vec::new()), "{}", run.err);
    let answer = answer(&run);
    let (ours, theirs) = (&answer["requirements"][0]["statement"], &answer["requirements"][0]["aws"]["statements"][0]);
    assert_eq!(ours["path"], "arn:aws:iam::123456789012:role/service/opinion#all & more");
    assert_eq!(ours["sid"], "Öffne");
    for key in ["path", "start", "end", "sid"] {
        assert_eq!(ours[key], theirs[key], "{answer:#}");
    }
}
