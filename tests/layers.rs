//! Ceilings and policies on resources: every layer must allow, and the answer names the layer.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use bedrock_lint::formats::{self, FormatOptions};
use bedrock_lint::iam::{
    Context, Decision, DoubtAbout, Effect, Held, Layer, Layers, Policy, Request, StatementId, evaluate,
};
use bedrock_lint::source::Source;
use serde_json::{Value, json};

const GUARDRAIL: &str = "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc123";
const SCP: [Layer; 3] = [Layer::Scp { level: 0 }, Layer::Scp { level: 1 }, Layer::Scp { level: 2 }];

/// The policies of every layer, each a list of statements.
#[derive(Default)]
struct World {
    scps: Vec<Vec<Value>>,
    scps_are_whole: bool,
    resource: Vec<Value>,
    identity: Vec<Value>,
    boundary: Option<Value>,
    session: Vec<Value>,
    endpoint: Option<Value>,
    context: Context,
}

fn policy(statements: &Value) -> Policy {
    let document = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    let source = Arc::new(Source::new("policy.json", document));
    let facts = formats::read(&source, &FormatOptions::default(), true);
    assert!(facts.problems.is_empty(), "{:?}", facts.problems);
    facts.policies.first().unwrap().policy.clone()
}

impl World {
    fn decide(&self) -> Decision {
        let read = |documents: &[Value]| -> Vec<Policy> { documents.iter().map(policy).collect() };
        let scps: Vec<Vec<Policy>> = self.scps.iter().map(|level| read(level)).collect();
        let scps: Vec<Vec<&Policy>> = scps.iter().map(|level| level.iter().collect()).collect();
        let scps: Vec<&[&Policy]> = scps.iter().map(Vec::as_slice).collect();
        let [resource, identity, session] = [&self.resource, &self.identity, &self.session].map(|layer| read(layer));
        let [resource, identity, session] =
            [&resource, &identity, &session].map(|layer| layer.iter().collect::<Vec<&Policy>>());
        let [boundary, endpoint] = [&self.boundary, &self.endpoint].map(|layer| layer.as_ref().map(policy));
        let layers = Layers {
            scps: &scps,
            scps_are_whole: self.scps_are_whole,
            resource: &resource,
            identity: &identity,
            boundary: boundary.as_ref(),
            session: &session,
            endpoint: endpoint.as_ref(),
        };
        let request = Request {
            action: "bedrock:ApplyGuardrail".to_owned(),
            resource: GUARDRAIL.to_owned(),
            context: self.context.clone(),
        };
        evaluate(layers, &request)
    }
}

fn allow(action: &str) -> Value {
    json!([{ "Effect": "Allow", "Action": action, "Resource": "*" }])
}

fn deny(action: &str) -> Value {
    json!([{ "Effect": "Deny", "Action": action, "Resource": "*" }])
}

fn allow_if(condition: &Value) -> Value {
    json!([{ "Effect": "Allow", "Action": "bedrock:*", "Resource": "*", "Condition": condition }])
}

fn on_resource(effect: &str, principal: &Value) -> Value {
    json!([{ "Effect": effect, "Principal": principal, "Action": "bedrock:ApplyGuardrail", "Resource": GUARDRAIL }])
}

fn everything_allows() -> World {
    World {
        scps: vec![vec![allow("*")], vec![deny("s3:*"), allow("bedrock:*")]],
        identity: vec![allow("s3:*"), allow("bedrock:ApplyGuardrail")],
        boundary: Some(allow("bedrock:*")),
        session: vec![allow("s3:*"), allow("bedrock:Apply*")],
        ..World::default()
    }
}

fn first(layer: Layer) -> StatementId {
    StatementId { layer, policy: 0, statement: 0 }
}

#[test]
fn a_request_is_allowed_where_every_layer_allows() {
    let by = StatementId { layer: Layer::Identity, policy: 1, statement: 0 };
    assert_eq!(everything_allows().decide(), Decision::Allowed { by, assumed: Vec::new() });
}

#[test]
fn every_layer_must_allow() {
    type Change = fn(&mut World);
    let changes: [(Layer, Change); 5] = [
        (SCP[0], |world| world.scps[0] = vec![allow("s3:*")]),
        (SCP[1], |world| world.scps[1] = vec![allow("s3:*")]),
        (Layer::Identity, |world| world.identity.truncate(1)),
        (Layer::Boundary, |world| world.boundary = Some(allow("s3:*"))),
        (Layer::Session, |world| world.session.truncate(1)),
    ];
    for (layer, change) in changes {
        let mut world = everything_allows();
        change(&mut world);
        assert_eq!(world.decide(), Decision::DeniedImplicitly { layer, near: Vec::new() });
    }
    // the first of them in the order in which AWS looks
    let mut world = everything_allows();
    for (layer, change) in changes.iter().rev() {
        change(&mut world);
        assert_eq!(world.decide().layer(), Some(*layer));
    }
}

#[test]
fn a_deny_in_any_layer_wins_before_all_else() {
    type Change = fn(&mut World);
    let changes: [(StatementId, Change); 5] = [
        (StatementId { layer: SCP[1], policy: 2, statement: 0 }, |world| world.scps[1].push(deny("*"))),
        (first(Layer::Resource), |world| world.resource.push(on_resource("Deny", &json!("*")))),
        (StatementId { layer: Layer::Identity, policy: 2, statement: 0 }, |world| world.identity.push(deny("*"))),
        (first(Layer::Boundary), |world| world.boundary = Some(deny("bedrock:*"))),
        (StatementId { layer: Layer::Session, policy: 2, statement: 0 }, |world| world.session.push(deny("*"))),
    ];
    for (by, change) in changes {
        let mut world = everything_allows();
        // a layer that allows nothing comes after
        world.scps[0] = vec![allow("s3:*")];
        change(&mut world);
        assert_eq!(world.decide(), Decision::DeniedExplicitly { by });
        assert_eq!(world.decide().layer(), Some(by.layer));
    }
}

#[test]
fn a_level_that_allows_nothing_is_taken_to_carry_full_access() {
    let mut world = everything_allows();
    world.scps = vec![vec![deny("s3:*")], vec![allow("*"), deny("s3:*")], Vec::new()];
    let Decision::Allowed { assumed, .. } = world.decide() else { panic!("not allowed") };
    assert_eq!(assumed, [SCP[0], SCP[2]]);
    // not so a boundary
    world.boundary = Some(deny("s3:*"));
    assert_eq!(world.decide().layer(), Some(Layer::Boundary));
}

#[test]
fn what_a_ceiling_asks_and_is_not_known_leaves_the_answer_open() {
    let tagged = json!({ "StringEquals": { "aws:PrincipalTag/team": "a" } });
    type Change = fn(&mut World, Value);
    let changes: [(Layer, Change); 3] = [
        (SCP[0], |world, policy| world.scps[0] = vec![policy]),
        (Layer::Boundary, |world, policy| world.boundary = Some(policy)),
        (Layer::Session, |world, policy| world.session = vec![policy]),
    ];
    for (layer, change) in changes {
        let mut world = everything_allows();
        change(&mut world, allow_if(&tagged));
        let Decision::Unknown { because } = world.decide() else { panic!("{:?}", world.decide()) };
        let [doubt] = because.as_slice() else { panic!("{because:?}") };
        assert_eq!((doubt.statement, doubt.effect), (first(layer), Effect::Allow));
        assert_eq!(doubt.about, DoubtAbout::Condition(0));
        world.context.set("aws:PrincipalTag/team", Held::Values(vec!["a".to_owned()]));
        assert!(world.decide().is_allowed());
        world.context.set("aws:PrincipalTag/team", Held::Absent);
        let Decision::DeniedImplicitly { layer: denying, near } = world.decide() else { panic!("not denied") };
        assert_eq!((denying, near.len()), (layer, 1));
        assert_eq!(near.first().unwrap().statement, first(layer));
        // what surely denies does so whatever is unknown
        world.context = Context::default();
        world.identity.clear();
        assert_eq!(world.decide().layer(), Some(Layer::Identity));
    }
}

#[test]
fn a_doubtful_deny_in_a_ceiling_leaves_the_answer_open() {
    let mut world = everything_allows();
    world.boundary = Some(json!([
        { "Effect": "Allow", "Action": "*", "Resource": "*" },
        { "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "Null": { "aws:TokenIssueTime": "true" } } },
        { "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": { "Null": { "aws:TokenIssueTime": "true" } } },
    ]));
    let Decision::Unknown { because } = world.decide() else { panic!("not unknown") };
    let statements: Vec<StatementId> = because.iter().map(|doubt| doubt.statement).collect();
    // the second Allow changes nothing
    assert_eq!(statements, [StatementId { layer: Layer::Boundary, policy: 0, statement: 2 }]);
}

#[test]
fn a_policy_on_the_resource_may_grant_what_identity_policies_do_not() {
    let mut world = everything_allows();
    world.identity.clear();
    world.boundary = Some(allow("s3:*"));
    world.resource = vec![on_resource("Allow", &json!({ "AWS": "*" }))];
    assert_eq!(world.decide(), Decision::Allowed { by: first(Layer::Resource), assumed: Vec::new() });
    world.scps = vec![vec![allow("s3:*")]];
    assert_eq!(world.decide().layer(), Some(SCP[0]));
}

#[test]
fn a_policy_on_the_resource_that_names_others_grants_nothing_for_sure() {
    for (principal, expected) in [
        (json!({ "AWS": "arn:aws:iam::111122223333:root" }), Some(Layer::Identity)),
        (json!({ "AWS": "111122223333" }), Some(Layer::Identity)),
        (json!({ "Service": "bedrock.amazonaws.com" }), Some(Layer::Identity)),
        (json!({ "AWS": "arn:aws:iam::111122223333:role/app" }), None),
    ] {
        let world = World { resource: vec![on_resource("Allow", &principal)], ..World::default() };
        assert_eq!(world.decide().layer(), expected, "{principal}");
        if expected.is_none() {
            let Decision::Unknown { because } = world.decide() else { panic!("not unknown") };
            assert_eq!(because.first().unwrap().about, DoubtAbout::Principal);
        }
        // it takes nothing from what an identity policy grants
        let world = World { resource: vec![on_resource("Allow", &principal)], ..everything_allows() };
        assert_eq!(world.decide().layer(), Some(Layer::Identity), "{principal}");
        assert!(world.decide().is_allowed());
    }
    for (principal, expected) in [
        (json!({ "AWS": "111122223333" }), Some(Layer::Resource)),
        (json!({ "AWS": ["arn:aws:iam::111122223333:root", "444455556666"] }), Some(Layer::Resource)),
        (json!({ "AWS": "arn:aws:iam::444455556666:root" }), Some(Layer::Identity)),
        (json!({ "AWS": "arn:aws:iam::111122223333:role/app" }), None),
    ] {
        let world = World { resource: vec![on_resource("Deny", &principal)], ..everything_allows() };
        assert_eq!(world.decide().layer(), expected, "{principal}");
    }
}

#[test]
fn a_grant_to_an_organization_is_open_until_it_is_known() {
    let mut statement = on_resource("Allow", &json!("*"));
    statement[0]["Condition"] = json!({ "StringEquals": { "aws:PrincipalOrgID": "o-example" } });
    let mut world = World { resource: vec![statement], ..World::default() };
    let Decision::Unknown { because } = world.decide() else { panic!("not unknown") };
    assert_eq!(because.first().unwrap().statement, first(Layer::Resource));
    world.context.set("aws:PrincipalOrgID", Held::Values(vec!["o-example".to_owned()]));
    assert!(world.decide().is_allowed());
    world.context.set("aws:PrincipalOrgID", Held::Absent);
    assert_eq!(world.decide().layer(), Some(Layer::Identity));
}

#[test]
fn a_level_that_only_denies_allows_nothing_where_it_is_known_whole() {
    let mut world = everything_allows();
    world.scps[1] = vec![deny("s3:*")];
    assert!(matches!(world.decide(), Decision::Allowed { .. }));
    world.scps_are_whole = true;
    assert!(matches!(world.decide(), Decision::DeniedImplicitly { layer, .. } if layer == SCP[1]));
}

#[test]
fn the_policy_of_an_endpoint_lets_through_whom_it_names() {
    let through = |endpoint: Value| World { endpoint: Some(endpoint), ..everything_allows() }.decide();
    assert!(through(on_resource("Allow", &json!("*"))).is_allowed());
    let of_others = json!([{ "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*" }]);
    assert_eq!(through(of_others), Decision::DeniedImplicitly { layer: Layer::Endpoint, near: Vec::new() });
    assert_eq!(
        through(on_resource("Deny", &json!({ "AWS": "*" }))),
        Decision::DeniedExplicitly { by: first(Layer::Endpoint) }
    );
    // the caller may be that role, and of that account
    for named in ["arn:aws:iam::111122223333:role/chat", "111122223333"] {
        let decision = through(on_resource("Allow", &json!({ "AWS": named })));
        assert!(matches!(decision, Decision::Unknown { .. }), "{decision:?}");
    }
}
