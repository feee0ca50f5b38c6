//! A ceiling that bans Bedrock API keys, and leaves a way to use or to make them.

use super::report::{Draft, Report};
use super::{Check, Rule, wording};
use crate::access::SetView;
use crate::finding::{Confidence, Severity};
use crate::iam::{Condition, Context, Decision, Effect, Held, Operator, Request, Statement, StatementId};
use crate::link::Basis;

pub(super) const RULE: Rule = Rule {
    slug: "incomplete-key-ban",
    severity: Severity::Warning,
    pedantic: false,
    page: include_str!("../../rules/incomplete-key-ban.md"),
    checks: &[Check::Ceilings(check)],
};

/// Using an API key, by endpoint (Amazon Bedrock User Guide, "API keys permissions").
const USE: &str = "bedrock:CallWithBearerToken";
const USE_AT_MANTLE: &str = "bedrock-mantle:CallWithBearerToken";
/// Making a long-term key, and the key of the days that it is to live; absent where it never expires (IAM User Guide,
/// "API keys for Amazon Bedrock").
const CREATE: &str = "iam:CreateServiceSpecificCredential";
const AGE: &str = "iam:ServiceSpecificCredentialAgeDays";
/// The longest life that can be asked for, in days.
const LONGEST: &str = "36600";

fn check(view: &SetView<'_>, report: &mut Report) {
    for (id, statement) in view.statements_of_ceilings().filter(|(_, one)| one.effect == Effect::Deny) {
        used_at_mantle(view, id, statement, report);
        never_expiring(view, id, statement, report);
    }
}

/// Keys are refused at one of the two endpoints.
fn used_at_mantle(view: &SetView<'_>, id: StatementId, deny: &Statement, report: &mut Report) {
    // who denies more than this is after more than keys
    let names = |pattern: &str| pattern.to_ascii_lowercase().starts_with("bedrock:callwith");
    let Some(named) = deny.named_actions().iter().find(|pattern| names(pattern.as_str())) else { return };
    let is_left = |kind: &&str| {
        let banned = view.answer(&token_request(USE, "bedrock:BearerTokenType", kind));
        banned == Decision::DeniedExplicitly { by: id }
            && view.answer(&token_request(USE_AT_MANTLE, "bedrock-mantle:BearerTokenType", kind)).is_allowed()
    };
    let left: Vec<&str> = ["LONG_TERM", "SHORT_TERM"].into_iter().filter(is_left).collect();
    let (keys, condition) = match left.as_slice() {
        [] => return,
        ["LONG_TERM"] => ("long-term Bedrock API keys", ", with the condition on `bedrock-mantle:BearerTokenType`"),
        [_] => ("short-term Bedrock API keys", ", with the condition on `bedrock-mantle:BearerTokenType`"),
        _ => ("Bedrock API keys", ""),
    };
    let message = format!(
        "this Deny{} stops {keys} at one endpoint of two: `{USE_AT_MANTLE}` is left, so they still work at `bedrock-mantle`",
        wording::of_ceiling(id.layer)
    );
    report.push(
        Draft::new(
            &RULE,
            view.span_of(id, named.text().span()),
            message,
            "the other endpoint has an action of its own",
        )
        .help(format!("deny `{USE_AT_MANTLE}` as well{condition}"))
        .confidence(confidence(view))
        .anchor(view.anchor(id, "Action")),
    );
}

/// Long-term keys may not live long, unless they never expire.
fn never_expiring(view: &SetView<'_>, id: StatementId, deny: &Statement, report: &mut Report) {
    let Some(condition) = deny.conditions.iter().find(|condition| condition.is_about(AGE)) else { return };
    let banned = view.answer(&creation(Held::Values(vec![LONGEST.to_owned()])));
    if banned != (Decision::DeniedExplicitly { by: id }) || !view.answer(&creation(Held::Absent)).is_allowed() {
        return;
    }
    let message = format!(
        "a key that never expires carries no `{AGE}`, so this Deny{} lets it be made: only keys that end are limited",
        wording::of_ceiling(id.layer)
    );
    report.push(
        Draft::new(&RULE, view.span_of(id, condition.key.span()), message, "absent for keys that never expire")
            .help(help(condition))
            .confidence(confidence(view))
            .anchor(view.anchor(id, &format!("Condition.{AGE}"))),
    );
}

fn help(condition: &Condition) -> String {
    let second = format!("add a second Deny with `\"Null\": {{\"{AGE}\": \"true\"}}`");
    let if_exists = format!("{}IfExists", condition.operator_text.as_str());
    match Operator::parse(&if_exists) {
        Some(_) => format!("write `{if_exists}`, which holds where the key is absent too, or {second}"),
        None => second,
    }
}

/// A request with an API key of a kind. At `bedrock-mantle` it is not known whether the key of the other endpoint is
/// there as well.
fn token_request(action: &str, key: &str, kind: &str) -> Request {
    let mut context = anywhere();
    context.set(key, Held::Values(vec![kind.to_owned()]));
    Request { action: action.to_owned(), resource: "*".to_owned(), context }
}

/// The making of a key for an IAM user, to live so many days.
fn creation(age: Held) -> Request {
    let mut context = anywhere();
    context.set("iam:ServiceSpecificCredentialServiceName", Held::Values(vec!["bedrock.amazonaws.com".to_owned()]));
    context.set(AGE, age);
    let resource = "arn:aws:iam::111122223333:user/BedrockAPIKey-ab12".to_owned();
    Request { action: CREATE.to_owned(), resource, context }
}

/// An ordinary principal, in whatever Region.
fn anywhere() -> Context {
    let mut context = Context::assumed("", None);
    context.set("aws:RequestedRegion", Held::Unknown);
    context
}

/// Another ceiling may ban the rest.
fn confidence(view: &SetView<'_>) -> Confidence {
    if view.set.basis == Basis::Ceiling { Confidence::Likely } else { view.confidence() }
}
