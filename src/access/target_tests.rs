#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::*;

const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";
const NOVA: &str = "amazon.nova-lite-v1:0";

fn asked(model: &str, copies: Option<&str>, region: &str) -> Result<NamedTarget, TargetError> {
    let region = Some(region).filter(|region| !region.is_empty());
    let as_of = jiff::civil::date(2026, 11, 22);
    target_of(&Asked { model, copies, region, as_of }, Catalogue::builtin())
}

fn found(model: &str, copies: Option<&str>, region: &str) -> NamedTarget {
    asked(model, copies, region).unwrap_or_else(|error| panic!("{model} from {region}: {error}"))
}

fn says(model: &str, copies: Option<&str>, region: &str) -> String {
    asked(model, copies, region).unwrap_err().to_string()
}

fn arn(rest: &str) -> String {
    format!("arn:aws:bedrock:us-east-1:111122223333:{rest}")
}

#[test]
fn what_can_be_called() {
    let model = |id: &str| Target::Model(id.to_owned());
    let profile = |id: &str| Target::Profile(id.to_owned());
    let own = |arn: &str| Target::Own(arn.to_owned());
    let us = format!("us.{HAIKU}");
    let copying =
        |arn: &str, copies: Target| Target::ApplicationProfile { arn: arn.to_owned(), copies: Box::new(copies) };
    let application = arn("application-inference-profile/a1b2c3d4e5f6");
    let nova = format!("arn:aws:bedrock:us-east-1::foundation-model/{NOVA}");
    let (provisioned, imported) = (arn("provisioned-model/abcdefghijkl"), arn("imported-model/abcdefghijkl"));
    let deployment = arn("custom-model-deployment/abcdefghijkl");
    let us_arn = arn(&format!("inference-profile/{us}"));
    let project = "arn:aws:bedrock-mantle:us-east-1:111122223333:project/default".to_owned();
    for (text, copies, region, account, target) in [
        (NOVA, None, "us-east-1", "", model(NOVA)),
        (&us, None, "us-east-1", "", profile(&us)),
        (&nova, None, "us-east-1", "", model(NOVA)),
        (&nova, None, "", "", model(NOVA)),
        (&us_arn, None, "", "111122223333", profile(&us)),
        (&application, Some(&*us), "", "111122223333", copying(&application, profile(&us))),
        (&application, Some(&us_arn), "", "111122223333", copying(&application, profile(&us))),
        (&application, Some(NOVA), "us-east-1", "111122223333", copying(&application, model(NOVA))),
        (&provisioned, None, "", "111122223333", own(&provisioned)),
        (&imported, None, "us-east-1", "111122223333", own(&imported)),
        (&deployment, None, "", "111122223333", own(&deployment)),
        (&project, None, "", "111122223333", Target::MantleProject(project.clone())),
    ] {
        let named = found(text, copies, region);
        assert_eq!((&named.target, named.source.as_str()), (&target, "us-east-1"), "{text}");
        assert_eq!(named.account.unwrap_or_default(), account, "{text}");
        assert_eq!((named.partition, named.doubts), (Partition::Aws, Vec::new()), "{text}");
    }
    let gov = found("us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0", None, "us-gov-west-1");
    assert_eq!(gov.partition, Partition::AwsUsGov);
    // newer than the catalogue, which its own resources need not be
    let new = "arn:aws:bedrock:us-central-7:111122223333:imported-model/abcdefghijkl";
    assert_eq!(found(new, None, "").source, "us-central-7");
}

#[test]
fn ids_that_cannot_be_called_name_those_that_can() {
    let profiles = format!("`us.{HAIKU}` or `global.{HAIKU}`?");
    let sonnet = "sonnet-4-5-20250929-v1:0";
    for (model, region, message) in [
        (
            HAIKU,
            "us-east-1",
            format!(
                "`{HAIKU}` cannot be called by its bare id from `us-east-1`, only through an inference profile; did you \
                 mean {profiles}"
            ),
        ),
        (
            "us.anthropic.claude-haiku-4-5-20251001-v1:0",
            "eu-west-1",
            format!("`us.{HAIKU}` cannot be called from `eu-west-1`; did you mean `eu.{HAIKU}` or `global.{HAIKU}`?"),
        ),
        (
            "claude-haiku-4-5",
            "us-east-1",
            format!(
                "there is no model or inference profile `claude-haiku-4-5` in the catalogue of 2026-10-27; did you mean \
                 {profiles}"
            ),
        ),
        (
            "eu.anthropic.claude-haiku-4-5",
            "us-east-1",
            format!(
                "there is no model or inference profile `eu.anthropic.claude-haiku-4-5` in the catalogue of 2026-10-27; \
                 did you mean {profiles}"
            ),
        ),
        (
            "anthropic.claude-v2:1",
            "us-east-1",
            format!(
                "`anthropic.claude-v2:1` reached its end of life on 2025-07-21; did you mean \
                 `us.anthropic.claude-{sonnet}` or `global.anthropic.claude-{sonnet}`?"
            ),
        ),
        (
            "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
            "us-east-1",
            format!(
                "the inference profile `us.anthropic.claude-3-5-sonnet-20241022-v2:0` is no longer offered; did you mean \
                 `us.anthropic.claude-{sonnet}` or `global.anthropic.claude-{sonnet}`?"
            ),
        ),
        (
            "anthropic.claude-3-haiku-20240307-v1:0",
            "us-east-1",
            "`anthropic.claude-3-haiku-20240307-v1:0` cannot be called from `us-east-1`; the model can be called from \
             `ap-northeast-2`, `ap-south-1`, `ap-southeast-1` and 3 more"
                .to_owned(),
        ),
        (
            "amazon.nova-lite-v1:0:24k",
            "us-east-1",
            "`amazon.nova-lite-v1:0:24k` is served by Provisioned Throughput alone, which is called by the ARN of the \
             provisioned model"
                .to_owned(),
        ),
        (
            "vendor.new-model-v9:0",
            "us-east-1",
            "there is no model or inference profile `vendor.new-model-v9:0` in the catalogue of 2026-10-27".to_owned(),
        ),
        (
            "xai.grok-4.3",
            "us-east-1",
            "`xai.grok-4.3` is served by the endpoint `bedrock-mantle` alone, where rights are granted on a project: \
             give the ARN of the project"
                .to_owned(),
        ),
    ] {
        assert_eq!(says(model, None, region), message);
    }
}

#[test]
fn regions_are_corrected() {
    for (region, message) in [
        ("us-east-1a", "there is no Region `us-east-1a`; did you mean `us-east-1`?"),
        ("Frankfurt", "there is no Region `Frankfurt`; did you mean `eu-central-1`?"),
        ("US-EAST-1", "there is no Region `US-EAST-1`; did you mean `us-east-1`?"),
        ("us-esat-1", "there is no Region `us-esat-1`; did you mean `us-east-1`?"),
        ("us-central-7", "there is no Region `us-central-7` in the catalogue of 2026-10-27"),
        ("", "`amazon.nova-lite-v1:0` is called from a Region: say from which"),
    ] {
        assert_eq!(says(NOVA, None, region), message);
    }
    assert_eq!(partition_of("us-gov-west-1", Catalogue::builtin()), Ok(Partition::AwsUsGov));
    assert_eq!(
        partition_of("us-esat-1", Catalogue::builtin()).unwrap_err().to_string(),
        "there is no Region `us-esat-1`; did you mean `us-east-1`?"
    );
}

#[test]
fn arns_that_are_not_called() {
    for (text, end) in [
        ("arn:aws:bedrock:us-east-1", "is no ARN of Amazon Bedrock"),
        ("arn:aws:bedrock:us-east-1:111122223333:imported-model", "is no ARN of Amazon Bedrock"),
        ("arn:aws:bedrock:us-east-1:111122223333:imported-model/a\"b", "is no ARN of Amazon Bedrock"),
        ("arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0", "is a pattern, and a call names one thing"),
        (
            "arn:aws:bedrock:::foundation-model/amazon.nova-lite-v1:0",
            "has no Region: such an ARN stands in policies, and a call names one Region",
        ),
        (
            "arn:aws:bedrock:us-east-1:111122223333:foundation-model/amazon.nova-lite-v1:0",
            "has an account, and a foundation model belongs to none",
        ),
        (
            "arn:aws:bedrock:us-east-1::inference-profile/us.amazon.nova-lite-v1:0",
            "wants the account that it belongs to, 12 digits",
        ),
        ("arn:aws:bedrock:us-gov-west-1:111122223333:imported-model/abcdefghijkl", "is of the partition `aws-us-gov`"),
        (
            "arn:aws:bedrock:us-east-1::foundation-model/us.amazon.nova-lite-v1:0",
            "names a model as a profile, or a profile as a model; did you mean `us.amazon.nova-lite-v1:0`?",
        ),
        ("arn:aws:bedrock:us-east-1:111122223333:guardrail/abc", "a resource of the type `guardrail` is not called"),
        (
            "arn:aws:bedrock:us-east-1:111122223333:custom-model/abc",
            "but by that of its Provisioned Throughput or deployment",
        ),
        ("arn:aws:bedrock:us-east-1:111122223333:prompt-router/abc", "and the call on the router besides"),
        (
            "arn:aws:bedrock:us-east-1:111122223333:foundation-models/abc",
            "a resource of the type `foundation-models` is not called; did you mean `foundation-model`?",
        ),
        ("arn:aws:sagemaker:us-east-1:111122223333:endpoint/abc", "a resource of the type `endpoint` is not called"),
    ] {
        let message = says(text, None, "");
        assert!(message.ends_with(end), "{message}");
    }
    let nova = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";
    let message = format!("`{nova}` is called in `us-east-1`, its Region, not in `us-west-2`");
    assert_eq!(says(nova, None, "us-west-2"), message);
}

#[test]
fn application_profiles_copy_what_can_be_called() {
    let application = arn("application-inference-profile/a1b2c3d4e5f6");
    assert!(is_application_profile(&application) && !is_application_profile(NOVA));
    let of = |copies: Option<&str>| says(&application, copies, "");
    assert!(of(None).ends_with("copies is not in its ARN: say which model or system-defined profile"));
    let provisioned = arn("provisioned-model/abcdefghijkl");
    let other = format!("arn:aws:bedrock:us-east-1:444455556666:inference-profile/us.{HAIKU}");
    for copies in [&*provisioned, &other] {
        let end = format!("copies a model or a system-defined profile of its account and Region, not `{copies}`");
        assert!(of(Some(copies)).ends_with(&end), "{}", of(Some(copies)));
    }
    let message = of(Some(HAIKU));
    assert!(message.contains("` is said to copy: `anthropic.claude-haiku"), "{message}");
    assert!(message.ends_with(&format!("`us.{HAIKU}` or `global.{HAIKU}`?")), "{message}");
    assert!(of(Some(&application)).contains("copies is not in its ARN"));
}

#[test]
fn doubts_are_told() {
    let opus = "anthropic.claude-opus-5";
    let named = found(opus, None, "us-east-1");
    let about: Vec<String> = named.doubts.iter().map(|doubt| doubt.about(opus, "us-east-1")).collect();
    assert_eq!(
        about,
        [format!(
            "the catalogue does not tell whether `{opus}` can be called by its bare id from `us-east-1`; it can be called \
             through `us.{opus}` and `global.{opus}`"
        )]
    );
    let catalogue = Catalogue::builtin();
    let guessed = catalogue.profiles().find(|one| one.is_active() && !one.confidence.destinations_known()).unwrap();
    let source = guessed.sources().iter().next().unwrap();
    assert!(found(&guessed.id, None, source).doubts.contains(&TargetDoubt::GuessedRoute));

    let day = jiff::civil::date(2030, 1, 1);
    let late = Asked { model: "deepseek.r1-v1:0", copies: None, region: Some("us-east-1"), as_of: day };
    let us = format!("us.{}", late.model);
    let named = target_of(&Asked { model: &us, ..late }, catalogue).unwrap();
    let doubt = named.doubts.iter().find(|doubt| matches!(doubt, TargetDoubt::Ended { .. })).unwrap();
    assert!(doubt.about(&us, "us-east-1").ends_with("in `us-east-1`: every call is refused"));
    assert_eq!(named.model(catalogue).map(|model| &*model.id), Some(late.model));
}
