//! An ARN of one account where the set belongs to another.

mod adapter;

use super::report::{Draft, Report};
use super::{Check, Rule};
use crate::access::{Place, SetView};
use crate::finding::{Confidence, Severity};
use crate::iam::{Effect, Layer, StatementId};
use crate::reading::Names;

pub(super) const RULE: Rule = Rule {
    slug: "account-mismatch",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/account-mismatch.md"),
    checks: &[Check::Set(check), Check::Adapter(adapter::check)],
};

/// Inference profiles belong to the caller's account: another account's ARN never matches. Other resources can be
/// shared between accounts, so they are left alone, and so is a profile that the set grants in the right account too.
fn check(view: &SetView<'_>, report: &mut Report) {
    let Some(account) = view.set.account.as_deref() else {
        return;
    };
    let grants: Vec<Grant<'_>> = grants(view).collect();
    for grant in &grants {
        let right = |other: &&Grant<'_>| other.profile == grant.profile && other.is_of(account);
        if grant.is_of(account) || !is_account(grant.account) || grants.iter().any(|other| right(&other)) {
            continue;
        }
        let message = format!(
            "this inference profile belongs to account `{}`, and the policy is used in account `{account}`: a profile \
             is called in the caller's account, so the grant never matches",
            grant.account
        );
        report.push(
            Draft::new(&RULE, view.at(grant.place), message, "another account")
                .help(format!("write `{account}`"))
                .confidence(Confidence::Certain)
                .anchor(view.anchor(grant.place.statement, "Resource")),
        );
    }
}

/// A system-defined profile that an Allow names.
struct Grant<'a> {
    profile: &'a str,
    /// The account field as written.
    account: &'a str,
    /// Where the account stands.
    place: Place,
}

impl Grant<'_> {
    fn is_of(&self, account: &str) -> bool {
        // a field with a wildcard or a placeholder may be any account
        self.account == account || !is_account(self.account)
    }
}

fn grants<'a>(view: &SetView<'a>) -> impl Iterator<Item = Grant<'a>> {
    view.readings.iter().enumerate().flat_map(|(policy, reading)| {
        let allows = reading.bedrock_statements().filter(|(_, statement, _)| statement.effect == Effect::Allow);
        allows.flat_map(move |(index, statement, read)| {
            let resources = statement.named_resources().iter().zip(&read.resources);
            resources.filter_map(move |(pattern, resource)| {
                let Names::Profile(id) = &resource.names else {
                    return None;
                };
                let text = pattern.text();
                let account = text.as_str().split(':').nth(4).unwrap_or_default();
                let start: usize = text.as_str().split(':').take(4).map(|field| field.len() + 1).sum();
                let span = text.span_of(start..start + account.len());
                let statement = StatementId { layer: Layer::Identity, policy, statement: index };
                Some(Grant { profile: &id.text, account, place: Place { statement, span } })
            })
        })
    })
}

fn is_account(field: &str) -> bool {
    field.len() == 12 && field.bytes().all(|byte| byte.is_ascii_digit())
}
