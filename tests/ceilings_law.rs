//! A law of ceilings in the access layer: they take away, and never give.
#![expect(clippy::unwrap_used, reason = "tests")]

mod judged;

use std::sync::Arc;

use bedrock_lint::access::requirement::Needed;
use bedrock_lint::access::{Requirement, SetView, call, requirements};
use bedrock_lint::bedrock::{ActionCatalogue, Catalogue, Partition, Scope};
use bedrock_lint::formats::{self, FormatOptions, Grants, PolicyFact};
use bedrock_lint::link::{Basis, Ceilings, Set};
use bedrock_lint::reading::Reading;
use bedrock_lint::source::Source;
use judged::policy;
use proptest::prelude::*;

/// What every profile of a geography needs from one of its source Regions.
fn needs() -> Vec<Requirement> {
    let catalogue = Catalogue::builtin();
    let geographic = catalogue.profiles().filter(|one| one.scope == Scope::Geographic && one.is_active()).step_by(7);
    let calls = geographic.filter_map(|profile| {
        let source = profile.sources().iter().next()?;
        let target = call::Target::Profile(profile.id.to_string());
        Some(call::Call::plain(target, call::Operation::Invoke, Partition::Aws, source, "111122223333"))
    });
    let needs: Vec<Requirement> = calls.flat_map(|call| requirements(&call, catalogue)).collect();
    for part in [Needed::Profile, Needed::SourceModel, Needed::DestinationModel] {
        assert!(needs.iter().filter(|need| need.needed == part).count() > 10, "{part:?}");
    }
    needs
}

fn facts(documents: &[String]) -> Vec<Arc<PolicyFact>> {
    let read = |(index, text): (usize, &String)| {
        let source = Arc::new(Source::new(format!("{index}.json"), text.as_str()));
        formats::read(&source, &FormatOptions::default(), true).policies
    };
    documents.iter().enumerate().flat_map(read).collect()
}

fn set(ceilings: Ceilings) -> Set {
    Set {
        basis: Basis::File,
        identity: vec![0],
        trust: None,
        ceilings,
        adapters: Vec::new(),
        principal: None,
        account: None,
        grants: Grants::Named,
    }
}

/// A statement about Bedrock, as ceilings and identity policies have them.
fn statement() -> impl Strategy<Value = String> {
    let effect = prop::sample::select(vec!["Allow", "Deny"]);
    let action = prop::sample::select(vec![
        r#""Action": "*""#,
        r#""Action": "bedrock:InvokeModel*""#,
        r#""NotAction": ["iam:*", "bedrock:List*"]"#,
        r#""NotAction": "bedrock:*""#,
    ]);
    let resource = prop::sample::select(vec![
        r#""Resource": "*""#,
        r#""Resource": ["arn:aws:bedrock:*::foundation-model/*", "arn:aws:bedrock:*:*:inference-profile/us.*"]"#,
        r#""Resource": "arn:aws:bedrock:us-east-1::foundation-model/anthropic.*""#,
        r#""NotResource": "arn:aws:bedrock:*::foundation-model/*""#,
    ]);
    let condition = prop::sample::select(vec![
        "",
        r#", "Condition": { "StringNotEquals": { "aws:RequestedRegion": ["us-east-1", "us-west-2"] } }"#,
        r#", "Condition": { "StringEquals": { "aws:RequestedRegion": "us-east-1" } }"#,
        r#", "Condition": { "ArnNotLike": { "bedrock:InferenceProfileArn": "arn:aws:bedrock:*:*:inference-profile/*" } }"#,
        r#", "Condition": { "StringEquals": { "aws:PrincipalTag/team": "ml" } }"#,
    ]);
    (effect, action, resource, condition).prop_map(|(effect, action, resource, condition)| {
        format!(r#""Effect": "{effect}", {action}, {resource}{condition}"#)
    })
}

fn document() -> impl Strategy<Value = String> {
    prop::collection::vec(statement(), 1..4).prop_map(|statements| {
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        policy(&statements)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_service_control_policy_never_allows_what_was_denied(identity in document(), first in document(), more in document()) {
        let facts = facts(&[identity, first, more]);
        let (catalogue, actions) = (Catalogue::builtin(), ActionCatalogue::builtin());
        let readings: Vec<Reading> = facts.iter().map(|fact| Reading::new(fact, catalogue, actions)).collect();
        let day = "2026-11-22".parse().unwrap();
        let one = set(Ceilings { scps: vec![vec![1]], ..Ceilings::default() });
        let two = set(Ceilings { scps: vec![vec![1], vec![2]], ..Ceilings::default() });
        let bare = set(Ceilings::default());
        let [bare, one, two] = [&bare, &one, &two].map(|set| SetView::new(set, &readings, &[], &facts, catalogue, day));
        for need in needs() {
            let [bare, one, two] = [&bare, &one, &two].map(|view| view.decide(&need));
            prop_assert!(!bare.is_denied() || one.is_denied(), "{need:?}: {bare:?}, then {one:?}");
            prop_assert!(!one.is_denied() || two.is_denied(), "{need:?}: {one:?}, then {two:?}");
            prop_assert!(!two.is_allowed() || bare.is_allowed(), "{need:?}: {two:?}, without ceilings {bare:?}");
        }
    }
}
