//! An ARN of one account where the set belongs to another.

use super::report::{Draft, Report};
use super::{Check, Rule};
use crate::access::{Place, SetView};
use crate::finding::{Confidence, Severity};
use crate::iam::{Effect, StatementId};
use crate::reading::Names;

pub(super) const RULE: Rule = Rule {
    slug: "account-mismatch",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/account-mismatch.md"),
    check: Check::Set(check),
};

/// Inference profiles belong to the caller's account: another account's ARN never matches. Other resources can be
/// shared between accounts, so they are left alone.
fn check(view: &SetView<'_>, report: &mut Report) {
    let (Some(account), Some(principal)) = (&view.set.account, &view.set.principal) else {
        return;
    };
    for (policy, reading) in view.readings.iter().enumerate() {
        for (index, statement, read) in reading.bedrock_statements() {
            if statement.effect != Effect::Allow {
                continue;
            }
            for (pattern, resource) in statement.named_resources().iter().zip(&read.resources) {
                let text = pattern.text();
                let written = text.as_str().split(':').nth(4).unwrap_or_default();
                let is_account = written.len() == 12 && written.bytes().all(|byte| byte.is_ascii_digit());
                if !is_account || written == account || !matches!(resource.names, Names::Profile(_)) {
                    continue;
                }
                let id = StatementId {
                    policy,
                    statement: index,
                };
                let start = text
                    .as_str()
                    .split(':')
                    .take(4)
                    .map(|field| field.len() + 1)
                    .sum::<usize>();
                let place = Place {
                    statement: id,
                    span: text.span_of(start..start + written.len()),
                };
                let message = format!(
                    "this inference profile belongs to account `{written}`, but {principal} is of account `{account}`: \
                     a profile is called in the caller's account, so the grant never matches"
                );
                report.push(
                    Draft::new(&RULE, view.at(place), message, "another account")
                        .help(format!("write `{account}`"))
                        .confidence(Confidence::Certain)
                        .anchor(view.anchor(id, "Resource")),
                );
            }
        }
    }
}
