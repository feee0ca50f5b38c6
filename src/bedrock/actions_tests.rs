#![allow(clippy::unwrap_used, reason = "a missing action fails the test")]

use super::*;

fn said(written: &str) -> String {
    match ActionCatalogue::builtin().classify_action(written) {
        ActionKind::Known(action) => format!("known {}", action.name),
        ActionKind::PatternMatches(_) => "matches".to_owned(),
        ActionKind::PatternMatchesNothing { meant } => {
            format!("matches nothing [{}]", meant.join(" "))
        }
        ActionKind::NotAnIamPrefix { real } => format!("prefix {}", real.as_deref().unwrap_or("-")),
        ActionKind::NotAnAction { nearest, meant } => {
            format!("not {} [{}]", meant.unwrap_or("-"), nearest.join(" "))
        }
        ActionKind::UnknownAction => "unknown".to_owned(),
        ActionKind::OtherService => "other".to_owned(),
    }
}

const INVOKE: &str = "bedrock:InvokeModel";
const STREAM: &str = "bedrock:InvokeModelWithResponseStream";

#[test]
fn documented_mistakes() {
    for (written, meant) in [
        ("bedrock:Converse", INVOKE),
        ("bedrock:converse", INVOKE),
        ("bedrock:ConverseStream", STREAM),
        ("bedrock:InvokeModelWithBidirectionalStream", INVOKE),
        ("bedrock:InvokeModelStream", STREAM),
        ("bedrock:StartAsyncInvoke", INVOKE),
        ("bedrock:ListModels", "bedrock:ListFoundationModels"),
        ("bedrock:CreateInference", "bedrock-mantle:CreateInference"),
        ("InvokeModel", INVOKE),
        ("bedrok:InvokeModel", INVOKE),
    ] {
        let ActionKind::NotAnAction { nearest, meant: found } = ActionCatalogue::builtin().classify_action(written)
        else {
            assert_eq!(said(written), "not an action", "{written}");
            continue;
        };
        assert_eq!(found, Some(meant), "{written}");
        assert_eq!(nearest.first(), Some(&meant), "{written}");
        assert!(nearest.len() <= 3);
    }
}

#[test]
fn written_actions() {
    for (written, expected) in [
        (INVOKE, "known bedrock:InvokeModel"),
        ("BEDROCK:invokemodel", "known bedrock:InvokeModel"),
        ("bedrock:Invoke*", "matches"),
        ("bedrock:?et*", "matches"),
        ("*", "matches"),
        ("*:*", "matches"),
        ("bedrock:*", "matches"),
        ("bedrock:Converse*", "matches nothing [bedrock:InvokeModel bedrock:InvokeModelWithResponseStream]"),
        ("bedrock:Quantum*", "matches nothing []"),
        ("bedrock-runtime:InvokeModel", "prefix bedrock:InvokeModel"),
        ("bedrock-runtime:Converse", "prefix bedrock:InvokeModel"),
        ("bedrock-runtime:Invoke*", "prefix bedrock:Invoke*"),
        ("bedrock-runtime:*", "prefix -"),
        ("bedrock-agent:GetAgent", "prefix bedrock:GetAgent"),
        ("bedrock-runtime:Quantum", "prefix -"),
        ("bedrock-agentcore-control:TagResource", "prefix bedrock-agentcore:TagResource"),
        ("bedrock-mantle:ListTagsForResources", "not - [bedrock-mantle:ListTagsForResource]"),
        ("bedrock:InvokeModle", "not - [bedrock:InvokeModel]"),
        ("bedrock:InvokeModels", "not - [bedrock:InvokeModel]"),
        ("bedrock:invokemodle", "not - [bedrock:InvokeModel]"),
        ("bedrock:InvokeModelWithResponseStreaming", "not - [bedrock:InvokeModelWithResponseStream]"),
        ("bedrock:GetFoundationModl", "not - [bedrock:GetFoundationModel]"),
        // well-formed and new: made of words that are in use
        ("bedrock:UpdatePromptRouter", "unknown"),
        ("bedrock:UpdateInferenceProfile", "unknown"),
        ("bedrock:InvokeModelAsync", "unknown"),
        ("bedrock:CreateQuantumModel", "unknown"),
        ("s3:GetObject", "other"),
        ("s3:Get*", "other"),
        ("iam:CreateServiceSpecificCredential", "known iam:CreateServiceSpecificCredential"),
        ("iam:PassRole", "other"),
        ("logs:CreateLogGroup", "other"),
        ("", "unknown"),
        (":", "other"),
        ("bedrock:", "unknown"),
        ("bedrock:é", "unknown"),
    ] {
        assert_eq!(said(written), expected, "{written}");
    }
}

#[test]
fn every_action_is_itself() {
    let iam = ActionCatalogue::builtin();
    assert!(iam.actions().len() > 700);
    for action in iam.actions() {
        assert_eq!(said(&action.name), format!("known {}", action.name));
        assert_eq!(said(&action.name.to_uppercase()), format!("known {}", action.name));
    }
}

#[test]
fn patterns() {
    let iam = ActionCatalogue::builtin();
    let count = |pattern: &str| iam.matching(pattern).count();
    assert_eq!(count(INVOKE), 1);
    assert_eq!(count("bedrock:InvokeModel*"), 2);
    assert_eq!(count("BEDROCK:invokemodel*"), 2);
    assert_eq!(count("*"), iam.actions().len());
    assert_eq!(count(""), 0);
    for (pattern, text, expected) in [
        ("*a*b", "xaxb", true),
        ("*a*b", "xaxbx", false),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("**", "", true),
        ("*ab", "aab", true),
    ] {
        assert_eq!(wildcards(pattern)(text), expected, "{pattern} {text}");
    }
}

#[test]
fn what_actions_can_be_limited_to() {
    let iam = ActionCatalogue::builtin();
    for (name, unscopable) in [
        ("bedrock:CallWithBearerToken", true),
        ("bedrock:ListFoundationModels", true),
        ("bedrock:ListInferenceProfiles", true),
        ("aws-marketplace:Subscribe", true),
        (INVOKE, false),
        // only the name is recorded
        ("bedrock-agentcore:AuthorizeAction", false),
    ] {
        assert_eq!(iam.action(name).unwrap().is_unscopable(), unscopable, "{name}");
    }
    assert_eq!(iam.generated(), "2026-11-22");
}
