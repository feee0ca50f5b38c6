//! An action of Amazon Bedrock that takes no resource and is limited to some.

use super::report::{Draft, PolicyCase, Report};
use super::statements::{Limited, Named, granted_plainly, limited};
use super::{Check, Rule, wording};
use crate::finding::{Applicability, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "unscopable-action",
    severity: Severity::Note,
    pedantic: false,
    page: include_str!("../../rules/unscopable-action.md"),
    checks: &[Check::Policy(check)],
};

/// AWS Marketplace has a rule of its own; other services are not known well enough.
const SERVICES: [&str; 2] = ["bedrock", "bedrock-mantle"];

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    for limited in limited(case) {
        let ours = |named: &&Named<'_>| {
            let mut matched = named.matched.iter();
            matched.all(|action| SERVICES.contains(&action.service()))
                && !named.matched.iter().all(|action| granted_plainly(&case.reading.meant, &action.name))
        };
        let found: Vec<&Named<'_>> = limited.unscopable.iter().filter(ours).collect();
        finding(case, &limited, &found, report);
    }
}

fn finding(case: &PolicyCase<'_>, limited: &Limited<'_>, found: &[&Named<'_>], report: &mut Report) {
    let (Some((first, rest)), Some(resource)) = (found.split_first(), limited.resources.first()) else {
        return;
    };
    let names: Vec<&str> = found.iter().map(|named| named.meant.as_str()).collect();
    let (take, them) = wording::number(names.len());
    let message = format!(
        "{} {take} no resource, so IAM looks for `*`, which no string of `Resource` matches here: this statement does \
         not grant {them}",
        wording::list(&names, 3)
    );
    let mut draft = Draft::new(&RULE, case.at(first.written.text().span()), message, "granted by `*` only")
        .help(format!("grant {them} in a statement with `\"Resource\": \"*\"`"))
        .anchor(case.anchor(limited.statement, "Action"));
    for named in rest {
        draft = draft.related(case.at(named.written.text().span()), "nor this");
    }
    let at = case.at(resource.text().span());
    draft = draft.related(at.clone(), "limited to this");
    if limited.is_nothing_else() && limited.resources.len() == 1 && found.len() == limited.unscopable.len() {
        let title = "grant the action on every resource, the only way to grant it";
        // grants what was not granted
        draft = draft.replace(at, "*", title, Applicability::Unsafe);
    }
    report.push(draft);
}
