#![expect(clippy::unwrap_used, clippy::string_slice, reason = "tests")]

use super::*;
use crate::formats::placeholder;
use crate::text::SourceMap;

const NOVA: &str = "amazon.nova-lite-v1:0";

fn read_one(written: &str) -> (ResourceReading, Vec<String>) {
    let text = Text::new(written, SourceMap::Verbatim(100)).with_holes(placeholder::holes(written));
    let pattern = Pattern::new(text, true);
    let (reading, meant) = read(&pattern, true, Catalogue::builtin(), ActionCatalogue::builtin());
    for pattern in &meant {
        // wherever a meant pattern is underlined, it is the one written
        let end = 100 + u32::try_from(written.len()).unwrap();
        assert_eq!((pattern.text().span().start, pattern.text().span().end), (100, end));
    }
    (reading, meant.iter().map(|pattern| pattern.as_str().to_owned()).collect())
}

/// Faults as `Kind "characters"`.
fn faults(written: &str, reading: &ResourceReading) -> Vec<String> {
    let said = |fault: &Fault| {
        let kind = format!("{:?}", fault.kind);
        let kind = kind.split([' ', '(', '{']).next().unwrap_or_default().to_owned();
        format!("{kind} {:?}", &written[fault.range.clone()])
    };
    reading.faults.iter().map(said).collect()
}

#[track_caller]
fn reads(written: &str, expected_faults: &[&str], expected_meant: &[&str]) -> ResourceReading {
    let (reading, meant) = read_one(written);
    assert_eq!(faults(written, &reading), expected_faults, "{written}");
    assert_eq!(meant, expected_meant, "{written}");
    reading
}

#[test]
fn what_is_right_is_left_alone() {
    for right in [
        "*",
        "arn:aws:bedrock:*",
        "arn:aws:bedrock:*:*:*",
        "arn:aws:bedrock:*::foundation-model/*",
        "arn:aws:bedrock:*:*:foundation-model/anthropic.*",
        "arn:aws:bedrock:::foundation-model/amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-*:foundation-model/amazon.nova-lite-v1:0",
        "arn:aws:bedrock:*:foundation-model/amazon.nova-lite-v1:0",
        "arn:aws:bedrock:*:inference-profile/us.amazon.nova-lite-v1:0",
        "arn:aws:bedrock:${REGION_AND_ACCOUNT}:inference-profile/us.amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1:*foundation-model/amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1:*inference-profile/us.*",
        "arn:*:bedrock:*:*:inference-profile/us.amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc123",
        "arn:aws:bedrock:us-east-1:111122223333:marketplace/model-endpoint/all-access",
        "arn:aws:bedrock:us-east-1:111122223333:agent-alias/AGENT/ALIAS",
        "arn:aws:bedrock::111122223333:system-tool/x",
        "arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/amazon.nova-lite-v1:0",
        "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:inference-profile/us.*",
        "arn:aws:bedrock:${aws:RequestedRegion}::foundation-model/*",
        "arn:aws:bedrock-agentcore:us-east-1:111122223333:runtime/x",
        "arn:aws:s3:::bucket/%2F",
        "",
    ] {
        reads(right, &[], &[right]);
    }
}

#[test]
fn accounts_and_regions() {
    reads(
        &format!("arn:aws:bedrock:us-east-1:111122223333:foundation-model/{NOVA}"),
        &["AccountInModel \"111122223333\""],
        &[&format!("arn:aws:bedrock:us-east-1::foundation-model/{NOVA}")],
    );
    reads(
        "arn:aws:bedrock:${AWS::Region}:${AWS::AccountId}:foundation-model/anthropic.*",
        &["AccountInModel \"${AWS::AccountId}\""],
        &["arn:aws:bedrock:${AWS::Region}::foundation-model/anthropic.*"],
    );
    reads(
        &format!("arn:aws:bedrock:us-east-1::inference-profile/us.{NOVA}"),
        &["NoAccount \"\""],
        &[&format!("arn:aws:bedrock:us-east-1:*:inference-profile/us.{NOVA}")],
    );
    reads(
        "arn:aws:bedrock:::inference-profile/global.anthropic.*",
        &["NoRegion \"\"", "NoAccount \"\""],
        &["arn:aws:bedrock:*:*:inference-profile/global.anthropic.*"],
    );
    reads(
        "arn:aws:bedrock:us-east-1:1234:application-inference-profile/x",
        &["NotAnAccount \"1234\""],
        &["arn:aws:bedrock:us-east-1:*:application-inference-profile/x"],
    );
    reads(
        &format!("arn:aws:bedrock:us-gov-west-1::foundation-model/{NOVA}"),
        &["WrongPartition \"aws\""],
        &[&format!("arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/{NOVA}")],
    );
    let zone = reads(
        "arn:aws:bedrock:us-east-1a::foundation-model/*",
        &["Region \"us-east-1a\""],
        &["arn:aws:bedrock:us-east-1::foundation-model/*"],
    );
    let named = NamedRegion { code: "us-east-1".to_owned(), range: 16..26 };
    assert_eq!(zone.region, Some(named));
    assert_eq!(read_one("arn:aws:bedrock:us-*::foundation-model/*").0.region, None);
    assert_eq!(read_one("arn:aws:bedrock:${REGION}::foundation-model/*").0.region, None);
}

/// Ids end in `:0`, so colons cannot be counted.
#[test]
fn a_field_too_few() {
    let model = reads(
        &format!("arn:aws:bedrock:us-east-1:foundation-model/{NOVA}"),
        &["MissingField \"\""],
        &[&format!("arn:aws:bedrock:us-east-1::foundation-model/{NOVA}")],
    );
    let id = Id { text: NOVA.to_owned(), literal: true, range: 43..64 };
    assert_eq!(model.names, Names::Model(id));
    reads(
        &format!("arn:aws:bedrock:us-east-1:inference-profile/us.{NOVA}"),
        &["MissingField \"\""],
        &[&format!("arn:aws:bedrock:us-east-1:*:inference-profile/us.{NOVA}")],
    );
    reads(
        &format!("arn:aws:bedrock:111122223333:inference-profile/us.{NOVA}"),
        &["MissingField \"\""],
        &[&format!("arn:aws:bedrock:*:111122223333:inference-profile/us.{NOVA}")],
    );
    reads(
        "arn:aws:bedrock:us-east-1:foundation-model/anthropic.claude-sonnet-4.6",
        &["MissingField \"\"", "Id \"anthropic.claude-sonnet-4.6\""],
        &["arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-6"],
    );
    reads(
        "arn:aws:bedrock:us-east-1:foundation-model/${MODEL}-v1:0",
        &["MissingField \"\""],
        &["arn:aws:bedrock:us-east-1::foundation-model/${MODEL}-v1:0"],
    );
}

#[test]
fn types_and_ids() {
    reads(
        &format!("arn:aws:bedrock:us-east-1::foundation-model:{NOVA}"),
        &["ColonForSlash \":\""],
        &[&format!("arn:aws:bedrock:us-east-1::foundation-model/{NOVA}")],
    );
    let encoded = reads(
        &format!("arn:aws:bedrock:us-east-1:111122223333:inference-profile%2Fus.{NOVA}"),
        &["PercentEncoded \"%2F\""],
        &[&format!("arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.{NOVA}")],
    );
    assert!(matches!(encoded.names, Names::Profile(id) if id.text == format!("us.{NOVA}") && id.literal));
    reads(
        "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile%2fabc",
        &["PercentEncoded \"%2f\""],
        &["arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc"],
    );
    reads(
        "arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.nova-lite-v1:0%2Fabc",
        &["PercentEncoded \"amazon.nova-lite-v1:0%2Fabc\""],
        &["arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.nova-lite-v1:0/abc"],
    );
    reads(
        "arn:aws:bedrock:us-east-1:111122223333:inference-profiles/us.amazon.*",
        &["NotAType \"inference-profiles\""],
        &["arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.*"],
    );
    reads(
        "arn:aws:bedrock:us-east-1:111122223333:quantum-model/x",
        &["NotAType \"quantum-model\""],
        &["arn:aws:bedrock:us-east-1:111122223333:quantum-model/x"],
    );
    reads(
        "arn:aws:bedrock-runtime:us-east-1::foundation-model/*",
        &["NotAService \"bedrock-runtime\""],
        &["arn:aws:bedrock:us-east-1::foundation-model/*"],
    );
    reads(
        &format!("arn:aws:bedrock:us-east-1::foundation-model/us.{NOVA}"),
        &[&format!("ProfileUnderModel \"us.{NOVA}\"")],
        &[
            &format!("arn:aws:bedrock:*::foundation-model/{NOVA}"),
            &format!("arn:aws:bedrock:*:*:inference-profile/us.{NOVA}"),
        ],
    );
    reads(
        &format!("arn:aws:bedrock:us-east-1:111122223333:inference-profile/{NOVA}"),
        &[&format!("ModelUnderProfile \"{NOVA}\"")],
        &[&format!("arn:aws:bedrock:us-east-1:111122223333:inference-profile/*.{NOVA}")],
    );
}

#[test]
fn a_misspelt_type_is_told_of_once() {
    for (written, meant) in [
        ("inference-profiles/a1b2c3d4e5f6", "application-inference-profile/a1b2c3d4e5f6"),
        ("application-inference-profiles/us.amazon.nova-lite-v1:0", "inference-profile/us.amazon.nova-lite-v1:0"),
    ] {
        let arn = |rest: &str| format!("arn:aws:bedrock:us-east-1:111122223333:{rest}");
        let kind = written.split('/').next().unwrap();
        reads(&arn(written), &[&format!("NotAType {kind:?}")], &[&arn(meant)]);
    }
}
