//! A role that anybody with a token of an identity provider may assume.

use super::report::{Draft, Report};
use super::{Check, Rule, wording};
use crate::access::SetView;
use crate::access::call::{INVOKE, STREAM};
use crate::finding::{Confidence, Severity};
use crate::iam::condition::Comparison;
use crate::iam::{Condition, Effect, Fit, Pattern, Policy, Statement};
use crate::source::Location;
use crate::text::Text;

pub(super) const RULE: Rule = Rule {
    slug: "open-web-identity-trust",
    severity: Severity::Warning,
    pedantic: false,
    page: include_str!("../../rules/open-web-identity-trust.md"),
    checks: &[Check::Set(check)],
};

const ASSUME: &str = "sts:AssumeRoleWithWebIdentity";
const GITHUB: &str = "token.actions.githubusercontent.com";

/// Issuers that give tokens to machines, where the audience says nothing of whose machine it is.
const MACHINES: [&str; 10] = [
    GITHUB,
    "gitlab.com",
    "oidc.eks.",
    "app.terraform.io",
    "oidc.circleci.com",
    "api.bitbucket.org",
    "agent.buildkite.com",
    "oidc.vercel.com",
    "container.googleapis.com",
    "oidc.fly.io",
];

/// Identity providers that IAM knows without an ARN, with the claims of which one must be checked. They sign in the
/// users of an app or of an identity pool, so a subject is not asked for (IAM User Guide, "Available keys for AWS web
/// identity federation").
const BUILT_IN: [(&str, &[&str]); 4] = [
    ("accounts.google.com", &["aud", "oaud", "sub"]),
    ("cognito-identity.amazonaws.com", &["aud"]),
    ("graph.facebook.com", &["app_id", "id"]),
    ("www.amazon.com", &["app_id", "user_id"]),
];

fn check(view: &SetView<'_>, report: &mut Report) {
    let Some(trust) = view.trust.filter(|_| is_concerned(view)) else {
        return;
    };
    for statement in &trust.policy.statements {
        if statement.effect != Effect::Allow || statement.covers_action(ASSUME) != Fit::Yes {
            continue;
        }
        let principal = statement.principal.iter().filter(|principal| !principal.negated);
        let federated = principal.flat_map(|principal| &principal.entries).filter(|(kind, _)| kind == "Federated");
        for (_, text) in federated {
            let Some(provider) = provider(text) else { continue };
            let open = open_claims(&trust.policy, statement, provider);
            if !open.is_empty() {
                let at = |text: &Text| Location::new(&trust.source, text.span());
                let sid = statement.sid.as_ref().map_or("Statement", Text::as_str);
                let wide = too_wide(statement, provider, &open);
                let place = wide.map_or(text, |(_, value)| value);
                let draft = finding(at(place), provider, &open, wide, !view.readings.is_empty());
                let draft = if wide.is_some() { draft.related(at(text), "trusted here") } else { draft };
                let element = if wide.is_some() { "Condition" } else { "Principal" };
                report.push(draft.anchor(format!("{sid}.{element}")));
            }
        }
    }
}

/// Whether the role reaches Amazon Bedrock, or the trust policy is given by itself.
fn is_concerned(view: &SetView<'_>) -> bool {
    let mut allows = view.statements().filter(|(_, one)| one.effect == Effect::Allow);
    let reaches = allows.any(|(_, one)| [INVOKE, STREAM].iter().any(|action| one.covers_action(action) == Fit::Yes));
    let alone = view.readings.is_empty() && !view.set.is_of_principal();
    alone || reaches || view.readings.iter().any(|reading| reading.about_bedrock())
}

/// The name of an OIDC provider: what its condition keys start with. `None` for SAML and for what is not known.
fn provider(text: &Text) -> Option<&str> {
    let value = text.as_str();
    let name = match value.split_once(":oidc-provider/") {
        Some((_, name)) => name,
        None => BUILT_IN.iter().find(|(name, _)| *name == value)?.0,
    };
    let known_from = value.len() - name.len();
    let is_known = text.holes().iter().all(|hole| hole.range.end <= known_from);
    (is_known && !name.contains('*')).then_some(name)
}

/// The claims that ought to be checked and are not.
fn open_claims(policy: &Policy, statement: &Statement, provider: &str) -> Vec<&'static str> {
    let deny = |one: &&Statement| one.effect == Effect::Deny && one.covers_action(ASSUME) != Fit::No;
    let denied = policy.statements.iter().filter(deny).flat_map(|one| &one.conditions);
    let conditions = statement.conditions.iter().map(|one| (one, false)).chain(denied.map(|one| (one, true)));
    let mut checked = Vec::new();
    for (condition, of_deny) in conditions {
        match claim(condition.key.as_str(), provider) {
            Claim::Unknown => return Vec::new(),
            Claim::Of(name) if limits(condition, of_deny, provider) => checked.push(name),
            Claim::Of(_) | Claim::Other => {}
        }
    }
    let is_checked = |claims: &[&str]| checked.iter().any(|name| claims.contains(&name.as_str()));
    if let Some((_, claims)) = BUILT_IN.iter().find(|(name, _)| *name == provider) {
        return claims.first().filter(|_| !is_checked(claims)).copied().into_iter().collect();
    }
    // some issuers have further claims that say who it is, such as a repository
    let subject = checked.iter().any(|name| name != "aud" && name != "amr");
    let claims = [("sub", subject), ("aud", is_checked(&["aud"]))];
    claims.iter().filter(|(_, checked)| !checked).map(|(name, _)| *name).collect()
}

/// A condition of the statement on one of these claims that lets in everybody: the claim and the value that does.
fn too_wide<'a>(statement: &'a Statement, provider: &str, open: &[&'static str]) -> Option<(&'static str, &'a Text)> {
    statement.conditions.iter().find_map(|condition| {
        let Claim::Of(name) = claim(condition.key.as_str(), provider) else {
            return None;
        };
        let name = open.iter().find(|claim| **claim == name)?;
        let operator = condition.operator.filter(|operator| !operator.negated)?;
        let wide = |value: &&Pattern| is_everybody(value, operator.comparison, provider);
        condition.values.iter().find(wide).map(|value| (*name, value.text()))
    })
}

/// What a condition key is about.
enum Claim {
    /// A claim of the provider's token, in lower case.
    Of(String),
    /// Something else.
    Other,
    /// A key with a placeholder.
    Unknown,
}

fn claim(key: &str, provider: &str) -> Claim {
    let key = key.to_ascii_lowercase();
    if crate::formats::placeholder::holes(&key).into_iter().next().is_some() {
        return Claim::Unknown;
    }
    let name = key.strip_prefix(&provider.to_ascii_lowercase()).and_then(|rest| rest.strip_prefix(':'));
    name.map_or(Claim::Other, |name| Claim::Of(name.to_owned()))
}

/// Whether a condition keeps anybody out by saying who may come in.
fn limits(condition: &Condition, of_deny: bool, provider: &str) -> bool {
    let Some(operator) = condition.operator else {
        // nobody knows what it does
        return true;
    };
    if operator.comparison == Comparison::Null || operator.negated != of_deny {
        return false;
    }
    !condition.values.iter().any(|value| is_everybody(value, operator.comparison, provider))
}

/// Whether a value lets in everybody: a bare wildcard, or every owner of repositories on GitHub.
fn is_everybody(value: &Pattern, comparison: Comparison, provider: &str) -> bool {
    let every_owner = || {
        let owner = value.as_str().strip_prefix("repo:")?;
        let owner = owner.split(['/', ':']).next()?;
        Some(!owner.is_empty() && owner.bytes().all(|byte| byte == b'*'))
    };
    // an enterprise has its name behind a slash
    let github = provider.starts_with(GITHUB);
    comparison.knows_wildcards() && (value.is_any() || (github && every_owner() == Some(true)))
}

fn finding(
    at: Location,
    provider: &str,
    open: &[&'static str],
    wide: Option<(&'static str, &Text)>,
    reaches_bedrock: bool,
) -> Draft {
    let key = |claim: &str| format!("{provider}:{claim}");
    let is_wide = |claim: &str| wide.is_some_and(|(name, _)| name == claim);
    let keys: Vec<String> = open.iter().filter(|claim| !is_wide(claim)).map(|claim| key(claim)).collect();
    let mut lacking: Vec<String> = Vec::new();
    if let Some((claim, value)) = wide {
        lacking.push(format!("`{}` in the condition on `{}` lets in all of them", value.as_str(), key(claim)));
    }
    if !keys.is_empty() {
        lacking.push(format!("no condition limits {}", wording::list(&keys, 2)));
    }
    let lacking = lacking.join(", and ");
    let who = if provider.starts_with(GITHUB) {
        "every workflow on GitHub, of any owner,"
    } else {
        "everybody who has a token of this identity provider"
    };
    let cost = if reaches_bedrock { " and call Amazon Bedrock at your cost" } else { "" };
    let message = if *open == ["aud"] && !is_built_in(provider) {
        let which = wide.map_or("no".to_owned(), |(_, value)| format!("with `{}` no", value.as_str()));
        format!(
            "{which} condition on `{}` says for whom the token was made: one made for another service lets its bearer \
             assume this role too",
            key("aud")
        )
    } else {
        format!("{who} may assume this role{cost}: {lacking}")
    };
    let wanted: Vec<String> =
        open.iter().map(|claim| format!("\"{}\": \"{}\"", key(claim), example(provider, claim))).collect();
    let machine = MACHINES.iter().any(|issuer| provider.starts_with(issuer));
    let confidence = match open {
        // the provider in IAM lists audiences as well
        ["aud"] if !is_built_in(provider) => Confidence::Likely,
        // an app of a sign-in provider: all of its users may be meant
        ["sub"] if !machine => Confidence::Possible,
        _ => Confidence::Certain,
    };
    let (label, verb) = match wide {
        Some(_) => ("too wide", "narrow it to"),
        None => ("trusted without looking at the token", "add"),
    };
    Draft::new(&RULE, at, message, label)
        .help(format!("{verb} the condition `\"StringEquals\": {{{}}}`", wanted.join(", ")))
        .confidence(confidence)
}

fn is_built_in(provider: &str) -> bool {
    BUILT_IN.iter().any(|(name, _)| *name == provider)
}

/// What a claim looks like.
fn example(provider: &str, claim: &str) -> &'static str {
    let github = provider.starts_with(GITHUB);
    let cluster = provider.starts_with("oidc.eks.");
    match claim {
        "sub" if github => "repo:OWNER/REPOSITORY:ref:refs/heads/main",
        "sub" if cluster => "system:serviceaccount:NAMESPACE:NAME",
        "sub" => "<subject>",
        "aud" if github || cluster => "sts.amazonaws.com",
        "aud" if provider == "cognito-identity.amazonaws.com" => "<identity pool id>",
        _ => "<client id>",
    }
}
