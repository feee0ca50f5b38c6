//! An AWS Marketplace action that is limited to a resource.

use super::report::{Draft, PolicyCase, Report};
use super::statements::{Limited, SUBSCRIPTION, UNSUBSCRIBE, granted_plainly, limited};
use super::{Check, Rule, wording};
use crate::finding::{Applicability, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "scoped-marketplace-action",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/scoped-marketplace-action.md"),
    checks: &[Check::Policy(check)],
};

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    for limited in limited(case) {
        let named = |action: &&'static str| {
            let mut matched = limited.unscopable.iter().flat_map(|named| &named.matched);
            matched.any(|one| &*one.name == *action) && !granted_plainly(&case.reading.meant, action)
        };
        let actions: Vec<&str> = SUBSCRIPTION.into_iter().filter(named).collect();
        if !actions.is_empty() {
            finding(case, &limited, &actions, report);
        }
    }
}

fn finding(case: &PolicyCase<'_>, limited: &Limited<'_>, actions: &[&str], report: &mut Report) {
    let Some((first, rest)) = limited.resources.split_first() else {
        return;
    };
    let (can, them) = wording::number(actions.len());
    let mut message = format!(
        "{} {can} no resource and can only be granted on `*`: limited to a resource, this statement does not grant {them}",
        wording::list(actions, 3)
    );
    if actions != [UNSUBSCRIBE] {
        message.push_str(", and the first call of a model sold through AWS Marketplace is refused");
    }
    let help = if limited.is_nothing_else() {
        "write `\"Resource\": \"*\"`; the condition `aws:CalledViaLast` = `bedrock.amazonaws.com` limits it to what \
         Amazon Bedrock does for the caller"
            .to_owned()
    } else {
        format!("move {them} to a statement with `\"Resource\": \"*\"`")
    };
    let at = case.at(first.text().span());
    let mut draft = Draft::new(&RULE, at.clone(), message, "no resource of AWS Marketplace")
        .help(help)
        .anchor(case.anchor(limited.statement, "Resource"));
    for other in rest {
        draft = draft.related(case.at(other.text().span()), "nor is this");
    }
    if rest.is_empty() && limited.is_nothing_else() {
        draft = draft.replace(
            at,
            "*",
            "grant the action on every resource, the only way to grant it",
            // grants what was not granted
            Applicability::Unsafe,
        );
    }
    report.push(draft);
}
